//! Measures: what a number on the wall means, and how it is computed from a snapshot.
//!
//! Received and resolved are flows of a period; in work, postponed and overdue are stocks at an instant.
//! Every value stands beside the same measure a year ago or of the period before.

mod formula;
mod lists;
mod metric;
mod near;
mod period;
mod review;
mod scan;
mod tally;
mod warning;

use std::sync::Arc;

use serde::Deserialize;

use super::places::TiledPoints;
use super::region::Dictionaries;
use super::timeline::Timeline;
use super::{Appeal, Snapshot, has_come};
use crate::clock::Moment;
pub use formula::{Formula, FormulaError, Measure};
pub use lists::Deadlines;
pub use metric::{AppealCondition, Basis, Metric, Span, Statistic, Unit};
pub use near::{Counted, Near, near};
pub use period::{Compare, Period, Window, YEAR_SECS, day_start};
pub use review::{Reviewed, SizeClass};
pub use warning::{ALARM, LEAST_HISTORY_SECS, Warning};

/// Which appeals count; each is a place in the dictionaries, and none lets all through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Filter {
    /// Only this sector.
    pub sector: Option<u16>,
    /// Only this municipality.
    pub municipality: Option<u16>,
    /// Only this channel.
    pub channel: Option<u8>,
    /// Only this topic.
    pub topic: Option<u16>,
    /// Only this executor.
    pub agency: Option<u16>,
    /// Only in this state at the end of the period.
    pub status: Option<Status>,
}

/// Where an appeal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In work.
    InWork,
    /// In work past its due date.
    Overdue,
    /// Answered.
    Answered,
    /// Answered, and the resident has confirmed it.
    Accepted,
}

impl Status {
    /// Whether an appeal stood there at a second.
    pub fn holds(self, appeal: &Appeal, at: u32) -> bool {
        match self {
            Self::InWork => appeal.is_open(at),
            Self::Overdue => appeal.is_overdue(at),
            Self::Answered => has_come(appeal.answered, at),
            Self::Accepted => has_come(appeal.answered, at) && has_come(appeal.accepted, at),
        }
    }
}

impl Filter {
    /// Whether an appeal counts; its state is judged at the second `at`.
    pub fn admits(&self, dictionaries: &Dictionaries, appeal: &Appeal, at: u32) -> bool {
        self.municipality.is_none_or(|m| m == appeal.municipality)
            && self.channel.is_none_or(|c| c == appeal.channel)
            && self.topic.is_none_or(|t| t == appeal.topic)
            && self.agency.is_none_or(|a| a == appeal.agency)
            && self.status.is_none_or(|s| s.holds(appeal, at))
            && self.sector.is_none_or(|s| dictionaries.sector_of(appeal) == Some(s))
    }

    /// Whether a warning is about what it lets through; one of the whole region is of no municipality.
    pub fn admits_warning(&self, dictionaries: &Dictionaries, warning: &Warning) -> bool {
        let sector = || dictionaries.topics.get(usize::from(warning.topic)).map(|topic| topic.sector);
        self.municipality.is_none_or(|m| warning.municipality == Some(m))
            && self.topic.is_none_or(|t| t == warning.topic)
            && self.sector.is_none_or(|s| sector() == Some(s))
    }
}

/// What groups are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// One group a municipality.
    Municipality,
    /// One group a sector.
    Sector,
    /// One group a channel.
    Channel,
    /// One group a topic.
    Topic,
    /// One group an executor.
    Agency,
}

/// A question to the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Query {
    /// One number, with what it is compared with and how both came about.
    Value(Measure, Period, Compare, Filter),
    /// One number a group, with what it was a week ago.
    Groups(Measure, Period, Dimension, Filter),
    /// A flow by hour of today, beside the same weekday a year ago.
    Hours(Metric, Filter),
    /// A flow by hour of today, one row a sector.
    SectorHours(Metric, Filter),
    /// A measure by day over the last days.
    Days(Measure, u16, Filter),
    /// The rating of municipalities of the weekly review.
    Review(Filter),
    /// Places where more is received than was to be expected.
    Warnings,
    /// Where the appeals came from that a metric counts in a period, or in what that is compared with.
    Places(Metric, Period, Option<Compare>, Filter),
    /// The same of a period, in the order of time.
    Timeline(Metric, Period, Filter),
    /// Due dates of what is in work.
    Deadlines(Filter),
    /// What a metric that counts appeals counts in each hour of a usual week, over so many of the last weeks.
    Week(Metric, u16, Filter),
    /// How far what was received in a period has come.
    Stages(Period, Filter),
    /// What a metric that counts appeals counts by two dimensions at once: how much goes from which to which.
    Flow(Metric, Period, [Dimension; 2], Filter),
}

impl Query {
    /// Whether it must be measured again at `now`, when it was last measured at `last`. What changes slowly or is
    /// costly is not measured every two seconds.
    pub fn is_due(&self, last: Moment, now: Moment) -> bool {
        let every_millis = match self {
            Self::Warnings => 60_000,
            Self::Places(_, Period::Now | Period::Today | Period::Yesterday | Period::Hours24, ..) => 30_000,
            Self::Places(_, Period::Week | Period::Days7, ..) => 60_000,
            Self::Places(..) | Self::Timeline(..) | Self::Week(..) => 600_000,
            Self::Stages(..) | Self::Flow(..) => 30_000,
            _ => return true,
        };
        last.0.div_euclid(every_millis) != now.0.div_euclid(every_millis)
    }
}

