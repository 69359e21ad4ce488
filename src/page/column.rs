//! The HTML of one article on one page: ids, marks, margins, quotes and links put in.

use std::borrow::Cow;
use std::ops::Range;

use super::edit::{self, Edit};
use super::view::push;
use crate::article::document::{BlockKind, Document, SpliceKind};
use crate::article::{Article, html_escape_attribute};
use crate::site::Published;
use crate::site::publish::Placement;
use crate::source::plain_text::ParagraphNumber;

/// What stands in the margin of a ¶ below its number; HTML.
pub(crate) type Margin = Cow<'static, str>;

/// How headings are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Headings {
    /// The article's title is the `h1`.
    Alone,
    /// The motion is the `h1`, the article's title an `h2`.
    BelowMotion,
}

/// A top-level blockquote as this page shows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct QuoteView {
    /// What follows `<blockquote`, up to and with `>` and the number.
    pub open: String,
    /// What stands before `</blockquote>`.
    pub close: String,
    /// Whether the attribution is left out of the text; with `footer` it is put below it.
    pub attribution: Shown,
    /// Whether the bold lead-in of its answer is a kind of answer.
    pub has_kind: bool,
    /// Whether its words are shown.
    pub words: Words,
}

/// What becomes of the words of a quote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Words {
    /// They are shown.
    #[default]
    Kept,
    /// What is put in before the quote ends stands for them.
    LeftOut,
}

/// What becomes of the attribution's line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shown {
    /// It stays where it is.
    #[default]
    InText,
    /// It is left out.
    Nowhere,
    /// It becomes the quote's footer.
    Footer,
}

/// Blockquotes of an article that are nobody's points: their attribution is their footer.
pub(crate) fn cited(article: &Article) -> Vec<QuoteView> {
    let quotes = &article.document.quotes;
    quotes
        .iter()
        .map(|quote| QuoteView {
            open: " class=\"cited\">\n".to_owned(),
            attribution: if quote.attribution.is_some() { Shown::Footer } else { Shown::InText },
            ..QuoteView::default()
        })
        .collect()
}

/// An article on a page.
pub(crate) struct Column<'a> {
    pub article: &'a Article,
    /// Put before each id of the article.
    pub prefix: &'a str,
    pub headings: Headings,
    /// The URL of each link.
    pub urls: &'a [Cow<'a, str>],
    /// Width and height of each link that is an image.
    pub sizes: &'a [Option<(u32, u32)>],
    /// One a ¶; empty for plain pages, which have no numbers.
    pub margins: &'a [Margin],
    pub quotes: &'a [QuoteView],
    /// The marks, by ascending place.
    pub marks: &'a [Edit],
    pub notes_label: &'a str,
    /// The id of the heading that is left out, as [`title_heading`] gives it.
    pub title_heading: Option<&'a str>,
}

/// The id of the heading that is the title of `published`, which stands above the text already;
/// nothing where there is none, or a passage is marked in it.
pub(crate) fn title_heading<'a>(published: &'a Published, marks: &[Edit]) -> Option<&'a str> {
    let article = &published.article.value;
    let end = article.document.blocks.first().map_or(0, |heading| heading.html.end());
    let is_shown =
        published.placement == Placement::Introduction || marks.iter().any(|mark| mark.at < end);
    article.title_heading().filter(|_| !is_shown).map(|id| id.name.as_str())
}

