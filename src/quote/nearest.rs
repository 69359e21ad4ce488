//! The passage that a quote which is not found comes nearest to.
//!
//! The fewest word edits to any substring (Sellers 1980). Where the whole text would take too
//! long, only candidates are compared: where short sequences of the quote stand (as BLAST
//! seeds, Altschul et al. 1990), the rarer the better.

use std::ops::Range;

use crate::quote::editorial::{Gap, Reading};
use crate::quote::text::View;

/// Words of a seed at most.
const SEED_WORDS: usize = 3;

/// Places of one seed that are looked at: what stands oftener tells nothing.
const MAX_SEED_PLACES: usize = 256;

/// Candidates that are aligned, a part of a quote.
const MAX_CANDIDATES: usize = 8;

/// Cells of the tables of all candidates of a part: some 50 ms.
const MAX_CELLS: usize = 12_000_000;

/// Cells of the table of a part and the whole text up to which no seeds are needed.
const MAX_WHOLE_CELLS: usize = 250_000;

/// Words of a part that are aligned; what follows counts as edited.
pub(crate) const MAX_PART_WORDS: usize = 2_000;

/// Sequences of one to three words by content, each with its places.
#[derive(Debug)]
pub(crate) struct Grams {
    /// For one, two and three words: hash and place, sorted.
    by_length: [Vec<(u64, u32)>; SEED_WORDS],
}

impl Grams {
    /// Those of `ids`.
    pub(crate) fn new(ids: &[u64]) -> Self {
        let sorted = |length: usize| {
            let mut grams: Vec<(u64, u32)> =
                ids.windows(length).map(hash).zip(0..u32::MAX).collect();
            grams.sort_unstable();
            grams
        };
        Self { by_length: [sorted(1), sorted(2), sorted(3)] }
    }

    fn places(&self, gram: &[u64]) -> &[(u64, u32)] {
        let Some(grams) = gram.len().checked_sub(1).and_then(|at| self.by_length.get(at)) else {
            return &[];
        };
        let key = hash(gram);
        let start = grams.partition_point(|(hash, _)| *hash < key);
        let end = grams.partition_point(|(hash, _)| *hash <= key);
        grams.get(start..end.min(start + MAX_SEED_PLACES)).unwrap_or_default()
    }
}

