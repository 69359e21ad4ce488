//! What templates are given: dates, URLs, counts and names, all finished.
//!
//! docs/themes.md has a row for each field.

use super::body::Body;
use super::extra::Extra;
use super::value::{Html, Made, views};
use crate::article::date::Date;

views! {
    /// The site, on every page: `site`.
    #[derive(Default)]
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
        /// What site.yaml has under `extra`.
        pub extra: Extra,
    }

    /// A link.
    #[derive(Default)]
    pub struct LinkView {
        /// What it is called.
        pub name: String,
        /// Where it leads.
        pub url: String,
    }

    /// The page: `page`.
    #[derive(Default)]
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
        pub style: Option<Html>,
        /// `Draft` or the date of a future article.
        pub badge: Option<String>,
        /// The menu.
        pub menu: Vec<MenuView>,
    }

    /// An entry of the menu.
    #[derive(Default)]
    pub struct MenuView {
        /// The link.
        pub link: Made<LinkView>,
        /// Whether it leads to the page itself.
        pub is_here: bool,
    }

    /// A date.
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

views! {
    /// A side as it is drawn.
    #[derive(Default, PartialEq, Eq)]
    pub struct MarkView {
        /// `data-side`.
        pub side: String,
        /// `data-rule`.
        pub rule: &'static str,
        /// A, B, C…
        pub letter: String,
        /// The letter in its colour and form, as it stands before names and titles.
        pub badge: Html,
        /// Its name in words.
        pub name: String,
    }

    /// Small print about an article.
    pub struct NoticeView {
        /// What it is: `Disclosure.`
        pub name: String,
        /// What it says.
        pub text: Html,
    }

    /// What is said of an article above its text, on whatever page.
    #[derive(Default)]
    pub struct ArticleView {
        /// Whose it is.
        pub mark: Made<MarkView>,
        /// `Original`, `Rebuttal`…
        pub role: String,
        /// The same in small letters.
        pub role_word: String,
        /// The article's title.
        pub title: Html,
        /// Whether the title is too long for the largest letters.
        pub is_long: bool,
        /// What it claims, in a sentence.
        pub claim: Option<Html>,
        /// Who wrote it.
        pub authors: Made<Vec<Made<LinkView>>>,
        /// When.
        pub date: Option<Made<DateView>>,
        /// When it was last changed.
        pub updated: Option<DateView>,
        /// `5 minutes`.
        pub reading_time: String,
        /// Disclosure, corrections and the like.
        pub notices: Vec<NoticeView>,
        /// The article's language, where it is not the page's.
        pub lang: Option<String>,
        /// Its tags.
        pub tags: Made<Vec<Made<LinkView>>>,
        /// What its front matter has under `extra`.
        pub extra: Extra,
    }

    /// One of two columns.
    pub struct ColumnView {
        /// The article in it.
        pub article: Made<ArticleView>,
        /// The id of the column.
        pub id: &'static str,
        /// The id of its title.
        pub title_id: &'static str,
        /// Whether it is the right column.
        pub is_reply: bool,
        /// Whether the motion above says the same as the title.
        pub title_is_motion: bool,
        /// The article's direction.
        pub dir: Option<&'static str>,
        /// The row of the grid in which its text begins; the heads stand in row 1.
        pub first_row: Option<usize>,
        /// Whether much of the other column stands above its first words.
        pub begins_late: bool,
        /// A `<div class="row" style="--r:…">` for each cell, with `first`, `head` or `after-head`, and in it a `<div class="prose">`, with `stick` where it stays in view while its longer partner scrolls.
        pub html: Body,
    }

    /// The text of an article that stands alone.
    #[derive(Default)]
    pub struct TextView {
        /// The motion, where the article is called otherwise.
        pub motion: Option<Html>,
        /// The article's direction.
        pub dir: Option<&'static str>,
        /// The text itself.
        pub html: Body,
    }

    /// How much of a text is answered.
    pub struct StandingView {
        /// Who answers.
        pub mark: Made<MarkView>,
        /// `6 of 9`.
        pub count: String,
        /// `, one of them conceded`, or empty.
        pub conceded: String,
        /// A sentence for the home page.
        pub text: String,
        /// An `<li>` for each ¶: `class` says `yes`, `con` or `no`.
        pub ledger: Body,
    }

    /// A tab, a step of the chain, a link below.
    #[derive(Default)]
    pub struct StepView {
        /// Where it leads; nothing for the step that the page itself is.
        pub url: Option<String>,
        /// Whose it is.
        pub mark: Option<Made<MarkView>>,
        /// `Rebuttal`.
        pub role: String,
        /// Who wrote it.
        pub name: String,
        /// A sentence.
        pub text: String,
    }

    /// What tabs.html prints, once for all pages on which it stands: `tabs`.
    pub struct TabsView {
        /// The original's rebuttals.
        pub list: Vec<StepView>,
        /// `Two rebuttals, one rejoinder`.
        pub summary: String,
        /// URL of the flow sheet.
        pub flow: String,
    }

    /// What stands above and below the two columns: `debate`.
    #[derive(Default)]
    pub struct DebateView {
        /// The question.
        pub motion: Html,
        /// Whether the question is too long for the largest letters.
        pub is_long: bool,
        /// The original's tags.
        pub tags: Vec<Made<LinkView>>,
        /// The date of the original.
        pub since: Option<Made<DateView>>,
        /// URL of the flow sheet.
        pub flow: String,
        /// How much this reply answers.
        pub standing: Option<StandingView>,
        /// From the original to this reply.
        pub chain: Vec<StepView>,
        /// The original's rebuttals, as tabs.html prints them; of a reply to a reply nothing.
        pub tabs: Body,
        /// Where to go on.
        pub after: Vec<StepView>,
        /// Rows of the grid, the heads among them.
        pub rows: usize,
    }
}
