//! GeoJSON (RFC 7946): features as appeals or as the records of a table.

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::encoding::decoded;
use super::fetch::{Fetcher, SourceError};
use super::json;
use super::mapping::{Mapping, RowGeometry};
use super::record::Batch;
use crate::clock::Moment;
use crate::data::dataset::Record;
use crate::data::features::{self, FeaturesError};
use crate::privacy::redact;

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
        self.read(&bytes, fetcher.max_values(), zone).map_err(|what| SourceError::Wrong { url, what })
    }

    fn read(&self, bytes: &[u8], max_values: usize, zone: &TimeZone) -> Result<Batch, String> {
        let (text, _) = decoded(bytes);
        json::bounded(text.as_bytes(), max_values).map_err(|error| error.to_string())?;
        // An answer with an error is no collection without features.
        let (features, _) = features::features(&text).map_err(|error| match &error {
            // Only this repeats what came.
            FeaturesError::NotJson(words) => redact(words),
            other => other.to_string(),
        })?;
        let mut batch = Batch { whole: true, ..Batch::default() };
        for feature in &features {
            let Some(feature) = feature.as_object() else {
                batch.came += 1;
                batch.refused.count("not a feature", format!("row {}", batch.came));
                continue;
            };
            let geometry = feature.get("geometry").filter(|geometry| !geometry.is_null());
            if geometry.is_some_and(|geometry| !features::is_geometry(geometry)) {
                batch.came += 1;
                batch.refused.count("its geometry is none of GeoJSON", format!("row {}", batch.came));
                continue;
            }
            let place = geometry.and_then(features::point);
            let polygons = geometry.map_or_else(Vec::new, rings);
            let none = Record::new();
            let properties = feature.get("properties").and_then(Value::as_object).unwrap_or(&none);
            let id = feature.get("id");
            let find = |name: &str| properties.get(name).or(id.filter(|_| name == "id")).cloned();
            if self.0.dataset.is_some() {
                let named = properties.get("municipality").is_some_and(|name| !name.is_null());
                let doubt = match geometry {
                    Some(_) if place.is_some() || !polygons.is_empty() => None,
                    Some(geometry) if is_line(geometry) => Some("it is a line: maps show points and areas"),
                    Some(_) => Some("its coordinates are not longitude and latitude in degrees"),
                    None => (!named).then_some("it has no geometry: maps do not show it"),
                };
                if let Some(doubt) = doubt {
                    batch.noted.count(doubt, format!("row {}", batch.came + 1));
                }
            }
            self.0.take(&mut batch, zone, RowGeometry { place, areas: polygons }, find, || properties.clone());
        }
        Ok(batch)
    }
}

/// The outer rings of the polygons in a geometry, as maps draw them.
fn rings(geometry: &Value) -> Vec<Value> {
    let outer = features::polygons(geometry).into_iter().filter_map(|polygon| polygon.get(0));
    let read = |ring: &Value| -> Option<Value> {
        let points: Option<Vec<_>> = ring.as_array()?.iter().map(features::position).collect();
        let points = points.filter(|points| points.len() >= 3)?;
        Some(points.into_iter().map(|(lon, lat)| Value::from(vec![lon, lat])).collect())
    };
    outer.filter_map(read).collect()
}

fn is_line(geometry: &Value) -> bool {
    geometry.get("type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("LineString"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_and_points_are_read_and_what_has_no_place_is_said() {
        let source: GeoJson = toml::from_str("dataset = \"t\"").unwrap();
        let square = "[[[40,55],[40.2,55],[40.2,55.1],[40,55]]]";
        let feature = |geometry: &str| {
            format!("{{\"type\":\"Feature\",\"geometry\":{geometry},\"properties\":{{\"name\":\"a\"}}}}")
        };
        let geometries = [
            format!("{{\"type\":\"Polygon\",\"coordinates\":{square}}}"),
            format!("{{\"type\":\"MultiPolygon\",\"coordinates\":[{square},{square}]}}"),
            "{\"type\":\"MultiPoint\",\"coordinates\":[[40,55]]}".to_owned(),
            "{\"type\":\"LineString\",\"coordinates\":[[40,55],[41,55]]}".to_owned(),
            "{\"type\":\"Point\",\"coordinates\":[]}".to_owned(),
            "null".to_owned(),
        ];
        let features: Vec<String> = geometries.iter().map(|geometry| feature(geometry)).collect();
        let text = format!("{{\"features\":[{}]}}", features.join(","));
        let batch = source.read(text.as_bytes(), 1000, &TimeZone::UTC).unwrap();
        let records = &batch.tables[0].1;
        let areas: Vec<usize> =
            records.iter().map(|r| r.get("polygons").map_or(0, |p| p.as_array().unwrap().len())).collect();
        assert_eq!(areas, [1, 2, 0, 0, 0, 0]);
        assert_eq!((records[2]["lon"].as_f64(), batch.noted.total(), batch.came), (Some(40.0), 3, 6));
        for wrong in ["{\"success\":false,\"error\":\"token expired\"}", "<html>", "{\"type\":\"Topology\"}"] {
            assert!(source.read(wrong.as_bytes(), 1000, &TimeZone::UTC).is_err(), "{wrong}");
        }
        let corners = format!("{{\"type\":\"Polygon\",\"coordinates\":[[{}[1,2]]]}}", "[1,2],".repeat(1000));
        let said = source.read(feature(&corners).as_bytes(), 1000, &TimeZone::UTC).unwrap_err();
        assert!(said.contains("more than 1000 values"), "{said}");
    }
}
