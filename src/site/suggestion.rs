//! The nearest known name for one that leads nowhere, at a bounded cost.

use std::collections::BTreeMap;

use crate::diagnostic::suggest;

/// How many different names are looked up in one build.
///
/// Each is compared with every name of its kind: at 50,000 articles 64 take about as long as
/// the rest of the build. Who has more dead links than that has moved a folder, and knows it.
const MAX_SEARCHES: usize = 64;

/// Names of one kind, and those that were asked for.
pub(super) struct Suggestions<'a> {
    known: Vec<&'a str>,
    asked: BTreeMap<String, Option<&'a str>>,
}

impl<'a> Suggestions<'a> {
    pub(super) fn new(known: impl IntoIterator<Item = &'a str>) -> Self {
        Self { known: known.into_iter().collect(), asked: BTreeMap::new() }
    }

    /// The known name nearest to `name`; nothing where none is near or the searches are used up.
    pub(super) fn nearest(&mut self, name: &str) -> Option<&'a str> {
        if let Some(answer) = self.asked.get(name) {
            return *answer;
        }
        if self.asked.len() >= MAX_SEARCHES {
            return None;
        }
        let answer = suggest::nearest(name, self.known.iter().copied());
        self.asked.insert(name.to_owned(), answer);
        answer
    }
}
