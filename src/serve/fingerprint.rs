//! What tells an open page whether it is still what would be served.

use std::fmt;
use std::hash::Hasher as _;
use std::ops::Range;
use std::str::FromStr;

use twox_hash::XxHash3_64;

/// The hashes of a page: of its style sheets' links, and of all the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    content: u64,
    sheets: u64,
}

/// How a page differs from what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// Not at all.
    None,
    /// In the links to its style sheets alone.
    Sheets,
    /// In more than that.
    Content,
}

impl Fingerprint {
    /// The fingerprint of the page `html`, on which images with these hashes stand.
    pub(crate) fn of(html: &str, images: &[u64]) -> Self {
        let (mut content, mut sheets) = (XxHash3_64::new(), XxHash3_64::new());
        let mut at = 0;
        for link in sheet_links(html) {
            content.write(html.get(at..link.start).unwrap_or_default().as_bytes());
            sheets.write(html.get(link.clone()).unwrap_or_default().as_bytes());
            at = link.end;
        }
        content.write(html.get(at..).unwrap_or_default().as_bytes());
        for image in images {
            content.write(&image.to_be_bytes());
        }
        Self { content: content.finish(), sheets: sheets.finish() }
    }

    /// What became of a page that had the fingerprint `before`.
    pub(crate) fn since(self, before: Self) -> Difference {
        match (self.content == before.content, self.sheets == before.sheets) {
            (true, true) => Difference::None,
            (true, false) => Difference::Sheets,
            (false, _) => Difference::Content,
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}-{:016x}", self.content, self.sheets)
    }
}

impl FromStr for Fingerprint {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (content, sheets) = text.split_once('-').ok_or(())?;
        let number = |digits| u64::from_str_radix(digits, 16).map_err(|_| ());
        Ok(Self { content: number(content)?, sheets: number(sheets)? })
    }
}

/// The `<link>`s of a page that name a style sheet.
fn sheet_links(html: &str) -> Vec<Range<usize>> {
    let mut links = Vec::new();
    for at in memchr::memmem::find_iter(html.as_bytes(), "<link ") {
        let rest = html.get(at..).unwrap_or_default();
        let Some(length) = rest.find('>').map(|end| end + 1) else { break };
        if rest.get(..length).is_some_and(|tag| tag.contains("stylesheet")) {
            links.push(at..at + length);
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, expected: Difference) {
        let (before, after) = (Fingerprint::of(before, &[]), Fingerprint::of(after, &[]));
        assert_eq!(after.since(before), expected);
        assert_eq!(before.to_string().parse(), Ok(before));
    }

    #[test]
    fn the_links_of_style_sheets_count_apart() {
        let page = "<link rel=\"stylesheet\" href=\"/a.css?v=1\"><p>text";
        check(page, page, Difference::None);
        check(page, &page.replace("v=1", "v=2"), Difference::Sheets);
        check(page, &page.replace("text", "other"), Difference::Content);
        check(page, &page.replace("text", "other").replace("v=1", "v=2"), Difference::Content);
        let feed = "<link rel=\"alternate\" href=\"/feed.xml?v=1\">";
        check(feed, &feed.replace("v=1", "v=2"), Difference::Content);
        check("<link rel=\"stylesheet\"", "<link rel=\"stylesheet", Difference::Content);
        let images = Fingerprint::of(page, &[1]).since(Fingerprint::of(page, &[2]));
        assert_eq!(images, Difference::Content);
        assert!("x-y".parse::<Fingerprint>().is_err());
    }
}
