//! Slugs: how a file's name, a title or a tag becomes a part of a URL, and what cannot.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::article::Article;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::{SitePath, Span};

/// The part of a URL that names an article, a page, a tag, an author or a side.
///
/// One segment, NFC, not percent-encoded. Empty only for the home page's introduction.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Arc<str>);

impl Slug {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The segment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// First segments that the site's own pages use (design.md, section 2).
pub const RESERVED: &[&str] = &[
    "archive",
    "tags",
    "authors",
    "sides",
    "assets",
    "feed.xml",
    "sitemap.xml",
    "robots.txt",
    "404.html",
    "index.html",
];

/// Longest segment in bytes: file systems allow 255, and some keep a part for themselves
/// (eCryptfs: 143 of 255).
pub const MAX_SLUG_BYTES: usize = 143;

/// Names that Windows keeps for devices, with any extension (Microsoft, "Naming Files,
/// Paths, and Namespaces").
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The slug of an article or plain page with the title `title` (design.md, section 3).
pub(super) fn of(article: &Article, title: &str) -> Checked<Slug> {
    let path = &article.source.path;
    if let Some(written) = &article.front.slug {
        let slug: String = written.value.nfc().collect();
        let place = Span::new(path, written.bytes.clone());
        let fault = slug_problem(&slug).map(|problem| invalid(place.clone(), &slug, &problem));
        let found: Vec<Diagnostic> = fault.or_else(|| reserved(place, &slug)).into_iter().collect();
        let slug = if found.is_empty() { slug } else { usable(&slug) };
        return Checked { value: Slug::new(&slug), found };
    }
    let named = of_stem(stem(path), title);
    let slug = if named.is_empty() { slugify(path.stem()) } else { named };
    let place = Span::new(path, 0..0);
    let fault = slug_problem(&slug).map(|problem| invalid(place.clone(), &slug, &problem));
    let found: Vec<Diagnostic> = fault.or_else(|| reserved(place, &slug)).into_iter().collect();
    let slug = if found.is_empty() { slug } else { usable(&slug) };
    Checked { value: Slug::new(&slug), found }
}

/// A slug for one that was refused, which must not become a path, not even in a preview.
fn usable(slug: &str) -> String {
    let better = slugify(slug);
    let is_usable = slug_problem(&better).is_none() && !RESERVED.contains(&better.as_str());
    if is_usable { better } else { format!("{better}-1").trim_start_matches('-').to_owned() }
}

fn invalid(place: Span, slug: &str, problem: &str) -> Diagnostic {
    let example = usable(slug);
    Diagnostic::error(
        Code::InvalidSlug,
        place,
        format!("`{}` cannot be a part of a URL: {problem}", shown(slug)),
    )
    .help(format!("slug: \"{}\"", example))
}

fn reserved(place: Span, slug: &str) -> Option<Diagnostic> {
    let folded = fold(slug);
    let name = RESERVED.iter().find(|name| **name == folded)?;
    let message =
        format!("`/{name}` is a page of the site itself, so no article can have the slug `{slug}`");
    let example = format!("slug: \"{}-1\"", name.split('.').next().unwrap_or(name));
    Some(Diagnostic::error(Code::ReservedSlug, place, message).help(example))
}

/// `text` without what would garble a message.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(80).collect()
}

