//! The program: wiring, the event loop, what happens when something breaks.

pub mod backend;
pub mod check;
mod faults;
pub mod headless;
pub mod import;
pub mod outputs;
mod pacing;
mod rehearsal;
pub mod session;
pub mod stage;
pub mod still;
pub mod trial;
mod visit;
mod watch;
pub mod windows;

pub use backend::{Keep, SourceChoice};
pub use session::{RunOptions, WallChoice};
