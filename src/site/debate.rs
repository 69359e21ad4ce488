//! Debates: the tree under one original.

use std::cmp::Reverse;
use std::sync::Arc;

use super::ArticleIndex;
use super::anchor::Anchors;
use super::parent::Parent;
use super::point::{Point, Treatment};
use super::publish::{Candidate, Placement};
use super::side::{Side, SideIndex};
use crate::article::date::Date;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::Span;

/// Most replies above one another: a page names the whole chain above it, so that a chain of
/// n costs n² names; the longest in the archives that Agon was tried on has 31.
pub const MAX_DEPTH: usize = 100;

/// The place of an article in [`Debate::members`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberIndex(pub(super) usize);

impl MemberIndex {
    /// The original.
    pub const ORIGINAL: Self = Self(0);

    /// The index, from 0.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

/// An article in its debate.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The article.
    pub article: ArticleIndex,
    /// What it answers; nothing for the original.
    pub parent: Option<MemberIndex>,
    /// What answers it: by `order`, date, slug.
    pub children: Vec<MemberIndex>,
    /// How many articles stand above it.
    pub depth: usize,
    /// Whose it is.
    pub side: SideIndex,
    /// What became of its quotes, in their order; none for an original.
    pub anchors: Arc<Anchors>,
    /// Its quotes of its parent with their answers, in its own order.
    pub points: Vec<Point>,
    /// What it makes of each ¶ of its parent, in order.
    pub treatments: Vec<Treatment>,
}

impl Member {
    /// Whether it answers the ¶ at `index` of its parent, from 0.
    #[must_use]
    pub fn answers(&self, index: usize) -> bool {
        self.treatments.get(index).is_some_and(|one| *one != Treatment::Unanswered)
    }
}

/// A tree of articles.
#[derive(Clone, Debug, PartialEq)]
pub struct Debate {
    /// Its question, in inline Markdown.
    pub motion: String,
    /// The original and all replies: each followed by its first reply and all below that.
    pub members: Vec<Member>,
    /// Its sides, by letter.
    pub sides: Vec<Side>,
    /// The date of the latest reply; of the original where there is none.
    pub latest: Option<Date>,
}

impl Debate {
    /// The member at `index`, which is of this debate.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "a MemberIndex is made with the debate in which it is used"
    )]
    pub fn member(&self, index: MemberIndex) -> &Member {
        &self.members[index.0]
    }

    /// The original.
    #[must_use]
    pub fn original(&self) -> &Member {
        self.member(MemberIndex::ORIGINAL)
    }

    /// The side of a member.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "every member's side is made with the debate")]
    pub fn side(&self, member: &Member) -> &Side {
        &self.sides[member.side.get()]
    }

    /// All articles above `member`, the original first.
    #[must_use]
    pub fn chain(&self, member: &Member) -> Vec<MemberIndex> {
        let above = std::iter::successors(member.parent, |&index| self.member(index).parent);
        let mut chain: Vec<MemberIndex> = above.collect();
        chain.reverse();
        chain
    }

    /// The indices of all members, in their order.
    pub fn indices(&self) -> impl Iterator<Item = MemberIndex> + use<> {
        (0..self.members.len()).map(MemberIndex)
    }
}

/// What an article of this depth is called: `original`, `rebuttal`, `rejoinder`,
/// `surrejoinder`, `reply 4`…
#[must_use]
pub fn role(depth: usize) -> String {
    match depth {
        0 => "original".to_owned(),
        1 => "rebuttal".to_owned(),
        2 => "rejoinder".to_owned(),
        3 => "surrejoinder".to_owned(),
        depth => format!("reply {depth}"),
    }
}

/// A tree without what is found out later.
pub(super) struct Tree {
    pub members: Vec<Leaf>,
}

/// A member of a [`Tree`].
pub(super) struct Leaf {
    pub article: ArticleIndex,
    pub parent: Option<MemberIndex>,
    pub children: Vec<MemberIndex>,
    pub depth: usize,
}

