//! The Markdown of an article, parsed once: HTML with splice points, text, links, ids, quotes.
//!
//! What differs from page to page (ids, marks, heading levels, URLs) is not in the HTML but
//! in [`Splice`]s, so that no page parses Markdown again. Knows no other file.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser};

use super::blockquote::{Answer, QuoteHtml};
use super::html::short;
use super::rope::Rope;
use super::text_map::TextMap;
use crate::diagnostic::Checked;
use crate::quote::Quote;
use crate::source::Source;
use crate::source::plain_text::{ParagraphNumber, PlainText, TextBlock};

/// How Markdown is read; from site.yaml.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarkdownOptions {
    /// Straight quotes, `--` and `...` become typographic ones.
    pub smart_punctuation: bool,
    /// `$…$` and `$$…$$` are formulas.
    pub math: bool,
}

/// What a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](destination)`, by reference or autolink too.
    Link,
    /// `![alt](destination)`.
    Image,
    /// `href`, `src`, `poster` or one of `srcset` in raw HTML.
    Raw,
}

/// A link as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The destination, entities and escapes read, percent signs as they were.
    pub destination: String,
    /// What it is.
    pub kind: LinkKind,
    /// Its bytes in the source: the whole link, or the value of the attribute.
    pub bytes: Range<usize>,
}

/// A place that a fragment can lead to: a heading, an authored id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// The id.
    pub name: String,
    /// The bytes of the source that made it.
    pub bytes: Range<usize>,
}

/// What goes into the HTML where pages differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpliceKind {
    /// Inside an id or a fragment: the prefix of the article on this page.
    Prefix,
    /// The level of a heading, 1 to 6 as it was written.
    Level(u8),
    /// After the name of a ¶'s first tag: its id, the end of the tag, the margin.
    Paragraph(ParagraphNumber),
    /// The same for the paragraph that may begin with an initial letter.
    Lede(ParagraphNumber),
    /// The URL of a link, by its index.
    Url(u32),
    /// ` src="…"` and the size of an image, by the index of its link.
    Image(u32),
    /// After `<blockquote`: attributes, the end of the tag, the number; by index of the quote.
    QuoteOpen(u32),
    /// Before `</blockquote>`.
    QuoteClose(u32),
    /// Inside the tag of a bold lead-in; by index of the quote that it answers.
    Kind(u32),
    /// The name of the notes' section.
    NotesLabel,
}

/// A place in the HTML and what goes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Splice {
    /// Byte of the HTML.
    pub at: u32,
    /// What goes there.
    pub kind: SpliceKind,
}

/// What a top-level block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading,
    /// A blockquote, with the index of the quote.
    Quote(u32),
    /// An alert (`> [!NOTE]`).
    Alert,
    /// A list, table, code block, definition list, HTML block or displayed formula.
    Attached,
    /// An image alone in its paragraph.
    Figure,
    /// A thematic break.
    Rule,
    /// The footnotes, at the end.
    Notes,
}

/// From one place of a file to another: half as large as a range of `usize`, as every article has
/// dozens that are kept. Beyond 4 GiB it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    start: u32,
    end: u32,
}

impl Stretch {
    /// The places from `range.start` to before `range.end`.
    #[must_use]
    pub fn new(range: Range<usize>) -> Self {
        Self { start: short(range.start), end: short(range.end) }
    }

    /// The first place.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The place after the last.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// All of them.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }
}

/// A top-level block of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its bytes in the source; empty for the notes, which stand in many places.
    pub bytes: Stretch,
    /// Its bytes in the HTML.
    pub html: Stretch,
    /// The ¶ to which it belongs.
    pub paragraph: Option<ParagraphNumber>,
    /// Its leaf blocks, by index in the document's text.
    pub leaves: Stretch,
    /// Its words.
    pub words: u32,
    /// Whether it stands inside an HTML element that began in an earlier block.
    pub enclosed: bool,
}

