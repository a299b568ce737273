//! How late a visit is, and how it could catch up: what is left out, what is shortened. Nothing is done unasked.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{At, RunSheet};
use crate::clock::Moment;

/// So late a visit is not worth a word, in seconds.
const ON_TIME_SECS: f64 = 10.0;

/// A step that is to be shorter than it was rehearsed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shorten {
    /// The number of the step, from 1.
    pub step: usize,
    /// How long it is to last, in seconds.
    pub to_secs: f64,
}

/// What of a visit is other than it was rehearsed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CatchUp {
    /// The numbers of the steps that are left out, from 1, ascending.
    #[serde(default)]
    pub skip: Vec<usize>,
    /// The steps that are shortened.
    #[serde(default)]
    pub shorten: Vec<Shorten>,
}

impl CatchUp {
    /// Whether a step is left out; its number is from 0.
    pub fn skips(&self, step: usize) -> bool {
        self.skip.contains(&(step + 1))
    }

    /// How long a step is to last instead of `secs`; its number is from 0.
    pub fn secs_of(&self, step: usize, secs: f64) -> f64 {
        self.shorten.iter().find(|other| other.step == step + 1).map_or(secs, |other| other.to_secs)
    }
}

/// How a visit could catch up.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Offer {
    /// What would be left out and shortened, besides what is so already.
    pub catch_up: CatchUp,
    /// So many seconds would be won.
    pub gains_secs: f64,
    /// So late the visit would still be, in seconds.
    pub left_secs: f64,
}

impl RunSheet {
    /// For how long a visit still goes on, in seconds, if every step lasts as planned.
    fn remaining_secs(&self, at: At, plan: &CatchUp, now: Moment) -> f64 {
        let secs = |step: usize| plan.secs_of(step, self.steps[step].secs);
        let lasted = at.clock(now).millis_since(Moment(at.began_millis)) as f64 / 1000.0;
        let own = if at.step < self.steps.len() { (secs(at.step) - lasted).max(0.0) } else { 0.0 };
        let rest = (at.step + 1..self.steps.len()).filter(|step| !plan.skips(*step)).map(secs);
        own + rest.sum::<f64>()
    }

    /// When a visit that is at its step, or back at it at `now`, is to end: at the hour that its sheet names, on the day on which it began, or as long after its beginning
    /// as was rehearsed; none where it is not known when it began.
    pub fn planned_end(&self, at: At, zone: &TimeZone, now: Moment) -> Option<Moment> {
        let at = at.returned(now);
        let began = Moment(at.visit_began_millis?);
        let fixed = self.fixed_end.and_then(|time: Time| {
            let end = began.zoned(zone).date().to_datetime(time).to_zoned(zone.clone()).ok()?;
            Some(Moment::from(end.timestamp()))
        });
        let rehearsed: f64 = self.steps.iter().map(|step| step.secs).sum();
        Some(fixed.unwrap_or_else(|| began.plus_millis((1000.0 * rehearsed) as i64)))
    }

    /// When a visit will end, if every step from now on lasts as planned.
    pub fn expected_end(&self, at: At, plan: &CatchUp, now: Moment) -> Moment {
        now.plus_millis((1000.0 * self.remaining_secs(at, plan, now)) as i64)
    }

    /// By how many seconds a visit is late, negative where it is early; none where it is not known when it is to end. A step
    /// that still lasts as planned is neither.
    pub fn behind_secs(&self, at: At, plan: &CatchUp, zone: &TimeZone, now: Moment) -> Option<f64> {
        let planned = self.planned_end(at, zone, now)?;
        Some(self.expected_end(at, plan, now).millis_since(planned) as f64 / 1000.0)
    }

