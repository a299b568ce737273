//! `[calendar]` and `[[slot]]` of `operation.toml`.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::calendar::{Calendar, Dates, DayKind, DayRule};
use super::{DAY_MINUTES, Item, Schedule, Slot};
use crate::diagnostic::{self, Diagnostic, SourceFile};
use crate::map::Target;
use crate::sentence;
use crate::signal::{WhenTable, read_when};

/// What a playlist shows is shown for 3 seconds to a day.
const ITEM_SECS: std::ops::RangeInclusive<f64> = 3.0..=86_400.0;

/// `[calendar]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarTable {
    time_zone: Option<Spanned<String>>,
    #[serde(default)]
    holidays: Vec<Spanned<String>>,
    #[serde(default)]
    workdays: Vec<Spanned<String>>,
}

/// `[[slot]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotTable {
    name: Spanned<String>,
    #[serde(default)]
    rank: i32,
    days: Option<Spanned<DaysText>>,
    from: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
    when: Option<Spanned<WhenTable>>,
    layout: Option<Spanned<String>>,
    #[serde(default)]
    look: Option<Target>,
    playlist: Option<Spanned<Vec<ItemTable>>>,
}

/// Days: one word, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum DaysText {
    One(String),
    Several(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemTable {
    layout: Spanned<String>,
    secs: Spanned<f64>,
    #[serde(default)]
    look: Option<Target>,
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];
const KINDS: [(&str, DayKind); 3] =
    [("workdays", DayKind::Workday), ("weekends", DayKind::Weekend), ("holidays", DayKind::Holiday)];

/// Judges the schedule of a file. Layout files are named relative to its folder.
///
/// # Errors
/// What is wrong, at its place.
pub fn read_schedule(
    file: SourceFile<'_>,
    calendar: CalendarTable,
    slots: Vec<Spanned<SlotTable>>,
) -> Result<Schedule, Diagnostic> {
    let reader = Reader(file);
    let calendar = reader.calendar(&calendar)?;
    let mut read: Vec<Slot> = Vec::new();
    for slot in slots {
        let source = slot.span();
        let table = slot.into_inner();
        if read.iter().any(|other| other.name == *table.name.get_ref()) {
            let message = sentence!("schedule-same-name", name = table.name.get_ref());
            return Err(file.fault_of(&table.name, message, sentence!("schedule-same-name-help")));
        }
        read.push(reader.slot(table, source)?);
    }
    Ok(Schedule { calendar, slots: read })
}

/// Reads what stands in a file, and says where it is wrong.
#[derive(Clone, Copy)]
struct Reader<'a>(SourceFile<'a>);

