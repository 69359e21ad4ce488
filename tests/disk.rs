//! Reading and writing real folders.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test of the edge"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use agon::diagnostic::{Checked, Code, Diagnostic};
use agon::disk::read::read;
use agon::disk::write::{Force, Target, Trial, Written, clean, write};
use agon::source::{OutputContent, OutputFile, SitePath, Sources};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use tempfile::TempDir;

struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        site.put("content/a.md", "words");
        site
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), text).unwrap();
    }

    fn read(&self) -> Checked<Sources> {
        read(self.folder.path(), &Sources::default())
    }

    fn target(&self, folder: &str, force: Force) -> Target {
        Target { folder: self.at(folder), root: self.folder.path().to_owned(), force }
    }

    fn write_with(&self, force: Force, files: &[(&str, &str)]) -> Result<Written, Vec<Diagnostic>> {
        let files: Vec<_> = files.iter().map(|(path, text)| Ok(page(path, text))).collect();
        write(&self.target("output", force), files.into_par_iter())
    }

    fn write(&self, files: &[(&str, &str)]) -> Result<Written, Vec<Diagnostic>> {
        self.write_with(Force::Careful, files)
    }

    /// Everything in the output but the record, with its text.
    #[track_caller]
    fn check(&self, expected: &[(&str, &str)]) {
        let mut found = self.output();
        found.remove(".agon");
        let expected = expected.iter().map(|(path, text)| ((*path).into(), (*text).into()));
        assert_eq!(found, expected.collect::<BTreeMap<String, String>>());
    }

    /// The names in a folder, in order.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.at(folder)).unwrap().map(Result::unwrap);
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn output(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        collect(&self.at("output"), "", &mut found);
        found
    }
}

