//! `agon deploy` against a real bare repository: the state it promises, or a clear error, and
//! in every case the user's files, index, branches and stash as they were.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "a test runs the program in real repositories"
)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::git::World;
use common::{Files, Ran, web};
use common::{ORIGINAL, REPLY};

/// Runs `agon deploy` with `arguments`; nothing of the user's may change.
#[track_caller]
fn deploy(world: &World, arguments: &[&str]) -> Ran {
    let before = world.state();
    let arguments: Vec<&str> = ["deploy"].iter().chain(arguments).copied().collect();
    let ran = world.run(&arguments);
    check_unchanged(&before, &world.state());
    ran
}

#[track_caller]
fn check_unchanged(before: &Files, after: &Files) {
    let paths: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed: Vec<_> =
        paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).collect();
    assert!(changed.is_empty(), "changed: {changed:?}");
}

/// What `agon build` makes of the site, as it is to be deployed.
fn built(world: &World) -> Files {
    let output = tempfile::tempdir().unwrap();
    let folder = output.path().join("site");
    world.run(&["build", "--output", folder.to_str().unwrap()]).check(0, "written", "");
    let mut files = common::files(&folder);
    files.remove(Path::new(".agon"));
    files.insert(".nojekyll".into(), Vec::new());
    files
}

fn count(world: &World, branch: &str) -> usize {
    world.log("%H", branch).lines().count()
}

#[test]
fn the_first_deployment_makes_the_branch() {
    let world = World::new();
    world.put("static/CNAME", "example.org\n");
    world.commit("A domain");
    let ran = deploy(&world, &[]);
    ran.check(0, "deployed to branch gh-pages of origin as ", "");
    assert!(ran.out.contains("made for https://example.org/repo/ (from site.yaml)"), "{ran:#?}");
    assert!(ran.out.contains("Settings, Pages, \"Deploy from a branch\", gh-pages"), "{ran:#?}");
    assert_eq!(world.deployed("gh-pages"), built(&world));
    let deployed = world.deployed("gh-pages");
    for path in [".nojekyll", "CNAME", "404.html", "index.html"] {
        assert!(deployed.contains_key(Path::new(path)), "{path}");
    }
    let source = world.git(&["rev-parse", "HEAD"]);
    let tree = world.git_in("remote.git", &["rev-parse", "gh-pages^{tree}"]);
    let message = format!("Deploy {}\n\nAgon-Source: {source}\nAgon-Tree: {tree}", &source[..12]);
    assert_eq!(
        world.log("%an <%ae>|%cn|%P|%B", "gh-pages"),
        format!("Ada <ada@example.org>|Ada||{message}\n").trim_end()
    );
    assert_eq!(
        world.git(&["for-each-ref", "--format=%(refname)", "refs/heads", "refs/agon"]),
        "refs/heads/main"
    );
    assert!(!world.site().join("output").exists());
    assert!(!world.site().join(".git/refs/agon").exists());
}

#[test]
fn the_second_deployment_changes_what_changed() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    let first = world.log("%H", "gh-pages");
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    world.put("content/snow.md", ORIGINAL.replace("Rain", "Snow"));
    world.commit("Snow");
    deploy(&world, &["-m", "Snow has come\n\nAt last."]).check(0, "deployed", "");
    assert_eq!(
        world.log("%P|%s", "gh-pages").lines().next().unwrap(),
        format!("{first}|Snow has come")
    );
    assert_eq!(world.deployed("gh-pages"), built(&world));
    world.git(&["rm", "-q", "content/snow.md"]);
    world.commit("No snow");
    let ran = deploy(&world, &[]);
    ran.check(0, "0 files added, ", "");
    assert!(!ran.out.contains("Settings, Pages"), "{ran:#?}");
    assert_eq!(world.deployed("gh-pages"), built(&world));
    assert_eq!(count(&world, "gh-pages"), 3);
}

