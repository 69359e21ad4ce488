//! Words that are written in two ways, of which the other text may have the other.
//!
//! A word broken at the end of a line, vowel points and accents that are often left out, the
//! Turkish I, and marks of notes that stand in the text. None of these can be folded away: each is the sense in some other place.
//! So a word is read in its other way only where the other text has that.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::quote::editorial::Reading;
use crate::quote::note::is_reference;
use crate::quote::sign::is_sign;
use crate::quote::words::{Word, words};

/// Kana of the reading of one word at most.
const MAX_RUBY_KANA: usize = 24;

/// Another way to read some words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    /// One word, or the two into which the end of a line broke one.
    pub words: Range<usize>,
    /// The word in its place; nothing where it may be left out.
    pub id: Option<u64>,
    /// What is written in two ways.
    pub why: Why,
}

/// What is written in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The end of a line broke it.
    Broken,
    /// It is the mark of a note, or the reading of a Japanese word.
    Note,
    /// It is the box before a task, which a quote of the words alone lacks.
    Task,
    /// It has the Turkish I, which both texts may have as a capital.
    Capital,
    /// It has points or accents.
    Points,
}

impl Spelling {
    /// The word, where both texts may be read otherwise: the end of a line broke it, or it has the
    /// Turkish I. Two that both have points must have the same.
    pub(crate) fn of_both(&self) -> Option<u64> {
        self.id.filter(|_| matches!(self.why, Why::Broken | Why::Capital))
    }
}

/// The other ways to read the words `all`, which stand in `text`; in order, none overlapping.
pub(crate) fn spellings(text: &str, all: &[Word]) -> Vec<Spelling> {
    let mut found: Vec<Spelling> = Vec::new();
    for (index, word) in all.iter().enumerate() {
        if found.last().is_some_and(|last| last.words.end > index) {
            continue;
        }
        let (start, end) = (word.start as usize, word.end as usize);
        let (Some(before), Some(inner), Some(after)) =
            (text.get(..start), text.get(start..end), text.get(end..))
        else {
            continue;
        };
        let next = all.get(index + 1);
        let one = |id, why| Spelling { words: index..index + 1, id, why };
        if let Some(joined) = next.and_then(|next| joined(text, word, next)) {
            let words = index..index + 2;
            found.push(Spelling { words, id: Some(joined), why: Why::Broken });
        } else if is_note_mark(before, inner, after) || is_ruby(before, inner, after) {
            found.push(one(None, Why::Note));
        } else if matches!(inner, "☐" | "☑") && (before.is_empty() || before.ends_with('\n')) {
            found.push(one(None, Why::Task));
        } else if let Some(other) = bare(inner) {
            let is_capital = inner.contains('I') && other == inner.replace('I', "ı");
            let why = if is_capital { Why::Capital } else { Why::Points };
            found.extend(only_word(&other).map(|id| one(Some(id), why)));
        }
    }
    found
}

/// `words` with those of `spellings` that are `wanted` in their place; and for each, which of
/// `words` it begins with. Nothing where nothing changes.
pub(crate) fn respelt(
    words: &[Word],
    spellings: &[Spelling],
    wanted: impl Fn(&Spelling) -> bool,
) -> Option<Vec<(usize, Word)>> {
    let mut chosen = spellings.iter().filter(|one| wanted(one)).peekable();
    chosen.peek()?;
    let mut changed = Vec::with_capacity(words.len());
    let mut index = 0;
    while let Some(word) = words.get(index) {
        let Some(one) = chosen.next_if(|one| one.words.start == index) else {
            changed.push((index, *word));
            index += 1;
            continue;
        };
        let last = one.words.end.checked_sub(1).and_then(|last| words.get(last)).unwrap_or(word);
        changed.extend(one.id.map(|id| (index, Word { id, start: word.start, end: last.end })));
        index = one.words.end.max(index + 1);
    }
    Some(changed)
}

