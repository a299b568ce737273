//! The one place where data changes, and the immutable snapshots that it hands out.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::appeal::{Appeal, AppealId, SourceNumber, UnreportedFields, source_of};
use super::chunks::{append, count_of, put, remove, replace_source};
use super::columns::Chunk;
use super::dataset::Dataset;
use super::freshness::Freshness;
use super::region::Region;
use super::shrinkage::Shrinkage;
use super::snapshot::{Arrival, HeldBack, MaskedTexts, Snapshot};
use crate::clock::Moment;
use crate::picture::Picture;

/// How many of the newest appeals a snapshot names one by one.
pub const LATEST: usize = 256;

/// Number of the appeals answered last whose words are kept, beside those of the newest.
pub const ANSWERED: usize = 64;

/// How far a backend's clock may be ahead, in milliseconds.
const AHEAD_MILLIS: i64 = 60_000;

/// A native backend's heartbeat.
const DEFAULT_PERIOD_MILLIS: i64 = 15_000;

/// Something a source has to say.
#[derive(Debug, Clone)]
pub enum Update {
    /// The region's dictionaries and boundaries.
    Region(Arc<Region>),
    /// What is held must not be built upon any more: a complete set of appeals follows. The last good set stays on the
    /// wall until then.
    StartOver,
    /// A part of the complete set, of ascending number.
    Appeals(Vec<Appeal>),
    /// The complete set is there, true up to this moment.
    Complete(Moment),
    /// New and changed appeals, true up to this moment.
    Changes {
        /// The appeals as they are now.
        appeals: Vec<Appeal>,
        /// The moment that the data is complete up to.
        until: Moment,
    },
    /// A named table, whole.
    Dataset(Arc<Dataset>, Moment),
    /// A camera's picture.
    Picture(String, Arc<Picture>, Moment),
    /// What residents wrote in some of the newest appeals, masked.
    MaskedTexts(Vec<(AppealId, MaskedTexts)>),
    /// Longest interval between reports of the source; its data ages by it.
    Period(Duration),
    /// What the source says of none of its appeals.
    UnreportedFields(UnreportedFields),
    /// Nothing changed up to this moment.
    Heartbeat(Moment),
    /// The source stopped answering.
    Lost(Moment),
}

/// Data as it was kept: what a wall shows before its sources answer.
#[derive(Debug, Clone)]
pub struct ArchivedData {
    /// The region.
    pub region: Arc<Region>,
    /// The appeals, by ascending number.
    pub appeals: Vec<Appeal>,
    /// The words of the newest.
    pub words: Vec<(AppealId, MaskedTexts)>,
    /// The tables.
    pub datasets: Vec<(Dataset, Freshness)>,
    /// How fresh each source's appeals were.
    pub sources: Vec<(SourceNumber, Freshness)>,
}

impl ArchivedData {
    /// A snapshot of it.
    pub fn snapshot(self) -> Snapshot {
        let mut store = Store::new();
        store.restore(self);
        store.snapshot()
    }
}

/// Holds the data, takes updates, and hands out snapshots that share all that did not change.
#[derive(Debug, Default)]
pub struct Store {
    current: Snapshot,
    /// By source, collects a complete set while the last one is still shown.
    next: BTreeMap<SourceNumber, Vec<Arc<Chunk>>>,
    /// Which source each table comes from.
    tables: BTreeMap<String, SourceNumber>,
    periods: BTreeMap<SourceNumber, i64>,
    latest: VecDeque<Arrival>,
    /// Sources of which a complete set was taken since the start.
    completed: BTreeSet<SourceNumber>,
    /// By source, a complete set with far fewer appeals than the one that is shown.
    suspects: BTreeMap<SourceNumber, Suspect>,
}

/// A complete set that waits to be confirmed.
#[derive(Debug, Default)]
struct Suspect {
    shrinkage: Shrinkage,
    chunks: Vec<Arc<Chunk>>,
}

impl Store {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Applies an update of the first source, as if it were the only one.
    pub fn apply(&mut self, update: Update, now: Moment) -> bool {
        self.apply_from(0, update, now)
    }

