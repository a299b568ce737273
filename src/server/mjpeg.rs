//! The live view: a moving picture that every browser shows.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::preview::Preview;

/// A picture that did not change is sent again after this long, so that no connection is taken for dead.
const REPEAT_EVERY: Duration = Duration::from_secs(5);

/// The wall as MJPEG.
pub async fn mjpeg(State(preview): State<Arc<Preview>>) -> Response {
    let stream = futures_util::stream::unfold(preview.moving(), |mut frames| async move {
        if let Ok(Err(_)) = tokio::time::timeout(REPEAT_EVERY, frames.changed()).await {
            return None;
        }
        let bytes = frames.borrow_and_update().1.clone();
        if bytes.is_empty() {
            return Some((Ok::<_, Infallible>(Bytes::new()), frames));
        }
        let mut part =
            format!("--frame\r\ncontent-type: image/jpeg\r\ncontent-length: {}\r\n\r\n", bytes.len()).into_bytes();
        part.extend_from_slice(&bytes);
        part.extend_from_slice(b"\r\n");
        Some((Ok(Bytes::from(part)), frames))
    });
    (
        [(header::CONTENT_TYPE, "multipart/x-mixed-replace; boundary=frame"), (header::CACHE_CONTROL, "no-store")],
        Body::from_stream(stream),
    )
        .into_response()
}
