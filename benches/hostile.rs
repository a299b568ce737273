//! What each hostile answer costs at the most: the program's greatest memory and the time until it has said what is wrong.
//!
//! `cargo bench --bench hostile` prints the table of docs/field.md.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::routing::get;
use procfs::process::Process;
use tower_http::compression::CompressionLayer;

const OBZOR: &str = env!("CARGO_BIN_EXE_obzor");

/// What an answer is called, where it is found, how it is read, and what it is.
type Case = (&'static str, &'static str, &'static str, fn() -> Bytes);

fn cases() -> Vec<Case> {
    const REST: &str = "kind = \"rest\"\nitems = \"$.data[*]\"\ndataset = \"t\"";
    const APPEALS: &str = "kind = \"rest\"\nitems = \"$.data[*]\"\nappeal = { key = \"$.id\", received = \"$.t\" }";
    const CSV: &str = "kind = \"csv\"\ndataset = \"t\"";
    const CAP: &str = "kind = \"cap\"";
    const GEOJSON: &str = "kind = \"geojson\"\ndataset = \"t\"";
    vec![
        ("nothing but two rows", "small", APPEALS, || {
            Bytes::from_static(b"{\"data\":[{\"id\":1,\"t\":\"2026-11-20\"},{\"id\":2,\"t\":\"2026-11-20\"}]}")
        }),
        ("80 million empty objects", "objects", REST, || repeated(b"{\"data\":[", b"{},", 80_000_000, b"0]}")),
        ("120 million numbers", "numbers", REST, || repeated(b"{\"data\":[", b"0,", 120_000_000, b"0]}")),
        ("a list in a list, 10 million times", "nested", REST, || repeated(b"", b"[", 10_000_000, b"")),
        ("a text of 250 MB", "text", REST, || repeated(b"{\"data\":[{\"a\":\"", b"aaaaaaaaaa", 25_000_000, b"\"}]}")),
        ("300 MB, more than an answer may have", "long", REST, || {
            repeated(b"{\"data\":[\"", b"aaaaaaaaaa", 30_000_000, b"\"]}")
        }),
        ("100 million cells", "cells", CSV, || repeated(b"a\n", b";;;;;;;;;\n", 10_000_000, b"")),
        ("a quote that nobody closes, 2 million lines", "quote", CSV, || {
            repeated(b"a;b\n1;\"", b"2;3\n", 2_000_000, b"")
        }),
        ("20 million elements", "elements", CAP, || repeated(b"<feed>", b"<a/>", 20_000_000, b"</feed>")),
        ("an element in an element, a million times", "deep", CAP, || repeated(b"", b"<a>", 1_000_000, b"")),
        ("entities within entities", "laughs", CAP, || {
            Bytes::from_static(b"<!DOCTYPE a [<!ENTITY l \"ha\"><!ENTITY m \"&l;&l;&l;&l;\">]><a>&m;&m;</a>")
        }),
        ("a polygon of 20 million corners", "corners", GEOJSON, || {
            repeated(
                b"{\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[",
                b"[1,2],",
                20_000_000,
                b"[1,2]]]}}]}",
            )
        }),
    ]
}

fn repeated(before: &[u8], part: &[u8], times: usize, after: &[u8]) -> Bytes {
    let mut bytes = Vec::with_capacity(before.len() + part.len() * times + after.len());
    bytes.extend_from_slice(before);
    (0..times).for_each(|_| bytes.extend_from_slice(part));
    bytes.extend_from_slice(after);
    bytes.into()
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut router = Router::new();
    for (_, path, _, make) in cases() {
        let answer = move || async move {
            // Made anew for each: the server's memory is not what is measured.
            let bytes = tokio::task::spawn_blocking(make).await.unwrap();
            ([(header::CONTENT_TYPE, "application/json")], Body::from(bytes))
        };
        router = router.route(&format!("/{path}"), get(answer));
    }
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move { axum::serve(listener, router.layer(CompressionLayer::new())).await.unwrap() });
    println!("| Answer | Greatest memory, MiB | Time, s | What is said |\n|---|---|---|---|");
    for (name, path, more, _) in cases() {
        let mut site = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        let text = format!(
            "[region]\nname = \"r\"\ntime_zone = \"UTC\"\n[[source]]\nname = \"s\"\nurl = \"http://{address}/{path}\"\n{more}\n"
        );
        site.write_all(text.as_bytes()).unwrap();
        let began = Instant::now();
        let mut child = Command::new(OBZOR)
            .args(["source", "test"])
            .arg(site.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = Process::new(child.id() as i32).unwrap();
        let mut greatest_kib = 0;
        while child.try_wait().unwrap().is_none() {
            let peak = process.status().ok().and_then(|status| status.vmhwm);
            greatest_kib = greatest_kib.max(peak.unwrap_or(0));
            std::thread::sleep(Duration::from_millis(2));
        }
        let secs = began.elapsed().as_secs_f64();
        let mut said = String::new();
        std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut said).unwrap();
        let told =
            said.lines().find(|line| ["  failed", "  appeals", "  table"].iter().any(|key| line.starts_with(key)));
        let told = told.unwrap_or("").trim().replace(&format!("http://{address}/{path}: "), "");
        let told: String = told.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(90).collect();
        println!("| {name} | {} | {secs:.1} | {told} |", greatest_kib / 1024);
    }
}
