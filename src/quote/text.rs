//! A parent's text, normalised once, in two views: its own words, and all of them.

use std::ops::Range;
use std::sync::OnceLock;

use crate::quote::editorial::Reading;
use crate::quote::nearest::Grams;
use crate::quote::note::has_reference;
use crate::quote::spelling::{Spelling, Why, respelt, spellings};
use crate::quote::variant::variant;
use crate::quote::words::{Word, is_currency, is_unit, narrow, words};
use crate::source::plain_text::{ParagraphNumber, PlainText, TextRole};

/// A parent's text, normalised once for all its replies' quotes.
#[derive(Debug)]
pub(crate) struct Text {
    /// Every word.
    pub(crate) words: Vec<Word>,
    /// For each word, index of its block; ascending.
    pub(crate) blocks: Vec<u32>,
    /// Whose words each block holds, and its ¶.
    pub(crate) roles: Vec<(TextRole, Option<ParagraphNumber>)>,
    /// The parent's own words; nothing where it quotes nothing.
    pub(crate) own: Option<View>,
    /// The parent's own words without its notes, which break a sentence off in their place;
    /// nothing where it has none.
    pub(crate) unbroken: Option<View>,
    /// All words.
    pub(crate) full: View,
    /// The signs without which the number beside them is another.
    signs: Signs,
    /// Other ways to read some words; made when a quote is not found at once.
    spellings: OnceLock<Spellings>,
}

/// Where signs stand that touch a number: the first bytes of each, ascending.
#[derive(Clone, Debug, Default)]
struct Signs {
    /// Before it: `-5`, `$5`.
    before: Vec<u32>,
    /// After it: `29%`, `5°`.
    after: Vec<u32>,
}

impl Signs {
    /// Those among `words`, which stand in `text`.
    fn new(text: &str, words: &[Word]) -> Self {
        let at = |word: &Word| text.get(word.start as usize..word.end as usize).unwrap_or_default();
        let mut signs = Self::default();
        for pair in words.windows(2) {
            let [one, next] = pair else { continue };
            if one.end != next.start {
                continue;
            }
            if is_sign_before(at(one)) && at(next).starts_with(char::is_numeric) {
                signs.before.push(one.start);
            } else if is_sign_after(at(next)) && at(one).ends_with(char::is_numeric) {
                signs.after.push(next.start);
            }
        }
        signs
    }
}

/// Whether a word of a quote is read in its other way, beside a text that has the words `is_here`.
fn is_read_as(one: &Spelling, is_here: impl Fn(u64) -> bool) -> bool {
    one.why == Why::Note || one.id.is_some_and(is_here)
}

/// A minus, or a currency.
fn is_sign_before(sign: &str) -> bool {
    sign.chars().filter_map(variant).all(|c| c == '-' || is_currency(c))
}

fn is_sign_after(sign: &str) -> bool {
    sign.chars().filter_map(variant).all(is_unit)
}

/// Other ways to read the words of a text, and what it has.
#[derive(Debug)]
struct Spellings {
    list: Vec<Spelling>,
    /// The hashes of its words and of their other ways, sorted.
    ids: Vec<u64>,
}

/// What differs when words are read as the other text has them.
pub(crate) struct Respelt {
    /// The parent; nothing where only the quote is read otherwise.
    pub text: Option<Text>,
}

/// Words in a row, some of the text's left out.
#[derive(Debug)]
pub(crate) struct View {
    /// Their hashes.
    pub ids: Vec<u64>,
    /// For each, its index in [`Text::words`].
    pub back: Vec<u32>,
    grams: OnceLock<Grams>,
}

impl View {
    /// The words of the blocks of which `is_kept` says so; `blocks` has that of each word.
    fn new(words: &[Word], blocks: &[u32], is_kept: impl Fn(u32) -> bool) -> Self {
        let mut ids = Vec::with_capacity(words.len());
        let mut back = Vec::with_capacity(words.len());
        let mut start = 0;
        while let Some(&block) = blocks.get(start) {
            let rest = blocks.get(start..).unwrap_or_default();
            let end = start + rest.partition_point(|other| *other == block);
            if is_kept(block) {
                let kept = words.get(start..end).unwrap_or_default();
                ids.extend(kept.iter().map(|word| word.id));
                back.extend(narrow(start)..narrow(end));
            }
            start = end;
        }
        Self { ids, back, grams: OnceLock::new() }
    }

