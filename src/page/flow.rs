//! The flow sheet: a row a ¶ of the original, a column a reply.

use std::cell::OnceCell;

use super::body::{Body, slot};
use super::context::MarkView;
use super::inline;
use super::piece::{Links, Piece};
use super::sentence::first_sentence;
use super::value::{Html, Made, views};
use super::view::{Views, counts, is_long, of, push, treatment};
use crate::site::debate::{self, Debate, Member, MemberIndex};
use crate::site::point::{Point, Treatment};
use crate::source::plain_text::ParagraphNumber;

views! {
    /// `flow` of flow.html.
    pub struct FlowView {
        /// The question.
        pub motion: Html,
        /// Whether the question is too long for the largest letters.
        pub is_long: bool,
        /// URL of the debate.
        pub back: String,
        /// `8 of 9`.
        pub count: String,
        /// The original and each reply.
        pub heads: Vec<HeadView>,
        /// How many columns there are besides that of the ¶ of the original.
        pub columns: usize,
        /// Whether they are too many for a page.
        pub is_wide: bool,
        /// Each ¶ of the original, as row.html prints it.
        pub rows: Body,
        /// How much each reply answers.
        pub totals: Vec<TotalView>,
        /// Points that lead to no ¶ of the original.
        pub loose: Vec<LooseView>,
    }

    /// The head of a column.
    pub struct HeadView {
        /// Whose it is.
        pub mark: Made<MarkView>,
        /// `rejoinder to Brandt`.
        pub role: String,
        /// Where it stands.
        pub url: String,
        /// The article's title.
        pub title: Html,
        /// Author and date.
        pub by: String,
    }

    /// A row.
    pub struct RowView {
        /// The id of the row.
        pub id: String,
        /// The number of the ¶.
        pub number: u32,
        /// Where it stands.
        pub url: String,
        /// Its first sentence.
        pub text: String,
        /// A cell a reply.
        pub cells: Vec<Made<CellView>>,
    }

    /// What a reply says to a ¶.
    pub struct CellView {
        /// Whose it is.
        pub mark: Made<MarkView>,
        /// The author's last name.
        pub who: String,
        /// `has`, `has con`, `none` or `none nil`.
        pub class: &'static str,
        /// What is said.
        pub points: Vec<PointView>,
        /// Whether its parent says nothing that it could answer.
        pub nothing: bool,
        /// The whole `<td>` of a cell in which nothing is said, and of no other.
        pub blank: Option<Html>,
    }

    /// A point in a cell.
    pub struct PointView {
        /// Its number in the reply.
        pub number: usize,
        /// The kind of answer as it was written.
        pub kind: Option<String>,
        /// The first sentence of the answer.
        pub text: String,
        /// Where it stands.
        pub url: String,
    }

    /// The foot of a column.
    pub struct TotalView {
        /// Whose it is.
        pub mark: Made<MarkView>,
        /// The author's last name.
        pub who: String,
        /// `6 of 9, one conceded`.
        pub text: String,
    }

    /// A point that leads to no ¶.
    pub struct LooseView {
        /// Whose it is.
        pub mark: Made<MarkView>,
        /// The author's last name.
        pub who: String,
        /// Its number in the reply.
        pub number: usize,
        /// The kind of answer as it was written.
        pub kind: Option<String>,
        /// The first sentence of the answer.
        pub text: String,
        /// Where it stands.
        pub url: String,
    }
}

/// Most columns of a sheet that fits on a page.
const MOST_COLUMNS: usize = 5;

/// The flow sheet of `debate`.
pub(crate) fn flow(views: &Views<'_>, debate: &Debate) -> FlowView {
    let original = debate.original();
    let replies: Vec<MemberIndex> = debate.indices().skip(1).collect();
    let places: Vec<Vec<Vec<ParagraphNumber>>> = places(views, debate);
    let paragraphs = views.published(original.article).article.value.document.paragraphs;
    let blanks: Vec<Blanks> = debate.members.iter().map(|_| Blanks::default()).collect();
    let sheet = Sheet { views, debate, places: &places, blanks: &blanks };
    let mut answered = 0;
    let rows = (0..paragraphs).map(|index| {
        let row = sheet.row(index);
        answered += usize::from(row.cells.iter().any(|cell| !cell.points.is_empty()));
        Piece::of_many(views, "row.html", ("row", &row), Links::AsTheyAre)
    });
    let rows: Vec<Piece> = rows.collect();
    let rows = Piece::joined(slot::ROWS, rows.iter());
    let motion = views.inline().html(&debate.motion);
    FlowView {
        is_long: is_long(&motion),
        motion,
        columns: debate.members.len(),
        is_wide: debate.members.len() > MOST_COLUMNS,
        back: views.article_url(original.article).to_owned(),
        count: of(answered, paragraphs),
        heads: debate.indices().map(|index| head(views, debate, debate.member(index))).collect(),
        rows,
        totals: replies.iter().map(|&index| total(views, debate.member(index))).collect(),
        loose: loose(views, debate, &places),
    }
}

