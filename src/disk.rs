//! Reading and writing files: the thin edge on both sides of the core.
//!
//! [`read`](read::read) is the only way into a site, [`write`](write::write) the only way
//! out; only the latter removes anything, and only what its manifest says is ours.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "an edge: it may touch the world"
)]

mod guard;
mod image;
mod manifest;
pub mod read;
pub mod write;

/// The first 8 bytes of the BLAKE3 of `bytes`, as a number.
fn hash(bytes: &[u8]) -> u64 {
    first_bytes(&blake3::hash(bytes))
}

fn first_bytes(hash: &blake3::Hash) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    u64::from_be_bytes(first)
}
