use std::sync::Arc;

use super::link::Target;
use super::point::Treatment;
use super::snapshot::{Options, Snapshot, take};
use super::{Site, debate};
use crate::diagnostic::{Checked, Severity};
use crate::source::{Asset, AssetContent, SitePath, Source, Sources};

fn snapshot(files: &[(&str, &str)], options: &Options) -> Snapshot {
    take(Checked::sound(sources(files)), options, None)
}

fn sources(files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources { folder_name: "folder".to_owned(), ..Sources::default() };
    for &(path, text) in files {
        let path = SitePath::new(path).unwrap();
        let is_text = ["md", "txt", "yaml"].contains(&path.extension());
        if is_text && !path.is_in("static") {
            let source = Arc::new(Source::new(path.clone(), text.to_owned()));
            sources.texts.insert(path, source);
        } else {
            let content = AssetContent::Bytes(text.as_bytes().into());
            let size = text.len() as u64;
            let asset = Asset { path: path.clone(), size, hash: 0, dimensions: None, content };
            sources.assets.insert(path, Arc::new(asset));
        }
    }
    sources
}

/// Takes the site of `files`, and holds its errors and warnings:
/// `path:line code: message | first help`.
#[track_caller]
fn check(files: &[(&str, &str)], said: &[&str]) -> Site {
    let options = Options { now: "2026-06-01T12:00:00Z".parse().unwrap(), ..Options::default() };
    check_with(&options, files, said)
}

#[track_caller]
fn check_with(options: &Options, files: &[(&str, &str)], said: &[&str]) -> Site {
    let snapshot = snapshot(files, options);
    let found = snapshot.found.iter().filter(|one| one.severity != Severity::Note);
    let found: Vec<String> = found
        .map(|one| {
            let place = one.place.as_ref().unwrap();
            let source = snapshot.sources.texts.get(&place.path);
            let line = source.map_or(0, |source| source.position(place.bytes.start).line);
            let help = one.help.first().map_or("", String::as_str);
            format!("{}:{line} {}: {} | {help}", place.path, one.code.name(), one.message)
        })
        .collect();
    assert_eq!(found, said);
    snapshot.site
}

const ORIGINAL: (&str, &str) = (
    "seeds/china.md",
    "---\ntitle: China\ndate: 2026-01-01\ncolor: blue\n---\n## How\n\nOne.\n\nTwo.\n",
);

fn reply(rest: &str) -> String {
    format!("---\ntitle: R\ndate: 2026-01-02\nrebuts: ../seeds/china.md\n{rest}")
}

#[test]
fn a_tree_of_replies_is_a_debate() {
    let below = "---\ntitle: B\ndate: 2026-01-03\nrebuts: a\ncolor: blue\n---\nText.\n";
    let site = check(
        &[
            ORIGINAL,
            ("content/a.md", &reply("---\n> Two.\n\n**Conceded.** Yes.\n")),
            ("content/b.md", below),
        ],
        &[],
    );
    let [one] = site.debates.as_slice() else { panic!("one debate") };
    assert_eq!(one.motion, "China");
    let shown: Vec<String> = one
        .members
        .iter()
        .map(|member| {
            let side = one.side(member);
            let slug = &site.article(member.article).slug;
            format!("{slug} {} {} {}", debate::role(member.depth), side.letter, side.name)
        })
        .collect();
    assert_eq!(shown, ["china original A Blue", "a rebuttal B Red", "b rejoinder A Blue"]);
    assert_eq!(one.chain(one.members.last().unwrap()).len(), 2);
    let routes: Vec<String> = site.routes.iter().map(super::route::Route::path).collect();
    assert_eq!(
        routes,
        [
            "/404.html",
            "/a/",
            "/archive/",
            "/b/",
            "/china/flow/",
            "/china/",
            "/",
            "/robots.txt",
            "/sides/blue/",
            "/sides/red/"
        ]
    );
    assert_eq!(site.archive.len(), 3);
}

#[test]
fn an_author_has_one_side_however_the_name_is_written() {
    let by = |author: &str, rebuts: &str| {
        format!("---\ntitle: T\ndate: 2026-01-02\nrebuts: {rebuts}\nauthor: {author}\n---\nText.\n")
    };
    let (first, second) = (by("Zoë Lee", "china"), by("zoë LEE", "b"));
    let site = check(
        &[
            ORIGINAL,
            ("content/a.md", &first),
            ("content/b.md", &by("Kim", "a")),
            ("content/c.md", &second),
        ],
        &[],
    );
    let [one] = site.debates.as_slice() else { panic!("one debate") };
    let letters: Vec<&str> =
        one.members.iter().map(|member| one.side(member).letter.as_str()).collect();
    assert_eq!(letters, ["A", "B", "C", "B"]);
}

