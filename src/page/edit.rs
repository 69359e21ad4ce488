//! Copying the HTML of an article with what differs on this page put in.

use crate::article::document::{Document, Splice, SpliceKind};
use crate::article::{Article, passage_or_answer};

/// Something put into the HTML, or left out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Byte of the document's HTML.
    pub at: usize,
    /// How many bytes of the HTML are left out.
    pub skip: usize,
    /// What is put in.
    pub insert: String,
}

/// What tells ids of `article` apart from those of passages and answers that a page makes on which
/// points of the replies may stand whose slug `is_reply` knows.
pub(crate) fn apart(
    article: &Article,
    is_reply: impl Fn(&str) -> bool,
) -> impl Iterator<Item = Edit> {
    let Document { ids, page_like_ids, .. } = &article.document;
    let is_made = move |id: &str| passage_or_answer(id).is_some_and(|(slug, _)| is_reply(slug));
    page_like_ids.iter().filter(move |(id, _)| is_made(id)).map(move |(id, end)| {
        // With a number it might be like another.
        let mut insert = "-".to_owned();
        while ids.iter().any(|one| one.name.strip_prefix(id) == Some(&insert)) {
            insert.push('-');
        }
        Edit { at: *end as usize, skip: 0, insert }
    })
}

/// Writes the bytes `range` of the article's HTML to `out`: `edits` (ascending) are made, and
/// `splice` writes what belongs to each splice point, before an edit of the same place: the
/// first tag of a ¶ ends in one.
pub(crate) fn copy(
    out: &mut String,
    article: &Article,
    range: &std::ops::Range<usize>,
    edits: &[Edit],
    mut splice: impl FnMut(&mut String, SpliceKind),
) {
    let document = &article.document;
    let mut html = document.html.reader(&article.source.text, range.start);
    let first = document.splices.partition_point(|splice| (splice.at as usize) < range.start);
    let mut splices = document.splices.get(first..).unwrap_or_default().iter().peekable();
    let first = edits.partition_point(|edit| edit.at < range.start);
    let mut edits = edits.get(first..).unwrap_or_default().iter().peekable();
    loop {
        let next_splice = splices.peek().map_or(usize::MAX, |splice| splice.at as usize);
        let next_edit = edits.peek().map_or(usize::MAX, |edit| edit.at);
        let next = next_splice.min(next_edit);
        if next >= range.end {
            break;
        }
        html.copy(out, next);
        if next_edit < next_splice {
            if let Some(edit) = edits.next() {
                out.push_str(&edit.insert);
                html.skip(edit.at + edit.skip);
            }
        } else if let Some(&Splice { at: place, kind }) = splices.next()
            && place as usize >= html.at()
        {
            splice(out, kind);
        }
    }
    html.copy(out, range.end);
}
