//! Names on the map. Of the whole region: beside the land, each led to its town by a line, so that the heat stays
//! free. Nearer: beside their towns.

use std::sync::Arc;

use super::super::kit::key_of;
use super::context::MapContext;
use crate::geometry::{WallPoint, WallRect, WallVector, WorldPoint};
use crate::map::label::{self, LabelCandidate, Side};
use crate::map::outside_labels::{self, Label, Named};
use crate::scene::Brush;

/// No more names than this stand beside their towns at once.
const MAX_NEAR: usize = 40;
/// A name beside the land may cover no more than this part of the region's width: the heat matters more than a name.
const MAX_COVERED_WIDTH: f32 = 0.3;

/// Which names a map shows, and what it leaves free for something else.
pub struct Names<'a> {
    /// Municipalities, the most important first.
    pub order: &'a [usize],
    /// So many of them are named beside the land of the whole region.
    pub max: usize,
    /// Height left free at the bottom left, in wall pixels.
    pub keys: f32,
    /// What is not covered.
    pub taken: &'a [WallRect],
}

impl Names<'_> {
    /// Paints the lines that lead names to their towns, and the towns: what marks a place lies over them.
    pub fn leaders(&self, context: &MapContext<'_>, brush: &mut Brush<'_>) {
        let beside = opacity_beside(context);
        if beside > 0.0 {
            leaders(context, brush, &self.order[..self.max.min(self.order.len())], self.keys, beside);
        }
    }

    /// Paints the names of municipalities and towns.
    pub fn words(&self, context: &MapContext<'_>, brush: &mut Brush<'_>) {
        let beside = opacity_beside(context);
        if beside > 0.0 {
            plates(context, brush, &self.order[..self.max.min(self.order.len())], self.keys, beside);
        }
        let near = ((context.away_from_home() - 0.35) / 0.35).clamp(0.0, 1.0);
        if near > 0.0 && self.max > 0 {
            standing(context, brush, self.order, self.taken, near);
        }
    }
}

/// Opacity, 0 to 1, of names beside the land. The two ways of naming cross-fade, and neither is half visible unless the
/// map moves.
fn opacity_beside(context: &MapContext<'_>) -> f32 {
    1.0 - (context.away_from_home() / 0.35).clamp(0.0, 1.0)
}

/// A name that stands beside the land, and its town while the map rests.
struct Beside<'a> {
    name: &'a str,
    town: WallPoint,
    label: Label,
}

/// The names of `order` that stand beside the land.
fn labels<'a>(context: &'a MapContext<'_>, brush: &mut Brush<'_>, order: &[usize], keys: f32) -> Vec<Beside<'a>> {
    let (u, style) = (brush.theme.unit, brush.theme.list());
    let name_of = |index: usize| context.region.boundaries.municipalities[index].name.as_str();
    // Which names find room must not change with each new appeal, so their order is that of the region's list.
    let mut order = order.to_vec();
    order.sort_unstable();
    let named: Vec<Named> = order
        .iter()
        .map(|index| {
            // Names keep their places while the map leaves: they are placed for where it rests.
            let town = context.home.place(context.places().municipalities[*index].town);
            Named { town, width: brush.measure(name_of(*index), style) }
        })
        .collect();
    let mut labels = outside_labels::place(&named, context.body.inflate(0.0, -0.4 * u), keys, u);
    // A plate that would hide a town is left out with its name.
    let towns: Vec<WallPoint> =
        labels.iter().map(|label| context.lens().place(context.home.world(named[label.index].town))).collect();
    let max_covered = MAX_COVERED_WIDTH * context.home_rect().width();
    labels.retain(|label| {
        let plate = label.plate(u);
        let free = !towns.iter().any(|town| plate.inflate(0.2 * u, 0.2 * u).contains(*town));
        let covered_key =
            key_of(("covered", context.home_key(), [plate.min.x, plate.min.y, plate.max.x].map(f32::to_bits)));
        free && *brush.cached(covered_key, || covered_width(context, plate)) <= max_covered
    });
    let beside = |label: Label| Beside { name: name_of(order[label.index]), town: named[label.index].town, label };
    labels.into_iter().map(beside).collect()
}

/// What a picture of names beside the land depends on.
fn beside_key(layer: &str, context: &MapContext<'_>, order: &[usize], keys: f32, opacity: f32) -> u64 {
    let mut order = order.to_vec();
    order.sort_unstable();
    key_of((layer, &order, context.still_key(), keys.to_bits(), opacity.to_bits()))
}

/// The lines from names beside the land to their towns.
fn leaders(context: &MapContext<'_>, brush: &mut Brush<'_>, order: &[usize], keys: f32, opacity: f32) {
    let key = beside_key("leaders", context, order, keys, opacity);
    brush.keyed_layer(key, WallVector::zero(), context.clip, |brush| {
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        for Beside { town, label, .. } in labels(context, brush, order, keys) {
            let at = context.lens().place(context.home.world(town));
            let leader = label.leader(at, u);
            for (width, colour) in [(0.16 * u, palette.ground), (0.06 * u, palette.outline)] {
                brush.line(&leader, width, colour.alpha(opacity));
            }
            brush.dot(at, 0.42 * u, palette.ground.alpha(opacity));
            brush.dot(at, 0.26 * u, palette.text.alpha(opacity));
        }
    });
}

