//! What the wall costs as its work grows: `make bench-growth` prints tables and writes the curves beside them.
//!
//! A nation of 2,300 municipalities and 5.4 million appeals; points from ten thousand to ten million; pixels from one
//! Full HD screen to twelve of 4K; panels from one to 64.

mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arc_swap::ArcSwap;
use common::backend::{Backend, serve};
use common::process::{Figures, Wall};
use common::{NOW, median, nation};
use obzor::app::stage::Stage;
use obzor::conductor::Conductor;
use obzor::data::filter::FilterSpec;
use obzor::data::measure::{Answer, Counted, Metric, Period, Query, answer, near};
use obzor::data::region::Region;
use obzor::data::{Appeal, Degrees, Revision, Snapshot, Store, Update};
use obzor::demo::World;
use obzor::language::Lang;
use obzor::layout::Catalogue;
use obzor::render::{Gpu, PixelFormat};
use plotters::prelude::*;

fn millis(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64() * 1000.0
}

fn timed(runs: usize, mut work: impl FnMut()) -> f64 {
    median((0..runs).map(|_| millis(&mut work)).collect())
}

fn snapshot(region: &Arc<Region>, appeals: &[Appeal]) -> Snapshot {
    let mut store = Store::new();
    store.apply(Update::Region(region.clone()), NOW);
    for rows in appeals.chunks(200_000) {
        store.apply(Update::Appeals(rows.to_vec()), NOW);
    }
    store.apply(Update::Complete(NOW), NOW);
    store.snapshot()
}

/// The screen of `scene.toml` with a map that looks at the whole of what it is given.
fn scene(folder: &Path) -> (String, String) {
    let (layout, wall) = (folder.join("scene.toml"), folder.join("wall.toml"));
    std::fs::write(&layout, include_str!("scene.toml")).expect("a file");
    std::fs::write(&wall, include_str!("wall.toml")).expect("a file");
    let text = |path: &Path| path.to_str().expect("a plain path").to_owned();
    (text(&layout), text(&wall))
}

/// A wall over a backend of `appeals`: the time until they are shown, and what it costs then.
fn live(
    runtime: &tokio::runtime::Runtime,
    region: &Arc<Region>,
    appeals: &[Appeal],
    rate: usize,
) -> (f64, Figures, f64) {
    let folder = tempfile::tempdir().expect("a folder");
    let (layout, wall) = scene(folder.path());
    let backend = Backend::new(region.clone(), appeals, rate);
    let (address, serving) = serve(runtime, backend.router());
    let wall = Wall::start(&layout, &["--no-keep", "--wall", &wall, "--source", &format!("http://{address}/")]);
    let loaded = wall.loaded().as_secs_f64();
    let figures = wall.measure(8.0, 20.0);
    let peak = wall.tree.peak_mib();
    serving.abort();
    (loaded, figures, peak)
}

/// What a question costs that nobody has asked before: the screen's measures narrowed to a sector, and the places of
/// its heat over another period; and what it costs to say what is under a finger.
fn asked(snapshot: &Snapshot, folder: &Path) -> (f64, f64, f64) {
    let dictionaries = &snapshot.region.as_ref().expect("a region").dictionaries;
    let (layout, _) = scene(folder);
    let layout = Catalogue::load(&layout).expect("a layout");
    let sector = FilterSpec { sector: Some("housing".to_owned()), ..FilterSpec::default() }.resolve(dictionaries);
    let narrowed = |query: Query| match query {
        Query::Value(measure, period, compare, _) => Query::Value(measure, period, compare, sector),
        Query::Groups(measure, period, dimension, _) => Query::Groups(measure, period, dimension, sector),
        Query::Days(measure, days, _) => Query::Days(measure, days, sector),
        Query::Places(metric, period, compare, _) => Query::Places(metric, period, compare, sector),
        other => other,
    };
    // Early warning asks nothing else for it, and is held.
    let asked = layout.queries(dictionaries).into_iter().filter(|query| *query != Query::Warnings);
    let queries: Vec<Query> = asked.map(narrowed).collect();
    let by_sector = timed(7, || queries.iter().for_each(|query| drop(answer(snapshot, query, NOW))));
    let month = Query::Places(Metric::Received, Period::Days30, None, sector);
    let by_period = timed(7, || drop(answer(snapshot, &month, NOW)));
    let finger = Degrees { west: 60_000_000, south: 55_000_000, width: 300_000, height: 150_000 };
    let filter = FilterSpec::default().resolve(dictionaries);
    let all = Counted { metric: Metric::Received, period: Period::Days365, filter };
    let picked = timed(15, || drop(near(snapshot, all, &finger, 20, NOW)));
    (by_sector, by_period, picked)
}

