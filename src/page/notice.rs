//! Notices: what is said of an article beside its text, in lines of Markdown.

use std::borrow::Cow;

use super::context::NoticeView;
use super::value::Html;
use super::verify;
use super::view::Views;
use crate::site::ArticleIndex;
use crate::site::link::Target;
use crate::yaml::Located;

/// The URLs of the links in an article's notices, wherever they are shown; nothing for those that
/// are not shown as links.
fn notice_urls<'v>(
    views: &'v Views<'_>,
    index: ArticleIndex,
) -> impl Iterator<Item = Option<Cow<'v, str>>> {
    let published = views.published(index);
    let article = &published.article.value;
    let pairs = published.targets.iter().zip(&article.document.links);
    pairs.skip(article.first_notice_link).map(move |(target, link)| match target {
        Target::Broken => None,
        Target::Fragment(fragment) => {
            let place = Target::Article { index, fragment: fragment.clone() };
            Some(views.target((&place, &link.destination), None, &[]))
        }
        Target::Outward => {
            // One to the site's own address is judged as what a template writes.
            let is_shown = is_no_program(&link.destination)
                && verify::own_path(views, &link.destination).is_none();
            is_shown.then_some(Cow::Borrowed(&*link.destination))
        }
        inside => Some(views.target((inside, &link.destination), None, &[])),
    })
}

/// Whether `url` is no program.
fn is_no_program(url: &str) -> bool {
    let has = |scheme: &str| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    has("https://") || has("http://") || has("mailto:")
}

/// What is said of the article `index` beside its text: disclosure, corrections and the like.
pub(super) fn notices(views: &Views<'_>, index: ArticleIndex) -> Vec<NoticeView> {
    let front = &views.published(index).article.value.front;
    let mut urls = notice_urls(views, index);
    let mut linked = |text: &Located<String>| views.inline().linked(&text.value, &mut urls);
    let mut notices = Vec::new();
    let mut add = |name: &str, text: Html| notices.push(NoticeView { name: name.to_owned(), text });
    if let Some(label) = &front.label {
        add("", views.inline().html(label));
    }
    if let Some(text) = &front.disclosure {
        add("Disclosure.", linked(text));
    }
    if let Some(text) = &front.steelman {
        add("The other side at its strongest.", linked(text));
    }
    for correction in &front.corrections {
        add(&format!("Corrected {}.", correction.date.long()), linked(&correction.text));
    }
    if let Some(date) = front.reply_by {
        add("Replies are invited until", Html::bare(format!("{}.", date.long())));
    }
    if let Some(license) = &front.license {
        add("Licence.", linked(license));
    }
    notices
}
