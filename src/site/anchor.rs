//! Anchors: quotes with what became of them, and what is wrong with a quote.

use rayon::prelude::*;

use super::debate::Tree;
use super::file::relative;
use super::link::Target;
use super::parent::Parent;
use super::publish::Candidate;
use super::{ArticleIndex, quote_fault};
use crate::article::Article;
use crate::diagnostic::Diagnostic;
use crate::quote::{Origin, Outcome, Quote, Status, Text, locate};

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
}

impl Anchors {
    /// Everything that is wrong with the quotes.
    pub fn found(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter().filter_map(|anchor| anchor.fault.as_ref()).chain(&self.lazy)
    }
}

/// What anchoring reads.
#[derive(Clone, Copy)]
pub(super) struct Sheets<'a> {
    pub candidates: &'a [Candidate],
    pub parents: &'a [Parent],
    /// The targets of the links of each candidate.
    pub targets: &'a [Vec<Target>],
}

/// A quote's two articles.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub reply: &'a Article,
    pub parent: &'a Article,
    /// The parent as a link from the reply: `../seeds/china.md`.
    pub parent_link: &'a str,
}

/// The anchors of every member of every tree, in their order.
pub(super) fn anchors(trees: &[Tree], sheets: Sheets<'_>) -> Vec<Vec<Anchors>> {
    trees.par_iter().map(|tree| of_tree(tree, sheets)).collect()
}

fn of_tree(tree: &Tree, sheets: Sheets<'_>) -> Vec<Anchors> {
    let article =
        |index: ArticleIndex| sheets.candidates.get(index.get()).map(|one| &one.article.value);
    let texts: Vec<Option<Text>> = tree
        .members
        .par_iter()
        .map(|leaf| {
            let mut replies =
                leaf.children.iter().filter_map(|child| tree.members.get(child.get()));
            let is_quoted = replies.any(|reply| {
                article(reply.article).is_some_and(|reply| !reply.document.quotes.is_empty())
            });
            let parent = article(leaf.article).filter(|_| is_quoted);
            parent.map(|parent| Text::new(parent.plain()))
        })
        .collect();
    let of_member = |leaf: &super::debate::Leaf| {
        let Some(reply) = article(leaf.article) else { return Anchors::default() };
        let above = leaf.parent.and_then(|parent| tree.members.get(parent.get()).zip(Some(parent)));
        let text = above.and_then(|(_, parent)| texts.get(parent.get())).and_then(Option::as_ref);
        let parent = above.and_then(|(above, _)| Some((above.article, article(above.article)?)));
        match (parent, text) {
            (Some((index, parent)), Some(text)) => {
                let parent_link = &relative(&reply.source.path, &parent.source.path);
                let targets = sheets.targets.get(leaf.article.get()).map_or(&[][..], Vec::as_slice);
                of_reply(Pair { reply, parent, parent_link }, text, index, targets)
            }
            (Some(_), None) => Anchors::default(),
            (None, _) => match sheets.parents.get(leaf.article.get()) {
                Some(Parent::Lost) => unjudged(reply),
                _ => Anchors::default(),
            },
        }
    };
    tree.members.par_iter().map(of_member).collect()
}

fn of_reply(pair: Pair<'_>, text: &Text, parent: ArticleIndex, targets: &[Target]) -> Anchors {
    let quotes = &pair.reply.document.quotes;
    let list = quotes.par_iter().map(|quote| {
        let outcome = locate(quote, origin(quote, parent, targets), text, pair.parent.plain());
        let fault = quote_fault::fault(pair, quote, &outcome);
        Anchor { outcome, fault }
    });
    let list = list.collect();
    let lazy = quotes.iter().filter_map(|quote| quote_fault::lazy(pair.reply, quote)).collect();
    Anchors { list, lazy }
}

/// The quotes of a reply whose parent cannot be had.
fn unjudged(reply: &Article) -> Anchors {
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
    Anchors { list: vec![anchor; reply.document.quotes.len()], lazy: Vec::new() }
}

/// What the attribution of `quote` says: a link to the parent or a bare `¶4` names the parent,
/// other words or another link something else.
fn origin(quote: &Quote, parent: ArticleIndex, targets: &[Target]) -> Origin {
    let Some(attribution) = &quote.attribution else { return Origin::Unsaid };
    match attribution.link.and_then(|link| targets.get(link)) {
        Some(target @ Target::Article { index, .. }) if *index == parent => {
            Origin::Parent(attribution.paragraph.or_else(|| target.paragraph()))
        }
        // Where it was meant to lead is not known, and that it is dead was said.
        Some(Target::Broken) => Origin::Parent(attribution.paragraph),
        Some(_) => Origin::Elsewhere,
        None if is_bare(quote, attribution.at) => Origin::Parent(attribution.paragraph),
        None => Origin::Elsewhere,
    }
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
        assert_eq!(origin(quote, ArticleIndex(7), &targets), expected, "{last_line}");
    }

    #[test]
    fn an_attribution_says_where_a_quote_is_from() {
        let article = |index, fragment: &str| {
            Some(Target::Article { index: ArticleIndex(index), fragment: fragment.to_owned() })
        };
        let paragraph = ParagraphNumber::new;
        check("words", None, Origin::Unsaid);
        check("— ¶4", None, Origin::Parent(paragraph(4)));
        check("— Ada, Notes", None, Origin::Elsewhere);
        check("— [there](a.md#p3)", article(7, "p3"), Origin::Parent(paragraph(3)));
        check("— [¶4](a.md)", article(7, ""), Origin::Parent(paragraph(4)));
        check("— [the text](a.md)", article(7, ""), Origin::Parent(None));
        check("— [¶4](b.md)", article(8, "p4"), Origin::Elsewhere);
        check("— [a page](https://example.org)", Some(Target::Outward), Origin::Elsewhere);
    }
}
