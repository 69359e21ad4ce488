//! `agon clean`: removes what builds wrote, and nothing else.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::cli::open_site::{Place, shown};
use crate::cli::report::count;
use crate::cli::said::{Refused, Said};
use crate::disk::write::{self, Force, Target, Trial};

#[derive(Args, Debug)]
#[command(after_help = "Only the files are removed that the record `.agon` in the output folder \
    names, and the folders that are empty without them.\n\n\
    Example:\n  agon clean --dry-run")]
pub(super) struct Clean {
    /// The folder that was built to [default: `output` in the site's folder]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Name what would be removed, and remove nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    place: Place,
}

impl Clean {
    pub(super) fn run(&self) -> Result<Said, Refused> {
        let root = self.place.root()?;
        let folder = self.output.clone().unwrap_or_else(|| root.join("output"));
        let name = shown(&folder);
        let target = Target { folder, root, force: Force::Careful };
        let trial = if self.dry_run { Trial::Only } else { Trial::No };
        let removed = write::clean(&target, trial).map_err(Refused::failed)?;
        let mut out = String::new();
        if self.dry_run {
            for path in &removed {
                let _ = writeln!(out, "{path}");
            }
        }
        let done = if self.dry_run { "would be removed" } else { "removed" };
        let _ = writeln!(out, "{} {done} from {name}", count(removed.len(), "file"));
        Ok(Said::new(out))
    }
}
