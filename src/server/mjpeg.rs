//! The live view: a moving picture that every browser shows.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use super::Shared;
use super::access::StreamEnd;
use super::preview::{Encoded, Preview};

/// A picture that did not change is sent again after this long, so that no connection is taken for dead.
const REPEAT_EVERY: Duration = Duration::from_secs(5);

/// Where a viewer is in the moving view.
struct Watching {
    preview: Arc<Preview>,
    frames: watch::Receiver<Option<Encoded>>,
    /// That the press key was turned: what the viewer has may not be seen any more.
    presses: watch::Receiver<u64>,
    end: StreamEnd,
}

/// The wall as MJPEG.
pub async fn mjpeg(State(shared): State<Shared>, Extension(end): Extension<StreamEnd>) -> Response {
    let watching = Watching {
        frames: shared.preview.moving(),
        presses: shared.events.presses_changed(),
        end,
        preview: shared.preview,
    };
    let fields =
        [(header::CONTENT_TYPE, "multipart/x-mixed-replace; boundary=frame"), (header::CACHE_CONTROL, "no-store")];
    (fields, Body::from_stream(futures_util::stream::unfold(watching, next))).into_response()
}

async fn next(mut watching: Watching) -> Option<(Result<Bytes, Infallible>, Watching)> {
    let changed = tokio::time::timeout(REPEAT_EVERY, watching.frames.changed());
    tokio::select! {
        changed = changed => if let Ok(Err(_)) = changed { return None },
        changed = watching.presses.changed() => if changed.is_err() { return None },
        () = watching.end.wait() => return None,
    }
    let newest = watching.frames.borrow_and_update().clone();
    let newest = newest.filter(|newest| watching.preview.may_be_shown(newest));
    // A browser shows the last picture until another comes.
    let bytes = newest.map_or_else(|| watching.preview.black(), |newest| newest.bytes);
    let mut part =
        format!("--frame\r\ncontent-type: image/jpeg\r\ncontent-length: {}\r\n\r\n", bytes.len()).into_bytes();
    part.extend_from_slice(&bytes);
    part.extend_from_slice(b"\r\n");
    Some((Ok(Bytes::from(part)), watching))
}
