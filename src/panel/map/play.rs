//! A moment of a period that is played: which stretch of it is seen, and the bar that says so.

use super::context::MapContext;
use serde::Deserialize;

use crate::clock::Moment;
use crate::data::timeline::Timeline;
use crate::geometry::{WallPoint, rect};
use crate::scene::Brush;

/// Steps of a second: as many as a wall has frames.
const STEPS_A_SECOND: i64 = 60;
/// It rests this long at its end.
const REST_MILLIS: i64 = 3000;

/// How a period is played: a stretch of it moves from its beginning to its end, rests, and begins again.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Play {
    /// Seconds that it takes.
    #[serde(default = "Play::default_secs")]
    pub secs: f64,
    /// Length of the stretch that is shown at once, in hours.
    #[serde(default = "Play::default_hours")]
    pub hours: f64,
}

impl Play {
    fn default_secs() -> f64 {
        20.0
    }

    fn default_hours() -> f64 {
        24.0
    }
}

/// Stretch of a timeline that is shown, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayWindow {
    /// The first second.
    pub from: u32,
    /// The first second after it.
    pub to: u32,
}

impl PlayWindow {
    /// The stretch that is seen at `brush.now`; notes when the next one is.
    pub fn at(play: &Play, timeline: &Timeline, brush: &mut Brush<'_>) -> Self {
        let (step, next) = Self::of(play, timeline, brush.now);
        brush.changes_at(next);
        step
    }

    fn of(play: &Play, timeline: &Timeline, now: Moment) -> (Self, Moment) {
        let lasts = (play.secs * 1000.0) as i64;
        let since = now.0.rem_euclid(lasts + REST_MILLIS);
        let begun = now.plus_millis(-since);
        let steps = (lasts * STEPS_A_SECOND / 1000).max(1);
        let done = (since * steps / lasts).min(steps);
        // The first millisecond at which one more is done.
        let next = if done < steps { ((done + 1) * lasts + steps - 1) / steps } else { lasts + REST_MILLIS };
        let stretch = (play.hours * 3600.0) as u32;
        let first = timeline.from.saturating_add(stretch).min(timeline.to);
        let to = first + (i64::from(timeline.to - first) * done / steps) as u32;
        (Self { from: to.saturating_sub(stretch), to }, begun.plus_millis(next))
    }

    /// Paints the bar of the whole period, the stretch that is seen on it, and when that ends.
    pub fn bar(self, context: &MapContext<'_>, brush: &mut Brush<'_>, timeline: &Timeline) {
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let body = context.body;
        let width = (body.width() * 0.42).min(24.0 * u);
        let track = rect(body.max.x - width - 0.6 * u, body.max.y - 1.1 * u, width, 0.33 * u);
        brush.layer(crate::geometry::WallVector::zero(), context.clip);
        let plate = rect(track.min.x - 0.5 * u, track.min.y - 2.0 * u, width + u, 2.9 * u);
        brush.fill_rect(plate, 0.24 * u, palette.plate);
        brush.fill_rect(track, 0.165 * u, palette.track);
        let whole = f64::from(timeline.to.saturating_sub(timeline.from).max(1));
        let along = |second: u32| (f64::from(second.saturating_sub(timeline.from)) / whole) as f32 * width;
        let (left, right) = (along(self.from), along(self.to));
        let seen = rect(track.min.x + left, track.min.y, (right - left).max(0.33 * u), 0.33 * u);
        brush.fill_rect(seen, 0.165 * u, palette.now);
        let end = Moment::from_secs(i64::from(self.to)).zoned(context.view.zone);
        let language = context.view.language;
        // Hours can be told apart only where the whole is short.
        let hours = if whole < 15.0 * 86_400.0 { format!(", {:02}:00", end.hour()) } else { String::new() };
        let words = format!("{}{hours}", language.date(&end));
        let style = crate::scene::TextStyle { tabular: true, ..brush.theme.label() };
        brush.text(&words, style, WallPoint::new(track.min.x, track.min.y - 0.75 * u), palette.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::WorldRect;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_period_is_played_from_its_beginning_to_its_end(millis in 0i64..10_000_000, secs in 2f64..60.0, hours in 1f64..48.0) {
            let timeline = Timeline::new(WorldRect::zero(), (1_000_000, 1_000_000 + 7 * 86_400), Vec::new());
            let play = Play { secs, hours };
            let (step, next) = PlayWindow::of(&play, &timeline, Moment(millis));
            prop_assert!(step.from >= timeline.from && step.to <= timeline.to && step.from < step.to);
            prop_assert!(next > Moment(millis));
            // Nothing changes before the moment that was named, and something does then.
            let (before, _) = PlayWindow::of(&play, &timeline, next.plus_millis(-1));
            let (after, _) = PlayWindow::of(&play, &timeline, next);
            prop_assert!(before == step && after != step, "{step:?} {before:?} {after:?}");
            let rest = PlayWindow::of(&play, &timeline, Moment((secs * 1000.0) as i64 + 1)).0;
            prop_assert_eq!(rest.to, timeline.to);
        }
    }
}
