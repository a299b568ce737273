//! Measures: what a number on the wall means, and how it is computed from a snapshot.
//!
//! Received and resolved are flows of a period; in work, postponed and overdue are stocks at an instant.
//! Every value stands beside the same measure of the same weekday a year ago (364 days earlier).

mod period;
mod scan;

use serde::Deserialize;

use super::region::Dictionaries;
use super::{Appeal, Snapshot};
use crate::clock::Moment;
pub use period::{Period, Window, YEAR_SECS, day_start};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// Appeals received in the period.
    Received,
    /// Appeals answered in the period.
    Resolved,
    /// Appeals received and not answered, at the end of the period.
    InWork,
    /// Appeals in work past their due date, at the end of the period.
    Overdue,
    /// Overdue among those in work, in per cent.
    OverdueShare,
    /// Appeals in work whose due date was moved.
    Postponed,
    /// Appeals received in the period that are linked to an earlier one.
    Repeats,
    /// Repeats among the received, in per cent.
    RepeatShare,
    /// Hours from receipt to the first reply, the median of the replies given in the period.
    FirstReplyHours,
    /// Days from receipt to the answer, the median of the answers given in the period.
    ResolutionDays,
    /// Of the appeals answered in the period, those that the resident has confirmed, in per cent.
    AcceptedShare,
    /// The mean of the ratings given to the answers of the period, 1 to 5.
    Rating,
}

/// What the unit of a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A count of appeals.
    Appeals,
    /// Per cent.
    Percent,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// A mark from 1 to 5.
    Mark,
}

impl Metric {
    /// Every measure.
    pub const ALL: [Self; 12] = [
        Self::Received,
        Self::Resolved,
        Self::InWork,
        Self::Overdue,
        Self::OverdueShare,
        Self::Postponed,
        Self::Repeats,
        Self::RepeatShare,
        Self::FirstReplyHours,
        Self::ResolutionDays,
        Self::AcceptedShare,
        Self::Rating,
    ];

    /// The name that files use.
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Resolved => "resolved",
            Self::InWork => "in-work",
            Self::Overdue => "overdue",
            Self::OverdueShare => "overdue-share",
            Self::Postponed => "postponed",
            Self::Repeats => "repeats",
            Self::RepeatShare => "repeat-share",
            Self::FirstReplyHours => "first-reply-hours",
            Self::ResolutionDays => "resolution-days",
            Self::AcceptedShare => "accepted-share",
            Self::Rating => "rating",
        }
    }

    /// Its unit.
    pub fn unit(self) -> Unit {
        match self {
            Self::OverdueShare | Self::RepeatShare | Self::AcceptedShare => Unit::Percent,
            Self::FirstReplyHours => Unit::Hours,
            Self::ResolutionDays => Unit::Days,
            Self::Rating => Unit::Mark,
            _ => Unit::Appeals,
        }
    }

    /// Whether it is a level at an instant rather than a flow of a period.
    pub fn is_stock(self) -> bool {
        matches!(self, Self::InWork | Self::Overdue | Self::OverdueShare | Self::Postponed)
    }

    /// Whether less of it is better; none where neither is.
    pub fn less_is_better(self) -> Option<bool> {
        match self {
            Self::Resolved => None,
            Self::AcceptedShare | Self::Rating => Some(false),
            _ => Some(true),
        }
    }
}

/// Which appeals count; each is a place in the dictionaries, and none lets all through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Filter {
    /// Only this sector.
    pub sector: Option<u16>,
    /// Only this municipality.
    pub municipality: Option<u16>,
    /// Only this channel.
    pub channel: Option<u8>,
}

impl Filter {
    /// Whether an appeal counts.
    pub fn admits(&self, dictionaries: &Dictionaries, appeal: &Appeal) -> bool {
        self.municipality.is_none_or(|m| m == appeal.municipality)
            && self.channel.is_none_or(|c| c == appeal.channel)
            && self.sector.is_none_or(|s| dictionaries.sector_of(appeal) == Some(s))
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
}

/// A question to the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Query {
    /// One number, with what it was a year ago and how both came about.
    Value(Metric, Period, Filter),
    /// One number a group, with what it was a week ago.
    Groups(Metric, Period, Dimension, Filter),
    /// A flow by hour of today, beside the same weekday a year ago.
    Hours(Metric, Filter),
    /// A flow by hour of today, one row a sector.
    SectorHours(Metric, Filter),
    /// A measure by day over the last days.
    Days(Metric, u16, Filter),
}

/// An answer to [`Query::Value`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figure {
    /// The value; none where nothing was there to measure.
    pub now: Option<f64>,
    /// The value a year ago.
    pub year_ago: Option<f64>,
    /// How the value came about: within the day for a flow of today, else by day, oldest first. The slots
    /// of a day that have not come yet are missing at the end.
    pub trend: Vec<f64>,
    /// The same a year ago, all slots.
    pub trend_year_ago: Vec<f64>,
    /// How many slots the whole width stands for.
    pub slots: usize,
}

/// One group of an answer to [`Query::Groups`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// The place in the dictionary.
    pub key: u16,
    /// The value.
    pub now: f64,
    /// The value a week ago; none where nothing was there to measure.
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
}

/// Answers `query` from `snapshot` as it stood at `now`; none before there is a region.
pub fn answer(snapshot: &Snapshot, query: &Query, now: Moment) -> Option<Answer> {
    let region = snapshot.region.as_deref()?;
    let scan = scan::Scan::new(snapshot, &region.dictionaries, now);
    Some(match *query {
        Query::Value(metric, period, filter) => Answer::Figure(scan.figure(metric, period, filter)),
        Query::Groups(metric, period, dimension, filter) => {
            Answer::Groups(scan.groups(metric, period, dimension, filter))
        }
        Query::Hours(metric, filter) => scan.hours(metric, filter),
        Query::SectorHours(metric, filter) => Answer::SectorHours(scan.sector_hours(metric, filter)),
        Query::Days(metric, days, filter) => scan.days(metric, days, filter),
    })
}
