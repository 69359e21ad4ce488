//! The program itself: exit codes, streams, and what they say.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test runs the program in real folders"
)]

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use common::{ORIGINAL, REPLY, Ran, files};
use serde_json::Value;
use tempfile::TempDir;

struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        site.put("content/rain.md", ORIGINAL);
        site.put("content/sun.md", REPLY);
        site.put("site.yaml", "title: Weather\n");
        site
    }

    /// The same with a quote that its parent does not have.
    fn misquoting() -> Self {
        let site = Self::new();
        site.put("content/sun.md", &REPLY.replace("every roof in", "no roof outside"));
        site
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        common::put(&self.at(path), text);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        common::agon(self.folder.path(), arguments)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files(self.folder.path())
    }
}

#[test]
fn a_build_says_what_it_made_and_how_to_show_it() {
    let site = Site::new();
    let ran = site.run(&["build", "--base-url", "https://example.org"]);
    ran.check(0, "2 articles in 1 debate, ", "");
    assert!(ran.out.contains("; 1 quote anchored\n"), "{ran:#?}");
    assert!(ran.out.contains(" written, 0 unchanged, 0 removed\n"), "{ran:#?}");
    assert!(ran.out.contains("python3 -m http.server -d output\n"), "{ran:#?}");
    assert!(site.at("output/sun/index.html").is_file());
}

#[test]
fn without_a_base_url_a_note_says_so() {
    Site::new().run(&["build"]).check(0, "2 articles", "note[no-base-url]");
}

#[test]
fn pages_for_a_folder_of_a_host_are_not_shown_at_localhost() {
    let site = Site::new();
    let ran = site.run(&["build", "--base-url", "https://example.org/repo/"]);
    ran.check(0, "made for https://example.org/repo/", "");
    assert!(!ran.out.contains("localhost"), "{ran:#?}");
}

#[test]
fn the_flag_beats_the_environment_which_beats_the_file() {
    let site = Site::new();
    site.put("site.yaml", "base_url: https://example.org/file\n");
    let made_for = |arguments: &[&str], variable: Option<&str>| {
        let mut command = site.command(arguments);
        command.envs(variable.map(|url| ("AGON_BASE_URL", url)));
        Ran::from(command.output().unwrap())
    };
    made_for(&["build"], None).check(0, "made for https://example.org/file/", "");
    let variable = Some("https://example.org/variable");
    made_for(&["build"], variable).check(0, "made for https://example.org/variable/", "");
    let flag = ["build", "--base-url", "https://example.org/flag"];
    made_for(&flag, variable).check(0, "made for https://example.org/flag/", "");
    made_for(&["build", "--base-url", ""], variable).check(0, "localhost", "");
}

#[test]
fn a_site_is_found_from_a_folder_inside_it() {
    let site = Site::new();
    let ran = site.command(&["build"]).current_dir(site.at("content")).output().unwrap();
    Ran::from(ran).check(0, "2 articles", "note");
    assert!(site.at("output/index.html").is_file());
    assert!(!site.at("content/output").exists());
}

#[test]
fn wrong_usage_is_two() {
    let site = Site::new();
    site.run(&["publish"]).check(2, "", "unrecognized subcommand");
    site.run(&["build", "--format", "xml"]).check(2, "", "invalid value");
    site.run(&["build", "--base-url", "example.org"]).check(2, "", "error[invalid-base-url]");
    site.run(&["build", "--root", "nowhere"]).check(2, "", "error[no-site]");
    site.run(&["build", "--root", "output"]).check(2, "", "error[no-site]");
    let mut command = site.command(&["build"]);
    let ran = command.env("SOURCE_DATE_EPOCH", "yesterday").output().unwrap();
    Ran::from(ran).check(2, "", "error[invalid-date]: `SOURCE_DATE_EPOCH`");
}

#[test]
fn a_folder_without_a_site_says_what_is_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let site = Site { folder };
    site.run(&["build"]).check(2, "", "`seeds/` or `content/`");
}

#[test]
fn version_and_help_go_to_stdout() {
    let site = Site::new();
    site.run(&["--version"]).check(0, concat!("agon ", env!("CARGO_PKG_VERSION")), "");
    site.run(&["build", "--help"]).check(0, "--force", "");
}

#[test]
fn a_build_with_errors_changes_nothing() {
    let site = Site::misquoting();
    let before = site.files();
    let ran = site.run(&["build"]);
    ran.check(1, "1 error: nothing was written", "error[misquotation]");
    assert!(ran.err.contains("--> content/sun.md:8:1"), "{ran:#?}");
    assert!(ran.err.contains("content/rain.md:7:"), "{ran:#?}");
    assert_eq!(site.files(), before);
}