/// `text` as one segment of a URL: NFC, lower case, letters and digits of every script kept,
/// apostrophes and emphasis marks dropped, all else one `-`; may be empty.
#[must_use]
pub fn slugify(text: &str) -> String {
    if text.is_ascii() {
        return slugify_ascii(text);
    }
    let mut slug = String::with_capacity(text.len());
    for c in text.nfc().flat_map(char::to_lowercase) {
        match c {
            '\'' | '’' | '‘' | 'ʼ' | '*' | '`' | '\u{ad}' | '\u{200b}'..='\u{200f}' => {}
            c if c.is_alphanumeric() || is_combining_mark(c) => slug.push(c),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    // Lower case can undo NFC (İ becomes i and a mark).
    let slug: String = slug.trim_matches('-').nfc().collect();
    shortened(&slug).to_owned()
}

/// The same for most names of most sites, without a look at Unicode's tables.
fn slugify_ascii(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'\'' | b'*' | b'`' => {}
            byte if byte.is_ascii_alphanumeric() => {
                slug.push(char::from(byte.to_ascii_lowercase()));
            }
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.len() > MAX_SLUG_BYTES { shortened(&slug).to_owned() } else { slug }
}

/// The slug of a tag, an author or a side; nothing for a name without any visible character.
///
/// `+` and `#` are words, so that C, C++ and C# stay three tags.
pub(crate) fn of_term(name: &str) -> Option<Slug> {
    let slug = if name.contains(['+', '#']) {
        slugify(&name.replace('+', "-plus").replace('#', "-sharp"))
    } else {
        slugify(name)
    };
    let slug = if slug.is_empty() { shortened(&symbols(name)).to_owned() } else { slug };
    match slug.as_str() {
        "" => None,
        device if is_device(device) => Some(Slug::new(&format!("{device}-"))),
        slug => Some(Slug::new(slug)),
    }
}

/// What is left of a name that has neither letters nor digits: its symbols beyond ASCII.
fn symbols(name: &str) -> String {
    name.nfc().filter(|c| !c.is_ascii() && !c.is_whitespace() && !c.is_control()).collect()
}

fn shortened(slug: &str) -> &str {
    if slug.len() <= MAX_SLUG_BYTES {
        return slug;
    }
    let end = (0..=MAX_SLUG_BYTES).rev().find(|&end| slug.is_char_boundary(end)).unwrap_or(0);
    let cut = slug.get(..end).unwrap_or_default();
    match cut.rfind('-') {
        Some(dash) if dash > MAX_SLUG_BYTES / 2 => cut.get(..dash).unwrap_or_default(),
        _ => cut,
    }
}

/// The key under which two names are one to some file systems and to readers: NFC, case-folded.
#[must_use]
pub fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let composed: String = name.nfc().collect();
    caseless::default_case_fold_str(&composed).nfc().collect()
}

/// A name for the file of a new article of `content/` with the title `title`, without `.md`.
///
/// Gives the title as a slug, or that with a number: the first that can be a file's name, whose
/// slug can be a URL, and of which `is_free` says so of name and slug.
#[must_use]
pub fn new_stem(title: &str, is_free: impl Fn(&str, &str) -> bool) -> Option<String> {
    let base = usable(&slugify(title));
    let base = if slugify(title).is_empty() { "untitled".to_owned() } else { base };
    // Room for a number.
    let end = (0..=MAX_SLUG_BYTES - 10).rev().find(|&end| base.is_char_boundary(end)).unwrap_or(0);
    let short = base.get(..end).unwrap_or(&base);
    // A number after numbers would say as little as they, and leave the slug to the title.
    let dash = if is_numbers(without_date(&base)) { "-no-" } else { "-" };
    let numbered = (2..MAX_NUMBER).map(|number| format!("{short}{dash}{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|stem| {
        let slug = of_stem(stem, title);
        let is_usable = slug_problem(&slug).is_none() && !RESERVED.contains(&fold(&slug).as_str());
        is_usable && !matches!(stem.as_str(), "index" | "readme") && is_free(stem, &slug)
    })
}

/// How many articles of one title get a name each.
const MAX_NUMBER: u32 = 1000;

fn of_stem(stem: &str, title: &str) -> String {
    let dateless = without_date(stem);
    let named = if is_numbers(dateless) { "" } else { dateless };
    let mut slugs = [named, title, dateless, stem].into_iter().map(slugify);
    slugs.find(|slug| !slug.is_empty()).unwrap_or_default()
}

/// What is wrong with `segment` as a slug.
pub(super) fn slug_problem(segment: &str) -> Option<String> {
    let allowed =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '~') || is_combining_mark(c);
    segment_problem(segment).or_else(|| {
        let c = segment.chars().find(|&c| !allowed(c))?;
        Some(match c {
            ' ' => "it holds a space".to_owned(),
            c => format!("it holds `{c}`"),
        })
    })
}

/// What is wrong with `segment` as one part of a path that every system can hold.
pub(super) fn segment_problem(segment: &str) -> Option<String> {
    let problem = if segment.is_empty() {
        "it is empty".to_owned()
    } else if let Some(problem) = sign_problem(segment) {
        problem
    } else if is_device(segment) {
        "Windows keeps this name for a device".to_owned()
    } else if segment.len() > MAX_SLUG_BYTES {
        format!(
            "it is {} bytes long, and {MAX_SLUG_BYTES} are what every system can hold",
            segment.len()
        )
    } else {
        return None;
    };
    Some(problem)
}

/// The first sign in `segment` that some system does not take there.
fn sign_problem(segment: &str) -> Option<String> {
    if is_plain(segment) {
        return None;
    }
    let problem = if segment.contains('/') {
        "it holds a slash".to_owned()
    } else if segment.contains('\\') {
        "it holds a backslash".to_owned()
    } else if segment.starts_with('.') {
        "it begins with a dot".to_owned()
    } else if segment.ends_with(['.', ' ']) {
        "Windows drops a dot or space at the end of a name".to_owned()
    } else if segment.chars().any(char::is_control) {
        "it holds a control character".to_owned()
    } else {
        let is_reserved = |c: &char| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*');
        format!("Windows has no names with `{}`", segment.chars().find(is_reserved)?)
    };
    Some(problem)
}

