//! What is wrong with a quote, said to the one who wrote it (design.md, section 4.7).

use std::ops::Range;

use super::anchor::Pair;
use crate::article::Article;
use crate::diagnostic::{Code, Diagnostic};
use crate::quote::{DiffPart, Nearest, Outcome, Place, Quote, Status};
use crate::source::Span;
use crate::source::plain_text::ParagraphNumber;

/// Most places of an ambiguous quote that are shown: who sees ten, knows to quote more.
const MAX_PLACES: usize = 10;

/// Characters of context on each side of a place.
const CONTEXT_CHARACTERS: usize = 30;

/// Words of a long agreement that a diff shows at each of its ends.
const SAME_WORDS: usize = 4;

/// What is wrong with `quote`, if anything is.
pub(super) fn fault(pair: Pair<'_>, quote: &Quote, outcome: &Outcome) -> Option<Diagnostic> {
    let place = Span::new(&pair.reply.source.path, quote.bytes.clone());
    match outcome.status {
        Status::Anchored | Status::ThirdParty | Status::Unjudged => None,
        Status::Ambiguous => Some(ambiguous(pair, place, &outcome.places)),
        Status::Misquotation => Some(misquotation(pair, quote, outcome)),
        Status::WrongParagraph => Some(wrong_paragraph(pair, quote, outcome)),
        Status::NotFound => Some(not_found(pair, place, outcome)),
        Status::Excused => {
            let message = "this quote is excused from checking by `<!-- quote: loose -->`";
            Some(Diagnostic::note(Code::ExcusedQuote, Some(place), message))
        }
        Status::Empty => {
            let message = "this quote has no words";
            let fault = Diagnostic::warning(Code::EmptyQuote, place, message);
            Some(fault.help("quote the passage that is answered, or take the `>` out"))
        }
    }
}

/// The warning for lines of `quote` that lack their `>`.
pub(super) fn lazy(reply: &Article, quote: &Quote) -> Option<Diagnostic> {
    let first = quote.lazy.first()?;
    let message = match quote.lazy.len() {
        1 => "this line has no `>`, and yet Markdown makes it a part of the quote above".to_owned(),
        lines => format!(
            "{lines} lines have no `>`, and yet Markdown makes them a part of the quote above"
        ),
    };
    let place = Span::new(&reply.source.path, first.clone());
    let fault = Diagnostic::warning(Code::LazyContinuation, place, message);
    Some(fault.help("put an empty line before the answer, or a `>` before what is quoted"))
}

fn misquotation(pair: Pair<'_>, quote: &Quote, outcome: &Outcome) -> Diagnostic {
    let message = match outcome.nearest.as_ref().map_or(0, |nearest| edits(&nearest.diff)) {
        0 => "this quote is not what its source says".to_owned(),
        1 => format!("this quote is not what its source says: 1 word of {} differs", outcome.words),
        edits => format!(
            "this quote is not what its source says: {edits} words of {} differ",
            outcome.words
        ),
    };
    let place = Span::new(&pair.reply.source.path, quote.bytes.clone());
    let mut fault = Diagnostic::error(Code::Misquotation, place, message);
    if let Some(nearest) = &outcome.nearest {
        let what = match (nearest.paragraph, nearest.in_quotation) {
            (_, true) => "the nearest passage, in what it quotes itself".to_owned(),
            (Some(number), false) => format!("the nearest passage, in ¶{number}"),
            (None, false) => "the nearest passage".to_owned(),
        };
        fault = fault.related(passage(pair, nearest.bytes.clone()), what);
        fault = nearest_help(fault, quote, nearest);
    }
    fault.help(
        "quote word for word, with `…` for what is left out and `[…]` around what is put in; \
         `<!-- quote: loose -->` before the quote excuses it",
    )
}

fn nearest_help(fault: Diagnostic, quote: &Quote, nearest: &Nearest) -> Diagnostic {
    let fault = match word_by_word(&nearest.diff) {
        diff if diff.is_empty() => fault,
        diff => fault.help(format!("word by word: {diff}")),
    };
    let lines = nearest.foreign_lines.iter().filter_map(|line| quote.plain.text.get(line.clone()));
    lines.fold(fault, |fault, line| {
        let line = line.trim();
        fault.help(format!(
            "take the line `{line}` out of the quote: nothing like it stands in the source"
        ))
    })
}

/// How many words one side has and the other does not: a word for another is one.
fn edits(diff: &[DiffPart]) -> usize {
    let (mut edits, mut quoted, mut original) = (0, 0, 0);
    for part in diff {
        match part {
            DiffPart::Quoted(text) => quoted += text.split_whitespace().count(),
            DiffPart::Original(text) => original += text.split_whitespace().count(),
            DiffPart::Same(_) => {
                edits += usize::max(quoted, original);
                (quoted, original) = (0, 0);
            }
        }
    }
    edits + usize::max(quoted, original)
}

