//! A ¶ as Markdown that can stand in another file: what a reply quotes of its parent.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag};

use super::Article;
use super::document::{MarkdownOptions, events, readable};
use crate::source::plain_text::ParagraphNumber;

/// The Markdown of the ¶ `number` of `article`, or nothing where there is no such ¶.
///
/// Its words are those of the source. What leads to other places of its file cannot come along:
/// footnote marks are dropped, links by reference are written out, and destinations are given
/// to `moved`, which says what they are where the excerpt will stand.
#[must_use]
pub fn markdown(
    article: &Article,
    options: MarkdownOptions,
    number: ParagraphNumber,
    moved: impl Fn(&str) -> String,
) -> Option<String> {
    let blocks = &article.document.blocks;
    let mut ours = blocks.iter().filter(|block| block.paragraph == Some(number));
    let first = ours.next()?;
    let end = ours.next_back().map_or(first.bytes.end(), |last| last.bytes.end());
    let text = article.source.text.as_str();
    let before = text.get(..first.bytes.start())?;
    // The indentation belongs to a block of code, and hurts no other.
    let start = before.trim_end_matches([' ', '\t']).len();
    let body = article.front.bytes.end;
    let readable = readable(text.get(body..)?);
    let events = events(&readable, body, options);
    let mut edits = edits(&events, start..end, text, &moved);
    edits.sort_by_key(|(bytes, _)| (bytes.start, bytes.end));
    let (mut markdown, mut at) = (String::new(), start);
    for (bytes, replacement) in edits.iter().filter(|(bytes, _)| bytes.end <= end) {
        markdown.push_str(text.get(at..bytes.start).unwrap_or_default());
        markdown.push_str(replacement);
        at = bytes.end.max(at);
    }
    markdown.push_str(text.get(at..end).unwrap_or_default());
    Some(markdown.trim_end().to_owned())
}

/// The words of the ¶ `number` alone, escaped: what remains where its Markdown cannot be moved.
#[must_use]
pub fn words(article: &Article, number: ParagraphNumber) -> String {
    let plain = article.plain();
    let ours = plain.blocks.iter().filter(|block| block.paragraph == Some(number));
    let texts = ours.filter_map(|block| plain.text.get(block.bytes.clone()));
    texts.map(escaped).collect::<Vec<_>>().join("\n\n")
}

fn escaped(text: &str) -> String {
    let line = |line: &str| {
        let mut markdown = String::with_capacity(line.len());
        let line = line.trim();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        for (at, c) in line.char_indices() {
            let opens = at == 0 && matches!(c, '+' | '-' | '=' | ':' | '#');
            let counts = at == digits && at > 0 && matches!(c, '.' | ')');
            if opens
                || counts
                || matches!(
                    c,
                    '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$'
                )
            {
                markdown.push('\\');
            }
            markdown.push(c);
        }
        markdown
    };
    text.lines().map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

type Edit = (Range<usize>, String);

fn edits(
    events: &[(Event<'_>, Range<usize>)],
    within: Range<usize>,
    text: &str,
    moved: &impl Fn(&str) -> String,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (index, (event, bytes)) in events.iter().enumerate() {
        if bytes.start < within.start || bytes.end > within.end {
            continue;
        }
        let (mark, link_type, dest, title) = match event {
            Event::FootnoteReference(_) => {
                edits.push((bytes.clone(), String::new()));
                continue;
            }
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                ("[", *link_type, dest_url, title)
            }
            Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                ("![", *link_type, dest_url, title)
            }
            _ => continue,
        };
        let is_bare = matches!(link_type, LinkType::Autolink | LinkType::Email);
        let destination = moved(dest);
        if is_bare || (link_type == LinkType::Inline && destination == **dest) {
            continue;
        }
        let inner = inner(events, index);
        // An image's text is its alternative, of which not every character is an event's.
        let inner = if text.get(inner.clone()).is_some() { inner } else { bytes.clone() };
        edits.push((bytes.start..inner.start, mark.to_owned()));
        edits.push((inner.end..bytes.end, format!("]({})", target(&destination, title))));
    }
    edits
}

/// The bytes of what stands inside the element that begins at `index`.
fn inner(events: &[(Event<'_>, Range<usize>)], index: usize) -> Range<usize> {
    let end = super::outline::end_of(events, index);
    let inside = events.get(index + 1..end.saturating_sub(1)).unwrap_or_default();
    let first = inside.first().map(|(_, bytes)| bytes.start);
    let last = inside.iter().map(|(_, bytes)| bytes.end).max();
    match first.zip(last) {
        Some((first, last)) => first..last,
        None => events.get(index).map_or(0..0, |(_, bytes)| bytes.end..bytes.end),
    }
}

fn target(destination: &str, title: &CowStr<'_>) -> String {
    let destination = if destination.contains([' ', '(', ')', '<', '>']) || destination.is_empty() {
        format!("<{}>", destination.replace('<', "%3C").replace('>', "%3E"))
    } else {
        destination.to_owned()
    };
    match title.is_empty() {
        true => destination,
        false => format!("{destination} \"{}\"", title.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::article::parse;
    use crate::source::{SitePath, Source};

    #[track_caller]
    fn check(number: u32, text: &str, expected: &str) -> Article {
        let source = Source::new(SitePath::new("seeds/a.md").unwrap(), text.to_owned());
        let options = MarkdownOptions::default();
        let article = parse(&Arc::new(source), options).value;
        let moved = |destination: &str| match destination.contains(':') {
            true => destination.to_owned(),
            false => format!("../seeds/{destination}"),
        };
        let number = ParagraphNumber::new(number).unwrap();
        let markdown = markdown(&article, options, number, moved).unwrap_or_default();
        assert_eq!(markdown, expected);
        article
    }

    #[test]
    fn a_paragraph_comes_with_what_follows_it() {
        let text =
            "---\ntitle: T\n---\n# H\n\nOne *two*\nthree.\n\nFour:\n\n- five\n- six\n\nSeven.\n";
        check(1, text, "One *two*\nthree.");
        check(2, text, "Four:\n\n- five\n- six");
        check(4, text, "");
    }

    #[test]
    fn what_leads_elsewhere_in_the_file_is_written_out() {
        let text = "See[^1] [the *map*][m], [m], [a](b.md \"t\"), ![alt][m], <https://x.org> and [c](https://y.org).\n\n\
            [m]: map.png\n[^1]: Note.\n";
        check(
            1,
            text,
            "See [the *map*](../seeds/map.png), [m](../seeds/map.png), [a](../seeds/b.md \"t\"), \
             ![alt](../seeds/map.png), <https://x.org> and [c](https://y.org).",
        );
    }

    #[test]
    fn code_keeps_its_indentation() {
        check(1, "    let a;\n    let b;\n\nText.\n", "    let a;\n    let b;");
    }

    #[test]
    fn words_alone_have_no_markdown() {
        let article = check(1, "1\\. *a* [b](c.md) `d_e`\n", "1\\. *a* [b](../seeds/c.md) `d_e`");
        let number = ParagraphNumber::new(1).unwrap();
        assert_eq!(words(&article, number), "1\\. a b d\\_e");
    }
}
