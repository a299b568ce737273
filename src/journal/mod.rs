//! The journal of a wall: who ordered what, when, from where and why, and what came of it; and the last state, so that a
//! wall that was started again shows what it showed. In SQLite, chained by hash, written by a thread of its own.

mod chain;
mod file;
#[cfg(test)]
mod tests;
mod writer;

use std::path::PathBuf;

pub use chain::{ChainFault, Verified};
pub use file::{Filter, JournalFile};
pub use writer::{Journal, JournalHandle};

/// Why a journal cannot be used. The wall never depends on it.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file belongs to something else, or to a later version.
    #[error("{0} is not a journal of this version of Obzor: it is left alone; name another file with --keep")]
    Foreign(PathBuf),
    /// The database says no: disk full, read-only, broken.
    #[error("{path}: {source}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The folder cannot be made.
    #[error("{path}: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The thread that writes it has ended.
    #[error("the journal is closed")]
    Closed,
}
