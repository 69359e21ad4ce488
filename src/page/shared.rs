//! What pages have in common, made once for a snapshot.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use tera::Value;

use super::context::{ArticleView, DateView, LinkView, MarkView};
use super::frame;
use super::piece::Piece;
use super::stencil::Stencils;
use super::value::{Made, ToValue};
use super::view::Views;
use crate::diagnostic::Diagnostic;
use crate::site::ArticleIndex;
use crate::site::snapshot::Snapshot;
use crate::source::{TextHashes, content_hash};

/// What all pages share. What belongs to one article is made when a page first asks for it, so
/// that a single page costs nothing for all the others.
#[derive(Debug)]
pub struct Shared {
    frame: Arc<OfFrame>,
    /// Of each article what is said above its text.
    articles: Vec<OnceLock<Made<ArticleView>>>,
    /// Of each article as lists show it, with how much of it is answered.
    entries: Vec<OnceLock<Entry>>,
    /// Of each original its rebuttals, as they stand above the columns.
    tabs: Vec<OnceLock<Piece>>,
    is_sound: bool,
    /// Fragments of other pages that were looked for, and whether they are there.
    fragments: Mutex<BTreeMap<String, bool>>,
}

/// What stays the same while nothing but the texts of articles changes.
#[derive(Debug)]
struct OfFrame {
    site: Value,
    menu: Vec<Made<LinkView>>,
    facets: OnceLock<Piece>,
    /// Whether any side has a colour without a name, for which pages need a rule.
    has_colors: bool,
    parts: Vec<OnceLock<Parts>>,
    interned: Interned,
    stencils: Stencils,
    /// Every URL of the site, with the path of the base URL, percent-encoded; by hash.
    urls: OnceLock<Urls>,
}

#[expect(
    clippy::disallowed_types,
    reason = "never walked, and asked for every link of every template"
)]
type Urls = std::collections::HashSet<u64, TextHashes>;

/// What many articles have in common.
#[derive(Debug, Default)]
pub(crate) struct Interned {
    /// Sides, by all that is seen of them.
    pub marks: Known<MarkView>,
    /// Tags, by their names.
    pub tags: Known<LinkView>,
    /// Authors, by their names.
    pub authors: Known<LinkView>,
}

/// Views that were made already.
#[derive(Debug)]
pub(crate) struct Known<T>(RwLock<BTreeMap<String, Made<T>>>);

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T: ToValue> Known<T> {
    /// The view with the name `key`, which `make` gives where nobody asked for it before.
    pub(crate) fn get(&self, key: &str, make: impl FnOnce() -> T) -> Made<T> {
        let known = self.0.read().ok().and_then(|known| known.get(key).cloned());
        known.unwrap_or_else(|| {
            let made = Made::new(make());
            if let Ok(mut known) = self.0.write() {
                known.insert(key.to_owned(), made.clone());
            }
            made
        })
    }
}

/// An article as lists show it.
#[derive(Debug)]
pub(super) struct Entry {
    /// As entry.html prints it.
    pub piece: Piece,
    /// The year under which it stands; beside the piece, so that no list has to ask the article.
    pub year: Option<i16>,
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
    pub authors: Made<Vec<Made<LinkView>>>,
    /// Its tags.
    pub tags: Made<Vec<Made<LinkView>>>,
    /// When it was written.
    pub date: Option<Made<DateView>>,
}

impl Shared {
    /// What the pages of `snapshot` share.
    #[must_use]
    pub fn new(snapshot: &Snapshot) -> Self {
        let bare = OfFrame {
            site: Value::none(),
            menu: Vec::new(),
            facets: OnceLock::new(),
            has_colors: frame::colors(snapshot.site.debates.iter().map(Arc::as_ref)).is_some(),
            parts: snapshot.site.indices().map(|_| OnceLock::new()).collect(),
            interned: Interned::default(),
            stencils: Stencils::default(),
            urls: OnceLock::new(),
        };
        let mut shared = Self::with(snapshot, Arc::new(bare));
        let views = Views { snapshot, shared: &shared, faults: None };
        let (site, menu) = (frame::site_view(&views).to_value(), frame::menu(&views));
        // Nobody else has it yet.
        if let Some(frame) = Arc::get_mut(&mut shared.frame) {
            (frame.site, frame.menu) = (site, menu);
        }
        shared
    }

