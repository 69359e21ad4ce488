//! Pages: from a snapshot and a route to bytes.