#[test]
fn nothing_changed_is_no_commit() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    deploy(&world, &[]).check(0, "nothing to deploy: branch gh-pages of origin holds the same", "");
    world.put("notes.txt", "not part of the site\n");
    world.commit("Notes");
    deploy(&world, &["--dry-run"]).check(0, "nothing to deploy", "");
    deploy(&world, &[]).check(0, "0 files added, 0 changed, 0 removed", "");
    assert_eq!(count(&world, "gh-pages"), 1);
    deploy(&world, &["-q"]).check(0, "", "");
}

#[test]
fn a_deployment_of_a_colleague_is_built_upon() {
    let world = World::new();
    world.git_in(".", &["clone", "-q", "remote.git", "colleague"]);
    deploy(&world, &[]).check(0, "deployed", "");
    common::put(&world.at("colleague/content/snow.md"), ORIGINAL.replace("Rain", "Snow"));
    // Whatever a fetch or push of the user's own does besides, a deployment does not.
    world.git(&["tag", "mine"]);
    world.git(&["update-ref", "refs/remotes/origin/gone", "HEAD"]);
    for key in ["fetch.prune", "fetch.pruneTags", "push.followTags", "core.fsmonitor"] {
        world.git(&["config", key, "true"]);
    }
    let theirs = world.command("colleague", &["deploy"]).output().unwrap();
    Ran::from(theirs).check(0, "deployed", "");
    deploy(&world, &[]).check(0, "deployed", "");
    assert_eq!(count(&world, "gh-pages"), 3);
    assert_eq!(world.deployed("gh-pages"), built(&world));
    assert_eq!(world.git_in("remote.git", &["tag"]), "");
    world.git(&["rev-parse", "--verify", "refs/remotes/origin/gone"]);
}

/// Commits to gh-pages what `change` does to a clone of it.
fn push_by_hand(world: &World, change: impl FnOnce(&Path)) {
    let _ = fs::remove_dir_all(world.at("other"));
    world.git_in(".", &["clone", "-q", "-b", "gh-pages", "remote.git", "other"]);
    change(&world.at("other"));
    world.git_in("other", &["add", "-A"]);
    world.git_in("other", &["commit", "-q", "-m", "By hand"]);
    world.git_in("other", &["push", "-q", "origin", "gh-pages"]);
}

#[test]
fn files_of_others_are_in_the_way_until_they_are_adopted() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    push_by_hand(&world, |folder| {
        common::put(&folder.join("CNAME"), "example.org");
        common::put(&folder.join("index.html"), "<p>Mine</p>");
    });
    let before = world.deployed("gh-pages");
    let ran = deploy(&world, &[]);
    ran.check(1, "2 articles", "error[deploy-refused]: the branch `gh-pages` holds what no deployment of Agon's made: `CNAME`, `index.html`");
    assert!(ran.err.contains("copy `CNAME` into the folder static/"), "{ran:#?}");
    assert!(ran.err.contains("agon deploy --adopt"), "{ran:#?}");
    deploy(&world, &["--dry-run"]).check(1, "2 articles", "error[deploy-refused]");
    assert_eq!(world.deployed("gh-pages"), before);
    // What is published as it is there is not lost.
    world.put("static/CNAME", "example.org");
    let ran = deploy(&world, &[]);
    ran.check(1, "2 articles", "Agon's made: `index.html`\n");
    deploy(&world, &["--adopt"]).check(0, "deployed", "");
    assert_eq!(world.deployed("gh-pages"), built(&world));
    assert_eq!(count(&world, "gh-pages"), 3, "the history is kept");
    deploy(&world, &[]).check(0, "nothing to deploy", "");
}

#[test]
fn what_others_removed_comes_back() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    push_by_hand(&world, |folder| fs::remove_file(folder.join("404.html")).unwrap());
    deploy(&world, &[]).check(0, "1 file added, 0 changed, 0 removed", "");
    assert_eq!(world.deployed("gh-pages"), built(&world));
}

#[test]
fn what_others_undid_is_no_work_of_theirs() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    deploy(&world, &[]).check(0, "deployed", "");
    push_by_hand(&world, |folder| {
        let folder = folder.to_str().unwrap();
        world.git(&["-C", folder, "revert", "--no-commit", "HEAD"]);
    });
    deploy(&world, &[]).check(0, "deployed", "");
    assert_eq!(world.deployed("gh-pages"), built(&world));
}

