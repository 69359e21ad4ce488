//! Ids of headings: GitHub's algorithm, and no id twice.

use std::collections::BTreeMap;

use unicode_normalization::char::is_combining_mark;

use crate::article::document::Id;

/// Ids that the pages themselves use; an author's gets `-2`.
pub(crate) const PAGE_IDS: &[&str] =
    &["site-main", "column-parent", "column-reply", "title-parent", "title-reply", "site-overlay"];

/// The id that GitHub gives a heading with the text `text`: lower case, spaces to `-`,
/// of the rest only letters, digits, marks, `-` and `_` (gjtorikian's html-pipeline, `toc_filter`).
pub(crate) fn github(text: &str) -> String {
    let text = text.trim();
    let mut id = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => id.push('-'),
            '-' | '_' => id.push(c),
            _ if c.is_ascii_alphanumeric() => id.push(c.to_ascii_lowercase()),
            _ if c.is_ascii() => {}
            _ => {
                id.extend(c.to_lowercase().filter(|&c| c.is_alphanumeric() || is_combining_mark(c)))
            }
        }
    }
    id
}

/// The slug of the reply and the number in `id`, if it is like that of a passage or of an answer:
/// `q-<reply>-1`, `a-<reply>-1`.
pub(crate) fn passage_or_answer(id: &str) -> Option<(&str, usize)> {
    let rest = id.strip_prefix("q-").or_else(|| id.strip_prefix("a-"))?;
    let (slug, number) = rest.rsplit_once('-')?;
    Some((slug, number.parse().ok()?))
}

/// The ids of one document.
#[derive(Default)]
pub(crate) struct Ids {
    taken: BTreeMap<String, u32>,
    pub(crate) list: Vec<Id>,
}

impl Ids {
    /// Takes `wanted`, or the first of `wanted-1`, `wanted-2`… that is free (from 2 where a
    /// generated id has the name).
    pub(crate) fn take(&mut self, wanted: &str, is_generated: impl Fn(&str) -> bool) -> String {
        let wanted = if wanted.is_empty() { "section" } else { wanted };
        let mut name = wanted.to_owned();
        let mut number = self.taken.get(wanted).copied().unwrap_or(0);
        if number == 0 && is_generated(wanted) {
            number = 2;
            name = format!("{wanted}-2");
            if is_generated(&name) {
                // `fnref-1` is followed by nothing but ids of marks: no number would be free.
                return self.take(&format!("{wanted}-"), is_generated);
            }
        }
        while self.taken.contains_key(&name) || is_generated(&name) {
            name = format!("{wanted}-{}", number.max(1));
            number = number.max(1) + 1;
        }
        if name != wanted {
            self.taken.insert(wanted.to_owned(), number.max(1));
        }
        self.taken.entry(name.clone()).or_insert(0);
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_github() {
        assert_eq!(github("The chip objection"), "the-chip-objection");
        assert_eq!(github("What's 2.5 × 10?"), "whats-25--10");
        assert_eq!(github("தமிழ் நாடு"), "தமிழ்-நாடு");
        assert_eq!(github("部分同意 ok"), "部分同意-ok");
    }

    #[test]
    fn equal_headings_are_numbered() {
        let mut ids = Ids::default();
        let names: Vec<String> = (0..3).map(|_| ids.take("claim", |_| false)).collect();
        assert_eq!(names, ["claim", "claim-1", "claim-2"]);
        assert_eq!(ids.take("claim-1", |_| false), "claim-1-1");
    }

    #[test]
    fn a_generated_id_is_left_to_the_page() {
        let mut ids = Ids::default();
        assert_eq!(ids.take("p4", |name| name == "p4"), "p4-2");
    }
}