/// The Markdown of one article.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Every link, in the order of the HTML.
    pub links: Vec<Link>,
    /// Every id that a fragment may name, headings and authored ones.
    pub ids: Vec<Id>,
    /// The top-level blockquotes that are no alerts.
    pub quotes: Vec<Quote>,
    /// What follows each of them.
    pub answers: Vec<Answer>,
    /// How many ¶ it has.
    pub paragraphs: usize,
    /// Words of the whole; a Chinese, Japanese or Thai character counts as half a word.
    pub words: usize,
    /// The text of the first heading.
    pub first_heading: Option<String>,
    /// The top-level blocks.
    pub blocks: Vec<Block>,
    /// How often each footnote is marked, in the order of their first marks.
    pub(crate) notes: Vec<u32>,
    /// Before which block `<!-- more -->` stands.
    pub more: Option<usize>,
    /// The HTML, without what differs from page to page.
    pub html: Rope,
    /// What differs, by ascending place.
    pub splices: Vec<Splice>,
    /// Ids that a page may make as well ([`passage_or_answer`](super::passage_or_answer)), and
    /// where they end in the HTML.
    pub(crate) page_like_ids: Vec<(String, u32)>,
    /// The attributions of the quotes in the HTML.
    pub(crate) quote_html: Vec<QuoteHtml>,
    pub(crate) text: TextMap,
}

impl Document {
    /// Parses the Markdown of `source` from byte `start` on.
    #[must_use]
    pub fn parse(source: &Source, start: usize, options: MarkdownOptions) -> Checked<Self> {
        let body = readable(source.text.get(start..).unwrap_or_default());
        super::html::write(source, &events(&body, start, options))
    }

    /// The rendered text, made anew; `source` is the text of the file.
    #[must_use]
    pub fn plain(&self, source: &str) -> PlainText {
        self.text.plain(source)
    }

    /// The leaf blocks of the rendered text.
    #[must_use]
    pub fn text_blocks(&self) -> &[TextBlock] {
        &self.text.blocks
    }

    /// Whether `id` is that of a footnote or of a mark in the text: `fn-1`, `fnref-1`, `fnref-1-2`.
    pub(crate) fn has_note(&self, id: &str) -> bool {
        let marks = |number: &str| {
            let number: usize = number.parse().ok()?;
            self.notes.get(number.checked_sub(1)?)
        };
        if let Some(number) = id.strip_prefix("fn-") {
            return marks(number).is_some();
        }
        let Some(rest) = id.strip_prefix("fnref-") else { return false };
        match rest.split_once('-') {
            None => marks(rest).is_some(),
            Some((number, mark)) => mark
                .parse()
                .is_ok_and(|mark: u32| marks(number).is_some_and(|&all| (2..=all).contains(&mark))),
        }
    }

    /// The index of the top-level block that shows byte `plain` of the rendered text.
    #[must_use]
    pub fn block_at(&self, plain: usize) -> Option<usize> {
        let leaf = self.text.blocks.partition_point(|block| block.bytes.end <= plain);
        self.blocks.iter().position(|block| block.leaves.range().contains(&leaf))
    }

    /// The index of the top-level block that is the quote `quote`.
    #[must_use]
    pub fn block_of_quote(&self, quote: usize) -> Option<usize> {
        let is_it = |kind| matches!(kind, BlockKind::Quote(index) if index as usize == quote);
        self.blocks.iter().position(|block| is_it(block.kind))
    }

    /// The rendered text of the top-level blocks `blocks`, lines joined by spaces, blocks by `\n\n`.
    #[must_use]
    pub fn text_of(&self, blocks: Range<usize>, source: &str) -> String {
        let chosen = self.blocks.get(blocks).unwrap_or_default();
        let leaves = chosen.first().map_or(0, |block| block.leaves.start())
            ..chosen.last().map_or(0, |b| b.leaves.end());
        self.text.text(leaves, source)
    }
}

/// `text` as Markdown that is read as it is meant; a byte for a byte, so that places stay true.
pub(super) fn readable(text: &str) -> Cow<'_, str> {
    let text = without_forbidden(text);
    let colons: Vec<usize> =
        memchr::memchr_iter(b':', text.as_bytes()).filter(|&at| is_mere_colon(&text, at)).collect();
    if colons.is_empty() {
        return text;
    }
    let mut readable = String::with_capacity(text.len());
    let mut from = 0;
    for at in colons {
        readable.push_str(text.get(from..at).unwrap_or_default());
        readable.push(MERE_COLON);
        from = at + 1;
    }
    readable.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(readable)
}

