//! What the wall says of itself over HTTP: the live view, its state, whether it is well.

mod connections;
mod picture;
mod preview;
mod view;

pub use picture::{PictureReply, WallPicture};
pub use preview::PREVIEW_EVERY;
pub use view::{Ask, Counts, Heard, Look, SheetTold, Status, StepTo, StepTold, WarningTold, serve};
