//! GeoJSON (RFC 7946): features as appeals or as the records of a table.

use geojson::GeometryValue;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::fetch::{Fetcher, SourceError};
use super::mapping::Mapping;
use super::record::Batch;
use crate::clock::Moment;
use crate::data::dataset::Record;

/// What a `[[source]]` of `kind = "geojson"` says; places are names of properties.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct GeoJson(Mapping);

impl GeoJson {
    /// What its rows are.
    pub fn mapping(&self) -> &Mapping {
        &self.0
    }

    /// Whether its rows are appeals.
    pub fn brings_appeals(&self) -> bool {
        self.0.appeal.is_some()
    }

    /// As a site's file writes it.
    pub const EXAMPLE: &str = r#"[[source]]
name = "outages"
kind = "geojson"
url = "http://127.0.0.1:8080/outages.geojson"
every_secs = 300
dataset = "outages"
"#;

    /// Reads all features.
    pub async fn poll(&mut self, fetcher: &Fetcher, zone: &TimeZone, _: Moment) -> Result<Batch, SourceError> {
        let (url, bytes) = fetcher.document("").await?;
        let wrong = |what: String| SourceError::Wrong { url: url.clone(), what };
        // serde_json stops at 128 levels, and so does this.
        let value: serde_json::Value = super::fetch::parse(&url, &bytes)?;
        let features = value.get("features").and_then(serde_json::Value::as_array);
        let features = features.ok_or_else(|| wrong("no `features` in it: not a FeatureCollection".to_owned()))?;
        let mapping = &self.0;
        let mut batch = Batch { whole: true, ..Batch::default() };
        for feature in features {
            let feature = match geojson::Feature::deserialize(feature) {
                Ok(feature) => feature,
                Err(_) => {
                    batch.came += 1;
                    batch.refused.count("not a feature", format!("row {}", batch.came));
                    continue;
                }
            };
            let place = match feature.geometry.as_ref().map(|g| &g.value) {
                Some(GeometryValue::Point { coordinates }) if coordinates.as_slice().len() >= 2 => {
                    Some((coordinates.as_slice()[0], coordinates.as_slice()[1]))
                }
                _ => None,
            };
            let geometry = feature.geometry.as_ref().and_then(|g| serde_json::to_value(g).ok());
            let id = feature.id.as_ref().and_then(|id| serde_json::to_value(id).ok());
            let properties: Record = feature.properties.unwrap_or_default();
            let all = || {
                let mut record = properties.clone();
                if let (None, Some(geometry)) = (place, geometry) {
                    record.insert("geometry".to_owned(), geometry);
                }
                record
            };
            let find =
                |name: &str| properties.get(name).cloned().or_else(|| if name == "id" { id.clone() } else { None });
            mapping.take(&mut batch, zone, place, find, all);
        }
        Ok(batch)
    }
}
