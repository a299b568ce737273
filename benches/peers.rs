//! The same screen by Obzor and as a web page in headless Chromium, in one run: `make bench-peers`.
//!
//! One backend serves all: to Obzor the native API with as many appeals as are asked for and a hundred more each
//! second, to the browser the page in `peers/page.html`. Each is measured from outside, the whole tree of its
//! processes: frames by its own count, CPU time and memory (PSS) by /proc.

mod common;

use std::collections::HashMap;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Query;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use common::NOW;
use common::backend::{Backend, serve};
use common::process::{Figures, Tree, Wall, measure};
use obzor::data::Appeal;
use obzor::demo::World;

const ARRIVALS_A_SECOND: usize = 100;

/// What the peers have told.
#[derive(Default)]
struct ReportedTime {
    frames: AtomicU64,
    first: Mutex<Option<Instant>>,
}

/// The appeals of the demo region that were received last.
fn newest(world: &World, count: usize) -> Vec<Appeal> {
    let today = world.day_of(NOW.secs());
    let mut appeals: Vec<Appeal> = Vec::new();
    let mut day = today;
    while appeals.len() < count && day > today - 900 {
        appeals.splice(0..0, world.appeals(day..=day, NOW).collect::<Vec<_>>());
        day -= 1;
    }
    appeals.split_off(appeals.len().saturating_sub(count))
}

/// The backend, and what the page needs besides.
fn router(backend: &Arc<Backend>, told: &Arc<ReportedTime>) -> Router {
    let (frames, first) = (told.clone(), told.clone());
    let counted = move |Query(query): Query<HashMap<String, u64>>| async move {
        frames.frames.store(query.get("n").copied().unwrap_or(0), Ordering::Relaxed);
    };
    let seen = move || async move {
        first.first.lock().expect("a lock").get_or_insert_with(Instant::now);
    };
    let scripts = std::env::var("OBZOR_PEERS").unwrap_or_default();
    let page_of = move |Query(query): Query<HashMap<String, String>>| {
        let script = |path: &str| {
            let text = std::fs::read_to_string(format!("{scripts}/node_modules/{path}")).unwrap_or_default();
            format!("<script>{}</script>", text.replace("</script", "<\\/script"))
        };
        let library = match query.get("map").map(String::as_str) {
            Some("deckgl") => script("deck.gl/dist.min.js"),
            Some("maplibre") => script("maplibre-gl/dist/maplibre-gl.js"),
            _ => String::new(),
        };
        let page = include_str!("peers/page.html").replacen("<body>", &format!("<body>{library}"), 1);
        async move { Html(page) }
    };
    backend
        .router()
        .route("/frames", get(counted))
        .route("/first", get(seen))
        .route("/page", get(page_of))
        .fallback(|| async { ().into_response() })
}

