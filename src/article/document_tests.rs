use std::sync::Arc;

use super::document::{BlockKind, Document, MarkdownOptions, SpliceKind};
use super::{Article, parse};
use crate::diagnostic::Code;
use crate::source::{SitePath, Source};

fn article(text: &str) -> Article {
    let source = Arc::new(Source::new(SitePath::new("content/a.md").unwrap(), text.to_owned()));
    parse(&source, MarkdownOptions { math: true, ..MarkdownOptions::default() }).value
}

fn whole_html(article: &Article) -> String {
    article.html(0..article.document.html.len())
}

/// The HTML before anything is spliced in: the first tag of a ¶ is not finished.
#[track_caller]
fn check_html(markdown: &str, html: &str) {
    assert_eq!(whole_html(&article(markdown)).trim_end(), html, "of {markdown:?}");
}

/// Every piece of plain text leads back to the source and to the HTML that shows it.
#[track_caller]
fn check_map(markdown: &str, words: &str, source: &str, html: &[&str]) {
    let article = article(markdown);
    let plain = article.plain();
    let at =
        plain.text.find(words).unwrap_or_else(|| panic!("{words:?} is not in {:?}", plain.text));
    let range = at..at + words.len();
    assert_eq!(&markdown[plain.source_range(range.clone())], source);
    let shown: Vec<String> = article
        .document
        .text
        .html_of(&range)
        .into_iter()
        .map(|range| article.html(range))
        .collect();
    assert_eq!(shown, html);
}

#[track_caller]
fn check_paragraphs(markdown: &str, expected: &[(BlockKind, u32)]) {
    let article = article(markdown);
    let blocks: Vec<(BlockKind, u32)> = article
        .document
        .blocks
        .iter()
        .map(|block| (block.kind, block.paragraph.map_or(0, |number| number.get())))
        .collect();
    assert_eq!(blocks, expected);
}

#[test]
fn markup_and_escapes_vanish_and_lead_back() {
    check_map("One *two* three.", "One two three", "One *two* three", &["One ", "two", " three"]);
    check_map(
        "a \\* b &amp; c < d",
        "* b & c < d",
        "* b &amp; c < d",
        &["* b ", "&amp;", " c ", "&lt;", " d"],
    );
    check_map("see `a  b` here", "a  b", "a  b", &["a  b"]);
    check_map("one\ntwo", "one\ntwo", "one\ntwo", &["one", "two"]);
}

#[test]
fn code_is_mapped_line_by_line() {
    check_map("```text\na < b\nc\n```", "b\nc", "b\nc", &["b\nc"]);
}

#[test]
fn what_stands_at_a_place_is_what_the_whole_text_has_there() {
    let article = article("A &amp; b\nc\n\n> d *e*\n\n- f\n- g[^n]\n\n[^n]: note\n");
    let text = article.plain().text;
    for start in 0..=text.len() {
        for end in start..=text.len() {
            assert_eq!(article.plain_at(start..end), text[start..end], "{start}..{end}");
        }
    }
}

#[test]
fn notes_come_last_in_the_order_of_their_marks() {
    let article = article("A[^b] B[^a] C[^b]\n\n[^a]: first\n\n[^b]: second\n\n[^c]: never\n");
    assert_eq!(article.plain().text, "A B C\n\nsecond\n\nfirst");
    assert!(whole_html(&article).contains("fnref-1-2"));
    assert!(!whole_html(&article).contains("never"));
}

#[test]
fn lists_belong_to_the_paragraph_before_them() {
    use BlockKind::{Attached, Figure, Heading, Paragraph, Quote, Rule};
    check_paragraphs(
        "a\n\n- b\n\n- - -\n\n- c\n\n> q\n\n- d\n\n# H\n\n![i](i.png)\n\np\n",
        &[
            (Paragraph, 1),
            (Attached, 1),
            (Rule, 0),
            (Attached, 2),
            (Quote(0), 0),
            (Attached, 3),
            (Heading, 0),
            (Figure, 0),
            (Paragraph, 4),
        ],
    );
    check_paragraphs("a\n\n<!-- c -->\n\n<div>x</div>\n", &[(Paragraph, 1), (Attached, 1)]);
}

#[test]
fn an_attribution_is_cut_out_of_the_quote() {
    let article =
        article("> The *words*\n> here.\n> — [¶4](../seeds/china.md#p4)\n\n**Conceded.** Yes.\n");
    let quote = &article.document.quotes[0];
    let attribution = quote.attribution.as_ref().unwrap();
    assert_eq!(&quote.plain.text[attribution.at..], "— ¶4");
    assert_eq!(attribution.paragraph.unwrap().get(), 4);
    assert_eq!(attribution.link, Some(0));
    let html = article.document.quote_html[0].attribution.clone().unwrap();
    assert_eq!(article.html(html), "\n— <a href=\"\">¶4</a>");
    assert_eq!(article.document.answers[0].lead_in.as_deref(), Some("Conceded."));
}

