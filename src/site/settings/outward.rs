//! `check_external`: which outward links are asked for.

use crate::diagnostic::{Code, Diagnostic};
use crate::yaml::{Reader, Unknown, shown};

/// Which outward links `check --external` asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckExternal {
    /// Those that are not asked for.
    pub skip: Vec<Pattern>,
    /// Those that alone are asked for; none stands for all.
    pub only: Vec<Pattern>,
}

/// A host with all below it, or the beginning of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// `example.org`: that host and every subdomain.
    Host(String),
    /// `https://example.org/private/`: every address that begins so.
    Prefix(String),
}

impl CheckExternal {
    /// Whether the address `url` is asked for; `skip` beats `only`.
    #[must_use]
    pub fn includes(&self, url: &str) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(url));
        (self.only.is_empty() || any(&self.only)) && !any(&self.skip)
    }
}

impl Pattern {
    fn parse(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            return host_of(&lower)
                .filter(|host| !host.is_empty())
                .map(|_| Self::Prefix(text.to_owned()));
        }
        let is_host = lower.contains(['.', '-']) || lower == "localhost";
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        let named = is_host && lower.chars().all(allowed) && !lower.starts_with(['.', '-']);
        named.then_some(Self::Host(lower))
    }

    fn matches(&self, url: &str) -> bool {
        match self {
            Self::Prefix(prefix) => url.starts_with(prefix.as_str()),
            Self::Host(name) => host_of(&url.to_lowercase()).is_some_and(|host| {
                host == name
                    || host.strip_suffix(name.as_str()).is_some_and(|sub| sub.ends_with('.'))
            }),
        }
    }
}

/// The host of an address, without a user and a port.
fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    match host.strip_prefix('[') {
        Some(address) => address.split(']').next(),
        None => host.split(':').next(),
    }
}

pub(super) fn check_external(keys: &mut Reader<'_, '_>) -> CheckExternal {
    let Some(entries) = keys.mapping("check_external") else { return CheckExternal::default() };
    let mut inner = keys.nested(entries);
    let value =
        CheckExternal { skip: patterns(&mut inner, "skip"), only: patterns(&mut inner, "only") };
    inner.done(Unknown::Refused);
    value
}

fn patterns(keys: &mut Reader<'_, '_>, key: &'static str) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for text in keys.texts(key) {
        match Pattern::parse(&text.value) {
            Some(pattern) => patterns.push(pattern),
            None => {
                let message = format!("{} is neither a host nor an address", shown(&text.value));
                let error = Diagnostic::error(Code::InvalidValue, keys.place(text.bytes), message);
                let help =
                    format!("write `{key}: [example.org, \"https://example.com/private/\"]`");
                keys.refuse(key, error.help(help));
            }
        }
    }
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_a_host_or_the_beginning_of_an_address() {
        let check = |pattern: &str, url: &str, expected: bool| {
            let found = Pattern::parse(pattern).is_some_and(|pattern| pattern.matches(url));
            assert_eq!(found, expected, "{pattern} {url}");
        };
        check("example.org", "https://example.org", true);
        check("Example.org", "http://www.EXAMPLE.org:80/a?b", true);
        check("example.org", "https://notexample.org/", false);
        check("example.org", "https://example.org.evil.net/", false);
        check("example.org", "https://evil.net/?u=https://example.org", false);
        check("https://example.org/a", "https://example.org/ab", true);
        check("https://example.org/a", "http://example.org/a", false);
        check("https://", "https://example.org/a", false);
        check("*", "https://example.org/a", false);
    }

    #[test]
    fn skip_beats_only() {
        let pattern = |text: &str| Pattern::parse(text).unwrap();
        let check = CheckExternal {
            skip: vec![pattern("https://example.org/private/")],
            only: vec![pattern("example.org")],
        };
        assert!(check.includes("https://example.org/"));
        assert!(!check.includes("https://example.org/private/x"));
        assert!(!check.includes("https://example.com/"));
        assert!(CheckExternal::default().includes("https://example.com/"));
    }
}
