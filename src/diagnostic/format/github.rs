//! For GitHub Actions: one workflow command a diagnostic, shown beside the line of a change.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::Sources;

/// Where a site stands in its repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// The site's folder from the top of the repository, with a slash at its end; empty at the top.
    pub folder: String,
    /// The address under which the repository's files of this commit are shown, without a slash
    /// at its end: `https://github.com/owner/name/blob/<commit>`.
    pub files: Option<String>,
}

/// The diagnostic as a workflow command, one line without an end of line.
///
/// GitHub takes columns only where a place begins and ends on one line
/// (docs.github.com, "Workflow commands for GitHub Actions", and its check-run annotations). What
/// is escaped, and how, is that of its own `@actions/core` (packages/core/src/command.ts).
#[must_use]
pub fn github(diagnostic: &Diagnostic, sources: &Sources, repository: &Repository) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut line = format!("::{command} ");
    if let Some(place) = &diagnostic.place {
        let path = format!("{}{}", repository.folder, place.path);
        let _ = write!(line, "file={},", property(&path));
        match super::shown_positions(place, sources) {
            Some((start, end)) if start.line == end.line => {
                let _ = write!(
                    line,
                    "line={},col={},endLine={},endColumn={},",
                    start.line, start.column, end.line, end.column
                );
            }
            Some((start, end)) => {
                let _ = write!(line, "line={},endLine={},", start.line, end.line);
            }
            None => {}
        }
    }
    let mut message = super::message_of(diagnostic);
    for related in &diagnostic.related {
        let _ =
            write!(message, "\n{}: {}", place_of(related, sources, repository), related.message);
    }
    for help in &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    let _ = write!(line, "title={}::{}", diagnostic.code.name(), data(&message));
    line
}

/// `docs/seeds/china.md:12`.
pub(super) fn place_of(label: &Label, sources: &Sources, repository: &Repository) -> String {
    let path = format!("{}{}", repository.folder, label.span.path);
    match super::positions(&label.span, sources) {
        Some((start, _)) => format!("{path}:{}", start.line),
        None => path,
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Code;
    use crate::source::{SitePath, Source, Span};

    #[track_caller]
    fn check(bytes: std::ops::Range<usize>, expected: &str) {
        let path = SitePath::new("content/a,b: 100%.md").unwrap();
        let mut sources = Sources::default();
        let source = Source::new(path.clone(), "one\ntwo\n".to_owned());
        sources.texts.insert(path.clone(), Arc::new(source));
        let found = Diagnostic::error(Code::DeadLink, Span::new(&path, bytes), "50%, no: none")
            .help("write\nthis");
        assert_eq!(github(&found, &sources, &Repository::default()), expected);
    }

    #[test]
    fn a_place_on_one_line_has_columns() {
        check(
            4..6,
            "::error file=content/a%2Cb%3A 100%25.md,line=2,col=1,endLine=2,endColumn=3,\
             title=dead-link::50%25, no: none%0Ahelp: write%0Athis",
        );
    }

    #[test]
    fn a_place_on_two_lines_has_none() {
        check(
            0..6,
            "::error file=content/a%2Cb%3A 100%25.md,line=1,endLine=2,\
             title=dead-link::50%25, no: none%0Ahelp: write%0Athis",
        );
    }

    #[test]
    fn an_end_of_line_belongs_to_its_line() {
        check(
            0..4,
            "::error file=content/a%2Cb%3A 100%25.md,line=1,col=1,endLine=1,endColumn=4,\
             title=dead-link::50%25, no: none%0Ahelp: write%0Athis",
        );
        check(
            0..8,
            "::error file=content/a%2Cb%3A 100%25.md,line=1,endLine=2,\
             title=dead-link::50%25, no: none%0Ahelp: write%0Athis",
        );
    }

    #[test]
    fn a_file_as_a_whole_has_no_line() {
        check(
            0..0,
            "::error file=content/a%2Cb%3A 100%25.md,title=dead-link::50%25, no: none%0Ahelp: write%0Athis",
        );
    }

    #[test]
    fn files_are_named_from_the_top_of_the_repository_and_the_passage_is_named() {
        let path = SitePath::new("content/a.md").unwrap();
        let mut sources = Sources::default();
        let source = Source::new(path.clone(), "one\r\ntwo\r\n".to_owned());
        sources.texts.insert(path.clone(), Arc::new(source));
        let found = Diagnostic::error(Code::Misquotation, Span::new(&path, 0..3), "not so")
            .related(Span::new(&path, 5..8), "the nearest passage, in ¶3");
        let repository = Repository { folder: "docs, all/".to_owned(), files: None };
        assert_eq!(
            github(&found, &sources, &repository),
            "::error file=docs%2C all/content/a.md,line=1,col=1,endLine=1,endColumn=4,\
             title=misquotation::not so%0Adocs, all/content/a.md:2: the nearest passage, in ¶3"
        );
    }
}
