//! Properties of pages: whatever Markdown stands in two articles, their pages are sound HTML.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::path::PathBuf;
use std::sync::Arc;

use agon::diagnostic::Checked;
use agon::page::{Shared, render};
use agon::site::snapshot::{Options, take};
use agon::source::{OutputContent, SitePath, Source, Sources};
use common::{Files, web};
use proptest::prelude::{ProptestConfig, Strategy, prop_assert_eq, proptest};
use proptest::sample::select;

/// Pieces of texts; those that are quoted stand twice, so that many quotes find their words.
/// Raw HTML stands alone: what else is in its block goes out as it was written.
const PIECES: &[&str] = &[
    "The bridge carries 4,000 cars a day. ",
    "The bridge carries 4,000 cars a day. ",
    "It was *built* for carts",
    "It was *built* for carts",
    "> The bridge carries 4,000 cars a day.",
    "> It was built for carts",
    "> carts … cars",
    "> [T]he bridge [it] carries",
    "> — ¶1",
    "> > deeper",
    ">",
    "**Conceded.** ",
    "## A heading",
    "## p1",
    "# fn-1 {#q-b-1}",
    "## A b 1",
    "## B 1",
    "## Intro {#a-b-1-}",
    "Setext\n===",
    "- an item",
    "  - [x] deeper",
    "1. first",
    "    code",
    "```rust\nlet a = \"<b>\";\n```",
    "```",
    "| a | b |\n|---|--:|\n| 1 | 2 |",
    "Mark[^a] and[^b]. ",
    "[^a]: A note.[^b]",
    "[^b]: > Another",
    "[link](b.md#p1) ",
    "[link *with* `code`](a.md) ",
    "<https://example.org/?a=1&b=2> ",
    "![a *picture*](https://example.org/x.png \"A <title>\")",
    "[![both](https://example.org/x.png)](a.md)",
    "***bold* and** ",
    "~~struck~~ ",
    "`a <b> & c` ",
    "& &amp; < > \" ' ",
    "\n\n<!-- a comment -->\n\n",
    "\n\n<!-- more -->\n\n",
    "\n\n<!-- quote: loose -->\n\n",
    "\n\n<div id=\"p1\">\n\n",
    "\n\n</div>\n\n",
    "\n\n<details><summary>More</summary>\n\n",
    "\n\n</details>\n\n",
    "\n\n<p id=\"p2\" class=\"x\">raw</p>\n\n",
    "> [!NOTE]\n> Mind this.",
    "Term\n: Meaning",
    "$x < y$ ",
    "$$\\frac{1}{2}$$",
    "***",
    "\\",
    "\u{7}",
    "不可逆。",
    "\n",
    "\n\n",
    "\n\n",
    "\n\n",
];

fn markdown() -> impl Strategy<Value = String> {
    proptest::collection::vec(select(PIECES), 1..24).prop_map(|pieces| pieces.concat())
}

fn put(sources: &mut Sources, path: &str, text: String) {
    let path = SitePath::new(path).unwrap();
    sources.texts.insert(path.clone(), Arc::new(Source::new(path, text)));
}

fn sources(parent: &str, reply: &str) -> Sources {
    let mut sources = Sources::default();
    let mut put = |path: &str, text: String| put(&mut sources, path, text);
    put("site.yaml", "theme: plain\nmath: true\nsmart_punctuation: true\n".to_owned());
    put("content/a.md", format!("---\ntitle: A\ndate: 2026-01-01\n---\n\n{parent}"));
    put("content/b.md", format!("---\ntitle: B\ndate: 2026-01-02\nrebuts: a\n---\n\n{reply}"));
    for (path, bytes) in common::files(&common::tests().join("plain")) {
        put(&format!("themes/plain/{}", path.display()), String::from_utf8(bytes).unwrap());
    }
    sources
}

fn pages(sources: Sources) -> Files {
    let options = Options { now: "2026-06-01T00:00:00Z".parse().unwrap(), ..Options::default() };
    let snapshot = take(Checked::sound(sources), &options, None);
    let shared = Shared::new(&snapshot);
    let routes = snapshot.site.routes.iter();
    let files = routes.map(|route| render(&snapshot, &shared, route).unwrap());
    files
        .map(|file| match file.content {
            OutputContent::Bytes(bytes) => (PathBuf::from(file.path), bytes),
            OutputContent::Asset(_) => (PathBuf::from(file.path), Vec::new()),
        })
        .collect()
}

