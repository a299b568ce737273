use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::operation;
use crate::signal::{Band, Signal};

fn rule(name: &str, after_secs: i64, clear_secs: i64) -> Rule {
    Rule {
        name: name.into(),
        title: LocalizedText::Once("Отопление".into()),
        when: When {
            signal: Signal::FreeDisk,
            band: Band::Above { above: 40.0, clear: 28.0 },
            rise_after_millis: 1000 * after_secs,
            clear_after_millis: 1000 * clear_secs,
        },
        priority: Priority::High,
        takeover: Some(Takeover { layout: "emergency".into(), look: None, at_most_millis: 900_000, source: 0..0 }),
        action: LocalizedText::Once("Позвонить 112".into()),
        repeat_after_millis: None,
        no_data: NoData::Keep,
        notify: Vec::new(),
        source: 0..0,
    }
}

fn at(secs: i64) -> Moment {
    Moment::from_secs(secs)
}

/// What each rise, fall and hand does where an alarm stands: the contract, as a table.
const TABLE: [(Stands, &str, Stands); 16] = [
    (Stands::Normal, "rose", Stands::Unacknowledged),
    (Stands::Normal, "cleared", Stands::Normal),
    (Stands::Normal, "taken", Stands::Normal),
    (Stands::Pending, "rose", Stands::Unacknowledged),
    (Stands::Pending, "cleared", Stands::Normal),
    (Stands::Pending, "taken", Stands::Pending),
    (Stands::Unacknowledged, "rose", Stands::Unacknowledged),
    (Stands::Unacknowledged, "cleared", Stands::Returned),
    (Stands::Unacknowledged, "taken", Stands::Acknowledged),
    (Stands::Acknowledged, "rose", Stands::Acknowledged),
    (Stands::Acknowledged, "cleared", Stands::Normal),
    (Stands::Acknowledged, "taken", Stands::Acknowledged),
    (Stands::Returned, "rose", Stands::Unacknowledged),
    (Stands::Returned, "cleared", Stands::Returned),
    (Stands::Returned, "taken", Stands::Normal),
    (Stands::Returned, "pending", Stands::Returned),
];

fn by_table(stands: Stands, what: &str) -> Stands {
    TABLE.iter().find(|row| row.0 == stands && row.1 == what).unwrap().2
}

#[derive(Debug, Clone)]
enum Hand {
    None,
    Take,
    Shelve(i64),
    Unshelve,
}

fn hand() -> impl Strategy<Value = Hand> {
    prop_oneof![
        6 => Just(Hand::None),
        2 => Just(Hand::Take),
        1 => (1i64..400).prop_map(Hand::Shelve),
        1 => Just(Hand::Unshelve),
    ]
}

