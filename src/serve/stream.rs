//! The stream of events on which each open page waits (HTML standard, 9.2: server-sent events).

use std::sync::Arc;
use std::time::Duration;

use http_body_util::Either;
use http_body_util::channel::{Channel, Sender};
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use serde_json::json;

use super::Server;
use super::announce::Announced;
use super::answer::Body;
use super::file::FileBody;
use super::fingerprint::{Difference, Fingerprint};
use super::path::parameter;

/// How long a browser waits before it asks a server again that has gone.
const RETRY_MS: u64 = 500;

/// After this time a stream says that it is alive, which shows whether anybody listens.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The stream for the page that `query` names, as it was when it had the fingerprint `seen`.
pub(crate) fn events(server: Arc<Server>, query: &str) -> Response<Body> {
    let page = parameter(query, "page").unwrap_or_default();
    let seen = parameter(query, "seen").and_then(|seen| seen.parse().ok());
    let (sender, body): (_, FileBody) = Channel::new(1);
    tokio::spawn(follow(server, Open { page, seen }, sender));
    let mut response = Response::new(Either::Right(body));
    let media_type = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    response
}

/// A page that is open somewhere.
struct Open {
    page: String,
    /// What it was; nothing where it does not say.
    seen: Option<Fingerprint>,
}

async fn follow(server: Arc<Server>, mut open: Open, mut sender: Sender<Bytes, std::io::Error>) {
    let mut announced = server.announced.clone();
    let mut shown = announced.borrow().moment.number;
    let mut text = format!("retry: {RETRY_MS}\n\n");
    loop {
        // A page may be newer than what has been announced: the older must not be told to it.
        let current = server.live.current().number;
        let now = match announced.wait_for(|now| now.moment.number >= current).await {
            Ok(now) => now.clone(),
            Err(_) => return,
        };
        let fingerprint = fingerprint(&server, &now, &open.page).await;
        text += &event(&now, &mut open, (fingerprint, shown));
        shown = now.moment.number;
        if !text.is_empty() && sender.send_data(std::mem::take(&mut text).into()).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                changed = announced.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return,
                },
                () = tokio::time::sleep(HEARTBEAT) => {
                    if sender.send_data(Bytes::from_static(b": here\n\n")).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

async fn fingerprint(
    server: &Arc<Server>,
    now: &Arc<Announced>,
    page: &str,
) -> Option<Fingerprint> {
    let (server, now, page) = (server.clone(), now.clone(), page.to_owned());
    let work = move || server.pages.fingerprint(&now.moment, &page);
    tokio::task::spawn_blocking(work).await.ok()
}

/// What the page is told, if anything: `shown` is the moment of which it has heard.
fn event(now: &Announced, open: &mut Open, of: (Option<Fingerprint>, u64)) -> String {
    let Some(fingerprint) = of.0 else { return String::new() };
    let difference = match open.seen.replace(fingerprint) {
        Some(seen) => fingerprint.since(seen),
        None => Difference::None,
    };
    let number = now.moment.number;
    let edited = now.edited.as_ref().filter(|edited| edited.moment > of.1);
    let act = match (difference, edited) {
        (_, Some(edited)) if edited.page != open.page => {
            json!({"act": "go", "moment": number, "url": edited.url()})
        }
        (Difference::Content, Some(edited)) => {
            json!({"act": "reload", "moment": number, "id": edited.id})
        }
        (Difference::Content, None) => json!({"act": "reload", "moment": number}),
        (Difference::Sheets, _) => {
            json!({"act": "styles", "moment": number, "seen": fingerprint.to_string()})
        }
        (Difference::None, Some(edited)) => {
            json!({"act": "show", "moment": number, "id": edited.id})
        }
        (Difference::None, None) => return String::new(),
    };
    format!("id: {number}\ndata: {act}\n\n")
}
