//! What stands between a chart's axes: bars, lines and areas over slots of time, and the hours nothing is known of.

use std::ops::Range;
use std::sync::Arc;

use super::{View, spark};
use crate::geometry::{WallPoint, WallRect, rect};
use crate::scene::{Brush, Colour};

/// The hours of a day that are written under its axis, with their places of 24.
pub const HOURS: [(usize, &str); 5] = [(0, "0"), (6, "6"), (12, "12"), (18, "18"), (24, "24")];

/// The place of the data, and the value at its upper edge.
#[derive(Debug, Clone)]
pub struct Plot {
    /// Between the axis and the upper edge.
    pub area: WallRect,
    ceiling: f64,
    /// Whether values stand in the middle of slots, as hours do, not at the ends of a line.
    slotted: bool,
    /// The value in the middle, in words.
    middle: String,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A line with a faint fill under it.
    Line,
    /// The fill under the line carries the meaning.
    Area,
}

impl Plot {
    /// Paints the axis, its labels and one grid line; returns the plot for data from 0 to `most`.
    pub fn axes(
        view: &View<'_>,
        brush: &mut Brush<'_>,
        place: WallRect,
        most: f64,
        labels: &[(usize, &str)],
        slots: usize,
        percent: bool,
    ) -> Self {
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let note = brush.theme.note();
        let ceiling = nice_ceiling(most);
        let floor = (place.max.y - 1.35 * u).round();
        let area = WallRect::new(place.min, WallPoint::new(place.max.x, floor));
        for (slot, text) in labels {
            let x = area.min.x + area.width() * *slot as f32 / slots as f32;
            let width = brush.measure(text, note);
            let back = match *slot {
                0 => 0.0,
                slot if slot == slots => width,
                _ => width / 2.0,
            };
            brush.text(text, note, WallPoint::new((x - back).max(area.min.x), place.max.y - 0.2 * u), palette.quiet);
        }
        // One grid line at half of the ceiling.
        let y = area.max.y - area.height() / 2.0;
        brush.rule(WallPoint::new(area.min.x, y), WallPoint::new(area.max.x, y), palette.hairline);
        let half = view.language.number(ceiling / 2.0, usize::from(ceiling < 10.0 && ceiling % 2.0 != 0.0));
        let half = if percent { view.language.percent(&half) } else { half };
        brush.rule(WallPoint::new(area.min.x, area.max.y), WallPoint::new(area.max.x, area.max.y), palette.axis);
        Self { area, ceiling, slotted: !labels.is_empty(), middle: half }
    }

    /// Paints the value of the grid line over it, when the data is there: on a plate, for lines may pass behind it.
    pub fn scale(&self, brush: &mut Brush<'_>) {
        let (u, palette, note) = (brush.theme.unit, brush.theme.palette.clone(), brush.theme.note());
        let at = WallPoint::new(self.area.min.x, self.area.center().y - 0.25 * u);
        let width = brush.measure(&self.middle, note);
        let plate = rect(at.x - 0.1 * u, at.y - 0.85 * u, width + 0.3 * u, 1.0 * u);
        brush.fill_rect(plate, 0.2 * u, palette.panel_top.mix(palette.panel_bottom, 0.5).alpha(0.82));
        brush.text(&self.middle, note, at, palette.quiet);
    }

    /// How high over the axis a value stands, in wall pixels.
    pub fn height_of(&self, value: f64) -> f32 {
        if value.is_finite() { self.area.height() * (value / self.ceiling).clamp(0.0, 1.0) as f32 } else { 0.0 }
    }

    /// Left and right edge of slot `index` of `slots`, in wall pixels, with a gap to the next slot.
    pub fn slot(&self, index: usize, slots: usize, u: f32) -> (f32, f32) {
        let pitch = self.area.width() / slots as f32;
        let gap = (0.07 * u).max(1.0).min(pitch * 0.25);
        let left = (self.area.min.x + index as f32 * pitch).round();
        let right = (self.area.min.x + (index + 1) as f32 * pitch - gap).round();
        (left, right.max(left + 2.0))
    }

    /// One bar a slot; the current one is lighter.
    pub fn bars(&self, brush: &mut Brush<'_>, values: &[f64], current: usize) {
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        for (index, value) in values.iter().enumerate() {
            let (height, (left, right)) = (self.height_of(*value), self.slot(index, values.len(), u));
            let bar = rect(left, self.area.max.y - height, right - left, height);
            let colour = if index == current { palette.now } else { palette.now_past };
            brush.fill_rect(bar, (0.07 * u).min(height / 2.0), colour);
        }
    }

