//! Code → HTML with a dozen classes (`hl-k`…), whose colours are the theme's.
//!
//! The commonest languages have a small lexer of their own, which needs no warming up and
//! some µs a block; all others go through syntect, where the feature `highlight` is on. The
//! text of the HTML is always the code, byte by byte.

#[cfg(feature = "highlight")]
mod fallback;
mod languages;
mod lexer;
#[rustfmt::skip]
mod words;

/// What a stretch of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// A keyword of the language.
    Keyword,
    /// A type.
    Type,
    /// A function, where it is made or called.
    Function,
    /// A macro, decorator or directive of a preprocessor.
    Macro,
    /// An attribute, or the key of a mapping.
    Attribute,
    /// A variable with a mark of its own: `$x`, `self`, a lifetime.
    Variable,
    /// A string.
    Text,
    /// An escape in a string, a constant of the language.
    Constant,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// A line added, in a diff.
    Inserted,
    /// A line taken out, in a diff.
    Deleted,
}

impl Class {
    fn letter(self) -> char {
        match self {
            Self::Keyword => 'k',
            Self::Type => 't',
            Self::Function => 'f',
            Self::Macro => 'm',
            Self::Attribute => 'a',
            Self::Variable => 'v',
            Self::Text => 's',
            Self::Constant => 'e',
            Self::Number => 'n',
            Self::Comment => 'c',
            Self::Inserted => 'i',
            Self::Deleted => 'd',
        }
    }
}

/// The HTML of `code`, or nothing for a language that is not known.
///
/// `language` is what follows the fence; only its first word counts (`rust,ignore`).
#[must_use]
pub fn highlight(code: &str, language: &str) -> Option<String> {
    let end = language.find([',', ' ', '\t', '{']).unwrap_or(language.len());
    let language = language.get(..end)?.to_ascii_lowercase();
    match language.as_str() {
        "" | "text" | "txt" | "plain" | "plaintext" | "none" => None,
        "diff" | "patch" => Some(diff(code)),
        _ => match languages::find(&language) {
            Some(language) => Some(lexer::highlight(code, language)),
            None => unusual(code, &language),
        },
    }
}

#[cfg(feature = "highlight")]
fn unusual(code: &str, language: &str) -> Option<String> {
    fallback::highlight(code, language)
}

#[cfg(not(feature = "highlight"))]
fn unusual(_code: &str, _language: &str) -> Option<String> {
    None
}

fn diff(code: &str) -> String {
    let mut writer = Writer::new(code);
    for line in code.split_inclusive('\n') {
        let class = match line.as_bytes().first() {
            Some(b'+') => Some(Class::Inserted),
            Some(b'-') => Some(Class::Deleted),
            Some(b'@') => Some(Class::Comment),
            _ => None,
        };
        writer.push(line, class);
    }
    writer.finish()
}

/// Writes stretches of code, escaped; neighbours of one class share an element.
struct Writer {
    html: String,
    class: Option<Class>,
}

impl Writer {
    fn new(code: &str) -> Self {
        Self { html: String::with_capacity(code.len() * 3), class: None }
    }

