//! Writing a site: all of it or nothing.
//!
//! Every file is rendered into a staging folder inside the output first, so that a build
//! that fails changes nothing; then what differs is renamed into place and what the record
//! of the build before names and this one lacks is removed. Nothing is ever written or
//! removed through a symbolic link, and no file is touched that is not in the record.

use std::collections::{BTreeMap, BTreeSet, btree_map as map};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rayon::iter::ParallelIterator;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::disk::before::Before;
use crate::disk::manifest::{self, Entries, Entry, Line, folders_of, in_conflict};
use crate::disk::{guard, read};
use crate::source::{AssetContent, OutputContent, OutputFile, content_hash};

/// The folder in the output in which files wait for the others.
pub(super) const STAGING: &str = ".agon-staging";

/// Where a site goes.
#[derive(Clone, Debug)]
pub struct Target {
    /// The output folder; it is made where it is missing.
    pub folder: PathBuf,
    /// The folder of the site, which the output must not lie over.
    pub root: PathBuf,
    /// What to do where files of others stand.
    pub force: Force,
}

/// What to do where files stand in the output that Agon did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// Refuse to write.
    Careful,
    /// Replace those that stand where a page goes, and leave the rest alone.
    Forced,
}

/// What writing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or differ.
    pub written: usize,
    /// Files that were there already.
    pub unchanged: usize,
    /// Files of an earlier build that are no more.
    pub removed: usize,
    /// What should be known, though all was written.
    pub found: Vec<Diagnostic>,
}

/// Writes `files` to `target`, each at its path.
///
/// # Errors
///
/// Where the folder is refused, any file failed, could not be written, or stands where a
/// file of others does: then nothing was changed. Where the last step itself fails (a full
/// disk), some files are new and the record names all of them.
pub fn write(
    target: &Target,
    files: impl ParallelIterator<Item = Result<OutputFile, Box<Diagnostic>>>,
) -> Result<Written, Vec<Diagnostic>> {
    if let Some(refusal) = guard::refusal(target) {
        return Err(vec![refusal]);
    }
    let folder = target.folder.as_path();
    let stage = Stage::open(folder).map_err(|error| vec![unwritable(folder, &error)])?;
    let staged: Vec<_> = files.map(|file| stage.take(file)).collect();
    let result = stage.sorted(staged).and_then(|files| {
        let refused = stage.foreign(&files, target.force);
        if refused.is_empty() { stage.finish(&files) } else { Err(refused) }
    });
    stage.close();
    result
}

/// Whether something is done, or only found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// It is done.
    No,
    /// Only what would be done is told.
    Only,
}

/// Removes from `target` the files of earlier builds, their record, and the folders that are
/// empty without them; gives the paths of the files.
///
/// # Errors
///
/// Where the folder is refused, its record is missing or damaged (then nothing is removed), or
/// a file could not be removed (then the record stays).
pub fn clean(target: &Target, trial: Trial) -> Result<Vec<String>, Vec<Diagnostic>> {
    let folder = target.folder.as_path();
    if let Some(refusal) = guard::refusal(target) {
        let help = vec!["name the folder that was built to: `--output output`".to_owned()];
        return Err(vec![Diagnostic { help, ..refusal }]);
    }
    if fs::symlink_metadata(folder).is_err() || guard::is_empty(folder) {
        return Ok(Vec::new());
    }
    let before = Before::read(folder);
    if let Some(complaint) = before.complaint(folder).pop() {
        return Err(vec![Diagnostic { severity: Severity::Error, ..complaint }]);
    }
    let stands =
        |path: &&String| fs::symlink_metadata(folder.join(path)).is_ok_and(|there| there.is_file());
    let paths: Vec<String> = before.entries.keys().filter(stands).cloned().collect();
    if trial == Trial::Only {
        return Ok(paths);
    }
    let staging = folder.join(STAGING);
    let stage = Stage { folder, staging, fresh: false, made_folder: true, before };
    let mut found = Vec::new();
    let all: Vec<&str> = stage.before.entries.keys().map(String::as_str).collect();
    stage.remove(&all, &mut found);
    if !found.is_empty() {
        return Err(found);
    }
    let record = folder.join(manifest::NAME);
    fs::remove_file(&record).map_err(|error| vec![unwritable(&record, &error)])?;
    stage.close();
    Ok(paths)
}

/// A file that was rendered.
struct Ready {
    entry: Entry,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Staged,
    Unchanged,
}

