//! What the wall says of itself over HTTP: the live view, its state, whether it is well.

mod view;

pub use view::{Ask, Counts, Heard, Look, SheetTold, Status, StepTo, StepTold, WarningTold, serve};
