//! The ground of the map: longitudes and latitudes brought into a panel, land as triangles, borders as lines.

use std::sync::Arc;

use geo::{Coord, MultiPolygon, Point};
use lyon_tessellation::math::point;
use lyon_tessellation::path::Path;
use lyon_tessellation::{BuffersBuilder, FillOptions, FillRule, FillTessellator, FillVertex, VertexBuffers};

use crate::data::region::Boundaries;
use crate::geometry::{WallPoint, WallRect};
use crate::scene::{Colour, Mesh};

/// Web Mercator (EPSG:3857, spherical) fitted into a rectangle: conformal, so that towns keep their shapes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    scale: f64,
    left: f64,
    top: f64,
    /// Longitudes under this go on beyond 180°: only a region across the antimeridian has any.
    west: f64,
    middle_lat: f64,
}

impl Projection {
    /// The projection that shows all of `boundaries` as large as `area` allows, in its middle.
    pub fn fit(boundaries: &Boundaries, area: WallRect) -> Self {
        let (min, max) = boundaries.extent();
        // A region across the antimeridian, as Chukotka is, spans almost all longitudes when read plainly.
        let crosses = max.x - min.x > 180.0;
        let west = if crosses { 0.0 } else { f64::NEG_INFINITY };
        let (left, right) = if crosses {
            let lons = || {
                let rings = boundaries.municipalities.iter().flat_map(|m| m.land.iter());
                rings.flat_map(|p| p.exterior().coords()).map(|c| unwrapped(c.x, west))
            };
            (lons().fold(f64::MAX, f64::min), lons().fold(f64::MIN, f64::max))
        } else {
            (min.x, max.x)
        };
        let (x0, x1) = (left.to_radians(), right.to_radians());
        let (y0, y1) = (mercator(max.y), mercator(min.y));
        let across = f64::from(area.width()) / (x1 - x0).max(1e-9);
        let down = f64::from(area.height()) / (y1 - y0).max(1e-9);
        let scale = across.min(down);
        let middle = area.center();
        Self {
            scale,
            left: f64::from(middle.x) - scale * (x0 + x1) / 2.0,
            top: f64::from(middle.y) - scale * (y0 + y1) / 2.0,
            west,
            middle_lat: (min.y + max.y) / 2.0,
        }
    }

    /// Wall pixels to a kilometre in the middle of the map: a degree of latitude is 111.2 km there.
    pub fn px_per_km(&self) -> f32 {
        let span = self.place(0.0, self.middle_lat + 0.5).y - self.place(0.0, self.middle_lat - 0.5).y;
        span.abs() / 111.2
    }

    /// Where a longitude and latitude in degrees stands on the wall.
    pub fn place(&self, lon: f64, lat: f64) -> WallPoint {
        let x = self.left + self.scale * unwrapped(lon, self.west).to_radians();
        let y = self.top + self.scale * mercator(lat);
        WallPoint::new(x as f32, y as f32)
    }

    /// Where a point stands on the wall.
    pub fn point(&self, at: Point<f64>) -> WallPoint {
        self.place(at.x(), at.y())
    }
}

fn unwrapped(lon: f64, west: f64) -> f64 {
    if lon < west { lon + 360.0 } else { lon }
}

/// Radians southwards: screens count downwards.
fn mercator(lat: f64) -> f64 {
    let lat = lat.clamp(-85.0, 85.0).to_radians();
    -(std::f64::consts::FRAC_PI_4 + lat / 2.0).tan().ln()
}

/// A line on the wall, without points nearer than half a pixel to the one before.
pub fn course(coords: impl IntoIterator<Item = Coord<f64>>, projection: &Projection) -> Vec<WallPoint> {
    let mut points: Vec<WallPoint> = Vec::new();
    for coord in coords {
        let at = projection.place(coord.x, coord.y);
        if points.last().is_none_or(|last| (*last - at).square_length() > 0.25) {
            points.push(at);
        }
    }
    points
}

/// Land as triangles of one colour.
pub fn land(land: &MultiPolygon<f64>, projection: &Projection, colour: Colour) -> Arc<Mesh> {
    let mut builder = Path::builder();
    for polygon in land {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let points = course(ring.coords().copied(), projection);
            if points.len() < 3 {
                continue;
            }
            builder.begin(point(points[0].x, points[0].y));
            for at in &points[1..] {
                builder.line_to(point(at.x, at.y));
            }
            builder.end(true);
        }
    }
    let mut buffers: VertexBuffers<[f32; 2], u32> = VertexBuffers::new();
    let options = FillOptions::default().with_fill_rule(FillRule::EvenOdd);
    let mut output = BuffersBuilder::new(&mut buffers, |vertex: FillVertex<'_>| vertex.position().to_array());
    // A ring that cannot be filled is left to its outline: the map without one patch beats no map.
    if FillTessellator::new().tessellate_path(&builder.build(), &options, &mut output).is_err() {
        return Arc::new(Mesh::default());
    }
    let colours = vec![colour; buffers.vertices.len()];
    Arc::new(Mesh { points: buffers.vertices, colours, indices: buffers.indices })
}

