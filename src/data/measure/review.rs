//! The rating of municipalities with which a working week begins: shares of postponed, repeated and overdue,
//! among those of a like size, and the places of a week ago.

use serde::Deserialize;

use super::metric::Metric;
use super::scan::Scan;
use super::{Dimension, Filter, Period};
use crate::data::region::Dictionaries;

/// Municipalities are compared with those of a like size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SizeClass {
    /// From 100,000 residents.
    Large,
    /// From 30,000.
    Middle,
    /// Under 30,000, or unknown.
    Small,
}

impl SizeClass {
    /// The class of so many residents.
    pub fn of(residents: u32) -> Self {
        match residents {
            100_000.. => Self::Large,
            30_000..100_000 => Self::Middle,
            _ => Self::Small,
        }
    }
}

/// A municipality in the review.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reviewed {
    /// Its place in the dictionary.
    pub municipality: u16,
    /// The class in which it is compared.
    pub size: SizeClass,
    /// Of those in work, the share whose due date was moved, in per cent.
    pub postponed: f64,
    /// Of those received in the last 7 days, the share of repeats, in per cent.
    pub repeated: f64,
    /// Of those in work, the share past the due date, in per cent.
    pub overdue: f64,
    /// The three shares a week ago.
    pub postponed_before: f64,
    /// The same of repeats.
    pub repeated_before: f64,
    /// The same of what is overdue.
    pub overdue_before: f64,
    /// The mean of the three shares: the less, the better.
    pub score: f64,
    /// Its place in its class, from 1; equal scores share a place.
    pub place: u16,
    /// Its place a week ago.
    pub place_week_ago: u16,
}

/// The mean of those shares that are known.
fn mean(shares: &[f64]) -> f64 {
    let known = || shares.iter().filter(|share| share.is_finite());
    known().sum::<f64>() / known().count().max(1) as f64
}

/// Every municipality, by class and place. A share that no source tells is not a number.
pub fn review(scan: &Scan<'_>, dictionaries: &Dictionaries, filter: Filter) -> Vec<Reviewed> {
    let shares = |metric: Metric, period: Period| scan.groups(metric, period, Dimension::Municipality, filter);
    let postponed = shares(Metric::PostponedShare, Period::Now);
    let repeated = shares(Metric::RepeatShare, Period::Days7);
    let overdue = shares(Metric::OverdueShare, Period::Now);
    let tells = scan.snapshot.tells();
    let told =
        [Metric::PostponedShare, Metric::RepeatShare, Metric::OverdueShare].map(|metric| metric.is_reported(tells));
    let none = told.map(|told| if told { 0.0 } else { f64::NAN });
    let mut rows: Vec<(Reviewed, f64)> = dictionaries
        .municipalities
        .iter()
        .enumerate()
        .map(|(at, municipality)| {
            let (p, r, o) = (&postponed[at], &repeated[at], &overdue[at]);
            // Where nothing is in work, nothing is late; where nobody tells, nothing is known.
            let then = [p, r, o].map(|g| g.week_ago).into_iter().zip(none).map(|(value, none)| value.unwrap_or(none));
            let then: Vec<f64> = then.collect();
            let before = mean(&then);
            let now = [p, r, o].map(|g| g.now).into_iter().zip(none).map(|(value, none)| value.unwrap_or(none));
            let now: Vec<f64> = now.collect();
            let [p, r, o] = [now[0], now[1], now[2]];
            let row = Reviewed {
                municipality: at as u16,
                size: SizeClass::of(municipality.population),
                postponed: p,
                repeated: r,
                overdue: o,
                postponed_before: then[0],
                repeated_before: then[1],
                overdue_before: then[2],
                score: mean(&now),
                place: 0,
                place_week_ago: 0,
            };
            (row, before)
        })
        .collect();
    let all = rows.clone();
    for (row, before) in &mut rows {
        let peers = || all.iter().filter(|(other, _)| other.size == row.size);
        row.place = 1 + peers().filter(|(other, _)| other.score < row.score).count() as u16;
        row.place_week_ago = 1 + peers().filter(|(_, other)| *other < *before).count() as u16;
    }
    let mut rows: Vec<Reviewed> = rows.into_iter().map(|(row, _)| row).collect();
    rows.sort_by_key(|row| (row.size, row.place, row.municipality));
    rows
}
