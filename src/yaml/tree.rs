//! All of YAML as a tree with places, from the events of the parser under `serde-saphyr`.
//!
//! Events and not serde: they say where a value ends and how it was quoted, and serde's way
//! to spans costs 26 µs a front matter.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde_yaml::granit_parser::{
    self, ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag,
};

use super::{Entry, Kind, Located, Node, Shape};
use crate::source::line::{LineIndex, Position};

/// Lists and mappings inside each other: front matter needs three, a theme's settings a few more.
pub(super) const MAX_DEPTH: usize = 32;

/// Values in one mapping, those that aliases repeat counted again: no settings come near it,
/// and an alias bomb stops at once.
pub(super) const MAX_NODES: usize = 20_000;

/// Why a text is no YAML that Agon reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cause {
    UnclosedQuote,
    AfterQuote,
    Escape,
    Tab,
    SeveralDocuments,
    KeyNotText,
    UnknownAlias,
    UnusedAnchor,
    Tagged,
    TooDeep,
    TooLarge,
    /// All else, in the words of the parser.
    Other(String),
}

/// The first place at which a text is no YAML that Agon reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) cause: Cause,
    /// Bytes of the file; empty for a mere place.
    pub(super) bytes: Range<usize>,
}

/// Reads `text`, which stands at byte `start` of its file; nothing where it holds no value.
pub(super) fn read(text: &str, start: usize) -> Result<Option<Node<'_>>, Fault> {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_anchor_events: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut tree = Tree { text, start, ..Tree::default() };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| tree.scan_fault(&error))?;
        let bytes = tree.bytes(&span);
        let tag = span.tag_span().map(|span| tree.bytes(&span));
        tree.take(event, bytes, tag)?;
    }
    match tree.anchors.into_values().find(|anchor| !anchor.used) {
        Some(unused) => Err(Fault { cause: Cause::UnusedAnchor, bytes: unused.bytes }),
        None => Ok(tree.root),
    }
}

/// A list or mapping whose end has not come yet.
struct Open<'s> {
    items: Items<'s>,
    style: StructureStyle,
    start: usize,
    anchor: usize,
}

enum Items<'s> {
    List(Vec<Node<'s>>),
    Map(Vec<Entry<'s>>, Option<Located<Cow<'s, str>>>),
}

/// A value with a name (`&name`).
#[derive(Default)]
struct Anchor<'s> {
    node: Option<Node<'s>>,
    bytes: Range<usize>,
    used: bool,
}

#[derive(Default)]
struct Tree<'s> {
    text: &'s str,
    start: usize,
    open: Vec<Open<'s>>,
    root: Option<Node<'s>>,
    /// Documents that have begun.
    documents: usize,
    nodes: usize,
    anchors: BTreeMap<usize, Anchor<'s>>,
}

