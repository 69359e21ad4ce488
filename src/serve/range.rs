//! The `Range` header (RFC 9110, section 14): one range of bytes, which players of video need.

use std::ops::Range;

/// What is to be sent of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it: nothing was asked, or something that may be ignored.
    Whole,
    /// These bytes, at least one.
    Bytes(Range<u64>),
    /// Nothing: the range lies beyond the end.
    Beyond,
}

/// What the header `asked` wants of a file of `size` bytes.
pub(crate) fn part(asked: Option<&str>, size: u64) -> Part {
    let Some((unit, set)) = asked.and_then(|asked| asked.split_once('=')) else {
        return Part::Whole;
    };
    let Some((first, last)) = set.trim().split_once('-') else { return Part::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Part::Whole;
    }
    let range = match (number(first), number(last)) {
        (Some(Some(first)), Some(Some(last))) if first <= last => {
            first..last.saturating_add(1).min(size)
        }
        (Some(Some(first)), Some(None)) => first..size,
        (Some(None), Some(Some(length))) => size.saturating_sub(length)..size,
        _ => return Part::Whole,
    };
    if range.is_empty() { Part::Beyond } else { Part::Bytes(range) }
}

/// A number, or that there is none; nothing for what is neither.
fn number(text: &str) -> Option<Option<u64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    // More than fits is beyond the end of any file.
    is_number.then(|| Some(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, expected: &Part) {
        assert_eq!(part(Some(asked), 100), *expected, "{asked:?}");
    }

    #[test]
    fn one_range_is_read() {
        check("bytes=0-9", &Part::Bytes(0..10));
        check("bytes=90-", &Part::Bytes(90..100));
        check("bytes=90-1000", &Part::Bytes(90..100));
        check("bytes=-5", &Part::Bytes(95..100));
        check("bytes=-500", &Part::Bytes(0..100));
        check("Bytes = 99-99", &Part::Bytes(99..100));
        check("bytes=100-", &Part::Beyond);
        check("bytes=99999999999999999999999-", &Part::Beyond);
        check("bytes=-0", &Part::Beyond);
        for odd in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=9-1",
            "bytes=a-b",
            "bytes=0-1,5-6",
            "lines=0-9",
            "bytes=+1-2",
            "bytes=0x1-2",
        ] {
            check(odd, &Part::Whole);
        }
        assert_eq!(part(None, 100), Part::Whole);
        assert_eq!(part(Some("bytes=0-"), 0), Part::Beyond);
    }
}
