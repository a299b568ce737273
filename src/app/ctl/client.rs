//! How a wall is reached from a shell: at its socket, on loopback, or from elsewhere with a token that pairing gave.

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::{Certificate, Client, ClientBuilder, Method, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::super::backend;
use super::super::serving::runtime_folder;
use crate::server::write_secret;

/// An answer may take so long.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Asks a wall.
pub struct WallClient {
    runtime: Runtime,
    client: Client,
    base: Url,
    token: Option<String>,
    /// Whether this user has not paired with it.
    is_stranger: bool,
}

/// What is known of a wall elsewhere.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct KnownWall {
    /// The token that pairing gave.
    pub token: String,
    /// Who vouches for the wall, in PEM; none where the system trusts it.
    pub authority: Option<String>,
}

impl WallClient {
    /// A client of the wall at an address or a socket; without one, of the only wall that has a socket on this machine, or
    /// else of the one at the usual address.
    ///
    /// # Errors
    /// When the address is none.
    pub fn open(wall: Option<&str>) -> Result<Self> {
        let usual = || Url::parse("http://127.0.0.1:7474/").context("no address");
        let builder = base_builder();
        match wall {
            Some(address) if address.starts_with("http://") || address.starts_with("https://") => {
                let base: Url = address.parse().with_context(|| address.to_owned())?;
                let known = known_walls()?.remove(&name_of(&base));
                let authority = known.as_ref().and_then(|known| known.authority.as_deref());
                Self::new(trusting(builder, authority)?, base, known.map(|known| known.token))
            }
            Some(path) => Self::new(builder.unix_socket(PathBuf::from(path)), usual()?, None),
            None => match only_socket() {
                Some(socket) => Self::new(builder.unix_socket(socket), usual()?, None),
                None => Self::new(builder, usual()?, None),
            },
        }
    }

    /// A client of a wall whose authority is not known yet: nothing that is secret is sent to it, and what it says must be
    /// compared with what the wall shows.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn of_stranger(base: Url) -> Result<Self> {
        Self::with(base_builder().tls_danger_accept_invalid_certs(true), base, None, false)
    }

    /// A client of a wall that is believed by this authority, or by those that the system trusts; it shows no token yet.
    ///
    /// # Errors
    /// When the authority is none.
    pub fn before_pairing(base: Url, authority: Option<&str>) -> Result<Self> {
        Self::with(trusting(base_builder(), authority)?, base, None, false)
    }

    fn new(builder: ClientBuilder, base: Url, token: Option<String>) -> Result<Self> {
        let token = std::env::var("OBZOR_TOKEN").ok().filter(|token| !token.is_empty()).or(token);
        let is_stranger = base.scheme() == "https" && token.is_none();
        Self::with(builder, base, token, is_stranger)
    }

    fn with(builder: ClientBuilder, base: Url, token: Option<String>, is_stranger: bool) -> Result<Self> {
        Ok(Self { runtime: backend::runtime()?, client: builder.build()?, base, token, is_stranger })
    }

    /// The address.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// The wall's answer, JSON.
    ///
    /// # Errors
    /// When it does not answer, or refuses: with what it says.
    pub fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let sent = self.send(method, path, body);
        let (status, bytes) = match sent {
            Err(error) if self.is_stranger => {
                return Err(error.context("pair with this wall first: obzor ctl --wall URL pair"));
            }
            sent => sent?,
        };
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes);
        if !(200..300).contains(&status) {
            let said = read(&bytes).unwrap_or_default();
            bail!("{}", said["detail"].as_str().unwrap_or("the wall has refused"));
        }
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        read(&bytes).with_context(|| format!("{} is no wall", self.base))
    }

    /// The wall's answer as a text; none where it has none.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn text(&self, path: &str) -> Result<Option<String>> {
        let (status, bytes) = self.send(Method::GET, path, None)?;
        Ok((status == 200).then(|| String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(u16, Vec<u8>)> {
        let request = self.client.request(method, self.base.join(path)?).header("x-obzor-client", "ctl");
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        };
        self.runtime.block_on(async {
            let answer =
                request.send().await.map_err(reqwest::Error::without_url).with_context(|| self.base.to_string())?;
            let status = answer.status().as_u16();
            Ok((status, answer.bytes().await?.to_vec()))
        })
    }
}

fn base_builder() -> ClientBuilder {
    // The same as for sources.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(TIMEOUT).no_proxy()
}

fn trusting(builder: ClientBuilder, authority: Option<&str>) -> Result<ClientBuilder> {
    Ok(match authority {
        Some(pem) => builder.tls_certs_only([Certificate::from_pem(pem.as_bytes())?]),
        None => builder,
    })
}

/// The socket of the only wall on this machine; none where there is none, or several.
fn only_socket() -> Option<PathBuf> {
    let entries = std::fs::read_dir(runtime_folder()?).ok()?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let sockets = paths.filter(|path| path.extension().is_some_and(|end| end == "sock"));
    let mut alive = sockets.filter(|path| UnixStream::connect(path).is_ok());
    let first = alive.next()?;
    alive.next().is_none().then_some(first)
}

/// The walls that this user has paired with, by their addresses.
fn known_walls() -> Result<BTreeMap<String, KnownWall>> {
    let Some(file) = known_file() else { return Ok(BTreeMap::new()) };
    if !file.exists() {
        return Ok(BTreeMap::new());
    }
    let text = std::fs::read(&file).with_context(|| file.display().to_string())?;
    serde_json::from_slice(&text).with_context(|| file.display().to_string())
}

fn known_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    Some(folder.join(Path::new("obzor/walls.json")))
}

/// Remembers a wall that was paired with.
///
/// # Errors
/// When the file of such walls cannot be written.
pub fn remember(base: &Url, known: KnownWall) -> Result<PathBuf> {
    let file = known_file().context("neither XDG_CONFIG_HOME nor HOME says where the token is to be kept")?;
    let mut walls = known_walls()?;
    walls.insert(name_of(base), known);
    write_secret(&file, &serde_json::to_vec_pretty(&walls)?).with_context(|| file.display().to_string())?;
    Ok(file)
}

/// An address by its scheme, host and port.
fn name_of(base: &Url) -> String {
    base.origin().ascii_serialization()
}
