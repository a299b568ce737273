//! Connections: by loopback, by the wall's socket, or over TLS; limited in number, closed when idle.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;
use tokio_rustls::TlsAcceptor;

/// Connections at once at each door; others wait to be let in.
const MAX_CONNECTIONS: usize = 384;
/// Connections at once from one address elsewhere; those beyond are closed.
const MAX_FROM_ONE: usize = 64;
/// Limits of a request's head: bytes, header fields, and the time for it to arrive.
const MAX_HEAD_BYTES: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection over which nothing goes for so long is closed.
const IDLE: Duration = Duration::from_secs(20);

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// A program on this machine.
    Loopback,
    /// A program of root, or of the wall's own user, at the wall's socket.
    Socket,
    /// Whoever is at this address, over TLS.
    Elsewhere(SocketAddr),
}

/// Where connections are taken.
pub enum Door {
    /// On loopback.
    Loopback(TcpListener),
    /// At a socket, for root and the wall's own user.
    Socket(UnixListener),
    /// From elsewhere, over TLS.
    Tls(TcpListener, TlsAcceptor),
}

impl Door {
    /// The next connection.
    async fn accept(&self) -> io::Result<(Raw, Peer)> {
        match self {
            Self::Loopback(listener) => {
                let (stream, _) = listener.accept().await?;
                Ok((Raw::Tcp(stream), Peer::Loopback))
            }
            Self::Socket(listener) => loop {
                let (stream, _) = listener.accept().await?;
                let uid = stream.peer_cred()?.uid();
                if uid == 0 || uid == own_uid() {
                    return Ok((Raw::Unix(stream), Peer::Socket));
                }
                tracing::warn!(uid, "another user was not let in at the socket");
            },
            Self::Tls(listener, _) => {
                let (stream, address) = listener.accept().await?;
                Ok((Raw::Tcp(stream), Peer::Elsewhere(address)))
            }
        }
    }
}

/// The user that this program runs as.
fn own_uid() -> u32 {
    std::fs::metadata("/proc/self").map_or(0, |own| std::os::unix::fs::MetadataExt::uid(&own))
}

/// A connection before anything was said over it.
enum Raw {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// How many connections there are from each address elsewhere.
#[derive(Clone, Default)]
struct Crowd(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One of them; it counts until it is dropped.
struct Counted(Crowd, IpAddr);

impl Crowd {
    /// Counts a connection; none where there are too many from its address.
    fn admit(&self, peer: Peer) -> Option<Option<Counted>> {
        let Peer::Elsewhere(address) = peer else { return Some(None) };
        // One machine has every address of its network of version 6.
        let ip = match address.ip().to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from(u128::from(ip) >> 64 << 64)),
            ip => ip,
        };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(ip).or_default();
        if *count >= MAX_FROM_ONE {
            return None;
        }
        *count += 1;
        Some(Some(Counted(self.clone(), ip)))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.1);
            }
        }
    }
}

/// Serves `app` to everybody who connects, for ever.
pub async fn serve_connections(door: Door, app: Router) {
    // Those who crowd one door leave the others free.
    let (places, crowd) = (Arc::new(Semaphore::new(MAX_CONNECTIONS)), Crowd::default());
    let mut http = hyper::server::conn::http1::Builder::new();
    // A longer or slower head is not a viewer's.
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS);
    loop {
        // The semaphore is never closed.
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let (raw, peer) = match door.accept().await {
            Ok(accepted) => accepted,
            // Out of files, most often: those that close make room.
            Err(error) => {
                tracing::debug!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let Some(counted) = crowd.admit(peer) else { continue };
        let service = TowerToHyperService::new(app.clone().layer(axum::Extension(peer)));
        let (http, tls) = (http.clone(), if let Door::Tls(_, tls) = &door { Some(tls.clone()) } else { None });
        tokio::spawn(async move {
            let _counted = counted;
            // Who went away, or spoke another protocol, is told by the connection's end.
            let served = match (raw, tls) {
                (Raw::Tcp(stream), None) => serve(&http, Connection::new(stream, place), service).await,
                (Raw::Unix(stream), _) => serve(&http, Connection::new(stream, place), service).await,
                (Raw::Tcp(stream), Some(tls)) => {
                    let stream = Connection::new(stream, place);
                    match tokio::time::timeout(HEAD_TIMEOUT, tls.accept(stream)).await {
                        Ok(Ok(stream)) => serve(&http, stream, service).await,
                        Ok(Err(error)) => Err(error.to_string()),
                        Err(_) => Err("no TLS came".to_owned()),
                    }
                }
            };
            if let Err(error) = served {
                tracing::trace!(error, "a connection ended");
            }
        });
    }
}

async fn serve<S>(
    http: &hyper::server::conn::http1::Builder,
    stream: S,
    service: TowerToHyperService<Router>,
) -> Result<(), String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    http.serve_connection(TokioIo::new(stream), service).await.map_err(|error| error.to_string())
}

/// A connection that takes up a place, and ends when nothing goes over it.
struct Connection<S> {
    stream: S,
    idle: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl<S> Connection<S> {
    fn new(stream: S, place: OwnedSemaphorePermit) -> Self {
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

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        let read = Pin::new(&mut own.stream).poll_read(context, into);
        own.watched(read, context)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Connection<S> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_elsewhere_does_not_take_every_place() {
        let crowd = Crowd::default();
        let from = |address: &str| Peer::Elsewhere(address.parse().unwrap());
        let mut held: Vec<_> = (0..MAX_FROM_ONE).map(|_| crowd.admit(from("10.0.0.7:1")).unwrap()).collect();
        assert!(crowd.admit(from("[::ffff:10.0.0.7]:2")).is_none());
        assert!(crowd.admit(from("10.0.0.8:1")).is_some() && crowd.admit(Peer::Loopback).is_some());
        held.pop();
        assert!(crowd.admit(from("10.0.0.7:3")).is_some());
        held.clear();
        assert!(crowd.0.lock().unwrap().is_empty());
    }
}
