//! What became of a quote: design.md, section 4.7.

use std::ops::Range;

use crate::quote::diff::{Side, diff, foreign_lines};
use crate::quote::editorial::Reading;
use crate::quote::exact::{Found, find, longest_beginning, stretches};
use crate::quote::nearest::{Alignment, MAX_PART_WORDS, nearest};
use crate::quote::text::{Text, View};
use crate::quote::unique::extensions;
use crate::quote::words::Word;
use crate::quote::{DiffPart, Nearest, Origin, Outcome, Place, Quote, Status};
use crate::source::plain_text::{ParagraphNumber, PlainText};

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

/// What became of `quote` in the parent `plain`, whose words are `parent`.
///
/// `origin` is what its attribution says. Never fails: what is wrong is in the outcome.
#[must_use]
pub fn locate(quote: &Quote, origin: Origin, parent: &Text, plain: &PlainText) -> Outcome {
    let mut outcome = judge(quote, origin, parent, plain);
    if quote.excused {
        outcome.status = Status::Excused;
    }
    outcome
}

fn judge(quote: &Quote, origin: Origin, parent: &Text, plain: &PlainText) -> Outcome {
    let whole = quote.plain.text.as_str();
    let body = quote.attribution.as_ref().and_then(|attribution| whole.get(..attribution.at));
    let is_bare = |body: &&str| Reading::literal(body).words.is_empty();
    if body.filter(is_bare).is_some() && origin != Origin::Unsaid {
        return Outcome { attributed: true, ..unmatched("", origin, parent, plain) };
    }
    // A line of dialogue begins with a dash too.
    let body = body.filter(|body| !is_bare(body));
    // Only the attribution names a ¶, and only if it is none of the text.
    let origin = match (origin, body) {
        (Origin::Parent(_), None) => Origin::Parent(None),
        _ => origin,
    };
    // A line that adds no word cannot be text.
    let adds_words =
        |body: &str| Reading::literal(whole).words.len() > Reading::literal(body).words.len();
    if body.is_none_or(adds_words)
        && let Some((words, places)) = search(whole, body, parent)
    {
        return matched(places, words, parent, plain);
    }
    let attributed = body.is_some();
    let text = body.unwrap_or(whole);
    let found = match origin {
        Origin::Parent(Some(paragraph)) => search_in(text, paragraph, parent),
        _ => search(text, None, parent),
    };
    let mut outcome = match (found, origin) {
        (Some((words, places)), Origin::Parent(Some(paragraph))) => {
            narrowed(places, (words, paragraph), parent, plain)
        }
        (Some((words, places)), _) => matched(places, words, parent, plain),
        (None, _) => unmatched(text, origin, parent, plain),
    };
    outcome.attributed = attributed;
    outcome
}

/// How a text may be read, the most literal way first.
const READINGS: [fn(&str) -> Reading; 3] = [Reading::literal, Reading::cut, Reading::edited];

/// The words of `text` and their places, as they stand or else as its marks want it.
///
/// If its last line, after `body`, may be an attribution, no mark may part them: any such
/// words far below would be found.
fn search(text: &str, body: Option<&str>, parent: &Text) -> Option<(usize, Vec<Found>)> {
    let is_whole = |reading: &Reading| {
        let Some(body) = body else { return true };
        let line = reading.words.partition_point(|word| (word.start as usize) < body.len());
        line < reading.words.len() && reading.gaps.iter().all(|(before, _)| *before < line)
    };
    READINGS.into_iter().find_map(|read| {
        let reading = read(text);
        let places = if is_whole(&reading) { find(&reading, parent) } else { Vec::new() };
        (!places.is_empty()).then_some((reading.words.len(), places))
    })
}

/// The same, but a reading that stands in the ¶ `paragraph` before one that stands elsewhere.
fn search_in(text: &str, paragraph: ParagraphNumber, parent: &Text) -> Option<(usize, Vec<Found>)> {
    let found = READINGS.into_iter().find_map(|read| {
        let reading = read(text);
        let places = find(&reading, parent);
        let is_there = places.iter().any(|found| touches(found, paragraph, parent));
        is_there.then_some((reading.words.len(), places))
    });
    found.or_else(|| search(text, None, parent))
}

fn touches(found: &Found, paragraph: ParagraphNumber, parent: &Text) -> bool {
    let (first, last) = parent.paragraphs(&found.parts);
    first.is_some_and(|first| first <= paragraph) && last.is_some_and(|last| paragraph <= last)
}

fn matched(places: Vec<Found>, words: usize, parent: &Text, plain: &PlainText) -> Outcome {
    let is_ambiguous = places.len() > 1;
    let mut longer = if is_ambiguous {
        extensions(&places, parent, &plain.text).into_iter()
    } else {
        Vec::new().into_iter()
    };
    let run = places.first().and_then(|found| found.parts.iter().map(ExactSizeIterator::len).max());
    let places = places
        .into_iter()
        .map(|found| Place { extension: longer.next().flatten(), ..place(&found, parent) })
        .collect();
    Outcome {
        status: if is_ambiguous { Status::Ambiguous } else { Status::Anchored },
        places,
        nearest: None,
        words,
        similarity: 1.0,
        run: run.unwrap_or(0),
        attributed: false,
    }
}

