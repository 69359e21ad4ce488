//! Everything resolved: which articles are published, the debates, the anchors, the links, the URLs.

pub mod settings;
