//! The base map under the region: land, woods, water and roads from vector tiles.

use std::sync::Arc;

use super::canvas::MapCanvas;
use super::context::MapContext;
use crate::basemap::{AreaKind, Basemap, LineKind, SIDE, Tile, TileAt};
use crate::geometry::WallPoint;
use crate::scene::{Brush, Colour, Mesh};

/// What a window needs of a base map.
pub struct Base {
    tiles: Vec<(TileAt, Arc<Tile>)>,
    /// Whether woods and houses would hide the colours of a measure.
    coloured: bool,
}

impl Base {
    /// The tiles under what is painted, where a wall pixel is as wide as `scale` makes it.
    pub fn new(basemap: &Basemap, canvas: &MapCanvas<'_>, scale: f64, coloured: bool) -> Self {
        let tiles = basemap.tiles(canvas.seen, scale).into_iter();
        Self { tiles: tiles.filter_map(|at| Some((at, basemap.tile(at)?))).collect(), coloured }
    }

    /// What lies under the region's own land.
    pub fn under(&self, brush: &mut Brush<'_>, canvas: &MapCanvas<'_>) {
        self.areas(brush, canvas, &[AreaKind::Earth]);
    }

    /// What lies over it.
    pub fn over(&self, context: &MapContext<'_>, brush: &mut Brush<'_>, canvas: &MapCanvas<'_>) {
        let areas = [AreaKind::Built, AreaKind::Green, AreaKind::Water, AreaKind::Building];
        let shown = |kind: &&AreaKind| !self.coloured || **kind == AreaKind::Water;
        self.areas(brush, canvas, &areas.iter().filter(shown).copied().collect::<Vec<_>>());
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let road = |strength: f32| palette.raised.mix(palette.axis, strength);
        let nearer = context.zoom() > 8.0;
        let lines = [
            (LineKind::Stream, 0.03, palette.river, nearer),
            (LineKind::River, 0.1, palette.river, true),
            (LineKind::Rail, 0.03, road(0.25), nearer),
            (LineKind::Minor, 0.03, road(0.3), nearer),
            (LineKind::Major, 0.04, road(0.4), true),
            (LineKind::Highway, 0.08, road(0.6), true),
        ];
        for (kind, width, colour, _) in lines.into_iter().filter(|(.., shown)| *shown) {
            for (at, tile) in &self.tiles {
                let place = placing(*at, canvas);
                for line in tile.lines.get(&kind).into_iter().flatten() {
                    let points: Vec<WallPoint> = line.iter().map(&place).collect();
                    brush.line(&points, width * u, colour);
                }
            }
        }
    }

    fn areas(&self, brush: &mut Brush<'_>, canvas: &MapCanvas<'_>, kinds: &[AreaKind]) {
        let palette = brush.theme.palette.clone();
        let green = palette.land.mix(palette.good, 0.13);
        for kind in kinds {
            let colour = match kind {
                AreaKind::Earth => palette.panel_bottom.mix(palette.land, 0.55),
                AreaKind::Built => palette.land.mix(palette.axis, 0.16),
                AreaKind::Green => green,
                AreaKind::Water => palette.river.mix(palette.ground, 0.4),
                AreaKind::Building => palette.land.mix(palette.axis, 0.3),
            };
            for (at, tile) in &self.tiles {
                let Some(area) = tile.areas.get(kind) else { continue };
                let place = placing(*at, canvas);
                let points: Vec<[f32; 2]> = area.points.iter().map(|p| place(p).to_array()).collect();
                let colours: Vec<Colour> = vec![colour; points.len()];
                brush.mesh(Arc::new(Mesh { points, colours, indices: area.indices.clone() }));
            }
        }
    }
}

/// Where points of a tile are painted: Mercator's square is even, so two corners say it all.
fn placing(at: TileAt, canvas: &MapCanvas<'_>) -> impl Fn(&[f32; 2]) -> WallPoint + use<> {
    let bounds = at.bounds();
    let (corner, far) = ((canvas.place)(bounds.min), (canvas.place)(bounds.max));
    move |[x, y]| WallPoint::new(corner.x + (far.x - corner.x) * (x / SIDE), corner.y + (far.y - corner.y) * (y / SIDE))
}
