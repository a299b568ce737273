//! Those who are off duty are told of alarms: signed, once for each, also where they did not hear at first, and where the
//! wall's power was cut in between.

#[path = "common/operated.rs"]
mod operated;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use obzor::notify::{SIGNATURE_HEADER, TIME_HEADER, signature};
use operated::{Asker, own_host, start};
use serde_json::{Value, json};

const HOOK: u16 = 20_002;
const SMTP: u16 = 20_003;

/// What came in at the webhook: the body, the time of its signature, and the signature.
type Heard = Arc<Mutex<Vec<(Vec<u8>, i64, String)>>>;

/// A webhook that refuses until it is told to accept.
async fn hook(accepts: Arc<AtomicBool>) -> Heard {
    let heard = Heard::default();
    let kept = heard.clone();
    let take = move |headers: HeaderMap, body: Bytes| async move {
        let text = |name: &str| headers[name].to_str().unwrap().to_owned();
        kept.lock().unwrap().push((body.to_vec(), text(TIME_HEADER).parse().unwrap(), text(SIGNATURE_HEADER)));
        if accepts.load(Ordering::SeqCst) { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
    };
    let listener = tokio::net::TcpListener::bind((own_host(), HOOK)).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", post(take))).await });
    heard
}

fn rules() -> String {
    format!(
        "[[notify]]\nname = \"duty\"\nwebhook = {{ url = \"http://{}:{HOOK}/hook\", secret = {{ file = \"key\" }} }}\n\
         [[notify]]\nname = \"siren\"\ncommand = [\"sh\", \"-c\", \"cat > rung-$OBZOR_TOLD\"]\n\
         [[notify]]\nname = \"chief\"\nemail = {{ server = \"smtp://{}:{SMTP}\", from = \"wall@example.org\", to = [\"chief@example.org\"] }}\n\
         [[alarm]]\nname = \"disk\"\ntitle = {{ ru = \"Диск\", en = \"Disk\" }}\naction = \"Освободить\"\npriority = \"middle\"\n\
         when = {{ disk = \"free-mib\", below = 1000000000, clear = 2000000000 }}\nnotify = [\"duty\", \"siren\"]\n",
        own_host(),
        own_host()
    )
}

async fn until<T>(what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
    for _ in 0..3000 {
        if let Some(found) = ready() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited in vain for {what}")
}

fn waiting(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder.join("kept.desktop.notices")).map(|files| files.count());
    files.unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_heard_is_told_again_after_a_power_cut_and_only_once() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "a secret\n").unwrap();
    let accepts = Arc::new(AtomicBool::new(false));
    let heard = hook(accepts.clone()).await;
    let wall = start(folder.path(), &rules());
    let asker = Asker::on_loopback();
    asker.wait().await;
    until("the first try", || (!heard.lock().unwrap().is_empty()).then_some(())).await;
    let rung = folder.path().join("rung-rose");
    until("the siren", || std::fs::read(&rung).ok().filter(|text| !text.is_empty())).await;
    // What has rung is told; what was refused waits on the disk.
    until("what is left on the disk", || (waiting(folder.path()) == 1).then_some(())).await;
    drop(wall);
    let before = heard.lock().unwrap().len();
    accepts.store(true, Ordering::SeqCst);
    let _wall = start(folder.path(), &rules());
    asker.wait().await;
    until("the second try", || (heard.lock().unwrap().len() > before).then_some(())).await;
    until("an empty queue", || (waiting(folder.path()) == 0).then_some(())).await;
    let heard = heard.lock().unwrap().clone();
    let ids: Vec<Value> = heard.iter().map(|(body, ..)| serde_json::from_slice::<Value>(body).unwrap()).collect();
    assert!(ids.iter().all(|told| told["id"] == ids[0]["id"]), "it is one notice, however often it is sent");
    assert_eq!((&ids[0]["alarm"], &ids[0]["told"], &ids[0]["title"]), (&json!("disk"), &json!("rose"), &json!("Диск")));
    for (body, secs, signed) in &heard {
        assert_eq!(*signed, signature("a secret", *secs, body));
        assert_ne!(*signed, signature("another", *secs, body));
    }
    let siren: Value = serde_json::from_slice(&std::fs::read(&rung).unwrap()).unwrap();
    assert_eq!(siren["action"], "Освободить");
    // The alarm is taken, and stands still; nobody is told again.
    let alarms = asker.get("/api/v1/alarms?lang=en").await.json();
    assert_eq!(
        (&alarms["alarms"][0]["stands"], &alarms["alarms"][0]["title"]),
        (&json!("unacknowledged"), &json!("Disk"))
    );
    assert_eq!(asker.get("/api/v1/state").await.json()["alarms_waiting"], 1);
    assert_eq!(asker.post("/api/v1/do/acknowledge/disk", &json!({})).await.status, 200);
    assert_eq!(asker.post("/api/v1/do/acknowledge/disk", &json!({})).await.status, 422);
    assert_eq!(asker.get("/api/v1/alarms").await.json()["alarms"][0]["acknowledged"]["by"], "loopback");
}

/// A server that takes one letter (RFC 5321), and gives it back.
async fn letter_box() -> tokio::task::JoinHandle<String> {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    let listener = tokio::net::TcpListener::bind((own_host(), SMTP)).await.unwrap();
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut socket = BufReader::new(socket);
        let mut letter = String::new();
        socket.write_all(b"220 box\r\n").await.unwrap();
        let mut in_letter = false;
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await.unwrap() == 0 {
                return letter;
            }
            let answer: &[u8] = match (in_letter, line.trim_end()) {
                (true, ".") => {
                    in_letter = false;
                    b"250 kept\r\n"
                }
                (true, _) => {
                    letter += &line;
                    continue;
                }
                (false, "DATA") => {
                    in_letter = true;
                    b"354 go on\r\n"
                }
                (false, "QUIT") => {
                    let _ = socket.write_all(b"221 bye\r\n").await;
                    return letter;
                }
                (false, _) => b"250 well\r\n",
            };
            socket.write_all(answer).await.unwrap();
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_who_is_told_can_be_tried() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("operation.toml");
    std::fs::write(&file, rules()).unwrap();
    let try_it = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_obzor"));
        command.args(["alarms", "test", name, "--operation", "operation.toml"]).current_dir(folder.path());
        let output = tokio::task::spawn_blocking(move || command.env("LANG", "ru_RU.UTF-8").output().unwrap());
        async move {
            let output = output.await.unwrap();
            (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
        }
    };
    let letter = letter_box().await;
    let (code, said) = try_it("chief").await;
    assert_eq!(code, Some(0), "{said}");
    let letter = letter.await.unwrap();
    assert!(letter.contains("To: chief@example.org") && letter.contains("@obzor>"), "{letter}");
    let (code, said) = try_it("siren").await;
    assert_eq!((code, folder.path().join("rung-test").exists()), (Some(0), true), "{said}");
    // Its key is missing, and then nobody listens.
    let (code, said) = try_it("duty").await;
    assert!(code == Some(1) && said.contains("key"), "{said}");
    std::fs::write(folder.path().join("key"), "a secret").unwrap();
    let (code, said) = try_it("duty").await;
    assert!(code == Some(1) && said.contains("не дошло"), "{said}");
    let (code, said) = try_it("dutty").await;
    assert!(code == Some(1) && said.contains("`duty`"), "{said}");
}
