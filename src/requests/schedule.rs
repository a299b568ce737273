//! A day as it is scheduled, as it is told.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::layouts::layout_title;
use crate::clock::Moment;
use crate::data::region::Dictionaries;
use crate::language::{Arg, Lang, Language};
use crate::schedule::{DayKind, Hold, Overrides, PlanEntry, Reason, Schedule, Skip, Slot};
use crate::signal::Latch;

/// So many slots that come are told.
const COMING: usize = 4;

/// A day as it is scheduled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScheduleView {
    /// The day, as 2026-11-20.
    pub date: String,
    /// The day in words, with what it is: a working day, a holiday.
    pub day: String,
    /// The zone of its civil times, by its IANA name.
    pub time_zone: String,
    /// The stretches of the day, by the clock alone; they follow one another without a gap.
    pub entries: Vec<EntryView>,
    /// What comes over them while its condition holds.
    pub conditional: Vec<ConditionalView>,
    /// What the schedule shows now; none where nothing is scheduled.
    pub now: Option<SlotView>,
    /// What comes next by the clock.
    pub coming: Vec<SlotView>,
    /// The slot that somebody holds.
    pub hold: Option<HoldView>,
    /// The times of slots that somebody has left out, and that have not passed.
    pub skips: Vec<Skip>,
}

/// A stretch of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EntryView {
    /// Its first moment, in milliseconds since 1970.
    pub from_millis: i64,
    /// The first moment after it, in milliseconds since 1970.
    pub until_millis: i64,
    /// Its first moment, as the clocks show it.
    pub from: String,
    /// The first moment after it, as the clocks show it.
    pub until: String,
    /// The slot; none where nothing is scheduled.
    pub slot: Option<String>,
    /// What it shows, by the titles of layouts.
    pub shows: Vec<String>,
    /// Why, in words.
    pub reason: String,
}

/// A slot that is on while its condition holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConditionalView {
    /// The slot.
    pub slot: String,
    /// What it shows, by the titles of layouts.
    pub shows: Vec<String>,
    /// The condition, in words.
    pub condition: String,
    /// From when on it may be on, as the clocks show it.
    pub from: String,
    /// Until when, as the clocks show it.
    pub until: String,
    /// Whether the condition holds now.
    pub holds: bool,
}

/// A slot, from a moment on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SlotView {
    /// The slot; none where nothing is scheduled.
    pub slot: Option<String>,
    /// What it shows, by the titles of layouts.
    pub shows: Vec<String>,
    /// When it begins or began, in milliseconds since 1970.
    pub from_millis: i64,
    /// When it gives way, in milliseconds since 1970; none where that is not known.
    pub until_millis: Option<i64>,
}

/// A slot that somebody holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HoldView {
    /// The slot.
    pub slot: String,
    /// Until when, in milliseconds since 1970; none until the schedule is followed again.
    pub until_millis: Option<i64>,
    /// Who wants it.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl From<&Hold> for HoldView {
    fn from(hold: &Hold) -> Self {
        let Hold { slot, until_millis, by, reason, .. } = hold.clone();
        Self { slot, until_millis, by, reason }
    }
}

/// In which words a day is told.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    /// The language.
    pub language: &'a Language,
    /// The zone of the civil times.
    pub zone: &'a TimeZone,
    /// What sectors and topics are called; none before the first data.
    pub dictionaries: Option<&'a Dictionaries>,
}

impl Teller<'_> {
    fn time(&self, at: Moment, date: Date) -> String {
        let zoned = at.zoned(self.zone);
        // The day ends at 24:00, not at 0:00 of the next.
        let midnight = zoned.date() != date && zoned.time() == jiff::civil::Time::midnight();
        if midnight { "24:00".to_owned() } else { self.language.time(&zoned) }
    }

    fn shows(&self, slot: &Slot) -> Vec<String> {
        let title = |layout: &str| layout_title(layout, self.language, self.dictionaries);
        slot.playlist.iter().map(|item| title(&item.layout)).collect()
    }

    fn reason(&self, entry: &PlanEntry<'_>) -> String {
        let key = match entry.reason {
            None => "plan-nothing",
            Some(Reason::EveryDay) => "plan-every-day",
            Some(Reason::Kind(kind)) => kind_key(kind),
            Some(Reason::Moved) => "plan-moved",
            Some(Reason::Weekday) => "plan-weekday",
            Some(Reason::Dated) => "plan-dated",
        };
        let mut words = self.language.message(key);
        if !entry.over.is_empty() {
            let names = entry.over.join(", ");
            words += &self.language.message_with("plan-over", &[("names", Arg::Text(&names))]);
        }
        if entry.skipped {
            words += &self.language.message("plan-skipped");
        }
        words
    }
}

