//! A tile as it is drawn: areas as triangles, lines, by what they show.

use std::collections::BTreeMap;

use fast_mvt::{MvtGeometry, MvtReaderRef, MvtResult, MvtValueRef};
use geo::Orient;
use geo::orient::Direction;
use lyon_tessellation::math::point;
use lyon_tessellation::path::Path;

use crate::map::triangles;

/// Units to the side of a tile.
pub const SIDE: f32 = 4096.0;

/// What an area shows, in the order of painting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AreaKind {
    /// Land, of whatever kind.
    Earth,
    /// Where many live and work.
    Built,
    /// Woods, parks, meadows.
    Green,
    /// Seas, lakes, wide rivers.
    Water,
    /// Houses.
    Building,
}

/// What a line shows, in the order of painting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineKind {
    /// Narrow rivers, streams, canals.
    Stream,
    /// Rivers.
    River,
    /// Railways.
    Rail,
    /// Streets.
    Minor,
    /// Roads between towns.
    Major,
    /// Motorways.
    Highway,
}

/// Triangles of one kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Area {
    /// Corners, in units of the tile.
    pub points: Vec<[f32; 2]>,
    /// Three corners a triangle.
    pub indices: Vec<u32>,
}

/// A decoded tile.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tile {
    /// Areas by kind.
    pub areas: BTreeMap<AreaKind, Area>,
    /// Lines by kind, in units of the tile.
    pub lines: BTreeMap<LineKind, Vec<Vec<[f32; 2]>>>,
}

impl Tile {
    /// Decodes a Mapbox Vector Tile.
    ///
    /// # Errors
    /// When it is none.
    pub fn decode(bytes: &impl AsRef<[u8]>) -> MvtResult<Self> {
        let reader = MvtReaderRef::new(bytes.as_ref())?;
        let mut tile = Self::default();
        let mut paths: BTreeMap<AreaKind, lyon_tessellation::path::path::Builder> = BTreeMap::new();
        for layer in reader.layers() {
            let scale = SIDE / layer.extent().max(1) as f32;
            let place = |c: &geo::Coord<i32>| [c.x as f32 * scale, c.y as f32 * scale];
            for feature in layer.features() {
                let mut kind = "";
                for property in feature.properties() {
                    if let ("kind", MvtValueRef::String(value)) = property? {
                        kind = value;
                    }
                }
                // One bad feature is left out, not its tile.
                let Ok(geometry) = feature.geometry() else { continue };
                if let Some(area) = area_kind(layer.name(), kind) {
                    let mut ring = |ring: &geo::LineString<i32>| {
                        let path = paths.entry(area).or_insert_with(Path::builder);
                        let mut corners = ring.0.iter().map(place).map(|[x, y]| point(x, y));
                        if let Some(first) = corners.next() {
                            path.begin(first);
                            corners.for_each(|corner| _ = path.line_to(corner));
                            path.end(true);
                        }
                    };
                    polygons(&geometry).for_each(|polygon| {
                        // Holes run the other way round: areas of a kind that overlap fill what they cover once.
                        let polygon = polygon.orient(Direction::Default);
                        ring(polygon.exterior());
                        polygon.interiors().iter().for_each(&mut ring);
                    });
                }
                if let Some(line) = line_kind(layer.name(), kind) {
                    let held = tile.lines.entry(line).or_default();
                    held.extend(strings(&geometry).map(|string| string.0.iter().map(place).collect()));
                }
            }
        }
        for (kind, path) in paths {
            let (points, indices) = triangles(&path.build());
            tile.areas.insert(kind, Area { points, indices });
        }
        tile.lines.retain(|_, lines: &mut Vec<Vec<[f32; 2]>>| !lines.is_empty());
        Ok(tile)
    }
}

fn polygons(geometry: &MvtGeometry) -> impl Iterator<Item = &geo::Polygon<i32>> {
    let (one, many) = match geometry {
        MvtGeometry::Polygon(polygon) => (Some(polygon), None),
        MvtGeometry::MultiPolygon(polygons) => (None, Some(&polygons.0)),
        _ => (None, None),
    };
    one.into_iter().chain(many.into_iter().flatten())
}