proptest! {
    #[test]
    fn random_signals_agree_with_the_table(
        steps in prop::collection::vec((1i64..90, prop::option::weighted(0.9, 0f64..60.0), hand()), 1..250),
        after in 0i64..200, clear in 0i64..200, no_data: bool,
    ) {
        let mut rule = rule("heating", after, clear);
        rule.no_data = if no_data { NoData::Alarm } else { NoData::Keep };
        let mut alarm = Alarm::of(&rule);
        let (mut stands, mut on, mut shelf_until) = (Stands::Normal, false, 0);
        let mut held: Vec<(i64, Option<f64>)> = Vec::new();
        let mut secs = 0;
        for (pause, value, hand) in steps {
            secs += pause;
            let (was_on, was_shelved) = (on, secs < shelf_until);
            // What is not known is as bad as can be, where the rule says so.
            let judged = if no_data { Some(value.unwrap_or(f64::INFINITY)) } else { value };
            held.push((secs, judged));
            let lasts = |is: &dyn Fn(f64) -> bool| {
                let since = held.iter().rev().take_while(|(_, value)| value.is_some_and(is)).last();
                since.map(|(at, _)| secs - at)
            };
            let is_high = judged.is_some_and(|value| value > 40.0);
            if !on {
                on = lasts(&|v| v > 40.0).is_some_and(|secs| secs >= after);
            } else {
                on = lasts(&|v| v <= 28.0).is_none_or(|secs| secs < clear);
            }
            match (was_on, on) {
                (false, true) => stands = by_table(stands, "rose"),
                (true, false) => stands = by_table(stands, "cleared"),
                (false, false) if matches!(stands, Stands::Normal | Stands::Pending) => {
                    stands = if is_high { Stands::Pending } else { Stands::Normal };
                }
                _ => {}
            }
            if was_on != on {
                held.clear();
            }
            let before = alarm.clone();
            let (next, told) = step(&alarm, &rule, value, at(secs));
            prop_assert_eq!(next.stands, stands);
            prop_assert_eq!(next.latch.on_since().is_some(), on);
            // A shelf hides what is told, and nothing else.
            let unshelved = before.shelf.is_some() && !was_shelved && stands == Stands::Unacknowledged && was_on && on;
            let expected = match (was_on, on) {
                (false, true) => Some(Told::Rose),
                (true, false) => Some(Told::Cleared),
                _ if unshelved => Some(Told::Rose),
                _ => None,
            };
            prop_assert_eq!(told, expected.filter(|_| !was_shelved));
            // A wall that is started again in whatever state goes on as it was.
            alarm = serde_json::from_str(&serde_json::to_string(&next).unwrap()).unwrap();
            prop_assert_eq!(&alarm, &next);
            prop_assert!(alarm.next_change(&rule).is_none_or(|due| due > at(secs)));
            match hand {
                Hand::None => {}
                Hand::Take => {
                    let taken = acknowledge(&alarm, "дежурный", None, at(secs));
                    let expected = by_table(stands, "taken");
                    prop_assert_eq!(taken.is_some(), expected != stands);
                    alarm = taken.unwrap_or(alarm);
                    stands = expected;
                    prop_assert_eq!(alarm.acknowledged.is_some(), stands == Stands::Acknowledged);
                }
                Hand::Shelve(lasts) => {
                    alarm = shelve(&alarm, "дежурный", "работы".into(), 1000 * lasts, at(secs));
                    shelf_until = secs + lasts;
                }
                Hand::Unshelve => {
                    let was = secs < shelf_until;
                    let unshelved = unshelve(&alarm, at(secs));
                    prop_assert_eq!(unshelved.is_some(), was);
                    alarm = unshelved.unwrap_or(alarm);
                    shelf_until = shelf_until.min(secs);
                }
            }
            prop_assert_eq!(alarm.calls(at(secs)), stands == Stands::Unacknowledged && secs >= shelf_until);
        }
    }

    /// However alarms come and go, the wall changes hands only when whoever has it is done.
    #[test]
    fn two_alarms_never_alternate(
        steps in prop::collection::vec((1i64..120, 0usize..4, any::<bool>(), 0u8..6), 1..200),
    ) {
        let rules: Vec<Rule> = (0..4).map(|index| rule(&format!("r{index}"), 0, 0)).collect();
        let mut alarms = Alarms::default();
        let mut values = [0.0; 4];
        let (mut secs, mut has_it): (i64, Option<String>) = (0, None);
        for (pause, which, high, hand) in steps {
            secs += pause;
            values[which] = if high { 50.0 } else { 0.0 };
            for (rule, value) in rules.iter().zip(values) {
                let known = alarms.by_name.get(&rule.name).cloned().unwrap_or_else(|| Alarm::of(rule));
                alarms.by_name.insert(rule.name.clone(), step(&known, rule, Some(value), at(secs)).0);
            }
            if let (0, Some(name)) = (hand, &has_it) {
                let taken = acknowledge(&alarms.by_name[name], "дежурный", None, at(secs));
                taken.into_iter().for_each(|taken| drop(alarms.by_name.insert(name.clone(), taken)));
            }
            let next = takeover(&rules, &alarms, at(secs)).map(|rule| rule.name.clone());
            if let Some(last) = has_it.as_ref().filter(|last| Some(*last) != next.as_ref()) {
                let alarm = &alarms.by_name[last];
                let over = alarm.taken_millis.is_none_or(|taken| at(secs).0 >= taken + 900_000);
                prop_assert!(!alarm.calls(at(secs)) || over, "{} was pushed away by {:?}", last, next);
            }
            if let Some(alarm) = next.as_ref().and_then(|name| alarms.by_name.get_mut(name)) {
                alarm.taken_millis.get_or_insert(at(secs).0);
            }
            has_it = next;
        }
    }
}