impl Reading {
    /// The same with the words `changed` of [`respelt`].
    pub(crate) fn with(&self, changed: &[(usize, Word)]) -> Self {
        let place = |before: usize| changed.partition_point(|(index, _)| *index < before);
        let count = changed.len();
        let gaps = self.gaps.iter().map(|(before, gap)| (place(*before), *gap));
        Self {
            words: changed.iter().map(|(_, word)| *word).collect(),
            gaps: gaps.filter(|(before, _)| *before > 0 && *before < count).collect(),
        }
    }
}

/// The whole of a word that the end of a line broke: `trans-` and `formers`.
fn joined(text: &str, word: &Word, next: &Word) -> Option<u64> {
    let between = text.get(word.end as usize..next.start as usize)?;
    let space = between.strip_prefix(['-', '\u{2010}', '\u{AD}'])?;
    if space.is_empty() || !space.chars().all(char::is_whitespace) || space.contains("\n\n") {
        return None;
    }
    let head = text.get(word.start as usize..word.end as usize)?;
    let tail = text.get(next.start as usize..next.end as usize)?;
    (head.ends_with(char::is_alphabetic) && tail.starts_with(char::is_lowercase))
        .then(|| only_word(&format!("{head}{tail}")))
        .flatten()
}

/// The hash of `text`, which is one word.
fn only_word(text: &str) -> Option<u64> {
    match words(text).as_slice() {
        [word] => Some(word.id),
        _ => None,
    }
}

/// Whether `inner` is the mark of a note that stands beside a stop: `1815.[3]`, `sort.¹`.
/// Elsewhere it may be an index, or a square.
fn is_note_mark(before: &str, inner: &str, after: &str) -> bool {
    let is_stop = |c: char| {
        matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '"' | '”' | '’' | '»' | '“')
            || matches!(c, '。' | '、' | '，' | '；' | '！' | '？' | '」' | '』' | '）')
    };
    if inner.chars().all(|c| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')) {
        // `(a+b)² = 49`.
        let is_operator = |c| is_sign(c) || matches!(c, '-' | '\u{2212}' | '*' | '/' | '^');
        return before.ends_with(is_stop) && !after.trim_start().starts_with(is_operator);
    }
    let (Some(before), Some(after)) =
        (before.strip_suffix('[').or_else(|| before.strip_suffix("[^")), after.strip_prefix(']'))
    else {
        return false;
    };
    is_reference(inner)
        && (before.ends_with(is_stop) || after.starts_with(is_stop) || after.is_empty())
}

/// Whether `inner` is a kana of the reading that stands after a Chinese character: 漢字《かんじ》.
fn is_ruby(before: &str, inner: &str, after: &str) -> bool {
    let is_kana = |c: char| matches!(c, '\u{3040}'..='\u{30FF}');
    if !inner.chars().all(is_kana) {
        return false;
    }
    let is_near = |side: &mut dyn Iterator<Item = char>, mark| {
        side.take(MAX_RUBY_KANA).find(|c| !is_kana(*c)) == Some(mark)
    };
    let mut outward = before.chars().rev();
    is_near(&mut after.chars(), '》')
        && is_near(&mut outward, '《')
        && outward.next().is_some_and(|c| c > '\u{2E7F}' && !is_kana(c))
}

/// `word` without what printers and keyboards leave out: vowel points, the accents of Greek and
/// of French capitals, the dots of ё; ä, ö, ü as ae, oe, ue; the capital I as the Turkish ı.
fn bare(word: &str) -> Option<String> {
    if word.is_ascii() {
        return word.contains('I').then(|| word.replace('I', "ı"));
    }
    let mut bare = String::with_capacity(word.len());
    let mut base = ' ';
    let tells = accent_tells(word);
    for c in word.nfd() {
        let is_mark = is_combining_mark(c);
        match c {
            _ if is_point(c) => {}
            '\u{308}' if matches!(base, 'а'..='я' | 'А'..='Я') => {}
            '\u{308}' if matches!(base, 'a' | 'o' | 'u' | 'A' | 'O' | 'U') => bare.push('e'),
            // The stress, for learners.
            '\u{301}' if is_cyrillic_vowel(base) => {}
            _ if is_mark && is_greek(base) && !tells => {}
            '\u{300}'..='\u{302}' | '\u{308}' if base.is_ascii_uppercase() => {}
            '\u{327}' if base == 'C' => {}
            'I' => bare.push('ı'),
            _ => bare.push(c),
        }
        base = if is_mark { base } else { c };
    }
    let bare: String = bare.nfc().collect();
    (!bare.is_empty() && !bare.chars().eq(word.nfc())).then_some(bare)
}

