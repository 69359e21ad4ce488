//! The kinds of answer, and the lead-ins by which they are known (design.md, section 4.8).

use crate::diagnostic::{Code, Diagnostic};
use crate::yaml::{Located, Reader, Unknown};

/// What an answer does with the passage that it quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It grants it.
    Conceded,
    /// It grants it in part.
    Qualified,
    /// It denies it.
    Disputed,
    /// It denies what it takes for granted.
    DisputesThePremise,
    /// It grants it, but not what is drawn from it.
    DoesNotFollow,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Conceded,
        Self::Qualified,
        Self::Disputed,
        Self::DisputesThePremise,
        Self::DoesNotFollow,
    ];

    /// Its key in site.yaml, and the value of `data-kind` on a page.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Conceded => "conceded",
            Self::Qualified => "qualified",
            Self::Disputed => "disputed",
            Self::DisputesThePremise => "disputes_the_premise",
            Self::DoesNotFollow => "does_not_follow",
        }
    }

    /// The lead-in that is known on every site.
    #[must_use]
    pub fn english(self) -> &'static str {
        match self {
            Self::Conceded => "Conceded",
            Self::Qualified => "Qualified",
            Self::Disputed => "Disputed",
            Self::DisputesThePremise => "Disputes the premise",
            Self::DoesNotFollow => "Does not follow",
        }
    }
}

/// The lead-ins of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// Those of site.yaml, as they are compared.
    own: Vec<(Kind, String)>,
}

impl Kinds {
    /// The kind that a bold lead-in names, if it names one.
    ///
    /// Capitals, white space, and a full stop or colon at the end make no difference.
    #[must_use]
    pub fn of(&self, lead_in: &str) -> Option<Kind> {
        let lead_in = folded(lead_in);
        let own = self.own.iter().find(|(_, own)| *own == lead_in).map(|&(kind, _)| kind);
        own.or_else(|| english(&lead_in))
    }
}

fn english(folded_lead_in: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| folded(kind.english()) == folded_lead_in)
}

/// `lead_in` as it is compared.
fn folded(lead_in: &str) -> String {
    let text = lead_in.trim().trim_end_matches(['.', ':', '。', '：', '．', '।', '۔']);
    let words: Vec<&str> = text.split_whitespace().collect();
    caseless::default_case_fold_str(&words.join(" "))
}

/// The lead-ins under `kinds`: for each kind a list, or one alone.
pub(super) fn kinds(keys: &mut Reader<'_, '_>) -> Kinds {
    let mut kinds = Kinds::default();
    let entries = keys.mapping("kinds").unwrap_or_default();
    let mut inner = keys.nested(entries);
    for kind in Kind::ALL {
        for lead_in in inner.texts(kind.key()) {
            let comparable = folded(&lead_in.value);
            match kinds.of(&lead_in.value) {
                Some(other) if other != kind => {
                    let error = taken(&inner, &lead_in, other);
                    inner.refuse(kind.key(), error);
                }
                _ => kinds.own.push((kind, comparable)),
            }
        }
    }
    if !entries.is_empty() {
        inner.done(Unknown::Refused);
    }
    kinds
}

fn taken(keys: &Reader<'_, '_>, lead_in: &Located<String>, other: Kind) -> Diagnostic {
    let message = format!("`{}` is a lead-in of `{}` already", lead_in.value, other.key());
    Diagnostic::error(Code::InvalidValue, keys.place(lead_in.bytes.clone()), message)
        .help("give each kind lead-ins of its own")
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::{Kind, Kinds};
    use crate::source::{SitePath, Source};

    fn kinds_of(text: &str) -> (Kinds, Vec<String>) {
        let source = Source::new(SitePath::new("site.yaml").unwrap(), text.to_owned());
        let checked = read(Some(&source), "folder");
        (checked.value.kinds, checked.found.into_iter().map(|one| one.message).collect())
    }

    #[test]
    fn english_lead_ins_are_always_known() {
        let (kinds, _) = kinds_of(
            "kinds: {conceded: [Zugestanden, Eingeräumt.], does_not_follow: Folgt nicht}\n",
        );
        for (lead_in, kind) in [
            ("Conceded.", Some(Kind::Conceded)),
            ("disputes  the PREMISE", Some(Kind::DisputesThePremise)),
            ("ZUGESTANDEN:", Some(Kind::Conceded)),
            ("eingeräumt", Some(Kind::Conceded)),
            ("Folgt\nnicht.", Some(Kind::DoesNotFollow)),
            ("Conceded, mostly.", None),
            ("", None),
        ] {
            assert_eq!(kinds.of(lead_in), kind, "{lead_in:?}");
        }
    }

    #[test]
    fn one_lead_in_cannot_mean_two_kinds() {
        let (_, found) = kinds_of(
            "kinds: {conceded: [Qualified], disputed: [Nein], does_not_follow: [nein.]}\n",
        );
        assert_eq!(
            found,
            [
                "`Qualified` is a lead-in of `qualified` already",
                "`nein.` is a lead-in of `disputed` already"
            ]
        );
    }
}
