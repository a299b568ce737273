//! Kinds of faults that a wall met in the field, each with the right value; `docs/field.md` lists them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Query as Params;
use axum::routing::get;
use obzor::clock::{Clock, Moment};
use obzor::compose::Composer;
use obzor::data::filter::FilterSpec;
use obzor::data::measure::{Answer, Compare, Filter, Measure, Metric, Period, Query, answer};
use obzor::data::{Appeal, NEVER, Revision, Snapshot, Store, UNKNOWN, Update, numbered};
use obzor::language::Lang;
use obzor::layout::{Catalogue, parse};
use obzor::privacy::Audience;
use obzor::scene::{Primitive, Scene};
use obzor::source::{Batch, Ingested, Polled, Registry, SharedRegistry, Site, SourceError, UpdateSender};
use obzor::state::{Claim, Command, Layer, Show, State, apply};
use obzor::wall::Wall;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// 2026-11-20T14:05:12 in Moscow.
const NOW: Moment = Moment(1_795_172_712_000);
const REGION: &str = "[region]\nname = \"r\"\ntime_zone = \"Europe/Moscow\"\n";

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// The sources of a site with the registry that they share.
fn sources(path: &Path, text: &str) -> (Vec<Polled>, SharedRegistry, mpsc::Receiver<(u8, Update)>) {
    let mut site = Site::parse(path, text).unwrap_or_else(|fault| panic!("{fault}"));
    let zone = site.zone();
    let aliases = site.aliases.clone();
    let registry: SharedRegistry =
        site.region.take().map(|region| Arc::new(Mutex::new(Registry::new(region, &aliases))));
    let (sender, receiver) = mpsc::channel(256);
    let polled = (0..).zip(site.sources).map(|(number, table)| {
        let outlet = UpdateSender::new(number, sender.clone());
        Polled::new(table, registry.clone(), zone.clone(), Clock::standing_at(NOW), outlet).unwrap()
    });
    (polled.collect(), registry, receiver)
}

async fn asked(text: &str) -> Result<(Batch, Polled), SourceError> {
    let (mut polled, ..) = sources(Path::new("site.toml"), &format!("{REGION}{text}"));
    let mut source = polled.pop().unwrap();
    Ok((source.ask().await?, source))
}

async fn enrolled(text: &str) -> Ingested {
    let (mut batch, mut source) = asked(text).await.unwrap();
    source.ingest(&mut batch, NOW)
}

fn rest(url: &str, more: &str) -> String {
    format!("[[source]]\nname = \"s\"\nkind = \"rest\"\nurl = \"{url}/api\"\nitems = \"$.data[*]\"\n{more}\n")
}

/// A store with what a site's sources bring at once.
async fn loaded(folder: &Path, text: &str) -> Store {
    let (polled, registry, _) = sources(&folder.join("site.toml"), &format!("{REGION}{text}"));
    let mut store = Store::new();
    for (number, mut source) in (0..).zip(polled) {
        source
            .untold()
            .into_iter()
            .for_each(|untold| _ = store.apply_from(number, Update::UnreportedFields(untold), NOW));
        let mut batch = source.ask().await.unwrap();
        for table in source.tables(&mut batch) {
            store.apply_from(number, Update::Dataset(Arc::new(table), NOW), NOW);
        }
        let enrolled = source.ingest(&mut batch, NOW);
        if !enrolled.appeals.is_empty() {
            store.apply_from(number, Update::StartOver, NOW);
            store.apply_from(number, Update::Appeals(enrolled.appeals), NOW);
            store.apply_from(number, Update::Complete(NOW), NOW);
            store.apply_from(number, Update::MaskedTexts(enrolled.words), NOW);
        }
    }
    let region = registry.unwrap().lock().unwrap().news().unwrap();
    store.apply(Update::Region(region), NOW);
    store
}

fn figure(snapshot: &Snapshot, metric: Metric, period: Period) -> Option<f64> {
    let query = Query::Value(Measure::Metric(metric), period, Compare::YearAgo, Filter::default());
    match answer(snapshot, &query, NOW) {
        Some(Answer::Figure(figure)) => figure.now,
        _ => None,
    }
}

fn wall(audience: Audience) -> Wall {
    let text = "name = \"w\"\nviewing_distance_m = 1.2\n\
                grid = { columns = 1, rows = 1, pixels = [1920, 1080], size_mm = [1209.6, 680.4] }\n";
    let mut wall = obzor::wall::parse(Path::new("wall.toml"), text).unwrap();
    wall.outputs[0].audience = audience;
    wall
}

/// A layout composed with the measures that it asks for.
struct Shows {
    catalogue: Catalogue,
    state: State,
    composer: Composer,
    revision: Revision,
}