#[test]
fn two_at_once_both_arrive() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    world.git_in(".", &["clone", "-q", "remote.git", "colleague"]);
    common::put(&world.at("colleague/content/snow.md"), ORIGINAL.replace("Rain", "Snow"));
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    let start = |folder: &str| {
        let mut command = world.command(folder, &["deploy"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for child in [start("site"), start("colleague")] {
        Ran::from(child.wait_with_output().unwrap()).check(0, "deployed", "");
    }
    assert_eq!(count(&world, "gh-pages"), 3);
}

#[cfg(unix)]
#[test]
fn a_hook_of_git_can_deploy() {
    let world = World::new();
    // Git gives its hooks the index of the commit that is under way.
    let program = env!("CARGO_BIN_EXE_agon");
    hook(&world.site().join(".git/hooks/pre-commit"), &format!("'{program}' deploy"));
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    let mut command = Command::new("git");
    command.current_dir(world.site()).args(["commit", "-q", "-a", "-m", "Ours"]);
    let ran = Ran::from(world.alone(&mut command).output().unwrap());
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert_eq!(count(&world, "gh-pages"), 1);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(world.git(&["show", "--stat", "--format=", "--name-only"]), "content/sun.md");
}

#[test]
fn a_submodule_and_a_site_further_down_deploy() {
    let world = World::new();
    let mut submodule = vec!["-c", "protocol.file.allow=always", "submodule", "--quiet", "add"];
    let url = world.at("remote.git").display().to_string();
    submodule.extend([url.as_str(), "debates"]);
    world.git(&submodule);
    world.commit("A submodule");
    assert!(world.site().join("debates/.git").is_file());
    let before = world.state();
    let ran = world.command("site/debates", &["deploy"]).output().unwrap();
    Ran::from(ran).check(0, "deployed", "");
    check_unchanged(&before, &world.state());
    assert_eq!(world.deployed("gh-pages"), built(&world));

    world.git(&["remote", "add", "pages", "https://ada:secret@github.com/ada/essays"]);
    world.put("docs/site.yaml", "title: Docs\n");
    world.put("docs/content/rain.md", ORIGINAL);
    // It goes to those pages, whatever else lies in the repository.
    let arguments = ["deploy", "--dry-run", "--remote", "pages"];
    let mut command = world.command("site/docs", &arguments);
    command.env("GIT_ALLOW_PROTOCOL", "file");
    let ran = Ran::from(command.output().unwrap());
    let said = "made for https://ada.github.io/essays/ (GitHub Pages of the remote `pages`)\n";
    ran.check(1, said, "error[git-failed]: the remote `pages` cannot be read");
    assert!(!ran.err.contains("secret"), "{ran:#?}");
}

#[test]
fn a_message_alone_makes_no_deployment() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    push_by_hand(&world, |folder| common::put(&folder.join("mine.txt"), "mine"));
    // Whoever amends a deployment, or copies its message, has another tree.
    world.git_in("other", &["reset", "-q", "--soft", "HEAD~1"]);
    world.git_in("other", &["commit", "-q", "--amend", "--no-edit"]);
    world.git_in("other", &["push", "-q", "--force", "origin", "gh-pages"]);
    assert!(world.log("%B", "gh-pages").contains("Agon-Tree: "));
    let ran = deploy(&world, &[]);
    ran.check(1, "2 articles", "error[deploy-refused]");
}

#[test]
fn a_branch_of_another_tool_is_left_alone() {
    let world = World::new();
    world.git(&["push", "-q", "origin", "main:gh-pages"]);
    let before = world.deployed("gh-pages");
    let ran = deploy(&world, &[]);
    ran.check(1, "2 articles", "Agon's made: `.gitignore`, `content/rain.md`, `content/sun.md`");
    assert_eq!(world.deployed("gh-pages"), before);
    deploy(&world, &["--adopt"]).check(0, "deployed", "");
    assert_eq!(world.deployed("gh-pages"), built(&world));
    assert_eq!(count(&world, "gh-pages"), 2);
}

#[test]
fn uncommitted_changes_are_deployed_and_named() {
    let world = World::new();
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    world.git(&["add", "content/sun.md"]);
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on theirs"));
    world.put("content/new.md", ORIGINAL.replace("Rain", "Snow"));
    deploy(&world, &[]).check(0, "deployed", "");
    assert!(world.log("%B", "gh-pages").contains(" with uncommitted changes\nAgon-Tree: "));
    let deployed = world.deployed("gh-pages");
    let page = String::from_utf8(deployed[Path::new("sun/index.html")].clone()).unwrap();
    assert!(page.contains("Not on theirs"), "{page}");
    assert!(deployed.contains_key(Path::new("new/index.html")));
}

#[test]
fn a_stash_and_other_branches_stay() {
    let world = World::new();
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    world.git(&["stash", "-q"]);
    world.git(&["branch", "gh-pages"]);
    world.git(&["branch", "side"]);
    let mine = world.git(&["rev-parse", "gh-pages"]);
    deploy(&world, &[]).check(0, "deployed", "");
    assert_eq!(world.git(&["rev-parse", "gh-pages"]), mine);
    assert_eq!(world.git(&["stash", "list"]).lines().count(), 1);
}

#[test]
fn a_detached_head_is_a_source_like_any() {
    let world = World::new();
    world.git(&["checkout", "-q", "--detach"]);
    deploy(&world, &[]).check(0, "deployed", "");
    assert_eq!(world.deployed("gh-pages"), built(&world));
}

#[test]
fn a_repository_without_a_commit_can_be_deployed() {
    let world = World::empty(&[]);
    world.put("content/rain.md", ORIGINAL);
    world.put("site.yaml", "base_url: https://example.org\n");
    let ran = deploy(&world, &[]);
    ran.check(0, "it is the first branch of origin", "");
    assert!(world.log("%B", "gh-pages").starts_with("Deploy what was never committed\n"));
}

#[test]
fn names_with_quotes_and_of_all_scripts_arrive() {
    let world = World::new();
    let names = ["\"quoted\".txt", "it's.txt", "不可逆 的.txt", "a b/é.txt", "-n.txt"];
    for name in names {
        world.put(&format!("static/{name}"), name);
    }
    world.put("content/不可逆.md", ORIGINAL);
    world.commit("Names");
    deploy(&world, &[]).check(0, "deployed", "");
    let deployed = world.deployed("gh-pages");
    for name in names {
        assert_eq!(deployed[Path::new(name)], name.as_bytes());
    }
    assert_eq!(deployed, built(&world));
    fs::remove_file(world.site().join("static/\"quoted\".txt")).unwrap();
    deploy(&world, &["--dry-run"]).check(0, "- \\\"quoted\\\".txt (12 B)\n", "");
}

#[cfg(unix)]
#[test]
fn a_name_with_a_line_break_is_told() {
    let world = World::new();
    world.put("static/a\nb.txt", "x");
    let ran = deploy(&world, &[]);
    ran.check(1, "nothing was deployed", "error[path-not-portable]");
    assert_eq!(world.git_in("remote.git", &["branch", "--list", "gh-pages"]), "");
}

#[test]
fn a_shallow_clone_deploys() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    world.commit("Ours");
    world.git(&["push", "-q"]);
    let url = format!("file://{}", world.at("remote.git").display());
    fs::remove_dir_all(world.site()).unwrap();
    world.git_in(".", &["clone", "-q", "--depth=1", &url, "site"]);
    assert_eq!(world.git(&["rev-parse", "--is-shallow-repository"]), "true");
    deploy(&world, &[]).check(0, "deployed", "");
    deploy(&world, &[]).check(0, "nothing to deploy", "");
    assert_eq!(count(&world, "gh-pages"), 2);
    assert_eq!(world.deployed("gh-pages"), built(&world));
}

