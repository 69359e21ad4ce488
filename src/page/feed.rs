//! What machines read: the Atom feed, the site map, robots.txt.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;

use super::alone::{Numbers, body_at};
use super::verify::ends_in_tag;
use super::view::Views;
use crate::article::html_escape_attribute as escape;
use crate::site::ArticleIndex;
use crate::site::route::Route;

/// Articles in the feed: the latest.
const MOST_ENTRIES: usize = 50;

/// The Atom feed of the site (RFC 4287), with the whole text of the latest articles.
///
/// Only made where there is a base URL; without one it would name no site.
pub(crate) fn atom(views: &Views<'_>) -> String {
    let site = &views.snapshot.site;
    let entries: Vec<ArticleIndex> = site.archive.iter().copied().take(MOST_ENTRIES).collect();
    let home = views.absolute("/").unwrap_or_default();
    let own = views.absolute("/feed.xml").unwrap_or_default();
    let updated = latest(entries.iter().map(|&index| updated(views, index)));
    let updated = updated.unwrap_or_else(|| EPOCH.to_owned());
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"",
    );
    let _ = writeln!(xml, " xml:lang=\"{}\">", site.settings.language);
    element(&mut xml, "title", &site.settings.title);
    if let Some(description) = &site.settings.description {
        element(&mut xml, "subtitle", description);
    }
    element(&mut xml, "id", &home);
    element(&mut xml, "updated", &updated);
    let _ = writeln!(xml, "<link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>");
    let _ = writeln!(xml, "<link rel=\"alternate\" type=\"text/html\" href=\"{home}\"/>");
    xml.push_str("<generator>Agon</generator>\n");
    for index in entries {
        entry(&mut xml, views, index);
    }
    xml.push_str("</feed>\n");
    xml
}

/// The date of a feed without entries, or of an entry without a date.
const EPOCH: &str = "1970-01-01T00:00:00Z";

fn updated(views: &Views<'_>, index: ArticleIndex) -> String {
    let front = &views.published(index).article.value.front;
    let date = front.updated.or_else(|| front.date.as_ref().map(|date| date.value));
    date.map_or_else(
        || EPOCH.to_owned(),
        |date| date.rfc3339(&views.snapshot.site.settings.timezone),
    )
}

/// The last of `dates` (RFC 3339), each of which may be of another zone.
fn latest(dates: impl Iterator<Item = String>) -> Option<String> {
    dates.max_by_key(|date| date.parse::<Timestamp>().ok())
}

fn element(xml: &mut String, name: &str, text: &str) {
    let _ = write!(xml, "<{name}>");
    escape(xml, text);
    let _ = writeln!(xml, "</{name}>");
}

fn entry(xml: &mut String, views: &Views<'_>, index: ArticleIndex) {
    let published = views.published(index);
    let site = &views.snapshot.site;
    let front = &published.article.value.front;
    let url = views.absolute(&published.route().url("")).unwrap_or_default();
    match &front.lang {
        Some(lang) => {
            let _ = writeln!(xml, "<entry xml:lang=\"{lang}\">");
        }
        None => xml.push_str("<entry>\n"),
    }
    element(xml, "title", &views.inline().plain(&published.title));
    element(xml, "id", &url);
    let _ = writeln!(xml, "<link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>");
    if let Some(date) = &front.date {
        element(xml, "published", &date.value.rfc3339(&site.settings.timezone));
    }
    element(xml, "updated", &updated(views, index));
    let authors = site.authors_of(published);
    for author in &authors {
        xml.push_str("<author>");
        element(xml, "name", &author.name);
        if let Some(url) = &author.url {
            element(xml, "uri", url);
        }
        xml.push_str("</author>\n");
    }
    if authors.is_empty() {
        xml.push_str("<author>");
        element(xml, "name", &site.settings.title);
        xml.push_str("</author>\n");
    }
    for tag in &front.tags {
        let mut term = String::new();
        escape(&mut term, &tag.value);
        let _ = writeln!(xml, "<category term=\"{term}\"/>");
    }
    element(xml, "summary", &super::frame::summary(views, index));
    let html = body_at(views, index, Numbers::Hidden, |to| absolute(views, &url, to)).html;
    let html = on_page(&html, &url);
    xml.push_str("<content type=\"html\">");
    escape(xml, &html);
    xml.push_str("</content>\n</entry>\n");
}

/// The URL to which `written` leads on `page`.
fn absolute<'u>(views: &Views<'_>, page: &str, written: Cow<'u, str>) -> Cow<'u, str> {
    if written.starts_with('#') {
        return [page, &written].concat().into();
    }
    let origin = views.snapshot.site.base_url.as_ref().map_or("", |base| base.origin());
    match written.starts_with('/') && !written.starts_with("//") {
        true => [origin, &written].concat().into(),
        false => written,
    }
}

/// The HTML with its own places, to which notes and their marks link, named on `page`: a reader of
/// feeds has no page against which to resolve them. Text that only shows a link stays as it is.
fn on_page(html: &str, page: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(" href=\"#") {
        out.push_str(before);
        let page = if ends_in_tag(out.as_bytes()) { page } else { "" };
        out.push_str(" href=\"");
        out.push_str(page);
        out.push('#');
        rest = after;
    }
    out.push_str(rest);
    out
}

/// All pages that a search engine should know (sitemaps.org, 0.9).
pub(crate) fn sitemap(views: &Views<'_>) -> String {
    let site = &views.snapshot.site;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for route in &site.routes {
        let hidden = matches!(
            route,
            Route::Feed | Route::Sitemap | Route::Robots | Route::NotFound | Route::Alias { .. }
        );
        let Some(url) = views.absolute(&route.url("")).filter(|_| !hidden) else { continue };
        xml.push_str("<url><loc>");
        escape(&mut xml, &url);
        xml.push_str("</loc>");
        let article = match route {
            Route::Article(slug) | Route::Page(slug) => site.by_slug(slug),
            _ => None,
        };
        let front = article.map(|index| &views.published(index).article.value.front);
        let date = front
            .and_then(|front| front.updated.or_else(|| front.date.as_ref().map(|date| date.value)));
        if let Some(date) = date {
            let _ = write!(xml, "<lastmod>{}</lastmod>", date.day);
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

/// robots.txt: nothing is forbidden.
pub(crate) fn robots(views: &Views<'_>) -> String {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if let Some(url) = views.absolute("/sitemap.xml") {
        let _ = writeln!(text, "\nSitemap: {url}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_date_is_that_of_the_latest_moment() {
        let dates = ["2026-01-01T10:00:00+09:00", "2026-01-01T05:00:00-08:00", EPOCH];
        let latest = latest(dates.into_iter().map(str::to_owned));
        assert_eq!(latest.as_deref(), Some("2026-01-01T05:00:00-08:00"));
    }
}
