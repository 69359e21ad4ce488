//! Anchors: quotes with what became of them, and what is wrong with a quote.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::debate::{Leaf, Tree};
use super::link::Target;
use super::parent::Parent;
use super::publish::Candidate;
use super::{ArticleIndex, Published, Site, quote_fault};
use crate::article::Article;
use crate::diagnostic::{Checked, Diagnostic};
use crate::quote::{Attribution, Origin, Outcome, ParentText, Quote, Status, locate};
use crate::source::SitePath;
use crate::source::plain_text::PlainText;

/// A quote with what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    /// What became of it.
    pub outcome: Outcome,
    /// What is wrong with it, if anything is.
    pub fault: Option<Diagnostic>,
}

/// The quotes of a reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anchors {
    /// One for each quote of the document, in its order.
    pub list: Vec<Anchor>,
    /// Lines that belong to a quote although they do not look so.
    pub lazy: Vec<Diagnostic>,
    /// Where each quote said that it is from, when it was located; with the two articles all
    /// that its outcome depends on.
    origins: Vec<Origin>,
}

impl Anchors {
    /// Everything that is wrong with the quotes.
    pub fn found(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter().filter_map(|anchor| anchor.fault.as_ref()).chain(&self.lazy)
    }
}

/// Articles with the targets of their links.
pub(super) trait Linked: Sync {
    /// The article at `index`.
    fn article(&self, index: ArticleIndex) -> Option<&Arc<Checked<Article>>>;
    /// What its links lead to.
    fn targets(&self, index: ArticleIndex) -> &[Target];
}

/// What is published, before and after all of it is put together.
impl Linked for (&[Candidate], &[Vec<Target>]) {
    fn article(&self, index: ArticleIndex) -> Option<&Arc<Checked<Article>>> {
        self.0.get(index.get()).map(|one| &one.article)
    }

    fn targets(&self, index: ArticleIndex) -> &[Target] {
        self.1.get(index.get()).map_or(&[], Vec::as_slice)
    }
}

impl Linked for Vec<Arc<Published>> {
    fn article(&self, index: ArticleIndex) -> Option<&Arc<Checked<Article>>> {
        self.get(index.get()).map(|one| &one.article)
    }

    fn targets(&self, index: ArticleIndex) -> &[Target] {
        self.get(index.get()).map_or(&[], |one| one.targets.as_slice())
    }
}

/// What anchoring reads.
#[derive(Clone, Copy)]
pub(super) struct Sheets<'a> {
    pub articles: &'a dyn Linked,
    pub parents: &'a [Parent],
    /// Files whose text is not what their author wrote.
    pub garbled: &'a BTreeSet<SitePath>,
    /// The site before: quotes whose two articles are the same need not be located again.
    pub before: Option<&'a Site>,
}

/// A quote's two articles.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub reply: &'a Article,
    pub parent: &'a Article,
    /// The parent's text.
    pub plain: &'a PlainText,
}

/// The anchors of every member of every tree, in their order.
pub(super) fn anchors(trees: &[Tree], sheets: Sheets<'_>) -> Vec<Vec<Arc<Anchors>>> {
    trees.par_iter().map(|tree| of_tree(tree, sheets)).collect()
}

/// The anchors of every member of `tree`, in their order.
pub(super) fn of_tree(tree: &Tree, sheets: Sheets<'_>) -> Vec<Arc<Anchors>> {
    // An article's text is made when the first quote of it is located, and once.
    let mut texts: Vec<OnceLock<ParentText>> = Vec::new();
    texts.resize_with(tree.members.len(), OnceLock::new);
    let of_member = |leaf: &Leaf| {
        let above = leaf.parent.and_then(|above| {
            let parent = tree.members.get(above.get())?;
            Some((parent.article, texts.get(above.get())?))
        });
        of_leaf(leaf.article, above, sheets)
    };
    tree.members.par_iter().map(of_member).collect()
}

fn of_leaf(
    index: ArticleIndex,
    above: Option<(ArticleIndex, &OnceLock<ParentText>)>,
    sheets: Sheets<'_>,
) -> Arc<Anchors> {
    let Some(reply) = sheets.articles.article(index) else { return Arc::default() };
    let quotes = &reply.value.document.quotes;
    let above =
        above.and_then(|(parent, text)| Some((parent, sheets.articles.article(parent)?, text)));
    let Some((parent_index, parent, text)) = above else {
        let is_lost = matches!(sheets.parents.get(index.get()), Some(Parent::Lost));
        return if is_lost { unjudged(quotes.len()).into() } else { Arc::default() };
    };
    if quotes.is_empty() {
        return Arc::default();
    }
    if sheets.garbled.contains(&parent.value.source.path) {
        return unjudged(quotes.len()).into();
    }
    let targets = sheets.articles.targets(index);
    let names = &names(&parent.value);
    let origins: Vec<Origin> =
        quotes.iter().map(|quote| origin(quote, (parent_index, names), targets)).collect();
    if let Some(same) = located_before(index, reply, parent, &origins, sheets.before) {
        return same;
    }
    let (reply, parent) = (&reply.value, &parent.value);
    let text = text.get_or_init(|| ParentText::new(parent.plain()));
    of_reply(Pair { reply, parent, plain: text.plain() }, text, origins).into()
}

/// The anchors that `reply` had in the site before, if nothing has changed that they depend on.
fn located_before(
    index: ArticleIndex,
    reply: &Arc<Checked<Article>>,
    parent: &Arc<Checked<Article>>,
    origins: &[Origin],
    before: Option<&Site>,
) -> Option<Arc<Anchors>> {
    let before = before?;
    let reply_before = before.article(before.by_path_near(&reply.value.source.path, index)?);
    let (debate, member) = before.seat(reply_before)?;
    let parent_before = before.article(debate.member(member.parent?).article);
    let is_same = Arc::ptr_eq(&reply_before.article, reply)
        && Arc::ptr_eq(&parent_before.article, parent)
        && member.anchors.origins == origins;
    is_same.then(|| member.anchors.clone())
}

