//! The plain part of YAML that nearly all front matters use, read without the parser.
//!
//! A build reads thousands of them, and the parser takes many times as long. Read here:
//! `key: value` at the margin, where the value is a text of one line, bare or in quotes
//! without escapes, a list of such in brackets, or one with a dash a line. The least doubt
//! gives it to [`super::tree`]; a property holds that both give the same wherever this
//! gives anything.

use std::borrow::Cow;

use super::{Entry, Kind, Located, Node, Shape};

/// A longer text is the parser's, which counts what it reads.
const MAX_BYTES: usize = 16 * 1024;

/// A longer key is the parser's, which has a limit of its own.
const MAX_KEY_BYTES: usize = 64;

/// What a bare text cannot begin with (YAML 1.2.2, 5.3), and what would need a second look.
const INDICATORS: &str = " -?:,[]{}#&*!|>'\"%@`";

/// Reads `text`, which stands at byte `start` of its file; nothing where it is not plain.
pub(super) fn read(text: &str, start: usize) -> Option<Vec<Entry<'_>>> {
    if text.len() > MAX_BYTES || !is_printable(text) {
        return None;
    }
    let mut entries = Vec::with_capacity(12);
    let mut lines = Lines { rest: text, at: start };
    while let Some(line) = lines.next() {
        let (key, rest) = key(line)?;
        let value = match rest.trimmed() {
            value if value.text.starts_with('[') => flow_list(value)?,
            value if value.text.starts_with('#') && !rest.text.starts_with(' ') => return None,
            value if value.text.is_empty() || value.text.starts_with('#') => {
                block_list(&mut lines)?.unwrap_or_else(|| bare("", rest.at))
            }
            value => scalar(value)?,
        };
        entries.push(Entry { key, value });
    }
    Some(entries)
}

/// A stretch of one line and where it stands in the file.
#[derive(Clone, Copy)]
struct Piece<'s> {
    text: &'s str,
    at: usize,
}

impl<'s> Piece<'s> {
    /// What follows its first `bytes` bytes.
    fn after(self, bytes: usize) -> Option<Self> {
        Some(Self { text: self.text.get(bytes..)?, at: self.at + bytes })
    }

    fn trimmed(self) -> Self {
        let text = self.text.trim_start_matches(' ');
        Self { text, at: self.at + self.text.len() - text.len() }
    }

    /// Whether nothing but spaces and a comment is left of its line.
    fn is_over(self) -> bool {
        let rest = self.trimmed().text;
        rest.is_empty() || self.text.starts_with(' ') && rest.starts_with('#')
    }
}

/// The lines that hold more than a comment.
#[derive(Clone, Copy)]
struct Lines<'s> {
    rest: &'s str,
    at: usize,
}

impl<'s> Iterator for Lines<'s> {
    type Item = Piece<'s>;

    fn next(&mut self) -> Option<Piece<'s>> {
        while !self.rest.is_empty() {
            let end = memchr::memchr(b'\n', self.rest.as_bytes()).unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
            let line = Piece { text: text.strip_suffix('\r').unwrap_or(text), at: self.at };
            self.at += text.len() + 1;
            self.rest = rest.get(1..).unwrap_or_default();
            let start = line.trimmed().text;
            if !start.is_empty() && !start.starts_with('#') {
                return Some(line);
            }
        }
        None
    }
}

