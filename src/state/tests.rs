use super::*;
use crate::alarm::{Alarm, Stands, Watch};
use crate::layout::TransitionKind;
use crate::signal::Latch;
use proptest::prelude::*;

const FADE: Transition = Transition { kind: TransitionKind::CrossFade, secs: 0.6 };

fn layout(name: &str, reading: u64) -> LayoutRef {
    LayoutRef { name: name.to_owned(), digest: format!("{reading:064x}") }
}

/// A claim of a layer that shows a layout, or presses; it may end by itself.
fn claim(layer: Layer, name: &str, until_millis: Option<i64>) -> Claim {
    let show = (layer != Layer::Press).then(|| Show { layout: layout(name, 0), look: None, transition: FADE });
    Claim { layer, by: "somebody".into(), show, reason: None, since_millis: 0, until_millis }
}

fn command() -> impl Strategy<Value = Command> {
    let kind = prop_oneof![Just(TransitionKind::Cut), Just(TransitionKind::CrossFade), Just(TransitionKind::Slide)];
    let layer = (1..Layer::ALL.len()).prop_map(|at| Layer::ALL[at]);
    prop_oneof![
        (0..Layer::ALL.len(), 0..4u8, prop::option::of(0i64..2_000_000), any::<bool>()).prop_map(
            |(layer, name, until, looks)| {
                let mut claim = claim(Layer::ALL[layer], &format!("l{name}"), until);
                if let Some(show) = &mut claim.show {
                    show.look = looks.then(|| Place::Municipality(format!("m{name}")));
                }
                Command::Claim { claim }
            }
        ),
        layer.prop_map(|layer| Command::Withdraw { layer }),
        ((0..4u8), (0..3u64), kind, 0f64..3.0).prop_map(|(name, reading, kind, secs)| Command::Replace {
            layout: layout(&format!("l{name}"), reading),
            transition: Transition { kind, secs },
        }),
        any::<bool>().prop_map(|on| Command::Identify { on }),
        Just(Command::Expire),
        schedule_command(),
        (0..3u8, 0f64..4.0).prop_map(|(name, secs)| Command::Look {
            to: if name == 0 { Place::Home } else { Place::Municipality(format!("m{name}")) },
            secs: Some(secs).filter(|secs| *secs > 1.0),
        }),
        (0..3usize, 0..4u8)
            .prop_map(|(step, name)| Command::Step { step, claim: claim(Layer::Visit, &format!("l{name}"), None) }),
    ]
}

/// What changes what the schedule is decided by.
fn schedule_command() -> impl Strategy<Value = Command> {
    let latch =
        prop_oneof![Just(Latch::Off), Just(Latch::Rising { since_millis: 7 }), Just(Latch::On { since_millis: 9 }),];
    prop_oneof![
        (0..3u8, latch).prop_map(|(slot, latch)| Command::Latch { slot: format!("s{slot}"), latch }),
        (0..3u8, 0..1_000_000i64).prop_map(|(slot, from)| {
            let (by, reason) = ("somebody".to_owned(), "why".to_owned());
            let skip = Skip { slot: format!("s{slot}"), from_millis: from, until_millis: from + 500, by, reason };
            Command::Skip { skip }
        }),
        (0..3u8, prop::option::of(0..1_000_000i64)).prop_map(|(slot, until_millis)| {
            let (by, reason) = ("somebody".to_owned(), "why".to_owned());
            Command::Hold { hold: Hold { slot: format!("s{slot}"), since_millis: 0, until_millis, by, reason } }
        }),
        Just(Command::Follow),
        (0..3u8, prop::option::of(0..1_000_000i64))
            .prop_map(|(name, until)| Command::Detour { claim: claim(Layer::Hand, &format!("l{name}"), until) }),
        (0..3usize).prop_map(|step| Command::CatchUp { plan: CatchUp { skip: vec![step], shorten: Vec::new() } }),
        (0..3u8, 0..4u8, 0..13usize, any::<bool>()).prop_map(|(name, stands, rises, blind)| Command::Alarms {
            alarms: vec![(format!("a{name}"), (stands > 0).then(|| Box::new(alarm(stands))))],
            rises,
            watch: blind.then(|| Watch { rules: 3, unknown: vec![format!("a{name}")] }),
        }),
    ]
}

/// An alarm that stands somewhere.
fn alarm(stands: u8) -> Alarm {
    let stands = [Stands::Unacknowledged, Stands::Acknowledged, Stands::Returned][usize::from(stands) % 3];
    Alarm {
        stands,
        latch: Latch::On { since_millis: 5 },
        priority: crate::alarm::Priority::Middle,
        title: crate::language::LocalizedText::Once("t".into()),
        action: crate::language::LocalizedText::default(),
        value: Some(1.5),
        because: String::new(),
        risen_millis: Some(5),
        told_millis: None,
        taken_millis: None,
        acknowledged: None,
        shelf: None,
    }
}

