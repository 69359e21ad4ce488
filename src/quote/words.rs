//! Words of a text, so normalised that two writings of one wording are equal.
//!
//! Offsets are those of the original text: normal form and case are changed only in what is
//! hashed, never in what is measured.

use std::ops::Range;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::quote::code::OPENING;
use crate::quote::sign::is_sign;
use crate::quote::variant::{SOFT_HYPHEN, variant};

/// A word as it is compared, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Hash of its normalised letters: equal for equal words.
    pub id: u64,
    /// First byte in the original text.
    pub start: u32,
    /// Byte after its last.
    pub end: u32,
}

/// The words of `text`, in order (UAX 29, one a character for Han, kana and Thai).
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::with_capacity(text.len() / 5 + 1);
    let mut start = 0;
    // No word goes over the end of a line, so each may take the way that suits it; but a soft
    // hyphen there joins what it parts.
    let line_of = if text.contains(SOFT_HYPHEN) { joined_line } else { first_line };
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let line = line_of(rest);
        if line.is_ascii() {
            ascii_words(line, start, &mut found);
        } else {
            unicode_words(line, start, &mut found);
        }
        start += line.len();
    }
    found
}

/// The line with which `text` begins, with its end.
fn first_line(text: &str) -> &str {
    let end = memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |at| at + 1);
    text.get(..end).unwrap_or(text)
}

/// The line with which `text` begins, and those that a soft hyphen joins to it.
fn joined_line(text: &str) -> &str {
    let mut end = 0;
    loop {
        let rest = text.get(end..).unwrap_or_default();
        let line = first_line(rest);
        end += line.len();
        let next = || text.get(end..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        if !line.trim_end().ends_with(SOFT_HYPHEN) || next().trim().is_empty() {
            return text.get(..end).unwrap_or_default();
        }
    }
}

/// What a byte of ASCII is to UAX 29 and to us.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Underscore,
    /// Joins letters and digits: `'`.
    Joint,
    /// Joins digits: `.`, `,` and `;`. Between letters a point parts words, as a space that is
    /// lost after a sentence is nobody's falsification.
    DigitJoint,
    Sign,
    /// Counts in some places: [`counts`].
    Mark,
    Other,
}

const KINDS: [Kind; 128] = kinds();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn kinds() -> [Kind; 128] {
    let mut table = [Kind::Other; 128];
    let mut byte = 0;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Kind::Letter,
            b'0'..=b'9' => Kind::Digit,
            b'_' => Kind::Underscore,
            b'\'' | b'`' => Kind::Joint,
            b'.' | b',' | b';' => Kind::DigitJoint,
            b'$' | b'%' | b'+' | b'<' | b'=' | b'>' | b'~' => Kind::Sign,
            b'-' | b'|' | b'#' | b'!' | b'/' | b'*' | b'^' | b':' => Kind::Mark,
            _ => Kind::Other,
        };
        byte += 1;
    }
    table
}

fn kind(bytes: &[u8], at: usize) -> Kind {
    bytes.get(at).and_then(|byte| KINDS.get(*byte as usize)).copied().unwrap_or(Kind::Other)
}

fn ascii_words(line: &str, offset: usize, found: &mut Vec<Word>) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        // Hashed as it is read: nearly all words are letters and digits alone.
        let (id, length) = alphanumeric(bytes.get(at..).unwrap_or_default());
        at += length;
        let word = Word { id, start: narrow(offset + start), end: narrow(offset + at) };
        let end = match kind(bytes, at) {
            Kind::Other if at > start => {
                found.push(word);
                at += 1;
                continue;
            }
            _ if at > start => ascii_word_end(bytes, at - 1),
            Kind::Underscore => ascii_word_end(bytes, at),
            Kind::Sign => at + 1,
            Kind::Mark | Kind::DigitJoint if counts(line, at) => at + 1,
            _ => {
                at += 1;
                continue;
            }
        };
        if at > start && at == end {
            found.push(word);
        } else {
            push_word(line, start..end, offset, found);
        }
        at = end;
    }
}

