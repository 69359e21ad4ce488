//! What is printed: diagnostics on stderr, the summary on stdout.
//!
//! That nobody reads any more is no error; that what is printed cannot be written is one.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value};

use crate::cli::actions;
use crate::cli::arguments::{Common, Format};
use crate::cli::run::{Action, Counts, Outcome, Request};
use crate::cli::said::to_stdout;
use crate::deploy::base_url::BaseUrlFrom;
use crate::diagnostic::format::{self, Repository, Style, github, json, terminal};
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::site::settings::BaseUrl;

/// Prints what came of a request; without one it was wrong itself. Gives the exit code of printing.
pub(super) fn print(outcome: &Outcome, request: Option<&Request>, common: &Common) -> ExitCode {
    if common.format == Format::Json {
        let object =
            json(&outcome.found, outcome.quotes.clone(), summary_json(outcome), &outcome.sources);
        return to_stdout(&object);
    }
    // What makes the command fail is told however quiet it is to be.
    let failing = |one: &&Diagnostic| match request {
        Some(request) => request.fails(std::slice::from_ref(*one)),
        None => one.is_error(),
    };
    let found = outcome.found.iter().filter(|one| !common.quiet || failing(one));
    let mut text = String::new();
    if common.format == Format::Github {
        let root = request.map(|request| request.root.as_path());
        text += &annotations(found, outcome, &actions::repository(root));
    } else {
        let shown: String =
            found.map(|one| terminal(one, &outcome.sources, Style::Colored) + "\n\n").collect();
        let _ = anstream::stderr().lock().write_all(shown.as_bytes());
    }
    if common.verbose {
        let times: String =
            outcome.times.iter().map(|(arrow, time)| format!("{arrow}: {time:.1?}\n")).collect();
        let _ = std::io::stderr().lock().write_all(times.as_bytes());
    }
    if let Some(request) = request.filter(|_| !common.quiet) {
        text += &summary(outcome, request, common.output_shown(&request.output));
    }
    to_stdout(&text)
}

/// For GitHub: a line for each fault, and all of them in the summary of the job.
fn annotations<'a>(
    found: impl Iterator<Item = &'a Diagnostic>,
    outcome: &Outcome,
    repository: &Repository,
) -> String {
    let mut found: Vec<&Diagnostic> = found.collect();
    // Of each step GitHub shows ten errors and ten warnings: the worst must be among them.
    found.sort_by_key(|one| one.severity);
    let (mut head, mut counts) = (faults(outcome), made(&outcome.counts));
    if let Some(line) = &outcome.outward {
        counts = format!("{counts}; {line}");
    }
    let head = head.get_or_insert_with(|| "nothing is wrong".to_owned());
    let summary = format::summary(&found, &outcome.sources, repository, (head, &counts));
    if let Err(fault) = actions::append(&summary) {
        let _ = std::io::stderr().lock().write_all(format!("{fault}\n").as_bytes());
    }
    let lines = found.iter().map(|one| github(one, &outcome.sources, repository) + "\n");
    lines.collect()
}

fn summary(outcome: &Outcome, request: &Request, output: &Path) -> String {
    let mut text = format!("{}\n", made(&outcome.counts));
    text += &made_for(outcome.base_url.as_ref());
    for line in &outcome.left_out {
        let _ = writeln!(text, "left out: {line}");
    }
    if let Some(line) = &outcome.outward {
        let _ = writeln!(text, "{line}");
    }
    if let Some(faults) = faults(outcome) {
        let is_midway = outcome.found.iter().any(|one| one.code == Code::Unwritable);
        let nothing = match request.action {
            // Each file is as it was, or as it should be.
            Action::Write(_) if is_midway => ": not everything was written",
            Action::Write(_) if outcome.written.is_none() => ": nothing was written",
            Action::Keep if request.fails(&outcome.found) => ": nothing was deployed",
            _ => "",
        };
        let _ = writeln!(text, "{faults}{nothing}");
    }
    if let Some(written) = &outcome.written {
        let _ = writeln!(
            text,
            "{} written, {} unchanged, {} removed",
            count(written.written, "file"),
            written.unchanged,
            written.removed
        );
        let url = outcome.base_url.as_ref().and_then(|(url, _)| url.as_ref());
        text += &how_to_show(url, output);
    }
    text
}

