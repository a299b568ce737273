//! What is on the wall, why, what was ordered, and how the wall is.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::Shared;
use super::super::access::require;
use super::super::ask::ask;
use super::super::problem::Problem;
use crate::conductor::{Principal, Record, Role, RunSheetView};
use crate::geometry::WallPoint;
use crate::journal::Filter;
use crate::language::Lang;
use crate::panel::Picked;
use crate::requests::{LayoutView, OutputView, Request, SourceStatus, Status, WallState, Why, layout_views};

/// The journal has answered within this time.
const JOURNAL_TIMEOUT: Duration = Duration::from_secs(5);
/// So many records are told at once, unless fewer are asked for.
const MAX_RECORDS: usize = 1000;

/// The whole state. Its `ETag` is the version.
#[utoipa::path(get, path = "/api/v1/state", tag = "state", responses(
    (status = 200, description = "What is on the wall", body = WallState),
    (status = 304, description = "The version is the same"),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn state(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let state = ask(&shared.requester, Request::State).await.ok_or_else(Problem::no_answer)?;
    // What is shown is a part of what is told.
    let shown = state.shown_version == state.version;
    let tag = format!("\"{}{}\"", state.version, if shown { "" } else { "-pending" });
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    Ok(([(header::ETAG, tag), (header::CACHE_CONTROL, "no-cache".to_owned())], Json(state)).into_response())
}

/// Why it is on the wall, in words.
#[utoipa::path(get, path = "/api/v1/why", tag = "state", params(LangParams), responses(
    (status = 200, description = "The claim on air, in words", body = Why),
    (status = 400, description = "No such language", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn why(
    State(shared): State<Shared>,
    asked: Result<Query<LangParams>, QueryRejection>,
) -> Result<Json<Why>, Problem> {
    let lang = LangParams::named(asked)?;
    ask(&shared.requester, |reply| Request::Why(lang, reply)).await.map(Json).ok_or_else(Problem::no_answer)
}

/// Which records are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JournalParams {
    /// From this moment on, as 2026-11-20T14:05:12Z.
    from: Option<String>,
    /// Up to this moment.
    until: Option<String>,
    /// By whom.
    by: Option<String>,
    /// No more than this many.
    #[param(minimum = 0)]
    limit: Option<usize>,
}

impl JournalParams {
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

/// A question that cannot be read.
pub fn bad_query(rejection: &QueryRejection) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, rejection.body_text())
}

/// What was ordered, by whom, and what came of it: the newest first.
#[utoipa::path(get, path = "/api/v1/journal", tag = "state", params(JournalParams), responses(
    (status = 200, description = "Records", body = Vec<Record>),
    (status = 400, description = "No such moment or number", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "It takes an operator", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The journal cannot be read", body = Problem, content_type = "application/problem+json"),
))]
pub async fn journal(
    State(shared): State<Shared>,
    Extension(principal): Extension<Principal>,
    asked: Result<Query<JournalParams>, QueryRejection>,
) -> Result<Json<Vec<Record>>, Problem> {
    require(&principal, Role::Operator)?;
    let Query(asked) = asked.map_err(|rejection| bad_query(&rejection))?;
    let filter = asked.filter().map_err(|detail| Problem::new(StatusCode::BAD_REQUEST, detail))?;
    let (told, records) = tokio::sync::oneshot::channel();
    shared.journal.when_read(filter, move |records| drop(told.send(records)));
    let read = tokio::time::timeout(JOURNAL_TIMEOUT, records).await;
    let no_disk = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the disk of the journal does not answer");
    let read = read.map_err(|_| no_disk())?.map_err(|_| no_disk())?;
    read.map(Json).map_err(|error| Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()))
}

/// How the wall is: frames, data, early warnings.
#[utoipa::path(get, path = "/api/v1/status", tag = "state", responses(
    (status = 200, description = "How it is", body = Status),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn status(State(shared): State<Shared>) -> Result<Json<Status>, Problem> {
    ask(&shared.requester, Request::Status).await.map(Json).ok_or_else(Problem::no_answer)
}

/// What was last heard of each source.
#[utoipa::path(get, path = "/api/v1/sources", tag = "state", responses(
    (status = 200, description = "The sources", body = Vec<SourceStatus>),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn sources(State(shared): State<Shared>) -> Result<Json<Vec<SourceStatus>>, Problem> {
    let status = ask(&shared.requester, Request::Status).await.ok_or_else(Problem::no_answer)?;
    Ok(Json(status.sources))
}

/// The outputs of the wall, and which of them show something.
#[utoipa::path(get, path = "/api/v1/outputs", tag = "state", responses(
    (status = 200, description = "The outputs", body = Vec<OutputView>),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn outputs(State(shared): State<Shared>) -> Result<Json<Vec<OutputView>>, Problem> {
    ask(&shared.requester, Request::Outputs).await.map(Json).ok_or_else(Problem::no_answer)
}

