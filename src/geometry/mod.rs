//! Typed spaces and the few things that are done to rectangles in them.
//!
//! Everything is composed in wall pixels. An output sees a part of the wall in its own pixels, and the
//! physical wall is measured in millimetres: the unit of each quantity stands in its type, so that the
//! three cannot be mixed.

mod mercator;

use euclid::default::Size2D as UntypedSize;

pub use mercator::{Frame, World, WorldPoint, WorldRect, WorldVector, km_per_unit};

/// The space of the whole wall: square pixels, origin at its top left corner, bezels included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WallPx {}
/// The space of one output: its own pixels as they are scanned out, origin at its top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputPx {}
/// Millimetres on the physical wall, origin at the top left corner of its lit area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Millimetre {}

/// A point of the wall, in wall pixels.
pub type WallPoint = euclid::Point2D<f32, WallPx>;
/// A displacement on the wall, in wall pixels.
pub type WallVector = euclid::Vector2D<f32, WallPx>;
/// A rectangle of the wall, in wall pixels, by its two corners.
pub type WallRect = euclid::Box2D<f32, WallPx>;
/// A rectangle of whole wall pixels.
pub type WallPixels = euclid::Box2D<i32, WallPx>;
/// A rectangle of whole output pixels.
pub type OutputPixels = euclid::Box2D<i32, OutputPx>;
/// A rectangle in millimetres.
pub type MillimetreRect = euclid::Box2D<f64, Millimetre>;
/// A count of pixels across and down.
pub type PixelSize = UntypedSize<u32>;

/// The rectangle of whole pixels nearest to `rect`; neighbours that shared an edge share it afterwards.
pub fn snap(rect: WallRect) -> WallRect {
    WallRect::new(rect.min.round(), rect.max.round())
}

/// The smallest rectangle of whole pixels that covers `rect`.
pub fn cover(rect: WallRect) -> WallPixels {
    WallPixels::new(rect.min.floor().to_i32(), rect.max.ceil().to_i32())
}

/// A rectangle from its left, top, width and height.
pub fn rect(left: f32, top: f32, width: f32, height: f32) -> WallRect {
    WallRect::new(WallPoint::new(left, top), WallPoint::new(left + width, top + height))
}

/// Joins rectangles until no two overlap and at most `limit` are left.
///
/// Every pixel of the input is covered by the output. Pairs whose union adds the fewest pixels are joined
/// first, so what is covered in excess stays small.
pub fn merge(mut rects: Vec<WallPixels>, limit: usize) -> Vec<WallPixels> {
    rects.retain(|r| !r.is_empty());
    loop {
        let mut best: Option<(usize, usize, i64)> = None;
        for a in 0..rects.len() {
            for b in a + 1..rects.len() {
                let excess = area(rects[a].union(&rects[b])) - area(rects[a]) - area(rects[b]);
                let must = rects[a].intersects(&rects[b]) || excess <= 0;
                if (must || rects.len() > limit) && best.is_none_or(|(_, _, least)| excess < least) {
                    best = Some((a, b, excess));
                }
            }
        }
        match best {
            Some((a, b, _)) => {
                let joined = rects[a].union(&rects[b]);
                rects.swap_remove(b);
                rects[a] = joined;
            }
            None => return rects,
        }
    }
}

/// The number of pixels in a rectangle.
pub fn area(pixels: WallPixels) -> i64 {
    if pixels.is_empty() { 0 } else { i64::from(pixels.width()) * i64::from(pixels.height()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pixels() -> impl Strategy<Value = WallPixels> {
        (-50..200i32, -50..200i32, 0..60i32, 0..60i32)
            .prop_map(|(x, y, w, h)| WallPixels::new((x, y).into(), (x + w, y + h).into()))
    }

    proptest! {
        #[test]
        fn merged_rectangles_cover_the_input_and_do_not_overlap(
            rects in prop::collection::vec(pixels(), 0..12), limit in 1..6usize
        ) {
            let merged = merge(rects.clone(), limit);
            prop_assert!(merged.len() <= limit);
            for r in rects.iter().filter(|r| !r.is_empty()) {
                prop_assert!(merged.iter().any(|m| m.contains_box(r)));
            }
            for (i, a) in merged.iter().enumerate() {
                for b in &merged[i + 1..] {
                    prop_assert!(!a.intersects(b));
                }
            }
        }

        #[test]
        fn snapping_keeps_shared_edges(x in -1e4f32..1e4, w in 0f32..1e3, w2 in 0f32..1e3) {
            let left = snap(rect(x, 0.0, w, 1.0));
            let right = snap(WallRect::new(WallPoint::new(x + w, 0.0), WallPoint::new(x + w + w2, 1.0)));
            prop_assert_eq!(left.max.x, right.min.x);
        }
    }
}