    /// The year ago as a white line of steps over the bars.
    pub fn steps(&self, brush: &mut Brush<'_>, values: &[f64]) {
        let pitch = self.area.width() / values.len() as f32;
        let mut points = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let y = (self.area.max.y - self.height_of(*value)).round();
            let x = self.area.min.x + index as f32 * pitch;
            points.extend([WallPoint::new(x.round(), y), WallPoint::new((x + pitch).round(), y)]);
        }
        brush.line(&points, 0.08 * brush.theme.unit, brush.theme.palette.text);
    }

    /// Paints a line through `now` and dots through `before`. With `unfinished` the last value is still growing: the
    /// segment to it is dotted, so that it does not look like a fall.
    pub fn line(&self, brush: &mut Brush<'_>, now: &[f64], before: &[f64], weight: Weight, unfinished: bool) {
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let area = self.area;
        let points = |values: &[f64]| -> Vec<WallPoint> {
            let finite = values.iter().enumerate().filter(|(_, v)| v.is_finite());
            let along = |i: usize| match self.slotted {
                true => (i as f32 + 0.5) / values.len() as f32,
                false => i as f32 / values.len().saturating_sub(1).max(1) as f32,
            };
            let at = |(i, v): (usize, &f64)| {
                WallPoint::new(area.min.x + area.width() * along(i), area.max.y - self.height_of(*v))
            };
            finite.map(at).collect()
        };
        let line = points(now);
        let whole = if unfinished { &line[..line.len().saturating_sub(1)] } else { &line[..] };
        let (top, fall) = match weight {
            Weight::Line => (0.30, 0.28),
            Weight::Area => (0.62, 0.34),
        };
        let colour = palette.now;
        brush.mesh(Arc::new(spark::area_under(whole, area.max.y, |depth| colour.alpha(top - fall * depth))));
        brush.dotted(&points(before), 0.1 * u, 0.24 * u, palette.before);
        brush.line(whole, 0.12 * u, colour);
        let Some(end) = line.last() else { return };
        if unfinished {
            if let [.., from, to] = line[..] {
                brush.dotted(&[from, to], 0.12 * u, 0.3 * u, colour);
            }
            brush.dot(*end, 0.5 * u, palette.panel_bottom);
            brush.ring(*end, 0.44 * u, 0.1 * u, colour);
        } else {
            brush.dot(*end, 0.5 * u, palette.panel_bottom);
            brush.dot(*end, 0.34 * u, colour);
        }
    }

    /// Hatches the `hours` of the day of which nothing is known, and paints a dotted line at their end, which is now.
    pub fn missing(&self, brush: &mut Brush<'_>, hours: Option<Range<f32>>) {
        let Some(hours) = hours else { return };
        let (u, colour) = (brush.theme.unit, brush.theme.palette.old);
        let x = |hour: f32| (self.area.min.x + self.area.width() * hour / 24.0).round();
        let place = WallRect::new(
            WallPoint::new(x(hours.start), self.area.min.y),
            WallPoint::new(x(hours.end), self.area.max.y),
        );
        hatch(brush, place, brush.theme.palette.axis);
        let end = [WallPoint::new(place.max.x, place.max.y), WallPoint::new(place.max.x, place.min.y)];
        brush.dotted(&end, 0.12 * u, 0.3 * u, colour);
    }
}

/// Hours of today that old data does not cover: from its end to now. The range grows as time passes.
pub fn missing_hours(view: &View<'_>, brush: &mut Brush<'_>) -> Option<Range<f32>> {
    let until = view.freshness().filter(|_| view.faded())?.data_until.zoned(view.zone);
    let now = brush.now.zoned(view.zone);
    let hour = |at: &jiff::Zoned| f32::from(at.hour()) + f32::from(at.minute()) / 60.0;
    brush.changes_at(crate::clock::Moment((brush.now.0.div_euclid(60_000) + 1) * 60_000));
    let from = if until.date() == now.date() { hour(&until) } else { 0.0 };
    (from < hour(&now)).then(|| from..hour(&now))
}

/// Strokes that rise to the right, within a rectangle.
fn hatch(brush: &mut Brush<'_>, place: WallRect, colour: Colour) {
    let u = brush.theme.unit;
    let (width, height) = (place.width(), place.height());
    // Each stroke lies on x − y = `lag`, from the lower left corner of the place.
    let mut lag = 0.2 * u - height;
    while lag < width {
        let (left, right) = (lag.max(0.0), (lag + height).min(width));
        if right - left > 0.1 * u {
            let at = |x: f32| WallPoint::new(place.min.x + x, place.max.y - (x - lag));
            brush.line(&[at(left), at(right)], 0.12 * u, colour);
        }
        lag += 0.55 * u;
    }
}

/// The smallest of 1, 2, 3, 4, 5, 6, 8, 10, 20, ... that is not under `value`, so that its half is a plain number: 3 and
/// 5 among the tens and more, for nobody counts halves.
fn nice_ceiling(value: f64) -> f64 {
    let power = 10f64.powf(value.max(1e-6).log10().floor());
    let steps = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0].map(|m| m * power).into_iter();
    let plain = |ceiling: &f64| power != 1.0 || ceiling % 2.0 == 0.0 || *ceiling == 1.0;
    steps.filter(plain).find(|ceiling| *ceiling >= value).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_ceiling_is_over_the_value_and_not_far(value in 0.01f64..1e7) {
            let ceiling = nice_ceiling(value);
            prop_assert!(ceiling >= value && ceiling <= value * 2.01);
        }
    }
}
