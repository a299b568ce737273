//! From the Earth to the wall: which part of it a map shows, and how large.

use crate::geometry::{WallPoint, WallRect, WorldPoint, WorldRect, km_per_unit};

/// A place on the wall at which a point of the Earth is seen, and the scale around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    /// The point of the Earth in the middle of the map.
    pub centre: WorldPoint,
    /// Where on the wall the middle of the map is.
    pub middle: WallPoint,
    /// Wall pixels to the whole Earth.
    pub scale: f64,
}

impl Lens {
    /// Shows all of `bounds` as large as `area` allows, in its middle.
    pub fn fit(bounds: WorldRect, area: WallRect) -> Self {
        let across = f64::from(area.width()) / bounds.width().max(1e-12);
        let down = f64::from(area.height()) / bounds.height().max(1e-12);
        Self { centre: bounds.center(), middle: area.center(), scale: across.min(down) }
    }

    /// Projects a point to wall pixels. It is computed relative to the centre, which keeps the precision of a yard.
    pub fn place(&self, at: WorldPoint) -> WallPoint {
        let from_middle = (at - self.centre) * self.scale;
        WallPoint::new(self.middle.x + from_middle.x as f32, self.middle.y + from_middle.y as f32)
    }

    /// The point of the Earth at a point of the wall.
    pub fn world(&self, at: WallPoint) -> WorldPoint {
        let from_middle = (at - self.middle).to_f64();
        self.centre + euclid::vec2(from_middle.x, from_middle.y) / self.scale
    }

    /// The part of the Earth that is seen through `area`.
    pub fn seen(&self, area: WallRect) -> WorldRect {
        WorldRect::new(self.world(area.min), self.world(area.max))
    }

    /// Wall pixels to a kilometre, in the middle of the map.
    pub fn px_per_km(&self) -> f32 {
        (self.scale / km_per_unit(self.centre)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Frame, rect};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_fitted_is_seen_whole_and_touches_two_edges(
            lon in -170f64..170.0, lat in -70f64..70.0, width in 0.01f64..10.0, height in 0.01f64..10.0
        ) {
            let (a, b) = (Frame::PLAIN.place(lon, lat + height), Frame::PLAIN.place(lon + width, lat));
            let area = rect(100.0, 50.0, 900.0, 500.0);
            let lens = Lens::fit(WorldRect::new(a, b), area);
            let (a, b) = (lens.place(a), lens.place(b));
            prop_assert!(area.inflate(0.01, 0.01).contains_box(&WallRect::new(a, b)), "{a:?} {b:?}");
            prop_assert!((b.x - a.x - 900.0).abs() < 0.1 || (b.y - a.y - 500.0).abs() < 0.1);
        }

        #[test]
        fn yards_are_told_apart(lon in -170f64..170.0, lat in -70f64..70.0) {
            // A pixel a quarter of a metre: neighbours ten metres apart stand forty pixels apart, anywhere.
            let at = Frame::PLAIN.place(lon, lat);
            let ten_metres = 0.01 / km_per_unit(at);
            let lens = Lens { centre: at, middle: WallPoint::new(960.0, 540.0), scale: 4000.0 * km_per_unit(at) };
            let near = lens.place(at + euclid::vec2(ten_metres, 0.0));
            prop_assert!((near.x - 1000.0).abs() < 0.01, "{near:?}");
            let back = lens.world(near);
            prop_assert!((back.x - at.x - ten_metres).abs() * km_per_unit(at) < 1e-5);
        }
    }
}
