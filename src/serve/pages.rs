//! What is shown at each path: the site's pages as the pure functions make them, with what is
//! put in for the preview alone.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::StatusCode;

use super::editor::Editor;
use super::file;
use super::fingerprint::Fingerprint;
use super::live::Moment;
use super::media_type::media_type;
use super::overlay::{self, Below};
use super::{Said, Say};
use crate::article::srcset;
use crate::diagnostic::{Checked, Diagnostic};
use crate::page;
use crate::site::claim::Output;
use crate::site::route::Route;
use crate::site::url;
use crate::source::line::Position;
use crate::source::{Asset, AssetContent, OutputContent, SitePath};

/// Pages whose last good rendering is kept: more than anybody has open.
const KEPT_PAGES: usize = 32;

/// Pages whose fingerprint is kept for a moment.
const KEPT_FINGERPRINTS: usize = 1024;

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

/// The fingerprints of the pages of one moment, the latest that was asked for.
#[derive(Debug, Default)]
struct Fingerprints {
    moment: u64,
    pages: BTreeMap<String, Fingerprint>,
}

impl Fingerprints {
    fn get(&self, moment: &Moment, path: &str) -> Option<Fingerprint> {
        self.pages.get(path).copied().filter(|_| self.moment == moment.number)
    }

    fn put(&mut self, moment: &Moment, path: &str, fingerprint: Fingerprint) {
        if self.moment < moment.number || self.pages.len() >= KEPT_FINGERPRINTS {
            *self = Self { moment: moment.number, pages: BTreeMap::new() };
        }
        if self.moment == moment.number {
            self.pages.insert(path.to_owned(), fingerprint);
        }
    }
}

/// The pages of a site.
pub(crate) struct Pages {
    /// The folder of the site.
    root: PathBuf,
    editor: Option<Editor>,
    say: Say,
    /// The last rendering of each page that did not fail.
    good: Mutex<BTreeMap<String, Arc<str>>>,
    /// The last moment that had a theme: without one there is neither page nor style sheet.
    themed: Mutex<Option<Arc<Moment>>>,
    fingerprints: Mutex<Fingerprints>,
}

impl Pages {
    /// The pages of the site in `root`, whose places `editor` opens, and whose faults are told to
    /// `say`.
    pub(crate) fn new(root: PathBuf, editor: Option<Editor>, say: Say) -> Self {
        Self {
            root,
            editor,
            say,
            good: Mutex::default(),
            themed: Mutex::default(),
            fingerprints: Mutex::default(),
        }
    }

    /// What is served at `path`, a root-relative one below the base path; nothing for a path
    /// that can be nobody's.
    pub(crate) fn at(&self, moment: &Arc<Moment>, path: Option<&str>) -> Found {
        let site = &moment.snapshot.site;
        let themed = self.themed(moment).unwrap_or_else(|| moment.clone());
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
            None => match path.and_then(|path| page::theme_file(&themed.snapshot, path)) {
                Some(asset) => Found::Copy(asset),
                None => self.nothing(moment, path),
            },
        }
    }

    /// The fingerprint of what is shown at `path`, made once for a moment.
    pub(crate) fn fingerprint(&self, moment: &Arc<Moment>, path: &str) -> Fingerprint {
        let known = lock(&self.fingerprints).get(moment, path);
        // A page that says that nothing stands there may stand at no path.
        let asked = (!path.is_empty()).then_some(path);
        known.unwrap_or_else(|| match self.at(moment, asked) {
            Found::Page(shown) => shown.fingerprint,
            // What was a page and is none any more: whatever it is, it is another.
            _ => Fingerprint::of("", &[]),
        })
    }

    /// The text of a small file.
    fn text_of(&self, asset: &Asset) -> Option<String> {
        let bytes = match &asset.content {
            AssetContent::Bytes(bytes) => bytes.to_vec(),
            AssetContent::File(path) if asset.size <= MAX_COPIED_PAGE_BYTES => {
                let (file, mut bytes) = (file::open(&self.root, path).ok()?, Vec::new());
                file.take(MAX_COPIED_PAGE_BYTES).read_to_end(&mut bytes).ok()?;
                bytes
            }
            AssetContent::File(_) => return None,
        };
        String::from_utf8(bytes).ok()
    }

    fn page(
        &self,
        moment: &Arc<Moment>,
        (path, route): (&str, &Route),
        status: StatusCode,
    ) -> Shown {
        let snapshot = &moment.snapshot;
        let mut found = Vec::new();
        let (html, below) = match self.rendered(moment, route) {
            Ok(html) => {
                let html = html.into_value(&mut found);
                self.keep(path, &html);
                (html, Below::Page)
            }
            Err(fault) => {
                if snapshot.theme.is_some() {
                    found.push(*fault);
                }
                match self.before(moment, (path, route)) {
                    Some(html) => (html, Below::Before),
                    None => (overlay::bare_page(path), Below::Nothing),
                }
            }
        };
        for fault in &found {
            (self.say)(Said::Failed(moment.clone(), Box::new(fault.clone())));
        }
        let mut faults = overlay::affecting(snapshot, route);
        faults.extend(&found);
        let failed = below == Below::Nothing;
        let status = if failed { StatusCode::INTERNAL_SERVER_ERROR } else { status };
        if faults.is_empty() {
            return self.shown(moment, path, status, html);
        }
        let open = |path: &SitePath, position| self.open(path, position);
        let overlay = overlay::overlay(&faults, snapshot, (below, &html), &open);
        let html = overlay::put_over(&html, &overlay, moment.base_path());
        self.shown(moment, path, status, html)
    }

    fn open(&self, path: &SitePath, position: Position) -> Option<String> {
        self.editor.as_ref()?.url(path, position)
    }

    /// The page as the pure functions make it.
    fn rendered(&self, moment: &Moment, route: &Route) -> Result<Checked<String>, Box<Diagnostic>> {
        let open = |path: &SitePath, position| self.open(path, position);
        let Checked { value, found } =
            page::preview(&moment.snapshot, &moment.shared, route, &open)?;
        Ok(Checked { value: String::from_utf8_lossy(&value).into_owned(), found })
    }

    fn keep(&self, path: &str, html: &str) {
        let mut good = lock(&self.good);
        if good.len() >= KEPT_PAGES && !good.contains_key(path) {
            good.pop_first();
        }
        good.insert(path.to_owned(), html.into());
    }

    /// The page as it was when it could be made last.
    fn before(&self, moment: &Arc<Moment>, (path, route): (&str, &Route)) -> Option<String> {
        let kept = lock(&self.good).get(path).map(|html| html.to_string());
        kept.or_else(|| self.rendered(&*self.themed(moment)?, route).ok().map(|html| html.value))
    }

    /// The last moment that had a theme, this one where it has.
    fn themed(&self, moment: &Arc<Moment>) -> Option<Arc<Moment>> {
        let mut themed = lock(&self.themed);
        if moment.snapshot.theme.is_some() {
            *themed = Some(moment.clone());
        }
        themed.clone()
    }

    fn shown(&self, moment: &Moment, path: &str, status: StatusCode, html: String) -> Shown {
        let fingerprint = Fingerprint::of(&html, &files(moment, path, &html));
        lock(&self.fingerprints).put(moment, path, fingerprint);
        Shown { status, html, fingerprint }
    }

    fn nothing(&self, moment: &Arc<Moment>, path: Option<&str>) -> Found {
        let path = path.unwrap_or_default();
        let status = StatusCode::NOT_FOUND;
        if let Some(Output::Copy(asset)) = moment.snapshot.site.outputs.at("/404.html")
            && let Some(asset) = moment.snapshot.sources.assets.get(asset)
            && let Some(html) = self.text_of(asset)
        {
            return Found::Page(self.shown(moment, path, status, html));
        }
        Found::Page(self.page(moment, (path, &Route::NotFound), status))
    }

    fn text(&self, moment: &Arc<Moment>, path: &str, route: &Route) -> Found {
        match page::render(&moment.snapshot, &moment.shared, route).map(|file| file.content) {
            Ok(OutputContent::Bytes(bytes)) => Found::Text(bytes, media_type(path)),
            _ => self.nothing(moment, Some(path)),
        }
    }

    fn copy(&self, moment: &Arc<Moment>, path: &str, asset: &Arc<Asset>) -> Found {
        let is_page = media_type(asset.path.name()).starts_with("text/html");
        match is_page.then(|| self.text_of(asset)).flatten() {
            Some(html) => Found::Page(self.shown(moment, path, StatusCode::OK, html)),
            None => Found::Copy(asset.clone()),
        }
    }
}

