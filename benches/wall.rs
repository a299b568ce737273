//! What the demo wall costs: `make bench` prints the table that docs/benchmarks.md keeps.
//!
//! The whole program is measured from outside, as a process: CPU time and memory by /proc, frames by the
//! wall's own count. The wall is the demo wall at 1920 × 1080, offscreen, with the embedded backend's 1.1
//! million appeals and more.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use procfs::process::Process;

const OBZOR: &str = env!("CARGO_BIN_EXE_obzor");

struct Wall {
    child: Child,
    port: u16,
    started: Instant,
}

impl Drop for Wall {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Wall {
    fn start(layout: &str) -> Self {
        Self::with(layout, &[])
    }

    fn with(layout: &str, more: &[&str]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let started = Instant::now();
        let child = Command::new(OBZOR)
            .args([
                "run",
                "--headless",
                "--layout",
                layout,
                "--view",
                &format!("127.0.0.1:{port}"),
                "--now",
                "2026-11-20T14:05:12+03:00",
            ])
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        Self { child, port, started }
    }

    fn status(&self) -> Option<serde_json::Value> {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        write!(stream, "GET /status HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        serde_json::from_str(answer.split("\r\n\r\n").nth(1)?).ok()
    }

    /// Waits until the data is on the wall; returns the time since the process was started.
    fn loaded(&self) -> Duration {
        loop {
            if self.status().is_some_and(|s| s["data_until_secs"].is_i64()) {
                return self.started.elapsed();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn process(&self) -> Process {
        Process::new(self.child.id() as i32).expect("the process")
    }

    fn cpu(&self) -> f64 {
        let stat = self.process().stat().expect("its account");
        (stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64
    }

    fn pss_mib(&self) -> f64 {
        let rollup = self.process().smaps_rollup().expect("its memory");
        let bytes = rollup.memory_map_rollup.0.first().and_then(|m| m.extension.map.get("Pss")).copied().unwrap_or(0);
        bytes as f64 / 1024.0 / 1024.0
    }

    fn painted(&self) -> f64 {
        self.status().and_then(|s| s["counts"]["painted"].as_f64()).unwrap_or(0.0)
    }
}

struct Row {
    name: &'static str,
    frames_a_second: f64,
    cpu_ms_a_frame: f64,
    part_of_a_core: f64,
    pss_mib: f64,
}

fn measure(name: &'static str, wall: &Wall, during: impl FnOnce()) -> Row {
    let (frames, cpu, start) = (wall.painted(), wall.cpu(), Instant::now());
    during();
    let seconds = start.elapsed().as_secs_f64();
    let (frames, cpu) = (wall.painted() - frames, wall.cpu() - cpu);
    Row {
        name,
        frames_a_second: frames / seconds,
        cpu_ms_a_frame: if frames > 0.0 { cpu * 1000.0 / frames } else { 0.0 },
        part_of_a_core: 100.0 * cpu / seconds,
        pss_mib: wall.pss_mib(),
    }
}

fn settle(seconds: f64) -> impl FnOnce() {
    move || std::thread::sleep(Duration::from_secs_f64(seconds))
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: String| -> String {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a layout");
        path.to_str().expect("a plain path").to_owned()
    };
    let base = include_str!("../layouts/overview.toml");
    // A ticker that runs all the time and every panel of the demo wall beside it.
    let moving = file(
        "moving.toml",
        base.replace("dataset = \"announcements\"", "dataset = \"announcements\", motion = \"run\""),
    );
    let still = file(
        "still.toml",
        "name = \"still\"\ngrid = { columns = 1, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.clock = {}\n".to_owned(),
    );
    // The same screen with its map at rest, and flying from town to town without a pause worth the name.
    let scene = include_str!("scene.toml");
    let near = file("near.toml", include_str!("wall.toml").to_owned());
    let resting = file("resting.toml", scene.to_owned());
    let tour = "tour = { stops = [\"region\", { municipality = \"Заволоцк\" }, { municipality = \"Усть-Велега\" }, \
                { municipality = \"Каменогорье\" }], hold_secs = 1.0, flight_secs = 9.0 }";
    let flying = file("flying.toml", scene.replace("bare = true }", &format!("bare = true, {tour} }}")));
    let fading = file("fading.toml", format!("transition = {{ kind = \"cross-fade\", secs = 8.0 }}\n{base}"));

    let mut firsts: Vec<f64> = (0..5).map(|_| Wall::start("overview").loaded().as_secs_f64()).collect();
    firsts.sort_by(f64::total_cmp);
    let mut rows = Vec::new();
    let wall = Wall::start("overview");
    wall.loaded();
    settle(5.0)();
    rows.push(measure("demo wall as it lives", &wall, settle(20.0)));
    let device = wall.status().and_then(|s| s["device"].as_str().map(str::to_owned)).unwrap_or_default();
    let appeals = wall.status().and_then(|s| s["appeals"].as_u64()).unwrap_or(0);
    drop(wall);
    let wall = Wall::start(&moving);
    wall.loaded();
    settle(5.0)();
    rows.push(measure("a line runs all the time", &wall, settle(15.0)));
    drop(wall);
    for (name, layout) in [("whole screen, map at rest", &resting), ("whole screen, map flying", &flying)] {
        let wall = Wall::with(layout, &["--wall", &near]);
        wall.loaded();
        settle(5.0)();
        rows.push(measure(name, &wall, settle(20.0)));
    }
    let wall = Wall::start(&still);
    wall.loaded();
    settle(5.0)();
    rows.push(measure("still wall (a clock)", &wall, settle(30.0)));
    drop(wall);
    let wall = Wall::start(&fading);
    wall.loaded();
    settle(3.0)();
    std::fs::write(&fading, format!("transition = {{ kind = \"cross-fade\", secs = 8.0 }}\n{base}\n# saved\n"))
        .expect("a layout");
    settle(1.0)();
    rows.push(measure("cross-fade of two demo walls", &wall, settle(6.0)));
    drop(wall);

    println!(
        "Device: {device}; {} cores; {appeals} appeals; 1920 × 1080, offscreen.",
        std::thread::available_parallelism().map_or(0, usize::from)
    );
    println!(
        "From the process's start to the first picture with all data: median {:.2} s, {:.2} to {:.2} s in 5 runs.\n",
        firsts[2], firsts[0], firsts[4]
    );
    println!("| | frames/s | CPU ms a frame | of a core | PSS, MiB |");
    println!("|---|---|---|---|---|");
    for row in rows {
        println!(
            "| {} | {:.1} | {:.1} | {:.1} % | {:.0} |",
            row.name, row.frames_a_second, row.cpu_ms_a_frame, row.part_of_a_core, row.pss_mib
        );
    }
}
