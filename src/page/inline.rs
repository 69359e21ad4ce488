//! One line of Markdown, as titles, motions and claims are written.

use std::borrow::Cow;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::value::Html;
use crate::article::{html_escape, html_escape_attribute, line, line_events};

/// Whether `text` may be more than text: every line that is has one of these characters.
fn has_markup(text: &str) -> bool {
    text.bytes().any(|byte| {
        matches!(
            byte,
            b'*' | b'_'
                | b'`'
                | b'['
                | b']'
                | b'<'
                | b'>'
                | b'&'
                | b'\\'
                | b'~'
                | b'!'
                | b'"'
                | b'\n'
        )
    })
}

/// Whether typographic signs may come of `text`: of `'`, `--` and `...`.
fn has_typewriting(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'\'' | b'-' | b'.'))
}

/// How lines are read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Inline {
    /// Whether quotes, dashes and ellipses become typographic.
    pub smart: bool,
}

impl Inline {
    /// The HTML of `text`: emphasis, strong, code and deletions; links are left out, since a title
    /// is a link itself, and raw HTML is shown as text.
    pub(crate) fn html(self, text: &str) -> Html {
        if self.may_change(text) { self.marked(text, || None) } else { text_html(text) }
    }

    /// The same with its links, for what is no link itself: each leads to the next of `urls`, or
    /// is left out.
    pub(crate) fn linked<'u>(
        self,
        text: &str,
        urls: &mut impl Iterator<Item = Option<Cow<'u, str>>>,
    ) -> Html {
        self.marked(text, || urls.next().flatten())
    }

    fn may_change(self, text: &str) -> bool {
        has_markup(text) || (self.smart && has_typewriting(text))
    }

    /// The HTML of `text`, its links with the URLs that `next` gives.
    fn marked<'u>(self, text: &str, mut next: impl FnMut() -> Option<Cow<'u, str>>) -> Html {
        let mut html = String::with_capacity(text.len());
        let mut open = Vec::new();
        for event in line_events(&line(text), self.smart) {
            match event {
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                    push_text(&mut html, &text)
                }
                Event::Code(code) => {
                    html.push_str("<code>");
                    push_text(&mut html, &code);
                    html.push_str("</code>");
                }
                Event::SoftBreak | Event::HardBreak => html.push(' '),
                Event::Start(Tag::Link { .. }) => {
                    let url = next();
                    open.push(url.is_some());
                    if let Some(url) = url {
                        html.push_str("<a href=\"");
                        html_escape_attribute(&mut html, &url);
                        html.push_str("\">");
                    }
                }
                Event::End(TagEnd::Link) if open.pop() == Some(true) => html.push_str("</a>"),
                Event::Start(tag) => html.push_str(tag_of(&tag.to_end(), Edge::Start)),
                Event::End(tag) => html.push_str(tag_of(&tag, Edge::End)),
                _ => {}
            }
        }
        Html::bare(html)
    }

    /// The text of `text`, without its markup.
    pub(crate) fn plain(self, text: &str) -> String {
        if !self.may_change(text) {
            return text.to_owned();
        }
        let mut plain = String::with_capacity(text.len());
        for event in line_events(&line(text), self.smart) {
            match event {
                Event::Text(text)
                | Event::Html(text)
                | Event::InlineHtml(text)
                | Event::Code(text) => plain.push_str(&text),
                Event::SoftBreak | Event::HardBreak => plain.push(' '),
                _ => {}
            }
        }
        plain.truncate(plain.trim_end().len());
        plain
    }
}

/// The HTML of `text`, which is text alone.
pub(crate) fn text_html(text: &str) -> Html {
    let mut html = String::with_capacity(text.len());
    push_text(&mut html, text);
    Html::bare(html)
}