/// Names beside the land.
fn plates(context: &MapContext<'_>, brush: &mut Brush<'_>, order: &[usize], keys: f32, opacity: f32) {
    let key = beside_key("names", context, order, keys, opacity);
    brush.keyed_layer(key, WallVector::zero(), context.clip, |brush| {
        let (u, style, palette) = (brush.theme.unit, brush.theme.list(), brush.theme.palette.clone());
        let labels = labels(context, brush, order, keys);
        for Beside { label, .. } in &labels {
            brush.fill_rect(label.plate(u), 0.24 * u, palette.plate.alpha(opacity));
        }
        // All words after all shapes: two things to draw instead of two for each name.
        for Beside { name, label, .. } in &labels {
            let at = WallPoint::new(label.x, label.y + 0.35 * u);
            brush.text(name, style, at, palette.text.alpha(opacity));
        }
    });
}

/// How much land lies under the middle line of `plate` where the map rests, in wall pixels.
fn covered_width(context: &MapContext<'_>, plate: WallRect) -> f32 {
    const SAMPLES: usize = 24;
    let pitch = plate.width() / SAMPLES as f32;
    let on_land = (0..SAMPLES).filter(|sample| {
        let at = WallPoint::new(plate.min.x + (*sample as f32 + 0.5) * pitch, plate.center().y);
        context.municipality_at(context.home.world(at)).is_some()
    });
    on_land.count() as f32 * pitch
}

/// A name with its town, and the side that it stands on.
struct Standing {
    name: String,
    at: WorldPoint,
    size: (f32, f32),
    side: Option<Side>,
}

/// Names beside their towns.
fn standing(context: &MapContext<'_>, brush: &mut Brush<'_>, order: &[usize], taken: &[WallRect], opacity: f32) {
    let u = brush.theme.unit;
    let gap = 0.45 * u;
    let list = brush.theme.list();
    let step = label::step_of(context.lens().scale, context.home.scale);
    let key = key_of(("standing", order, step, context.home.scale.to_bits(), Arc::as_ptr(&context.region) as usize));
    let wanted_key = key_of(("wanted", order, Arc::as_ptr(&context.region) as usize));
    let wanted = brush.cached(wanted_key, || wanted(context, order));
    let sizes: Vec<(f32, f32)> =
        wanted.iter().map(|(name, _)| (brush.measure(name, list) + 0.5 * u, 1.4 * u)).collect();
    let scale = context.home.scale * label::STEP.powi(step);
    let placed: Arc<Vec<Standing>> = brush.cached(key, || {
        let candidates: Vec<LabelCandidate> =
            wanted.iter().zip(&sizes).map(|((_, at), size)| LabelCandidate { at: *at, size: *size }).collect();
        let sides = label::sides(&candidates, scale, gap, usize::MAX);
        let all = wanted.iter().zip(sizes).zip(sides);
        all.map(|(((name, at), size), side)| Standing { name: name.clone(), at: *at, size, side }).collect()
    });
    brush.layer(WallVector::zero(), context.clip);
    let mut shown: Vec<(WallPoint, WallRect, &str)> = Vec::new();
    for standing in placed.iter() {
        let (Some(side), Some(at)) = (standing.side, context.seen(standing.at)) else { continue };
        let [left, top, right, bottom] = side.around(standing.size, gap).map(|v| v as f32);
        let plate = WallRect::new(WallPoint::new(at.x + left, at.y + top), WallPoint::new(at.x + right, at.y + bottom));
        // A name that would leave the map is not begun.
        let covers = taken.iter().any(|other| other.intersects(&plate));
        if !covers && context.body.contains_box(&plate) && shown.len() < MAX_NEAR {
            shown.push((at, plate, &standing.name));
        }
    }
    let palette = brush.theme.palette.clone();
    let colour = palette.text.alpha(opacity);
    for (at, plate, _) in &shown {
        brush.dot(*at, 0.5 * u, palette.ground.alpha(opacity));
        brush.ring(*at, 0.42 * u, 0.07 * u, colour);
        brush.fill_rect(*plate, 0.24 * u, palette.plate.alpha(opacity));
    }
    for (_, plate, name) in shown {
        brush.text(name, list, WallPoint::new(plate.min.x + 0.25 * u, plate.center().y + 0.35 * u), colour);
    }
}

/// All names that want a place: municipalities in their order, then towns, the largest first.
fn wanted(context: &MapContext<'_>, order: &[usize]) -> Vec<(String, WorldPoint)> {
    let boundaries = &context.region.boundaries;
    let named =
        |index: &usize| (boundaries.municipalities[*index].name.clone(), context.places().municipalities[*index].town);
    let mut wanted: Vec<(String, WorldPoint)> = order.iter().map(named).collect();
    let mut towns: Vec<_> = boundaries.towns.iter().collect();
    towns.sort_by_key(|town| std::cmp::Reverse(town.population));
    for town in towns {
        if !wanted.iter().any(|(name, _)| *name == town.name) {
            wanted.push((town.name.clone(), context.places().frame.place(town.at.x(), town.at.y())));
        }
    }
    wanted
}
