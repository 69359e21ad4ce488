//! What the tests of the whole program share.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) mod git;
pub(crate) mod web;

/// An original, and a reply that quotes it.
pub(crate) const ORIGINAL: &str = "---\ntitle: Rain\ndate: 2026-01-02\ncolor: blue\n---\n\n\
    Rain falls on every roof in the town. It asks nobody first.\n";

pub(crate) const REPLY: &str = "---\ntitle: Sun\ndate: 2026-01-03\ncolor: red\nrebuts: rain\n---\n\n\
    > Rain falls on every roof in the town.\n\nNot on mine.\n";

/// Files by their paths.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// 1 June 2026, the day of all builds that must not depend on the clock.
pub(crate) const TODAY: &str = "1780272000";

/// The program, to be run in `folder` without what the tester's environment sets.
pub(crate) fn agon(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agon"));
    command.args(arguments).current_dir(folder);
    for variable in ["AGON_BASE_URL", "SOURCE_DATE_EPOCH", "CLICOLOR_FORCE", "NO_COLOR"] {
        command.env_remove(variable);
    }
    for variable in ["SERVER_URL", "REPOSITORY", "SHA", "WORKSPACE", "STEP_SUMMARY"] {
        command.env_remove(format!("GITHUB_{variable}"));
    }
    command
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Fails unless it ended with `code` and said `words` on stdout and stderr; where nothing
    /// is expected there is nothing.
    #[track_caller]
    pub(crate) fn check(&self, code: i32, out: &str, err: &str) {
        assert_eq!(self.code, code, "{self:#?}");
        for (text, expected) in [(&self.out, out), (&self.err, err)] {
            assert!(text.contains(expected), "{expected:?} is missing: {self:#?}");
            assert!(!expected.is_empty() || text.is_empty(), "nothing was expected: {self:#?}");
        }
    }

    /// The same with `folder` out of every path.
    pub(crate) fn relative_to(mut self, folder: &Path) -> Self {
        for name in [folder.to_owned(), folder.canonicalize().unwrap()] {
            for text in [&mut self.out, &mut self.err] {
                *text = text.replace(&*name.to_string_lossy(), "FOLDER");
            }
        }
        self
    }
}

/// The repository's folder of tests.
pub(crate) fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// Every file in `folder` by its path there, links as what they say; nothing where it is missing.
pub(crate) fn files(folder: &Path) -> Files {
    let mut files = Files::new();
    if !folder.exists() {
        return files;
    }
    for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap) {
        let path = entry.path().strip_prefix(folder).unwrap().to_owned();
        if entry.file_type().is_file() {
            files.insert(path, fs::read(entry.path()).unwrap());
        } else if entry.file_type().is_symlink() {
            let target = fs::read_link(entry.path()).unwrap();
            files.insert(path, target.to_string_lossy().into_owned().into_bytes());
        }
    }
    files
}

/// Writes `bytes` and the folders above.
pub(crate) fn put(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Copies all files of a folder into another.
pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files(from) {
        put(&to.join(path), bytes);
    }
}

/// Whether what is expected shall become what is.
pub(crate) fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// Where two texts differ, to be read.
pub(crate) fn difference(expected: &str, found: &str) -> String {
    similar::TextDiff::from_lines(expected, found)
        .unified_diff()
        .header("expected", "found")
        .to_string()
}
