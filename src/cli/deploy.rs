//! `agon deploy`: builds into memory, pushes what came of it, and says what was pushed.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::Value;

use super::arguments::{Common, Deploy, Format};
use super::run::{self, Action, BaseUrlChoice, Outcome, Request};
use super::said::to_stdout;
use super::{FAILED, refused, report};
use crate::deploy::base_url::Reach;
use crate::deploy::workflow::{self, Change, Schedule, Tool, Workflow, WorkflowOrder};
use crate::deploy::{Branch, Deployment, Foreign, Order, Push, State, deploy, shown_remote, size};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::OutputFile;

/// Deploys as the arguments say.
pub(super) fn run(arguments: &Deploy) -> ExitCode {
    let common = &arguments.common;
    let request = match request(arguments) {
        Ok(request) => request,
        Err(diagnostic) => return refused(*diagnostic, common),
    };
    if arguments.workflow {
        return write_workflow(&request, common);
    }
    let mut outcome = run::run(&request);
    let warnings = warnings(outcome.kept.as_deref().unwrap_or_default());
    outcome.found.extend(warnings);
    if request.fails(&outcome.found) {
        let _ = report::print(&outcome, Some(&request), common);
        return ExitCode::from(FAILED);
    }
    // What a machine reads is one object; a person reads of the site before it is pushed.
    if common.format != Format::Json {
        let _ = report::print(&outcome, Some(&request), common);
    }
    let order = order(arguments, &request);
    let result = deploy(&order, outcome.kept.as_deref().unwrap_or_default());
    let code = if result.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) };
    if common.format == Format::Json {
        match result {
            Ok(deployment) => outcome.deployed = counted(&deployment),
            Err(fault) => outcome.found.push(*fault),
        }
        let printed = report::print(&outcome, Some(&request), common);
        return if code == ExitCode::SUCCESS { printed } else { code };
    }
    match result {
        Ok(deployment) if !common.quiet => to_stdout(&told(&deployment, &order, &outcome)),
        Ok(_) => code,
        Err(fault) => {
            let outcome = Outcome { found: vec![*fault], ..Outcome::default() };
            let _ = report::print(&outcome, None, common);
            code
        }
    }
}

fn warnings(files: &[OutputFile]) -> Vec<Diagnostic> {
    let sizes: Vec<(&str, u64)> =
        files.iter().map(|file| (file.path.as_str(), size::bytes(file))).collect();
    size::warnings(&sizes)
}

/// What was deployed, for machines.
fn counted(deployment: &Deployment) -> Vec<(&'static str, Value)> {
    let changes = &deployment.changes;
    let commit = match &deployment.state {
        State::Pushed { commit, .. } => Some(commit.as_str()),
        State::Same | State::Dry => None,
    };
    vec![
        ("files_added", changes.added.len().into()),
        ("files_changed", changes.changed.len().into()),
        ("files_removed", changes.removed.len().into()),
        ("deployed", commit.into()),
    ]
}

fn request(arguments: &Deploy) -> Result<Request, Box<Diagnostic>> {
    let mut request = arguments.common.request(Action::Keep)?;
    if request.options.drafts {
        return Err(Box::new(drafts()));
    }
    request.remote.clone_from(&arguments.remote);
    // It goes to that remote, so that its pages are there, wherever the site lies.
    if let BaseUrlChoice::OfSite(reach) = &mut request.options.base_url {
        *reach = Reach::Anywhere;
    }
    Ok(request)
}

fn order(arguments: &Deploy, request: &Request) -> Order {
    Order {
        root: request.root.clone(),
        remote: arguments.remote.clone(),
        branch: arguments.branch.clone(),
        message: arguments.message.clone().filter(|message| !message.trim().is_empty()),
        foreign: if arguments.adopt { Foreign::Adopted } else { Foreign::Refused },
        push: if arguments.dry_run { Push::Dry } else { Push::Real },
    }
}

