//! Small sites and every byte that comes of them.
//!
//! Each folder of `tests/sites/` is a site as its writer has it, and beside the site's files
//!
//! - `expected/`: the output, every file of it;
//! - `report.txt`: how the build ended and what it said;
//! - `expected.txt`, where a site is built with the default theme: the paths of all files of the
//!   output; only those marked `=` are in `expected/`, without the version of the theme's files;
//! - `arguments.txt`, where the build has any.
//!
//! A site whose theme is `plain` gets `tests/plain/`, which shows what templates are given in few
//! words. `UPDATE=1 cargo test --test sites` makes what is expected of what is.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test runs the program in real folders"
)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use common::{Files, Ran, web};
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

/// What a folder of `tests/sites/` holds besides the site.
const OURS: &[&str] = &["expected", "expected.txt", "report.txt", "arguments.txt"];

/// A site built in a folder of its own.
struct Built {
    folder: tempfile::TempDir,
    name: String,
    ran: Ran,
}

impl Built {
    fn of(name: &str, spell: fn(&str) -> String) -> Self {
        let case = case(name);
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join(name);
        for (path, bytes) in inputs(&case) {
            common::put(&site.join(spell(path.to_str().unwrap())), bytes);
        }
        let settings = fs::read_to_string(case.join("site.yaml")).unwrap_or_default();
        if settings.contains("theme: plain") || settings.contains("theme: child") {
            common::copy(&common::tests().join("plain"), &site.join("themes/plain"));
        }
        let arguments = fs::read_to_string(case.join("arguments.txt")).unwrap_or_default();
        let arguments: Vec<&str> =
            std::iter::once("build").chain(arguments.split_whitespace()).collect();
        let mut command = common::agon(&site, &arguments);
        let ran = command.env("SOURCE_DATE_EPOCH", common::TODAY).output().unwrap();
        let ran = Ran::from(ran).relative_to(&site);
        Self { folder, name: name.to_owned(), ran }
    }

    fn output(&self) -> Files {
        let mut files = common::files(&self.folder.path().join(&self.name).join("output"));
        files.remove(Path::new(".agon"));
        files
    }

    fn report(&self) -> String {
        let Ran { code, out, err } = &self.ran;
        format!("exit code {code}\n--- stdout\n{out}--- stderr\n{err}")
    }
}

fn case(name: &str) -> PathBuf {
    common::tests().join("sites").join(name)
}

/// The files of the site in `case`.
fn inputs(case: &Path) -> Files {
    let mut inputs = Files::new();
    for entry in fs::read_dir(case).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if OURS.contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_file() {
            inputs.insert(name.into(), fs::read(entry.path()).unwrap());
            continue;
        }
        let files = common::files(&entry.path()).into_iter();
        inputs.extend(files.map(|(path, bytes)| (Path::new(&name).join(path), bytes)));
    }
    inputs
}

fn cases() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(common::tests().join("sites"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The versions in links to the theme's files, which change with every change of the theme.
fn without_versions(bytes: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.to_owned() };
    let mut parts = text.split("?v=");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain += "?v=…";
        plain += part.get(8..).unwrap_or_default();
    }
    plain.into_bytes()
}

/// What of an output is compared, and its list of paths where only some of it is.
fn compared(name: &str, output: Files) -> (Files, Option<String>) {
    let Ok(list) = fs::read_to_string(case(name).join("expected.txt")) else {
        return (output, None);
    };
    let chosen: BTreeSet<&str> = list.lines().filter_map(|line| line.strip_prefix("= ")).collect();
    let mark = |path: &Path| if chosen.contains(path.to_str().unwrap()) { '=' } else { ' ' };
    let list = output.keys().map(|path| format!("{} {}\n", mark(path), path.display())).collect();
    let files = output
        .into_iter()
        .filter(|(path, _)| mark(path) == '=')
        .map(|(path, bytes)| (path, without_versions(&bytes)))
        .collect();
    (files, Some(list))
}

fn update(name: &str, files: &Files, list: Option<&str>, report: &str) {
    let expected = case(name).join("expected");
    let _ = fs::remove_dir_all(&expected);
    for (path, bytes) in files {
        common::put(&expected.join(path), bytes);
    }
    if let Some(list) = list {
        common::put(&case(name).join("expected.txt"), list);
    }
    common::put(&case(name).join("report.txt"), report);
}

