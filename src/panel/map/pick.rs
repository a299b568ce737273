//! What is under a point of a map: the land, what stands there, and the appeals that the map shows around it.

use super::super::{PickedAppeal, PickedPlace};
use super::context::MapContext;
use super::{Map, marks};
use crate::data::Degrees;
use crate::data::measure::{Counted, Metric, Period};
use crate::geometry::{WallPoint, WorldPoint, km_per_unit};
use crate::scene::Brush;

/// Half the side of the square that a finger covers, in units of the smallest type.
const FINGER: f32 = 0.7;
/// No more appeals than this are told one by one.
const MAX_APPEALS: usize = 20;

/// What is there.
pub fn place(map: &Map, context: &MapContext<'_>, brush: &Brush<'_>, at: WallPoint) -> PickedPlace {
    let reach = FINGER * brush.theme.unit;
    let world = context.lens().world(at);
    let (lon, lat) = context.places().frame.degrees(world);
    let municipality = context.municipality_at(world);
    let names = &context.region.dictionaries.municipalities;
    let half = f64::from(reach) / context.lens().scale;
    let counted = match map.heat.as_ref().or(map.clusters.as_ref()) {
        Some(layer) => layer.counted(&context.region.dictionaries, &map.filter),
        None => Counted {
            metric: Metric::Received,
            period: Period::Hours24,
            filter: map.filter.resolve(&context.region.dictionaries),
        },
    };
    let part = around(context, world, half);
    let found = context.view.near(counted, &part, MAX_APPEALS, brush.now);
    let found = found.unwrap_or_default();
    let second = u32::try_from(brush.now.secs()).unwrap_or(0);
    PickedPlace {
        lon,
        lat,
        municipality: municipality.and_then(|number| Some(names.get(number)?.name.clone())),
        marks: marks::under(map, context, world, half),
        square_km: 2.0 * half * km_per_unit(world),
        appeals: found.count,
        newest: found.newest.iter().map(|appeal| PickedAppeal::new(context.view, appeal, second)).collect(),
    }
}

/// The square of a point, in millionths of a degree.
fn around(context: &MapContext<'_>, at: WorldPoint, half: f64) -> Degrees {
    let e6 = |degrees: f64| (degrees * 1e6).round() as i32;
    let frame = context.places().frame;
    let corner = |x: f64, y: f64| frame.degrees(WorldPoint::new(at.x + x, at.y + y));
    let ((west, north), (_, south)) = (corner(-half, -half), corner(half, half));
    Degrees { west: e6(west), south: e6(south), width: e6(2.0 * half * 360.0), height: e6(north - south) }
}
