//! Reading a site again and again: only what differs from the last time.
//!
//! Whether a file differs is told by its size, times and number; what is in it has the last
//! word. A file that may still be in the hands of its writer is looked at again before what
//! is in it is believed, and so is a file that has just vanished.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use rayon::iter::{IntoParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use super::patience::{self, Stat};
use super::read::{
    self, Content, Entry, Walked, asset, is_litter, is_text, may_lead_to, text, unreadable, walk,
};
use crate::diagnostic::{Checked, Diagnostic};
use crate::source::{SitePath, Source, Sources};

/// Times nearer than this cannot be told apart: a file that was written twice so soon may have
/// the same size and time both times. FAT counts in steps of 2 s, nothing in larger ones.
const CLOCK_STEP: Duration = Duration::from_secs(2);

/// A path that may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The file or folder, with the root of the site before it.
    pub path: PathBuf,
    /// Whether its writer is known to be done with it: has closed it, or put it there whole.
    pub finished: bool,
}

/// What is kept of a file.
#[derive(Debug)]
struct Record {
    file: PathBuf,
    real: Option<PathBuf>,
    /// Nothing where it could not be read.
    stat: Option<Stat>,
    read_at: SystemTime,
}

impl Record {
    /// Whether a file that has `stat` is the one that was read.
    fn is_of(&self, stat: Option<Stat>) -> bool {
        let apart = |known: Stat| match self.read_at.duration_since(known.modified) {
            Ok(before) => before,
            Err(after) => after.duration(),
        };
        self.stat == stat && self.stat.is_some_and(|known| apart(known) >= CLOCK_STEP)
    }
}

/// A file as it was read.
struct Taken {
    content: Option<Content>,
    found: Vec<Diagnostic>,
    stat: Option<Stat>,
    /// Whether it stayed the same while it was read.
    steady: bool,
    read_at: SystemTime,
}

/// What has become of a file.
enum Looked {
    Same(SitePath),
    Gone(SitePath),
    /// Read, and whether its writer is known to be done with it.
    Read(Box<(Entry, Taken)>, bool),
}

/// A site on disk, read as often as one likes.
#[derive(Debug)]
pub struct Scanner {
    root: PathBuf,
    sources: Sources,
    records: BTreeMap<SitePath, Record>,
    /// Those to which symbolic links lead.
    linked: BTreeSet<SitePath>,
    /// What was found wrong with files, by path.
    faults: BTreeMap<SitePath, Vec<Diagnostic>>,
    /// What was found wrong on the way to them.
    walk_faults: Vec<Diagnostic>,
    /// Files that are not believed yet, and since when.
    waiting: BTreeMap<SitePath, Instant>,
    changed: BTreeSet<SitePath>,
    faults_changed: bool,
}

