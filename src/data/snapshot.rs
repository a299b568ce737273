//! Data at a version.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::appeal::{Appeal, AppealId, ReportedFields, SourceNumber, UnreportedFields, came, source_of};
use super::columns::Chunk;
use super::dataset::Dataset;
use super::freshness::Freshness;
use super::region::Region;
use crate::clock::Moment;
use crate::picture::Picture;
use crate::privacy::Displayable;

/// What is said in an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedTexts {
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

/// A complete set that was not taken over, since it has far fewer appeals than the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldBack {
    /// Appeals of the set that is shown.
    pub shown: usize,
    /// Appeals of the set that came.
    pub came: usize,
    /// When such a set came first.
    pub since: Moment,
}

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
    pub words: Arc<HashMap<AppealId, MaskedTexts>>,
    /// The named tables.
    pub datasets: BTreeMap<String, Arc<Dataset>>,
    /// The last picture of each camera.
    pub pictures: BTreeMap<String, Arc<Picture>>,
    /// How fresh the appeals are, by the source that is most behind; none before the first complete set.
    pub appeals_freshness: Option<Freshness>,
    /// When each named table was last true.
    pub dataset_freshness: BTreeMap<String, Freshness>,
    /// Since when a source that has never answered has failed, by source.
    pub unanswered: BTreeMap<SourceNumber, Moment>,
    /// Sources whose last complete set has suspiciously few appeals: the one before it is still shown.
    pub held_back: BTreeMap<SourceNumber, HeldBack>,
    /// How fresh each source's appeals are.
    pub source_freshness: BTreeMap<SourceNumber, Freshness>,
    /// What sources say of none of their appeals, where there is such a thing.
    pub untold: BTreeMap<SourceNumber, UnreportedFields>,
}

impl Snapshot {
    /// The number of appeals.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// The second from which on every source's appeals are held: the earliest receipt of the source whose appeals
    /// begin last. None where there is no appeal.
    pub fn first_received(&self) -> Option<u32> {
        let mut first: BTreeMap<SourceNumber, u32> = BTreeMap::new();
        let mut enter = |source: SourceNumber, second: u32| {
            let held = first.entry(source).or_insert(second);
            *held = second.min(*held);
        };
        for chunk in &self.chunks {
            let ends = (chunk.id.first().map(source_of), chunk.id.last().map(source_of));
            match (ends, chunk.first_received()) {
                ((Some(source), Some(last)), Some(second)) if source == last => enter(source, second),
                _ => chunk.rows().for_each(|appeal| enter(source_of(appeal.id), appeal.received)),
            }
        }
        first.into_values().max()
    }

    /// Since when any source that has never answered has failed.
    pub fn unanswered_since(&self) -> Option<Moment> {
        self.unanswered.values().min().copied()
    }

    /// The `count` appeals that were received last, of all sources, newest first.
    pub fn newest(&self, count: usize) -> Vec<Appeal> {
        let mut chunks: Vec<&Arc<Chunk>> = self.chunks.iter().collect();
        chunks.sort_by_key(|chunk| std::cmp::Reverse(chunk.last_received()));
        let mut newest: Vec<Appeal> = Vec::new();
        let mut least = 0;
        for chunk in chunks {
            if newest.len() >= count && chunk.last_received() < least {
                break;
            }
            let received = chunk.received();
            newest.extend((0..chunk.len()).filter(|row| received[*row] >= least).map(|row| chunk.get(row)));
            if newest.len() >= count {
                newest.sort_unstable_by_key(|appeal| std::cmp::Reverse((appeal.received, appeal.id)));
                newest.truncate(count);
                least = newest.last().map_or(0, |appeal| appeal.received);
            }
        }
        newest.sort_unstable_by_key(|appeal| std::cmp::Reverse((appeal.received, appeal.id)));
        newest
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
        answered.retain(|appeal| came(appeal.answered));
        answered.sort_by_key(|appeal| std::cmp::Reverse((appeal.answered, appeal.id)));
        answered
    }

    /// Whether it has no appeal.
    pub fn is_empty(&self) -> bool {
        self.chunks.iter().all(|chunk| chunk.is_empty())
    }

    /// What any of its appeals tells of all that is optional.
    pub fn tells(&self) -> ReportedFields {
        let tells = self.chunks.iter().fold(ReportedFields::default(), |tells, chunk| tells.and(chunk.tells()));
        // Of sources of appeals alone: of others nothing is asked.
        let some = |untold: fn(&UnreportedFields) -> bool| {
            self.untold.is_empty()
                || self.source_freshness.keys().any(|source| !self.untold.get(source).is_some_and(untold))
        };
        ReportedFields {
            moves: tells.moves && some(|untold| untold.moves),
            repeat: tells.repeat && some(|untold| untold.repeat),
            channel: tells.channel && some(|untold| untold.channel),
            ..tells
        }
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
