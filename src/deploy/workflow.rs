//! The workflow by which GitHub builds a site and publishes it.
//!
//! `pages.yml` beside this file is it, with a few places to be filled in; which versions of
//! which actions are used stands there.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::git::Git;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::content_hash;

/// Where GitHub looks for it, from the top of the repository.
pub const PATH: &str = ".github/workflows/pages.yml";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Minutes after which a build is stuck: with a release it takes seconds, from source minutes.
const MINUTES: (&str, &str) = ("10", "30");

/// What stands before the checksum, in the last of the first lines.
const CHECKSUM: &str = "Checksum of the rest: ";

/// What a workflow is for.
#[derive(Clone, Debug)]
pub struct WorkflowOrder {
    /// The site's folder.
    pub root: PathBuf,
    /// The remote whose main branch is published.
    pub remote: String,
    /// When the site is built.
    pub schedule: Schedule,
}

/// When the site is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// At each push.
    Push,
    /// Each day besides: an article is to appear on its day.
    Daily,
}

/// From where the workflow has Agon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Built from the repository itself, which is Agon's own.
    Source,
    /// A release.
    Release {
        /// The SHA-256 of its archive.
        sha256: String,
    },
}

/// A workflow that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// The branch that is published.
    pub branch: String,
    /// From where it has Agon.
    pub tool: Tool,
    /// Whether the file differs from what was there.
    pub change: Change,
}

/// What writing a workflow did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There was none.
    New,
    /// An earlier one that nobody had edited.
    Renewed,
    /// It was there, the same.
    Same,
}

/// Writes the workflow.
///
/// # Errors
///
/// Outside a repository; where the file is there and was edited, or is no file; where the
/// checksum of the release cannot be had.
pub fn write(order: &WorkflowOrder) -> Result<Workflow, Box<Diagnostic>> {
    let git = Git::new(&order.root);
    let top = git.ask(&["rev-parse", "--show-toplevel"]).map(PathBuf::from)?;
    let folder = git.ask(&["rev-parse", "--show-prefix"])?;
    let branch = branch(&git, &order.remote)?;
    let file = top.join(PATH);
    let before = read(&file)?;
    if before.as_deref().is_some_and(|text| !is_unedited(text)) {
        return Err(Box::new(edited()));
    }
    let tool = if is_agon(&top) {
        Tool::Source
    } else {
        let known = before.as_deref().and_then(pinned);
        Tool::Release { sha256: known.map_or_else(checksum, Ok)? }
    };
    let text = text(&Parts {
        branch: &branch,
        schedule: order.schedule,
        tool: &tool,
        folder: folder.trim_end_matches('/'),
        has_submodules: top.join(".gitmodules").exists(),
    });
    let change = match before {
        Some(before) if before.replace("\r\n", "\n") == text => Change::Same,
        Some(_) => Change::Renewed,
        None => Change::New,
    };
    if change != Change::Same {
        let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
        folder
            .and_then(|()| std::fs::write(&file, text))
            .map_err(|error| Box::new(unwritable(&error)))?;
    }
    Ok(Workflow { branch, tool, change })
}

/// What is filled in.
struct Parts<'a> {
    branch: &'a str,
    schedule: Schedule,
    tool: &'a Tool,
    /// The site's folder in the repository, empty at its top.
    folder: &'a str,
    has_submodules: bool,
}

fn text(parts: &Parts<'_>) -> String {
    let schedule = match parts.schedule {
        Schedule::Push => "",
        Schedule::Daily => concat!(
            "  # Articles that are dated in the future appear on their day.\n",
            "  schedule:\n    - cron: \"17 4 * * *\"\n"
        ),
    };
    let minutes = if *parts.tool == Tool::Source { MINUTES.1 } else { MINUTES.0 };
    let submodules = if parts.has_submodules { "\n          submodules: recursive" } else { "" };
    let (folder, output) = match parts.folder {
        "" => (String::new(), "output".to_owned()),
        folder => {
            let output = quoted(&format!("{folder}/output"));
            (format!("\n        working-directory: {}", quoted(folder)), output)
        }
    };
    let filled = include_str!("pages.yml")
        .replace("@INSTALL@\n", &install(parts.tool))
        .replace("@SCHEDULE@\n", &format!("{schedule}\n"))
        .replace("@MINUTES@", minutes)
        .replace("@SUBMODULES@", submodules)
        .replace("@FOLDER@", &folder)
        .replace("@OUTPUT@", &output)
        .replace("@VERSION@", VERSION)
        .replace("@BRANCH@", &quoted(parts.branch));
    let (head, rest) = filled.split_once("@CHECKSUM@").unwrap_or_default();
    format!("{head}{}{rest}", sum(rest))
}

fn install(tool: &Tool) -> String {
    match tool {
        Tool::Source => include_str!("pages_source.yml").to_owned(),
        Tool::Release { sha256 } => include_str!("pages_release.yml")
            .replace("@SHA256@", sha256)
            .replace("@ARCHIVE@", &archive()),
    }
}

/// `text` as YAML reads it: as it is where that is surely a string.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off"
    );
    if begins && !is_word && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

/// The checksum of a text, the same whatever its line ends are.
fn sum(text: &str) -> String {
    format!("{:016x}", content_hash(text.replace("\r\n", "\n").as_bytes()))
}

/// Whether a workflow is as some version of Agon wrote it.
fn is_unedited(text: &str) -> bool {
    let Some((_, after)) = text.split_once(CHECKSUM) else { return false };
    let (written, rest) = after.split_at_checked(16).unwrap_or(("", after));
    written == sum(rest)
}