#[test]
fn a_linked_worktree_and_a_folder_further_down_deploy() {
    let world = World::new();
    world.git(&["worktree", "add", "-q", "-b", "linked", "../linked"]);
    let before = (world.state(), common::files(&world.at("linked")));
    let ran = world.command("linked/content", &["deploy"]).output().unwrap();
    Ran::from(ran).check(0, "deployed", "");
    check_unchanged(&before.0, &world.state());
    check_unchanged(&before.1, &common::files(&world.at("linked")));
    assert_eq!(world.deployed("gh-pages"), built(&world));
}

#[test]
fn a_repository_of_sha256_deploys() {
    let world = World::empty(&["--object-format=sha256"]);
    world.put("content/rain.md", ORIGINAL);
    world.put("site.yaml", "base_url: https://example.org\n");
    world.commit("First");
    world.git(&["push", "-q", "origin", "main"]);
    deploy(&world, &[]).check(0, "deployed", "");
    world.put("content/snow.md", ORIGINAL.replace("Rain", "Snow"));
    deploy(&world, &[]).check(0, "deployed", "");
    deploy(&world, &[]).check(0, "nothing to deploy", "");
    assert_eq!(world.git_in("remote.git", &["rev-parse", "gh-pages"]).len(), 64);
    assert_eq!(world.deployed("gh-pages"), built(&world));
}

