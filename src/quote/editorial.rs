//! Marks that a quoting author puts into a quotation: elisions, brackets, notes.

use std::ops::Range;

use crate::quote::note::{is_index, is_note, is_reference};
use crate::quote::words::{Word, words};

/// Words for which `[word]` may stand (design.md, section 4.3).
pub(crate) const MAX_BRACKET_WORDS: usize = 5;

/// Bytes in brackets beyond which they hold the author's own text and no mark.
const MAX_MARK_BYTES: usize = 120;

/// Gaps of a quote that are understood: every part is sought in the whole text.
const MAX_GAPS: usize = 100;

/// What may be left out between two parts of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Up to so many words, for `[word]`.
    Words(usize),
    /// Anything that ends in the block where it began.
    InBlock,
    /// Words of so many blocks that follow each other, up to their borders: the mark ends or
    /// begins a block of the quote.
    ToBorder(usize),
    /// Anything: the mark stands alone on its line.
    Anywhere,
}

impl Gap {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Anywhere, _) | (_, Self::Anywhere) => Self::Anywhere,
            (Self::ToBorder(one), Self::ToBorder(two)) => Self::ToBorder(one.saturating_add(two)),
            (Self::ToBorder(blocks), _) | (_, Self::ToBorder(blocks)) => Self::ToBorder(blocks),
            (Self::InBlock, _) | (_, Self::InBlock) => Self::InBlock,
            (Self::Words(one), Self::Words(two)) => Self::Words(one.saturating_add(two)),
        }
    }
}

/// A quote as its editorial marks want it read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Its words, in order.
    pub words: Vec<Word>,
    /// Before which word something may be missing, ascending, never first or last.
    pub gaps: Vec<(usize, Gap)>,
}

impl Reading {
    /// The words of `text` as they stand.
    pub(crate) fn literal(text: &str) -> Self {
        Self { words: words(text), gaps: Vec::new() }
    }

    /// The words of `text` with its elisions, notes and changes of case understood; other
    /// brackets are the author's own.
    pub(crate) fn cut(text: &str) -> Self {
        Self::read(text, Brackets::Own)
    }

    /// The words of `text` with all its marks understood.
    pub(crate) fn edited(text: &str) -> Self {
        Self::read(text, Brackets::Editorial)
    }

    /// The words `kept` alone.
    pub(crate) fn part(&self, kept: Range<usize>) -> Self {
        let words = self.words.get(kept.clone()).unwrap_or_default().to_vec();
        let inside =
            self.gaps.iter().filter(|(before, _)| *before > kept.start && *before < kept.end);
        let gaps = inside.map(|(before, gap)| (before - kept.start, *gap)).collect();
        Self { words, gaps }
    }

    fn read(text: &str, brackets: Brackets) -> Self {
        let mut reader = Reader { text, brackets, reading: Self::default(), from: 0 };
        let mut at = 0;
        while at < text.len() {
            at = match reader.mark(at) {
                Some((range, mark)) => {
                    reader.take(&range, mark);
                    range.end
                }
                None => {
                    at + text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8)
                }
            };
        }
        reader.plain(text.len());
        let count = reader.reading.words.len();
        reader.reading.gaps.retain(|(before, _)| *before > 0 && *before < count);
        if reader.reading.gaps.len() > MAX_GAPS {
            return Self::literal(text);
        }
        reader.reading
    }

    /// Words between its gaps, as ranges of `words`, each with the gap before it.
    pub(crate) fn parts(&self) -> Vec<(Range<usize>, Gap)> {
        let mut parts = Vec::with_capacity(self.gaps.len() + 1);
        let (mut start, mut gap) = (0, Gap::Anywhere);
        for (before, next) in &self.gaps {
            parts.push((start..*before, gap));
            (start, gap) = (*before, *next);
        }
        parts.push((start..self.words.len(), gap));
        parts
    }
}

/// Whose square brackets are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brackets {
    /// The author's.
    Own,
    /// The quoting author's: `[word]`.
    Editorial,
}

/// What a mark does.
enum Mark {
    Gap(Gap),
    /// Nothing: a note.
    Note,
    /// A word whose first letter is bracketed, without its brackets.
    Word(String),
}

