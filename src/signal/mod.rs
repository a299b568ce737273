//! What rules watch: one number of the data, the band in which it neither rises nor clears, and for how long it must hold.

mod file;

use serde::{Deserialize, Serialize};

pub use file::{MAX_HOLD_SECS, WhenTable, read_when};

use crate::clock::Moment;
use crate::data::Revision;
use crate::data::filter::FilterSpec;
use crate::data::freshness::{Age, Freshness};
use crate::data::measure::{Answer, Compare, Measure, Period, Query};
use crate::data::region::Dictionaries;
use crate::data::written_numbers::number;
use crate::language::{Arg, Language};

/// Where the number comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    /// A measure of the appeals.
    Metric {
        /// What is measured.
        measure: Measure,
        /// Over which time.
        period: Period,
        /// Of which appeals.
        filter: FilterSpec,
    },
    /// A number of a table: that of its last record.
    Table {
        /// The table.
        dataset: String,
        /// The field.
        field: String,
    },
    /// How many early warnings there are.
    Warnings(FilterSpec),
    /// How many alerts of this severity or a higher one are in force, by the words of CAP 1.2.
    Alerts {
        /// The table of alerts.
        dataset: String,
        /// The least severity.
        severity: Severity,
    },
    /// How old the data of a source is, in seconds.
    SourceAge(String),
    /// How many outputs show nothing; of one output, whether it does.
    DarkOutputs(Option<String>),
    /// What is free on the disk of the wall's state, in MiB.
    FreeDisk,
}

/// The severities of CAP 1.2, section 3.2.2, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Severity unknown.
    Unknown,
    /// Minimal to no known threat to life or property.
    Minor,
    /// Possible threat.
    Moderate,
    /// Significant threat.
    Severe,
    /// Extraordinary threat.
    Extreme,
}

impl Severity {
    fn named(name: &str) -> Self {
        match name {
            "Extreme" => Self::Extreme,
            "Severe" => Self::Severe,
            "Moderate" => Self::Moderate,
            "Minor" => Self::Minor,
            _ => Self::Unknown,
        }
    }
}

/// What is known of the machine and its sources, apart from the data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Machine {
    /// The outputs of the wall, and whether each shows something.
    pub outputs: Vec<(String, bool)>,
    /// What is free on the disk of the wall's state, in MiB; none where that is not known.
    pub free_disk_mib: Option<f64>,
    /// Each source, and the second up to which its data is complete.
    pub sources: Vec<(String, Option<i64>)>,
}

/// What the region, the data and the machine are at a moment.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The data, with its measures.
    pub revision: &'a Revision,
    /// The machine.
    pub machine: &'a Machine,
}

/// A machine of which nothing is known.
static NO_MACHINE: Machine = Machine { outputs: Vec::new(), free_disk_mib: None, sources: Vec::new() };

impl<'a> From<&'a Revision> for Surroundings<'a> {
    /// Of a machine of which nothing is known.
    fn from(revision: &'a Revision) -> Self {
        Self { revision, machine: &NO_MACHINE }
    }
}

impl Signal {
    /// Which appeals it counts; none where it counts none.
    pub fn filter(&self) -> Option<&FilterSpec> {
        match self {
            Self::Metric { filter, .. } | Self::Warnings(filter) => Some(filter),
            _ => None,
        }
    }

    /// What must be measured for it.
    pub fn query(&self, dictionaries: &Dictionaries) -> Option<Query> {
        match self {
            Self::Metric { measure, period, filter } => {
                Some(Query::Value(*measure, *period, Compare::default(), filter.resolve(dictionaries)))
            }
            Self::Warnings(_) => Some(Query::Warnings),
            _ => None,
        }
    }

