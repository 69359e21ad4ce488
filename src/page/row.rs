//! Which quotes start a row, and which blocks of the two columns stand in it.

use crate::article::document::{Block, BlockKind};

/// The longest subsequence of `positions` that never goes back, as indexes; the first such
/// where there are several of one length.
///
/// Patience sorting (Schensted 1961) with ties to the right: O(n log n).
#[must_use]
pub fn longest_non_decreasing(positions: &[usize]) -> Vec<usize> {
    let value = |index: usize| positions.get(index).copied().unwrap_or(usize::MAX);
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(positions.len());
    for (index, &position) in positions.iter().enumerate() {
        let pile = ends.partition_point(|&end| value(end) <= position);
        before.push(pile.checked_sub(1).and_then(|pile| ends.get(pile).copied()));
        match ends.get_mut(pile) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut chain = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(index) = next {
        chain.push(index);
        next = before.get(index).copied().flatten();
    }
    chain.reverse();
    chain
}

/// A cell of a column: a row of the grid and the blocks in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The row, from 1; row 1 is the first below the heads.
    pub row: usize,
    /// The blocks, by index.
    pub blocks: std::ops::Range<usize>,
    /// What kind of cell it is.
    pub kind: CellKind,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text as it comes.
    Text,
    /// Only what stands above the next cell's first paragraph: headings, or a quote of the parent.
    Head,
    /// Text under a row of heads.
    AfterHead,
    /// Footnotes.
    Notes,
}

/// A pair that stands level: a block of the parent and the quote's block of the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Block of the parent in which the passage begins.
    pub parent: usize,
    /// Block of the reply that quotes it.
    pub reply: usize,
}

/// The cells of both columns, and how many rows there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many rows.
    pub count: usize,
    /// The parent's cells, in order.
    pub parent: Vec<Cell>,
    /// The reply's cells, in order.
    pub reply: Vec<Cell>,
}

/// One column while its cells are made.
struct Column<'a> {
    blocks: &'a [Block],
    at: usize,
    cells: Vec<Cell>,
}

