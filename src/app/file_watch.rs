//! Files that are saved while the wall runs.
//!
//! The system tells of most savings at once. What it does not tell of is found by looking, every two seconds: a link that
//! leads to another file, a folder that was put in the place of another, a disk of the network.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use notify::{RecursiveMode, Watcher};

/// A file is read when nothing has been written to it for this long: editors write in several steps.
const QUIET: Duration = Duration::from_millis(80);
/// Files are looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// By what a saved file is told from the one before: where it is, when it was written, how long it is.
type Trace = Option<(PathBuf, Option<SystemTime>, u64)>;

type Watched = Arc<Mutex<Vec<(PathBuf, Trace)>>>;

/// Watches files for as long as it lives.
pub struct FileWatch {
    _watcher: Option<Box<dyn Watcher + Send>>,
    /// The thread ends with it.
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
        let watcher = told_by_the_system(&files, sender.clone())
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
                // Who asks must not wait for a disk that hangs: the thread looks first, and takes it for saved.
                held.push((file, None));
            }
        }
    }
}

fn told_by_the_system(files: &[PathBuf], sender: mpsc::Sender<PathBuf>) -> notify::Result<Box<dyn Watcher + Send>> {
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

/// The files that are others than they were: those that the system told of, and those that look it.
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
