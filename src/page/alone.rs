//! An article in one column: an original without replies, a plain page, the introduction.

use std::borrow::Cow;

use super::body::{Body, slot};
use super::column::{Column, Headings, Margin, cited, title_heading};
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
pub(crate) fn body(views: &Views<'_>, index: ArticleIndex, numbers: Numbers) -> Body {
    body_at(views, index, numbers, |url| url)
}

/// The same, its URLs as `to` gives them.
pub(crate) fn body_at<'v>(
    views: &'v Views<'_>,
    index: ArticleIndex,
    numbers: Numbers,
    to: impl Fn(Cow<'v, str>) -> Cow<'v, str>,
) -> Body {
    let urls: Vec<Cow<'_, str>> =
        views.urls(index, "", &[(index, "")]).into_iter().map(to).collect();
    let published = views.published(index);
    let article = &published.article.value;
    let margins = match numbers {
        Numbers::Shown => vec![Margin::default(); article.document.paragraphs],
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
        title_heading: title_heading(published, &[]),
    };
    let mut html = String::with_capacity(column.capacity());
    column.write(
        &mut html,
        &(column.first()..article.document.blocks.len()),
        &column.edits(|_| false),
    );
    Body::new(slot::ARTICLE, html)
}
