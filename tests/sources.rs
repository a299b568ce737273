//! Every kind of source against real HTTP on loopback: servers that deviate, and servers that break.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use jiff::tz::TimeZone;
use obzor::clock::{Clock, Moment};
use obzor::data::{Store, Update};
use obzor::source::{Batch, Polled, Registry, RunningSource, SharedRegistry, Site, SourceError, UpdateSender};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

const NOW: Moment = Moment(1_795_172_712_000);
/// Requests that the servers have: one an hour, back from now.
const REQUESTS: i64 = 2600;

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn site(text: &str) -> Site {
    let region = "[region]\nname = \"r\"\ntime_zone = \"Europe/Moscow\"\n";
    Site::parse(Path::new("site.toml"), &format!("{region}{text}")).unwrap_or_else(|fault| panic!("{fault}"))
}

fn polled(text: &str) -> (Polled, mpsc::Receiver<(u8, Update)>) {
    let mut site = site(text);
    let zone = site.zone();
    let registry: SharedRegistry =
        site.region.take().map(|region| Arc::new(Mutex::new(Registry::new(region, &HashMap::new()))));
    let (sender, receiver) = mpsc::channel(256);
    let table = site.sources.pop().unwrap();
    (Polled::new(table, registry, zone, Clock::standing_at(NOW), UpdateSender::new(0, sender)).unwrap(), receiver)
}

async fn asked(text: &str) -> Result<Batch, SourceError> {
    polled(text).0.ask().await
}

