//! Reading keys out of a mapping, each with the type that it takes.
//!
//! A reader of settings asks for every key that it knows and then calls [`Reader::done`]:
//! what was never asked for is unknown. All faults are collected, and a broken key is as if
//! it were not there.

use std::borrow::Cow;
use std::ops::Range;

use super::syntax::quote;
use super::{Document, Entry, Kind, Located, Node, Shape, Value};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, Span};

/// What becomes of a key that nobody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// An error.
    Refused,
    /// A warning, unless it is nearly a known key: texts that are not ours have keys of their own.
    Tolerated,
}

/// Reads the keys of one mapping.
pub struct Reader<'r, 's> {
    source: &'s Source,
    entries: &'r [Entry<'s>],
    lost: &'r [String],
    known: Vec<&'static str>,
    broken: Vec<&'static str>,
    synonyms: &'static [(&'static str, &'static str)],
    found: &'r mut Vec<Diagnostic>,
}

impl<'r, 's> Reader<'r, 's> {
    /// A reader of `document`, which stands in `source`; faults go to `found`.
    pub fn new(
        source: &'s Source,
        document: &'r Document<'s>,
        found: &'r mut Vec<Diagnostic>,
    ) -> Self {
        let known = Vec::with_capacity(32);
        let (entries, lost) = (document.entries.as_slice(), document.broken.as_slice());
        Self { source, entries, lost, known, broken: Vec::new(), synonyms: &[], found }
    }

