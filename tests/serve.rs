//! `agon serve`: attempts and answers over raw TCP, events after saves, ports and signals.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test runs the program in real folders"
)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{ORIGINAL, REPLY};
use tempfile::TempDir;

#[path = "serve/operations.rs"]
mod operations;
#[path = "serve/soak.rs"]
mod soak;

/// How long something is waited for before it has failed.
const LIMIT: Duration = Duration::from_secs(20);

/// A file so large that no buffer of a connection holds it.
const LARGE_BYTES: usize = 48 * 1024 * 1024;

struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        site.put("content/rain.md", ORIGINAL);
        site.put("content/sun.md", REPLY);
        site.put("content/café.md", &REPLY.replace("title: Sun", "title: Café"));
        site.put("site.yaml", "title: Weather\n");
        site.put("static/digits.txt", "0123456789");
        site.put("static/100%.png", "no picture");
        site.put("static/old/index.html", "<p>old</p>");
        site
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Saves a file as editors do.
    fn put(&self, path: &str, text: &str) {
        std::fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        let beside = self.at(&format!("{path}.tmp"));
        std::fs::write(&beside, text).unwrap();
        std::fs::rename(beside, self.at(path)).unwrap();
    }

    fn serve(&self, arguments: &[&str]) -> Served {
        self.serve_at("0", arguments)
    }

    fn serve_at(&self, port: &str, arguments: &[&str]) -> Served {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agon"));
        command.args(["serve", "--port", port, "--root"]).arg(self.folder.path());
        command.args(arguments).env_remove("AGON_BASE_URL").env_remove("SOURCE_DATE_EPOCH");
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = command.spawn().unwrap();
        let mut said = BufReader::new(program.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains("serving ") {
            assert!(said.read_line(&mut printed).unwrap() > 0, "it ended: {printed}");
        }
        // What comes later is read away, so that the program never waits for its reader.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let url = printed.split("serving http://").nth(1).unwrap();
        let address = url.split('/').next().unwrap().to_owned();
        let port = address.rsplit(':').next().unwrap().parse().unwrap();
        Served { program, printed, address, port }
    }
}