/// Adds `text` so that nothing in it looks like an attribute to [`super::verify`].
pub(crate) fn push_text(html: &mut String, text: &str) {
    let mut from = 0;
    for at in memchr::memchr2_iter(b'"', b'\'', text.as_bytes()) {
        html_escape(html, text.get(from..at).unwrap_or_default());
        from = at;
        // The text before may have been another one.
        if html.ends_with('=') {
            let is_double = text.as_bytes().get(at) == Some(&b'"');
            html.push_str(if is_double { "&quot;" } else { "&#39;" });
            from = at + 1;
        }
    }
    html_escape(html, text.get(from..).unwrap_or_default());
}

#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

fn tag_of(tag: &TagEnd, edge: Edge) -> &'static str {
    match (tag, edge) {
        (TagEnd::Emphasis, Edge::Start) => "<em>",
        (TagEnd::Emphasis, Edge::End) => "</em>",
        (TagEnd::Strong, Edge::Start) => "<strong>",
        (TagEnd::Strong, Edge::End) => "</strong>",
        (TagEnd::Strikethrough, Edge::Start) => "<del>",
        (TagEnd::Strikethrough, Edge::End) => "</del>",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPED: Inline = Inline { smart: false };

    fn html(text: &str) -> Html {
        TYPED.html(text)
    }

    fn plain(text: &str) -> String {
        TYPED.plain(text)
    }

    #[test]
    fn signs_become_typographic_where_the_site_wants_it() {
        let check = |line: &str, expected: &str| {
            let smart = Inline { smart: true };
            assert_eq!((smart.html(line).as_str(), &*smart.plain(line)), (expected, expected));
            assert_eq!(plain(line), line);
        };
        check("\"So\" it's -- not...", "“So” it’s – not…");
        check("'Twas so", "’Twas so");
        check("It's", "It’s");
    }

    #[test]
    fn titles_may_have_emphasis_and_no_links() {
        assert_eq!(html("On *Power* & <b>").as_str(), "On <em>Power</em> &amp; &lt;b&gt;");
        assert_eq!(html("See [this](x.md)").as_str(), "See this");
        assert_eq!(html("\"So\" & 'not'").as_str(), "\"So\" &amp; 'not'");
        assert_eq!(plain("On *Power* & `x`"), "On Power & x");
    }

    #[test]
    fn what_is_no_link_itself_has_links() {
        let check = |line: &str, urls: &[Option<&'static str>], expected: &str| {
            let mut urls = urls.iter().map(|url| url.map(Cow::Borrowed));
            assert_eq!(TYPED.linked(line, &mut urls).as_str(), expected);
        };
        check(
            "[*CC* & so](x)",
            &[Some("/a?b&c")],
            "<a href=\"/a?b&amp;c\"><em>CC</em> &amp; so</a>",
        );
        check(
            "<http://x.example>, [b](c)",
            &[None, Some("/d/")],
            "http://x.example, <a href=\"/d/\">b</a>",
        );
        check("no link", &[], "no link");
    }

    #[test]
    fn no_line_is_a_block() {
        let check = |line: &str, expected: &str| {
            assert_eq!((html(line).as_str(), plain(line).as_str()), (expected, expected))
        };
        for line in [
            "1. \"May\" and after",
            "# of deaths!",
            "***",
            "- \"no\"",
            "[x]: foo",
            "2026! - the end",
            "---\n!",
            "    a!",
        ] {
            let expected = line.split_whitespace().collect::<Vec<_>>().join(" ");
            check(line, &expected);
        }
        assert_eq!(html("> 9 & *more*").as_str(), "&gt; 9 &amp; <em>more</em>");
        assert_eq!(plain("One.\n\n- *two*\n- three\n"), "One. - two - three");
    }

    #[test]
    fn nothing_in_a_line_looks_like_an_attribute() {
        let check = |line: &str, expected: &str| assert_eq!(html(line).as_str(), expected);
        check("a id=\"b\" id='c'", "a id=&quot;b\" id=&#39;c'");
        check("a id=\\\"b\"", "a id=&quot;b\"");
        check("`a id='b'`", "<code>a id=&#39;b'</code>");
        check("<a href=\"/x/\">", "&lt;a href=&quot;/x/\"&gt;");
        check("\"a\" = \"b\"", "\"a\" = \"b\"");
    }
}
