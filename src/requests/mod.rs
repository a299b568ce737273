//! What the server asks of the running wall, and what it is answered. Both sides of the channel speak these words.

mod picture;
mod status;
mod wall_state;

use std::sync::Arc;

pub use picture::{PREVIEW_EVERY, PictureReply, WallPicture};
pub use status::{Counts, SourceContents, SourceStatus, Status, WarningView, source_statuses, warning_views};
pub use wall_state::{Accepted, ClaimView, WallState, Why};

use crate::conductor::{Order, Refusal, RunSheetView};
use crate::geometry::WallPoint;
use crate::panel::Picked;

/// Takes the answer to a request; may be called from any thread, once.
pub type Reply<T> = Box<dyn FnOnce(T) + Send>;

/// What can be asked of a running wall.
pub enum Request {
    /// How it is.
    Status(Reply<Status>),
    /// A picture.
    Picture {
        /// Of one output, or of the wall.
        output: Option<String>,
        /// Frame number of the picture that the requester already has.
        held: Option<u64>,
        /// Takes the answer.
        reply: Reply<PictureReply>,
    },
    /// What is under a point of the wall; answered by none where there is no panel.
    Pick(WallPoint, Reply<Option<Picked>>),
    /// The run sheet of the visit; answered by none where there is none.
    RunSheet(Reply<Option<RunSheetView>>),
    /// What is on the wall, and why.
    State(Reply<WallState>),
    /// Why, in words.
    Why(Reply<Why>),
    /// To carry out an order.
    Order {
        /// The order.
        order: Order,
        /// Whether it is only to be said what would come of it.
        dry_run: bool,
        /// Takes the outcome.
        reply: Reply<Result<Accepted, Refusal>>,
    },
}

/// Sends a request to the running wall.
pub type Requester = Arc<dyn Fn(Request) + Send + Sync>;
