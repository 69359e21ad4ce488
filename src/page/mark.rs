//! Passages → marks in the HTML of the parent, overlaps split into runs.

use std::ops::Range;

use memchr::{memmem, memrchr_iter};

use super::edit::Edit;
use crate::article::Article;
use crate::article::document::Document;

/// A passage to be marked.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    /// The number of the point, from 1.
    pub number: usize,
    /// The stretches of the parent's plain text.
    pub parts: Vec<Range<usize>>,
    /// Whether its answer concedes it.
    pub conceded: bool,
}

/// How the marks of one reply look.
#[derive(Clone, Debug)]
pub(crate) struct MarkStyle<'a> {
    /// The slug of the reply, for ids.
    pub reply: &'a str,
    /// ` data-side="…" data-rule="…"`.
    pub attributes: &'a str,
    /// Who answers, for the label of the link; escaped.
    pub author: &'a str,
}

/// A stretch of the HTML, and which passages cover it (by index).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    html: Range<usize>,
    passages: Vec<usize>,
}

/// The edits that mark `passages` in the HTML of `article`.
pub(crate) fn marks(article: &Article, passages: &[Passage], style: &MarkStyle<'_>) -> Vec<Edit> {
    let document = &article.document;
    let pieces: Vec<Vec<Range<usize>>> = passages
        .iter()
        .map(|passage| passage.parts.iter().flat_map(|part| document.text.html_of(part)).collect())
        .collect();
    let runs = joined(article, segments(&pieces));
    let mut edits = Vec::new();
    let mut seen = vec![0usize; passages.len()];
    for (index, run) in runs.iter().enumerate() {
        open(&mut edits, run, passages, &mut seen, style);
        let mut close = String::from("</mark>");
        let mut at = run.html.end;
        for &passage in &run.passages {
            let last = !runs.iter().skip(index + 1).any(|later| later.passages.contains(&passage));
            if let Some(passage) = passages.get(passage).filter(|_| last) {
                let after = outside_link(article, run.html.end);
                if after > at {
                    edits.push(Edit { at, skip: 0, insert: std::mem::take(&mut close) });
                    at = after;
                }
                close.push_str(&reference(passage, style));
            }
        }
        edits.push(Edit { at, skip: 0, insert: close });
    }
    for (passage, pieces) in passages.iter().zip(&pieces) {
        if pieces.is_empty() {
            edits.extend(unmarked(document, passage, style));
        }
    }
    edits.sort_by_key(|edit| edit.at);
    edits
}

/// Each passage's text is cut where another begins or ends.
fn segments(pieces: &[Vec<Range<usize>>]) -> Vec<Segment> {
    let mut borders: Vec<(usize, usize, bool)> = Vec::new();
    for (passage, pieces) in pieces.iter().enumerate() {
        for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            borders.push((piece.start, passage, true));
            borders.push((piece.end, passage, false));
        }
    }
    borders.sort_unstable_by_key(|&(at, passage, begins)| (at, begins, passage));
    let mut segments: Vec<Segment> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut from = 0;
    for (at, passage, begins) in borders {
        if at > from && !open.is_empty() {
            segments.push(Segment { html: from..at, passages: open.clone() });
        }
        from = at;
        if begins {
            open.push(passage);
            open.sort_unstable();
            open.dedup();
        } else {
            open.retain(|&other| other != passage);
        }
    }
    segments
}

/// Neighbours of the same passages become one run where what lies between them can stand
/// inside a mark: inline elements that begin and end in it.
fn joined(article: &Article, segments: Vec<Segment>) -> Vec<Segment> {
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(first) = segments.get(at) {
        let mut good = at;
        let mut depth = 0;
        let mut next = at;
        while let (Some(here), Some(later)) = (segments.get(next), segments.get(next + 1)) {
            let gap = here.html.end..later.html.start;
            let Some(after) = Some(gap)
                .filter(|_| later.passages == first.passages)
                .and_then(|gap| inline(&article.html(gap), depth))
            else {
                break;
            };
            depth = after;
            next += 1;
            if depth == 0 {
                good = next;
            }
        }
        let end = segments.get(good).map_or(first.html.end, |last| last.html.end);
        runs.push(Segment { html: first.html.start..end, passages: first.passages.clone() });
        at = good + 1;
    }
    runs
}

/// Elements that a mark may hold.
const INLINE: &[&str] =
    &["em", "strong", "del", "code", "a", "span", "sub", "sup", "i", "b", "abbr", "cite", "q"];

/// The depth of inline elements after `gap`, if all that is in it may stand in a mark.
fn inline(gap: &str, mut depth: usize) -> Option<usize> {
    for part in gap.split('<').skip(1) {
        let (closing, rest) = part.strip_prefix('/').map_or((false, part), |rest| (true, rest));
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if matches!(name, "br" | "wbr") {
            continue;
        }
        if !INLINE.contains(&name) {
            return None;
        }
        depth = if closing { depth.checked_sub(1)? } else { depth + 1 };
    }
    Some(depth)
}

