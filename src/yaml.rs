//! YAML with places: mappings whose every key and value knows its bytes in the file.
//!
//! This module alone knows which crate reads YAML. It knows no key: what front matter,
//! `site.yaml` and `theme.yaml` may hold, their readers ask of a [`Reader`], which reports
//! what is missing in types, doubled or unknown.
//!
//! A text is always what was written (`title: 1984`, `version: 0755`, `slug: no`): the shape
//! that YAML sees in it matters only to those who ask for a flag or a number.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::{Source, Span};

mod plain;
mod reader;
mod syntax;
mod tree;

pub use reader::{Reader, Unknown, listed, shown};

/// A value and where it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file, quotes included.
    pub bytes: Range<usize>,
}

/// A YAML value without places, for keys that are the theme's own (`extra`).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A mapping, in the order in which it was written.
    Map(Vec<(String, Value)>),
}

/// A YAML mapping as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document<'s> {
    /// Keys and values, in the order in which they were written; of doubled keys the first.
    pub entries: Vec<Entry<'s>>,
    /// Keys whose values are no YAML, which was said already.
    pub broken: Vec<String>,
    /// Whether not even its keys could be told.
    pub unread: bool,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'s> {
    /// The key.
    pub key: Located<Cow<'s, str>>,
    /// The value.
    pub value: Node<'s>,
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'s> {
    /// What it is.
    pub kind: Kind<'s>,
    /// Its bytes in the file, quotes and brackets included; of a list or mapping without
    /// brackets those from its first item to its last, of what is not there the place for it.
    pub bytes: Range<usize>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'s> {
    /// A text, or what YAML sees more in it.
    Scalar {
        /// As it was written, quotes and escapes read.
        text: Cow<'s, str>,
        /// What YAML sees in it.
        shape: Shape,
    },
    /// A list.
    List(Vec<Node<'s>>),
    /// A mapping.
    Map(Vec<Entry<'s>>),
}

/// What YAML sees in a scalar (YAML 1.2.2, 10.3.2: the core schema).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text: all that was quoted, and all else.
    Text,
}

impl Shape {
    /// The shape of a scalar without quotes.
    fn of(plain: &str) -> Self {
        match plain {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "true" | "True" | "TRUE" => Self::Bool(true),
            "false" | "False" | "FALSE" => Self::Bool(false),
            _ if plain
                .starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) =>
            {
                Self::number(plain).unwrap_or(Self::Text)
            }
            _ => Self::Text,
        }
    }

    fn number(plain: &str) -> Option<Self> {
        if let Some(digits) = plain.strip_prefix("0x") {
            return i64::from_str_radix(digits, 16).ok().map(Self::Integer);
        }
        if let Some(digits) = plain.strip_prefix("0o") {
            return i64::from_str_radix(digits, 8).ok().map(Self::Integer);
        }
        match plain.strip_prefix(['+', '-']).unwrap_or(plain) {
            ".inf" | ".Inf" | ".INF" if plain.starts_with('-') => {
                return Some(Self::Float(f64::NEG_INFINITY));
            }
            ".inf" | ".Inf" | ".INF" => return Some(Self::Float(f64::INFINITY)),
            ".nan" | ".NaN" | ".NAN" => return Some(Self::Float(f64::NAN)),
            _ => {}
        }
        if let Ok(integer) = plain.parse() {
            return Some(Self::Integer(integer));
        }
        // Rust reads `-inf` and `+nan` as numbers, which YAML does not.
        let numeral = plain.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        numeral.then(|| plain.parse().ok().map(Self::Float)).flatten()
    }
}

impl Node<'_> {
    /// The same without places.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Scalar { text, shape } => match *shape {
                Shape::Null => Value::Null,
                Shape::Bool(flag) => Value::Bool(flag),
                Shape::Integer(integer) => Value::Integer(integer),
                Shape::Float(float) => Value::Float(float),
                Shape::Text => Value::Text(text.clone().into_owned()),
            },
            Kind::List(nodes) => Value::List(nodes.iter().map(Node::to_value).collect()),
            Kind::Map(entries) => Value::Map(
                entries
                    .iter()
                    .map(|entry| (entry.key.value.clone().into_owned(), entry.value.to_value()))
                    .collect(),
            ),
        }
    }

    /// Whether it is nothing: no value, `~`, or a text without a letter.
    ///
    /// The word `null` is none: it may be meant as a text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, shape } if match shape {
            Shape::Null => matches!(text.as_ref(), "" | "~"),
            _ => text.trim().is_empty(),
        })
    }
}

/// Reads the YAML mapping that is the whole of `source`.
#[must_use]
pub fn read_file(source: &Source) -> Checked<Document<'_>> {
    let mark = if source.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    read(source, mark..source.text.len())
}

/// Reads the YAML mapping that stands in `bytes` of `source`; an empty stretch is an empty mapping.
///
/// Never fails: where the whole is no YAML, its top-level keys are read one by one, so that
/// one broken value hides neither the others nor their faults.
#[must_use]
pub fn read(source: &Source, bytes: Range<usize>) -> Checked<Document<'_>> {
    let text = source.text.get(bytes.clone()).unwrap_or_default();
    let mut checked = match plain::read(text, bytes.start) {
        Some(entries) => Checked::sound(Document { entries, ..Document::default() }),
        None => syntax::read(source, bytes),
    };
    drop_doubled(source, &mut checked.value.entries, &mut checked.found);
    checked
}

/// Keeps the first of entries that have one key, and reports the others.
///
/// Looking back over all earlier keys is cheap: [`tree::MAX_NODES`] bounds their number.
fn drop_doubled(source: &Source, entries: &mut Vec<Entry<'_>>, found: &mut Vec<Diagnostic>) {
    let mut index = 0;
    while let Some((before, [entry, ..])) = entries.split_at_mut_checked(index) {
        if let Some(first) = before.iter().find(|one| one.key.value == entry.key.value) {
            found.push(doubled_key(source, &first.key, &entry.key));
            entries.remove(index);
            continue;
        }
        drop_doubled_in(source, &mut entry.value, found);
        index += 1;
    }
}

fn drop_doubled_in(source: &Source, node: &mut Node<'_>, found: &mut Vec<Diagnostic>) {
    match &mut node.kind {
        Kind::Scalar { .. } => {}
        Kind::List(nodes) => nodes.iter_mut().for_each(|node| drop_doubled_in(source, node, found)),
        Kind::Map(entries) => drop_doubled(source, entries, found),
    }
}

fn doubled_key(
    source: &Source,
    first: &Located<Cow<'_, str>>,
    second: &Located<Cow<'_, str>>,
) -> Diagnostic {
    let place = Span::new(&source.path, second.bytes.clone());
    Diagnostic::error(
        Code::DuplicateKey,
        place,
        format!("the key `{}` stands here twice", second.value),
    )
    .related(Span::new(&source.path, first.bytes.clone()), "it stands here first")
    .help("remove one of the two")
}
