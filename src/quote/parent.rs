//! A parent as quotes are compared with it.

use std::sync::OnceLock;

use crate::quote::text::Text;
use crate::quote::verbatim::is_simple;
use crate::source::plain_text::PlainText;

/// A parent's text, made ready once for all its replies' quotes.
#[derive(Debug)]
pub struct ParentText {
    plain: PlainText,
    /// Whether quotes may be sought in it to the letter.
    pub(super) is_simple: bool,
    /// Its words; made when a quote is not found to the letter.
    words: OnceLock<Text>,
}

impl ParentText {
    /// The parent whose rendered text is `plain`.
    #[must_use]
    pub fn new(plain: PlainText) -> Self {
        Self { is_simple: is_simple(&plain.text), plain, words: OnceLock::new() }
    }

    /// Its rendered text.
    #[must_use]
    pub fn plain(&self) -> &PlainText {
        &self.plain
    }

    pub(super) fn words(&self) -> &Text {
        self.words.get_or_init(|| Text::new(&self.plain))
    }
}