struct Served {
    program: Child,
    printed: String,
    address: String,
    port: u16,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|pair| pair.1)
            .next()
            .unwrap_or("")
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Served {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream
    }

    /// Sends `request` as it is, `PORT` being the server's, and reads until the end.
    fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let end =
            all.windows(4).position(|four| four == b"\r\n\r\n").map_or(all.len(), |at| at + 4);
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head, body: all[end..].to_vec() }
    }

    fn ask(&self, line: &str, more: &str) -> Answer {
        let port = self.port;
        self.raw(
            format!("{line} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{more}\r\n")
                .as_bytes(),
        )
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), "")
    }

    /// The stream of events of the page `page`, whose answer was `answer`.
    fn events(&self, page: &str, seen: &str) -> BufReader<TcpStream> {
        let mut stream = self.connect();
        let port = self.port;
        let request = format!(
            "GET /__agon/events?page={page}&seen={seen} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        BufReader::new(stream)
    }

    /// Waits until the page says `words`.
    fn until(&self, path: &str, words: &str) -> Answer {
        let end = Instant::now() + LIMIT;
        loop {
            let answer = self.get(path);
            if answer.text().contains(words) {
                return answer;
            }
            assert!(Instant::now() < end, "{path} never said {words}: {}", answer.text());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The fingerprint of a page, which its script sends.
fn seen(answer: &Answer) -> String {
    let text = answer.text();
    text.split("data-seen=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// The next event that says what to do.
fn next_event(events: &mut BufReader<TcpStream>) -> String {
    loop {
        let mut line = String::new();
        assert!(events.read_line(&mut line).unwrap() > 0, "the stream ended");
        if line.contains("data: ") {
            return line;
        }
    }
}

/// Whether nothing is said for a while.
#[track_caller]
fn is_quiet(events: &mut BufReader<TcpStream>) {
    events.get_mut().set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let mut line = String::new();
    while events.read_line(&mut line).is_ok_and(|read| read > 0) {
        assert!(!line.contains("data: "), "{line}");
        line.clear();
    }
    events.get_mut().set_read_timeout(Some(LIMIT)).unwrap();
}

/// Attempts at paths, and the status of the answer.
const PATHS: &[(&str, u16)] = &[
    ("/", 200),
    ("/sun/", 200),
    ("/rain/", 200),
    ("/rain/flow/", 200),
    ("/archive/", 200),
    ("/digits.txt", 200),
    ("/digits%2Etxt", 200),
    ("/100%25.png", 200),
    ("/caf%C3%A9/", 200),
    ("/assets/css/tokens.css", 200),
    ("/assets/css/tokens.css?v=12345678", 200),
    ("/robots.txt", 200),
    ("/sun/index.html", 200),
    ("/old/", 200),
    ("/__agon/reload.js", 200),
    ("/__agon/preview.css", 200),
    ("/sun", 301),
    ("/rain/flow", 301),
    ("/old", 301),
    ("/404.html", 200),
    ("/nowhere", 404),
    ("/nowhere/deep/down/", 404),
    ("/__agon/", 404),
    ("/__agon/serve.rs", 404),
    ("/site.yaml", 404),
    ("/content/sun.md", 404),
    ("/themes/broadsheet/theme.yaml", 404),
    ("/static/digits.txt", 404),
    ("/../site.yaml", 404),
    ("/assets/../digits.txt", 404),
    ("/./digits.txt", 404),
    ("/%2e%2e/site.yaml", 404),
    ("/%2E%2E/%2E%2E/etc/passwd", 404),
    ("/assets/%2e%2e/digits.txt", 404),
    ("/..%2fsite.yaml", 404),
    ("/..%2Fsite.yaml", 404),
    ("/..%5csite.yaml", 404),
    ("/..%5Csite.yaml", 404),
    ("/%252e%252e/site.yaml", 404),
    ("/%252e%252e%252fsite.yaml", 404),
    ("/%c0%ae%c0%ae/site.yaml", 404),
    ("/%ff", 404),
    ("/digits.txt%00", 404),
    ("/digits.txt%00.png", 404),
    ("/digits.txt%0d%0aX-Evil:%201", 404),
    ("//digits.txt", 404),
    ("//evil.example/sun", 404),
    ("//evil.example/..", 404),
    ("/sun//", 404),
    ("/etc/passwd", 404),
    ("/%2fetc%2fpasswd", 404),
    ("/C:/Windows/win.ini", 404),
    ("/C:%5CWindows%5Cwin.ini", 404),
    ("/file:///etc/passwd", 404),
    ("/SUN/", 404),
    ("/digits.txt/", 404),
];

#[test]
fn no_path_leads_anywhere_but_to_pages() {
    let site = Site::new();
    let served = site.serve(&[]);
    let mut wrong = Vec::new();
    for &(path, status) in PATHS {
        let answer = served.get(path);
        if answer.status != status {
            wrong.push(format!("{path}: {} instead of {status}", answer.status));
        }
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.head.contains("X-Evil"), "{path}: {}", answer.head);
        let head = served.ask(&format!("HEAD {path}"), "");
        assert_eq!((head.status, head.body.len()), (answer.status, 0), "HEAD {path}");
        assert_eq!(head.header("content-length"), answer.header("content-length"), "{path}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(served.get("/nowhere/deep/down/").text().contains("/assets/css/"));
    assert_eq!(
        served.get("/sun?a=1&b=//evil.example").header("location"),
        "/sun/?a=1&b=//evil.example"
    );
    assert_eq!(served.get("/caf%C3%A9").header("location"), "/caf%C3%A9/");
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_site() {
    let site = Site::new();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.txt"), "secret").unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), site.at("static/link.txt"))
        .unwrap();
    std::os::unix::fs::symlink(outside.path(), site.at("static/folder")).unwrap();
    std::fs::write(site.at("static/large.bin"), vec![b'a'; 1024 * 1024]).unwrap();
    let served = site.serve(&[]);
    assert_eq!(served.get("/link.txt").status, 404);
    assert_eq!(served.get("/folder/secret.txt").status, 404);
    assert_eq!(served.get("/large.bin").body.len(), 1024 * 1024);
    // A link that is put in the place of a file that was read, before anybody looks again.
    std::fs::remove_file(site.at("static/large.bin")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), site.at("static/large.bin"))
        .unwrap();
    assert_eq!(served.get("/large.bin").status, 404);
}

#[test]
fn only_the_server_itself_is_asked() {
    let site = Site::new();
    let served = site.serve(&[]);
    let port = served.port;
    let check = |host: &str, status: u16| {
        let host = host.replace("PORT", &port.to_string());
        let request = format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        assert_eq!(served.raw(request.as_bytes()).status, status, "{host:?}");
    };
    for own in [
        "localhost",
        "localhost:PORT",
        "LOCALHOST:PORT",
        "127.0.0.1",
        "127.0.0.1:PORT",
        "[::1]:PORT",
        // Through a tunnel from another port.
        "localhost:9000",
    ] {
        check(&format!("Host: {own}\r\n"), 200);
    }
    for other in [
        "evil.example",
        "evil.example:PORT",
        "localhost.evil.example:PORT",
        "127.0.0.1.evil.example",
        "127.0.0.2:PORT",
        "0.0.0.0:PORT",
        "[::2]:PORT",
        "localhost:PORT@evil.example",
        "",
    ] {
        check(&format!("Host: {other}\r\n"), 421);
    }
    check("", 400);
    check("Host: localhost\r\nHost: evil.example\r\n", 400);
    let absolute = format!(
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(served.raw(absolute.as_bytes()).status, 421);
    let own = absolute.replace("evil.example", &format!("localhost:{port}"));
    assert_eq!(served.raw(own.as_bytes()).status, 200);
}

#[test]
fn nothing_but_reading_is_done() {
    let site = Site::new();
    let served = site.serve(&[]);
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "BREW"] {
        let answer = served.ask(&format!("{method} /"), "Content-Length: 0\r\n");
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    for nonsense in ["\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0\0\0\0\r\n\r\n"] {
        assert!(matches!(served.raw(nonsense.as_bytes()).status, 0 | 400 | 505), "{nonsense:?}");
    }
    let header = format!("X-Long: {}\r\n", "a".repeat(100 * 1024));
    assert!(matches!(served.ask("GET /", &header).status, 0 | 431));
    let many: String = (0..500).map(|number| format!("X-{number}: a\r\n")).collect();
    assert_eq!(served.ask("GET /", &many).status, 431);
    let long = format!("GET /{}", "a".repeat(100 * 1024));
    assert!(matches!(served.ask(&long, "").status, 0 | 414 | 431));
    assert_eq!(served.get("/").status, 200);
}

#[test]
fn a_part_of_a_file_can_be_read() {
    let site = Site::new();
    std::fs::write(site.at("static/large.bin"), vec![b'x'; 300_000]).unwrap();
    let served = site.serve(&[]);
    let check = |path: &str, range: &str, expected: (u16, &str, usize)| {
        let answer = served.ask(&format!("GET {path}"), &format!("Range: {range}\r\n"));
        let found = (answer.status, answer.header("content-range"), answer.body.len());
        assert_eq!(found, expected, "{path} {range}");
    };
    check("/digits.txt", "bytes=2-4", (206, "bytes 2-4/10", 3));
    check("/digits.txt", "bytes=-3", (206, "bytes 7-9/10", 3));
    check("/digits.txt", "bytes=8-", (206, "bytes 8-9/10", 2));
    check("/digits.txt", "bytes=0-99", (206, "bytes 0-9/10", 10));
    check("/digits.txt", "bytes=5-2", (200, "", 10));
    check("/digits.txt", "bytes=0-1,4-5", (200, "", 10));
    check("/digits.txt", "apples=0-1", (200, "", 10));
    check("/large.bin", "bytes=1-100000", (206, "bytes 1-100000/300000", 100_000));
    check("/large.bin", "bytes=299999-", (206, "bytes 299999-299999/300000", 1));
    let beyond = served.ask("GET /digits.txt", "Range: bytes=10-\r\n");
    assert_eq!((beyond.status, beyond.header("content-range")), (416, "bytes */10"));
    let beyond = served.ask("GET /large.bin", "Range: bytes=300000-\r\n");
    assert_eq!((beyond.status, beyond.header("content-range")), (416, "bytes */300000"));
    let conditional = served.ask("GET /digits.txt", "Range: bytes=2-4\r\nIf-Range: \"a\"\r\n");
    assert_eq!(conditional.status, 200);
    assert_eq!(served.get("/digits.txt").header("accept-ranges"), "bytes");
    assert_eq!(served.ask("HEAD /digits.txt", "Range: bytes=2-4\r\n").status, 200);
}

#[test]
fn files_have_their_types() {
    let site = Site::new();
    for name in
        ["a.svg", "a.woff2", "a.avif", "a.webp", "a.mp4", "a.pdf", "a.json", "a.bin", "CNAME"]
    {
        site.put(&format!("static/{name}"), "x");
    }
    let served = site.serve(&["--base-url", "https://example.org"]);
    for (path, expected) in [
        ("/", "text/html; charset=utf-8"),
        ("/gone", "text/html; charset=utf-8"),
        ("/feed.xml", "application/xml"),
        ("/sitemap.xml", "application/xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/assets/css/tokens.css", "text/css; charset=utf-8"),
        ("/__agon/reload.js", "text/javascript; charset=utf-8"),
        ("/a.svg", "image/svg+xml"),
        ("/a.woff2", "font/woff2"),
        ("/a.avif", "image/avif"),
        ("/a.webp", "image/webp"),
        ("/a.mp4", "video/mp4"),
        ("/a.pdf", "application/pdf"),
        ("/a.json", "application/json"),
        ("/a.bin", "application/octet-stream"),
        ("/CNAME", "application/octet-stream"),
    ] {
        assert_eq!(served.get(path).header("content-type"), expected, "{path}");
    }
}

/// A repository that publishes at GitHub Pages is built for its folder there, and so shown in it.
#[test]
fn the_site_stands_where_its_repository_publishes_it() {
    let site = Site::new();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(site.folder.path()).args(arguments);
        assert!(command.output().unwrap().status.success(), "git {arguments:?}");
    };
    git(&["init", "-q"]);
    git(&["remote", "add", "origin", "https://github.com/ada/essays.git"]);
    let served = site.serve(&[]);
    assert_eq!(served.get("/essays/sun/").status, 200, "{}", served.printed);
    site.put("static/CNAME", "debates.example\n");
    served.until("/sun/", "Not on mine.");
    site.put("site.yaml", "title: Weather\nbase_url: https://example.org/here/\n");
    served.until("/here/sun/", "Not on mine.");
}

#[test]
fn the_site_stands_under_the_path_of_its_base_url() {
    let site = Site::new();
    let served = site.serve(&["--base-url", "https://example.org/repo/"]);
    assert!(served.printed.contains("/repo/ "), "{}", served.printed);
    for (path, location) in [("/", "/repo/"), ("/repo", "/repo/"), ("/repo/sun?a", "/repo/sun/?a")]
    {
        assert_eq!(served.get(path).header("location"), location, "{path}");
    }
    assert_eq!(served.get("/repo/sun/").status, 200);
    assert_eq!(served.get("/sun/").status, 404);
    assert_eq!(served.get("/repository/").status, 404);
    let home = served.get("/repo/").text();
    assert!(home.contains("src=\"/repo/__agon/reload.js\"") && home.contains("/repo/assets/css/"));
}

#[test]
fn pages_are_those_of_a_build() {
    let site = Site::new();
    let output = site.at("public");
    let build = Command::new(env!("CARGO_BIN_EXE_agon"))
        .args(["build", "--base-url", "https://example.org/repo", "--root"])
        .arg(site.folder.path())
        .arg("--output")
        .arg(&output)
        .output()
        .unwrap();
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    let served = site.serve(&["--base-url", "https://example.org/repo"]);
    let mut folders = vec![output.clone()];
    let mut compared = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&output).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if name != ".agon" {
                let url = agon::site::url::encoded(&format!("/repo/{name}"));
                let served = without_script(served.get(&url).body, "/repo");
                assert!(served == std::fs::read(&path).unwrap(), "{name} differs");
                compared += 1;
            }
        }
    }
    assert!(compared > 20, "only {compared} files were compared");
    assert!(!site.at("output").exists());
}

/// The page without what the preview puts in.
fn without_script(page: Vec<u8>, base: &str) -> Vec<u8> {
    let Ok(text) = String::from_utf8(page.clone()) else { return page };
    let script = format!("<script src=\"{base}/__agon/reload.js\"");
    let Some(start) = text.find(&script) else { return page };
    let end = start + text[start..].find("</script>").unwrap() + "</script>".len();
    format!("{}{}", &text[..start], &text[end..]).into_bytes()
}

#[test]
fn nobody_holds_up_another() {
    let site = Site::new();
    std::fs::write(site.at("static/large.bin"), vec![0; LARGE_BYTES]).unwrap();
    let served = site.serve(&[]);
    let page = served.get("/sun/");
    let mut held = Vec::new();
    for _ in 0..50 {
        let mut half = served.connect();
        half.write_all(b"GET / HTTP/1.1\r\nHost: local").unwrap();
        held.push(half);
    }
    for _ in 0..10 {
        let mut deaf = served.connect();
        let request = format!("GET /large.bin HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", served.port);
        deaf.write_all(request.as_bytes()).unwrap();
        held.push(deaf);
    }
    let streams: Vec<_> = (0..20).map(|_| served.events("/sun/", &seen(&page))).collect();
    let mut times: Vec<Duration> = (0..20)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(served.get("/sun/").status, 200);
            start.elapsed()
        })
        .collect();
    times.sort();
    assert!(times[10] < Duration::from_millis(50), "{times:?}");
    // And all that were held up are told of a change.
    site.put("content/sun.md", &REPLY.replace("mine", "ours"));
    for mut stream in streams {
        assert!(next_event(&mut stream).contains("\"reload\""));
    }
    // A half-sent head is given up.
    let mut first = held.swap_remove(0);
    let mut rest = Vec::new();
    assert!(first.read_to_end(&mut rest).is_ok(), "it was not closed in time");
}

#[test]
fn a_page_is_told_of_its_own_changes_alone() {
    let site = Site::new();
    site.put("static/custom.css", "h1 { color: green }");
    site.put("content/about.md", "---\nkind: page\ntitle: About\n---\n\nWho we are.\n");
    let served = site.serve(&[]);
    let (sun, about) = (served.get("/sun/"), served.get("/about/"));
    let mut of_sun = served.events("/sun/", &seen(&sun));
    let mut of_about = served.events("/about/", &seen(&about));
    site.put("content/rain.md", &ORIGINAL.replace("It asks nobody first.", "It asks nobody."));
    assert!(next_event(&mut of_sun).contains("\"reload\""), "the original stands on the page");
    site.put("static/custom.css", "h1 { color: red }");
    assert!(next_event(&mut of_about).contains("\"styles\""), "nothing before concerned it");
    let sheet = next_event(&mut of_sun);
    assert!(sheet.contains("\"styles\""), "{sheet}");
    // A page that was open while the server was away is told at once.
    let mut late = served.events("/sun/", &seen(&sun));
    assert!(next_event(&mut late).contains("\"reload\""));
    std::fs::remove_file(site.at("content/about.md")).unwrap();
    assert!(next_event(&mut of_about).contains("\"reload\""));
    assert_eq!(served.get("/about/").status, 404);
}

#[test]
fn what_is_wrong_is_in_the_page_and_goes_with_its_cause() {
    let site = Site::new();
    let served = site.serve(&["--editor", "vscodium"]);
    let sound = served.get("/sun/").text();
    site.put("content/sun.md", &REPLY.replace("every roof in", "no roof outside"));
    let broken = served.until("/sun/", "Misquotation").text();
    assert!(broken.contains("<del>no</del>") && broken.contains("<ins>every</ins>"), "{broken}");
    assert!(broken.contains("href=\"vscodium://file/"), "{broken}");
    assert!(!served.get("/caf%C3%A9/").text().contains("Misquotation"));
    site.put("content/sun.md", &REPLY.replace("color: red", "colour-of: <b>red</b>"));
    let overlay = served.until("/sun/", "colour-of").text();
    assert!(
        overlay.contains("&lt;b&gt;red&lt;/b&gt;") && !overlay.contains("<b>red</b>"),
        "{overlay}"
    );
    site.put("content/sun.md", REPLY);
    let end = Instant::now() + LIMIT;
    while served.get("/sun/").text() != sound {
        assert!(Instant::now() < end, "the page is not what it was");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_busy_port_gives_the_next_and_two_do_not_disturb_each_other() {
    let site = Site::new();
    let first = site.serve(&[]);
    let second = site.serve_at(&first.port.to_string(), &[]);
    assert_ne!(first.port, second.port);
    let said = format!("port {} is busy: taking {}", first.port, second.port);
    assert!(second.printed.contains(&said), "{}", second.printed);
    site.put("content/sun.md", &REPLY.replace("mine", "ours"));
    first.until("/sun/", "Not on ours");
    second.until("/sun/", "Not on ours");
    drop(second);
    site.put("content/sun.md", REPLY);
    first.until("/sun/", "Not on mine");
}

#[cfg(unix)]
#[test]
fn it_ends_at_once_when_it_is_told_to() {
    for signal in ["-INT", "-TERM"] {
        let site = Site::new();
        let mut served = site.serve(&[]);
        let page = served.get("/sun/");
        let _stream = served.events("/sun/", &seen(&page));
        let start = Instant::now();
        let id = served.program.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let status = served.program.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(start.elapsed() < Duration::from_secs(1), "{signal}: {:?}", start.elapsed());
        let mut left: Vec<_> = std::fs::read_dir(site.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["content", "site.yaml", "static"], "{signal}");
    }
}

#[test]
fn a_theme_that_never_worked_has_a_page_of_its_own() {
    let site = Site::new();
    site.put("site.yaml", "title: Weather\ntheme: mine\n");
    site.put("themes/mine/theme.yaml", "extends: broadsheet\n");
    site.put("themes/mine/templates/home.html", "a\n{% if %}");
    let served = site.serve(&[]);
    for path in ["/", "/sun/", "/gone"] {
        let answer = served.get(path);
        assert_eq!(answer.status, 500, "{path}");
        assert!(answer.text().contains("themes/mine/templates/home.html:2:7"), "{}", answer.text());
    }
    site.put("themes/mine/templates/home.html", "{% extends \"broadsheet/home.html\" %}");
    served.until("/sun/", "Not on mine");
    assert_eq!(served.get("/").status, 200);
}

#[test]
fn a_page_whose_template_links_nowhere_is_shown_all_the_same() {
    let site = Site::new();
    site.put("site.yaml", "title: Weather\ntheme: mine\n");
    site.put("themes/mine/theme.yaml", "extends: broadsheet\n");
    let footer = "{% block footer %}<a href=\"/gone/\">gone</a>{% endblock %}";
    let template = format!("{{% extends \"broadsheet/home.html\" %}}{footer}");
    site.put("themes/mine/templates/home.html", &template);
    let answer = site.serve(&[]).get("/");
    assert_eq!(answer.status, 200);
    let text = answer.text();
    assert!(text.contains(">gone</a>") && text.contains("agon-overlay"), "{text}");
}

#[test]
fn an_image_that_changed_is_shown_anew() {
    let site = Site::new();
    site.put("content/drop.svg", "<svg/>");
    site.put("content/sun.md", &format!("{REPLY}\n![A drop](drop.svg)\n"));
    let served = site.serve(&[]);
    let mut events = served.events("/sun/", &seen(&served.get("/sun/")));
    site.put("content/drop.svg", "<svg></svg>");
    assert!(next_event(&mut events).contains("\"reload\""));
}

#[test]
fn a_copied_page_is_told_of_the_files_that_it_is_made_with() {
    let site = Site::new();
    let head = "<link rel=\"stylesheet\" href=\"../sheet.css\">";
    let body = "<img srcset=\"/one.svg 1x, two.svg 2x\"><video poster=\"/three.svg\"></video>";
    site.put(
        "static/a b/page.html",
        &format!("<html><head>{head}</head><body>{body}</body></html>"),
    );
    let files = ["sheet.css", "one.svg", "a b/two.svg", "three.svg"];
    files.iter().for_each(|file| site.put(&format!("static/{file}"), "<svg/>"));
    let served = site.serve(&[]);
    for file in files {
        // As a browser writes a query.
        let mut events = served.events("/a+b/page.html", &seen(&served.get("/a%20b/page.html")));
        is_quiet(&mut events);
        site.put(&format!("static/{file}"), "<svg></svg>");
        assert!(next_event(&mut events).contains("\"reload\""), "{file}");
    }
}

#[test]
fn a_page_that_stands_nowhere_is_told_of_its_own_changes_alone() {
    let site = Site::new();
    let served = site.serve(&[]);
    let nowhere = served.get("/foo//bar");
    assert!(
        nowhere.status == 404 && nowhere.text().contains("data-page=\"\""),
        "{}",
        nowhere.text()
    );
    let mut events = served.events("", &seen(&nowhere));
    site.put("content/sun.md", &REPLY.replace("mine", "ours"));
    served.until("/sun/", "Not on ours");
    is_quiet(&mut events);
    site.put("site.yaml", "title: Another weather\n");
    assert!(next_event(&mut events).contains("\"reload\""));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_any_more_is_left_out_and_followed() {
    let site = Site::new();
    site.put("content/about.md", "---\nkind: page\ntitle: About\n---\n\nWho we are.\n");
    let served = site.serve(&[]);
    served.until("/about/", "Who we are");
    // A pipe: whoever opens it waits for a writer.
    std::fs::remove_file(site.at("content/about.md")).unwrap();
    assert!(Command::new("mkfifo").arg(site.at("content/about.md")).status().unwrap().success());
    served.until("/about/", "neither a file nor a folder");
    std::fs::remove_file(site.at("content/about.md")).unwrap();
    site.put("content/about.md/more.md", "---\nkind: page\ntitle: More\n---\n\nWho they are.\n");
    let more = served.until("/more/", "Who they are").text();
    let gone = served.until("/about/", "404").text();
    for text in [more, gone, served.get("/").text()] {
        assert!(!text.contains("cannot be read"), "{text}");
    }
}

#[test]
fn the_browser_is_told_where_the_editor_is() {
    let site = Site::new();
    let served = site.serve(&["--follow", "--base-url", "https://example.org/repo"]);
    let home = served.get("/repo/");
    let mut stream = served.connect();
    let port = served.port;
    let request = format!(
        "GET /repo/__agon/events?page=%2F&seen={} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
        seen(&home)
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut events = BufReader::new(stream);
    site.put("content/café.md", &REPLY.replace("Not on mine.", "Not on mine.\n\nNor on his."));
    let event = next_event(&mut events);
    assert!(event.contains("\"url\":\"/repo/caf%C3%A9/#p2\""), "{event}");
}

#[test]
fn drafts_and_the_future_come_when_they_are_asked_for() {
    let site = Site::new();
    site.put("content/sun.md", &REPLY.replace("color: red", "color: red\ndraft: true"));
    site.put("content/café.md", &REPLY.replace("2026-01-03", "2999-01-03"));
    let without = site.serve(&[]);
    assert_eq!((without.get("/sun/").status, without.get("/caf%C3%A9/").status), (404, 404));
    let with = site.serve(&["--drafts", "--future"]);
    assert!(with.get("/sun/").text().contains("<span class=\"draft\">Draft</span>"));
    assert_eq!(with.get("/caf%C3%A9/").status, 200);
}

#[cfg(target_os = "linux")]
#[test]
fn a_browser_that_does_not_open_is_said() {
    let site = Site::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_agon"));
    command.args(["serve", "--port", "0", "--open", "--root"]).arg(site.folder.path());
    command.env("PATH", site.folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut program = command.spawn().unwrap();
    let lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let said: Vec<String> = lines.take(2).map(Result::unwrap).collect();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(said[0].starts_with("serving http://127.0.0.1:"), "{said:?}");
    assert!(said[1].starts_with("xdg-open does not start"), "{said:?}");
}

#[test]
fn the_terminal_says_everything_once() {
    let site = Site::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_agon"));
    command.args(["serve", "--port", "0", "--root"]).arg(site.folder.path());
    let said = site.at("said.txt");
    let file = std::fs::File::create(&said).unwrap();
    command.stdout(file.try_clone().unwrap()).stderr(file).env("NO_COLOR", "1");
    let mut program = command.spawn().unwrap();
    let until = |words: &str, times: usize| {
        let end = Instant::now() + LIMIT;
        loop {
            let text = std::fs::read_to_string(&said).unwrap();
            if text.matches(words).count() >= times {
                return text;
            }
            assert!(Instant::now() < end, "{words} was not said: {text}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    until("serving ", 1);
    site.put("content/sun.md", &REPLY.replace("every roof in", "no roof outside"));
    until("content/sun.md: ready in ", 1);
    site.put("content/rain.md", &format!("{ORIGINAL}\nMore.\n"));
    let text = until("content/rain.md: ready in ", 1);
    assert_eq!(text.matches("error[misquotation]").count(), 1, "{text}");
    assert_eq!(text.matches(", 1 error").count(), 2, "{text}");
    site.put("content/sun.md", REPLY);
    let text = until("content/sun.md: ready in ", 2);
    assert!(text.trim_end().ends_with(" ms"), "{text}");
    site.put("site.yaml", "title: Weather\nbase_url: https://example.org/repo\n");
    let text = until("serving ", 2);
    assert!(text.trim_end().ends_with("/repo/"), "{text}");
    program.kill().unwrap();
    program.wait().unwrap();
}

#[test]
fn what_cannot_be_served_is_said() {
    let site = Site::new();
    let check = |arguments: &[&str], code: i32, words: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agon"));
        command.arg("serve").args(arguments).current_dir(site.folder.path());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    };
    check(&["--bind", "203.0.113.7"], 1, "--bind");
    check(&["--bind", "everywhere"], 2, "--bind");
    check(&["--port", "70000"], 2, "--port");
    check(&["--root", "nowhere"], 2, "nowhere");
    check(&["--base-url", "example"], 2, "--base-url");
    check(&["--editor", "ed"], 2, "--editor");
}
