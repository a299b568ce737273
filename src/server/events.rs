//! What happens on the wall, told to everybody who listens: a bounded ring of the last events for who was away for a
//! moment, and the whole state for who was away for longer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

use crate::conductor::{Listener, Occurrence};
use crate::state::{Event, Layer};

/// So many events are held for who comes back.
const RING: usize = 1024;
/// Whoever listens may be so many events behind before it is given the whole state instead.
const BEHIND: usize = 256;
/// So many listen at once; others are refused.
const MAX_LISTENERS: usize = 128;

/// An event as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The version of the state since.
    pub version: u64,
    /// The event as JSON.
    pub data: Arc<str>,
}

/// The events of a wall.
#[derive(Clone)]
pub struct Events {
    ring: Arc<Mutex<VecDeque<Told>>>,
    sender: broadcast::Sender<Told>,
    places: Arc<Semaphore>,
    presses: Arc<watch::Sender<u64>>,
}

/// A place among those who listen.
pub struct Place {
    /// The events from now on.
    pub receiver: broadcast::Receiver<Told>,
    _permit: OwnedSemaphorePermit,
}

impl Default for Events {
    fn default() -> Self {
        let (sender, _) = broadcast::channel(BEHIND);
        Self { ring: Arc::default(), sender, places: Arc::new(Semaphore::new(MAX_LISTENERS)), presses: Arc::default() }
    }
}

impl Events {
    /// What the conductor tells of all that happens; it never waits for who listens.
    pub fn listener(&self) -> Listener {
        let events = self.clone();
        Box::new(move |occurrence: &Occurrence| events.tell(occurrence))
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        MAX_LISTENERS - self.places.available_permits()
    }

    /// How often the press key was pressed or released: a picture of before may not be shown any more.
    pub fn presses(&self) -> u64 {
        *self.presses.borrow()
    }

    /// Tells when the press key is pressed or released.
    pub fn presses_changed(&self) -> watch::Receiver<u64> {
        self.presses.subscribe()
    }

    fn tell(&self, occurrence: &Occurrence) {
        let presses = |event: &Event| {
            let (Event::Claimed { layer } | Event::Withdrawn { layer } | Event::Expired { layer }) = event else {
                return false;
            };
            *layer == Layer::Press
        };
        if occurrence.events.iter().any(presses) {
            self.presses.send_modify(|presses| *presses += 1);
        }
        let Ok(data) = serde_json::to_string(occurrence) else { return };
        let told = Told { version: occurrence.version, data: data.into() };
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        if ring.len() == RING {
            ring.pop_front();
        }
        ring.push_back(told.clone());
        // Nobody may be listening. Under the lock, so that nobody misses an event between the ring and the channel.
        let _ = self.sender.send(told);
    }

    /// Listens from now on, with what has happened since `version`; none where that is not known any more, and the whole
    /// state is to be told. Refused where too many listen.
    pub fn listen(&self, version: Option<u64>) -> Option<(Place, Option<Vec<Told>>)> {
        let permit = self.places.clone().try_acquire_owned().ok()?;
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.sender.subscribe();
        let since = version.and_then(|version| {
            let is_held = ring.front().is_some_and(|oldest| oldest.version <= version)
                && ring.back().is_some_and(|newest| newest.version >= version);
            is_held.then(|| ring.iter().filter(|told| told.version > version).cloned().collect())
        });
        Some((Place { receiver, _permit: permit }, since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conductor::Via;

    fn happen(events: &Events, version: u64) {
        let happened = vec![Event::Identified { on: version.is_multiple_of(2) }];
        events.tell(&Occurrence { version, at_millis: 0, via: Via::Api, events: happened });
    }

    #[test]
    fn who_was_away_for_a_moment_is_told_what_was_missed_and_who_was_longer_the_state() {
        let events = Events::default();
        (1..=10).for_each(|version| happen(&events, version));
        let missed = |version| events.listen(version).unwrap().1.map(|told| told.iter().map(|t| t.version).collect());
        assert_eq!(missed(Some(7)), Some(vec![8, 9, 10]));
        assert_eq!(missed(Some(10)), Some(vec![]));
        assert_eq!(missed(None), None);
        // A wall that was started anew counts from elsewhere.
        assert_eq!(missed(Some(99)), None);
        (11..=2000).for_each(|version| happen(&events, version));
        assert_eq!(missed(Some(7)), None);
        assert_eq!(missed(Some(1999)), Some(vec![2000]));
    }

    #[test]
    fn so_many_listen_and_no_more_and_the_slow_ones_are_told_that_they_are() {
        let events = Events::default();
        let mut places: Vec<_> = (0..MAX_LISTENERS).map(|_| events.listen(None).unwrap().0).collect();
        assert!(events.listen(None).is_none());
        (1..=1000).for_each(|version| happen(&events, version));
        let lagged = places[0].receiver.try_recv();
        assert!(matches!(lagged, Err(broadcast::error::TryRecvError::Lagged(_))), "{lagged:?}");
        places.pop();
        assert!(events.listen(None).is_some());
    }
}
