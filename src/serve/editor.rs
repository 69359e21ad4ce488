//! Places as URLs that an editor opens.

use std::path::{Path, PathBuf};

use crate::site::url;
use crate::source::SitePath;
use crate::source::line::Position;

/// An editor that answers to URLs, and the site in it.
#[derive(Clone, Debug)]
pub(crate) struct Editor {
    pattern: &'static str,
    root: PathBuf,
    /// The folder of the site, with slashes, the first of which the patterns have.
    folder: String,
}

impl Editor {
    /// The editor whose URLs have the form `pattern`, with `{path}`, `{line}` and `{column}`,
    /// for the site at `root`.
    pub(crate) fn new(pattern: &'static str, root: &Path) -> Self {
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let folder = root.to_string_lossy().replace('\\', "/");
        // Windows says `//?/C:/…` of what it has resolved.
        let folder = folder.trim_start_matches("//?").trim_start_matches('/').to_owned();
        Self { pattern, root, folder }
    }

    /// The URL that opens the file `path` at `position`; nothing for a file of the theme inside
    /// the program, which is in no folder.
    pub(crate) fn url(&self, path: &SitePath, position: Position) -> Option<String> {
        self.root.join(path.as_str()).exists().then(|| self.made(path, position))
    }

    fn made(&self, path: &SitePath, position: Position) -> String {
        let path = url::encoded(&format!("{}/{path}", self.folder));
        self.pattern
            .replace("{path}", &path)
            .replace("{line}", &position.line.to_string())
            .replace("{column}", &position.column.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_url() {
        let folder = "srv/my site".to_owned();
        let pattern = "vscode://file/{path}:{line}:{column}";
        let editor = Editor { pattern, root: PathBuf::new(), folder };
        let path = SitePath::new("content/é&{line}.md").unwrap();
        assert_eq!(
            editor.made(&path, Position { line: 12, column: 3 }),
            "vscode://file/srv/my%20site/content/%C3%A9%26%7Bline%7D.md:12:3"
        );
    }
}
