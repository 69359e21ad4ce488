//! A quote that is not found: whether it misquotes, and which passage.

use std::ops::Range;

use crate::quote::diff::{Side, diff, foreign_lines};
use crate::quote::editorial::{Gap, Reading};
use crate::quote::exact::{Found, find, longest_beginning, occurrences, stretches};
use crate::quote::locate::Parent;
use crate::quote::nearest::{Alignment, MAX_PART_WORDS, nearest, rows};
use crate::quote::sense::{changes_the_sense, moves_words};
use crate::quote::text::{Text, View};
use crate::quote::words::Word;
use crate::quote::{DiffPart, Nearest, Origin, Outcome, Scatter, Status};
use crate::source::plain_text::ParagraphNumber;

/// Words from which a quote is long: [`MISQUOTE_SIMILARITY`] or [`MISQUOTE_RUN`] suffice.
pub const LONG_QUOTE_WORDS: usize = 10;

/// Similarity from which a long quote is a misquotation.
///
/// Measured on 407 labelled quotes of mail, issue threads and old books: with the run of 10
/// words and the stricter rule for short quotes, precision 1.00 and recall 0.97; alone 0.98
/// and 0.83.
pub const MISQUOTE_SIMILARITY: f64 = 0.60;

/// Words in a row verbatim from which a long quote is a misquotation: one true sentence with
/// a signature or a URL is the commonest fault (evidence as above).
pub const MISQUOTE_RUN: usize = 10;

/// Words from which a quote is judged by its likeness at all: fewer are like anything.
pub const SHORT_QUOTE_WORDS: usize = 6;

/// Similarity from which a short quote is a misquotation (evidence as above).
pub const MISQUOTE_SIMILARITY_SHORT: f64 = 0.75;

/// Words from which a quote is judged that says it is from the parent; with one more a quote
/// that does not say, but differs from it in a number, a negation or the order alone.
pub const CERTAIN_QUOTE_WORDS: usize = 3;

/// Words in a row verbatim that are no chance; of a quote whose parts stand elsewhere each has
/// so many.
const ROW_WORDS: usize = 5;

/// Words that a part must have for each that differs from the nearest passage, that the difference
/// says more than the order of the parts.
const ORDER_EDITS: usize = 3;

/// Words of a part of a quote that tell where it is from.
const TELLING_WORDS: usize = 3;

/// Similarity from which the nearest passage of a quote that is not found is shown.
const SHOWN_SIMILARITY: f64 = 0.5;

/// What becomes of `text`, which is not found.
pub(super) fn unmatched(text: &str, origin: Origin, parent: Parent<'_>) -> Outcome {
    let edited = parent.read(Reading::edited, text);
    // Brackets that hold all that is quoted leave nothing out.
    let literal = edited.words.is_empty().then(|| parent.read(Reading::literal, text));
    let whole = literal.unwrap_or(edited);
    let words = whole.words.len();
    let mut outcome = Outcome {
        status: Status::Empty,
        places: Vec::new(),
        nearest: None,
        words,
        similarity: 0.0,
        run: 0,
        attributed: false,
    };
    if words == 0 {
        return outcome;
    }
    outcome.status = match origin {
        Origin::Elsewhere => Status::ThirdParty,
        Origin::Unsaid | Origin::Parent(_) => Status::NotFound,
    };
    let rows = verbatim(&whole, parent.text);
    outcome.run = rows.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
    let reading = compared(&whole, parent.text);
    let judged = Judged { whole: &whole, reading: &reading, origin };
    let Some((alignment, view)) = judged.nearest(parent.text, outcome.run) else { return outcome };
    outcome.similarity = judged.likeness(&alignment);
    let is_near = judged.is_near(&alignment, outcome.run);
    let rows = if reading == whole { rows } else { verbatim(&reading, parent.text) };
    let parted = parted(&reading, &rows);
    let scattered = scattered(parted.as_ref().unwrap_or(&whole), parent);
    // Of parallel sentences most parts stand in several places: what the nearest lacks says more.
    let order = parted.as_ref().unwrap_or(&whole);
    let is_order = |found: &Nearest| {
        found.scatter != Some(Scatter::OutOfOrder)
            || outcome.similarity < MISQUOTE_SIMILARITY
            || order.parts().iter().any(|(part, _)| part.len() <= ORDER_EDITS * alignment.edits)
    };
    let passage = scattered.clone().filter(is_order).or_else(|| {
        let parted = parted.filter(|parted| leaves_out(parted, &alignment, parent.text));
        let again = parted.as_ref().and_then(|parted| nearest_in(parted, parent.text, None));
        match (parted.as_ref(), again) {
            (Some(parted), Some(again)) => nearest_passage((text, parted), again, parent),
            _ => nearest_passage((text, &reading), (alignment, view), parent),
        }
    });
    let is_misquotation = is_near
        || (scattered.is_some() && words >= SHORT_QUOTE_WORDS)
        || covers(&rows, reading.words.len())
        || passage.as_ref().is_some_and(|nearest| turns_round(origin, &outcome, nearest));
    if is_misquotation {
        outcome.status = Status::Misquotation;
    }
    let is_shown = is_misquotation
        || (outcome.status == Status::NotFound
            && words >= CERTAIN_QUOTE_WORDS
            && outcome.similarity >= SHOWN_SIMILARITY);
    outcome.nearest = passage.filter(|_| is_shown);
    outcome
}

