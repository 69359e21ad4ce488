//! The shortest longer wording that makes an ambiguous quote unique.

use std::ops::Range;

use crate::quote::diff::one_line;
use crate::quote::editorial::Reading;
use crate::quote::exact::{Found, find};
use crate::quote::text::Text;

/// Words that are put before and after a quote at most: a longer one is no help to paste.
const MAX_EXTENSION_WORDS: usize = 40;

/// Places that are told apart; of a wording that stands oftener nobody reads the list.
const MAX_PLACES: usize = 50;

/// Longer wordings of one place that are tried.
const MAX_TRIALS: usize = 16;

/// For each of `places`, the shortest wording that stands only there, ready to paste.
///
/// It stays in the ¶s of the place, for a quote answers every ¶ that it touches; only where
/// naming the ¶ does not tell the places apart may it go on into the next.
pub(crate) fn extensions(places: &[Found], text: &Text, plain: &str) -> Vec<Option<String>> {
    let hulls: Vec<Range<usize>> = places.iter().filter_map(hull).collect();
    if hulls.len() > MAX_PLACES || hulls.len() != places.len() {
        return vec![None; places.len()];
    }
    places
        .iter()
        .enumerate()
        .map(|(index, _)| extension(index, places, &hulls, (text, plain)))
        .collect()
}

/// The shortest longer wording that stands only where the words at `bytes` do, ready to paste;
/// nothing where they stand nowhere else, or none does.
pub(crate) fn only_at(bytes: &Range<usize>, text: &Text, plain: &str) -> Option<String> {
    let start = text.words.partition_point(|word| (word.start as usize) < bytes.start);
    let end = text.words.partition_point(|word| word.end as usize <= bytes.end);
    let words = text.words.get(start..end)?.to_vec();
    let places = find(&Reading { words, gaps: Vec::new() }, text);
    let own = places.iter().position(|place| hull(place) == Some(start..end))?;
    if places.len() == 1 {
        return None;
    }
    extensions(&places, text, plain).into_iter().nth(own).flatten()
}

fn hull(place: &Found) -> Option<Range<usize>> {
    Some(place.parts.first()?.start..place.parts.last()?.end)
}

fn extension(
    index: usize,
    places: &[Found],
    hulls: &[Range<usize>],
    (text, plain): (&Text, &str),
) -> Option<String> {
    let (place, own) = (places.get(index)?, hulls.get(index)?);
    let shared: Vec<(usize, usize)> = hulls
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != index)
        .map(|(_, other)| (common_before(text, own, other), common_after(text, own, other)))
        .collect();
    let room = room(place, own, places, text);
    let mut trials = 0;
    for added in 1..=MAX_EXTENSION_WORDS {
        // What follows comes first: a quote is read on, not back.
        for before in 0..=added {
            let after = added - before;
            let is_unique = shared.iter().all(|(left, right)| before > *left || after > *right);
            if !is_unique || before > own.start - room.start || own.end + after > room.end {
                continue;
            }
            trials += 1;
            let wording = wording(place, (before, after), text, plain)?;
            if stands_only_at(&wording, own, text) {
                return Some(pasteable(&wording));
            }
            if trials == MAX_TRIALS {
                return None;
            }
        }
    }
    None
}

/// The words into which a place may be extended.
fn room(place: &Found, own: &Range<usize>, places: &[Found], text: &Text) -> Range<usize> {
    let start = text.surroundings(own.start).start;
    let end = text.surroundings(own.end.saturating_sub(1)).end.max(own.end);
    let paragraph = text.paragraphs(&place.parts).0;
    let same = places.iter().filter(|other| text.paragraphs(&other.parts).0 == paragraph);
    let is_told = paragraph.is_some() && same.count() == 1;
    start.min(own.start)..if is_told { end } else { text.words.len() }
}

fn same_word(text: &Text, one: Option<usize>, two: Option<usize>) -> bool {
    let id = |index: usize| text.words.get(index).map(|word| word.id);
    matches!((one.and_then(id), two.and_then(id)), (Some(one), Some(two)) if one == two)
}

fn common_before(text: &Text, one: &Range<usize>, two: &Range<usize>) -> usize {
    let same =
        |back: &usize| same_word(text, one.start.checked_sub(*back), two.start.checked_sub(*back));
    (1..=MAX_EXTENSION_WORDS).take_while(same).count()
}

fn common_after(text: &Text, one: &Range<usize>, two: &Range<usize>) -> usize {
    let same = |on: &usize| same_word(text, Some(one.end + on), Some(two.end + on));
    (0..MAX_EXTENSION_WORDS).take_while(same).count()
}

/// The place with so many words more before and after it; what is left out between its parts
/// is marked so that it may end in any block.
fn wording(
    place: &Found,
    (before, after): (usize, usize),
    text: &Text,
    plain: &str,
) -> Option<String> {
    let mut parts = place.parts.clone();
    parts.first_mut()?.start -= before;
    parts.last_mut()?.end += after;
    let lines: Vec<String> =
        parts.iter().map(|part| one_line(plain, with_stop(plain, text.bytes(part)))).collect();
    let is_in_one_block = parts
        .windows(2)
        .all(|pair| matches!(pair, [one, two] if text.block(one.end - 1) == text.block(two.start)));
    Some(lines.join(if is_in_one_block { " … " } else { "\n\n…\n\n" }))
}

/// The bytes of some words with the full stop after them, so that a sentence is whole; of
/// several stops none, or they would mark an elision.
fn with_stop(plain: &str, bytes: Range<usize>) -> Range<usize> {
    let after = plain.get(bytes.end..).unwrap_or_default();
    let stop = after.chars().next().filter(|c| matches!(c, '.' | '!' | '?' | '。'));
    let is_last =
        |c: char| after.get(c.len_utf8()..).is_none_or(|rest| !rest.starts_with(['.', '…']));
    bytes.start..bytes.end + stop.filter(|c| is_last(*c)).map_or(0, char::len_utf8)
}

fn stands_only_at(wording: &str, own: &Range<usize>, text: &Text) -> bool {
    let literal = find(&Reading::literal(wording), text);
    let found = if literal.is_empty() { find(&Reading::edited(wording), text) } else { literal };
    let [only] = found.as_slice() else { return false };
    hull(only).is_some_and(|hull| hull.start <= own.start && hull.end >= own.end)
}

/// `wording` so that Markdown gives it back: its marks escaped.
#[must_use]
pub fn pasteable(wording: &str) -> String {
    let mut escaped = String::with_capacity(wording.len());
    let mut is_first = true;
    for c in wording.chars() {
        let starts_block = is_first && matches!(c, '-' | '+' | '#' | '>' | '=' | '~');
        let ends_number = matches!(c, '.' | ')')
            && !escaped.is_empty()
            && escaped.len() < 10
            && escaped.bytes().all(|byte| byte.is_ascii_digit());
        if starts_block
            || ends_number
            || matches!(c, '\\' | '*' | '_' | '`' | '<' | '&' | '[' | ']' | '~' | '|')
        {
            escaped.push('\\');
        }
        escaped.push(c);
        is_first = false;
    }
    escaped
}
