//! What becomes of quotes, rule by rule.

use super::*;
use crate::quote::{Attribution, DiffPart};
use crate::source::plain_text::{TextBlock, TextRole};

/// Blocks parted by an empty line; `> ` quotes, `# ` heads, all else is a ¶.
pub(super) fn plain(text: &str) -> PlainText {
    let mut plain = PlainText::default();
    let mut count = 0;
    for block in text.split("\n\n") {
        let (role, words) = match (block.strip_prefix("> "), block.strip_prefix("# ")) {
            (Some(words), _) => (TextRole::Quotation, words),
            (_, Some(words)) => (TextRole::Heading, words),
            _ => (TextRole::Own, block),
        };
        let paragraph = (role == TextRole::Own).then(|| {
            count += 1;
            ParagraphNumber::from_index(count - 1)
        });
        if !plain.text.is_empty() {
            plain.text.push_str("\n\n");
        }
        let start = plain.text.len();
        plain.text.push_str(words);
        plain.blocks.push(TextBlock { bytes: start..plain.text.len(), role, paragraph });
    }
    plain
}

fn located(quote: &str, origin: Origin, parent: &str) -> Outcome {
    let parent = ParentText::new(plain(parent));
    let attribution =
        quote.rfind("\n— ").map(|at| Attribution { at: at + 1, paragraph: None, link: None });
    let quote =
        Quote { bytes: 0..0, plain: plain(quote), attribution, excused: false, lazy: Vec::new() };
    locate(&quote, origin, &parent)
}

/// What `quote` comes to, and the passages where it stands.
fn check(quote: &str, parent: &str, status: Status, passages: &[&str]) {
    let outcome = located(quote, Origin::Unsaid, parent);
    assert_eq!(outcome.status, status, "{quote:?}: {outcome:?}");
    let text = plain(parent).text;
    let parts = outcome.places.iter().flat_map(|place| place.parts.clone());
    assert_eq!(parts.map(|part| &text[part]).collect::<Vec<_>>(), passages, "{quote:?}");
}

const PARENT: &str = "The committee’s report says that emissions did not fall by 2.5 tonnes, or 29% of all, in the year.

Nobody has read the whole report… but everybody has an opinion about it.

> Emissions fell everywhere, said the minister.

It ends here.";

#[test]
fn typography_case_and_brackets_do_not_matter() {
    let passage = "committee’s report says that emissions";
    check("committee's report says that emissions", PARENT, Status::Anchored, &[passage]);
    check("[C]ommittee’s report says [sic] that emissions", PARENT, Status::Anchored, &[passage]);
    check(
        "COMMITTEE'S report says that emissions (emphasis added)",
        PARENT,
        Status::Anchored,
        &[passage],
    );
    check("fall by 2.5 tonnes", PARENT, Status::Anchored, &["fall by 2.5 tonnes"]);
}

#[test]
fn an_elision_stays_in_its_block_unless_it_stands_alone() {
    let parts = &["The committee’s report", "in the year"];
    check("The committee's report … in the year.", PARENT, Status::Anchored, parts);
    check("... The committee's report [...] in the year . . .", PARENT, Status::Anchored, parts);
    check("The committee's report [snip] in the year", PARENT, Status::Anchored, parts);
    check("The committee's report … opinion", PARENT, Status::NotFound, &[]);
    let far = &["The committee’s report", "opinion"];
    check("The committee's report\n[…]\nopinion", PARENT, Status::Anchored, far);
    check(
        "whole report… but everybody",
        PARENT,
        Status::Anchored,
        &["whole report… but everybody"],
    );
}

#[test]
fn a_bracketed_word_stands_for_up_to_five() {
    let parts = &["report says that", "did not fall"];
    check("report says that [they] did not fall", PARENT, Status::Anchored, parts);
    check("The [they] tonnes", PARENT, Status::NotFound, &[]);
}

#[test]
fn own_text_comes_before_quotation() {
    check(
        "has an opinion about it. It ends here",
        PARENT,
        Status::Anchored,
        &["has an opinion about it", "It ends here"],
    );
    let outcome = located("fell everywhere, said the minister", Origin::Unsaid, PARENT);
    assert!(outcome.places[0].in_quotation && outcome.places[0].paragraph.is_none());
    let twice = "We are right.\n\n> We are right.";
    check("We are right", twice, Status::Anchored, &["We are right"]);
    assert!(!located("We are right", Origin::Unsaid, twice).places[0].in_quotation);
}

