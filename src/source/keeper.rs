//! The keeper of the store: takes updates, measures at its own pace, hands out revisions.
//!
//! It has a thread of its own: neither the network nor the screen waits for a measuring.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{Receiver, error::TryRecvError};
use tokio::sync::watch;

use crate::archive::{self, File, Writer};
use crate::clock::Clock;
use crate::data::measure::Query;
use crate::data::region::Dictionaries;
use crate::data::{Revision, SourceNumber, Store, Update};

/// Least time between two measurements: numbers must not change faster than they can be read.
const MEASURE_EVERY: Duration = Duration::from_secs(2);
/// Measures age even when nothing comes: a due date passes.
const MEASURE_AT_LEAST_EVERY: Duration = Duration::from_secs(60);
/// Greatest lag of the archive behind the store.
const KEEP_EVERY: Duration = Duration::from_secs(5);

/// Builds the queries of the layouts on the wall from the dictionaries.
pub type QueryBuilder = Arc<dyn Fn(&Dictionaries) -> Vec<Query> + Send + Sync>;
/// The current query builder; replaced when the layouts change.
pub type Wanted = watch::Receiver<QueryBuilder>;

/// Holds the store.
pub struct Keeper {
    store: Store,
    updates: Receiver<(SourceNumber, Update)>,
    clock: Clock,
    wanted: Wanted,
    published: Arc<ArcSwap<Revision>>,
    on_publish: Box<dyn Fn() + Send>,
    /// Query builder of the last measurement.
    asked: Option<QueryBuilder>,
    archive_path: Option<PathBuf>,
    archive: Option<Writer>,
    /// Sources whose held-back set was logged.
    held_back: Vec<SourceNumber>,
}

impl Keeper {
    /// A keeper that publishes into `published` and calls `on_publish` after it.
    pub fn new(
        updates: Receiver<(SourceNumber, Update)>,
        clock: Clock,
        wanted: Wanted,
        published: Arc<ArcSwap<Revision>>,
        on_publish: impl Fn() + Send + 'static,
    ) -> Self {
        Self {
            store: Store::new(),
            updates,
            clock,
            wanted,
            published,
            on_publish: Box::new(on_publish),
            asked: None,
            archive_path: None,
            archive: None,
            held_back: Vec::new(),
        }
    }

    /// Begins with what is kept at `path`, if anything is, and keeps what comes there.
    #[must_use]
    pub fn with_archive(mut self, path: PathBuf) -> Self {
        self.archive_path = Some(path);
        self
    }

    /// Restores the archived data. If that fails, logs the error and goes on without an archive.
    fn open_archive(&mut self) {
        let Some(path) = self.archive_path.take() else { return };
        let opened = File::open(&path, archive::MAX_MIB).and_then(|file| Ok((file.read()?, file)));
        let file = match opened {
            Ok((kept, file)) => {
                if let Some(kept) = kept {
                    tracing::info!(appeals = kept.appeals.len(), path = %path.display(), "shown from the archive");
                    self.store.restore(kept);
                }
                file
            }
            Err(error) => {
                tracing::error!("the data is not kept: {error}");
                return;
            }
        };
        match Writer::start(file, path, archive::MAX_MIB, self.store.snapshot()) {
            Ok(writer) => self.archive = Some(writer),
            Err(error) => tracing::error!(%error, "the data is not kept: no thread for it"),
        }
    }

