//! Bodies of requests, and what comes of an order.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use crate::conductor::Refusal;
use crate::requests::Accepted;

/// Whether a body is said to be JSON: a page of another site cannot send this type without asking first, and is refused.
pub fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/json")
}

/// Reads a body of JSON; `help` says how it is written.
pub fn json_body<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8], help: &str) -> Result<T, Box<Response>> {
    if !is_json(headers) {
        let words = "send it with `content-type: application/json`\n";
        return Err(Box::new((StatusCode::UNSUPPORTED_MEDIA_TYPE, words).into_response()));
    }
    serde_json::from_slice(body)
        .map_err(|error| Box::new((StatusCode::BAD_REQUEST, format!("{error}: write {help}\n")).into_response()))
}

/// Answers with what came of an order; none where the wall does not answer.
pub fn outcome(outcome: Option<Result<Accepted, Refusal>>) -> Response {
    match outcome {
        Some(Ok(_)) => StatusCode::NO_CONTENT.into_response(),
        Some(Err(refusal)) => {
            let not_allowed = matches!(refusal, Refusal::NotAllowed { .. });
            let status = if not_allowed { StatusCode::FORBIDDEN } else { StatusCode::BAD_REQUEST };
            (status, format!("{refusal}\n")).into_response()
        }
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
