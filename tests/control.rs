//! Operating a running wall over HTTP: orders, their refusals, the press key, the journal; and what is left of it after a
//! kill.

#[path = "common/operated.rs"]
mod operated;
#[path = "common/waiting.rs"]
mod waiting;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use operated::{VIEW, own_host, start};
use serde_json::{Value, json};
use waiting::wait_for;

const OBZOR: &str = env!("CARGO_BIN_EXE_obzor");

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Asks the wall; none while nobody answers.
fn ask(method: &str, path: &str, more: &str, body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect((own_host(), VIEW)).ok()?;
    let head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{more}");
    write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_lowercase(), body: body.to_owned() })
}

fn get(path: &str) -> Answer {
    ask("GET", path, "", "").unwrap()
}

fn order(body: &Value) -> Answer {
    ask("POST", "/api/v1/orders", "content-type: application/json\r\n", &body.to_string()).unwrap()
}

fn press_button(what: &str) -> Answer {
    ask("POST", &format!("/api/v1/do/{what}"), "", "").unwrap()
}

/// The state, once the outputs show it.
fn state() -> Option<Value> {
    let told = || ask("GET", "/api/v1/state", "", "").filter(|answer| answer.status == 200).map(|answer| answer.json());
    let mut state = told()?;
    while state["shown_version"] != state["version"] {
        state = told()?;
    }
    Some(state)
}

#[test]
fn a_wall_is_operated_says_why_and_goes_on_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let wall = start(folder.path(), "");
    let first = wait_for("the wall", state);
    assert_eq!((&first["on_air"]["layer"], &first["step"]), (&"visit".into(), &1.into()), "{first}");
    wait_for("a picture with data", || ask("GET", "/health/ready", "", "").filter(|answer| answer.status == 200));
    assert_eq!(get("/health/live").status, 200);
    // What is only tried changes nothing.
    let show = json!({ "show": { "layout": "night", "for_secs": 3600 } });
    let tried = order(&json!({ "command": show, "dry_run": true }));
    assert_eq!((tried.status, state().unwrap()["version"].clone()), (200, first["version"].clone()), "{}", tried.body);
    // By hand, with a reason, for an hour; why it is there is a sentence.
    let shown = order(&json!({ "command": show, "reason": "совещание", "if_version": first["version"] }));
    assert_eq!((shown.status, shown.json()["on_air"]["layout"].clone()), (200, "night".into()), "{}", shown.body);
    let why = get("/api/v1/why").json();
    let words = why["words"].as_str().unwrap();
    assert!(words.contains("«Ночь»") && words.contains("совещание") && words.contains("до "), "{words}");
    assert!(why["next"].as_str().unwrap().contains("Шаг визита"), "{why}");
    // The same state has the same tag.
    let tag = format!("if-none-match: \"{}\"\r\n", state().unwrap()["version"]);
    assert_eq!(ask("GET", "/api/v1/state", &tag, "").unwrap().status, 304);
    // Buttons; the visit goes on under the hand.
    assert_eq!(press_button("next").status, 200);
    let both = state().unwrap();
    assert_eq!((&both["step"], &both["on_air"]["layer"]), (&2.into(), &"hand".into()));
    let pressed = press_button("press").json();
    assert_eq!(pressed["on_air"]["layer"], "press");
    // Killed as by a power cut: the same claims and step are there again, and say so in the journal.
    let before = state().unwrap();
    drop(wall);
    let again = start(folder.path(), "");
    let after = wait_for("the wall again", state);
    for part in ["on_air", "claims", "step", "pressed", "layout"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    assert!(after["version"].as_u64() > before["version"].as_u64());
    let journal = get("/api/v1/journal").json();
    let records = journal.as_array().unwrap();
    let began = records.iter().filter(|record| record["command"]["command"] == "begin").count();
    assert_eq!((began, &records[0]["command"]["command"], &records[0]["via"]), (2, &"begin".into(), &"start".into()));
    assert!(records.iter().any(|record| record["reason"] == "совещание" && record["by"]["name"] == "loopback"));
    // From a shell, in the words of whoever asks.
    let (wall, reason) = (format!("http://{}:{VIEW}/", own_host()), "совещание");
    let ctl = |args: &[&str], lang: &str| {
        let mut command = Command::new(OBZOR);
        command.args(["ctl", "--wall", &wall]).args(args).env("LC_ALL", lang).env("LANG", lang);
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (output.status.code(), said)
    };
    let (code, listed) = ctl(&["journal", "--limit", "200"], "C");
    assert!(code == Some(0) && listed.contains("loopback (api)  press") && listed.contains(reason), "{listed}");
    assert_eq!(ctl(&["look", "Нигде"], "ru_RU.UTF-8").0, Some(1));
    let (_, refused) = ctl(&["show", "nigth"], "ru_RU.UTF-8");
    assert!(refused.contains("макета `nigth` нет"), "{refused}");
    assert_eq!(press_button("release").json()["on_air"]["layer"], "hand");
    assert_eq!(press_button("back").json()["on_air"]["layer"], "visit");
    drop(again);
    let journal = folder.path().join("kept.desktop.journal.sqlite");
    let journal = obzor::journal::JournalFile::open(&journal, u64::MAX).unwrap();
    assert!(journal.verify().unwrap().unwrap().records >= records.len() as u64);
}

