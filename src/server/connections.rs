//! HTTP connections of viewers: limited in number, closed when idle, refused if a page of another site sent them.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

use crate::conductor::{Principal, Role};

/// Connections at once; others wait to be let in.
const MAX_CONNECTIONS: usize = 256;
/// Limits of a request's head: bytes, header fields, and the time for it to arrive.
const MAX_HEAD_BYTES: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection over which nothing goes for so long is closed.
const IDLE: Duration = Duration::from_secs(20);

/// Lets in so many connections at once.
pub struct Limited {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Limited {
    /// Of a listener.
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, places: Arc::new(Semaphore::new(MAX_CONNECTIONS)) }
    }
}

impl Limited {
    async fn accept(&self) -> (Connection, SocketAddr) {
        loop {
            // The semaphore is never closed.
            let Ok(place) = self.places.clone().acquire_owned().await else { std::future::pending().await };
            match self.listener.accept().await {
                Ok((stream, address)) => return (Connection::new(stream, place), address),
                // Out of files, most often: those that close make room.
                Err(error) => {
                    tracing::debug!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
    }
}

/// Serves `app` to everybody who connects, for ever.
pub async fn serve_connections(listener: TcpListener, app: Router) {
    let listener = Limited::new(listener);
    let mut http = hyper::server::conn::http1::Builder::new();
    // A longer or slower head is not a viewer's.
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS);
    loop {
        let (connection, address) = listener.accept().await;
        let app = app.clone().layer(axum::Extension(Peer(address)));
        let serving = http.serve_connection(TokioIo::new(connection), TowerToHyperService::new(app));
        tokio::spawn(async move {
            // Who went away, or spoke another protocol, is told by the connection's end.
            if let Err(error) = serving.await {
                tracing::trace!(%error, "a connection ended");
            }
        });
    }
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(SocketAddr);

impl Peer {
    /// Who gives the orders that come from there: on this machine an operator; from elsewhere nobody who has shown who they
    /// are, and so no more than the speaker of a visit.
    pub fn principal(self) -> Principal {
        match self.0.ip().to_canonical() {
            ip if ip.is_loopback() => Principal::new("loopback", Role::Operator),
            ip => Principal::new(ip.to_string(), Role::Speaker),
        }
    }
}

/// A connection that takes up a place, and ends when nothing goes over it.
pub struct Connection {
    stream: TcpStream,
    idle: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit) -> Self {
        Self { stream, idle: Box::pin(tokio::time::sleep(IDLE)), _place: place }
    }

    /// Counts what went over it; says whether it has waited for too long.
    fn watched<T>(&mut self, done: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.idle.as_mut().reset(tokio::time::Instant::now() + IDLE);
            return done;
        }
        match self.idle.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        let read = Pin::new(&mut own.stream).poll_read(context, into);
        own.watched(read, context)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let own = self.get_mut();
        let written = Pin::new(&mut own.stream).poll_write(context, bytes);
        own.watched(written, context)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

/// Refuses requests that reached this host under a foreign name (DNS rebinding), and requests from pages of other
/// sites.
pub async fn own_host_only(request: Request, next: Next) -> Response {
    match refusal(request.headers()) {
        Some(words) => (StatusCode::FORBIDDEN, words).into_response(),
        None => next.run(request).await,
    }
}

/// Why a request is refused by where it was sent to and from.
fn refusal(headers: &HeaderMap) -> Option<&'static str> {
    let word = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = word(header::HOST);
    if host.is_some_and(|host| !is_own(host)) {
        return Some("this wall is asked by its address, `localhost` or this machine's name\n");
    }
    let origin = word(header::ORIGIN)?;
    let origin = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let own = host.is_some_and(|host| origin.eq_ignore_ascii_case(host));
    (!own).then_some("a page of another site may not ask this wall\n")
}

/// Whether a `Host` is an address, this machine's name, or `localhost`: another name may have been made to lead here.
fn is_own(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let name = name.to_ascii_lowercase();
    if name.parse::<IpAddr>().is_ok() || name == "localhost" {
        return true;
    }
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_ascii_lowercase();
    let short = |name: &str| name.split('.').next().unwrap_or("").to_owned();
    !machine.is_empty() && (name == machine || name == short(&machine) || name == format!("{}.local", short(&machine)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_from_elsewhere_may_turn_steps_and_no_more() {
        let role = |address: &str| Peer(address.parse().unwrap()).principal().role;
        for here in ["127.0.0.1:1", "127.3.2.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            assert_eq!(role(here), Role::Operator, "{here}");
        }
        for elsewhere in ["10.0.0.7:1", "[fe80::1]:1", "[::ffff:10.0.0.7]:1", "0.0.0.0:1"] {
            assert_eq!(role(elsewhere), Role::Speaker, "{elsewhere}");
        }
    }

    #[test]
    fn names_that_may_lead_here_from_elsewhere_are_not_ours() {
        for own in ["127.0.0.1", "127.0.0.1:7474", "[::1]:7474", "localhost:7474", "LOCALHOST", "10.0.0.7:80"] {
            assert!(is_own(own), "{own}");
        }
        for other in ["wall.example", "wall.example:7474", "127.0.0.1.example", "", "localhost.example:7474"] {
            assert!(!is_own(other), "{other}");
        }
    }
}
