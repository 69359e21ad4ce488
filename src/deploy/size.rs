//! The limits of GitHub Pages, told before anything is pushed.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{AssetContent, OutputContent, OutputFile};

/// Bytes of the largest file that GitHub takes by a push (docs.github.com, "About large files
/// on GitHub": 100 MiB).
pub const MAX_FILE_BYTES: u64 = 100 * 1024 * 1024;

/// Bytes of the largest site (docs.github.com, "GitHub Pages limits": 1 GB).
pub const MAX_SITE_BYTES: u64 = 1_000_000_000;

/// The bytes of a finished file.
#[must_use]
pub fn bytes(file: &OutputFile) -> u64 {
    match &file.content {
        OutputContent::Bytes(bytes) => bytes.len() as u64,
        OutputContent::Asset(asset) => match &asset.content {
            AssetContent::Bytes(bytes) => bytes.len() as u64,
            AssetContent::File(_) => asset.size,
        },
    }
}

/// Warns of files, and of a site, that GitHub will not take.
#[must_use]
pub fn warnings(sizes: &[(&str, u64)]) -> Vec<Diagnostic> {
    let too_large = sizes.iter().filter(|(_, bytes)| *bytes > MAX_FILE_BYTES);
    let mut found: Vec<Diagnostic> =
        too_large.map(|(path, bytes)| large_file(path, *bytes)).collect();
    let total: u64 = sizes.iter().fold(0, |sum, (_, bytes)| sum.saturating_add(*bytes));
    if total > MAX_SITE_BYTES {
        found.push(large_site(total));
    }
    found
}

/// `3.1 kB`, in powers of a thousand.
#[must_use]
pub fn shown(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = bytes / (unit / 10);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} B"),
    }
}

fn large_file(path: &str, bytes: u64) -> Diagnostic {
    let message = format!("`{path}` has {}, and GitHub refuses files over 100 MiB", shown(bytes));
    warning(message).help("make it smaller, or link to it at a host for large files")
}

fn large_site(bytes: u64) -> Diagnostic {
    let message = format!("the site has {}, and GitHub Pages takes up to 1 GB", shown(bytes));
    warning(message).help("move the largest files to another host and link to them")
}

fn warning(message: String) -> Diagnostic {
    let mut diagnostic = Diagnostic::global(Code::TooLarge, message);
    diagnostic.severity = Severity::Warning;
    diagnostic
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_in_one_unit() {
        let cases = [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (123_456_789, "123.4 MB")];
        for (bytes, expected) in cases {
            assert_eq!(shown(bytes), expected);
        }
        assert!(shown(u64::MAX).ends_with(" GB"));
    }

    #[test]
    fn only_what_is_over_a_limit_is_told() {
        assert_eq!(warnings(&[("a", MAX_FILE_BYTES), ("b", 5)]), []);
        let found = warnings(&[("a", MAX_FILE_BYTES + 1)]);
        assert!(found[0].message.starts_with("`a` has 104.8 MB"), "{found:?}");
        let halves = [("a", 90_000_000); 12];
        let found = warnings(&halves);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.starts_with("the site has 1.0 GB"), "{found:?}");
        assert_eq!(warnings(&[("a", u64::MAX), ("b", u64::MAX)]).len(), 3);
    }
}
