//! When the next frame is due: on the wall's own clock, and only when it would differ.

use std::time::{Duration, Instant};

use crate::clock::{Clock, Moment};

/// From one frame to the next while something moves.
pub const FRAME: Duration = Duration::from_nanos(1_000_000_000 / 60);
/// Even a wall on which nothing ever happens is looked at this often.
const WATCHDOG: Duration = Duration::from_secs(10);

/// Keeps frames at an even pace.
#[derive(Debug)]
pub struct Pacing {
    last: Option<Instant>,
    due: Instant,
}

impl Pacing {
    /// The first frame is due at once.
    pub fn new() -> Self {
        Self { last: None, due: Instant::now() }
    }

    /// When the next frame is due.
    pub fn due(&self) -> Instant {
        self.due
    }

    /// Something changed: a frame is due as soon as the pace allows.
    pub fn wake(&mut self) {
        let soonest = self.last.map_or_else(Instant::now, |last| last + FRAME);
        self.due = self.due.min(soonest);
    }

    /// A frame was begun at `at`; the next one differs at `next` by `clock`.
    pub fn framed(&mut self, at: Instant, next: Option<Moment>, clock: &Clock) {
        // Frames are counted from the one before, so that the pace does not drift with the work in them;
        // after a pause, or when the work takes longer than a frame, it starts from here.
        let beat = match self.last {
            Some(last) if at < last + FRAME * 2 => last + FRAME,
            _ => at,
        };
        self.last = Some(beat.min(at));
        let wait = next.and_then(|next| clock.wait_until(next)).unwrap_or(WATCHDOG).min(WATCHDOG);
        self.due = (at + wait).max(beat.min(at) + FRAME);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_frames_keep_their_beat_and_still_ones_wait() {
        let clock = Clock::system();
        let mut pacing = Pacing::new();
        let start = Instant::now();
        pacing.framed(start, Some(clock.now()), &clock);
        assert!(pacing.due() >= start + FRAME && pacing.due() < start + FRAME * 2);
        pacing.framed(start + FRAME, Some(clock.now().plus_millis(5000)), &clock);
        assert!(pacing.due() > start + Duration::from_secs(4));
        pacing.wake();
        assert!(pacing.due() <= start + FRAME * 3);
        pacing.framed(start + FRAME * 2, None, &clock);
        assert!(pacing.due() > start + Duration::from_secs(9));
    }
}
