//! What to say of a text that is no YAML, and what can be read of it all the same.

use std::ops::Range;

use super::tree::{self, Cause, Fault, MAX_DEPTH, MAX_NODES};
use super::{Document, Kind, Node};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::{Source, Span};

/// What YAML gives a meaning at the start of a text.
const INDICATORS: [char; 8] = ['@', '`', '%', '&', '*', '!', '|', '>'];

/// A longer value is not repeated in a message.
const MAX_PASTED_BYTES: usize = 200;

/// Reads `bytes` of `source` by the parser; a whole that is no YAML, key by key.
pub(super) fn read(source: &Source, bytes: Range<usize>) -> Checked<Document<'_>> {
    let text = source.text.get(bytes.clone()).unwrap_or_default();
    let place = Place { source, bytes: bytes.clone() };
    match tree::read(text, bytes.start) {
        Ok(root) => mapping(&place, root),
        Err(fault) if fault.cause == Cause::TooLarge => Checked {
            value: Document { unread: true, ..Document::default() },
            found: vec![place.complaint(&fault)],
        },
        Err(fault) if fault.cause == Cause::SeveralDocuments && fault.bytes.start > bytes.start => {
            let mut first = read(source, bytes.start..fault.bytes.start);
            first.found.push(place.complaint(&fault));
            first
        }
        Err(fault) => key_by_key(&place, text, &fault),
    }
}

fn mapping<'s>(place: &Place<'_>, root: Option<Node<'s>>) -> Checked<Document<'s>> {
    match root {
        Some(Node { kind: Kind::Map(entries), .. }) => {
            Checked::sound(Document { entries, ..Document::default() })
        }
        Some(node) if !node.is_empty() => {
            let value = Document { unread: true, ..Document::default() };
            Checked { value, found: vec![place.no_mapping(&node)] }
        }
        _ => Checked::default(),
    }
}

fn key_by_key<'s>(whole: &Place<'_>, text: &'s str, fault: &Fault) -> Checked<Document<'s>> {
    let mut checked: Checked<Document<'_>> = Checked::default();
    for chunk in chunks(text) {
        let start = whole.bytes.start + chunk.start;
        let piece = text.get(chunk.clone()).unwrap_or_default();
        let place = Place { source: whole.source, bytes: start..whole.bytes.start + chunk.end };
        match tree::read(piece, start) {
            Ok(root) => {
                let mapping = mapping(&place, root);
                if !mapping.found.is_empty() {
                    checked.value.broken.extend(first_word(piece).map(str::to_owned));
                }
                checked.found.extend(mapping.found);
                checked.value.entries.extend(mapping.value.entries);
            }
            Err(fault) => {
                checked.value.broken.extend(Line::of(piece).map(|line| line.key.to_owned()));
                if !reaches_out(&fault.cause, text) {
                    checked.found.push(place.complaint(&fault));
                }
            }
        }
    }
    if checked.found.is_empty() {
        checked.found.push(whole.complaint(fault));
    }
    checked.value.unread = checked.value.entries.is_empty() && checked.value.broken.is_empty();
    checked
}

/// The word at the start of a line that has no `: `, as in `title:A` or `date 2025-08-02`.
fn first_word(text: &str) -> Option<&str> {
    text.split([':', ' ', '\n', '\r']).find(|word| !word.is_empty())
}

/// Whether the fault may vanish where the keys are read together.
fn reaches_out(cause: &Cause, text: &str) -> bool {
    *cause == Cause::UnknownAlias && text.contains('&')
        || *cause == Cause::UnusedAnchor && text.contains('*')
}

/// The stretches of a mapping, one a key, as its margin tells.
fn chunks(text: &str) -> Vec<Range<usize>> {
    let mut chunks: Vec<Range<usize>> = Vec::new();
    let mut margin = None;
    let mut brackets: i64 = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        let goes_on = content.is_empty() || content.starts_with(['#', '-', ']', '}', ')']);
        let in_list = brackets > 0 && !content.contains(": ");
        if !goes_on && !in_list && indent <= *margin.get_or_insert(indent) {
            chunks.push(at..at);
            brackets = 0;
        }
        brackets += balance(content);
        at += line.len();
        if let Some(last) = chunks.last_mut() {
            last.end = at;
        }
    }
    match chunks.first_mut() {
        Some(first) => first.start = 0,
        None => chunks.push(0..text.len()),
    }
    chunks
}

