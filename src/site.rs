//! Everything resolved: which articles are published, the debates, the anchors, the links, the URLs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod again;
mod alias;
pub mod anchor;
mod asked;
pub mod claim;
pub mod debate;
mod file;
pub mod link;
mod link_fault;
pub mod list;
mod menu;
mod parent;
pub mod point;
pub mod publish;
mod quote_fault;
pub mod route;
pub mod settings;
pub mod side;
pub mod slug;
pub mod snapshot;
mod suggestion;
pub mod url;

use anchor::{Anchors, Sheets};
use asked::{Asked, LinkFault};
use claim::{Claimants, HasBaseUrl, Outputs};
use debate::{Debate, Member, MemberIndex, Tree};
use file::Files;
use link::{Resolver, Target};
use list::List;
use menu::Menu;
use parent::Parent;
use publish::{Candidate, Clock, LeftOut, Placement};
use route::Route;
use settings::{BaseUrl, Settings};
use side::SideIndex;
use slug::Slug;
use snapshot::Options;

use crate::article::front_matter::Author;
use crate::article::{Article, Articles};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::{SitePath, Sources, Span};

/// The place of an article in [`Site::articles`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleIndex(usize);

impl ArticleIndex {
    /// The index, from 0.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

/// Where an article stands among the debates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Its debate, by its index in [`Site::debates`].
    pub debate: usize,
    /// Its place in the debate.
    pub member: MemberIndex,
}

/// A published article, plain page or introduction.
#[derive(Clone, Debug)]
pub struct Published {
    /// The file, parsed, with what was found wrong in it.
    pub article: Arc<Checked<Article>>,
    /// What it is.
    pub placement: Placement,
    /// Its title, in inline Markdown.
    pub title: String,
    /// Its part of the URL; empty for the introduction.
    pub slug: Slug,
    /// Whether its date has not come yet, and it is shown all the same.
    pub upcoming: bool,
    /// Its place among the debates; nothing for a plain page and the introduction.
    pub seat: Option<Seat>,
    /// What its links lead to, in the order of the document's links.
    pub targets: Vec<Target>,
    /// What its `image` leads to.
    pub image: Option<Target>,
}

impl Published {
    /// The page at which it is read.
    #[must_use]
    pub fn route(&self) -> Route {
        match self.placement {
            Placement::Introduction => Route::Home,
            Placement::Page => Route::Page(self.slug.clone()),
            Placement::Article => Route::Article(self.slug.clone()),
        }
    }
}

/// A site, resolved; what does not depend on the texts of its articles is its [`Frame`].
#[derive(Clone, Debug)]
pub struct Site {
    /// Everything published, by path.
    pub articles: Vec<Arc<Published>>,
    /// All debates: those of least `order` first, then those with the latest reply.
    pub debates: Vec<Arc<Debate>>,
    frame: Arc<Frame>,
    /// Articles in which something was found, alone or in their links.
    faulty: BTreeSet<ArticleIndex>,
    /// Debates with quotes in which something was found.
    disputed: BTreeSet<usize>,
}

/// What a site is but for the texts of its articles: an edit of a text leaves it as it was.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What site.yaml says.
    pub settings: Settings,
    /// Where the site will be published: by flag, environment or site.yaml.
    pub base_url: Option<BaseUrl>,
    /// The plain pages, by path.
    pub pages: Vec<ArticleIndex>,
    /// What the home page says before its lists.
    pub introduction: Option<ArticleIndex>,
    /// All articles, the newest first, those without a date last.
    pub archive: Vec<ArticleIndex>,
    /// The articles of each tag, by slug.
    pub tags: Vec<List>,
    /// The articles of each author, by slug.
    pub authors: Vec<List>,
    /// The articles of each side, by slug.
    pub sides: Vec<List>,
    /// What is not published, and why; by path.
    pub left_out: Vec<LeftOut>,
    /// What the entries of the menu lead to, in their order.
    pub menu: Vec<Target>,
    /// Every page and every file that is copied.
    pub outputs: Outputs,
    /// Every page, by its path in the output.
    pub routes: Vec<Route>,
    slugs: BTreeMap<Slug, ArticleIndex>,
    parents: Vec<Parent>,
    garbled: BTreeSet<SitePath>,
    asked: Asked,
    /// What is wrong with links in texts, by article and link.
    link_faults: BTreeMap<ArticleIndex, Vec<LinkFault>>,
    /// Everything else that was found and does not depend on a text.
    found: Vec<Diagnostic>,
}

impl std::ops::Deref for Site {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.frame
    }
}

