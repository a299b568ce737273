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

/// Lets a set that is much smaller than the one before be believed.
fn confirm(store: &mut Store, source: SourceNumber, now: Moment) {
    for minutes in [5, 10] {
        let later = now.plus_millis(minutes * 60_000);
        store.apply_from(source, Update::Heartbeat(later), later);
    }
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
            let now = Moment(step as i64 * 3_600_000);
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
                    confirm(&mut store, 0, now);
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
        confirm(store, source, Moment(0));
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

fn load(store: &mut Store, source: SourceNumber, ids: std::ops::Range<u64>, now: Moment) {
    let rows = ids.map(|id| appeal(numbered(source, id), id as u32 + 1)).collect();
    store.apply_from(source, Update::StartOver, now);
    store.apply_from(source, Update::Appeals(rows), now);
    store.apply_from(source, Update::Complete(now), now);
}

#[test]
fn a_source_that_suddenly_has_little_keeps_what_it_had_aged() {
    let minute = |minutes: i64| Moment(minutes * 60_000);
    let mut store = Store::new();
    load(&mut store, 0, 0..300, minute(0));
    load(&mut store, 1, 0..100, minute(0));
    load(&mut store, 0, 0..0, minute(1));
    let snapshot = store.snapshot();
    assert_eq!((snapshot.len(), snapshot.held_back[&0].came), (400, 0));
    // It is as old as what is shown of it, whatever the source says since.
    store.apply_from(0, Update::Heartbeat(minute(6)), minute(6));
    assert_eq!(store.snapshot().source_freshness[&0].data_until, minute(0));
    // A set as large as before ends it.
    load(&mut store, 0, 0..290, minute(7));
    let snapshot = store.snapshot();
    assert_eq!((snapshot.len(), snapshot.held_back.len()), (390, 0));
    assert_eq!(snapshot.source_freshness[&0].data_until, minute(7));
    // One that stays small is believed.
    load(&mut store, 0, 0..5, minute(10));
    store.apply_from(0, Update::Heartbeat(minute(15)), minute(15));
    assert_eq!(store.snapshot().len(), 390);
    store.apply_from(0, Update::Heartbeat(minute(20)), minute(20));
    assert_eq!((store.snapshot().len(), store.held_back().len()), (105, 0));
}

#[test]
fn the_newest_of_all_sources_stand_together() {
    let mut store = Store::new();
    let rows = |source: u8, seconds: &[u32]| -> Vec<Appeal> {
        seconds.iter().map(|s| appeal(numbered(source, u64::from(*s)), *s)).collect()
    };
    for (source, seconds) in [(0, &[100, 300, 500][..]), (1, &[200, 400][..])] {
        store.apply_from(source, Update::StartOver, Moment(1_000_000));
        store.apply_from(source, Update::Appeals(rows(source, seconds)), Moment(1_000_000));
        store.apply_from(source, Update::Complete(Moment(1_000_000)), Moment(1_000_000));
    }
    let latest = store.snapshot().latest;
    assert_eq!(latest.iter().map(|a| a.appeal.received).collect::<Vec<_>>(), [500, 400, 300, 200, 100]);
    // The first set of a source is no news, whoever was first.
    assert!(latest.iter().all(|a| a.arrived == Moment(i64::from(a.appeal.received) * 1000)));
    // What is in a later set and was not in the one before has come since.
    store.apply_from(1, Update::StartOver, Moment(2_000_000));
    store.apply_from(1, Update::Appeals(rows(1, &[200, 400, 600])), Moment(2_000_000));
    store.apply_from(1, Update::Complete(Moment(2_000_000)), Moment(2_000_000));
    assert_eq!(store.snapshot().latest[0].arrived, Moment(2_000_000));
}

#[test]
fn a_source_that_never_answered_is_remembered_by_itself() {
    let mut store = Store::new();
    store.apply_from(1, Update::Lost(Moment(5)), Moment(5));
    load(&mut store, 0, 0..3, Moment(6));
    assert_eq!(store.snapshot().unanswered_since(), Some(Moment(5)));
    load(&mut store, 1, 0..3, Moment(7));
    assert_eq!(store.snapshot().unanswered_since(), None);
}