    /// A reader of a mapping inside this one.
    pub fn nested<'n>(&'n mut self, entries: &'n [Entry<'s>]) -> Reader<'n, 's> {
        let (known, broken) = (Vec::new(), Vec::new());
        Reader {
            source: self.source,
            entries,
            lost: &[],
            known,
            broken,
            synonyms: &[],
            found: self.found,
        }
    }

    /// The same with keys of other programs, each with the key that it would be here.
    #[must_use]
    pub fn with_synonyms(mut self, synonyms: &'static [(&'static str, &'static str)]) -> Self {
        self.synonyms = synonyms;
        self
    }

    /// The place of `bytes` of the file.
    #[must_use]
    pub fn place(&self, bytes: Range<usize>) -> Span {
        Span::new(&self.source.path, bytes)
    }

    /// Adds what is wrong with the value of `key`, which counts as broken from then on.
    pub fn refuse(&mut self, key: &'static str, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
        self.broken.push(key);
    }

    /// Whether something was wrong with the value of `key`.
    #[must_use]
    pub fn is_broken(&self, key: &str) -> bool {
        self.broken.contains(&key)
    }

    /// The keys that were asked for so far.
    #[must_use]
    pub fn asked(&self) -> &[&'static str] {
        &self.known
    }

    /// Adds what is to be said and breaks nothing.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// The key and its value as they stand there, empty or not.
    pub fn entry(&mut self, key: &'static str) -> Option<&'r Entry<'s>> {
        self.known.push(key);
        if self.lost.iter().any(|lost| lost == key) && !self.is_broken(key) {
            self.broken.push(key);
        }
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    /// The value of `key`; an empty one is as if it were not there.
    pub fn node(&mut self, key: &'static str) -> Option<&'r Node<'s>> {
        let node = &self.entry(key)?.value;
        if self.is_commented(node) {
            let diagnostic = self.commented(key, node);
            self.refuse(key, diagnostic);
        }
        (!node.is_empty()).then_some(node)
    }

    /// The text or number of `key` as it was written.
    pub fn scalar(&mut self, key: &'static str) -> Option<Located<&'r str>> {
        let node = self.node(key)?;
        self.scalar_of(key, node)
    }

    /// The text of `key` as it was written, without white space at its ends.
    pub fn text(&mut self, key: &'static str) -> Option<Located<String>> {
        let node = self.node(key)?;
        self.text_of(key, node)
    }

    /// The text of `key` in one line: line ends in it are spaces.
    pub fn line(&mut self, key: &'static str) -> Option<Located<String>> {
        let mut text = self.text(key)?;
        if text.value.contains('\n') {
            text.value = text.value.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        Some(text)
    }

    /// Whether `key` is true; an empty value is an error, for it may have been meant.
    pub fn flag(&mut self, key: &'static str) -> Option<Located<bool>> {
        let node = &self.entry(key)?.value;
        let flag = match &node.kind {
            Kind::Scalar { shape: Shape::Bool(flag), .. } => Some(*flag),
            Kind::Scalar { text, shape: Shape::Text } => text.trim().parse().ok(),
            _ => None,
        };
        match flag {
            Some(value) => Some(Located { value, bytes: node.bytes.clone() }),
            None => {
                let diagnostic = self.no_flag(key, node);
                self.refuse(key, diagnostic);
                None
            }
        }
    }

    /// The whole number of `key`.
    pub fn integer(&mut self, key: &'static str) -> Option<Located<i64>> {
        let node = self.node(key)?;
        let integer = match &node.kind {
            Kind::Scalar { shape: Shape::Integer(integer), .. } => Some(*integer),
            Kind::Scalar { text, shape: Shape::Text } => text.trim().parse().ok(),
            _ => None,
        };
        match integer {
            Some(value) => Some(Located { value, bytes: node.bytes.clone() }),
            None => {
                let error =
                    self.wrong_type(key, node, "a whole number").help(format!("write `{key}: 1`"));
                self.refuse(key, error);
                None
            }
        }
    }

    /// The value that belongs to the word of `key`, of `words`.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<Located<T>> {
        let word = self.scalar(key)?;
        let chosen = words.iter().find(|(name, _)| word.value.eq_ignore_ascii_case(name));
        if chosen.is_none() {
            let names: Vec<&str> = words.iter().map(|&(name, _)| name).collect();
            let error = self.unknown_word(key, &word, &names);
            self.refuse(key, error);
        }
        chosen.map(|&(_, value)| Located { value, bytes: word.bytes })
    }

    /// The items of the list of `key`, empty ones left out; anything else is a list of one.
    pub fn list(&mut self, key: &'static str) -> Vec<&'r Node<'s>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let Kind::List(nodes) = &node.kind else { return vec![node] };
        for node in nodes {
            if self.is_commented(node) {
                let diagnostic = self.commented(key, node);
                self.refuse(key, diagnostic);
            }
        }
        nodes.iter().filter(|node| !node.is_empty()).collect()
    }

    /// The texts of the list of `key`; a text alone is a list of one.
    pub fn texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        self.list(key).into_iter().filter_map(|node| self.text_of(key, node)).collect()
    }

    /// The mapping of `key`.
    pub fn mapping(&mut self, key: &'static str) -> Option<&'r [Entry<'s>]> {
        let node = self.node(key)?;
        self.mapping_of(key, node)
    }

    /// The value of `key` whatever it is, without places.
    pub fn value(&mut self, key: &'static str) -> Option<Value> {
        self.node(key).map(Node::to_value)
    }

    /// The text of `node`, a part of the value of `key`.
    pub fn text_of(&mut self, key: &'static str, node: &Node<'_>) -> Option<Located<String>> {
        let text = self.scalar_of(key, node)?;
        if self.is_cut(node) {
            let warning = self.cut_text(node);
            self.report(warning);
        }
        Some(Located { value: text.value.to_owned(), bytes: text.bytes })
    }

    /// The text or number of `node`, a part of the value of `key`.
    pub fn scalar_of<'n>(
        &mut self,
        key: &'static str,
        node: &'n Node<'_>,
    ) -> Option<Located<&'n str>> {
        let Kind::Scalar { text, .. } = &node.kind else {
            let error = match key {
                "tags" | "aliases" => self
                    .wrong_type(key, node, "a list of texts")
                    .help(format!("write `{key}: [one, two]`")),
                _ => self
                    .wrong_type(key, node, "a text")
                    .help(format!("write `{key}: …` in one line, in quotes if need be")),
            };
            self.refuse(key, error);
            return None;
        };
        let text = text.trim();
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            let message = format!("`{key}` holds a control character, which no page can show");
            let error =
                Diagnostic::error(Code::InvalidValue, self.place(node.bytes.clone()), message);
            self.refuse(key, error.help("remove it"));
            return None;
        }
        Some(Located { value: text, bytes: node.bytes.clone() })
    }

    /// The mapping `node`, a part of the value of `key`.
    pub fn mapping_of<'n>(
        &mut self,
        key: &'static str,
        node: &'n Node<'s>,
    ) -> Option<&'n [Entry<'s>]> {
        if let Kind::Map(entries) = &node.kind {
            return Some(entries);
        }
        let error = self.wrong_type(key, node, "keys and values of its own");
        let example = match key {
            "menu" => "- { name: About, url: /about/ }",
            "corrections" => "- { date: 2025-08-02, text: \"what was wrong\" }",
            "sides" => "sides: { blue: { name: \"Yes\" } }",
            "kinds" => "kinds: { conceded: [\"Conceded\"] }",
            "extra" => "extra: { key: value }",
            _ => "key: value",
        };
        self.refuse(key, error.help(format!("write `{example}`")));
        None
    }

    /// Reports the keys that were never asked for, and gives those that were broken.
    ///
    /// What a misspelt key was meant to be counts as broken: it is not missing as well.
    pub fn done(mut self, unknown: Unknown) -> Vec<&'static str> {
        for entry in self.entries {
            let name = entry.key.value.as_ref();
            if self.known.contains(&name) {
                continue;
            }
            let other = self.synonyms.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
            let near = nearest(name, self.known.iter().copied());
            let meant = other.map(|&(_, key)| key).or(near);
            let misspelt = near.is_some() && other.is_none();
            let unknown = if misspelt { Unknown::Refused } else { unknown };
            let diagnostic = self.unknown_key(&entry.key, unknown, meant);
            self.found.push(diagnostic);
            if unknown == Unknown::Refused {
                self.broken.extend(meant);
            }
        }
        self.broken
    }

    /// The rest of the line after `node`, from its first character that is no space.
    fn rest_of_line(&self, node: &Node<'_>) -> Option<(&'s str, &'s str)> {
        let rest = self.source.text.get(node.bytes.end..)?.lines().next()?;
        Some((rest, rest.trim_start()))
    }

    /// Whether the value of `node` was lost to a comment that has no space after its `#`.
    fn is_commented(&self, node: &Node<'_>) -> bool {
        let empty =
            matches!(&node.kind, Kind::Scalar { text, shape: Shape::Null } if text.is_empty());
        empty && self.rest_of_line(node).is_some_and(|(_, rest)| is_no_comment(rest))
    }

    /// Whether the end of a text without quotes was lost to such a comment.
    fn is_cut(&self, node: &Node<'_>) -> bool {
        let byte = |at: usize| self.source.text.as_bytes().get(at);
        byte(node.bytes.end) == Some(&b' ')
            && !matches!(byte(node.bytes.start), Some(b'"' | b'\''))
            && self.rest_of_line(node).is_some_and(|(_, start)| is_no_comment(start))
    }

    fn commented(&self, key: &str, node: &Node<'_>) -> Diagnostic {
        let (rest, start) = self.rest_of_line(node).unwrap_or_default();
        let value = start.trim_end();
        let at = node.bytes.end + rest.len() - start.len();
        let is_item =
            self.source.text.get(..node.bytes.start).is_some_and(|text| text.ends_with('-'));
        let start = if is_item { "-".to_owned() } else { format!("{key}:") };
        let message =
            format!("YAML reads `{value}` as a comment, and no value is left for `{key}`");
        Diagnostic::error(Code::CommentedValue, self.place(at..at + value.len()), message)
            .help(format!("write `{start} {}`", quote(value)))
            .help("or begin the comment with `# `, if it is one")
    }

    fn cut_text(&self, node: &Node<'_>) -> Diagnostic {
        let (rest, start) = self.rest_of_line(node).unwrap_or_default();
        let at = node.bytes.end + rest.len() - start.len();
        let lost = start.trim_end();
        let whole = self.source.text.get(node.bytes.start..at + lost.len()).unwrap_or_default();
        let message = format!("YAML reads `{lost}` as a comment, and the text ends before it");
        Diagnostic::warning(Code::CommentedValue, self.place(at..at + lost.len()), message)
            .help(format!("write `{}`", quote(whole)))
            .help("or begin the comment with `# `, if it is one")
    }

    fn wrong_type(&self, key: &str, node: &Node<'_>, takes: &str) -> Diagnostic {
        let is = match &node.kind {
            Kind::Scalar { text, .. } => format!("not {}", shown(text)),
            Kind::List(_) => "not a list".to_owned(),
            Kind::Map(_) => "not keys and values".to_owned(),
        };
        Diagnostic::error(
            Code::WrongType,
            self.place(node.bytes.clone()),
            format!("`{key}` takes {takes}, {is}"),
        )
    }

    fn no_flag(&self, key: &str, node: &Node<'_>) -> Diagnostic {
        let Kind::Scalar { text, .. } = &node.kind else {
            return self
                .wrong_type(key, node, "true or false")
                .help(format!("write `{key}: true` or `{key}: false`"));
        };
        let meant = match text.trim().to_ascii_lowercase().as_str() {
            "yes" | "y" | "on" | "1" => Some("true"),
            "no" | "n" | "off" | "0" => Some("false"),
            _ => None,
        };
        if node.is_empty() {
            let message = format!("`{key}` has no value");
            return Diagnostic::error(Code::WrongType, self.place(node.bytes.clone()), message)
                .help(format!("write `{key}: true` or `{key}: false`, or remove the line"));
        }
        let help = match meant {
            Some(word) => format!("write `{key}: {word}`"),
            None => format!("write `{key}: true` or `{key}: false`"),
        };
        self.wrong_type(key, node, "true or false").help(help)
    }

    fn unknown_key(
        &self,
        key: &Located<Cow<'_, str>>,
        unknown: Unknown,
        meant: Option<&str>,
    ) -> Diagnostic {
        let (name, place) = (key.value.as_ref(), self.place(key.bytes.clone()));
        let message = format!("there is no key {}", shown(name));
        let diagnostic = match unknown {
            Unknown::Refused => Diagnostic::error(Code::UnknownKey, place, message),
            Unknown::Tolerated => Diagnostic::warning(
                Code::UnknownKey,
                place,
                format!("{message}, and it is not read"),
            ),
        };
        let diagnostic = match meant {
            Some(key) => diagnostic.help(format!("write `{key}`")),
            None => diagnostic,
        };
        let mut names = self.known.clone();
        names.sort_unstable();
        names.dedup();
        let are = if names.len() == 1 { "the only key is" } else { "the keys are" };
        let diagnostic =
            diagnostic.help(format!("{are} {}", listed(&names).replace(" or ", " and ")));
        match names.contains(&"extra") {
            true => diagnostic.help("keys of your own stand under `extra`"),
            false => diagnostic,
        }
    }

    fn unknown_word(&self, key: &str, word: &Located<&str>, names: &[&str]) -> Diagnostic {
        let message = format!("`{key}` does not take {}", shown(word.value));
        let error = Diagnostic::error(Code::InvalidValue, self.place(word.bytes.clone()), message);
        let error = match nearest(word.value, names.iter().copied()) {
            Some(name) => error.help(format!("write `{key}: {name}`")),
            None => error,
        };
        error.help(format!("it takes {}", listed(names)))
    }
}

