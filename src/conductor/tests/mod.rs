mod rules;

use std::path::Path;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::*;
use crate::data::Store;
use crate::data::Update;
use crate::data::measure::Query;
use crate::demo::World;
use crate::layout::{Transition, TransitionKind, parse};
use crate::map::Place;
use crate::runsheet;

const NOW: Moment = Moment(1_795_172_712_000);

fn layout(name: &str, columns: usize) -> Layout {
    let text = format!(
        "name = \"{name}\"\ngrid = {{ columns = {columns}, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\n\
         panel.clock = {{}}\n"
    );
    parse(Path::new(name), &text, None).unwrap()
}

/// The demo region without an appeal; its early warnings are known, and there is none.
fn region() -> Revision {
    let mut store = Store::new();
    store.apply(Update::Region(World::new(1, NOW).region), NOW);
    Revision::default().next(store.snapshot(), &[Query::Warnings], NOW)
}

fn conductor() -> Conductor {
    let mut conductor = Conductor::new("overview", Catalogue::load("overview").unwrap(), Lang::Ru);
    let text = "title = \"Визит\"\nadvance = \"by-time\"\n[[step]]\ntitle = \"Раз\"\nlayout = \"overview\"\nsecs = 20\n\
        look = { municipality = \"Ключевск\" }\n[[step]]\ntitle = \"Два\"\nlayout = \"deadlines\"\nsecs = 30\n\
        look = { warning = 0 }\n";
    let sheet = runsheet::parse(Path::new("v.toml"), text).unwrap();
    assert!(conductor.replace_run_sheet(sheet, "overview", NOW).unwrap().is_empty());
    conductor
}

fn show(layout: &str) -> UserCommand {
    UserCommand::Show { layout: layout.into(), transition: None, look: None, for_secs: None, stays: false }
}

fn api(command: UserCommand) -> Order {
    Order::local(Via::Api, command)
}

#[test]
fn an_order_that_means_nothing_changes_nothing_and_says_why() {
    let mut conductor = conductor();
    let before = conductor.state().clone();
    let look = |to| UserCommand::Look { to, secs: None };
    for (command, revision, words) in [
        (show("overwiew"), region(), "overview"),
        (UserCommand::Step(StepTo::Number(3)), region(), "the steps are 1 to 2"),
        (UserCommand::Step(StepTo::Number(0)), region(), "the steps are 1 to 2"),
        (look(Target::municipality("Ключевскк")), region(), "there is no municipality `Ключевскк`"),
        (show("overview/@Ключевскк"), region(), "there is no municipality `Ключевскк`"),
        (look(Target::Warning(0)), region(), "no warning 0: there are 0"),
        (look(Target::Alert(7)), region(), "no data has come"),
        (look(Target::municipality("Ключевск")), Revision::default(), "no data has come"),
    ] {
        let refusal = conductor.order(api(command), &revision, NOW).expect_err(words).to_string();
        assert!(refusal.contains(words), "{refusal}");
        assert_eq!(*conductor.state(), before);
    }
    let mut without = Conductor::new("overview", Catalogue::load("overview").unwrap(), Lang::Ru);
    let refused = without.order(api(UserCommand::Step(StepTo::Next)), &region(), NOW);
    assert!(matches!(refused, Err(Refusal::NoRunSheet)));
    assert_eq!(conductor.recent().count(), 0);
}

#[test]
fn a_step_that_came_before_the_data_looks_where_it_should_once_the_data_is_there() {
    let mut conductor = conductor();
    conductor.order(api(UserCommand::Step(StepTo::Number(1))), &Revision::default(), NOW).unwrap();
    assert!(conductor.state().camera.is_empty());
    conductor.advance(&Revision::default(), NOW.plus_millis(500));
    assert!(conductor.state().camera.is_empty());
    conductor.advance(&region(), NOW.plus_millis(1000));
    let looked = |conductor: &Conductor| conductor.state().camera.last().map(|other| other.to.clone());
    assert_eq!(looked(&conductor), Some(Place::Municipality("Ключевск".into())));
    // Whoever looked elsewhere in the meantime is not overruled.
    let mut other = self::conductor();
    other.order(api(UserCommand::Step(StepTo::Number(1))), &Revision::default(), NOW).unwrap();
    let region_look = UserCommand::Look { to: Target::Place(Place::Region), secs: None };
    other.order(api(region_look), &Revision::default(), NOW).unwrap();
    other.advance(&region(), NOW.plus_millis(1000));
    assert_eq!(looked(&other), Some(Place::Region));
}

