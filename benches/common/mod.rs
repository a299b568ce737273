//! What the benchmarks share: processes measured from outside, and a backend that never rests.
#![allow(dead_code)]

pub mod backend;
pub mod nation;
pub mod process;

use obzor::clock::Moment;
use obzor::data::Appeal;
use obzor::demo::World;

/// 2026-11-20T14:05:12 in Moscow.
pub const NOW: Moment = Moment(1_795_172_712_000);
/// The same for the command line.
pub const NOW_TEXT: &str = "2026-11-20T14:05:12+03:00";

/// The middle of some times.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The demo region's appeals of a year, as they stand at [`NOW`].
pub fn year() -> Vec<Appeal> {
    let world = World::new(1, NOW);
    let today = world.day_of(NOW.secs());
    world.appeals(today - 365..=today, NOW).collect()
}
