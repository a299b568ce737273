//! Whether a layout can be read on a wall: said before anybody stands in front of it.

use super::{Layout, solve};
use crate::diagnostic::Diagnostic;
use crate::wall::Wall;

/// A panel that is less than this part of what it needs is not shown at all: text is never shrunk.
const TOLERANCE: f32 = 0.97;

/// Whether a place of this size, in wall pixels, is enough for a panel that needs `smallest` units.
pub fn fits(width: f32, height: f32, smallest: (f32, f32), u: f32) -> bool {
    width >= smallest.0 * u * TOLERANCE && height >= smallest.1 * u * TOLERANCE
}

/// What cannot be read on `wall`: one fault a panel, at its place in the layout's file.
pub fn judge(layout: &Layout, wall: &Wall) -> Vec<Diagnostic> {
    let u = wall.unit_px();
    let spans: Vec<_> = layout.placements.iter().map(|p| p.span).collect();
    let rects = solve(&layout.grid, &spans, wall);
    let mut faults = Vec::new();
    for (placement, place) in layout.placements.iter().zip(rects) {
        let smallest = placement.panel.smallest();
        if fits(place.width(), place.height(), smallest, u) {
            continue;
        }
        let message = format!(
            "on {} this {} gets {:.1} × {:.1} u and needs {:.1} × {:.1} u to be read",
            wall.name,
            placement.kind,
            place.width() / u,
            place.height() / u,
            smallest.0,
            smallest.1
        );
        let help = format!(
            "give it more columns or rows, or stand nearer: u is {u:.0} px at {:.1} m",
            wall.viewing_distance_mm / 1000.0
        );
        faults.push(Diagnostic::at(&layout.path, &layout.text, placement.source.clone(), message).with_help(help));
    }
    faults
}
