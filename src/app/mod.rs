//! The program: wiring, the event loop, what happens when something breaks.

pub mod backend;
pub mod check;
mod faults;
pub mod headless;
pub mod import;
pub mod log;
pub mod outputs;
mod pacing;
mod pictures;
mod rehearsal;
pub mod session;
mod signals;
pub mod stage;
pub mod still;
mod told;
pub mod trial;
mod visit;
mod watch;
pub mod windows;

pub use backend::{Keep, SourceChoice};
pub use session::{RunOptions, WallChoice};
