//! The stretch of a map that is prepared around what is seen, so that a moving camera finds it ready.

use super::Lens;
use crate::data::places::Cells;
use crate::geometry::{WallPoint, WallRect, WallVector, WorldPoint, WorldRect, WorldVector};

/// Lattice steps of a window per width and per height of the map.
const STEPS: f64 = 6.0;
/// Zoom of a level from which the next one, finer by [`GROWTH`], replaces it.
pub const NEXT_LEVEL_ZOOM: f32 = 1.75;
/// From one level to the next.
pub const GROWTH: f64 = 2.0;

/// A part of the Earth at the scale of a level: level 0 shows the whole region, each next one is twice as large. It is
/// aligned to a lattice, so that it stays the same while the camera stays near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// The level.
    pub level: i32,
    /// Its place on the lattice of its level.
    pub step: (i64, i64),
    /// Wall pixels to the whole Earth, at the level itself.
    pub scale: f64,
    /// The north-west corner.
    pub origin: WorldPoint,
    /// Its width and height in pixels of its level.
    pub size: (f64, f64),
}

impl Window {
    /// The window around what `lens` shows in `area` (wall pixels), at the highest level that is not finer than the
    /// lens. `home` is the scale of level 0, in wall pixels to the whole Earth.
    pub fn around(lens: &Lens, area: WallRect, home: f64) -> Self {
        Self::at_level(lens, area, home, ((lens.scale / home).ln() / GROWTH.ln() + 1e-9).floor() as i32)
    }

    /// The window of the next level, for the stretch of zooms in which it takes this one's place.
    pub fn next(&self, lens: &Lens, area: WallRect, home: f64) -> Self {
        Self::at_level(lens, area, home, self.level + 1)
    }

    fn at_level(lens: &Lens, area: WallRect, home: f64, level: i32) -> Self {
        let scale = home * GROWTH.powi(level);
        let (width, height) = (f64::from(area.width()), f64::from(area.height()));
        let (across, down) = (width / STEPS / scale, height / STEPS / scale);
        // What is seen is at most this much wider than the map's place: a level is shown from a little before
        // its own scale on.
        let room = GROWTH / f64::from(NEXT_LEVEL_ZOOM);
        let size = (width * (room + 1.0 / STEPS), height * (room + 1.0 / STEPS));
        let step = |middle: f64, size: f64, step: f64| ((middle - size / 2.0 / scale) / step).round() as i64;
        let step = (step(lens.centre.x, size.0, across), step(lens.centre.y, size.1, down));
        let origin = WorldPoint::new(step.0 as f64 * across, step.1 as f64 * down);
        Self { level, step, scale, origin, size }
    }

    /// The part of the Earth that it holds.
    pub fn bounds(&self) -> WorldRect {
        WorldRect::new(self.origin, self.origin + WorldVector::new(self.size.0, self.size.1) / self.scale)
    }

    /// Where a point lies in the window, in pixels of its level.
    pub fn place(&self, at: WorldPoint) -> WallPoint {
        let from = (at - self.origin) * self.scale;
        WallPoint::new(from.x as f32, from.y as f32)
    }

    /// Where a part of the Earth lies in the window.
    pub fn rect(&self, part: WorldRect) -> WallRect {
        WallRect::new(self.place(part.min), self.place(part.max))
    }

    /// Zoom and offset (wall pixels) that show the window's pixels through `lens`.
    pub fn seen_through(&self, lens: &Lens) -> (f32, WallVector) {
        ((lens.scale / self.scale) as f32, lens.place(self.origin).to_vector())
    }

    /// Cells of `side` pixels all over it.
    pub fn cells(&self, side: f64) -> Cells {
        let count = |pixels: f64| ((pixels / side).ceil() as usize).max(1);
        Cells { origin: self.origin, side: side / self.scale, across: count(self.size.0), down: count(self.size.1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rect;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_window_holds_all_that_is_seen(x in 0.1f64..0.9, y in 0.1f64..0.9, zoom in 0.3f64..3000.0) {
            let area = rect(30.0, 20.0, 900.0, 700.0);
            let home = 40_000.0;
            let lens = Lens { centre: WorldPoint::new(x, y), middle: area.center(), scale: home * zoom };
            let window = Window::around(&lens, area, home);
            let (grown, offset) = window.seen_through(&lens);
            prop_assert!((1.0..2.0001).contains(&grown), "{grown}");
            let seen = lens.seen(area);
            prop_assert!(window.bounds().contains_box(&seen));
            // The same point by both ways.
            let at = lens.centre + WorldVector::new(40.0, -30.0) / lens.scale;
            let both = (lens.place(at), window.place(at) * grown + offset);
            prop_assert!((both.0 - both.1).length() < 0.02, "{both:?}");
            if grown >= NEXT_LEVEL_ZOOM {
                let next = window.next(&lens, area, home);
                prop_assert!(next.bounds().contains_box(&seen) && next.level == window.level + 1);
            }
            prop_assert!(window.cells(2.0).bounds().contains_box(&seen));
        }
    }

    #[test]
    fn a_window_stays_while_the_camera_is_near() {
        let area = rect(0.0, 0.0, 900.0, 700.0);
        let lens = |x: f64| Lens { centre: WorldPoint::new(x, 0.3), middle: area.center(), scale: 40_000.0 };
        let windows: Vec<Window> =
            (0..100).map(|i| Window::around(&lens(0.6 + f64::from(i) * 1e-4), area, 40_000.0)).collect();
        let changes = windows.windows(2).filter(|pair| pair[0] != pair[1]).count();
        // 400 pixels of way, a step of 150.
        assert!((2..=3).contains(&changes), "{changes}");
    }
}