/// The places in the ¶ that the attribution names; all of them where it names the wrong one.
fn narrowed(
    places: Vec<Found>,
    (words, paragraph): (usize, ParagraphNumber),
    parent: &Text,
    plain: &PlainText,
) -> Outcome {
    let mut inside: Vec<Found> =
        places.iter().filter(|found| touches(found, paragraph, parent)).cloned().collect();
    let lies_in =
        |found: &Found| parent.paragraphs(&found.parts) == (Some(paragraph), Some(paragraph));
    if inside.iter().any(lies_in) {
        inside.retain(lies_in);
    }
    if inside.is_empty() {
        let outcome = matched(places, words, parent, plain);
        return Outcome { status: Status::WrongParagraph, ..outcome };
    }
    matched(inside, words, parent, plain)
}

fn place(found: &Found, parent: &Text) -> Place {
    let (paragraph, paragraph_end) = parent.paragraphs(&found.parts);
    Place {
        parts: found.parts.iter().map(|part| parent.bytes(part)).collect(),
        paragraph,
        paragraph_end,
        in_quotation: found.in_quotation,
        extension: None,
    }
}

fn unmatched(text: &str, origin: Origin, parent: &Text, plain: &PlainText) -> Outcome {
    let reading = Reading::edited(text);
    let words = reading.words.len();
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
    let reading = compared(&reading, parent);
    let likeness = |alignment: &Alignment| {
        let words = reading.words.len();
        // One division of whole numbers is exact at the thresholds.
        words.saturating_sub(alignment.edits) as f64 / words.max(1) as f64
    };
    let is_near =
        |alignment: &Alignment| is_misquotation(words, likeness(alignment), alignment.run);
    let named = match origin {
        Origin::Parent(Some(paragraph)) => nearest_in(&reading, parent, Some(paragraph)),
        _ => None,
    };
    let named = named.filter(|(alignment, _)| is_near(alignment));
    let Some((alignment, view)) = named.or_else(|| nearest_in(&reading, parent, None)) else {
        return outcome;
    };
    outcome.similarity = likeness(&alignment);
    outcome.run = alignment.run;
    if is_near(&alignment) {
        outcome.status = Status::Misquotation;
        outcome.nearest = nearest_passage((text, &reading), (alignment, view), parent, plain);
    }
    outcome
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

fn is_misquotation(words: usize, similarity: f64, run: usize) -> bool {
    if words >= LONG_QUOTE_WORDS {
        similarity >= MISQUOTE_SIMILARITY || run >= MISQUOTE_RUN
    } else {
        words >= SHORT_QUOTE_WORDS && similarity >= MISQUOTE_SIMILARITY_SHORT
    }
}

/// The parent's own words, unless what it quotes is nearer.
///
/// In the ¶ `paragraph` alone if one is given.
fn nearest_in<'a>(
    reading: &Reading,
    parent: &'a Text,
    paragraph: Option<ParagraphNumber>,
) -> Option<(Alignment, &'a View)> {
    let nearest = |view| nearest(reading, view, parent.range_of(paragraph, view));
    let full = nearest(&parent.full).map(|alignment| (alignment, &parent.full));
    let own = parent.own.as_ref().and_then(|view| Some((nearest(view)?, view)));
    match (own, full) {
        (Some(own), Some(full)) if full.0.edits < own.0.edits => Some(full),
        (own, full) => own.or(full),
    }
}

/// The passage, without what stands beside foreign lines at the ends of the quote: of their
/// words some will stand anywhere.
fn nearest_passage(
    (text, reading): (&str, &Reading),
    (alignment, view): (Alignment, &View),
    parent: &Text,
    plain: &PlainText,
) -> Option<Nearest> {
    let quoted = Side { text, words: &reading.words };
    let passage = passage(quoted, (&alignment, view), parent, plain)?;
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
    let mut inner = self::passage(inner, (&alignment, view), parent, plain)?;
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
    quoted: Side<'_>,
    (alignment, view): (&Alignment, &View),
    parent: &Text,
    plain: &PlainText,
) -> Option<Nearest> {
    let words: Vec<_> =
        alignment.parts.iter().flat_map(|(_, there)| stretches(there.clone(), view)).collect();
    let bytes = parent.bytes(&(words.first()?.start..words.last()?.end));
    let (paragraph, paragraph_end) = parent.paragraphs(&words);
    let mut steps = Vec::new();
    let mut shared = vec![false; quoted.words.len()];
    let mut from = 0;
    for (index, (here, there)) in alignment.parts.iter().enumerate() {
        // What was not placed is compared with what stands after it.
        let is_last = index + 1 == alignment.parts.len();
        let to = if is_last { quoted.words.len() } else { here.end };
        let original: Vec<Word> = stretches(there.clone(), view)
            .into_iter()
            .flat_map(|part| parent.words.get(part).unwrap_or_default().iter().copied())
            .collect();
        let part = Side { words: quoted.words.get(from..to).unwrap_or_default(), ..quoted };
        let found = diff(Side { text: &plain.text, words: &original }, part);
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
        in_quotation: words.iter().cloned().flatten().all(|word| parent.is_quotation(word)),
        diff: steps,
        foreign_lines: foreign_lines(quoted, &shared),
    })
}

#[cfg(test)]
#[path = "locate_tests.rs"]
mod tests;
