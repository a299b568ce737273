//! `GET /metrics`: what a monitoring system watches, in the text format of Prometheus (OpenMetrics 1.0).

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};

use super::Shared;
use super::ask::ask;
use super::problem::Problem;
use crate::requests::{Metrics, Request};

/// What the server counts itself.
#[derive(Debug, Default)]
pub struct Counts {
    /// Orders that were carried out.
    pub orders: AtomicU64,
    /// Orders that were refused.
    pub refusals: AtomicU64,
    /// Orders beyond what the wall takes in a second.
    pub throttled: AtomicU64,
    /// Requests without a valid token.
    pub unauthorised: AtomicU64,
    /// Pictures that were encoded.
    pub pictures: AtomicU64,
}

/// A gauge by one label.
type ByLabel = Family<Vec<(&'static str, String)>, Gauge<f64, std::sync::atomic::AtomicU64>>;

pub async fn metrics(State(shared): State<Shared>) -> Result<Response, Problem> {
    let wall = ask(&shared.requester, Request::Metrics).await.ok_or_else(Problem::no_answer)?;
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = encode(&mut text, &registry(&shared, &wall));
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

fn registry(shared: &Shared, wall: &Metrics) -> Registry {
    let mut registry = Registry::with_prefix("obzor");
    let mut gauge = |name: &str, help: &str, value: Option<f64>| {
        // What is not known is not told: a zero would say that all is well.
        if let Some(value) = value {
            registry.register(name, help, ConstGauge::new(value));
        }
    };
    let now_secs = wall.now_millis as f64 / 1000.0;
    let age = |secs: Option<i64>| secs.map(|secs| now_secs - secs as f64);
    let status = &wall.status;
    gauge("uptime_seconds", "Since the program began", Some(wall.uptime_secs));
    gauge("frame_age_seconds", "Since a frame was last composed", wall.frame_age_secs);
    gauge("next_frame_seconds", "Until the next frame is due by itself", wall.next_frame_secs);
    gauge("data_age_seconds", "Since the end of the complete data", age(status.data_until_secs));
    gauge("backend_lost_seconds", "Since the backend stopped answering", age(status.lost_since_secs));
    gauge("appeals", "Appeals in memory", Some(status.appeals as f64));
    gauge("measures", "Measures on the wall", Some(status.measures as f64));
    gauge("early_warnings", "Early warnings that stand", Some(status.warnings.len() as f64));
    gauge("state_version", "The version of the state", Some(status.state.version as f64));
    gauge("claims", "Claims on the wall", Some(wall.claims as f64));
    gauge("pressed", "1 while the press key is pressed", Some(f64::from(u8::from(wall.pressed))));
    gauge("gpu_ready", "1 while there is a GPU", Some(f64::from(u8::from(status.device.is_some()))));
    gauge("listeners", "Who listens to events", Some(shared.events.listeners() as f64));
    gauge("viewers", "Who watches the moving view", Some(shared.preview.viewers() as f64));
    gauge("tokens", "Valid tokens", Some(shared.access.tokens().list(jiff::Timestamp::now().as_second()).len() as f64));
    gauge("resident_memory_bytes", "Memory that the system holds for the program", resident_bytes());
    let mut counter = |name: &str, help: &str, value: u64| {
        registry.register(name, help, ConstCounter::new(value));
    };
    let own = |count: &AtomicU64| count.load(Ordering::Relaxed);
    counter("frames_composed", "Frames that were composed", status.counts.composed);
    counter("frames_painted", "Frames in which something was painted", status.counts.painted);
    counter("frames_late", "Frames that were finished more than 33 ms after they were due", status.counts.late);
    counter("pixels_painted", "Output pixels that were painted", status.counts.pixels);
    counter("gpu_rebuilds", "How often the GPU was built anew", status.counts.rebuilt);
    counter("orders", "Orders over HTTP that were carried out", own(&shared.counts.orders));
    counter("orders_refused", "Orders over HTTP that were refused", own(&shared.counts.refusals));
    counter("orders_throttled", "Orders beyond what the wall takes in a second", own(&shared.counts.throttled));
    counter("requests_unauthorised", "Requests without a valid token", own(&shared.counts.unauthorised));
    counter("pictures_encoded", "Pictures that were encoded for those who look", own(&shared.counts.pictures));
    let [outputs, frames, sources, lost] = [(); 4].map(|()| ByLabel::default());
    for (output, painted_secs) in &wall.outputs {
        let label = vec![("output", output.name.clone())];
        outputs.get_or_create(&label).set(f64::from(u8::from(output.is_lit)));
        if let Some(age) = painted_secs {
            frames.get_or_create(&label).set(*age);
        }
    }
    for source in &status.sources {
        let label = vec![("source", source.name.clone())];
        if let Some(age) = age(source.data_until_secs) {
            sources.get_or_create(&label).set(age);
        }
        if let Some(since) = age(source.lost_since_secs) {
            lost.get_or_create(&label).set(since);
        }
    }
    registry.register("output_lit", "1 where an output shows something", outputs);
    registry.register_with_unit("output_frame_age", "Since an output was last painted", Unit::Seconds, frames);
    registry.register_with_unit("source_age", "Since the end of a source's complete data", Unit::Seconds, sources);
    registry.register_with_unit("source_lost", "Since a source's backend stopped answering", Unit::Seconds, lost);
    registry
}

/// The resident memory of the program, from `/proc/self/status`; none where the system does not tell.
fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024.0)
}
