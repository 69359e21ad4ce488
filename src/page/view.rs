//! The parts that several kinds of page share: URLs, sides, heads of articles, dates.

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::body::Body;
use super::context::{ArticleView, DateView, LinkView, MarkView, StandingView};
use super::extra::Extra;
use super::fault::OpenPlace;
use super::inline::{self, Inline};
use super::notice;
use super::shared::{Parts, Shared};
use super::value::{Html, Made};
use crate::article::document::Link;
use crate::article::front_matter::Direction;
use crate::article::passage_or_answer;
use crate::site::debate::{self, Debate, Member, MemberIndex};
use crate::site::link::Target;
use crate::site::point::{Point, Treatment};
use crate::site::route::{PageNumber, Route};
use crate::site::settings::{BaseUrl, Kind};
use crate::site::side::{Side, capitalised, color_key};
use crate::site::slug::{self, Slug};
use crate::site::snapshot::Snapshot;
use crate::site::{ArticleIndex, Published, url};

/// Words that a reader reads in a minute (Brysbaert 2019, prose in English: 238).
const WORDS_A_MINUTE: usize = 238;

/// What pages are made of, with the ways to print it.
pub(crate) struct Views<'a> {
    pub snapshot: &'a Snapshot,
    /// What pages share.
    pub shared: &'a Shared,
    /// In a preview, in which what is wrong with quotes is shown: how places are opened.
    pub faults: Option<OpenPlace<'a>>,
}

impl<'a> Views<'a> {
    /// How titles and the like are read.
    pub(crate) fn inline(&self) -> Inline {
        Inline { smart: self.snapshot.site.settings.markdown.smart_punctuation }
    }

    /// A root-relative URL with the path of the base URL before it.
    pub(crate) fn rooted(&self, url: &str) -> String {
        let base = self.snapshot.site.base_url.as_ref().map_or("", BaseUrl::path);
        [base, url].concat()
    }

    pub(crate) fn url(&self, route: &Route) -> String {
        route.url(self.snapshot.site.base_url.as_ref().map_or("", BaseUrl::path))
    }

    /// The URL of the file `path` of the output.
    pub(crate) fn file_url(&self, path: &str) -> String {
        self.rooted(&format!("/{}", url::encoded(path)))
    }

    /// Whether something stands at a URL that may be encoded otherwise than Agon does it.
    pub(crate) fn is_output(&self, url: &str) -> bool {
        let base = self.snapshot.site.base_url.as_ref().map_or("", BaseUrl::path);
        let path = url.strip_prefix(base).and_then(url::decoded);
        path.is_some_and(|path| {
            let asset = path.trim_start_matches('/');
            let mut assets = self.snapshot.theme.iter().flat_map(|theme| theme.assets());
            self.snapshot.site.outputs.at(&path).is_some()
                || assets.any(|(known, _)| known == asset)
        })
    }

    /// The absolute URL of a root-relative one; nothing without a base URL.
    pub(crate) fn absolute(&self, url: &str) -> Option<String> {
        self.snapshot.site.base_url.as_ref().map(|base| [base.origin(), base.path(), url].concat())
    }

