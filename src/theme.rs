//! Themes: theme.yaml, `extends`, templates.
//!
//! A theme's files are Sources like all others, so that compiling one is pure. Templates
//! decide how things look; what they are given is made in [`crate::page`].

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, Range};
use std::sync::Arc;

use tera::{Context, ErrorKind, Tera};

mod bundle;
pub mod embedded;
mod plain;

use crate::diagnostic::{Checked, Code, Diagnostic, suggest};
use crate::source::line::Position;
use crate::source::{Asset, SitePath, Source, Sources, Span};
use crate::yaml::{self, Located, Reader, Unknown};

/// A theme with all that it extends, ready to render.
#[derive(Debug)]
pub struct Theme {
    tera: Tera,
    /// The templates by the name under which Tera knows them.
    templates: BTreeMap<String, Arc<Source>>,
    /// Files by their path in the output, the nearest theme's where several have one.
    assets: BTreeMap<String, Arc<Asset>>,
    /// The style sheets that pages link, in their order.
    sheets: Vec<String>,
    /// The templates that only print what they are given.
    plain: BTreeSet<String>,
    /// Itself and the themes that it extends, the nearest first.
    chain: Vec<String>,
}

/// What theme.yaml says.
struct Manifest {
    extends: Option<Located<String>>,
    source: Arc<Source>,
}

/// Compiles the theme `name`, which site.yaml names at `place`.
///
/// Gives nothing where a template cannot be read; all faults of all templates are found.
#[must_use]
pub fn compile(sources: &Sources, name: &str, place: Option<Span>) -> Checked<Option<Theme>> {
    let mut found = Vec::new();
    let chain = chain(sources, name, place, &mut found);
    let mut tera = Tera::default();
    let mut templates = BTreeMap::new();
    let mut assets = BTreeMap::new();
    for theme in &chain {
        let folder = format!("themes/{theme}/");
        for (path, source) in within(&sources.texts, &folder) {
            if let Some(file) = path.strip_prefix("templates/") {
                templates.insert(format!("{theme}/{file}"), source.clone());
            }
        }
        for (path, asset) in within(&sources.assets, &folder) {
            if let Some(file) = path.strip_prefix("static/") {
                assets.entry(format!("assets/{file}")).or_insert_with(|| asset.clone());
            }
        }
    }
    let prefixes: Vec<String> = chain.iter().map(|theme| format!("{theme}/")).collect();
    if let Err(error) = tera.set_fallback_prefixes(prefixes) {
        found.push(Diagnostic::global(Code::TemplateSyntax, error.to_string()));
    }
    let raw = templates.iter().map(|(name, source)| (name.as_str(), text_of(source)));
    if let Err(error) = tera.add_raw_templates(raw) {
        // Tera stops at the first template that it cannot read.
        let unread = templates.iter().filter_map(|(name, source)| syntax_fault(name, source));
        let unread: Vec<Diagnostic> = unread.collect();
        if unread.is_empty() && found.is_empty() {
            found.extend(faults(&templates, &error, Code::TemplateSyntax));
        }
        found.extend(unread);
    }
    if found.is_empty() {
        found.extend(incomplete(&tera, sources, &chain));
    }
    // What the site has in the place of one of them counts in the bundle too.
    for (path, asset) in within(&sources.assets, SITE_STYLES) {
        if let Some(own) = assets.get_mut(&format!("{}{path}", bundle::FOLDER)) {
            *own = asset.clone();
        }
    }
    let bundle = bundle::bundle(&assets);
    let sheets = match bundle {
        Some(all) => {
            assets.insert(bundle::PATH.to_owned(), Arc::new(all));
            vec![bundle::PATH.to_owned()]
        }
        None => bundle::sheets(&assets).into_iter().map(str::to_owned).collect(),
    };
    let plain = plain::plain(&templates);
    let value = found.is_empty().then_some(Theme { tera, templates, assets, sheets, plain, chain });
    Checked { value, found }
}

