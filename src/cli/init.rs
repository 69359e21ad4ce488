//! `agon init`: a site to begin with, in an empty folder or beside what is there.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory as _};
use jiff::tz::TimeZone;

use crate::cli::arguments::{Arguments, now_of_environment};
use crate::cli::new_file::{create, quoted};
use crate::cli::open_site::{shown, today};
use crate::cli::said::{Refused, Said};
use crate::diagnostic::{Code, Diagnostic};
use crate::disk::write::unwritable;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  agon init debates\n  cd debates && agon init")]
pub(super) struct Init {
    /// The folder; it is made where it is missing
    #[arg(default_value = ".")]
    dir: PathBuf,
}

/// What a site begins with: a path and its text, in which `DATE` and `TITLE` are filled in.
const FILES: &[(&str, &str)] = &[
    (".gitignore", include_str!("init/gitignore")),
    ("README.md", include_str!("init/readme.md")),
    ("content/no-meeting-without-a-page.md", include_str!("init/original.md")),
    ("content/too-young-to-be-written-down.md", include_str!("init/reply.md")),
    ("site.yaml", include_str!("init/site.yaml")),
];

/// What tells that a folder is a site.
const SIGNS: &[&str] = &["site.yaml", "content", "seeds"];

impl Init {
    pub(super) fn run(&self) -> Result<Said, Refused> {
        let folder = self.dir.as_path();
        let date = today(now_of_environment()?, &TimeZone::UTC).to_string();
        if let Some(sign) = SIGNS.iter().find(|sign| is_there(&folder.join(sign))) {
            return Err(Refused::usage(site_already(folder, sign)));
        }
        let refused =
            |file: &Path, error: &io::Error| Refused::failed(vec![unwritable(file, error)]);
        std::fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
        let title = std::fs::canonicalize(folder).ok();
        let title = title.as_deref().and_then(Path::file_name).unwrap_or_default();
        let title = quoted(&title.to_string_lossy());
        let (mut made, mut left) = (Vec::new(), Vec::new());
        for (path, text) in FILES {
            let text = text.replace("DATE", &date).replace("TITLE", &title);
            let file = folder.join(path);
            match create(&file, &text) {
                Ok(()) => made.push(*path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => left.push(*path),
                Err(error) => return Err(refused(&file, &error)),
            }
        }
        Ok(Said::new(told(folder, &made, &left)))
    }
}

fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// What was made, what was left alone, and what to do next.
fn told(folder: &Path, made: &[&str], left: &[&str]) -> String {
    let mut text = format!("a site was made in {}:\n", shown_folder(folder));
    for path in made {
        let _ = writeln!(text, "  {path}");
    }
    if !left.is_empty() {
        text += "left alone, for they were there:\n";
    }
    for path in left {
        let advice = match *path {
            ".gitignore" => {
                "    (add the lines `/output/`, `/.output.agon-staging/` and `/.agon-cache/` to it)"
            }
            _ => "",
        };
        let _ = writeln!(text, "  {path}{advice}");
    }
    text += "\nnext:\n";
    if folder != Path::new(".") {
        let _ = writeln!(text, "  cd {}", shell_word(&folder.display().to_string()));
    }
    for (command, line, what) in NEXT {
        // Not every program is built with every command.
        if Arguments::command().find_subcommand(command).is_some() {
            let _ = writeln!(text, "  {line:<53}  # {what}");
        }
    }
    text
}

/// What to do after `init`: a command, the line to type, what it does.
const NEXT: &[(&str, &str, &str)] = &[
    ("serve", "agon serve", "shows the site while you write"),
    ("reply", "agon reply no-meeting-without-a-page --to 1,3", "writes an answer, with its quotes"),
    ("new", "agon new debate \"Your motion\"", "begins a debate of your own"),
    ("check", "agon check", "finds what is wrong"),
    ("build", "agon build", "makes the pages in output/"),
    ("deploy", "agon deploy", "publishes them on GitHub Pages"),
];

fn shown_folder(folder: &Path) -> String {
    match folder == Path::new(".") {
        true => "this folder".to_owned(),
        false => format!("`{}`", shown(folder)),
    }
}

fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':' | '\\');
    match text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

fn site_already(folder: &Path, sign: &str) -> Diagnostic {
    let sign = shown(&folder.join(sign));
    Diagnostic::global(Code::AlreadyThere, format!("there is a site already: `{sign}`"))
        .help("agon new debate \"Your motion\"    (for a new article in it)")
        .help("agon init DIR    (for a new site in another folder)")
}

#[cfg(test)]
mod tests {
    use crate::site::settings::{KEYS, Kind, Kinds, Settings, read};
    use crate::source::{SitePath, Source};

    #[test]
    fn the_settings_name_every_key_with_its_default() {
        let text = include_str!("init/site.yaml").replace("TITLE", "\"folder\"");
        let source = Source::new(SitePath::new("site.yaml").unwrap(), text.clone());
        let checked = read(Some(&source), "folder");
        assert_eq!(checked.found, []);
        let mut settings = checked.value;
        settings.theme.place = None;
        for kind in Kind::ALL {
            assert_eq!(settings.kinds.of(kind.english()), Some(kind));
        }
        settings.kinds = Kinds::default();
        assert_eq!(settings, Settings::new("folder"));
        let written: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once(':')?.0))
            .collect();
        assert_eq!(written, KEYS);
    }

    #[test]
    fn every_key_has_a_comment_and_every_example_in_it_is_read() {
        let text = include_str!("init/site.yaml");
        for block in text.split("\n\n").skip(1) {
            assert!(block.starts_with("# "), "{block:?}");
            let example: String = block
                .lines()
                .filter_map(|line| line.strip_prefix("#   "))
                .map(|line| format!("{line}\n"))
                .collect();
            let source = Source::new(SitePath::new("site.yaml").unwrap(), example.clone());
            let checked = read(Some(&source), "folder");
            assert_eq!(checked.found, [], "{example}");
            let is_default = checked.value == Settings::new("folder");
            assert_eq!(is_default, example.is_empty(), "{example}");
        }
    }
}