fn kind_key(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Workday => "plan-workday",
        DayKind::Weekend => "plan-weekend",
        DayKind::Holiday => "plan-holiday",
    }
}

impl ScheduleView {
    /// The day `date` of a schedule, and what is on at `now`.
    pub fn new(schedule: &Schedule, overrides: Overrides<'_>, date: Date, teller: Teller<'_>, now: Moment) -> Self {
        let (language, zone) = (teller.language, teller.zone);
        let plan = schedule.plan(date, overrides, zone);
        let entry = |entry: &PlanEntry<'_>| EntryView {
            from_millis: entry.from.0,
            until_millis: entry.until.0,
            from: teller.time(entry.from, date),
            until: teller.time(entry.until, date),
            slot: entry.slot.map(|slot| slot.name.clone()),
            shows: entry.slot.map(|slot| teller.shows(slot)).unwrap_or_default(),
            reason: teller.reason(entry),
        };
        let holds =
            |slot: &Slot| overrides.latches.get(&slot.name).and_then(|latch: &Latch| latch.on_since()).is_some();
        let conditional = plan.conditional.iter().map(|(slot, from, until)| ConditionalView {
            slot: slot.name.clone(),
            shows: teller.shows(slot),
            condition: slot
                .when
                .as_ref()
                .map(|when| when.words(None, language, teller.dictionaries))
                .unwrap_or_default(),
            from: teller.time(*from, date),
            until: teller.time(*until, date),
            holds: holds(slot),
        });
        let (airing, until) = schedule.airing(overrides, now, zone);
        let coming = schedule.coming(overrides, now, zone, COMING);
        let ends: Vec<Option<i64>> = coming.iter().skip(1).map(|(at, _)| Some(at.0)).chain([None]).collect();
        // A slot gives way when the next begins, not with what its playlist shows.
        let until = if airing.is_some_and(|airing| airing.held) { until } else { coming.first().map(|(at, _)| *at) };
        let day = first_noon(date, zone);
        let kind = language.message(kind_key(plan.kind));
        let moved = schedule.calendar.is_moved(date);
        let kind = if moved { language.message("plan-moved") } else { kind };
        Self {
            date: date.to_string(),
            day: format!("{}, {kind}", language.weekday_date(&day)),
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            entries: plan.entries.iter().map(entry).collect(),
            conditional: conditional.collect(),
            now: airing.map(|airing| SlotView {
                slot: Some(airing.slot.name.clone()),
                shows: teller.shows(airing.slot),
                from_millis: airing.slot_since.0,
                until_millis: until.map(|at| at.0),
            }),
            coming: coming
                .iter()
                .zip(ends)
                .map(|((at, slot), until_millis)| SlotView {
                    slot: slot.map(|slot| slot.name.clone()),
                    shows: slot.map(|slot| teller.shows(slot)).unwrap_or_default(),
                    from_millis: at.0,
                    until_millis,
                })
                .collect(),
            hold: overrides.hold.filter(|hold| hold.until_millis.is_none_or(|until| until > now.0)).map(HoldView::from),
            skips: overrides.skips.iter().filter(|skip| skip.until_millis > now.0).cloned().collect(),
        }
    }

    /// The day in lines, for a terminal.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let language = Language::new(lang);
        let width = |of: &dyn Fn(&EntryView) -> usize| self.entries.iter().map(of).max().unwrap_or(0);
        let nothing = language.message("plan-no-slot");
        let name = |entry: &EntryView| entry.slot.clone().unwrap_or_else(|| nothing.clone());
        let names = width(&|entry| name(entry).chars().count());
        let shows = width(&|entry| entry.shows.join(", ").chars().count());
        let mut lines = vec![format!("{} ({})", self.day, self.time_zone)];
        for entry in &self.entries {
            let shown = entry.shows.join(", ");
            lines.push(format!(
                "{:>5} – {:>5}  {:names$}  {shown:shows$}  {}",
                entry.from,
                entry.until,
                name(entry),
                entry.reason
            ));
        }
        if !self.conditional.is_empty() {
            lines.push(language.message("plan-conditional"));
        }
        for slot in &self.conditional {
            let holds = if slot.holds { language.message("plan-holds") } else { String::new() };
            lines.push(format!(
                "{:>5} – {:>5}  {:names$}  {:shows$}  {}{holds}",
                slot.from,
                slot.until,
                slot.slot,
                slot.shows.join(", "),
                slot.condition
            ));
        }
        lines
    }
}

/// A moment of a day at which its date is beyond doubt.
fn first_noon(date: Date, zone: &TimeZone) -> jiff::Zoned {
    crate::schedule::first_moment(date.at(12, 0, 0, 0), zone).zoned(zone)
}
