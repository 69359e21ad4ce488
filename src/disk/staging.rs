//! Where the files of a build wait for one another.
//!
//! For an output folder that is not there yet they wait in a folder beside it, which becomes
//! the output in one step; for one that is there, in a folder inside it. Both are Agon's alone:
//! what a build left there that was killed is removed by the next one. A symbolic link in their
//! place is removed and never followed.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::guard;
use crate::disk::manifest::folders_of;
use crate::disk::write::Target;
use crate::source::{AssetContent, OutputContent, OutputFile};

/// The folder in the output in which files wait; of the one beside it, the end of the name.
pub(super) const STAGING: &str = ".agon-staging";

/// A folder in which files wait.
pub(super) struct Staging {
    /// Where it is, or will be with the first file.
    pub(super) folder: PathBuf,
    made: Made,
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
            let _ = remove(&folder);
            return None;
        }
        let mut made = Made::default();
        let above = target.folder.parent().filter(|above| !above.as_os_str().is_empty());
        let opened = above
            .map_or(Ok(()), |above| made.make(above))
            .and_then(|()| remove(&folder))
            .and_then(|()| fs::create_dir(&folder));
        if opened.is_err() {
            made.unmake();
            return None;
        }
        Some(Self { folder, made })
    }

    /// One inside the output, which is made where it is missing.
    pub(super) fn inside(output: &Path) -> io::Result<Self> {
        let folder = output.join(STAGING);
        let mut made = Made::default();
        if let Err(error) = made.make(output).and_then(|()| remove(&folder)) {
            made.unmake();
            return Err(error);
        }
        Ok(Self { folder, made })
    }

    /// The one of an output that is being removed.
    pub(super) fn of_last(output: &Path) -> Self {
        Self { folder: output.join(STAGING), made: Made(vec![output.to_owned()]) }
    }

    /// Makes the output itself, which is missing though all files are there.
    pub(super) fn make_output(&mut self, output: &Path) -> io::Result<()> {
        self.made.make(output)
    }

    /// Puts a file into it.
    pub(super) fn put(&self, file: &OutputFile, last: &mut Last) -> io::Result<()> {
        self.make_folders_of(&file.path, last)?;
        let to = self.folder.join(&file.path);
        match &file.content {
            OutputContent::Bytes(bytes) => fs::write(to, bytes),
            OutputContent::Asset(asset) => match &asset.content {
                AssetContent::Bytes(bytes) => fs::write(to, bytes),
                AssetContent::File(from) => copy(from, &to),
            },
        }
    }

    /// Makes the folders in which a file stands, from the outermost, but those that hold `last`.
    fn make_folders_of(&self, path: &str, last: &mut Last) -> io::Result<()> {
        if last.is_none() {
            make(&self.folder)?;
        }
        let last = last.get_or_insert_default();
        let mut made = None;
        for folder in folders_of(path).filter(|folder| !is_in(last, folder)) {
            make(&self.folder.join(folder))?;
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
    let _ = beside(target).map(|folder| remove(&folder));
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
