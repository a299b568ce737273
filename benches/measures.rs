//! What measuring costs, on one core: every measure of the shipped layouts over a region's appeals.

mod common;

use std::sync::Arc;
use std::time::Instant;

use common::{NOW, median};
use obzor::data::measure::{Query, answer};
use obzor::data::{Appeal, Store, Update};
use obzor::demo::World;
use obzor::layout::{BUILT_IN, Catalogue};

const RUNS: usize = 15;

fn timed(mut work: impl FnMut()) -> f64 {
    let runs = (0..RUNS).map(|_| {
        let began = Instant::now();
        work();
        began.elapsed().as_secs_f64() * 1000.0
    });
    median(runs.collect())
}

fn main() {
    let world = World::new(1, NOW);
    let year = common::year();
    println!("| Appeals | Measures of all shipped layouts | The dearest of them | 100 changes taken in |");
    println!("|---|---|---|---|");
    for copies in [1, 5] {
        let mut store = Store::new();
        store.apply(Update::Region(world.region.clone()), NOW);
        let rows = year.iter().flat_map(|a| (0..copies).map(move |copy| Appeal { id: a.id * 8 + copy, ..*a }));
        store.apply(Update::Appeals(rows.collect()), NOW);
        store.apply(Update::Complete(NOW), NOW);
        let snapshot = store.snapshot();
        let region = Arc::clone(snapshot.region.as_ref().expect("a region"));
        let mut queries: Vec<Query> = Vec::new();
        for (name, _) in BUILT_IN {
            let layout = Catalogue::load(name).expect("a shipped layout");
            for query in layout.queries(&region.dictionaries) {
                if !queries.contains(&query) {
                    queries.push(query);
                }
            }
        }
        let all = timed(|| queries.iter().for_each(|q| drop(answer(&snapshot, q, NOW))));
        let each = queries.iter().map(|q| (timed(|| drop(answer(&snapshot, q, NOW))), format!("{q:?}")));
        let (most, which) = each.max_by(|a, b| a.0.total_cmp(&b.0)).expect("a measure");
        let which: String = which.chars().take_while(|c| *c != 'F' || which.starts_with('F')).collect();
        let changed: Vec<Appeal> =
            year.iter().rev().step_by(97).take(100).map(|a| Appeal { id: a.id * 8, moves: 3, ..*a }).collect();
        let change = timed(|| {
            store.apply(Update::Changes { appeals: changed.clone(), until: NOW }, NOW);
        });
        println!(
            "| {} | {all:.1} ms for {} | {most:.1} ms, {} | {change:.2} ms |",
            snapshot.len(),
            queries.len(),
            which.trim_end_matches([' ', ',', '(']),
        );
    }
}
