//! The schedule: which layout is on at which hour of which day, as a function of the calendar, the conditions that hold, and
//! the moment.

mod calendar;
mod file;
mod meetings;
mod plan;
mod review;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use calendar::{Calendar, DayKind, DayRule, first_moment};
pub use file::{CalendarTable, SlotTable, read_schedule};
pub use meetings::{Meeting, Meetings, MeetingsError, meetings, slots_of};
pub use plan::{DayPlan, PlanEntry, Reason};
pub use review::{Finding, review};

use crate::clock::Moment;
use crate::map::Target;
use crate::signal::{Latch, When};

/// Where conditions stand, by the names of their slots.
pub type Latches = BTreeMap<String, Latch>;

/// So many minutes has a day of the calendar.
const DAY_MINUTES: u16 = 1440;
/// The next slot is looked for in so many days.
const AHEAD_DAYS: i64 = 8;

/// Days, slots, and what each shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schedule {
    /// Which day is what.
    pub calendar: Calendar,
    /// In the order of the file.
    pub slots: Vec<Slot>,
}

/// A time at which something is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// What it is called; no two are called alike.
    pub name: String,
    /// Of two at once the one of the higher rank is shown; of equals the first in the file.
    pub rank: i32,
    /// On which days it begins.
    pub days: Vec<DayRule>,
    /// When it begins, in minutes from midnight by the civil clock.
    pub from_minute: u16,
    /// When it ends; at or before its beginning is the next morning.
    pub to_minute: u16,
    /// What must hold besides; none where the clock alone decides.
    pub when: Option<When>,
    /// What it shows, one after the other, and over again; at least one.
    pub playlist: Vec<Item>,
    /// Where the file speaks of it, in bytes.
    pub source: std::ops::Range<usize>,
}

/// Something that a slot shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// A built-in name, NAME/PRESET, or a file.
    pub layout: String,
    /// For how long, in milliseconds; none for as long as the slot lasts.
    pub millis: Option<i64>,
    /// What its maps look at; none for what the layout says.
    pub look: Option<Target>,
    /// Where the file names the layout, in bytes.
    pub source: std::ops::Range<usize>,
}

/// An occurrence of a slot that somebody does not want.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Skip {
    /// The slot.
    pub slot: String,
    /// From when on, in milliseconds since 1970.
    pub from_millis: i64,
    /// Until when, in milliseconds since 1970.
    pub until_millis: i64,
    /// Who does not want it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A slot that stays beyond its end, or instead of all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The slot.
    pub slot: String,
    /// Since when the slot is shown, in milliseconds since 1970.
    pub since_millis: i64,
    /// Until when it stays, in milliseconds since 1970; none until it is let go.
    pub until_millis: Option<i64>,
    /// Who wants it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// What decides besides the calendar.
#[derive(Debug, Clone, Copy)]
pub struct Overrides<'a> {
    /// Where conditions stand.
    pub latches: &'a Latches,
    /// What is skipped.
    pub skips: &'a [Skip],
    /// What is held.
    pub hold: Option<&'a Hold>,
}

/// One time that a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// Which slot, by its place in the file.
    pub slot: usize,
    /// The day on which it begins.
    pub date: Date,
    /// Its first moment.
    pub from: Moment,
    /// The first moment after it.
    pub until: Moment,
}

/// What the schedule shows at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Airing<'a> {
    /// The slot.
    pub slot: &'a Slot,
    /// What of it.
    pub item: &'a Item,
    /// Since when this slot is shown: its playlist began then.
    pub slot_since: Moment,
    /// Since when this of its playlist is shown.
    pub since: Moment,
    /// Whether it is shown because somebody holds it.
    pub held: bool,
}

fn civil(date: Date, minute: u16) -> DateTime {
    let day = if minute >= DAY_MINUTES { date.tomorrow().unwrap_or(date) } else { date };
    let minute = minute % DAY_MINUTES;
    day.at((minute / 60) as i8, (minute % 60) as i8, 0, 0)
}

