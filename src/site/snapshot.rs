//! A site at one moment: what was read, and all that was made of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::settings::{self, BaseUrl, Settings};
use super::{Site, again};
use crate::article::{self, Article, Articles};
use crate::diagnostic::{self, Checked, Diagnostic};
use crate::source::{SitePath, Source, Sources};
use crate::theme::{self, Theme, embedded};

/// What the edges decide: flags, environment, clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The base URL that beats the one of site.yaml; inside, nothing for a site without one.
    pub base_url: Option<Option<BaseUrl>>,
    /// Whether drafts are published.
    pub drafts: bool,
    /// Whether articles of the future are published.
    pub future: bool,
    /// The moment of the build.
    pub now: jiff::Timestamp,
}

impl Default for Options {
    fn default() -> Self {
        Self { base_url: None, drafts: false, future: false, now: jiff::Timestamp::UNIX_EPOCH }
    }
}

/// What was read, and the site that it is. Never changed, only succeeded.
#[derive(Debug)]
pub struct Snapshot {
    /// What was read.
    pub sources: Sources,
    /// All articles, those too that are not published.
    pub articles: Articles,
    /// The site.
    pub site: Site,
    /// Its theme; nothing where that could not be read.
    pub theme: Option<Arc<Theme>>,
    /// Everything that was found wrong, in the order of files and places.
    pub found: Vec<Diagnostic>,
    parts: Parts,
}

/// What was found, by where it was; and what was decided.
#[derive(Debug)]
struct Parts {
    options: Options,
    sources: Vec<Diagnostic>,
    settings: Vec<Diagnostic>,
    theme: Vec<Diagnostic>,
}

impl Snapshot {
    /// Whether pages differ from those of `before` in nothing but what articles say: not in
    /// the menu, nor in the lists, nor in the theme and its style sheets.
    #[must_use]
    pub fn has_frame_of(&self, before: &Self) -> bool {
        let theme = |snapshot: &Self| snapshot.theme.as_ref().map(Arc::as_ptr);
        let custom = |snapshot: &Self| {
            let path = SitePath::new("static/custom.css")?;
            snapshot.sources.assets.get(&path).map(Arc::as_ptr)
        };
        self.site.has_frame_of(&before.site)
            && theme(self) == theme(before)
            && custom(self) == custom(before)
    }
}

/// Makes a site of what was read: parses every article and resolves all that leads from one to
/// another. `before` is a cache and changes no result.
#[must_use]
pub fn take(
    mut sources: Checked<Sources>,
    options: &Options,
    before: Option<&Snapshot>,
) -> Snapshot {
    embedded::add_to(&mut sources.value);
    let changes = before.and_then(|before| changes(before, &sources, options));
    let changes = before.zip(changes);
    let mut known: Vec<Arc<Checked<Article>>> = Vec::new();
    if let Some((before, changes)) = changes {
        known = parsed(&changes, &sources.value, before);
        if let Some(site) = again::again(&before.site, &known) {
            return retold(sources, site, (before, &changes), &known);
        }
    }
    taken(sources, options, before, &known)
}

/// The texts and assets that differ, where nothing has changed but what is in them.
struct Changes {
    articles: Vec<SitePath>,
    theme: bool,
}

/// What differs from `before`; nothing where there are other files, other settings or other
/// options, or where something else could not be read.
fn changes(before: &Snapshot, sources: &Checked<Sources>, options: &Options) -> Option<Changes> {
    let (old, new) = (&before.sources, &sources.value);
    let same = old.folder_name == new.folder_name
        && before.parts.options == *options
        && before.parts.sources == sources.found;
    let texts = differing(&old.texts, &new.texts).filter(|_| same)?;
    let assets = differing(&old.assets, &new.assets)?;
    let mut changes = Changes { articles: Vec::new(), theme: false };
    for path in texts.into_iter().chain(assets) {
        if path.is_in("themes") || path.as_str().starts_with(theme::SITE_STYLES) {
            changes.theme = true;
        } else if new.texts.contains_key(path) {
            if !is_article(path) {
                return None;
            }
            changes.articles.push(path.clone());
        }
    }
    Some(changes)
}