type Files = BTreeMap<String, Ready>;

struct Stage<'a> {
    folder: &'a Path,
    staging: PathBuf,
    /// Whether nothing was in the output.
    fresh: bool,
    /// Whether the output is there only since now.
    made_folder: bool,
    before: Before,
}

impl<'a> Stage<'a> {
    fn open(folder: &'a Path) -> io::Result<Self> {
        let made_folder = fs::symlink_metadata(folder).is_err();
        fs::create_dir_all(folder)?;
        let staging = folder.join(STAGING);
        remove_staging(&staging)?;
        let fresh = guard::is_empty(folder);
        let before = if fresh { Before::nothing() } else { Before::read(folder) };
        Ok(Self { folder, staging, fresh, made_folder, before })
    }

    /// Puts a file into the staging folder unless it stands in the output as it is.
    fn take(
        &self,
        file: Result<OutputFile, Box<Diagnostic>>,
    ) -> Result<(String, Ready), Box<Diagnostic>> {
        let file = file?;
        if !manifest::is_inside(&file.path) {
            return Err(Box::new(bad_path(&file.path)));
        }
        let entry = entry_of(&file.content);
        let there = self.folder.join(&file.path);
        let place = if !self.fresh && self.is_there(&file, &there, entry) {
            Place::Unchanged
        } else {
            self.put(&file).map_err(|error| Box::new(unwritable(&there, &error)))?;
            Place::Staged
        };
        Ok((file.path, Ready { entry, place }))
    }

    /// Whether a file stands in the output as it is.
    ///
    /// One that the record names, of the same size and not changed since the record was
    /// written, need not be read again: that is two thirds of the work of a second build.
    fn is_there(&self, file: &OutputFile, there: &Path, entry: Entry) -> bool {
        let Ok(known) = fs::symlink_metadata(there) else { return false };
        if !known.is_file() || known.len() != entry.size {
            return false;
        }
        let is_ours = !self.before.damaged && self.before.entries.get(&file.path) == Some(&entry);
        let is_older = || known.modified().ok().zip(self.before.recorded);
        (is_ours && is_older().is_some_and(|(changed, recorded)| changed < recorded))
            || is_same(there, &file.content, entry)
    }

    fn put(&self, file: &OutputFile) -> io::Result<()> {
        let to = self.staging.join(&file.path);
        make_folder_of(&to)?;
        match &file.content {
            OutputContent::Bytes(bytes) => fs::write(to, bytes),
            OutputContent::Asset(asset) => match &asset.content {
                AssetContent::Bytes(bytes) => fs::write(to, bytes),
                AssetContent::File(from) => copy(from, &to),
            },
        }
    }

    fn sorted(
        &self,
        staged: Vec<Result<(String, Ready), Box<Diagnostic>>>,
    ) -> Result<Files, Vec<Diagnostic>> {
        let mut files = Files::new();
        let mut found = Vec::new();
        for one in staged {
            match one {
                Ok((path, ready)) => match files.entry(path) {
                    map::Entry::Vacant(free) => drop(free.insert(ready)),
                    map::Entry::Occupied(taken) => found.push(twice(taken.key())),
                },
                Err(diagnostic) => found.push(*diagnostic),
            }
        }
        if found.is_empty() { Ok(files) } else { Err(found) }
    }

