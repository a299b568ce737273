//! The day as it is scheduled.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::Shared;
use super::super::ask::ask;
use super::super::problem::Problem;
use super::reading::{LangParams, bad_query};
use crate::requests::{Request, ScheduleView};

/// Which day is asked for, and in which language it is told.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ScheduleParams {
    /// The day, as 2026-11-20; by default today.
    on: Option<String>,
    /// `ru` or `en`; by default the wall's.
    lang: Option<String>,
}

/// A day as it is scheduled, and what is on now.
#[utoipa::path(get, path = "/api/v1/schedule", tag = "state", params(ScheduleParams), responses(
    (status = 200, description = "The day", body = ScheduleView),
    (status = 400, description = "No such day or language", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The wall does not answer, or its time zone is not known yet", body = Problem, content_type = "application/problem+json"),
))]
pub async fn schedule(
    State(shared): State<Shared>,
    asked: Result<Query<ScheduleParams>, QueryRejection>,
) -> Result<Json<ScheduleView>, Problem> {
    let Query(asked) = asked.map_err(|rejection| bad_query(&rejection))?;
    let lang = LangParams::of(asked.lang.as_deref())?;
    let no_day = |_| Problem::new(StatusCode::BAD_REQUEST, "`on` is no day: write it as 2026-11-20");
    let on = asked.on.map(|text| text.parse::<Date>().map_err(no_day)).transpose()?;
    let view = ask(&shared.requester, |reply| Request::Schedule { on, lang, reply }).await;
    let no_zone = "no data has come yet that says in which time zone the region is";
    view.ok_or_else(Problem::no_answer)?.map(Json).ok_or_else(|| Problem::new(StatusCode::SERVICE_UNAVAILABLE, no_zone))
}
