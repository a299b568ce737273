//! Pairing over HTTP: whoever asks reads digits from the wall, answers with them, and has a token.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Shared;
use super::super::access::{COOKIE, PairingRefusal, check_name, require};
use super::super::ask::ask;
use super::super::body::json_body;
use super::super::connections::Peer;
use super::super::problem::Problem;
use crate::compose::PairingSign;
use crate::conductor::{Principal, Role};
use crate::requests::Request;

/// By whom records of pairings are.
const PAIRING: &str = "pairing";

/// Who asks for a pairing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PairingAsked {
    /// What whoever asks is called: it stands in the journal.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
}

/// A pairing that has begun: the wall shows its digits.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairingBegun {
    /// What tells it from others.
    id: String,
    /// When it ends, in milliseconds since 1970.
    until_millis: i64,
    /// The SHA-256 of the wall's authority, in hexadecimal digits: the wall shows its beginning, too. None without TLS.
    fingerprint: Option<String>,
}

/// The answer to a pairing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PairingAnswer {
    /// The six digits, or the secret of the QR code.
    answer: String,
    /// Whether the token is told, for a program; a browser holds it in a cookie that no script can read.
    #[serde(default)]
    tell: bool,
}

/// What a pairing gave.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paired {
    /// The name of the token.
    name: String,
    /// What it may do.
    role: Role,
    /// When it ends, in seconds since 1970.
    expires_secs: i64,
    /// The token, where it was asked for: it is told this once.
    token: Option<String>,
}

impl From<PairingRefusal> for Problem {
    fn from(refusal: PairingRefusal) -> Self {
        let status = match refusal {
            PairingRefusal::Later { .. } => StatusCode::TOO_MANY_REQUESTS,
            PairingRefusal::Wrong { .. } => StatusCode::FORBIDDEN,
            PairingRefusal::Ended => StatusCode::GONE,
            PairingRefusal::Random(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, refusal.to_string())
    }
}

/// Asks for a pairing: the wall shows six digits and a QR code for two minutes.
#[utoipa::path(post, path = "/api/v1/pairing", tag = "access", request_body = PairingAsked, responses(
    (status = 201, description = "The wall shows the digits", body = PairingBegun),
    (status = 403, description = "This wall takes no pairings", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "No such name", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Another is under way, or wrong answers have ended one", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn begin(
    State(shared): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked: PairingAsked = json_body(&headers, &body, "{\"name\": \"Duty desk\"}")?;
    if shared.access.control().pairing.is_none() {
        return Err(Problem::new(StatusCode::FORBIDDEN, "this wall takes no pairings"));
    }
    let name = asked.name.trim();
    check_name(name)?;
    let now = jiff::Timestamp::now().as_millisecond();
    let is_local = !matches!(peer, Peer::Elsewhere(_));
    let pending = shared.access.pairing().begin(name, is_local, now)?;
    let from =
        if let Peer::Elsewhere(from) = peer { from.ip().to_canonical().to_string() } else { "localhost".to_owned() };
    let address = shared.address();
    let fingerprint = shared.access.authority().map(|authority| authority.fingerprint().to_owned());
    let sign = PairingSign {
        id: pending.id.clone(),
        from: from.clone(),
        digits: pending.digits.clone(),
        link: format!("{address}#pair={}.{}", pending.id, pending.secret),
        address,
        fingerprint: fingerprint.clone(),
        lasts_millis: pending.until_millis - now,
    };
    tracing::info!(name = pending.name, from, "a pairing was asked for");
    shared.note(Principal::new(PAIRING, Role::Viewer), format!("a pairing was asked for from {from}"));
    if ask(&shared.requester, |reply| Request::ShowPairing(sign, reply)).await.is_none() {
        return Err(Problem::no_answer());
    }
    let begun = PairingBegun { id: pending.id, until_millis: pending.until_millis, fingerprint };
    Ok((StatusCode::CREATED, Json(begun)).into_response())
}

/// A pairing that waits, as an administrator sees it: whoever cannot see the wall may be told the digits by phone.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairingView {
    /// What tells it from others.
    id: String,
    /// What whoever asks is called.
    name: String,
    /// The digits that the wall shows.
    digits: String,
    /// When it ends, in milliseconds since 1970.
    until_millis: i64,
}

