//! An article in one column: an original without replies, a plain page, the introduction.

use super::column::{Column, Headings};
use super::side_by_side::cited;
use super::value::Html;
use super::view::Views;
use crate::site::ArticleIndex;

/// Whether the ¶ carry their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// With a number and an id each.
    Shown,
    /// As on a plain page.
    Hidden,
}

/// The whole body of an article on a page of its own.
pub(crate) fn body(views: &Views<'_>, index: ArticleIndex, numbers: Numbers) -> Html {
    let article = &views.published(index).article.value;
    let here = [(index, "")];
    let urls = views.urls(index, "", &here);
    let margins = match numbers {
        Numbers::Shown => vec![String::new(); article.document.paragraphs],
        Numbers::Hidden => Vec::new(),
    };
    let column = Column {
        article,
        prefix: "",
        headings: Headings::Alone,
        urls: &urls,
        sizes: &views.sizes(index),
        margins: &margins,
        quotes: &cited(article),
        marks: &[],
        notes_label: "Notes",
    };
    Html(column.html(&(0..article.document.blocks.len()), &column.edits()))
}
