//! The arguments of every command, and what they mean together with the environment.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::cli::clean::Clean;
use crate::cli::completions::Completions;
use crate::cli::init::Init;
use crate::cli::list::List;
use crate::cli::new::New;
use crate::cli::reply::Reply;
use crate::cli::root;
use crate::cli::run::{Action, BaseUrlChoice, Options, Outward, Request};
use crate::deploy::base_url::{BaseUrlFrom, Reach};
use crate::diagnostic::{Code, Diagnostic};
use crate::disk::write::Force;
use crate::site::settings::BaseUrl;

/// Publishes debates: rebuttals beside the originals they answer, quotes checked.
#[derive(Debug, Parser)]
#[command(name = "agon", version)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes the site's pages in the output folder
    Build(Build),
    /// Checks the site as `build` does, and writes nothing
    Check(Check),
    /// Publishes the site as a commit on a branch, or writes the workflow that does it
    Deploy(Deploy),
    /// Shows the site in the browser, as it is at each moment
    Serve(Serve),
    /// Makes a site to begin with
    Init(Init),
    /// Writes a file for an original or a plain page
    New(New),
    /// Writes a file that answers an article, with the chosen ¶ quoted
    Reply(Reply),
    /// Lists what waits for an editor
    List(List),
    /// Removes what builds wrote
    Clean(Clean),
    /// Prints what a shell needs to complete these commands
    Completions(Completions),
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  agon check\n  agon check --external\n  \
    agon check --format github    (in a workflow of GitHub Actions)")]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) common: Common,
    /// Ask whether the links to other sites lead anywhere, too
    #[arg(long)]
    external: bool,
}

impl Check {
    pub(super) fn outward(&self) -> Outward {
        if self.external { Outward::Asked } else { Outward::Trusted }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  agon build\n  \
    agon build --base-url https://example.org/debates --strict")]
pub(super) struct Build {
    #[command(flatten)]
    pub(super) common: Common,
    /// Write to a folder in which files of others stand; those that no page needs stay
    #[arg(long)]
    force: bool,
}

/// What site there is to be, of what folder.
#[derive(Args, Debug)]
pub(super) struct SiteArguments {
    /// The site's folder [default: the nearest above with `site.yaml`, `content/` or `seeds/`]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Where the site will be published; "" for nowhere yet [environment: AGON_BASE_URL]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Publish drafts too
    #[arg(long)]
    drafts: bool,
    /// Publish articles that are dated after today too
    #[arg(long)]
    future: bool,
}

#[derive(Args, Debug)]
pub(super) struct Serve {
    #[command(flatten)]
    pub(super) site: SiteArguments,
    /// The port; where it is busy, the next free one. 0 for any
    #[arg(long, default_value_t = 1111)]
    pub(super) port: u16,
    /// The address to listen at; others than this machine can read along where it is not loopback
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(super) bind: IpAddr,
    /// Open the browser
    #[arg(long)]
    pub(super) open: bool,
    /// Let the browser go to the paragraph that was edited
    #[arg(long)]
    pub(super) follow: bool,
    /// Look at the files again and again: where changes are not told, as on network drives
    #[arg(long)]
    pub(super) poll: bool,
    /// The editor that a click on a place in an error opens
    #[arg(long, value_enum)]
    pub(super) editor: Option<EditorName>,
    /// Print errors only
    #[arg(short, long)]
    pub(super) quiet: bool,
}

/// An editor that answers to URLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum EditorName {
    /// Visual Studio Code
    Vscode,
    /// Its pre-release
    VscodeInsiders,
    /// VSCodium
    Vscodium,
    /// Cursor
    Cursor,
    /// Windsurf
    Windsurf,
    /// Zed
    Zed,
    /// IntelliJ IDEA and other JetBrains IDEs
    Idea,
    /// Sublime Text, with the package `subl protocol`
    Sublime,
    /// TextMate
    Textmate,
    /// MacVim
    Macvim,
    /// Emacs, with org-protocol's `emacsclient` handler
    Emacs,
}

#[derive(Args, Debug)]
#[command(mut_arg("output", |it| it.hide(true)), mut_arg("drafts", |it| it.hide(true)))]
pub(super) struct Deploy {
    #[command(flatten)]
    pub(super) common: Common,
    /// The remote to push to: a name, or a URL
    #[arg(long, value_name = "REMOTE", default_value = "origin")]
    pub(super) remote: String,
    /// The branch that holds the finished site
    #[arg(long, value_name = "BRANCH", default_value = "gh-pages")]
    pub(super) branch: String,
    /// The commit's message [default: one that names the source]
    #[arg(short, long, value_name = "TEXT")]
    pub(super) message: Option<String>,
    /// Replace files on the branch that no deployment of Agon's made
    #[arg(long)]
    pub(super) adopt: bool,
    /// Show the files that would be added, changed and removed, and push nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Write .github/workflows/pages.yml instead: GitHub then builds the site at every push
    #[arg(long, conflicts_with_all = ["message", "adopt", "dry_run", "branch"])]
    pub(super) workflow: bool,
}

#[derive(Args, Debug)]
pub(super) struct Common {
    #[command(flatten)]
    site: SiteArguments,
    /// Where the pages go [default: `output` in the site's folder]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Let warnings fail as errors do
    #[arg(long)]
    strict: bool,
    /// How what is found is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Print errors only
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print how long each step took
    #[arg(short, long)]
    pub(super) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text with the lines in question
    Human,
    /// One JSON object
    Json,
    /// Annotations of GitHub Actions
    Github,
}

impl EditorName {
    /// The form of its URLs, as the makers of each document them; the path begins after a slash.
    pub(super) fn urls(self) -> &'static str {
        match self {
            Self::Vscode => "vscode://file/{path}:{line}:{column}",
            Self::VscodeInsiders => "vscode-insiders://file/{path}:{line}:{column}",
            Self::Vscodium => "vscodium://file/{path}:{line}:{column}",
            Self::Cursor => "cursor://file/{path}:{line}:{column}",
            Self::Windsurf => "windsurf://file/{path}:{line}:{column}",
            Self::Zed => "zed://file/{path}:{line}:{column}",
            Self::Idea => "idea://open?file=/{path}&line={line}&column={column}",
            Self::Sublime => "subl://open?url=file:///{path}&line={line}&column={column}",
            Self::Textmate => "txmt://open?url=file:///{path}&line={line}&column={column}",
            Self::Macvim => "mvim://open?url=file:///{path}&line={line}&column={column}",
            Self::Emacs => "emacs://open?url=file:///{path}&line={line}&column={column}",
        }
    }
}