struct Reader<'a> {
    text: &'a str,
    brackets: Brackets,
    reading: Reading,
    /// Where the text that is not yet read begins.
    from: usize,
}

impl Reader<'_> {
    fn plain(&mut self, to: usize) {
        let offset = u32::try_from(self.from).unwrap_or(u32::MAX);
        let text = self.text.get(self.from..to).unwrap_or_default();
        self.reading.words.extend(words(text).into_iter().map(|word| Word {
            start: word.start.saturating_add(offset),
            end: word.end.saturating_add(offset),
            ..word
        }));
    }

    fn take(&mut self, range: &Range<usize>, mark: Mark) {
        self.plain(range.start);
        self.from = range.end;
        let before = self.reading.words.len();
        match mark {
            Mark::Note => {}
            Mark::Gap(gap) => match self.reading.gaps.last_mut() {
                Some((at, last)) if *at == before => *last = last.and(gap),
                _ => self.reading.gaps.push((before, gap)),
            },
            Mark::Word(whole) => {
                let (start, end) = (range.start as u32, range.end as u32);
                let joined = words(&whole);
                self.reading.words.extend(joined.iter().map(|word| Word {
                    id: word.id,
                    start,
                    end,
                }));
            }
        }
    }

    fn mark(&self, at: usize) -> Option<(Range<usize>, Mark)> {
        let rest = self.text.get(at..)?;
        let opening = rest.chars().next()?;
        if at == 0 || self.text.get(..at).is_some_and(|before| before.ends_with('\n')) {
            // `--snip--` needs no brackets if there is nothing else on its line.
            let line = rest.lines().next().unwrap_or_default();
            if line.contains(char::is_alphabetic)
                && line.len() <= MAX_MARK_BYTES
                && is_elision(line)
            {
                return Some((at..at + line.len(), Mark::Gap(Gap::Anywhere)));
            }
        }
        if let Some(closing) = closing(opening) {
            return self.bracketed(at, opening, closing);
        }
        let len = ellipsis(rest)?;
        let range = at..at + len;
        let gap = self.gap(&range);
        Some((range, Mark::Gap(gap)))
    }

    fn bracketed(&self, at: usize, opening: char, closing: char) -> Option<(Range<usize>, Mark)> {
        let inner_start = at + opening.len_utf8();
        let rest = self.text.get(inner_start..)?;
        let (len, _) = rest
            .char_indices()
            .take_while(|(into, c)| *into <= MAX_MARK_BYTES && *c != opening)
            .find(|(_, c)| *c == closing)?;
        let inner = rest.get(..len)?;
        let range = at..inner_start + len + closing.len_utf8();
        if is_elision(inner) {
            let gap = self.gap(&range);
            return Some((range, Mark::Gap(gap)));
        }
        let is_square = matches!(opening, '[' | '［');
        if is_note(inner, is_square) || (is_square && is_reference(inner)) {
            return Some((range, Mark::Note));
        }
        if !is_square || is_index(inner) {
            return None;
        }
        let (range, mark) = self.change(range, inner);
        let is_own = self.brackets == Brackets::Own && matches!(mark, Mark::Gap(_));
        (!is_own).then_some((range, mark))
    }

    /// `[T]he`, `walk[ed]`, `[word]`.
    fn change(&self, range: Range<usize>, inner: &str) -> (Range<usize>, Mark) {
        let before = self.text.get(self.from..range.start).unwrap_or_default();
        let after = self.text.get(range.end..).unwrap_or_default();
        let is_inside = |c: char| c.is_alphanumeric() && !is_unspaced(c);
        let part_of_word = !inner.is_empty() && inner.chars().all(is_inside_letter);
        let head = before.len() - before.trim_end_matches(is_inside).len();
        let head = if part_of_word { head } else { 0 };
        let tail_text = after.trim_start_matches(|c| is_inside(c) || matches!(c, '\'' | '’'));
        let tail = after.len() - tail_text.len();
        let letters = inner.chars().count() <= 2 && inner.chars().all(is_inside_letter);
        if head == 0 && letters {
            // One word, also over what joins letters: `[L]’homme`, `[E].g.`
            let near = after.get(..after.floor_char_boundary(MAX_MARK_BYTES)).unwrap_or_default();
            let rest = near.split(char::is_whitespace).next().unwrap_or_default();
            let whole = format!("{inner}{rest}");
            let end = words(&whole).first().map_or(0, |word| word.end as usize);
            let joins = end >= inner.len()
                && rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(is_inside));
            if let (true, Some(word)) = (end > inner.len() || joins, whole.get(..end)) {
                let tail = end - inner.len();
                return (range.start..range.end + tail, Mark::Word(word.to_owned()));
            }
        }
        let tail = if part_of_word && after.starts_with(is_inside) { tail } else { 0 };
        // A bracket inside a word stands for that word.
        let most = if head + tail > 0 { 1 } else { MAX_BRACKET_WORDS };
        (range.start - head..range.end + tail, Mark::Gap(Gap::Words(most)))
    }

    fn gap(&self, range: &Range<usize>) -> Gap {
        let before = self.text.get(..range.start).unwrap_or_default().chars().rev();
        let after = self.text.get(range.end..).unwrap_or_default().chars();
        let (before, after) = (borders(before), borders(after));
        if before.line && after.line {
            Gap::Anywhere
        } else if before.block || after.block {
            Gap::ToBorder(1)
        } else {
            Gap::InBlock
        }
    }
}