    /// Applies a source's update that the wall learnt of at `now`; says whether anything changed.
    pub fn apply_from(&mut self, source: SourceNumber, update: Update, now: Moment) -> bool {
        let period_millis = self.periods.get(&source).copied().unwrap_or(DEFAULT_PERIOD_MILLIS);
        let fresh = |until: Moment| Freshness { data_until: until, lost_since: None, period_millis };
        match update {
            Update::Region(region) => self.current.region = Some(region),
            Update::StartOver => drop(self.next.insert(source, Vec::new())),
            Update::Period(period) => {
                self.periods.insert(source, i64::try_from(period.as_millis()).unwrap_or(i64::MAX / 8).max(1000));
                return false;
            }
            Update::UnreportedFields(untold) if self.current.untold.get(&source) == Some(&untold) => return false,
            Update::UnreportedFields(untold) => drop(self.current.untold.insert(source, untold)),
            Update::Appeals(appeals) => {
                let chunks = self.next.entry(source).or_default();
                append(chunks, &appeals);
                return false;
            }
            Update::Complete(until) => {
                if let Some(chunks) = self.next.remove(&source) {
                    self.suspects.entry(source).or_default().chunks = chunks;
                }
                if self.admit(source, now) {
                    self.current.source_freshness.insert(source, fresh(until));
                }
                self.current.unanswered.remove(&source);
            }
            Update::Changes { appeals, until } => {
                if let Some(suspect) = self.suspects.get_mut(&source) {
                    appeals.iter().for_each(|appeal| _ = put(&mut suspect.chunks, *appeal));
                }
                for appeal in &appeals {
                    if self.put(*appeal).is_none() {
                        self.arrive(Arrival { appeal: *appeal, arrived: now });
                    } else if let Some(at) = self.latest.iter().position(|a| a.appeal.id == appeal.id) {
                        // It came when it came, but the time of receipt may have been corrected.
                        if let Some(arrival) = self.latest.remove(at) {
                            self.arrive(Arrival { appeal: *appeal, ..arrival });
                        }
                    }
                }
                if !appeals.is_empty() {
                    self.publish_latest();
                }
                self.note_sign_of_life(source, until, now);
            }
            Update::Dataset(dataset, until) => {
                self.current.unanswered.remove(&source);
                self.current.dataset_freshness.insert(dataset.name.clone(), fresh(until));
                self.tables.insert(dataset.name.clone(), source);
                self.current.datasets.insert(dataset.name.clone(), dataset);
            }
            Update::Picture(name, picture, until) => {
                self.current.unanswered.remove(&source);
                self.current.dataset_freshness.insert(name.clone(), fresh(until));
                self.tables.insert(name.clone(), source);
                self.current.pictures.insert(name, picture);
            }
            Update::MaskedTexts(words) => self.store_texts(words),
            Update::Heartbeat(until) => self.note_sign_of_life(source, until, now),
            Update::Lost(since) => {
                self.each_topic(source, |fresh| {
                    // What was kept from an earlier run has been without a connection for longer than this one.
                    let since = since.min(fresh.stale_from());
                    fresh.lost_since.get_or_insert(since);
                });
                let brought = |number: &SourceNumber| *number == source;
                if !self.current.source_freshness.contains_key(&source) && !self.tables.values().any(brought) {
                    self.current.unanswered.entry(source).or_insert(since);
                }
            }
        }
        self.update_freshness();
        self.current.version += 1;
        true
    }

    /// Takes over what was kept, with its age.
    pub fn restore(&mut self, kept: ArchivedData) {
        let now = kept.sources.iter().map(|(_, fresh)| fresh.data_until).max().unwrap_or_default();
        self.current.region = Some(kept.region);
        append(&mut self.current.chunks, &kept.appeals);
        for (table, fresh) in kept.datasets {
            self.current.dataset_freshness.insert(table.name.clone(), fresh);
            self.current.datasets.insert(table.name.clone(), Arc::new(table));
        }
        self.current.source_freshness = kept.sources.into_iter().collect();
        self.rebuild_latest(now, SourceNumber::MAX, true);
        self.store_texts(kept.words);
        self.update_freshness();
        self.current.version += 1;
    }

    /// The data as it is; costs a pointer a chunk.
    pub fn snapshot(&self) -> Snapshot {
        self.current.clone()
    }

    /// Grows with every change.
    pub fn version(&self) -> u64 {
        self.current.version
    }

    /// Moves data that claims to be complete up to the future back to `now`. After the clock was set back, a silent
    /// source would seem fresh.
    pub fn clamp_freshness(&mut self, now: Moment) {
        let latest = now.plus_millis(AHEAD_MILLIS);
        let own = self.current.source_freshness.values_mut().chain(self.current.dataset_freshness.values_mut());
        for fresh in own.filter(|fresh| fresh.data_until > latest) {
            fresh.data_until = now;
        }
        self.update_freshness();
    }

    /// The sources whose last complete set waits to be confirmed.
    pub fn held_back(&self) -> &BTreeMap<SourceNumber, HeldBack> {
        &self.current.held_back
    }

    /// Whether a complete set of appeals has come.
    pub fn is_complete(&self) -> bool {
        self.current.appeals_freshness.is_some()
    }