    /// How a visit that is late could catch up; none where it is not late, or nothing may be left out or shortened. Steps are
    /// shortened before any is left out, and no more is given up than it takes.
    pub fn offer(&self, at: At, plan: &CatchUp, zone: &TimeZone, now: Moment) -> Option<Offer> {
        let late = self.behind_secs(at, plan, zone, now).filter(|late| *late > ON_TIME_SECS)?;
        let following = || (at.step + 1..self.steps.len()).filter(|step| !plan.skips(*step));
        let mut left = late;
        let mut shorten: Vec<Shorten> = Vec::new();
        let mut slack: Vec<(usize, f64, f64)> = following()
            .filter_map(|step| {
                let (now, least) = (plan.secs_of(step, self.steps[step].secs), self.steps[step].min_secs?);
                (now > least).then_some((step, now, least))
            })
            .collect();
        // What has the most to give gives first.
        slack.sort_by(|one, other| (other.1 - other.2).total_cmp(&(one.1 - one.2)));
        for (step, now, least) in slack {
            if left <= 0.0 {
                break;
            }
            let gives = (now - least).min(left);
            shorten.push(Shorten { step: step + 1, to_secs: (now - gives).floor().max(least) });
            left -= gives;
        }
        let mut skip: Vec<usize> = Vec::new();
        let mut may_go: Vec<(usize, f64)> = following()
            .filter(|step| self.steps[*step].may_skip)
            .map(|step| {
                let shortened = shorten.iter().find(|other| other.step == step + 1).map(|other| other.to_secs);
                (step, shortened.unwrap_or_else(|| plan.secs_of(step, self.steps[step].secs)))
            })
            .collect();
        may_go.sort_by(|one, other| one.1.total_cmp(&other.1));
        while left > 0.0 && !may_go.is_empty() {
            // The shortest that is enough, or else the longest.
            let at = may_go.iter().position(|(_, secs)| *secs >= left).unwrap_or(may_go.len() - 1);
            let (step, secs) = may_go.remove(at);
            shorten.retain(|other| other.step != step + 1);
            skip.push(step + 1);
            left -= secs;
        }
        skip.sort_unstable();
        shorten.sort_by_key(|other| other.step);
        if skip.is_empty() && shorten.is_empty() {
            return None;
        }
        let catch_up = CatchUp { skip, shorten };
        let then = self.merged(plan, &catch_up);
        let left_secs = self.behind_secs(at, &then, zone, now)?;
        Some(Offer { catch_up, gains_secs: late - left_secs, left_secs: left_secs.max(0.0) })
    }

    /// A plan with more left out and shortened.
    pub fn merged(&self, plan: &CatchUp, more: &CatchUp) -> CatchUp {
        let mut merged = plan.clone();
        merged.skip.extend(more.skip.iter().filter(|step| !plan.skip.contains(step)));
        merged.skip.sort_unstable();
        merged.shorten.retain(|one| more.shorten.iter().all(|other| other.step != one.step));
        merged.shorten.extend(more.shorten.iter().copied());
        merged.shorten.retain(|one| !merged.skip.contains(&one.step));
        merged.shorten.sort_by_key(|one| one.step);
        merged
    }