/// `made for https://example.org/repo/ (from site.yaml)`; nothing where nobody said so, since a
/// note then tells how to.
fn made_for(base_url: Option<&(Option<BaseUrl>, BaseUrlFrom)>) -> String {
    match base_url {
        Some((Some(url), from)) => format!("made for {url}/ ({from})\n"),
        Some((None, from)) => format!("made for no base URL ({from})\n"),
        None => String::new(),
    }
}

/// How to look at the pages here, which those made for a folder of a host cannot be.
fn how_to_show(base_url: Option<&BaseUrl>, output: &Path) -> String {
    if base_url.is_some_and(|url| !url.path().is_empty()) {
        return "show it under that path: agon serve --open\n".to_owned();
    }
    let folder = quoted(&output.display().to_string());
    format!("show it: python3 -m http.server -d {folder}\n         http://localhost:8000/\n")
}

/// `12 articles in 3 debates, 41 pages; 38 quotes anchored, 1 excused`.
fn made(counts: &Counts) -> String {
    let mut text = format!(
        "{} in {}, {}",
        count(counts.articles, "article"),
        count(counts.debates, "debate"),
        count(counts.pages, "page")
    );
    if counts.quotes.is_empty() {
        return text;
    }
    let anchored = counts.quotes.get("anchored").copied().unwrap_or_default();
    let _ = write!(text, "; {} anchored", count(anchored, "quote"));
    for (status, number) in counts.quotes.iter().filter(|(status, _)| **status != "anchored") {
        let _ = write!(text, ", {number} {}", status.replace('-', " "));
    }
    text
}

/// `2 errors, 1 warning`, where there are any.
fn faults(outcome: &Outcome) -> Option<String> {
    let words = diagnostic::counted(outcome.found.iter());
    (!words.is_empty()).then(|| words.join(", "))
}

fn number(outcome: &Outcome, severity: Severity) -> usize {
    outcome.found.iter().filter(|one| one.severity == severity).count()
}

fn summary_json(outcome: &Outcome) -> Value {
    let counts = &outcome.counts;
    let mut summary = Map::new();
    let mut add = |name: &str, number: usize| summary.insert(name.to_owned(), number.into());
    add("articles", counts.articles);
    add("debates", counts.debates);
    add("pages", counts.pages);
    add("errors", number(outcome, Severity::Error));
    add("warnings", number(outcome, Severity::Warning));
    for (status, number) in &counts.quotes {
        add(status, *number);
    }
    if let Some(written) = &outcome.written {
        add("written", written.written);
        add("unchanged", written.unchanged);
        add("removed", written.removed);
    }
    if let Some((url, from)) = &outcome.base_url {
        let url = url.as_ref().map(|url| format!("{url}/"));
        summary.insert("base_url".to_owned(), url.into());
        summary.insert("base_url_from".to_owned(), from.word().into());
    }
    let deployed = outcome.deployed.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    summary.extend(deployed);
    Value::Object(summary)
}

pub(super) fn count(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

/// A path that can be pasted into a shell.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':' | '\\');
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_one_line() {
        let mut counts = Counts { articles: 12, debates: 3, pages: 41, ..Counts::default() };
        assert_eq!(made(&counts), "12 articles in 3 debates, 41 pages");
        counts.quotes = [("excused", 1), ("anchored", 38), ("third-party", 2)].into();
        assert_eq!(
            made(&counts),
            "12 articles in 3 debates, 41 pages; 38 quotes anchored, 1 excused, 2 third party"
        );
        counts = Counts { articles: 1, debates: 1, pages: 1, quotes: [("not-found", 1)].into() };
        assert_eq!(made(&counts), "1 article in 1 debate, 1 page; 0 quotes anchored, 1 not found");
    }

    #[test]
    fn a_path_can_be_pasted() {
        assert_eq!(quoted("../output"), "../output");
        assert_eq!(quoted("my site's"), r"'my site'\''s'");
    }
}
