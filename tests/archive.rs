//! The last good data on disk: whole after a kill, silent about persons, and never in the picture's way.

use std::path::Path;
use std::sync::Arc;

use obzor::archive::{ArchiveError, File, Writer, difference};
use obzor::clock::Moment;
use obzor::data::dataset::Dataset;
use obzor::data::{Appeal, MaskedTexts, NEVER, Snapshot, Store, Update, numbered};
use obzor::demo::World;
use obzor::privacy::{Audience, Masker};
use proptest::prelude::*;

const NOW: Moment = Moment(1_795_172_712_000);
const MAX_MIB: u64 = 256;

fn appeal(id: u64, received: u32) -> Appeal {
    Appeal {
        id,
        received,
        first_reply: NEVER,
        answered: NEVER,
        accepted: NEVER,
        due: received + 86_400,
        lon_e6: -5,
        lat_e6: 6,
        topic: 1,
        municipality: 2,
        agency: 3,
        channel: 4,
        moves: 5,
        rating: 4,
        repeat: true,
    }
}

fn begun() -> Store {
    let mut store = Store::new();
    store.apply(Update::Region(World::new(1, NOW).region.clone()), NOW);
    store.apply(Update::StartOver, NOW);
    store.apply(Update::Appeals((0..20_000).map(|id| appeal(id, 1_700_000_000 + id as u32)).collect()), NOW);
    store.apply(Update::Complete(NOW), NOW);
    store
}

fn rows(snapshot: &Snapshot) -> Vec<Appeal> {
    snapshot.chunks.iter().flat_map(|c| c.rows().collect::<Vec<_>>()).collect()
}

/// What a reader of the file would show.
fn on_disk(path: &Path) -> Snapshot {
    File::open(path, MAX_MIB).unwrap().read().unwrap().map(|kept| kept.snapshot()).unwrap_or_default()
}

/// The words as the public sees them: no others are kept.
fn public(snapshot: &Snapshot) -> std::collections::BTreeMap<u64, String> {
    let words = snapshot.words.iter();
    words.map(|(id, words)| (*id, words.text.shown_to(Audience::Public).unwrap().to_owned())).collect()
}

fn same(a: &Snapshot, b: &Snapshot) -> bool {
    rows(a) == rows(b)
        && a.region == b.region
        && public(a) == public(b)
        && a.datasets == b.datasets
        && a.source_freshness == b.source_freshness
        && a.dataset_freshness == b.dataset_freshness
}

