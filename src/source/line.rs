//! Byte offsets to lines and columns.

/// A place in a text as a person counts it: both from 1, the column in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub column: usize,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the lines of `text`; a line ends after `\n`, so CRLF belongs to the line that it ends.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
            .map(|at| u32::try_from(at).unwrap_or(u32::MAX))
            .collect();
        Self { starts }
    }

    /// The line and column of byte `offset` of the `text` that the index was made of.
    ///
    /// A byte-order mark has no column. An offset past the end, or inside a character,
    /// gives the place before it.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start as usize <= offset);
        let start = self.line_start(line);
        let before = text.as_bytes().get(start..offset).unwrap_or_default();
        let mark = usize::from(start == 0 && before.starts_with("\u{feff}".as_bytes()));
        let characters = before.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        Position { line: line.max(1), column: characters - mark + 1 }
    }

    /// The byte at which `line` (from 1) begins.
    #[must_use]
    pub fn line_start(&self, line: usize) -> usize {
        self.starts.get(line.saturating_sub(1)).map_or(0, |&start| start as usize)
    }

    /// The byte offset of `position`, the end of its line where it is shorter.
    #[must_use]
    pub fn offset(&self, text: &str, position: Position) -> usize {
        let start = self.line_start(position.line);
        let line = text.get(start..).unwrap_or_default();
        let line = line.split_inclusive('\n').next().unwrap_or_default();
        let line = line.trim_end_matches(['\n', '\r']);
        let mark = usize::from(start == 0 && line.starts_with('\u{feff}'));
        let skip = position.column.saturating_sub(1) + mark;
        start + line.char_indices().nth(skip).map_or(line.len(), |(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: usize, line: usize, column: usize) {
        let index = LineIndex::new(text);
        let position = Position { line, column };
        assert_eq!(index.position(text, offset), position);
        assert_eq!(index.offset(text, position), offset);
    }

    #[test]
    fn columns_count_characters_from_one() {
        check("不可逆\nab", 6, 1, 3);
        check("不可逆\nab", 11, 2, 2);
    }

    #[test]
    fn a_byte_order_mark_has_no_column() {
        check("\u{feff}---\n", 3, 1, 1);
        check("\u{feff}---\n", 5, 1, 3);
    }

    #[test]
    fn carriage_returns_belong_to_their_line() {
        check("a\r\nb\r\n", 3, 2, 1);
    }
}
