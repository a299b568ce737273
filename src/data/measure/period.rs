//! Periods of time in the region's own calendar, and what they are compared with.

use jiff::tz::TimeZone;
use jiff::{Span, ToSpan, Zoned};
use serde::Deserialize;

use crate::clock::Moment;

/// 364 days: the same weekday a year ago.
pub const YEAR_SECS: u32 = 364 * 86_400;
const DAY_SECS: u32 = 86_400;

/// The stretch of time that a measure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// This instant.
    Now,
    /// Since midnight.
    Today,
    /// The day before.
    Yesterday,
    /// Since Monday.
    Week,
    /// Since the first of the month.
    Month,
    /// Since the first of January, April, July or October.
    Quarter,
    /// Since the first of January.
    Year,
    /// The last 24 hours.
    #[serde(rename = "24-hours")]
    Hours24,
    /// The last 7 days.
    #[serde(rename = "7-days")]
    Days7,
    /// The last 30 days.
    #[serde(rename = "30-days")]
    Days30,
    /// The last 90 days.
    #[serde(rename = "90-days")]
    Days90,
    /// The last 365 days.
    #[serde(rename = "365-days")]
    Days365,
}

/// What a measure is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// The same a year ago: for months and longer the same dates, for anything shorter the same weekdays, 364
    /// days earlier.
    #[default]
    YearAgo,
    /// The period before, as far as this one has come; for an instant, a week ago.
    Before,
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
    /// Every period.
    pub const ALL: [Self; 12] = [
        Self::Now,
        Self::Today,
        Self::Yesterday,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::Hours24,
        Self::Days7,
        Self::Days30,
        Self::Days90,
        Self::Days365,
    ];

    /// The name that files and messages use.
    pub fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Hours24 => "24-hours",
            Self::Days7 => "7-days",
            Self::Days30 => "30-days",
            Self::Days90 => "90-days",
            Self::Days365 => "365-days",
        }
    }

    /// The period that ends at `now`, inclusive.
    pub fn window(self, now: Moment, zone: &TimeZone) -> Window {
        self.of(&now.zoned(zone))
    }

    /// What it is compared with.
    pub fn compared(self, compare: Compare, now: Moment, zone: &TimeZone) -> Window {
        let at = now.zoned(zone);
        let back: Span = match (compare, self) {
            (Compare::YearAgo, Self::Month | Self::Quarter | Self::Year) => 1.year(),
            (Compare::YearAgo, _) => 364.days(),
            (Compare::Before, Self::Now | Self::Week | Self::Days7) => 7.days(),
            (Compare::Before, Self::Today | Self::Yesterday | Self::Hours24) => 1.day(),
            (Compare::Before, Self::Month) => 1.month(),
            (Compare::Before, Self::Quarter) => 3.months(),
            (Compare::Before, Self::Year) => 1.year(),
            (Compare::Before, Self::Days30) => 30.days(),
            (Compare::Before, Self::Days90) => 90.days(),
            (Compare::Before, Self::Days365) => 365.days(),
        };
        // By the calendar: the same time of day, whatever the clock was set to; 31 March goes to 28 February.
        self.of(&at.checked_sub(back).unwrap_or(at))
    }

    fn of(self, at: &Zoned) -> Window {
        let to = seconds(at.timestamp().as_second()).saturating_add(1);
        let begun = |day: &Zoned| seconds(day_start(day).timestamp().as_second());
        let on = |date: jiff::civil::Date| date.to_zoned(at.time_zone().clone()).map_or(to, |day| begun(&day));
        let date = at.date();
        let rolling = |days: u32| to.saturating_sub(days * DAY_SECS);
        let from = match self {
            Self::Now => to,
            Self::Today => begun(at),
            Self::Yesterday => {
                let today = begun(at);
                return Window { from: on(date.yesterday().unwrap_or(date)), to: today };
            }
            Self::Week => {
                let since_monday = i64::from(date.weekday().to_monday_zero_offset());
                on(date.checked_sub(since_monday.days()).unwrap_or(date))
            }
            Self::Month => on(date.first_of_month()),
            Self::Quarter => on(jiff::civil::Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).unwrap_or(date)),
            Self::Year => on(date.first_of_year()),
            Self::Hours24 => rolling(1),
            Self::Days7 => rolling(7),
            Self::Days30 => rolling(30),
            Self::Days90 => rolling(90),
            Self::Days365 => rolling(365),
        };
        Window { from, to }
    }

    /// Whole days of the period, at least one.
    pub fn days(self) -> usize {
        match self {
            Self::Now | Self::Today | Self::Yesterday | Self::Hours24 => 1,
            Self::Week | Self::Days7 => 7,
            Self::Month | Self::Days30 => 30,
            Self::Quarter | Self::Days90 => 90,
            Self::Year | Self::Days365 => 365,
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
            seconds(day_start(&day).timestamp().as_second())
        })
        .collect()
}

