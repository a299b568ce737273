//! What the wall says of itself over HTTP: the live view, its state, whether it is well.

mod connections;
mod preview;
mod view;

pub use preview::{PREVIEW_EVERY, Picture};
pub use view::{Ask, Counts, Heard, Look, SheetTold, Status, StepTo, StepTold, WarningTold, serve};
