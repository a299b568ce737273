//! The heat layer of the map: where how many appeals came from, per square kilometre.
//!
//! Appeals are counted in cells, exactly; the counts are blurred narrowly and widely, and the mean of the
//! two is shown on a logarithmic scale, so that a lone village and the capital can both be read.

use crate::geometry::{WallPoint, rect};
use crate::scene::{Brush, Colour, Fill, Picture, heat};

/// Wall pixels a side of a cell.
const CELL: f32 = 2.0;
/// The narrow and the wide blur, in kilometres.
const NARROW_KM: f32 = 1.1;
const WIDE_KM: f32 = 3.5;
/// The density at which the ramp begins, as a part of where it ends.
const LOWEST: f32 = 0.005;

/// Paints the densities of `points` over an area of `width` × `height` wall pixels from `origin`;
/// `px_per_km` is the scale of the map. Old data is greyed. With it comes the density at which the ramp ends,
/// in appeals per square kilometre.
pub fn picture(
    points: impl Iterator<Item = WallPoint>,
    origin: WallPoint,
    (width, height): (f32, f32),
    px_per_km: f32,
    faded: bool,
) -> (Picture, f32) {
    let across = ((width / CELL).ceil() as usize).max(1);
    let down = ((height / CELL).ceil() as usize).max(1);
    let mut counts = vec![0u32; across * down];
    for point in points {
        let at = (point - origin) / CELL;
        if at.x >= 0.0 && at.y >= 0.0 && (at.x as usize) < across && (at.y as usize) < down {
            counts[at.y as usize * across + at.x as usize] += 1;
        }
    }
    let counts: Vec<f32> = counts.into_iter().map(|n| n as f32).collect();
    let cells_per_km = px_per_km / CELL;
    let narrow = blur(&counts, across, down, NARROW_KM * cells_per_km);
    let wide = blur(&counts, across, down, WIDE_KM * cells_per_km);
    let density: Vec<f32> = narrow.iter().zip(&wide).map(|(a, b)| (a + b) / 2.0).collect();
    let highest = top(&density);
    let (low, high) = (highest * LOWEST, highest);
    let grey = Colour::rgb(0x7A_8694);
    let ramp: Vec<[u8; 4]> = (0..=255u8)
        .map(|step| {
            let t = f32::from(step) / 255.0;
            let edge = (t / 0.2).clamp(0.0, 1.0);
            let colour = heat(t);
            let colour = if faded { colour.mix(grey, 0.75).mix(Colour::rgb(0), 0.28) } else { colour };
            colour.alpha(edge * edge * (3.0 - 2.0 * edge)).0
        })
        .collect();
    let scale = 255.0 / (high / low).max(1.0001).ln();
    let rgba = density
        .iter()
        .flat_map(|value| {
            let t = if *value > low && low > 0.0 { (value / low).ln() * scale } else { 0.0 };
            ramp[(t as usize).min(255)]
        })
        .collect();
    (Picture { width: across as u32, height: down as u32, rgba }, highest * cells_per_km * cells_per_km)
}

/// Paints the ramp with its ticks, a power of ten each, from the left end of its words' baseline.
pub fn legend(brush: &mut Brush<'_>, at: WallPoint, words: &str, highest: f32, number: impl Fn(f64, usize) -> String) {
    let (u, note, palette) = (brush.theme.u, brush.theme.note(), brush.theme.palette.clone());
    // On a plate: the south-west of a region may reach under the words.
    let width = brush.measure(words, note);
    brush.block(rect(at.x - 0.25 * u, at.y - 1.0 * u, width + 0.5 * u, 1.35 * u), 0.24 * u, palette.plate);
    brush.text(words, note, at, palette.quiet);
    let ramp = rect(at.x, at.y + 0.45 * u, 7.6 * u, 0.5 * u);
    let step = ramp.width() / 8.0;
    for stop in 0..8 {
        let (from, to) = (stop as f32 / 8.0, (stop + 1) as f32 / 8.0);
        let left = (ramp.min.x + stop as f32 * step).round();
        let right = (ramp.min.x + (stop + 1) as f32 * step).round();
        brush.fill(rect(left, ramp.min.y, right - left, ramp.height()), 0.0, Fill::Horizontal(heat(from), heat(to)));
    }
    brush.framed(ramp, 0.0, Fill::Solid(Colour::CLEAR), 2.0, palette.axis);
    let lowest = highest * LOWEST;
    for power in -3i32..6 {
        let value = 10f32.powi(power);
        let t = (value / lowest).ln() / (highest / lowest).ln();
        if (0.02..=0.98).contains(&t) {
            let x = ramp.min.x + t * ramp.width();
            brush.block(rect(x.round() - 1.0, ramp.min.y, 2.0, ramp.height() + 0.12 * u), 0.0, palette.text);
            let text = number(f64::from(value), usize::try_from(-power).unwrap_or(0));
            brush.text_centred(&text, note, WallPoint::new(x, ramp.max.y + 1.15 * u), palette.quiet);
        }
    }
}

