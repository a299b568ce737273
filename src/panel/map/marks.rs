//! What stands on the map at its place: new appeals, alerts and early warnings, service points, outages, clusters.

use std::sync::Arc;

use geo::{Contains, Coord, LineString, Point, Polygon};
use serde::Deserialize;

use super::super::kit::{changes_with_status, key_of};
use super::context::MapContext;
use super::heat::HeatLayer;
use crate::clock::ease_out_cubic;
use crate::data::Arrival;
use crate::data::dataset::{Dataset, MUNICIPALITY_NUMBER, Record};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Metric, Query, Warning};
use crate::data::places::TiledPoints;
use crate::data::written_numbers;
use crate::geometry::{WallPoint, WallRect, WallVector, WorldPoint, WorldRect, WorldVector, rect};
use crate::map::corners;
use crate::scene::{Brush, Colour, icon_named};

/// A ring grows in this time.
const PULSE_MILLIS: i64 = 1800;
/// A ring begins this often.
const PULSE_EVERY_MILLIS: i64 = 4000;
/// An appeal is new for this long.
const NEW_MILLIS: i64 = 60_000;
/// No more rings than this at once: more say nothing more.
const MAX_PULSES: usize = 12;
/// No more early warnings than this: the least probable.
const MAX_WARNINGS: usize = 5;
/// Fraction of its size from which a place counts as full.
const FULL: f64 = 0.95;
/// Side of the square that a cluster gathers, in u.
const CLUSTER: f64 = 6.0;

/// Points of a table, as large as one of their numbers and filled as another says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// The table; its records have `lon` and `lat`.
    pub dataset: String,
    /// The field that their size is by.
    #[serde(default = "capacity")]
    pub size: String,
    /// The field that says how much of it is taken.
    #[serde(default = "booked")]
    pub taken: String,
}

fn capacity() -> String {
    "capacity".to_owned()
}

fn booked() -> String {
    "booked".to_owned()
}

fn number(record: &Record, field: &str) -> Option<f64> {
    written_numbers::number(record.get(field)?)
}

fn table<'a>(context: &MapContext<'a>, name: &str) -> Option<&'a Arc<Dataset>> {
    context.view.table(name)
}

/// Areas under an alert: an edge of dots and a sign in the middle, told apart by shape, not by colour alone.
pub fn alerts(context: &MapContext<'_>, brush: &mut Brush<'_>, name: &str) {
    let Some(table) = table(context, name) else { return };
    let u = brush.theme.unit;
    let colour = brush.theme.palette.warn;
    brush.keyed_layer(
        key_of(("alerts", Arc::as_ptr(table) as usize, context.still_key())),
        WallVector::zero(),
        context.clip,
        |brush| {
            let polygons = table.records().iter().filter_map(|record| record.get("polygons")?.as_array()).flatten();
            polygons.for_each(|polygon| area(context, brush, polygon, colour, icon_named("warning-diamond", true), u));
        },
    );
}

/// A polygon of longitudes and latitudes, its edge dotted, a sign in its middle.
fn area(
    context: &MapContext<'_>,
    brush: &mut Brush<'_>,
    polygon: &serde_json::Value,
    colour: Colour,
    sign: crate::scene::Icon,
    u: f32,
) {
    let ring: Vec<WallPoint> = corners(context.places().frame, polygon).map(|at| context.lens().place(at)).collect();
    // What lies far outside of the panel is cut at its edges.
    let mut ring = crate::map::cut(&ring, context.clip.inflate(u, u));
    if ring.len() < 3 {
        return;
    }
    ring.push(ring[0]);
    brush.dotted(&ring, 0.14 * u, 0.3 * u, colour);
    let sum = ring[1..].iter().fold(WallVector::zero(), |sum, at| sum + at.to_vector());
    let middle = (sum / (ring.len() - 1) as f32).to_point();
    brush.icon(sign, 1.5 * u, middle, colour);
}

