//! From a request to a response.

use std::fmt::Write as _;
use std::sync::Arc;

use http_body_util::{Either, Full};
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

use super::Server;
use super::file::{self, FileBody};
use super::media_type::media_type;
use super::pages::{Found, Shown};
use super::path::{self, Asked, OWN_FOLDER};
use super::stream;
use crate::article::html_escape_attribute;
use crate::site::url;
use crate::source::{Asset, AssetContent};

/// The script of every page.
const SCRIPT: &str = include_str!("reload.js");

/// What the preview puts into pages looks the same in every theme.
const STYLES: &str = include_str!("preview.css");

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The body of a response.
pub(crate) type Body = Either<Full<Bytes>, FileBody>;

/// Answers `request`, whatever it is.
pub(crate) async fn answer<B>(server: Arc<Server>, request: Request<B>) -> Response<Body> {
    let mut response = match refused(&server, &request) {
        Some(response) => response,
        None => accepted(server, &request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // No page of another site may show what is served here as an image or a script.
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The answer to a request that is not for this server, or asks for more than reading.
fn refused<B>(server: &Server, request: &Request<B>) -> Option<Response<Body>> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Some(said(StatusCode::BAD_REQUEST, "a request names one host"));
    };
    let host = host.to_str().unwrap_or_default();
    // In an absolute URL the authority counts (RFC 9112, section 3.2.2); both must be ours.
    let named = request.uri().authority().map(hyper::http::uri::Authority::as_str);
    if !std::iter::once(host).chain(named).all(|host| server.hosts.has(host)) {
        return Some(said(StatusCode::MISDIRECTED_REQUEST, "this server has no such name"));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = said(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Some(response);
    }
    None
}

async fn accepted<B>(server: Arc<Server>, request: &Request<B>) -> Response<Body> {
    let moment = server.live.current();
    let query = request.uri().query().map(str::to_owned);
    let asked = path::asked(request.uri().path(), moment.base_path());
    let path = match asked {
        Asked::Start => return moved(StatusCode::FOUND, &format!("{}/", moment.base_path())),
        Asked::Own(name) => match (name.as_str(), request.method()) {
            ("reload.js", _) => return fixed(SCRIPT, media_type("reload.js")),
            ("preview.css", _) => return fixed(STYLES, media_type("preview.css")),
            ("events", &Method::GET) => return stream::events(server, &query.unwrap_or_default()),
            _ => None,
        },
        Asked::Site(path) => Some(path),
        Asked::Nothing => None,
    };
    let range = asked_range(request);
    let work = move || {
        let found = server.pages.at(&moment, path.as_deref());
        let base = moment.base_path();
        match found {
            Found::Page(shown) => page(shown, base, path.as_deref().unwrap_or_default()),
            Found::Text(bytes, media_type) => full(StatusCode::OK, media_type, bytes.into()),
            Found::Copy(asset) => copy(&server, &asset, range.as_deref()),
            Found::Folder(folder) => {
                let query = query.map_or_else(String::new, |query| format!("?{query}"));
                let location = format!("{base}{}{query}", url::encoded(&folder));
                moved(StatusCode::MOVED_PERMANENTLY, &location)
            }
        }
    };
    // On a thread that may be slow: a page of a long debate, a file on a slow disk.
    let failed = |_| said(StatusCode::INTERNAL_SERVER_ERROR, "the page could not be made");
    tokio::task::spawn_blocking(work).await.unwrap_or_else(failed)
}

/// The range that is asked for; none where it holds only for a version of the file that the
/// client knows, since no version is ever named. Only GET can ask for one (RFC 9110, section 14.2).
fn asked_range<B>(request: &Request<B>) -> Option<String> {
    let headers = request.headers();
    if request.method() != Method::GET {
        return None;
    }
    let range = headers.get(header::RANGE).filter(|_| !headers.contains_key(header::IF_RANGE))?;
    range.to_str().ok().map(str::to_owned)
}

fn page(shown: Shown, base: &str, path: &str) -> Response<Body> {
    let Shown { status, mut html, fingerprint } = shown;
    let mut shown_path = String::new();
    html_escape_attribute(&mut shown_path, path);
    let script = format!(
        "<script src=\"{base}{OWN_FOLDER}reload.js\" defer data-events=\"{base}{OWN_FOLDER}events\" \
         data-page=\"{shown_path}\" data-seen=\"{fingerprint}\"></script>"
    );
    // Only in ASCII do both spellings have the same length.
    let at = html.to_ascii_lowercase().rfind("</body>").unwrap_or(html.len());
    html.insert_str(at, &script);
    full(status, HTML, html.into())
}

fn copy(server: &Server, asset: &Asset, range: Option<&str>) -> Response<Body> {
    let media_type = media_type(asset.path.name());
    match &asset.content {
        AssetContent::Bytes(bytes) => {
            // The snapshot's own bytes: a client that reads nothing holds no copy.
            file::of_bytes(Bytes::from_owner(bytes.clone()), media_type, range)
        }
        AssetContent::File(path) => file::of_file(&server.root, path, media_type, range)
            .unwrap_or_else(|_| said(StatusCode::NOT_FOUND, "the file is gone")),
    }
}

fn fixed(text: &'static str, media_type: &'static str) -> Response<Body> {
    full(StatusCode::OK, media_type, Bytes::from_static(text.as_bytes()))
}

/// A response with all of its body at hand.
pub(crate) fn full(status: StatusCode, media_type: &'static str, body: Bytes) -> Response<Body> {
    let length = body.len();
    let mut response = Response::new(Either::Left(Full::new(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// A response in words.
pub(crate) fn said(status: StatusCode, words: &str) -> Response<Body> {
    let mut text = String::new();
    let _ = writeln!(text, "{words}");
    full(status, TEXT, text.into())
}

fn moved(status: StatusCode, location: &str) -> Response<Body> {
    match HeaderValue::from_str(location) {
        Ok(value) => {
            let mut response = said(status, location);
            response.headers_mut().insert(header::LOCATION, value);
            response
        }
        Err(_) => said(StatusCode::NOT_FOUND, "no such path"),
    }
}
