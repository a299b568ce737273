//! The ground of the map: land as triangles, rivers, roads and borders as lines.

use std::sync::Arc;

use lyon_tessellation::math::point;
use lyon_tessellation::path::Path;

use super::super::kit::key_of;
use super::base_layer::Base;
use super::canvas::MapCanvas;
use super::context::MapContext;
use crate::basemap::Basemap;
use crate::data::region::MapLine;
use crate::geometry::{WallPoint, WallRect, WallVector, WorldPoint, WorldRect};
use crate::map::{self};
use crate::scene::{Brush, Colour, Mesh};

/// Land, rivers and roads: a picture of them is kept while the map rests, and they are drawn from their triangles
/// while it moves.
pub fn land(context: &MapContext<'_>, brush: &mut Brush<'_>, fills: &[Colour], basemap: Option<&Arc<Basemap>>) {
    if let Some(basemap) = basemap.filter(|_| context.pose.moving) {
        let finer = context.window().next(context.lens(), context.clip, context.home.scale);
        brush.cached(key_of(("expected", context.window_key(&finer))), || {
            basemap.expect(basemap.tiles(finer.bounds(), finer.scale));
        });
    }
    let own = key_of(("land", fills, basemap.map(|basemap| Arc::as_ptr(basemap) as usize)));
    layer(context, brush, own, |brush, canvas| {
        let base = basemap.map(|basemap| Base::new(basemap, canvas, canvas.scale, !fills.is_empty()));
        if let Some(base) = &base {
            base.under(brush, canvas);
        }
        for (number, rings) in canvas.land_mesh.lands.iter().enumerate() {
            let colour = fills.get(number).copied().unwrap_or(brush.theme.palette.land);
            if context.places().municipalities[number].bounds.intersects(&canvas.seen) {
                brush.mesh(filled(rings, canvas, colour));
            }
        }
        if let Some(base) = &base {
            base.over(context, brush, canvas);
            veil(brush, canvas);
            return;
        }
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let nearer = context.zoom() > 2.0;
        let lines = |lines: &[MapLine], most: u8| -> Vec<(Vec<WorldPoint>, u8)> {
            let frame = context.places().frame;
            let shown = lines.iter().filter(|line| line.rank <= most);
            shown.map(|line| (line.path.coords().map(|c| frame.place(c.x, c.y)).collect(), line.rank)).collect()
        };
        for (path, _) in lines(&context.region.boundaries.roads, if nearer { 3 } else { 1 }) {
            stroke(brush, canvas, &path, 0.05 * u, palette.raised.mix(palette.axis, 0.45));
        }
        for (path, rank) in lines(&context.region.boundaries.rivers, u8::MAX) {
            stroke(brush, canvas, &path, if rank == 1 { 0.13 * u } else { 0.08 * u }, palette.river);
        }
    });
}

/// Darkens what is not the region.
fn veil(brush: &mut Brush<'_>, canvas: &MapCanvas<'_>) {
    let WorldRect { min, max } = canvas.seen.inflate(canvas.seen.width(), canvas.seen.height());
    // Against the way round of outer rings: what lies in a municipality is not in it.
    let around = vec![min, WorldPoint::new(max.x, min.y), max, WorldPoint::new(min.x, max.y), min];
    let outer = |ring: &Vec<WorldPoint>| WorldRect::from_points(ring).intersects(&canvas.seen);
    let lands = canvas.land_mesh.lands.iter().flatten().filter(|ring| outer(ring)).cloned();
    let rings: Vec<Vec<WorldPoint>> = std::iter::once(around).chain(lands).collect();
    let colour = brush.theme.palette.ground.alpha(0.55);
    brush.mesh(filled(&rings, canvas, colour));
}

/// The lines between municipalities and around the region, and around the one that the map is about, over the heat.
pub fn borders(context: &MapContext<'_>, brush: &mut Brush<'_>, own: Option<usize>) {
    layer(context, brush, key_of(("borders", own)), |brush, canvas| {
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        for line in &canvas.land_mesh.inner {
            stroke(brush, canvas, line, 0.03 * u, palette.inner_border);
        }
        for line in &canvas.land_mesh.outline {
            stroke(brush, canvas, line, 0.06 * u, palette.outline);
        }
        for ring in own.and_then(|own| canvas.land_mesh.lands.get(own)).into_iter().flatten() {
            let closed: Vec<WorldPoint> = ring.iter().chain(ring.first()).copied().collect();
            stroke(brush, canvas, &closed, 0.09 * u, palette.outline);
        }
    });
}

