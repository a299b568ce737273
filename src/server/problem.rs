//! What is wrong with a request, as RFC 9457 writes it.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::conductor::Refusal;
use crate::language::{Lang, localized};

/// A problem.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    /// What is wrong, and what to write instead.
    detail: String,
    /// The present version of the state, where the order was given for another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
}

impl Problem {
    /// A problem with its status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("");
        Self { kind: "about:blank", title, status: status.as_u16(), detail: detail.into(), version: None }
    }

    /// The same in the language that a browser asks for, as far as there are words for it.
    pub fn in_language_of(self, headers: &HeaderMap) -> Self {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|asked| asked.to_str().ok()).unwrap_or_default();
        let lang = if asked.starts_with("ru") { Lang::Ru } else { Lang::En };
        Self { detail: localized(&self.detail, lang), ..self }
    }

    /// Its status.
    #[cfg(test)]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The wall does not answer.
    pub fn no_answer() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "the wall does not answer")
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let (status, version) = match refusal {
            Refusal::NotAllowed { .. } => (StatusCode::FORBIDDEN, None),
            Refusal::Changed { version } => (StatusCode::CONFLICT, Some(*version)),
            _ => (StatusCode::UNPROCESSABLE_ENTITY, None),
        };
        Self { version, ..Self::new(status, refusal.to_string()) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, Json(self)).into_response();
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}
