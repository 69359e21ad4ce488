//! The style sheets of a theme as one file: a page asks for one instead of fifteen.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{Asset, AssetContent, SitePath, content_hash};

/// Where the style sheets of a theme are published.
pub(super) const FOLDER: &str = "assets/css/";

/// The one file, beside those that it is made of, so that their `url(…)` stay true.
pub(super) const PATH: &str = "assets/css/all.css";

/// Rules that count only at the head of a file.
const HEAD_ONLY: [&[u8]; 2] = [b"@import", b"@charset"];

/// The style sheets among `assets`, `tokens.css` first, since the order of the layers stands
/// in it; the others by name.
pub(super) fn sheets(assets: &BTreeMap<String, Arc<Asset>>) -> Vec<&str> {
    let sheets = assets.keys().map(String::as_str);
    let mut sheets: Vec<&str> =
        sheets.filter(|path| path.starts_with(FOLDER) && path.ends_with(".css")).collect();
    sheets.sort_by_key(|path| (!path.ends_with("/tokens.css"), *path));
    sheets
}

/// All style sheets, one after the other.
///
/// Gives nothing where that would change what they mean, where one is too large to be held,
/// or where the theme has a file of that name itself.
pub(super) fn bundle(assets: &BTreeMap<String, Arc<Asset>>) -> Option<Asset> {
    if assets.contains_key(PATH) {
        return None;
    }
    let mut bytes = Vec::new();
    for path in sheets(assets) {
        let AssetContent::Bytes(sheet) = &assets.get(path)?.content else { return None };
        let has = |rule: &[u8]| sheet.windows(rule.len()).any(|window| window == rule);
        if HEAD_ONLY.into_iter().any(has) {
            return None;
        }
        bytes.extend_from_slice(sheet.strip_prefix("\u{feff}".as_bytes()).unwrap_or(sheet));
        bytes.push(b'\n');
    }
    let path = SitePath::new(PATH).filter(|_| !bytes.is_empty())?;
    Some(Asset {
        path,
        size: bytes.len() as u64,
        hash: content_hash(&bytes),
        dimensions: None,
        content: AssetContent::Bytes(bytes.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sheets: &[(&str, &str)], all: Option<&str>) {
        let asset = |path: &str, text: &str| Asset {
            path: SitePath::new(path).unwrap(),
            size: text.len() as u64,
            hash: 0,
            dimensions: None,
            content: AssetContent::Bytes(text.as_bytes().into()),
        };
        let assets = sheets.iter().map(|(path, text)| {
            let path = format!("assets/css/{path}");
            (path.clone(), Arc::new(asset(&path, text)))
        });
        let bundle = bundle(&assets.collect()).map(|asset| match asset.content {
            AssetContent::Bytes(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            AssetContent::File(_) => unreachable!("a bundle is held"),
        });
        assert_eq!(bundle.as_deref(), all);
    }

    #[test]
    fn the_layers_come_first_and_then_the_names() {
        check(&[("a.css", "a{}"), ("tokens.css", "\u{feff}t{}")], Some("t{}\na{}\n"));
        check(&[], None);
    }

    #[test]
    fn what_would_lose_its_meaning_stays_in_files() {
        check(&[("a.css", "@import 'b.css';"), ("b.css", "b{}")], None);
        check(&[("a.css", "a{}"), ("all.css", "own{}")], None);
    }
}
