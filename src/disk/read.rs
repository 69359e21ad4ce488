//! Reading a site: every file that counts, once, in parallel.
//!
//! Only `content/`, `seeds/`, `static/`, `themes/` and `site.yaml` are ever read.

use std::fs::{self, File};
use std::hash::Hasher as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use twox_hash::XxHash3_64;

use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::disk::image;
use crate::source::{Asset, AssetContent, SitePath, Source, Sources, Span, content_hash};

/// The folders and the file that are read.
pub const TOPS: &[&str] = &["content", "seeds", "static", "themes", "site.yaml"];

/// Bytes up to which an asset is kept in memory; larger ones are copied from file to file.
const KEPT_BYTES: u64 = 64 * 1024;

/// Folders inside folders that are followed: none that a person makes is deeper.
const MAX_DEPTH: usize = 64;

/// Reads the site in the folder `root`.
///
/// Texts that are equal to those of `before` are shared with it; it changes nothing else.
/// Files that cannot be read are reported and left out, those that are no UTF-8 are
/// reported and taken with replacement characters. Files that editors and systems leave
/// behind are ignored, and so are dot files but in `static/`.
#[must_use]
pub fn read(root: &Path, before: &Sources) -> Checked<Sources> {
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let Walked { files, mut found } = walk(&real_root);
    let read: Vec<_> = files
        .into_par_iter()
        .map(|Entry { path, file, .. }| (path.clone(), read_file(path, &file)))
        .collect();
    let (mut texts, mut assets) = (Vec::with_capacity(read.len()), Vec::new());
    for (path, checked) in read {
        match checked.into_value(&mut found) {
            Some(Content::Text(text)) => {
                let known = before.texts.get(&path).filter(|known| known.text == text);
                let source =
                    known.cloned().unwrap_or_else(|| Arc::new(Source::new(path.clone(), text)));
                texts.push((path, source));
            }
            Some(Content::Asset(asset)) => assets.push((path, Arc::new(asset))),
            None => {}
        }
    }
    let (texts, assets) = (texts.into_iter().collect(), assets.into_iter().collect());
    let sources = Sources { texts, assets, folder_name: folder_name(&real_root) };
    Checked { value: sources, found }
}

/// The name of the folder of a site, the default of its title.
pub(super) fn folder_name(real_root: &Path) -> String {
    let name = real_root.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_default()
}

/// A file that counts.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub path: SitePath,
    /// Where it is read.
    pub file: PathBuf,
    /// Where it truly lies, if symbolic links lead there.
    pub real: Option<PathBuf>,
}

/// What a walk through a site comes by.
pub(super) struct Walked {
    pub files: Vec<Entry>,
    pub found: Vec<Diagnostic>,
}

/// Walks through the site in `real_root`, a path without symbolic links.
pub(super) fn walk(real_root: &Path) -> Walked {
    let mut walk = Walk { real_root, files: Vec::new(), found: Vec::new() };
    for top in TOPS {
        let path = real_root.join(top);
        if let (Some(site_path), Ok(metadata)) = (SitePath::new(top), fs::symlink_metadata(&path)) {
            let kind = metadata.file_type();
            walk.enter(&site_path, (path, None), kind, &mut vec![real_root.to_owned()]);
        }
    }
    Walked { files: walk.files, found: walk.found }
}

/// Whether a file is a text that Agon understands.
pub(super) fn is_text(path: &SitePath) -> bool {
    let mut parts = path.as_str().split('/');
    let is = |extension: &str| path.extension().eq_ignore_ascii_case(extension);
    match parts.next() {
        Some("site.yaml") => true,
        Some("content") => is("md") || is("markdown"),
        Some("seeds") => is("md") || is("markdown") || is("txt"),
        Some("themes") => match (parts.next(), parts.next()) {
            (Some(_), Some("theme.yaml")) => parts.next().is_none(),
            (Some(_), Some("templates")) => true,
            _ => false,
        },
        _ => false,
    }
}

/// Whether a name is one that editors and systems leave behind, or hidden outside `static/`.
pub(super) fn is_litter(name: &str, folder: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let swap = extension.len() == 3 && extension.starts_with("sw") && extension != "swf";
    let in_static = folder == "static" || folder.starts_with("static/");
    swap || matches!(extension, "tmp" | "bck")
        || matches!(name, ".DS_Store" | "Thumbs.db" | "4913" | ".git")
        || name.ends_with('~')
        || name.starts_with(".#")
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || name.starts_with("___jb_")
        || (name.starts_with('.') && !in_static)
}

struct Walk<'a> {
    real_root: &'a Path,
    files: Vec<Entry>,
    found: Vec<Diagnostic>,
}

