//! Raw HTML as authors write it: tags, attributes and comments, found without a full parser.
//!
//! Follows the tokenizer of the HTML standard (section 13.2.5) in what matters here: quoted
//! attribute values, comments, and elements whose content is no markup.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

use super::document::is_forbidden;

/// An attribute: its name in lower case and the bytes of its value, quotes not included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub name: String,
    pub value: Range<usize>,
    pub quoted: bool,
}

/// A piece of raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Text between tags.
    Text(Range<usize>),
    /// A comment, a doctype or a processing instruction: not published.
    Comment(Range<usize>),
    /// A start tag.
    Open { bytes: Range<usize>, name: String, attributes: Vec<Attribute> },
    /// An end tag.
    Close { bytes: Range<usize>, name: String },
    /// The content of an element that holds no markup (`script`, `style`, `textarea`, `title`).
    Opaque(Range<usize>),
}

/// Elements without an end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose end tag may be left out, so that nothing is missing where it is.
const OPTIONAL_END: &[&str] = &[
    "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot",
    "colgroup", "rt", "rp",
];

/// Whether an element that begins must also end.
pub(super) fn needs_end(name: &str) -> bool {
    !VOID.contains(&name) && !OPTIONAL_END.contains(&name)
}

/// Whether `name` is an element whose end tag may be left out.
pub(super) fn may_end_alone(name: &str) -> bool {
    OPTIONAL_END.contains(&name)
}

/// Elements that begin or end a line of text.
const LINES: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Whether the tags of the element `name` stand between lines of text.
pub(super) fn ends_line(name: &str) -> bool {
    LINES.contains(&name)
}

/// `text` as it is read: its character references as characters.
pub(super) fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let name = after.split(';').next().filter(|name| name.len() < after.len());
        let is_name = |name: &&str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
        };
        rest = match name.filter(is_name) {
            Some(name) => {
                // Markdown has the same references, in a table of two thousand.
                let reference = format!("x&{name};x");
                let events = Parser::new_ext(&reference, Options::empty());
                let text: String = events
                    .filter_map(|event| match event {
                        Event::Text(text) => Some(text.into_string()),
                        _ => None,
                    })
                    .collect();
                let inner = text.strip_prefix('x').and_then(|text| text.strip_suffix('x'));
                decoded.push_str(&inner.unwrap_or_default().replace(is_forbidden, "\u{FFFD}"));
                after.get(name.len() + 1..).unwrap_or_default()
            }
            None => {
                decoded.push('&');
                after
            }
        };
    }
    decoded.push_str(rest);
    decoded
}

const OPAQUE: &[&str] = &["script", "style", "textarea", "title"];

/// Parts `html` into tokens that cover all of it.
pub(super) fn tokens(html: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < html.len() {
        let rest = html.get(at..).unwrap_or_default();
        let Some(open) = rest.find('<') else {
            tokens.push(Token::Text(at..html.len()));
            break;
        };
        let Some((token, end)) = tag(html, at + open) else {
            tokens.push(Token::Text(at..at + open + 1));
            at += open + 1;
            continue;
        };
        if open > 0 {
            tokens.push(Token::Text(at..at + open));
        }
        at = end;
        let opaque = match &token {
            Token::Open { name, .. } if OPAQUE.contains(&name.as_str()) => {
                Some(format!("</{name}"))
            }
            _ => None,
        };
        tokens.push(token);
        if let Some(close) = opaque {
            let rest = html.get(at..).unwrap_or_default();
            let length = rest.to_ascii_lowercase().find(&close).unwrap_or(rest.len());
            tokens.push(Token::Opaque(at..at + length));
            at += length;
        }
    }
    tokens
}

/// The tag or comment that begins at byte `at`, and where it ends; nothing if it is text.
fn tag(html: &str, at: usize) -> Option<(Token, usize)> {
    let rest = html.get(at + 1..)?;
    if let Some(comment) = rest.strip_prefix("!--") {
        let end = comment.find("-->").map_or(html.len(), |end| at + 4 + end + 3);
        return Some((Token::Comment(at..end), end));
    }
    if rest.starts_with(['!', '?']) {
        let end = rest.find('>').map_or(html.len(), |end| at + 1 + end + 1);
        return Some((Token::Comment(at..end), end));
    }
    let closing = rest.starts_with('/');
    let name_at = at + 1 + usize::from(closing);
    let name = name(html.get(name_at..)?)?;
    let (attributes, end) = attributes(html, name_at + name.len())?;
    let (bytes, name) = (at..end, name.to_ascii_lowercase());
    let token = if closing {
        Token::Close { bytes, name }
    } else {
        Token::Open { bytes, name, attributes }
    };
    Some((token, end))
}

fn name(rest: &str) -> Option<&str> {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = rest
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
        .unwrap_or(rest.len());
    rest.get(..end)
}

fn attributes(html: &str, mut at: usize) -> Option<(Vec<Attribute>, usize)> {
    let mut found = Vec::new();
    loop {
        let rest = html.get(at..)?;
        let skipped = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        at += rest.len() - skipped.len();
        if skipped.is_empty() {
            return None;
        }
        if skipped.starts_with('>') {
            return Some((found, at + 1));
        }
        let length = skipped
            .char_indices()
            .find(|&(index, c)| {
                c.is_ascii_whitespace() || matches!(c, '>' | '/') || (c == '=' && index > 0)
            })
            .map_or(skipped.len(), |(index, _)| index);
        let name = skipped.get(..length)?.to_ascii_lowercase();
        at += length;
        let (value, quoted, end) = value(html, at)?;
        found.push(Attribute { name, value, quoted });
        at = end;
    }
}

