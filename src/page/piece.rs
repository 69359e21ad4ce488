//! Pieces of pages that several pages show: rendered and looked through once.

use std::sync::Arc;

use memchr::memmem;
use tera::Context;

use super::body::Body;
use super::value::ToValue;
use super::verify::{self, Left};
use super::view::{Views, push};
use crate::article::html_escape_attribute;
use crate::diagnostic::Diagnostic;

/// What a template made of something that many pages show.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    html: String,
    left: Vec<Left>,
    /// That the template failed, or that it links to what does not exist.
    fault: Option<Arc<Diagnostic>>,
}

impl Piece {
    /// Renders `template`, which gets `site` and what is named besides.
    pub(super) fn new(
        views: &Views<'_>,
        template: &'static str,
        (name, view): (&'static str, &dyn ToValue),
    ) -> Self {
        let Some(theme) = &views.snapshot.theme else { return Self::default() };
        let mut context = Context::new();
        context.insert_value("site", views.shared.site());
        context.insert_value(name, view.to_value());
        let bytes = match theme.piece(template, &context) {
            Ok(bytes) => bytes,
            Err(fault) => return Self { fault: Some(Arc::new(*fault)), ..Self::default() },
        };
        let (left, fault) = verify::piece(views, theme, template, &bytes);
        // Tera writes nothing but text.
        let html = String::from_utf8(bytes).unwrap_or_default();
        Self { html, left, fault: fault.map(Arc::new) }
    }

    /// The piece as the body `slot`; links to `here` are marked as the page that is shown.
    pub(super) fn body(&self, slot: usize, here: &str) -> Body {
        let mut html = String::with_capacity(self.html.len() + 64);
        mark(&mut html, &self.html, here);
        Body { html, slot, left: self.left.clone(), fault: self.fault.clone() }
    }

    /// Puts the piece at the end of `body`.
    pub(super) fn add_to(&self, body: &mut Body) {
        body.html.push_str(&self.html);
        body.left.extend(self.left.iter().cloned());
        if body.fault.is_none() {
            body.fault.clone_from(&self.fault);
        }
    }
}

/// Writes `piece` to `html` with `aria-current="page"` at each link to `here`.
fn mark(html: &mut String, piece: &str, here: &str) {
    let mut link = " href=\"".to_owned();
    html_escape_attribute(&mut link, here);
    link.push('"');
    let mut rest = piece;
    for at in memmem::find_iter(piece.as_bytes(), &link) {
        let (before, after) = rest.split_at(at + link.len() - (piece.len() - rest.len()));
        push(html, &[before, " aria-current=\"page\""]);
        rest = after;
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[track_caller]
    fn check(piece: &str, here: &str, expected: &str) {
        let mut html = "<".to_owned();
        mark(&mut html, piece, here);
        assert_eq!(html, format!("<{expected}"));
    }

    #[test]
    fn links_to_the_page_itself_are_marked() {
        let piece = "a href=\"/a/\">A</a><a class=\"x\" href=\"/a/b/\"><a href=\"/a/\">";
        let marked = "a href=\"/a/\" aria-current=\"page\">A</a><a class=\"x\" href=\"/a/b/\"><a href=\"/a/\" aria-current=\"page\">";
        check(piece, "/a/", marked);
        check(piece, "/c/", piece);
        check("", "/a/", "");
    }
}
