//! Names on the map. Of the whole region: beside the land, each led to its town by a line, so that the heat stays
//! free. Nearer: beside their towns.

use std::sync::Arc;

use super::super::kit::key_of;
use super::context::MapContext;
use crate::geometry::{WallPoint, WallRect, WallVector, WorldPoint, rect};
use crate::map::label::{self, Side, Wish};
use crate::scene::Brush;

/// No more names than this stand beside their towns at once.
const MAX_NEAR: usize = 40;
/// A name beside the land may cover no more than this part of the region's width: the heat matters more than a name.
const MAX_COVERED_WIDTH: f32 = 0.3;

/// Paints the names of municipalities and towns, the most important first in `order`, `most` of them beside the
/// land of the whole region. Above the bottom on the left `keys` wall pixels are left free, and what is `taken` by
/// something else is not covered.
pub fn names(
    context: &MapContext<'_>,
    brush: &mut Brush<'_>,
    order: &[usize],
    most: usize,
    keys: f32,
    taken: &[WallRect],
) {
    // One way of naming fades as the other comes: neither is seen half way but while the map moves.
    let away = context.away_from_home();
    let beside = 1.0 - (away / 0.35).clamp(0.0, 1.0);
    if beside > 0.0 {
        led(context, brush, &order[..most.min(order.len())], keys, beside);
    }
    let near = ((away - 0.35) / 0.35).clamp(0.0, 1.0);
    if near > 0.0 && most > 0 {
        standing(context, brush, order, taken, near);
    }
}

/// Names beside the land, each led to its town by a line.
fn led(context: &MapContext<'_>, brush: &mut Brush<'_>, order: &[usize], keys: f32, opacity: f32) {
    let mut order = order.to_vec();
    order.sort_unstable();
    let body = context.body;
    let key = key_of(("names", &order, context.still_key(), keys.to_bits(), opacity.to_bits()));
    let style = brush.theme.list();
    brush.keyed_layer(key, WallVector::zero(), context.clip, |brush| {
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let mut named: Vec<(WallPoint, &str, f32)> = order
            .iter()
            .map(|index| {
                let name = context.region.boundaries.municipalities[*index].name.as_str();
                let town = context.places().municipalities[*index].town;
                // Names keep their places while the map leaves: they are placed for where it rests.
                (context.home.place(town), name, brush.measure(name, style))
            })
            .collect();
        named.sort_by(|a, b| a.0.y.total_cmp(&b.0.y));
        let labels = place_beside(&named, body.inflate(0.0, -0.4 * u), keys, u);
        // A plate that would hide a town is left out with its name.
        let towns: Vec<WallPoint> =
            labels.iter().map(|label| context.lens().place(context.home.world(named[label.index].0))).collect();
        let plate =
            |label: &Label| rect(label.x - 0.25 * u, label.y - 0.72 * u, named[label.index].2 + 0.5 * u, 1.44 * u);
        let free = |label: &Label| !towns.iter().any(|town| plate(label).inflate(0.2 * u, 0.2 * u).contains(*town));
        let max_covered = MAX_COVERED_WIDTH * context.home_rect().width();
        let covers_little = |label: &Label| {
            let covered_key =
                key_of(("covered", context.home_key(), label.index, label.x.to_bits(), label.y.to_bits()));
            *brush.recall(covered_key, || covered_width(context, plate(label))) <= max_covered
        };
        let labels: Vec<Label> = labels.iter().copied().filter(free).filter(covers_little).collect();
        for label in &labels {
            let (at, _, width) = named[label.index];
            let at = context.lens().place(context.home.world(at));
            let text_edge = if label.left { label.x + width } else { label.x };
            let way = if label.left { 1.0 } else { -1.0 };
            let start = WallPoint::new(text_edge + way * 0.3 * u, label.y);
            // Level, then at 45 degrees: the bend lies as far from the town as the rows are apart.
            let bend_x = at.x - way * (at.y - label.y).abs();
            let bend = WallPoint::new(if label.left { bend_x.max(start.x) } else { bend_x.min(start.x) }, label.y);
            for (width, colour) in [(0.16 * u, palette.ground), (0.06 * u, palette.outline)] {
                brush.line(&[start, bend, at], width, colour.alpha(opacity));
            }
            brush.dot(at, 0.42 * u, palette.ground.alpha(opacity));
            brush.dot(at, 0.26 * u, palette.text.alpha(opacity));
            brush.fill_rect(plate(label), 0.24 * u, palette.plate.alpha(opacity));
        }
        // All words after all shapes: two things to draw instead of two for each name.
        let text = palette.text;
        for label in &labels {
            let at = WallPoint::new(label.x, label.y + 0.35 * u);
            brush.text(named[label.index].1, style, at, text.alpha(opacity));
        }
    });
}

