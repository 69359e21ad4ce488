//! The archive, and the lists by tag, author and side.

use std::collections::BTreeSet;

use super::body::{Body, slot};
use super::context::{DateView, LinkView, MarkView};
use super::piece::{Links, Piece};
use super::shared::Entry;
use super::value::{Html, Made, views};
use super::view::{Views, counts, of};
use crate::site::ArticleIndex;
use crate::site::debate;
use crate::site::list::List;
use crate::site::route::{PageNumber, Route};
use crate::site::slug::Slug;

views! {
    /// `list` of list.html.
    pub struct ListView {
        /// What is listed.
        pub title: String,
        /// `96 articles, newest first. Page 2 of 5.`
        pub summary: String,
        /// Where the author whose list it is is found elsewhere.
        pub home: Option<LinkView>,
        /// Other lists, as facets.html prints them.
        pub facets: Body,
        /// The articles by year.
        pub years: Vec<YearView>,
        /// The pages of the list, where there are several.
        pub pages: Vec<PageLinkView>,
        /// The page before.
        pub newer: Option<String>,
        /// The page after.
        pub older: Option<String>,
    }

    /// A group of other lists.
    pub struct FacetView {
        /// `Subject`.
        pub name: &'static str,
        /// The largest lists.
        pub terms: Vec<TermView>,
        /// URL of the page of all of them, where there is one.
        pub all: Option<String>,
    }

    /// A tag, author or side.
    pub struct TermView {
        /// Its name.
        pub name: String,
        /// Its list.
        pub url: String,
        /// How many articles.
        pub count: usize,
    }

    /// A year.
    pub struct YearView {
        /// `y2025`.
        pub id: String,
        /// `2025`, or `Undated`.
        pub name: String,
        /// Its articles, each as entry.html prints it.
        pub entries: Body,
    }

    /// An article in a list.
    pub struct EntryView {
        /// When.
        pub date: Option<Made<DateView>>,
        /// Whose it is.
        pub mark: Made<MarkView>,
        /// Where it stands.
        pub url: String,
        /// The article's title.
        pub title: Html,
        /// Its language, where it has one of its own.
        pub lang: Option<String>,
        /// Who wrote it.
        pub by: String,
        /// `rebuttal`.
        pub role: String,
        /// How much it answers; of an original how much of it is answered.
        pub standing: String,
    }

    /// A page of a list.
    pub struct PageLinkView {
        /// Its number.
        pub number: u32,
        /// Its URL; nothing for pages that are left out here.
        pub url: Option<String>,
        /// Whether it is this page.
        pub is_here: bool,
    }
}

/// Terms of a facet; the rest is one link away.
const MOST_TERMS: usize = 20;

/// What is listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    pub title: &'a str,
    pub articles: &'a [ArticleIndex],
    /// URL of the author whose list it is.
    pub home: Option<&'a str>,
}

/// The page `number` of the list of `listed` that `route` gives the pages of.
pub(crate) fn list(
    views: &Views<'_>,
    listed: Listed<'_>,
    number: PageNumber,
    route: &dyn Fn(PageNumber) -> Route,
) -> ListView {
    let articles = listed.articles;
    let size = views.snapshot.site.settings.paginate;
    let pages = PageNumber::all(articles.len(), size).len();
    let noun = if articles.len() == 1 { "article" } else { "articles" };
    let which =
        if pages > 1 { format!(" Page {} of {pages}.", number.get()) } else { String::new() };
    let url = |index: Option<usize>| {
        let page = index.filter(|index| *index < pages).map(PageNumber::from_index);
        page.map(|page| views.url(&route(page)))
    };
    ListView {
        title: listed.title.to_owned(),
        summary: format!("{} {noun}, newest first.{which}", articles.len()),
        home: listed.home.map(|url| LinkView { name: without_scheme(url), url: url.to_owned() }),
        facets: facets(views, &views.url(&route(number))),
        years: years(views, shown(views, articles, number)),
        pages: if pages > 1 { page_links(views, pages, number, route) } else { Vec::new() },
        newer: url(number.index().checked_sub(1)),
        older: url(Some(number.index() + 1)),
    }
}

/// `url` as people write it: `example.org/ada`.
fn without_scheme(url: &str) -> String {
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/').to_owned()
}

/// The articles on page `number` of the list of `articles`.
pub(crate) fn shown<'a>(
    views: &Views<'_>,
    articles: &'a [ArticleIndex],
    number: PageNumber,
) -> &'a [ArticleIndex] {
    let size = views.snapshot.site.settings.paginate;
    let start = number.index() * size;
    articles.get(start..(start + size).min(articles.len())).unwrap_or_default()
}

