//! Finished pages: no id stands twice in one, and no link of one leads nowhere, whatever a theme
//! writes.
//!
//! What Agon itself puts into a page is sound by construction: the links of articles were
//! resolved, their ids made unique and given a prefix where two articles meet. So only what
//! templates wrote around that is read here, and of that only the attributes. Reading every
//! byte with a parser of HTML would cost more than all the rest of a build.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use memchr::memmem::{self, Finder};
use memchr::{memchr, memrchr2};

use super::body::Body;
use super::view::Views;
use crate::article::{PAGE_IDS, srcset};
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
    /// Its URL, with the path of the base URL.
    pub url: &'a str,
    pub template: &'static str,
    pub bytes: &'a [u8],
    /// Where the HTML stands that Agon made, or looked through before, by place.
    pub bodies: &'a [(Range<usize>, &'a Body)],
}

/// An attribute of a piece that only the page can judge on which the piece stands: an id, a link
/// to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    name: Name,
    value: String,
}

/// An attribute that a template wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub name: Name,
    pub value: &'a str,
    /// Byte of the page.
    pub at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Id,
    Link,
    /// Several URLs with their sizes.
    LinkSet,
}

/// What is wrong with one attribute.
pub(super) struct Fault<'a> {
    attribute: Attribute<'a>,
    code: Code,
    what: String,
}

/// Everything that is wrong with a page, as one diagnostic; `of_pieces` is what is wrong with its
/// pieces.
pub(super) fn fault(
    views: &Views<'_>,
    theme: &Theme,
    finished: Finished<'_>,
    of_pieces: Option<Arc<Diagnostic>>,
) -> Option<Box<Diagnostic>> {
    let attributes = attributes(finished.bytes, finished.bodies);
    let faults = faults(views, finished, &attributes);
    let found = told(theme, finished.template, finished.bytes, faults);
    let found = found.or_else(|| of_pieces.map(|fault| (*fault).clone()));
    Some(Box::new(found?.help(format!("found on the page {}", finished.route.path()))))
}

/// What is wrong with the ids and links `attributes` of a page.
pub(super) fn faults<'a>(
    views: &Views<'_>,
    finished: Finished<'_>,
    attributes: &[Attribute<'a>],
) -> Vec<Fault<'a>> {
    let mut faults = twice(finished, attributes);
    for attribute in attributes {
        attribute.each_link(|link| {
            if let Some((code, what)) = dead(views, finished, attributes, link.value) {
                faults.push(Fault { attribute: link, code, what });
            }
        });
    }
    faults
}

/// A piece of pages, looked through.
pub(super) struct Looked {
    /// What only the pages can judge.
    pub left: Vec<Left>,
    /// What is wrong with it anywhere.
    pub fault: Option<Diagnostic>,
}

