//! Named tables that are not appeals: service points, outages, projects, announcements.

use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::{written_numbers, written_times};
use crate::privacy::{Audience, Masker};

/// A row of a table: an object of plain values.
pub type Record = Map<String, Value>;

/// The field that holds the place in the dictionary of the municipality that a record names.
pub const MUNICIPALITY_NUMBER: &str = "municipality_number";

/// Fields in whose words, of a fixed list, panels see a state: the weather's condition, an alert's severity.
const CODED: [&str; 4] = ["condition", "severity", "urgency", "status"];

/// A table of records whose texts are fit to be shown to the public.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Its name, as layouts refer to it.
    pub name: String,
    records: Vec<Record>,
    /// The fields whose texts are published information.
    published: Vec<String>,
    /// The records without texts that are not published, once somebody asked for them.
    without_texts: OnceLock<Vec<Record>>,
}

// Tables that lie at the same place in memory are equal at a glance: `Arc` compares what is `Eq` so.
impl Eq for Dataset {}

impl PartialEq for Dataset {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.records == other.records && self.published == other.published
    }
}

/// Nested values deeper than this are left out: no table needs them.
const DEEPEST: usize = 8;

impl Dataset {
    /// Masks every text but those of the fields that their owner has `published`, such as the address of a
    /// service point; the latter are cleaned only.
    pub fn masked(name: impl Into<String>, records: Vec<Record>, published: &[String], masker: &Masker) -> Self {
        let records = records
            .into_iter()
            .map(|record| {
                let shown = |(field, value): (String, Value)| {
                    let open = published.contains(&field);
                    (field, fit(value, open, masker, 0))
                };
                record.into_iter().map(shown).collect()
            })
            .collect();
        Self { name: name.into(), records, published: published.to_vec(), without_texts: OnceLock::new() }
    }

    /// A table as it was kept on disk: its texts were masked before.
    pub fn kept(name: impl Into<String>, records: Vec<Record>, published: Vec<String>) -> Self {
        Self { name: name.into(), records, published, without_texts: OnceLock::new() }
    }

    /// The records, in the order of the source.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The fields whose texts are published information.
    pub fn published(&self) -> &[String] {
        &self.published
    }

    /// The records as an audience may see them.
    pub fn shown_to(&self, audience: Audience) -> &[Record] {
        match audience {
            Audience::NoText => self.without_texts.get_or_init(|| {
                let plain = |record: &Record| -> Record {
                    let shown = |(field, value): (&String, &Value)| {
                        let open = self.published.contains(field);
                        Some((field.clone(), if open { value.clone() } else { without_text(field, value)? }))
                    };
                    record.iter().filter_map(shown).collect()
                };
                self.records.iter().map(plain).collect()
            }),
            Audience::Public | Audience::Staff => &self.records,
        }
    }
}

/// What passers-by see of a value that nobody has published: numbers, times, and words of a fixed list.
fn without_text(field: &str, value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => {
            let coded =
                CODED.contains(&field) && text.len() <= 20 && text.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
            (coded || is_plain(text)).then(|| value.clone())
        }
        Value::Array(items) => Some(items.iter().filter_map(|item| without_text("", item)).collect()),
        Value::Object(object) => {
            let plain = object.iter().filter_map(|(key, value)| Some((key.clone(), without_text(key, value)?)));
            Some(Value::Object(plain.collect()))
        }
        other => Some(other.clone()),
    }
}

/// Whether a text is a number or a time and nothing else: it names nobody, and a date is no telephone.
fn is_plain(text: &str) -> bool {
    let is_code = matches!(written_numbers::cell(text, written_numbers::Comma::Decimal), Value::String(_));
    !is_code || written_times::is_moment(text)
}

fn fit(value: Value, open: bool, masker: &Masker, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    match value {
        Value::String(text) if open => Value::String(crate::privacy::clean(&text)),
        Value::String(text) if is_plain(&text) => Value::String(text),
        Value::String(text) => {
            Value::String(masker.displayable(&text).shown_to(Audience::Public).unwrap_or_default().to_owned())
        }
        Value::Array(items) => items.into_iter().map(|item| fit(item, open, masker, depth + 1)).collect(),
        Value::Object(object) => {
            Value::Object(object.into_iter().map(|(key, value)| (key, fit(value, open, masker, depth + 1))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_masked_unless_they_are_published() {
        let record = json!({ "name": "Пункт № 3", "address": "Садовая, 5", "note": "звонить Ольге, 8 900 123-45-67",
                             "more": { "by": ["Иван Берёзкин"] }, "booked": 12 });
        let records = vec![record.as_object().unwrap().clone()];
        let dataset = Dataset::masked("points", records, &["address".to_owned()], &Masker::default());
        let shown = serde_json::to_string(&dataset.records()[0]).unwrap();
        assert!(shown.contains("Садовая, 5") && shown.contains("\"booked\":12"), "{shown}");
        assert!(!shown.contains("900") && !shown.contains("Берёзкин") && !shown.contains("Ольге"), "{shown}");
        // Passers-by see what is published, and numbers.
        let shown = serde_json::to_value(dataset.shown_to(Audience::NoText)).unwrap();
        assert_eq!(shown, json!([{ "address": "Садовая, 5", "more": { "by": [] }, "booked": 12 }]));
    }

    #[test]
    fn dates_and_figures_are_no_telephones() {
        let record = json!({ "a": "26.11.2026 10:00", "b": "2026-11-26T10:00:00+03:00", "c": "1 234 567,89", "d": "26.11.2026",
                             "e": "8 916 123-45-67", "f": "9161234567" });
        let dataset = Dataset::masked("t", vec![record.as_object().unwrap().clone()], &[], &Masker::default());
        let shown = &dataset.records()[0];
        for field in ["a", "b", "c", "d"] {
            assert_eq!(shown[field], record[field]);
        }
        assert_eq!([&shown["e"], &shown["f"]], [crate::privacy::MASK, crate::privacy::MASK]);
    }
}
