//! Where the files of a build wait for one another.
//!
//! For an output folder that is not there yet they wait in a folder beside it, which becomes
//! the output in one step; for one that is there, in a folder inside it. Both are Agon's alone:
//! what a build left there that was killed is removed by the next one. A symbolic link in their
//! place is removed and never followed. The one beside is locked by the build that fills it, so
//! that another build at the same time cannot take it away: that one writes to the output. Who
//! writes to an output that is there locks that, and waits for whoever does so already.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::disk::guard;
use crate::disk::lock::{lock, lock_folder};
use crate::disk::manifest::{self, folders_of};
use crate::disk::write::Target;
use crate::source::{AssetContent, OutputContent, OutputFile};

/// The folder in the output in which files wait; of the one beside it, the end of the name.
pub(super) const STAGING: &str = ".agon-staging";

/// A folder in which files wait.
pub(super) struct Staging {
    /// Where it is, or will be with the first file.
    pub(super) folder: PathBuf,
    made: Made,
    /// The record of one beside the output, to be written, and locked.
    record: Option<File>,
    /// The output, locked.
    output: Option<File>,
}

/// What one thread knows to be made in a staging folder: nothing before its first file, then the
/// folder of the file before. Files come mostly in the order of their paths.
pub(super) type Last = Option<String>;

impl Staging {
    /// One beside the output, with what is missing of the folders above; nothing where the output
    /// is there or nothing can be made beside it.
    pub(super) fn beside(target: &Target) -> Option<Self> {
        let folder = beside(target)?;
        if fs::symlink_metadata(&target.folder).is_ok() {
            let _ = clear(&folder);
            return None;
        }
        let mut made = Made::default();
        let above = target.folder.parent().filter(|above| !above.as_os_str().is_empty());
        let is_made = above.map_or(Ok(()), |above| made.make(above));
        let Ok(record) = is_made.and_then(|()| claim(&folder)) else {
            made.unmake();
            return None;
        };
        Some(Self { folder, made, record: Some(record), output: None })
    }

    /// One inside the output, which is made where it is missing.
    pub(super) fn inside(output: &Path) -> io::Result<Self> {
        let folder = output.join(STAGING);
        let mut staging = Self { folder, made: Made::default(), record: None, output: None };
        if let Err(error) = staging.make_output(output).and_then(|()| remove(&staging.folder)) {
            staging.made.unmake();
            return Err(error);
        }
        Ok(staging)
    }

    /// The one of an output that is being removed.
    pub(super) fn of_last(output: &Path) -> io::Result<Self> {
        let made = Made(vec![output.to_owned()]);
        let locked = lock_folder(output)?;
        Ok(Self { folder: output.join(STAGING), made, record: None, output: locked })
    }

    /// Makes it the output, with the record `text`; gives whether that was possible.
    pub(super) fn become_output(&mut self, output: &Path, text: &str) -> io::Result<bool> {
        let mut record = self.record.take();
        if let Some(record) = &mut record {
            record.write_all(text.as_bytes())?;
        }
        if cfg!(windows) {
            // Which renames no folder in which a file is open.
            record = None;
        }
        // Without the slash that may stand at its end.
        let name = output.file_name().unwrap_or_default();
        let is_free = fs::symlink_metadata(output).is_err();
        let is_done = is_free && fs::rename(&self.folder, output.with_file_name(name)).is_ok();
        drop(record);
        Ok(is_done)
    }

    /// Makes the output itself where it is missing, and waits until nobody else writes to it.
    pub(super) fn make_output(&mut self, output: &Path) -> io::Result<()> {
        loop {
            self.made.make(output)?;
            self.output = lock_folder(output)?;
            // Whoever held it may have taken it away.
            if !is_missing(output) {
                return Ok(());
            }
        }
    }

