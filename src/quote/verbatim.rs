//! Quotes that stand in a parent to the letter, told without the words of either text.
//!
//! Most quotes are copied from the parent. One that is found here is found by its words, too,
//! in the same place and in no other; but to make all the words of a parent takes many times as
//! long as to run over its bytes. Whatever is not certain is left to the words.

use std::ops::Range;

use memchr::memchr2_iter;

use crate::quote::words::{Word, words};
use crate::quote::{Outcome, Place, Quote, Status};
use crate::source::plain_text::{PlainText, TextBlock, TextRole};

/// Bytes that are compared at a place at most: of a text that repeats itself, each place would
/// otherwise be compared to the end.
const MAX_COMPARED: usize = 64;

/// Letters by how seldom English has them, the rarest first (Norvig, "English Letter Frequency
/// Counts", 2013). In another language more places are looked at, and nothing else.
const RARE: &[u8; 26] = b"zqjxkvbywgpfmucdlhrsniotae";

/// Where each byte stands in [`RARE`], in either case; those that are no letters come last.
const RANKS: [u8; 256] = ranks();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn ranks() -> [u8; 256] {
    let mut table = [u8::MAX; 256];
    let mut rank = 0;
    while rank < RARE.len() {
        table[RARE[rank] as usize] = rank as u8;
        table[RARE[rank].to_ascii_uppercase() as usize] = rank as u8;
        rank += 1;
    }
    table
}

/// Whether case and spelling of `text` hold no surprise: no character but a letter of ASCII is
/// ever taken for one, and none is passed over.
pub(super) fn is_simple(text: &str) -> bool {
    text.is_ascii() || text.chars().all(is_simple_char)
}

/// ASCII, Latin-1 but ß, æ and the soft hyphen, and the dashes and marks of printers.
fn is_simple_char(c: char) -> bool {
    match c {
        '\u{AD}' | 'ß' | 'æ' | 'Æ' => false,
        '\0'..='\u{7F}' | '\u{A0}'..='\u{FF}' | '\u{2010}'..='\u{2026}' => true,
        _ => false,
    }
}

/// What becomes of `quote`, which names no source, in the simple text of `parent`, if it stands
/// there to the letter, once, in the parent's own words.
pub(super) fn locate(quote: &Quote, parent: &PlainText) -> Option<Outcome> {
    if quote.attribution.is_some() || !is_simple(&quote.plain.text) {
        return None;
    }
    let words = words(&quote.plain.text);
    let quoted = quote.plain.text.get(hull(&words)?)?;
    let place = only_place(quoted, &parent.text)?;
    let block = block_around(&place, parent)?;
    Some(Outcome {
        status: Status::Anchored,
        places: vec![Place {
            parts: vec![place],
            paragraph: block.paragraph,
            paragraph_end: block.paragraph,
            in_quotation: false,
            extension: None,
        }],
        nearest: None,
        words: words.len(),
        similarity: 1.0,
        run: words.len(),
        attributed: false,
    })
}

/// The bytes from the first to the last of `words`.
fn hull(words: &[Word]) -> Option<Range<usize>> {
    Some(words.first()?.start as usize..words.last()?.end as usize)
}

/// Where `quoted` stands in `parent`, between signs that part words, if its words stand nowhere
/// else.
fn only_place(quoted: &str, parent: &str) -> Option<Range<usize>> {
    // What counts as a word between two letters depends on nothing outside of them, but for
    // the bars of a table.
    let has_firm_ends = quoted.starts_with(|c: char| c.is_ascii_alphabetic())
        && quoted.ends_with(|c: char| c.is_ascii_alphabetic());
    if !has_firm_ends || quoted.contains('|') || quoted.contains("\n\n") {
        return None;
    }
    let into = rarest(quoted)?;
    let (lead, rest) = quoted.as_bytes().split_at_checked(into)?;
    let letter = rest.first()?;
    let letters = (letter.to_ascii_lowercase(), letter.to_ascii_uppercase());
    let bytes = parent.as_bytes();
    let may_stand = |at: &usize| {
        bytes.split_at_checked(*at).is_some_and(|(before, from)| {
            // Nearly all places are told apart by the letters on either side.
            !(differ(from.get(1), rest.get(1)) || differ(before.last(), lead.last()))
                && may_agree(from.iter(), rest.iter())
                && may_agree(before.iter().rev(), lead.iter().rev())
        })
    };
    let mut places = memchr2_iter(letters.0, letters.1, bytes).filter(may_stand);
    let start = places.next()?.checked_sub(into)?;
    if places.next().is_some() {
        return None;
    }
    let (before, from) = parent.split_at_checked(start)?;
    let after = from.strip_prefix(quoted)?;
    (parts_before(before) && parts_after(after)).then(|| start..start + quoted.len())
}

