//! Names beside their towns: which are shown and on which side, so that none covers another.
//!
//! The choice depends on the scale alone, in steps, not on where the map looks: a name does not come and go during a
//! pan, and keeps its side until the next step.

use crate::geometry::{WorldPoint, WorldVector};

/// Ratio of two neighbouring scale steps. Within one step the same names are shown.
pub const STEP: f64 = std::f64::consts::SQRT_2;

/// A name to be placed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelCandidate {
    /// The town.
    pub at: WorldPoint,
    /// The room that the name needs, in wall pixels across and down.
    pub size: (f32, f32),
}

/// On which side of its town a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It begins right of it.
    Right,
    /// It ends left of it.
    Left,
    /// It stands over it.
    Above,
    /// It stands under it.
    Below,
}

const SIDES: [Side; 4] = [Side::Right, Side::Left, Side::Above, Side::Below];

/// A box around a town's point, in wall pixels from it: left, top, right, bottom.
pub type Around = [f64; 4];

impl Side {
    /// The box of a name of `size` on this side, `gap` away from its town.
    pub fn around(self, (width, height): (f32, f32), gap: f32) -> Around {
        let (w, h, gap) = (f64::from(width), f64::from(height), f64::from(gap));
        match self {
            Self::Right => [gap, -h / 2.0, gap + w, h / 2.0],
            Self::Left => [-gap - w, -h / 2.0, -gap, h / 2.0],
            Self::Above => [-w / 2.0, -gap - h, w / 2.0, -gap],
            Self::Below => [-w / 2.0, gap, w / 2.0, gap + h],
        }
    }
}

/// Sides of the names that are shown from `scale` (wall pixels to the whole Earth) up to a [`STEP`] beyond. `candidates`
/// come in order of importance; at most `most` are shown. Names keep clear of shown towns too.
pub fn sides(candidates: &[LabelCandidate], scale: f64, gap: f32, most: usize) -> Vec<Option<Side>> {
    let mut taken: Vec<(WorldPoint, Around)> = Vec::new();
    let mut shown = 0;
    candidates
        .iter()
        .map(|candidate| {
            if shown == most {
                return None;
            }
            let dot = [f64::from(-gap), f64::from(-gap), f64::from(gap), f64::from(gap)];
            let free = |around: &Around| {
                taken.iter().all(|(other, theirs)| stay_apart(*other - candidate.at, around, theirs, scale))
            };
            if !free(&dot) {
                return None;
            }
            let side = SIDES.into_iter().find(|side| free(&side.around(candidate.size, gap)))?;
            taken.push((candidate.at, side.around(candidate.size, gap)));
            taken.push((candidate.at, dot));
            shown += 1;
            Some(side)
        })
        .collect()
}

/// Whether two boxes stay apart from `scale` up to a [`STEP`] beyond; `way` leads from the first one's town to the
/// second's. The distance of two edges is linear in the scale: if it is a gap at both ends, it is one in between.
fn stay_apart(way: WorldVector, a: &Around, b: &Around, scale: f64) -> bool {
    let (near, far) = (way * scale, way * scale * STEP);
    let gap = |from: fn(euclid::default::Vector2D<f64>) -> f64, b_low: f64, a_high: f64| {
        let gap = |way: f64| way + b_low - a_high;
        gap(from(near.to_untyped())) >= 0.0 && gap(from(far.to_untyped())) >= 0.0
    };
    gap(|v| v.x, b[0], a[2]) || gap(|v| -v.x, -b[2], -a[0]) || gap(|v| v.y, b[1], a[3]) || gap(|v| -v.y, -b[3], -a[1])
}

/// The greatest step of scales that is not beyond `scale`, from `home` on.
pub fn step_of(scale: f64, home: f64) -> i32 {
    ((scale / home).ln() / STEP.ln() + 1e-6).floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{WallRect, rect};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_never_overlap_at_any_scale_of_their_step(
            towns in prop::collection::vec((0f64..1.0, 0f64..1.0, 20f32..200.0), 0..60), scale in 100f64..5000.0, part in 0f64..1.0
        ) {
            let candidates: Vec<LabelCandidate> = towns.iter().map(|(x, y, w)| LabelCandidate { at: WorldPoint::new(*x, *y), size: (*w, 30.0) }).collect();
            let sides = sides(&candidates, scale, 8.0, 40);
            prop_assert!(sides.iter().flatten().count() <= 40);
            let at = scale * STEP.powf(part);
            let boxes: Vec<WallRect> = candidates.iter().zip(&sides).filter_map(|(candidate, side)| {
                let [left, top, right, bottom] = (*side)?.around(candidate.size, 8.0);
                let (x, y) = (candidate.at.x * at, candidate.at.y * at);
                Some(rect((x + left) as f32, (y + top) as f32, (right - left) as f32, (bottom - top) as f32).inflate(-0.01, -0.01))
            }).collect();
            for (i, a) in boxes.iter().enumerate() {
                for b in &boxes[i + 1..] {
                    prop_assert!(!a.intersects(b), "{a:?} {b:?}");
                }
            }
            // The most important one is always shown.
            prop_assert!(sides.first().is_none_or(|side| side.is_some()));
        }
    }

    #[test]
    fn steps_are_counted_from_home() {
        assert_eq!([1.0, 1.5, 2.0, 4.0, 0.9].map(|zoom| step_of(1000.0 * zoom, 1000.0)), [0, 1, 2, 4, -1]);
    }
}
