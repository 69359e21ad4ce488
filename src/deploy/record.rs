//! How a deployment is told from what others push.
//!
//! The message of its commit ends with the line `Agon-Tree: ` and the id of its tree. Whoever
//! changes the files of such a commit (amends it, edits it in a browser) gets another tree, so
//! that the line proves nothing any more; and no file on the branch has to say whose it is.

use super::git::Git;
use super::tree::{self, Entries, TreeId};
use crate::diagnostic::{Code, Diagnostic};

const SOURCE: &str = "Agon-Source";
const TREE: &str = "Agon-Tree";

/// Commits in which a deployment is looked for: far more than others push between two.
const MAX_COMMITS: &str = "--max-count=10000";

/// Deployments whose files count as made by one: a list of files takes git some milliseconds.
const MAX_DEPLOYMENTS: usize = 100;

/// Paths that are named where more are in the way.
const NAMED: usize = 5;

/// From what a site was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// The commit that is checked out, where there is any.
    pub(super) commit: Option<String>,
    /// Whether the site's files differ from it.
    pub(super) changed: bool,
}

/// The message of the commit that deploys `tree`.
pub(super) fn message(first: Option<&str>, origin: &Origin, tree: &TreeId) -> String {
    let changes = if origin.changed { " with uncommitted changes" } else { "" };
    let commit = origin.commit.as_deref();
    let first = match (first, commit) {
        (Some(first), _) => first.trim().to_owned(),
        (None, Some(commit)) => format!("Deploy {}{changes}", short(commit)),
        (None, None) => "Deploy what was never committed".to_owned(),
    };
    let source = commit.map(|commit| format!("{SOURCE}: {commit}{changes}\n")).unwrap_or_default();
    format!("{first}\n\n{source}{TREE}: {}\n", tree.0)
}

/// The first letters of an id.
pub(super) fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

/// Whether `commit` is a deployment.
pub(super) fn is_deployment(git: &Git, commit: &str) -> Result<bool, Box<Diagnostic>> {
    Ok(deployments(git, &[commit, "--max-count=1"])?.next().is_some())
}

/// The trees of deployments among the commits that `arguments` list, newest first.
fn deployments(
    git: &Git,
    arguments: &[&str],
) -> Result<impl Iterator<Item = TreeId> + use<>, Box<Diagnostic>> {
    let format = format!("--format=%T %(trailers:key={TREE},valueonly,separator=%x20)");
    let asked: Vec<&str> = ["rev-list", format.as_str()].iter().chain(arguments).copied().collect();
    let text = git.ask(&asked)?;
    let trees: Vec<TreeId> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(tree, named)| *tree != "commit" && named.split(' ').any(|one| one == *tree))
        .map(|(tree, _)| TreeId(tree.to_owned()))
        .collect();
    Ok(trees.into_iter())
}

/// The files of `tip` that somebody would lose, if there are any: those that no deployment
/// before it made, and that are not in `after` as they are.
pub(super) fn foreign(
    git: &Git,
    tip: &str,
    (before, after): (&Entries, &Entries),
) -> Result<Option<Vec<String>>, Box<Diagnostic>> {
    let mut foreign = before.clone();
    foreign.retain(|path, entry| after.get(path) != Some(entry));
    // Mostly the first has all of them; a commit that was undone has those of an earlier one.
    for tree in deployments(git, &[MAX_COMMITS, "--topo-order", tip])?.take(MAX_DEPLOYMENTS) {
        if foreign.is_empty() {
            return Ok(None);
        }
        let ours = tree::list(git, &tree.0)?;
        foreign.retain(|path, entry| ours.get(path) != Some(entry));
    }
    Ok((!foreign.is_empty()).then(|| foreign.into_keys().collect()))
}

/// The files `foreign` are in the way.
pub(super) fn refusal(branch: &str, foreign: &[String]) -> Diagnostic {
    let mut named: Vec<String> =
        foreign.iter().take(NAMED).map(|path| format!("`{}`", path.escape_debug())).collect();
    if let Some(more @ 1..) = foreign.len().checked_sub(NAMED) {
        named.push(format!("{more} more"));
    }
    let message = format!(
        "the branch `{branch}` holds what no deployment of Agon's made: {}",
        named.join(", ")
    );
    let diagnostic = Diagnostic::global(Code::DeployRefused, message);
    let diagnostic = if foreign.iter().any(|path| path == "CNAME") {
        diagnostic.help("to keep the domain, copy `CNAME` into the folder static/")
    } else {
        diagnostic.help("to keep a file, copy it into the folder static/")
    };
    diagnostic.help("agon deploy --adopt replaces them all; they stay in the branch's history")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(first: Option<&str>, origin: (Option<&str>, bool), expected: &str) {
        let origin = Origin { commit: origin.0.map(str::to_owned), changed: origin.1 };
        assert_eq!(message(first, &origin, &TreeId("7".repeat(8))), expected);
    }

    #[test]
    fn a_message_names_its_source_and_its_tree() {
        let commit = "0123456789abcdef";
        check(
            None,
            (Some(commit), false),
            "Deploy 0123456789ab\n\nAgon-Source: 0123456789abcdef\nAgon-Tree: 77777777\n",
        );
        check(
            None,
            (Some(commit), true),
            "Deploy 0123456789ab with uncommitted changes\n\n\
             Agon-Source: 0123456789abcdef with uncommitted changes\nAgon-Tree: 77777777\n",
        );
        check(Some(" Spring\n"), (None, true), "Spring\n\nAgon-Tree: 77777777\n");
        check(None, (None, true), "Deploy what was never committed\n\nAgon-Tree: 77777777\n");
    }
}
