//! Bylines: a name, a name with a page, or a list of those.

use crate::diagnostic::{Code, Diagnostic};
use crate::yaml::{Kind, Located, Node, Reader, Unknown};

/// Who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Author {
    /// The name.
    pub name: String,
    /// A page of theirs.
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
    let url = inner.line("url").map(|url| url.value);
    if name.is_none() && !inner.is_broken("name") {
        let place = inner.place(node.bytes.clone());
        let error = Diagnostic::error(Code::MissingKey, place, "this author has no `name`");
        inner.refuse("name", error.help(format!("write `{key}: {{ name: …, url: … }}`")));
    }
    inner.done(Unknown::Refused);
    let value = Author { name: name?.value, url };
    Some(Located { value, bytes: node.bytes.clone() })
}
