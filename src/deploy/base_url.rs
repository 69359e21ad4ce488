//! Where a site will be published, as far as its files and its repository tell.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::git::Git;
use super::remote::shown;
use crate::diagnostic::{Checked, Code, Diagnostic, Severity};
use crate::site::settings::{self, BaseUrl};
use crate::source::{AssetContent, SitePath, Sources};

/// Who said where the site will be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrlFrom {
    /// The argument `--base-url`.
    Argument,
    /// The environment.
    Environment,
    /// `site.yaml`.
    Settings,
    /// `static/CNAME`, the domain of a site at GitHub Pages.
    Cname,
    /// The repository at GitHub to which this remote leads.
    Remote(String),
}

impl BaseUrlFrom {
    /// Where it was said: `--base-url`, `site.yaml`.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Argument => "--base-url",
            Self::Environment => "AGON_BASE_URL",
            Self::Settings => "site.yaml",
            Self::Cname => "static/CNAME",
            Self::Remote(name) => name,
        }
    }
}

impl fmt::Display for BaseUrlFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Remote(name) => write!(f, "GitHub Pages of the remote `{name}`"),
            other => write!(f, "from {}", other.word()),
        }
    }
}

/// Whether a repository tells where the site is published that lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Where the site is all of it: a site further down may be one of several, or a part of
    /// the documentation of something else.
    Top,
    /// Wherever it lies: it is what will be deployed to the remote.
    Anywhere,
}

/// A remote of the repository in which a site lies.
#[derive(Clone, Copy, Debug)]
pub struct RemoteOf<'a> {
    /// The site's folder.
    pub root: &'a Path,
    /// The remote's name.
    pub name: &'a str,
    /// Whether it tells of this site.
    pub reach: Reach,
}

/// The base URL of a site for which neither an argument nor the environment says one.
///
/// Asks `site.yaml`, then `static/CNAME`, then the remote; git is run only for the last, and
/// where it is missing there is none. Finds a `CNAME` that is no domain, or another one than
/// that of `site.yaml`.
#[must_use]
pub fn of_site(sources: &Sources, remote: RemoteOf<'_>) -> Checked<Option<(BaseUrl, BaseUrlFrom)>> {
    let site_yaml = SitePath::new("site.yaml").and_then(|path| sources.texts.get(&path));
    let settings = settings::read(site_yaml.map(Arc::as_ref), &sources.folder_name).value;
    let cname = cname(sources);
    if let Some(url) = settings.base_url.map(|url| url.value) {
        let other = cname.and_then(Result::ok).filter(|cname| cname.origin() != url.origin());
        let found = other.and_then(|cname| two_places(&cname, &url)).into_iter().collect();
        return Checked { value: Some((url, BaseUrlFrom::Settings)), found };
    }
    match cname {
        Some(Ok(url)) => return Checked::sound(Some((url, BaseUrlFrom::Cname))),
        Some(Err(found)) => return Checked { value: None, found: vec![*found] },
        None => {}
    }
    let url = of_remote(remote);
    Checked::sound(url.map(|url| (url, BaseUrlFrom::Remote(shown(remote.name)))))
}

/// What `static/CNAME` says: a domain without a scheme, alone.
fn cname(sources: &Sources) -> Option<Result<BaseUrl, Box<Diagnostic>>> {
    let path = SitePath::new("static/CNAME")?;
    let asset = sources.assets.get(&path)?;
    let AssetContent::Bytes(bytes) = &asset.content else {
        return Some(Err(Box::new(no_domain(&path, "it is far too long"))));
    };
    let text = String::from_utf8_lossy(bytes);
    let domain = text.trim_start_matches('\u{feff}').trim();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    if domain.is_empty() || !domain.chars().all(is_plain) {
        return Some(Err(Box::new(no_domain(&path, "it holds something else"))));
    }
    let url = BaseUrl::parse(&format!("https://{domain}"));
    Some(url.map_err(|why| Box::new(no_domain(&path, &why))))
}

fn of_remote(remote: RemoteOf<'_>) -> Option<BaseUrl> {
    // Only then is it worth a process.
    if remote.reach == Reach::Top && !remote.root.join(".git").exists() {
        return None;
    }
    let git = Git::new(remote.root);
    let key = format!("remote.{}.url", remote.name);
    let written = git.ask_if(&["config", "--get", &key]).ok()??;
    of_github(&written).or_else(|| {
        // `gh:owner/repository`, where the user's settings say what `gh:` stands for.
        let meant = git.ask_if(&["ls-remote", "--get-url", "--", remote.name]).ok()??;
        of_github(&meant)
    })
}

/// Where GitHub Pages serves the repository that git knows by `url`.
///
/// `https://owner.github.io/repository`, but the repository `owner.github.io` at the root.
/// Nothing for a URL that is not of github.com.
#[must_use]
pub fn of_github(url: &str) -> Option<BaseUrl> {
    let (authority, path) = match url.trim().split_once("://") {
        Some((scheme, rest)) => {
            let known = ["https", "http", "ssh", "git", "git+ssh", "ssh+git"];
            known.iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
            rest.split_once('/')?
        }
        None => url.trim().split_once(':')?,
    };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = host.split_once(':').unwrap_or((host, ""));
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // The second is GitHub's way through firewalls that let nothing but port 443 pass.
    let hosts = ["github.com", "ssh.github.com", "www.github.com"];
    hosts.iter().find(|known| host.eq_ignore_ascii_case(known))?;
    let path = path.trim_matches('/');
    let (owner, repository) = path.split_once('/')?;
    let repository = repository.strip_suffix(".git").unwrap_or(repository);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_name = |name: &str| !name.is_empty() && name.chars().all(is_plain) && name != "..";
    if !is_name(owner) || !is_name(repository) || repository == "." {
        return None;
    }
    let site = format!("{}.github.io", owner.to_ascii_lowercase());
    let is_root = repository.eq_ignore_ascii_case(&site);
    let folder = if is_root { "" } else { repository };
    BaseUrl::parse(&format!("https://{site}/{folder}")).ok()
}

