//! The command line: which command, its arguments, exit codes and what is printed.
//!
//! Environment, clock and terminal are read here and passed on as values.
#![allow(clippy::disallowed_methods, reason = "an edge: it may touch the world")]

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

mod actions;
mod arguments;
mod clean;
mod completions;
mod deploy;
mod external;
mod init;
mod list;
mod new;
mod new_file;
mod open_site;
mod quotes;
mod quoting;
mod reply;
mod report;
mod root;
pub mod run;
mod said;
mod serve;

use arguments::{Arguments, Command, Common};
use run::{Action, Outcome, Outward, Request};
use said::{Refused, Said};

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
    match &arguments.command {
        Command::Build(build) => {
            made(&build.common, Action::Write(build.force()), Outward::Trusted)
        }
        Command::Check(check) => made(&check.common, Action::Check, check.outward()),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Deploy(arguments) => deploy::run(arguments),
        Command::Init(init) => said(init.run()),
        Command::New(new) => said(new.run()),
        Command::Reply(reply) => said(reply.run()),
        Command::List(list) => said(list.run()),
        Command::Clean(clean) => said(clean.run()),
        Command::Completions(completions) => said(Ok(completions.run())),
    }
}

/// Prints what a command that makes no pages says.
fn said(result: Result<Said, Refused>) -> ExitCode {
    match result {
        Ok(said) => said.print(),
        Err(refused) => refused.print(),
    }
}

/// Builds or checks the site.
fn made(common: &Common, action: Action, outward: Outward) -> ExitCode {
    let request = match common.request(action) {
        Ok(request) => Request { outward, ..request },
        Err(diagnostic) => return refused(*diagnostic, common),
    };
    let outcome = run::run(&request);
    let printed = report::print(&outcome, Some(&request), common);
    if request.fails(&outcome.found) { ExitCode::from(FAILED) } else { printed }
}

/// Tells of a wrong usage.
fn refused(diagnostic: Diagnostic, common: &Common) -> ExitCode {
    let outcome = Outcome { found: vec![diagnostic], ..Outcome::default() };
    let _ = report::print(&outcome, None, common);
    ExitCode::from(WRONG_USAGE)
}
