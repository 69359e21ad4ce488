//! What is published: articles, plain pages, the introduction; what is left out, and why.
//!
//! Drafts and articles of the future are dropped here, once and before anything else, so
//! that no page, list, feed or search can show them.

use std::sync::Arc;

use super::slug::{self, Slug};
use super::snapshot::Options;
use crate::article::Article;
use crate::article::date::Date;
use crate::article::escaped_line;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::{SitePath, Span};

/// What a file of `content/` or `seeds/` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// `content/index.md`: what the home page says before its lists.
    Introduction,
    /// A file of `content/` with neither `rebuts` nor `date` nor `color`.
    Page,
    /// An original or a reply.
    Article,
}

/// A file that is or could be published.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub article: Arc<Checked<Article>>,
    pub placement: Placement,
    pub title: String,
    pub slug: Slug,
}

impl Candidate {
    pub(super) fn path(&self) -> &SitePath {
        &self.article.value.source.path
    }

    pub(super) fn date(&self) -> Option<Date> {
        self.article.value.front.date.as_ref().map(|date| date.value)
    }
}

/// Why a file is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `draft: true`.
    Draft,
    /// Its date has not come; it appears then.
    Future(Date),
    /// A `README.md`, which is for those who look at the folder.
    ReadMe,
}

/// A file that is not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The file.
    pub path: SitePath,
    /// Its title, a README's path.
    pub title: String,
    /// Why.
    pub reason: Reason,
}

/// The files of a site, sorted into what is published and what is not; each list by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub published: Vec<Candidate>,
    pub dropped: Vec<Candidate>,
    pub left_out: Vec<LeftOut>,
}

/// The moment of a build, and the place whose calendar counts.
pub(super) struct Clock<'a> {
    pub options: &'a Options,
    pub zone: &'a jiff::tz::TimeZone,
}

/// Parts `articles` (by ascending path) into what is published and what is left out.
///
/// What was found wrong in an article that is published is not said here: its text may change
/// and the selection stay the same.
pub(super) fn select<'a>(
    articles: impl Iterator<Item = &'a Arc<Checked<Article>>>,
    clock: &Clock<'_>,
) -> Checked<Selection> {
    let mut selection = Selection::default();
    let mut found = Vec::new();
    for checked in articles {
        let article = &checked.value;
        let path = &article.source.path;
        if path.name().eq_ignore_ascii_case("readme.md") {
            let left_out =
                LeftOut { path: path.clone(), title: path.to_string(), reason: Reason::ReadMe };
            found.push(left_out_note(&left_out));
            selection.left_out.push(left_out);
            continue;
        }
        let placement = placement(checked);
        found.extend(missing_keys(checked, placement));
        let title = title(article);
        let slug = match placement {
            Placement::Introduction => Slug::default(),
            _ => slug::of(article, &title).into_value(&mut found),
        };
        let candidate = Candidate { article: checked.clone(), placement, title, slug };
        let Some(reason) = reason(article, clock) else {
            selection.published.push(candidate);
            continue;
        };
        found.extend(checked.found.iter().filter(|one| is_of_front_matter(one, article)).cloned());
        let left_out = LeftOut { path: path.clone(), title: candidate.title.clone(), reason };
        found.push(left_out_note(&left_out));
        selection.left_out.push(left_out);
        selection.dropped.push(candidate);
    }
    Checked { value: selection, found }
}

fn left_out_note(left_out: &LeftOut) -> Diagnostic {
    let message = match left_out.reason {
        Reason::Draft => "a draft, left out; `--drafts` includes it".to_owned(),
        Reason::Future(date) => format!("left out until {}; `--future` includes it", moment(date)),
        Reason::ReadMe => {
            "a README is for those who look at the folder, and is left out".to_owned()
        }
    };
    Diagnostic::note(Code::LeftOut, Some(Span::new(&left_out.path, 0..0)), message)
}

fn moment(date: Date) -> String {
    match date.time {
        Some(time) => format!("{} {time}", date.day),
        None => date.day.to_string(),
    }
}

/// A draft's front matter is always checked, its text is not.
fn is_of_front_matter(one: &Diagnostic, article: &Article) -> bool {
    let start = one.place.as_ref().map_or(0, |place| place.bytes.start);
    start < article.front.bytes.end.max(1)
}

