//! The one place where data changes, and the immutable snapshots that it hands out.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::appeal::{Appeal, AppealId, SourceNumber};
use super::chunks::{append, put, remove, replace_source};
use super::columns::Chunk;
use super::dataset::Dataset;
use super::freshness::Freshness;
use super::region::Region;
use super::snapshot::Snapshot;
use crate::clock::Moment;
use crate::picture::Picture;
use crate::privacy::Displayable;

/// How many of the newest appeals a snapshot names one by one.
pub const LATEST: usize = 256;

/// Of how many of the appeals that were answered last the words are kept, beside the newest.
pub const ANSWERED: usize = 64;

/// A native backend's heartbeat.
const DEFAULT_PERIOD_MILLIS: i64 = 15_000;

/// Something a source has to say.
#[derive(Debug, Clone)]
pub enum Update {
    /// The region's dictionaries and boundaries.
    Region(Arc<Region>),
    /// What is held is no longer to be built upon: a complete set of appeals follows. The last good one
    /// stays on the wall until it is there.
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
    Words(Vec<(AppealId, Words)>),
    /// The source says something at least this often: by it what it has said is judged old.
    Period(Duration),
    /// Nothing changed up to this moment.
    Heartbeat(Moment),
    /// The source stopped answering.
    Lost(Moment),
}

/// What is said in an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// By the resident.
    pub text: Displayable,
    /// By the executor, once there is an answer.
    pub reply: Option<Displayable>,
}

/// An appeal that has come while the wall was looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The appeal.
    pub appeal: Appeal,
    /// When the wall learnt of it.
    pub arrived: Moment,
}

/// Data as it was kept: what a wall shows before its sources answer.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The region.
    pub region: Arc<Region>,
    /// The appeals, by ascending number.
    pub appeals: Vec<Appeal>,
    /// The words of the newest.
    pub words: Vec<(AppealId, Words)>,
    /// The tables.
    pub datasets: Vec<(Dataset, Freshness)>,
    /// How fresh each source's appeals were.
    pub sources: Vec<(SourceNumber, Freshness)>,
}

