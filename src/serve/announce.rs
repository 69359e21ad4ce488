//! What is told of each new moment: to the terminal, and to the open pages.

use std::sync::Arc;

use tokio::sync::watch;

use super::live::{Live, Moment};
use super::{Follow, Said, Say};
use crate::article::Article;
use crate::article::document::Document;
use crate::site::url;
use crate::source::SitePath;

/// A moment, and where the editor is at work.
#[derive(Debug)]
pub(crate) struct Announced {
    pub moment: Arc<Moment>,
    /// The latest edit of one article, where it is to be followed.
    pub edited: Option<Edited>,
}

/// Where an article was edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edited {
    /// The number of the moment that it made.
    pub moment: u64,
    base: String,
    /// The path of its page, below the base path and not percent-encoded.
    pub page: String,
    /// The id of what was edited; empty where it has none.
    pub id: String,
}

impl Edited {
    /// Where it is to be seen.
    pub(crate) fn url(&self) -> String {
        let fragment = if self.id.is_empty() { String::new() } else { format!("#{}", self.id) };
        format!("{}{}{}", self.base, url::encoded(&self.page), fragment)
    }
}

/// Passes every moment on, until the server ends.
pub(crate) async fn announce(
    live: Arc<Live>,
    follow: Follow,
    sender: watch::Sender<Arc<Announced>>,
    say: Say,
) {
    let mut moments = live.subscribe();
    loop {
        let before = sender.borrow().clone();
        let moment = moments.borrow_and_update().clone();
        if moment.number > before.moment.number {
            let edited = match follow {
                Follow::Edits => edited(&before.moment, &moment).or_else(|| before.edited.clone()),
                Follow::Nothing => None,
            };
            sender.send_replace(Arc::new(Announced { moment: moment.clone(), edited }));
            say(Said::Changed(moment));
        }
        if moments.changed().await.is_err() {
            return;
        }
    }
}

/// Where the one article was edited that changed from one moment to the next.
fn edited(before: &Moment, now: &Moment) -> Option<Edited> {
    let is_article = |path: &&SitePath| path.is_in("content") || path.is_in("seeds");
    let mut articles = now.changed.iter().filter(is_article);
    let (Some(path), None) = (articles.next(), articles.next()) else { return None };
    let site = &now.snapshot.site;
    let published = site.article(site.by_path(path)?);
    let article = &published.article.value;
    let id = match before.snapshot.articles.get(path) {
        Some(old) => id_of(&article.document, first_difference(&old.value, article)),
        None => String::new(),
    };
    let page = published.route().path();
    Some(Edited { moment: now.number, base: now.base_path().to_owned(), page, id })
}

/// The first block that is not as it was: the last where blocks at the end were taken away.
fn first_difference(old: &Article, new: &Article) -> usize {
    let html = |article: &Article, index: usize| {
        let block = article.document.blocks.get(index)?;
        Some(article.html(block.html.range()))
    };
    let all = 0..new.document.blocks.len();
    let differs = |index: &usize| html(old, *index) != html(new, *index);
    all.clone().find(differs).unwrap_or_else(|| all.end.saturating_sub(1))
}

/// The id of the ¶ of the block at `index`, or of the nearest before it.
fn id_of(document: &Document, index: usize) -> String {
    let blocks = document.blocks.get(..=index).unwrap_or_default();
    let paragraph = blocks.iter().rev().find_map(|block| block.paragraph);
    paragraph.map_or_else(String::new, |number| format!("p{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::document::MarkdownOptions;
    use crate::article::parse;
    use crate::source::Source;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let article = |text: &str| {
            let path = SitePath::new("content/a.md").unwrap();
            let source = Arc::new(Source::new(path, text.to_owned()));
            parse(&source, MarkdownOptions::default()).value
        };
        let (old, new) = (article(old), article(new));
        assert_eq!(id_of(&new.document, first_difference(&old, &new)), expected);
    }

    #[test]
    fn an_edit_is_found_at_its_paragraph() {
        check("One.\n\nTwo.", "One.\n\nTwo, more.", "p2");
        check("One.\n\nTwo.", "None.\n\nTwo.", "p1");
        check("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", "p2");
        check("One.\n\n- a\n- b", "One.\n\n- a\n- c", "p1");
        check("One.\n\nTwo.\n\nThree.", "One.\n\nTwo.", "p2");
        check("One.", "", "");
    }
}
