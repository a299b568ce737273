//! What slots and alarms put on the wall.

use super::*;

/// 14:05:12 on a Friday in Moscow: the day's slot is on, and the night's comes at 20:00.
fn scheduled() -> Conductor {
    let text = "[calendar]\ntime_zone = \"Europe/Moscow\"\n\
        [[slot]]\nname = \"day\"\nfrom = \"08:00\"\nto = \"20:00\"\nlayout = \"overview\"\n\
        [[slot]]\nname = \"night\"\nfrom = \"20:00\"\nto = \"08:00\"\nlayout = \"night\"\n\
        [[slot]]\nname = \"bad news\"\nrank = 5\nlayout = \"prevention\"\n\
        when = { disk = \"free-mib\", below = 100, clear = 200, for_secs = 60 }\n";
    let schedule = crate::operation::parse(Path::new("operation.toml"), text).unwrap().schedule;
    let mut conductor = Conductor::new("results", Catalogue::load("results").unwrap(), Lang::Ru);
    conductor.replace_rules(schedule, Vec::new()).unwrap();
    conductor
}

#[test]
fn the_schedule_shows_its_slots_and_the_hand_ends_with_the_next() {
    let mut conductor = scheduled();
    let region = region();
    conductor.advance(&region, NOW);
    let shown = |conductor: &Conductor, at: Moment| {
        let state = conductor.state();
        (state.layout(at).name.clone(), state.on_air(at).layer, state.on_air(at).by.clone())
    };
    assert_eq!(shown(&conductor, NOW), ("overview".into(), Layer::Schedule, "day".into()));
    let version = conductor.state().version;
    conductor.advance(&region, NOW.plus_millis(1000));
    assert_eq!(conductor.state().version, version, "nothing changes until something does");
    let evening: Moment = "2026-11-20T17:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
    conductor.order(api(show("deadlines")), &region, NOW.plus_millis(2000)).unwrap();
    assert_eq!(conductor.state().claim(Layer::Hand).unwrap().until_millis, Some(evening.0));
    conductor.advance(&region, evening);
    assert_eq!(shown(&conductor, evening), ("night".into(), Layer::Schedule, "night".into()));
    // It came from what was shown by hand, without the default in between.
    assert_eq!(conductor.state().transition.as_ref().unwrap().from.name, "deadlines");
    // Just before a slot, what is shown by hand is not taken away again at once.
    let morning: Moment = "2026-11-21T05:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
    conductor.order(api(show("deadlines")), &region, morning.plus_millis(-5000)).unwrap();
    let next = "2026-11-21T17:00:00Z".parse::<jiff::Timestamp>().unwrap();
    assert_eq!(conductor.state().claim(Layer::Hand).unwrap().until_millis, Some(next.as_millisecond()));
    let stays =
        UserCommand::Show { layout: "deadlines".into(), transition: None, look: None, for_secs: None, stays: true };
    conductor.order(api(stays), &region, morning).unwrap();
    assert_eq!(conductor.state().claim(Layer::Hand).unwrap().until_millis, None);
}