#[test]
fn steps_follow_by_their_time_and_a_warning_that_is_gone_is_the_region() {
    let mut conductor = conductor();
    conductor.order(api(UserCommand::Step(StepTo::Number(1))), &region(), NOW).unwrap();
    assert_eq!(conductor.next_due(NOW), Some(NOW.plus_millis(20_000)));
    conductor.advance(&region(), NOW.plus_millis(19_999));
    assert_eq!(conductor.state().step.unwrap().step, 0);
    conductor.advance(&region(), NOW.plus_millis(20_000));
    assert_eq!((conductor.state().step.unwrap().step, conductor.state().layout(NOW).name.as_str()), (1, "deadlines"));
    assert_eq!(conductor.state().camera.last().unwrap().to, Place::Region);
    assert!(conductor.recent().all(|occurrence| occurrence.via == Via::RunSheet || occurrence.at_millis == NOW.0));
}

#[test]
fn a_saved_layout_is_shown_where_it_is_on_the_wall_and_only_held_elsewhere() {
    let mut conductor = Conductor::new("a.toml", layout("a.toml", 1), Lang::Ru);
    let versions = [conductor.catalogue_version()];
    conductor.replace_layout("b.toml", layout("b.toml", 1), NOW);
    assert_eq!((conductor.state().version, conductor.state().layout(NOW).name.as_str()), (0, "a.toml"));
    conductor.replace_layout("a.toml", layout("a.toml", 2), NOW);
    assert_eq!(conductor.state().version, 1);
    assert_eq!(Some(conductor.state().layout(NOW)), conductor.catalogue().newest("a.toml"));
    assert!(conductor.catalogue_version() > versions[0]);
    assert!(conductor.is_changing_from_held(), "what leaves is held as long as it is seen");
}

impl Conductor {
    fn is_changing_from_held(&self) -> bool {
        self.state.transition.as_ref().is_some_and(|change| self.catalogue.get(&change.from).is_some())
    }
}

