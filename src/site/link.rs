//! Links between files, resolved to what they lead to; dead ones are said.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use super::ArticleIndex;
use super::asked::{Asked, LinkFault, has_place, paragraph};
use super::claim::{Outputs, file_path};
use super::file::{File, Files, relative};
use super::link_fault::{
    Fault, Written, garbled, of_one_computer, outside, to_dropped, to_folder, to_read_me,
};
use super::menu::Menu;
use super::publish::{Candidate, Placement};
use super::route::Route;
use super::slug::fold;
use super::suggestion::Suggestions;
use super::url::{decoded, has_scheme, split_scheme};
use crate::article::document::Link;
use crate::article::passage_or_answer;
use crate::diagnostic::suggest;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::source::plain_text::ParagraphNumber;
use crate::source::{SitePath, Span};

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An article or plain page of the site.
    Article {
        /// Which.
        index: ArticleIndex,
        /// The id on its page, not percent-encoded; empty for its beginning.
        fragment: String,
    },
    /// A file that is copied.
    File {
        /// Its root-relative path, not percent-encoded: `/china/map.png`.
        path: String,
        /// The file itself.
        asset: SitePath,
    },
    /// Another place of the same article: an id, not percent-encoded.
    Fragment(String),
    /// Another page of the site.
    Site {
        /// Its root-relative path, not percent-encoded: `/archive/`.
        path: String,
        /// The id on it, not percent-encoded; empty for its beginning.
        fragment: String,
    },
    /// Another site, or no page at all (`mailto:`): the destination goes out as it was written.
    Outward,
    /// Nothing, which was said already: the destination goes out as it was written.
    Broken,
}

impl Target {
    /// The ¶ that its fragment names: 4 for `#p4`.
    #[must_use]
    pub fn paragraph(&self) -> Option<ParagraphNumber> {
        match self {
            Self::Article { fragment, .. } | Self::Fragment(fragment) => paragraph(fragment),
            _ => None,
        }
    }
}

/// A file that is copied to the folder of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ArticleFile {
    pub asset: SitePath,
    /// Its name in the output.
    pub name: String,
}

/// Everything that the links of all files lead to.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Of each candidate, in the order of its document's links.
    pub targets: Vec<Vec<Target>>,
    /// The `image` of each candidate.
    pub images: Vec<Option<Target>>,
    pub menu: Vec<Target>,
    /// The files of each candidate.
    pub files: Vec<Vec<ArticleFile>>,
    /// What is wrong with links in the texts, by article and link, ascending.
    pub faults: Vec<LinkFault>,
    /// What of the texts was asked for.
    pub asked: Asked,
}

/// Resolves links against the files in which they stand.
pub(super) struct Resolver<'a> {
    files: &'a Files<'a>,
    by_slug: BTreeMap<String, ArticleIndex>,
    paths: Suggestions<'a>,
    fragment_searches: usize,
    faults: usize,
    links: Links,
    /// Root-relative destinations, which can only be checked once all paths are handed out.
    waiting: Vec<(Written<'a>, String)>,
    found: Vec<Diagnostic>,
}

/// For how many dead fragments of a build the nearest is looked for; see [`Suggestions`].
const MAX_FRAGMENT_SEARCHES: usize = 64;

