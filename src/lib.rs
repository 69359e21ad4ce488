//! Agon: a static-site generator for debates.
//!
//! Data flows one way, in five arrows: [`disk::read`] → [`article::parse`] →
//! [`site::resolve`] → [`page::render`] → [`disk::write`]. The middle three are pure
//! functions between values; files, clocks and the terminal stay at the edges.
//! ARCHITECTURE.md has the whole on one page.

#![cfg_attr(test, allow(clippy::string_slice, reason = "a test may fail"))]

pub mod source;

pub mod diagnostic;

pub mod quote;
pub mod yaml;

pub mod article;
pub mod theme;

pub mod site;

pub mod page;

pub mod disk;

pub mod deploy;
pub mod external;
pub mod serve;

pub mod cli;
