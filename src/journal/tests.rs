use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::clock::Moment;
use crate::conductor::{Conductor, Order, UserCommand, Via};
use crate::data::Revision;
use crate::language::Lang;
use crate::layout::Catalogue;
use crate::state::{State, apply};

const MIB: u64 = 1 << 20;
const DAY: i64 = 86_400_000;

/// A conductor whose records go to a journal.
fn recorded(journal: &Journal) -> Conductor {
    let mut conductor = Conductor::new("overview", Catalogue::load("overview").unwrap(), Lang::Ru);
    let handle = journal.handle();
    conductor.record(Box::new(move |record, state| handle.keep(record, state.clone())));
    conductor
}

fn identify(conductor: &mut Conductor, on: bool, at_millis: i64) {
    let order = Order::local(Via::Api, UserCommand::Identify { on });
    conductor.order(order, &Revision::default(), Moment(at_millis)).unwrap();
}

fn all() -> Filter {
    Filter { limit: usize::MAX, ..Filter::default() }
}

#[test]
fn what_was_ordered_is_there_after_a_restart_and_replays_to_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/journal.sqlite");
    let (journal, before) = Journal::start(Some(path.clone()), MIB).unwrap();
    assert_eq!(before, None);
    let mut conductor = recorded(&journal);
    let start = conductor.state().clone();
    for at in 0..40 {
        identify(&mut conductor, at % 2 == 0, at * 1000);
    }
    let refused = Order::local(Via::Keyboard, UserCommand::Back);
    assert!(conductor.order(refused, &Revision::default(), Moment(50_000)).is_err());
    let handle = journal.handle();
    assert_eq!(handle.verify().unwrap(), Ok(Verified { records: 41, first: 1 }));
    let by_api = Filter { by: Some("api".into()), from_millis: Some(10_000), until_millis: Some(20_000), limit: 3 };
    let found = handle.read(by_api).unwrap();
    assert_eq!(found.iter().map(|record| record.at_millis).collect::<Vec<_>>(), [19_000, 18_000, 17_000]);
    drop((handle, conductor.record(Box::new(|_, _| ())), journal));
    let (journal, state) = Journal::start(Some(path), MIB).unwrap();
    assert_eq!(state.as_ref(), Some(conductor.state()));
    let mut records = journal.handle().read(all()).unwrap();
    records.reverse();
    let replayed = records.iter().filter_map(|record| Some((record.command.as_ref()?, record.at_millis)));
    let replayed = replayed.fold(start, |state, (command, at)| apply(&state, command, Moment(at)).0);
    assert_eq!(&replayed, conductor.state());
}

#[test]
fn whatever_is_changed_taken_out_or_cut_off_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let faults = [
        (
            "UPDATE record SET record = replace(record, 'api', 'ctl') WHERE number = 3",
            ChainFault::Changed { number: 3 },
        ),
        ("UPDATE record SET hash = zeroblob(32) WHERE number = 4", ChainFault::Changed { number: 4 }),
        ("DELETE FROM record WHERE number = 2", ChainFault::Missing { number: 2 }),
        ("DELETE FROM record WHERE number > 3", ChainFault::Missing { number: 4 }),
        ("DELETE FROM record WHERE number = 1", ChainFault::Changed { number: 2 }),
    ];
    for (number, (fault, found)) in faults.into_iter().enumerate() {
        let path = folder.path().join(format!("{number}.sqlite"));
        let (journal, _) = Journal::start(Some(path.clone()), MIB).unwrap();
        let mut conductor = recorded(&journal);
        (0..5).for_each(|at| identify(&mut conductor, at % 2 == 0, at));
        drop((conductor, journal));
        rusqlite::Connection::open(&path).unwrap().execute_batch(fault).unwrap();
        assert_eq!(JournalFile::open(&path, MIB).unwrap().verify().unwrap(), Err(found), "{fault}");
    }
}

