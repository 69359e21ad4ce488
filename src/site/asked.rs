//! What links ask of the texts to which they lead.

use std::collections::{BTreeMap, BTreeSet};

use super::ArticleIndex;
use crate::article::document::Document;
use crate::diagnostic::Diagnostic;
use crate::source::plain_text::ParagraphNumber;

/// What is wrong with a link in the text of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LinkFault {
    pub article: ArticleIndex,
    /// The link, by its index in the document.
    pub link: usize,
    /// Without its place, which is the link: that moves with the text before it.
    pub fault: Diagnostic,
}

/// What links ask of the texts to which they lead: while the answers stay the same, so do
/// the targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// The fragments of each article that some link names, there or not.
    pub fragments: BTreeMap<ArticleIndex, BTreeSet<String>>,
    /// The articles whose number of quotes was asked for.
    pub quotes: BTreeSet<ArticleIndex>,
}

/// Whether `document` has a ¶, an id or a footnote of the name `fragment`.
pub(super) fn has_place(document: &Document, fragment: &str) -> bool {
    paragraph(fragment).is_some_and(|number| number.index() < document.paragraphs)
        || document.ids.iter().any(|id| id.name == fragment)
        || document.has_note(fragment)
}

/// The ¶ that `fragment` names: 4 for `p4`.
pub(super) fn paragraph(fragment: &str) -> Option<ParagraphNumber> {
    let number = fragment.strip_prefix('p').filter(|number| !number.starts_with(['0', '+']))?;
    number.parse().ok().and_then(ParagraphNumber::new)
}