/// A layout on a wall, in this process: the first frame, a frame in which a line runs, one in which all numbers move.
fn painted(wall: &obzor::wall::Wall, layout: &str, snapshot: &Snapshot) -> (f64, f64, f64) {
    let loaded = Catalogue::load(layout).expect("a layout");
    let queries = loaded.queries(&snapshot.region.as_ref().expect("a region").dictionaries);
    let revision = Revision::default().next(snapshot.clone(), &queries, NOW);
    let published = Arc::new(ArcSwap::from_pointee(revision.clone()));
    let conductor = Conductor::new(layout, loaded, Lang::Ru);
    let mut stage = Stage::new(wall.clone(), published.clone(), Gpu::open(None).expect("a device"));
    for output in &wall.outputs {
        stage.add(output, PixelFormat::RED_FIRST);
    }
    let drawn = |stage: &mut Stage, step: i64| {
        millis(|| {
            stage.frame(conductor.state(), conductor.catalogue(), NOW.plus_millis(step));
            stage.gpu().expect("a device").wait();
        })
    };
    // The second time the glyphs are there.
    let first = drawn(&mut stage, 0);
    for step in 1..40 {
        drawn(&mut stage, step * 17);
    }
    let runs = median((40..160).map(|step| drawn(&mut stage, step * 17)).collect());
    let moving = (0..12).map(|round| {
        // As if every number had just become another one.
        let began = NOW.plus_millis(4000 + round * 1000);
        let mut next = revision.clone();
        next.number += 1 + round as u64;
        for measured in next.measures.values_mut() {
            let mut other = (**measured).clone();
            if let Answer::Figure(figure) = &mut other.answer {
                figure.now = figure.now.map(|n| n * 1.1 + 7.0 + round as f64);
            }
            other.before = Some(measured.clone());
            other.changed = began;
            *measured = Arc::new(other);
        }
        published.store(Arc::new(next));
        drawn(&mut stage, 4000 + round * 1000);
        drawn(&mut stage, 4000 + round * 1000 + 100)
    });
    (first, runs, median(moving.collect()))
}

