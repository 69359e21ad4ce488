//! `site.yaml`: what an editor may set for the whole site (design.md, section 2).
//!
//! Every key has a default, so that a folder with one seed in it is a site. Whether the theme
//! exists and a menu leads anywhere is found out later, by those who know.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::article::document::MarkdownOptions;
use crate::article::front_matter::{Author, Direction, authors, direction, language};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::{Source, Span};
use crate::yaml::{self, Entry, Kind as NodeKind, Located, Node, Reader, Unknown, Value, shown};

pub use base_url::BaseUrl;
pub use kind::{Kind, Kinds};
pub use outward::{CheckExternal, Pattern};

mod base_url;
mod kind;
mod outward;

/// Articles on a page of a list, unless the site says otherwise.
const PAGINATE: u16 = 25;

/// Most articles on a page of a list: a list of more is no page that anybody reads.
const MAX_PAGINATE: u16 = 1000;

/// Settings of the whole site.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The name of the site.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub description: Option<String>,
    /// Where it will be published, as the file says: a flag or the environment beat it.
    pub base_url: Option<Located<BaseUrl>>,
    /// The language of its pages and of articles that name none.
    pub language: String,
    /// The direction of that language, where the site names it.
    pub dir: Option<Direction>,
    /// The authors of articles that name none.
    pub authors: Vec<Located<Author>>,
    /// The name of the theme; the place where the site names it.
    pub theme: Theme,
    /// The names of sides, by their key.
    pub sides: BTreeMap<String, Located<String>>,
    /// The lead-ins of the kinds of answer.
    pub kinds: Kinds,
    /// The links of the head of every page.
    pub menu: Vec<MenuItem>,
    /// Articles on a page of a list.
    pub paginate: usize,
    /// How Markdown is read.
    pub markdown: MarkdownOptions,
    /// What decides which day it is, and the offset of dates in feeds.
    pub timezone: TimeZone,
    /// Which outward links are asked for.
    pub check_external: CheckExternal,
    /// The theme's own.
    pub extra: Option<Value>,
}

/// Which theme the site has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The name of its folder in `themes/`.
    pub name: String,
    /// Where the site names it; nothing for the default.
    pub place: Option<Span>,
}

/// A link of the menu.
#[derive(Clone, Debug, PartialEq)]
pub struct MenuItem {
    /// What it says.
    pub name: String,
    /// Where it leads, as it was written.
    pub url: Located<String>,
}

impl Settings {
    /// What is set where a site sets nothing, in a folder of the name `folder_name`.
    #[must_use]
    pub fn new(folder_name: &str) -> Self {
        Self {
            title: folder_name.to_owned(),
            description: None,
            base_url: None,
            language: "en".to_owned(),
            dir: None,
            authors: Vec::new(),
            theme: Theme { name: "broadsheet".to_owned(), place: None },
            sides: BTreeMap::new(),
            kinds: Kinds::default(),
            menu: Vec::new(),
            paginate: usize::from(PAGINATE),
            markdown: MarkdownOptions::default(),
            timezone: TimeZone::UTC,
            check_external: CheckExternal::default(),
            extra: None,
        }
    }

    /// The kind of answer that a bold lead-in names, if it names one; see [`Kinds::of`].
    #[must_use]
    pub fn kind_of(&self, lead_in: &str) -> Option<Kind> {
        self.kinds.of(lead_in)
    }
}

/// Every key, in the order in which a new site explains them.
pub const KEYS: &[&str] = &[
    "title",
    "description",
    "base_url",
    "language",
    "dir",
    "author",
    "theme",
    "sides",
    "kinds",
    "menu",
    "paginate",
    "smart_punctuation",
    "math",
    "timezone",
    "check_external",
    "extra",
];