impl Slot {
    /// Whether it is shown because of the clock alone.
    pub fn is_by_the_clock(&self) -> bool {
        self.when.is_none()
    }

    /// The time that it is on a day; none where it does not begin on it, or all of it is left out by the clocks.
    fn occurrence(&self, index: usize, date: Date, calendar: &Calendar, zone: &TimeZone) -> Option<Occurrence> {
        if !self.days.iter().any(|rule| rule.holds(date, calendar)) {
            return None;
        }
        let last = if self.to_minute <= self.from_minute { date.tomorrow().ok()? } else { date };
        let (from, until) =
            (first_moment(civil(date, self.from_minute), zone), first_moment(civil(last, self.to_minute), zone));
        (from < until).then_some(Occurrence { slot: index, date, from, until })
    }

    /// What of the playlist is shown at `now`, since when, and until when.
    fn item_at(&self, since: Moment, now: Moment) -> Option<(&Item, Moment, Option<Moment>)> {
        let whole: i64 = self.playlist.iter().map(|item| item.millis.unwrap_or(0)).sum();
        let first = self.playlist.first()?;
        if whole <= 0 || self.playlist.len() < 2 {
            return Some((first, since, None));
        }
        let mut begun = now.0 - now.millis_since(since).rem_euclid(whole);
        for item in &self.playlist {
            let end = begun + item.millis.unwrap_or(0);
            if now.0 < end {
                return Some((item, Moment(begun), Some(Moment(end))));
            }
            begun = end;
        }
        None
    }
}

