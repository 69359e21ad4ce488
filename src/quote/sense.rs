//! Changes that turn a sentence round: of a number, a sign, a negation, the order of words.

use crate::quote::DiffPart;
use crate::quote::sign::is_sign;
use crate::quote::words::words;

/// Words that deny, in the languages that the cases had. A language that is not here loses
/// nothing but that its shortest quotes are judged as all others are.
const NEGATIONS: &[&str] = &[
    "not",
    "no",
    "never",
    "none",
    "nobody",
    "nothing",
    "neither",
    "nor",
    "cannot",
    "without",
    "nicht",
    "kein",
    "keine",
    "keinen",
    "keinem",
    "keiner",
    "nie",
    "niemals",
    "niemand",
    "nichts",
    "keineswegs",
    "keinerlei",
    "ohne",
    "ne",
    "pas",
    "non",
    "jamais",
    "guère",
    "jamás",
    "nem",
    "ninguém",
    "aucun",
    "aucune",
    "rien",
    "personne",
    "sans",
    "ni",
    "nunca",
    "nada",
    "nadie",
    "ningún",
    "ninguna",
    "sin",
    "não",
    "sem",
    "nenhum",
    "nenhuma",
    "niente",
    "nessuno",
    "mai",
    "senza",
    "niet",
    "geen",
    "nooit",
    "zonder",
    "inte",
    "ikke",
    "aldrig",
    "aldri",
    "ingen",
    "inget",
    "не",
    "нет",
    "ни",
    "никогда",
    "нельзя",
    "без",
    "nie",
    "bez",
    "δεν",
    "δε",
    "μη",
    "μην",
    "όχι",
    "değil",
    "yok",
    "لا",
    "لم",
    "لن",
    "ليس",
    "ليست",
    "ما",
    "غير",
    "לא",
    "אין",
    "אל",
    "בלי",
    "नहीं",
    "न",
    "मत",
    "không",
    "chưa",
    "chẳng",
    "ไม่",
    "不",
    "没",
    "沒",
    "無",
    "无",
    "非",
    "未",
    "否",
    "勿",
    "莫",
    "안",
    "못",
    "없다",
    "아니",
];

/// The words of `text` that deny.
#[must_use]
pub fn denials(text: &str) -> Vec<&str> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'));
    // Some words have marks that are no letters.
    let whole = std::iter::once(text).filter(|text| is_negation(text));
    let of_parts: Vec<&str> = parts.filter(|word| is_negation(word)).chain(inside(text)).collect();
    if of_parts.is_empty() { whole.collect() } else { of_parts }
}

/// Those that stand inside what has no spaces between its words, or are a part of a word.
fn inside(text: &str) -> impl Iterator<Item = &str> {
    const PARTS: &[&str] =
        &["不", "没", "沒", "無", "无", "非", "未", "勿", "莫", "ไม่", "않", "없"];
    let parts = if text.is_ascii() { &[] } else { PARTS };
    // One that is a word alone is among the words already.
    let is_part = |(at, found): &(usize, &str)| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|text| text.chars().next());
        before.is_some_and(char::is_alphanumeric) || after.is_some_and(char::is_alphanumeric)
    };
    let found = parts.iter().flat_map(move |part| text.match_indices(part));
    found.filter(is_part).map(|(_, found)| found)
}

fn is_negation(word: &str) -> bool {
    let lower = word.to_lowercase().replace('’', "'");
    NEGATIONS.contains(&lower.as_str()) || lower.ends_with("n't")
}

/// Whether `diff` changes a number, a sign or a negation.
pub(super) fn changes_the_sense(diff: &[DiffPart]) -> bool {
    diff.iter().any(|part| match part {
        DiffPart::Same(_) => false,
        DiffPart::Quoted(text) | DiffPart::Original(text) => {
            text.contains(|c: char| c.is_numeric() || is_sign(c)) || !denials(text).is_empty()
        }
    })
}

/// Whether all that differs in `diff` is the order of the words.
pub(super) fn moves_words(diff: &[DiffPart]) -> bool {
    let (mut quoted, mut original) = (Vec::new(), Vec::new());
    for part in diff {
        match part {
            DiffPart::Same(_) => {}
            DiffPart::Quoted(text) => quoted.extend(words(text).iter().map(|word| word.id)),
            DiffPart::Original(text) => original.extend(words(text).iter().map(|word| word.id)),
        }
    }
    quoted.sort_unstable();
    original.sort_unstable();
    !quoted.is_empty() && quoted == original
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_a_denial_changes_the_sense() {
        for word in ["not", "25", "isn’t", "不", "nicht", "%", "l’a pas"] {
            assert!(changes_the_sense(&[DiffPart::Original(word.to_owned())]), "{word}");
        }
        for word in ["road", "knot", "noch"] {
            assert!(!changes_the_sense(&[DiffPart::Quoted(word.to_owned())]), "{word}");
        }
        assert!(!changes_the_sense(&[DiffPart::Same("not 25".to_owned())]));
    }

    #[test]
    fn words_that_only_move_are_told_from_others() {
        let diff = |quoted: &str, original: &str| {
            [DiffPart::Quoted(quoted.to_owned()), DiffPart::Original(original.to_owned())]
        };
        assert!(moves_words(&diff("dog man", "Man dog")));
        assert!(!moves_words(&diff("dog man", "dog men")));
        assert!(!moves_words(&[DiffPart::Same("dog".to_owned())]));
    }
}
