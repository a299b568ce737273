//! What a running wall must go on through: signals, readers of its log that stop, viewers without number, a backend of
//! which one part is broken.

#[path = "common/waiting.rs"]
mod waiting;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use obzor::clock::{Clock, Moment};
use obzor::data::{Store, Update};
use obzor::demo::{World, serve};
use obzor::source::{Fetcher, NativeSource, RunningSource, UpdateSender};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use waiting::wait_for;

const OBZOR: &str = env!("CARGO_BIN_EXE_obzor");
const NOW: Moment = Moment(1_795_172_712_000);

/// A process that does not outlive the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A wall without a display, of a table and of a site with one appeal, in a folder.
fn wall(folder: &Path, view: &str) -> Command {
    std::fs::write(folder.join("a.csv"), "id;date\n1;20.11.2026 08:00\n").unwrap();
    let site = "[region]\nname = \"r\"\ntime_zone = \"Europe/Moscow\"\n[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a.csv\"\n\
                appeal = { key = \"id\", received = \"date\" }\n";
    std::fs::write(folder.join("site.toml"), site).unwrap();
    let layout = "name = \"Один\"\ngrid = { columns = 1, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\n\
                  panel.clock = {}\n";
    std::fs::write(folder.join("layout.toml"), layout).unwrap();
    let mut command = Command::new(OBZOR);
    command
        .args(["run", "--headless", "--layout", "layout.toml", "--source", "site.toml", "--keep", "kept.sqlite"])
        .args(["--view", view, "--now", "2026-11-20T14:05:12+03:00"])
        .current_dir(folder)
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    command
}

/// The address that the wall says it serves its view on.
fn served(process: &mut Process) -> String {
    let mut line = String::new();
    let mut byte = [0];
    let stdout = process.0.stdout.as_mut().unwrap();
    while !line.ends_with('\n') {
        assert_eq!(stdout.read(&mut byte).unwrap(), 1, "it ended: {line}");
        line.push(char::from(byte[0]));
    }
    line.trim().rsplit_once("http://").unwrap().1.trim_end_matches('/').to_owned()
}

fn request(address: &str, path: &str, host: &str) -> Option<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let head = answer.windows(4).position(|w| w == b"\r\n\r\n")?;
    let code = std::str::from_utf8(&answer[9..12]).ok()?.parse().ok()?;
    Some((code, answer[head + 4..].to_vec()))
}

fn status(address: &str) -> Option<serde_json::Value> {
    let (code, body) = request(address, "/api/v1/status", "localhost")?;
    (code == 200).then(|| serde_json::from_slice(&body).ok())?
}

fn signal(process: &Process, name: &str) {
    assert!(Command::new("kill").args([name, &process.0.id().to_string()]).status().unwrap().success());
}

#[test]
fn signals_end_the_wall_and_reload_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process(wall(folder.path(), "127.0.0.1:0").spawn().unwrap());
    let address = served(&mut process);
    wait_for("the data", || status(&address).filter(|s| s["appeals"] == 1));
    let text = std::fs::read_to_string(folder.path().join("layout.toml")).unwrap();
    std::fs::write(folder.path().join("layout.toml"), text.replace("Один", "Два")).unwrap();
    signal(&process, "-HUP");
    wait_for("the layout to be read again", || status(&address).filter(|s| s["state"]["version"] == 1));
    signal(&process, "-TERM");
    let code = wait_for("the end", || process.0.try_wait().unwrap());
    assert!(code.success(), "{code}");
    // What was known is kept: shown again without its source.
    std::fs::remove_file(folder.path().join("a.csv")).unwrap();
    let site = std::fs::read_to_string(folder.path().join("site.toml")).unwrap();
    let mut again = wall(folder.path(), "127.0.0.1:0");
    std::fs::remove_file(folder.path().join("a.csv")).unwrap();
    assert!(site.contains("a.csv"));
    let mut process = Process(again.spawn().unwrap());
    let address = served(&mut process);
    wait_for("what was kept", || status(&address).filter(|s| s["appeals"] == 1));
}

