//! Every path of the output and who claims it; two claimants of one path are an error.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use super::alias;
use super::debate::Tree;
use super::link::ArticleFile;
use super::list::{List, Lists};
use super::publish::{Candidate, Placement};
use super::route::{PageNumber, Route, output_of_path, path_of_output};
use super::slug::{Slug, fold};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::{Asset, SitePath, Span};

/// What stands at a path of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// A page that is rendered.
    Page(Route),
    /// An asset that is copied.
    Copy(SitePath),
}

/// Every path of the output, but for the theme's files in `assets/`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outputs {
    /// By the path, composed and case-folded: some file systems know no other difference.
    claims: BTreeMap<String, Claim>,
}

impl Outputs {
    /// Every page, by path.
    pub fn pages(&self) -> impl Iterator<Item = &Route> {
        self.claims.values().filter_map(|claim| match &claim.output {
            Output::Page(route) => Some(route),
            Output::Copy(_) => None,
        })
    }

    /// Every file that is copied: its path in the output, and the asset.
    pub fn copies(&self) -> impl Iterator<Item = (&str, &SitePath)> {
        self.claims.values().filter_map(|claim| match &claim.output {
            Output::Page(_) => None,
            Output::Copy(asset) => Some((claim.path.as_str(), asset)),
        })
    }

    /// What is served under the root-relative `path`, not percent-encoded: `/archive/`, and
    /// without its slash `/archive`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Output> {
        let exactly = |output: String| {
            self.claims.get(&fold(&output)).filter(|claim| is_same(&claim.path, &output))
        };
        let claim = exactly(output_of_path(path))
            .or_else(|| exactly(output_of_path(&format!("{path}/"))))?;
        Some(&claim.output)
    }

    fn claim(&mut self, path: String, output: Output, by: Claimant) -> Option<Diagnostic> {
        match self.claims.entry(fold(&path)) {
            Entry::Occupied(taken) => Some(taken_twice(&path, &taken.get().by, &by)),
            Entry::Vacant(free) => {
                free.insert(Claim { path, output, by });
                None
            }
        }
    }

    fn page(&mut self, route: Route, by: Claimant) -> Option<Diagnostic> {
        self.claim(route.output_path(), Output::Page(route), by)
    }

    /// Files in the folder in which a build is made ready, which is emptied after it.
    fn in_staging(&self) -> Vec<Diagnostic> {
        let in_staging = self.claims.range(STAGING.to_owned()..);
        in_staging
            .map_while(|(key, claim)| Some((key.strip_prefix(STAGING)?, claim)))
            .filter(|(rest, _)| rest.is_empty() || rest.starts_with('/'))
            .map(|(_, claim)| {
                let staging = Claimant::Generated("where Agon makes a build ready");
                taken_twice(&path_of_output(&claim.path), &staging, &claim.by)
            })
            .collect()
    }

    /// A file that has the name of another one's folder.
    fn files_as_folders(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (key, claim) in &self.claims {
            let folders = key.match_indices('/').filter_map(|(at, _)| key.get(..at));
            for taken in folders.filter_map(|folder| self.claims.get(folder)) {
                found.push(taken_twice(&path_of_output(&taken.path), &claim.by, &taken.by));
            }
        }
        found
    }
}

/// Whether two paths are one but for Unicode's composition; web servers tell capitals apart.
fn is_same(one: &str, other: &str) -> bool {
    one == other || (!one.is_ascii() && one.nfc().eq(other.nfc()))
}

#[derive(Clone, Debug, PartialEq)]
struct Claim {
    path: String,
    output: Output,
    by: Claimant,
}

