//! For programs: one JSON object (design.md, section 7).

use serde::Serialize;
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::source::{Sources, Span};

/// The version of the format; a new key does not change it.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    diagnostics: Vec<Entry<'a>>,
    quotes: Vec<Value>,
    summary: Value,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'static str,
    severity: &'static str,
    #[serde(flatten)]
    place: Located<'a>,
    message: String,
    help: &'a [String],
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Located<'a>,
    message: &'a str,
}

/// A place: lines and columns from 1, columns in Unicode scalar values, the end exclusive.
///
/// A file as a whole has no line; what stands in no file has none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Located<'a> {
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

/// The place of `span`, for `quotes` in [`json`].
#[must_use]
pub fn located<'a>(span: &'a Span, sources: &Sources) -> Located<'a> {
    let (start, end) = super::positions(span, sources).unzip();
    Located {
        file: Some(span.path.as_str()),
        line: start.map(|start| start.line),
        column: start.map(|start| start.column),
        end_line: end.map(|end| end.line),
        end_column: end.map(|end| end.column),
    }
}

/// Everything that was found and counted, as one object and an end of line.
#[must_use]
pub fn json(
    diagnostics: &[Diagnostic],
    quotes: Vec<Value>,
    summary: Value,
    sources: &Sources,
) -> String {
    let diagnostics = diagnostics.iter().map(|one| entry(one, sources)).collect();
    let report = Report { schema: SCHEMA, diagnostics, quotes, summary };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

fn entry<'a>(diagnostic: &'a Diagnostic, sources: &Sources) -> Entry<'a> {
    let place = diagnostic.place.as_ref().map(|place| located(place, sources));
    let related = diagnostic
        .related
        .iter()
        .map(|label| Related { place: located(&label.span, sources), message: &label.message });
    Entry {
        code: diagnostic.code.name(),
        severity: diagnostic.severity.word(),
        place: place.unwrap_or_default(),
        message: super::message_of(diagnostic),
        help: &diagnostic.help,
        related: related.collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::diagnostic::Code;
    use crate::source::{SitePath, Source};

    #[test]
    fn every_place_has_lines_and_columns() {
        let path = SitePath::new("content/a.md").unwrap();
        let mut sources = Sources::default();
        let source = Source::new(path.clone(), "é\n> 末 words\n".to_owned());
        sources.texts.insert(path.clone(), Arc::new(source));
        let found = Diagnostic::error(Code::DeadLink, Span::new(&path, 5..8), "no such thing")
            .help("write another")
            .related(Span::new(&path, 0..0), "the file");
        let global = Diagnostic::global(Code::NoSite, "no site");
        let text =
            super::json(&[found, global], vec![json!({"n": 0})], json!({"pages": 2}), &sources);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            value,
            json!({"schema": 1, "diagnostics": [
                {"code": "dead-link", "severity": "error", "file": "content/a.md", "line": 2,
                 "column": 3, "end_line": 2, "end_column": 4, "message": "no such thing",
                 "help": ["write another"], "related": [{"file": "content/a.md", "line": null,
                 "column": null, "end_line": null, "end_column": null, "message": "the file"}]},
                {"code": "no-site", "severity": "error", "file": null, "line": null,
                 "column": null, "end_line": null, "end_column": null, "message": "no site",
                 "help": [], "related": []}],
              "quotes": [{"n": 0}], "summary": {"pages": 2}})
        );
    }
}
