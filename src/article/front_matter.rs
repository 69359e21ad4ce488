//! Front matter: every key, its type and its default (design.md, section 3).
//!
//! Read here is what one file says of itself. Whether a title or date is missing, what
//! `rebuts` leads to and which URL a slug makes depends on other files: that is the site's.

use std::ops::Range;

use super::date::Date;
use super::exact;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::Source;
use crate::yaml::{self, Node, Reader, Unknown, Value};

pub use crate::yaml::Located;
pub use author::{Author, authors};
pub use color::{COLORS, Color};
pub use language::{Direction, direction, language};

mod author;
mod color;
mod fence;
mod language;

/// A dated correction.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// When.
    pub date: Date,
    /// What, in inline Markdown.
    pub text: Located<String>,
}

/// All keys of the front matter. A key that is broken is as if it were not there.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "design.md, section 3, has a row for each")]
pub struct FrontMatter {
    pub title: Option<Located<String>>,
    pub date: Option<Located<Date>>,
    pub color: Option<Located<Color>>,
    pub rebuts: Option<Located<String>>,
    pub side: Option<Located<String>>,
    pub authors: Vec<Author>,
    pub slug: Option<Located<String>>,
    pub motion: Option<Located<String>>,
    pub claim: Option<String>,
    pub summary: Option<String>,
    pub updated: Option<Date>,
    pub draft: bool,
    pub label: Option<String>,
    pub order: Option<i64>,
    pub steelman: Option<Located<String>>,
    pub disclosure: Option<Located<String>>,
    pub corrections: Vec<Correction>,
    pub reply_by: Option<Date>,
    pub lang: Option<String>,
    pub dir: Option<Direction>,
    pub tags: Vec<Located<String>>,
    pub aliases: Vec<Located<String>>,
    pub image: Option<Located<String>>,
    pub license: Option<Located<String>>,
    pub extra: Option<Value>,
    /// The whole block with its fences, as bytes of the file; empty where there is none. The
    /// body begins where it ends.
    pub bytes: Range<usize>,
    /// Keys that stand there with a value that is none, which was said already.
    pub broken: Vec<&'static str>,
    /// Whether not even the keys could be told, which was said already.
    pub unread: bool,
}

impl FrontMatter {
    /// The texts that may link to other pages, in the order in which they are shown.
    pub(super) fn notices(&self) -> impl Iterator<Item = &Located<String>> {
        let corrections = self.corrections.iter().map(|correction| &correction.text);
        let before = self.disclosure.iter().chain(&self.steelman);
        before.chain(corrections).chain(&self.license)
    }

    /// The fence with which it begins, as bytes of the file: where what it lacks is told.
    #[must_use]
    pub fn fence(&self) -> Range<usize> {
        self.bytes.start..self.bytes.end.min(self.bytes.start + "---".len())
    }

    /// Whether nothing can be said of `key`, since it or the whole block is broken: that it is
    /// missing is then no second fault.
    #[must_use]
    pub fn is_broken(&self, key: &str) -> bool {
        let is_broken = |key| self.broken.contains(&key);
        self.unread || is_broken(key) || key == "color" && is_broken("colour")
    }
}

/// What other programs call our keys.
const SYNONYMS: &[(&str, &str)] = &[
    ("abstract", "summary"),
    ("byline", "author"),
    ("categories", "tags"),
    ("cover", "image"),
    ("description", "summary"),
    ("excerpt", "summary"),
    ("in_reply_to", "rebuts"),
    ("keywords", "tags"),
    ("language", "lang"),
    ("lastmod", "updated"),
    ("modified", "updated"),
    ("parent", "rebuts"),
    ("path", "slug"),
    ("permalink", "slug"),
    ("question", "motion"),
    ("replies_to", "rebuts"),
    ("reply_to", "rebuts"),
    ("thesis", "claim"),
    ("weight", "order"),
];

