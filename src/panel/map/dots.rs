//! Appeals as dots on a lattice: the more there are in a square, the larger. Which of them a dot stands for, and where
//! in its square, is not to be seen.

use std::sync::Arc;

use super::super::{FilterSpec, key_of};
use super::heat::HeatLayer;
use super::marks::gathered;
use super::sheet::Sheet;
use crate::geometry::{WallVector, WorldPoint};
use crate::scene::Brush;

/// The side of a square, in units.
const SIDE: f32 = 0.62;
/// The diameters of the smallest and the largest dot, as parts of the side.
const DOT: (f32, f32) = (0.3, 0.92);

/// Paints the dots; the largest stands for the most that a square holds.
pub fn paint(sheet: &Sheet<'_>, brush: &mut Brush<'_>, layer: &HeatLayer, panel: &FilterSpec) {
    let Some(places) = sheet.found(&layer.query(&sheet.region.dictionaries, panel)) else { return };
    let u = brush.theme.u;
    let window = sheet.window();
    let side = f64::from(SIDE * u) / window.scale;
    let key = key_of(("dots", Arc::as_ptr(places) as usize, sheet.window_key(&window), u.to_bits()));
    let held = places.clone();
    let found = brush.recall(key, move || (gathered(&held, window.bounds(), side), held));
    let most = found.0.iter().map(|cluster| cluster.count).max().unwrap_or(1).max(2) as f32;
    let good = brush.theme.palette.good;
    brush.layer(WallVector::zero(), sheet.clip);
    for cluster in &found.0 {
        let middle = |along: f64| ((along / side).floor() + 0.5) * side;
        let Some(at) = sheet.seen(WorldPoint::new(middle(cluster.at.x), middle(cluster.at.y))) else { continue };
        let part = (cluster.count as f32).ln() / most.ln();
        brush.dot(at, SIDE * u * (DOT.0 + (DOT.1 - DOT.0) * part), good);
    }
}
