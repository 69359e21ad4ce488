//! Document → HTML with splice points, and the map between text, source and HTML.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, Event, Tag};

use super::blockquote::{self, QuoteHtml};
use super::document::{Block, BlockKind, Document, Id, Splice, SpliceKind, Stretch};
use super::exact;
use super::heading_id::{Ids, PAGE_IDS, passage_or_answer};
use super::outline::{self, Comment, Entry, Item};
use super::rope::Rope;
use super::text_map::{Origin, TextMap};
use crate::diagnostic::{Checked, Diagnostic};
use crate::quote::Quote;
use crate::source::Source;
use crate::source::plain_text::{ParagraphNumber, TextRole};

/// An initial letter is three lines high; a shorter paragraph would not reach round it.
const LEDE_MIN_BYTES: usize = 240;

type Events<'a, 'b> = &'b [(Event<'a>, Range<usize>)];

/// Writes the document that `events` make; their ranges are bytes of the whole file.
pub(super) fn write(source: &Source, events: Events<'_, '_>) -> Checked<Document> {
    let entries = outline::outline(events);
    let mut writer = Writer::new(source, events, roomy(entries.len(), events.len()));
    writer.paragraphs = entries
        .iter()
        .filter_map(Entry::paragraph)
        .map(|number| number.index() + 1)
        .max()
        .unwrap_or(0);
    let mut loose = false;
    for entry in &entries {
        match entry {
            Entry::Comment(Comment::Loose) => loose = true,
            Entry::Comment(Comment::More) => {
                writer.document.more = Some(writer.document.blocks.len())
            }
            Entry::Comment(Comment::Other) => {}
            Entry::Block(item) => {
                writer.item(item, loose);
                loose = false;
            }
        }
    }
    writer.notes();
    writer.finish()
}

/// An empty document with room for what its entries and events make of most, so that few of
/// its lists have to grow.
fn roomy(entries: usize, events: usize) -> Document {
    Document {
        blocks: Vec::with_capacity(entries + 1),
        splices: Vec::with_capacity(entries * 2),
        text: TextMap::with_room(entries, events / 2),
        ..Document::default()
    }
}

impl Entry {
    fn paragraph(&self) -> Option<ParagraphNumber> {
        match self {
            Self::Block(item) => item.paragraph,
            Self::Comment(_) => None,
        }
    }
}

/// What the HTML of a document is collected in.
pub(super) struct Writer<'a, 'b> {
    pub source: &'b Source,
    pub events: Events<'a, 'b>,
    pub document: Document,
    pub found: Vec<Diagnostic>,
    pub html: Rope,
    pub ids: Ids,
    pub paragraphs: usize,
    pub words: usize,
    /// Elements of raw HTML that have begun and not ended.
    pub raw_open: Vec<String>,
    /// How many of them were open where each Markdown container began.
    pub containers: Vec<usize>,
    pub role: TextRole,
    pub paragraph: Option<ParagraphNumber>,
    pub quote_depth: usize,
    pub quote_kinds: Vec<bool>,
    /// Labels of footnotes in the order of their first mark, and how often each was marked.
    pub footnotes: Vec<(String, u32)>,
    pub numbers: BTreeMap<String, usize>,
    pub table: Vec<Alignment>,
    pub column: usize,
    pub in_head: bool,
    /// Whether the cell that is open is a `th`.
    pub heads_column: bool,
    /// The quote whose answer begins here, while nothing of it is written.
    pub answering: Option<usize>,
    pub lead_ins: BTreeMap<usize, String>,
    pub lead_in_start: Option<(usize, usize)>,
}

impl<'a, 'b> Writer<'a, 'b> {
    fn new(source: &'b Source, events: Events<'a, 'b>, document: Document) -> Self {
        Self {
            source,
            events,
            document,
            found: Vec::new(),
            html: Rope::with_room(source.text.len() / 4, events.len() / 4),
            ids: Ids::default(),
            paragraphs: 0,
            words: 0,
            raw_open: Vec::new(),
            containers: Vec::new(),
            role: TextRole::Own,
            paragraph: None,
            quote_depth: 0,
            quote_kinds: Vec::new(),
            footnotes: Vec::new(),
            numbers: BTreeMap::new(),
            table: Vec::new(),
            column: 0,
            in_head: false,
            heads_column: false,
            answering: None,
            lead_ins: BTreeMap::new(),
            lead_in_start: None,
        }
    }