/// Where more is received than was to be expected, of what a panel is about: a diamond on a dark ground, `named` after
/// its municipality where the map names none.
pub fn warnings(context: &MapContext<'_>, brush: &mut Brush<'_>, panel: &FilterSpec, named: bool) {
    let Some(Answer::Warnings(warnings)) = context.view.measured(&Query::Warnings).map(|m| &m.answer) else { return };
    if context.view.faded() {
        return;
    }
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    brush.layer(WallVector::zero(), context.clip);
    let mut taken = Vec::new();
    let (dictionaries, filter) = (&context.region.dictionaries, panel.resolve(&context.region.dictionaries));
    let shown = |w: &&Warning| w.municipality.is_some() && filter.admits_warning(dictionaries, w);
    for warning in warnings.iter().filter(shown).take(MAX_WARNINGS) {
        let Some(at) = context.seen(context.world(warning.middle_e6.0, warning.middle_e6.1)) else { continue };
        let place = warning.municipality.and_then(|m| context.region.dictionaries.municipalities.get(usize::from(m)));
        if let Some(place) = place.filter(|_| named) {
            let label = brush.theme.label();
            let width = brush.measure(&place.name, label);
            // To whichever side has room for it.
            let right = at.x + 1.1 * u + width <= context.clip.max.x - 0.3 * u;
            let left = if right { at.x + 1.0 * u } else { at.x - 1.0 * u - width };
            let plate = rect(left - 0.25 * u, at.y - 0.75 * u, width + 0.5 * u, 1.5 * u);
            if !taken.iter().any(|other: &WallRect| other.intersects(&plate)) && left > context.clip.min.x {
                brush.fill_rect(plate, 0.24 * u, palette.plate);
                brush.text(&place.name, label, WallPoint::new(left, at.y + 0.36 * u), palette.warn);
                taken.push(plate);
            }
        }
        brush.dot(at, 1.5 * u, palette.ground);
        brush.icon(icon_named("warning-diamond", true), 1.25 * u, at, palette.warn);
    }
}

/// Areas without power or water: those with polygons by their edge, others by a sign at their municipality's town
/// with the number of houses.
///
/// Returns the places of the signs.
pub fn outages(context: &MapContext<'_>, brush: &mut Brush<'_>, name: &str) -> Vec<WallRect> {
    let Some(table) = table(context, name) else { return Vec::new() };
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let colour = palette.bad;
    let (sign, label) = (icon_named("plugs", true), brush.theme.label());
    let mut signs = Vec::new();
    for record in table.records().iter().filter(|record| record.get("polygons").is_none()) {
        let Some(at) = place_of(context, record).and_then(|at| context.seen(at)) else { continue };
        let houses = number(record, "houses").map(|n| context.view.language.number(n, 0)).unwrap_or_default();
        let width = 1.5 * u + if houses.is_empty() { 0.0 } else { brush.measure(&houses, label) + 0.3 * u };
        signs.push((at, houses, rect(at.x - 0.85 * u, at.y - 0.8 * u, width + 0.2 * u, 1.6 * u)));
    }
    brush.keyed_layer(
        key_of(("outages", Arc::as_ptr(table) as usize, context.still_key())),
        WallVector::zero(),
        context.clip,
        |brush| {
            for record in table.records() {
                if let Some(polygons) = record.get("polygons").and_then(|p| p.as_array()) {
                    polygons.iter().for_each(|polygon| area(context, brush, polygon, colour, sign, u));
                }
            }
            for (at, houses, plate) in &signs {
                brush.bordered_rect(*plate, 0.4 * u, crate::scene::Fill::Solid(palette.ground), 0.07 * u, colour);
                brush.icon(sign, 1.1 * u, *at, colour);
                brush.text(houses, label, WallPoint::new(at.x + 0.75 * u, at.y + 0.36 * u), palette.text);
            }
        },
    );
    signs.into_iter().map(|(.., plate)| plate).collect()
}

/// Where a record is: its own place, or the town of its municipality.
fn place_of(context: &MapContext<'_>, record: &Record) -> Option<WorldPoint> {
    if let (Some(lon), Some(lat)) = (number(record, "lon"), number(record, "lat")) {
        return Some(context.places().frame.place(lon, lat));
    }
    let index = record.get(MUNICIPALITY_NUMBER).or_else(|| record.get("municipality"))?.as_u64()?;
    Some(context.places().municipalities.get(usize::try_from(index).ok()?)?.town)
}

