//! Named tables that are not appeals: service points, outages, projects, announcements.

use serde_json::{Map, Value};

use crate::privacy::{Audience, Masker};

/// A row of a table: an object of plain values.
pub type Record = Map<String, Value>;

/// A table of records whose texts are fit to be shown to the public.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dataset {
    /// Its name, as layouts refer to it.
    pub name: String,
    records: Vec<Record>,
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
        Self { name: name.into(), records }
    }

    /// A table as it was kept on disk: its texts were masked before.
    pub fn kept(name: impl Into<String>, records: Vec<Record>) -> Self {
        Self { name: name.into(), records }
    }

    /// The records, in the order of the source.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The texts in `field` of every record that has one.
    pub fn texts<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.records.iter().filter_map(move |record| record.get(field)?.as_str())
    }
}

fn fit(value: Value, open: bool, masker: &Masker, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    match value {
        Value::String(text) if open => Value::String(crate::privacy::clean(&text)),
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
        assert_eq!(dataset.texts("address").collect::<Vec<_>>(), ["Садовая, 5"]);
    }
}