/// Who wants a path.
#[derive(Clone, Debug, PartialEq)]
enum Claimant {
    /// A file of the site, and what it is.
    File(Span, &'static str),
    /// The site itself.
    Generated(&'static str),
}

fn taken_twice(path: &str, first: &Claimant, second: &Claimant) -> Diagnostic {
    let url = path_of_output(path.trim_start_matches('/'));
    let (place, what, other) = match (first, second) {
        (other, Claimant::File(place, what)) | (Claimant::File(place, what), other) => {
            (place, what, other)
        }
        (Claimant::Generated(one), Claimant::Generated(two)) => {
            return Diagnostic::global(
                Code::UrlTaken,
                format!("`{url}` would be both {one} and {two}"),
            );
        }
    };
    let help = match *what {
        ARTICLE => "give one of them another `slug`",
        ALIAS => "take the alias out",
        _ => "rename one of the files",
    };
    match other {
        Claimant::File(related, is) => {
            let message = format!(
                "{what} wants `{url}`, which is taken by {} ({})",
                with_article(is),
                related.path
            );
            let fault = Diagnostic::error(Code::UrlTaken, place.clone(), message)
                .related(related.clone(), "the other one")
                .help(help);
            let (one, two) = (place.path.as_str(), related.path.as_str());
            if one != two && one.nfc().eq(two.nfc()) {
                return fault.help(
                    "the two names look alike: one stores its accents apart from their letters",
                );
            }
            fault
        }
        Claimant::Generated(is) => {
            let message = format!("{what} wants `{url}`, which is {is}");
            Diagnostic::error(Code::UrlTaken, place.clone(), message).help(help)
        }
    }
}

/// `an article` for `this article`.
fn with_article(what: &str) -> &'static str {
    match what {
        FILE => "a file",
        ALIAS => "an alias",
        _ => "an article",
    }
}

const ARTICLE: &str = "this article";
const ALIAS: &str = "this alias";
const FILE: &str = "this file";

/// What claims paths of the output.
pub(super) struct Claimants<'a> {
    pub candidates: &'a [Candidate],
    /// The files of each candidate, in their order.
    pub files: &'a [Vec<ArticleFile>],
    pub trees: &'a [Tree],
    pub archive_length: usize,
    pub tags: &'a Lists,
    pub authors: &'a Lists,
    pub sides: &'a Lists,
    pub paginate: usize,
    pub assets: &'a BTreeMap<SitePath, Arc<Asset>>,
    pub has_base_url: HasBaseUrl,
}

/// Whether what must be absolute can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HasBaseUrl(pub bool);

/// Hands out every path of the output.
pub(super) fn outputs(claimants: &Claimants<'_>) -> Checked<Outputs> {
    let mut outputs = Outputs::default();
    let mut found = Vec::new();
    found.extend(record_of_writes(&mut outputs));
    found.extend(generated(&mut outputs, claimants));
    for (candidate, files) in claimants.candidates.iter().zip(claimants.files) {
        found.extend(of_candidate(&mut outputs, candidate, files));
    }
    for tree in claimants.trees.iter().filter(|tree| tree.members.len() > 1) {
        let original =
            tree.members.first().and_then(|leaf| claimants.candidates.get(leaf.article.get()));
        found.extend(original.and_then(|original| {
            outputs.page(
                Route::Flow(original.slug.clone()),
                Claimant::Generated("the flow sheet of a debate"),
            )
        }));
    }
    for candidate in claimants.candidates {
        found.extend(of_aliases(&mut outputs, candidate));
    }
    found.extend(of_static(&mut outputs, claimants.assets));
    found.extend(outputs.files_as_folders());
    outputs.claims.remove(RECORD);
    found.extend(outputs.in_staging());
    Checked { value: outputs, found }
}

/// Where the build notes what it wrote (design.md, section 7).
const RECORD: &str = ".agon";

/// The folder of the output in which a build is made ready.
const STAGING: &str = ".agon-staging";

fn record_of_writes(outputs: &mut Outputs) -> Option<Diagnostic> {
    outputs.page(
        Route::Alias { from: RECORD.into(), to: "/".into() },
        Claimant::Generated("the record of what Agon wrote"),
    )
}