impl Column<'_> {
    /// Where the ¶ group that holds `block` begins, not before what is placed already.
    fn group_start(&self, block: usize) -> usize {
        let number = self.blocks.get(block).and_then(|block| block.paragraph);
        let mut start = block;
        while start > self.at
            && number.is_some()
            && self.blocks.get(start - 1).is_some_and(|before| before.paragraph == number)
        {
            start -= 1;
        }
        self.open_start(start)
    }

    /// The nearest block at or before `start` at which the column may be cut.
    fn open_start(&self, mut start: usize) -> usize {
        while start > self.at && self.blocks.get(start).is_some_and(|block| block.enclosed) {
            start -= 1;
        }
        start
    }

    /// Where what stands above `start` begins: the headings, and of a parent the quotes.
    fn head_start(&self, start: usize, quotes: Quotes) -> usize {
        let mut head = start;
        while head > self.at {
            let above = self.blocks.get(head - 1).is_some_and(|block| match block.kind {
                BlockKind::Heading => true,
                BlockKind::Quote(_) => quotes == Quotes::StandAbove,
                _ => false,
            });
            if !above {
                break;
            }
            head -= 1;
        }
        self.open_start(head)
    }

    fn place(&mut self, row: usize, end: usize, kind: CellKind) {
        if end > self.at {
            self.cells.push(Cell { row, blocks: self.at..end, kind });
            self.at = end;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    StandAbove,
    Stay,
}

/// Lays the two columns out in rows: each pair of `levels` begins one. `first` are the blocks with
/// which either begins.
///
/// `levels` never go back in either column. A heading above a passage or a quote gets a row
/// of its own, else it would push its paragraph below the quote; so does a quote with which
/// a paragraph of the parent begins.
#[must_use]
pub fn rows(parent: &[Block], reply: &[Block], levels: &[Level], first: (usize, usize)) -> Rows {
    let mut left = Column { blocks: parent, at: first.0, cells: Vec::new() };
    let mut right = Column { blocks: reply, at: first.1, cells: Vec::new() };
    let mut row = 1;
    let mut kind = CellKind::Text;
    let mut begun = false;
    for level in levels {
        let (start, quote) = (left.group_start(level.parent), right.open_start(level.reply));
        if begun && (start <= left.at || quote <= right.at) {
            // The passage stands in the ¶ with which the row began: the quote follows in that row.
            continue;
        }
        let heads =
            (left.head_start(start, Quotes::StandAbove), right.head_start(quote, Quotes::Stay));
        if heads.0 > left.at || heads.1 > right.at {
            left.place(row, heads.0, kind);
            right.place(row, heads.1, kind);
            row += 1;
        }
        kind = CellKind::Text;
        if heads.0 < start || heads.1 < quote {
            left.place(row, start, CellKind::Head);
            right.place(row, quote, CellKind::Head);
            row += 1;
            kind = CellKind::AfterHead;
        }
        begun = true;
    }
    finish(left, right, row, kind)
}

fn finish(mut left: Column<'_>, mut right: Column<'_>, mut row: usize, kind: CellKind) -> Rows {
    let notes = |blocks: &[Block]| blocks.len() - usize::from(is_notes(blocks));
    let ends = (notes(left.blocks), notes(right.blocks));
    if ends.0 > left.at || ends.1 > right.at {
        left.place(row, ends.0, kind);
        right.place(row, ends.1, kind);
        row += 1;
    }
    let (all_left, all_right) = (left.blocks.len(), right.blocks.len());
    left.place(row, all_left, CellKind::Notes);
    right.place(row, all_right, CellKind::Notes);
    let last = left.cells.iter().chain(&right.cells).map(|cell| cell.row).max().unwrap_or(0);
    Rows { count: last, parent: left.cells, reply: right.cells }
}

fn is_notes(blocks: &[Block]) -> bool {
    blocks.last().is_some_and(|block| block.kind == BlockKind::Notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::document::Stretch;
    use crate::source::plain_text::ParagraphNumber;

    #[track_caller]
    fn check(paragraphs: &[usize], rows: &[usize]) {
        assert_eq!(longest_non_decreasing(paragraphs), rows, "rows of {paragraphs:?}");
    }

    #[test]
    fn a_quote_that_goes_back_is_left_out() {
        check(&[2, 6, 3, 7], &[0, 2, 3]);
        check(&[5, 4, 3], &[2]);
        check(&[1, 1, 2], &[0, 1, 2]);
        check(&[], &[]);
    }

    /// `p4` a paragraph with number 4, `l4` a list in it, `h` a heading, `q` a quote, `n` notes.
    fn blocks(names: &str) -> Vec<Block> {
        let kind = |name: &str| match name.get(..1) {
            Some("p") => BlockKind::Paragraph,
            Some("l") => BlockKind::Attached,
            Some("h") => BlockKind::Heading,
            Some("n") => BlockKind::Notes,
            _ => BlockKind::Quote(0),
        };
        names
            .split_whitespace()
            .map(|name| Block {
                kind: kind(name),
                bytes: Stretch::new(0..0),
                html: Stretch::new(0..0),
                paragraph: name
                    .get(1..)
                    .and_then(|number| number.parse().ok())
                    .and_then(ParagraphNumber::new),
                leaves: Stretch::new(0..0),
                words: 1,
                enclosed: name.ends_with('!'),
            })
            .collect()
    }

    fn shown(cells: &[Cell]) -> String {
        let cell = |cell: &Cell| {
            let kind = match cell.kind {
                CellKind::Text => "",
                CellKind::Head => "head",
                CellKind::AfterHead => "after",
                CellKind::Notes => "notes",
            };
            format!("{}:{}-{}{kind}", cell.row, cell.blocks.start, cell.blocks.end)
        };
        cells.iter().map(cell).collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn check_rows(parent: &str, reply: &str, levels: &[(usize, usize)], expected: (&str, &str)) {
        let levels: Vec<Level> =
            levels.iter().map(|&(parent, reply)| Level { parent, reply }).collect();
        let rows = rows(&blocks(parent), &blocks(reply), &levels, (0, 0));
        assert_eq!((shown(&rows.parent).as_str(), shown(&rows.reply).as_str()), expected);
    }

    #[test]
    fn a_quote_stands_level_with_its_passage() {
        check_rows(
            "p1 p2 p3",
            "p1 q p2 q p3",
            &[(1, 1), (2, 3)],
            ("1:0-1 2:1-2 3:2-3", "1:0-1 2:1-3 3:3-5"),
        );
    }

    #[test]
    fn a_heading_gets_a_row_of_its_own() {
        check_rows("p1 h p2", "q p1", &[(2, 0)], ("1:0-1 2:1-2head 3:2-3after", "3:0-2after"));
    }

    #[test]
    fn a_list_stays_with_its_paragraph() {
        check_rows("p1 p2 l2 p3", "q p1 q p2", &[(1, 0), (2, 2)], ("1:0-1 2:1-4", "2:0-4"));
    }

    #[test]
    fn notes_stand_last_in_both() {
        check_rows("p1 n", "q p1 n", &[(0, 0)], ("1:0-1 2:1-2notes", "1:0-2 2:2-3notes"));
    }

    #[test]
    fn what_is_enclosed_is_not_cut() {
        check_rows("p1 p2 p3! p4", "q p1", &[(2, 0)], ("1:0-1 2:1-4", "2:0-2"));
    }

    #[test]
    fn without_pairs_both_run_on() {
        check_rows("p1 p2", "p1", &[], ("1:0-2", "1:0-1"));
    }
}
