//! What rules may watch of the machine: its outputs, its disk, its sources.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::stage::Stage;
use crate::requests::{SourceContents, source_statuses};
use crate::signal::Machine;

/// So often the machine is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks at the machine, no more than once a second.
pub struct MachineWatch {
    free_disk_mib: watch::Receiver<Option<f64>>,
    looked: Option<Instant>,
    machine: Machine,
}

impl MachineWatch {
    /// Of a machine that keeps its state in a folder. A disk that hangs is waited for by nobody who paints.
    pub fn start(runtime: &Runtime, folder: PathBuf) -> Self {
        let (tell, free_disk_mib) = watch::channel(None);
        runtime.spawn(async move {
            loop {
                let folder = folder.clone();
                let free = tokio::task::spawn_blocking(move || free_mib(&folder)).await.unwrap_or_default();
                if tell.send(free).is_err() {
                    return;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        Self { free_disk_mib, looked: None, machine: Machine::default() }
    }

    /// The machine as it is.
    pub fn machine(&mut self, stage: &Stage, sources: &[SourceContents]) -> &Machine {
        if self.looked.is_none_or(|at| at.elapsed() >= LOOK_EVERY) {
            self.looked = Some(Instant::now());
            let revision = stage.revision();
            let statuses = source_statuses(sources, &revision.snapshot);
            let outputs = stage.output_views().into_iter().map(|(view, _)| (view.name, view.is_lit));
            self.machine = Machine {
                outputs: outputs.collect(),
                free_disk_mib: *self.free_disk_mib.borrow(),
                sources: statuses.into_iter().map(|source| (source.name, source.data_until_secs)).collect(),
            };
        }
        &self.machine
    }
}

/// What is free on the disk of a folder, in MiB.
fn free_mib(folder: &Path) -> Option<f64> {
    // What is not there yet will be made on the disk of what is.
    let there = folder.ancestors().find(|folder| folder.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail as f64 * disk.f_frsize as f64 / f64::from(1 << 20))
}
