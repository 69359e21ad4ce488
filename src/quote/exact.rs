//! Finds the words of a quote, part by part, in order.

use std::ops::Range;

use crate::quote::editorial::{Gap, Reading};
use crate::quote::text::{Text, View};

/// Words of all places of a quote together, beyond which no more are counted: a row of one
/// word stands almost everywhere in a longer one.
const MAX_PLACE_WORDS: usize = 2_000_000;

/// A place as stretches of words of the whole text, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// One a part, and one more wherever the parent's quotations are passed over.
    pub parts: Vec<Range<usize>>,
    /// Whether the parent quotes every word of it.
    pub in_quotation: bool,
}

/// Every place where `reading` stands in `text`: outside quotations if there is one, and with the
/// signs of the numbers at its ends.
pub(crate) fn find(reading: &Reading, text: &Text) -> Vec<Found> {
    let mut places = find_words(reading, text);
    places.retain(|found| {
        let mut parts = found.parts.iter();
        parts.all(|part| text.loses_signs(part) == (false, false))
    });
    places
}

fn find_words(reading: &Reading, text: &Text) -> Vec<Found> {
    let full = find_in(reading, text, &text.full);
    // A quote in one part that stands in the beginning of the text stands in all of it, too.
    let adds =
        |view: &&View| !(text.own.is_none() && reading.gaps.is_empty() && view.is_beginning());
    let unbroken = text.unbroken.as_ref().filter(adds);
    if text.own.is_none() && unbroken.is_none() {
        return full;
    }
    let unbroken = unbroken.into_iter().flat_map(|view| find_in(reading, text, view));
    let mut places: Vec<Found> = match &text.own {
        Some(own) => find_in(reading, text, own),
        None => full.clone(),
    };
    places.extend(unbroken);
    let (quoted, mixed): (Vec<Found>, Vec<Found>) =
        full.into_iter().partition(|found| found.in_quotation);
    // A place of one's own words alone is in both views.
    let is_mixed =
        |found: &Found| found.parts.iter().cloned().flatten().any(|w| text.is_quotation(w));
    places.extend(mixed.into_iter().filter(is_mixed));
    if places.is_empty() {
        return quoted;
    }
    let order = |found: &Found| -> Vec<(usize, usize)> {
        found.parts.iter().map(|part| (part.start, part.end)).collect()
    };
    places.sort_by_cached_key(order);
    places.dedup();
    places
}

/// A part of the quote at one place of the view, with the best way to it.
#[derive(Clone, Copy)]
struct Step {
    at: usize,
    end: usize,
    /// Which step of the part before leads here.
    before: usize,
    /// Where the first part then stands: the later, the tighter.
    origin: usize,
}

fn find_in(reading: &Reading, text: &Text, view: &View) -> Vec<Found> {
    let mut chain: Vec<Vec<Step>> = Vec::new();
    for (range, gap) in reading.parts() {
        let pattern: Vec<u64> =
            reading.words.get(range).unwrap_or_default().iter().map(|word| word.id).collect();
        let occurrences = occurrences(&pattern, &view.ids);
        let len = pattern.len();
        let steps = match chain.last() {
            None => occurrences
                .iter()
                .map(|at| Step { at: *at, end: at + len, before: 0, origin: *at })
                .collect(),
            Some(before) => {
                follow(before, &occurrences, len, |end, start| allows(gap, end..start, text, view))
            }
        };
        if steps.is_empty() {
            return Vec::new();
        }
        chain.push(steps);
    }
    let last = chain.last().map_or(&[][..], Vec::as_slice);
    let mut origin = None;
    let mut places = Vec::new();
    let mut words = 0;
    for (index, step) in last.iter().enumerate() {
        // From one beginning the nearest end only.
        if origin.replace(step.origin) != Some(step.origin) {
            places.push(place(&chain, index, text, view));
            words += reading.words.len();
        }
        if words > MAX_PLACE_WORDS && places.len() > 1 {
            break;
        }
    }
    places
}

/// The steps of a part from those of the part before it.
///
/// Origins and blocks never decrease along the steps, so the last step that ends before an
/// occurrence is its best, and where that one's gap is not allowed no other is.
fn follow(
    before: &[Step],
    occurrences: &[usize],
    len: usize,
    allows: impl Fn(usize, usize) -> bool,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut reach = 0;
    for at in occurrences {
        while before.get(reach).is_some_and(|step| step.end <= *at) {
            reach += 1;
        }
        let Some(index) = reach.checked_sub(1) else { continue };
        let Some(step) = before.get(index) else { continue };
        if allows(step.end, *at) {
            steps.push(Step { at: *at, end: at + len, before: index, origin: step.origin });
        }
    }
    steps
}

fn allows(gap: Gap, left_out: Range<usize>, text: &Text, view: &View) -> bool {
    match gap {
        Gap::Anywhere => true,
        Gap::Words(most) => left_out.len() <= most,
        Gap::ToBorder(blocks) => {
            let block = |index: usize| text.block(view.word(index)) as usize;
            let last = left_out.end.saturating_sub(1);
            left_out.is_empty() || block(last) < block(left_out.start).saturating_add(blocks)
        }
        // Where nothing is left out, the mark is the author's own.
        Gap::InBlock => {
            let block = |index: usize| text.block(view.word(index));
            left_out.is_empty()
                || left_out.start.checked_sub(1).map(block) == Some(block(left_out.end))
        }
    }
}

