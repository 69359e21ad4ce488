//! For GitHub Actions: one workflow command a diagnostic, shown beside the line of a change.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;

/// The diagnostic as a workflow command, one line without an end of line.
///
/// GitHub takes columns only where a place begins and ends on one line
/// (docs.github.com, "Workflow commands for GitHub Actions", and its check-run annotations).
#[must_use]
pub fn github(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut line = format!("::{command} ");
    if let Some(place) = &diagnostic.place {
        let _ = write!(line, "file={},", property(place.path.as_str()));
        match super::positions(place, sources) {
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
    for help in &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    let _ = write!(line, "title={}::{}", diagnostic.code.name(), data(&message));
    line
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
        assert_eq!(github(&found, &sources), expected);
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
    fn a_file_as_a_whole_has_no_line() {
        check(
            0..0,
            "::error file=content/a%2Cb%3A 100%25.md,title=dead-link::50%25, no: none%0Ahelp: write%0Athis",
        );
    }
}
