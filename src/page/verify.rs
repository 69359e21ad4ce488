//! Finished pages: no id stands twice in one, and no link of one leads nowhere, whatever a theme
//! writes.
//!
//! What Agon itself puts into a page is sound by construction: the links of articles were
//! resolved, their ids made unique and given a prefix where two articles meet. So only what
//! templates wrote around that is read here, and of that only the attributes. Reading every
//! byte with a parser of HTML would cost more than all the rest of a build.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem};

use super::Content;
use super::view::Views;
use crate::article::PAGE_IDS;
use crate::diagnostic::{Code, Diagnostic};
use crate::site::claim::Output;
use crate::site::route::Route;
use crate::site::settings::BaseUrl;
use crate::site::url::{decoded, has_scheme};
use crate::theme::Theme;

/// A page as its template made it.
#[derive(Clone, Copy)]
pub(super) struct Finished<'a> {
    pub route: &'a Route,
    pub template: &'static str,
    pub content: &'a Content,
    pub bytes: &'a [u8],
}

/// An attribute that a template wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Attribute<'a> {
    name: Name,
    value: &'a str,
    /// Byte of the page.
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Id,
    Link,
    /// Several URLs with their sizes.
    LinkSet,
}

/// What is wrong with one attribute.
struct Fault<'a> {
    attribute: Attribute<'a>,
    code: Code,
    what: String,
}

/// Everything that is wrong with a page, as one diagnostic.
pub(super) fn fault(
    views: &Views<'_>,
    theme: &Theme,
    finished: Finished<'_>,
) -> Option<Box<Diagnostic>> {
    let bodies = bodies(finished);
    let attributes = attributes(finished.bytes, &bodies);
    let mut faults = twice(finished.bytes, &bodies, &attributes);
    for attribute in &attributes {
        for link in attribute.links() {
            if let Some((code, what)) = dead(views, finished, &attributes, link) {
                faults.push(Fault {
                    attribute: Attribute { value: link, ..*attribute },
                    code,
                    what,
                });
            }
        }
    }
    if faults.is_empty() {
        return None;
    }
    // Most rarely: what looked like an attribute may stand in a script, a style or a comment.
    let code = code(finished.bytes);
    faults.retain(|fault| !code.iter().any(|range| range.contains(&fault.attribute.at)));
    told(theme, finished, &faults).map(Box::new)
}

fn told(theme: &Theme, finished: Finished<'_>, faults: &[Fault<'_>]) -> Option<Diagnostic> {
    let (first, others) = faults.split_first()?;
    let message = format!("the template `{}` {}", finished.template, first.what);
    let mut diagnostic = Diagnostic::global(first.code, message);
    diagnostic.place = theme.place_of(first.attribute.value);
    for other in others {
        diagnostic = diagnostic.help(format!("also, it {}", other.what));
    }
    Some(diagnostic.help(format!("found on the page {}", finished.route.path())))
}

impl<'a> Attribute<'a> {
    /// The URLs in it.
    fn links(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (one, set) = match self.name {
            Name::Id => (None, ""),
            Name::Link => (Some(self.value), ""),
            Name::LinkSet => (None, self.value),
        };
        let set = set.split(',').filter_map(|candidate| candidate.split_whitespace().next());
        one.into_iter().chain(set)
    }
}

/// Where on the page the HTML stands that Agon made, by place.
fn bodies(finished: Finished<'_>) -> Vec<Range<usize>> {
    let mut made: Vec<&str> = Vec::new();
    match finished.content {
        Content::Debate { debate, parent, reply } => {
            made.extend(debate.standing.iter().map(|standing| standing.ledger.0.as_str()));
            let cells = parent.cells.iter().chain(&reply.cells);
            made.extend(cells.map(|cell| cell.html.0.as_str()));
        }
        Content::Alone { article } => made.push(&article.html.0),
        Content::Home { home } => made.extend(home.intro.iter().map(|intro| intro.0.as_str())),
        _ => {}
    }
    let mut bodies: Vec<Range<usize>> = Vec::with_capacity(made.len());
    let mut from = 0;
    for body in made.into_iter().map(str::as_bytes).filter(|body| !body.is_empty()) {
        let found = find(finished.bytes, body, from).or_else(|| find(finished.bytes, body, 0));
        if let Some(start) = found {
            from = start + body.len();
            bodies.push(start..from);
        }
    }
    bodies.sort_by_key(|body| body.start);
    bodies
}

/// How many bytes of a body are searched for: enough to be rare, few enough to be quick.
const HEAD: usize = 64;

/// How far behind the end of one body the next one mostly begins, in bytes.
const NEAR: usize = 512;