fn reason(article: &Article, clock: &Clock<'_>) -> Option<Reason> {
    let front = &article.front;
    if front.draft && !clock.options.drafts {
        return Some(Reason::Draft);
    }
    let date = front.date.as_ref()?.value;
    (!clock.options.future && date.is_future(clock.options.now, clock.zone))
        .then_some(Reason::Future(date))
}

fn placement(checked: &Checked<Article>) -> Placement {
    let front = &checked.value.front;
    let path = &checked.value.source.path;
    if path.as_str() == "content/index.md" {
        Placement::Introduction
    } else if path.is_in("content")
        && front.rebuts.is_none()
        && front.date.is_none()
        && front.color.is_none()
        // A key whose value is broken is there all the same: the file is meant to be an article.
        && !["rebuts", "date", "color"].into_iter().any(|key| front.is_broken(key))
    {
        Placement::Page
    } else {
        Placement::Article
    }
}

/// What the front matter lacks; seeds, which are not ours, may lack it.
fn missing_keys(checked: &Checked<Article>, placement: Placement) -> Vec<Diagnostic> {
    let article = &checked.value;
    if !article.source.path.is_in("content") || placement == Placement::Introduction {
        return Vec::new();
    }
    let mut missing = Vec::new();
    if article.front.title.is_none() && !article.front.is_broken("title") {
        let example =
            article.document.first_heading.clone().unwrap_or_else(|| spoken(&article.source.path));
        missing.push(missing_key(article, "title", &example));
    }
    if placement == Placement::Article
        && article.front.date.is_none()
        && !article.front.is_broken("date")
    {
        missing.push(missing_key(article, "date", "2026-01-31"));
    }
    missing
}

fn missing_key(article: &Article, key: &str, example: &str) -> Diagnostic {
    let place = Span::new(&article.source.path, article.front.fence());
    let line = format!("{key}: \"{}\"", example.replace('\\', "\\\\").replace('"', "\\\""));
    let help = if article.front.bytes.is_empty() { format!("---\n{line}\n---") } else { line };
    Diagnostic::error(Code::MissingKey, place, format!("the front matter has no `{key}`"))
        .help(help)
}

/// Longest title that is made of a text's first line: what a list can show on two lines.
const MAX_TITLE_CHARACTERS: usize = 90;

/// The title of an article, its own or the nearest thing to one.
pub(super) fn title(article: &Article) -> String {
    if let Some(title) = article.own_title().or_else(|| article.first_heading()) {
        return title.clone();
    }
    let text = article.plain().text;
    let first_line = text.lines().map(str::trim).find(|line| !line.is_empty());
    first_line.map_or_else(|| spoken(&article.source.path), |line| escaped_line(&cut(line)))
}

/// The first sentence of `line`, or as many words as fit, with `…`.
fn cut(line: &str) -> std::borrow::Cow<'_, str> {
    let sentence = line
        .char_indices()
        .find(|&(at, c)| {
            let after = line.get(at + c.len_utf8()..).unwrap_or_default();
            matches!(c, '。' | '！' | '？')
                || (matches!(c, '.' | '!' | '?') && after.starts_with(' '))
        })
        .and_then(|(at, c)| line.get(..at + c.len_utf8()))
        .unwrap_or(line);
    let Some((end, _)) = sentence.char_indices().nth(MAX_TITLE_CHARACTERS) else {
        return sentence.trim_end_matches('.').into();
    };
    let start = sentence.get(..end).unwrap_or_default();
    let words = start.rsplit_once(' ').map_or(start, |(words, _)| words);
    format!("{}…", words.trim_end_matches([',', ';', ':', ' '])).into()
}

/// The file's name as words.
fn spoken(path: &SitePath) -> String {
    path.stem().replace(['-', '_'], " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_a_sentence_or_as_many_words_as_fit() {
        assert_eq!(cut("Buses are free. They are full."), "Buses are free");
        assert_eq!(cut("Version 2.5 is out"), "Version 2.5 is out");
        assert_eq!(cut(&"word ".repeat(40)), format!("{}…", "word ".repeat(18).trim_end()));
    }
}