fn told(deployment: &Deployment, order: &Order, outcome: &Outcome) -> String {
    let mut text = String::new();
    let changes = &deployment.changes;
    if order.push == Push::Dry {
        let lists = [("+", &changes.added), ("~", &changes.changed), ("-", &changes.removed)];
        for (sign, files) in lists {
            for (path, bytes) in files {
                let _ = writeln!(text, "{sign} {} ({})", path.escape_debug(), size::shown(*bytes));
            }
        }
    }
    let (files, bytes) = deployment.total;
    let _ = writeln!(
        text,
        "{} added, {} changed, {} removed; {} in all, {}",
        report::count(changes.added.len(), "file"),
        changes.changed.len(),
        changes.removed.len(),
        report::count(files, "file"),
        size::shown(bytes)
    );
    let remote = shown_remote(&order.remote);
    let place = format!("branch {} of {remote}", order.branch);
    let _ = match &deployment.state {
        State::Same => writeln!(text, "nothing to deploy: {place} holds the same"),
        State::Dry => writeln!(text, "nothing was pushed; agon deploy pushes this to {place}"),
        State::Pushed { commit, .. } => {
            writeln!(text, "deployed to {place} as {}", commit.get(..12).unwrap_or(commit))
        }
    };
    if let State::Pushed { branch: Branch::New | Branch::First, .. } = &deployment.state {
        let _ = writeln!(
            text,
            "at GitHub, once: Settings, Pages, \"Deploy from a branch\", {}, / (root)",
            order.branch
        );
    }
    if let State::Pushed { branch: Branch::First, .. } = &deployment.state {
        let _ = writeln!(
            text,
            "it is the first branch of {remote}, which hosts take for the main one: push your \
             sources too, and make theirs the default branch in Settings"
        );
    }
    if let Some((Some(url), _)) = outcome.base_url.as_ref().filter(|_| order.push == Push::Real) {
        let _ = writeln!(text, "{url}/");
    }
    text
}

fn write_workflow(request: &Request, common: &Common) -> ExitCode {
    // What is wrong with the site is told by the workflow, at each push.
    let awaited = run::run(request).awaited;
    let schedule = if awaited > 0 { Schedule::Daily } else { Schedule::Push };
    let order =
        WorkflowOrder { root: request.root.clone(), remote: request.remote.clone(), schedule };
    match workflow::write(&order) {
        Ok(written) => {
            if common.quiet || common.format == Format::Json {
                return ExitCode::SUCCESS;
            }
            to_stdout(&told_of_workflow(&written, schedule))
        }
        Err(fault) => {
            let outcome = Outcome { found: vec![*fault], ..Outcome::default() };
            report::print(&outcome, None, common);
            ExitCode::from(FAILED)
        }
    }
}

fn told_of_workflow(written: &Workflow, schedule: Schedule) -> String {
    let path = workflow::PATH;
    let mut text = match written.change {
        Change::Same => format!("{path} is as it should be\n"),
        Change::New => format!("{path} is written\n"),
        Change::Renewed => format!("{path} is renewed\n"),
    };
    let version = env!("CARGO_PKG_VERSION");
    let _ = match &written.tool {
        Tool::Source => writeln!(text, "this is Agon's own repository: it builds agon from source"),
        Tool::Release { sha256 } => {
            writeln!(text, "it downloads the release {version} of agon, SHA-256 {sha256}")
        }
    };
    let day =
        if schedule == Schedule::Daily { ", and every day for what is to appear then" } else { "" };
    let _ = writeln!(text, "it publishes the branch {} at each push{day}", written.branch);
    text += "once, in the repository at GitHub: Settings, Pages, Source: \"GitHub Actions\"\n";
    if written.change != Change::Same {
        let _ = writeln!(
            text,
            "now: git add {path} && git commit -m \"Publish with GitHub Pages\" && git push"
        );
    }
    text
}

fn drafts() -> Diagnostic {
    Diagnostic::global(Code::DeployRefused, "`--drafts` would publish drafts")
        .help("agon deploy, without it; an article that is done loses its `draft: true`")
}
