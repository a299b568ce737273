//! What is not one number: due dates near at hand, the hours of a usual week, how far appeals have come.

use super::period::day_starts;
use super::scan::{Scan, hours_of};
use super::{Dimension, Filter, Metric, Period, Window};
use crate::data::{Appeal, UNKNOWN, has_come};

/// No more of the soonest due dates than this.
const SOONEST: usize = 24;

/// Due dates of what is in work.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Deadlines {
    /// Past their due date.
    pub overdue: u32,
    /// Due by the end of today.
    pub today: u32,
    /// Due tomorrow.
    pub tomorrow: u32,
    /// Due within the five days after tomorrow.
    pub week: u32,
    /// Due after that, or with no due date at all.
    pub later: u32,
    /// By executor: its place in the dictionary, how many are overdue, and how many are due today; most overdue first.
    pub agencies: Vec<(u16, u32, u32)>,
    /// Those that are due next, the soonest first.
    pub soonest: Vec<Appeal>,
}

impl Scan<'_> {
    /// Due dates of what is in work now.
    pub fn deadlines(&self, filter: Filter) -> Deadlines {
        let window = Period::Now.window(self.now, &self.zone);
        let last = window.to.saturating_sub(1);
        let starts = day_starts(self.now, &self.zone, 1);
        let midnight = starts.last().copied().unwrap_or(last);
        let mut found = Deadlines::default();
        let mut agencies = vec![(0_u32, 0_u32); self.dictionaries.agencies.len()];
        self.counted(Metric::InWork, window, filter, |appeal, _| {
            let own = agencies.get_mut(usize::from(appeal.agency));
            if appeal.is_overdue(last) {
                found.overdue += 1;
                own.into_iter().for_each(|own| own.0 += 1);
                return;
            }
            if appeal.due == UNKNOWN {
                found.later += 1;
                return;
            }
            if appeal.due < midnight {
                found.today += 1;
                own.into_iter().for_each(|own| own.1 += 1);
            } else {
                let term = match appeal.due.saturating_sub(midnight) / 86_400 {
                    0 => &mut found.tomorrow,
                    1..6 => &mut found.week,
                    _ => &mut found.later,
                };
                *term += 1;
            }
            found.soonest.push(*appeal);
            if found.soonest.len() > 64 * SOONEST {
                nearest(&mut found.soonest);
            }
        });
        nearest(&mut found.soonest);
        let named = (0..).zip(agencies).filter(|(_, (overdue, today))| overdue + today > 0);
        found.agencies = named.map(|(agency, (overdue, today))| (agency, overdue, today)).collect();
        found.agencies.sort_by_key(|(agency, overdue, today)| (std::cmp::Reverse((*overdue, *today)), *agency));
        found
    }

    /// What a metric counts in an hour of each weekday, Monday first, on the mean over the last `weeks` whole weeks.
    pub fn week(&self, metric: Metric, weeks: u16, filter: Filter) -> Vec<[f64; 24]> {
        let days = usize::from(weeks.max(1)) * 7;
        // Today is not over.
        let starts = day_starts(self.now, &self.zone, days + 1);
        let window = Window { from: starts[0], to: starts[days] };
        let first = crate::clock::Moment::from_secs(i64::from(starts[0])).zoned(&self.zone);
        let monday = usize::from(first.weekday().to_monday_zero_offset().unsigned_abs());
        let mut sums = vec![[0_u32; 24]; 7];
        let of_day = |pair: &[u32]| hours_of(Window { from: pair[0], to: pair[1] }, &self.zone);
        let hours: Vec<Vec<Window>> = starts.windows(2).map(of_day).collect();
        self.counted(metric, window, filter, |_, second| {
            let day = starts.partition_point(|start| *start <= second).saturating_sub(1);
            let hour = hours.get(day).map_or(0, |hours| hours.partition_point(|hour| hour.to <= second)).min(23);
            sums[(monday + day) % 7][hour] += 1;
        });
        sums.into_iter().map(|day| day.map(|sum| f64::from(sum) / f64::from(weeks.max(1)))).collect()
    }

    /// How many of what a metric counts in a period are in which group of one dimension and of the other.
    pub fn flow(
        &self,
        metric: Metric,
        period: Period,
        [from, to]: [Dimension; 2],
        filter: Filter,
    ) -> Vec<(u16, u16, u32)> {
        let (rows, columns) = (self.count_of(from), self.count_of(to));
        let mut counts = vec![0_u32; rows * columns];
        self.counted(metric, period.window(self.now, &self.zone), filter, |appeal, _| {
            let (row, column) = (usize::from(self.place_in(from, appeal)), usize::from(self.place_in(to, appeal)));
            if row < rows && column < columns {
                counts[row * columns + column] += 1;
            }
        });
        let cells = counts.into_iter().enumerate().filter(|(_, count)| *count > 0);
        cells.map(|(at, count)| ((at / columns) as u16, (at % columns) as u16, count)).collect()
    }

    /// Of what was received in a period: how many there are, have a reply, are answered, and are confirmed by now.
    pub fn stages(&self, period: Period, filter: Filter) -> [u32; 4] {
        let window = period.window(self.now, &self.zone);
        let last = window.to.saturating_sub(1);
        let mut stages = [0; 4];
        self.counted(Metric::Received, window, filter, |appeal, _| {
            let come = |at: u32| has_come(at, last);
            stages[0] += 1;
            // An answer is a reply, too.
            stages[1] += u32::from(come(appeal.first_reply) || come(appeal.answered));
            stages[2] += u32::from(come(appeal.answered));
            stages[3] += u32::from(come(appeal.accepted));
        });
        stages
    }
}

/// Keeps those that are due next.
fn nearest(appeals: &mut Vec<Appeal>) {
    appeals.sort_unstable_by_key(|appeal| (appeal.due, appeal.id));
    appeals.truncate(SOONEST);
}
