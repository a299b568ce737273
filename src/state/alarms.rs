//! Alarms, as a command lets them stand.

use super::command::{AlarmChange, Event};
use crate::alarm::{Alarms, Stands, Watch, note_rise};
use crate::clock::Moment;

/// Lets alarms stand where they stand now.
pub(super) fn apply_alarms(
    next: &mut Alarms,
    changes: &[AlarmChange],
    (rises, watch): (usize, Option<&Watch>),
    now: Moment,
    events: &mut Vec<Event>,
) {
    for (name, alarm) in changes {
        if next.by_name.get(name) == alarm.as_deref() {
            continue;
        }
        let stands = alarm.as_ref().map_or(Stands::Normal, |alarm| alarm.stands);
        match alarm {
            Some(alarm) => drop(next.by_name.insert(name.clone(), (**alarm).clone())),
            None => drop(next.by_name.remove(name)),
        }
        events.push(Event::Alarmed { alarm: name.clone(), stands });
    }
    let mut counted = next.clone();
    note_rise(&mut counted, rises, now);
    let is_flood = counted.flood_since_millis.is_some();
    let changed = is_flood != next.flood_since_millis.is_some();
    if changed {
        events.push(Event::Flooded { on: is_flood });
    }
    // What has passed is forgotten with the next thing that happens.
    if changed || rises > 0 && !events.is_empty() {
        *next = counted;
    }
    if let Some(watch) = watch.filter(|watch| **watch != next.watch) {
        events.push(Event::Watched { rules: watch.rules, unknown: watch.unknown.len() });
        next.watch = watch.clone();
    }
}
