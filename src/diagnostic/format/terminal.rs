//! For people: the source line with carets under the place, as rustc shows it.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Source, Sources, Span};

/// Columns to which a line is cut around its place: a paragraph on one line is common.
const WIDTH_COLUMNS: usize = 100;

/// Columns of a place that are underlined at most, so that its beginning stays in view.
const MAX_UNDERLINED_COLUMNS: usize = 72;

/// Whether escape sequences for colours are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With colours.
    Colored,
}

/// The diagnostic with its places, as several lines without an end of line at the last.
#[must_use]
pub fn terminal(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        let label = diagnostic.label.as_deref();
        group = shown(group, place, (AnnotationKind::Primary, label), sources);
    }
    for related in &diagnostic.related {
        let label = Some(related.message.as_str());
        group = shown(group, &related.span, (AnnotationKind::Context, label), sources);
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(without_controls(help)));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colored => Renderer::styled(),
    };
    renderer.term_width(WIDTH_COLUMNS).render(&[group])
}

/// The group with one more place, drawn where its text is known and named where it is not.
fn shown<'a>(
    group: Group<'a>,
    place: &'a Span,
    (kind, label): (AnnotationKind, Option<&'a str>),
    sources: &'a Sources,
) -> Group<'a> {
    let label = label.map(without_controls);
    let path = without_controls(place.path.as_str());
    let Some(source) = super::text_of(place, sources) else {
        let group = group.element(Origin::path(path));
        return match label {
            Some(label) => group.element(Level::NOTE.message(label)),
            None => group,
        };
    };
    let window = Window::around(source, &place.bytes);
    group.element(
        Snippet::source(window.text)
            .line_start(window.line)
            .path(path)
            .annotation(kind.span(window.underlined).label(label)),
    )
}

/// The line in which a place begins: a whole file would be searched again for each place.
struct Window<'a> {
    text: &'a str,
    line: usize,
    underlined: Range<usize>,
}

impl<'a> Window<'a> {
    fn around(source: &'a Source, bytes: &Range<usize>) -> Self {
        let text = source.text.as_str();
        let start = text.floor_char_boundary(bytes.start);
        let line = source.position(start).line;
        let mut first = source.lines().line_start(line);
        if first == 0 && text.starts_with('\u{feff}') {
            first = '\u{feff}'.len_utf8();
        }
        let rest = text.get(first..).unwrap_or_default();
        let shown = rest.split_inclusive('\n').next().unwrap_or_default();
        let shown = shown.trim_end_matches(['\n', '\r']);
        let from = start.saturating_sub(first).min(shown.len());
        let to = bytes.end.saturating_sub(first).clamp(from, shown.len());
        let to = shown.floor_char_boundary(to).max(from);
        let underlined = shown.get(from..to).unwrap_or_default();
        let length = fitting(underlined, MAX_UNDERLINED_COLUMNS);
        Self { text: shown, line, underlined: from..from + length }
    }
}

/// The bytes of `text` that fit into so many columns.
///
/// Characters of three bytes and more count twice: Han and kana are that wide, and of what
/// is narrower (Thai, dashes) a little less is underlined than could be.
fn fitting(text: &str, columns: usize) -> usize {
    let mut taken = 0;
    let too_far = |c: char| {
        taken += if c.len_utf8() < 3 { 1 } else { 2 };
        taken > columns
    };
    text.find(too_far).unwrap_or(text.len())
}