/// Whether all is text that YAML takes as it is: no tab, no lone `\r`, no control character,
/// no line end but `\n`.
fn is_printable(text: &str) -> bool {
    let plain = |byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | 0x80..);
    let odd = |c| {
        matches!(
            c,
            '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    // To the end in any case: without a branch, many bytes are looked at at once.
    text.bytes().fold(true, |all, byte| all & plain(byte))
        && (text.is_ascii() || !text.contains(odd))
        && memchr::memchr_iter(b'\r', text.as_bytes())
            .all(|at| text.as_bytes().get(at + 1) == Some(&b'\n'))
}

fn key(line: Piece<'_>) -> Option<(Located<Cow<'_, str>>, Piece<'_>)> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let end = line.text.bytes().position(|byte| !word(byte))?;
    let (key, rest) = line.text.split_at_checked(end)?;
    if end > MAX_KEY_BYTES
        || !key.starts_with(|first: char| first.is_ascii_alphabetic())
        || !rest.starts_with(':')
    {
        return None;
    }
    let rest = line.after(end + 1)?;
    let parted = rest.text.is_empty() || rest.text.starts_with(' ');
    parted.then(|| (Located { value: Cow::Borrowed(key), bytes: line.at..line.at + end }, rest))
}

/// The text that fills the rest of a line, but for a comment.
fn scalar(piece: Piece<'_>) -> Option<Node<'_>> {
    if let Some((node, rest)) = quoted(piece)? {
        return rest.is_over().then_some(node);
    }
    let bytes = piece.text.as_bytes();
    let mut end = bytes.len();
    for at in memchr::memchr2_iter(b':', b'#', bytes) {
        let is_colon = bytes.get(at) == Some(&b':');
        if is_colon && matches!(bytes.get(at + 1), None | Some(b' ')) {
            return None;
        }
        if !is_colon && at > 0 && bytes.get(at - 1) == Some(&b' ') {
            end = at;
            break;
        }
    }
    let text = piece.text.get(..end)?.trim_end_matches(' ');
    may_be_bare(text).then(|| bare(text, piece.at))
}

/// The text in quotes at the start of `piece`, and what follows; nothing inside where there
/// is no quote, nothing at all where it has no end here or an escape in it.
fn quoted(piece: Piece<'_>) -> Option<Option<(Node<'_>, Piece<'_>)>> {
    let Some(quote) = piece.text.chars().next().filter(|first| matches!(first, '"' | '\'')) else {
        return Some(None);
    };
    let (text, rest) = piece.text.get(1..)?.split_once(quote)?;
    if quote == '"' && text.contains('\\') || rest.starts_with(quote) {
        return None;
    }
    let bytes = piece.at..piece.at + text.len() + 2;
    let kind = Kind::Scalar { text: Cow::Borrowed(text), shape: Shape::Text };
    Some(Some((Node { kind, bytes }, piece.after(text.len() + 2)?)))
}

fn may_be_bare(text: &str) -> bool {
    match text.strip_prefix('-') {
        Some(rest) => rest.starts_with(|first: char| first.is_ascii_alphanumeric()),
        None => !text.is_empty() && !text.starts_with(|first: char| INDICATORS.contains(first)),
    }
}

fn bare(text: &str, at: usize) -> Node<'_> {
    let kind = Kind::Scalar { text: Cow::Borrowed(text), shape: Shape::of(text) };
    Node { kind, bytes: at..at + text.len() }
}

/// A list in brackets that ends in its line.
fn flow_list(list: Piece<'_>) -> Option<Node<'_>> {
    let mut nodes = Vec::new();
    let mut piece = list.after(1)?.trimmed();
    if let Some(rest) = piece.text.strip_prefix(']') {
        let bytes = list.at..piece.at + 1;
        let over = Piece { text: rest, at: piece.at + 1 }.is_over();
        return over.then_some(Node { kind: Kind::List(nodes), bytes });
    }
    loop {
        let (node, rest) = match quoted(piece)? {
            Some(found) => found,
            None => {
                let end = piece.text.find([',', ']'])?;
                let text = piece.text.get(..end)?.trim_end_matches(' ');
                if text.contains(['[', '{', '}', ':', '#']) || !may_be_bare(text) {
                    return None;
                }
                (bare(text, piece.at), piece.after(end)?)
            }
        };
        nodes.push(node);
        let end = rest.trimmed();
        if end.text.starts_with(']') {
            let over = end.after(1)?.is_over();
            return over.then_some(Node { kind: Kind::List(nodes), bytes: list.at..end.at + 1 });
        }
        piece = end.text.starts_with(',').then(|| end.after(1)).flatten()?.trimmed();
    }
}

/// The list with a dash a line that comes next, if one comes; nothing at all where it is not plain.
fn block_list<'s>(lines: &mut Lines<'s>) -> Option<Option<Node<'s>>> {
    let mut nodes: Vec<Node<'s>> = Vec::new();
    let mut indent = None;
    loop {
        let mut ahead = *lines;
        let Some(line) = ahead.next() else { break };
        let dash = line.trimmed();
        let own = line.text.len() - dash.text.len();
        if !dash.text.starts_with("- ") || *indent.get_or_insert(own) != own {
            break;
        }
        nodes.push(scalar(dash.after(1)?.trimmed())?);
        *lines = ahead;
    }
    let ends =
        nodes.first().zip(nodes.last()).map(|(first, last)| first.bytes.start..last.bytes.end);
    Some(ends.map(|bytes| Node { kind: Kind::List(nodes), bytes }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
    use proptest::sample::select;

    use super::super::tree;
    use super::{Entry, Kind, read};

    /// What the fast path gives, having held it against the parser's.
    fn agreed(text: &str) -> Result<Option<Vec<Entry<'_>>>, String> {
        let Some(fast) = read(text, 7) else { return Ok(None) };
        let slow = match tree::read(text, 7) {
            Ok(None) => Vec::new(),
            Ok(Some(node)) => match node.kind {
                Kind::Map(entries) => entries,
                Kind::Scalar { .. } if node.is_empty() => Vec::new(),
                other => return Err(format!("no mapping: {other:?}")),
            },
            Err(fault) => return Err(format!("{fault:?}")),
        };
        if format!("{fast:?}") == format!("{slow:?}") {
            Ok(Some(fast))
        } else {
            Err(format!("{fast:?}\n{slow:?}"))
        }
    }

    #[track_caller]
    fn check(text: &str, entries: Option<usize>) {
        assert_eq!(agreed(text).unwrap().map(|entries| entries.len()), entries, "{text:?}");
    }

    #[test]
    fn the_front_matter_of_nearly_all_articles_is_plain() {
        check(
            "title: \"A: b\"\ndate: 2025-08-02\ncolor: blue # the sky\nauthor: Ada  \n\nrebuts: ../seeds/a.md\n\
             # note\ntags: [a, 'b c', \"d\", é]\ndraft: true\nempty:\nlist: # two\n  - a\n\n  - \"b\"\n\
             url: https://example.org/#x\nlast:\n- 1",
            Some(11),
        );
        check("title: a\r\ntags:\r\n- b\r\n", Some(2));
        check("", Some(0));
    }

    #[test]
    fn all_else_is_left_to_the_parser() {
        for text in [
            "a: b: c",
            "a: b\n c",
            "a: |\n b",
            "a: \"b\\n\"",
            "a: 'it''s'",
            "a: {}",
            "a: [b: c]",
            "a: [b,]",
            "a: @b",
            "a: [b",
            "a: \"b\" c",
            "\ta: b",
            "a:b",
            "- a",
            "---\na: b",
            "a:\n  b: c",
            "a: b\tc",
            "a: &b c",
            "a:#b",
            "a: [b]#c",
            "a:\n  - b\n - c",
            "a:\n- b\n  c",
            "a: \u{85}b",
            "a: b\rc",
            "a:\n- b: c",
        ] {
            check(text, None);
        }
    }

    /// Pieces of which YAML is made, so that chance finds its corners.
    const PIECES: &[&str] = &[
        "a",
        "key",
        ":",
        ": ",
        "\n",
        "\n",
        "\r\n",
        "- ",
        "-",
        " ",
        "  ",
        "#",
        " #",
        "\"",
        "'",
        "[",
        "]",
        ", ",
        ",",
        "{",
        "}",
        "1984",
        "0755",
        "-1",
        "1e5",
        ".5",
        ".inf",
        "+nan",
        "0x1f",
        "0o7",
        "true",
        "null",
        "~",
        "yes",
        "2025-08-02",
        "10:00",
        "é",
        "不",
        "...",
        "---",
        "\t",
        "|",
        ">",
        "&",
        "*",
        "!",
        "%",
        "@",
        "?",
        "=",
        "<<",
        "\\",
        "\u{a0}",
        "\u{2028}",
        "\u{feff}",
        "title: ",
        "\ntags:\n  - ",
        "\n  - ",
        "\n- ",
        "tags: [",
        "https://a.b/#c",
    ];

    fn yaml() -> impl Strategy<Value = String> {
        proptest::collection::vec(select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn both_ways_agree_on_made_yaml(text in yaml()) {
            prop_assert_eq!(agreed(&text).err(), None);
        }

        #[test]
        fn both_ways_agree_on_any_value(value in "\\PC{0,12}", quote in select(&["", "\"", "'", "[", "- "][..])) {
            let end = if quote == "[" { "]" } else { quote.trim_end_matches("- ") };
            let text = format!("a: {}{quote}{value}{end}\nb: c\n", if quote == "- " { "\n" } else { "" });
            prop_assert_eq!(agreed(&text).err(), None);
        }

        #[test]
        fn both_ways_agree_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let text = String::from_utf8_lossy(&bytes);
            prop_assert_eq!(agreed(&text).err(), None);
        }
    }
}