#[test]
fn what_changes_the_sense_is_a_misquotation_of_its_place() {
    let long = "report says that emissions did not fall by 2.5 tonnes, or 29% of all";
    check(long, PARENT, Status::Anchored, &[long]);
    for (right, wrong) in [("2.5", "25"), ("29%", "29"), ("did not fall", "did fall")] {
        let outcome = located(&long.replace(right, wrong), Origin::Elsewhere, PARENT);
        assert_eq!(outcome.status, Status::Misquotation, "{wrong}");
        let nearest = outcome.nearest.unwrap();
        assert!(plain(PARENT).text[nearest.bytes.clone()].starts_with("report says that"));
        assert_eq!(nearest.paragraph.map(ParagraphNumber::get), Some(1));
        let changes = nearest.diff.iter().filter(|part| !matches!(part, DiffPart::Same(_)));
        assert!((1..=2).contains(&changes.count()), "{:?}", nearest.diff);
    }
}

#[test]
fn a_signature_is_a_foreign_line() {
    let quote = "Nobody has read the whole report… but everybody has an opinion about it.\nJohn Doe, Springfield";
    let outcome = located(quote, Origin::Unsaid, PARENT);
    assert_eq!(outcome.status, Status::Misquotation);
    assert!(outcome.run >= 6, "{}", outcome.run);
    let lines = outcome.nearest.unwrap().foreign_lines;
    assert_eq!(
        lines.iter().map(|line| &quote[line.clone()]).collect::<Vec<_>>(),
        ["John Doe, Springfield"]
    );
}

#[test]
fn an_attribution_narrows_or_is_wrong() {
    let number = ParagraphNumber::new;
    let parent = "We agree on this.\n\nWe agree on that.\n\nAnd so on.";
    let right = located("We agree on\n— ¶2", Origin::Parent(number(2)), parent);
    assert_eq!((right.status, right.attributed), (Status::Anchored, true));
    assert_eq!(right.places[0].paragraph, number(2));
    let wrong = located("And so on\n— ¶2", Origin::Parent(number(2)), parent);
    assert_eq!(wrong.status, Status::WrongParagraph);
    assert_eq!(wrong.places[0].paragraph, number(3));
    let other = located("All is vanity\n— Ecclesiastes", Origin::Elsewhere, parent);
    assert_eq!(other.status, Status::ThirdParty);
    let text = located("We agree\n— on that", Origin::Elsewhere, parent);
    assert_eq!((text.status, text.attributed), (Status::Anchored, false));
    assert_eq!(located("\n— ¶2", Origin::Parent(number(2)), parent).status, Status::Empty);
}

#[test]
fn each_of_several_places_has_an_extension_that_works() {
    let parent = "We agree on this, I think.\n\nYou say we agree on that.\n\nThe end.";
    let outcome = located("we agree on", Origin::Unsaid, parent);
    assert_eq!(outcome.status, Status::Ambiguous);
    for place in &outcome.places {
        let again = located(place.extension.as_ref().unwrap(), Origin::Unsaid, parent);
        assert_eq!(again.status, Status::Anchored);
        assert_eq!(again.places[0].paragraph, place.paragraph);
    }
    assert_eq!(outcome.places[0].extension.as_deref(), Some("We agree on this"));
}

/// How `quote`, which names `origin`, ends up in `parent`, with the ¶s of its places.
fn check_paragraphs(
    (quote, origin): (&str, Origin),
    parent: &str,
    status: Status,
    paragraphs: &[u32],
) -> Outcome {
    let outcome = located(quote, origin, parent);
    let numbers =
        outcome.places.iter().map(|place| place.paragraph.map_or(0, ParagraphNumber::get));
    assert_eq!(
        (outcome.status, numbers.collect::<Vec<_>>().as_slice()),
        (status, paragraphs),
        "{quote:?}"
    );
    outcome
}

fn named(number: u32) -> Origin {
    Origin::Parent(ParagraphNumber::new(number))
}

#[test]
fn a_change_of_case_goes_over_what_joins_letters() {
    check(
        "[L]'homme est libre",
        "On dit que l’homme est libre.",
        Status::Anchored,
        &["l’homme est libre"],
    );
    check("[I]’m sure of that", "Yes, i’m sure of that.", Status::Anchored, &["i’m sure of that"]);
    check("[E].g., the road", "Some, e.g., the road.", Status::Anchored, &["e.g., the road"]);
}

#[test]
fn notes_are_understood_in_other_languages() {
    let notes = [
        "c’est moi qui souligne",
        "Hervorh. d. Verf.",
        "translated",
        "my translation",
        "التشديد من عندي",
    ];
    for note in notes {
        check(
            &format!("the road ({note}) is long"),
            "The road is long.",
            Status::Anchored,
            &["The road is long"],
        );
    }
}

