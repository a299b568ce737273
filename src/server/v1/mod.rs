//! The control API, version 1: orders in, the state and its reasons out.

mod idempotency;
mod orders;
mod problem;
mod reading;
mod stream;

use axum::Router;
use axum::routing::{get, post};

pub use idempotency::Answered;

use super::Shared;

/// Its addresses, below `/api/v1`, and those of the wall's health.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1/state", get(reading::state))
        .route("/api/v1/events", get(stream::events))
        .route("/api/v1/why", get(reading::why))
        .route("/api/v1/journal", get(reading::journal))
        .route("/api/v1/orders", post(orders::order))
        .route("/api/v1/do/show/{*layout}", post(orders::show))
        .route("/api/v1/do/{what}", post(orders::simple))
        .route("/health/live", get(reading::live))
        .route("/health/ready", get(reading::ready))
}