/// Reads the front matter of `source`; a file whose first line is not `---` has none.
///
/// In `seeds/` a key that nobody knows is a warning, unless it is nearly one that is known.
#[must_use]
pub fn read(source: &Source) -> Checked<FrontMatter> {
    let block = fence::block(source);
    // TOML, or a fence out of its place: there is front matter, and none of it was read.
    let lost = block.fault.is_some() && block.inner.is_empty();
    let yaml = yaml::read(source, block.inner);
    let mut found: Vec<Diagnostic> = block.fault.into_iter().collect();
    let document = yaml.into_value(&mut found);
    let mut keys = Reader::new(source, &document, &mut found).with_synonyms(SYNONYMS);
    let mut value = FrontMatter {
        title: keys.line("title"),
        date: date(&mut keys, "date"),
        color: color::color(&mut keys),
        rebuts: meaningful(&mut keys, "rebuts"),
        side: keys.line("side"),
        authors: exact(authors(&mut keys, "author").into_iter().map(value_of).collect()),
        slug: keys.line("slug"),
        motion: keys.line("motion"),
        claim: keys.line("claim").map(value_of),
        summary: keys.text("summary").map(value_of),
        updated: date(&mut keys, "updated").map(value_of),
        draft: keys.flag("draft").is_some_and(value_of),
        label: keys.line("label").map(value_of),
        order: keys.integer("order").map(value_of),
        steelman: keys.text("steelman"),
        disclosure: keys.text("disclosure"),
        corrections: corrections(&mut keys),
        reply_by: date(&mut keys, "reply_by").map(value_of),
        lang: language(&mut keys, "lang").map(value_of),
        dir: direction(&mut keys, "dir").map(value_of),
        tags: tags(&mut keys),
        aliases: keys.texts("aliases"),
        image: keys.line("image"),
        license: keys.line("license"),
        extra: keys.mapping("extra").is_some().then(|| keys.value("extra")).flatten(),
        bytes: block.bytes,
        broken: Vec::new(),
        unread: document.unread || lost,
    };
    let unknown = if source.path.is_in("seeds") { Unknown::Tolerated } else { Unknown::Refused };
    value.broken = keys.done(unknown);
    Checked { value, found }
}

fn value_of<T>(located: Located<T>) -> T {
    located.value
}

fn date(keys: &mut Reader<'_, '_>, key: &'static str) -> Option<Located<Date>> {
    let text = keys.scalar(key)?;
    match Date::parse(text.value) {
        Ok(value) => Some(Located { value, bytes: text.bytes }),
        Err(fault) => {
            let error = fault.at(keys.place(text.bytes));
            keys.refuse(key, error);
            None
        }
    }
}

/// The text of a key that changes what is published, so that an empty one is no default.
fn meaningful(keys: &mut Reader<'_, '_>, key: &'static str) -> Option<Located<String>> {
    let text = keys.line(key);
    let empty = keys.entry(key).filter(|entry| text.is_none() && entry.value.is_empty());
    if let Some(entry) = empty.filter(|_| !keys.is_broken(key)) {
        let place = keys.place(entry.key.bytes.start..entry.value.bytes.end);
        let error = Diagnostic::error(Code::InvalidValue, place, format!("`{key}` has no value"));
        keys.refuse(
            key,
            error.help(format!("write `{key}: ../seeds/example.md`, or remove the line")),
        );
    }
    text
}

fn corrections(keys: &mut Reader<'_, '_>) -> Vec<Correction> {
    let nodes = keys.list("corrections");
    nodes.into_iter().filter_map(|node| correction(keys, node)).collect()
}

fn correction<'s>(keys: &mut Reader<'_, 's>, node: &Node<'s>) -> Option<Correction> {
    let entries = keys.mapping_of("corrections", node)?;
    let mut inner = keys.nested(entries);
    let date = date(&mut inner, "date");
    let text = inner.text("text");
    for key in ["date", "text"] {
        let given = if key == "date" { date.is_some() } else { text.is_some() };
        if !given && !inner.is_broken(key) {
            let place = inner.place(node.bytes.clone());
            let error = Diagnostic::error(
                Code::MissingKey,
                place,
                format!("this correction has no `{key}`"),
            );
            inner.refuse(
                key,
                error.help("write `- { date: 2025-08-02, text: \"what was wrong\" }`"),
            );
        }
    }
    inner.done(Unknown::Refused);
    Some(Correction { date: date?.value, text: text? })
}

