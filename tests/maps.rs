//! Maps in pixels: each layer, flights, time, real boundaries, the shader and its twin.

mod common;

use std::path::Path;
use std::sync::Arc;

use common::picture::{FORMAT, hold, open_stage, painted, single};
use common::{NOW, demo_revision};
use image::RgbaImage;
use obzor::conductor::UserCommand;
use obzor::data::dataset::Dataset;
use obzor::data::places::Cells;
use obzor::data::region::{Boundaries, Scale};
use obzor::data::topology::Topology;
use obzor::data::{Revision, Store, Update};
use obzor::language::Lang;
use obzor::layout::Catalogue;
use obzor::map::{LandMesh, Place, Target, coverage};
use obzor::privacy::Masker;
use obzor::render::Gpu;
use obzor::state::{Command, State, apply};
use obzor::wall::Wall;

/// The 60 real municipalities are drawn: their boundaries are read at test time.
#[test]
fn real_boundaries_are_drawn() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/geo/moscow_oblast_municipal.geojson");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: {} is not here", path.display());
        return;
    };
    let boundaries = obzor::data::region::Boundaries::from_geojson(&text).unwrap();
    assert_eq!(boundaries.municipalities.len(), 60);
    assert!(boundaries.municipalities.iter().any(|m| m.name == "Сергиево-Посадский"));
    let mut store = common::demo_store();
    let mut region = (*store.snapshot().region.unwrap()).clone();
    region.dictionaries.attribution = Some("© OpenStreetMap".into());
    region.dictionaries.municipalities = boundaries
        .municipalities
        .iter()
        .map(|m| obzor::data::region::Municipality { name: m.name.clone(), population: 0, from_rows: false })
        .collect();
    region.boundaries = boundaries;
    store.apply(Update::Region(std::sync::Arc::new(region)), NOW);
    let wall = single(900, 800, 20.0);
    let layout = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real.toml");
    std::fs::write(&layout, "name = \"real\"\ngrid = { columns = 1, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.map = { colour_by = \"received\" }\n").unwrap();
    let picture = painted(&wall, layout.to_str().unwrap(), &common::revision_of(&store, layout.to_str().unwrap()), NOW);
    // Land of any of its classes covers a third of the panel or more.
    let land = picture.pixels().filter(|p| p.0[2] > 45 && p.0[2] < 130).count();
    assert!(land > 900 * 800 / 5, "{land}");
    picture.save(Path::new(env!("CARGO_TARGET_TMPDIR")).join("real.png")).unwrap();
}

/// The heat of a picture is what its twin on the CPU says, pixel by pixel, while one field gives way to a finer one.
#[test]
fn the_heat_shader_is_its_twin() {
    use obzor::geometry::{WallPoint, WallVector, rect};
    use obzor::scene::{Colour, Content, Field, Group, Heat, Layer, LayerId, Primitive, Scene, Theme};
    let field = |width: u32, height: u32, step: u32| {
        let levels = (0..width * height).map(|i| (i * step % 256) as u8).collect();
        std::sync::Arc::new(Field { width, height, levels })
    };
    let gpu = Gpu::open(None).unwrap();
    let mut renderer = obzor::render::Renderer::new(&gpu);
    let wall = single(256, 160, 20.0);
    let ground = Colour::rgb(0x07_0B12);
    let (fresh, old) = (Theme::dark(1.0), Theme::dark(1.0).faded());
    for (zoom, theme) in [(1.0, &fresh), (1.8, &fresh), (1.9, &old), (2.0, &fresh)] {
        let next = Some((field(90, 50, 3), rect(-10.0, -6.0, 180.0, 100.0), [1.75, 2.0]));
        let heat = Heat { field: field(31, 17, 7), rect: rect(-5.0, -3.0, 155.0, 85.0), next, ramp: theme.ramp() };
        let offset = WallVector::new(3.25, -2.5);
        let layer = Layer {
            id: LayerId(1),
            content: std::sync::Arc::new(Content::new(vec![Primitive::Heat(heat.clone())], false)),
            zoom,
            offset,
            clip: wall.bounds,
        };
        let group = Group { id: 1, opacity: 1.0, offset: WallVector::zero(), layers: vec![layer] };
        let scene = Scene { ground, bounds: wall.bounds, groups: vec![group] };
        let mut canvas = obzor::render::Canvas::new(&obzor::app::render_png::whole(&wall), FORMAT);
        renderer.paint(&gpu, &mut canvas, &scene);
        let picture = gpu.read(canvas.picture().unwrap()).unwrap();
        let mut worst = 0;
        for (x, y, pixel) in picture.enumerate_pixels() {
            let at = (WallPoint::new(x as f32 + 0.5, y as f32 + 0.5) - offset) / zoom;
            let colour = heat.colour_at(at, zoom);
            let seen = ground.mix(Colour([colour.0[0], colour.0[1], colour.0[2], 255]), f32::from(colour.0[3]) / 255.0);
            worst = worst.max((0..3).map(|i| seen.0[i].abs_diff(pixel.0[i])).max().unwrap());
        }
        // A level more or less, as the sampler rounds.
        assert!(worst <= 6, "zoom {zoom}: {worst}");
    }
}