    /// What stands in the way of `files` and is not ours.
    fn foreign(&self, files: &Files, force: Force) -> Vec<Diagnostic> {
        if self.fresh {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut folders = BTreeSet::new();
        for (path, ready) in files {
            folders.extend(folders_of(path));
            if ready.place == Place::Unchanged {
                continue;
            }
            let Ok(there) = fs::symlink_metadata(self.folder.join(path)) else { continue };
            let ours = self.before.entries.contains_key(path) && there.is_file();
            let holds_ours = there.is_dir() && self.has_entries_in(path);
            if !ours && !holds_ours && there.is_dir() {
                found.push(in_the_way(&self.folder.join(path)).help(MOVE));
            } else if !ours && !holds_ours && force == Force::Careful {
                let help = format!("{MOVE}, or build with `--force`");
                found.push(in_the_way(&self.folder.join(path)).help(help));
            }
        }
        for folder in folders {
            let there = self.folder.join(folder);
            let Ok(metadata) = fs::symlink_metadata(&there) else { continue };
            let ours = self.before.entries.contains_key(folder);
            if metadata.is_symlink() || (!metadata.is_dir() && !ours) {
                found.push(in_the_way(&there).help(MOVE));
            }
        }
        found
    }

    fn has_entries_in(&self, folder: &str) -> bool {
        let first = format!("{folder}/");
        let next = self.before.entries.range(first.clone()..).next();
        next.is_some_and(|(path, _)| path.starts_with(&first))
    }

    /// Makes the output what `files` say. The record names everything that could be there
    /// from before the first change to after the last.
    fn finish(&self, files: &Files) -> Result<Written, Vec<Diagnostic>> {
        let record =
            |text: &str| self.record(text).map_err(|error| vec![unwritable(self.folder, &error)]);
        let gone = self.before.without(files);
        let pending = pending(files, &gone, &self.before.entries);
        let text = manifest::text(&pending);
        if text != self.before.text {
            record(&text)?;
        }
        // None is stale where the record cannot be trusted.
        let (stale, kept) = if self.before.damaged { (vec![], gone) } else { (gone, vec![]) };
        let (first, last): (Vec<&str>, Vec<&str>) =
            stale.into_iter().map(|(path, _)| path).partition(|path| in_conflict(path, files));
        let mut found = Vec::new();
        let mut removed = self.remove(&first, &mut found);
        self.rename(files, &mut found);
        removed += self.remove(&last, &mut found);
        if !found.is_empty() {
            return Err(found);
        }
        let kept = with(files.iter().map(|(path, file)| (path.as_str(), file.entry)), &kept);
        if kept != pending {
            record(&manifest::text(&kept))?;
        }
        let written = files.values().filter(|file| file.place == Place::Staged).count();
        let unchanged = files.len() - written;
        Ok(Written { written, unchanged, removed, found: self.before.complaint(self.folder) })
    }

    fn record(&self, text: &str) -> io::Result<()> {
        fs::create_dir_all(&self.staging)?;
        let next = self.staging.join(manifest::NAME);
        fs::write(&next, text)?;
        fs::rename(next, self.folder.join(manifest::NAME))
    }

    fn rename(&self, files: &Files, found: &mut Vec<Diagnostic>) {
        let staged = files.iter().filter(|(_, file)| file.place == Place::Staged);
        let mut last = "";
        for path in staged.map(|(path, _)| path.as_str()) {
            // Into an empty folder whole folders go at once: a call for each, not for each file.
            let moved = if self.fresh { path.split('/').next().unwrap_or(path) } else { path };
            if std::mem::replace(&mut last, moved) == moved {
                continue;
            }
            let (from, to) = (self.staging.join(moved), self.folder.join(moved));
            let renamed = match fs::rename(&from, &to) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    make_folder_of(&to).and_then(|()| fs::rename(&from, &to))
                }
                renamed => renamed,
            };
            if let Err(error) = renamed {
                found.push(unwritable(&to, &error));
            }
        }
    }

    /// Removes files of ours and the folders that are empty without them.
    fn remove(&self, paths: &[&str], found: &mut Vec<Diagnostic>) -> usize {
        let mut removed = 0;
        let mut folders = BTreeSet::new();
        for path in paths {
            let through_link = folders_of(path).any(|folder| {
                !fs::symlink_metadata(self.folder.join(folder)).is_ok_and(|there| there.is_dir())
            });
            let there = self.folder.join(path);
            if through_link || !fs::symlink_metadata(&there).is_ok_and(|there| there.is_file()) {
                continue;
            }
            match fs::remove_file(&there) {
                Ok(()) => removed += 1,
                Err(error) => found.push(unwritable(&there, &error)),
            }
            folders.extend(folders_of(path));
        }
        // The deepest first, which come last in order; one that holds anything stays.
        for folder in folders.into_iter().rev() {
            let _ = fs::remove_dir(self.folder.join(folder));
        }
        removed
    }

    fn close(&self) {
        let _ = remove_staging(&self.staging);
        if self.made_folder {
            // Only where nothing came into it.
            let _ = fs::remove_dir(self.folder);
        }
    }
}

/// Makes the folder in which `file` stands. Mostly the one above it is there: a page has a folder
/// of its own, so one call is enough.
fn make_folder_of(file: &Path) -> io::Result<()> {
    let Some(parent) = file.parent() else { return Ok(()) };
    match fs::create_dir(parent) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(parent),
        made => made,
    }
}

