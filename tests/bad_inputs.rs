//! What is said about files that are wrong, word by word.
//!
//! A case is one file of `tests/bad_inputs/`: what it is about, a line `$ agon …`, then files
//! between lines `-- path --`, and last what the program printed on stderr below `-- exit n --`.
//! `UPDATE=1 cargo test --test bad_inputs` writes that last part anew.
//!
//! - `-- path --` holds the lines up to the next such line as they are;
//! - `-- path (escaped) --` one text without its last line break, in which `\n`, `\r`, `\t`, `\\`,
//!   `\xff` (a byte), `\u{feff}` and `\{1000*[}` (a thousand brackets) are understood;
//! - `-- path -> target --` a symbolic link.
//!
//! The files of a case are added to a sound site of one seed and one reply, which was built
//! before. Of a case that "nothing is said" about, nothing may be. A file that begins with `../` lies beside the site. Whatever is wrong, nothing but
//! the output may change, and not even that where the program fails.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test runs the program in real folders"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Files, Ran};
use rayon::prelude::*;

const SEED: &str = "---\ntitle: Close the bridge to cars\ndate: 2026-01-02\ncolor: blue\n---\n\n\
    The old bridge carries 4,000 cars a day. It was built for carts.\n\n\
    ## What it costs\n\n\
    Repairs take 29% of the town's budget for roads. That is not a sum that a small town can spend every year.\n\n\
    A bridge for walkers costs a tenth of that. The town can decide it this spring.\n";

const REPLY: &str = "---\ntitle: Keep the bridge open\ndate: 2026-01-09\ncolor: red\nrebuts: ../seeds/bridge.md\n---\n\n\
    > It was built for carts.\n\nSo was every street in the town.\n";

struct Case {
    path: PathBuf,
    /// All up to the line of the exit code.
    input: String,
    /// The rest.
    said: String,
}

impl Case {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let at = text.find("\n-- exit ").map_or(text.len(), |at| at + 1);
        Self { path, input: text[..at].to_owned(), said: text[at..].to_owned() }
    }

    fn name(&self) -> String {
        self.path.strip_prefix(common::tests()).unwrap().display().to_string()
    }

    fn arguments(&self) -> Vec<&str> {
        let line = self.input.lines().find_map(|line| line.strip_prefix("$ agon "));
        line.unwrap_or_else(|| panic!("{} runs nothing", self.name())).split(' ').collect()
    }

    fn lay_out(&self, site: &Path) {
        let mut parts: Vec<(&str, String)> = Vec::new();
        for line in self.input.lines() {
            match line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
                Some(header) => parts.push((header, String::new())),
                None => {
                    if let Some((_, text)) = parts.last_mut() {
                        text.push_str(line);
                        text.push('\n');
                    }
                }
            }
        }
        for (header, text) in parts {
            if let Some((path, target)) = header.split_once(" -> ") {
                link(target, &site.join(path));
            } else if let Some(path) = header.strip_suffix(" (escaped)") {
                let path = String::from_utf8(unescaped(path)).unwrap();
                common::put(&site.join(path), unescaped(text.trim_end_matches('\n')));
            } else {
                common::put(&site.join(header), text);
            }
        }
    }

    /// What is wrong with how the program took the case.
    fn faults(&self, sound: &Files) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        for (path, bytes) in sound {
            common::put(&site.join(path), bytes);
        }
        self.lay_out(&site);
        let before = common::files(folder.path());
        let mut command = common::agon(&site, &self.arguments());
        let ran = command.env("SOURCE_DATE_EPOCH", common::TODAY).output().unwrap();
        let ran = Ran::from(ran).relative_to(folder.path());
        let after = common::files(folder.path());
        let said = format!("-- exit {} --\n{}", ran.code, ran.err);
        if common::is_update() {
            fs::write(&self.path, format!("{}{said}", self.input)).unwrap();
        }
        let mut faults = Vec::new();
        if said != self.said && !common::is_update() {
            faults.push(common::difference(&self.said, &said));
        }
        let is_silent =
            self.input.lines().next().is_some_and(|about| about.contains("nothing is said"));
        if is_silent != (ran.code == 0 && ran.err.is_empty()) {
            faults.push(format!("something or nothing is said: {ran:#?}"));
        }
        if !matches!(ran.code, 0..=2) || ran.err.contains("panicked") {
            faults.push(format!("it broke: {ran:#?}"));
        }
        if after != before && (ran.code != 0 || outside(&before) != outside(&after)) {
            faults.push("files were changed".to_owned());
        }
        faults.into_iter().map(|fault| format!("{}: {fault}", self.name())).collect()
    }
}

/// What does not lie in the output.
fn outside(files: &Files) -> Vec<(&PathBuf, &Vec<u8>)> {
    files.iter().filter(|(path, _)| !path.starts_with("site/output")).collect()
}

#[cfg(unix)]
fn link(target: &str, at: &Path) {
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, at).unwrap();
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend(before.bytes());
        let kind = after.chars().next().unwrap();
        rest = &after[kind.len_utf8()..];
        match kind {
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            '\\' => bytes.push(b'\\'),
            'x' => {
                bytes.push(u8::from_str_radix(&rest[..2], 16).unwrap());
                rest = &rest[2..];
            }
            'u' => {
                let (code, after) = rest[1..].split_once('}').unwrap();
                let c = char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap();
                bytes.extend(c.to_string().bytes());
                rest = after;
            }
            '{' => {
                let (times, after) = rest.split_once('*').unwrap();
                let (what, after) = after.split_once('}').unwrap();
                bytes.extend(unescaped(what).repeat(times.parse().unwrap()));
                rest = after;
            }
            other => panic!("`\\{other}` means nothing"),
        }
    }
    bytes.extend(rest.bytes());
    bytes
}

/// The files of a sound site with its output.
fn sound() -> Files {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    common::put(&site.join("seeds/bridge.md"), SEED);
    common::put(&site.join("content/open.md"), REPLY);
    common::put(&site.join("site.yaml"), "title: Two Banks\nbase_url: https://example.org\n");
    let ran = Ran::from(common::agon(&site, &["build"]).output().unwrap());
    ran.check(0, "1 quote anchored", "");
    common::files(&site)
}

fn cases() -> Vec<Case> {
    let folder = common::tests().join("bad_inputs");
    common::files(&folder).into_keys().map(|path| Case::read(folder.join(path))).collect()
}

#[test]
#[cfg(unix)]
fn every_fault_is_told_and_harms_nothing() {
    let sound = sound();
    let faults: Vec<String> = cases().par_iter().flat_map(|case| case.faults(&sound)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_escaped_is_understood() {
    assert_eq!(unescaped(r"a\n\\\xff\u{feff}\{2*ab}c"), b"a\n\\\xff\xef\xbb\xbfababc");
}
