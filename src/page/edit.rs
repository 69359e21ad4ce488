//! Copying the HTML of an article with what differs on this page put in.

use crate::article::document::{Splice, SpliceKind};
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

/// Tells ids of `article` apart from those of passages and answers that a page makes on which
/// points of replies with the slugs `slugs` may stand: adds to `edits`, which stay in their order.
pub(crate) fn tell_apart<'a>(
    edits: &mut Vec<Edit>,
    article: &Article,
    slugs: impl Fn() -> Vec<&'a str>,
) {
    for (id, end) in &article.document.page_like_ids {
        let at = *end as usize;
        let is_made = passage_or_answer(id).is_some_and(|(slug, _)| slugs().contains(&slug));
        let is_left_out = edits.iter().any(|edit| (edit.at..edit.at + edit.skip).contains(&at));
        if is_made && !is_left_out {
            let before = edits.partition_point(|edit| edit.at <= at);
            // With a number it might be like another.
            let mut apart = "-".to_owned();
            while article.document.ids.iter().any(|one| one.name.strip_prefix(id) == Some(&apart)) {
                apart.push('-');
            }
            edits.insert(before, Edit { at, skip: 0, insert: apart });
        }
    }
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