#[test]
fn drafts_and_what_is_to_come_are_dropped() {
    let files = [
        ORIGINAL,
        ("content/a.md", &*reply("draft: true\n---\n> Three.\n")),
        ("content/b.md", "---\ntitle: B\ndate: 2026-07-01\n---\n[dead](x.md)\n"),
        ("content/c.md", "---\ntitle: C\ndate: 2026-01-03\nrebuts: a\n---\n[a draft](a.md)\n"),
    ];
    let said = [
        "content/c.md:4 dropped-parent: this reply is published, but its parent is a draft | publish the parent, or make this a draft too: `draft: true`",
        "content/c.md:6 link-to-dropped: this leads to `content/a.md`, which is a draft or of the future and is not published | take the link out until that file is published",
    ];
    let site = check(&files, &said);
    assert_eq!(site.left_out.len(), 2);
    let all = Options { drafts: true, future: true, ..Options::default() };
    let said = [
        "content/a.md:7 quote-not-found: nothing like this quote stands in `seeds/china.md` | name its source in a last line, such as `> — Ada Lovelace, Notes`, or correct the quote",
        "content/b.md:5 dead-link: there is no file `content/x.md` | write `a.md`",
    ];
    let site = check_with(&all, &files, &said);
    assert!(site.left_out.is_empty());
}

#[test]
fn a_circle_of_replies_is_said_once() {
    let article =
        |rebuts: &str| format!("---\ntitle: T\ndate: 2026-01-01\nrebuts: {rebuts}\n---\n");
    check(
        &[("content/a.md", &article("b")), ("content/b.md", &article("a"))],
        &[
            "content/a.md:4 rebuttal-cycle: 2 articles rebut each other in a circle, so that none is the original | take `rebuts` out of the article that came first",
        ],
    );
}

#[test]
fn a_missing_parent_has_its_nearest_name() {
    let text = "---\ntitle: R\ndate: 2026-01-02\nrebuts: chnia\n---\n";
    check(
        &[ORIGINAL, ("content/a.md", text)],
        &[
            "content/a.md:4 unknown-parent: `rebuts` names `chnia`, and there is no such article | rebuts: \"china\"",
        ],
    );
}

#[test]
fn one_url_has_one_claimant() {
    let text = "---\ntitle: R\ndate: 2026-01-02\nslug: china\n---\n";
    check(
        &[ORIGINAL, ("content/a.md", text)],
        &[
            "seeds/china.md:1 url-taken: this article wants `/china/`, which is taken by an article (content/a.md) | give one of them another `slug`",
        ],
    );
    let text = "---\ntitle: R\ndate: 2026-01-02\nslug: archive\n---\n";
    check(
        &[("content/a.md", text)],
        &[
            "content/a.md:4 reserved-slug: `/archive` is a page of the site itself, so no article can have the slug `archive` | slug: \"archive-1\"",
        ],
    );
}

#[test]
fn links_lead_to_articles_files_and_pages() {
    let text = "---\ntitle: About\n---\n## Own\n\n[a](../seeds/china.md#p2) [b](#own) [c](/archive/) [d](/china#how) \
                [e](mailto:x@example.org) [f](//example.org) ![g](i/m%61p.png) [h](/logo.svg) [i](#p1)\n";
    let site = check(
        &[
            ORIGINAL,
            ("content/about.md", text),
            ("content/i/map.png", ""),
            ("static/logo.svg", ""),
            ("site.yaml", "menu: [{name: About, url: about.md}]\n"),
        ],
        &[],
    );
    let china = site.by_path(&SitePath::new("seeds/china.md").unwrap()).unwrap();
    let about = &site.articles[0];
    let asset = SitePath::new("content/i/map.png").unwrap();
    let rooted = |path: &str| Target::Site { path: path.to_owned(), fragment: String::new() };
    assert_eq!(
        about.targets,
        [
            Target::Article { index: china, fragment: "p2".to_owned() },
            Target::Fragment("own".to_owned()),
            rooted("/archive/"),
            Target::Article { index: china, fragment: "how".to_owned() },
            Target::Outward,
            Target::Outward,
            Target::File { path: "/about/map.png".to_owned(), asset: asset.clone() },
            rooted("/logo.svg"),
            Target::Fragment("p1".to_owned()),
        ]
    );
    assert!(site.outputs.copies().any(|copy| copy == ("about/map.png", &asset)));
    assert_eq!(site.menu, [Target::Article { index: site.pages[0], fragment: String::new() }]);
}

