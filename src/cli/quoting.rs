//! Quotes of chosen ¶ for a new reply, each tried on the site before it is written.
//!
//! Not every ¶ can be quoted by a mark before each line: links lead elsewhere, footnotes stay
//! behind, words stand twice. So each way to quote it is put into the site as it would be, and
//! the first that anchors and of which nothing bad is said is taken.

use std::sync::Arc;

use crate::article::excerpt;
use crate::cli::new_file::Front;
use crate::cli::open_site::OpenSite;
use crate::cli::reply::from_content;
use crate::cli::said::Refused;
use crate::diagnostic::{Checked, Code, Diagnostic, Severity};
use crate::page::{self, Shared};
use crate::quote::Status;
use crate::site::Published;
use crate::site::snapshot::{Snapshot, take};
use crate::site::url::{self, has_scheme};
use crate::source::plain_text::ParagraphNumber;
use crate::source::{SitePath, Source};

/// A reply to be written.
pub(super) struct Quoting<'a> {
    site: &'a OpenSite,
    parent: &'a Published,
    /// The parent as a link of the reply.
    link: String,
    path: &'a SitePath,
    front: Front,
    /// Whether its page can be made without a quote: where a theme is broken none says anything.
    renders_alone: bool,
}

/// Why a way to quote a ¶ is not taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It has no words.
    Wordless,
    /// It does not anchor where it should, or something else is wrong with it.
    Broken,
}

impl<'a> Quoting<'a> {
    /// For a reply to `parent` in `file` with the front matter `front`.
    pub(super) fn new(
        site: &'a OpenSite,
        parent: &'a Published,
        file: &'a SitePath,
        front: Front,
    ) -> Self {
        let path = url::encoded(&from_content(&parent.article.value.source.path));
        // Markdown ends a destination at a bracket.
        let link = path.replace('(', "%28").replace(')', "%29");
        let mut quoting = Self { site, parent, link, path: file, front, renders_alone: false };
        quoting.renders_alone = quoting.renders(&quoting.with(""));
        quoting
    }

