//! Quotes, and where their words stand in another text.
//!
//! Knows no Markdown and no site: both sides come as [`PlainText`]. The rules are
//! design.md, section 4.

use std::ops::Range;

use crate::source::plain_text::{ParagraphNumber, PlainText};

mod code;
mod diff;
mod editorial;
mod exact;
mod locate;
mod misquote;
mod nearest;
mod note;
mod parent;
mod sense;
mod sign;
mod spelling;
mod text;
mod unique;
mod variant;
mod verbatim;
mod words;

pub use locate::locate;
pub use misquote::{
    CERTAIN_QUOTE_WORDS, LONG_QUOTE_WORDS, MISQUOTE_RUN, MISQUOTE_SIMILARITY,
    MISQUOTE_SIMILARITY_SHORT, SHORT_QUOTE_WORDS,
};
pub use parent::ParentText;
pub use sense::denials;
pub use unique::pasteable;

/// Where a quote says that it is from; decided by the caller, who knows links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It does not say.
    Unsaid,
    /// From the parent, and from this ¶ of it if one is named.
    Parent(Option<ParagraphNumber>),
    /// From another source.
    Elsewhere,
}

/// The line at the end of a quote that says where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Where the line begins in the quote's plain text; it goes on to the end.
    pub at: usize,
    /// The ¶ that it names (`¶4`, or a link to `#p4` of the parent).
    pub paragraph: Option<ParagraphNumber>,
    /// Index of the link that it holds, in the article's links.
    pub link: Option<usize>,
}

/// The words of a top-level blockquote, its attribution, its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Its bytes in the source, from the first `>`; ends after its last line.
    pub bytes: Range<usize>,
    /// Its rendered text, with the map back to the source.
    pub plain: PlainText,
    /// The last line, if it begins with a dash and a space.
    pub attribution: Option<Attribution>,
    /// Whether `<!-- quote: loose -->` stands before it.
    pub excused: bool,
    /// Lines of the blockquote that lack their `>`, as bytes of the source.
    pub lazy: Vec<Range<usize>>,
}

/// What became of a quote (design.md, section 4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Its words stand in one place.
    Anchored,
    /// Its words stand in several places.
    Ambiguous,
    /// A passage is near, but says something else.
    Misquotation,
    /// Its words stand, but not in the ¶ that it names.
    WrongParagraph,
    /// A quotation from elsewhere, with its source.
    ThirdParty,
    /// No passage is near, and no source is named.
    NotFound,
    /// Excused by `<!-- quote: loose -->`.
    Excused,
    /// No words.
    Empty,
    /// The parent could not be read.
    Unjudged,
}

impl Status {
    /// Its name in `--format json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Anchored => "anchored",
            Self::Ambiguous => "ambiguous",
            Self::Misquotation => "misquotation",
            Self::WrongParagraph => "wrong-paragraph",
            Self::ThirdParty => "third-party",
            Self::NotFound => "not-found",
            Self::Excused => "excused",
            Self::Empty => "empty",
            Self::Unjudged => "unjudged",
        }
    }
}

/// A place where the words of a quote stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The stretches of the parent's plain text, in order: one, or one a part between elisions.
    pub parts: Vec<Range<usize>>,
    /// The first ¶ that it touches.
    pub paragraph: Option<ParagraphNumber>,
    /// The last ¶ that it touches.
    pub paragraph_end: Option<ParagraphNumber>,
    /// Whether it stands only in what the parent itself quotes.
    pub in_quotation: bool,
    /// For an ambiguous quote: the shortest longer wording that stands only here, as it may
    /// be pasted; nothing where only naming the ¶ helps.
    pub extension: Option<String>,
}

/// One step of a word diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffPart {
    /// Words of both.
    Same(String),
    /// Words of the quote that the parent does not have.
    Quoted(String),
    /// Words of the parent that the quote does not have.
    Original(String),
}

/// The nearest passage of a quote that was not found.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// Its bytes in the parent's plain text.
    pub bytes: Range<usize>,
    /// The first ¶ that it touches.
    pub paragraph: Option<ParagraphNumber>,
    /// The last ¶ that it touches.
    pub paragraph_end: Option<ParagraphNumber>,
    /// Whether it stands in what the parent itself quotes.
    pub in_quotation: bool,
    /// Word by word.
    pub diff: Vec<DiffPart>,
    /// Lines of the quote that have nothing in common with the passage (a signature, a URL):
    /// bytes of the quote's plain text.
    pub foreign_lines: Vec<Range<usize>>,
    /// Why a quote is not found each part of which stands verbatim.
    pub scatter: Option<Scatter>,
    /// Where the words of the passage stand elsewhere as well: a longer wording that stands only
    /// here, as it may be pasted.
    pub extension: Option<String>,
}

/// What is wrong with the order of a quote's parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scatter {
    /// A mark inside a line leaves out the end of a block.
    PastBlock,
    /// They stand in another order.
    OutOfOrder,
}

/// The words of `text`, as bytes: what counts as a word where a quote is compared.
#[must_use]
pub fn word_bounds(text: &str) -> Vec<Range<usize>> {
    let bounds = words::words(text);
    bounds.iter().map(|word| word.start as usize..word.end as usize).collect()
}

/// What locating a quote gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What became of it.
    pub status: Status,
    /// The places where its words stand: one if anchored, several if ambiguous.
    pub places: Vec<Place>,
    /// The nearest passage of a misquotation.
    pub nearest: Option<Nearest>,
    /// Words of the quote, attribution and editorial marks not counted.
    pub words: usize,
    /// 1 − edits / words; 1 where it is anchored.
    pub similarity: f64,
    /// Words in a row verbatim, the longest.
    pub run: usize,
    /// Whether the last line was taken as an attribution and not as text.
    pub attributed: bool,
}
