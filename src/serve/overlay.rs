//! What is wrong with a page, put over it: for whoever has the page open and no terminal.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::path::OWN_FOLDER;
use crate::article::html_escape_attribute;
use crate::diagnostic::format::{Style, terminal};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::page::fault::{self, OpenPlace};
use crate::site::route::Route;
use crate::site::snapshot::Snapshot;
use crate::site::{ArticleIndex, Site};
use crate::source::SitePath;

/// Faults that are shown at most: who has mended these asks again.
const MAX_SHOWN: usize = 30;

/// What stands below the overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Below {
    /// The page, made without what is wrong.
    Page,
    /// The page as it was when it could be made last.
    Before,
    /// Nothing: it could never be made.
    Nothing,
}

/// What of the snapshot's faults concerns the page at `route`.
///
/// A fault of an article concerns the pages that show it; one of the settings or the theme,
/// or of no file, all pages. The home page and that of what is not found show everything:
/// what cannot be read has no page of its own.
pub(crate) fn affecting<'a>(snapshot: &'a Snapshot, route: &Route) -> Vec<&'a Diagnostic> {
    let shown = shown(&snapshot.site, route);
    let is_shown = |one: &&Diagnostic| {
        let Some(place) = one.place.as_ref() else { return true };
        let is_article = place.path.is_in("content") || place.path.is_in("seeds");
        match &shown {
            Some(paths) => !is_article || paths.contains(&place.path),
            None => true,
        }
    };
    let found = snapshot.found.iter().filter(|one| one.severity != Severity::Note);
    found.filter(is_shown).collect()
}

/// The files that a page shows; nothing for one that answers for all.
fn shown<'a>(site: &'a Site, route: &Route) -> Option<BTreeSet<&'a SitePath>> {
    let slug = match route {
        Route::Home | Route::NotFound => return None,
        Route::Article(slug) | Route::Page(slug) | Route::Flow(slug) => slug,
        _ => return Some(BTreeSet::new()),
    };
    let Some(index) = site.by_slug(slug) else { return Some(BTreeSet::new()) };
    let path = |index: ArticleIndex| &site.article(index).article.value.source.path;
    let mut paths = BTreeSet::from([path(index)]);
    if let Some((debate, member)) = site.seat(site.article(index)) {
        let members = debate.members.iter().map(|member| member.article);
        let first = member.children.first().filter(|_| member.parent.is_none());
        let beside = member.parent.or(first.copied()).map(|beside| debate.member(beside).article);
        match route {
            Route::Flow(_) => paths.extend(members.map(path)),
            _ => paths.extend(beside.map(path)),
        }
    }
    Some(paths)
}

/// The overlay that shows `faults`; `html` is the page, whose boxes it leads to.
pub(crate) fn overlay(
    faults: &[&Diagnostic],
    snapshot: &Snapshot,
    (below, html): (Below, &str),
    open: OpenPlace<'_>,
) -> String {
    let has_errors = faults.iter().any(|fault| fault.is_error());
    let mut text = format!(
        "<aside class=\"overlay\" id=\"agon-overlay\" aria-label=\"Errors in the preview\">\n\
         <details{}>\n<summary>{}</summary>\n<ol>\n",
        if has_errors { " open" } else { "" },
        summary(faults, below)
    );
    for fault in faults.iter().take(MAX_SHOWN) {
        item(&mut text, (fault, html), snapshot, open);
    }
    if let Some(more @ 1..) = faults.len().checked_sub(MAX_SHOWN) {
        let _ = writeln!(text, "<li><p>and {more} more, which the terminal shows</p></li>");
    }
    text + "</ol>\n</details>\n</aside>\n"
}

fn summary(faults: &[&Diagnostic], below: Below) -> String {
    let counts = diagnostic::counted(faults.iter().copied());
    let counts: Vec<String> = counts.iter().map(|count| format!("<b>{count}</b>")).collect();
    let counts = counts.join(", ");
    let fails = faults.iter().any(|fault| fault.is_error());
    match below {
        Below::Page if fails => {
            format!("{counts}. The page is made without what is wrong; a build would fail.")
        }
        Below::Page => format!("{counts}."),
        Below::Before => {
            format!("{counts}. The page is shown as it was before; a build would fail.")
        }
        Below::Nothing => format!("{counts}. The page cannot be made, nor a build."),
    }
}

