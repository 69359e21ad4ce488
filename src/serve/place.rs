//! Where a site that is being written will be published.

use std::fmt;
use std::sync::Arc;

use crate::site::settings::BaseUrl;
use crate::source::{Asset, SitePath, Source, Sources};

type Asked = dyn Fn(&Sources) -> Option<BaseUrl> + Send + Sync;

/// Tells the base URL of a site for which neither an argument nor the environment says one; by
/// default nobody does but its `site.yaml`.
#[derive(Clone, Default)]
pub struct BaseUrlOf(Option<Arc<Asked>>);

impl BaseUrlOf {
    /// Asks `of`, which may take its time.
    #[must_use]
    pub fn new(of: impl Fn(&Sources) -> Option<BaseUrl> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(of)))
    }
}

impl fmt::Debug for BaseUrlOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "BaseUrlOf(…)" } else { "BaseUrlOf" })
    }
}

/// What was told, until a file changes on which it depends: asking may take a run of git.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    of: BaseUrlOf,
    known: Option<Known>,
}

#[derive(Clone, Debug)]
struct Known {
    site_yaml: Option<Arc<Source>>,
    cname: Option<Arc<Asset>>,
    url: Option<BaseUrl>,
}

impl Place {
    pub(super) fn new(of: BaseUrlOf) -> Self {
        Self { of, known: None }
    }

    /// The base URL of the site that `sources` are.
    pub(super) fn of(&mut self, sources: &Sources) -> Option<BaseUrl> {
        let of = self.of.0.as_ref()?;
        let path = |text| SitePath::new(text);
        let site_yaml = path("site.yaml").and_then(|path| sources.texts.get(&path)).cloned();
        let cname = path("static/CNAME").and_then(|path| sources.assets.get(&path)).cloned();
        if let Some(known) = &self.known
            && is_same(known.site_yaml.as_ref(), site_yaml.as_ref())
            && is_same(known.cname.as_ref(), cname.as_ref())
        {
            return known.url.clone();
        }
        let url = of(sources);
        self.known = Some(Known { site_yaml, cname, url: url.clone() });
        url
    }
}

fn is_same<T>(one: Option<&Arc<T>>, other: Option<&Arc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn it_is_asked_again_when_site_yaml_changes() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let of = BaseUrlOf::new(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            BaseUrl::parse("https://example.org/repo").ok()
        });
        let mut place = Place::new(of);
        let mut sources = Sources::default();
        for (text, times) in [("", 1), ("", 1), ("title: A", 2), ("title: A", 2)] {
            let path = SitePath::new("site.yaml").unwrap();
            let is_new = sources.texts.get(&path).is_none_or(|known| known.text != text);
            if is_new {
                let source = Source::new(path.clone(), text.to_owned());
                sources.texts.insert(path, Arc::new(source));
            }
            assert_eq!(place.of(&sources).unwrap().path(), "/repo");
            assert_eq!(asked.load(Ordering::Relaxed), times, "{text:?}");
        }
        assert_eq!(Place::new(BaseUrlOf::default()).of(&sources), None);
    }
}
