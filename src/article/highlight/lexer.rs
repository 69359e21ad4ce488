//! The lexer of the commonest languages: one walk over the code, led by a table.

use super::languages::{Language, Quote, Trait};
use super::{Class, Writer};

/// The HTML of `code`, read as `language`.
pub(super) fn highlight(code: &str, language: &Language) -> String {
    let mut lexer = Lexer { code, at: 0, language, writer: Writer::new(code), declares: false };
    while lexer.at < code.len() {
        lexer.step();
    }
    lexer.writer.finish()
}

struct Lexer<'a> {
    code: &'a str,
    at: usize,
    language: &'a Language,
    writer: Writer,
    /// Whether the word before was one that a function's name follows.
    declares: bool,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.code.get(self.at..).unwrap_or_default()
    }

    fn has(&self, feature: Trait) -> bool {
        self.language.traits.contains(&feature)
    }

    /// Writes the next `length` bytes, up to a border of characters, and steps over them.
    fn take(&mut self, length: usize, class: Option<Class>) {
        let rest = self.rest();
        let end = (length.max(1)..=rest.len()).find(|&end| rest.is_char_boundary(end));
        let end = end.unwrap_or(rest.len());
        self.writer.push(rest.get(..end).unwrap_or_default(), class);
        self.at += end;
    }

    fn step(&mut self) {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            return self.take(blank, None);
        }
        if self.comment(rest) || self.marked(rest) {
            return;
        }
        if let Some(quote) = self.language.quotes.iter().find(|quote| rest.starts_with(quote.open))
        {
            return self.string(0, quote);
        }
        let first = rest.chars().next().unwrap_or_default();
        let second = rest.as_bytes().get(1).copied().unwrap_or_default();
        if first.is_ascii_digit() || (first == '.' && second.is_ascii_digit()) {
            self.take(number(rest), Some(Class::Number));
        } else if self.is_word(first) {
            self.word(rest);
        } else {
            self.declares = false;
            let dots = rest.len() - rest.trim_start_matches('.').len(); // of `0..10` no fraction
            self.take(dots.max(first.len_utf8()), None);
        }
    }

    fn is_word(&self, character: char) -> bool {
        character.is_alphanumeric()
            || character == '_'
            || (character == '-' && self.has(Trait::DashedWords))
    }

    fn word_length(&self, rest: &str) -> usize {
        rest.find(|character| !self.is_word(character)).unwrap_or(rest.len())
    }

    fn comment(&mut self, rest: &str) -> bool {
        if self.language.line_comments.iter().any(|mark| rest.starts_with(mark))
            && self.may_comment()
        {
            self.take(
                memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len()),
                Some(Class::Comment),
            );
            return true;
        }
        let Some((open, close)) =
            self.language.block_comment.filter(|(open, _)| rest.starts_with(open))
        else {
            return false;
        };
        let nests = self.has(Trait::NestedComments);
        let (mut depth, mut end) = (1_usize, open.len());
        while depth > 0 && end < rest.len() {
            let inside = rest.as_bytes().get(end..).unwrap_or_default();
            if inside.starts_with(close.as_bytes()) {
                depth -= 1;
                end += close.len();
            } else if nests && inside.starts_with(open.as_bytes()) {
                depth += 1;
                end += open.len();
            } else {
                end += 1;
            }
        }
        self.take(end, Some(Class::Comment));
        true
    }

    /// In a shell `a#b` is a word and `$#` a variable: a comment begins after white space only.
    fn may_comment(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.code.as_bytes().get(at));
        !self.has(Trait::Shell)
            || before.is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b';')
    }

    /// What begins with a mark: attributes, directives, decorators, variables, lifetimes.
    fn marked(&mut self, rest: &str) -> bool {
        let bytes = rest.as_bytes();
        match bytes.first() {
            Some(b'#')
                if self.has(Trait::Rust) && (rest.starts_with("#[") || rest.starts_with("#![")) =>
            {
                self.take(bracketed(bytes), Some(Class::Attribute));
            }
            Some(b'#') if self.has(Trait::Preprocessor) => {
                let blank = rest
                    .get(1..)
                    .map_or(0, |after| after.len() - after.trim_start_matches(' ').len());
                let name = self.word_length(rest.get(1 + blank..).unwrap_or_default());
                self.take(1 + blank + name, Some(Class::Macro));
            }
            Some(b'@') if self.has(Trait::Decorators) => {
                let name = rest.get(1..).unwrap_or_default();
                let length = name.find(|c| !self.is_word(c) && c != '.').unwrap_or(name.len());
                self.take(1 + length, (length > 0).then_some(Class::Macro));
            }
            Some(b'$') if self.has(Trait::Shell) => {
                let length = match bytes.get(1) {
                    Some(b'{') => {
                        memchr::memchr2(b'}', b'\n', bytes).map_or(rest.len(), |end| end + 1)
                    }
                    _ => 1 + self.word_length(rest.get(1..).unwrap_or_default()),
                };
                self.take(length, (length > 1).then_some(Class::Variable));
            }
            Some(b'\'') if self.has(Trait::Rust) => self.apostrophe(rest),
            _ => return false,
        }
        true
    }

    /// `'a'` or `'\n'` is a character, `'a` a lifetime.
    fn apostrophe(&mut self, rest: &str) {
        let mut characters = rest.chars().skip(1);
        let (first, second) = (characters.next(), characters.next());
        match (first, second) {
            (Some('\\'), _) => self.string(0, &Quote::line("'", "'")),
            (Some(first), Some('\'')) => self.take(2 + first.len_utf8(), Some(Class::Text)),
            _ => {
                let length = self.word_length(rest.get(1..).unwrap_or_default());
                self.take(1 + length, (length > 0).then_some(Class::Variable));
            }
        }
    }

    fn word(&mut self, rest: &str) {
        let length = self.word_length(rest);
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if self.prefixed(word, after) {
            return;
        }
        let class = self.class_of(word, after);
        self.declares = class == Some(Class::Keyword) && self.language.declaring.contains(&word);
        self.take(length + usize::from(class == Some(Class::Macro)), class);
    }

    /// A string whose quote stands behind a letter or two: `r"…"`, `f'…'`, `r#"…"#`.
    fn prefixed(&mut self, word: &str, after: &str) -> bool {
        let known = self.language.prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(word));
        if !known {
            return false;
        }
        if self.has(Trait::Rust) && word.ends_with('r') {
            let hashes = after.len() - after.trim_start_matches('#').len();
            if after.get(hashes..).is_some_and(|quoted| quoted.starts_with('"')) {
                let close = format!("\"{}", "#".repeat(hashes));
                let start = word.len() + hashes + 1;
                let body = self.rest().get(start..).unwrap_or_default();
                let end = body.find(&close).map_or(body.len(), |end| end + close.len());
                self.take(start + end, Some(Class::Text));
                return true;
            }
        }
        let Some(quote) = self.language.quotes.iter().find(|quote| after.starts_with(quote.open))
        else {
            return false;
        };
        self.string(word.len(), quote);
        true
    }

    /// A string that begins after a prefix of `prefix` bytes.
    fn string(&mut self, prefix: usize, quote: &Quote) {
        let rest = self.rest();
        let raw = rest.get(..prefix).is_some_and(|prefix| prefix.contains(['r', 'R']));
        let bytes = rest.as_bytes();
        let mut end = prefix + quote.open.len();
        let mut escapes = Vec::new();
        loop {
            let inside = bytes.get(end..).unwrap_or_default();
            match inside.first() {
                None => break,
                Some(b'\n') if !quote.lines => break,
                Some(b'\\') if quote.escapes => {
                    if !raw {
                        escapes.push(end);
                    }
                    end += if inside.get(1) == Some(&b'\n') && !quote.lines { 1 } else { 2 };
                }
                Some(_) if inside.starts_with(quote.close.as_bytes()) => {
                    end += quote.close.len();
                    let doubled = quote.doubles
                        && inside
                            .get(quote.close.len()..)
                            .is_some_and(|next| next.starts_with(quote.close.as_bytes()));
                    if !doubled {
                        break;
                    }
                    end += quote.close.len();
                }
                Some(_) => end += 1,
            }
        }
        let end = end.min(rest.len());
        let is_key = self.language.key_before.is_some_and(|mark| follows(rest.get(end..), mark));
        let class = Some(if is_key { Class::Attribute } else { Class::Text });
        let start = self.at;
        for escape in escapes {
            self.take_to(start + escape, class);
            self.take(2, Some(Class::Constant));
        }
        self.take_to(start + end, class);
        self.declares = false;
    }

    /// Writes up to byte `end` of the code, if that is still ahead.
    fn take_to(&mut self, end: usize, class: Option<Class>) {
        if end > self.at {
            self.take(end - self.at, class);
        }
    }

    fn class_of(&self, word: &str, after: &str) -> Option<Class> {
        let language = self.language;
        let lower = self.has(Trait::AnyCase).then(|| word.to_ascii_lowercase());
        let name = lower.as_deref().unwrap_or(word);
        let in_table = |table: &[&str]| table.binary_search(&name).is_ok();
        if language.key_before.is_some_and(|mark| follows(Some(after), mark)) {
            return Some(Class::Attribute);
        }
        if in_table(language.keywords) {
            return Some(Class::Keyword);
        }
        if in_table(language.constants) {
            return Some(Class::Constant);
        }
        if matches!(word, "self" | "this" | "super") && !self.has(Trait::Data) {
            return Some(Class::Variable);
        }
        if self.has(Trait::Rust) && after.starts_with('!') && !after.starts_with("!=") {
            return Some(Class::Macro);
        }
        if self.declares || (after.starts_with('(') && !self.has(Trait::Data)) {
            return Some(Class::Function);
        }
        let capital = self.has(Trait::CapitalTypes) && word.starts_with(char::is_uppercase);
        (in_table(language.types) || capital).then_some(Class::Type)
    }
}

/// Whether `mark` follows after blanks; a doubled one is another sign.
fn follows(after: Option<&str>, mark: char) -> bool {
    let after = after.unwrap_or_default().trim_start_matches([' ', '\t']);
    after.strip_prefix(mark).is_some_and(|next| !next.starts_with(mark))
}

/// The length of what stands in the square brackets that come first.
fn bracketed(bytes: &[u8]) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    bytes.len()
}

/// The length of a number: `0x1f`, `1_000u32`, `1.5e-3`; of `1..2` and `1.max(2)` only the 1.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let hexadecimal = matches!(bytes.get(1), Some(b'x' | b'X'));
    let (mut end, mut fraction) = (0, false);
    while let Some(&byte) = bytes.get(end) {
        let next = bytes.get(end + 1).copied().unwrap_or_default();
        match byte {
            b'.' if !fraction && next.is_ascii_digit() => fraction = true,
            b'e' | b'E' if !hexadecimal && matches!(next, b'+' | b'-') => end += 1,
            _ if byte.is_ascii_alphanumeric() || byte == b'_' => {}
            _ => break,
        }
        end += 1;
    }
    end.min(bytes.len())
}
