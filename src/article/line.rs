//! One line of Markdown, as titles, motions and notices are written.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag};

use super::document::{Link, LinkKind};
use crate::source::Source;
use crate::yaml::Located;

/// What stands before a line, so that it begins no block of Markdown: `1. May & after` is no list.
const BEFORE: &str = "x ";

/// `text` on one line, after [`BEFORE`].
pub(crate) fn line(text: &str) -> String {
    let mut line = String::with_capacity(BEFORE.len() + text.len());
    for (index, part) in
        text.trim().lines().map(str::trim).filter(|part| !part.is_empty()).enumerate()
    {
        line.push_str(if index == 0 { BEFORE } else { " " });
        line.push_str(part);
    }
    line
}

/// What [`line`] made, as Markdown, without what was put before it; `is_smart` if quotes, dashes
/// and ellipses become typographic.
pub(crate) fn line_events(line: &str, is_smart: bool) -> impl Iterator<Item = Event<'_>> {
    let mut options = Options::ENABLE_STRIKETHROUGH;
    options.set(Options::ENABLE_SMART_PUNCTUATION, is_smart);
    let mut is_first = true;
    Parser::new_ext(line, options).map(move |event| match event {
        Event::Text(text) if std::mem::take(&mut is_first) => {
            let rest = text.strip_prefix(BEFORE).map(|rest| CowStr::from(rest.to_owned()));
            Event::Text(rest.unwrap_or(text))
        }
        event => event,
    })
}

/// `text` as a line of Markdown that says the same.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '&' | '~') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The links of the lines `texts` of the front matter of `source`, in order.
pub(super) fn links<'a>(
    source: &Source,
    texts: impl Iterator<Item = &'a Located<String>>,
) -> Vec<Link> {
    let mut links = Vec::new();
    for text in texts {
        let mut written = text.bytes.clone();
        let line = line(&text.value);
        for event in line_events(&line, false) {
            let Event::Start(Tag::Link { link_type, dest_url, .. }) = event else { continue };
            let rest = source.text.get(written.clone()).unwrap_or_default();
            // What YAML or Markdown escapes stands there otherwise.
            let found = rest.find(&*dest_url).map(|at| written.start + at);
            let bytes = found.map(|start| start..start + dest_url.len());
            written.start = bytes.as_ref().map_or(written.start, |bytes| bytes.end);
            let destination = match link_type {
                LinkType::Email => format!("mailto:{dest_url}"),
                _ => dest_url.into_string(),
            };
            let bytes = bytes.unwrap_or_else(|| text.bytes.clone());
            links.push(Link { destination, kind: LinkKind::Link, bytes });
        }
    }
    links
}