/// Text of the site as a terminal may have it: no escape sequence gets through.
fn without_controls(text: &str) -> Cow<'_, str> {
    let control = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.contains(control) { text.replace(control, "\u{fffd}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Code;
    use crate::source::SitePath;

    fn path(path: &str) -> SitePath {
        SitePath::new(path).unwrap()
    }

    fn sources(texts: &[(&str, &str)]) -> Sources {
        let mut sources = Sources::default();
        for (name, text) in texts {
            let source = Source::new(path(name), (*text).to_owned());
            sources.texts.insert(path(name), Arc::new(source));
        }
        sources
    }

    fn at(text: &str, words: &str) -> Span {
        let start = text.find(words).unwrap();
        Span::new(&path("a.md"), start..start + words.len())
    }

    #[track_caller]
    fn check(text: &str, words: &str, expected: &str) {
        let found = Diagnostic::error(Code::DeadLink, at(text, words), "no such thing");
        let shown = terminal(&found, &sources(&[("a.md", text)]), Style::Plain);
        assert_eq!(shown, expected, "{shown}");
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        check(
            "one\n不可逆的 events\n",
            "events",
            "error[dead-link]: no such thing\n --> a.md:2:6\n  |\n2 | 不可逆的 events\n  |          ^^^^^^",
        );
    }

    #[test]
    fn carets_stand_under_words_after_a_tab() {
        check(
            "\tevents",
            "events",
            "error[dead-link]: no such thing\n --> a.md:1:2\n  |\n1 |     events\n  |     ^^^^^^",
        );
    }

    #[test]
    fn a_byte_order_mark_has_no_column() {
        check(
            "\u{feff}events",
            "events",
            "error[dead-link]: no such thing\n --> a.md:1:1\n  |\n1 | events\n  | ^^^^^^",
        );
    }

    #[test]
    fn a_place_of_many_lines_shows_the_first() {
        check(
            "> one\n> two\n",
            "> one\n> two",
            "error[dead-link]: no such thing\n --> a.md:1:1\n  |\n1 | > one\n  | ^^^^^",
        );
    }

    #[test]
    fn a_long_line_is_cut_around_its_place() {
        for words in ["needle", &"needle ".repeat(60)] {
            let text = format!("{} {words} {}", "hay ".repeat(200), "straw ".repeat(200));
            let found = Diagnostic::error(Code::DeadLink, at(&text, words), "no");
            let shown = terminal(&found, &sources(&[("a.md", &text)]), Style::Plain);
            assert!(shown.contains("a.md:1:802"), "{shown}");
            assert!(shown.lines().all(|line| line.chars().count() <= 110), "{shown}");
            let carets = shown.lines().last().unwrap().find('^').unwrap();
            let line = shown.lines().nth(3).unwrap();
            assert!(line.get(carets..).unwrap().starts_with("needle"), "{shown}");
        }
    }

    #[test]
    fn a_long_line_of_wide_characters_is_cut_around_its_place() {
        for length in [1, 20, 60, 200] {
            let words = "针".repeat(length);
            let text = format!("{} {words} {}", "草料 ".repeat(300), "干草 ".repeat(300));
            let found = Diagnostic::error(Code::DeadLink, at(&text, &words), "no");
            let shown = terminal(&found, &sources(&[("a.md", &text)]), Style::Plain);
            assert!(shown.contains("a.md:1:902"), "{shown}");
            assert!(shown.lines().all(|line| columns(line) <= WIDTH_COLUMNS + 10), "{shown}");
            let line = shown.lines().nth(3).unwrap();
            let carets = shown.lines().last().unwrap().find('^').unwrap();
            assert_eq!(columns(line.split('针').next().unwrap()), carets, "{shown}");
        }
    }

    fn columns(line: &str) -> usize {
        line.chars().map(|c| if c.len_utf8() == 3 { 2 } else { 1 }).sum()
    }

    #[test]
    fn other_files_and_help_are_shown() {
        let (text, parent) = ("> wrong words", "right words");
        let found = Diagnostic::error(Code::Misquotation, at(text, "wrong"), "not its words")
            .label("quoted here")
            .related(Span::new(&path("seeds/b.md"), 0..5), "the nearest passage")
            .help("write “right”");
        let sources = sources(&[("a.md", text), ("seeds/b.md", parent)]);
        assert_eq!(
            terminal(&found, &sources, Style::Plain),
            "error[misquotation]: not its words
 --> a.md:1:3
  |
1 | > wrong words
  |   ^^^^^ quoted here
  |
 ::: seeds/b.md:1:1
  |
1 | right words
  | ----- the nearest passage
  |
  = help: write “right”"
        );
    }

    #[test]
    fn a_file_as_a_whole_is_only_named() {
        let found = Diagnostic::about(Code::Unreadable, &path("x.png"), "cannot be read");
        let shown = terminal(&found, &Sources::default(), Style::Plain);
        assert_eq!(shown, "error[unreadable]: cannot be read\n--> x.png");
    }

    #[test]
    fn escape_sequences_of_a_text_do_not_reach_the_terminal() {
        let text = "\u{1b}[31mred";
        let found = Diagnostic::error(Code::DeadLink, at(text, "red"), "no \u{1b}[31m")
            .label("\u{1b}[1m")
            .help("\u{1b}[1m");
        let shown = terminal(&found, &sources(&[("a.md", text)]), Style::Plain);
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }

    #[test]
    fn any_place_is_shown_without_a_panic() {
        let text = "é\r\n\n末";
        let sources = sources(&[("a.md", text)]);
        for start in 0..12 {
            for end in 0..12 {
                let span = Span::new(&path("a.md"), start..end);
                let found = Diagnostic::error(Code::DeadLink, span, "no");
                assert!(terminal(&found, &sources, Style::Colored).contains("a.md"));
            }
        }
    }
}