/// An answer to [`Query::Value`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figure {
    /// The value; none where nothing was there to measure.
    pub now: Option<f64>,
    /// What it is compared with.
    pub before: Option<f64>,
    /// How the value came about: within the day for a flow of today, else by day, oldest first. The slots
    /// of a day that have not come yet are missing at the end.
    pub trend: Vec<f64>,
    /// The same for what it is compared with, all slots.
    pub trend_before: Vec<f64>,
    /// Number of slots that the full width stands for.
    pub slots: usize,
}

/// One group of an answer to [`Query::Groups`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// The place in the dictionary.
    pub key: u16,
    /// The value; none where nothing was there to measure.
    pub now: Option<f64>,
    /// The value a week ago.
    pub week_ago: Option<f64>,
}

/// What a query is answered with.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To [`Query::Value`].
    Figure(Figure),
    /// To [`Query::Groups`]: one entry a group, in the order of the dictionary.
    Groups(Vec<Group>),
    /// To [`Query::Hours`]: 24 counts of today and of the day a year ago. Hours that have not come are 0.
    Hours {
        /// Today.
        today: [u32; 24],
        /// The same weekday a year ago.
        year_ago: [u32; 24],
        /// Hours of today that have begun: the last of them is not over.
        begun: u8,
    },
    /// To [`Query::SectorHours`]: for each sector its 24 counts.
    SectorHours(Vec<[u32; 24]>),
    /// To [`Query::Days`]: one value a day, oldest first, the last being the day that is not over, with
    /// the same days a year ago.
    Days {
        /// The last days.
        days: Vec<f64>,
        /// The same weekdays a year ago.
        year_ago: Vec<f64>,
    },
    /// To [`Query::Review`], best places first within each class of size.
    Review(Vec<Reviewed>),
    /// To [`Query::Warnings`], the least probable first.
    Warnings(Vec<Warning>),
    /// To [`Query::Places`].
    Places(Arc<TiledPoints>),
    /// To [`Query::Timeline`].
    Timeline(Arc<Timeline>),
    /// To [`Query::Deadlines`].
    Deadlines(Deadlines),
    /// To [`Query::Week`]: for each weekday, Monday first, its 24 hours.
    Week(Vec<[f64; 24]>),
    /// To [`Query::Stages`]: received, with a reply, answered, confirmed.
    Stages([u32; 4]),
    /// To [`Query::Flow`]: places in the two dictionaries and how many, ascending by place; none that are 0.
    Flow(Vec<(u16, u16, u32)>),
}

/// Answers `query` from `snapshot` as it stood at `now`; none before there is a region.
pub fn answer(snapshot: &Snapshot, query: &Query, now: Moment) -> Option<Answer> {
    let region = snapshot.region.as_deref()?;
    let scan = scan::Scan::new(snapshot, &region.dictionaries, now);
    Some(match *query {
        Query::Value(measure, period, compare, filter) => {
            // The parts of a formula are drawn alike: half-hourly only where each of them adds up over a day.
            let hourly = period == Period::Today && measure.parts().all(Metric::adds_up);
            let figure = |metric| scan.figure(metric, period, compare, filter, hourly);
            Answer::Figure(match measure {
                Measure::Metric(metric) => figure(metric),
                Measure::Formula(formula) => formula.figure(&measure.parts().map(figure).collect::<Vec<_>>()),
            })
        }
        Query::Groups(measure, period, dimension, filter) => {
            let groups = |metric| scan.groups(metric, period, dimension, filter);
            Answer::Groups(match measure {
                Measure::Metric(metric) => groups(metric),
                Measure::Formula(formula) => formula.groups(&measure.parts().map(groups).collect::<Vec<_>>()),
            })
        }
        Query::Hours(metric, _) | Query::SectorHours(metric, _) if !scan.is_reported(metric) => return None,
        Query::Hours(metric, filter) => scan.hours(metric, filter),
        Query::SectorHours(metric, filter) => Answer::SectorHours(scan.sector_hours(metric, filter)),
        Query::Days(measure, days, filter) => {
            let lines = |metric| scan.days(metric, days, filter);
            let (days, year_ago) = match measure {
                Measure::Metric(metric) => lines(metric),
                Measure::Formula(formula) => {
                    let parts: Vec<(Vec<f64>, Vec<f64>)> = measure.parts().map(lines).collect();
                    let (now, before): (Vec<&[f64]>, Vec<&[f64]>) =
                        parts.iter().map(|(now, before)| (now.as_slice(), before.as_slice())).unzip();
                    (formula.line(&now), formula.line(&before))
                }
            };
            Answer::Days { days, year_ago }
        }
        Query::Places(metric, period, compare, filter) => {
            Answer::Places(Arc::new(scan.places(metric, period, compare, filter, &region.boundaries)))
        }
        Query::Timeline(metric, period, filter) => {
            Answer::Timeline(Arc::new(scan.timeline(metric, period, filter, &region.boundaries)))
        }
        Query::Deadlines(filter) => Answer::Deadlines(scan.deadlines(filter)),
        Query::Week(metric, weeks, filter) => Answer::Week(scan.week(metric, weeks, filter)),
        Query::Stages(period, filter) => Answer::Stages(scan.stages(period, filter)),
        Query::Flow(metric, period, between, filter) => Answer::Flow(scan.flow(metric, period, between, filter)),
        Query::Warnings => Answer::Warnings(warning::warnings(snapshot, now)),
        Query::Review(filter) => Answer::Review(review::review(&scan, &region.dictionaries, filter)),
    })
}
