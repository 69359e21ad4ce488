//! Square brackets of code, which are no marks of a quoting author.

use crate::source::plain_text::PlainText;

/// What is read for a bracket of code: signs as long as those are, which no text has, and part of
/// no word.
pub(super) const OPENING: char = '\u{1}';
const CLOSING: char = '\u{2}';

/// `plain` with its brackets of code put out of sight; nothing where it has none.
pub(super) fn hidden(plain: &PlainText) -> Option<PlainText> {
    let has_bracket = |text: &str| text.contains(['[', ']']);
    let code = plain.code.iter().filter_map(|bytes| plain.text.get(bytes.clone()));
    if !code.into_iter().any(has_bracket) {
        return None;
    }
    let mut text = String::with_capacity(plain.text.len());
    let mut from = 0;
    for bytes in &plain.code {
        text.push_str(plain.text.get(from..bytes.start)?);
        text.extend(plain.text.get(bytes.clone())?.chars().map(|c| match c {
            '[' => OPENING,
            ']' => CLOSING,
            other => other,
        }));
        from = bytes.end;
    }
    text.push_str(plain.text.get(from..)?);
    Some(PlainText { text, ..plain.clone() })
}

/// The character for which `c` is read.
pub(super) fn shown(c: char) -> char {
    match c {
        OPENING => '[',
        CLOSING => ']',
        other => other,
    }
}
