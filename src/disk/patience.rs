//! When what is in a file is believed.
//!
//! A file that is replaced in one step is whole at once. One that is written where it lies is
//! empty first, then longer and longer: read too soon it is broken, and nobody wrote that.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Between two looks at a file that is not believed.
pub(super) const STEP: Duration = Duration::from_millis(4);

/// How long a file that was written where it lies must have been left alone: writers that
/// write in pieces do so without pause. Clocks of file systems step by up to 4 ms.
const QUIET: Duration = Duration::from_millis(8);

/// The same for one that has become shorter, which may be cut.
const SHORTER: Duration = Duration::from_millis(50);

/// The same for one that is empty: some editors empty a file, then make its text, and on a
/// machine that is busy a writer may sleep for 0.1 s in between. Nobody empties a file for good
/// and is in a hurry to see it.
const EMPTY: Duration = Duration::from_millis(500);

/// How long a file must be gone: Vim moves the old one away before it writes the new.
pub(super) const VANISHED: Duration = Duration::from_millis(25);

/// When the waiting ends for a file that is written without end.
const LONGEST: Duration = Duration::from_secs(1);

/// The same for one that is empty, or changes under the reader, whenever it is looked at.
const LONGEST_UNLIKELY: Duration = Duration::from_secs(4);

/// What the system says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub size: u64,
    pub modified: SystemTime,
    /// When anything about it changed, its name too, and which file of the disk it is; where
    /// the system tells.
    identity: Option<Identity>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    changed: (i64, i64),
    modified: (i64, i64),
    file: (u64, u64),
}

impl Stat {
    pub(super) fn new(metadata: &Metadata) -> Self {
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        Self { size: metadata.len(), modified, identity: identity(metadata) }
    }

    /// Whether another file was put in the place of that with `before`, after it was written.
    fn has_replaced(self, before: Self) -> bool {
        self.identity
            .zip(before.identity)
            .is_some_and(|(own, before)| own.file != before.file && own.changed > own.modified)
    }
}

/// What the system says of `file`, links followed; nothing where it cannot be had.
pub(super) fn stat(file: &Path) -> Option<Stat> {
    fs::metadata(file).ok().map(|metadata| Stat::new(&metadata))
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems tell nothing")]
fn identity(metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    Some(Identity {
        changed: (metadata.ctime(), metadata.ctime_nsec()),
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        file: (metadata.dev(), metadata.ino()),
    })
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<Identity> {
    None
}

/// A file as it was read just now.
pub(super) struct Reading {
    /// What the system said of it when it was believed last; nothing for a new one.
    pub before: Option<Stat>,
    pub stat: Option<Stat>,
    /// Whether it stayed the same while it was read.
    pub steady: bool,
    /// Whether its writer is known to be done.
    pub finished: bool,
    /// How long it is not believed already.
    pub waited: Duration,
    pub now: SystemTime,
}

/// Whether what is in a file must not be believed yet.
pub(super) fn must_wait(reading: &Reading) -> bool {
    let is_likely = reading.steady && reading.stat.is_some_and(|stat| stat.size > 0);
    if reading.waited > if is_likely { LONGEST } else { LONGEST_UNLIKELY } {
        return false;
    }
    let Some(stat) = reading.stat.filter(|_| reading.steady) else { return true };
    let age = match reading.now.duration_since(stat.modified) {
        Ok(age) => age,
        // Written since it was opened.
        Err(later) if later.duration() < LONGEST => Duration::ZERO,
        // The time of another clock, which tells nothing.
        Err(_) => reading.waited,
    };
    let patience = if stat.size == 0 {
        EMPTY
    } else if reading.finished || reading.before.is_some_and(|before| stat.has_replaced(before)) {
        Duration::ZERO
    } else if reading.before.is_some_and(|before| stat.size < before.size) {
        SHORTER
    } else {
        QUIET
    };
    age < patience
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat(size: u64, modified: u64, file: u64, renamed: bool) -> Stat {
        let at = |ms: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(ms);
        let modified_at = (0, i64::try_from(modified).unwrap());
        let changed = (0, modified_at.1 + i64::from(renamed));
        let identity = Some(Identity { changed, modified: modified_at, file: (1, file) });
        Stat { size, modified: at(modified), identity }
    }

    /// From which age on, in milliseconds, a file with `stat` is believed.
    #[track_caller]
    fn check(before: Option<Stat>, stat: Stat, finished: bool, from_ms: u64) {
        let must_wait = |age: u64| {
            let now = stat.modified + Duration::from_millis(age);
            let waited = Duration::ZERO;
            must_wait(&Reading { before, stat: Some(stat), steady: true, finished, waited, now })
        };
        assert_eq!((0..=500).find(|&age| !must_wait(age)), Some(from_ms));
    }

    #[test]
    fn a_file_that_may_be_cut_is_left_to_its_writer() {
        let before = Some(stat(100, 0, 7, false));
        check(before, stat(100, 1000, 7, false), false, 8);
        check(before, stat(99, 1000, 7, false), false, 50);
        check(before, stat(0, 1000, 7, false), false, 500);
        check(before, stat(0, 1000, 7, false), true, 500);
        check(before, stat(99, 1000, 7, false), true, 0);
        check(None, stat(99, 1000, 7, false), false, 8);
    }

    #[test]
    fn a_file_that_was_put_there_whole_is_believed_at_once() {
        let before = Some(stat(100, 0, 7, false));
        check(before, stat(50, 1000, 8, true), false, 0);
        check(before, stat(100, 1000, 8, false), false, 8);
    }

    #[test]
    fn a_file_that_is_written_meanwhile_is_young() {
        let stat = Some(stat(0, 5_010, 7, false));
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(5);
        let waited = Duration::from_millis(500);
        let reading = Reading { before: stat, stat, steady: true, finished: true, waited, now };
        assert!(must_wait(&reading));
    }

    #[test]
    fn nobody_waits_for_ever() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(9);
        let stat = Some(stat(100, 9000, 7, false));
        let reading = |waited, steady| Reading {
            before: None,
            stat,
            steady,
            finished: false,
            waited: Duration::from_millis(waited),
            now,
        };
        assert!(must_wait(&reading(0, false)) && must_wait(&reading(900, true)));
        assert!(must_wait(&reading(1001, false)) && !must_wait(&reading(1001, true)));
        assert!(!must_wait(&reading(4001, false)));
    }
}