/// What other programs call our keys.
const SYNONYMS: &[(&str, &str)] = &[
    ("baseurl", "base_url"),
    ("default_language", "language"),
    ("direction", "dir"),
    ("lang", "language"),
    ("language_code", "language"),
    ("languagecode", "language"),
    ("name", "title"),
    ("nav", "menu"),
    ("navigation", "menu"),
    ("params", "extra"),
    ("per_page", "paginate"),
    ("tagline", "description"),
    ("time_zone", "timezone"),
    ("url", "base_url"),
];

/// Reads `site.yaml`, of which there may be none, in a folder of the name `folder_name`.
#[must_use]
pub fn read(source: Option<&Source>, folder_name: &str) -> Checked<Settings> {
    let mut settings = Settings::new(folder_name);
    let Some(source) = source else { return Checked::sound(settings) };
    let mut found = Vec::new();
    let document = yaml::read_file(source).into_value(&mut found);
    let mut keys = Reader::new(source, &document, &mut found).with_synonyms(SYNONYMS);
    if let Some(title) = keys.line("title") {
        settings.title = title.value;
    }
    settings.description = keys.text("description").map(|text| text.value);
    settings.base_url = base_url(&mut keys);
    if let Some(language) = language(&mut keys, "language") {
        settings.language = language.value;
    }
    settings.dir = direction(&mut keys, "dir").map(|dir| dir.value);
    settings.authors = authors(&mut keys, "author");
    if let Some(name) = keys.line("theme") {
        settings.theme = Theme { name: name.value, place: Some(keys.place(name.bytes)) };
    }
    settings.sides = sides(&mut keys);
    settings.kinds = kind::kinds(&mut keys);
    settings.menu = menu(&mut keys);
    if let Some(paginate) = paginate(&mut keys) {
        settings.paginate = usize::from(paginate);
    }
    settings.markdown = MarkdownOptions {
        smart_punctuation: keys.flag("smart_punctuation").is_some_and(|flag| flag.value),
        math: keys.flag("math").is_some_and(|flag| flag.value),
    };
    if let Some(timezone) = timezone(&mut keys) {
        settings.timezone = timezone;
    }
    settings.check_external = outward::check_external(&mut keys);
    settings.extra = keys.mapping("extra").is_some().then(|| keys.value("extra")).flatten();
    debug_assert!(
        keys.asked().iter().all(|key| KEYS.contains(key))
            && KEYS.iter().all(|key| keys.asked().contains(key)),
        "KEYS are not the keys that are read"
    );
    keys.done(Unknown::Refused);
    Checked { value: settings, found }
}

fn base_url(keys: &mut Reader<'_, '_>) -> Option<Located<BaseUrl>> {
    let text = keys.line("base_url")?;
    match BaseUrl::parse(&text.value) {
        Ok(value) => Some(Located { value, bytes: text.bytes }),
        Err(message) => {
            let error = Diagnostic::error(Code::InvalidBaseUrl, keys.place(text.bytes), message)
                .help("write `base_url: https://example.org` or `base_url: https://example.org/debates`");
            keys.refuse("base_url", error);
            None
        }
    }
}

/// `blue: {name: "Yes"}`, or `blue: "Yes"` for short.
fn sides(keys: &mut Reader<'_, '_>) -> BTreeMap<String, Located<String>> {
    let entries = keys.mapping("sides").unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| Some((entry.key.value.to_string(), side_name(keys, entry)?)))
        .collect()
}

fn side_name<'s>(keys: &mut Reader<'_, 's>, side: &Entry<'s>) -> Option<Located<String>> {
    if side.value.is_empty() {
        return None;
    }
    if !matches!(side.value.kind, NodeKind::Map(_)) {
        return keys.text_of("sides", &side.value);
    }
    let entries = keys.mapping_of("sides", &side.value)?;
    let mut inner = keys.nested(entries);
    let name = inner.line("name");
    inner.done(Unknown::Refused);
    name
}

fn menu(keys: &mut Reader<'_, '_>) -> Vec<MenuItem> {
    let nodes = keys.list("menu");
    nodes.into_iter().filter_map(|node| menu_item(keys, node)).collect()
}