/// Points: a ring as large as the place, a disc in it as large as what is taken, and a square for what is full.
pub fn points(context: &MapContext<'_>, brush: &mut Brush<'_>, points: &Points) {
    let Some(table) = table(context, &points.dataset) else { return };
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let largest = table.records().iter().filter_map(|r| number(r, &points.size)).fold(0.0, f64::max).max(1e-9);
    // Nearer, points are larger, but not as fast as the map.
    let nearer = (context.zoom().max(1.0) as f32).powf(0.25);
    brush.keyed_layer(
        key_of(("points", Arc::as_ptr(table) as usize, context.still_key())),
        WallVector::zero(),
        context.clip,
        |brush| {
            for record in table.records() {
                let Some(at) = place_of(context, record).and_then(|at| context.seen(at)) else { continue };
                let size = number(record, &points.size).unwrap_or(0.0);
                let taken = number(record, &points.taken)
                    .map(|taken| if size > 0.0 { (taken / size).clamp(0.0, 1.0) } else { 0.0 });
                let diameter = (0.35 + 0.55 * (size / largest).max(0.0).sqrt() as f32) * u * nearer;
                let full = taken.is_some_and(|part| part >= FULL);
                let colour = if full { palette.bad } else { palette.now };
                let around = rect(at.x - diameter / 2.0, at.y - diameter / 2.0, diameter, diameter);
                let radius = if full { 0.1 * diameter } else { diameter / 2.0 };
                brush.bordered_rect(around, radius, crate::scene::Fill::Solid(palette.ground), 0.08 * u, colour);
                let inner = (diameter - 0.24 * u) * taken.unwrap_or(0.0).sqrt() as f32;
                if full {
                    brush.fill_rect(around.inflate(-0.12 * u, -0.12 * u), 0.05 * diameter, colour);
                } else if inner > 0.5 {
                    brush.dot(at, inner, colour);
                }
            }
        },
    );
}

/// Names of the points, outages and alerts of a map that are at a place, or at most `half` units of the Earth away from
/// it.
pub fn under(map: &super::Map, context: &MapContext<'_>, at: WorldPoint, half: f64) -> Vec<String> {
    let covers = |polygon: &serde_json::Value| {
        let ring = corners(context.places().frame, polygon).map(|at| Coord { x: at.x, y: at.y }).collect();
        Polygon::new(LineString(ring), Vec::new()).contains(&Point::new(at.x, at.y))
    };
    let is_here = |record: &&Record| match record.get("polygons").and_then(|p| p.as_array()) {
        Some(polygons) => polygons.iter().any(covers),
        None => {
            place_of(context, record).is_some_and(|place| (place - at).abs().lower_than(WorldVector::splat(half)).all())
        }
    };
    let name = |record: &Record| {
        let text = ["name", "headline", "title", "event"].iter().find_map(|field| record.get(*field)?.as_str());
        text.map(str::to_owned)
    };
    let tables =
        [map.points.as_ref().map(|points| points.dataset.as_str()), map.outages.as_deref(), Some(map.alerts())];
    let records = tables.into_iter().flatten().flat_map(|name| context.view.records(name));
    records.filter(is_here).filter_map(name).collect()
}

/// A number of appeals near one another.
pub struct Cluster {
    /// The middle of their places.
    pub at: WorldPoint,
    /// How many there are.
    pub count: u32,
}

/// Appeals near one another as discs with their number: as large as it is, by its logarithm. Returns their places.
pub fn clusters(
    context: &MapContext<'_>,
    brush: &mut Brush<'_>,
    layer: &HeatLayer,
    panel: &FilterSpec,
) -> Vec<WallRect> {
    let Some(places) = context.found(&layer.query(&context.region.dictionaries, panel)) else { return Vec::new() };
    let mut taken = Vec::new();
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let window = context.window();
    let side = CLUSTER * f64::from(u) / window.scale;
    let key = key_of(("clusters", Arc::as_ptr(places) as usize, context.window_key(&window), u.to_bits()));
    let held = places.clone();
    let found = brush.cached(key, move || (gathered(&held, window.bounds(), side), held));
    brush.layer(WallVector::zero(), context.clip);
    let label = crate::scene::TextStyle { tabular: true, ..brush.theme.label() };
    let text = palette.text;
    let edge = palette.now;
    for cluster in &found.0 {
        let Some(at) = context.seen(cluster.at) else { continue };
        let words = context.view.language.number(f64::from(cluster.count), 0);
        let least = brush.measure(&words, label) + 0.9 * u;
        let diameter = (u * (1.1 + 0.25 * (cluster.count as f32).log2())).min(3.4 * u).max(least);
        taken.push(rect(at.x - diameter / 2.0, at.y - diameter / 2.0, diameter, diameter));
        brush.dot(at, diameter, palette.plate);
        brush.ring(at, diameter, 0.09 * u, edge);
        brush.text_centred(&words, label, WallPoint::new(at.x, at.y + 0.36 * u), text);
    }
    taken
}

