//! What is wrong with a quote, said to the one who wrote it (design.md, section 4.7).

use std::ops::Range;

use super::anchor::Pair;
use super::file::relative;
use crate::article::Article;
use crate::diagnostic::{Code, Diagnostic};
use crate::quote::{
    DiffPart, Nearest, Outcome, Place, Quote, Scatter, Status, denials, pasteable, word_bounds,
};
use crate::source::Span;
use crate::source::plain_text::ParagraphNumber;

/// Most places of an ambiguous quote that are shown: who sees ten, knows to quote more.
const MAX_PLACES: usize = 10;

/// Words that are left out in one place at most, where one of them denies what is quoted.
const MAX_DENIAL_WORDS: usize = 3;

/// Characters of context on each side of a place.
const CONTEXT_CHARACTERS: usize = 30;

/// Words of a long agreement that a diff shows at each of its ends.
const SAME_WORDS: usize = 4;

/// Words of a long difference that a diff shows at each of its ends.
const CHANGED_WORDS: usize = 12;

/// Differences that a diff shows: who sees so many, compares with the source.
const MAX_CHANGES: usize = 12;

/// Words of a passage that is offered to be pasted in place of a quote.
const MAX_PASTED_WORDS: usize = 40;

/// Foreign lines that are named.
const MAX_FOREIGN_LINES: usize = 3;

/// Words of a foreign line, or of a passage in its context, that are shown at each end.
const SHOWN_WORDS: usize = 8;

