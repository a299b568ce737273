//! A base map of the fictional region, as Protomaps would cut it: lakes, woods and streets that are not there.

use std::path::Path;

use fast_mvt::{MvtGeomType, MvtTileBuilder};
use geo::{Coord, LineString};
use obzor::data::region::Boundaries;
use obzor::geometry::{WallPoint, WorldPoint, WorldRect, WorldVector, rect};
use obzor::map::cut;
use pmtiles::{PmTilesWriter, TileCoord, TileType};

const SIDE: f32 = 4096.0;

struct Shape {
    layer: &'static str,
    kind: &'static str,
    closed: bool,
    points: Vec<WorldPoint>,
}

/// Writes the tiles of zooms 5 to 11 around the region.
pub fn write(path: &Path) {
    let boundaries = Boundaries::from_geojson(include_str!("../../assets/region.geojson")).unwrap();
    let shapes = shapes(&boundaries);
    let extent = boundaries.world_extent().inflate(0.001, 0.001);
    let metadata = r#"{"attribution": "<a href=\"x\">&copy; OpenStreetMap</a>"}"#;
    let writer = PmTilesWriter::new(TileType::Mvt).min_zoom(5).max_zoom(11).metadata(metadata);
    let mut writer = writer.create(std::fs::File::create(path).unwrap()).unwrap();
    for z in 5..=11u8 {
        let count = f64::from(1u32 << z);
        let cell = |at: WorldPoint| ((at.x * count) as u32, (at.y * count) as u32);
        let (low, high) = (cell(extent.min), cell(extent.max));
        for x in low.0..=high.0 {
            for y in low.1..=high.1 {
                let corner = WorldPoint::new(f64::from(x) / count, f64::from(y) / count);
                let tile = tile(&shapes, WorldRect::new(corner, corner + WorldVector::splat(1.0 / count)));
                writer.add_tile(TileCoord::new(z, x, y).unwrap(), &tile).unwrap();
            }
        }
    }
    writer.finalize().unwrap();
}

fn shapes(boundaries: &Boundaries) -> Vec<Shape> {
    let frame = boundaries.frame();
    let extent = boundaries.world_extent().inflate(0.001, 0.001);
    let line = |course: &LineString<f64>| course.coords().map(|c| frame.place(c.x, c.y)).collect::<Vec<_>>();
    let mut state = 7u64;
    let mut draw = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1u32 << 24)
    };
    let mut shapes = Vec::new();
    for (layer, kind, number, size) in [("landuse", "forest", 90, 0.0006), ("water", "lake", 30, 0.00015)] {
        for _ in 0..number {
            let at = extent.min + WorldVector::new(draw() * extent.width(), draw() * extent.height());
            let size = size * (0.3 + draw());
            let corners = (0..18).map(|i| {
                let angle = f64::from(i) / 18.0 * std::f64::consts::TAU;
                at + WorldVector::new(angle.cos(), angle.sin()) * size * (0.6 + 0.4 * draw())
            });
            shapes.push(Shape { layer, kind, closed: true, points: corners.collect() });
        }
    }
    for road in &boundaries.roads {
        let kind = if road.rank == 1 { "highway" } else { "major_road" };
        shapes.push(Shape { layer: "roads", kind, closed: false, points: line(&road.path) });
    }
    for river in &boundaries.rivers {
        shapes.push(Shape { layer: "water", kind: "river", closed: false, points: line(&river.path) });
    }
    // Streets of every town: a grid of 300 metres, and what is built around it.
    for town in &boundaries.towns {
        let at = frame.place(town.at.x(), town.at.y());
        let half = 6e-8 * f64::from(town.population).sqrt();
        let corner = |x: f64, y: f64| at + WorldVector::new(x, y) * half;
        let built = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(x, y)| corner(x, y)).to_vec();
        shapes.push(Shape { layer: "landuse", kind: "residential", closed: true, points: built });
        for step in -4..=4 {
            let step = f64::from(step) / 4.0;
            for ends in [[corner(step, -1.0), corner(step, 1.0)], [corner(-1.0, step), corner(1.0, step)]] {
                shapes.push(Shape { layer: "roads", kind: "minor_road", closed: false, points: ends.to_vec() });
            }
        }
    }
    shapes
}

fn tile(shapes: &[Shape], bounds: WorldRect) -> Vec<u8> {
    let limits = rect(0.0, 0.0, SIDE, SIDE).inflate(64.0, 64.0);
    let whole = [(-64, -64), (4160, -64), (4160, 4160), (-64, 4160)].map(|(x, y)| Coord { x, y });
    let mut feature = MvtTileBuilder::new().layer("earth").unwrap().feature_of(MvtGeomType::Polygon);
    feature.ring(whole, true).unwrap();
    let mut tile = feature.end().end();
    for layer in ["landuse", "water", "roads"] {
        let mut building = tile.layer(layer).unwrap();
        for shape in shapes.iter().filter(|shape| shape.layer == layer) {
            if !WorldRect::from_points(&shape.points).inflate(1e-9, 1e-9).intersects(&bounds) {
                continue;
            }
            let place = |at: &WorldPoint| {
                let at = (*at - bounds.min) / bounds.width() * f64::from(SIDE);
                WallPoint::new(at.x as f32, at.y as f32)
            };
            let points: Vec<WallPoint> = shape.points.iter().map(place).collect();
            let whole = |at: &WallPoint| Coord { x: at.x.round() as i32, y: at.y.round() as i32 };
            let parts: Vec<Vec<Coord<i32>>> = if shape.closed {
                vec![cut(&points, limits).iter().map(whole).collect()]
            } else {
                // A segment that is seen goes into the tile whole.
                points
                    .windows(2)
                    .filter(|pair| limits.intersects(&obzor::geometry::WallRect::from_points(*pair).inflate(1.0, 1.0)))
                    .map(|pair| pair.iter().map(whole).collect())
                    .collect()
            };
            for part in parts.into_iter().filter(|part| part.len() > if shape.closed { 2 } else { 1 }) {
                let mut feature =
                    building.feature_of(if shape.closed { MvtGeomType::Polygon } else { MvtGeomType::LineString });
                let written = if shape.closed { feature.ring(part, true).is_ok() } else { feature.line(part).is_ok() };
                assert!(written);
                feature.tag("kind", shape.kind).unwrap();
                building = feature.end();
            }
        }
        tile = building.end();
    }
    tile.encode()
}
