//! The thread that writes.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{ArchiveError, File, difference};
use crate::data::Snapshot;

/// After a failure nothing is tried for this long; the picture does not wait.
const REST: Duration = Duration::from_secs(30);

/// Writes the newest snapshot, whenever there is one.
#[derive(Debug)]
pub struct Writer {
    slot: Arc<Slot>,
    thread: Option<std::thread::JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Slot {
    newest: Mutex<(Option<Snapshot>, bool)>,
    changed: Condvar,
}

impl Writer {
    /// Starts the thread; `held` is what the file holds.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(file: File, path: PathBuf, max_mib: u64, held: Snapshot) -> std::io::Result<Self> {
        let slot = Arc::new(Slot::default());
        let taken = slot.clone();
        let work = move || write_on(&taken, Some(file), &path, max_mib, held);
        let thread = std::thread::Builder::new().name("archive".into()).spawn(work)?;
        Ok(Self { slot, thread: Some(thread) })
    }

    /// Hands over a snapshot. It replaces one that was not written yet: the difference covers both.
    pub fn offer(&self, snapshot: Snapshot) {
        self.slot.newest.lock().unwrap_or_else(PoisonError::into_inner).0 = Some(snapshot);
        self.slot.changed.notify_one();
    }
}

impl Drop for Writer {
    /// What was offered is written before the program ends.
    fn drop(&mut self) {
        self.slot.newest.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.slot.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write_on(slot: &Slot, mut file: Option<File>, path: &std::path::Path, max_mib: u64, mut held: Snapshot) {
    let mut rest_until: Option<Instant> = None;
    let mut failures = 0_u32;
    loop {
        let (snapshot, ending) = {
            let mut newest = slot.newest.lock().unwrap_or_else(PoisonError::into_inner);
            while newest.0.is_none() && !newest.1 {
                newest = slot.changed.wait(newest).unwrap_or_else(PoisonError::into_inner);
            }
            (newest.0.take(), newest.1)
        };
        let Some(snapshot) = snapshot else { return };
        if rest_until.is_some_and(|until| Instant::now() < until) {
            if ending {
                return;
            }
            continue;
        }
        let written = match file.as_mut() {
            Some(file) => file.write(&difference(&held, &snapshot)),
            // It was lost to a failure: what it holds is not known any more, and is read again.
            None => File::open(path, max_mib).and_then(|mut opened| {
                let on_disk = opened.read()?.map(|kept| kept.snapshot()).unwrap_or_default();
                let written = opened.write(&difference(&on_disk, &snapshot));
                file = Some(opened);
                written
            }),
        };
        match written {
            Ok(()) => {
                if failures > 0 {
                    tracing::info!("the archive is written again");
                }
                (held, failures, rest_until) = (snapshot, 0, None);
            }
            Err(error) => {
                failures += 1;
                if failures.is_power_of_two() {
                    tracing::error!(failures, "the data is not kept: {error}");
                }
                if !matches!(error, ArchiveError::Database { ref source, .. } if source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull))
                {
                    file = None;
                }
                rest_until = Some(Instant::now() + REST);
            }
        }
    }
}
