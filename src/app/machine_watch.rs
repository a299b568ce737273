//! What rules may watch of the machine: its outputs, its disk, its sources.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::stage::Stage;
use crate::requests::{SourceContents, source_statuses};
use crate::signal::Machine;

/// So often the machine is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks at the machine, no more than once a second.
pub struct MachineWatch {
    /// What is kept there lies on the disk that is watched.
    folder: PathBuf,
    looked: Option<Instant>,
    machine: Machine,
}

impl MachineWatch {
    /// Of a machine that keeps its state in a folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, looked: None, machine: Machine::default() }
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
                free_disk_mib: self.free_disk_mib(),
                sources: statuses.into_iter().map(|source| (source.name, source.data_until_secs)).collect(),
            };
        }
        &self.machine
    }

    fn free_disk_mib(&self) -> Option<f64> {
        // What is not there yet will be made on the disk of what is.
        let there = self.folder.ancestors().find(|folder| folder.exists())?;
        let disk = rustix::fs::statvfs(there).ok()?;
        Some(disk.f_bavail as f64 * disk.f_frsize as f64 / f64::from(1 << 20))
    }
}
