//! A scene in words, for tests: what a diff can show.

use std::fmt::Write;

use super::{Fill, Primitive, Scene};
use crate::geometry::{WallPoint, WallRect};

/// One line a primitive, rounded to whole pixels, in the order of painting.
pub fn describe(scene: &Scene) -> String {
    let mut text = String::new();
    for group in &scene.groups {
        let _ = writeln!(text, "group opacity {:.2}", group.opacity);
        for layer in &group.layers {
            let zoom = if layer.zoom == 1.0 { String::new() } else { format!(" zoom {:.3}", layer.zoom) };
            let (x, y) = (layer.offset.x, layer.offset.y);
            let _ = writeln!(text, "  layer clip {} offset {x:.0},{y:.0}{zoom}", edges(layer.clip));
            for primitive in &layer.content.primitives {
                let _ = writeln!(text, "    {}", line(primitive));
            }
        }
    }
    text
}

fn edges(rect: WallRect) -> String {
    format!("{:.0},{:.0} {:.0}×{:.0}", rect.min.x, rect.min.y, rect.width(), rect.height())
}

fn line(primitive: &Primitive) -> String {
    match primitive {
        Primitive::Rect { rect, fill, border, .. } => {
            let fill = match fill {
                Fill::Solid(c) => hex(*c),
                Fill::Vertical(a, b) => format!("{} ↓ {}", hex(*a), hex(*b)),
                Fill::Horizontal(a, b) => format!("{} → {}", hex(*a), hex(*b)),
                Fill::Radial(a, b) => format!("{} ⊙ {}", hex(*a), hex(*b)),
            };
            let border = border.map_or(String::new(), |b| format!(" border {}", hex(b.colour)));
            format!("rect {} {fill}{border}", edges(*rect))
        }
        Primitive::Text { run, origin, colour } => {
            format!("text {:.0},{:.0} {:.0}px {} «{}»", origin.x, origin.y, run.size, hex(*colour), run.text)
        }
        Primitive::Line { points, width, colour } => {
            format!("line {} {width:.0}px {}", outline(points.iter().copied()), hex(*colour))
        }
        Primitive::Mesh(mesh) => {
            let corners = mesh.points.iter().map(|[x, y]| WallPoint::new(*x, *y));
            let colours = mesh.colours.first().map_or_else(String::new, |first| hex(*first));
            format!("mesh {} triangles {} {colours}", mesh.indices.len() / 3, outline(corners))
        }
        Primitive::Heat(heat) => {
            let highest = heat.field.levels.iter().max().copied().unwrap_or(0);
            format!("heat {} {}×{} cells to level {highest}", edges(heat.rect), heat.field.width, heat.field.height)
        }
        Primitive::Image { rect, .. } => format!("image {}", edges(*rect)),
    }
}

/// The number of points, their bounds, and a checksum that tells apart outlines of the same bounds.
fn outline(points: impl Iterator<Item = WallPoint> + Clone) -> String {
    // Quarters of a pixel: what is farther apart is seen.
    let quarters = points.clone().flat_map(|at| [at.x, at.y]).map(|edge| (edge * 4.0).round() as i32);
    let sum = quarters.fold(0u32, |sum, edge| sum.wrapping_mul(31).wrapping_add(edge as u32));
    let around = edges(WallRect::from_points(points.clone()));
    format!("{} points {around} ~{:04x}", points.count(), (sum ^ (sum >> 16)) & 0xFFFF)
}

fn hex(colour: super::Colour) -> String {
    let [r, g, b, a] = colour.0;
    format!("#{r:02X}{g:02X}{b:02X}{}", if a == 255 { String::new() } else { format!("/{a}") })
}