#[test]
fn a_dry_run_shows_all_and_changes_nothing() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    push_by_hand(&world, |folder| fs::remove_file(folder.join("404.html")).unwrap());
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    world.put("content/rain.md", ORIGINAL);
    let everything = || (common::files(&world.site()), common::files(&world.at("remote.git")));
    let before = everything();
    let ran = world.run(&["deploy", "--dry-run"]);
    ran.check(0, "+ 404.html (", "");
    assert!(ran.out.contains("~ sun/index.html ("), "{ran:#?}");
    assert!(ran.out.contains("1 file added, "), "{ran:#?}");
    assert!(ran.out.contains("nothing was pushed"), "{ran:#?}");
    let after = everything();
    check_unchanged(&before.0, &after.0);
    check_unchanged(&before.1, &after.1);
}

#[test]
fn a_dry_run_needs_no_name() {
    let world = World::new();
    common::put(&world.at("home/.gitconfig"), "");
    deploy(&world, &["--dry-run"]).check(0, "+ index.html (", "");
    let ran = deploy(&world, &[]);
    ran.check(1, "2 articles", "error[git-failed]: git does not know who makes the commit");
    assert!(ran.err.contains("git config --global user.name \"Your Name\""), "{ran:#?}");
    assert_eq!(world.git_in("remote.git", &["branch", "--list", "gh-pages"]), "");
}

/// A hook of the site's repository.
#[cfg(unix)]
fn hook(path: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    common::put(path, format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn who_is_faster_is_built_upon() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    world.git_in(".", &["clone", "-q", "-b", "gh-pages", "remote.git", "other"]);
    // Once, between this deployment's look at the branch and its push.
    let script = format!(
        "cd '{}' || exit 1\n[ -e done ] && exit 0\ntouch done\nunset GIT_DIR GIT_PREFIX\n\
         git rm -q 404.html && git commit -q -m Faster && git push -q origin gh-pages",
        world.at("other").display()
    );
    hook(&world.site().join(".git/hooks/pre-push"), &script);
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    deploy(&world, &[]).check(0, "1 file added, ", "");
    let subjects = world.log("%s", "gh-pages");
    let subjects: Vec<&str> = subjects.lines().collect();
    assert_eq!((subjects.len(), subjects[1]), (3, "Faster"));
    assert_eq!(world.deployed("gh-pages"), built(&world));
}

#[cfg(unix)]
#[test]
fn a_branch_that_never_stands_still_is_given_up() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    world.git_in(".", &["clone", "-q", "-b", "gh-pages", "remote.git", "other"]);
    let script = format!(
        "cd '{}' || exit 1\nunset GIT_DIR GIT_PREFIX\n\
         git commit -q --allow-empty -m Faster && git push -q origin gh-pages",
        world.at("other").display()
    );
    hook(&world.site().join(".git/hooks/pre-push"), &script);
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    let ran = deploy(&world, &[]);
    ran.check(1, "2 articles", "was changed by others at each attempt to push");
    assert_eq!(count(&world, "gh-pages"), 6);
}

