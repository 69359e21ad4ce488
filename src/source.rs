//! What was read, and places in it.
//!
//! Values only: nothing here opens a file. [`crate::disk::read`] is the only way in.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use memchr::{memchr_iter, memchr2, memrchr};
use twox_hash::XxHash3_64;

pub mod line;
pub mod plain_text;

use line::{LineIndex, Position};

/// A path inside the site, with `/` on every system: `content/reply.md`.
///
/// Never absolute, never with `.` or `..` or an empty part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(Arc<str>);

impl Borrow<str> for SitePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl SitePath {
    /// The path `path`, with `.` and `..` resolved.
    ///
    /// Gives nothing for an absolute path, one that leaves the site, an empty one, or one
    /// with a NUL, a backslash or a drive letter in it.
    #[must_use]
    pub fn new(path: &str) -> Option<Self> {
        Self::resolve("", path)
    }

    /// The path `relative` as seen from the folder in which this file stands.
    ///
    /// Gives nothing where [`SitePath::new`] would.
    #[must_use]
    pub fn beside(&self, relative: &str) -> Option<Self> {
        Self::resolve(self.folder(), relative)
    }

    /// The path of what is called `name` in this folder.
    ///
    /// Gives nothing where [`SitePath::new`] would, nor for more than a name.
    #[must_use]
    pub fn inside(&self, name: &str) -> Option<Self> {
        let leaves = |byte| matches!(byte, b'/' | b'\\' | b'\0');
        let is_name = !matches!(name, "" | "." | "..") && !name.bytes().any(leaves);
        is_name.then(|| Self([self.as_str(), "/", name].concat().into()))
    }

    fn resolve(folder: &str, relative: &str) -> Option<Self> {
        let bytes = relative.as_bytes();
        if relative.starts_with('/') || memchr2(b'\0', b'\\', bytes).is_some() {
            return None;
        }
        let mut path = String::with_capacity(folder.len() + 1 + relative.len());
        path.push_str(folder);
        let mut from = 0;
        for to in memchr_iter(b'/', bytes).chain(std::iter::once(bytes.len())) {
            match relative.get(from..to).unwrap_or_default() {
                "" | "." => {}
                ".." if path.is_empty() => return None,
                ".." => path.truncate(memrchr(b'/', path.as_bytes()).unwrap_or(0)),
                part => {
                    if !path.is_empty() {
                        path.push('/');
                    }
                    path.push_str(part);
                }
            }
            from = to + 1;
        }
        (!path.is_empty()).then(|| Self(path.into()))
    }

    /// The whole path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder in which it stands, without a slash at its end; empty at the site's root.
    #[must_use]
    pub fn folder(&self) -> &str {
        let end = memrchr(b'/', self.0.as_bytes()).unwrap_or(0);
        self.0.get(..end).unwrap_or_default()
    }

    /// The last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The last part without its extension.
    #[must_use]
    pub fn stem(&self) -> &str {
        let name = self.name();
        match name.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => name,
        }
    }

    /// What follows the last dot of the name, or nothing.
    #[must_use]
    pub fn extension(&self) -> &str {
        match self.name().rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => extension,
            _ => "",
        }
    }

    /// Whether it lies in the top folder `top` (`content`, `seeds`, `themes`, `static`).
    #[must_use]
    pub fn is_in(&self, top: &str) -> bool {
        self.0.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl std::fmt::Display for SitePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A stretch of bytes in a file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub path: SitePath,
    /// Bytes from the start of the file; empty for a mere place.
    pub bytes: Range<usize>,
}

impl Span {
    /// The bytes `bytes` of the file `path`.
    #[must_use]
    pub fn new(path: &SitePath, bytes: Range<usize>) -> Self {
        Self { path: path.clone(), bytes }
    }
}

/// A text file as it was read.
#[derive(Debug)]
pub struct Source {
    /// Where it lies.
    pub path: SitePath,
    /// All of it, byte-order mark and line ends as they are; bytes that are no UTF-8 are
    /// replaced, and reading says so.
    pub text: String,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// The file `path` with the text `text`.
    #[must_use]
    pub fn new(path: SitePath, text: String) -> Self {
        Self { path, text, lines: OnceLock::new() }
    }

    /// Line and column of byte `offset`.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.lines().position(&self.text, offset)
    }

    /// Where its lines begin; found at the first call.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// Where the bytes of an asset are.
#[derive(Clone, Debug)]
pub enum AssetContent {
    /// In memory: the embedded theme, and what a theme's folder holds.
    Bytes(Arc<[u8]>),
    /// In a file, to be copied.
    File(PathBuf),
}

/// The hash of a file's content, which tells whether it changed and vouches for nothing: XXH3 of
/// 64 bits (Collet, xxHash 0.8), the same on every system.
#[must_use]
pub fn content_hash(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// Hashes texts of the site in tables of them, as [`content_hash`] does: each link of every page
/// is looked up, and whoever wrote the texts would slow down nobody's build but their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextHasher(u64);

impl Hasher for TextHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.rotate_left(1) ^ content_hash(bytes);
    }

    fn write_u8(&mut self, byte: u8) {
        // The end of a text.
        self.0 ^= u64::from(byte);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Makes them.
pub type TextHashes = BuildHasherDefault<TextHasher>;

/// A file that is copied as it is.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Where it lies in the site.
    pub path: SitePath,
    /// Size in bytes.
    pub size: u64,
    /// The hash of its content, as [`content_hash`] makes it.
    pub hash: u64,
    /// Width and height in pixels, of an image that says so in its first bytes.
    pub dimensions: Option<(u32, u32)>,
    /// Its bytes.
    pub content: AssetContent,
}

/// Everything that was read: a site at one moment.
///
/// Texts are what Agon understands (`.md`, `.txt` in `seeds/`, `site.yaml`, `theme.yaml`,
/// templates); all other files are assets. The embedded theme is in it under
/// `themes/broadsheet/` unless the site has a theme of that name.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The texts, by path.
    pub texts: BTreeMap<SitePath, Arc<Source>>,
    /// The rest, by path.
    pub assets: BTreeMap<SitePath, Arc<Asset>>,
    /// The name of the folder of the site, the default of its title.
    pub folder_name: String,
}

/// A file of the finished site.
#[derive(Clone, Debug)]
pub struct OutputFile {
    /// Where it goes in the output folder, with `/`: `a/index.html`.
    pub path: String,
    /// What is in it.
    pub content: OutputContent,
}

/// What is in a file of the finished site.
#[derive(Clone, Debug)]
pub enum OutputContent {
    /// A page that was rendered.
    Bytes(Vec<u8>),
    /// A file that is copied.
    Asset(Arc<Asset>),
}
