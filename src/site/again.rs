//! A site again, after texts have changed and nothing else.
//!
//! Most saves change the words of one article, and no other file can tell: then the site is
//! the one before but for that article and its debate. What else there is to tell of an article
//! is its face, and where a face has changed the whole site is resolved anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::anchor::{Sheets, of_tree};
use super::asked::{Asked, has_place};
use super::debate::{Debate, Leaf, Tree};
use super::{
    ArticleIndex, Frame, Published, Site, is_disputed, is_faulty, is_garbling, members, publish,
};
use crate::article::Article;
use crate::article::document::Document;
use crate::diagnostic::{Checked, Diagnostic};

/// The site `before` with the articles `changed`, which were read and parsed anew.
///
/// Gives nothing where more than texts has changed, so that [`super::resolve`] must be called;
/// what it gives is what that would give. All else that resolving depends on (the set of
/// files, settings, options, what could not be read) is as it was before.
pub(super) fn again(before: &Site, changed: &[Arc<Checked<Article>>]) -> Option<Checked<Site>> {
    let mut site = before.clone();
    let mut debates = BTreeSet::new();
    for article in changed {
        let index = before.by_path(&article.value.source.path)?;
        let published = before.article(index);
        if !has_same_face(before, index, published, article) {
            return None;
        }
        debates.extend(published.seat.map(|seat| seat.debate));
        let renewed = Published { article: article.clone(), ..published.clone() };
        set(&mut site.faulty, index, is_faulty(before, &renewed, index));
        *site.articles.get_mut(index.get())? = Arc::new(renewed);
    }
    for index in debates {
        let debate = anchored_again(before.debates.get(index)?, before, &site);
        set(&mut site.disputed, index, is_disputed(&debate));
        *site.debates.get_mut(index)? = Arc::new(debate);
    }
    let found = site.found();
    Some(Checked { value: site, found })
}

fn set<T: Ord>(all: &mut BTreeSet<T>, one: T, is_in: bool) {
    if is_in {
        all.insert(one);
    } else {
        all.remove(&one);
    }
}

/// The debate `debate` of the site `before`, with the articles of `site`.
fn anchored_again(debate: &Debate, before: &Site, site: &Site) -> Debate {
    let leaves = debate.members.iter().map(|member| Leaf {
        article: member.article,
        parent: member.parent,
        children: member.children.clone(),
        depth: member.depth,
    });
    let tree = Tree { members: leaves.collect() };
    let Frame { parents, garbled, settings, .. } = &**site;
    let sheets = Sheets { articles: &site.articles, parents, garbled, before: Some(before) };
    let sides = debate.members.iter().map(|member| member.side).collect();
    let article = |index: ArticleIndex| site.articles.get(index.get()).map(|one| &one.article);
    Debate {
        motion: debate.motion.clone(),
        members: members(&tree, of_tree(&tree, sheets), sides, (&article, settings)),
        sides: debate.sides.clone(),
        latest: debate.latest,
    }
}

/// Whether no other file can tell `after` from what is published of it.
fn has_same_face(
    frame: &Frame,
    index: ArticleIndex,
    published: &Published,
    after: &Checked<Article>,
) -> bool {
    let (before, after_found) = (&published.article, &after.found);
    let after = &after.value;
    let (old, new) = (&before.value.document, &after.document);
    let destinations = |document: &'_ Document| {
        document.links.iter().map(|link| link.destination.clone()).collect::<Vec<_>>()
    };
    before.value.front == after.front
        // Where there is no title, the first heading stands in the help.
        && (after.front.title.is_some() || old.first_heading == new.first_heading)
        && publish::title(after) == published.title
        && destinations(old) == destinations(new)
        && is_garbled(&before.found) == is_garbled(after_found)
        && answers_the_same(&frame.asked, index, old, new)
}

fn is_garbled(found: &[Diagnostic]) -> bool {
    found.iter().any(is_garbling)
}

/// Whether `new` has all that links ask for, if `old` had it.
fn answers_the_same(asked: &Asked, index: ArticleIndex, old: &Document, new: &Document) -> bool {
    let names = |document: &Document| -> BTreeSet<String> {
        document.ids.iter().map(|id| id.name.clone()).collect()
    };
    let fragments = || asked.fragments.get(&index).into_iter().flatten();
    // A dead fragment is told with the number of ¶ and the nearest id.
    let is_told = fragments().any(|fragment| !has_place(old, fragment));
    fragments().all(|fragment| has_place(old, fragment) == has_place(new, fragment))
        && (!is_told || (old.paragraphs == new.paragraphs && names(old) == names(new)))
        && (!asked.quotes.contains(&index) || old.quotes.len() == new.quotes.len())
}
