//! What is on the wall, why, and what was ordered.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::super::Shared;
use super::super::ask::ask;
use super::problem::Problem;
use crate::journal::Filter;
use crate::requests::Request;

/// So many records are told at once, unless fewer are asked for.
const MAX_RECORDS: usize = 1000;

/// `GET /api/v1/state`. Its `ETag` is the version of the state.
pub async fn state(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let Some(state) = ask(&shared.requester, Request::State).await else {
        return Problem::no_answer().into_response();
    };
    let tag = format!("\"{}\"", state.version);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    ([(header::ETAG, tag), (header::CACHE_CONTROL, "no-cache".to_owned())], Json(state)).into_response()
}

/// `GET /api/v1/why`.
pub async fn why(State(shared): State<Shared>) -> Response {
    match ask(&shared.requester, Request::Why).await {
        Some(why) => Json(why).into_response(),
        None => Problem::no_answer().into_response(),
    }
}

/// Which records are asked for: `GET /api/v1/journal?from=&until=&by=&limit=`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    from: Option<String>,
    until: Option<String>,
    by: Option<String>,
    limit: Option<usize>,
}

impl Asked {
    fn filter(self) -> Result<Filter, String> {
        let moment = |name: &str, text: Option<String>| {
            let read = |text: String| {
                let help = || format!("`{name}` is no moment: write it as 2026-11-20T14:05:12Z");
                text.parse::<Timestamp>().map(Timestamp::as_millisecond).map_err(|_| help())
            };
            text.map(read).transpose()
        };
        let limit = self.limit.unwrap_or(MAX_RECORDS).min(MAX_RECORDS);
        let (from_millis, until_millis) = (moment("from", self.from)?, moment("until", self.until)?);
        Ok(Filter { from_millis, until_millis, by: self.by, limit })
    }
}

/// `GET /api/v1/journal`: records, the newest first.
pub async fn journal(
    State(shared): State<Shared>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let filter = match asked.map_err(|rejection| rejection.body_text()).and_then(|Query(asked)| asked.filter()) {
        Ok(filter) => filter,
        Err(detail) => return Problem::new(StatusCode::BAD_REQUEST, detail).into_response(),
    };
    let journal = shared.journal.clone();
    match tokio::task::spawn_blocking(move || journal.read(filter)).await {
        Ok(Ok(records)) => Json(records).into_response(),
        Ok(Err(error)) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
        Err(_) => Problem::no_answer().into_response(),
    }
}

/// `GET /health/live`: the loop turns.
pub async fn live(State(shared): State<Shared>) -> StatusCode {
    match ask(&shared.requester, Request::State).await {
        Some(_) => StatusCode::OK,
        None => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// `GET /health/ready`: there is a picture with data.
pub async fn ready(State(shared): State<Shared>) -> StatusCode {
    match ask(&shared.requester, Request::Status).await {
        Some(status) if status.counts.painted > 0 && status.measures > 0 => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}