impl Shows {
    fn new(layout: &str, snapshot: Snapshot, now: Moment) -> Self {
        let layout = parse(Path::new("layout.toml"), layout, None).unwrap_or_else(|fault| panic!("{fault}"));
        let queries = snapshot.region.as_ref().map_or(Vec::new(), |region| layout.queries(&region.dictionaries));
        let revision = Revision::default().next(snapshot, &queries, now);
        let mut catalogue = Catalogue::default();
        let state = State::new(catalogue.put("l", layout), Lang::Ru);
        Self { catalogue, state, composer: Composer::default(), revision }
    }

    fn on(&mut self, wall: &Wall, now: Moment) -> Scene {
        self.composer.compose(&self.state, &self.catalogue, &self.revision, wall, now).scene
    }
}

fn texts(scene: &Scene) -> Vec<String> {
    let layers = scene.groups.iter().flat_map(|group| &group.layers);
    let primitives = layers.flat_map(|layer| layer.content.primitives.iter());
    let words = primitives.filter_map(|primitive| match primitive {
        Primitive::Text { run, .. } if !run.is_icon() => Some(run.text.clone()),
        _ => None,
    });
    words.collect()
}

fn one_panel(panel: &str) -> String {
    format!(
        "name = \"l\"\ngrid = {{ columns = 1, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.{panel}\n"
    )
}

