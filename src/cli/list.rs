//! `agon list`: what waits for an editor, a line each.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

use crate::article::Article;
use crate::cli::open_site::{OpenSite, Place, Unpublished};
use crate::cli::said::{Refused, Said};
use crate::quote::Status;
use crate::site::Published;
use crate::site::publish::Reason;
use crate::source::plain_text::{ParagraphNumber, TextBlock, TextRole};

#[derive(Args, Debug)]
#[command(after_help = "Each line has these columns, parted by tabs:\n  \
    drafts      file, date, title\n  \
    future      file, date, title\n  \
    unanswered  file, line, ¶, its first words\n  \
    excused     file, line, the file it quotes, its first words\n\n\
    Example:\n  agon list unanswered | cut -f 1 | uniq -c")]
pub(super) struct List {
    /// What to list
    #[arg(value_enum)]
    what: What,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Articles marked as drafts
    Drafts,
    /// Articles that are dated after today
    Future,
    /// ¶ of originals that no reply answers
    Unanswered,
    /// Quotes that are excused from checking
    Excused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line each, its columns parted by tabs
    Human,
    /// One JSON array of objects
    Json,
}

/// Words of a passage that are shown.
const FIRST_WORDS: usize = 12;

/// A line: columns with their names.
type Row = Vec<(&'static str, Value)>;

impl List {
    pub(super) fn run(&self) -> Result<Said, Refused> {
        let site = self.place.open(Unpublished::LeftOut)?;
        let rows = match self.what {
            What::Drafts => left_out(&site, |reason| reason == Reason::Draft),
            What::Future => left_out(&site, |reason| matches!(reason, Reason::Future(_))),
            What::Unanswered => unanswered(&site),
            What::Excused => excused(&site),
        };
        let out = match self.format {
            Format::Human => rows.iter().map(line).collect(),
            Format::Json => json(rows),
        };
        // What cannot be read cannot be listed, which must not look as if there were nothing.
        Ok(Said { out, notes: site.unread })
    }
}

fn line(row: &Row) -> String {
    let columns: Vec<String> = row
        .iter()
        .map(|(_, value)| match value {
            Value::String(text) => text.replace(char::is_control, " "),
            Value::Null => String::new(),
            other => other.to_string(),
        })
        .collect();
    format!("{}\n", columns.join("\t"))
}

fn json(rows: Vec<Row>) -> String {
    let object = |row: Row| {
        let pairs = row.into_iter().map(|(name, value)| (name.to_owned(), value));
        Value::Object(pairs.collect::<Map<_, _>>())
    };
    let array = Value::Array(rows.into_iter().map(object).collect());
    format!("{array:#}\n")
}

fn left_out(site: &OpenSite, is_meant: impl Fn(Reason) -> bool) -> Vec<Row> {
    let left_out = site.snapshot.site.left_out.iter().filter(|one| is_meant(one.reason));
    let row = |one: &crate::site::publish::LeftOut| {
        let article = site.snapshot.articles.get(&one.path);
        let date = article.and_then(|article| article.value.front.date.as_ref());
        vec![
            ("file", one.path.as_str().into()),
            ("date", date.map(|date| date.value.to_string()).into()),
            ("title", one.title.as_str().into()),
        ]
    };
    left_out.map(row).collect()
}

fn unanswered(site: &OpenSite) -> Vec<Row> {
    let mut rows = Vec::new();
    for debate in &site.snapshot.site.debates {
        let original = debate.original();
        let article = &site.snapshot.site.article(original.article).article.value;
        let replies: Vec<_> = original.children.iter().map(|&index| debate.member(index)).collect();
        for index in 0..article.document.paragraphs {
            if !replies.iter().any(|reply| reply.answers(index)) {
                rows.push(paragraph_row(article, ParagraphNumber::from_index(index)));
            }
        }
    }
    // Lines are compared as numbers: the tenth comes after the ninth.
    rows.sort_by_key(|row| {
        let file = row.first().and_then(|(_, file)| file.as_str()).unwrap_or_default().to_owned();
        (file, row.get(2).and_then(|(_, number)| number.as_u64()))
    });
    rows
}

fn paragraph_row(article: &Article, number: ParagraphNumber) -> Row {
    let blocks = &article.document.blocks;
    let place = blocks.iter().find(|block| block.paragraph == Some(number));
    let line = place.map(|block| article.source.position(block.bytes.start()).line);
    let is_ours =
        |block: &&TextBlock| block.role == TextRole::Own && block.paragraph == Some(number);
    let ours = article.document.text_blocks().iter().filter(is_ours);
    let texts: Vec<String> = ours.map(|block| article.plain_at(block.bytes.clone())).collect();
    vec![
        ("file", article.source.path.as_str().into()),
        ("line", line.into()),
        ("paragraph", number.get().into()),
        ("words", first_words(&texts.join(" ")).into()),
    ]
}

fn excused(site: &OpenSite) -> Vec<Row> {
    let mut rows: Vec<(String, usize, Row)> = Vec::new();
    for debate in &site.snapshot.site.debates {
        for member in &debate.members {
            let Some(parent) = member.parent.map(|index| debate.member(index)) else { continue };
            let path = |one: &Published| one.article.value.source.path.to_string();
            let parent = path(site.snapshot.site.article(parent.article));
            let reply = &site.snapshot.site.article(member.article).article.value;
            let quotes = member.anchors.list.iter().zip(&reply.document.quotes);
            for (_, quote) in quotes.filter(|(one, _)| one.outcome.status == Status::Excused) {
                let line = reply.source.position(quote.bytes.start).line;
                let row = vec![
                    ("file", reply.source.path.as_str().into()),
                    ("line", line.into()),
                    ("parent", parent.as_str().into()),
                    ("words", first_words(&quote.plain.text).into()),
                ];
                rows.push((reply.source.path.to_string(), quote.bytes.start, row));
            }
        }
    }
    rows.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

fn first_words(text: &str) -> String {
    let mut words = text.split_whitespace();
    let first = words.by_ref().take(FIRST_WORDS).collect::<Vec<_>>().join(" ");
    if words.next().is_some() { format!("{first}…") } else { first }
}