fn ascii_word_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        let next = kind(bytes, at + 1);
        at += match (kind(bytes, at - 1), kind(bytes, at)) {
            (_, Kind::Letter | Kind::Digit | Kind::Underscore) => 1,
            (Kind::Letter, Kind::Joint) if next == Kind::Letter => 2,
            (Kind::Digit, Kind::Joint | Kind::DigitJoint) if next == Kind::Digit => 2,
            _ => return at,
        };
    }
}

/// Whether the mark at `at`, which is neither letter nor digit, counts as a word in its place.
fn counts(line: &str, at: usize) -> bool {
    let (Some(before), Some(from)) = (line.get(..at), line.get(at..)) else { return false };
    let mut after = from.chars();
    let Some(mark) = after.next() else { return false };
    let after = after.as_str();
    let last = before.chars().next_back();
    let ends_with = |is: fn(char) -> bool| last.is_some_and(is);
    match mark {
        '-' | '.' => is_number_mark(mark, before, after),
        // At the borders of a table's cells it is none of the text.
        '|' => !is_table_row(line),
        // C#, F#.
        '#' => ends_with(char::is_alphabetic) && !after.starts_with(char::is_alphanumeric),
        '!' => {
            let is_first = last.is_none_or(|c| c.is_whitespace() || is_opening_bracket(c));
            after.starts_with('=') || (is_first && after.starts_with(char::is_alphanumeric))
        }
        ':' => ends_with(char::is_numeric) && after.starts_with(char::is_numeric),
        '/' | '*' | '^' => {
            before.trim_end().ends_with(char::is_numeric)
                && after.trim_start().starts_with(char::is_numeric)
        }
        other => is_sign(other),
    }
}

fn is_table_row(line: &str) -> bool {
    let line = line.trim();
    line.len() > 1 && line.starts_with('|') && line.ends_with('|')
}

/// Whether the dash or point `mark` belongs to the number that follows it: `-5`, `.5`, after
/// a space, an opening bracket (and quotation marks after those) or an operator, or first in
/// its line.
fn is_number_mark(mark: char, before: &str, after: &str) -> bool {
    let is_between = |c: char| c == '.' || is_currency(c);
    let digits = after.strip_prefix(is_between).filter(|_| mark == '-').unwrap_or(after);
    if !digits.starts_with(char::is_numeric) {
        return false;
    }
    // `--5` is `—5` as it is typed.
    let before = before.trim_end_matches(['"', '\'', '`', '-']);
    // The point of `-.5` follows the sign, that of `$.5` its currency.
    let before = match mark {
        '.' => before.trim_end_matches('-').trim_end_matches(is_sign),
        _ => before,
    };
    before
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || is_opening_bracket(c) || is_operator(c))
}

/// After these a dash is a minus: `x=-5`, `(0,-5)`; after a per cent sign it is a range.
fn is_operator(c: char) -> bool {
    matches!(c, '*' | '/' | '^' | ':' | ',' | ';') || (is_sign(c) && !is_currency(c) && !is_unit(c))
}

/// Per cent and the like, and the degree: they belong to the number before them.
pub(super) fn is_unit(c: char) -> bool {
    matches!(c, '%' | '‰' | '‱' | '°')
}

pub(super) fn is_currency(c: char) -> bool {
    matches!(c, '$' | '¢'..='¥' | '\u{20A0}'..='\u{20C0}')
}

fn is_opening_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | OPENING | '「' | '『' | '【' | '〈' | '《' | '〔')
}

const ALEF: char = '\u{627}';
const TANWIN: char = '\u{64B}';

/// A line as UAX 29 shall see it, and the way back.
#[derive(Default)]
struct Cleaned {
    text: String,
    /// Byte here, byte in the line, wherever their difference changes.
    shifts: Vec<(usize, usize)>,
}

impl Cleaned {
    fn new(line: &str) -> Self {
        let mut cleaned = Self { text: String::with_capacity(line.len()), shifts: Vec::new() };
        let mut expected = 0;
        let mut is_after_hyphen = false;
        for (at, c) in line.char_indices() {
            is_after_hyphen = c == SOFT_HYPHEN || (is_after_hyphen && c.is_ascii_whitespace());
            let Some(plain) = variant(c).filter(|_| !is_after_hyphen) else { continue };
            if at != expected || cleaned.shifts.is_empty() {
                cleaned.shifts.push((cleaned.text.len(), at));
            }
            // Arabic writes this point before the alef as well as after it, and means the same.
            if plain == TANWIN && cleaned.text.ends_with(ALEF) {
                cleaned.text.pop();
                cleaned.text.extend([TANWIN, ALEF]);
            } else if cleaned.ends_am(plain) {
                // One sign less: what follows is noted anew.
                expected = 0;
                continue;
            } else {
                cleaned.text.push(plain);
            }
            expected = at + plain.len_utf8();
        }
        cleaned
    }

