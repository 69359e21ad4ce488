//! Front matter: every key, its type and its default (design.md, section 3).

use std::ops::Range;

use super::date::Date;
use crate::yaml::Value;

/// A value and where it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file, quotes included.
    pub bytes: Range<usize>,
}

/// One of the nine named colours, or a colour of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Color {
    /// A name of the table in design.md, section 3.
    Named(&'static str),
    /// `#rrggbb` as red, green and blue.
    Rgb([u8; 3]),
}

/// Who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Author {
    /// The name.
    pub name: String,
    /// A page of theirs.
    pub url: Option<String>,
}

/// A dated correction.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// When.
    pub date: Date,
    /// What, in inline Markdown.
    pub text: String,
}

/// The direction of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of the HTML attribute `dir`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// All keys of the front matter. A key that is broken is as if it were not there.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "design.md, section 3, has a row for each")]
pub struct FrontMatter {
    pub title: Option<Located<String>>,
    pub date: Option<Located<Date>>,
    pub color: Option<Located<Color>>,
    pub rebuts: Option<Located<String>>,
    pub side: Option<Located<String>>,
    pub authors: Vec<Author>,
    pub slug: Option<Located<String>>,
    pub motion: Option<Located<String>>,
    pub claim: Option<String>,
    pub summary: Option<String>,
    pub updated: Option<Date>,
    pub draft: bool,
    pub label: Option<String>,
    pub order: Option<i64>,
    pub steelman: Option<String>,
    pub disclosure: Option<String>,
    pub corrections: Vec<Correction>,
    pub reply_by: Option<Date>,
    pub lang: Option<String>,
    pub dir: Option<Direction>,
    pub tags: Vec<Located<String>>,
    pub aliases: Vec<Located<String>>,
    pub image: Option<Located<String>>,
    pub license: Option<String>,
    pub extra: Option<Value>,
    /// The whole block with its fences, as bytes of the file; empty where there is none.
    pub bytes: Range<usize>,
}
