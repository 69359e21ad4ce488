//! The tables of the lexer: one a language. Their words are in words.rs.

use super::words::{
    C, C_TYPES, CSHARP, CSHARP_TYPES, GO, GO_TYPES, JAVA, JAVA_TYPES, JAVASCRIPT, JAVASCRIPT_TYPES,
    KOTLIN, PYTHON, PYTHON_TYPES, RUST, RUST_TYPES, SHELL, SQL, SQL_TYPES, SWIFT,
};

/// A language as the lexer sees it.
pub(super) struct Language {
    /// The words that a fence may bear, lower case.
    pub(super) names: &'static [&'static str],
    /// Its keywords, sorted.
    pub(super) keywords: &'static [&'static str],
    /// Types that are words of the language, sorted.
    pub(super) types: &'static [&'static str],
    /// Constants that are words of the language, sorted.
    pub(super) constants: &'static [&'static str],
    /// Keywords that the name of a function follows.
    pub(super) declaring: &'static [&'static str],
    /// What begins a comment up to the end of the line.
    pub(super) line_comments: &'static [&'static str],
    /// What begins and ends a comment.
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    /// Its strings, the longest opening first.
    pub(super) quotes: &'static [Quote],
    /// Letters that may stand before a string.
    pub(super) prefixes: &'static [&'static str],
    /// The sign after the key of a mapping.
    pub(super) key_before: Option<char>,
    /// What else sets it apart.
    pub(super) traits: &'static [Trait],
}

/// What sets a language apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trait {
    /// Lifetimes, attributes, macros with `!`, raw strings with `#`.
    Rust,
    /// A block comment holds others.
    NestedComments,
    /// A word that begins with a capital is a type.
    CapitalTypes,
    /// Keywords are the same in capitals.
    AnyCase,
    /// `@name` is a decorator or annotation.
    Decorators,
    /// `#name` is for the preprocessor.
    Preprocessor,
    /// `$name`, and comments after white space only.
    Shell,
    /// `a-b` is one word.
    DashedWords,
    /// No code: nothing is called and there is no `this`.
    Data,
}

/// A kind of string.
pub(super) struct Quote {
    /// What begins it.
    pub(super) open: &'static str,
    /// What ends it.
    pub(super) close: &'static str,
    /// Whether a backslash changes the meaning of the next character.
    pub(super) escapes: bool,
    /// Whether it may go over lines; else an unclosed one ends with its line.
    pub(super) lines: bool,
    /// Whether the closing sign twice stands for itself.
    pub(super) doubles: bool,
}

impl Quote {
    /// In one line, with escapes.
    pub(super) const fn line(open: &'static str, close: &'static str) -> Self {
        Self { open, close, escapes: true, lines: false, doubles: false }
    }

    const fn long(open: &'static str, close: &'static str) -> Self {
        Self { open, close, escapes: true, lines: true, doubles: false }
    }

    const fn raw(open: &'static str, close: &'static str) -> Self {
        Self { open, close, escapes: false, lines: true, doubles: false }
    }

    const fn doubled(open: &'static str, close: &'static str) -> Self {
        Self { open, close, escapes: false, lines: true, doubles: true }
    }
}

/// The language that a fence names by `name`, if the lexer knows it.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.names.contains(&name))
}

const BASE: Language = Language {
    names: &[],
    keywords: &[],
    types: &[],
    constants: &["false", "null", "true"],
    declaring: &[],
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: &[Quote::line("\"", "\""), Quote::line("'", "'")],
    prefixes: &[],
    key_before: None,
    traits: &[],
};

