//! Stencils: what a template made of one page of a shape, with a hole for each text.
//!
//! A template that only prints its values and asks whether they are there
//! ([`crate::theme::Theme::is_plain`]) makes the same of all pages of one shape but the texts
//! themselves, so that those need not go through it again. Each stencil is tried on the page
//! that it was made of, and kept only where it gives that page to the byte.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use tera::Value;

use super::shape::{Leaf, SIGN, Shape, Signs, next_sign};
use super::value::{self, ToValue};
use super::verify::{self, Attribute, Name};
use crate::source::TextHashes;
use crate::theme::Theme;

/// Most stencils that are kept of one template: more shapes than that would be as many as pages.
const MOST: usize = 256;

/// A finished page but for its texts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stencil {
    text: String,
    holes: Vec<Hole>,
    /// The ids that the template writes, and those of its links that the texts decide.
    own: Vec<(Name, Written)>,
}

/// The place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hole {
    /// Byte of the stencil's text.
    at: usize,
    /// Which of the shape's leaves.
    leaf: usize,
}

/// The value of an attribute.
#[derive(Debug, PartialEq, Eq)]
enum Written {
    ByTemplate(String),
    Leaf(usize),
}

impl Stencil {
    /// The stencil of what a template made of signs; nothing where an id or a link is only in
    /// part a text, or leads to a place that the template does not make.
    pub(super) fn new(marked: &str) -> Option<Self> {
        let mut stencil = Self { text: String::new(), holes: Vec::new(), own: Vec::new() };
        let attributes = verify::attributes(marked.as_bytes(), &[]);
        for attribute in &attributes {
            let is_own =
                |id: &str| attributes.iter().any(|one| one.name == Name::Id && one.value == id);
            let value = attribute.value;
            let written = match next_sign(value.as_bytes()) {
                Some((b"", leaf, b"")) if attribute.name != Name::LinkSet => Written::Leaf(leaf),
                None if attribute.name == Name::Id => Written::ByTemplate(value.to_owned()),
                None if value.strip_prefix('#').is_none_or(is_own) => continue,
                _ => return None,
            };
            stencil.own.push((attribute.name, written));
        }
        let mut rest = marked.as_bytes();
        while let Some((before, leaf, after)) = next_sign(rest) {
            stencil.text.push_str(std::str::from_utf8(before).ok()?);
            stencil.holes.push(Hole { at: stencil.text.len(), leaf });
            rest = after;
        }
        stencil.text.push_str(std::str::from_utf8(rest).ok()?);
        (!stencil.text.contains(SIGN)).then_some(stencil)
    }

