//! A snapshot that shares with the one before is equal to one that is made from scratch.
//!
//! Hundreds of random edits of a small site in a row: of texts, front matter, quotes, links,
//! files and the theme. After each, what the cache gives must be what is given without it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::sync::Arc;

use agon::diagnostic::Checked;
use agon::page::{self, Shared};
use agon::site::snapshot::{Options, Snapshot, take};
use agon::source::{Asset, AssetContent, SitePath, Source, Sources};

/// A generator of numbers that repeats (Marsaglia, "Xorshift RNGs", 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn words(&mut self, count: usize) -> String {
        const WORDS: &[&str] =
            &["the", "bus", "free", "city", "rides", "fares", "more", "who", "pays", "never"];
        (0..count).map(|_| self.of(WORDS)).collect::<Vec<_>>().join(" ")
    }
}

type Files = BTreeMap<String, String>;

fn site(numbers: &mut Numbers) -> Files {
    let mut files = Files::new();
    let mut put = |path: &str, text: String| files.insert(path.to_owned(), text);
    put("site.yaml", "title: T\nmath: true\nmenu:\n  - {name: About, url: about.md}\n".to_owned());
    put(
        "content/about.md",
        "---\ntitle: About\n---\n# Us\n\nWe ride. [one](one.md#p1)\n".to_owned(),
    );
    put("content/index.md", "Hello. [one](one.md)\n".to_owned());
    put("content/map.png", "png".to_owned());
    put("static/custom.css", "a {}".to_owned());
    put("content/README.md", "For those who look.\n".to_owned());
    put("seeds/seed.md", article("date: 2026-01-01\n", "Seed", &paragraphs(numbers)));
    for (name, parent) in [("one", "../seeds/seed.md"), ("two", "one"), ("three", "one")] {
        let front = format!("date: 2026-02-01\nrebuts: {parent}\ntags: [{name}, buses]\n");
        put(&format!("content/{name}.md"), article(&front, name, &paragraphs(numbers)));
    }
    for name in ["four", "five"] {
        let text = article("date: 2026-03-01\n", name, &paragraphs(numbers));
        put(&format!("content/{name}.md"), text);
    }
    files
}

fn article(front: &str, title: &str, text: &str) -> String {
    format!("---\ntitle: \"{title}\"\n{front}---\n{text}")
}

fn paragraphs(numbers: &mut Numbers) -> String {
    (0..4).map(|_| format!("{}\n\n", numbers.words(12))).collect()
}

/// What an edit may do to the text of an article, blocks parted by empty lines.
fn edit_text(numbers: &mut Numbers, text: &str, others: &[String]) -> String {
    let (front, body) = match text.split_once("\n---\n") {
        Some((front, body)) => (format!("{front}\n---\n"), body),
        None => (String::new(), text),
    };
    let mut blocks: Vec<String> = body.split("\n\n").map(str::to_owned).collect();
    let at = numbers.below(blocks.len());
    match numbers.below(13) {
        0..=3 => blocks[at] = numbers.words(12),
        4 => blocks.insert(at, numbers.words(9)),
        5 => drop(blocks.remove(at)),
        6 => blocks.insert(0, "é — shifted by a line".to_owned()),
        7 => blocks.insert(at, format!("## {}", numbers.words(1))),
        8 => blocks.insert(at, link(numbers)),
        9 => {
            let other = &others[numbers.below(others.len())];
            let words: Vec<&str> = other.split_whitespace().collect();
            let start = numbers.below(words.len());
            let quoted = words[start..(start + 7).min(words.len())].join(" ");
            let last = numbers.of(&["", "\n>\n> — ¶2", "\n>\n> — Ada", "\n>\n> — [¶1](one.md#p1)"]);
            blocks.insert(at, format!("> {quoted}{last}\n\n**Denied.** {}", numbers.words(4)));
        }
        10 => blocks.insert(at, "> lazy\ncontinued".to_owned()),
        11 => blocks.insert(at, r"Broken: $\nosuch$.".to_owned()),
        _ => blocks.truncate(at + 1),
    }
    format!("{front}{}", blocks.join("\n\n"))
}

fn link(numbers: &mut Numbers) -> String {
    let to = numbers.of(&[
        "one.md",
        "one.md#p3",
        "two.md#p9",
        "three.md#bus",
        "#us",
        "#p2",
        "nowhere.md",
        "map.png",
        "/four/#q-two-1",
        "/tags/",
        "/nothing/",
        "README.md",
        "../seeds/seed.md#p2",
        "five.md#top",
        "https://example.org",
        "/assets/css/tokens.css",
        "%ff",
        "a-one.md#a-one-1",
    ]);
    format!("[there]({to}) {}", numbers.words(3))
}

fn edit_front(numbers: &mut Numbers, text: &str) -> String {
    let line = numbers.of(&[
        "draft: true\n",
        "order: 3\n",
        "tags: [fares]\n",
        "date: 2027-01-01\n",
        "titel: x\n",
        "color: red\n",
        "aliases: [/old/]\n",
        "image: map.png\n",
        "side: Ada\n",
        "rebuts: five\n",
        "slug: four\n",
        "summary: Short.\n",
        "motion: Why?\n",
        "  broken: [\n",
    ]);
    match numbers.below(4) {
        0 => text.replacen("\n---\n", "\n--\n", 1),
        1 => text.replacen("title: ", "title: New ", 1),
        2 => text.replace(line, ""),
        _ => text.replacen("---\n", &format!("---\n{line}"), 1),
    }
}

