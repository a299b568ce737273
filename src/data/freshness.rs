//! How old data is, and what a panel must say about it.

use crate::clock::Moment;

/// What a source last said of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// The moment of the source's clock that the data is complete up to.
    pub data_until: Moment,
    /// When the connection was lost; none while there is one.
    pub lost_since: Option<Moment>,
}

/// The five states of a panel; [`Age::Empty`] is the panel's own to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Younger than [`STALE_AFTER_MILLIS`].
    Live,
    /// Worth a word: the age is written.
    Stale,
    /// Too old to be acted upon: the panel fades and says since when.
    Old,
    /// The source has not answered for a while: the last good picture stays, with the time it was lost.
    Lost(Moment),
}

/// Data older than this is stale.
pub const STALE_AFTER_MILLIS: i64 = 30_000;
/// Data older than this is old.
pub const OLD_AFTER_MILLIS: i64 = 5 * 60_000;

impl Freshness {
    /// The state of data seen at `now`.
    pub fn age(&self, now: Moment) -> Age {
        let millis = now.millis_since(self.data_until);
        match self.lost_since {
            Some(since) if millis >= STALE_AFTER_MILLIS => Age::Lost(since),
            _ if millis < STALE_AFTER_MILLIS => Age::Live,
            _ if millis < OLD_AFTER_MILLIS => Age::Stale,
            _ => Age::Old,
        }
    }

    /// When the state or the words for it change next, if no data comes.
    pub fn next_change(&self, now: Moment) -> Moment {
        let millis = now.millis_since(self.data_until);
        let next =
            if millis < STALE_AFTER_MILLIS { STALE_AFTER_MILLIS } else { (millis.div_euclid(60_000) + 1) * 60_000 };
        self.data_until.plus_millis(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_ages_in_steps() {
        let fresh = Freshness { data_until: Moment(0), lost_since: None };
        assert_eq!(fresh.age(Moment(29_999)), Age::Live);
        assert_eq!(fresh.age(Moment(30_000)), Age::Stale);
        assert_eq!(fresh.age(Moment(300_000)), Age::Old);
        let lost = Freshness { lost_since: Some(Moment(4)), ..fresh };
        assert_eq!(lost.age(Moment(10_000)), Age::Live);
        assert_eq!(lost.age(Moment(40_000)), Age::Lost(Moment(4)));
    }

    #[test]
    fn the_next_change_is_always_ahead() {
        let fresh = Freshness { data_until: Moment(1_000), lost_since: None };
        for now in (0..400_000).step_by(777) {
            assert!(fresh.next_change(Moment(now)) > Moment(now));
        }
    }
}