fn place(chain: &[Vec<Step>], last: usize, text: &Text, view: &View) -> Found {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut index = last;
    for steps in chain.iter().rev() {
        let Some(step) = steps.get(index) else { break };
        index = step.before;
        parts.extend(stretches(step.at..step.end, view).into_iter().rev());
    }
    parts.reverse();
    let in_quotation = parts.iter().cloned().flatten().all(|word| text.is_quotation(word));
    Found { parts, in_quotation }
}

/// The words `range` of the view as stretches of the text.
pub(crate) fn stretches(range: Range<usize>, view: &View) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for index in range {
        let word = view.word(index);
        match parts.last_mut() {
            Some(part) if part.end == word => part.end += 1,
            _ => parts.push(word..word + 1),
        }
    }
    parts
}

/// Where `pattern` stands in `ids` (Knuth, Morris, Pratt 1977): linear whatever repeats.
pub(crate) fn occurrences(pattern: &[u64], ids: &[u64]) -> Vec<usize> {
    let mut found = Vec::new();
    let Some(first) = pattern.first().filter(|_| pattern.len() <= ids.len()) else { return found };
    let mut border = Vec::with_capacity(pattern.len());
    border.push(0);
    let mut matched = 0;
    for id in pattern.iter().skip(1) {
        matched = advance(pattern, &border, matched, *id);
        border.push(matched);
    }
    matched = 0;
    let mut index = 0;
    loop {
        // While nothing has begun, only the first word of the pattern is looked for.
        if matched == 0 {
            index += position(*first, ids.get(index..).unwrap_or_default());
        }
        let Some(id) = ids.get(index) else { return found };
        if matched == pattern.len() {
            matched = border.get(matched - 1).copied().unwrap_or(0);
        }
        matched = advance(pattern, &border, matched, *id);
        index += 1;
        if matched == pattern.len() {
            found.push(index - matched);
        }
    }
}

/// How many of `ids` stand before the first `wanted`.
///
/// In blocks of one length, each to its end and without a branch, so that the compiler looks
/// at many at once.
fn position(wanted: u64, ids: &[u64]) -> usize {
    const BLOCK: usize = 16;
    let has = |block: &[u64; BLOCK]| block.iter().fold(false, |any, id| any | (*id == wanted));
    let (blocks, _) = ids.as_chunks();
    let before = blocks.iter().take_while(|block| !has(block)).count() * BLOCK;
    let rest = ids.get(before..).unwrap_or_default();
    before + rest.iter().take_while(|id| **id != wanted).count()
}

/// How many words of `pattern`, from its first on, stand in `ids` in a row.
pub(crate) fn longest_beginning(pattern: &[u64], ids: &[u64]) -> usize {
    // The borders are those of the search; a whole match is its own end here.
    let mut border: Vec<usize> = vec![0];
    let mut matched = 0;
    for id in pattern.iter().skip(1) {
        matched = advance(pattern, &border, matched, *id);
        border.push(matched);
    }
    let (mut matched, mut longest) = (0, 0);
    for id in ids {
        matched = advance(pattern, &border, matched, *id);
        longest = longest.max(matched);
    }
    longest
}

fn advance(pattern: &[u64], border: &[usize], mut matched: usize, id: u64) -> usize {
    while matched > 0 && pattern.get(matched) != Some(&id) {
        matched = border.get(matched - 1).copied().unwrap_or(0);
    }
    if pattern.get(matched) == Some(&id) { matched + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::source::plain_text::{PlainText, TextBlock, TextRole};

    proptest! {
        #[test]
        fn a_row_of_words_is_found_wherever_it_stands(
            ids in vec(0..3_u64, 0..40),
            pattern in vec(0..3_u64, 1..6),
        ) {
            let is_here = |at: &usize| ids[*at..].starts_with(&pattern);
            let expected: Vec<usize> = (0..ids.len()).filter(is_here).collect();
            prop_assert_eq!(occurrences(&pattern, &ids), expected);
        }

        #[test]
        fn what_stands_before_the_notes_stands_in_the_whole(
            own in vec(0..3_usize, 0..30),
            note in vec(0..3_usize, 1..10),
            quote in vec(0..3_usize, 1..6),
        ) {
            let written = |words: &[usize]| -> String {
                words.iter().map(|word| ["one ", "two ", "three "][*word]).collect()
            };
            let (own, note) = (written(&own), written(&note));
            let block = |bytes, role| TextBlock { bytes, role, paragraph: None };
            let end = own.len() + note.len();
            let blocks =
                vec![block(0..own.len(), TextRole::Own), block(own.len()..end, TextRole::Note)];
            let text = Text::new(&PlainText { text: own + &note, blocks, ..PlainText::default() });
            let unbroken = text.unbroken.as_ref().unwrap();
            prop_assert!(unbroken.is_beginning());
            let reading = Reading::literal(&written(&quote));
            let whole = find_in(&reading, &text, &text.full);
            prop_assert!(find_in(&reading, &text, unbroken).iter().all(|one| whole.contains(one)));
        }
    }
}