/// Edges of all rings, told apart: those between two municipalities, and the outline of the region.
pub fn borders(boundaries: &Boundaries, projection: &Projection) -> (Vec<Vec<WallPoint>>, Vec<Vec<WallPoint>>) {
    use std::collections::HashMap;
    let key = |c: Coord<f64>| ((c.x * 1e6).round() as i64, (c.y * 1e6).round() as i64);
    let mut met: HashMap<_, u8> = HashMap::new();
    let metres = 1000.0 / f64::from(projection.px_per_km());
    let rings = || {
        boundaries
            .municipalities
            .iter()
            .enumerate()
            .flat_map(|(at, _)| boundaries.land(at, metres).iter())
            .flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()))
    };
    for line in rings().flat_map(geo::LineString::lines) {
        let (a, b) = (key(line.start), key(line.end));
        *met.entry((a.min(b), a.max(b))).or_insert(0) += 1;
    }
    type Runs = Vec<Vec<Coord<f64>>>;
    let (mut inner, mut outline): (Runs, Runs) = (Vec::new(), Vec::new());
    let mut drawn: std::collections::HashSet<_> = std::collections::HashSet::new();
    for ring in rings() {
        let mut last: Option<bool> = None;
        for line in ring.lines() {
            let (a, b) = (key(line.start), key(line.end));
            let edge = (a.min(b), a.max(b));
            let shared = met.get(&edge).copied().unwrap_or(1) > 1;
            if !drawn.insert(edge) {
                last = None;
                continue;
            }
            let runs = if shared { &mut inner } else { &mut outline };
            match runs.last_mut().filter(|_| last == Some(shared)) {
                Some(run) => run.push(line.end),
                None => runs.push(vec![line.start, line.end]),
            }
            last = Some(shared);
        }
    }
    let placed = |runs: Vec<Vec<Coord<f64>>>| {
        runs.into_iter().map(|run| course(run, projection)).filter(|run| run.len() > 1).collect()
    };
    (placed(inner), placed(outline))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rect;

    fn region() -> Boundaries {
        Boundaries::from_geojson(include_str!("../../assets/region.geojson")).unwrap()
    }

    #[test]
    fn the_region_fills_its_place_and_stays_inside() {
        let (boundaries, area) = (region(), rect(100.0, 50.0, 900.0, 500.0));
        let projection = Projection::fit(&boundaries, area);
        let around = WallRect::from_points(
            boundaries
                .municipalities
                .iter()
                .flat_map(|m| m.land.iter())
                .flat_map(|p| p.exterior().coords().copied())
                .map(|c| projection.place(c.x, c.y)),
        );
        assert!(area.inflate(0.1, 0.1).contains_box(&around));
        assert!((around.height() - 500.0).abs() < 0.5 || (around.width() - 900.0).abs() < 0.5);
    }

    #[test]
    fn triangles_cover_exactly_the_land() {
        use geo::Area;
        let boundaries = region();
        let projection = Projection::fit(&boundaries, rect(0.0, 0.0, 2000.0, 2000.0));
        for municipality in &boundaries.municipalities {
            let mesh = land(&municipality.land, &projection, Colour::rgb(0));
            let filled: f64 = mesh
                .indices
                .chunks(3)
                .map(|t| {
                    let [a, b, c] = [0, 1, 2].map(|i| mesh.points[t[i] as usize].map(f64::from));
                    ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs() / 2.0
                })
                .sum();
            let outline: Vec<Coord<f64>> = municipality.land.0[0]
                .exterior()
                .coords()
                .map(|c| {
                    let p = projection.place(c.x, c.y);
                    Coord { x: f64::from(p.x), y: f64::from(p.y) }
                })
                .collect();
            let exact = geo::Polygon::new(geo::LineString(outline), vec![]).unsigned_area();
            assert!((filled - exact).abs() / exact < 0.01, "{}: {filled} {exact}", municipality.name);
        }
    }

    #[test]
    fn a_region_across_the_antimeridian_stays_in_one_piece() {
        let square = |lon: f64| {
            format!(
                r#"{{"type":"Feature","properties":{{"name":"a"}},"geometry":{{"type":"Polygon","coordinates":[[[{lon},60],[{},60],[{},65],[{lon},65],[{lon},60]]]}}}}"#,
                lon + 5.0,
                lon + 5.0
            )
        };
        let text = format!(r#"{{"type":"FeatureCollection","features":[{},{}]}}"#, square(175.0), square(-180.0));
        let boundaries = Boundaries::from_geojson(&text).unwrap();
        let projection = Projection::fit(&boundaries, rect(0.0, 0.0, 1000.0, 1000.0));
        assert!((projection.place(180.0, 62.0) - projection.place(-180.0, 62.0)).length() < 1.0);
        assert!(projection.place(-176.0, 62.0).x > projection.place(176.0, 62.0).x);
    }
}