    /// The number at `now`; none where nobody knows it: nothing was measured, or what was measured is old. Data that
    /// nobody renews says nothing of the present, least of all that all is well.
    pub fn read(&self, around: Surroundings<'_>, now: Moment) -> Option<f64> {
        let snapshot = &around.revision.snapshot;
        let is_known = |fresh: &Freshness| matches!(fresh.age(now), Age::Live | Age::Stale);
        let measured = |dictionaries: &Dictionaries| {
            // What counts by a name that nobody has would count nothing, and all would seem well.
            self.filter().filter(|filter| filter.is_known(dictionaries))?;
            let query = self.query(dictionaries)?;
            snapshot.appeals_freshness.as_ref().filter(|fresh| is_known(fresh))?;
            Some(&around.revision.measures.get(&query)?.answer)
        };
        let table = |name: &str| {
            snapshot.dataset_freshness.get(name).filter(|fresh| is_known(fresh))?;
            snapshot.datasets.get(name).map(|table| table.records())
        };
        let dictionaries = || snapshot.region.as_deref().map(|region| &region.dictionaries);
        match self {
            Self::Metric { .. } => match measured(dictionaries()?)? {
                Answer::Figure(figure) => figure.now,
                _ => None,
            },
            Self::Warnings(filter) => {
                let (dictionaries, filter) = (dictionaries()?, filter.resolve(dictionaries()?));
                let Answer::Warnings(warnings) = measured(dictionaries)? else { return None };
                Some(warnings.iter().filter(|warning| filter.admits_warning(dictionaries, warning)).count() as f64)
            }
            Self::Table { dataset, field } => table(dataset)?.last()?.get(field).and_then(number),
            Self::Alerts { dataset, severity } => {
                let is_severe = |row: &&crate::data::dataset::Record| {
                    row.get("severity").and_then(|s| s.as_str()).map_or(Severity::Unknown, Severity::named) >= *severity
                };
                Some(table(dataset)?.iter().filter(is_severe).count() as f64)
            }
            Self::SourceAge(name) => {
                let (_, until) = around.machine.sources.iter().find(|(source, _)| source == name)?;
                Some((now.0 as f64 / 1000.0 - (*until)? as f64).max(0.0))
            }
            Self::DarkOutputs(output) => {
                let is_meant = |name: &str| output.as_ref().is_none_or(|output| output == name);
                let mut meant = around.machine.outputs.iter().filter(|(name, _)| is_meant(name)).peekable();
                // Of an output that the wall does not have nobody knows anything.
                meant.peek()?;
                Some(meant.filter(|(_, is_lit)| !is_lit).count() as f64)
            }
            Self::FreeDisk => around.machine.free_disk_mib,
        }
    }

    /// What it is, in words.
    pub fn words(&self, language: &Language, dictionaries: Option<&Dictionaries>) -> String {
        let about = |filter: &FilterSpec| {
            let about = dictionaries.and_then(|dictionaries| filter.about(dictionaries));
            about.map_or_else(String::new, |about| format!(" ({about})"))
        };
        match self {
            Self::Metric { measure, period, filter } => {
                let what = measure.code().map_or_else(
                    || language.message("signal-formula"),
                    |code| language.message(&format!("metric-{code}")),
                );
                format!("{what} {}{}", language.message(&format!("period-{}", period.code())), about(filter))
            }
            Self::Table { dataset, field } => format!("{dataset}, {field}"),
            Self::Warnings(filter) => language.message("signal-warnings") + &about(filter),
            Self::Alerts { dataset, .. } => language.message_with("signal-alerts", &[("table", Arg::Text(dataset))]),
            Self::SourceAge(name) => language.message_with("signal-source", &[("name", Arg::Text(name))]),
            Self::DarkOutputs(None) => language.message("signal-outputs"),
            Self::DarkOutputs(Some(name)) => language.message_with("signal-output", &[("name", Arg::Text(name))]),
            Self::FreeDisk => language.message("signal-disk"),
        }
    }
}

impl When {
    /// What has risen, in words: the signal, its number, and the edge that it has crossed.
    pub fn words(&self, value: Option<f64>, language: &Language, dictionaries: Option<&Dictionaries>) -> String {
        let signal = self.signal.words(language, dictionaries);
        let edge = match self.band {
            Band::Above { above, .. } => format!("> {}", short(above, language)),
            Band::Below { below, .. } => format!("< {}", short(below, language)),
        };
        match value {
            Some(value) => format!("{signal}: {} ({edge})", short(value, language)),
            None => format!("{signal} {edge}"),
        }
    }
}

/// A number with no more decimals than it takes.
fn short(value: f64, language: &Language) -> String {
    language.number(value, if (value - value.round()).abs() < 0.05 { 0 } else { 1 })
}

/// From where on a number has risen, and from where on it has cleared; between the two it is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    /// It rises over `above`, and clears at `clear` or under it.
    Above {
        /// More than this has risen.
        above: f64,
        /// This and less has cleared.
        clear: f64,
    },
    /// It falls under `below`, and clears at `clear` or over it.
    Below {
        /// Less than this has risen.
        below: f64,
        /// This and more has cleared.
        clear: f64,
    },
}

impl Band {
    /// Whether a number is beyond the band.
    pub fn has_risen(self, value: f64) -> bool {
        match self {
            Self::Above { above, .. } => value > above,
            Self::Below { below, .. } => value < below,
        }
    }

    /// Whether a number is on this side of the band.
    pub fn has_cleared(self, value: f64) -> bool {
        match self {
            Self::Above { clear, .. } => value <= clear,
            Self::Below { clear, .. } => value >= clear,
        }
    }
}