/// A request as most servers send it; every third is closed, ids come as texts.
fn request(number: i64) -> Value {
    let at = |secs: i64| Moment::from_secs(secs).zoned(&TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let received = NOW.secs() - number * 3600;
    let closed = number % 3 == 0;
    json!({
        "service_request_id": format!("R{number}"), "status": if closed { "closed" } else { "open" },
        "service_code": "POTHOLE", "service_name": "Pothole", "description": "Яма, звоните 8 900 123-45-67",
        "requested_datetime": at(received), "updated_datetime": at(received + if closed { 1800 } else { 0 }),
        "expected_datetime": at(received + 86_400), "lat": 58.0, "long": 41.0, "agency_responsible": "Дороги",
    })
}

fn received(request: &Value) -> i64 {
    request["requested_datetime"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second()
}

type Params = Query<HashMap<String, String>>;

/// Those between `start_date` and `end_date`.
fn dated(params: &HashMap<String, String>) -> Vec<Value> {
    let bound = |key: &str, usual: i64| {
        params.get(key).map_or(usual, |text| text.parse::<jiff::Timestamp>().unwrap().as_second())
    };
    let (from, to) = (bound("start_date", 0), bound("end_date", i64::MAX));
    (0..REQUESTS).map(request).filter(|r| (from..to).contains(&received(r))).collect()
}

fn page(rows: &[Value], params: &HashMap<String, String>, page: &str, size: &str) -> Vec<Value> {
    let number = |key: &str, usual: usize| params.get(key).map_or(usual, |n| n.parse().unwrap());
    let size = number(size, 50).min(100);
    rows.iter().skip((number(page, 1) - 1) * size).take(size).cloned().collect()
}

fn xml_of(rows: &[Value]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><service_requests>");
    for row in rows {
        text.push_str("<request>");
        for (key, value) in row.as_object().unwrap() {
            let value = value.as_str().map_or(value.to_string(), str::to_owned);
            text.push_str(&format!("<{key}>{value}</{key}>"));
        }
        text.push_str("</request>");
    }
    text + "</service_requests>"
}

fn source(url: &str, more: &str) -> String {
    format!(
        "[[source]]\nname = \"city\"\nkind = \"open311\"\nurl = \"{url}/\"\nhistory_days = 120\nsectors = {{ POTHOLE = \"roads\" }}\n{more}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn open311_is_read_with_all_its_deviations() {
    let services =
        || async { axum::Json(json!([{ "service_code": "POTHOLE", "service_name": "Pothole", "group": "Roads" }])) };
    // The standard: no paging, a thousand at most.
    let standard =
        Router::new().route("/services.json", get(services)).route(
            "/requests.json",
            get(|Query(params): Params| async move {
                axum::Json(dated(&params).into_iter().take(1000).collect::<Vec<_>>())
            }),
        );
    let xml = Router::new().route(
        "/requests.xml",
        get(|Query(params): Params| async move { xml_of(&dated(&params).into_iter().take(1000).collect::<Vec<_>>()) }),
    );
    // FixMyStreet: wrapped, wants a jurisdiction, sends the requestor's name.
    let wrapped = Router::new().route(
        "/requests.json",
        get(|Query(params): Params| async move {
            if !params.contains_key("jurisdiction_id") {
                return (StatusCode::BAD_REQUEST, "jurisdiction_id?").into_response();
            }
            let mut rows: Vec<Value> = dated(&params).into_iter().take(1000).collect();
            rows.iter_mut().for_each(|r| r["requestor_name"] = json!("Иван Берёзкин"));
            axum::Json(json!({ "service_requests": rows })).into_response()
        }),
    );
    // Mark-a-Spot: 25 a page by limit and offset, 404 where there is nothing.
    let offset = Router::new().route(
        "/requests.json",
        get(|Query(params): Params| async move {
            let number = |key: &str| params.get(key).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
            let rows: Vec<Value> =
                dated(&params).into_iter().skip(number("offset")).take(number("limit").min(25)).collect();
            if rows.is_empty() { StatusCode::NOT_FOUND.into_response() } else { axum::Json(rows).into_response() }
        }),
    );
    // Chicago: pages, times without a zone, notes, items that have no identifier yet.
    let chicago = Router::new().route("/requests.json", get(|Query(params): Params| async move {
        let mut rows = page(&dated(&params), &params, "page", "page_size");
        for row in &mut rows {
            let at = received(row);
            let local = Moment::from_secs(at).zoned(&TimeZone::get("Europe/Moscow").unwrap());
            row["requested_datetime"] = json!(local.strftime("%Y-%m-%dT%H:%M:%S").to_string());
            row["notes"] = json!([{ "datetime": Moment::from_secs(at + 1800).zoned(&TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "summary": "x" }]);
            row["extended_attributes"] = json!({ "a": { "b": 1 } });
        }
        if !rows.is_empty() {
            rows.push(json!({ "token": "t", "service_code": "POTHOLE" }));
        }
        axum::Json(rows)
    }));
    // Finnish servers: a bare array, numbers for identifiers, per_page.
    let finnish = Router::new().route(
        "/requests.json",
        get(|Query(params): Params| async move {
            let mut rows = page(&dated(&params), &params, "page", "per_page");
            rows.iter_mut().for_each(|r| {
                r["service_request_id"] = json!(r["service_request_id"].as_str().unwrap()[1..].parse::<u64>().unwrap())
            });
            let mut headers = HeaderMap::new();
            headers.insert("x-next-page-url", "/requests.json?page=2".parse().unwrap());
            (headers, axum::Json(rows))
        }),
    );
    // One that sends leading zeros, as the standard's own examples do, and says nothing of services.
    let zeros = Router::new().route(
        "/requests.json",
        get(|Query(params): Params| async move {
            let rows: Vec<Value> = dated(&params).into_iter().take(1000).collect();
            serde_json::to_string(&rows)
                .unwrap()
                .replace("\"agency_responsible\"", "\"zipcode\":02139,\"agency_responsible\"")
        }),
    );
    for (name, router, more) in [
        ("standard", standard, ""),
        ("xml", xml, "format = \"xml\""),
        ("wrapped", wrapped, "jurisdiction = \"any\""),
        ("offset", offset, "paging = \"offset\"\npage_size = 25"),
        ("chicago", chicago, "paging = \"page\"\npage_size = 100"),
        ("finnish", finnish, "paging = \"page\"\npage_size = 100\npage_size_name = \"per_page\""),
        ("zeros", zeros, ""),
    ] {
        let url = serve(router).await;
        let (mut polled, _updates) = polled(&source(&url, more));
        let mut batch = polled.ask().await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(batch.whole, "{name}");
        let enrolled = polled.ingest(&mut batch, NOW);
        assert_eq!(enrolled.appeals.len() as i64, REQUESTS, "{name}: {:?}", enrolled.refused);
        assert_eq!(enrolled.refused.total() > 0, name == "chicago", "{name}: {:?}", enrolled.refused);
        for appeal in &enrolled.appeals {
            let hours = (NOW.secs() - i64::from(appeal.received)) / 3600;
            assert_eq!(appeal.received as i64, NOW.secs() - hours * 3600, "{name}");
            assert_eq!(appeal.due, appeal.received + 86_400, "{name}");
            let answered = if hours % 3 == 0 { appeal.received + 1800 } else { u32::MAX };
            assert_eq!(appeal.answered, answered, "{name}");
        }
        let shown = format!("{:?}", enrolled.words);
        assert!(shown.contains("Яма") && !shown.contains("900 123") && !shown.contains("Берёзкин"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn discovery_leads_to_the_production_endpoint() {
    let discovery = Router::new()
        .route(
            "/discovery.json",
            get(|| async {
                axum::Json(json!({ "endpoints": [
                { "specification": "http://wiki.open311.org/GeoReport_v2", "url": "v0/", "type": "test" },
                { "specification": "http://wiki.open311.org/GeoReport_v2", "url": "/v2", "type": "production" } ] }))
            }),
        )
        .route(
            "/v2/requests.json",
            get(|Query(params): Params| async move {
                axum::Json(dated(&params).into_iter().take(1000).collect::<Vec<_>>())
            }),
        );
    let url = serve(discovery).await;
    let text = source(&url, "").replace(&format!("{url}/"), &format!("{url}/discovery.json"));
    assert_eq!(asked(&text).await.unwrap().appeals.len() as i64, REQUESTS);
}

/// Answers that real servers have given.
#[tokio::test(flavor = "multi_thread")]
async fn samples_of_real_servers_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/open311");
    if !folder.exists() {
        eprintln!("SKIPPED: {} is not there", folder.display());
        return;
    }
    for (file, format, expected) in [
        ("open311status/requests_many.xml", "xml", 2),
        ("open311status/requests_single.xml", "xml", 1),
        ("open311status/service_requests.json", "json", 2),
        ("npm-open311/service-requests.xml", "xml", 2),
        ("npm-open311/service-request.xml", "xml", 1),
        ("spec_examples/GET_Service_Requests_0.xml", "xml", 2),
        ("spec_examples/GET_Service_Requests_1.json", "json", 2),
        ("spec_examples/GET_Service_Request_0.xml", "xml", 1),
        ("spec_examples/GET_Service_Request_1.json", "json", 1),
        ("spec_examples/GET_service_request_id_from_a_token_0.xml", "xml", 0),
    ] {
        let body = std::fs::read(folder.join(file)).unwrap();
        // It is the same answer whatever is asked: each of its requests is taken once.
        let answer = move || async move { body };
        let url = serve(Router::new().route(&format!("/requests.{format}"), get(answer))).await;
        let text = source(&url, &format!("format = \"{format}\"\nwindow_days = 90"));
        let (mut polled, _updates) = polled(&text);
        let mut batch = polled.ask().await.unwrap_or_else(|e| panic!("{file}: {e}"));
        let enrolled = polled.ingest(&mut batch, NOW);
        assert!(
            enrolled.appeals.len() >= expected,
            "{file}: {} appeals, {:?}",
            enrolled.appeals.len(),
            enrolled.refused
        );
        assert_eq!(enrolled.appeals.is_empty(), expected == 0, "{file}");
    }
}

const REST: &str = "items = \"$.data[*]\"\nappeal = { key = \"$.id\", received = \"$.at\", topic = \"$.topic.code\", text = \"$.body\" }\n";

fn rest(url: &str, more: &str) -> String {
    format!("[[source]]\nname = \"portal\"\nkind = \"rest\"\nurl = \"{url}/api\"\n{REST}{more}\n")
}

fn items(from: usize, count: usize) -> Value {
    let row = |n| json!({ "id": n, "at": NOW.secs() - n as i64, "topic": { "code": "a" }, "body": "б" });
    (from..from + count).map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_json_is_paged_and_mapped() {
    let number = |params: &HashMap<String, String>, key: &str| params.get(key).and_then(|n| n.parse::<usize>().ok());
    let by_page = get(move |Query(p): Params| async move {
        let page = number(&p, "page").unwrap();
        axum::Json(json!({ "data": items((page - 1) * 10, if page < 4 { 10 } else { 0 }) }))
    });
    let by_offset = get(move |Query(p): Params| async move {
        let from = number(&p, "offset").unwrap();
        axum::Json(json!({ "data": items(from, 10.min(30 - from.min(30))) }))
    });
    let by_cursor = get(move |Query(p): Params| async move {
        let from = number(&p, "cursor").unwrap_or(0);
        let next = (from < 20).then(|| (from + 10).to_string());
        axum::Json(json!({ "data": items(from, 10), "next": next }))
    });
    // A cursor that never ends is followed once, and brings nothing new.
    let endless = get(|| async { axum::Json(json!({ "data": items(0, 10), "next": "same" })) });
    let by_link = get(move |Query(p): Params| async move {
        let from = number(&p, "from").unwrap_or(0);
        let mut headers = HeaderMap::new();
        if from < 20 {
            headers.insert("link", format!("</api?from={}>; rel=\"next\"", from + 10).parse().unwrap());
        }
        (headers, axum::Json(json!({ "data": items(from, 10) })))
    });
    for (name, answer, paging, expected) in [
        ("page", by_page, "paging = { by = \"page\", size = 10 }", 30),
        ("offset", by_offset, "paging = { by = \"offset\", size = 10 }", 30),
        ("cursor", by_cursor, "paging = { by = \"cursor\", next = \"$.next\" }", 30),
        ("endless", endless, "paging = { by = \"cursor\", next = \"$.next\" }", 10),
        ("link", by_link, "paging = { by = \"link\" }", 30),
    ] {
        let url = serve(Router::new().route("/api", answer)).await;
        let batch = asked(&rest(&url, paging)).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(batch.appeals.len(), expected, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wall_says_who_it_is_and_never_what_the_secret_is() {
    let guarded = get(|headers: HeaderMap| async move {
        let auth = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        let key = headers.get("x-api-key").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        let known = auth == "Bearer s3cret" || auth == "Basic dXNlcjpzM2NyZXQ=" || key == "s3cret";
        if known {
            axum::Json(json!({ "data": items(0, 3) })).into_response()
        } else {
            StatusCode::UNAUTHORIZED.into_response()
        }
    });
    let url = serve(Router::new().route("/api", guarded)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "s3cret\n").unwrap();
    let secret = format!("{{ file = \"{}\" }}", file.display());
    for auth in [
        format!("auth = {{ bearer = {secret} }}"),
        format!("auth = {{ basic = {{ user = \"user\", password = {secret} }} }}"),
        format!("auth = {{ header = {{ name = \"x-api-key\", value = {secret} }} }}"),
    ] {
        assert_eq!(asked(&rest(&url, &auth)).await.unwrap().appeals.len(), 3, "{auth}");
    }
    let refused = asked(&rest(&url, "")).await.unwrap_err().to_string();
    assert!(refused.contains("401"), "{refused}");
    let missing = asked(&rest(&url, "auth = { bearer = { env = \"OBZOR_TEST_NO_SUCH_SECRET\" } }")).await.unwrap_err();
    assert!(missing.to_string().contains("OBZOR_TEST_NO_SUCH_SECRET is not set"), "{missing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leads_to_another_host() {
    let other = serve(Router::new().route("/api", get(|| async { axum::Json(json!({ "data": items(0, 5) })) }))).await;
    let to = format!("{other}/api");
    let away = {
        let to = to.clone();
        Router::new().route("/api", get(move || async move { (StatusCode::FOUND, [("location", to)]).into_response() }))
    };
    let url = serve(away).await;
    assert!(asked(&rest(&url, "")).await.is_err(), "a redirect was followed");
    let linked = Router::new().route(
        "/api",
        get(move || async move {
            ([("link", format!("<{to}>; rel=\"next\""))], axum::Json(json!({ "data": items(0, 5) })))
        }),
    );
    let url = serve(linked).await;
    let error = asked(&rest(&url, "paging = { by = \"link\" }")).await.unwrap_err().to_string();
    assert!(error.contains("`hosts`"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_come_from_files_metrics_news_and_alerts() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("points.csv");
    std::fs::write(&csv, "Пункт;Мест\nСеверный;120\nЮжный;80\n").unwrap();
    let text = format!(
        "[[source]]\nname = \"p\"\nkind = \"csv\"\nfile = \"{}\"\ndataset = \"points\"\nfields = {{ name = \"Пункт\", capacity = \"Мест\" }}\n",
        csv.display()
    );
    let (mut polled_csv, _updates) = polled(&text);
    assert_eq!(polled_csv.ask().await.unwrap().tables[0].1.len(), 2);
    std::fs::write(&csv, "Пункт;Мест\nСеверный;120\n").unwrap();
    assert_eq!(polled_csv.ask().await.unwrap().tables[0].1.len(), 1);
    std::fs::write(&csv, "Имя;Мест\nСеверный;120\n").unwrap();
    let error = polled_csv.ask().await.unwrap_err().to_string();
    assert!(error.contains("no column `Пункт`"), "{error}");

    let rss = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title><item><title>&lt;b&gt;Открыт&lt;/b&gt; мост</title><link>http://a/</link></item><item><description> </description></item></channel></rss>";
    let atom = "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title><id>i</id><updated>2026-11-20T10:00:00Z</updated><entry><title>Мост</title><id>1</id><updated>2026-11-20T10:00:00Z</updated></entry></feed>";
    let cap = "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>a</identifier><status>Actual</status><msgType>Alert</msgType><info><event>Ветер</event><area><areaDesc>Север</areaDesc><polygon>55,37 56,37 56,38 55,37</polygon></area></info></alert>";
    let features = json!({ "type": "FeatureCollection", "features": [
        { "type": "Feature", "geometry": { "type": "Point", "coordinates": [41.0, 58.0] }, "properties": { "name": "a" } },
        { "type": "Feature", "geometry": { "type": "Nonsense" }, "properties": {} } ] });
    let metrics = get(|| async {
        axum::Json(
            json!({ "status": "success", "data": { "resultType": "vector", "result": [{ "metric": {}, "value": [1, "5"] }] } }),
        )
    });
    let router = Router::new()
        .route("/rss", get(move || async move { rss }))
        .route("/atom", get(move || async move { atom }))
        .route("/cap", get(move || async move { cap }))
        .route("/features", get(move || async move { axum::Json(features) }))
        .route("/prom/api/v1/query", metrics);
    let url = serve(router).await;
    for (kind, path, more, field, expected) in [
        ("rss", "rss", "dataset = \"news\"", "text", json!("Открыт мост")),
        ("rss", "atom", "dataset = \"news\"", "text", json!("Мост")),
        ("cap", "cap", "", "area", json!("Север")),
        ("geojson", "features", "dataset = \"f\"", "lat", json!(58.0)),
        ("prometheus", "prom/", "queries = [{ dataset = \"m\", query = \"up\" }]", "value", json!(5.0)),
    ] {
        let batch =
            asked(&format!("[[source]]\nname = \"s\"\nkind = \"{kind}\"\nurl = \"{url}/{path}\"\n{more}\n")).await;
        let batch = batch.unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!(batch.tables[0].1.len(), 1, "{path}");
        assert_eq!(batch.tables[0].1[0][field], expected, "{path}");
        assert_eq!(batch.refused.total(), usize::from(matches!(path, "rss" | "features")), "{path}");
    }
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    Stall,
    Reset,
    Half,
    LieAboutLength,
    Gigabyte,
    Drip,
    Nest,
    NestXml,
    Garbage,
    Status(u16),
}

const FAULTS: [Fault; 13] = [
    Fault::Stall,
    Fault::Reset,
    Fault::Half,
    Fault::LieAboutLength,
    Fault::Gigabyte,
    Fault::Drip,
    Fault::Nest,
    Fault::NestXml,
    Fault::Garbage,
    Fault::Status(401),
    Fault::Status(404),
    Fault::Status(429),
    Fault::Status(500),
];

async fn say(stream: &mut tokio::net::TcpStream, text: String) -> std::io::Result<()> {
    stream.write_all(text.as_bytes()).await
}

async fn broken(fault: Fault) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n";
                let _ = match fault {
                    Fault::Stall => {
                        tokio::time::sleep(Duration::from_secs(3600)).await;
                        Ok(())
                    }
                    Fault::Reset => Ok(()),
                    Fault::Half => say(&mut stream, format!("{head}content-length: 1000\r\n\r\n[{{\"id\":")).await,
                    Fault::LieAboutLength => {
                        say(&mut stream, format!("{head}content-length: 99999999999999\r\n\r\n[]")).await
                    }
                    Fault::Gigabyte => {
                        let _ = say(&mut stream, format!("{head}\r\n[")).await;
                        let chunk = vec![b' '; 1 << 20];
                        while stream.write_all(&chunk).await.is_ok() {}
                        Ok(())
                    }
                    Fault::Drip => {
                        let _ = say(&mut stream, format!("{head}\r\n[")).await;
                        while stream.write_all(b" ").await.is_ok() {
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                        Ok(())
                    }
                    Fault::Nest => say(&mut stream, format!("{head}\r\n{}", "[".repeat(100_000))).await,
                    Fault::NestXml => say(&mut stream, format!("{head}\r\n{}", "<a>".repeat(100_000))).await,
                    Fault::Garbage => say(&mut stream, format!("{head}\r\n\u{0}\u{1}\u{2}<>{{}}")).await,
                    Fault::Status(code) => say(
                        &mut stream,
                        format!(
                            "HTTP/1.1 {code} X\r\nretry-after: 7\r\nconnection: close\r\ncontent-length: 4\r\n\r\nsorry"
                        ),
                    )
                    .await,
                };
            });
        }
    });
    url
}

/// Whatever a server does, each kind ends with an error, soon, and without the memory of its answer.
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_survives_every_fault() {
    for fault in FAULTS {
        let url = broken(fault).await;
        let common = format!("url = \"{url}/\"\npatience_secs = 0.3\nmost_mib = 2\n");
        let mut tasks = Vec::new();
        for (kind, more) in [
            ("open311", ""),
            ("rest", REST),
            ("geojson", "dataset = \"x\""),
            ("csv", "dataset = \"x\"\nfields = { a = \"a\" }"),
            ("prometheus", "queries = [{ dataset = \"m\", query = \"up\" }]"),
            ("rss", "dataset = \"x\""),
            ("cap", ""),
            ("camera", "picture = \"x\""),
        ] {
            let text = format!("[[source]]\nname = \"s\"\nkind = \"{kind}\"\n{common}{more}\n");
            tasks.push(tokio::spawn(async move {
                let began = Instant::now();
                let result = asked(&text).await;
                (kind, result, began.elapsed())
            }));
        }
        for task in tasks {
            let (kind, result, took) = task.await.unwrap();
            // A server that answers 404 has nothing, by Open311.
            let nothing = kind == "open311" && matches!(fault, Fault::Status(404));
            assert_eq!(result.is_ok(), nothing, "{kind} on {fault:?}: {:?}", result.map(|b| b.came));
            assert!(took < Duration::from_secs(20), "{kind} on {fault:?} took {took:?}");
        }
    }
    let url = broken(Fault::Status(429)).await;
    let error = asked(&rest(&url, "patience_secs = 1")).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

/// A camera's picture: one that is asked for, and the first of those that come without end; a page that is none.
#[tokio::test(flavor = "multi_thread")]
async fn cameras_are_seen() {
    use axum::body::{Body, Bytes};
    use axum::http::header::CONTENT_TYPE;
    let encoded = |width: u32| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(width, 40, image::Rgb([200, 90, 30]))
            .write_to(&mut bytes, image::ImageFormat::Jpeg)
            .unwrap();
        bytes.into_inner()
    };
    let (small, wide) = (encoded(64), encoded(2400));
    let part = [b"--frame\r\nContent-Type: image/jpeg\r\n\r\n".as_slice(), &small, b"\r\n"].concat();
    let endless = move || {
        let parts = futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(Bytes::from(part.clone())));
        ([(CONTENT_TYPE, "multipart/x-mixed-replace; boundary=frame")], Body::from_stream(parts))
    };
    let router = Router::new()
        .route("/one.jpg", get(move || async move { ([(CONTENT_TYPE, "image/jpeg")], wide.clone()) }))
        .route("/all.mjpeg", get(move || async move { endless() }))
        .route("/page", get(|| async { "<html>no camera</html>" }));
    let url = serve(router).await;
    let camera = |path: &str| {
        format!("[[source]]\nname = \"square\"\nkind = \"camera\"\nurl = \"{url}/{path}\"\npicture = \"square\"\n")
    };
    for (path, size) in [("one.jpg", (1920, 32)), ("all.mjpeg", (64, 40))] {
        let (mut source, mut updates) = polled(&camera(path));
        let batch = source.ask().await.unwrap();
        let (name, picture) = &batch.pictures[0];
        assert_eq!((name.as_str(), (picture.width, picture.height)), ("square", size), "{path}");
        // It reaches the store, with its age.
        let running = tokio::spawn(async move { obzor::source::RunningSource::run(&mut source, || {}).await });
        let mut store = obzor::data::Store::new();
        while !store.snapshot().pictures.contains_key("square") {
            let (number, update) = updates.recv().await.unwrap();
            store.apply_from(number, update, NOW);
        }
        assert_eq!(store.snapshot().dataset_freshness["square"].data_until, NOW);
        running.abort();
    }
    let said = asked(&camera("page")).await.unwrap_err().to_string();
    assert!(said.contains("this is a web page: pictures are PNG or JPEG"), "{said}");
}

/// Two sources in one store: their dictionaries are one, their appeals are told apart.
#[tokio::test(flavor = "multi_thread")]
async fn several_sources_feed_one_store() {
    let url = serve(Router::new().route("/api", get(|| async { axum::Json(json!({ "data": items(0, 20) })) }))).await;
    let mut site = site(&(rest(&url, "") + &rest(&url, "").replace("\"portal\"", "\"second\"")));
    let registry: SharedRegistry =
        site.region.take().map(|region| Arc::new(Mutex::new(Registry::new(region, &HashMap::new()))));
    let (sender, mut updates) = mpsc::channel(256);
    let clock = Clock::standing_at(NOW);
    for (number, table) in site.sources.into_iter().enumerate() {
        let outlet = UpdateSender::new(number as u8, sender.clone());
        let mut source = Polled::new(table, registry.clone(), TimeZone::UTC, clock.clone(), outlet).unwrap();
        source.load_once().await.unwrap();
    }
    drop(sender);
    let mut store = Store::new();
    while let Some((source, update)) = updates.recv().await {
        store.apply_from(source, update, NOW);
    }
    let snapshot = store.snapshot();
    assert_eq!((snapshot.len(), snapshot.latest.len(), snapshot.words.len()), (40, 40, 40));
    assert_eq!(snapshot.region.unwrap().dictionaries.topics.len(), 1);
}

/// Real boundaries become a pack; appeals on their land are assigned to it by place, on borders to one.
#[test]
fn real_boundaries_are_imported_and_every_appeal_finds_its_municipality() {
    use geo::{BoundingRect, Contains, Point};
    use obzor::data::Locator;
    use obzor::data::region::Boundaries;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/geo/moscow_oblast_municipal.geojson");
    if !file.exists() {
        eprintln!("SKIPPED: {} is not there", file.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("region.geojson");
    let aliases = folder.path().join("aliases.toml");
    std::fs::write(&aliases, "\"Загорск\" = \"Сергиево-Посадский\"\n\"Нигде\" = \"Никакой\"\n").unwrap();
    let wrong = std::process::Command::new(env!("CARGO_BIN_EXE_obzor"))
        .args(["region", "import", "--name-field", "nope", "--out"])
        .arg(&pack)
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(wrong.status.code() == Some(1) && said.contains("`district`") && !pack.exists(), "{said}");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_obzor"))
        .args(["region", "import", "--name-field", "district", "--aliases"])
        .arg(&aliases)
        .arg("--out")
        .arg(&pack)
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        said.contains("60 municipalities") && said.contains("Сергиево-Посадский") && said.contains("Никакой"),
        "{said}"
    );
    let original = Boundaries::from_geojson(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let boundaries = Boundaries::from_geojson(&std::fs::read_to_string(&pack).unwrap()).unwrap();
    assert_eq!(boundaries.aliases["Загорск"], "Сергиево-Посадский");
    assert_eq!(boundaries.scales.len(), 3);
    let locator = Locator::new(&boundaries);
    let mut draw = 3_u64;
    let mut unit = || {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draw >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut assigned = 0;
    for (at, municipality) in original.municipalities.iter().enumerate() {
        let extent = municipality.land.bounding_rect().unwrap();
        for _ in 0..200 {
            let point = Point::new(extent.min().x + unit() * extent.width(), extent.min().y + unit() * extent.height());
            if municipality.land.contains(&point) {
                assert_eq!(locator.municipality_at(point), Some(at), "{point:?} in {}", municipality.name);
                assigned += 1;
            }
        }
        // A point of the border itself belongs to one of its neighbours, the first in the file.
        let corner = Point::from(municipality.land.0[0].exterior().0[0]);
        assert!(locator.municipality_at(corner).is_some_and(|found| found <= at), "{}", municipality.name);
    }
    assert!(assigned > 4000, "{assigned}");
}

#[test]
fn a_source_is_tried_out_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("a.csv"),
        "id,at,text\n1,2026-11-20,\"Нет света, звоните 8 900 123-45-67\"\n,2026-11-20,x\n",
    )
    .unwrap();
    let file = folder.path().join("site.toml");
    std::fs::write(&file, "[region]\nname = \"r\"\ntime_zone = \"Europe/Moscow\"\n[[source]]\nname = \"table\"\nkind = \"csv\"\nfile = \"a.csv\"\nappeal = { key = \"id\", received = \"at\", text = \"text\" }\n").unwrap();
    let run = |path: &Path| {
        std::process::Command::new(env!("CARGO_BIN_EXE_obzor")).args(["source", "test"]).arg(path).output().unwrap()
    };
    let output = run(&file);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    for words in ["2 rows", "appeals   1", "set aside 1: no identifier", "Нет света", "•••"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("900"), "{said}");
    std::fs::remove_file(folder.path().join("a.csv")).unwrap();
    assert_eq!(run(&file).status.code(), Some(1));
}
