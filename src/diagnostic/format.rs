//! How diagnostics look: one file a format.

use crate::diagnostic::Diagnostic;
use crate::source::line::Position;
use crate::source::{Source, Sources, Span};

mod github;
mod json;
mod summary;
mod terminal;

pub use github::{Repository, github};
pub use json::{json, located};
pub use summary::summary;
pub use terminal::{Style, terminal};

/// The text in which a span stands; nothing for a file as a whole or one that is no text.
fn text_of<'a>(span: &Span, sources: &'a Sources) -> Option<&'a Source> {
    (span.bytes != (0..0)).then(|| sources.texts.get(&span.path).map(|text| &**text)).flatten()
}

/// The first place of a span and the one past its last, where it stands in a text.
fn positions(span: &Span, sources: &Sources) -> Option<(Position, Position)> {
    let source = text_of(span, sources)?;
    Some((source.position(span.bytes.start), source.position(span.bytes.end)))
}

/// The same for where lines are shown as a whole: an end of line belongs to the line that it ends,
/// and a quote's goes with it.
fn shown_positions(span: &Span, sources: &Sources) -> Option<(Position, Position)> {
    let source = text_of(span, sources)?;
    let text = source.text.get(span.bytes.clone()).unwrap_or_default();
    let end = span.bytes.start + text.trim_end_matches(['\n', '\r']).len();
    Some((source.position(span.bytes.start), source.position(end)))
}

/// The message and, below it, what is written under the place: for formats without a drawing.
fn message_of(diagnostic: &Diagnostic) -> String {
    match &diagnostic.label {
        Some(label) => format!("{}: {label}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}
