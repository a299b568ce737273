//! The program: wiring, the event loop, what happens when something breaks.

mod answers;
pub mod backend;
pub mod check;
mod faults;
pub mod headless;
pub mod help;
pub mod import;
pub mod log;
pub mod outputs;
mod pacing;
mod pictures;
mod preflight;
pub mod render_png;
mod saved_files;
pub mod session;
mod signals;
pub mod source_test;
pub mod stage;
mod wake;
mod watch;
pub mod windows;

pub use backend::{Keep, SourceChoice};
pub use session::{RunOptions, WallChoice};
