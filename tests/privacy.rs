//! Masking, measured: a corpus of lines whose personal parts are known, generated and written by hand.

use std::fmt::Write as _;

use obzor::clock::Moment;
use obzor::compose::Composer;
use obzor::data::dataset::Dataset;
use obzor::data::{MaskedTexts, Revision, Update};
use obzor::language::Lang;
use obzor::layout::{BUILT_IN, Catalogue};
use obzor::privacy::{Audience, Masker};
use obzor::state::{Claim, Command, Layer, State, apply};
use obzor::wall::Wall;

mod common;
mod corpus;

/// Of the personal parts, this share must be masked whole.
const RECALL: f64 = 0.99;
/// Of the lines without any, this share must be left alone.
const SPARED: f64 = 0.95;

/// A line in which `{...}` stands around what is personal: the plain text, and the personal parts.
fn unmarked(line: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let (mut text, mut parts, mut from) = (String::new(), Vec::new(), None);
    for c in line.chars() {
        match c {
            '{' => from = Some(text.len()),
            '}' => parts.push(from.take().expect("a closing brace without an opening one")..text.len()),
            c => text.push(c),
        }
    }
    (text, parts)
}

#[test]
fn nearly_all_that_is_personal_is_masked_and_little_else() {
    let masker = Masker::new(["Заволоцк", "Каменогорье", "Усть-Велега", "Ёлкино", "Верхнее Поле", "Троицкий Посад"]);
    let lines = corpus::lines();
    assert!(lines.len() >= 2000, "{} lines", lines.len());
    let (mut personal, mut caught, mut clean, mut spared) = (0, 0, 0, 0);
    let (mut masked_letters, mut needlessly) = (0, 0);
    let (mut missed, mut spoilt) = (String::new(), String::new());
    for line in &lines {
        let (text, parts) = unmarked(line);
        assert_eq!(obzor::privacy::clean(&text), text, "the corpus holds cleaned lines");
        let found = masker.found(&text);
        // A part is caught when every letter and digit of it is masked.
        let hidden = |at: usize| found.iter().any(|(range, _)| range.contains(&at));
        for part in &parts {
            personal += 1;
            let whole = text[part.clone()]
                .char_indices()
                .filter(|(_, c)| c.is_alphanumeric())
                .all(|(at, _)| hidden(part.start + at));
            caught += usize::from(whole);
            if !whole {
                let shown = masker.displayable(&text);
                let _ = writeln!(missed, "{} | {}", &text[part.clone()], shown.shown_to(Audience::Public).unwrap());
            }
        }
        for (at, _) in text.char_indices().filter(|(at, c)| c.is_alphanumeric() && hidden(*at)) {
            masked_letters += 1;
            needlessly += usize::from(!parts.iter().any(|p| p.contains(&at)));
        }
        if parts.is_empty() {
            clean += 1;
            spared += usize::from(found.is_empty());
            if !found.is_empty() {
                let _ = writeln!(spoilt, "{}", masker.displayable(&text).shown_to(Audience::Public).unwrap());
            }
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    let (recall, rest) = (share(caught, personal), share(spared, clean));
    let precision = 1.0 - share(needlessly, masked_letters);
    println!(
        "lines {}, personal parts {personal}, recall {recall:.4}, precision by letters {precision:.4}, \
         lines without personal data {clean}, left alone {rest:.4}",
        lines.len()
    );
    println!("missed:\n{missed}\nmasked in vain:\n{spoilt}");
    assert!(recall >= RECALL, "recall {recall:.4}; missed:\n{missed}");
    assert!(rest >= SPARED, "only {rest:.4} of clean lines are left alone:\n{spoilt}");
}

/// Personal data planted in every text that a source can send is on no wall, whoever may see it.
#[test]
fn what_is_planted_is_on_no_wall() {
    let planted = "Нет тепла. Меня зовут Кондрат Канарейкин, тел. +7 900 765-43-21, kondrat@example.org, @kanareyka, \
                   снилс 123-456-789 01, а777аа 77, д. 77, кв. 78";
    let canaries =
        ["Кондрат", "Канарейк", "765-43", "43-21", "kondrat", "kanareyka", "123-456", "а777", "д. 77", "кв. 78"];
    let masker = Masker::default();
    let mut store = common::demo_store();
    let latest: Vec<_> = store.snapshot().latest.iter().map(|a| a.appeal.id).collect();
    let words = || MaskedTexts { text: masker.displayable(planted), reply: Some(masker.displayable(planted)) };
    store.apply(Update::MaskedTexts(latest.into_iter().map(|id| (id, words())).collect()), common::NOW);
    let record = serde_json::json!({ "text": planted.replace("Нет тепла", "Объявление") }).as_object().unwrap().clone();
    let dataset = Dataset::masked("announcements", vec![record], &[], &masker);
    store.apply(Update::Dataset(std::sync::Arc::new(dataset), common::NOW), common::NOW);
    for audience in [Audience::NoText, Audience::Public, Audience::Staff] {
        let mut wall = Wall::single(obzor::geometry::PixelSize::new(3840, 1080), 42.0);
        wall.outputs[0].audience = audience;
        let mut read = false;
        for (name, _) in BUILT_IN {
            let revision: Revision = common::revision_of(&store, name);
            let mut catalogue = Catalogue::default();
            let state = State::new(catalogue.put(name, Catalogue::load(name).unwrap()), Lang::Ru);
            let later = Moment(common::NOW.0 + 60_000);
            let mut composer = Composer::default();
            let scene = composer.compose(&state, &catalogue, &revision, &wall, later).scene;
            let seen = obzor::scene::describe(&scene);
            // With the press in the room, nobody reads anything of it, in the very next frame.
            let pressed = apply(&state, &press(later), later).0;
            let scene = composer.compose(&pressed, &catalogue, &revision, &wall, later).scene;
            let pressed = obzor::scene::describe(&scene);
            for canary in canaries.into_iter().chain(["Нет тепла", "Объявление"]) {
                assert!(!pressed.contains(canary), "{name} shows «{canary}» while pressed:\n{pressed}");
            }
            for canary in canaries {
                // The staff must find the house; nobody else may.
                let allowed = audience == Audience::Staff && matches!(canary, "д. 77" | "кв. 78");
                assert!(allowed || !seen.contains(canary), "{name} shows «{canary}» to {audience:?}:\n{seen}");
            }
            read |= seen.contains("Нет тепла");
        }
        assert_eq!(read, audience != Audience::NoText, "what may be read is read by {audience:?}");
    }
}

/// The press key.
fn press(at: Moment) -> Command {
    let claim = Claim {
        layer: Layer::Press,
        by: "keyboard".into(),
        show: None,
        reason: None,
        since_millis: at.0,
        until_millis: None,
    };
    Command::Claim { claim }
}

/// What a log of everything holds, for as long as the test runs.
fn log_of_everything() -> std::sync::Arc<std::sync::Mutex<Vec<u8>>> {
    #[derive(Clone, Default)]
    struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    tracing::subscriber::set_global_default(subscriber.with_writer(move || writer.clone()).finish()).unwrap();
    log.0
}

/// Personal data where a backend puts it, and where it should not: as keys, in the place of times, in error
/// pages, in tables without headings, in answers of the wrong form. None of it comes to the log.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_planted_is_in_no_log() {
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};

    use axum::routing::get;
    use obzor::clock::Clock;
    use obzor::source::{Fetcher, NativeSource, Polled, Registry, RunningSource, Site, UpdateSender, supervise};

    let log = log_of_everything();
    let planted = "Меня зовут Кондрат Канарейкин, тел. +7 900 765-43-21, kondrat@example.org, д. 77, кв. 78";
    let canaries = ["Кондрат", "Канарейк", "765-43", "9007654321", "kondrat", "д. 77", "кв. 78"];
    let good = serde_json::json!({ "id": 1, "at": "2026-11-20T10:00:00Z", "text": planted, "place": "Нигде" });
    let rows = serde_json::json!([
        good, { "id": "+79007654321", "at": planted, "text": planted }, { "id": "kondrat@example.org", "at": 4_000_000_000_i64 },
        { "id": planted, "at": "2026-11-20T10:00:00Z" }, { "id": planted, "at": "2026-11-20T10:00:00Z" }, { "at": planted }, planted,
    ]);
    let broken = format!("[{{\"service_request_id\": {planted:?}, {planted}}}]");
    let region = serde_json::json!({ "api_version": planted });
    let router = axum::Router::new()
        .route("/rows", get(move || async move { axum::Json(rows) }))
        .route("/refuses", get(move || async move { (axum::http::StatusCode::BAD_REQUEST, planted) }))
        .route("/requests.json", get(move || async move { broken }))
        .route("/v1/region", get(move || async move { axum::Json(region) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bare.csv"), format!("1;2026-11-20;{planted}\n")).unwrap();
    let square = "[[[40,55],[41,55],[41,56],[40,56],[40,55]]]";
    let land = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"name\":\"Ёлкино\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{square}}}}}]}}"
    );
    std::fs::write(folder.path().join("land.geojson"), land).unwrap();
    let appeal = "appeal = { key = \"$.id\", received = \"$.at\", text = \"$.text\", municipality = \"$.place\" }";
    let text = format!(
        "[region]\nname = \"r\"\ntime_zone = \"Europe/Moscow\"\nboundaries = \"land.geojson\"\n\
         [[source]]\nname = \"rows\"\nkind = \"rest\"\nurl = \"{url}/rows\"\nitems = \"$[*]\"\n{appeal}\n\
         [[source]]\nname = \"refuses\"\nkind = \"rest\"\nurl = \"{url}/refuses\"\nitems = \"$[*]\"\n{appeal}\n\
         [[source]]\nname = \"bare\"\nkind = \"csv\"\nfile = \"bare.csv\"\nappeal = {{ key = \"id\", received = \"at\" }}\n\
         [[source]]\nname = \"broken\"\nkind = \"open311\"\nurl = \"{url}/\"\n"
    );
    let mut site = Site::parse(&folder.path().join("site.toml"), &text).unwrap_or_else(|fault| panic!("{fault}"));
    let zone = site.zone();
    let registry = site.region.take().map(|region| Arc::new(Mutex::new(Registry::new(region, &HashMap::new()))));
    let clock = Clock::standing_at(common::NOW);
    let (sender, mut updates) = tokio::sync::mpsc::channel(256);
    for (number, table) in (0u8..).zip(std::mem::take(&mut site.sources)) {
        let outlet = UpdateSender::new(number, sender.clone());
        let mut source = Polled::new(table, registry.clone(), zone.clone(), clock.clone(), outlet).unwrap();
        match number {
            0 => source.load_once().await.unwrap(),
            _ => drop(tokio::spawn(supervise(source, clock.clone()))),
        }
    }
    let native = Fetcher::new(format!("{url}/").parse().unwrap(), std::time::Duration::from_secs(5)).unwrap();
    let native = NativeSource::new(native, 20, UpdateSender::new(9, sender));
    tokio::spawn(supervise(native, clock));
    // The first failure of each is in the log when its second is told.
    let mut lost: HashMap<u8, usize> = HashMap::new();
    while [1, 2, 3, 9].iter().any(|number| lost.get(number).is_none_or(|times| *times < 2)) {
        let (number, update) = updates.recv().await.unwrap();
        *lost.entry(number).or_default() += usize::from(matches!(update, Update::Lost(_)));
    }
    let said = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    for words in ["set aside", "taken, but", "Нигде", "400 Bad Request", "no column", "JSON"] {
        assert!(said.contains(words), "the log does not say «{words}»:\n{said}");
    }
    for canary in canaries {
        assert!(!said.contains(canary), "the log says «{canary}»:\n{said}");
    }
}
