//! The native API over HTTP, spoken by the demo backend as any backend would.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::Stream;
use serde::Deserialize;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use utoipa::OpenApi;

use super::{Life, World, datasets};
use crate::clock::{Clock, Moment};
use crate::data::{Appeal, NEVER};
use crate::native_api::{
    API_VERSION, AppealColumns, AppealPage, AppealText, Changes, Heartbeat, NEXT_CURSOR, RegionAnswer,
};

/// Days of appeals in a page.
const PAGE_DAYS: i64 = 7;
/// A stream can be resumed if it broke off within this time; afterwards it says "start over".
const RESUME_SECS: i64 = 24 * 3600;
/// A stream without changes says so this often.
const HEARTBEAT_SECS: i64 = 5;
/// Changes are looked up this far ahead at a time.
const AHEAD_SECS: i64 = 900;

/// A backend: a world and what its clock shows.
#[derive(Clone)]
struct Backend {
    world: Arc<World>,
    clock: Clock,
}

/// The description of the API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Obzor native API",
        version = "1",
        description = "What a wall reads from a backend. Times are seconds since 1970-01-01T00:00Z."
    ),
    paths(region, boundaries, appeals, latest, changes, dataset_names, dataset),
    components(schemas(
        RegionAnswer,
        AppealPage,
        AppealColumns,
        AppealText,
        Changes,
        Heartbeat,
        crate::native_api::DatasetAnswer
    ))
)]
struct Api;

/// The OpenAPI 3.1 document, made from the types.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// Serves the API on `listener` until the future is dropped.
///
/// # Errors
/// When the listener breaks.
pub async fn serve(listener: tokio::net::TcpListener, world: Arc<World>, clock: Clock) -> std::io::Result<()> {
    let backend = Backend { world, clock };
    // A stream of events is not compressed: each must leave at once.
    let worth_it = SizeAbove::new(1024).and(NotForContentType::const_new("text/event-stream"));
    let app = Router::new()
        .route("/v1/region", get(region))
        .route("/v1/region/boundaries", get(boundaries))
        .route("/v1/appeals", get(appeals))
        .route("/v1/appeals/latest", get(latest))
        .route("/v1/changes", get(changes))
        .route("/v1/datasets", get(dataset_names))
        .route("/v1/datasets/{name}", get(dataset))
        .route("/openapi.json", get(|| async { Json(openapi()) }))
        .layer(CompressionLayer::new().compress_when(worth_it))
        .with_state(backend);
    axum::serve(listener, app).await
}

impl Backend {
    fn now(&self) -> i64 {
        self.clock.now().secs()
    }
}

/// An answer with an ETag; 304 to who has it already.
fn tagged(headers: &HeaderMap, content_type: &'static str, body: Vec<u8>) -> Response {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let Ok(value) = HeaderValue::from_str(&tag) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    if known.is_some_and(|known| known.split(',').any(|t| t.trim().trim_start_matches("W/") == tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, value)]).into_response();
    }
    ([(header::ETAG, value), (header::CONTENT_TYPE, HeaderValue::from_static(content_type))], body).into_response()
}

fn json<T: serde::Serialize>(headers: &HeaderMap, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => tagged(headers, "application/json", body),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[utoipa::path(get, path = "/v1/region", responses((status = 200, description = "The region and its dictionaries", body = RegionAnswer)))]
async fn region(State(backend): State<Backend>) -> Json<RegionAnswer> {
    Json(RegionAnswer {
        api_version: API_VERSION,
        epoch: backend.world.epoch(),
        now: backend.now(),
        dictionaries: backend.world.region.dictionaries.clone(),
    })
}

#[utoipa::path(get, path = "/v1/region/boundaries", responses(
    (status = 200, description = "GeoJSON of municipalities, rivers, roads and towns", content_type = "application/geo+json"),
    (status = 304, description = "As known by If-None-Match")))]
