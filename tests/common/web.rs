//! What must hold of all pages, whatever is on them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use html5gum::{StartTag, Token, Tokenizer};

use super::Files;

/// What a page refers to, and the ids in it.
#[derive(Default)]
struct Page {
    ids: Vec<String>,
    links: Vec<String>,
    faults: Vec<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Language {
    Html,
    Xml,
}

/// Elements that have no end.
const VOID: &[&str] = &["br", "hr", "img", "input", "link", "meta", "wbr", "source", "track"];

fn read(bytes: &[u8], language: Language) -> Page {
    let mut page = Page::default();
    let mut open: Vec<String> = Vec::new();
    let mut text = String::new();
    for Ok(token) in Tokenizer::new(bytes) {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                page.attributes(&tag);
                if name == "a" && open.contains(&name) {
                    page.faults.push("a link stands in a link".to_owned());
                }
                let is_void = language == Language::Html && VOID.contains(&name.as_str());
                if !is_void && !tag.self_closing {
                    open.push(name);
                }
                text.clear();
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if language == Language::Xml && ["loc", "id"].contains(&name.as_str()) {
                    page.links.push(std::mem::take(&mut text));
                }
                if open.pop().as_ref() != Some(&name) {
                    page.faults.push(format!("</{name}> ends what is not open"));
                }
            }
            Token::String(string) => text += &String::from_utf8_lossy(&string),
            Token::Error(error) if language == Language::Html => {
                page.faults.push(error.to_string());
            }
            _ => {}
        }
    }
    page.faults.extend(open.iter().map(|name| format!("<{name}> has no end")));
    page
}

impl Page {
    fn attributes(&mut self, tag: &StartTag<()>) {
        for (key, value) in &tag.attributes {
            let value = String::from_utf8_lossy(value).into_owned();
            match &***key {
                b"id" => self.ids.push(value),
                b"href" | b"src" | b"poster" => self.links.push(value),
                b"aria-labelledby" => self.links.push(format!("#{value}")),
                _ => {}
            }
        }
    }
}

/// Tags that do not match, ids that stand twice and links that lead nowhere.
pub(crate) fn faults(output: &Files) -> Vec<String> {
    let base = base(output);
    let mut faults = Vec::new();
    for (path, bytes) in output {
        let page = match path.extension().and_then(|extension| extension.to_str()) {
            Some("html") => read(bytes, Language::Html),
            Some("xml") => read(bytes, Language::Xml),
            _ => continue,
        };
        let at = path.display();
        faults.extend(page.faults.iter().map(|fault| format!("{at}: {fault}")));
        let ids: BTreeSet<&String> = page.ids.iter().collect();
        if ids.len() != page.ids.len() {
            faults.push(format!("{at}: an id stands twice in {:?}", page.ids));
        }
        let dead = page.links.iter().filter(|link| !leads(link, path, &page, output, &base));
        faults.extend(dead.map(|link| format!("{at}: `{link}` leads nowhere")));
    }
    faults
}

/// Scheme with host and the path of the base URL, as the home page's canonical URL has them.
fn base(output: &Files) -> (String, String) {
    let home = output.get(Path::new("index.html")).map_or(&b""[..], Vec::as_slice);
    let home = String::from_utf8_lossy(home);
    let canonical = home.split("rel=\"canonical\" href=\"https://").nth(1).unwrap_or_default();
    let url = canonical.split('"').next().unwrap_or_default();
    let (host, path) = url.split_once('/').unwrap_or_default();
    (format!("https://{host}/"), path.trim_end_matches('/').to_owned())
}

fn leads(
    link: &str,
    from: &Path,
    page: &Page,
    output: &Files,
    (origin, base): &(String, String),
) -> bool {
    let rooted = link.strip_prefix(origin.as_str()).map(|path| format!("/{path}"));
    let link = rooted.as_deref().unwrap_or(link);
    if link.contains(':') || link.starts_with("//") {
        return true;
    }
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    let fragment = decoded(fragment);
    // The top of a page needs no id.
    let is_there =
        |ids: &[String]| matches!(fragment.as_str(), "" | "top") || ids.contains(&fragment);
    if path.is_empty() {
        return is_there(&page.ids);
    }
    let path = decoded(path.split('?').next().unwrap_or_default());
    let Some(path) = path.strip_prefix('/') else { return from.to_str() == Some(&path) };
    let Some(path) = path.strip_prefix(base.as_str()) else { return false };
    let path = path.trim_start_matches('/');
    let file = if path.is_empty() || path.ends_with('/') {
        PathBuf::from(format!("{path}index.html"))
    } else {
        PathBuf::from(path)
    };
    let Some(bytes) = output.get(&file) else { return false };
    is_there(&read(bytes, Language::Html).ids)
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).and_then(|two| u8::from_str_radix(two, 16).ok());
        match code.filter(|_| byte == b'%') {
            Some(code) => {
                decoded.push(code);
                at += 3;
            }
            None => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Everything that a page refers to.
pub(crate) fn links(page: &[u8]) -> Vec<String> {
    read(page, Language::Html).links
}

/// Every file to which links lead from the home page.
pub(crate) fn reachable(output: &Files) -> BTreeSet<PathBuf> {
    let (origin, base) = base(output);
    let mut reached: BTreeSet<PathBuf> = BTreeSet::new();
    let mut next = vec![PathBuf::from("index.html")];
    while let Some(path) = next.pop() {
        let Some(bytes) = output.get(&path) else { continue };
        let is_page = path.extension().is_some_and(|extension| extension == "html");
        if !reached.insert(path) || !is_page {
            continue;
        }
        for link in links(bytes) {
            let link = link.strip_prefix(origin.trim_end_matches('/')).unwrap_or(&link);
            let link = decoded(link.split(['#', '?']).next().unwrap_or_default());
            let inside = link.strip_prefix('/').and_then(|path| path.strip_prefix(base.as_str()));
            let Some(path) = inside.map(|path| path.trim_start_matches('/')) else { continue };
            let is_folder = path.is_empty() || path.ends_with('/');
            next.push(PathBuf::from(format!(
                "{path}{}",
                if is_folder { "index.html" } else { "" }
            )));
        }
    }
    reached
}