/// Whether a quote that is like its nearest passage differs from it in what is said: in a
/// number, a sign, a negation or the order of words.
fn turns_round(origin: Origin, outcome: &Outcome, nearest: &Nearest) -> bool {
    let (words, similarity) = (outcome.words, outcome.similarity);
    // What another source says may be what the parent says, but for a number.
    if origin == Origin::Elsewhere || words <= CERTAIN_QUOTE_WORDS {
        return false;
    }
    let edits = ((1.0 - similarity) * words as f64).round();
    let may_change = (edits - 1.0).abs() < f64::EPSILON
        || (similarity >= MISQUOTE_SIMILARITY && words >= SHORT_QUOTE_WORDS);
    (may_change && changes_the_sense(&nearest.diff))
        || (similarity >= SHOWN_SIMILARITY && moves_words(&nearest.diff))
}

/// Whether sentences are left out between the parts of `parted`: then the words around them are
/// not compared with them.
fn leaves_out(parted: &Reading, alignment: &Alignment, parent: &Text) -> bool {
    let words = parted.words.len() as f64;
    let is_unlike = alignment.edits as f64 > (1.0 - MISQUOTE_SIMILARITY) * words;
    let stands = || !find(&widened(parted, |_| Gap::Anywhere), parent).is_empty();
    is_unlike || (alignment.edits >= ROW_WORDS && stands())
}

/// What is judged.
struct Judged<'a> {
    whole: &'a Reading,
    /// What of it is compared.
    reading: &'a Reading,
    origin: Origin,
}

impl Judged<'_> {
    fn likeness(&self, alignment: &Alignment) -> f64 {
        let words = self.reading.words.len();
        // One division of whole numbers is exact at the thresholds.
        words.saturating_sub(alignment.edits) as f64 / words.max(1) as f64
    }

    fn is_near(&self, alignment: &Alignment, run: usize) -> bool {
        let (words, similarity) = (self.whole.words.len(), self.likeness(alignment));
        let says_so = matches!(self.origin, Origin::Parent(_)) && words >= CERTAIN_QUOTE_WORDS;
        if words >= LONG_QUOTE_WORDS {
            similarity >= MISQUOTE_SIMILARITY || run >= MISQUOTE_RUN
        } else if says_so {
            // What keeps short quotes from being judged is that they may be from elsewhere.
            similarity >= MISQUOTE_SIMILARITY
        } else {
            words >= SHORT_QUOTE_WORDS && similarity >= MISQUOTE_SIMILARITY_SHORT
        }
    }

    /// The nearest passage: in the ¶ that is named, if it is near there.
    fn nearest<'a>(&self, parent: &'a Text, run: usize) -> Option<(Alignment, &'a View)> {
        let named = match self.origin {
            Origin::Parent(Some(paragraph)) => nearest_in(self.reading, parent, Some(paragraph)),
            _ => None,
        };
        let named = named.filter(|(alignment, _)| self.is_near(alignment, run));
        named.or_else(|| nearest_in(self.reading, parent, None))
    }
}

/// The rows of words of `reading` that stand verbatim somewhere, the longest first chosen from
/// the end on, none going over a gap.
fn verbatim(reading: &Reading, parent: &Text) -> Vec<Range<usize>> {
    let ids: Vec<u64> = reading.words.iter().map(|word| word.id).collect();
    let mut found = Vec::new();
    for (part, _) in reading.parts() {
        let words = ids.get(part.clone()).unwrap_or_default();
        let inside = rows(words, &parent.full);
        found.extend(inside.into_iter().map(|row| part.start + row.start..part.start + row.end));
    }
    found
}

/// Whether rows that are no chance make up most of a long quote: sentences of the parent, with
/// others left out between them or in another order.
fn covers(rows: &[Range<usize>], words: usize) -> bool {
    let covered: usize = rows.iter().map(|row| row.len()).filter(|len| *len >= ROW_WORDS).sum();
    words >= LONG_QUOTE_WORDS && covered as f64 >= MISQUOTE_SIMILARITY * words as f64
}