impl Site {
    /// The article at `index`, which is of this site.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "an ArticleIndex is made with the site in which it is used"
    )]
    pub fn article(&self, index: ArticleIndex) -> &Published {
        &self.articles[index.0]
    }

    /// Whether the two differ in nothing but texts of articles.
    #[must_use]
    pub fn has_frame_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.frame, &other.frame)
    }

    /// Everything that was found wrong, in no order.
    fn found(&self) -> Vec<Diagnostic> {
        let mut found = self.frame.found.clone();
        for &index in &self.faulty {
            let article = &self.article(index).article;
            found.extend(article.found.iter().cloned());
            let Article { source, document, .. } = &article.value;
            for one in self.link_faults.get(&index).into_iter().flatten() {
                let link = document.links.get(one.link);
                let place = link.map(|link| Span::new(&source.path, link.bytes.clone()));
                found.push(Diagnostic { place, ..one.fault.clone() });
            }
        }
        let disputed = self.disputed.iter().filter_map(|&index| self.debates.get(index));
        let anchors = disputed.flat_map(|debate| &debate.members);
        found.extend(anchors.flat_map(|member| member.anchors.found()).cloned());
        found
    }

    /// The indices of everything published, by path.
    pub fn indices(&self) -> impl Iterator<Item = ArticleIndex> + use<> {
        (0..self.articles.len()).map(ArticleIndex)
    }

    /// The article or plain page with the slug `slug`.
    #[must_use]
    pub fn by_slug(&self, slug: &Slug) -> Option<ArticleIndex> {
        self.slugs.get(slug).copied()
    }

    /// What is published of the file `path`.
    #[must_use]
    pub fn by_path(&self, path: &SitePath) -> Option<ArticleIndex> {
        let path_of = |one: &Arc<Published>| one.article.value.source.path.cmp(path);
        self.articles.binary_search_by(path_of).ok().map(ArticleIndex)
    }

    /// The same, where it is likely to be at `index`.
    fn by_path_near(&self, path: &SitePath, index: ArticleIndex) -> Option<ArticleIndex> {
        let near = self.articles.get(index.0);
        let is_there = near.is_some_and(|one| one.article.value.source.path == *path);
        if is_there { Some(index) } else { self.by_path(path) }
    }

    /// The debate of an article, and its place in it; nothing for a plain page.
    #[must_use]
    pub fn seat(&self, article: &Published) -> Option<(&Debate, &Member)> {
        let seat = article.seat?;
        let debate = self.debates.get(seat.debate)?;
        Some((debate, debate.member(seat.member)))
    }

    /// The authors of an article: its own, else the site's.
    #[must_use]
    pub fn authors_of<'a>(&'a self, article: &'a Published) -> Vec<&'a Author> {
        list::authors(&article.article.value, &self.settings)
    }
}

/// Resolves everything that leads from one file to another (design.md, sections 2 to 5).
///
/// Takes what was read with what could not be, the articles by path, the settings of the site
/// and what the edges decided. All faults are collected; the site is whole in any case.
/// `before` is a cache and changes no result.
#[must_use]
pub fn resolve(
    sources: &Checked<Sources>,
    articles: &Articles,
    settings: Settings,
    options: &Options,
    before: Option<&Site>,
) -> Checked<Site> {
    let mut found = Vec::new();
    let clock = Clock { options, zone: &settings.timezone };
    let selection = publish::select(articles.values(), &clock).into_value(&mut found);
    let unreadable = unreadable(&sources.found);
    let garbled = garbled(sources, &selection.published);
    found.retain(|one| !is_missing_in(one, &garbled));
    let files = Files::new(&sources.value, &selection, &unreadable);
    let candidates = selection.published.as_slice();
    let parents = parent::parents(&files).into_value(&mut found);
    let trees = debate::trees(candidates, &parents).into_value(&mut found);
    let mut resolver = Resolver::new(&files);
    resolver.candidates();
    let menu = Menu::new(&settings, &files);
    resolver.menu(menu.as_ref());
    let linked = (candidates, resolver.targets());
    let sheets = Sheets { articles: &linked, parents: &parents, garbled: &garbled, before };
    let anchors = anchor::anchors(&trees, sheets);
    let debates = debates(&trees, anchors, candidates, &settings).into_value(&mut found);
    found.extend(side::nobodys(&settings, &debates));
    let archive = list::archive(candidates);
    let (tags, authors) =
        list::tags_and_authors(candidates, &archive, &settings).into_value(&mut found);
    let sides = list::sides(&debates, &archive);
    let base_url = base_url(&settings, options).into_value(&mut found);
    let outputs = claim::outputs(&Claimants {
        candidates,
        files: resolver.files(),
        trees: &trees,
        archive_length: archive.len(),
        tags: &tags,
        authors: &authors,
        sides: &sides,
        paginate: settings.paginate,
        assets: &sources.value.assets,
        has_base_url: HasBaseUrl(base_url.is_some()),
    })
    .into_value(&mut found);
    let links = resolver.finish(&outputs).into_value(&mut found);
    let articles = published(candidates, links.targets, links.images, &debates, &clock);
    let frame = Frame {
        slugs: slugs(&articles),
        routes: outputs.pages().cloned().collect(),
        pages: of_kind(Placement::Page, &articles),
        introduction: of_kind(Placement::Introduction, &articles).first().copied(),
        settings,
        base_url,
        archive,
        tags,
        authors,
        sides,
        left_out: selection.left_out,
        menu: links.menu,
        outputs,
        parents,
        garbled,
        asked: links.asked,
        link_faults: by_article(links.faults),
        found,
    };
    site(frame, articles, debates)
}

