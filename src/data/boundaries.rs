//! The land of a region: reading GeoJSON, writing packs, land with fewer points from afar.

use std::collections::HashMap;
use std::sync::OnceLock;

use geo::{Area, BoundingRect, Contains, Coord, LineString, MapCoords, MultiPolygon, Point, Polygon};
use geojson::{Feature, FeatureCollection, Geometry, GeometryValue};
use serde::{Deserialize, Serialize};

use super::features;
pub use super::land::BoundariesError;
use super::land::{course_of, joined_at_180, land_of};
use super::municipal_name::MunicipalName;
use crate::geometry::{Frame, WorldRect};

/// A line on the map: a river or a road.
#[derive(Debug, Clone, PartialEq)]
pub struct MapLine {
    /// The course, in degrees, longitude first.
    pub path: LineString<f64>,
    /// 1 is the most important.
    pub rank: u8,
}

/// A place with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    /// Its name.
    pub name: String,
    /// Residents.
    pub population: u32,
    /// Where it stands, in degrees, longitude first.
    pub at: Point<f64>,
}

/// The land of one municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct Boundary {
    /// Its name, as the boundaries' file has it.
    pub name: String,
    /// Its land, in degrees, longitude first.
    pub land: MultiPolygon<f64>,
    /// Its main town, where the file says so.
    pub centre: Option<Point<f64>>,
    /// Residents, where the file says so.
    pub population: Option<u32>,
}

/// The boundaries of a region and what else its map shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Boundaries {
    /// The municipalities.
    pub municipalities: Vec<Boundary>,
    /// The rivers.
    pub rivers: Vec<MapLine>,
    /// The roads.
    pub roads: Vec<MapLine>,
    /// The towns.
    pub towns: Vec<Town>,
    /// The same land with fewer points, the finest first.
    pub scales: Vec<Scale>,
    /// Other names of the municipalities.
    pub aliases: HashMap<String, String>,
    /// What of the file could not be taken, in words: features without land, broken rings.
    pub left_out: Vec<String>,
    /// What was worked out of them.
    pub remembered: Remembered,
}

/// The part of the Earth that all land lies in, once it was asked for. It says nothing that the land does not, and is
/// equal to any other.
#[derive(Debug, Clone, Default)]
pub struct Remembered(OnceLock<WorldRect>);

impl PartialEq for Remembered {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The land of all municipalities, simplified together.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// No border is farther from where it was, in metres.
    pub tolerance_m: f64,
    /// In the order of the municipalities.
    pub lands: Vec<MultiPolygon<f64>>,
}

/// What a pack adds to GeoJSON, under the name `obzor`.
#[derive(Default, Serialize, Deserialize)]
struct PackMembers {
    #[serde(default)]
    scales: Vec<PackScale>,
    #[serde(default)]
    aliases: HashMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct PackScale {
    tolerance_m: f64,
    /// Lands, polygons, rings, points.
    lands: Vec<Vec<Vec<Vec<[f64; 2]>>>>,
}

impl Boundaries {
    /// Reads GeoJSON (RFC 7946). Polygons are municipalities; lines whose `layer` is `river` or `road` and
    /// points whose `layer` is `town` are drawn with them. A municipality's name is the property `name`,
    /// `district`, `NAME` or the first text there is.
    pub fn from_geojson(text: &str) -> Result<Self, BoundariesError> {
        Self::named_by(text, None)
    }

