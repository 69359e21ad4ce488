//! One Markdown file, parsed alone: front matter, HTML with splice points, quotes.
//!
//! Knows no other file: links are as they were written, quotes are not judged.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub mod blockquote;
pub mod date;
pub mod document;
pub mod excerpt;
pub mod front_matter;
mod heading_id;
pub mod highlight;
mod html;
mod html_events;
mod html_notes;
mod html_text;
mod line;
mod math;
mod outline;
mod raw_html;
pub mod rope;
pub(crate) mod text_map;

use document::{BlockKind, Document, Id, MarkdownOptions};
use front_matter::FrontMatter;
pub(crate) use heading_id::{PAGE_IDS, passage_or_answer};
pub(crate) use html::{escape as html_escape, escape_attribute as html_escape_attribute};
pub(crate) use html_notes::letters;
pub(crate) use line::{escaped as escaped_line, line, line_events};
pub(crate) use raw_html::srcset;

use crate::diagnostic::Checked;
use crate::source::plain_text::PlainText;
use crate::source::{SitePath, Source};

/// Articles and pages by their paths, each with what was found wrong in it.
pub type Articles = BTreeMap<SitePath, Arc<Checked<Article>>>;

/// A Markdown file, parsed alone.
#[derive(Debug)]
pub struct Article {
    /// The file.
    pub source: Arc<Source>,
    /// Its front matter, with defaults where it is broken.
    pub front: FrontMatter,
    /// Its Markdown.
    pub document: Document,
    /// Which of the document's links is the first of the notices in the front matter: they are
    /// resolved with those of the text, after them.
    pub first_notice_link: usize,
}

impl Article {
    /// The rendered text, made anew: few articles need it for more than a moment.
    #[must_use]
    pub fn plain(&self) -> PlainText {
        self.document.plain(&self.source.text)
    }

    /// What stands in the rendered text at `bytes`; empty where nothing does.
    #[must_use]
    pub fn plain_at(&self, bytes: Range<usize>) -> String {
        self.document.text.at(bytes, &self.source.text)
    }

    /// The title in its front matter, unless that is blank.
    #[must_use]
    pub fn own_title(&self) -> Option<&String> {
        let title = self.front.title.as_ref().map(|title| &title.value);
        title.filter(|title| !title.trim().is_empty())
    }

    /// The words of its first heading, unless they are blank.
    #[must_use]
    pub fn first_heading(&self) -> Option<&String> {
        self.document.first_heading.as_ref().filter(|heading| !heading.trim().is_empty())
    }

    /// The id of the heading with which it begins, if that is its title: one of words alone, above
    /// a text whose front matter has none.
    #[must_use]
    pub fn title_heading(&self) -> Option<&Id> {
        let Document { blocks, ids, splices, .. } = &self.document;
        let (heading, rest) = blocks.split_first()?;
        let is_title = self.own_title().is_none() && self.first_heading().is_some();
        let is_above = heading.kind == BlockKind::Heading && !rest.is_empty();
        // Its level, twice, and its id: a link or the mark of a note would be one more.
        let inside = splices.partition_point(|splice| (splice.at as usize) < heading.html.end());
        let id = ids.first().filter(|id| heading.bytes.range().contains(&id.bytes.start));
        id.filter(|_| is_title && is_above && inside == 3)
    }

    /// The bytes `bytes` of its HTML, without what differs from page to page.
    #[must_use]
    pub fn html(&self, bytes: Range<usize>) -> String {
        self.document.html.text(&self.source.text, bytes)
    }
}

/// Parses `source`; never fails: a broken file is an article with defaults, and diagnostics.
#[must_use]
pub fn parse(source: &Arc<Source>, options: MarkdownOptions) -> Checked<Article> {
    let mut found = Vec::new();
    let front = front_matter::read(source).into_value(&mut found);
    let mut document = Document::parse(source, front.bytes.end, options).into_value(&mut found);
    let first_notice_link = document.links.len();
    document.links.extend(line::links(source, front.notices()));
    let article = Article { source: source.clone(), front, document, first_notice_link };
    Checked { value: article, found }
}

/// `list` with no more room than it needs.
///
/// Moved and not shrunk: an allocator leaves a shrunken piece in its place, and an article is
/// kept for as long as the site is.
fn exact<T>(list: Vec<T>) -> Vec<T> {
    let mut exact = Vec::with_capacity(list.len());
    exact.extend(list);
    exact
}

#[cfg(test)]
mod document_tests;
