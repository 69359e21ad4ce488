//! docs/themes.md says what templates are given: each field of each type, and no other.
//!
//! `UPDATE=1 cargo test --test themes` writes the tables anew.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

use std::fs;
use std::path::Path;

use agon::page::value::Field;
use agon::page::{context, flow, home, list};

const BEGIN: &str = "<!-- tables -->\n";

/// What each name in a template's context is: heading, type, fields.
fn types() -> Vec<(&'static str, &'static str, &'static [Field])> {
    use context::{
        ArticleView, ColumnView, DateView, DebateView, LinkView, MarkView, MenuView, NoticeView,
        PageView, SiteView, StandingView, StepView, TabsView, TextView,
    };
    vec![
        ("`site`, on every page", "SiteView", SiteView::FIELDS),
        ("`page`, on every page", "PageView", PageView::FIELDS),
        ("`debate`: what is above and below two columns", "DebateView", DebateView::FIELDS),
        ("`parent`, `reply`: the two columns", "ColumnView", ColumnView::FIELDS),
        ("Article: what is said of one", "ArticleView", ArticleView::FIELDS),
        ("`text`: of an article that stands alone", "TextView", TextView::FIELDS),
        ("`flow`: the flow sheet", "FlowView", flow::FlowView::FIELDS),
        ("`home`: the home page", "HomeView", home::HomeView::FIELDS),
        ("`list`: archive, tag, author, side", "ListView", list::ListView::FIELDS),
        ("`terms`: all tags, all authors", "TermsView", list::TermsView::FIELDS),
        ("`entry`: an article in a list", "EntryView", list::EntryView::FIELDS),
        ("`facets`: each a group of other lists", "FacetView", list::FacetView::FIELDS),
        ("`tabs`: the rebuttals of an original", "TabsView", TabsView::FIELDS),
        ("Menu entry", "MenuView", MenuView::FIELDS),
        ("Mark: a side", "MarkView", MarkView::FIELDS),
        ("Link", "LinkView", LinkView::FIELDS),
        ("Date", "DateView", DateView::FIELDS),
        ("Notice", "NoticeView", NoticeView::FIELDS),
        ("Standing: how much of a text is answered", "StandingView", StandingView::FIELDS),
        ("Step: a tab, a step of the chain, a link below", "StepView", StepView::FIELDS),
        ("Flow head", "HeadView", flow::HeadView::FIELDS),
        ("`row`: a row of the flow sheet", "RowView", flow::RowView::FIELDS),
        ("Flow cell", "CellView", flow::CellView::FIELDS),
        ("Flow point", "PointView", flow::PointView::FIELDS),
        ("Flow total", "TotalView", flow::TotalView::FIELDS),
        ("Flow loose point", "LooseView", flow::LooseView::FIELDS),
        ("Lead", "LeadView", home::LeadView::FIELDS),
        ("Half of the lead", "HalfView", home::HalfView::FIELDS),
        ("Debate on the home page", "home::EntryView", home::EntryView::FIELDS),
        ("Member of a debate on the home page", "MemberView", home::MemberView::FIELDS),
        ("Term: a tag, author or side", "TermView", list::TermView::FIELDS),
        ("Year", "YearView", list::YearView::FIELDS),
        ("Page link", "PageLinkView", list::PageLinkView::FIELDS),
    ]
}

/// A type as the reader of a template sees it.
fn shown(kind: &str, owner: &str) -> String {
    let inner = |outer: &str| kind.strip_prefix(outer)?.strip_suffix('>');
    if let Some(kind) = inner("Made<") {
        return shown(kind, owner);
    }
    if let Some(kind) = inner("Option<") {
        return format!("{}, or nothing", shown(kind, owner));
    }
    if let Some(kind) = inner("Vec<") {
        return format!("list of {}", shown(kind, owner));
    }
    match kind {
        "String" | "&'static str" => "text".to_owned(),
        "Html" => "HTML".to_owned(),
        "Body" => "HTML, to be printed".to_owned(),
        "Extra" => "values by their keys".to_owned(),
        "bool" => "yes or no".to_owned(),
        "usize" | "u32" => "number".to_owned(),
        kind => {
            // Two modules have a type of one name.
            let module = match (kind, owner) {
                ("EntryView", "HomeView") => "home::",
                _ => "",
            };
            let wanted = format!("{module}{kind}");
            let types = types();
            let known = types.iter().find(|(_, name, _)| *name == wanted);
            let (heading, ..) = known.unwrap_or_else(|| panic!("no table for {wanted}"));
            heading.split(':').next().unwrap().to_lowercase()
        }
    }
}

#[test]
fn the_documentation_names_every_field_and_no_other() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/themes.md");
    let text = fs::read_to_string(&file).unwrap();
    let (written, tables) = text.split_once(BEGIN).expect("docs/themes.md has its tables");
    let mut expected = String::new();
    for (heading, owner, fields) in types() {
        expected += &format!("\n### {heading}\n\n| field | is | |\n| --- | --- | --- |\n");
        for field in fields {
            let meaning = field.meaning.trim().replace('|', "\\|");
            expected +=
                &format!("| `{}` | {} | {meaning} |\n", field.name, shown(field.kind, owner));
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, format!("{written}{BEGIN}{expected}")).unwrap();
        return;
    }
    assert_eq!(tables, expected, "run `UPDATE=1 cargo test --test themes`");
}

/// Every type that a field has must have a table, and every table a field or a name.
#[test]
fn no_table_is_left_over() {
    for (heading, name, _) in types() {
        let short = name.rsplit("::").next().unwrap();
        let used = types()
            .iter()
            .flat_map(|(_, _, fields)| *fields)
            .any(|field| field.kind.split(['<', '>']).any(|part| part == short));
        assert!(used || heading.starts_with('`'), "nothing has a {name}");
    }
}