fn find(bytes: &[u8], body: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let (first, near) = (*body.first()?, rest.get(..rest.len().min(NEAR))?);
    let begins = |&at: &usize| rest.get(at..).is_some_and(|rest| rest.starts_with(body));
    if let Some(near) = memchr_iter(first, near).find(begins) {
        return Some(from + near);
    }
    let head = body.get(..body.len().min(HEAD))?;
    let start = memmem::find(rest, head).filter(begins)?;
    Some(from + start)
}

/// The ids and links between `bodies`.
fn attributes<'a>(bytes: &'a [u8], bodies: &[Range<usize>]) -> Vec<Attribute<'a>> {
    let mut attributes = Vec::new();
    let mut from = 0;
    let end = bytes.len()..bytes.len();
    for body in bodies.iter().chain(std::iter::once(&end)) {
        let shell = bytes.get(from..body.start).unwrap_or_default();
        let found = memchr_iter(b'=', shell).filter_map(|sign| attribute(bytes, from + sign));
        attributes.extend(found);
        from = from.max(body.end);
    }
    attributes
}

/// The attribute whose `=` stands at `sign`, if it is one of those that count.
fn attribute(bytes: &[u8], sign: usize) -> Option<Attribute<'_>> {
    let before = bytes.get(..sign)?;
    // The last letter tells most other attributes from these.
    let (name, text): (Name, &[u8]) = match before.last()? {
        b'd' => (Name::Id, b"id"),
        b'f' => (Name::Link, b"href"),
        b'c' => (Name::Link, b"src"),
        b'r' => (Name::Link, b"poster"),
        b't' => (Name::LinkSet, b"srcset"),
        _ => return None,
    };
    let space = before.strip_suffix(text)?.last()?;
    if !space.is_ascii_whitespace() {
        return None;
    }
    let quote = *bytes.get(sign + 1).filter(|quote| matches!(quote, b'"' | b'\''))?;
    let rest = bytes.get(sign + 2..)?;
    let value = rest.get(..memchr(quote, rest)?)?;
    Some(Attribute { name, value: std::str::from_utf8(value).ok()?, at: sign + 2 })
}

/// Ids that stand twice: two of the template, or one that an article has as well.
fn twice<'a>(
    bytes: &[u8],
    bodies: &[Range<usize>],
    attributes: &[Attribute<'a>],
) -> Vec<Fault<'a>> {
    let ids = || attributes.iter().filter(|one| one.name == Name::Id);
    let mut faults = Vec::new();
    for (count, id) in ids().enumerate() {
        let before = ids().take(count).any(|other| other.value == id.value);
        let in_article = || {
            let wanted = format!(" id=\"{}\"", id.value);
            let mut bodies = bodies.iter().filter_map(|body| bytes.get(body.clone()));
            bodies.any(|body| memmem::find(body, wanted.as_bytes()).is_some())
        };
        let what = if before {
            format!("writes the id `{}` twice", id.value)
        } else if !PAGE_IDS.contains(&id.value) && in_article() {
            format!("writes the id `{}`, which the article has as well", id.value)
        } else {
            continue;
        };
        faults.push(Fault { attribute: *id, code: Code::DuplicateId, what });
    }
    faults
}