fn hash(gram: &[u64]) -> u64 {
    gram.iter()
        .fold(0, |hash: u64, id| (hash.rotate_left(21) ^ id).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// How near a view comes to a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alignment {
    /// Words to change, leave out or put in; gaps cost nothing.
    pub edits: usize,
    /// For each part of the quote that was placed, its words in the view.
    pub parts: Vec<(Range<usize>, Range<usize>)>,
}

/// The words of `view` in `within` nearest to `reading`; nothing where not one is shared.
pub(crate) fn nearest(reading: &Reading, view: &View, within: Range<usize>) -> Option<Alignment> {
    let ids: Vec<u64> = reading.words.iter().map(|word| word.id).collect();
    let (parts, gaps): (Vec<Range<usize>>, Vec<Gap>) = reading.parts().into_iter().unzip();
    let part_ids = |part: &Range<usize>| ids.get(part.clone()).unwrap_or_default();
    let most = |index: usize| match gaps.get(index) {
        Some(Gap::Words(most)) => *most,
        _ => usize::MAX,
    };
    // The longest part is the surest; the others are sought on its two sides.
    let anchor = (0..parts.len()).max_by_key(|index| {
        (parts.get(*index).map_or(0, ExactSizeIterator::len), std::cmp::Reverse(*index))
    })?;
    let first = align(part_ids(parts.get(anchor)?), view, &within)?;
    let mut edits = first.edits;
    let mut placed = vec![(parts.get(anchor)?.clone(), first.words.clone())];
    let mut limit = first.words.start;
    for (index, part) in parts.iter().enumerate().take(anchor).rev() {
        let aligned = align(part_ids(part), view, &(within.start..limit));
        edits += aligned.as_ref().map_or(part.len(), |aligned| aligned.edits);
        if let Some(aligned) = aligned {
            // What `[word]` does not stand for is left out unmarked.
            edits += (limit - aligned.words.end).saturating_sub(most(index + 1)).min(part.len());
            limit = aligned.words.start;
            placed.insert(0, (part.clone(), aligned.words));
        }
    }
    let mut limit = first.words.end;
    for (index, part) in parts.iter().enumerate().skip(anchor + 1) {
        let aligned = align(part_ids(part), view, &(limit..within.end));
        edits += aligned.as_ref().map_or(part.len(), |aligned| aligned.edits);
        if let Some(aligned) = aligned {
            edits += (aligned.words.start - limit).saturating_sub(most(index)).min(part.len());
            limit = aligned.words.end;
            placed.push((part.clone(), aligned.words));
        }
    }
    Some(Alignment { edits, parts: placed })
}

struct Aligned {
    edits: usize,
    words: Range<usize>,
}

/// Where the words `part` come nearest in the stretch `within` of the view.
fn align(part: &[u64], view: &View, within: &Range<usize>) -> Option<Aligned> {
    let cut = part.len().saturating_sub(MAX_PART_WORDS);
    let part = part.get(..part.len() - cut).unwrap_or_default();
    let mut best: Option<Aligned> = None;
    let mut cells = 0;
    for window in candidates(part, view, within) {
        let Some(words) = view.ids.get(window.clone()) else { continue };
        cells += words.len() * part.len();
        if cells > MAX_CELLS && best.is_some() {
            break;
        }
        let (edits, range) = sellers(part, words);
        let is_better = best.as_ref().is_none_or(|best| edits + cut < best.edits);
        if is_better && !range.is_empty() {
            let words = window.start + range.start..window.start + range.end;
            best = Some(Aligned { edits: edits + cut, words });
        }
    }
    best
}

/// The stretches of the view in which the rarest seeds of `part` stand in line, best first;
/// all of `within` where that is little.
fn candidates(part: &[u64], view: &View, within: &Range<usize>) -> Vec<Range<usize>> {
    if part.is_empty() || part.len().saturating_mul(within.len()) <= MAX_WHOLE_CELLS {
        return std::iter::once(within.clone()).filter(|_| !part.is_empty()).collect();
    }
    let slack = (part.len() / 4).max(4);
    let mut diagonals = diagonals(part, view, (within, slack), MAX_SEED_PLACES - 1);
    if diagonals.is_empty() {
        diagonals = self::diagonals(part, view, (within, slack), MAX_SEED_PLACES);
    }
    diagonals.sort_unstable();
    let counted: Vec<(usize, u64)> = diagonals
        .chunk_by(|one, two| one.0 == two.0)
        .filter_map(|same| {
            let votes = same.iter().map(|(_, bits)| u64::from(*bits)).sum();
            same.first().map(|(bucket, _)| (*bucket, votes))
        })
        .collect();
    let mut voted: Vec<(u64, usize)> = counted
        .iter()
        .enumerate()
        .map(|(index, (bucket, votes))| {
            let next = counted.get(index + 1).filter(|(next, _)| *next == bucket + 1);
            (votes + next.map_or(0, |(_, votes)| *votes), *bucket)
        })
        .collect();
    voted.sort_by_key(|(votes, bucket)| (std::cmp::Reverse(*votes), *bucket));
    let window = |(_, bucket): (u64, usize)| {
        let start = (bucket * slack).saturating_sub(part.len() + slack);
        let end = ((bucket + 3) * slack).min(within.end);
        start.max(within.start).min(end)..end
    };
    voted.into_iter().take(MAX_CANDIDATES).map(window).collect()
}

/// What an edit costs; what it leaves of the quote unmatched costs one more. So of two ways with
/// as many edits that is taken in which more words of the quote agree: "did fall" is "did not
/// fall" without a word, and not "not fall" with another.
const EDIT: u32 = 1 << 12;

/// Where `part` would begin by each of its seeds that stands at `most` places at most, in
/// buckets of `slack` words, with what the seed tells: the rarer the more bits.
fn diagonals(
    part: &[u64],
    view: &View,
    (within, slack): (&Range<usize>, usize),
    most: usize,
) -> Vec<(usize, u32)> {
    let mut diagonals = Vec::new();
    for length in 1..=SEED_WORDS.min(part.len()) {
        for (offset, gram) in part.windows(length).enumerate() {
            let places = view.grams().places(gram);
            if places.len() > most {
                continue;
            }
            let bits = (view.ids.len() / places.len().max(1)).checked_ilog2().unwrap_or(0) + 1;
            let places = places.iter().map(|(_, place)| *place as usize);
            let places = places.filter(|place| within.contains(place));
            // The part's length keeps a diagonal from below 0.
            diagonals.extend(places.map(|place| ((place + part.len() - offset) / slack, bits)));
        }
    }
    diagonals
}

/// The fewest edits from `part` to a substring of `words`, and that substring: of several
/// the one as long as the part, for what stands where a word was replaced at an end belongs
/// to it; then the first.
fn sellers(part: &[u64], words: &[u64]) -> (usize, Range<usize>) {
    // For each end in `words`: the cost, and where the substring begins.
    let mut row: Vec<(u32, u32)> = (0..).take(words.len() + 1).map(|at| (0, at)).collect();
    let mut next = row.clone();
    for (count, id) in (1..).zip(part) {
        let mut left = (count * (EDIT + 1), 0);
        let mut diagonal = row.first().copied().unwrap_or_default();
        if let Some(cell) = next.first_mut() {
            *cell = left;
        }
        let cells = next.iter_mut().skip(1).zip(row.iter().skip(1)).zip(words);
        for ((cell, above), word) in cells {
            let edit = if word == id { 0 } else { EDIT + 1 };
            let mut best = (diagonal.0 + edit, diagonal.1);
            if above.0 + EDIT + 1 < best.0 {
                best = (above.0 + EDIT + 1, above.1);
            }
            if left.0 + EDIT < best.0 {
                best = (left.0 + EDIT, left.1);
            }
            diagonal = *above;
            *cell = best;
            left = best;
        }
        std::mem::swap(&mut row, &mut next);
    }
    let best = row
        .iter()
        .enumerate()
        .map(|(end, (cost, start))| (*cost, end.saturating_sub(*start as usize), end))
        .filter(|(_, len, _)| *len > 0)
        .min_by_key(|(cost, len, end)| (*cost, len.abs_diff(part.len()), *end));
    best.map_or((part.len(), 0..0), |(cost, len, end)| ((cost / EDIT) as usize, end - len..end))
}

/// The rows of words of `part` that stand in the view, in order; the longest that ends where
/// the one after it begins is taken, from the end on.
pub(crate) fn rows(part: &[u64], view: &View) -> Vec<Range<usize>> {
    let longest = longest_ending(part, view);
    let mut rows = Vec::new();
    let mut end = part.len();
    while let Some(length) = end.checked_sub(1).and_then(|last| longest.get(last)) {
        let start = end.saturating_sub((*length).max(1));
        if *length > 0 {
            rows.push(start..end);
        }
        end = start;
    }
    rows.reverse();
    rows
}

/// For each word of `part`, how many in a row stand in the view up to it.
fn longest_ending(part: &[u64], view: &View) -> Vec<usize> {
    let mut longest = vec![0; part.len()];
    for length in 1..=SEED_WORDS {
        let mut before: Vec<(u32, usize)> = Vec::new();
        for (offset, gram) in part.windows(length).enumerate() {
            // Both are sorted by place.
            let mut rows = before.iter().peekable();
            let mut run = |place: u32| {
                while rows.next_if(|(at, _)| at.saturating_add(1) < place).is_some() {}
                rows.peek()
                    .filter(|(at, _)| at.checked_add(1) == Some(place))
                    .map(|(_, run)| run + 1)
            };
            let places = view.grams().places(gram).iter().map(|(_, place)| *place);
            let next: Vec<(u32, usize)> =
                places.map(|place| (place, run(place).unwrap_or(length))).collect();
            let here = next.iter().map(|(_, run)| *run).max().unwrap_or(0);
            if let Some(slot) = longest.get_mut(offset + length - 1) {
                *slot = here.max(*slot);
            }
            before = next;
        }
    }
    longest
}
