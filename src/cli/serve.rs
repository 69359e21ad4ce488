//! `agon serve`: its arguments, the browser, and what is printed while it runs.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::arguments::{EditorName, Serve};
use super::said::print_diagnostics;
use super::{FAILED, WRONG_USAGE};
use crate::deploy::base_url::{self, Reach, RemoteOf};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::serve::live::{LiveOptions, Moment};
use crate::serve::place::BaseUrlOf;
use crate::serve::watch::{Notice, WatchOptions};
use crate::serve::{Follow, Options, Said};
use crate::source::{SitePath, Sources};

/// Serves until it is told to end.
pub(super) fn run(arguments: &Serve) -> ExitCode {
    let options = match options(arguments) {
        Ok(options) => options,
        Err(diagnostic) => return failed(&diagnostic, WRONG_USAGE),
    };
    let terminal = Mutex::new(Terminal {
        open: arguments.open,
        quiet: arguments.quiet,
        address: Default::default(),
        told: BTreeSet::new(),
        told_of_pages: Vec::new(),
    });
    let say = move |said| terminal.lock().unwrap_or_else(PoisonError::into_inner).say(said);
    match crate::serve::serve(options, Arc::new(say)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(diagnostic) => failed(&diagnostic, FAILED),
    }
}

fn options(arguments: &Serve) -> Result<Options, Box<Diagnostic>> {
    let (root, site) = arguments.site.site()?;
    let folder = root.clone();
    // As `build` has it, so that what breaks under a path breaks here.
    let of_site = move |sources: &Sources| {
        let remote = RemoteOf { root: &folder, name: "origin", reach: Reach::Top };
        base_url::of_site(sources, remote).value.map(|(url, _)| url)
    };
    Ok(Options {
        root,
        live: LiveOptions { options: site.of_site(), base_url_of: BaseUrlOf::new(of_site) },
        watch: if arguments.poll { WatchOptions::Poll } else { WatchOptions::Listen },
        bind: arguments.bind,
        port: arguments.port,
        editor: arguments.editor.map(EditorName::urls),
        follow: if arguments.follow { Follow::Edits } else { Follow::Nothing },
    })
}

fn failed(diagnostic: &Diagnostic, code: u8) -> ExitCode {
    print_diagnostics([diagnostic], &Sources::default());
    ExitCode::from(code)
}

/// What has been printed, so that nothing is said twice.
struct Terminal {
    /// Whether the browser is to be opened.
    open: bool,
    quiet: bool,
    /// The address of the server without a path, and the path under which the site stands.
    address: (String, String),
    /// What was found at the moment before.
    told: BTreeSet<Told>,
    /// What was found when pages were made, since a template last changed.
    told_of_pages: Vec<Diagnostic>,
}

/// By what a diagnostic is known again.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    place: Option<(SitePath, usize, usize)>,
    code: Code,
    message: String,
}

impl Told {
    fn of(diagnostic: &Diagnostic) -> Self {
        let place = diagnostic.place.as_ref();
        Self {
            place: place.map(|span| (span.path.clone(), span.bytes.start, span.bytes.end)),
            code: diagnostic.code,
            message: diagnostic.message.clone(),
        }
    }
}

impl Terminal {
    fn say(&mut self, said: Said) {
        match said {
            Said::Serving { url, moment } => {
                self.tell(&moment);
                self.line(&format!("serving {url} (Ctrl-C ends it)"));
                let base = moment.base_path();
                let origin = url.strip_suffix('/').and_then(|url| url.strip_suffix(base));
                self.address = (origin.unwrap_or_default().to_owned(), base.to_owned());
                if self.open {
                    self.open_browser(&url);
                }
            }
            Said::PortTaken { asked, taken } => {
                self.line(&format!("port {asked} is busy: taking {taken}"));
            }
            Said::Changed(moment) => {
                if moment.changed.iter().any(|path| path.is_in("themes")) {
                    self.told_of_pages.clear();
                }
                self.tell(&moment);
                self.line(&changed(&moment));
                let base = moment.base_path();
                if self.address.1 != base {
                    let (origin, known) = &mut self.address;
                    base.clone_into(known);
                    let line = format!("serving {origin}{base}/");
                    self.line(&line);
                }
            }
            Said::Failed(moment, fault) => {
                if !self.told_of_pages.contains(&fault) {
                    print_diagnostics([&*fault], &moment.snapshot.sources);
                    self.told_of_pages.push(*fault);
                }
            }
            Said::Notice(Notice::Polling(reason)) => self.line(&format!(
                "changes cannot be heard of ({reason}): looking at the files again and again"
            )),
        }
    }

    /// Prints what is wrong now and was not at the moment before.
    fn tell(&mut self, moment: &Moment) {
        let found = &moment.snapshot.found;
        let is_told = |one: &&Diagnostic| !self.quiet || one.is_error();
        for one in found.iter().filter(|one| !self.told.contains(&Told::of(one))).filter(is_told) {
            print_diagnostics([one], &moment.snapshot.sources);
        }
        self.told = found.iter().map(Told::of).collect();
    }

    fn line(&self, text: &str) {
        if !self.quiet {
            // A terminal that is gone is no reason to stop serving.
            let _ = writeln!(std::io::stdout().lock(), "{text}");
        }
    }

    fn open_browser(&self, url: &str) {
        let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
            ("open", &[])
        } else if cfg!(windows) {
            ("cmd", &["/C", "start", ""])
        } else {
            ("xdg-open", &[])
        };
        let mut command = Command::new(program);
        command.args(before).arg(url).stdin(Stdio::null()).stdout(Stdio::null());
        let started = command.stderr(Stdio::null()).spawn();
        match started {
            Ok(mut browser) => {
                let failed = format!("{program} opens no browser: open {url}");
                // Elsewhere: some of them end only with the browser.
                std::thread::spawn(move || {
                    if browser.wait().is_ok_and(|status| !status.success()) {
                        let _ = writeln!(std::io::stdout().lock(), "{failed}");
                    }
                });
            }
            Err(error) => self.line(&format!("{program} does not start ({error}): open {url}")),
        }
    }
}

/// `content/a.md and 2 more: ready in 12.3 ms, 1 error`.
fn changed(moment: &Moment) -> String {
    let more = match moment.changed.len() {
        0 | 1 => String::new(),
        all => format!(" and {} more", all - 1),
    };
    let first = moment.changed.first().map_or("the site", |path| path.as_str());
    let took = milliseconds(moment.took);
    let mut text = format!("{first}{more}: ready in {took}");
    for count in diagnostic::counted(moment.snapshot.found.iter()) {
        text += &format!(", {count}");
    }
    text
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
