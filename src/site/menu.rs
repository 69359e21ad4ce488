//! The menu of site.yaml: where its entries are looked for.

use super::file::{File, Files};
use super::link::parts;
use super::settings::{MenuItem, Settings};
use super::url::decoded;
use crate::source::SitePath;

/// The menu, with the file beside which each of its entries is looked for.
///
/// `about.md` is the file in `content/` where there is none beside `site.yaml`.
pub(super) struct Menu<'a> {
    pub file: SitePath,
    pub entries: Vec<(&'a MenuItem, SitePath)>,
}

impl<'a> Menu<'a> {
    pub(super) fn new(settings: &'a Settings, files: &Files<'_>) -> Option<Self> {
        let file = SitePath::new("site.yaml")?;
        let from = |item: &MenuItem| {
            decoded(parts(&item.url.value).0)
                .and_then(|path| SitePath::new(&format!("content/{path}")))
                .filter(|path| files.at(path) != File::Missing)
                .and_then(|_| SitePath::new("content/index.md"))
                .unwrap_or_else(|| file.clone())
        };
        let entries = settings.menu.iter().map(|item| (item, from(item))).collect();
        Some(Self { file, entries })
    }
}
