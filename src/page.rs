//! Pages: from a snapshot and a route to bytes.
//!
//! [`compose`] makes a value that can be tested without HTML; [`render`] gives it to the
//! template of its kind, and [`preview`] does so with what is wrong put in. All are pure, and
//! there is no other way to a page.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::Context;

mod alone;
pub mod body;
mod column;
pub mod context;
mod debate;
mod edit;
mod extra;
pub mod fault;
mod feed;
pub mod flow;
mod frame;
pub mod home;
mod html;
mod inline;
pub mod list;
mod mark;
mod notice;
mod piece;
pub mod row;
mod sentence;
pub mod shape;
mod shared;
mod side_by_side;
mod stencil;
pub mod value;
mod verify;
mod view;

use body::Body;
use context::{ArticleView, ColumnView, DebateView, PageView, TextView};
use extra::Extra;
use fault::OpenPlace;
use flow::FlowView;
use frame::{article_view, colors, page_view};
use home::HomeView;
use list::{ListView, Listed, TermsView};
pub use shared::Shared;
use value::{Made, ToValue};
use view::Views;

use crate::diagnostic::{Checked, Diagnostic};
use crate::site::ArticleIndex;
use crate::site::list::List;
use crate::site::route::{PageNumber, Route};
use crate::site::slug::Slug;
use crate::site::snapshot::Snapshot;
use crate::source::{Asset, OutputContent, OutputFile};

/// A page as its template gets it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The template.
    pub template: &'static str,
    /// The page itself.
    pub page: PageView,
    /// What the kind of page has besides.
    pub content: Content,
}

/// What a kind of page has besides `site` and `page`.
#[derive(Clone, Debug)]
pub enum Content {
    /// debate.html.
    Debate {
        /// What is above and below the columns.
        debate: Box<DebateView>,
        /// The left column.
        parent: Box<ColumnView>,
        /// The right column.
        reply: Box<ColumnView>,
    },
    /// article.html and page.html.
    Alone {
        /// What is said of it.
        article: Made<ArticleView>,
        /// Its text.
        text: Box<TextView>,
    },
    /// flow.html.
    Flow {
        /// The sheet.
        flow: Box<FlowView>,
    },
    /// home.html.
    Home {
        /// The home page.
        home: Box<HomeView>,
    },
    /// list.html.
    List {
        /// The list.
        list: Box<ListView>,
    },
    /// terms.html.
    Terms {
        /// All tags or authors.
        terms: Box<TermsView>,
    },
    /// 404.html.
    Nothing {},
    /// alias.html.
    Alias {
        /// The new address.
        target: String,
    },
}

