//! The home page: the lead debate, then the others, each with its sides and how much is answered.

use super::body::{Body, slot};
use super::context::{DateView, LinkView, MarkView, StandingView};
use super::flow::answer;
use super::inline;
use super::list::{TermView, terms};
use super::value::{Html, Made, views};
use super::view::{Views, counts, number_word, of, passages, treatment_words};
use crate::site::debate::{self, Debate, Member};
use crate::site::route::{PageNumber, Route};

/// Debates on the home page below the lead; the archive has all.
const MOST_DEBATES: usize = 24;

views! {
    /// `home` of home.html.
    pub struct HomeView {
        /// What `content/index.md` says.
        pub intro: Body,
        /// The date of the latest article.
        pub latest: Option<DateView>,
        /// The first debate.
        pub lead: Option<LeadView>,
        /// The debates after it.
        pub debates: Vec<EntryView>,
        /// `All 41 debates`.
        pub all: String,
        /// The tags.
        pub tags: Vec<TermView>,
        /// The authors.
        pub authors: Vec<TermView>,
    }

    /// The lead.
    pub struct LeadView {
        /// The question.
        pub motion: Html,
        /// Where it stands.
        pub url: String,
        /// Its tags.
        pub tags: Vec<Made<LinkView>>,
        /// `3 replies`.
        pub replies: String,
        /// The date of its latest reply.
        pub latest: Option<DateView>,
        /// The original and its first rebuttal.
        pub halves: Vec<HalfView>,
        /// How much each reply answers.
        pub tally: Vec<StandingView>,
    }

    /// One side of the lead.
    pub struct HalfView {
        /// Whose it is.
        pub mark: Made<MarkView>,
        /// Who wrote it.
        pub by: String,
        /// The claim, else the title, and where the motion says that, how it begins.
        pub thesis: Html,
        /// A passage, or what is said to it.
        pub said: Option<String>,
        /// Whether it is the answer.
        pub is_answer: bool,
        /// Who answers.
        pub answer: Made<MarkView>,
        /// The kind of answer.
        pub kind: Option<String>,
        /// The number of the point.
        pub number: usize,
        /// Where it stands.
        pub url: String,
    }

    /// A debate below the lead.
    pub struct EntryView {
        /// The question.
        pub motion: Html,
        /// Where it stands.
        pub url: String,
        /// The original's claim.
        pub claim: Option<Html>,
        /// Its first tag.
        pub tags: Vec<Made<LinkView>>,
        /// The date of its latest article.
        pub latest: Option<DateView>,
        /// Its articles.
        pub members: Vec<MemberView>,
    }

    /// An article in the list of its debate's sides.
    pub struct MemberView {
        /// Whose it is.
        pub mark: Made<MarkView>,
        /// `Piotr Lenz, rejoinder`.
        pub by: String,
        /// A class for each ¶ of its parent.
        pub strip: Vec<&'static str>,
        /// `8 of 11`, of an original `11 paragraphs`.
        pub count: String,
    }
}

/// Most replies that an entry names.
const MOST_MEMBERS: usize = 5;

/// The home page.
pub(crate) fn home(views: &Views<'_>) -> HomeView {
    let site = &views.snapshot.site;
    let latest = site
        .archive
        .first()
        .and_then(|&index| views.published(index).article.value.front.date.as_ref());
    let intro = site
        .introduction
        .map(|index| super::alone::body(views, index, super::alone::Numbers::Hidden))
        .unwrap_or_default();
    let count = site.debates.len();
    HomeView {
        intro,
        latest: latest.map(|date| date.value.into()),
        lead: site.debates.first().map(|debate| lead(views, debate)),
        debates: site
            .debates
            .iter()
            .skip(1)
            .take(MOST_DEBATES)
            .map(|debate| entry(views, debate))
            .collect(),
        all: if count == 1 { "The archive".to_owned() } else { format!("All {count} debates") },
        tags: terms(views, &site.tags, |slug| Route::Tag(slug, PageNumber::FIRST)),
        authors: terms(views, &site.authors, |slug| Route::Author(slug, PageNumber::FIRST)),
    }
}

