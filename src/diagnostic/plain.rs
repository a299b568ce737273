//! Parser errors in the words of the person who wrote the file.
//!
//! A reader of a format says what it expected; a person wants to know what they mistyped. The commonest slips are known:
//! Cyrillic letters that look Latin, blanks that are none, quotes that are not closed or not straight, decimal commas.

use std::ops::Range;

use super::look_alikes::{latin_of, of_letters};
use super::words::{Cause, Plain, write};
use super::{expected, slips};
use crate::language::{Sentence, code_of};

/// Keys whose values have a unit, and the message that explains it: a newcomer does not know from the name what to
/// write.
const MEASURED: [(&str, &str); 4] = [
    ("viewing_distance_m", "wall-distance-help"),
    ("size_mm", "wall-size-help"),
    ("pixels", "wall-pixels-help"),
    ("position_mm", "wall-position-help"),
];

/// What the reader `found` at the bytes `span` of `text`.
pub fn plain(text: &str, span: Range<usize>, found: &str) -> Plain {
    let start = super::floor_char_boundary(text, span.start);
    let span = start..super::floor_char_boundary(text, span.end).max(start);
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Plain::new(0..0, Sentence::of("fault-empty-file", []));
    }
    // Where a theme is read the place of its table stands before what is wrong in it.
    if let Some((place, rest)) =
        found.split_once(": ").filter(|(place, _)| place.starts_with('`') && place.ends_with('`'))
    {
        let inner = plain(text, span.clone(), rest);
        if inner.cause != Cause::Other || rest.starts_with("invalid type") {
            return inner;
        }
        let said = Sentence::recover(rest, "panel-");
        return Plain::new(span, said.unwrap_or_else(|| format!("{place}: {rest}").into()));
    }
    name(&span, found)
        .or_else(|| slips::commas_in_list(text, &span, found))
        .or_else(|| value(text, &span, found))
        .or_else(|| slips::syntax(text, &span, found))
        .unwrap_or_else(|| {
            let said = ["panel-", "error-"].iter().find_map(|prefix| Sentence::recover(found, prefix));
            Plain::new(span, said.unwrap_or_else(|| found.into()))
        })
}

/// Names that are unknown, missing, or there twice.
fn name(span: &Range<usize>, found: &str) -> Option<Plain> {
    let mut quoted = found.split('`').skip(1).step_by(2);
    if let Some(rest) = found.strip_prefix("missing field ") {
        let message = Sentence::of("fault-missing", [("name", rest.trim_matches('`'))]);
        let plain = Plain { cause: Cause::MissingKey, ..Plain::new(span.clone(), message) };
        let help = MEASURED.iter().find(|(key, _)| *key == rest.trim_matches('`'));
        return Some(match help {
            Some((_, help)) => plain.help(Sentence::of(help, [])),
            None => plain,
        });
    }
    let key = if found.starts_with("unknown field") {
        "fault-unknown-key"
    } else if found.starts_with("unknown variant") {
        "fault-unknown-value"
    } else {
        return None;
    };
    let wrong = quoted.next()?;
    let known: Vec<&str> = quoted.collect();
    let message = Sentence::of(key, [("name", wrong)]);
    let unknown = |plain: Plain| Some(Plain { cause: Cause::UnknownName, ..plain });
    if let Some((latin, letters)) = latin_of(wrong).filter(|(latin, _)| known.contains(&latin.as_str())) {
        return unknown(Plain::new(span.clone(), of_letters(wrong, &letters)).help(write(&latin)));
    }
    if let Some(code) = code_of(wrong, &["period-", "metric-"], known.iter().copied()) {
        return unknown(Plain::new(span.clone(), message).help(write(code)));
    }
    // A table of data is a `dataset`: what is nearest by its letters would lead astray.
    if matches!(wrong, "table" | "source" | "data") && known.contains(&"dataset") {
        return unknown(Plain::new(span.clone(), message).help(write("dataset")));
    }
    unknown(Plain::new(span.clone(), message).help(expected(wrong, known.iter().copied())))
}

