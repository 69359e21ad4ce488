//! A page that is filled in by a stencil is what its template makes of it, to the byte.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may fail, and reads real folders"
)]

mod common;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use agon::diagnostic::Checked;
use agon::disk::read::read;
use agon::page::{Shared, render};
use agon::site::route::Route;
use agon::site::snapshot::{Options, Snapshot, take};
use agon::source::{OutputContent, SitePath, Source, Sources};

fn snapshot(sources: Checked<Sources>) -> Snapshot {
    let options = Options { now: "2026-06-01T00:00:00Z".parse().unwrap(), ..Options::default() };
    take(sources, &options, None)
}

#[track_caller]
fn sound(theme: &[(&str, &str)]) -> Snapshot {
    let snapshot = snapshot(Checked::sound(debates(theme)));
    let error = snapshot.found.iter().find(|one| one.is_error());
    assert!(error.is_none(), "{error:?}");
    snapshot
}

fn page(snapshot: &Snapshot, shared: &Shared, route: &Route) -> Result<String, String> {
    let file = render(snapshot, shared, route).map_err(|fault| format!("{fault:?}"))?;
    match file.content {
        OutputContent::Bytes(bytes) => Ok(String::from_utf8(bytes).unwrap()),
        OutputContent::Asset(_) => Ok(String::new()),
    }
}

/// Renders every page with what the pages before it left, twice, so that the second time there is
/// a stencil for it, and alone.
#[track_caller]
fn check(snapshot: &Snapshot) {
    let shared = Shared::new(snapshot);
    for route in snapshot.site.routes.iter().chain(&snapshot.site.routes) {
        let alone = page(snapshot, &Shared::new(snapshot), route);
        assert_eq!(page(snapshot, &shared, route), alone, "{}", route.path());
    }
}

fn put(sources: &mut Sources, path: &str, text: String) {
    let path = SitePath::new(path).unwrap();
    sources.texts.insert(path.clone(), Arc::new(Source::new(path, text)));
}

/// Debates of which many have one shape and many another, with all that is escaped in titles,
/// names and links.
fn debates(theme: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    let settings = "title: \"A < B & \\\"C\\\"\"\nbase_url: https://example.org/r/\nmenu:\n  - name: \"'x' & y\"\n    url: /archive/\n";
    let named = if theme.is_empty() { "" } else { "theme: mine\n" };
    put(&mut sources, "site.yaml", format!("{settings}{named}"));
    for (path, text) in theme {
        put(&mut sources, &format!("themes/mine/{path}"), (*text).to_owned());
    }
    for number in 0..12 {
        let text = "The bridge carries 4,000 cars a day.\n\nIt was built for carts & \"wagons\".\n";
        let head = match number % 3 {
            0 => format!(
                "title: \"<{number}> & 'so'\"\ntags: [\"a & b\", c++]\nauthor: \"O'Neil & <Co>\""
            ),
            1 => format!("title: Of {number}\nclaim: \"*It* is & is\""),
            _ => format!("title: \"{number} {}\"\nlang: fr", "long ".repeat(20)),
        };
        put(
            &mut sources,
            &format!("content/{number}.md"),
            format!("---\n{head}\ndate: 2026-01-01\n---\n\n{text}"),
        );
        for reply in 0..number % 4 {
            let head =
                format!("title: \"R{reply} & {number}\"\nrebuts: {number}.md\nauthor: Ada {reply}");
            let answer = ["**Conceded.** Yes", "No & no", "<b>So</b>"].get(reply).unwrap_or(&"");
            let quote =
                if reply == 1 { "It was built for carts" } else { "carries 4,000 cars a day" };
            let text =
                format!("---\n{head}\ndate: 2026-01-02\n---\n\nFirst.\n\n> {quote}\n\n{answer}.\n");
            put(&mut sources, &format!("content/{number}-{reply}.md"), text);
        }
    }
    sources
}

#[test]
fn pages_of_many_shapes_are_what_templates_make_of_them() {
    let snapshot = sound(&[]);
    assert!(snapshot.site.routes.len() > 50);
    check(&snapshot);
}

/// Each looks into a value in a way that a stencil cannot know of, or asks what it is.
#[test]
fn templates_that_look_into_values_are_asked_each_time() {
    let looks = [
        "{{ page.title | upper }}",
        "{% if page.heading | length > 12 %}long{% endif %}",
        "{% for letter in page.heading %}{{ letter }}-{% endfor %}",
        "{% if page.description == \"First.\" %}first{% endif %}",
        "{% for letter in page.heading %}x{% endfor %}",
        "{% for letter in page.heading %}{% if loop.last %}{{ loop.index }}{% endif %}{% endfor %}",
        "{% if site [page.heading] %}yes{% endif %}",
        "{{ page.menu }}",
        "{{ page }}",
        "{% set heading = page.heading %}{{ heading | truncate(length=5) }}",
        "<p id=\"x{{ page.heading | length }}\">",
        "{% if page.description is string %}text{% endif %}",
        "{% filter upper %}{{ page.heading }}{% endfilter %}",
    ];
    for look in looks {
        let base = format!(
            "{{% extends \"broadsheet/base.html\" %}}{{% block footer %}}{look}{{% endblock %}}"
        );
        let theme =
            [("theme.yaml", "extends: broadsheet\n"), ("templates/base.html", base.as_str())];
        check(&sound(&theme));
    }
}

/// Lines of the front matter may have links, of which each page is told by itself.
#[test]
fn links_in_titles_and_notices_are_looked_at() {
    let mut sources = Sources::default();
    for number in 0..6 {
        let link = if number == 3 { "<a href='/nowhere/'>x</a>" } else { "none" };
        let text = format!(
            "---\ntitle: T{number}\ndate: 2026-01-01\ndisclosure: \"{link}\"\n---\n\nText.\n"
        );
        put(&mut sources, &format!("content/{number}.md"), text);
    }
    check(&snapshot(Checked::sound(sources)));
}

/// A dead link that only some pages have is told of these, and of no others.
#[test]
fn links_are_looked_at_on_every_page() {
    let base = "{% extends \"broadsheet/base.html\" %}{% block footer %}<a href=\"{{ page.heading }}\">x</a>{% endblock %}";
    let theme = [("theme.yaml", "extends: broadsheet\n"), ("templates/base.html", base)];
    let snapshot = sound(&theme);
    let shared = Shared::new(&snapshot);
    let articles = snapshot.site.routes.iter().filter(|route| matches!(route, Route::Article(_)));
    for route in articles {
        let fault = page(&snapshot, &shared, route).unwrap_err();
        assert!(fault.contains("DeadLink"), "{fault}");
    }
    check(&snapshot);
}

#[test]
fn the_sites_of_the_other_tests_come_out_the_same() {
    let folders = fs::read_dir(common::tests().join("sites")).unwrap();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
    for folder in folders.map(|entry| entry.unwrap().path()).chain([demo]) {
        check(&snapshot(read(&folder, &Sources::default())));
    }
}
