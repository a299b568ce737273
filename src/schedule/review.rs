//! What is odd about a schedule, over a year: hours without a slot, slots that are never shown, and those of one rank that
//! want the same hour.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Latches, Overrides, Schedule};
use crate::clock::Moment;

/// The days that are looked at.
const DAYS: i64 = 366;

/// Something odd.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// Nothing is scheduled.
    Gap {
        /// From when on, the first time.
        from: Moment,
        /// Until when.
        until: Moment,
        /// On how many days it is so.
        days: usize,
    },
    /// Two slots of one rank are on at once: the first of the file is shown.
    Overlap {
        /// The slots, by their places in the file.
        slots: [usize; 2],
        /// The first time, from when on.
        from: Moment,
    },
    /// A slot is never shown: it never is, or others are always over it.
    NeverShown {
        /// The slot, by its place in the file.
        slot: usize,
    },
}

/// What is odd in the year that begins with a day. Conditions are taken as holding for those that have one, and as not
/// holding for those that they would hide.
pub fn review(schedule: &Schedule, first: Date, zone: &TimeZone) -> Vec<Finding> {
    let last = first.checked_add(DAYS.days()).unwrap_or(first);
    let occurrences = schedule.occurrences(first, last, zone);
    let is_clock = |slot: usize| schedule.slots[slot].is_by_the_clock();
    let clock: Vec<_> = occurrences.iter().copied().filter(|at| is_clock(at.slot)).collect();
    let none = Latches::new();
    let overrides = Overrides { latches: &none, skips: &[], hold: None };
    let mut shown = vec![false; schedule.slots.len()];
    let mut findings: Vec<Finding> = Vec::new();
    let mut gaps: Vec<(Moment, Moment, Date)> = Vec::new();
    // The first day may begin within a slot of the evening before it.
    let days = first.series(1.day()).skip(1).take(DAYS as usize - 1);
    for date in days {
        for entry in schedule.plan(date, overrides, zone).entries {
            match entry.slot {
                Some(slot) => shown.iter_mut().zip(&schedule.slots).for_each(|(shown, other)| {
                    *shown |= other.name == slot.name;
                }),
                None if clock.is_empty() => {}
                None => gaps.push((entry.from, entry.until, date)),
            }
        }
    }
    if let Some((from, until, _)) = gaps.first().copied() {
        let mut days: Vec<Date> = gaps.iter().map(|(.., date)| *date).collect();
        days.dedup();
        findings.push(Finding::Gap { from, until, days: days.len() });
    }
    // With a condition a slot is shown if nothing of a higher rank is always over it.
    for at in occurrences.iter().filter(|at| !is_clock(at.slot)) {
        let rank = schedule.slots[at.slot].rank;
        let covers = |other: &&super::Occurrence| {
            let slot = &schedule.slots[other.slot];
            slot.rank > rank || slot.rank == rank && other.slot < at.slot
        };
        let mut uncovered = at.from;
        let mut over: Vec<_> = clock.iter().filter(covers).filter(|other| other.until > at.from).collect();
        over.sort_by_key(|other| other.from);
        for other in over.into_iter().take_while(|other| other.from < at.until) {
            if other.from > uncovered {
                break;
            }
            uncovered = uncovered.max(other.until);
        }
        shown[at.slot] |= uncovered < at.until;
    }
    findings.extend(overlaps(schedule, &occurrences));
    findings
        .extend(shown.iter().enumerate().filter(|(_, shown)| !**shown).map(|(slot, _)| Finding::NeverShown { slot }));
    findings
}

/// The slots of one rank that are on at once, each pair once.
fn overlaps(schedule: &Schedule, occurrences: &[super::Occurrence]) -> Vec<Finding> {
    let mut found: Vec<([usize; 2], Moment)> = Vec::new();
    let mut sorted = occurrences.to_vec();
    sorted.sort_by_key(|at| (at.from, at.slot));
    for (index, at) in sorted.iter().enumerate() {
        for other in sorted[index + 1..].iter().take_while(|other| other.from < at.until) {
            let pair = [at.slot.min(other.slot), at.slot.max(other.slot)];
            let ranks = pair.map(|slot| schedule.slots[slot].rank);
            if pair[0] != pair[1] && ranks[0] == ranks[1] && found.iter().all(|(known, _)| *known != pair) {
                found.push((pair, other.from));
            }
        }
    }
    found.into_iter().map(|(slots, from)| Finding::Overlap { slots, from }).collect()
}