fn site(frame: Frame, articles: Vec<Arc<Published>>, debates: Vec<Arc<Debate>>) -> Checked<Site> {
    let (faulty, disputed) = (faulty(&frame, &articles), disputed(&debates));
    let site = Site { articles, debates, frame: Arc::new(frame), faulty, disputed };
    let found = site.found();
    Checked { value: site, found }
}

fn of_kind(kind: Placement, articles: &[Arc<Published>]) -> Vec<ArticleIndex> {
    let ours = articles.iter().enumerate().filter(|(_, one)| one.placement == kind);
    ours.map(|(index, _)| ArticleIndex(index)).collect()
}

fn by_article(faults: Vec<LinkFault>) -> BTreeMap<ArticleIndex, Vec<LinkFault>> {
    let mut by_article: BTreeMap<ArticleIndex, Vec<LinkFault>> = BTreeMap::new();
    for fault in faults {
        by_article.entry(fault.article).or_default().push(fault);
    }
    by_article
}

fn faulty(frame: &Frame, articles: &[Arc<Published>]) -> BTreeSet<ArticleIndex> {
    let indexed = articles.iter().enumerate().map(|(index, one)| (ArticleIndex(index), one));
    let faulty = indexed.filter(|(index, one)| is_faulty(frame, one, *index));
    faulty.map(|(index, _)| index).collect()
}

fn disputed(debates: &[Arc<Debate>]) -> BTreeSet<usize> {
    let disputed = debates.iter().enumerate().filter(|(_, debate)| is_disputed(debate));
    disputed.map(|(index, _)| index).collect()
}

fn is_faulty(frame: &Frame, article: &Published, index: ArticleIndex) -> bool {
    !article.article.found.is_empty() || frame.link_faults.contains_key(&index)
}

fn is_disputed(debate: &Debate) -> bool {
    debate.members.iter().any(|member| member.anchors.found().next().is_some())
}

/// Where two articles have one slug, the first by path keeps it.
fn slugs(articles: &[Arc<Published>]) -> BTreeMap<Slug, ArticleIndex> {
    let named =
        articles.iter().enumerate().filter(|(_, one)| one.placement != Placement::Introduction);
    named.rev().map(|(index, one)| (one.slug.clone(), ArticleIndex(index))).collect()
}

/// Files that are there and could not be read, which was said already.
fn unreadable(found: &[Diagnostic]) -> BTreeSet<SitePath> {
    let is_unread = |one: &&Diagnostic| {
        matches!(
            one.code,
            Code::Unreadable | Code::SymlinkOutside | Code::SymlinkCycle | Code::PathNotPortable
        )
    };
    found
        .iter()
        .filter(is_unread)
        .filter_map(|one| Some(one.place.as_ref()?.path.clone()))
        .collect()
}

/// Whether a key is missing in a file that may well have it, in what could not be read.
fn is_missing_in(one: &Diagnostic, garbled: &BTreeSet<SitePath>) -> bool {
    let place = one.place.as_ref();
    one.code == Code::MissingKey && place.is_some_and(|place| garbled.contains(&place.path))
}

/// Files whose text is not what their author wrote. What they are quoted with cannot be judged.
fn garbled(sources: &Checked<Sources>, candidates: &[Candidate]) -> BTreeSet<SitePath> {
    let of_articles = candidates.iter().flat_map(|one| &one.article.found);
    let garbled = sources.found.iter().chain(of_articles).filter(|one| is_garbling(one));
    garbled.filter_map(|one| Some(one.place.as_ref()?.path.clone())).collect()
}