    /// Puts a file into it.
    pub(super) fn put(&self, file: &OutputFile, last: &mut Last) -> io::Result<()> {
        self.make_folders_of(&file.path, last)?;
        let to = self.path_of(&file.path);
        match &file.content {
            OutputContent::Bytes(bytes) => fs::write(to, bytes),
            OutputContent::Asset(asset) => match &asset.content {
                AssetContent::Bytes(bytes) => fs::write(to, bytes),
                AssetContent::File(from) => copy(from, &to),
            },
        }
    }

    /// Where `path` is in it.
    fn path_of(&self, path: &str) -> PathBuf {
        // To join them would make room for the folder alone, and move it.
        let mut to = PathBuf::with_capacity(self.folder.as_os_str().len() + 1 + path.len());
        to.push(&self.folder);
        to.push(path);
        to
    }

    /// Makes the folders in which a file stands, from the outermost, but those that hold `last`.
    fn make_folders_of(&self, path: &str, last: &mut Last) -> io::Result<()> {
        if last.is_none() && self.record.is_none() {
            make(&self.folder)?;
        }
        let last = last.get_or_insert_default();
        let mut made = None;
        for folder in folders_of(path).filter(|folder| !is_in(last, folder)) {
            make(&self.path_of(folder))?;
            made = Some(folder);
        }
        if let Some(made) = made {
            last.clear();
            last.push_str(made);
        }
        Ok(())
    }

    /// Removes it, and of the folders that were made for it those in which nothing is.
    pub(super) fn close(&self) {
        let _ = remove(&self.folder);
        self.made.unmake();
    }
}

/// Removes what a build that was killed left beside the output.
pub(super) fn clear_beside(target: &Target) {
    let _ = beside(target).map(|folder| clear(&folder));
}

/// The staging folder beside an output; nothing for one without a name, and where the site lies
/// in a folder of that name.
fn beside(target: &Target) -> Option<PathBuf> {
    let mut name = OsString::from(".");
    name.push(target.folder.file_name()?);
    name.push(STAGING);
    let folder = target.folder.with_file_name(name);
    (!guard::is_in(&target.root, &folder)).then_some(folder)
}

/// Makes the folder beside an output for this build alone; gives its record, locked.
fn claim(folder: &Path) -> io::Result<File> {
    clear(folder)?;
    fs::create_dir(folder)?;
    let record = File::create_new(folder.join(manifest::NAME));
    let claimed = record.and_then(|record| lock(&record).map(|()| record));
    if claimed.is_err() {
        // Only where nothing is in it.
        let _ = fs::remove_dir(folder);
    }
    claimed
}

/// Removes the folder beside an output unless it is that of a build that runs.
fn clear(folder: &Path) -> io::Result<()> {
    let is_folder = fs::symlink_metadata(folder).is_ok_and(|there| there.is_dir());
    let record = folder.join(manifest::NAME);
    let record = is_folder.then(|| File::options().read(true).write(true).open(record));
    if let Some(Ok(record)) = &record {
        lock(record)?;
    }
    remove(folder)
}

/// Folders that were missing and were made, the outermost first.
#[derive(Default)]
struct Made(Vec<PathBuf>);

impl Made {
    fn make(&mut self, folder: &Path) -> io::Result<()> {
        let missing = |one: &&Path| !one.as_os_str().is_empty() && is_missing(one);
        let missing: Vec<&Path> = folder.ancestors().take_while(missing).collect();
        for one in missing.into_iter().rev() {
            match fs::create_dir(one) {
                Ok(()) => self.0.push(one.to_owned()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        // It may be there and be no folder.
        fs::create_dir_all(folder)
    }

    fn unmake(&self) {
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn is_missing(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn make(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Whether `inner` is the folder `outer` or lies in it.
fn is_in(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Copies what is in a file and not its permissions: a web server must be able to read it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    io::copy(&mut File::open(from)?, &mut File::create(to)?).map(|_| ())
}

/// Removes a staging folder; a link in its place is removed, not followed.
fn remove(staging: &Path) -> io::Result<()> {
    match fs::symlink_metadata(staging) {
        Err(_) => Ok(()),
        Ok(there) if there.is_dir() => fs::remove_dir_all(staging),
        Ok(_) => fs::remove_file(staging),
    }
}
