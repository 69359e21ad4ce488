//! A quote and the passage nearest to it, word by word.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::quote::words::Word;
use crate::quote::{DiffPart, code};

/// Words that are compared, and the text in which they stand.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub text: &'a str,
    pub words: &'a [Word],
}

impl Side<'_> {
    fn ids(&self) -> Vec<u64> {
        self.words.iter().map(|word| word.id).collect()
    }

    /// The text of the words `range`, on one line.
    pub(crate) fn slice(&self, range: Range<usize>) -> String {
        let words = self.words.get(range).unwrap_or_default();
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return String::new();
        };
        one_line(self.text, first.start as usize..last.end as usize)
    }
}

/// The bytes `range` of `text`, white space as single spaces.
pub(crate) fn one_line(text: &str, range: Range<usize>) -> String {
    let mut line = String::with_capacity(range.len());
    for word in text.get(range).unwrap_or_default().split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().map(code::shown));
    }
    line
}

/// What a diff gives.
pub(crate) struct WordDiff {
    pub parts: Vec<DiffPart>,
    /// For each word of the quote, whether the passage has it.
    pub shared: Vec<bool>,
}

/// The steps from the words `original` to the words `quoted` (Myers 1986).
pub(crate) fn diff(original: Side<'_>, quoted: Side<'_>) -> WordDiff {
    let mut parts = Vec::new();
    let mut shared = vec![false; quoted.words.len()];
    for step in capture_diff_slices(Algorithm::Myers, &original.ids(), &quoted.ids()) {
        let (old, new) = (step.old_range(), step.new_range());
        if step.tag() == DiffTag::Equal {
            shared.iter_mut().take(new.end).skip(new.start).for_each(|shared| *shared = true);
            parts.push(DiffPart::Same(original.slice(old)));
            continue;
        }
        if !new.is_empty() {
            parts.push(DiffPart::Quoted(quoted.slice(new)));
        }
        if !old.is_empty() {
            parts.push(DiffPart::Original(original.slice(old)));
        }
    }
    WordDiff { parts, shared }
}

/// Of the words of a line that has something in common with a passage, one in so many stands
/// there at least: in a URL "the" may do so by chance.
const FOREIGN_SHARE: usize = 4;

/// The lines of `quoted` that have words, but hardly one that is `shared`.
pub(crate) fn foreign_lines(quoted: Side<'_>, shared: &[bool]) -> Vec<Range<usize>> {
    let mut foreign = Vec::new();
    let mut start = 0;
    let mut words = quoted.words.iter().zip(shared).peekable();
    for line in quoted.text.split_inclusive('\n') {
        let end = start + line.len();
        let (mut count, mut common) = (0, 0);
        while let Some((_, shared)) = words.next_if(|(word, _)| (word.start as usize) < end) {
            count += 1;
            common += usize::from(*shared);
        }
        if count > 0 && (common == 0 || common * FOREIGN_SHARE < count) {
            foreign.push(start..start + line.trim_end().len());
        }
        start = end;
    }
    foreign
}
