//! Alarms: what stands, who has it, and which of them takes the wall over. Rules, where they stand, and the step from one
//! to the next are plain data and pure functions.

mod file;
mod machine;
mod trial;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use file::{AlarmTable, read_alarms};
pub use machine::{Told, acknowledge, note_rise, shelve, step, takeover, unshelve};
pub use trial::{MAX_RISES_A_DAY, Sample, Trial, proposal, trial};

use crate::clock::Moment;
use crate::language::LocalizedText;
use crate::map::Target;
use crate::signal::{Latch, When};

/// An alarm is shelved for no longer than this, in seconds.
pub const MAX_SHELF_SECS: f64 = 8.0 * 3600.0;
/// More rises than this within [`FLOOD_MILLIS`] are a flood.
pub const FLOOD_RISES: usize = 10;
/// The time in which rises are counted, in milliseconds.
pub const FLOOD_MILLIS: i64 = 600_000;

/// How much an alarm disturbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// It tells the tablet and the console.
    Low,
    /// It puts a bar on the wall.
    Middle,
    /// It takes the wall over.
    High,
}

/// What comes of a number that nobody knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoData {
    /// The alarm stays as it is.
    #[default]
    Keep,
    /// It is as if the threshold were crossed.
    Alarm,
}

/// What a rule shows while it has the wall.
#[derive(Debug, Clone, PartialEq)]
pub struct Takeover {
    /// A built-in name, NAME/PRESET, or a file.
    pub layout: String,
    /// What its maps look at; none for what the layout says.
    pub look: Option<Target>,
    /// It has the wall no longer than this, in milliseconds.
    pub at_most_millis: i64,
    /// Where the file names the layout, in bytes.
    pub source: std::ops::Range<usize>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it is called; no two are called alike.
    pub name: String,
    /// What it tells people.
    pub title: LocalizedText,
    /// What must hold, for how long until it rises, and until it clears.
    pub when: When,
    /// How much it disturbs.
    pub priority: Priority,
    /// What it shows; none where it takes nothing over.
    pub takeover: Option<Takeover>,
    /// What is to be done.
    pub action: LocalizedText,
    /// So long after it was acknowledged, or last told, it is told again where it still stands, in milliseconds.
    pub repeat_after_millis: Option<i64>,
    /// What comes of a number that nobody knows.
    pub no_data: NoData,
    /// Who is told besides, by the names of `[[notify]]`.
    pub notify: Vec<String>,
    /// Where the file speaks of it, in bytes.
    pub source: std::ops::Range<usize>,
}

/// Where an alarm stands for those who answer it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stands {
    /// Nothing is wrong.
    #[default]
    Normal,
    /// The threshold is crossed, and has not been for long enough.
    Pending,
    /// It has risen, and nobody has it.
    Unacknowledged,
    /// It has risen, and somebody has it.
    Acknowledged,
    /// It has cleared before anybody had it.
    Returned,
}

/// Who has an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Acknowledged {
    /// Who.
    pub by: String,
    /// Since when, in milliseconds since 1970.
    pub at_millis: i64,
    /// In their words.
    pub reason: Option<String>,
}

/// For how long an alarm disturbs nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shelf {
    /// Who wants it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Since when, in milliseconds since 1970.
    pub since_millis: i64,
    /// Until when, in milliseconds since 1970.
    pub until_millis: i64,
}

/// An alarm, as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Where it stands.
    pub stands: Stands,
    /// Where its condition stands.
    pub latch: Latch,
    /// How much it disturbs.
    pub priority: Priority,
    /// What it tells people.
    pub title: LocalizedText,
    /// What is to be done.
    pub action: LocalizedText,
    /// The number with which it rose; none where nobody knew it.
    pub value: Option<f64>,
    /// Why it rose, in the wall's words: the signal, its number, and the edge that it has crossed.
    #[serde(default)]
    pub because: String,
    /// When it rose, in milliseconds since 1970.
    pub risen_millis: Option<i64>,
    /// When it was told last, in milliseconds since 1970.
    pub told_millis: Option<i64>,
    /// When it took the wall over, in milliseconds since 1970.
    pub taken_millis: Option<i64>,
    /// Who has it.
    pub acknowledged: Option<Acknowledged>,
    /// For how long it disturbs nobody.
    pub shelf: Option<Shelf>,
}

