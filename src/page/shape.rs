//! The shape of a page: all that decides what a template makes of it but the texts themselves.
//!
//! Most pages of a site differ in nothing else. What a template made of one of them, with a sign
//! for each text, is a *stencil* ([`super::stencil`]) for all others of the same shape.

use tera::Value;

use super::body::Body;
use super::value::Html;

/// What no text of a page has: a text with this character is refused or has another for it.
pub(super) const SIGN: char = '\0';

/// A value that a template prints: its number, of `digits` digits at least, between two signs.
pub(super) fn sign(number: usize, digits: usize) -> Value {
    let (mut buffer, mut sign) = (itoa::Buffer::new(), String::with_capacity(16));
    let number = buffer.format(number);
    sign.push(SIGN);
    sign.extend(std::iter::repeat_n('0', digits.saturating_sub(number.len())));
    sign.push_str(number);
    sign.push(SIGN);
    Value::safe_string(&sign)
}

/// What stands before the first sign in `text`, the number in it, and what stands after it.
pub(super) fn next_sign(text: &[u8]) -> Option<(&[u8], usize, &[u8])> {
    let sign = SIGN as u8;
    let (before, rest) = text.split_at(memchr::memchr(sign, text)?);
    let rest = rest.get(1..)?;
    let (number, after) = rest.split_at(memchr::memchr(sign, rest)?);
    let number = std::str::from_utf8(number).ok()?.parse().ok()?;
    Some((before, number, after.get(1..)?))
}

/// Gives out signs.
#[derive(Debug)]
pub struct Signs {
    next: usize,
    /// How many digits each has at least.
    digits: usize,
}

impl Signs {
    /// Signs of `digits` digits at least: no text that they stand for has their length.
    pub(super) fn of(digits: usize) -> Self {
        Self { next: 0, digits }
    }

    /// A sign for `text`, unless it is empty, which a template can ask.
    pub(super) fn of_text(&mut self, text: &str) -> Value {
        if text.is_empty() { Value::normal_string("") } else { self.next() }
    }

    /// The next sign.
    pub(super) fn next(&mut self) -> Value {
        self.next += 1;
        sign(self.next - 1, self.digits)
    }
}

/// Something that is printed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leaf<'a> {
    /// Text, to be escaped.
    Text(&'a str),
    /// Text that has nothing to escape, as most.
    Bare(&'a str),
    /// HTML of a line that somebody wrote.
    Html(&'a Html),
    /// HTML of an article, or of pieces.
    Body(&'a Body),
    /// A number.
    Number(usize),
}

/// The shape of a page, and what is printed in it.
#[derive(Debug)]
pub struct Shape<'a> {
    /// What prints it.
    pub(super) template: &'static str,
    /// Equal for what this template prints in one shape, and for nothing else.
    pub(super) key: Vec<u8>,
    /// The leaves that have a sign.
    pub(super) leaves: Vec<Leaf<'a>>,
}

impl<'a> Shape<'a> {
    /// The beginning of the shapes of what `template` makes.
    pub(super) fn of(template: &'static str) -> Self {
        let (key, leaves) = (Vec::with_capacity(256), Vec::with_capacity(128));
        Self { template, key, leaves }
    }

    /// What is printed here; of one that is empty or zero only that it is.
    pub(super) fn leaf(&mut self, leaf: Leaf<'a>) {
        let is_something = match leaf {
            Leaf::Text(text) | Leaf::Bare(text) => !text.is_empty(),
            Leaf::Html(html) => !html.as_str().is_empty(),
            Leaf::Body(body) => !body.html.is_empty(),
            Leaf::Number(number) => number > 0,
        };
        self.key.push(u8::from(is_something));
        if is_something {
            self.leaves.push(leaf);
        }
    }

    /// One of few words.
    pub(super) fn word(&mut self, word: &str) {
        self.count(word.len());
        self.key.extend_from_slice(word.as_bytes());
    }

    /// How many there are.
    pub(super) fn count(&mut self, count: usize) {
        match u8::try_from(count).ok().filter(|count| *count < u8::MAX) {
            Some(count) => self.key.push(count),
            None => {
                self.key.push(u8::MAX);
                self.key.extend_from_slice(&count.to_le_bytes());
            }
        }
    }
}