/// `q-<reply>-<n>`, with `-b`, `-c`… for the second, third… stretch of a passage.
fn mark_id(style: &MarkStyle<'_>, number: usize, stretch: usize) -> String {
    let letter = u8::try_from(stretch).ok().filter(|&stretch| stretch > 0 && stretch < 26);
    match letter {
        None if stretch == 0 => {
            ["q-", style.reply, "-", itoa::Buffer::new().format(number)].concat()
        }
        None => format!("q-{}-{number}-{stretch}", style.reply),
        Some(letter) => format!("q-{}-{number}-{}", style.reply, char::from(b'a' + letter)),
    }
}

fn open(
    edits: &mut Vec<Edit>,
    run: &Segment,
    passages: &[Passage],
    seen: &mut [usize],
    style: &MarkStyle<'_>,
) {
    let mut before = String::new();
    let mut ids = Vec::new();
    let mut names = Vec::new();
    let mut conceded = true;
    for &index in &run.passages {
        let (Some(passage), Some(stretch)) = (passages.get(index), seen.get_mut(index)) else {
            continue;
        };
        conceded &= passage.conceded;
        ids.push(mark_id(style, passage.number, *stretch));
        names.push(mark_id(style, passage.number, 0));
        *stretch += 1;
    }
    let last = ids.pop().unwrap_or_default();
    for id in ids {
        before.push_str(&format!("<span id=\"{id}\"></span>"));
    }
    let kind = if conceded { " data-kind=\"conceded\"" } else { "" };
    let names = names.join(" ");
    let insert =
        [&before, "<mark id=\"", &last, "\" data-q=\"", &names, "\"", style.attributes, kind, ">"]
            .concat();
    edits.push(Edit { at: run.html.start, skip: 0, insert });
}

fn reference(passage: &Passage, style: &MarkStyle<'_>) -> String {
    let mut digits = itoa::Buffer::new();
    let number = digits.format(passage.number);
    [
        "<a class=\"ref\"",
        style.attributes,
        " href=\"#a-",
        style.reply,
        "-",
        number,
        "\" aria-label=\"Answered by ",
        style.author,
        ", point ",
        number,
        "\">",
        number,
        "</a>",
    ]
    .concat()
}

/// The first place at or after byte `at` of the HTML that stands in no link: links do not nest.
fn outside_link(article: &Article, at: usize) -> usize {
    let document = &article.document;
    let block = document.blocks.partition_point(|block| block.html.start() <= at).saturating_sub(1);
    let block = document.blocks.get(block).map_or(0..0, |block| block.html.range());
    let before = article.html(block.start..at);
    let before = before.as_bytes();
    let mut tags = memrchr_iter(b'<', before).map(|tag| before.get(tag..).unwrap_or_default());
    let is_in_link = tags.find_map(|tag| match tag {
        [b'<', b'/', b'a' | b'A', b'>', ..] => Some(false),
        [b'<', b'a' | b'A', space, ..] if space.is_ascii_whitespace() => Some(true),
        _ => None,
    });
    if is_in_link != Some(true) {
        return at;
    }
    let after = article.html(at..block.end).to_ascii_lowercase();
    memmem::find(after.as_bytes(), b"</a>").map_or(at, |end| at + end + 4)
}

/// A passage of which nothing can be marked (a formula, raw HTML): its place and its number.
fn unmarked(document: &Document, passage: &Passage, style: &MarkStyle<'_>) -> Option<Edit> {
    let start = passage.parts.first()?.start;
    let block = document.blocks.get(document.block_at(start)?)?;
    let insert = format!("<span id=\"{}\"></span>", mark_id(style, passage.number, 0));
    Some(Edit { at: block.html.start(), skip: 0, insert })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::article::document::MarkdownOptions;
    use crate::article::parse;
    use crate::source::{SitePath, Source};

    /// Where the number of the point stands that quotes `words`: before `after`.
    #[track_caller]
    fn check(markdown: &str, words: &str, after: &str) {
        let source = Source::new(SitePath::new("content/a.md").unwrap(), markdown.to_owned());
        let article = parse(&Arc::new(source), MarkdownOptions::default()).value;
        let at = article.plain().text.find(words).unwrap();
        let part = at..at + words.len();
        let passage =
            Passage { number: 1, parts: std::iter::once(part).collect(), conceded: false };
        let style = MarkStyle { reply: "r", attributes: "", author: "A" };
        let edits = marks(&article, &[passage], &style);
        let number = edits.iter().find(|edit| edit.insert.contains("class=\"ref\"")).unwrap();
        let rest = article.html(number.at..article.document.html.len());
        assert!(rest.starts_with(after), "of {markdown:?}: {rest:?}");
    }

    #[test]
    fn the_number_of_a_point_stands_in_no_link() {
        check("See [the one *big* claim](x) here.", "the one", " here");
        check("See [the\n*one big* claim](x) here.", "one big", " here");
        check("See [this](x) and the one claim.", "the one", " claim");
        check("[a](x)\n\nNo link is here.", "No link", " is");
        check("Read <A\nHREF=\"/x/\">the long link</A> here.", "the long", " here");
        check("So <label>the sum of it</label>.", "the sum", " of it");
        check("So <svg><text>in it</text></svg> and after.", "in it and", " after");
    }
}
