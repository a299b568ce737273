//! The wall over HTTP: the live view, its state, the speaker's page.

mod addresses;
mod ask;
mod body;
mod connections;
mod events;
mod mjpeg;
mod preview;
mod v1;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, post};
use tokio::runtime::Runtime;

pub use self::events::Events;

use self::connections::{own_host_only, serve_connections};
use self::preview::Preview;
use crate::journal::JournalHandle;
use crate::requests::{Request, Requester};

/// What the addresses share.
#[derive(Clone)]
struct Shared {
    requester: Requester,
    preview: Arc<Preview>,
    journal: JournalHandle,
    answered: Arc<v1::Answered>,
    events: Events,
}

impl FromRef<Shared> for Requester {
    fn from_ref(shared: &Shared) -> Self {
        shared.requester.clone()
    }
}

impl FromRef<Shared> for Arc<Preview> {
    fn from_ref(shared: &Shared) -> Self {
        shared.preview.clone()
    }
}

/// Serves the wall on `address`; returns the address that it got. `request` is called for each request, on any thread,
/// and must not block.
/// `journal` is what was ordered, `events` what happens.
///
/// # Errors
/// When the address is taken or is not this machine's.
pub fn serve(
    runtime: &Runtime,
    address: SocketAddr,
    journal: JournalHandle,
    events: Events,
    request: impl Fn(Request) + Send + Sync + 'static,
) -> std::io::Result<SocketAddr> {
    let requester: Requester = Arc::new(request);
    let preview = {
        let _entered = runtime.enter();
        Preview::new(requester.clone())
    };
    let router = Router::new()
        .route("/", get(addresses::page))
        .route("/wall.png", get(addresses::wall_png))
        .route("/wall.mjpeg", get(mjpeg::mjpeg))
        .route("/outputs/{name}", get(addresses::output_png))
        .route("/status", get(addresses::status))
        .route("/pick", get(addresses::pick))
        .route("/look", post(addresses::look))
        .route("/run-sheet", get(addresses::speaker_page).post(addresses::step))
        .route("/run-sheet.json", get(addresses::run_sheet))
        .merge(v1::routes())
        .layer(axum::middleware::from_fn(own_host_only))
        .with_state(Shared { requester, preview, journal, answered: Arc::default(), events });
    let listener = runtime.block_on(tokio::net::TcpListener::bind(address))?;
    let address = listener.local_addr()?;
    runtime.spawn(serve_connections(listener, router));
    Ok(address)
}
