//! The site as it is, drafts and all: what commands that write or list look at.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::cli::arguments::now_of_environment;
use crate::cli::root;
use crate::cli::said::Refused;
use crate::diagnostic::Diagnostic;
use crate::disk::read::read;
use crate::site::snapshot::{Options, Snapshot, take};
use crate::source::Sources;

/// Which site is meant.
#[derive(Args, Debug)]
pub(super) struct Place {
    /// The site's folder [default: the nearest above with `site.yaml`, `content/` or `seeds/`]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

/// Whether what is not published counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unpublished {
    /// As if it were published.
    Included,
    /// Not.
    LeftOut,
}

/// A site that was opened.
#[derive(Debug)]
pub(super) struct OpenSite {
    /// Its folder.
    pub(super) root: PathBuf,
    /// What it is.
    pub(super) snapshot: Snapshot,
    /// What it was made with.
    pub(super) options: Options,
    /// What could not be read.
    pub(super) unread: Vec<Diagnostic>,
}

impl Place {
    /// The folder of the site.
    pub(super) fn root(&self) -> Result<PathBuf, Box<Diagnostic>> {
        self.root.as_deref().map_or_else(root::nearest, root::given)
    }

    /// Reads the site.
    pub(super) fn open(&self, unpublished: Unpublished) -> Result<OpenSite, Refused> {
        let root = self.root()?;
        let included = unpublished == Unpublished::Included;
        let options = Options {
            base_url: Some(None),
            drafts: included,
            future: included,
            now: now_of_environment()?,
        };
        let sources = read(&root, &Sources::default());
        let unread = sources.found.clone();
        let snapshot = take(sources, &options, None);
        Ok(OpenSite { root, snapshot, options, unread })
    }
}

impl OpenSite {
    /// Today, where the site is.
    pub(super) fn today(&self) -> Date {
        today(self.options.now, &self.snapshot.site.settings.timezone)
    }
}

/// The day of the calendar in a time zone.
pub(super) fn today(now: Timestamp, zone: &jiff::tz::TimeZone) -> Date {
    zone.to_datetime(now).date()
}

/// A path as it is typed from the current folder.
pub(super) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let inside = path.strip_prefix(&here).unwrap_or(path);
    let inside = inside.strip_prefix(".").unwrap_or(inside);
    if inside.as_os_str().is_empty() { ".".to_owned() } else { inside.display().to_string() }
}
