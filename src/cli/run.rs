//! What `build` and `check` do: read, take, render, write.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::diagnostic::{self, Diagnostic, Severity};
use crate::disk::read::read;
use crate::disk::write::{Force, Target, Written, write};
use crate::site::settings::BaseUrl;
use crate::source::{OutputFile, Sources};

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The folder of the site.
    pub root: PathBuf,
    /// Where its pages go.
    pub output: PathBuf,
    /// What the site is made with.
    pub options: Options,
    /// Whether warnings fail as errors do.
    pub strict: bool,
    /// What to do with the pages.
    pub action: Action,
}

/// What a site is made with besides its files.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the site will be published.
    pub base_url: BaseUrlChoice,
    /// Whether drafts are published.
    pub drafts: bool,
    /// Whether articles dated after today are published.
    pub future: bool,
    /// The moment that decides which day it is.
    pub now: Timestamp,
}

/// Which base URL a build takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrlChoice {
    /// That of `site.yaml`.
    OfSite,
    /// None, whatever `site.yaml` says.
    Nowhere,
    /// This one.
    Url(BaseUrl),
}

/// What to do with the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing: they are rendered for what is found on the way.
    Check,
    /// Write them.
    Write(Force),
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was read, for the lines that diagnostics show.
    pub sources: Sources,
    /// All that was found, in order.
    pub found: Vec<Diagnostic>,
    /// What was made.
    pub counts: Counts,
    /// Every judged quote, as `--format json` prints it.
    pub quotes: Vec<serde_json::Value>,
    /// What is not published and when it will be, a line each: `3 drafts`.
    pub left_out: Vec<String>,
    /// What was written, where anything was.
    pub written: Option<Written>,
    /// The time of each arrow.
    pub times: Vec<(&'static str, Duration)>,
}

/// How much of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Published articles, plain pages not among them.
    pub articles: usize,
    /// Debates.
    pub debates: usize,
    /// Pages.
    pub pages: usize,
    /// Judged quotes by [`crate::quote::Status::name`].
    pub quotes: BTreeMap<&'static str, usize>,
}

impl Request {
    /// Whether what was found makes the command fail.
    #[must_use]
    pub fn fails(&self, found: &[Diagnostic]) -> bool {
        let worst = if self.strict { Severity::Warning } else { Severity::Error };
        found.iter().any(|one| one.severity <= worst)
    }
}

/// Does what is asked for; whatever goes wrong is in what it gives.
#[must_use]
pub fn run(request: &Request) -> Outcome {
    let mut outcome = Outcome::default();
    let read = timed("read", &mut outcome, || read(&request.root, &Sources::default()));
    outcome.sources = read.into_value(&mut outcome.found);
    // take and render come here: snapshot, routes, and one result a route.
    let files = rayon::iter::empty::<Result<OutputFile, Box<Diagnostic>>>();
    if let Action::Write(force) = request.action
        && !request.fails(&outcome.found)
    {
        let target = Target { folder: request.output.clone(), root: request.root.clone(), force };
        match timed("write", &mut outcome, || write(&target, files)) {
            Ok(written) => {
                outcome.found.extend(written.found.clone());
                outcome.written = Some(written);
            }
            Err(found) => outcome.found.extend(found),
        }
    }
    diagnostic::sort(&mut outcome.found);
    outcome
}

fn timed<T>(arrow: &'static str, outcome: &mut Outcome, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    outcome.times.push((arrow, start.elapsed()));
    result
}
