//! What `build` and `check` do: read, take, render, write.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::deploy::base_url::{self, BaseUrlFrom, Reach, RemoteOf};
use crate::diagnostic::{self, Checked, Diagnostic, Severity};
use crate::disk::read::read;
use crate::disk::write::{Force, Target, Written, write};
use crate::page::{self, Shared};
use crate::site::publish::Reason;
use crate::site::settings::BaseUrl;
use crate::site::snapshot::{self, Snapshot, take};
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
    /// The remote whose pages it may be.
    pub remote: String,
    /// Whether warnings fail as errors do.
    pub strict: bool,
    /// Whether every quote is listed, and not only counted.
    pub lists_quotes: bool,
    /// What to do with the pages.
    pub action: Action,
    /// Whether outward links are asked for, too.
    pub outward: Outward,
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
    /// That of `site.yaml`, of `static/CNAME`, or of the repository where that is in reach.
    OfSite(Reach),
    /// None, whatever `site.yaml` says.
    Nowhere(BaseUrlFrom),
    /// This one.
    Url(BaseUrl, BaseUrlFrom),
}

/// What to do with the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing: they are rendered for what is found on the way.
    Check,
    /// Keep them in memory.
    Keep,
    /// Write them.
    Write(Force),
}

/// Whether outward links are asked whether they lead anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outward {
    /// They are left alone.
    Trusted,
    /// They are asked.
    Asked,
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
    /// Articles that are not published before their day.
    pub awaited: usize,
    /// The base URL and who said so; nothing for a site without one of which nobody said so.
    pub base_url: Option<(Option<BaseUrl>, BaseUrlFrom)>,
    /// The finished site, where it was to be kept and nothing fails.
    pub kept: Option<Vec<OutputFile>>,
    /// What was written, where anything was.
    pub written: Option<Written>,
    /// What became of the outward links, in a line, where they were asked for.
    pub outward: Option<String>,
    /// What was deployed, as `--format json` prints it in its summary.
    pub deployed: Vec<(&'static str, serde_json::Value)>,
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
    outcome.base_url = base_url(request, &read.value).into_value(&mut outcome.found);
    let mut options = request.options.of_site();
    options.base_url = outcome.base_url.as_ref().map(|(url, _)| url.clone());
    let mut snapshot = timed("resolve", &mut outcome, || take(read, &options, None));
    outcome.found.extend(snapshot.found.iter().cloned());
    if request.lists_quotes {
        outcome.quotes = super::quotes::quotes(&snapshot);
    }
    outcome.counts.quotes = super::quotes::counts(&snapshot);
    count(&snapshot, &mut outcome);
    let shared = Shared::new(&snapshot);
    match request.action {
        Action::Write(force) if !request.fails(&outcome.found) => {
            let target =
                Target { folder: request.output.clone(), root: request.root.clone(), force };
            match timed("write", &mut outcome, || write(&target, files(&snapshot, &shared))) {
                Ok(written) => {
                    outcome.found.extend(written.found.clone());
                    outcome.written = Some(written);
                }
                Err(found) => outcome.found.extend(once(found)),
            }
        }
        Action::Keep if !request.fails(&outcome.found) => {
            let results =
                timed("render", &mut outcome, || -> Vec<_> { files(&snapshot, &shared).collect() });
            let (kept, faults): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
            outcome
                .found
                .extend(once(faults.into_iter().filter_map(Result::err).map(|one| *one).collect()));
            outcome.kept = Some(kept.into_iter().flatten().collect());
        }
        // Nothing will be written, but what is wrong with the pages is told all the same.
        _ => {
            let faults = timed("render", &mut outcome, || -> Vec<Diagnostic> {
                files(&snapshot, &shared).filter_map(Result::err).map(|fault| *fault).collect()
            });
            outcome.found.extend(once(faults));
        }
    }
    if request.outward == Outward::Asked {
        let checked = timed("external", &mut outcome, || super::external::ask(&snapshot, request));
        outcome.outward = checked.into_value(&mut outcome.found);
    }
    diagnostic::sort(&mut outcome.found);
    outcome.sources = std::mem::take(&mut snapshot.sources);
    // The process ends: what it holds need not be taken apart piece by piece.
    std::mem::forget((snapshot, shared));
    outcome
}

/// The base URL that the site gets, and who said so.
fn base_url(
    request: &Request,
    sources: &Sources,
) -> Checked<Option<(Option<BaseUrl>, BaseUrlFrom)>> {
    match &request.options.base_url {
        BaseUrlChoice::Nowhere(from) => Checked::sound(Some((None, from.clone()))),
        BaseUrlChoice::Url(url, from) => Checked::sound(Some((Some(url.clone()), from.clone()))),
        BaseUrlChoice::OfSite(reach) => {
            let remote = RemoteOf { root: &request.root, name: &request.remote, reach: *reach };
            let Checked { value, found } = base_url::of_site(sources, remote);
            Checked { value: value.map(|(url, from)| (Some(url), from)), found }
        }
    }
}

/// Every file of the output, rendered as it is asked for.
fn files(
    snapshot: &Snapshot,
    shared: &Shared,
) -> impl ParallelIterator<Item = Result<OutputFile, Box<Diagnostic>>> {
    let routes = if snapshot.theme.is_some() { snapshot.site.routes.as_slice() } else { &[] };
    let pages = routes.par_iter().map(move |route| page::render(snapshot, shared, route));
    pages.chain(page::copies(snapshot).into_par_iter().map(Ok))
}

/// A fault of a template is a fault of every page that is rendered with it, and told once.
fn once(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut told: Vec<(Diagnostic, usize)> = Vec::new();
    for one in found {
        let same = |known: &&mut (Diagnostic, usize)| {
            (known.0.code, &known.0.message, &known.0.place) == (one.code, &one.message, &one.place)
        };
        match told.iter_mut().find(same) {
            Some((_, others)) => *others += 1,
            None => told.push((one, 0)),
        }
    }
    let told = told.into_iter().map(|(one, others)| match others {
        0 => one,
        1 => one.help("and on another page"),
        more => one.help(format!("and on {more} other pages")),
    });
    told.collect()
}

fn count(snapshot: &Snapshot, outcome: &mut Outcome) {
    let site = &snapshot.site;
    outcome.counts.articles = site.archive.len();
    outcome.counts.debates = site.debates.len();
    outcome.counts.pages = site.routes.len();
    let drafts = site.left_out.iter().filter(|one| one.reason == Reason::Draft).count();
    if drafts > 0 {
        outcome.left_out.push(format!("{drafts} draft{}", if drafts == 1 { "" } else { "s" }));
    }
    for one in &site.left_out {
        if let Reason::Future(date) = one.reason {
            outcome.awaited += 1;
            outcome.left_out.push(format!("{} until {}", one.path, date.long()));
        }
    }
}

impl Options {
    pub(super) fn of_site(&self) -> snapshot::Options {
        let base_url = match &self.base_url {
            BaseUrlChoice::OfSite(_) => None,
            BaseUrlChoice::Nowhere(_) => Some(None),
            BaseUrlChoice::Url(url, _) => Some(Some(url.clone())),
        };
        snapshot::Options { base_url, drafts: self.drafts, future: self.future, now: self.now }
    }
}

fn timed<T>(arrow: &'static str, outcome: &mut Outcome, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    outcome.times.push((arrow, start.elapsed()));
    result
}