fn lead(views: &Views<'_>, debate: &Debate) -> LeadView {
    let original = debate.original();
    let replies = debate.members.len() - 1;
    let first = original.children.first().map(|&index| debate.member(index));
    let mut halves = vec![half(views, debate, original)];
    if let Some(reply) = first {
        halves.push(half(views, debate, reply));
        exchange(views, debate, reply, &mut halves);
    }
    let members = debate.members.iter().skip(1);
    let tally = members.zip(slot::FIRST..).map(|(member, slot)| {
        let mut standing = views.standing(member, None, slot);
        let who = views.short_name(member);
        standing.text = if member.depth > 1 {
            format!("{who}, in return, {}", standing.count)
        } else {
            format!("{who} answers {}", standing.count)
        };
        standing
    });
    LeadView {
        motion: views.inline().html(&debate.motion),
        url: views.article_url(original.article).to_owned(),
        tags: views.tags(original.article).iter().take(1).cloned().collect(),
        replies: match replies {
            0 => "no reply yet".to_owned(),
            1 => "1 reply".to_owned(),
            more => format!("{more} replies"),
        },
        latest: debate.latest.map(DateView::from).filter(|_| replies > 0),
        halves,
        tally: tally.take(MOST_MEMBERS).collect(),
    }
}

fn half(views: &Views<'_>, debate: &Debate, member: &Member) -> HalfView {
    HalfView {
        mark: views.mark(member),
        by: views.by(member.article).to_owned(),
        thesis: thesis(views, debate, member),
        said: None,
        is_answer: member.depth > 0,
        answer: Made::default(),
        kind: None,
        number: 0,
        url: String::new(),
    }
}

fn thesis(views: &Views<'_>, debate: &Debate, member: &Member) -> Html {
    let published = views.published(member.article);
    if let Some(claim) = &published.article.value.front.claim {
        return views.inline().html(claim);
    }
    if published.title != debate.motion {
        return views.inline().html(&published.title);
    }
    inline::text_html(&super::frame::summary(views, member.article))
}

/// The first point of `reply` that has a passage and an answer, put into both halves.
fn exchange(views: &Views<'_>, debate: &Debate, reply: &Member, halves: &mut [HalfView]) {
    let Some(point) =
        reply.points.iter().find(|point| !passages(point).is_empty() && point.answered)
    else {
        return;
    };
    let original = debate.original();
    let parent = &views.published(original.article).article.value;
    let published = views.published(reply.article);
    let slug = published.slug.to_string();
    let url = views.article_url(original.article);
    let passages = point.passages.iter();
    let said: Vec<String> = passages.map(|passage| parent.plain_at(passage.clone())).collect();
    let number = point.number;
    if let [left, right] = halves {
        left.said = Some(said.join(" … ").replace('\n', " "));
        left.answer = views.mark(reply);
        left.number = number;
        left.url = format!("{url}#q-{slug}-{number}");
        let (kind, text) = answer(views, reply, point);
        right.said = Some(text);
        right.kind = kind;
        right.number = number;
        right.url = format!("{url}#a-{slug}-{number}");
    }
}

fn entry(views: &Views<'_>, debate: &Debate) -> EntryView {
    let original = debate.original();
    let front = &views.published(original.article).article.value.front;
    EntryView {
        motion: views.inline().html(&debate.motion),
        url: views.article_url(original.article).to_owned(),
        claim: front.claim.as_deref().map(|claim| views.inline().html(claim)),
        tags: views.tags(original.article).iter().take(1).cloned().collect(),
        latest: debate.latest.map(DateView::from),
        members: debate
            .members
            .iter()
            .take(MOST_MEMBERS)
            .map(|member| member_view(views, member))
            .collect(),
    }
}

fn member_view(views: &Views<'_>, member: &Member) -> MemberView {
    let paragraphs = views.published(member.article).article.value.document.paragraphs;
    let (answered, _) = counts(&member.treatments);
    let by = views.by(member.article);
    let (by, count) = if member.depth == 0 {
        let noun = if paragraphs == 1 { "paragraph" } else { "paragraphs" };
        let unanswered = if member.children.is_empty() { ", no reply yet" } else { "" };
        (by.to_owned(), format!("{paragraphs} {noun}{unanswered}"))
    } else {
        let role = debate::role(member.depth);
        let by = if by.is_empty() { role } else { format!("{by}, {role}") };
        (by, of(answered, member.treatments.len()))
    };
    let strip = member.treatments.iter().map(|&treatment| treatment_words(treatment).0).collect();
    MemberView { mark: views.mark(member), by, strip, count }
}

/// `Two rebuttals, one rejoinder`: what the replies of a debate are.
pub(crate) fn summary(debate: &Debate) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    let mut depths: Vec<usize> = debate.members.iter().skip(1).map(|member| member.depth).collect();
    depths.sort_unstable();
    for depth in depths {
        let role = debate::role(depth);
        match counts.last_mut().filter(|(last, _)| *last == role) {
            Some((_, count)) => *count += 1,
            None => counts.push((role, 1)),
        }
    }
    let parts: Vec<String> = counts
        .into_iter()
        .map(|(role, count)| {
            format!("{} {role}{}", number_word(count), if count == 1 { "" } else { "s" })
        })
        .collect();
    crate::site::side::capitalised(&parts.join(", "))
}
