//! The wall over HTTP: the tablet's page, the control API, pictures for those who look, metrics.

mod access;
mod ask;
mod body;
mod connections;
mod events;
mod metrics;
mod mjpeg;
mod osc;
mod pages;
mod preview;
mod problem;
mod socket;
mod v1;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

pub use self::access::{Access, TlsError, write_secret};
pub use self::events::Events;
pub use self::v1::openapi;

use self::access::addresses;
use self::connections::{Door, serve_connections};
use self::metrics::Counts;
use self::preview::Preview;
use self::problem::Problem;
use crate::conductor::{Principal, Via};
use crate::journal::JournalHandle;
use crate::layout::file_of;
use crate::requests::{Request, Requester};

/// The wall takes so many orders a second from all together, and twice as many at once.
const ORDERS_A_SECOND: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// The longest name of a layout, in characters.
const MAX_LAYOUT_NAME: usize = 200;

/// Of those that are refused because of who gives them, each of which is written to the journal, it takes so many.
const REFUSALS_A_SECOND: NonZeroU32 = NonZeroU32::new(5).unwrap();
const REFUSALS_BURST: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// What the addresses share.
#[derive(Clone)]
struct Shared {
    requester: Requester,
    preview: Arc<Preview>,
    journal: JournalHandle,
    answered: Arc<v1::Answered>,
    events: Events,
    access: Arc<Access>,
    /// Of orders.
    pace: Arc<DefaultDirectRateLimiter>,
    /// Of orders of those who may not give them.
    refusal_pace: Arc<DefaultDirectRateLimiter>,
    counts: Arc<Counts>,
    /// The address to which a tablet is sent.
    address: Arc<str>,
}

impl Shared {
    /// The address at which a tablet is to look.
    fn address(&self) -> String {
        self.address.to_string()
    }

    /// Whether a layout is one that comes with the program, or a file that the wall holds: other files are nobody's to name.
    async fn holds_layout(&self, name: &str) -> Result<bool, Problem> {
        if file_of(name).is_none() {
            return Ok(true);
        }
        let held = ask::ask(&self.requester, Request::Layouts).await.ok_or_else(Problem::no_answer)?;
        Ok(held.names.iter().any(|known| known == name))
    }

    /// Has a record kept of what is no order.
    fn note(&self, by: Principal, what: String) {
        (self.requester)(Request::Note { by, via: Via::Api, what });
    }
}

/// Where a wall is served.
#[derive(Debug, Clone, Default)]
pub struct Doors {
    /// On this machine; none where not.
    pub loopback: Option<SocketAddr>,
    /// At this socket, for root and the wall's own user; none where not.
    pub socket: Option<PathBuf>,
}

/// Where a wall was served.
#[derive(Debug, Clone, Default)]
pub struct Served {
    /// On this machine.
    pub loopback: Option<SocketAddr>,
    /// From elsewhere, over TLS: the address to which a tablet is sent.
    pub tablet: Option<String>,
}

/// Why a wall is not served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, or is not this machine's.
    #[error("{address}")]
    Address {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is no TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// Serves the wall; returns the addresses that it got. `request` is called for each request, on any thread, and must not
/// block. `journal` is what was ordered, `events` what happens.
///
/// # Errors
/// When an address is taken or is not this machine's, or there is no certificate for TLS.
pub fn serve(
    runtime: &Runtime,
    doors: Doors,
    access: Arc<Access>,
    journal: JournalHandle,
    events: Events,
    request: impl Fn(Request) + Send + Sync + 'static,
) -> Result<Served, ServeError> {
    let _entered = runtime.enter();
    let control = access.control();
    let bind = |address: SocketAddr| {
        let bound =
            runtime.block_on(TcpListener::bind(address)).and_then(|listener| Ok((listener.local_addr()?, listener)));
        bound.map_err(|source| ServeError::Address { address, source })
    };
    let loopback = doors.loopback.map(bind).transpose()?;
    let tls = control.listen.map(bind).transpose()?;
    let served = Served {
        loopback: loopback.as_ref().map(|(at, _)| *at),
        tablet: tls.as_ref().map(|(at, _)| tablet_address(*at, control.names.first())),
    };
    let requester: Requester = Arc::new(request);
    let counts: Arc<Counts> = Arc::default();
    let shared = Shared {
        preview: Preview::new(requester.clone(), counts.clone(), events.clone()),
        requester,
        journal,
        answered: Arc::default(),
        events,
        access: access.clone(),
        pace: Arc::new(RateLimiter::direct(
            Quota::per_second(ORDERS_A_SECOND).allow_burst(ORDERS_A_SECOND.saturating_add(ORDERS_A_SECOND.get())),
        )),
        refusal_pace: Arc::new(RateLimiter::direct(
            Quota::per_second(REFUSALS_A_SECOND).allow_burst(REFUSALS_A_SECOND.saturating_mul(REFUSALS_BURST)),
        )),
        counts,
        address: served
            .tablet
            .clone()
            .or_else(|| Some(format!("http://{}/", served.loopback?)))
            .unwrap_or_default()
            .into(),
    };
    if let Some(osc) = control.osc.clone() {
        runtime.spawn(osc::receive(osc, shared.requester.clone(), shared.pace.clone()));
    }
    let router = router(shared);
    if let Some((_, listener)) = loopback {
        runtime.spawn(serve_connections(Door::Loopback(listener), router.clone()));
    }
    if let Some(listener) = doors.socket.and_then(|path| socket::bind(&path)) {
        runtime.spawn(serve_connections(Door::Socket(listener), router.clone()));
    }
    if let (Some((address, listener)), Some(certificates)) = (tls, &access.certificates) {
        let config = access::tls(certificates.clone(), address, &control.names)?;
        runtime.spawn(serve_connections(Door::Tls(listener, config.into()), router));
    }
    Ok(served)
}

/// The address to which a tablet is sent: by the name that the wall was given, or else by its first address.
fn tablet_address(listen: SocketAddr, name: Option<&String>) -> String {
    match name {
        Some(name) => format!("https://{name}:{}/", listen.port()),
        None => {
            let ip = addresses(listen).first().copied().unwrap_or(listen.ip());
            format!("https://{}/", SocketAddr::new(ip, listen.port()))
        }
    }
}

fn router(shared: Shared) -> Router {
    let identify = axum::middleware::from_fn_with_state(shared.clone(), access::identify);
    Router::new()
        .route("/", get(pages::tablet))
        .route("/view", get(pages::view))
        .route("/assets/{name}", get(pages::asset))
        .route("/manifest.webmanifest", get(pages::manifest))
        .route("/words.json", get(pages::words))
        .route("/authority.pem", get(pages::authority))
        .route("/wall.png", get(pages::wall_png))
        .route("/wall.mjpeg", get(mjpeg::mjpeg))
        .route("/outputs/{name}", get(pages::output_png))
        .route("/metrics", get(metrics::metrics))
        .route("/status", get(pages::moved))
        .route("/pick", get(pages::moved))
        .route("/run-sheet.json", get(pages::moved))
        .route("/run-sheet", get(pages::moved).post(pages::gone))
        .route("/look", post(pages::gone))
        .merge(v1::routes())
        .fallback(v1::unknown)
        .method_not_allowed_fallback(v1::wrong_method)
        .layer(identify)
        .with_state(shared)
}