    pub(super) fn text(&mut self) -> &mut TextMap {
        &mut self.document.text
    }

    pub(super) fn splice(&mut self, kind: SpliceKind) {
        let at = u32::try_from(self.html.len()).unwrap_or(u32::MAX);
        self.document.splices.push(Splice { at, kind });
    }

    /// Whether a generated id of the article's page has this name.
    pub(super) fn is_generated(paragraphs: usize, name: &str) -> bool {
        let number = name.strip_prefix('p').and_then(|digits| digits.parse::<usize>().ok());
        number.is_some_and(|number| (1..=paragraphs).contains(&number) && !name.starts_with("p0"))
            || PAGE_IDS.contains(&name)
            || name.strip_prefix("fn-").is_some_and(is_number)
            || name.strip_prefix("fnref-").is_some_and(|rest| match rest.split_once('-') {
                None => is_number(rest),
                Some((note, mark)) => is_number(note) && is_number(mark),
            })
    }

    pub(super) fn take_id(&mut self, wanted: &str, bytes: Range<usize>) -> String {
        let paragraphs = self.paragraphs;
        let name = self.ids.take(wanted, |name| Self::is_generated(paragraphs, name));
        self.ids.list.push(Id { name: name.clone(), bytes });
        name
    }

    /// Notes that the id `name` ends here, if the article's pages may make it as well.
    pub(super) fn id_end(&mut self, name: &str) {
        if passage_or_answer(name).is_some() {
            self.document.page_like_ids.push((name.to_owned(), short(self.html.len())));
        }
    }

    fn item(&mut self, item: &Item, loose: bool) {
        let start = self.html.len();
        let (leaves, words) = (self.document.text.blocks.len(), self.words);
        let enclosed = !self.raw_open.is_empty();
        let links = self.document.links.len();
        self.role = if item.kind == BlockKind::Heading { TextRole::Heading } else { TextRole::Own };
        self.paragraph = item.paragraph;
        match item.kind {
            BlockKind::Paragraph => self.paragraph_item(item),
            BlockKind::Figure => self.figure(item),
            BlockKind::Quote(index) => self.quote_item(item, index),
            BlockKind::Alert => self.alert_item(item),
            _ => self.other_item(item),
        }
        self.leaf_end();
        let quote = if let BlockKind::Quote(index) = item.kind { Some(index) } else { None };
        self.answering = quote.map(|index| index as usize);
        let bytes = self.events.get(item.events.start).map_or(0..0, |(_, bytes)| bytes.clone());
        self.document.blocks.push(Block {
            kind: item.kind,
            bytes: Stretch::new(bytes),
            html: Stretch::new(start..self.html.len()),
            paragraph: item.paragraph,
            leaves: Stretch::new(leaves..self.document.text.blocks.len()),
            words: short(self.words - words),
            enclosed,
        });
        if let Some(index) = self.answering {
            self.quote(item, index, leaves, links, loose);
        }
    }

    fn inner(item: &Item) -> Range<usize> {
        item.events.start + 1..item.events.end.saturating_sub(1).max(item.events.start + 1)
    }

    fn paragraph_item(&mut self, item: &Item) {
        self.html.push_str("<p");
        if let Some(number) = item.paragraph {
            let bytes = self.events.get(item.events.start).map_or(0, |(_, bytes)| bytes.len());
            let text_first = matches!(self.events.get(item.events.start + 1), Some((Event::Text(text), _))
                if text.starts_with(char::is_alphabetic));
            let lede = number.index() == 0 && bytes >= LEDE_MIN_BYTES && text_first;
            self.splice(if lede {
                SpliceKind::Lede(number)
            } else {
                SpliceKind::Paragraph(number)
            });
        }
        self.leaf_start();
        self.container_start();
        self.events(Self::inner(item));
        self.container_end();
        self.html.push_str("</p>\n");
    }