/// Whether it tells of a text that is not what its author wrote: not UTF-8, or with front
/// matter that runs on into the text.
fn is_garbling(one: &Diagnostic) -> bool {
    matches!(one.code, Code::NotUtf8 | Code::FrontMatterUnclosed)
}

fn base_url(settings: &Settings, options: &Options) -> Checked<Option<BaseUrl>> {
    if let Some(decided) = &options.base_url {
        return Checked::sound(decided.clone());
    }
    let own = settings.base_url.as_ref().map(|url| url.value.clone());
    let note = own.is_none().then(no_base_url);
    Checked { value: own, found: note.into_iter().collect() }
}

fn no_base_url() -> Diagnostic {
    let message = "without a base URL there is no feed, no sitemap and no preview on other sites";
    Diagnostic::note(Code::NoBaseUrl, None, message)
        .help("write `base_url: https://example.org` in site.yaml")
}

fn debates(
    trees: &[Tree],
    anchors: Vec<Vec<Arc<Anchors>>>,
    candidates: &[Candidate],
    settings: &Settings,
) -> Checked<Vec<Arc<Debate>>> {
    let mut found = Vec::new();
    let mut debates = Vec::with_capacity(trees.len());
    for (tree, anchors) in trees.iter().zip(anchors) {
        let seating = side::sides(tree, candidates, settings).into_value(&mut found);
        let (sides, of_members) = seating;
        let article = |index: ArticleIndex| candidates.get(index.get()).map(|one| &one.article);
        let members = members(tree, anchors, of_members, (&article, settings));
        let (motion, latest) = (motion(tree, candidates), debate::latest(tree, candidates));
        debates.push(Arc::new(Debate { motion, members, sides, latest }));
    }
    Checked { value: debates, found }
}

/// An article by its index.
type ArticleAt<'a> = &'a dyn Fn(ArticleIndex) -> Option<&'a Arc<Checked<Article>>>;

/// The members of a debate, from its tree, their anchors and their sides.
fn members<'a>(
    tree: &Tree,
    anchors: Vec<Arc<Anchors>>,
    sides: Vec<SideIndex>,
    (article, settings): (ArticleAt<'a>, &Settings),
) -> Vec<Member> {
    let article = |index| article(index).map(|one| &one.value);
    let members = tree.members.iter().zip(anchors).zip(sides).map(|((leaf, anchors), side)| {
        let parent = leaf.parent.and_then(|parent| tree.members.get(parent.get()));
        let parent = parent.and_then(|parent| article(parent.article));
        let points = match (article(leaf.article), parent) {
            (Some(reply), Some(parent)) => point::points(reply, parent, &anchors, settings),
            _ => Vec::new(),
        };
        let paragraphs = parent.map_or(0, |parent| parent.document.paragraphs);
        Member {
            article: leaf.article,
            parent: leaf.parent,
            children: leaf.children.clone(),
            depth: leaf.depth,
            side,
            treatments: point::treatments(&points, paragraphs),
            anchors,
            points,
        }
    });
    members.collect()
}

/// The question of a debate: the original's `motion`, else its title.
fn motion(tree: &Tree, candidates: &[Candidate]) -> String {
    let original = tree.members.first().and_then(|leaf| candidates.get(leaf.article.get()));
    let Some(original) = original else { return String::new() };
    let motion = original.article.value.front.motion.as_ref();
    motion.map_or_else(|| original.title.clone(), |motion| motion.value.clone())
}

fn published(
    candidates: &[Candidate],
    targets: Vec<Vec<Target>>,
    images: Vec<Option<Target>>,
    debates: &[Arc<Debate>],
    clock: &Clock<'_>,
) -> Vec<Arc<Published>> {
    let mut seats: Vec<Option<Seat>> = vec![None; candidates.len()];
    for (index, debate) in debates.iter().enumerate() {
        for member in debate.indices() {
            if let Some(seat) = seats.get_mut(debate.member(member).article.get()) {
                *seat = Some(Seat { debate: index, member });
            }
        }
    }
    let rest = targets.into_iter().zip(images).zip(seats);
    let articles =
        candidates.iter().zip(rest).map(|(candidate, ((targets, image), seat))| Published {
            article: candidate.article.clone(),
            placement: candidate.placement,
            title: candidate.title.clone(),
            slug: candidate.slug.clone(),
            upcoming: candidate
                .date()
                .is_some_and(|date| date.is_future(clock.options.now, clock.zone)),
            seat,
            targets,
            image,
        });
    articles.map(Arc::new).collect()
}

#[cfg(test)]
mod site_tests;
