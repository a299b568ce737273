//! What each address answers.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::ask::ask;
use super::body::{json_body, outcome};
use super::connections::Peer;
use super::preview::Preview;
use crate::conductor::{Order, StepTo, UserCommand, Via};
use crate::geometry::WallPoint;
use crate::map::Target;
use crate::requests::{Request, Requester};

pub async fn page() -> Html<&'static str> {
    Html(include_str!("../../assets/view.html"))
}

pub async fn status(State(requester): State<Requester>) -> Response {
    match ask(&requester, Request::Status).await {
        Some(status) => Json(status).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A point of the wall, in its pixels.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    x: f32,
    y: f32,
}

pub async fn pick(State(requester): State<Requester>, Query(at): Query<At>) -> Response {
    match ask(&requester, |reply| Request::Pick(WallPoint::new(at.x, at.y), reply)).await {
        Some(Some(picked)) => Json(picked).into_response(),
        Some(None) => (StatusCode::NOT_FOUND, "no panel is there\n").into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Carries out an order that came over HTTP.
async fn order(requester: &Requester, peer: Peer, command: UserCommand) -> Response {
    let order = Order::new(peer.principal(), Via::Api, command);
    outcome(ask(requester, |reply| Request::Order { order, dry_run: false, reply }).await)
}

/// What maps are to look at: the body of `POST /look`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    /// What.
    to: Target,
    /// How long the flight takes, in seconds; none for what its way needs.
    #[serde(default)]
    secs: Option<f64>,
}

pub async fn look(
    State(requester): State<Requester>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let help = "{\"to\": {\"municipality\": \"NAME\"}} or {\"to\": \"home\"}";
    match json_body::<Look>(&headers, &body, help) {
        Ok(Look { to, secs }) => order(&requester, peer, UserCommand::Look { to, secs }).await,
        Err(refused) => *refused,
    }
}

/// Where a visit is to go: the body of `POST /run-sheet`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    to: StepTo,
}

pub async fn step(
    State(requester): State<Requester>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match json_body::<Step>(&headers, &body, "{\"to\": \"next\"}, {\"to\": \"previous\"} or {\"to\": 3}") {
        Ok(step) => order(&requester, peer, UserCommand::Step(step.to)).await,
        Err(refused) => *refused,
    }
}

/// The page of a visit's speaker.
pub async fn speaker_page() -> Html<&'static str> {
    Html(include_str!("../../assets/run-sheet.html"))
}

pub async fn run_sheet(State(requester): State<Requester>) -> Response {
    match ask(&requester, Request::RunSheet).await {
        Some(Some(view)) => Json(view).into_response(),
        Some(None) => {
            (StatusCode::NOT_FOUND, "this wall shows no run sheet: start it with --run-sheet\n").into_response()
        }
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

pub async fn wall_png(State(preview): State<Arc<Preview>>) -> Response {
    png(&preview, None).await
}

pub async fn output_png(State(preview): State<Arc<Preview>>, Path(name): Path<String>) -> Response {
    png(&preview, Some(name.trim_end_matches(".png").to_owned())).await
}

async fn png(preview: &Preview, output: Option<String>) -> Response {
    match preview.png(output).await {
        Some(bytes) => {
            ([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")], bytes).into_response()
        }
        None => (StatusCode::NOT_FOUND, "no such output, or nothing has been painted on it yet").into_response(),
    }
}