fn generated(outputs: &mut Outputs, claimants: &Claimants<'_>) -> Vec<Diagnostic> {
    let mut routes = vec![(Route::Home, "the home page")];
    let is_static = |name: &str| {
        SitePath::new(&format!("static/{name}"))
            .is_some_and(|path| claimants.assets.contains_key(&path))
    };
    if !is_static("robots.txt") {
        routes.push((Route::Robots, "the site's robots.txt"));
    }
    if !is_static("404.html") {
        routes.push((Route::NotFound, "the page for what is not found"));
    }
    if claimants.has_base_url.0 {
        routes.push((Route::Feed, "the site's feed"));
        routes.push((Route::Sitemap, "the site's map for search engines"));
    }
    let archive = PageNumber::all(claimants.archive_length, claimants.paginate);
    routes.extend(archive.map(|number| (Route::Archive(number), "the list of all articles")));
    if !claimants.tags.is_empty() {
        routes.push((Route::Tags, "the list of tags"));
    }
    if !claimants.authors.is_empty() {
        routes.push((Route::Authors, "the list of authors"));
    }
    let mut lists = |lists: &Lists, route: fn(Slug, PageNumber) -> Route, what| {
        let pages = |list: &List| PageNumber::all(list.articles.len(), claimants.paginate);
        for list in lists {
            routes.extend(pages(list).map(|number| (route(list.slug.clone(), number), what)));
        }
    };
    lists(claimants.tags, Route::Tag, "the list of a tag");
    lists(claimants.authors, Route::Author, "the list of an author");
    lists(claimants.sides, Route::Side, "the list of a side");
    routes
        .into_iter()
        .filter_map(|(route, what)| outputs.page(route, Claimant::Generated(what)))
        .collect()
}

fn of_candidate(
    outputs: &mut Outputs,
    candidate: &Candidate,
    files: &[ArticleFile],
) -> Vec<Diagnostic> {
    let front = &candidate.article.value.front;
    let place = front.slug.as_ref().map_or(0..0, |slug| slug.bytes.clone());
    let by = Claimant::File(Span::new(candidate.path(), place), ARTICLE);
    let slug = candidate.slug.clone();
    let page = match candidate.placement {
        Placement::Introduction => None,
        Placement::Page => outputs.page(Route::Page(slug), by),
        Placement::Article => outputs.page(Route::Article(slug), by),
    };
    let copies = files.iter().filter_map(|file| {
        let by = Claimant::File(Span::new(&file.asset, 0..0), FILE);
        let path = file_path(&candidate.slug, &file.name);
        outputs.claim(output_of_path(&path), Output::Copy(file.asset.clone()), by)
    });
    page.into_iter().chain(copies.collect::<Vec<_>>()).collect()
}

/// The root-relative path of an article's file, not percent-encoded.
pub(super) fn file_path(slug: &Slug, name: &str) -> String {
    if slug.as_str().is_empty() { format!("/{name}") } else { format!("/{slug}/{name}") }
}

fn of_aliases(outputs: &mut Outputs, candidate: &Candidate) -> Vec<Diagnostic> {
    let to: Arc<str> = match candidate.placement {
        Placement::Introduction => "/".into(),
        _ => format!("/{}/", candidate.slug).into(),
    };
    let mut found = Vec::new();
    for alias in &candidate.article.value.front.aliases {
        match alias::output_path(candidate, alias) {
            Err(fault) => found.push(*fault),
            Ok(from) => {
                let by = Claimant::File(Span::new(candidate.path(), alias.bytes.clone()), ALIAS);
                found.extend(outputs.page(Route::Alias { from: from.into(), to: to.clone() }, by));
            }
        }
    }
    found
}

fn of_static(outputs: &mut Outputs, assets: &BTreeMap<SitePath, Arc<Asset>>) -> Vec<Diagnostic> {
    let files =
        assets.keys().filter_map(|path| Some((path, path.as_str().strip_prefix("static/")?)));
    files
        .filter_map(|(path, output)| {
            let by = Claimant::File(Span::new(path, 0..0), FILE);
            outputs.claim(output.nfc().collect(), Output::Copy(path.clone()), by)
        })
        .collect()
}
