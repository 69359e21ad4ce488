//! Telling the site to look at its files again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::live::Live;

/// How files are watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WatchOptions {
    /// As the system tells.
    #[default]
    Listen,
    /// By looking again and again.
    Poll,
}

/// What is to be said of watching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Changes cannot be heard of, for this reason.
    Polling(String),
}

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    stopped: Arc<AtomicBool>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

/// Looks at the files of `live` again and again, on a thread of its own.
pub fn watch(
    live: Arc<Live>,
    _options: WatchOptions,
    _say: impl Fn(Notice) + Send + 'static,
) -> Watcher {
    let stopped = Arc::new(AtomicBool::new(false));
    let watcher = Watcher { stopped: stopped.clone() };
    std::thread::spawn(move || {
        while !stopped.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(300));
            live.refresh(&[]);
        }
    });
    watcher
}