/// `… [-generators-] {+transformers+} …`: words of the quote, then those of the source.
fn word_by_word(diff: &[DiffPart]) -> String {
    let last = diff.len().saturating_sub(1);
    let parts = diff.iter().enumerate().map(|(index, part)| match part {
        DiffPart::Quoted(text) => format!("[-{}-]", text.trim()),
        DiffPart::Original(text) => format!("{{+{}+}}", text.trim()),
        DiffPart::Same(text) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            let start = words.get(..SAME_WORDS).unwrap_or(&words).join(" ");
            let end =
                words.get(words.len().saturating_sub(SAME_WORDS)..).unwrap_or(&words).join(" ");
            match index {
                _ if words.len() <= 2 * SAME_WORDS => words.join(" "),
                0 => format!("… {end}"),
                index if index == last => format!("{start} …"),
                _ => format!("{start} … {end}"),
            }
        }
    });
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn ambiguous(pair: Pair<'_>, place: Span, places: &[Place]) -> Diagnostic {
    let message = format!("the words of this quote stand in {} places of its source", places.len());
    let mut fault = Diagnostic::error(Code::AmbiguousQuote, place, message);
    for place in places.iter().take(MAX_PLACES) {
        let context = context(&pair.parent.plain().text, place);
        let what = match place.paragraph {
            Some(number) => format!("¶{number}: {context}"),
            None => context,
        };
        fault = fault.related(passage(pair, whole(place)), what);
    }
    let extensions = places.iter().take(MAX_PLACES).filter_map(|place| place.extension.as_deref());
    for extension in extensions {
        fault = fault.help(format!("quote more: `> {}`", extension.replace('\n', "\n> ")));
    }
    let alone = |place: &&Place| {
        place.paragraph.is_some()
            && places.iter().filter(|other| other.paragraph == place.paragraph).count() == 1
    };
    let number = places.iter().take(MAX_PLACES).find(alone).and_then(|place| place.paragraph);
    match number {
        Some(number) => {
            fault.help(format!("or name the ¶ in a last line: `> — {}`", mark(pair, number)))
        }
        None => fault,
    }
}

fn wrong_paragraph(pair: Pair<'_>, quote: &Quote, outcome: &Outcome) -> Diagnostic {
    let right = outcome.places.first().and_then(|place| place.paragraph);
    let said = quote.attribution.as_ref().and_then(|attribution| attribution.paragraph);
    let there =
        said.map_or_else(|| "where its last line says".to_owned(), |said| format!("in ¶{said}"));
    let message = match right {
        Some(right) => format!("these words stand in ¶{right}, and not {there}"),
        None => format!("these words do not stand {there}"),
    };
    let place = Span::new(&pair.reply.source.path, quote.bytes.clone());
    let mut fault = Diagnostic::error(Code::WrongParagraph, place, message);
    for place in outcome.places.iter().take(MAX_PLACES) {
        fault = fault.related(passage(pair, whole(place)), "here they stand");
    }
    match right {
        Some(right) => fault.help(format!("> — {}", mark(pair, right))),
        None => fault.help("take the last line out"),
    }
}

fn not_found(pair: Pair<'_>, place: Span, outcome: &Outcome) -> Diagnostic {
    let message = format!("nothing like this quote stands in `{}`", pair.parent.source.path);
    let mut fault = Diagnostic::warning(Code::QuoteNotFound, place, message);
    if let Some(nearest) = &outcome.nearest {
        fault = fault.related(passage(pair, nearest.bytes.clone()), "the nearest words");
    }
    fault.help(
        "name its source in a last line, such as `> — Ada Lovelace, Notes`, or correct the quote",
    )
}

/// A link to a ¶ of the parent, as it may be pasted.
fn mark(pair: Pair<'_>, number: ParagraphNumber) -> String {
    format!("[¶{number}]({}#p{number})", super::url::encoded(pair.parent_link))
}

/// The bytes `plain` of the parent's text as a place in its file.
fn passage(pair: Pair<'_>, plain: Range<usize>) -> Span {
    Span::new(&pair.parent.source.path, pair.parent.plain().source_range(plain))
}

fn whole(place: &Place) -> Range<usize> {
    let start = place.parts.first().map_or(0, |part| part.start);
    start..place.parts.last().map_or(start, |part| part.end)
}

