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
            // Of appeals every cell is words to the mapping; in a table numbers are what panels reckon with, and a row
            // that is cut short would be nobody's.
            let typed = mapping.appeal.is_none();
            if typed && row.len() != headers.len() {
                batch.came += 1;
                let line = row.position().map_or(0, csv::Position::line);
                batch.refused.count("it has not as many cells as the first line", line);
                continue;
            }
            let cell = |at: usize| row.get(at).map(str::trim).map(|text| value(text, typed));
            let all = || -> Record {
                headers.iter().enumerate().filter_map(|(at, name)| Some((name.trim().to_owned(), cell(at)?))).collect()
            };
            mapping.take(&mut batch, zone, None, |place| column(place).and_then(cell).filter(|v| v != ""), all);
        }
        Ok(batch)
    }
}

/// A cell as it is, or as the number that it writes. What has a leading zero or more digits than a count has is a code
/// or a telephone, and stays words.
fn value(text: &str, typed: bool) -> Value {
    const MOST_DIGITS: usize = 9;
    let digits = text.strip_prefix(['-', '−']).unwrap_or(text);
    let whole = digits.split(['.', ',']).next().unwrap_or_default();
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        && (whole.len() == 1 || !whole.starts_with('0'))
        && digits.len() <= MOST_DIGITS;
    let number = typed.then(|| text.replace(',', ".").replace('−', "-")).filter(|_| is_number);
    let whole = number.as_ref().and_then(|number| number.parse::<i64>().ok()).map(Value::from);
    whole.or_else(|| number?.parse::<f64>().ok().map(Value::from)).unwrap_or_else(|| Value::from(text))
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
            { "name": "Два", "capacity": 0, "share": 0.5, "code": "1.2.3", "phone": "", "balance": "+7" },
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
