//! Every judged quote, as `--format json` prints it (design.md, section 7).

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;
use crate::quote::{Outcome, Place, Quote};
use crate::site::snapshot::Snapshot;
use crate::source::Source;
use crate::source::plain_text::{ParagraphNumber, PlainText};

/// How many quotes of replies there are of each status.
pub(super) fn counts(snapshot: &Snapshot) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    let members = snapshot.site.debates.iter().flat_map(|debate| &debate.members);
    for member in members.filter(|member| member.parent.is_some()) {
        let document = &snapshot.site.article(member.article).article.value.document;
        for (anchor, _) in member.anchors.list.iter().zip(&document.quotes) {
            *counts.entry(anchor.outcome.status.name()).or_insert(0) += 1;
        }
    }
    counts
}

/// The quotes of all replies, by file and place.
pub(super) fn quotes(snapshot: &Snapshot) -> Vec<Value> {
    let mut values: Vec<(String, usize, Value)> = Vec::new();
    for debate in &snapshot.site.debates {
        for member in &debate.members {
            let Some(parent) = member.parent.map(|index| debate.member(index)) else { continue };
            let reply = &snapshot.site.article(member.article).article.value;
            let parent = &snapshot.site.article(parent.article).article.value;
            let plain = parent.plain();
            let anchors = member.anchors.list.iter().zip(&reply.document.quotes).enumerate();
            for (n, (anchor, quote)) in anchors {
                let judged = Judged {
                    n,
                    quote,
                    outcome: &anchor.outcome,
                    fault: anchor.fault.as_ref(),
                    reply: &reply.source,
                    parent: (&parent.source, &plain),
                };
                values.push((reply.source.path.to_string(), n, judged.value()));
            }
        }
    }
    values.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    values.into_iter().map(|(_, _, value)| value).collect()
}

struct Judged<'a> {
    n: usize,
    quote: &'a Quote,
    outcome: &'a Outcome,
    fault: Option<&'a Diagnostic>,
    reply: &'a Source,
    parent: (&'a Source, &'a PlainText),
}

impl Judged<'_> {
    fn value(&self) -> Value {
        let start = self.reply.position(self.quote.bytes.start);
        let end = self.reply.position(self.quote.bytes.end);
        let nearest = self.outcome.nearest.as_ref();
        let place = self.outcome.places.first();
        let number = |number: Option<ParagraphNumber>| number.map(ParagraphNumber::get);
        let paragraph =
            place.map_or_else(|| nearest.and_then(|near| near.paragraph), |place| place.paragraph);
        let paragraph_end = place.map_or_else(
            || nearest.and_then(|near| near.paragraph_end),
            |place| place.paragraph_end,
        );
        let in_quotation = place.map_or_else(
            || nearest.is_some_and(|near| near.in_quotation),
            |place| place.in_quotation,
        );
        let passage = place.and_then(whole).or_else(|| nearest.map(|near| near.bytes.clone()));
        json!({
            "file": self.reply.path.as_str(),
            "n": self.n,
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "parent": self.parent.0.path.as_str(),
            "status": self.outcome.status.name(),
            "severity": self.fault.map(|fault| fault.severity.word()),
            "words": self.outcome.words,
            "similarity": (self.outcome.similarity * 1000.0).round() / 1000.0,
            "run": self.outcome.run,
            "paragraph": number(paragraph),
            "paragraph_end": number(paragraph_end),
            "in_quotation": in_quotation,
            "passage": passage.map(|bytes| self.passage(&bytes)),
            "places": self.outcome.places.iter().map(|place| self.place(place)).collect::<Vec<Value>>(),
            "attribution": self.attribution(),
            "message": self.fault.map(|fault| fault.message.as_str()),
        })
    }

    fn attribution(&self) -> Option<&str> {
        let attribution = self.quote.attribution.as_ref()?;
        self.quote.plain.text.get(attribution.at..).map(str::trim)
    }

    fn passage(&self, bytes: &Range<usize>) -> Value {
        let (source, plain) = self.parent;
        let place = plain.source_range(bytes.clone());
        let (start, end) = (source.position(place.start), source.position(place.end));
        json!({
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "text": plain.text.get(bytes.clone()).unwrap_or_default(),
        })
    }

    fn place(&self, place: &Place) -> Value {
        let (source, plain) = self.parent;
        let start = whole(place).map_or(0, |bytes| plain.source_range(bytes).start);
        let position = source.position(start);
        json!({
            "paragraph": place.paragraph.map(ParagraphNumber::get),
            "line": position.line,
            "column": position.column,
            "extension": place.extension,
        })
    }
}

/// From the first part of a place to its last.
fn whole(place: &Place) -> Option<Range<usize>> {
    Some(place.parts.first()?.start..place.parts.last()?.end)
}
