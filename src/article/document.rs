//! The Markdown of an article, parsed once: HTML with splice points, text, links, ids.

use std::ops::Range;

/// How Markdown is read; from site.yaml.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarkdownOptions {
    /// Straight quotes, `--` and `...` become typographic ones.
    pub smart_punctuation: bool,
    /// `$…$` and `$$…$$` are formulas.
    pub math: bool,
}

/// What a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](destination)`, by reference or autolink too.
    Link,
    /// `![alt](destination)`.
    Image,
    /// `href`, `src`, `poster` or one of `srcset` in raw HTML.
    Raw,
}

/// A link as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The destination, entities and escapes read, percent signs as they were.
    pub destination: String,
    /// What it is.
    pub kind: LinkKind,
    /// Its bytes in the source: the whole link, or the value of the attribute.
    pub bytes: Range<usize>,
}

/// A place that a fragment can lead to: a heading, an authored id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// The id.
    pub name: String,
    /// The bytes of the source that made it.
    pub bytes: Range<usize>,
}