/// Where the letter of ASCII that is rarest stands in `text` first.
fn rarest(text: &str) -> Option<usize> {
    let rank = |byte: u8| RANKS.get(usize::from(byte)).copied().unwrap_or(u8::MAX);
    let (at, byte) = text.bytes().enumerate().min_by_key(|(_, byte)| rank(*byte))?;
    byte.is_ascii_alphabetic().then_some(at)
}

/// Whether two neighbours of a letter that is in both texts are of different words for certain.
fn differ(here: Option<&u8>, there: Option<&u8>) -> bool {
    here.zip(there).is_some_and(|(here, there)| {
        let are_both_told = here.is_ascii_alphanumeric() && there.is_ascii_alphanumeric();
        are_both_told && !here.eq_ignore_ascii_case(there)
    })
}

/// Whether the words of `quoted` may be those with which `text` goes on: nothing is compared but
/// letters and digits of ASCII; beyond it, at the border of a block, and after so many bytes,
/// there is no telling.
fn may_agree<'a>(
    text: impl Iterator<Item = &'a u8> + Clone,
    quoted: impl Iterator<Item = &'a u8> + Clone,
) -> bool {
    // Most places agree in a word, to the byte.
    let pairs = text.clone().zip(quoted.clone()).take(MAX_COMPARED);
    let same = pairs.take_while(|(here, there)| here == there).count();
    let is_skipped = |byte: u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let mut quoted = quoted.take(MAX_COMPARED).skip(same).filter(|byte| !is_skipped(**byte));
    let mut line_ends = same > 0 && text.clone().nth(same - 1) == Some(&b'\n');
    for (count, byte) in text.enumerate().skip(same) {
        if count == MAX_COMPARED || (line_ends && *byte == b'\n') {
            return true;
        }
        line_ends = *byte == b'\n';
        if is_skipped(*byte) {
            continue;
        }
        match quoted.next() {
            Some(wanted) if wanted.is_ascii() && byte.is_ascii() => {
                if !wanted.eq_ignore_ascii_case(byte) {
                    return false;
                }
            }
            _ => return true,
        }
    }
    quoted.next().is_none()
}

/// Whether a word begins after `before`.
fn parts_before(before: &str) -> bool {
    before.is_empty() || before.ends_with([' ', '\n', '(', '"', '“'])
}

/// Whether a word that ends in a letter has ended before `after`.
fn parts_after(after: &str) -> bool {
    let next = after.trim_start_matches(['.', ',', ';', ':', '!', '?', ')', '"', '”']);
    next.is_empty() || next.starts_with([' ', '\n'])
}

