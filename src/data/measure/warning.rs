//! Early warning: places where more is received about a topic than their own history and the region's rhythm
//! let expect.
//!
//! The region is laid out in square cells. For each cell and topic the appeals of the last hours are held
//! against those of the same hours of the same weekday in the eight weeks before, so that day, week and season
//! are in the comparison. What the whole region does is taken out: a cell is expected to share in its rise. The
//! region itself is judged as one more cell, expected to go on as in the last seven days. The rate of a cell is
//! taken as gamma distributed with its history as evidence (Jeffreys' prior), so that the number to come is
//! negative binomial; a warning is given where a number as high as this one, or higher, has a probability under [`ALARM`]. This is the predictive
//! form of the scan of Poisson counts with a known baseline; see Kulldorff, "A spatial scan statistic" (1997),
//! and for the gamma–Poisson predictive law any text on Bayesian inference.

use rustc_hash::FxHashMap;

use super::Window;
use crate::clock::Moment;
use crate::data::{Appeal, Snapshot};

/// The side of a cell in kilometres.
const CELL_KM: f64 = 8.0;
/// Kilometres to a degree of latitude.
const KM_A_DEGREE: f64 = 111.32;
/// Weeks of history.
const WEEKS: u32 = 8;
const WEEK_SECS: u32 = 7 * 86_400;
/// Data that reaches back less far than this has no history to judge by: nothing is warned of.
pub const LEAST_HISTORY_SECS: u32 = WEEK_SECS;
/// Lengths of the windows that are examined, in hours: a sudden failure shows in the first, a slow one in the second.
const HOURS: [u32; 2] = [3, 24];
/// Least number of appeals for a warning.
const FEWEST: u32 = 6;
/// A flood or a snowfall multiplies what a region receives by four to six; less is not the region's alarm.
const REGION_RISE: f64 = 3.0;
/// A number that is less probable than this is a warning.
pub const ALARM: f64 = 1e-6;

/// More about a topic in a place than was to be expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The topic.
    pub topic: u16,
    /// The municipality that most of the appeals are from; none where it is the whole region.
    pub municipality: Option<u16>,
    /// The middle of the appeals, in millionths of a degree of longitude and latitude.
    pub middle_e6: (i32, i32),
    /// Over how many hours it is counted.
    pub hours: u32,
    /// Appeals in these hours.
    pub count: u32,
    /// How many were to be expected.
    pub expected: f64,
    /// How probable so many or more would be.
    pub probability: f64,
}

/// Cell column and row, and the topic; the region as a whole has a cell of its own.
type Key = (i32, i32, u16);
const REGION: (i32, i32) = (i32::MIN, i32::MIN);

#[derive(Default, Clone)]
struct Seen {
    count: u32,
    lon_sum: i64,
    lat_sum: i64,
    municipalities: FxHashMap<u16, u32>,
}

/// The warnings at `now`, the least probable first, at most one for a topic and municipality.
pub fn warnings(snapshot: &Snapshot, now: Moment) -> Vec<Warning> {
    let to = super::period::seconds(now.secs()).saturating_add(1);
    let mut found: Vec<Warning> = Vec::new();
    let season = season(snapshot, to);
    for hours in HOURS {
        let window = Window { from: to.saturating_sub(hours * 3600), to };
        let mut seen: FxHashMap<Key, Seen> = FxHashMap::default();
        for appeal in snapshot.received_in(window.from, window.to) {
            for key in keys(&appeal) {
                let cell = seen.entry(key).or_default();
                cell.count += 1;
                cell.lon_sum += i64::from(appeal.lon_e6);
                cell.lat_sum += i64::from(appeal.lat_e6);
                *cell.municipalities.entry(appeal.municipality).or_insert(0) += 1;
            }
        }
        let mut history: FxHashMap<Key, u32> = FxHashMap::default();
        for week in 1..=WEEKS {
            let before = window.earlier(week * WEEK_SECS);
            for appeal in snapshot.received_in(before.from, before.to) {
                for key in keys(&appeal) {
                    *history.entry(key).or_insert(0) += 1;
                }
            }
        }
        // A store that does not reach back has no history to judge by.
        if history.is_empty() {
            continue;
        }
        for (key, cell) in seen.iter().filter(|(_, cell)| cell.count >= FEWEST) {
            let held = |key: &Key| f64::from(history.get(key).copied().unwrap_or(0));
            let own = held(key);
            let is_region = (key.0, key.1) == REGION;
            let rise = if is_region {
                season.get(usize::from(key.2)).copied().unwrap_or(1.0)
            } else {
                let region = (REGION.0, REGION.1, key.2);
                let now = seen.get(&region).map_or(0.0, |r| f64::from(r.count - cell.count));
                (now + 1.0) / ((held(&region) - own) / f64::from(WEEKS) + 1.0)
            };
            let (shape, rate) = (own + 0.5, f64::from(WEEKS));
            let probability = tail(cell.count, shape, rate, rise.max(0.2));
            let expected = shape / rate * rise;
            // A region is made of many places that vary together: only what a snowfall does is its alarm.
            let slight = is_region && f64::from(cell.count) < REGION_RISE * expected;
            if probability >= ALARM || slight {
                continue;
            }
            let municipality = cell.municipalities.iter().max_by_key(|(m, n)| (**n, std::cmp::Reverse(**m)));
            found.push(Warning {
                topic: key.2,
                municipality: municipality.map(|(m, _)| *m).filter(|_| !is_region),
                middle_e6: (
                    (cell.lon_sum / i64::from(cell.count)) as i32,
                    (cell.lat_sum / i64::from(cell.count)) as i32,
                ),
                hours,
                count: cell.count,
                expected,
                probability,
            });
        }
    }
    found.sort_by(|a, b| {
        a.probability.total_cmp(&b.probability).then((a.topic, a.municipality, a.hours).cmp(&(
            b.topic,
            b.municipality,
            b.hours,
        )))
    });
    let mut named = std::collections::HashSet::new();
    found.retain(|w| named.insert((w.topic, w.municipality)));
    found
}

