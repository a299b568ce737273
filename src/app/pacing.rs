//! When the next frame is due: on the wall's own clock, and only when it would differ.

use std::time::{Duration, Instant};

use crate::clock::{Clock, Moment};

/// Refresh rate of an output that does not report one.
const DEFAULT_REFRESH_MILLIHERTZ: u32 = 60_000;
/// Highest frame rate. A faster output shows a new frame at every second, third, ... refresh.
const MAX_MILLIHERTZ: u32 = 76_000;
/// Longest time between two frames, even if nothing changes.
const WATCHDOG: Duration = Duration::from_secs(10);

/// Frame interval during motion for outputs with these refresh rates: a whole number of refreshes of the fastest
/// output, so that each of its frames is shown equally long.
pub fn frame_interval(refreshes_millihertz: impl IntoIterator<Item = Option<u32>>) -> Duration {
    let told = refreshes_millihertz.into_iter().flatten().filter(|rate| *rate >= 1000);
    let rate = told.max().unwrap_or(DEFAULT_REFRESH_MILLIHERTZ);
    let refreshes = rate.div_ceil(MAX_MILLIHERTZ);
    Duration::from_nanos(1_000_000_000_000 * u64::from(refreshes) / u64::from(rate))
}

/// Keeps frames at an even pace.
#[derive(Debug)]
pub struct Pacing {
    /// From one frame to the next while something moves.
    interval: Duration,
    last: Option<Instant>,
    due: Instant,
}

impl Pacing {
    /// The first frame is due at once.
    pub fn new() -> Self {
        Self { interval: frame_interval([]), last: None, due: Instant::now() }
    }

    /// Frames follow one another at this interval from now on.
    pub fn set_interval(&mut self, interval: Duration) {
        self.interval = interval;
    }

    /// When the next frame is due.
    pub fn due(&self) -> Instant {
        self.due
    }

    /// Nominal start of a frame begun at `at`. During motion it is one interval after the previous one, so that the
    /// work within frames does not add up to drift. After a pause, or a frame that took too long, it is `at`.
    fn beat(&self, at: Instant) -> Instant {
        let beat = match self.last {
            Some(last) if at < last + self.interval * 2 => last + self.interval,
            _ => at,
        };
        beat.min(at)
    }

    /// When the picture of a frame begun at `at` is seen: an output shows it from its next refresh on.
    pub fn seen_at(&self, at: Instant) -> Instant {
        self.beat(at) + self.interval
    }

    /// Something changed: schedules a frame as soon as the pace allows.
    pub fn wake(&mut self) {
        let soonest = self.last.map_or_else(Instant::now, |last| last + self.interval);
        self.due = self.due.min(soonest);
    }

    /// Records that a frame was begun at `at`, and that the next one differs at `next` by `clock`.
    pub fn frame_painted(&mut self, at: Instant, next: Option<Moment>, clock: &Clock) {
        let beat = self.beat(at);
        self.last = Some(beat);
        // Begin one interval before the change is visible, but not in the millisecond before that.
        let wait = next.and_then(|next| clock.wait_until(next)).unwrap_or(WATCHDOG).min(WATCHDOG);
        let due = Instant::now() + wait.saturating_sub(self.interval) + Duration::from_millis(1);
        self.due = due.max(beat + self.interval);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_frames_keep_their_beat_and_still_ones_wait() {
        let clock = Clock::system();
        let mut pacing = Pacing::new();
        let frame = frame_interval([]);
        let start = Instant::now();
        pacing.frame_painted(start, Some(clock.now()), &clock);
        assert!(pacing.due() >= start + frame && pacing.due() < start + frame * 2);
        pacing.frame_painted(start + frame, Some(clock.now().plus_millis(5000)), &clock);
        assert!(pacing.due() > start + Duration::from_secs(4));
        pacing.wake();
        assert!(pacing.due() <= start + frame * 3);
        pacing.frame_painted(start + frame * 2, None, &clock);
        assert!(pacing.due() > start + Duration::from_secs(9));
    }

    #[test]
    fn frames_keep_to_the_refresh_of_the_output() {
        let millis = |rates: &[Option<u32>]| frame_interval(rates.iter().copied()).as_secs_f64() * 1000.0;
        for (rates, expected) in [
            (&[Some(50_000)][..], 20.0),
            (&[Some(59_940)], 16.683),
            (&[Some(60_000), Some(50_000), None], 16.667),
            (&[Some(120_000)], 16.667),
            (&[Some(144_000)], 13.889),
            (&[Some(0), None], 16.667),
            (&[], 16.667),
        ] {
            assert!((millis(rates) - expected).abs() < 0.001, "{rates:?}: {}", millis(rates));
        }
    }

    #[test]
    fn frames_that_move_are_seen_equally_far_apart() {
        let clock = Clock::system();
        let mut pacing = Pacing::new();
        pacing.set_interval(Duration::from_millis(20));
        let start = Instant::now();
        // Begun a little late, now by one, now by another millisecond.
        let late = [0, 3, 1, 4, 2].map(Duration::from_millis);
        let seen = late.iter().enumerate().map(|(number, late)| {
            let at = start + Duration::from_millis(20) * number as u32 + *late;
            let seen = pacing.seen_at(at);
            pacing.frame_painted(at, Some(clock.now()), &clock);
            seen
        });
        let seen: Vec<Instant> = seen.collect();
        assert!(seen.windows(2).all(|pair| pair[1] - pair[0] == Duration::from_millis(20)));
    }
}
