//! The two columns: a parent and a reply, passage beside passage.

use super::body::{Body, slot};
use super::column::{
    Column, Headings, Margin, QuoteView, Shown, cited, sticks, title_heading, weight,
};
use super::context::{ArticleView, ColumnView};
use super::edit::Edit;
use super::fault::{self, Bench};
use super::mark::{self, MarkStyle, Passage};
use super::row::{self, Cell, CellKind, Level, Rows};
use super::view::{Views, passages, push, treatment};
use crate::article::{Article, html_escape_attribute};
use crate::site::debate::{self, Debate, Member, MemberIndex};
use crate::site::point::{Point, Treatment};
use crate::source::plain_text::ParagraphNumber;

/// A parent and a reply on one page.
pub(crate) struct Pair<'a> {
    pub views: &'a Views<'a>,
    pub debate: &'a Debate,
    pub parent: &'a Member,
    pub reply: &'a Member,
    pub reply_index: MemberIndex,
    /// Put before the ids of each; one of the two is empty.
    pub prefixes: (&'a str, &'a str),
}

/// Both columns, and what the page's head needs of them.
pub(crate) struct Columns {
    pub parent: ColumnView,
    pub reply: ColumnView,
    pub rows: usize,
    /// The rules that light a pair up.
    pub style: String,
}

/// A member as this page shows it.
#[derive(Clone, Copy)]
struct Shows<'a> {
    member: &'a Member,
    prefix: &'a str,
    marks: &'a [Edit],
    quotes: &'a [QuoteView],
    margins: &'a [Margin],
    title_heading: Option<&'a str>,
}

