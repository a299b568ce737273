//! Appeals as dots on a lattice: the more there are in a square, the larger. Which of them a dot stands for, and where
//! in its square, is not to be seen.

use std::sync::Arc;

use super::super::kit::key_of;
use super::context::MapContext;
use super::heat::HeatLayer;
use super::marks::gathered;
use crate::data::filter::FilterSpec;
use crate::geometry::{WallVector, WorldPoint};
use crate::scene::Brush;

/// The side of a square, in units.
const SIDE: f32 = 0.62;
/// The diameters of the smallest and the largest dot, as parts of the side.
const DOT: (f32, f32) = (0.3, 0.92);

/// Paints the dots; the largest stands for the most that a square holds.
pub fn paint(context: &MapContext<'_>, brush: &mut Brush<'_>, layer: &HeatLayer, panel: &FilterSpec) {
    let Some(places) = context.found(&layer.query(&context.region.dictionaries, panel)) else { return };
    let u = brush.theme.unit;
    let window = context.window();
    let side = f64::from(SIDE * u) / window.scale;
    let key = key_of(("dots", Arc::as_ptr(places) as usize, context.window_key(&window), u.to_bits()));
    let land_mesh = context.land_mesh(brush, window.scale);
    let held = places.clone();
    let found = brush.cached(key, move || {
        let mut squares = gathered(&held, window.bounds(), side);
        let middle = |along: f64| ((along / side).floor() + 0.5) * side;
        squares.iter_mut().for_each(|square| square.at = WorldPoint::new(middle(square.at.x), middle(square.at.y)));
        // A dot in the sea or abroad would tell of nobody.
        squares.retain(|square| land_mesh.lands.iter().any(|rings| is_within(rings, square.at)));
        (squares, held)
    });
    let most = found.0.iter().map(|cluster| cluster.count).max().unwrap_or(1).max(2) as f32;
    let good = brush.theme.palette.good;
    brush.layer(WallVector::zero(), context.clip);
    for cluster in &found.0 {
        let Some(at) = context.seen(cluster.at) else { continue };
        let part = (cluster.count as f32).ln() / most.ln();
        brush.dot(at, SIDE * u * (DOT.0 + (DOT.1 - DOT.0) * part), good);
    }
}

/// Whether a place is within rings: a way out of them crosses their edges an odd number of times.
fn is_within(rings: &[Vec<WorldPoint>], at: WorldPoint) -> bool {
    let edges = rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    let crossed =
        edges.filter(|(a, b)| (a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x));
    crossed.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_a_hole_or_outside_is_not_within() {
        let square = |from: f64, to: f64| {
            [(from, from), (to, from), (to, to), (from, to)].map(|(x, y)| WorldPoint::new(x, y)).to_vec()
        };
        let rings = [square(0.0, 10.0), square(4.0, 6.0)];
        for (x, y, within) in [(1.0, 1.0, true), (5.0, 5.0, false), (11.0, 5.0, false), (5.0, 9.0, true)] {
            assert_eq!(is_within(&rings, WorldPoint::new(x, y)), within, "{x} {y}");
        }
    }
}
