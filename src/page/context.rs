//! What templates are given: dates, URLs, counts and names, all finished.
//!
//! docs/themes.md has a row for each field. A field that ends in `html`, and `title`,
//! `claim`, `motion` and `thesis`, is HTML that Agon rendered; everything else is text.

use serde::Serialize;

use crate::article::date::Date;

/// The site, on every page: `site`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SiteView {
    /// Its title.
    pub title: String,
    /// Its description, empty where there is none.
    pub description: String,
    /// URL of the home page.
    pub home: String,
    /// URL of the archive.
    pub archive: String,
    /// URL of the feed; nothing without a base URL.
    pub feed: Option<String>,
    /// URLs of the style sheets, in their order.
    pub stylesheets: Vec<String>,
    /// The menu.
    pub menu: Vec<LinkView>,
}

/// A link.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LinkView {
    /// What it is called.
    pub name: String,
    /// Where it leads.
    pub url: String,
}

/// The page: `page`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageView {
    /// For `<title>`.
    pub title: String,
    /// The title without the site's.
    pub heading: String,
    /// For search engines.
    pub description: Option<String>,
    /// Its own URL.
    pub url: String,
    /// The absolute URL; nothing without a base URL.
    pub canonical: Option<String>,
    /// BCP 47.
    pub lang: String,
    /// `ltr` or `rtl`, where it is said.
    pub dir: Option<&'static str>,
    /// `website` or `article`.
    pub og_type: &'static str,
    /// Absolute URL of a picture.
    pub image: Option<String>,
    /// Rules of the page's own: pairs, and colours that have no name.
    pub style: Option<String>,
    /// `Draft` or the date of a future article.
    pub badge: Option<String>,
}

/// A date.
#[derive(Clone, Debug, Serialize)]
pub struct DateView {
    /// `2025-08-02`.
    pub iso: String,
    /// `2 August 2025`.
    pub long: String,
    /// `2 August`.
    pub day: String,
    /// `2 Aug`.
    pub short: String,
}

impl From<Date> for DateView {
    fn from(date: Date) -> Self {
        Self {
            iso: date.day.to_string(),
            long: date.long(),
            day: date.day_and_month(),
            short: date.short(),
        }
    }
}

/// A side as it is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MarkView {
    /// `data-side`.
    pub side: String,
    /// `data-rule`.
    pub rule: &'static str,
    /// A, B, C…
    pub letter: String,
    /// Its name in words.
    pub name: String,
}

/// Small print about an article.
#[derive(Clone, Debug, Serialize)]
pub struct NoticeView {
    /// What it is: `Disclosure.`
    pub name: String,
    /// HTML.
    pub text: String,
}

/// The head of an article, and its body.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ColumnView {
    /// The id of the column.
    pub id: &'static str,
    /// The id of its title.
    pub title_id: &'static str,
    /// Whether it is the right column.
    pub is_reply: bool,
    /// Whose it is.
    pub mark: MarkView,
    /// `Original`, `Rebuttal`…
    pub role: String,
    /// The same in small letters.
    pub role_word: String,
    /// HTML.
    pub title: String,
    /// Whether the motion above says the same.
    pub title_is_motion: bool,
    /// HTML: the motion, of an article that stands alone and is called otherwise.
    pub motion: Option<String>,
    /// HTML.
    pub claim: Option<String>,
    /// Who wrote it.
    pub authors: Vec<LinkView>,
    /// When.
    pub date: Option<DateView>,
    /// When it was last changed.
    pub updated: Option<DateView>,
    /// `5 minutes`.
    pub reading_time: String,
    /// Disclosure, corrections and the like.
    pub notices: Vec<NoticeView>,
    /// The article's language, where it is not the page's.
    pub lang: Option<String>,
    /// The article's direction.
    pub dir: Option<&'static str>,
    /// Its tags.
    pub tags: Vec<LinkView>,
    /// The cells of a column.
    pub cells: Vec<CellView>,
    /// The body of an article that stands alone.
    pub html: String,
}

/// A cell of a column.
#[derive(Clone, Debug, Serialize)]
pub struct CellView {
    /// The row of the grid; the heads stand in row 1.
    pub row: usize,
    /// `first`, `head`, `after-head` or nothing.
    pub class: &'static str,
    /// Whether it stays in view while its longer partner scrolls.
    pub sticks: bool,
    /// HTML.
    pub html: String,
}

/// A ¶ in a ledger.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerView {
    /// Its number.
    pub number: u32,
    /// `yes`, `con` or `no`.
    pub class: &'static str,
    /// `answered`, `conceded` or `unanswered`.
    pub word: &'static str,
    /// Where it stands on this page.
    pub url: Option<String>,
}

/// How much of a text is answered.
#[derive(Clone, Debug, Serialize)]
pub struct StandingView {
    /// Who answers.
    pub mark: MarkView,
    /// `6 of 9`.
    pub count: String,
    /// `, one of them conceded`, or empty.
    pub conceded: String,
    /// A sentence for the home page.
    pub text: String,
    /// Each ¶.
    pub ledger: Vec<LedgerView>,
}

/// A tab, a step of the chain, a link below.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StepView {
    /// Where it leads; nothing for the page itself.
    pub url: Option<String>,
    /// Whose it is.
    pub mark: Option<MarkView>,
    /// `Rebuttal`.
    pub role: String,
    /// Who wrote it.
    pub name: String,
    /// A sentence.
    pub text: String,
    /// Whether it is this page.
    pub current: bool,
}

/// What stands above and below the two columns: `debate`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DebateView {
    /// HTML.
    pub motion: String,
    /// The original's tags.
    pub tags: Vec<LinkView>,
    /// The date of the original.
    pub since: Option<DateView>,
    /// URL of the flow sheet.
    pub flow: String,
    /// How much this reply answers.
    pub standing: Option<StandingView>,
    /// From the original to this reply.
    pub chain: Vec<StepView>,
    /// The original's rebuttals.
    pub tabs: Vec<StepView>,
    /// `Two rebuttals, one rejoinder`.
    pub tabs_summary: String,
    /// Where to go on.
    pub after: Vec<StepView>,
    /// Rows of the grid, the heads among them.
    pub rows: usize,
}
