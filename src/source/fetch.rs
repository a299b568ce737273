//! HTTP as a wall needs it: with an end to everything, so that no backend can stall it or fill its memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{Stream, StreamExt, TryStreamExt};
use reqwest::{Client, Response, StatusCode, Url, header};
use serde::de::DeserializeOwned;
use sse_stream::{Sse, SseByteStream};

/// No answer is longer than this.
const MOST_BYTES: usize = 256 << 20;
/// No event of a stream is longer than this.
const MOST_EVENT_BYTES: usize = 64 << 20;

/// Why a source did not give what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The request failed on the way.
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    /// The backend refused.
    #[error("{url} answered {status}: {body}")]
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
    /// The wall is going down.
    #[error("nobody is listening")]
    NobodyListens,
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
    base: Url,
    /// Answers of one kind must begin within this time, and must not pause for longer.
    patience: Duration,
}

impl Fetcher {
    /// A client of the backend at `base`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(base: Url, patience: Duration) -> Result<Self, SourceError> {
        // Ring, and once only: whoever came first has set the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let near =
            base.host_str().is_some_and(|host| host == "localhost" || host == "[::1]" || host.starts_with("127."));
        let mut builder = Client::builder()
            .connect_timeout(Duration::from_secs(5).min(patience))
            .read_timeout(patience)
            .redirect(same_host_only())
            .user_agent(concat!("obzor/", env!("CARGO_PKG_VERSION")));
        if near {
            // Over loopback, compressing costs more than it saves.
            builder = builder.no_gzip().no_zstd().no_proxy();
        }
        Ok(Self { client: builder.build()?, base, patience })
    }

    /// The backend.
    pub fn base(&self) -> &Url {
        &self.base
    }

    fn url(&self, path: &str) -> Result<Url, SourceError> {
        let wrong = |what: String| SourceError::Wrong { url: self.base.to_string(), what };
        let folder = if self.base.path().ends_with('/') {
            self.base.clone()
        } else {
            format!("{}/", self.base).parse().map_err(|e| wrong(format!("{e}")))?
        };
        folder.join(path).map_err(|e| wrong(e.to_string()))
    }

    /// Sends a GET and looks at the status; the body is still to come.
    ///
    /// # Errors
    /// When it fails or is refused.
    pub async fn get(&self, path: &str, etag: Option<&str>) -> Result<Response, SourceError> {
        let url = self.url(path)?;
        let mut request = self.client.get(url.clone());
        if let Some(etag) = etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        let response = request.send().await?;
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|v| v.to_str().ok()?.parse().ok())
            .map(|secs: u64| Duration::from_secs(secs.min(3600)));
        let bytes = body(response, 4096).await.unwrap_or_default();
        let body = String::from_utf8_lossy(&bytes).chars().filter(|c| !c.is_control()).take(200).collect();
        Err(SourceError::Refused { url: url.to_string(), status, body, retry_after })
    }

    /// Reads the whole body, up to the limit.
    ///
    /// # Errors
    /// When it breaks off or is too long.
    pub async fn bytes(&self, response: Response) -> Result<Vec<u8>, SourceError> {
        body(response, MOST_BYTES).await
    }

    /// GETs JSON.
    ///
    /// # Errors
    /// When it fails, is refused, or is not `T`.
    pub async fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, SourceError> {
        let response = self.get(path, None).await?;
        let url = response.url().to_string();
        let bytes = self.bytes(response).await?;
        parse(&url, &bytes)
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
        let mut request = self.client.get(url.clone()).header(header::ACCEPT, "text/event-stream");
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await?;
        if !response.status().is_success() {
            let status = response.status();
            return Err(SourceError::Refused { url: url.to_string(), status, body: String::new(), retry_after: None });
        }
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        if !kind.starts_with("text/event-stream") {
            return Err(SourceError::Wrong {
                url: url.to_string(),
                what: format!("an event stream was asked for and `{kind}` came"),
            });
        }
        let since_event = Arc::new(AtomicUsize::new(0));
        let counted = since_event.clone();
        let limited = response.bytes_stream().map_err(std::io::Error::other).map(move |chunk| {
            let chunk = chunk?;
            let total = counted.fetch_add(chunk.len(), Ordering::Relaxed) + chunk.len();
            if total > MOST_EVENT_BYTES {
                Err(std::io::Error::other(format!("an event is longer than {MOST_EVENT_BYTES} bytes")))
            } else {
                Ok(chunk)
            }
        });
        Ok(SseByteStream::new(Box::pin(limited)).map(move |event| {
            since_event.store(0, Ordering::Relaxed);
            event.map_err(|e| SourceError::Wrong { url: url.to_string(), what: e.to_string() })
        }))
    }

    /// How long to wait for a sign of life.
    pub fn patience(&self) -> Duration {
        self.patience
    }
}

/// Reads JSON; says where it stopped making sense.
///
/// # Errors
/// When it is not `T`.
pub fn parse<T: DeserializeOwned>(url: &str, bytes: &[u8]) -> Result<T, SourceError> {
    serde_json::from_slice(bytes).map_err(|e| SourceError::Wrong { url: url.to_owned(), what: e.to_string() })
}

async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, SourceError> {
    let url = response.url().to_string();
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

/// A redirect is followed within the host that was asked, and nowhere else.
fn same_host_only() -> reqwest::redirect::Policy {
    reqwest::redirect::Policy::custom(|attempt| {
        let same = attempt.previous().first().is_some_and(|first| {
            first.host_str() == attempt.url().host_str()
                && first.port_or_known_default() == attempt.url().port_or_known_default()
        });
        if same && attempt.previous().len() < 5 { attempt.follow() } else { attempt.stop() }
    })
}
