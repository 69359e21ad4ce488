//! Quotes as people write them, in many languages, and what an editor would say of each.
//!
//! The cases are files in `tests/quote_cases/`. `=== parent` begins a text that is quoted;
//! every other line with `===` begins a reply and says what becomes of its first quote, as
//! `described` words it. What stands after ` | ` may be left out.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail and touches the world"
)]

use std::path::Path;
use std::sync::Arc;

use agon::diagnostic::Checked;
use agon::quote::{Outcome, Place, Status};
use agon::site::anchor::Anchor;
use agon::site::snapshot::{Options, Snapshot, take};
use agon::source::{SitePath, Source, Sources};

/// What becomes of one reply's first quote.
struct Case {
    line: usize,
    expected: String,
    reply: String,
}

/// A text and those who quote it.
#[derive(Default)]
struct Group {
    parent: String,
    cases: Vec<Case>,
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match line.strip_prefix("=== ") {
            Some("parent") => groups.push(Group::default()),
            Some(expected) => groups.last_mut().unwrap().cases.push(Case {
                line: index + 1,
                expected: expected.to_owned(),
                reply: String::new(),
            }),
            None => {
                let Some(group) = groups.last_mut() else { continue };
                let body = group.cases.last_mut().map_or(&mut group.parent, |case| &mut case.reply);
                body.push_str(&unescaped(line));
                body.push('\n');
            }
        }
    }
    groups
}

/// `{U+AD}` is the character of that number: what is not seen is named.
fn unescaped(line: &str) -> String {
    let mut parts = line.split("{U+");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap();
        text.push(char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap());
        text.push_str(rest);
    }
    text
}

fn snapshot(group: &Group) -> Snapshot {
    let mut sources = Sources::default();
    let mut put = |path: String, text: String| {
        let path = SitePath::new(&path).unwrap();
        sources.texts.insert(path.clone(), Arc::new(Source::new(path, text)));
    };
    let head = "---\ntitle: The text\nauthor: Ada Smith\ndate: 1960-01-01\n---\n\n";
    put("seeds/text.md".to_owned(), format!("{head}{}", group.parent));
    for (index, case) in group.cases.iter().enumerate() {
        let head = "---\ntitle: A reply\ndate: 1960-01-02\nrebuts: ../seeds/text.md\n---\n\n";
        put(reply_path(index), format!("{head}{}\n\nSo it is.\n", case.reply));
    }
    take(Checked::sound(sources), &Options::default(), None)
}

fn reply_path(index: usize) -> String {
    format!("content/reply-{index}.md")
}

fn paragraphs(place: (Option<u32>, Option<u32>)) -> String {
    match place {
        (Some(first), Some(last)) if first != last => format!(" ¶{first}–{last}"),
        (Some(first), _) => format!(" ¶{first}"),
        _ => String::new(),
    }
}

fn numbers(place: &Place) -> (Option<u32>, Option<u32>) {
    (place.paragraph.map(|number| number.get()), place.paragraph_end.map(|number| number.get()))
}

/// `anchored ¶1 | the words … the others`, `ambiguous ¶1 ¶3`, `misquotation ¶1 | a [-b-] {+c+}`.
fn described(anchor: &Anchor, parent: &str) -> String {
    let Outcome { status, places, nearest, .. } = &anchor.outcome;
    let mut line = status.name().to_owned();
    for place in places {
        line.push_str(&paragraphs(numbers(place)));
        if place.in_quotation {
            line.push_str(" in quotation");
        }
    }
    if *status == Status::Anchored {
        let parts = places.iter().flat_map(|place| &place.parts);
        let parts: Vec<String> = parts.map(|part| one_line(&parent[part.clone()])).collect();
        line.push_str(&format!(" | {}", parts.join(" … ")));
    }
    if let (Some(nearest), Some(fault)) = (nearest, &anchor.fault) {
        let number = |paragraph: Option<agon::source::plain_text::ParagraphNumber>| {
            paragraph.map(|number| number.get())
        };
        line.push_str(&paragraphs((number(nearest.paragraph), number(nearest.paragraph_end))));
        if nearest.in_quotation {
            line.push_str(" in quotation");
        }
        let diff = fault.help.iter().find_map(|help| help.strip_prefix("word by word: "));
        line.push_str(&format!(" | {}", diff.unwrap_or_default()));
    }
    line
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Everything in `file` that does not become of it what it says.
fn faults(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let mut faults = Vec::new();
    for group in groups(&text) {
        let snapshot = snapshot(&group);
        let site = &snapshot.site;
        let parent = site.article(site.by_path(&SitePath::new("seeds/text.md").unwrap()).unwrap());
        let parent_text = parent.article.value.plain().text;
        for (index, case) in group.cases.iter().enumerate() {
            let path = SitePath::new(&reply_path(index)).unwrap();
            let reply = site.article(site.by_path(&path).unwrap());
            let anchors = &site.seat(reply).unwrap().1.anchors;
            let found = described(&anchors.list[0], &parent_text);
            let told = if case.expected.contains(" | ") {
                found.as_str()
            } else {
                found.split(" | ").next().unwrap()
            };
            if told != case.expected {
                let fault = anchors.list[0].fault.as_ref();
                let help = fault.map(|fault| format!("{}: {:?}", fault.message, fault.help));
                let help = help.unwrap_or_default();
                faults.push(format!(
                    "{name}:{}\n  expected {}\n  found    {found}\n  {help}\n{}",
                    case.line, case.expected, case.reply
                ));
            }
        }
    }
    faults
}

#[test]
fn quotes_become_what_an_editor_expects() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/quote_cases");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let faults: Vec<String> = files.iter().flat_map(|file| faults(file)).collect();
    assert!(faults.is_empty(), "{} cases differ\n\n{}", faults.len(), faults.join("\n"));
}
