//! HTTP as a wall needs it: with an end to everything, so that no backend can stall it or fill its memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{Stream, StreamExt, TryStreamExt};
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url, header};
use serde::de::DeserializeOwned;
use sse_stream::{Sse, SseByteStream};

use super::encoding::as_its_header_says;
use super::json::{self, JsonError, VALUES_A_MIB};
use super::secret::Auth;
use crate::privacy::redact;

/// Longest answer, in bytes.
const MAX_BYTES: usize = 256 << 20;
/// No event of a stream is longer than this.
const MAX_EVENT_BYTES: usize = 64 << 20;

/// Time limit for a whole document, however slowly it arrives.
const WHOLE_TIMEOUT: Duration = Duration::from_secs(300);
/// Connections that are not used are closed, so that an address that has moved is looked up again.
const IDLE: Duration = Duration::from_secs(30);

/// How a backend is reached.
#[derive(Debug, Clone)]
pub struct Access {
    /// Where it is: `http`, `https`, or `file`.
    pub base: Url,
    /// Time limit for an answer to begin, and for each pause within it.
    pub timeout: Duration,
    /// How the wall authenticates.
    pub auth: Option<Auth>,
    /// A certificate authority of the site's own, as PEM, beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// Other hosts that redirects and links may lead to.
    pub hosts: Vec<String>,
    /// No answer is longer, in bytes.
    pub max_bytes: usize,
}

impl Access {
    /// Plain access to a backend.
    pub fn to(base: Url, timeout: Duration) -> Self {
        Self { base, timeout, auth: None, ca_file: None, hosts: Vec::new(), max_bytes: MAX_BYTES }
    }

    fn allows(&self, url: &Url) -> bool {
        let same = url.host_str() == self.base.host_str()
            && url.port_or_known_default() == self.base.port_or_known_default()
            && url.scheme() == self.base.scheme();
        let listed = |host: &str| self.hosts.iter().any(|allowed| allowed == host);
        same || (matches!(url.scheme(), "https" | "http") && url.host_str().is_some_and(listed))
    }
}

/// Why a source did not give what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The request failed on the way.
    #[error("{0}")]
    Http(#[source] reqwest::Error),
    /// The backend refused.
    #[error("{url} answered {status}: {body}{}", advice(*status))]
    Refused {
        /// What was asked for.
        url: String,
        /// The answer.
        status: StatusCode,
        /// The beginning of what it said.
        body: String,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The answer is not what the API says it is.
    #[error("{url}: {what}")]
    Wrong {
        /// What was asked for.
        url: String,
        /// What is wrong with the answer.
        what: String,
    },
    /// The stream fell silent.
    #[error("nothing was heard for {0:?}")]
    Silent(Duration),
    /// The stream ended.
    #[error("the backend closed the stream")]
    Closed,
    /// A file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The wall cannot say who it is.
    #[error("{0}")]
    Secret(String),
    /// Reading it failed in a way that the program does not know of.
    #[error("reading it failed inside of the program: the log says where")]
    Broken,
    /// The wall is shutting down.
    #[error("nobody is listening")]
    ShuttingDown,
}

impl From<reqwest::Error> for SourceError {
    /// The address is left out of the words: its parameters may hold a secret.
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error.without_url())
    }
}

/// What the person who connects a backend can do about its answer.
fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "; it wants to know who asks, say so with `auth`",
        StatusCode::FORBIDDEN => "; it does not let this `auth` in",
        StatusCode::NOT_FOUND => "; is `url` the address of the API, whole?",
        _ => "",
    }
}