/// The first, the last, and those around the page itself: a row of 400 numbers helps nobody.
fn page_links(
    views: &Views<'_>,
    pages: usize,
    number: PageNumber,
    route: &dyn Fn(PageNumber) -> Route,
) -> Vec<PageLinkView> {
    let here = number.index();
    let mut shown = BTreeSet::from([0, pages - 1]);
    shown.extend(here.saturating_sub(2)..(here + 3).min(pages));
    let mut links: Vec<PageLinkView> = Vec::with_capacity(shown.len() + 2);
    let mut next = 0;
    for index in shown {
        if index > next {
            let number = PageNumber::from_index(next).get();
            links.push(PageLinkView { number, url: None, is_here: false });
        }
        let page = PageNumber::from_index(index);
        let url = Some(views.url(&route(page)));
        links.push(PageLinkView { number: page.get(), url, is_here: page == number });
        next = index + 1;
    }
    links
}

/// The lists that every list names, on the list at `here`.
fn facets(views: &Views<'_>, here: &str) -> Body {
    let piece =
        views.shared.facets(|| Piece::new(views, "facets.html", ("facets", &all_facets(views))));
    piece.body(slot::FACETS, here)
}

/// The largest tags, authors and sides.
fn all_facets(views: &Views<'_>) -> Vec<FacetView> {
    let site = &views.snapshot.site;
    let facet = |name, lists: &[List], route: fn(Slug, PageNumber) -> Route, all: Option<Route>| {
        let mut terms = terms(views, lists, |slug| route(slug, PageNumber::FIRST));
        terms.truncate(MOST_TERMS);
        // Also where none is left out: no other page leads to that one.
        FacetView { name, terms, all: all.map(|route| views.url(&route)) }
    };
    let facets = [
        facet("Subject", &site.tags, Route::Tag, Some(Route::Tags)),
        facet("Author", &site.authors, Route::Author, Some(Route::Authors)),
        facet("Side", &site.sides, Route::Side, None),
    ];
    facets.into_iter().filter(|facet| !facet.terms.is_empty()).collect()
}

/// The lists `lists` as links, the largest first.
pub(crate) fn terms(
    views: &Views<'_>,
    lists: &[List],
    route: impl Fn(Slug) -> Route,
) -> Vec<TermView> {
    let mut terms: Vec<TermView> = lists
        .iter()
        .map(|list| TermView {
            name: list.name.clone(),
            url: views.url(&route(list.slug.clone())),
            count: list.articles.len(),
        })
        .collect();
    terms.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    terms
}

fn years(views: &Views<'_>, articles: &[ArticleIndex]) -> Vec<YearView> {
    let made = |index: ArticleIndex| Entry {
        piece: Piece::of_many(
            views,
            "entry.html",
            ("entry", &entry(views, index)),
            Links::AsTheyAre,
        ),
        year: year(views, index),
    };
    let entries = articles.iter().map(|&index| views.shared.entry(index, || made(index)));
    let entries: Vec<&Entry> = entries.collect();
    let years = entries.chunk_by(|one, next| one.year == next.year).zip(slot::FIRST..);
    let years = years.filter_map(|(entries, slot)| {
        let name = entries.first()?.year.map_or_else(|| "Undated".to_owned(), |y| y.to_string());
        let entries = Piece::joined(slot, entries.iter().map(|entry| &entry.piece));
        Some(YearView { id: ["y", &name.to_lowercase()].concat(), name, entries })
    });
    years.collect()
}

fn year(views: &Views<'_>, index: ArticleIndex) -> Option<i16> {
    let date = views.published(index).article.value.front.date.as_ref();
    date.map(|date| date.value.day.year())
}

fn entry(views: &Views<'_>, index: ArticleIndex) -> EntryView {
    let published = views.published(index);
    let front = &published.article.value.front;
    let place = views.seat(index);
    let (mark, role, standing) = place.map_or_else(Default::default, |(debate, member)| {
        let member = debate.member(member);
        (views.mark(member), debate::role(member.depth), standing(views, debate, member))
    });
    EntryView {
        date: views.date(index),
        mark,
        url: views.article_url(index).to_owned(),
        title: views.inline().html(&published.title),
        lang: front.lang.clone(),
        by: views.by(index).to_owned(),
        role,
        standing,
    }
}

/// Of a reply how much of its parent it answers, of an original how much of it somebody answers.
fn standing(views: &Views<'_>, debate: &debate::Debate, member: &debate::Member) -> String {
    if member.depth > 0 {
        return of(counts(&member.treatments).0, member.treatments.len());
    }
    let paragraphs = views.published(member.article).article.value.document.paragraphs;
    let children: Vec<&debate::Member> =
        member.children.iter().map(|&index| debate.member(index)).collect();
    let is_answered = |&index: &usize| children.iter().any(|child| child.answers(index));
    let answered = (0..paragraphs).filter(is_answered).count();
    if children.is_empty() { "unanswered".to_owned() } else { of(answered, paragraphs) }
}

views! {
    /// `terms` of terms.html.
    pub struct TermsView {
        /// `Subjects` or `Authors`.
        pub title: &'static str,
        /// All of them.
        pub list: Vec<TermView>,
    }
}
