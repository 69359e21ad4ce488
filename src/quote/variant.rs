//! Characters that are written in several ways, and the plainest of each.

use unicode_normalization::UnicodeNormalization;

/// Breaks a word at the end of a line, and is not seen elsewhere.
pub(super) const SOFT_HYPHEN: char = '\u{AD}';

/// The plainest variant of `c`; nothing for what is not seen.
pub(super) fn variant(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(if c == '`' { '\'' } else { c });
    }
    if is_unseen(c) {
        return None;
    }
    Some(match c {
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => ' ',
        // A bar of full width parts texts as a space does, and begins what ruby stands on.
        '\u{3000}' | '\u{FF5C}' => ' ',
        '´' | '\u{2BB}'..='\u{2BD}' | '\u{2C8}' | '\u{2CA}' | '\u{2CB}' => '\'',
        '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{2035}' | '\u{2039}' | '\u{203A}' => '\'',
        '\u{5F3}' | '\u{A78C}' | '\u{55A}' => '\'',
        '\u{201C}'..='\u{201F}' | '«' | '»' | '\u{2033}' | '\u{2036}' | '\u{5F4}' => '"',
        '\u{301D}'..='\u{301F}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{5BE}' | '\u{2E3A}' | '\u{2E3B}' => '-',
        // The wave dash and what stands for it in other encodings.
        '\u{301C}' | '\u{FF5E}' => '-',
        '\u{2E17}' | '\u{FE58}' | '\u{FE63}' | '\u{2043}' => '-',
        '\u{FE6A}' | '\u{66A}' => '%',
        '\u{66B}' => '.',
        '\u{66C}' => ',',
        // The same letters on Persian and on Arabic keyboards.
        '\u{6CC}' => '\u{64A}',
        '\u{6A9}' => '\u{643}',
        '\u{FFE0}' => '¢',
        '\u{FFE1}' => '£',
        '\u{FFE5}' => '¥',
        '\u{FF01}'..='\u{FF5D}' => ascii(u32::from(c) - 0xFEE0, c),
        // Narrow kana, and the alphabets of mathematics as they adorn messages.
        '\u{FF66}'..='\u{FF9F}' | '\u{1D400}'..='\u{1D7FF}' => {
            std::iter::once(c).nfkc().next().unwrap_or(c)
        }
        other => digit(other).unwrap_or(other),
    })
}

fn is_unseen(c: char) -> bool {
    matches!(c, SOFT_HYPHEN | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}')
        || matches!(c, '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
        // The stroke that draws out an Arabic word to fill its line.
        || matches!(c, '\u{640}' | '\u{E0100}'..='\u{E01EF}')
}

fn ascii(number: u32, otherwise: char) -> char {
    match char::from_u32(number) {
        Some('`') => '\'',
        Some(c) => c,
        None => otherwise,
    }
}

/// The noughts of the scripts whose digits stand for ours.
const NOUGHTS: &[u32] = &[
    0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0,
    0x1040, 0x17E0,
];

fn digit(c: char) -> Option<char> {
    let number = u32::from(c);
    let after = NOUGHTS.partition_point(|nought| *nought <= number);
    let value = number - after.checked_sub(1).and_then(|index| NOUGHTS.get(index))?;
    char::from_digit(value, 10)
}
