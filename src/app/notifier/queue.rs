//! What is still to be told, one file each.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::alarm::Notice;

/// More files than this are not kept; the oldest leave.
const MAX_FILES: usize = 1000;

/// A notice for one of those who are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Who is told.
    pub to: String,
    /// What.
    pub notice: Notice,
}

/// The folder of what is still to be told.
pub struct Queue(Option<PathBuf>);

/// How old a notice is, by this machine's clock.
pub fn age(notice: &Notice) -> Duration {
    let now = jiff::Timestamp::now().as_millisecond();
    Duration::from_millis(u64::try_from(now - notice.at_millis).unwrap_or(0))
}

impl Queue {
    /// The queue of a folder; without one nothing outlives the program.
    pub async fn open(folder: Option<PathBuf>) -> Self {
        if let Some(folder) = &folder
            && let Err(error) = tokio::fs::create_dir_all(folder).await
        {
            tracing::warn!(%error, folder = %folder.display(), "what is to be told is not kept on disk");
            return Self(None);
        }
        Self(folder)
    }

    fn file(&self, waiting: &Waiting) -> Option<PathBuf> {
        // Who is told is in the file; its name holds nothing that somebody has written.
        let digest = crate::digest::sha256_hex(waiting.to.as_bytes());
        Some(self.0.as_ref()?.join(format!("{}-{}.json", waiting.notice.id, &digest[..12])))
    }

    /// Keeps a notice for one of those who are told.
    pub async fn keep(&self, notice: &Notice, to: &str) -> Waiting {
        let waiting = Waiting { to: to.to_owned(), notice: notice.clone() };
        if let (Some(file), Ok(text)) = (self.file(&waiting), serde_json::to_vec(&waiting)) {
            // A file that is half written is none.
            let half = file.with_extension("half");
            let written = async {
                tokio::fs::write(&half, text).await?;
                tokio::fs::rename(&half, &file).await
            };
            if let Err(error) = written.await {
                tracing::warn!(%error, "what is to be told is not kept on disk");
            }
        }
        waiting
    }

    /// What is still to be told, the oldest first.
    pub async fn waiting(&self) -> Vec<Waiting> {
        let Some(folder) = &self.0 else { return Vec::new() };
        let mut names: Vec<PathBuf> = Vec::new();
        if let Ok(mut entries) = tokio::fs::read_dir(folder).await {
            while let Ok(Some(entry)) = entries.next_entry().await {
                let path = entry.path();
                if path.extension().is_some_and(|ending| ending == "json") {
                    names.push(path);
                }
            }
        }
        // Their names begin with the time.
        names.sort();
        let surplus = names.len().saturating_sub(MAX_FILES);
        for path in names.drain(..surplus) {
            tracing::error!(file = %path.display(), "too many notices wait: the oldest is dropped");
            let _ = tokio::fs::remove_file(path).await;
        }
        let mut found = Vec::new();
        for path in names {
            let read = tokio::fs::read(&path).await.ok().and_then(|text| serde_json::from_slice(&text).ok());
            match read {
                Some(waiting) => found.push(waiting),
                None => tracing::warn!(file = %path.display(), "this is no notice"),
            }
        }
        found
    }

    /// Forgets a notice that was told.
    pub async fn remove(&self, waiting: &Waiting) {
        if let Some(file) = self.file(waiting)
            && let Err(error) = tokio::fs::remove_file(&file).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a notice that was told stays on disk");
        }
    }
}