    /// The same, with the names of municipalities in a property of the file's own.
    pub fn named_by(text: &str, name_field: Option<&str>) -> Result<Self, BoundariesError> {
        let (features, members) = features::features(text)?;
        let mut boundaries = Self::default();
        if let Some(members) = members.get("obzor").and_then(|m| PackMembers::deserialize(m).ok()) {
            boundaries.aliases = members.aliases;
            boundaries.scales = members.scales.into_iter().map(Scale::from).collect();
        }
        let mut names = Vec::new();
        for (index, feature) in features.iter().enumerate() {
            let number = index + 1;
            let properties = feature.get("properties").and_then(serde_json::Value::as_object);
            let property = |key: &str| properties.and_then(|properties| properties.get(key));
            let text_of = |key: &str| property(key).and_then(|v| v.as_str()).map(str::to_owned);
            let number_of = |key: &str| property(key).and_then(|v| v.as_u64());
            let usual = ["name", "district", "NAME", "name:ru"].into_iter().filter(|_| name_field.is_none());
            let named = name_field.into_iter().chain(usual).find_map(text_of).or_else(|| {
                let mut any = properties.into_iter().flatten().filter(|_| name_field.is_none());
                any.find_map(|(_, v)| v.as_str().map(str::to_owned))
            });
            let name = named.unwrap_or_else(|| format!("№ {number}"));
            let layer = text_of("layer");
            let population = number_of("population").and_then(|n| u32::try_from(n).ok());
            let rank = number_of("rank").and_then(|n| u8::try_from(n).ok()).unwrap_or(2);
            let centre = property("centre").and_then(|v| Some(Point::new(v.get(0)?.as_f64()?, v.get(1)?.as_f64()?)));
            let mut leave_out = |why: &str| boundaries.left_out.push(format!("feature {number}, {name}, {why}"));
            let Some(geometry) = feature.get("geometry").filter(|geometry| !geometry.is_null()) else {
                leave_out("has no geometry: it is left out");
                continue;
            };
            match (geometry.get("type").and_then(|kind| kind.as_str()), layer.as_deref()) {
                (Some("LineString"), layer) => {
                    let path = geometry.get("coordinates").map(course_of).filter(|path| path.0.len() > 1);
                    match (layer, path) {
                        (Some("river"), Some(path)) => boundaries.rivers.push(MapLine { path, rank }),
                        (Some("road"), Some(path)) => boundaries.roads.push(MapLine { path, rank }),
                        _ => leave_out("is a line without the `layer` of rivers or roads: it is left out"),
                    }
                    continue;
                }
                (Some("Point" | "MultiPoint"), layer) => {
                    match (layer, features::point(geometry)) {
                        (Some("town"), Some((lon, lat))) => {
                            let at = Point::new(lon, lat);
                            boundaries.towns.push(Town { name, population: population.unwrap_or(0), at });
                        }
                        _ => leave_out("is a point without the `layer` of towns: it is left out"),
                    }
                    continue;
                }
                _ => {}
            }
            let polygons = features::polygons(geometry);
            if polygons.is_empty() {
                leave_out("has no polygon: it is left out");
                continue;
            }
            let (land, faults) = land_of(&polygons, number)?;
            faults.iter().for_each(|fault| leave_out(fault));
            if land.0.is_empty() {
                leave_out("has no land: it is left out");
                continue;
            }
            names.push(MunicipalName::of(&name));
            boundaries.municipalities.push(Boundary { name, land, centre, population });
        }
        if boundaries.municipalities.is_empty() {
            return Err(BoundariesError::NoPolygon);
        }
        // The kind is said where the names without it would be one: a town and the district around it.
        let count =
            |name: &MunicipalName| names.iter().filter(|other| other.folded_core() == name.folded_core()).count();
        for (boundary, name) in boundaries.municipalities.iter_mut().zip(&names) {
            boundary.name = if count(name) > 1 { name.whole() } else { name.core.clone() };
        }
        // A pack that was edited by hand may not fit any more: the full land always does.
        let count = boundaries.municipalities.len();
        boundaries.scales.retain(|scale| scale.lands.len() == count);
        boundaries.close_antimeridian();
        Ok(boundaries)
    }

