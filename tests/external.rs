//! `agon check --external` against a server of the test's own.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test runs the program and serves what it asks for"
)]

mod common;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use common::{Ran, TODAY};
use tempfile::TempDir;

/// What a server was asked: `HEAD /path`, in order.
type Asked = Arc<Mutex<Vec<String>>>;

/// A server at a port of this machine, which answers by path until the test ends.
struct Server {
    host: String,
    asked: Asked,
}

impl Server {
    /// `answer` takes method, path and how often that was asked before, and gives the head of
    /// the answer; an empty one hangs up.
    fn new(answer: fn(&str, &str, usize) -> String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let asked = Asked::default();
        let log = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let log = log.clone();
                std::thread::spawn(move || serve(&stream.unwrap(), &log, answer));
            }
        });
        Self { host, asked }
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

fn serve(stream: &TcpStream, log: &Asked, answer: fn(&str, &str, usize) -> String) {
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(first)) = lines.next() {
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let mut words = first.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let request = format!("{method} {path}");
        let before = {
            let mut log = log.lock().unwrap();
            log.push(request.clone());
            log.iter().filter(|one| **one == request).count() - 1
        };
        let head = answer(method, path, before);
        if head.is_empty() {
            return;
        }
        let mut stream = stream;
        let _ = write!(stream, "HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n");
    }
}

fn site(text: &str, settings: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let article = format!("---\ntitle: Links\ndate: 2026-01-02\n---\n\n{text}\n");
    common::put(&folder.path().join("content/links.md"), article);
    common::put(&folder.path().join("site.yaml"), settings);
    folder
}

fn command(folder: &TempDir, now: &str) -> Command {
    let mut command = common::agon(folder.path(), &["check", "--external"]);
    command.env("SOURCE_DATE_EPOCH", now);
    for variable in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"] {
        command.env_remove(variable).env_remove(variable.to_lowercase());
    }
    command
}

fn check(folder: &TempDir) -> Ran {
    command(folder, TODAY).output().unwrap().into()
}

fn ok(_: &str, _: &str, _: usize) -> String {
    "200 OK".to_owned()
}