fn menu_item<'s>(keys: &mut Reader<'_, 's>, node: &Node<'s>) -> Option<MenuItem> {
    let entries = keys.mapping_of("menu", node)?;
    let mut inner = keys.nested(entries);
    let name = required(&mut inner, "name", node);
    let url = required(&mut inner, "url", node);
    inner.done(Unknown::Refused);
    Some(MenuItem { name: name?.value, url: url? })
}

fn required(
    keys: &mut Reader<'_, '_>,
    key: &'static str,
    node: &Node<'_>,
) -> Option<Located<String>> {
    let text = keys.line(key);
    if text.is_none() && !keys.is_broken(key) {
        let place = keys.place(node.bytes.clone());
        let error = Diagnostic::error(
            Code::MissingKey,
            place,
            format!("this item of the menu has no `{key}`"),
        );
        keys.refuse(key, error.help("write `- { name: About, url: /about/ }`"));
    }
    text
}

fn paginate(keys: &mut Reader<'_, '_>) -> Option<u16> {
    let number = keys.integer("paginate")?;
    let paginate =
        u16::try_from(number.value).ok().filter(|number| (1..=MAX_PAGINATE).contains(number));
    if paginate.is_none() {
        let message =
            format!("`paginate` goes from 1 to {MAX_PAGINATE}, and is not {}", number.value);
        let error = Diagnostic::error(Code::InvalidValue, keys.place(number.bytes), message);
        keys.refuse("paginate", error.help(format!("write `paginate: {PAGINATE}`")));
    }
    paginate
}

fn timezone(keys: &mut Reader<'_, '_>) -> Option<TimeZone> {
    let name = keys.line("timezone")?;
    let zone = TimeZone::get(&name.value).ok();
    if zone.is_none() {
        let error = unknown_timezone(keys, &name);
        keys.refuse("timezone", error);
    }
    zone
}

