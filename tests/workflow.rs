//! `agon deploy --workflow`, and the workflows of this repository: what they say, and that
//! their steps do what they promise, run one by one with stand-ins for the actions.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test runs the program in real repositories"
)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::git::World;
use common::{Files, Ran};
use common::{ORIGINAL, REPLY};
use serde_json::{Value, json};

const PAGES: &str = ".github/workflows/pages.yml";

/// The actions that may be used, in their major versions of autumn 2026: the first that run on
/// Node 24, since the runners have no Node 20 any more.
const ACTIONS: &[&str] = &[
    "actions/cache@v5",
    "actions/checkout@v6",
    "actions/configure-pages@v6",
    "actions/deploy-pages@v5",
    "actions/download-artifact@v7",
    "actions/upload-artifact@v6",
    "actions/upload-pages-artifact@v5",
];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn parsed(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// Puts a program into the folder `programs`, before all others in the path.
fn stand_in(world: &World, name: &str, script: &str) {
    let path = world.at("programs").join(name);
    common::put(&path, format!("#!/bin/bash\nset -eu\n{script}\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn path(world: &World) -> String {
    format!("{}:{}", world.at("programs").display(), std::env::var("PATH").unwrap())
}

/// A release as GitHub would have it: an archive with the program, and a `curl` that knows it.
fn release(world: &World) -> String {
    let archive = world.at("release.tar.gz");
    let program = Path::new(env!("CARGO_BIN_EXE_agon"));
    let mut command = Command::new("tar");
    command.arg("-czf").arg(&archive).arg("-C").arg(program.parent().unwrap()).arg("agon");
    assert!(command.status().unwrap().success());
    let sum = Command::new("sha256sum").arg(&archive).output().unwrap().stdout;
    let sum = String::from_utf8(sum).unwrap().split(' ').next().unwrap().to_owned();
    let version = env!("CARGO_PKG_VERSION");
    let url = format!(
        "https://github.com/agon-press/agon/releases/download/v{version}/agon-{version}-x86_64-unknown-linux-musl.tar.gz"
    );
    let script = format!(
        "out=/dev/stdout\nwhile [ $# -gt 1 ]; do [ \"$1\" = --output ] && out=\"$2\"; shift; done\n\
         case \"$1\" in\n  {url}) cat '{}' > \"$out\" ;;\n  {url}.sha256) echo '{sum}  agon.tar.gz' > \"$out\" ;;\n\
         *) echo \"404: $1\" >&2; exit 22 ;;\nesac",
        archive.display()
    );
    stand_in(world, "curl", &script);
    sum
}

/// A repository of a user, with a release to be had.
fn with_release() -> (World, String) {
    let world = World::new();
    let sum = release(&world);
    (world, sum)
}

fn write(world: &World, folder: &str) -> Ran {
    let mut command = world.command(folder, &["deploy", "--workflow"]);
    command.env("PATH", path(world)).output().unwrap().into()
}

fn written(world: &World) -> String {
    fs::read_to_string(world.site().join(PAGES)).unwrap()
}

/// This repository's files that matter to its workflow, in a repository of their own.
fn own() -> World {
    let world = World::empty(&[]);
    for folder in ["content", "seeds", "static", "themes"] {
        common::copy(&repository().join(folder), &world.site().join(folder));
    }
    for file in ["site.yaml", "Cargo.toml"] {
        world.put(file, fs::read(repository().join(file)).unwrap());
    }
    world.put(".gitignore", "/output\n");
    world
}

#[test]
fn this_repository_has_the_workflow_that_the_command_writes() {
    let world = own();
    let ran = write(&world, "site");
    ran.check(0, "this is Agon's own repository: it builds agon from source\n", "");
    let text = written(&world);
    let file = repository().join(PAGES);
    if common::is_update() {
        fs::write(&file, &text).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(common::difference(&text, &found), "", "UPDATE=1 cargo test --test workflow");
}

#[test]
fn it_says_what_it_did_and_what_is_to_be_done() {
    let (world, sum) = with_release();
    let before = world.state();
    let ran = write(&world, "site");
    ran.check(0, ".github/workflows/pages.yml is written\n", "");
    assert!(ran.out.contains(&format!("SHA-256 {sum}\n")), "{ran:#?}");
    assert!(ran.out.contains("it publishes the branch main at each push\n"), "{ran:#?}");
    assert!(ran.out.contains("Settings, Pages, Source: \"GitHub Actions\"\n"), "{ran:#?}");
    assert!(ran.out.contains("now: git add .github/workflows/pages.yml"), "{ran:#?}");
    let mut after = world.state();
    assert!(after.remove(Path::new(PAGES)).is_some());
    assert_eq!(after, before, "nothing else was written");
    write(&world, "site").check(0, ".github/workflows/pages.yml is as it should be\n", "");
}

#[test]
fn an_edited_workflow_is_left_alone() {
    let (world, _) = with_release();
    write(&world, "site").check(0, "is written", "");
    let ours = written(&world);
    // One of an earlier version, perhaps through a checkout with the line ends of Windows.
    world.put(PAGES, ours.replace(" (agon 0.", " (agon 0.0.").replace('\n', "\r\n"));
    write(&world, "site").check(0, "is renewed", "");
    assert_eq!(written(&world), ours);
    let edited = ours.replace("ubuntu-latest", "self-hosted");
    for text in [edited.as_str(), "name: Pages\n", ""] {
        world.put(PAGES, text);
        let ran = write(&world, "site");
        ran.check(1, "", "error[deploy-refused]: `.github/workflows/pages.yml` was edited");
        assert_eq!(written(&world), text);
    }
}

#[test]
fn an_article_of_the_future_makes_it_daily() {
    let (world, sum) = with_release();
    write(&world, "site").check(0, "is written", "");
    assert_eq!(parsed(&written(&world))["on"].get("schedule"), None);
    world.put("content/later.md", ORIGINAL.replace("2026-01-02", "2026-07-01"));
    // What was pinned stays so, and needs no network.
    stand_in(&world, "curl", "exit 6");
    write(&world, "site").check(0, "and every day for what is to appear then", "");
    assert_eq!(parsed(&written(&world))["on"]["schedule"], json!([{"cron": "17 4 * * *"}]));
    assert!(written(&world).contains(&format!("SHA256: {sum}\n")));
}

#[test]
fn a_site_further_down_and_submodules_are_seen() {
    let (world, _) = with_release();
    for file in ["docs/site.yaml", "docs/content/rain.md"] {
        common::put(&world.site().join(file), if file.ends_with("md") { ORIGINAL } else { "" });
    }
    world.put(".gitmodules", "");
    world.git(&["checkout", "-q", "-b", "trunk"]);
    world.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    write(&world, "site/docs").check(0, "it publishes the branch main", "");
    let workflow = parsed(&written(&world));
    let steps = workflow["jobs"]["build"]["steps"].as_array().unwrap();
    assert_eq!(steps[0]["with"]["submodules"], "recursive");
    let build = steps.iter().find(|step| step["name"] == "Build the site").unwrap();
    assert_eq!(build["working-directory"], "docs");
    assert_eq!(steps.last().unwrap()["with"]["path"], "docs/output");
}

#[test]
fn without_a_release_or_a_repository_it_is_told() {
    let world = World::new();
    stand_in(
        &world,
        "curl",
        "echo 'curl: (22) The requested URL returned error: 404' >&2; exit 22",
    );
    let ran = write(&world, "site");
    ran.check(1, "", "error[deploy-refused]: the checksum of the release");
    assert!(ran.err.contains("returned error: 404"), "{ran:#?}");
    assert!(!world.site().join(".github").exists());
    fs::remove_dir_all(world.site().join(".git")).unwrap();
    write(&world, "site").check(1, "", "error[git-failed]");
}

/// Fails unless the workflow has what expected of every one, and gives its jobs.
fn check_jobs(workflow: &Value) -> &serde_json::Map<String, Value> {
    assert_eq!(workflow["permissions"], json!({"contents": "read"}));
    assert!(workflow["concurrency"]["group"].as_str().unwrap().contains("${{ github.ref }}"));
    let jobs = workflow["jobs"].as_object().unwrap();
    for (name, job) in jobs {
        assert!(job["timeout-minutes"].is_u64(), "{name} may run for six hours");
        for step in job["steps"].as_array().unwrap() {
            if let Some(uses) = step.get("uses") {
                assert!(ACTIONS.contains(&uses.as_str().unwrap()), "{uses}");
            }
            if let Some(run) = step.get("run") {
                // What others can name (branches, titles) is no part of a script.
                let pieces = run.as_str().unwrap().split("${{").skip(1);
                for piece in pieces {
                    assert!(piece.starts_with(" github.run_attempt }}"), "{run}");
                }
            }
        }
    }
    jobs
}

fn check_pages(text: &str) {
    let workflow = parsed(text);
    let jobs = check_jobs(&workflow);
    assert_eq!(workflow["on"]["push"], json!({"branches": ["main"]}));
    for event in ["pull_request", "workflow_dispatch"] {
        assert!(workflow["on"].get(event).is_some(), "{event}");
    }
    assert_eq!(workflow["concurrency"]["cancel-in-progress"], false);
    assert_eq!(jobs["build"]["permissions"], json!({"contents": "read", "pages": "read"}));
    assert_eq!(jobs["deploy"]["permissions"], json!({"pages": "write", "id-token": "write"}));
    let steps: Vec<&str> = jobs["build"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["uses"].as_str().or(step["run"].as_str()).unwrap())
        .map(|step| step.split_whitespace().take(2).last().unwrap())
        .collect();
    let install = if text.contains("cargo install") { "install" } else { "--proto" };
    let expected = [
        "actions/checkout@v6",
        "\"artifact=github-pages-${{",
        "actions/configure-pages@v6",
        "actions/cache@v5",
        install,
        "\"$HOME/.agon/bin\"",
        "check",
        "build",
        "actions/upload-pages-artifact@v5",
    ];
    assert_eq!(steps, expected);
    let upload = jobs["build"]["steps"].as_array().unwrap().last().unwrap();
    let name = "${{ steps.name.outputs.artifact }}";
    let with = json!({"path": "output", "include-hidden-files": true, "name": name});
    assert_eq!(upload["with"], with);
    let deploy = &jobs["deploy"];
    assert_eq!(deploy["needs"], "build");
    assert_eq!(deploy["if"], "github.event_name != 'pull_request'");
    assert_eq!(deploy["environment"]["name"], "github-pages");
    let artifact = "${{ needs.build.outputs.artifact }}";
    assert_eq!(deploy["steps"][0]["with"], json!({"artifact_name": artifact}));
    assert_eq!(jobs["build"]["outputs"], json!({"artifact": name}));
}

#[test]
fn both_workflows_ask_for_what_pages_needs_and_no_more() {
    check_pages(&fs::read_to_string(repository().join(PAGES)).unwrap());
    let (world, sum) = with_release();
    write(&world, "site").check(0, "is written", "");
    let text = written(&world);
    check_pages(&text);
    assert!(text.contains(&format!("SHA256: {sum}\n")), "{text}");
}

#[test]
fn the_other_workflows_of_this_repository_are_sound() {
    let read =
        |name: &str| fs::read_to_string(repository().join(".github/workflows").join(name)).unwrap();
    let ci = parsed(&read("ci.yml"));
    let steps = check_jobs(&ci)["test"]["steps"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["run"] == ".ci/run"));
    let release = parsed(&read("release.yml"));
    let jobs = check_jobs(&release);
    assert_eq!(jobs["release"]["permissions"], json!({"contents": "write"}));
    let targets: Vec<&str> = jobs["build"]["strategy"]["matrix"]["include"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["target"].as_str().unwrap())
        .collect();
    let expected = [
        "x86_64-unknown-linux-musl",
        "aarch64-unknown-linux-musl",
        "x86_64-apple-darwin",
        "aarch64-apple-darwin",
        "x86_64-pc-windows-msvc",
    ];
    assert_eq!(targets, expected);
}

/// A machine that runs the steps of a job in a clean clone.
struct Runner<'a> {
    world: &'a World,
    work: PathBuf,
    /// The outputs of steps: `steps.name.outputs.artifact`.
    outputs: BTreeMap<String, String>,
    path: String,
    /// What the job and its steps set for the steps to come.
    variables: BTreeMap<String, String>,
    uploaded: Option<Files>,
}

impl<'a> Runner<'a> {
    fn new(world: &'a World, base_url: Option<&str>) -> Self {
        world.git_in(".", &["clone", "-q", "site", "work"]);
        let base_url =
            base_url.map(|url| ("steps.pages.outputs.base_url".to_owned(), url.to_owned()));
        let outputs = base_url.into_iter().collect();
        fs::create_dir_all(world.at("runner/home")).unwrap();
        let variables =
            [("RUNNER_OS", "Linux"), ("GITHUB_REF_NAME", concat!("v", env!("CARGO_PKG_VERSION")))];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let path = path(world);
        Self { world, work: world.at("work"), outputs, path, variables, uploaded: None }
    }

    /// A text with its expressions evaluated, as far as the workflow has any.
    fn evaluated(&self, text: &str) -> String {
        let mut pieces = text.split("${{");
        let mut evaluated = pieces.next().unwrap().to_owned();
        for piece in pieces {
            let (expression, rest) = piece.split_once("}}").unwrap();
            let value = expression.split("||").map(str::trim).find_map(|one| {
                let literal = one.strip_prefix('\'').and_then(|one| one.strip_suffix('\''));
                let literal = literal.or((one == "github.run_attempt").then_some("1"));
                literal.or(self.outputs.get(one).map(String::as_str))
            });
            evaluated += value.unwrap_or_else(|| panic!("what is {expression}?"));
            evaluated += rest;
        }
        evaluated
    }

    /// Runs all steps; gives the first that failed.
    fn run(&mut self, job: &Value) -> Result<(), String> {
        for step in job["steps"].as_array().unwrap() {
            match step["uses"].as_str().map(|uses| uses.split('@').next().unwrap()) {
                Some("actions/upload-pages-artifact") => {
                    assert_eq!(
                        self.evaluated(step["with"]["name"].as_str().unwrap()),
                        "github-pages-1"
                    );
                    let folder = self.work.join(step["with"]["path"].as_str().unwrap());
                    self.uploaded = Some(common::files(&folder));
                }
                Some("actions/upload-artifact") => {
                    let mut files = common::files(&self.work);
                    files.retain(|path, _| path.to_string_lossy().starts_with("agon-"));
                    self.uploaded = Some(files);
                }
                Some("actions/download-artifact") => {
                    for (path, bytes) in self.uploaded.iter().flatten() {
                        common::put(&self.work.join("files").join(path), bytes);
                    }
                }
                Some("actions/checkout" | "actions/cache" | "actions/configure-pages") => {}
                Some(other) => panic!("{other}"),
                None => self.step(step)?,
            }
        }
        Ok(())
    }

    fn step(&mut self, step: &Value) -> Result<(), String> {
        let script = self.evaluated(step["run"].as_str().unwrap());
        let at = |name: &str| self.world.at("runner").join(name);
        let mut command = Command::new("bash");
        self.world.alone(command.args(["-e", "-c", &script]));
        command.current_dir(&self.work).env("PATH", &self.path).env("HOME", at("home"));
        command.env("RUNNER_TEMP", at("")).env("SOURCE_DATE_EPOCH", common::TODAY);
        command.envs(&self.variables);
        for name in ["GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"] {
            common::put(&at(name), "");
            command.env(name, at(name));
        }
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            command.env(name, self.evaluated(value.as_str().unwrap()));
        }
        let ran = Ran::from(command.output().unwrap());
        if ran.code != 0 {
            return Err(format!("{}{}", ran.out, ran.err));
        }
        let outputs = fs::read_to_string(at("GITHUB_OUTPUT")).unwrap();
        for (name, value) in outputs.lines().filter_map(|line| line.split_once('=')) {
            let step = step["id"].as_str().unwrap();
            self.outputs.insert(format!("steps.{step}.outputs.{name}"), value.to_owned());
        }
        let variables = fs::read_to_string(at("GITHUB_ENV")).unwrap();
        let pairs = variables.lines().filter_map(|line| line.split_once('='));
        self.variables.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        for folder in fs::read_to_string(at("GITHUB_PATH")).unwrap().lines() {
            self.path = format!("{folder}:{}", self.path);
        }
        Ok(())
    }
}

/// What `agon build` makes for `base_url`.
fn built(world: &World, base_url: &str) -> Files {
    let output = world.at("built");
    let arguments = ["build", "--base-url", base_url, "--output", output.to_str().unwrap()];
    world.run(&arguments).check(0, "written", "");
    let mut files = common::files(&output);
    files.remove(Path::new(".agon"));
    files
}

#[test]
fn its_steps_build_what_the_program_builds() {
    let (world, _) = with_release();
    world.put("static/.well-known/security.txt", "Contact: mailto:ada@example.org\n");
    write(&world, "site").check(0, "is written", "");
    world.commit("Publish");
    let workflow = parsed(&written(&world));
    let url = "https://ada.github.io/essays";
    let mut runner = Runner::new(&world, Some(url));
    runner.run(&workflow["jobs"]["build"]).unwrap();
    let uploaded = runner.uploaded.unwrap();
    assert!(uploaded.contains_key(Path::new(".well-known/security.txt")));
    assert_eq!(uploaded, built(&world, url));
}

#[test]
fn a_pull_request_is_built_without_pages() {
    let (world, _) = with_release();
    write(&world, "site").check(0, "is written", "");
    world.commit("Publish");
    let workflow = parsed(&written(&world));
    let mut runner = Runner::new(&world, None);
    runner.run(&workflow["jobs"]["build"]).unwrap();
    assert_eq!(runner.uploaded.unwrap(), built(&world, "http://localhost"));
}

#[test]
fn a_release_that_was_exchanged_is_not_run() {
    let (world, sum) = with_release();
    write(&world, "site").check(0, "is written", "");
    world.commit("Publish");
    fs::write(world.at("release.tar.gz"), "something else").unwrap();
    let workflow = parsed(&written(&world));
    let mut runner = Runner::new(&world, None);
    let said = runner.run(&workflow["jobs"]["build"]).unwrap_err();
    assert!(said.contains("FAILED") && !said.contains(&sum), "{said}");
    assert!(!world.at("runner/home/.agon").exists());
}

#[test]
fn a_misquotation_stops_it() {
    let (world, _) = with_release();
    world.put("content/sun.md", REPLY.replace("every roof in", "no roof outside"));
    write(&world, "site").check(0, "is written", "");
    world.commit("Publish");
    let workflow = parsed(&written(&world));
    let mut runner = Runner::new(&world, None);
    let said = runner.run(&workflow["jobs"]["build"]).unwrap_err();
    assert!(said.contains("::error file=content/sun.md,line=8,"), "{said}");
    assert_eq!(runner.uploaded, None);
}

#[test]
fn this_repository_s_steps_build_the_demo() {
    let world = own();
    world.put(PAGES, fs::read(repository().join(PAGES)).unwrap());
    world.commit("Demo");
    // A build from source takes minutes, and here stands what it gives.
    let program = env!("CARGO_BIN_EXE_agon");
    let script = format!(
        "[ \"$*\" = \"install --locked --path . --root $HOME/.agon\" ]\n\
         mkdir -p \"$HOME/.agon/bin\"\ncp '{program}' \"$HOME/.agon/bin/agon\""
    );
    stand_in(&world, "cargo", &script);
    let workflow = parsed(&written(&world));
    let url = "https://agon-press.github.io/agon";
    let mut runner = Runner::new(&world, Some(url));
    runner.run(&workflow["jobs"]["build"]).unwrap();
    assert_eq!(runner.uploaded.unwrap(), built(&world, url));
}

#[test]
fn a_release_has_the_archive_that_the_workflow_asks_for() {
    let world = own();
    for file in ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        world.put(file, file);
    }
    world.commit("Release");
    let target = "x86_64-unknown-linux-musl";
    let program = env!("CARGO_BIN_EXE_agon");
    let folder = format!("target/{target}/release");
    let build = format!(
        "[ \"$*\" = \"build --release --locked --target {target}\" ]\n\
         [ \"$CC_x86_64_unknown_linux_musl\" = musl-gcc ]\n\
         mkdir -p {folder}\ncp '{program}' {folder}/agon"
    );
    stand_in(&world, "cargo", &build);
    for name in ["rustup", "sudo"] {
        stand_in(&world, name, "");
    }
    let log = world.at("published");
    stand_in(&world, "gh", &format!("echo \"$@\" > '{}'", log.display()));
    let text = fs::read_to_string(repository().join(".github/workflows/release.yml")).unwrap();
    let workflow = parsed(&text);
    let mut runner = Runner::new(&world, None);
    runner.variables.insert("TARGET".to_owned(), target.to_owned());
    for (name, value) in [("github.token", "t"), ("github.repository", "agon-press/agon")] {
        runner.outputs.insert(name.to_owned(), value.to_owned());
    }
    runner.run(&workflow["jobs"]["build"]).unwrap();
    runner.run(&workflow["jobs"]["release"]).unwrap();
    let archive = format!("agon-{}-{target}.tar.gz", env!("CARGO_PKG_VERSION"));
    let published = fs::read_to_string(log).unwrap();
    for file in ["SHA256SUMS", archive.as_str(), &format!("{archive}.sha256")] {
        assert!(published.contains(&format!("files/{file}")), "{published}");
    }
    let (user, _) = with_release();
    write(&user, "site").check(0, "is written", "");
    assert!(written(&user).contains(&format!("/{archive}\n")));
    // A tag that is not the version makes none.
    runner.variables.insert("GITHUB_REF_NAME".to_owned(), "v9.9.9".to_owned());
    let said = runner.run(&workflow["jobs"]["build"]).unwrap_err();
    assert!(said.contains("::error file=Cargo.toml::the version is"), "{said}");
}