    /// The short sequences of the view by content; made at the first fuzzy search.
    pub(crate) fn grams(&self) -> &Grams {
        self.grams.get_or_init(|| Grams::new(&self.ids))
    }

    /// Whether only words at the end of the text are left out.
    pub(crate) fn is_beginning(&self) -> bool {
        self.back.last().is_none_or(|last| *last as usize + 1 == self.back.len())
    }

    /// The index in the text of the word at `index` here.
    pub(crate) fn word(&self, index: usize) -> usize {
        self.back.get(index).map_or(0, |word| *word as usize)
    }
}

impl Text {
    /// The words of `plain`.
    pub(crate) fn new(plain: &PlainText) -> Self {
        let words = words(&plain.text);
        let mut blocks: Vec<u32> = Vec::with_capacity(words.len());
        for (index, block) in plain.blocks.iter().enumerate() {
            let end = words.partition_point(|word| (word.start as usize) < block.bytes.end);
            blocks.resize(end, narrow(index));
        }
        blocks.resize(words.len(), narrow(plain.blocks.len()));
        let roles: Vec<_> = plain.blocks.iter().map(|b| (b.role, b.paragraph)).collect();
        let signs = Signs::new(&plain.text, &words);
        Self::assemble(words, blocks, roles, signs)
    }

    /// Whether the number with which the words `range` begin, or end, loses a sign that touches it.
    pub(crate) fn loses_signs(&self, range: &Range<usize>) -> (bool, bool) {
        let is_among = |signs: &[u32], word: usize| {
            self.words.get(word).is_some_and(|word| signs.binary_search(&word.start).is_ok())
        };
        let before = range.start.checked_sub(1);
        (
            before.is_some_and(|word| is_among(&self.signs.before, word)),
            is_among(&self.signs.after, range.end),
        )
    }

    /// The text as the words `quoted` have it where it may be read in two ways, and they as it
    /// has them; nothing where neither changes. `plain` is the text's own.
    pub(crate) fn respelt(&self, plain: &str, quoted: &str) -> Option<Respelt> {
        let here = self.spellings(plain);
        let quoted_words = words(quoted);
        let there = spellings(quoted, &quoted_words);
        let edited = Reading::edited(quoted).words;
        let mut ids: Vec<u64> = quoted_words.iter().chain(&edited).map(|word| word.id).collect();
        ids.extend(there.iter().filter_map(Spelling::of_both));
        ids.sort_unstable();
        let is_there = |id: u64| ids.binary_search(&id).is_ok();
        let is_here = |id: u64| here.ids.binary_search(&id).is_ok();
        let changes = there.iter().any(|one| is_read_as(one, is_here));
        // Who writes marks of notes, or boxes, may not write others than the text has.
        let has = |why| there.iter().any(|one| one.why == why);
        let (has_notes, has_tasks) = (has(Why::Note) || has_reference(quoted), has(Why::Task));
        let may_go = |one: &Spelling| match one.why {
            Why::Note => !has_notes,
            Why::Task => !has_tasks,
            _ => one.id.is_some_and(is_there),
        };
        let text = respelt(&self.words, &here.list, may_go).map(|changed| {
            let block = |(index, _): &(usize, Word)| self.block(*index);
            let blocks = changed.iter().map(block).collect();
            let words = changed.into_iter().map(|(_, word)| word).collect();
            Self::assemble(words, blocks, self.roles.clone(), self.signs.clone())
        });
        (changes || text.is_some()).then_some(Respelt { text })
    }

