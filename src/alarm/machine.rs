//! From where an alarm stands to where it stands next.

use serde::{Deserialize, Serialize};

use super::{Acknowledged, Alarm, Alarms, FLOOD_MILLIS, FLOOD_RISES, NoData, Priority, Rule, Shelf, Stands};
use crate::clock::Moment;
use crate::signal::Band;

/// What others are told of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// It has risen.
    Rose,
    /// It still stands, and is told again.
    Repeated,
    /// It has cleared.
    Cleared,
    /// More rise than anybody can answer.
    Flood,
    /// Nothing has happened: whether it is heard is tried.
    Test,
}

/// The number as the rule takes it: what nobody knows may be as bad as can be.
fn judged(value: Option<f64>, rule: &Rule) -> Option<f64> {
    match (value, rule.no_data, rule.when.band) {
        (None, NoData::Alarm, Band::Above { .. }) => Some(f64::INFINITY),
        (None, NoData::Alarm, Band::Below { .. }) => Some(f64::NEG_INFINITY),
        (value, ..) => value,
    }
}

/// Where an alarm stands with the number of `now`, and what others are told of it.
pub fn step(alarm: &Alarm, rule: &Rule, value: Option<f64>, now: Moment) -> (Alarm, Option<Told>) {
    let mut next = alarm.clone();
    next.latch = alarm.latch.next(judged(value, rule), &rule.when, now);
    (next.priority, next.title, next.action) = (rule.priority, rule.title.clone(), rule.action.clone());
    let was_shelved = alarm.is_shelved(now);
    if !was_shelved {
        next.shelf = None;
    }
    let mut told = None;
    match (alarm.latch.on_since(), next.latch.on_since()) {
        (None, Some(since)) => {
            next.stands = Stands::Unacknowledged;
            (next.risen_millis, next.value) = (Some(since.0), value);
            (next.acknowledged, next.taken_millis) = (None, None);
            told = Some(Told::Rose);
        }
        (Some(_), None) => {
            next.stands = match alarm.stands {
                Stands::Unacknowledged => Stands::Returned,
                _ => Stands::Normal,
            };
            told = Some(Told::Cleared);
        }
        // What is shelved is not told again, and whoever has it keeps it.
        (Some(_), Some(_)) if was_shelved => {}
        (Some(_), Some(_)) => told = repeat(alarm, &mut next, rule, now),
        (None, None) if matches!(alarm.stands, Stands::Normal | Stands::Pending) => {
            let is_pending = next.latch != crate::signal::Latch::Off;
            next.stands = if is_pending { Stands::Pending } else { Stands::Normal };
        }
        (None, None) => {}
    }
    if next.stands == Stands::Normal {
        (next.acknowledged, next.taken_millis, next.value) = (None, None, None);
    }
    // What was shelved when it rose is told when the shelf is over.
    let unshelved = alarm.shelf.is_some() && next.shelf.is_none() && next.stands == Stands::Unacknowledged;
    if unshelved && told.is_none() {
        (told, next.taken_millis) = (Some(Told::Rose), None);
    }
    let told = told.filter(|_| !was_shelved);
    if told.is_some() {
        next.told_millis = Some(now.0);
    }
    (next, told)
}

/// An alarm that still stands when its time to be told again has come: whoever has it has not ended it.
fn repeat(alarm: &Alarm, next: &mut Alarm, rule: &Rule, now: Moment) -> Option<Told> {
    if now < alarm.repeats_at(rule)? {
        return None;
    }
    // An alarm that nobody answered has had its time on the wall; one that somebody had may take it over again.
    (next.stands, next.acknowledged) = (Stands::Unacknowledged, None);
    Some(Told::Repeated)
}

impl Alarm {
    /// When it is told again if it still stands: after it was taken, or else after it was told last.
    fn repeats_at(&self, rule: &Rule) -> Option<Moment> {
        let last = match (&self.acknowledged, self.stands) {
            (Some(taken), Stands::Acknowledged) => taken.at_millis,
            _ => self.told_millis.or(self.risen_millis)?,
        };
        Some(Moment(last.saturating_add(rule.repeat_after_millis?)))
    }