/// Opening brackets less closing ones.
fn balance(text: &str) -> i64 {
    text.chars().fold(0, |open, c| match c {
        '[' | '{' => open + 1,
        ']' | '}' => open - 1,
        _ => open,
    })
}

/// A line `key: value`, an indentation and a dash before it left out.
struct Line<'s> {
    key: &'s str,
    value: &'s str,
}

impl<'s> Line<'s> {
    fn of(text: &'s str) -> Option<Self> {
        let line = text.trim_start().lines().next()?;
        let line = line.trim_start_matches("- ").trim();
        let (key, value) = line.split_once(": ").or_else(|| Some((line.strip_suffix(':')?, "")))?;
        Some(Self { key: key.trim(), value: value.trim() })
    }

    /// The same line with its value in quotes, ready to paste unless it is very long.
    fn in_quotes(&self) -> String {
        if self.value.len() > MAX_PASTED_BYTES {
            return format!("{}: \"…\"", self.key);
        }
        format!("{}: {}", self.key, quote(self.value))
    }
}

/// `text` in quotes that need no escape, if there are any.
pub(super) fn quote(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

/// The stretch of a file that a complaint is about: all of a mapping, or one of its keys.
struct Place<'s> {
    source: &'s Source,
    bytes: Range<usize>,
}

