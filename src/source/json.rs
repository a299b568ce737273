//! JSON as backends send it: of bounded size in memory, and with faults that cost what they are in, not all.

use std::borrow::Cow;

use serde_json::Value;

/// So many values an answer may have for each MiB that its length may have: a value takes some 70 bytes.
pub const VALUES_A_MIB: usize = 32_768;

/// What was read.
#[derive(Debug)]
pub struct Read {
    /// The value.
    pub value: Value,
    /// How many places were mended: half letters, numbers that are none, bytes that are no text.
    pub mended: usize,
}

/// Why it cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// More values than fit into the memory that such an answer may take.
    #[error("the answer holds more than {0} values: ask for smaller pages, or let `max_mib` be more")]
    TooMany(usize),
    /// It is not JSON, even when it is mended.
    #[error(transparent)]
    NotJson(#[from] serde_json::Error),
}

/// Reads JSON of at most `max_values` values. What standard JSON does not have is mended first: `NaN`, `Infinity` and
/// numbers beyond all others become `null`, bytes that are no UTF-8 and halves of surrogate pairs a replacement
/// character.
///
/// # Errors
/// When it has too many values, or is not JSON.
pub fn read(bytes: &[u8], max_values: usize) -> Result<Read, JsonError> {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    bounded(bytes, max_values)?;
    match serde_json::from_slice(bytes) {
        Ok(value) => Ok(Read { value, mended: 0 }),
        Err(first) => {
            let (text, mended) = mended(bytes);
            if mended == 0 {
                return Err(first.into());
            }
            // What is wrong besides is told as it stood.
            serde_json::from_str(&text).map(|value| Read { value, mended }).map_err(|_| first.into())
        }
    }
}

/// Judges how many values a text holds, before it takes the memory that they need.
///
/// # Errors
/// When it has too many.
pub fn bounded(bytes: &[u8], max_values: usize) -> Result<(), JsonError> {
    if values_in(bytes) > max_values { Err(JsonError::TooMany(max_values)) } else { Ok(()) }
}

/// How many values a text may hold at the most: one more than what separates or opens them outside of strings.
fn values_in(bytes: &[u8]) -> usize {
    let (mut count, mut inside, mut escaped) = (1, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b',' | b'[' | b'{' if !inside => count += 1,
            _ => {}
        }
    }
    count
}

fn mended(bytes: &[u8]) -> (String, usize) {
    let text = String::from_utf8_lossy(bytes);
    let mut count = match &text {
        Cow::Borrowed(_) => 0,
        Cow::Owned(text) => text.matches('\u{fffd}').count().max(1),
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let end = end_of_string(rest);
            count += surrogates(&rest[..end], &mut out);
            rest = &rest[end..];
        } else if first.is_ascii_alphanumeric() || matches!(first, '-' | '+' | '.') {
            let end =
                rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'))).unwrap_or(rest.len());
            let word = &rest[..end];
            let known = matches!(word, "true" | "false" | "null");
            if known || serde_json::from_str::<Value>(word).is_ok() {
                out.push_str(word);
            } else if is_no_number(word) {
                out.push_str("null");
                count += 1;
            } else {
                out.push_str(word);
            }
            rest = &rest[end..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    (out, count)
}

/// Where a string that begins a text ends, its quote included.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a word stands for a number that JSON has not.
fn is_no_number(word: &str) -> bool {
    let plain = word.trim_start_matches(['-', '+']).to_lowercase();
    matches!(plain.as_str(), "nan" | "inf" | "infinity" | "undefined" | "none")
        || (plain.starts_with(|c: char| c.is_ascii_digit()) && plain.parse::<f64>().is_ok_and(|n| !n.is_finite()))
}

/// Copies a string with a replacement character for each half of a surrogate pair; says how many there were.
fn surrogates(text: &str, out: &mut String) -> usize {
    let mut count = 0;
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let unit = |text: &str| {
            let digits = text.strip_prefix("\\u")?.get(..4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        match unit(rest) {
            Some(0xD800..=0xDBFF) if unit(&rest[6..]).is_some_and(|low| (0xDC00..=0xDFFF).contains(&low)) => {
                out.push_str(&rest[..12]);
                rest = &rest[12..];
            }
            Some(0xD800..=0xDFFF) => {
                out.push_str("\\ufffd");
                count += 1;
                rest = &rest[6..];
            }
            _ => {
                // The backslash and what it escapes.
                let end = rest.char_indices().nth(2).map_or(rest.len(), |(end, _)| end);
                out.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }
    out.push_str(rest);
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_is_broken_costs_what_it_is_in() {
        for (text, expected, mended) in [
            (&b"[1, 2]"[..], json!([1, 2]), 0),
            (b"\xEF\xBB\xBF[1]", json!([1]), 0),
            (br#"[{"a": "x\ud83d"}, {"a": "\ud83d\ude00"}]"#, json!([{ "a": "x\u{fffd}" }, { "a": "😀" }]), 1),
            (br#"[{"a": "\\ud83d"}]"#, json!([{ "a": "\\ud83d" }]), 0),
            (br#"[NaN, -Infinity, 1e400, 1, "NaN"]"#, json!([null, null, null, 1, "NaN"]), 3),
            (b"[\"a\xFFb\", 1]", json!(["a\u{fffd}b", 1]), 1),
        ] {
            let read = read(text, 100).unwrap_or_else(|e| panic!("{}: {e}", String::from_utf8_lossy(text)));
            assert_eq!((read.value, read.mended), (expected, mended), "{}", String::from_utf8_lossy(text));
        }
        for wrong in ["[", "{\"a\" 1}", "[NaN", "nonsense"] {
            assert!(read(wrong.as_bytes(), 100).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_number_of_values_is_bounded() {
        let many = format!("[{}]", vec!["{}"; 1000].join(","));
        assert!(matches!(read(many.as_bytes(), 1000), Err(JsonError::TooMany(1000))));
        assert!(read(many.as_bytes(), 3000).is_ok());
        // Commas in texts are no values.
        assert!(read(format!("[\"{}\"]", ",".repeat(1000)).as_bytes(), 10).is_ok());
    }

    proptest! {
        #[test]
        fn sound_json_is_read_as_it_is(texts in prop::collection::vec(".{0,20}", 0..20), number in prop::num::f64::NORMAL) {
            let value = json!({ "texts": texts, "number": number });
            let read = read(value.to_string().as_bytes(), 1000).unwrap();
            prop_assert_eq!((read.value, read.mended), (value, 0));
        }

        #[test]
        fn nothing_makes_it_fail_otherwise_than_by_an_error(text in "[\\[\\]{},:\"\\\\ud83NaI0-9e+.-]{0,60}") {
            let _ = read(text.as_bytes(), 1000);
        }
    }
}