    /// Where land lies on both sides of the antimeridian, longitudes go on beyond 180°, and the halves of a
    /// municipality that was cut there are one again: its cut is no border.
    fn close_antimeridian(&mut self) {
        let (min, max) = self.extent();
        if max.x - min.x <= 180.0 && max.x <= 180.0 && min.x >= -180.0 {
            return;
        }
        let turned = |lon: f64| if lon < 0.0 { lon + 360.0 } else { lon };
        let turn = |c: Coord<f64>| Coord { x: turned(c.x), y: c.y };
        for municipality in &mut self.municipalities {
            municipality.land = joined_at_180(municipality.land.map_coords(turn));
            municipality.centre = municipality.centre.map(|at| at.map_coords(turn));
        }
        self.scales.iter_mut().flat_map(|scale| &mut scale.lands).for_each(|land| *land = land.map_coords(turn));
        self.rivers.iter_mut().chain(&mut self.roads).for_each(|line| line.path = line.path.map_coords(turn));
        self.towns.iter_mut().for_each(|town| town.at = town.at.map_coords(turn));
    }

    /// The same as GeoJSON: reading it again gives these boundaries. Empty where there are none.
    pub fn to_geojson(&self) -> String {
        if self.municipalities.is_empty() {
            return String::new();
        }
        let feature = |geometry: GeometryValue, properties: serde_json::Value| Feature {
            geometry: Some(Geometry::new(geometry)),
            properties: properties.as_object().cloned(),
            ..Feature::default()
        };
        let land = self.municipalities.iter().map(|m| {
            let centre = m.centre.map(|at| [at.x(), at.y()]);
            let properties = serde_json::json!({ "name": m.name, "centre": centre, "population": m.population });
            feature(GeometryValue::from(&m.land), properties)
        });
        let lines = |lines: &[MapLine], layer: &'static str| -> Vec<Feature> {
            let of = |line: &MapLine| {
                let properties = serde_json::json!({ "layer": layer, "rank": line.rank });
                feature(GeometryValue::from(&line.path), properties)
            };
            lines.iter().map(of).collect()
        };
        let towns = self.towns.iter().map(|town| {
            let properties = serde_json::json!({ "layer": "town", "name": town.name, "population": town.population });
            feature(GeometryValue::from(&town.at), properties)
        });
        let features = land.chain(lines(&self.rivers, "river")).chain(lines(&self.roads, "road")).chain(towns);
        let mut collection = FeatureCollection::new(features);
        if !(self.scales.is_empty() && self.aliases.is_empty()) {
            let scales = self.scales.iter().map(PackScale::from).collect();
            let members = PackMembers { scales, aliases: self.aliases.clone() };
            let value = serde_json::to_value(members).unwrap_or_default();
            collection.foreign_members = Some([("obzor".to_owned(), value)].into_iter().collect());
        }
        collection.to_string()
    }

    /// The land of a municipality with as many points as can be seen where a pixel is `metres` wide.
    pub fn land(&self, municipality: usize, metres: f64) -> &MultiPolygon<f64> {
        let coarsest = self.detail(metres).checked_sub(1).map(|scale| &self.scales[scale]);
        let simpler = coarsest.and_then(|scale| scale.lands.get(municipality));
        simpler.unwrap_or(&self.municipalities[municipality].land)
    }

    /// Which land that is: 0 for the full one, else the scale of this number, from 1.
    pub fn detail(&self, metres: f64) -> usize {
        self.scales.iter().rposition(|scale| scale.tolerance_m <= metres / 2.0).map_or(0, |at| at + 1)
    }

    /// The smallest box of longitudes and latitudes around all municipalities: `(min, max)`.
    pub fn extent(&self) -> (Coord<f64>, Coord<f64>) {
        let mut boxes = self.municipalities.iter().filter_map(|m| m.land.bounding_rect());
        let Some(first) = boxes.next() else { return (Coord::zero(), Coord { x: 1.0, y: 1.0 }) };
        boxes.fold((first.min(), first.max()), |(min, max), b| {
            (
                Coord { x: min.x.min(b.min().x), y: min.y.min(b.min().y) },
                Coord { x: max.x.max(b.max().x), y: max.y.max(b.max().y) },
            )
        })
    }

    /// The frame in which all land is in one piece.
    pub fn frame(&self) -> Frame {
        let (min, max) = self.extent();
        Frame::around(min.x, max.x)
    }