#[test]
fn a_slot_is_skipped_or_held_with_a_reason_and_the_schedule_is_followed_again() {
    let mut conductor = scheduled();
    let region = region();
    conductor.advance(&region, NOW);
    let skip = || UserCommand::Skip { slot: None };
    assert!(matches!(conductor.order(api(skip()), &region, NOW), Err(Refusal::NoReason)));
    let with_reason = |command| Order { reason: Some("штаб".into()), ..api(command) };
    let mistyped = with_reason(UserCommand::Skip { slot: Some("nihgt".into()) });
    let refused = conductor.order(mistyped, &region, NOW).unwrap_err();
    assert!(refused.to_string().contains("`night`"), "{refused}");
    conductor.order(with_reason(skip()), &region, NOW).unwrap();
    conductor.advance(&region, NOW);
    assert_eq!(conductor.state().layout(NOW).name, "results", "nothing else is scheduled");
    conductor
        .order(with_reason(UserCommand::Hold { slot: Some("night".into()), for_secs: Some(60.0) }), &region, NOW)
        .unwrap();
    conductor.advance(&region, NOW);
    assert_eq!(conductor.state().on_air(NOW).reason.as_deref(), Some("штаб"));
    assert_eq!(conductor.state().layout(NOW).name, "night");
    // What is held is not skipped: its next time is not meant.
    let skip_held = with_reason(UserCommand::Skip { slot: None });
    assert!(matches!(conductor.order(skip_held, &region, NOW), Err(Refusal::IsHeld)));
    // A wall that is started again goes on with both.
    let mut again = scheduled();
    again.begin(Some(conductor.state().clone()), NOW.plus_millis(2000));
    again.advance(&region, NOW.plus_millis(3000));
    assert_eq!((again.state().layout(NOW).name.as_str(), again.state().skips.len()), ("night", 1));
    conductor.advance(&region, NOW.plus_millis(60_000));
    assert_eq!(conductor.state().layout(NOW.plus_millis(60_000)).name, "results", "it was held for a minute");
    conductor.order(api(UserCommand::Follow), &region, NOW.plus_millis(61_000)).unwrap();
    conductor.advance(&region, NOW.plus_millis(61_000));
    assert_eq!(conductor.state().layout(NOW.plus_millis(61_000)).name, "overview");
}

#[test]
fn a_schedule_that_is_taken_away_leaves_nothing_due() {
    let mut conductor = scheduled();
    conductor.advance(&region(), NOW);
    assert_eq!(conductor.state().layout(NOW).name, "overview");
    conductor.replace_rules(Schedule::default(), Vec::new()).unwrap();
    for hours in [0, 1, 25, 50] {
        let now = NOW.plus_millis(1000 + hours * 3_600_000);
        conductor.advance(&region(), now);
        assert_eq!(conductor.state().layout(now).name, "results");
        assert!(conductor.next_due(now).is_none_or(|due| due > now), "{hours}");
    }
}

#[test]
fn a_slot_with_a_condition_comes_when_it_has_held_and_goes_when_it_has_cleared() {
    let mut conductor = scheduled();
    let region = region();
    let mut at = |secs: i64, free: Option<f64>| {
        let machine = crate::signal::Machine { free_disk_mib: free, ..Default::default() };
        let now = NOW.plus_millis(1000 * secs);
        conductor.advance(Surroundings { revision: &region, machine: &machine }, now);
        (conductor.state().layout(now).name.clone(), conductor.next_due(now).map(|due| due.millis_since(now) / 1000))
    };
    assert_eq!(at(0, Some(150.0)).0, "overview");
    assert_eq!(at(10, Some(90.0)), ("overview".into(), Some(5)), "it is looked at every five seconds");
    assert_eq!(at(69, Some(90.0)), ("overview".into(), Some(1)));
    assert_eq!(at(70, Some(90.0)).0, "prevention");
    assert_eq!(at(80, Some(150.0)).0, "prevention", "within the band");
    assert_eq!(at(90, None).0, "prevention", "nobody knows");
    assert_eq!(at(100, Some(200.0)).0, "overview");
}

/// Two alarms on the disk, the second of which stands at a lower level; the first takes the wall over for a minute.
fn alarmed() -> Conductor {
    let alarm = |name: &str, below: f64| {
        format!(
            "[[alarm]]\nname = \"{name}\"\ntitle = \"Диск {name}\"\naction = \"Освободить место\"\npriority = \"high\"\n\
             when = {{ disk = \"free-mib\", below = {below}, clear = 500 }}\nafter_secs = 10\nclear_after_secs = 20\n\
             takeover = {{ layout = \"alarms\", at_most_secs = 60 }}\nnotify = [\"duty\"]\n"
        )
    };
    let text = format!("{}{}[[notify]]\nname = \"duty\"\ncommand = [\"true\"]\n", alarm("a", 200.0), alarm("b", 100.0));
    let operation = crate::operation::parse(Path::new("operation.toml"), &text).unwrap();
    let mut conductor = Conductor::new("overview", Catalogue::load("overview").unwrap(), Lang::Ru);
    conductor.replace_rules(Schedule::default(), operation.alarms).unwrap();
    conductor
}

