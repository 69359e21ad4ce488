//! How long a save takes: from the `rename` of the file to the new site, ready to serve.
//!
//! `cargo bench --bench live -- FOLDER…`: each folder is a site; it is copied, never changed.
//! Prints the time of the first reading beside that of a build's, then the median and the worst
//! of 20 edits of each kind.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench touches the world and knows its files"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use agon::disk::read::read;
use agon::serve::live::{Live, LiveOptions, Moment};
use agon::serve::watch::{WatchOptions, watch};
use agon::site::snapshot::{Options, take};
use agon::source::Sources;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Edits of each kind.
const EDITS: usize = 20;

fn main() {
    for folder in std::env::args().skip(1).filter(|argument| !argument.starts_with('-')) {
        measure(Path::new(&folder));
    }
}

fn measure(folder: &Path) {
    let copy = tempfile::tempdir().unwrap();
    copy_all(folder, copy.path());
    let options = Options { now: jiff::Timestamp::now(), ..Options::default() };
    let start = Instant::now();
    drop(take(read(copy.path(), &Sources::default()), &options, None));
    let build = start.elapsed();
    let start = Instant::now();
    let live = Arc::new(Live::new(copy.path(), LiveOptions { options, ..LiveOptions::default() }));
    let articles = live.current().snapshot.articles.len();
    println!("{articles} articles: first {:.0?}, a build's {build:.0?}", start.elapsed());
    let watcher = watch(live.clone(), WatchOptions::Listen, |notice| println!("{notice:?}"));
    std::thread::sleep(Duration::from_secs(3));
    edits(&live, "text", |text, number| format!("{text}\n\nWords of edit {number}.\n"));
    edits(&live, "front", |text, number| {
        text.replacen("---\n", &format!("---\nsummary: Edit {number}.\n"), 1)
    });
    let start = Instant::now();
    live.scan(start);
    println!("  scan {:.1?}", start.elapsed());
    drop(watcher);
}

/// Edits article after article, each by a temporary file that is renamed.
fn edits(live: &Arc<Live>, kind: &str, edit: impl Fn(&str, usize) -> String) {
    let paths: Vec<PathBuf> = {
        let moment = live.current();
        let all: Vec<&str> = moment.snapshot.articles.keys().map(|path| path.as_str()).collect();
        (0..EDITS).map(|edit| live.root().join(all[edit * all.len() / EDITS])).collect()
    };
    let mut times: Vec<(Duration, Duration)> = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        let text = edit(&std::fs::read_to_string(path).unwrap(), number);
        let new = path.with_extension("md.tmp");
        std::fs::write(&new, text).unwrap();
        let before = live.current().number;
        let start = Instant::now();
        std::fs::rename(&new, path).unwrap();
        let moment = next(live, before);
        times.push((start.elapsed(), moment.took));
        // Each edit is one of its own: the scan that follows is over.
        std::thread::sleep(Duration::from_millis(700));
    }
    times.sort_unstable();
    let (median, worst) = (times[EDITS / 2], times[EDITS - 1]);
    let (ready, worst_ready, heard) = (median.0, worst.0, median.1);
    println!(
        "  {kind}: median {ready:.1?}, worst {worst_ready:.1?} (from the first event {heard:.1?})"
    );
}

fn next(live: &Live, before: u64) -> Arc<Moment> {
    loop {
        let moment = live.current();
        if moment.number > before {
            return moment;
        }
        std::thread::sleep(Duration::from_micros(100));
    }
}

fn copy_all(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