/// The block of the parent's own words that holds all of `place`.
fn block_around<'a>(place: &Range<usize>, parent: &'a PlainText) -> Option<&'a TextBlock> {
    let block = parent.block_at(place.start)?;
    let holds = block.bytes.start <= place.start && place.end <= block.bytes.end;
    (holds && block.role != TextRole::Quotation).then_some(block)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
    use proptest::sample::{Index, select};

    use super::*;
    use crate::quote::text::Text;
    use crate::quote::{Origin, locate::locate_words};
    use crate::source::plain_text::ParagraphNumber;

    /// Blocks parted by an empty line, of the roles `roles` by turns.
    fn plain(text: &str, roles: &[TextRole]) -> PlainText {
        let mut plain = PlainText { text: text.to_owned(), ..PlainText::default() };
        let mut start = 0;
        for (index, block) in text.split("\n\n").enumerate() {
            let bytes = start..start + block.len();
            start = bytes.end + 2;
            let role = roles[index % roles.len()];
            let paragraph = (role == TextRole::Own).then(|| ParagraphNumber::from_index(index));
            plain.blocks.push(TextBlock { bytes, role, paragraph });
        }
        plain
    }

    fn quote(text: &str) -> Quote {
        let plain = plain(text, &[TextRole::Own]);
        Quote { bytes: 0..0, plain, attribution: None, excused: false, lazy: Vec::new() }
    }

    /// What is found to the letter, which must be what is found by the words.
    fn found(quoted: &str, parent: &PlainText) -> Option<Outcome> {
        let quote = quote(quoted);
        let found = is_simple(&parent.text).then(|| locate(&quote, parent)).flatten();
        if let Some(found) = &found {
            let by_words = locate_words(&quote, Origin::Unsaid, &Text::new(parent), parent);
            assert_eq!(found, &by_words, "{quoted:?} in {:?}", parent.text);
        }
        found
    }

    #[track_caller]
    fn check(quoted: &str, parent: &str, expected: Option<&str>) {
        let parent = plain(parent, &[TextRole::Own]);
        let found = found(quoted, &parent);
        let passage =
            found.map(|outcome| parent.text[outcome.places[0].parts[0].clone()].to_owned());
        assert_eq!(passage.as_deref(), expected, "{quoted:?} in {:?}", parent.text);
    }

    #[test]
    fn a_quote_that_stands_once_to_the_letter_needs_no_words() {
        let parent = "The men of Kent, who don’t dance, had 2.5 tons.\n\n\
            “The men of Essex (who do) have\nnone” – said a café owner; The men agreed.";
        check("The men of Kent", parent, Some("The men of Kent"));
        check("men of Kent, who don’t dance", parent, Some("men of Kent, who don’t dance"));
        check("\"who do) have\nnone.\"", parent, Some("who do) have\nnone"));
        check(
            "Kent, who don’t dance, had 2.5 tons",
            parent,
            Some("Kent, who don’t dance, had 2.5 tons"),
        );
        check("a café owner", parent, Some("a café owner"));
        // Twice, in other words or of another wording, part of a word or a number, two blocks.
        for other in [
            "The men",
            "the men of Kent",
            "who don't dance",
            "he men of Kent",
            "had 2",
            "who do) have none",
            "The men of Kent … tons",
            "dance, had 2.5 tons.\n\nThe men",
            "THE MEN OF KENT",
            "",
            "…",
        ] {
            check(other, parent, None);
        }
    }

    #[test]
    fn what_may_hide_a_second_place_is_left_to_the_words() {
        for (quoted, parent) in [
            ("a masse b", "a masse b, a maße b"),
            ("asse", "asse, aße"),
            ("a fine b", "a fine b, a ﬁne b"),
            ("a kilt b", "a kilt b, a \u{212a}ilt b"),
            ("a word b", "a word b, a wo\u{ad}rd b"),
            ("ample text", "ex\u{ad}\nample text"),
            ("a word b", "a word b, a wo\u{200b}rd b"),
            ("a wide b", "a wide b, a ｗｉｄｅ b"),
            ("a vow é b", "a vow é b, A VOW É B"),
            ("a word b", "a word b\n\na\n\nword b"),
            ("a word b", "a word b, A: word? B"),
            ("a word b", "a word b, A word’ b"),
            ("a word b", "a word b, a _word_ b"),
            // A mark that counts in one place and not in the other.
            ("!vow b", "a \"!vow b"),
            ("a | b", "|x a | b y|"),
        ] {
            check(quoted, parent, None);
        }
    }

    #[test]
    fn a_place_that_goes_over_a_quotation_is_a_place() {
        let roles = &[TextRole::Own, TextRole::Quotation, TextRole::Own];
        let parent = plain("he had a vow\n\nhe said\n\nto keep, a vow to keep", roles);
        assert_eq!(found("a vow to keep", &parent), None);
        assert_eq!(found("he said", &parent), None);
        assert!(found("he had a vow", &parent).is_some());
    }

    /// Pieces of a text that mean something to words, to blocks or to marks.
    const PIECES: &[&str] = &[
        "the ", "The ", "vow", "a", "b ", " ", "\n", "\n\n", ".", ", ", "'", "’", "“", "\"", "(",
        ")", "-", " – ", "…", "2", "5", "%", "|", "/", "#", "!", ":", "_", "é", "É", "ß", "ss",
        "\u{ad}", "[", "]", "*",
    ];

    fn text(most: usize) -> impl Strategy<Value = String> {
        proptest::collection::vec(select(PIECES), 1..most).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn what_is_found_to_the_letter_is_found_by_the_words(
            parent in text(60),
            (from, to) in any::<(Index, Index)>(),
            (before, after) in (text(3), text(3)),
            roles in proptest::collection::vec(
                select(&[TextRole::Own, TextRole::Own, TextRole::Quotation, TextRole::Note][..]), 1..5),
        ) {
            let cut = |index: Index| parent.floor_char_boundary(index.index(parent.len() + 1));
            let (from, to) = (cut(from), cut(to));
            let quoted = &parent[from.min(to)..from.max(to)];
            let parent = plain(&parent, &roles);
            found(quoted, &parent);
            found(&[&before, quoted, &after].concat(), &parent);
            prop_assert_eq!(is_simple(&parent.text), parent.text.chars().all(is_simple_char));
        }
    }
}