impl Alarm {
    /// One of a rule of which nothing is known yet.
    pub fn of(rule: &Rule) -> Self {
        Self {
            stands: Stands::Normal,
            latch: Latch::Off,
            priority: rule.priority,
            title: rule.title.clone(),
            action: rule.action.clone(),
            value: None,
            because: String::new(),
            risen_millis: None,
            told_millis: None,
            taken_millis: None,
            acknowledged: None,
            shelf: None,
        }
    }

    /// Whether it has risen, and is not over for those who answer it.
    pub fn is_standing(&self) -> bool {
        matches!(self.stands, Stands::Unacknowledged | Stands::Acknowledged | Stands::Returned)
    }

    /// Whether it is shelved at `now`.
    pub fn is_shelved(&self, now: Moment) -> bool {
        self.shelf.as_ref().is_some_and(|shelf| now.0 < shelf.until_millis)
    }

    /// Whether somebody is to come: it has risen, nobody has it, and it is not shelved.
    pub fn calls(&self, now: Moment) -> bool {
        self.stands == Stands::Unacknowledged && !self.is_shelved(now)
    }

    /// Shifts its moments by `by_millis`, since the clock was set by as much.
    pub fn shift(&mut self, by_millis: i64) {
        self.latch = self.latch.shifted(by_millis);
        let moments = [&mut self.risen_millis, &mut self.told_millis, &mut self.taken_millis];
        let shelf = self.shelf.iter_mut().flat_map(|shelf| [&mut shelf.since_millis, &mut shelf.until_millis]);
        let acknowledged = self.acknowledged.iter_mut().map(|taken| &mut taken.at_millis);
        moments
            .into_iter()
            .flatten()
            .chain(shelf)
            .chain(acknowledged)
            .for_each(|at| *at = at.saturating_add(by_millis));
    }
}

/// All alarms that are not simply normal, and when alarms rose last.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Alarms {
    /// By the names of their rules.
    pub by_name: BTreeMap<String, Alarm>,
    /// When alarms rose within the last ten minutes, in milliseconds since 1970; the last eleven.
    pub rises: Vec<i64>,
    /// Since when more rise than anybody can answer; none where that is not so.
    pub flood_since_millis: Option<i64>,
    /// How well is watched.
    #[serde(default)]
    pub watch: Watch,
}

/// How well is watched: without data nobody may say that all is well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// How many rules there are.
    pub rules: usize,
    /// The rules whose number nobody knows.
    pub unknown: Vec<String>,
}

/// Somebody who is off duty is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// What tells it from all others: a UUID of version 7.
    pub id: uuid::Uuid,
    /// When, in milliseconds since 1970.
    pub at_millis: i64,
    /// The rule; `flood` for the summary of a flood.
    pub alarm: String,
    /// What is told.
    pub told: Told,
    /// What it tells people.
    pub title: String,
    /// Why it rose.
    pub because: String,
    /// What is to be done.
    pub action: String,
    /// How much it disturbs.
    pub priority: Priority,
    /// Who is told, by the names of `[[notify]]`.
    pub to: Vec<String>,
}

impl Alarms {
    /// Those that stand: the highest first, then the oldest.
    pub fn standing(&self) -> Vec<(&str, &Alarm)> {
        let mut standing: Vec<(&str, &Alarm)> =
            self.by_name.iter().filter(|(_, alarm)| alarm.is_standing()).map(|(n, a)| (n.as_str(), a)).collect();
        standing.sort_by_key(|(name, alarm)| (std::cmp::Reverse(alarm.priority), alarm.risen_millis, name.to_owned()));
        standing
    }

    /// The one that rose first of those that stand: what came after may be its consequence. None where it stands alone, or
    /// another rose at the same moment.
    pub fn first_out(&self) -> Option<&str> {
        let mut standing = self.standing();
        standing.sort_by_key(|(_, alarm)| alarm.risen_millis);
        match standing.as_slice() {
            [(name, first), (_, second), ..] if first.risen_millis < second.risen_millis => Some(name),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
