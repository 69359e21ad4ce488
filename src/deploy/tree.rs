//! A site as git's objects: made by `git fast-import`, listed and compared.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::git::Git;
use crate::diagnostic::Diagnostic;
use crate::source::{AssetContent, OutputContent, OutputFile};

/// The name under which a tree is made; it never becomes one that anybody sees.
const NAME: &str = "refs/agon-deployment";

/// The file that keeps GitHub from taking a site for Jekyll's, which leaves out what begins
/// with `_`.
const NO_JEKYLL: &str = ".nojekyll";

/// The id of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TreeId(pub(super) String);

/// A file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Mode, kind and id, as git prints them.
    pub(super) object: String,
    pub(super) size: u64,
}

/// Files by their path.
pub(super) type Entries = BTreeMap<String, Entry>;

/// What a deployment does to the files of a branch, in the order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that were not there, and their sizes in bytes.
    pub added: Vec<(String, u64)>,
    /// Files with other bytes, and their new sizes.
    pub changed: Vec<(String, u64)>,
    /// Files that are no more, and their old sizes.
    pub removed: Vec<(String, u64)>,
}

/// Makes the tree of `files` and gives its id: equal files, equal id.
///
/// The objects are written to the repository, and no name leads to them.
pub(super) fn import(git: &Git, files: &[OutputFile]) -> Result<TreeId, Box<Diagnostic>> {
    let format = git.ask_if(&["rev-parse", "--show-object-format"])?;
    let digits = if format.as_deref() == Some("sha256") { 64 } else { 40 };
    let commit = git.feed(&["fast-import", "--quiet", "--force", "--done"], |input| {
        // Author and date are those of a commit that is thrown away: only its tree is wanted.
        write!(input, "feature get-mark\ncommit {NAME}\nmark :1\n")?;
        write!(input, "committer agon <agon@localhost> 0 +0000\ndata 0\ndeleteall\n")?;
        let written = files.iter().try_for_each(|file| write_file(input, file));
        if !files.iter().any(|file| file.path == NO_JEKYLL) {
            write!(input, "M 100644 inline {NO_JEKYLL}\ndata 0\n\n")?;
        }
        // Back to nothing, so that no name is left behind. This is written even where a file
        // could not be read: git keeps the report of a crash in the repository.
        write!(input, "get-mark :1\nreset {NAME}\nfrom {}\n\ndone\n", "0".repeat(digits))?;
        written
    })?;
    git.ask(&["rev-parse", "--verify", &format!("{commit}^{{tree}}")]).map(TreeId)
}

fn write_file(input: &mut dyn Write, file: &OutputFile) -> io::Result<()> {
    let read;
    let bytes = match &file.content {
        OutputContent::Bytes(bytes) => bytes.as_slice(),
        OutputContent::Asset(asset) => match &asset.content {
            AssetContent::Bytes(bytes) => bytes,
            AssetContent::File(path) => {
                read = std::fs::read(path).map_err(|error| {
                    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
                })?;
                read.as_slice()
            }
        },
    };
    write!(input, "M 100644 inline {}\ndata {}\n", quoted(&file.path), bytes.len())?;
    input.write_all(bytes)?;
    input.write_all(b"\n")
}

/// A path as `git fast-import` reads it: in quotation marks, with escapes as in C, where it
/// would not be itself without (git-fast-import(1), "filemodify").
fn quoted(path: &str) -> String {
    if !path.starts_with('"') && !path.contains('\n') {
        return path.to_owned();
    }
    let escaped = path.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
    format!("\"{escaped}\"")
}

/// All files of a tree, or of a commit.
pub(super) fn list(git: &Git, tree: &str) -> Result<Entries, Box<Diagnostic>> {
    let text = git.ask(&["ls-tree", "-r", "-z", "-l", "--full-tree", tree])?;
    Ok(text.split('\0').filter_map(entry).collect())
}

/// `100644 blob 8a7f…   1234<tab>path`; what is no file, such as a submodule, has `-` for a size.
fn entry(line: &str) -> Option<(String, Entry)> {
    let (object, path) = line.split_once('\t')?;
    let (object, size) = object.rsplit_once(' ')?;
    let size = size.parse().unwrap_or_default();
    Some((path.to_owned(), Entry { object: object.trim_end().to_owned(), size }))
}

impl Changes {
    pub(super) fn between(before: &Entries, after: &Entries) -> Self {
        let mut changes = Self::default();
        for (path, entry) in after {
            match before.get(path) {
                None => changes.added.push((path.clone(), entry.size)),
                Some(old) if old != entry => changes.changed.push((path.clone(), entry.size)),
                Some(_) => {}
            }
        }
        let gone = before.iter().filter(|(path, _)| !after.contains_key(*path));
        changes.removed.extend(gone.map(|(path, entry)| (path.clone(), entry.size)));
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_that_git_would_misread_are_quoted() {
        assert_eq!(quoted("a b/不可逆's \"x\".html"), "a b/不可逆's \"x\".html");
        assert_eq!(quoted("\"a\\b\""), r#""\"a\\b\"""#);
        assert_eq!(quoted("a\nb"), r#""a\nb""#);
    }

    fn entries(files: &[(&str, &str)]) -> Entries {
        let entry = |object: &str| Entry { object: object.to_owned(), size: 1 };
        files.iter().map(|(path, object)| ((*path).to_owned(), entry(object))).collect()
    }

    #[test]
    fn changes_are_told_by_path() {
        let before = entries(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let after = entries(&[("b", "2"), ("c", "1"), ("d", "1")]);
        let one = |path: &str| vec![(path.to_owned(), 1)];
        let expected = Changes { added: one("d"), changed: one("b"), removed: one("a") };
        assert_eq!(Changes::between(&before, &after), expected);
        assert_eq!(Changes::between(&after, &after), Changes::default());
    }

    #[test]
    fn a_line_of_a_tree_is_read() {
        let (path, entry) = entry("100644 blob 8a7f    12\ta b\nc").unwrap();
        assert_eq!(
            (path.as_str(), entry.object.as_str(), entry.size),
            ("a b\nc", "100644 blob 8a7f", 12)
        );
        assert_eq!(super::entry("160000 commit 8a7f       -\tx").unwrap().1.size, 0);
        assert_eq!(super::entry(""), None);
    }
}
