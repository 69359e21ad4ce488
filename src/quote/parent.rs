//! A parent as quotes are compared with it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::quote::code;
use crate::quote::text::Text;
use crate::quote::verbatim::is_simple;
use crate::source::plain_text::PlainText;

/// Quotes that are sought to the letter in one parent. To make its words takes as long as about ten
/// such searches in English, and as three in a text whose letters are all frequent (that of
/// `cargo bench --bench matcher`); with the words, the next are found faster.
const MOST_SEARCHES: usize = 4;

/// A parent's text, made ready once for all its replies' quotes.
#[derive(Debug)]
pub struct ParentText {
    plain: PlainText,
    /// The same as quotes are compared with it; nothing where it is that.
    read: Option<PlainText>,
    /// Whether quotes may be sought in it to the letter.
    is_simple: bool,
    /// How many were.
    sought: AtomicUsize,
    /// Its words; made when a quote is not found to the letter, or many were sought so.
    words: OnceLock<Text>,
}

impl ParentText {
    /// The parent whose rendered text is `plain`.
    #[must_use]
    pub fn new(plain: PlainText) -> Self {
        let (is_simple, read) = (is_simple(&plain.text), code::hidden(&plain));
        Self { plain, read, is_simple, sought: AtomicUsize::new(0), words: OnceLock::new() }
    }

    /// Its rendered text.
    #[must_use]
    pub fn plain(&self) -> &PlainText {
        &self.plain
    }

    /// The same as quotes are compared with it.
    pub(super) fn read(&self) -> &PlainText {
        self.read.as_ref().unwrap_or(&self.plain)
    }

    /// Takes one of the searches to the letter; false where none is left, or the words are there.
    /// What comes of a quote is the same.
    pub(super) fn take_search(&self) -> bool {
        self.is_simple
            && self.words.get().is_none()
            && self.sought.fetch_add(1, Ordering::Relaxed) < MOST_SEARCHES
    }

    pub(super) fn words(&self) -> &Text {
        self.words.get_or_init(|| Text::new(self.read()))
    }
}
