//! What became of a quote: design.md, section 4.7.

use crate::quote::editorial::Reading;
use crate::quote::exact::{Found, find};
use crate::quote::misquote::unmatched;
use crate::quote::parent::ParentText;
use crate::quote::text::Text;
use crate::quote::unique::{extensions, only_at};
use crate::quote::{Origin, Outcome, Place, Quote, Status, code, verbatim};
use crate::source::plain_text::{ParagraphNumber, PlainText};

/// What became of `quote` in `parent`.
///
/// `origin` is what its attribution says. Never fails: what is wrong is in the outcome.
#[must_use]
pub fn locate(quote: &Quote, origin: Origin, parent: &ParentText) -> Outcome {
    let hidden = code::hidden(&quote.plain).map(|plain| Quote { plain, ..quote.clone() });
    let quote = hidden.as_ref().unwrap_or(quote);
    let is_sought = parent.take_search();
    let found = if is_sought { verbatim::locate(quote, parent.read()) } else { None };
    let outcome =
        found.unwrap_or_else(|| locate_words(quote, origin, parent.words(), parent.read()));
    let status = if quote.excused { Status::Excused } else { outcome.status };
    Outcome { status, ..outcome }
}

/// What became of `quote` in the parent `plain`, whose words are `parent`.
pub(super) fn locate_words(
    quote: &Quote,
    origin: Origin,
    parent: &Text,
    plain: &PlainText,
) -> Outcome {
    let mut outcome = judge_spelt(quote, origin, parent, plain);
    if outcome.status == Status::Misquotation
        && let Some(nearest) = &mut outcome.nearest
    {
        nearest.extension = only_at(&nearest.bytes, parent, &plain.text);
    }
    outcome
}

/// The same, without what tells the nearest passage from others; the words of either text may be
/// read in another way.
fn judge_spelt(quote: &Quote, origin: Origin, parent: &Text, plain: &PlainText) -> Outcome {
    let outcome = judge(quote, origin, Parent { text: parent, plain, spelt_by: None });
    if outcome.places.is_empty()
        && let Some(respelt) = parent.respelt(&plain.text, &quote.plain.text)
    {
        let text = respelt.text.as_ref().unwrap_or(parent);
        let other = judge(quote, origin, Parent { text, plain, spelt_by: Some(parent) });
        if !other.places.is_empty() || other.similarity > outcome.similarity {
            return other;
        }
    }
    outcome
}

/// What is quoted.
#[derive(Clone, Copy)]
pub(super) struct Parent<'a> {
    pub text: &'a Text,
    pub plain: &'a PlainText,
    /// The text as it is written, where quotes are read as it spells their words.
    pub spelt_by: Option<&'a Text>,
}

impl Parent<'_> {
    /// `quoted` as `read` takes it.
    pub(super) fn read(self, read: fn(&str) -> Reading, quoted: &str) -> Reading {
        match self.spelt_by {
            Some(text) => text.read_as_here(read(quoted), quoted, &self.plain.text),
            None => read(quoted),
        }
    }
}

fn judge(quote: &Quote, origin: Origin, parent: Parent<'_>) -> Outcome {
    let whole = quote.plain.text.as_str();
    let body = quote.attribution.as_ref().and_then(|attribution| whole.get(..attribution.at));
    let is_bare = |body: &&str| Reading::literal(body).words.is_empty();
    if body.filter(is_bare).is_some() && origin != Origin::Unsaid {
        // What is one line may be a line of dialogue.
        let as_text = || {
            let found = search(whole, None, parent);
            let found = found.map(|(words, places)| matched(places, words, parent));
            found.or_else(|| misquoted(whole, parent))
        };
        let as_text = if origin == Origin::Elsewhere { as_text() } else { None };
        let as_source = || Outcome { attributed: true, ..unmatched("", origin, parent) };
        return as_text.unwrap_or_else(as_source);
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
        return matched(places, words, parent);
    }
    let attributed = body.is_some();
    let text = body.unwrap_or(whole);
    let found = match origin {
        Origin::Parent(Some(paragraph)) => search_in(text, paragraph, parent),
        _ => search(text, None, parent),
    };
    // The last line of several may be one of dialogue too.
    if let (Some((_, places)), Origin::Elsewhere) = (&found, origin)
        && goes_on(places, whole.get(text.len()..).unwrap_or_default(), parent)
        && let Some(near) = misquoted(whole, parent)
    {
        return near;
    }
    let mut outcome = match (found, origin) {
        (Some((words, places)), Origin::Parent(Some(paragraph))) => {
            narrowed(places, (words, paragraph), parent)
        }
        (Some((words, places)), _) => matched(places, words, parent),
        (None, _) => unmatched(text, origin, parent),
    };
    outcome.attributed = attributed;
    outcome
}

