//! Quotes that do not match, where they stand: for a preview alone, never for a build.

use std::fmt::Write as _;

use super::column::{QuoteView, Shown, Words};
use crate::article::html_escape_attribute;
use crate::diagnostic::{Diagnostic, Severity};
use crate::quote::{DiffPart, Nearest, Outcome, Status};
use crate::site::anchor::Anchor;
use crate::site::side::capitalised;
use crate::site::slug::Slug;
use crate::source::line::Position;
use crate::source::{SitePath, Sources, Span};

/// Gives the URL under which an editor opens a place, where there is one.
pub type OpenPlace<'a> = &'a (dyn Fn(&SitePath, Position) -> Option<String> + Sync);

/// What showing a fault needs besides the fault.
#[derive(Clone, Copy)]
pub(crate) struct Bench<'a> {
    pub sources: &'a Sources,
    pub open: OpenPlace<'a>,
    /// The article whose quote it is.
    pub slug: &'a Slug,
    /// Put before the ids of the parent, where it stands on the same page.
    pub parent: Option<&'a str>,
}

/// The id of the box for the quote at `index` of the article `slug`.
#[must_use]
pub fn id(slug: &Slug, index: usize) -> String {
    format!("fault-{slug}-{}", index + 1)
}

/// Makes of `view`, the quote at `index`, a box that says what is wrong, if anything is.
pub(crate) fn show(bench: Bench<'_>, (index, anchor): (usize, &Anchor), view: &mut QuoteView) {
    let fault = anchor.fault.as_ref().filter(|fault| fault.severity != Severity::Note);
    let (Some(fault), Some((sign, name))) = (fault, sign(&anchor.outcome)) else { return };
    let id = id(bench.slug, index);
    let class = if fault.is_error() { "fault" } else { "fault warn" };
    let mut what = String::new();
    sentence(&mut what, &fault.message);
    view.open = format!(
        " class=\"{class}\" id=\"{id}\" role=\"group\" aria-labelledby=\"{id}-t\">\n\
         <span class=\"stitch\" aria-hidden=\"true\">{sign}</span>\
         <p class=\"what\" id=\"{id}-t\"><b>{name}.</b> {what}.</p>\n"
    );
    view.close = String::new();
    match anchor.outcome.nearest.as_ref().filter(|_| anchor.outcome.status == Status::Misquotation)
    {
        Some(nearest) if !nearest.diff.is_empty() => {
            view.words = Words::LeftOut;
            view.attribution = Shown::Nowhere;
            view.close += &diff(&nearest.diff);
            // The first help is the same diff in words.
            view.close += &helps(fault.help.iter().skip(1));
        }
        _ => view.close += &ways_out(bench, fault),
    }
    view.close += &places(bench, fault, anchor.outcome.nearest.as_ref());
}

/// The sign on the spine and the name of a fault; nothing for a quote that has none.
fn sign(outcome: &Outcome) -> Option<(String, &'static str)> {
    let (sign, name) = match outcome.status {
        Status::Misquotation => ("≠", "Misquotation"),
        Status::NotFound => ("?", "Not in the original"),
        Status::Ambiguous => return Some((outcome.places.len().to_string(), "Ambiguous")),
        Status::WrongParagraph => ("¶", "Another paragraph"),
        Status::Empty => ("0", "Empty"),
        Status::Anchored | Status::ThirdParty | Status::Excused | Status::Unjudged => return None,
    };
    Some((sign.to_owned(), name))
}

/// The words of both, one for the other: told by a line through or below them and by colour.
fn diff(parts: &[DiffPart]) -> String {
    let mut html = "<p class=\"diff\">".to_owned();
    // What was written first, then what should be.
    let mut parts: Vec<&DiffPart> = parts.iter().collect();
    for pair in parts.chunk_by_mut(|a, b| !is_same(a) && !is_same(b)) {
        pair.sort_by_key(|part| matches!(part, DiffPart::Original(_)));
    }
    for (index, part) in parts.into_iter().enumerate() {
        let (tag, text) = match part {
            DiffPart::Same(text) => ("", text),
            DiffPart::Quoted(text) => ("del", text),
            DiffPart::Original(text) => ("ins", text),
        };
        if index > 0 {
            html.push(' ');
        }
        if tag.is_empty() {
            html_escape_attribute(&mut html, text.trim());
        } else {
            let _ = write!(html, "<{tag}>");
            html_escape_attribute(&mut html, text.trim());
            let _ = write!(html, "</{tag}>");
        }
    }
    html + "</p>\n<p class=\"key\"><del>struck: as quoted</del> \
            <ins>underlined: as printed in the original</ins></p>\n"
}

fn is_same(part: &DiffPart) -> bool {
    matches!(part, DiffPart::Same(_))
}