/// Gathers places by the squares of a lattice that is fixed to the map, `side` units of the Earth wide. A cluster
/// stands in the middle of its places. The smallest comes first, so that the largest is painted on top.
pub fn gathered(places: &TiledPoints, part: WorldRect, side: f64) -> Vec<Cluster> {
    let mut squares: std::collections::BTreeMap<(i64, i64), (u32, WorldVector)> = std::collections::BTreeMap::new();
    places.each_in(part, |at| {
        let square = ((at.x / side).floor() as i64, (at.y / side).floor() as i64);
        let (count, sum) = squares.entry(square).or_default();
        *count += 1;
        *sum += at.to_vector();
    });
    let mut clusters: Vec<Cluster> =
        squares.into_values().map(|(count, sum)| Cluster { at: (sum / f64::from(count)).to_point(), count }).collect();
    clusters.sort_by_key(|cluster| cluster.count);
    clusters
}

/// A ring where each new appeal came from, every few seconds for a minute: of a map of repeats, each that repeats one.
pub fn pulses(context: &MapContext<'_>, brush: &mut Brush<'_>, panel: &FilterSpec, of: Option<Metric>) {
    if context.view.faded() {
        return;
    }
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let around: WallRect = context.clip.inflate(2.0 * u, 2.0 * u);
    brush.layer(WallVector::zero(), around);
    let dictionaries = &context.region.dictionaries;
    let filter = panel.resolve(dictionaries);
    let seconds = u32::try_from(brush.now.secs()).unwrap_or(0);
    let latest = context.view.latest().iter();
    changes_with_status(brush, &filter, latest.clone().map(|arrival| &arrival.appeal));
    let repeats = of == Some(Metric::Repeats);
    let shown = |a: &&Arrival| filter.admits(dictionaries, &a.appeal, seconds) && (a.appeal.repeat || !repeats);
    for arrival in latest.filter(shown).take(MAX_PULSES) {
        let age = brush.now.millis_since(arrival.arrived);
        if !(0..NEW_MILLIS).contains(&age) {
            if age < 0 {
                brush.changes_at(arrival.arrived);
            }
            continue;
        }
        let Some(at) = context.seen(context.world(arrival.appeal.lon_e6, arrival.appeal.lat_e6)) else { continue };
        let began = arrival.arrived.plus_millis(age / PULSE_EVERY_MILLIS * PULSE_EVERY_MILLIS);
        let t = brush.animate(began, PULSE_MILLIS, ease_out_cubic);
        brush.changes_at(began.plus_millis(PULSE_EVERY_MILLIS));
        if t < 1.0 {
            let diameter = 2.0 * (0.3 + 0.8 * t) * u;
            brush.ring(at, diameter, 0.09 * u, palette.text.alpha(1.0 - 0.85 * t));
        }
        // As its key shows it, and unlike a town: a dot in a ring.
        brush.dot(at, 0.84 * u, palette.ground);
        brush.ring(at, 0.72 * u, 0.09 * u, palette.text);
        brush.dot(at, 0.26 * u, palette.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn clusters_hold_every_appeal_once(places in prop::collection::vec((0f64..1.0, 0f64..1.0), 1..400), squares in 1f64..20.0) {
            let part = WorldRect::new(WorldPoint::new(0.6, 0.3), WorldPoint::new(0.61, 0.31));
            let at = |(x, y): &(f64, f64)| part.min + WorldVector::new(x * part.width(), y * part.height());
            let points: Vec<WorldPoint> = places.iter().map(at).collect();
            let clusters = gathered(&TiledPoints::new(part, points.iter().copied()), part, part.width() / squares);
            prop_assert_eq!(clusters.iter().map(|c| c.count).sum::<u32>() as usize, points.len());
            prop_assert!(clusters.windows(2).all(|pair| pair[0].count <= pair[1].count));
            prop_assert!(clusters.iter().all(|c| part.inflate(1e-9, 1e-9).contains(c.at)));
        }
    }
}