impl Reader<'_> {
    fn calendar(&self, table: &CalendarTable) -> Result<Calendar, Diagnostic> {
        let zone = |name: &Spanned<String>| {
            TimeZone::get(name.get_ref()).map_err(|_| {
                let message = sentence!("schedule-zone", name = name.get_ref());
                self.0.fault_of(name, message, sentence!("schedule-zone-help"))
            })
        };
        let days = |written: &[Spanned<String>]| -> Result<Vec<Dates>, Diagnostic> {
            let read = |text: &Spanned<String>| {
                let fault = || {
                    let message = sentence!("schedule-date", text = text.get_ref());
                    self.0.fault_of(text, message, sentence!("schedule-date-help"))
                };
                dates(text.get_ref()).ok_or_else(fault)
            };
            written.iter().map(read).collect()
        };
        let calendar = Calendar {
            time_zone: table.time_zone.as_ref().map(zone).transpose()?,
            holidays: days(&table.holidays)?,
            workdays: days(&table.workdays)?,
        };
        // A day cannot be both; a day out of a row of holidays may be taken back by its own name.
        for (written, (first, last)) in table.workdays.iter().zip(&calendar.workdays) {
            if calendar.holidays.contains(&(*first, *last)) {
                let message = sentence!("schedule-both", text = written.get_ref());
                return Err(self.0.fault_of(written, message, sentence!("schedule-both-help")));
            }
        }
        Ok(calendar)
    }

    fn slot(&self, table: SlotTable, source: std::ops::Range<usize>) -> Result<Slot, Diagnostic> {
        let name = table.name.get_ref().trim().to_owned();
        if name.is_empty() {
            return Err(self.0.fault_of(
                &table.name,
                sentence!("schedule-no-name"),
                sentence!("schedule-no-name-help"),
            ));
        }
        let (from_minute, to_minute) = match (&table.from, &table.to) {
            (Some(from), Some(to)) => (self.minute(from, DAY_MINUTES - 1)?, self.minute(to, DAY_MINUTES)?),
            (None, None) => (0, DAY_MINUTES),
            (Some(one), None) | (None, Some(one)) => {
                return Err(self.0.fault_of(one, sentence!("schedule-one-time"), sentence!("schedule-one-time-help")));
            }
        };
        let when = table.when.as_ref().map(|when| read_when(self.0, when));
        Ok(Slot {
            rank: table.rank,
            days: self.days(table.days.as_ref())?,
            from_minute,
            to_minute,
            when: when.transpose()?,
            playlist: self.playlist(table.layout, table.look, table.playlist, &table.name)?,
            name,
            source,
        })
    }

    fn minute(&self, written: &Spanned<String>, last: u16) -> Result<u16, Diagnostic> {
        minute(written.get_ref()).filter(|minute| *minute <= last).ok_or_else(|| {
            let message = sentence!("schedule-time", text = written.get_ref());
            self.0.fault_of(written, message, sentence!("schedule-time-help"))
        })
    }

    fn days(&self, written: Option<&Spanned<DaysText>>) -> Result<Vec<DayRule>, Diagnostic> {
        let Some(written) = written else { return Ok(vec![DayRule::All]) };
        let texts = match written.get_ref() {
            DaysText::One(text) => std::slice::from_ref(text),
            DaysText::Several(texts) => texts,
        };
        if texts.is_empty() {
            return Err(self.0.fault_of(written, sentence!("schedule-no-days"), sentence!("schedule-no-days-help")));
        }
        let read = |text: &String| {
            let known = |text: &str| {
                let weekday = WEEKDAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| DayRule::Weekday(*day));
                let kind = KINDS.iter().find(|(name, _)| *name == text).map(|(_, kind)| DayRule::Kind(*kind));
                weekday.or(kind).or_else(|| (text == "all").then_some(DayRule::All))
            };
            known(text).or_else(|| dates(text).map(DayRule::Dates)).ok_or_else(|| {
                let words = WEEKDAYS.iter().map(|(name, _)| *name).chain(KINDS.iter().map(|(name, _)| *name));
                let message = sentence!("schedule-days", text = text);
                // A mistyped word is told the nearest; a mistyped date how dates are written.
                let help = if text.starts_with(|c: char| c.is_ascii_digit()) {
                    sentence!("schedule-date-help")
                } else {
                    diagnostic::expected(text, words.chain(["all"]))
                };
                self.0.fault_of(written, message, help)
            })
        };
        texts.iter().map(read).collect()
    }

    fn playlist(
        &self,
        layout: Option<Spanned<String>>,
        look: Option<Target>,
        playlist: Option<Spanned<Vec<ItemTable>>>,
        name: &Spanned<String>,
    ) -> Result<Vec<Item>, Diagnostic> {
        let what = |layout: Spanned<String>, millis, look| Item {
            source: layout.span(),
            layout: self.0.layout_name(layout.get_ref()),
            millis,
            look,
        };
        match (layout, playlist) {
            (Some(layout), None) => Ok(vec![what(layout, None, look)]),
            (None, Some(items)) if look.is_none() && !items.get_ref().is_empty() => {
                let item = |item: ItemTable| {
                    if !ITEM_SECS.contains(item.secs.get_ref()) {
                        let message = sentence!("schedule-item-secs", secs = item.secs.get_ref());
                        return Err(self.0.fault_of(&item.secs, message, sentence!("schedule-item-secs-help")));
                    }
                    Ok(what(item.layout, Some((item.secs.into_inner() * 1000.0) as i64), item.look))
                };
                items.into_inner().into_iter().map(item).collect()
            }
            _ => Err(self.0.fault_of(name, sentence!("schedule-shows"), sentence!("schedule-shows-help"))),
        }
    }
}

/// `2027-01-01`, or `2027-01-01..2027-01-08` with both ends.
fn dates(text: &str) -> Option<Dates> {
    let date = |text: &str| text.trim().parse::<Date>().ok();
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (date(first)?, date(last)?),
        None => (date(text)?, date(text)?),
    };
    (first <= last).then_some((first, last))
}

/// `07:30` in minutes from midnight; `24:00` is the end of the day.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number =
        |text: &str| (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?;
    let (hours, minutes): (u16, u16) = (number(hours)?, number(minutes)?);
    (minutes < 60 && 60 * hours + minutes <= DAY_MINUTES).then_some(60 * hours + minutes)
}
