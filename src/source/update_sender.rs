//! Where a source's updates go.

use tokio::sync::mpsc::Sender;

use super::fetch::SourceError;
use crate::data::{SourceNumber, Update};

/// The bounded queue to the store, under a source's own number.
#[derive(Debug, Clone)]
pub struct UpdateSender {
    source: SourceNumber,
    sender: Sender<(SourceNumber, Update)>,
}

impl UpdateSender {
    /// The sender of source number `source`.
    pub fn new(source: SourceNumber, sender: Sender<(SourceNumber, Update)>) -> Self {
        Self { source, sender }
    }

    /// The source's number.
    pub fn source(&self) -> SourceNumber {
        self.source
    }

    /// Hands an update over; waits while the store is busy.
    ///
    /// # Errors
    /// When the wall is going down.
    pub async fn send(&self, update: Update) -> Result<(), SourceError> {
        self.sender.send((self.source, update)).await.map_err(|_| SourceError::ShuttingDown)
    }
}
