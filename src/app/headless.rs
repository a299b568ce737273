//! A wall without a display: its outputs are offscreen, the live view shows them.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::session::{RunOptions, Session, WallChoice, read_wall};
use super::wake::Wake;
use crate::geometry::PixelSize;
use crate::render::{Gpu, PixelFormat};
use crate::wall::Wall;

/// The wall of a session that has no output: one screen.
fn default_wall() -> Wall {
    Wall::of_desktop([("virtual-1".to_owned(), (0, 0), PixelSize::new(1920, 1080))], None)
}

/// Runs until the program is told to end, or for `limit`.
pub fn run(options: &RunOptions, limit: Option<Duration>) -> Result<()> {
    let wall = match &options.wall {
        WallChoice::File(path) => read_wall(path)?,
        WallChoice::Desktop => default_wall(),
    };
    let gpu = Gpu::open(None)?;
    tracing::info!(device = gpu.name(), "offscreen");
    let (sender, wakes) = mpsc::channel::<Wake>();
    let mut session = Session::start(options, wall, gpu, move |wake| {
        let _ = sender.send(wake);
    })?;
    sync_outputs(&mut session);
    let end = limit.map(|limit| Instant::now() + limit);
    let mut first = true;
    loop {
        if session.stage.is_lost() {
            session.stage.drop_gpu();
            match session.stage.retry_at() {
                Some(at) => std::thread::sleep(at.saturating_duration_since(Instant::now())),
                None => session.stage.reopen(Gpu::open(None)),
            }
            continue;
        }
        if Instant::now() >= session.pacing.due() {
            session.frame();
            if first && session.stage.has_data() {
                first = false;
                tracing::info!(millis = since_start().as_millis() as u64, "first picture with data");
            }
        }
        if end.is_some_and(|end| Instant::now() >= end) {
            return Ok(());
        }
        let wait = session.pacing.due().saturating_duration_since(Instant::now());
        match wakes.recv_timeout(wait) {
            Ok(wake) => match session.wake(wake) {
                Some(true) => sync_outputs(&mut session),
                Some(false) => {}
                None if session.failed => anyhow::bail!("a part of the program failed"),
                None => return Ok(()),
            },
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

/// Gives every output of the wall a canvas.
fn sync_outputs(session: &mut Session) {
    while !session.stage.output_names().is_empty() {
        session.stage.remove(0);
    }
    for output in session.stage.wall.outputs.clone() {
        session.stage.add(&output, PixelFormat::RED_FIRST);
    }
}

/// How long the process has been running, by the system's account.
pub fn since_start() -> Duration {
    // Field 22 of /proc/self/stat is the start in clock ticks since boot, of which Linux has 100 a second.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let started = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(19)?.parse::<f64>().ok());
    let uptime = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    let uptime = uptime.split_whitespace().next().and_then(|t| t.parse::<f64>().ok());
    match (started, uptime) {
        (Some(started), Some(uptime)) => Duration::from_secs_f64((uptime - started / 100.0).max(0.0)),
        _ => Duration::ZERO,
    }
}
