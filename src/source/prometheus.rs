//! Prometheus: instant and range queries, each as a table.
//!
//! <https://prometheus.io/docs/prometheus/latest/querying/api/>: a sample is `[seconds, "number as string"]`.

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::fetch::{Fetcher, SourceError};
use super::record::Batch;
use crate::clock::Moment;
use crate::data::dataset::Record;
use crate::privacy::redact;

/// What a `[[source]]` of `kind = "prometheus"` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prometheus {
    /// The queries.
    queries: Vec<Query>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    /// The table's name.
    dataset: String,
    /// PromQL.
    query: String,
    /// The last hours, as a range; none for the instant.
    #[serde(default)]
    hours: Option<f64>,
    /// Seconds from one sample of a range to the next.
    #[serde(default = "five_minutes")]
    step_secs: u32,
}

fn five_minutes() -> u32 {
    300
}

impl Prometheus {
    /// As a site's file writes it.
    pub const EXAMPLE: &str = r#"[[source]]
name = "metrics"
kind = "prometheus"
url = "http://127.0.0.1:9090/"
every_secs = 15
queries = [
    { dataset = "power", query = "sum(power_mw)" },
    { dataset = "power-day", query = "sum(power_mw)", hours = 24 },
]
"#;

    /// The tables that it fills.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.queries.iter().map(|query| query.dataset.as_str())
    }

    /// Asks all queries.
    pub async fn poll(&mut self, fetcher: &Fetcher, _: &TimeZone, now: Moment) -> Result<Batch, SourceError> {
        let mut batch = Batch::default();
        for query in &self.queries {
            let now = now.secs();
            let mut pairs = vec![("query".to_owned(), query.query.clone())];
            let path = match query.hours {
                None => {
                    pairs.push(("time".to_owned(), now.to_string()));
                    "api/v1/query"
                }
                Some(hours) => {
                    let start = now - (hours.clamp(0.0, 10_000.0) * 3600.0) as i64;
                    pairs.extend([
                        ("start".to_owned(), start.to_string()),
                        ("end".to_owned(), now.to_string()),
                        ("step".to_owned(), query.step_secs.max(1).to_string()),
                    ]);
                    "api/v1/query_range"
                }
            };
            let (url, bytes) = fetcher.document_with(path, &pairs).await?;
            let (answer, _) = fetcher.any_json(&url, &bytes)?;
            if answer["status"] != "success" {
                let what = redact(answer["error"].as_str().unwrap_or("no success")).chars().take(200).collect();
                return Err(SourceError::Wrong { url, what });
            }
            // A part of the stores that did not answer, a counter that is asked for as a gauge.
            for warning in ["warnings", "infos"].iter().filter_map(|place| answer[*place].as_array()).flatten() {
                batch.noted.count(redact(warning.as_str().unwrap_or_default()), &query.dataset);
            }
            let records = read(&answer["data"], &mut batch);
            if records.is_empty() && batch.instead.is_none() {
                batch.instead = Some(match answer["data"]["resultType"].as_str() {
                    Some("string") => format!("`{}` answers with a text, and no number is in it", query.query),
                    _ => format!("`{}` finds no series now", query.query),
                });
            }
            batch.tables.push((query.dataset.clone(), records));
        }
        Ok(batch)
    }
}

/// The samples of a result, each with its labels, time and value.
fn read(data: &Value, batch: &mut Batch) -> Vec<Record> {
    let mut records = Vec::new();
    let mut take = |labels: Option<&Value>, sample: &Value| {
        batch.came += 1;
        // NaN and infinities are how Prometheus says that there is nothing to say.
        let value = sample.get(1).and_then(crate::data::written_numbers::number);
        let (Some(time), Some(value)) = (sample.get(0).and_then(Value::as_f64), value) else {
            // Which series it is says more than what stands in the place of a number.
            let said = sample.get(1).and_then(Value::as_str).unwrap_or("nothing");
            batch.refused.count(
                format!("not a number ({})", said.chars().take(20).collect::<String>()),
                labels.unwrap_or(sample),
            );
            return;
        };
        let mut record: Record = labels.and_then(Value::as_object).cloned().unwrap_or_default();
        // As Prometheus itself calls a label that stands where its own would be.
        for own in ["time", "value"] {
            if let Some(label) = record.shift_remove(own) {
                record.insert(format!("exported_{own}"), label);
            }
        }
        record.insert("time".to_owned(), Value::from(time as i64));
        record.insert("value".to_owned(), Value::from(value));
        records.push(record);
    };
    let mut histograms = Vec::new();
    match data["resultType"].as_str() {
        Some("string") => {}
        Some("scalar") => take(None, &data["result"]),
        _ => {
            for series in data["result"].as_array().into_iter().flatten() {
                let labels = series.get("metric");
                if series.get("histogram").or(series.get("histograms")).is_some() {
                    histograms.push(labels.unwrap_or(series).to_string());
                }
                if let Some(sample) = series.get("value") {
                    take(labels, sample);
                }
                series
                    .get("values")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .for_each(|sample| take(labels, sample));
            }
        }
    }
    for labels in histograms {
        batch.came += 1;
        batch.refused.count("a histogram is no number: ask for `histogram_quantile(0.5, …)` of it", labels);
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn samples_of_every_kind_are_read() {
        let mut batch = Batch::default();
        let vector = json!({ "resultType": "vector", "result": [{ "metric": { "town": "a" }, "value": [1_795_172_712.5, "42.5"] }] });
        assert_eq!(read(&vector, &mut batch)[0]["value"], 42.5);
        let matrix =
            json!({ "resultType": "matrix", "result": [{ "metric": {}, "values": [[1, "1"], [2, "NaN"], [3, "3"]] }] });
        assert_eq!(read(&matrix, &mut batch).len(), 2);
        assert_eq!(read(&json!({ "resultType": "scalar", "result": [1, "7"] }), &mut batch)[0]["value"], 7.0);
        assert_eq!((batch.came, batch.refused.total()), (5, 1));
        let clash = json!({ "resultType": "vector", "result": [
            { "metric": { "value": "x", "time": "y" }, "value": [1, "7"] },
            { "metric": { "a": "1" }, "histogram": [1, { "count": "60", "sum": "10" }] },
        ] });
        let records = read(&clash, &mut batch);
        assert_eq!((records.len(), &records[0]["value"], &records[0]["exported_value"]), (1, &json!(7.0), &json!("x")));
        assert_eq!((batch.came, batch.refused.total()), (7, 2));
        assert!(read(&json!({ "resultType": "string", "result": [1, "7"] }), &mut batch).is_empty());
    }
}
