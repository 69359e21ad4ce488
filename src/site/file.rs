//! What stands at a path of the site, for `rebuts` and for links.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::ArticleIndex;
use super::publish::{Candidate, Reason, Selection};
use crate::source::{Asset, SitePath, Sources, TextHashes};

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum File {
    /// A published article or page.
    Published(ArticleIndex),
    /// A draft or an article of the future.
    Dropped(SitePath),
    /// A README of `content/` or `seeds/`.
    ReadMe,
    /// An asset of `content/` or `seeds/`.
    Asset(SitePath),
    /// A file of `static/`, by its path in the output.
    Static(String),
    /// A file that is there and could not be read.
    Unreadable,
    /// A file of the site that is never a page: a theme's, `site.yaml`.
    Internal,
    /// Nothing.
    Missing,
}

/// Where a file stands among the candidates.
#[derive(Clone, Copy)]
enum Place {
    Published(usize),
    Dropped,
}

/// All files of a site by path.
pub(super) struct Files<'a> {
    pub selection: &'a Selection,
    pub assets: &'a BTreeMap<SitePath, Arc<Asset>>,
    unreadable: &'a BTreeSet<SitePath>,
    sources: &'a Sources,
    /// Where each file stands among those that are published or dropped.
    #[expect(clippy::disallowed_types, reason = "asked for every link, and never walked")]
    places: std::collections::HashMap<&'a str, Place, TextHashes>,
    /// Paths that are not ASCII, by their NFC: macOS lists `é` as two characters.
    composed: BTreeMap<String, SitePath>,
}

impl<'a> Files<'a> {
    pub(super) fn new(
        sources: &'a Sources,
        selection: &'a Selection,
        unreadable: &'a BTreeSet<SitePath>,
    ) -> Self {
        let paths = sources.texts.keys().chain(sources.assets.keys());
        let composed = paths
            .filter(|path| !path.as_str().is_ascii())
            .map(|path| (path.as_str().nfc().collect(), path.clone()))
            .collect();
        let paths = |candidates: &'a [Candidate]| candidates.iter().map(|one| one.path().as_str());
        let published = paths(&selection.published).enumerate();
        let published = published.map(|(index, path)| (path, Place::Published(index)));
        let dropped = paths(&selection.dropped).map(|path| (path, Place::Dropped));
        let places = published.chain(dropped).collect();
        Self { selection, assets: &sources.assets, unreadable, sources, places, composed }
    }

    /// What stands at `path`.
    pub(super) fn at(&self, path: &SitePath) -> File {
        let exact = self.exactly_at(path);
        if exact != File::Missing || path.as_str().is_ascii() {
            return exact;
        }
        let composed: String = path.as_str().nfc().collect();
        self.composed.get(&composed).map_or(File::Missing, |path| self.exactly_at(path))
    }

    fn exactly_at(&self, path: &SitePath) -> File {
        match self.places.get(path.as_str()) {
            Some(Place::Published(index)) => return File::Published(ArticleIndex(*index)),
            Some(Place::Dropped) => return File::Dropped(path.clone()),
            None => {}
        }
        if self.unreadable.contains(path) {
            File::Unreadable
        } else if self.assets.contains_key(path) {
            match path.as_str().strip_prefix("static/") {
                Some(output) => File::Static(output.nfc().collect()),
                None if path.is_in("content") || path.is_in("seeds") => File::Asset(path.clone()),
                None => File::Internal,
            }
        } else if self.sources.texts.contains_key(path) {
            if path.is_in("content") || path.is_in("seeds") { File::ReadMe } else { File::Internal }
        } else {
            File::Missing
        }
    }

    /// Why the file `path` is not published.
    pub(super) fn reason(&self, path: &SitePath) -> Option<Reason> {
        let left_out = &self.selection.left_out;
        let index = left_out.binary_search_by(|one| one.path.cmp(path)).ok()?;
        left_out.get(index).map(|one| one.reason)
    }

    /// Whether the root-relative `path` is a file of some theme: `/assets/css/tokens.css`.
    pub(super) fn is_of_theme(&self, path: &str) -> bool {
        let Some(wanted) = path.strip_prefix("/assets/") else { return false };
        self.assets.keys().any(|asset| {
            let (theme, file) =
                asset.as_str().split_once("/static/").unwrap_or((asset.as_str(), ""));
            file == wanted && theme.starts_with("themes/")
        })
    }

    /// Everything that a link may lead to, by path.
    pub(super) fn linkable(&self) -> impl Iterator<Item = &SitePath> {
        let articles = self.selection.published.iter().map(Candidate::path);
        articles.chain(self.assets.keys().filter(|path| !path.is_in("themes")))
    }
}

/// The path by which `to` is reached from the folder of `from`: `../seeds/china.md`.
pub(super) fn relative(from: &SitePath, to: &SitePath) -> String {
    let folder: Vec<&str> = from.folder().split('/').filter(|part| !part.is_empty()).collect();
    let target: Vec<&str> = to.as_str().split('/').collect();
    let common = folder.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folder.len() - common);
    up.chain(target.into_iter().skip(common)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_goes_up_and_down() {
        let path = |text: &str| SitePath::new(text).unwrap();
        assert_eq!(relative(&path("content/a/b.md"), &path("seeds/c.md")), "../../seeds/c.md");
        assert_eq!(relative(&path("content/a.md"), &path("content/i/p.png")), "i/p.png");
        assert_eq!(relative(&path("site.yaml"), &path("content/a.md")), "content/a.md");
    }
}
