//! Which templates are plain: they print values as they are, ask whether they are there, walk
//! lists, and do nothing else with them.
//!
//! Read by their tags alone, and strictly: whatever is not known to be plain is not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::source::Source;

/// What one template does, as far as its tags tell.
#[derive(Default)]
struct Read<'a> {
    /// Names of the templates that it extends or includes, as they are written.
    uses: Vec<&'a str>,
    has_components: bool,
    is_plain: bool,
}

/// The names of the files, as `debate.html`, that are plain in every theme of the chain, with all
/// that they use; `templates` are the sources by theme and file.
pub(super) fn plain(templates: &BTreeMap<String, Arc<Source>>) -> BTreeSet<String> {
    let read: Vec<(&str, Read<'_>)> =
        templates.iter().map(|(name, source)| (file(name), read(super::text_of(source)))).collect();
    let mut plain: BTreeSet<&str> = read.iter().map(|(name, _)| *name).collect();
    loop {
        let is_plain = |one: &Read<'_>| {
            one.is_plain && one.uses.iter().all(|used| plain.contains(file_of_use(used, templates)))
        };
        let spoilt: Vec<&str> =
            read.iter().filter(|(_, one)| !is_plain(one)).map(|(name, _)| *name).collect();
        let before = plain.len();
        plain.retain(|name| !spoilt.contains(name));
        if plain.len() == before {
            break;
        }
    }
    // Any template can call a component.
    if read.iter().any(|(name, one)| one.has_components && !plain.contains(name)) {
        return BTreeSet::new();
    }
    plain.into_iter().map(str::to_owned).collect()
}

/// The file of `broadsheet/debate.html`.
fn file(name: &str) -> &str {
    name.split_once('/').map_or(name, |(_, file)| file)
}

/// The file that a template names: `debate.html`, or with the theme before it.
fn file_of_use<'a>(used: &'a str, templates: &BTreeMap<String, Arc<Source>>) -> &'a str {
    if templates.contains_key(used) { file(used) } else { used }
}

fn read(text: &str) -> Read<'_> {
    let mut read = Read { is_plain: true, ..Read::default() };
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let tag = rest.get(at..).unwrap_or_default();
        let (end, kind) = match tag.as_bytes().get(1) {
            Some(b'{') => ("}}", Kind::Value),
            Some(b'%') => ("%}", Kind::Statement),
            Some(b'#') => ("#}", Kind::Comment),
            _ => {
                rest = tag.get(1..).unwrap_or_default();
                continue;
            }
        };
        let inner = tag.get(2..).unwrap_or_default();
        let Some((inner, after)) = inner.split_once(end) else {
            read.is_plain = false;
            break;
        };
        // `}}` may be the end of an attribute and that of the tag.
        let after = if end == "}}" { after.trim_start_matches('}') } else { after };
        let inner = inner.trim_matches('-').trim();
        read.is_plain &= match kind {
            Kind::Value => is_value(inner),
            Kind::Statement => read.is_statement(inner),
            Kind::Comment => true,
        };
        rest = after;
    }
    read
}

enum Kind {
    Value,
    Statement,
    Comment,
}

fn is_value(inner: &str) -> bool {
    inner == "super()" || if inner.starts_with('<') { is_call(inner) } else { is_expression(inner) }
}

impl<'a> Read<'a> {
    fn is_statement(&mut self, inner: &'a str) -> bool {
        let (word, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        match word {
            "extends" | "include" => match quoted(rest) {
                Some(name) => {
                    self.uses.push(name);
                    true
                }
                None => false,
            },
            "component" | "endcomponent" => {
                self.has_components = true;
                true
            }
            "block" | "endblock" | "else" | "endif" | "endfor" => true,
            "if" | "elif" => is_expression(rest),
            "for" => rest.split_once(" in ").is_some_and(|(_, list)| is_expression(list)),
            _ => false,
        }
    }
}

fn quoted(text: &str) -> Option<&str> {
    let name = text.strip_prefix('"')?.strip_suffix('"')?;
    (!name.contains('"')).then_some(name)
}

/// Whether `text` is made of names and the fields of their values, joined by `and`, `or`, `not`
/// and in lists.
fn is_expression(text: &str) -> bool {
    let is_of_names =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | ',' | ' ');
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut words = text.split(|c: char| !is_of_word(c));
    let is_value = |before: &str| before.trim_end().ends_with(|c| is_of_word(c) || c == ']');
    let has_index = text.split('[').rev().skip(1).any(is_value);
    text.chars().all(is_of_names)
        && !has_index
        && words.all(|word| {
            !word.starts_with(|c: char| c.is_ascii_digit()) && !matches!(word, "is" | "in" | "if")
        })
}