impl<'s> Tree<'s> {
    fn take(
        &mut self,
        event: Event<'s>,
        bytes: Range<usize>,
        tag: Option<Range<usize>>,
    ) -> Result<(), Fault> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Fault { cause: Cause::SeveralDocuments, bytes });
                }
            }
            Event::Scalar(text, style, anchor, kind) => {
                let text_tag = is_text(kind.as_deref());
                refuse_tag(text_tag, tag)?;
                let plain = style == ScalarStyle::Plain && text_tag.is_none();
                let shape = if plain { Shape::of(&text) } else { Shape::Text };
                let (text, bytes) = if plain && bytes.is_empty() {
                    (Cow::Borrowed(""), self.gap(bytes))
                } else {
                    (text, self.without_line_ends(bytes))
                };
                self.place(Node { kind: Kind::Scalar { text, shape }, bytes }, anchor)?;
            }
            Event::SequenceStart(style, anchor, kind) => {
                refuse_tag(kind.map(|_| false), tag)?;
                self.open(Open {
                    items: Items::List(Vec::new()),
                    style,
                    start: bytes.start,
                    anchor,
                })?;
            }
            Event::MappingStart(style, anchor, kind) => {
                refuse_tag(kind.map(|_| false), tag)?;
                self.open(Open {
                    items: Items::Map(Vec::new(), None),
                    style,
                    start: bytes.start,
                    anchor,
                })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(bytes)?,
            Event::Anchor(id, _) => self.anchors.entry(id).or_default().bytes = bytes,
            Event::Alias(id) => self.alias(id, bytes)?,
            Event::UnresolvedAlias(_) => return Err(Fault { cause: Cause::UnknownAlias, bytes }),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, open: Open<'s>) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault { cause: Cause::TooDeep, bytes: open.start..open.start });
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self, end: Range<usize>) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (kind, inner) = match open.items {
            Items::List(nodes) => {
                let inner = nodes
                    .first()
                    .zip(nodes.last())
                    .map(|(first, last)| first.bytes.start..last.bytes.end);
                (Kind::List(nodes), inner)
            }
            Items::Map(entries, _) => {
                let ends = entries.first().zip(entries.last());
                let inner = ends.map(|(first, last)| first.key.bytes.start..last.value.bytes.end);
                (Kind::Map(entries), inner)
            }
        };
        let bytes = match open.style {
            StructureStyle::Flow => open.start..end.end.max(open.start),
            StructureStyle::Block => inner.unwrap_or(open.start..open.start),
        };
        self.place(Node { kind, bytes }, open.anchor)
    }

    /// Puts a finished value where it belongs.
    fn place(&mut self, node: Node<'s>, anchor: usize) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Fault { cause: Cause::TooLarge, bytes: node.bytes });
        }
        if anchor != 0 {
            self.anchors.entry(anchor).or_default().node = Some(node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(node),
            Some(Items::List(nodes)) => nodes.push(node),
            Some(Items::Map(entries, key)) => match (key.take(), node) {
                (Some(key), value) => entries.push(Entry { key, value }),
                (None, Node { kind: Kind::Scalar { text, .. }, bytes }) if !text.is_empty() => {
                    *key = Some(Located { value: text, bytes });
                }
                (None, node) => return Err(Fault { cause: Cause::KeyNotText, bytes: node.bytes }),
            },
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, bytes: Range<usize>) -> Result<(), Fault> {
        let anchor = self.anchors.entry(id).or_default();
        anchor.used = true;
        let Some(node) = &anchor.node else {
            return Err(Fault { cause: Cause::UnknownAlias, bytes });
        };
        let (nodes, depth) = measure(node);
        if self.open.len() + depth > MAX_DEPTH {
            return Err(Fault { cause: Cause::TooDeep, bytes });
        }
        if self.nodes + nodes > MAX_NODES {
            return Err(Fault { cause: Cause::TooLarge, bytes });
        }
        let node = Node { bytes, ..node.clone() };
        self.nodes += nodes;
        self.place(node, 0)
    }

    fn bytes(&self, span: &granit_parser::Span) -> Range<usize> {
        let start = self.start + span.start.byte_offset().unwrap_or_default();
        let end = self.start + span.end.byte_offset().unwrap_or_default();
        start..end.max(start)
    }

    /// The place of a value that is not there: after its colon or dash, where the parser gives
    /// that of the colon or the end of the dash's line.
    fn gap(&self, bytes: Range<usize>) -> Range<usize> {
        let before = self.text.get(..bytes.start - self.start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let colon = self.text.as_bytes().get(before.len()) == Some(&b':');
        let at =
            match line.trim_start().strip_prefix('-').map(|rest| (rest.len(), rest.trim_start())) {
                Some((length, "")) => bytes.start - length,
                Some((length, rest)) if rest.starts_with('#') => bytes.start - length,
                _ => bytes.start + usize::from(colon),
            };
        at..at
    }

    /// A block scalar's bytes without the line ends after it.
    fn without_line_ends(&self, bytes: Range<usize>) -> Range<usize> {
        let text =
            self.text.get(bytes.start - self.start..bytes.end - self.start).unwrap_or_default();
        bytes.start..bytes.start + text.trim_end_matches(['\n', '\r', ' ']).len()
    }

    fn scan_fault(&self, error: &ScanError) -> Fault {
        let mark = error.marker();
        let at = mark.byte_offset().unwrap_or_else(|| {
            let position = Position { line: mark.line(), column: mark.col() + 1 };
            LineIndex::new(self.text).offset(self.text, position)
        });
        let at = self.start + at.min(self.text.len());
        Fault { cause: cause(error.kind()), bytes: at..at }
    }
}

/// How many values `node` holds, itself included, and how deep they nest.
fn measure(node: &Node<'_>) -> (usize, usize) {
    let sum = |(nodes, depth): (usize, usize), (more, below): (usize, usize)| {
        (nodes + more, depth.max(below + 1))
    };
    match &node.kind {
        Kind::Scalar { .. } => (1, 0),
        Kind::List(nodes) => nodes.iter().map(measure).fold((1, 1), sum),
        Kind::Map(entries) => entries.iter().map(|entry| measure(&entry.value)).fold((1, 1), sum),
    }
}

/// Whether a tag says that its scalar is a text; nothing without a tag.
fn is_text(tag: Option<&Tag>) -> Option<bool> {
    tag.map(|tag| tag.core_suffix() == Some("str"))
}

/// A tag is a text that wanted quotes (`title: !Important news`), but for `!!str`.
fn refuse_tag(text_tag: Option<bool>, tag: Option<Range<usize>>) -> Result<(), Fault> {
    match text_tag {
        Some(false) => Err(Fault { cause: Cause::Tagged, bytes: tag.unwrap_or_default() }),
        Some(true) | None => Ok(()),
    }
}

fn cause(kind: &ErrorKind) -> Cause {
    match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            Cause::UnclosedQuote
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => Cause::AfterQuote,
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => {
            Cause::Escape
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => Cause::Tab,
        ErrorKind::UnknownAnchor => Cause::UnknownAlias,
        ErrorKind::RecursionLimitExceeded => Cause::TooDeep,
        ErrorKind::InvalidDocumentEnd => Cause::SeveralDocuments,
        other => Cause::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::read;

    /// The places of what is not there, in a list under one key.
    #[track_caller]
    fn check(text: &str, places: &[usize]) {
        let Ok(Some(root)) = read(text, 0) else { panic!("{text:?} is no YAML") };
        let Kind::Map(entries) = root.kind else { panic!("{text:?} is no mapping") };
        let nodes = match &entries[0].value.kind {
            Kind::List(nodes) => nodes.clone(),
            _ => vec![entries[0].value.clone()],
        };
        let empty = nodes.iter().filter(|node| node.is_empty());
        assert_eq!(empty.map(|node| node.bytes.start).collect::<Vec<_>>(), places, "{text:?}");
    }

    #[test]
    fn what_is_not_there_has_its_place_after_the_colon_or_dash() {
        check("tags:\n  - #a\n  - b\n  -\n", &[9, 22]);
        check("tags:\n-\n", &[7]);
        check("tags: # none\n", &[5]);
        check("tags:", &[5]);
        check("? tags\n", &[7]);
    }
}