/// A site may have no boundaries: its map says so, with whatever layers, and nothing breaks.
#[test]
fn a_map_without_land_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("land.toml");
    std::fs::write(&file, "name = \"land\"\ngrid = { columns = 2, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.map = { heat = true, colour_by = \"overdue\", clusters = true }\n[[placement]]\ncolumns = [2, 2]\nrows = [1, 1]\npanel.map = { heat = true, bare = true }\n").unwrap();
    let layout = file.to_str().unwrap();
    let mut store = common::demo_store();
    let mut region = (*store.snapshot().region.unwrap()).clone();
    region.boundaries = Boundaries::default();
    store.apply(Update::Region(Arc::new(region)), NOW);
    let revision = common::revision_of(&store, layout);
    hold("map-no-land", &painted(&single(1200, 500, 20.0), layout, &revision, NOW))
        .unwrap_or_else(|fault| panic!("{fault}"));
}

/// The pictures of a flight at some milliseconds of it, each painted on the way as painted at once.
fn flown(wall: &Wall, layout: &str, revision: &Revision, to: Target, secs: f64, steps: &[i64]) -> Vec<RgbaImage> {
    let command = UserCommand::Look { to, secs: Some(secs) };
    let mut moving = open_stage(wall, layout, revision.clone());
    moving.frame(NOW);
    moving.order(command.clone(), NOW);
    let seen = steps.iter().map(|step| {
        let at = NOW.plus_millis(*step);
        moving.frame(at);
        let shown = moving.picture(0).unwrap().unwrap();
        let mut fresh = open_stage(wall, layout, revision.clone());
        fresh.order(command.clone(), NOW);
        fresh.frame(at);
        assert!(shown == fresh.picture(0).unwrap().unwrap(), "{step} ms: painted on the way it is another picture");
        shown
    });
    seen.collect()
}

