//! Times as backends write them.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::Value;

/// Later than this, a number of seconds is one of milliseconds (5138-11-16).
const LATEST_SECS: i64 = 100_000_000_000;

/// Seconds since 1970 from RFC 3339 and its usual deviations: without a zone (then `zone` is meant), with a
/// space for the T, day first with dots, month first with strokes, a date alone (its midnight), seconds or
/// milliseconds as a number or as a text.
pub fn moment(value: &Value, zone: &TimeZone) -> Option<i64> {
    match value {
        Value::Number(number) => {
            let number = number.as_f64().filter(|n| n.is_finite() && *n > 0.0)? as i64;
            Some(if number > LATEST_SECS { number / 1000 } else { number })
        }
        Value::String(text) => moment_of(text.trim(), zone),
        _ => None,
    }
}

/// What tables tell of: 2010 to 2052. An earlier day is that of somebody's birth, and a later one a number of another
/// kind.
const OF_OUR_TIME: std::ops::Range<i64> = 1_262_304_000..2_600_000_000;

/// Whether a text is a moment or a day of our time, or a time of day, and nothing beside it.
pub fn is_moment(text: &str) -> bool {
    let text = text.trim();
    // Mails allow remarks in brackets.
    if text.contains('(') {
        return false;
    }
    let of_day = || text.len() <= 8 && text.parse::<jiff::civil::Time>().is_ok() && text.contains(':');
    text.chars().any(|c| matches!(c, '.' | '-' | '/' | ':'))
        && (moment_of(text, &TimeZone::UTC).is_some_and(|at| OF_OUR_TIME.contains(&at)) || of_day())
}

/// The same, where the backend's own way of writing is known.
pub fn moment_as(value: &Value, zone: &TimeZone, format: Option<&str>) -> Option<i64> {
    let (Some(format), Value::String(text)) = (format, value) else { return moment(value, zone) };
    let read = strtime::parse(format, text.trim()).ok()?;
    if let Ok(at) = read.to_timestamp() {
        return Some(at.as_second());
    }
    let at = read.to_datetime().or_else(|_| read.to_date().map(|day| day.at(0, 0, 0, 0))).ok()?;
    Some(at.to_zoned(zone.clone()).ok()?.timestamp().as_second())
}

/// Whether a backend's way of writing times can be read.
///
/// # Errors
/// A sentence that says what to write.
pub fn validate_format(format: &str) -> Result<(), String> {
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    let readable = strtime::format(format, &now).is_ok_and(|text| {
        strtime::parse(format, &text).is_ok_and(|read| read.to_date().is_ok() || read.to_timestamp().is_ok())
    });
    if readable {
        return Ok(());
    }
    Err(format!(
        "`time_format` = \"{format}\" does not make a date: write it as \"%d %b %Y %H:%M\" (letters of strftime)"
    ))
}

fn moment_of(text: &str, zone: &TimeZone) -> Option<i64> {
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.matches('.').count() <= 1 && text.len() > 8 {
        return moment(&Value::from(text.parse::<f64>().ok()?), zone);
    }
    // «+0300» without a colon is read by RFC 9557's grammar too.
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_second());
    }
    if let Ok(at) = text.parse::<Zoned>() {
        return Some(at.timestamp().as_second());
    }
    let english = in_english(text);
    if let Ok(at) = MAILS.parse_timestamp(english.as_bytes()) {
        return Some(at.as_second());
    }
    let in_zone = |at: DateTime| Some(at.to_zoned(zone.clone()).ok()?.timestamp().as_second());
    if let Ok(at) = text.parse::<DateTime>() {
        return in_zone(at);
    }
    let with_numbers =
        ["%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%m/%d/%Y %H:%M:%S"];
    for form in with_numbers.into_iter().chain(["%d %b %Y %H:%M:%S", "%d %b %Y %H:%M"]) {
        if let Ok(at) = DateTime::strptime(form, english.as_bytes()) {
            return in_zone(at);
        }
    }
    for form in ["%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%m/%d/%Y", "%d %b %Y"] {
        if let Ok(day) = Date::strptime(form, english.as_bytes()) {
            return in_zone(day.at(0, 0, 0, 0));
        }
    }
    None
}

/// RFC 2822, where many write a weekday that is not that of the day.
static MAILS: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);