    /// Whether a plan leaves out and shortens only what the sheet allows, after the step `at`, from 0.
    pub fn allows(&self, plan: &CatchUp, at: usize) -> bool {
        let after = |number: usize| number > at + 1 && number <= self.steps.len();
        plan.skip.iter().all(|number| after(*number) && self.steps[number - 1].may_skip)
            && plan.shorten.iter().all(|one| {
                after(one.step) && {
                    let step = &self.steps[one.step - 1];
                    step.min_secs.is_some_and(|least| (least..=step.secs).contains(&one.to_secs))
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runsheet::parse;
    use std::path::Path;

    const SHEET: &str = "title = \"Визит\"\n[[step]]\ntitle = \"1\"\nsecs = 60\n\
        [[step]]\ntitle = \"2\"\nsecs = 60\nmin_secs = 40\n[[step]]\ntitle = \"3\"\nsecs = 120\nmin_secs = 60\nmay_skip = true\n\
        [[step]]\ntitle = \"4\"\nsecs = 30\nmay_skip = true\n[[step]]\ntitle = \"5\"\nsecs = 60\n";

    fn at(step: usize, began_secs: i64) -> At {
        At::begun(step, Moment::from_secs(began_secs), Some(0))
    }

    #[test]
    fn a_visit_that_is_late_is_offered_to_shorten_and_then_to_skip() {
        let sheet = parse(Path::new("v.toml"), SHEET).unwrap();
        let none = CatchUp::default();
        let offer = |now: i64| sheet.offer(at(0, 0), &none, &TimeZone::UTC, Moment::from_secs(now));
        assert_eq!(offer(60), None, "on time");
        assert_eq!(offer(69), None, "not worth a word");
        let shorten = |step, to_secs| Shorten { step, to_secs };
        let found = offer(60 + 50).unwrap();
        assert_eq!((found.catch_up.shorten, found.catch_up.skip), (vec![shorten(3, 70.0)], vec![]));
        let found = offer(60 + 75).unwrap();
        assert_eq!(found.catch_up.shorten, [shorten(2, 45.0), shorten(3, 60.0)]);
        assert_eq!((found.gains_secs, found.left_secs), (75.0, 0.0));
        // Both together are not enough: the shortest step that is goes.
        let found = offer(60 + 100).unwrap();
        assert_eq!((found.catch_up.skip, found.catch_up.shorten.len()), (vec![4], 2));
        // All that may go goes, and it is still late.
        let found = offer(60 + 300).unwrap();
        assert_eq!((found.catch_up.skip, found.left_secs), (vec![3, 4], 300.0 - 170.0));
        // What was taken is not offered again.
        let taken = found_plan(&sheet, 135);
        assert_eq!(sheet.offer(at(0, 0), &taken, &TimeZone::UTC, Moment::from_secs(135)), None);
        assert!(sheet.allows(&taken, 0) && !sheet.allows(&taken, 1), "what has passed is not shortened");
        assert!(!sheet.allows(&CatchUp { skip: vec![2], shorten: vec![] }, 0), "it may not be left out");
        assert!(!sheet.allows(&CatchUp { skip: vec![], shorten: vec![shorten(2, 39.0)] }, 0));
    }

    fn found_plan(sheet: &RunSheet, now: i64) -> CatchUp {
        let none = CatchUp::default();
        let found = sheet.offer(at(0, 0), &none, &TimeZone::UTC, Moment::from_secs(now)).unwrap();
        sheet.merged(&none, &found.catch_up)
    }

    #[test]
    fn what_a_visit_is_elsewhere_for_is_counted_apart() {
        let sheet = parse(Path::new("v.toml"), SHEET).unwrap();
        let none = CatchUp::default();
        let away = At { detour_since_millis: Some(30_000), ..at(0, 0) };
        let behind = |at: At, now: i64| sheet.behind_secs(at, &none, &TimeZone::UTC, Moment::from_secs(now));
        assert_eq!([behind(away, 30), behind(away, 90)], [Some(0.0), Some(0.0)]);
        let back = away.returned(Moment::from_secs(130));
        assert_eq!((back.began_millis, back.visit_began_millis, back.detour_millis), (100_000, Some(100_000), 100_000));
        // Thirty seconds of the step are left, as when it was left.
        assert_eq!([behind(back, 160), behind(back, 170)], [Some(0.0), Some(10.0)]);
        assert_eq!(back.returned(Moment::from_secs(999)), back);
    }

    #[test]
    fn a_fixed_end_is_what_lateness_is_measured_by() {
        let text = SHEET.replacen("[[step]]", "fixed_end = \"00:05\"\n[[step]]", 1);
        let sheet = parse(Path::new("v.toml"), &text).unwrap();
        let none = CatchUp::default();
        // 330 seconds were rehearsed, and 300 are there.
        let behind = |began, now| sheet.behind_secs(at(0, began), &none, &TimeZone::UTC, Moment::from_secs(now));
        assert_eq!(behind(0, 0), Some(30.0));
        assert_eq!(behind(0, 30), Some(30.0));
        assert_eq!(behind(0, 90), Some(60.0));
        let late = At { visit_began_millis: None, ..at(0, 0) };
        assert_eq!(sheet.behind_secs(late, &none, &TimeZone::UTC, Moment(0)), None);
    }
}