fn of_reply(pair: Pair<'_>, text: &ParentText, origins: Vec<Origin>) -> Anchors {
    let quotes = &pair.reply.document.quotes;
    let anchored = quotes.par_iter().zip(&origins).map(|(quote, origin)| {
        let outcome = locate(quote, *origin, text);
        let fault = quote_fault::fault(pair, quote, &outcome);
        Anchor { outcome, fault }
    });
    // Most replies have a quote or two, and a list that is not told makes room for four.
    let mut list = Vec::with_capacity(quotes.len());
    anchored.collect_into_vec(&mut list);
    let lazy = quotes.iter().filter_map(|quote| quote_fault::lazy(pair.reply, quote)).collect();
    Anchors { list, lazy, origins }
}

/// The quotes of a reply whose parent cannot be had, or not as it was written.
fn unjudged(quotes: usize) -> Anchors {
    let outcome = Outcome {
        status: Status::Unjudged,
        places: Vec::new(),
        nearest: None,
        words: 0,
        similarity: 0.0,
        run: 0,
        attributed: false,
    };
    let anchor = Anchor { outcome, fault: None };
    Anchors { list: vec![anchor; quotes], ..Anchors::default() }
}

/// What the attribution of `quote` says: a link to the parent or a bare `¶4` names the parent,
/// other words or another link something else.
fn origin(quote: &Quote, (parent, names): (ArticleIndex, &[String]), targets: &[Target]) -> Origin {
    let Some(attribution) = &quote.attribution else { return Origin::Unsaid };
    match attribution.link.and_then(|link| targets.get(link)) {
        Some(target @ Target::Article { index, .. }) if *index == parent => {
            Origin::Parent(attribution.paragraph.or_else(|| target.paragraph()))
        }
        // Where it was meant to lead is not known, and that it is dead was said.
        Some(Target::Broken) => Origin::Parent(attribution.paragraph),
        // `[¶4](#p4)`: the ¶ of the parent was meant, for a reply does not quote itself.
        Some(Target::Fragment(_)) if is_bare(quote, attribution.at) => {
            Origin::Parent(attribution.paragraph)
        }
        Some(_) => Origin::Elsewhere,
        None if is_bare(quote, attribution.at) || names_parent(quote, attribution, names) => {
            Origin::Parent(attribution.paragraph)
        }
        None => Origin::Elsewhere,
    }
}

/// The last words of the names of the authors of `parent`, in small letters.
fn names(parent: &Article) -> Vec<String> {
    let last = |name: &str| name.split_whitespace().next_back().map(str::to_lowercase);
    let authors = parent.front.authors.iter().filter_map(|author| last(&author.name));
    authors.filter(|name| name.chars().count() > 1).collect()
}

/// Whether an attribution without a link names a ¶ and who wrote the parent: `— Smith, ¶3`.
fn names_parent(quote: &Quote, attribution: &Attribution, names: &[String]) -> bool {
    let line = quote.plain.text.get(attribution.at..).unwrap_or_default().to_lowercase();
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'');
    attribution.paragraph.is_some() && words.any(|word| names.iter().any(|name| name == word))
}

/// Whether the attribution is nothing but the number of a ¶.
fn is_bare(quote: &Quote, at: usize) -> bool {
    let line = quote.plain.text.get(at..).unwrap_or_default();
    line.contains('¶') && !line.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::document::MarkdownOptions;
    use crate::source::plain_text::ParagraphNumber;
    use crate::source::{SitePath, Source};

    #[track_caller]
    fn check(last_line: &str, target: Option<Target>, expected: Origin) {
        let path = SitePath::new("content/reply.md").unwrap();
        let text = format!("> Some words\n>\n> {last_line}\n");
        let source = std::sync::Arc::new(Source::new(path, text));
        let reply = crate::article::parse(&source, MarkdownOptions::default()).value;
        let targets: Vec<Target> = target.into_iter().collect();
        let quote = &reply.document.quotes[0];
        let names = &["lovelace".to_owned()];
        assert_eq!(origin(quote, (ArticleIndex(7), names), &targets), expected, "{last_line}");
    }

    #[test]
    fn an_attribution_says_where_a_quote_is_from() {
        let article = |index, fragment: &str| {
            Some(Target::Article { index: ArticleIndex(index), fragment: fragment.to_owned() })
        };
        let paragraph = ParagraphNumber::new;
        check("words", None, Origin::Unsaid);
        check("— ¶4", None, Origin::Parent(paragraph(4)));
        check("¶4", None, Origin::Parent(paragraph(4)));
        check("— Ada, Notes", None, Origin::Elsewhere);
        check("— Lovelace, Notes", None, Origin::Elsewhere);
        check("— Ada Lovelace, ¶3", None, Origin::Parent(paragraph(3)));
        check("— Babbage, ¶3", None, Origin::Elsewhere);
        check("— [there](a.md#p3)", article(7, "p3"), Origin::Parent(paragraph(3)));
        check("— [¶4](a.md)", article(7, ""), Origin::Parent(paragraph(4)));
        check("— [the text](a.md)", article(7, ""), Origin::Parent(None));
        check("— [¶4](b.md)", article(8, "p4"), Origin::Elsewhere);
        let own = Some(Target::Fragment("p4".to_owned()));
        check("— [¶4](#p4)", own, Origin::Parent(paragraph(4)));
        check("— [a page](https://example.org)", Some(Target::Outward), Origin::Elsewhere);
    }
}
