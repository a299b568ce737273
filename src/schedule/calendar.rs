//! Which day is what: working days, weekends, holidays, and those that were moved by decree.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::clock::Moment;

/// The first and the last of some days.
pub type Dates = (Date, Date);

/// The days that are not what their weekday says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calendar {
    /// The zone of its civil times; none for the region's.
    pub time_zone: Option<TimeZone>,
    /// Days off, whatever their weekday.
    pub holidays: Vec<Dates>,
    /// Working days, whatever their weekday.
    pub workdays: Vec<Dates>,
}

/// What a day is; it is exactly one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// Monday to Friday, unless it is a holiday; or a day that was made one.
    Workday,
    /// Saturday and Sunday, unless they are one of the others.
    Weekend,
    /// A day off that the calendar names.
    Holiday,
}

fn is_among(dates: &[Dates], date: Date) -> bool {
    dates.iter().any(|(first, last)| (*first..=*last).contains(&date))
}

impl Calendar {
    /// What a day is. A day that was made a working day is one, whatever else is said of it.
    pub fn kind_of(&self, date: Date) -> DayKind {
        if self.is_moved(date) {
            return DayKind::Workday;
        }
        match date.weekday() {
            _ if is_among(&self.holidays, date) => DayKind::Holiday,
            Weekday::Saturday | Weekday::Sunday => DayKind::Weekend,
            _ => DayKind::Workday,
        }
    }

    /// Whether a day was made a working day.
    pub fn is_moved(&self, date: Date) -> bool {
        is_among(&self.workdays, date)
    }
}

/// On which days something is.
#[derive(Debug, Clone, PartialEq)]
pub enum DayRule {
    /// On all.
    All,
    /// On those of a kind.
    Kind(DayKind),
    /// On a weekday, whatever the day is.
    Weekday(Weekday),
    /// On these dates.
    Dates(Dates),
}

impl DayRule {
    /// Whether it is on a day.
    pub fn holds(&self, date: Date, calendar: &Calendar) -> bool {
        match self {
            Self::All => true,
            Self::Kind(kind) => calendar.kind_of(date) == *kind,
            Self::Weekday(weekday) => date.weekday() == *weekday,
            Self::Dates((first, last)) => (*first..=*last).contains(&date),
        }
    }
}

/// The first moment at which the clocks of a zone show `civil` or more. Of an hour that comes twice it is in the first; where
/// an hour is left out, it is the moment at which the clocks leap over it.
pub fn first_moment(civil: DateTime, zone: &TimeZone) -> Moment {
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    let offset = ambiguous.offset();
    let earlier = ambiguous.earlier().unwrap_or(jiff::Timestamp::MAX);
    match offset {
        // The earlier reading of a time that is left out lies before the leap.
        AmbiguousOffset::Gap { .. } => {
            zone.following(earlier).next().map_or(earlier, |transition| transition.timestamp()).into()
        }
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => earlier.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_one_of_three() {
        let calendar = Calendar {
            time_zone: None,
            holidays: vec![(date(2027, 1, 1), date(2027, 1, 8)), (date(2027, 2, 22), date(2027, 2, 23))],
            workdays: vec![(date(2027, 2, 20), date(2027, 2, 20))],
        };
        for (day, kind) in [
            (date(2027, 1, 2), DayKind::Holiday),
            (date(2027, 1, 9), DayKind::Weekend),
            (date(2027, 1, 11), DayKind::Workday),
            // The Monday before the holiday was exchanged for the Saturday.
            (date(2027, 2, 20), DayKind::Workday),
            (date(2027, 2, 22), DayKind::Holiday),
        ] {
            assert_eq!(calendar.kind_of(day), kind, "{day}");
        }
        assert!(DayRule::Weekday(Weekday::Saturday).holds(date(2027, 2, 20), &calendar), "it is still a Saturday");
    }

    #[test]
    fn an_hour_that_is_missing_begins_where_the_clocks_leap_and_one_that_comes_twice_begins_once() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let utc = |text: &str| Moment::from(text.parse::<jiff::Timestamp>().unwrap());
        let at = |day: Date, hour: i8, minute: i8| first_moment(day.at(hour, minute, 0, 0), &zone);
        let (spring, autumn) = (date(2027, 3, 28), date(2027, 10, 31));
        assert_eq!(at(spring, 1, 59), utc("2027-03-28T00:59:00Z"));
        assert_eq!(at(spring, 2, 0), utc("2027-03-28T01:00:00Z"));
        assert_eq!(at(spring, 2, 30), utc("2027-03-28T01:00:00Z"), "at the leap");
        assert_eq!(at(spring, 3, 0), utc("2027-03-28T01:00:00Z"));
        assert_eq!(at(autumn, 2, 30), utc("2027-10-31T00:30:00Z"), "the first of the two");
        assert_eq!(at(autumn, 3, 0), utc("2027-10-31T02:00:00Z"));
    }
}
