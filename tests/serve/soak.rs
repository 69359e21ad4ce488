//! Many random changes in a row while others read: at the end all is as a build makes it.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{LIMIT, Served, Site, without_script};

/// Changes of a run, unless `AGON_SOAK` says how many.
const CHANGES: usize = 2_000;

/// Changes after which the memory is measured for the first time.
const WARM: usize = 200;

/// xorshift64 (Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

/// The text of an article; every fifth is an original.
fn article(number: usize, words: usize) -> String {
    let text = format!("Sentence {words} of the author is new and says {} things.", words % 7);
    if number.is_multiple_of(5) {
        let quoted = format!("What article {number} has to say is said in this very sentence.");
        return format!(
            "---\ntitle: Article {number}\ndate: 2026-01-02\ncolor: blue\n---\n\n{quoted}\n\n{text}\n"
        );
    }
    let parent = number - number % 5;
    format!(
        "---\ntitle: Article {number}\ndate: 2026-01-03\ncolor: red\nrebuts: article-{parent}\n---\n\n\
         > What article {parent} has to say is said in this very sentence.\n\n{text}\n"
    )
}

fn change(site: &Site, random: &mut Random, step: usize) {
    let number = random.below(40);
    let path = format!("content/article-{number}.md");
    match random.below(10) {
        0 => {
            let _ = std::fs::remove_file(site.at(&path));
        }
        1 => {
            let moved = site.at(&format!("content/moved-{}.md", random.below(5)));
            let _ = std::fs::rename(site.at(&path), moved);
        }
        2 => site.put(&path, "---\ntitle: [broken\n---\n\n> Nobody said so.\n"),
        3 => site.put(&path, &article(number, step).replace("very sentence", "other phrase")),
        4 => site.put("static/custom.css", &format!("h1 {{ order: {step} }}")),
        5 => site.put("site.yaml", &format!("title: Site {step}\n")),
        6 => site.put(&format!("static/file-{}.txt", random.below(5)), &step.to_string()),
        7 => std::fs::write(site.at(&path), article(number, step)).unwrap(),
        _ => site.put(&path, &article(number, step)),
    }
}

fn mend(site: &Site) {
    for number in 0..40 {
        site.put(&format!("content/article-{number}.md"), &article(number, number));
    }
    for number in 0..5 {
        let _ = std::fs::remove_file(site.at(&format!("content/moved-{number}.md")));
    }
    site.put("site.yaml", "title: Mended\n");
}

/// Resident memory, where the system tells.
fn resident_kb(served: &Served) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", served.program.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The files that a build makes and the server does not serve so.
fn differing(served: &Served, output: &Path) -> Vec<String> {
    let mut folders = vec![output.to_owned()];
    let mut differing = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(output).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if name != ".agon" {
                let url = agon::site::url::encoded(&format!("/{name}"));
                if without_script(served.get(&url).body, "") != std::fs::read(&path).unwrap() {
                    differing.push(name);
                }
            }
        }
    }
    differing
}

#[test]
fn after_many_changes_all_is_as_a_build_makes_it() {
    let changes = std::env::var("AGON_SOAK").ok().and_then(|text| text.parse().ok());
    let changes: usize = changes.unwrap_or(CHANGES);
    let site = Site::new();
    std::fs::remove_dir_all(site.at("content")).unwrap();
    mend(&site);
    let served = site.serve(&[]);
    let ended = AtomicBool::new(false);
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut warm = None;
    std::thread::scope(|scope| {
        for reader in 1..=4 {
            let (served, ended) = (&served, &ended);
            scope.spawn(move || {
                let mut random = Random(reader);
                while !ended.load(Ordering::Relaxed) {
                    let answer = match random.below(6) {
                        0 => served.get("/"),
                        1 => served.get("/archive/"),
                        _ => served.get(&format!("/article-{}/", random.below(40))),
                    };
                    assert!(matches!(answer.status, 200 | 404), "{}", answer.head);
                    assert!(answer.text().ends_with("</html>\n"), "half a page: {}", answer.text());
                }
            });
        }
        for step in 0..changes {
            change(&site, &mut random, step);
            std::thread::sleep(Duration::from_millis(random.below(20) as u64));
            if step == WARM {
                warm = resident_kb(&served);
            }
        }
        ended.store(true, Ordering::Relaxed);
    });
    mend(&site);
    served.until("/archive/", "Mended");
    let output = tempfile::tempdir().unwrap();
    let mut build = Command::new(env!("CARGO_BIN_EXE_agon"));
    build.arg("build").arg("--root").arg(site.folder.path()).arg("--output").arg(output.path());
    let built = build.env_remove("AGON_BASE_URL").output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let end = Instant::now() + LIMIT;
    while !differing(&served, output.path()).is_empty() {
        assert!(Instant::now() < end, "{:?}", differing(&served, output.path()));
    }
    if let (Some(warm), Some(now)) = (warm, resident_kb(&served)) {
        assert!(now * 10 <= warm * 12, "{warm} kB after {WARM} changes, {now} kB at the end");
    }
}
