//! The default theme, inside the binary.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::source::{Asset, AssetContent, SitePath, Source, Sources, content_hash};

const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/broadsheet.rs"));

/// The folder of the default theme.
const FOLDER: &str = "themes/broadsheet";

#[derive(Default)]
struct Embedded {
    texts: BTreeMap<SitePath, Arc<Source>>,
    assets: BTreeMap<SitePath, Arc<Asset>>,
}

fn embedded() -> &'static Embedded {
    static EMBEDDED: OnceLock<Embedded> = OnceLock::new();
    EMBEDDED.get_or_init(|| {
        let mut embedded = Embedded::default();
        for (path, bytes) in FILES {
            let Some(path) = SitePath::new(path) else { continue };
            let is_text = path.name() == "theme.yaml" || path.as_str().contains("/templates/");
            match std::str::from_utf8(bytes) {
                Ok(text) if is_text => {
                    embedded
                        .texts
                        .insert(path.clone(), Arc::new(Source::new(path, text.to_owned())));
                }
                _ => {
                    embedded.assets.insert(path.clone(), Arc::new(asset(path, bytes)));
                }
            }
        }
        embedded
    })
}

fn asset(path: SitePath, bytes: &[u8]) -> Asset {
    let size = bytes.len() as u64;
    let hash = content_hash(bytes);
    let content = AssetContent::Bytes(bytes.into());
    Asset { path, size, hash, dimensions: None, content }
}

/// The templates that pages are rendered with, which every theme must have, itself or by
/// `extends`: those of the default theme that are neither parts nor the frame.
pub(super) fn page_templates() -> impl Iterator<Item = &'static str> {
    embedded().texts.keys().filter_map(|path| {
        let name = path.as_str().strip_prefix("themes/broadsheet/templates/")?;
        (!name.contains('/') && name != "base.html").then_some(name)
    })
}

/// Adds the default theme to `sources`, unless the site has one of its name.
pub fn add_to(sources: &mut Sources) {
    let own = sources.texts.keys().chain(sources.assets.keys()).any(|path| path.is_in(FOLDER));
    if own {
        return;
    }
    let embedded = embedded();
    sources.texts.extend(embedded.texts.iter().map(|(path, text)| (path.clone(), text.clone())));
    sources
        .assets
        .extend(embedded.assets.iter().map(|(path, asset)| (path.clone(), asset.clone())));
}
