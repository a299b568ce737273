//! The heat layer's numbers: how densely appeals lie, as a smooth field.
//!
//! Appeals are counted in cells, exactly. The counts are blurred narrowly and widely and the mean of the two is
//! taken, so that a crossroads and a district can both be seen; the sum over the field stays the number of
//! appeals. A kernel density: what it says at a point is appeals per square kilometre around it.

use crate::data::places::{Cells, TiledPoints};
use crate::scene::Field;

/// The widths of the two blurs, as standard deviations in kilometres, on a map of a whole region.
const NARROW_KM: f64 = 1.1;
const WIDE_KM: f64 = 3.5;
/// Smallest widths of the two blurs, in cells: narrower ones show the cells.
const FEWEST_CELLS: (f64, f64) = (1.4, 4.0);

/// Range of densities that colours tell apart, on a logarithmic scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp {
    /// Values up to this are not shown.
    pub low: f32,
    /// Values above this have the same colour.
    pub high: f32,
}

impl Ramp {
    /// The ramp in other units, `factor` of them to one.
    #[must_use]
    pub fn times(self, factor: f32) -> Self {
        Self { low: self.low * factor, high: self.high * factor }
    }

    /// The part of the ramp at which a value stands: 0 at its beginning, 1 at its end.
    pub fn part(&self, value: f32) -> f32 {
        (value / self.low).ln() / (self.high / self.low).ln()
    }
}

/// How widely a density is smoothed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bandwidth {
    /// The narrow blur, in cells.
    pub narrow: f32,
    /// The wide blur, in cells.
    pub wide: f32,
}

impl Bandwidth {
    /// Bandwidth for cells of `cell_km` kilometres on a map at `zoom` times the scale of the whole region. It narrows
    /// with the root of the zoom: streets can be told apart, but clusters do not break up into single appeals.
    pub fn new(cell_km: f64, zoom: f64) -> Self {
        let nearer = zoom.max(1.0).sqrt();
        let cells = |km: f64, fewest: f64| (km / nearer / cell_km).max(fewest) as f32;
        Self { narrow: cells(NARROW_KM, FEWEST_CELLS.0), wide: cells(WIDE_KM, FEWEST_CELLS.1) }
    }

    /// The same, so many times as wide.
    #[must_use]
    pub fn times(self, factor: f32) -> Self {
        Self { narrow: self.narrow * factor, wide: self.wide * factor }
    }

    /// Peak of a single appeal, in appeals per cell.
    pub fn top_of_one(&self) -> f32 {
        (self.narrow.powi(-2) + self.wide.powi(-2)) / (4.0 * std::f32::consts::PI)
    }

    /// How far beyond the edge of what is shown appeals count.
    pub fn margin(&self) -> usize {
        (self.wide * 2.6).ceil() as usize
    }
}

/// Appeals to a cell, smoothed; the cells' neighbours beyond the edges are counted in.
pub fn density(places: &TiledPoints, cells: &Cells, bandwidth: Bandwidth) -> Vec<f32> {
    let margin = bandwidth.margin();
    let wider = cells.wider(margin);
    let counts: Vec<f32> = places.counts(&wider).iter().map(|n| *n as f32).collect();
    smoothed(&counts, &wider, margin, bandwidth)
}

/// Counts of cells, smoothed, without the `margin` around them.
pub fn smoothed(counts: &[f32], wider: &Cells, margin: usize, bandwidth: Bandwidth) -> Vec<f32> {
    let narrow = blur(counts, wider.across, bandwidth.narrow);
    let wide = blur(counts, wider.across, bandwidth.wide);
    let (across, down) = (wider.across - 2 * margin, wider.down - 2 * margin);
    let mut density = Vec::with_capacity(across * down);
    for row in margin..margin + down {
        let from = row * wider.across + margin;
        density.extend(narrow[from..from + across].iter().zip(&wide[from..from + across]).map(|(a, b)| (a + b) / 2.0));
    }
    density
}

/// Residents per square kilometre below which no rate is shown: one appeal would be many for so few people.
pub const FEWEST_RESIDENTS: f32 = 5.0;

/// Appeals per 1000 residents, from appeals and residents per cell of `cell_km2` square kilometres; 0 where fewer than
/// [`FEWEST_RESIDENTS`] live.
pub fn per_thousand(density: &[f32], residents: &[f32], cell_km2: f32) -> Vec<f32> {
    let fewest = FEWEST_RESIDENTS * cell_km2;
    let share = |(appeals, residents): (&f32, &f32)| {
        if *residents < fewest { 0.0 } else { appeals * 1000.0 / residents }
    };
    density.iter().zip(residents).map(share).collect()
}

/// Multiplies a density by the share of each cell that is land; `land` is 0 to 255.
pub fn on_land(density: &mut [f32], land: &[u8]) {
    density.iter_mut().zip(land).for_each(|(density, land)| *density *= f32::from(*land) / 255.0);
}

