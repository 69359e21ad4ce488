//! The command line: which command, its arguments, exit codes and what is printed.
//!
//! Environment, clock and terminal are read here and passed on as values.
#![allow(clippy::disallowed_methods, reason = "an edge: it may touch the world")]

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

mod arguments;
mod deploy;
mod quotes;
mod report;
mod root;
pub mod run;
mod serve;

use arguments::{Arguments, Command, Common};
use run::{Action, Outcome};

use crate::diagnostic::Diagnostic;

/// The exit code where errors were found.
const FAILED: u8 = 1;

/// The exit code of a wrong usage.
const WRONG_USAGE: u8 = 2;

/// Runs the command that `arguments` (the program's name first) ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed pipe is no reason to fail: nobody reads any more.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(WRONG_USAGE));
        }
    };
    let (common, action) = match &arguments.command {
        Command::Build(build) => (&build.common, Action::Write(build.force())),
        Command::Check(common) => (common, Action::Check),
        Command::Deploy(arguments) => return deploy::run(arguments),
        Command::Serve(arguments) => return serve::run(arguments),
    };
    let request = match common.request(action) {
        Ok(request) => request,
        Err(diagnostic) => return refused(*diagnostic, common),
    };
    let outcome = run::run(&request);
    report::print(&outcome, Some(&request), common);
    if request.fails(&outcome.found) { ExitCode::from(FAILED) } else { ExitCode::SUCCESS }
}

/// Tells of a wrong usage.
fn refused(diagnostic: Diagnostic, common: &Common) -> ExitCode {
    let outcome = Outcome { found: vec![diagnostic], ..Outcome::default() };
    report::print(&outcome, None, common);
    ExitCode::from(WRONG_USAGE)
}
