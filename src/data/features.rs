//! The features of a GeoJSON file (RFC 7946), however they are wrapped: a collection, one feature, an array of them, a
//! bare geometry, one a line. What is something else is said in words that help.

use serde_json::{Map, Value, json};

/// Why a file has no features to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeaturesError {
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// It is not JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// It is a page, or XML.
    #[error("this is {0}, not GeoJSON")]
    Other(&'static str),
    /// Arcs in the place of geometries.
    #[error("this is TopoJSON: convert it, for example by `npx topo2geo OBJECT=out.geojson < in.topojson`")]
    TopoJson,
    /// Its coordinates are in another system.
    #[error(
        "its coordinates are in {0}, not in degrees of longitude and latitude (WGS 84): \
         convert it, for example by `ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson`"
    )]
    OtherSystem(String),
    /// JSON of another kind.
    #[error("no features in it: GeoJSON is a FeatureCollection, a Feature, or an array of them")]
    NoFeatures,
}

/// Every feature of a file, as objects with `properties` and `geometry`.
///
/// # Errors
/// When it is no GeoJSON of longitudes and latitudes.
pub fn features(text: &str) -> Result<(Vec<Value>, Map<String, Value>), FeaturesError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(FeaturesError::Empty);
    }
    if text.starts_with('<') {
        let page = crate::diagnostic::is_web_page(text.as_bytes());
        return Err(FeaturesError::Other(if page { "a web page" } else { "XML (KML or GML)" }));
    }
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => by_lines(text).ok_or_else(|| FeaturesError::NotJson(error.to_string()))?,
    };
    let (found, mut members) = match value {
        Value::Array(list) => (list, Map::new()),
        geometry if is_geometry(&geometry) => {
            (vec![json!({ "type": "Feature", "properties": {}, "geometry": geometry })], Map::new())
        }
        Value::Object(mut object) => match object.get("type").and_then(Value::as_str) {
            Some("Topology") => return Err(FeaturesError::TopoJson),
            Some("Feature") => (vec![Value::Object(object)], Map::new()),
            _ => match object.remove("features") {
                Some(Value::Array(list)) => (list, object),
                _ => return Err(FeaturesError::NoFeatures),
            },
        },
        _ => return Err(FeaturesError::NoFeatures),
    };
    if let Some(system) = members.remove("crs").as_ref().and_then(other_system) {
        return Err(FeaturesError::OtherSystem(system));
    }
    let is_feature = |value: &Value| value.get("geometry").is_some() || value.get("type") == Some(&json!("Feature"));
    if !found.is_empty() && !found.iter().any(is_feature) {
        return Err(FeaturesError::NoFeatures);
    }
    Ok((found, members))
}

/// Whether an object is of one of the kinds of geometries of RFC 7946.
pub fn is_geometry(value: &Value) -> bool {
    let simple = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"];
    let kind = value.get("type").and_then(Value::as_str);
    kind.is_some_and(|kind| simple.contains(&kind) || kind == "GeometryCollection")
}

/// One feature a line (RFC 8142, with or without its separators).
fn by_lines(text: &str) -> Option<Value> {
    let lines =
        text.lines().map(|line| line.trim_matches(['\u{1e}', ' ', '\t', '\r', ','])).filter(|line| !line.is_empty());
    let features: Vec<Value> = lines.map(|line| serde_json::from_str(line).ok()).collect::<Option<_>>()?;
    let all = features.len() > 1 && features.iter().all(|value| value.get("type") == Some(&json!("Feature")));
    all.then_some(Value::Array(features))
}

/// The name of a system of coordinates that is not longitude and latitude on WGS 84.
fn other_system(crs: &Value) -> Option<String> {
    let name = crs.pointer("/properties/name").or_else(|| crs.pointer("/properties/code"))?;
    let name = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
    let plain = name.to_uppercase();
    let known = ["CRS84", "EPSG:4326", "EPSG::4326", "WGS84", "WGS 84"];
    (!known.iter().any(|known| plain.contains(known)) && plain != "4326").then(|| name.chars().take(60).collect())
}

