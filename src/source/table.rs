//! CSV: a file that is watched, or an address.

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::delimited;
use super::encoding::decoded;
use super::fetch::{Fetcher, SourceError};
use super::mapping::{AppealMap, Mapping, RowGeometry};
use super::record::{Batch, RowIssues};
use crate::clock::Moment;
use crate::data::dataset::Record;
use crate::data::written_numbers::{Comma, cell};
use crate::data::written_times::is_moment;

/// A table that panels show has no more values: each takes some hundred bytes.
const MAX_TABLE_VALUES: usize = 3_000_000;

/// What a `[[source]]` of `kind = "csv"` says; places are names of columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Csv {
    /// What stands between the columns: `,` `;` or a tab; found out from the first line if it is not said.
    #[serde(default)]
    delimiter: Option<char>,
    /// Appeals.
    #[serde(default)]
    appeal: Option<AppealMap>,
    /// Or a table of this name.
    #[serde(default)]
    dataset: Option<String>,
    /// The table's fields.
    #[serde(default)]
    fields: std::collections::BTreeMap<String, String>,
}

impl Csv {
    /// What its rows are.
    pub fn mapping(&self) -> Mapping {
        Mapping { appeal: self.appeal.clone(), dataset: self.dataset.clone(), fields: self.fields.clone() }
    }

    /// Whether its rows are appeals.
    pub fn brings_appeals(&self) -> bool {
        self.appeal.is_some()
    }

    /// As a site's file writes it.
    pub const EXAMPLE: &str = r#"[[source]]
name = "points"
kind = "csv"
file = "points.csv"
every_secs = 5
dataset = "service-points"
fields = { name = "Пункт", capacity = "Мест", booked = "Записано" }
published = ["name"]
"#;

    /// Reads the whole table.
    pub async fn poll(&mut self, fetcher: &Fetcher, zone: &TimeZone, _: Moment) -> Result<Batch, SourceError> {
        let (url, bytes) = fetcher.document("").await?;
        let mapping = self.mapping();
        self.read(&bytes, &mapping, zone).map_err(|what| SourceError::Wrong { url, what })
    }

    fn read(&self, bytes: &[u8], mapping: &Mapping, zone: &TimeZone) -> Result<Batch, String> {
        if crate::diagnostic::is_web_page(bytes) {
            return Err("a web page came where a table was asked for".to_owned());
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return Err("this is a workbook of Excel (xlsx): save it as CSV".to_owned());
        }
        let (text, _) = decoded(bytes);
        let delimiter = self.delimiter.filter(char::is_ascii).and_then(|c| u8::try_from(c).ok());
        let table = delimited::read(&text, delimiter, &mapping.places())?;
        let values = table.rows.len().saturating_mul(table.headings.len());
        if mapping.appeal.is_none() && values > MAX_TABLE_VALUES {
            return Err(format!(
                "the table has {values} cells: panels show tables of {MAX_TABLE_VALUES} at most; leave rows or columns out, or read it as appeals"
            ));
        }
        let column = |name: &str| table.headings.iter().position(|heading| heading == name);
        // Between commas a comma in a number is one between thousands.
        let comma = if table.delimiter == b',' { Comma::Groups } else { Comma::Decimal };
        let mut batch = Batch { whole: true, noted: table.noted.clone(), ..Batch::default() };
        // Of appeals every cell is words to the mapping; in a table numbers are what panels reckon with, and a row
        // that is cut short would be nobody's.
        let typed = mapping.appeal.is_none();
        for (line, row) in &table.rows {
            if typed && row.len() != table.headings.len() {
                let mut spare = row.iter().skip(table.headings.len());
                if row.len() < table.headings.len() || spare.any(|cell| !cell.trim().is_empty()) {
                    batch.came += 1;
                    batch.refused.count("it has not as many cells as the headings", format!("line {line}"));
                    continue;
                }
            }
            if typed && row.get(0).is_some_and(is_total) {
                batch.came += 1;
                batch.refused.count("it is the sum of others", format!("line {line}"));
                continue;
            }
            let cell = |at: usize| {
                let text = row.get(at)?.trim();
                Some(if typed { cell(text, comma) } else { Value::from(text) })
            };
            let all = || -> Record {
                let named = table.headings.iter().enumerate();
                named.filter_map(|(at, name)| Some((name.clone(), cell(at)?))).collect()
            };
            mapping.take(
                &mut batch,
                zone,
                RowGeometry::default(),
                |place| column(place).and_then(cell).filter(|v| v != ""),
                all,
            );
        }
        if typed {
            note_words_among_numbers(&mut batch);
        }
        Ok(batch)
    }
}

