//! Where front matter begins and ends.
//!
//! A file whose first line is not `---` has none. Its first line may be a rule all the same:
//! then no key follows, and it is text.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, Span};

/// A block of front matter, or the empty place where there is none.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// All of it, the fences and the line end after them included.
    pub(super) bytes: Range<usize>,
    /// What stands between the fences.
    pub(super) inner: Range<usize>,
    /// What is wrong with the fences.
    pub(super) fault: Option<Diagnostic>,
}

impl Block {
    fn none(at: usize) -> Self {
        Self { bytes: at..at, inner: at..at, fault: None }
    }
}

/// The front matter of `source`.
///
/// `...` closes it as well, which is YAML's own mark for the end.
pub(super) fn block(source: &Source) -> Block {
    let start = if source.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let text = source.text.get(start..).unwrap_or_default();
    let mut lines = Lines { rest: text, at: start };
    match lines.next() {
        Some((fence, "---")) => below(source, fence, lines),
        Some((fence, "+++")) if lines.any(|(_, line)| line == "+++") => {
            Block { fault: Some(toml(source, fence)), ..Block::none(start) }
        }
        _ => Block { fault: misplaced(source, start), ..Block::none(start) },
    }
}

/// Keys by which front matter is known where its fence is not where it belongs.
const TELLING: &[&str] = &["title", "date", "draft", "rebuts", "color", "colour", "author", "slug"];

/// Front matter below blank lines or with spaces before its first fence, which is no front
/// matter: what it says would be lost, `draft: true` above all.
fn misplaced(source: &Source, start: usize) -> Option<Diagnostic> {
    let rest = source.text.get(start..)?;
    let mut lines = Lines { rest, at: start }.skip_while(|(_, line)| line.is_empty());
    let (fence, _) = lines.next().filter(|(_, line)| line.trim_start() == "---")?;
    let mut inside = lines.map(|(_, line)| line).take_while(|line| !line.is_empty());
    let known = |line: &str| {
        let key = line.trim_start().split_once(':').map(|(key, _)| key);
        is_keyed(line) && key.is_some_and(|key| TELLING.contains(&key))
    };
    let is_meant =
        inside.next().is_some_and(known) && inside.any(|line| line.trim_start() == "---");
    let place = Span::new(&source.path, fence.start..fence.end.min(source.text.trim_end().len()));
    is_meant.then(|| {
        let message = "front matter begins with `---` in the first line, without a space before it";
        Diagnostic::error(Code::FrontMatterUnclosed, place, message)
            .help("remove what stands before `---`, be it spaces or blank lines")
    })
}

fn below(source: &Source, fence: Range<usize>, lines: Lines<'_>) -> Block {
    let first_is_blank = lines.clone().next().is_some_and(|(_, line)| line.is_empty());
    let content =
        lines.clone().map(|(_, line)| line).find(|line| !line.is_empty() && !line.starts_with('#'));
    let has_key = content.is_some_and(is_keyed);
    let inner_start = lines.at;
    if let Some((closing, _)) = lines.clone().find(|(_, line)| matches!(*line, "---" | "...")) {
        let is_rule = first_is_blank && !has_key && !matches!(content, Some("---" | "..."));
        let bytes = fence.start..closing.end;
        return match is_rule {
            true => Block::none(fence.start),
            false => Block { bytes, inner: inner_start..closing.start, fault: None },
        };
    }
    if !has_key {
        return Block::none(fence.start);
    }
    let end = probable_end(lines.clone()).unwrap_or(source.text.len());
    let fault = Some(unclosed(source, fence.clone(), end));
    Block { bytes: fence.start..end, inner: inner_start..end, fault }
}

/// Where the closing fence was probably meant: before the first line that is no YAML, and
/// the blank lines above it.
fn probable_end(lines: Lines<'_>) -> Option<usize> {
    let mut blank = None;
    for (bytes, line) in lines {
        if line.is_empty() {
            blank.get_or_insert(bytes.start);
            continue;
        }
        // Below a blank line a hash is a heading and a dash an item of the text.
        let goes_on = match blank {
            None => is_keyed(line) || line.starts_with([' ', '\t', '#', '-', ']', '}']),
            Some(_) => is_keyed(line),
        };
        if !goes_on {
            return Some(blank.unwrap_or(bytes.start));
        }
        blank = None;
    }
    blank
}

/// Whether the line begins with a word and a colon, as a key does.
fn is_keyed(line: &str) -> bool {
    let Some((key, rest)) = line.trim_start().split_once(':') else { return false };
    let key = key.trim_matches(['"', '\'']);
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let separated = rest.is_empty() || rest.starts_with([' ', '\t']);
    separated && !key.is_empty() && key.chars().all(word)
}

