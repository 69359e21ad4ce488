//! Old paths of an article, each of which becomes a page that sends readers on.

use super::publish::Candidate;
use super::slug::segment_problem;
use super::url::decoded;
use crate::article::front_matter::Located;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Longest alias in bytes: with the output folder before it, it must fit into the 4,096 bytes
/// (Linux) or 1,024 bytes (macOS) that a path may have.
const MAX_ALIAS_BYTES: usize = 600;

/// The file in the output that `alias` of `candidate` asks for.
///
/// # Errors
/// What is no path of this site: one that leaves it, another site's URL, a name that some
/// systems cannot hold.
pub(super) fn output_path(
    candidate: &Candidate,
    alias: &Located<String>,
) -> Result<String, Box<Diagnostic>> {
    let fault = |problem: &str| Box::new(invalid(candidate, alias, problem));
    let path = decoded(alias.value.trim()).ok_or_else(|| fault("its bytes are no UTF-8"))?;
    if path.contains("://") || path.starts_with("//") {
        return Err(fault("it must be a path of this site, without a host"));
    }
    if path.contains(['?', '#']) {
        return Err(fault("a page cannot be told by `?` or `#`"));
    }
    if path.len() > MAX_ALIAS_BYTES {
        return Err(fault("it is too long for a path"));
    }
    let inner = path.strip_prefix('/').unwrap_or(&path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if let Some(problem) = inner.split('/').find_map(segment_problem) {
        return Err(fault(&problem));
    }
    if inner.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case("assets")) {
        return Err(fault("`/assets/` holds the theme's files"));
    }
    let is_file = !path.ends_with('/') && (inner.ends_with(".html") || inner.ends_with(".htm"));
    Ok(if is_file { inner.to_owned() } else { format!("{inner}/index.html") })
}

fn invalid(candidate: &Candidate, alias: &Located<String>, problem: &str) -> Diagnostic {
    let place = Span::new(candidate.path(), alias.bytes.clone());
    Diagnostic::error(
        Code::InvalidSlug,
        place,
        format!("this alias cannot be a page of the site: {problem}"),
    )
    .help("aliases: [\"/old/path/\"]")
}
