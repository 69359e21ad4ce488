//! The commands with which a site is begun, written and kept, through the program itself.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test runs the program in real folders"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Ran, TODAY, files};
use serde_json::Value;
use tempfile::TempDir;

const ORIGINAL: &str = "---\ntitle: Rain *or* shine\ndate: 2026-01-02\ncolor: blue\nauthor: Ada\n---\n\n\
    Rain falls on every roof in the town. See[^1] the [map][m].\n\nIt asks nobody first:\n\n\
    - not the mayor\n- not me\n\nIt is wet.\n\nIt is wet.\n\n[m]: map.svg\n[^1]: A note.\n";

const MAP: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

struct Site {
    folder: TempDir,
}

impl Site {
    fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn new() -> Self {
        let site = Self::empty();
        site.put("seeds/rain.md", ORIGINAL);
        site.put("seeds/map.svg", MAP);
        site
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        common::put(&self.at(path), text);
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        command(self.folder.path(), arguments)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }
}

/// The program on 1 June 2026, in the hands of one whom Git calls Grace.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = common::agon(folder, arguments);
    command.env("SOURCE_DATE_EPOCH", TODAY).env_remove("VISUAL").env_remove("EDITOR");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    command.env("GIT_CONFIG_COUNT", "1");
    command.env("GIT_CONFIG_KEY_0", "user.name").env("GIT_CONFIG_VALUE_0", "Grace");
    command
}

/// What `agon check --format json` says of the quotes of `file`.
fn quotes(folder: &Path, file: &str) -> Vec<(String, Option<u64>)> {
    let ran: Ran = command(folder, &["check", "--drafts", "--future", "--format", "json"])
        .output()
        .unwrap()
        .into();
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let quotes = report["quotes"].as_array().unwrap().iter();
    let ours = quotes.filter(|quote| quote["file"] == file);
    ours.map(|quote| (quote["status"].as_str().unwrap().to_owned(), quote["paragraph"].as_u64()))
        .collect()
}

#[test]
fn a_debate_is_written_with_its_front_matter() {
    let site = Site::new();
    site.run(&["new", "debate", "Should \"we\" walk?"]).check(0, "content/should-we-walk.md\n", "");
    assert_eq!(
        site.text("content/should-we-walk.md"),
        "---\ntitle: \"Should \\\"we\\\" walk?\"\ndate: 2026-06-01\nauthor: \"Grace\"\ncolor: blue\n---\n\n"
    );
    site.run(&[
        "new",
        "debate",
        "Should we walk?",
        "--color",
        "#aabbcc",
        "--author",
        "Bo",
        "--draft",
    ])
    .check(0, "content/should-we-walk-2.md\n", "");
    assert_eq!(
        site.text("content/should-we-walk-2.md"),
        "---\ntitle: \"Should we walk?\"\ndate: 2026-06-01\nauthor: \"Bo\"\ncolor: \"#aabbcc\"\ndraft: true\n---\n\n"
    );
    site.run(&["check"]).check(0, "2 articles in 2 debates", "note");
}

#[test]
fn a_page_has_a_title_alone() {
    let site = Site::new();
    site.run(&["new", "page", "Über uns"]).check(0, "content/über-uns.md\n", "");
    assert_eq!(site.text("content/über-uns.md"), "---\ntitle: \"Über uns\"\n---\n\n");
    site.run(&["new", "page", "About", "--author", "Bo"]).check(0, "content/about.md\n", "");
    assert!(site.text("content/about.md").contains("author: \"Bo\"\n"));
    site.run(&["check"]).check(0, "1 article in 1 debate", "note");
}

