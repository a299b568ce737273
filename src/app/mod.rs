//! The program: wiring, the event loop, what happens when something breaks.

pub mod backend;
mod faults;
pub mod headless;
pub mod outputs;
mod pacing;
pub mod session;
pub mod stage;
pub mod still;
mod watch;
pub mod windows;

pub use session::{RunOptions, WallChoice};
