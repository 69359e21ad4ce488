//! Where a site is published.

use std::fmt;
use std::net::Ipv6Addr;

use crate::yaml::shown;

/// An absolute URL under which the whole site stands: `https://example.org/debates`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    path: String,
}

impl BaseUrl {
    /// Reads `text`: `http` or `https`, a host, perhaps a port and a path.
    ///
    /// The scheme and host become lower case and the scheme's own port is left out; the path
    /// loses empty parts and the slash at its end, and its letters beyond ASCII are escaped.
    ///
    /// # Errors
    ///
    /// For anything else, with what is wrong in one sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(format!("{} does not say `https://`", shown(text)));
        };
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(format!("{} is neither `http` nor `https`", shown(&scheme)));
        }
        let (authority, path) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at_checked(at).unwrap_or((rest, "")),
            None => (rest, ""),
        };
        if path.contains(['?', '#']) {
            return Err("a base URL has no `?` and no `#`".to_owned());
        }
        let origin = format!("{scheme}://{}", authority_of(authority, &scheme)?);
        Ok(Self { origin, path: normalised(path)? })
    }

    /// Scheme, host and port: `https://example.org`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The path with a slash at its start and none at its end; empty at the root of the host.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for BaseUrl {
    /// The whole, without a slash at its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

fn authority_of(authority: &str, scheme: &str) -> Result<String, String> {
    if authority.contains('@') {
        return Err("a base URL has no user name".to_owned());
    }
    let colon = authority
        .rfind(':')
        .filter(|&at| !authority.get(at..).is_some_and(|rest| rest.contains(']')));
    let (host, port) = match colon.and_then(|at| authority.split_at_checked(at)) {
        Some((host, port)) => (host, port.trim_start_matches(':')),
        None => (authority, ""),
    };
    let host = host.to_lowercase();
    if !is_host(&host) {
        return Err(if host.is_empty() {
            "the host is missing".to_owned()
        } else {
            format!("{} is no host", shown(&host))
        });
    }
    if colon.is_none() {
        return Ok(host);
    }
    let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse::<u16>().ok().filter(|&port| digits && port > 0) {
        Some(80) if scheme == "http" => Ok(host),
        Some(443) if scheme == "https" => Ok(host),
        Some(port) => Ok(format!("{host}:{port}")),
        None => Err(format!("`{port}` is no port: ports go from 1 to 65535")),
    }
}

/// Whether `host` is a name, with letters of any script, or an address (RFC 3986, 3.2.2).
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let label = |label: &str| {
        let letters = label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        !label.is_empty() && letters && !label.starts_with('-') && !label.ends_with('-')
    };
    let name = host.strip_suffix('.').unwrap_or(host);
    host.len() <= 253 && name.split('.').all(label)
}

fn normalised(path: &str) -> Result<String, String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(escaped(part)?),
        }
    }
    Ok(parts.into_iter().map(|part| format!("/{part}")).collect())
}

/// One part of a path as URLs have it (RFC 3986, 3.3).
fn escaped(part: &str) -> Result<String, String> {
    let mut out = String::with_capacity(part.len());
    for (at, byte) in part.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
        match byte {
            _ if plain => out.push(char::from(byte)),
            b'%' if is_escape(part, at) => out.push('%'),
            b'%' => return Err(format!("a `%` in `{part}` is no escape")),
            0x80.. => out.push_str(&format!("%{byte:02X}")),
            _ => {
                let sign = char::from(byte).escape_default();
                return Err(format!("`{sign}` cannot stand in the path of a URL"));
            }
        }
    }
    Ok(out)
}

/// Whether two hexadecimal digits follow the `%` at byte `at`.
fn is_escape(part: &str, at: usize) -> bool {
    let digits = part.as_bytes().get(at + 1..at + 3);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    #[track_caller]
    fn check(text: &str, url: Result<&str, &str>) {
        let parsed = BaseUrl::parse(text).map(|url| url.to_string());
        assert_eq!(parsed.as_deref().map_err(String::as_str), url, "{text:?}");
    }

    #[test]
    fn a_base_url_is_normalised() {
        check("https://example.org", Ok("https://example.org"));
        check(" HTTPS://Example.ORG:443/ ", Ok("https://example.org"));
        check("http://localhost:1111/repo//x/./y/../", Ok("http://localhost:1111/repo/x"));
        check("http://[::1]:8080/a", Ok("http://[::1]:8080/a"));
        check("http://[::1]", Ok("http://[::1]"));
        check("https://münchen.de/über%20uns", Ok("https://münchen.de/%C3%BCber%20uns"));
        check("https://a.b/../..", Ok("https://a.b"));
        check("https://a.github.io/repo/", Ok("https://a.github.io/repo"));
    }

    #[test]
    fn origin_and_path_are_kept_apart() {
        let url = BaseUrl::parse("https://example.org:8443/a/b/").unwrap();
        assert_eq!((url.origin(), url.path()), ("https://example.org:8443", "/a/b"));
    }

    #[test]
    fn what_is_no_base_url_says_why() {
        check("example.org", Err("`example.org` does not say `https://`"));
        check("/repo", Err("`/repo` does not say `https://`"));
        check("ftp://example.org", Err("`ftp` is neither `http` nor `https`"));
        check("https://", Err("the host is missing"));
        check("https:///path", Err("the host is missing"));
        check("https://a b", Err("`a b` is no host"));
        check("https://a..b", Err("`a..b` is no host"));
        check("https://[::1", Err("`[:` is no host"));
        check("https://me@example.org", Err("a base URL has no user name"));
        check("https://example.org:0", Err("`0` is no port: ports go from 1 to 65535"));
        check("https://example.org:x", Err("`x` is no port: ports go from 1 to 65535"));
        check("https://example.org?x=1", Err("a base URL has no `?` and no `#`"));
        check("https://example.org/a#b", Err("a base URL has no `?` and no `#`"));
        check("https://example.org/a b", Err("` ` cannot stand in the path of a URL"));
        check("https://example.org/50%", Err("a `%` in `50%` is no escape"));
    }
}