/// Copies what is in a file and not its permissions: a web server must be able to read it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    io::copy(&mut File::open(from)?, &mut File::create(to)?).map(|_| ())
}

/// Removes the staging folder, which is Agon's alone; a link in its place is removed, not followed.
fn remove_staging(staging: &Path) -> io::Result<()> {
    match fs::symlink_metadata(staging) {
        Err(_) => Ok(()),
        Ok(there) if there.is_dir() => fs::remove_dir_all(staging),
        Ok(_) => fs::remove_file(staging),
    }
}

/// The record while files are renamed: those that will be replaced have a hash that neither the
/// old nor the new bytes have. Where a build is killed on the way, the next one reads them.
fn pending<'a>(files: &'a Files, gone: &[Line<'a>], before: &Entries) -> Vec<Line<'a>> {
    let doubtful = files.iter().map(|(path, file)| {
        let old = before.get(path).filter(|_| file.place == Place::Staged);
        let neither = |old: &Entry| {
            let others = [1, 2, 3].map(|other| file.entry.hash ^ other);
            others.into_iter().find(|hash| *hash != old.hash).unwrap_or_default()
        };
        let hash = old.map_or(file.entry.hash, neither);
        (path.as_str(), Entry { hash, ..file.entry })
    });
    with(doubtful, gone)
}

/// The lines of `files` and of those that are `gone`, in order.
fn with<'a>(files: impl Iterator<Item = Line<'a>>, gone: &[Line<'a>]) -> Vec<Line<'a>> {
    let mut all: Vec<Line> = files.chain(gone.iter().copied()).collect();
    all.sort_by_key(|(path, _)| *path);
    all
}

fn entry_of(content: &OutputContent) -> Entry {
    match content {
        OutputContent::Bytes(bytes) => {
            Entry { size: bytes.len() as u64, hash: content_hash(bytes) }
        }
        OutputContent::Asset(asset) => Entry { size: asset.size, hash: asset.hash },
    }
}

/// Whether the file that stands there, which is of the same size, has the same bytes.
fn is_same(there: &Path, content: &OutputContent, entry: Entry) -> bool {
    let bytes: &[u8] = match content {
        OutputContent::Bytes(bytes) => bytes,
        OutputContent::Asset(asset) => match &asset.content {
            AssetContent::Bytes(bytes) => bytes,
            AssetContent::File(_) => {
                return read::hash_of(there)
                    .is_ok_and(|(size, hash)| Entry { size, hash } == entry);
            }
        },
    };
    fs::read(there).is_ok_and(|known| known == bytes)
}

/// A file or folder that could not be written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("`{}` cannot be written: {error}", path.display());
    Diagnostic::global(Code::Unwritable, message)
}

fn in_the_way(path: &Path) -> Diagnostic {
    let message = format!("`{}` was not written by Agon and stands in the way", path.display());
    Diagnostic::global(Code::OutputRefused, message)
}

/// What helps in any case.
const MOVE: &str = "move it elsewhere (files to publish belong into `static/`)";

fn bad_path(path: &str) -> Diagnostic {
    let message = format!("{path:?} cannot be the path of a file in the output");
    Diagnostic::global(Code::PathNotPortable, message)
}

fn twice(path: &str) -> Diagnostic {
    Diagnostic::global(Code::UrlTaken, format!("`{path}` would be written twice"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_being_replaced_is_not_believed() {
        let entry = |hash| Entry { size: 4, hash };
        let entries = |list: &[(&str, u64)]| -> Entries {
            list.iter().map(|(path, hash)| ((*path).to_owned(), entry(*hash))).collect()
        };
        let ready = |hash, place| Ready { entry: entry(hash), place };
        let files: Files = [
            ("changed".to_owned(), ready(7, Place::Staged)),
            ("new".to_owned(), ready(8, Place::Staged)),
            ("same".to_owned(), ready(9, Place::Unchanged)),
        ]
        .into();
        let before = entries(&[("changed", 6), ("gone", 5), ("same", 9)]);
        let pending = pending(&files, &[("gone", entry(5))], &before);
        let pending: BTreeMap<_, _> = pending.into_iter().collect();
        assert!(![6, 7].contains(&pending["changed"].hash));
        assert_eq!(pending["gone"], entry(5));
        assert_eq!(pending["new"], entry(8));
        assert_eq!(pending["same"], entry(9));
    }
}
