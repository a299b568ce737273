//! The whole life of an appeal, and what is known of it at a moment.

use crate::data::{Appeal, NEVER};

/// An appeal with everything that will ever happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// As it will be in the end; `due` is the first due date.
    pub end: Appeal,
    /// By how many seconds each postponement moves the due date.
    pub move_secs: u32,
}

/// A due date is moved this long before it comes.
const MOVED_BEFORE_SECS: u32 = 4 * 3600;

impl Life {
    /// When the `k`-th postponement happens, from 1.
    fn moved_at(&self, k: u32) -> u32 {
        (self.end.due + (k - 1) * self.move_secs).saturating_sub(MOVED_BEFORE_SECS).max(self.end.received + 60)
    }

    /// The appeal as it is known at `now`; none before it is received.
    pub fn at(&self, now: u32) -> Option<Appeal> {
        let end = &self.end;
        if end.received > now {
            return None;
        }
        let known = |at: u32| if at <= now { at } else { NEVER };
        let until = now.min(end.answered);
        let moves = (1..=u32::from(end.moves)).filter(|k| self.moved_at(*k) <= until).count() as u32;
        let accepted = known(end.accepted);
        Some(Appeal {
            first_reply: known(end.first_reply),
            answered: known(end.answered),
            accepted,
            due: end.due + moves * self.move_secs,
            moves: moves as u8,
            rating: if accepted == NEVER { 0 } else { end.rating },
            ..*end
        })
    }

    /// The seconds at which something happens to it.
    pub fn events(&self) -> impl Iterator<Item = u32> + '_ {
        let end = &self.end;
        let moved = (1..=u32::from(end.moves)).map(|k| self.moved_at(k)).filter(|at| *at <= end.answered);
        [end.received, end.first_reply, end.answered, end.accepted].into_iter().filter(|at| *at != NEVER).chain(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_known_changes_exactly_at_events(
            reply in 60u32..5000, answer in 5000u32..900_000, accept in proptest::option::of(1u32..9000),
            due in 20_000u32..600_000, moves in 0u8..4
        ) {
            let received = 1_000_000;
            let end = Appeal { id: 1, received, first_reply: received + reply, answered: received + answer,
                accepted: accept.map_or(NEVER, |a| received + answer + a), due: received + due, lon_e6: 0, lat_e6: 0,
                topic: 0, municipality: 0, agency: 0, channel: 0, moves, rating: 5, repeat: false };
            let life = Life { end, move_secs: 86_400 };
            let events: Vec<u32> = life.events().collect();
            for at in events.iter().flat_map(|e| [e - 1, *e, e + 1]) {
                let changed = life.at(at) != life.at(at - 1);
                prop_assert_eq!(changed, events.contains(&at), "{}", at);
            }
        }
    }
}
