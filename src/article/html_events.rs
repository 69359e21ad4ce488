//! Markdown events → HTML, tag by tag.

use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd,
};

use super::document::{Link, LinkKind, SpliceKind};
use super::heading_id;
use super::html::{Writer, escape_attribute, short};
use super::line::escaped;
use super::math::Display;
use super::outline;
use super::text_map::Origin;

/// The attributes of a heading as they are written: `{key=value}`.
type Attributes<'a> = [(CowStr<'a>, Option<CowStr<'a>>)];

/// The values of those called `wanted`.
fn values<'a>(attributes: &Attributes<'a>, wanted: &str) -> impl Iterator<Item = CowStr<'a>> {
    let named = attributes.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted));
    named.map(|(_, value)| value.clone().unwrap_or(CowStr::Borrowed("")))
}

/// Whether a line of Markdown can have the element that ends with `tag`, and needs nothing else
/// of its text for it.
fn is_of_line(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
}

impl<'a> Writer<'a, '_> {
    pub(super) fn events(&mut self, range: Range<usize>) {
        let events = self.events;
        let mut index = range.start;
        while index < range.end {
            let Some((event, bytes)) = events.get(index) else { break };
            index = match event {
                Event::Start(tag) => self.start(tag, index, bytes),
                Event::End(end) => {
                    self.end(*end);
                    index + 1
                }
                _ => {
                    self.leaf(event, bytes);
                    index + 1
                }
            };
        }
    }

    fn leaf(&mut self, event: &Event<'a>, bytes: &Range<usize>) {
        match event {
            Event::Text(text) => {
                self.mark_without_note(bytes);
                let start = self.text().length();
                self.push_text(text, bytes);
                self.raw_code_since(start);
            }
            Event::Code(code) => self.code_span(code, bytes),
            Event::SoftBreak => self.line_break("\n", bytes),
            Event::HardBreak => self.line_break("<br>\n", bytes),
            Event::Html(html) | Event::InlineHtml(html) => self.raw_html(&[(html, bytes.start)]),
            Event::Rule => self.html.push_str("<hr>\n"),
            Event::FootnoteReference(label) => self.footnote_mark(label),
            Event::TaskListMarker(done) => self.task(*done, bytes),
            Event::InlineMath(formula) => self.formula(formula, bytes, Display::Inline),
            Event::DisplayMath(formula) => self.formula(formula, bytes, Display::Block),
            Event::Start(_) | Event::End(_) => {}
        }
    }

    fn task(&mut self, done: bool, bytes: &Range<usize>) {
        self.html.push_str("<input type=\"checkbox\" disabled aria-label=\"");
        self.html.push_str(if done { "done\" checked> " } else { "to do\"> " });
        let origin = Origin { source: bytes.clone(), html: 0..0 };
        self.text().literal(if done { "☑ " } else { "☐ " }, &origin);
    }

    fn start(&mut self, tag: &Tag<'a>, index: usize, bytes: &Range<usize>) -> usize {
        match tag {
            Tag::CodeBlock(kind) => return self.code_block(kind, index),
            Tag::HtmlBlock => return self.html_block(index),
            Tag::FootnoteDefinition(_) | Tag::MetadataBlock(_) => {
                return outline::end_of(self.events, index);
            }
            Tag::Image { dest_url, title, .. } => return self.image(dest_url, title, index, bytes),
            Tag::Link { link_type: LinkType::Email, dest_url, title, .. } => {
                self.link_start(&format!("mailto:{dest_url}"), title, bytes);
            }
            Tag::Link { dest_url, title, .. } => self.link_start(dest_url, title, bytes),
            Tag::Heading { level, id, classes, attrs } => {
                let id = id.clone().or_else(|| values(attrs, "id").next());
                self.heading_start(*level, id.as_deref(), index, bytes);
                let classes: Vec<CowStr<'a>> =
                    classes.iter().cloned().chain(values(attrs, "class")).collect();
                self.heading_attributes(&classes, attrs);
            }
            Tag::Paragraph => {
                self.html.push_str("<p>");
                self.leaf_start();
                self.container_start();
            }
            Tag::BlockQuote(kind) => self.nested_quote_start(*kind),
            Tag::Strong => self.strong_start(index),
            _ => self.plain_start(tag, index),
        }
        index + 1
    }

    fn nested_quote_start(&mut self, kind: Option<BlockQuoteKind>) {
        self.leaf_end();
        self.quote_kinds.push(kind.is_none());
        match kind {
            None => {
                self.quote_depth += 1;
                self.html.push_str("<blockquote>\n");
            }
            Some(kind) => self.alert_open(kind, None),
        }
        self.container_start();
    }

    fn strong_start(&mut self, index: usize) {
        self.html.push_str("<strong");
        let first = self
            .events
            .get(index.wrapping_sub(1))
            .is_some_and(|(event, _)| matches!(event, Event::Start(Tag::Paragraph)));
        if let Some(quote) = self.answering.filter(|_| first) {
            self.splice(SpliceKind::Kind(short(quote)));
            self.lead_in_start = Some((quote, index));
        }
        self.html.push('>');
    }

    fn strong_end(&mut self) {
        self.html.push_str("</strong>");
        if let Some((quote, index)) = self.lead_in_start.take() {
            let words = self.words_of(index);
            self.lead_ins.insert(quote, words);
        }
    }

    /// The text of what begins at the event `index`, on one line.
    fn words_of(&self, index: usize) -> String {
        let end = outline::end_of(self.events, index);
        let events = self.events.get(index..end).unwrap_or_default();
        events
            .iter()
            .map(|(event, _)| match event {
                Event::Text(text) | Event::Code(text) => text.as_ref(),
                Event::SoftBreak | Event::HardBreak => " ",
                _ => "",
            })
            .collect()
    }

    /// The heading at the event `index`, whose text is `text`, as a line of Markdown of which the
    /// same comes.
    fn as_line(&self, index: usize, text: &str) -> String {
        let end = outline::end_of(self.events, index);
        let inner = self.events.get(index + 1..end.saturating_sub(1)).unwrap_or_default();
        let is_kept = |event: &Event<'_>| match event {
            Event::Text(_) | Event::Code(_) | Event::SoftBreak => true,
            Event::Start(tag) => is_of_line(&tag.to_end()),
            Event::End(tag) => is_of_line(tag),
            _ => false,
        };
        let written = match inner {
            [(_, first), ..] if inner.iter().all(|(event, _)| is_kept(event)) => {
                let last = inner.last().map_or(first.end, |(_, last)| last.end);
                self.source.text.get(first.start..last)
            }
            _ => None,
        };
        written.map_or_else(|| escaped(text), |written| written.trim().to_owned())
    }

    fn heading_start(
        &mut self,
        level: HeadingLevel,
        id: Option<&str>,
        index: usize,
        bytes: &Range<usize>,
    ) {
        let text = self.words_of(index);
        let wanted = id.map_or_else(|| heading_id::github(&text), str::to_owned);
        let name = self.take_id(&wanted, bytes.clone());
        self.html.push_str("<h");
        self.splice(SpliceKind::Level(level as u8));
        self.html.push_str(" id=\"");
        self.splice(SpliceKind::Prefix);
        escape_attribute(self.html.own(), &name);
        self.id_end(&name);
        self.html.push('"');
        if self.document.first_heading.is_none() {
            self.document.first_heading = Some(self.as_line(index, text.trim()));
        }
        self.leaf_start();
        self.container_start();
    }

    fn heading_attributes(&mut self, classes: &[CowStr<'a>], attributes: &Attributes<'a>) {
        if !classes.is_empty() {
            self.html.push_str(" class=\"");
            escape_attribute(self.html.own(), &classes.join(" "));
            self.html.push('"');
        }
        for (name, value) in attributes {
            let safe = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            let name = name.to_ascii_lowercase();
            let is_written = matches!(name.as_str(), "" | "id" | "class");
            if !safe || is_written || name.starts_with("on") {
                continue;
            }
            self.html.push(' ');
            self.html.push_str(&name);
            self.html.push_str("=\"");
            escape_attribute(self.html.own(), value.as_deref().unwrap_or_default());
            self.html.push('"');
        }
        self.html.push('>');
    }

    fn plain_start(&mut self, tag: &Tag<'a>, index: usize) {
        match tag {
            Tag::List(start) => {
                self.leaf_end();
                match start {
                    None => self.html.push_str("<ul>\n"),
                    Some(1) => self.html.push_str("<ol>\n"),
                    Some(number) => self.html.push_str(&format!("<ol start=\"{number}\">\n")),
                }
            }
            Tag::Item => self.list_item_start(index),
            Tag::Table(alignments) => {
                self.leaf_end();
                self.table.clone_from(alignments);
                self.html.push_str(
                    "<div class=\"scroll\" role=\"group\" aria-label=\"Table\" tabindex=\"0\"><table>\n",
                );
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.html.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.html.push_str("<tr>");
            }
            Tag::TableCell => self.cell_start(index),
            Tag::DefinitionList => {
                self.leaf_end();
                self.html.push_str("<dl>\n");
            }
            Tag::DefinitionListTitle => self.open_leaf("<dt>"),
            Tag::DefinitionListDefinition => self.open_leaf("<dd>"),
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strikethrough => self.html.push_str("<del>"),
            Tag::Superscript => self.html.push_str("<sup>"),
            Tag::Subscript => self.html.push_str("<sub>"),
            _ => {}
        }
    }

    fn list_item_start(&mut self, index: usize) {
        let task = [1, 2].iter().any(|ahead| {
            matches!(self.events.get(index + ahead), Some((Event::TaskListMarker(_), _)))
        });
        self.open_leaf(if task { "<li class=\"task\">" } else { "<li>" });
    }

    fn open_leaf(&mut self, tag: &str) {
        self.html.push_str(tag);
        self.leaf_start();
        self.container_start();
    }

    fn cell_start(&mut self, index: usize) {
        let class = match self.table.get(self.column) {
            Some(Alignment::Right) => " class=\"num\"",
            Some(Alignment::Center) => " class=\"mid\"",
            _ => "",
        };
        // A heading without words is none.
        let empty = matches!(self.events.get(index + 1), Some((Event::End(TagEnd::TableCell), _)));
        self.heads_column = self.in_head && !empty;
        self.html.push_str(if self.heads_column { "<th scope=\"col\"" } else { "<td" });
        self.html.push_str(class);
        self.open_leaf(">");
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Paragraph => self.close_leaf("</p>\n"),
            TagEnd::Heading(level) => {
                self.container_end();
                self.leaf_end();
                self.html.push_str("</h");
                self.splice(SpliceKind::Level(level as u8));
                self.html.push_str(">\n");
            }
            TagEnd::BlockQuote(_) => {
                self.container_end();
                self.leaf_end();
                let quote = self.quote_kinds.pop().unwrap_or(false);
                self.quote_depth -= usize::from(quote && self.quote_depth > 0);
                self.html.push_str(if quote { "</blockquote>\n" } else { "</div>\n" });
            }
            TagEnd::List(ordered) => {
                self.html.push_str(if ordered { "</ol>\n" } else { "</ul>\n" })
            }
            TagEnd::Item => self.close_leaf("</li>\n"),
            TagEnd::Table => self.html.push_str("</tbody>\n</table></div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.html.push_str("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.html.push_str("</tr>\n"),
            TagEnd::TableCell => {
                self.close_leaf(if self.heads_column { "</th>" } else { "</td>" });
                self.column += 1;
            }
            TagEnd::DefinitionList => self.html.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => self.close_leaf("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.close_leaf("</dd>\n"),
            TagEnd::Emphasis => self.html.push_str("</em>"),
            TagEnd::Strong => self.strong_end(),
            TagEnd::Strikethrough => self.html.push_str("</del>"),
            TagEnd::Superscript => self.html.push_str("</sup>"),
            TagEnd::Subscript => self.html.push_str("</sub>"),
            TagEnd::Link => self.html.push_str("</a>"),
            _ => {}
        }
    }

    fn close_leaf(&mut self, tag: &str) {
        self.container_end();
        self.leaf_end();
        self.html.push_str(tag);
    }

    fn link_start(&mut self, destination: &str, title: &str, bytes: &Range<usize>) {
        self.html.push_str("<a href=\"");
        self.add_link(destination, LinkKind::Link, bytes.clone(), SpliceKind::Url);
        self.html.push('"');
        self.title(title);
        self.html.push('>');
    }

    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.html.push_str(" title=\"");
            escape_attribute(self.html.own(), title);
            self.html.push('"');
        }
    }

    pub(super) fn add_link(
        &mut self,
        destination: &str,
        kind: LinkKind,
        bytes: Range<usize>,
        splice: fn(u32) -> SpliceKind,
    ) {
        self.splice(splice(short(self.document.links.len())));
        self.document.links.push(Link { destination: destination.to_owned(), kind, bytes });
    }

    fn image(
        &mut self,
        destination: &str,
        title: &str,
        index: usize,
        bytes: &Range<usize>,
    ) -> usize {
        let end = outline::end_of(self.events, index);
        self.html.push_str("<img");
        self.add_link(destination, LinkKind::Image, bytes.clone(), SpliceKind::Image);
        self.html.push_str(" alt=\"");
        let words = self.words_of(index);
        escape_attribute(self.html.own(), &words);
        self.html.push('"');
        self.title(title);
        self.html.push('>');
        end
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'a>, index: usize) -> usize {
        let end = outline::end_of(self.events, index);
        let mut code = String::new();
        let mut origins: Vec<(usize, Range<usize>)> = Vec::new();
        for (event, bytes) in self.events.get(index..end).unwrap_or_default() {
            if let Event::Text(text) = event {
                origins.push((code.len(), bytes.clone()));
                code.push_str(text);
            }
        }
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        self.highlighted(&code, language, &origins);
        end
    }

    fn html_block(&mut self, index: usize) -> usize {
        let end = outline::end_of(self.events, index);
        let events = self.events;
        let mut lines: Vec<(&str, usize)> = Vec::new();
        for (event, bytes) in events.get(index..end).unwrap_or_default() {
            if let Event::Html(html) = event {
                lines.push((html, bytes.start));
            }
        }
        self.leaf_end();
        self.raw_html(&lines);
        self.leaf_end();
        end
    }
}
