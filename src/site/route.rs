//! Every page that Agon makes, its URL and its path in the output.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::slug::Slug;
use super::url;

/// The number of a page of a list, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageNumber(NonZeroU32);

impl PageNumber {
    /// The first page.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// The page at `index`, counted from 0.
    #[must_use]
    pub fn from_index(index: usize) -> Self {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        Self(NonZeroU32::MIN.saturating_add(index))
    }

    /// The number, from 1.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// The place of the page among all of its list, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    /// All pages of a list of `entries`, `paginate` a page: one at least.
    pub fn all(entries: usize, paginate: usize) -> impl ExactSizeIterator<Item = Self> {
        (0..entries.div_ceil(paginate.max(1)).max(1)).map(Self::from_index)
    }
}

/// What stands at a URL of the site (design.md, section 2).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// `/`.
    Home,
    /// `/<slug>/`, an original or a reply.
    Article(Slug),
    /// `/<slug>/`, a plain page.
    Page(Slug),
    /// `/<original>/flow/`.
    Flow(Slug),
    /// `/archive/`.
    Archive(PageNumber),
    /// `/tags/`.
    Tags,
    /// `/tags/<tag>/`.
    Tag(Slug, PageNumber),
    /// `/authors/`.
    Authors,
    /// `/authors/<author>/`.
    Author(Slug, PageNumber),
    /// `/sides/<side>/`.
    Side(Slug, PageNumber),
    /// `/feed.xml`.
    Feed,
    /// `/sitemap.xml`.
    Sitemap,
    /// `/robots.txt`.
    Robots,
    /// `/404.html`.
    NotFound,
    /// An old path of an article, from which readers are sent on.
    Alias {
        /// The path of the redirect in the output.
        from: Arc<str>,
        /// The root-relative path to which it leads, not percent-encoded.
        to: Arc<str>,
    },
}

impl Route {
    /// The root-relative path, not percent-encoded: `/archive/2/`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(LONG_PATH);
        self.push_path(&mut path);
        path
    }

    /// The root-relative URL, percent-encoded, below the path `base` of a base URL, which may be
    /// empty.
    #[must_use]
    pub fn url(&self, base: &str) -> String {
        let mut url = String::with_capacity(base.len() + LONG_PATH);
        url.push_str(base);
        self.push_path(&mut url);
        let path = url.get(base.len()..).unwrap_or_default();
        if !url::is_plain(path) {
            let path = url::encoded(path);
            url.truncate(base.len());
            url.push_str(&path);
        }
        url
    }

    fn push_path(&self, path: &mut String) {
        let (folder, slug, number) = match self {
            Self::Home => ("/", None, None),
            Self::Article(slug) | Self::Page(slug) | Self::Flow(slug) => ("/", Some(slug), None),
            Self::Archive(number) => ("/archive/", None, Some(number)),
            Self::Tags => ("/tags/", None, None),
            Self::Tag(slug, number) => ("/tags/", Some(slug), Some(number)),
            Self::Authors => ("/authors/", None, None),
            Self::Author(slug, number) => ("/authors/", Some(slug), Some(number)),
            Self::Side(slug, number) => ("/sides/", Some(slug), Some(number)),
            Self::Feed => ("/feed.xml", None, None),
            Self::Sitemap => ("/sitemap.xml", None, None),
            Self::Robots => ("/robots.txt", None, None),
            Self::NotFound => ("/404.html", None, None),
            Self::Alias { from, .. } => return path.push_str(&path_of_output(from)),
        };
        path.push_str(folder);
        if let Some(slug) = slug {
            path.push_str(slug.as_str());
            path.push('/');
        }
        if let Some(number) = number.filter(|number| **number != PageNumber::FIRST) {
            path.push_str(itoa::Buffer::new().format(number.get()));
            path.push('/');
        }
        if let Self::Flow(_) = self {
            path.push_str("flow/");
        }
    }

    /// The path of its file in the output: `archive/2/index.html`.
    #[must_use]
    pub fn output_path(&self) -> String {
        match self {
            Self::Alias { from, .. } => from.to_string(),
            _ => output_of_path(&self.path()),
        }
    }
}

/// The file that stands for its folder.
const INDEX: &str = "index.html";

/// Bytes of a path that is longer than most.
const LONG_PATH: usize = 80;

/// The root-relative path under which the file `output` is served.
pub(super) fn path_of_output(output: &str) -> String {
    let folder =
        output.strip_suffix(INDEX).filter(|folder| folder.is_empty() || folder.ends_with('/'));
    ["/", folder.unwrap_or(output)].concat()
}

/// The file in the output that is served under the root-relative `path`.
pub(super) fn output_of_path(path: &str) -> String {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { [path, INDEX].concat() } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(route: &Route, url: &str, output: &str) {
        assert_eq!((route.url("").as_str(), route.output_path().as_str()), (url, output));
    }

    #[test]
    fn the_first_page_of_a_list_has_no_number() {
        check(&Route::Home, "/", "index.html");
        check(&Route::Archive(PageNumber::FIRST), "/archive/", "archive/index.html");
        check(
            &Route::Tag(Slug::new("ai"), PageNumber::from_index(1)),
            "/tags/ai/2/",
            "tags/ai/2/index.html",
        );
        check(&Route::Flow(Slug::new("café")), "/caf%C3%A9/flow/", "café/flow/index.html");
        check(&Route::NotFound, "/404.html", "404.html");
    }

    #[test]
    fn the_path_of_a_base_url_stays_as_it_is() {
        let route = Route::Author(Slug::new("zoë"), PageNumber::from_index(9));
        assert_eq!(route.url("/caf%C3%A9"), "/caf%C3%A9/authors/zo%C3%AB/10/");
    }

    #[test]
    fn an_alias_is_the_file_that_it_names() {
        let alias = |from: &str| Route::Alias { from: from.into(), to: "/a/".into() };
        check(&alias("old/index.html"), "/old/", "old/index.html");
        check(&alias("old.html"), "/old.html", "old.html");
        check(&alias("myindex.html"), "/myindex.html", "myindex.html");
    }

    #[test]
    fn an_empty_list_has_a_page() {
        assert_eq!(PageNumber::all(0, 25).count(), 1);
        assert_eq!(PageNumber::all(50, 25).count(), 2);
        assert_eq!(PageNumber::all(51, 0).count(), 51);
    }
}
