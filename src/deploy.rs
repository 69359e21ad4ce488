//! Publishing a finished site: a commit on a branch, or a workflow that does it.
//!
//! Everything is done with git's plumbing. The user's files, index, branches and stash are
//! never touched, and neither is the output folder: what is pushed comes from memory.
#![allow(clippy::disallowed_methods, reason = "an edge: it runs git and reads files")]

use std::path::{Path, PathBuf};

pub mod base_url;
mod git;
mod record;
mod remote;
pub mod size;
mod tree;
pub mod workflow;

use git::Git;
use record::Origin;
use remote::{Remote, Tips};
use tree::{Entries, TreeId};

pub use remote::shown as shown_remote;
pub use tree::Changes;

use crate::diagnostic::{Code, Diagnostic};
use crate::disk::read::TOPS;
use crate::source::OutputFile;

/// How often others may be faster before a deployment gives up.
const MAX_ATTEMPTS: usize = 5;

/// What is to be deployed where.
#[derive(Clone, Debug)]
pub struct Order {
    /// The site's folder.
    pub root: PathBuf,
    /// The name or URL of the remote.
    pub remote: String,
    /// The branch that holds the finished site.
    pub branch: String,
    /// The first lines of the commit's message, where they are not to name the source.
    pub message: Option<String>,
    /// What happens to files of others on the branch.
    pub foreign: Foreign,
    /// Whether anything is pushed.
    pub push: Push,
}

/// What happens to files on the branch that no deployment made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// They are in the way.
    Refused,
    /// They are replaced.
    Adopted,
}

/// Whether anything is pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// Everything is found out and nothing is changed, not even a name in this repository.
    Dry,
    /// It is.
    Real,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// What it does to the branch.
    pub changes: Changes,
    /// Files of the finished site, and their bytes.
    pub total: (usize, u64),
    /// How far it went.
    pub state: State,
}

/// How far a deployment went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The branch holds the same files already.
    Same,
    /// It was only found out.
    Dry,
    /// The commit that was pushed.
    Pushed {
        /// Its id.
        commit: String,
        /// Whether the branch is new.
        branch: Branch,
    },
}

/// Whether a branch is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// It was made now.
    New,
    /// The same, as the first of the remote: hosts take that for what the repository is about.
    First,
    /// It was there.
    Known,
}

/// Pushes `files` to the branch, on top of what is there.
///
/// Where others push meanwhile, it takes what they did as its parent and tries again.
///
/// # Errors
///
/// Without git, a repository, the remote, or a name for the commit; where the branch is that
/// of the sources, or holds files of others; where git refuses.
pub fn deploy(order: &Order, files: &[OutputFile]) -> Result<Deployment, Box<Diagnostic>> {
    let git = Git::new(&order.root);
    check_repository(&git, order)?;
    let git = match order.push {
        Push::Real => git,
        Push::Dry => Git::apart(&order.root)?,
    };
    let remote = Remote::find(&git, &order.remote, &order.branch)?;
    let first = remote.tips(&git)?;
    if order.push == Push::Real {
        check_identity(&git)?;
    }
    let tree = tree::import(&git, files)?;
    let site = Site { entries: tree::list(&git, &tree.0)?, tree };
    let mut tips = first;
    for _ in 0..MAX_ATTEMPTS {
        if let Some(deployment) = attempt(&git, order, (&remote, &tips), &site)? {
            return Ok(deployment);
        }
        tips = remote.tips(&git)?;
    }
    Err(Box::new(remote.keeps_moving()))
}