/// Curves over a logarithmic ground, written beside the document that shows the tables.
fn plot(file: &str, title: &str, across: &str, curves: &[(&str, Vec<(f64, f64)>)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
    let all = || curves.iter().flat_map(|(_, points)| points.iter().copied());
    let (low, high) = all().fold((f64::MAX, 0f64), |(low, high), (x, _)| (low.min(x), high.max(x)));
    let (least, most) = all().fold((f64::MAX, 0f64), |(low, high), (_, y)| (low.min(y), high.max(y)));
    let root = SVGBackend::new(&path, (720, 420)).into_drawing_area();
    root.fill(&WHITE).expect("it is drawn");
    let mut chart = ChartBuilder::on(&root)
        .caption(title, ("sans-serif", 20))
        .margin(14)
        .x_label_area_size(42)
        .y_label_area_size(64)
        .build_cartesian_2d((low..high).log_scale(), (least * 0.7..most * 1.4).log_scale())
        .expect("axes");
    chart.configure_mesh().x_desc(across).light_line_style(WHITE).draw().expect("it is drawn");
    for (index, (name, points)) in curves.iter().enumerate() {
        let colour = [RGBColor(0, 90, 181), RGBColor(220, 50, 32), RGBColor(80, 80, 80)][index % 3];
        let line = LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(4);
        let series = chart.draw_series(line).expect("it is drawn").label(*name);
        series.legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE)
        .border_style(BLACK)
        .position(SeriesLabelPosition::UpperLeft)
        .draw()
        .expect("it is drawn");
    root.present().expect("it is written");
}

fn main() {
    let named: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |what: &str| named.is_empty() || named.iter().any(|name| name == what);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    println!("Device: {}.\n", Gpu::open(None).map_or_else(|e| e.to_string(), |gpu| gpu.name()));
    if wanted("nation") {
        nation_rows(&runtime);
    }
    if wanted("points") {
        points(&runtime);
    }
    let world = World::new(1, NOW);
    let year = snapshot(&world.region, &common::year());
    if wanted("pixels") {
        pixels(&year);
    }
    if wanted("panels") {
        panels(&year);
    }
}

fn nation_rows(runtime: &tokio::runtime::Runtime) {
    let (region, appeals) = (nation::region(), nation::appeals(5_400_000));
    let (loaded, figures, peak) = live(runtime, &region, &appeals, 50);
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = snapshot(&region, &appeals);
    let (by_sector, by_period, picked) = asked(&snapshot, folder.path());
    println!(
        "| {} appeals, {} municipalities, 50 arrivals a second | |",
        appeals.len(),
        region.boundaries.municipalities.len()
    );
    println!("|---|---|");
    println!("| from the start to the first picture with all data | {loaded:.1} s |");
    println!("| memory (PSS) at rest, and the most while it loads | {:.0} MiB, {peak:.0} MiB |", figures.pss_mib);
    println!("| frames a second, CPU a frame | {:.1}, {:.1} ms |", figures.frames_a_second, figures.cpu_ms_a_frame);
    println!("| every measure of the screen for another sector | {by_sector:.0} ms |");
    println!("| the places of the heat for another period | {by_period:.0} ms |");
    println!("| what is under a finger, over a year | {picked:.1} ms |\n");
}

fn points(runtime: &tokio::runtime::Runtime) {
    let region = nation::region();
    let folder = tempfile::tempdir().expect("a folder");
    println!(
        "| points | loaded, s | PSS, MiB | CPU ms a frame | frames/s | measures for another sector, ms | under a finger, ms |"
    );
    println!("|---|---|---|---|---|---|---|");
    let (mut load, mut memory, mut asks) = (Vec::new(), Vec::new(), Vec::new());
    for count in [10_000, 100_000, 1_000_000, 10_000_000] {
        let appeals = nation::appeals(count);
        let (loaded, figures, _) = live(runtime, &region, &appeals, 50);
        let (by_sector, _, picked) = asked(&snapshot(&region, &appeals), folder.path());
        println!(
            "| {count} | {loaded:.2} | {:.0} | {:.1} | {:.1} | {by_sector:.1} | {picked:.2} |",
            figures.pss_mib, figures.cpu_ms_a_frame, figures.frames_a_second
        );
        load.push((count as f64, loaded * 1000.0));
        memory.push((count as f64, figures.pss_mib));
        asks.push((count as f64, by_sector));
    }
    println!();
    let curves = [("loading, ms", load), ("memory, MiB", memory), ("all measures anew, ms", asks)];
    plot("growth-points.svg", "As appeals grow", "appeals", &curves);
}

fn pixels(year: &Snapshot) {
    println!("| wall | megapixels | first frame, ms | a line runs, ms | all numbers move, ms |");
    println!("|---|---|---|---|---|");
    let (mut first, mut runs, mut moves) = (Vec::new(), Vec::new(), Vec::new());
    let base = include_str!("../layouts/overview.toml");
    let folder = tempfile::tempdir().expect("a folder");
    let layout = folder.path().join("moving.toml");
    std::fs::write(
        &layout,
        base.replace("dataset = \"announcements\"", "dataset = \"announcements\", motion = \"run\""),
    )
    .expect("a file");
    for (name, across, down, width, height) in [
        ("1 × Full HD", 1, 1, 1920, 1080),
        ("1 × 4K", 1, 1, 3840, 2160),
        ("4 × 4K", 2, 2, 3840, 2160),
        ("12 × 4K", 4, 3, 3840, 2160),
    ] {
        // Larger walls are seen from as much farther.
        let distance = 2 * down;
        let text = format!(
            "name = \"grown\"\nviewing_distance_m = {distance}\ngrid = {{ columns = {across}, rows = {down}, pixels = [{width}, {height}], size_mm = [1209.6, 680.4] }}\n"
        );
        let wall = obzor::wall::parse(Path::new("grown.toml"), &text).expect("a wall");
        let mut year = year.clone();
        let words = (0..8).map(|i| serde_json::json!({ "text": format!("Уборка дорог: на линии {} машин", 200 + i) }));
        let records = words.map(|w| w.as_object().cloned().unwrap_or_default()).collect();
        let table = obzor::data::dataset::Dataset::kept("announcements", records, vec!["text".to_owned()]);
        year.datasets.insert("announcements".to_owned(), Arc::new(table));
        let (a, b, c) = painted(&wall, layout.to_str().expect("a path"), &year);
        let megapixels = f64::from(across * down * width) * f64::from(height) / 1e6;
        println!("| {name} | {megapixels:.1} | {a:.0} | {b:.1} | {c:.1} |");
        first.push((megapixels, a));
        runs.push((megapixels, b));
        moves.push((megapixels, c));
    }
    println!();
    let curves = [("first frame", first), ("all numbers move", moves), ("a line runs", runs)];
    plot("growth-pixels.svg", "As the wall grows: ms a frame", "megapixels", &curves);
}

fn panels(year: &Snapshot) {
    println!("| panels | measures, ms | first frame, ms | all numbers move, ms |");
    println!("|---|---|---|---|");
    let (mut measures, mut first, mut moves) = (Vec::new(), Vec::new(), Vec::new());
    let names: Vec<String> =
        year.region.iter().flat_map(|r| r.dictionaries.municipalities.iter().map(|m| m.name.clone())).collect();
    let folder = tempfile::tempdir().expect("a folder");
    for side in [1, 2, 4, 8] {
        let mut text = format!("name = \"many\"\ngrid = {{ columns = {side}, rows = {side} }}\n");
        for at in 0..side * side {
            let (column, row, name) = (at % side + 1, at / side + 1, &names[at % names.len()]);
            let metric = ["received", "resolved", "in-work"][at / names.len()];
            let period = if metric == "in-work" { "now" } else { "today" };
            text += &format!(
                "[[placement]]\ncolumns = [{column}, {column}]\nrows = [{row}, {row}]\npanel.kpi = {{ cells = [{{ metric = \"{metric}\", period = \"{period}\", filter = {{ municipality = \"{name}\" }} }}] }}\n"
            );
        }
        let layout = folder.path().join(format!("{side}.toml"));
        std::fs::write(&layout, text).expect("a file");
        let layout = layout.to_str().expect("a path");
        let queries =
            Catalogue::load(layout).expect("a layout").queries(&year.region.as_ref().expect("a region").dictionaries);
        let measured = timed(5, || queries.iter().for_each(|query| drop(answer(year, query, NOW))));
        let wall = obzor::wall::Wall::single(obzor::geometry::PixelSize::new(3840, 2160), 22.0);
        let (a, _, c) = painted(&wall, layout, year);
        let count = side * side;
        println!("| {count} | {measured:.1} | {a:.0} | {c:.1} |");
        measures.push((count as f64, measured));
        first.push((count as f64, a));
        moves.push((count as f64, c));
    }
    println!();
    let curves = [("first frame", first), ("all numbers move", moves), ("measuring", measures)];
    plot("growth-panels.svg", "As panels grow, on one 4K screen: ms", "panels", &curves);
}
