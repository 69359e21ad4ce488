//! Outward links: whether what stands at the other end still does.
//!
//! Asked only by `check --external`, for it takes time and depends on the moment; never by a
//! build. Each address is asked once however often it is linked, and not again for a day.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "an edge: it may touch the world"
)]

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::site::Site;
use crate::site::link::Target;
use crate::source::Span;

mod address;
#[cfg(feature = "external")]
mod cache;
#[cfg(feature = "external")]
mod client;
#[cfg(feature = "external")]
mod queue;
#[cfg(feature = "external")]
mod verdict;

/// An address outside the site, and all places that link to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address without a fragment, as it is asked for.
    pub url: String,
    /// Where it is linked, by file and place.
    pub places: Vec<Span>,
}

/// What asking depends on.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The folder of the site, in which answers are kept for a day.
    pub root: &'a Path,
    /// The moment from which a day is counted.
    pub now: Timestamp,
}

/// The outward links of everything published that the site's settings do not leave out, by
/// address.
#[must_use]
pub fn links(site: &Site) -> Vec<Link> {
    let mut places: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for published in &site.articles {
        let article = &published.article.value;
        let links = article.document.links.iter().zip(&published.targets);
        for (link, _) in links.filter(|(_, target)| **target == Target::Outward) {
            if let Some(url) = address::of(&link.destination)
                && site.settings.check_external.includes(&url)
            {
                let place = Span::new(&article.source.path, link.bytes.clone());
                places.entry(url).or_default().push(place);
            }
        }
    }
    places.into_iter().map(|(url, places)| Link { url, places }).collect()
}

/// Asks each of `links`; gives a line on what became of them, and what is wrong.
#[cfg(feature = "external")]
#[must_use]
pub fn ask(links: &[Link], asking: &Asking<'_>) -> Checked<Option<String>> {
    let mut cache = cache::Cache::read(asking);
    let known = links.iter().filter(|link| cache.get(&link.url).is_some()).count();
    let unknown: Vec<&str> =
        links.iter().map(|link| link.url.as_str()).filter(|url| cache.get(url).is_none()).collect();
    let asked = queue::ask_all(&unknown);
    let mut found = Vec::new();
    let mut counts = verdict::Counts::of(known);
    for link in links {
        let verdict = asked.get(&link.url).or_else(|| cache.get(&link.url));
        if let Some(verdict) = verdict {
            counts.count(verdict);
            found.extend(verdict.diagnostic(link));
        }
    }
    cache.extend(asked);
    found.extend(cache.write(asking).err().map(|error| not_kept(&error)));
    Checked { value: Some(counts.line()), found }
}

#[cfg(feature = "external")]
fn not_kept(error: &std::io::Error) -> Diagnostic {
    let message = format!("the answers of other sites could not be kept in `.agon-cache`: {error}");
    Diagnostic::note(Code::Unwritable, None, message)
}

/// Says that this program cannot ask.
#[cfg(not(feature = "external"))]
#[must_use]
pub fn ask(_links: &[Link], _asking: &Asking<'_>) -> Checked<Option<String>> {
    let message = "this `agon` was built without `--external`";
    let fault = Diagnostic::global(Code::NotBuiltIn, message)
        .help("cargo install agon --features external");
    Checked { value: None, found: vec![fault] }
}
