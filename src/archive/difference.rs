//! What two snapshots differ in.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::data::dataset::Dataset;
use crate::data::freshness::Freshness;
use crate::data::region::Region;
use crate::data::{Appeal, AppealId, Chunk, MaskedTexts, Snapshot, SourceNumber};

/// What must be written to make one snapshot of another.
#[derive(Debug, Default)]
pub struct Difference {
    /// New and changed appeals.
    pub put: Vec<Appeal>,
    /// Numbers of those that are gone.
    pub gone: Vec<AppealId>,
    /// The region, if it changed.
    pub region: Option<Arc<Region>>,
    /// Tables that changed.
    pub datasets: Vec<Arc<Dataset>>,
    /// Words that are new.
    pub words: Vec<(AppealId, MaskedTexts)>,
    /// Numbers of appeals whose words are no longer held.
    pub forgotten: Vec<AppealId>,
    /// How fresh each source's appeals are.
    pub sources: BTreeMap<SourceNumber, Freshness>,
    /// How fresh each table is.
    pub tables: BTreeMap<String, Freshness>,
}

/// What `new` has that `old` has not, and the other way round. Chunks that both share are not looked into.
pub fn difference(old: &Snapshot, new: &Snapshot) -> Difference {
    let address = |chunk: &Arc<Chunk>| Arc::as_ptr(chunk) as usize;
    let (held, now): (HashSet<usize>, HashSet<usize>) =
        (old.chunks.iter().map(address).collect(), new.chunks.iter().map(address).collect());
    let changed = new.chunks.iter().filter(|chunk| !held.contains(&address(chunk)));
    let put = changed.flat_map(|chunk| chunk.rows()).filter(|appeal| old.get(appeal.id) != Some(*appeal)).collect();
    let left = old.chunks.iter().filter(|chunk| !now.contains(&address(chunk)));
    let gone = left.flat_map(|chunk| chunk.rows()).map(|a| a.id).filter(|id| new.get(*id).is_none()).collect();
    let same = |a: &Option<Arc<Region>>, b: &Option<Arc<Region>>| match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
        (None, None) => true,
        _ => false,
    };
    let region = if same(&old.region, &new.region) { None } else { new.region.clone() };
    let datasets = new
        .datasets
        .iter()
        .filter(|(name, table)| old.datasets.get(*name).is_none_or(|held| !Arc::ptr_eq(held, table) && held != *table));
    let (words, forgotten) = if Arc::ptr_eq(&old.words, &new.words) {
        (Vec::new(), Vec::new())
    } else {
        let form =
            |words: &MaskedTexts| (words.text.public().to_owned(), words.reply.as_ref().map(|r| r.public().to_owned()));
        let words = new.words.iter().filter(|(id, words)| old.words.get(id).map(form) != Some(form(words)));
        let forgotten = old.words.keys().filter(|id| !new.words.contains_key(id)).copied();
        (words.map(|(id, words)| (*id, words.clone())).collect(), forgotten.collect())
    };
    Difference {
        put,
        gone,
        region,
        datasets: datasets.map(|(_, table)| table.clone()).collect(),
        words,
        forgotten,
        sources: new.source_freshness.clone(),
        tables: new.dataset_freshness.clone(),
    }
}
