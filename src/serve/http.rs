//! Connections: many, slow or half open, none of which holds up another.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::Server;
use super::answer::answer;
use super::patience::Patient;

/// Connections at once: far more than a browser has, fewer than the files that a process may
/// open where it may open least (256 on macOS).
const MAX_CONNECTIONS: usize = 200;

/// Within this time the head of a request is there, or the connection is closed.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of a request's head, and of what is kept of it: no browser sends half of that.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Serves whoever connects, for ever.
pub(crate) async fn serve(listener: TcpListener, server: Arc<Server>) -> Infallible {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(place) = room.clone().acquire_owned().await else {
            // The semaphore is never closed.
            return std::future::pending().await;
        };
        let Ok((connection, _)) = listener.accept().await else {
            // No file is left, say: some connection will end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Events are small and must not wait for more; where it fails they are only later.
        let _ = connection.set_nodelay(true);
        let server = server.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let server = server.clone();
                async move { Ok::<_, Infallible>(answer(server, request).await) }
            });
            let served = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .max_buf_size(MAX_HEAD_BYTES)
                .serve_connection(TokioIo::new(Patient::new(connection)), service);
            // Whatever went wrong with it, it concerns nobody else.
            let _ = served.await;
            drop(place);
        });
    }
}