fn operations() -> u32 {
    std::env::var("OBZOR_OPERATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
}

fn after(state: &State, command: Command, now: i64) -> State {
    apply(state, &command, Moment(now)).0
}

fn name_at(state: &State, now: i64) -> &str {
    &state.layout(Moment(now)).name
}

#[test]
fn what_is_under_way_goes_on_where_the_clock_is_set_back() {
    const HOUR: i64 = 3_600_000;
    let mut visit = claim(Layer::Visit, "b", Some(11 * HOUR));
    if let Some(show) = &mut visit.show {
        (show.look, show.transition.secs) = (Some(Place::Region), 2.0);
    }
    visit.since_millis = 10 * HOUR;
    let start = State::new(layout("a", 0), Lang::Ru);
    let state = after(&start, Command::Step { step: 1, claim: visit }, 10 * HOUR);
    let now = 9 * HOUR + 500;
    let state = after(&state, Command::ClockSet { by_millis: -HOUR }, now);
    let shown = state.shown(Moment(now));
    let began = [
        state.transition.as_ref().unwrap().began_millis,
        state.camera[0].began_millis,
        state.step.unwrap().began_millis,
        shown.since_millis,
    ];
    assert_eq!((began, shown.until_millis), ([9 * HOUR; 4], Some(10 * HOUR)));
    assert!(state.is_changing(Moment(now)) && !state.is_changing(Moment(now + 1500)));
}

#[test]
fn the_claim_under_one_that_ends_shows_again_as_it_was() {
    let start = State::new(layout("default", 0), Lang::Ru);
    let visit = after(&start, Command::Step { step: 0, claim: claim(Layer::Visit, "visit", None) }, 0);
    let looked = after(&visit, Command::Look { to: Place::Municipality("a".into()), secs: None }, 10);
    let hand = after(&looked, Command::Claim { claim: claim(Layer::Hand, "hand", Some(5000)) }, 100);
    assert_eq!((name_at(&hand, 4999), name_at(&hand, 5000)), ("hand", "visit"));
    assert_eq!((hand.next_change(Moment(100)), hand.camera.len()), (Some(Moment(5000)), 0));
    // The wall looked away meanwhile: what ended at 5 s did so at 5 s.
    let (back, events) = apply(&hand, &Command::Expire, Moment(9000));
    assert_eq!(events[0], Event::Expired { layer: Layer::Hand });
    assert_eq!(back.transition.as_ref().map(|t| (t.from.name.as_str(), t.began_millis)), Some(("hand", 5000)));
    assert_eq!(back.camera.last().map(|last| &last.to), Some(&Place::Municipality("a".into())));
    // What is taken back is gone; the default stays whatever is asked.
    let none = after(&back, Command::Withdraw { layer: Layer::Visit }, 9100);
    let still = after(&none, Command::Withdraw { layer: Layer::Default }, 9200);
    assert_eq!((name_at(&still, 9200), still.on_air(Moment(9200)).layer), ("default", Layer::Default));
}

#[test]
fn one_claim_of_a_layer_follows_another_without_what_lies_under_them() {
    let start = State::new(layout("default", 0), Lang::Ru);
    let first = after(&start, Command::Claim { claim: claim(Layer::Schedule, "day", Some(5000)) }, 0);
    let next = Claim { since_millis: 5000, ..claim(Layer::Schedule, "night", Some(9000)) };
    let (state, events) = apply(&first, &Command::Claim { claim: next.clone() }, Moment(5016));
    assert_eq!(state.transition.as_ref().map(|t| t.from.name.as_str()), Some("day"));
    assert!(!events.iter().any(|event| matches!(event, Event::Expired { .. })), "{events:?}");
    // One that begins later than the last has ended: what lay under them was seen.
    let late = Claim { since_millis: 6000, ..next };
    let (state, _) = apply(&first, &Command::Claim { claim: late }, Moment(6000));
    assert_eq!(state.transition.as_ref().map(|t| t.from.name.as_str()), Some("default"));
}

#[test]
fn a_visit_comes_back_from_elsewhere_to_its_step_and_its_time() {
    let start = State::new(layout("default", 0), Lang::Ru);
    let visit = after(&start, Command::Step { step: 0, claim: claim(Layer::Visit, "one", None) }, 0);
    let looked = after(&visit, Command::Look { to: Place::Municipality("a".into()), secs: None }, 5_000);
    let away = after(&looked, Command::Detour { claim: claim(Layer::Hand, "board", None) }, 20_000);
    assert_eq!((name_at(&away, 20_000), away.step.unwrap().clock(Moment(50_000))), ("board", Moment(20_000)));
    // From one board to the next is one detour.
    let further = after(&away, Command::Detour { claim: claim(Layer::Hand, "other", None) }, 40_000);
    let back = after(&further, Command::Withdraw { layer: Layer::Hand }, 80_000);
    let at = back.step.unwrap();
    assert_eq!((name_at(&back, 80_000), at.step, at.began_millis, at.detour_millis), ("one", 0, 60_000, 60_000));
    assert_eq!(back.camera.last().map(|last| &last.to), Some(&Place::Municipality("a".into())));
    // Whoever goes on from elsewhere is at the next step; what is shown by hand without a visit's leave stops no clock.
    let on = after(&further, Command::Step { step: 1, claim: claim(Layer::Visit, "two", None) }, 80_000);
    assert_eq!((name_at(&on, 80_000), on.step.unwrap().detour_millis), ("two", 60_000));
    let hand = after(&visit, Command::Claim { claim: claim(Layer::Hand, "hand", None) }, 20_000);
    assert_eq!(hand.step.unwrap().detour_since_millis, None);
}

#[test]
fn the_press_key_cuts_ends_takeovers_and_stands_over_all() {
    let start = State::new(layout("default", 0), Lang::Ru);
    let alarm = after(&start, Command::Claim { claim: claim(Layer::Alarm, "alarm", None) }, 0);
    let pressed = after(&alarm, Command::Claim { claim: claim(Layer::Press, "", None) }, 100);
    assert_eq!((name_at(&pressed, 100), pressed.on_air(Moment(100)).layer), ("default", Layer::Press));
    assert!(pressed.is_pressed(Moment(100)) && !pressed.is_changing(Moment(100)));
    // What is asked for while it is pressed shows, without it being released.
    let hand = after(&pressed, Command::Claim { claim: claim(Layer::Hand, "hand", None) }, 200);
    assert_eq!((name_at(&hand, 200), hand.on_air(Moment(200)).layer), ("hand", Layer::Press));
    let released = after(&hand, Command::Withdraw { layer: Layer::Press }, 300);
    assert_eq!((name_at(&released, 300), released.is_changing(Moment(300))), ("alarm", false));
}

#[test]
fn a_stack_that_is_none_is_refused_when_it_is_read() {
    let state = State::new(layout("a", 0), Lang::Ru);
    let state = after(&state, Command::Claim { claim: claim(Layer::Hand, "b", None) }, 0);
    let good = serde_json::to_value(&state).unwrap();
    assert_eq!(serde_json::from_value::<State>(good.clone()).unwrap(), state);
    let spoil = |change: fn(&mut Vec<serde_json::Value>)| {
        let mut bad = good.clone();
        change(bad["claims"].as_array_mut().unwrap());
        serde_json::from_value::<State>(bad)
    };
    assert!(spoil(Vec::clear).is_err());
    assert!(spoil(|claims| claims.reverse()).is_err());
    assert!(spoil(|claims| drop(claims.remove(0))).is_err());
    assert!(spoil(|claims| claims[1]["show"] = serde_json::Value::Null).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]
    #[test]
    fn any_commands_leave_a_state_that_holds_and_replays(
        commands in prop::collection::vec((command(), 0i64..2000), (operations() / 10) as usize)
    ) {
        let start = State::new(layout("l0", 0), Lang::Ru);
        let mut state = start.clone();
        let mut now = Moment(0);
        let mut log = Vec::new();
        for (command, pause) in commands {
            now = now.plus_millis(pause);
            // What is on air is known before anybody lets go of what has ended.
            let on_air = state.on_air(now).clone();
            let expired = apply(&state, &Command::Expire, now).0;
            prop_assert_eq!(&on_air, expired.on_air(now));
            prop_assert_eq!(state.layout(now), expired.layout(now));
            let (next, events) = apply(&state, &command, now);
            // Something happened exactly when the version grew, and then something differs.
            prop_assert_eq!(next.version, state.version + u64::from(!events.is_empty()));
            prop_assert_eq!(events.is_empty(), next == state);
            prop_assert!(next.camera.len() <= camera::MAX_MOVES);
            // The stack is whole, in order, and nothing on it has ended.
            prop_assert!(next.claims.windows(2).all(|pair| pair[0].layer < pair[1].layer));
            prop_assert!(next.claims.iter().all(|claim| claim.is_whole() && !claim.has_ended(now)));
            prop_assert_eq!(next.claims[0].layer, Layer::Default);
            prop_assert!(next.next_change(now).is_none_or(|change| change > now));
            if let Some(change) = &next.transition {
                prop_assert!(change.began_millis <= now.0);
                prop_assert!(!next.is_pressed(now) || state.is_pressed(now) || !next.is_changing(now));
            }
            log.push((serde_json::to_string(&command).unwrap(), now));
            state = next;
        }
        let replayed = log.iter().fold(start, |state, (line, at)| {
            apply(&state, &serde_json::from_str(line).unwrap(), *at).0
        });
        prop_assert_eq!(&replayed, &state);
        // It is whole when it comes back from a disk, or from another machine.
        let text = serde_json::to_string(&state).unwrap();
        prop_assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
    }
}