/// Values of another kind than what is expected.
fn value(text: &str, span: &Range<usize>, found: &str) -> Option<Plain> {
    let (got, wanted) = found
        .strip_prefix("invalid type: ")
        .or_else(|| found.strip_prefix("invalid value: "))?
        .split_once(", expected ")?;
    let written = written(got).unwrap_or_else(|| text.get(span.clone()).unwrap_or_default());
    let (of_value, wanted) = (found.starts_with("invalid value"), wanted.trim());
    let number = matches!(wanted, "f32" | "f64");
    let whole = matches!(wanted, "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize");
    if of_value && whole {
        let message = Sentence::of("fault-out-of-range", [("value", written)]);
        return Some(Plain::new(span.clone(), message));
    }
    let is_list = ["a sequence", "an array", "a tuple"].iter().any(|start| wanted.starts_with(start));
    let key = match wanted {
        _ if whole => "fault-not-a-whole-number",
        _ if number => "fault-not-a-number",
        "a string" | "string" | "str" => "fault-not-a-text",
        "a boolean" | "bool" => "fault-not-a-boolean",
        _ if is_list => "fault-not-a-list",
        "a map" | "map" => "fault-not-a-table",
        _ if wanted.starts_with("struct ") => "fault-not-a-table",
        // What a type of ours expects, it says in words of its own.
        _ => {
            let message =
                Sentence::of("fault-expected", [("wanted", wanted), ("got", &Sentence::of(kind_of(got), []))]);
            return Some(Plain::new(span.clone(), message));
        }
    };
    let plain = Plain::new(span.clone(), Sentence::of(key, [("got", written)]));
    let bare = written.trim_matches(['"', '\'']).trim().trim_end_matches('%').trim().replace(',', ".");
    let help = match key {
        "fault-not-a-whole-number" if bare.parse::<f64>().is_ok() => write(bare.split('.').next().unwrap_or_default()),
        "fault-not-a-number" if bare.parse::<f64>().is_ok() => write(&bare),
        "fault-not-a-whole-number" | "fault-not-a-number" => Sentence::of("fault-write-digits", []),
        "fault-not-a-boolean" => Sentence::of("fault-write-boolean", []),
        "fault-not-a-text" if kind_of(got) == "kind-list" => Sentence::of("fault-write-one", []),
        "fault-not-a-text" if !written.is_empty() && !written.contains(['"', '\n']) => write(&format!("\"{written}\"")),
        _ => return Some(plain),
    };
    Some(plain.help(help))
}

/// What stands there as it is written, by serde's words for it: «integer `5`», «string \"a\"»; lists and tables are not
/// repeated there.
fn written(got: &str) -> Option<&str> {
    let number = || got.split('`').nth(1);
    got.strip_prefix("string ").or_else(number).filter(|written| !written.is_empty())
}

