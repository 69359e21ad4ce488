//! `agon reply`: a file that answers another article, with the chosen ¶ quoted.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;

use crate::article::front_matter::{COLORS, Color};
use crate::cli::new_file::{self, Common, Front};
use crate::cli::open_site::{OpenSite, Place, Unpublished};
use crate::cli::quoting::Quoting;
use crate::cli::said::{Refused, Said};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::site::Published;
use crate::site::debate::Debate;
use crate::site::publish::Placement;
use crate::site::side::Side;
use crate::site::slug::fold;
use crate::source::SitePath;
use crate::source::plain_text::ParagraphNumber;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    agon reply second-tram-line --to 2,5 --author \"Jonas Abel\"\n  \
    agon reply seeds/china.md --to 1-3 --side No -e")]
pub(super) struct Reply {
    /// The article that is answered: its slug, its file, or a part of its title
    original: String,
    /// The ¶ to quote, by their numbers on the page
    #[arg(long, value_name = "NUMBERS", value_parser = Numbers::parse)]
    to: Option<Numbers>,
    /// Its title, which also names the file [default: Re: and the title that is answered]
    #[arg(long)]
    title: Option<String>,
    /// The colour of its side [default: that of the same author in this debate, else a free one]
    #[arg(long, visible_alias = "colour", value_name = "COLOR", conflicts_with = "side")]
    color: Option<String>,
    /// The side it takes: one of this debate by key or name, or a new one
    #[arg(long)]
    side: Option<String>,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    place: Place,
}

/// Numbers of ¶, each once, in the order in which they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Numbers(Vec<ParagraphNumber>);

/// Most ¶ that one range may name: more than any article has.
const MAX_RANGE: u32 = 10_000;

impl Numbers {
    /// Reads `2,5` and `2-4`.
    fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            |part: &str| format!("`{part}` is no number of a ¶; write for example 2,5 or 2-4");
        let number = |part: &str| {
            let part = part.trim().trim_start_matches(['¶', 'p']);
            part.parse::<u32>().ok().filter(|&number| number > 0)
        };
        let mut numbers = Self::default();
        for part in text.split(',') {
            let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
            let (first, last) = number(first).zip(number(last)).ok_or_else(|| wrong(part))?;
            if first > last || last - first > MAX_RANGE {
                return Err(wrong(part));
            }
            for number in (first..=last).filter_map(ParagraphNumber::new) {
                if !numbers.0.contains(&number) {
                    numbers.0.push(number);
                }
            }
        }
        Ok(numbers)
    }
}

impl Reply {
    pub(super) fn run(&self) -> Result<Said, Refused> {
        let color = self.color.as_deref().map(new_file::color).transpose()?;
        let given = self.title.as_deref().map(new_file::title).transpose()?;
        let site = self.place.open(Unpublished::Included)?;
        let parent = find(&site, &self.original)?;
        let numbers = self.numbers(parent)?;
        let title = given.unwrap_or_else(|| format!("Re: {}", parent.title));
        let path = new_file::free_path(&site, &title)?;
        let author = self.common.author(&site);
        let seat = self.seat(&site, parent, color, author.as_deref());
        let mut front = Front::default();
        front.text("title", &title);
        front.plain("date", date(&site, parent));
        if let Some(author) = &author {
            front.text("author", author);
        }
        if let Some(color) = seat.color {
            front.color(color);
        }
        if let Some(side) = &seat.side {
            front.text("side", side);
        }
        front.text("rebuts", &from_content(&parent.article.value.source.path));
        if self.common.draft || parent.article.value.front.draft {
            front.plain("draft", true);
        }
        let (body, notes) = Quoting::new(&site, parent, &path, front.clone()).body(&numbers)?;
        let mut said = self.common.write(&site, &path, &front.with(&body))?;
        said.notes = notes;
        Ok(said)
    }