#[test]
fn check_writes_nothing_at_all() {
    let site = Site::new();
    let before = site.files();
    site.run(&["check"]).check(0, "2 articles in 1 debate", "note");
    assert_eq!(site.files(), before);
}

#[test]
fn warnings_fail_only_with_strict() {
    let site = Site::new();
    site.put("content/sun.md", &REPLY.replace("> Rain falls on every roof", "> Snow is warm"));
    site.run(&["check"]).check(0, "1 warning", "warning[quote-not-found]");
    site.run(&["check", "-q"]).check(0, "", "");
    site.run(&["check", "--strict"]).check(1, "1 warning", "warning[quote-not-found]");
    site.run(&["check", "--strict", "-q"]).check(1, "", "warning[quote-not-found]");
}

#[test]
fn quiet_leaves_errors_alone() {
    let ran = Site::misquoting().run(&["check", "-q"]);
    ran.check(1, "", "error[misquotation]");
    assert!(!ran.err.contains("note["), "{ran:#?}");
}

#[test]
fn verbose_tells_the_time_of_each_arrow() {
    let ran = Site::new().run(&["build", "-v"]);
    ran.check(0, "2 articles", "read: ");
    assert!(ran.err.contains("resolve: ") && ran.err.contains("write: "), "{ran:#?}");
}

#[test]
fn json_is_one_object_and_nothing_else() {
    let ran = Site::misquoting().run(&["check", "--format", "json"]);
    ran.check(1, "{", "");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["schema"], 1);
    let codes: Vec<&str> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["code"].as_str())
        .collect();
    assert!(codes.contains(&"misquotation"), "{codes:?}");
    let quote = &report["quotes"][0];
    assert_eq!(quote["file"], "content/sun.md");
    assert_eq!(quote["parent"], "content/rain.md");
    assert_eq!(quote["status"], "misquotation");
    assert_eq!((&quote["line"], &quote["column"]), (&Value::from(8), &Value::from(1)));
    assert_eq!(report["summary"]["errors"], 1);
}

#[test]
fn json_tells_wrong_usage_of_ours_too() {
    let ran = Site::new().run(&["check", "--format", "json", "--root", "nowhere"]);
    ran.check(2, "{", "");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["diagnostics"][0]["code"], "no-site");
}

#[test]
fn github_gets_annotations_before_the_summary() {
    let ran = Site::misquoting().run(&["check", "--format", "github"]);
    ran.check(1, "::error file=content/sun.md,line=8,", "");
    let summary = ran.out.find("\n2 articles in").unwrap();
    assert!(ran.out.rfind("::").unwrap() < summary, "{ran:#?}");
}

#[test]
fn drafts_and_the_future_are_left_out_and_named() {
    let site = Site::new();
    site.put("content/later.md", &ORIGINAL.replace("2026-01-02", "2026-06-07"));
    site.put("content/draft.md", &ORIGINAL.replace("---\ntitle", "---\ndraft: true\ntitle"));
    let built = |arguments: &[&str]| {
        let mut command = site.command(arguments);
        Ran::from(command.env("SOURCE_DATE_EPOCH", "1767571200").output().unwrap())
    };
    let ran = built(&["build", "-q"]);
    ran.check(0, "", "");
    let ran = built(&["build"]);
    ran.check(0, "left out: 1 draft\n", "note");
    assert!(ran.out.contains("content/later.md until 7 June 2026\n"), "{ran:#?}");
    assert!(!site.at("output/later").exists() && !site.at("output/draft").exists());
    built(&["build", "--drafts", "--future"]).check(0, "4 articles in 3 debates", "note");
    assert!(site.at("output/later").exists() && site.at("output/draft").exists());
    built(&["build"]).check(0, "2 articles", "note");
    assert!(!site.at("output/later").exists() && !site.at("output/draft").exists());
}

