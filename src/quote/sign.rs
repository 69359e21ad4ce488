//! Signs that are words of their own although they are neither letters nor digits.

/// Beyond ASCII: currency (Sc) and mathematical signs (Sm) of Unicode 14.0.0 but the minus
/// (which is a dash), and the signs of per cent, per mille and degree. Sorted, ends inclusive.
const SIGNS: &[(char, char)] = &[
    ('\u{00A2}', '\u{00A5}'),
    ('\u{00AC}', '\u{00AC}'),
    ('\u{00B0}', '\u{00B0}'),
    ('\u{00B1}', '\u{00B1}'),
    ('\u{00D7}', '\u{00D7}'),
    ('\u{00F7}', '\u{00F7}'),
    ('\u{03F6}', '\u{03F6}'),
    ('\u{058F}', '\u{058F}'),
    ('\u{0606}', '\u{0608}'),
    ('\u{060B}', '\u{060B}'),
    ('\u{066A}', '\u{066A}'),
    ('\u{07FE}', '\u{07FF}'),
    ('\u{09F2}', '\u{09F3}'),
    ('\u{09FB}', '\u{09FB}'),
    ('\u{0AF1}', '\u{0AF1}'),
    ('\u{0BF9}', '\u{0BF9}'),
    ('\u{0E3F}', '\u{0E3F}'),
    ('\u{17DB}', '\u{17DB}'),
    ('\u{2030}', '\u{2031}'),
    ('\u{2044}', '\u{2044}'),
    ('\u{2052}', '\u{2052}'),
    ('\u{207A}', '\u{207C}'),
    ('\u{208A}', '\u{208C}'),
    ('\u{20A0}', '\u{20C0}'),
    ('\u{2118}', '\u{2118}'),
    ('\u{2140}', '\u{2144}'),
    ('\u{214B}', '\u{214B}'),
    ('\u{2190}', '\u{2194}'),
    ('\u{219A}', '\u{219B}'),
    ('\u{21A0}', '\u{21A0}'),
    ('\u{21A3}', '\u{21A3}'),
    ('\u{21A6}', '\u{21A6}'),
    ('\u{21AE}', '\u{21AE}'),
    ('\u{21CE}', '\u{21CF}'),
    ('\u{21D2}', '\u{21D2}'),
    ('\u{21D4}', '\u{21D4}'),
    ('\u{21F4}', '\u{2211}'),
    // Between these are the ellipses of mathematics, which Chinese writers take for theirs.
    ('\u{2213}', '\u{22ED}'),
    ('\u{22F2}', '\u{22FF}'),
    ('\u{2320}', '\u{2321}'),
    ('\u{237C}', '\u{237C}'),
    ('\u{239B}', '\u{23B3}'),
    ('\u{23DC}', '\u{23E1}'),
    ('\u{25B7}', '\u{25B7}'),
    ('\u{25C1}', '\u{25C1}'),
    ('\u{25F8}', '\u{25FF}'),
    ('\u{266F}', '\u{266F}'),
    ('\u{27C0}', '\u{27C4}'),
    ('\u{27C7}', '\u{27E5}'),
    ('\u{27F0}', '\u{27FF}'),
    ('\u{2900}', '\u{2982}'),
    ('\u{2999}', '\u{29D7}'),
    ('\u{29DC}', '\u{29FB}'),
    ('\u{29FE}', '\u{2AFF}'),
    ('\u{2B30}', '\u{2B44}'),
    ('\u{2B47}', '\u{2B4C}'),
    ('\u{A838}', '\u{A838}'),
    ('\u{FB29}', '\u{FB29}'),
    ('\u{FDFC}', '\u{FDFC}'),
    ('\u{FE62}', '\u{FE62}'),
    ('\u{FE64}', '\u{FE66}'),
    ('\u{FE69}', '\u{FE69}'),
    ('\u{FF04}', '\u{FF04}'),
    ('\u{FF05}', '\u{FF05}'),
    ('\u{FF0B}', '\u{FF0B}'),
    ('\u{FF1C}', '\u{FF1E}'),
    ('\u{FF5C}', '\u{FF5C}'),
    ('\u{FF5E}', '\u{FF5E}'),
    ('\u{FFE0}', '\u{FFE2}'),
    ('\u{FFE5}', '\u{FFE6}'),
    ('\u{FFE9}', '\u{FFEC}'),
    ('\u{11FDD}', '\u{11FE0}'),
    ('\u{1D6C1}', '\u{1D6C1}'),
    ('\u{1D6DB}', '\u{1D6DB}'),
    ('\u{1D6FB}', '\u{1D6FB}'),
    ('\u{1D715}', '\u{1D715}'),
    ('\u{1D735}', '\u{1D735}'),
    ('\u{1D74F}', '\u{1D74F}'),
    ('\u{1D76F}', '\u{1D76F}'),
    ('\u{1D789}', '\u{1D789}'),
    ('\u{1D7A9}', '\u{1D7A9}'),
    ('\u{1D7C3}', '\u{1D7C3}'),
    ('\u{1E2FF}', '\u{1E2FF}'),
    ('\u{1ECB0}', '\u{1ECB0}'),
    ('\u{1EEF0}', '\u{1EEF1}'),
];

/// Whether `c` is kept as a word: currency, mathematical sign, per cent, degree, yes or no.
pub(super) fn is_sign(c: char) -> bool {
    if is_yes_or_no(c) {
        return true;
    }
    if c.is_ascii() {
        return matches!(c, '$' | '%' | '+' | '<' | '=' | '>' | '|' | '~');
    }
    let after = SIGNS.partition_point(|(first, _)| *first <= c);
    after.checked_sub(1).and_then(|index| SIGNS.get(index)).is_some_and(|(_, last)| c <= *last)
}

/// Ticks, crosses and thumbs: where a table or a comment has one, it is what is said.
fn is_yes_or_no(c: char) -> bool {
    matches!(c, '☐' | '☑' | '☒' | '✅' | '✓' | '✔' | '✕'..='✘' | '❌' | '❎' | '👍' | '👎')
}