fn unknown_timezone(keys: &Reader<'_, '_>, name: &Located<String>) -> Diagnostic {
    let message = format!("there is no time zone {}", shown(&name.value));
    let error = Diagnostic::error(Code::InvalidValue, keys.place(name.bytes.clone()), message);
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let place = name.value.replace(' ', "_");
    let city = |name: &&String| {
        name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&place))
    };
    let near = names.iter().find(city).map(String::as_str);
    match near.or_else(|| nearest(&place, names.iter().map(String::as_str))) {
        Some(name) => error.help(format!("write `timezone: {name}`")),
        None => error.help("write a name of the IANA database, such as `timezone: Europe/Paris` or `timezone: UTC`"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Settings, read};
    use crate::source::{SitePath, Source};

    /// Reads `text` as site.yaml, and holds what is said: `start-end code message | first help`.
    #[track_caller]
    fn check(text: &str, said: &[&str]) -> Settings {
        let source = Source::new(SitePath::new("site.yaml").unwrap(), text.to_owned());
        let checked = read(Some(&source), "folder");
        let found: Vec<String> = checked
            .found
            .iter()
            .map(|one| {
                let bytes = one.place.clone().unwrap().bytes;
                let help = one.help.first().map_or("", |help| help.as_str());
                format!(
                    "{}-{} {} {} | {help}",
                    bytes.start,
                    bytes.end,
                    one.code.name(),
                    one.message
                )
            })
            .collect();
        assert_eq!(found, said, "{text:?}");
        checked.value
    }

    #[test]
    fn everything_has_a_default() {
        let defaults = Settings::new("folder");
        assert_eq!(read(None, "folder").value, defaults);
        assert_eq!(check("", &[]), defaults);
        assert_eq!(check("\u{feff}# nothing yet\ntitle:\n", &[]), defaults);
        assert_eq!((defaults.title.as_str(), defaults.language.as_str()), ("folder", "en"));
        assert_eq!((defaults.theme.name.as_str(), defaults.paginate), ("broadsheet", 25));
    }

    #[test]
    fn every_key_is_read() {
        let all = check(
            "title: T\ndescription: D\nbase_url: https://example.org/x/\nlanguage: de\ndir: ltr\nauthor: Ada\n\
             theme: mine\nsides: {blue: {name: \"Yes\"}, red: No, no: {name: N}}\nkinds: {conceded: [Zugestanden]}\n\
             menu: [{name: About, url: about.md}]\npaginate: 10\nsmart_punctuation: true\nmath: true\n\
             timezone: Asia/Tokyo\ncheck_external: {skip: a.org, only: [\"https://b.org/\"]}\nextra: {a: 1}\n",
            &[],
        );
        assert_eq!((all.title.as_str(), all.description.as_deref()), ("T", Some("D")));
        assert_eq!(
            all.base_url.as_ref().map(|url| url.value.to_string()).as_deref(),
            Some("https://example.org/x")
        );
        assert_eq!((all.language.as_str(), all.dir.map(|dir| dir.word())), ("de", Some("ltr")));
        assert_eq!((all.authors[0].value.name.as_str(), all.theme.name.as_str()), ("Ada", "mine"));
        let sides: Vec<_> =
            all.sides.iter().map(|(key, name)| (key.as_str(), name.value.as_str())).collect();
        assert_eq!(sides, [("blue", "Yes"), ("no", "N"), ("red", "No")]);
        assert_eq!(all.kind_of("Zugestanden."), Some(Kind::Conceded));
        assert_eq!(
            (all.menu[0].name.as_str(), all.menu[0].url.value.as_str()),
            ("About", "about.md")
        );
        assert_eq!(
            (all.paginate, all.markdown.smart_punctuation, all.markdown.math),
            (10, true, true)
        );
        assert_eq!(all.timezone.iana_name(), Some("Asia/Tokyo"));
        assert!(all.extra.is_some());
        let asks = |url: &str| all.check_external.includes(url);
        assert!(asks("https://b.org/c") && !asks("https://a.org/") && !asks("https://c.org/"));
    }

    #[test]
    fn all_faults_are_reported_each_in_its_place() {
        let all = check(
            "titel: T\nbase_url: example.org\nlanguage: german\npaginate: 0\nmath: yes\ntimezone: Tokyo\n\
             menu: [{name: A}]\nsides: {blue: {nam: B}}\nkinds: {agreed: [x]}\n",
            &[
                "19-30 invalid-base-url `example.org` does not say `https://` | write `base_url: https://example.org` or `base_url: https://example.org/debates`",
                "41-47 invalid-value `german` is no language code | write a code such as `language: en`, `language: pt-BR` or `language: zh-Hant`",
                "119-122 unknown-key there is no key `nam` | write `name`",
                "136-142 unknown-key there is no key `agreed` | the keys are `conceded`, `disputed`, `disputes_the_premise`, `does_not_follow` and `qualified`",
                "93-102 missing-key this item of the menu has no `url` | write `- { name: About, url: /about/ }`",
                "58-59 invalid-value `paginate` goes from 1 to 1000, and is not 0 | write `paginate: 25`",
                "66-69 wrong-type `math` takes true or false, not `yes` | write `math: true`",
                "80-85 invalid-value there is no time zone `Tokyo` | write `timezone: Asia/Tokyo`",
                "0-5 unknown-key there is no key `titel` | write `title`",
            ],
        );
        assert_eq!(all, Settings::new("folder"));
    }

    #[test]
    fn a_misspelt_time_zone_names_the_nearest() {
        let said = [
            "10-23 invalid-value there is no time zone `Europe/Pariss` | write `timezone: Europe/Paris`",
        ];
        check("timezone: Europe/Pariss\n", &said);
        let said = [
            "10-18 invalid-value there is no time zone `New York` | write `timezone: America/New_York`",
        ];
        check("timezone: New York\n", &said);
    }
}