/// Whether what YAML takes for a comment looks like a value: `#ff0000`, but neither `# red` nor `##`.
fn is_no_comment(rest: &str) -> bool {
    rest.strip_prefix('#').is_some_and(|rest| rest.starts_with(|next: char| next.is_alphanumeric()))
}

/// Most characters of a value in a message: what is longer is told by its beginning.
const SHOWN_CHARACTERS: usize = 60;

/// `text` in backquotes as a message has it: in one line, and not too long.
#[must_use]
pub fn shown(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let whole = line.len() == text.trim().len();
    match line.char_indices().nth(SHOWN_CHARACTERS) {
        None if whole => format!("`{line}`"),
        None => format!("`{line} …`"),
        Some((end, _)) => format!("`{}…`", line.get(..end).unwrap_or(line)),
    }
}

/// `names` as a sentence has them, each in backquotes.
#[must_use]
pub fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Value, read_file};
    use super::{Reader, Unknown};
    use crate::source::{SitePath, Source};

    /// Reads one key by `read`, and holds what is said: `start-end code message | helps`.
    #[track_caller]
    fn check<T>(
        text: &str,
        unknown: Unknown,
        read: impl Fn(&mut Reader<'_, '_>) -> T,
        said: &[&str],
    ) -> T {
        let source = Source::new(SitePath::new("content/a.md").unwrap(), text.to_owned());
        let document = read_file(&source).value;
        let mut found = Vec::new();
        let mut reader = Reader::new(&source, &document, &mut found)
            .with_synonyms(&[("description", "summary")]);
        let value = read(&mut reader);
        reader.done(unknown);
        let found: Vec<String> = found
            .iter()
            .map(|one| {
                let bytes = one.place.clone().unwrap().bytes;
                let severity = one.severity.word();
                let name = one.code.name();
                format!(
                    "{}-{} {severity} {name} {} | {}",
                    bytes.start,
                    bytes.end,
                    one.message,
                    one.help.join(" | ")
                )
            })
            .collect();
        assert_eq!(found, said, "{text:?}");
        value
    }

    #[test]
    fn a_text_is_what_was_written() {
        for text in [
            "1984",
            "007",
            "0755",
            "yes",
            "no",
            "null",
            "1e5",
            ".inf",
            "2025-08-02",
            "true",
            "0x1F",
        ] {
            let value = check(
                &format!("title: {text}\n"),
                Unknown::Refused,
                |reader| reader.text("title"),
                &[],
            );
            assert_eq!(value.unwrap().value, text);
        }
        let folded =
            check("title: >\n  a\n  b\n\n", Unknown::Refused, |reader| reader.text("title"), &[])
                .unwrap();
        assert_eq!((folded.value.as_str(), folded.bytes), ("a b", 11..16));
    }

    #[test]
    fn an_empty_value_is_as_if_it_were_not_there() {
        for text in ["title:\n", "title: ~\n", "title: \"\"\n", "title: # later\n", "title: ' '\n"]
        {
            assert_eq!(check(text, Unknown::Refused, |reader| reader.text("title"), &[]), None);
        }
    }

    #[test]
    fn a_value_that_yaml_takes_for_a_comment_is_an_error() {
        check(
            "color: #ff0000\n",
            Unknown::Refused,
            |reader| reader.text("color"),
            &[
                "7-14 error commented-value YAML reads `#ff0000` as a comment, and no value is left for `color` | \
               write `color: \"#ff0000\"` | or begin the comment with `# `, if it is one",
            ],
        );
        check(
            "tags:\n- #a\n- b\n",
            Unknown::Refused,
            |reader| reader.texts("tags"),
            &[
                "8-10 error commented-value YAML reads `#a` as a comment, and no value is left for `tags` | \
               write `- \"#a\"` | or begin the comment with `# `, if it is one",
            ],
        );
        check(
            "title: Against #metoo\n",
            Unknown::Refused,
            |reader| reader.text("title"),
            &[
                "15-21 warning commented-value YAML reads `#metoo` as a comment, and the text ends before it | \
               write `\"Against #metoo\"` | or begin the comment with `# `, if it is one",
            ],
        );
    }

    #[test]
    fn a_flag_is_true_or_false() {
        let flag = |reader: &mut Reader<'_, '_>| reader.flag("draft").map(|flag| flag.value);
        assert_eq!(check("draft: true\n", Unknown::Refused, flag, &[]), Some(true));
        assert_eq!(check("draft: \"false\"\n", Unknown::Refused, flag, &[]), Some(false));
        for (text, help) in [
            ("yes", "`draft: true`"),
            ("off", "`draft: false`"),
            ("x", "`draft: true` or `draft: false`"),
        ] {
            let end = 7 + text.len();
            let said = format!(
                "7-{end} error wrong-type `draft` takes true or false, not `{text}` | write {help}"
            );
            assert_eq!(
                check(&format!("draft: {text}\n"), Unknown::Refused, flag, &[said.as_str()]),
                None
            );
        }
        let said = "6-6 error wrong-type `draft` has no value | write `draft: true` or `draft: false`, or remove the line";
        assert_eq!(check("draft:\n", Unknown::Refused, flag, &[said]), None);
    }

    #[test]
    fn a_number_is_whole() {
        let integer =
            |reader: &mut Reader<'_, '_>| reader.integer("order").map(|order| order.value);
        assert_eq!(check("order: -3\n", Unknown::Refused, integer, &[]), Some(-3));
        assert_eq!(check("order: '3'\n", Unknown::Refused, integer, &[]), Some(3));
        let said =
            "7-10 error wrong-type `order` takes a whole number, not `1.5` | write `order: 1`";
        assert_eq!(check("order: 1.5\n", Unknown::Refused, integer, &[said]), None);
    }

    #[test]
    fn a_text_alone_is_a_list_of_one() {
        let tags = |reader: &mut Reader<'_, '_>| {
            reader.texts("tags").into_iter().map(|tag| tag.value).collect::<Vec<_>>()
        };
        assert_eq!(check("tags: a b\n", Unknown::Refused, tags, &[]), ["a b"]);
        assert_eq!(check("tags: [a, '', 1]\n", Unknown::Refused, tags, &[]), ["a", "1"]);
        let said = "7-11 error wrong-type `tags` takes a list of texts, not keys and values | \
                    write `tags: [one, two]`";
        assert_eq!(check("tags: [a: b, c]\n", Unknown::Refused, tags, &[said]), ["c"]);
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let draft = |reader: &mut Reader<'_, '_>| reader.flag("draft");
        let keys = "the only key is `draft`";
        let said =
            format!("0-5 error unknown-key there is no key `darft` | write `draft` | {keys}");
        check("darft: true\n", Unknown::Refused, draft, &[said.as_str()]);
        check("darft: true\n", Unknown::Tolerated, draft, &[said.as_str()]);
        let said = format!(
            "0-6 warning unknown-key there is no key `layout`, and it is not read | {keys}"
        );
        check("layout: post\n", Unknown::Tolerated, draft, &[said.as_str()]);
        let said = format!(
            "0-11 error unknown-key there is no key `description` | write `summary` | {keys}"
        );
        check("description: post\n", Unknown::Refused, draft, &[said.as_str()]);
    }

    #[test]
    fn doubled_keys_are_reported_at_any_depth_and_the_first_is_kept() {
        let source =
            Source::new(SitePath::new("site.yaml").unwrap(), "a: {b: 1, b: 2}\na: 3\n".to_owned());
        let checked = read_file(&source);
        let places: Vec<_> = checked
            .found
            .iter()
            .map(|one| (one.place.clone().unwrap().bytes, one.related[0].span.bytes.clone()))
            .collect();
        assert_eq!(places, [(10..11, 4..5), (16..17, 0..1)]);
        let value = checked.value.entries[0].value.to_value();
        assert_eq!(value, Value::Map(vec![("b".to_owned(), Value::Integer(1))]));
    }
}