#[test]
fn colour_is_for_those_who_ask_for_it() {
    let site = Site::misquoting();
    assert!(!site.run(&["check"]).err.contains('\u{1b}'), "a pipe is no terminal");
    let colored = |variables: &[(&str, &str)]| {
        let mut command = site.command(&["check"]);
        let ran = Ran::from(command.envs(variables.iter().copied()).output().unwrap());
        ran.err.contains('\u{1b}')
    };
    assert!(colored(&[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[("NO_COLOR", "1")]));
}

#[test]
fn a_reader_that_has_gone_is_no_panic() {
    for arguments in [&["check"][..], &["check", "--format", "json"], &["--help"]] {
        let site = Site::misquoting();
        let mut command = site.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_ne!(child.wait().unwrap().code(), Some(101), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_fails() {
    let site = Site::new();
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    for arguments in [&["check", "--format", "json"][..], &["build"], &["completions", "bash"]] {
        let mut command = site.command(arguments);
        let output = command.stdout(full()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
        assert!(told.contains("what was to be printed cannot be written"), "{arguments:?}: {told}");
    }
}

#[test]
fn one_thread_and_eight_write_the_same_bytes() {
    let demo = env!("CARGO_MANIFEST_DIR");
    let site = Site::new();
    let built = |threads: &str, output: &str| {
        let mut command = site.command(&["build", "--root", demo, "--output", output]);
        command.env("RAYON_NUM_THREADS", threads).env("SOURCE_DATE_EPOCH", "1795000000");
        Ran::from(command.output().unwrap()).check(0, " written, 0 unchanged", "note");
        let files: Vec<_> = files(&site.at(output)).into_iter().collect();
        files
    };
    let (one, eight) = (built("1", "one"), built("8", "eight"));
    assert!(one.len() > 20, "{} files", one.len());
    let differing = one.iter().zip(&eight).find(|(one, eight)| one != eight);
    assert_eq!(differing.map(|(one, _)| &one.0), None);
    assert_eq!(one.len(), eight.len());
}

#[test]
fn a_second_build_of_the_same_writes_nothing() {
    let site = Site::new();
    site.run(&["build"]).check(0, "written", "note");
    let before = site.files();
    site.run(&["build"]).check(0, "0 files written", "note");
    assert_eq!(site.files(), before);
}

/// A site whose theme has `body` at the foot of every page.
fn with_frame(body: &str) -> Site {
    let site = Site::new();
    site.put("site.yaml", "title: Weather\ntheme: mine\n");
    site.put("themes/mine/theme.yaml", "extends: broadsheet\n");
    let frame = format!(
        "{{% extends \"broadsheet/base.html\" %}}\n{{% block footer %}}\n{body}\n{{% endblock %}}\n"
    );
    site.put("themes/mine/templates/base.html", &frame);
    site
}

#[test]
fn a_template_s_dead_link_is_told_once_with_its_place() {
    let site = with_frame("<a href=\"/nowhere/\">x</a><a href=\"#nothing\">y</a>");
    let stderr = site.run(&["check"]).err;
    let first =
        "error[dead-link]: the template `404.html` links to `/nowhere/`, which does not exist";
    assert!(stderr.contains(first), "{stderr}");
    assert!(stderr.contains("themes/mine/templates/base.html:3:10"), "{stderr}");
    assert!(
        stderr.contains("also, it links to `#nothing`, which is nowhere on the page"),
        "{stderr}"
    );
    assert_eq!(stderr.matches("the template `debate.html` links").count(), 1, "{stderr}");
    assert!(stderr.contains("and on another page"), "{stderr}");
}

#[test]
fn a_template_s_id_stands_once_on_a_page() {
    let site = with_frame("<p id=\"p1\"></p><p id=\"x\"></p><p id=\"x\"></p>");
    let stderr = site.run(&["check"]).err;
    assert!(stderr.contains("writes the id `x` twice"), "{stderr}");
    assert!(stderr.contains("writes the id `p1`, which the article has as well"), "{stderr}");
}

#[test]
fn a_template_may_link_to_a_heading_of_an_article() {
    let site = with_frame("<a href=\"/about/#history\">x</a><a href=\"/about/#future\">y</a>");
    site.put("content/about.md", "---\ntitle: About\n---\n\nUs.\n\n## History\n\nOld.\n");
    let stderr = site.run(&["check"]).err;
    assert!(!stderr.contains("links to `/about/#history`"), "{stderr}");
    assert!(
        stderr.contains("links to `/about/#future`, and that page has no `#future`"),
        "{stderr}"
    );
}

#[test]
fn what_a_template_may_link_to_is_no_fault() {
    let body = "<a href=\"https://example.org/x\">a</a><a href=\"//cdn.example/x\">b</a>\
        <a href=\"mailto:a@b.example\">c</a><a href=\"/rain/#p1\">d</a><a href=\"/Archive/\">e</a>\
        <img src=\"data:image/png;base64,AA==\" alt=\"\"><a href=\"/archive/?page=1\">f</a>\
        <!-- <a href=\"/gone/\"> --><script>x = ' href=\"/gone/\"'</script>";
    let stderr = with_frame(body).run(&["check"]).err;
    assert!(stderr.contains("links to `/Archive/`, which does not exist"), "{stderr}");
    assert_eq!(
        stderr.matches("links to").count(),
        stderr.matches("`/Archive/`").count(),
        "{stderr}"
    );
    let outward = with_frame(&body.replace("/Archive/", "/archive/"));
    assert_eq!(outward.run(&["check", "-q"]).err, "");
}