impl Column<'_> {
    /// The first block that is shown.
    pub(crate) fn first(&self) -> usize {
        usize::from(self.title_heading.is_some())
    }

    /// Writes the HTML of the blocks `blocks`.
    pub(crate) fn write(&self, html: &mut String, blocks: &Range<usize>, edits: &[Edit]) {
        if let Some(id) = self.title_heading.filter(|_| blocks.start == self.first()) {
            // Links lead to it all the same.
            push!(html, "<span class=\"anchor\" id=\"", self.prefix);
            html_escape_attribute(html, id);
            html.push_str("\"></span>\n");
        }
        let document = &self.article.document;
        let chosen = document.blocks.get(blocks.clone()).unwrap_or_default();
        let range = chosen.first().map_or(0, |block| block.html.start())
            ..chosen.last().map_or(0, |b| b.html.end());
        edit::copy(html, self.article, &range, edits, |html, splice| self.splice(html, splice));
    }

    /// How long the HTML of all blocks may well be, in bytes: rather more than less, as a text that
    /// grows is copied.
    pub(crate) fn capacity(&self) -> usize {
        let document = &self.article.document;
        let chrome = document.splices.len() * (SPLICE + 2 * self.prefix.len());
        let margins: usize = self.margins.iter().map(|margin| margin.len()).sum();
        let quotes: usize = self.quotes.iter().map(|one| one.open.len() + one.close.len()).sum();
        let marks: usize = self.marks.iter().map(|mark| mark.insert.len()).sum();
        document.html.len() + chrome + margins + quotes + marks + document.blocks.len() * CELL
    }

    /// All that is put in and left out besides splices, by ascending place; `is_reply` knows the
    /// slugs of the replies whose points may stand on the page.
    pub(crate) fn edits(&self, is_reply: impl Fn(&str) -> bool) -> Vec<Edit> {
        let left_out = self.left_out();
        let is_shown = |edit: &&Edit| !left_out.iter().any(|quote| quote.contains(&edit.at));
        let mut edits: Vec<Edit> = self.marks.iter().filter(is_shown).cloned().collect();
        edits.extend(left_out.iter().map(|quote| Edit {
            at: quote.start,
            skip: quote.len(),
            insert: String::new(),
        }));
        for (quote, html) in self.quotes.iter().zip(&self.article.document.quote_html) {
            if let Some(attribution) =
                html.attribution.clone().filter(|_| quote.attribution != Shown::InText)
                && quote.words == Words::Kept
            {
                edits.push(Edit {
                    at: attribution.start,
                    skip: attribution.len(),
                    insert: String::new(),
                });
            }
        }
        if self.prefix.is_empty() {
            let skips =
                |at: usize| edits.iter().any(|one| (one.at..one.at + one.skip).contains(&at));
            let apart = edit::apart(self.article, is_reply).filter(|edit| !skips(edit.at));
            let apart: Vec<Edit> = apart.collect();
            edits.extend(apart);
        }
        edits.sort_by_key(|edit| edit.at);
        edits
    }

    /// The insides of the quotes whose words are left out.
    fn left_out(&self) -> Vec<Range<usize>> {
        let splices = &self.article.document.splices;
        let place = |kind| splices.iter().find(|splice| splice.kind == kind).map(|one| one.at);
        let left_out = self.quotes.iter().zip(0..).filter(|(view, _)| view.words == Words::LeftOut);
        left_out
            .filter_map(|(_, quote)| {
                let start = place(SpliceKind::QuoteOpen(quote))?;
                Some(start as usize..place(SpliceKind::QuoteClose(quote))? as usize)
            })
            .collect()
    }

    fn splice(&self, html: &mut String, splice: SpliceKind) {
        match splice {
            SpliceKind::Prefix => html.push_str(self.prefix),
            SpliceKind::Level(level) => {
                let level = match self.headings {
                    Headings::Alone => level.max(2),
                    Headings::BelowMotion => (level + 1).clamp(3, 6),
                };
                html.push(char::from(b'0' + level.min(6)));
            }
            SpliceKind::Paragraph(number) => self.paragraph(html, number, ""),
            SpliceKind::Lede(number) => self.paragraph(html, number, " class=\"lede\""),
            SpliceKind::Url(link) => {
                html_escape_attribute(html, self.urls.get(link as usize).map_or("", |url| url));
            }
            SpliceKind::Image(link) => self.image(html, link as usize),
            SpliceKind::QuoteOpen(quote) => match self.quotes.get(quote as usize) {
                Some(quote) => html.push_str(&quote.open),
                None => html.push('>'),
            },
            SpliceKind::QuoteClose(quote) => self.quote_close(html, quote as usize),
            SpliceKind::Kind(quote) => {
                if self.quotes.get(quote as usize).is_some_and(|quote| quote.has_kind) {
                    html.push_str(" class=\"kind\"");
                }
            }
            SpliceKind::NotesLabel => html.push_str(self.notes_label),
        }
    }

    fn paragraph(&self, html: &mut String, number: ParagraphNumber, class: &str) {
        let Some(margin) = self.margins.get(number.index()) else {
            html.push_str(class);
            html.push('>');
            return;
        };
        let (mut digits, prefix) = (itoa::Buffer::new(), self.prefix);
        let number = digits.format(number.get());
        push!(html, " id=\"", prefix, "p", number, "\"", class);
        push!(html, "><span class=\"m\"><a class=\"pn\" href=\"#", prefix, "p", number);
        push!(html, "\" aria-label=\"Paragraph ", number, "\">", number, "</a>", margin, "</span>");
    }

    fn image(&self, html: &mut String, link: usize) {
        html.push_str(" src=\"");
        html_escape_attribute(html, self.urls.get(link).map_or("", |url| url));
        html.push('"');
        if let Some((width, height)) = self.sizes.get(link).copied().flatten() {
            html.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
        }
    }

    fn quote_close(&self, html: &mut String, index: usize) {
        let Some(quote) = self.quotes.get(index) else { return };
        if quote.attribution == Shown::Footer
            && let Some(inner) =
                self.article.document.quote_html.get(index).map(|html| html.inner.clone())
        {
            html.push_str("<footer>");
            edit::copy(html, self.article, &inner, &[], |html, splice| self.splice(html, splice));
            html.push_str("</footer>\n");
        }
        html.push_str(&quote.close);
    }
}

/// About how many bytes a splice takes: the number of a ¶ with what it is called, or a URL.
const SPLICE: usize = 120;

/// How many bytes the tags of a cell take, of which a block may be all.
const CELL: usize = 96;

/// What a block weighs beside its words when two cells are compared, in words: a figure takes
/// about as much room as a paragraph.
const FIGURE_WORDS: usize = 90;

/// Words of a cell that still fits into a window: a taller one that sticks would hide its end
/// (the prototype's measure).
const STICKY_WORDS: usize = 150;

/// How much room the blocks take, in words.
pub(crate) fn weight(document: &Document, blocks: &Range<usize>) -> usize {
    let blocks = document.blocks.get(blocks.clone()).unwrap_or_default();
    blocks
        .iter()
        .map(|block| match block.kind {
            BlockKind::Figure => FIGURE_WORDS,
            BlockKind::Attached => block.words as usize * 2,
            _ => block.words as usize + 8,
        })
        .sum()
}

/// Whether a cell may stay in view beside a longer partner.
pub(crate) fn sticks(own: usize, partner: usize) -> bool {
    own < STICKY_WORDS && own < partner
}