#[test]
fn what_still_stands_is_told_again_and_takes_the_wall_over_again() {
    let mut rule = rule("heating", 0, 0);
    rule.repeat_after_millis = Some(600_000);
    let (risen, told) = step(&Alarm::of(&rule), &rule, Some(63.0), at(0));
    assert_eq!((risen.stands, told, risen.value), (Stands::Unacknowledged, Some(Told::Rose), Some(63.0)));
    // Nobody came: it is told again, and has had its time on the wall.
    assert_eq!(risen.next_change(&rule), Some(at(600)));
    let risen = Alarm { taken_millis: Some(0), ..risen };
    let (again, told) = step(&risen, &rule, Some(60.0), at(600));
    assert_eq!((again.stands, told, again.taken_millis), (Stands::Unacknowledged, Some(Told::Repeated), Some(0)));
    let taken = acknowledge(&again, "дежурный", Some("еду".into()), at(700)).unwrap();
    assert_eq!(step(&taken, &rule, Some(60.0), at(1299)).1, None);
    let (again, told) = step(&taken, &rule, Some(60.0), at(1300));
    assert_eq!((again.stands, told, &again.acknowledged), (Stands::Unacknowledged, Some(Told::Repeated), &None));
    // Shelved, it is not told, whoever has it keeps it, and nothing is due before the shelf ends.
    let shelved = shelve(&taken, "дежурный", "работы".into(), 7_200_000, at(800));
    let (still, told) = step(&shelved, &rule, Some(60.0), at(2000));
    assert_eq!((still.stands, told), (Stands::Acknowledged, None));
    assert_eq!(still.next_change(&rule), Some(at(800 + 7200)));
}

#[test]
fn more_rises_than_anybody_can_answer_are_a_flood() {
    let mut alarms = Alarms::default();
    let rules: Vec<Rule> = (0..12).map(|index| rule(&format!("r{index:02}"), 0, 0)).collect();
    for (index, rule) in rules.iter().enumerate() {
        let now = at(10 * index as i64);
        alarms.by_name.insert(rule.name.clone(), step(&Alarm::of(rule), rule, Some(50.0), now).0);
        assert_eq!(note_rise(&mut alarms, 1, now), index == 10, "the eleventh within ten minutes");
    }
    assert_eq!(takeover(&rules, &alarms, at(120)), None);
    assert_eq!(alarms.first_out(), Some("r00"), "the rest may be its consequence");
    // It is over when no more than five of the last ten minutes are left.
    note_rise(&mut alarms, 0, at(600 + 40));
    assert!(alarms.flood_since_millis.is_some());
    note_rise(&mut alarms, 0, at(600 + 70));
    assert_eq!(alarms.flood_since_millis, None);
    assert_eq!(takeover(&rules, &alarms, at(700)).map(|rule| rule.name.as_str()), Some("r00"), "the oldest");
}

const FILE: &str = r#"
[[alarm]]
name = "heating"
title = { ru = "Отопление: всплеск", en = "Heating: surge" }
when = { metric = "received", filter = { topic = "heating" }, period = "24-hours", above = 40, clear = 28 }
after_secs = 120
clear_after_secs = 600
priority = "high"
takeover = { layout = "emergency", look = { warning = 0 }, at_most_secs = 900 }
action = { ru = "Позвонить в ЕДДС, 112", en = "Call the duty desk, 112" }
repeat_after_secs = 1800
no_data = "keep"
"#;

#[test]
fn a_rule_without_an_action_or_with_half_of_what_it_needs_is_refused() {
    let read = |text: &str| operation::parse(Path::new("operation.toml"), text).map(|operation| operation.alarms);
    let rules = read(FILE).unwrap();
    assert_eq!((rules[0].when.rise_after_millis, rules[0].when.clear_after_millis), (120_000, 600_000));
    for (from, to, words) in [
        ("action = { ru = \"Позвонить в ЕДДС, 112\", en = \"Call the duty desk, 112\" }\n", "", "what to do"),
        ("priority = \"high\"", "priority = \"low\"", "`high`"),
        ("takeover = { layout = \"emergency\", look = { warning = 0 }, at_most_secs = 900 }\n", "", "takeover"),
        ("at_most_secs = 900", "at_most_secs = 1", "28800"),
        (", clear = 28", "", "clear"),
        ("clear = 28", "clear = 41", "far side"),
        (", period = \"24-hours\"", "", "period"),
        ("clear = 28 }", "clear = 28, for_secs = 60 }", "after_secs"),
        ("repeat_after_secs = 1800", "repeat_after_secs = 1", "repeat_after_secs"),
        ("after_secs = 120\n", "after_secs = 30\nno_data = \"alarm\"\n", "no_data"),
        ("no_data = \"keep\"", "notify = [\"duty\"]", "duty"),
        ("name = \"heating\"", "name = \"\"", "name"),
    ] {
        let text = FILE.replace(from, to);
        let text = if to.contains("\"alarm\"") { text.replace("no_data = \"keep\"\n", "") } else { text };
        let fault = read(&text).expect_err(to);
        assert!(fault.to_string().contains(words), "{from} -> {to}: {fault}");
    }
    let twice = format!("{FILE}{FILE}");
    assert!(read(&twice).unwrap_err().to_string().contains("heating"));
}