async fn boundaries(State(backend): State<Backend>, headers: HeaderMap) -> Response {
    tagged(&headers, "application/geo+json", backend.world.boundaries_json.as_bytes().to_vec())
}

#[derive(Deserialize, utoipa::IntoParams)]
struct PageParams {
    /// Appeals received at or after this second, and all that were open then. A year by default.
    since: Option<i64>,
    /// What the page before named.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/v1/appeals", params(PageParams), responses(
    (status = 200, description = "A page of a snapshot; the header x-next-cursor names the next", body = AppealPage),
    (status = 400, description = "A cursor that no page has named")))]
async fn appeals(State(backend): State<Backend>, Query(params): Query<PageParams>) -> Response {
    let now = backend.now();
    // A cursor is "as_of-day": all pages of one snapshot are true at one second.
    let cursor = match params.cursor.as_deref() {
        Some(text) => text.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?))),
        None => {
            let since = params.since.unwrap_or(now - 366 * 86_400).clamp(now - 4 * 366 * 86_400, now);
            Some((now, backend.world.day_of(since)))
        }
    };
    let Some((as_of, first)) = cursor.filter(|(as_of, day): &(i64, i64)| *as_of <= now && (0..200_000).contains(day))
    else {
        return (StatusCode::BAD_REQUEST, "cursor: not one that a page of this backend has named").into_response();
    };
    let last = backend.world.day_of(as_of);
    let next = (first + PAGE_DAYS <= last).then(|| format!("{as_of}-{}", first + PAGE_DAYS));
    let world = backend.world.clone();
    let next_cursor = next.clone();
    let page = tokio::task::spawn_blocking(move || {
        let rows = world.appeals(first..(first + PAGE_DAYS).min(last + 1), Moment::from_secs(as_of));
        serde_json::to_vec(&AppealPage { as_of, next_cursor, appeals: rows.collect() })
    });
    let Ok(Ok(body)) = page.await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(value) = next.and_then(|next| HeaderValue::from_str(&next).ok()) {
        response.headers_mut().insert(NEXT_CURSOR, value);
    }
    response
}

#[derive(Deserialize, utoipa::IntoParams)]
struct LatestParams {
    /// At most this many, 50 by default, 500 at most.
    limit: Option<usize>,
    /// Only those that have an answer, the last answered first.
    answered: Option<bool>,
}

/// An answer comes within so many days, as a rule.
const ANSWER_DAYS: i64 = 12;

#[utoipa::path(get, path = "/v1/appeals/latest", params(LatestParams), responses(
    (status = 200, description = "The newest appeals with their texts, newest first, or those that were answered last", body = Vec<AppealText>)))]
async fn latest(State(backend): State<Backend>, Query(params): Query<LatestParams>, headers: HeaderMap) -> Response {
    let now = backend.now();
    let today = backend.world.day_of(now);
    let answered = params.answered == Some(true);
    let first = today - if answered { ANSWER_DAYS } else { 1 };
    let known = backend.world.appeals(first..=today, Moment::from_secs(now));
    let mut rows: Vec<Appeal> = known.filter(|appeal| !answered || appeal.answered != NEVER).collect();
    if answered {
        rows.sort_by_key(|appeal| appeal.answered);
    }
    rows.reverse();
    rows.truncate(params.limit.unwrap_or(50).min(500));
    let answer: Vec<AppealText> = rows
        .iter()
        .map(|a| {
            let (text, reply) = backend.world.words(a);
            AppealText { id: a.id, received: a.received, text, reply }
        })
        .collect();
    json(&headers, &answer)
}

#[utoipa::path(get, path = "/v1/datasets", responses((status = 200, description = "Names of datasets", body = Vec<String>)))]
async fn dataset_names(headers: HeaderMap) -> Response {
    json(&headers, &datasets::NAMES)
}

