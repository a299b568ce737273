//! What the demo wall costs: `make bench` prints the table that docs/benchmarks.md keeps.
//!
//! The whole program is measured from outside, as a process: CPU time and memory by /proc, frames by the
//! wall's own count. The wall is the demo wall at 1920 × 1080, offscreen, with the embedded backend's 1.1
//! million appeals and more.

mod common;

use std::time::Duration;

use common::process::{Figures, Wall};

fn settle(seconds: f64) {
    std::thread::sleep(Duration::from_secs_f64(seconds));
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

    let mut firsts: Vec<f64> = (0..5).map(|_| Wall::start("overview", &[]).loaded().as_secs_f64()).collect();
    firsts.sort_by(f64::total_cmp);
    let mut rows: Vec<(&str, Figures)> = Vec::new();
    let wall = Wall::start("overview", &[]);
    wall.loaded();
    rows.push(("demo wall as it lives", wall.measure(5.0, 20.0)));
    let device = wall.status().and_then(|s| s["device"].as_str().map(str::to_owned)).unwrap_or_default();
    let appeals = wall.status().and_then(|s| s["appeals"].as_u64()).unwrap_or(0);
    drop(wall);
    let wall = Wall::start(&moving, &[]);
    wall.loaded();
    rows.push(("a line runs all the time", wall.measure(5.0, 15.0)));
    drop(wall);
    for (name, layout) in [("whole screen, map at rest", &resting), ("whole screen, map flying", &flying)] {
        let wall = Wall::start(layout, &["--wall", &near]);
        wall.loaded();
        rows.push((name, wall.measure(5.0, 20.0)));
    }
    let wall = Wall::start(&still, &[]);
    wall.loaded();
    rows.push(("still wall (a clock)", wall.measure(5.0, 30.0)));
    drop(wall);
    let wall = Wall::start(&fading, &[]);
    wall.loaded();
    settle(3.0);
    std::fs::write(&fading, format!("transition = {{ kind = \"cross-fade\", secs = 8.0 }}\n{base}\n# saved\n"))
        .expect("a layout");
    rows.push(("cross-fade of two demo walls", wall.measure(1.0, 6.0)));
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
    for (name, row) in rows {
        println!(
            "| {name} | {:.1} | {:.1} | {:.1} % | {:.0} |",
            row.frames_a_second, row.cpu_ms_a_frame, row.part_of_a_core, row.pss_mib
        );
    }
}