/// Each file that differs, with what differs in it.
fn differences(expected: &Files, found: &Files) -> Vec<String> {
    let paths: BTreeSet<&PathBuf> = expected.keys().chain(found.keys()).collect();
    let text = |files: &Files, path| {
        files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    paths
        .into_iter()
        .filter(|path| expected.get(*path) != found.get(*path))
        .map(|path| match (text(expected, path), text(found, path)) {
            (Some(_), None) => format!("{} was not written", path.display()),
            (None, Some(_)) => format!("{} was written, and is not expected", path.display()),
            (expected, found) => {
                let (expected, found) = (expected.unwrap_or_default(), found.unwrap_or_default());
                format!("{}\n{}", path.display(), common::difference(&expected, &found))
            }
        })
        .collect()
}

fn check(name: &str) -> Vec<String> {
    let built = Built::of(name, str::to_owned);
    let mut faults = web::faults(&built.output());
    let (found, list) = compared(name, built.output());
    let report = built.report();
    if common::is_update() {
        update(name, &found, list.as_deref(), &report);
    }
    let texts = |list: Option<&str>, report: &str| {
        let mut texts: Files = [(PathBuf::from("report.txt"), report.into())].into();
        if let Some(list) = list {
            texts.insert(PathBuf::from("expected.txt"), list.into());
        }
        texts
    };
    let read = |file: &str| fs::read_to_string(case(name).join(file)).unwrap_or_default();
    let expected_list = list.is_some().then(|| read("expected.txt"));
    let expected = texts(expected_list.as_deref(), &read("report.txt"));
    faults.extend(differences(&expected, &texts(list.as_deref(), &report)));
    faults.extend(differences(&common::files(&case(name).join("expected")), &found));
    faults.into_iter().map(|fault| format!("{name}: {fault}")).collect()
}

#[test]
fn every_site_becomes_what_is_expected() {
    let faults: Vec<String> = cases().par_iter().flat_map(|name| check(name)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_demo_has_no_dead_link_and_no_id_twice() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("output");
    let arguments = ["build", "--base-url", "https://example.org/demo", "--output"];
    let mut command = common::agon(Path::new(env!("CARGO_MANIFEST_DIR")), &arguments);
    let ran = command.arg(&output).env("SOURCE_DATE_EPOCH", common::TODAY).output().unwrap();
    Ran::from(ran).check(0, "quotes anchored", "");
    let output = common::files(&output);
    assert!(output.len() > 20, "{:?}", output.keys());
    assert_eq!(web::faults(&output), Vec::<String>::new());
}

#[test]
fn what_is_wrong_with_a_page_is_seen() {
    let of = |html: &str| {
        let page = format!("<link rel=\"canonical\" href=\"https://example.org/b/\">{html}");
        web::faults(&[(PathBuf::from("index.html"), page.into_bytes())].into())
    };
    assert_eq!(of("<p id=\"x\"><a href=\"#x\">a</a> <a href=\"/b/#x\">b</a></p>"), [""; 0]);
    for html in [
        "<p>",
        "</p>",
        "<b><i></b></i>",
        "1 < 2",
        "<i id=\"x\"></i><i id=\"x\"></i>",
        "<a href=\"#x\"></a>",
        "<a href=\"/\"></a>",
        "<img src=\"/b/x.png\">",
        "<a href=\"https://example.org/b/x/\"></a>",
        "<a href=\"/b/\">a <a href=\"/b/\">b</a></a>",
    ] {
        assert!(!of(html).is_empty(), "{html}");
    }
}

/// Some systems take names apart into letters and accents; writers never know.
#[test]
fn names_taken_apart_are_the_same_names() {
    let composed = Built::of("accents", |path| path.nfc().collect());
    let apart = Built::of("accents", |path| path.nfd().collect());
    let is_apart =
        |path: &PathBuf| !path.to_str().unwrap().nfc().eq(path.to_str().unwrap().chars());
    let inputs = common::files(&apart.folder.path().join("accents/content"));
    assert!(inputs.keys().any(is_apart), "{:?}", inputs.keys());
    assert_eq!(differences(&composed.output(), &apart.output()), Vec::<String>::new());
}
