//! Hears of changes. What it hears is a hint and no more: a scan follows and has the last word.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, Event, EventKind, ModifyKind, RenameMode};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::live::Live;
use crate::disk::read::TOPS;
use crate::disk::scan::Hint;

/// When nothing more is heard for so long, the step of an editor is over.
const QUIET: Duration = Duration::from_millis(2);

/// The same once so many files are named that it is no editor: git and generators pause
/// between files.
const QUIET_OF_STORM: Duration = Duration::from_millis(40);

/// How many files that are.
const STORM: usize = 12;

/// How long hints are collected at most.
const LONGEST_STORM: Duration = Duration::from_secs(1);

/// From the last event to the scan: long enough that the browser has its page first.
const SCAN_AFTER: Duration = Duration::from_millis(60);

/// Between two scans where nothing is heard; some file systems tell nothing.
const SAFETY: Duration = Duration::from_secs(2);

/// Between two scans where nothing can be heard.
const POLL: Duration = Duration::from_millis(400);

/// A scan may take one part in so many of the time.
const SHARE: u32 = 20;

/// What the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Changes cannot be heard of, for this reason; the files are looked at every 0.4 s, or
    /// less often where that takes long.
    Polling(String),
}

/// How to watch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WatchOptions {
    /// The system tells of changes; where it cannot, the files are looked at.
    #[default]
    Listen,
    /// The files are looked at again and again.
    Poll,
}

enum Message {
    Heard(notify::Result<Event>),
    Stop,
}

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    messages: Sender<Message>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // Where the thread has ended already nobody is left to be told.
        let _ = self.messages.send(Message::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Follows the files of `live` on a thread of its own; what the user should know goes to `say`.
///
/// What has changed since `live` was made is seen as well.
pub fn watch(
    live: Arc<Live>,
    options: WatchOptions,
    say: impl Fn(Notice) + Send + 'static,
) -> Watcher {
    let (sender, receiver) = channel();
    let messages = sender.clone();
    let follow = move || {
        let mut ears = None;
        if options == WatchOptions::Listen {
            match Ears::open(&live, sender) {
                Ok(open) => ears = Some(open),
                Err(reason) => say(Notice::Polling(reason)),
            }
        }
        Follower { live, ears, receiver, say: Box::new(say) }.follow();
    };
    let thread = std::thread::Builder::new().name("watch".to_owned()).spawn(follow);
    Watcher { messages, thread: thread.ok() }
}

/// The system's own watcher, and what it watches.
struct Ears {
    watcher: RecommendedWatcher,
    /// Folders outside those that are read, to which symbolic links lead.
    linked: BTreeSet<PathBuf>,
}

impl Ears {
    fn open(live: &Live, sender: Sender<Message>) -> Result<Self, String> {
        let hear = move |event: notify::Result<Event>| {
            if event.as_ref().map_or(true, |event| is_change(event.kind)) {
                let _ = sender.send(Message::Heard(event));
            }
        };
        let watcher = notify::recommended_watcher(hear).map_err(|error| error.to_string())?;
        let mut ears = Self { watcher, linked: BTreeSet::new() };
        ears.listen(live.root(), RecursiveMode::NonRecursive)?;
        for top in TOPS {
            ears.listen(&live.root().join(top), RecursiveMode::Recursive)?;
        }
        ears.listen_to_linked(live)?;
        Ok(ears)
    }

    /// Listens to `path`, if it is there.
    fn listen(&mut self, path: &Path, mode: RecursiveMode) -> Result<(), String> {
        if !path.is_dir() {
            return Ok(());
        }
        match self.watcher.watch(path, mode) {
            Err(error) if is_limit(&error) => Err(error.to_string()),
            // What is not there any more is seen by the scan.
            _ => Ok(()),
        }
    }

    /// Listens to a folder again that has come or gone: of the new one nothing would be heard.
    fn listen_again(&mut self, path: &Path) -> Result<(), String> {
        // It may not have been watched.
        let _ = self.watcher.unwatch(path);
        self.listen(path, RecursiveMode::Recursive)
    }

    fn listen_to_linked(&mut self, live: &Live) -> Result<(), String> {
        let is_read =
            |folder: &PathBuf| TOPS.iter().any(|top| folder.starts_with(live.root().join(top)));
        let folders = live.linked_folders();
        let elsewhere: BTreeSet<PathBuf> = folders
            .into_iter()
            .filter(|folder| !is_read(folder) && folder != live.root())
            .collect();
        for folder in elsewhere.difference(&self.linked.clone()) {
            self.listen(folder, RecursiveMode::NonRecursive)?;
        }
        self.linked = elsewhere;
        Ok(())
    }
}

/// Whether there are too many files for the system to tell of.
fn is_limit(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => true,
        // Too many watchers, or no memory left for one.
        notify::ErrorKind::Io(error) => matches!(error.raw_os_error(), Some(24 | 28 | 12)),
        _ => false,
    }
}

