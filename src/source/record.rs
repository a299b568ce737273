//! What a source of any kind has read, before the region's dictionaries have numbered it.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::data::dataset::Record;
use crate::picture::Picture;
use crate::privacy::redact;

/// What a backend says of something that happens to an appeal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReportedTime {
    /// Nothing: whether it has happened is not known.
    #[default]
    Nothing,
    /// That it has not happened.
    NotYet,
    /// That it has happened, but not when.
    SomeTime,
    /// That it happened at this second.
    At(i64),
}

impl ReportedTime {
    /// What a field tells that a mapping names, with the time that stands there.
    pub fn by(named: bool, time: Option<i64>) -> Self {
        match time {
            Some(at) => Self::At(at),
            None if named => Self::NotYet,
            None => Self::Nothing,
        }
    }
}

/// An appeal in words and codes; times are seconds since 1970.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AppealRecord {
    /// What the backend tells appeals apart by.
    pub key: String,
    /// When it was received.
    pub received: i64,
    /// When the resident got the first reply.
    pub first_reply: Option<i64>,
    /// Whether and when the executor answered.
    pub answered: ReportedTime,
    /// Whether and when the resident confirmed the answer.
    pub accepted: ReportedTime,
    /// The due date as it stands.
    pub due: Option<i64>,
    /// Longitude and latitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Code or name of the topic.
    pub topic: Option<String>,
    /// The topic's name, where `topic` is a code.
    pub topic_name: Option<String>,
    /// Code of the sector.
    pub sector: Option<String>,
    /// Name of the municipality.
    pub municipality: Option<String>,
    /// Name of the executor.
    pub agency: Option<String>,
    /// Code of the channel.
    pub channel: Option<String>,
    /// How often the due date was moved.
    pub moves: u8,
    /// 1 to 5, or 0.
    pub rating: u8,
    /// Whether it is linked to an earlier one.
    pub repeat: bool,
    /// What the resident wrote. It may hold personal data.
    pub text: Option<String>,
    /// What the executor answered.
    pub reply: Option<String>,
}

/// What one poll has brought.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The appeals.
    pub appeals: Vec<AppealRecord>,
    /// Whether these are all appeals that there are: what is not among them is gone.
    pub whole: bool,
    /// The tables, by name.
    pub tables: Vec<(String, Vec<Record>)>,
    /// Pictures of cameras, by name.
    pub pictures: Vec<(String, Arc<Picture>)>,
    /// Rows that came, the refused ones included.
    pub came: usize,
    /// Rows that were set aside.
    pub refused: RowIssues,
    /// Rows that were taken, though something of them could not be.
    pub noted: RowIssues,
    /// Of the first rows, how many had a value at each place that the mapping names.
    pub filled: BTreeMap<String, usize>,
    /// What was found in place of rows, where there are none.
    pub instead: Option<String>,
}

/// So many rows of a batch are counted in [`Batch::filled`].
pub const LOOKED_AT: usize = 1000;

impl Batch {
    /// Counts that a row has, or has not, a value at a place.
    pub fn look(&mut self, place: &str, has: bool) {
        if self.came > LOOKED_AT {
            return;
        }
        match self.filled.get_mut(place) {
            Some(count) => *count += usize::from(has),
            None => drop(self.filled.insert(place.to_owned(), usize::from(has))),
        }
    }
}

/// Keeps the last record of each key, and calls `dropped` with the others. Records without a key are left to the
/// registry.
pub fn keep_last(appeals: &mut Vec<AppealRecord>, mut dropped: impl FnMut(&AppealRecord)) {
    let mut seen = HashSet::with_capacity(appeals.len());
    appeals.reverse();
    appeals.retain(|appeal| {
        let kept = appeal.key.is_empty() || seen.insert(appeal.key.clone());
        if !kept {
            dropped(appeal);
        }
        kept
    });
    appeals.reverse();
}

/// What was remarkable about rows, counted by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowIssues(BTreeMap<String, (usize, String)>);

/// Number of reasons that are told apart. Further ones are not counted.
const MAX_REASONS: usize = 64;

impl RowIssues {
    /// Counts a row; the first one of each reason is kept as an example, by its key or number. A key may be
    /// somebody's phone, and examples are written to logs: they are masked.
    pub fn count(&mut self, reason: impl Into<String>, row: impl ToString) {
        self.enter(reason.into(), || redact(&row.to_string()));
    }

    /// Counts so many rows of one reason, none of which says more than another.
    pub fn count_times(&mut self, reason: &str, times: usize) {
        if times > 0 {
            self.enter(reason.to_owned(), String::new);
            if let Some((count, _)) = self.0.get_mut(reason) {
                *count += times - 1;
            }
        }
    }

    /// Counts a row by a word that is to be found among the region's own terms, such as a municipality. It came in a row,
    /// and may name somebody, too.
    pub fn count_term(&mut self, reason: impl Into<String>, term: &str) {
        self.enter(reason.into(), || redact(term));
    }

    fn enter(&mut self, reason: String, example: impl FnOnce() -> String) {
        if let Some((count, _)) = self.0.get_mut(&reason) {
            *count += 1;
        } else if self.0.len() < MAX_REASONS {
            self.0.insert(reason, (1, example().chars().take(40).collect()));
        }
    }

    /// Takes over what another has counted.
    pub fn add(&mut self, other: Self) {
        for (reason, (count, row)) in other.0 {
            let held = self.0.entry(reason).or_insert((0, row));
            held.0 += count;
        }
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.0.values().map(|(count, _)| count).sum()
    }

    /// Reason, count and example, in order of reason.
    pub fn reasons(&self) -> impl Iterator<Item = (&str, usize, &str)> {
        self.0.iter().map(|(reason, (count, row))| (reason.as_str(), *count, row.as_str()))
    }
}
