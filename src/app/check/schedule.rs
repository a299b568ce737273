//! What is odd about the schedule of a file of operation.

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Moment;
use crate::diagnostic::Diagnostic;
use crate::language::Sentence;
use crate::schedule::{Finding, Schedule, review};
use crate::sentence;

/// What is wrong in the year that begins with a day, and what only is to be known: hours in which nothing is scheduled show
/// what the wall was started with.
pub fn findings(schedule: &Schedule, path: &Path, text: &str, first: Date) -> (Vec<Diagnostic>, Vec<Sentence>) {
    // The civil hours of a year are the same wherever clocks do not change; where they do, the file should say where it is.
    let zone = schedule.calendar.time_zone.clone().unwrap_or(TimeZone::UTC);
    let (mut faults, mut notes) = (Vec::new(), Vec::new());
    if schedule.is_empty() {
        return (faults, notes);
    }
    let said = |at: Moment| at.zoned(&zone).strftime("%Y-%m-%d %H:%M").to_string();
    let at = |slot: usize, message: Sentence, help: Sentence| {
        Diagnostic::at(path, text, schedule.slots[slot].source.clone(), message).with_help(help)
    };
    let name = |slot: usize| &schedule.slots[slot].name;
    for finding in review(schedule, first, &zone) {
        match finding {
            Finding::Gap { from, until, days } => {
                let gap = sentence!("schedule-gap", from = said(from), until = said(until), days = days);
                notes.push(gap);
                notes.push(sentence!("schedule-gap-help"));
            }
            Finding::Overlap { slots: [one, other], from } => {
                let message = sentence!("schedule-overlap", one = name(one), other = name(other), from = said(from));
                faults.push(at(other, message, sentence!("schedule-overlap-help")));
            }
            Finding::NeverShown { slot } => {
                faults.push(at(slot, sentence!("schedule-never"), sentence!("schedule-never-help")));
            }
        }
    }
    (faults, notes)
}
