//! Two pictures of one place, told apart by a line that moves over it: then on the left, now on the right.

use super::context::MapContext;
use crate::clock::{Moment, ease_in_out_cubic};
use crate::data::measure::Compare;
use crate::geometry::{WallPoint, WallRect, WallVector, rect};
use crate::scene::Brush;

/// The line crosses the map in this time.
const CROSSES_MILLIS: i64 = 5000;
/// It rests this long at either side.
const RESTS_MILLIS: i64 = 4000;
/// How near to the edges it comes, in units of the smallest type: the words on its sides need as much.
const NEAREST: f32 = 6.5;

/// The parts of the map at `brush.now`; notes that the line moves, or when it will.
pub fn parts(context: &MapContext<'_>, brush: &mut Brush<'_>) -> (WallRect, WallRect) {
    let half = CROSSES_MILLIS + RESTS_MILLIS;
    let turn = brush.now.0.div_euclid(half);
    let gone = brush.animate(Moment(turn * half), CROSSES_MILLIS, ease_in_out_cubic);
    brush.changes_at(Moment((turn + 1) * half));
    let part = if turn.rem_euclid(2) == 0 { gone } else { 1.0 - gone };
    let clip = context.clip;
    // On whole pixels, or both parts would blend along the line.
    let nearest = (NEAREST * brush.theme.unit).min(clip.width() / 3.0);
    let x = (clip.min.x + nearest + (clip.width() - 2.0 * nearest) * part).round();
    let (middle_top, middle_bottom) = (WallPoint::new(x, clip.min.y), WallPoint::new(x, clip.max.y));
    (WallRect::new(clip.min, middle_bottom), WallRect::new(middle_top, clip.max))
}

/// Paints the line and the words on both its sides.
pub fn paint(context: &MapContext<'_>, brush: &mut Brush<'_>, compare: Compare, x: f32) {
    let (u, palette, label) = (brush.theme.unit, brush.theme.palette.clone(), brush.theme.label());
    let clip = context.clip;
    brush.layer(WallVector::zero(), clip);
    let width = (0.1 * u).round().max(2.0);
    brush.fill_rect(rect(x - (width / 2.0).round(), clip.min.y, width, clip.height()), 0.0, palette.text);
    let before = match compare {
        Compare::YearAgo => "map-year-ago",
        Compare::Before => "map-before",
    };
    // Over the land: keys and dates stand under it.
    let y = context.body.min.y + 1.3 * u;
    for (key, left) in [(before, true), ("period-now", false)] {
        let words = context.view.language.message(key);
        let room = brush.measure(&words, label) + u;
        let at = if left { x - 0.5 * u - room } else { x + 0.5 * u };
        brush.fill_rect(rect(at, y - 1.05 * u, room, 1.5 * u), 0.24 * u, palette.plate);
        brush.text(&words, label, WallPoint::new(at + 0.5 * u, y), palette.text);
    }
}