/// Where a site may have style sheets in the place of its theme's.
pub(crate) const SITE_STYLES: &str = "static/assets/css/";

/// The entries below `folder`, by the rest of their paths.
fn within<'a, T>(
    entries: &'a BTreeMap<SitePath, T>,
    folder: &'a str,
) -> impl Iterator<Item = (&'a str, &'a T)> {
    // Theirs stand together, behind all the articles of a site.
    let from = entries.range::<str, _>((Bound::Included(folder), Bound::Unbounded));
    from.map_while(move |(path, entry)| Some((path.as_str().strip_prefix(folder)?, entry)))
}

/// The theme and those that it extends, the nearest first.
fn chain(
    sources: &Sources,
    name: &str,
    place: Option<Span>,
    found: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let mut chain: Vec<String> = Vec::new();
    let mut next = Some((name.to_owned(), place));
    while let Some((name, place)) = next.take() {
        if chain.contains(&name) {
            found.push(cycle(&chain, &name, place));
            break;
        }
        let Some(manifest) = manifest(sources, &name, found) else {
            found.push(unknown(sources, &name, place));
            break;
        };
        chain.push(name);
        next = manifest.extends.map(|extends| {
            let place = Span::new(&manifest.source.path, extends.bytes);
            (extends.value, Some(place))
        });
    }
    chain
}

fn manifest(sources: &Sources, name: &str, found: &mut Vec<Diagnostic>) -> Option<Manifest> {
    let path =
        SitePath::new(&format!("themes/{name}/theme.yaml")).filter(|_| !name.contains('/'))?;
    let source = sources.texts.get(&path)?.clone();
    let document = yaml::read_file(&source).into_value(found);
    let mut keys = Reader::new(&source, &document, found);
    let extends = keys.line("extends");
    for key in ["name", "description", "license"] {
        keys.line(key);
    }
    keys.value("extra");
    keys.done(Unknown::Refused);
    Some(Manifest { extends, source })
}

fn cycle(chain: &[String], name: &str, place: Option<Span>) -> Diagnostic {
    let message =
        format!("the themes extend each other in a circle: {} → {name}", chain.join(" → "));
    at(Diagnostic::global(Code::ThemeCycle, message), place)
        .help("remove `extends` from one of them")
}

fn unknown(sources: &Sources, name: &str, place: Option<Span>) -> Diagnostic {
    let known: BTreeSet<&str> = sources
        .texts
        .keys()
        .filter_map(|path| path.as_str().strip_prefix("themes/")?.strip_suffix("/theme.yaml"))
        .collect();
    let message = format!("there is no theme `{name}`");
    let mut diagnostic = at(Diagnostic::global(Code::UnknownTheme, message), place);
    if let Some(near) = suggest::nearest(name, known.iter().copied()) {
        diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
    }
    let known: Vec<&str> = known.into_iter().collect();
    let folder = if SitePath::new(name).is_some() && !name.contains('/') { name } else { "name" };
    diagnostic.help(format!(
        "themes of this site: {}; a theme is a folder `themes/{folder}/` with a `theme.yaml`",
        known.join(", ")
    ))
}

/// A theme that lacks templates, without which some pages could not be rendered.
fn incomplete(tera: &Tera, sources: &Sources, chain: &[String]) -> Option<Diagnostic> {
    let lacking: Vec<&str> =
        embedded::page_templates().filter(|name| !tera.contains_template(name)).collect();
    let last = chain.last().filter(|_| !lacking.is_empty())?;
    let path = SitePath::new(&format!("themes/{last}/theme.yaml"))?;
    let place = sources.texts.contains_key(&path).then(|| Span::new(&path, 0..0));
    let message = format!("the theme `{last}` has no template {}", lacking.join(", "));
    let diagnostic = at(Diagnostic::global(Code::MissingTemplate, message), place);
    let help = match last.as_str() {
        "broadsheet" => {
            "give this folder another name, and write `extends: broadsheet` in it, to take them from the default theme"
        }
        _ => "write `extends: broadsheet` to take them from the default theme",
    };
    Some(diagnostic.help(help))
}