/// Whether `path` lacks the slash of what stands there.
fn is_folder(moment: &Arc<Moment>, path: &str) -> bool {
    let outputs = &moment.snapshot.site.outputs;
    let with_slash = (!path.ends_with('/')).then(|| outputs.at(&format!("{path}/"))).flatten();
    matches!((with_slash, outputs.at(path)), (Some(one), Some(other)) if std::ptr::eq(one, other))
}

/// Attributes that name what a page shows or is made with.
const ATTRIBUTES: [&str; 5] = [" src=\"", " srcset=\"", " poster=\"", " data=\"", " href=\""];

/// The hashes of the site's own files that the page at `path` shows, or is made with: it is
/// another page when one of them is. The style sheets of a theme have theirs in their URLs, and
/// are changed without showing the page anew.
fn files(moment: &Moment, path: &str, html: &str) -> Vec<u64> {
    let (snapshot, base) = (&moment.snapshot, moment.base_path());
    let hash = |attribute: &str, url: &str| {
        // What a link leads to is shown elsewhere.
        if attribute == " href=\"" && !url.ends_with(".css") {
            return None;
        }
        let asset = match snapshot.site.outputs.at(&rooted(url, path, base)?)? {
            Output::Copy(asset) => snapshot.sources.assets.get(asset)?,
            Output::Page(_) => return None,
        };
        Some(asset.hash)
    };
    let mut hashes = Vec::new();
    for attribute in ATTRIBUTES {
        for at in memchr::memmem::find_iter(html.as_bytes(), attribute) {
            let value = html.get(at + attribute.len()..).and_then(|rest| rest.split('"').next());
            let value = value.unwrap_or_default();
            let urls = match attribute {
                " srcset=\"" => srcset(value),
                _ => std::iter::once(0..value.len()).collect(),
            };
            let urls = urls.into_iter().filter_map(|url| value.get(url)).map(str::trim);
            hashes.extend(urls.filter_map(|url| hash(attribute, url)));
        }
    }
    hashes
}

/// The path of the site, from its root and not percent-encoded, to which `written` leads on the
/// page at `path`; nothing for another site's.
fn rooted(written: &str, path: &str, base: &str) -> Option<String> {
    let written = written.split(['?', '#']).next()?;
    if let Some(rest) = written.strip_prefix(base).filter(|rest| rest.starts_with('/')) {
        return url::decoded(rest);
    }
    // Only files that are copied are written so; Agon's own pages name the whole path.
    let folder = path.get(..=path.rfind('/')?)?;
    let page = SitePath::new(&format!("{}page", folder.trim_start_matches('/')))?;
    let beside = page.beside(&url::decoded(written)?).filter(|_| !url::has_scheme(written))?;
    Some(format!("/{beside}"))
}

/// What a poisoned lock guards is whole: nothing is changed in steps.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