/// What is wrong with `quote`, if anything is.
pub(super) fn fault(pair: Pair<'_>, quote: &Quote, outcome: &Outcome) -> Option<Diagnostic> {
    let place = Span::new(&pair.reply.source.path, quote.bytes.clone());
    match outcome.status {
        Status::Anchored => denial(pair, quote, outcome),
        Status::ThirdParty | Status::Unjudged => None,
        Status::Ambiguous => Some(ambiguous(pair, place, &outcome.places)),
        Status::Misquotation => Some(misquotation(pair, quote, outcome)),
        Status::WrongParagraph => Some(wrong_paragraph(pair, quote, outcome)),
        Status::NotFound => Some(not_found(pair, quote, outcome)),
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

/// The warning for a mark that turns a sentence round: `did […] agree` for “did not agree”,
/// `did [not] agree`.
fn denial(pair: Pair<'_>, quote: &Quote, outcome: &Outcome) -> Option<Diagnostic> {
    let [found] = outcome.places.as_slice() else { return None };
    let text = |bytes: &Range<usize>| pair.plain.text.get(bytes.clone()).unwrap_or_default();
    let end = quote.attribution.as_ref().map_or(quote.plain.text.len(), |line| line.at);
    let body = quote.plain.text.get(..end).unwrap_or_default();
    // Nearly all quotes have no mark.
    if found.parts.len() == 1 && !body.contains('[') {
        return None;
    }
    let kept: usize = found.parts.iter().map(|part| denials(text(part)).len()).sum();
    let puts_in = denials(body).len() > kept;
    let gaps = found.parts.windows(2).filter_map(|pair| match pair {
        [one, two] => Some(one.end..two.start),
        _ => None,
    });
    let short = gaps.filter(|gap| word_bounds(text(gap)).len() <= MAX_DENIAL_WORDS);
    let mut left_out = short.filter_map(|gap| {
        let word = denials(text(&gap)).into_iter().find(|word| denies_surely(word))?.to_owned();
        Some((gap, word))
    });
    let place = Span::new(&pair.reply.source.path, quote.bytes.clone());
    let warning = |what: String| {
        let message = format!("this quote {what}, and so may say the contrary");
        Diagnostic::warning(Code::DenialChanged, place, message)
    };
    match (left_out.next(), puts_in) {
        (Some((gap, word)), false) => {
            let fault = warning(format!("leaves out `{word}`"));
            let fault = fault.related(passage(pair, gap), "this is left out".to_owned());
            Some(fault.help("quote these words as well, or leave out what they belong to"))
        }
        (None, true) => {
            let brackets = body.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
            let word = brackets.flat_map(|(inner, _)| denials(inner)).next()?;
            let fault = warning(format!("puts `{word}` in"));
            Some(fault.help("quote word for word, and say in your own words what you make of it"))
        }
        _ => None,
    }
}

/// Whether `word` denies in every language that has it, and is no name.
fn denies_surely(word: &str) -> bool {
    // May, a sin, somebody, to.
    const ELSEWHERE: &[&str] = &["mai", "sin", "personne", "אל"];
    !word.starts_with(char::is_uppercase) && !ELSEWHERE.contains(&word)
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
    let nearest = outcome.nearest.as_ref();
    let differ = match nearest.map_or(0, |nearest| edits(&nearest.diff)) {
        0 => String::new(),
        1 => format!(": 1 word of {} differs", outcome.words),
        edits if edits < outcome.words => format!(": {edits} words of {} differ", outcome.words),
        edits => format!(": {edits} words differ"),
    };
    let message = match nearest.and_then(|nearest| nearest.scatter) {
        Some(Scatter::PastBlock) => {
            "what this quote leaves out goes past the end of a paragraph".to_owned()
        }
        Some(Scatter::OutOfOrder) => {
            "the parts of this quote stand in another order in its source".to_owned()
        }
        None => format!("this quote is not what its source says{differ}"),
    };
    let place = Span::new(&pair.reply.source.path, quote.bytes.clone());
    let mut fault = Diagnostic::error(Code::Misquotation, place, message);
    if let Some(nearest) = nearest {
        fault = nearest_related(fault, pair, nearest);
        fault = nearest_help(fault, quote, nearest);
        if let Some(passage) = as_it_stands(pair, nearest, outcome) {
            fault = fault.help(format!("as it stands there: `> {passage}`"));
        }
    }
    let scatter = nearest.and_then(|nearest| nearest.scatter);
    fault.help(scatter.map_or(
        "quote word for word, with `…` for what is left out and `[…]` around what is put in; \
         `<!-- quote: loose -->` before the quote excuses it",
        in_order,
    ))
}

/// What puts the parts of a quote right.
fn in_order(scatter: Scatter) -> &'static str {
    match scatter {
        Scatter::PastBlock => {
            "put the `…` between the parts alone on its line, with a line `>` before and after it"
        }
        Scatter::OutOfOrder => {
            "quote the parts in the order in which they stand, or each in a blockquote of its own"
        }
    }
}

fn nearest_related(fault: Diagnostic, pair: Pair<'_>, nearest: &Nearest) -> Diagnostic {
    let what = match (nearest.paragraph, nearest.paragraph_end, nearest.in_quotation) {
        (_, _, true) => "the nearest passage, in what it quotes itself".to_owned(),
        (Some(first), Some(last), _) if first != last => {
            format!("the nearest passage, in ¶{first} to ¶{last}")
        }
        (Some(number), _, _) => format!("the nearest passage, in ¶{number}"),
        (None, _, _) => "the nearest passage".to_owned(),
    };
    fault.related(passage(pair, nearest.bytes.clone()), what)
}

fn nearest_help(fault: Diagnostic, quote: &Quote, nearest: &Nearest) -> Diagnostic {
    let mut fault = match word_by_word(&nearest.diff) {
        diff if diff.is_empty() => fault,
        diff => fault.help(format!("word by word: {diff}")),
    };
    let lines = &nearest.foreign_lines;
    let texts = lines.iter().filter_map(|line| quote.plain.text.get(line.clone()));
    for line in texts.take(MAX_FOREIGN_LINES) {
        let line = shortened(line.trim(), SHOWN_WORDS);
        fault = fault.help(format!(
            "take the line `{line}` out of the quote: nothing like it stands in the source"
        ));
    }
    match lines.len().saturating_sub(MAX_FOREIGN_LINES) {
        0 => fault,
        1 => fault.help("and 1 more line like these"),
        more => fault.help(format!("and {more} more lines like these")),
    }
}

/// The passage as it may be pasted, longer where it stands elsewhere too; nothing where it is long,
/// or the quote leaves much of it out.
fn as_it_stands(pair: Pair<'_>, nearest: &Nearest, outcome: &Outcome) -> Option<String> {
    let text = pair.plain.text.get(nearest.bytes.clone())?;
    let words = word_bounds(text).len();
    let is_short = words <= MAX_PASTED_WORDS && words <= outcome.words.saturating_mul(2);
    let is_whole = nearest.scatter.is_none() && !text.contains("\n\n") && !nearest.diff.is_empty();
    let line = || pasteable(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    (is_short && is_whole).then(|| nearest.extension.clone().unwrap_or_else(line))
}

/// How many words one side has and the other does not: a word for another is one.
fn edits(diff: &[DiffPart]) -> usize {
    let (mut edits, mut quoted, mut original) = (0, 0, 0);
    for part in diff {
        match part {
            DiffPart::Quoted(text) => quoted += word_bounds(text).len(),
            DiffPart::Original(text) => original += word_bounds(text).len(),
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
    let mut changes = 0;
    let mut parts: Vec<String> = Vec::new();
    for (index, part) in diff.iter().enumerate() {
        changes += usize::from(!matches!(part, DiffPart::Same(_)));
        if changes > MAX_CHANGES {
            continue;
        }
        parts.push(match part {
            DiffPart::Quoted(text) => format!("[-{}-]", shortened(text.trim(), CHANGED_WORDS)),
            DiffPart::Original(text) => format!("{{+{}+}}", shortened(text.trim(), CHANGED_WORDS)),
            DiffPart::Same(text) if index == 0 && index != last => ending(text.trim()),
            DiffPart::Same(text) if index == last && index != 0 => beginning(text.trim()),
            DiffPart::Same(text) => shortened(text.trim(), SAME_WORDS),
        });
    }
    match changes.saturating_sub(MAX_CHANGES) {
        0 => {}
        1 => parts.push("… and 1 more difference".to_owned()),
        more => parts.push(format!("… and {more} more differences")),
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

/// `text` with so many words at each end, if it has more than twice as many.
fn shortened(text: &str, shown: usize) -> String {
    let words = word_bounds(text);
    let (Some(head), Some(tail)) = (
        words.get(shown.saturating_sub(1)).and_then(|word| text.get(..word.end)),
        words
            .len()
            .checked_sub(shown)
            .and_then(|at| words.get(at))
            .and_then(|word| text.get(word.start..)),
    ) else {
        return text.to_owned();
    };
    if words.len() <= 2 * shown { text.to_owned() } else { format!("{head} … {tail}") }
}

fn ending(text: &str) -> String {
    let words = word_bounds(text);
    let from = words.len().checked_sub(SAME_WORDS).filter(|_| words.len() > 2 * SAME_WORDS);
    let from = from.and_then(|at| words.get(at)).and_then(|word| text.get(word.start..));
    from.map_or_else(|| text.to_owned(), |end| format!("… {end}"))
}

fn beginning(text: &str) -> String {
    let words = word_bounds(text);
    let to = words.get(SAME_WORDS - 1).filter(|_| words.len() > 2 * SAME_WORDS);
    let to = to.and_then(|word| text.get(..word.end));
    to.map_or_else(|| text.to_owned(), |start| format!("{start} …"))
}

fn ambiguous(pair: Pair<'_>, place: Span, places: &[Place]) -> Diagnostic {
    let count = places.len();
    let message = match count.checked_sub(MAX_PLACES).filter(|more| *more > 0) {
        Some(more) => format!(
            "the words of this quote stand in {count} places of its source: here are {MAX_PLACES}, \
             and there are {more} more"
        ),
        None => format!("the words of this quote stand in {count} places of its source"),
    };
    let mut fault = Diagnostic::error(Code::AmbiguousQuote, place, message);
    for place in places.iter().take(MAX_PLACES) {
        let context = context(&pair.plain.text, place);
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
    let has_extension = !fault.help.is_empty();
    let number = places.iter().take(MAX_PLACES).find(alone).and_then(|place| place.paragraph);
    match number {
        Some(number) => {
            let or = if has_extension { "or name" } else { "name" };
            fault.help(format!("{or} the ¶ in a last line: `> — {}`", mark(pair, number)))
        }
        None if has_extension => fault,
        None => fault.help("quote more words, until they stand in one place alone"),
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

fn not_found(pair: Pair<'_>, quote: &Quote, outcome: &Outcome) -> Diagnostic {
    let parent = &pair.parent.source.path;
    let message = match &outcome.nearest {
        Some(_) => format!("the words of this quote do not stand in `{parent}`"),
        None => format!("nothing like this quote stands in `{parent}`"),
    };
    let place = Span::new(&pair.reply.source.path, quote.bytes.clone());
    let mut fault = Diagnostic::warning(Code::QuoteNotFound, place, message);
    if let Some(nearest) = &outcome.nearest {
        fault = nearest_related(fault, pair, nearest);
        fault = nearest_help(fault, quote, nearest);
        if let Some(scatter) = nearest.scatter {
            return fault.help(in_order(scatter));
        }
    }
    fault.help(
        "name its source in a last line, such as `> — Ada Lovelace, Notes`, or correct the quote",
    )
}

/// A link to a ¶ of the parent, as it may be pasted.
fn mark(pair: Pair<'_>, number: ParagraphNumber) -> String {
    let parent = relative(&pair.reply.source.path, &pair.parent.source.path);
    format!("[¶{number}]({}#p{number})", super::url::encoded(&parent))
}

/// The bytes `plain` of the parent's text as a place in its file.
fn passage(pair: Pair<'_>, plain: Range<usize>) -> Span {
    Span::new(&pair.parent.source.path, pair.plain.source_range(plain))
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
    let inside = shortened(text.get(start..end).unwrap_or_default(), SHOWN_WORDS);
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
        let pair = Pair { reply, parent, plain: &parent.plain() };
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
            extension: None,
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
                "as it stands there: `> One two`",
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

    #[test]
    fn a_long_difference_is_cut_and_many_are_counted() {
        let many = vec!["word"; 400].join(" ");
        let shown = word_by_word(&[DiffPart::Quoted(many)]);
        assert_eq!(word_bounds(&shown).len(), 2 * CHANGED_WORDS);
        let pair = || [DiffPart::Same("a".into()), DiffPart::Original("b".into())];
        let shown = word_by_word(&(0..40).flat_map(|_| pair()).collect::<Vec<_>>());
        assert!(shown.ends_with("{+b+} a … and 28 more differences"), "{shown}");
    }

    #[test]
    fn words_that_no_space_parts_are_words() {
        let diff = [
            DiffPart::Same("天地玄黃宇宙洪荒日月".into()),
            DiffPart::Quoted("盈".into()),
            DiffPart::Original("昃辰".into()),
        ];
        assert_eq!(word_by_word(&diff), "… 洪荒日月 [-盈-] {+昃辰+}");
        assert_eq!(edits(&diff), 2);
    }

    #[test]
    fn what_is_wrong_with_the_order_is_said() {
        let nearest = |scatter| Nearest {
            bytes: 0..7,
            paragraph: ParagraphNumber::new(1),
            paragraph_end: ParagraphNumber::new(2),
            in_quotation: false,
            diff: Vec::new(),
            foreign_lines: Vec::new(),
            scatter: Some(scatter),
            extension: None,
        };
        let outcome = |scatter| Outcome {
            nearest: Some(nearest(scatter)),
            ..outcome(Status::Misquotation, Vec::new())
        };
        check(
            "> One … three\n",
            &outcome(Scatter::PastBlock),
            "what this quote leaves out goes past the end of a paragraph",
            &["the nearest passage, in ¶1 to ¶2"],
            &[
                "put the `…` between the parts alone on its line, with a line `>` before and after it",
            ],
        );
        check(
            "> three … One\n",
            &outcome(Scatter::OutOfOrder),
            "the parts of this quote stand in another order in its source",
            &["the nearest passage, in ¶1 to ¶2"],
            &[
                "quote the parts in the order in which they stand, or each in a blockquote of its own",
            ],
        );
    }

    #[test]
    fn of_very_many_places_ten_are_shown() {
        let places = vec![place(0..3, 1, None); 47];
        let parent = &article("seeds/parent.md", "One two.\n");
        let reply = &article("content/reply.md", "> two\n");
        let pair = Pair { reply, parent, plain: &parent.plain() };
        let outcome = outcome(Status::Ambiguous, places);
        let fault = fault(pair, &reply.document.quotes[0], &outcome).unwrap();
        assert!(fault.message.ends_with("here are 10, and there are 37 more"), "{}", fault.message);
        assert_eq!(fault.related.len(), 10);
        assert_eq!(fault.help, ["quote more words, until they stand in one place alone"]);
    }
}
