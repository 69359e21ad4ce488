//! Points: a quote of the parent with its answer, and what that makes of the parent's ¶.

use std::ops::Range;

use super::anchor::Anchors;
use super::settings::{Kind, Settings};
use crate::article::Article;
use crate::article::blockquote::Answer;
use crate::quote::{Outcome, Place, Status};
use crate::source::plain_text::{ParagraphNumber, TextBlock, TextRole};

/// A quote of the parent with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Its number, from 1, in the reply's order.
    pub number: usize,
    /// The quote, by its index in the reply's document.
    pub quote: usize,
    /// What the answer does with the passage, where its lead-in says so.
    pub kind: Option<Kind>,
    /// The passage: stretches of the parent's plain text, in order. None where the quote is not
    /// anchored.
    pub passages: Vec<Range<usize>>,
    /// The parent's own ¶ that the passage touches, ascending.
    pub paragraphs: Vec<ParagraphNumber>,
    /// Whether the passage stands only in what the parent itself quotes.
    pub in_quotation: bool,
    /// Whether anything follows the quote.
    pub answered: bool,
}

/// What has happened to a ¶ of the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Treatment {
    /// No point with an answer touches it.
    Unanswered,
    /// A point with an answer touches it.
    Answered,
    /// Every point with an answer that touches it concedes.
    Conceded,
}

/// The points of `reply` against `parent`.
///
/// A quotation from elsewhere, one that no passage is near and one without words are none.
pub(super) fn points(
    reply: &Article,
    parent: &Article,
    anchors: &Anchors,
    settings: &Settings,
) -> Vec<Point> {
    let is_of_parent = |outcome: &Outcome| {
        !matches!(outcome.status, Status::ThirdParty | Status::NotFound | Status::Empty)
    };
    let quotes = anchors.list.iter().zip(&reply.document.answers).enumerate();
    let ours = quotes.filter(|(_, (anchor, _))| is_of_parent(&anchor.outcome));
    ours.enumerate()
        .map(|(index, (quote, (anchor, answer)))| {
            let kind = answer.lead_in.as_deref().and_then(|lead_in| settings.kind_of(lead_in));
            let mut point = point(quote, &anchor.outcome, answer, parent);
            (point.number, point.kind) = (index + 1, kind);
            point
        })
        .collect()
}

fn point(quote: usize, outcome: &Outcome, answer: &Answer, parent: &Article) -> Point {
    let place = match (outcome.status, outcome.places.as_slice()) {
        (Status::Ambiguous, _) => None,
        (_, [place]) => Some(place),
        _ => None,
    };
    let in_quotation = place.is_some_and(|place| place.in_quotation);
    Point {
        number: 0,
        quote,
        kind: None,
        passages: place.map(|place| place.parts.clone()).unwrap_or_default(),
        paragraphs: match place {
            Some(place) if !in_quotation => touched(place, parent.document.text_blocks()),
            _ => Vec::new(),
        },
        in_quotation,
        answered: !answer.empty,
    }
}

/// The author's own ¶ that `place` touches, ascending.
fn touched(place: &Place, blocks: &[TextBlock]) -> Vec<ParagraphNumber> {
    let mut numbers: Vec<ParagraphNumber> = Vec::new();
    for part in &place.parts {
        let first = blocks.partition_point(|block| block.bytes.end <= part.start);
        let from_first = blocks.iter().skip(first);
        let touched = from_first.take_while(|block| block.bytes.start < part.end);
        let own = touched.filter(|block| block.role == TextRole::Own);
        numbers.extend(own.filter_map(|block| block.paragraph));
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// What `points` make of each of the `paragraphs` ¶ of the parent, in order.
pub(super) fn treatments(points: &[Point], paragraphs: usize) -> Vec<Treatment> {
    let mut treatments = vec![Treatment::Unanswered; paragraphs];
    for point in points.iter().filter(|point| point.answered) {
        let own = match point.kind {
            Some(Kind::Conceded) => Treatment::Conceded,
            _ => Treatment::Answered,
        };
        for number in &point.paragraphs {
            if let Some(treatment) = treatments.get_mut(number.index()) {
                *treatment = match *treatment {
                    Treatment::Answered => Treatment::Answered,
                    Treatment::Unanswered | Treatment::Conceded => own,
                };
            }
        }
    }
    treatments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(kind: Option<Kind>, answered: bool, paragraphs: &[u32]) -> Point {
        let paragraphs = paragraphs.iter().filter_map(|&number| ParagraphNumber::new(number));
        let paragraphs = paragraphs.collect();
        let passages = Vec::new();
        Point { number: 1, quote: 0, kind, passages, paragraphs, in_quotation: false, answered }
    }

    #[test]
    fn a_paragraph_is_conceded_only_where_every_answer_concedes() {
        use Treatment::{Answered, Conceded, Unanswered};
        let points = [
            point(Some(Kind::Conceded), true, &[1, 2]),
            point(None, true, &[2, 3]),
            point(Some(Kind::Conceded), true, &[3]),
            point(Some(Kind::Disputed), false, &[4]),
            point(None, true, &[9]),
        ];
        assert_eq!(treatments(&points, 4), [Conceded, Answered, Answered, Unanswered]);
    }
}