impl Pair<'_> {
    fn article(&self, member: &Member) -> &Article {
        &self.views.published(member.article).article.value
    }

    fn slug(&self, member: &Member) -> &str {
        self.views.published(member.article).slug.as_str()
    }

    /// Lays both columns out.
    pub(crate) fn columns(&self) -> Columns {
        let (parent, reply) = (self.article(self.parent), self.article(self.reply));
        let positions = self.positions();
        let aligned = self.aligned(&positions);
        let levels: Vec<Level> = aligned.iter().filter_map(|&point| self.level(point)).collect();
        let marks = self.marks();
        let heading =
            |member: &Member, marks| title_heading(self.views.published(member.article), marks);
        let headings = (heading(self.parent, &marks), heading(self.reply, &[]));
        let first = (usize::from(headings.0.is_some()), usize::from(headings.1.is_some()));
        let rows = row::rows(&parent.document.blocks, &reply.document.blocks, &levels, first);
        let quotes = (self.parent_quotes(), self.reply_quotes(&positions, &aligned));
        let margins = (self.parent_margins(), self.reply_margins());
        let left = Shows {
            member: self.parent,
            prefix: self.prefixes.0,
            marks: &marks,
            quotes: &quotes.0,
            margins: &margins.0,
            title_heading: headings.0,
        };
        let right = Shows {
            member: self.reply,
            prefix: self.prefixes.1,
            marks: &[],
            quotes: &quotes.1,
            margins: &margins.1,
            title_heading: headings.1,
        };
        let mut parent = self.column(left, &rows, Side::Left);
        let mut reply = self.column(right, &rows, Side::Right);
        parent.0.begins_late = begins_late(&parent.0, reply.1);
        reply.0.begins_late = begins_late(&reply.0, parent.1);
        Columns { parent: parent.0, reply: reply.0, rows: rows.count + 1, style: self.style() }
    }

    /// Where the passage of each point begins in the parent's text; nothing for one without.
    fn positions(&self) -> Vec<Option<usize>> {
        self.reply
            .points
            .iter()
            .map(|point| passages(point).first().map(|passage| passage.start))
            .collect()
    }

    /// The points of the longest run that never goes back.
    fn aligned(&self, positions: &[Option<usize>]) -> Vec<usize> {
        let placed: Vec<(usize, usize)> =
            positions.iter().enumerate().filter_map(|(point, at)| Some((point, (*at)?))).collect();
        let starts: Vec<usize> = placed.iter().map(|&(_, at)| at).collect();
        row::longest_non_decreasing(&starts)
            .into_iter()
            .filter_map(|index| Some(placed.get(index)?.0))
            .collect()
    }

    fn level(&self, point: usize) -> Option<Level> {
        let point = self.reply.points.get(point)?;
        let parent = self.article(self.parent).document.block_at(passages(point).first()?.start)?;
        let reply = self.article(self.reply).document.block_of_quote(point.quote)?;
        Some(Level { parent, reply })
    }

    fn marks(&self) -> Vec<Edit> {
        let reply = self.slug(self.reply);
        let attributes = self.attributes(self.reply);
        let mut author = String::new();
        html_escape_attribute(&mut author, self.views.by_or_side(self.debate, self.reply));
        let style = MarkStyle { reply, attributes: &attributes, author: &author };
        let passages: Vec<Passage> = self
            .reply
            .points
            .iter()
            .filter(|point| !passages(point).is_empty())
            .map(|point| Passage {
                number: point.number,
                parts: point.passages.clone(),
                conceded: treatment(point) == Treatment::Conceded,
            })
            .collect();
        mark::marks(self.article(self.parent), &passages, &style)
    }

    fn attributes(&self, member: &Member) -> String {
        let mark = self.views.mark(member);
        [" data-side=\"", &mark.side, "\" data-rule=\"", mark.rule, "\""].concat()
    }

    /// A column, and how many bytes of HTML its first cell has.
    fn column(&self, shows: Shows<'_>, rows: &Rows, side: Side) -> (ColumnView, usize) {
        let article = self.article(shows.member);
        let head = self.views.article(shows.member);
        let here = [(self.parent.article, self.prefixes.0), (self.reply.article, self.prefixes.1)];
        let urls = self.views.urls(shows.member.article, shows.prefix, &here);
        let sizes = self.views.sizes(shows.member.article);
        let notes_label = ["Notes to the ", &head.role_word].concat();
        let column = Column {
            article,
            prefix: shows.prefix,
            headings: Headings::BelowMotion,
            urls: &urls,
            sizes: &sizes,
            margins: shows.margins,
            quotes: shows.quotes,
            marks: shows.marks,
            notes_label: &notes_label,
            title_heading: shows.title_heading,
        };
        let members = &self.debate.members;
        let edits = column.edits(|slug| members.iter().any(|member| self.slug(member) == slug));
        let (own, other) = match side {
            Side::Left => (&rows.parent, &rows.reply),
            Side::Right => (&rows.reply, &rows.parent),
        };
        let partner = self.article(if side == Side::Left { self.reply } else { self.parent });
        let weight_beside = |cell: &Cell| {
            other
                .iter()
                .find(|one| one.row == cell.row)
                .map_or(0, |one| weight(&partner.document, &one.blocks))
        };
        let mut html = String::with_capacity(column.capacity());
        let mut first = 0;
        for cell in own {
            let is_beside = cell.kind != CellKind::Notes
                && sticks(weight(&article.document, &cell.blocks), weight_beside(cell));
            open_cell(&mut html, cell, if is_beside { "stick " } else { "" });
            let start = html.len();
            column.write(&mut html, &cell.blocks, &edits);
            first = if first == 0 { html.len() - start } else { first };
            html.push_str("</div></div>\n");
        }
        let (id, title_id, slot) = match side {
            Side::Left => ("column-parent", "title-parent", slot::PARENT),
            Side::Right => ("column-reply", "title-reply", slot::REPLY),
        };
        let title_is_motion = self.title_is_motion(shows.member, &head);
        let view = ColumnView {
            article: head,
            id,
            title_id,
            is_reply: side == Side::Right,
            title_is_motion,
            first_row: own.first().map(|cell| cell.row + 1),
            html: Body::new(slot, html),
            dir: None,
            begins_late: false,
        };
        (view, first)
    }

    fn title_is_motion(&self, member: &Member, head: &ArticleView) -> bool {
        let motion = &self.debate.motion;
        // Nearly always the motion is the title, to the letter.
        let is_same = || self.views.published(member.article).title == *motion;
        member.depth == 0 && (is_same() || self.views.inline().html(motion) == head.title)
    }

    fn reply_quotes(&self, positions: &[Option<usize>], aligned: &[usize]) -> Vec<QuoteView> {
        let article = self.article(self.reply);
        let mut views = cited(article);
        for (index, point) in self.reply.points.iter().enumerate() {
            let Some(view) = views.get_mut(point.quote) else { continue };
            if point.in_quotation {
                *view = self.in_quotation(point);
            } else if !point.passages.is_empty() {
                *view = self.paired(point, far(index, positions, aligned));
            }
            view.has_kind = point.kind.is_some();
            if !point.passages.is_empty() {
                view.attribution = attribution(self.reply, point);
            }
        }
        self.show_faults(self.reply, Some(self.prefixes.0), &mut views);
        views
    }

    /// In a preview: what is wrong with the quotes of `member`.
    fn show_faults(&self, member: &Member, parent: Option<&str>, views: &mut [QuoteView]) {
        let Some(open) = self.views.faults else { return };
        let slug = &self.views.published(member.article).slug;
        let bench = Bench { sources: &self.views.snapshot.sources, open, slug, parent };
        let faulty = member.anchors.list.iter().zip(views).enumerate();
        for (index, (anchor, view)) in faulty {
            fault::show(bench, (index, anchor), view);
        }
    }

    /// ` lang="…" dir="…"` of quoted words, where their language is not the reply's.
    fn language_of_quoted(&self) -> String {
        let (parent, reply) = (&self.article(self.parent).front, &self.article(self.reply).front);
        if parent.lang == reply.lang && parent.dir == reply.dir {
            return String::new();
        }
        let language = &self.views.snapshot.site.settings.language;
        let lang = parent.lang.as_deref().unwrap_or(language);
        let dir = parent.dir.map_or("ltr", crate::article::front_matter::Direction::word);
        format!(" lang=\"{lang}\" dir=\"{dir}\"")
    }

    fn paired(&self, point: &Point, far: Option<&'static str>) -> QuoteView {
        let (slug, mut digits) = (self.slug(self.reply), itoa::Buffer::new());
        let number = digits.format(point.number);
        let class = if far.is_some() { "quote far" } else { "quote" };
        let place = paragraphs(point);
        let (noun, numbers) = match place.strip_prefix("¶ ") {
            Some(numbers) if numbers.contains('–') => (", paragraphs ", numbers),
            Some(number) => (", paragraph ", number),
            None => ("", ""),
        };
        let mut open = String::with_capacity(PAIRED);
        push!(open, " class=\"", class, "\" id=\"a-", slug, "-", number, "\"");
        push!(open, &self.attributes(self.parent), &self.language_of_quoted());
        push!(open, ">\n<a class=\"stitch\" href=\"#q-", slug, "-", number);
        push!(open, "\" aria-label=\"Point ", number, ": go to the passage", noun, numbers);
        push!(open, "\">", number, "</a>");
        let mut close = String::with_capacity(PAIRED);
        push!(close, "<footer><a href=\"#q-", slug, "-", number, "\">", far.unwrap_or_default());
        push!(close, &place, "</a>", &self.left_out(point), "</footer>\n");
        QuoteView { open, close, ..QuoteView::default() }
    }

    /// What the quote leaves out of its passage, to be unfolded.
    fn left_out(&self, point: &Point) -> String {
        if point.passages.len() < 2 {
            return String::new();
        }
        let parent = self.article(self.parent);
        let gaps = point.passages.windows(2);
        let gaps: Vec<String> = gaps
            .filter_map(|pair| Some(parent.plain_at(pair.first()?.end..pair.get(1)?.start)))
            .collect();
        let gaps: Vec<&str> = gaps
            .iter()
            .map(|gap| {
                // The end of the sentence before is none of what is left out.
                let ends = |c: char| matches!(c, '.' | '!' | '?' | '”' | '’' | '"' | ')');
                let joins = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':');
                gap.trim_start_matches(|c| ends(c) || joins(c)).trim_end_matches(joins)
            })
            .filter(|gap| !gap.is_empty())
            .collect();
        if gaps.is_empty() {
            return String::new();
        }
        let is_word = |word: &&str| word.contains(char::is_alphanumeric);
        let words: usize =
            gaps.iter().map(|gap| gap.split_whitespace().filter(is_word).count()).sum();
        let noun = if words == 1 { "word" } else { "words" };
        let mut shown = String::new();
        html_escape_attribute(
            &mut shown,
            &gaps.join(" … ").replace("\n\n", " ¶ ").replace('\n', " "),
        );
        format!(" · <details><summary>{words} {noun} left out</summary> <p>“{shown}”</p></details>")
    }

    /// Words that the parent itself quotes: linked to where it quotes them.
    fn in_quotation(&self, point: &Point) -> QuoteView {
        let attributes = self.attributes(self.parent);
        let url = self.views.article_url(self.parent.article);
        let open = format!(
            " class=\"quote\" id=\"a-{}-{}\"{attributes}>",
            self.slug(self.reply),
            point.number
        );
        let close = format!("<footer><a href=\"{url}\">quoted there</a></footer>\n");
        QuoteView { open, close, ..QuoteView::default() }
    }

    /// The parent's own quotes of what it answers.
    fn parent_quotes(&self) -> Vec<QuoteView> {
        let mut views = cited(self.article(self.parent));
        let Some(above) = self.parent.parent.map(|index| self.debate.member(index)) else {
            return views;
        };
        let attributes = self.attributes(above);
        let (url, slug) = (self.views.article_url(self.parent.article), self.slug(self.parent));
        for point in &self.parent.points {
            let Some(view) = views.get_mut(point.quote) else { continue };
            let number = point.number;
            let place = paragraphs(point);
            let role = debate::role(above.depth);
            view.open = format!(" class=\"quote\"{attributes}>");
            view.close = format!(
                "<footer><a href=\"{url}#q-{slug}-{number}\">{place} of the {role}</a></footer>\n"
            );
            view.has_kind = point.kind.is_some();
            view.attribution = attribution(self.parent, point);
        }
        self.show_faults(self.parent, None, &mut views);
        views
    }

    /// Below each number of the parent: what this reply and the others make of the ¶.
    fn parent_margins(&self) -> Vec<Margin> {
        let others = self.parent.children.iter().filter(|&&child| child != self.reply_index);
        let word = |paragraph| if self.reply.answers(paragraph) { "also " } else { "only " };
        let mut margins = self.answering(others, self.parent, word);
        for (paragraph, margin) in margins.iter_mut().enumerate() {
            if margin.is_empty() && !self.reply.answers(paragraph) {
                *margin = Margin::Borrowed("<span class=\"un\">unanswered</span>");
            }
        }
        margins
    }

    /// Below each number of the reply: who takes the ¶ up.
    fn reply_margins(&self) -> Vec<Margin> {
        self.answering(self.reply.children.iter(), self.reply, |_| "reply ")
    }

    /// For each ¶ of `text`, which of its replies `members` answer it; `word` is what stands before
    /// the first.
    fn answering<'m>(
        &self,
        members: impl Iterator<Item = &'m MemberIndex>,
        text: &Member,
        word: impl Fn(usize) -> &'static str,
    ) -> Vec<Margin> {
        let mut margins = vec![Margin::default(); self.article(text).document.paragraphs];
        for &index in members {
            let member = self.debate.member(index);
            let points = member.points.iter();
            let answers = points.filter(|point| treatment(point) != Treatment::Unanswered);
            for (place, point) in answers.clone().enumerate() {
                let is_first = |number: &&ParagraphNumber| {
                    !answers.clone().take(place).any(|before| before.paragraphs.contains(number))
                };
                for number in point.paragraphs.iter().filter(is_first) {
                    if let Some(margin) = margins.get_mut(number.index()) {
                        let word = if margin.is_empty() { word(number.index()) } else { "" };
                        self.answered_by(margin.to_mut(), (member, point), word);
                    }
                }
            }
        }
        margins
    }

    fn answered_by(&self, html: &mut String, (member, point): (&Member, &Point), word: &str) {
        let mark = self.views.mark(member);
        let slug = self.slug(member);
        let (url, mut digits) = (self.views.article_url(member.article), itoa::Buffer::new());
        let number = digits.format(point.number);
        html.reserve(ANSWERED_BY);
        push!(html, "<a class=\"also\" href=\"", url, "#q-", slug, "-", number);
        push!(html, "\"><span class=\"t\">", word, "</span>", mark.badge.as_str());
        html.push_str("<span class=\"vh\">answered by ");
        html_escape_attribute(html, self.views.by_or_side(self.debate, member));
        push!(html, ", point ", number, "</span></a>");
    }

    fn style(&self) -> String {
        let slug = self.slug(self.reply);
        let paired = self.reply.points.iter().filter(|point| !passages(point).is_empty());
        let mut rules = String::new();
        for point in paired {
            let mut digits = itoa::Buffer::new();
            let number = digits.format(point.number);
            rules.reserve(RULE + 6 * slug.len());
            push!(rules, "body:has(:is(#q-", slug, "-", number, ", #a-", slug, "-", number);
            push!(rules, ", [href=\"#q-", slug, "-", number, "\"], [href=\"#a-", slug, "-", number);
            push!(rules, "\"]):is(:hover, :focus-visible, :target)) { [data-q~=\"q-", slug, "-");
            push!(rules, number, "\"] { --mark-a: 30% } #a-", slug, "-", number);
            push!(rules, " { --quote-a: 10%; --thread: var(--text) } }\n");
        }
        if rules.is_empty() { rules } else { ["@layer states {\n", &rules, "}"].concat() }
    }
}

