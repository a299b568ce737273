//! The region: its dictionaries and its boundaries.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use geo::{Area, BoundingRect, Contains, Coord, LineString, MultiPolygon, Point, Polygon};
use geojson::{Feature, FeatureCollection, Geometry, GeometryValue, GeometryValue as Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Appeal;
use super::translation::Translation;
use crate::geometry::{Frame, WorldRect};

/// An entry of a dictionary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Term {
    /// The stable code that files use.
    pub code: String,
    /// The name on screen.
    pub name: String,
    /// A shorter one, for where the name has no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// The icon beside it, by its Phosphor name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

/// What an appeal is about, within a sector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Topic {
    /// The stable code that files use.
    pub code: String,
    /// The name on screen.
    pub name: String,
    /// A shorter one, for where the name has no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// The name of its icon; its sector's where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Its sector, as a place in [`Dictionaries::sectors`].
    pub sector: u16,
    /// Hours in which an appeal of this topic is to be answered.
    pub due_hours: u32,
}

/// A municipality and how many live in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Municipality {
    /// The name on screen.
    pub name: String,
    /// Residents.
    pub population: u32,
}

/// The names behind the numbers in an appeal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Dictionaries {
    /// The region's name, such as «Заволоцкая область».
    pub region: String,
    /// What the centre calls itself, such as «ЦУР Заволоцкой области».
    pub centre: String,
    /// The IANA time zone of its days.
    pub time_zone: String,
    /// Whether the data is invented.
    #[serde(default)]
    pub demo: bool,
    /// Who drew the boundaries, as their licence asks to be said on every map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// The sectors.
    pub sectors: Vec<Term>,
    /// The topics of all sectors.
    pub topics: Vec<Topic>,
    /// The channels.
    pub channels: Vec<Term>,
    /// The executors.
    pub agencies: Vec<Term>,
    /// The municipalities, in the order of the boundaries.
    pub municipalities: Vec<Municipality>,
    /// What all this is called in other languages, by their two letters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<String, Translation>,
}

impl Dictionaries {
    /// The municipality of a name, by its place in the dictionary.
    pub fn municipality(&self, name: &str) -> Option<usize> {
        self.municipalities.iter().position(|municipality| municipality.name == name)
    }

    /// The sector of an appeal, by its topic; none for a topic that is not in the dictionary.
    pub fn sector_of(&self, appeal: &Appeal) -> Option<u16> {
        self.topics.get(usize::from(appeal.topic)).map(|topic| topic.sector)
    }
}

/// A line on the map: a river or a road.
#[derive(Debug, Clone, PartialEq)]
pub struct MapLine {
    /// The course, in degrees, longitude first.
    pub course: LineString<f64>,
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

/// Everything about a region that an appeal refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The names.
    pub dictionaries: Dictionaries,
    /// The map.
    pub boundaries: Boundaries,
}

/// The names of places in a region, which texts name and which are not people's.
pub fn place_names<'a>(dictionaries: &'a Dictionaries, boundaries: &'a Boundaries) -> impl Iterator<Item = &'a str> {
    let municipalities = dictionaries.municipalities.iter().map(|m| m.name.as_str());
    municipalities.chain(boundaries.towns.iter().map(|t| t.name.as_str()))
}