/// A signal, its band, and for how long it must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    /// What is watched.
    pub signal: Signal,
    /// From where on it has risen and cleared.
    pub band: Band,
    /// For so many milliseconds it must be beyond the band without a break before it has risen.
    pub rise_after_millis: i64,
    /// For so many milliseconds it must be on this side of the band without a break before it has cleared.
    pub clear_after_millis: i64,
}

/// Where a condition stands; with the number of a moment it goes on to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "stands")]
pub enum Latch {
    /// It has not risen.
    #[default]
    Off,
    /// It is beyond the band, and has not been for long enough.
    Rising {
        /// Since when, in milliseconds since 1970.
        since_millis: i64,
    },
    /// It has risen.
    On {
        /// When, in milliseconds since 1970.
        since_millis: i64,
    },
    /// It is on this side of the band, and has not been for long enough.
    Clearing {
        /// When it rose, in milliseconds since 1970.
        since_millis: i64,
        /// Since when it is on this side, in milliseconds since 1970.
        cleared_millis: i64,
    },
}

impl Latch {
    /// When it rose; none while it has not.
    pub fn on_since(self) -> Option<Moment> {
        match self {
            Self::On { since_millis } | Self::Clearing { since_millis, .. } => Some(Moment(since_millis)),
            Self::Off | Self::Rising { .. } => None,
        }
    }

    /// Where it stands with the number of `now`. Without a number nothing rises and nothing clears: whatever was on its
    /// way begins anew.
    #[must_use]
    pub fn next(self, value: Option<f64>, when: &When, now: Moment) -> Self {
        let risen = value.is_some_and(|value| when.band.has_risen(value));
        let cleared = value.is_some_and(|value| when.band.has_cleared(value));
        let passed = |since: i64, millis: i64| now.0 >= since.saturating_add(millis);
        match self {
            Self::Off | Self::Rising { .. } if !risen => Self::Off,
            Self::Off | Self::Rising { .. } => {
                let since_millis = if let Self::Rising { since_millis } = self { since_millis } else { now.0 };
                let risen_millis = since_millis.saturating_add(when.rise_after_millis);
                if passed(since_millis, when.rise_after_millis) {
                    Self::On { since_millis: risen_millis }
                } else {
                    Self::Rising { since_millis }
                }
            }
            Self::On { since_millis } | Self::Clearing { since_millis, .. } if !cleared => Self::On { since_millis },
            Self::On { since_millis } | Self::Clearing { since_millis, .. } => {
                let cleared_millis =
                    if let Self::Clearing { cleared_millis, .. } = self { cleared_millis } else { now.0 };
                if passed(cleared_millis, when.clear_after_millis) {
                    Self::Off
                } else {
                    Self::Clearing { since_millis, cleared_millis }
                }
            }
        }
    }

    /// When its time is over, if the number stays where it is.
    pub fn next_change(self, when: &When) -> Option<Moment> {
        match self {
            Self::Off | Self::On { .. } => None,
            Self::Rising { since_millis } => Some(Moment(since_millis).plus_millis(when.rise_after_millis)),
            Self::Clearing { cleared_millis, .. } => Some(Moment(cleared_millis).plus_millis(when.clear_after_millis)),
        }
    }

