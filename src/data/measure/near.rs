//! What lies under a finger: the appeals that a metric counts in a small part of the Earth.

use super::scan::{Scan, column, may_count};
use super::{Filter, Metric, Period};
use crate::clock::Moment;
use crate::data::{Appeal, Degrees, Snapshot};

/// Which appeals are counted.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// What makes an appeal count.
    pub metric: Metric,
    /// When.
    pub period: Period,
    /// Which of them.
    pub filter: Filter,
}

/// Appeals near one another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Near {
    /// How many there are.
    pub count: usize,
    /// The newest of them, newest first.
    pub newest: Vec<Appeal>,
}

/// Appeals that a metric counts in a period within `part`: their number, and the newest `most` of them. None before
/// there is a region.
pub fn near(snapshot: &Snapshot, counted: Counted, part: &Degrees, most: usize, now: Moment) -> Option<Near> {
    let region = snapshot.region.as_deref()?;
    let Counted { metric, period, filter } = counted;
    let condition = metric.counted()?;
    let scan = Scan::new(snapshot, &region.dictionaries, now);
    let window = period.window(now, &scan.zone);
    let last = window.to.saturating_sub(1);
    let mut near = Near::default();
    for chunk in scan.snapshot.chunks.iter().filter(|chunk| may_count(metric, chunk, window)) {
        let mut here = Vec::new();
        chunk.within(part, |row| {
            let appeal = chunk.get(row);
            let stands = if metric.is_stock() {
                appeal.is_open(last)
            } else {
                (window.from..window.to).contains(&column(metric.basis())(chunk)[row])
            };
            if stands && condition.holds(&appeal, last) && filter.admits(scan.dictionaries, &appeal, last) {
                here.push(appeal);
            }
        });
        near.count += here.len();
        near.newest.extend(here);
        near.newest.sort_unstable_by_key(|appeal| std::cmp::Reverse((appeal.received, appeal.id)));
        near.newest.truncate(most);
    }
    Some(near)
}