#[utoipa::path(get, path = "/v1/datasets/{name}", params(("name" = String, Path, description = "One of the names")), responses(
    (status = 200, description = "The table", body = crate::native_api::DatasetAnswer),
    (status = 304, description = "As known by If-None-Match"),
    (status = 404, description = "There is none of this name")))]
async fn dataset(State(backend): State<Backend>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    match datasets::dataset(&backend.world, &name, backend.now()) {
        Some(dataset) => json(&headers, &dataset),
        None => (StatusCode::NOT_FOUND, format!("no dataset `{name}`: there are {}", datasets::NAMES.join(", ")))
            .into_response(),
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
struct ChangesParams {
    /// What `as_of` of the snapshot was; the header Last-Event-ID has precedence.
    after: Option<i64>,
}

#[utoipa::path(get, path = "/v1/changes", params(ChangesParams), responses(
    (status = 200, description = "Server-sent events: `changes` (Changes), `heartbeat` (Heartbeat), `start-over` (nothing)", content_type = "text/event-stream")))]
async fn changes(
    State(backend): State<Backend>,
    Query(params): Query<ChangesParams>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let resumed = headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let after = match &resumed {
        // An identity is "epoch/second": of another epoch it says nothing about this one.
        Some(id) => {
            id.split_once('/').filter(|(epoch, _)| *epoch == backend.world.epoch()).and_then(|(_, s)| s.parse().ok())
        }
        None => Some(params.after.unwrap_or_else(|| backend.now())),
    };
    let after = after.filter(|after| (backend.now() - RESUME_SECS..=backend.now() + 1).contains(after));
    let stream = futures_util::stream::unfold(Follow::new(backend, after), |mut follow| async move {
        let event = follow.next().await?;
        Some((Ok(event), follow))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// Position of one client in the stream.
struct Follow {
    backend: Backend,
    /// Seconds since 1970 up to which the client was told; none if it must start over.
    told: Option<i64>,
    spoke: i64,
    /// What happens up to `known_until`, by second, and to which appeal.
    ahead: Vec<(u32, Life)>,
    known_until: i64,
    done: bool,
}

impl Follow {
    fn new(backend: Backend, told: Option<i64>) -> Self {
        let spoke = backend.now();
        Self { backend, told, spoke, ahead: Vec::new(), known_until: i64::MIN, done: false }
    }

    async fn next(&mut self) -> Option<Event> {
        if self.done {
            return None;
        }
        loop {
            let now = self.backend.now();
            let Some(told) = self.told else {
                self.done = true;
                return Some(Event::default().event("start-over").data("{}"));
            };
            if now > told {
                let appeals = self.happened(told, now).await;
                let id = format!("{}/{now}", self.backend.world.epoch());
                if !appeals.is_empty() {
                    (self.told, self.spoke) = (Some(now), now);
                    let changes = Changes { until: now, appeals: appeals.into_iter().collect() };
                    return Event::default().event("changes").id(id).json_data(changes).ok();
                }
                self.told = Some(now);
                if now - self.spoke >= HEARTBEAT_SECS {
                    self.spoke = now;
                    return Event::default().event("heartbeat").id(id).json_data(Heartbeat { until: now }).ok();
                }
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    /// The appeals to which something happened after `told` and not after `now`, as they are at `now`.
    async fn happened(&mut self, told: i64, now: i64) -> Vec<Appeal> {
        if now > self.known_until {
            let (world, until) = (self.backend.world.clone(), now + AHEAD_SECS);
            let found = tokio::task::spawn_blocking(move || world.events(told, until));
            self.ahead = found.await.unwrap_or_default();
            self.known_until = until;
        }
        let at = now.max(0) as u32;
        let count = self.ahead.partition_point(|(second, _)| *second <= at);
        let happened = self.ahead.drain(..count).filter(|(second, _)| i64::from(*second) > told);
        let lives: BTreeMap<u64, Life> = happened.map(|(_, life)| (life.end.id, life)).collect();
        lives.values().filter_map(|life| life.at(at)).collect()
    }
}