/// What becomes of `text` as a misquotation; nothing where it is none.
fn misquoted(text: &str, parent: Parent<'_>) -> Option<Outcome> {
    let near = unmatched(text, Origin::Unsaid, parent);
    (near.status == Status::Misquotation).then_some(near)
}

/// Whether the parent goes on after one of `places` nearly as `line` does, the last of a quote that
/// is found there: it is then none that says where the words are from.
fn goes_on(places: &[Found], line: &str, parent: Parent<'_>) -> bool {
    let line = unmatched(line, Origin::Unsaid, parent);
    let Some(near) = line.nearest.filter(|_| line.similarity >= SAME_LINE) else { return false };
    let start = parent.text.words.partition_point(|word| (word.end as usize) <= near.bytes.start);
    let mut ends = places.iter().filter_map(|place| Some(place.parts.last()?.end));
    ends.any(|end| (end..=end + SKIPPED_WORDS).contains(&start))
}

/// Similarity from which a line may be meant for one of the parent.
const SAME_LINE: f64 = 0.5;

/// Words between the end of a passage and a line that goes on after it, at most.
const SKIPPED_WORDS: usize = 2;

/// How a text may be read, the most literal way first.
const READINGS: [fn(&str) -> Reading; 3] = [Reading::literal, Reading::cut, Reading::edited];

/// The words of `text` and their places, as they stand or else as its marks want it.
///
/// If its last line, after `body`, may be an attribution, no mark may part them: any such
/// words far below would be found.
fn search(text: &str, body: Option<&str>, parent: Parent<'_>) -> Option<(usize, Vec<Found>)> {
    let is_whole = |reading: &Reading| {
        let Some(body) = body else { return true };
        let line = reading.words.partition_point(|word| (word.start as usize) < body.len());
        line < reading.words.len() && reading.gaps.iter().all(|(before, _)| *before < line)
    };
    READINGS.into_iter().find_map(|read| {
        let reading = parent.read(read, text);
        let places = if is_whole(&reading) { find(&reading, parent.text) } else { Vec::new() };
        (!places.is_empty()).then_some((reading.words.len(), places))
    })
}

/// The same, but a reading that stands in the ¶ `paragraph` before one that stands elsewhere.
fn search_in(
    text: &str,
    paragraph: ParagraphNumber,
    parent: Parent<'_>,
) -> Option<(usize, Vec<Found>)> {
    let found = READINGS.into_iter().find_map(|read| {
        let reading = parent.read(read, text);
        let places = find(&reading, parent.text);
        let is_there = places.iter().any(|found| touches(found, paragraph, parent.text));
        is_there.then_some((reading.words.len(), places))
    });
    found.or_else(|| search(text, None, parent))
}

fn touches(found: &Found, paragraph: ParagraphNumber, parent: &Text) -> bool {
    let (first, last) = parent.paragraphs(&found.parts);
    first.is_some_and(|first| first <= paragraph) && last.is_some_and(|last| paragraph <= last)
}

fn matched(places: Vec<Found>, words: usize, parent: Parent<'_>) -> Outcome {
    let is_ambiguous = places.len() > 1;
    let mut longer = if is_ambiguous {
        extensions(&places, parent.text, &parent.plain.text).into_iter()
    } else {
        Vec::new().into_iter()
    };
    let run = places.first().and_then(|found| found.parts.iter().map(ExactSizeIterator::len).max());
    let places = places
        .into_iter()
        .map(|found| Place { extension: longer.next().flatten(), ..place(&found, parent.text) })
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
    parent: Parent<'_>,
) -> Outcome {
    let mut inside: Vec<Found> =
        places.iter().filter(|found| touches(found, paragraph, parent.text)).cloned().collect();
    let lies_in =
        |found: &Found| parent.text.paragraphs(&found.parts) == (Some(paragraph), Some(paragraph));
    if inside.iter().any(lies_in) {
        inside.retain(lies_in);
    }
    if inside.is_empty() {
        let outcome = matched(places, words, parent);
        return Outcome { status: Status::WrongParagraph, ..outcome };
    }
    matched(inside, words, parent)
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

#[cfg(test)]
#[path = "locate_tests.rs"]
mod tests;