fn strings(geometry: &MvtGeometry) -> impl Iterator<Item = &geo::LineString<i32>> {
    let (one, many) = match geometry {
        MvtGeometry::LineString(string) => (Some(string), None),
        MvtGeometry::MultiLineString(strings) => (None, Some(&strings.0)),
        _ => (None, None),
    };
    one.into_iter().chain(many.into_iter().flatten())
}

/// What an area of a layer and kind of the Protomaps schema shows; none for what is not drawn.
fn area_kind(layer: &str, kind: &str) -> Option<AreaKind> {
    Some(match (layer, kind) {
        ("earth", _) => AreaKind::Earth,
        ("water", _) => AreaKind::Water,
        ("buildings", _) => AreaKind::Building,
        ("landcover" | "landuse", kind) => match kind {
            "urban_area" | "residential" | "industrial" | "commercial" | "railway" | "airfield" | "aerodrome" => {
                AreaKind::Built
            }
            "forest" | "wood" | "park" | "nature_reserve" | "national_park" | "protected_area" | "grass"
            | "grassland" | "meadow" | "scrub" | "cemetery" | "allotments" | "garden" | "golf_course"
            | "village_green" | "orchard" => AreaKind::Green,
            _ => return None,
        },
        _ => return None,
    })
}

fn line_kind(layer: &str, kind: &str) -> Option<LineKind> {
    Some(match (layer, kind) {
        ("water", "river") => LineKind::River,
        ("water", "stream" | "canal" | "ditch" | "drain") => LineKind::Stream,
        ("roads", "highway") => LineKind::Highway,
        ("roads", "major_road" | "medium_road") => LineKind::Major,
        ("roads", "minor_road") => LineKind::Minor,
        ("roads", "rail") => LineKind::Rail,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fast_mvt::{MvtGeomType, MvtTileBuilder};
    use geo::Coord;

    #[test]
    fn a_tile_is_told_apart_by_layers_and_kinds() {
        let square = |from: i32, to: i32| [(from, from), (to, from), (to, to), (from, to)].map(|(x, y)| Coord { x, y });
        let mut tile = MvtTileBuilder::new();
        let shapes =
            [("earth", "earth"), ("water", "lake"), ("landuse", "park"), ("landuse", "pedestrian"), ("pois", "bank")];
        for (layer, kind) in shapes {
            let mut layer = tile.layer(layer).unwrap();
            layer.extent(8192.try_into().unwrap());
            let mut feature = layer.feature_of(MvtGeomType::Polygon);
            feature.ring(square(0, 4096), true).unwrap();
            feature.ring(square(1024, 2048), false).unwrap();
            feature.tag("kind", kind).unwrap();
            tile = feature.end().end();
        }
        let mut feature = tile.layer("roads").unwrap().feature_of(MvtGeomType::LineString);
        feature.line([Coord { x: 0, y: 5 }, Coord { x: 4000, y: 5 }]).unwrap();
        feature.tag("kind", "highway").unwrap();
        let tile = Tile::decode(&feature.end().encode()).unwrap();
        assert_eq!(tile.areas.keys().copied().collect::<Vec<_>>(), [AreaKind::Earth, AreaKind::Green, AreaKind::Water]);
        // Half a tile wide, less a hole of an eighth: in units of 4096 to the side.
        let area = |area: &Area| -> f32 {
            let corner = |i: u32| area.points[i as usize];
            let twice = |t: &[u32]| {
                let (a, b, c) = (corner(t[0]), corner(t[1]), corner(t[2]));
                ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs()
            };
            area.indices.chunks(3).map(twice).sum::<f32>() / 2.0
        };
        assert!((area(&tile.areas[&AreaKind::Water]) - (2048.0 * 2048.0 - 512.0 * 512.0)).abs() < 1.0);
        assert_eq!(tile.lines[&LineKind::Highway], [vec![[0.0, 5.0], [4000.0, 5.0]]]);
    }

    #[test]
    fn what_is_no_tile_is_refused_and_random_bytes_never_panic() {
        let mut state = 1u64;
        for length in 0..400 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 33) as u8
                })
                .collect();
            let _ = Tile::decode(&bytes);
        }
        assert!(Tile::decode(b"<html>").is_err());
    }
}
