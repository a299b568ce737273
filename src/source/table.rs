//! CSV: a file that is watched, or an address.

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::fetch::{Fetcher, SourceError};
use super::mapping::{AppealMap, Mapping};
use super::record::Batch;
use crate::clock::Moment;
use crate::data::dataset::Record;
use crate::privacy::told;

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
        // What is not UTF-8 was written by an office of the nineties: Windows-1251.
        let decoded =
            if std::str::from_utf8(bytes).is_ok() { None } else { Some(encoding_rs::WINDOWS_1251.decode(bytes).0) };
        let bytes = decoded.as_ref().map_or(bytes, |text| text.as_bytes());
        let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
        let first = bytes.split(|b| *b == b'\n').next().unwrap_or(bytes);
        let count = |wanted: u8| first.iter().filter(|b| **b == wanted).count();
        let guessed = [b',', b';', b'\t'].into_iter().max_by_key(|b| count(*b)).unwrap_or(b',');
        let delimiter = self.delimiter.and_then(|c| u8::try_from(c).ok()).unwrap_or(guessed);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
        let headers = reader.headers().map_err(|e| e.to_string())?.clone();
        let column = |name: &str| headers.iter().position(|header| header.trim() == name);
        if let Some(missing) = mapping.places().into_iter().find(|place| column(place).is_none()) {
            // A file without headings begins with a row of somebody's.
            let known: Vec<String> = headers.iter().take(40).map(told).collect();
            let known = known.iter().map(String::as_str);
            return Err(format!("no column `{missing}`; {}", crate::diagnostic::expected(missing, known)));
        }
        let mut batch = Batch { whole: true, ..Batch::default() };
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    batch.came += 1;
                    batch.refused.count("not a row of a table", error.position().map_or(0, csv::Position::line));
                    continue;
                }
            };
            let cell = |at: usize| row.get(at).map(|text| Value::from(text.trim()));
            let all = || -> Record {
                headers.iter().enumerate().filter_map(|(at, name)| Some((name.trim().to_owned(), cell(at)?))).collect()
            };
            mapping.take(&mut batch, zone, None, |place| column(place).and_then(cell).filter(|v| v != ""), all);
        }
        Ok(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