#[test]
fn names_of_files_come_from_titles_of_any_script() {
    let site = Site::new();
    let check = |title: &str, expected: &str| {
        site.run(&["new", "debate", title]).check(0, &format!("content/{expected}.md\n"), "");
    };
    check("我们应该走路吗？", "我们应该走路吗");
    check("Нужен ли трамвай", "нужен-ли-трамвай");
    check("1984", "1984");
    check("1984", "1984-no-2");
    check("2026-01-02 Notes", "2026-01-02-notes");
    check("Notes", "notes-2");
    check("!!!", "untitled");
    check("Tags", "tags-1");
    check("con", "con-1");
    check("Index", "index-2");
    check("README", "readme-2");
    check("Rain", "rain-2");
    check(&"word ".repeat(80), &format!("{}word", "word-".repeat(27)));
    check("日".repeat(200).as_str(), &"日".repeat(47));
    check("日".repeat(200).as_str(), &format!("{}-2", "日".repeat(44)));
    site.run(&["check", "--strict"]).check(0, "16 articles in 16 debates", "note");
}

#[test]
fn the_author_of_the_site_needs_no_line() {
    let site = Site::new();
    site.put("site.yaml", "author: The editors\ntimezone: Pacific/Kiritimati\n");
    site.run(&["new", "debate", "Walk"]).check(0, "content/walk.md\n", "");
    assert_eq!(
        site.text("content/walk.md"),
        "---\ntitle: \"Walk\"\ndate: 2026-06-01\ncolor: blue\n---\n\n"
    );
}

#[test]
fn a_wrong_argument_is_two_and_writes_nothing() {
    let site = Site::new();
    let before = files(site.folder.path());
    let check = |arguments: &[&str], words: &str| site.run(arguments).check(2, "", words);
    check(&["new", "debate", " "], "the title is empty");
    check(&["new", "debate", "A", "--color", "bleu"], "the colours are blue, red");
    check(&["new", "debate", "A", "-e"], "export EDITOR=nano");
    check(&["new", "debate", "A", "--root", "nowhere"], "error[no-site]");
    check(&["new", "poem", "A"], "unrecognized subcommand");
    check(&["reply", "rain", "--to", "9"], "`seeds/rain.md` has no ¶9");
    check(&["reply", "rain", "--to", "two"], "`two` is no number of a ¶");
    check(&["reply", "rian"], "agon reply rain");
    check(&["reply", "snow-and-ice"], "there are rain");
    check(&["reply", "rain", "--color", "red", "--side", "no"], "cannot be used with");
    check(&["list", "all"], "invalid value");
    check(&["completions", "cmd"], "invalid value");
    assert_eq!(files(site.folder.path()), before);
}

#[test]
fn a_reply_quotes_what_it_answers() {
    let site = Site::new();
    let ran = site.run(&["reply", "rain", "--to", "1,2,4"]);
    ran.check(0, "content/re-rain-or-shine.md\n", "");
    assert_eq!(
        site.text("content/re-rain-or-shine.md"),
        "---\ntitle: \"Re: Rain *or* shine\"\ndate: 2026-06-01\nauthor: \"Grace\"\ncolor: red\n\
         rebuts: \"../seeds/rain.md\"\n---\n\n\
         > Rain falls on every roof in the town. See the [map](../seeds/map.svg).\n\n\n\n\
         > It asks nobody first:\n>\n> - not the mayor\n> - not me\n\n\n\n\
         > It is wet.\n>\n> — [¶4](../seeds/rain.md#p4)\n\n"
    );
    let ran = site.run(&["check", "--strict"]);
    ran.check(0, "3 quotes anchored", "note");
    let expected = [1, 2, 4].map(|number| ("anchored".to_owned(), Some(number)));
    assert_eq!(quotes(site.folder.path(), "content/re-rain-or-shine.md"), expected);
}

#[test]
fn a_broken_theme_is_no_fault_of_a_quote() {
    let site = Site::new();
    site.put("site.yaml", "theme: missing\n");
    site.run(&["reply", "rain", "--to", "2"]).check(0, "content/re-rain-or-shine.md\n", "");
    assert!(!site.text("content/re-rain-or-shine.md").contains("loose"));
}