    /// When it goes on by itself: its condition's time is over, it is told again, or its shelf ends.
    pub fn next_change(&self, rule: &Rule) -> Option<Moment> {
        let repeats = self.latch.on_since().is_some() && self.shelf.is_none();
        let repeat = self.repeats_at(rule).filter(|_| repeats);
        let shelf = self.shelf.as_ref().map(|shelf| Moment(shelf.until_millis));
        self.latch.next_change(&rule.when).into_iter().chain(repeat).chain(shelf).min()
    }
}

/// An alarm that somebody has taken; none where there is nothing to take.
pub fn acknowledge(alarm: &Alarm, by: &str, reason: Option<String>, now: Moment) -> Option<Alarm> {
    let mut next = alarm.clone();
    match alarm.stands {
        Stands::Unacknowledged => next.stands = Stands::Acknowledged,
        Stands::Returned => next.stands = Stands::Normal,
        Stands::Normal | Stands::Pending | Stands::Acknowledged => return None,
    }
    next.taken_millis = None;
    next.acknowledged =
        (next.stands == Stands::Acknowledged).then(|| Acknowledged { by: by.to_owned(), at_millis: now.0, reason });
    Some(next)
}

/// An alarm that disturbs nobody for a while.
pub fn shelve(alarm: &Alarm, by: &str, reason: String, millis: i64, now: Moment) -> Alarm {
    let shelf = Shelf { by: by.to_owned(), reason, since_millis: now.0, until_millis: now.0.saturating_add(millis) };
    Alarm { shelf: Some(shelf), taken_millis: None, ..alarm.clone() }
}

/// An alarm whose shelf ends at `now`; none where it has none.
pub fn unshelve(alarm: &Alarm, now: Moment) -> Option<Alarm> {
    let shelf = alarm.shelf.clone().filter(|shelf| now.0 < shelf.until_millis)?;
    Some(Alarm { shelf: Some(Shelf { until_millis: now.0, ..shelf }), ..alarm.clone() })
}

/// The alarms with some that rose at `now`; says whether a flood has begun with them.
pub fn note_rise(alarms: &mut Alarms, rises: usize, now: Moment) -> bool {
    alarms.rises.retain(|at| (now.0 - FLOOD_MILLIS..=now.0).contains(at));
    alarms.rises.extend(std::iter::repeat_n(now.0, rises.min(FLOOD_RISES + 1)));
    let forgotten = alarms.rises.len().saturating_sub(FLOOD_RISES + 1);
    alarms.rises.drain(..forgotten);
    let was = alarms.flood_since_millis.is_some();
    // It is over when so few rise that each can be answered again.
    let is = alarms.rises.len() > if was { FLOOD_RISES / 2 } else { FLOOD_RISES };
    alarms.flood_since_millis = is.then(|| alarms.flood_since_millis.unwrap_or(now.0));
    is && !was
}

/// The rule that has the wall at `now`: of those that call, the one that has it already, or else the highest, or else the
/// oldest. None during a flood.
pub fn takeover<'r>(rules: &'r [Rule], alarms: &Alarms, now: Moment) -> Option<&'r Rule> {
    if alarms.flood_since_millis.is_some() {
        return None;
    }
    let calls = rules.iter().filter_map(|rule| {
        let (alarm, takeover) = (alarms.by_name.get(&rule.name)?, rule.takeover.as_ref()?);
        let has_time = alarm.taken_millis.is_none_or(|taken| now.0 < taken.saturating_add(takeover.at_most_millis));
        (rule.priority == Priority::High && alarm.calls(now) && has_time).then_some((rule, alarm))
    });
    let first = calls.min_by_key(|(_, alarm)| (alarm.taken_millis.is_none(), alarm.risen_millis));
    first.map(|(rule, _)| rule)
}
