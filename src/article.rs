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
mod math;
mod outline;
mod raw_html;
pub mod rope;
pub(crate) mod text_map;

use document::{BlockKind, Document, Id, MarkdownOptions};
use front_matter::FrontMatter;
pub(crate) use heading_id::PAGE_IDS;
pub(crate) use html::{escape as html_escape, escape_attribute as html_escape_attribute};
pub(crate) use html_notes::letters;

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

    /// The id of the heading with which it begins, if that is its title: one of words alone, above
    /// a text whose front matter has none.
    #[must_use]
    pub fn title_heading(&self) -> Option<&Id> {
        let Document { blocks, ids, splices, first_heading, .. } = &self.document;
        let (heading, rest) = blocks.split_first()?;
        let has_own = self.front.title.as_ref().is_some_and(|title| !title.value.trim().is_empty());
        let is_blank = first_heading.as_ref().is_none_or(|words| words.trim().is_empty());
        let is_title = heading.kind == BlockKind::Heading && !rest.is_empty();
        // Its level, twice, and its id: a link or the mark of a note would be one more.
        let inside = splices.partition_point(|splice| (splice.at as usize) < heading.html.end());
        let id = ids.first().filter(|id| heading.bytes.range().contains(&id.bytes.start));
        id.filter(|_| is_title && !has_own && !is_blank && inside == 3)
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
    let document = Document::parse(source, front.bytes.end, options).into_value(&mut found);
    Checked { value: Article { source: source.clone(), front, document }, found }
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
