//! Code → HTML with a dozen classes.

/// The HTML of `code`, or nothing for a language that is not known.
pub fn highlight(_code: &str, _language: &str) -> Option<String> {
    None
}