/// By topic, the ratio of its rate in the last week to that in the history: winter comes for all, and is nobody's
/// alarm. The last day is left out, since it is what is judged.
fn season(snapshot: &Snapshot, to: u32) -> Vec<f64> {
    let until = to.saturating_sub(86_400);
    let week = until.saturating_sub(WEEK_SECS);
    let mut counts: Vec<(u32, u32)> = Vec::new();
    for appeal in snapshot.received_in(until.saturating_sub(WEEKS * WEEK_SECS), until) {
        let topic = usize::from(appeal.topic);
        if topic >= counts.len() {
            counts.resize(topic + 1, (0, 0));
        }
        let (recent, all) = &mut counts[topic];
        *recent += u32::from(appeal.received >= week);
        *all += 1;
    }
    let rise = |(recent, all): (u32, u32)| (f64::from(recent) + 1.0) / (f64::from(all) / f64::from(WEEKS) + 1.0);
    counts.into_iter().map(|counts| rise(counts).clamp(0.5, 20.0)).collect()
}

fn keys(appeal: &Appeal) -> [Key; 2] {
    // Cells are square at every latitude: rows first, then columns as wide as the row's latitude asks for.
    let lat = f64::from(appeal.lat_e6) / 1e6;
    let row = (lat * KM_A_DEGREE / CELL_KM).floor();
    let across = ((row + 0.5) * CELL_KM / KM_A_DEGREE).to_radians().cos().max(0.01);
    let column = (f64::from(appeal.lon_e6) / 1e6 * KM_A_DEGREE * across / CELL_KM).floor();
    [(column as i32, row as i32, appeal.topic), (REGION.0, REGION.1, appeal.topic)]
}

/// P(X ≥ `count`) where X is Poisson with the mean `rise` × λ, and λ is gamma with `shape` and `rate`.
fn tail(count: u32, shape: f64, rate: f64, rise: f64) -> f64 {
    let stay = (rate / (rate + rise)).ln();
    let step = (rise / (rate + rise)).ln();
    // In logarithms: the first term of a large history is smaller than any number.
    let mut term = shape * stay;
    let mut below = 0.0;
    for k in 0..count {
        below += term.exp();
        term += ((f64::from(k) + shape) / f64::from(k + 1)).ln() + step;
    }
    (1.0 - below).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::measure::Filter;

    #[test]
    fn the_tail_is_that_of_the_negative_binomial() {
        // shape 1 and rate 1 are a geometric law: P(X ≥ n) = (rise / (1 + rise))ⁿ.
        for n in 0..20 {
            assert!((tail(n, 1.0, 1.0, 1.0) - 0.5f64.powi(n as i32)).abs() < 1e-12);
        }
        // A long history is nearly Poisson: P(X ≥ 20 | 10) = 0.003454.
        assert!((tail(20, 10_000_000.0, 1_000_000.0, 1.0) - 0.003_454).abs() < 1e-5);
        assert!(tail(300, 800.5, 8.0, 1.0) < 1e-9 && tail(100, 800.5, 8.0, 1.0) > 0.4);
    }

    #[test]
    fn a_screen_about_something_is_warned_of_that() {
        let region = crate::demo::World::new(1, crate::clock::Moment(1_795_172_712_000)).region;
        let dictionaries = &region.dictionaries;
        let warning = |topic, municipality| Warning {
            topic,
            municipality,
            middle_e6: (0, 0),
            hours: 3,
            count: 9,
            expected: 1.0,
            probability: 1e-9,
        };
        let (own, other) = (dictionaries.topics[0].sector, dictionaries.topics.last().unwrap().sector);
        assert_ne!(own, other);
        let admits = |filter: Filter, warning: &Warning| filter.admits_warning(dictionaries, warning);
        let (near, whole) = (warning(0, Some(4)), warning(0, None));
        assert!(admits(Filter::default(), &near) && admits(Filter::default(), &whole));
        assert!(admits(Filter { sector: Some(own), ..Filter::default() }, &near));
        assert!(!admits(Filter { sector: Some(other), ..Filter::default() }, &near));
        assert!(!admits(Filter { topic: Some(1), ..Filter::default() }, &near));
        assert!(admits(Filter { municipality: Some(4), ..Filter::default() }, &near));
        assert!(!admits(Filter { municipality: Some(4), ..Filter::default() }, &whole));
    }
}