#[test]
fn an_answer_ends_at_a_heading() {
    let article = article("> q\n\na\n\nb\n\n## H\n\nc\n\n> r\n\n> s\n");
    assert_eq!(
        article.document.answers.iter().map(|a| a.blocks.clone()).collect::<Vec<_>>(),
        [1..3, 0..0, 0..0]
    );
    assert!(article.document.answers[1].empty);
}

#[test]
fn a_line_without_its_mark_is_told() {
    let text = "> one\ntwo\n\nthree\n";
    let article = article(text);
    assert_eq!(&text[article.document.quotes[0].lazy[0].clone()], "two");
}

#[test]
fn an_excuse_belongs_to_the_next_quote() {
    let article = article("<!-- quote: loose -->\n> one\n\na\n\n> two\n");
    assert_eq!(
        article.document.quotes.iter().map(|quote| quote.excused).collect::<Vec<_>>(),
        [true, false]
    );
}

#[test]
fn alerts_are_no_quotes() {
    let article = article("> [!NOTE]\n> words\n");
    assert!(article.document.quotes.is_empty());
    assert_eq!(article.document.paragraphs, 1);
}

#[test]
fn raw_html_ends_where_its_container_ends() {
    check_html("a <b>c\n\nd</i>", "<pa <b>c</b></p>\n<pd</p>");
    check_html("<div>\n\nx\n\n</div>", "<div>\n<px</p>\n</div>");
}

#[test]
fn html_without_words_is_no_paragraph() {
    use BlockKind::{Attached, Paragraph};
    check_paragraphs("<div>\n\nx\n\n</div>\n", &[(Attached, 0), (Paragraph, 1), (Attached, 1)]);
    check_paragraphs(
        "<p align=\"center\">\n  <img src=\"p.svg\" alt=\"logo\">\n</p>\n",
        &[(Attached, 0)],
    );
    check_paragraphs("<style>a { b: c }</style>\n\n<br>\n", &[(Attached, 0), (Attached, 0)]);
    check_paragraphs("<div>words</div>\n", &[(Attached, 1)]);
}

#[test]
fn a_place_that_is_named_as_it_was_before_ids_has_one() {
    check_html("x <a NAME='old' class=\"b\">y</a>", "<px <a id='old' class=\"b\">y</a></p>");
    check_html("<a id=\"a\" name=\"b\">y</a>", "<p<a id=\"a\" name=\"b\">y</a></p>");
    check_html("x <input name=\"b\">", "<px <input name=\"b\"></p>");
    let ids: Vec<String> = article("<a name=\"old\"></a>\n\n<a name=old></a>\n")
        .document
        .ids
        .into_iter()
        .map(|id| id.name)
        .collect();
    assert_eq!(ids, ["old", "old-1"]);
}

#[test]
fn comments_are_not_published() {
    check_html("a <!-- secret --> b", "<pa  b</p>");
}

/// The faults of `markdown`: `byte code`.
#[track_caller]
fn check_faults(markdown: &str, expected: &[(usize, Code)]) {
    let source = Source::new(SitePath::new("content/a.md").unwrap(), markdown.to_owned());
    let found = Document::parse(&source, 0, MarkdownOptions::default()).found;
    let found: Vec<(usize, Code)> =
        found.iter().map(|one| (one.place.as_ref().unwrap().bytes.start, one.code)).collect();
    assert_eq!(found, expected, "of {markdown:?}");
}

#[test]
fn marks_and_notes_belong_together() {
    check_faults("So.[^1] And.[^Two]\n\n[^1]: One\n\n[^two]: Two\n", &[]);
    check_faults("So.[^1] And\\[^2] `[^3]` [^4](b.md)\n", &[(3, Code::UndefinedFootnote)]);
    check_faults("a![^1]", &[(2, Code::UndefinedFootnote)]);
    check_faults("*[^1]*[^2]", &[1, 6].map(|at| (at, Code::UndefinedFootnote)));
    check_faults("# [[^1]\n\n> - [b [^1]][c]\n", &[3, 16].map(|at| (at, Code::UndefinedFootnote)));
    check_faults("|[^1]|\n|-|\n|a[^1]|\n", &[1, 13].map(|at| (at, Code::UndefinedFootnote)));
    check_faults("    [^1]\n\nSo [^ 1] [^] [^a b].\n", &[]);
    check_faults("So.\n\n[^1]: One\n", &[(5, Code::UnusedFootnote)]);
}

