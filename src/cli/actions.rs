//! What the environment of GitHub Actions says: where the repository is, where a summary goes.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::arguments::variable;
use crate::diagnostic::format::Repository;

/// Where the site in `root` stands in its repository, and where GitHub shows its files.
pub(super) fn repository(root: Option<&Path>) -> Repository {
    let folder = root.and_then(|root| folder_in(root, variable("GITHUB_WORKSPACE").as_deref()));
    let part = |name| variable(name).filter(|value| !value.is_empty());
    let files = part("GITHUB_SERVER_URL")
        .zip(part("GITHUB_REPOSITORY"))
        .zip(part("GITHUB_SHA"))
        .map(|((server, name), commit)| format!("{server}/{name}/blob/{commit}"));
    Repository { folder: folder.unwrap_or_default(), files }
}

/// The folder `root` from the top of the work tree around it, else from `workspace`, with a
/// slash at its end; nothing where it is neither's.
fn folder_in(root: &Path, workspace: Option<&str>) -> Option<String> {
    let root = std::fs::canonicalize(root).ok()?;
    let work_tree = root.ancestors().find(|folder| folder.join(".git").exists());
    let workspace = || std::fs::canonicalize(workspace.filter(|text| !text.is_empty())?).ok();
    let top = work_tree.map(PathBuf::from).or_else(workspace)?;
    let inside = root.strip_prefix(top).ok()?;
    Some(inside.iter().map(|part| format!("{}/", part.to_string_lossy())).collect())
}

/// Appends to the summary of the job, where there is one.
pub(super) fn append(summary: &str) -> Result<(), String> {
    let Some(path) = variable("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let appended = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)
        .and_then(|mut file| file.write_all(summary.as_bytes()));
    appended.map_err(|error| format!("the summary `{path}` cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_from_the_work_tree_else_from_the_workspace() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("a/b/site");
        std::fs::create_dir_all(&site).unwrap();
        let workspace = folder.path().to_str();
        assert_eq!(folder_in(&site, None), None);
        assert_eq!(folder_in(&site, workspace).as_deref(), Some("a/b/site/"));
        std::fs::create_dir(folder.path().join("a/.git")).unwrap();
        assert_eq!(folder_in(&site, workspace).as_deref(), Some("b/site/"));
        assert_eq!(folder_in(&folder.path().join("a"), workspace).as_deref(), Some(""));
    }
}