/// The name that git has for whoever works in `folder`; nothing without git or a name.
#[must_use]
pub fn user_name(folder: &Path) -> Option<String> {
    let name = Git::new(folder).ask_if(&["config", "user.name"]).ok()??;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The finished site in git.
struct Site {
    tree: TreeId,
    entries: Entries,
}

/// Deploys on top of `tips`; gives nothing where others were faster.
fn attempt(
    git: &Git,
    order: &Order,
    (remote, tips): (&Remote<'_>, &Tips),
    site: &Site,
) -> Result<Option<Deployment>, Box<Diagnostic>> {
    let mut before = Entries::new();
    let mut is_same = false;
    if let Some(tip) = &tips.branch {
        if !remote.fetch(git, tip)? {
            return Ok(None);
        }
        before = tree::list(git, tip)?;
        is_same = git.ask(&["rev-parse", "--verify", &format!("{tip}^{{tree}}")])? == site.tree.0;
    }
    check_branch(git, order, tips)?;
    if let Some(tip) = tips.branch.as_deref().filter(|_| order.foreign == Foreign::Refused)
        && let Some(foreign) = record::foreign(git, tip, (&before, &site.entries))?
    {
        return Err(Box::new(record::refusal(&order.branch, &foreign)));
    }
    let changes = Changes::between(&before, &site.entries);
    let bytes = site.entries.values().map(|entry| entry.size).sum();
    let total = (site.entries.len(), bytes);
    let done = |state| Ok(Some(Deployment { changes, total, state }));
    if is_same {
        return done(State::Same);
    }
    if order.push == Push::Dry {
        return done(State::Dry);
    }
    let commit = commit(git, order, site, tips.branch.as_deref())?;
    let answer = remote.push(git, &commit)?;
    if answer.succeeded {
        let branch = match (&tips.branch, tips.is_empty) {
            (Some(_), _) => Branch::Known,
            (None, true) => Branch::First,
            (None, false) => Branch::New,
        };
        return done(State::Pushed { commit, branch });
    }
    if remote.tips(git)?.branch == tips.branch {
        return Err(Box::new(remote.push_failed(&answer)));
    }
    Ok(None)
}

fn commit(
    git: &Git,
    order: &Order,
    site: &Site,
    parent: Option<&str>,
) -> Result<String, Box<Diagnostic>> {
    let message = record::message(order.message.as_deref(), &origin(git)?, &site.tree);
    let mut arguments = vec!["commit-tree", site.tree.0.as_str()];
    arguments.extend(parent.iter().flat_map(|parent| ["-p", parent]));
    git.feed(&arguments, |input| input.write_all(message.as_bytes()))
}

/// From what the site is made; files beside it that no page needs do not count.
fn origin(git: &Git) -> Result<Origin, Box<Diagnostic>> {
    let commit = git.ask_if(&["rev-parse", "--quiet", "--verify", "HEAD^{commit}"])?;
    let mut asked = vec!["status", "--porcelain", "--untracked-files=normal", "--"];
    asked.extend(TOPS);
    let changed = !git.ask(&asked)?.is_empty();
    Ok(Origin { commit, changed })
}

fn check_repository(git: &Git, order: &Order) -> Result<(), Box<Diagnostic>> {
    let inside = git.run(&["rev-parse", "--is-inside-work-tree"])?;
    if !inside.succeeded {
        return Err(Box::new(no_repository(&inside.errors)));
    }
    let name = format!("refs/heads/{}", order.branch);
    let is_name = git.run(&["check-ref-format", &name])?.succeeded;
    if !is_name || order.branch.starts_with('-') || order.branch == "HEAD" {
        return Err(Box::new(no_branch(&order.branch)));
    }
    if order.remote.starts_with('-') || order.remote.is_empty() {
        return Err(Box::new(no_remote_name(&order.remote)));
    }
    let current = git.ask_if(&["symbolic-ref", "--quiet", "HEAD"])?;
    if current.as_deref() == Some(&name) {
        return Err(Box::new(branch_of_sources(&order.branch, "is checked out here")));
    }
    Ok(())
}

/// The remote's main branch is only taken where a deployment is its last commit: then it holds
/// no sources, but was the first branch that was ever pushed.
fn check_branch(git: &Git, order: &Order, tips: &Tips) -> Result<(), Box<Diagnostic>> {
    if tips.default.as_ref() != Some(&order.branch) {
        return Ok(());
    }
    match &tips.branch {
        Some(tip) if !record::is_deployment(git, tip)? => {
            let why = "is the main branch of the remote";
            Err(Box::new(branch_of_sources(&order.branch, why)))
        }
        _ => Ok(()),
    }
}

fn check_identity(git: &Git) -> Result<(), Box<Diagnostic>> {
    for who in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"] {
        if !git.run(&["var", who])?.succeeded {
            return Err(Box::new(nobody()));
        }
    }
    Ok(())
}

fn no_repository(errors: &str) -> Diagnostic {
    let message = "the site is not in a git repository, or git may not use it";
    Diagnostic::global(Code::GitFailed, message)
        .help(format!("git said: {errors}"))
        .help("git init && git add . && git commit -m \"First debate\"")
}

fn no_branch(branch: &str) -> Diagnostic {
    let message = format!("`{}` is no name for a branch", branch.escape_debug());
    Diagnostic::global(Code::DeployRefused, message).help("agon deploy --branch gh-pages")
}

fn no_remote_name(remote: &str) -> Diagnostic {
    let message = format!("`{}` is no name of a remote", remote.escape_debug());
    Diagnostic::global(Code::DeployRefused, message).help("agon deploy --remote origin")
}

fn branch_of_sources(branch: &str, why: &str) -> Diagnostic {
    let message = format!("the branch `{branch}` {why}: the finished site would replace its files");
    Diagnostic::global(Code::DeployRefused, message).help("agon deploy --branch gh-pages")
}

fn nobody() -> Diagnostic {
    Diagnostic::global(Code::GitFailed, "git does not know who makes the commit")
        .help("git config --global user.name \"Your Name\"")
        .help("git config --global user.email you@example.org")
}