impl<'a> Resolver<'a> {
    pub(super) fn new(files: &'a Files<'a>) -> Self {
        let published = files.selection.published.iter().enumerate();
        let by_slug = published
            .filter(|(_, one)| one.placement != Placement::Introduction)
            .map(|(index, one)| (fold(one.slug.as_str()), ArticleIndex(index)))
            .collect();
        Self {
            files,
            by_slug,
            paths: Suggestions::new(files.linkable().map(SitePath::as_str)),
            fragment_searches: 0,
            faults: 0,
            links: Links::default(),
            waiting: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Resolves all links and images of all candidates, in their order.
    pub(super) fn candidates(&mut self) {
        let published: &'a [Candidate] = &self.files.selection.published;
        for (index, candidate) in published.iter().enumerate() {
            self.links.files.push(Vec::new());
            let article = Some(ArticleIndex(index));
            let from = candidate.path();
            let links = &candidate.article.value.document.links;
            let mut targets = Vec::with_capacity(links.len());
            for (link, Link { destination, bytes, .. }) in links.iter().enumerate() {
                let link = Some(link);
                targets.push(self.target(Written {
                    article,
                    link,
                    from,
                    file: from,
                    bytes,
                    destination,
                }));
            }
            self.links.targets.push(targets);
            let image = candidate.article.value.front.image.as_ref().map(|image| {
                let (bytes, destination) = (&image.bytes, image.value.as_str());
                self.image(Written { article, link: None, from, file: from, bytes, destination })
            });
            self.links.images.push(image);
        }
    }

    /// Resolves the entries of the menu.
    pub(super) fn menu(&mut self, menu: Option<&'a Menu<'_>>) {
        let Some(menu) = menu else { return };
        for (item, from) in &menu.entries {
            let (bytes, destination) = (&item.url.bytes, item.url.value.as_str());
            let file = &menu.file;
            let written = Written { article: None, link: None, from, file, bytes, destination };
            let target = self.target(written);
            self.links.menu.push(target);
        }
    }

    /// The targets of the links of each candidate; those to pages that no article is are not
    /// checked yet.
    pub(super) fn targets(&self) -> &[Vec<Target>] {
        &self.links.targets
    }

    /// The files of each candidate.
    pub(super) fn files(&self) -> &[Vec<ArticleFile>] {
        &self.links.files
    }

    /// Checks what had to wait for `outputs`, and gives all targets.
    pub(super) fn finish(mut self, outputs: &Outputs) -> Checked<Links> {
        for (written, path) in std::mem::take(&mut self.waiting) {
            if outputs.at(&path).is_none() && !self.files.is_of_theme(&path) {
                let fault = self.dead_path(written, &path, outputs);
                self.report(written, fault);
            }
        }
        self.links.faults.sort_by_key(|one| (one.article, one.link));
        Checked { value: self.links, found: self.found }
    }

    fn report(&mut self, written: Written<'_>, mut fault: Diagnostic) {
        self.faults += 1;
        match (written.article, written.link) {
            (Some(article), Some(link)) => {
                fault.place = None;
                self.links.faults.push(LinkFault { article, link, fault });
            }
            _ => self.found.push(fault),
        }
    }

    fn image(&mut self, written: Written<'a>) -> Target {
        let target = self.target(written);
        if matches!(target, Target::Article { .. } | Target::Fragment(_)) {
            let message = "`image` names an article, and takes a picture";
            let fault = Diagnostic::error(Code::InvalidValue, written.place(), message);
            self.report(written, fault.help("image: picture.jpg"));
            return Target::Broken;
        }
        target
    }

    fn target(&mut self, written: Written<'a>) -> Target {
        match self.resolved(written) {
            Ok(target) => target,
            Err(fault) => {
                if let Some(fault) = fault {
                    self.report(written, *fault);
                }
                Target::Broken
            }
        }
    }

    fn resolved(&mut self, written: Written<'a>) -> Result<Target, Fault> {
        let destination = written.destination.trim();
        if is_of_one_computer(destination) {
            return Err(Some(of_one_computer(written)));
        }
        if destination.starts_with("//") || has_scheme(destination) {
            return Ok(Target::Outward);
        }
        let (path, fragment) = parts(destination);
        let decode = |text| decoded(text).ok_or_else(|| garbled(written));
        let (path, fragment) = (decode(path)?, decode(fragment)?);
        if path.is_empty() && destination.is_empty() {
            return Err(Some(Box::new(Diagnostic::error(
                Code::DeadLink,
                written.place(),
                "this link has no destination",
            ))));
        }
        if path.is_empty() {
            return match written.article {
                Some(index) => self.fragment(written, index, fragment),
                None => Ok(Target::Site { path: "/".to_owned(), fragment }),
            };
        }
        if path.starts_with('/') {
            return self.rooted(written, path, fragment);
        }
        let Some(site_path) = written.from.beside(&path) else {
            let is_root = path.trim_matches(['.', '/']).is_empty();
            return Err(Some(if is_root { to_folder(written) } else { outside(written, &path) }));
        };
        self.file(written, &site_path, fragment)
    }

    fn rooted(
        &mut self,
        written: Written<'a>,
        path: String,
        fragment: String,
    ) -> Result<Target, Fault> {
        let slug = path.trim_start_matches('/');
        let slug = slug.strip_suffix('/').unwrap_or(slug);
        if let Some(&index) = self.by_slug.get(&fold(slug)) {
            return self.fragment(written, index, fragment);
        }
        self.waiting.push((written, path.clone()));
        Ok(Target::Site { path, fragment })
    }

    fn file(
        &mut self,
        written: Written<'_>,
        path: &SitePath,
        fragment: String,
    ) -> Result<Target, Fault> {
        let file = match self.files.at(path) {
            File::Missing => {
                path.beside(&format!("{}/index.md", path.name())).map(|path| self.files.at(&path))
            }
            file => Some(file),
        };
        match file.unwrap_or(File::Missing) {
            File::Published(index) => self.fragment(written, index, fragment),
            File::Asset(asset) => self.asset(written, asset),
            File::Static(output) => {
                Ok(Target::File { path: format!("/{output}"), asset: path.clone() })
            }
            File::Unreadable => Err(None),
            File::Dropped(path) => Err(Some(to_dropped(written, &path))),
            File::ReadMe => Err(Some(to_read_me(written))),
            File::Internal => Err(Some(outside(written, path.as_str()))),
            File::Missing => Err(Some(self.dead_file(written, path))),
        }
    }

    fn asset(&mut self, written: Written<'_>, asset: SitePath) -> Result<Target, Fault> {
        let files = &self.files.selection.published;
        let owner = written.article.and_then(|index| files.get(index.get()).zip(Some(index)));
        let Some((candidate, index)) = owner else {
            let message = "the menu can lead to a file in `static/` only";
            let fault = Diagnostic::error(Code::DeadLink, written.place(), message);
            let name = asset.name();
            return Err(Some(Box::new(
                fault.help(format!("move it to `static/{name}` and write `/{name}`")),
            )));
        };
        let Some(own) = self.links.files.get_mut(index.get()) else { return Err(None) };
        let name = match own.iter().find(|file| file.asset == asset) {
            Some(file) => file.name.clone(),
            None => {
                let name = free_name(own, &asset);
                own.push(ArticleFile { asset: asset.clone(), name: name.clone() });
                name
            }
        };
        Ok(Target::File { path: file_path(&candidate.slug, &name), asset })
    }

    /// The place `fragment` of the article `index`, if there is one.
    fn fragment(
        &mut self,
        written: Written<'_>,
        index: ArticleIndex,
        fragment: String,
    ) -> Result<Target, Fault> {
        if !self.has_fragment(index, &fragment) {
            return Err(Some(self.dead_fragment(written, index, &fragment)));
        }
        if written.article == Some(index) && written.destination.trim().starts_with('#') {
            return Ok(Target::Fragment(fragment));
        }
        Ok(Target::Article { index, fragment })
    }

    fn has_fragment(&mut self, index: ArticleIndex, fragment: &str) -> bool {
        let Some(candidate) = self.files.selection.published.get(index.get()) else { return false };
        if fragment.is_empty() || fragment == "top" {
            return true;
        }
        let asked = self.links.asked.fragments.entry(index).or_default();
        if !asked.contains(fragment) {
            asked.insert(fragment.to_owned());
        }
        has_place(&candidate.article.value.document, fragment)
            || self.is_passage_or_answer(fragment)
    }

    /// Whether `fragment` is the id of a passage or an answer: `q-<reply>-1`, `a-<reply>-1`.
    fn is_passage_or_answer(&mut self, fragment: &str) -> bool {
        let Some((slug, number)) = passage_or_answer(fragment) else { return false };
        let Some(&index) = self.by_slug.get(&fold(slug)) else { return false };
        self.links.asked.quotes.insert(index);
        let reply = self.files.selection.published.get(index.get());
        let quotes = reply.map_or(0, |reply| reply.article.value.document.quotes.len());
        (1..=quotes).contains(&number)
    }

    fn dead_fragment(
        &mut self,
        written: Written<'_>,
        index: ArticleIndex,
        fragment: &str,
    ) -> Box<Diagnostic> {
        let candidate = self.files.selection.published.get(index.get());
        let paragraphs = candidate.map_or(0, |one| one.article.value.document.paragraphs);
        let whose = match candidate {
            Some(one) if written.article != Some(index) => format!("`{}`", one.path()),
            _ => "this article".to_owned(),
        };
        let message = match paragraph(fragment) {
            Some(_) => {
                let noun = if paragraphs == 1 { "paragraph" } else { "paragraphs" };
                format!("{whose} has {paragraphs} {noun}, and no `#{fragment}`")
            }
            None => format!("{whose} has no heading or id `#{fragment}`"),
        };
        let mut fault = Diagnostic::error(Code::DeadFragment, written.place(), message);
        self.fragment_searches += 1;
        if self.fragment_searches <= MAX_FRAGMENT_SEARCHES && paragraph(fragment).is_none() {
            let ids = candidate.into_iter().flat_map(|one| &one.article.value.document.ids);
            let ids: BTreeSet<&str> = ids.map(|id| id.name.as_str()).collect();
            if let Some(near) = suggest::nearest(fragment, ids) {
                let before = written.destination.split('#').next().unwrap_or_default();
                fault = fault.help(format!("write `{before}#{near}`"));
            }
        }
        Box::new(fault)
    }

    fn dead_file(&mut self, written: Written<'_>, path: &SitePath) -> Box<Diagnostic> {
        if self.files.linkable().any(|other| other.is_in(path.as_str())) {
            return to_folder(written);
        }
        let same = |other: &&SitePath| other.as_str().eq_ignore_ascii_case(path.as_str());
        let recased = self.files.linkable().find(same).map(SitePath::as_str);
        if recased.is_none()
            && !["content", "seeds", "static"].into_iter().any(|top| path.is_in(top))
        {
            return outside(written, path.as_str());
        }
        let message = format!("there is no file `{path}`");
        let fault = Diagnostic::error(Code::DeadLink, written.place(), message);
        let name = |other: &&SitePath| other.name() == path.name();
        let moved = recased.or_else(|| self.files.linkable().find(name).map(SitePath::as_str));
        let near = moved.or_else(|| self.paths.nearest(path.as_str())).and_then(SitePath::new);
        Box::new(match near {
            Some(near) => fault.help(format!("write `{}`", relative(written.from, &near))),
            None => fault,
        })
    }

    fn dead_path(&self, written: Written<'_>, path: &str, outputs: &Outputs) -> Diagnostic {
        let slug = path.trim_matches('/');
        let dropped = self.files.selection.dropped.iter().find(|one| one.slug.as_str() == slug);
        if let Some(dropped) = dropped {
            let message = format!("`{path}` is a draft or of the future, and is not published");
            return Diagnostic::error(Code::LinkToDropped, written.place(), message)
                .related(Span::new(dropped.path(), 0..0), "the file")
                .help("take the link out until that file is published");
        }
        let fault = Diagnostic::error(
            Code::DeadLink,
            written.place(),
            format!("there is no page `{path}`"),
        );
        let pages = outputs.pages().filter(|page| !matches!(page, Route::Alias { .. }));
        let near = (self.faults < MAX_FRAGMENT_SEARCHES).then(|| {
            let paths: Vec<String> = pages.map(Route::path).collect();
            suggest::nearest(path, paths.iter().map(String::as_str)).map(str::to_owned)
        });
        match near.flatten() {
            Some(near) => fault.help(format!("write `{near}`")),
            None => fault,
        }
    }
}

/// Path and fragment of a destination; a query says nothing to a static site.
pub(super) fn parts(destination: &str) -> (&str, &str) {
    let end = memchr::memchr2(b'#', b'?', destination.as_bytes()).unwrap_or(destination.len());
    let (path, rest) = destination.split_at(end);
    let fragment = memchr::memchr(b'#', rest.as_bytes()).and_then(|at| rest.get(at + 1..));
    (path, fragment.unwrap_or_default())
}

/// Whether `destination` is a file of the computer on which it was written: `file:///a`, `C:/a`.
fn is_of_one_computer(destination: &str) -> bool {
    let Some((scheme, rest)) = split_scheme(destination) else { return false };
    let is_drive = scheme.len() == 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && rest.starts_with(['/', '\\']);
    is_drive || scheme.eq_ignore_ascii_case("file")
}

/// The name of `asset`, with a number where a file of the article has that name already.
fn free_name(files: &[ArticleFile], asset: &SitePath) -> String {
    let is_free = |name: &String| !files.iter().any(|file| fold(&file.name) == fold(name));
    let numbered = |number: usize| match asset.extension() {
        "" => format!("{}-{number}", asset.name()),
        extension => format!("{}-{number}.{extension}", asset.stem()),
    };
    let names = std::iter::once(asset.name().to_owned()).chain((2..=files.len() + 2).map(numbered));
    // macOS gives names taken apart, which would make other URLs than elsewhere.
    let mut names = names.map(|name| name.nfc().collect::<String>());
    names.find(is_free).unwrap_or_else(|| asset.name().to_owned())
}
