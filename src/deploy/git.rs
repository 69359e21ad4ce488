//! Running git: its plumbing, asked from the site's folder.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::diagnostic::{Code, Diagnostic};

/// What git sets for the hooks it runs: a deployment from a hook must find the repository of
/// the site's folder all the same, and must not touch the index of a commit that is under way.
const OF_HOOKS: &[&str] = &["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/// Settings for every call: nobody waits for housekeeping, nothing is left running that watches
/// files, who commits is never guessed from the machine's name, and messages are UTF-8.
const SETTINGS: &[&str] = &[
    "--no-optional-locks",
    "-c",
    "gc.auto=0",
    "-c",
    "maintenance.auto=false",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "user.useConfigOnly=true",
    "-c",
    "i18n.commitEncoding=UTF-8",
    "-c",
    "core.quotePath=false",
];

/// Git in a folder.
#[derive(Debug)]
pub(super) struct Git {
    folder: PathBuf,
    apart: Option<Apart>,
}

/// A store of objects that is gone when it is dropped.
#[derive(Debug)]
struct Apart {
    folder: TempDir,
    repository: PathBuf,
}

/// How a call ended.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) succeeded: bool,
    pub(super) output: Vec<u8>,
    pub(super) errors: String,
}

impl Git {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), apart: None }
    }

    /// The same, but whatever objects it makes or fetches are forgotten with it.
    pub(super) fn apart(folder: &Path) -> Result<Self, Box<Diagnostic>> {
        let git = Self::new(folder);
        let objects = git.ask(&["rev-parse", "--git-path", "objects"])?;
        let apart = TempDir::new().map_err(|error| Box::new(no_room(&error)))?;
        let repository =
            std::path::absolute(folder.join(objects)).map_err(|error| Box::new(no_room(&error)))?;
        Ok(Self { apart: Some(Apart { folder: apart, repository }), ..git })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder).args(SETTINGS).args(arguments);
        for variable in OF_HOOKS {
            command.env_remove(variable);
        }
        if let Some(apart) = &self.apart {
            command.env("GIT_OBJECT_DIRECTORY", apart.folder.path());
            command.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", alternate(&apart.repository));
        }
        command
    }

    /// Runs git and gives how it ended.
    ///
    /// # Errors
    ///
    /// Where git could not be run at all.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Answer, Box<Diagnostic>> {
        let mut command = self.command(arguments);
        let output = command.stdin(Stdio::null()).output();
        output.map(Answer::from).map_err(|error| Box::new(no_git(&error)))
    }

    /// Runs git and gives what it printed, without the line break at the end.
    ///
    /// # Errors
    ///
    /// Where git could not be run, or failed.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<String, Box<Diagnostic>> {
        Ok(self.run(arguments)?.or_failed(arguments)?.text())
    }

    /// What git printed; nothing where it failed.
    pub(super) fn ask_if(&self, arguments: &[&str]) -> Result<Option<String>, Box<Diagnostic>> {
        let answer = self.run(arguments)?;
        Ok(answer.succeeded.then(|| answer.text()))
    }

    /// Runs git with what `write` writes as its input.
    ///
    /// # Errors
    ///
    /// Where git could not be run, or failed, or `write` did.
    pub(super) fn feed(
        &self,
        arguments: &[&str],
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<String, Box<Diagnostic>> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| Box::new(no_git(&error)))?;
        let written = child.stdin.take().map_or(Ok(()), |input| {
            let mut input = BufWriter::new(input);
            write(&mut input).and_then(|()| input.flush())
        });
        let output = child.wait_with_output().map_err(|error| Box::new(no_git(&error)))?;
        // Where git ended early, what it says is the reason, and the broken pipe is not.
        let answer = Answer::from(output).or_failed(arguments)?;
        written.map_err(|error| Box::new(not_fed(&error)))?;
        Ok(answer.text())
    }
}

impl From<std::process::Output> for Answer {
    fn from(output: std::process::Output) -> Self {
        Self {
            succeeded: output.status.success(),
            // ssh ends its lines as terminals in raw mode want them.
            errors: String::from_utf8_lossy(&output.stderr).replace('\r', "").trim().to_owned(),
            output: output.stdout,
        }
    }
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).trim_end_matches(['\n', '\r']).to_owned()
    }

    fn or_failed(self, arguments: &[&str]) -> Result<Self, Box<Diagnostic>> {
        if self.succeeded { Ok(self) } else { Err(Box::new(failed(arguments, &self.errors))) }
    }
}

/// A folder as git reads it from a list of folders, in which `:` parts them (`;` on Windows).
fn alternate(folder: &Path) -> std::ffi::OsString {
    let shown = folder.to_string_lossy();
    if shown.contains([':', ';', '"', '\\']) && !cfg!(windows) {
        let escaped = shown.replace('\\', r"\\").replace('"', "\\\"");
        return format!("\"{escaped}\"").into();
    }
    folder.as_os_str().to_owned()
}

fn no_git(error: &io::Error) -> Diagnostic {
    let message = match error.kind() {
        io::ErrorKind::NotFound => "git is needed to deploy and was not found".to_owned(),
        _ => format!("git does not start: {error}"),
    };
    Diagnostic::global(Code::GitFailed, message).help("install git: https://git-scm.com/downloads")
}

fn failed(arguments: &[&str], errors: &str) -> Diagnostic {
    let what = arguments.iter().find(|one| !one.starts_with('-')).copied().unwrap_or_default();
    let message = format!("`git {what}` failed");
    let diagnostic = Diagnostic::global(Code::GitFailed, message);
    if errors.is_empty() { diagnostic } else { diagnostic.help(format!("git said: {errors}")) }
}

fn not_fed(error: &io::Error) -> Diagnostic {
    Diagnostic::global(Code::GitFailed, format!("a file of the site could not be read: {error}"))
}

fn no_room(error: &io::Error) -> Diagnostic {
    Diagnostic::global(Code::GitFailed, format!("there is no temporary folder: {error}"))
}
