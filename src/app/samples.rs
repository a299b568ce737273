//! What the rules of alarms watch, sampled each minute into the journal: better rules are made of it.

use crate::alarm::Rule;
use crate::clock::Moment;
use crate::journal::JournalHandle;
use crate::signal::Surroundings;

/// One sample a minute, in milliseconds.
const EVERY_MILLIS: i64 = 60_000;

/// Samples the numbers that rules watch.
pub struct Samples {
    journal: JournalHandle,
    /// The minute that was sampled last, since 1970.
    minute: Option<i64>,
}

impl Samples {
    /// Into a journal.
    pub fn new(journal: JournalHandle) -> Self {
        Self { journal, minute: None }
    }

    /// Takes the sample of the minute, once.
    pub fn take(&mut self, rules: &[Rule], around: Surroundings<'_>, now: Moment) {
        let minute = now.0.div_euclid(EVERY_MILLIS);
        if rules.is_empty() || self.minute.replace(minute) == Some(minute) {
            return;
        }
        let values = rules.iter().map(|rule| (rule.name.clone(), rule.when.signal.read(around, now)));
        self.journal.sample(minute * EVERY_MILLIS, values.collect());
    }
}