/// Every polygon in a geometry, as its rings; those of collections, too. Points and lines are none.
pub fn polygons(geometry: &Value) -> Vec<&Value> {
    match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => geometry.get("coordinates").into_iter().collect(),
        Some("MultiPolygon") => geometry.get("coordinates").and_then(Value::as_array).into_iter().flatten().collect(),
        Some("GeometryCollection") => {
            let parts = geometry.get("geometries").and_then(Value::as_array);
            parts.into_iter().flatten().flat_map(polygons).collect()
        }
        _ => Vec::new(),
    }
}

/// The first point of a geometry that is made of points: longitude and latitude in degrees.
pub fn point(geometry: &Value) -> Option<(f64, f64)> {
    match geometry.get("type").and_then(Value::as_str)? {
        "Point" => position(geometry.get("coordinates")?),
        "MultiPoint" => position(geometry.get("coordinates")?.get(0)?),
        "GeometryCollection" => geometry.get("geometries")?.as_array()?.iter().find_map(point),
        _ => None,
    }
}

/// Longitude and latitude in degrees; none where they are no numbers, or not of the Earth.
pub fn position(value: &Value) -> Option<(f64, f64)> {
    let (lon, lat) = (super::written_numbers::number(value.get(0)?)?, super::written_numbers::number(value.get(1)?)?);
    (lon.abs() <= 360.0 && lat.abs() <= 90.0).then_some((lon, lat))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEATURE: &str = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[40,55]}}"#;

    #[test]
    fn features_are_found_in_every_wrapping() {
        for text in [
            FEATURE.to_owned(),
            format!("[{FEATURE}]"),
            format!("{{\"type\":\"FeatureCollection\",\"features\":[{FEATURE}]}}"),
            format!(
                "\u{feff}{{\"features\":[{FEATURE}],\"crs\":{{\"properties\":{{\"name\":\"urn:ogc:def:crs:OGC:1.3:CRS84\"}}}}}}"
            ),
            r#"{"type":"Point","coordinates":[40,55]}"#.to_owned(),
        ] {
            let (found, _) = features(&text).unwrap();
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(point(&found[0]["geometry"]), Some((40.0, 55.0)), "{text}");
        }
        assert_eq!(features(&format!("{FEATURE}\n{FEATURE}\n")).unwrap().0.len(), 2);
        assert_eq!(features(&format!("\u{1e}{FEATURE}\n\u{1e}{FEATURE}\n")).unwrap().0.len(), 2);
        assert_eq!(features("{\"features\":[]}").unwrap().0.len(), 0);
    }

    #[test]
    fn what_is_something_else_is_said() {
        assert_eq!(features(" \n"), Err(FeaturesError::Empty));
        assert_eq!(features("<kml/>"), Err(FeaturesError::Other("XML (KML or GML)")));
        assert_eq!(features("{\"type\":\"Topology\"}"), Err(FeaturesError::TopoJson));
        assert_eq!(features("[1]"), Err(FeaturesError::NoFeatures));
        assert!(matches!(features("{\"features\":["), Err(FeaturesError::NotJson(_))));
        for name in ["EPSG:3857", "urn:ogc:def:crs:EPSG::28408"] {
            let text =
                format!("{{\"features\":[],\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"{name}\"}}}}}}");
            assert_eq!(features(&text), Err(FeaturesError::OtherSystem(name.to_owned())));
        }
    }

    #[test]
    fn polygons_are_found_in_collections() {
        let ring = json!([[[0, 0], [1, 0], [1, 1], [0, 0]]]);
        let geometry = json!({ "type": "GeometryCollection", "geometries": [
            { "type": "Polygon", "coordinates": ring }, { "type": "Point", "coordinates": [1, 2] },
            { "type": "MultiPolygon", "coordinates": [ring, ring] },
        ] });
        assert_eq!((polygons(&geometry).len(), point(&geometry)), (3, Some((1.0, 2.0))));
        assert_eq!(point(&json!({ "type": "Point", "coordinates": [] })), None);
        assert_eq!(point(&json!({ "type": "Point", "coordinates": [4452779, 7361866] })), None);
    }
}