#[test]
fn notes_and_their_marks_have_ids() {
    let document = article("So.[^a] And.[^b] So.[^a]\n\n[^a]: A\n\n[^b]: B\n").document;
    let known = ["fn-1", "fn-2", "fnref-1", "fnref-1-2", "fnref-2"];
    assert!(known.iter().all(|id| document.has_note(id)));
    let unknown = ["fn-0", "fn-3", "fn-", "fn-1-2", "fnref-1-1", "fnref-1-3", "fnref-2-2", "fn"];
    assert!(!unknown.iter().any(|id| document.has_note(id)));
}

#[test]
fn what_html_and_xml_cannot_have_is_no_character() {
    check_html("a&#1;b\u{FFFE}", "<pa\u{FFFD}b\u{FFFD}</p>");
    check_html("a\u{1}b", "<pa b</p>");
}

#[test]
fn urls_of_raw_html_are_read_with_their_references() {
    let document = article("<a href=\"https://e.org/?a=1&#038;b=caf&eacute;\">x</a>").document;
    assert_eq!(document.links[0].destination, "https://e.org/?a=1&b=café");
}

#[test]
fn what_names_an_id_gets_what_the_id_gets() {
    let prefixes = |markdown: &str| {
        let splices = article(markdown).document.splices;
        splices.iter().filter(|one| one.kind == SpliceKind::Prefix).count()
    };
    assert_eq!(prefixes("<label for=\"a\">x</label> <input id=\"a\" aria-describedby=\"b c\">"), 4);
    assert_eq!(
        prefixes("<svg><g id=\"a\"/><rect fill=\"url(#a)\" style=\"x: url('#a')\"/></svg>"),
        3
    );
    assert_eq!(prefixes("<map name=\"m\"></map><img usemap=\"#m\" alt=\"\"><p class=\"for\">"), 2);
}

#[test]
fn elements_of_svg_end_where_xml_ends_them() {
    check_html("a <svg><feBlend in=\"x\"/></svg>", "<pa <svg><feBlend in=\"x\"/></svg></p>");
}

#[test]
fn an_attribution_after_a_break_of_raw_html_is_the_last_line_alone() {
    let article = article("> The words<br/>— ¶1\n");
    let html = article.document.quote_html[0].attribution.clone().unwrap();
    assert_eq!(article.html(html), "<br/>— ¶1");
}

#[test]
fn a_colon_begins_a_definition_only_before_a_space() {
    check_html("That was a joke.\n\n:-) Bob", "<pThat was a joke.</p>\n<p:-) Bob</p>");
    check_html("Text\n:warning: `:x`\n", "<pText\n:warning: <code>:x</code></p>");
    check_html("> a\n>\n> :b", "<blockquote<p>a</p>\n<p>:b</p>\n</blockquote>");
    assert!(whole_html(&article("```\n:::note\n```\n")).contains("<code>:::note\n</code>"));
    assert!(whole_html(&article("Term\n: Text")).contains("<dt>Term</dt>\n<dd>Text</dd>"));
    assert!(whole_html(&article("a|b\n:-|-:\nc|d\n")).contains("<table>"));
    check_map("Text\n:warning: x", ":warning", ":warning", &[":warning"]);
}

#[test]
fn a_heading_has_one_id_and_one_list_of_classes() {
    check_html("## One {#x .a class=b}", "<h id=\"x\" class=\"a b\">One</h>");
    check_html(
        "## Two {id=foo CLASS=c data-k=v onclick=y}",
        "<h id=\"foo\" class=\"c\" data-k=\"v\">Two</h>",
    );
}

#[test]
fn a_heading_is_a_title_that_says_the_same() {
    let check = |markdown: &str, title: &str| {
        let article = article(&format!("# {markdown}\n"));
        assert_eq!(article.document.first_heading.as_deref(), Some(title));
    };
    check("The `__init__` *method* &amp; {#id}", "The `__init__` *method* &amp;");
    check("See [a*b](c.md)[^1]", "See a\\*b\\[^1\\]");
}

#[test]
fn headings_named_like_notes_get_ids_of_their_own() {
    let document = article("# fn 1\n\n# fnref 1\n\n# fnref-1-2\n\n# p1\n\n# fn-1\n\nA\n").document;
    let ids: Vec<&str> = document.ids.iter().map(|id| id.name.as_str()).collect();
    assert_eq!(ids, ["fn-1-2", "fnref-1-", "fnref-1-2-2", "p1-2", "fn-1-3"]);
}

#[test]
fn an_address_of_mail_is_a_link_to_it() {
    let links = article("<me@example.org>").document.links;
    assert_eq!(links[0].destination, "mailto:me@example.org");
}

#[test]
fn control_characters_are_read_as_spaces() {
    check_html("A\u{7}b\0", "<pA b</p>");
    let code = "<pa</p>\n<pre tabindex=\"0\"><code>A b\n</code></pre>";
    check_html("a\n\n```\nA\u{7}b\n```", code);
}