#[test]
fn a_reply_takes_a_side() {
    let site = Site::new();
    site.put("site.yaml", "sides: {red: \"No\", maybe: Perhaps}\n");
    let head = |arguments: &[&str]| {
        let ran = site.run(&[&["reply", "rain"], arguments].concat());
        assert_eq!(ran.code, 0, "{ran:#?}");
        let text = site.text(ran.out.trim());
        let is_side = |line: &&str| line.starts_with("color") || line.starts_with("side");
        text.lines().filter(is_side).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(head(&["--author", "Ada"]), ["color: blue"], "her own");
    assert_eq!(head(&[]), ["color: red"], "the first that is free");
    assert_eq!(head(&["--author", "Bo"]), ["color: orange"], "the next");
    assert_eq!(head(&["--side", "no"]), ["color: red"], "by its name");
    assert_eq!(head(&["--side", "Perhaps"]), ["color: green", "side: \"maybe\""]);
    assert_eq!(head(&["--side", "maybe", "--author", "Bo"]), ["color: green", "side: \"maybe\""]);
    assert_eq!(head(&["--color", "teal"]), ["color: teal"]);
    site.run(&["check", "--strict"]).check(0, "8 articles in 1 debate", "note");
}

#[test]
fn an_original_is_named_by_slug_path_or_title() {
    let site = Site::new();
    site.put("content/deep/sun.md", &ORIGINAL.replace("Rain *or* shine", "The sun in March"));
    site.put("content/deep/map.svg", MAP);
    site.put(
        "content/moon.md",
        "---\ntitle: The moon in March\ndate: 2026-01-02\n---\n\nIt is far.\n",
    );
    site.put("content/about.md", "---\ntitle: About\n---\n\nUs.\n");
    let check = |original: &str, rebuts: &str| {
        let ran = site.run(&["reply", original, "--to", "1", "--title", "An answer"]);
        assert_eq!(ran.code, 0, "{ran:#?}");
        let text = site.text(ran.out.trim());
        assert!(text.contains(&format!("rebuts: \"{rebuts}\"\n")), "{text}");
        std::fs::remove_file(site.at(ran.out.trim())).unwrap();
    };
    check("sun", "deep/sun.md");
    check("/sun/", "deep/sun.md");
    check("content/deep/sun.md", "deep/sun.md");
    check("./content/moon.md", "moon.md");
    check("THE MOON IN MARCH", "moon.md");
    check("moon in", "moon.md");
    check("seeds/rain.md", "../seeds/rain.md");
    let ran = site.run(&["reply", "in march"]);
    ran.check(2, "", "`in march` could be 2 articles");
    assert!(
        ran.err.contains("agon reply moon ") && ran.err.contains("agon reply sun "),
        "{ran:#?}"
    );
    site.run(&["reply", "content/about.md"]).check(2, "", "a plain page");
    let ran = command(&site.at("content"), &["reply", "deep/sun.md"]).output().unwrap();
    Ran::from(ran).check(0, "re-the-sun-in-march.md\n", "");
    assert!(site.at("content/re-the-sun-in-march.md").is_file());
}

#[test]
fn a_reply_to_what_is_to_come_waits_for_it() {
    let site = Site::new();
    site.put(
        "content/later.md",
        &ORIGINAL.replace("2026-01-02", "2027-01-02").replace("[m]: map", "[m]: ../seeds/map"),
    );
    site.put(
        "content/draft.md",
        &ORIGINAL.replace("color", "draft: true\ncolor").replace("[m]: map", "[m]: ../seeds/map"),
    );
    site.run(&["reply", "later", "--title", "One", "--to", "2"]).check(0, "content/one.md", "");
    site.run(&["reply", "draft", "--title", "Two", "--to", "2"]).check(0, "content/two.md", "");
    assert!(site.text("content/one.md").contains("date: 2027-01-02\n"));
    assert!(site.text("content/two.md").contains("draft: true\n"));
    site.run(&["check", "--strict"]).check(0, "1 article in 1 debate", "note");
    site.run(&["check", "--strict", "--drafts", "--future"]).check(0, "5 articles in 3", "note");
}

#[test]
fn hard_paragraphs_are_quoted_so_that_they_anchor() {
    let site = Site::empty();
    let body = "Look [here](#two), [there][t], ![map](map.svg) and at <b id=\"x\">this</b>.[^n]\n\n\
        ## Two\n\n\tindented();\n\n> [!NOTE]\n> Mind the gap.\n\n\
        A table:\n\n| a | b |\n|---|---|\n| 1 | 2\\|3 |\n\n\
        Code:\n\n```rust\nfn main() {}\n\n// > no quote\n```\n\n\
        1. one\n2. two\n   continued\nlazily\n\n— a dash begins this\n\n\
        Same.\n\nSame.\n\nSame. But longer.\n\n<div id=\"y\">\n\nInside.\n\n</div>\n\n\
        He wrote […] and [sic] and “all … of it”.\\\nA *new* line &amp; more\\*.\n\n\
        Term\n: What it means\n\n- [x] done\n- [ ] not\n\n![alone](map.svg)\n\n\
        [t]: other.md#p1 \"T (1)\"\n[^n]: N.\n";
    let text = format!(
        "---\ntitle: Hard\n---\n\n{body}A sum of $a_1 * b$ -- \"so\"...\n\n$$\nx > y\n$$\n"
    );
    let settings = ["", "smart_punctuation: true\nmath: true\n"];
    for (text, settings) in [&text, &text.replace('\n', "\r\n")].iter().zip(settings) {
        site.put("site.yaml", settings);
        site.put("seeds/map.svg", MAP);
        site.put("seeds/other.md", "Others.\n");
        site.put("seeds/hard #1) (x.md", text);
        every_paragraph(site.folder.path(), "hard-1-x");
    }
}

/// Replies to every ¶ of the article with this slug, all of which must anchor from the first
/// moment and bring no error and no warning.
fn every_paragraph(folder: &Path, slug: &str) {
    let report = || -> Value {
        let ran: Ran = command(folder, &["check", "--format", "json"]).output().unwrap().into();
        serde_json::from_str(&ran.out).unwrap()
    };
    let reply = |to: &str| -> Ran {
        let arguments = ["reply", slug, "--to", to, "--title", "A reply to be tried"];
        command(folder, &arguments).output().unwrap().into()
    };
    let before = report();
    let beyond = reply("9999");
    beyond.check(2, "", "has no ¶9999");
    let last: u64 = beyond.err.split_whitespace().last().unwrap().parse().unwrap();
    reply(&format!("1-{last}")).check(0, "content/a-reply-to-be-tried.md\n", "");
    let file = folder.join("content/a-reply-to-be-tried.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let expected: Vec<_> = (1..=last).map(|number| ("anchored".to_owned(), Some(number))).collect();
    assert_eq!(quotes(folder, "content/a-reply-to-be-tried.md"), expected, "{text}");
    let after = report();
    for count in ["errors", "warnings"] {
        assert_eq!(after["summary"][count], before["summary"][count], "{text}\n{after:#}");
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
fn every_paragraph_of_the_demo_can_be_quoted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = Site::empty();
    for folder in ["content", "seeds"] {
        common::copy(&root.join(folder), &site.at(folder));
    }
    site.put("site.yaml", &std::fs::read_to_string(root.join("site.yaml")).unwrap());
    let articles = [
        "order-a-gigawatt",
        "nobody-taps-in-at-the-library",
        "a-generation-behind",
        "ein-preis-zum-vergessen",
        "keep-the-leap-second",
        "nobody-won-electricity",
        "paid-in-chips",
        "the-bus-that-comes",
        "waste-is-a-price",
    ];
    for article in articles {
        every_paragraph(site.folder.path(), article);
    }
}

#[test]
fn every_paragraph_of_the_seed_can_be_quoted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    if !folder.is_dir() {
        eprintln!("../shared/seed is not there: its test is left out");
        return;
    }
    let site = Site::empty();
    common::copy(&folder, &site.at("seeds"));
    for (path, _) in files(&site.at("seeds")) {
        every_paragraph(site.folder.path(), &format!("seeds/{}", path.display()));
    }
}

#[cfg(unix)]
#[test]
fn the_editor_is_opened_with_the_new_file() {
    let site = Site::new();
    let edit = |variables: &[(&str, &str)]| {
        let mut command = site.command(&["new", "debate", "Edit me", "-e"]);
        Ran::from(command.envs(variables.iter().copied()).output().unwrap())
    };
    // An editor may have arguments.
    edit(&[("EDITOR", "sh -c 'echo edited >> \"$1\"' -")]).check(0, "content/edit-me.md\n", "");
    assert!(site.text("content/edit-me.md").ends_with("edited\n"));
    let both = [("VISUAL", "true"), ("EDITOR", "false")];
    edit(&both).check(0, "content/edit-me-2.md\n", "");
    edit(&[("EDITOR", "false")]).check(1, "content/edit-me-3.md\n", "error[editor-failed]");
    assert!(site.at("content/edit-me-3.md").is_file());
}

#[test]
fn lists_have_a_line_each() {
    let site = Site::new();
    site.put(
        "content/draft.md",
        "---\ntitle: \"D\\tx\"\ndate: 2026-01-03\ndraft: true\n---\n\nD.\n",
    );
    site.put("content/later.md", "---\ntitle: L\ndate: 2026-07-03\n---\n\nL.\n");
    site.put(
        "content/sun.md",
        "---\ntitle: Sun\ndate: 2026-01-03\nrebuts: rain\n---\n\n> Rain falls on every roof in the town.\n\nNo.\n\n\
         <!-- quote: loose -->\n> It asks the mayor first, and then it falls on all of us, every day.\n\nWell.\n",
    );
    site.run(&["list", "drafts"]).check(0, "content/draft.md\t2026-01-03\tD x\n", "");
    site.run(&["list", "future"]).check(0, "content/later.md\t2026-07-03\tL\n", "");
    let ran = site.run(&["list", "unanswered"]);
    assert_eq!(
        ran.out,
        "seeds/rain.md\t10\t2\tIt asks nobody first: not the mayor not me\n\
         seeds/rain.md\t15\t3\tIt is wet.\nseeds/rain.md\t17\t4\tIt is wet.\n"
    );
    site.run(&["list", "excused"]).check(
        0,
        "content/sun.md\t12\tseeds/rain.md\tIt asks the mayor first, and then it falls on all of…\n",
        "",
    );
    let ran = site.run(&["list", "unanswered", "--format", "json"]);
    let rows: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(rows[0]["file"], "seeds/rain.md");
    assert_eq!((&rows[0]["line"], &rows[0]["paragraph"]), (&Value::from(10), &Value::from(2)));
    let ran = command(&site.at("seeds"), &["list", "drafts"]).output().unwrap();
    Ran::from(ran).check(0, "content/draft.md", "");
    Site::new().run(&["list", "drafts"]).check(0, "", "");
}

#[test]
fn clean_removes_what_was_built_and_nothing_else() {
    let site = Site::new();
    let before = files(site.folder.path());
    site.run(&["clean"]).check(0, "0 files removed from output\n", "");
    site.run(&["build"]).check(0, "written", "note");
    let built = files(site.folder.path());
    let ran = site.run(&["clean", "--dry-run"]);
    ran.check(0, "rain/index.html\n", "");
    assert!(ran.out.contains(" would be removed from output\n"), "{ran:#?}");
    assert_eq!(files(site.folder.path()), built);
    site.run(&["clean"]).check(0, " files removed from output\n", "");
    assert_eq!(files(site.folder.path()), before);
    assert!(!site.at("output").exists());
    site.run(&["build"]).check(0, "written", "note");
    site.put("output/rain/mine.txt", "mine");
    let ran = command(&site.at("seeds"), &["clean"]).output().unwrap();
    Ran::from(ran).check(0, " files removed", "");
    assert_eq!(files(&site.at("output")).len(), 1, "what is not ours stays");
    assert!(site.at("output/rain/mine.txt").is_file());
}

#[test]
fn clean_refuses_what_it_did_not_write() {
    let site = Site::new();
    site.put("output/mine.txt", "mine");
    site.put("elsewhere/.agon", "agon manifest 1\n0000000000000000 4 mine.txt\nchecksum 0\n");
    site.put("elsewhere/mine.txt", "mine");
    let before = files(site.folder.path());
    site.run(&["clean"]).check(1, "", "error[output-refused]");
    site.run(&["clean", "--output", "elsewhere"]).check(1, "", "error[manifest-damaged]");
    site.run(&["clean", "--output", "seeds"]).check(1, "", "error[output-refused]");
    site.run(&["clean", "--output", "."]).check(1, "", "error[output-refused]");
    assert_eq!(files(site.folder.path()), before);
}

#[test]
fn init_makes_a_site_that_builds() {
    let site = Site::empty();
    let ran = site.run(&["init", "my \"site\""]);
    ran.check(0, "content/no-meeting-without-a-page.md\n", "");
    assert!(ran.out.contains("cd 'my \"site\"'\n"), "{ran:#?}");
    assert!(ran.out.contains("agon build"), "{ran:#?}");
    let folder = site.at("my \"site\"");
    let ran = Ran::from(command(&folder, &["build", "--strict"]).output().unwrap());
    ran.check(0, "2 articles in 1 debate, ", "note[no-base-url]");
    assert!(ran.out.contains("; 2 quotes anchored\n"), "{ran:#?}");
    let home = std::fs::read_to_string(folder.join("output/index.html")).unwrap();
    assert!(home.contains("my \"site\"") || home.contains("my &quot;site&quot;"), "{home}");
    let again = Ran::from(command(&folder, &["init"]).output().unwrap());
    again.check(2, "", "there is a site already: `site.yaml`");
    assert_eq!(quotes(&folder, "content/too-young-to-be-written-down.md").len(), 2);
}

#[test]
fn init_leaves_files_alone_that_are_there() {
    let site = Site::empty();
    site.put("README.md", "mine");
    site.put(".gitignore", "mine");
    site.put("src/main.c", "int main(void) { return 0; }");
    std::fs::create_dir(site.at(".git")).unwrap();
    let ran = site.run(&["init"]);
    ran.check(0, "left alone, for they were there:\n  .gitignore    (add the lines", "");
    assert!(ran.out.contains("\n  README.md\n"), "{ran:#?}");
    assert_eq!((site.text("README.md"), site.text(".gitignore")), ("mine".into(), "mine".into()));
    site.run(&["check", "--strict"]).check(0, "2 articles", "note");
    for sign in ["content", "seeds"] {
        let site = Site::empty();
        std::fs::create_dir(site.at(sign)).unwrap();
        site.run(&["init"]).check(2, "", "there is a site already");
        assert!(!site.at("site.yaml").exists());
    }
}

#[test]
fn completions_are_a_script_of_each_shell() {
    let site = Site::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        site.run(&["completions", shell]).check(0, "completions", "");
    }
}

#[test]
fn every_command_has_help_with_an_example() {
    let site = Site::empty();
    let commands: [&[&str]; 10] = [
        &["build"],
        &["check"],
        &["init"],
        &["new"],
        &["new", "debate"],
        &["new", "page"],
        &["reply"],
        &["list"],
        &["clean"],
        &["completions"],
    ];
    for command in commands {
        let ran = site.run(&[command, &["--help"]].concat());
        ran.check(0, &format!("agon {}", command[0]), "");
        assert!(ran.out.contains("Example"), "{ran:#?}");
    }
}

/// A site in a folder of a repository, with three misquotations and a warning.
fn misquoting() -> Site {
    let site = Site::empty();
    std::fs::create_dir(site.at(".git")).unwrap();
    site.put("docs, all/seeds/rain.md", ORIGINAL);
    site.put("docs, all/seeds/map.svg", MAP);
    let quote =
        |words: &str| format!("> Rain falls on {words} in the town. See the map.\n\nNo.\n\n");
    let quotes = ["no roof", "every `rood` <b>", "```\n> roofs"].map(quote).concat();
    let front =
        "---\ntitle: Sun\ndate: 2026-01-03\nrebuts: rain\n---\n\n> Snow is warm.\n\nNo.\n\n";
    site.put("docs, all/content/sun #1.md", &format!("{front}{quotes}"));
    site
}

#[test]
fn annotations_stand_on_the_lines_of_the_repository() {
    let site = misquoting();
    let run = |arguments: &[&str]| -> Ran {
        command(&site.at("docs, all"), arguments).output().unwrap().into()
    };
    let ran = run(&["check", "--format", "github"]);
    ran.check(
        1,
        "::error file=docs%2C all/content/sun #1.md,line=11,col=1,endLine=11,endColumn=50,",
        "",
    );
    let lines: Vec<&str> = ran.out.lines().filter(|line| line.starts_with("::")).collect();
    let first = lines[0];
    assert!(first.contains(",title=misquotation::"), "{first}");
    assert!(first.contains("%0Adocs, all/seeds/rain.md:8: the nearest passage, in ¶1"), "{first}");
    assert!(first.contains("%0Ahelp: word by word: "), "{first}");
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(kinds[..4], ["::error", "::error", "::error", "::warning"], "{kinds:?}");
    assert!(kinds[4..].iter().all(|kind| *kind == "::notice"), "{kinds:?}");
    // From the top of the repository the paths are the same.
    let from_top: Ran = site
        .command(&["check", "--format", "github", "--root", "docs, all"])
        .output()
        .unwrap()
        .into();
    assert_eq!(from_top.out, ran.out);
}

#[test]
fn the_summary_of_the_job_has_every_misquotation_with_its_diff() {
    let site = misquoting();
    site.put("summary.md", "before\n");
    let run = |arguments: &[&str]| -> Ran {
        let mut command = command(&site.at("docs, all"), arguments);
        command.env("GITHUB_STEP_SUMMARY", site.at("summary.md"));
        command.env("GITHUB_SERVER_URL", "https://github.com").env("GITHUB_SHA", "abc");
        command.env("GITHUB_REPOSITORY", "o/r").output().unwrap().into()
    };
    run(&["check"]).check(1, "3 errors, 1 warning", "error[misquotation]");
    assert_eq!(site.text("summary.md"), "before\n", "only for GitHub");
    run(&["check", "--format", "github"]).check(1, "3 errors, 1 warning", "");
    let summary = site.text("summary.md");
    assert!(
        summary.starts_with("before\n### Agon\\: 3 errors, 1 warning\n\n2 articles in 1 debate,")
            || summary
                .starts_with("before\n### Agon: 3 errors, 1 warning\n\n2 articles in 1 debate,"),
        "{summary}"
    );
    assert!(summary.contains("3 misquotation"), "{summary}");
    let link = "(https://github.com/o/r/blob/abc/docs%2C%20all/content/sun%20%231.md#L11)";
    assert!(summary.contains(link), "{summary}");
    assert_eq!(summary.matches("\nword by word: ").count(), 3, "{summary}");
    assert!(summary.contains("docs, all/seeds/rain.md:8: the nearest passage"), "{summary}");
    let first_error = summary.find("**error").unwrap();
    assert!(first_error < summary.find("**warning").unwrap());
    // A summary that cannot be written is no reason to fail.
    let mut command = command(&site.at("docs, all/seeds"), &["check", "--format", "github"]);
    let ran: Ran = command.env("GITHUB_STEP_SUMMARY", site.at("")).output().unwrap().into();
    ran.check(1, "::error ", "cannot be written");
}
