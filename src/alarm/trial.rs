//! A rule run over history: how often it would have risen, and what a better band would be.

use jiff::tz::TimeZone;

use super::{Alarm, Rule, Told, step};
use crate::clock::Moment;
use crate::signal::Band;

/// More takeovers than this a day are ignored after a week.
pub const MAX_RISES_A_DAY: f64 = 2.0;
/// An alarm that rises again so soon after it has cleared chatters, in milliseconds.
const CHATTER_MILLIS: i64 = 3_600_000;
/// It clears at this part of the threshold that is proposed.
const PROPOSED_CLEAR: f64 = 0.7;
/// Night is from the first of these hours to the second.
const NIGHT: (i8, i8) = (22, 7);

/// One number of a signal.
pub type Sample = (Moment, Option<f64>);

/// What a rule would have done.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trial {
    /// When it rose.
    pub rises: Vec<Moment>,
    /// From when until when it stood.
    pub stood: Vec<(Moment, Moment)>,
    /// How long the history is, in days.
    pub days: f64,
    /// For how long it would have had the wall if nobody had answered, in minutes.
    pub takeover_mins: f64,
    /// How often it rose within an hour after it had cleared.
    pub chatter: usize,
    /// In how many nights it rose.
    pub nights: usize,
    /// Which part of the numbers nobody knew, from 0 to 1.
    pub unknown: f64,
}

impl Trial {
    /// How often it rose, a day.
    pub fn rises_a_day(&self) -> f64 {
        if self.days > 0.0 { self.rises.len() as f64 / self.days } else { 0.0 }
    }
}

/// Runs a rule over a history whose samples ascend in time. Nobody answers it, and it is not told again.
pub fn trial(rule: &Rule, samples: &[Sample], zone: &TimeZone) -> Trial {
    let rule = Rule { repeat_after_millis: None, ..rule.clone() };
    let mut alarm = Alarm::of(&rule);
    let mut found = Trial::default();
    let mut cleared: Option<Moment> = None;
    let mut nights: Vec<jiff::civil::Date> = Vec::new();
    let at_most = rule.takeover.as_ref().map_or(0, |takeover| takeover.at_most_millis);
    let mut had_since: Option<Moment> = None;
    for (now, value) in samples {
        let (next, told) = step(&alarm, &rule, *value, *now);
        alarm = next;
        match told {
            Some(Told::Rose) => {
                let risen = alarm.risen_millis.map_or(*now, Moment);
                found.chatter += usize::from(cleared.is_some_and(|at| risen.millis_since(at) < CHATTER_MILLIS));
                found.rises.push(risen);
                had_since = Some(risen);
                let local = risen.zoned(zone);
                if local.hour() >= NIGHT.0 || local.hour() < NIGHT.1 {
                    // The night belongs to the day on which it begins.
                    let date = local.date();
                    let night = if local.hour() < NIGHT.1 { date.yesterday().unwrap_or(date) } else { date };
                    if !nights.contains(&night) {
                        nights.push(night);
                    }
                }
            }
            Some(Told::Cleared) => {
                cleared = Some(*now);
                if let Some(since) = had_since.take() {
                    found.stood.push((since, *now));
                    found.takeover_mins += now.millis_since(since).min(at_most) as f64 / 60_000.0;
                }
            }
            _ => {}
        }
    }
    if let (Some(since), Some((last, _))) = (had_since, samples.last()) {
        found.stood.push((since, *last));
        found.takeover_mins += last.millis_since(since).min(at_most) as f64 / 60_000.0;
    }
    let span = samples.first().zip(samples.last()).map_or(0, |((first, _), (last, _))| last.millis_since(*first));
    found.days = span as f64 / 86_400_000.0;
    found.nights = nights.len();
    let unknown = samples.iter().filter(|(_, value)| value.is_none()).count();
    found.unknown = unknown as f64 / samples.len().max(1) as f64;
    found
}

/// The lowest threshold over which a signal would have risen less than twice a day without chatter, with the delays of the
/// rule; none where no threshold is needed, or none helps.
pub fn proposal(rule: &Rule, samples: &[Sample], zone: &TimeZone) -> Option<(Band, Trial)> {
    let Band::Above { .. } = rule.when.band else { return None };
    let mut values: Vec<f64> = samples.iter().filter_map(|(_, value)| *value).collect();
    values.sort_by(f64::total_cmp);
    let quantile = |part: f64| values.get((values.len().saturating_sub(1) as f64 * part) as usize).copied();
    let parts = [0.5, 0.75, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999];
    let mut tried: Vec<f64> = Vec::new();
    for part in parts {
        let above = quantile(part)?.ceil();
        if tried.contains(&above) {
            continue;
        }
        tried.push(above);
        let band = Band::Above { above, clear: (above * PROPOSED_CLEAR).floor() };
        let mut other = rule.clone();
        other.when.band = band;
        let found = trial(&other, samples, zone);
        if found.rises_a_day() < MAX_RISES_A_DAY && found.chatter == 0 {
            return Some((band, found));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::{NoData, Priority, Takeover};
    use crate::language::LocalizedText;
    use crate::signal::{Signal, When};

    fn rule(above: f64, clear: f64) -> Rule {
        Rule {
            name: "heating".into(),
            title: LocalizedText::default(),
            when: When {
                signal: Signal::FreeDisk,
                band: Band::Above { above, clear },
                rise_after_millis: 0,
                clear_after_millis: 0,
            },
            priority: Priority::High,
            takeover: Some(Takeover { layout: "alarms".into(), look: None, at_most_millis: 1_800_000, source: 0..0 }),
            action: LocalizedText::default(),
            repeat_after_millis: Some(60_000),
            no_data: NoData::Keep,
            notify: Vec::new(),
            source: 0..0,
        }
    }

    /// Two days by the minute: a saw between 0 and 20 with a period of two hours, and a peak of 100 at night for an hour.
    fn samples() -> Vec<Sample> {
        let value = |minute: i64| match minute {
            180..240 => Some(100.0),
            600..660 => None,
            _ => Some((minute % 120) as f64 / 6.0),
        };
        (0..2880).map(|minute| (Moment::from_secs(60 * minute), value(minute))).collect()
    }

    #[test]
    fn a_rule_is_told_what_it_would_have_done() {
        let found = trial(&rule(50.0, 40.0), &samples(), &TimeZone::UTC);
        assert_eq!(found.rises, [Moment::from_secs(180 * 60)]);
        assert_eq!((found.takeover_mins, found.chatter, found.nights), (30.0, 0, 1), "no longer than half an hour");
        assert_eq!(found.stood, [(Moment::from_secs(180 * 60), Moment::from_secs(240 * 60))]);
        assert!((found.unknown - 60.0 / 2880.0).abs() < 1e-9);
        // One that follows the saw rises each two hours, and again soon after it has cleared.
        let often = trial(&rule(5.0, 4.0), &samples(), &TimeZone::UTC);
        assert!(often.rises_a_day() > MAX_RISES_A_DAY && often.chatter > 0, "{often:?}");
    }

    #[test]
    fn a_better_threshold_is_proposed_where_one_rises_too_often() {
        let (band, found) = proposal(&rule(5.0, 4.0), &samples(), &TimeZone::UTC).unwrap();
        let Band::Above { above, clear } = band else { panic!("{band:?}") };
        assert!((20.0..100.0).contains(&above) && clear < above, "{band:?}");
        assert!(found.rises_a_day() < MAX_RISES_A_DAY && found.chatter == 0);
        assert_eq!(proposal(&rule(5.0, 4.0), &[], &TimeZone::UTC), None);
    }
}