fn item(
    text: &mut String,
    (fault, html): (&Diagnostic, &str),
    snapshot: &Snapshot,
    open: OpenPlace<'_>,
) {
    let _ = write!(text, "<li><p><b>{}</b> ", fault.severity.word());
    fault::prose(text, &fault.message);
    if let Some(place) = &fault.place {
        let _ = write!(text, " {}", fault::place(place, &snapshot.sources, open));
    }
    let is_on_page = |id: &String| html.contains(&format!(" id=\"{id}\""));
    if let Some(id) = box_of(fault, &snapshot.site).filter(is_on_page) {
        // The box says all the rest.
        let _ = writeln!(text, " <a href=\"#{id}\">show it</a></p></li>");
        return;
    }
    *text += "</p>\n";
    let without_help = Diagnostic { help: Vec::new(), ..fault.clone() };
    let drawing = terminal(&without_help, &snapshot.sources, Style::Plain);
    // Its first lines are the message and the place.
    let mut lines = drawing.splitn(3, '\n').skip(2);
    if let Some(drawing) = lines.next() {
        *text += "<pre tabindex=\"0\"><code>";
        html_escape_attribute(text, drawing);
        *text += "</code></pre>\n";
    }
    for help in &fault.help {
        *text += "<p class=\"help\">";
        fault::prose(text, help);
        *text += "</p>\n";
    }
    *text += "</li>\n";
}

/// The id of the box in which a page shows `fault` where the quote stands.
fn box_of(fault: &Diagnostic, site: &Site) -> Option<String> {
    let published = site.article(site.by_path(&fault.place.as_ref()?.path)?);
    let (_, member) = site.seat(published)?;
    let mut anchors = member.anchors.list.iter();
    let index = anchors.position(|anchor| anchor.fault.as_ref() == Some(fault))?;
    Some(fault::id(&published.slug, index))
}

/// The page `html` with `overlay` at the start of its body, where nothing that is left open in
/// the page can swallow it.
pub(crate) fn put_over(html: &str, overlay: &str, base: &str) -> String {
    let styles =
        format!("<link rel=\"stylesheet\" href=\"{base}{OWN_FOLDER}preview.css\" data-agon>\n");
    let at = body_start(html).unwrap_or(html.len());
    let (before, after) = html.split_at_checked(at).unwrap_or((html, ""));
    format!("{before}\n{styles}{overlay}{after}")
}

/// The byte after the tag that begins the body.
fn body_start(html: &str) -> Option<usize> {
    let lower = html.to_ascii_lowercase();
    let tag = memchr::memmem::find_iter(lower.as_bytes(), "<body").find(|at| {
        lower.get(at + 5..).is_some_and(|rest| rest.starts_with(['>', ' ', '\n', '\t']))
    })?;
    let mut quote = None;
    for (at, c) in lower.get(tag..)?.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(tag + at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// A page for an overlay that has none below it.
pub(crate) fn bare_page(title: &str) -> String {
    let mut text = String::new();
    html_escape_attribute(&mut text, title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{text}: not made</title>\n</head>\n<body>\n<main>\n\
         <h1>This page could not be made</h1>\n<p><code>{text}</code></p>\n</main>\n</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let styles = "\n<link rel=\"stylesheet\" href=\"/b/__agon/preview.css\" data-agon>\n";
        assert_eq!(put_over(html, "!", "/b").replace(styles, ""), expected);
    }

    #[test]
    fn the_overlay_comes_first_in_the_body() {
        check("<html><body><p>a</p></body>", "<html><body>!<p>a</p></body>");
        check("<BODY class=\"a>b\">a", "<BODY class=\"a>b\">!a");
        check("<bodyguard><body\n>a", "<bodyguard><body\n>!a");
        check("é<body>", "é<body>!");
        check("a <body", "a <body!");
        check("", "!");
    }
}
