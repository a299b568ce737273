//! What wakes the render thread.

use std::path::PathBuf;

/// What happened outside of the render thread.
#[derive(Debug)]
pub enum Wake {
    /// There is a new revision.
    Revision,
    /// A watched file was saved.
    Saved(PathBuf),
    /// Somebody asks.
    Asked,
    /// Every file is to be read again, whether its saving was noticed or not.
    Reload,
    /// The program is told to end.
    Stop,
    /// A part of the program without which the wall is not right has failed: the program ends, for whoever starts it
    /// again.
    Failed(&'static str),
}
