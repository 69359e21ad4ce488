//! For GitHub Actions: the summary of a job in Markdown, which no text of ours can break.

use std::fmt::Write as _;

use super::github::{Repository, place_of};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;

/// Bytes that a step's summary may have: GitHub drops one above 1 MiB as a whole.
const MAX_BYTES: usize = 1_000_000;

/// Of each severity GitHub shows so many annotations of a step.
const SHOWN: usize = 10;

/// Columns of a line in a block of code, which GitHub does not break.
const COLUMNS: usize = 96;

/// What was found, errors first, each with its passage and its diff; notes are left out.
///
/// `head` is a line for the heading and one below it.
#[must_use]
pub fn summary(
    found: &[&Diagnostic],
    sources: &Sources,
    repository: &Repository,
    head: (&str, &str),
) -> String {
    let mut told: Vec<&&Diagnostic> =
        found.iter().filter(|one| one.severity != Severity::Note).collect();
    told.sort_by_key(|one| one.severity);
    let mut text = format!("### Agon: {}\n\n{}\n", escaped(head.0), escaped(head.1));
    let many = [Severity::Error, Severity::Warning]
        .into_iter()
        .any(|severity| told.iter().filter(|one| one.severity == severity).count() > SHOWN);
    if many {
        let _ = write!(
            text,
            "\nBeside the lines of the pull request GitHub shows the first {SHOWN} errors and the \
             first {SHOWN} warnings of a step. Here are all, errors first.\n"
        );
    }
    for (index, one) in told.iter().enumerate() {
        let entry = entry(one, sources, repository);
        if text.len() + entry.len() > MAX_BYTES {
            let _ = write!(text, "\n…and {} more.\n", told.len() - index);
            break;
        }
        text += &entry;
    }
    text.push('\n');
    text
}

fn entry(one: &Diagnostic, sources: &Sources, repository: &Repository) -> String {
    let kind = format!("{}[{}]", one.severity.word(), one.code.name());
    let mut text = format!("\n**{}** {}", escaped(&kind), escaped(&super::message_of(one)));
    if let Some(place) = &one.place {
        let path = format!("{}{}", repository.folder, place.path);
        let lines =
            super::shown_positions(place, sources).map(|(start, end)| (start.line, end.line));
        let shown = lines.map_or(path.clone(), |(first, _)| format!("{path}:{first}"));
        let anchor = lines.map_or(String::new(), |(first, last)| match first == last {
            true => format!("#L{first}"),
            false => format!("#L{first}-L{last}"),
        });
        let _ = match &repository.files {
            Some(files) => {
                write!(text, "  \n[{}]({files}/{}{anchor})", escaped(&shown), encoded(&path))
            }
            None => write!(text, "  \n{}", escaped(&shown)),
        };
    }
    text.push('\n');
    let related = one
        .related
        .iter()
        .map(|label| format!("{}: {}", place_of(label, sources, repository), label.message));
    let lines: Vec<String> =
        related.chain(one.help.iter().cloned()).flat_map(|line| wrapped(&line)).collect();
    if !lines.is_empty() {
        text += &fenced(&lines.join("\n"));
    }
    text
}

/// `text` as a paragraph of Markdown that is nothing but these characters: each that could mean
/// anything is escaped, and it stays on its line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_control() => escaped.push(' '),
            ',' | '\'' | '"' | ' ' | '/' | '?' | ';' => escaped.push(c),
            c if c.is_ascii_punctuation() => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// `text` in a block of code, between fences that it does not have.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("\n{fence}text\n{text}\n{fence}\n")
}

/// Lines of [`COLUMNS`] characters at most, but for single longer words.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut columns = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        let is_full = columns > 0 && columns + 1 + width > COLUMNS;
        if is_full {
            lines.push("    ".to_owned());
            columns = 4;
        }
        if let Some(line) = lines.last_mut() {
            let space = if columns > 0 && !is_full { " " } else { "" };
            columns += space.len() + width;
            line.push_str(space);
            line.push_str(word);
        }
    }
    lines
}