/// About how many bytes stand around a quote beside its words.
const PAIRED: usize = 320;

/// About how many bytes the rules of a point take beside the slugs in it.
const RULE: usize = 240;

/// About how many bytes it takes to say in the margin who answers a ¶.
const ANSWERED_BY: usize = 320;

/// How much HTML of the other column may stand above the first words of one before that is worth
/// a word: four lines or so.
const LATE_BYTES: usize = 500;

fn begins_late(column: &ColumnView, first_of_other: usize) -> bool {
    // Row 1 holds the heads, row 2 the first text of either.
    column.first_row.is_some_and(|row| row > 2) && first_of_other > LATE_BYTES
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

fn open_cell(html: &mut String, cell: &Cell, stick: &str) {
    let class = match cell.kind {
        CellKind::Head => " head",
        CellKind::AfterHead => " after-head",
        CellKind::Text if cell.row == 1 => " first",
        CellKind::Text | CellKind::Notes => "",
    };
    let mut digits = itoa::Buffer::new();
    let row = digits.format(cell.row + 1);
    push!(html, "<div class=\"row", class, "\" style=\"--r:", row, "\">");
    push!(html, "<div class=\"", stick, "prose\">\n");
}

/// A line that was read as an attribution is not shown: the number of the ¶ takes its place.
fn attribution(member: &Member, point: &Point) -> Shown {
    let attributed =
        member.anchors.list.get(point.quote).is_some_and(|anchor| anchor.outcome.attributed);
    if attributed { Shown::Nowhere } else { Shown::InText }
}

/// For a point that is not level: the way to its passage.
fn far(index: usize, positions: &[Option<usize>], aligned: &[usize]) -> Option<&'static str> {
    if aligned.contains(&index) {
        return None;
    }
    let before = aligned
        .iter()
        .rev()
        .find(|&&one| one < index)
        .and_then(|&one| positions.get(one).copied().flatten());
    let here = positions.get(index).copied().flatten()?;
    Some(if before.is_some_and(|before| here < before) {
        "↑ back at "
    } else {
        "↓ further on at "
    })
}

/// `¶ 4`, `¶ 4–5`, or words where the passage has no number.
pub(crate) fn paragraphs(point: &Point) -> String {
    match (point.paragraphs.first(), point.paragraphs.last()) {
        (Some(first), Some(last)) if first != last => format!("¶ {first}–{last}"),
        (Some(first), _) => ["¶ ", itoa::Buffer::new().format(first.get())].concat(),
        _ => "the passage".to_owned(),
    }
}
