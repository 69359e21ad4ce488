//! `agon new`: a file for an original or a plain page, with its front matter filled in.

use clap::{Args, Subcommand};

use crate::article::front_matter::{COLORS, Color};
use crate::cli::new_file::{self, Common, Front};
use crate::cli::open_site::{Place, Unpublished};
use crate::cli::said::{Refused, Said};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    agon new debate \"Should the city build a second tram line?\" --author \"Ines Keller\"\n  \
    agon new page About -e")]
pub(super) struct New {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// An original, which others may answer
    Debate(Debate),
    /// A plain page, which is no part of a debate
    Page(Page),
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  \
    agon new debate \"Should the city build a second tram line?\" --author \"Ines Keller\"")]
struct Debate {
    /// Its title, which also names the file (with a number where that name is taken)
    title: String,
    /// The colour of its side
    #[arg(long, visible_alias = "colour", value_name = "COLOR")]
    color: Option<String>,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    place: Place,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  agon new page About -e")]
struct Page {
    /// Its title, which also names the file (with a number where that name is taken)
    title: String,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    place: Place,
}

impl New {
    pub(super) fn run(&self) -> Result<Said, Refused> {
        match &self.kind {
            Kind::Debate(debate) => debate.run(),
            Kind::Page(page) => page.run(),
        }
    }
}

impl Debate {
    fn run(&self) -> Result<Said, Refused> {
        let title = new_file::title(&self.title)?;
        let first = COLORS.first().map(|&name| Color::Named(name));
        let color = self.color.as_deref().map(new_file::color).transpose()?.or(first);
        let site = self.place.open(Unpublished::Included)?;
        let path = new_file::free_path(&site, &title)?;
        let mut front = Front::default();
        front.text("title", &title);
        front.plain("date", site.today());
        if let Some(author) = self.common.author(&site) {
            front.text("author", &author);
        }
        if let Some(color) = color {
            front.color(color);
        }
        if self.common.draft {
            front.plain("draft", true);
        }
        self.common.write(&site, &path, &front.with(""))
    }
}

impl Page {
    fn run(&self) -> Result<Said, Refused> {
        let title = new_file::title(&self.title)?;
        let site = self.place.open(Unpublished::Included)?;
        let path = new_file::free_path(&site, &title)?;
        let mut front = Front::default();
        front.text("title", &title);
        // A page has no byline unless somebody asks for one.
        if self.common.author.is_some()
            && let Some(author) = self.common.author(&site)
        {
            front.text("author", &author);
        }
        if self.common.draft {
            front.plain("draft", true);
        }
        self.common.write(&site, &path, &front.with(""))
    }
}
