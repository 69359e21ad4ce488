//! Addresses: how they are asked for, and where a redirect leads (RFC 3986).

use crate::site::url::encoded_but;

/// The address that `destination` of a link asks for: http or https, without its fragment, and
/// percent-encoded where no address may hold a character; nothing for anything else.
pub(super) fn of(destination: &str) -> Option<String> {
    let text = destination.trim();
    let text = if text.starts_with("//") { format!("https:{text}") } else { text.to_owned() };
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let rest = rest.split('#').next().filter(|rest| !rest.is_empty())?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let slash = if path.starts_with('/') { "" } else { "/" };
    let is_web = matches!(scheme.as_str(), "http" | "https") && !authority.is_empty();
    is_web.then(|| format!("{scheme}://{}{slash}{}", authority.to_lowercase(), encoded(path)))
}

/// Who is asked for `url`: scheme, host and port.
#[cfg(feature = "external")]
pub(super) fn host(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(start..).and_then(|rest| rest.find(['/', '?'])).map(|at| at + start);
    url.get(..end.unwrap_or(url.len())).unwrap_or(url)
}

/// Where `location`, said in an answer of `url`, leads.
#[cfg(feature = "external")]
pub(super) fn joined(url: &str, location: &str) -> Option<String> {
    let location = location.trim();
    let scheme = url.split_once("://")?.0;
    if location.contains("://") {
        return of(location);
    }
    if location.starts_with("//") {
        return of(&format!("{scheme}:{location}"));
    }
    let host = host(url);
    if location.starts_with('/') {
        return of(&format!("{host}{}", without_dots(location)));
    }
    let path = url.get(host.len()..)?.split('?').next()?;
    if location.starts_with('?') {
        return of(&format!("{host}{path}{location}"));
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    of(&format!("{host}{}", without_dots(&format!("{folder}/{location}"))))
}

/// `path` with `.` and `..` read (RFC 3986, section 5.2.4).
#[cfg(feature = "external")]
fn without_dots(path: &str) -> String {
    let (path, query) =
        path.find('?').and_then(|at| path.split_at_checked(at)).unwrap_or((path, ""));
    let mut parts: Vec<&str> = Vec::new();
    let mut last = "";
    for part in path.split('/').skip(1) {
        last = part;
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let slash = if matches!(last, "." | "..") { "/" } else { "" };
    format!("/{}{slash}{query}", parts.join("/"))
}

/// What an address may hold, and a percent sign, stays; the rest is percent-encoded.
fn encoded(text: &str) -> String {
    encoded_but(text, b"-._~:/?[]@!$&'()*+,;=%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_fragment_and_only_what_it_may_hold() {
        let check = |destination: &str, expected: &str| {
            assert_eq!(of(destination).unwrap_or_default(), expected, "{destination}");
        };
        check("HTTPS://Example.org#top", "https://example.org/");
        check("http://example.org:80/A b?q=ä#x", "http://example.org:80/A%20b?q=%C3%A4");
        check("//example.org?x", "https://example.org/?x");
        check("https://example.org/100%25", "https://example.org/100%25");
        check("mailto:a@example.org", "");
        check("ftp://example.org/", "");
        check("https://", "");
        check("https:///x", "");
        check("http://[::1]:8080/x", "http://[::1]:8080/x");
    }

    #[cfg(feature = "external")]
    #[test]
    fn a_redirect_leads_where_its_answer_says() {
        let check = |location: &str, expected: &str| {
            let joined = joined("http://a.org:1/b/c?d", location);
            assert_eq!(joined.unwrap_or_default(), expected, "{location}");
        };
        check("https://e.org/f#g", "https://e.org/f");
        check("//e.org", "http://e.org/");
        check("/f", "http://a.org:1/f");
        check("f", "http://a.org:1/b/f");
        check("../f/./g/..", "http://a.org:1/f/");
        check("../../../f", "http://a.org:1/f");
        check("?g", "http://a.org:1/b/c?g");
        check("mailto:x@example.org", "http://a.org:1/b/mailto:x@example.org");
    }
}