    /// Whether `c` ends the Thai or Lao vowel am in two parts, as files of print have it, which
    /// Unicode has as one after the tone and does not compose; the text has that then.
    fn ends_am(&mut self, c: char) -> bool {
        let (ring, am) = match c {
            '\u{E32}' => ('\u{E4D}', '\u{E33}'),
            '\u{EB2}' => ('\u{ECD}', '\u{EB3}'),
            _ => return false,
        };
        let is_tone = |c| matches!(c, '\u{E48}'..='\u{E4B}' | '\u{EC8}'..='\u{ECB}');
        let before = self.text.trim_end_matches(is_tone);
        let Some(consonant) = before.strip_suffix(ring) else { return false };
        let marks = self.text.split_off(consonant.len());
        self.text.push_str(marks.strip_prefix(ring).unwrap_or_default());
        self.text.push(am);
        true
    }

    fn original(&self, at: usize) -> usize {
        let after = self.shifts.partition_point(|(here, _)| *here <= at);
        let shift = after.checked_sub(1).and_then(|index| self.shifts.get(index));
        shift.map_or(at, |(here, there)| there + (at - here))
    }
}

fn unicode_words(line: &str, offset: usize, found: &mut Vec<Word>) {
    let cleaned = Cleaned::new(line);
    let first = found.len();
    // Most texts have nothing beyond ASCII but typographic marks.
    if cleaned.text.is_ascii() {
        ascii_words(&cleaned.text, 0, found);
    } else {
        segmented_words(&cleaned, found);
    }
    for word in found.iter_mut().skip(first) {
        restore(word, line, offset, &cleaned);
    }
}

fn segmented_words(cleaned: &Cleaned, found: &mut Vec<Word>) {
    for (at, segment) in cleaned.text.split_word_bound_indices() {
        if segment.contains(char::is_alphanumeric) {
            if segment.contains(is_kana) {
                for (into, cluster) in segment.grapheme_indices(true) {
                    push_word(&cleaned.text, at + into..at + into + cluster.len(), 0, found);
                }
            } else {
                for piece in unjoined(segment) {
                    push_word(&cleaned.text, at + piece.start..at + piece.end, 0, found);
                }
            }
        } else if counts(&cleaned.text, at) {
            push_word(&cleaned.text, at..at + segment.len(), 0, found);
        }
    }
}

/// The pieces of `segment` between the points and colons that join its letters.
fn unjoined(segment: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::with_capacity(1);
    let mut start = 0;
    for (at, c) in
        segment.char_indices().filter(|(_, c)| matches!(c, '.' | ':' | '․' | '﹒' | '﹕'))
    {
        let after = at + c.len_utf8();
        if !segment.get(after..).is_some_and(|rest| rest.starts_with(char::is_numeric)) {
            pieces.push(start..at);
            start = after;
        }
    }
    pieces.push(start..segment.len());
    pieces
}

fn restore(word: &mut Word, line: &str, offset: usize, cleaned: &Cleaned) {
    let inner = cleaned.text.get(word.start as usize..word.end as usize).unwrap_or_default();
    let last = inner.chars().next_back().map_or(0, char::len_utf8);
    let start = cleaned.original(word.start as usize);
    let last = cleaned.original((word.end as usize).saturating_sub(last));
    let len = line.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    word.start = narrow(offset + start);
    word.end = narrow(offset + last + len);
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}')
}

/// Texts of 4 GiB and more have no place here; the offset stops.
pub(super) fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Takes the word at `range`, underscores at its ends apart (`_emphasis_` of plain text).
fn push_word(text: &str, range: Range<usize>, offset: usize, found: &mut Vec<Word>) {
    let Some(whole) = text.get(range.clone()) else { return };
    let left = whole.trim_start_matches('_');
    let word = left.trim_end_matches('_');
    if word.is_empty() {
        return;
    }
    let start = offset + range.start + (whole.len() - left.len());
    found.push(Word { id: id(word), start: narrow(start), end: narrow(start + word.len()) });
}