fn is_cyrillic_vowel(c: char) -> bool {
    "аеёиоуыэюяіїєАЕЁИОУЫЭЮЯІЇЄ".contains(c)
}

/// Whether the accent of a Greek word tells it from another: as Greek is written today, a word of
/// one syllable has an accent for nothing else.
fn accent_tells(word: &str) -> bool {
    let mut marks = word.nfd().filter(|c| is_combining_mark(*c));
    marks.all(|mark| mark == '\u{301}') && greek_syllables(word) < 2
}

/// How many vowels of Greek a word has, two that are said as one counted once.
fn greek_syllables(word: &str) -> usize {
    let letters: Vec<char> = word.nfd().filter(|c| !is_combining_mark(*c)).collect();
    let lower: Vec<char> = letters.into_iter().flat_map(char::to_lowercase).collect();
    let is_vowel = |c: &&char| "αεηιουω".contains(**c);
    let vowels = lower.iter().filter(is_vowel).count();
    let pairs = lower.iter().zip(lower.iter().skip(1));
    let is_one = |(first, second): &(&char, &char)| match second {
        'ι' => "αεου".contains(**first),
        'υ' => "αεηο".contains(**first),
        _ => false,
    };
    vowels - pairs.filter(is_one).count()
}

fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3FF}')
}

/// Vowel points and accents of Arabic and Hebrew.
fn is_point(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}')
        || matches!(c, '\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{652}')
        || matches!(c, '\u{656}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}')
        || matches!(c, '\u{FB1D}'..='\u{FB4E}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::words::words;

    #[track_caller]
    fn check(text: &str, other: &str, expected: &str) {
        let here = words(text);
        let there: Vec<u64> = words(other).iter().map(|word| word.id).collect();
        let is_there = |one: &Spelling| one.id.is_none_or(|id| there.contains(&id));
        let found = respelt(&here, &spellings(text, &here), is_there);
        let found = found.unwrap_or_else(|| here.iter().copied().enumerate().collect());
        let ids: Vec<u64> = found.iter().map(|(_, word)| word.id).collect();
        let expected: Vec<u64> = words(expected).iter().map(|word| word.id).collect();
        assert_eq!(ids, expected, "{text} beside {other}");
    }

    #[test]
    fn a_word_is_read_as_the_other_text_has_it() {
        check("the trans-\nformers", "transformers", "the transformers");
        check("the well-\nknown", "well-known", "the well known");
        check("pre- and post-war", "and", "pre and post war");
        check("كَتَبَ", "كتب", "كتب");
        check("كَتَبَ", "كُتِبَ", "كَتَبَ");
        check("Işık", "ışık", "ışık");
        check("l’État über", "l'Etat ueber", "l’Etat ueber");
        check("всё ещё", "еще", "всё еще");
        check("Οδυσσεύς", "ΟΔΥΣΣΕΥΣ", "Οδυσσευς");
        check("résumé", "resume", "résumé");
    }

    #[test]
    fn marks_of_notes_may_be_left_out() {
        check("in 1815.[3] Then", "", "in 1815. Then");
        check("of a sort.¹ Then", "", "of a sort. Then");
        check("of a[1] is", "", "of a[1] is");
        check("5 km² of land", "", "5 km² of land");
        check("吾輩《わがはい》は", "", "吾輩は");
        check("本《ほん》", "", "本");
        check("ああ《ほん》", "", "ああ《ほん》");
    }
}
