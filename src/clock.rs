//! Time as a value: everything that moves on the wall is a function of a [`Moment`].

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A point in time, in milliseconds since 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub i64);

impl Moment {
    /// The moment `secs` seconds after 1970-01-01T00:00Z.
    pub fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// Whole seconds since 1970-01-01T00:00Z, rounded down.
    pub fn secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Milliseconds from `earlier` to this moment; negative if it comes before.
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This moment shifted by `millis`.
    pub fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The civil date and time in `zone`; the far ends of time are brought into jiff's range.
    pub fn zoned(self, zone: &TimeZone) -> Zoned {
        let limits = (Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond());
        let timestamp = Timestamp::from_millisecond(self.0.clamp(limits.0, limits.1)).unwrap_or(Timestamp::UNIX_EPOCH);
        timestamp.to_zoned(zone.clone())
    }

    /// How far `now` is into an animation that began at this moment and lasts `millis`: from 0 to 1.
    pub fn progress(self, now: Self, millis: i64) -> f32 {
        if millis <= 0 {
            return if now >= self { 1.0 } else { 0.0 };
        }
        (now.millis_since(self) as f32 / millis as f32).clamp(0.0, 1.0)
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }
}

/// Where the time comes from: the system, or a value that a test or a replay sets.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock, shifted by `offset_millis` and run at `speed` since `origin`.
    System {
        /// The moment at which the clock was made, by the system.
        origin: Moment,
        /// What the clock showed then.
        start: Moment,
        /// Seconds shown for each second that passes.
        speed: f64,
    },
    /// A clock that stands until it is set.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock as it is.
    pub fn system() -> Self {
        Self::starting_at(system_now(), 1.0)
    }

    /// A clock that shows `start` now and goes on at `speed`.
    pub fn starting_at(start: Moment, speed: f64) -> Self {
        Self::System { origin: system_now(), start, speed }
    }

    /// A clock that stands at `moment` until [`Clock::set`].
    pub fn standing_at(moment: Moment) -> Self {
        Self::Set(Arc::new(AtomicI64::new(moment.0)))
    }

    /// What the clock shows.
    pub fn now(&self) -> Moment {
        match self {
            Self::System { origin, start, speed } => {
                start.plus_millis((system_now().millis_since(*origin) as f64 * speed) as i64)
            }
            Self::Set(moment) => Moment(moment.load(Ordering::Acquire)),
        }
    }

    /// Sets a standing clock; a running one is left alone.
    pub fn set(&self, moment: Moment) {
        if let Self::Set(held) = self {
            held.store(moment.0, Ordering::Release);
        }
    }

    /// How long to wait, in real time, until the clock shows `moment`; none if it never will by itself.
    pub fn wait_until(&self, moment: Moment) -> Option<Duration> {
        match self {
            Self::System { speed, .. } if *speed > 0.0 => {
                let millis = moment.millis_since(self.now()).max(0) as f64 / speed;
                Some(Duration::from_secs_f64(millis / 1000.0))
            }
            _ => None,
        }
    }
}

fn system_now() -> Moment {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
}

/// Decelerates to rest: 1 − (1 − t)³.
pub fn ease_out_cubic(t: f32) -> f32 {
    1.0 - (1.0 - t.clamp(0.0, 1.0)).powi(3)
}

/// Accelerates from rest, then decelerates to it.
pub fn ease_in_out_cubic(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    if t < 0.5 { 4.0 * t * t * t } else { 1.0 - (-2.0 * t + 2.0).powi(3) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_it_is_set() {
        let clock = Clock::standing_at(Moment(5));
        assert_eq!(clock.now(), Moment(5));
        clock.set(Moment(9));
        assert_eq!(clock.now(), Moment(9));
        assert_eq!(clock.wait_until(Moment(100)), None);
    }

    #[test]
    fn seconds_round_down_before_the_epoch_too() {
        assert_eq!(Moment(-1).secs(), -1);
        assert_eq!(Moment(1999).secs(), 1);
    }

    #[test]
    fn easing_starts_at_zero_ends_at_one_and_never_turns_back() {
        for ease in [ease_out_cubic, ease_in_out_cubic] {
            assert_eq!((ease(0.0), ease(1.0)), (0.0, 1.0));
            let steps: Vec<f32> = (0..=100).map(|i| ease(i as f32 / 100.0)).collect();
            assert!(steps.windows(2).all(|w| w[0] <= w[1]));
        }
    }
}