/// The places of an ambiguous quote, and what would be accepted.
fn ways_out(bench: Bench<'_>, fault: &Diagnostic) -> String {
    let mut html = String::new();
    if fault.related.len() > 1 {
        html += "<ol class=\"places\">\n";
        for related in &fault.related {
            html += "<li>";
            prose(&mut html, &related.message);
            let _ = writeln!(html, " {}</li>", place(&related.span, bench.sources, bench.open));
        }
        html += "</ol>\n";
    }
    html + &helps(fault.help.iter())
}

fn helps<'a>(helps: impl Iterator<Item = &'a String>) -> String {
    let mut html = String::new();
    for help in helps {
        html += "<p class=\"key\">";
        prose(&mut html, help);
        html += "</p>\n";
    }
    html
}

fn places(bench: Bench<'_>, fault: &Diagnostic, nearest: Option<&Nearest>) -> String {
    let mut html = "<dl>".to_owned();
    if let Some(span) = &fault.place {
        let quoted = place(span, bench.sources, bench.open);
        let _ = write!(html, "<dt>Quoted in</dt><dd>{quoted}</dd>");
    }
    if let [passage] = fault.related.as_slice() {
        let passage = place(&passage.span, bench.sources, bench.open);
        let _ = write!(html, "<dt>Passage</dt><dd>{passage}");
        if let (Some(prefix), Some(number)) = (bench.parent, nearest.and_then(|one| one.paragraph))
        {
            let _ = write!(html, " <a href=\"#{prefix}p{number}\">¶ {number}</a>");
        }
        html += "</dd>";
    }
    html + "</dl>\n"
}

/// A place as `file:line:column`, a link where an editor opens it.
#[must_use]
pub fn place(span: &Span, sources: &Sources, open: OpenPlace<'_>) -> String {
    let whole = span.bytes == (0..0);
    let source = sources.texts.get(&span.path);
    let position = source.map(|source| source.position(span.bytes.start));
    let mut text = String::new();
    html_escape_attribute(&mut text, span.path.as_str());
    if let Some(Position { line, column }) = position.filter(|_| !whole) {
        let _ = write!(text, ":{line}:{column}");
    }
    let text = format!("<code>{text}</code>");
    match open(&span.path, position.unwrap_or(Position { line: 1, column: 1 })) {
        Some(url) => {
            let mut link = "<a class=\"place\" href=\"".to_owned();
            html_escape_attribute(&mut link, &url);
            format!("{link}\">{text}</a>")
        }
        None => text,
    }
}

/// What a diagnostic says, as HTML: what stands between backticks is code.
pub fn prose(html: &mut String, text: &str) {
    let is_paired = text.matches('`').count().is_multiple_of(2);
    for (index, piece) in text.split(|c| c == '`' && is_paired).enumerate() {
        let is_code = index % 2 == 1;
        html.push_str(if is_code { "<code>" } else { "" });
        html_escape_attribute(html, piece);
        html.push_str(if is_code { "</code>" } else { "" });
    }
}

/// `text` with a capital at its start.
fn sentence(html: &mut String, text: &str) {
    prose(html, &capitalised(text));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::source::Source;

    #[track_caller]
    fn check_prose(text: &str, expected: &str) {
        let mut html = String::new();
        sentence(&mut html, text);
        assert_eq!(html, expected);
    }

    #[test]
    fn what_stands_between_backticks_is_code() {
        check_prose("élan & `<b>`", "Élan &amp; <code>&lt;b&gt;</code>");
        check_prose("`a`, `b`", "<code>a</code>, <code>b</code>");
        check_prose("one ` alone", "One ` alone");
        check_prose("", "");
    }

    #[test]
    fn words_as_quoted_come_before_those_of_the_original() {
        let part = |kind: fn(String) -> DiffPart, text: &str| kind(text.to_owned());
        let parts = [
            part(DiffPart::Original, "<a>"),
            part(DiffPart::Quoted, "b"),
            part(DiffPart::Same, "c"),
            part(DiffPart::Original, "d"),
        ];
        let html = diff(&parts);
        let expected = "<p class=\"diff\"><del>b</del> <ins>&lt;a&gt;</ins> c <ins>d</ins></p>";
        assert!(html.starts_with(expected), "{html}");
    }

    #[test]
    fn a_place_is_a_link_where_an_editor_opens_it() {
        let path = SitePath::new("content/a&b.md").unwrap();
        let mut sources = Sources::default();
        let source = Source::new(path.clone(), "one\ntwo".to_owned());
        sources.texts.insert(path.clone(), Arc::new(source));
        let check = |bytes, open: OpenPlace<'_>, expected: &str| {
            assert_eq!(place(&Span::new(&path, bytes), &sources, open), expected);
        };
        check(5..6, &|_, _| None, "<code>content/a&amp;b.md:2:2</code>");
        check(0..0, &|_, _| None, "<code>content/a&amp;b.md</code>");
        let open = |_: &SitePath, at: Position| Some(format!("ed:\"{}", at.line));
        let link = "<a class=\"place\" href=\"ed:&quot;2\"><code>content/a&amp;b.md:2:2</code></a>";
        check(5..6, &open, link);
    }
}
