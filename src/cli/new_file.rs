//! A new file of `content/`: its name, its front matter, and an editor to write it in.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::article::front_matter::{COLORS, Color};
use crate::cli::open_site::{OpenSite, shown};
use crate::cli::said::{Refused, Said};
use crate::deploy::user_name;
use crate::diagnostic::{Code, Diagnostic};
use crate::disk::write::unwritable;
use crate::site::slug::{fold, new_stem};
use crate::source::SitePath;

/// What every new file may be given.
#[derive(Args, Debug)]
pub(super) struct Common {
    /// Who writes it [default: the site's author, else `git config user.name`]
    #[arg(long, value_name = "NAME")]
    pub(super) author: Option<String>,
    /// Mark it as a draft, which is not published
    #[arg(long)]
    pub(super) draft: bool,
    /// Open it in $VISUAL or $EDITOR
    #[arg(short, long)]
    pub(super) edit: bool,
}

/// Front matter as it is written, a key a line.
#[derive(Clone, Debug, Default)]
pub(super) struct Front(String);

impl Front {
    /// Adds a key with a text, in quotation marks.
    pub(super) fn text(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.0, "{key}: {}", quoted(value));
    }

    /// Adds a key with a value that needs no quotation marks.
    pub(super) fn plain(&mut self, key: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{key}: {value}");
    }

    /// Adds a colour: a name, or `"#rrggbb"`.
    pub(super) fn color(&mut self, color: Color) {
        match color {
            Color::Named(name) => self.plain("color", name),
            Color::Rgb(_) => self.text("color", &color.to_string()),
        }
    }

    /// The whole file with `body` below.
    pub(super) fn with(&self, body: &str) -> String {
        format!("---\n{}---\n\n{body}", self.0)
    }
}

/// `text` in YAML's double quotation marks, whose escapes are JSON's (YAML 1.2, section 7.3.1).
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A title as it was given: one line with something in it.
pub(super) fn title(text: &str) -> Result<String, Refused> {
    let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let title: String = title.chars().filter(|c| !c.is_control()).collect();
    if title.is_empty() {
        let fault = Diagnostic::global(Code::InvalidArgument, "the title is empty");
        return Err(Refused::usage(
            fault.help("agon new debate \"Should the city build a tram?\""),
        ));
    }
    Ok(title)
}

/// A colour as it was given.
pub(super) fn color(text: &str) -> Result<Color, Refused> {
    Color::parse(text).ok_or_else(|| {
        let message = format!("there is no colour `{text}`");
        let fault = Diagnostic::global(Code::UnknownColor, message);
        let names = format!("the colours are {} and \"#rrggbb\"", COLORS.join(", "));
        Refused::usage(fault.help(names))
    })
}

impl Common {
    /// The name for the byline: as given, none where the site has one for all, else Git's.
    pub(super) fn author(&self, site: &OpenSite) -> Option<String> {
        let given = self.author.as_deref().map(str::trim).filter(|name| !name.is_empty());
        match given {
            Some(name) => Some(name.to_owned()),
            None if !site.snapshot.site.settings.authors.is_empty() => None,
            None => user_name(&site.root),
        }
    }

    /// Writes `text` as a new file of `content/` and opens it, where that is asked for.
    pub(super) fn write(
        &self,
        site: &OpenSite,
        path: &SitePath,
        text: &str,
    ) -> Result<Said, Refused> {
        let editor = if self.edit { Some(editor()?) } else { None };
        let file = site.root.join(path.as_str());
        create(&file, text).map_err(|error| Refused::failed(vec![unwritable(&file, &error)]))?;
        let said = Said::new(format!("{}\n", shown(&file)));
        let Some(editor) = editor else { return Ok(said) };
        said.print();
        open(&editor, &file)?;
        Ok(Said::default())
    }
}

/// A path in `content/` for an article with this title that no file and no article has.
pub(super) fn free_path(site: &OpenSite, title: &str) -> Result<SitePath, Refused> {
    let (taken, sources) = (&site.snapshot.site.articles, &site.snapshot.sources);
    let slugs: Vec<String> = taken.iter().map(|one| fold(one.slug.as_str())).collect();
    let path = |stem: &str| SitePath::new(&format!("content/{stem}.md"));
    let is_free = |stem: &str, slug: &str| {
        let free = |path: SitePath| {
            let file = site.root.join(path.as_str());
            !sources.texts.contains_key(&path) && std::fs::symlink_metadata(file).is_err()
        };
        !slugs.contains(&fold(slug)) && path(stem).is_some_and(free)
    };
    new_stem(title, is_free).and_then(|stem| path(&stem)).ok_or_else(|| {
        let message = "there are too many articles of this title already";
        Refused::usage(Diagnostic::global(Code::InvalidArgument, message).help("choose another"))
    })
}

/// Makes a file that is not there yet, with the folders above.
pub(super) fn create(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut made = OpenOptions::new().write(true).create_new(true).open(file)?;
    made.write_all(text.as_bytes()).inspect_err(|_| {
        // On a full disk: what is empty would be taken for an article.
        let _ = std::fs::remove_file(file);
    })
}

fn editor() -> Result<OsString, Refused> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    variable("VISUAL").or_else(|| variable("EDITOR")).ok_or_else(|| {
        let message = "neither `VISUAL` nor `EDITOR` says which editor to open";
        let fault = Diagnostic::global(Code::InvalidArgument, message);
        Refused::usage(fault.help("export EDITOR=nano").help("or leave `-e` out"))
    })
}

/// Runs the editor as Git does: through the shell, for it may have arguments.
fn open(editor: &OsString, file: &Path) -> Result<(), Refused> {
    let shown = editor.to_string_lossy();
    let status = if cfg!(windows) {
        let mut words = shown.split_whitespace();
        Command::new(words.next().unwrap_or_default()).args(words).arg(file).status()
    } else {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{shown} \"$@\"")).arg(editor).arg(file).status()
    };
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Refused::failed(vec![editor_failed(&shown, &status.to_string())])),
        Err(error) => Err(Refused::failed(vec![editor_failed(&shown, &error.to_string())])),
    }
}

fn editor_failed(editor: &str, why: &str) -> Diagnostic {
    let message = format!("the editor `{editor}` failed: {why}");
    Diagnostic::global(Code::EditorFailed, message).help("the file is written: open it yourself")
}

/// The path of a file that was typed, inside the site.
pub(super) fn inside(root: &Path, typed: &Path) -> Option<SitePath> {
    let real = |path: PathBuf| std::fs::canonicalize(path).ok();
    let root = real(root.to_owned())?;
    let file = real(typed.to_owned()).filter(|file| file.is_file())?;
    let parts: Option<Vec<&str>> =
        file.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
    SitePath::new(&parts?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_survives_its_quotation_marks() {
        let text = "a \"b\" \\ c: #d — ‘e’ \u{85}\u{2028}";
        let back: String = serde_json::from_str(&quoted(text)).unwrap();
        assert_eq!(back, text);
    }

    #[test]
    fn a_title_is_one_line() {
        assert_eq!(title(" a\n b\t\u{7}c ").unwrap(), "a b c");
        assert!(title(" \n").is_err());
    }
}