    fn push(&mut self, text: &str, class: Option<Class>) {
        if text.is_empty() {
            return;
        }
        if class != self.class {
            self.close();
            if let Some(class) = class {
                self.html.push_str("<span class=\"hl-");
                self.html.push(class.letter());
                self.html.push_str("\">");
            }
            self.class = class;
        }
        let mut rest = text;
        while let Some(at) = memchr::memchr3(b'<', b'>', b'&', rest.as_bytes()) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.html.push_str(before);
            self.html.push_str(match after.as_bytes().first() {
                Some(b'<') => "&lt;",
                Some(b'>') => "&gt;",
                _ => "&amp;",
            });
            rest = after.get(1..).unwrap_or_default();
        }
        self.html.push_str(rest);
    }

    fn close(&mut self) {
        if self.class.take().is_some() {
            self.html.push_str("</span>");
        }
    }

    fn finish(mut self) -> String {
        self.close();
        self.html
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `[k:fn] main` for `<span class="hl-k">fn</span> main`.
    #[track_caller]
    fn check(language: &str, code: &str, expected: &str) {
        let html = highlight(code, language).expect("a known language");
        let short =
            html.replace("<span class=\"hl-", "[").replace("\">", ":").replace("</span>", "]");
        let short = short.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert_eq!(short, expected);
    }

    fn text_of(html: &str) -> String {
        let mut text = String::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            text.push_str(&rest[..at]);
            rest = &rest[at + rest[at..].find('>').unwrap() + 1..];
        }
        text.push_str(rest);
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    #[test]
    fn rust_has_its_lifetimes_macros_and_raw_strings() {
        check(
            "rust",
            "fn f<'a>(s: &'a str) -> String",
            "[k:fn] [f:f]<[v:'a]>(s: &[v:'a] [t:str]) -> [t:String]",
        );
        check(
            "rs",
            "println!(\"a\\n\", 'x', '\\'')",
            "[m:println!]([s:\"a][e:\\n][s:\"], [s:'x'], [s:'][e:\\'][s:'])",
        );
        check("rust", "r#\"a\"b\"# x", "[s:r#\"a\"b\"#] x");
        check("rust", "#[derive(Debug)]\nstruct A;", "[a:#[derive(Debug)]]\n[k:struct] [t:A];");
        check("rust", "0..10 + 1.5e-3_f64", "[n:0]..[n:10] + [n:1.5e-3_f64]");
    }

    #[test]
    fn comments_of_rust_nest_and_those_of_c_do_not() {
        check("rust", "/* a /* b */ c */ x", "[c:/* a /* b */ c */] x");
        check("c", "/* a /* b */ c */ x", "[c:/* a /* b */] c */ x");
        check("rust,ignore", "// a < b\nx", "[c:// a < b]\nx");
    }

    #[test]
    fn python_has_long_strings_prefixes_and_decorators() {
        check(
            "python",
            "def f(self):\n    \"\"\"a\nb\"\"\"",
            "[k:def] [f:f]([v:self]):\n    [s:\"\"\"a\nb\"\"\"]",
        );
        check("py", "@cache\nx = rb'\\d' # no", "[m:@cache]\nx = [s:rb'\\d'] [c:# no]");
        check("py", "f\"{x}\" if None else 0x1f", "[s:f\"{x}\"] [k:if] [e:None] [k:else] [n:0x1f]");
    }

    #[test]
    fn sql_does_not_care_for_capitals_and_doubles_its_quotes() {
        check("sql", "Select count(*) from t -- x", "[k:Select] [f:count](*) [k:from] t [c:-- x]");
        check("SQL", "WHERE a = 'it''s'", "[k:WHERE] a = [s:'it''s']");
    }

    #[test]
    fn keys_variables_and_directives_are_told_apart() {
        check("json", "{\"a\": [true, \"b\"]}", "{[a:\"a\"]: [[e:true], [s:\"b\"]]}");
        check("toml", "a-b = 1 # c", "[a:a-b] = [n:1] [c:# c]");
        check("sh", "for f in $HOME ${x}; do", "[k:for] f [k:in] [v:$HOME] [v:${x}]; [k:do]");
        check("sh", "echo a#b # c", "echo a#b [c:# c]");
        check("c", "#include <a.h>", "[m:#include] <a.h>");
        check("js", "const f = `a\n${b}`;", "[k:const] f = [s:`a\n${b}`];");
        check("diff", "+a\n-b\n c", "[i:+a\n][d:-b\n] c");
    }

    #[test]
    fn an_unclosed_string_ends_with_its_line() {
        check("js", "a = 'b\nc", "a = [s:'b]\nc");
        check("rust", "/* a", "[c:/* a]");
    }

    #[test]
    #[cfg(feature = "highlight")]
    fn other_languages_have_colours_too() {
        check("css", "a { color: red; }", "[k:a] { [a:color]: [e:red]; }");
    }

    #[test]
    fn unknown_languages_stay_plain() {
        assert_eq!(highlight("x", "no-such-language"), None);
        assert_eq!(highlight("x", ""), None);
    }

    proptest! {
        #[test]
        fn the_text_is_the_code(code in r#"([a-z$@#'"`/*<>&\\{}\[\]!.0-9 \n-]|r#"|"""|é|中|\PC){0,60}"#) {
            for language in ["rust", "python", "sql", "js", "json", "toml", "sh", "c", "go", "diff"] {
                let html = highlight(&code, language).unwrap();
                prop_assert_eq!(text_of(&html), code.clone(), "{}", language);
            }
        }
    }
}