/// How much land lies under the middle line of `plate` where the map rests, in wall pixels.
fn covered_width(context: &MapContext<'_>, plate: WallRect) -> f32 {
    const SAMPLES: usize = 24;
    let pitch = plate.width() / SAMPLES as f32;
    let on_land = (0..SAMPLES).filter(|sample| {
        let at = WallPoint::new(plate.min.x + (*sample as f32 + 0.5) * pitch, plate.center().y);
        context.is_land(context.home.world(at), f64::from(pitch))
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
    let wanted = brush.recall(wanted_key, || wanted(context, order));
    let sizes: Vec<(f32, f32)> =
        wanted.iter().map(|(name, _)| (brush.measure(name, list) + 0.5 * u, 1.4 * u)).collect();
    let scale = context.home.scale * label::STEP.powi(step);
    let placed: Arc<Vec<Standing>> = brush.recall(key, || {
        let wishes: Vec<Wish> =
            wanted.iter().zip(&sizes).map(|((_, at), size)| Wish { at: *at, size: *size }).collect();
        let sides = label::sides(&wishes, scale, gap, usize::MAX);
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

/// Where a name stands: its left end and its middle line.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Label {
    index: usize,
    left: bool,
    x: f32,
    y: f32,
}

/// Places names in two columns at the sides of `body`, each as near to the height of its town as the others
/// allow, in the order of the towns so that lines do not cross. `named` is sorted from north to south; what
/// does not fit is left out, the last first. The left column ends `keys` above the bottom.
fn place_beside(named: &[(WallPoint, &str, f32)], body: WallRect, keys: f32, u: f32) -> Vec<Label> {
    let pitch = 1.75 * u;
    let middle = body.center().x;
    let mut sides: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
    for (index, (at, _, width)) in named.iter().enumerate() {
        let side = usize::from(at.x > middle);
        // A name wider than the half of the map that it stands in would cover the land.
        if *width < body.width() * 0.45 {
            sides[side].push(index);
        }
    }
    let mut labels = Vec::new();
    for (side, indices) in sides.iter_mut().enumerate() {
        let bottom = if side == 0 { body.max.y - keys } else { body.max.y };
        indices.truncate(((bottom - body.min.y).max(0.0) / pitch).floor() as usize);
        let mut ys: Vec<f32> = indices.iter().map(|i| named[*i].0.y).collect();
        // Pushed down where two are too near, then up from the bottom where they ran out of it.
        let mut low = body.min.y + pitch / 2.0;
        for y in &mut ys {
            *y = y.max(low);
            low = *y + pitch;
        }
        let mut high = bottom - pitch / 2.0;
        for y in ys.iter_mut().rev() {
            *y = y.min(high);
            high = *y - pitch;
        }
        for (index, y) in indices.iter().zip(ys) {
            let (left, width) = (side == 0, named[*index].2);
            let x = if left { body.min.x + 0.3 * u } else { body.max.x - width - 0.3 * u };
            labels.push(Label { index: *index, left, x, y });
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_never_overlap_and_never_leave_the_map(
            towns in prop::collection::vec((0f32..1000.0, 0f32..800.0, 40f32..600.0), 0..40), keys in 0f32..400.0
        ) {
            let body = rect(0.0, 0.0, 1000.0, 800.0);
            let mut named: Vec<(WallPoint, &str, f32)> = towns.iter().map(|(x, y, w)| (WallPoint::new(*x, *y), "", *w)).collect();
            named.sort_by(|a, b| a.0.y.total_cmp(&b.0.y));
            let boxes: Vec<WallRect> = place_beside(&named, body, keys, 40.0).iter()
                .map(|l| rect(l.x, l.y - 28.0, named[l.index].2, 56.0)).collect();
            for (i, a) in boxes.iter().enumerate() {
                prop_assert!(body.contains_box(a) && (a.center().x > 500.0 || a.max.y <= 800.5 - keys), "{a:?}");
                for b in &boxes[i + 1..] {
                    prop_assert!(!a.intersects(b), "{a:?} {b:?}");
                }
            }
        }
    }
}