fn with_free_disk(conductor: &mut Conductor, secs: i64, free: Option<f64>) -> (String, Layer) {
    let machine = crate::signal::Machine { free_disk_mib: free, ..Default::default() };
    let now = NOW.plus_millis(1000 * secs);
    conductor.advance(Surroundings { revision: &region(), machine: &machine }, now);
    // What is due lies ahead: a wall that is late for it composes without pause.
    assert!(conductor.next_due(now).is_none_or(|due| due > now), "{secs}");
    let state = conductor.state();
    (state.layout(now).name.clone(), state.on_air(now).layer)
}

#[test]
fn an_alarm_takes_the_wall_over_until_somebody_has_it() {
    let mut conductor = alarmed();
    let on = |layer| ("alarms".to_owned(), layer);
    let rest = ("overview".to_owned(), Layer::Default);
    assert_eq!(with_free_disk(&mut conductor, 0, Some(150.0)), rest);
    assert_eq!(conductor.next_due(NOW).map(|due| due.millis_since(NOW)), Some(5000), "it is looked at again");
    assert_eq!(with_free_disk(&mut conductor, 10, Some(150.0)), on(Layer::Alarm));
    let claim = conductor.state().on_air(NOW.plus_millis(10_000)).clone();
    assert_eq!((claim.by.as_str(), claim.until_millis), ("a", Some(NOW.0 + 70_000)));
    assert_eq!(claim.reason.as_deref(), Some("Диск a. Свободно на диске, МиБ: 150 (< 200)"));
    let told: Vec<_> = conductor.take_notices().into_iter().map(|notice| (notice.alarm, notice.told)).collect();
    assert_eq!(told, [("a".to_owned(), crate::alarm::Told::Rose)]);
    // The other rises, and waits: the older stays.
    with_free_disk(&mut conductor, 20, Some(50.0));
    assert_eq!(with_free_disk(&mut conductor, 30, Some(50.0)), on(Layer::Alarm));
    assert_eq!(conductor.state().on_air(NOW.plus_millis(30_000)).by, "a");
    // Whoever takes the first sees the second; whoever takes both sees what was under them.
    let now = NOW.plus_millis(31_000);
    let take = |alarm: &str| api(UserCommand::Acknowledge { alarm: alarm.into() });
    conductor.order(take("a"), &region(), now).unwrap();
    assert_eq!(conductor.state().on_air(now).by, "b");
    assert!(matches!(conductor.order(take("a"), &region(), now), Err(Refusal::NothingToAcknowledge)));
    assert!(conductor.order(take("c"), &region(), now).unwrap_err().to_string().contains("no alarm `c`"));
    conductor.order(take("b"), &region(), now).unwrap();
    assert_eq!(conductor.state().layout(now).name, "overview");
    // A wall that is started again has them still; nobody is told twice.
    conductor.take_notices();
    let mut again = alarmed();
    again.begin(Some(conductor.state().clone()), NOW.plus_millis(40_000));
    assert_eq!(with_free_disk(&mut again, 41, Some(50.0)), rest);
    assert_eq!(again.state().alarms.standing().len(), 2);
    assert!(again.take_notices().is_empty());
    // They are over when it has held for long enough, and not because nobody knows.
    with_free_disk(&mut again, 50, Some(600.0));
    with_free_disk(&mut again, 60, None);
    with_free_disk(&mut again, 71, Some(600.0));
    assert_eq!((again.state().alarms.standing().len(), &again.state().alarms.watch.unknown), (2, &Vec::new()));
    with_free_disk(&mut again, 91, Some(600.0));
    assert!(again.state().alarms.by_name.is_empty());
}