/// Whether `segment` has nothing but letters and digits of ASCII and dashes, as nearly all have.
fn is_plain(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_device(segment: &str) -> bool {
    let name = segment.split('.').next().unwrap_or_default().trim_end();
    let (kind, port) = name.split_at_checked(3).unwrap_or((name, ""));
    let has_ports = ["com", "lpt"].iter().any(|known| kind.eq_ignore_ascii_case(known));
    let is_port = port.len() == 1 && port.bytes().all(|byte| byte.is_ascii_digit());
    (has_ports && is_port) || DEVICES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The name by which a file is known: its stem, or its folder's name for an `index.md` in one.
fn stem(path: &SitePath) -> &str {
    match path.folder().split_once('/') {
        Some((_, folders)) if path.stem() == "index" => {
            folders.rsplit('/').next().unwrap_or(folders)
        }
        _ => path.stem(),
    }
}

/// `stem` without the date of the calendar with which it may begin, and what parts it from the rest.
fn without_date(stem: &str) -> &str {
    let is_date = |date: &str| {
        // To be told that a name is none would take longer than all else.
        date.starts_with(|c: char| !c.is_alphabetic()) && date.parse::<jiff::civil::Date>().is_ok()
    };
    let is_date = stem.get(..10).is_some_and(is_date);
    let rest = stem.get(10..).unwrap_or_default();
    match rest.chars().next() {
        _ if !is_date => stem,
        None => rest,
        Some(c) if c.is_alphanumeric() => stem,
        Some(_) => rest.trim_start_matches(|c: char| !c.is_alphanumeric()),
    }
}

/// Whether a stem says nothing to a reader: numbers and hashes only, or nothing at all.
fn is_numbers(stem: &str) -> bool {
    stem.split(['-', '_', '.']).filter(|part| !part.is_empty()).all(|part| {
        let has_digit = part.bytes().any(|byte| byte.is_ascii_digit());
        let is_hash =
            part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()) && has_digit;
        is_hash || part.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, title: &str, expected: &str) {
        let path = SitePath::new(path).unwrap();
        let stem = without_date(stem(&path));
        let slug = if is_numbers(stem) { slugify(title) } else { slugify(stem) };
        assert_eq!(slug, expected, "{path}");
    }

    #[test]
    fn the_stem_without_its_date_is_the_slug() {
        check("content/2025-08-02-the-chip.md", "", "the-chip");
        check("content/the_chip.md", "", "the-chip");
        check("content/2025-13-02-the-chip.md", "", "2025-13-02-the-chip");
        check("content/Café Zürich.md", "", "café-zürich");
        check("content/deep/in/index.md", "", "in");
    }

    #[test]
    fn numbers_and_hashes_give_way_to_the_title() {
        check("seeds/000_5e812ce5ad9850f9.txt", "Is it so?", "is-it-so");
        check("seeds/2025-08-02.md", "It's *so*", "its-so");
        check("seeds/deadbeef.md", "T", "deadbeef");
        check("seeds/deadbee1.md", "T", "t");
        check("seeds/1984.md", "不可逆的相变", "不可逆的相变");
    }

    #[test]
    fn a_slug_is_composed_and_lower_case() {
        assert_eq!(slugify("CAFE\u{301}"), "café");
        assert_eq!(slugify("हिन्दी"), "हिन्दी");
        assert_eq!(slugify("…!"), "");
        assert_eq!(fold("STRASSE"), fold("Straße").as_str());
    }

    #[test]
    fn a_long_title_is_cut_between_words() {
        let slug = slugify(&"word ".repeat(100));
        assert!(slug.len() <= MAX_SLUG_BYTES && slug.ends_with("word"), "{slug}");
        assert!(slugify(&"不".repeat(100)).len() <= MAX_SLUG_BYTES);
    }

    #[test]
    fn what_leaves_the_site_is_no_slug() {
        for bad in [
            "", "..", "../x", "a/b", "a\\b", "C:x", "a\0b", "con", "NUL.txt", "com1", "a.", ".git",
            "a b",
        ] {
            assert!(slug_problem(bad).is_some(), "{bad:?}");
        }
        for good in ["a", "v1.2", "café", "con-air", "com10", "हिन्दी"] {
            assert_eq!(slug_problem(good), None, "{good:?}");
        }
        assert!(slug_problem(&"a".repeat(144)).is_some());
    }

    #[test]
    fn tags_that_differ_stay_apart() {
        let slugs: Vec<Option<Slug>> =
            ["C", "C++", "C#", "AI", "ai", "🔥", "!!"].map(of_term).into();
        let slugs: Vec<Option<&str>> =
            slugs.iter().map(|slug| slug.as_ref().map(Slug::as_str)).collect();
        assert_eq!(
            slugs,
            [
                Some("c"),
                Some("c-plus-plus"),
                Some("c-sharp"),
                Some("ai"),
                Some("ai"),
                Some("🔥"),
                None
            ]
        );
    }
}
