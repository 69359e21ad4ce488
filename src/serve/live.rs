//! The site as it is on disk at this moment, for all who serve from it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::disk::scan::{Hint, Scanner};
use crate::page::Shared;
use crate::serve::place::{BaseUrlOf, Place};
use crate::site::publish::Reason;
use crate::site::settings::BaseUrl;
use crate::site::snapshot::{Options, Snapshot, take};
use crate::source::{SitePath, Sources};

/// How long files that are settled wait for those that are not, so that all that one step of
/// an editor or of git changes comes in one moment.
const LONGEST_WAIT: Duration = Duration::from_millis(150);

/// How long [`Live::refresh`] waits for files that are written without end.
const LONGEST_REFRESH: Duration = Duration::from_secs(5);

/// The site at one moment, shared by everybody who serves from it. Never changed.
#[derive(Debug)]
pub struct Moment {
    /// Counts from 1 with each change.
    pub number: u64,
    /// The site.
    pub snapshot: Arc<Snapshot>,
    /// What its pages share.
    pub shared: Arc<Shared>,
    /// Files that differ from the moment before, by path.
    pub changed: Vec<SitePath>,
    /// How long it took from the first hint to ready.
    pub took: Duration,
}

impl Moment {
    /// The path of the base URL, empty at the root of its host.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.snapshot.site.base_url.as_ref().map_or("", BaseUrl::path)
    }
}

/// What a site is made with.
#[derive(Clone, Debug, Default)]
pub struct LiveOptions {
    /// As for a build; the moment is that of the start, and moves on where a date comes.
    pub options: Options,
    /// Asked where the options have no base URL; nothing leaves it to `site.yaml`.
    pub base_url_of: BaseUrlOf,
}

/// What the site is made with.
#[derive(Debug)]
struct Making {
    options: Options,
    place: Place,
}

impl Making {
    /// The options for the site that `sources` are.
    fn options(&mut self, sources: &Sources) -> Options {
        let mut options = self.options.clone();
        if options.base_url.is_none() {
            options.base_url = self.place.of(sources).map(Some);
        }
        options
    }
}

/// A site that follows its files.
#[derive(Debug)]
pub struct Live {
    scanner: Mutex<Scanner>,
    making: Mutex<Making>,
    moments: watch::Sender<Arc<Moment>>,
    root: PathBuf,
}

impl Live {
    /// Reads the site in the folder `root` for the first time.
    #[must_use]
    pub fn new(root: impl AsRef<Path>, options: LiveOptions) -> Self {
        let start = Instant::now();
        let scanner = Scanner::new(root.as_ref());
        let place = Place::new(options.base_url_of);
        let mut making = Making { options: options.options, place };
        let sources = scanner.sources();
        let options = making.options(&sources.value);
        let snapshot = take(sources, &options, None);
        let shared = Arc::new(Shared::new(&snapshot));
        let snapshot = Arc::new(snapshot);
        let moment =
            Moment { number: 1, snapshot, shared, changed: Vec::new(), took: start.elapsed() };
        Self {
            root: scanner.root().to_owned(),
            scanner: Mutex::new(scanner),
            making: Mutex::new(making),
            moments: watch::Sender::new(Arc::new(moment)),
        }
    }

    /// The folder of the site, without symbolic links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The site as it is now.
    #[must_use]
    pub fn current(&self) -> Arc<Moment> {
        self.moments.borrow().clone()
    }

    /// Told of each new moment (the latest; none is kept for the slow).
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Arc<Moment>> {
        self.moments.subscribe()
    }

    /// The true folders of files that symbolic links lead to.
    #[must_use]
    pub fn linked_folders(&self) -> BTreeSet<PathBuf> {
        self.scanner().linked_folders()
    }

    /// Looks at the hinted files first (so that the page is ready at once), then scans the whole
    /// site: the scan has the last word. Publishes a moment each time something differs, and
    /// nothing where nothing differs. Called by one thread only.
    pub fn refresh(&self, hints: &[PathBuf]) {
        let hint = |path: &PathBuf| Hint { path: path.clone(), finished: false };
        let start = Instant::now();
        self.look(&hints.iter().map(hint).collect::<Vec<_>>(), start);
        self.scan(start);
        while self.is_waiting() && start.elapsed() < LONGEST_REFRESH {
            self.settle(start);
        }
    }

    /// Whether there are files that may still be in the hands of their writers.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.scanner().wait().is_some()
    }

    /// Looks at the hinted files, of which the first was heard of at `heard`, and publishes
    /// what differs. Gives whether only a scan can tell what has become of some.
    pub fn look(&self, hints: &[Hint], heard: Instant) -> bool {
        let beyond = self.scanner().look(hints);
        self.settle(heard);
        beyond
    }

    /// Looks at all files, because of what was heard at `heard`, and publishes what differs.
    pub fn scan(&self, heard: Instant) {
        let again = self.scanner().scan();
        self.settle(heard);
        if again && !self.is_waiting() {
            self.scanner().scan();
            self.settle(heard);
        }
    }

    /// Waits a while for files that may still be in the hands of their writers, and publishes
    /// what is settled.
    pub fn settle(&self, heard: Instant) {
        let start = Instant::now();
        while start.elapsed() < LONGEST_WAIT {
            let Some(wait) = self.scanner().wait() else { break };
            std::thread::sleep(wait);
            self.scanner().look_at_waiting();
        }
        self.publish(heard);
    }

    fn publish(&self, heard: Instant) {
        let before = self.current();
        let mut scanner = self.scanner();
        let differs = scanner.differs();
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = is_due(&before.snapshot, &making.options);
        if is_due {
            making.options.now = Timestamp::now();
        }
        if differs.is_none() && !is_due {
            return;
        }
        let sources = scanner.sources();
        let options = making.options(&sources.value);
        let snapshot = take(sources, &options, Some(&before.snapshot));
        drop((scanner, making));
        let shared = if snapshot.has_frame_of(&before.snapshot) {
            before.shared.again(&snapshot)
        } else {
            Shared::new(&snapshot)
        };
        let moment = Moment {
            number: before.number + 1,
            snapshot: Arc::new(snapshot),
            shared: Arc::new(shared),
            changed: differs.unwrap_or_default(),
            took: heard.elapsed(),
        };
        self.moments.send_replace(Arc::new(moment));
        // The moment before is taken apart here, where nobody waits for it any more.
    }

    fn scanner(&self) -> std::sync::MutexGuard<'_, Scanner> {
        self.scanner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the date of an article has come that was of the future.
///
/// Nothing else in a site depends on the time, so that it stands still until then, and
/// snapshots share what they can.
fn is_due(snapshot: &Snapshot, options: &Options) -> bool {
    let site = &snapshot.site;
    let now = Timestamp::now();
    site.left_out.iter().any(|one| match one.reason {
        Reason::Future(date) => now > options.now && !date.is_future(now, &site.settings.timezone),
        Reason::Draft | Reason::ReadMe => false,
    })
}
