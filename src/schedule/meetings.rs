//! Meetings of a calendar in iCalendar (RFC 5545), as slots.

use std::fmt::Write as _;

use icalendar::{Calendar, CalendarComponent, CalendarDateTime, Component, DatePerhapsTime, Event, EventLike};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Moment;

/// No longer than this may a slot be, in milliseconds.
const DAY_MILLIS: i64 = 86_400_000;
/// So many occurrences of a meeting are taken.
const MAX_OCCURRENCES: usize = 1000;

/// The zones of Russia as Windows calls them (CLDR 47, `windowsZones.xml`, territory RU, the first of each).
const WINDOWS_ZONES: [(&str, &str); 17] = [
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Russia Time Zone 3", "Europe/Samara"),
    ("Astrakhan Standard Time", "Europe/Astrakhan"),
    ("Saratov Standard Time", "Europe/Saratov"),
    ("Volgograd Standard Time", "Europe/Volgograd"),
    ("Ekaterinburg Standard Time", "Asia/Yekaterinburg"),
    ("Omsk Standard Time", "Asia/Omsk"),
    ("North Asia Standard Time", "Asia/Krasnoyarsk"),
    ("N. Central Asia Standard Time", "Asia/Novosibirsk"),
    ("Altai Standard Time", "Asia/Barnaul"),
    ("Tomsk Standard Time", "Asia/Tomsk"),
    ("North Asia East Standard Time", "Asia/Irkutsk"),
    ("Yakutsk Standard Time", "Asia/Yakutsk"),
    ("Vladivostok Standard Time", "Asia/Vladivostok"),
    ("Sakhalin Standard Time", "Asia/Sakhalin"),
    ("Magadan Standard Time", "Asia/Magadan"),
];

/// One time of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// What it is called.
    pub title: String,
    /// When it begins.
    pub from: Moment,
    /// When it ends.
    pub until: Moment,
}

/// What was found in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meetings {
    /// The meetings, in their order.
    pub found: Vec<Meeting>,
    /// The titles of those that were set aside, each with the reason.
    pub aside: Vec<(String, String)>,
}

/// Why a calendar is none.
#[derive(Debug, thiserror::Error)]
#[error("this is no iCalendar file: {why}")]
pub struct MeetingsError {
    /// What the parser says.
    why: String,
}

/// The meetings of a calendar that begin between two moments. Times without a zone are those of `zone`.
///
/// # Errors
/// When the text is no calendar.
pub fn meetings(text: &str, zone: &TimeZone, from: Moment, until: Moment) -> Result<Meetings, MeetingsError> {
    let calendar: Calendar = with_iana_zones(text).parse().map_err(|why| MeetingsError { why })?;
    let (mut found, mut aside) = (Vec::new(), Vec::new());
    let events = || calendar.components.iter().filter_map(CalendarComponent::as_event);
    // An occurrence that was moved or cancelled is an event of its own, which names the moment that it was at.
    let moved: Vec<(&str, i64)> = events()
        .filter_map(|event| {
            let at = placed(&event.get_recurrence_id()?, zone.iana_name().unwrap_or("UTC")).try_into_utc()?;
            Some((event.get_uid()?, at.timestamp_millis()))
        })
        .collect();
    for event in events() {
        if event.property_value("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")) {
            continue;
        }
        let title = event.get_summary().unwrap_or("?").trim().to_owned();
        let read = times(event, zone, from, until);
        match read {
            Ok(times) => {
                let is_row = event.get_recurrence_id().is_none();
                let stays = |(from, _): &(Moment, Moment)| {
                    !is_row || !moved.iter().any(|(uid, at)| Some(*uid) == event.get_uid() && *at == from.0)
                };
                found.extend(times.into_iter().filter(stays).map(|(from, until)| Meeting {
                    title: title.clone(),
                    from,
                    until,
                }));
            }
            Err(why) => aside.push((title, why)),
        }
    }
    found.sort_by(|one, other| (one.from, &one.title).cmp(&(other.from, &other.title)));
    found.dedup();
    Ok(Meetings { found, aside })
}

/// The text with the zones of Windows by their IANA names, wherever they are named.
fn with_iana_zones(text: &str) -> String {
    WINDOWS_ZONES.iter().fold(text.to_owned(), |text, (windows, iana)| {
        let text = text.replace(&format!("TZID=\"{windows}\""), &format!("TZID={iana}"));
        ["=", ":"]
            .iter()
            .fold(text, |text, sign| text.replace(&format!("TZID{sign}{windows}"), &format!("TZID{sign}{iana}")))
    })
}

/// A moment in the zone of the wall, as the calendar's crate writes it.
fn placed(at: &DatePerhapsTime, zone: &str) -> CalendarDateTime {
    match at {
        DatePerhapsTime::Date(date) => {
            CalendarDateTime::WithTimezone { date_time: date.and_time(Default::default()), tzid: zone.to_owned() }
        }
        DatePerhapsTime::DateTime(CalendarDateTime::Floating(date_time)) => {
            CalendarDateTime::WithTimezone { date_time: *date_time, tzid: zone.to_owned() }
        }
        DatePerhapsTime::DateTime(placed) => placed.clone(),
    }
}