/// The density, in appeals per cell, that three in a thousand of the lit cells exceed, so that one crowded doorstep
/// does not darken the region.
pub fn top(density: &[f32]) -> f32 {
    let mut lit: Vec<f32> = density.iter().copied().filter(|d| *d > 1e-6).collect();
    if lit.is_empty() {
        return 0.0;
    }
    let at = (lit.len() * 997 / 1000).min(lit.len() - 1);
    let (_, value, _) = lit.select_nth_unstable_by(at, f32::total_cmp);
    *value
}

/// The next of 1, 2, 5, 10, 20 ... that is not smaller: a scale whose end is such a number changes once in weeks.
pub fn rounded_up(value: f32) -> f32 {
    if !(value > 0.0 && value.is_finite()) {
        return 0.0;
    }
    let power = 10f32.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|step| step * power).into_iter().find(|step| *step >= value * 0.9999).unwrap_or(value)
}

/// The field as the ramp shows it.
pub fn levels(density: &[f32], cells: &Cells, ramp: Ramp) -> Field {
    let scale = 255.0 / (ramp.high / ramp.low).log2();
    let shows = ramp.low > 0.0;
    let level = |value: &f32| if shows && *value > ramp.low { ((value / ramp.low).log2() * scale) as u8 } else { 0 };
    Field { width: cells.across as u32, height: cells.down as u32, levels: density.iter().map(level).collect() }
}

/// A Gaussian blur as four extended box blurs, or five where it is narrow. The variance is exact and the time does not
/// depend on it; tops come out lower by up to 8 %, as the fourth moment of so many boxes is less than a Gaussian's:
/// Gwosdek, Grewenig, Bruhn and Weickert, "Theoretical foundations of Gaussian convolution by extended box
/// filtering" (2011).
fn blur(field: &[f32], across: usize, sigma: f32) -> Vec<f32> {
    let down = field.len() / across.max(1);
    let passes = if sigma < 3.0 { 5 } else { 4 };
    let variance = f64::from(sigma) * f64::from(sigma) / f64::from(passes);
    let half = (((1.0 + 12.0 * variance).sqrt() - 1.0) / 2.0).floor();
    let width = 2.0 * half + 1.0;
    let edge = width * (half * (half + 1.0) - 3.0 * variance) / (6.0 * (variance - (half + 1.0) * (half + 1.0)));
    let whole = (width + 2.0 * edge) as f32;
    let kernel = Box1d { half: half as usize, inner: 1.0 / whole, edge: edge as f32 / whole };
    let mut field = field.to_vec();
    let mut other = vec![0.0; field.len()];
    for _ in 0..passes {
        for (row, out) in field.chunks_exact(across).zip(other.chunks_exact_mut(across)) {
            kernel.along(row, out);
        }
        kernel.down(&other, &mut field, across, down);
    }
    field
}

/// A box whose outermost cells count in part.
struct Box1d {
    half: usize,
    inner: f32,
    edge: f32,
}

impl Box1d {
    fn along(&self, row: &[f32], out: &mut [f32]) {
        let at = |i: usize| row.get(i).copied().unwrap_or(0.0);
        // In f64, or what was added and taken away leaves a trace along the row.
        let mut sum: f64 = row.iter().take(self.half).map(|v| f64::from(*v)).sum();
        for i in 0..row.len() {
            sum += f64::from(at(i + self.half));
            if i > self.half {
                sum -= f64::from(row[i - self.half - 1]);
            }
            let before = if i > self.half { row[i - self.half - 1] } else { 0.0 };
            let edges = before + at(i + self.half + 1);
            out[i] = (sum as f32 * self.inner + edges * self.edge).max(0.0);
        }
    }

