//! What is said about a link that leads nowhere.

use std::ops::Range;

use super::ArticleIndex;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SitePath, Span};

/// What is wrong, or nothing where it was said already.
pub(super) type Fault = Option<Box<Diagnostic>>;

/// A destination, and where it was written.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    /// The article in which it stands; nothing for site.yaml.
    pub article: Option<ArticleIndex>,
    /// The link in its text; nothing for what stands in front matter or in site.yaml.
    pub link: Option<usize>,
    pub from: &'a SitePath,
    /// The file in which it is written, which for the menu need not be `from`.
    pub file: &'a SitePath,
    pub bytes: &'a Range<usize>,
    pub destination: &'a str,
}

impl Written<'_> {
    pub(super) fn place(self) -> Span {
        Span::new(self.file, self.bytes.clone())
    }
}

pub(super) fn garbled(written: Written<'_>) -> Fault {
    let message = format!("the percent signs of `{}` make no text", written.destination);
    Some(Box::new(Diagnostic::error(Code::DeadLink, written.place(), message)))
}

pub(super) fn of_one_computer(written: Written<'_>) -> Box<Diagnostic> {
    let message =
        format!("`{}` is a file of this computer, which no reader has", written.destination.trim());
    let fault = Diagnostic::error(Code::LinkOutside, written.place(), message);
    Box::new(fault.help("put the file beside this one and link to it by its name"))
}

pub(super) fn to_folder(written: Written<'_>) -> Box<Diagnostic> {
    let message =
        format!("`{}` is a folder, and only files have pages", written.destination.trim());
    let fault = Diagnostic::error(Code::DeadLink, written.place(), message);
    Box::new(fault.help("link to a file in it, or to a page such as `/archive/`"))
}

pub(super) fn outside(written: Written<'_>, path: &str) -> Box<Diagnostic> {
    let message =
        format!("`{path}` is not published: only files in `content/`, `seeds/` and `static/` are");
    let fault = Diagnostic::error(Code::LinkOutside, written.place(), message);
    Box::new(fault.help("move the file beside this one, or link to it by its whole URL"))
}

pub(super) fn to_dropped(written: Written<'_>, path: &SitePath) -> Box<Diagnostic> {
    let message =
        format!("this leads to `{path}`, which is a draft or of the future and is not published");
    let fault = Diagnostic::error(Code::LinkToDropped, written.place(), message);
    Box::new(
        fault
            .related(Span::new(path, 0..0), "the file")
            .help("take the link out until that file is published"),
    )
}

pub(super) fn to_read_me(written: Written<'_>) -> Box<Diagnostic> {
    let message = "this leads to a README, which is not published";
    Box::new(Diagnostic::error(Code::DeadLink, written.place(), message))
}