/// Why a link leads nowhere, if it does. `own` are the ids and links of the template.
fn dead(
    views: &Views<'_>,
    finished: Finished<'_>,
    own: &[Attribute<'_>],
    written: &str,
) -> Option<(Code, String)> {
    let link = own_path(views, written)?;
    let (link, fragment) = link.split_once('#').unwrap_or((link, ""));
    let path = link.split('?').next().unwrap_or_default();
    if path.is_empty() {
        let is_own = || own.iter().any(|one| one.name == Name::Id && one.value == fragment);
        let is_here = fragment.is_empty()
            || (link.is_empty() && (is_own() || has_id(finished.bytes, fragment)));
        return (!is_here).then(|| {
            let what = format!("links to `{written}`, which is nowhere on the page");
            (Code::DeadFragment, what)
        });
    }
    if !path.starts_with('/') {
        let what = format!("links to `{written}`, which each page takes for a path below its own");
        return Some((Code::DeadLink, what));
    }
    if !views.shared.has_url(views, path) {
        return Some((Code::DeadLink, format!("links to `{written}`, which does not exist")));
    }
    let is_there = fragment.is_empty() || is_of_agon(fragment) || {
        let look = || elsewhere(views, path, fragment);
        views.shared.has_fragment(&format!("{path}#{fragment}"), look)
    };
    (!is_there).then(|| {
        let what = format!("links to `{written}`, and that page has no `#{fragment}`");
        (Code::DeadFragment, what)
    })
}

/// Whether an id is one of those that Agon makes, and so knows where they are: ¶, passages,
/// answers.
fn is_of_agon(fragment: &str) -> bool {
    let is_paragraph = fragment
        .strip_prefix('p')
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    is_paragraph || fragment.starts_with("q-") || fragment.starts_with("a-")
}

/// Whether the page at `path` has the id, which only rendering it can tell.
fn elsewhere(views: &Views<'_>, path: &str, fragment: &str) -> bool {
    let base = views.snapshot.site.base_url.as_ref().map_or("", BaseUrl::path);
    let path = path.strip_prefix(base).and_then(decoded).unwrap_or_default();
    let Some(Output::Page(route)) = views.snapshot.site.outputs.at(&path) else { return true };
    let Some((page, theme)) =
        super::compose(views.snapshot, views.shared, route).zip(views.snapshot.theme.as_ref())
    else {
        return true;
    };
    // A page that cannot be rendered is told of where its turn comes.
    let rendered = theme.render(page.template, &page.context(views.shared), &route.path());
    rendered.map_or(true, |bytes| has_id(&bytes, fragment))
}

/// The root-relative URL of a link, or what it is written with; nothing for one that leads
/// to another site.
fn own_path<'a>(views: &Views<'_>, written: &'a str) -> Option<&'a str> {
    if let Some(base) = &views.snapshot.site.base_url
        && let Some(path) = written.strip_prefix(base.origin())
        && path.starts_with('/')
    {
        return Some(path);
    }
    (!has_scheme(written) && !written.starts_with("//")).then_some(written)
}

fn has_id(bytes: &[u8], fragment: &str) -> bool {
    let decoded = decoded(fragment).unwrap_or_default();
    let wanted = format!(" id=\"{decoded}\"");
    fragment == "top" || memmem::find(bytes, wanted.as_bytes()).is_some()
}

/// Scripts, styles and comments, whose text is no markup.
fn code(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut code = Vec::new();
    let mut from = 0;
    while let Some(start) = bytes.get(from..).and_then(|rest| memchr(b'<', rest)) {
        let start = from + start;
        let rest = bytes.get(start..).unwrap_or_default();
        let end: &[u8] = match rest {
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b's', b'c', b'r', b'i', b'p', b't', ..] => b"</script",
            [b'<', b's', b't', b'y', b'l', b'e', ..] => b"</style",
            _ => {
                from = start + 1;
                continue;
            }
        };
        // The tag itself has attributes that count.
        let inner = start + memchr(b'>', rest).map_or(rest.len(), |at| at + 1);
        let inner = if end == b"-->" { start } else { inner };
        let text = bytes.get(inner..).unwrap_or_default();
        from = inner + memmem::find(text, end).unwrap_or(text.len()) + 1;
        code.push(inner..from);
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, bodies: &[&str], expected: &[(Name, &str)]) {
        let bytes = html.as_bytes();
        let ranges: Vec<Range<usize>> = bodies
            .iter()
            .filter_map(|body| {
                let start = find(bytes, body.as_bytes(), 0)?;
                Some(start..start + body.len())
            })
            .collect();
        let found = attributes(bytes, &ranges);
        let found: Vec<(Name, &str)> = found.iter().map(|one| (one.name, one.value)).collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn ids_and_links_are_found_between_bodies() {
        check("<a href=\"/x/\" id='y'>", &[], &[(Name::Link, "/x/"), (Name::Id, "y")]);
        check(
            "<p id=\"a\"><i id=\"b\"></i><p id=\"c\">",
            &["<i id=\"b\"></i>"],
            &[(Name::Id, "a"), (Name::Id, "c")],
        );
        check(
            "<img\nsrcset=\"a.png 1x, b.png 2x\">",
            &[],
            &[(Name::LinkSet, "a.png 1x, b.png 2x")],
        );
    }

    #[test]
    fn what_is_no_attribute_is_none() {
        check("<meta content=\"width=device-width\" data-id=\"x\" xhref=\"y\">", &[], &[]);
        check("a href=x id=", &[], &[]);
        check("<a href=\"never ends", &[], &[]);
    }

    #[test]
    fn scripts_styles_and_comments_are_code() {
        let html = b"<script src=\"/s.js\">a id=\"x\"</script><!-- id=\"y\" --><p id=\"z\">";
        let code = code(html);
        let inside: Vec<&str> = attributes(html, &[])
            .iter()
            .filter(|one| code.iter().any(|range| range.contains(&one.at)))
            .map(|one| one.value)
            .collect();
        assert_eq!(inside, ["x", "y"]);
    }
}