impl Walk<'_> {
    /// Takes what stands at `file` and truly lies at `real`, if links lead there; `above` are the
    /// true folders in which it stands, so that a circle is seen where it closes.
    fn enter(
        &mut self,
        path: &SitePath,
        (file, real): (PathBuf, Option<PathBuf>),
        kind: fs::FileType,
        above: &mut Vec<PathBuf>,
    ) {
        let (kind, real) = if kind.is_symlink() {
            match self.followed(path, &file) {
                Ok((kind, real)) => (kind, Some(real)),
                Err(found) => return self.found.push(*found),
            }
        } else {
            (kind, real)
        };
        if kind.is_file() {
            self.files.push(Entry { path: path.clone(), file, real });
        } else if kind.is_dir() {
            let real = real.unwrap_or_else(|| file.clone());
            self.enter_folder(path, &file, real, above);
        } else {
            self.found.push(no_file(path));
        }
    }

    /// What a symbolic link leads to, inside the site, and where that truly lies.
    fn followed(
        &self,
        path: &SitePath,
        file: &Path,
    ) -> Result<(fs::FileType, PathBuf), Box<Diagnostic>> {
        let real = fs::canonicalize(file).map_err(|_| Box::new(broken_link(path)))?;
        if !may_lead_to(self.real_root, path, &real) {
            return Err(Box::new(leads_outside(path, &real)));
        }
        let metadata = fs::metadata(&real).map_err(|error| Box::new(unreadable(path, &error)))?;
        Ok((metadata.file_type(), real))
    }

    fn enter_folder(
        &mut self,
        path: &SitePath,
        folder: &Path,
        real: PathBuf,
        above: &mut Vec<PathBuf>,
    ) {
        if above.contains(&real) {
            self.found.push(circle(path));
            return;
        }
        if above.len() > MAX_DEPTH {
            self.found.push(too_deep(path));
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.found.push(unreadable(path, &error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            // The kind of an entry comes with its name: no look at the file is needed.
            match entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))) {
                Ok(named) => names.push(named),
                Err(error) => self.found.push(unreadable(path, &error)),
            }
        }
        names.sort_by(|(one, _), (other, _)| one.cmp(other));
        let is_linked = real != folder;
        above.push(real.clone());
        for (name, kind) in names {
            let shown = name.to_string_lossy();
            if is_litter(&shown, path.as_str()) {
                continue;
            }
            let portable = name.to_str().filter(|name| !name.contains(char::is_control));
            match portable.and_then(|name| path.inside(name)) {
                Some(inside) => {
                    let real = is_linked.then(|| real.join(&name));
                    self.enter(&inside, (folder.join(&name), real), kind, above);
                }
                None => self.found.push(not_portable(path, &shown)),
            }
        }
        above.pop();
    }
}

/// Whether the site in `real_root` may have at `path` what truly lies at `real`: of the site's own
/// folder, and nothing hidden but in `static/`.
pub(super) fn may_lead_to(real_root: &Path, path: &SitePath, real: &Path) -> bool {
    let hidden = |part: &std::ffi::OsStr| part.as_encoded_bytes().starts_with(b".");
    let inside = real.strip_prefix(real_root);
    inside.is_ok_and(|inside| path.is_in("static") || !inside.iter().any(hidden))
}

/// What is in a file.
pub(super) enum Content {
    Text(String),
    Asset(Asset),
}

fn read_file(path: SitePath, file: &Path) -> Checked<Option<Content>> {
    let mut found = Vec::new();
    let content = if is_text(&path) {
        bytes_of(file).map(|bytes| Content::Text(text(&path, bytes, &mut found)))
    } else {
        asset(&path, file).map(Content::Asset)
    };
    let value = content.map_err(|error| found.push(unreadable(&path, &error))).ok();
    Checked { value, found }
}

/// `bytes` as a text, with a fault where they are none.
pub(super) fn text(path: &SitePath, bytes: Vec<u8>, found: &mut Vec<Diagnostic>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let at = error.utf8_error().valid_up_to();
        found.push(not_utf8(path, at));
        String::from_utf8_lossy(error.as_bytes()).into_owned()
    })
}

/// The asset at `file`.
pub(super) fn asset(path: &SitePath, file: &Path) -> std::io::Result<Asset> {
    let size = fs::metadata(file)?.len();
    if size <= KEPT_BYTES {
        let bytes = bytes_of(file)?;
        return Ok(Asset {
            path: path.clone(),
            size: bytes.len() as u64,
            hash: content_hash(&bytes),
            dimensions: image::dimensions(&bytes, path.extension()),
            content: AssetContent::Bytes(bytes.into()),
        });
    }
    let mut head = Vec::new();
    File::open(file)?.take(KEPT_BYTES).read_to_end(&mut head)?;
    let (size, hash) = hash_of(file)?;
    let dimensions = image::dimensions(&head, path.extension());
    let content = AssetContent::File(file.to_owned());
    Ok(Asset { path: path.clone(), size, hash, dimensions, content })
}

