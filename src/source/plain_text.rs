//! Rendered text, and the map back to the bytes of its source.

use std::num::NonZeroU32;
use std::ops::Range;

/// The number of a ¶, from 1 (design.md, section 4.6); never an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParagraphNumber(NonZeroU32);

impl ParagraphNumber {
    /// The number `number`, or nothing for 0.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// The ¶ at `index`, counted from 0.
    #[must_use]
    pub fn from_index(index: usize) -> Self {
        let number = u32::try_from(index).unwrap_or(u32::MAX - 1).saturating_add(1);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN))
    }

    /// The number as it is written, from 1.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// Where the ¶ stands in a list of all, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl std::fmt::Display for ParagraphNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Whose words a block of text is, and whether it can have a ¶ number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// The author's own running text, lists, tables, code and figures.
    Own,
    /// A heading: can be quoted, has no number.
    Heading,
    /// Inside a blockquote (not an alert): words that the author quotes.
    Quotation,
    /// A footnote: can be quoted, has no number.
    Note,
}

/// One leaf block (a paragraph, a list item's paragraph, a table cell, a code block, a heading).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextBlock {
    /// Its bytes in [`PlainText::text`].
    pub bytes: Range<usize>,
    /// Whose words it is.
    pub role: TextRole,
    /// The ¶ to which it belongs.
    pub paragraph: Option<ParagraphNumber>,
}

/// A stretch of plain text and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First byte in the plain text.
    pub plain: u32,
    /// First byte in the source.
    pub source: u32,
    /// Bytes in the plain text.
    pub plain_len: u32,
    /// Bytes in the source; where the two lengths differ, the run is one unit
    /// (an entity, a code span with changed text) and is not divided.
    pub source_len: u32,
}

/// The rendered text of an article or of a blockquote.
///
/// Leaf blocks are parted by `\n\n`, lines inside a block by `\n` (so that a mark alone
/// on its line can be told); markup, entities and escapes are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainText {
    /// The text.
    pub text: String,
    /// The leaf blocks, in order; together they cover all but the white space between them.
    pub blocks: Vec<TextBlock>,
    /// The map back to the source, by ascending `plain`; gaps are white space that no source has.
    pub runs: Vec<Run>,
    /// Where code stands in the text, in order.
    pub code: Vec<Range<usize>>,
}

impl PlainText {
    /// The bytes of the source that gave the plain bytes `plain`; for an empty range the place.
    #[must_use]
    pub fn source_range(&self, plain: Range<usize>) -> Range<usize> {
        let start = self.source_at(plain.start, Edge::Start);
        let end =
            if plain.end > plain.start { self.source_at(plain.end, Edge::End) } else { start };
        start..end.max(start)
    }

    fn source_at(&self, plain: usize, edge: Edge) -> usize {
        let before = match edge {
            Edge::Start => self.runs.partition_point(|run| run.plain as usize <= plain),
            Edge::End => self.runs.partition_point(|run| (run.plain as usize) < plain),
        };
        let Some(run) = before.checked_sub(1).and_then(|index| self.runs.get(index)) else {
            return self.runs.first().map_or(0, |run| run.source as usize);
        };
        let into = plain - run.plain as usize;
        let next = self.runs.get(before);
        if into >= run.plain_len as usize && matches!(edge, Edge::Start) {
            // White space between two runs: what follows it.
            if let Some(next) = next {
                return next.source as usize;
            }
        }
        let verbatim = run.plain_len == run.source_len;
        let into = into.min(run.plain_len as usize);
        let source = run.source as usize;
        match (verbatim, edge) {
            (true, _) => source + into,
            (false, Edge::Start) => source,
            (false, Edge::End) => source + run.source_len as usize,
        }
    }

    /// The block that holds plain byte `offset`, or the next one after it.
    #[must_use]
    pub fn block_at(&self, offset: usize) -> Option<&TextBlock> {
        let index = self.blocks.partition_point(|block| block.bytes.end <= offset);
        self.blocks.get(index)
    }
}

#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}
