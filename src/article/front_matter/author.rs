//! Bylines: a name, a name with a page, or a list of those.

use crate::diagnostic::{Code, Diagnostic};
use crate::yaml::{Kind, Located, Node, Reader, Unknown, shown};

/// Who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Author {
    /// The name.
    pub name: String,
    /// A page of theirs: an absolute URL of the web.
    pub url: Option<String>,
}

/// The authors that `key` names: a text, `{name, url}`, or a list of those.
pub fn authors(keys: &mut Reader<'_, '_>, key: &'static str) -> Vec<Located<Author>> {
    let nodes = keys.list(key);
    nodes.into_iter().filter_map(|node| author(keys, key, node)).collect()
}

fn author<'s>(
    keys: &mut Reader<'_, 's>,
    key: &'static str,
    node: &Node<'s>,
) -> Option<Located<Author>> {
    let Kind::Map(entries) = &node.kind else {
        let name = keys.text_of(key, node)?;
        return Some(Located { value: Author { name: name.value, url: None }, bytes: name.bytes });
    };
    let mut inner = keys.nested(entries);
    let name = inner.line("name");
    let url = match inner.line("url") {
        Some(url) if !is_of_web(&url.value) => {
            let error = no_url(&inner, &url);
            inner.refuse("url", error);
            None
        }
        url => url.map(|url| url.value),
    };
    if name.is_none() && !inner.is_broken("name") {
        let place = inner.place(node.bytes.clone());
        let error = Diagnostic::error(Code::MissingKey, place, "this author has no `name`");
        inner.refuse("name", error.help(format!("write `{key}: {{ name: …, url: … }}`")));
    }
    inner.done(Unknown::Refused);
    let value = Author { name: name?.value, url };
    Some(Located { value, bytes: node.bytes.clone() })
}

/// Whether `url` leads into the web from wherever it is read: a feed is read elsewhere.
fn is_of_web(url: &str) -> bool {
    let rest = ["https://", "http://"].into_iter().find_map(|scheme| {
        let (start, rest) = url.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    let begins = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    rest.is_some_and(begins) && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn no_url(keys: &Reader<'_, '_>, url: &Located<String>) -> Diagnostic {
    let message = format!("{} is no address of a page", shown(&url.value));
    let error = Diagnostic::error(Code::InvalidValue, keys.place(url.bytes.clone()), message);
    let whole = format!("https://{}", url.value);
    let domain = url.value.split('/').next().unwrap_or_default();
    if is_of_web(&whole) && domain.contains('.') && !domain.contains([':', '@']) {
        return error.help(format!("write `url: {whole}`"));
    }
    error.help("write the whole address of a page of theirs: `url: https://example.org/ada/`")
}

#[cfg(test)]
mod tests {
    use super::is_of_web;

    #[test]
    fn the_page_of_an_author_has_a_whole_address() {
        for url in
            ["https://example.org", "HTTP://x.example/~a?b#c", "https://[::1]/", "https://é.fr/é"]
        {
            assert!(is_of_web(url), "{url}");
        }
        for url in [
            "",
            "x",
            "/about/",
            "//example.org",
            "https://",
            "https:///x",
            "javascript:alert(1)",
            "mailto:a@b.c",
            "https://a b",
        ] {
            assert!(!is_of_web(url), "{url}");
        }
    }
}
