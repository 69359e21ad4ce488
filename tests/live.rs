//! A site that follows its files: the ways in which editors, people and git change them, on a
//! real file system with the real watcher. After each, the site is what a fresh reading gives.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail and touches the world"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use agon::disk::read::read;
use agon::serve::live::{Live, LiveOptions, Moment};
use agon::serve::watch::{Notice, WatchOptions, Watcher, watch};
use agon::site::snapshot::{Options, Snapshot, take};
use agon::source::{SitePath, Sources};

/// How long a change may take to be seen on a machine that has other things to do.
const LIMIT: Duration = Duration::from_secs(20);

struct Site {
    folder: tempfile::TempDir,
    live: Arc<Live>,
    watcher: Option<Watcher>,
}

fn options() -> Options {
    Options { now: "2026-06-01T12:00:00Z".parse().unwrap(), ..Options::default() }
}

fn reply(words: &str) -> String {
    format!(
        "---\ntitle: Reply\ndate: 2026-02-01\nrebuts: ../seeds/one.md\n---\n> The bus is {words}\n\nNo.\n"
    )
}

impl Site {
    fn new() -> Self {
        Self::with(WatchOptions::Listen, |_| {})
    }

    fn with(options_of_watch: WatchOptions, more: impl Fn(&Path)) -> Self {
        Self::saying(options_of_watch, more, |notice| panic!("{notice:?}"))
    }