/// An address without its parameters, which may hold a secret.
pub fn plain(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

impl SourceError {
    /// How long the backend asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// Fetches from one backend.
#[derive(Clone)]
pub struct Fetcher {
    client: Client,
    access: Arc<Access>,
}

impl Fetcher {
    /// A client of the backend at `base`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(base: Url, timeout: Duration) -> Result<Self, SourceError> {
        Self::open(Access::to(base, timeout))
    }

    /// A client with all that a site says of its backend.
    ///
    /// # Errors
    /// When TLS cannot be set up, or the certificate's file cannot be read.
    pub fn open(access: Access) -> Result<Self, SourceError> {
        let (base, timeout, access) = (access.base.clone(), access.timeout, Arc::new(access));
        // Ring, and once only: whoever came first has set the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let near =
            base.host_str().is_some_and(|host| host == "localhost" || host == "[::1]" || host.starts_with("127."));
        let mut builder = Client::builder()
            .connect_timeout(Duration::from_secs(5).min(timeout))
            .read_timeout(timeout)
            .pool_idle_timeout(IDLE)
            .redirect(within(access.clone()))
            .user_agent(concat!("obzor/", env!("CARGO_PKG_VERSION")));
        if near {
            // Over loopback, compressing costs more than it saves.
            builder = builder.no_gzip().no_zstd().no_proxy();
        }
        if let Some(path) = &access.ca_file {
            let pem = std::fs::read(path).map_err(|source| SourceError::File { path: path.clone(), source })?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem)?;
            builder = builder.tls_certs_merge(certificates);
        }
        Ok(Self { client: builder.build()?, access })
    }

    /// The backend.
    pub fn base(&self) -> &Url {
        &self.access.base
    }

    fn url(&self, path: &str) -> Result<Url, SourceError> {
        let base = self.base();
        let wrong = |what: String| SourceError::Wrong { url: plain(base), what };
        if path.is_empty() {
            return Ok(base.clone());
        }
        if let Ok(absolute) = path.parse::<Url>() {
            return if self.access.allows(&absolute) { Ok(absolute) } else { Err(wrong(led_away(&absolute))) };
        }
        let folder = if base.path().ends_with('/') || path.starts_with(['/', '?']) {
            base.clone()
        } else {
            format!("{base}/").parse().map_err(|e| wrong(format!("{e}")))?
        };
        folder.join(path).map_err(|e| wrong(e.to_string()))
    }

    fn request(&self, url: Url) -> Result<RequestBuilder, SourceError> {
        let request = self.client.get(url);
        match &self.access.auth {
            // Read anew for each request: a secret may be changed while the wall runs.
            Some(auth) => auth.sign(request).map_err(SourceError::Secret),
            None => Ok(request),
        }
    }

    /// Sends a GET and looks at the status; the body is still to come.
    ///
    /// # Errors
    /// When it fails or is refused.
    pub async fn get(&self, path: &str, etag: Option<&str>) -> Result<Response, SourceError> {
        let url = self.url(path)?;
        let mut request = self.request(url.clone())?;
        if let Some(etag) = etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        self.judged(&url, request.send().await?).await
    }

    /// A whole document and the address it came from; `path` may be empty for the base itself.
    ///
    /// # Errors
    /// When it fails, is refused, is too long or drips for too long.
    pub async fn document(&self, path: &str) -> Result<(String, Vec<u8>), SourceError> {
        self.document_with(path, &[]).await
    }

    /// The same with parameters.
    ///
    /// # Errors
    /// As [`Fetcher::document`].
    pub async fn document_with(
        &self,
        path: &str,
        query: &[(String, String)],
    ) -> Result<(String, Vec<u8>), SourceError> {
        let (url, bytes, _) = self.linked_document(path, query).await?;
        Ok((url, bytes))
    }

    /// The same with the address that its `Link` or `X-Next-Page-URL` header names as the next.
    ///
    /// # Errors
    /// As [`Fetcher::document`].
    pub async fn linked_document(
        &self,
        path: &str,
        query: &[(String, String)],
    ) -> Result<(String, Vec<u8>, Option<String>), SourceError> {
        let url = self.url(path)?;
        if url.scheme() == "file" {
            let path = url.to_file_path().unwrap_or_default();
            let bytes = read_file(&path, self.access.max_bytes).await;
            return bytes
                .map(|b| (path.display().to_string(), b, None))
                .map_err(|source| SourceError::File { path, source });
        }
        self.whole(async {
            let request = self.request(url.clone())?;
            let request = if query.is_empty() { request } else { request.query(query) };
            let response = self.judged(&url, request.send().await?).await?;
            let next = next_of(response.headers());
            let address = plain(response.url());
            Ok((address, self.bytes(response).await?, next))
        })
        .await
    }

    async fn judged(&self, url: &Url, response: Response) -> Result<Response, SourceError> {
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        if status.is_redirection() {
            let to = response.headers().get(header::LOCATION).and_then(|v| url.join(v.to_str().ok()?).ok());
            let what = to.map_or("it answers with a redirect that leads nowhere".to_owned(), |to| led_away(&to));
            return Err(SourceError::Wrong { url: plain(url), what });
        }
        let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|v| wait_of(v.to_str().ok()?));
        let bytes = body(response, 4096).await.unwrap_or_default();
        let said = self.redacted(String::from_utf8_lossy(&bytes).into_owned());
        let body = redact(&said).chars().take(200).collect();
        Err(SourceError::Refused { url: plain(url), status, body, retry_after })
    }

    /// A backend's message without the secrets that were sent to it, in a header or in a parameter of its address.
    fn redacted(&self, said: String) -> String {
        let said = match &self.access.auth {
            Some(auth) => auth.redact(said),
            None => said,
        };
        let values = self.base().query_pairs().map(|(_, value)| value).filter(|value| value.len() >= 6);
        values.fold(said, |said, value| said.replace(&*value, "***"))
    }

    /// Reads the whole body, up to the limit.
    ///
    /// # Errors
    /// When it breaks off or is too long.
    pub async fn bytes(&self, response: Response) -> Result<Vec<u8>, SourceError> {
        let kind = content_type(&response);
        Ok(as_its_header_says(body(response, self.access.max_bytes).await?, &kind))
    }

    /// GETs JSON.
    ///
    /// # Errors
    /// When it fails, is refused, takes too long, or is not `T`.
    pub async fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, SourceError> {
        let (url, bytes) = self.document(path).await?;
        parse(&url, &bytes)
    }

    /// Runs `work` on a backend with a time limit, however slowly it answers.
    ///
    /// # Errors
    /// As `work`, or when it takes too long.
    pub async fn whole<T>(&self, work: impl Future<Output = Result<T, SourceError>>) -> Result<T, SourceError> {
        let timeout = WHOLE_TIMEOUT.min(self.access.timeout * 15);
        tokio::time::timeout(timeout, work).await.unwrap_or(Err(SourceError::Silent(timeout)))
    }

    /// Opens a stream of events, each of bounded length.
    ///
    /// # Errors
    /// When it fails or is refused.
    pub async fn events(
        &self,
        path: &str,
        last_event_id: Option<&str>,
    ) -> Result<impl Stream<Item = Result<Sse, SourceError>> + use<>, SourceError> {
        let url = self.url(path)?;
        // A stream may be silent for longer than an answer: heartbeats are what it is watched by.
        let mut request = self.request(url.clone())?.header(header::ACCEPT, "text/event-stream");
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await?;
        if !response.status().is_success() {
            let status = response.status();
            return Err(SourceError::Refused { url: plain(&url), status, body: String::new(), retry_after: None });
        }
        let kind = content_type(&response);
        if !kind.starts_with("text/event-stream") {
            return Err(SourceError::Wrong {
                url: plain(&url),
                what: format!("an event stream was asked for and `{kind}` came"),
            });
        }
        let since_event = Arc::new(AtomicUsize::new(0));
        let counted = since_event.clone();
        let limited = response.bytes_stream().map_err(std::io::Error::other).map(move |chunk| {
            let chunk = chunk?;
            let total = counted.fetch_add(chunk.len(), Ordering::Relaxed) + chunk.len();
            if total > MAX_EVENT_BYTES {
                Err(std::io::Error::other(format!("an event is longer than {MAX_EVENT_BYTES} bytes")))
            } else {
                Ok(chunk)
            }
        });
        Ok(SseByteStream::new(Box::pin(limited)).map(move |event| {
            since_event.store(0, Ordering::Relaxed);
            event.map_err(|e| SourceError::Wrong { url: plain(&url), what: e.to_string() })
        }))
    }

    /// Reads any JSON, within the memory that an answer of this backend may take; says how many places of it were mended.
    ///
    /// # Errors
    /// When it is not JSON, or holds too much.
    pub fn any_json(&self, url: &str, bytes: &[u8]) -> Result<(serde_json::Value, usize), SourceError> {
        match json::read(bytes, self.max_values()) {
            Ok(read) => Ok((read.value, read.mended)),
            Err(JsonError::NotJson(error)) => Err(not_json(url, bytes, &error)),
            Err(error) => Err(SourceError::Wrong { url: url.to_owned(), what: error.to_string() }),
        }
    }

    /// How many values an answer may hold.
    pub fn max_values(&self) -> usize {
        (self.access.max_bytes >> 20).max(1) * VALUES_A_MIB
    }

    /// How long to wait for a sign of life.
    pub fn timeout(&self) -> Duration {
        self.access.timeout
    }
}