/// What ends between a mark and the word beside it.
#[derive(Default)]
struct Borders {
    line: bool,
    block: bool,
}

/// The borders in `beside`, which leads away from a mark.
fn borders(mut beside: impl Iterator<Item = char>) -> Borders {
    let mut borders = Borders::default();
    let mut last = ' ';
    for _ in 0..MAX_MARK_BYTES {
        match beside.next() {
            None => borders.line = true,
            Some(c) if c.is_alphanumeric() => return borders,
            Some(c) => {
                borders.line |= c == '\n';
                borders.block |= c == '\n' && last == '\n';
                last = c;
                continue;
            }
        }
        break;
    }
    borders
}

/// A letter that a bracket can put into a word; a number is a note mark beside one.
fn is_inside_letter(c: char) -> bool {
    c.is_alphabetic() && !is_unspaced(c)
}

/// Han, kana and Thai: brackets beside them touch the next word without being part of it.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{E7F}' | '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}')
}

fn closing(opening: char) -> Option<char> {
    Some(match opening {
        '[' => ']',
        '(' => ')',
        '<' => '>',
        '{' => '}',
        '［' => '］',
        '（' => '）',
        '【' => '】',
        '〔' => '〕',
        _ => return None,
    })
}

/// Length of the elision with which `text` begins: `…`, `......`, `. . .`.
fn ellipsis(text: &str) -> Option<usize> {
    let (mut dots, mut len) = (0, 0);
    let mut spaces = 0;
    for (at, c) in text.char_indices() {
        dots += match c {
            '…' | '⋯' => 3,
            '‥' => 2,
            // Chinese and Japanese writers set these thrice too.
            '.' | '．' | '。' | '・' | '·' | '･' => 1,
            ' ' | '\u{A0}' | '\u{2009}' | '\u{202F}' if dots > 0 && spaces == 0 => 0,
            _ => break,
        };
        spaces = if c.is_whitespace() { spaces + 1 } else { 0 };
        if spaces == 0 {
            len = at + c.len_utf8();
        }
    }
    (dots >= 3).then_some(len)
}

fn is_elision(inner: &str) -> bool {
    let inner = inner.trim();
    if ellipsis(inner) == Some(inner.len()) {
        return true;
    }
    let is_dot =
        |c: char| c.is_whitespace() || matches!(c, '.' | '…' | '-' | '–' | '—' | '*' | '!');
    let word = inner.trim_matches(is_dot).to_lowercase();
    matches!(
        word.as_str(),
        "snip"
            | "snipped"
            | "snipp"
            | "schnipp"
            | "schnapp"
            | "cut"
            | "deletia"
            | "omitted"
            | "elided"
            | "gekürzt"
            | "auslassung"
            | "coupé"
            | "coupure"
            | "omissis"
            | "略"
            | "中略"
            | "前略"
            | "後略"
            | "后略"
            | "下略"
            | "省略"
            | "중략"
            | "생략"
    )
}
