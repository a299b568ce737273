//! What decides besides the calendar which slot is on, as a command lets it be.

use super::State;
use super::command::{Command, Event};
use crate::clock::Moment;
use crate::signal::Latch;

/// Lets a condition stand elsewhere, leaves a slot out, holds one, or follows the schedule again.
pub(super) fn apply_scheduled(
    before: &State,
    next: &mut State,
    command: &Command,
    now: Moment,
    events: &mut Vec<Event>,
) {
    match command {
        Command::Latch { slot, latch } if before.latches.get(slot).copied().unwrap_or_default() != *latch => {
            match latch {
                Latch::Off => drop(next.latches.remove(slot)),
                latch => drop(next.latches.insert(slot.clone(), *latch)),
            }
            events.push(Event::Latched { slot: slot.clone(), latch: *latch });
        }
        Command::Skip { skip } if !before.skips.contains(skip) => {
            next.skips.retain(|other| other.until_millis > now.0);
            next.skips.push(skip.clone());
            events.push(Event::Skipped { slot: skip.slot.clone() });
        }
        Command::Hold { hold } if before.hold.as_ref() != Some(hold) => {
            next.hold = Some(hold.clone());
            events.push(Event::Held { slot: hold.slot.clone() });
        }
        Command::Follow if before.hold.is_some() || !before.skips.is_empty() => {
            (next.hold, next.skips) = (None, Vec::new());
            events.push(Event::Followed);
        }
        _ => {}
    }
}
