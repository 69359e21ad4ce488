//! What stands around a page whatever its kind: the site, the menu, its head.

use super::context::{LinkView, MenuView, PageView, SiteView};
use super::extra::Extra;
use super::sentence::{plain_words, shortened};
use super::value::{Html, Made};
use super::view::Views;
use crate::article::front_matter::{Color, Direction};
use crate::site::ArticleIndex;
use crate::site::debate::Debate;
use crate::site::link::Target;
use crate::site::route::{PageNumber, Route};
use crate::site::url;
use crate::source::SitePath;

/// What every page says of the site.
pub(super) fn site_view(views: &Views<'_>) -> SiteView {
    let snapshot = views.snapshot;
    let settings = &snapshot.site.settings;
    let mut stylesheets: Vec<String> = snapshot
        .theme
        .iter()
        .flat_map(|theme| theme.stylesheets())
        .map(|path| views.rooted(&format!("/{path}")))
        .collect();
    let custom =
        SitePath::new("static/custom.css").and_then(|path| snapshot.sources.assets.get(&path));
    if let Some(asset) = custom {
        stylesheets.push(views.rooted(&format!("/custom.css?v={:08x}", asset.hash >> 32)));
    }
    SiteView {
        title: settings.title.clone(),
        description: settings.description.clone().unwrap_or_default(),
        home: views.url(&Route::Home),
        archive: views.url(&Route::Archive(PageNumber::FIRST)),
        feed: snapshot.site.base_url.as_ref().map(|_| views.url(&Route::Feed)),
        stylesheets,
        extra: Extra::new(settings.extra.as_ref()),
    }
}

/// The menu that all pages have.
pub(super) fn menu(views: &Views<'_>) -> Vec<Made<LinkView>> {
    let site = &views.snapshot.site;
    let entries = site.settings.menu.iter().zip(&site.menu);
    let entries = entries.map(|(item, target)| {
        (item.name.clone(), views.target((target, &item.url.value), None, &[]).into_owned())
    });
    let mut menu: Vec<(String, String)> = entries.collect();
    if menu.is_empty() {
        let archive = Route::Archive(PageNumber::FIRST);
        menu.push(("Debates".to_owned(), views.url(&Route::Home)));
        menu.push(("Archive".to_owned(), views.url(&archive)));
    }
    menu.into_iter().map(|(name, url)| Made::new(LinkView { name, url })).collect()
}

/// The head of the page at `route`.
pub(super) fn page_view(views: &Views<'_>, route: &Route, heading: &str) -> PageView {
    let settings = &views.snapshot.site.settings;
    let title = if heading == settings.title {
        heading.to_owned()
    } else {
        [heading, " — ", &settings.title].concat()
    };
    let url = views.url(route);
    let base = views.snapshot.site.base_url.as_ref();
    let here = |link: &Made<LinkView>| MenuView { link: link.clone(), is_here: link.url == url };
    PageView {
        title,
        heading: heading.to_owned(),
        description: None,
        canonical: base
            .filter(|_| *route != Route::NotFound)
            .map(|it| [it.origin(), &url].concat()),
        menu: views.shared.menu().iter().map(here).collect(),
        url,
        lang: settings.language.clone(),
        dir: settings.dir.map(Direction::word),
        og_type: "website",
        image: None,
        style: None,
        badge: None,
    }
}

/// Words of a summary that an article does not write itself (design.md, section 3).
const SUMMARY_WORDS: usize = 30;

/// What an article says of itself, else its text before `<!-- more -->`, else its first words.
pub(super) fn summary(views: &Views<'_>, index: ArticleIndex) -> String {
    let article = &views.published(index).article.value;
    if let Some(summary) = &article.front.summary {
        return views.inline().plain(summary);
    }
    let blocks = &article.document.blocks;
    if let Some(more) = article.document.more {
        let text = article.document.text_of(0..more.min(blocks.len()), &article.source.text);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            return text;
        }
    }
    let mut text = String::new();
    for (block, _) in blocks.iter().enumerate().filter(|(_, block)| block.paragraph.is_some()) {
        let more = article.document.text_of(block..block + 1, &article.source.text);
        if text.is_empty() {
            text = more;
        } else {
            text.push(' ');
            text.push_str(&more);
        }
        // Chinese and Japanese put no spaces between words.
        if text.len() >= SUMMARY_WORDS * 10 || text.split_whitespace().nth(SUMMARY_WORDS).is_some()
        {
            break;
        }
    }
    first_words(&text)
}

