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

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::Ran;
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

type Files = BTreeMap<PathBuf, Vec<u8>>;

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

/// What must hold of all pages, whatever is on them.
mod web {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use html5gum::{StartTag, Token, Tokenizer};

    use super::Files;

    /// What a page refers to, and the ids in it.
    #[derive(Default)]
    struct Page {
        ids: Vec<String>,
        links: Vec<String>,
        faults: Vec<String>,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Language {
        Html,
        Xml,
    }

    /// Elements that have no end.
    const VOID: &[&str] = &["br", "hr", "img", "input", "link", "meta", "wbr", "source", "track"];

    fn read(bytes: &[u8], language: Language) -> Page {
        let mut page = Page::default();
        let mut open: Vec<String> = Vec::new();
        let mut text = String::new();
        for Ok(token) in Tokenizer::new(bytes) {
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    page.attributes(&tag);
                    if name == "a" && open.contains(&name) {
                        page.faults.push("a link stands in a link".to_owned());
                    }
                    let is_void = language == Language::Html && VOID.contains(&name.as_str());
                    if !is_void && !tag.self_closing {
                        open.push(name);
                    }
                    text.clear();
                }
                Token::EndTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    if language == Language::Xml && ["loc", "id"].contains(&name.as_str()) {
                        page.links.push(std::mem::take(&mut text));
                    }
                    if open.pop().as_ref() != Some(&name) {
                        page.faults.push(format!("</{name}> ends what is not open"));
                    }
                }
                Token::String(string) => text += &String::from_utf8_lossy(&string),
                Token::Error(error) if language == Language::Html => {
                    page.faults.push(error.to_string());
                }
                _ => {}
            }
        }
        page.faults.extend(open.iter().map(|name| format!("<{name}> has no end")));
        page
    }

    impl Page {
        fn attributes(&mut self, tag: &StartTag<()>) {
            for (key, value) in &tag.attributes {
                let value = String::from_utf8_lossy(value).into_owned();
                match &***key {
                    b"id" => self.ids.push(value),
                    b"href" | b"src" | b"poster" => self.links.push(value),
                    b"aria-labelledby" => self.links.push(format!("#{value}")),
                    _ => {}
                }
            }
        }
    }

    /// Tags that do not match, ids that stand twice and links that lead nowhere.
    pub(super) fn faults(output: &Files) -> Vec<String> {
        let base = base(output);
        let mut faults = Vec::new();
        for (path, bytes) in output {
            let page = match path.extension().and_then(|extension| extension.to_str()) {
                Some("html") => read(bytes, Language::Html),
                Some("xml") => read(bytes, Language::Xml),
                _ => continue,
            };
            let at = path.display();
            faults.extend(page.faults.iter().map(|fault| format!("{at}: {fault}")));
            let ids: BTreeSet<&String> = page.ids.iter().collect();
            if ids.len() != page.ids.len() {
                faults.push(format!("{at}: an id stands twice in {:?}", page.ids));
            }
            let dead = page.links.iter().filter(|link| !leads(link, path, &page, output, &base));
            faults.extend(dead.map(|link| format!("{at}: `{link}` leads nowhere")));
        }
        faults
    }

    /// Scheme with host and the path of the base URL, as the home page's canonical URL has them.
    fn base(output: &Files) -> (String, String) {
        let home = output.get(Path::new("index.html")).map_or(&b""[..], Vec::as_slice);
        let home = String::from_utf8_lossy(home);
        let canonical = home.split("rel=\"canonical\" href=\"https://").nth(1).unwrap_or_default();
        let url = canonical.split('"').next().unwrap_or_default();
        let (host, path) = url.split_once('/').unwrap_or_default();
        (format!("https://{host}/"), path.trim_end_matches('/').to_owned())
    }

    fn leads(
        link: &str,
        from: &Path,
        page: &Page,
        output: &Files,
        (origin, base): &(String, String),
    ) -> bool {
        let rooted = link.strip_prefix(origin.as_str()).map(|path| format!("/{path}"));
        let link = rooted.as_deref().unwrap_or(link);
        if link.contains(':') || link.starts_with("//") {
            return true;
        }
        let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
        let fragment = decoded(fragment);
        if path.is_empty() {
            return fragment.is_empty() || page.ids.contains(&fragment);
        }
        let path = decoded(path.split('?').next().unwrap_or_default());
        let Some(path) = path.strip_prefix('/') else { return from.to_str() == Some(&path) };
        let Some(path) = path.strip_prefix(base.as_str()) else { return false };
        let path = path.trim_start_matches('/');
        let file = if path.is_empty() || path.ends_with('/') {
            PathBuf::from(format!("{path}index.html"))
        } else {
            PathBuf::from(path)
        };
        let Some(bytes) = output.get(&file) else { return false };
        fragment.is_empty() || read(bytes, Language::Html).ids.contains(&fragment)
    }

    fn decoded(text: &str) -> String {
        let bytes = text.as_bytes();
        let mut decoded = Vec::new();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let code = text.get(at + 1..at + 3).and_then(|two| u8::from_str_radix(two, 16).ok());
            match code.filter(|_| byte == b'%') {
                Some(code) => {
                    decoded.push(code);
                    at += 3;
                }
                None => {
                    decoded.push(byte);
                    at += 1;
                }
            }
        }
        String::from_utf8_lossy(&decoded).into_owned()
    }
}