/// A hash that takes eight bytes at a time: the folded multiplication of wyhash (Wang Yi, 2019,
/// public domain) of each eight, and of what remains with its length.
#[derive(Default)]
struct Hash {
    whole: u64,
    /// Bytes that are no eight yet, the first of them lowest.
    rest: u64,
    length: u32,
}

impl Hash {
    fn byte(mut self, byte: u8) -> Self {
        self.rest |= u64::from(byte) << (8 * self.length);
        self.length += 1;
        if self.length == 8 {
            Self { whole: mixed(self.whole, self.rest), ..Self::default() }
        } else {
            self
        }
    }

    fn bytes(self, bytes: impl IntoIterator<Item = u8>) -> Self {
        bytes.into_iter().fold(self, Self::byte)
    }

    fn finish(self) -> u64 {
        mixed(self.whole, self.rest | u64::from(self.length) << 56)
    }
}

fn mixed(hash: u64, eight: u64) -> u64 {
    // The first two of wyhash's secrets: odd, and as many bits set as not.
    let product = u128::from(hash ^ eight ^ 0xa076_1d64_78bd_642f) * 0xe703_7ed1_a0b4_28db;
    let (low, high) = (product as u64, (product >> 64) as u64);
    low ^ high
}

/// The hash of the letters and digits with which `bytes` of ASCII begin, as [`id`] makes it, and
/// how many they are.
fn alphanumeric(bytes: &[u8]) -> (u64, usize) {
    let (mut hash, mut at) = (Hash::default(), 0);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let eight = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut eight = [0; 8];
            eight.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            eight
        });
        let (folded, length) = run(u64::from_le_bytes(eight));
        at += length as usize;
        if length < 8 {
            (hash.rest, hash.length) = (folded, length);
            return (hash.finish(), at);
        }
        hash.whole = mixed(hash.whole, folded);
    }
}

/// The letters and digits with which eight bytes of ASCII begin, in small letters, the others 0,
/// and how many they are. Without a branch: how long a word is cannot be foretold.
fn run(eight: u64) -> (u64, u32) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // The highest bit of each byte that is `least` or more.
    let from = |bytes: u64, least: u8| bytes + EACH * u64::from(0x80 - least);
    let small = eight | (EACH * 0x20);
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    let digits = from(eight, b'0') & !from(eight, b'9' + 1);
    let others = !(letters | digits) & (EACH * 0x80);
    let length = others.trailing_zeros() / 8;
    // Digits have the bit that makes letters small.
    let kept = u64::MAX.checked_shr(64 - 8 * length).unwrap_or(0);
    (small & kept, length)
}