impl Scanner {
    /// Reads the site in the folder `root`.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let sources = Sources { folder_name: read::folder_name(&root), ..Sources::default() };
        let mut scanner = Self {
            root,
            sources,
            records: BTreeMap::new(),
            linked: BTreeSet::new(),
            faults: BTreeMap::new(),
            walk_faults: Vec::new(),
            waiting: BTreeMap::new(),
            changed: BTreeSet::new(),
            faults_changed: false,
        };
        let Walked { files, found } = walk(&scanner.root);
        scanner.walk_faults = found;
        let taken: Vec<(Entry, Taken)> = files
            .into_par_iter()
            .map(|entry| {
                let taken = take(&entry.path, &entry.file);
                (entry, taken)
            })
            .collect();
        for (entry, taken) in taken {
            scanner.believe(entry, taken);
        }
        scanner.changed.clear();
        scanner
    }

    /// The folder of the site, without symbolic links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What was read, with what could not be.
    #[must_use]
    pub fn sources(&self) -> Checked<Sources> {
        let found = self.faults.values().flatten().chain(&self.walk_faults);
        Checked { value: self.sources.clone(), found: found.cloned().collect() }
    }

    /// The paths that differ since this was last asked; nothing where not even a fault differs.
    pub fn differs(&mut self) -> Option<Vec<SitePath>> {
        let changed = std::mem::take(&mut self.changed);
        let differs = std::mem::take(&mut self.faults_changed) || !changed.is_empty();
        differs.then(|| changed.into_iter().collect())
    }

    /// How long to wait before [`Scanner::look_at_waiting`]; nothing where all is settled.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        (!self.waiting.is_empty()).then_some(patience::STEP)
    }

    /// The true folders of files that symbolic links lead to.
    #[must_use]
    pub fn linked_folders(&self) -> BTreeSet<PathBuf> {
        self.linked().filter_map(|(_, real)| real.parent()).map(Path::to_owned).collect()
    }

    /// Looks at the files that are named, and at nothing else.
    ///
    /// Gives whether only a scan can tell what has become of some: new, gone, or folders.
    pub fn look(&mut self, hints: &[Hint]) -> bool {
        let mut beyond = false;
        let mut named: BTreeMap<SitePath, bool> = BTreeMap::new();
        for hint in hints {
            let path = self.site_path(&hint.path);
            let known = path.filter(|path| self.records.contains_key(path));
            let linked = self.linked().filter(|(_, real)| *real == hint.path);
            let linked = linked.map(|(path, _)| path.clone());
            let files: Vec<SitePath> = known.into_iter().chain(linked).collect();
            beyond |= files.is_empty() && self.counts(&hint.path);
            for path in files {
                *named.entry(path).or_default() |= hint.finished;
            }
        }
        let looked: Vec<(SitePath, bool)> = named.into_iter().collect();
        self.look_at(&looked) || beyond
    }

    /// Looks again at the files that were not believed.
    pub fn look_at_waiting(&mut self) {
        let waiting: Vec<(SitePath, bool)> =
            self.waiting.keys().map(|path| (path.clone(), false)).collect();
        self.look_at(&waiting);
    }

    /// Looks at all files of the site.
    ///
    /// Gives whether it must be done again once all is settled.
    pub fn scan(&mut self) -> bool {
        let Walked { files, found } = walk(&self.root);
        let records = &self.records;
        let differing: Vec<(Entry, Taken)> = files
            .par_iter()
            .filter_map(|entry| {
                let known = records.get(&entry.path);
                let same = known.is_some_and(|known| known.is_of(patience::stat(&entry.file)));
                (!same).then(|| take(&entry.path, &entry.file)).map(|taken| (entry.clone(), taken))
            })
            .collect();
        let (differing, moved): (Vec<_>, Vec<_>) =
            differing.into_iter().partition(|(entry, _)| !self.is_elsewhere(entry));
        let new = differing.iter().filter(|(entry, _)| !records.contains_key(&entry.path)).count();
        let mut gone = Vec::new();
        if files.len() - new < records.len() {
            let seen: BTreeSet<&SitePath> = files.iter().map(|entry| &entry.path).collect();
            gone = records.keys().filter(|path| !seen.contains(path)).cloned().collect();
        }
        for (entry, taken) in differing {
            self.consider(entry, taken, false);
        }
        for path in &gone {
            self.consider_gone(path);
        }
        if self.walk_faults == found {
            return !moved.is_empty();
        }
        // A link whose target is being replaced leads nowhere for a moment.
        if self.waiting.is_empty() {
            self.walk_faults = found;
            self.faults_changed = true;
        }
        !self.waiting.is_empty() || !moved.is_empty()
    }

    /// Whether `entry` is now a symbolic link to where it must not lead, or to elsewhere than when
    /// it was found: only a walk can tell what has become of it. Asked after it was read, so that
    /// nothing is believed that was put in its place meanwhile.
    fn is_elsewhere(&self, entry: &Entry) -> bool {
        let Ok(now) = fs::canonicalize(&entry.file) else { return false };
        match &entry.real {
            Some(real) => now != *real,
            None => now != entry.file && !may_lead_to(&self.root, &entry.path, &now),
        }
    }

    /// Looks at known files; gives whether one of them is gone.
    fn look_at(&mut self, paths: &[(SitePath, bool)]) -> bool {
        let records = &self.records;
        let look = |(path, finished): &(SitePath, bool)| {
            let known = records.get(path);
            let file = known.map_or_else(|| self.root.join(path.as_str()), |one| one.file.clone());
            // A folder now, or a pipe, which would keep who opens it for ever: only a walk can tell.
            let there = fs::metadata(&file).ok();
            if there.as_ref().is_some_and(|there| !there.is_file()) {
                return Looked::Gone(path.clone());
            }
            let stat = there.as_ref().map(Stat::new);
            let is_same = known.is_some_and(|known| known.is_of(stat));
            let taken = (!is_same).then(|| take(path, &file));
            let real = known.and_then(|known| known.real.clone());
            let entry = Entry { path: path.clone(), file, real };
            if self.is_elsewhere(&entry) {
                return Looked::Gone(entry.path);
            }
            match taken {
                None => Looked::Same(entry.path),
                Some(taken) if taken.stat.is_none() && !exists(&entry.file) => {
                    Looked::Gone(entry.path)
                }
                Some(taken) => Looked::Read(Box::new((entry, taken)), *finished),
            }
        };
        let looked: Vec<Looked> = paths.par_iter().map(look).collect();
        let mut gone = false;
        for one in looked {
            match one {
                Looked::Same(path) => drop(self.waiting.remove(&path)),
                Looked::Read(read, finished) => self.consider(read.0, read.1, finished),
                Looked::Gone(path) => {
                    gone = true;
                    if self.waiting.contains_key(&path) {
                        self.consider_gone(&path);
                    }
                }
            }
        }
        gone
    }

    /// Believes what was read, or waits.
    fn consider(&mut self, entry: Entry, taken: Taken, finished: bool) {
        let known = self.records.get(&entry.path).and_then(|known| known.stat);
        let since = self.waiting.get(&entry.path).copied();
        let is_same = self.is_same(&entry.path, &taken);
        let reading = patience::Reading {
            before: known,
            stat: taken.stat,
            steady: taken.steady,
            finished,
            waited: since.map_or(Duration::ZERO, |since| since.elapsed()),
            now: taken.read_at,
        };
        if !is_same && patience::must_wait(&reading) {
            self.waiting.entry(entry.path).or_insert_with(Instant::now);
        } else {
            self.believe(entry, taken);
        }
    }

    fn consider_gone(&mut self, path: &SitePath) {
        let since = *self.waiting.entry(path.clone()).or_insert_with(Instant::now);
        if since.elapsed() < patience::VANISHED {
            return;
        }
        self.waiting.remove(path);
        self.linked.remove(path);
        if self.records.remove(path).is_some() {
            self.sources.texts.remove(path);
            self.sources.assets.remove(path);
            self.faults_changed |= self.faults.remove(path).is_some();
            self.changed.insert(path.clone());
        }
    }

    fn is_same(&self, path: &SitePath, taken: &Taken) -> bool {
        match &taken.content {
            Some(Content::Text(text)) => {
                self.sources.texts.get(path).is_some_and(|known| known.text == *text)
            }
            Some(Content::Asset(asset)) => self
                .sources
                .assets
                .get(path)
                .is_some_and(|known| (known.size, known.hash) == (asset.size, asset.hash)),
            None => self.records.get(path).is_some_and(|known| known.stat.is_none()),
        }
    }

    fn believe(&mut self, entry: Entry, taken: Taken) {
        let is_same = self.is_same(&entry.path, &taken);
        let Entry { path, file, real } = entry;
        let Taken { content, found, stat, read_at, .. } = taken;
        self.waiting.remove(&path);
        match content {
            _ if is_same => {}
            Some(Content::Text(text)) => {
                let source = Arc::new(Source::new(path.clone(), text));
                self.sources.texts.insert(path.clone(), source);
                self.changed.insert(path.clone());
            }
            Some(Content::Asset(asset)) => {
                self.sources.assets.insert(path.clone(), Arc::new(asset));
                self.changed.insert(path.clone());
            }
            None => {
                let text = self.sources.texts.remove(&path).is_some();
                if self.sources.assets.remove(&path).is_some() || text {
                    self.changed.insert(path.clone());
                }
            }
        }
        let before = self.faults.get(&path).map(Vec::as_slice).unwrap_or_default();
        self.faults_changed |= before != found;
        if found.is_empty() {
            self.faults.remove(&path);
        } else {
            self.faults.insert(path.clone(), found);
        }
        if real.is_some() {
            self.linked.insert(path.clone());
        } else {
            self.linked.remove(&path);
        }
        self.records.insert(path, Record { file, real, stat, read_at });
    }

    /// The files to which symbolic links lead, with where they truly lie.
    fn linked(&self) -> impl Iterator<Item = (&SitePath, &Path)> {
        let real = |path| self.records.get(path).and_then(|record| record.real.as_deref());
        self.linked.iter().filter_map(move |path| Some((path, real(path)?)))
    }

    fn site_path(&self, path: &Path) -> Option<SitePath> {
        let parts: Option<Vec<&str>> =
            path.strip_prefix(&self.root).ok()?.iter().map(|part| part.to_str()).collect();
        SitePath::new(&parts?.join("/"))
    }

    /// Whether a file or folder at `path` would be read.
    fn counts(&self, path: &Path) -> bool {
        if path == self.root {
            return true;
        }
        let Ok(inside) = path.strip_prefix(&self.root) else { return true };
        let mut folder = String::new();
        for part in inside {
            let name = part.to_string_lossy();
            let is_top = folder.is_empty();
            if is_top && !read::TOPS.contains(&&*name) || !is_top && is_litter(&name, &folder) {
                return false;
            }
            folder = if is_top { name.into_owned() } else { format!("{folder}/{name}") };
        }
        true
    }
}

