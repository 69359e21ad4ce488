//! The site at one moment after the other.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::disk::read::read;
use crate::page::Shared;
use crate::site::snapshot::{self, Snapshot};
use crate::source::{SitePath, Sources};

/// What the site is made with.
#[derive(Clone, Debug, Default)]
pub struct LiveOptions {
    /// Flags, environment, clock.
    pub options: snapshot::Options,
}

/// The site at one moment, shared by everybody who serves from it. Never changed.
#[derive(Debug)]
pub struct Moment {
    /// Counts from 1 with each change.
    pub number: u64,
    /// The site.
    pub snapshot: Arc<Snapshot>,
    /// What all its pages share.
    pub shared: Arc<Shared>,
    /// Files that differ from the moment before.
    pub changed: Vec<SitePath>,
    /// How long it took from the first hint to ready.
    pub took: Duration,
}

/// A site that follows its files.
#[derive(Debug)]
pub struct Live {
    root: PathBuf,
    options: LiveOptions,
    sender: watch::Sender<Arc<Moment>>,
}

impl Live {
    /// Reads the site for the first time.
    #[must_use]
    pub fn new(root: &Path, options: LiveOptions) -> Self {
        let start = Instant::now();
        let snapshot = snapshot::take(read(root, &Sources::default()), &options.options, None);
        let shared = Arc::new(Shared::new(&snapshot));
        let moment = Moment {
            number: 1,
            snapshot: Arc::new(snapshot),
            shared,
            changed: Vec::new(),
            took: start.elapsed(),
        };
        Self { root: root.to_owned(), options, sender: watch::Sender::new(Arc::new(moment)) }
    }

    /// The latest moment.
    #[must_use]
    pub fn current(&self) -> Arc<Moment> {
        self.sender.borrow().clone()
    }

    /// Told of each new moment: the latest, none is kept for the slow.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Arc<Moment>> {
        self.sender.subscribe()
    }

    /// Scans the site and publishes a moment where something differs.
    pub fn refresh(&self, _hints: &[PathBuf]) {
        let start = Instant::now();
        let before = self.current();
        let known = &before.snapshot.sources;
        let read = read(&self.root, known);
        let differs = |path: &SitePath| {
            let text = |sources: &Sources| sources.texts.get(path).map(|text| text.text.clone());
            let asset = |sources: &Sources| sources.assets.get(path).map(|asset| asset.hash);
            text(known) != text(&read.value) || asset(known) != asset(&read.value)
        };
        let own = |path: &&SitePath| !path.as_str().starts_with("themes/broadsheet/");
        let all = known.texts.keys().chain(known.assets.keys());
        let all = all.chain(read.value.texts.keys()).chain(read.value.assets.keys());
        let mut changed: Vec<SitePath> =
            all.filter(own).filter(|path| differs(path)).cloned().collect();
        changed.sort();
        changed.dedup();
        if changed.is_empty() {
            return;
        }
        let snapshot = snapshot::take(read, &self.options.options, Some(&before.snapshot));
        let shared = Arc::new(Shared::new(&snapshot));
        let number = before.number + 1;
        let snapshot = Arc::new(snapshot);
        let moment = Moment { number, snapshot, shared, changed, took: start.elapsed() };
        self.sender.send_replace(Arc::new(moment));
    }
}
