//! Time as a value: everything that moves on the wall is a function of a [`Moment`].

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

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
    /// System civil time derived from the monotonic clock: it advances evenly, and jumps only if the system clock was
    /// set by more than [`MAX_SLEW_MILLIS`].
    System(Arc<SystemClock>),
    /// A clock that showed `start` at `origin`, and runs on at `speed` whatever the system's clock says.
    Running {
        /// When it was started.
        origin: Instant,
        /// What it showed then.
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
        let clock = SystemClock { origin: Instant::now(), followed: Mutex::new(Followed::new(system_now())) };
        Self::System(Arc::new(clock))
    }

    /// A clock that shows `start` now and goes on at `speed`.
    pub fn starting_at(start: Moment, speed: f64) -> Self {
        Self::Running { origin: Instant::now(), start, speed }
    }

    /// A clock that stands at `moment` until [`Clock::set`].
    pub fn standing_at(moment: Moment) -> Self {
        Self::Set(Arc::new(AtomicI64::new(moment.0)))
    }

    /// What the clock shows.
    pub fn now(&self) -> Moment {
        self.at(Instant::now())
    }

    /// What the clock shows at an instant of the machine's monotonic clock, as far as is known now.
    pub fn at(&self, instant: Instant) -> Moment {
        match self {
            Self::System(clock) => clock.at(instant),
            Self::Running { origin, start, speed } => {
                start.plus_millis((millis_between(*origin, instant) as f64 * speed) as i64)
            }
            Self::Set(moment) => Moment(moment.load(Ordering::Acquire)),
        }
    }

    /// Sum of all jumps of the clock in milliseconds, forwards positive. A moment noted before a jump must be shifted
    /// by it.
    pub fn jumped_millis(&self) -> i64 {
        match self {
            Self::System(clock) => clock.followed().jumped_millis,
            Self::Running { .. } | Self::Set(_) => 0,
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
        let speed = match self {
            Self::System(_) => 1.0,
            Self::Running { speed, .. } if *speed > 0.0 => *speed,
            Self::Running { .. } | Self::Set(_) => return None,
        };
        let millis = moment.millis_since(self.now()).max(0) as f64 / speed;
        Some(Duration::from_secs_f64(millis / 1000.0))
    }
}

/// Largest offset from the system clock, in milliseconds, that is corrected gradually (slewed); a larger one is a jump.
pub const MAX_SLEW_MILLIS: i64 = 250;
/// Slews by at most one millisecond in this many: a motion that is 5 % slower goes unnoticed.
const SLEW_SHARE: i64 = 20;
/// Offsets up to this many milliseconds are ignored: both clocks are read in whole milliseconds.
const EQUAL_MILLIS: i64 = 2;

/// The system's civil time on the machine's monotonic clock.
#[derive(Debug)]
pub struct SystemClock {
    origin: Instant,
    followed: Mutex<Followed>,
}

impl SystemClock {
    fn at(&self, instant: Instant) -> Moment {
        let elapsed_millis = millis_between(self.origin, Instant::now());
        let mut followed = self.followed();
        followed.follow(elapsed_millis, system_now());
        followed.civil(millis_between(self.origin, instant))
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a monotonic clock follows a civil one.
#[derive(Debug)]
struct Followed {
    /// The civil time at the monotonic clock's origin.
    origin: Moment,
    /// When the two were last compared, in milliseconds after the origin.
    compared_millis: i64,
    jumped_millis: i64,
}

impl Followed {
    fn new(origin: Moment) -> Self {
        Self { origin, compared_millis: 0, jumped_millis: 0 }
    }

    /// The civil time so many milliseconds after the origin.
    fn civil(&self, elapsed_millis: i64) -> Moment {
        self.origin.plus_millis(elapsed_millis)
    }

    /// Compares with the system clock: a small offset is slewed, never backwards; a large one is a jump.
    fn follow(&mut self, elapsed_millis: i64, system: Moment) {
        let behind = system.millis_since(self.civil(elapsed_millis));
        if behind.abs() > MAX_SLEW_MILLIS {
            self.origin = self.origin.plus_millis(behind);
            self.jumped_millis = self.jumped_millis.saturating_add(behind);
            self.compared_millis = elapsed_millis;
            return;
        }
        let most = (elapsed_millis - self.compared_millis) / SLEW_SHARE;
        if most > 0 {
            self.compared_millis = elapsed_millis;
            if behind.abs() > EQUAL_MILLIS {
                self.origin = self.origin.plus_millis(behind.clamp(-most, most));
            }
        }
    }
}

/// Milliseconds from one instant to another; negative where the other comes before.
fn millis_between(from: Instant, to: Instant) -> i64 {
    let millis = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    if to >= from { millis(to - from) } else { -millis(from - to) }
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
    use proptest::prelude::*;

    #[test]
    fn a_standing_clock_moves_only_when_it_is_set() {
        let clock = Clock::standing_at(Moment(5));
        assert_eq!(clock.now(), Moment(5));
        clock.set(Moment(9));
        assert_eq!(clock.now(), Moment(9));
        assert_eq!(clock.wait_until(Moment(100)), None);
    }

    #[test]
    fn a_clock_set_by_an_hour_jumps_once() {
        let mut followed = Followed::new(Moment(10_000_000));
        followed.follow(1000, Moment(10_001_000));
        assert_eq!((followed.civil(1000), followed.jumped_millis), (Moment(10_001_000), 0));
        followed.follow(2000, Moment(10_002_000 - 3_600_000));
        assert_eq!((followed.civil(2000), followed.jumped_millis), (Moment(6_402_000), -3_600_000));
        followed.follow(3000, Moment(10_003_000 - 3_600_000));
        assert_eq!((followed.civil(3000), followed.jumped_millis), (Moment(6_403_000), -3_600_000));
    }

    proptest! {
        #[test]
        fn small_corrections_never_turn_time_back(
            reads in prop::collection::vec((0i64..400, -MAX_SLEW_MILLIS / 2..MAX_SLEW_MILLIS / 2), 1..200)
        ) {
            let mut followed = Followed::new(Moment(0));
            let (mut elapsed, mut last) = (0, Moment(0));
            for (pause, error) in reads {
                elapsed += pause;
                let before = followed.civil(elapsed);
                followed.follow(elapsed, Moment(elapsed + error));
                let now = followed.civil(elapsed);
                prop_assert!(now >= last, "{now:?} comes after {last:?}");
                let slewed = now.millis_since(before).abs();
                prop_assert!(slewed <= error.abs() + MAX_SLEW_MILLIS / 2 && followed.jumped_millis == 0);
                last = now;
            }
            // What stays constant is made up for.
            for _ in 0..40 {
                elapsed += 400;
                followed.follow(elapsed, Moment(elapsed));
            }
            prop_assert!(followed.civil(elapsed).millis_since(Moment(elapsed)).abs() <= EQUAL_MILLIS);
        }
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
