//! All appeals as a list of chunks, by ascending number.

use std::sync::Arc;

use super::appeal::{Appeal, AppealId, SourceNumber, source_of};
use super::columns::{CHUNK_ROWS, Chunk};

/// Takes out the appeal of a number.
pub fn remove(chunks: &mut Vec<Arc<Chunk>>, id: AppealId) -> Option<Appeal> {
    let at = place(chunks, id)?;
    let removed = Arc::make_mut(&mut chunks[at]).remove(id);
    if chunks[at].is_empty() {
        chunks.remove(at);
    }
    removed
}

/// How many of the appeals are a source's.
pub fn count_of(chunks: &[Arc<Chunk>], source: SourceNumber) -> usize {
    let of = |chunk: &Arc<Chunk>| match (chunk.id.first().map(source_of), chunk.id.last().map(source_of)) {
        (Some(first), Some(last)) if first == source && last == source => chunk.len(),
        (Some(first), Some(last)) if first <= source && source <= last => {
            chunk.rows().filter(|appeal| source_of(appeal.id) == source).count()
        }
        _ => 0,
    };
    chunks.iter().map(of).sum()
}

/// Puts a source's complete set in the place of what is held of it; chunks that it shares are cut.
pub fn replace_source(chunks: &mut Vec<Arc<Chunk>>, source: SourceNumber, new: Vec<Arc<Chunk>>) {
    let mut kept: Vec<Arc<Chunk>> = Vec::with_capacity(chunks.len() + new.len());
    for chunk in chunks.drain(..) {
        let ends = (chunk.id.first().map(source_of), chunk.id.last().map(source_of));
        if ends.0 == Some(source) && ends.1 == Some(source) {
            continue;
        }
        if ends.0.is_some_and(|first| first > source) || ends.1.is_some_and(|last| last < source) {
            kept.push(chunk);
            continue;
        }
        let others: Vec<Appeal> = chunk.rows().filter(|a| source_of(a.id) != source).collect();
        let mut apart = Vec::new();
        for side in others.chunk_by(|a, b| (source_of(a.id) < source) == (source_of(b.id) < source)) {
            append(&mut apart, side);
            kept.append(&mut apart);
        }
    }
    kept.extend(new);
    kept.sort_by_key(|chunk| chunk.id.first());
    *chunks = kept;
}

/// The chunk in which `id` stands or belongs.
fn place(chunks: &[Arc<Chunk>], id: AppealId) -> Option<usize> {
    if chunks.is_empty() {
        return None;
    }
    Some(chunks.partition_point(|chunk| chunk.id.first() <= Some(id)).saturating_sub(1))
}

/// Puts one appeal where its number belongs; returns the one that stood there.
pub fn put(chunks: &mut Vec<Arc<Chunk>>, appeal: Appeal) -> Option<Appeal> {
    let at = match place(chunks, appeal.id) {
        None => {
            chunks.push(Arc::new(Chunk::with_capacity(0)));
            0
        }
        // A full last chunk is left as it is: numbers ascend, so nothing will be inserted into it.
        Some(at)
            if at + 1 == chunks.len() && chunks[at].len() >= CHUNK_ROWS && chunks[at].id.last() < Some(appeal.id) =>
        {
            chunks.push(Arc::new(Chunk::with_capacity(0)));
            at + 1
        }
        Some(at) => at,
    };
    let chunk = Arc::make_mut(&mut chunks[at]);
    let before = chunk.put(appeal);
    if let Some(upper) = chunk.split_if_full() {
        chunks.insert(at + 1, Arc::new(upper));
    }
    before
}

/// Adds appeals, whose numbers as a rule ascend and follow those that are there.
pub fn append(chunks: &mut Vec<Arc<Chunk>>, appeals: &[Appeal]) {
    let ascending = appeals.windows(2).all(|pair| pair[0].id < pair[1].id);
    let after = chunks.last().and_then(|chunk| chunk.id.last());
    if !ascending || appeals.first().is_some_and(|first| after.is_some_and(|last| first.id <= last)) {
        for appeal in appeals {
            put(chunks, *appeal);
        }
        return;
    }
    let mut rest = appeals;
    while !rest.is_empty() {
        if chunks.last().is_none_or(|chunk| chunk.len() >= CHUNK_ROWS) {
            chunks.push(Arc::new(Chunk::with_capacity(CHUNK_ROWS)));
        }
        let Some(last) = chunks.last_mut() else { return };
        let room = CHUNK_ROWS - last.len();
        let (now, later) = rest.split_at(room.min(rest.len()));
        let chunk = Arc::make_mut(last);
        now.iter().for_each(|appeal| chunk.push(*appeal));
        rest = later;
    }
}
