//! Pages: from a snapshot and a route to bytes.

mod edit;
mod mark;
pub mod row;