#[test]
fn what_is_kept_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/kept.sqlite");
    let mut store = begun();
    let masker = Masker::default();
    let planted = "Меня зовут Кондрат Канарейкин, тел. +7 900 765-43-21, д. 77";
    let words = MaskedTexts { text: masker.displayable(planted), reply: Some(masker.displayable(planted)) };
    store.apply(Update::MaskedTexts(vec![(19_999, words)]), NOW);
    let record = serde_json::json!({ "text": planted, "n": 1 }).as_object().unwrap().clone();
    store.apply(Update::Dataset(Arc::new(Dataset::masked("news", vec![record], &[], &masker)), NOW), NOW);
    // A number of a later source has its highest bit set.
    let far = Update::Changes { appeals: vec![appeal(numbered(200, 7), 1_795_000_000)], until: NOW };
    store.apply_from(200, far, NOW);
    let mut file = File::open(&path, MAX_MIB).unwrap();
    assert!(file.read().unwrap().is_none());
    file.write(&difference(&Snapshot::default(), &store.snapshot())).unwrap();
    drop(file);
    let kept = on_disk(&path);
    assert!(same(&kept, &store.snapshot()));
    assert_eq!(kept.words[&19_999].text.shown_to(Audience::Public), Some("Меня зовут •••, тел. •••, •••"));
    // Nobody is in the file, nor in its log.
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for canary in ["Канарейкин", "Кондрат", "765-43-21", "д. 77"] {
            assert!(!bytes.windows(canary.len()).any(|w| w == canary.as_bytes()), "{canary} is on disk");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// After any changes the file holds the last snapshot that was written, whatever came between.
    #[test]
    fn the_file_mirrors_the_snapshot(steps in prop::collection::vec((0..6u8, 0..30_000u64, 1..400u64), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.sqlite");
        let mut store = begun();
        let mut file = File::open(&path, MAX_MIB).unwrap();
        let mut held = Snapshot::default();
        for (kind, from, count) in steps {
            let changed = (from..from + count).map(|id| Appeal { answered: 1_795_000_000, ..appeal(id, 1_700_000_000 + id as u32) });
            match kind {
                0 | 1 => drop(store.apply(Update::Changes { appeals: changed.collect(), until: NOW }, NOW)),
                2 => (from..from + count).for_each(|id| assert!(store.remove(id).is_none_or(|a| a.id == id))),
                3 => {
                    store.apply(Update::StartOver, NOW);
                    store.apply(Update::Appeals(changed.collect()), NOW);
                    store.apply(Update::Complete(NOW.plus_millis(from as i64)), NOW);
                }
                4 => drop(store.apply_from(3, Update::Changes { appeals: vec![appeal(numbered(3, from), 9)], until: NOW }, NOW)),
                // Not every snapshot is written.
                _ => continue,
            }
            let now = store.snapshot();
            file.write(&difference(&held, &now)).unwrap();
            held = now;
        }
        file.write(&difference(&held, &store.snapshot())).unwrap();
        drop(file);
        prop_assert!(same(&on_disk(&path), &store.snapshot()));
    }
}

#[test]
fn foreign_files_are_left_alone_and_torn_ones_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = folder.path().join("letter.txt");
    std::fs::write(&foreign, "Dear Sir or Madam, ".repeat(100)).unwrap();
    assert!(matches!(File::open(&foreign, MAX_MIB), Err(ArchiveError::Foreign(_))));
    assert!(std::fs::read_to_string(&foreign).unwrap().starts_with("Dear Sir"));
    let other = folder.path().join("other.sqlite");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    assert!(matches!(File::open(&other, MAX_MIB), Err(ArchiveError::Foreign(_))));
    let later = folder.path().join("later.sqlite");
    drop(File::open(&later, MAX_MIB).unwrap());
    rusqlite::Connection::open(&later).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(matches!(File::open(&later, MAX_MIB), Err(ArchiveError::Later { found: 99, .. })));
    // Torn: the pages after the header are garbage.
    let torn = folder.path().join("torn.sqlite");
    let mut file = File::open(&torn, MAX_MIB).unwrap();
    file.write(&difference(&Snapshot::default(), &begun().snapshot())).unwrap();
    drop(file);
    let mut bytes = std::fs::read(&torn).unwrap();
    bytes[100..8192].fill(0xA5);
    std::fs::write(&torn, &bytes).unwrap();
    let anew = File::open(&torn, MAX_MIB).unwrap();
    assert!(anew.read().unwrap().is_none());
    assert!(folder.path().join("torn.torn").exists());
}

#[test]
fn a_full_or_closed_disk_is_said_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let small = folder.path().join("small.sqlite");
    let mut file = File::open(&small, 1).unwrap();
    let mut large = begun();
    let many = (20_000..90_000).map(|id| appeal(id, 1_700_000_000 + id as u32)).collect();
    large.apply(Update::Changes { appeals: many, until: NOW }, NOW);
    let error = file.write(&difference(&Snapshot::default(), &large.snapshot())).unwrap_err().to_string();
    assert!(error.contains("free some space"), "{error}");
    // Nothing of it was written, and a smaller difference still is.
    assert!(file.read().unwrap().is_none());
    let blocked = folder.path().join("small.sqlite/under-a-file/kept.sqlite");
    let error = File::open(&blocked, MAX_MIB).unwrap_err().to_string();
    assert!(error.contains("--keep"), "{error}");
}

/// The writer takes the newest snapshot, and what was offered last is on disk when it ends.
#[test]
fn what_was_offered_last_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.sqlite");
    let file = File::open(&path, MAX_MIB).unwrap();
    let writer = Writer::start(file, path.clone(), MAX_MIB, Snapshot::default()).unwrap();
    let mut store = begun();
    for id in 0..50 {
        store.apply(Update::Changes { appeals: vec![appeal(50_000 + id, 1_795_000_000)], until: NOW }, NOW);
        writer.offer(store.snapshot());
    }
    drop(writer);
    assert!(same(&on_disk(&path), &store.snapshot()));
}