/// For each member and each of its points, the ¶ of the original to which it leads: those that
/// it quotes, or those whose answer it quotes, followed up.
fn places(views: &Views<'_>, debate: &Debate) -> Vec<Vec<Vec<ParagraphNumber>>> {
    let mut places: Vec<Vec<Vec<ParagraphNumber>>> = Vec::with_capacity(debate.members.len());
    for member in &debate.members {
        let of_points = member.points.iter().map(|point| {
            if treatment(point) == Treatment::Unanswered {
                return Vec::new();
            }
            let Some(parent) = member.parent.filter(|_| member.depth > 1) else {
                return point.paragraphs.clone();
            };
            let above = debate.member(parent);
            let answers = &views.published(above.article).article.value.document.answers;
            let quotes_answer = |above: &Point| {
                let own = answers
                    .get(above.quote)
                    .map(|answer| answer.paragraphs.as_slice())
                    .unwrap_or_default();
                own.iter().any(|number| point.paragraphs.contains(number))
            };
            let mut found: Vec<ParagraphNumber> = above
                .points
                .iter()
                .zip(places.get(parent.get()).map(Vec::as_slice).unwrap_or_default())
                .filter(|(above, _)| quotes_answer(above))
                .flat_map(|(_, places)| places.iter().copied())
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        });
        let of_points = of_points.collect();
        places.push(of_points);
    }
    places
}

/// The two cells of a reply in which nothing is said, the same in every row.
#[derive(Default)]
struct Blanks {
    unanswered: OnceCell<Made<CellView>>,
    nothing: OnceCell<Made<CellView>>,
}

impl Blanks {
    fn unanswered(&self, views: &Views<'_>, member: &Member) -> Made<CellView> {
        let made = || blank(views, member, ("none", "unanswered"));
        self.unanswered.get_or_init(made).clone()
    }

    fn nothing(&self, views: &Views<'_>, member: &Member) -> Made<CellView> {
        let says = "<span aria-hidden=\"true\">·</span><span class=\"vh\">nothing to answer</span>";
        let made = || blank(views, member, ("none nil", says));
        self.nothing.get_or_init(made).clone()
    }
}

fn blank(
    views: &Views<'_>,
    member: &Member,
    (class, says): (&'static str, &str),
) -> Made<CellView> {
    let mark = views.mark(member);
    let mut blank = String::with_capacity(BLANK);
    push!(blank, "<td data-side=\"", &mark.side, "\" data-rule=\"", mark.rule, "\" class=\"");
    push!(blank, class, "\"><span class=\"who\">", mark.badge.as_str(), " ");
    inline::push_text(&mut blank, views.short_name(member));
    push!(blank, "</span>", says, "</td>");
    Made::new(CellView {
        mark,
        who: views.short_name(member).to_owned(),
        class,
        points: Vec::new(),
        nothing: class == "none nil",
        blank: Some(Html::bare(blank)),
    })
}

/// About how many bytes a cell takes in which nothing is said.
const BLANK: usize = 280;

/// What all rows are made of.
struct Sheet<'a> {
    views: &'a Views<'a>,
    debate: &'a Debate,
    places: &'a [Vec<Vec<ParagraphNumber>>],
    /// One a member.
    blanks: &'a [Blanks],
}

