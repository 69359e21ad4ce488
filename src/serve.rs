//! The preview server: a site that is kept as it is on disk.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "an edge: it may touch the world"
)]

pub mod live;
pub mod watch;