    /// The part of the Earth that all land lies in.
    pub fn world_extent(&self) -> WorldRect {
        *self.remembered.0.get_or_init(|| {
            let frame = self.frame();
            let polygons = self.municipalities.iter().flat_map(|m| m.land.iter());
            let corners = polygons.flat_map(|polygon| polygon.exterior().coords());
            WorldRect::from_points(corners.map(|c| frame.place(c.x, c.y)))
        })
    }

    /// The municipality whose land holds a point of longitude and latitude.
    pub fn municipality_at(&self, at: Point<f64>) -> Option<usize> {
        self.municipalities.iter().position(|m| m.land.contains(&at))
    }
}

impl From<PackScale> for Scale {
    fn from(pack: PackScale) -> Self {
        let ring = |ring: Vec<[f64; 2]>| LineString(ring.into_iter().map(|[x, y]| Coord { x, y }).collect());
        let polygon = |rings: Vec<Vec<[f64; 2]>>| {
            let mut rings = rings.into_iter().map(ring);
            Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
        };
        let lands = pack.lands.into_iter().map(|land| land.into_iter().map(polygon).collect()).collect();
        Self { tolerance_m: pack.tolerance_m, lands }
    }
}

impl From<&Scale> for PackScale {
    fn from(scale: &Scale) -> Self {
        let ring = |ring: &LineString<f64>| ring.0.iter().map(|c| [c.x, c.y]).collect();
        let polygon = |p: &Polygon<f64>| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect();
        let lands = scale.lands.iter().map(|land| land.iter().map(polygon).collect()).collect();
        Self { tolerance_m: scale.tolerance_m, lands }
    }
}

impl Boundary {
    /// A point well inside the largest part of the land, where a label may stand.
    pub fn label_point(&self) -> Point<f64> {
        let largest = self.land.0.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()));
        largest.and_then(|polygon| polylabel::polylabel(polygon, &0.01).ok()).unwrap_or_default()
    }
}