    /// The body of the reply: a quote for each of `numbers` and room for its answer, and what
    /// should be known of them.
    pub(super) fn body(
        &self,
        numbers: &[ParagraphNumber],
    ) -> Result<(String, Vec<Diagnostic>), Refused> {
        let (mut quotes, mut notes, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for &number in numbers {
            match self.quote(number) {
                Ok((quote, note)) => {
                    quotes.push(quote);
                    notes.extend(note);
                }
                Err(fault) => faults.push(*fault),
            }
        }
        if !faults.is_empty() {
            return Err(Refused::failed(faults));
        }
        let body: String = quotes.iter().map(|quote| format!("{quote}\n\n\n\n")).collect();
        Ok((trimmed(&body), notes))
    }

    fn quote(
        &self,
        number: ParagraphNumber,
    ) -> Result<(String, Option<Diagnostic>), Box<Diagnostic>> {
        let article = &self.parent.article.value;
        let options = self.site.snapshot.site.settings.markdown;
        let whole = excerpt::markdown(article, options, number, |to| self.moved(to));
        let whole = whole.unwrap_or_default();
        let words = excerpt::words(article, number);
        let source = format!("\n\n— [¶{number}]({}#p{number})", self.link);
        let ways =
            [whole.clone(), format!("{whole}{source}"), words.clone(), format!("{words}{source}")];
        let quotes: Vec<String> = ways.iter().map(|way| quoted(way)).collect();
        let mut is_wordless = true;
        for quote in &quotes {
            match self.tried(number, quote) {
                Ok(()) => return Ok((quote.clone(), None)),
                Err(fault) => is_wordless &= fault == Fault::Wordless,
            }
        }
        if is_wordless {
            return Err(Box::new(wordless(number)));
        }
        // Whatever is wrong with it, the words are there: an editor can go on from them.
        let excused = format!("<!-- quote: loose -->\n{}", quoted(&words));
        Ok((excused, Some(not_anchored(number))))
    }

    /// What becomes of `quote` where it is put into the site.
    fn tried(&self, number: ParagraphNumber, quote: &str) -> Result<(), Fault> {
        let (tried, path) = (self.with(&format!("{quote}\n")), self.path);
        let reply = tried.site.by_path(path).map(|index| tried.site.article(index));
        let member = reply.and_then(|reply| tried.site.seat(reply)).map(|(_, member)| member);
        let anchors = member.map(|member| member.anchors.list.as_slice()).unwrap_or_default();
        let [anchor] = anchors else { return Err(Fault::Broken) };
        let place = anchor.outcome.places.first();
        match anchor.outcome.status {
            Status::Empty => return Err(Fault::Wordless),
            Status::Anchored if place.is_some_and(|place| place.paragraph == Some(number)) => {}
            _ => return Err(Fault::Broken),
        }
        let start = reply.map_or(0, |reply| reply.article.value.front.bytes.end);
        let is_bad = |one: &Diagnostic| {
            let place = one.place.as_ref().filter(|place| place.path == *path);
            one.severity != Severity::Note && place.is_some_and(|place| place.bytes.start >= start)
        };
        let renders = !self.renders_alone || self.renders(&tried);
        if tried.found.iter().any(is_bad) || !renders { Err(Fault::Broken) } else { Ok(()) }
    }

    /// The site with the reply in it, whose text is `body`.
    fn with(&self, body: &str) -> Snapshot {
        let (site, path) = (&self.site.snapshot, self.path);
        let mut sources = site.sources.clone();
        let text = self.front.with(body);
        sources.texts.insert(path.clone(), Arc::new(Source::new(path.clone(), text)));
        take(Checked::sound(sources), &self.site.options, Some(site))
    }

    /// Whether the page of the reply can be made.
    fn renders(&self, tried: &Snapshot) -> bool {
        let reply = tried.site.by_path(self.path).map(|index| tried.site.article(index).route());
        reply.is_some_and(|route| page::render(tried, &Shared::new(tried), &route).is_ok())
    }

    /// What a destination of the parent is in a file at the top of `content/`.
    fn moved(&self, destination: &str) -> String {
        if has_scheme(destination) || destination.starts_with('/') {
            return destination.to_owned();
        }
        if destination.starts_with('#') || destination.is_empty() {
            return format!("{}{destination}", self.link);
        }
        match self.link.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{destination}"),
            None => destination.to_owned(),
        }
    }
}

/// `markdown` as a blockquote. A tab at the head of a line would reach less far behind the
/// mark, so that it is written as the spaces that it stands for.
fn quoted(markdown: &str) -> String {
    let line = |line: &str| {
        let text = line.trim_start_matches([' ', '\t']);
        let mut columns = 0;
        for c in line.chars().take(line.chars().count() - text.chars().count()) {
            columns += if c == '\t' { 4 - columns % 4 } else { 1 };
        }
        format!("> {}{text}", " ".repeat(columns)).trim_end().to_owned()
    };
    markdown.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A body with one line end at its foot, and room before it for the last answer.
fn trimmed(body: &str) -> String {
    match body.trim_end() {
        "" => String::new(),
        text => format!("{text}\n\n"),
    }
}

fn wordless(number: ParagraphNumber) -> Diagnostic {
    let message = format!("¶{number} has no words that could be quoted");
    Diagnostic::global(Code::InvalidArgument, message).help("leave it out of `--to`")
}

fn not_anchored(number: ParagraphNumber) -> Diagnostic {
    let message =
        format!("the quote of ¶{number} does not anchor as it stands, and is excused for now");
    Diagnostic::note(Code::ExcusedQuote, None, message)
        .help("quote a part of it by hand, and remove the line `<!-- quote: loose -->`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_its_mark() {
        assert_eq!(quoted("a\n\n\tb\n  c"), "> a\n>\n>     b\n>   c");
        assert_eq!(quoted(" \tx"), ">     x");
    }
}