/// The hash of the folded word.
fn id(word: &str) -> u64 {
    let mut hash = Hash::default();
    if word.is_ascii() {
        let folded = |byte: u8| if byte == b'`' { b'\'' } else { byte.to_ascii_lowercase() };
        return hash.bytes(word.bytes().map(folded)).finish();
    }
    let mut buffer = [0; 4];
    let mut before = ' ';
    // A fold may leave the normal form (U+0390): it is restored.
    for c in word.nfc().default_case_fold().nfc() {
        // Folded, the Turkish İ keeps its dot; its small letter has it anyway.
        hash = match (before, c) {
            ('i', '\u{307}') => hash,
            (_, 'œ') => hash.bytes(*b"oe"),
            (_, 'æ') => hash.bytes(*b"ae"),
            _ => hash.bytes(c.encode_utf8(&mut buffer).bytes()),
        };
        before = c;
    }
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(text: &str) -> Vec<&str> {
        words(text).iter().map(|word| &text[word.start as usize..word.end as usize]).collect()
    }

    fn ids(text: &str) -> Vec<u64> {
        words(text).iter().map(|word| word.id).collect()
    }

    fn check(one: &str, two: &str, same: bool) {
        assert_eq!(ids(one) == ids(two), same, "{one:?} and {two:?}");
    }

    #[test]
    fn typography_is_no_difference() {
        check("don't “stop” – now", "don’t \"stop\" - now", true);
        check("Straße", "STRASSE", true);
        check("caf\u{e9} Å", "cafe\u{301} \u{212b}", true);
        check("10\u{202f}000 km", "10 000 km", true);
        check("exam\u{ad}ple zero\u{200b}width", "example zerowidth", true);
        check("well-known", "well known", true);
        check("_very_ good", "very good", true);
        check("exam\u{ad}\nple text", "example text", true);
        check("exam\u{ad}\n\nple text", "exam ple text", true);
        check("waited --5 hours", "waited —5 hours", true);
        check("10〜20分", "10～20分", true);
        check("29％", "29%", true);
        check("Οδυσσεύς", "ΟΔΥΣΣΕΎΣ", true);
        check("(−5)", "(-5)", true);
        check("cœur", "coeur", true);
        check("İstanbul", "istanbul", true);
        check("ＡＢＣ１２", "abc12", true);
        check("ﾃﾚﾋﾞ", "テレビ", true);
        check("٢٫٥", "2.5", true);
        check("end.The rest", "end. The rest", true);
        check("| a | b |", "a b", true);
    }

    #[test]
    fn what_changes_the_sense_is_a_difference() {
        check("2.5", "25", false);
        check("1,000", "1000", false);
        check("29%", "29", false);
        check("10²", "102", false);
        check("at -5 degrees", "at 5 degrees", false);
        check("costs .5 more", "costs 5 more", false);
        check("€5", "$5", false);
        check("a ≤ b", "a ≥ b", false);
        check("5‰", "5%", false);
        check("5°", "5", false);
        check("of -$5", "of $5", false);
        check("1990–1995", "1990 1995", true);
        check("x=-5", "x=5", false);
        check("a != b", "a = b", false);
        check("C# code", "C code", false);
        check("3/4", "3-4", false);
        check("it ✅", "it ❌", false);
        check("a | b", "a b", false);
        check("5%-10%", "5%–10%", true);
    }

    #[test]
    fn offsets_are_those_of_the_original() {
        assert_eq!(slices("Cafe\u{301} so\u{ad}ft, end."), ["Cafe\u{301}", "so\u{ad}ft", "end"]);
        assert_eq!(slices("中国カナ語"), ["中", "国", "カ", "ナ", "語"]);
        assert_eq!(slices("«l’État» c'est\nmoi…"), ["l’État", "c'est", "moi"]);
        assert_eq!(slices("ไทย").len(), 3);
    }

    #[test]
    fn letters_and_digits_are_hashed_alike_at_once_and_one_by_one() {
        let letters: String = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
        let others: String = (' '..='~').filter(|c| !c.is_ascii_alphanumeric()).collect();
        for start in 0..letters.len() {
            for length in 0..=(letters.len() - start).min(20) {
                let word = &letters[start..start + length];
                for after in others.split("").chain(["\u{0}", "\u{7f}"]) {
                    let text = [word, after, "rest of it"].concat();
                    let text = if after.is_empty() { word } else { &text };
                    assert_eq!(alphanumeric(text.as_bytes()), (id(word), length), "{text:?}");
                }
            }
        }
        assert_ne!(id("abcdefgh"), id("abcdefgh0"));
        assert_ne!(id("ab"), id("ba"));
    }

    /// The words of `line` by UAX 29, whatever it holds.
    fn slow(line: &str) -> Vec<Word> {
        let (cleaned, mut found) = (Cleaned::new(line), Vec::new());
        segmented_words(&cleaned, &mut found);
        found.iter_mut().for_each(|word| restore(word, line, 0, &cleaned));
        found
    }

    #[test]
    fn the_fast_way_gives_what_the_slow_one_gives() {
        let ascii = ["a", "B", "1", "2", "'", ".", ",", ":", ";", "_", "-", " ", "(", "%", "`"];
        let more = ["’", "“", "–", "−", "\u{a0}", "\u{200b}", "％", "Ａ", "٣", "！", "|", "#", "/"];
        let all = [ascii.as_slice(), &more].concat();
        let mut seed = 7_u64;
        for turn in 0..40_000 {
            let pieces = if turn % 2 == 0 { &ascii[..] } else { &all };
            let mut line = String::new();
            for _ in 0..8 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                line.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            assert_eq!(words(&line), slow(&line), "{line:?}");
        }
    }
}
