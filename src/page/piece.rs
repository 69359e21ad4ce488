//! Pieces of pages that several pages show: rendered and looked through once.

use std::sync::Arc;

use tera::Context;

use super::body::Body;
use super::value::ToValue;
use super::verify::{self, Left};
use super::view::Views;
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
    pub(super) fn body(&self, slot: usize, here: Option<&str>) -> Body {
        let mut body = Body::new(slot, String::with_capacity(self.html.len() + 64));
        self.add_to(&mut body);
        if let Some(here) = here {
            body.html = marked(body.html, here);
        }
        body
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

/// `html` with `aria-current="page"` at each link to `here`.
fn marked(html: String, here: &str) -> String {
    let mut link = " href=\"".to_owned();
    html_escape_attribute(&mut link, here);
    link.push('"');
    if !html.contains(&link) {
        return html;
    }
    html.replace(&link, &format!("{link} aria-current=\"page\""))
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn links_to_the_page_itself_are_marked() {
        let html = "<a href=\"/a/\">A</a><a class=\"x\" href=\"/a/b/\">B</a>";
        let expected = "<a href=\"/a/\" aria-current=\"page\">A</a><a class=\"x\" href=\"/a/b/\">B</a>";
        assert_eq!(marked(html.to_owned(), "/a/"), expected);
        assert_eq!(marked(html.to_owned(), "/c/"), html);
    }
}