/// Whether an event tells of a change; reading a file raises events too.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(_)) || is_closed(kind)
}

/// Whether a writer has closed its file.
fn is_closed(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(AccessKind::Close(AccessMode::Write)))
}

/// What was heard in one go.
#[derive(Default)]
struct Hints {
    /// Whether each path's writer is known to be done.
    paths: BTreeMap<PathBuf, bool>,
    /// Top folders that have come or gone.
    tops: BTreeSet<PathBuf>,
    /// Whether something is not known.
    scan: bool,
}

impl Hints {
    fn add(&mut self, event: notify::Result<Event>, root: &Path) {
        let Ok(event) = event else {
            self.scan = true;
            return;
        };
        self.scan |= event.need_rescan();
        let renamed = matches!(event.kind, EventKind::Modify(ModifyKind::Name(_)));
        let arrived = matches!(
            event.kind,
            EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
        );
        let comes_or_goes =
            renamed || matches!(event.kind, EventKind::Create(_) | EventKind::Remove(_));
        let metadata = matches!(event.kind, EventKind::Modify(ModifyKind::Metadata(_)));
        for path in event.paths {
            let is_top = path.parent() == Some(root)
                && path.file_name().is_some_and(|name| TOPS.iter().any(|top| name == *top));
            if is_top && comes_or_goes {
                self.tops.insert(path.clone());
            }
            let finished = self.paths.entry(path).or_default();
            // Names and times are changed by those who are done with what is in the file.
            *finished = is_closed(event.kind) || arrived || (metadata && *finished);
        }
    }
}

struct Follower {
    live: Arc<Live>,
    ears: Option<Ears>,
    receiver: Receiver<Message>,
    say: Box<dyn Fn(Notice) + Send>,
}

impl Follower {
    fn follow(mut self) {
        // What has changed between the first reading and the first watch was not heard.
        let mut due = Instant::now() + SCAN_AFTER;
        loop {
            match self.receiver.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(Message::Heard(event)) => {
                    let heard = Instant::now();
                    let Some(hints) = self.collect(event) else { return };
                    if self.take(hints, heard) {
                        self.scan(heard);
                    }
                    due = due.min(Instant::now() + SCAN_AFTER);
                }
                Err(RecvTimeoutError::Timeout) if self.live.is_waiting() => {
                    self.live.settle(Instant::now());
                    due = due.max(Instant::now() + SCAN_AFTER);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let start = Instant::now();
                    self.scan(start);
                    let pause = if self.ears.is_some() { SAFETY } else { POLL };
                    due = Instant::now() + pause.max(start.elapsed() * SHARE);
                }
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// All hints until it is quiet; nothing where it is time to stop.
    fn collect(&self, first: notify::Result<Event>) -> Option<Hints> {
        let end = Instant::now() + LONGEST_STORM;
        let mut hints = Hints::default();
        hints.add(first, self.live.root());
        while Instant::now() < end {
            let quiet = if hints.paths.len() < STORM { QUIET } else { QUIET_OF_STORM };
            match self.receiver.recv_timeout(quiet) {
                Ok(Message::Heard(event)) => hints.add(event, self.live.root()),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => break,
            }
        }
        Some(hints)
    }

    /// Looks at what was heard of; gives whether only a scan can tell the rest.
    fn take(&mut self, hints: Hints, heard: Instant) -> bool {
        for top in &hints.tops {
            let listening = self.ears.as_mut().map_or(Ok(()), |ears| ears.listen_again(top));
            self.poll_if(listening);
        }
        let paths = hints.paths.into_iter();
        let paths: Vec<Hint> = paths.map(|(path, finished)| Hint { path, finished }).collect();
        let beyond = self.live.look(&paths, heard);
        hints.scan || beyond
    }

    fn scan(&mut self, heard: Instant) {
        self.live.scan(heard);
        let listening = self.ears.as_mut().map_or(Ok(()), |ears| ears.listen_to_linked(&self.live));
        self.poll_if(listening);
    }

    fn poll_if(&mut self, listening: Result<(), String>) {
        if let Err(reason) = listening {
            self.ears = None;
            (self.say)(Notice::Polling(reason));
        }
    }
}
