//! One build at a time writes to a folder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a build waits for another one: longer than any takes.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How often it looks whether the other is done.
const STEP: Duration = Duration::from_millis(10);

/// Locks a file, until it is closed or the program ends, however it does.
pub(super) fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        // Not every file system has locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Locks `folder` itself, in which nothing is left behind by that; waits for whoever holds it.
/// Gives nothing where folders cannot be opened (Windows).
///
/// # Errors
///
/// Where another build holds it for longer than a build takes.
pub(super) fn lock_folder(folder: &Path) -> io::Result<Option<File>> {
    let Ok(opened) = File::open(folder) else { return Ok(None) };
    let start = Instant::now();
    while let Err(error) = lock(&opened) {
        if start.elapsed() > LONGEST_WAIT {
            return Err(io::Error::new(error.kind(), "another build does not end"));
        }
        std::thread::sleep(STEP);
    }
    Ok(Some(opened))
}