/// The branch that is published: the remote's main one as far as it is known here, else the
/// one that is checked out.
fn branch(git: &Git, remote: &str) -> Result<String, Box<Diagnostic>> {
    let prefix = format!("refs/remotes/{remote}/");
    let main = git.ask_if(&["symbolic-ref", "--quiet", &format!("{prefix}HEAD")])?;
    if let Some(main) = main.as_deref().and_then(|main| main.strip_prefix(&prefix)) {
        return Ok(main.to_owned());
    }
    let current = git.ask_if(&["symbolic-ref", "--quiet", "--short", "HEAD"])?;
    Ok(current.unwrap_or_else(|| "main".to_owned()))
}

fn read(file: &Path) -> Result<Option<String>, Box<Diagnostic>> {
    match std::fs::symlink_metadata(file) {
        Ok(metadata) if metadata.is_file() => std::fs::read(file)
            .map(|bytes| Some(String::from_utf8_lossy(&bytes).into_owned()))
            .map_err(|error| Box::new(unwritable(&error))),
        Ok(_) => Err(Box::new(edited())),
        Err(_) => Ok(None),
    }
}

/// Whether a repository is Agon's own.
fn is_agon(top: &Path) -> bool {
    let manifest = std::fs::read_to_string(top.join("Cargo.toml")).unwrap_or_default();
    let package = manifest.split("[package]").nth(1).unwrap_or_default();
    let package = package.split("\n[").next().unwrap_or_default();
    package.lines().any(|line| line.trim() == "name = \"agon\"")
        && top.join("themes/broadsheet/theme.yaml").exists()
}

/// The archive that runs at GitHub.
fn archive() -> String {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let name = format!("agon-{VERSION}-x86_64-unknown-linux-musl.tar.gz");
    format!("{repository}/releases/download/v{VERSION}/{name}")
}

/// The SHA-256 of that archive in a workflow that has it: what was pinned once stays so.
fn pinned(workflow: &str) -> Option<String> {
    workflow.lines().any(|line| line.trim() == format!("ARCHIVE: {}", archive())).then_some(())?;
    let sum = workflow.lines().find_map(|line| line.trim().strip_prefix("SHA256: "))?;
    is_sha256(sum).then(|| sum.to_owned())
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit())
}

/// The SHA-256 of that archive, as the release says: no program can hold that of itself.
fn checksum() -> Result<String, Box<Diagnostic>> {
    let url = format!("{}.sha256", archive());
    let arguments = ["--proto", "=https", "--fail", "--silent", "--show-error", "--location"];
    let mut command = Command::new("curl");
    let output = command.args(arguments).args(["--max-time", "30", &url]).output();
    let output = output.map_err(|error| Box::new(no_checksum(&url, &error.to_string())))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(Box::new(no_checksum(&url, errors.trim())));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let sum = text.split_whitespace().next().unwrap_or_default();
    if !is_sha256(sum) {
        return Err(Box::new(no_checksum(&url, "that is no checksum")));
    }
    Ok(sum.to_ascii_lowercase())
}

fn edited() -> Diagnostic {
    let message = format!("`{PATH}` was edited, or Agon did not write it");
    Diagnostic::global(Code::DeployRefused, message)
        .help(format!("to have it written anew, move it away: git mv {PATH} pages.old.yml"))
}

fn unwritable(error: &std::io::Error) -> Diagnostic {
    Diagnostic::global(Code::Unwritable, format!("`{PATH}` cannot be written: {error}"))
}

fn no_checksum(url: &str, why: &str) -> Diagnostic {
    let message = format!("the checksum of the release {VERSION} cannot be had: {why}");
    Diagnostic::global(Code::DeployRefused, message)
        .help(format!("curl must be able to read {url}"))
        .help("agon deploy, which publishes from here, needs no release")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<'a>(branch: &'a str, tool: &'a Tool) -> Parts<'a> {
        Parts { branch, schedule: Schedule::Push, tool, folder: "", has_submodules: false }
    }

    #[test]
    fn every_place_is_filled_in() {
        for tool in [Tool::Source, Tool::Release { sha256: "0".repeat(64) }] {
            for schedule in [Schedule::Push, Schedule::Daily] {
                for folder in ["", "docs", "my \"site\""] {
                    let text = text(&Parts { schedule, folder, ..parts("main", &tool) });
                    let left = text.split('@').skip(1).find(|rest| !rest.starts_with('v'));
                    assert_eq!(left, None, "{text}");
                    assert!(is_unedited(&text), "{text}");
                }
            }
        }
    }

    #[test]
    fn any_edit_is_seen_and_line_ends_are_none() {
        let text = text(&parts("main", &Tool::Source));
        assert!(is_unedited(&text.replace('\n', "\r\n")));
        assert!(!is_unedited(&text.replace("v6", "v7")));
        assert!(!is_unedited(&format!("{text}# more\n")));
        assert!(!is_unedited(""));
        assert!(!is_unedited(CHECKSUM));
    }

    #[test]
    fn names_that_yaml_would_misread_are_quoted() {
        for plain in ["main", "release/1.0", "gh-pages"] {
            assert_eq!(quoted(plain), plain);
        }
        assert_eq!(quoted("on"), "\"on\"");
        assert_eq!(quoted("1.0"), "\"1.0\"");
        assert_eq!(quoted("a\"b"), "\"a\\\"b\"");
    }
}