const LANGUAGES: &[Language] = &[
    Language {
        names: &["rust", "rs"],
        keywords: RUST,
        types: RUST_TYPES,
        constants: &["Err", "None", "Ok", "Some", "false", "true"],
        declaring: &["fn"],
        quotes: &[Quote::long("\"", "\"")],
        prefixes: &["b", "br", "c", "cr", "r"],
        traits: &[Trait::Rust, Trait::NestedComments, Trait::CapitalTypes],
        ..BASE
    },
    Language {
        names: &["python", "py", "python3"],
        keywords: PYTHON,
        types: PYTHON_TYPES,
        constants: &["Ellipsis", "False", "None", "NotImplemented", "True"],
        declaring: &["def"],
        line_comments: &["#"],
        block_comment: None,
        quotes: &[
            Quote::long("\"\"\"", "\"\"\""),
            Quote::long("'''", "'''"),
            Quote::line("\"", "\""),
            Quote::line("'", "'"),
        ],
        prefixes: &["b", "br", "f", "fr", "r", "rb", "rf", "t", "u"],
        traits: &[Trait::Decorators, Trait::CapitalTypes],
        ..BASE
    },
    Language {
        names: &["sql", "postgres", "postgresql", "mysql", "sqlite"],
        keywords: SQL,
        types: SQL_TYPES,
        line_comments: &["--"],
        quotes: &[Quote::doubled("'", "'"), Quote::doubled("\"", "\""), Quote::doubled("`", "`")],
        prefixes: &["e", "n", "x"],
        traits: &[Trait::AnyCase],
        ..BASE
    },
    Language {
        names: &["javascript", "js", "mjs", "cjs", "typescript", "ts"],
        keywords: JAVASCRIPT,
        types: JAVASCRIPT_TYPES,
        constants: &["Infinity", "NaN", "false", "null", "true", "undefined"],
        declaring: &["function"],
        quotes: &[Quote::long("`", "`"), Quote::line("\"", "\""), Quote::line("'", "'")],
        traits: &[Trait::CapitalTypes, Trait::Decorators],
        ..BASE
    },
    Language {
        names: &["c", "h", "cpp", "c++", "cc", "cxx", "hpp"],
        keywords: C,
        types: C_TYPES,
        constants: &["NULL", "false", "nullptr", "true"],
        prefixes: &["l", "u", "u8"],
        traits: &[Trait::Preprocessor],
        ..BASE
    },
    Language {
        names: &["java"],
        keywords: JAVA,
        types: JAVA_TYPES,
        quotes: &[Quote::long("\"\"\"", "\"\"\""), Quote::line("\"", "\""), Quote::line("'", "'")],
        traits: &[Trait::CapitalTypes, Trait::Decorators],
        ..BASE
    },
    Language {
        names: &["csharp", "cs", "c#"],
        keywords: CSHARP,
        types: CSHARP_TYPES,
        quotes: &[Quote::doubled("@\"", "\""), Quote::line("\"", "\""), Quote::line("'", "'")],
        traits: &[Trait::CapitalTypes, Trait::Preprocessor],
        ..BASE
    },
    Language {
        names: &["go", "golang"],
        keywords: GO,
        types: GO_TYPES,
        constants: &["false", "iota", "nil", "true"],
        declaring: &["func"],
        quotes: &[Quote::raw("`", "`"), Quote::line("\"", "\""), Quote::line("'", "'")],
        ..BASE
    },
    Language {
        names: &["kotlin", "kt", "kts"],
        keywords: KOTLIN,
        declaring: &["fun"],
        quotes: &[Quote::raw("\"\"\"", "\"\"\""), Quote::line("\"", "\""), Quote::line("'", "'")],
        traits: &[Trait::CapitalTypes, Trait::Decorators, Trait::NestedComments],
        ..BASE
    },
    Language {
        names: &["swift"],
        keywords: SWIFT,
        constants: &["false", "nil", "true"],
        declaring: &["func"],
        quotes: &[Quote::long("\"\"\"", "\"\"\""), Quote::line("\"", "\"")],
        traits: &[
            Trait::CapitalTypes,
            Trait::Decorators,
            Trait::NestedComments,
            Trait::Preprocessor,
        ],
        ..BASE
    },
    Language {
        names: &["json", "jsonc", "json5"],
        key_before: Some(':'),
        traits: &[Trait::Data],
        ..BASE
    },
    Language {
        names: &["toml"],
        constants: &["false", "inf", "nan", "true"],
        line_comments: &["#"],
        block_comment: None,
        quotes: &[
            Quote::long("\"\"\"", "\"\"\""),
            Quote::raw("'''", "'''"),
            Quote::line("\"", "\""),
            Quote { open: "'", close: "'", escapes: false, lines: false, doubles: false },
        ],
        key_before: Some('='),
        traits: &[Trait::Data, Trait::DashedWords],
        ..BASE
    },
    Language {
        names: &["bash", "sh", "shell", "zsh"],
        keywords: SHELL,
        constants: &["false", "true"],
        declaring: &["function"],
        line_comments: &["#"],
        block_comment: None,
        quotes: &[Quote::long("\"", "\""), Quote::raw("'", "'")],
        traits: &[Trait::Shell, Trait::DashedWords, Trait::Data],
        ..BASE
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_names_stand_once() {
        let mut names: Vec<&str> = Vec::new();
        for language in LANGUAGES {
            for table in [language.keywords, language.types, language.constants] {
                assert!(table.is_sorted(), "{:?}", language.names);
            }
            names.extend(language.names);
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
