//! Languages and the direction in which they are written.

use crate::diagnostic::{Code, Diagnostic};
use crate::yaml::{Located, Reader, shown};

/// The direction of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of the HTML attribute `dir`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// The direction of `key`.
pub fn direction(keys: &mut Reader<'_, '_>, key: &'static str) -> Option<Located<Direction>> {
    keys.choice(key, &[("ltr", Direction::Ltr), ("rtl", Direction::Rtl)])
}

/// The language of `key`, which has to have the shape of a tag of BCP 47.
pub fn language(keys: &mut Reader<'_, '_>, key: &'static str) -> Option<Located<String>> {
    let tag = keys.line(key)?;
    if is_language_tag(&tag.value) {
        return Some(tag);
    }
    let error = no_language(keys, key, &tag);
    keys.refuse(key, error);
    None
}

/// Whether `tag` has the shape of a language tag (RFC 5646, section 2.1).
///
/// Its first part is a code of two or three letters: longer ones are allowed for, but none has
/// ever been registered, and `english` is no code.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let private = first.eq_ignore_ascii_case("x") || first.eq_ignore_ascii_case("i");
    let code = matches!(first.len(), 2 | 3) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let others: Vec<&str> = parts.collect();
    let sound = |part: &&str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    (code || private && !others.is_empty()) && others.iter().all(sound)
}

fn no_language(keys: &Reader<'_, '_>, key: &str, tag: &Located<String>) -> Diagnostic {
    let message = format!("{} is no language code", shown(&tag.value));
    let error = Diagnostic::error(Code::InvalidValue, keys.place(tag.bytes.clone()), message);
    let dashed = tag.value.replace('_', "-");
    let dashed = dashed.split(['.', '@']).next().unwrap_or_default();
    if is_language_tag(dashed) {
        return error.help(format!("write `{key}: {dashed}`"));
    }
    error.help(format!("write a code such as `{key}: en`, `{key}: pt-BR` or `{key}: zh-Hant`"))
}

#[cfg(test)]
mod tests {
    use super::is_language_tag;

    #[test]
    fn the_shape_of_a_language_tag_is_that_of_bcp_47() {
        for tag in
            ["en", "de-CH-1996", "zh-Hant-TW", "gsw", "x-klingon", "i-navajo", "no", "sr-Latn"]
        {
            assert!(is_language_tag(tag), "{tag}");
        }
        for tag in
            ["", "english", "en_GB", "e", "en-", "-en", "en-abcdefghi", "x", "e1", "de DE", "日本"]
        {
            assert!(!is_language_tag(tag), "{tag}");
        }
    }
}
