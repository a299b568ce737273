//! What is summed while appeals pass by: for many windows at once, one step an appeal.

use super::metric::{AppealCondition, Metric, Span, Statistic};
use super::period::Window;
use crate::data::{Appeal, UNKNOWN, came};

/// Sums per group and window. Windows ascend by both ends. The run of consecutive windows that an appeal counts in is
/// entered as a difference at both of its ends.
pub struct Tallies<'a> {
    metric: Metric,
    windows: &'a [Window],
    groups: Vec<Tally>,
}

#[derive(Clone, Default)]
struct Tally {
    /// Differences from one window to the next of the sum and of the count.
    sums: Vec<i64>,
    counts: Vec<i64>,
    /// Seconds of spans, each with the run of windows that it lies in.
    spans: Vec<(u32, u16, u16)>,
}

impl<'a> Tallies<'a> {
    /// Nothing summed yet.
    pub fn new(metric: Metric, windows: &'a [Window], groups: usize) -> Self {
        debug_assert!(windows.windows(2).all(|w| w[0].from <= w[1].from && w[0].to <= w[1].to));
        let empty = Tally { sums: vec![0; windows.len() + 1], counts: vec![0; windows.len() + 1], spans: Vec::new() };
        Self { metric, windows, groups: vec![empty; groups] }
    }

    /// From the first moment of the first window to the last of the last.
    pub fn extent(&self) -> Window {
        Window { from: self.windows.first().map_or(0, |w| w.from), to: self.windows.last().map_or(0, |w| w.to) }
    }

    /// Counts an appeal of a flow, whose event happened at `second`.
    pub fn add_event(&mut self, group: usize, appeal: &Appeal, second: u32) {
        // The windows that hold a second stand in a row.
        let first = self.windows.partition_point(|w| w.to <= second);
        let last = self.windows.partition_point(|w| w.from <= second);
        if first >= last {
            return;
        }
        let condition = match self.metric.statistic() {
            Statistic::Count(condition) | Statistic::Share(condition) | Statistic::PerThousand(condition) => condition,
            Statistic::Rating => {
                if appeal.rating > 0 {
                    self.enter(group, first, last, i64::from(appeal.rating));
                }
                return;
            }
            Statistic::Moves => return self.enter(group, first, last, i64::from(appeal.moves)),
            Statistic::Mean(span) | Statistic::Quantile(span, _) => {
                let end = if span == Span::FirstReply { appeal.first_reply } else { appeal.answered };
                let secs = end.saturating_sub(appeal.received);
                if matches!(self.metric.statistic(), Statistic::Mean(_)) {
                    return self.enter(group, first, last, i64::from(secs));
                }
                if let Some(tally) = self.groups.get_mut(group) {
                    tally.spans.push((secs, first as u16, last as u16));
                }
                return;
            }
        };
        if matches!(self.metric.statistic(), Statistic::Share(_)) && !condition.is_reported(appeal) {
            return;
        }
        let counts = match condition {
            AppealCondition::Accepted => {
                // It counts in those of the windows that end after the confirmation.
                self.enter(group, first, last, 0);
                let from = self.windows.partition_point(|w| w.to <= appeal.accepted).max(first);
                if came(appeal.accepted) && from < last {
                    self.sum(group, from, last, 1);
                }
                return;
            }
            // Overdue is what is in work, not what happened.
            AppealCondition::Overdue => false,
            lasting => lasting.holds(appeal, second),
        };
        self.enter(group, first, last, i64::from(counts));
    }

    /// Counts an appeal of a stock in every window at whose last second it was in work.
    pub fn add_open(&mut self, group: usize, appeal: &Appeal) {
        let at = |w: &Window| w.to.saturating_sub(1);
        let first = self.windows.partition_point(|w| at(w) < appeal.received);
        let last = self.windows.partition_point(|w| at(w) < appeal.answered);
        if first >= last {
            return;
        }
        match self.metric.statistic() {
            Statistic::Count(AppealCondition::Overdue) | Statistic::Share(AppealCondition::Overdue) => {
                if appeal.due == UNKNOWN {
                    return;
                }
                self.enter(group, first, last, 0);
                let from = self.windows.partition_point(|w| at(w) <= appeal.due).max(first);
                if from < last {
                    self.sum(group, from, last, 1);
                }
            }
            Statistic::Moves => self.enter(group, first, last, i64::from(appeal.moves)),
            Statistic::Count(condition) | Statistic::Share(condition) | Statistic::PerThousand(condition) => {
                self.enter(group, first, last, i64::from(condition.holds(appeal, 0)));
            }
            Statistic::Rating | Statistic::Mean(_) | Statistic::Quantile(..) => {}
        }
    }

