//! A day as it is planned: what is shown from when until when, and why.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::calendar::first_moment;
use super::{DayKind, DayRule, Latches, Occurrence, Overrides, Schedule, Slot, is_skipped};
use crate::clock::Moment;

/// Why a slot is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is on every day.
    EveryDay,
    /// The day is of this kind.
    Kind(DayKind),
    /// The day was made a working day.
    Moved,
    /// It is on this weekday.
    Weekday,
    /// The day is named by its date.
    Dated,
}

/// A stretch of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanEntry<'a> {
    /// Its first moment.
    pub from: Moment,
    /// The first moment after it.
    pub until: Moment,
    /// What is shown; none where nothing is scheduled.
    pub slot: Option<&'a Slot>,
    /// Why this slot is on; none where nothing is.
    pub reason: Option<Reason>,
    /// The day on which this time of the slot began.
    pub date: Option<Date>,
    /// Slots that would be on, and are of a lower rank, or later in the file.
    pub over: Vec<&'a str>,
    /// Whether somebody has skipped what would be on.
    pub skipped: bool,
}

/// A day as it is planned.
#[derive(Debug, Clone, PartialEq)]
pub struct DayPlan<'a> {
    /// The day.
    pub date: Date,
    /// What the day is.
    pub kind: DayKind,
    /// Its stretches, by the clock alone: they follow one another without a gap.
    pub entries: Vec<PlanEntry<'a>>,
    /// What may come over them while a condition holds, with the time in which it may.
    pub conditional: Vec<(&'a Slot, Moment, Moment)>,
}

impl Schedule {
    /// A day as it is planned, from its first moment to that of the next.
    pub fn plan(&self, date: Date, overrides: Overrides<'_>, zone: &TimeZone) -> DayPlan<'_> {
        let next = date.tomorrow().unwrap_or(date);
        let first = |date: Date| first_moment(date.at(0, 0, 0, 0), zone);
        let (begin, end) = (first(date), first(next));
        let before = date.checked_sub(2.days()).unwrap_or(date);
        let (clock, conditional): (Vec<Occurrence>, Vec<Occurrence>) = self
            .occurrences(before, date, zone)
            .into_iter()
            .filter(|at| at.until > begin && at.from < end)
            .partition(|at| self.slots[at.slot].is_by_the_clock());
        let none = Latches::new();
        let as_written = Overrides { latches: &none, skips: &[], hold: None };
        let as_wanted = Overrides { latches: &none, hold: None, ..overrides };
        let mut moments: Vec<Moment> = clock.iter().flat_map(|at| [at.from, at.until]).collect();
        moments.extend(overrides.skips.iter().flat_map(|skip| [Moment(skip.from_millis), Moment(skip.until_millis)]));
        moments.retain(|at| (begin..end).contains(at));
        moments.push(begin);
        moments.sort_unstable();
        moments.dedup();
        let mut entries: Vec<PlanEntry<'_>> = Vec::new();
        for (index, from) in moments.iter().enumerate() {
            let until = moments.get(index + 1).copied().unwrap_or(end);
            let chosen = self.chosen(&clock, as_wanted, *from).map(|(at, _)| *at);
            let written = self.chosen(&clock, as_written, *from).map(|(at, _)| *at);
            let mut over: Vec<&str> = Vec::new();
            for at in clock.iter().filter(|at| (at.from..at.until).contains(from) && Some(**at) != chosen) {
                let slot = &self.slots[at.slot];
                if !is_skipped(slot, overrides.skips, *from) {
                    over.push(&slot.name);
                }
            }
            let entry = PlanEntry {
                from: *from,
                until,
                slot: chosen.map(|at| &self.slots[at.slot]),
                reason: chosen.and_then(|at| self.reason(&self.slots[at.slot], at.date)),
                date: chosen.map(|at| at.date),
                over,
                skipped: chosen != written,
            };
            match entries.last_mut() {
                // What comes and goes under a slot does not part it.
                Some(last) if last.slot == entry.slot && last.date == entry.date && last.skipped == entry.skipped => {
                    last.until = until;
                    last.over.extend(entry.over.iter().filter(|name| !last.over.contains(name)).collect::<Vec<_>>());
                }
                _ => entries.push(entry),
            }
        }
        let conditional =
            conditional.into_iter().map(|at| (&self.slots[at.slot], at.from.max(begin), at.until.min(end))).collect();
        DayPlan { date, kind: self.calendar.kind_of(date), entries, conditional }
    }

    /// Why a slot is on a day: the rule that says the most.
    fn reason(&self, slot: &Slot, date: Date) -> Option<Reason> {
        let holds = slot.days.iter().filter(|rule| rule.holds(date, &self.calendar));
        let reasons = holds.map(|rule| match rule {
            DayRule::Dates(_) => Reason::Dated,
            DayRule::Kind(DayKind::Workday) if self.calendar.is_moved(date) => Reason::Moved,
            DayRule::Kind(kind) => Reason::Kind(*kind),
            DayRule::Weekday(_) => Reason::Weekday,
            DayRule::All => Reason::EveryDay,
        });
        reasons.min_by_key(|reason| match reason {
            Reason::Dated => 0,
            Reason::Moved | Reason::Kind(_) => 1,
            Reason::Weekday => 2,
            Reason::EveryDay => 3,
        })
    }
}
