//! Reading and writing files: the thin edge on both sides of the core.
//!
//! [`read`](read::read) is the only way into a site, [`write`](write::write) the only way
//! out; only the latter removes anything, and only what its manifest says is ours.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "an edge: it may touch the world"
)]

mod before;
mod guard;
mod image;
mod lock;
mod manifest;
mod patience;
pub mod read;
pub mod scan;
mod staging;
pub mod write;
