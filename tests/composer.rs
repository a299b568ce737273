//! What the composer remembers is what it would paint anew, and it paints no more than that.

mod common;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use common::NOW;
use obzor::clock::Moment;
use obzor::compose::Composer;
use obzor::data::dataset::Dataset;
use obzor::data::{Condition, Revision};
use obzor::geometry::PixelSize;
use obzor::language::Lang;
use obzor::layout::{Catalogue, parse};
use obzor::map::Place;
use obzor::panel::{EXAMPLES, WITH_FILES};
use obzor::state::{Command, State, apply};
use obzor::wall::Wall;

/// What a layout of these panels, one under another, is made of.
struct Shows {
    catalogue: Catalogue,
    state: State,
    revision: Revision,
    wall: Wall,
}

fn shows(panels: &[&str]) -> Shows {
    static STORE: OnceLock<obzor::data::Snapshot> = OnceLock::new();
    let snapshot = STORE.get_or_init(|| common::demo_store().snapshot());
    let rows: String = panels
        .iter()
        .enumerate()
        .map(|(at, panel)| format!("[[placement]]\ncolumns = [1, 1]\nrows = [{0}, {0}]\npanel.{panel}\n", at + 1))
        .collect();
    let text = format!("name = \"l\"\ngrid = {{ columns = 1, rows = {} }}\n{rows}", panels.len());
    let layout = parse(Path::new("layout.toml"), &text, None).unwrap_or_else(|fault| panic!("{fault}"));
    let queries = layout.queries(&snapshot.region.as_ref().unwrap().dictionaries);
    let revision = Revision::default().next(snapshot.clone(), &queries, NOW);
    let mut catalogue = Catalogue::default();
    let state = State::new(catalogue.put("l", layout), Lang::Ru);
    Shows { catalogue, state, revision, wall: Wall::single(PixelSize::new(1920, 1080), 18.0) }
}

/// The revision after `revision`, with its data in another condition.
fn then(revision: &Revision, number: u64, condition: Condition, now: Moment) -> Revision {
    let mut next = Revision { number, ..revision.clone() };
    next.snapshot = condition.of(next.snapshot, now, &[]);
    next
}

#[test]
fn what_is_remembered_is_what_would_be_painted_anew() {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    for (kind, example) in EXAMPLES.iter().filter(|(kind, _)| !WITH_FILES.contains(kind)) {
        let shows = shows(&[example]);
        let live = &shows.revision;
        let look = Command::Look { to: Place::Region, secs: Some(3.0) };
        let looked = apply(&shows.state, &look, NOW.plus_millis(61_000)).0;
        let old = then(live, 10, Condition::Old, NOW);
        let lost = then(live, 11, Condition::Lost, NOW);
        let empty = then(live, 12, Condition::Empty, NOW);
        let again = Revision { number: 13, measured: NOW.plus_millis(13 * MINUTE), ..live.clone() };
        let mut remembering = Composer::default();
        for (state, revision, after_millis) in [
            (&shows.state, live, 0),
            (&shows.state, live, 700),
            (&shows.state, live, 2_100),
            (&shows.state, live, 4_300),
            (&shows.state, live, 33_000),
            (&shows.state, live, 61_000),
            (&looked, live, 62_500),
            (&looked, live, 66_000),
            (&looked, &old, 10 * MINUTE),
            (&looked, &old, 10 * MINUTE + 31_000),
            (&looked, &lost, 11 * MINUTE),
            (&looked, &empty, 12 * MINUTE),
            (&shows.state, &again, 13 * MINUTE),
            (&shows.state, &again, 13 * MINUTE + 60_000),
            (&shows.state, &again, HOUR + 1_000),
            (&shows.state, &again, 26 * HOUR),
        ] {
            let now = NOW.plus_millis(after_millis);
            let kept = remembering.compose(state, &shows.catalogue, revision, &shows.wall, now);
            let anew = Composer::default().compose(state, &shows.catalogue, revision, &shows.wall, now);
            let (kept, anew) = (obzor::scene::describe(&kept.scene), obzor::scene::describe(&anew.scene));
            assert_eq!(kept, anew, "{kind}, {after_millis} ms later");
        }
    }
}

#[test]
fn a_new_revision_repaints_only_whom_it_concerns() {
    let shows = shows(&[
        "title = { clock = true, stamp = true }",
        "kpi = { cells = [{ metric = \"received\", period = \"today\" }] }",
        "weather = { dataset = \"weather\" }",
        "ranking = { metric = \"overdue\" }",
    ]);
    let mut composer = Composer::default();
    let mut painted = |state: &State, revision: &Revision| {
        composer.compose(state, &shows.catalogue, revision, &shows.wall, NOW).painted_panels
    };
    assert_eq!(painted(&shows.state, &shows.revision), 4);
    assert_eq!(painted(&shows.state, &shows.revision), 0);
    let mut next = Revision { number: 2, ..shows.revision.clone() };
    assert_eq!(painted(&shows.state, &next), 0, "nothing came");
    // A table that came again as it was, and one that no panel shows.
    let tables = &mut next.snapshot.datasets;
    let weather = tables["weather"].clone();
    let copy = |records: Vec<_>| Arc::new(Dataset::kept("weather", records, weather.published().to_vec()));
    tables.insert("weather".to_owned(), copy(weather.records().to_vec()));
    tables.insert("other".to_owned(), copy(Vec::new()));
    next.number = 3;
    assert_eq!(painted(&shows.state, &next), 0, "equal content");
    next.number = 4;
    next.snapshot.datasets.insert("weather".to_owned(), copy(weather.records()[1..].to_vec()));
    assert_eq!(painted(&shows.state, &next), 1, "the weather alone");
    // The newest measures: the stamp says when.
    next.number = 5;
    next.measured = NOW.plus_millis(2000);
    assert_eq!(painted(&shows.state, &next), 1, "the stamp alone");
    let (looked, _) = apply(&shows.state, &Command::Look { to: Place::Region, secs: None }, NOW);
    assert_eq!(painted(&looked, &next), 0, "no map looks anywhere");
}