    /// The ¶ to quote, all of which the parent has.
    fn numbers(&self, parent: &Published) -> Result<Vec<ParagraphNumber>, Refused> {
        let wanted = self.to.clone().unwrap_or_default().0;
        let count = parent.article.value.document.paragraphs;
        let missing = wanted.iter().find(|number| number.index() >= count);
        match missing {
            Some(number) => Err(Refused::usage(no_paragraph(*number, count, parent))),
            None => Ok(wanted),
        }
    }

    /// The side of the reply: as asked for, else that of its author, else a free colour.
    fn seat(
        &self,
        site: &OpenSite,
        parent: &Published,
        color: Option<Color>,
        author: Option<&str>,
    ) -> Seat {
        let Some((debate, _)) = site.snapshot.site.seat(parent) else {
            return Seat { color, side: None };
        };
        if let Some(color) = color {
            let known = debate.sides.iter().find(|side| side.color == color);
            return known.map_or(Seat { color: Some(color), side: None }, Seat::of);
        }
        let free = free_color(debate);
        if let Some(wanted) = self.side.as_deref().map(str::trim).filter(|side| !side.is_empty()) {
            let is_wanted = |text: &str| fold(text) == fold(wanted);
            let known =
                debate.sides.iter().find(|side| is_wanted(&side.key) || is_wanted(&side.name));
            let named = &site.snapshot.site.settings.sides;
            let key = named.iter().find(|(key, name)| is_wanted(key) || is_wanted(&name.value));
            let key = key.map_or(wanted, |(key, _)| key.as_str());
            return known.map_or_else(
                || match Color::parse(key) {
                    Some(color) => Seat { color: Some(color), side: None },
                    None => Seat { color: free, side: Some(key.to_owned()) },
                },
                Seat::of,
            );
        }
        let own = author.and_then(|author| side_of(site, debate, author));
        own.map_or(Seat { color: free, side: None }, Seat::of)
    }
}

struct Seat {
    color: Option<Color>,
    side: Option<String>,
}

impl Seat {
    /// That of a side of the debate; its key is written where the colour does not say it.
    fn of(side: &Side) -> Self {
        let said = Color::parse(&side.key) == Some(side.color);
        let generated = crate::site::side::color_key(side.color) == side.key;
        let key = (!said && !generated).then(|| side.key.clone());
        Self { color: Some(side.color), side: key }
    }
}

/// The side that `author` takes in a debate already.
fn side_of<'a>(site: &OpenSite, debate: &'a Debate, author: &str) -> Option<&'a Side> {
    let is_by = |article: &Published| {
        let authors = site.snapshot.site.authors_of(article);
        authors.iter().any(|one| fold(&one.name) == fold(author))
    };
    let member =
        debate.members.iter().find(|one| is_by(site.snapshot.site.article(one.article)))?;
    Some(debate.side(member))
}

/// The first colour that no side of the debate has.
fn free_color(debate: &Debate) -> Option<Color> {
    let is_taken = |color| debate.sides.iter().any(|side| side.color == color);
    COLORS.iter().map(|&name| Color::Named(name)).find(|&color| !is_taken(color))
}

/// Today, or the day of what is answered where that is still to come.
fn date(site: &OpenSite, parent: &Published) -> Date {
    let parent = parent.article.value.front.date.as_ref().map(|date| date.value.day);
    parent.map_or(site.today(), |parent| parent.max(site.today()))
}

/// The path of a file as files at the top of `content/` write it.
pub(super) fn from_content(path: &SitePath) -> String {
    match path.as_str().strip_prefix("content/") {
        Some(inside) => inside.to_owned(),
        None => format!("../{path}"),
    }
}