#[test]
fn old_days_leave_whole_and_what_is_left_can_still_be_proved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let (journal, _) = Journal::start(Some(path.clone()), 1024 * MIB).unwrap();
    let mut conductor = recorded(&journal);
    (0..200).for_each(|at| identify(&mut conductor, at % 2 == 0, at * DAY / 20 + 500));
    let (state, handle) = (conductor.state().clone(), journal.handle());
    let whole = std::fs::metadata(&path).map(|file| file.len()).unwrap();
    assert!(handle.read(all()).unwrap().len() == 200 && whole > 0);
    drop((handle, conductor, journal));
    let mut file = JournalFile::open(&path, 48 << 10).unwrap();
    file.prune().unwrap();
    let left = file.records(&all()).unwrap();
    let verified = file.verify().unwrap().unwrap();
    assert!(!left.is_empty() && left.len() < 200 && left.len().is_multiple_of(20), "{}", left.len());
    assert_eq!((verified.records, verified.first), (left.len() as u64, 201 - left.len() as i64));
    assert_eq!(file.state().unwrap(), Some(state.clone()));
    // The day that is written to stays, however small the journal is to be.
    let mut file = JournalFile::open(&path, 0).unwrap();
    file.prune().unwrap();
    assert_eq!(file.verify().unwrap().unwrap().records, 20);
    file.write(&file.records(&Filter { limit: 1, ..all() }).unwrap(), &state).unwrap();
    assert_eq!(file.verify().unwrap().unwrap().records, 21);
}

#[test]
fn a_file_of_somebody_else_is_left_alone_and_orders_are_kept_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (a); PRAGMA user_version = 7;")
        .unwrap();
    let theirs = std::fs::read(&path).unwrap();
    assert!(matches!(JournalFile::open(&path, MIB), Err(JournalError::Foreign(_))));
    let (journal, state) = Journal::start(Some(path.clone()), MIB).unwrap();
    let mut conductor = recorded(&journal);
    (0..3).for_each(|at| identify(&mut conductor, at % 2 == 0, at));
    let records = journal.handle().read(all()).unwrap();
    assert_eq!((state, records.len(), records[0].at_millis), (None, 3, 2));
    drop((conductor, journal));
    assert_eq!(std::fs::read(&path).unwrap(), theirs);
}

#[test]
fn what_the_disk_did_not_take_is_written_once_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(closed.join("a"), "").is_ok() {
        // Root may write everywhere: a file in the place of the folder stops it, too.
        std::fs::remove_dir_all(&closed).unwrap();
        std::fs::write(&closed, "").unwrap();
    }
    let path = closed.join("journal.sqlite");
    let (journal, _) = Journal::start(Some(path.clone()), MIB).unwrap();
    let mut conductor = recorded(&journal);
    (0..3).for_each(|at| identify(&mut conductor, at % 2 == 0, at));
    assert_eq!(journal.handle().read(all()).unwrap().len(), 3);
    let _ = std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700));
    let _ = std::fs::remove_file(&closed);
    drop((conductor, journal));
    assert_eq!(JournalFile::open(&path, MIB).unwrap().verify().unwrap(), Ok(Verified { records: 3, first: 1 }));
}

#[test]
fn a_state_that_is_none_any_more_is_no_state() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    drop(Journal::start(Some(path.clone()), MIB).unwrap());
    let set = "INSERT OR REPLACE INTO state VALUES (1, '{\"version\": 3}')";
    rusqlite::Connection::open(&path).unwrap().execute_batch(set).unwrap();
    assert_eq!(JournalFile::open(&path, MIB).unwrap().state().unwrap(), None::<State>);
}

#[test]
fn what_rules_watch_is_sampled_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.journal.sqlite");
    let (journal, _) = Journal::start(Some(path.clone()), u64::MAX).unwrap();
    let handle = journal.handle();
    for minute in 0..3 {
        let value = (minute != 1).then_some(minute as f64 * 1.5);
        handle.sample(60_000 * minute, vec![("heating".to_owned(), value), ("snow".to_owned(), Some(7.0))]);
    }
    // A minute that is sampled twice is one.
    handle.sample(120_000, vec![("heating".to_owned(), Some(4.0))]);
    drop(journal);
    let file = JournalFile::open_read_only(&path).unwrap();
    assert_eq!(file.samples("heating", 0).unwrap(), [(0, Some(0.0)), (60_000, None), (120_000, Some(4.0))]);
    assert_eq!(file.samples("snow", 60_000).unwrap().len(), 2);
    assert_eq!(file.samples("ice", 0).unwrap(), []);
}
