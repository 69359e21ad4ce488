//! Top-level blockquotes as quotes: attribution, lazy lines, and the answer that follows.

use std::ops::Range;

use super::document::{Block, BlockKind, Link};
use super::raw_html::{self, Token};
use crate::quote::Attribution;
use crate::source::plain_text::{ParagraphNumber, PlainText};

/// The blocks after a quote, up to the next quote, heading or rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The blocks, by index.
    pub blocks: Range<usize>,
    /// The text of the bold words with which it begins.
    pub lead_in: Option<String>,
    /// Whether there is nothing after the quote.
    pub empty: bool,
    /// The ¶ of the reply that make it up.
    pub paragraphs: Vec<ParagraphNumber>,
}

/// Where the attribution of a quote stands in the HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct QuoteHtml {
    /// Its bytes, with the line break or the tags of the paragraph around it; nothing where it
    /// cannot be cut out.
    pub attribution: Option<Range<usize>>,
    /// The same without what is around it.
    pub inner: Range<usize>,
}

/// The answers to `quotes` quotes, without their lead-ins.
pub(super) fn answers(blocks: &[Block], quotes: usize) -> Vec<Answer> {
    let mut answers = vec![Answer { empty: true, ..Answer::default() }; quotes];
    let mut current = None;
    for (index, block) in blocks.iter().enumerate() {
        match block.kind {
            BlockKind::Quote(quote) => current = Some(quote as usize),
            BlockKind::Heading | BlockKind::Rule | BlockKind::Notes => current = None,
            _ => {
                let Some(answer) = current.and_then(|quote: usize| answers.get_mut(quote)) else {
                    continue;
                };
                if answer.empty {
                    answer.blocks.start = index;
                }
                answer.empty = false;
                answer.blocks.end = index + 1;
                if let Some(number) = block.paragraph
                    && answer.paragraphs.last() != Some(&number)
                {
                    answer.paragraphs.push(number);
                }
            }
        }
    }
    answers
}

/// Dashes that can begin an attribution: em, en, horizontal bar, hyphen, hyphen-minus, minus.
const DASHES: &[char] = &['—', '–', '―', '‒', '‐', '-', '−'];

/// Where the attribution of `plain` begins: its last line, if that begins with a dash (or two
/// hyphens, or a doubled em dash as Chinese sets it) and a space, or only names a ¶.
pub(super) fn attribution_start(plain: &PlainText) -> Option<usize> {
    let text = plain.text.trim_end();
    let at = text.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(at..)?;
    if plain.code.iter().any(|code| code.contains(&at)) {
        return None;
    }
    if line.contains('¶') && !line.contains(char::is_alphabetic) && paragraph_mark(line).is_some()
    {
        return Some(at);
    }
    let rest = line.trim_start_matches(DASHES);
    let dashes = line.len() - rest.len();
    let words = rest.trim_start();
    (dashes > 0 && rest.len() > words.len() && !words.is_empty()).then_some(at)
}

/// The attribution that begins at `at`; `links` are those of the blockquote, the first of them
/// with the index `first_link`.
pub(super) fn attribution(
    plain: &PlainText,
    at: usize,
    links: &[Link],
    first_link: usize,
) -> Attribution {
    let line = plain.text.get(at..).unwrap_or_default();
    let source = plain.source_range(at..plain.text.trim_end().len());
    let inside = |link: &Link| link.bytes.start < source.end && source.start < link.bytes.end;
    let link = links.iter().rposition(inside).map(|index| first_link + index);
    Attribution { at, paragraph: paragraph_mark(line), link }
}

/// The number after the first `¶` or `§`-free pilcrow of a line: `¶4`, `¶ 4`.
fn paragraph_mark(line: &str) -> Option<ParagraphNumber> {
    let (_, after) = line.split_once('¶')?;
    let digits: String = after
        .trim_start()
        .chars()
        .skip_while(|c| *c == '¶')
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok().and_then(ParagraphNumber::new)
}

/// The lines of the blockquote `bytes` of `text` that lack their `>` although they hold text.
pub(super) fn lazy_lines(text: &str, bytes: &Range<usize>) -> Vec<Range<usize>> {
    let mut lazy = Vec::new();
    let mut at = bytes.start;
    for line in text.get(bytes.clone()).unwrap_or_default().split_inclusive('\n') {
        let content = line.trim();
        if at > bytes.start && !content.is_empty() && !content.starts_with('>') {
            let start = at + (line.len() - line.trim_start().len());
            lazy.push(start..start + content.len());
        }
        at += line.len();
    }
    lazy
}

/// Cuts the attribution out of `html`, a blockquote that begins at byte `at` of the article's;
/// `first` is the byte of the article's HTML where the attribution's first text stands.
pub(super) fn attribution_html(html: &str, at: usize, first: usize) -> QuoteHtml {
    let Some(end) = html.rfind("</p>") else { return QuoteHtml::default() };
    let before = html.get(..first.saturating_sub(at)).unwrap_or_default();
    let paragraph = before.rfind("<p>").map_or(0, |tag| tag + 3);
    // A line break of raw HTML may have no line end after it.
    let breaks = breaks(before);
    let line = before.rfind('\n').map_or(0, |line| line + 1);
    let start = breaks.last().map_or(line, |br| br.end.max(line)).max(paragraph);
    if start < paragraph || !balanced(html.get(start..end).unwrap_or_default()) {
        return QuoteHtml::default();
    }
    let attribution = if start == paragraph {
        start.saturating_sub(3)..end + 4
    } else {
        let kept = html.get(..start).unwrap_or_default().trim_end().len();
        let before = |end, br: &Range<usize>| if br.end == end { br.start } else { end };
        breaks.iter().rev().fold(kept, before)..end
    };
    let moved = |bytes: Range<usize>| bytes.start + at..bytes.end + at;
    QuoteHtml { attribution: Some(moved(attribution)), inner: moved(start..end) }
}

/// The line breaks in `html`.
fn breaks(html: &str) -> Vec<Range<usize>> {
    let breaks = raw_html::tokens(html).into_iter().filter_map(|token| match token {
        Token::Open { bytes, name, .. } if name == "br" => Some(bytes),
        _ => None,
    });
    breaks.collect()
}

/// Whether every inline element that begins in `html` ends in it.
fn balanced(html: &str) -> bool {
    let mut depth = 0i32;
    for part in html.split('<').skip(1) {
        let name = part.trim_start_matches('/');
        if name.starts_with("br") || name.starts_with("img") || name.starts_with("input") {
            continue;
        }
        depth += if part.starts_with('/') { -1 } else { 1 };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}