/// Columns hold seconds in 32 bits, until February 2106; measures stand still two years before, so that no window of
/// theirs leaves them.
const LATEST: u32 = u32::MAX - 2 * 366 * DAY_SECS;

/// Seconds since 1970 as columns hold them.
pub fn seconds(secs: i64) -> u32 {
    u32::try_from(secs.max(0)).unwrap_or(LATEST).min(LATEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(year: i16, month: i8, day: i8, hour: i8, zone: &TimeZone) -> Moment {
        date(year, month, day).at(hour, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp().into()
    }

    #[test]
    fn periods_begin_where_the_calendar_says() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        // A Friday.
        let now = at(2026, 11, 20, 14, &zone);
        for (period, year, month, day) in [
            (Period::Today, 2026, 11, 20),
            (Period::Yesterday, 2026, 11, 19),
            (Period::Week, 2026, 11, 16),
            (Period::Month, 2026, 11, 1),
            (Period::Quarter, 2026, 10, 1),
            (Period::Year, 2026, 1, 1),
        ] {
            assert_eq!(i64::from(period.window(now, &zone).from), at(year, month, day, 0, &zone).secs(), "{period:?}");
        }
        assert_eq!(i64::from(Period::Yesterday.window(now, &zone).to), at(2026, 11, 20, 0, &zone).secs());
    }

    #[test]
    fn comparisons_go_as_far_as_the_period_has_come() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let ends = |window: Window| (i64::from(window.from), i64::from(window.to) - 1);
        let march = at(2026, 3, 31, 10, &zone);
        let before = Period::Month.compared(Compare::Before, march, &zone);
        assert_eq!(ends(before), (at(2026, 2, 1, 0, &zone).secs(), at(2026, 2, 28, 10, &zone).secs()));
        let leap = Period::Month.compared(Compare::YearAgo, at(2028, 2, 29, 9, &zone), &zone);
        assert_eq!(ends(leap), (at(2027, 2, 1, 0, &zone).secs(), at(2027, 2, 28, 9, &zone).secs()));
        let week = Period::Week.compared(Compare::YearAgo, at(2026, 1, 1, 12, &zone), &zone);
        assert_eq!(ends(week), (at(2024, 12, 30, 0, &zone).secs(), at(2025, 1, 2, 12, &zone).secs()));
    }

    #[test]
    fn days_of_a_changed_clock_have_23_or_25_hours() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now = at(2026, 3, 30, 12, &zone);
        let starts = day_starts(now, &zone, 3);
        let hours: Vec<u32> = starts.windows(2).map(|d| (d[1] - d[0]) / 3600).collect();
        assert_eq!(hours, [24, 23, 24]);
        // Noon is compared with noon.
        let before = Period::Today.compared(Compare::Before, now, &zone);
        assert_eq!(i64::from(before.to) - 1, at(2026, 3, 29, 12, &zone).secs());
    }
}