    /// `reading` of the text `quoted`, its words in the other way where this text has that.
    pub(crate) fn read_as_here(&self, reading: Reading, quoted: &str, plain: &str) -> Reading {
        let here = self.spellings(plain);
        let there = spellings(quoted, &reading.words);
        let is_here = |id: u64| here.ids.binary_search(&id).is_ok();
        let changed = respelt(&reading.words, &there, |one| is_read_as(one, is_here));
        changed.map_or(reading.clone(), |changed| reading.with(&changed))
    }

    fn spellings(&self, plain: &str) -> &Spellings {
        self.spellings.get_or_init(|| {
            let list = spellings(plain, &self.words);
            let mut ids = self.full.ids.clone();
            ids.extend(list.iter().filter_map(Spelling::of_both));
            ids.sort_unstable();
            ids.dedup();
            Spellings { list, ids }
        })
    }

    fn assemble(
        words: Vec<Word>,
        blocks: Vec<u32>,
        roles: Vec<(TextRole, Option<ParagraphNumber>)>,
        signs: Signs,
    ) -> Self {
        let has = |wanted| roles.iter().any(|(role, _)| *role == wanted);
        let view = |left_out: &[TextRole]| {
            let is_kept = |block: u32| {
                let role = roles.get(block as usize);
                role.is_none_or(|(role, _)| !left_out.contains(role))
            };
            View::new(&words, &blocks, is_kept)
        };
        let own = has(TextRole::Quotation).then(|| view(&[TextRole::Quotation]));
        let own = own.filter(|own| own.ids.len() < words.len());
        let unbroken = has(TextRole::Note).then(|| view(&[TextRole::Quotation, TextRole::Note]));
        let full = view(&[]);
        Self { words, blocks, roles, own, unbroken, full, signs, spellings: OnceLock::new() }
    }

    /// The block of the word at `index`.
    pub(crate) fn block(&self, index: usize) -> u32 {
        self.blocks.get(index).copied().unwrap_or(u32::MAX)
    }

    /// Whether the word at `index` is quoted by the parent.
    pub(crate) fn is_quotation(&self, index: usize) -> bool {
        let role = self.roles.get(self.block(index) as usize);
        role.is_some_and(|(role, _)| *role == TextRole::Quotation)
    }

    /// Where the ¶ `paragraph` stands in `view`; all of the view if none is given.
    pub(crate) fn range_of(&self, paragraph: Option<ParagraphNumber>, view: &View) -> Range<usize> {
        let Some(paragraph) = paragraph else { return 0..view.ids.len() };
        let is_in = |word: &u32| {
            let role = self.roles.get(self.block(*word as usize) as usize);
            role.is_some_and(|(_, number)| *number == Some(paragraph))
        };
        let start = view.back.iter().position(is_in).unwrap_or(0);
        let end = view.back.iter().rposition(is_in).map_or(start, |last| last + 1);
        start..end
    }

    /// The words of the ¶ in which the word at `index` stands, or of its block if that has
    /// no number.
    pub(crate) fn surroundings(&self, index: usize) -> Range<usize> {
        let block = self.block(index);
        let number = |block: u32| self.roles.get(block as usize).and_then(|(_, number)| *number);
        let belongs = |other: &usize| {
            let other = self.block(*other);
            other == block || (number(block).is_some() && number(other) == number(block))
        };
        let before = (0..index).rev().take_while(belongs).count();
        let after = (index..self.words.len()).take_while(belongs).count();
        index - before..index + after
    }

    /// The bytes from the first to the last of the words `range`.
    pub(crate) fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.words.get(range.start).map_or(0, |word| word.start as usize);
        let last = range.end.checked_sub(1).and_then(|index| self.words.get(index));
        start..last.map_or(start, |word| word.end as usize).max(start)
    }

    /// The first and the last ¶ that the stretches of words touch.
    pub(crate) fn paragraphs(
        &self,
        parts: &[Range<usize>],
    ) -> (Option<ParagraphNumber>, Option<ParagraphNumber>) {
        let paragraph = |index: usize| self.roles.get(self.block(index) as usize)?.1;
        let first = parts.iter().flat_map(Clone::clone).find_map(paragraph);
        let last = parts.iter().rev().flat_map(|part| part.clone().rev()).find_map(paragraph);
        (first, last)
    }
}