fn at(mut diagnostic: Diagnostic, place: Option<Span>) -> Diagnostic {
    diagnostic.place = place;
    diagnostic
}

/// The text without its byte-order mark, which would stand before `extends`.
fn text_of(source: &Source) -> &str {
    source.text.strip_prefix('\u{feff}').unwrap_or(&source.text)
}

/// A fault of the template alone; what it extends is looked for later.
fn syntax_fault(name: &str, source: &Arc<Source>) -> Option<Diagnostic> {
    let mut tera = Tera::default();
    let error = tera.add_raw_template(name, text_of(source)).err()?;
    let only = BTreeMap::from([(name.to_owned(), source.clone())]);
    matches!(error.kind(), ErrorKind::SyntaxError(_))
        .then(|| fault(&only, &error, Code::TemplateSyntax))
        .flatten()
}

/// All that one error of Tera tells: unknown names come several in one text.
fn faults(
    templates: &BTreeMap<String, Arc<Source>>,
    error: &tera::Error,
    code: Code,
) -> Vec<Diagnostic> {
    match error.kind() {
        ErrorKind::Msg(text) => {
            text.split("\n\n").map(|report| reported(templates, report, code)).collect()
        }
        _ => fault(templates, error, code).into_iter().collect(),
    }
}

/// A report as Tera prints it: `error: …`, `--> name:line:column`, the line, carets below it.
fn reported(templates: &BTreeMap<String, Arc<Source>>, report: &str, code: Code) -> Diagnostic {
    let mut lines = report.lines();
    let message = lines.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let place = lines.next().and_then(|line| {
        let (rest, column) = line.trim().strip_prefix("--> ")?.rsplit_once(':')?;
        let (name, line) = rest.rsplit_once(':')?;
        let (line, column) = (line.parse().ok()?, column.parse().ok()?);
        let source = templates.get(name)?;
        let carets = lines.last().unwrap_or_default().matches('^').count();
        let offset = |column| source.lines().offset(&source.text, Position { line, column });
        Some(Span::new(&source.path, offset(column)..offset(column.saturating_add(carets))))
    });
    let code = if message.starts_with("Unknown template") { Code::MissingTemplate } else { code };
    at(Diagnostic::global(code, sentence(message)), place)
}

/// A message of Tera as ours are: no capital at its beginning, no full stop at its end.
fn sentence(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn fault(
    templates: &BTreeMap<String, Arc<Source>>,
    error: &tera::Error,
    code: Code,
) -> Option<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let source = templates.get(report.filename())?;
            let bytes = bytes(source, report.span());
            Some(Diagnostic::error(
                code,
                Span::new(&source.path, bytes),
                sentence(report.message()),
            ))
        }
        ErrorKind::CircularExtend { tpl, .. } => {
            let source = templates.get(tpl)?;
            let file = tpl.split_once('/').map_or(tpl.as_str(), |(_, file)| file);
            Some(
                Diagnostic::about(code, &source.path, "this template extends itself")
                    .help(format!("name the theme whose template it extends: `{{% extends \"broadsheet/{file}\" %}}`")),
            )
        }
        ErrorKind::MissingParent { current, parent } => {
            let source = templates.get(current)?;
            let written = source.text.find(parent).map_or(0..0, |at| at..at + parent.len());
            Some(Diagnostic::error(
                Code::MissingTemplate,
                Span::new(&source.path, written),
                format!("there is no template `{parent}` to extend"),
            ))
        }
        _ => Some(Diagnostic::global(code, error.to_string())),
    }
}

/// Tera counts lines from 1 and columns from 0, in characters.
fn bytes(source: &Source, span: &tera::Span) -> Range<usize> {
    let start = Position { line: span.start_line.max(1), column: span.start_col + 1 };
    let end = Position { line: span.end_line.max(1), column: span.end_col + 1 };
    let lines = source.lines();
    let start = lines.offset(&source.text, start);
    start..lines.offset(&source.text, end).max(start)
}