#[test]
fn a_wall_whose_log_nobody_reads_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = wall(folder.path(), "127.0.0.1:0");
    // A log that says very much fills the pipe at once.
    command.env("OBZOR_LOG", "trace");
    let mut process = Process(command.spawn().unwrap());
    let address = served(&mut process);
    wait_for("the data", || status(&address).filter(|s| s["appeals"] == 1));
    let path = folder.path().join("layout.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("Один", "Два")).unwrap();
    wait_for("the saved layout", || status(&address).filter(|s| s["state"]["version"] == 1));
    // Its readers go: both ends are closed.
    drop((process.0.stdout.take(), process.0.stderr.take()));
    std::fs::write(&path, text.replace("Один", "Три")).unwrap();
    wait_for("the next layout", || status(&address).filter(|s| s["state"]["version"] == 2));
    assert!(process.0.try_wait().unwrap().is_none());
}

#[test]
fn viewers_cost_the_wall_no_frames() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process(wall(folder.path(), "127.0.0.1:0").spawn().unwrap());
    let address = served(&mut process);
    wait_for("the picture", || request(&address, "/wall.png", "localhost").filter(|(code, _)| *code == 200));
    // Pages of other sites are refused, by their name and by their origin.
    assert_eq!(request(&address, "/api/v1/status", "wall.example").unwrap().0, 403);
    // A head without end is cut off.
    let mut endless = TcpStream::connect(&address).unwrap();
    let _ = write!(endless, "GET /api/v1/status HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "a".repeat(40_000));
    let mut answer = String::new();
    let _ = endless.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    // Some that say nothing, some that never read what is sent to them, and a crowd that asks for pictures.
    let silent: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let deaf: Vec<TcpStream> = (0..10)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            write!(stream, "GET /wall.mjpeg HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
            stream
        })
        .collect();
    let crowd: Vec<_> = (0..100)
        .map(|_| {
            let address = address.clone();
            std::thread::spawn(move || {
                request(&address, "/wall.png", "localhost").map(|(code, body)| (code, body.len()))
            })
        })
        .collect();
    // Meanwhile the wall takes over what is saved.
    let path = folder.path().join("layout.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("Один", "Два")).unwrap();
    wait_for("the saved layout", || status(&address).filter(|s| s["state"]["version"] == 1));
    for viewer in crowd {
        let (code, length) = viewer.join().unwrap().unwrap();
        assert!(code == 200 && length > 1000, "{code} {length}");
    }
    drop((silent, deaf));
    assert!(process.0.try_wait().unwrap().is_none());
}

/// A demo backend whose tables, texts, or both are broken, and how the wall reads it.
#[tokio::test(flavor = "multi_thread")]
async fn one_broken_table_costs_no_other() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let behind = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, Arc::new(World::new(3, NOW)), Clock::standing_at(NOW)));
    let client = reqwest_of(behind);
    // Before it stands one that breaks a table and a text.
    let breaks = move |request: Request, _: Next| {
        let client = client.clone();
        async move {
            let path = request.uri().path_and_query().unwrap().to_string();
            if path.contains("datasets/outages") {
                return (StatusCode::INTERNAL_SERVER_ERROR, "no").into_response();
            }
            let response = client.get(path.trim_start_matches('/'), None).await.unwrap();
            let bytes = client.bytes(response).await.unwrap();
            if path.contains("appeals/latest") {
                let text = String::from_utf8(bytes).unwrap();
                return text
                    .replacen("\"text\":\"", "\"text\":\"\\ud83d", 1)
                    .replacen("\"received\":", "\"reseived\":", 1)
                    .into_response();
            }
            (HeaderMap::new(), bytes).into_response()
        }
    };
    let front = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = front.local_addr().unwrap();
    let router = Router::new().fallback(|| async { StatusCode::NOT_FOUND }).layer(from_fn(breaks));
    tokio::spawn(async move { axum::serve(front, router).await });
    let (sender, mut updates) = mpsc::channel(8);
    let mut source = NativeSource::new(reqwest_of(address), 3, UpdateSender::new(0, sender));
    let loading = tokio::spawn(async move { source.load_once().await });
    let mut store = Store::new();
    while let Some((_, update)) = updates.recv().await {
        assert!(!matches!(update, Update::Lost(_)));
        store.apply(update, NOW);
    }
    loading.await.unwrap().unwrap();
    let snapshot = store.snapshot();
    assert!(snapshot.len() > 1000 && snapshot.words.len() > 100);
    assert!(!snapshot.datasets.contains_key("outages") && snapshot.datasets.contains_key("weather"));
}

fn reqwest_of(address: std::net::SocketAddr) -> Fetcher {
    Fetcher::new(format!("http://{address}/").parse().unwrap(), Duration::from_secs(10)).unwrap()
}