impl<'s> Place<'s> {
    fn error(&self, bytes: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::YamlSyntax, Span::new(&self.source.path, bytes), message)
    }

    /// The line around byte `at`, without its end; at the end of the stretch its last line.
    fn line(&self, at: usize) -> (Range<usize>, &'s str) {
        let text = self.source.text.get(self.bytes.clone()).unwrap_or_default();
        let at = at.saturating_sub(self.bytes.start).min(text.trim_end().len());
        let before = text.get(..at).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = text.get(start..).unwrap_or_default();
        let line = line.lines().next().unwrap_or_default();
        let content = line.trim_start();
        let start = self.bytes.start + start + line.len() - content.len();
        let content = content.trim_end();
        (start..start + content.len(), content)
    }

    fn complaint(&self, fault: &Fault) -> Diagnostic {
        let (bytes, text) = self.line(fault.bytes.start);
        let line = Line::of(text);
        match &fault.cause {
            Cause::UnclosedQuote => self.unclosed_quote(),
            Cause::AfterQuote => {
                let error =
                    self.error(fault.bytes.start..bytes.end, "text follows the closing quote");
                match line {
                    Some(line) => {
                        error.help(format!("put all of it in quotes: `{}`", line.in_quotes()))
                    }
                    None => error.help("put all of it in quotes"),
                }
            }
            Cause::Escape => self
                .error(
                    fault.bytes.start..bytes.end,
                    "after this `\\` stands nothing that YAML knows",
                )
                .help("write `\\\\` for a backslash, or put the text in single quotes"),
            Cause::Tab => self.tab(fault),
            Cause::SeveralDocuments => self
                .error(bytes, "a second YAML document begins here")
                .help("keep everything in one, without `---` or `...` between"),
            Cause::KeyNotText => match line.filter(|line| line.value.starts_with(['[', '{'])) {
                Some(line) => self.list(bytes.end - line.value.len()..bytes.end, &line),
                None => self.error(bytes, "a key has to be a text").help("write `key: value`"),
            },
            Cause::TooDeep => self
                .error(
                    bytes,
                    format!("lists and mappings nest deeper than {MAX_DEPTH} levels here"),
                )
                .help("take brackets or indentation out"),
            Cause::TooLarge => self
                .error(bytes, format!("more than {MAX_NODES} values are more than Agon reads"))
                .help("write less, and without anchors (`&a`) and their repetitions (`*a`)"),
            Cause::UnknownAlias | Cause::UnusedAnchor | Cause::Tagged => {
                let start = fault.bytes.start;
                self.indicator(start..bytes.end.max(start), line)
            }
            Cause::Other(words) => self.other(fault, words),
        }
    }

    fn unclosed_quote(&self) -> Diagnostic {
        let text = self.source.text.get(self.bytes.clone()).unwrap_or_default();
        let at = text.find(": \"").or_else(|| text.find(": '")).map_or(0, |colon| colon + 2);
        let at = if at == 0 { text.find(['"', '\'']).unwrap_or(0) } else { at };
        let start = self.bytes.start + at;
        let end = self.line(start).0.end.max(start);
        let error = self.error(start..end, "this text has no closing quote");
        match self.source.text.get(start..end).and_then(|text| Some((text, text.chars().next()?))) {
            Some((text, quote)) => {
                error.help(format!("close it in the same line: `{text}{quote}`"))
            }
            None => error.help("close it in the same line"),
        }
    }

    fn tab(&self, fault: &Fault) -> Diagnostic {
        let text = self.source.text.get(self.bytes.clone()).unwrap_or_default();
        let indented = text.match_indices('\t').map(|(at, _)| at).find(|&at| {
            let before = text.get(..at).unwrap_or_default();
            before.rsplit('\n').next().unwrap_or_default().trim().is_empty()
        });
        let start = indented.map_or(fault.bytes.start, |at| self.bytes.start + at);
        self.error(
            start..start + usize::from(indented.is_some()),
            "a tab stands where YAML takes spaces",
        )
        .help("indent with spaces")
    }

    /// `title: *Important*`: a text that begins with a character of YAML's own.
    fn indicator(&self, bytes: Range<usize>, line: Option<Line<'_>>) -> Diagnostic {
        let first =
            self.source.text.get(bytes.start..).and_then(|text| text.chars().next()).unwrap_or(' ');
        let error = self
            .error(bytes, format!("a text cannot begin with `{first}` unless it stands in quotes"));
        match line {
            Some(line) if !line.value.is_empty() => {
                error.help(format!("write `{}`", line.in_quotes()))
            }
            _ => error.help("put the text in quotes"),
        }
    }

    /// The likely cause of what the parser calls something else.
    fn other(&self, fault: &Fault, words: &str) -> Diagnostic {
        if let Some(control) = self.control_character() {
            return control;
        }
        let (first, first_text) = self.line(self.bytes.start);
        let (bytes, text) = self.line(fault.bytes.start);
        if bytes.start > first.start
            && let Some(line) = Line::of(text)
            && Line::of(first_text)
                .is_some_and(|first| !first.value.is_empty() && balance(first.value) == 0)
        {
            return self.indented(bytes, &line, text);
        }
        let both = [(bytes.clone(), text), (first, first_text)];
        both.into_iter().find_map(|(bytes, text)| self.line_fault(bytes, text)).unwrap_or_else(
            || {
                let words = words.trim_end_matches('.').replace('`', "'");
                self.error(
                    fault.bytes.start..bytes.end.max(fault.bytes.start),
                    format!("this is no YAML ({words})"),
                )
                .help("write `key: value`, and put a value with signs of its own in quotes")
            },
        )
    }

    fn control_character(&self) -> Option<Diagnostic> {
        let text = self.source.text.get(self.bytes.clone())?;
        let is_control =
            |&(_, c): &(usize, char)| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        let (at, c) = text.char_indices().find(is_control)?;
        let start = self.bytes.start + at;
        let error = self.error(
            start..start + c.len_utf8(),
            "a control character stands here, which no text has",
        );
        Some(error.help("remove it: often it came with a copied text"))
    }

    fn indented(&self, bytes: Range<usize>, line: &Line<'_>, text: &str) -> Diagnostic {
        self.error(
            bytes,
            format!("the key `{}` is indented as if it belonged to the line above", line.key),
        )
        .help(format!("begin it at the margin: `{text}`"))
    }

    /// What is wrong in one line, if that can be told from the line alone.
    fn line_fault(&self, bytes: Range<usize>, text: &str) -> Option<Diagnostic> {
        let Some(line) = Line::of(text) else { return self.keyless(bytes, text) };
        let value = bytes.end - line.value.len()..bytes.end;
        if line.value.starts_with(['[', '{']) {
            return Some(self.list(value, &line));
        }
        if line.value.starts_with(INDICATORS) {
            return Some(self.indicator(value, Some(line)));
        }
        let in_quotes = format!("write `{}`", line.in_quotes());
        if line.value.contains(": ") || line.value.ends_with(':') {
            let error = self.error(value, "a text that holds `: ` has to stand in quotes");
            return Some(error.help(in_quotes));
        }
        line.value.starts_with(['-', '?', ',', ']', '}']).then(|| {
            let error = self.error(value, "a text that begins with a sign has to stand in quotes");
            error
                .help(in_quotes)
                .help("the items of a list stand in brackets, or in lines of their own")
        })
    }

    fn keyless(&self, bytes: Range<usize>, text: &str) -> Option<Diagnostic> {
        let (key, value) = text.split_once(':').unwrap_or((text, ""));
        if text.is_empty() || text.starts_with(INDICATORS) {
            return None;
        }
        if value.is_empty() || key.contains(char::is_whitespace) {
            let error = self.error(bytes, "this line has no key");
            return Some(error.help(
                "write `key: value`; the text of an article begins below the closing `---`",
            ));
        }
        let error = self.error(bytes, "a space is missing after the colon");
        Some(error.help(format!("write `{key}: {value}`")))
    }

    fn list(&self, value: Range<usize>, line: &Line<'_>) -> Diagnostic {
        let (close, name) =
            if line.value.starts_with('[') { (']', "list") } else { ('}', "mapping") };
        let end = value.end;
        if balance(line.value) > 0 {
            return self.error(value, format!("this {name} has no closing `{close}`")).help(
                format!("write `{}: {}{close}`", line.key, line.value.trim_end_matches(',')),
            );
        }
        match line.value.rfind(close).map(|at| at + 1).filter(|&at| at < line.value.len()) {
            Some(over) => self
                .error(value.start + over..end, format!("text follows the closing `{close}`"))
                .help(format!("if it is a text, put it in quotes: `{}`", line.in_quotes())),
            None => self
                .error(value, format!("this is no {name} that YAML can read"))
                .help(format!("if it is a text, put it in quotes: `{}`", line.in_quotes()))
                .help("if it is a list, put items that hold `,`, `:` or brackets in quotes: `[a, \"b, c\"]`"),
        }
    }

    fn no_mapping(&self, node: &Node<'_>) -> Diagnostic {
        let (bytes, text) = self.line(node.bytes.start);
        let line = matches!(node.kind, Kind::Scalar { .. })
            .then(|| self.keyless(bytes.clone(), text))
            .flatten();
        line.unwrap_or_else(|| {
            self.error(bytes, "keys and values are expected here").help("write `key: value`")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_file;
    use crate::source::{SitePath, Source};

    /// Reads `text` as a file, and holds what is said of it: `line:column-column message | help`.
    #[track_caller]
    fn check(text: &str, said: &[&str]) -> Vec<String> {
        let source = Source::new(SitePath::new("site.yaml").unwrap(), text.to_owned());
        let checked = read_file(&source);
        let found: Vec<String> = checked
            .found
            .iter()
            .map(|one| {
                let bytes = one.place.clone().unwrap().bytes;
                let (start, end) = (source.position(bytes.start), source.position(bytes.end));
                let help = one.help.first().map_or("", |help| help.as_str());
                format!("{}:{}-{} {} | {help}", start.line, start.column, end.column, one.message)
            })
            .collect();
        assert_eq!(found, said, "{text:?}");
        checked.value.entries.iter().map(|entry| entry.key.value.clone().into_owned()).collect()
    }

    #[test]
    fn a_text_with_a_colon_wants_quotes() {
        let said =
            ["1:8-16 a text that holds `: ` has to stand in quotes | write `title: \"Foo: bar\"`"];
        assert_eq!(check("title: Foo: bar\ndate: 2025-08-02\n", &said), ["date"]);
        let said = [
            "1:8-18 a text that holds `: ` has to stand in quotes | write `title: 'A \"b\": c''s'`",
        ];
        check("title: A \"b\": c's\n", &said);
    }

    #[test]
    fn all_broken_values_are_reported_and_the_others_read() {
        let text = "title: \"abc\nslug: x\nclaim: @foo\ntags: [a, b\ndraft: true\nkey:value\nside: [a] b\n";
        let said = [
            "1:8-12 this text has no closing quote | close it in the same line: `\"abc\"`",
            "3:8-12 a text cannot begin with `@` unless it stands in quotes | write `claim: \"@foo\"`",
            "4:7-12 this list has no closing `]` | write `tags: [a, b]`",
            "6:1-10 a space is missing after the colon | write `key: value`",
            "7:10-12 text follows the closing `]` | if it is a text, put it in quotes: `side: \"[a] b\"`",
        ];
        assert_eq!(check(text, &said), ["slug", "draft"]);
    }

    #[test]
    fn quotes_inside_quotes_and_escapes_are_explained() {
        check(
            "a: \"B\" c\n",
            &["1:8-9 text follows the closing quote | put all of it in quotes: `a: '\"B\" c'`"],
        );
        check(
            "a: \"C:\\q\"\n",
            &[
                "1:4-10 after this `\\` stands nothing that YAML knows | write `\\\\` for a backslash, or put the text in single quotes",
            ],
        );
    }

    #[test]
    fn indentation_is_explained() {
        check(
            "a: b\n\tc: d\n",
            &["2:1-2 a tab stands where YAML takes spaces | indent with spaces"],
        );
        let said = [
            "2:3-7 the key `c` is indented as if it belonged to the line above | begin it at the margin: `c: d`",
        ];
        check("a: b\n  c: d\n", &said);
    }

    #[test]
    fn what_yaml_would_swallow_is_an_error() {
        for value in ["!Important news", "*stars*", "&amp; more"] {
            let (first, end) = (value.chars().next().unwrap(), value.len() + 4);
            let message = format!(
                "1:4-{end} a text cannot begin with `{first}` unless it stands in quotes | write `a: \"{value}\"`"
            );
            check(&format!("a: {value}\n"), &[message.as_str()]);
        }
    }

    #[test]
    fn one_mapping_is_expected() {
        check(
            "hello\n",
            &[
                "1:1-6 this line has no key | write `key: value`; the text of an article begins below the closing `---`",
            ],
        );
        check("- a\n- b\n", &["1:1-4 keys and values are expected here | write `key: value`"]);
        let said = [
            "2:1-4 a second YAML document begins here | keep everything in one, without `---` or `...` between",
        ];
        assert_eq!(check("a: 1\n---\nb: 2\n", &said), ["a"]);
        assert_eq!(check("---\na: 1\n...\n", &[]), ["a"]);
        assert_eq!(check("\n# nothing\n", &[]), [""; 0]);
    }

    #[test]
    fn nesting_and_aliases_have_limits() {
        let deep = format!("a: {}\nb: 1\n", "[".repeat(10_000));
        assert_eq!(
            check(
                &deep,
                &[
                    "1:1-10004 lists and mappings nest deeper than 32 levels here | take brackets or indentation out"
                ]
            ),
            ["b"]
        );
        let bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned()
            + &["b: &b ", "c: &c ", "d: &d ", "e: &e ", "f: &f "]
                .iter()
                .zip(["*a", "*b", "*c", "*d", "*e"])
                .map(|(key, alias)| format!("{key}[{}]\n", [alias; 9].join(", ")))
                .collect::<String>()
            + "g: *f\n";
        check(
            &bomb,
            &[
                "5:1-43 more than 20000 values are more than Agon reads | write less, and without anchors (`&a`) and their repetitions (`*a`)",
            ],
        );
        assert_eq!(check("a: &x [b]\nc: *x\n", &[]), ["a", "c"]);
        check(
            "a: &x [*x]\n",
            &[
                "1:8-11 a text cannot begin with `*` unless it stands in quotes | write `a: \"&x [*x]\"`",
            ],
        );
    }
}