/// The article that `wanted` names.
fn find<'a>(site: &'a OpenSite, wanted: &str) -> Result<&'a Published, Refused> {
    let all = || site.snapshot.site.articles.iter().map(Arc::as_ref);
    let typed = new_file::inside(&site.root, Path::new(wanted));
    let in_root = new_file::inside(&site.root, &site.root.join(wanted));
    let path_of = |one: &Published| one.article.value.source.path.clone();
    let by_path = [typed, in_root]
        .into_iter()
        .flatten()
        .find_map(|path| all().find(|one| path_of(one) == path));
    let key = fold(wanted.trim().trim_matches('/'));
    let title = |one: &Published| fold(&one.title);
    let is_article = |one: &&Published| one.placement == Placement::Article;
    let rounds: [&dyn Fn(&Published) -> bool; 3] =
        [&|one| fold(one.slug.as_str()) == key, &|one| title(one) == key, &|one| {
            title(one).contains(&key) || fold(one.slug.as_str()).contains(&key)
        }];
    let mut named: Vec<&Published> = by_path.into_iter().collect();
    for is_named in rounds {
        if named.is_empty() && !key.is_empty() {
            named = all().filter(is_article).filter(|one| is_named(one)).collect();
        }
    }
    match named.as_slice() {
        [one] if one.placement == Placement::Article => Ok(one),
        [page] => Err(Refused::usage(no_article(page))),
        [] => Err(Refused::usage(unknown(site, wanted))),
        several => Err(Refused::usage(ambiguous(wanted, several))),
    }
}

fn no_article(page: &Published) -> Diagnostic {
    let message =
        format!("`{}` is a plain page, which nobody can answer", page.article.value.source.path);
    Diagnostic::global(Code::ParentIsPage, message)
        .help("give it a `date` in its front matter, and it is an article")
}

fn unknown(site: &OpenSite, wanted: &str) -> Diagnostic {
    let articles = site.snapshot.site.articles.iter();
    let slugs: Vec<&str> = articles
        .filter(|one| one.placement == Placement::Article)
        .map(|one| one.slug.as_str())
        .collect();
    let fault = Diagnostic::global(Code::UnknownParent, format!("there is no article `{wanted}`"));
    let fault = site.unread.iter().fold(fault, |fault, one| fault.help(one.message.clone()));
    match (nearest(wanted, slugs.iter().copied()), slugs.as_slice()) {
        (Some(slug), _) => fault.help(format!("agon reply {slug}")),
        (None, []) => fault.help("there is no article yet: agon new debate \"Your motion\""),
        (None, slugs) => fault.help(format!("there are {}", few(slugs))),
    }
}

/// The first of many names.
fn few(names: &[&str]) -> String {
    const FEW: usize = 10;
    let shown = names.iter().take(FEW).copied().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(FEW) {
        Some(more @ 1..) => format!("{shown} and {more} more"),
        _ => shown,
    }
}

fn ambiguous(wanted: &str, several: &[&Published]) -> Diagnostic {
    let message = format!("`{wanted}` could be {} articles", several.len());
    let fault = Diagnostic::global(Code::AmbiguousParent, message);
    several
        .iter()
        .take(20)
        .fold(fault, |fault, one| fault.help(format!("agon reply {}    ({})", one.slug, one.title)))
}

fn no_paragraph(number: ParagraphNumber, count: usize, parent: &Published) -> Diagnostic {
    let path = &parent.article.value.source.path;
    let fault = Diagnostic::global(Code::InvalidArgument, format!("`{path}` has no ¶{number}"));
    match count {
        0 => fault.help("it has no ¶ at all; leave `--to` out"),
        1 => fault.help("--to 1"),
        count => fault.help(format!("--to takes numbers from 1 to {count}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_lists_and_ranges() {
        let check = |text: &str, expected: &[u32]| {
            let numbers = Numbers::parse(text)
                .map(|numbers| numbers.0.iter().map(|number| number.get()).collect::<Vec<_>>());
            assert_eq!(numbers.unwrap_or_default(), expected, "{text:?}");
        };
        check("2,5", &[2, 5]);
        check("5, 2-4,3", &[5, 2, 3, 4]);
        check("¶1", &[1]);
        for wrong in ["", "0", "a", "4-2", "1,,2", "-1", "1-99999999"] {
            check(wrong, &[]);
        }
    }

    #[test]
    fn a_path_is_written_as_from_content() {
        let path = |text: &str| SitePath::new(text).unwrap();
        assert_eq!(from_content(&path("content/a.md")), "a.md");
        assert_eq!(from_content(&path("seeds/b/c.txt")), "../seeds/b/c.txt");
    }
}
