//! Asks the running wall.

use tokio::sync::oneshot;

use crate::requests::{Reply, Request, Requester};

/// Asks the wall and waits for its answer; none where it gives none.
pub async fn ask<T: Send + 'static>(requester: &Requester, request: impl FnOnce(Reply<T>) -> Request) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    // The requester may have gone: an answer that nobody receives is dropped.
    requester(request(Box::new(move |answer| drop(sender.send(answer)))));
    receiver.await.ok()
}
