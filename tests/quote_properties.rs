//! Properties of the matcher: what is quoted is found where it stands, nothing panics.

#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use agon::quote::{Attribution, Origin, Outcome, Quote, Status, Text, locate};
use agon::source::plain_text::{ParagraphNumber, PlainText, TextBlock, TextRole};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, proptest};

fn plain(text: &str) -> PlainText {
    let mut blocks = Vec::new();
    let mut start = 0;
    for block in text.split("\n\n") {
        let role = if block.starts_with('>') { TextRole::Quotation } else { TextRole::Own };
        let paragraph = (role == TextRole::Own).then(|| ParagraphNumber::from_index(blocks.len()));
        blocks.push(TextBlock { bytes: start..start + block.len(), role, paragraph });
        start += block.len() + 2;
    }
    PlainText { text: text.to_owned(), blocks, runs: Vec::new() }
}

fn located(quote: &str, parent: &str) -> Outcome {
    let attribution =
        quote.rfind("\n- ").map(|at| Attribution { at: at + 1, paragraph: None, link: None });
    let quote = Quote {
        bytes: 0..quote.len(),
        plain: plain(quote),
        attribution,
        excused: false,
        lazy: Vec::new(),
    };
    let parent = plain(parent);
    locate(&quote, Origin::Parent(ParagraphNumber::new(1)), &Text::new(&parent), &parent)
}

/// Forty words, each once, in four paragraphs.
fn words() -> Vec<String> {
    let syllables = ["ka", "lo", "mi", "nu", "re", "ßa", "té"];
    (0..40_usize).map(|n| format!("{}{}’s", syllables[n % 7], syllables[n / 7])).collect()
}

fn text(words: &[String]) -> String {
    words.chunks(10).map(|chunk| chunk.join(" ")).collect::<Vec<_>>().join(".\n\n")
}

/// A stretch of at least eight words.
fn stretch() -> impl Strategy<Value = (usize, usize)> {
    (0..32_usize).prop_flat_map(|start| (Just(start), start + 8..=40))
}

proptest! {
    #[test]
    fn disguised_words_anchor_where_they_come_from((from, to) in stretch(), disguise in 0..4_u8) {
        let words = words();
        let parent = text(&words);
        let mut quoted: Vec<String> = words[from..to].to_vec();
        match disguise {
            0 => quoted.iter_mut().for_each(|word| *word = word.replace('’', "'")),
            1 => quoted.iter_mut().for_each(|word| *word = word.to_uppercase()),
            2 => quoted.iter_mut().for_each(|word| *word = word.replace('é', "e\u{301}")),
            _ => quoted[3] = "\n[…]\n".to_owned(),
        }
        let outcome = located(&quoted.join(" "), &parent);
        prop_assert_eq!(outcome.status, Status::Anchored);
        let place = outcome.places.first().unwrap();
        let start = place.parts.first().unwrap().start;
        let end = place.parts.last().unwrap().end;
        prop_assert!(parent[start..].starts_with(&words[from]));
        prop_assert!(parent[..end].ends_with(&words[to - 1]));
    }

    #[test]
    fn a_changed_word_is_a_misquotation_near_its_place((from, to) in stretch(), at in 1..7_usize) {
        let words = words();
        let parent = text(&words);
        let mut quoted: Vec<String> = words[from..to].to_vec();
        quoted[at] = "otherwise".to_owned();
        let outcome = located(&quoted.join(" "), &parent);
        prop_assert_eq!(outcome.status, Status::Misquotation);
        let nearest = outcome.nearest.unwrap();
        prop_assert!(parent[nearest.bytes].starts_with(&words[from]));
    }

    #[test]
    fn no_text_makes_it_panic(quote in any::<String>(), parent in any::<String>()) {
        let outcome = located(&quote, &parent);
        prop_assert!((0.0..=1.0).contains(&outcome.similarity));
    }

    #[test]
    fn no_marks_make_it_panic(
        quote in "[ab1.,…\\[\\]() \n'’\u{301}\u{ad}中>_-]{0,40}",
        parent in "[ab1.,…\\[\\]() \n'’\u{301}\u{ad}中>_-]{0,80}",
    ) {
        let outcome = located(&quote, &parent);
        for part in outcome.places.iter().flat_map(|place| &place.parts) {
            prop_assert!(parent.get(part.clone()).is_some());
        }
    }
}