impl Schedule {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The slot of this name.
    pub fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }

    /// The layouts of all slots, each once.
    pub fn layouts(&self) -> Vec<&str> {
        let mut layouts: Vec<&str> = Vec::new();
        for item in self.slots.iter().flat_map(|slot| &slot.playlist) {
            if !layouts.contains(&item.layout.as_str()) {
                layouts.push(&item.layout);
            }
        }
        layouts
    }

    /// The times of slots that begin on one of these days, both included.
    pub fn occurrences(&self, first: Date, last: Date, zone: &TimeZone) -> Vec<Occurrence> {
        let days = first.series(1.day()).take_while(|date| *date <= last);
        let on = |date: Date| {
            self.slots
                .iter()
                .enumerate()
                .filter_map(move |(index, slot)| slot.occurrence(index, date, &self.calendar, zone))
        };
        days.flat_map(on).collect()
    }

    /// Those that may be on at `now` or begin within the next days.
    fn around(&self, now: Moment, ahead_days: i64, zone: &TimeZone) -> Vec<Occurrence> {
        let today = now.zoned(zone).date();
        // One that began two days ago may last until now where a day had 25 hours.
        let first = today.checked_sub(2.days()).unwrap_or(today);
        self.occurrences(first, today.checked_add(ahead_days.days()).unwrap_or(today), zone)
    }

    /// Which of some times of slots is shown at `now`, and since when: what holds, of the highest rank, and of equals the
    /// first of the file.
    pub fn chosen<'o>(
        &self,
        occurrences: &'o [Occurrence],
        overrides: Overrides<'_>,
        now: Moment,
    ) -> Option<(&'o Occurrence, Moment)> {
        let since = |occurrence: &Occurrence| {
            let slot = &self.slots[occurrence.slot];
            if !(occurrence.from..occurrence.until).contains(&now) || is_skipped(slot, overrides.skips, now) {
                return None;
            }
            if slot.is_by_the_clock() {
                return Some(occurrence.from);
            }
            let risen = overrides.latches.get(&slot.name).and_then(|latch| latch.on_since())?;
            Some(risen.max(occurrence.from))
        };
        let there = occurrences.iter().filter_map(|occurrence| Some((occurrence, since(occurrence)?)));
        there.min_by_key(|(occurrence, since)| {
            (std::cmp::Reverse(self.slots[occurrence.slot].rank), occurrence.slot, std::cmp::Reverse(*since))
        })
    }

    /// What is shown at `now`, and until when that is so, if no condition changes; none where it is so for more than a week.
    pub fn airing(
        &self,
        overrides: Overrides<'_>,
        now: Moment,
        zone: &TimeZone,
    ) -> (Option<Airing<'_>>, Option<Moment>) {
        if let Some((slot, since, until)) = self.held(overrides, now)
            && let Some((item, began, end)) = slot.item_at(since, now)
        {
            let airing = Airing { slot, item, slot_since: since, since: began, held: true };
            return (Some(airing), [until, end].into_iter().flatten().min());
        }
        let occurrences = self.around(now, AHEAD_DAYS, zone);
        let chosen = self.chosen(&occurrences, overrides, now);
        let changes = self.change_after(&occurrences, overrides, chosen, now);
        let Some((occurrence, since)) = chosen else { return (None, changes) };
        let slot = &self.slots[occurrence.slot];
        let Some((item, began, end)) = slot.item_at(since, now) else { return (None, changes) };
        let airing = Airing { slot, item, slot_since: since, since: began, held: false };
        (Some(airing), [changes, end].into_iter().flatten().min())
    }

    /// The slot that is held, since when it is shown, and until when.
    fn held(&self, overrides: Overrides<'_>, now: Moment) -> Option<(&Slot, Moment, Option<Moment>)> {
        let hold = overrides.hold.filter(|hold| hold.until_millis.is_none_or(|until| now.0 < until))?;
        Some((self.slot(&hold.slot)?, Moment(hold.since_millis), hold.until_millis.map(Moment)))
    }

    /// The first moment after `now` at which another time of a slot is chosen than `chosen`.
    fn change_after(
        &self,
        occurrences: &[Occurrence],
        overrides: Overrides<'_>,
        chosen: Option<(&Occurrence, Moment)>,
        now: Moment,
    ) -> Option<Moment> {
        let skips = overrides.skips.iter().flat_map(|skip| [skip.from_millis, skip.until_millis]).map(Moment);
        let ends = occurrences.iter().flat_map(|occurrence| [occurrence.from, occurrence.until]);
        let mut moments: Vec<Moment> = ends.chain(skips).filter(|at| *at > now).collect();
        moments.sort_unstable();
        moments.dedup();
        moments.into_iter().find(|at| self.chosen(occurrences, overrides, *at) != chosen)
    }

    /// The slots that come after `now` by the clock, the next first, each with its beginning: no more than `count` of them,
    /// from the next days. Where nothing is scheduled, none is named.
    pub fn coming(
        &self,
        overrides: Overrides<'_>,
        now: Moment,
        zone: &TimeZone,
        count: usize,
    ) -> Vec<(Moment, Option<&Slot>)> {
        let occurrences = self.around(now, AHEAD_DAYS, zone);
        let mut coming = Vec::new();
        let mut at = now;
        while coming.len() < count {
            let chosen = self.chosen(&occurrences, overrides, at);
            let Some(next) = self.change_after(&occurrences, overrides, chosen, at) else { break };
            let slot = self.chosen(&occurrences, overrides, next).map(|(occurrence, _)| &self.slots[occurrence.slot]);
            coming.push((next, slot));
            at = next;
        }
        coming
    }

    /// The time of a slot of this name that is on at `now`, or else its next one.
    pub fn this_or_next(&self, name: &str, now: Moment, zone: &TimeZone) -> Option<Occurrence> {
        let occurrences = self.around(now, 366, zone);
        let of = occurrences.into_iter().filter(|at| self.slots[at.slot].name == name && at.until > now);
        of.min_by_key(|at| at.from)
    }
}

fn is_skipped(slot: &Slot, skips: &[Skip], now: Moment) -> bool {
    skips.iter().any(|skip| skip.slot == slot.name && (skip.from_millis..skip.until_millis).contains(&now.0))
}

#[cfg(test)]
mod tests;
