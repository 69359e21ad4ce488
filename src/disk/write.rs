//! Writing a site: all of it or nothing.
//!
//! Every file is rendered into a staging folder first, so that a build that fails changes
//! nothing. Where there was no output, that folder becomes the output in one step, and until
//! then there is none. Where there was one, what differs is renamed into place and what the
//! record of the build before names and this one lacks is removed. Nothing is ever written or
//! removed through a symbolic link, and in an output no file is touched that is not in the
//! record.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::iter::ParallelIterator;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::disk::before::Before;
use crate::disk::manifest::{self, Entries, Entry, Line, folders_of, in_conflict};
use crate::disk::staging::{self, Last, Staging};
use crate::disk::{guard, read};
use crate::source::{AssetContent, OutputContent, OutputFile, content_hash};

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
    let mut stage =
        Stage::open(target).map_err(|error| vec![unwritable(&target.folder, &error)])?;
    let staged: Vec<_> =
        files.map_init(Last::default, |last, file| stage.take(file, last)).collect();
    let result = stage.sorted(staged).and_then(|files| stage.publish(&files, target));
    stage.staging.close();
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
    if trial == Trial::No {
        staging::clear_beside(target);
    }
    if fs::symlink_metadata(folder).is_err() || guard::is_empty(folder) {
        return Ok(Vec::new());
    }
    let staging = Staging::of_last(folder).map_err(|error| vec![unwritable(folder, &error)])?;
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
    let stage = Stage { folder, staging, known: Known::Written, before };
    let mut found = Vec::new();
    let all: Vec<&str> = stage.before.entries.keys().map(String::as_str).collect();
    stage.remove(&all, &mut found);
    if !found.is_empty() {
        return Err(found);
    }
    let record = folder.join(manifest::NAME);
    fs::remove_file(&record).map_err(|error| vec![unwritable(&record, &error)])?;
    stage.staging.close();
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

/// What was in the output before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// It was not there: the staging folder will be it.
    Missing,
    /// Nothing.
    Empty,
    /// Something.
    Written,
}

/// What is in an output that is there.
fn known_of(folder: &Path) -> (Known, Before) {
    match guard::is_empty(folder) {
        true => (Known::Empty, Before::nothing()),
        false => (Known::Written, Before::read(folder)),
    }
}

struct Stage<'a> {
    folder: &'a Path,
    staging: Staging,
    known: Known,
    before: Before,
}

impl<'a> Stage<'a> {
    fn open(target: &'a Target) -> io::Result<Self> {
        let folder = target.folder.as_path();
        if let Some(staging) = Staging::beside(target) {
            return Ok(Self { folder, staging, known: Known::Missing, before: Before::nothing() });
        }
        let staging = Staging::inside(folder)?;
        let (known, before) = known_of(folder);
        Ok(Self { folder, staging, known, before })
    }

    /// Puts a file into the staging folder unless it stands in the output as it is.
    fn take(
        &self,
        file: Result<OutputFile, Box<Diagnostic>>,
        last: &mut Last,
    ) -> Result<(String, Ready), Box<Diagnostic>> {
        let file = file?;
        if !manifest::is_inside(&file.path) {
            return Err(Box::new(bad_path(&file.path)));
        }
        let entry = entry_of(&file.content);
        let place = if self.known == Known::Written && self.is_there(&file, entry) {
            Place::Unchanged
        } else {
            let there = || self.folder.join(&file.path);
            self.staging
                .put(&file, last)
                .map_err(|error| Box::new(unwritable(&there(), &error)))?;
            Place::Staged
        };
        Ok((file.path, Ready { entry, place }))
    }

    /// Whether a file stands in the output as it is.
    ///
    /// One that the record names, of the same size and not changed since the record was
    /// written, need not be read again: that is two thirds of the work of a second build.
    fn is_there(&self, file: &OutputFile, entry: Entry) -> bool {
        let there = self.folder.join(&file.path);
        let Ok(known) = fs::symlink_metadata(&there) else { return false };
        if !known.is_file() || known.len() != entry.size {
            return false;
        }
        let is_ours = !self.before.damaged && self.before.entries.get(&file.path) == Some(&entry);
        let is_older = || known.modified().ok().zip(self.before.recorded);
        (is_ours && is_older().is_some_and(|(changed, recorded)| changed < recorded))
            || is_same(&there, &file.content, entry)
    }

