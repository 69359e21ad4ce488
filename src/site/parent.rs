//! What each reply answers: `rebuts` as a slug or a path, and what is wrong with it.

use std::collections::BTreeMap;

use super::ArticleIndex;
use super::file::{File, Files, relative};
use super::publish::{Candidate, Placement, Reason};
use super::slug::fold;
use super::suggestion::Suggestions;
use crate::article::front_matter::Located;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::{SitePath, Span};

/// What an article answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// Nothing: an original, or no article.
    None,
    /// An article.
    Article(ArticleIndex),
    /// Something that cannot be had; what is wrong was said.
    Lost,
}

/// The parent of every published file, in their order.
pub(super) fn parents(files: &Files<'_>) -> Checked<Vec<Parent>> {
    let mut search = Search::new(files);
    let parents =
        files.selection.published.iter().map(|candidate| search.parent(candidate)).collect();
    for draft in &files.selection.dropped {
        // A draft's front matter is always checked; that its parent is a draft too is no fault.
        let before = search.found.len();
        search.parent(draft);
        let ours = search.found.split_off(before);
        search.found.extend(ours.into_iter().filter(|one| one.code != Code::DroppedParent));
    }
    let mut parents = Checked { value: parents, found: search.found };
    break_cycles(files, &mut parents);
    parents
}

/// An article that can be named by its slug.
#[derive(Clone, Copy)]
enum Named<'a> {
    Published(ArticleIndex, &'a Candidate),
    Dropped(&'a Candidate),
}

impl<'a> Named<'a> {
    fn candidate(self) -> &'a Candidate {
        match self {
            Self::Published(_, candidate) | Self::Dropped(candidate) => candidate,
        }
    }
}

struct Search<'a> {
    files: &'a Files<'a>,
    by_slug: BTreeMap<String, Vec<Named<'a>>>,
    suggestions: Suggestions<'a>,
    found: Vec<Diagnostic>,
}

impl<'a> Search<'a> {
    fn new(files: &'a Files<'a>) -> Self {
        let selection = files.selection;
        let mut by_slug: BTreeMap<String, Vec<Named<'a>>> = BTreeMap::new();
        let published = selection.published.iter().enumerate();
        let published =
            published.map(|(index, candidate)| Named::Published(ArticleIndex(index), candidate));
        for named in published.chain(selection.dropped.iter().map(Named::Dropped)) {
            if named.candidate().placement != Placement::Introduction {
                by_slug.entry(fold(named.candidate().slug.as_str())).or_default().push(named);
            }
        }
        let articles = selection
            .published
            .iter()
            .filter(|candidate| candidate.placement == Placement::Article);
        let suggestions = Suggestions::new(articles.map(|candidate| candidate.slug.as_str()));
        Self { files, by_slug, suggestions, found: Vec::new() }
    }

    fn parent(&mut self, reply: &Candidate) -> Parent {
        let Some(rebuts) = &reply.article.value.front.rebuts else { return Parent::None };
        let wanted = rebuts.value.trim();
        let parent = match path_of(wanted) {
            Some(path) => self.by_path(reply, rebuts, path),
            None => self.by_slug(reply, rebuts, wanted.trim_matches('/')),
        };
        match parent {
            Ok(parent) => parent,
            Err(fault) => {
                self.found.extend(fault.map(|fault| *fault));
                Parent::Lost
            }
        }
    }

    fn by_path(
        &mut self,
        reply: &Candidate,
        rebuts: &Located<String>,
        path: &str,
    ) -> Result<Parent, Fault> {
        let named = ["", ".md", ".txt"].into_iter().map(|extension| format!("{path}{extension}"));
        let places =
            named.flat_map(|path| [reply.path().beside(&path), SitePath::new(&path)]).flatten();
        let file = places.map(|path| self.files.at(&path)).find(|file| *file != File::Missing);
        match file {
            Some(File::Published(index)) => {
                let candidate = self.files.selection.published.get(index.get());
                candidate.map_or(Err(None), |candidate| accept(reply, rebuts, index, candidate))
            }
            Some(File::Dropped(path)) => {
                Err(Some(dropped(reply, rebuts, &path, self.files.reason(&path))))
            }
            Some(File::Unreadable) => Err(None),
            Some(_) => Err(Some(no_article(reply, rebuts))),
            None => Err(Some(self.unknown(reply, rebuts, path))),
        }
    }

    fn by_slug(
        &mut self,
        reply: &Candidate,
        rebuts: &Located<String>,
        slug: &str,
    ) -> Result<Parent, Fault> {
        let named = self.by_slug.get(&fold(slug)).map(Vec::as_slice).unwrap_or_default();
        match named {
            [] => Err(Some(self.unknown(reply, rebuts, slug))),
            [Named::Published(index, candidate)] => accept(reply, rebuts, *index, candidate),
            [Named::Dropped(candidate)] => {
                let path = candidate.path();
                Err(Some(dropped(reply, rebuts, path, self.files.reason(path))))
            }
            several => Err(Some(ambiguous(reply, rebuts, several))),
        }
    }

    fn unknown(
        &mut self,
        reply: &Candidate,
        rebuts: &Located<String>,
        wanted: &str,
    ) -> Box<Diagnostic> {
        let message = format!("`rebuts` names `{}`, and there is no such article", rebuts.value);
        let fault = Diagnostic::error(Code::UnknownParent, place(reply, rebuts), message);
        let name = wanted.rsplit('/').next().unwrap_or(wanted);
        let stem = name.strip_suffix(".md").or_else(|| name.strip_suffix(".txt")).unwrap_or(name);
        let named_so = self.files.selection.published.iter().find(|one| one.path().stem() == stem);
        let near = named_so.map(|one| one.slug.as_str()).or_else(|| self.suggestions.nearest(stem));
        Box::new(match near {
            Some(slug) => fault.help(format!("rebuts: \"{slug}\"")),
            None => fault.help("`rebuts` takes an article's slug or the path of its file, such as `../seeds/name.md`"),
        })
    }
}