/// Why a file of boundaries cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BoundariesError {
    /// It is not GeoJSON.
    #[error("not GeoJSON: {0}")]
    NotGeoJson(#[from] Box<geojson::Error>),
    /// It has no polygon.
    #[error("no polygon in it: a region needs at least one municipality with a boundary")]
    NoPolygon,
    /// A coordinate is not one of the Earth.
    #[error("feature {feature}: the coordinate {lon}, {lat} is not longitude and latitude in degrees")]
    OffTheEarth {
        /// The feature's place in the file, from 1.
        feature: usize,
        /// What stands for the longitude.
        lon: f64,
        /// What stands for the latitude.
        lat: f64,
    },
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
        let collection: FeatureCollection = text.parse().map_err(Box::new)?;
        let mut boundaries = Self::default();
        let members = collection.foreign_members.as_ref().and_then(|members| members.get("obzor"));
        if let Some(members) = members.and_then(|m| PackMembers::deserialize(m).ok()) {
            boundaries.aliases = members.aliases;
            boundaries.scales = members.scales.into_iter().map(Scale::from).collect();
        }
        for (index, feature) in collection.features.into_iter().enumerate() {
            let text_of = |key: &str| feature.property(key).and_then(|v| v.as_str()).map(str::to_owned);
            let number_of = |key: &str| feature.property(key).and_then(|v| v.as_u64());
            let name = name_field
                .into_iter()
                .chain(["name", "district", "NAME", "name:ru"].into_iter().filter(|_| name_field.is_none()))
                .find_map(text_of)
                .or_else(|| {
                    let mut any = feature.properties_iter().filter(|_| name_field.is_none());
                    any.find_map(|(_, v)| v.as_str().map(str::to_owned))
                })
                .unwrap_or_else(|| format!("№ {}", index + 1));
            let layer = text_of("layer");
            let population = number_of("population").and_then(|n| u32::try_from(n).ok());
            let rank = number_of("rank").and_then(|n| u8::try_from(n).ok()).unwrap_or(2);
            let centre =
                feature.property("centre").and_then(|v| Some(Point::new(v.get(0)?.as_f64()?, v.get(1)?.as_f64()?)));
            let Some(geometry) = feature.geometry else { continue };
            let on_earth = |c: &Coord<f64>| c.x.abs() <= 360.0 && c.y.abs() <= 90.0;
            let land = match geometry.value {
                Value::Polygon { .. } => Polygon::try_from(&geometry.value).map(|p| MultiPolygon(vec![p])),
                Value::MultiPolygon { .. } => MultiPolygon::try_from(&geometry.value),
                Value::LineString { .. } => {
                    if let Ok(course) = LineString::try_from(&geometry.value) {
                        match layer.as_deref() {
                            Some("river") => boundaries.rivers.push(MapLine { course, rank }),
                            Some("road") => boundaries.roads.push(MapLine { course, rank }),
                            _ => {}
                        }
                    }
                    continue;
                }
                Value::Point { .. } => {
                    if let (Ok(at), Some("town")) = (Point::try_from(&geometry.value), layer.as_deref()) {
                        boundaries.towns.push(Town { name, population: population.unwrap_or(0), at });
                    }
                    continue;
                }
                _ => continue,
            }
            .map_err(Box::new)?;
            for polygon in &land.0 {
                if let Some(off) = polygon.exterior().0.iter().find(|c| !on_earth(c)) {
                    return Err(BoundariesError::OffTheEarth { feature: index + 1, lon: off.x, lat: off.y });
                }
            }
            boundaries.municipalities.push(Boundary { name: tidy_name(&name), land, centre, population });
        }
        if boundaries.municipalities.is_empty() {
            return Err(BoundariesError::NoPolygon);
        }
        // A pack that was edited by hand may not fit any more: the full land always does.
        let count = boundaries.municipalities.len();
        boundaries.scales.retain(|scale| scale.lands.len() == count);
        Ok(boundaries)
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
                feature(GeometryValue::from(&line.course), properties)
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

/// A name as people write it: without what every municipality of the region is called, and with capitals
/// where a machine has put small letters after a hyphen.
pub fn tidy_name(name: &str) -> String {
    const KINDS: [&str; 7] = ["муниципальный", "городской", "округ", "район", "город", "зато", "поселение"];
    let kept: Vec<&str> =
        name.split_whitespace().filter(|word| !KINDS.contains(&word.to_lowercase().as_str())).collect();
    let joined = if kept.is_empty() { name.trim().to_owned() } else { kept.join(" ") };
    let mut after_hyphen = false;
    let small_between = ["на", "во", "под", "при"];
    let mut parts = Vec::new();
    for part in joined.split('-') {
        let capital = after_hyphen && !small_between.contains(&part);
        after_hyphen = true;
        let mut letters = part.chars();
        parts.push(match letters.next() {
            Some(first) if capital => first.to_uppercase().chain(letters).collect::<String>(),
            _ => part.to_owned(),
        });
    }
    parts.join("-")
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
}