/// Whether `file` is there, and not as a link that leads nowhere.
fn exists(file: &Path) -> bool {
    fs::metadata(file).is_ok()
}

/// Reads `file`, and says whether it stayed the same meanwhile.
fn take(path: &SitePath, file: &Path) -> Taken {
    let mut found = Vec::new();
    let read_at = SystemTime::now();
    let read = if is_text(path) {
        bytes(file).map(|(bytes, before, after)| {
            let steady = before == after && bytes.len() as u64 == after.size;
            (Content::Text(text(path, bytes, &mut found)), after, steady)
        })
    } else {
        let before = patience::stat(file);
        asset(path, file).and_then(|asset| {
            let after = Stat::new(&fs::metadata(file)?);
            let steady = before == Some(after) && asset.size == after.size;
            Ok((Content::Asset(asset), after, steady))
        })
    };
    match read {
        Ok((content, stat, steady)) => {
            Taken { content: Some(content), found, stat: Some(stat), steady, read_at }
        }
        Err(error) => {
            found.push(unreadable(path, &error));
            Taken { content: None, found, stat: None, steady: false, read_at }
        }
    }
}

/// The bytes of `file`, with what the system says of it before and after.
fn bytes(file: &Path) -> std::io::Result<(Vec<u8>, Stat, Stat)> {
    let file = File::open(file)?;
    let stat = |metadata: &Metadata| Stat::new(metadata);
    let before = stat(&file.metadata()?);
    let bytes = read::sized(&file, before.size)?;
    Ok((bytes, before, stat(&file.metadata()?)))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::diagnostic::Code;
    use crate::source::AssetContent;

    /// All that was read, as text.
    fn known(scanner: &Scanner) -> String {
        let sources = &scanner.sources;
        let texts = sources.texts.values().map(|source| source.text.clone());
        let assets = sources.assets.values().map(|asset| match &asset.content {
            AssetContent::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            AssetContent::File(_) => String::new(),
        });
        texts.chain(assets).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_link_out_of_the_site_in_the_place_of_a_file_is_not_read() {
        let (site, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let at = |path: &str| site.path().canonicalize().unwrap().join(path);
        for folder in ["static", "content/sub"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        let files = ["static/a.txt", "content/a.md", "content/sub/b.md", "static/c.txt"];
        for (file, words) in files.iter().zip(["one", "two", "three", "four"]) {
            fs::write(at(file), words).unwrap();
        }
        symlink(at("static/c.txt"), at("static/link.txt")).unwrap();
        fs::write(outside.path().join("b.md"), "secret").unwrap();
        let secret = outside.path().join("b.md");
        let mut scanner = Scanner::new(site.path());
        assert_eq!(known(&scanner), "two three one four four");

        for file in ["static/a.txt", "content/a.md", "static/link.txt"] {
            fs::remove_file(at(file)).unwrap();
            symlink(&secret, at(file)).unwrap();
        }
        fs::remove_dir_all(at("content/sub")).unwrap();
        symlink(outside.path(), at("content/sub")).unwrap();
        let hint = |path: &str| Hint { path: at(path), finished: true };
        let hints = [&files[..], &["static/link.txt"]].concat();
        assert!(scanner.look(&hints.into_iter().map(hint).collect::<Vec<_>>()));
        assert_eq!(known(&scanner), "two three one four four");
        scanner.scan();
        while scanner.wait().is_some() {
            std::thread::sleep(patience::STEP);
            scanner.look_at_waiting();
            assert!(!known(&scanner).contains("secret"));
        }
        scanner.scan();
        assert_eq!(known(&scanner), "four");
        let found = scanner.sources().found;
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found.iter().all(|one| one.code == Code::SymlinkOutside), "{found:?}");
    }
}
