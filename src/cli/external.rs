//! `agon check --external`: the outward links of a site, asked whether they lead anywhere.

use crate::cli::run::Request;
use crate::diagnostic::Checked;
use crate::external::{Asking, links};
use crate::site::snapshot::Snapshot;

/// Asks the outward links of all published articles; gives a line on what became of them.
pub(super) fn ask(snapshot: &Snapshot, request: &Request) -> Checked<Option<String>> {
    let links = links(&snapshot.site);
    let now = request.options.now;
    crate::external::ask(&links, &Asking { root: &request.root, now })
}
