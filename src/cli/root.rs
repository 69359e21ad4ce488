//! Which folder is the site.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic};

/// The folder that `--root` names.
pub(super) fn given(folder: &Path) -> Result<PathBuf, Box<Diagnostic>> {
    let what = format!("`{}`", folder.display());
    if !folder.is_dir() {
        return Err(Box::new(no_site(&format!("{what} is no folder"))));
    }
    let is_site = has_settings(folder) || has_articles(folder);
    if is_site {
        Ok(folder.to_owned())
    } else {
        Err(Box::new(no_site(&format!("{what} is no site"))))
    }
}

/// The nearest site around the current folder.
pub(super) fn nearest() -> Result<PathBuf, Box<Diagnostic>> {
    std::env::current_dir()
        .ok()
        .and_then(|here| above(&here))
        .ok_or_else(|| Box::new(no_site("no site in this folder or above it")))
}

/// The nearest folder with settings, else with articles, up to the root of a repository.
fn above(here: &Path) -> Option<PathBuf> {
    let mut folders = Vec::new();
    for folder in here.ancestors() {
        folders.push(folder);
        if folder.join(".git").exists() {
            break;
        }
    }
    let settings = folders.iter().find(|folder| has_settings(folder));
    settings
        .or_else(|| folders.iter().find(|folder| has_articles(folder)))
        .map(|folder| (*folder).to_owned())
}

fn has_settings(folder: &Path) -> bool {
    folder.join("site.yaml").is_file()
}

fn has_articles(folder: &Path) -> bool {
    folder.join("content").is_dir() || folder.join("seeds").is_dir()
}

fn no_site(why: &str) -> Diagnostic {
    Diagnostic::global(Code::NoSite, why)
        .help("`agon init` makes a site; any folder with `seeds/` or `content/` in it is one")
        .help("a site elsewhere is named with `--root DIR`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_settings_come_before_the_nearest_articles() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(at("repository/.git")).unwrap();
        std::fs::create_dir_all(at("repository/site/content/deep")).unwrap();
        std::fs::create_dir_all(at("seeds")).unwrap();
        let here = at("repository/site/content/deep");
        assert_eq!(above(&here), Some(at("repository/site")));
        assert_eq!(above(&at("repository")), None, "not above a repository");
        std::fs::write(at("repository/site.yaml"), "").unwrap();
        assert_eq!(above(&here), Some(at("repository")));
        assert!(given(&at("repository/.git")).is_err());
        assert!(given(&at("nowhere")).is_err());
        assert_eq!(given(folder.path()).unwrap(), folder.path());
    }
}