fn unclosed(source: &Source, fence: Range<usize>, end: usize) -> Diagnostic {
    let opening = fence.start..fence.start + "---".len();
    let message = "the front matter that begins here has no closing `---`";
    Diagnostic::error(Code::FrontMatterUnclosed, Span::new(&source.path, opening), message)
        .related(Span::new(&source.path, end..end), "the closing `---` belongs here, it seems")
        .help("put a line `---` below the last key")
        .help("if the first line is meant as a rule, put a blank line above it")
}

fn toml(source: &Source, fence: Range<usize>) -> Diagnostic {
    let place = Span::new(&source.path, fence.start..fence.start + "+++".len());
    Diagnostic::error(
        Code::YamlSyntax,
        place,
        "front matter between `+++` is TOML, which Agon does not read",
    )
    .help("put `---` above and below it, and write `key: value` for `key = value`")
}

/// Lines with their bytes, line ends included in these and cut off in the text, as are spaces
/// at the end.
#[derive(Clone)]
struct Lines<'s> {
    rest: &'s str,
    at: usize,
}

impl<'s> Iterator for Lines<'s> {
    type Item = (Range<usize>, &'s str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest.as_bytes()).map(|at| at + 1);
        let (line, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        let start = self.at;
        self.at += line.len();
        self.rest = rest;
        Some((start..self.at, line.trim_end_matches([' ', '\t', '\r', '\n'])))
    }
}

#[cfg(test)]
mod tests {
    use super::block;
    use crate::source::{SitePath, Source};

    /// Splits `text`, and holds what is inside, what is below, and where a fence is missing.
    #[track_caller]
    fn check(text: &str, inner: &str, body: &str, missing: Option<usize>) {
        let source = Source::new(SitePath::new("content/a.md").unwrap(), text.to_owned());
        let block = block(&source);
        let parts = (text.get(block.inner), text.get(block.bytes.end..));
        assert_eq!(parts, (Some(inner), Some(body)), "{text:?}");
        let place = block
            .fault
            .map(|fault| fault.related.first().map_or(0, |label| label.span.bytes.start));
        assert_eq!(place, missing, "{text:?}");
    }

    #[test]
    fn fences_are_read_tolerantly() {
        check("---\na: b\n---\nBody\n", "a: b\n", "Body\n", None);
        check("\u{feff}---\r\na: b\r\n--- \t\r\nBody", "a: b\r\n", "Body", None);
        check("---\na: b\n---", "a: b\n", "", None);
        check("---\na: b\n...\nBody\n---\n", "a: b\n", "Body\n---\n", None);
        check("---\n---\nBody\n", "", "Body\n", None);
        check("---\n\n---\nBody\n", "\n", "Body\n", None);
        check("---\n\na: b\n---\nBody\n", "\na: b\n", "Body\n", None);
        check("---\nno key\n---\nBody\n", "no key\n", "Body\n", None);
    }

    #[test]
    fn without_a_fence_in_the_first_line_all_is_body() {
        for text in [
            "",
            "\n",
            "Body\n\n---\n\na: b\n\n---\n",
            "\n---\na: b\n---\n",
            "\n---\n\ntitle: b\n",
            "----\na: b\n----\n",
            " ---\na: b\n---\n",
        ] {
            check(text, "", text, None);
        }
        check("\u{feff}Body\n", "", "Body\n", None);
        check("\n---\ntitle: b\n---\n", "", "\n---\ntitle: b\n---\n", Some(0));
        check(" ---\ndraft: true\n ---\n", "", " ---\ndraft: true\n ---\n", Some(0));
    }

    #[test]
    fn a_rule_in_the_first_line_is_text() {
        for text in [
            "---\n",
            "---",
            "---\n\nBody\n",
            "---\nBody\n",
            "---\n\nBody\n\n---\n\nMore: of it\n",
            "---\n\n# Heading\n",
        ] {
            check(text, "", text, None);
        }
    }

    #[test]
    fn an_unclosed_fence_shows_where_its_end_was_meant() {
        check(
            "---\ntitle: A\ntags:\n- b\n\n# Heading\n\nBody\n",
            "title: A\ntags:\n- b\n",
            "\n# Heading\n\nBody\n",
            Some(23),
        );
        check("---\ntitle: A\nBody\n", "title: A\n", "Body\n", Some(13));
        check("---\ntitle: A\n\ndate: b\n", "title: A\n\ndate: b\n", "", Some(22));
        check("---\ntitle: A\n\n", "title: A\n", "\n", Some(13));
    }

    #[test]
    fn toml_is_named() {
        check("+++\ntitle = \"A\"\n+++\nBody\n", "", "+++\ntitle = \"A\"\n+++\nBody\n", Some(0));
        check("+++\nBody\n", "", "+++\nBody\n", None);
    }
}
