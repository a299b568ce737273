//! The same screen by Obzor and as a web page in headless Chromium, in one run: `make bench-peers`.
//!
//! One backend serves all: to Obzor the native API with as many appeals as are asked for and a hundred more each
//! second, to the browser the page in `peers/page.html`. Each is measured from outside, the whole tree of its
//! processes: frames by its own count, CPU time and memory (PSS) by /proc.

use std::collections::HashMap;
use std::convert::Infallible;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::Query;
use axum::response::sse::{Event, Sse};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use axum::{Json, Router};
use obzor::api::{API_VERSION, AppealColumns, AppealPage, AppealText, Changes, DatasetAnswer, RegionAnswer};
use obzor::clock::{Clock, Moment};
use obzor::data::Appeal;
use obzor::demo::World;
use procfs::process::{Process, all_processes};

/// 2026-11-20T14:05:12 in Moscow.
const NOW: Moment = Moment(1_795_172_712_000);
const ARRIVALS_A_SECOND: usize = 100;

/// What the peers have told.
#[derive(Default)]
struct Told {
    frames: AtomicU64,
    first: Mutex<Option<Instant>>,
}

/// A process with all that it started; none outlives it.
struct Tree {
    child: Child,
    started: Instant,
}

impl Tree {
    fn start(command: &mut Command) -> Self {
        use std::os::unix::process::CommandExt;
        let started = Instant::now();
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { child: quiet.process_group(0).spawn().expect("it starts"), started }
    }

    fn processes(&self) -> Vec<Process> {
        let mut parents: HashMap<i32, i32> = HashMap::new();
        let all: Vec<Process> = all_processes().expect("processes").flatten().collect();
        for process in &all {
            if let Ok(stat) = process.stat() {
                parents.insert(stat.pid, stat.ppid);
            }
        }
        let root = self.child.id() as i32;
        let within = |pid: i32| {
            let line = std::iter::successors(Some(pid), |pid| parents.get(pid).copied().filter(|p| *p > 1));
            line.take(40).any(|pid| pid == root)
        };
        all.into_iter().filter(|process| within(process.pid)).collect()
    }

    fn cpu_secs(&self) -> f64 {
        let of = |p: &Process| p.stat().map_or(0, |s| s.utime + s.stime);
        self.processes().iter().map(of).sum::<u64>() as f64 / procfs::ticks_per_second() as f64
    }

    fn pss_mib(&self) -> f64 {
        let of = |p: &Process| {
            let rollup = p.smaps_rollup().ok()?;
            rollup.memory_map_rollup.0.first()?.extension.map.get("Pss").copied()
        };
        self.processes().iter().filter_map(of).sum::<u64>() as f64 / 1_048_576.0
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.child.id())]).status();
        let _ = self.child.wait();
    }
}

/// The appeals of the demo region that were received last.
fn newest(world: &World, count: usize) -> Vec<Appeal> {
    let today = world.day_of(NOW.secs());
    let mut appeals: Vec<Appeal> = Vec::new();
    let mut day = today;
    while appeals.len() < count && day > today - 900 {
        let of_day = world.day(day).into_iter().filter_map(|life| life.at(NOW.secs() as u32));
        appeals.splice(0..0, of_day.collect::<Vec<_>>());
        day -= 1;
    }
    appeals.split_off(appeals.len().saturating_sub(count))
}

fn backend(world: &Arc<World>, appeals: &Arc<Vec<Appeal>>, clock: &Clock, told: &Arc<Told>) -> Router {
    let dictionaries = world.region.dictionaries.clone();
    let boundaries = world.boundaries_json;
    let now = clock.clone();
    let region = move || async move {
        let epoch = "bench".to_owned();
        Json(RegionAnswer { api_version: API_VERSION, epoch, now: now.now().secs(), dictionaries })
    };
    let (all, as_of) = (appeals.clone(), NOW.secs());
    let page =
        move || async move { Json(AppealPage { as_of, next_cursor: None, appeals: all.iter().copied().collect() }) };
    let (world, all) = (world.clone(), appeals.clone());
    let latest = move || async move {
        let text = |a: &Appeal| AppealText { id: a.id, received: a.received, text: world.words(a).0, reply: None };
        Json(all.iter().rev().take(50).map(text).collect::<Vec<_>>())
    };
    let (all, clock) = (appeals.clone(), clock.clone());
    let changes = move || async move {
        let first = all.last().map_or(0, |a| a.id) + 1;
        let stream = futures_util::stream::unfold((0_u64, all, clock), move |(beat, all, clock)| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let until = clock.now().secs();
            let arrived: AppealColumns = (0..ARRIVALS_A_SECOND)
                .map(|i| {
                    let like = all[(beat as usize * 7919 + i * 104_729) % all.len()];
                    let id = first + beat * ARRIVALS_A_SECOND as u64 + i as u64;
                    let received = until as u32;
                    Appeal {
                        id,
                        received,
                        due: received + 86_400,
                        answered: u32::MAX,
                        first_reply: u32::MAX,
                        accepted: u32::MAX,
                        ..like
                    }
                })
                .collect();
            let data = serde_json::to_string(&Changes { until, appeals: arrived }).expect("JSON");
            let event = Event::default().event("changes").id(format!("bench/{until}")).data(data);
            Some((Ok::<_, Infallible>(event), (beat + 1, all, clock)))
        });
        Sse::new(stream)
    };
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
    Router::new()
        .route("/v1/region", get(region))
        .route("/v1/region/boundaries", get(move || async move { boundaries }))
        .route("/v1/appeals", get(page))
        .route("/v1/appeals/latest", get(latest))
        .route("/v1/changes", get(changes))
        .route("/v1/datasets", get(|| async { Json(["announcements"]) }))
        .route("/v1/datasets/announcements", get(|| async { Json(announcements()) }))
        .route("/frames", get(counted))
        .route("/first", get(seen))
        .route("/page", get(page_of))
        .fallback(|| async { ().into_response() })
}

