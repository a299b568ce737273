//! Periods of time in the region's own calendar.

use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use serde::Deserialize;

use crate::clock::Moment;

/// 364 days: the same weekday a year ago.
pub const YEAR_SECS: u32 = 364 * 86_400;

/// The stretch of time that a measure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// This instant.
    Now,
    /// Since midnight.
    Today,
    /// The last 24 hours.
    #[serde(rename = "24-hours")]
    Hours24,
    /// The last 7 days.
    #[serde(rename = "7-days")]
    Days7,
    /// The last 30 days.
    #[serde(rename = "30-days")]
    Days30,
}

/// From a second, inclusive, to another, exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first second.
    pub from: u32,
    /// The first second after it.
    pub to: u32,
}

impl Window {
    /// The same stretch `secs` earlier.
    pub fn earlier(self, secs: u32) -> Self {
        Self { from: self.from.saturating_sub(secs), to: self.to.saturating_sub(secs) }
    }

    /// Whether a second lies in it.
    pub fn contains(self, second: u32) -> bool {
        (self.from..self.to).contains(&second)
    }
}

impl Period {
    /// The name that files and messages use.
    pub fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Today => "today",
            Self::Hours24 => "24-hours",
            Self::Days7 => "7-days",
            Self::Days30 => "30-days",
        }
    }

    /// The period that ends at `now`.
    pub fn window(self, now: Moment, zone: &TimeZone) -> Window {
        let to = seconds(now.secs()).saturating_add(1);
        let from = match self {
            Self::Now => to,
            Self::Today => seconds(day_start(&now.zoned(zone)).timestamp().as_second()),
            Self::Hours24 => to.saturating_sub(86_400),
            Self::Days7 => to.saturating_sub(7 * 86_400),
            Self::Days30 => to.saturating_sub(30 * 86_400),
        };
        Window { from, to }
    }

    /// Whole days of the period, at least one.
    pub fn days(self) -> usize {
        match self {
            Self::Now | Self::Today | Self::Hours24 => 1,
            Self::Days7 => 7,
            Self::Days30 => 30,
        }
    }
}

/// The first instant of a day.
pub fn day_start(at: &Zoned) -> Zoned {
    at.start_of_day().unwrap_or_else(|_| at.clone())
}

/// The first instants of the last `count` days, oldest first, ending with the day of `now`, and the first
/// instant of the day after.
pub fn day_starts(now: Moment, zone: &TimeZone, count: usize) -> Vec<u32> {
    let today = day_start(&now.zoned(zone));
    (0..=count as i64)
        .map(|step| {
            let day = today.checked_add((step - count as i64 + 1).days()).unwrap_or_else(|_| today.clone());
            seconds(day.timestamp().as_second())
        })
        .collect()
}

/// Seconds since 1970 as columns hold them.
pub fn seconds(secs: i64) -> u32 {
    u32::try_from(secs.max(0)).unwrap_or(u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn today_begins_at_the_regions_midnight() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let now: Moment = date(2026, 11, 20).at(14, 5, 12, 0).to_zoned(zone.clone()).unwrap().timestamp().into();
        let window = Period::Today.window(now, &zone);
        assert_eq!(window.to - window.from, 14 * 3600 + 5 * 60 + 12 + 1);
    }

    #[test]
    fn days_of_a_changed_clock_have_23_or_25_hours() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now: Moment = date(2026, 3, 30).at(12, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp().into();
        let starts = day_starts(now, &zone, 3);
        let hours: Vec<u32> = starts.windows(2).map(|d| (d[1] - d[0]) / 3600).collect();
        assert_eq!(hours, [24, 23, 24]);
    }
}
