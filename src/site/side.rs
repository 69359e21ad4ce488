//! Sides: whose an article is, with a colour, a letter and a rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::debate::{Debate, Tree, by_date};
use super::publish::Candidate;
use super::settings::Settings;
use super::slug::{self, Slug};
use crate::article::front_matter::{COLORS, Color, Located};
use crate::article::letters;
use crate::diagnostic::{Checked, Code, Diagnostic, suggest};
use crate::source::{SitePath, Span};

/// The place of a side in `Debate::sides`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SideIndex(pub(super) usize);

impl SideIndex {
    /// The index, from 0.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

/// How the rule of a side is drawn, so that colour is never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// One line.
    Solid,
    /// Two lines.
    Double,
    /// A broken line.
    Dashed,
}

impl Rule {
    const ALL: [Self; 3] = [Self::Solid, Self::Double, Self::Dashed];

    /// The value of `data-rule`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Solid => "solid",
            Self::Double => "double",
            Self::Dashed => "dashed",
        }
    }
}

/// A position in a debate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// What articles call it in `side`, or the colour's word.
    pub key: String,
    /// Its part of `/sides/<slug>/`.
    pub slug: Slug,
    /// Its name on the page.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// A, B, C… by first appearance.
    pub letter: String,
    /// Its rule.
    pub rule: Rule,
}

/// The value of `data-side` for a colour: its name, or `c-1a2b3c`.
#[must_use]
pub fn color_key(color: Color) -> String {
    match color {
        Color::Named(name) => name.to_owned(),
        Color::Rgb([red, green, blue]) => format!("c-{red:02x}{green:02x}{blue:02x}"),
    }
}

/// The sides of the debate `tree`, by letter, and the side of each member.
pub(super) fn sides(
    tree: &Tree,
    candidates: &[Candidate],
    settings: &Settings,
) -> Checked<(Vec<Side>, Vec<SideIndex>)> {
    let members: Vec<&Candidate> =
        tree.members.iter().filter_map(|leaf| candidates.get(leaf.article.get())).collect();
    let mut in_time: Vec<usize> = (0..members.len()).collect();
    in_time.sort_by_key(|&member| (members.get(member).map(|one| by_date(one.date())), member));
    let mut seats = Seats { of_member: vec![None; members.len()], ..Seats::default() };
    let of_each = || in_time.iter().filter_map(|&member| Some((member, *members.get(member)?)));
    for (member, one) in of_each() {
        seats.take_side_and_color(member, one);
    }
    for (member, one) in of_each() {
        seats.take_color_alone(member, one);
    }
    for (member, one) in of_each() {
        seats.take_what_is_left(member, one);
    }
    let (order, letters) = appearance(&seats, &in_time);
    let sides = order.iter().enumerate().filter_map(|(letter, &seat)| {
        let seat = seats.list.get(seat)?;
        Some(side(seat, letter, settings))
    });
    let of_member = seats.of_member.iter().map(|seat| {
        let seat = seat.unwrap_or_default();
        SideIndex(letters.get(seat).copied().unwrap_or_default())
    });
    Checked { value: (sides.collect(), of_member.collect()), found: seats.found }
}

/// The names in site.yaml of sides that no article of `debates` has: mostly misspelt colours.
pub(super) fn nobodys(settings: &Settings, debates: &[Arc<Debate>]) -> Vec<Diagnostic> {
    let Some(file) = SitePath::new("site.yaml").filter(|_| !debates.is_empty()) else {
        return Vec::new();
    };
    let sides = || debates.iter().flat_map(|debate| &debate.sides);
    let is_had = |key: &str| sides().any(|side| slug::fold(&side.key) == slug::fold(key));
    let nobodys = settings.sides.iter().filter(|(key, _)| !COLORS.contains(&key.as_str()));
    let told = nobodys.filter(|(key, _)| !is_had(key)).map(|(key, name)| {
        let message = format!("no article has the side `{key}`");
        let place = Span::new(&file, name.bytes.clone());
        let fault = Diagnostic::warning(Code::UnknownColor, place, message);
        let known = COLORS.into_iter().chain(sides().map(|side| side.key.as_str()));
        match suggest::nearest(key, known) {
            Some(known) => fault.help(format!("write `{known}`")),
            None => fault.help("write a colour, or what articles have as their `side`"),
        }
    });
    told.collect()
}

/// The seats in the order of their first article, and the place of each in that order.
fn appearance(seats: &Seats, in_time: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut letters = vec![usize::MAX; seats.list.len()];
    let mut order = Vec::new();
    for &member in in_time {
        let seat = seats.of_member.get(member).copied().flatten().unwrap_or_default();
        if let Some(letter) = letters.get_mut(seat)
            && *letter == usize::MAX
        {
            *letter = order.len();
            order.push(seat);
        }
    }
    (order, letters)
}

fn side(seat: &Seat, letter: usize, settings: &Settings) -> Side {
    let slug = slug::of_term(&seat.key).unwrap_or_else(|| Slug::new(&color_key(seat.color)));
    let named = settings.sides.iter().find(|(key, _)| slug::fold(key) == slug::fold(&seat.key));
    let name = named.map(|(_, name)| name.value.clone()).unwrap_or_else(|| match seat.color {
        Color::Named(word) => capitalised(word),
        color @ Color::Rgb(_) if seat.key == color_key(color) => color.to_string(),
        Color::Rgb(_) => capitalised(&seat.key),
    });
    let rule = Rule::ALL.get(letter % Rule::ALL.len()).copied().unwrap_or(Rule::Solid);
    Side {
        key: seat.key.clone(),
        slug,
        name,
        color: seat.color,
        letter: letters(letter).to_ascii_uppercase(),
        rule,
    }
}

