//! Tokens over HTTP: an administrator gives, lists and takes them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Shared;
use super::super::access::{TokenError, TokenView, require};
use super::super::body::json_body;
use super::super::problem::Problem;
use crate::conductor::{Principal, Role};
use crate::operation::MAX_TOKEN_DAYS;

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Their name, as it stands in the journal.
    name: String,
    /// What they may do.
    role: Role,
}

/// A token to be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenAsked {
    /// Whose it is: it stands in the journal.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// What it may do.
    role: Role,
    /// For how many days it is valid; none for what the wall's file says.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    days: Option<u32>,
}

/// A token that was given.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenGiven {
    /// The token: it is told this once.
    token: String,
    /// What is known of it.
    #[serde(flatten)]
    view: TokenView,
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        let status = match error {
            TokenError::Name => StatusCode::UNPROCESSABLE_ENTITY,
            TokenError::TooMany => StatusCode::CONFLICT,
            TokenError::File(_) | TokenError::Random(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.to_string())
    }
}

/// Who asks, and in which role.
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses(
    (status = 200, description = "Who asks", body = Me),
))]
pub async fn me(Extension(principal): Extension<Principal>) -> Json<Me> {
    Json(Me { name: principal.name, role: principal.role })
}

/// The valid tokens, without their secrets.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "access", responses(
    (status = 200, description = "The valid tokens", body = Vec<TokenView>),
    (status = 403, description = "It takes an administrator", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list(
    State(shared): State<Shared>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<Vec<TokenView>>, Problem> {
    require(&principal, Role::Admin)?;
    Ok(Json(shared.access.tokens().list(jiff::Timestamp::now().as_second())))
}

/// Gives a token, as for a button box.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "access", request_body = TokenAsked, responses(
    (status = 201, description = "The token, told this once", body = TokenGiven),
    (status = 403, description = "It takes an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "There are too many", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "No such name or time", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "It cannot be kept", body = Problem, content_type = "application/problem+json"),
))]
pub async fn give(
    State(shared): State<Shared>,
    Extension(principal): Extension<Principal>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<TokenGiven>), Problem> {
    require(&principal, Role::Admin)?;
    let asked: TokenAsked = json_body(&headers, &body, "{\"name\": \"Stream Deck\", \"role\": \"operator\"}")?;
    let days = asked.days.unwrap_or(shared.access.control().token_days);
    if !(1..=MAX_TOKEN_DAYS).contains(&days) {
        let detail = format!("a token is valid for 1 to {MAX_TOKEN_DAYS} days");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let (token, view) = shared.access.give(asked.name, asked.role, days).await?;
    shared.note(principal, format!("gave a token to `{}` as {}", view.name, view.role.name()));
    Ok((StatusCode::CREATED, Json(TokenGiven { token, view })))
}

/// Takes a token back: whoever has it is refused from now on, and what they listen to ends.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "access", params(("id" = String, Path, description = "The token's")), responses(
    (status = 204, description = "It is not valid any more"),
    (status = 403, description = "It takes an administrator", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is no such token", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "It cannot be written that it is not", body = Problem, content_type = "application/problem+json"),
))]
pub async fn revoke(
    State(shared): State<Shared>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    require(&principal, Role::Admin)?;
    match shared.access.revoke(&id).await? {
        Some(view) => {
            shared.note(principal, format!("took the token of `{}` back", view.name));
            Ok(StatusCode::NO_CONTENT)
        }
        None => Err(Problem::new(StatusCode::NOT_FOUND, "there is no such token")),
    }
}
