//! A running wall that is operated over all of its doors: loopback, its socket, and TLS.
#![allow(dead_code)]

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, Method};
use serde_json::{Value, json};

const OBZOR: &str = env!("CARGO_BIN_EXE_obzor");
pub const VIEW: u16 = 20_000;
const TLS: u16 = 20_001;

/// An address of loopback that no other test has.
pub fn own_host() -> Ipv4Addr {
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, 64 + (high & 0x3F), middle, low)
}

/// A wall that is killed at the end of the test, as by a power cut.
pub struct Wall(Child);

impl Drop for Wall {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The folder in which a wall keeps its tokens.
pub fn access_folder(folder: &Path) -> PathBuf {
    folder.join("kept.desktop.access")
}

/// A wall of a site with one appeal, served over TLS, too; `control` is what `operation.toml` says besides.
pub fn start(folder: &Path, control: &str) -> Wall {
    start_with_text(folder, control, "Нет тепла")
}

/// The same; `text` is what the resident wrote.
pub fn start_with_text(folder: &Path, control: &str, text: &str) -> Wall {
    let today = jiff::Zoned::now().strftime("%d.%m.%Y").to_string();
    std::fs::write(folder.join("a.csv"), format!("id;date;text\n1;{today} 00:01;{text}\n")).unwrap();
    let site = "[region]\nname = \"r\"\ntime_zone = \"Europe/Moscow\"\n[[source]]\nname = \"a\"\nkind = \"csv\"\nfile = \"a.csv\"\n\
                appeal = { key = \"id\", received = \"date\", text = \"text\" }\n";
    std::fs::write(folder.join("site.toml"), site).unwrap();
    let operation = format!("[control]\nlisten = \"{}:{TLS}\"\n{control}", own_host());
    std::fs::write(folder.join("operation.toml"), operation).unwrap();
    let mut command = Command::new(OBZOR);
    command
        .args(["run", "--headless", "--source", "site.toml", "--keep", "kept.sqlite", "--operation", "operation.toml"])
        .args(["--view", &format!("{}:{VIEW}", own_host()), "--run-sheet", "governors-visit"])
        .current_dir(folder)
        .env("XDG_RUNTIME_DIR", folder)
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Wall(command.spawn().unwrap())
}

/// Somebody who asks the wall by one of its doors.
#[derive(Clone)]
pub struct Asker {
    client: Client,
    base: String,
    fields: Vec<(&'static str, String)>,
}

/// What was answered.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

fn builder() -> ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().timeout(Duration::from_secs(20)).redirect(reqwest::redirect::Policy::none())
}

impl Asker {
    /// Whoever is on the wall's machine.
    pub fn on_loopback() -> Self {
        let base = format!("http://{}:{VIEW}", own_host());
        Self { client: builder().build().unwrap(), base, fields: Vec::new() }
    }

    /// The wall's own user, at its socket.
    pub fn at_socket(folder: &Path) -> Self {
        let client = builder().unix_socket(folder.join("obzor/desktop.sock")).build().unwrap();
        Self { client, base: "http://localhost".to_owned(), fields: Vec::new() }
    }

    /// Whoever trusts this authority, from elsewhere.
    pub fn elsewhere(authority: &str) -> Self {
        Self::from_address(own_host(), authority)
    }

    /// The same, from an address of their own.
    pub fn from_address(address: Ipv4Addr, authority: &str) -> Self {
        let certificate = Certificate::from_pem(authority.as_bytes()).unwrap();
        let client = builder().local_address(IpAddr::V4(address)).tls_certs_only([certificate]).build().unwrap();
        Self { client, base: format!("https://{}:{TLS}", own_host()), fields: Vec::new() }
    }

    /// The same with another field in the head.
    pub fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut fields = self.fields.clone();
        fields.push((name, value.into()));
        Self { fields, ..self.clone() }
    }

    /// The same with a token.
    pub fn with_token(&self, token: &str) -> Self {
        self.with("authorization", format!("Bearer {token}"))
    }

    /// Asks; none while nobody answers.
    pub async fn try_ask(&self, method: Method, path: &str, body: Option<&Value>) -> Option<Answer> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        for (name, value) in &self.fields {
            request = request.header(*name, value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.ok()?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        // Events have no end.
        let is_stream =
            headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
                || path.ends_with(".mjpeg");
        let bytes = if is_stream { Vec::new() } else { answer.bytes().await.ok()?.to_vec() };
        Some(Answer { status, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes })
    }

    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.try_ask(method, path, body).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn order(&self, command: Value) -> Answer {
        self.post("/api/v1/orders", &json!({ "command": command })).await
    }

    /// Waits until the wall answers with its state; returns the state.
    pub async fn wait(&self) -> Value {
        for _ in 0..3000 {
            if let Some(answer) = self.try_ask(Method::GET, "/api/v1/state", None).await
                && answer.status == 200
            {
                return answer.json();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the wall does not answer");
    }

    /// A token of this role, given by an administrator.
    pub async fn token(&self, role: &str) -> (String, String) {
        let given = self.post("/api/v1/tokens", &json!({ "name": role, "role": role })).await.json();
        (given["token"].as_str().unwrap().to_owned(), given["id"].as_str().unwrap().to_owned())
    }

    /// A stream of events, from the state on.
    pub async fn events(&self) -> reqwest::Response {
        let request = self.client.get(format!("{}/api/v1/events", self.base)).timeout(Duration::from_secs(600));
        request.send().await.unwrap()
    }
}
