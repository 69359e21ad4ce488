//! What became of an outward link, and how that is said.

use std::fmt::Write as _;

use super::Link;
use crate::diagnostic::{Code, Diagnostic};

/// What became of an address that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It leads somewhere.
    Alive,
    /// It leads somewhere, which has another address for good.
    Moved(String),
    /// Its host does not say, and why.
    Unverified(String),
    /// It leads nowhere, and why.
    Dead(String),
}

/// Places besides the first that are named.
const PLACES: usize = 5;

impl Verdict {
    /// What is to be said of it, at the first place that links to it.
    pub(super) fn diagnostic(&self, link: &Link) -> Option<Diagnostic> {
        let url = &link.url;
        let place = link.places.first().cloned()?;
        let diagnostic = match self {
            Self::Alive => return None,
            Self::Moved(to) => {
                let message = format!("`{url}` has moved for good");
                Diagnostic::note(Code::MovedLink, Some(place), message).help(to.clone())
            }
            // A note and no warning: nobody here could do anything about it.
            Self::Unverified(why) => {
                let message = format!("whether `{url}` leads anywhere is not known: {why}");
                Diagnostic::note(Code::UnverifiedLink, Some(place), message)
                    .help("open it in a browser")
            }
            Self::Dead(why) => {
                let message = format!("`{url}` leads nowhere: {why}");
                Diagnostic::error(Code::DeadOutwardLink, place, message)
                    .help(format!("a copy may be at https://web.archive.org/web/{url}"))
                    .help(format!("to leave it out, write `check_external: {{skip: [\"{url}\"]}}` in site.yaml"))
            }
        };
        let others = link.places.iter().skip(1).take(PLACES);
        Some(others.fold(diagnostic, |all, place| all.related(place.clone(), "here too")))
    }
}

/// How many addresses became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    known: usize,
    all: usize,
    moved: usize,
    unverified: usize,
    dead: usize,
}

impl Counts {
    /// Of nothing yet; `known` addresses need not be asked.
    pub(super) fn of(known: usize) -> Self {
        Self { known, ..Self::default() }
    }

    pub(super) fn count(&mut self, verdict: &Verdict) {
        self.all += 1;
        match verdict {
            Verdict::Alive => {}
            Verdict::Moved(_) => self.moved += 1,
            Verdict::Unverified(_) => self.unverified += 1,
            Verdict::Dead(_) => self.dead += 1,
        }
    }

    /// `12 outward links (10 known from less than a day ago): 9 alive, 1 moved, 1 unverified, 1 dead`.
    pub(super) fn line(&self) -> String {
        let s = if self.all == 1 { "" } else { "s" };
        let mut line = format!("{} outward link{s}", self.all);
        if self.known > 0 {
            let _ = write!(line, " ({} known from less than a day ago)", self.known);
        }
        let alive = self.all - self.moved - self.unverified - self.dead;
        let numbers = [
            (alive, "alive"),
            (self.moved, "moved"),
            (self.unverified, "unverified"),
            (self.dead, "dead"),
        ];
        let shown: Vec<String> = numbers
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| format!("{number} {what}"))
            .collect();
        if !shown.is_empty() {
            let _ = write!(line, ": {}", shown.join(", "));
        }
        line
    }
}
