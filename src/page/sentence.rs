//! Where the first sentence of a text ends, and where a text is cut.

use std::borrow::Cow;

/// Longest sentence in a cell, in characters; a longer one is cut at a word.
const MAX_SENTENCE: usize = 160;

/// Characters after which no more words are needed to tell how a sentence goes on.
const LONG_ENOUGH: usize = MAX_SENTENCE + 20;

/// The first sentence of `text`: up to a mark that ends one and is followed by white space
/// (or by anything, for the marks of Chinese and Japanese), not after an initial.
pub(crate) fn first_sentence(text: &str) -> String {
    let text = beginning(text);
    let end = sentence_end(&text).map(|at| at + text.get(at..).map_or(0, first_size));
    let sentence = end.and_then(|end| text.get(..end)).unwrap_or(&text).trim_end_matches(':');
    shortened(sentence, MAX_SENTENCE)
}

/// Where the mark stands that ends the first sentence of `text`.
fn sentence_end(text: &str) -> Option<usize> {
    if text.is_ascii() {
        // A quotation mark ends one right after another mark only.
        let marks = memchr::memchr3_iter(b'.', b'!', b'?', text.as_bytes());
        let mut marks = marks.flat_map(|at| [at, at + 1]).filter(|&at| at < text.len());
        return marks.find(|&at| ends_sentence(text, at));
    }
    // What ends a sentence, and what a sign that does may begin with.
    let may_end = |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | b'"') || !byte.is_ascii();
    let marks = text.bytes().enumerate().filter(|(_, byte)| may_end(byte)).map(|(at, _)| at);
    marks.filter(|&at| text.is_char_boundary(at)).find(|&at| ends_sentence(text, at))
}

/// Bytes of the first character.
fn first_size(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

fn ends_sentence(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at(at);
    let mut rest = rest.chars();
    let mark = rest.next().unwrap_or_default();
    let rest = rest.as_str();
    let is_last = rest.is_empty() || rest.starts_with(char::is_whitespace);
    let goes_on = || rest.trim_start().starts_with(char::is_lowercase);
    match mark {
        '。' | '！' | '？' => true,
        '!' | '?' | '؟' | '…' => is_last && !goes_on(),
        '.' => is_last && !goes_on() && !initial(text, at),
        '”' | '’' | '"' => before.ends_with(['.', '!', '?']) && is_last && !goes_on(),
        _ => false,
    }
}

/// As many words of `text` as can be shown, and a few that tell how the last sentence goes on;
/// single spaces between them.
fn beginning(text: &str) -> Cow<'_, str> {
    let plain = plain_words(text, LONG_ENOUGH).map(Cow::Borrowed);
    plain.unwrap_or_else(|| Cow::Owned(first_words(text.split_whitespace())))
}

/// The words of `text` that begin in its first `size` bytes, if all are of ASCII and single spaces
/// stand between them, as in most texts.
pub(crate) fn plain_words(text: &str, size: usize) -> Option<&str> {
    let text = text.trim_start();
    let spaces = text.bytes().enumerate().skip(size).filter(|(_, byte)| *byte == b' ');
    let end = spaces.map(|(at, _)| at).next().unwrap_or(text.len());
    let words = text.get(..end)?;
    // To the end in any case: without a branch, many bytes are looked at at once.
    let bytes = words.as_bytes();
    let is_odd = bytes.iter().fold(false, |odd, byte| odd | !(b' '..=b'~').contains(byte));
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let is_wide =
        pairs.fold(false, |wide, (here, next)| wide | ((*here == b' ') & (*next == b' ')));
    (!is_odd && !is_wide && !words.ends_with(' ')).then_some(words)
}

fn first_words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut beginning = String::with_capacity(2 * MAX_SENTENCE);
    let mut characters = 0;
    for word in words {
        beginning.push_str(if beginning.is_empty() { "" } else { " " });
        beginning.push_str(word);
        characters += word.chars().count() + 1;
        if characters > LONG_ENOUGH {
            break;
        }
    }
    beginning
}

/// Words that a full stop shortens, and after which a name or a number follows.
const SHORTENED: &[&str] = &[
    "Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Sr", "Jr", "Mt", "Gen", "Col", "Sen", "Rep", "Gov",
    "vs", "cf", "Nr", "Art", "Abs", "Fig", "Bd", "Vol", "pp", "ca", "approx", "Hr", "Fr", "Mme",
];

/// Whether the full stop at `at` follows a single letter, as in `J. M. Keynes`, letters with such
/// stops, as in `U.S.`, or a word that it shortens.
fn initial(text: &str, at: usize) -> bool {
    let word = text.get(..at).and_then(|before| before.rsplit(' ').next()).unwrap_or_default();
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut parts = word.split('.');
    let is_letter = |part: &str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    if SHORTENED.contains(&word) || (word.contains('.') && parts.all(is_letter)) {
        return true;
    }
    let mut characters = word.chars();
    characters.next().is_some_and(char::is_uppercase) && characters.next().is_none()
}

/// `text`, cut at a word before `most` characters where it is longer.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let cut = if text.len() > most { text.char_indices().nth(most) } else { None };
    let Some((cut, _)) = cut else { return text.to_owned() };
    let kept = text.get(..cut).unwrap_or(text);
    let kept = kept.rsplit_once(' ').map_or(kept, |(kept, _)| kept);
    [kept.trim_end_matches([',', ';', ':', '–', '—', ' ']), " …"].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::*;

    proptest! {
        #[test]
        fn ascii_has_the_sentences_that_it_has_beside_other_signs(text in "[aA .!?\"',:\n]{0,20}") {
            let other = format!("é {text}");
            let end = sentence_end(&other).map(|at| at - "é ".len());
            prop_assert_eq!(sentence_end(&text), end);
        }
    }

    #[track_caller]
    fn check(text: &str, sentence: &str) {
        assert_eq!(first_sentence(text), sentence);
    }

    #[test]
    fn a_sentence_ends_where_a_reader_ends_it() {
        check("It waits. Then not.", "It waits.");
        check("J. M. Keynes said 2.5 times so. And", "J. M. Keynes said 2.5 times so.");
        check("“Who pays?” she asks. I do.", "“Who pays?” she asks.");
        check("不同意。数据中心", "不同意。");
        check("It made 4,635. Then", "It made 4,635.");
        check(" It\u{a0}waits  here\n for “me.” Or", "It waits here for “me.”");
        check("It waits.  Or\nnot.", "It waits.");
        check("Dr. Smith says so. Then", "Dr. Smith says so.");
        check("Use e.g. a bus. Or", "Use e.g. a bus.");
        check("The U.S. Senate (cf. Art. 5) met. Then", "The U.S. Senate (cf. Art. 5) met.");
        check("Wait... what. Then", "Wait... what.");
        check("Three things follow:", "Three things follow");
        let long = "word ".repeat(60);
        let cut = format!("{} …", "word ".repeat(32).trim_end());
        check(&long, &cut);
        check(&format!("{long}. End"), &cut);
    }
}