/// In which language names are told.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LangParams {
    /// `ru` or `en`; by default the wall's.
    lang: Option<String>,
}

impl LangParams {
    /// The language that is asked for, Russian where none is.
    ///
    /// # Errors
    /// When it is neither.
    pub fn read(asked: Result<Query<Self>, QueryRejection>) -> Result<Lang, Problem> {
        Ok(Self::named(asked)?.unwrap_or(Lang::Ru))
    }

    /// The language that is asked for.
    pub fn named(asked: Result<Query<Self>, QueryRejection>) -> Result<Option<Lang>, Problem> {
        let Query(asked) = asked.map_err(|rejection| bad_query(&rejection))?;
        Self::of(asked.lang.as_deref())
    }

    /// The language of a code.
    ///
    /// # Errors
    /// When it is none.
    pub fn of(code: Option<&str>) -> Result<Option<Lang>, Problem> {
        match code {
            None => Ok(None),
            Some("ru") => Ok(Some(Lang::Ru)),
            Some("en") => Ok(Some(Lang::En)),
            Some(_) => Err(Problem::new(StatusCode::BAD_REQUEST, "`lang` is ru or en")),
        }
    }
}

/// The layouts that can be shown by name, and their presets.
#[utoipa::path(get, path = "/api/v1/layouts", tag = "state", params(LangParams), responses(
    (status = 200, description = "The layouts", body = Vec<LayoutView>),
    (status = 400, description = "No such language", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn layouts(
    State(shared): State<Shared>,
    asked: Result<Query<LangParams>, QueryRejection>,
) -> Result<Json<Vec<LayoutView>>, Problem> {
    let lang = LangParams::read(asked)?;
    let held = ask(&shared.requester, Request::Layouts).await.ok_or_else(Problem::no_answer)?;
    let read = tokio::task::spawn_blocking(move || layout_views(&held, lang)).await;
    read.map(Json).map_err(|_| Problem::no_answer())
}

/// The municipalities that maps can look at, by their names.
#[utoipa::path(get, path = "/api/v1/municipalities", tag = "state", responses(
    (status = 200, description = "Their names; none before the first data", body = Vec<String>),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn municipalities(State(shared): State<Shared>) -> Result<Json<Vec<String>>, Problem> {
    ask(&shared.requester, Request::Municipalities).await.map(Json).ok_or_else(Problem::no_answer)
}

/// The visit, with what is said at each step.
#[utoipa::path(get, path = "/api/v1/run-sheet", tag = "state", responses(
    (status = 200, description = "The visit", body = RunSheetView),
    (status = 403, description = "It takes a speaker", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is no visit", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn run_sheet(
    State(shared): State<Shared>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<RunSheetView>, Problem> {
    require(&principal, Role::Speaker)?;
    let view = ask(&shared.requester, Request::RunSheet).await.ok_or_else(Problem::no_answer)?;
    let detail = "this wall shows no run sheet: start it with --run-sheet";
    view.map(Json).ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, detail))
}

/// A point of the wall, in its pixels.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PickParams {
    /// From the left.
    x: f32,
    /// From the top.
    y: f32,
}

/// What is under a point of the wall.
#[utoipa::path(get, path = "/api/v1/pick", tag = "state", params(PickParams), responses(
    (status = 200, description = "What is there", body = Picked),
    (status = 400, description = "No such point", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No panel is there", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn pick(
    State(shared): State<Shared>,
    at: Result<Query<PickParams>, QueryRejection>,
) -> Result<Json<Picked>, Problem> {
    let Query(at) = at.map_err(|rejection| bad_query(&rejection))?;
    let picked = ask(&shared.requester, |reply| Request::Pick(WallPoint::new(at.x, at.y), reply)).await;
    let picked = picked.ok_or_else(Problem::no_answer)?;
    picked.map(Json).ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "no panel is there"))
}

/// Whether the loop turns.
#[utoipa::path(get, path = "/health/live", tag = "health", responses(
    (status = 200, description = "It does"), (status = 503, description = "It does not"),
))]
pub async fn live(State(shared): State<Shared>) -> StatusCode {
    match ask(&shared.requester, Request::State).await {
        Some(_) => StatusCode::OK,
        None => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Whether there is a picture with data.
#[utoipa::path(get, path = "/health/ready", tag = "health", responses(
    (status = 200, description = "There is"), (status = 503, description = "There is none yet"),
))]
pub async fn ready(State(shared): State<Shared>) -> StatusCode {
    match ask(&shared.requester, Request::Status).await {
        Some(status) if status.counts.painted > 0 && status.measures > 0 => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}