    /// Shifted by `by_millis`, since the clock was set by as much.
    #[must_use]
    pub fn shifted(self, by_millis: i64) -> Self {
        let shift = |at: i64| at.saturating_add(by_millis);
        match self {
            Self::Off => Self::Off,
            Self::Rising { since_millis } => Self::Rising { since_millis: shift(since_millis) },
            Self::On { since_millis } => Self::On { since_millis: shift(since_millis) },
            Self::Clearing { since_millis, cleared_millis } => {
                Self::Clearing { since_millis: shift(since_millis), cleared_millis: shift(cleared_millis) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn when(rise_secs: i64, clear_secs: i64) -> When {
        When {
            signal: Signal::FreeDisk,
            band: Band::Above { above: 40.0, clear: 28.0 },
            rise_after_millis: 1000 * rise_secs,
            clear_after_millis: 1000 * clear_secs,
        }
    }

    #[test]
    fn a_number_must_hold_and_what_is_not_known_neither_rises_nor_clears() {
        let rule = when(120, 600);
        let mut latch = Latch::Off;
        let mut at = |secs: i64, value: Option<f64>| {
            latch = latch.next(value, &rule, Moment::from_secs(secs));
            latch
        };
        assert_eq!(at(0, Some(40.0)), Latch::Off, "not over it");
        assert_eq!(at(10, Some(41.0)), Latch::Rising { since_millis: 10_000 });
        assert_eq!(at(100, Some(35.0)), Latch::Off, "it did not hold");
        assert_eq!(at(110, Some(41.0)), Latch::Rising { since_millis: 110_000 });
        assert_eq!(at(170, None), Latch::Off, "nobody knows whether it holds");
        at(200, Some(50.0));
        assert_eq!(at(330, Some(50.0)), Latch::On { since_millis: 320_000 }, "it rose when its time was over");
        assert_eq!(at(400, None), Latch::On { since_millis: 320_000 });
        assert_eq!(at(500, Some(29.0)), Latch::On { since_millis: 320_000 }, "within the band");
        assert_eq!(at(510, Some(28.0)), Latch::Clearing { since_millis: 320_000, cleared_millis: 510_000 });
        assert_eq!(at(900, None), Latch::On { since_millis: 320_000 }, "no data is not all is well");
        at(1000, Some(0.0));
        assert_eq!(latch.next_change(&rule), Some(Moment::from_secs(1600)));
        assert_eq!(latch.next(Some(0.0), &rule, Moment::from_secs(1600)), Latch::Off);
    }

    #[test]
    fn of_what_the_wall_does_not_have_nobody_knows_anything() {
        let machine = Machine { outputs: vec![("left".into(), true), ("right".into(), false)], ..Machine::default() };
        let revision = Revision::default();
        let read = |signal: Signal| signal.read(Surroundings { revision: &revision, machine: &machine }, Moment(0));
        let dark = |name: Option<&str>| Signal::DarkOutputs(name.map(str::to_owned));
        assert_eq!(
            [read(dark(None)), read(dark(Some("left"))), read(dark(Some("right")))],
            [Some(1.0), Some(0.0), Some(1.0)]
        );
        assert_eq!([read(dark(Some("lfet"))), read(Signal::SourceAge("portal".into()))], [None, None]);
        let nothing = Signal::Warnings(FilterSpec::default());
        assert_eq!(
            [nothing.read((&revision).into(), Moment(0)), dark(None).read((&revision).into(), Moment(0))],
            [None, None]
        );
    }

    #[test]
    fn without_delays_it_follows_at_once() {
        let rule = When { band: Band::Below { below: 5.0, clear: 8.0 }, ..when(0, 0) };
        let on = Latch::Off.next(Some(4.9), &rule, Moment(7));
        assert_eq!(on, Latch::On { since_millis: 7 });
        assert_eq!(on.next(Some(7.9), &rule, Moment(8)), on);
        assert_eq!(on.next(Some(8.0), &rule, Moment(9)), Latch::Off);
    }

    proptest! {
        /// The same by a plain list of all that was ever read.
        #[test]
        fn it_agrees_with_the_whole_history(
            values in prop::collection::vec((1i64..90, prop::option::weighted(0.9, 0f64..60.0)), 1..200),
            rise in 0i64..200, clear in 0i64..200,
        ) {
            let rule = when(rise, clear);
            let (mut latch, mut now) = (Latch::Off, 0);
            let mut history: Vec<(i64, Option<f64>)> = Vec::new();
            let mut on = false;
            for (pause, value) in values {
                now += 1000 * pause;
                history.push((now, value));
                latch = latch.next(value, &rule, Moment(now));
                // For how long all that was read is such.
                let held = |is: &dyn Fn(f64) -> bool| {
                    let since = history.iter().rev().take_while(|(_, value)| value.is_some_and(is)).last();
                    since.map(|(at, _)| now - at)
                };
                if !on {
                    on = held(&|v| v > 40.0).is_some_and(|millis| millis >= 1000 * rise);
                    if on { history.clear(); }
                } else if held(&|v| v <= 28.0).is_some_and(|millis| millis >= 1000 * clear) {
                    on = false;
                    history.clear();
                }
                prop_assert_eq!(latch.on_since().is_some(), on);
                prop_assert!(latch.next_change(&rule).is_none_or(|at| at.0 > now));
            }
        }

        /// A number that only moves within the band changes nothing, however it moves.
        #[test]
        fn noise_within_the_band_is_not_heard(values in prop::collection::vec(28.0001f64..=40.0, 1..200), on: bool) {
            let rule = when(0, 0);
            let start = if on { Latch::On { since_millis: 0 } } else { Latch::Off };
            let mut latch = start;
            for (index, value) in values.into_iter().enumerate() {
                latch = latch.next(Some(value), &rule, Moment(1000 * index as i64));
                prop_assert_eq!(latch, start);
            }
        }
    }
}