    pub(crate) fn published(&self, index: ArticleIndex) -> &'a Published {
        self.snapshot.site.article(index)
    }

    /// What every page says of an article in the same words.
    fn parts(&self, index: ArticleIndex) -> &'a Parts {
        self.shared.parts(index, || self.make_parts(index))
    }

    fn make_parts(&self, index: ArticleIndex) -> Parts {
        let published = self.published(index);
        let authors = self.snapshot.site.authors_of(published);
        let names: Vec<&str> = authors.into_iter().map(|author| author.name.as_str()).collect();
        let side = self.seat(index).map(|(debate, member)| debate.side(debate.member(member)));
        let mark = side.map(|side| {
            let (color, rule) = (color_key(side.color), side.rule.name());
            let key = [&side.letter, " ", rule, " ", &color, " ", &side.name].concat();
            self.shared.interned().marks.get(&key, || mark_view(side))
        });
        let last = names.first().and_then(|name| last_name(name));
        Parts {
            url: self.url(&published.route()),
            by: names.join(", "),
            short_name: last.or(side.map(|side| side.name.as_str())).unwrap_or_default().to_owned(),
            mark: mark.unwrap_or_default(),
            authors: Made::new(self.make_authors(&names)),
            tags: Made::new(self.make_tags(index)),
            date: published
                .article
                .value
                .front
                .date
                .as_ref()
                .map(|date| Made::new(date.value.into())),
        }
    }

    pub(crate) fn article_url(&self, index: ArticleIndex) -> &'a str {
        &self.parts(index).url
    }

    /// The URL of a link, written as `destination`, on a page that holds the articles `here`
    /// with their prefixes; `own` is the article in which it stands, with its own.
    pub(crate) fn target<'u>(
        &self,
        (target, destination): (&Target, &'u str),
        own: Option<(ArticleIndex, &str)>,
        here: &[(ArticleIndex, &str)],
    ) -> Cow<'u, str>
    where
        'a: 'u,
    {
        Cow::Owned(match target {
            Target::Article { index, fragment } if fragment.is_empty() => {
                return Cow::Borrowed(self.article_url(*index));
            }
            Target::Article { index, fragment } => {
                let place = || match here.iter().find(|(article, _)| article == index) {
                    Some((_, prefix)) if !self.is_top(*index, fragment) => {
                        ["#", prefix, fragment].concat()
                    }
                    _ => [self.article_url(*index), "#", fragment].concat(),
                };
                self.point_url(*index, fragment, here).unwrap_or_else(place)
            }
            Target::File { path, .. } => self.rooted(&url::encoded(path)),
            Target::Fragment(fragment) => {
                let point = own.and_then(|(index, _)| self.point_url(index, fragment, here));
                let own = own.filter(|(index, _)| !self.is_top(*index, fragment));
                let place = || ["#", own.map_or("", |(_, prefix)| prefix), fragment].concat();
                point.unwrap_or_else(place)
            }
            Target::Site { path, fragment } => {
                with_fragment(self.rooted(&url::encoded(path)), fragment)
            }
            Target::Outward | Target::Broken => return Cow::Borrowed(destination),
        })
    }

    /// The URLs of an article's links, in their order.
    pub(crate) fn urls(
        &self,
        index: ArticleIndex,
        own: &str,
        here: &[(ArticleIndex, &str)],
    ) -> Vec<Cow<'a, str>> {
        let published = self.published(index);
        let links = &published.article.value.document.links;
        let pairs = published.targets.iter().zip(links);
        let url = |(target, link): (&Target, &'a Link)| {
            self.target((target, &link.destination), Some((index, own)), here)
        };
        pairs.map(url).collect()
    }

    /// The URL of `fragment`, named in a link to the article `index`, where that is no place of its
    /// text but the passage of a point, or the answer to it: both stand on the page of the reply.
    fn point_url(
        &self,
        index: ArticleIndex,
        fragment: &str,
        here: &[(ArticleIndex, &str)],
    ) -> Option<String> {
        let (slug, _) = passage_or_answer(fragment)?;
        let ids = &self.published(index).article.value.document.ids;
        let reply = self.snapshot.site.by_slug(&Slug::new(slug))?;
        let (debate, member) = self.seat(reply)?;
        let parent = debate.member(debate.member(member).parent?).article;
        if ids.iter().any(|id| id.name == fragment) {
            return None;
        }
        let is_here = [reply, parent].iter().all(|one| here.iter().any(|(index, _)| index == one));
        Some([if is_here { "" } else { self.article_url(reply) }, "#", fragment].concat())
    }

    /// Whether `fragment` of an article's page is its top, and no id (HTML standard, 7.4.6.4).
    fn is_top(&self, index: ArticleIndex, fragment: &str) -> bool {
        let ids = || &self.published(index).article.value.document.ids;
        fragment.is_empty()
            || (fragment.eq_ignore_ascii_case("top") && !ids().iter().any(|id| id.name == fragment))
    }

    /// Width and height of those of an article's links that are images and say so; nothing where
    /// none is.
    pub(crate) fn sizes(&self, index: ArticleIndex) -> Vec<Option<(u32, u32)>> {
        let targets = &self.published(index).targets;
        if !targets.iter().any(|target| matches!(target, Target::File { .. })) {
            return Vec::new();
        }
        let size = |target: &Target| match target {
            Target::File { asset, .. } => self.snapshot.sources.assets.get(asset)?.dimensions,
            _ => None,
        };
        targets.iter().map(size).collect()
    }

    /// The debate of an article and its place in it.
    pub(crate) fn seat(&self, index: ArticleIndex) -> Option<(&'a Debate, MemberIndex)> {
        let seat = self.published(index).seat?;
        Some((self.snapshot.site.debates.get(seat.debate)?, seat.member))
    }

    /// The side of an article.
    pub(crate) fn mark(&self, member: &Member) -> Made<MarkView> {
        self.parts(member.article).mark.clone()
    }

    /// Who wrote it, as text.
    pub(crate) fn by(&self, index: ArticleIndex) -> &'a str {
        &self.parts(index).by
    }

    /// Who wrote it; the side where nobody is named.
    pub(crate) fn by_or_side(&self, debate: &'a Debate, member: &Member) -> &'a str {
        let by = self.by(member.article);
        if by.is_empty() { &debate.side(member).name } else { by }
    }

    /// The last word of the first author's name, by which the flow sheet calls them; of a text
    /// without an author the name of its side.
    pub(crate) fn short_name(&self, member: &Member) -> &'a str {
        &self.parts(member.article).short_name
    }

    pub(crate) fn tags(&self, index: ArticleIndex) -> Made<Vec<Made<LinkView>>> {
        self.parts(index).tags.clone()
    }

    pub(crate) fn date(&self, index: ArticleIndex) -> Option<Made<DateView>> {
        self.parts(index).date.clone()
    }

    fn make_tags(&self, index: ArticleIndex) -> Vec<Made<LinkView>> {
        let tags = self.published(index).article.value.front.tags.iter();
        let known = &self.shared.interned().tags;
        let views = tags.map(|tag| known.get(&tag.value, || self.term(&tag.value, Route::Tag)));
        views.filter(|tag| !tag.url.is_empty()).collect()
    }

    fn make_authors(&self, names: &[&str]) -> Vec<Made<LinkView>> {
        let known = &self.shared.interned().authors;
        names.iter().map(|name| known.get(name, || self.term(name, Route::Author))).collect()
    }

    /// A tag or an author; without a URL where the name is none that has a list.
    fn term(&self, name: &str, route: fn(Slug, PageNumber) -> Route) -> LinkView {
        let url = slug::of_term(name).map(|slug| self.url(&route(slug, PageNumber::FIRST)));
        LinkView { name: name.to_owned(), url: url.unwrap_or_default() }
    }

    /// `ltr` or `rtl`, where the article or the site says it.
    pub(crate) fn direction(&self, member: &Member) -> Option<&'static str> {
        let own = self.published(member.article).article.value.front.dir;
        own.or(self.snapshot.site.settings.dir).map(Direction::word)
    }

    /// What is said of an article above its text.
    pub(crate) fn article(&self, member: &Member) -> Made<ArticleView> {
        self.shared.article(member.article, || self.make_article(member))
    }

    fn make_article(&self, member: &Member) -> ArticleView {
        let published = self.published(member.article);
        let front = &published.article.value.front;
        let role = debate::role(member.depth);
        let title = self.inline().html(&published.title);
        ArticleView {
            mark: self.mark(member),
            role: capitalised(&role),
            role_word: role,
            is_long: is_long(&title),
            title,
            claim: front.claim.as_deref().map(|claim| self.inline().html(claim)),
            authors: self.parts(member.article).authors.clone(),
            date: self.date(member.article),
            updated: front.updated.map(DateView::from),
            reading_time: reading_time(published.article.value.document.words),
            notices: notice::notices(self, member.article),
            lang: front.lang.clone(),
            tags: self.tags(member.article),
            extra: Extra::new(front.extra.as_ref()),
        }
    }

    /// How much of its parent a reply answers; `url` gives where a ¶ stands, `slot` is the number
    /// of its ledger.
    pub(crate) fn standing(&self, member: &Member, url: Option<&str>, slot: usize) -> StandingView {
        let (answered, conceded) = counts(&member.treatments);
        StandingView {
            mark: self.mark(member),
            count: of(answered, member.treatments.len()),
            conceded: conceded_words(conceded),
            text: String::new(),
            ledger: Body::new(slot, ledger(&member.treatments, url)),
        }
    }
}

