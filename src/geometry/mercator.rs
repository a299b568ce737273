//! Web Mercator (EPSG:3857, on the sphere): the Earth as a square of one unit, its origin in the north-west,
//! x eastwards and y southwards. It is conformal: towns keep their shapes at every scale.

use std::f64::consts::PI;
use std::sync::LazyLock;

/// The space of the whole Earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {}
/// A point of the Earth.
pub type WorldPoint = euclid::Point2D<f64, World>;
/// A displacement on the Earth.
pub type WorldVector = euclid::Vector2D<f64, World>;
/// A rectangle of the Earth, by its two corners.
pub type WorldRect = euclid::Box2D<f64, World>;

/// Around the equator of a sphere of the Earth's mean radius, 6,371.0088 km (IUGG).
const AROUND_KM: f64 = 40_030.228_9;
/// Mercator's square ends near 85.05°; nobody lives beyond 85°.
const FARTHEST_LAT: f64 = 85.0;

/// Meridian at which the Earth is cut: longitudes west of it continue beyond 180°, so that a region across the
/// antimeridian, such as Chukotka, stays in one piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    west: f64,
}

impl Frame {
    /// Cut at the antimeridian.
    pub const PLAIN: Self = Self { west: f64::NEG_INFINITY };

    /// The frame that keeps the longitudes from `west` to `east`, in degrees, in one piece. In plain longitudes, a
    /// region across the antimeridian spans almost 360°, or continues beyond 180°.
    pub fn around(west: f64, east: f64) -> Self {
        if east - west > 180.0 || east > 180.0 { Self { west: 0.0 } } else { Self::PLAIN }
    }

    /// Where a longitude and latitude in degrees stands.
    pub fn place(self, lon: f64, lat: f64) -> WorldPoint {
        WorldPoint::new(self.x(lon), y_of(lat))
    }

    /// Like `place`, from millionths of a degree, as in appeals. Latitudes come from a table, accurate to centimetres.
    pub fn place_e6(self, lon_e6: i32, lat_e6: i32) -> WorldPoint {
        WorldPoint::new(self.x(f64::from(lon_e6) / 1e6), tabled_y(lat_e6))
    }

    /// The longitude and latitude of a point, in degrees.
    pub fn degrees(self, at: WorldPoint) -> (f64, f64) {
        let lon = (at.x - 0.5) * 360.0;
        let lat = (PI * (1.0 - 2.0 * at.y)).sinh().atan().to_degrees();
        (if lon > 180.0 { lon - 360.0 } else { lon }, lat)
    }

    fn x(self, lon: f64) -> f64 {
        (if lon < self.west { lon + 360.0 } else { lon }) / 360.0 + 0.5
    }
}

/// Kilometres to a unit, at a point's latitude: Mercator's scale grows with the secant.
pub fn km_per_unit(at: WorldPoint) -> f64 {
    AROUND_KM / (PI * (1.0 - 2.0 * at.y)).cosh()
}

fn y_of(lat: f64) -> f64 {
    0.5 - lat.clamp(-FARTHEST_LAT, FARTHEST_LAT).to_radians().tan().asinh() / (2.0 * PI)
}

/// From one latitude of the table to the next, in millionths of a degree.
const STEP_E6: i32 = 2_000;

/// Mercator y from a table: a logarithm for each of a million appeals would take 30 ms. Linear interpolation between
/// the table's steps is accurate to five centimetres at 82° of latitude.
fn tabled_y(lat_e6: i32) -> f64 {
    static TABLE: LazyLock<Vec<f64>> = LazyLock::new(|| {
        (0..=180_000_000 / STEP_E6).map(|step| y_of(f64::from(step * STEP_E6) / 1e6 - 90.0)).collect()
    });
    let above = lat_e6.clamp(-90_000_000, 90_000_000) + 90_000_000;
    let step = ((above / STEP_E6) as usize).min(TABLE.len() - 2);
    let part = f64::from(above - step as i32 * STEP_E6) / f64::from(STEP_E6);
    TABLE[step] + (TABLE[step + 1] - TABLE[step]) * part
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_points_stand_where_the_standard_puts_them() {
        // EPSG:3857 of Moscow's Kremlin, in metres of a sphere of 6,378,137 m: 4,187,600 by 7,509,500.
        let at = Frame::PLAIN.place(37.6176, 55.7520);
        let around = 2.0 * PI * 6_378_137.0;
        assert!(((at.x - 0.5) * around - 4_187_572.0).abs() < 60.0, "{}", (at.x - 0.5) * around);
        assert!(((0.5 - at.y) * around - 7_509_474.0).abs() < 900.0, "{}", (0.5 - at.y) * around);
        // A degree of latitude is 111.2 km.
        let (a, b) = (Frame::PLAIN.place(37.0, 55.5), Frame::PLAIN.place(37.0, 56.5));
        let middle = Frame::PLAIN.place(37.0, 56.0);
        assert!(((a.y - b.y) * km_per_unit(middle) - 111.19).abs() < 0.05);
    }

    #[test]
    fn a_region_across_the_antimeridian_is_one_piece() {
        let frame = Frame::around(-180.0, 180.0);
        assert!((frame.place(180.0, 65.0) - frame.place(-180.0, 65.0)).length() < 1e-12);
        assert!(frame.place(-170.0, 65.0).x > frame.place(170.0, 65.0).x);
        assert!((frame.degrees(frame.place(-170.0, 65.0)).0 + 170.0).abs() < 1e-9);
        assert_eq!(Frame::around(35.0, 40.0), Frame::PLAIN);
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(lon in -179.9f64..179.9, lat in -84.0f64..84.0) {
            let (x, y) = Frame::PLAIN.degrees(Frame::PLAIN.place(lon, lat));
            prop_assert!((x - lon).abs() < 1e-9 && (y - lat).abs() < 1e-9);
        }

        #[test]
        fn the_table_is_the_formula_within_centimetres(lon in -179_000_000i32..179_000_000, lat in -82_000_000i32..82_000_000) {
            let (exact, tabled) = (Frame::PLAIN.place(f64::from(lon) / 1e6, f64::from(lat) / 1e6), Frame::PLAIN.place_e6(lon, lat));
            prop_assert!((exact - tabled).length() * km_per_unit(exact) < 0.000_06);
        }
    }
}
