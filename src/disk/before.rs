//! What the build before left behind, as far as its record tells.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::diagnostic::{Code, Diagnostic};
use crate::disk::manifest::{self, Entries, Line};

/// What an earlier build wrote, by its record.
pub(super) struct Before {
    pub(super) text: String,
    pub(super) entries: Entries,
    pub(super) damaged: bool,
    /// When the record was written, which is after all that it names.
    pub(super) recorded: Option<SystemTime>,
}

impl Before {
    /// What it wrote where there was none.
    pub(super) fn nothing() -> Self {
        Self { text: String::new(), entries: Entries::new(), damaged: false, recorded: None }
    }

    /// Reads the record in the output `folder`.
    pub(super) fn read(folder: &Path) -> Self {
        let Ok(bytes) = fs::read(folder.join(manifest::NAME)) else {
            return Self { damaged: true, ..Self::nothing() };
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let recorded = fs::symlink_metadata(folder.join(manifest::NAME));
        let recorded = recorded.and_then(|record| record.modified()).ok();
        match manifest::parse(&text) {
            Ok(entries) => Self { text, entries, damaged: false, recorded },
            Err(entries) => Self { text, entries, damaged: true, recorded },
        }
    }

    /// The lines of files that are not among `files`.
    pub(super) fn without<T>(&self, files: &BTreeMap<String, T>) -> Vec<Line<'_>> {
        let gone = self.entries.iter().filter(|(path, _)| !files.contains_key(*path));
        gone.map(|(path, entry)| (path.as_str(), *entry)).collect()
    }

    /// That the record cannot be trusted, where that is so.
    pub(super) fn complaint(&self, folder: &Path) -> Vec<Diagnostic> {
        if !self.damaged {
            return Vec::new();
        }
        let what = match self.text.as_str() {
            "" => "missing",
            text if manifest::is_of_another_version(text) => "of another version of Agon",
            _ => "damaged",
        };
        let record = folder.join(manifest::NAME);
        let message =
            format!("the record `{}` was {what}, so no old file was removed", record.display());
        let note = Diagnostic::note(Code::ManifestDamaged, None, message);
        vec![note.help("where old pages may be left, remove the output folder and build again")]
    }
}
