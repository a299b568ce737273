//! What stands.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};

use super::super::Shared;
use super::super::ask::ask;
use super::super::problem::Problem;
use super::reading::LangParams;
use crate::requests::{AlarmsView, Request};

/// The alarms: those that stand first.
#[utoipa::path(get, path = "/api/v1/alarms", tag = "state", params(LangParams), responses(
    (status = 200, description = "Every rule, and where its alarm stands", body = AlarmsView),
    (status = 400, description = "No such language", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn alarms(
    State(shared): State<Shared>,
    asked: Result<Query<LangParams>, QueryRejection>,
) -> Result<Json<AlarmsView>, Problem> {
    let lang = LangParams::named(asked)?;
    let view = ask(&shared.requester, |reply| Request::Alarms(lang, reply)).await;
    view.map(Json).ok_or_else(Problem::no_answer)
}
