//! Lists the files of the default theme, so that the binary holds them.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a build script reads the theme"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap());
    let mut files = Vec::new();
    collect(&root.join("themes/broadsheet"), &mut files);
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        let path = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        writeln!(code, "    ({path:?}, include_bytes!({:?})),", file.to_str().unwrap()).unwrap();
    }
    code.push(']');
    let out = PathBuf::from(std::env::var("OUT_DIR").unwrap());
    std::fs::write(out.join("broadsheet.rs"), code).unwrap();
}

/// Every folder and file is named to Cargo, so that a new one is seen by the next build.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            println!("cargo:rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
}