/// What runs along the bottom, so that no frame is like the one before, as the page's feed does.
fn announcements() -> DatasetAnswer {
    let text = |i: u32| serde_json::json!({ "text": format!("Уборка дорог: на линии {} машин", 200 + i) });
    let records = (0..8).map(|i| text(i).as_object().cloned().unwrap_or_default()).collect();
    DatasetAnswer { name: "announcements".to_owned(), records, published: Vec::new() }
}

struct Figures {
    frames_a_second: f64,
    cpu_ms_a_frame: f64,
    pss_mib: f64,
    first_secs: f64,
}

/// Waits until `first` is there, lets it settle, and measures for a while.
fn measured(tree: &Tree, frames: impl Fn() -> f64, first: impl Fn() -> bool) -> Option<Figures> {
    let patience = Duration::from_secs(90);
    while !first() {
        if tree.started.elapsed() > patience {
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let first_secs = tree.started.elapsed().as_secs_f64();
    std::thread::sleep(Duration::from_secs(6));
    let (from, cpu, start) = (frames(), tree.cpu_secs(), Instant::now());
    std::thread::sleep(Duration::from_secs(15));
    let (count, cpu, secs) = (frames() - from, tree.cpu_secs() - cpu, start.elapsed().as_secs_f64());
    let cpu_ms_a_frame = if count > 0.0 { cpu * 1000.0 / count } else { f64::NAN };
    Some(Figures { frames_a_second: count / secs, cpu_ms_a_frame, pss_mib: tree.pss_mib(), first_secs })
}

fn status(port: u16) -> Option<serde_json::Value> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(stream, "GET /status HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    serde_json::from_str(answer.split("\r\n\r\n").nth(1)?).ok()
}

fn row(name: &str, figures: Option<Figures>) {
    match figures {
        None => println!("| {name} | no picture in 90 s | | | |"),
        Some(f) => println!(
            "| {name} | {:.1} | {:.1} | {:.0} | {:.2} |",
            f.frames_a_second, f.cpu_ms_a_frame, f.pss_mib, f.first_secs
        ),
    }
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
    println!("| | frames/s | CPU ms a frame | PSS, MiB | first picture, s |\n|---|---|---|---|---|");
    for (points, fly) in [(100_000, false), (1_000_000, false), (100_000, true), (1_000_000, true)] {
        let told = Arc::new(Told::default());
        let appeals = Arc::new(newest(&world, points));
        let clock = Clock::starting_at(NOW, 1.0);
        let router = backend(&world, &appeals, &clock, &told);
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = runtime.spawn(async move { axum::serve(listener, router).await });
        let title = |who: &str| format!("{who}, {points} points{}", if fly { ", flying" } else { "" });
        let layout = folder.path().join("scene.toml");
        let scene = include_str!("scene.toml");
        let scene =
            if fly { scene.replace("bare = true }", &format!("bare = true, {tour} }}")) } else { scene.to_owned() };
        std::fs::write(&layout, scene).expect("a file");
        let wall = folder.path().join("wall.toml");
        std::fs::write(&wall, include_str!("wall.toml")).expect("a file");
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        if wanted("obzor") {
            let mut command = Command::new(env!("CARGO_BIN_EXE_obzor"));
            command.args(["run", "--headless", "--no-keep", "--now", "2026-11-20T14:05:12+03:00", "--layout"]);
            command.arg(&layout).arg("--wall").arg(&wall);
            command.args(["--view", &format!("127.0.0.1:{port}"), "--source", &format!("http://{address}/")]);
            let tree = Tree::start(&mut command);
            let painted = || status(port).and_then(|s| s["counts"]["painted"].as_f64()).unwrap_or(0.0);
            let ready = || status(port).is_some_and(|s| s["measures"].as_u64() > Some(3));
            row(&title("Obzor"), measured(&tree, painted, ready));
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
            row(&title(map), measured(&tree, frames, || told.first.lock().expect("a lock").is_some()));
        }
        serving.abort();
    }
}
