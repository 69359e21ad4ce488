//! The size of an image in pixels, from its first bytes.
//!
//! Formats: PNG (RFC 2083, 4.1.1), GIF (89a, 18), JPEG (ITU T.81, B.2.2), WebP (RFC 9649)
//! and SVG, where it says so in pixels or has a `viewBox`. Nothing is decoded.

/// Bytes of an SVG that are searched for its first tag.
const SVG_HEAD_BYTES: usize = 4096;

/// Width and height of an image, where its first bytes say so.
pub(super) fn dimensions(bytes: &[u8], extension: &str) -> Option<(u32, u32)> {
    let size = match extension.to_ascii_lowercase().as_str() {
        "png" => png(bytes),
        "gif" => gif(bytes),
        "jpg" | "jpeg" => jpeg(bytes),
        "webp" => webp(bytes),
        "svg" => svg(bytes),
        _ => None,
    };
    size.filter(|&(width, height)| width > 0 && height > 0)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    (array(bytes, 12)? == *b"IHDR").then_some(())?;
    Some((u32::from_be_bytes(array(bytes, 16)?), u32::from_be_bytes(array(bytes, 20)?)))
}

fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    (bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")).then_some(())?;
    Some((u16::from_le_bytes(array(bytes, 6)?).into(), u16::from_le_bytes(array(bytes, 8)?).into()))
}

fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(&[0xff, 0xd8]).then_some(())?;
    let mut at: usize = 2;
    loop {
        let [mark, kind] = array(bytes, at)?;
        (mark == 0xff).then_some(())?;
        match kind {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let height = u16::from_be_bytes(array(bytes, at + 5)?);
                let width = u16::from_be_bytes(array(bytes, at + 7)?);
                return Some((width.into(), height.into()));
            }
            0xd9 | 0xda => return None,
            _ => at += 2 + usize::from(u16::from_be_bytes(array(bytes, at + 2)?)),
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    (bytes.starts_with(b"RIFF") && array(bytes, 8)? == *b"WEBP").then_some(())?;
    match &array::<4>(bytes, 12)? {
        b"VP8 " => {
            let width = u16::from_le_bytes(array(bytes, 26)?) & 0x3fff;
            let height = u16::from_le_bytes(array(bytes, 28)?) & 0x3fff;
            Some((width.into(), height.into()))
        }
        b"VP8L" => {
            let bits = u32::from_le_bytes(array(bytes, 21)?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => {
            let three = |at| {
                let [a, b, c] = array(bytes, at)?;
                Some(u32::from_le_bytes([a, b, c, 0]) + 1)
            };
            Some((three(24)?, three(27)?))
        }
        _ => None,
    }
}

fn svg(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = bytes.get(..bytes.len().min(SVG_HEAD_BYTES))?;
    let head = String::from_utf8_lossy(head);
    let (_, tag) = head.split_once("<svg")?;
    let (tag, _) = tag.split_once('>')?;
    let length = |name| {
        let value = attribute(tag, name)?;
        pixels(value.strip_suffix("px").unwrap_or(value))
    };
    if let (Some(width), Some(height)) = (length("width"), length("height")) {
        return Some((width, height));
    }
    let mut numbers = attribute(tag, "viewBox")?
        .split([' ', ',', '\n', '\t'])
        .filter(|number| !number.is_empty())
        .skip(2);
    Some((pixels(numbers.next()?)?, pixels(numbers.next()?)?))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let (before, rest) = tag.split_at_checked(at)?;
        before.ends_with(char::is_whitespace).then_some(())?;
        let rest = rest.strip_prefix(name)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest.get(1..)?.split_once(quote).map(|(value, _)| value.trim())
    })
}

fn pixels(number: &str) -> Option<u32> {
    let number: f64 = number.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
    (0.5..1e9).contains(&number).then(|| number.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], extension: &str, expected: Option<(u32, u32)>) {
        assert_eq!(dimensions(bytes, extension), expected);
        for end in 0..bytes.len() {
            let _ = dimensions(&bytes[..end], extension);
        }
    }

    #[test]
    fn every_format_says_its_size() {
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0", "PNG", Some((640, 480)));
        check(b"GIF89a\x80\x02\xe0\x01", "gif", Some((640, 480)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc0\0\x11\x08\x01\xe0\x02\x80";
        check(jpeg, "jpeg", Some((640, 480)));
        let simple = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0abc\x9d\x01\x2a\x80\x02\xe0\x01";
        check(simple, "webp", Some((640, 480)));
        check(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0", "webp", Some((640, 480)));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
        check(extended, "webp", Some((640, 480)));
    }

    #[test]
    fn a_drawing_has_the_size_that_it_names() {
        check(b"<svg stroke-width='3' width=\"640px\" height='480'>", "svg", Some((640, 480)));
        check(b"<svg viewBox='0 0 640 480.2'>", "svg", Some((640, 480)));
        check(b"<svg width='100%' height='100%'>", "svg", None);
    }

    #[test]
    fn what_is_no_image_has_none() {
        check(b"hello", "png", None);
        check(b"\xff\xd8\xff\xda\0\x04ab", "jpg", None);
        check(b"GIF89a\0\0\0\0", "gif", None);
    }
}
