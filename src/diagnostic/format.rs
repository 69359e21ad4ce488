//! How diagnostics look: one file a format.
