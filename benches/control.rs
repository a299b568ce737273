//! How fast a wall is operated, and what those who operate and watch it cost: the table "Operating" of docs/benchmarks.md.

mod common;

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::process::Wall;
use futures_util::StreamExt as _;

use reqwest::Client;
use serde_json::{Value, json};

/// Orders that are timed.
const ORDERS: usize = 200;
/// Listeners and orders a second under load, for so many seconds.
const LISTENERS: usize = 100;
const ORDERS_A_SECOND: u64 = 1000;
const LOAD_SECS: u64 = 10;

struct Wire {
    client: Client,
    base: String,
}

impl Wire {
    async fn order(&self, command: Value) -> (u16, Value) {
        let body = json!({ "command": command }).to_string();
        let request = self.client.post(format!("{}/api/v1/orders", self.base));
        let answer = request.header("content-type", "application/json").body(body).send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.expect("a body")).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON")
    }
}

/// The middle and the 99th percentile by nearest rank, in milliseconds.
fn percentiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |part: f64| times[((times.len() as f64 * part).ceil() as usize).max(1) - 1].as_secs_f64() * 1000.0;
    (at(0.5), at(0.99))
}

fn shown(index: usize) -> Value {
    let layout = if index.is_multiple_of(2) { "night" } else { "overview" };
    json!({ "show": { "layout": layout, "transition": { "kind": "cut", "secs": 0.0 } } })
}