fn two_places(cname: &BaseUrl, url: &BaseUrl) -> Option<Diagnostic> {
    let path = SitePath::new("static/CNAME")?;
    let message = format!(
        "GitHub takes from `CNAME` that the site is at {cname}/, and site.yaml says {url}/"
    );
    let mut diagnostic = Diagnostic::about(Code::InvalidBaseUrl, &path, message)
        .help(format!("write `base_url: {cname}` in site.yaml, or leave it out there"));
    diagnostic.severity = Severity::Warning;
    Some(diagnostic)
}

fn no_domain(path: &SitePath, why: &str) -> Diagnostic {
    let message = format!("`CNAME` must hold one domain and nothing else, and {why}");
    let mut diagnostic = Diagnostic::about(Code::InvalidBaseUrl, path, message)
        .help("write the domain alone: debates.example.org");
    diagnostic.severity = Severity::Warning;
    diagnostic
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Asset, Source};

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        assert_eq!(of_github(url).map(|url| url.to_string()).as_deref(), expected, "{url}");
    }

    #[test]
    fn every_way_to_name_a_repository_of_github_is_read() {
        let expected = Some("https://ada.github.io/Essays");
        for url in [
            "git@github.com:Ada/Essays.git",
            "git@github.com:Ada/Essays",
            "github.com:Ada/Essays.git",
            "git@GitHub.com:/Ada/Essays.git/",
            "ssh://git@github.com/Ada/Essays.git",
            "ssh://git@github.com:22/Ada/Essays.git",
            "ssh://git@ssh.github.com:443/Ada/Essays.git",
            "https://github.com/Ada/Essays.git",
            "https://github.com/Ada/Essays",
            "https://github.com/Ada/Essays/",
            "https://ada@github.com/Ada/Essays",
            "https://ada:secret@github.com:443/Ada/Essays.git",
            "git://github.com/Ada/Essays.git\n",
        ] {
            check(url, expected);
        }
    }

    #[test]
    fn the_repository_of_the_owner_is_served_at_the_root() {
        for url in ["git@github.com:Ada/ada.github.io.git", "https://github.com/ada/Ada.GitHub.io"]
        {
            check(url, Some("https://ada.github.io"));
        }
        check("git@github.com:Ada/bob.github.io", Some("https://ada.github.io/bob.github.io"));
    }

    #[test]
    fn anything_else_tells_nothing() {
        for url in [
            "",
            "origin",
            "../bare.git",
            "/srv/git/github.com/ada/essays.git",
            "C:\\github.com\\ada",
            "https://gitlab.com/ada/essays.git",
            "https://github.com.evil.example/ada/essays",
            "https://evil.example/github.com/ada/essays",
            "https://github.com@evil.example/ada/essays",
            "git@github.com:essays.git",
            "git@github.com:ada/essays/more.git",
            "https://github.com/ada/..",
            "https://github.com/ada/es says",
            "https://github.com:x/ada/essays",
            "file:///github.com/ada/essays",
        ] {
            check(url, None);
        }
    }

    fn found(settings: &str, cname: Option<&str>) -> Checked<Option<(BaseUrl, BaseUrlFrom)>> {
        let mut sources = Sources::default();
        let path = SitePath::new("site.yaml").unwrap();
        let source = Arc::new(Source::new(path.clone(), settings.to_owned()));
        sources.texts.insert(path, source);
        if let Some(text) = cname {
            let path = SitePath::new("static/CNAME").unwrap();
            let content = AssetContent::Bytes(text.as_bytes().into());
            let size = text.len() as u64;
            let asset = Asset { path: path.clone(), size, hash: 0, dimensions: None, content };
            sources.assets.insert(path, Arc::new(asset));
        }
        let folder = tempfile::tempdir().unwrap();
        let remote = RemoteOf { root: folder.path(), name: "origin", reach: Reach::Top };
        of_site(&sources, remote)
    }

    #[test]
    fn the_settings_beat_the_domain() {
        let url = |text: &str| BaseUrl::parse(text).unwrap();
        let domain = Some("\u{feff}Debates.example.org\r\n");
        let both = found("base_url: https://example.org/x\n", domain);
        assert_eq!(both.value, Some((url("https://example.org/x"), BaseUrlFrom::Settings)));
        assert!(both.found[0].message.contains("at https://debates.example.org/, and"), "{both:?}");
        let same = found("base_url: https://debates.example.org/x\n", domain);
        assert_eq!(same.found, []);
        let alone = found("title: T\n", domain);
        assert_eq!(
            alone,
            Checked::sound(Some((url("https://debates.example.org"), BaseUrlFrom::Cname)))
        );
        assert_eq!(found("title: T\n", None), Checked::sound(None));
    }

    #[test]
    fn a_cname_that_is_no_domain_is_told() {
        for text in ["", "https://example.org", "a.example\nb.example", "example.org/debates"] {
            let found = found("", Some(text));
            assert_eq!((found.value, found.found.len()), (None, 1), "{text:?}");
        }
    }
}