impl Theme {
    /// Renders `template` with `context`, for the page at `page`.
    ///
    /// # Errors
    ///
    /// With the template, the line and the page where a template asks for what is not there.
    pub fn render(
        &self,
        template: &str,
        context: &Context,
        page: &str,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        self.piece(template, context).map_err(|diagnostic| {
            Box::new(diagnostic.help(format!("found while rendering {page} with `{template}`")))
        })
    }

    /// Renders `template` with `context`, for no page alone.
    ///
    /// # Errors
    ///
    /// With the template and the line where a template asks for what is not there.
    pub fn piece(&self, template: &str, context: &Context) -> Result<Vec<u8>, Box<Diagnostic>> {
        let mut bytes = Vec::with_capacity(8 * 1024);
        match self.tera.render_to(template, context, &mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => {
                let diagnostic = fault(&self.templates, &error, Code::TemplateRender)
                    .unwrap_or_else(|| Diagnostic::global(Code::TemplateRender, error.to_string()));
                Err(Box::new(diagnostic))
            }
        }
    }

    /// Whether what `template` makes of two pages differs only by the texts that it prints, if
    /// nothing else in their values differs.
    #[must_use]
    pub fn is_plain(&self, template: &str) -> bool {
        self.plain.contains(template)
    }

    /// Where a template has an attribute of the value `value`, in the nearest theme that does.
    #[must_use]
    pub fn place_of(&self, value: &str) -> Option<Span> {
        let quoted = [format!("\"{value}\""), format!("'{value}'")];
        let at = |source: &Arc<Source>| {
            let at = quoted.iter().find_map(|quoted| source.text.find(quoted.as_str()))? + 1;
            Some(Span::new(&source.path, at..at + value.len()))
        };
        self.chain.iter().find_map(|theme| {
            let own = self.templates.iter().filter(|(name, _)| {
                name.strip_prefix(theme.as_str()).is_some_and(|rest| rest.starts_with('/'))
            });
            own.map(|(_, source)| source).find_map(at)
        })
    }

    /// The theme's files: the path of each in the output.
    pub fn assets(&self) -> impl Iterator<Item = (&str, &Arc<Asset>)> {
        self.assets.iter().map(|(path, asset)| (path.as_str(), asset))
    }

    /// The path of a file in the output with the first 8 digits of its content's hash.
    #[must_use]
    pub fn versioned(&self, path: &str) -> Option<String> {
        let asset = self.assets.get(path)?;
        Some(format!("{path}?v={:08x}", asset.hash >> 32))
    }