#[test]
fn elisions_have_other_shapes_too() {
    for mark in ["。。。", "・・・", "……", "（中略）", "⋯⋯"] {
        check(&format!("甲乙{mark}戊己"), "甲乙丙丁戊己", Status::Anchored, &["甲乙", "戊己"]);
    }
    check(
        "one two\n--snip--\nfive",
        "One two three.\n\nFour five.",
        Status::Anchored,
        &["One two", "five"],
    );
}

#[test]
fn an_elision_at_the_end_of_a_block_goes_to_its_border() {
    let parent = "One two x y.\n\nz three four.";
    check("one two …\n\n… three four", parent, Status::Anchored, &["One two", "three four"]);
    check("one two …\n\nz three", parent, Status::Anchored, &["One two", "z three"]);
    check("one two …\n\nthree four", parent, Status::NotFound, &[]);
    check("one two … three four", parent, Status::NotFound, &[]);
}

#[test]
fn a_long_bracket_is_the_authors_beside_an_elision() {
    let parent = "a [one two three four five six seven] b c d e";
    let passages = ["a [one two three four five six seven] b", "e"];
    check("a [one two three four five six seven] b … e", parent, Status::Anchored, &passages);
}

#[test]
fn an_elision_does_not_reach_into_an_attribution() {
    let parent = "One two three. 4 and 9.";
    let outcome =
        check_paragraphs(("one two\n…\n— ¶9", Origin::Unsaid), parent, Status::Anchored, &[1]);
    assert!(outcome.attributed && outcome.places[0].parts.len() == 1);
}

#[test]
fn a_named_paragraph_decides_between_readings_and_passages() {
    let parent = "one two\n\none and two";
    check_paragraphs(("one … two\n— ¶2", named(2)), parent, Status::Anchored, &[2]);
    let parent = "the old\n\nroad. The old road";
    check_paragraphs(("the old road\n— ¶2", named(2)), parent, Status::Anchored, &[2]);
    let parent = "we shall not go to the sea before May\n\nwe shall not go to the hill before May";
    let quote = "we shall not go to the lake before May\n— ¶2";
    let outcome = check_paragraphs((quote, named(2)), parent, Status::Misquotation, &[]);
    assert_eq!(outcome.nearest.unwrap().paragraph, ParagraphNumber::new(2));
}

#[test]
fn an_attribution_alone_is_empty_and_dialogue_is_not() {
    let quote = |text: &str, attribution| {
        let attribution = Some(Attribution { at: attribution, paragraph: None, link: None });
        Quote { bytes: 0..0, plain: plain(text), attribution, excused: false, lazy: Vec::new() }
    };
    let parent = plain("Je ne sais pas ce que tu veux de moi, 4.");
    let parent = ParentText::new(parent);
    let status = |quote: &Quote, origin| locate(quote, origin, &parent).status;
    assert_eq!(status(&quote("— ¶4", 0), named(4)), Status::Empty);
    let misquoted = quote("— Je ne sais plus ce que tu veux de moi", 0);
    assert_eq!(status(&misquoted, Origin::Unsaid), Status::Misquotation);
}

#[test]
fn a_sentence_goes_on_after_a_note() {
    let mut parent = plain("a b\n\nx y\n\nc d");
    parent.blocks[1].role = TextRole::Note;
    let quote = Quote {
        bytes: 0..0,
        plain: plain("b c"),
        attribution: None,
        excused: false,
        lazy: Vec::new(),
    };
    let outcome = locate(&quote, Origin::Unsaid, &ParentText::new(parent));
    assert_eq!((outcome.status, outcome.places[0].parts.len()), (Status::Anchored, 2));
}

#[test]
fn a_word_replaced_at_either_end_is_covered() {
    let parent = "Here they went home by the old road of the hills and were glad.";
    for quote in
        ["xxx went home by the old road of the hills", "they went home by the old road of the xxx"]
    {
        let outcome = located(quote, Origin::Unsaid, parent);
        let bytes = outcome.nearest.unwrap().bytes;
        assert_eq!(parent.get(bytes).unwrap(), "they went home by the old road of the hills");
    }
}

#[test]
fn a_very_long_quote_is_compared_where_it_departs() {
    let words: Vec<String> = (0..9_000).map(|word| format!("w{word}")).collect();
    let mut quoted = words[1_000..7_000].to_vec();
    quoted[5_000] = "other".to_owned();
    let outcome = located(&quoted.join(" "), Origin::Unsaid, &words.join(" "));
    assert!(outcome.status == Status::Misquotation && outcome.similarity > 0.99);
}

#[test]
fn an_extension_keeps_to_the_paragraph_that_can_be_named() {
    let parent = "before it\n\nthe old mill\n\nthe old mill\n\nafter it";
    let outcome =
        check_paragraphs(("the old mill", Origin::Unsaid), parent, Status::Ambiguous, &[2, 3]);
    assert!(outcome.places.iter().all(|place| place.extension.is_none()));
}
