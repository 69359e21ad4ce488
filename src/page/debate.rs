//! The page of an article in its debate: with its parent, with its first reply, or alone.

use super::body::{Body, slot};
use super::context::{DebateView, StepView, TabsView, TextView};
use super::frame::{article_view, colors};
use super::piece::{Links, Piece};
use super::side_by_side::Pair;
use super::value::Html;
use super::view::{Views, is_long};
use super::{Content, Page, alone, home};
use crate::article::document::Id;
use crate::article::front_matter::Direction;
use crate::article::passage_or_answer;
use crate::site::ArticleIndex;
use crate::site::debate::{self, Debate, Member, MemberIndex};
use crate::site::route::Route;
use crate::site::side::capitalised;

/// The page of the article at `index`; nothing for a plain page.
pub(super) fn article_page(views: &Views<'_>, index: ArticleIndex) -> Option<Page> {
    let (debate, member_index) = views.seat(index)?;
    let member = debate.member(member_index);
    let mut page = article_view(views, &views.published(index).route(), index);
    let pair = match (member.parent, member.children.first()) {
        (Some(parent), _) => Some((debate.member(parent), member, member_index)),
        (None, Some(&first)) => Some((member, debate.member(first), first)),
        (None, None) => None,
    };
    let Some((parent, reply, reply_index)) = pair else {
        let article = views.article(member);
        let text = TextView {
            motion: Some(views.inline().html(&debate.motion)).filter(|it| *it != article.title),
            dir: views.published(index).article.value.front.dir.map(Direction::word),
            html: alone::body(views, index, alone::Numbers::Shown),
        };
        page.style = colors(std::iter::once(debate));
        let content = Content::Alone { article, text: Box::new(text) };
        return Some(Page { template: "article.html", page, content });
    };
    let other = if member.depth == 0 { reply } else { parent };
    let prefix = prefix(views, index, other.article);
    let prefixes = if member.depth == 0 { ("", prefix.as_str()) } else { (prefix.as_str(), "") };
    let mut columns = Pair { views, debate, parent, reply, reply_index, prefixes }.columns();
    // The page runs as its left article does, and so the spine lies at a quote's start.
    page.dir = views.direction(parent);
    columns.parent.dir = page.dir;
    columns.reply.dir = views.direction(reply).or(page.dir.map(|_| "ltr"));
    let custom = colors(std::iter::once(debate)).unwrap_or_default();
    let style = [custom.as_str(), &columns.style].concat();
    page.style = Some(style).filter(|style| !style.is_empty()).map(Html::bare);
    let mut view = debate_view(views, debate, member_index, (parent, reply));
    view.rows = columns.rows;
    let url = ["#", prefixes.0].concat();
    view.standing = Some(views.standing(reply, Some(&url), slot::FIRST));
    let content = Content::Debate {
        debate: Box::new(view),
        parent: Box::new(columns.parent),
        reply: Box::new(columns.reply),
    };
    Some(Page { template: "debate.html", page, content })
}

/// What is put before the ids of the article whose page this is not: its slug, and more where
/// an id of the page's own article begins with that, or one of its own would then be like that of
/// a passage or an answer.
fn prefix(views: &Views<'_>, own: ArticleIndex, other: ArticleIndex) -> String {
    let mut prefix = [views.published(other).slug.as_str(), "-"].concat();
    let ids = |article| views.published(article).article.value.document.ids.iter();
    let is_like = |id: &Id| passage_or_answer(&[prefix.as_str(), &id.name].concat()).is_some();
    if (prefix.starts_with("a-") || prefix.starts_with("q-")) && ids(other).any(is_like) {
        prefix.push('-');
    }
    while ids(own).any(|id| id.name.starts_with(&prefix)) {
        prefix.push('-');
    }
    prefix
}

fn debate_view(
    views: &Views<'_>,
    debate: &Debate,
    here: MemberIndex,
    (parent, reply): (&Member, &Member),
) -> DebateView {
    let original = debate.original();
    let is_top = reply.depth == 1;
    let mut chain = Vec::new();
    if !is_top {
        let above = debate.chain(reply).into_iter();
        chain.extend(above.map(|index| step(views, debate, index)));
        chain.push(StepView { url: None, ..step(views, debate, here) });
    }
    let motion = views.inline().html(&debate.motion);
    let flow = views.url(&Route::Flow(views.published(original.article).slug.clone()));
    DebateView {
        is_long: is_long(&motion),
        motion,
        tags: views.tags(original.article).iter().take(1).cloned().collect(),
        since: views.date(original.article),
        standing: None,
        chain,
        tabs: if is_top { tabs(views, debate, reply) } else { Body::default() },
        after: after(views, debate, (parent, reply), &flow),
        flow,
        rows: 0,
    }
}

fn step(views: &Views<'_>, debate: &Debate, index: MemberIndex) -> StepView {
    let member = debate.member(index);
    StepView {
        url: Some(views.article_url(member.article).to_owned()),
        mark: Some(views.mark(member)),
        role: capitalised(&debate::role(member.depth)),
        name: views.by_or_side(debate, member).to_owned(),
        text: String::new(),
    }
}

/// The rebuttals of the original, that of `reply` marked as the one that is shown.
fn tabs(views: &Views<'_>, debate: &Debate, reply: &Member) -> Body {
    let original = debate.original();
    let piece = views.shared.tabs(original.article, || {
        let list = original.children.iter().map(|&index| step(views, debate, index));
        let tabs = TabsView {
            list: list.collect(),
            summary: home::summary(debate),
            flow: views.url(&Route::Flow(views.published(original.article).slug.clone())),
        };
        Piece::of_many(views, "tabs.html", ("tabs", &tabs), Links::Marked)
    });
    piece.body(slot::TABS, views.article_url(reply.article))
}

fn after(
    views: &Views<'_>,
    debate: &Debate,
    (parent, reply): (&Member, &Member),
    flow: &str,
) -> Vec<StepView> {
    let mut links = Vec::new();
    for &index in &reply.children {
        let child = debate.member(index);
        let (who, whom) = (views.short_name(child), debate::role(reply.depth));
        links.push(StepView {
            url: Some(views.article_url(child.article).to_owned()),
            mark: Some(views.mark(child)),
            text: format!("{who}’s {} to this {whom}", debate::role(child.depth)),
            ..StepView::default()
        });
    }
    let original = debate.original();
    if parent.depth > 0 {
        links.push(StepView {
            url: Some(views.article_url(original.article).to_owned()),
            text: "Back to the original".to_owned(),
            ..StepView::default()
        });
    }
    links.push(StepView {
        url: Some(flow.to_owned()),
        text: "All replies on one sheet".to_owned(),
        ..StepView::default()
    });
    links
}