/// `text` with a capital at its start.
pub(crate) fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    let mut capitalised = String::with_capacity(text.len());
    capitalised.extend(rest.next().into_iter().flat_map(char::to_uppercase));
    capitalised.push_str(rest.as_str());
    capitalised
}

/// A side while the debate is seated.
struct Seat {
    key: String,
    color: Color,
    /// Where its colour was said.
    said: Option<Span>,
}

#[derive(Default)]
struct Seats {
    list: Vec<Seat>,
    by_key: BTreeMap<String, usize>,
    by_color: BTreeMap<Color, usize>,
    /// By their names, in which case makes no difference.
    by_author: BTreeMap<String, usize>,
    of_member: Vec<Option<usize>>,
    found: Vec<Diagnostic>,
}

impl Seats {
    fn take_side_and_color(&mut self, member: usize, one: &Candidate) {
        let front = &one.article.value.front;
        if let (Some(side), Some(color)) = (&front.side, &front.color) {
            self.take(member, one, &side.value, color);
        }
    }

    fn take_color_alone(&mut self, member: usize, one: &Candidate) {
        let front = &one.article.value.front;
        if let (None, Some(color)) = (&front.side, &front.color) {
            match self.by_color.get(&color.value) {
                Some(&seat) => self.sit(member, one, seat),
                None => self.take(member, one, &color_key(color.value), color),
            }
        }
    }

    /// `side` alone, or neither: the side of that name or of the same author, else a free colour.
    ///
    /// Only an author that the article itself names counts: the site's own, which is the
    /// byline of all others, would put a reply on the side of what it answers.
    fn take_what_is_left(&mut self, member: usize, one: &Candidate) {
        let front = &one.article.value.front;
        if front.color.is_some() {
            return;
        }
        let key = front.side.as_ref().map(|side| side.value.as_str());
        let taken = match key {
            Some(key) => self.by_key.get(&slug::fold(key)),
            None => {
                let mut authors = front.authors.iter();
                authors.find_map(|author| self.by_author.get(&slug::fold(&author.name)))
            }
        };
        let seat = taken.copied().unwrap_or_else(|| {
            let free = self.free_color();
            // Once a debate: all that follow have it too.
            if free.is_none() && self.found.iter().all(Diagnostic::is_error) {
                self.found.push(no_color_left(one));
            }
            let color = Color::Named(free.unwrap_or("gray"));
            let key = key.map_or_else(|| color_key(color), str::to_owned);
            self.by_key
                .get(&slug::fold(&key))
                .copied()
                .unwrap_or_else(|| self.seat(key, color, None))
        });
        self.sit(member, one, seat);
    }

    fn take(&mut self, member: usize, one: &Candidate, key: &str, color: &Located<Color>) {
        let said = Span::new(one.path(), color.bytes.clone());
        let seat = match self.by_key.get(&slug::fold(key)) {
            Some(&seat) => seat,
            None => self.seat(key.to_owned(), color.value, Some(said.clone())),
        };
        if let Some(taken) = self.list.get(seat)
            && taken.color != color.value
        {
            let fault = two_colors(taken, said, one.path());
            self.found.push(fault);
        }
        self.sit(member, one, seat);
    }

    fn seat(&mut self, key: String, color: Color, said: Option<Span>) -> usize {
        let seat = self.list.len();
        self.by_key.insert(slug::fold(&key), seat);
        self.by_color.entry(color).or_insert(seat);
        self.list.push(Seat { key, color, said });
        seat
    }

    fn sit(&mut self, member: usize, one: &Candidate, seat: usize) {
        for author in &one.article.value.front.authors {
            self.by_author.entry(slug::fold(&author.name)).or_insert(seat);
        }
        if let Some(of_member) = self.of_member.get_mut(member) {
            *of_member = Some(seat);
        }
    }

    /// The first colour that is neither taken nor the name of a side.
    fn free_color(&self) -> Option<&'static str> {
        let is_free = |name: &&str| {
            !self.by_color.contains_key(&color_named(name)) && !self.by_key.contains_key(*name)
        };
        COLORS.into_iter().find(|name| is_free(name))
    }
}

fn no_color_left(one: &Candidate) -> Diagnostic {
    let place = Span::new(one.path(), one.article.value.front.fence());
    let message = "no colour is left in this debate: this article and those after it are all gray";
    Diagnostic::warning(Code::SideColors, place, message)
        .help("write `color: \"#a0522d\"`, a colour of your own, or that of whoever it sides with")
}

fn color_named(name: &str) -> Color {
    COLORS.into_iter().find(|one| *one == name).map_or(Color::Rgb([0; 3]), Color::Named)
}

fn two_colors(seat: &Seat, said: Span, path: &SitePath) -> Diagnostic {
    let color = seat.color;
    let message = format!(
        "the side `{}` has the colour {color} in this debate, and here another one",
        seat.key
    );
    let fault = Diagnostic::error(Code::SideColors, said, message);
    let fault = match &seat.said {
        Some(place) if place.path != *path => {
            fault.related(place.clone(), format!("here it is {color}"))
        }
        _ => fault,
    };
    fault.help(format!("color: \"{color}\""))
}