/// The density that one cell in a thousand exceeds: one crowded doorstep does not darken the region.
fn top(density: &[f32]) -> f32 {
    let mut lit: Vec<f32> = density.iter().copied().filter(|d| *d > 1e-6).collect();
    if lit.is_empty() {
        return 0.0;
    }
    let at = (lit.len() * 997 / 1000).min(lit.len() - 1);
    let (_, value, _) = lit.select_nth_unstable_by(at, f32::total_cmp);
    *value
}

/// A Gaussian blur as three box blurs, each in time that does not depend on its width.
fn blur(counts: &[f32], across: usize, down: usize, sigma: f32) -> Vec<f32> {
    // The width of a box whose threefold blur has the wanted variance: sigma² = 3·(w² − 1)/12.
    let half = (((4.0 * sigma * sigma + 1.0).sqrt() - 1.0) / 2.0).round().max(1.0) as usize;
    let mut field = counts.to_vec();
    let mut turned = vec![0.0; field.len()];
    for _ in 0..3 {
        for row in 0..down {
            box_row(&field[row * across..(row + 1) * across], &mut turned, row, down, half);
        }
        for column in 0..across {
            box_row(&turned[column * down..(column + 1) * down], &mut field, column, across, half);
        }
    }
    field
}

/// Blurs one row and writes it as a column, so that both directions read memory in order.
fn box_row(row: &[f32], turned: &mut [f32], at: usize, stride: usize, half: usize) {
    let width = (2 * half + 1) as f32;
    let mut sum: f32 = row.iter().take(half).sum();
    for i in 0..row.len() {
        sum += row.get(i + half).copied().unwrap_or(0.0);
        if i > half {
            sum -= row[i - half - 1];
        }
        turned[i * stride + at] = (sum / width).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blur_keeps_the_count_and_spreads_it_evenly() {
        let (across, down) = (101, 81);
        let mut counts = vec![0.0; across * down];
        counts[40 * across + 50] = 100.0;
        let blurred = blur(&counts, across, down, 5.0);
        assert!((blurred.iter().sum::<f32>() - 100.0).abs() < 0.1);
        let variance: f32 = (0..down)
            .flat_map(|y| (0..across).map(move |x| (x, y)))
            .map(|(x, y)| blurred[y * across + x] / 100.0 * (x as f32 - 50.0).powi(2))
            .sum();
        assert!((variance.sqrt() - 5.0).abs() < 0.6, "{}", variance.sqrt());
        assert!((blurred[40 * across + 45] - blurred[40 * across + 55]).abs() < 1e-4);
        assert!((blurred[35 * across + 50] - blurred[45 * across + 50]).abs() < 1e-4);
    }

    #[test]
    fn nothing_is_shown_where_nothing_came_from() {
        let (picture, highest) = picture(std::iter::empty(), WallPoint::zero(), (100.0, 60.0), 10.0, false);
        assert_eq!((picture.width, picture.height), (50, 30));
        assert_eq!(highest, 0.0);
        assert!(picture.rgba.chunks(4).all(|pixel| pixel[3] == 0));
    }
}