#[test]
fn each_address_is_asked_once_and_not_again_for_a_day() {
    let server = Server::new(ok);
    let host = &server.host;
    let folder = site(
        &format!(
            "[a](http://{host}/a#x) [b](http://{host}/a#y) <http://{host}/b?c=d%20e> [m](mailto:a@b.org) [p](/)"
        ),
        "",
    );
    check(&folder).check(0, "\n2 outward links: 2 alive\n", "note");
    assert_eq!(server.asked(), ["HEAD /a", "HEAD /b?c=d%20e"]);
    check(&folder).check(
        0,
        "2 outward links (2 known from less than a day ago): 2 alive\n",
        "note",
    );
    assert_eq!(server.asked(), Vec::<String>::new());
    let ignore = std::fs::read_to_string(folder.path().join(".agon-cache/.gitignore")).unwrap();
    assert_eq!(ignore, "*\n");
    let tomorrow = (TODAY.parse::<i64>().unwrap() + 24 * 60 * 60).to_string();
    let ran: Ran = command(&folder, &tomorrow).output().unwrap().into();
    ran.check(0, "2 outward links: 2 alive\n", "note");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn answers_that_cannot_be_kept_are_no_fault() {
    let server = Server::new(ok);
    let folder = site(&format!("<http://{}/a>", server.host), "");
    common::put(&folder.path().join(".agon-cache"), "a file");
    check(&folder).check(0, "1 outward link: 1 alive\n", "note[unwritable]");
}

#[test]
fn without_the_flag_nobody_is_asked() {
    let server = Server::new(ok);
    let folder = site(&format!("<http://{}/a>", server.host), "");
    for command in ["check", "build"] {
        let ran: Ran = common::agon(folder.path(), &[command]).output().unwrap().into();
        ran.check(0, "1 article", "note");
    }
    assert_eq!(server.asked(), Vec::<String>::new());
    assert!(!folder.path().join(".agon-cache").exists());
}

#[test]
fn a_dead_link_is_an_error_at_its_line_and_asked_again() {
    let server = Server::new(|_, _, _| "404 Not Found".to_owned());
    let host = &server.host;
    let folder =
        site(&format!("One [a](http://{host}/gone).\n\nTwo [b](http://{host}/gone#x)."), "");
    let ran = check(&folder);
    ran.check(1, "1 outward link: 1 dead\n1 error\n", "error[dead-outward-link]");
    assert!(ran.err.contains(&format!("`http://{host}/gone` leads nowhere: it answers 404")));
    assert!(ran.err.contains("--> content/links.md:6:5"), "{ran:#?}");
    assert!(ran.err.contains("here too"), "{ran:#?}");
    assert_eq!(server.asked(), ["GET /gone", "HEAD /gone"]);
    check(&folder).check(1, "1 outward link: 1 dead\n", "error[dead-outward-link]");
    assert_eq!(server.asked(), ["GET /gone", "HEAD /gone"]);
}

#[test]
fn who_refuses_head_is_asked_with_get() {
    let server = Server::new(|method, path, _| match (method, path) {
        ("GET", _) => "200 OK".to_owned(),
        (_, "/hangs-up") => String::new(),
        _ => "405 Method Not Allowed".to_owned(),
    });
    let host = &server.host;
    let folder = site(&format!("<http://{host}/a> <http://{host}/hangs-up>"), "");
    check(&folder).check(0, "2 outward links: 2 alive\n", "note");
    assert_eq!(server.asked(), ["GET /a", "GET /hangs-up", "HEAD /a", "HEAD /hangs-up"]);
}

#[test]
fn what_only_turns_robots_away_is_unverified_and_never_fails() {
    let server = Server::new(|_, path, _| format!("{} No", path.trim_start_matches('/')));
    let host = &server.host;
    let folder = site(&format!("<http://{host}/403> <http://{host}/429> <http://{host}/999>"), "");
    let ran: Ran = command(&folder, TODAY).arg("--strict").output().unwrap().into();
    ran.check(0, "3 outward links: 3 unverified\n", "note[unverified-link]");
    assert_eq!(server.asked(), ["GET /403", "HEAD /403", "HEAD /429", "HEAD /999"]);
}

#[test]
fn redirects_are_followed_and_permanent_ones_told() {
    let server = Server::new(|_, path, _| match path {
        "/old" => "301 Moved Permanently\r\nlocation: /newer".to_owned(),
        "/newer" => "308 Permanent Redirect\r\nlocation: deep/../new#top".to_owned(),
        "/today" => "302 Found\r\nlocation: /old".to_owned(),
        "/round" => "302 Found\r\nlocation: /round".to_owned(),
        "/to-gone" => "301 Moved Permanently\r\nlocation: /gone".to_owned(),
        "/gone" => "410 Gone".to_owned(),
        _ => "200 OK".to_owned(),
    });
    let host = &server.host;
    let link = |path: &str| format!("<http://{host}{path}>\n");
    let folder = site(&(link("/old") + &link("/today")), "");
    let ran = check(&folder);
    ran.check(0, "2 outward links: 1 alive, 1 moved\n", "note[moved-link]");
    assert!(ran.err.contains(&format!("= help: http://{host}/new\n")), "{ran:#?}");
    let folder = site(&(link("/round") + &link("/to-gone")), "");
    let ran = check(&folder);
    ran.check(1, "2 outward links: 2 dead\n", "it redirects more than 20 times");
    assert!(ran.err.contains("it answers 410"), "{ran:#?}");
}

#[test]
fn a_server_that_fails_is_asked_three_times() {
    let server = Server::new(|_, path, before| match (path, before) {
        ("/well-again", 2) => "200 OK".to_owned(),
        ("/hangs-up", _) => String::new(),
        _ => "503 Service Unavailable".to_owned(),
    });
    let host = &server.host;
    let folder = site(
        &format!("<http://{host}/well-again> <http://{host}/ill> <http://{host}/hangs-up>"),
        "",
    );
    let ran = check(&folder);
    ran.check(1, "3 outward links: 1 alive, 2 dead\n", "its server fails with 503 (3 tries)");
    let asked = server.asked();
    let times = |request: &str| asked.iter().filter(|one| *one == request).count();
    assert_eq!((times("HEAD /well-again"), times("HEAD /ill"), times("HEAD /hangs-up")), (3, 3, 3));
}

#[test]
fn nobody_at_home_is_dead() {
    let host = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = site(&format!("<http://{host}/>"), "");
    check(&folder).check(1, "1 dead\n", "the connection is refused (3 tries)");
}

#[test]
fn the_settings_say_who_is_asked() {
    let server = Server::new(ok);
    let host = &server.host;
    let text = format!("<http://{host}/a> <http://{host}/b/c> <https://nowhere.invalid/x>");
    let settings =
        format!("check_external:\n  only: [\"http://{host}/\"]\n  skip: [\"http://{host}/b/\"]\n");
    let folder = site(&text, &settings);
    check(&folder).check(0, "1 outward link: 1 alive\n", "note");
    assert_eq!(server.asked(), ["HEAD /a"]);
    let folder = site("Nothing.", "check_external: {skip: [\"*\"], ony: [a.org]}\n");
    let ran = check(&folder);
    ran.check(1, "2 errors", "`*` is neither a host nor an address");
    assert!(ran.err.contains("there is no key `ony`"), "{ran:#?}");
}

#[test]
fn hosts_are_asked_at_the_same_time_and_each_in_its_own() {
    let slow = |_: &str, _: &str, _: usize| {
        std::thread::sleep(std::time::Duration::from_millis(400));
        "200 OK".to_owned()
    };
    let servers: Vec<Server> = (0..10).map(|_| Server::new(slow)).collect();
    let text: String = servers.iter().map(|one| format!("<http://{}/>\n", one.host)).collect();
    let start = std::time::Instant::now();
    check(&site(&text, "")).check(0, "10 outward links: 10 alive\n", "note");
    assert!(start.elapsed().as_secs_f32() < 3.5, "one after the other takes 4 seconds");
    let server = Server::new(ok);
    let text: String = (0..5).map(|path| format!("<http://{}/{path}>\n", server.host)).collect();
    let start = std::time::Instant::now();
    check(&site(&text, "")).check(0, "5 outward links: 5 alive\n", "note");
    assert!(start.elapsed().as_secs_f32() >= 1.0, "four waits of a quarter of a second");
}

#[test]
fn the_proxy_of_the_environment_is_asked() {
    let proxy = Server::new(|_, _, _| "502 Bad Gateway".to_owned());
    let folder = site("<http://nowhere.invalid/x>", "");
    let ran: Ran = command(&folder, TODAY)
        .env("HTTP_PROXY", format!("http://{}", proxy.host))
        .env("http_proxy", format!("http://{}", proxy.host))
        .env("ALL_PROXY", format!("http://{}", proxy.host))
        .output()
        .unwrap()
        .into();
    ran.check(1, "1 dead", "dead-outward-link");
    let asked = proxy.asked();
    assert!(
        !asked.is_empty() && asked.iter().all(|one| one.contains("nowhere.invalid")),
        "{asked:?}"
    );
}
