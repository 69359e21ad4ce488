//! The document that the project started from, alone and answered.
//!
//! Its text is not ours, so it is read from `../shared/seed` and quotes are cut out of it
//! here; where it is not there, the tests say so and go on.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "a test may fail and touches the world"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn seed() -> Option<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    let Some(entry) = std::fs::read_dir(folder).ok().and_then(|mut entries| entries.next()?.ok())
    else {
        eprintln!("../shared/seed is not there: its tests are left out");
        return None;
    };
    let name = entry.file_name().into_string().unwrap();
    Some((name, std::fs::read_to_string(entry.path()).unwrap()))
}

/// A site of the seed and perhaps a reply.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new(reply: Option<&str>) -> Option<Self> {
        let (name, text) = seed()?;
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("seeds")).unwrap();
        std::fs::write(folder.path().join("seeds").join(name), text).unwrap();
        let site = Self { folder };
        if let Some(reply) = reply {
            site.write(reply);
        }
        Some(site)
    }

    fn write(&self, reply: &str) {
        std::fs::create_dir_all(self.folder.path().join("content")).unwrap();
        std::fs::write(self.folder.path().join("content/reply.md"), reply).unwrap();
    }

    fn build(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_agon"))
            .arg("build")
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("AGON_BASE_URL")
            .output()
            .unwrap()
    }

    fn output(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files: Vec<(PathBuf, Vec<u8>)> =
            walkdir::WalkDir::new(self.folder.path().join("output"))
                .into_iter()
                .map(Result::unwrap)
                .filter(|entry| entry.file_type().is_file())
                .map(|entry| (entry.path().to_owned(), std::fs::read(entry.path()).unwrap()))
                .collect();
        files.sort();
        files
    }
}

const FRONT: &str = "---\ntitle: A reply\ndate: 2025-08-20\nrebuts: is-china-already-leading-the-race-for-ai-domination\n---\n\n";

fn reply(quotes: &[String]) -> String {
    let points: Vec<String> =
        quotes.iter().map(|quote| format!("> {quote}\n\nSo it is said.\n\n")).collect();
    format!("{FRONT}{}", points.concat())
}

/// `count` words of the seed from the word that contains `marker` on, or that many before it.
fn words(text: &str, marker: &str, before: usize, count: usize) -> Vec<String> {
    let body = text.split("\n---\n").nth(1).unwrap();
    let words: Vec<&str> = body.split_whitespace().collect();
    let at = words.iter().position(|word| word.contains(marker)).unwrap();
    words[at - before..at - before + count].iter().map(|&word| word.to_owned()).collect()
}

fn good_quotes(text: &str) -> Vec<String> {
    let straight = words(text, "’", 0, 10).join(" ").replace('’', "'");
    let long = words(text, "CloudMatrix", 8, 20);
    let elision = format!("{} … {}", long[..7].join(" "), long[13..].join(" "));
    let mut cased = words(text, "Civil-Military", 3, 12);
    let first = cased[0].clone();
    let (head, rest) = first.split_at(1);
    cased[0] = format!(
        "[{}]{rest}",
        if head == head.to_uppercase() { head.to_lowercase() } else { head.to_uppercase() }
    );
    let mut emphasised = words(text, "open-source", 2, 12);
    emphasised[4] = format!("*{}*", emphasised[4]);
    let figure = words(text, "2.5", 8, 12).join(" ");
    vec![straight, elision, cased.join(" "), emphasised.join(" "), figure]
}

#[test]
fn alone_it_builds_with_no_configuration() {
    let Some(site) = Site::new(None) else { return };
    let output = site.build(&[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = site
        .folder
        .path()
        .join("output/is-china-already-leading-the-race-for-ai-domination/index.html");
    let html = std::fs::read_to_string(page).unwrap();
    assert!(html.contains("data-side=\"blue\""));
    for number in 1..=9 {
        assert_eq!(html.matches(&format!(" id=\"p{number}\"")).count(), 1, "p{number}");
    }
    assert!(!html.contains(" id=\"p10\""));
}

#[test]
fn five_disguised_quotes_are_anchored() {
    let Some((_, text)) = seed() else { return };
    let site = Site::new(Some(&reply(&good_quotes(&text)))).unwrap();
    let output = site.build(&["--format", "json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let statuses: Vec<&str> = report["quotes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|quote| quote["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["anchored"; 5], "{report:#}");
}

#[test]
fn a_changed_figure_or_a_dropped_not_fails_the_build_and_changes_nothing() {
    let Some((_, text)) = seed() else { return };
    let site = Site::new(Some(&reply(&good_quotes(&text)))).unwrap();
    assert!(site.build(&[]).status.success());
    let before = site.output();
    let broken = [
        words(&text, "2.5", 8, 12).join(" ").replace("2.5", "25"),
        words(&text, "29%", 3, 14).join(" ").replace("29%", "29"),
        words(&text, "29%", 3, 14).join(" ").replace(" not ", " "),
    ];
    for quote in broken {
        site.write(&reply(std::slice::from_ref(&quote)));
        let output = site.build(&[]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{quote}: {errors}");
        assert!(errors.contains("misquotation") && errors.contains("word by word"), "{errors}");
        assert_eq!(site.output(), before, "{quote}");
    }
}