fn command() -> impl Strategy<Value = UserCommand> {
    let kind = prop_oneof![Just(TransitionKind::Cut), Just(TransitionKind::CrossFade)];
    let target = prop_oneof![
        Just(Target::Place(Place::Home)),
        Just(Target::municipality("Ключевск")),
        Just(Target::municipality("Нигде")),
        (0..2usize).prop_map(Target::Warning),
        (0..2usize).prop_map(Target::Alert),
    ];
    prop_oneof![
        (0..4usize, prop::option::of((kind, 0f64..2.0))).prop_map(|(which, transition)| UserCommand::Show {
            layout: ["overview", "night", "deadlines", "nothing"][which].to_owned(),
            transition: transition.map(|(kind, secs)| Transition { kind, secs }),
            look: None,
            for_secs: (which == 1).then_some(20.0),
            stays: which == 2,
        }),
        prop_oneof![Just(UserCommand::Back), Just(UserCommand::Press), Just(UserCommand::Release)],
        (target, prop::option::of(0f64..3.0)).prop_map(|(to, secs)| UserCommand::Look { to, secs }),
        (0..4usize).prop_map(|number| UserCommand::Step(StepTo::Number(number))),
        any::<bool>().prop_map(|forward| UserCommand::Step(if forward { StepTo::Next } else { StepTo::Previous })),
        any::<bool>().prop_map(|on| UserCommand::Identify { on }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn whoever_listens_hears_all_that_happens_and_nothing_else(
        commands in prop::collection::vec((command(), 0i64..15_000), 60)
    ) {
        let (mut conductor, region) = (conductor(), region());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = heard.clone();
        conductor.listen(Box::new(move |occurrence| ear.lock().unwrap().push(occurrence.clone())));
        let mut now = NOW;
        for (command, pause) in commands {
            now = now.plus_millis(pause);
            conductor.advance(&region, now);
            let (before, count) = (conductor.state().clone(), heard.lock().unwrap().len());
            let outcome = conductor.order(api(command), &region, now);
            let (state, heard) = (conductor.state(), heard.lock().unwrap());
            // Something was heard exactly where the state is another one; a refusal changes nothing.
            prop_assert_eq!(heard.len() > count, *state != before);
            prop_assert!(outcome.is_ok() || *state == before);
            prop_assert!(heard.last().is_none_or(|last| last.version == state.version));
            // What is shown can be painted, and what leaves, too.
            prop_assert!(conductor.catalogue().get(state.layout(now)).is_some());
            prop_assert!(!state.is_changing(now) || conductor.is_changing_from_held());
        }
        let heard = heard.lock().unwrap();
        prop_assert!(conductor.recent().eq(heard.iter().skip(heard.len().saturating_sub(MAX_RECENT))));
        prop_assert!(heard.windows(2).all(|pair| pair[0].version <= pair[1].version));
    }
}

#[test]
fn what_is_shown_by_hand_ends_by_itself_or_is_taken_back_and_every_order_is_recorded() {
    let mut conductor = conductor();
    let records = Arc::new(Mutex::new(Vec::new()));
    let kept = records.clone();
    let start = conductor.state().clone();
    conductor.record(Box::new(move |record, state| kept.lock().unwrap().push((record, state.clone()))));
    conductor.order(api(UserCommand::Step(StepTo::Number(2))), &region(), NOW).unwrap();
    let for_a_minute =
        UserCommand::Show { layout: "night".into(), transition: None, look: None, for_secs: Some(60.0), stays: false };
    let order = Order { reason: Some("совещание".into()), ..api(for_a_minute) };
    let version = conductor.order(order, &region(), NOW.plus_millis(1000)).unwrap();
    let end = NOW.plus_millis(61_000);
    assert_eq!(conductor.state().layout(end.plus_millis(-1)).name, "night");
    assert_eq!(conductor.state().on_air(NOW.plus_millis(1000)).reason.as_deref(), Some("совещание"));
    // Who gives an order for another state than there is, or has no right to it, changes nothing.
    let late = Order { if_version: Some(version - 1), ..api(UserCommand::Press) };
    assert!(matches!(conductor.order(late, &region(), NOW), Err(Refusal::Changed { version: now }) if now == version));
    let viewer = Order::new(Principal::new("tablet", Role::Viewer), Via::Api, UserCommand::Back);
    let refused = conductor.order(viewer.clone(), &region(), NOW).unwrap_err();
    assert!(matches!(refused, Refusal::NotAllowed { least: Role::Operator, .. }));
    assert!(conductor.dry_run(&Order::local(Via::Api, UserCommand::Back), &region(), NOW).is_ok());
    assert_eq!(conductor.state().version, version);
    // The steps go on under the hand by their time, and show after it.
    conductor.advance(&region(), NOW.plus_millis(30_000));
    assert_eq!(conductor.state().step.unwrap().step, 0);
    conductor.advance(&region(), end);
    assert_eq!((conductor.state().layout(end).name.as_str(), conductor.state().step.unwrap().step), ("deadlines", 1));
    let refused = conductor.order(api(UserCommand::Back), &region(), end).unwrap_err();
    assert!(matches!(refused, Refusal::NothingByHand));
    // The record replays to the state, and says what was refused to whom.
    let records = records.lock().unwrap();
    let replayed = records.iter().filter_map(|(record, _)| Some((record.command.as_ref()?, record.at_millis)));
    let replayed = replayed.fold(start, |state, (command, at)| apply(&state, command, Moment(at)).0);
    assert_eq!(
        (&replayed, &records.iter().rfind(|(record, _)| record.command.is_some()).unwrap().1),
        (conductor.state(), &replayed)
    );
    let refusals: Vec<_> =
        records.iter().filter(|(record, _)| matches!(record.outcome, Outcome::Refused { .. })).collect();
    assert_eq!((refusals.len(), refusals[1].0.by.name.as_str(), refusals[1].0.id), (3, "tablet", viewer.id));
}

#[test]
fn a_wall_that_was_started_again_goes_on_with_what_can_still_be_shown() {
    let mut before = conductor();
    before.order(api(UserCommand::Step(StepTo::Number(2))), &region(), NOW).unwrap();
    before.order(api(show("night")), &region(), NOW).unwrap();
    before.order(api(UserCommand::Press), &region(), NOW).unwrap();
    let mut after = conductor();
    after.begin(Some(before.state().clone()), NOW.plus_millis(2000));
    assert_eq!((after.state().layout(NOW).name.as_str(), after.state().is_pressed(NOW)), ("night", true));
    assert_eq!((after.state().step, after.state().version), (before.state().step, before.state().version + 1));
    // A file that is gone takes its claim with it, and no other.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    std::fs::write(&file, Catalogue::load("night").unwrap().text).unwrap();
    before.order(api(show(file.to_str().unwrap())), &region(), NOW).unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut after = conductor();
    after.begin(Some(before.state().clone()), NOW.plus_millis(2000));
    assert_eq!((after.state().layout(NOW).name.as_str(), after.state().is_pressed(NOW)), ("deadlines", true));
    // A wall that is given no visit does not go on with one.
    let mut without = Conductor::new("overview", Catalogue::load("overview").unwrap(), Lang::Ru);
    without.begin(Some(before.state().clone()), NOW.plus_millis(2000));
    assert_eq!((without.state().layout(NOW).name.as_str(), without.state().step), ("overview", None));
}

/// The catalogue holds the last two readings of a layout: what only was tried must not push out what is shown.
#[test]
fn what_is_tried_or_refused_leaves_what_is_shown_in_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let name = file.to_str().unwrap().to_owned();
    let write = |columns: usize| std::fs::write(&file, layout("own", columns).text).unwrap();
    let mut conductor = conductor();
    write(1);
    conductor.order(api(show(&name)), &region(), NOW).unwrap();
    for columns in 2..6 {
        write(columns);
        let nowhere = Some(Target::municipality("Нигде"));
        let refused =
            UserCommand::Show { layout: name.clone(), transition: None, look: nowhere, for_secs: None, stays: false };
        assert!(conductor.dry_run(&api(show(&name)), &region(), NOW).is_ok());
        assert!(conductor.order(api(refused), &region(), NOW).is_err());
        assert!(conductor.catalogue().get(conductor.state().layout(NOW)).is_some(), "{columns}");
    }
}

#[test]
fn a_visit_leaves_out_what_its_sheet_allows_and_nothing_else() {
    let step =
        |name: &str, more: &str| format!("[[step]]\ntitle = \"{name}\"\nlayout = \"overview\"\nsecs = 60\n{more}");
    let text = format!(
        "title = \"Визит\"\n{}{}{}",
        step("1", ""),
        step("2", "may_skip = true\nmin_secs = 30\n"),
        step("3", "")
    );
    let mut conductor = Conductor::new("overview", Catalogue::load("overview").unwrap(), Lang::Ru);
    conductor.replace_run_sheet(runsheet::parse(Path::new("v.toml"), &text).unwrap(), "overview", NOW).unwrap();
    let order = |conductor: &mut Conductor, command| conductor.order(api(command), &region(), NOW.plus_millis(100_000));
    conductor.order(api(UserCommand::Step(StepTo::Number(1))), &region(), NOW).unwrap();
    let catch_up = |skip: &[usize]| UserCommand::CatchUp(CatchUp { skip: skip.to_vec(), shorten: Vec::new() });
    assert!(matches!(order(&mut conductor, catch_up(&[3])), Err(Refusal::NotInSheet)));
    let view = |conductor: &Conductor| {
        conductor.visit().unwrap().view(conductor.state(), &jiff::tz::TimeZone::UTC, NOW.plus_millis(100_000))
    };
    // Forty seconds late: the second step may be half as long, which is not enough, and so it goes.
    let late = view(&conductor);
    assert_eq!((late.behind_secs, late.offer.as_ref().unwrap().catch_up.skip.as_slice()), (Some(40.0), &[2][..]));
    order(&mut conductor, UserCommand::CatchUp(late.offer.unwrap().catch_up)).unwrap();
    let early = view(&conductor);
    assert_eq!((early.behind_secs, early.offer, early.steps[1].is_skipped), (Some(-20.0), None, true));
    order(&mut conductor, UserCommand::Step(StepTo::Next)).unwrap();
    assert_eq!(conductor.state().step.unwrap().step, 2, "the second is left out");
    order(&mut conductor, catch_up(&[])).unwrap();
    order(&mut conductor, UserCommand::Step(StepTo::Previous)).unwrap();
    assert_eq!(conductor.state().step.unwrap().step, 1, "it is as it was rehearsed again");
}

/// The measures of every layout that is held are taken every two seconds: those that nobody shows any more go.
#[test]
fn a_wall_that_was_shown_everything_holds_what_it_shows() {
    let mut conductor = conductor();
    let folder = tempfile::tempdir().unwrap();
    for number in 0..60 {
        let file = folder.path().join(format!("{number}.toml"));
        std::fs::write(&file, layout("own", 1).text).unwrap();
        let now = NOW.plus_millis(10_000 * number);
        conductor.order(api(show(file.to_str().unwrap())), &region(), now).unwrap();
        assert!(conductor.catalogue().names().count() <= MAX_LAYOUTS + 1, "{number}");
        assert!(conductor.catalogue().get(conductor.state().layout(now)).is_some());
        assert!(conductor.is_changing_from_held(), "{number}");
        assert!(conductor.catalogue().newest("deadlines").is_some(), "a step of the visit shows it");
    }
}

#[test]
fn a_visit_leaves_its_step_for_a_board_and_comes_back() {
    let mut conductor = conductor();
    let at = |secs: i64| NOW.plus_millis(1000 * secs);
    let detour = |name: &str| api(UserCommand::Detour { municipality: name.into() });
    assert!(
        matches!(conductor.order(detour("Ключевск"), &region(), NOW), Err(Refusal::NoRunSheet)),
        "it has not begun"
    );
    conductor.order(api(UserCommand::Step(StepTo::Number(1))), &region(), NOW).unwrap();
    assert!(conductor.order(detour("Ключевскк"), &region(), at(5)).unwrap_err().to_string().contains("Ключевск"));
    assert!(matches!(conductor.order(api(UserCommand::Return), &region(), at(5)), Err(Refusal::NotElsewhere)));
    conductor.order(detour("Ключевск"), &region(), at(5)).unwrap();
    // Its twenty seconds are not over while it is elsewhere.
    conductor.advance(&region(), at(60));
    let shown = conductor.state().layout(at(60)).name.clone();
    assert_eq!((shown.as_str(), conductor.state().step.unwrap().step), ("municipality/@Ключевск", 0));
    conductor.order(api(UserCommand::Return), &region(), at(65)).unwrap();
    let view = conductor.visit().unwrap().view(conductor.state(), &jiff::tz::TimeZone::UTC, at(70));
    assert_eq!(
        (view.lasts_secs, view.detour_secs, view.behind_secs, view.is_elsewhere),
        (10.0, 60.0, Some(0.0), false)
    );
    conductor.advance(&region(), at(80));
    assert_eq!(conductor.state().step.unwrap().step, 1, "now they are");
}
