//! Which folders a build must not write to.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic};
use crate::disk::manifest;
use crate::disk::staging::STAGING;
use crate::disk::write::{Force, Target};

/// Folders of the site that hold what people wrote.
const OURS_TO_READ: &[&str] = &["content", "seeds", "themes", "static"];

/// Why the output folder cannot be written to, if it cannot.
pub(super) fn refusal(target: &Target) -> Option<Diagnostic> {
    let folder = real(&target.folder);
    let root = real(&target.root);
    if root == folder {
        return Some(refused(target, "it is the folder of the site itself"));
    }
    if root.starts_with(&folder) {
        return Some(refused(target, "the site lies in it"));
    }
    for top in OURS_TO_READ {
        let top_folder = real(&root.join(top));
        if folder.starts_with(&top_folder) || top_folder.starts_with(&folder) {
            return Some(refused(target, &format!("the site's `{top}` is read from there")));
        }
    }
    if folder.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git")) {
        return Some(refused(target, "it lies in the folder of a Git repository"));
    }
    match fs::metadata(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => return Some(refused(target, &format!("it cannot be read: {error}"))),
        Ok(metadata) if !metadata.is_dir() => return Some(refused(target, "it is a file")),
        Ok(_) => {}
    }
    if fs::symlink_metadata(folder.join(".git")).is_ok() {
        return Some(refused(target, "it is a Git repository"));
    }
    let foreign = target.force == Force::Careful
        && fs::symlink_metadata(folder.join(manifest::NAME)).is_err()
        && !is_empty(&folder);
    foreign.then(|| {
        refused(target, "there are files in it that Agon did not write")
            .help("empty the folder, or build with `--force`: the files in it stay")
    })
}

/// Whether nothing is in a folder, an interrupted build's staging apart.
pub(super) fn is_empty(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return true };
    entries.flatten().all(|entry| entry.file_name() == STAGING)
}

/// Whether a folder is another or lies in it.
pub(super) fn is_in(inner: &Path, outer: &Path) -> bool {
    real(inner).starts_with(real(outer))
}

/// An output that was not there when the build began, and now holds files.
pub(super) fn taken(target: &Target) -> Diagnostic {
    let message =
        format!("`{}` was made by another program during the build", target.folder.display());
    Diagnostic::global(Code::OutputRefused, message).help("build again")
}

/// The true path of a folder that may not be there yet.
fn real(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let known = absolute.ancestors().find_map(|ancestor| {
        let rest = absolute.strip_prefix(ancestor).ok()?;
        Some((fs::canonicalize(ancestor).ok()?, rest))
    });
    let Some((mut real, rest)) = known else { return absolute };
    for part in rest.components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            Component::Normal(name) => real.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    real
}

fn refused(target: &Target, why: &str) -> Diagnostic {
    let message = format!("`{}` cannot be the output: {why}", target.folder.display());
    Diagnostic::global(Code::OutputRefused, message)
        .help("name a folder of its own: `--output output`")
}