/// `reading` parted where one row ends and the next begins; nothing where that parts nothing.
fn parted(reading: &Reading, rows: &[Range<usize>]) -> Option<Reading> {
    let is_telling = |row: &&Range<usize>| row.len() >= ROW_WORDS && row.start > 0;
    let starts: Vec<usize> = rows
        .iter()
        .filter(is_telling)
        .map(|row| row.start)
        .filter(|start| *start < reading.words.len())
        .filter(|start| !reading.gaps.iter().any(|(before, _)| before == start))
        .collect();
    let mut parted = reading.clone();
    parted.gaps.extend(starts.iter().map(|start| (*start, Gap::Words(0))));
    parted.gaps.sort_by_key(|(before, _)| *before);
    let is_parted = !starts.is_empty() && covers(rows, reading.words.len());
    is_parted.then_some(parted)
}

/// Where the parts of a quote stand, if each stands somewhere: over the ends of blocks, or in
/// another order.
fn scattered(reading: &Reading, parent: Parent<'_>) -> Option<Nearest> {
    if reading.gaps.is_empty() {
        return None;
    }
    if let Some(found) = find(&widened(reading, past_blocks), parent.text).into_iter().next() {
        return Some(stretch(found.parts, Scatter::PastBlock, parent));
    }
    let mut parts = Vec::new();
    for (part, _) in reading.parts() {
        let words = reading.words.get(part).unwrap_or_default();
        let ids: Vec<u64> = words.iter().map(|word| word.id).collect();
        let at = *occurrences(&ids, &parent.text.full.ids).first()?;
        if ids.len() < TELLING_WORDS {
            return None;
        }
        parts.push(at..at + ids.len());
    }
    if !find(&widened(reading, |_| Gap::Anywhere), parent.text).is_empty() {
        return None;
    }
    parts.sort_by_key(|part| part.start);
    Some(stretch(parts, Scatter::OutOfOrder, parent))
}

/// `reading` with its gaps as `wide` makes them.
fn widened(reading: &Reading, wide: fn(Gap) -> Gap) -> Reading {
    let gaps = reading.gaps.iter().map(|(before, gap)| (*before, wide(*gap)));
    Reading { words: reading.words.clone(), gaps: gaps.collect() }
}

/// Words for `[word]` stay few.
fn past_blocks(gap: Gap) -> Gap {
    match gap {
        Gap::Words(most) => Gap::Words(most),
        Gap::InBlock | Gap::ToBorder(_) | Gap::Anywhere => Gap::Anywhere,
    }
}

fn stretch(parts: Vec<Range<usize>>, scatter: Scatter, parent: Parent<'_>) -> Nearest {
    let found = Found { parts, in_quotation: false };
    let parts = found.parts.iter();
    let hull = parts.clone().map(|part| part.start).min().unwrap_or(0)
        ..parts.map(|part| part.end).max().unwrap_or(0);
    let (paragraph, paragraph_end) = parent.text.paragraphs(&found.parts);
    let in_quotation =
        found.parts.iter().cloned().flatten().all(|word| parent.text.is_quotation(word));
    Nearest {
        bytes: parent.text.bytes(&hull),
        paragraph,
        paragraph_end,
        in_quotation,
        diff: Vec::new(),
        foreign_lines: Vec::new(),
        scatter: Some(scatter),
        extension: None,
    }
}

/// What of `reading` is compared: of a very long quote the words around the first that
/// departs from the parent.
fn compared(reading: &Reading, parent: &Text) -> Reading {
    let words = reading.words.len();
    if words <= MAX_PART_WORDS {
        return reading.clone();
    }
    let ids: Vec<u64> = reading.words.iter().map(|word| word.id).collect();
    let departs = longest_beginning(&ids, &parent.full.ids);
    let start = departs.saturating_sub(MAX_PART_WORDS / 2).min(words - MAX_PART_WORDS);
    reading.part(start..start + MAX_PART_WORDS)
}

/// The parent's own words, unless what it quotes is nearer.
///
/// In the ¶ `paragraph` alone if one is given.
fn nearest_in<'a>(
    reading: &Reading,
    parent: &'a Text,
    paragraph: Option<ParagraphNumber>,
) -> Option<(Alignment, &'a View)> {
    let nearest = |view| {
        let alignment = nearest(reading, view, parent.range_of(paragraph, view))?;
        Some(with_signs(alignment, view, parent))
    };
    let full = nearest(&parent.full).map(|alignment| (alignment, &parent.full));
    let own = parent.own.as_ref().and_then(|view| Some((nearest(view)?, view)));
    match (own, full) {
        (Some(own), Some(full)) if full.0.edits < own.0.edits => Some(full),
        (own, full) => own.or(full),
    }
}