    fn down(&self, field: &[f32], out: &mut [f32], across: usize, down: usize) {
        let row = |i: usize| field.get(i * across..(i + 1) * across);
        let mut sums = vec![0.0_f64; across];
        let add = |sums: &mut [f64], row: Option<&[f32]>, sign: f64| {
            if let Some(row) = row {
                sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += sign * f64::from(*v));
            }
        };
        (0..self.half).for_each(|i| add(&mut sums, row(i), 1.0));
        let none = vec![0.0; across];
        for i in 0..down {
            add(&mut sums, row(i + self.half), 1.0);
            let before = (i > self.half).then(|| row(i - self.half - 1)).flatten();
            add(&mut sums, before, -1.0);
            let (before, after) = (before.unwrap_or(&none), row(i + self.half + 1).unwrap_or(&none));
            let out = &mut out[i * across..(i + 1) * across];
            for (((out, sum), a), b) in out.iter_mut().zip(&sums).zip(before).zip(after) {
                *out = (*sum as f32 * self.inner + (a + b) * self.edge).max(0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{WorldPoint, WorldRect, WorldVector};
    use proptest::prelude::*;

    fn cells(across: usize, down: usize) -> Cells {
        Cells { origin: WorldPoint::new(0.6, 0.3), side: 1e-5, across, down }
    }

    /// The kernel as its definition says: the twin that the fast one is held to.
    fn plain_gauss(field: &[f32], across: usize, sigma: f64) -> Vec<f64> {
        let down = field.len() / across;
        let weight = |d: f64| (-d * d / (2.0 * sigma * sigma)).exp();
        let total: f64 = (-200..=200).map(|d| weight(f64::from(d))).sum();
        let mut out = vec![0.0; field.len()];
        for (from, value) in field.iter().enumerate().filter(|(_, v)| **v > 0.0) {
            let (x, y) = ((from % across) as f64, (from / across) as f64);
            for (to, out) in out.iter_mut().enumerate() {
                let (dx, dy) = ((to % across) as f64 - x, (to / across) as f64 - y);
                *out += f64::from(*value) * weight(dx) * weight(dy) / (total * total);
            }
        }
        debug_assert_eq!(out.len(), across * down);
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_blur_is_a_gaussian(
            points in prop::collection::vec((30usize..60, 25usize..45, 1u32..50), 1..12), sigma in 1.4f32..7.0
        ) {
            let (across, down) = (90, 70);
            let mut counts = vec![0.0_f32; across * down];
            points.iter().for_each(|(x, y, n)| counts[y * across + x] += *n as f32);
            let (fast, exact) = (blur(&counts, across, sigma), plain_gauss(&counts, across, f64::from(sigma)));
            let highest = exact.iter().copied().fold(0.0, f64::max);
            for (a, b) in fast.iter().zip(&exact) {
                // Three boxes instead: at the narrowest they miss by a little over 8 % of the highest.
                prop_assert!((f64::from(*a) - b).abs() < 0.10 * highest, "{a} {b} of {highest}");
            }
            let (sum, count): (f32, f32) = (fast.iter().sum(), counts.iter().sum());
            prop_assert!((sum - count).abs() < 0.001 * count, "{sum} {count}");
        }

        #[test]
        fn a_field_and_a_part_of_it_agree(points in prop::collection::vec((0f64..1.0, 0f64..1.0), 1..300)) {
            let whole = cells(120, 90);
            let bounds = whole.bounds();
            let placed: Vec<WorldPoint> = points.iter()
                .map(|(x, y)| bounds.min + WorldVector::new(x * bounds.width(), y * bounds.height())).collect();
            let places = TiledPoints::new(WorldRect::new(bounds.min, bounds.max), placed.iter().copied());
            let bandwidth = Bandwidth { narrow: 1.5, wide: 4.0 };
            let field = density(&places, &whole, bandwidth);
            let part = Cells { origin: whole.origin + WorldVector::new(40.0, 30.0) * whole.side, across: 50, down: 40, ..whole };
            let inner = density(&places, &part, bandwidth);
            for row in 0..part.down {
                for column in 0..part.across {
                    let outer = field[(row + 30) * whole.across + column + 40];
                    prop_assert!((inner[row * part.across + column] - outer).abs() < 1e-3 + 0.01 * outer);
                }
            }
        }
    }

    #[test]
    fn the_bandwidth_narrows_slower_than_the_map_grows() {
        let (home, near) = (Bandwidth::new(0.5, 1.0), Bandwidth::new(0.5 / 4.0, 4.0));
        assert!((home.narrow - 2.2).abs() < 1e-6 && (home.wide - 7.0).abs() < 1e-6);
        assert!((near.narrow / home.narrow - 2.0).abs() < 1e-3);
        // A map of a country, on which a kilometre is less than a cell, does not fall into points.
        assert_eq!(Bandwidth::new(10.0, 1.0), Bandwidth { narrow: 1.4, wide: 4.0 });
    }

    #[test]
    fn scales_end_in_round_numbers() {
        for (value, expected) in [(0.3, 0.5), (1.0, 1.0), (1.1, 2.0), (37.0, 50.0), (0.0, 0.0), (600.0, 1000.0)] {
            assert!((rounded_up(value) - expected).abs() < 1e-4 * expected.max(1.0), "{value} {}", rounded_up(value));
        }
        assert_eq!(rounded_up(f32::NAN), 0.0);
    }

    #[test]
    fn nothing_is_shown_where_nothing_came_from() {
        let field = levels(&vec![0.0; 600], &cells(30, 20), Ramp { low: 0.025, high: 5.0 });
        assert_eq!((field.width, field.height), (30, 20));
        assert!(field.levels.iter().all(|level| *level == 0));
        assert!(
            levels(&[1.0, 5.0, 0.001], &cells(3, 1), Ramp { low: 0.025, high: 5.0 }).levels == [177, 255, 0],
            "{:?}",
            levels(&[1.0, 5.0, 0.001], &cells(3, 1), Ramp { low: 0.025, high: 5.0 }).levels
        );
    }
}