#[test]
fn what_leads_nowhere_is_an_error() {
    let text = "---\ntitle: About\n---\n[a](../seeds/chima.md)\n[b](../seeds/china.md#hwo)\n[c](../seeds/china.md#p3)\n\
                [d](/archve/)\n[e](../themes/x.css)\n[f](../../x.md)\n![g](none.png)\n[h]()\n";
    check(
        &[ORIGINAL, ("content/about.md", text)],
        &[
            "content/about.md:4 dead-link: there is no file `seeds/chima.md` | write `../seeds/china.md`",
            "content/about.md:5 dead-fragment: `seeds/china.md` has no heading or id `#hwo` | write `../seeds/china.md#how`",
            "content/about.md:6 dead-fragment: `seeds/china.md` has 2 paragraphs, and no `#p3` | ",
            "content/about.md:7 dead-link: there is no page `/archve/` | write `/archive/`",
            "content/about.md:8 link-outside: `themes/x.css` is not published: only files in `content/`, `seeds/` and `static/` are | move the file beside this one, or link to it by its whole URL",
            "content/about.md:9 link-outside: `../../x.md` is not published: only files in `content/`, `seeds/` and `static/` are | move the file beside this one, or link to it by its whole URL",
            "content/about.md:10 dead-link: there is no file `content/none.png` | ",
            "content/about.md:11 dead-link: this link has no destination | ",
        ],
    );
}

#[test]
fn a_point_answers_the_paragraph_that_it_quotes() {
    let parent = "---\ntitle: China\ndate: 2026-01-01\n---\nOne may say that the law is old.\n\n\
                  Two may say that it is new.\n\nThree may not.\n";
    let text = reply(
        "---\n> the law is old\n\n**Conceded.** Yes.\n\n> Two may say\n\nNo.\n\n> Three may not\n",
    );
    let site = check(&[("seeds/china.md", parent), ("content/a.md", &text)], &[]);
    let member = &site.debates[0].members[1];
    let points: Vec<(usize, usize, bool)> = member
        .points
        .iter()
        .map(|one| (one.number, one.paragraphs[0].index(), one.answered))
        .collect();
    assert_eq!(points, [(1, 0, true), (2, 1, true), (3, 2, false)]);
    let expected = [Treatment::Conceded, Treatment::Answered, Treatment::Unanswered];
    assert_eq!(member.treatments, expected);
}

#[test]
fn a_parent_that_is_not_as_it_was_written_judges_no_quote() {
    let parent = "---\ntitle: China\ndate: 2026-01-01\n\nOne of the many things that stand here.\n";
    let text = reply("---\n> One of the many other things that stand here.\n\nNo.\n");
    let files = [("seeds/china.md", parent), ("content/a.md", &*text)];
    let snapshot = snapshot(&files, &Options { future: true, ..Options::default() });
    let codes: Vec<&str> = snapshot.found.iter().map(|one| one.code.name()).collect();
    assert_eq!(codes, ["no-base-url", "front-matter-unclosed"]);
    let debate = &snapshot.site.debates[0];
    let statuses = debate.members.iter().flat_map(|member| &member.anchors.list);
    let statuses: Vec<&str> = statuses.map(|anchor| anchor.outcome.status.name()).collect();
    assert_eq!(statuses, ["unjudged"]);
}

#[test]
fn what_a_save_did_not_touch_is_not_located_again() {
    let (a, b) = (reply("---\n> Two.\n\nYes.\n"), reply("color: red\n---\n> One.\n\nNo.\n"));
    let files = [ORIGINAL, ("content/a.md", &*a), ("content/b.md", &*b)];
    let before = snapshot(&files, &Options { future: true, ..Options::default() });
    let mut changed = before.sources.clone();
    let path = SitePath::new("content/b.md").unwrap();
    let text = b.replace("One.", "Wrong.");
    changed.texts.insert(path.clone(), Arc::new(Source::new(path, text)));
    let options = Options { future: true, ..Options::default() };
    let anew = take(Checked::sound(changed.clone()), &options, None);
    let after = take(Checked::sound(changed), &options, Some(&before));
    assert_eq!(after.found, anew.found);
    assert_eq!(after.site.debates, anew.site.debates);
    let kept = |index: usize| {
        let anchors = |snapshot: &Snapshot| snapshot.site.debates[0].members[index].anchors.clone();
        Arc::ptr_eq(&anchors(&before), &anchors(&after))
    };
    assert_eq!((kept(1), kept(2)), (true, false));
}

#[test]
fn a_file_of_the_theme_can_be_linked() {
    let text = "[a](/assets/css/tokens.css) [b](/assets/css/none.css) [c](C:\\x.md)";
    let said = [
        "content/about.md:4 dead-link: there is no page `/assets/css/none.css` | ",
        "content/about.md:4 link-outside: `C:\\x.md` is a file of this computer, which no reader has | put the file beside this one and link to it by its name",
    ];
    check(&[ORIGINAL, ("content/about.md", &format!("---\ntitle: About\n---\n{text}\n"))], &said);
}