/// The value after the `=` that may stand at `at`: its bytes, whether it is quoted, and the end.
fn value(html: &str, at: usize) -> Option<(Range<usize>, bool, usize)> {
    let rest = html.get(at..)?;
    let Some(after) = rest.trim_start().strip_prefix('=') else { return Some((at..at, false, at)) };
    let value = after.trim_start();
    let start = html.len() - value.len();
    let quote = value.chars().next()?;
    if quote == '"' || quote == '\'' {
        let end = start + 1 + value.get(1..)?.find(quote)?;
        return Some((start + 1..end, true, end + 1));
    }
    let end =
        start + value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len());
    Some((start..end, false, end))
}

/// Whether the attribute `attribute` holds one URL.
pub(super) fn is_url(attribute: &str) -> bool {
    matches!(
        attribute,
        "href" | "xlink:href" | "src" | "poster" | "cite" | "data" | "action" | "formaction"
    )
}

/// Where in the value `value` of the attribute `attribute` of `tag` ids of the same text are named.
pub(super) fn ids_named(tag: &str, attribute: &str, value: &str) -> Vec<usize> {
    match attribute {
        "for" | "list" | "form" if !value.is_empty() => vec![0],
        "name" if tag == "map" && !value.is_empty() => vec![0],
        "usemap" if value.len() > 1 && value.starts_with('#') => vec![1],
        "headers"
        | "itemref"
        | "aria-labelledby"
        | "aria-describedby"
        | "aria-controls"
        | "aria-owns"
        | "aria-details"
        | "aria-flowto"
        | "aria-activedescendant" => {
            let starts = |at: usize, c: char| {
                let before = value.get(..at).and_then(|before| before.chars().next_back());
                !c.is_ascii_whitespace() && before.is_none_or(|c| c.is_ascii_whitespace())
            };
            value.char_indices().filter(|&(at, c)| starts(at, c)).map(|(at, _)| at).collect()
        }
        // `fill="url(#gradient)"`.
        _ => value
            .match_indices("url(")
            .filter_map(|(at, open)| {
                let rest = value.get(at + open.len()..)?;
                let id = rest.trim_start_matches(['"', '\'', ' ']).strip_prefix('#')?;
                Some(value.len() - id.len())
            })
            .collect(),
    }
}

/// The URLs of a `srcset`, as bytes of `value`, as browsers read it (HTML, section 4.8.4.2.2): a
/// comma inside a URL is a part of it, as in `data:image/png;base64,iVBO`.
pub(crate) fn srcset(value: &str) -> Vec<Range<usize>> {
    let is_between = |c: char| c.is_ascii_whitespace() || c == ',';
    let mut found = Vec::new();
    let mut rest = value.trim_start_matches(is_between);
    while !rest.is_empty() {
        let start = value.len() - rest.len();
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (candidate, after) = rest.split_at(end);
        let url = candidate.trim_end_matches(',');
        found.push(start..start + url.len());
        // A comma right after the URL stands for its descriptors.
        let descriptors = if url.len() < end { 0 } else { after.find(',').unwrap_or(after.len()) };
        rest = after.get(descriptors..).unwrap_or_default().trim_start_matches(is_between);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, attributes: &[(&str, &str)]) {
        let tokens = tokens(html);
        let found: Vec<(&str, &str)> = tokens
            .iter()
            .filter_map(|token| match token {
                Token::Open { attributes, .. } => Some(attributes),
                _ => None,
            })
            .flatten()
            .map(|attribute| (attribute.name.as_str(), &html[attribute.value.clone()]))
            .collect();
        assert_eq!(found, attributes, "{tokens:?}");
    }

    #[test]
    fn values_are_found_however_they_are_quoted() {
        check(
            "<a href=x.md title='a > b' ID=\"q\" hidden>x</a>",
            &[("href", "x.md"), ("title", "a > b"), ("id", "q"), ("hidden", "")],
        );
    }

    #[test]
    fn what_is_no_tag_is_text() {
        check("a < b <3 <!-- <a href=x> --> <", &[]);
        assert_eq!(tokens("a < b"), [Token::Text(0..3), Token::Text(3..5)]);
    }

    #[test]
    fn scripts_hold_no_tags() {
        check("<script>if (a<b) { '<img src=x>' }</script><img src=y>", &[("src", "y")]);
    }

    #[test]
    fn a_srcset_has_several_urls() {
        let check = |value: &str, expected: &[&str]| {
            let urls: Vec<&str> = srcset(value).into_iter().map(|range| &value[range]).collect();
            assert_eq!(urls, expected, "{value:?}");
        };
        check("a.png 1x, b.png 2x", &["a.png", "b.png"]);
        check(" a.png,\n\tb.png 100w 50h,c.png", &["a.png", "b.png", "c.png"]);
        check(
            "data:image/gif;base64,R0lG 1x, a,b.png,, c.png",
            &["data:image/gif;base64,R0lG", "a,b.png", "c.png"],
        );
        check(" , ", &[]);
    }
}
