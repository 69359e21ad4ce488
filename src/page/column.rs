//! The HTML of one article on one page: ids, marks, margins, quotes and links put in.

use std::borrow::Cow;
use std::ops::Range;

use super::edit::{self, Edit};
use super::view::push;
use crate::article::document::{BlockKind, Document, SpliceKind};
use crate::article::{Article, html_escape_attribute};
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
}

impl Column<'_> {
    /// Writes the HTML of the blocks `blocks`.
    pub(crate) fn write(&self, html: &mut String, blocks: &Range<usize>, edits: &[Edit]) {
        let document = &self.article.document;
        let chosen = document.blocks.get(blocks.clone()).unwrap_or_default();
        let range = chosen.first().map_or(0, |block| block.html.start())
            ..chosen.last().map_or(0, |b| b.html.end());
        edit::copy(html, self.article, &range, edits, |html, splice| self.splice(html, splice));
    }

    /// About how long the HTML of all blocks is, in bytes.
    pub(crate) fn capacity(&self) -> usize {
        let html = self.article.document.html.len();
        html + html / 2
    }

    /// All that is put in and left out besides splices, by ascending place.
    pub(crate) fn edits(&self) -> Vec<Edit> {
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
