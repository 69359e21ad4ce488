//! The text of a document as it is written out, and where each piece stands in source and HTML.

use std::ops::Range;

use super::exact;
use super::html::short;
use crate::source::plain_text::{ParagraphNumber, PlainText, Run, TextBlock, TextRole};

/// A stretch of text that source, plain text and HTML have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    plain: u32,
    plain_len: u32,
    source: u32,
    source_len: u32,
    html: u32,
    /// 0 where no mark may be drawn (raw HTML, line breaks).
    html_len: u32,
    /// Where the plain text stands in `literals`, where it is not what the source has there.
    literal: Option<u32>,
}

/// A piece as it is kept: nearly all are equally long in all three, and as the source has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Even {
    plain: u32,
    source: u32,
    html: u32,
    len: u32,
}

/// What is otherwise in one of the pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Odd {
    /// Index of the piece.
    piece: u32,
    source_len: u32,
    html_len: u32,
    literal: Option<u32>,
}

impl Even {
    fn with(self, odd: Option<&Odd>) -> Piece {
        let Self { plain, source, html, len } = self;
        let (source_len, html_len) = odd.map_or((len, len), |odd| (odd.source_len, odd.html_len));
        let literal = odd.and_then(|odd| odd.literal);
        Piece { plain, plain_len: len, source, source_len, html, html_len, literal }
    }
}

/// The rendered text of a document, kept as a map; the text itself is made on demand.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextMap {
    pieces: Vec<Even>,
    /// By ascending piece.
    odd: Vec<Odd>,
    pub(crate) blocks: Vec<TextBlock>,
    literals: String,
    /// Where code stands, in order.
    code: Vec<Range<u32>>,
    length: u32,
    block_start: Option<u32>,
}

/// Where a piece of text comes from.
#[derive(Clone)]
pub(crate) struct Origin {
    pub source: Range<usize>,
    pub html: Range<usize>,
}

impl TextMap {
    /// An empty one with room for `blocks` leaf blocks and `pieces` pieces.
    pub(crate) fn with_room(blocks: usize, pieces: usize) -> Self {
        let (blocks, pieces) = (Vec::with_capacity(blocks), Vec::with_capacity(pieces));
        Self { blocks, pieces, ..Self::default() }
    }

    /// Begins a leaf block; text that follows belongs to it.
    pub(crate) fn open(&mut self) {
        self.close(TextRole::Own, None);
        if self.length > 0 {
            self.length += 2;
        }
        self.block_start = Some(self.length);
    }

    /// Ends the leaf block, if one is open and has text.
    pub(crate) fn close(&mut self, role: TextRole, paragraph: Option<ParagraphNumber>) {
        let Some(start) = self.block_start.take() else { return };
        if self.length > start {
            let bytes = start as usize..self.length as usize;
            self.blocks.push(TextBlock { bytes, role, paragraph });
        } else if start > 0 {
            self.length = start - 2;
        }
    }

    /// How much text there is.
    pub(crate) fn length(&self) -> u32 {
        self.length
    }