/// What is read for a colon that begins a line and no definition: `:-)`, `:warning:`. The parser
/// takes any for one, also without a space after it.
const MERE_COLON: char = '\u{1}';

/// Whether the colon at `at` begins a line of `text`, and neither a definition nor the row of a
/// table that says how its columns are set: `:---|`.
fn is_mere_colon(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(..at), text.get(at + 1..)) else { return false };
    let is_first = before.trim_end_matches([' ', '\t', '>']).bytes().next_back();
    if is_first.is_some_and(|byte| byte != b'\n') || after.starts_with([' ', '\t', '\n', '\r']) {
        return false;
    }
    let line = after.lines().next().unwrap_or_default();
    !line.contains('-') || line.contains(|c| !matches!(c, '-' | ':' | '|' | ' ' | '\t'))
}

/// `text` without the characters that HTML forbids and of which one makes a whole feed unreadable
/// (XML 1.0, section 2.2).
fn without_forbidden(text: &str) -> Cow<'_, str> {
    // Most texts have no sign below the space but line ends, which takes half as long to tell;
    // with 0xef the two begin that are no characters, and some of Chinese and Japanese.
    let is_unusual = |byte: u8| (byte < b' ') & (byte != b'\n') | (byte == 0xef);
    match any(text, is_unusual) && text.contains(is_forbidden) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(text.replace(is_control, " ").replace(is_forbidden, "\u{FFFD}")),
    }
}

fn is_control(c: char) -> bool {
    c < ' ' && !matches!(c, '\n' | '\t' | '\r')
}

/// Whether XML cannot have the character.
pub(crate) fn is_forbidden(c: char) -> bool {
    is_control(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// Whether `is` is true of a byte of `text`; to the end in any case, since without a branch many
/// bytes are looked at at once.
fn any(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(false, |any, byte| any | is(byte))
}

/// What Markdown `body` is, which begins at byte `start` of its file; the ranges are of the file.
pub(super) fn events(
    body: &str,
    start: usize,
    options: MarkdownOptions,
) -> Vec<(Event<'_>, Range<usize>)> {
    let events = Parser::new_ext(body, extensions(options)).into_offset_iter();
    let events = events.map(|(event, bytes)| (event, bytes.start + start..bytes.end + start));
    // Prose has an event in 40 to 60 bytes.
    let mut list = Vec::with_capacity(body.len() / 32);
    list.extend(events);
    let has_colons = memchr::memchr(MERE_COLON as u8, body.as_bytes()).is_some();
    if has_colons || memchr::memmem::find(body.as_bytes(), b"&#").is_some() {
        for (event, _) in &mut list {
            let read = std::mem::replace(event, Event::Rule);
            *event = without_references(if has_colons { with_colons(read) } else { read });
        }
    }
    list
}

/// `event` without the characters that references such as `&#1;` name and XML forbids.
fn without_references(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Text(text) if text.contains(is_forbidden) => {
            Event::Text(text.replace(is_forbidden, "\u{FFFD}").into())
        }
        event => event,
    }
}

/// `event` with the colons that [`readable`] put out of sight.
fn with_colons(event: Event<'_>) -> Event<'_> {
    let shown = |text: CowStr<'_>| CowStr::from(text.replace(MERE_COLON, ":"));
    match event {
        Event::Text(text) => Event::Text(shown(text)),
        Event::Code(text) => Event::Code(shown(text)),
        Event::Html(text) => Event::Html(shown(text)),
        Event::InlineHtml(text) => Event::InlineHtml(shown(text)),
        Event::InlineMath(text) => Event::InlineMath(shown(text)),
        Event::DisplayMath(text) => Event::DisplayMath(shown(text)),
        event => event,
    }
}

fn extensions(options: MarkdownOptions) -> Options {
    let mut extensions = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST;
    extensions.set(Options::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    extensions.set(Options::ENABLE_MATH, options.math);
    extensions
}
