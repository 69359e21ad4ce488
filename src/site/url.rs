//! Percent signs in URLs.

/// `path` with everything percent-encoded that a URL's path cannot hold: all but the
/// unreserved characters, `/`, and those of the sub-delimiters that mean nothing in HTML
/// (RFC 3986, sections 2 and 3.3).
#[must_use]
pub fn encoded(path: &str) -> String {
    if is_plain(path) { path.to_owned() } else { encoded_but(path, b"-._~/!$()*+,;=:@") }
}

/// Whether a path has nothing to encode, as most.
pub(super) fn is_plain(path: &str) -> bool {
    // `-./` and the digits are neighbours. To the end in any case: without a branch, many bytes
    // are looked at at once.
    let is_plain = |byte: u8| (b'-'..=b'9').contains(&byte) | (byte | 0x20).is_ascii_lowercase();
    path.bytes().fold(true, |all, byte| all & is_plain(byte))
}

/// `text` with everything percent-encoded but letters and digits of ASCII and the bytes `plain`.
#[must_use]
pub fn encoded_but(text: &str, plain: &[u8]) -> String {
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push(hex_digit(byte >> 4));
            url.push(hex_digit(byte & 0xf));
        }
    }
    url
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase()
}

/// `text` with its percent-encoded bytes read; a percent sign that encodes nothing stays.
///
/// Gives nothing where the bytes are no UTF-8.
#[must_use]
pub fn decoded(text: &str) -> Option<String> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let pair = after
            .first()
            .zip(after.get(1))
            .and_then(|(&high, &low)| Some((digit(high)?, digit(low)?)));
        match pair {
            Some((high, low)) if first == b'%' => {
                bytes.push(high << 4 | low);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// What stands before the first colon, and after it.
pub(super) fn split_scheme(destination: &str) -> Option<(&str, &str)> {
    let at = memchr::memchr(b':', destination.as_bytes())?;
    Some((destination.get(..at)?, destination.get(at + 1..)?))
}

/// Whether `destination` begins with a scheme (RFC 3986, section 3.1); one of a single letter
/// is a drive of Windows.
pub(crate) fn has_scheme(destination: &str) -> bool {
    split_scheme(destination).is_some_and(|(scheme, _)| {
        let is_allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        scheme.len() > 1
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(is_allowed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, url: &str) {
        assert_eq!(encoded(path), url);
        assert_eq!(decoded(url).as_deref(), Some(path));
    }

    #[test]
    fn letters_of_other_scripts_are_encoded() {
        check("/café/", "/caf%C3%A9/");
        check("/a b&c'd/", "/a%20b%26c%27d/");
        check("/100%25/", "/100%2525/");
    }

    #[test]
    fn a_lone_percent_sign_stays() {
        assert_eq!(decoded("100%"), Some("100%".to_owned()));
        assert_eq!(decoded("%zz%4"), Some("%zz%4".to_owned()));
        assert_eq!(decoded("%ff"), None);
    }
}
