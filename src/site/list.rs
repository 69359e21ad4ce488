//! Lists of articles: by date, tag, author and side.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::ArticleIndex;
use super::debate::Debate;
use super::publish::{Candidate, Placement};
use super::settings::Settings;
use super::slug::{self, Slug};
use crate::article::Article;
use crate::article::front_matter::Author;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::Span;

/// The articles that have one tag, author or side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its part of the URL.
    pub slug: Slug,
    /// Its name, as it was first written.
    pub name: String,
    /// The articles, the newest first, those without a date last.
    pub articles: Vec<ArticleIndex>,
    /// Where the author is found elsewhere, as the newest article says that says it.
    pub home: Option<String>,
}

/// The lists of one kind, by slug.
pub(super) type Lists = Vec<List>;

/// All articles, the newest first, those without a date last.
pub(super) fn archive(candidates: &[Candidate]) -> Vec<ArticleIndex> {
    let articles =
        candidates.iter().enumerate().filter(|(_, one)| one.placement == Placement::Article);
    let mut archive: Vec<ArticleIndex> = articles.map(|(index, _)| ArticleIndex(index)).collect();
    archive.sort_by_cached_key(|index| {
        let one = candidates.get(index.get());
        (Reverse(one.and_then(Candidate::date)), one.map(|one| one.slug.clone()), *index)
    });
    archive
}

/// The authors of an article: its own, else the site's.
pub(super) fn authors<'a>(article: &'a Article, settings: &'a Settings) -> Vec<&'a Author> {
    let own = &article.front.authors;
    if own.is_empty() {
        settings.authors.iter().map(|author| &author.value).collect()
    } else {
        own.iter().collect()
    }
}

/// The lists by tag and by author; `archive` is all articles in the order of a list.
pub(super) fn tags_and_authors(
    candidates: &[Candidate],
    archive: &[ArticleIndex],
    settings: &Settings,
) -> Checked<(Lists, Lists)> {
    let mut found = Vec::new();
    let mut tags = Grouping::default();
    let mut authors_of = Grouping::default();
    for &index in archive.iter().rev() {
        let Some(one) = candidates.get(index.get()) else { continue };
        for tag in &one.article.value.front.tags {
            if tags.add(&tag.value, index).is_none() {
                found.push(no_slug(Span::new(one.path(), tag.bytes.clone()), &tag.value));
            }
        }
        for author in authors(&one.article.value, settings) {
            let list = authors_of.add(&author.name, index);
            if let (Some(list), Some(url)) = (list, &author.url) {
                list.home = Some(url.clone());
            }
        }
    }
    Checked { value: (tags.lists(), authors_of.lists()), found }
}

/// The lists by side.
pub(super) fn sides(debates: &[Arc<Debate>], archive: &[ArticleIndex]) -> Lists {
    let members =
        debates.iter().flat_map(|debate| debate.members.iter().map(move |member| (member, debate)));
    let by_article: BTreeMap<ArticleIndex, _> =
        members.map(|(member, debate)| (member.article, debate.side(member))).collect();
    let mut sides = Grouping::default();
    for &index in archive.iter().rev() {
        if let Some(side) = by_article.get(&index) {
            let list = sides.list(side.slug.clone(), &side.name);
            sides.add_to(list, index);
        }
    }
    sides.lists()
}

fn no_slug(place: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` has no letter or digit, so no list can have its name");
    Diagnostic::error(Code::InvalidSlug, place, message)
}

/// Filled from the oldest article on, so that a new one cannot rename a list.
#[derive(Default)]
struct Grouping {
    lists: Lists,
    /// The list of each slug, by its index.
    by_slug: BTreeMap<Slug, usize>,
    /// The same of each name that was met; a site has few names and many articles of each.
    by_name: BTreeMap<String, Option<usize>>,
}

impl Grouping {
    /// The list for `name`, if there can be one.
    fn add(&mut self, name: &str, article: ArticleIndex) -> Option<&mut List> {
        let list = match self.by_name.get(name) {
            Some(list) => *list,
            None => {
                let list = slug::of_term(name).map(|slug| self.list(slug, name.trim()));
                self.by_name.insert(name.to_owned(), list);
                list
            }
        };
        self.add_to(list?, article)
    }

    /// The index of the list with the slug `slug`, which is made if there is none.
    fn list(&mut self, slug: Slug, name: &str) -> usize {
        *self.by_slug.entry(slug).or_insert_with_key(|slug| {
            let (slug, name) = (slug.clone(), name.to_owned());
            self.lists.push(List { slug, name, articles: Vec::new(), home: None });
            self.lists.len() - 1
        })
    }

    fn add_to(&mut self, list: usize, article: ArticleIndex) -> Option<&mut List> {
        let list = self.lists.get_mut(list)?;
        if list.articles.last() != Some(&article) {
            list.articles.push(article);
        }
        Some(list)
    }

    fn lists(mut self) -> Lists {
        self.lists.sort_by(|one, other| one.slug.cmp(&other.slug));
        self.lists.iter_mut().for_each(|list| list.articles.reverse());
        self.lists
    }
}