/// The words of `place` with some of those around them, on one line.
fn context(text: &str, place: &Place) -> String {
    let Range { start, end } = whole(place);
    let before: Vec<char> =
        text.get(..start).unwrap_or_default().chars().rev().take(CONTEXT_CHARACTERS).collect();
    let after: String =
        text.get(end..).unwrap_or_default().chars().take(CONTEXT_CHARACTERS).collect();
    let before: String = before.into_iter().rev().collect();
    let inside = text.get(start..end).unwrap_or_default();
    let line = format!("{before}{inside}{after}");
    format!("…{}…", line.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::article::document::MarkdownOptions;
    use crate::source::{SitePath, Source};

    fn article(path: &str, text: &str) -> Article {
        let source = Source::new(SitePath::new(path).unwrap(), text.to_owned());
        crate::article::parse(&Arc::new(source), MarkdownOptions::default()).value
    }

    fn place(part: Range<usize>, number: u32, extension: Option<&str>) -> Place {
        let paragraph = ParagraphNumber::new(number);
        let extension = extension.map(str::to_owned);
        let parts = vec![part];
        Place { parts, paragraph, paragraph_end: paragraph, in_quotation: false, extension }
    }

    /// Says what is wrong with the quote in `reply` of `One two.\n\nTwo three.`.
    #[track_caller]
    fn check(reply: &str, outcome: &Outcome, message: &str, related: &[&str], help: &[&str]) {
        let parent = &article("seeds/parent.md", "One two.\n\nTwo three.\n");
        let reply = &article("content/reply.md", reply);
        let pair = Pair { reply, parent, parent_link: "../seeds/parent.md" };
        let fault = fault(pair, &reply.document.quotes[0], outcome).unwrap();
        assert_eq!(fault.message, message);
        let labels: Vec<&str> = fault.related.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(labels, related);
        assert_eq!(fault.help, help);
    }

    fn outcome(status: Status, places: Vec<Place>) -> Outcome {
        let (nearest, words, similarity, run) = (None, 1, 1.0, 1);
        Outcome { status, places, nearest, words, similarity, run, attributed: false }
    }

    #[test]
    fn an_ambiguous_quote_shows_its_places_and_ways_out() {
        let places = vec![place(4..7, 1, Some("One two")), place(10..13, 2, Some("Two three"))];
        check(
            "> two\n\nYes.\n",
            &outcome(Status::Ambiguous, places),
            "the words of this quote stand in 2 places of its source",
            &["¶1: …One two. Two three.…", "¶2: …One two. Two three.…"],
            &[
                "quote more: `> One two`",
                "quote more: `> Two three`",
                "or name the ¶ in a last line: `> — [¶1](../seeds/parent.md#p1)`",
            ],
        );
    }

    #[test]
    fn a_wrong_paragraph_names_the_right_one() {
        check(
            "> three\n>\n> — ¶1\n",
            &outcome(Status::WrongParagraph, vec![place(14..19, 2, None)]),
            "these words stand in ¶2, and not in ¶1",
            &["here they stand"],
            &["> — [¶2](../seeds/parent.md#p2)"],
        );
    }

    #[test]
    fn a_misquotation_is_shown_word_by_word() {
        let nearest = Nearest {
            bytes: 0..7,
            paragraph: ParagraphNumber::new(1),
            paragraph_end: ParagraphNumber::new(1),
            in_quotation: false,
            diff: vec![
                DiffPart::Same("One".into()),
                DiffPart::Quoted("too".into()),
                DiffPart::Original("two".into()),
            ],
            foreign_lines: std::iter::once(8..11).collect(),
            scatter: None,
        };
        let outcome = Outcome {
            nearest: Some(nearest),
            words: 3,
            ..outcome(Status::Misquotation, Vec::new())
        };
        check(
            "> One too\n> Ada\n",
            &outcome,
            "this quote is not what its source says: 1 word of 3 differs",
            &["the nearest passage, in ¶1"],
            &[
                "word by word: One [-too-] {+two+}",
                "take the line `Ada` out of the quote: nothing like it stands in the source",
                "quote word for word, with `…` for what is left out and `[…]` around what is put in; \
                 `<!-- quote: loose -->` before the quote excuses it",
            ],
        );
    }

    #[test]
    fn a_diff_shows_what_differs_and_a_few_words_around_it() {
        let diff = [
            DiffPart::Same("one two three four five six seven eight nine".into()),
            DiffPart::Quoted("generators".into()),
            DiffPart::Original("transformers".into()),
            DiffPart::Same("are scarce".into()),
        ];
        let expected = "… six seven eight nine [-generators-] {+transformers+} are scarce";
        assert_eq!(word_by_word(&diff), expected);
        assert_eq!(edits(&diff), 1);
    }
}