    fn enter(&mut self, group: usize, first: usize, last: usize, amount: i64) {
        let Some(tally) = self.groups.get_mut(group) else { return };
        tally.counts[first] += 1;
        tally.counts[last] -= 1;
        tally.sums[first] += amount;
        tally.sums[last] -= amount;
    }

    fn sum(&mut self, group: usize, first: usize, last: usize, amount: i64) {
        let Some(tally) = self.groups.get_mut(group) else { return };
        tally.sums[first] += amount;
        tally.sums[last] -= amount;
    }

    /// The value of a group in each window; `residents` of each group for what is counted by them.
    pub fn values(mut self, residents: impl Fn(usize) -> u64) -> Vec<Vec<Option<f64>>> {
        let windows = self.windows.len();
        let statistic = self.metric.statistic();
        let groups = std::mem::take(&mut self.groups).into_iter().enumerate();
        groups
            .map(|(group, tally)| {
                let (mut sum, mut count) = (0_i64, 0_i64);
                (0..windows)
                    .map(|window| {
                        sum += tally.sums[window];
                        count += tally.counts[window];
                        let mean = || (count > 0).then(|| sum as f64 / count as f64);
                        match statistic {
                            Statistic::Count(_) | Statistic::Moves => Some(sum as f64),
                            Statistic::Share(_) => (count > 0).then(|| 100.0 * sum as f64 / count as f64),
                            Statistic::PerThousand(_) => {
                                let residents = residents(group);
                                (residents > 0).then(|| 1000.0 * sum as f64 / residents as f64)
                            }
                            Statistic::Rating => mean(),
                            Statistic::Mean(span) => mean().map(|secs| secs / seconds_of(span)),
                            Statistic::Quantile(span, percent) => {
                                let inside =
                                    |run: &(u32, u16, u16)| (usize::from(run.1)..usize::from(run.2)).contains(&window);
                                let mut secs: Vec<u32> =
                                    tally.spans.iter().filter(|run| inside(run)).map(|run| run.0).collect();
                                quantile(&mut secs, percent).map(|secs| secs / seconds_of(span))
                            }
                        }
                    })
                    .collect()
            })
            .collect()
    }
}

fn seconds_of(span: Span) -> f64 {
    match span {
        Span::FirstReply => 3600.0,
        Span::Resolution => 86_400.0,
    }
}

/// See [`Statistic::Quantile`].
fn quantile(values: &mut [u32], percent: u8) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    if percent == 50 && values.len().is_multiple_of(2) {
        let (below, upper, _) = values.select_nth_unstable(values.len() / 2);
        let upper = *upper;
        let lower = below.iter().copied().max().unwrap_or(upper);
        return Some((f64::from(lower) + f64::from(upper)) / 2.0);
    }
    let rank = (values.len() * usize::from(percent)).div_ceil(100).max(1);
    let (_, at, _) = values.select_nth_unstable(rank - 1);
    Some(f64::from(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_by_nearest_rank_and_the_median_by_halves() {
        assert_eq!(quantile(&mut [], 50), None);
        assert_eq!(quantile(&mut [7], 90), Some(7.0));
        assert_eq!(quantile(&mut [4, 1, 3, 2], 50), Some(2.5));
        assert_eq!(quantile(&mut [5, 1, 3], 50), Some(3.0));
        assert_eq!(quantile(&mut (1..=10).collect::<Vec<_>>(), 90), Some(9.0));
        assert_eq!(quantile(&mut (1..=11).collect::<Vec<_>>(), 90), Some(10.0));
    }
}
