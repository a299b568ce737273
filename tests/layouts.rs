//! Layouts at random: whatever is put wherever, nothing panics, overlaps, or is drawn outside of its place.

mod common;

use common::NOW;
use obzor::compose::Composer;
use obzor::data::Condition;
use obzor::data::Revision;
use obzor::geometry::{PixelSize, WallRect};
use obzor::language::Lang;
use obzor::layout::{Catalogue, Layout, parse, solve};
use obzor::panel::{EXAMPLES, WITH_FILES};
use obzor::scene::THEMES;
use obzor::state::State;
use obzor::wall::Wall;
use proptest::prelude::*;
use std::path::Path;
use std::sync::OnceLock;

/// What all examples ask for, measured once.
fn revision() -> &'static Revision {
    static REVISION: OnceLock<Revision> = OnceLock::new();
    REVISION.get_or_init(|| {
        let snapshot = common::demo_store().snapshot();
        let dictionaries = &snapshot.region.as_ref().unwrap().dictionaries;
        let place = |(at, (_, example)): (usize, &(&str, &str))| {
            format!("[[placement]]\ncolumns = [1, 1]\nrows = [{0}, {0}]\npanel.{example}\n", at + 1)
        };
        let shown: Vec<&(&str, &str)> = EXAMPLES.iter().filter(|(kind, _)| !WITH_FILES.contains(kind)).collect();
        let places: String = shown.iter().enumerate().map(|(at, example)| place((at, example))).collect();
        let text = format!("name = \"all\"\ngrid = {{ columns = 1, rows = {} }}\n{places}", shown.len());
        let queries = parse(Path::new("all.toml"), &text, None).unwrap().queries(dictionaries);
        Revision::default().next(snapshot.clone(), &queries, NOW)
    })
}

/// The same, hours old.
fn old_revision() -> &'static Revision {
    static REVISION: OnceLock<Revision> = OnceLock::new();
    REVISION.get_or_init(|| {
        let mut old = revision().clone();
        old.snapshot = Condition::Old.of(old.snapshot, NOW, &[]);
        old
    })
}

fn layout(columns: usize, rows: usize, picks: &[(usize, usize, usize, usize, usize)], theme: &str) -> Option<Layout> {
    let mut text = format!("name = \"random\"\ntheme = \"{theme}\"\ngrid = {{ columns = {columns}, rows = {rows} }}\n");
    for (depth, (kind, x, y, width, height)) in picks.iter().enumerate() {
        let (_, example) = EXAMPLES
            .iter()
            .filter(|(kind, _)| !WITH_FILES.contains(kind))
            .nth(kind % (EXAMPLES.len() - WITH_FILES.len()))?;
        let (left, top) = (x % columns + 1, y % rows + 1);
        let (right, bottom) = ((left + width % 3).min(columns), (top + height % 3).min(rows));
        // Each by itself in depth: what lies over another is asked for.
        text += &format!(
            "[[placement]]\ndepth = {depth}\ncolumns = [{left}, {right}]\nrows = [{top}, {bottom}]\npanel.{example}\n"
        );
    }
    Some(parse(Path::new("random.toml"), &text, None).unwrap_or_else(|fault| panic!("{fault}")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn random_layouts_stay_in_their_places(
        (columns, rows) in (1usize..7, 1usize..5),
        picks in prop::collection::vec((0usize..100, 0usize..9, 0usize..9, 0usize..3, 0usize..3), 1..5),
        (width, height, unit) in (300u32..4000, 200u32..2200, 12f32..60.0),
        (theme, millis, old) in (0usize..3, 0i64..30_000, any::<bool>()),
    ) {
        let wall = Wall::single(PixelSize::new(width, height), unit);
        let layout = layout(columns, rows, &picks, THEMES[theme].0).unwrap();
        let spans: Vec<_> = layout.placements.iter().filter_map(|p| p.spans[0]).collect();
        let places: Vec<WallRect> = solve(layout.grids[0].as_ref().unwrap(), &spans, &wall);
        prop_assert!(places.iter().all(|place| wall.bounds.inflate(0.5, 0.5).contains_box(place)));
        // Neighbours of the grid share no pixel.
        for (a, (one, here)) in spans.iter().zip(&places).enumerate() {
            for (other, there) in spans.iter().zip(&places).skip(a + 1) {
                let apart = one.columns[1] < other.columns[0] || other.columns[1] < one.columns[0]
                    || one.rows[1] < other.rows[0] || other.rows[1] < one.rows[0];
                prop_assert!(!apart || !here.intersects(there), "{here:?} {there:?}");
            }
        }
        let mut catalogue = Catalogue::default();
        let state = State::new(catalogue.put("random", layout), Lang::Ru);
        let mut composer = Composer::default();
        let shown = if old { old_revision() } else { revision() };
        for step in [0, millis] {
            let composed = composer.compose(&state, &catalogue, shown, &wall, NOW.plus_millis(step));
            // Where no panel has room, words stand across the wall.
            let places = if composed.is_without_room { std::slice::from_ref(&wall.bounds) } else { &places };
            for layer in composed.scene.groups.iter().flat_map(|group| &group.layers) {
                prop_assert!(
                    places.iter().any(|place| place.inflate(0.5, 0.5).contains_box(&layer.clip)) || layer.clip.is_empty(),
                    "a layer clipped to {:?} lies in none of {places:?}", layer.clip
                );
            }
        }
    }
}