    /// The text from `start` on is code.
    pub(crate) fn code_since(&mut self, start: u32) {
        match self.code.last_mut().filter(|last| last.end >= start) {
            Some(last) => *last = last.start.min(start)..self.length,
            None => self.code.push(start..self.length),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.block_start.is_some()
    }

    /// Adds text that the source has as it is.
    pub(crate) fn verbatim(&mut self, origin: &Origin) {
        self.piece(origin, origin.source.len(), None);
    }

    /// Adds text that stands otherwise in the source (an entity, a line break).
    pub(crate) fn literal(&mut self, text: &str, origin: &Origin) {
        let at = short(self.literals.len());
        self.literals.push_str(text);
        self.piece(origin, text.len(), Some(at));
    }

    fn piece(&mut self, origin: &Origin, length: usize, literal: Option<u32>) {
        if self.block_start.is_none() {
            self.open();
        }
        let (source_len, html_len) = (short(origin.source.len()), short(origin.html.len()));
        let (source, html) = (short(origin.source.start), short(origin.html.start));
        let even = Even { plain: self.length, source, html, len: short(length) };
        if literal.is_some() || source_len != even.len || html_len != even.len {
            let piece = short(self.pieces.len());
            self.odd.push(Odd { piece, source_len, html_len, literal });
        }
        self.pieces.push(even);
        self.length += even.len;
    }

    /// The pieces from the first of which `is_before` is not true; it is true of none after one
    /// of which it is not.
    fn pieces_from(&self, is_before: impl Fn(&Even) -> bool) -> impl Iterator<Item = Piece> {
        let from = self.pieces.partition_point(is_before);
        let mut odd = self.odd.partition_point(|odd| (odd.piece as usize) < from);
        let pieces = self.pieces.iter().enumerate().skip(from);
        pieces.map(move |(index, even)| {
            let own = self.odd.get(odd).filter(|odd| odd.piece as usize == index);
            odd += usize::from(own.is_some());
            even.with(own)
        })
    }

    /// Keeps no more memory than it needs.
    pub(crate) fn shrink(&mut self) {
        self.pieces = exact(std::mem::take(&mut self.pieces));
        self.odd = exact(std::mem::take(&mut self.odd));
        self.code = exact(std::mem::take(&mut self.code));
        self.blocks = exact(std::mem::take(&mut self.blocks));
    }

    /// The whole text with its map, made of `source`, the text of the file.
    pub(crate) fn plain(&self, source: &str) -> PlainText {
        self.part(0..self.blocks.len(), source)
    }

    /// The text of the leaf blocks `blocks` alone.
    pub(crate) fn part(&self, blocks: Range<usize>, source: &str) -> PlainText {
        let chosen = self.blocks.get(blocks).unwrap_or_default();
        let (Some(first), Some(last)) = (chosen.first(), chosen.last()) else {
            return PlainText::default();
        };
        let bytes = first.bytes.start..last.bytes.end;
        let mut runs: Vec<Run> = Vec::new();
        let text = self.pieces_of(&bytes, source, |piece, plain| push_run(&mut runs, piece, plain));
        let shift = |block: &TextBlock| TextBlock {
            bytes: block.bytes.start - bytes.start..block.bytes.end - bytes.start,
            ..block.clone()
        };
        let end = text.len();
        let inside = |code: &Range<u32>| {
            let (from, to) = (code.start as usize, code.end as usize);
            let within = from.saturating_sub(bytes.start)..to.saturating_sub(bytes.start).min(end);
            (within.start < within.end).then_some(within)
        };
        let code = self.code.iter().filter_map(inside).collect();
        PlainText { text, blocks: chosen.iter().map(shift).collect(), runs, code }
    }

    /// The text of the leaf blocks `blocks` without its map.
    pub(crate) fn text(&self, blocks: Range<usize>, source: &str) -> String {
        let chosen = self.blocks.get(blocks).unwrap_or_default();
        let (Some(first), Some(last)) = (chosen.first(), chosen.last()) else {
            return String::new();
        };
        self.pieces_of(&(first.bytes.start..last.bytes.end), source, |_, _| {})
    }

    /// What stands in the text at `bytes`; empty where nothing does.
    pub(crate) fn at(&self, bytes: Range<usize>, source: &str) -> String {
        // A block more at each side, for what begins or ends between two.
        let first = self.blocks.partition_point(|block| block.bytes.end < bytes.start);
        let first = first.saturating_sub(1);
        let after = self.blocks.partition_point(|block| block.bytes.start < bytes.end);
        let start = self.blocks.get(first).map_or(0, |block| block.bytes.start);
        let within = bytes.start.checked_sub(start).zip(bytes.end.checked_sub(start));
        let text = self.text(first..(after + 1).min(self.blocks.len()), source);
        let text = within.and_then(|(start, end)| text.get(start..end));
        text.unwrap_or_default().to_owned()
    }

    /// The plain text of `bytes`; `each` gets its pieces, and where in it they begin.
    fn pieces_of(
        &self,
        bytes: &Range<usize>,
        source: &str,
        mut each: impl FnMut(&Piece, u32),
    ) -> String {
        let (start, end) = (short(bytes.start), short(bytes.end));
        let pieces = self.pieces_from(|piece| piece.plain < start);
        let mut text = String::with_capacity(bytes.len());
        for piece in pieces.take_while(|piece| piece.plain < end) {
            let plain = piece.plain - start;
            while text.len() < plain as usize {
                text.push('\n');
            }
            let (text_of, at, length) = match piece.literal {
                Some(at) => (self.literals.as_str(), at as usize, piece.plain_len as usize),
                None => (source, piece.source as usize, piece.source_len as usize),
            };
            text.push_str(text_of.get(at..at + length).unwrap_or_default());
            each(&piece, plain);
        }
        text
    }

    /// The stretches of HTML that show the plain bytes `plain`, in order, each inside one
    /// text node; neighbours are not joined.
    pub(crate) fn html_of(&self, plain: &Range<usize>) -> Vec<Range<usize>> {
        let (start, end) = (short(plain.start), short(plain.end));
        self.pieces_from(|piece| piece.plain + piece.len <= start)
            .take_while(|piece| piece.plain < end)
            .filter(|piece| piece.html_len > 0)
            .map(|piece| {
                let (html, length) = (piece.html, piece.html_len);
                if piece.literal.is_some() || piece.html_len != piece.plain_len {
                    return html as usize..(html + length) as usize;
                }
                let skip = start.saturating_sub(piece.plain);
                let keep = (end - piece.plain).min(length);
                (html + skip) as usize..(html + keep) as usize
            })
            .collect()
    }
}

fn push_run(runs: &mut Vec<Run>, piece: &Piece, plain: u32) {
    if let Some(last) = runs.last_mut()
        && piece.literal.is_none()
        && last.plain_len == last.source_len
        && last.plain + last.plain_len == plain
        && last.source + last.source_len == piece.source
    {
        last.plain_len += piece.plain_len;
        last.source_len += piece.source_len;
        return;
    }
    runs.push(Run {
        plain,
        source: piece.source,
        plain_len: piece.plain_len,
        source_len: piece.source_len,
    });
}