/// The trees of all articles: those of least `order` first, then those with the latest reply.
pub(super) fn trees(candidates: &[Candidate], parents: &[Parent]) -> Checked<Vec<Tree>> {
    let mut children: Vec<Vec<ArticleIndex>> = vec![Vec::new(); candidates.len()];
    let mut roots = Vec::new();
    for (index, (candidate, parent)) in candidates.iter().zip(parents).enumerate() {
        match parent {
            Parent::Article(parent) => {
                if let Some(siblings) = children.get_mut(parent.get()) {
                    siblings.push(ArticleIndex(index));
                }
            }
            _ if candidate.placement == Placement::Article => roots.push(ArticleIndex(index)),
            _ => {}
        }
    }
    for siblings in &mut children {
        siblings.sort_by_cached_key(|index| candidates.get(index.get()).map(sibling_key));
    }
    let mut found = Vec::new();
    let mut trees = Vec::with_capacity(roots.len());
    let mut waiting: Vec<ArticleIndex> = roots.into_iter().rev().collect();
    while let Some(root) = waiting.pop() {
        let (tree, too_deep) = tree(root, &children);
        for index in too_deep {
            // It goes on as an original, so that all below it is still checked.
            found.extend(candidates.get(index.get()).and_then(too_deep_fault));
            waiting.push(index);
        }
        trees.push(tree);
    }
    trees.sort_by_cached_key(|tree| tree_key(tree, candidates));
    found.extend(
        candidates
            .iter()
            .zip(parents)
            .filter_map(|(reply, parent)| chronology(reply, *parent, candidates)),
    );
    found.extend(candidates.iter().filter_map(motion_on_reply));
    Checked { value: trees, found }
}

fn tree(root: ArticleIndex, children: &[Vec<ArticleIndex>]) -> (Tree, Vec<ArticleIndex>) {
    let mut members: Vec<Leaf> = Vec::new();
    let mut too_deep = Vec::new();
    let mut stack = vec![(root, None::<MemberIndex>, 0)];
    while let Some((article, parent, depth)) = stack.pop() {
        if depth > MAX_DEPTH {
            too_deep.push(article);
            continue;
        }
        let own = MemberIndex(members.len());
        if let Some(parent) = parent.and_then(|parent| members.get_mut(parent.get())) {
            parent.children.push(own);
        }
        members.push(Leaf { article, parent, children: Vec::new(), depth });
        let below = children.get(article.get()).into_iter().flatten().rev();
        stack.extend(below.map(|&child| (child, Some(own), depth + 1)));
    }
    (Tree { members }, too_deep)
}

/// Dates ascending, none last.
pub(super) fn by_date(date: Option<Date>) -> (bool, Option<Date>) {
    (date.is_none(), date)
}

fn sibling_key(one: &Candidate) -> impl Ord + use<> {
    let order = one.article.value.front.order;
    ((order.is_none(), order), by_date(one.date()), one.slug.clone(), one.path().clone())
}

fn tree_key(tree: &Tree, candidates: &[Candidate]) -> impl Ord + use<> {
    let original = tree.members.first().and_then(|leaf| candidates.get(leaf.article.get()));
    let order = original.and_then(|original| original.article.value.front.order);
    let latest = latest(tree, candidates);
    let slug = original.map(|original| (original.slug.clone(), original.path().clone()));
    ((order.is_none(), order), Reverse(latest), slug)
}

/// The date of the latest reply; of the original where no reply has one.
pub(super) fn latest(tree: &Tree, candidates: &[Candidate]) -> Option<Date> {
    let date = |leaf: &Leaf| candidates.get(leaf.article.get()).and_then(Candidate::date);
    let of_replies = tree.members.iter().skip(1).filter_map(date).max();
    of_replies.or_else(|| tree.members.first().and_then(date))
}

fn too_deep_fault(one: &Candidate) -> Option<Diagnostic> {
    let rebuts = one.article.value.front.rebuts.as_ref()?;
    let place = Span::new(one.path(), rebuts.bytes.clone());
    let message = format!("more than {MAX_DEPTH} replies stand above one another");
    Some(
        Diagnostic::error(Code::TooDeep, place, message)
            .help("begin a new debate with this article"),
    )
}

fn chronology(reply: &Candidate, parent: Parent, candidates: &[Candidate]) -> Option<Diagnostic> {
    let Parent::Article(parent) = parent else { return None };
    let parent = candidates.get(parent.get())?;
    let (date, before) =
        (reply.article.value.front.date.as_ref()?, parent.article.value.front.date.as_ref()?);
    if date.value.day >= before.value.day {
        return None;
    }
    let place = Span::new(reply.path(), date.bytes.clone());
    let message =
        format!("this reply is dated before what it answers, which is of {}", before.value.day);
    let fault = Diagnostic::warning(Code::ReplyBeforeParent, place, message);
    Some(fault.related(Span::new(parent.path(), before.bytes.clone()), "the date of its parent"))
}

fn motion_on_reply(one: &Candidate) -> Option<Diagnostic> {
    let front = &one.article.value.front;
    let (motion, _) = front.motion.as_ref().zip(front.rebuts.as_ref())?;
    let place = Span::new(one.path(), motion.bytes.clone());
    let message = "`motion` is the question of a whole debate, and this is a reply";
    Some(
        Diagnostic::error(Code::MotionOnReply, place, message)
            .help("write `motion` in the original, or `claim` here"),
    )
}