/// One edit of the site: most of texts, as an editor's are.
fn edit(numbers: &mut Numbers, files: &mut Files, first: &Files) {
    let articles: Vec<String> =
        files.keys().filter(|path| path.ends_with(".md")).cloned().collect();
    if articles.len() < 4 {
        *files = first.clone();
        return;
    }
    let path = articles[numbers.below(articles.len())].clone();
    match numbers.below(24) {
        0 => drop(files.remove(&path)),
        1 => {
            let text = files.remove(&path).unwrap();
            files.insert(path.replace(".md", "-b.md"), text);
        }
        2 => {
            let text = article("date: 2026-03-02\nrebuts: four\n", "N", &paragraphs(numbers));
            files.insert(format!("content/new-{}.md", numbers.below(3)), text);
        }
        3 => {
            let path = numbers.of(&["content/map.png", "static/custom.css", "content/more.jpg"]);
            files.insert(path.to_owned(), numbers.words(3));
        }
        4 => {
            let site =
                format!("title: {}\nsmart_punctuation: true\nmath: true\n", numbers.words(1));
            files.insert("site.yaml".to_owned(), site);
        }
        5 => {
            let own = "themes/own/templates/404.html".to_owned();
            files.insert("themes/own/theme.yaml".to_owned(), "extends: broadsheet\n".to_owned());
            files.insert(own, numbers.of(&["gone", "{{ broken", "{{ page.title }}"]).to_owned());
            files.insert("site.yaml".to_owned(), "title: T\ntheme: own\nmath: true\n".to_owned());
        }
        // Mended, as an editor mends what broke.
        6 | 7 => {
            if let Some(text) = first.get(&path) {
                files.insert(path, text.clone());
            }
        }
        8 | 9 => {
            let text = edit_front(numbers, &files[&path]);
            files.insert(path, text);
        }
        10 if files.contains_key("themes/own/templates/404.html") => {
            let text = numbers.words(2);
            files.insert("themes/own/templates/404.html".to_owned(), text);
        }
        _ => {
            let others: Vec<String> =
                files.values().filter(|text| !text.trim().is_empty()).cloned().collect();
            let text = edit_text(numbers, &files[&path], &others);
            files.insert(path, text);
        }
    }
}

/// The files as they would be read; what is equal is shared with `before`.
fn sources(files: &Files, before: Option<&Sources>) -> Sources {
    let mut sources = Sources { folder_name: "folder".to_owned(), ..Sources::default() };
    for (path, text) in files {
        let path = SitePath::new(path).unwrap();
        if ["md", "yaml", "html"].contains(&path.extension()) {
            let known = before.and_then(|before| before.texts.get(&path));
            let known = known.filter(|known| known.text == *text).cloned();
            let new = || Arc::new(Source::new(path.clone(), text.clone()));
            sources.texts.insert(path.clone(), known.unwrap_or_else(new));
        } else {
            let hash = u64::try_from(text.len()).unwrap();
            let known = before.and_then(|before| before.assets.get(&path));
            let content = AssetContent::Bytes(text.as_bytes().into());
            let asset = Asset { path: path.clone(), size: hash, hash, dimensions: None, content };
            let known = known.filter(|known| known.hash == hash).cloned();
            sources.assets.insert(path, known.unwrap_or_else(|| Arc::new(asset)));
        }
    }
    sources
}

/// All that a snapshot says; what is made when first asked for is made.
fn told(snapshot: &Snapshot) -> String {
    for article in snapshot.articles.values() {
        article.value.source.lines();
    }
    let theme = snapshot.theme.is_some();
    format!("{:#?}\n{:#?}\n{:#?}\n{theme}", snapshot.found, snapshot.site, snapshot.articles)
}

fn pages(snapshot: &Snapshot, shared: &Shared) -> String {
    let pages = snapshot.site.routes.iter().map(|route| page::render(snapshot, shared, route));
    pages.map(|page| format!("{page:?}\n")).collect()
}

/// Makes `count` edits, and gives how many of them left the frame of the site as it was.
fn check(seed: u64, count: usize) -> usize {
    let mut numbers = Numbers(seed);
    let options = Options { now: "2026-06-01T12:00:00Z".parse().unwrap(), ..Options::default() };
    let first = site(&mut numbers);
    let mut files = first.clone();
    let mut before = take(Checked::sound(sources(&files, None)), &options, None);
    let mut shared = Shared::new(&before);
    // What is made of a page at one moment must not be found on it at the next.
    pages(&before, &shared);
    let mut kept = 0;
    for step in 0..count {
        for _ in 0..=numbers.below(2) {
            edit(&mut numbers, &mut files, &first);
        }
        let read = Checked::sound(sources(&files, Some(&before.sources)));
        let with = take(read, &options, Some(&before));
        let without = take(Checked::sound(sources(&files, None)), &options, None);
        let (ours, expected) = (told(&with), told(&without));
        let differs = ours.lines().zip(expected.lines()).position(|(one, other)| one != other);
        if ours != expected {
            let lines = |text: &str| -> Vec<String> {
                text.lines()
                    .skip(differs.unwrap_or(0).saturating_sub(9))
                    .take(20)
                    .map(str::to_owned)
                    .collect()
            };
            assert_eq!(lines(&ours), lines(&expected), "seed {seed}, step {step}");
        }
        let is_kept = with.has_frame_of(&before);
        shared = if is_kept { shared.again(&with) } else { Shared::new(&with) };
        if step % 10 == 0 {
            let expected = pages(&without, &Shared::new(&without));
            assert_eq!(pages(&with, &shared), expected, "seed {seed}, step {step}");
        }
        kept += usize::from(is_kept);
        before = with;
    }
    kept
}

#[test]
fn what_is_shared_is_what_would_be_made_anew() {
    let kept: usize = (1..=8).map(|seed| check(seed * 0x9e37_79b9, 60)).sum();
    assert!(kept > 100, "of 480 edits only {kept} went the short way");
}
