//! Pieces of pages that several pages show: rendered and looked through once.

use std::ops::Range;
use std::sync::Arc;

use super::body::Body;
use super::shape::Shape;
use super::stencil::Stencil;
use super::value::{self, ToValue};
use super::verify::{self, Left, Looked};
use super::view::Views;
use crate::article::html_escape_attribute;
use crate::diagnostic::Diagnostic;

/// What a template made of something that many pages show.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    html: String,
    /// Where it links elsewhere, in bytes, by place.
    links: Vec<Range<usize>>,
    left: Vec<Left>,
    /// That the template failed, or that it links to what does not exist.
    fault: Option<Arc<Diagnostic>>,
}

/// What becomes of the links of a piece to the page on which it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// They get `aria-current="page"`.
    Marked,
    /// Nothing.
    AsTheyAre,
}

impl Piece {
    /// Renders `template`, which gets `site` and what is named besides.
    pub(super) fn new(
        views: &Views<'_>,
        template: &'static str,
        (name, view): (&'static str, &dyn ToValue),
    ) -> Self {
        let Some(theme) = &views.snapshot.theme else { return Self::default() };
        let context = value::context(&[(name, view)], views.shared.site(), |view| view.to_value());
        let bytes = match theme.piece(template, &context) {
            Ok(bytes) => bytes,
            Err(fault) => return Self { fault: Some(Arc::new(*fault)), ..Self::default() },
        };
        let attributes = verify::attributes(&bytes, &[]);
        let looked = verify::piece(views, theme, (template, &bytes), &attributes);
        let links = verify::links(&attributes);
        // Tera writes nothing but text.
        Self::looked_through(String::from_utf8(bytes).unwrap_or_default(), links, looked)
    }

    /// The same of one of many, by a stencil where there is one for its shape.
    pub(super) fn of_many(
        views: &Views<'_>,
        template: &'static str,
        (name, view): (&'static str, &dyn ToValue),
        links: Links,
    ) -> Self {
        let theme = views.snapshot.theme.as_ref().filter(|theme| theme.is_plain(template));
        let Some(theme) = theme else { return Self::new(views, template, (name, view)) };
        let mut shape = Shape::of(template);
        view.tell(&mut shape);
        let stencils = views.shared.stencils();
        if let Some(stencil) = stencils.get(&shape)
            && let Some(attributes) = stencil.attributes(&shape.leaves)
            && let Some(html) = stencil.fill(&shape.leaves)
        {
            let (attributes, marked) = match links {
                Links::Marked => {
                    let attributes = verify::attributes(html.as_bytes(), &[]);
                    let marked = verify::links(&attributes);
                    (attributes, marked)
                }
                Links::AsTheyAre => (attributes, Vec::new()),
            };
            let looked = verify::piece(views, theme, (template, html.as_bytes()), &attributes);
            if looked.fault.is_none() {
                return Self::looked_through(html, marked, looked);
            }
        }
        let made = Self::new(views, template, (name, view));
        if made.fault.is_none() {
            let site = views.shared.site();
            let stencil = || Stencil::made_by(theme, template, &[(name, view)], site);
            stencils.learn(shape, made.html.as_bytes(), stencil);
        }
        match links {
            Links::Marked => made,
            Links::AsTheyAre => Self { links: Vec::new(), ..made },
        }
    }

    fn looked_through(html: String, links: Vec<Range<usize>>, looked: Looked) -> Self {
        let Looked { left, fault } = looked;
        Self { html, links, left, fault: fault.map(Arc::new) }
    }

    /// The piece as the body `slot`; links to `here` are marked as the page that is shown.
    pub(super) fn body(&self, slot: usize, here: &str) -> Body {
        let mut html = String::with_capacity(self.html.len() + 64);
        let mut link = String::new();
        html_escape_attribute(&mut link, here);
        let mut from = 0;
        for end in self.links_to(&link) {
            // Behind the quotation mark.
            let end = (end + 1).min(self.html.len());
            html.push_str(self.html.get(from..end).unwrap_or_default());
            html.push_str(" aria-current=\"page\"");
            from = end;
        }
        html.push_str(self.html.get(from..).unwrap_or_default());
        let (left, fault) = (self.left.clone(), self.fault.clone());
        Body { html, slot, of_pieces: true, left, fault }
    }

    /// Where the links to `url` end.
    fn links_to(&self, url: &str) -> impl Iterator<Item = usize> {
        let links = self.links.iter().filter(|link| link.len() == url.len());
        links.filter(|&link| self.html.get(link.clone()) == Some(url)).map(|link| link.end)
    }

    /// The pieces as the body `slot`.
    pub(super) fn joined<'a>(slot: usize, pieces: impl Iterator<Item = &'a Self> + Clone) -> Body {
        let size = pieces.clone().map(|piece| piece.html.len()).sum();
        let left = pieces.clone().map(|piece| piece.left.len()).sum();
        let mut body = Body::new(slot, String::with_capacity(size));
        body.of_pieces = true;
        body.left.reserve_exact(left);
        for piece in pieces {
            body.html.push_str(&piece.html);
            body.left.extend(piece.left.iter().cloned());
            if body.fault.is_none() {
                body.fault.clone_from(&piece.fault);
            }
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, links: &[Range<usize>], here: &str, expected: &str) {
        let piece = Piece { html: html.to_owned(), links: links.to_vec(), ..Piece::default() };
        assert_eq!(piece.body(0, here).html, expected);
    }

    #[test]
    fn links_to_the_page_itself_are_marked() {
        let html = "<a href=\"/a/\">A</a><a class=\"x\" href=\"/a/b/\">B</a>";
        let links = [9..12, 38..43];
        let first =
            "<a href=\"/a/\" aria-current=\"page\">A</a><a class=\"x\" href=\"/a/b/\">B</a>";
        check(html, &links, "/a/", first);
        let second =
            "<a href=\"/a/\">A</a><a class=\"x\" href=\"/a/b/\" aria-current=\"page\">B</a>";
        check(html, &links, "/a/b/", second);
        check(html, &links, "/c/", html);
    }
}