/// A path as a part of a URL: all percent-encoded but what RFC 3986, section 2.3, leaves alone.
fn encoded(path: &str) -> String {
    let mut url = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                url.push(char::from(byte));
            }
            byte => {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pulldown_cmark::{Event, Parser, Tag};

    use super::*;
    use crate::diagnostic::Code;
    use crate::source::{SitePath, Source, Span};

    fn sources() -> (SitePath, Sources) {
        let path = SitePath::new("content/a (1).md").unwrap();
        let mut sources = Sources::default();
        let source = Source::new(path.clone(), "one\ntwo\nthree\n".to_owned());
        sources.texts.insert(path.clone(), Arc::new(source));
        (path, sources)
    }

    #[test]
    fn each_fault_has_its_place_its_passage_and_its_help() {
        let (path, sources) = sources();
        let warning = Diagnostic::warning(Code::QuoteNotFound, Span::new(&path, 0..3), "no source");
        let error = Diagnostic::error(Code::Misquotation, Span::new(&path, 4..14), "*not* so")
            .related(Span::new(&path, 0..3), "the nearest passage, in ¶3")
            .help("word by word: {+one+} [-two-] ```");
        let note = Diagnostic::note(Code::LeftOut, None, "a draft");
        let files = Some("https://github.com/o/r/blob/abc".to_owned());
        let repository = Repository { folder: "docs/".to_owned(), files };
        let text =
            summary(&[&note, &warning, &error], &sources, &repository, ("1 error", "2 articles"));
        assert_eq!(
            text,
            "### Agon: 1 error\n\n2 articles\n\n\
             **error\\[misquotation\\]** \\*not\\* so  \n\
             [docs/content/a \\(1\\)\\.md\\:2](https://github.com/o/r/blob/abc/docs/content/a%20%281%29.md#L2-L3)\n\n\
             ````text\ndocs/content/a (1).md:1: the nearest passage, in ¶3\n\
             word by word: {+one+} [-two-] ```\n````\n\n\
             **warning\\[quote\\-not\\-found\\]** no source  \n\
             [docs/content/a \\(1\\)\\.md\\:1](https://github.com/o/r/blob/abc/docs/content/a%20%281%29.md#L1)\n\n"
        );
    }

    #[test]
    fn no_text_breaks_it() {
        let (path, sources) = sources();
        let evil =
            "# a\n- b `c` <img src=x> @me https://x.org www.x.org 1. [d](e) | ~~~ ``` &amp; \\ ***";
        let error = Diagnostic::error(Code::Misquotation, Span::new(&path, 0..3), evil).help(evil);
        let text = summary(&[&error], &sources, &Repository::default(), (evil, evil));
        let events: Vec<Event<'_>> = Parser::new(&text).collect();
        let shown: String = events
            .iter()
            .filter_map(|event| match event {
                Event::Text(text) => Some(&**text),
                _ => None,
            })
            .collect();
        assert_eq!(shown.matches("[d](e)").count(), 4, "{shown}");
        assert_eq!(shown.matches("<img src=x>").count(), 4, "{shown}");
        for event in events {
            let broken = matches!(
                event,
                Event::Html(_)
                    | Event::InlineHtml(_)
                    | Event::Code(_)
                    | Event::Start(Tag::Link { .. } | Tag::List(_) | Tag::BlockQuote(_))
            );
            assert!(!broken, "{event:?}");
        }
    }

    #[test]
    fn a_long_one_is_cut() {
        let (path, sources) = sources();
        let help = "word ".repeat(10_000);
        let error = Diagnostic::error(Code::Misquotation, Span::new(&path, 0..3), "m").help(help);
        let text = summary(&[&error; 50], &sources, &Repository::default(), ("a", "b"));
        assert!(text.len() <= MAX_BYTES + 100, "{}", text.len());
        assert!(text.contains("GitHub shows the first 10 errors"));
        assert!(text.ends_with(" more.\n\n"));
    }
}