/// What is wrong, or nothing where it was said already.
type Fault = Option<Box<Diagnostic>>;

/// `wanted` if it is a path and no slug.
fn path_of(wanted: &str) -> Option<&str> {
    let is_path = wanted.trim_matches('/').contains('/')
        || wanted.ends_with(".md")
        || wanted.ends_with(".txt");
    is_path.then(|| wanted.trim_start_matches('/'))
}

fn place(reply: &Candidate, rebuts: &Located<String>) -> Span {
    Span::new(reply.path(), rebuts.bytes.clone())
}

fn accept(
    reply: &Candidate,
    rebuts: &Located<String>,
    index: ArticleIndex,
    candidate: &Candidate,
) -> Result<Parent, Fault> {
    if candidate.path() == reply.path() {
        let message = "an article cannot rebut itself";
        let fault = Diagnostic::error(Code::SelfRebuttal, place(reply, rebuts), message);
        return Err(Some(Box::new(
            fault.help("name the article that this one answers, or take `rebuts` out"),
        )));
    }
    if candidate.placement != Placement::Article {
        let message = "`rebuts` names a plain page, and only an article can be rebutted";
        return Err(Some(Box::new(
            Diagnostic::error(Code::ParentIsPage, place(reply, rebuts), message)
                .related(
                    start(candidate.path()),
                    "a page: it has neither `rebuts` nor `date` nor `color`",
                )
                .help("give that file a `date`, and it is an article"),
        )));
    }
    Ok(Parent::Article(index))
}

/// The beginning of a file, for what concerns it as a whole.
fn start(path: &SitePath) -> Span {
    Span::new(path, 0..0)
}

fn no_article(reply: &Candidate, rebuts: &Located<String>) -> Box<Diagnostic> {
    let message = format!("`rebuts` names `{}`, which is no article", rebuts.value);
    Box::new(Diagnostic::error(Code::UnknownParent, place(reply, rebuts), message))
}

fn dropped(
    reply: &Candidate,
    rebuts: &Located<String>,
    parent: &SitePath,
    reason: Option<Reason>,
) -> Box<Diagnostic> {
    let (what, help) = match reason {
        Some(Reason::Future(date)) => (
            format!("its parent is not published before {}", date.day),
            "date this reply later as well, or make it a draft: `draft: true`",
        ),
        _ => (
            "its parent is a draft".to_owned(),
            "publish the parent, or make this a draft too: `draft: true`",
        ),
    };
    Box::new(
        Diagnostic::error(
            Code::DroppedParent,
            place(reply, rebuts),
            format!("this reply is published, but {what}"),
        )
        .related(start(parent), "the parent")
        .help(help),
    )
}

fn ambiguous(
    reply: &Candidate,
    rebuts: &Located<String>,
    several: &[Named<'_>],
) -> Box<Diagnostic> {
    let message = format!(
        "`rebuts` could mean {} articles with the slug `{}`",
        several.len(),
        rebuts.value.trim()
    );
    let mut fault = Diagnostic::error(Code::AmbiguousParent, place(reply, rebuts), message);
    for named in several {
        let path = named.candidate().path();
        fault = fault
            .related(start(path), "one of them")
            .help(format!("rebuts: \"{}\"", relative(reply.path(), path)));
    }
    Box::new(fault)
}

/// Lets no article answer itself through others: every article of a circle loses its parent.
fn break_cycles(files: &Files<'_>, parents: &mut Checked<Vec<Parent>>) {
    let mut walks: Vec<Option<usize>> = vec![None; parents.value.len()];
    for start in 0..parents.value.len() {
        let mut current = ArticleIndex(start);
        while let Some(seen @ None) = walks.get_mut(current.get()) {
            *seen = Some(start);
            let Some(Parent::Article(parent)) = parents.value.get(current.get()) else { break };
            current = *parent;
            if walks.get(current.get()) == Some(&Some(start)) {
                let circle = circle(&parents.value, current);
                parents.found.extend(cycle(files, &circle));
                for member in circle {
                    if let Some(parent) = parents.value.get_mut(member.get()) {
                        *parent = Parent::Lost;
                    }
                }
                break;
            }
        }
    }
}

fn circle(parents: &[Parent], start: ArticleIndex) -> Vec<ArticleIndex> {
    let next = |index: &ArticleIndex| match parents.get(index.get()) {
        Some(Parent::Article(parent)) if *parent != start => Some(*parent),
        _ => None,
    };
    std::iter::successors(Some(start), next).collect()
}

fn cycle(files: &Files<'_>, circle: &[ArticleIndex]) -> Option<Diagnostic> {
    let candidates: Vec<&Candidate> =
        circle.iter().filter_map(|index| files.selection.published.get(index.get())).collect();
    let places: Vec<Span> = candidates
        .iter()
        .filter_map(|one| one.article.value.front.rebuts.as_ref().map(|rebuts| place(one, rebuts)))
        .collect();
    let first =
        (0..places.len()).min_by_key(|&index| places.get(index).map(|place| place.path.clone()))?;
    let in_turn = |index: usize| places.get((first + index) % places.len());
    let message = format!(
        "{} articles rebut each other in a circle, so that none is the original",
        places.len()
    );
    let mut fault = Diagnostic::error(Code::RebuttalCycle, in_turn(0)?.clone(), message);
    for place in (1..places.len()).filter_map(in_turn) {
        fault = fault.related(place.clone(), "and this one goes on");
    }
    Some(fault.help("take `rebuts` out of the article that came first"))
}
