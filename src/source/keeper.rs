//! The keeper of the store: takes updates, measures at its own pace, hands out revisions.
//!
//! It has a thread of its own: neither the network nor the screen waits for a measuring.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio::sync::mpsc::{Receiver, error::TryRecvError};

use crate::archive::{self, File, Writer};
use crate::clock::Clock;
use crate::data::measure::Query;
use crate::data::region::Dictionaries;
use crate::data::{Revision, SourceNumber, Store, Update};

/// Numbers change no faster than can be read.
const MEASURE_EVERY: Duration = Duration::from_secs(2);
/// Measures age even when nothing comes: a due date passes.
const MEASURE_AT_LEAST_EVERY: Duration = Duration::from_secs(60);
/// What is kept on disk is no more behind than this.
const KEEP_EVERY: Duration = Duration::from_secs(5);
/// How long it sleeps when there is nothing to do.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What the layouts on the wall ask the data: given the dictionaries, the queries.
pub type Ask = Arc<dyn Fn(&Dictionaries) -> Vec<Query> + Send + Sync>;
/// The asker of the moment; whoever changes the layouts puts another in its place.
pub type Wanted = Arc<Mutex<Ask>>;

/// Holds the store.
pub struct Keeper {
    store: Store,
    updates: Receiver<(SourceNumber, Update)>,
    clock: Clock,
    wanted: Wanted,
    published: Arc<ArcSwap<Revision>>,
    on_publish: Box<dyn Fn() + Send>,
    /// Who asked when measures were last taken.
    asked: Option<Ask>,
    archive_path: Option<PathBuf>,
    archive: Option<Writer>,
    /// Sources of which it was said that their set is not taken over.
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

    /// Shows what was kept; where that cannot be, says so and goes on without.
    fn open_archive(&mut self) {
        let Some(path) = self.archive_path.take() else { return };
        let opened = File::open(&path, archive::MOST_MIB).and_then(|file| Ok((file.read()?, file)));
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
        match Writer::start(file, path, archive::MOST_MIB, self.store.snapshot()) {
            Ok(writer) => self.archive = Some(writer),
            Err(error) => tracing::error!(%error, "the data is not kept: no thread for it"),
        }
    }

    /// Works until the sources are gone.
    pub fn run(mut self) {
        self.open_archive();
        let mut measured: Option<Instant> = None;
        let mut kept = (Instant::now(), self.store.snapshot().version);
        let started_complete = self.store.is_complete();
        let (mut changed, mut arrived) = (false, false);
        loop {
            let mut took = false;
            for _ in 0..64 {
                match self.updates.try_recv() {
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
                                | Update::Words(_)
                        );
                        changed |= self.store.apply_from(source, update, self.clock.now()) && !bulk;
                        self.say_held_back();
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
            if (changed && first) || due || self.asks_anew() {
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
            if !took {
                std::thread::sleep(LOOK_EVERY);
            }
        }
    }

    /// Says once of each source that its set is not taken over, and once that it is again.
    fn say_held_back(&mut self) {
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

    fn ask(&self) -> Ask {
        self.wanted.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Whether other layouts ask than those that were measured for.
    fn asks_anew(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| !Arc::ptr_eq(asked, &self.ask()))
    }

    fn measure(&mut self) {
        self.store.believe_no_later_than(self.clock.now());
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
