//! Files that are saved while the wall runs.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher};

/// A file is read when nothing has been written to it for this long: editors write in several steps.
const QUIET: Duration = Duration::from_millis(80);

/// Watches files for as long as it lives.
pub struct FileWatch {
    _watcher: Box<dyn Watcher + Send>,
}

impl FileWatch {
    /// Calls `on_change` with the path of each of `files` that was written, replaced or created.
    ///
    /// # Errors
    /// When the system does not let a folder be watched.
    pub fn new(files: Vec<PathBuf>, on_change: impl Fn(PathBuf) + Send + 'static) -> notify::Result<Self> {
        let (sender, receiver) = mpsc::channel::<PathBuf>();
        let names: Vec<(PathBuf, PathBuf)> = files
            .iter()
            .filter_map(|file| Some((folder_of(file).canonicalize().ok()?.join(file.file_name()?), file.clone())))
            .collect();
        let known = names.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            if matches!(event.kind, notify::EventKind::Access(_)) {
                return;
            }
            for path in event.paths {
                if let Some((_, file)) = known.iter().find(|(full, _)| *full == path) {
                    let _ = sender.send(file.clone());
                }
            }
        })?;
        // The folder and not the file: an editor that replaces a file leaves the old one behind.
        let mut folders: Vec<PathBuf> =
            names.iter().filter_map(|(full, _)| full.parent().map(Path::to_owned)).collect();
        folders.sort();
        folders.dedup();
        for folder in &folders {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
        std::thread::Builder::new()
            .name("files".into())
            .spawn(move || gather(&receiver, on_change))
            .map_err(notify::Error::io)?;
        Ok(Self { _watcher: Box::new(watcher) })
    }
}

fn gather(receiver: &mpsc::Receiver<PathBuf>, on_change: impl Fn(PathBuf)) {
    while let Ok(first) = receiver.recv() {
        let mut changed = vec![first];
        while let Ok(path) = receiver.recv_timeout(QUIET) {
            if !changed.contains(&path) {
                changed.push(path);
            }
        }
        changed.into_iter().for_each(&on_change);
    }
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}