#[cfg(unix)]
#[test]
fn a_hook_that_refuses_is_heard() {
    let world = World::new();
    hook(&world.site().join(".git/hooks/pre-push"), "echo 'not on Fridays' >&2; exit 1");
    let ran = deploy(&world, &[]);
    ran.check(1, "2 articles", "git said: not on Fridays");
}

#[cfg(unix)]
#[test]
fn without_permission_git_s_reason_is_told() {
    let world = World::new();
    hook(
        &world.at("remote.git/hooks/pre-receive"),
        "echo 'Permission to ada/essays denied' >&2; exit 1",
    );
    let ran = deploy(&world, &[]);
    ran.check(
        1,
        "2 articles",
        "error[git-failed]: the push to `origin`, branch `gh-pages`, was refused",
    );
    assert!(ran.err.contains("Permission to ada/essays denied"), "{ran:#?}");
    assert_eq!(world.git_in("remote.git", &["branch", "--list", "gh-pages"]), "");
}

#[test]
fn without_a_remote_it_is_said_how_to_make_one() {
    let world = World::new();
    world.git(&["remote", "rename", "origin", "upstream"]);
    let ran = deploy(&world, &[]);
    ran.check(1, "2 articles", "error[git-failed]: this repository has no remote `origin`");
    assert!(ran.err.contains("git remote add origin https://github.com/"), "{ran:#?}");
    assert!(ran.err.contains("agon deploy --remote upstream"), "{ran:#?}");
    deploy(&world, &["--remote", "upstream"]).check(
        0,
        "deployed to branch gh-pages of upstream",
        "",
    );
    deploy(&world, &["--remote", "../remote.git"]).check(0, "nothing to deploy", "");
    let ran = deploy(&world, &["--remote", "../nowhere.git"]);
    ran.check(1, "2 articles", "the remote `../nowhere.git` cannot be read");
    assert_eq!(count(&world, "gh-pages"), 1);
}

#[test]
fn without_git_it_is_said_what_to_install() {
    let world = World::new();
    let run = |arguments: &[&str]| {
        let mut command = world.command("site", arguments);
        Ran::from(command.env("PATH", world.at("home")).output().unwrap())
    };
    let ran = run(&["deploy"]);
    ran.check(1, "2 articles", "error[git-failed]: git is needed to deploy and was not found");
    world.put("site.yaml", "title: Weather\n");
    run(&["build"]).check(0, "written", "note[no-base-url]");
}

#[test]
fn without_a_repository_it_is_said_how_to_make_one() {
    let world = World::new();
    fs::remove_dir_all(world.site().join(".git")).unwrap();
    let ran = deploy(&world, &[]);
    ran.check(1, "2 articles", "error[git-failed]: the site is not in a git repository");
    assert!(ran.err.contains("git init"), "{ran:#?}");
}

#[test]
fn the_branch_of_the_sources_is_never_taken() {
    let world = World::new();
    let main = world.git_in("remote.git", &["rev-parse", "main"]);
    let ran = deploy(&world, &["--branch", "main"]);
    ran.check(1, "2 articles", "the branch `main` is checked out here");
    world.git(&["checkout", "-q", "-b", "other"]);
    let ran = deploy(&world, &["--branch", "main", "--adopt"]);
    ran.check(1, "2 articles", "the branch `main` is the main branch of the remote");
    for branch in ["a..b", "", "HEAD", "a b"] {
        let ran = deploy(&world, &["--branch", branch]);
        ran.check(1, "2 articles", "is no name for a branch");
    }
    let ran = deploy(&world, &["--branch=-x"]);
    ran.check(1, "2 articles", "is no name for a branch");
    assert_eq!(world.git_in("remote.git", &["rev-parse", "main"]), main);
    deploy(&world, &["--branch", "pages/live"]).check(0, "deployed to branch pages/live", "");
}

#[test]
fn a_branch_that_became_the_main_one_by_accident_is_still_ours() {
    let world = World::new();
    deploy(&world, &[]).check(0, "deployed", "");
    world.git_in("remote.git", &["symbolic-ref", "HEAD", "refs/heads/gh-pages"]);
    world.put("content/sun.md", REPLY.replace("Not on mine", "Not on ours"));
    deploy(&world, &[]).check(0, "deployed", "");
}