fn mark_view(side: &Side) -> MarkView {
    let (color, rule) = (color_key(side.color), side.rule.name());
    let mut letter = String::new();
    inline::push_text(&mut letter, &side.letter);
    let badge = format!(
        "<span class=\"badge\" data-side=\"{color}\" data-rule=\"{rule}\" aria-hidden=\"true\">{letter}</span>"
    );
    MarkView {
        side: color,
        rule,
        letter: side.letter.clone(),
        badge: Html::bare(badge),
        name: side.name.clone(),
    }
}

/// Each ¶ of a text and whether it is answered; `url` is what stands before the `p` of its id
/// where the text is on the same page.
fn ledger(treatments: &[Treatment], url: Option<&str>) -> String {
    let mut html = String::with_capacity(treatments.len() * (100 + url.map_or(0, str::len)));
    for (index, treatment) in treatments.iter().enumerate() {
        let mut digits = itoa::Buffer::new();
        let number = digits.format(index + 1);
        let (class, word) = treatment_words(*treatment);
        push!(html, "<li class=\"", class);
        if let Some(url) = url {
            push!(html, "\"><a href=\"", url, "p", number, "\" aria-label=\"Paragraph ", number);
            push!(html, ", ", word, "\">", number, "</a></li>");
        } else {
            push!(html, "\"><span class=\"n\">", number, "<span class=\"vh\"> ", word);
            push!(html, "</span></span></li>");
        }
    }
    html
}