    /// The style sheets that every page links, in their order.
    #[must_use]
    pub fn stylesheets(&self) -> Vec<String> {
        self.sheets.iter().filter_map(|path| self.versioned(path)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::AssetContent;

    fn sources(files: &[(&str, &str)]) -> Sources {
        let mut sources = Sources::default();
        for (path, text) in files {
            let path = SitePath::new(path).unwrap();
            sources.texts.insert(path.clone(), Arc::new(Source::new(path, (*text).to_owned())));
        }
        embedded::add_to(&mut sources);
        sources
    }

    #[track_caller]
    fn check_faults(files: &[(&str, &str)], name: &str, expected: &[(Code, &str)]) {
        let sources = sources(files);
        let compiled = compile(&sources, name, None);
        let found: Vec<(Code, String)> = compiled
            .found
            .iter()
            .map(|one| {
                let place = one.place.as_ref().map_or(String::new(), |place| {
                    let position = sources.texts[&place.path].position(place.bytes.start);
                    format!("{}:{}:{}", place.path, position.line, position.column)
                });
                (one.code, place)
            })
            .collect();
        let found: Vec<(Code, &str)> =
            found.iter().map(|(code, place)| (*code, place.as_str())).collect();
        assert_eq!(found, expected);
        assert_eq!(compiled.value.is_some(), expected.is_empty());
    }

    #[test]
    fn the_default_theme_compiles() {
        check_faults(&[], "broadsheet", &[]);
        let theme = compile(&sources(&[]), "broadsheet", None).value.unwrap();
        assert_eq!(theme.stylesheets().len(), 1);
        let sheets = bundle::sheets(&theme.assets);
        let place = |name: &str| sheets.iter().position(|sheet| sheet.contains(name)).unwrap();
        assert_eq!(place("/tokens.css"), 0);
        assert!(
            place("/debate.css") < place("/spread.css"),
            "spread.css changes rules of debate.css"
        );
    }

    #[test]
    fn a_style_sheet_of_the_site_stands_in_the_bundle() {
        let mut sources = sources(&[]);
        let path = SitePath::new("static/assets/css/page.css").unwrap();
        let content = AssetContent::Bytes(b"own{}".as_slice().into());
        let own = Asset { path: path.clone(), size: 5, hash: 5, dimensions: None, content };
        sources.assets.insert(path, Arc::new(own));
        let theme = compile(&sources, "broadsheet", None).value.unwrap();
        let AssetContent::Bytes(all) = &theme.assets[bundle::PATH].content else { panic!() };
        assert_eq!(memchr::memmem::find_iter(all, "\nown{}\n").count(), 1);
    }

    #[test]
    fn the_pages_that_are_many_are_made_by_plain_templates() {
        let theme = compile(&sources(&[]), "broadsheet", None).value.unwrap();
        for name in ["article", "debate", "entry", "flow", "list", "row", "tabs"] {
            assert!(theme.is_plain(&format!("{name}.html")), "{name}");
        }
    }

    #[test]
    fn a_theme_overrides_one_block_of_another() {
        let sources = sources(&[
            ("themes/mine/theme.yaml", "extends: broadsheet\n"),
            (
                "themes/mine/templates/x.html",
                "{% extends \"broadsheet/y.html\" %}{% block a %}mine{% endblock %}",
            ),
            ("themes/mine/templates/y.html", "{% block a %}theirs{% endblock %}!"),
        ]);
        let found = compile(&sources, "mine", None).found;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].message, "there is no template `broadsheet/y.html` to extend");
    }

    #[test]
    fn every_broken_template_is_told_with_its_place() {
        check_faults(
            &[
                ("themes/mine/theme.yaml", "extends: broadsheet\n"),
                ("themes/mine/templates/a.html", "x\n{{ 1 + }}"),
                ("themes/mine/templates/b.html", "{% if %}"),
            ],
            "mine",
            &[
                (Code::TemplateSyntax, "themes/mine/templates/a.html:2:8"),
                (Code::TemplateSyntax, "themes/mine/templates/b.html:1:7"),
            ],
        );
    }

    #[test]
    fn a_theme_without_the_templates_of_pages_is_told() {
        check_faults(
            &[("themes/mine/theme.yaml", "name: Mine\n")],
            "mine",
            &[(Code::MissingTemplate, "themes/mine/theme.yaml:1:1")],
        );
    }

    #[test]
    fn every_unknown_name_is_told_with_its_place() {
        check_faults(
            &[
                ("themes/mine/theme.yaml", "extends: broadsheet\n"),
                ("themes/mine/templates/a.html", "中 {{ x | nope }}\n{% include \"gone.html\" %}"),
                ("themes/mine/templates/b.html", "{{ nothing() }}"),
            ],
            "mine",
            &[
                (Code::TemplateSyntax, "themes/mine/templates/a.html:1:10"),
                (Code::MissingTemplate, "themes/mine/templates/a.html:2:12"),
                (Code::TemplateSyntax, "themes/mine/templates/b.html:1:4"),
            ],
        );
    }

    #[test]
    fn themes_that_do_not_exist_or_go_round_are_told() {
        check_faults(&[], "braodsheet", &[(Code::UnknownTheme, "")]);
        check_faults(
            &[("themes/a/theme.yaml", "extends: b\n"), ("themes/b/theme.yaml", "extends: a\n")],
            "a",
            &[(Code::ThemeCycle, "themes/b/theme.yaml:1:10")],
        );
    }
}
