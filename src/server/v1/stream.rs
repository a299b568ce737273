//! `GET /api/v1/events`: server-sent events. First the whole state, then what happens; whoever comes back with
//! `Last-Event-ID` is told what was missed, or the whole state again.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast::error::RecvError;

use super::super::Shared;
use super::super::access::StreamEnd;
use super::super::ask::ask;
use super::super::events::{Place, Told};
use super::super::problem::Problem;
use crate::requests::Request;

/// A comment is sent after this long without an event, so that no connection is taken for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(8);

/// Where a listener is in its stream.
struct Listening {
    shared: Shared,
    place: Place,
    /// What was missed and is still to be told.
    missed: VecDeque<Told>,
    /// Whether the whole state is to be told first.
    wants_state: bool,
    /// The version up to which the state has told of everything.
    known: u64,
    /// When the token that opened it is not valid any more.
    end: StreamEnd,
}

/// What happens, as server-sent events: first the whole state, then each change. The id of an event is the version since;
/// whoever comes back with `Last-Event-ID` is told what was missed, or the whole state again.
#[utoipa::path(get, path = "/api/v1/events", tag = "state",
    params(("Last-Event-ID" = Option<String>, Header, description = "The version up to which everything was heard")),
    responses(
        (status = 200, description = "Events without an end", content_type = "text/event-stream", body = String),
        (status = 429, description = "Too many listen", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn events(
    State(shared): State<Shared>,
    Extension(end): Extension<StreamEnd>,
    headers: HeaderMap,
) -> Response {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let Some((place, missed)) = shared.events.listen(last) else {
        let detail = "too many listen to this wall: try again later";
        return Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).into_response();
    };
    let listening = Listening {
        end,
        shared,
        place,
        wants_state: missed.is_none(),
        missed: missed.unwrap_or_default().into(),
        known: last.unwrap_or(0),
    };
    let stream = futures_util::stream::unfold(listening, next);
    Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

async fn next(mut listening: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    loop {
        if std::mem::take(&mut listening.wants_state) {
            let state = ask(&listening.shared.requester, Request::State).await?;
            listening.known = state.version;
            let event = Event::default().event("state").id(state.version.to_string()).json_data(&state).ok()?;
            return Some((Ok(event), listening));
        }
        let told = match listening.missed.pop_front() {
            Some(told) => told,
            None => match next_told(&mut listening).await? {
                // The state already told of it.
                Ok(told) if told.version <= listening.known => continue,
                Ok(told) => told,
                Err(RecvError::Lagged(_)) => {
                    listening.wants_state = true;
                    continue;
                }
                Err(RecvError::Closed) => return None,
            },
        };
        listening.known = told.version;
        let event = Event::default().event("happened").id(told.version.to_string()).data(&*told.data);
        return Some((Ok(event), listening));
    }
}

/// The next event; none where the stream ends.
async fn next_told(listening: &mut Listening) -> Option<Result<Told, RecvError>> {
    tokio::select! {
        told = listening.place.receiver.recv() => Some(told),
        () = listening.end.wait() => None,
    }
}
