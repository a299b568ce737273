//! A real backend over HTTP on loopback, and backends that stall, lie, break off and drown.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use obzor::clock::{Clock, Moment};
use obzor::data::{Appeal, NEVER, Store, Update};
use obzor::demo::{World, serve};
use obzor::native_api::{AppealColumns, AppealPage, Changes, Heartbeat, RegionAnswer};
use obzor::source::{Fetcher, NativeSource, RunningSource, SourceError, UpdateSender, supervise};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

const NOW: Moment = Moment(1_795_172_712_000);
const TIMEOUT: Duration = Duration::from_millis(400);

fn fetcher(address: std::net::SocketAddr) -> Fetcher {
    Fetcher::new(format!("http://{address}/").parse().unwrap(), TIMEOUT).unwrap()
}

async fn demo(clock: &Clock) -> (std::net::SocketAddr, Arc<World>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let world = Arc::new(World::new(3, NOW));
    tokio::spawn(serve(listener, world.clone(), clock.clone()));
    (address, world)
}

/// An appeal as the wall holds it: its place is snapped.
fn seen(appeal: Appeal) -> Appeal {
    let (lon_e6, lat_e6) = obzor::privacy::snap_to_grid(appeal.lon_e6, appeal.lat_e6);
    Appeal { lon_e6, lat_e6, ..appeal }
}

fn rows(store: &Store) -> Vec<Appeal> {
    store.snapshot().chunks.iter().flat_map(|c| c.rows().collect::<Vec<_>>()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_is_what_the_world_knows() {
    let clock = Clock::standing_at(NOW);
    let (address, world) = demo(&clock).await;
    let (sender, mut updates) = mpsc::channel(8);
    let mut source = NativeSource::new(fetcher(address), 20, UpdateSender::new(0, sender));
    let loading = tokio::spawn(async move { source.load_once().await });
    let mut store = Store::new();
    while let Some((_, update)) = updates.recv().await {
        store.apply(update, NOW);
    }
    loading.await.unwrap().unwrap();
    let today = world.day_of(NOW.secs());
    let expected: Vec<Appeal> = world.appeals(today - 20..=today, NOW).map(seen).collect();
    assert!(rows(&store) == expected);
    assert_eq!(store.snapshot().datasets["service-points"].records().len(), 148);
    assert_eq!(store.snapshot().appeals_freshness.unwrap().data_until, NOW);
}

/// The same requests at the same time give the same bytes, compressed or not, and an ETag answers 304.
#[tokio::test(flavor = "multi_thread")]
async fn answers_are_the_same_bytes_and_known_ones_are_not_sent_again() {
    let clock = Clock::standing_at(NOW);
    let (first, _) = demo(&clock).await;
    let (second, _) = demo(&clock).await;
    for path in [
        "v1/region",
        "v1/appeals?since=1795000000",
        "v1/appeals/latest?limit=30",
        "v1/datasets/outages",
        "openapi.json",
    ] {
        let mut bodies = Vec::new();
        for address in [first, second] {
            let fetcher = fetcher(address);
            let response = fetcher.get(path, None).await.unwrap();
            bodies.push(fetcher.bytes(response).await.unwrap());
        }
        assert!(bodies[0] == bodies[1] && !bodies[0].is_empty(), "{path}");
    }
    let fetcher = fetcher(first);
    let response = fetcher.get("v1/region/boundaries", None).await.unwrap();
    let etag = response.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(fetcher.get("v1/region/boundaries", Some(&etag)).await.unwrap().status().as_u16(), 304);
    // Asked plainly with compression allowed, it comes compressed.
    let mut stream = TcpStream::connect(first).await.unwrap();
    stream
        .write_all(b"GET /v1/region HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer).contains("content-encoding: gzip"));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_requests_are_told_what_is_wrong() {
    let (address, _) = demo(&Clock::standing_at(NOW)).await;
    let fetcher = fetcher(address);
    for (path, status, word) in [("v1/datasets/none", 404, "outages"), ("v1/appeals?cursor=x", 400, "cursor")] {
        match fetcher.get(path, None).await {
            Err(SourceError::Refused { status: given, body, .. }) => {
                assert_eq!(given.as_u16(), status);
                assert!(body.contains(word), "{body}");
            }
            other => panic!("{path}: {other:?}"),
        }
    }
}

/// Loads, follows while the clock goes on, is cut off, and goes on where it was: nothing lost, nothing twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_cut_stream_is_resumed_without_a_loss() {
    let clock = Clock::standing_at(NOW);
    let (backend, world) = demo(&clock).await;
    // A relay that can be cut stands between the wall and the backend.
    let relay = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = relay.local_addr().unwrap();
    let (cut, _) = tokio::sync::broadcast::channel::<()>(4);
    let cutter = cut.clone();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = relay.accept().await {
            let mut cut = cutter.subscribe();
            tokio::spawn(async move {
                let mut far = TcpStream::connect(backend).await.unwrap();
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    _ = cut.recv() => {}
                }
            });
        }
    });
    let (sender, mut updates) = mpsc::channel(8);
    let patient = Fetcher::new(format!("http://{address}/").parse().unwrap(), Duration::from_secs(20)).unwrap();
    tokio::spawn(supervise(NativeSource::new(patient, 12, UpdateSender::new(0, sender)), clock.clone()));
    let mut store = Store::new();
    let mut starts = 0;
    let mut losses = 0;
    let mut now = NOW;
    for step in 0..4 {
        let until = now;
        loop {
            let (_, update) = tokio::time::timeout(Duration::from_secs(20), updates.recv())
                .await
                .expect("the source went silent")
                .unwrap();
            starts += usize::from(matches!(update, Update::StartOver));
            losses += usize::from(matches!(update, Update::Lost(_)));
            store.apply(update, now);
            let fresh = store.snapshot().appeals_freshness;
            if fresh.is_some_and(|f| f.data_until >= until && f.lost_since.is_none()) {
                break;
            }
        }
        if step == 1 {
            cut.send(()).unwrap();
        }
        now = now.plus_millis(600_000);
        clock.set(now);
    }
    assert_eq!((starts, losses > 0), (1, true), "the complete set was loaded once");
    let at = (NOW.plus_millis(1_800_000).secs()) as u32;
    let today = world.day_of(i64::from(at));
    let expected: Vec<Appeal> =
        (today - 12..=today).flat_map(|day| world.day(day)).filter_map(|life| life.at(at)).map(seen).collect();
    let held = rows(&store);
    let held: Vec<Appeal> = held.into_iter().filter(|a| a.id >= expected[0].id).collect();
    assert_eq!(held.len(), expected.len());
    assert!(held == expected);
}