#[test]
fn errors_and_drafts_are_not_deployed() {
    let world = World::new();
    let ran = deploy(&world, &["--drafts"]);
    ran.check(2, "", "error[deploy-refused]: `--drafts` would publish drafts");
    world.put("content/draft.md", ORIGINAL.replace("---\ntitle", "---\ndraft: true\ntitle"));
    deploy(&world, &["--dry-run"]).check(0, "left out: 1 draft", "note[left-out]");
    world.put("content/sun.md", REPLY.replace("every roof in", "no roof outside"));
    let ran = deploy(&world, &[]);
    ran.check(1, "1 error: nothing was deployed", "error[misquotation]");
    world.put("content/sun.md", REPLY.replace("> Rain falls on every roof", "> Snow is warm"));
    let ran = deploy(&world, &["--strict"]);
    ran.check(1, "1 warning: nothing was deployed", "warning[quote-not-found]");
    assert_eq!(world.git_in("remote.git", &["branch", "--list", "gh-pages"]), "");
}

#[test]
fn json_is_one_object() {
    let world = World::new();
    let ran = deploy(&world, &["--format", "json"]);
    ran.check(0, "{", "");
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["summary"]["errors"], 0);
    assert_eq!(report["summary"]["deployed"], world.log("%H", "gh-pages"));
    let ran = deploy(&world, &["--format", "json", "--branch", "main"]);
    ran.check(1, "{", "");
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["diagnostics"][0]["code"], "deploy-refused");
}

#[test]
fn a_file_that_github_refuses_is_told_before_the_push() {
    let world = World::new();
    world.put("static/film.mp4", "");
    let film =
        fs::OpenOptions::new().write(true).open(world.site().join("static/film.mp4")).unwrap();
    film.set_len(100 * 1024 * 1024 + 1).unwrap();
    let ran = deploy(&world, &["--dry-run"]);
    ran.check(0, "+ film.mp4 (104.8 MB)", "warning[too-large]: `film.mp4` has 104.8 MB");
}

