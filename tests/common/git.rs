//! Real repositories: a site in one, a bare one as its remote, and no settings of the tester's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Files, ORIGINAL, REPLY, Ran, files, put};

/// Variables by which the tester's git would play a part.
const OF_TESTER: &[&str] = &[
    "XDG_CONFIG_HOME",
    "EMAIL",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_DEFAULT_HASH",
    "GITHUB_STEP_SUMMARY",
];

/// A folder with the repository `site`, the bare repository `remote.git` and a home.
pub(crate) struct World {
    folder: TempDir,
}

impl World {
    /// A small site whose sources are committed and pushed.
    pub(crate) fn new() -> Self {
        let world = Self::empty(&[]);
        world.put("content/rain.md", ORIGINAL);
        world.put("content/sun.md", REPLY);
        world.put("site.yaml", "title: Weather\nbase_url: https://example.org/repo/\n");
        world.put(".gitignore", "/output/\n");
        world.commit("First debate");
        world.git(&["push", "-q", "-u", "origin", "main"]);
        world
    }

    /// A repository without a file.
    pub(crate) fn empty(init: &[&str]) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(world.at("home")).unwrap();
        fs::create_dir(world.at("site")).unwrap();
        let settings =
            "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n";
        put(&world.at("home/.gitconfig"), settings);
        let init: Vec<&str> = ["init", "-q"].iter().chain(init).copied().collect();
        world.git(&init);
        let bare: Vec<&str> = init.iter().copied().chain(["--bare", "../remote.git"]).collect();
        world.git(&bare);
        world.git(&["remote", "add", "origin", "../remote.git"]);
        world
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn site(&self) -> PathBuf {
        self.at("site")
    }

    pub(crate) fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        put(&self.site().join(path), text);
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// Runs git in the site; it must succeed.
    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in("site", arguments)
    }

    #[track_caller]
    pub(crate) fn git_in(&self, folder: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.current_dir(self.at(folder)).args(arguments);
        let output = self.alone(&mut command).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// `command` without the tester's settings.
    pub(crate) fn alone<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        for variable in OF_TESTER {
            command.env_remove(variable);
        }
        command
            .env("HOME", self.at("home"))
            .env("GIT_CONFIG_GLOBAL", self.at("home/.gitconfig"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
    }

    /// The program in a folder, on 1 June 2026.
    pub(crate) fn command(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = super::agon(&self.at(folder), arguments);
        self.alone(&mut command).env("SOURCE_DATE_EPOCH", super::TODAY);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.command("site", arguments).output().unwrap().into()
    }

    /// Everything that is the user's, byte for byte: files, index, branches, stash, settings.
    /// What is left out is git's: the store of objects and what it remembers of remotes.
    pub(crate) fn state(&self) -> Files {
        let mut state = files(&self.site());
        state.retain(|path, _| {
            let path = path.to_string_lossy();
            let of_git = ["/objects/", "/refs/remotes/"].iter().any(|part| path.contains(part));
            !(path.starts_with(".git/") && of_git)
        });
        state
    }

    /// Every file of a branch of the remote.
    pub(crate) fn deployed(&self, branch: &str) -> Files {
        let out = tempfile::tempdir().unwrap();
        let target = out.path().join("tree");
        let target = target.to_str().unwrap();
        self.git(&["clone", "-q", "-b", branch, "--single-branch", "../remote.git", target]);
        let mut files = files(Path::new(target));
        files.retain(|path, _| !path.starts_with(".git"));
        files
    }

    /// Something printed of a branch of the remote.
    #[track_caller]
    pub(crate) fn log(&self, format: &str, branch: &str) -> String {
        self.git_in("remote.git", &["log", &format!("--format={format}"), branch])
    }
}
