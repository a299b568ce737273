//! Files that are saved while the wall runs.
//!
//! The OS reports most changes at once. All others are found by polling every two seconds: a symlink that points
//! elsewhere, a folder that was replaced, a network disk.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use notify::{RecursiveMode, Watcher};

/// Time without a write after which a file is read: editors write in several steps.
const QUIET: Duration = Duration::from_millis(80);
/// Files are looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What tells a saved file from the version before: canonical path, modification time, length in bytes.
type Trace = Option<(PathBuf, Option<SystemTime>, u64)>;

type Watched = Arc<Mutex<Vec<(PathBuf, Trace)>>>;

/// Watches files for as long as it lives.
pub struct FileWatch {
    _watcher: Option<Box<dyn Watcher + Send>>,
    /// Dropping it ends the thread.
    _told: mpsc::Sender<PathBuf>,
    files: Watched,
}

fn trace(file: &Path) -> Trace {
    let found = file.metadata().ok()?;
    Some((file.canonicalize().ok()?, found.modified().ok(), found.len()))
}

impl FileWatch {
    /// Calls `on_change` with the path of each of `files` that was written, replaced or created.
    ///
    /// # Errors
    /// When there is no thread for it.
    pub fn new(files: Vec<PathBuf>, on_change: impl Fn(PathBuf) + Send + 'static) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel::<PathBuf>();
        let watched: Watched = Arc::new(Mutex::new(files.iter().map(|file| (file.clone(), trace(file))).collect()));
        // Where the system does not tell, looking is enough.
        let watcher = spawn_os_watcher(&files, sender.clone())
            .inspect_err(|error| tracing::warn!(%error, "saved files are noticed within two seconds, not at once"))
            .ok();
        let held = Arc::downgrade(&watched);
        std::thread::Builder::new().name("files".into()).spawn(move || {
            loop {
                let told = match receiver.recv_timeout(LOOK_EVERY) {
                    Ok(first) => gather(&receiver, first),
                    Err(RecvTimeoutError::Timeout) => Vec::new(),
                    Err(RecvTimeoutError::Disconnected) => return,
                };
                let Some(watched) = held.upgrade() else { return };
                changed(&watched, &told).into_iter().for_each(&on_change);
            }
        })?;
        Ok(Self { _watcher: watcher, _told: sender, files: watched })
    }

    /// Watches these files, too.
    pub fn also(&self, files: Vec<PathBuf>) {
        let mut held = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        for file in files {
            if !held.iter().any(|(known, _)| *known == file) {
                // The caller must not wait for a disk that hangs: the thread reads the trace, and takes the file for
                // saved.
                held.push((file, None));
            }
        }
    }
}

fn spawn_os_watcher(files: &[PathBuf], sender: mpsc::Sender<PathBuf>) -> notify::Result<Box<dyn Watcher + Send>> {
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
    // Watch the folder, not the file: a watch on the file stays on the old one when an editor replaces it.
    let mut folders: Vec<PathBuf> = names.iter().filter_map(|(full, _)| full.parent().map(Path::to_owned)).collect();
    folders.sort();
    folders.dedup();
    for folder in &folders {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(Box::new(watcher))
}

/// What was told until nothing more is.
fn gather(receiver: &mpsc::Receiver<PathBuf>, first: PathBuf) -> Vec<PathBuf> {
    let mut told = vec![first];
    while let Ok(path) = receiver.recv_timeout(QUIET) {
        if !told.contains(&path) {
            told.push(path);
        }
    }
    told
}

/// Files that changed: those that the OS reported, and those whose trace differs.
fn changed(watched: &Watched, told: &[PathBuf]) -> Vec<PathBuf> {
    let names: Vec<PathBuf> =
        watched.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(file, _)| file.clone()).collect();
    // A disk that hangs is waited for without the lock.
    let traces: Vec<Trace> = names.iter().map(|file| trace(file)).collect();
    let mut held = watched.lock().unwrap_or_else(PoisonError::into_inner);
    let mut changed = Vec::new();
    for (file, trace) in names.into_iter().zip(traces) {
        let Some((_, last)) = held.iter_mut().find(|(known, _)| *known == file) else { continue };
        let differs = *last != trace && trace.is_some();
        *last = trace;
        if differs || told.contains(&file) {
            changed.push(file);
        }
    }
    changed
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_leads_elsewhere_is_noticed_and_files_that_come_later() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("one"), "1").unwrap();
        std::fs::write(at("two"), "22").unwrap();
        std::os::unix::fs::symlink(at("one"), at("link")).unwrap();
        let watched: Watched = Arc::new(Mutex::new(vec![(at("link"), trace(&at("link")))]));
        assert!(changed(&watched, &[]).is_empty());
        std::fs::remove_file(at("link")).unwrap();
        assert!(changed(&watched, &[]).is_empty());
        std::os::unix::fs::symlink(at("two"), at("link")).unwrap();
        assert_eq!(changed(&watched, &[]), [at("link")]);
        assert!(changed(&watched, &[]).is_empty());
        // What the system tells of was written, whatever it looks like.
        assert_eq!(changed(&watched, &[at("link")]), [at("link")]);
        let (sender, receiver) = mpsc::channel();
        let watch = FileWatch::new(Vec::new(), move |path| drop(sender.send(path))).unwrap();
        watch.also(vec![at("later")]);
        std::fs::write(at("later"), "3").unwrap();
        assert_eq!(receiver.recv_timeout(Duration::from_secs(20)).unwrap(), at("later"));
    }
}