/// What stands there, by serde's word for it.
fn kind_of(got: &str) -> &'static str {
    match got.split([' ', '`']).next().unwrap_or_default() {
        "string" | "character" => "kind-text",
        "integer" => "kind-whole-number",
        "floating" => "kind-number",
        "boolean" => "kind-boolean",
        "sequence" => "kind-list",
        "map" => "kind-table",
        _ => "kind-other",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde::Deserialize;

    use super::super::{Diagnostic, parse};
    use crate::language::Lang;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct File {
        name: String,
        #[serde(default)]
        count: Option<u8>,
        #[serde(default)]
        share: Option<f64>,
        #[serde(default)]
        shown: Option<bool>,
        #[serde(default)]
        period: Option<Period>,
        #[serde(default)]
        items: Option<Vec<u8>>,
        #[serde(default)]
        inner: Option<Inner>,
        #[serde(default)]
        step: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        #[serde(default)]
        title: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Period {
        Now,
        Today,
    }

    fn fault(text: &str) -> Diagnostic {
        parse::<File>(Path::new("a.toml"), text).err().unwrap_or_else(|| panic!("{text} has no fault"))
    }

    #[test]
    fn what_people_mistype_is_said_in_their_words() {
        for (text, place, message, help) in [
            ("nаme = \"a\"\n", (1, 1), "`nаme` has Cyrillic letters that look Latin: а", "write name"),
            (
                "имя = \"a\"\n",
                (1, 1),
                "the key `имя` is not in Latin letters",
                "keys are Latin letters, digits, - and _",
            ),
            ("name\u{a0}= \"a\"\n", (1, 5), "a blank that is no plain space", "write a plain space"),
            ("name = «a»\n", (1, 8), "quotes are straight", "write \"a\""),
            ("name = “a\"\n", (1, 8), "quotes are straight", "write \"a"),
            ("name = \"a\nshown = true\n", (1, 8), "this quote is not closed", "write \" at the end"),
            ("name = \"a\"\ninner = { title = \"b }\n", (2, 19), "this quote is not closed", "at the end of the text"),
            ("name = a\n", (1, 8), "a text stands in quotes", "write \"a\""),
            ("name = \"a\";\n", (1, 11), "does not end with a semicolon", "leave it out"),
            ("name: a\n", (1, 5), "not by a colon", "TOML, not YAML"),
            ("name = \"a\"\nshare = 6,5\n", (2, 10), "a decimal point, not a comma", "write 6.5"),
            ("name = \"a\"\nshown = True\n", (2, 9), "`true` or `false` is expected here, not True", "write true"),
            ("name = \"a\"\nshown = да\n", (2, 9), "not да", "write true"),
            ("name = \"a\"\nshown = \"yes\"\n", (2, 9), "`true` or `false` is expected", "without quotes"),
            ("name = \"a\"\ncount = \"7\"\n", (2, 9), "a whole number is expected here, not \"7\"", "write 7"),
            ("name = \"a\"\ncount = 6.5\n", (2, 9), "a whole number is expected here, not 6.5", "write 6"),
            ("name = \"a\"\ncount = \"six\"\n", (2, 9), "a whole number is expected", "in digits"),
            ("name = \"a\"\ncount = 300\n", (2, 9), "300 is too large or too small here", ""),
            ("name = \"a\"\nshare = \"100%\"\n", (2, 9), "a number is expected here", "write 100"),
            ("name = [\"a\", \"b\"]\n", (1, 8), "a text in quotes is expected here", "write one text"),
            ("name = 5\n", (1, 8), "a text in quotes is expected here, not 5", "write \"5\""),
            ("name = \"a\"\nitems = 5\n", (2, 9), "a list, [ ... ], is expected here, not 5", ""),
            ("name = \"a\"\ninner = 5\n", (2, 9), "a table, { key = value }, is expected here", ""),
            ("name = \"a\"\nitems = [1, 2\nshown = true\n", (2, 9), "this [ is not closed", "write ] at the end"),
            ("name = \"a\"\nname = \"b\"\n", (2, 1), "`name` is written twice", "leave one of them out"),
            ("name = \"a\"\n[[step]]\n[step]\n", (3, 2), "`step` is written twice", "write [[step]]"),
            ("name = \"a\"\nperiod = \"сегодня\"\n", (2, 10), "unknown value `сегодня`", "write today"),
            ("name = \"a\"\nperiod = \"nоw\"\n", (2, 10), "has Cyrillic letters", "write now"),
            ("name = \"a\"\nshwon = true\n", (2, 1), "unknown key `shwon`", "did you mean `shown`?"),
            ("shown = true\n", (1, 1), "`name` is missing", ""),
            ("\n  \n", (1, 1), "the file is empty", ""),
        ] {
            let fault = fault(text);
            assert!(fault.message.contains(message), "{text}: {fault}");
            assert_eq!((fault.line, fault.column), place, "{text}: {fault}");
            let said = fault.help.as_deref().unwrap_or_default();
            assert!(said.contains(help) && said.is_empty() == help.is_empty(), "{text}: {fault}");
            // No word of the reader's own language is left, and each is said in Russian, too.
            let shown = fault.in_lang(Lang::Ru);
            assert!(shown.starts_with("ошибка: ") && !shown.contains("fault-"), "{shown}");
            for foreign in ["usize", "u8", "f64", "variant", "field", "sequence", "literal", "unquoted"] {
                assert!(!fault.message.contains(foreign) && !shown.contains(foreign), "{text}: {shown}");
            }
        }
    }
}
