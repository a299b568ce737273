//! Land from the coordinates of GeoJSON: rings that are closed, and whole across the antimeridian.

use std::collections::HashMap;

use geo::{Coord, CoordsIter, LineString, MapCoords, MultiPolygon, Polygon};

use super::features;

/// Why a file of boundaries cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BoundariesError {
    /// It is not GeoJSON of longitudes and latitudes.
    #[error(transparent)]
    NotGeoJson(#[from] features::FeaturesError),
    /// It has no polygon.
    #[error("no polygon in it: a region needs at least one municipality with a boundary")]
    NoPolygon,
    /// A coordinate is not one of the Earth.
    #[error(
        "feature {feature}: the coordinate {lon}, {lat} is not longitude and latitude in degrees: convert the file, for \
         example by `ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson`"
    )]
    OffTheEarth {
        /// The feature's place in the file, from 1.
        feature: usize,
        /// What stands for the longitude.
        lon: f64,
        /// What stands for the latitude.
        lat: f64,
    },
}

/// The points of a ring or a line; what is no longitude and latitude is left out.
pub fn course_of(coordinates: &serde_json::Value) -> LineString<f64> {
    let points = coordinates.as_array().into_iter().flatten().filter_map(features::position);
    LineString(points.map(|(x, y)| Coord { x, y }).collect())
}

/// The land of polygons, and what was wrong with them.
pub fn land_of(
    polygons: &[&serde_json::Value],
    feature: usize,
) -> Result<(MultiPolygon<f64>, Vec<&'static str>), BoundariesError> {
    let (mut land, mut faults) = (Vec::new(), Vec::new());
    for polygon in polygons {
        let mut rings = Vec::new();
        for (at, ring) in polygon.as_array().into_iter().flatten().enumerate() {
            let points = ring.as_array().map_or(0, Vec::len);
            let off = |point: &&serde_json::Value| features::position(point).is_none();
            if let Some(point) = ring.as_array().and_then(|ring| ring.iter().find(off)) {
                let part = |at: usize| point.get(at).and_then(super::written_numbers::number);
                if let (Some(lon), Some(lat)) = (part(0), part(1)) {
                    return Err(BoundariesError::OffTheEarth { feature, lon, lat });
                }
                faults.push("has points that are no coordinates: they are left out");
            }
            let mut ring = course_of(ring);
            ring.close();
            let distinct: std::collections::BTreeSet<(u64, u64)> =
                ring.0.iter().map(|c| (c.x.to_bits(), c.y.to_bits())).collect();
            if distinct.len() < 3 {
                if points > 0 {
                    faults.push("has a ring of fewer than three points: it is left out");
                }
                // Without its outer ring nothing is left of a polygon.
                if at == 0 {
                    break;
                }
                continue;
            }
            rings.push(ring);
        }
        if !rings.is_empty() {
            let exterior = rings.remove(0);
            land.push(Polygon::new(exterior, rings));
        }
    }
    faults.dedup();
    Ok((MultiPolygon(land), faults))
}

/// The halves of a land that was cut at 180° as one. Points stay where they were, so that neighbours share them.
pub fn joined_at_180(land: MultiPolygon<f64>) -> MultiPolygon<f64> {
    let touches =
        |polygon: &Polygon<f64>| polygon.exterior().0.iter().filter(|c| (c.x - 180.0).abs() < 1e-9).count() > 1;
    let (cut, mut whole): (Vec<Polygon<f64>>, Vec<Polygon<f64>>) = land.0.into_iter().partition(touches);
    if cut.len() < 2 {
        whole.extend(cut);
        return MultiPolygon(whole);
    }
    let key = |c: &Coord<f64>| ((c.x * 1e6).round() as i64, (c.y * 1e6).round() as i64);
    let known: HashMap<(i64, i64), Coord<f64>> =
        cut.iter().flat_map(|polygon| polygon.coords_iter()).map(|c| (key(&c), c)).collect();
    let joined = geo::unary_union(&cut).map_coords(|c| known.get(&key(&c)).copied().unwrap_or(c));
    whole.extend(joined.0);
    MultiPolygon(whole)
}