#[test]
fn a_takeover_ends_by_itself_and_a_shelf_or_the_press_hides_it() {
    let mut conductor = alarmed();
    with_free_disk(&mut conductor, 0, Some(150.0));
    with_free_disk(&mut conductor, 10, Some(150.0));
    // What the press may see is not the alarm.
    conductor.order(api(UserCommand::Press), &region(), NOW.plus_millis(11_000)).unwrap();
    assert_eq!(with_free_disk(&mut conductor, 12, Some(150.0)).0, "overview");
    conductor.order(api(UserCommand::Release), &region(), NOW.plus_millis(13_000)).unwrap();
    assert_eq!(with_free_disk(&mut conductor, 14, Some(150.0)).0, "alarms");
    assert_eq!(with_free_disk(&mut conductor, 70, Some(150.0)).0, "overview", "its time is over");
    assert!(conductor.state().alarms.by_name["a"].calls(NOW.plus_millis(70_000)), "nobody has it");
    let now = NOW.plus_millis(80_000);
    let shelve = UserCommand::Shelve { alarm: "a".into(), for_secs: 600.0 };
    assert!(matches!(conductor.order(api(shelve.clone()), &region(), now), Err(Refusal::NoReason)));
    let with_reason = |command| Order { reason: Some("работы".into()), ..api(command) };
    conductor.order(with_reason(shelve), &region(), now).unwrap();
    assert!(!conductor.state().alarms.by_name["a"].calls(now));
    let long = UserCommand::Shelve { alarm: "a".into(), for_secs: 28_801.0 };
    assert!(matches!(conductor.order(with_reason(long), &region(), now), Err(Refusal::NoSuchShelf)));
    // When the shelf ends it takes the wall over, and is told.
    conductor.take_notices();
    assert_eq!(with_free_disk(&mut conductor, 679, Some(150.0)).0, "overview");
    assert_eq!(with_free_disk(&mut conductor, 680, Some(150.0)).0, "alarms");
    assert_eq!(conductor.take_notices().len(), 1);
    // A rule that is gone takes its alarm with it.
    conductor.replace_rules(Schedule::default(), Vec::new()).unwrap();
    assert_eq!(with_free_disk(&mut conductor, 690, Some(150.0)).0, "overview");
    assert!(conductor.state().alarms.by_name.is_empty());
}

#[test]
fn what_rose_in_a_flood_is_told_in_one_and_each_by_itself_when_it_is_over() {
    let alarm = |number: usize| {
        format!(
            "[[alarm]]\nname = \"a{number}\"\ntitle = \"t\"\naction = \"a\"\npriority = \"low\"\nnotify = [\"duty\"]\n\
             when = {{ disk = \"free-mib\", below = 200, clear = 500 }}\nrepeat_after_secs = 120\n"
        )
    };
    let text: String = (0..12).map(alarm).collect();
    let text = format!("{text}[[notify]]\nname = \"duty\"\ncommand = [\"true\"]\n");
    let rules = crate::operation::parse(Path::new("operation.toml"), &text).unwrap().alarms;
    let mut conductor = Conductor::new("overview", Catalogue::load("overview").unwrap(), Lang::Ru);
    conductor.replace_rules(Schedule::default(), rules).unwrap();
    with_free_disk(&mut conductor, 0, Some(150.0));
    let told = |conductor: &mut Conductor| -> Vec<crate::alarm::Told> {
        conductor.take_notices().into_iter().map(|notice| notice.told).collect()
    };
    assert_eq!(told(&mut conductor), [crate::alarm::Told::Flood]);
    with_free_disk(&mut conductor, 300, Some(150.0));
    assert!(told(&mut conductor).is_empty());
    with_free_disk(&mut conductor, 601, Some(150.0));
    assert_eq!(told(&mut conductor), [crate::alarm::Told::Rose; 12]);
    assert_eq!(conductor.state().alarms.flood_since_millis, None);
}