/// The paths at which `new` has something else than `old`; nothing where it has other paths.
fn differing<'a, T>(
    old: &BTreeMap<SitePath, Arc<T>>,
    new: &'a BTreeMap<SitePath, Arc<T>>,
) -> Option<Vec<&'a SitePath>> {
    let mut differing = Vec::new();
    for ((path, one), (other_path, other)) in new.iter().zip(old) {
        if path != other_path {
            return None;
        }
        if !Arc::ptr_eq(one, other) {
            differing.push(path);
        }
    }
    (old.len() == new.len()).then_some(differing)
}

fn is_article(path: &SitePath) -> bool {
    path.is_in("content") || path.is_in("seeds")
}

fn parsed(changes: &Changes, sources: &Sources, before: &Snapshot) -> Vec<Arc<Checked<Article>>> {
    let markdown = before.site.settings.markdown;
    let texts = changes.articles.par_iter().filter_map(|path| sources.texts.get(path));
    texts.map(|source| Arc::new(article::parse(source, markdown))).collect()
}

/// The snapshot after one that differs from it in what `changed` is, and whose site is `site`.
fn retold(
    sources: Checked<Sources>,
    site: Checked<Site>,
    (before, changes): (&Snapshot, &Changes),
    changed: &[Arc<Checked<Article>>],
) -> Snapshot {
    let settings = &site.value.settings;
    let (theme, theme_found) = if changes.theme {
        compiled(&sources.value, settings)
    } else {
        (before.theme.clone(), before.parts.theme.clone())
    };
    let mut articles = before.articles.clone();
    for article in changed {
        articles.insert(article.value.source.path.clone(), article.clone());
    }
    let parts = Parts {
        options: before.parts.options.clone(),
        sources: sources.found,
        settings: before.parts.settings.clone(),
        theme: theme_found,
    };
    put_together((sources.value, articles, theme), site, parts)
}

fn compiled(sources: &Sources, settings: &Settings) -> (Option<Arc<Theme>>, Vec<Diagnostic>) {
    let chosen = (&settings.theme.name, settings.theme.place.clone());
    let Checked { value, found } = theme::compile(sources, chosen.0, chosen.1);
    (value.map(Arc::new), found)
}

/// The snapshot of `sources`, with nothing taken for granted; `parsed` is known already.
fn taken(
    sources: Checked<Sources>,
    options: &Options,
    before: Option<&Snapshot>,
    parsed: &[Arc<Checked<Article>>],
) -> Snapshot {
    let site_yaml = SitePath::new("site.yaml").and_then(|path| sources.value.texts.get(&path));
    let settings = settings::read(site_yaml.map(Arc::as_ref), &sources.value.folder_name);
    let Checked { value: settings, found: settings_found } = settings;
    let (theme, theme_found) = compiled(&sources.value, &settings);
    let reusable = before.filter(|before| before.site.settings.markdown == settings.markdown);
    let markdown = settings.markdown;
    let parsed: BTreeMap<&SitePath, &Arc<Checked<Article>>> =
        parsed.iter().map(|article| (&article.value.source.path, article)).collect();
    let texts: Vec<(&SitePath, &Arc<Source>)> =
        sources.value.texts.iter().filter(|(path, _)| is_article(path)).collect();
    let articles: Articles = texts
        .into_par_iter()
        .map(|(path, source)| {
            let before = reusable.and_then(|before| before.articles.get(path));
            let known = before.into_iter().chain(parsed.get(path).copied());
            let same = known.into_iter().find(|known| Arc::ptr_eq(&known.value.source, source));
            let parse = || Arc::new(article::parse(source, markdown));
            (path.clone(), same.cloned().unwrap_or_else(parse))
        })
        .collect();
    let site_before = before.map(|before| &before.site);
    let site = super::resolve(&sources, &articles, settings, options, site_before);
    let parts = Parts {
        options: options.clone(),
        sources: sources.found,
        settings: settings_found,
        theme: theme_found,
    };
    put_together((sources.value, articles, theme), site, parts)
}

fn put_together(
    (sources, articles, theme): (Sources, Articles, Option<Arc<Theme>>),
    site: Checked<Site>,
    parts: Parts,
) -> Snapshot {
    let mut found = [&*parts.sources, &*parts.settings, &*parts.theme].concat();
    let site = site.into_value(&mut found);
    diagnostic::sort(&mut found);
    Snapshot { sources, articles, site, theme, found, parts }
}