/// Looks through a piece of pages, made by `template`, whose ids and links are `attributes`.
pub(super) fn piece(
    views: &Views<'_>,
    theme: &Theme,
    (template, bytes): (&'static str, &[u8]),
    attributes: &[Attribute<'_>],
) -> Looked {
    let (mut left, mut faults) = (Vec::with_capacity(1), Vec::new());
    for attribute in attributes {
        if attribute.is_left() {
            left.push(Left { name: attribute.name, value: attribute.value.to_owned() });
            continue;
        }
        attribute.each_link(|link| {
            let path = own_path(views, link.value).map(|path| cut(cut(path, b'#').0, b'?').0);
            if let Some((code, what)) = path.and_then(|path| nowhere(views, path, link.value)) {
                faults.push(Fault { attribute: link, code, what });
            }
        });
    }
    Looked { left, fault: told(theme, template, bytes, faults) }
}

/// Where a piece whose attributes are `attributes` links elsewhere, in bytes, by place.
pub(super) fn links(attributes: &[Attribute<'_>]) -> Vec<Range<usize>> {
    let links = attributes.iter().filter(|one| one.name == Name::Link && !one.is_left());
    let mut links: Vec<_> = links.map(|link| link.at..link.at + link.value.len()).collect();
    links.sort_by_key(|link| link.start);
    links
}

/// Whether a link leads to a place that only the page can tell of: one of its own, or one of
/// another that is not Agon's.
fn is_of_page(link: &str) -> bool {
    memchr(b'#', link.as_bytes()).is_some_and(|at| {
        at == 0 || link.get(at + 1..).is_none_or(|fragment| !is_of_agon(fragment))
    })
}

fn told(
    theme: &Theme,
    template: &'static str,
    bytes: &[u8],
    mut faults: Vec<Fault<'_>>,
) -> Option<Diagnostic> {
    if !faults.is_empty() {
        // Most rarely: what looked like an attribute may stand in a script, a style or a comment.
        let code = code(bytes);
        faults.retain(|fault| !code.iter().any(|range| range.contains(&fault.attribute.at)));
        faults.sort_by_key(|fault| fault.attribute.at);
    }
    let (first, others) = faults.split_first()?;
    let message = format!("the template `{template}` {}", first.what);
    let mut diagnostic = Diagnostic::global(first.code, message);
    diagnostic.place = theme.place_of(first.attribute.value);
    for other in others {
        diagnostic = diagnostic.help(format!("also, it {}", other.what));
    }
    Some(diagnostic)
}

impl<'a> Attribute<'a> {
    /// Whether only the page can judge it on which its piece stands.
    fn is_left(&self) -> bool {
        self.name == Name::Id || is_of_page(self.value)
    }

    /// Gives `each` the URLs in it, each as if it stood there alone.
    fn each_link(&self, mut each: impl FnMut(Self)) {
        match self.name {
            Name::Id => {}
            Name::Link => each(*self),
            Name::LinkSet => {
                let urls = srcset(self.value).into_iter().filter_map(|url| self.value.get(url));
                urls.for_each(|value| each(Self { name: Name::Link, value, at: self.at }));
            }
        }
    }
}

/// The attributes that count, each as it is searched for.
static WANTED: LazyLock<[(Name, Finder<'static>); 5]> = LazyLock::new(|| {
    [
        (Name::Id, "id="),
        (Name::Link, "href="),
        (Name::Link, "src="),
        (Name::Link, "poster="),
        (Name::LinkSet, "srcset="),
    ]
    .map(|(name, text)| (name, Finder::new(text)))
});

/// The ids and links between `bodies`, and those that their pieces left to the page; the ids in
/// their order.
pub(super) fn attributes<'a>(
    bytes: &'a [u8],
    bodies: &[(Range<usize>, &'a Body)],
) -> Vec<Attribute<'a>> {
    let mut attributes = Vec::with_capacity(64);
    let mut from = 0;
    let end = bytes.len()..bytes.len();
    for body in bodies.iter().map(|(body, _)| body).chain(std::iter::once(&end)) {
        let shell = bytes.get(from..body.start).unwrap_or_default();
        for (name, finder) in &*WANTED {
            let ends = finder.find_iter(shell).map(|at| (at, at + finder.needle().len()));
            attributes.extend(ends.filter_map(|place| attribute(*name, shell, from, place)));
        }
        from = body.end;
    }
    attributes.extend(bodies.iter().flat_map(|(place, body)| left(body, place.start)));
    attributes
}

/// What the pieces of `body`, which begins at `at`, left to the page.
pub(super) fn left(body: &Body, at: usize) -> impl Iterator<Item = Attribute<'_>> {
    body.left.iter().map(move |left| Attribute { name: left.name, value: &left.value, at })
}

/// The attribute whose name and `=` stand at `start..end` of `shell`, which begins at `from`.
fn attribute(
    name: Name,
    shell: &[u8],
    from: usize,
    (start, end): (usize, usize),
) -> Option<Attribute<'_>> {
    let is_whole = shell.get(start.checked_sub(1)?)?.is_ascii_whitespace();
    let quote = *shell.get(end).filter(|quote| is_whole && matches!(quote, b'"' | b'\''))?;
    let rest = shell.get(end + 1..)?;
    // A text that ends in `href=` stands before a quotation mark that is no value's.
    let value = rest.get(..memchr(quote, rest)?).filter(|value| !value.contains(&b'<'))?;
    Some(Attribute { name, value: std::str::from_utf8(value).ok()?, at: from + end + 1 })
}

/// Ids that stand twice: two of the template, or one that an article has as well.
fn twice<'a>(finished: Finished<'_>, attributes: &[Attribute<'a>]) -> Vec<Fault<'a>> {
    let ids = || attributes.iter().filter(|one| one.name == Name::Id);
    let mut faults = Vec::new();
    for (count, id) in ids().enumerate() {
        let before = ids().take(count).any(|other| other.value == id.value);
        let in_article = || {
            let mut articles = finished.bodies.iter().filter(|(_, body)| !body.of_pieces);
            articles.any(|(_, body)| is_written(body.html.as_bytes(), id.value))
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
    let (link, fragment) = cut(link, b'#');
    let (path, _) = cut(link, b'?');
    if path.is_empty() {
        let is_own = || own.iter().any(|one| one.name == Name::Id && one.value == fragment);
        let is_here = fragment.is_empty()
            || (link.is_empty() && (is_own() || has_id(finished.bytes, fragment)));
        return (!is_here).then(|| {
            let what = format!("links to `{written}`, which is nowhere on the page");
            (Code::DeadFragment, what)
        });
    }
    if path == finished.url && fragment.is_empty() {
        return None;
    }
    if let Some(fault) = nowhere(views, path, written) {
        return Some(fault);
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

/// What stands before the first `sign` in `text`, and after it.
fn cut(text: &str, sign: u8) -> (&str, &str) {
    let at = memchr(sign, text.as_bytes());
    at.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))).unwrap_or((text, ""))
}

/// Why nothing stands at `path`, if nothing does; it has neither query nor fragment.
fn nowhere(views: &Views<'_>, path: &str, written: &str) -> Option<(Code, String)> {
    let what = if path.is_empty() || views.shared.has_url(views, path) {
        return None;
    } else if path.starts_with('/') {
        "does not exist"
    } else {
        "each page takes for a path below its own"
    };
    Some((Code::DeadLink, format!("links to `{written}`, which {what}")))
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
    let mut bodies = page.content.bodies().into_iter();
    // A page that cannot be rendered is told of where its turn comes.
    let shell = || theme.render(page.template, &page.context(views.shared), &route.path());
    bodies.any(|body| has_id(body.html.as_bytes(), fragment))
        || shell().map_or(true, |bytes| has_id(&bytes, fragment))
}

/// The root-relative URL of a link, or what it is written with; nothing for one that leads
/// to another site.
pub(super) fn own_path<'a>(views: &Views<'_>, written: &'a str) -> Option<&'a str> {
    if written.starts_with('/') && !written.starts_with("//") {
        return Some(written);
    }
    if let Some(base) = &views.snapshot.site.base_url
        && let Some(path) = written.strip_prefix(base.origin())
        && path.starts_with('/')
    {
        return Some(path);
    }
    (!written.starts_with("//") && !has_scheme(written)).then_some(written)
}

fn has_id(bytes: &[u8], fragment: &str) -> bool {
    fragment == "top" || is_written(bytes, &decoded(fragment).unwrap_or_default())
}

/// Whether something has the id, as Agon writes it; text that only shows one stands in no tag.
fn is_written(bytes: &[u8], id: &str) -> bool {
    let written = [" id=\"", id, "\""].concat();
    let mut places = memmem::find_iter(bytes, written.as_bytes());
    places.any(|at| bytes.get(..at).is_some_and(ends_in_tag))
}

/// Whether HTML that begins so stands in a tag there.
pub(super) fn ends_in_tag(html: &[u8]) -> bool {
    memrchr2(b'<', b'>', html).and_then(|last| html.get(last)) == Some(&b'<')
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
    fn check(html: &str, body: Option<&str>, expected: &[(Name, &str)]) {
        let made = Body::default();
        let place = body.and_then(|body| Some((html.find(body)?, body.len())));
        let bodies: Vec<(Range<usize>, &Body)> =
            place.into_iter().map(|(start, size)| (start..start + size, &made)).collect();
        let mut found = attributes(html.as_bytes(), &bodies);
        found.sort_by_key(|one| one.at);
        let found: Vec<(Name, &str)> = found.iter().map(|one| (one.name, one.value)).collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn ids_and_links_are_found_between_bodies() {
        check("<a href=\"/x/\" id='y'>", None, &[(Name::Link, "/x/"), (Name::Id, "y")]);
        check(
            "<p id=\"a\"><i id=\"b\"></i><p id=\"c\">",
            Some("<i id=\"b\"></i>"),
            &[(Name::Id, "a"), (Name::Id, "c")],
        );
        check(
            "<img\nsrcset=\"a.png 1x, b.png 2x\">",
            None,
            &[(Name::LinkSet, "a.png 1x, b.png 2x")],
        );
    }

    #[test]
    fn what_is_no_attribute_is_none() {
        check("<meta content=\"width=device-width\" data-id=\"x\" xhref=\"y\">", None, &[]);
        check("a href=x id=", None, &[]);
        check("<a href=\"never ends", None, &[]);
    }

    #[test]
    fn an_id_that_is_shown_is_not_written() {
        let html = b"<p>&lt;i id=\"shown\"&gt; <b class=\"x\" id=\"written\">id</b></p>";
        assert!(is_written(html, "written") && !is_written(html, "shown"));
        assert!(has_id(html, "written") && !has_id(html, "shown"));
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
