//! One revision of the data for every panel: a snapshot and the measures taken from it.

use std::collections::HashMap;
use std::sync::Arc;

use super::Snapshot;
use super::measure::{Answer, Query, answer};
use crate::clock::Moment;

/// A measure, what it was before, and when it changed: enough to show the change as motion.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// As it is.
    pub answer: Answer,
    /// As it was before its last change.
    pub before: Option<Arc<Measured>>,
    /// When it changed.
    pub changed: Moment,
}

impl Measured {
    /// The one number that it was before its last change; none where it is something else.
    pub fn figure_before(&self) -> Option<f64> {
        match &self.before.as_deref()?.answer {
            Answer::Figure(figure) => figure.now,
            _ => None,
        }
    }
}

/// What is drawn: nothing in it ever changes.
#[derive(Debug, Clone, Default)]
pub struct Revision {
    /// Grows with every revision.
    pub number: u64,
    /// The data.
    pub snapshot: Snapshot,
    /// The measures that the layouts on the wall ask for.
    pub measures: HashMap<Query, Arc<Measured>>,
    /// The moment that the measures are of.
    pub measured: Moment,
}

impl Revision {
    /// The next revision: measures what is due at `now`, and keeps all other measures.
    #[must_use]
    pub fn next(&self, snapshot: Snapshot, queries: &[Query], now: Moment) -> Self {
        let mut measures = HashMap::with_capacity(queries.len());
        for query in queries {
            let held = self.measures.get(query).filter(|_| !query.is_due(self.measured, now));
            if let Some(held) = held {
                measures.insert(*query, held.clone());
                continue;
            }
            let Some(answer) = answer(&snapshot, query, now) else { continue };
            let measured = match self.measures.get(query) {
                Some(last) if last.answer == answer => last.clone(),
                Some(last) => {
                    // Millions of places are not shown on their way, and would be held twice.
                    let moves = !matches!(answer, Answer::Places(_) | Answer::Timeline(_));
                    let before = moves.then(|| Arc::new(Measured { before: None, ..(**last).clone() }));
                    Arc::new(Measured { answer, before, changed: now })
                }
                None => Arc::new(Measured { answer, before: None, changed: now }),
            };
            measures.insert(*query, measured);
        }
        Self { number: self.number + 1, snapshot, measures, measured: now }
    }

    /// The same measures over newer data: for news that need no measuring, such as a new appeal in a feed.
    #[must_use]
    pub fn with_snapshot(&self, snapshot: Snapshot) -> Self {
        Self { number: self.number + 1, snapshot, ..self.clone() }
    }
}
