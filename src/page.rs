//! Pages: from a snapshot and a route to bytes.

mod column;
pub mod context;
mod edit;
mod inline;
mod mark;
pub mod row;