impl Kept {
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
            Update::Appeals(appeals) => {
                let chunks = self.next.entry(source).or_default();
                append(chunks, &appeals);
                return false;
            }
            Update::Complete(until) => {
                if let Some(chunks) = self.next.remove(&source) {
                    replace_source(&mut self.current.chunks, source, chunks);
                    self.name_latest(now);
                }
                self.current.source_freshness.insert(source, fresh(until));
                self.current.unanswered_since = None;
            }
            Update::Changes { appeals, until } => {
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
                self.touch(source, until);
            }
            Update::Dataset(dataset, until) => {
                self.current.dataset_freshness.insert(dataset.name.clone(), fresh(until));
                self.tables.insert(dataset.name.clone(), source);
                self.current.datasets.insert(dataset.name.clone(), dataset);
            }
            Update::Picture(name, picture, until) => {
                self.current.dataset_freshness.insert(name.clone(), fresh(until));
                self.tables.insert(name.clone(), source);
                self.current.pictures.insert(name, picture);
            }
            Update::Words(words) => self.learn(words),
            Update::Heartbeat(until) => self.touch(source, until),
            Update::Lost(since) => {
                self.each_topic(source, |fresh| {
                    // What was kept from an earlier run has been without a connection for longer than this one.
                    let since = since.min(fresh.stale_from());
                    fresh.lost_since.get_or_insert(since);
                });
                if !self.current.source_freshness.contains_key(&source) {
                    self.current.unanswered_since.get_or_insert(since);
                }
            }
        }
        self.judge_freshness();
        self.current.version += 1;
        true
    }

    /// Takes over what was kept, with its age.
    pub fn restore(&mut self, kept: Kept) {
        let now = kept.sources.iter().map(|(_, fresh)| fresh.data_until).max().unwrap_or_default();
        self.current.region = Some(kept.region);
        append(&mut self.current.chunks, &kept.appeals);
        for (table, fresh) in kept.datasets {
            self.current.dataset_freshness.insert(table.name.clone(), fresh);
            self.current.datasets.insert(table.name.clone(), Arc::new(table));
        }
        self.current.source_freshness = kept.sources.into_iter().collect();
        self.name_latest(now);
        self.learn(kept.words);
        self.judge_freshness();
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

    /// Whether a complete set of appeals has come.
    pub fn is_complete(&self) -> bool {
        self.current.appeals_freshness.is_some()
    }

    /// Keeps the words of the newest appeals and of those that were answered last, and of no others: memory stays
    /// bounded.
    fn learn(&mut self, words: Vec<(AppealId, Words)>) {
        Arc::make_mut(&mut self.current.words).extend(words);
        if self.current.words.len() > 2 * LATEST {
            let answered = self.current.answered().into_iter().take(ANSWERED).map(|appeal| appeal.id);
            let kept: HashSet<AppealId> = self.latest.iter().map(|a| a.appeal.id).chain(answered).collect();
            Arc::make_mut(&mut self.current.words).retain(|id, _| kept.contains(id));
        }
    }

    /// A sign of life: everything that the source has said is still so.
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
    fn judge_freshness(&mut self) {
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

    /// After a complete set: the newest rows have arrived when they were received, and those that were on
    /// the wall before keep the moment at which they came.
    fn name_latest(&mut self, now: Moment) {
        let mut newest: Vec<Appeal> = Vec::new();
        for chunk in self.current.chunks.iter().rev() {
            newest.extend(chunk.rows().rev());
            if newest.len() >= LATEST {
                break;
            }
        }
        newest.sort_by_key(|a| std::cmp::Reverse((a.received, a.id)));
        newest.truncate(LATEST);
        let known: BTreeMap<AppealId, Moment> = self.latest.iter().map(|a| (a.appeal.id, a.arrived)).collect();
        self.latest = newest
            .into_iter()
            .map(|appeal| {
                let received = Moment::from_secs(i64::from(appeal.received)).min(now);
                // What was not there in the set before has come between the two.
                let first_seen = if known.is_empty() { received } else { now };
                Arrival { appeal, arrived: known.get(&appeal.id).copied().unwrap_or(first_seen) }
            })
            .collect();
        self.publish_latest();
    }

    fn publish_latest(&mut self) {
        self.current.latest = self.latest.iter().copied().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::columns::CHUNK_ROWS;
    use crate::data::{NEVER, numbered};
    use proptest::prelude::*;

    pub(crate) fn appeal(id: AppealId, received: u32) -> Appeal {
        Appeal {
            id,
            received,
            first_reply: NEVER,
            answered: NEVER,
            accepted: NEVER,
            due: received + 86_400,
            lon_e6: 0,
            lat_e6: 0,
            topic: 0,
            municipality: 0,
            agency: 0,
            channel: 0,
            moves: 0,
            rating: 0,
            repeat: false,
        }
    }

    /// Chunks are sorted, disjoint, never empty, and their bounds hold.
    fn verify_invariants(snapshot: &Snapshot) {
        let ids: Vec<AppealId> = snapshot.chunks.iter().flat_map(|c| c.rows()).map(|a| a.id).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        for chunk in &snapshot.chunks {
            assert!(!chunk.is_empty() && chunk.len() <= CHUNK_ROWS);
            for row in chunk.rows() {
                assert!(chunk.may_have_received(row.received, row.received + 1));
                assert!(row.answered <= chunk.last_open);
            }
        }
        assert!(snapshot.latest.windows(2).all(|p| p[0].appeal.received >= p[1].appeal.received));
    }

    #[derive(Debug, Clone)]
    enum Op {
        Put(AppealId, u32),
        Answer(AppealId, u32),
        Remove(AppealId),
        Load(Vec<AppealId>),
    }

    fn op() -> impl Strategy<Value = Op> {
        prop_oneof![
            (0..500u64, 0..1000u32).prop_map(|(id, t)| Op::Put(id, t)),
            (0..500u64, 0..1000u32).prop_map(|(id, t)| Op::Answer(id, t)),
            (0..500u64).prop_map(Op::Remove),
            prop::collection::btree_set(0..500u64, 0..200).prop_map(|ids| Op::Load(ids.into_iter().collect())),
        ]
    }

    proptest! {
        #[test]
        fn after_any_operations_the_store_holds_what_a_map_would(ops in prop::collection::vec(op(), 1..60)) {
            let mut store = Store::new();
            let mut model = BTreeMap::new();
            for (step, op) in ops.into_iter().enumerate() {
                let now = Moment(step as i64);
                let before = store.snapshot();
                let before_rows: Vec<Appeal> = before.chunks.iter().flat_map(|c| c.rows()).collect();
                match op {
                    Op::Put(id, t) => {
                        model.insert(id, appeal(id, t));
                        store.apply(Update::Changes { appeals: vec![appeal(id, t)], until: now }, now);
                    }
                    Op::Answer(id, t) => if let Some(held) = model.get_mut(&id) {
                        held.answered = t;
                        store.apply(Update::Changes { appeals: vec![*held], until: now }, now);
                    },
                    Op::Remove(id) => prop_assert_eq!(store.remove(id), model.remove(&id)),
                    Op::Load(ids) => {
                        model = ids.iter().map(|id| (*id, appeal(*id, *id as u32))).collect();
                        store.apply(Update::StartOver, now);
                        store.apply(Update::Appeals(model.values().copied().collect()), now);
                        store.apply(Update::Complete(now), now);
                    }
                }
                let after = store.snapshot();
                verify_invariants(&after);
                let rows: Vec<Appeal> = after.chunks.iter().flat_map(|c| c.rows()).collect();
                prop_assert_eq!(rows, model.values().copied().collect::<Vec<_>>());
                // The snapshot handed out before has not moved.
                prop_assert_eq!(before_rows, before.chunks.iter().flat_map(|c| c.rows()).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn the_last_good_set_stays_until_the_next_is_complete() {
        let mut store = Store::new();
        store.apply(Update::Appeals(vec![appeal(1, 1)]), Moment(0));
        store.apply(Update::Complete(Moment(0)), Moment(0));
        store.apply(Update::StartOver, Moment(1));
        store.apply(Update::Appeals(vec![appeal(7, 7), appeal(8, 8)]), Moment(1));
        assert_eq!(store.snapshot().len(), 1);
        store.apply(Update::Complete(Moment(2)), Moment(2));
        assert_eq!(store.snapshot().len(), 2);
    }

    #[test]
    fn a_full_chunk_overflows_into_the_next() {
        let mut store = Store::new();
        for id in 0..(2 * CHUNK_ROWS as u64 + 5) {
            store.apply(Update::Changes { appeals: vec![appeal(id, id as u32)], until: Moment(0) }, Moment(0));
        }
        let snapshot = store.snapshot();
        verify_invariants(&snapshot);
        assert_eq!((snapshot.chunks.len(), snapshot.latest.len()), (3, LATEST));
        // An older number goes into the middle and splits a full chunk.
        store.remove(9);
        store.apply(Update::Changes { appeals: vec![appeal(9, 9)], until: Moment(0) }, Moment(0));
        verify_invariants(&store.snapshot());
    }

    #[test]
    fn each_source_replaces_its_own_set_only() {
        let of = |source: u64, id: u64| appeal(numbered(source as u8, id), id as u32);
        let mut store = Store::new();
        let load = |store: &mut Store, source: u8, ids: std::ops::Range<u64>| {
            store.apply_from(source, Update::StartOver, Moment(0));
            store.apply_from(source, Update::Appeals(ids.map(|id| of(u64::from(source), id)).collect()), Moment(0));
            store.apply_from(source, Update::Complete(Moment(0)), Moment(0));
            verify_invariants(&store.snapshot());
        };
        load(&mut store, 1, 0..10);
        load(&mut store, 0, 0..20_000);
        // Changes of the first source go into the chunk before the second's.
        let changes = Update::Changes { appeals: vec![of(0, 30_000), of(1, 99)], until: Moment(1) };
        store.apply_from(0, changes, Moment(1));
        load(&mut store, 2, 5..9);
        assert_eq!(store.snapshot().len(), 20_000 + 1 + 11 + 4);
        load(&mut store, 1, 0..3);
        assert_eq!(store.snapshot().len(), 20_000 + 1 + 3 + 4);
        load(&mut store, 0, 0..1);
        assert_eq!(store.snapshot().len(), 1 + 3 + 4);
        // One that falls silent makes all appeals lost, and none of the others' tables.
        store.apply_from(1, Update::Lost(Moment(9)), Moment(9));
        assert_eq!(store.snapshot().appeals_freshness.unwrap().lost_since, Some(Moment(9)));
        store.apply_from(1, Update::Heartbeat(Moment(10)), Moment(10));
        assert_eq!(store.snapshot().appeals_freshness.unwrap().lost_since, None);
    }

    #[test]
    fn silence_is_remembered_from_its_first_moment() {
        let mut store = Store::new();
        store.apply(Update::Complete(Moment(0)), Moment(0));
        store.apply(Update::Lost(Moment(5)), Moment(5));
        store.apply(Update::Lost(Moment(9)), Moment(9));
        assert_eq!(store.snapshot().appeals_freshness.unwrap().lost_since, Some(Moment(5)));
        store.apply(Update::Heartbeat(Moment(12)), Moment(12));
        let fresh = store.snapshot().appeals_freshness.unwrap();
        assert_eq!((fresh.lost_since, fresh.data_until), (None, Moment(12)));
    }
}