    /// Works until the sources are gone.
    ///
    /// # Panics
    /// When the system gives no timer: the program ends then, to be started again.
    pub fn run(mut self) {
        let timer = Builder::new_current_thread().enable_time().build().expect("a timer");
        self.open_archive();
        let mut measured: Option<Instant> = None;
        let mut kept = (Instant::now(), self.store.snapshot().version);
        let started_complete = self.store.is_complete();
        let (mut changed, mut arrived) = (false, false);
        let mut first_of_all: Option<Result<(SourceNumber, Update), TryRecvError>> = None;
        loop {
            let mut took = false;
            for _ in 0..64 {
                match first_of_all.take().unwrap_or_else(|| self.updates.try_recv()) {
                    Ok((source, update)) => {
                        took = true;
                        let bulk = matches!(update, Update::Appeals(_) | Update::StartOver);
                        let news = matches!(&update, Update::Changes { appeals, .. } if !appeals.is_empty());
                        let visible = matches!(
                            update,
                            Update::Complete(_)
                                | Update::Lost(_)
                                | Update::Region(_)
                                | Update::Dataset(..)
                                | Update::Picture(..)
                                | Update::MaskedTexts(_)
                        );
                        changed |= self.store.apply_from(source, update, self.clock.now()) && !bulk;
                        self.log_held_back();
                        arrived |= news || visible;
                        if visible {
                            break;
                        }
                    }
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => {
                        if let Some(archive) = self.archive.take().filter(|_| self.store.is_complete()) {
                            archive.offer(self.store.snapshot());
                        }
                        return;
                    }
                }
            }
            let since = measured.map(|at| at.elapsed());
            let first = self.published.load().measures.is_empty() && self.store.is_complete();
            let due = since.is_none_or(|s| s >= MEASURE_AT_LEAST_EVERY)
                || (changed && since.is_none_or(|s| s >= MEASURE_EVERY));
            if (changed && first) || due || self.queries_changed() {
                self.measure();
                measured = Some(Instant::now());
                (changed, arrived) = (false, false);
            } else if arrived {
                let next = self.published.load().with_snapshot(self.store.snapshot());
                self.publish(next);
                arrived = false;
            }
            // The first complete set is kept at once: a wall may lose its power in its first seconds, too.
            let kept_any = kept.1 > 0 || started_complete;
            if let Some(archive) = &self.archive
                && (kept.0.elapsed() >= KEEP_EVERY || !kept_any)
                && self.store.is_complete()
                && self.store.version() != kept.1
            {
                archive.offer(self.store.snapshot());
                kept = (Instant::now(), self.store.version());
            }
            if took {
                continue;
            }
            // Nothing is due before one of these moments, unless an update or other queries arrive.
            let again = if changed { MEASURE_EVERY } else { MEASURE_AT_LEAST_EVERY };
            let measure = measured.map_or(Duration::ZERO, |at| again.saturating_sub(at.elapsed()));
            let is_kept = self.archive.is_none() || !self.store.is_complete() || self.store.version() == kept.1;
            let keep = if is_kept { MEASURE_AT_LEAST_EVERY } else { KEEP_EVERY.saturating_sub(kept.0.elapsed()) };
            first_of_all = self.wait(&timer, measure.min(keep));
        }
    }

    /// Logs once for each source that its set is held back, and once that it is taken over again.
    fn log_held_back(&mut self) {
        let held_back = self.store.held_back();
        if held_back.keys().eq(self.held_back.iter()) {
            return;
        }
        for (source, held) in held_back.iter().filter(|(source, _)| !self.held_back.contains(source)) {
            tracing::warn!(
                source,
                shown = held.shown,
                came = held.came,
                "the source suddenly has far fewer appeals: the ones before are shown until this is confirmed"
            );
        }
        for source in self.held_back.iter().filter(|source| !held_back.contains_key(source)) {
            tracing::info!(source, "the source's appeals are taken over again");
        }
        self.held_back = held_back.keys().copied().collect();
    }

    /// Waits for an update, other queries, or the timeout; returns the update, or that the sources are gone.
    fn wait(&mut self, timer: &Runtime, longest: Duration) -> Option<Result<(SourceNumber, Update), TryRecvError>> {
        let (updates, wanted) = (&mut self.updates, &mut self.wanted);
        timer.block_on(async {
            let asked = async {
                if wanted.changed().await.is_err() {
                    // Nobody will ask anything else.
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                update = updates.recv() => Some(update.ok_or(TryRecvError::Disconnected)),
                () = asked => None,
                () = tokio::time::sleep(longest) => None,
            }
        })
    }

    fn ask(&self) -> QueryBuilder {
        self.wanted.borrow().clone()
    }

    /// Whether the queries changed since the last measurement.
    fn queries_changed(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| !Arc::ptr_eq(asked, &self.ask()))
    }

    fn measure(&mut self) {
        self.store.clamp_freshness(self.clock.now());
        let snapshot = self.store.snapshot();
        let ready = snapshot.appeals_freshness.is_some();
        let ask = self.ask();
        let queries = snapshot.region.as_ref().filter(|_| ready).map_or(Vec::new(), |r| ask(&r.dictionaries));
        self.asked = Some(ask);
        let next = self.published.load().next(snapshot, &queries, self.clock.now());
        self.publish(next);
    }

    fn publish(&self, revision: Revision) {
        self.published.store(Arc::new(revision));
        (self.on_publish)();
    }
}