/// A name as people write it, without its kind and with capitals where a machine has put small letters.
pub fn tidy_name(name: &str) -> String {
    MunicipalName::of(name).core
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_machines_are_tidied() {
        assert_eq!(tidy_name("Сергиево-посадский Городской Округ"), "Сергиево-Посадский");
        assert_eq!(tidy_name("городской округ Ёлкино"), "Ёлкино");
        assert_eq!(tidy_name("Каменка-на-Велеге"), "Каменка-на-Велеге");
        assert_eq!(tidy_name("Округ"), "Округ");
    }

    #[test]
    fn the_fictional_region_is_whole() {
        let boundaries = Boundaries::from_geojson(include_str!("../../assets/region.geojson")).unwrap();
        assert_eq!(boundaries.municipalities.len(), 30);
        for (index, municipality) in boundaries.municipalities.iter().enumerate() {
            let centre = municipality.centre.unwrap();
            assert_eq!(boundaries.municipality_at(centre), Some(index), "{}", municipality.name);
            assert_eq!(boundaries.municipality_at(municipality.label_point()), Some(index));
        }
    }

    #[test]
    fn every_inner_border_is_shared_by_two_neighbours() {
        let boundaries = Boundaries::from_geojson(include_str!("../../assets/region.geojson")).unwrap();
        let mut edges = std::collections::HashMap::new();
        let key = |c: Coord<f64>| ((c.x * 1e5).round() as i64, (c.y * 1e5).round() as i64);
        for municipality in &boundaries.municipalities {
            for ring in municipality.land.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
                for line in ring.lines() {
                    let (a, b) = (key(line.start), key(line.end));
                    *edges.entry((a.min(b), a.max(b))).or_insert(0) += 1;
                }
            }
        }
        assert!(edges.values().all(|n| *n <= 2));
        // The outline is the edges met once; they close, so every point has an even number of them.
        let mut ends = std::collections::HashMap::new();
        for ((a, b), _) in edges.iter().filter(|(_, n)| **n == 1) {
            *ends.entry(*a).or_insert(0) += 1;
            *ends.entry(*b).or_insert(0) += 1;
        }
        assert!(ends.values().all(|n| n % 2 == 0));
    }

    #[test]
    fn faults_of_a_file_are_told_apart() {
        assert!(matches!(Boundaries::from_geojson("{"), Err(BoundariesError::NotGeoJson(_))));
        let empty = r#"{"type":"FeatureCollection","features":[]}"#;
        assert!(matches!(Boundaries::from_geojson(empty), Err(BoundariesError::NoPolygon)));
        let off = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":
            {"type":"Polygon","coordinates":[[[5e6,6e6],[5e6,7e6],[6e6,7e6],[5e6,6e6]]]}}]}"#;
        assert!(matches!(Boundaries::from_geojson(off), Err(BoundariesError::OffTheEarth { feature: 1, .. })));
    }

    #[test]
    fn the_antimeridian_is_no_border() {
        let half = |west: i32, east: i32| {
            format!("[[[{west},60],[{east},60],[{east},62],[{east},65],[{west},65],[{west},60]]]")
        };
        let text = format!(
            "{{\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"name\":\"Чукотка\"}},\"geometry\":\
             {{\"type\":\"MultiPolygon\",\"coordinates\":[{},{}]}}}}]}}",
            half(170, 180),
            half(-180, -170)
        );
        let boundaries = Boundaries::from_geojson(&text).unwrap();
        let land = &boundaries.municipalities[0].land;
        assert_eq!(land.0.len(), 1);
        let on_cut = land.0[0].exterior().lines().filter(|line| line.start.x == 180.0 && line.end.x == 180.0).count();
        assert_eq!(on_cut, 0);
        // Appeals on either side are inside, by whatever longitude they are told.
        let locator = crate::data::Locator::new(&boundaries);
        for lon in [175.0, -175.0, 185.0] {
            assert_eq!(locator.municipality_at(Point::new(lon, 61.0)), Some(0), "{lon}");
        }
        assert_eq!(locator.municipality_at(Point::new(165.0, 61.0)), None);
        let (frame, extent) = (boundaries.frame(), boundaries.world_extent());
        assert!(extent.contains(frame.place(-175.0, 61.0)) && extent.contains(frame.place(175.0, 61.0)));
        assert!(extent.width() < 0.06);
        // A pack is read as it was written.
        assert_eq!(Boundaries::from_geojson(&boundaries.to_geojson()).unwrap(), boundaries);
    }

    #[test]
    fn names_that_collide_keep_their_kind_and_what_is_left_out_is_named() {
        let square = "{\"type\":\"Polygon\",\"coordinates\":[[[40,55],[41,55],[41,56],[40,55]]]}";
        let feature = |name: &str, geometry: &str| {
            format!("{{\"type\":\"Feature\",\"properties\":{{\"name\":\"{name}\"}},\"geometry\":{geometry}}}")
        };
        let features = [
            feature("Беловский городской округ", square),
            feature("Беловский муниципальный район", square),
            feature("город Юрга", square),
            feature("Пустой", "{\"type\":\"Polygon\",\"coordinates\":[]}"),
            feature("Ничей", "null"),
            feature("Точка", "{\"type\":\"Point\",\"coordinates\":[40,55]}"),
            feature("Две точки", "{\"type\":\"Polygon\",\"coordinates\":[[[40,55],[41,55],[40,55]]]}"),
        ];
        let boundaries = Boundaries::from_geojson(&format!("{{\"features\":[{}]}}", features.join(","))).unwrap();
        let names: Vec<&str> = boundaries.municipalities.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, ["Беловский городской округ", "Беловский район", "Юрга"]);
        for name in ["Пустой", "Ничей", "Точка", "Две точки"] {
            assert!(boundaries.left_out.iter().any(|words| words.contains(name)), "{name}: {:?}", boundaries.left_out);
        }
    }
}