    fn saying(
        options_of_watch: WatchOptions,
        more: impl Fn(&Path),
        say: impl Fn(Notice) + Send + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for name in ["content", "seeds", "static", "themes/own/templates", "shared"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        fs::write(root.join("site.yaml"), "title: T\ntheme: own\n").unwrap();
        fs::write(root.join("themes/own/theme.yaml"), "extends: broadsheet\n").unwrap();
        fs::write(root.join("themes/own/templates/404.html"), "gone").unwrap();
        fs::write(root.join("static/custom.css"), "a {}").unwrap();
        let one = "---\ntitle: One\ndate: 2026-01-01\n---\nThe bus is free for all.\n\nTwo.\n";
        fs::write(root.join("seeds/one.md"), one).unwrap();
        fs::write(root.join("content/reply.md"), reply("free")).unwrap();
        more(&root);
        let live = Arc::new(Live::new(
            &root,
            LiveOptions { options: options(), ..LiveOptions::default() },
        ));
        let watcher = watch(live.clone(), options_of_watch, say);
        let site = Self { folder, live, watcher: Some(watcher) };
        // The watcher hears from its first scan on.
        site.write("static/first.txt", "first");
        site.is_seen();
        site
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Waits until the site is what a fresh reading gives, and holds that it is.
    #[track_caller]
    fn is_seen(&self) -> Arc<Moment> {
        let expected = told(&self.fresh());
        let start = Instant::now();
        loop {
            let moment = self.live.current();
            let seen = told(&moment.snapshot);
            if seen == expected {
                return moment;
            }
            if start.elapsed() > LIMIT {
                let differs = seen.lines().zip(expected.lines()).find(|(one, other)| one != other);
                panic!("not seen: {differs:?}");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn fresh(&self) -> Snapshot {
        take(read(self.folder.path(), &Sources::default()), &options(), None)
    }

    fn text(&self, path: &str) -> Option<String> {
        text(&self.live.current().snapshot, path)
    }
}

fn text(snapshot: &Snapshot, path: &str) -> Option<String> {
    let source = snapshot.sources.texts.get(&SitePath::new(path).unwrap())?;
    Some(source.text.clone())
}

/// All that a snapshot says.
fn told(snapshot: &Snapshot) -> String {
    for article in snapshot.articles.values() {
        article.value.source.lines();
    }
    let Sources { texts, assets, .. } = &snapshot.sources;
    let texts: Vec<(&SitePath, &String)> =
        texts.iter().map(|(path, source)| (path, &source.text)).collect();
    let assets: Vec<(&SitePath, u64)> = assets.iter().map(|(path, one)| (path, one.hash)).collect();
    format!("{texts:#?}\n{assets:#?}\n{:#?}\n{:#?}", snapshot.found, snapshot.site)
}

/// Looks at every moment while `work` is done and settles; gives how many there were.
fn moments(site: &Site, check: impl Fn(&Moment) + Sync, work: impl FnOnce()) -> u64 {
    let before = site.live.current().number;
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let seeing = scope.spawn(|| {
            let mut seen = before;
            while !done.load(Ordering::Relaxed) {
                let moment = site.live.current();
                if moment.number > seen {
                    seen = moment.number;
                    check(&moment);
                }
                std::thread::sleep(Duration::from_micros(200));
            }
        });
        work();
        site.is_seen();
        done.store(true, Ordering::Relaxed);
        seeing.join().unwrap();
    });
    site.live.current().number - before
}

#[test]
fn a_write_in_place_is_seen() {
    let site = Site::new();
    site.write("content/reply.md", &reply("free for"));
    let moment = site.is_seen();
    let changed: Vec<&str> = moment.changed.iter().map(SitePath::as_str).collect();
    assert_eq!(changed, ["content/reply.md"]);
    site.write("content/reply.md", &reply("f"));
    site.is_seen();
}

#[test]
fn an_atomic_save_is_seen() {
    let site = Site::new();
    site.write("content/.reply.md.tmp", &reply("not free"));
    site.rename("content/.reply.md.tmp", "content/reply.md");
    site.is_seen();
    site.write("content/reply.md.new~1", &reply("free"));
    site.rename("content/reply.md.new~1", "content/reply.md");
    site.is_seen();
    site.write("shared/reply.md", &reply("for all"));
    site.rename("shared/reply.md", "content/reply.md");
    site.is_seen();
}

#[test]
fn the_dance_of_vim_is_seen_and_not_as_a_deletion() {
    let site = Site::new();
    let is_there = |moment: &Moment| {
        assert!(
            text(&moment.snapshot, "content/reply.md").is_some_and(|text| text.ends_with("No.\n"))
        );
    };
    let count = moments(&site, is_there, || {
        site.rename("content/reply.md", "content/reply.md~");
        site.write("content/reply.md", &reply("for all"));
        fs::remove_file(site.path("content/reply.md~")).unwrap();
        while site.text("content/reply.md") != Some(reply("for all")) {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    assert!(count <= 2, "{count}");
}

#[test]
fn files_come_and_go() {
    let site = Site::new();
    site.write("content/new.md", "---\ntitle: New\ndate: 2026-03-01\n---\nText.\n");
    assert_eq!(site.is_seen().snapshot.site.archive.len(), 3);
    site.rename("content/new.md", "content/other.md");
    site.is_seen();
    fs::remove_file(site.path("content/other.md")).unwrap();
    assert_eq!(site.is_seen().snapshot.site.archive.len(), 2);
    fs::create_dir_all(site.path("content/a/b")).unwrap();
    site.write("content/a/b/deep.md", "---\ntitle: Deep\ndate: 2026-03-01\n---\nText.\n");
    assert_eq!(site.is_seen().snapshot.site.archive.len(), 3);
    site.write("content/a/b/deep.md", "---\ntitle: Deep\ndate: 2026-03-01\n---\nOther.\n");
    site.is_seen();
    site.rename("content/a", "content/c");
    site.is_seen();
    site.write("content/c/b/deep.md", "---\ntitle: Deep\ndate: 2026-03-01\n---\nMoved.\n");
    site.is_seen();
    fs::remove_dir_all(site.path("content/c")).unwrap();
    assert_eq!(site.is_seen().snapshot.site.archive.len(), 2);
}

#[cfg(unix)]
#[test]
fn an_edit_of_what_a_link_leads_to_is_seen() {
    let site = Site::with(WatchOptions::Listen, |root| {
        fs::write(root.join("shared/linked.md"), "---\ntitle: Linked\ndate: 2026-03-01\n---\nA.\n")
            .unwrap();
        std::os::unix::fs::symlink("../shared/linked.md", root.join("content/linked.md")).unwrap();
        std::os::unix::fs::symlink("../seeds/one.md", root.join("content/same.md")).unwrap();
    });
    site.write("shared/linked.md", "---\ntitle: Linked\ndate: 2026-03-01\n---\nB, and longer.\n");
    site.is_seen();
    site.write("shared/new", "---\ntitle: Linked\ndate: 2026-03-01\n---\nPut in its place.\n");
    site.rename("shared/new", "shared/linked.md");
    site.is_seen();
    site.write(
        "seeds/one.md",
        "---\ntitle: One\ndate: 2026-01-01\n---\nThe bus is free for some.\n",
    );
    site.is_seen();
    fs::remove_file(site.path("shared/linked.md")).unwrap();
    site.is_seen();
}

#[test]
fn what_is_broken_and_mended_is_seen() {
    let site = Site::new();
    let whole = reply("free");
    site.write("content/reply.md", &whole.replace("title: Reply", "title: [Reply"));
    assert!(site.is_seen().snapshot.found.iter().any(agon::diagnostic::Diagnostic::is_error));
    site.write("content/reply.md", &whole);
    assert!(!site.is_seen().snapshot.found.iter().any(agon::diagnostic::Diagnostic::is_error));
    fs::write(site.path("content/reply.md"), b"\xff\xfe").unwrap();
    site.is_seen();
    site.write("content/reply.md", &whole);
    site.is_seen();
}

#[test]
fn of_many_writes_the_last_is_seen_and_none_that_is_torn() {
    let site = Site::new();
    let long = "Words that make the file long. ".repeat(2_000);
    let of = |number: usize| format!("{}\n{long}\n\nEnd {number}.\n", reply("free"));
    let is_whole = |moment: &Moment| {
        let text = text(&moment.snapshot, "content/reply.md").unwrap();
        let is_whole = text == reply("free") || (text.contains("End ") && text.ends_with(".\n"));
        assert!(is_whole, "{} bytes: {:?}", text.len(), text.get(text.len().saturating_sub(40)..));
    };
    moments(&site, is_whole, || {
        for number in 0..200 {
            site.write("content/reply.md", &of(number));
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    assert_eq!(site.text("content/reply.md"), Some(of(199)));
}

#[test]
fn a_template_a_style_sheet_and_the_settings_are_seen() {
    let site = Site::new();
    let before = site.live.current();
    site.write("themes/own/templates/404.html", "nothing here");
    let moment = site.is_seen();
    assert!(!moment.snapshot.has_frame_of(&before.snapshot));
    site.write("themes/own/templates/404.html", "{{ broken");
    assert!(site.is_seen().snapshot.theme.is_none());
    site.write("themes/own/templates/404.html", "mended");
    assert!(site.is_seen().snapshot.theme.is_some());
    let before = site.live.current();
    site.write("static/custom.css", "a { color: red }");
    assert!(!site.is_seen().snapshot.has_frame_of(&before.snapshot));
    site.write("site.yaml", "title: Other\n");
    assert_eq!(site.is_seen().snapshot.site.settings.title, "Other");
    let before = site.live.current();
    site.write("content/reply.md", &reply("not free"));
    assert!(site.is_seen().snapshot.has_frame_of(&before.snapshot));
}

#[test]
fn a_top_folder_moved_away_and_back_is_seen() {
    let site = Site::new();
    for _ in 0..2 {
        site.rename("content", "away");
        assert_eq!(site.is_seen().snapshot.site.archive.len(), 1);
        site.rename("away", "content");
        assert_eq!(site.is_seen().snapshot.site.archive.len(), 2);
        site.write("content/reply.md", &reply("free for"));
        site.is_seen();
    }
    fs::remove_dir_all(site.path("content")).unwrap();
    site.is_seen();
    fs::create_dir(site.path("content")).unwrap();
    site.write("content/reply.md", &reply("free again"));
    site.is_seen();
    // From then on by the watcher, and not by the slow scan alone.
    let start = Instant::now();
    site.write("content/reply.md", &reply("free, and again"));
    site.is_seen();
    assert!(start.elapsed() < LIMIT);
}

#[test]
fn a_checkout_of_another_branch_is_seen() {
    let git = |site: &Site, arguments: &[&str]| {
        let out = Command::new("git")
            .args([
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.org",
                "-c",
                "init.defaultBranch=main",
            ])
            .args(arguments)
            .current_dir(site.path(""))
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    };
    let site = Site::new();
    git(&site, &["init", "-q"]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "-qm", "one"]);
    git(&site, &["checkout", "-qb", "other"]);
    fs::remove_file(site.path("static/first.txt")).unwrap();
    fs::create_dir(site.path("content/folder")).unwrap();
    for number in 0..50 {
        let text = format!("---\ntitle: N{number}\ndate: 2026-03-01\n---\nText.\n");
        site.write(&format!("content/folder/{number}.md"), &text);
    }
    site.write("content/reply.md", &reply("free for"));
    git(&site, &["add", "-A"]);
    git(&site, &["commit", "-qm", "two"]);
    assert_eq!(site.is_seen().snapshot.site.archive.len(), 52);
    git(&site, &["checkout", "-q", "main"]);
    assert_eq!(site.is_seen().snapshot.site.archive.len(), 2);
    git(&site, &["checkout", "-q", "other"]);
    assert_eq!(site.is_seen().snapshot.site.archive.len(), 52);
}

#[test]
fn a_thousand_files_changed_at_once_make_few_moments() {
    let of = |number: usize, words: &str| {
        format!("---\ntitle: N{number}\ndate: 2026-03-01\n---\n{words}\n")
    };
    let site = Site::with(WatchOptions::Listen, |root| {
        for number in 0..1_000 {
            fs::write(root.join(format!("content/{number}.md")), of(number, "Before.")).unwrap();
        }
    });
    let count = moments(
        &site,
        |_| {},
        || {
            for number in 0..1_000 {
                site.write(&format!("content/{number}.md"), &of(number, "Afterwards."));
            }
        },
    );
    assert!((1..=4).contains(&count), "{count} moments");
}

#[test]
fn without_a_watcher_the_files_are_looked_at() {
    let site = Site::with(WatchOptions::Poll, |_| {});
    site.write("content/reply.md", &reply("free for"));
    site.is_seen();
    fs::remove_file(site.path("content/reply.md")).unwrap();
    site.is_seen();
}

/// Runs itself again where the system gives no more than two watches, or no watcher.
#[cfg(target_os = "linux")]
#[test]
fn where_the_system_tells_of_no_more_files_it_is_said_and_they_are_looked_at() {
    const NAME: &str = "where_the_system_tells_of_no_more_files_it_is_said_and_they_are_looked_at";
    if std::env::var_os("LIVE_LIMITED").is_some() {
        let (sender, said) = std::sync::mpsc::channel();
        let say = move |notice| sender.send(notice).unwrap();
        let site = Site::saying(WatchOptions::Listen, |_| {}, say);
        assert!(matches!(said.recv_timeout(LIMIT), Ok(Notice::Polling(_))));
        site.write("content/reply.md", &reply("free for"));
        site.is_seen();
        assert!(said.try_recv().is_err(), "it is said once");
        return;
    }
    for limit in ["max_inotify_watches", "max_inotify_instances"] {
        let count = if limit == "max_inotify_watches" { 2 } else { 0 };
        let script = format!("echo {count} > /proc/sys/user/{limit} && exec \"$0\" --exact {NAME}");
        let out = Command::new("unshare")
            .args(["-Ur", "sh", "-c", &script])
            .arg(std::env::current_exe().unwrap())
            .env("LIVE_LIMITED", "1")
            .output();
        match out {
            Ok(out) if String::from_utf8_lossy(&out.stdout).contains("running 1 test") => {
                assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
            }
            _ => eprintln!("no limits can be set here: the test is left out"),
        }
    }
}

#[test]
fn two_writes_within_one_step_of_the_clock_are_told_apart() {
    let mut site = Site::new();
    site.watcher = None;
    let path = site.path("content/reply.md");
    let written = std::time::SystemTime::now() - Duration::from_millis(500);
    for words in ["free", "dear", "free", "dear"] {
        let text = reply(words);
        fs::write(&path, &text).unwrap();
        let time = fs::File::options().append(true).open(&path).unwrap();
        time.set_modified(written).unwrap();
        site.live.refresh(&[]);
        assert_eq!(site.text("content/reply.md"), Some(text));
    }
    let number = site.live.current().number;
    site.live.refresh(&[path]);
    assert_eq!(site.live.current().number, number, "nothing differs, and nothing is told");
}
