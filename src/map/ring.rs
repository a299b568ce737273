//! Rings of points: the part of one within limits, what is inside as triangles, which part of each cell is.

use lyon_tessellation::path::Path;
use lyon_tessellation::{BuffersBuilder, FillOptions, FillRule, FillTessellator, FillVertex, VertexBuffers};
use zeno::{Command, Fill, Mask, Vector};

use crate::data::places::Cells;
use crate::geometry::{WallPoint, WallRect, WorldPoint, rect};

/// Clips a ring to `limits` (Sutherland and Hodgman): parts far outside cost precision and time. Where the ring leaves
/// the limits it follows their edge, unseen.
pub fn cut(ring: &[WallPoint], limits: WallRect) -> Vec<WallPoint> {
    let around = WallRect::from_points(ring.iter().copied());
    if limits.contains_box(&around) {
        return ring.to_vec();
    }
    type Inside = fn(WallPoint, WallRect) -> f32;
    let sides: [Inside; 4] = [|p, l| p.x - l.min.x, |p, l| l.max.x - p.x, |p, l| p.y - l.min.y, |p, l| l.max.y - p.y];
    sides.iter().fold(ring.to_vec(), |points, inside| {
        let mut kept = Vec::with_capacity(points.len());
        for (index, at) in points.iter().enumerate() {
            let before = points[(index + points.len() - 1) % points.len()];
            let (there, here) = (inside(before, limits), inside(*at, limits));
            if (there < 0.0) != (here < 0.0) {
                kept.push(before + (*at - before) * (there / (there - here)));
            }
            if here >= 0.0 {
                kept.push(*at);
            }
        }
        kept
    })
}

/// Tessellates the inside of a path: vertices, and three indices a triangle. Holes are wound opposite to what they are
/// in. Empty if the path cannot be filled: a map without one patch is better than no map.
pub fn triangles(path: &Path) -> (Vec<[f32; 2]>, Vec<u32>) {
    let mut buffers: VertexBuffers<[f32; 2], u32> = VertexBuffers::new();
    let options = FillOptions::default().with_fill_rule(FillRule::NonZero);
    let mut output = BuffersBuilder::new(&mut buffers, |vertex: FillVertex<'_>| vertex.position().to_array());
    if FillTessellator::new().tessellate_path(path, &options, &mut output).is_err() {
        return (Vec::new(), Vec::new());
    }
    // The tessellator begins with room for hundreds: of thousands of small lands that is most of the memory.
    buffers.vertices.shrink_to_fit();
    buffers.indices.shrink_to_fit();
    (buffers.vertices, buffers.indices)
}

/// Coverage of each cell by `rings`, 0 to 255, row by row. Holes are wound opposite to what they are in.
pub fn coverage<'a>(rings: impl IntoIterator<Item = &'a Vec<WorldPoint>>, cells: &Cells) -> Vec<u8> {
    let limits = rect(0.0, 0.0, cells.across as f32, cells.down as f32).inflate(2.0, 2.0);
    let mut path: Vec<Command> = Vec::new();
    for ring in rings {
        let place = |at: &WorldPoint| ((*at - cells.origin) / cells.side).to_f32().to_point().cast_unit();
        let points = cut(&ring.iter().map(place).collect::<Vec<WallPoint>>(), limits);
        let points = points.iter().map(|at| Vector::new(at.x, at.y));
        path.extend(points.enumerate().map(|(i, at)| if i == 0 { Command::MoveTo(at) } else { Command::LineTo(at) }));
        path.push(Command::Close);
    }
    let mut covered = vec![0; cells.across * cells.down];
    Mask::new(&path[..])
        .size(cells.across as u32, cells.down as u32)
        .style(Fill::NonZero)
        .render_into(&mut covered, None);
    covered
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Coord, LineString, Polygon};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_cut_lies_within_the_limits_and_covers_what_was_there(
            corners in prop::collection::vec((0f32..std::f32::consts::TAU, 5f32..120.0), 3..12)
        ) {
            // A star-shaped ring around the middle, so that its area within the limits can be found by counting.
            let mut corners = corners;
            corners.sort_by(|a, b| a.0.total_cmp(&b.0));
            let ring: Vec<WallPoint> = corners.iter().map(|(a, r)| WallPoint::new(50.0 + r * a.cos(), 50.0 + r * a.sin())).collect();
            let limits = rect(0.0, 0.0, 100.0, 100.0);
            let inner = cut(&ring, limits);
            prop_assert!(inner.iter().all(|p| limits.inflate(0.01, 0.01).contains(*p)));
            let polygon = |points: &[WallPoint]| Polygon::new(LineString(points.iter().map(|p| Coord { x: f64::from(p.x), y: f64::from(p.y) }).collect()), vec![]);
            let (whole, part) = (polygon(&ring), polygon(&inner));
            for x in 0..20 {
                for y in 0..20 {
                    use geo::Contains;
                    let at = geo::Point::new(f64::from(x) * 5.0 + 2.51, f64::from(y) * 5.0 + 2.49);
                    let near_edge = whole.exterior().lines().any(|l| geo::Distance::distance(&geo::Euclidean, &l, &at) < 0.05);
                    prop_assert!(near_edge || whole.contains(&at) == part.contains(&at), "{at:?}");
                }
            }
        }
    }

    #[test]
    fn a_cell_is_covered_by_the_part_of_it_that_is_land() {
        let cells = Cells { origin: WorldPoint::new(0.6, 0.3), side: 1e-4, across: 4, down: 3 };
        let at = |x: f64, y: f64| WorldPoint::new(0.6 + x * 1e-4, 0.3 + y * 1e-4);
        // From the middle of the first column to far beyond the last, with a hole over one cell.
        let land = vec![at(0.5, -50.0), at(900.0, -50.0), at(900.0, 50.0), at(0.5, 50.0)];
        let lake = vec![at(2.0, 1.0), at(2.0, 2.0), at(3.0, 2.0), at(3.0, 1.0)];
        let covered = coverage(&[land, lake], &cells);
        let expected = [128, 255, 255, 255, 128, 255, 0, 255, 128, 255, 255, 255];
        assert!(covered.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1), "{covered:?}");
        assert_eq!(coverage(&[], &cells), vec![0; 12]);
    }
}