#[test]
fn the_base_url_is_that_of_the_repository_s_pages() {
    let world = World::new();
    world.put("site.yaml", "title: Weather\n");
    world.git(&["remote", "set-url", "origin", "git@github.com:Ada/Essays.git"]);
    let made_for = |arguments: &[&str], out: &str| world.run(arguments).check(0, out, "");
    made_for(
        &["build"],
        "made for https://ada.github.io/Essays/ (GitHub Pages of the remote `origin`)\n",
    );
    made_for(
        &["check"],
        "made for https://ada.github.io/Essays/ (GitHub Pages of the remote `origin`)\n",
    );
    world.git(&["config", "url.git@github.com:.insteadOf", "gh:"]);
    world.git(&["remote", "set-url", "origin", "gh:ada/ada.github.io"]);
    made_for(&["build"], "made for https://ada.github.io/ (GitHub");
    world.put("static/CNAME", "debates.example.org\n");
    made_for(&["build"], "made for https://debates.example.org/ (from static/CNAME)\n");
    world.put("site.yaml", "base_url: https://example.org/file\n");
    let ran = world.run(&["build"]);
    let said = "made for https://example.org/file/ (from site.yaml)\n";
    ran.check(0, said, "warning[invalid-base-url]: GitHub takes from `CNAME`");
    let ran = world.run(&["check", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["summary"]["base_url"], "https://example.org/file/");
    assert_eq!(report["summary"]["base_url_from"], "site.yaml");
    made_for(&["build", "--base-url", ""], "made for no base URL (from --base-url)\n");
    let quiet = world.run(&["build", "-q"]);
    quiet.check(0, "", "");
    let mut command = world.command("site", &["build"]);
    let ran = command.env("AGON_BASE_URL", "https://example.org/variable").output().unwrap();
    Ran::from(ran).check(0, "made for https://example.org/variable/ (from AGON_BASE_URL)\n", "");
}

#[test]
fn a_site_further_down_is_not_the_repository_s() {
    let world = World::new();
    world.git(&["remote", "set-url", "origin", "https://github.com/ada/essays"]);
    common::put(&world.site().join("docs/site.yaml"), "title: Docs\n");
    common::put(&world.site().join("docs/content/rain.md"), ORIGINAL);
    let ran = world.command("site/docs", &["build"]).output().unwrap();
    Ran::from(ran).check(0, "written", "note[no-base-url]");
}

#[test]
fn a_deployed_site_holds_together_under_its_folder() {
    let world = World::new();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["content", "seeds", "static", "themes"] {
        let _ = fs::remove_dir_all(world.site().join(folder));
        common::copy(&demo.join(folder), &world.site().join(folder));
    }
    fs::copy(demo.join("site.yaml"), world.site().join("site.yaml")).unwrap();
    world.commit("The demo");
    let url = ["--base-url", "https://agon.invalid/repo/"];
    deploy(&world, &url).check(0, "deployed", "");
    let deployed = world.deployed("gh-pages");
    assert_eq!(web::faults(&deployed), Vec::<String>::new());
    let reached = web::reachable(&deployed);
    let missed: Vec<_> = deployed
        .keys()
        .filter(|path| path.extension().is_some_and(|extension| extension == "html"))
        .filter(|path| path.to_str() != Some("404.html") && !reached.contains(*path))
        .collect();
    assert!(missed.is_empty(), "no way from the home page to {missed:?}");
    assert!(reached.len() > 20, "{reached:?}");
    // It is shown at whatever path was asked for.
    let is_absolute =
        |link: &String| link.starts_with("/repo/") || link.contains(':') || link.starts_with('#');
    let links = web::links(&deployed[Path::new("404.html")]);
    assert!(links.len() > 3 && links.iter().all(is_absolute), "only at the root: {links:?}");
}

/// A server that knows nothing of Agon, and that is stopped with the test.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Serves a folder; nothing where there is no Python.
    fn of(folder: &Path) -> Option<Self> {
        let mut command = Command::new("python3");
        command.args(["-u", "-m", "http.server", "--bind", "127.0.0.1", "0"]).current_dir(folder);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        // Serving HTTP on 127.0.0.1 port 40123 (http://127.0.0.1:40123/) ...
        let mut line = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
        let port = line.split(" port ").nth(1)?.split(' ').next()?.parse().ok()?;
        Some(Self { child, port })
    }

    /// The status and the body of what stands at `path`.
    fn get(&self, path: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        (head.split(' ').nth(1).unwrap().to_owned(), answer[end + 4..].to_vec())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_server_of_files_serves_every_page_under_the_folder() {
    let world = World::new();
    world.put("content/不可逆.md", ORIGINAL);
    deploy(&world, &[]).check(0, "deployed", "");
    let deployed = world.deployed("gh-pages");
    for (path, bytes) in &deployed {
        common::put(&world.at("www/repo").join(path), bytes);
    }
    let Some(server) = Server::of(&world.at("www")) else {
        eprintln!("no python3: a crawl over HTTP was left out");
        return;
    };
    let mut seen = BTreeSet::new();
    // From the home page, and from what is shown for a path that does not exist.
    let mut next = vec!["/repo/".to_owned(), "/repo/404.html".to_owned()];
    while let Some(path) = next.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let (status, body) = server.get(&path);
        assert_eq!(status, "200", "{path}");
        if !path.ends_with('/') && !path.ends_with(".html") {
            continue;
        }
        for link in web::links(&body) {
            let link = link.strip_prefix("https://example.org").unwrap_or(&link);
            let path = link.split(['#', '?']).next().unwrap_or_default();
            assert!(path.is_empty() || path.starts_with('/') || path.contains(':'), "{link}");
            if path.starts_with('/') {
                next.push(path.to_owned());
            }
        }
    }
    let pages = deployed.keys().filter(|path| path.ends_with("index.html")).count();
    assert_eq!(seen.iter().filter(|path| path.ends_with('/')).count(), pages, "{seen:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_deployed_is_told_or_the_command_fails() {
    let world = World::new();
    for arguments in [&["deploy", "--dry-run"][..], &["deploy", "--workflow"]] {
        let mut command = world.command("site", arguments);
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = command.stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    }
}