/// Waits until `first` is there, lets it settle, and measures for a while.
fn measured(tree: &Tree, frames: impl Fn() -> f64, first: impl Fn() -> bool) -> Option<(Figures, f64)> {
    while !first() {
        if tree.started.elapsed() > Duration::from_secs(90) {
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let first_secs = tree.started.elapsed().as_secs_f64();
    std::thread::sleep(Duration::from_secs(6));
    Some((measure(tree, 15.0, frames), first_secs))
}

/// A line of the table; a peer's ends with Obzor's figures divided by its own.
fn row(name: &str, figures: Option<&(Figures, f64)>, obzor: Option<&(Figures, f64)>) {
    let Some((f, first_secs)) = figures else {
        println!("| {name} | no picture in 90 s | | | | | | | |");
        return;
    };
    let ratio = |own: fn(&Figures) -> f64| obzor.map_or(String::new(), |(o, _)| format!("{:.3}", own(o) / own(f)));
    println!(
        "| {name} | {:.1} | {:.1} | {:.0} | {first_secs:.2} | {} | {} | {} | {} |",
        f.frames_a_second,
        f.cpu_ms_a_frame,
        f.pss_mib,
        ratio(|f| f.frames_a_second),
        ratio(|f| f.cpu_ms_a_frame),
        ratio(|f| f.pss_mib),
        obzor.map_or(String::new(), |(_, own)| format!("{:.2}", own / first_secs)),
    );
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let world = Arc::new(World::new(1, NOW));
    let folder = tempfile::tempdir().expect("a folder");
    let tour = "tour = { stops = [\"region\", { municipality = \"Заволоцк\" }, { municipality = \"Усть-Велега\" }, \
                { municipality = \"Каменогорье\" }], hold_secs = 1.0, flight_secs = 9.0 }";
    // Only those that are named, if any is: `cargo bench --bench peers -- obzor canvas`.
    let named: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |who: &str| named.is_empty() || named.iter().any(|name| name == who);
    println!(
        "| | frames/s | CPU ms a frame | PSS, MiB | first picture, s | Obzor to it: frames | CPU | memory | first |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (points, fly) in [(100_000, false), (1_000_000, false), (100_000, true), (1_000_000, true)] {
        let told = Arc::new(ReportedTime::default());
        let backend = Backend::new(world.region.clone(), &newest(&world, points), ARRIVALS_A_SECOND);
        let (address, serving) = serve(&runtime, router(&backend, &told));
        let title = |who: &str| format!("{who}, {points} points{}", if fly { ", flying" } else { "" });
        let layout = folder.path().join("scene.toml");
        let scene = include_str!("scene.toml");
        let scene =
            if fly { scene.replace("bare = true }", &format!("bare = true, {tour} }}")) } else { scene.to_owned() };
        std::fs::write(&layout, scene).expect("a file");
        let wall = folder.path().join("wall.toml");
        std::fs::write(&wall, include_str!("wall.toml")).expect("a file");
        let mut own = None;
        if wanted("obzor") {
            let (layout, wall) = (layout.to_str().expect("a path"), wall.to_str().expect("a path"));
            let wall = Wall::start(layout, &["--no-keep", "--wall", wall, "--source", &format!("http://{address}/")]);
            let ready = || wall.status().is_some_and(|s| s["measures"].as_u64() > Some(3));
            let figures = measured(&wall.tree, || wall.painted(), ready);
            row(&title("Obzor"), figures.as_ref(), None);
            own = figures;
            let (frames, before) = (wall.painted(), wall.tree.cpu_by_thread());
            std::thread::sleep(Duration::from_secs(10));
            let frames = wall.painted() - frames;
            let part = |(name, secs): (String, f64)| {
                let millis = (secs - before.get(&name).copied().unwrap_or(0.0)) * 1000.0 / frames;
                (millis >= 0.05).then(|| format!("{name} {millis:.1}"))
            };
            let parts: Vec<String> = wall.tree.cpu_by_thread().into_iter().filter_map(part).collect();
            eprintln!("{}, CPU ms a frame by thread: {}", title("Obzor"), parts.join(", "));
        }
        for map in ["canvas", "deckgl", "maplibre"] {
            if !wanted(map) || (fly && map == "canvas") {
                continue;
            }
            told.frames.store(0, Ordering::Relaxed);
            *told.first.lock().expect("a lock") = None;
            let profile = folder.path().join(format!("{map}-{points}-{fly}"));
            let mut command = Command::new("chromium");
            command.args(["--headless=new", "--no-sandbox", "--no-first-run", "--window-size=1920,1080"]);
            command.args(if map == "canvas" {
                &["--disable-gpu"][..]
            } else {
                &["--use-angle=swiftshader", "--enable-unsafe-swiftshader"][..]
            });
            command.arg(format!("--user-data-dir={}", profile.display()));
            command.arg(format!("http://{address}/page?map={map}&points={points}&fly={}", u8::from(fly)));
            let tree = Tree::start(&mut command);
            let frames = || told.frames.load(Ordering::Relaxed) as f64;
            let figures = measured(&tree, frames, || told.first.lock().expect("a lock").is_some());
            row(&title(map), figures.as_ref(), own.as_ref());
        }
        serving.abort();
    }
}