/// When an event begins and ends, each time that it does between two moments.
fn times(event: &Event, zone: &TimeZone, from: Moment, until: Moment) -> Result<Vec<(Moment, Moment)>, String> {
    let zone = zone.iana_name().unwrap_or("UTC");
    let start = event.get_start().ok_or("it has no beginning")?;
    let begins = placed(&start, zone);
    let millis = |at: &CalendarDateTime| {
        at.try_into_utc().map(|utc| utc.timestamp_millis()).ok_or("its time zone, or its hour, does not exist")
    };
    let first = millis(&begins)?;
    let lasts = match event.get_end() {
        Some(end) => millis(&placed(&end, zone))? - first,
        None => match event.property_value("DURATION").map(str::parse::<jiff::SignedDuration>) {
            Some(Ok(lasts)) => i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX),
            Some(Err(_)) => return Err("its DURATION cannot be read".to_owned()),
            None if matches!(start, DatePerhapsTime::Date(_)) => DAY_MILLIS,
            None => return Err("it has no end".to_owned()),
        },
    };
    if !(1..=DAY_MILLIS).contains(&lasts) {
        return Err("it lasts longer than a day, or not at all".to_owned());
    }
    let recurs = ["RRULE", "RDATE"]
        .iter()
        .any(|key| event.property_value(key).is_some() || event.multi_properties().contains_key(*key));
    let begun: Vec<i64> = if recurs {
        let mut event = event.clone();
        let set = event.starts(begins).done().get_recurrence().map_err(|error| error.to_string())?;
        let times = set.into_iter().map(|at| at.timestamp_millis());
        times.skip_while(|at| *at < from.0).take_while(|at| *at < until.0).take(MAX_OCCURRENCES).collect()
    } else {
        vec![first]
    };
    Ok(begun
        .into_iter()
        .filter(|at| (from.0..until.0).contains(at))
        .map(|at| (Moment(at), Moment(at + lasts)))
        .collect())
}

/// `[[slot]]` tables of some meetings, in which a layout is shown: one for each meeting that is at the same hours, with its
/// days.
pub fn slots_of(meetings: &[Meeting], zone: &TimeZone, layout: &str, rank: i32) -> String {
    let mut slots: Vec<(&str, String, String, Vec<Date>)> = Vec::new();
    for meeting in meetings {
        let civil = |at: Moment| at.zoned(zone).datetime();
        let (from, until) = (civil(meeting.from), civil(meeting.until));
        let [from_text, to_text] = [from, until].map(|at| at.strftime("%H:%M").to_string());
        let known = slots.iter_mut().find(|(title, from, to, _)| {
            (*title, from.as_str(), to.as_str()) == (meeting.title.as_str(), from_text.as_str(), to_text.as_str())
        });
        match known {
            Some((.., dates)) if dates.contains(&from.date()) => {}
            Some((.., dates)) => dates.push(from.date()),
            None => slots.push((&meeting.title, from_text, to_text, vec![from.date()])),
        }
    }
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut names: Vec<String> = Vec::new();
    let mut text = String::new();
    for (title, from, to, dates) in slots {
        let of_name = names.iter().filter(|name| *name == title).count();
        names.push(title.to_owned());
        let name = if of_name == 0 { title.to_owned() } else { format!("{title} ({})", of_name + 1) };
        let days: Vec<String> = dates.iter().map(|date| format!("\"{date}\"")).collect();
        let _ = write!(
            text,
            "[[slot]]\nname = {}\nrank = {rank}\ndays = [{}]\nfrom = \"{from}\"\nto = \"{to}\"\nlayout = {}\n\n",
            quoted(&name),
            days.join(", "),
            quoted(layout)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//RU\r\n\
        BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Штаб\r\nDTSTART;TZID=Russian Standard Time:20261130T093000\r\n\
        DTEND;TZID=Russian Standard Time:20261130T103000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4\r\n\
        EXDATE;TZID=Russian Standard Time:20261207T093000\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Штаб\r\nRECURRENCE-ID;TZID=Russian Standard Time:20261221T093000\r\n\
        DTSTART;TZID=Russian Standard Time:20261221T140000\r\nDTEND;TZID=Russian Standard Time:20261221T150000\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Видеосвязь \\, «Север»\r\nDTSTART:20261201T070000Z\r\nDURATION:PT45M\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Без зоны\r\nDTSTART:20261202T233000\r\nDTEND:20261203T003000\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:4\r\nSUMMARY:Отменено\r\nSTATUS:CANCELLED\r\nDTSTART:20261202T100000Z\r\nDTEND:20261202T110000Z\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:5\r\nSUMMARY:Форум\r\nDTSTART:20261202T100000Z\r\nDTEND:20261205T110000Z\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:6\r\nSUMMARY:Нигде\r\nDTSTART;TZID=Atlantis:20261202T100000\r\nDTEND;TZID=Atlantis:20261202T110000\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";

    #[test]
    fn meetings_become_slots_of_the_civil_hours_of_the_wall() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let at = |text: &str| Moment::from(text.parse::<jiff::Timestamp>().unwrap());
        let Meetings { found, aside } =
            meetings(CALENDAR, &zone, at("2026-11-28T00:00:00Z"), at("2026-12-25T00:00:00Z")).unwrap();
        let told: Vec<String> =
            found.iter().map(|m| format!("{} {}", m.title, m.from.zoned(&zone).strftime("%d %H:%M"))).collect();
        assert_eq!(
            told,
            ["Штаб 30 09:30", "Видеосвязь , «Север» 01 10:00", "Без зоны 02 23:30", "Штаб 14 09:30", "Штаб 21 14:00"],
            "{aside:?}"
        );
        assert_eq!(aside.len(), 2, "{aside:?}");
        let text = slots_of(&found, &zone, "review", 20);
        assert!(
            text.contains("name = \"Штаб\"\nrank = 20\ndays = [\"2026-11-30\", \"2026-12-14\"]\nfrom = \"09:30\""),
            "{text}"
        );
        assert!(text.contains("from = \"23:30\"\nto = \"00:30\""), "{text}");
        assert!(text.parse::<toml::Table>().is_ok());
        assert!(meetings("<html>", &zone, at("2026-11-28T00:00:00Z"), at("2026-12-20T00:00:00Z")).is_err());
    }
}