/// The bytes of a file.
pub(super) fn bytes_of(file: &Path) -> std::io::Result<Vec<u8>> {
    let file = File::open(file)?;
    let size = file.metadata()?.len();
    sized(file, size)
}

/// Bytes up to which room for a file is made as the system says it is large: no text that a
/// person writes is larger, and a file may be said to be larger than all memory.
const AT_ONCE_BYTES: u64 = 1 << 20;

/// What is in `file`, of which the system says that it has `size` bytes: with a file as long as
/// that there is no call to see the end, which [`fs::read`] needs. What a writer adds
/// meanwhile is left for the next time; a file that became shorter ends where it ends.
pub(super) fn sized(mut file: impl std::io::Read, size: u64) -> std::io::Result<Vec<u8>> {
    // Some systems say of files that they make up on the way that they are empty.
    if size == 0 || size > AT_ONCE_BYTES {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(size).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Size and hash of a file, read in pieces.
pub(super) fn hash_of(file: &Path) -> std::io::Result<(u64, u64)> {
    let mut file = File::open(file)?;
    let mut hasher = XxHash3_64::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut size = 0;
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((size, hasher.finish()));
        }
        hasher.write(buffer.get(..count).unwrap_or_default());
        size += count as u64;
    }
}

pub(super) fn unreadable(path: &SitePath, error: &std::io::Error) -> Diagnostic {
    Diagnostic::about(Code::Unreadable, path, format!("cannot be read: {error}"))
}

fn no_file(path: &SitePath) -> Diagnostic {
    Diagnostic::about(Code::Unreadable, path, "neither a file nor a folder")
        .help("a socket, pipe or device has no place in a site: move it elsewhere")
}

fn not_utf8(path: &SitePath, at: usize) -> Diagnostic {
    let mark = '\u{fffd}'.len_utf8();
    Diagnostic::error(Code::NotUtf8, Span::new(path, at..at + mark), "the file is not UTF-8")
        .label("the first bytes that are not")
        .help("save it with the encoding UTF-8")
}

fn broken_link(path: &SitePath) -> Diagnostic {
    Diagnostic::about(Code::SymlinkCycle, path, "a symbolic link that leads nowhere")
        .help("remove the link, or let it lead to a file of the site")
}

fn circle(path: &SitePath) -> Diagnostic {
    Diagnostic::about(Code::SymlinkCycle, path, "a symbolic link to a folder in which it stands")
        .help("remove the link")
}

fn leads_outside(path: &SitePath, real: &Path) -> Diagnostic {
    let message = format!("a symbolic link that leads out of the site, to `{}`", real.display());
    Diagnostic::about(Code::SymlinkOutside, path, message)
        .help("put a copy of what it leads to into the site")
}

fn too_deep(path: &SitePath) -> Diagnostic {
    let message = format!("folders are followed {MAX_DEPTH} deep and this one is deeper");
    Diagnostic::about(Code::TooDeep, path, message)
}

fn not_portable(folder: &SitePath, name: &str) -> Diagnostic {
    let message = format!("the name {name:?} in `{folder}/` does not work on every system");
    Diagnostic::about(Code::PathNotPortable, folder, message)
        .help("rename the file: letters, digits, spaces and `-_.` always work")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, size: u64, expected: &str) {
        assert_eq!(
            sized(text.as_bytes(), size).unwrap(),
            expected.as_bytes(),
            "{text:?} of {size}"
        );
    }

    #[test]
    fn a_text_is_known_by_its_folder_and_its_extension() {
        let is = |path: &str| is_text(&SitePath::new(path).unwrap());
        for path in ["content/a.md", "content/A.MD", "content/b/a.markdown", "seeds/a.TXT"] {
            assert!(is(path), "{path}");
        }
        for path in ["content/a.txt", "content/a", "content/.md", "static/a.md", "seeds/md"] {
            assert!(!is(path), "{path}");
        }
    }

    #[test]
    fn a_file_ends_at_its_size_or_before_it() {
        check("words", 5, "words");
        check("words and more", 5, "words");
        check("word", 1 << 16, "word");
        check("", 5, "");
        check("made up on the way", 0, "made up on the way");
        check("a sparse file", u64::MAX, "a sparse file");
    }

    #[test]
    fn a_file_that_comes_in_pieces_is_read_to_its_end() {
        let pieces = std::io::Read::chain("wo".as_bytes(), "rds".as_bytes());
        assert_eq!(sized(pieces, 5).unwrap(), b"words");
    }
}
