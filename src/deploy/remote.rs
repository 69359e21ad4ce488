//! The repository to which a site is pushed.

use super::git::{Answer, Git};
use crate::diagnostic::{Code, Diagnostic};

/// A branch of a remote.
#[derive(Debug)]
pub(super) struct Remote<'a> {
    /// Its name, or its URL.
    name: &'a str,
    /// From where it is read: where pushes go elsewhere, there.
    url: String,
    branch: &'a str,
}

/// What stands in a remote at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tips {
    /// The last commit of the branch.
    pub(super) branch: Option<String>,
    /// The branch that a clone has checked out.
    pub(super) default: Option<String>,
    /// Whether there is no branch at all.
    pub(super) is_empty: bool,
}

impl<'a> Remote<'a> {
    /// The remote `name`, where the repository has one of that name or `name` is a URL.
    pub(super) fn find(git: &Git, name: &'a str, branch: &'a str) -> Result<Self, Box<Diagnostic>> {
        let url = git.ask_if(&["remote", "get-url", "--", name])?;
        if url.is_none() && !name.contains(['/', ':', '\\']) {
            let others = git.ask(&["remote"])?;
            return Err(Box::new(no_remote(name, &others)));
        }
        let pushed = git.ask_if(&["config", "--get", &format!("remote.{name}.pushurl")])?;
        let url = pushed.unwrap_or_else(|| name.to_owned());
        Ok(Self { name, url, branch })
    }

    /// What stands there now.
    pub(super) fn tips(&self, git: &Git) -> Result<Tips, Box<Diagnostic>> {
        let asked = ["ls-remote", "--symref", "--", &self.url, "HEAD", "refs/heads/*"];
        let answer = git.run(&asked)?;
        if !answer.succeeded {
            return Err(Box::new(unreachable(self.name, &answer)));
        }
        Ok(tips(&String::from_utf8_lossy(&answer.output), self.branch))
    }

    /// Brings the commit `tip` of the branch; no name of this repository is changed.
    ///
    /// Gives whether it is here: it is not where somebody has replaced it meanwhile.
    pub(super) fn fetch(&self, git: &Git, tip: &str) -> Result<bool, Box<Diagnostic>> {
        let object = format!("{tip}^{{commit}}");
        let is_here = |git: &Git| git.run(&["cat-file", "-e", &object]).map(|one| one.succeeded);
        if is_here(git)? {
            return Ok(true);
        }
        let from = format!("refs/heads/{}", self.branch);
        let asked = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--refmap=",
            "--recurse-submodules=no",
            "--",
            &self.url,
            &from,
        ];
        let answer = git.run(&asked)?;
        let is_here = is_here(git)?;
        if !is_here && !answer.succeeded && self.tips(git)?.branch.as_deref() == Some(tip) {
            return Err(Box::new(unreachable(self.name, &answer)));
        }
        Ok(is_here)
    }

    /// Pushes `commit` to the branch, never with force.
    pub(super) fn push(&self, git: &Git, commit: &str) -> Result<Answer, Box<Diagnostic>> {
        let to = format!("{commit}:refs/heads/{}", self.branch);
        let asked = ["push", "--no-follow-tags", "--recurse-submodules=no", "--", self.name, &to];
        git.run(&asked)
    }

    /// A push failed, and not because others were faster.
    pub(super) fn push_failed(&self, answer: &Answer) -> Diagnostic {
        let message = format!("the push to `{}`, branch `{}`, was refused", self.name, self.branch);
        Diagnostic::global(Code::GitFailed, message)
            .help(format!("git said: {}", answer.errors))
            .help("check that you may push: git push --dry-run, with the same remote")
    }

    /// Others were faster, again and again.
    pub(super) fn keeps_moving(&self) -> Diagnostic {
        let message = format!(
            "the branch `{}` of `{}` was changed by others at each attempt to push",
            self.branch,
            shown(self.name)
        );
        Diagnostic::global(Code::GitFailed, message).help("wait a moment and deploy again")
    }
}

/// A remote as it may be printed: a URL without the name and password of its user.
pub fn shown(remote: &str) -> String {
    let plain = remote.split_once("://").and_then(|(scheme, rest)| {
        let authority = rest.split('/').next()?;
        let (user, _) = authority.rsplit_once('@')?;
        Some(format!("{scheme}://{}", rest.strip_prefix(user)?.trim_start_matches('@')))
    });
    plain.unwrap_or_else(|| remote.to_owned())
}

/// Reads lines `id<tab>name` and `ref: name<tab>HEAD`.
fn tips(text: &str, branch: &str) -> Tips {
    let mut tips = Tips { is_empty: true, ..Tips::default() };
    let wanted = format!("refs/heads/{branch}");
    for (left, name) in text.lines().filter_map(|line| line.split_once('\t')) {
        if let Some(default) = left.strip_prefix("ref: refs/heads/").filter(|_| name == "HEAD") {
            tips.default = Some(default.to_owned());
        } else if name == wanted {
            tips.branch = Some(left.to_owned());
        }
        tips.is_empty &= !name.starts_with("refs/heads/");
    }
    tips
}

fn no_remote(name: &str, others: &str) -> Diagnostic {
    let message = format!("this repository has no remote `{name}`");
    let mut diagnostic = Diagnostic::global(Code::GitFailed, message)
        .help(format!("git remote add {name} https://github.com/OWNER/REPOSITORY.git"));
    if let Some(other) = others.lines().next() {
        diagnostic = diagnostic.help(format!("agon deploy --remote {other}"));
    }
    diagnostic
}

fn unreachable(name: &str, answer: &Answer) -> Diagnostic {
    Diagnostic::global(Code::GitFailed, format!("the remote `{}` cannot be read", shown(name)))
        .help(format!("git said: {}", answer.errors))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let cases = [
            ("origin", "origin"),
            ("git@github.com:ada/essays", "git@github.com:ada/essays"),
            ("https://ada:se@cret@github.com/ada/essays", "https://github.com/ada/essays"),
            ("https://example.org/@ada/essays", "https://example.org/@ada/essays"),
        ];
        for (remote, expected) in cases {
            assert_eq!(shown(remote), expected);
        }
    }

    #[test]
    fn tips_are_read_by_their_full_names() {
        let text = "ref: refs/heads/main\tHEAD\n1\tHEAD\n1\trefs/heads/main\n2\trefs/heads/a/gh-pages\n3\trefs/heads/gh-pages\n";
        let expected = Tips {
            branch: Some("3".to_owned()),
            default: Some("main".to_owned()),
            is_empty: false,
        };
        assert_eq!(tips(text, "gh-pages"), expected);
        assert_eq!(tips("", "gh-pages"), Tips { is_empty: true, ..Tips::default() });
        assert_eq!(tips("1\trefs/remotes/o/HEAD\n", "x").default, None);
    }
}
