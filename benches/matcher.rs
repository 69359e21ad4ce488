//! How long the matcher takes: words, quotes that stand, quotes that nearly stand.
//!
//! From each size to the next, ten times as long, the time may grow twelvefold at most
//! (docs/matching.md).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench knows its text")]

use agon::quote::{Origin, ParentText, Quote, locate, word_bounds};
use agon::source::plain_text::{ParagraphNumber, PlainText, TextBlock, TextRole};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// Words of the articles.
const SIZES: &[usize] = &[1_000, 10_000, 100_000];

/// A generator of numbers that repeats (Marsaglia, "Xorshift RNGs", 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }
}

/// Prose of `words` words: the more frequent a word, the shorter, as in English.
fn article(words: usize) -> PlainText {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut plain = PlainText::default();
    let mut start = 0;
    for count in 1..=words {
        let spread = numbers.below(8) + 1;
        let mut rank = numbers.below(3_000 / spread) + 1;
        while rank > 0 {
            plain.text.push(char::from(b'a' + u8::try_from(rank % 23).unwrap()));
            rank /= 12;
        }
        if count % 90 == 0 || count == words {
            plain.text.push('.');
            let paragraph = Some(ParagraphNumber::from_index(plain.blocks.len()));
            let bytes = start..plain.text.len();
            plain.blocks.push(TextBlock { bytes, role: TextRole::Own, paragraph });
            plain.text.push_str("\n\n");
            start = plain.text.len();
        } else {
            plain.text.push_str(if count % 13 == 0 { ", " } else { " " });
        }
    }
    plain
}

fn quote(text: String) -> Quote {
    let plain = PlainText { text, ..PlainText::default() };
    Quote { bytes: 0..0, plain, attribution: None, excused: false, lazy: Vec::new() }
}

/// Locates ten quotes of 30 words from all over an article, as `change` makes them.
fn locate_ten(bencher: Bencher<'_, '_>, words: usize, change: fn(&mut [&str])) {
    locate_ten_of(bencher, words, change, " ");
}

/// The same, with `between` between their words.
fn locate_ten_of(bencher: Bencher<'_, '_>, words: usize, change: fn(&mut [&str]), between: &str) {
    let plain = article(words);
    let all: Vec<&str> = plain.text.split_whitespace().collect();
    let quotes: Vec<Quote> = (1..=10)
        .map(|index| {
            let mut words = all[index * all.len() / 11..][..30].to_vec();
            change(&mut words);
            quote(words.join(between))
        })
        .collect();
    // The text is made anew: what a first search adds to it belongs to the time.
    bencher.with_inputs(|| ParentText::new(plain.clone())).bench_local_refs(|parent| {
        let outcomes = quotes.iter().map(|quote| locate(quote, Origin::Unsaid, parent));
        outcomes.map(|outcome| outcome.words).sum::<usize>()
    });
}

#[divan::bench(args = SIZES)]
fn words(bencher: Bencher<'_, '_>, words: usize) {
    let plain = article(words);
    bencher.counter(BytesCount::of_str(&plain.text)).bench_local(|| word_bounds(&plain.text));
}

/// To the letter.
#[divan::bench(args = SIZES)]
fn hits(bencher: Bencher<'_, '_>, words: usize) {
    locate_ten(bencher, words, |_| {});
}

/// In lines of another length.
#[divan::bench(args = SIZES)]
fn hits_by_words(bencher: Bencher<'_, '_>, words: usize) {
    locate_ten_of(bencher, words, |_| {}, "\n");
}

#[divan::bench(args = SIZES)]
fn near_misses(bencher: Bencher<'_, '_>, words: usize) {
    locate_ten(bencher, words, |words| words[15] = "nowhere");
}

#[divan::bench(args = SIZES)]
fn near_misses_with_elision(bencher: Bencher<'_, '_>, words: usize) {
    locate_ten(bencher, words, |words| {
        words[10] = "nowhere";
        words[20] = "…";
    });
}

#[divan::bench(args = SIZES)]
fn foreign(bencher: Bencher<'_, '_>, words: usize) {
    locate_ten(bencher, words, |words| words.reverse());
}

/// The worst that repetition can do: one word, everywhere.
#[divan::bench(args = SIZES)]
fn one_word_repeated(bencher: Bencher<'_, '_>, words: usize) {
    let plain = PlainText { text: "the ".repeat(words), ..PlainText::default() };
    let parent = ParentText::new(plain);
    let quote = quote("the ".repeat(20) + "end");
    bencher.bench_local(|| locate(&quote, Origin::Unsaid, &parent));
}