/// A map on its way: what is seen from near, half way there, and at the end; painted as it moves and painted at once.
#[test]
fn a_map_flies_to_a_municipality() {
    let wall = single(900, 700, 22.0);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flight.toml");
    std::fs::write(&file, "name = \"flight\"\ngrid = { columns = 1, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.map = { colour_by = \"overdue-share\", heat = true, bare = true, clusters = { metric = \"in-work\" }, points = { dataset = \"service-points\" } }\n").unwrap();
    let layout = file.to_str().unwrap();
    let revision = demo_revision(layout);
    let steps = [0, 300, 800, 1000, 1400, 1990, 2100];
    let ways = flown(&wall, layout, &revision, Target::municipality("Заволоцк"), 2.0, &steps);
    let faults: Vec<String> = [(3, "half"), (6, "there")]
        .into_iter()
        .filter_map(|(i, name)| hold(&format!("map-flight-{name}"), &ways[i]).err())
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A week that is played and a year beside the last: at two moments each, painted on the way as painted at once.
#[test]
fn heat_is_played_and_divided() {
    let wall = single(1200, 560, 20.0);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("time.toml");
    std::fs::write(&file, "name = \"time\"\ngrid = { columns = 2, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.map = { heat = { play = { secs = 10, hours = 12 } }, labels = 0, bare = true }\n[[placement]]\ncolumns = [2, 2]\nrows = [1, 1]\npanel.map = { heat = { period = \"30-days\", beside = \"year-ago\" }, labels = 4 }\n").unwrap();
    let layout = file.to_str().unwrap();
    let revision = demo_revision(layout);
    let mut moving = open_stage(&wall, layout, revision.clone());
    let mut faults = Vec::new();
    for (step, name) in [(0, ""), (33, ""), (900, ""), (4000, "one"), (4033, ""), (11_500, "two"), (13_100, "")] {
        let at = NOW.plus_millis(step);
        moving.frame(at);
        let shown = moving.picture(0).unwrap().unwrap();
        assert!(shown == painted(&wall, layout, &revision, at), "{step} ms: painted on the way it is another picture");
        if !name.is_empty() {
            faults.extend(hold(&format!("map-time-{name}"), &shown).err());
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Layers that no other picture shows: heat per resident, clusters, points with outages and alerts, the base map.
#[test]
fn every_layer_looks_as_it_did() {
    let wall = single(1200, 900, 20.0);
    let folder = tempfile::tempdir().unwrap();
    common::tiles::write(&folder.path().join("base.pmtiles"));
    let maps = [
        r#"{ heat = { per = "residents", period = "7-days" }, labels = 4 }"#,
        r#"{ clusters = { metric = "overdue" }, arrivals = false, labels = 0 }"#,
        r#"{ points = { dataset = "points" }, outages = "outages", alerts = "storms", labels = 0, warnings = false }"#,
        r#"{ base = "base.pmtiles", heat = true, labels = 3 }"#,
    ];
    let placement = |(at, map): (usize, &&str)| {
        let (column, row) = (at % 2 + 1, at / 2 + 1);
        format!("[[placement]]\ncolumns = [{column}, {column}]\nrows = [{row}, {row}]\npanel.map = {map}\n")
    };
    let placements: String = maps.iter().enumerate().map(placement).collect();
    let file = folder.path().join("layers.toml");
    std::fs::write(&file, format!("name = \"layers\"\ngrid = {{ columns = 2, rows = 2 }}\n{placements}")).unwrap();
    let layout = file.to_str().unwrap();
    let mut revision = demo_revision(layout);
    let table = |name: &str, records: serde_json::Value| {
        let records = records.as_array().unwrap().iter().map(|r| r.as_object().unwrap().clone()).collect();
        Update::Dataset(Arc::new(Dataset::masked(name, records, &[], &Masker::default())), NOW)
    };
    let mut store = Store::new();
    store.apply(
        table(
            "points",
            serde_json::json!(
                (0..12)
                    .map(|i| serde_json::json!({
        "municipality": i * 2, "capacity": 20 + 20 * i, "booked": if i % 3 == 0 { 20 + 20 * i } else { 8 * i } }))
                    .collect::<Vec<_>>()
            ),
        ),
        NOW,
    );
    let extent = revision.snapshot.region.as_ref().unwrap().boundaries.extent();
    let at = |x: f64, y: f64| [extent.0.x + x * (extent.1.x - extent.0.x), extent.0.y + y * (extent.1.y - extent.0.y)];
    store.apply(
        table(
            "storms",
            serde_json::json!([{ "polygons": [[at(0.5, 0.5), at(0.8, 0.55), at(0.75, 0.8), at(0.45, 0.7)]] }]),
        ),
        NOW,
    );
    store.apply(
        table(
            "outages",
            serde_json::json!([{ "municipality": 5, "houses": 42 }, { "municipality": 17, "houses": 1204 }]),
        ),
        NOW,
    );
    revision.snapshot.datasets = store.snapshot().datasets;
    let mut faults: Vec<String> =
        hold("map-layers", &painted(&wall, layout, &revision, NOW)).err().into_iter().collect();
    // From near the base map shows more; an alert is flown to by where its area is.
    for (to, name) in [(Target::municipality("Ключевск"), "map-layers-near"), (Target::Alert(0), "map-layers-alert")]
    {
        let ways = flown(&wall, layout, &revision, to, 1.0, &[0, 400, 800, 1100]);
        faults.extend(ways.last().and_then(|there| hold(name, there).err()));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Which names stand where, in words: over the whole region, on the way to a town, and there.
#[test]
fn names_stand_where_they_did() {
    let actual = names_in_words(&single(1100, 900, 22.0), &[0, 700, 1000, 1300, 2000]);
    common::picture::hold_text("map-names.scene.txt", &actual);
}

/// On a map that is hardly wider than its names, those are left out that would hide the land.
#[test]
fn names_on_a_narrow_map_leave_the_land_free() {
    let mut actual = String::new();
    for units in [16u32, 20, 26] {
        actual += &format!("{units} u\n{}", names_in_words(&single(22 * units, 22 * units, 22.0), &[0]));
    }
    common::picture::hold_text("map-names-narrow.scene.txt", &actual);
}

/// The names of a map that begins to fly to a municipality at 0, each at its place, at some milliseconds of the flight.
fn names_in_words(wall: &Wall, millis: &[i64]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("names.toml");
    std::fs::write(&file, "name = \"names\"\ngrid = { columns = 1, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.map = { labels = 8, arrivals = false }\n").unwrap();
    let layout = file.to_str().unwrap();
    let revision = demo_revision(layout);
    let mut catalogue = Catalogue::default();
    let state = State::new(catalogue.put(layout, Catalogue::load(layout).unwrap()), Lang::Ru);
    let look = Command::Look { to: Place::Municipality("Дубравинск".into()), secs: Some(2.0) };
    let (state, _) = apply(&state, &look, NOW);
    let mut composer = obzor::compose::Composer::default();
    let mut actual = String::new();
    for step in millis {
        let composed = composer.compose(&state, &catalogue, &revision, wall, NOW.plus_millis(*step));
        actual += &format!("{step} ms\n");
        let words = obzor::scene::describe(&composed.scene);
        words
            .lines()
            .filter(|line| line.contains("text "))
            .for_each(|line| actual += &format!("{}\n", line.trim_end()));
    }
    actual
}

/// The 60 real municipalities, plain and simplified to each scale: no pixel of the land is covered by two of them, and
/// none inside of the region by none.
#[test]
fn real_land_has_no_gap_and_no_overlap() {
    /// A border that moved by less than half a pixel may cross another one by less than a quarter.
    const SLACK: u32 = 60;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/geo/moscow_oblast_municipal.geojson");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: {} is not here", path.display());
        return;
    };
    let mut boundaries = Boundaries::from_geojson(&text).unwrap();
    let topology = Topology::of(&boundaries.municipalities.iter().map(|m| &m.land).collect::<Vec<_>>());
    let scale = |tolerance_m: f64| Scale { tolerance_m, lands: topology.simplified(tolerance_m) };
    boundaries.scales = [50.0, 250.0, 1000.0].map(scale).to_vec();
    let extent = boundaries.world_extent();
    let frame = boundaries.frame();
    let across = 500;
    let side = extent.width() / f64::from(across);
    let down = (extent.height() / side) as usize + 1;
    let whole = Cells { origin: extent.min, side, across: across as usize, down };
    // A quarter of the region's width from near, too.
    let near = Cells { origin: extent.min + (extent.max - extent.min) * 0.4, side: side / 4.0, ..whole };
    let seen_from = [(whole, vec![1.0, 110.0, 600.0]), (near, vec![1.0, 110.0])];
    for (cells, scales) in seen_from {
        let plain = coverage(LandMesh::new(&boundaries, frame, 1.0).lands.iter().flatten(), &cells);
        for metres in scales {
            let relief = LandMesh::new(&boundaries, frame, metres);
            let mut covered = vec![0u32; plain.len()];
            for rings in &relief.lands {
                let own = coverage(rings, &cells);
                covered.iter_mut().zip(own).for_each(|(sum, part)| *sum += u32::from(part));
            }
            // A border may move by its tolerance: what is farther than that from the outline is inside.
            let km = cells.side * obzor::geometry::km_per_unit(extent.center());
            let reach = (metres / 2000.0 / km).ceil() as usize + 1;
            let inside = |index: usize| {
                let (x, y) = (index % cells.across, index / cells.across);
                (y.saturating_sub(reach)..=(y + reach).min(cells.down - 1)).all(|y| {
                    let row = &plain[y * cells.across..];
                    row[x.saturating_sub(reach)..=(x + reach).min(cells.across - 1)].iter().all(|part| *part == 255)
                })
            };
            let most = covered.iter().max().unwrap();
            assert!(*most <= 255 + SLACK, "{metres} m: two cover a cell by {most} of 255");
            let gap = (0..plain.len()).find(|index| covered[*index] < 255 - SLACK && inside(*index));
            assert_eq!(gap, None, "{metres} m: nobody covers it");
        }
    }
}