/// Beginnings of the Russian months, in the nominative and the genitive, and what RFC 2822 calls them.
const MONTHS: [(&str, &str); 13] = [
    ("янв", "Jan"),
    ("фев", "Feb"),
    ("мар", "Mar"),
    ("апр", "Apr"),
    ("май", "May"),
    ("мая", "May"),
    ("июн", "Jun"),
    ("июл", "Jul"),
    ("авг", "Aug"),
    ("сен", "Sep"),
    ("окт", "Oct"),
    ("ноя", "Nov"),
    ("дек", "Dec"),
];

/// The Russian weekdays, short and whole.
const WEEKDAYS: [&str; 14] = [
    "пн",
    "вт",
    "ср",
    "чт",
    "пт",
    "сб",
    "вс",
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
];

/// A date that is written in Russian words, as mails write it: without a weekday, the months by their English names, the
/// time of Moscow by its distance. Anything else is left as it is.
fn in_english(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.ends_with("MSK") {
        return Cow::Borrowed(text);
    }
    let words = text.split_whitespace().map(|word| {
        let lower = word.to_lowercase();
        let month = MONTHS.iter().find(|(russian, _)| lower.starts_with(russian));
        match (month, lower.as_str()) {
            (Some((_, english)), _) => *english,
            (None, "msk" | "мск") => "+0300",
            (None, "г." | "г" | "в") => "",
            (None, day) if WEEKDAYS.contains(&day.trim_end_matches([',', '.'])) => "",
            _ => word,
        }
    });
    Cow::Owned(words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_way_to_write_a_moment_is_read() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let expected = 1_795_172_712;
        for text in [
            "2026-11-20T14:05:12+03:00",
            "2026-11-20T11:05:12Z",
            "2026-11-20T14:05:12",
            "2026-11-20 14:05:12",
            "20.11.2026 14:05:12",
            "1795172712",
            "1795172712000",
            "2026-11-20T11:05:12.000Z",
            "Fri, 20 Nov 2026 14:05:12 +0300",
            "2026-11-20T14:05:12+0300",
            "Sat, 20 Nov 2026 14:05:12 +0300",
            "20 Nov 2026 14:05:12 MSK",
            "Пт, 20 ноя 2026 14:05:12 +0300",
            "20 ноября 2026 г. в 14:05:12",
            "20 Nov 2026 14:05:12",
        ] {
            assert_eq!(moment(&Value::from(text), &zone), Some(expected), "{text}");
        }
        assert_eq!(moment(&Value::from(1_795_172_712_u64), &zone), Some(expected));
        assert_eq!(moment(&Value::from(1_795_172_712_000_u64), &zone), Some(expected));
        assert_eq!(moment(&Value::from("20.11.2026"), &zone), Some(1_795_122_000));
        for wrong in ["", "soon", "2026-13-40", "0000-00-00", "2026-11-20T25:00:00"] {
            assert_eq!(moment(&Value::from(wrong), &zone), None, "{wrong}");
        }
        assert_eq!(moment(&Value::Null, &zone), None);
        for moment in ["20.11.2026", "2026-11-20T14:05:12+03:00", "Пт, 20 ноября 2026 14:05", "14:05", "1795172712.5"]
        {
            assert!(is_moment(moment), "{moment}");
        }
        for other in [
            "Иванова, 20.11.2026",
            "Fri, 20 Nov 2026 14:05:12 +0300 (Иванов)",
            "12.03.1961",
            "8916.1234567",
            "771234567890.",
            "89161234567.",
            "3951234567.",
        ] {
            assert!(!is_moment(other), "{other}");
        }
        // With strokes the month stands first, unless the site says otherwise.
        assert_eq!(moment(&Value::from("03/11/2026"), &zone), moment(&Value::from("2026-03-11"), &zone));
        let own = |text: &str, format| moment_as(&Value::from(text), &zone, Some(format));
        assert_eq!(own("03/11/2026", "%d/%m/%Y"), moment(&Value::from("2026-11-03"), &zone));
        assert_eq!(own("20 Nov 2026 14:05:12", "%d %b %Y %H:%M:%S"), Some(expected));
        assert_eq!(own("20261120T110512Z", "%Y%m%dT%H%M%S%#z"), None);
        assert_eq!(own("2026-11-20 11:05:12 +0000", "%Y-%m-%d %H:%M:%S %z"), Some(expected));
        assert_eq!(own("soon", "%d/%m/%Y"), None);
        assert_eq!(moment_as(&Value::from(expected), &zone, Some("%d/%m/%Y")), Some(expected));
        assert!(
            validate_format("%d/%m/%Y").is_ok() && validate_format("%H:%M").is_err() && validate_format("%Q").is_err()
        );
    }
}
