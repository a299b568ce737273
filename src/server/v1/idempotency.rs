//! Orders that are sent twice are carried out once: whoever did not hear the answer may ask again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::requests::Accepted;

/// So many keys are remembered; the oldest are forgotten first.
const MAX_KEYS: usize = 1000;

/// What came of the order of a key, once it is known. Whoever holds the lock carries it out.
type Outcome = Arc<tokio::sync::Mutex<Option<Accepted>>>;

/// The answers to orders by their keys.
#[derive(Default)]
pub struct Answered(Mutex<VecDeque<Entry>>);

struct Entry {
    by: String,
    key: String,
    /// The order, as it is written.
    order: String,
    outcome: Outcome,
}

/// What is known of a key.
pub enum Known {
    /// The same order was given under it, or is given now.
    Same(Outcome),
    /// Another order was.
    Other,
}

impl Answered {
    /// The place of an order under a key of its giver: the first to lock it carries the order out. An order that was refused
    /// leaves it empty, and may be given again.
    pub fn place(&self, by: &str, key: &str, order: &str) -> Known {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.iter().find(|entry| entry.by == by && entry.key == key) {
            return if entry.order == order { Known::Same(entry.outcome.clone()) } else { Known::Other };
        }
        if entries.len() == MAX_KEYS {
            entries.pop_front();
        }
        let outcome = Outcome::default();
        let (by, key, order) = (by.to_owned(), key.to_owned(), order.to_owned());
        entries.push_back(Entry { by, key, order, outcome: outcome.clone() });
        Known::Same(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_for_one_order_of_one_giver() {
        let answered = Answered::default();
        let Known::Same(first) = answered.place("a", "1", "next") else { panic!() };
        let Known::Same(again) = answered.place("a", "1", "next") else { panic!() };
        assert!(Arc::ptr_eq(&first, &again));
        assert!(matches!(answered.place("a", "1", "press"), Known::Other));
        assert!(matches!(answered.place("b", "1", "press"), Known::Same(other) if !Arc::ptr_eq(&first, &other)));
        (0..MAX_KEYS).for_each(|key| drop(answered.place("c", &key.to_string(), "next")));
        assert!(matches!(answered.place("a", "1", "press"), Known::Same(_)), "the oldest are forgotten");
    }
}
