//! Bodies of requests.

use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The longest body, in bytes.
pub const MAX_BODY: usize = 4 << 10;

/// Whether a body is said to be JSON: a page of another site cannot send this type without asking first, and is refused.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// Reads a body of JSON; `help` says how it is written.
///
/// # Errors
/// When it is no JSON, or not what is read.
pub fn json_body<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8], help: &str) -> Result<T, Problem> {
    if !is_json(headers) {
        let detail = "send it with `content-type: application/json`";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let wrong = |error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("{error}: write {help}"));
    serde_json::from_slice(body).map_err(wrong)
}
