//! Footnotes: their marks in the text, and the notes at the end.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::document::{Block, BlockKind, SpliceKind, Stretch};
use super::html::{Writer, short};
use super::outline;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::plain_text::TextRole;
use crate::source::{Source, Span};

impl Writer<'_, '_> {
    /// The footnotes that are marked, in the order of their first mark; marks in notes add more.
    pub(super) fn notes(&mut self) {
        if !self.footnotes.is_empty() {
            self.marked_notes();
        }
        for (event, bytes) in self.events {
            let Event::Start(Tag::FootnoteDefinition(label)) = event else { continue };
            if !self.numbers.contains_key(&key(label)) {
                self.found.push(note_without_mark(self.source, label, bytes.start));
            }
        }
    }

    fn marked_notes(&mut self) {
        // The notes stand apart, in no element of the text.
        self.end_raw();
        let (start, leaves, words) = (self.html.len(), self.document.text.blocks.len(), self.words);
        self.role = TextRole::Note;
        self.paragraph = None;
        self.answering = None;
        self.html.push_str("<section class=\"notes\" aria-label=\"");
        self.splice(SpliceKind::NotesLabel);
        self.html.push_str("\">\n<ol>\n");
        let definitions = self.definitions();
        let mut index = 0;
        while let Some((label, _)) = self.footnotes.get(index) {
            let events = definitions.get(label).cloned().unwrap_or(0..0);
            self.note(index, events);
            index += 1;
        }
        self.document.notes = self.footnotes.iter().map(|(_, marks)| *marks).collect();
        self.html.push_str("</ol>\n</section>\n");
        self.document.blocks.push(Block {
            kind: BlockKind::Notes,
            bytes: Stretch::new(0..0),
            html: Stretch::new(start..self.html.len()),
            paragraph: None,
            leaves: Stretch::new(leaves..self.document.text.blocks.len()),
            words: short(self.words - words),
            enclosed: !self.raw_open.is_empty(),
        });
        self.words = words;
    }

    fn definitions(&self) -> BTreeMap<String, Range<usize>> {
        let mut definitions = BTreeMap::new();
        for (index, (event, _)) in self.events.iter().enumerate() {
            if let Event::Start(Tag::FootnoteDefinition(label)) = event {
                let end = outline::end_of(self.events, index);
                definitions.entry(key(label)).or_insert(index + 1..end - 1);
            }
        }
        definitions
    }

    fn note(&mut self, index: usize, events: Range<usize>) {
        let number = index + 1;
        self.html.push_str("<li id=\"");
        self.splice(SpliceKind::Prefix);
        self.html.push_all(&["fn-", itoa::Buffer::new().format(number), "\">"]);
        self.container_start();
        let single =
            matches!(self.events.get(events.start), Some((Event::Start(Tag::Paragraph), _)))
                && outline::end_of(self.events, events.start) == events.end;
        if single {
            self.leaf_start();
            self.events(events.start + 1..events.end - 1);
            self.leaf_end();
        } else {
            self.events(events);
            self.leaf_end();
        }
        self.container_end();
        let marks = self.footnotes.get(index).map_or(1, |(_, marks)| *marks);
        let close = if !single && self.html.strip_end("</p>\n") { "</p>\n" } else { "" };
        for mark in 1..=marks {
            self.html.push_str(" <a class=\"back\" href=\"#");
            self.splice(SpliceKind::Prefix);
            self.html.push_all(&["fnref-", itoa::Buffer::new().format(number), &suffix(mark)]);
            let which = if marks > 1 { format!(", place {mark}") } else { String::new() };
            self.html.push_all(&["\" aria-label=\"Back to the text", &which, "\">↩</a>"]);
        }
        self.html.push_str(close);
        self.html.push_str("</li>\n");
    }

    /// Warns of the mark that the text `bytes` begins with, if no footnote belongs to it, which
    /// Markdown leaves as it is; a text of its own begins at each bracket that opens nothing.
    pub(super) fn mark_without_note(&mut self, bytes: &Range<usize>) {
        let source = &self.source.text;
        let text = source.get(bytes.clone()).unwrap_or_default();
        let start = bytes.start + usize::from(text.starts_with('!'));
        let Some(rest) = source.get(start..).and_then(|rest| rest.strip_prefix("[^")) else {
            return;
        };
        let Some((label, _)) = rest.split_once(']') else { return };
        let is_label = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_escaped = source.get(..start).is_some_and(|before| before.ends_with('\\'));
        if label.is_empty() || is_escaped || !label.chars().all(is_label) {
            return;
        }
        let place = Span::new(&self.source.path, start..start + label.len() + "[^]".len());
        let warning = Diagnostic::warning(
            Code::UndefinedFootnote,
            place,
            format!("there is no footnote `[^{label}]`"),
        );
        self.found.push(warning.help(format!(
            "write it below: `[^{label}]: …`, or `\\[^{label}]` where the brackets are meant"
        )));
    }

    pub(super) fn footnote_mark(&mut self, label: &str) {
        let next = self.footnotes.len();
        let index = *self.numbers.entry(key(label)).or_insert(next);
        if index == next {
            self.footnotes.push((key(label), 0));
        }
        let Some((_, marks)) = self.footnotes.get_mut(index) else { return };
        *marks += 1;
        let (suffix, letter) = (suffix(*marks), letters(index));
        let mut digits = itoa::Buffer::new();
        let number = digits.format(index + 1);
        self.html.push_str("<a class=\"fn\" id=\"");
        self.splice(SpliceKind::Prefix);
        self.html.push_all(&["fnref-", number, &suffix, "\" href=\"#"]);
        self.splice(SpliceKind::Prefix);
        self.html.push_all(&["fn-", number, "\" aria-label=\"Note ", &letter, "\">", &letter]);
        self.html.push_str("</a>");
    }
}

/// Labels that differ by capitals are one.
fn key(label: &str) -> String {
    match label.is_ascii() {
        true => label.to_ascii_lowercase(),
        false => caseless::default_case_fold_str(label),
    }
}

/// What follows the number of a note in the id of its mark `mark`, counted from 1.
fn suffix(mark: u32) -> String {
    if mark > 1 { format!("-{mark}") } else { String::new() }
}

fn note_without_mark(source: &Source, label: &str, start: usize) -> Diagnostic {
    let place = Span::new(&source.path, start..start + label.len() + "[^]:".len());
    let message = "no mark in the text leads to this footnote, so it is not shown";
    Diagnostic::warning(Code::UnusedFootnote, place, message)
        .help(format!("write `[^{label}]` where it belongs, or take the footnote out"))
}

/// `a`, `b`… `z`, `aa`: the mark of what stands at `index`, as CSS `lower-alpha` counts.
pub(crate) fn letters(index: usize) -> String {
    let mut rest = index + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}
