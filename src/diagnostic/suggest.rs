//! The nearest known name for a misspelt one.

/// Most edits between a misspelt name and the one that is suggested: a third of its length,
/// as rustc does (`rustc_span::edit_distance`), but at least one.
fn allowed(name: &str) -> usize {
    (name.chars().count() / 3).max(1)
}

/// The name of `known` that is nearest to `name`, if one is near enough to be meant.
///
/// Edits are Damerau's (insert, delete, replace, swap neighbours), capitals count as equal.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    known
        .into_iter()
        .map(|one| (strsim::damerau_levenshtein(&lower, &one.to_lowercase()), one))
        .filter(|&(edits, _)| edits <= allowed(name))
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, one)| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_finds_its_neighbour() {
        assert_eq!(nearest("darft", ["draft", "date"]), Some("draft"));
        assert_eq!(nearest("Color", ["color"]), Some("color"));
        assert_eq!(nearest("publisher", ["draft", "date"]), None);
    }
}
