//! Who may do what, and from where: every role, command and door of the running program; tokens that are none; strangers'
//! pages; guessed digits; many hands at once; and what is left after kills.

#[path = "common/operated.rs"]
mod operated;

use std::time::Duration;

use futures_util::StreamExt as _;
use obzor::conductor::{Role, UserCommand, least_role};
use obzor::journal::{Filter, JournalFile};
use obzor::state::{Command, State, apply};
use operated::{Asker, access_folder, own_host, start, start_with_text};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};

/// Orders that eight clients give at once; `OBZOR_ORDERS` sets another number.
const ORDERS: usize = 2000;
/// Kills at random moments; `OBZOR_KILLS` sets another number.
const KILLS: u64 = 50;

fn number_of(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// One of each command, as it is written.
fn commands() -> Vec<Value> {
    vec![
        json!({ "step": "next" }),
        json!({ "show": { "layout": "night" } }),
        json!("back"),
        json!("press"),
        json!("release"),
        json!({ "look": { "to": "home" } }),
        json!({ "identify": { "on": true } }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_gives_the_commands_of_the_table_by_every_door() {
    let folder = tempfile::tempdir().unwrap();
    let _wall = start(folder.path(), "loopback = \"viewer\"\n");
    let admin = Asker::at_socket(folder.path());
    admin.wait().await;
    let elsewhere = Asker::elsewhere(&admin.get("/authority.pem").await.body);
    let mut doors = vec![(Role::Viewer, Asker::on_loopback()), (Role::Admin, admin.clone())];
    for role in Role::ALL {
        doors.push((role, elsewhere.with_token(&admin.token(role.name()).await.0)));
    }
    for (role, asker) in &doors {
        for command in commands() {
            let least = least_role(&serde_json::from_value::<UserCommand>(command.clone()).unwrap());
            let tried = asker.post("/api/v1/orders", &json!({ "command": command, "dry_run": true })).await;
            // What may be given may still mean nothing: nothing is shown by hand.
            let may = matches!(tried.status, 200 | 422);
            assert_eq!(may, *role >= least, "{role:?} {command}: {} {}", tried.status, tried.body);
            assert!(may || tried.status == 403, "{role:?} {command}: {}", tried.status);
        }
        for (button, least) in [("next", Role::Speaker), ("show/night", Role::Operator), ("release", Role::Operator)] {
            let pressed = asker.ask(Method::POST, &format!("/api/v1/do/{button}"), None).await;
            assert_eq!(pressed.status == 200, *role >= least, "{role:?} {button}: {}", pressed.body);
        }
        for (path, least) in [
            ("/api/v1/state", Role::Viewer),
            ("/metrics", Role::Viewer),
            ("/api/v1/run-sheet", Role::Speaker),
            ("/api/v1/journal", Role::Operator),
            ("/api/v1/tokens", Role::Admin),
            ("/api/v1/pairing", Role::Admin),
        ] {
            let answer = asker.get(path).await;
            let expected = if *role >= least { 200 } else { 403 };
            assert_eq!(answer.status, expected, "{role:?} {path}: {}", answer.body);
        }
        let me = asker.get("/api/v1/me").await.json();
        assert_eq!(me["role"], role.name());
    }
    // What is refused is in the journal with who wanted it, and nothing of what was only tried.
    let journal = admin.get("/api/v1/journal").await.json();
    let refused = |by: &str| {
        journal.as_array().unwrap().iter().filter(|r| r["by"]["name"] == by && r["outcome"] == "refused").count()
    };
    assert!(refused("viewer") > 0 && refused("speaker") > 0 && refused("admin") == 0);
    // Lowered and raised while the wall runs, by the file.
    let text = std::fs::read_to_string(folder.path().join("operation.toml")).unwrap();
    std::fs::write(folder.path().join("operation.toml"), text.replace("\"viewer\"", "\"operator\"")).unwrap();
    for _ in 0..500 {
        if Asker::on_loopback().get("/api/v1/me").await.json()["role"] == "operator" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the saved file was not taken over");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_asks_for_a_token_that_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    // One that has ended before the wall began.
    let sha256 = ring::digest::digest(&ring::digest::SHA256, b"expired");
    let sha256: String = sha256.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let expired =
        json!([{ "id": "1", "name": "old", "role": "admin", "created_secs": 1, "expires_secs": 2, "sha256": sha256 }]);
    std::fs::create_dir_all(access_folder(folder.path())).unwrap();
    std::fs::write(access_folder(folder.path()).join("tokens.json"), expired.to_string()).unwrap();
    let _wall = start(folder.path(), "");
    let admin = Asker::at_socket(folder.path());
    admin.wait().await;
    let elsewhere = Asker::elsewhere(&admin.get("/authority.pem").await.body);
    let (revoked, id) = admin.token("admin").await;
    assert_eq!(elsewhere.with_token(&revoked).get("/api/v1/tokens").await.status, 200);
    assert_eq!(admin.ask(Method::DELETE, &format!("/api/v1/tokens/{id}"), None).await.status, 204);
    let viewer = admin.token("viewer").await.0;
    let document = admin.get("/api/v1/openapi.json").await.json();
    let mut asked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let filled = path
            .replace("{layout}", "night")
            .replace("{button}", "next")
            .replace("{name}", "virtual-1")
            .replace("{id}", "1");
        for method in operations.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let is_open = path.starts_with("/health/") || path.starts_with("/api/v1/pairing") && method != Method::GET;
            let mut askers = vec![("no token", elsewhere.clone(), false)];
            for (what, token) in [
                ("a bad token", "0"),
                ("an expired token", "expired"),
                ("a revoked token", revoked.as_str()),
                ("no word", ""),
            ] {
                askers.push((what, elsewhere.with_token(token), false));
            }
            askers.push(("a cookie that is none", elsewhere.with("cookie", "obzor-token=0"), false));
            askers.push(("another scheme", elsewhere.with("authorization", format!("Basic {viewer}")), false));
            askers.push(("a token", elsewhere.with_token(&viewer), true));
            askers.push(("a cookie", elsewhere.with("cookie", format!("a=b; obzor-token={viewer}")), true));
            for (what, asker, is_known) in askers {
                let body = (method == Method::POST).then(|| json!({}));
                let answer = asker.ask(method.clone(), &filled, body.as_ref()).await;
                let shows_none = matches!(what, "no token" | "a cookie that is none");
                let is_let_in = is_known || is_open && shows_none;
                assert_eq!(
                    answer.status != 401,
                    is_let_in,
                    "{method} {path} with {what}: {} {}",
                    answer.status,
                    answer.body
                );
                if answer.status == 401 {
                    assert_eq!(answer.headers["www-authenticate"], "Bearer");
                }
                assert_eq!(answer.headers["x-content-type-options"], "nosniff");
                assert!(!answer.headers["content-security-policy"].to_str().unwrap().contains("unsafe"));
                asked += 1;
            }
        }
    }
    assert!(asked > 200, "{asked}");
    // What is no address is no secret, and not told to strangers either.
    assert_eq!(elsewhere.get("/api/v1/nothing").await.status, 401);
    assert_eq!(elsewhere.with_token(&viewer).get("/api/v1/nothing").await.status, 404);
    // Nothing but TLS is spoken there.
    let plain = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(plain.get(format!("http://{}:20001/api/v1/state", own_host())).send().await.is_err());
    // A stream ends with the token that opened it.
    let (token, id) = admin.token("viewer").await;
    let mut stream = elsewhere.with_token(&token).events().await.bytes_stream();
    assert!(stream.next().await.is_some_and(|part| part.is_ok()));
    admin.ask(Method::DELETE, &format!("/api/v1/tokens/{id}"), None).await;
    let ended = tokio::time::timeout(Duration::from_secs(10), async { while let Some(Ok(_)) = stream.next().await {} });
    ended.await.expect("the stream ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_and_names_that_lead_here_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let _wall = start(folder.path(), "");
    let admin = Asker::at_socket(folder.path());
    let before = admin.wait().await;
    let elsewhere = Asker::elsewhere(&admin.get("/authority.pem").await.body);
    let token = admin.token("operator").await.0;
    let browser = elsewhere.with("cookie", format!("obzor-token={token}"));
    let press = |asker: Asker| async move { asker.ask(Method::POST, "/api/v1/do/press", None).await.status };
    for asker in [browser.clone(), Asker::on_loopback()] {
        assert_eq!(press(asker.with("host", "wall.example")).await, 403, "a name that was made to lead here");
        assert_eq!(press(asker.with("origin", "https://evil.example")).await, 403);
        assert_eq!(press(asker.with("origin", "null")).await, 403);
        assert_eq!(press(asker.with("sec-fetch-site", "cross-site")).await, 403);
        assert_eq!(press(asker.with("sec-fetch-site", "same-site")).await, 403);
        assert_eq!(asker.with("host", "wall.example").get("/api/v1/state").await.status, 403);
        // A form cannot say that it is JSON.
        let form = asker.with("content-type", "application/x-www-form-urlencoded");
        let status = form.ask(Method::POST, "/api/v1/orders", None).await.status;
        assert_eq!(status, 415);
    }
    assert_eq!(admin.get("/api/v1/state").await.json()["version"], before["version"], "nothing has changed");
    let own = browser.with("origin", format!("https://{}:20001", own_host())).with("sec-fetch-site", "same-origin");
    assert_eq!(press(own).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn digits_are_not_guessed_from_wherever_it_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let _wall = start(folder.path(), "pairing = \"speaker\"\n");
    let admin = Asker::at_socket(folder.path());
    admin.wait().await;
    let elsewhere = Asker::elsewhere(&admin.get("/authority.pem").await.body);
    let begin = |asker: Asker| async move { asker.post("/api/v1/pairing", &json!({ "name": "Планшет" })).await };
    // Well once: the token has the role that the file says.
    let begun = begin(elsewhere.clone()).await;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let begun = begun.json();
    assert!(begun["digits"].is_null() && begun["secret"].is_null(), "{begun}");
    assert_eq!(begin(Asker::on_loopback()).await.status, 429, "one at a time");
    // While digits stand on the wall, no picture of them leaves it.
    assert_eq!(admin.get("/api/v1/wall.jpg").await.status, 409);
    assert_eq!(admin.get("/wall.png").await.status, 409);
    let path = format!("/api/v1/pairing/{}", begun["id"].as_str().unwrap());
    let digits = admin.get("/api/v1/pairing").await.json()["digits"].as_str().unwrap().to_owned();
    let paired = elsewhere.post(&path, &json!({ "answer": digits, "tell": true })).await.json();
    assert_eq!(paired["role"], "speaker");
    let speaker = elsewhere.with_token(paired["token"].as_str().unwrap());
    assert_eq!(speaker.order(json!({ "step": "next" })).await.status, 200);
    assert_eq!(speaker.order(json!("press")).await.status, 403);
    assert_eq!(admin.get("/api/v1/pairing").await.json(), Value::Null);
    // Five wrong answers, from as many addresses and by every door, end it; the right one comes too late.
    let begun = begin(elsewhere.clone()).await.json();
    let path = format!("/api/v1/pairing/{}", begun["id"].as_str().unwrap());
    let digits = admin.get("/api/v1/pairing").await.json()["digits"].as_str().unwrap().to_owned();
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    let authority = admin.get("/authority.pem").await.body;
    let strangers = (1..=3).map(|last| Asker::from_address(std::net::Ipv4Addr::new(127, 9, 9, last), &authority));
    let mut statuses = Vec::new();
    for asker in strangers.chain([Asker::on_loopback(), admin.clone()]) {
        statuses.push(asker.post(&path, &json!({ "answer": wrong })).await.status);
    }
    assert_eq!(statuses, [403, 403, 403, 403, 410]);
    assert_eq!(elsewhere.post(&path, &json!({ "answer": digits })).await.status, 410);
    let later = begin(elsewhere.clone()).await;
    assert_eq!((later.status, later.headers.contains_key("retry-after")), (429, true), "{}", later.body);
    // Who was let in stands in the journal, and that somebody was not. What was noted before a question is kept before it.
    admin.wait().await;
    let journal = admin.get("/api/v1/journal").await.json();
    let noted: Vec<&str> = journal.as_array().unwrap().iter().filter_map(|record| record["what"].as_str()).collect();
    assert!(noted.iter().any(|what| what.contains("paired `Планшет` as speaker")), "{noted:?}");
    assert!(noted.iter().any(|what| what.contains("without a token")), "{noted:?}");
    let text = journal.to_string();
    assert!(!text.contains(&digits) && !text.contains(paired["token"].as_str().unwrap()), "no secret is kept");
}

/// The text of a resident is seen on the wall, and in nothing that leaves it while the press is in the room.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_leaves_the_wall_tells_of_residents_while_the_press_is_in_the_room() {
    let folder = tempfile::tempdir().unwrap();
    let _wall = start_with_text(folder.path(), "", "Канарейка поёт во дворе");
    let admin = Asker::at_socket(folder.path());
    admin.wait().await;
    for _ in 0..1000 {
        if admin.get("/health/ready").await.status == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let show = json!({ "show": { "layout": "overview", "transition": { "kind": "cut", "secs": 0.0 } } });
    assert_eq!(admin.order(show).await.status, 200);
    let picture = || async {
        let answer = admin.get("/wall.png").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.bytes
    };
    // The strip of announcements at the foot gives way; the clock and the ages above it do not.
    let strip = |png: &[u8]| image::load_from_memory(png).unwrap().crop_imm(0, 1008, 1920, 72).into_rgb8();
    let open = strip(&picture().await);
    assert_eq!(admin.order(json!("press")).await.status, 200);
    // The very next picture is another one.
    assert!(open != strip(&picture().await), "the strip shows the same");
    let document = admin.get("/api/v1/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap().iter().filter(|(_, operations)| operations["get"].is_object());
    let mut read = 0;
    for (path, _) in paths {
        let path = path.replace("{layout}", "overview").replace("{name}", "virtual-1").replace("{id}", "1");
        let path = if path.ends_with("pick") { format!("{path}?x=300&y=540") } else { path };
        let answer = admin.get(&path).await;
        assert!(!answer.body.to_lowercase().contains("канарейк"), "{path}: {}", answer.body);
        read += 1;
    }
    assert!(read > 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn packets_of_listed_addresses_are_orders_and_others_are_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let host = own_host();
    let osc = format!("osc = {{ listen = \"{host}:20002\", from = [\"{host}\"], role = \"speaker\" }}\n");
    let _wall = start(folder.path(), &osc);
    let admin = Asker::at_socket(folder.path());
    admin.wait().await;
    let send = |from: std::net::Ipv4Addr, addr: &str| {
        let message = rosc::OscMessage { addr: addr.to_owned(), args: vec![] };
        let bytes = rosc::encoder::encode(&rosc::OscPacket::Message(message)).unwrap();
        std::net::UdpSocket::bind((from, 0)).unwrap().send_to(&bytes, (host, 20002)).unwrap();
    };
    let step = || async { admin.get("/api/v1/state").await.json()["step"].as_u64().unwrap() };
    // From another address: nothing. The next one, from the listed address, comes after it.
    send(std::net::Ipv4Addr::LOCALHOST, "/obzor/next");
    send(host, "/obzor/press");
    send(host, "/obzor/next");
    for _ in 0..500 {
        if step().await == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(step().await, 2);
    let state = admin.get("/api/v1/state").await.json();
    assert_eq!(state["pressed"], false, "a speaker does not press");
    let journal = admin.get("/api/v1/journal").await.json();
    assert!(journal.as_array().unwrap().iter().any(|record| record["via"] == "osc" && record["outcome"] == "refused"));
}

/// The state of a journal's records, each applied to the one before.
fn replayed(journal: &JournalFile) -> State {
    let filter = Filter { from_millis: None, until_millis: None, by: None, limit: 1_000_000 };
    let mut records = journal.records(&filter).unwrap();
    records.reverse();
    let mut state: Option<State> = None;
    for record in records {
        let Some(command) = record.command else { continue };
        let now = obzor::clock::Moment(record.at_millis);
        state = Some(match (&command, state) {
            // With its start a wall says what it goes on with.
            (Command::Begin { state: begun }, _) => apply(begun, &command, now).0,
            (_, Some(state)) => apply(&state, &command, now).0,
            (_, None) => panic!("the first record is no beginning"),
        });
    }
    state.expect("records")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_hands_at_once_leave_one_state_that_all_have_heard_of() {
    let folder = tempfile::tempdir().unwrap();
    let wall = start(folder.path(), "");
    let admin = Asker::at_socket(folder.path());
    admin.wait().await;
    let mut listeners = Vec::new();
    for _ in 0..4 {
        let mut events = sse_stream::SseStream::from_bytes_stream(Asker::on_loopback().events().await.bytes_stream());
        listeners.push(tokio::spawn(async move {
            let mut heard: Vec<u64> = Vec::new();
            while let Ok(Some(Ok(event))) = tokio::time::timeout(Duration::from_secs(3), events.next()).await {
                heard.extend(event.id.and_then(|id| id.parse::<u64>().ok()));
            }
            heard
        }));
    }
    let orders = number_of("OBZOR_ORDERS", ORDERS as u64) as usize;
    let mut clients = Vec::new();
    for client in 0..8u64 {
        clients.push(tokio::spawn(async move {
            let mut random = Xoshiro256PlusPlus::seed_from_u64(client);
            let asker = Asker::on_loopback();
            let mut versions = Vec::new();
            for index in 0..orders / 8 {
                let command = match random.next_u64() % 9 {
                    0 => json!({ "show": { "layout": "night" } }),
                    1 => json!({ "show": { "layout": "overview/housing", "for_secs": 1.0 } }),
                    2 => json!({ "show": { "layout": "deadlines", "look": "region" } }),
                    3 => json!("back"),
                    4 => json!("press"),
                    5 => json!("release"),
                    6 => json!({ "step": "next" }),
                    7 => json!({ "step": random.next_u64() % 9 + 1 }),
                    _ => json!({ "identify": { "on": random.next_u64().is_multiple_of(2) } }),
                };
                let keyed = asker.with("idempotency-key", format!("{client}-{index}"));
                loop {
                    let answer = keyed.order(command.clone()).await;
                    match answer.status {
                        200 => versions.push(answer.json()["version"].as_u64().unwrap()),
                        429 => {
                            tokio::time::sleep(Duration::from_millis(50)).await;
                            continue;
                        }
                        422 => {}
                        other => panic!("{command}: {other} {}", answer.body),
                    }
                    break;
                }
            }
            versions
        }));
    }
    for client in clients {
        let versions = client.await.unwrap();
        assert!(versions.is_sorted(), "whoever orders sees the state go on");
    }
    // What is shown for a second comes to its end.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let state = admin.get("/api/v1/status").await.json()["state"].clone();
    let version = state["version"].as_u64().unwrap();
    for listener in listeners {
        let heard = listener.await.unwrap();
        assert_eq!(heard.last(), Some(&version));
        assert!(heard.windows(2).all(|pair| pair[1] == pair[0] + 1), "nothing was missed: {heard:?}");
    }
    drop(wall);
    let journal = JournalFile::open(&folder.path().join("kept.desktop.journal.sqlite"), u64::MAX).unwrap();
    assert!(journal.verify().unwrap().is_ok());
    assert_eq!(serde_json::to_value(replayed(&journal)).unwrap(), state);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_moment_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(9);
    let mut answered: Option<(u64, Value)> = None;
    for kill in 0..number_of("OBZOR_KILLS", KILLS) {
        let wall = start(folder.path(), "");
        let asker = Asker::on_loopback();
        let state = asker.wait().await;
        let version = state["version"].as_u64().unwrap();
        if let Some((known, claims)) = &answered {
            assert!(version > *known, "kill {kill}: version {version} after {known}");
            // One more order may have been on its way; if none was, everything is as it was answered.
            if version == known + 1 {
                assert_eq!(state["claims"], *claims, "kill {kill}");
            }
        }
        let end = tokio::time::Instant::now() + Duration::from_millis(random.next_u64() % 120);
        while tokio::time::Instant::now() < end {
            let layout = ["night", "deadlines", "overview"][random.next_u64() as usize % 3];
            let order = json!({ "command": { "show": { "layout": layout } } });
            let asked = tokio::time::timeout_at(end, asker.try_ask(Method::POST, "/api/v1/orders", Some(&order))).await;
            let Ok(Some(answer)) = asked else { break };
            if answer.status == 200 {
                let claims = asker.get("/api/v1/state").await.json()["claims"].clone();
                answered = Some((answer.json()["version"].as_u64().unwrap(), claims));
            }
        }
        drop(wall);
    }
    let journal = JournalFile::open(&folder.path().join("kept.desktop.journal.sqlite"), u64::MAX).unwrap();
    let verified = journal.verify().unwrap().expect("the journal is whole");
    assert!(verified.records > KILLS.min(number_of("OBZOR_KILLS", KILLS)));
    let kept = journal.state().unwrap().expect("a state");
    assert_eq!(serde_json::to_value(replayed(&journal)).unwrap(), serde_json::to_value(kept).unwrap());
}