    /// The same for a snapshot that differs from this one's in texts of articles alone
    /// ([`Snapshot::has_frame_of`]): what does not depend on them is shared.
    #[must_use]
    pub fn again(&self, snapshot: &Snapshot) -> Self {
        Self::with(snapshot, self.frame.clone())
    }

    fn with(snapshot: &Snapshot, frame: Arc<OfFrame>) -> Self {
        Self {
            frame,
            articles: snapshot.site.indices().map(|_| OnceLock::new()).collect(),
            entries: snapshot.site.indices().map(|_| OnceLock::new()).collect(),
            tabs: snapshot.site.indices().map(|_| OnceLock::new()).collect(),
            is_sound: !snapshot.found.iter().any(Diagnostic::is_error),
            fragments: Mutex::default(),
        }
    }

    /// Whether any side of the site has a colour without a name.
    pub(super) fn has_colors(&self) -> bool {
        self.frame.has_colors
    }

    /// Whether nothing is wrong with the site itself.
    pub(super) fn is_sound(&self) -> bool {
        self.is_sound
    }

    pub(super) fn site(&self) -> Value {
        self.frame.site.clone()
    }

    pub(super) fn menu(&self) -> &[Made<LinkView>] {
        &self.frame.menu
    }

    /// What templates made of pages of each shape.
    pub(super) fn stencils(&self) -> &Stencils {
        &self.frame.stencils
    }

    pub(super) fn interned(&self) -> &Interned {
        &self.frame.interned
    }

    /// The lists that every list names.
    pub(super) fn facets(&self, make: impl FnOnce() -> Piece) -> &Piece {
        self.frame.facets.get_or_init(make)
    }

    /// Whether something stands at the URL `url`, which begins with a slash and has neither query
    /// nor fragment.
    pub(super) fn has_url(&self, views: &Views<'_>, url: &str) -> bool {
        if views.faults.is_some() {
            // A preview shows one page at a time, which is not worth a list of all URLs.
            return views.is_output(url);
        }
        let urls = self.frame.urls.get_or_init(|| {
            let hash = |url: String| content_hash(url.as_bytes());
            let pages = views.snapshot.site.routes.iter().map(|route| views.url(route));
            let mut urls: Urls = pages.map(hash).collect();
            let copies = views.snapshot.site.outputs.copies();
            urls.extend(copies.map(|(path, _)| hash(views.file_url(path))));
            let assets = views.snapshot.theme.iter().flat_map(|theme| theme.assets());
            urls.extend(assets.map(|(path, _)| hash(views.file_url(path))));
            urls
        });
        // The texts would lie all over memory. Of a million million dead links, fewer than one is
        // like any of ten million URLs by chance.
        urls.contains(&content_hash(url.as_bytes())) || views.is_output(url)
    }

    /// Whether a place of another page is there; `look` is asked once for each `link`.
    pub(super) fn has_fragment(&self, link: &str, look: impl FnOnce() -> bool) -> bool {
        let known = self.fragments.lock().ok().and_then(|known| known.get(link).copied());
        known.unwrap_or_else(|| {
            let found = look();
            if let Ok(mut known) = self.fragments.lock() {
                known.insert(link.to_owned(), found);
            }
            found
        })
    }

    #[expect(clippy::indexing_slicing, reason = "made with a place for each article of the site")]
    pub(super) fn parts(&self, index: ArticleIndex, make: impl FnOnce() -> Parts) -> &Parts {
        self.frame.parts[index.get()].get_or_init(make)
    }

    /// The head of an article: an original stands beside each of its rebuttals.
    #[expect(clippy::indexing_slicing, reason = "made with a place for each article of the site")]
    pub(super) fn article(
        &self,
        index: ArticleIndex,
        make: impl FnOnce() -> ArticleView,
    ) -> Made<ArticleView> {
        self.articles[index.get()].get_or_init(|| Made::new(make())).clone()
    }

    /// An article in a list: most stand in half a dozen lists.
    #[expect(clippy::indexing_slicing, reason = "made with a place for each article of the site")]
    pub(super) fn entry(&self, index: ArticleIndex, make: impl FnOnce() -> Entry) -> &Entry {
        self.entries[index.get()].get_or_init(make)
    }

    /// The rebuttals of an original: each has a page below them.
    #[expect(clippy::indexing_slicing, reason = "made with a place for each article of the site")]
    pub(super) fn tabs(&self, index: ArticleIndex, make: impl FnOnce() -> Piece) -> &Piece {
        self.tabs[index.get()].get_or_init(make)
    }
}