/// `alignment` with the signs that the numbers at the ends of its parts lose.
fn with_signs(mut alignment: Alignment, view: &View, parent: &Text) -> Alignment {
    for (_, there) in &mut alignment.parts {
        let Some(last) = there.end.checked_sub(1).filter(|last| *last >= there.start) else {
            continue;
        };
        let range = view.word(there.start)..view.word(last) + 1;
        let (before, after) = parent.loses_signs(&range);
        let is_beside =
            |index: usize, word: usize| view.back.get(index).is_some_and(|it| *it as usize == word);
        if before && there.start > 0 && is_beside(there.start - 1, range.start - 1) {
            there.start -= 1;
            alignment.edits += 1;
        }
        if after && is_beside(there.end, range.end) {
            there.end += 1;
            alignment.edits += 1;
        }
    }
    alignment
}

/// The passage, without what stands beside foreign lines at the ends of the quote: of their
/// words some will stand anywhere.
fn nearest_passage(
    (text, reading): (&str, &Reading),
    (alignment, view): (Alignment, &View),
    parent: Parent<'_>,
) -> Option<Nearest> {
    let quoted = Side { text, words: &reading.words };
    let passage = passage((quoted, reading), (&alignment, view), parent)?;
    let is_foreign = |word: &Word| {
        passage.foreign_lines.iter().any(|line| line.contains(&(word.start as usize)))
    };
    let start = reading.words.iter().take_while(|word| is_foreign(word)).count();
    let after = reading.words.iter().rev().take_while(|word| is_foreign(word)).count();
    let end = reading.words.len().saturating_sub(after);
    if start >= end || (start, after) == (0, 0) {
        return Some(passage);
    }
    let kept = reading.part(start..end);
    let Some(alignment) = nearest(&kept, view, 0..view.ids.len()) else { return Some(passage) };
    let inner = Side { text, words: &kept.words };
    let mut inner = self::passage((inner, &kept), (&alignment, view), parent)?;
    let quoted = |range: Range<usize>| DiffPart::Quoted(quoted.slice(range));
    if start > 0 {
        inner.diff.insert(0, quoted(0..start));
    }
    if after > 0 {
        inner.diff.push(quoted(end..reading.words.len()));
    }
    Some(Nearest { foreign_lines: passage.foreign_lines, ..inner })
}

fn passage(
    (quoted, reading): (Side<'_>, &Reading),
    (alignment, view): (&Alignment, &View),
    parent: Parent<'_>,
) -> Option<Nearest> {
    let words: Vec<_> =
        alignment.parts.iter().flat_map(|(_, there)| stretches(there.clone(), view)).collect();
    let bytes = parent.text.bytes(&(words.first()?.start..words.last()?.end));
    let (paragraph, paragraph_end) = parent.text.paragraphs(&words);
    let mut steps = Vec::new();
    let mut shared = vec![false; quoted.words.len()];
    let mut from = 0;
    for (index, (here, there)) in alignment.parts.iter().enumerate() {
        // What was not placed is compared with what stands after it.
        let is_last = index + 1 == alignment.parts.len();
        let to = if is_last { quoted.words.len() } else { here.end };
        let original: Vec<Word> = stretches(there.clone(), view)
            .into_iter()
            .flat_map(|part| parent.text.words.get(part).unwrap_or_default().iter().copied())
            .collect();
        steps.extend(left_out(index, reading, (alignment, view), parent).map(DiffPart::Original));
        let part = Side { words: quoted.words.get(from..to).unwrap_or_default(), ..quoted };
        let found = diff(Side { text: &parent.plain.text, words: &original }, part);
        steps.extend(found.parts);
        for (slot, is_shared) in shared.iter_mut().skip(from).zip(found.shared) {
            *slot = is_shared;
        }
        from = to;
    }
    Some(Nearest {
        bytes,
        paragraph,
        paragraph_end,
        in_quotation: words.iter().cloned().flatten().all(|word| parent.text.is_quotation(word)),
        diff: steps,
        foreign_lines: foreign_lines(quoted, &shared),
        scatter: None,
        extension: None,
    })
}

/// The words of the parent between a part and the one before it, where no mark of the quote
/// leaves out so many.
fn left_out(
    index: usize,
    reading: &Reading,
    (alignment, view): (&Alignment, &View),
    parent: Parent<'_>,
) -> Option<String> {
    let (here, there) = alignment.parts.get(index)?;
    let (_, before) = alignment.parts.get(index.checked_sub(1)?)?;
    let (_, gap) = reading.gaps.iter().find(|(before, _)| *before == here.start)?;
    let between = before.end..there.start;
    if !matches!(gap, Gap::Words(most) if between.len() > *most) {
        return None;
    }
    let parts = stretches(between, view);
    let words = parts.into_iter().flat_map(|part| parent.text.words.get(part).unwrap_or_default());
    let words: Vec<Word> = words.copied().collect();
    Some(Side { text: &parent.plain.text, words: &words }.slice(0..words.len()))
}
