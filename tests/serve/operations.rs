//! The ways in which editors, tools and version control change files, against the real server:
//! afterwards the right bytes are served, with the right status.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{LIMIT, ORIGINAL, REPLY, Served, Site};

impl Served {
    /// Waits until the page is answered with `status`.
    fn until_status(&self, path: &str, status: u16) {
        let end = Instant::now() + LIMIT;
        while self.get(path).status != status {
            assert!(Instant::now() < end, "{path} was never answered with {status}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What is there now stays: nothing that is still on its way undoes it.
    fn stays(&self, path: &str, words: &str) {
        let end = Instant::now() + Duration::from_millis(700);
        while Instant::now() < end {
            let text = self.get(path).text();
            assert!(text.contains(words), "{path} said {words} no more: {text}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn saying(words: &str) -> String {
    REPLY.replace("Not on mine.", words)
}

#[test]
fn each_way_to_save_a_file_is_seen() {
    let site = Site::new();
    let served = site.serve(&[]);
    std::fs::write(site.at("content/sun.md"), saying("Written in place.")).unwrap();
    served.until("/sun/", "Written in place.");
    site.put("content/sun.md", &saying("Renamed over it."));
    served.until("/sun/", "Renamed over it.");
    let elsewhere = tempfile::tempdir_in(site.folder.path().parent().unwrap()).unwrap();
    let beside = elsewhere.path().join("sun.md");
    std::fs::write(&beside, saying("From another folder.")).unwrap();
    std::fs::rename(&beside, site.at("content/sun.md")).unwrap();
    served.until("/sun/", "From another folder.");
    // Vim: the old file is moved away, a new one written, the old one removed.
    std::fs::rename(site.at("content/sun.md"), site.at("content/sun.md~")).unwrap();
    std::fs::write(site.at("content/sun.md"), saying("As Vim does.")).unwrap();
    std::fs::remove_file(site.at("content/sun.md~")).unwrap();
    served.until("/sun/", "As Vim does.");
    for number in 0..200 {
        std::fs::write(site.at("content/sun.md"), saying(&format!("Write {number}."))).unwrap();
        std::thread::sleep(Duration::from_millis(4));
    }
    served.until("/sun/", "Write 199.");
    served.stays("/sun/", "Write 199.");
}

#[test]
fn files_come_and_go() {
    let site = Site::new();
    let served = site.serve(&[]);
    site.put("content/new.md", &saying("A new one."));
    served.until("/new/", "A new one.");
    std::fs::rename(site.at("content/new.md"), site.at("content/renamed.md")).unwrap();
    served.until("/renamed/", "A new one.");
    served.until_status("/new/", 404);
    std::fs::remove_file(site.at("content/renamed.md")).unwrap();
    served.until_status("/renamed/", 404);
    std::fs::create_dir_all(site.at("content/one/two")).unwrap();
    std::fs::write(site.at("content/one/two/deep.md"), saying("Two levels down.")).unwrap();
    served.until("/deep/", "Two levels down.");
    std::fs::write(site.at("content/one/two/deep.md"), saying("And again.")).unwrap();
    served.until("/deep/", "And again.");
    std::fs::rename(site.at("content"), site.at("away")).unwrap();
    served.until_status("/sun/", 404);
    std::fs::rename(site.at("away"), site.at("content")).unwrap();
    served.until("/sun/", "Not on mine.");
    std::fs::write(site.at("content/sun.md"), saying("Still watched.")).unwrap();
    served.until("/sun/", "Still watched.");
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_watched() {
    let site = Site::new();
    site.put("notes/linked.md", &saying("Through a link."));
    std::os::unix::fs::symlink("../notes/linked.md", site.at("content/linked.md")).unwrap();
    let served = site.serve(&[]);
    served.until("/linked/", "Through a link.");
    site.put("notes/linked.md", &saying("Through the same link."));
    served.until("/linked/", "Through the same link.");
}

#[test]
fn what_is_broken_is_mended() {
    let site = Site::new();
    let served = site.serve(&[]);
    site.put("content/sun.md", "---\ntitle: [Sun\n---\n\nBroken.\n");
    served.until("/sun/", "agon-overlay");
    assert_eq!(served.get("/rain/").status, 200);
    site.put("content/sun.md", REPLY);
    served.until("/sun/", "Not on mine.");
    assert!(!served.get("/sun/").text().contains("agon-overlay"));
}

#[test]
fn themes_and_settings_are_watched() {
    let site = Site::new();
    site.put("themes/mine/theme.yaml", "extends: broadsheet\n");
    site.put("site.yaml", "title: Weather\ntheme: mine\n");
    let served = site.serve(&[]);
    let overridden =
        "{% extends \"broadsheet/home.html\" %}{% block footer %}My foot.{% endblock %}";
    site.put("themes/mine/templates/home.html", overridden);
    served.until("/", "My foot.");
    site.put("themes/mine/static/css/mine.css", "h1 { color: teal }");
    let sheet = || {
        let home = served.get("/").text();
        let mut links = home.split("rel=\"stylesheet\" href=\"").skip(1);
        links.any(|link| served.get(link.split('"').next().unwrap()).text().contains("color: teal"))
    };
    let end = Instant::now() + LIMIT;
    while !sheet() {
        assert!(Instant::now() < end, "the style sheet is not linked");
        std::thread::sleep(Duration::from_millis(20));
    }
    site.put("site.yaml", "title: Climate\ntheme: mine\n");
    served.until("/", "Climate");
    std::fs::remove_file(site.at("themes/mine/templates/home.html")).unwrap();
    served.until("/", "Made with Agon");
}

#[test]
fn another_branch_is_another_site() {
    let site = Site::new();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            "core.hooksPath=",
        ]);
        command.arg("-C").arg(site.folder.path()).args(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
    };
    if !git(&["init", "-b", "main"]) {
        // Without git there is nothing to check out.
        return;
    }
    assert!(
        git(&["add", "-A"]) && git(&["commit", "-m", "one"]) && git(&["checkout", "-b", "other"])
    );
    site.put("content/rain.md", &ORIGINAL.replace("It asks nobody first.", "It asks first."));
    site.put("content/other.md", &saying("Only on this branch."));
    std::fs::remove_file(site.at("content/sun.md")).unwrap();
    assert!(git(&["add", "-A"]) && git(&["commit", "-m", "two"]));
    let served = site.serve(&[]);
    served.until("/other/", "It asks first.");
    assert!(git(&["checkout", "main"]));
    served.until("/sun/", "It asks nobody first.");
    served.until_status("/other/", 404);
    assert!(git(&["checkout", "other"]));
    served.until("/other/", "It asks first.");
    served.until_status("/sun/", 404);
}
