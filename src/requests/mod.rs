//! What the server asks of the running wall, and what it is answered. Both sides of the channel speak these words.

mod alarms;
mod layouts;
mod picture;
mod schedule;
mod status;
mod wall_state;

use std::sync::Arc;

pub use alarms::{AlarmView, AlarmsView};
pub use layouts::{HeldLayouts, LayoutView, PresetView, layout_views};
pub use picture::{PREVIEW_EVERY, PictureReply, ThumbnailError, WallPicture};
pub use schedule::{ScheduleView, Teller};
pub use status::{
    Counts, Metrics, OutputView, SourceContents, SourceStatus, Status, WarningView, source_statuses, warning_views,
};
pub use wall_state::{Accepted, ClaimView, WallState, Why};

use image::RgbaImage;
use jiff::civil::Date;

use crate::compose::PairingSign;
use crate::conductor::{Order, Principal, Refusal, RunSheetView, Via};
use crate::geometry::WallPoint;
use crate::language::Lang;
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
    /// Why, in words of a language; none for the wall's.
    Why(Option<Lang>, Reply<Why>),
    /// What a monitoring system watches.
    Metrics(Reply<Metrics>),
    /// A day as it is scheduled; answered by none before the time zone is known.
    Schedule {
        /// The day; none for today.
        on: Option<Date>,
        /// In which language; none for the wall's.
        lang: Option<Lang>,
        /// Takes the answer.
        reply: Reply<Option<ScheduleView>>,
    },
    /// The alarms, in a language; none for the wall's.
    Alarms(Option<Lang>, Reply<AlarmsView>),
    /// The outputs.
    Outputs(Reply<Vec<OutputView>>),
    /// The layouts that the wall holds.
    Layouts(Reply<HeldLayouts>),
    /// A small picture of a layout, as it would look now; its reply is dropped where too many are wanted.
    Thumbnail {
        /// The layout's name.
        layout: String,
        /// Takes the picture.
        reply: Reply<Result<RgbaImage, ThumbnailError>>,
    },
    /// The names of the municipalities.
    Municipalities(Reply<Vec<String>>),
    /// Shows the digits of a pairing.
    ShowPairing(PairingSign, Reply<()>),
    /// Shows the digits of the pairing of this id no more.
    HidePairing(String),
    /// Keeps a record of what is no order.
    Note {
        /// Who did it.
        by: Principal,
        /// By which way.
        via: Via,
        /// What happened.
        what: String,
    },
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

impl Request {
    /// Whether it changes what is on the wall: it does not wait behind questions.
    pub fn is_order(&self) -> bool {
        matches!(self, Self::Order { .. } | Self::ShowPairing(..) | Self::HidePairing(_) | Self::Note { .. })
    }
}

/// Sends a request to the running wall.
pub type Requester = Arc<dyn Fn(Request) + Send + Sync>;