/// The first words of `text`, with a sign where there are more.
fn first_words(text: &str) -> String {
    let most = SUMMARY_WORDS * 10;
    let plain = plain_words(text, most).unwrap_or_default();
    if let Some(end) = memchr::memchr_iter(b' ', plain.as_bytes()).nth(SUMMARY_WORDS - 1) {
        return shortened(&[plain.get(..end).unwrap_or_default(), " …"].concat(), most);
    }
    let mut words = text.split_whitespace();
    let first: Vec<&str> = words.by_ref().take(SUMMARY_WORDS).collect();
    let more = if words.next().is_some() { " …" } else { "" };
    shortened(&[&first.join(" "), more].concat(), most)
}

/// The head of an article's page.
pub(super) fn article_view(views: &Views<'_>, route: &Route, index: ArticleIndex) -> PageView {
    let published = views.published(index);
    let front = &published.article.value.front;
    let mut page = page_view(views, route, &views.inline().plain(&published.title));
    page.description = Some(summary(views, index)).filter(|text| !text.is_empty());
    page.og_type = "article";
    if let Some(lang) = &front.lang {
        page.lang.clone_from(lang);
    }
    page.dir = front.dir.map(Direction::word).or(page.dir);
    page.image = published.image.as_ref().and_then(|target| match target {
        Target::Outward => front.image.as_ref().map(|image| image.value.clone()),
        Target::File { path, .. } => views.absolute(&url::encoded(path)),
        _ => None,
    });
    let appears = front.date.as_ref().filter(|_| published.upcoming);
    page.badge = match appears {
        _ if front.draft => Some("Draft".to_owned()),
        appears => appears.map(|date| format!("Appears {}", date.value.long())),
    };
    page
}

/// Rules for colours that have no name; nothing where all have one.
pub(super) fn colors<'a>(debates: impl Iterator<Item = &'a Debate>) -> Option<Html> {
    let mut custom: Vec<[u8; 3]> = debates
        .flat_map(|debate| &debate.sides)
        .filter_map(|side| match side.color {
            Color::Rgb(rgb) => Some(rgb),
            Color::Named(_) => None,
        })
        .collect();
    custom.sort_unstable();
    custom.dedup();
    let rule = |[red, green, blue]: [u8; 3]| {
        let hex = format!("{red:02x}{green:02x}{blue:02x}");
        format!(
            "@layer tokens {{ [data-side=\"c-{hex}\"] {{ --ink: light-dark(oklch(from #{hex} 0.38 c h), oklch(from #{hex} 0.82 c h)); --line: light-dark(oklch(from #{hex} 0.55 c h), oklch(from #{hex} 0.68 c h)) }} }}\n"
        )
    };
    if custom.is_empty() { None } else { Some(Html::bare(custom.into_iter().map(rule).collect())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quick way and the other give the same.
    #[track_caller]
    fn check(words: usize, word: &str, expected: usize) {
        let text = vec![word; words].join(" ");
        let expected =
            [vec![word; expected].join(" ").as_str(), if words > 30 { " …" } else { "" }].concat();
        assert_eq!(first_words(&text), expected);
        assert_eq!(first_words(&text.replace(' ', "  \n")), expected);
    }

    #[test]
    fn a_summary_has_thirty_words() {
        check(0, "a", 0);
        check(3, "word", 3);
        check(30, "word", 30);
        check(31, "word", 30);
        check(300, "word", 30);
        check(60, "wörd", 30);
        // And no more than ten times as many characters.
        check(60, "unpronounceable", 18);
    }
}
