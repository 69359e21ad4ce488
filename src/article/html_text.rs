//! Text, code and raw HTML of a document, with their places in the source.

use std::ops::Range;

use super::document::{LinkKind, SpliceKind};
use super::html::{Writer, entity, escape, escape_attribute, until_markup};
use super::math::{self, Display};
use super::outline::{Comment, meaning};
use super::raw_html::{self, Attribute, Token};
use super::text_map::Origin;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

impl Writer<'_, '_> {
    pub(super) fn push_text(&mut self, text: &str, bytes: &Range<usize>) {
        self.words += words(text);
        // Mostly the parser hands out the source itself.
        let is_text = |there: &str| std::ptr::eq(there, text) || there == text;
        let verbatim = self.source.text.get(bytes.clone()).is_some_and(is_text);
        if !verbatim {
            let start = self.html.len();
            escape(self.html.own(), text);
            let origin = self.origin(bytes.clone(), start);
            self.text().literal(text, &origin);
            return;
        }
        let (mut at, mut rest) = (bytes.start, text);
        while !rest.is_empty() {
            let (plain, after) = until_markup(rest);
            if !plain.is_empty() {
                let start = self.html.len();
                self.html.push_source(plain, at);
                self.shows(at..at + plain.len(), start);
                at += plain.len();
            }
            rest = after;
            if let Some(entity) = entity(after) {
                let start = self.html.len();
                self.html.push_str(entity);
                self.shows(at..at + 1, start);
                at += 1;
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }

    /// Whether an element of raw HTML is open that is one of `names`.
    fn is_inside(&self, names: &[&str]) -> bool {
        self.raw_open.iter().any(|open| names.contains(&open.as_str()))
    }

    /// The HTML from byte `start` on shows what the source has at `source`.
    fn shows(&mut self, source: Range<usize>, start: usize) {
        let mut origin = self.origin(source, start);
        if self.is_inside(UNMARKED) {
            origin.html = 0..0;
        }
        self.text().verbatim(&origin);
    }

    pub(super) fn line_break(&mut self, html: &str, bytes: &Range<usize>) {
        self.html.push_str(html);
        let origin = Origin { source: bytes.clone(), html: 0..0 };
        if self.text().is_open() {
            self.text().literal("\n", &origin);
        }
    }

    pub(super) fn code_span(&mut self, code: &str, bytes: &Range<usize>) {
        self.html.push_str("<code>");
        let span = self.source.text.get(bytes.clone()).unwrap_or_default();
        let ticks = span.len() - span.trim_start_matches('`').len();
        let inside = span.get(ticks..).and_then(|inside| inside.find(code));
        let length = self.text().length();
        match inside {
            Some(at) if !code.is_empty() => {
                let start = bytes.start + ticks + at;
                self.push_text(code, &(start..start + code.len()));
            }
            _ => self.push_text(code, bytes),
        }
        self.text().code_since(length);
        self.html.push_str("</code>");
    }

    /// A block of code; `origins` say where each stretch of it stands in the source.
    pub(super) fn highlighted(
        &mut self,
        code: &str,
        language: &str,
        origins: &[(usize, Range<usize>)],
    ) {
        self.words += words(code);
        self.html.push_str("<pre tabindex=\"0\"><code");
        if !language.is_empty() {
            self.html.push_str(" class=\"language-");
            escape_attribute(self.html.own(), language);
            self.html.push('"');
        }
        self.html.push('>');
        let html = super::highlight::highlight(code, language).unwrap_or_else(|| {
            let mut html = String::with_capacity(code.len() + code.len() / 8);
            escape(&mut html, code);
            html
        });
        self.leaf_start();
        let length = self.text().length();
        self.align(&html, code.len(), origins);
        self.text().code_since(length);
        self.leaf_end();
        self.html.push_str("</code></pre>\n");
    }

    /// Writes `html`, whose text is a code block, and maps that text to the source.
    fn align(&mut self, html: &str, code_bytes: usize, origins: &[(usize, Range<usize>)]) {
        let mut code_at = 0;
        let mut rest = html;
        while !rest.is_empty() && code_at <= code_bytes {
            let (shown, length) = match rest.as_bytes().first() {
                Some(b'<') => (rest.find('>').map_or(rest.len(), |end| end + 1), 0),
                Some(b'&') => (rest.find(';').map_or(rest.len(), |end| end + 1), 1),
                _ => {
                    let end = memchr::memchr2(b'<', b'&', rest.as_bytes()).unwrap_or(rest.len());
                    let line = origins.get(origins.partition_point(|(at, _)| *at <= code_at));
                    let end = line.map_or(end, |(next, _)| end.min(next - code_at));
                    (end, end)
                }
            };
            let (now, after) = rest.split_at_checked(shown).unwrap_or((rest, ""));
            let start = self.html.len();
            self.html.push_str(now);
            if length > 0 {
                let index = origins.partition_point(|(at, _)| *at <= code_at).saturating_sub(1);
                let (at, bytes) = origins.get(index).cloned().unwrap_or((0, 0..0));
                let source = bytes.start + (code_at - at)..bytes.start + (code_at - at) + length;
                let same =
                    now.starts_with('&') || self.source.text.get(source.clone()) == Some(now);
                let origin = self.origin(source, start);
                match same {
                    true => self.text().verbatim(&origin),
                    false => self.text().literal(now, &origin),
                }
            }
            code_at += length;
            rest = after;
        }
        self.html.push_str(rest);
    }

    pub(super) fn formula(&mut self, formula: &str, bytes: &Range<usize>, display: Display) {
        match math::mathml(formula, display) {
            // Wider than its column, a formula scrolls by itself: by keys too, as a table does.
            Ok(mathml) if display == Display::Block => {
                self.html.push_str(
                    "<span class=\"scroll\" role=\"group\" aria-label=\"Formula\" tabindex=\"0\">",
                );
                self.html.push_str(&mathml);
                self.html.push_str("</span>");
            }
            Ok(mathml) => self.html.push_str(&mathml),
            Err(message) => {
                let place = Span::new(&self.source.path, bytes.clone());
                self.found.push(
                    Diagnostic::error(
                        Code::InvalidMath,
                        place,
                        format!("this formula cannot be read: {message}"),
                    )
                    .help("formulas are LaTeX, as in `$x^2$`; for a dollar sign write `\\$`"),
                );
                self.html.push_str("<code>");
                escape(self.html.own(), formula);
                self.html.push_str("</code>");
            }
        }
        let origin = Origin { source: bytes.clone(), html: 0..0 };
        self.text().literal(formula, &origin);
    }

    /// Raw HTML, line by line with the place of each; links and ids in it are found,
    /// comments vanish, and elements end where what holds them ends.
    pub(super) fn raw_html(&mut self, lines: &[(&str, usize)]) {
        let mut joined = String::new();
        let mut starts = Vec::with_capacity(lines.len());
        for &(line, source) in lines {
            starts.push((joined.len(), source));
            joined.push_str(line);
        }
        let source_of = |at: usize| {
            let index = starts.partition_point(|&(start, _)| start <= at).saturating_sub(1);
            starts.get(index).map_or(0, |&(start, source)| source + (at - start))
        };
        for token in raw_html::tokens(&joined) {
            let piece = |range: &Range<usize>| joined.get(range.clone()).unwrap_or_default();
            match token {
                Token::Comment(bytes) => self.comment(piece(&bytes)),
                Token::Opaque(bytes) => self.html.push_str(piece(&bytes)),
                Token::Text(bytes) => self.raw_text(piece(&bytes), source_of(bytes.start)),
                Token::Close { bytes, name } => {
                    self.raw_break(&name, source_of(bytes.start));
                    self.raw_close(piece(&bytes), &name);
                }
                Token::Open { bytes, name, attributes } => {
                    self.raw_break(&name, source_of(bytes.start));
                    self.raw_open((&joined, &bytes), &name, &attributes, &source_of);
                    let closed = piece(&bytes).ends_with("/>");
                    let is_foreign = FOREIGN.contains(&name.as_str()) || self.is_inside(FOREIGN);
                    if raw_html::needs_end(&name) && !(closed && is_foreign) {
                        self.raw_open.push(name);
                    }
                }
            }
        }
    }

    fn comment(&mut self, comment: &str) {
        let inside = comment.trim_start_matches("<!--").trim_end_matches("-->");
        if meaning(inside) == Comment::More && self.document.more.is_none() {
            self.document.more = Some(self.document.blocks.len() + 1);
        }
    }

    /// The line that a tag ends, where it does: words on its two sides are not one.
    fn raw_break(&mut self, name: &str, source: usize) {
        if raw_html::ends_line(name) && self.text().is_open() {
            let origin = Origin { source: source..source, html: 0..0 };
            self.text().literal("\n", &origin);
        }
    }

    fn raw_text(&mut self, text: &str, source: usize) {
        self.html.push_str(text);
        if text.trim().is_empty() && !self.text().is_open() {
            return;
        }
        self.words += words(text);
        let origin = Origin { source: source..source + text.len(), html: 0..0 };
        let start = self.text().length();
        self.text().literal(&raw_html::decoded(text), &origin);
        self.raw_code_since(start);
    }

    /// The text from `start` on is code, if raw HTML says so.
    pub(super) fn raw_code_since(&mut self, start: u32) {
        if self.is_inside(&["code", "pre", "samp", "kbd"]) {
            self.text().code_since(start);
        }
    }

    fn raw_close(&mut self, tag: &str, name: &str) {
        if raw_html::may_end_alone(name) {
            self.html.push_str(tag);
            return;
        }
        let base = self.containers.last().copied().unwrap_or(0);
        let inside = self.raw_open.get(base..).unwrap_or_default();
        if let Some(index) = inside.iter().rposition(|open| open == name) {
            self.close_raw(base + index);
        }
    }

    fn raw_open(
        &mut self,
        (html, bytes): (&str, &Range<usize>),
        tag: &str,
        attributes: &[Attribute],
        source_of: &dyn Fn(usize) -> usize,
    ) {
        let mut at = bytes.start;
        // What HTML had before ids, and old texts still have: `<a name="x">`.
        let has_id = attributes.iter().any(|one| one.name == "id");
        for attribute in attributes {
            let value = html.get(attribute.value.clone()).unwrap_or_default();
            let source = source_of(attribute.value.start)..source_of(attribute.value.end);
            let is_name = tag == "a" && attribute.name == "name" && !has_id;
            let is_id = (is_name || attribute.name == "id") && !value.is_empty();
            let urls = if raw_html::is_url(&attribute.name) {
                std::iter::once(0..value.len()).collect()
            } else if attribute.name == "srcset" {
                raw_html::srcset(value)
            } else {
                Vec::new()
            };
            let named = match is_id || !urls.is_empty() {
                true => Vec::new(),
                false => raw_html::ids_named(tag, &attribute.name, value),
            };
            if !is_id && urls.is_empty() && named.is_empty() {
                continue;
            }
            let before = html.get(at..attribute.value.start).unwrap_or_default();
            if is_name && let Some(name) = before.to_ascii_lowercase().rfind("name") {
                self.html.push_str(before.get(..name).unwrap_or_default());
                self.html.push_all(&["id", before.get(name + "name".len()..).unwrap_or_default()]);
            } else {
                self.html.push_str(before);
            }
            at = attribute.value.end;
            let quote = if attribute.quoted { "" } else { "\"" };
            self.html.push_str(quote);
            if is_id {
                let name = self.take_id(value, source);
                self.splice(SpliceKind::Prefix);
                self.html.push_str(&name);
                self.id_end(&name);
            } else if named.is_empty() {
                self.raw_urls(value, &urls, source.start);
            } else {
                let mut from = 0;
                for id in named {
                    self.html.push_str(value.get(from..id).unwrap_or_default());
                    self.splice(SpliceKind::Prefix);
                    from = id;
                }
                self.html.push_str(value.get(from..).unwrap_or_default());
            }
            self.html.push_str(quote);
        }
        self.html.push_str(html.get(at..bytes.end).unwrap_or_default());
    }

    fn raw_urls(&mut self, value: &str, urls: &[Range<usize>], source: usize) {
        let mut at = 0;
        for url in urls {
            self.html.push_str(value.get(at..url.start).unwrap_or_default());
            at = url.end;
            let destination = raw_html::decoded(value.get(url.clone()).unwrap_or_default());
            let bytes = source + url.start..source + url.end;
            self.add_link(&destination, LinkKind::Raw, bytes, SpliceKind::Url);
        }
        self.html.push_str(value.get(at..).unwrap_or_default());
    }
}

/// Elements that XML may end at once with all that is in them: in HTML a `/>` ends no other.
const FOREIGN: &[&str] = &["svg", "math"];

/// Elements in which no mark of HTML may stand, or no link after one.
const UNMARKED: &[&str] = &["svg", "math", "select", "button", "textarea"];

/// Words of `text`, for reading times: runs of what is neither white nor a control, and half a word for each
/// Chinese, Japanese or Thai character.
fn words(text: &str) -> usize {
    words_ascii(text.as_bytes()).unwrap_or_else(|| words_unicode(text))
}

/// The same of ASCII; nothing of other text. Eight bytes at a time and without a branch, as each
/// word of a book is counted so.
fn words_ascii(text: &[u8]) -> Option<usize> {
    /// One in each byte.
    const EACH: u64 = 0x0101_0101_0101_0101;
    let (mut words, mut all, mut space_before) = (0, 0, 1);
    let (eights, rest) = text.as_chunks();
    let mut last = [b' '; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    for eight in eights.iter().chain([&last]) {
        let eight = u64::from_le_bytes(*eight);
        all |= eight;
        // What is added brings all beyond the space to the highest bit of its byte.
        let inside = (eight.wrapping_add(EACH * (0x7f - u64::from(b' '))) >> 7) & EACH;
        let space = inside ^ EACH;
        let begins = inside & ((space << 8) | space_before);
        words += begins.wrapping_mul(EACH) >> 56;
        space_before = space >> 56;
    }
    let is_ascii = all & (EACH * 0x80) == 0;
    usize::try_from(words).ok().filter(|_| is_ascii)
}

fn words_unicode(text: &str) -> usize {
    let (mut words, mut characters, mut inside) = (0, 0, false);
    for c in text.chars() {
        let own = matches!(u32::from(c), 0x0e00..=0x0e7f | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff
            | 0x20000..=0x3ffff);
        characters += usize::from(own);
        let word = !own && !c.is_whitespace() && c > ' ';
        words += usize::from(word && !inside);
        inside = word;
    }
    words + characters / 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn a_word_is_what_is_between_spaces_and_half_of_one_a_chinese_character() {
        for (text, count) in [
            ("", 0),
            (" \t\r\n\u{b}\u{c}", 0),
            ("one", 1),
            (" one, two\nthree ", 3),
            ("\u{1}\u{1f} \u{0}", 0),
            ("naïve\u{a0}idea", 2),
            ("部分同意", 2),
            ("部分 ok", 2),
        ] {
            assert_eq!(words(text), count, "words of {text:?}");
        }
    }

    proptest! {
        #[test]
        fn bytes_of_ascii_make_the_words_that_its_characters_make(
            text in "[ -~]{0,300}|[a-c \t\r\n\u{b}\u{c}\u{0}\u{1}\u{1f}\u{7f}]{0,300}"
        ) {
            prop_assert_eq!(words_ascii(text.as_bytes()), Some(words_unicode(&text)));
        }
    }
}