    /// An image alone in its paragraph; its title is the caption.
    fn figure(&mut self, item: &Item) {
        self.html.push_str("<figure>");
        self.leaf_start();
        self.events(Self::inner(item));
        let title =
            self.events.get(item.events.clone()).into_iter().flatten().find_map(|(event, _)| {
                match event {
                    Event::Start(Tag::Image { title, .. }) if !title.is_empty() => {
                        Some(title.clone())
                    }
                    _ => None,
                }
            });
        if let Some(title) = title {
            self.html.push_str("<figcaption>");
            escape(self.html.own(), &title);
            self.html.push_str("</figcaption>");
        }
        self.html.push_str("</figure>\n");
    }

    fn quote_item(&mut self, item: &Item, index: u32) {
        self.html.push_str("<blockquote");
        self.splice(SpliceKind::QuoteOpen(index));
        self.quote_depth += 1;
        self.container_start();
        self.events(Self::inner(item));
        self.leaf_end();
        self.container_end();
        self.quote_depth -= 1;
        self.splice(SpliceKind::QuoteClose(index));
        self.html.push_str("</blockquote>\n");
    }

    fn alert_item(&mut self, item: &Item) {
        let kind = match self.events.get(item.events.start) {
            Some((Event::Start(Tag::BlockQuote(Some(kind))), _)) => *kind,
            _ => BlockQuoteKind::Note,
        };
        self.alert_open(kind, item.paragraph);
        self.container_start();
        self.events(Self::inner(item));
        self.leaf_end();
        self.container_end();
        self.html.push_str("</div>\n");
    }

    pub(super) fn alert_open(&mut self, kind: BlockQuoteKind, number: Option<ParagraphNumber>) {
        let (key, name) = match kind {
            BlockQuoteKind::Note => ("note", "Note"),
            BlockQuoteKind::Tip => ("tip", "Tip"),
            BlockQuoteKind::Important => ("important", "Important"),
            BlockQuoteKind::Warning => ("warning", "Warning"),
            BlockQuoteKind::Caution => ("caution", "Caution"),
        };
        self.html.push_str("<div class=\"alert\" data-alert=\"");
        self.html.push_str(key);
        self.html.push('"');
        match number {
            Some(number) => self.splice(SpliceKind::Paragraph(number)),
            None => self.html.push('>'),
        }
        self.html.push_str("<p class=\"alert-title\">");
        self.html.push_str(name);
        self.html.push_str("</p>\n");
    }

    /// Lists, tables, code, HTML, headings and rules; a ¶ of its own gets an element for its id.
    fn other_item(&mut self, item: &Item) {
        let number = item.paragraph.filter(|_| item.opens_paragraph);
        if let Some(number) = number {
            self.html.push_str("<div class=\"para\"");
            self.splice(SpliceKind::Paragraph(number));
        }
        // Raw HTML may go on into the next block, so nothing is put around it.
        let raw =
            matches!(self.events.get(item.events.start), Some((Event::Start(Tag::HtmlBlock), _)));
        if number.is_some() && raw {
            self.html.push_str("</div>\n");
        }
        self.events(item.events.clone());
        self.leaf_end();
        if number.is_some() && !raw {
            self.html.push_str("</div>\n");
        }
    }

    fn quote(
        &mut self,
        item: &Item,
        index: usize,
        leaves: usize,
        first_link: usize,
        excused: bool,
    ) {
        let bytes = self.events.get(item.events.start).map_or(0..0, |(_, bytes)| bytes.clone());
        let plain =
            self.document.text.part(leaves..self.document.text.blocks.len(), &self.source.text);
        let links = self.document.links.get(first_link..).unwrap_or_default();
        let attribution = blockquote::attribution_start(&plain)
            .map(|at| blockquote::attribution(&plain, at, links, first_link));
        let first = self.document.text.blocks.get(leaves).map_or(0, |block| block.bytes.start);
        let html = attribution.as_ref().map_or_else(QuoteHtml::default, |attribution| {
            let at = first + attribution.at;
            let text =
                self.document.text.html_of(&(at..at + 1)).first().map_or(0, |html| html.start);
            let block = self.document.blocks.last().map_or(0..0, |block| block.html.range());
            let html = self.html.text(&self.source.text, block.clone());
            blockquote::attribution_html(&html, block.start, text)
        });
        debug_assert_eq!(index, self.document.quotes.len());
        self.document.quote_html.push(html);
        let lazy = blockquote::lazy_lines(&self.source.text, &bytes);
        self.document.quotes.push(Quote { bytes, plain, attribution, excused, lazy });
    }

