//! Early warning, measured on the demo region, whose bursts are known: how many are seen, how soon, and how
//! often it cries for nothing.

use std::collections::HashSet;

use obzor::clock::Moment;
use obzor::data::measure::{Answer, Query, Warning, answer};
use obzor::data::{Appeal, Store, Update};
use obzor::demo::{Burst, World};

/// The looks at the data are this far apart.
const LOOK_SECS: i64 = 1800;
const DAY: i64 = 86_400;

struct Watched {
    bursts: usize,
    seen: usize,
    delays_mins: Vec<i64>,
    alarms: usize,
    days: i64,
}

/// Looks at some days of the world, every half hour.
fn watch(world: &World, first_day: i64, days: i64) -> Watched {
    let mut store = Store::new();
    store.apply(Update::Region(world.region.clone()), Moment(0));
    let rows = (first_day - 60..first_day + days).flat_map(|day| world.day(day)).map(|life| life.end);
    let rows: Vec<Appeal> = rows.collect();
    store.apply(Update::Appeals(rows), Moment(0));
    store.apply(Update::Complete(Moment(0)), Moment(0));
    let snapshot = store.snapshot();
    let bursts: Vec<Burst> = (first_day - 1..first_day + days).flat_map(|day| world.bursts_of(day)).collect();
    let mut first_seen: Vec<Option<i64>> = vec![None; bursts.len()];
    let mut alarms: HashSet<(u16, Option<u16>, i64)> = HashSet::new();
    let begins = first_day * DAY - 3 * 3600;
    for look in 0..days * DAY / LOOK_SECS {
        let now = begins + look * LOOK_SECS;
        let Some(Answer::Warnings(warnings)) = answer(&snapshot, &Query::Warnings, Moment::from_secs(now)) else {
            panic!()
        };
        for warning in &warnings {
            let explains = |burst: &Burst| {
                let since = now - i64::from(burst.begins);
                // A burst stays in the windows for a day after its end.
                let explained = burst.topic == warning.topic && (0..2 * DAY).contains(&since);
                explained && (burst.municipality.is_none() || near(world, burst, warning))
            };
            let mut known = false;
            for (at, burst) in bursts.iter().enumerate().filter(|(_, burst)| explains(burst)) {
                known = true;
                first_seen[at].get_or_insert((now - i64::from(burst.begins)) / 60);
            }
            if !known {
                // One cry is counted once a day, however often it is repeated.
                if alarms.insert((warning.topic, warning.municipality, now.div_euclid(DAY))) {
                    println!("  for nothing, as far as is known: {warning:?}");
                }
            }
        }
    }
    let inside =
        |burst: &Burst| i64::from(burst.begins) >= begins && i64::from(burst.begins) < begins + (days - 1) * DAY;
    let judged: Vec<Option<i64>> =
        bursts.iter().zip(&first_seen).filter(|(b, _)| inside(b)).map(|(_, seen)| *seen).collect();
    let mut delays_mins: Vec<i64> = judged.iter().flatten().copied().collect();
    delays_mins.sort_unstable();
    Watched { bursts: judged.len(), seen: delays_mins.len(), delays_mins, alarms: alarms.len(), days }
}

/// A cell lies across borders: the warning may name a neighbour, or the region if the burst shows in its sum.
fn near(world: &World, burst: &Burst, warning: &Warning) -> bool {
    let Some(municipality) = burst.municipality else { return true };
    if warning.municipality.is_none_or(|m| m == municipality) {
        return true;
    }
    let centre = world.region.boundaries.municipalities[usize::from(municipality)].centre.unwrap();
    let (lon, lat) = (f64::from(warning.middle_e6.0) / 1e6, f64::from(warning.middle_e6.1) / 1e6);
    let (dx, dy) = ((lon - centre.x()) * 58.0, (lat - centre.y()) * 111.0);
    dx.hypot(dy) < 25.0
}

#[test]
fn bursts_are_seen_soon_and_quiet_weeks_are_quiet() {
    // 2026-11-20; from then on the world's rates are what they are at its anchor.
    let world = World::new(1, Moment(1_795_172_712_000));
    let today = world.day_of(1_795_172_712);
    let (mut bursts, mut seen, mut alarms, mut days, mut delays) = (0, 0, 0, 0, Vec::new());
    let watched = std::thread::scope(|scope| {
        let world = &world;
        [21, 140, 300]
            .map(|back| (back, scope.spawn(move || watch(world, today - back, 14))))
            .map(|(back, watched)| (back, watched.join().unwrap()))
    });
    for (back, watched) in watched {
        println!(
            "from {back} days ago, {} days: {} of {} bursts seen, median delay {:?} min, {} false alarms",
            watched.days,
            watched.seen,
            watched.bursts,
            watched.delays_mins.get(watched.delays_mins.len() / 2),
            watched.alarms
        );
        bursts += watched.bursts;
        seen += watched.seen;
        alarms += watched.alarms;
        days += watched.days;
        delays.extend(watched.delays_mins);
    }
    delays.sort_unstable();
    let weekly = alarms as f64 * 7.0 / days as f64;
    println!(
        "all: {seen} of {bursts} bursts seen, median delay {} min, {weekly:.2} false alarms a week",
        delays[delays.len() / 2]
    );
    assert!(seen * 100 >= bursts * 85, "{seen} of {bursts}");
    assert!(delays[delays.len() / 2] <= 90, "{delays:?}");
    assert!(weekly <= 2.0, "{weekly}");
}
