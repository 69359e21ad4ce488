//! HTML that is put into a page after its template has run.
//!
//! Most of a page is the text of its articles. A template prints a short sign where it goes, so
//! that it is copied once and not into a value, out of it and through an escape; and what stands
//! between these bodies is known to be the template's.

use std::ops::Range;
use std::sync::Arc;

use tera::Value;

use super::shape::{self, Leaf, SIGN, Shape, Signs, next_sign};
use super::value::ToValue;
use super::verify::Left;
use crate::diagnostic::Diagnostic;

/// HTML that a template can print, once, and nothing else: it sees a sign in its place.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The HTML.
    pub html: String,
    /// Its number; no other body of the page has it.
    pub slot: usize,
    /// Whether it is made of pieces, which were looked through.
    pub(super) of_pieces: bool,
    /// Ids and links of them that only the page can judge.
    pub(super) left: Vec<Left>,
    /// What is wrong with a piece in it.
    pub(super) fault: Option<Arc<Diagnostic>>,
}

/// The numbers of the bodies of each kind of page.
pub(crate) mod slot {
    /// The article of a page that has one.
    pub(crate) const ARTICLE: usize = 0;
    /// The left column.
    pub(crate) const PARENT: usize = 0;
    /// The right column.
    pub(crate) const REPLY: usize = 1;
    /// The tabs above both.
    pub(crate) const TABS: usize = 2;
    /// The rows of a flow sheet.
    pub(crate) const ROWS: usize = 0;
    /// The facets of a list.
    pub(crate) const FACETS: usize = 0;
    /// The first of several of a kind: ledgers, years.
    pub(crate) const FIRST: usize = 3;
}

impl Body {
    /// The body with the number `slot`.
    #[must_use]
    pub fn new(slot: usize, html: String) -> Self {
        Self { html, slot, ..Self::default() }
    }
}

impl ToValue for Body {
    fn to_value(&self) -> Value {
        if self.html.is_empty() { Value::safe_string("") } else { shape::sign(self.slot, 1) }
    }

    fn to_signs(&self, signs: &mut Signs) -> Value {
        signs.of_text(&self.html)
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.leaf(Leaf::Body(self));
    }
}

/// A page with its bodies put in.
pub(super) struct Assembled<'a> {
    pub bytes: Vec<u8>,
    /// Where each body stands that was printed, by place.
    pub bodies: Vec<(Range<usize>, &'a Body)>,
    /// Whether the template printed a sign otherwise than it is, or an article twice.
    pub is_broken: bool,
}

/// Puts `bodies` where the template printed their signs into `shell`.
pub(super) fn assemble<'a>(shell: &[u8], bodies: &[&'a Body]) -> Assembled<'a> {
    let size = shell.len() + bodies.iter().map(|body| body.html.len()).sum::<usize>();
    let mut page = Assembled {
        bytes: Vec::with_capacity(size),
        bodies: Vec::with_capacity(bodies.len()),
        is_broken: false,
    };
    let mut rest = shell;
    while let Some((before, slot, after)) = next_sign(rest) {
        let Some(body) = bodies.iter().find(|body| body.slot == slot) else { break };
        page.bytes.extend_from_slice(before);
        let start = page.bytes.len();
        page.bytes.extend_from_slice(body.html.as_bytes());
        page.is_broken |= !body.of_pieces && page.bodies.iter().any(|(_, one)| one.slot == slot);
        page.bodies.push((start..page.bytes.len(), body));
        rest = after;
    }
    page.bytes.extend_from_slice(rest);
    page.is_broken |= rest.contains(&(SIGN as u8));
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shell: &str, bodies: &[(usize, &str)], expected: &str, places: &[Range<usize>]) {
        let bodies: Vec<Body> =
            bodies.iter().map(|(slot, html)| Body::new(*slot, (*html).to_owned())).collect();
        let bodies: Vec<&Body> = bodies.iter().collect();
        let page = assemble(shell.as_bytes(), &bodies);
        assert_eq!(String::from_utf8(page.bytes).unwrap(), expected);
        let found: Vec<Range<usize>> = page.bodies.into_iter().map(|(place, _)| place).collect();
        assert_eq!(found, places);
    }

    #[test]
    fn bodies_stand_where_their_signs_were_printed() {
        check("<p>\0", &[], "<p>\0", &[]);
        check("<p>\x001\0</p>\x000\0", &[(0, "nil"), (1, "one")], "<p>one</p>nil", &[3..6, 10..13]);
        check("no signs", &[(0, "x")], "no signs", &[]);
        check("\x007\0", &[(0, "x")], "\x007\0", &[]);
    }

    #[test]
    fn a_body_is_printed_by_its_sign_and_an_empty_one_by_nothing() {
        assert_eq!(Body::new(3, "x".to_owned()).to_value().as_str(), Some("\x003\0"));
        assert_eq!(Body::default().to_value().as_str(), Some(""));
    }
}