/// What a broken backend says to every request.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Silent,
    Resets,
    HalfABody,
    NotJson,
    DeepJson,
    Endless,
    Redirects,
    Status(u16),
    UnevenColumns,
    OtherVersion,
}

async fn faulty(fault: Fault) -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut request = vec![0; 4096];
                let length = stream.read(&mut request).await.unwrap_or(0);
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let _ = answer(&mut stream, fault, &request).await;
            });
        }
    });
    (address, asked)
}

async fn answer(stream: &mut TcpStream, fault: Fault, request: &str) -> std::io::Result<()> {
    let whole = |body: String| {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let region = |version| {
        let world = World::new(1, NOW);
        let answer = RegionAnswer {
            api_version: version,
            epoch: "e".into(),
            now: NOW.secs(),
            dictionaries: world.region.dictionaries.clone(),
        };
        (serde_json::to_string(&answer).unwrap(), world.boundaries_json)
    };
    match fault {
        Fault::Silent => tokio::time::sleep(Duration::from_secs(30)).await,
        Fault::Resets => stream.set_zero_linger()?,
        Fault::HalfABody => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"api").await?,
        Fault::NotJson => stream.write_all(whole("<html>".into()).as_bytes()).await?,
        Fault::DeepJson => stream.write_all(whole(format!("{{\"x\":{}", "[".repeat(100_000))).as_bytes()).await?,
        Fault::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            let chunk = format!("100000\r\n{}\r\n", " ".repeat(0x10_0000));
            while stream.write_all(chunk.as_bytes()).await.is_ok() {}
        }
        Fault::Redirects => {
            stream
                .write_all(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:9/v1/region\r\ncontent-length: 0\r\n\r\n")
                .await?
        }
        Fault::Status(status) => {
            let head = format!("HTTP/1.1 {status} No\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\nno");
            stream.write_all(head.as_bytes()).await?;
        }
        Fault::OtherVersion => stream.write_all(whole(region(99).0).as_bytes()).await?,
        Fault::UnevenColumns => {
            let (answer, boundaries) = region(1);
            let page = AppealPage {
                as_of: 5,
                appeals: AppealColumns { id: vec![1, 2], ..AppealColumns::default() },
                next_cursor: None,
            };
            let body = if request.contains("boundaries") {
                boundaries.to_owned()
            } else if request.contains("/v1/appeals") {
                serde_json::to_string(&page).unwrap()
            } else {
                answer
            };
            stream.write_all(whole(body).as_bytes()).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_ends_in_an_error_and_not_in_a_wait() {
    let faults = [
        (Fault::Silent, ""),
        (Fault::Resets, ""),
        (Fault::HalfABody, ""),
        (Fault::NotJson, "a web page came"),
        (Fault::DeepJson, "EOF"),
        (Fault::Endless, "longer than"),
        (Fault::Redirects, "not among its `hosts`"),
        (Fault::Status(401), "401"),
        (Fault::Status(404), "404"),
        (Fault::Status(429), "429"),
        (Fault::Status(500), "500"),
        (Fault::UnevenColumns, "`received`"),
        (Fault::OtherVersion, "99"),
    ];
    for (fault, word) in faults {
        let (address, _) = faulty(fault).await;
        let (sender, mut updates) = mpsc::channel(64);
        let mut source = NativeSource::new(fetcher(address), 5, UpdateSender::new(0, sender));
        let error = tokio::time::timeout(Duration::from_secs(20), source.run(|| {}))
            .await
            .unwrap_or_else(|_| panic!("{fault:?} was waited for"))
            .unwrap_err();
        assert!(error.to_string().contains(word), "{fault:?}: {error}");
        if let Fault::Status(_) = fault {
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        }
        // Nothing half-read is handed over as complete.
        updates.close();
        while let Some((_, update)) = updates.recv().await {
            assert!(!matches!(update, Update::Complete(_) | Update::Changes { .. }), "{fault:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_that_is_down_is_tried_again_with_pauses() {
    let (address, asked) = faulty(Fault::Status(503)).await;
    // Told to stay away for seven seconds, the wall asks once.
    let (sender, mut updates) = mpsc::channel(64);
    let clock = Clock::standing_at(NOW);
    let task = tokio::spawn(supervise(NativeSource::new(fetcher(address), 5, UpdateSender::new(0, sender)), clock));
    let (_, update) = tokio::time::timeout(Duration::from_secs(5), updates.recv()).await.unwrap().unwrap();
    assert!(matches!(update, Update::Lost(at) if at == NOW), "{update:?}");
    assert!(tokio::time::timeout(Duration::from_millis(1500), updates.recv()).await.is_err());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    task.abort();
}

#[test]
fn the_wire_formats_are_what_the_description_says() {
    let appeal = Appeal {
        id: 9,
        received: 100,
        first_reply: 160,
        answered: NEVER,
        accepted: NEVER,
        due: 200,
        lon_e6: 1,
        lat_e6: 2,
        topic: 3,
        municipality: 4,
        agency: 5,
        channel: 6,
        moves: 7,
        rating: 0,
        repeat: true,
    };
    let changes = Changes { until: 300, appeals: [appeal].into_iter().collect() };
    let text = serde_json::to_string(&changes).unwrap();
    assert_eq!(
        text,
        "{\"until\":300,\"appeals\":{\"id\":[9],\"received\":[100],\"first_reply\":[60],\"answered\":[-1],\"accepted\":[-1],\
         \"due\":[100],\"lon_e6\":[1],\"lat_e6\":[2],\"topic\":[3],\"municipality\":[4],\"agency\":[5],\"channel\":[6],\
         \"moves\":[7],\"rating\":[0],\"repeat\":[1]}}"
    );
    assert_eq!(serde_json::to_string(&Heartbeat { until: 4 }).unwrap(), "{\"until\":4}");
}