/// Appends each of some texts to a `String`: these run for every ¶ of every page, where `format!`
/// would show.
macro_rules! push {
    ($html:expr, $($part:expr),+ $(,)?) => {
        $($html.push_str($part);)+
    };
}
pub(crate) use push;

fn with_fragment(url: String, fragment: &str) -> String {
    if fragment.is_empty() { url } else { format!("{url}#{fragment}") }
}

/// What a point makes of the ¶ that it quotes.
pub(crate) fn treatment(point: &Point) -> Treatment {
    match point.kind {
        _ if !point.answered => Treatment::Unanswered,
        Some(Kind::Conceded) => Treatment::Conceded,
        _ => Treatment::Answered,
    }
}

/// The passage of a point in the parent's own words; none of what the parent itself quotes.
pub(crate) fn passages(point: &Point) -> &[Range<usize>] {
    if point.in_quotation { &[] } else { &point.passages }
}

/// How many ¶ are answered, and how many of these are conceded.
pub(crate) fn counts(treatments: &[Treatment]) -> (usize, usize) {
    let conceded = treatments.iter().filter(|one| **one == Treatment::Conceded).count();
    let answered = treatments.iter().filter(|one| **one != Treatment::Unanswered).count();
    (answered, conceded)
}

/// `3 of 9`.
pub(crate) fn of(part: usize, whole: usize) -> String {
    let (mut first, mut last) = (itoa::Buffer::new(), itoa::Buffer::new());
    [first.format(part), " of ", last.format(whole)].concat()
}

fn conceded_words(conceded: usize) -> String {
    match conceded {
        0 => String::new(),
        1 => ", one of them conceded".to_owned(),
        more => format!(", {} of them conceded", number_word(more)),
    }
}

pub(crate) fn treatment_words(treatment: Treatment) -> (&'static str, &'static str) {
    match treatment {
        Treatment::Unanswered => ("no", "unanswered"),
        Treatment::Answered => ("yes", "answered"),
        Treatment::Conceded => ("con", "conceded"),
    }
}

/// Longest title in the largest letters, in characters of its HTML.
const LONG: usize = 90;

/// Whether a title is too long for the largest letters.
pub(crate) fn is_long(title: &Html) -> bool {
    title.as_str().len() > LONG && title.as_str().graphemes(true).count() > LONG
}

/// `one` to `twelve`, then digits.
pub(crate) fn number_word(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// What follows a name and is none: which of a family somebody is, or a degree.
const SUFFIXES: [&str; 9] = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "obe"];

/// The last name of `name`: King of Martin Luther King, Jr.
fn last_name(name: &str) -> Option<&str> {
    let is_suffix = |word: &str| {
        let word = word.replace(['.', ','], "").to_lowercase();
        SUFFIXES.contains(&word.as_str())
    };
    let mut words = name.split_whitespace();
    let last = words.next_back()?;
    let before = words.rev().find(|word| !is_suffix(word));
    let chosen = before.filter(|_| is_suffix(last)).unwrap_or(last);
    Some(chosen.trim_end_matches(','))
}

fn reading_time(words: usize) -> String {
    match words.div_ceil(WORDS_A_MINUTE) {
        0 | 1 => "1 minute".to_owned(),
        minutes => [itoa::Buffer::new().format(minutes), " minutes"].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::last_name;

    #[test]
    fn what_follows_a_name_is_no_name() {
        for (name, last) in [
            ("Ada Smith", "Smith"),
            (" Ada ", "Ada"),
            ("Martin Luther King Jr.", "King"),
            ("Martin Luther King, Jr.", "King"),
            ("Sammy Davis, Jr., Ph.D.", "Davis"),
            ("Thurston Howell III", "Howell"),
            ("III", "III"),
            ("山田太郎", "山田太郎"),
        ] {
            assert_eq!(last_name(name), Some(last), "{name}");
        }
        assert_eq!(last_name(" "), None);
    }
}