/// A layer in the wall's pixels while the map rests, and in those of a window while it moves.
fn layer(context: &MapContext<'_>, brush: &mut Brush<'_>, own: u64, paint: impl Fn(&mut Brush<'_>, &MapCanvas<'_>)) {
    if !context.pose.moving {
        let lens = *context.lens();
        let seen = lens.seen(context.clip);
        // Asked for in every picture, so that it is remembered while the layer is not painted.
        let land_mesh = context.land_mesh(brush, lens.scale);
        brush.keyed_layer(key_of((own, context.still_key())), WallVector::zero(), context.clip, |brush| {
            brush.cache_as_texture();
            paint(brush, &MapCanvas { place: &|at| lens.place(at), seen, scale: lens.scale, land_mesh: &land_mesh });
        });
        return;
    }
    let window = context.window();
    let land_mesh = context.land_mesh(brush, window.scale);
    let key = key_of((own, context.window_key(&window)));
    brush.moving_layer(key, window.seen_through(context.lens()), context.clip, |brush| {
        let canvas = MapCanvas {
            place: &|at| window.place(at),
            seen: window.bounds(),
            scale: window.scale,
            land_mesh: &land_mesh,
        };
        paint(brush, &canvas);
    });
}

/// Draws what is seen of a line.
fn stroke(brush: &mut Brush<'_>, canvas: &MapCanvas<'_>, line: &[WorldPoint], width: f32, colour: Colour) {
    let mut run: Vec<WallPoint> = Vec::new();
    let finish = |brush: &mut Brush<'_>, run: &mut Vec<WallPoint>| {
        brush.line(run, width, colour);
        run.clear();
    };
    let last = line.len().saturating_sub(2);
    for (index, pair) in line.windows(2).enumerate() {
        if !WorldRect::from_points(pair).inflate(1e-12, 1e-12).intersects(&canvas.seen) {
            finish(brush, &mut run);
            continue;
        }
        if run.is_empty() {
            run.push((canvas.place)(pair[0]));
        }
        let at = (canvas.place)(pair[1]);
        // Points nearer than half a pixel to the one before are not told apart.
        if run.last().is_some_and(|before| (*before - at).square_length() > 0.25) || index == last {
            run.push(at);
        }
    }
    finish(brush, &mut run);
}

/// The shape of all land, or of one municipality, in one colour.
pub fn silhouette(context: &MapContext<'_>, brush: &mut Brush<'_>, only: Option<usize>, colour: Colour) {
    layer(context, brush, key_of(("silhouette", only, colour)), |brush, canvas| {
        let shown = |number: &usize| only.is_none_or(|only| only == *number);
        for (_, rings) in canvas.land_mesh.lands.iter().enumerate().filter(|(number, _)| shown(number)) {
            brush.mesh(filled(rings, canvas, colour));
        }
    });
}

/// The land of one municipality as triangles of one colour.
fn filled(rings: &[Vec<WorldPoint>], canvas: &MapCanvas<'_>, colour: Colour) -> Arc<Mesh> {
    let limits = WallRect::new((canvas.place)(canvas.seen.min), (canvas.place)(canvas.seen.max)).inflate(8.0, 8.0);
    let mut builder = Path::builder();
    for ring in rings {
        let mut points: Vec<WallPoint> = Vec::with_capacity(ring.len());
        for at in ring {
            let at = (canvas.place)(*at);
            if points.last().is_none_or(|last| (*last - at).square_length() > 0.25) {
                points.push(at);
            }
        }
        let points = map::cut(&points, limits);
        if points.len() < 3 {
            continue;
        }
        builder.begin(point(points[0].x, points[0].y));
        for at in &points[1..] {
            builder.line_to(point(at.x, at.y));
        }
        builder.end(true);
    }
    let (points, indices) = map::triangles(&builder.build());
    let colours = vec![colour; points.len()];
    Arc::new(Mesh { points, colours, indices })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::region::Boundaries;
    use crate::geometry::rect;
    use crate::map::Lens;
    use geo::{Area, Coord, LineString, Polygon};

    fn area_of(mesh: &Mesh) -> f64 {
        let triangle = |t: &[u32]| {
            let [a, b, c] = [0, 1, 2].map(|i| mesh.points[t[i] as usize].map(f64::from));
            ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs() / 2.0
        };
        mesh.indices.chunks(3).map(triangle).sum()
    }

    fn ring_area(points: &[WallPoint]) -> f64 {
        let corners = points.iter().map(|p| Coord { x: f64::from(p.x), y: f64::from(p.y) }).collect();
        Polygon::new(LineString(corners), vec![]).unsigned_area()
    }

    #[test]
    fn triangles_cover_exactly_the_land() {
        let boundaries = Boundaries::from_geojson(include_str!("../../../assets/region.geojson")).unwrap();
        let lens = Lens::fit(boundaries.world_extent(), rect(0.0, 0.0, 2000.0, 2000.0));
        let land_mesh = crate::map::LandMesh::new(&boundaries, boundaries.frame(), 1.0);
        let place = |at| lens.place(at);
        let seen = lens.seen(rect(0.0, 0.0, 2000.0, 2000.0));
        let canvas = MapCanvas { place: &place, seen, scale: lens.scale, land_mesh: &land_mesh };
        for rings in &land_mesh.lands {
            let mesh = filled(rings, &canvas, Colour::rgb(0));
            let outline: Vec<WallPoint> = rings[0].iter().map(|at| lens.place(*at)).collect();
            let exact = ring_area(&outline);
            assert!((area_of(&mesh) - exact).abs() / exact < 0.01);
        }
    }
}