/// The pairing that waits for its answer.
#[utoipa::path(get, path = "/api/v1/pairing", tag = "access", responses(
    (status = 200, description = "The pairing; null where none waits", body = Option<PairingView>),
    (status = 403, description = "It takes an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn waiting(
    State(shared): State<Shared>,
    principal: Option<Extension<Principal>>,
) -> Result<Json<Option<PairingView>>, Problem> {
    let Some(Extension(principal)) = principal else {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "show a token"));
    };
    require(&principal, Role::Admin)?;
    let pairing = shared.access.pairing();
    let pending = pairing.pending(jiff::Timestamp::now().as_millisecond());
    Ok(Json(pending.map(|pending| PairingView {
        id: pending.id.clone(),
        name: pending.name.clone(),
        digits: pending.digits.clone(),
        until_millis: pending.until_millis,
    })))
}

/// Answers a pairing with the digits on the wall, or with the secret of its QR code.
#[utoipa::path(post, path = "/api/v1/pairing/{id}", tag = "access", params(("id" = String, Path, description = "The pairing's")), request_body = PairingAnswer, responses(
    (status = 200, description = "There is a token; a browser has it in a cookie", body = Paired),
    (status = 403, description = "Other digits, or no pairings at all", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "The pairing has ended", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "No such answer", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "No token can be kept", body = Problem, content_type = "application/problem+json"),
))]
pub async fn answer(
    State(shared): State<Shared>,
    Extension(peer): Extension<Peer>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let answer: PairingAnswer = json_body(&headers, &body, "{\"answer\": \"123456\"}")?;
    let control = shared.access.control();
    let Some(role) = control.pairing else {
        return Err(Problem::new(StatusCode::FORBIDDEN, "this wall takes no pairings"));
    };
    let now = jiff::Timestamp::now().as_millisecond();
    let answered = shared.access.pairing().answer(&id, &answer.answer, now);
    let is_open = shared.access.pairing().pending(now).is_some_and(|pending| pending.id == id);
    if !is_open {
        (shared.requester)(Request::HidePairing(id.clone()));
    }
    let name = match answered {
        Ok(name) => name,
        Err(refusal) => {
            tracing::warn!(%refusal, "a pairing was answered");
            let what = match refusal {
                PairingRefusal::Wrong { .. } => "a pairing was answered with other digits",
                _ => "a pairing has ended without a token",
            };
            shared.note(Principal::new(PAIRING, Role::Viewer), what.to_owned());
            return Err(refusal.into());
        }
    };
    let (secret, view) = shared.access.give(name, role, control.token_days).await?;
    shared.note(Principal::new(view.name.clone(), role), format!("paired `{}` as {}", view.name, role.name()));
    let cookie = Cookie::build((COOKIE, secret.clone()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::days(i64::from(control.token_days)))
        // Without TLS there is loopback only, where no browser keeps secure cookies.
        .secure(matches!(peer, Peer::Elsewhere(_)));
    let token = answer.tell.then_some(secret);
    let paired = Json(Paired { name: view.name, role, expires_secs: view.expires_secs, token: token.clone() });
    let mut response = paired.into_response();
    if token.is_none()
        && let Ok(value) = HeaderValue::from_str(&cookie.build().to_string())
    {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// Ends a pairing: the wall shows its digits no more. An operator ends whichever there is, as `current`.
#[utoipa::path(delete, path = "/api/v1/pairing/{id}", tag = "access", params(("id" = String, Path, description = "The pairing's, or `current`")), responses(
    (status = 204, description = "It has ended"),
    (status = 410, description = "It had ended before", body = Problem, content_type = "application/problem+json"),
))]
pub async fn cancel(
    State(shared): State<Shared>,
    principal: Option<Extension<Principal>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let may_end_any = principal.is_some_and(|Extension(principal)| principal.role >= Role::Operator);
    let id = {
        let mut pairing = shared.access.pairing();
        let waiting = pairing.pending(jiff::Timestamp::now().as_millisecond()).map(|pending| pending.id.clone());
        let id = waiting.filter(|_| may_end_any && id == "current").unwrap_or(id);
        if !pairing.cancel(&id) {
            return Err(PairingRefusal::Ended.into());
        }
        id
    };
    (shared.requester)(Request::HidePairing(id));
    Ok(StatusCode::NO_CONTENT)
}