    /// The stencil of what `template` of `theme` makes of `views` and `site`.
    pub(super) fn made_by(
        theme: &Theme,
        template: &str,
        views: &[(&'static str, &dyn ToValue)],
        site: Value,
    ) -> Option<Self> {
        let made_of = |mut signs: Signs| {
            let context = value::context(views, site.clone(), |view| view.to_signs(&mut signs));
            let marked = theme.piece(template, &context).ok()?;
            Self::new(std::str::from_utf8(&marked).ok()?)
        };
        // A template may walk a text by its characters: it makes less of shorter ones.
        let short = made_of(Signs::of(1))?;
        made_of(Signs::of(9)).filter(|long| *long == short)
    }

    /// The page with `leaves` in its holes.
    pub(super) fn fill(&self, leaves: &[Leaf<'_>]) -> Option<String> {
        let sizes = self.holes.iter().filter_map(|hole| leaves.get(hole.leaf)).map(Leaf::size);
        let size = self.text.len() + sizes.sum::<usize>();
        // A little for what is escaped.
        let mut page = String::with_capacity(size + size / 64);
        let mut from = 0;
        for hole in &self.holes {
            page.push_str(self.text.get(from..hole.at)?);
            leaves.get(hole.leaf)?.print(&mut page);
            from = hole.at;
        }
        page.push_str(self.text.get(from..)?);
        Some(page)
    }

    /// The ids that the template writes, the links that `leaves` decide, and what their pieces
    /// left to the page; nothing where a leaf may begin another, or is written otherwise than it is.
    pub(super) fn attributes<'a>(&'a self, leaves: &[Leaf<'a>]) -> Option<Vec<Attribute<'a>>> {
        if leaves.iter().any(Leaf::may_begin_attribute) {
            return None;
        }
        let bodies = || {
            self.holes.iter().filter_map(|hole| match leaves.get(hole.leaf) {
                Some(Leaf::Body(body)) => Some(*body),
                _ => None,
            })
        };
        let of_bodies: usize = bodies().map(|body| body.left.len()).sum();
        let mut attributes = Vec::with_capacity(self.own.len() + of_bodies);
        for (name, written) in &self.own {
            let value = match written {
                Written::ByTemplate(value) => value.as_str(),
                Written::Leaf(leaf) => leaves.get(*leaf)?.as_written()?,
            };
            attributes.push(Attribute { name: *name, value, at: 0 });
        }
        attributes.extend(bodies().flat_map(|body| verify::left(body, 0)));
        Some(attributes)
    }
}

/// The stencils of a site, by template and by the shapes of their pages.
#[derive(Debug, Default)]
pub(super) struct Stencils(RwLock<BTreeMap<&'static str, OfTemplate>>);

/// A stencil a shape, and nothing for shapes of which none can be made.
#[expect(clippy::disallowed_types, reason = "never walked")]
type OfTemplate = std::collections::HashMap<Vec<u8>, Option<Arc<Stencil>>, TextHashes>;

impl Stencils {
    /// The stencil of `shape`; nothing where none is known yet, or none can be.
    pub(super) fn get(&self, shape: &Shape<'_>) -> Option<Arc<Stencil>> {
        self.0.read().ok()?.get(shape.template)?.get(&shape.key)?.clone()
    }

    /// Keeps the stencil that `make` gives for `shape`, if it gives `page` for it.
    pub(super) fn learn(
        &self,
        shape: Shape<'_>,
        page: &[u8],
        make: impl FnOnce() -> Option<Stencil>,
    ) {
        let is_news = self.0.read().is_ok_and(|known| {
            let known = known.get(shape.template);
            known.is_none_or(|known| known.len() < MOST && !known.contains_key(&shape.key))
        });
        if is_news {
            let is_true = |one: &Stencil| {
                one.fill(&shape.leaves).is_some_and(|filled| filled.as_bytes() == page)
            };
            let stencil = make().filter(is_true).map(Arc::new);
            if let Ok(mut known) = self.0.write() {
                known.entry(shape.template).or_default().entry(shape.key).or_insert(stencil);
            }
        }
    }
}

impl<'a> Leaf<'a> {
    /// The leaf that prints `text`.
    pub(super) fn of(text: &'a str) -> Self {
        if is_bare(text) { Self::Bare(text) } else { Self::Text(text) }
    }

    fn size(&self) -> usize {
        match self {
            Self::Text(text) | Self::Bare(text) => text.len(),
            Self::Html(html) => html.as_str().len(),
            Self::Body(body) => body.html.len(),
            Self::Number(_) => 8,
        }
    }

    fn print(self, page: &mut String) {
        match self {
            Self::Bare(text) => page.push_str(text),
            Self::Text(text) => {
                let mut escaped = Vec::with_capacity(2 * text.len());
                // Writing to memory does not fail, and what is escaped stays text.
                tera::escape_html(text, &mut escaped).unwrap_or_default();
                page.push_str(std::str::from_utf8(&escaped).unwrap_or_default());
            }
            Self::Html(html) => page.push_str(html.as_str()),
            Self::Body(body) => page.push_str(&body.html),
            Self::Number(number) => page.push_str(itoa::Buffer::new().format(number)),
        }
    }

    /// Whether what may look like an id or a link begins where it ends.
    fn may_begin_attribute(&self) -> bool {
        match self {
            Self::Text(text) | Self::Bare(text) => text.ends_with('='),
            Self::Html(html) => html.as_str().ends_with('='),
            Self::Number(_) | Self::Body(_) => false,
        }
    }

    /// The text, where it is printed as it is.
    fn as_written(self) -> Option<&'a str> {
        match self {
            Self::Bare(text) => Some(text),
            _ => None,
        }
    }
}

/// Whether `text` is printed as it is, as most are.
fn is_bare(text: &str) -> bool {
    // Not by a pattern, of which the compiler makes a table to look each byte up in.
    !has_any(text, |b| (b == b'&') | (b == b'<') | (b == b'>') | (b == b'"') | (b == b'\''))
}

/// Whether a byte of `text` is `wanted`. Most texts are shorter than a search by `memchr` is worth
/// its start; sixteen bytes at a time the compiler compares at once.
fn has_any(text: &str, wanted: impl Fn(u8) -> bool) -> bool {
    let found = |bytes: &[u8]| bytes.iter().fold(false, |found, byte| found | wanted(*byte));
    let (chunks, rest) = text.as_bytes().as_chunks::<16>();
    let in_chunks = chunks.iter().any(|chunk| found(chunk));
    // Of a longer text the last sixteen bytes are looked at again rather than its rest by bytes.
    in_chunks || text.as_bytes().last_chunk::<16>().map_or_else(|| found(rest), |last| found(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::value::Html;

    #[test]
    fn texts_are_escaped_as_tera_does() {
        let text: String = (' '..='\u{ff}').collect();
        let mut context = tera::Context::new();
        context.insert("text", &text);
        let mut tera = tera::Tera::default();
        tera.add_raw_template("x.html", "{{ text }}").unwrap();
        let mut page = String::new();
        Leaf::of(&text).print(&mut page);
        assert_eq!(page, tera.render("x.html", &context).unwrap());
    }

    #[track_caller]
    fn check(marked: &str, leaves: &[Leaf<'_>], expected: Option<&str>) {
        let filled = Stencil::new(marked).and_then(|stencil| stencil.fill(leaves));
        assert_eq!(filled.as_deref(), expected);
    }

    #[test]
    fn holes_are_filled() {
        let html = Html::bare("<b>".to_owned());
        let leaves = [Leaf::of("a & b"), Leaf::Html(&html), Leaf::Number(12)];
        check(
            "<p>\x000\0, \x001\0\x002\0</p>\x000\0",
            &leaves,
            Some("<p>a &amp; b, <b>12</p>a &amp; b"),
        );
        check("no holes", &[], Some("no holes"));
        check("\x009\0", &leaves, None);
    }

    #[test]
    fn what_is_only_in_part_a_text_has_no_stencil() {
        check("<a href=\"\x000\0\">", &[Leaf::of("/x/")], Some("<a href=\"/x/\">"));
        check("<a href=\"/x/\x000\0\">", &[Leaf::of("y")], None);
        check("<p id=\"p\x000\0\">", &[Leaf::Number(1)], None);
        check("<a href=\"#x\">", &[], None);
        check("<a href=\"#x\"><p id=\"x\">", &[], Some("<a href=\"#x\"><p id=\"x\">"));
        check("a \0 b", &[], None);
    }
}