fn appeal(id: u64, received: i64) -> Appeal {
    Appeal {
        id,
        received: received as u32,
        first_reply: UNKNOWN,
        answered: NEVER,
        accepted: UNKNOWN,
        due: UNKNOWN,
        lon_e6: 0,
        lat_e6: 0,
        topic: 0,
        municipality: u16::MAX,
        agency: u16::MAX,
        channel: u8::MAX,
        moves: 0,
        rating: 0,
        repeat: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sources_stand_together_and_what_nobody_tells_spoils_no_median() {
    let folder = tempfile::tempdir().unwrap();
    let csv = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    csv("a.csv", "id;date;answered\n1;20.11.2026 08:00;20.11.2026 13:00\n2;18.11.2026 08:00;20.11.2026 12:00\n");
    csv(
        "b.csv",
        "id;date;reply;answered\nb1;20.11.2026 11:50;20.11.2026 13:50;\nb2;20.11.2026 08:00;20.11.2026 14:00;\n",
    );
    let text = "[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a.csv\"\nappeal = { key = \"id\", received = \"date\", answered = \"answered\" }\n\
                [[source]]\nname = \"b\"\nkind = \"csv\"\nfile = \"b.csv\"\n\
                appeal = { key = \"id\", received = \"date\", first_reply = \"reply\", answered = \"answered\" }\n";
    let snapshot = loaded(folder.path(), text).await.snapshot();
    let times: Vec<u32> = snapshot.latest.iter().map(|arrival| arrival.appeal.received).collect();
    assert_eq!(times.len(), 4);
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "{times:?}");
    // Replies after two and six hours; the answers of the first source, after 5 and 52, are no first replies.
    assert_eq!(figure(&snapshot, Metric::FirstReplyHours, Period::Today), Some(4.0));
    assert_eq!(figure(&snapshot, Metric::Resolved, Period::Today), Some(2.0));
    // Nobody tells when anything is due: nothing is known to be late, and nothing to be in time.
    for metric in [Metric::Overdue, Metric::OverdueShare, Metric::OnTimeShare, Metric::ClosedLate, Metric::Accepted] {
        assert_eq!(figure(&snapshot, metric, Period::Today), None, "{metric:?}");
    }
    assert_eq!(figure(&snapshot, Metric::InWork, Period::Now), Some(2.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_does_not_tell_answers_has_nothing_in_work() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "id;date\n1;20.11.2026 08:00\n").unwrap();
    let text =
        "[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a.csv\"\nappeal = { key = \"id\", received = \"date\" }\n";
    let snapshot = loaded(folder.path(), text).await.snapshot();
    assert_eq!(figure(&snapshot, Metric::Received, Period::Today), Some(1.0));
    assert_eq!(figure(&snapshot, Metric::InWork, Period::Now), None);
    let mut shows = Shows::new(&one_panel("deadlines = {}"), snapshot, NOW);
    let said = texts(&shows.on(&wall(Audience::Public), NOW)).join("\n");
    assert!(said.contains("не сообщают") && !said.contains("ничего нет"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_some_time_are_in_no_period() {
    let folder = tempfile::tempdir().unwrap();
    let rows =
        "id;date;due;s\n1;18.11.2026 08:00;19.11.2026 08:00;Решено\n2;20.11.2026 09:00;25.11.2026 09:00;В работе\n";
    std::fs::write(folder.path().join("a.csv"), rows).unwrap();
    let text = "[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a.csv\"\n\
                appeal = { key = \"id\", received = \"date\", due = \"due\", status = \"s\" }\n";
    let snapshot = loaded(folder.path(), text).await.snapshot();
    assert_eq!(figure(&snapshot, Metric::InWork, Period::Now), Some(1.0));
    assert_eq!(figure(&snapshot, Metric::Overdue, Period::Now), Some(0.0));
    for metric in [Metric::Resolved, Metric::ClosedLate, Metric::OnTimeShare] {
        assert_eq!(figure(&snapshot, metric, Period::Days7), None, "{metric:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_source_maps_is_unknown_and_not_none() {
    let folder = tempfile::tempdir().unwrap();
    let csv = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    csv("a.csv", "id;date;done\n1;20.11.2026 08:00;\n2;20.11.2026 09:00;\n");
    csv("b.csv", "id;date;done;of;moved;by\n3;20.11.2026 10:00;;1;2;portal\n4;20.11.2026 11:00;;;0;portal\n");
    let a = "[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a.csv\"\n\
             appeal = { key = \"id\", received = \"date\", answered = \"done\" }\n";
    let b = "[[source]]\nname = \"b\"\nkind = \"csv\"\nfile = \"b.csv\"\n\
             appeal = { key = \"id\", received = \"date\", answered = \"done\", repeat = \"of\", moves = \"moved\", channel = \"by\" }\n";
    let by_portal = |snapshot: &Snapshot| {
        let dictionaries = &snapshot.region.as_ref().unwrap().dictionaries;
        let spec = FilterSpec { channel: Some("portal".to_owned()), ..FilterSpec::default() };
        let query = Query::Value(Metric::Received.into(), Period::Today, Compare::YearAgo, spec.resolve(dictionaries));
        let Some(Answer::Figure(figure)) = answer(snapshot, &query, NOW) else { panic!() };
        figure.now
    };
    let alone = loaded(folder.path(), a).await.snapshot();
    for metric in [Metric::Repeats, Metric::RepeatShare, Metric::Postponed, Metric::PostponedShare, Metric::Moves] {
        let period = if metric.is_stock() { Period::Now } else { Period::Today };
        assert_eq!(figure(&alone, metric, period), None, "{metric:?}");
    }
    assert_eq!((figure(&alone, Metric::Received, Period::Today), by_portal(&alone)), (Some(2.0), None));
    let mut shows = Shows::new(&one_panel("flow = { from = \"channel\", to = \"agency\" }"), alone, NOW);
    let said = texts(&shows.on(&wall(Audience::Public), NOW)).join("\n");
    assert!(said.contains("не сообщают каналов") && !said.contains("Обращений нет"), "{said}");
    let both = loaded(folder.path(), &format!("{a}{b}")).await.snapshot();
    assert_eq!(figure(&both, Metric::Repeats, Period::Today), Some(1.0));
    assert_eq!(figure(&both, Metric::Postponed, Period::Now), Some(1.0));
    assert_eq!(by_portal(&both), Some(2.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_status_end_requests_and_unknown_ones_are_named() {
    let words = ["open", "Closed", "resolved", "Archived", "fixed - council", "duplicate", "no further action", "s7"];
    let rows: Vec<Value> = words
        .iter()
        .enumerate()
        .map(|(at, word)| {
            json!({ "service_request_id": at, "status": word, "service_code": "r", "requested_datetime": "2026-11-19T09:00:00Z",
                    "updated_datetime": "2026-11-19T19:00:00Z" })
        })
        .collect();
    let url = serve(Router::new().route("/requests.json", get(move || async move { axum::Json(rows) }))).await;
    let source = |more: &str| {
        format!("[[source]]\nname = \"c\"\nkind = \"open311\"\nurl = \"{url}/\"\nhistory_days = 20\n{more}\n")
    };
    let found = enrolled(&source("")).await;
    let open = |found: &Ingested| found.appeals.iter().filter(|a| a.answered == NEVER).count();
    assert_eq!((found.appeals.len(), open(&found)), (8, 2));
    let noted: Vec<&str> = found.noted.reasons().map(|(reason, ..)| reason).collect();
    assert!(noted.iter().any(|reason| reason.contains("«s7»")), "{noted:?}");
    // Nothing told when they were replied to.
    assert!(found.appeals.iter().all(|a| a.first_reply == UNKNOWN));
    let found = enrolled(&source("statuses = { s7 = \"rejected\" }")).await;
    assert_eq!((open(&found), found.noted.reasons().filter(|(r, ..)| r.contains("s7")).count()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_are_words_for_any_kind_of_source() {
    let rows = json!({ "data": [
        { "id": 1, "at": "2026-11-19T09:00:00Z", "s": "Решено", "done": "2026-11-19T12:00:00Z" },
        { "id": 2, "at": "2026-11-19T09:00:00Z", "s": "в работе" },
        { "id": 3, "at": "2026-11-19T09:00:00Z", "s": "отклонено" },
    ] });
    let url = serve(Router::new().route("/api", get(move || async move { axum::Json(rows) }))).await;
    let map = "appeal = { key = \"$.id\", received = \"$.at\", answered = \"$.done\", status = \"$.s\", due_days = 3 }";
    let found = enrolled(&rest(&url, map)).await;
    let mut answered: Vec<u32> = found.appeals.iter().map(|a| a.answered).collect();
    answered.sort_unstable();
    assert_eq!(answered, [obzor::data::SOME_TIME, 1_795_089_600, NEVER]);
    assert!(found.appeals.iter().all(|a| a.due == a.received + 3 * 86_400));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_a_good_answer_is_no_empty_list() {
    for (body, is_empty) in [
        (json!({ "success": false, "error": "token expired" }), false),
        (json!({ "error": "x", "data": null }), false),
        (json!({ "data": [] }), true),
        (json!({ "data": [], "error": null }), true),
    ] {
        let told = body.clone();
        let url = serve(Router::new().route("/api", get(move || async move { axum::Json(body) }))).await;
        for more in ["appeal = { key = \"$.id\", received = \"$.t\" }", "dataset = \"t\""] {
            assert_eq!(asked(&rest(&url, more)).await.is_ok(), is_empty, "{told}");
        }
    }
    // Open311's own way of saying it, and a page that asks for a password.
    for (body, word) in [
        ("[{\"code\":404,\"description\":\"no such api\"}]", "no such api"),
        ("<!DOCTYPE html><html><body>Please log in</body></html>", "a web page came"),
    ] {
        let url = serve(Router::new().route("/requests.json", get(move || async move { body }))).await;
        let source = format!("[[source]]\nname = \"c\"\nkind = \"open311\"\nurl = \"{url}/\"\n");
        let error = asked(&source).await.err().unwrap().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_end_where_nothing_new_comes() {
    const ROWS: usize = 230;
    let asked_for = Arc::new(AtomicUsize::new(0));
    let server = |obeys: bool| {
        let count = asked_for.clone();
        let answer = move |Params(params): Params<HashMap<String, String>>| {
            let count = count.clone();
            async move {
                count.fetch_add(1, Ordering::Relaxed);
                let page: usize = params.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
                // It caps pages at 50 rows, whatever is asked for.
                let from = if obeys { (page - 1) * 50 } else { 0 };
                let rows: Vec<Value> = (from..(from + 50).min(ROWS))
                    .map(|n| {
                        json!({ "id": n, "service_request_id": n, "t": "2026-11-19T09:00:00Z",
                                     "requested_datetime": "2026-11-19T09:00:00Z", "status": "open" })
                    })
                    .collect();
                axum::Json(json!({ "data": rows, "service_requests": rows }))
            }
        };
        Router::new().route("/api", get(answer.clone())).route("/requests.json", get(answer))
    };
    for (obeys, expected, requests) in [(true, ROWS, 6), (false, 50, 2)] {
        let url = serve(server(obeys)).await;
        let paged = "paging = { by = \"page\", size = 200 }\nappeal = { key = \"$.id\", received = \"$.t\" }";
        let open311 = format!(
            "[[source]]\nname = \"c\"\nkind = \"open311\"\nurl = \"{url}/\"\npaging = \"page\"\npage_size = 200\n"
        );
        for (kind, source, extra) in [("rest", rest(&url, paged), 0), ("open311", open311, 1)] {
            asked_for.store(0, Ordering::Relaxed);
            assert_eq!(enrolled(&source).await.appeals.len(), expected, "{kind}");
            // The services' list is asked for by Open311, and answered 404 here.
            let asked = asked_for.load(Ordering::Relaxed);
            assert!((requests..=requests + extra).contains(&asked), "{kind}: {asked}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_beyond_the_limits_is_credited_to_nobody() {
    let rows: Vec<Value> = (0..5000)
        .map(|n| json!({ "id": n, "t": "2026-11-19T09:00:00Z", "ag": format!("Отдел {n}"), "ch": format!("канал-{n}"), "to": format!("Тема {n}"), "se": format!("сфера-{n}") }))
        .collect();
    let body = json!({ "data": rows });
    let url = serve(Router::new().route("/api", get(move || async move { axum::Json(body) }))).await;
    let map = "appeal = { key = \"$.id\", received = \"$.t\", agency = \"$.ag\", channel = \"$.ch\", topic = \"$.to\", sector = \"$.se\" }";
    let found = enrolled(&rest(&url, map)).await;
    assert_eq!(found.appeals.len(), 5000);
    let most = |of: fn(&Appeal) -> u16| {
        let mut counts: HashMap<u16, usize> = HashMap::new();
        found.appeals.iter().for_each(|a| *counts.entry(of(a)).or_default() += 1);
        let unknown = [u16::MAX, u16::from(u8::MAX)];
        counts.into_iter().filter(|(key, _)| !unknown.contains(key)).map(|(_, count)| count).max().unwrap()
    };
    assert_eq!([most(|a| a.agency), most(|a| u16::from(a.channel)), most(|a| a.topic)], [1, 1, 1]);
    for word in ["executors", "channels", "topics", "sectors"] {
        assert!(found.noted.reasons().any(|(reason, ..)| reason.contains(word)), "{word}");
    }
    // A channel that is not told is none, the portal least of all.
    let body = json!({ "data": [{ "id": 1, "t": "2026-11-19T09:00:00Z" }] });
    let url = serve(Router::new().route("/api", get(move || async move { axum::Json(body) }))).await;
    let found = enrolled(&rest(&url, "appeal = { key = \"$.id\", received = \"$.t\" }")).await;
    assert_eq!((found.appeals[0].channel, found.appeals[0].agency), (u8::MAX, u16::MAX));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_came_in_rows_are_masked_and_passers_by_see_none() {
    let folder = tempfile::tempdir().unwrap();
    let csv = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    csv(
        "a.csv",
        "id;date;text;topic;agency;channel;m\n1;20.11.2026 13:00;Мужчина пьёт;Сосед Иванов Пётр Сергеевич шумит;исп. Сидорова Анна Павловна;почта ivanov@mail.ru;Иванов Иван Иванович\n\
         2;20.11.2026 13:30;Текст;Тема тел 89161234567;ООО «Ромашка»;portal;Альфа\n",
    );
    csv("t.csv", "name;text;time\nЖалоба;Сын соседки болен;26.11.2026 10:00\n");
    let text = "[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a.csv\"\n\
                appeal = { key = \"id\", received = \"date\", text = \"text\", topic = \"topic\", agency = \"agency\", channel = \"channel\", municipality = \"m\" }\n\
                [[source]]\nname = \"t\"\nkind = \"csv\"\nfile = \"t.csv\"\ndataset = \"complaints\"\n";
    let snapshot = loaded(folder.path(), text).await.snapshot();
    let kept = serde_json::to_string(&snapshot.region.as_ref().unwrap().dictionaries).unwrap();
    for secret in ["Иванов", "Сидорова", "mail.ru", "8916"] {
        assert!(!kept.contains(secret), "{secret}: {kept}");
    }
    let panels = [
        "feed = {}",
        "feed = { dataset = \"complaints\" }",
        "table = { dataset = \"complaints\", title = \"Т\", columns = [{ field = \"name\" }, { field = \"text\" }] }",
        "ticker = { dataset = \"complaints\" }",
        "bars = { metric = \"received\", by = \"agency\", period = \"today\" }",
        "bars = { metric = \"received\", by = \"topic\", period = \"today\" }",
        "bars = { metric = \"received\", by = \"channel\", period = \"today\" }",
        "ranking = { metric = \"received\", period = \"today\" }",
    ];
    let mut said = String::new();
    for panel in panels {
        let mut shows = Shows::new(&one_panel(panel), snapshot.clone(), NOW);
        let open = texts(&shows.on(&wall(Audience::Public), NOW)).join("\n");
        for secret in ["Иванов", "Сидорова", "mail.ru", "8916"] {
            assert!(!open.contains(secret), "{panel}: {open}");
        }
        said.push_str(&open);
        // The wall's file is saved with a stricter audience: the same revision is painted anew.
        let strict = texts(&shows.on(&wall(Audience::NoText), NOW)).join("\n");
        for word in ["Жалоба", "Сын", "Мужчина", "Ромашка", "шумит", "Тема тел", "Альфа", "исп.", "почта"]
        {
            assert!(!strict.contains(word), "{panel}: {strict}");
        }
    }
    assert!(said.contains("Ромашка") && said.contains("Жалоба"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_table_is_stale_in_a_group_too() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), "name;value\nа;1\n").unwrap();
    std::fs::write(folder.path().join("a.csv"), "id;date\n1;20.11.2026 13:00\n").unwrap();
    let text = "[[source]]\nname = \"t\"\nkind = \"csv\"\nfile = \"t.csv\"\ndataset = \"t\"\n\
                [[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a.csv\"\nappeal = { key = \"id\", received = \"date\" }\n";
    let mut store = loaded(folder.path(), text).await;
    let later = NOW.plus_millis(3_600_000);
    store.apply_from(1, Update::Heartbeat(later), later);
    let table = "table = { dataset = \"t\", title = \"Т\", columns = [{ field = \"name\" }] }";
    let alone = one_panel(table);
    let grouped = one_panel(&format!("group = {{ show = \"first\", panels = [{{ {table} }}, {{ clock = {{}} }}] }}"));
    let beside = one_panel(
        "kpi = { cells = [{ dataset = \"t\", name = \"Т\" }, { metric = \"received\", period = \"24-hours\" }] }",
    );
    for layout in [alone, grouped, beside] {
        let mut shows = Shows::new(&layout, store.snapshot(), later);
        let said = texts(&shows.on(&wall(Audience::Public), later)).join("\n");
        assert!(said.contains("14:05"), "{layout}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn outages_stand_on_the_map_by_area_by_point_and_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let square =
        |west: f64| json!([[[west, 55.0], [west + 0.2, 55.0], [west + 0.2, 55.1], [west, 55.1], [west, 55.0]]]);
    let land = json!({ "type": "FeatureCollection", "features": [
        { "type": "Feature", "properties": { "name": "Альфа" }, "geometry": { "type": "Polygon", "coordinates": square(40.0) } },
        { "type": "Feature", "properties": { "name": "Бета" }, "geometry": { "type": "Polygon", "coordinates": square(40.2) } },
    ] });
    std::fs::write(folder.path().join("region.geojson"), land.to_string()).unwrap();
    let outages = json!({ "type": "FeatureCollection", "features": [
        { "type": "Feature", "properties": { "name": "район", "houses": "12" }, "geometry": { "type": "Polygon", "coordinates": square(40.05) } },
        { "type": "Feature", "properties": { "name": "точка", "houses": 7 }, "geometry": { "type": "Point", "coordinates": [40.3, 55.05] } },
    ] });
    std::fs::write(folder.path().join("o.geojson"), outages.to_string()).unwrap();
    std::fs::write(folder.path().join("o.csv"), "municipality;houses\nг.о. Бета;31\nГамма;5\n").unwrap();
    std::fs::write(folder.path().join("a.csv"), "id;date\n1;20.11.2026 13:00\n").unwrap();
    let region = REGION.replace("[region]\n", "[region]\nboundaries = \"region.geojson\"\n");
    let tail =
        "[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a.csv\"\nappeal = { key = \"id\", received = \"date\" }\n";
    let icons = |scene: &Scene| {
        let layers =
            scene.groups.iter().flat_map(|group| &group.layers).flat_map(|layer| layer.content.primitives.iter());
        let icon = obzor::scene::icon_named("plugs", true);
        let sign = icon.character.to_string();
        layers.filter(|p| matches!(p, Primitive::Text { run, .. } if run.is_icon() && run.text == sign)).count()
    };
    for (file, kind, signs, words) in [("o.geojson", "geojson", 2, vec!["7"]), ("o.csv", "csv", 1, vec!["31"])] {
        let text = format!(
            "{region}[[source]]\nname = \"o\"\nkind = \"{kind}\"\nfile = \"{file}\"\ndataset = \"outages\"\n{tail}"
        );
        let (polled, registry, _) = sources(&folder.path().join("site.toml"), &text);
        let mut store = Store::new();
        for (number, mut source) in (0..).zip(polled) {
            let mut batch = source.ask().await.unwrap();
            for table in source.tables(&mut batch) {
                store.apply_from(number, Update::Dataset(Arc::new(table), NOW), NOW);
            }
            if kind == "csv" && number == 0 {
                assert_eq!(batch.noted.total(), 1, "the name that is none of the region's is said");
            }
        }
        store.apply(Update::Region(registry.unwrap().lock().unwrap().news().unwrap()), NOW);
        store.apply_from(1, Update::Complete(NOW), NOW);
        let mut shows = Shows::new(&one_panel("map = { outages = \"outages\" }"), store.snapshot(), NOW);
        let scene = shows.on(&wall(Audience::Public), NOW);
        assert_eq!(icons(&scene), signs, "{kind}");
        let said = texts(&scene);
        assert!(words.iter().all(|word| said.iter().any(|text| text == word)), "{kind}: {said:?}");
    }
}

#[test]
fn hours_are_those_of_the_clock_on_a_day_that_it_is_changed() {
    // Berlin's clocks went on at 2:00 on 29 March 2026 and back at 3:00 on 25 October.
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    for (month, day) in [(3, 29), (10, 25)] {
        let at = |hour: i8| {
            let at = jiff::civil::date(2026, month, day).at(hour, 30, 0, 0).to_zoned(zone.clone()).unwrap();
            at.timestamp().as_second()
        };
        let now = Moment::from_secs(at(23));
        let rows: Vec<Appeal> = [0, 1, 12, 12, 22].iter().zip(1..).map(|(hour, id)| appeal(id, at(*hour))).collect();
        let mut store = Store::new();
        let region = format!("{REGION}[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a\"\ndataset = \"t\"\n")
            .replace("Moscow", "Berlin");
        let region = Site::parse(Path::new("site.toml"), &region).unwrap().region.unwrap();
        store.apply(Update::Region(Arc::new(region)), now);
        store.apply(Update::Changes { appeals: rows, until: now }, now);
        let query = Query::Hours(Metric::Received, Filter::default());
        let Some(Answer::Hours { today, begun, .. }) = answer(&store.snapshot(), &query, now) else { panic!() };
        let counted: Vec<(usize, u32)> = today.into_iter().enumerate().filter(|(_, count)| *count > 0).collect();
        assert_eq!((counted, begun), (vec![(0, 1), (1, 1), (12, 2), (22, 1)], 24), "{month}");
    }
}

#[test]
fn nothing_is_compared_with_a_year_in_which_a_source_was_not_there() {
    let day = 86_400;
    let region = Site::parse(
        Path::new("site.toml"),
        &format!("{REGION}[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a\"\ndataset = \"t\"\n"),
    );
    let mut store = Store::new();
    store.apply(Update::Region(Arc::new(region.unwrap().region.unwrap())), NOW);
    let load = |store: &mut Store, source: u8, days: std::ops::Range<i64>| {
        let rows: Vec<Appeal> =
            days.rev().zip(1..).map(|(back, id)| appeal(numbered(source, id), NOW.secs() - back * day)).collect();
        store.apply_from(source, Update::StartOver, NOW);
        store.apply_from(source, Update::Appeals(rows), NOW);
        store.apply_from(source, Update::Complete(NOW), NOW);
    };
    let before = |store: &Store| {
        let query = Query::Value(Metric::Received.into(), Period::Days30, Compare::YearAgo, Filter::default());
        let Some(Answer::Figure(figure)) = answer(&store.snapshot(), &query, NOW) else { panic!() };
        figure.before
    };
    load(&mut store, 0, 0..500);
    assert_eq!(before(&store), Some(30.0));
    load(&mut store, 1, 0..60);
    assert_eq!(before(&store), None);
}

#[test]
fn a_clock_that_is_set_back_holds_nothing_up() {
    let mut shows = Shows::new(&one_panel("clock = {}"), Snapshot::default(), NOW);
    let layout = parse(Path::new("layout.toml"), &one_panel("text = { markdown = \"новое\" }"), None).unwrap();
    let show = Show {
        layout: shows.catalogue.put("next", layout),
        look: None,
        transition: toml::from_str("kind = \"cross-fade\"\nsecs = 5").unwrap(),
    };
    let claim = Claim {
        layer: Layer::Hand,
        by: "operator".into(),
        show: Some(show),
        reason: None,
        since_millis: NOW.0,
        until_millis: None,
    };
    let command = Command::Claim { claim };
    shows.state = apply(&shows.state, &command, NOW).0;
    let hour_ago = NOW.plus_millis(-3_600_000);
    let scene = shows.on(&wall(Audience::Public), hour_ago);
    assert_eq!(scene.groups.len(), 1);
    assert!(texts(&scene).contains(&"новое".to_owned()));
    // Data that is true up to a moment to come is as old as the clock says.
    let mut store = Store::new();
    store.apply(Update::Complete(NOW), NOW);
    store.clamp_freshness(hour_ago);
    assert_eq!(store.snapshot().appeals_freshness.unwrap().data_until, hour_ago);
}

#[test]
fn a_wall_without_room_says_so() {
    let text = "name = \"w\"\nviewing_distance_m = 90\n\
                grid = { columns = 1, rows = 1, pixels = [1280, 720], size_mm = [1209.6, 680.4] }\n";
    let small = obzor::wall::parse(Path::new("wall.toml"), text).unwrap();
    let mut shows = Shows::new(&one_panel("deadlines = {}"), Snapshot::default(), NOW);
    let said = texts(&shows.on(&small, NOW)).join(" ");
    assert!(said.contains("макета «l»"), "{said}");
}

#[test]
fn what_lies_where_no_screen_is_is_said() {
    let text = "name = \"w\"\nviewing_distance_m = 2\ngrid = { columns = 3, rows = 2, pixels = [1920, 1080], size_mm = [1209.6, 680.4], bezel_mm = 2 }\n\
                [[output]]\nname = \"right\"\nposition_mm = [3700, 0]\nsize_mm = [1209.6, 680.4]\npixels = [1920, 1080]\n";
    let wall = obzor::wall::parse(Path::new("wall.toml"), text).unwrap();
    assert_eq!(wall.outputs.len(), 7);
    let two = "name = \"l\"\ngrid = { columns = 2, rows = 2 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 2]\npanel.clock = {}\n\
               [[placement]]\ncolumns = [2, 2]\nrows = [2, 2]\npanel.deadlines = {}\n";
    let layout = parse(Path::new("l.toml"), two, None).unwrap();
    let faults: Vec<String> =
        obzor::layout::legibility::validate(&layout, &wall).into_iter().map(|f| f.message.to_string()).collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains("this deadlines lies where no screen is"), "{faults:?}");
}

/// The bytes of a JPEG with an orientation in its EXIF.
fn jpeg(orientation: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(40, 20, |x, _| image::Rgb(if x < 20 { [250, 0, 0] } else { [0, 0, 250] }));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let bytes = bytes.into_inner();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut whole = bytes[..2].to_vec();
    whole.extend([0xFF, 0xE1]);
    whole.extend((exif.len() as u16 + 2).to_be_bytes());
    whole.extend(exif);
    whole.extend(&bytes[2..]);
    whole
}

#[test]
fn pictures_are_upright_and_whole() {
    use obzor::picture::Picture;
    let red = |picture: &Picture, x: u32, y: u32| picture.rgba[((y * picture.width + x) * 4) as usize] > 128;
    let plain = Picture::from_bytes(&jpeg(1), 100).unwrap();
    assert!((plain.width, plain.height) == (40, 20) && red(&plain, 2, 10) && !red(&plain, 38, 10));
    let turned = Picture::from_bytes(&jpeg(3), 100).unwrap();
    assert!(!red(&turned, 2, 10) && red(&turned, 38, 10));
    let upright = Picture::from_bytes(&jpeg(6), 100).unwrap();
    assert!((upright.width, upright.height) == (20, 40) && red(&upright, 10, 2) && !red(&upright, 10, 38));
    let whole = jpeg(1);
    for length in [whole.len() - 2, whole.len() / 2, 30] {
        assert!(Picture::from_bytes(&whole[..length], 100).is_err(), "{length}");
    }
    let error = Picture::from_bytes(b"RIFF\0\0\0\0WEBPVP8 ", 100).unwrap_err().to_string();
    assert!(error.contains("WebP") && error.contains("PNG or JPEG"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_takes_more_memory_than_it_may() {
    // A quarter of a megabyte of gzip is as many values as fit into gigabytes.
    let body = || format!("{{\"data\":[{}]}}", vec!["{}"; 12_000_000].join(","));
    let url = serve(Router::new().route("/api", get(move || async move { body() }))).await;
    let error = asked(&rest(&url, "dataset = \"t\"")).await.err().unwrap().to_string();
    assert!(error.contains("more than 8388608 values") && error.contains("max_mib"), "{error}");

    let corners = || vec!["[1,2]"; 4_200_000].join(",");
    let polygon = move || {
        let geometry = format!("{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}", corners());
        format!("{{\"features\":[{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{geometry}}}]}}")
    };
    let lines = || format!("a;b\n1;\"{}", "2;3\n".repeat(1_600_000));
    let router = Router::new()
        .route("/polygon", get(move || async move { polygon() }))
        .route("/lines", get(move || async move { lines() }));
    let url = serve(router).await;
    for (kind, path, expected) in [
        ("geojson", "polygon", "more than 8388608 values"),
        ("csv", "lines", "3200000 cells: panels show tables of 3000000"),
    ] {
        let source = format!("[[source]]\nname = \"s\"\nkind = \"{kind}\"\nurl = \"{url}/{path}\"\ndataset = \"t\"\n");
        let error = asked(&source).await.err().unwrap().to_string();
        assert!(error.contains(expected), "{kind}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_broken_in_one_row_costs_that_row() {
    let body = &b"{\"data\":[{\"id\":1,\"t\":\"2026-11-19T09:00:00Z\",\"x\":\"a\\ud83d\"},{\"id\":2,\"t\":NaN},{\"id\":3,\"t\":\"2026-11-19T09:00:00Z\",\"x\":\"\xFF\"}]}"[..];
    let url = serve(Router::new().route("/api", get(move || async move { body }))).await;
    let found = enrolled(&rest(&url, "appeal = { key = \"$.id\", received = \"$.t\", text = \"$.x\" }")).await;
    assert_eq!((found.appeals.len(), found.refused.total()), (2, 1));
    assert!(found.noted.reasons().any(|(reason, ..)| reason.contains("no JSON")));
}

#[test]
fn secrets_are_not_printed_back() {
    for (line, secret) in [
        ("auth = { bearer = \"secret-token-123\" }", "secret-token-123"),
        ("url = \"http://user:pa55word@h/api?token=abc123\"", "pa55word"),
        ("url = \"h/api?token=abc123\"", "abc123"),
        ("password = \"pa55word\"", "pa55word"),
        ("auth = { basic = { user = \"u\", password = \"pa55word\" } }", "pa55word"),
        ("auth = { header = { name = \"X-Key\", value = \"k3y-value\" } }", "k3y-value"),
        ("bearer = \"secret-token-123", "secret-token-123"),
    ] {
        let text =
            format!("{REGION}[[source]]\nname = \"p\"\nkind = \"rest\"\nitems = \"$\"\ndataset = \"d\"\n{line}\n");
        let Err(fault) = Site::parse(Path::new("site.toml"), &text) else { panic!("{line}") };
        let said = format!("{fault}\n{}", serde_json::to_string(&fault).unwrap());
        assert!(!said.contains(secret), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_that_repeats_the_secret_does_not_reach_the_log() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "s3cret-of-the-wall\n").unwrap();
    let answer = |headers: axum::http::HeaderMap| async move {
        let said = headers.get("authorization").unwrap().to_str().unwrap().to_owned();
        (axum::http::StatusCode::FORBIDDEN, format!("no entry for {said}"))
    };
    let url = serve(Router::new().route("/api", get(answer))).await;
    let auth =
        format!("auth = {{ bearer = {{ file = \"{}\" }} }}\ndataset = \"d\"", folder.path().join("token").display());
    let error = asked(&rest(&url, &auth)).await.err().unwrap().to_string();
    assert!(error.contains("no entry for Bearer ***") && !error.contains("s3cret"), "{error}");
}