/// Files that are copied are no pages.
fn faults_but_of_assets(pages: &Files) -> Vec<String> {
    web::faults(pages).into_iter().filter(|fault| !fault.contains("/assets/")).collect()
}

#[test]
fn an_id_like_that_of_a_passage_stands_once() {
    let parent = "The bridge carries cars.\n\n## Fn 1 {#q-b-1}\n\n## A b 1\n\n## B 1\n\n## A c 1";
    let reply = "> The bridge carries cars.\n\nYes.\n\n<p id=\"q-b-1\">raw</p>\n\n## A b 1";
    let pages = pages(sources(parent, reply));
    assert_eq!(web::faults(&pages), Vec::<String>::new());
    let has = |page: &str, id: &str| {
        let page = String::from_utf8_lossy(&pages[&PathBuf::from(page)]).into_owned();
        assert!(page.contains(&format!(" id=\"{id}\"")), "no {id} in {page}");
    };
    for id in ["q-b-1", "q-b-1-", "a-b-1-", "b-1", "a-c-1"] {
        has("a/index.html", id);
    }
    for id in ["q-b-1", "q-b-1-", "a-b-1", "a-b-1-"] {
        has("b/index.html", id);
    }
}

/// In a title, a claim, a motion and in what stands for them where they are missing.
#[test]
fn what_only_looks_like_an_attribute_is_text() {
    let line = "Of `id=\"p1\"`, id=\"p1\", id='p1' and `href=\"/nowhere/\"`, <a href='/nowhere/'>";
    let yaml = line.replace('\'', "''");
    let mut sources = Sources::default();
    put(&mut sources, "content/a.md", format!("---\ntitle: '{yaml}'\n---\n\n``{line}``\n"));
    put(
        &mut sources,
        "content/b.md",
        format!(
            "---\ntitle: B\nclaim: '{yaml}'\nmotion: '{yaml}'\nrebuts: a.md\n---\n\n> ``{line}``\n"
        ),
    );
    put(
        &mut sources,
        "content/c.md",
        format!("---\ntitle: '{yaml} and more'\n---\n\n``{line}``\n"),
    );
    let pages = pages(sources);
    assert_eq!(faults_but_of_assets(&pages), Vec::<String>::new());
    let home = String::from_utf8(pages[&PathBuf::from("index.html")].clone()).unwrap();
    assert!(home.contains("nowhere") && !home.contains("=\"/nowhere"), "{home}");
}

/// What a text shows of HTML has nothing to do with what a theme writes.
#[test]
fn an_article_may_show_an_id_of_the_theme() {
    let text = "Write `<div id=\"footer\">` so:\n\n```html\n<p>\n<div id=\"footer\">\n```\n";
    let mut sources = sources(text, text);
    put(&mut sources, "site.yaml", "theme: mine\n".to_owned());
    put(&mut sources, "themes/mine/theme.yaml", "name: mine\nextends: broadsheet\n".to_owned());
    let footer = "{% extends \"broadsheet/base.html\" %}\n\
        {% block footer %}<footer id=\"footer\"><a href=\"#footer\">F</a></footer>{% endblock %}";
    put(&mut sources, "themes/mine/templates/base.html", footer.to_owned());
    let pages = pages(sources);
    assert_eq!(faults_but_of_assets(&pages), Vec::<String>::new());
    let page = String::from_utf8(pages[&PathBuf::from("b/index.html")].clone()).unwrap();
    assert!(
        page.contains("<footer id=\"footer\">") && page.contains(";div id=\"footer\""),
        "{page}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_markdown_breaks_a_page(parent in markdown(), reply in markdown()) {
        let mut faults = web::faults(&pages(sources(&parent, &reply)));
        // The writer's own dead links are told, and go out as they were written.
        faults.retain(|fault| !fault.contains(".md"));
        prop_assert_eq!(faults, Vec::<String>::new(), "of {:?} and {:?}", parent, reply);
    }
}
