//! The colours of sides.

use std::fmt;

use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::yaml::{Located, Reader, listed, shown};

/// The colours that have a name.
pub const COLORS: [&str; 9] =
    ["blue", "red", "orange", "green", "purple", "teal", "gold", "pink", "gray"];

/// One of the nine named colours, or a colour of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Color {
    /// A name of [`COLORS`].
    Named(&'static str),
    /// `#rrggbb` as red, green and blue.
    Rgb([u8; 3]),
}

impl Color {
    /// The colour that `text` names, capitals or not; `grey` is gray.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let name = if text.eq_ignore_ascii_case("grey") { "gray" } else { text };
        let named = COLORS.iter().find(|known| known.eq_ignore_ascii_case(name));
        named.map(|&name| Self::Named(name)).or_else(|| hexadecimal(text.strip_prefix('#')?))
    }
}

/// As front matter has it: the name, or `#rrggbb`.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Rgb([red, green, blue]) => write!(f, "#{red:02x}{green:02x}{blue:02x}"),
        }
    }
}

fn hexadecimal(digits: &str) -> Option<Color> {
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(Color::Rgb([red, green, blue]))
}

/// The colour of `color`, or of `colour`.
pub(super) fn color(keys: &mut Reader<'_, '_>) -> Option<Located<Color>> {
    let american = keys.entry("color");
    let british = keys.entry("colour");
    if let (Some(american), Some(british)) = (american, british) {
        let error = both_spellings(keys, &american.key, &british.key);
        keys.report(error);
    }
    let key = if american.is_some() { "color" } else { "colour" };
    let text = keys.scalar(key)?;
    match Color::parse(text.value) {
        Some(value) => Some(Located { value, bytes: text.bytes }),
        None => {
            let error = unknown_color(keys, key, &text);
            keys.refuse("color", error);
            None
        }
    }
}

fn both_spellings<T>(keys: &Reader<'_, '_>, first: &Located<T>, second: &Located<T>) -> Diagnostic {
    let place = keys.place(second.bytes.clone());
    Diagnostic::error(
        Code::DuplicateKey,
        place,
        "`colour` and `color` are one key, and both stand here",
    )
    .related(keys.place(first.bytes.clone()), "`color` stands here")
    .help("remove one of the two")
}

fn unknown_color(keys: &Reader<'_, '_>, key: &str, text: &Located<&str>) -> Diagnostic {
    let message = format!("there is no colour {}", shown(text.value));
    let error = Diagnostic::error(Code::UnknownColor, keys.place(text.bytes.clone()), message);
    let error = match (long_form(text.value), nearest(text.value, COLORS)) {
        (Some(digits), _) => error.help(format!("write `{key}: \"#{digits}\"`")),
        (None, Some(name)) => error.help(format!("write `{key}: {name}`")),
        (None, None) => error,
    };
    error
        .help(format!("the colours are {} or `\"#rrggbb\"`", listed(&COLORS).replace(" or ", ", ")))
}

/// The six digits of `#rgb`, of `rrggbb` and of `rgb`.
fn long_form(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        3 => Some(digits.chars().flat_map(|digit| [digit, digit]).collect()),
        6 => Some(digits.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Color, long_form};

    #[test]
    fn names_and_six_digits_are_colours() {
        assert_eq!(Color::parse("Blue"), Some(Color::Named("blue")));
        assert_eq!(Color::parse("grey"), Some(Color::Named("gray")));
        assert_eq!(Color::parse("#0aF010"), Some(Color::Rgb([10, 240, 16])));
        for text in ["", "#", "#fff", "ff0000", "#ff000g", "#+f0000", "crimson"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    #[test]
    fn other_spellings_of_digits_are_understood_for_the_message() {
        assert_eq!(long_form("#f0a").as_deref(), Some("ff00aa"));
        assert_eq!(long_form("112233").as_deref(), Some("112233"));
        assert_eq!(long_form("teal"), None);
    }
}