    /// Ends the elements of raw HTML that their author did not, in the last block.
    pub(super) fn end_raw(&mut self) {
        self.close_raw(0);
        if let Some(block) = self.document.blocks.last_mut() {
            block.html = Stretch::new(block.html.start()..self.html.len());
        }
    }

    fn finish(mut self) -> Checked<Document> {
        self.end_raw();
        let mut answers = blockquote::answers(&self.document.blocks, self.document.quotes.len());
        for (index, lead_in) in self.lead_ins {
            if let Some(answer) = answers.get_mut(index) {
                answer.lead_in = Some(lead_in);
            }
        }
        let mut document = self.document;
        document.answers = answers;
        document.words = self.words;
        document.paragraphs = self.paragraphs;
        document.ids = exact(self.ids.list);
        document.links = exact(document.links);
        document.quotes = exact(document.quotes);
        document.quote_html = exact(document.quote_html);
        document.splices = exact(document.splices);
        document.blocks = exact(document.blocks);
        document.text.shrink();
        document.html = self.html.exact();
        Checked { value: document, found: self.found }
    }

    // ---- leaf blocks of text ----

    pub(super) fn leaf_start(&mut self) {
        self.leaf_end();
        self.document.text.open();
    }

    pub(super) fn leaf_end(&mut self) {
        let (role, paragraph) = if self.quote_depth > 0 {
            (TextRole::Quotation, None)
        } else {
            (self.role, self.paragraph)
        };
        self.document.text.close(role, paragraph);
    }

    // ---- elements of raw HTML that must end inside what they began in ----

    pub(super) fn container_start(&mut self) {
        self.containers.push(self.raw_open.len());
    }

    pub(super) fn container_end(&mut self) {
        let base = self.containers.pop().unwrap_or(0);
        self.close_raw(base);
    }

    pub(super) fn close_raw(&mut self, base: usize) {
        while self.raw_open.len() > base {
            if let Some(name) = self.raw_open.pop() {
                self.html.push_str(&format!("</{name}>"));
            }
        }
    }

    pub(super) fn origin(&self, source: Range<usize>, html_start: usize) -> Origin {
        Origin { source, html: html_start..self.html.len() }
    }
}

pub(super) fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Writes `text` so that it is text in HTML.
pub(crate) fn escape(html: &mut String, text: &str) {
    let (plain, mut rest) = until_markup(text);
    html.push_str(plain);
    while let Some(entity) = entity(rest) {
        html.push_str(entity);
        let (plain, after) = until_markup(rest.get(1..).unwrap_or_default());
        html.push_str(plain);
        rest = after;
    }
}

/// `text` before its first character that HTML would take for markup, and from that on.
pub(super) fn until_markup(text: &str) -> (&str, &str) {
    let at = memchr::memchr3(b'&', b'<', b'>', text.as_bytes()).unwrap_or(text.len());
    text.split_at(at)
}

/// What is written for the first character of `text`, where HTML would take it for markup.
pub(super) fn entity(text: &str) -> Option<&'static str> {
    match text.as_bytes().first() {
        Some(b'&') => Some("&amp;"),
        Some(b'<') => Some("&lt;"),
        Some(b'>') => Some("&gt;"),
        _ => None,
    }
}

/// Writes `text` so that it may stand between double quotes.
pub(crate) fn escape_attribute(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'"', rest.as_bytes()) {
        let (before, after) = rest.split_at(at);
        escape(html, before);
        html.push_str("&quot;");
        rest = after.get(1..).unwrap_or_default();
    }
    escape(html, rest);
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
