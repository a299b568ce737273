//! Text in whatever encoding an office has written it.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The text of a file, and the name of its encoding: by its byte order mark, else UTF-8 if it is that, else the one
/// that it looks like to somebody in Russia.
pub fn decoded(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => without_mark(bytes),
    };
    let (text, encoding, _) = encoding.decode(bytes);
    (text, encoding.name())
}

/// The text of a GeoJSON file, which is UTF-8 (RFC 8259) or, with a mark, UTF-16.
///
/// # Errors
/// A sentence that names the encoding it seems to have.
pub fn geojson_text(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    let (text, encoding) = decoded(bytes);
    if encoding.starts_with("UTF") {
        return Ok(text);
    }
    Err(format!(
        "it is not UTF-8 but seems to be {encoding}: save it as UTF-8, for example by `iconv -f {encoding} -t UTF-8`"
    ))
}

fn without_mark(bytes: &[u8]) -> &'static Encoding {
    // In UTF-16 every other byte of spaces, digits and separators is zero; no other text has zeros.
    let zeros = |start: usize| bytes.iter().skip(start).step_by(2).take(512).filter(|b| **b == 0).count();
    match (zeros(0), zeros(1)) {
        (even, odd) if odd > 2 && odd > 4 * even => UTF_16LE,
        (even, odd) if even > 2 && even > 4 * odd => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(&bytes[..bytes.len().min(1 << 20)], true);
            detector.guess(Some(b"ru"), Utf8Detection::Deny)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_of_offices_are_told_apart() {
        let text = "Объект;План;Факт\nШкола № 1;12 500;1 000\nДетский сад;12 500;350\n";
        for encoding in [UTF_8, encoding_rs::WINDOWS_1251, encoding_rs::IBM866, encoding_rs::KOI8_R] {
            // The sign of a number is not in every one of them.
            let text = text.replace('№', "N");
            let (bytes, ..) = encoding.encode(&text);
            let (read, name) = decoded(&bytes);
            assert_eq!(read, text, "{name}");
        }
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{text}");
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for bytes in [little, big] {
                assert_eq!(decoded(&bytes).0, text.trim_start_matches('\u{feff}'));
            }
        }
    }
}
