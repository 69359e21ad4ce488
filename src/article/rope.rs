//! HTML whose longer texts stand in the source alone.
//!
//! Most of an article's HTML is its source as it is, which is kept for other reasons. So the
//! HTML is a rope (Boehm, Atkinson and Plass, *Ropes: an Alternative to Strings*, 1995) of two
//! levels: what only it has, and strands of the source. All places are bytes of the whole.

use std::ops::Range;

use super::exact;
use super::html::short;

/// Shorter texts are copied: a strand would save little memory, and take more time.
const SHORTEST_STRAND: usize = 64;

/// The HTML of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rope {
    /// What is not in the source.
    own: String,
    strands: Vec<Strand>,
    /// Bytes of all strands.
    woven: u32,
}

/// A stretch of the source that the HTML has as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Strand {
    /// First byte in the HTML.
    html: u32,
    /// Bytes of the HTML before it that are not in the source.
    own: u32,
    /// First byte in the source.
    source: u32,
    /// Bytes.
    len: u32,
}

impl Strand {
    fn html(self) -> Range<usize> {
        self.html as usize..(self.html + self.len) as usize
    }
}

impl Rope {
    /// An empty one with room for `bytes` that the source does not have, and `strands` texts that
    /// it has.
    pub(super) fn with_room(bytes: usize, strands: usize) -> Self {
        let (own, strands) = (String::with_capacity(bytes), Vec::with_capacity(strands));
        Self { own, strands, woven: 0 }
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.own.len() + self.woven as usize
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the source does not have, to be written on.
    pub(super) fn own(&mut self) -> &mut String {
        &mut self.own
    }

    pub(super) fn push_str(&mut self, html: &str) {
        self.own.push_str(html);
    }

    pub(super) fn push_all(&mut self, html: &[&str]) {
        html.iter().for_each(|html| self.own.push_str(html));
    }

    pub(super) fn push(&mut self, c: char) {
        self.own.push(c);
    }

    /// Adds `text`, which the source has at byte `at`.
    pub(super) fn push_source(&mut self, text: &str, at: usize) {
        if text.len() < SHORTEST_STRAND {
            return self.own.push_str(text);
        }
        let (html, own) = (short(self.len()), short(self.own.len()));
        let strand = Strand { html, own, source: short(at), len: short(text.len()) };
        self.woven += strand.len;
        self.strands.push(strand);
    }

    /// Takes `end` off where it ends so, and the source has nothing of that.
    pub(super) fn strip_end(&mut self, end: &str) -> bool {
        let last = self.strands.last().map_or(0, |strand| strand.own as usize);
        let ends = self.own.get(last..).is_some_and(|own| own.ends_with(end));
        if ends {
            self.own.truncate(self.own.len() - end.len());
        }
        ends
    }

    /// The same in no more memory than it needs.
    pub(super) fn exact(self) -> Self {
        Self { own: self.own.as_str().to_owned(), strands: exact(self.strands), woven: self.woven }
    }

    /// Reads it from byte `at` on; `source` is the text of the file.
    pub(crate) fn reader<'a>(&'a self, source: &'a str, at: usize) -> Reader<'a> {
        let next = self.strands.partition_point(|strand| strand.html().end <= at);
        let before = next.checked_sub(1).and_then(|last| self.strands.get(last));
        let own = before.map_or(at, |last| last.own as usize + (at - last.html().end));
        let strands = self.strands.get(next..).unwrap_or_default();
        let own = strands.first().map_or(own, |next| own.min(next.own as usize));
        Reader { own: self.own.get(own..).unwrap_or_default(), source, strands, at }
    }

    /// The bytes `bytes` of it, of which the source has a part; `source` is the text of the file.
    #[must_use]
    pub fn text(&self, source: &str, bytes: Range<usize>) -> String {
        let mut text = String::with_capacity(bytes.len());
        self.reader(source, bytes.start).copy(&mut text, bytes.end);
        text
    }
}

/// A place in a rope.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    /// What the source does not have, from here on.
    own: &'a str,
    source: &'a str,
    /// Those that end after this place.
    strands: &'a [Strand],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Byte of the HTML.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Writes what stands before byte `end`, and goes there.
    pub(crate) fn copy(&mut self, html: &mut String, end: usize) {
        while let Some(piece) = self.piece(end) {
            html.push_str(piece);
        }
    }

