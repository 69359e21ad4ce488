//! The top-level blocks of a document and their ¶ numbers (design.md, section 4.6), before any HTML is written.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::document::BlockKind;
use super::raw_html::{self, Token};
use crate::source::plain_text::ParagraphNumber;

/// A top-level block as a range of events.
pub(super) struct Item {
    pub kind: BlockKind,
    pub events: Range<usize>,
    pub paragraph: Option<ParagraphNumber>,
    /// Whether its first tag carries the id of the ¶.
    pub opens_paragraph: bool,
}

/// A comment on lines of its own that means something, or any other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comment {
    Loose,
    More,
    Other,
}

/// What stands at the top level, in order.
pub(super) enum Entry {
    Block(Item),
    Comment(Comment),
}

type Events<'a, 'b> = &'b [(Event<'a>, Range<usize>)];

/// Parts the events into top-level blocks; footnote definitions are left out.
pub(super) fn outline(events: Events<'_, '_>) -> Vec<Entry> {
    // A paragraph of plain text has three events.
    let mut entries = Vec::with_capacity(events.len() / 3 + 1);
    let mut numbering = Numbering::default();
    let mut quotes = 0;
    let mut at = 0;
    while let Some((event, _)) = events.get(at) {
        let end = end_of(events, at);
        let inner = events.get(at..end).unwrap_or_default();
        let html = matches!(event, Event::Start(Tag::HtmlBlock)).then(|| html_of(inner));
        let kind = match event {
            Event::Start(Tag::FootnoteDefinition(_)) => None,
            Event::Start(Tag::HtmlBlock) => match html.as_deref().and_then(comment) {
                Some(comment) => {
                    entries.push(Entry::Comment(comment));
                    None
                }
                None => Some(BlockKind::Attached),
            },
            Event::Start(Tag::BlockQuote(None)) => {
                quotes += 1;
                Some(BlockKind::Quote(quotes - 1))
            }
            _ => kind(inner),
        };
        if let Some(kind) = kind {
            let (paragraph, opens_paragraph) = match &html {
                // Of a picture, a tag alone or a style sheet there is nothing to answer.
                Some(html) if !has_words(html) => (numbering.current, false),
                _ => numbering.number(kind),
            };
            entries.push(Entry::Block(Item { kind, events: at..end, paragraph, opens_paragraph }));
        }
        at = end;
    }
    entries
}

fn kind(events: Events<'_, '_>) -> Option<BlockKind> {
    match &events.first()?.0 {
        Event::Start(Tag::Paragraph) => Some(paragraph_kind(events)),
        Event::Start(Tag::Heading { .. }) => Some(BlockKind::Heading),
        Event::Start(Tag::BlockQuote(Some(_))) => Some(BlockKind::Alert),
        Event::Rule => Some(BlockKind::Rule),
        _ => Some(BlockKind::Attached),
    }
}

/// A paragraph of nothing but an image is a figure, of nothing but a formula is attached.
fn paragraph_kind(events: Events<'_, '_>) -> BlockKind {
    let inner = events.get(1..events.len().saturating_sub(1)).unwrap_or_default();
    match inner.first().map(|(event, _)| event) {
        Some(Event::Start(Tag::Image { .. })) if end_of(inner, 0) == inner.len() => {
            BlockKind::Figure
        }
        Some(Event::Start(Tag::Link { .. })) if end_of(inner, 0) == inner.len() => {
            let linked = inner.get(1..inner.len() - 1).unwrap_or_default();
            let image = matches!(linked.first(), Some((Event::Start(Tag::Image { .. }), _)));
            if image && end_of(linked, 0) == linked.len() {
                BlockKind::Figure
            } else {
                BlockKind::Paragraph
            }
        }
        Some(Event::DisplayMath(_)) if inner.len() == 1 => BlockKind::Attached,
        _ => BlockKind::Paragraph,
    }
}

/// The index after the event that ends what begins at `at`.
pub(super) fn end_of(events: Events<'_, '_>, at: usize) -> usize {
    let mut depth = 0usize;
    for (index, (event, _)) in events.iter().enumerate().skip(at) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    events.len()
}

/// The text of a block of HTML.
fn html_of(events: Events<'_, '_>) -> String {
    let html = events.iter().filter_map(|(event, _)| match event {
        Event::Html(html) => Some(html.as_ref()),
        _ => None,
    });
    html.collect()
}

/// Whether a block of HTML says anything.
fn has_words(html: &str) -> bool {
    raw_html::tokens(html).into_iter().any(|token| match token {
        Token::Text(text) => !html.get(text).unwrap_or_default().trim().is_empty(),
        _ => false,
    })
}

/// What the comment means, if the HTML block is one comment and nothing else.
fn comment(html: &str) -> Option<Comment> {
    let mut last = None;
    let mut rest = html.trim();
    while let Some(after) = rest.strip_prefix("<!--") {
        let (inside, after) = after.split_once("-->")?;
        last = Some(meaning(inside));
        rest = after.trim_start();
    }
    if rest.is_empty() { last } else { None }
}

pub(super) fn meaning(comment: &str) -> Comment {
    let words: String = comment.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    match words.as_str() {
        "more" => Comment::More,
        "quote: loose" | "quote:loose" => Comment::Loose,
        _ => Comment::Other,
    }
}

/// Counts ¶ as the blocks come.
#[derive(Default)]
struct Numbering {
    count: usize,
    current: Option<ParagraphNumber>,
}

impl Numbering {
    fn number(&mut self, kind: BlockKind) -> (Option<ParagraphNumber>, bool) {
        match kind {
            BlockKind::Paragraph | BlockKind::Alert => {
                self.current = Some(self.next());
                (self.current, true)
            }
            BlockKind::Attached if self.current.is_none() => (Some(self.next()), true),
            BlockKind::Attached | BlockKind::Figure => (self.current, false),
            BlockKind::Heading | BlockKind::Quote(_) | BlockKind::Rule | BlockKind::Notes => {
                self.current = None;
                (None, false)
            }
        }
    }

    fn next(&mut self) -> ParagraphNumber {
        self.count += 1;
        ParagraphNumber::from_index(self.count - 1)
    }
}
