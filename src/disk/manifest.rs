//! The record of what a build wrote: the file `.agon` in the output.
//!
//! A first line with the version, a line `hash size path` for each file in the order of the
//! paths, and a last line with a checksum of all before it. It has no times, so that equal
//! sites give equal records.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::disk::staging::STAGING;
use crate::source::content_hash;

/// Its name in the output folder.
pub(super) const NAME: &str = ".agon";

const HEADER: &str = "agon manifest 2";
const CHECKSUM: &str = "checksum ";

/// Size and hash of a file that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) size: u64,
    pub(super) hash: u64,
}

/// Files by their path in the output.
pub(super) type Entries = BTreeMap<String, Entry>;

/// A file with its path.
pub(super) type Line<'a> = (&'a str, Entry);

/// The record with these lines, which are in the order of their paths, as text.
pub(super) fn text(lines: &[Line]) -> String {
    let mut text = format!("{HEADER}\n");
    for (path, entry) in lines {
        let _ = writeln!(text, "{:016x} {} {path}", entry.hash, entry.size);
    }
    let checksum = content_hash(text.as_bytes());
    let _ = writeln!(text, "{CHECKSUM}{checksum:016x}");
    text
}

/// Reads a record.
///
/// # Errors
///
/// Where it is not as it was written: with the entries that could still be read.
pub(super) fn parse(text: &str) -> Result<Entries, Entries> {
    let entries = text.lines().filter_map(entry).collect();
    if is_sound(text) { Ok(entries) } else { Err(entries) }
}

/// Whether a record is one that another version of Agon wrote: its hashes tell nothing here.
pub(super) fn is_of_another_version(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first != HEADER && first.starts_with(HEADER.trim_end_matches(char::is_numeric))
}

fn is_sound(text: &str) -> bool {
    let Some((body, checksum)) = text.rsplit_once(CHECKSUM) else { return false };
    let lines = body.lines().skip(1);
    body.starts_with(&format!("{HEADER}\n"))
        && checksum == format!("{:016x}\n", content_hash(body.as_bytes()))
        && lines.map(entry).all(|entry| entry.is_some())
}

fn entry(line: &str) -> Option<(String, Entry)> {
    let mut parts = line.splitn(3, ' ');
    let hash = parts.next().filter(|hash| hash.len() == 16)?;
    let hash = u64::from_str_radix(hash, 16).ok()?;
    let size = parts.next()?.parse().ok()?;
    let path = parts.next().filter(|path| is_inside(path))?;
    Some((path.to_owned(), Entry { size, hash }))
}

/// Whether a path stays in the output and away from what Agon keeps there for itself.
pub(super) fn is_inside(path: &str) -> bool {
    let bytes = path.as_bytes();
    // Almost every path is of such bytes alone, which is told in a tenth of the time.
    let plain = |byte: &u8| (b' '..=b'~').contains(byte) & (*byte != b'\\');
    let is_plain = bytes.iter().fold(true, |all, byte| all & plain(byte));
    let mut parts = bytes.split(|byte| *byte == b'/');
    (is_plain || !path.contains(|c: char| c.is_control() || c == '\\'))
        && !parts.any(|part| matches!(part, b"" | b"." | b".."))
        && !is_own(path)
}

/// Whether a path is one that Agon or Git keeps for itself.
fn is_own(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    first.starts_with('.')
        && [NAME, STAGING, ".git"].iter().any(|name| first.eq_ignore_ascii_case(name))
}

/// The folders in which a file stands, from the outermost.
pub(super) fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

/// Whether an old file stands where a new folder must, or in a folder where a new file must.
pub(super) fn in_conflict<T>(old: &str, now: &BTreeMap<String, T>) -> bool {
    let below = format!("{old}/");
    let is_folder =
        now.range(below.clone()..).next().is_some_and(|(new, _)| new.starts_with(&below));
    is_folder || folders_of(old).any(|folder| now.contains_key(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Entries {
        let entry = |path: &str, size| (path.to_owned(), Entry { size, hash: size << 40 });
        [entry("a b/index.html", 3), entry("不可逆/index.html", 4)].into()
    }

    fn text_of(entries: &Entries) -> String {
        let lines: Vec<Line> = entries.iter().map(|(path, entry)| (&**path, *entry)).collect();
        text(&lines)
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        assert_eq!(parse(&text_of(&entries())), Ok(entries()));
        assert_eq!(parse(&text_of(&Entries::new())), Ok(Entries::new()));
    }

    #[test]
    fn any_damage_is_seen() {
        let text = text_of(&entries());
        for (at, _) in text.char_indices() {
            assert!(parse(&text[..at]).is_err(), "cut at {at}");
        }
        assert_eq!(parse(&text.replace(" 3 ", " 5 ")).unwrap_err().len(), 2);
    }

    #[test]
    fn paths_that_leave_the_output_are_no_entries() {
        for path in [
            "",
            "/a",
            "../a",
            "a/../../b",
            "a//b",
            ".agon",
            ".agon-staging/a",
            "a\\b",
            ".GIT/a",
            "é\\b",
            "a\nb",
            "a\u{85}b",
            "a/.",
        ] {
            assert!(!is_inside(path), "{path:?}");
        }
        assert!(is_inside(".well-known/a..b"));
        assert_eq!(parse(&text(&[("../a", Entry { size: 1, hash: 1 })])), Err(Entries::new()));
    }
}
