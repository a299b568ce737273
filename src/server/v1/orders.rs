//! Orders over HTTP.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use super::super::ask::ask;
use super::super::body::json_body;
use super::super::connections::Peer;
use super::super::problem::Problem;
use super::super::{MAX_LAYOUT_NAME, ORDERS_A_SECOND, Shared};
use super::idempotency::Known;
use crate::conductor::{BUTTONS, Order, Principal, UserCommand, Via, authorise};
use crate::requests::{Accepted, Request};

/// The answer to an order waits for the disk no longer than this.
const DISK_TIMEOUT: Duration = Duration::from_millis(200);
/// The longest key of an order, in characters.
const MAX_KEY: usize = 200;
/// The longest reason, in characters.
const MAX_REASON: usize = 500;

/// The body of an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderBody {
    /// What is asked.
    command: UserCommand,
    /// Why, for the journal.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// The version of the state that it is given for: it is refused where the state is another one.
    #[serde(default)]
    if_version: Option<u64>,
    /// Whether it is only to be said what would come of it.
    #[serde(default)]
    dry_run: bool,
}

/// The buttons.
pub struct Button;

impl PartialSchema for Button {
    fn schema() -> RefOr<Schema> {
        let names = BUTTONS.map(|(name, _)| name);
        ObjectBuilder::new().schema_type(Type::String).description(Some("The buttons.")).enum_values(Some(names)).into()
    }
}

impl ToSchema for Button {}

/// What may come of an order.
#[derive(IntoResponses)]
#[allow(dead_code)]
enum OrderResponses {
    /// It was carried out, or would be.
    #[response(status = 200)]
    Accepted(#[to_schema] Accepted),
    /// The key is none.
    #[response(status = 400, content_type = "application/problem+json")]
    BadKey(#[to_schema] Problem),
    /// The role may not give it.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] Problem),
    /// The state is another one, or the key was used for another order.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// The body is too long.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLong(#[to_schema] Problem),
    /// Not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(#[to_schema] Problem),
    /// It means nothing here.
    #[response(status = 422, content_type = "application/problem+json")]
    Unprocessable(#[to_schema] Problem),
    /// Too many orders.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] Problem),
    /// The wall does not answer.
    #[response(status = 503, content_type = "application/problem+json")]
    NoAnswer(#[to_schema] Problem),
}

/// Gives an order.
#[utoipa::path(post, path = "/api/v1/orders", tag = "orders", request_body = OrderBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "An order that is sent twice under one key is carried out once")),
    responses(OrderResponses))]
pub async fn order(
    State(shared): State<Shared>,
    Extension(principal): Extension<Principal>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Accepted>, Problem> {
    let help = "{\"command\": {\"show\": {\"layout\": \"night\"}}}";
    let OrderBody { command, reason, if_version, dry_run } = json_body(&headers, &body, help)?;
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        let detail = format!("a reason has at most {MAX_REASON} characters");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let order = Order { reason, if_version, ..Order::new(principal, via(&headers), command) };
    give(&shared, order, dry_run, peer, &headers).await
}

/// Shows a layout, for buttons that can only call an address.
#[utoipa::path(post, path = "/api/v1/do/show/{layout}", tag = "orders",
    params(("layout" = String, Path, description = "NAME or NAME/PRESET")), responses(OrderResponses))]
pub async fn show(
    State(shared): State<Shared>,
    Extension(principal): Extension<Principal>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Path(layout): Path<String>,
) -> Result<Json<Accepted>, Problem> {
    press_button(&shared, principal, peer, &headers, UserCommand::show(layout)).await
}

/// Takes an alarm, for buttons that can only call an address.
#[utoipa::path(post, path = "/api/v1/do/acknowledge/{alarm}", tag = "orders",
    params(("alarm" = String, Path, description = "The name of its rule")), responses(OrderResponses))]
pub async fn acknowledge(
    State(shared): State<Shared>,
    Extension(principal): Extension<Principal>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Path(alarm): Path<String>,
) -> Result<Json<Accepted>, Problem> {
    press_button(&shared, principal, peer, &headers, UserCommand::Acknowledge { alarm }).await
}

/// Presses a button: next, previous, back, press, release or identify.
#[utoipa::path(post, path = "/api/v1/do/{button}", tag = "orders", params(("button" = Button, Path)), responses(
    OrderResponses,
    (status = 404, description = "No such button", body = Problem, content_type = "application/problem+json"),
))]
pub async fn button(
    State(shared): State<Shared>,
    Extension(principal): Extension<Principal>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Path(button): Path<String>,
) -> Result<Json<Accepted>, Problem> {
    let command = UserCommand::of_button(&button).ok_or_else(|| {
        let known = BUTTONS.iter().map(|(name, _)| *name).chain(["show/LAYOUT"]);
        let help = crate::diagnostic::expected(&button, known);
        Problem::new(StatusCode::NOT_FOUND, format!("there is no button `{button}`; {help}"))
    })?;
    press_button(&shared, principal, peer, &headers, command).await
}

