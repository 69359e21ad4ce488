//! What other sites answered, kept for a day in `.agon-cache/links.json` of the site's folder.
//!
//! There, and not in the user's own cache, so that a workflow can keep it between runs by a
//! path inside its checkout; the folder has a `.gitignore` of its own. No scan reads it: only
//! five names at the top of a site are ever looked at. Dead links are not kept, since who
//! mends one wants to hear at once that it is mended.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Asking;
use super::verdict::Verdict;

/// Its folder in that of the site.
const FOLDER: &str = ".agon-cache";

/// Its name there.
const NAME: &str = "links.json";

/// The form of the file; one of another form is as if there were none.
const SCHEMA: u32 = 1;

/// Seconds for which an answer holds.
const DAY: i64 = 24 * 60 * 60;

/// Answers that still hold, by address.
#[derive(Debug, Default)]
pub(super) struct Cache {
    now: i64,
    answers: BTreeMap<String, (i64, Verdict)>,
}

#[derive(Deserialize, Serialize)]
struct Kept {
    schema: u32,
    links: BTreeMap<String, Answer>,
}

#[derive(Deserialize, Serialize)]
struct Answer {
    asked: i64,
    verdict: Word,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Alive,
    Moved,
    Unverified,
}

impl Cache {
    /// What is kept and still holds; a file that cannot be read is as if there were none.
    pub(super) fn read(asking: &Asking<'_>) -> Self {
        let now = asking.now.as_second();
        let text = std::fs::read(file(asking)).unwrap_or_default();
        let kept: Option<Kept> = serde_json::from_slice(&text).ok();
        let links = kept.filter(|kept| kept.schema == SCHEMA).map(|kept| kept.links);
        let answers = links.unwrap_or_default().into_iter().filter_map(|(url, answer)| {
            // An answer of the future is none: a clock was wrong.
            let holds = (0..DAY).contains(&now.saturating_sub(answer.asked));
            let verdict = match answer.verdict {
                Word::Alive => Verdict::Alive,
                Word::Moved => Verdict::Moved(answer.text?),
                Word::Unverified => Verdict::Unverified(answer.text?),
            };
            holds.then_some((url, (answer.asked, verdict)))
        });
        Self { now, answers: answers.collect() }
    }

    /// What `url` answered.
    pub(super) fn get(&self, url: &str) -> Option<&Verdict> {
        self.answers.get(url).map(|(_, verdict)| verdict)
    }

    /// Adds what was answered now.
    pub(super) fn extend(&mut self, asked: BTreeMap<String, Verdict>) {
        let now = self.now;
        self.answers.extend(asked.into_iter().map(|(url, verdict)| (url, (now, verdict))));
    }

    /// Keeps it, in one step.
    pub(super) fn write(self, asking: &Asking<'_>) -> io::Result<()> {
        let answer = |(url, (asked, verdict))| {
            let (verdict, text) = match verdict {
                Verdict::Alive => (Word::Alive, None),
                Verdict::Moved(to) => (Word::Moved, Some(to)),
                Verdict::Unverified(why) => (Word::Unverified, Some(why)),
                Verdict::Dead(_) => return None,
            };
            Some((url, Answer { asked, verdict, text }))
        };
        let links = self.answers.into_iter().filter_map(answer).collect();
        let text = serde_json::to_string_pretty(&Kept { schema: SCHEMA, links })?;
        let folder = asking.root.join(FOLDER);
        std::fs::create_dir_all(&folder)?;
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            std::fs::write(ignore, "*\n")?;
        }
        let next = tempfile::NamedTempFile::new_in(&folder)?;
        std::fs::write(next.path(), text)?;
        next.persist(file(asking)).map_err(|error| error.error)?;
        Ok(())
    }
}

fn file(asking: &Asking<'_>) -> PathBuf {
    asking.root.join(FOLDER).join(NAME)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn answers_hold_for_a_day_and_dead_ones_not_at_all() {
        let root = tempfile::tempdir().unwrap();
        let at =
            |second| Asking { root: root.path(), now: Timestamp::from_second(second).unwrap() };
        let verdicts = [
            ("a", Verdict::Alive),
            ("b", Verdict::Moved("https://x.org/".to_owned())),
            ("c", Verdict::Unverified("it answers 403".to_owned())),
            ("d", Verdict::Dead("it answers 404".to_owned())),
        ];
        let mut cache = Cache::read(&at(1000));
        cache.extend(verdicts.iter().map(|(url, one)| ((*url).to_owned(), one.clone())).collect());
        cache.write(&at(1000)).unwrap();
        let known = |second| {
            let cache = Cache::read(&at(second));
            verdicts.iter().filter(|(url, one)| cache.get(url) == Some(one)).count()
        };
        assert_eq!(known(1000), 3);
        assert_eq!(known(1000 + DAY - 1), 3);
        assert_eq!(known(1000 + DAY), 0);
        assert_eq!(known(999), 0);
        std::fs::write(file(&at(1000)), "{\"schema\": 2, \"links\": {}}").unwrap();
        assert_eq!(known(1000), 0);
        std::fs::write(file(&at(1000)), "\u{0}").unwrap();
        assert_eq!(known(1000), 0);
    }
}
