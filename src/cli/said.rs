//! What a command that makes no pages says: lines for stdout, diagnostics for stderr.

use std::io::Write as _;
use std::process::ExitCode;

use crate::cli::{FAILED, WRONG_USAGE};
use crate::diagnostic::format::{Style, terminal};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Sources;

/// What a command did, for whoever called it.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// What goes to stdout, with its line ends.
    pub(super) out: String,
    /// What should be known besides.
    pub(super) notes: Vec<Diagnostic>,
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(super) struct Refused {
    code: u8,
    found: Vec<Diagnostic>,
}

impl Said {
    pub(super) fn new(out: impl Into<String>) -> Self {
        Self { out: out.into(), notes: Vec::new() }
    }

    /// Prints it and gives the exit code.
    pub(super) fn print(&self) -> ExitCode {
        print_diagnostics(&self.notes, &Sources::default());
        to_stdout(&self.out)
    }
}

impl Refused {
    /// The command was given what it does not take.
    pub(super) fn usage(diagnostic: Diagnostic) -> Self {
        Self { code: WRONG_USAGE, found: vec![diagnostic] }
    }

    /// The command was right, and something else was not.
    pub(super) fn failed(found: Vec<Diagnostic>) -> Self {
        Self { code: FAILED, found }
    }

    /// Prints why and gives the exit code.
    pub(super) fn print(&self) -> ExitCode {
        print_diagnostics(&self.found, &Sources::default());
        ExitCode::from(self.code)
    }
}

/// A diagnostic of arguments, which says that the usage was wrong.
impl From<Box<Diagnostic>> for Refused {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::usage(*diagnostic)
    }
}

/// Writes `text` to stdout and gives the exit code. That nobody reads any more, as `head` does, is no
/// reason to fail; that it cannot be written is: a script would take its absence for an answer.
pub(super) fn to_stdout(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let message = format!("what was to be printed cannot be written: {error}");
            print_diagnostics(
                [&Diagnostic::global(Code::Unwritable, message)],
                &Sources::default(),
            );
            ExitCode::from(FAILED)
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Prints them for a person, with the lines of `sources` in which they stand.
pub(super) fn print_diagnostics<'a>(
    found: impl IntoIterator<Item = &'a Diagnostic>,
    sources: &Sources,
) {
    let found = found.into_iter();
    let shown: String = found.map(|one| terminal(one, sources, Style::Colored) + "\n\n").collect();
    let _ = anstream::stderr().lock().write_all(shown.as_bytes());
}
