//! Notes of a quoting author in brackets: [sic], (emphasis added), [1].

/// Words of a note such as [emphasis added, A. B.] at most.
const MAX_NOTE_WORDS: usize = 8;

/// Characters of the mark of a footnote at most.
const MAX_REFERENCE_CHARACTERS: usize = 5;

/// Words by which a note on emphasis is known, in the languages that the corpus had.
const EMPHASIS: &[&str] = &[
    "emphasis",
    "emphases",
    "italic",
    "italics",
    "bold",
    "boldface",
    "underlining",
    "underline",
    "underscoring",
    "hervorhebung",
    "hervorhebungen",
    "kursiv",
    "kursivierung",
    "fettdruck",
    "souligne",
    "souligné",
    "soulignée",
    "soulignons",
    "italique",
    "italiques",
    "énfasis",
    "cursiva",
    "cursivas",
    "corsivo",
    "corsivi",
    "enfasi",
    "grifo",
    "grifos",
    "itálico",
    "ênfase",
    "cursivering",
    "nadruk",
    "kursivering",
    "fremhevelse",
    "выделено",
    "курсив",
    "έμφαση",
    "التشديد",
    "التأكيد",
    "hervorh",
    "herv",
    "translation",
    "translations",
    "translated",
    "übersetzung",
    "übersetzt",
    "traduction",
    "traduit",
    "traducción",
    "traduzione",
    "tradução",
    "vertaling",
    "перевод",
];

/// What else such a note is made of. In round brackets there may be no other word: they may be
/// the author's own, and what is put into them would go unseen.
const ADDED: &[&str] = &[
    "added",
    "supplied",
    "mine",
    "my",
    "our",
    "ours",
    "own",
    "in",
    "the",
    "original",
    "author",
    "authors",
    "by",
    "removed",
    "omitted",
    "not",
    "is",
    "are",
    "of",
    "from",
    "s",
    "von",
    "vom",
    "mir",
    "uns",
    "im",
    "durch",
    "meine",
    "unsere",
    "eigene",
    "hinzugefügt",
    "verf",
    "verfasser",
    "verfasserin",
    "autor",
    "autorin",
    "d",
    "i",
    "o",
    "nur",
    "weggelassen",
    "entfernt",
    "c",
    "est",
    "moi",
    "nous",
    "qui",
    "par",
    "dans",
    "le",
    "l",
    "texte",
    "auteur",
    "notre",
    "ajouté",
    "ajoutée",
    "ajoutés",
    "mis",
    "en",
    "es",
    "mía",
    "mío",
    "nuestra",
    "nuestro",
    "el",
    "la",
    "del",
    "añadido",
    "añadida",
    "añadidas",
    "agregado",
    "mio",
    "mia",
    "miei",
    "nostro",
    "nostri",
    "aggiunto",
    "aggiunta",
    "aggiunti",
    "nell",
    "nel",
    "testo",
    "originale",
    "meu",
    "meus",
    "minha",
    "nosso",
    "nossos",
    "nossa",
    "acrescentado",
    "acrescentados",
    "no",
    "toegevoegd",
    "van",
    "mij",
    "ons",
    "min",
    "vår",
    "мной",
    "мною",
    "нами",
    "мой",
    "наш",
    "автора",
    "автором",
    "моё",
    "мое",
    "δική",
    "μου",
    "μας",
    "من",
    "عندي",
    "لنا",
    "مضاف",
    "المؤلف",
];

/// Whether what stands in brackets is a note on the quotation; `is_square` if they are `[]`,
/// which no author has in a text of his own.
pub(super) fn is_note(inner: &str, is_square: bool) -> bool {
    let lower = inner.trim().to_lowercase();
    if matches!(
        lower.trim_end_matches(['!', '?', '.']),
        "sic" | "ebd" | "原文ママ" | "原文如此" | "translated" | "übersetzt" | "traduit"
    ) {
        return true;
    }
    if ["強調", "傍点", "着重", "强调"].iter().any(|mark| lower.contains(mark)) {
        return true;
    }
    let words = |text: &'_ str| {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect::<Vec<String>>()
    };
    let all = words(&lower);
    let is_emphasis = |word: &String| EMPHASIS.contains(&word.as_str());
    // One word alone is what the author says: (italics) stands in manuals.
    if !all.iter().any(is_emphasis) || !(2..=MAX_NOTE_WORDS).contains(&all.len()) {
        return false;
    }
    // After a comma may stand who says so.
    let (said, signed) = inner.split_once([',', ';', '—']).unwrap_or((inner, ""));
    let is_known = |word: &String| is_emphasis(word) || ADDED.contains(&word.as_str());
    let is_name = |word: &String| word.starts_with(char::is_uppercase) || is_known(word);
    is_square
        || (words(&said.to_lowercase()).iter().all(is_known) && words(signed).iter().all(is_name))
}

/// Whether what stands in square brackets is the mark of a footnote: `1`, `^1`, `^note`.
pub(super) fn is_reference(inner: &str) -> bool {
    let inner = inner.trim();
    let is_number = |text: &str| {
        !text.is_empty()
            && !is_index(text)
            && text.chars().count() <= MAX_REFERENCE_CHARACTERS
            && text.chars().all(|c| c.is_numeric() || matches!(c, ',' | '–' | '-'))
    };
    inner.strip_prefix('^').map_or_else(
        || is_number(inner),
        |name| !name.is_empty() && !name.contains(char::is_whitespace),
    )
}

/// Whether what stands in square brackets is an index, and the author's own: notes are counted
/// from 1.
pub(super) fn is_index(inner: &str) -> bool {
    inner.starts_with('0') && inner.chars().all(char::is_numeric)
}

/// Whether `text` has the mark of a footnote in square brackets.
pub(super) fn has_reference(text: &str) -> bool {
    text.split('[').skip(1).any(|rest| rest.split_once(']').is_some_and(|(it, _)| is_reference(it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(inner: &str, in_square: bool, in_round: bool) {
        assert_eq!((is_note(inner, true), is_note(inner, false)), (in_square, in_round), "{inner}");
    }

    #[test]
    fn what_round_brackets_may_hide_is_no_note() {
        check("sic!", true, true);
        check("emphasis added", true, true);
        check("emphasis mine, J. Doe", true, true);
        check("Hervorhebung im Original", true, true);
        check("a bold lie", true, false);
        check("italics", false, false);
        check("no translation is true", true, false);
        check("so they say", false, false);
    }

    #[test]
    fn a_mark_of_a_footnote_is_a_number_or_a_name() {
        assert!(
            ["1", "^1", "^note", "3, 4".replace(' ', "").as_str()]
                .iter()
                .all(|it| is_reference(it))
        );
        assert!(["", "0", "they", "^", "^two words", "123456"].iter().all(|it| !is_reference(it)));
    }
}
