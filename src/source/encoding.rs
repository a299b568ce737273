//! Text in whatever encoding an office has written it.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

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

/// The bytes of an answer as UTF-8, where its `Content-Type` names another encoding and they are no UTF-8. Servers name
/// Latin letters by default, whatever is in a file: that says nothing.
pub fn as_its_header_says(bytes: Vec<u8>, content_type: &str) -> Vec<u8> {
    let kind = content_type.to_ascii_lowercase();
    let is_text = ["text", "xml", "json", "csv"].iter().any(|part| kind.contains(part));
    let Some((_, charset)) = kind.split_once("charset=").filter(|_| is_text) else { return bytes };
    let label =
        charset.split(';').next().unwrap_or("").trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let named = Encoding::for_label(label.as_bytes()).filter(|named| *named != UTF_8 && *named != WINDOWS_1252);
    match named {
        Some(named) if Encoding::for_bom(&bytes).is_none() && std::str::from_utf8(&bytes).is_err() => {
            named.decode(&bytes).0.into_owned().into_bytes()
        }
        _ => bytes,
    }
}

/// The text of an XML document: by its byte order mark, else UTF-8 if it is that, whatever it says of itself, else as it
/// says, else as it looks. It is told what offices write and XML does not allow: control characters are left out, and an
/// ampersand that begins nothing is one.
pub fn xml_text(bytes: &[u8]) -> String {
    let declared = || {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
        let (_, after) = start.split_once("<?xml")?.1.split_once("?>")?.0.split_once("encoding=")?;
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Encoding::for_label(after[1..].split(quote).next()?.as_bytes()).filter(|named| *named != UTF_8)
    };
    let is_told_apart = Encoding::for_bom(bytes).is_some() || std::str::from_utf8(bytes).is_ok();
    let text = match declared().filter(|_| !is_told_apart) {
        Some(named) => named.decode(bytes).0,
        None => decoded(bytes).0,
    };
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    // What it says of its encoding is true no more.
    let text = match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest,
        None => text,
    };
    mended(text)
}

fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| matches!(c, '&' | '<') || is_forbidden(c)) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if rest.starts_with("<![CDATA[") {
            // An ampersand in there is one already.
            let end = rest.find("]]>").map_or(rest.len(), |end| end + 3);
            out.extend(rest[..end].chars().filter(|c| !is_forbidden(*c)));
            end
        } else if rest.starts_with('<') {
            out.push('<');
            1
        } else if rest.starts_with('&') {
            out.push_str(if begins_reference(rest) { "&" } else { "&amp;" });
            1
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        rest = &rest[taken..];
    }
    out + rest
}

/// Whether XML has no place for a character (1.0, 2.2).
fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// Whether an ampersand begins the name or the number of a character. No name is longer than [`LONGEST_REFERENCE`]: a
/// document of ampersands alone is not read to its end for each.
fn begins_reference(text: &str) -> bool {
    const LONGEST_REFERENCE: usize = 34;
    let near = &text.as_bytes()[1..text.len().min(LONGEST_REFERENCE)];
    let name = near.split(|b| *b == b';').next().filter(|name| name.len() < near.len()).unwrap_or_default();
    let name = name.strip_prefix(b"#").unwrap_or(name);
    !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric)
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
    fn documents_of_xml_are_read_whatever_they_say_of_themselves() {
        let document = |declared: &str| format!("<?xml version=\"1.0\"{declared}?><a>Отключение воды</a>");
        let cp1251 = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
        let named = " encoding=\"windows-1251\"";
        for bytes in [
            document("").into_bytes(),
            document(named).into_bytes(),
            cp1251(&document(named)),
            cp1251(&document("")),
            cp1251(&document(" encoding='utf-8'")),
            format!("\u{feff} {}", document(named)).into_bytes(),
            as_its_header_says(cp1251(&document("")), "text/xml; charset=windows-1251"),
            as_its_header_says(document("").into_bytes(), "text/xml; charset=\"windows-1251\""),
            as_its_header_says(
                encoding_rs::KOI8_R.encode(&document("")).0.into_owned(),
                "application/rss+xml;charset=koi8-r",
            ),
        ] {
            assert_eq!(xml_text(&bytes), "<a>Отключение воды</a>");
        }
        let text = "<a>Иванов & сыновья &amp; ко &laquo;&#171;\u{1}<![CDATA[a & b]]></a>";
        assert_eq!(xml_text(text.as_bytes()), "<a>Иванов &amp; сыновья &amp; ко &laquo;&#171;<![CDATA[a & b]]></a>");
        // As many as there are cost no more than one each.
        assert_eq!(xml_text("&".repeat(300_000).as_bytes()).len(), 1_500_000);
        // What is no text stays as it is.
        assert_eq!(as_its_header_says(vec![0xff, 0xd8], "image/jpeg; charset=windows-1251"), [0xff, 0xd8]);
    }

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