impl Page {
    /// What its template is given besides `site`.
    fn views(&self) -> Vec<(&'static str, &dyn ToValue)> {
        let mut views: Vec<(&'static str, &dyn ToValue)> = Vec::with_capacity(4);
        match &self.content {
            Content::Debate { debate, parent, reply } => {
                views.push(("debate", &**debate));
                views.push(("parent", &**parent));
                views.push(("reply", &**reply));
            }
            Content::Alone { article, text } => {
                views.push(("article", article));
                views.push(("text", &**text));
            }
            Content::Flow { flow } => views.push(("flow", &**flow)),
            Content::Home { home } => views.push(("home", &**home)),
            Content::List { list } => views.push(("list", &**list)),
            Content::Terms { terms } => views.push(("terms", &**terms)),
            Content::Nothing {} => {}
            Content::Alias { target } => views.push(("target", target)),
        }
        views.push(("page", &self.page));
        views
    }

    fn context(&self, shared: &Shared) -> Context {
        value::context(&self.views(), shared.site(), |view| view.to_value())
    }
}

impl Content {
    /// The HTML that is put in after the template.
    fn bodies(&self) -> Vec<&Body> {
        match self {
            Self::Debate { debate, parent, reply } => {
                let ledger = debate.standing.iter().map(|standing| &standing.ledger);
                [&parent.html, &reply.html, &debate.tabs].into_iter().chain(ledger).collect()
            }
            Self::Alone { text, .. } => vec![&text.html],
            Self::Home { home } => {
                let tally = home.lead.iter().flat_map(|lead| &lead.tally);
                let ledgers = tally.map(|standing| &standing.ledger);
                std::iter::once(&home.intro).chain(ledgers).collect()
            }
            Self::List { list } => {
                let years = list.years.iter().map(|year| &year.entries);
                std::iter::once(&list.facets).chain(years).collect()
            }
            Self::Flow { flow } => vec![&flow.rows],
            Self::Terms { .. } | Self::Nothing {} | Self::Alias { .. } => Vec::new(),
        }
    }
}

/// The page at `route`, as its template gets it; nothing for what is no HTML.
#[must_use]
pub fn compose(snapshot: &Snapshot, shared: &Shared, route: &Route) -> Option<Page> {
    composed(&Views { snapshot, shared, faults: None }, route)
}

fn composed(views: &Views<'_>, route: &Route) -> Option<Page> {
    let snapshot = views.snapshot;
    match route {
        Route::Home => Some(home_page(views)),
        Route::Article(slug) => debate::article_page(views, snapshot.site.by_slug(slug)?),
        Route::Page(slug) => Some(plain_page(views, snapshot.site.by_slug(slug)?)),
        Route::Flow(slug) => flow_page(views, snapshot.site.by_slug(slug)?),
        Route::Archive(number) => {
            let articles = &snapshot.site.archive;
            let listed = Listed { title: "Archive", articles, home: None };
            Some(list_page(views, listed, *number, &Route::Archive))
        }
        Route::Tag(slug, number) => {
            term_page(views, &snapshot.site.tags, slug, *number, Route::Tag)
        }
        Route::Author(slug, number) => {
            term_page(views, &snapshot.site.authors, slug, *number, Route::Author)
        }
        Route::Side(slug, number) => {
            term_page(views, &snapshot.site.sides, slug, *number, Route::Side)
        }
        Route::Tags => {
            Some(terms_page(views, "Subjects", &snapshot.site.tags, &Route::Tags, Route::Tag))
        }
        Route::Authors => Some(terms_page(
            views,
            "Authors",
            &snapshot.site.authors,
            &Route::Authors,
            Route::Author,
        )),
        Route::NotFound => {
            let page = page_view(views, &Route::NotFound, "Not found");
            Some(Page { template: "404.html", page, content: Content::Nothing {} })
        }
        Route::Alias { to, .. } => Some(alias_page(views, route, to)),
        Route::Feed | Route::Sitemap | Route::Robots => None,
    }
}

/// The file of `route`.
///
/// # Errors
///
/// Where its template fails, writes an id twice or a link that leads nowhere; the diagnostic
/// names the template, the line and the page.
pub fn render(
    snapshot: &Snapshot,
    shared: &Shared,
    route: &Route,
) -> Result<OutputFile, Box<Diagnostic>> {
    let Checked { value, mut found } = rendered(&Views { snapshot, shared, faults: None }, route)?;
    let content = OutputContent::Bytes(value);
    let file = OutputFile { path: route.output_path(), content };
    found.pop().map_or(Ok(file), |fault| Err(Box::new(fault)))
}

/// The bytes of `route` as a preview shows it: the same, but for quotes that do not match, which
/// become boxes that say why; `open` gives their places. A page is shown though its template
/// links to what does not exist, which is found all the same.
///
/// # Errors
///
/// Where its template fails.
pub fn preview(
    snapshot: &Snapshot,
    shared: &Shared,
    route: &Route,
    open: OpenPlace<'_>,
) -> Result<Checked<Vec<u8>>, Box<Diagnostic>> {
    rendered(&Views { snapshot, shared, faults: Some(open) }, route)
}

fn rendered(views: &Views<'_>, route: &Route) -> Result<Checked<Vec<u8>>, Box<Diagnostic>> {
    let text = match route {
        Route::Feed => feed::atom(views),
        Route::Sitemap => feed::sitemap(views),
        Route::Robots => feed::robots(views),
        _ => return html::html(views, route),
    };
    Ok(Checked::sound(text.into_bytes()))
}

/// The files that are copied: the site's, and the theme's where the site has none of that path.
#[must_use]
pub fn copies(snapshot: &Snapshot) -> Vec<OutputFile> {
    let assets = &snapshot.sources.assets;
    let file = |path: &str, asset: &Arc<Asset>| OutputFile {
        path: path.to_owned(),
        content: OutputContent::Asset(asset.clone()),
    };
    let mut copies: BTreeMap<String, OutputFile> = BTreeMap::new();
    for (path, asset) in snapshot.theme.iter().flat_map(|theme| theme.assets()) {
        copies.insert(path.to_owned(), file(path, asset));
    }
    for (path, asset) in snapshot.site.outputs.copies() {
        if let Some(asset) = assets.get(asset) {
            copies.insert(path.to_owned(), file(path, asset));
        }
    }
    copies.into_values().collect()
}

/// The theme's file at the root-relative `path`: `/assets/css/tokens.css`.
#[must_use]
pub fn theme_file(snapshot: &Snapshot, path: &str) -> Option<Arc<Asset>> {
    let path = path.strip_prefix('/')?;
    let mut files = snapshot.theme.iter().flat_map(|theme| theme.assets());
    files.find(|(file, _)| *file == path).map(|(_, asset)| asset.clone())
}

fn home_page(views: &Views<'_>) -> Page {
    let settings = &views.snapshot.site.settings;
    let mut page = page_view(views, &Route::Home, &settings.title);
    page.description.clone_from(&settings.description);
    let home = home::home(views);
    page.style = colors(views.snapshot.site.debates.iter().map(Arc::as_ref).take(30));
    Page { template: "home.html", page, content: Content::Home { home: Box::new(home) } }
}

fn plain_page(views: &Views<'_>, index: ArticleIndex) -> Page {
    let published = views.published(index);
    let page = article_view(views, &published.route(), index);
    let article = ArticleView {
        title: views.inline().html(&published.title),
        extra: Extra::new(published.article.value.front.extra.as_ref()),
        ..ArticleView::default()
    };
    let html = alone::body(views, index, alone::Numbers::Hidden);
    let text = Box::new(TextView { html, ..TextView::default() });
    let content = Content::Alone { article: Made::new(article), text };
    Page { template: "page.html", page, content }
}

fn flow_page(views: &Views<'_>, index: ArticleIndex) -> Option<Page> {
    let (debate, _) = views.seat(index)?;
    let route = Route::Flow(views.published(index).slug.clone());
    let mut page =
        page_view(views, &route, &format!("Flow sheet: {}", views.inline().plain(&debate.motion)));
    page.description =
        Some("Every paragraph of the original and what each reply says to it.".to_owned());
    page.style = colors(std::iter::once(debate));
    let flow = flow::flow(views, debate);
    Some(Page { template: "flow.html", page, content: Content::Flow { flow: Box::new(flow) } })
}

fn list_page(
    views: &Views<'_>,
    listed: Listed<'_>,
    number: PageNumber,
    route: &dyn Fn(PageNumber) -> Route,
) -> Page {
    let title = listed.title;
    let heading = if number == PageNumber::FIRST {
        title.to_owned()
    } else {
        format!("{title}, page {}", number.get())
    };
    let mut page = page_view(views, &route(number), &heading);
    let list = list::list(views, listed, number, route);
    page.description = Some(list.summary.clone());
    let shown = list::shown(views, listed.articles, number).iter();
    if views.shared.has_colors() {
        page.style = colors(shown.filter_map(|&index| Some(views.seat(index)?.0)));
    }
    Page { template: "list.html", page, content: Content::List { list: Box::new(list) } }
}

fn term_page(
    views: &Views<'_>,
    lists: &[List],
    slug: &Slug,
    number: PageNumber,
    route: fn(Slug, PageNumber) -> Route,
) -> Option<Page> {
    let index = lists.binary_search_by(|list| list.slug.cmp(slug)).ok()?;
    let list = lists.get(index)?;
    let pages = |number| route(slug.clone(), number);
    let (title, articles, home) = (&list.name, &list.articles, list.home.as_deref());
    Some(list_page(views, Listed { title, articles, home }, number, &pages))
}

fn terms_page(
    views: &Views<'_>,
    title: &'static str,
    lists: &[List],
    route: &Route,
    of: fn(Slug, PageNumber) -> Route,
) -> Page {
    let page = page_view(views, route, title);
    let mut list = list::terms(views, lists, |slug| of(slug, PageNumber::FIRST));
    list.sort_by(|a, b| a.name.cmp(&b.name));
    let terms = TermsView { title, list };
    Page { template: "terms.html", page, content: Content::Terms { terms: Box::new(terms) } }
}

fn alias_page(views: &Views<'_>, route: &Route, to: &str) -> Page {
    let target = views.rooted(&crate::site::url::encoded(to));
    let mut page = page_view(views, route, "Moved");
    page.canonical = views.absolute(&crate::site::url::encoded(to));
    Page { template: "alias.html", page, content: Content::Alias { target } }
}