/// From the sending of an order until the outputs show another picture, as a client finds by asking without pause.
async fn order_to_frame(wire: &Wire) {
    let (mut answered, mut seen) = (Vec::new(), Vec::new());
    for index in 0..ORDERS {
        let start = Instant::now();
        let (status, accepted) = wire.order(shown(index)).await;
        assert_eq!(status, 200, "{accepted}");
        answered.push(start.elapsed());
        let version = accepted["version"].as_u64();
        while wire.get("/api/v1/state").await["shown_version"].as_u64() < version {}
        seen.push(start.elapsed());
        // What the wall takes in a second is measured elsewhere.
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    for (what, times) in [("order to its answer, on disk", answered), ("order to the first changed frame", seen)] {
        let (middle, p99) = percentiles(times);
        println!("{what}: {middle:.1} ms, p99 {p99:.1} ms ({ORDERS} orders)");
    }
}

/// From the sending of an order until a listener hears of it.
async fn order_to_listener(wire: &Wire) {
    let answer = wire.client.get(format!("{}/api/v1/events", wire.base)).send().await.expect("an answer");
    let mut events = sse_stream::SseStream::from_bytes_stream(answer.bytes_stream());
    let _state = events.next().await;
    let mut times = Vec::new();
    for index in 0..ORDERS {
        let start = Instant::now();
        let sent = wire.order(json!({ "identify": { "on": index.is_multiple_of(2) } }));
        let (heard, (status, _)) = tokio::join!(async { events.next().await.map(|_| start.elapsed()) }, sent);
        assert_eq!(status, 200);
        times.push(heard.expect("an event"));
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    let (middle, p99) = percentiles(times);
    println!("order to a listener: {middle:.1} ms, p99 {p99:.1} ms ({ORDERS} orders)");
}

fn frames(wall: &Wall) -> (u64, u64) {
    let counts = wall.status().expect("a status")["counts"].clone();
    (counts["painted"].as_u64().unwrap_or(0), counts["late"].as_u64().unwrap_or(0))
}

/// Frames painted and late while something goes on.
fn said(what: &str, wall: &Wall, before: (u64, u64), rss_before_mib: f64) {
    let (painted, late) = frames(wall);
    println!(
        "{what}: {} frames, {} of them late; {:.0} MiB, {:.0} before",
        painted - before.0,
        late - before.1,
        wall.tree.pss_mib(),
        rss_before_mib
    );
}

/// A hundred listeners and a thousand orders a second.
async fn load(wall: &Wall, wire: Arc<Wire>) {
    let heard = Arc::new(AtomicU64::new(0));
    for _ in 0..LISTENERS {
        let (wire, heard) = (wire.clone(), heard.clone());
        tokio::spawn(async move {
            let answer = wire.client.get(format!("{}/api/v1/events", wire.base)).send().await.expect("an answer");
            let mut events = answer.bytes_stream();
            while let Some(Ok(_)) = events.next().await {
                heard.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (before, memory) = (frames(wall), wall.tree.pss_mib());
    let (taken, refused) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut beat = tokio::time::interval(Duration::from_micros(1_000_000 / ORDERS_A_SECOND));
    let start = Instant::now();
    let mut sent = Vec::new();
    while start.elapsed() < Duration::from_secs(LOAD_SECS) {
        beat.tick().await;
        let (wire, taken, refused) = (wire.clone(), taken.clone(), refused.clone());
        let index = sent.len();
        sent.push(tokio::spawn(async move {
            // Another claim each time, and the same picture: what the wall paints is measured elsewhere.
            let secs = 60 + index % 2;
            match wire.order(json!({ "show": { "layout": "overview", "for_secs": secs } })).await.0 {
                200 => taken.fetch_add(1, Ordering::Relaxed),
                429 => refused.fetch_add(1, Ordering::Relaxed),
                other => panic!("{other}"),
            }
        }));
    }
    let asked = sent.len();
    for one in sent {
        one.await.expect("an answer");
    }
    let (taken, refused, heard) = (&taken, &refused, heard.load(Ordering::Relaxed));
    println!(
        "{asked} orders in {LOAD_SECS} s: {} taken, {} refused with 429; {LISTENERS} listeners heard {heard} parts",
        taken.load(Ordering::Relaxed),
        refused.load(Ordering::Relaxed)
    );
    said("under that load", wall, before, memory);
}

/// Fifty viewers, ten of whom never read, and 500 connections that say nothing.
async fn watched(wall: &Wall, wire: &Wire) {
    let (before, memory) = (frames(wall), wall.tree.pss_mib());
    let mut deaf = Vec::new();
    for _ in 0..10 {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", wall.port())).expect("a connection");
        write!(stream, "GET /wall.mjpeg HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("it is sent");
        deaf.push(stream);
    }
    let seen = Arc::new(AtomicU64::new(0));
    for _ in 0..40 {
        let (client, base, seen) = (wire.client.clone(), wire.base.clone(), seen.clone());
        tokio::spawn(async move {
            let answer = client.get(format!("{base}/wall.mjpeg")).send().await.expect("an answer");
            let mut parts = answer.bytes_stream();
            while let Some(Ok(part)) = parts.next().await {
                seen.fetch_add(part.len() as u64, Ordering::Relaxed);
            }
        });
    }
    let silent: Vec<_> =
        (0..500).filter_map(|_| std::net::TcpStream::connect(("127.0.0.1", wall.port())).ok()).collect();
    tokio::time::sleep(Duration::from_secs(LOAD_SECS)).await;
    let mib = seen.load(Ordering::Relaxed) as f64 / 1_048_576.0;
    println!("50 viewers, 10 of them deaf, {} silent connections: {mib:.0} MiB sent", silent.len());
    drop(silent);
    // With those gone there is room to ask.
    tokio::time::sleep(Duration::from_secs(1)).await;
    said("watched by them", wall, before, memory);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let wall = Wall::start("overview", &["--no-keep"]);
    wall.loaded();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().timeout(Duration::from_secs(120)).build().expect("a client");
    let wire = Arc::new(Wire { client, base: wall.address() });
    tokio::time::sleep(Duration::from_secs(3)).await;
    // What the plane costs when nobody operates: the runtime's threads, which fetch the data, too.
    let (threads, start) = (wall.tree.threads(), Instant::now());
    let (before, memory) = (frames(&wall), wall.tree.pss_mib());
    tokio::time::sleep(Duration::from_secs(LOAD_SECS)).await;
    said("left alone", &wall, before, memory);
    // Of those that were there at both ends.
    let after = wall.tree.threads();
    let both = threads.iter().filter(|(_, (name, _))| name.contains("tokio"));
    let plane: f64 = both.filter_map(|(number, (_, secs))| Some(after.get(number)?.1 - secs)).sum();
    println!("left alone: the runtime's threads take {:.2} % of a core", 100.0 * plane / start.elapsed().as_secs_f64());
    order_to_frame(&wire).await;
    order_to_listener(&wire).await;
    load(&wall, wire.clone()).await;
    let wall = Wall::start("overview", &["--no-keep"]);
    wall.loaded();
    tokio::time::sleep(Duration::from_secs(3)).await;
    watched(&wall, &Wire { client: wire.client.clone(), base: wall.address() }).await;
}