    /// Goes to byte `end`, if it stands before it.
    pub(crate) fn skip(&mut self, end: usize) {
        while self.piece(end).is_some() {}
    }

    /// The next piece before byte `end`; nothing at that byte or after it.
    fn piece(&mut self, end: usize) -> Option<&'a str> {
        if self.at >= end {
            return None;
        }
        match self.strands.split_first() {
            Some((strand, after)) if strand.html as usize <= self.at => {
                let to = end.min(strand.html().end);
                let source = |at: usize| strand.source as usize + (at - strand.html as usize);
                let piece = self.source.get(source(self.at)..source(to));
                if to == strand.html().end {
                    self.strands = after;
                }
                self.at = to;
                Some(piece.unwrap_or_default())
            }
            next => {
                let to = next.map_or(end, |(strand, _)| end.min(strand.html as usize));
                let (piece, own) =
                    self.own.split_at_checked(to - self.at).unwrap_or((self.own, ""));
                (self.own, self.at) = (own, to);
                Some(piece)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, prop_assert_eq, proptest};

    use super::*;

    const SOURCE: &str = "What the source has, the HTML need not have: naïve, and – once more – \
        部分. One hand writes what the other hand takes away, said the clerk, and both hands are \
        mine; so it was – and so it stayed – until the ink ran out, the lamp went out, and 部分 \
        of it was read.";

    /// A rope of `parts`, some of them in the source, and the same as one text.
    fn rope(parts: &[(bool, usize, usize)]) -> (Rope, String) {
        let (mut rope, mut whole) = (Rope::default(), String::new());
        for &(in_source, from, to) in parts {
            let (from, to) = (boundary(SOURCE, from), boundary(SOURCE, to));
            let text = SOURCE.get(from..to.max(from)).unwrap();
            if in_source {
                rope.push_source(text, from);
            } else {
                rope.push_str(text);
            }
            whole.push_str(text);
        }
        (rope.exact(), whole)
    }

    fn boundary(text: &str, at: usize) -> usize {
        text.floor_char_boundary(at % (text.len() + 1))
    }

    proptest! {
        #[test]
        fn a_rope_reads_as_the_text_that_was_put_in(
            parts in prop::collection::vec(any::<(bool, usize, usize)>(), 0..8),
            places in prop::collection::vec(any::<(usize, bool)>(), 0..8),
        ) {
            let (rope, whole) = rope(&parts);
            let of_source = parts.iter().filter(|part| part.0);
            let longest = of_source.map(|&(_, from, to)| {
                boundary(SOURCE, to).saturating_sub(boundary(SOURCE, from))
            });
            let has_strands = longest.max().is_some_and(|longest| longest >= SHORTEST_STRAND);
            prop_assert_eq!(!rope.strands.is_empty(), has_strands);
            prop_assert_eq!(rope.len(), whole.len());
            prop_assert_eq!(rope.is_empty(), whole.is_empty());
            let mut places: Vec<(usize, bool)> =
                places.iter().map(|&(at, skip)| (boundary(&whole, at), skip)).collect();
            places.sort_unstable();
            let start = places.first().map_or(0, |&(at, _)| at);
            let (mut read, mut expected, mut at) = (String::new(), String::new(), start);
            let mut reader = rope.reader(SOURCE, start);
            for (place, skip) in places {
                if skip {
                    reader.skip(place);
                } else {
                    reader.copy(&mut read, place);
                    expected.push_str(&whole[at..place]);
                }
                at = place;
                prop_assert_eq!(reader.at(), place);
                prop_assert_eq!(rope.text(SOURCE, start..place), &whole[start..place]);
            }
            prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn only_what_the_source_does_not_have_is_taken_off() {
        let mut rope = Rope::default();
        rope.push_source(SOURCE, 0);
        assert!(!rope.strip_end("."));
        rope.push_str("</p>");
        assert!(!rope.strip_end(".</p>"));
        assert!(rope.strip_end("</p>"));
        assert_eq!(rope.text(SOURCE, 0..rope.len()), SOURCE);
    }

    #[test]
    fn what_lies_beyond_the_end_is_nothing() {
        let (rope, whole) = rope(&[(true, 0, 160), (false, 0, 9)]);
        assert_eq!(rope.text(SOURCE, 0..1000), whole);
        assert_eq!(rope.text(SOURCE, 500..1000), "");
    }
}
