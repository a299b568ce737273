//! A process with all that it started, measured from outside.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use procfs::process::{Process, all_processes};

/// A process with all that it started; none outlives it.
pub struct Tree {
    child: Child,
    /// When.
    pub started: Instant,
}

impl Tree {
    pub fn start(command: &mut Command) -> Self {
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

    pub fn cpu_secs(&self) -> f64 {
        let of = |p: &Process| p.stat().map_or(0, |s| s.utime + s.stime);
        self.processes().iter().map(of).sum::<u64>() as f64 / procfs::ticks_per_second() as f64
    }

    /// CPU seconds of the process itself by what its threads are called.
    pub fn cpu_by_thread(&self) -> BTreeMap<String, f64> {
        let mut named: BTreeMap<String, f64> = BTreeMap::new();
        let tasks = Process::new(self.child.id() as i32).and_then(|p| p.tasks());
        for stat in tasks.into_iter().flatten().flatten().filter_map(|task| task.stat().ok()) {
            // Of a pool's threads the number says nothing.
            let name = stat.comm.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned();
            *named.entry(name).or_default() += (stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64;
        }
        named
    }

    /// CPU seconds and name of each thread of the process itself, by its number.
    pub fn threads(&self) -> BTreeMap<i32, (String, f64)> {
        let tasks = Process::new(self.child.id() as i32).and_then(|p| p.tasks());
        let stats = tasks.into_iter().flatten().flatten().filter_map(|task| task.stat().ok());
        let secs = |ticks: u64| ticks as f64 / procfs::ticks_per_second() as f64;
        stats.map(|stat| (stat.pid, (stat.comm.clone(), secs(stat.utime + stat.stime)))).collect()
    }

    pub fn pss_mib(&self) -> f64 {
        let of = |p: &Process| {
            let rollup = p.smaps_rollup().ok()?;
            rollup.memory_map_rollup.0.first()?.extension.map.get("Pss").copied()
        };
        self.processes().iter().filter_map(of).sum::<u64>() as f64 / 1_048_576.0
    }

    /// The most memory that the process itself has had at a time.
    pub fn peak_mib(&self) -> f64 {
        let status = Process::new(self.child.id() as i32).and_then(|p| p.status());
        status.ok().and_then(|s| s.vmhwm).unwrap_or(0) as f64 / 1024.0
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.child.id())]).status();
        let _ = self.child.wait();
    }
}

/// A wall without a display, asked for its state over its live view.
pub struct Wall {
    pub tree: Tree,
    port: u16,
}

impl Wall {
    /// Starts the program with a layout and more arguments.
    pub fn start(layout: &str, more: &[&str]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_obzor"));
        command.args(["run", "--headless", "--layout", layout, "--now", super::NOW_TEXT]);
        command.args(["--view", &format!("127.0.0.1:{port}")]).args(more);
        Self { tree: Tree::start(&mut command), port }
    }

    /// The address at which it is operated.
    #[allow(dead_code)]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port of that address.
    #[allow(dead_code)]
    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn status(&self) -> Option<serde_json::Value> {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        write!(stream, "GET /api/v1/status HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        serde_json::from_str(answer.split("\r\n\r\n").nth(1)?).ok()
    }

    /// Waits until the data is on the wall; returns the time since the process was started.
    pub fn loaded(&self) -> Duration {
        let shown = |s: &serde_json::Value| s["data_until_secs"].is_i64() && s["measures"].as_u64() > Some(0);
        while !self.status().is_some_and(|s| shown(&s)) {
            assert!(self.tree.started.elapsed() < Duration::from_secs(120), "no data on the wall in two minutes");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.tree.started.elapsed()
    }

    pub fn painted(&self) -> f64 {
        self.status().and_then(|s| s["counts"]["painted"].as_f64()).unwrap_or(0.0)
    }

    /// Measures for a while, after another while in which it settles.
    pub fn measure(&self, settle_secs: f64, secs: f64) -> Figures {
        std::thread::sleep(Duration::from_secs_f64(settle_secs));
        measure(&self.tree, secs, || self.painted())
    }
}

/// What a while came to.
pub struct Figures {
    pub frames_a_second: f64,
    pub cpu_ms_a_frame: f64,
    pub part_of_a_core: f64,
    pub pss_mib: f64,
}

/// Measures a tree of processes whose frames are counted elsewhere.
pub fn measure(tree: &Tree, secs: f64, frames: impl Fn() -> f64) -> Figures {
    let (from, cpu, start) = (frames(), tree.cpu_secs(), Instant::now());
    std::thread::sleep(Duration::from_secs_f64(secs));
    let (count, cpu, secs) = (frames() - from, tree.cpu_secs() - cpu, start.elapsed().as_secs_f64());
    Figures {
        frames_a_second: count / secs,
        cpu_ms_a_frame: if count > 0.0 { cpu * 1000.0 / count } else { 0.0 },
        part_of_a_core: 100.0 * cpu / secs,
        pss_mib: tree.pss_mib(),
    }
}
