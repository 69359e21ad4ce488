//! Files as they are, whole or in part, however large.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;

use http_body_util::Either;
use http_body_util::channel::{Channel, Sender};
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

use super::answer::{Body, full, said};
use super::range::{Part, part};

/// A body that comes in pieces.
pub(crate) type FileBody = Channel<Bytes, io::Error>;

/// Bytes of a piece. A client that reads nothing holds two of them and no thread.
const PIECE_BYTES: u64 = 64 * 1024;

/// The answer with `bytes`, or the part of them that is asked for.
pub(crate) fn of_bytes(
    bytes: Bytes,
    media_type: &'static str,
    range: Option<&str>,
) -> Response<Body> {
    let size = bytes.len() as u64;
    let part = part(range, size);
    let body = match &part {
        Part::Whole => bytes,
        Part::Bytes(range) => bytes.slice(index(range.start)..index(range.end)),
        Part::Beyond => return beyond(size),
    };
    with_range(full(StatusCode::OK, media_type, body), &part, size)
}

/// The file at `path`, which the reader found in the site at `root`.
///
/// # Errors
///
/// Where it cannot be opened, or is not in the site any more: a link may have been changed
/// since it was read.
pub(crate) fn open(root: &Path, path: &Path) -> io::Result<File> {
    let real = std::fs::canonicalize(path)?;
    if !real.starts_with(std::fs::canonicalize(root)?) {
        return Err(io::ErrorKind::NotFound.into());
    }
    File::open(real)
}

/// The answer with the file at `path`, as [`open`] opens it.
///
/// # Errors
///
/// Where it cannot be opened.
pub(crate) fn of_file(
    root: &Path,
    path: &Path,
    media_type: &'static str,
    range: Option<&str>,
) -> io::Result<Response<Body>> {
    let mut file = open(root, path)?;
    let size = file.metadata().map(|found| if found.is_file() { found.len() } else { 0 })?;
    let part = part(range, size);
    let bytes = match &part {
        Part::Whole => 0..size,
        Part::Bytes(range) => range.clone(),
        Part::Beyond => return Ok(beyond(size)),
    };
    file.seek(SeekFrom::Start(bytes.start))?;
    let length = bytes.end - bytes.start;
    let (sender, body) = Channel::new(1);
    tokio::spawn(send(file, length, sender));
    let mut response = Response::new(Either::Right(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok(with_range(response, &part, size))
}

/// Sends the next `left` bytes of `file`, piece by piece, until nobody wants more.
async fn send(mut file: File, mut left: u64, mut sender: Sender<Bytes, io::Error>) {
    while left > 0 {
        let wanted = left.min(PIECE_BYTES);
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(index(wanted));
            let read = (&mut file).take(wanted).read_to_end(&mut piece);
            read.map(|_| (file, piece))
        });
        match read.await.unwrap_or_else(|_| Err(io::ErrorKind::Other.into())) {
            // The file has become shorter: the promised length cannot be kept.
            Ok((_, piece)) if piece.is_empty() => {
                return sender.abort(io::ErrorKind::UnexpectedEof.into());
            }
            Ok((same, piece)) => {
                file = same;
                left = left.saturating_sub(piece.len() as u64);
                if sender.send_data(piece.into()).await.is_err() {
                    return;
                }
            }
            Err(error) => return sender.abort(error),
        }
    }
}

fn with_range(mut response: Response<Body>, part: &Part, size: u64) -> Response<Body> {
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Part::Bytes(Range { start, end }) = part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        content_range(&mut response, &format!("bytes {start}-{}/{size}", end.saturating_sub(1)));
    }
    response
}

fn beyond(size: u64) -> Response<Body> {
    let mut response = said(StatusCode::RANGE_NOT_SATISFIABLE, "the file is shorter");
    content_range(&mut response, &format!("bytes */{size}"));
    response
}

fn content_range(response: &mut Response<Body>, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
}

fn index(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