/// Links are named and not followed; an empty folder stands with a slash.
fn collect(folder: &Path, name: &str, found: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let entries: Vec<_> = entries.map(Result::unwrap).collect();
    if entries.is_empty() && !name.is_empty() {
        found.insert(name.to_owned(), String::new());
    }
    for entry in entries {
        let path = format!("{name}{}", entry.file_name().to_str().unwrap());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect(&entry.path(), &format!("{path}/"), found);
        } else if kind.is_symlink() {
            found.insert(path, "a link".to_owned());
        } else {
            found.insert(path, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

fn page(path: &str, text: &str) -> OutputFile {
    OutputFile { path: path.to_owned(), content: OutputContent::Bytes(text.into()) }
}

fn written(written: usize, unchanged: usize, removed: usize) -> Written {
    Written { written, unchanged, removed, found: Vec::new() }
}

fn codes(found: &[Diagnostic]) -> Vec<Code> {
    found.iter().map(|one| one.code).collect()
}

#[test]
fn a_site_is_read_as_texts_and_assets() {
    let site = Site::new();
    site.put("site.yaml", "title: A");
    site.put("seeds/b.txt", "seed");
    site.put("content/c.txt", "asset");
    site.put("content/image.gif", b"GIF89a\x80\x02\xe0\x01");
    site.put("static/.well-known/x", "y");
    site.put("themes/t/theme.yaml", "");
    site.put("themes/t/templates/parts/p.html", "");
    site.put("themes/t/static/style.css", "css");
    site.put("static/large.bin", vec![7; 100_000]);
    for litter in [
        "a.md~",
        ".#a.md",
        ".a.md.swp",
        "4913",
        "a.tmp",
        ".DS_Store",
        ".draft.md",
        "#a.md#",
        "___jb_tmp___",
    ] {
        site.put(&format!("content/{litter}"), "litter");
    }
    site.put("notes.md", "never read");
    let Checked { value: sources, found } = site.read();
    assert_eq!(found, []);
    let texts: Vec<_> = sources.texts.keys().map(SitePath::as_str).collect();
    assert_eq!(
        texts,
        [
            "content/a.md",
            "seeds/b.txt",
            "site.yaml",
            "themes/t/templates/parts/p.html",
            "themes/t/theme.yaml"
        ]
    );
    let assets: Vec<_> = sources
        .assets
        .values()
        .map(|asset| (asset.path.as_str(), asset.size, asset.dimensions))
        .collect();
    assert_eq!(
        assets,
        [
            ("content/c.txt", 5, None),
            ("content/image.gif", 10, Some((640, 480))),
            ("static/.well-known/x", 1, None),
            ("static/large.bin", 100_000, None),
            ("themes/t/static/style.css", 3, None)
        ]
    );
    assert_eq!(sources.folder_name, site.folder.path().file_name().unwrap().to_str().unwrap());
}

#[test]
fn bytes_that_are_no_utf8_are_placed_and_replaced() {
    let site = Site::new();
    site.put("content/b.md", b"caf\xe9 au lait");
    let Checked { value: sources, found } = site.read();
    assert_eq!(codes(&found), [Code::NotUtf8]);
    assert_eq!(found[0].place.as_ref().unwrap().bytes, 3..6);
    let path = SitePath::new("content/b.md").unwrap();
    assert_eq!(sources.texts[&path].text, "caf\u{fffd} au lait");
}

#[test]
fn an_equal_text_is_shared_with_the_reading_before() {
    let site = Site::new();
    let before = site.read().value;
    let after = read(site.folder.path(), &before).value;
    let path = SitePath::new("content/a.md").unwrap();
    assert!(std::sync::Arc::ptr_eq(&before.texts[&path], &after.texts[&path]));
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_site_only() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "secret").unwrap();
    site.put("drafts/inside.md", "inside");
    site.put(".git/config", "hidden");
    let link = |to: &Path, at: &str| symlink(to, site.at(at)).unwrap();
    link(&site.at("drafts/inside.md"), "content/inside.md");
    link(&outside.path().join("secret.md"), "content/outside.md");
    link(outside.path(), "seeds");
    link(&site.at("content"), "content/circle");
    link(&site.at("nowhere"), "content/broken.md");
    link(&site.at(".git/config"), "content/hidden.md");
    let Checked { value: sources, mut found } = site.read();
    agon::diagnostic::sort(&mut found);
    let found: Vec<_> =
        found.iter().map(|one| (one.place.as_ref().unwrap().path.as_str(), one.code)).collect();
    assert_eq!(
        found,
        [
            ("content/broken.md", Code::SymlinkCycle),
            ("content/circle", Code::SymlinkCycle),
            ("content/hidden.md", Code::SymlinkOutside),
            ("content/outside.md", Code::SymlinkOutside),
            ("seeds", Code::SymlinkOutside),
        ]
    );
    let texts: Vec<_> = sources.texts.keys().map(SitePath::as_str).collect();
    assert_eq!(texts, ["content/a.md", "content/inside.md"]);
}

#[test]
fn a_second_build_writes_nothing() {
    let site = Site::new();
    let files = [("index.html", "home"), ("a/index.html", "a"), ("a/b/c.html", "c")];
    assert_eq!(site.write(&files), Ok(written(3, 0, 0)));
    site.check(&files);
    let before = fs::metadata(site.at("output/.agon")).unwrap().modified().unwrap();
    let folder = fs::metadata(site.at("output")).unwrap().modified().unwrap();
    assert_eq!(site.write(&files), Ok(written(0, 3, 0)));
    assert_eq!(fs::metadata(site.at("output/.agon")).unwrap().modified().unwrap(), before);
    assert_eq!(fs::metadata(site.at("output")).unwrap().modified().unwrap(), folder);
}

#[test]
fn what_was_changed_by_hand_is_written_again() {
    let site = Site::new();
    site.write(&[("a.html", "a"), ("b.html", "b")]).unwrap();
    site.put("output/a.html", "x");
    assert_eq!(site.write(&[("a.html", "a"), ("b.html", "b")]), Ok(written(1, 1, 0)));
    site.check(&[("a.html", "a"), ("b.html", "b")]);
}

/// A file of the same size is not read again unless it is newer than the record.
#[test]
fn what_was_changed_by_hand_since_is_seen_at_the_same_size() {
    let site = Site::new();
    let files = [("a.html", "aaa"), ("b.html", "bbb")];
    site.write(&files).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    site.put("output/b.html", "xxx");
    assert_eq!(site.write(&files), Ok(written(1, 1, 0)));
    site.check(&files);
    assert_eq!(site.write(&files), Ok(written(0, 2, 0)));
    assert_eq!(site.write(&[("a.html", "zzz"), ("b.html", "bbb")]), Ok(written(1, 1, 0)));
    site.check(&[("a.html", "zzz"), ("b.html", "bbb")]);
}

#[test]
fn old_pages_go_and_files_of_others_stay() {
    let site = Site::new();
    site.write(&[("a/index.html", "a"), ("b/c/index.html", "b"), ("d/index.html", "d")]).unwrap();
    site.put("output/b/mine.txt", "mine");
    assert_eq!(site.write(&[("d/index.html", "d")]), Ok(written(0, 1, 2)));
    site.check(&[("b/mine.txt", "mine"), ("d/index.html", "d")]);
    let record = fs::read_to_string(site.at("output/.agon")).unwrap();
    assert_eq!(record.lines().count(), 3, "{record}");
}

#[test]
fn a_file_becomes_a_folder_and_a_folder_a_file() {
    let site = Site::new();
    site.write(&[("a", "file"), ("b/index.html", "b")]).unwrap();
    assert_eq!(site.write(&[("a/index.html", "a"), ("b", "file")]), Ok(written(2, 0, 2)));
    site.check(&[("a/index.html", "a"), ("b", "file")]);
}

#[test]
fn a_failed_build_changes_nothing() {
    let site = Site::new();
    site.write(&[("a.html", "old"), ("b.html", "b")]).unwrap();
    let before = site.output();
    let failure = || Err(Box::new(Diagnostic::global(Code::TemplateRender, "failed")));
    let files = vec![Ok(page("a.html", "new")), failure(), Ok(page("../c.html", "c")), failure()];
    let found = write(&site.target("output", Force::Careful), files.into_par_iter()).unwrap_err();
    assert_eq!(codes(&found), [Code::TemplateRender, Code::PathNotPortable, Code::TemplateRender]);
    assert_eq!(site.output(), before);
}

#[test]
fn a_first_build_that_fails_leaves_nothing() {
    let site = Site::new();
    fs::create_dir(site.at("there")).unwrap();
    for output in ["output", "new/output", "there/new/x/output", "gone/../output", "output/"] {
        let failure = Err(Box::new(Diagnostic::global(Code::TemplateRender, "failed")));
        let files = vec![Ok(page("a/b/c.html", "c")), failure, Ok(page("d.html", "d"))];
        let found = write(&site.target(output, Force::Careful), files.into_par_iter());
        assert_eq!(codes(&found.unwrap_err()), [Code::TemplateRender], "{output}");
        assert_eq!(site.names(""), ["content", "there"], "{output}");
        assert_eq!(site.names("there"), [""; 0], "{output}");
    }
}

#[test]
fn a_first_build_makes_the_folders_above_and_leaves_nothing_beside() {
    for output in ["output", "output/", "./output", "x/../output"] {
        let site = Site::new();
        let files = vec![Ok(page("a/b/c.html", "c")), Ok(page("a/d.html", "d"))];
        let files = files.into_iter().chain([Ok(page("e.html", "e"))]).collect::<Vec<_>>();
        let result = write(&site.target(output, Force::Careful), files.into_par_iter());
        assert_eq!(result, Ok(written(3, 0, 0)), "{output}");
        site.check(&[("a/b/c.html", "c"), ("a/d.html", "d"), ("e.html", "e")]);
        let beside = site.names("");
        assert!(!beside.iter().any(|name| name.starts_with('.')), "{output}: {beside:?}");
        let again = [("a/b/c.html", "c"), ("a/d.html", "d")];
        assert_eq!(site.write(&again), Ok(written(0, 2, 1)), "{output}");
    }
    let site = Site::new();
    let files = vec![Ok(page("a.html", "a"))];
    let result = write(&site.target("x/y/output", Force::Careful), files.into_par_iter());
    assert_eq!(result, Ok(written(1, 0, 0)));
    assert_eq!(site.names("x/y"), ["output"]);
}

/// What a build does that is killed while it renders: nothing stands in the output's place, and
/// what it left beside it is no hindrance, nor kept.
#[test]
fn the_rest_of_an_interrupted_first_build_goes() {
    let site = Site::new();
    site.put(".output.agon-staging/a/index.html", "half");
    assert_eq!(site.write(&[("b.html", "b")]), Ok(written(1, 0, 0)));
    site.check(&[("b.html", "b")]);
    assert_eq!(site.names(""), ["content", "output"]);
    // Where somebody made the output since, too.
    site.put(".output.agon-staging/a/index.html", "half");
    assert_eq!(site.write(&[("b.html", "b")]), Ok(written(0, 1, 0)));
    assert_eq!(site.names(""), ["content", "output"]);
}

/// Killed at any moment, a first build leaves a whole output or none.
#[test]
fn a_first_build_that_is_killed_leaves_no_output() {
    let site = Site::new();
    site.put("content/a.md", "---\ntitle: A\n---\nwords");
    for number in 0..300 {
        site.put(&format!("content/n{number}.md"), format!("---\ntitle: T{number}\n---\nwords"));
    }
    let output = site.at("output");
    let waits = site.at(".output.agon-staging");
    let command = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agon"));
        command.args(["build", "--quiet", "--root"]).arg(site.folder.path());
        command
    };
    let mut build = command().spawn().unwrap();
    let limit = Instant::now() + Duration::from_secs(60);
    while !waits.exists() && !output.exists() && Instant::now() < limit {
        std::thread::yield_now();
    }
    build.kill().unwrap();
    build.wait().unwrap();
    assert_eq!(output.exists(), output.join(".agon").exists());
    assert!(output.exists() || waits.exists());
    assert!(command().status().unwrap().success());
    assert!(output.join("n299/index.html").exists());
    assert!(!waits.exists());
}

#[test]
fn an_output_that_is_there_is_written_to_as_it_is() {
    let site = Site::new();
    fs::create_dir(site.at("output")).unwrap();
    let before = fs::metadata(site.at("output")).unwrap();
    assert_eq!(site.write(&[("a/b.html", "b"), ("c.html", "c")]), Ok(written(2, 0, 0)));
    site.check(&[("a/b.html", "b"), ("c.html", "c")]);
    assert_eq!(site.names(""), ["content", "output"]);
    let after = fs::metadata(site.at("output")).unwrap();
    assert_eq!(before.created().ok(), after.created().ok());
}

/// Writes to `output`, which `make` makes while the pages are rendered.
fn meanwhile(
    site: &Site,
    force: Force,
    make: impl Fn() + Sync + Send,
) -> Result<Written, Vec<Diagnostic>> {
    let files = vec![page("a/b.html", "b"), page("a/c.html", "c"), page("d.html", "d")];
    let files = files.into_par_iter().map(|file| {
        if file.path == "d.html" {
            make();
        }
        Ok(file)
    });
    write(&site.target("output", force), files)
}

#[test]
fn an_empty_output_that_somebody_made_meanwhile_is_written_to() {
    let site = Site::new();
    let result = meanwhile(&site, Force::Careful, || fs::create_dir(site.at("output")).unwrap());
    assert_eq!(result, Ok(written(3, 0, 0)));
    let files = [("a/b.html", "b"), ("a/c.html", "c"), ("d.html", "d")];
    site.check(&files);
    assert_eq!(site.names(""), ["content", "output"]);
    assert_eq!(site.write(&files), Ok(written(0, 3, 0)));
}

#[test]
fn what_somebody_put_into_the_output_meanwhile_is_kept() {
    for (name, force) in [
        ("output/mine", Force::Careful),
        ("output/mine", Force::Forced),
        ("output/.agon", Force::Careful),
        ("output", Force::Careful),
        ("output", Force::Forced),
    ] {
        let site = Site::new();
        let result = meanwhile(&site, force, || site.put(name, "mine"));
        assert_eq!(codes(&result.unwrap_err()), [Code::OutputRefused], "{name} {force:?}");
        assert_eq!(fs::read_to_string(site.at(name)).unwrap(), "mine");
        assert_eq!(site.names(""), ["content", "output"]);
        assert!(name == "output" || site.names("output").len() == 1);
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_what_waits_is_removed_and_not_followed() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    site.put("mine/letter.txt", "mine");
    symlink(site.at("mine"), site.at(".output.agon-staging")).unwrap();
    assert_eq!(site.write(&[("a.html", "a")]), Ok(written(1, 0, 0)));
    assert_eq!(site.names(""), ["content", "mine", "output"]);
    assert_eq!(site.names("mine"), ["letter.txt"]);
    assert!(!fs::symlink_metadata(site.at("output")).unwrap().is_symlink());
    site.check(&[("a.html", "a")]);
}

#[test]
fn what_another_build_fills_at_the_same_time_is_left_to_it() {
    let site = Site::new();
    site.put(".output.agon-staging/.agon", "");
    site.put(".output.agon-staging/a.html", "of the other");
    let record = fs::File::open(site.at(".output.agon-staging/.agon")).unwrap();
    record.lock().unwrap();
    assert_eq!(site.write(&[("b.html", "b")]), Ok(written(1, 0, 0)));
    assert_eq!(clean(&site.target("output", Force::Careful), Trial::No).unwrap(), ["b.html"]);
    assert_eq!(site.names(".output.agon-staging"), [".agon", "a.html"]);
    drop(record);
    assert_eq!(site.write(&[("b.html", "b")]), Ok(written(1, 0, 0)));
    assert_eq!(site.names(""), ["content", "output"]);
}

#[test]
fn of_two_first_builds_at_the_same_time_the_last_to_end_is_written_whole() {
    let site = Site::new();
    let other = || assert_eq!(site.write(&[("other.html", "o")]), Ok(written(1, 0, 0)));
    assert_eq!(meanwhile(&site, Force::Careful, other), Ok(written(3, 0, 1)));
    site.check(&[("a/b.html", "b"), ("a/c.html", "c"), ("d.html", "d")]);
    assert_eq!(site.names(""), ["content", "output"]);
}

#[test]
fn builds_at_the_same_time_write_one_after_the_other() {
    let site = Site::new();
    let names: Vec<String> = (0..200).map(|number| format!("{number}/index.html")).collect();
    let files = |text| -> Vec<(&str, &'static str)> {
        names.iter().map(|name| (name.as_str(), text)).collect()
    };
    site.write(&files("first")).unwrap();
    for _ in 0..5 {
        let build = |text| site.write(&files(text)).unwrap();
        let all = std::thread::scope(|scope| {
            ["one", "two", "three"]
                .map(|text| scope.spawn(move || build(text)))
                .map(|build| build.join())
        });
        for written in all.map(Result::unwrap) {
            assert_eq!(written.written + written.unchanged, names.len());
        }
        let last = fs::read_to_string(site.at("output/0/index.html")).unwrap();
        let last = ["one", "two", "three"].into_iter().find(|text| *text == last).unwrap();
        site.check(&files(last));
        assert_eq!(site.names(""), ["content", "output"]);
    }
}

/// Nobody would call the folder of a site so; if it is, it stays.
#[test]
fn a_site_that_lies_where_an_output_would_wait_stays() {
    let site = Site::new();
    site.put("s/.output.agon-staging/content/a.md", "words");
    let root = site.at("s/.output.agon-staging");
    let target = Target { folder: site.at("s/output"), root, force: Force::Careful };
    let files = vec![Ok(page("a.html", "a"))].into_par_iter();
    assert_eq!(write(&target, files), Ok(written(1, 0, 0)));
    assert_eq!(site.names("s"), [".output.agon-staging", "output"]);
    assert_eq!(site.names("s/.output.agon-staging"), ["content"]);
    assert_eq!(site.names("s/output"), [".agon", "a.html"]);
}

#[test]
fn what_waits_for_an_output_is_no_part_of_the_site() {
    let site = Site::new();
    site.put(".output.agon-staging/content/b.md", "half");
    let Checked { value: sources, found } = site.read();
    assert_eq!(found, []);
    assert_eq!(sources.texts.keys().map(SitePath::as_str).collect::<Vec<_>>(), ["content/a.md"]);
}

#[test]
fn clean_removes_what_waits_beside_the_output() {
    let site = Site::new();
    site.put(".output.agon-staging/a.html", "half");
    let target = site.target("output", Force::Careful);
    assert_eq!(clean(&target, Trial::Only), Ok(Vec::new()));
    assert_eq!(site.names(""), [".output.agon-staging", "content"]);
    assert_eq!(clean(&target, Trial::No), Ok(Vec::new()));
    assert_eq!(site.names(""), ["content"]);
}

#[test]
fn one_path_for_two_files_is_an_error() {
    let site = Site::new();
    let found = site.write(&[("a.html", "a"), ("a.html", "b")]).unwrap_err();
    assert_eq!(codes(&found), [Code::UrlTaken]);
}

#[test]
fn folders_of_others_are_refused() {
    let site = Site::new();
    site.put("full/letter.txt", "mine");
    site.put("repository/.git/config", "");
    site.put("file", "");
    fs::create_dir(site.at("empty")).unwrap();
    let refused = |folder: &str, force| {
        let files = vec![Ok(page("a.html", "a"))].into_par_iter();
        write(&site.target(folder, force), files).is_err_and(|found| {
            assert_eq!(codes(&found), [Code::OutputRefused], "{folder}");
            true
        })
    };
    let always =
        [".", "..", "/", "content", "content/a", "seeds/x/../y", "static", "repository", "file"];
    for folder in always {
        assert!(refused(folder, Force::Careful), "{folder}");
        assert!(refused(folder, Force::Forced), "{folder}");
    }
    assert!(refused("full", Force::Careful));
    assert!(!refused("full", Force::Forced));
    assert_eq!(fs::read_to_string(site.at("full/letter.txt")).unwrap(), "mine");
    assert!(!refused("empty", Force::Careful));
    assert!(!refused("new/output", Force::Careful));
    assert_eq!(fs::read_to_string(site.at("content/a.md")).unwrap(), "words");
}

#[test]
fn a_file_of_others_where_a_page_goes_is_refused_unless_forced() {
    let site = Site::new();
    site.write(&[("a.html", "a")]).unwrap();
    site.put("output/b.html", "mine");
    let files = [("a.html", "new"), ("b.html", "b")];
    assert_eq!(codes(&site.write(&files).unwrap_err()), [Code::OutputRefused]);
    site.check(&[("a.html", "a"), ("b.html", "mine")]);
    assert_eq!(site.write_with(Force::Forced, &files), Ok(written(2, 0, 0)));
    site.check(&files);
}

#[test]
fn with_a_damaged_record_nothing_is_removed() {
    let site = Site::new();
    site.write(&[("a.html", "a"), ("b.html", "b")]).unwrap();
    let record = fs::read_to_string(site.at("output/.agon")).unwrap();
    site.put("output/.agon", record.replace("checksum", "check"));
    let result = site.write(&[("b.html", "new")]).unwrap();
    assert_eq!((result.written, result.removed), (1, 0));
    assert_eq!(codes(&result.found), [Code::ManifestDamaged]);
    site.check(&[("a.html", "a"), ("b.html", "new")]);
    site.put("output/.agon", "nonsense");
    assert!(site.write(&[("b.html", "newer")]).is_err(), "nothing is known to be ours");
}

#[test]
fn a_record_of_another_version_tells_only_what_is_ours() {
    let site = Site::new();
    site.write(&[("a.html", "a"), ("b.html", "b"), ("c.html", "c")]).unwrap();
    let record = fs::read_to_string(site.at("output/.agon")).unwrap();
    site.put("output/b.html", "x");
    std::thread::sleep(std::time::Duration::from_millis(20));
    site.put("output/.agon", record.replace("manifest 2", "manifest 1"));
    let result = site.write(&[("b.html", "b"), ("c.html", "new")]).unwrap();
    assert_eq!((result.written, result.removed), (2, 0));
    assert_eq!(codes(&result.found), [Code::ManifestDamaged]);
    assert!(result.found[0].message.contains("of another version"), "{:?}", result.found);
    site.check(&[("a.html", "a"), ("b.html", "b"), ("c.html", "new")]);
}

#[test]
fn a_record_that_names_files_elsewhere_removes_none() {
    let site = Site::new();
    site.put("output/a.html", "a");
    let line = "0000000000000000 5 ../content/a.md\n";
    site.put("output/.agon", format!("agon manifest 2\n{line}checksum 0000000000000000\n"));
    site.write(&[("b.html", "b")]).unwrap();
    assert!(site.at("content/a.md").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    let files = [("a/index.html", "a"), ("b/index.html", "b"), ("c.html", "c")];
    site.write(&files).unwrap();
    let outside = tempfile::tempdir().unwrap();
    for name in ["index.html", "c.html"] {
        fs::write(outside.path().join(name), "mine").unwrap();
    }
    fs::remove_dir_all(site.at("output/a")).unwrap();
    symlink(outside.path(), site.at("output/a")).unwrap();
    fs::remove_file(site.at("output/c.html")).unwrap();
    symlink(outside.path().join("c.html"), site.at("output/c.html")).unwrap();

    let mut found = codes(&site.write(&files).unwrap_err());
    found.dedup();
    assert_eq!(found, [Code::OutputRefused]);
    assert_eq!(site.write(&[("b/index.html", "b")]), Ok(written(0, 1, 0)));
    for name in ["index.html", "c.html"] {
        assert_eq!(fs::read_to_string(outside.path().join(name)).unwrap(), "mine");
    }
    site.check(&[("a", "a link"), ("b/index.html", "b"), ("c.html", "a link")]);
}

#[test]
fn the_rest_of_an_interrupted_build_is_no_hindrance() {
    let site = Site::new();
    site.put("output/.agon-staging/a.html", "half");
    assert_eq!(site.write(&[("b.html", "b")]), Ok(written(1, 0, 0)));
    site.check(&[("b.html", "b")]);
}

#[test]
fn large_files_are_copied_and_compared() {
    let site = Site::new();
    site.put("static/large.bin", "0123456789".repeat(20_000));
    let asset = || {
        let path = SitePath::new("static/large.bin").unwrap();
        let asset = site.read().value.assets[&path].clone();
        let content = OutputContent::Asset(asset);
        vec![Ok(OutputFile { path: "large.bin".to_owned(), content })].into_par_iter()
    };
    let target = site.target("output", Force::Careful);
    assert_eq!(write(&target, asset()), Ok(written(1, 0, 0)));
    assert_eq!(write(&target, asset()), Ok(written(0, 1, 0)));
    site.put("static/large.bin", "0123456780".repeat(20_000));
    assert_eq!(write(&target, asset()), Ok(written(1, 0, 0)));
    site.check(&[("large.bin", &"0123456780".repeat(20_000))]);
}

#[test]
#[cfg(unix)]
fn permissions_are_not_copied() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::new();
    site.put("static/large.bin", "0123456789".repeat(20_000));
    fs::set_permissions(site.at("static/large.bin"), fs::Permissions::from_mode(0o500)).unwrap();
    let assets = site.read().value.assets;
    let files: Vec<_> = assets
        .values()
        .map(|asset| OutputContent::Asset(asset.clone()))
        .map(|content| Ok(OutputFile { path: "large.bin".to_owned(), content }))
        .collect();
    write(&site.target("output", Force::Careful), files.into_par_iter()).unwrap();
    site.put("output/ordinary", "");
    let mode = |path: &str| fs::metadata(site.at(path)).unwrap().permissions().mode();
    assert_eq!(mode("output/large.bin"), mode("output/ordinary"));
}

#[test]
fn a_build_that_stopped_between_two_files_is_made_good() {
    let site = Site::new();
    site.write(&[("a", "1"), ("b", "1"), ("old", "1")]).unwrap();
    // The record names all three, as it does while files are renamed.
    site.put("output/a", "2");
    fs::remove_file(site.at("output/b")).unwrap();
    site.put("output/.agon-staging/b", "2");
    assert_eq!(site.write(&[("a", "2"), ("b", "2")]), Ok(written(1, 1, 1)));
    site.check(&[("a", "2"), ("b", "2")]);
}
