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
    let parent = plain(parent);
    let attribution =
        quote.rfind("\n— ").map(|at| Attribution { at: at + 1, paragraph: None, link: None });
    let quote =
        Quote { bytes: 0..0, plain: plain(quote), attribution, excused: false, lazy: Vec::new() };
    locate(&quote, origin, &Text::new(&parent), &parent)
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
