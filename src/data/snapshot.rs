//! Data at a version.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::appeal::{Appeal, AppealId, NEVER, SourceNumber};
use super::columns::Chunk;
use super::dataset::Dataset;
use super::freshness::Freshness;
use super::region::Region;
use super::store::{Arrival, Words};
use crate::clock::Moment;
use crate::picture::Picture;

/// Data at a version: nothing in it ever changes.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Grows with every change.
    pub version: u64,
    /// The region, once a source has named it.
    pub region: Option<Arc<Region>>,
    /// All appeals, by ascending number.
    pub chunks: Vec<Arc<Chunk>>,
    /// The newest appeals, newest first.
    pub latest: Arc<[Arrival]>,
    /// The words of the newest appeals, as far as they are known.
    pub words: Arc<HashMap<AppealId, Words>>,
    /// The named tables.
    pub datasets: BTreeMap<String, Arc<Dataset>>,
    /// The last picture of each camera.
    pub pictures: BTreeMap<String, Arc<Picture>>,
    /// How fresh the appeals are, by the source that is most behind; none before the first complete set.
    pub appeals_freshness: Option<Freshness>,
    /// When each named table was last true.
    pub dataset_freshness: BTreeMap<String, Freshness>,
    /// Since when a source that has never answered is asked in vain.
    pub unanswered_since: Option<Moment>,
    /// How fresh each source's appeals are.
    pub source_freshness: BTreeMap<SourceNumber, Freshness>,
}

impl Snapshot {
    /// The number of appeals.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// The second of the earliest receipt; none where there is no appeal.
    pub fn first_received(&self) -> Option<u32> {
        self.chunks.iter().filter_map(|chunk| chunk.first_received()).min()
    }

    /// The appeal of a number.
    pub fn get(&self, id: AppealId) -> Option<Appeal> {
        let at = self.chunks.partition_point(|chunk| chunk.first_id() <= Some(id)).checked_sub(1)?;
        self.chunks[at].find(id)
    }

    /// Those of the appeals with known words that have an answer, the last answered first.
    pub fn answered(&self) -> Vec<Appeal> {
        let replied = self.words.iter().filter(|(_, words)| words.reply.is_some());
        let mut answered: Vec<Appeal> = replied.filter_map(|(id, _)| self.get(*id)).collect();
        answered.retain(|appeal| appeal.answered != NEVER);
        answered.sort_by_key(|appeal| std::cmp::Reverse((appeal.answered, appeal.id)));
        answered
    }

    /// Whether it has no appeal.
    pub fn is_empty(&self) -> bool {
        self.chunks.iter().all(|chunk| chunk.is_empty())
    }

    /// Whether any backend tells what residents have confirmed.
    pub fn tells_acceptance(&self) -> bool {
        self.chunks.iter().any(|chunk| chunk.accepted().iter().any(|at| *at != NEVER))
    }

    /// Appeals received in `from..to`, in order of number.
    pub fn received_in(&self, from: u32, to: u32) -> impl DoubleEndedIterator<Item = Appeal> + '_ {
        self.chunks.iter().filter(move |chunk| chunk.may_have_received(from, to)).flat_map(move |chunk| {
            // One column decides; the others are read of those that count.
            let inside = move |row: &usize| (from..to).contains(&chunk.received()[*row]);
            (0..chunk.len()).filter(inside).map(move |row| chunk.get(row))
        })
    }
}