/// Reads JSON; says where it stopped making sense.
///
/// # Errors
/// When it is not `T`.
pub fn parse<T: DeserializeOwned>(url: &str, bytes: &[u8]) -> Result<T, SourceError> {
    serde_json::from_slice(bytes).map_err(|error| not_json(url, bytes, &error))
}

/// What came in the place of JSON.
fn not_json(url: &str, bytes: &[u8], error: &serde_json::Error) -> SourceError {
    let what = if crate::diagnostic::is_web_page(bytes) {
        "a web page came where JSON was asked for: is this the address of the API?".to_owned()
    } else if bytes.trim_ascii_start().starts_with(b"<") {
        "XML came where JSON was asked for".to_owned()
    } else if bytes.is_empty() {
        "an empty answer came where JSON was asked for".to_owned()
    } else {
        // serde's words repeat the value that is wrong.
        format!("this is no such JSON as was asked for: {}", redact(&error.to_string()))
    };
    SourceError::Wrong { url: url.to_owned(), what }
}

/// What an answer says it is; nothing where it does not say.
pub fn content_type(response: &Response) -> String {
    response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned()
}

async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, SourceError> {
    let url = plain(response.url());
    let expected = response.content_length().unwrap_or(0).min(limit as u64);
    let mut bytes = Vec::with_capacity(expected as usize);
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > limit {
            return Err(SourceError::Wrong { url, what: format!("the answer is longer than {limit} bytes") });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn led_away(to: &Url) -> String {
    format!("it leads to {}, which is not among its `hosts`", plain(to))
}

/// A redirect is followed within the host that was asked and those that the site allows, and nowhere else.
fn within(access: Arc<Access>) -> reqwest::redirect::Policy {
    reqwest::redirect::Policy::custom(move |attempt| {
        if access.allows(attempt.url()) && attempt.previous().len() < 5 { attempt.follow() } else { attempt.stop() }
    })
}

/// What a `Retry-After` asks for: seconds, or a date.
fn wait_of(text: &str) -> Option<Duration> {
    let secs = text.trim().parse::<u64>().ok().or_else(|| {
        let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second();
        u64::try_from(at - jiff::Timestamp::now().as_second()).ok()
    })?;
    Some(Duration::from_secs(secs.min(3600)))
}

/// The next page by RFC 8288, or by the header that Finnish Open311 servers send.
fn next_of(headers: &HeaderMap) -> Option<String> {
    if let Some(next) = headers.get("x-next-page-url").and_then(|v| v.to_str().ok()) {
        return Some(next.to_owned());
    }
    let links = headers.get_all(header::LINK).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    links.into_iter().find_map(|link| {
        let (address, parameters) = link.split_once(';')?;
        let is_next = parameters.split(';').any(|p| matches!(p.trim(), "rel=next" | "rel=\"next\""));
        is_next.then(|| address.trim().trim_matches(['<', '>']).to_owned())
    })
}

async fn read_file(path: &Path, max_bytes: usize) -> std::io::Result<Vec<u8>> {
    use tokio::io::AsyncReadExt;
    let mut bytes = Vec::new();
    tokio::fs::File::open(path).await?.take(max_bytes as u64 + 1).read_to_end(&mut bytes).await?;
    if bytes.len() > max_bytes {
        return Err(std::io::Error::other(format!("longer than {max_bytes} bytes")));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_away_from_the_allowed_hosts() {
        let mut access = Access::to("https://a.example/x/".parse().unwrap(), Duration::from_secs(1));
        let allows = |access: &Access, url: &str| access.allows(&url.parse().unwrap());
        assert!(allows(&access, "https://a.example/other"));
        for away in ["http://a.example/x", "https://b.example/", "https://a.example:8443/", "file:///etc/passwd"] {
            assert!(!allows(&access, away), "{away}");
        }
        access.hosts.push("b.example".into());
        assert!(allows(&access, "https://b.example/") && !allows(&access, "https://c.example/"));
    }

    #[test]
    fn headers_are_read_in_their_forms() {
        assert_eq!(wait_of("120"), Some(Duration::from_secs(120)));
        assert_eq!(wait_of("Sun, 06 Nov 1994 08:49:37 GMT"), None);
        assert_eq!(wait_of("soon"), None);
        let mut headers = HeaderMap::new();
        headers.insert(header::LINK, "<https://a/1>; rel=\"prev\", <https://a/3>; rel=\"next\"".parse().unwrap());
        assert_eq!(next_of(&headers).as_deref(), Some("https://a/3"));
    }
}