/// A button may be pressed by whatever can call an address, but not by a page of another site.
async fn press_button(
    shared: &Shared,
    by: Principal,
    peer: Peer,
    headers: &HeaderMap,
    command: UserCommand,
) -> Result<Json<Accepted>, Problem> {
    give(shared, Order::new(by, via(headers), command), false, peer, headers).await
}

/// The way by which an order came, as its client says.
fn via(headers: &HeaderMap) -> Via {
    match headers.get("x-obzor-client").map(HeaderValue::as_bytes) {
        Some(b"tablet") => Via::Tablet,
        Some(b"ctl") => Via::Ctl,
        _ => Via::Api,
    }
}

/// Gives an order to the wall, once for each `Idempotency-Key`.
async fn give(
    shared: &Shared,
    order: Order,
    dry_run: bool,
    peer: Peer,
    headers: &HeaderMap,
) -> Result<Json<Accepted>, Problem> {
    pace(shared, &order)?;
    may_be_named(shared, &order.command, peer).await?;
    let key = headers.get("idempotency-key").map(|key| key.to_str().unwrap_or_default().to_owned());
    let place = match key {
        Some(key) if key.is_empty() || key.len() > MAX_KEY => {
            let detail = format!("an `Idempotency-Key` has 1 to {MAX_KEY} letters of ASCII");
            return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
        }
        Some(key) if !dry_run => {
            let written = serde_json::json!([order.command, order.reason, order.if_version]).to_string();
            match shared.answered.place(&order.by.name, &key, &written) {
                Known::Same(place) => Some(place),
                Known::Other => {
                    let detail = "another order was given under this `Idempotency-Key`";
                    return Err(Problem::new(StatusCode::CONFLICT, detail));
                }
            }
        }
        _ => None,
    };
    // Whoever goes away does not stop it half-way: it is carried out, and remembered.
    let shared = shared.clone();
    let carried_out = tokio::spawn(async move {
        let Some(place) = place else { return carry_out(&shared, order, dry_run).await };
        let mut known = place.lock().await;
        if known.is_none() {
            *known = Some(carry_out(&shared, order, dry_run).await?);
        }
        known.clone().ok_or_else(Problem::no_answer)
    });
    let accepted = carried_out.await.map_err(|_| Problem::no_answer())?;
    accepted.map(Json).map_err(|problem| problem.in_language_of(headers))
}

async fn carry_out(shared: &Shared, order: Order, dry_run: bool) -> Result<Accepted, Problem> {
    let outcome = ask(&shared.requester, |reply| Request::Order { order, dry_run, reply }).await;
    let outcome = outcome.ok_or_else(Problem::no_answer)?;
    let counted = if outcome.is_ok() { &shared.counts.orders } else { &shared.counts.refusals };
    counted.fetch_add(1, Ordering::Relaxed);
    // Whoever hears that it is done finds it done after a power cut, too; a disk that hangs holds nobody up.
    let (settled, on_disk) = tokio::sync::oneshot::channel();
    shared.journal.when_settled(move || {
        let _ = settled.send(());
    });
    let _ = tokio::time::timeout(DISK_TIMEOUT, on_disk).await;
    outcome.map_err(|refusal| Problem::from(&refusal))
}

/// Refuses orders beyond what the wall takes: those who may not give them before those who may, and the press key never.
fn pace(shared: &Shared, order: &Order) -> Result<(), Problem> {
    let is_press = matches!(order.command, UserCommand::Press | UserCommand::Release);
    let is_paced = match authorise(order.by.role, &order.command) {
        Ok(()) => is_press || shared.pace.check().is_ok(),
        // Each refusal is written to the journal, too.
        Err(_) => shared.refusal_pace.check().is_ok(),
    };
    if is_paced {
        return Ok(());
    }
    shared.counts.throttled.fetch_add(1, Ordering::Relaxed);
    let detail = format!("the wall takes {ORDERS_A_SECOND} orders a second: give it again in a moment");
    Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, detail))
}

/// Refuses layouts by the paths of files that the wall does not hold, unless whoever asks is at its machine.
async fn may_be_named(shared: &Shared, command: &UserCommand, peer: Peer) -> Result<(), Problem> {
    let UserCommand::Show { layout, .. } = command else { return Ok(()) };
    let refused = |detail: &str| Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    if layout.chars().count() > MAX_LAYOUT_NAME {
        return refused("a layout's name is shorter than that");
    }
    if !matches!(peer, Peer::Elsewhere(_)) || shared.holds_layout(layout).await? {
        return Ok(());
    }
    refused("from elsewhere only files that the wall holds are shown")
}
