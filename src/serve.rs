//! The preview: the site served from memory, each page made when it is asked for.
//!
//! [`live`] has the site at one moment after the other and [`watch`] tells it to look again;
//! the rest is HTTP. Pages come from the same pure functions as in a build, and nothing is
//! written anywhere. What is said on the way is given to the caller, who has the terminal.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "an edge: it may touch the world"
)]

use std::fmt;
use std::io;
use std::mem::ManuallyDrop;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;

mod announce;
mod answer;
mod editor;
mod file;
mod fingerprint;
mod host;
mod http;
pub mod live;
mod media_type;
mod overlay;
mod pages;
mod path;
mod patience;
pub mod place;
mod range;
mod stream;
pub mod watch;

use announce::Announced;
use editor::Editor;
use host::Hosts;
use live::{Live, LiveOptions, Moment};
use pages::Pages;
use watch::{Notice, WatchOptions};

use crate::diagnostic::{Code, Diagnostic};

/// Ports that are tried, where the first ones are busy.
const TRIED_PORTS: u16 = 20;

/// Threads in which pages are made and files read. None of them ever waits for a client, so a few
/// are enough, and each that is started keeps memory for its next page.
const BLOCKING_THREADS: usize = 8;

/// What is served, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the site.
    pub root: PathBuf,
    /// What the site is made with.
    pub live: LiveOptions,
    /// How its files are watched.
    pub watch: WatchOptions,
    /// The address to listen at.
    pub bind: IpAddr,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// Whether the browser follows the editor.
    pub follow: Follow,
    /// The URLs that open an editor, with `{path}`, `{line}` and `{column}`.
    pub editor: Option<&'static str>,
}

/// Whether open pages go where the editor is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// They stay.
    Nothing,
    /// They go to the paragraph that was edited.
    Edits,
}

/// What is to be said.
#[derive(Clone, Debug)]
pub enum Said {
    /// The site is served.
    Serving {
        /// Where.
        url: String,
        /// As it is.
        moment: Arc<Moment>,
    },
    /// The port was busy.
    PortTaken {
        /// The port that was asked for.
        asked: u16,
        /// The one that was free.
        taken: u16,
    },
    /// Something changed, and is served.
    Changed(Arc<Moment>),
    /// A page could not be made.
    Failed(Arc<Moment>, Box<Diagnostic>),
    /// Something about watching.
    Notice(Notice),
}

/// Takes what is to be said.
pub type Say = Arc<dyn Fn(Said) + Send + Sync>;

/// What every connection needs.
pub(crate) struct Server {
    root: PathBuf,
    live: Arc<Live>,
    pages: Pages,
    hosts: Hosts,
    announced: tokio::sync::watch::Receiver<Arc<Announced>>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("root", &self.root).finish_non_exhaustive()
    }
}

/// Serves the site until the process is told to end.
///
/// # Errors
///
/// Where nothing can be served: no port is free, the address is not this machine's.
pub fn serve(options: Options, say: Say) -> Result<(), Box<Diagnostic>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()
        .map_err(|error| Box::new(no_server(&error)))?;
    let result = runtime.block_on(async {
        tokio::select! {
            result = run(options, say) => result,
            () = told_to_end() => Ok(()),
        }
    });
    // Not awaited: whoever still reads or is read has no claim on the editor's time.
    runtime.shutdown_background();
    result
}

async fn run(options: Options, say: Say) -> Result<(), Box<Diagnostic>> {
    let (listener, address) = listen(&options).await?;
    if options.port != 0 && address.port() != options.port {
        say(Said::PortTaken { asked: options.port, taken: address.port() });
    }
    let Options { root, live, watch, follow, editor, .. } = options;
    let site = root.clone();
    let read = tokio::task::spawn_blocking(move || Arc::new(Live::new(&site, live)));
    let live = read.await.map_err(|error| Box::new(no_server(&io::Error::other(error))))?;
    let moment = live.current();
    let first = Arc::new(Announced { moment: moment.clone(), edited: None });
    let (sender, announced) = tokio::sync::watch::channel(first);
    let hosts = Hosts::of(address);
    let editor = editor.map(|pattern| Editor::new(pattern, &root));
    let pages = Pages::new(root.clone(), editor, say.clone());
    let server = Arc::new(Server { root, live: live.clone(), pages, hosts, announced });
    say(Said::Serving { url: url_of(address, &moment), moment });
    let notices = say.clone();
    let watcher = watch::watch(live.clone(), watch, move |notice| notices(Said::Notice(notice)));
    // Not waited for at the end: a scan on its way changes nothing, and goes with the process.
    let _watcher = ManuallyDrop::new(watcher);
    tokio::spawn(announce::announce(live, follow, sender, say));
    match http::serve(listener, server).await {}
}

/// The first free port from the one that was asked for.
async fn listen(options: &Options) -> Result<(TcpListener, SocketAddr), Box<Diagnostic>> {
    let last = if options.port == 0 { 0 } else { options.port.saturating_add(TRIED_PORTS) };
    let mut failed = io::Error::from(io::ErrorKind::AddrInUse);
    for port in options.port..=last {
        match TcpListener::bind((options.bind, port)).await {
            Ok(listener) => {
                let address = listener.local_addr();
                return match address {
                    Ok(address) => Ok((listener, address)),
                    Err(error) => Err(Box::new(no_server(&error))),
                };
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => failed = error,
            Err(error) => {
                failed = error;
                break;
            }
        }
    }
    Err(Box::new(no_port(options, &failed)))
}

fn url_of(address: SocketAddr, moment: &Moment) -> String {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) if ip.is_unspecified() => format!("[{}]", Ipv6Addr::LOCALHOST),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    format!("http://{host}:{}{}/", address.port(), moment.base_path())
}

/// Ends when the terminal or the system asks for it.
async fn told_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<Option<()>>();
    tokio::select! {
        () = interrupted => {}
        _ = terminated => {}
    }
}

fn no_server(error: &io::Error) -> Diagnostic {
    Diagnostic::global(Code::CannotServe, format!("the preview could not start: {error}"))
}

fn no_port(options: &Options, error: &io::Error) -> Diagnostic {
    let (bind, port) = (options.bind, options.port);
    let message = format!("nothing can be served at port {port} of {bind}: {error}");
    let diagnostic = Diagnostic::global(Code::CannotServe, message);
    match error.kind() {
        io::ErrorKind::AddrInUse => diagnostic
            .help(format!("the next {TRIED_PORTS} ports are busy too; `--port 0` takes any")),
        io::ErrorKind::PermissionDenied => {
            diagnostic.help("ports below 1024 belong to the system; try `--port 1111`")
        }
        _ => diagnostic.help("`--bind` takes an address of this machine, such as 127.0.0.1"),
    }
}
