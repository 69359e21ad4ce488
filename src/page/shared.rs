//! What pages have in common, made once for a snapshot.

use std::sync::OnceLock;

use tera::Value;

use super::context::{DateView, LinkView, MarkView};
use super::list::{self, EntryView, FacetView};
use super::value::{Made, ToValue as _};
use super::view::Views;
use crate::site::ArticleIndex;
use crate::site::snapshot::Snapshot;

/// What all pages share. What belongs to one article is made when a page first asks for it, so
/// that a single page costs nothing for all the others.
#[derive(Debug)]
pub struct Shared {
    site: Value,
    facets: Made<Vec<FacetView>>,
    articles: Vec<OfArticle>,
}

#[derive(Debug, Default)]
struct OfArticle {
    parts: OnceLock<Parts>,
    entry: OnceLock<Made<EntryView>>,
}

/// What every page says of an article in the same words.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// The URL of its page.
    pub url: String,
    /// Who wrote it, as text.
    pub by: String,
    /// By what the flow sheet calls its author.
    pub short_name: String,
    /// Its side.
    pub mark: Made<MarkView>,
    /// Who wrote it, each with the list of what they wrote.
    pub authors: Made<Vec<LinkView>>,
    /// Its tags.
    pub tags: Made<Vec<LinkView>>,
    /// When it was written.
    pub date: Option<Made<DateView>>,
}

impl Shared {
    /// What the pages of `snapshot` share.
    #[must_use]
    pub fn new(snapshot: &Snapshot) -> Self {
        let articles = snapshot.site.indices().map(|_| OfArticle::default()).collect();
        let mut shared = Self { site: Value::none(), facets: Made::default(), articles };
        let views = Views { snapshot, shared: &shared };
        let (site, facets) = (super::site_view(&views).to_value(), list::facets(&views));
        shared.site = site;
        shared.facets = Made::new(facets);
        shared
    }

    pub(super) fn site(&self) -> Value {
        self.site.clone()
    }

    pub(super) fn facets(&self) -> Made<Vec<FacetView>> {
        self.facets.clone()
    }

    #[expect(clippy::indexing_slicing, reason = "made with a place for each article of the site")]
    pub(super) fn parts(&self, index: ArticleIndex, make: impl FnOnce() -> Parts) -> &Parts {
        self.articles[index.get()].parts.get_or_init(make)
    }

    /// An article in a list: most stand in half a dozen lists.
    #[expect(clippy::indexing_slicing, reason = "made with a place for each article of the site")]
    pub(super) fn entry(
        &self,
        index: ArticleIndex,
        make: impl FnOnce() -> Made<EntryView>,
    ) -> Made<EntryView> {
        self.articles[index.get()].entry.get_or_init(make).clone()
    }
}
