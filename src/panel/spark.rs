//! A small line that says how a number came about, beside the same a year ago.

use std::sync::Arc;

use crate::geometry::{WallPoint, WallRect};
use crate::scene::{Brush, Mesh};

/// Paints `now` over `before` into `area`; both are spread over `slots` places of its width.
pub fn paint(brush: &mut Brush<'_>, area: WallRect, now: &[f64], before: &[f64], slots: usize) {
    let finite = || now.iter().chain(before).copied().filter(|v| v.is_finite());
    let most = finite().fold(f64::MIN, f64::max);
    let least = finite().fold(f64::MAX, f64::min).min(most * 0.6).max(0.0);
    if most <= least || slots < 2 {
        return;
    }
    let point = |(index, value): (usize, &f64)| {
        let x = area.min.x + area.width() * index as f32 / (slots - 1) as f32;
        let y = area.max.y - area.height() * ((value - least) / (most - least)) as f32;
        value.is_finite().then(|| WallPoint::new(x, y))
    };
    let line_now: Vec<WallPoint> = now.iter().enumerate().filter_map(point).collect();
    let line_before: Vec<WallPoint> = before.iter().enumerate().filter_map(point).collect();
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let colour = palette.now;
    brush.mesh(Arc::new(area_under(&line_now, area.max.y, |depth| colour.alpha(0.34 - 0.32 * depth))));
    brush.dotted(&line_before, 0.08 * u, 0.21 * u, palette.before);
    brush.line(&line_now, 0.12 * u, colour);
    if let Some(end) = line_now.last() {
        brush.dot(*end, 0.46 * u, palette.panel_bottom);
        brush.dot(*end, 0.30 * u, colour);
    }
}

/// Triangles between a line and a level, coloured by depth under the highest point: 0 there, 1 at the level.
pub fn area_under(line: &[WallPoint], level: f32, colour: impl Fn(f32) -> crate::scene::Colour) -> Mesh {
    let highest = line.iter().map(|p| p.y).fold(level, f32::min);
    let depth = |y: f32| if level > highest { (y - highest) / (level - highest) } else { 1.0 };
    let mut mesh = Mesh::default();
    for point in line {
        mesh.points.extend([[point.x, point.y], [point.x, level]]);
        mesh.colours.extend([colour(depth(point.y)), colour(1.0)]);
    }
    for pair in 1..line.len() as u32 {
        let a = 2 * (pair - 1);
        mesh.indices.extend([a, a + 1, a + 2, a + 1, a + 3, a + 2]);
    }
    mesh
}
