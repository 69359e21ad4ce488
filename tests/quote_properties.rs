//! Properties of the matcher: what is quoted is found where it stands, nothing panics.

#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use agon::quote::{Attribution, Origin, Outcome, ParentText, Quote, Status, locate};
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
    PlainText { text: text.to_owned(), blocks, ..PlainText::default() }
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
    let parent = ParentText::new(plain(parent));
    locate(&quote, Origin::Parent(ParagraphNumber::new(1)), &parent)
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

/// What a mail program, an editor or a printer may do to a quote.
fn disguised(quoted: &mut [String], disguise: u8, at: usize) -> String {
    let middle = at % quoted.len();
    let split = |word: &str, joint: &str| {
        let head = word.chars().next().map_or(0, char::len_utf8);
        format!("{}{joint}{}", &word[..head], &word[head..])
    };
    match disguise {
        0 => quoted.iter_mut().for_each(|word| *word = word.replace('’', "'")),
        1 => quoted.iter_mut().for_each(|word| *word = word.to_uppercase()),
        2 => quoted.iter_mut().for_each(|word| *word = word.replace('é', "e\u{301}")),
        3 => quoted.iter_mut().for_each(|word| *word = split(word, "\u{ad}")),
        4 => quoted.iter_mut().for_each(|word| *word = split(word, "\u{200b}")),
        5 => quoted[middle] = split(&quoted[middle], "-\n"),
        6 => quoted[middle] = format!("“{}”,", quoted[middle]),
        7 => {
            let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).filter(|_| c.is_ascii());
            let wide = |c: char| wide(c).unwrap_or(c);
            quoted.iter_mut().for_each(|word| *word = word.chars().map(wide).collect());
        }
        8 => return quoted.join("\n"),
        9 => return quoted.join("\u{a0}"),
        10 => return quoted.join(" — "),
        11 => return format!("… {} …", quoted.join("  ")),
        12 => quoted[middle] = format!("{} [sic]", quoted[middle]),
        _ => quoted[3] = "\n[…]\n".to_owned(),
    }
    quoted.join(" ")
}

/// One change of the wording.
fn falsified(quoted: &mut Vec<String>, way: u8, at: usize) {
    let at = 1 + at % (quoted.len() - 2);
    match way {
        0 => {
            quoted.remove(at);
        }
        1 => quoted.insert(at, "not".to_owned()),
        2 => quoted[at] = "otherwise".to_owned(),
        3 => quoted.swap(at, if at > 1 { at - 1 } else { at + 1 }),
        4 => quoted.insert(at, "25".to_owned()),
        _ => quoted.insert(at, quoted[at].clone()),
    }
}

proptest! {
    #[test]
    fn disguised_words_anchor_where_they_come_from(
        (from, to) in stretch(), disguise in 0..14_u8, at in any::<usize>(),
    ) {
        let words = words();
        let parent = text(&words);
        let quoted = disguised(&mut words[from..to].to_vec(), disguise, at);
        let outcome = located(&quoted, &parent);
        prop_assert_eq!(outcome.status, Status::Anchored, "{}", quoted);
        let place = outcome.places.first().unwrap();
        let start = place.parts.first().unwrap().start;
        let end = place.parts.last().unwrap().end;
        prop_assert!(parent[start..].starts_with(&words[from]));
        prop_assert!(parent[..end].ends_with(&words[to - 1]));
    }

    #[test]
    fn a_change_is_a_misquotation_of_its_place(
        (from, to) in stretch(), way in 0..6_u8, at in any::<usize>(), disguise in 0..3_u8,
    ) {
        let words = words();
        let parent = text(&words);
        let mut quoted: Vec<String> = words[from..to].to_vec();
        falsified(&mut quoted, way, at);
        let quoted = disguised(&mut quoted, disguise, 0);
        let outcome = located(&quoted, &parent);
        prop_assert_eq!(outcome.status, Status::Misquotation, "{}", quoted);
        let nearest = outcome.nearest.unwrap();
        let end = nearest.bytes.end;
        prop_assert!(parent[nearest.bytes].starts_with(&words[from]));
        prop_assert!(parent[..end].ends_with(&words[to - 1]));
    }

    #[test]
    fn a_changed_number_is_told(number in 0..100_000_u32, other in 0..100_000_u32) {
        let parent = format!("It was said that {number} of them came.\n\nAnd no more.");
        let outcome = located(&format!("said that {other} of them came"), &parent);
        let expected = if number == other { Status::Anchored } else { Status::Misquotation };
        prop_assert_eq!(outcome.status, expected);
    }

    #[test]
    fn of_four_words_in_ten_changed_the_place_is_found(start in 0..1_560_usize) {
        // Long enough that seeds are needed; every other word is the same.
        let parent: Vec<String> = (0..1_600).map(|n| format!("w{n} of")).collect();
        let there = parent[start..start + 40].join(" ");
        let mut quoted: Vec<&str> = there.split(' ').collect();
        quoted.iter_mut().skip(1).step_by(5).for_each(|word| *word = "xx");
        quoted.iter_mut().skip(3).step_by(5).for_each(|word| *word = "yy");
        let outcome = located(&quoted.join(" "), &parent.join(" "));
        prop_assert_eq!(outcome.status, Status::Misquotation);
        let at = parent[..start].iter().map(|word| word.len() + 1).sum::<usize>();
        let found = outcome.nearest.unwrap().bytes;
        prop_assert!(found.start.abs_diff(at) < 20, "{:?} and not {}", found, at);
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

/// What nobody writes: it may not take long, and may not fail.
#[test]
fn nothing_hostile_makes_it_panic() {
    let hostile = [
        "word ".repeat(10_000),
        "a".repeat(1_000_000),
        "\u{301}".repeat(100_000),
        format!("a{}", "\u{301}".repeat(100_000)),
        "か".repeat(100_000),
        "《か".repeat(30_000),
        "[".repeat(50_000),
        "[a]b".repeat(20_000),
        "([{<".repeat(10_000),
        "… ".repeat(20_000),
        "a … b ".repeat(5_000),
        "a […] ".repeat(5_000),
        "|".repeat(50_000),
        "- ".repeat(50_000),
        "-".repeat(50_000) + "5",
        "1,".repeat(50_000),
        "I-\n".repeat(20_000),
        "\u{ad}\n".repeat(20_000),
        "“a” ".repeat(20_000),
    ];
    for parent in &hostile {
        let quarter = &parent[..parent.floor_char_boundary(parent.len() / 4)];
        for quote in [parent.as_str(), quarter] {
            let outcome = located(quote, parent);
            assert!((0.0..=1.0).contains(&outcome.similarity));
        }
    }
}