    fn sorted(
        &self,
        staged: Vec<Result<(String, Ready), Box<Diagnostic>>>,
    ) -> Result<Files, Vec<Diagnostic>> {
        let mut files = Vec::with_capacity(staged.len());
        let mut found = Vec::new();
        for one in staged {
            match one {
                Ok(file) => files.push(file),
                Err(diagnostic) => found.push(*diagnostic),
            }
        }
        files.sort_by(|(one, _), (other, _)| one.cmp(other));
        for ((one, _), (next, _)) in files.iter().zip(files.iter().skip(1)) {
            if one == next {
                found.push(twice(one));
            }
        }
        if found.is_empty() { Ok(files.into_iter().collect()) } else { Err(found) }
    }

    /// Makes the output what `files` say, or nothing of it.
    fn publish(&mut self, files: &Files, target: &Target) -> Result<Written, Vec<Diagnostic>> {
        if self.known == Known::Missing {
            if let Some(written) = self.publish_at_once(files)? {
                return Ok(written);
            }
            self.retreat(target)?;
        }
        let refused = self.foreign(files, target.force);
        if refused.is_empty() { self.finish(files) } else { Err(refused) }
    }

    /// Makes the staging folder the output; gives nothing where that is not possible.
    fn publish_at_once(&mut self, files: &Files) -> Result<Option<Written>, Vec<Diagnostic>> {
        let lines: Vec<Line> = files.iter().map(|(path, one)| (path.as_str(), one.entry)).collect();
        match self.staging.become_output(self.folder, &manifest::text(&lines)) {
            Ok(true) => Ok(Some(Written { written: files.len(), ..Written::default() })),
            Ok(false) => Ok(None),
            Err(error) => Err(vec![unwritable(self.folder, &error)]),
        }
    }

    /// Where somebody made the output meanwhile: it is written to like any that is empty, or that
    /// another build wrote. Some systems do not rename a folder in which another program has a
    /// file open, either.
    fn retreat(&mut self, target: &Target) -> Result<(), Vec<Diagnostic>> {
        if let Some(refusal) = guard::refusal(target) {
            return Err(vec![refusal]);
        }
        let made = self.staging.make_output(self.folder);
        made.map_err(|error| vec![unwritable(self.folder, &error)])?;
        (self.known, self.before) = known_of(self.folder);
        // Without a record that can be read it was no build.
        let is_taken = self.known == Known::Written && self.before.damaged;
        if is_taken { Err(vec![guard::taken(target)]) } else { Ok(()) }
    }

    /// What stands in the way of `files` and is not ours.
    fn foreign(&self, files: &Files, force: Force) -> Vec<Diagnostic> {
        if self.known != Known::Written {
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
        fs::create_dir_all(&self.staging.folder)?;
        let next = self.staging.folder.join(manifest::NAME);
        fs::write(&next, text)?;
        fs::rename(next, self.folder.join(manifest::NAME))
    }

    fn rename(&self, files: &Files, found: &mut Vec<Diagnostic>) {
        let staged = files.iter().filter(|(_, file)| file.place == Place::Staged);
        let mut last = "";
        for path in staged.map(|(path, _)| path.as_str()) {
            // Into an empty folder whole folders go at once: a call for each, not for each file.
            let moved = if self.known == Known::Empty {
                path.split('/').next().unwrap_or(path)
            } else {
                path
            };
            if std::mem::replace(&mut last, moved) == moved {
                continue;
            }
            let (from, to) = (self.staging.folder.join(moved), self.folder.join(moved));
            let renamed = match fs::rename(&from, &to) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    let above = to.parent().map_or(Ok(()), fs::create_dir_all);
                    above.and_then(|()| fs::rename(&from, &to))
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
