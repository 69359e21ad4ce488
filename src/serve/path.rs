//! What a request asks for: the path in a URL, read once and strictly.
//!
//! No path is ever joined to a folder: what comes out of here is only looked up among the
//! site's own pages and files. It is strict all the same, so that nothing depends on that.

use crate::site::url;

/// The folder of what belongs to the preview and not to the site, below the base path.
pub(crate) const OWN_FOLDER: &str = "/__agon/";

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The root of the host, or the base path without its slash.
    Start,
    /// A path of the site, from its root and not percent-encoded: `/archive/`.
    Site(String),
    /// Something of the preview's own, by its name.
    Own(String),
    /// Nothing that could be: outside the base path, or no clean path at all.
    Nothing,
}

/// What the path `raw` of a URL asks for, where the site stands under the path `base`, which
/// is percent-encoded and empty at the root of the host.
pub(crate) fn asked(raw: &str, base: &str) -> Asked {
    let (Some(path), Some(base)) = (clean(raw), url::decoded(base)) else { return Asked::Nothing };
    if !base.is_empty() && (path == "/" || path == base) {
        return Asked::Start;
    }
    match path.strip_prefix(base.as_str()).filter(|path| path.starts_with('/')) {
        Some(path) => match path.strip_prefix(OWN_FOLDER) {
            Some(name) => Asked::Own(name.to_owned()),
            None => Asked::Site(path.to_owned()),
        },
        None => Asked::Nothing,
    }
}

/// The path without its escapes; nothing for one that could mean several things.
fn clean(raw: &str) -> Option<String> {
    let hides_a_slash = raw
        .as_bytes()
        .windows(3)
        .any(|three| three.eq_ignore_ascii_case(b"%2f") || three.eq_ignore_ascii_case(b"%5c"));
    let path = url::decoded(raw).filter(|path| !hides_a_slash && path.starts_with('/'))?;
    let is_odd = |part: &str| part == "." || part == "..";
    let is_clean = !path.contains("//")
        && !path.contains(|c: char| c.is_control() || c == '\\')
        && !path.split('/').any(is_odd);
    is_clean.then_some(path)
}

/// The value of `name` in the query of a URL, decoded: as browsers write forms, in which a space
/// is a plus sign (URL standard, 5.1).
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| *key == name)?;
    url::decoded(&value.replace('+', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, base: &str, expected: &Asked) {
        assert_eq!(asked(raw, base), *expected, "{raw:?} under {base:?}");
    }

    #[test]
    fn a_path_is_read_under_the_base_path() {
        let site = |path: &str| Asked::Site(path.to_owned());
        check("/", "", &site("/"));
        check("/a/", "", &site("/a/"));
        check("/caf%C3%A9/", "", &site("/café/"));
        check("/100%25.png", "", &site("/100%.png"));
        check("/", "/repo", &Asked::Start);
        check("/repo", "/repo", &Asked::Start);
        check("/repo/", "/repo", &site("/"));
        check("/repo/a/", "/repo", &site("/a/"));
        check("/%72epo/a/", "/repo", &site("/a/"));
        check("/repository/a/", "/repo", &Asked::Nothing);
        check("/a/", "/repo", &Asked::Nothing);
        check("/b%c3%a4/a", "/b%C3%A4", &site("/a"));
        check("/repo/__agon/events", "/repo", &Asked::Own("events".to_owned()));
    }

    #[test]
    fn what_could_mean_several_things_is_nothing() {
        for raw in [
            "",
            "a",
            "*",
            "/../a",
            "/a/..",
            "/./a",
            "/%2e%2e/a",
            "/%2E%2e/a",
            "/.%2e/a",
            "/a%2fb",
            "/a%2Fb",
            "/..%5ca",
            "/a\\b",
            "//a",
            "/a//b",
            "/a%00",
            "/a%0d%0ab",
            "/%ff",
            "/%c0%ae%c0%ae/a",
            "/a%7f",
        ] {
            check(raw, "", &Asked::Nothing);
        }
    }

    #[test]
    fn a_parameter_is_decoded() {
        let query = "page=%2Fa+b%20c%2B%2F&seen=12";
        assert_eq!(parameter(query, "page").as_deref(), Some("/a b c+/"));
        assert_eq!(parameter(query, "seen").as_deref(), Some("12"));
        assert_eq!(parameter(query, "gone"), None);
        assert_eq!(parameter("page=%ff", "page"), None);
    }
}