#[test]
fn what_cannot_be_is_refused_in_plain_words_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let _wall = start(folder.path(), "");
    let before = wait_for("the wall", state);
    let json_type = "content-type: application/json\r\n";
    let refused = |more: &str, body: &str, status: u16, words: &str| {
        let answer = ask("POST", "/api/v1/orders", more, body).unwrap();
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
        assert!(answer.head.contains("application/problem+json"), "{}", answer.head);
        assert!(answer.json()["detail"].as_str().unwrap().contains(words), "{}", answer.body);
    };
    refused("content-type: text/plain\r\n", "{\"command\": \"press\"}", 415, "application/json");
    refused(json_type, "{\"command\": \"pres\"}", 422, "press");
    refused(json_type, "{\"command\": \"press\", \"because\": \"x\"}", 422, "because");
    refused(json_type, "{\"command\": {\"show\": {\"layout\": \"nigth\"}}}", 422, "night");
    refused(json_type, "{\"command\": {\"show\": {\"layout\": \"night\", \"for_secs\": 0}}}", 422, "1 second");
    refused(json_type, "{\"command\": \"back\"}", 422, "nothing is shown by hand");
    refused(json_type, "{\"command\": \"press\", \"if_version\": 99}", 409, "has changed");
    refused(&format!("{json_type}idempotency-key: \r\n"), "{\"command\": \"press\"}", 400, "Idempotency-Key");
    let long = format!("{{\"command\": \"press\", \"reason\": \"{}\"}}", "я".repeat(501));
    refused(json_type, &long, 422, "500");
    assert_eq!(press_button("nxet").json()["status"], 404);
    assert_eq!(get("/api/v1/journal?from=yesterday").json()["status"], 400);
    // A page of another site is not let in, nor a name that was made to lead here.
    let foreign = ask("POST", "/api/v1/do/press", "origin: http://evil.example\r\n", "").unwrap();
    assert_eq!(foreign.status, 403);
    assert_eq!(state().unwrap()["version"], before["version"]);
    // An order that is sent twice is carried out once; its key is for nothing else.
    let keyed = format!("{json_type}idempotency-key: 018f\r\n");
    let show = json!({ "command": { "show": { "layout": "night" } } }).to_string();
    let answers = [(); 2].map(|()| ask("POST", "/api/v1/orders", &keyed, &show).unwrap());
    assert_eq!((answers[0].status, &answers[0].body), (200, &answers[1].body));
    let other = ask("POST", "/api/v1/orders", &keyed, "{\"command\": \"press\"}").unwrap();
    assert_eq!(other.status, 409);
    // What was refused is in the journal, too.
    let journal = get("/api/v1/journal?by=loopback").json();
    let outcomes: Vec<&str> = journal.as_array().unwrap().iter().filter_map(|r| r["outcome"].as_str()).collect();
    assert_eq!((outcomes.iter().filter(|o| **o == "done").count(), outcomes.len()), (1, 5), "{journal}");
}

/// Server-sent events, read one after another.
struct Events(std::io::BufReader<TcpStream>);

impl Events {
    fn listen(last: Option<&str>) -> Self {
        let mut stream = TcpStream::connect((own_host(), VIEW)).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
        let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        write!(stream, "GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\n{last}\r\n").unwrap();
        Self(std::io::BufReader::new(stream))
    }

    /// The next event: its kind, its id and its data.
    fn next(&mut self) -> (String, String, Value) {
        use std::io::BufRead;
        let (mut kind, mut id, mut data) = (String::new(), String::new(), None);
        while data.is_none() || kind.is_empty() || id.is_empty() {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            match line.trim_end().split_once(": ") {
                Some(("event", said)) => said.clone_into(&mut kind),
                Some(("id", said)) => said.clone_into(&mut id),
                Some(("data", said)) => data = Some(serde_json::from_str(said).unwrap()),
                _ => {}
            }
        }
        (kind, id, data.unwrap())
    }
}

#[test]
fn who_listens_hears_the_state_and_then_what_happens_and_what_was_missed() {
    let folder = tempfile::tempdir().unwrap();
    let _wall = start(folder.path(), "");
    wait_for("the wall", state);
    let mut events = Events::listen(None);
    let (kind, first, whole) = events.next();
    assert_eq!((kind.as_str(), first.as_str()), ("state", whole["version"].to_string().as_str()));
    assert_eq!(whole["on_air"]["layer"], "visit");
    for (what, event) in [("show/night", "claimed"), ("next", "stepped"), ("back", "withdrawn")] {
        let version = press_button(what).json()["version"].to_string();
        let (kind, id, happened) = events.next();
        assert_eq!((kind.as_str(), id), ("happened", version), "{what}");
        assert!(happened["events"].as_array().unwrap().iter().any(|said| said["event"] == event), "{happened}");
    }
    // Whoever comes back is told what was missed; of what nobody remembers, the whole state.
    let mut again = Events::listen(Some(&first));
    let missed = [(); 3].map(|()| again.next().0);
    assert_eq!(missed, ["happened"; 3].map(str::to_owned));
    assert_eq!(Events::listen(Some("4000000000")).next().0, "state");
}
