//! A site at one moment: what was read, and all that was made of it.

use std::sync::Arc;

use rayon::prelude::*;

use super::Site;
use super::settings::{self, BaseUrl};
use crate::article::{self, Articles};
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
    pub theme: Option<Theme>,
    /// Everything that was found wrong, in the order of files and places.
    pub found: Vec<Diagnostic>,
}

/// Makes a site of what was read: parses every article and resolves all that leads from one to
/// another. `before` is a cache and changes no result.
#[must_use]
pub fn take(
    mut sources: Checked<Sources>,
    options: &Options,
    before: Option<&Snapshot>,
) -> Snapshot {
    let mut found = Vec::new();
    embedded::add_to(&mut sources.value);
    let site_yaml = SitePath::new("site.yaml").and_then(|path| sources.value.texts.get(&path));
    let settings = settings::read(site_yaml.map(Arc::as_ref), &sources.value.folder_name);
    let settings = settings.into_value(&mut found);
    let chosen = (&settings.theme.name, settings.theme.place.clone());
    let theme = theme::compile(&sources.value, chosen.0, chosen.1).into_value(&mut found);
    let reusable = before.filter(|before| before.site.settings.markdown == settings.markdown);
    let is_article = |path: &SitePath| path.is_in("content") || path.is_in("seeds");
    let texts: Vec<(&SitePath, &Arc<Source>)> =
        sources.value.texts.iter().filter(|(path, _)| is_article(path)).collect();
    let articles: Articles = texts
        .into_par_iter()
        .map(|(path, source)| {
            let known = reusable.and_then(|before| before.articles.get(path));
            let same = known.filter(|known| Arc::ptr_eq(&known.value.source, source));
            let parse = || Arc::new(article::parse(source, settings.markdown));
            (path.clone(), same.cloned().unwrap_or_else(parse))
        })
        .collect();
    let site_before = before.map(|before| &before.site);
    let site = super::resolve(&sources, &articles, settings, options, site_before);
    let site = site.into_value(&mut found);
    let sources = sources.into_value(&mut found);
    diagnostic::sort(&mut found);
    Snapshot { sources, articles, site, theme, found }
}