    /// Keeps the words of the newest appeals and of those that were answered last, and of no others: memory stays
    /// bounded.
    fn store_texts(&mut self, words: Vec<(AppealId, MaskedTexts)>) {
        Arc::make_mut(&mut self.current.words).extend(words);
        if self.current.words.len() > 2 * LATEST {
            let answered = self.current.answered().into_iter().take(ANSWERED).map(|appeal| appeal.id);
            let kept: HashSet<AppealId> = self.latest.iter().map(|a| a.appeal.id).chain(answered).collect();
            Arc::make_mut(&mut self.current.words).retain(|id, _| kept.contains(id));
        }
    }

    /// Takes a source's complete set, if it is not suspiciously small or was confirmed; says whether it is shown now.
    fn admit(&mut self, source: SourceNumber, now: Moment) -> bool {
        let Some(mut suspect) = self.suspects.remove(&source) else { return true };
        let shown = count_of(&self.current.chunks, source);
        let came = suspect.chunks.iter().map(|chunk| chunk.len()).sum();
        if suspect.shrinkage.admits(shown, came, now) {
            replace_source(&mut self.current.chunks, source, suspect.chunks);
            self.current.held_back.remove(&source);
            let first = self.completed.insert(source);
            self.rebuild_latest(now, source, first);
            return true;
        }
        let since = suspect.shrinkage.since().unwrap_or(now);
        self.current.held_back.insert(source, HeldBack { shown, came, since });
        self.suspects.insert(source, suspect);
        false
    }

    /// Handles a sign of life, which also counts for a set that waits to be confirmed.
    fn note_sign_of_life(&mut self, source: SourceNumber, until: Moment, now: Moment) {
        self.current.unanswered.remove(&source);
        if self.admit(source, now) {
            self.touch(source, until);
        }
    }

    /// Marks everything from the source as true up to `until`.
    fn touch(&mut self, source: SourceNumber, until: Moment) {
        self.each_topic(source, |fresh| {
            *fresh = Freshness { data_until: fresh.data_until.max(until), lost_since: None, ..*fresh };
        });
    }

    fn each_topic(&mut self, source: SourceNumber, mut change: impl FnMut(&mut Freshness)) {
        if let Some(fresh) = self.current.source_freshness.get_mut(&source) {
            change(fresh);
        }
        for (name, fresh) in &mut self.current.dataset_freshness {
            if self.tables.get(name) == Some(&source) {
                change(fresh);
            }
        }
    }

    /// The appeals together are as fresh as the source that will be stale first, and lost if any is.
    fn update_freshness(&mut self) {
        let behind = self.current.source_freshness.values().min_by_key(|fresh| fresh.stale_from());
        let lost = self.current.source_freshness.values().filter_map(|fresh| fresh.lost_since).min();
        self.current.appeals_freshness = behind.map(|fresh| Freshness { lost_since: lost, ..*fresh });
    }

    /// Puts one appeal where its number belongs; returns the one that stood there.
    fn put(&mut self, appeal: Appeal) -> Option<Appeal> {
        put(&mut self.current.chunks, appeal)
    }

    /// Removes an appeal that the source has withdrawn.
    pub fn remove(&mut self, id: AppealId) -> Option<Appeal> {
        let removed = remove(&mut self.current.chunks, id);
        if removed.is_some() {
            self.latest.retain(|arrival| arrival.appeal.id != id);
            self.publish_latest();
            self.current.version += 1;
        }
        removed
    }

    fn arrive(&mut self, arrival: Arrival) {
        let at = self.latest.iter().position(|a| a.appeal.received <= arrival.appeal.received);
        match at {
            Some(at) => self.latest.insert(at, arrival),
            None => self.latest.push_back(arrival),
        }
        self.latest.truncate(LATEST);
    }

    /// Lists the newest appeals after a complete set of `source`, its `first` or a later one. Appeals that were listed
    /// before keep their time of arrival.
    fn rebuild_latest(&mut self, now: Moment, source: SourceNumber, first: bool) {
        let known: BTreeMap<AppealId, Moment> = self.latest.iter().map(|a| (a.appeal.id, a.arrived)).collect();
        let arrival = |appeal: Appeal| {
            let received = Moment::from_secs(i64::from(appeal.received)).min(now);
            // What was not in the source's set before has come between the two; what is in its first came when it was
            // received, whatever other sources have brought.
            let is_news = !first && source_of(appeal.id) == source;
            let arrived = known.get(&appeal.id).copied().unwrap_or(if is_news { now } else { received });
            Arrival { appeal, arrived }
        };
        self.latest = self.current.newest(LATEST).into_iter().map(arrival).collect();
        self.publish_latest();
    }

    fn publish_latest(&mut self) {
        self.current.latest = self.latest.iter().copied().collect();
    }
}

#[cfg(test)]
mod tests;