fn tags(keys: &mut Reader<'_, '_>) -> Vec<Located<String>> {
    let mut tags: Vec<Located<String>> = Vec::new();
    for tag in keys.texts("tags") {
        if tag.value.contains(',') {
            let items = tag.value.split(',').map(str::trim).filter(|item| !item.is_empty());
            let list = items.collect::<Vec<_>>().join(", ");
            let message = "a comma stands in a tag, as if there were several";
            let error = Diagnostic::error(Code::InvalidValue, keys.place(tag.bytes), message);
            keys.refuse("tags", error.help(format!("write `tags: [{list}]`")));
        } else if !tags.iter().any(|one| one.value == tag.value) {
            tags.push(tag);
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};
    use proptest::sample::select;

    use super::{Color, Direction, FrontMatter, read};
    use crate::source::{SitePath, Source};

    /// Reads `text` as `path`, and holds what is said: `line:column-column code message | first help`.
    #[track_caller]
    fn check_at(path: &str, text: &str, said: &[&str]) -> FrontMatter {
        let source = Source::new(SitePath::new(path).unwrap(), text.to_owned());
        let checked = read(&source);
        let found: Vec<String> = checked
            .found
            .iter()
            .map(|one| {
                let bytes = one.place.clone().unwrap().bytes;
                let (start, end) = (source.position(bytes.start), source.position(bytes.end));
                let help = one.help.first().map_or("", |help| help.as_str());
                let (line, column, name) = (start.line, start.column, one.code.name());
                format!("{line}:{column}-{} {name} {} | {help}", end.column, one.message)
            })
            .collect();
        assert_eq!(found, said, "{text:?}");
        checked.value
    }

    #[track_caller]
    fn check(yaml: &str, said: &[&str]) -> FrontMatter {
        check_at("content/a.md", &format!("---\n{yaml}---\nBody\n"), said)
    }

    #[test]
    fn every_key_is_read() {
        let all = check(
            "title: A *title*\ndate: 2025-08-02T10:00:00+09:00\ncolor: blue\nrebuts: ../seeds/a.md\nside: yes\n\
             author: [Ada, {name: Bob, url: https://example.org}]\nslug: 007\nmotion: 1984\nclaim: C\nsummary: |\n  One\n\n  Two\n\
             updated: 2025-08-03\ndraft: true\nlabel: L\norder: -1\nsteelman: S\ndisclosure: D\n\
             corrections:\n- date: 2025-08-04\n  text: T\nreply_by: '2025-09-01'\nlang: zh-Hant\ndir: rtl\ntags: [a, b, a]\n\
             aliases: old\nimage: a.png\nlicense: CC BY 4.0\nextra: {x: [1, two]}\n",
            &[],
        );
        let text = |value: &Option<super::Located<String>>| value.clone().unwrap().value;
        assert_eq!(text(&all.title), "A *title*");
        assert_eq!(all.date.unwrap().value.to_string(), "2025-08-02T10:00:00+09:00");
        assert_eq!(all.color.unwrap().value, Color::Named("blue"));
        assert_eq!(
            (text(&all.rebuts), text(&all.side), text(&all.slug)),
            ("../seeds/a.md".into(), "yes".into(), "007".into())
        );
        let authors: Vec<_> = all
            .authors
            .iter()
            .map(|author| (author.name.as_str(), author.url.as_deref()))
            .collect();
        assert_eq!(authors, [("Ada", None), ("Bob", Some("https://example.org"))]);
        assert_eq!(
            (text(&all.motion), all.claim.unwrap(), all.summary.unwrap()),
            ("1984".into(), "C".into(), "One\n\nTwo".into())
        );
        assert_eq!((all.draft, all.label.unwrap(), all.order), (true, "L".into(), Some(-1)));
        assert_eq!((text(&all.steelman), text(&all.disclosure)), ("S".into(), "D".into()));
        assert_eq!(all.updated.unwrap().to_string(), "2025-08-03");
        assert_eq!(
            (all.corrections[0].date.to_string(), all.corrections[0].text.value.as_str()),
            ("2025-08-04".into(), "T")
        );
        assert_eq!(all.reply_by.unwrap().to_string(), "2025-09-01");
        assert_eq!((all.lang.unwrap(), all.dir), ("zh-Hant".into(), Some(Direction::Rtl)));
        assert_eq!(all.tags.iter().map(|tag| tag.value.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(
            (all.aliases[0].value.as_str(), text(&all.image), text(&all.license)),
            ("old", "a.png".into(), "CC BY 4.0".into())
        );
        assert_eq!(
            format!("{:?}", all.extra.unwrap()),
            "Map([(\"x\", List([Integer(1), Text(\"two\")]))])"
        );
        assert!(all.broken.is_empty() && !all.unread);
    }

    #[test]
    fn all_faults_are_reported_each_in_its_place() {
        let all = check(
            "title: [a]\ndate: 2025-02-30\ncolor: bleu\nrebuts:\ndraft: yes\ndarft: true\norder: first\nlang: en_GB\ndir: left\n\
             tags: a, b\nextra: 1\nauthor: {url: x}\ncorrections: [{date: 2025-08-02}]\ncolour: red\n",
            &[
                "2:8-11 wrong-type `title` takes a text, not a list | write `title: …` in one line, in quotes if need be",
                "3:7-17 invalid-date there is no day 30 in February 2025, which has 28 days | write a day from `2025-02-01` to `2025-02-28`",
                "15:1-7 duplicate-key `colour` and `color` are one key, and both stand here | remove one of the two",
                "4:8-12 unknown-color there is no colour `bleu` | write `color: blue`",
                "5:1-8 invalid-value `rebuts` has no value | write `rebuts: ../seeds/example.md`, or remove the line",
                "13:15-16 invalid-value `x` is no address of a page | write the whole address of a page of theirs: `url: https://example.org/ada/`",
                "13:9-17 missing-key this author has no `name` | write `author: { name: …, url: … }`",
                "6:8-11 wrong-type `draft` takes true or false, not `yes` | write `draft: true`",
                "8:8-13 wrong-type `order` takes a whole number, not `first` | write `order: 1`",
                "14:15-33 missing-key this correction has no `text` | write `- { date: 2025-08-02, text: \"what was wrong\" }`",
                "9:7-12 invalid-value `en_GB` is no language code | write `lang: en-GB`",
                "10:6-10 invalid-value `dir` does not take `left` | it takes `ltr` or `rtl`",
                "11:7-11 invalid-value a comma stands in a tag, as if there were several | write `tags: [a, b]`",
                "12:8-9 wrong-type `extra` takes keys and values of its own, not `1` | write `extra: { key: value }`",
                "7:1-6 unknown-key there is no key `darft` | write `draft`",
            ],
        );
        assert!(all.is_broken("date") && all.is_broken("title") && !all.is_broken("slug"));
        assert_eq!(
            all,
            FrontMatter {
                bytes: all.bytes.clone(),
                broken: all.broken.clone(),
                ..FrontMatter::default()
            }
        );
    }

    #[test]
    fn a_seed_may_have_keys_that_nobody_knows() {
        let text = "---\nlayout: post\n---\n".to_owned();
        let found = read(&Source::new(SitePath::new("seeds/a.txt").unwrap(), text)).found;
        assert_eq!(found[0].message, "there is no key `layout`, and it is not read");
        assert!(!found[0].is_error());
        let said = ["2:1-6 unknown-key there is no key `titel` | write `title`"];
        assert!(check_at("seeds/a.txt", "---\ntitel: A\n---\n", &said).is_broken("title"));
    }

    #[test]
    fn a_lost_value_is_no_missing_one() {
        let said = [
            "2:8-12 yaml-syntax a text that holds `: ` has to stand in quotes | write `title: \"A: b\"`",
        ];
        let broken = check("title: A: b\ndraft: true\n", &said);
        assert!(broken.is_broken("title") && broken.draft);
        let said = [
            "2:8-15 commented-value YAML reads `#ff0000` as a comment, and no value is left for `color` | write `color: \"#ff0000\"`",
        ];
        assert!(check("color: #ff0000\n", &said).is_broken("color"));
    }

    /// Pieces of which front matters and their faults are made.
    const PIECES: &[&str] = &[
        "---\n",
        "---\n",
        "+++\n",
        "title: ",
        "date: ",
        "color: ",
        "colour: ",
        "tags: ",
        "author: ",
        "corrections: ",
        "draft: ",
        "a: b\n",
        "\n",
        "\r\n",
        "  ",
        "- ",
        "#x",
        " # y",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ": ",
        "&a ",
        "*a",
        "!b ",
        "|\n",
        ">\n",
        "\t",
        "\u{feff}",
        "é",
        "不可逆",
        "2025-02-30",
        "02/08/2025",
        "10:00",
        "#ff0000",
        "yes",
        "true",
        "...\n",
        "%",
        "@",
        "\\",
    ];

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(pieces in proptest::collection::vec(select(PIECES), 0..30)) {
            let text = format!("---\n{}", pieces.concat());
            let source = Source::new(SitePath::new("content/a.md").unwrap(), text.clone());
            let checked = read(&source);
            prop_assert!(text.get(checked.value.bytes.end..).is_some());
            for one in checked.found {
                let places = one.related.into_iter().map(|label| label.span).chain(one.place);
                for place in places {
                    prop_assert!(text.get(place.bytes.clone()).is_some(), "{:?} of {:?}", place.bytes, one.message);
                }
                prop_assert!(!one.message.contains('\n'), "{}", one.message);
            }
        }
    }
}
