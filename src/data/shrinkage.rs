//! When a source that suddenly has far less than before is believed.
//!
//! An expired token, a broken export or a truncated file look like a set without rows. A set is suspicious if it is
//! empty, or has less than half of the rows of the last one where that had at least `FEWEST_ROWS`. It is believed
//! once `LEAST_TIMES` sets in a row were as small, over at least `LEAST_MILLIS`. Until then the last set stays,
//! with its age.

use crate::clock::Moment;

/// Sets with fewer rows may shrink by more than a half; none may become empty.
const FEWEST_ROWS: usize = 20;
/// So many sets in a row must be as small.
const LEAST_TIMES: u32 = 3;
/// The first and the last of them are at least so far apart: ten minutes.
const LEAST_MILLIS: i64 = 600_000;

/// How often, and since when, sets were suspiciously small.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shrinkage {
    first: Option<Moment>,
    times: u32,
}

impl Shrinkage {
    /// Whether a set of `came` rows is to be taken in the place of one of `held` rows.
    pub fn admits(&mut self, held: usize, came: usize, now: Moment) -> bool {
        let suspicious = held > 0 && (came == 0 || (held >= FEWEST_ROWS && came * 2 < held));
        if !suspicious {
            *self = Self::default();
            return true;
        }
        let first = *self.first.get_or_insert(now);
        self.times += 1;
        let confirmed = self.times >= LEAST_TIMES && now.millis_since(first) >= LEAST_MILLIS;
        if confirmed {
            *self = Self::default();
        }
        confirmed
    }

    /// Since when sets have been suspiciously small.
    pub fn since(&self) -> Option<Moment> {
        self.first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn a_set_that_shrinks_is_believed_after_ten_minutes_and_three_times() {
        let mut shrinkage = Shrinkage::default();
        assert!(!shrinkage.admits(300, 100, Moment(0)) && !shrinkage.admits(300, 100, Moment(5 * MINUTE)));
        assert!(!shrinkage.admits(300, 0, Moment(9 * MINUTE)) && shrinkage.admits(300, 100, Moment(10 * MINUTE)));
        // One that is as large as before ends the suspicion.
        assert!(!shrinkage.admits(300, 0, Moment(0)) && shrinkage.admits(300, 299, Moment(20 * MINUTE)));
        assert!(!shrinkage.admits(300, 0, Moment(21 * MINUTE)));
        // Rare polls are not believed sooner for being rare.
        let mut rare = Shrinkage::default();
        assert!(!rare.admits(5, 0, Moment(0)) && !rare.admits(5, 0, Moment(60 * MINUTE)));
        assert!(rare.admits(5, 0, Moment(120 * MINUTE)));
    }

    #[test]
    fn small_sets_may_become_smaller() {
        assert!(Shrinkage::default().admits(19, 1, Moment(0)) && !Shrinkage::default().admits(20, 9, Moment(0)));
        assert!(Shrinkage::default().admits(0, 0, Moment(0)) && !Shrinkage::default().admits(1, 0, Moment(0)));
    }

    proptest! {
        #[test]
        fn nothing_shrinks_within_ten_minutes(sizes in prop::collection::vec(0usize..100, 1..40)) {
            let (mut shrinkage, mut held) = (Shrinkage::default(), 100);
            for (step, came) in sizes.into_iter().enumerate() {
                if shrinkage.admits(held, came, Moment(step as i64 * 10_000)) {
                    prop_assert!(came > 0 && (came * 2 >= held || held < FEWEST_ROWS));
                    held = came;
                }
            }
        }
    }
}