impl Build {
    pub(super) fn force(&self) -> Force {
        if self.force { Force::Forced } else { Force::Careful }
    }
}

impl Common {
    /// What is asked for, as arguments, environment and clock say; a flag beats the environment.
    pub(super) fn request(&self, action: Action) -> Result<Request, Box<Diagnostic>> {
        let (root, options) = self.site.site()?;
        let output = self.output.clone().unwrap_or_else(|| root.join("output"));
        let lists_quotes = self.format == Format::Json;
        let (strict, outward) = (self.strict, Outward::Trusted);
        let remote = "origin".to_owned();
        Ok(Request { root, output, options, remote, strict, lists_quotes, action, outward })
    }

    /// The output as it was typed, for messages.
    pub(super) fn output_shown<'a>(&'a self, output: &'a Path) -> &'a Path {
        let here = std::env::current_dir().unwrap_or_default();
        self.output.as_deref().unwrap_or_else(|| output.strip_prefix(here).unwrap_or(output))
    }
}

impl SiteArguments {
    /// The folder of the site and what it is made with.
    pub(super) fn site(&self) -> Result<(PathBuf, Options), Box<Diagnostic>> {
        let root = self.root.as_deref().map_or_else(root::nearest, root::given)?;
        let options = Options {
            base_url: self.base_url()?,
            drafts: self.drafts,
            future: self.future,
            now: now_of_environment()?,
        };
        Ok((root, options))
    }

    fn base_url(&self) -> Result<BaseUrlChoice, Box<Diagnostic>> {
        let argument = self.base_url.clone().map(|url| (url, BaseUrlFrom::Argument));
        let environment = || variable("AGON_BASE_URL").map(|url| (url, BaseUrlFrom::Environment));
        match argument.or_else(environment) {
            None => Ok(BaseUrlChoice::OfSite(Reach::Top)),
            Some((text, from)) if text.trim().is_empty() => Ok(BaseUrlChoice::Nowhere(from)),
            Some((text, from)) => match BaseUrl::parse(&text) {
                Ok(url) => Ok(BaseUrlChoice::Url(url, from)),
                Err(why) => Err(Box::new(invalid_base_url(from.word(), &why))),
            },
        }
    }
}

pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The moment of the build, as clock and environment say.
pub(super) fn now_of_environment() -> Result<Timestamp, Box<Diagnostic>> {
    now(variable("SOURCE_DATE_EPOCH").as_deref())
}

/// The moment of the build: the clock, or what stands for it (reproducible-builds.org).
fn now(epoch: Option<&str>) -> Result<Timestamp, Box<Diagnostic>> {
    match epoch.map(str::trim).filter(|epoch| !epoch.is_empty()) {
        None => Ok(Timestamp::now()),
        Some(epoch) => epoch
            .parse()
            .ok()
            .and_then(|second| Timestamp::from_second(second).ok())
            .ok_or_else(|| Box::new(invalid_epoch(epoch))),
    }
}

fn invalid_base_url(from: &str, why: &str) -> Diagnostic {
    Diagnostic::global(Code::InvalidBaseUrl, format!("`{from}` is no base URL: {why}"))
        .help("https://example.org/debates")
}

fn invalid_epoch(epoch: &str) -> Diagnostic {
    let message = format!("`SOURCE_DATE_EPOCH` is {epoch:?}, which is no number of seconds");
    Diagnostic::global(Code::InvalidDate, message)
        .help("the seconds since 1970, as `git log -1 --format=%ct` prints them")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_epoch_replaces_the_clock() {
        assert_eq!(now(Some("86400")).unwrap().as_second(), 86400);
        assert!(now(Some("yesterday")).is_err());
        assert!(now(Some("99999999999999999")).is_err());
        assert!(now(Some("")).unwrap() > Timestamp::UNIX_EPOCH);
    }
}
