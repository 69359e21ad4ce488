//! One Markdown file, parsed alone: front matter, HTML with splice points, quotes.

pub mod date;
pub mod document;
pub mod front_matter;
