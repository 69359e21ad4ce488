//! Holds the import line of ARCHITECTURE.md and the length of files.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reads the sources"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Each module may import those of a lower rank; neighbours of one rank not each other.
const RANKS: &[&[&str]] = &[
    &["source"],
    &["diagnostic"],
    &["yaml", "quote"],
    &["article", "theme"],
    &["site"],
    &["page"],
    &["disk"],
    &["serve", "deploy", "external"],
    &["cli"],
];

/// Lines of a source file, its tests at the foot not counted.
const MAX_LINES: usize = 500;

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() > 30, "the sources were not found");
    files
}

fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

fn module(path: &Path) -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let first = path.strip_prefix(src).unwrap().iter().next().unwrap();
    first.to_str().unwrap().trim_end_matches(".rs").to_owned()
}

#[test]
fn imports_go_one_way() {
    let rank: BTreeMap<&str, usize> = RANKS
        .iter()
        .enumerate()
        .flat_map(|(rank, names)| names.iter().map(move |&name| (name, rank)))
        .collect();
    let mut wrong = Vec::new();
    for path in sources() {
        let from = module(&path);
        if from == "lib" || from == "main" {
            continue;
        }
        let own =
            *rank.get(from.as_str()).unwrap_or_else(|| panic!("{from}: a module without a rank"));
        for (number, line) in code(&path).lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for piece in line.split("crate::").skip(1) {
                let name: String =
                    piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let allowed =
                    name == from || rank.get(name.as_str()).is_some_and(|&rank| rank < own);
                if !allowed {
                    wrong.push(format!(
                        "{}:{}: {from} imports {name:?}",
                        path.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_short() {
    let long: Vec<String> = sources()
        .iter()
        .map(|path| (path, code(path).lines().count()))
        .filter(|&(_, lines)| lines > MAX_LINES)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
