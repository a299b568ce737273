//! The last good data on disk: what the wall shows when it starts and its backend is down.
//!
//! The archive mirrors snapshots. A thread of its own compares the newest snapshot with the one that was
//! written last and writes the difference in one transaction, so that it is whole whenever the power goes,
//! costs what changed, and never makes anybody wait. Texts are in it as masked as in the snapshot.

mod difference;
mod file;
mod writer;

use std::path::PathBuf;

/// Size limit of an archive in MiB: three times what a region of a million appeals a year needs.
pub const MAX_MIB: u64 = 1024;

pub use difference::{Difference, difference};
pub use file::File;
pub use writer::Writer;

/// Why the archive cannot be used. The picture never depends on it.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file belongs to somebody else.
    #[error("{0} is not an archive of Obzor: it is left alone; name another file with --keep")]
    Foreign(PathBuf),
    /// It was written by a later version.
    #[error(
        "{path} was written by a later version of Obzor (form {found}, this one knows {known}): name another file with --keep"
    )]
    Later {
        /// The file.
        path: PathBuf,
        /// Its form.
        found: i64,
        /// The latest form that is known.
        known: i64,
    },
    /// The database says no: disk full, read-only, broken.
    #[error("{path}: {source}{}", advice(source))]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file system says no.
    #[error("{path}: {source}; give the wall a folder that it may write to with --keep, or --no-keep")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// What is kept cannot be read back.
    #[error("{path} holds what cannot be read: {what}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// What the person at the wall can do about it.
fn advice(error: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(Code::DiskFull) => "; the disk is full, or the archive has reached its limit: free some space",
        Some(Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied) => {
            "; give the wall a folder that it may write to with --keep, or --no-keep"
        }
        Some(Code::SystemIoFailure) => "; the disk may be failing",
        _ => "",
    }
}