/// Whether a row's first cell says that it sums up the others.
fn is_total(first: &str) -> bool {
    let word = first.trim().trim_end_matches([':', '.']).to_lowercase();
    matches!(word.as_str(), "итого" | "всего" | "итог" | "total" | "totals" | "sum" | "grand total")
}

/// Says of columns that are mostly numbers which cells are none: no sum holds them.
fn note_words_among_numbers(batch: &mut Batch) {
    let mut found = RowIssues::default();
    for (_, records) in &batch.tables {
        let fields: std::collections::BTreeSet<&String> = records.iter().flat_map(|record| record.keys()).collect();
        for field in fields {
            let values = || records.iter().filter_map(|record| record.get(field));
            let numbers = values().filter(|value| value.is_number()).count();
            let words =
                || values().filter(|value| value.as_str().is_some_and(|text| !text.is_empty() && !is_moment(text)));
            if numbers > 0 && numbers >= words().count() {
                words().for_each(|word| {
                    found.count_term(format!("`{field}` is no number there"), word.as_str().unwrap_or(""))
                });
            }
        }
    }
    batch.noted.add(found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_table_are_numbers_and_codes_are_not() {
        let source: Csv = toml::from_str("dataset = \"points\"").unwrap();
        let text =
            "name;capacity;share;code;phone;balance\nПункт;120;4,5;007;79991234567;-3\nДва;0;0,5;1.2.3;;+7\nТри;1\n";
        let batch = source.read(text.as_bytes(), &source.mapping(), &TimeZone::UTC).unwrap();
        assert_eq!((batch.came, batch.refused.total()), (3, 1));
        let rows = &batch.tables[0].1;
        let expected = serde_json::json!([
            { "name": "Пункт", "capacity": 120, "share": 4.5, "code": "007", "phone": "79991234567", "balance": -3 },
            { "name": "Два", "capacity": 0, "share": 0.5, "code": "1.2.3", "phone": "", "balance": 7 },
        ]);
        assert_eq!(serde_json::to_value(rows).unwrap(), expected);
    }

    #[test]
    fn tables_are_read_with_either_separator_and_bad_rows_are_counted() {
        let source: Csv = toml::from_str("appeal = { key = \"№\", received = \"Дата\", text = \"Текст\" }").unwrap();
        let mapping = Mapping { appeal: source.appeal.clone(), dataset: None, fields: Default::default() };
        let text = "\u{feff}№;Дата;Текст\n1;20.11.2026 14:05;\"Нет; света\"\n2;;нет\n3;2026-11-20\n\u{0};x\n";
        let batch = source.read(text.as_bytes(), &mapping, &TimeZone::UTC).unwrap();
        assert_eq!((batch.came, batch.appeals.len(), batch.refused.total()), (4, 2, 2));
        assert_eq!(batch.appeals[0].text.as_deref(), Some("Нет; света"));
        let wrong = source.read(b"id,date\n", &mapping, &TimeZone::UTC).unwrap_err();
        assert!(wrong.contains("no column `№`"), "{wrong}");
        let old = source.read(
            &encoding_rs::WINDOWS_1251.encode("№;Дата;Текст\n1;20.11.2026;Нет света\n").0,
            &mapping,
            &TimeZone::UTC,
        );
        assert_eq!(old.unwrap().appeals[0].text.as_deref(), Some("Нет света"));
    }
}
