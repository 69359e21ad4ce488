//! What is wrong, where, and what would be accepted.
//!
//! A diagnostic is built beside the check that found it and formatted only in
//! [`format`]; it knows nothing of terminals.

pub mod code;
pub mod format;
pub mod suggest;

pub use code::Code;

use crate::source::{SitePath, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The build fails.
    Error,
    /// The build goes on; fails with `--strict`.
    Warning,
    /// Something that the editor should know; never fails.
    Note,
}

impl Severity {
    /// The word for it: `error`, `warning`, `note`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// How many errors there are and how many warnings, of which there are any: `2 errors`, `1 warning`.
#[must_use]
pub fn counted<'a>(found: impl Iterator<Item = &'a Diagnostic> + Clone) -> Vec<String> {
    let counted =
        |severity: Severity| match found.clone().filter(|one| one.severity == severity).count() {
            0 => None,
            1 => Some(format!("1 {}", severity.word())),
            number => Some(format!("{number} {}s", severity.word())),
        };
    [Severity::Error, Severity::Warning].into_iter().filter_map(counted).collect()
}

/// Another place that has to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place, in any file.
    pub span: Span,
    /// What is there, in a few words.
    pub message: String,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where; an empty range at 0 of a file stands for the file as a whole.
    pub place: Option<Span>,
    /// What to write under the place, where the message alone is too far from it.
    pub label: Option<String>,
    /// Other places, in any files.
    pub related: Vec<Label>,
    /// What would be accepted, ready to paste; one sentence or piece each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error at `place`.
    #[must_use]
    pub fn error(code: Code, place: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, Some(place), message.into())
    }

    /// A warning at `place`.
    #[must_use]
    pub fn warning(code: Code, place: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, Some(place), message.into())
    }

    /// A note, about `place` where there is one.
    #[must_use]
    pub fn note(code: Code, place: Option<Span>, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, place, message.into())
    }

    /// An error about the file `path` as a whole.
    #[must_use]
    pub fn about(code: Code, path: &SitePath, message: impl Into<String>) -> Self {
        Self::error(code, Span::new(path, 0..0), message)
    }

    /// An error that stands in no file of the site (a folder, an argument).
    #[must_use]
    pub fn global(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, None, message.into())
    }

    fn new(code: Code, severity: Severity, place: Option<Span>, message: String) -> Self {
        Self { code, severity, message, place, label: None, related: Vec::new(), help: Vec::new() }
    }

    /// The same with `label` written under its place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same with another place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label { span, message: message.into() });
        self
    }

    /// The same with one more way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Whether a build fails for it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A value that could be given all the same, and what was wrong on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked<T> {
    /// The value, with defaults where the input was broken.
    pub value: T,
    /// All that was found.
    pub found: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value of which nothing bad is known.
    pub fn sound(value: T) -> Self {
        Self { value, found: Vec::new() }
    }

    /// Takes the value and adds what was found to `all`.
    pub fn into_value(self, all: &mut Vec<Diagnostic>) -> T {
        all.extend(self.found);
        self.value
    }
}

/// Sorts by path, place, code and message, and drops what was said twice.
///
/// Done once, at the edge, so that the order depends on nothing but the input: what is equal
/// in these is told apart by all the rest.
pub fn sort(found: &mut Vec<Diagnostic>) {
    found.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| rest(a).cmp(&rest(b))));
    found.dedup();
}

fn order(one: &Diagnostic) -> (Option<&str>, usize, usize, Code, &str) {
    let (path, start, end) = one.place.as_ref().map_or((None, 0, 0), |place| {
        (Some(place.path.as_str()), place.bytes.start, place.bytes.end)
    });
    (path, start, end, one.code, &one.message)
}

fn rest(one: &Diagnostic) -> impl Ord + '_ {
    let related = one.related.iter().map(|label| {
        let Span { path, bytes } = &label.span;
        (path, bytes.start, bytes.end, &label.message)
    });
    (one.severity, &one.label, &one.help, related.collect::<Vec<_>>())
}