impl Sheet<'_> {
    fn row(&self, index: usize) -> RowView {
        let number = ParagraphNumber::from_index(index);
        let original = self.debate.original().article;
        let article = &self.views.published(original).article.value;
        let blocks = &article.document.blocks;
        let block = blocks.iter().position(|block| block.paragraph == Some(number)).unwrap_or(0);
        let text = article.document.text_of(block..block + 1, &article.source.text);
        let replies = self.debate.indices().zip(self.blanks).skip(1);
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(number.get());
        RowView {
            id: ["flow-p", digits].concat(),
            number: number.get(),
            url: [self.views.article_url(original), "#p", digits].concat(),
            text: first_sentence(&text),
            cells: replies.map(|(member, blanks)| self.cell(member, blanks, number)).collect(),
        }
    }

    fn cell(&self, index: MemberIndex, blanks: &Blanks, number: ParagraphNumber) -> Made<CellView> {
        let (views, member) = (self.views, self.debate.member(index));
        let mut points = self.points(index, number).peekable();
        if points.peek().is_none() {
            let parent = member.parent.filter(|_| member.depth > 1);
            let nothing = parent.is_some_and(|parent| self.points(parent, number).next().is_none());
            return match nothing {
                true => blanks.nothing(views, member),
                false => blanks.unanswered(views, member),
            };
        }
        let points: Vec<&Point> = points.collect();
        let conceded = points.iter().any(|point| treatment(point) == Treatment::Conceded);
        Made::new(CellView {
            mark: views.mark(member),
            who: views.short_name(member).to_owned(),
            class: if conceded { "has con" } else { "has" },
            points: points.into_iter().map(|point| point_view(views, member, point)).collect(),
            nothing: false,
            blank: None,
        })
    }

    /// The points of a member that lead to the ¶ `number`.
    fn points(&self, index: MemberIndex, number: ParagraphNumber) -> impl Iterator<Item = &Point> {
        let places = self.places.get(index.get()).map(Vec::as_slice).unwrap_or_default();
        let points = self.debate.member(index).points.iter().zip(places);
        points.filter(move |(_, places)| places.contains(&number)).map(|(point, _)| point)
    }
}

fn point_view(views: &Views<'_>, member: &Member, point: &Point) -> PointView {
    let published = views.published(member.article);
    let (url, mut digits) = (views.article_url(member.article), itoa::Buffer::new());
    let (kind, text) = answer(views, member, point);
    PointView {
        number: point.number,
        kind,
        text,
        url: [url, "#a-", published.slug.as_str(), "-", digits.format(point.number)].concat(),
    }
}

/// The kind of answer as it was written, and the first sentence after it.
pub(crate) fn answer(views: &Views<'_>, reply: &Member, point: &Point) -> (Option<String>, String) {
    let article = &views.published(reply.article).article.value;
    let Some(answer) = article.document.answers.get(point.quote) else {
        return (None, String::new());
    };
    let kind = answer.lead_in.clone().filter(|_| point.kind.is_some());
    for block in answer.blocks.clone() {
        let text = article.document.text_of(block..block + 1, &article.source.text);
        let is_first = block == answer.blocks.start;
        let after = kind.as_deref().and_then(|kind| text.trim_start().strip_prefix(kind));
        // `**Conceded**: yes` has its colon outside.
        let rest = after.map(|rest| rest.trim_start_matches([':', '–', '—', ' ']));
        let sentence = first_sentence(rest.filter(|_| is_first).unwrap_or(&text));
        if !sentence.is_empty() {
            return (kind, sentence);
        }
    }
    (kind, String::new())
}

fn head(views: &Views<'_>, debate: &Debate, member: &Member) -> HeadView {
    let published = views.published(member.article);
    let mut role = debate::role(member.depth);
    if let Some(parent) = member.parent.filter(|_| member.depth > 1) {
        role.push_str(&format!(" to {}", views.short_name(debate.member(parent))));
    }
    let (by, date) = (views.by(member.article), views.date(member.article));
    let date = date.as_ref().map_or("", |date| &date.long);
    let comma = if by.is_empty() || date.is_empty() { "" } else { ", " };
    HeadView {
        mark: views.mark(member),
        role,
        url: views.article_url(member.article).to_owned(),
        title: views.inline().html(&published.title),
        by: [by, comma, date].concat(),
    }
}

fn total(views: &Views<'_>, member: &Member) -> TotalView {
    let (answered, conceded) = counts(&member.treatments);
    let conceded = match conceded {
        0 => String::new(),
        number => format!(", {} conceded", super::view::number_word(number)),
    };
    TotalView {
        mark: views.mark(member),
        who: views.short_name(member).to_owned(),
        text: of(answered, member.treatments.len()) + &conceded,
    }
}

fn loose(
    views: &Views<'_>,
    debate: &Debate,
    places: &[Vec<Vec<ParagraphNumber>>],
) -> Vec<LooseView> {
    let mut loose = Vec::new();
    for (member, places) in debate.members.iter().zip(places) {
        for (point, places) in member.points.iter().zip(places) {
            if !places.is_empty() {
                continue;
            }
            let PointView { number, kind, text, url } = point_view(views, member, point);
            if text.is_empty() {
                continue;
            }
            let (mark, who) = (views.mark(member), views.short_name(member).to_owned());
            loose.push(LooseView { mark, who, number, kind, text, url });
        }
    }
    loose
}
