//! Orders over HTTP.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::Shared;
use super::super::ask::ask;
use super::super::body::is_json;
use super::super::connections::Peer;
use super::idempotency::Known;
use super::problem::Problem;
use crate::conductor::{Order, Principal, StepTo, UserCommand, Via};
use crate::requests::Request;

/// The answer to an order waits for the disk no longer than this.
const DISK_TIMEOUT: Duration = Duration::from_millis(200);
/// The longest body of an order, in bytes.
const MAX_BODY: usize = 16 << 10;
/// The longest key of an order, in characters.
const MAX_KEY: usize = 200;
/// The longest reason, in characters.
const MAX_REASON: usize = 500;

/// The body of an order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    command: UserCommand,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    if_version: Option<u64>,
    #[serde(default)]
    dry_run: bool,
}

/// `POST /api/v1/orders`.
pub async fn order(
    State(shared): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let read = match body_of(&headers, &body) {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    let Body { command, reason, if_version, dry_run } = read;
    let order = Order { reason, if_version, ..Order::new(peer.principal(), Via::Api, command) };
    give(&shared, order, dry_run, &headers, &body).await
}

fn body_of(headers: &HeaderMap, body: &[u8]) -> Result<Body, Problem> {
    if !is_json(headers) {
        let detail = "send it with `content-type: application/json`";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    if body.len() > MAX_BODY {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("an order has at most {MAX_BODY} bytes")));
    }
    let read: Body = serde_json::from_slice(body).map_err(|error| {
        let help = "write {\"command\": {\"show\": {\"layout\": \"night\"}}}";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("{error}: {help}"))
    })?;
    if read.reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        let detail = format!("a reason has at most {MAX_REASON} characters");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    Ok(read)
}

/// `POST /api/v1/do/show/{layout}`: for buttons that can only call an address.
pub async fn show(
    State(shared): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Path(layout): Path<String>,
) -> Response {
    let command = UserCommand::Show { layout, transition: None, look: None, for_secs: None };
    press_button(&shared, &peer.principal(), &headers, command).await
}

/// `POST /api/v1/do/{what}`: next, previous, back, press, release or identify.
pub async fn simple(
    State(shared): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Path(what): Path<String>,
) -> Response {
    let command = match what.as_str() {
        "next" => UserCommand::Step(StepTo::Next),
        "previous" => UserCommand::Step(StepTo::Previous),
        "back" => UserCommand::Back,
        "press" => UserCommand::Press,
        "release" => UserCommand::Release,
        "identify" => UserCommand::Identify { on: true },
        _ => {
            let known = ["next", "previous", "back", "press", "release", "identify", "show/LAYOUT"];
            let help = crate::diagnostic::expected(&what, known);
            return Problem::new(StatusCode::NOT_FOUND, format!("there is no button `{what}`; {help}")).into_response();
        }
    };
    press_button(&shared, &peer.principal(), &headers, command).await
}

/// A button may be pressed by whatever can call an address, but not by a page of another site.
async fn press_button(shared: &Shared, by: &Principal, headers: &HeaderMap, command: UserCommand) -> Response {
    give(shared, Order::new(by.clone(), Via::Api, command), false, headers, &[]).await
}

/// Gives an order to the wall, once for each `Idempotency-Key`.
async fn give(shared: &Shared, order: Order, dry_run: bool, headers: &HeaderMap, body: &[u8]) -> Response {
    let by = order.by.name.clone();
    let carry_out = async {
        match ask(&shared.requester, |reply| Request::Order { order, dry_run, reply }).await {
            Some(outcome) => {
                // Whoever hears that it is done finds it done after a power cut, too; a disk that hangs holds nobody up.
                let journal = shared.journal.clone();
                let _ = tokio::task::spawn_blocking(move || journal.settle(DISK_TIMEOUT)).await;
                outcome.map_err(|refusal| Problem::from(&refusal))
            }
            None => Err(Problem::no_answer()),
        }
    };
    let key = headers.get("idempotency-key").map(|key| key.to_str().unwrap_or_default());
    let outcome = match key {
        Some(key) if key.is_empty() || key.len() > MAX_KEY => {
            let detail = format!("an `Idempotency-Key` has 1 to {MAX_KEY} letters of ASCII");
            Err(Problem::new(StatusCode::BAD_REQUEST, detail))
        }
        Some(key) if !dry_run => match shared.answered.once(&by, key, body, carry_out).await {
            Ok(outcome) => outcome,
            Err(Known::Same(accepted)) => Ok(accepted),
            Err(Known::Other) => {
                let detail = "another order was given under this `Idempotency-Key`";
                Err(Problem::new(StatusCode::CONFLICT, detail))
            }
        },
        _ => carry_out.await,
    };
    match outcome {
        Ok(accepted) => Json(accepted).into_response(),
        Err(problem) => problem.into_response(),
    }
}
