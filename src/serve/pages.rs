//! What is shown at each path: the site's pages as the pure functions make them, with what is
//! put in for the preview alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::StatusCode;

use super::fingerprint::Fingerprint;
use super::live::Moment;
use super::media_type::media_type;
use crate::page;
use crate::site::claim::Output;
use crate::site::route::Route;
use crate::site::settings::BaseUrl;
use crate::source::{Asset, AssetContent, OutputContent};

/// Pages whose last good rendering is kept: more than anybody has open.
const KEPT_PAGES: usize = 256;

/// Bytes of a copied file of HTML up to which it reloads as pages do.
const MAX_COPIED_PAGE_BYTES: u64 = 4 * 1024 * 1024;

/// What stands at a path.
#[derive(Debug)]
pub(crate) enum Found {
    /// A page, or nothing, which has a page too.
    Page(Shown),
    /// Text that no browser shows as a page: a feed.
    Text(Vec<u8>, &'static str),
    /// A file that is copied.
    Copy(Arc<Asset>),
    /// A folder, asked for without its slash: the path with it, below the base path.
    Folder(String),
}

/// A page as it is shown.
#[derive(Debug)]
pub(crate) struct Shown {
    pub status: StatusCode,
    pub html: String,
    pub fingerprint: Fingerprint,
}

/// The pages of a site.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// The last rendering of each page that did not fail.
    good: Mutex<BTreeMap<String, Arc<str>>>,
    /// The fingerprints of the pages of one moment, by its number.
    fingerprints: Mutex<(u64, BTreeMap<String, Fingerprint>)>,
}

impl Pages {
    /// What is served at `path`, a root-relative one below the base path; nothing for a path
    /// that can be nobody's.
    pub(crate) fn at(&self, moment: &Moment, path: Option<&str>) -> Found {
        let site = &moment.snapshot.site;
        let standing = path.and_then(|path| Some((path, site.outputs.at(path)?)));
        match standing {
            Some((path, _)) if is_folder(moment, path) => Found::Folder(format!("{path}/")),
            Some((path, Output::Page(route))) => match route {
                Route::Feed | Route::Sitemap | Route::Robots => self.text(moment, path, route),
                _ => Found::Page(self.page(moment, (path, route), StatusCode::OK)),
            },
            Some((path, Output::Copy(asset))) => match moment.snapshot.sources.assets.get(asset) {
                Some(asset) => self.copy(moment, path, asset),
                None => self.nothing(moment, Some(path)),
            },
            None => match path.and_then(|path| page::theme_file(&moment.snapshot, path)) {
                Some(asset) => Found::Copy(asset),
                None => self.nothing(moment, path),
            },
        }
    }

    /// The fingerprint of what is shown at `path`, made once for a moment.
    pub(crate) fn fingerprint(&self, moment: &Moment, path: &str) -> Fingerprint {
        let known = of_moment(&mut lock(&self.fingerprints), moment).get(path).copied();
        known.unwrap_or_else(|| match self.at(moment, Some(path)) {
            Found::Page(shown) => shown.fingerprint,
            // What was a page and is none any more: whatever it is, it is another.
            _ => Fingerprint::of(""),
        })
    }

    fn page(&self, moment: &Moment, (path, route): (&str, &Route), status: StatusCode) -> Shown {
        let rendered = page::render(&moment.snapshot, &moment.shared, route);
        let html = match rendered.map(|file| file.content) {
            Ok(OutputContent::Bytes(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
            Ok(OutputContent::Asset(_)) => String::new(),
            Err(fault) => fault.message.clone(),
        };
        self.shown(moment, path, status, html)
    }

    fn shown(&self, moment: &Moment, path: &str, status: StatusCode, html: String) -> Shown {
        let fingerprint = Fingerprint::of(&html);
        of_moment(&mut lock(&self.fingerprints), moment).insert(path.to_owned(), fingerprint);
        Shown { status, html, fingerprint }
    }

    fn nothing(&self, moment: &Moment, path: Option<&str>) -> Found {
        let path = path.unwrap_or_default();
        let status = StatusCode::NOT_FOUND;
        if let Some(Output::Copy(asset)) = moment.snapshot.site.outputs.at("/404.html")
            && let Some(asset) = moment.snapshot.sources.assets.get(asset)
            && let Some(html) = text_of(asset)
        {
            return Found::Page(self.shown(moment, path, status, html));
        }
        Found::Page(self.page(moment, (path, &Route::NotFound), status))
    }

    fn text(&self, moment: &Moment, path: &str, route: &Route) -> Found {
        match page::render(&moment.snapshot, &moment.shared, route).map(|file| file.content) {
            Ok(OutputContent::Bytes(bytes)) => Found::Text(bytes, media_type(path)),
            _ => self.nothing(moment, Some(path)),
        }
    }

    fn copy(&self, moment: &Moment, path: &str, asset: &Arc<Asset>) -> Found {
        let is_page = media_type(asset.path.name()).starts_with("text/html");
        match text_of(asset).filter(|_| is_page) {
            Some(html) => Found::Page(self.shown(moment, path, StatusCode::OK, html)),
            None => Found::Copy(asset.clone()),
        }
    }
}

/// The fingerprints of `moment`; those of an earlier one are forgotten.
fn of_moment<'a>(
    all: &'a mut (u64, BTreeMap<String, Fingerprint>),
    moment: &Moment,
) -> &'a mut BTreeMap<String, Fingerprint> {
    if all.0 < moment.number || all.1.len() > KEPT_PAGES {
        *all = (moment.number, BTreeMap::new());
    }
    &mut all.1
}

/// Whether `path` lacks the slash of what stands there.
fn is_folder(moment: &Moment, path: &str) -> bool {
    let outputs = &moment.snapshot.site.outputs;
    let with_slash = (!path.ends_with('/')).then(|| outputs.at(&format!("{path}/"))).flatten();
    matches!((with_slash, outputs.at(path)), (Some(one), Some(other)) if std::ptr::eq(one, other))
}

/// The text of a small file.
fn text_of(asset: &Asset) -> Option<String> {
    let bytes = match &asset.content {
        AssetContent::Bytes(bytes) => bytes.to_vec(),
        AssetContent::File(file) if asset.size <= MAX_COPIED_PAGE_BYTES => {
            std::fs::read(file).ok()?
        }
        AssetContent::File(_) => return None,
    };
    String::from_utf8(bytes).ok()
}

/// The path of the base URL, empty at the root of its host.
pub(crate) fn base_path(moment: &Moment) -> &str {
    moment.snapshot.site.base_url.as_ref().map_or("", BaseUrl::path)
}

/// What a poisoned lock guards is whole: nothing is changed in steps.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
