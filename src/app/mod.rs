//! The program: wiring, the event loop, what happens when something breaks.

mod answers;
pub mod backend;
pub mod check;
pub mod ctl;
pub mod error_text;
mod fault_injection;
mod file_watch;
pub mod headless;
pub mod help;
pub mod log;
mod machine_watch;
pub mod option_values;
pub mod outputs;
mod pacing;
mod preflight;
mod press_key;
mod read_back;
pub mod region_import;
pub mod render_png;
mod saved_files;
pub mod schedule_command;
mod serving;
pub mod session;
pub mod shell;
mod signals;
pub mod stage;
mod thumbnails;
pub mod try_source;
pub mod usage_error;
mod wake;
pub mod windows;

pub use backend::{Keep, SourceChoice};
pub use serving::View;
pub use session::{RunOptions, WallChoice};