/// Whether `inner` calls a component with plain values: `<name a={x} b="y" />`.
fn is_call(inner: &str) -> bool {
    let Some(call) = inner.strip_prefix('<').and_then(|call| call.strip_suffix("/>")) else {
        return false;
    };
    let mut words = call.split_whitespace();
    words.next().is_some_and(is_expression)
        && words.all(|word| {
            word.split_once('=').is_some_and(|(name, value)| {
                let value = value.strip_prefix('{').and_then(|value| value.strip_suffix('}'));
                is_expression(name) && value.is_some_and(is_expression)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SitePath;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(read(text).is_plain, expected, "{text}");
    }

    #[test]
    fn printing_asking_and_walking_is_plain() {
        check("<p>{{ a.b.c }}</p>{# a | b #}{{- x -}} { % } {", true);
        check("{% extends \"base.html\" %}{% block main %}{{ super() }}{% endblock %}", true);
        check("{% if a.b and not c or d %}x{% elif e %}y{% else %}z{% endif %}", true);
        check(
            "{% for one in [a, b.c] %}{% if not loop.first %}, {% endif %}{{ one }}{% endfor %}",
            true,
        );
        check("{% component x(a, b=\"c\") %}{{<y a={a.b} />}}{% endcomponent x %}", true);
    }

    #[test]
    fn whatever_looks_into_a_value_is_not() {
        for text in [
            "{{ a | upper }}",
            "{% if a == b %}x{% endif %}",
            "{% if a | length > 90 %}x{% endif %}",
            "{% if a is defined %}x{% endif %}",
            "{% if a in b %}x{% endif %}",
            "{{ a[b] }}",
            "{{ a [b] }}",
            "{{ [a, b] [c] }}",
            "{{ a[0] }}",
            "{{ a + b }}",
            "{{ a if b else c }}",
            "{{ range(end=3) }}",
            "{{ a ~ b }}",
            "{{ \"x\" }}",
            "{{<y a=b />}}",
            "{% set a = b %}",
            "{% raw %}{{ a }}{% endraw %}",
            "{% filter upper %}x{% endfilter %}",
            "{% include name %}",
            "{{ never closed",
        ] {
            check(text, false);
        }
    }

    #[track_caller]
    fn check_theme(files: &[(&str, &str)], expected: &[&str]) {
        let templates = files.iter().map(|(name, text)| {
            let path = SitePath::new(&format!("themes/{name}")).unwrap();
            ((*name).to_owned(), Arc::new(Source::new(path, (*text).to_owned())))
        });
        let plain = plain(&templates.collect());
        assert_eq!(plain.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_template_is_plain_with_all_that_it_uses() {
        let base = ("t/base.html", "{% block a %}{% endblock %}");
        let page = ("t/page.html", "{% extends \"base.html\" %}");
        let own = ("u/page.html", "{% extends \"t/page.html\" %}");
        check_theme(&[base, page, own], &["base.html", "page.html"]);
        check_theme(&[("t/base.html", "{{ a | upper }}"), page, own], &[]);
        check_theme(&[base, page, ("u/base.html", "{{ a | upper }}")], &[]);
        check_theme(&[base, page, ("t/x.html", "{{ a | upper }}")], &["base.html", "page.html"]);
        let component = ("t/x.html", "{% component y(a) %}{{ a | upper }}{% endcomponent y %}");
        check_theme(&[base, page, component], &[]);
        let including = "{% component z(a) %}{% include \"y.html\" %}{% endcomponent z %}";
        check_theme(&[base, ("t/z.html", including), ("t/y.html", "{{ a | upper }}")], &[]);
    }
}
