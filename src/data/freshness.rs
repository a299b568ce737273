//! How old data is, and what a panel must say about it.

use crate::clock::Moment;

/// Freshness of a topic, as its source last reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// The moment of the source's clock that the data is complete up to.
    pub data_until: Moment,
    /// When the connection was lost; none while there is one.
    pub lost_since: Option<Moment>,
    /// Interval at which a healthy source reports, in milliseconds.
    pub period_millis: i64,
}

/// The five states of a panel: these four, and empty, which is the panel's own to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Younger than two periods of its source.
    Live,
    /// Older than two periods: the age is written.
    Stale,
    /// Older than five periods: the panel fades and says since when.
    Old,
    /// The source has not answered for a while: the last good picture stays, with the time it was lost.
    Lost(Moment),
}

/// Periods without news after which data is stale.
const STALE_PERIODS: i64 = 2;
/// Periods without news after which data is old.
const OLD_PERIODS: i64 = 5;

impl Age {
    /// How far behind data of this age is: greater is further.
    pub fn severity(self) -> u8 {
        match self {
            Self::Live => 0,
            Self::Stale => 1,
            Self::Old => 2,
            Self::Lost(_) => 3,
        }
    }
}

impl Freshness {
    /// The moment from which it is stale, if no data comes.
    pub fn stale_from(&self) -> Moment {
        self.data_until.plus_millis(STALE_PERIODS * self.period_millis)
    }

    /// The moment from which it is old, if no data comes.
    pub fn old_from(&self) -> Moment {
        self.data_until.plus_millis(OLD_PERIODS * self.period_millis)
    }

    /// The state of data seen at `now`.
    pub fn age(&self, now: Moment) -> Age {
        match self.lost_since {
            _ if now < self.stale_from() => Age::Live,
            Some(since) => Age::Lost(since),
            None if now < self.old_from() => Age::Stale,
            None => Age::Old,
        }
    }

    /// When the state or the words for it change next, if no data comes.
    pub fn next_change(&self, now: Moment) -> Moment {
        let minutes = now.millis_since(self.data_until).div_euclid(60_000) + 1;
        let words = self.data_until.plus_millis(minutes * 60_000);
        [self.stale_from(), self.old_from()].into_iter().filter(|at| *at > now).fold(words, Moment::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_ages_in_steps() {
        let fresh = Freshness { data_until: Moment(0), lost_since: None, period_millis: 15_000 };
        assert_eq!(fresh.age(Moment(29_999)), Age::Live);
        assert_eq!(fresh.age(Moment(30_000)), Age::Stale);
        assert_eq!(fresh.age(Moment(75_000)), Age::Old);
        let lost = Freshness { lost_since: Some(Moment(4)), ..fresh };
        assert_eq!(lost.age(Moment(10_000)), Age::Live);
        assert_eq!(lost.age(Moment(40_000)), Age::Lost(Moment(4)));
        let rare = Freshness { period_millis: 86_400_000, ..fresh };
        assert_eq!(rare.age(Moment(86_400_000)), Age::Live);
    }

    #[test]
    fn the_next_change_is_always_ahead() {
        let fresh = Freshness { data_until: Moment(1_000), lost_since: None, period_millis: 15_000 };
        for now in (0..400_000).step_by(777) {
            assert!(fresh.next_change(Moment(now)) > Moment(now));
            let before = fresh.age(Moment(now));
            assert_eq!(fresh.age(fresh.next_change(Moment(now)).plus_millis(-1)), before);
        }
    }
}
