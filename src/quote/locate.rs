//! What became of a quote: design.md, section 4.7.

use crate::quote::diff::{Side, diff, foreign_lines};
use crate::quote::editorial::Reading;
use crate::quote::exact::{Found, find, stretches};
use crate::quote::nearest::{Alignment, nearest};
use crate::quote::text::{Text, View};
use crate::quote::unique::extensions;
use crate::quote::words::Word;
use crate::quote::{Nearest, Origin, Outcome, Place, Quote, Status};
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
    // A line that adds no word cannot be text.
    let adds_words =
        |body: &str| Reading::literal(whole).words.len() > Reading::literal(body).words.len();
    if body.is_none_or(adds_words)
        && let Some((words, places)) = search(whole, parent)
    {
        return matched(places, words, parent, plain);
    }
    let attributed = body.is_some();
    let text = body.unwrap_or(whole);
    let mut outcome = match search(text, parent) {
        Some((words, places)) => match origin {
            Origin::Parent(Some(paragraph)) => narrowed(places, (words, paragraph), parent, plain),
            _ => matched(places, words, parent, plain),
        },
        None => unmatched(text, origin, parent, plain),
    };
    outcome.attributed = attributed;
    outcome
}

/// The words of `text` and their places, as they stand or else as its marks want it.
fn search(text: &str, parent: &Text) -> Option<(usize, Vec<Found>)> {
    [Reading::literal, Reading::edited].into_iter().find_map(|read| {
        let reading = read(text);
        let places = find(&reading, parent);
        (!places.is_empty()).then_some((reading.words.len(), places))
    })
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
    let touches = |found: &Found| {
        let (first, last) = parent.paragraphs(&found.parts);
        first.is_some_and(|first| first <= paragraph) && last.is_some_and(|last| paragraph <= last)
    };
    let inside: Vec<Found> = places.iter().filter(|found| touches(found)).cloned().collect();
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
    let Some((alignment, view)) = nearest_in(&reading, parent) else { return outcome };
    outcome.similarity = 1.0 - alignment.edits.min(words) as f64 / words as f64;
    outcome.run = alignment.run;
    if is_misquotation(words, outcome.similarity, outcome.run) {
        outcome.status = Status::Misquotation;
        let quoted = Side { text, words: &reading.words };
        outcome.nearest = nearest_passage(quoted, (&alignment, view), parent, plain);
    }
    outcome
}

fn is_misquotation(words: usize, similarity: f64, run: usize) -> bool {
    if words >= LONG_QUOTE_WORDS {
        similarity >= MISQUOTE_SIMILARITY || run >= MISQUOTE_RUN
    } else {
        words >= SHORT_QUOTE_WORDS && similarity >= MISQUOTE_SIMILARITY_SHORT
    }
}

/// The parent's own words, unless what it quotes is nearer.
fn nearest_in<'a>(reading: &Reading, parent: &'a Text) -> Option<(Alignment, &'a View)> {
    let full = nearest(reading, &parent.full).map(|alignment| (alignment, &parent.full));
    let own = parent.own.as_ref().and_then(|view| Some((nearest(reading, view)?, view)));
    match (own, full) {
        (Some(own), Some(full)) if full.0.edits < own.0.edits => Some(full),
        (own, full) => own.or(full),
    }
}

fn nearest_passage(
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
