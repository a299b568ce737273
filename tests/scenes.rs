//! Scenes in words: every kind of panel and every layout in every state. A difference says what moved or reads differently.

mod common;

use std::fmt::Write;

use common::panels::{LAYOUTS, example, states, warn};
use common::picture::{changes, described, differs_from_kept, single};
use common::{NOW, demo_revision, in_condition};
use obzor::data::Condition;
use obzor::data::measure::Query;
use obzor::layout::Catalogue;
use obzor::panel::{EXAMPLES, WITH_FILES};

/// Kinds that show no data: they are the same in every state.
const WITHOUT_DATA: [&str; 8] = ["alarms", "clock", "image", "photos", "slides", "text", "qr", "test-pattern"];

#[test]
fn every_panel_reads_as_it_did() {
    let folder = common::panels::folder();
    let mut faults = Vec::new();
    for (kind, _) in EXAMPLES {
        let (name, revision) = example(folder.path(), kind);
        let (width, height) = match *kind {
            "title" => (1400, 70),
            "ticker" | "foot" => (1400, 60),
            _ => (800, 480),
        };
        // A strip fills its wall; a panel has its gutters.
        let wall = single(width, height, 20.0);
        let live = described(&wall, &name, &revision, NOW);
        let mut words = format!("# live\n{live}");
        // As small as it may be, with names as they are and three times as long, and large.
        if (width, height) == (800, 480) {
            let layout = Catalogue::load(&name).unwrap();
            let smallest = layout.smallest(&layout.placements[0]);
            let side = |units: f32| (20.0 * units).ceil() as u32 + 24;
            let small = single(side(smallest.0), side(smallest.1), 20.0);
            let in_small = described(&small, &name, &revision, NOW);
            let _ = write!(words, "# small\n{in_small}");
            if !WITH_FILES.contains(kind) {
                let long = in_condition(Condition::Long, &revision, &name);
                let overflow = described(&small, &name, &long, NOW);
                let _ = write!(words, "# small, long names: what differs\n{}", changes(&in_small, &overflow));
            }
            let _ = write!(words, "# large\n{}", described(&single(1200, 720, 20.0), &name, &revision, NOW));
        }
        if !WITHOUT_DATA.contains(kind) {
            for (state, revision) in states(&revision, &name) {
                let other = described(&wall, &name, &revision, NOW);
                // Data that is old or lost and looks like fresh data would be a lie.
                assert!(other != live || !["old", "lost"].contains(&state), "{kind}: {state} looks live");
                let _ = write!(words, "# {state}: what differs\n{}", changes(&live, &other));
            }
        }
        faults.extend(differs_from_kept(&format!("panels/{kind}.txt"), &words));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whole layouts while data ages, is lost, is not there, is warned of, and with names three times as long.
#[test]
fn every_layout_reads_as_it_did_in_every_state() {
    let mut faults = Vec::new();
    for (layout, width, height, unit) in LAYOUTS {
        let name = layout.split('/').next().unwrap();
        let wall = single(width, height, unit);
        let revision = demo_revision(layout);
        let live = described(&wall, layout, &revision, NOW);
        let mut words = format!("# live\n{live}");
        let mut others = states(&revision, layout);
        others.push(("long names", in_condition(Condition::Long, &revision, layout)));
        if revision.measures.contains_key(&Query::Warnings) {
            let mut warned = revision.clone();
            warn(&mut warned);
            others.push(("warned", warned));
        }
        for (state, revision) in others {
            let other = described(&wall, layout, &revision, NOW);
            let _ = write!(words, "# {state}: what differs\n{}", changes(&live, &other));
        }
        faults.extend(differs_from_kept(&format!("layouts/{name}.txt"), &words));
    }
    // Every layout that comes with the program has its words.
    for (name, _) in obzor::layout::BUILT_IN {
        assert!(LAYOUTS.iter().any(|(layout, ..)| layout.split('/').next() == Some(name)), "{name} is not described");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
