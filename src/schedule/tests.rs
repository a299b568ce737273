use std::path::Path;

use jiff::civil::{Weekday, date};
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;

use super::*;
use crate::operation;
use crate::signal::{Band, Signal};

const MINUTE: i64 = 60_000;

fn none() -> Latches {
    Latches::new()
}

fn as_written(latches: &Latches) -> Overrides<'_> {
    Overrides { latches, skips: &[], hold: None }
}

fn schedule(text: &str) -> Schedule {
    operation::parse(Path::new("operation.toml"), text).unwrap_or_else(|fault| panic!("{fault}")).schedule
}

fn moscow() -> TimeZone {
    TimeZone::get("Europe/Moscow").unwrap()
}

fn at(text: &str) -> Moment {
    Moment::from(text.parse::<Timestamp>().unwrap())
}

const WEEK: &str = r#"
[calendar]
holidays = ["2027-01-01..2027-01-08", "2027-02-22..2027-02-23"]
workdays = ["2027-02-20"]
[[slot]]
name = "day"
days = "workdays"
from = "08:00"
to = "20:00"
playlist = [{ layout = "overview", secs = 60 }, { layout = "deadlines", secs = 120 }]
[[slot]]
name = "night"
from = "20:00"
to = "08:00"
layout = "night"
[[slot]]
name = "snow"
rank = 10
when = { metric = "received", filter = { topic = "snow" }, period = "24-hours", above = 50, clear = 35, for_secs = 300 }
layout = "prevention"
"#;

fn names(schedule: &Schedule, now: &str) -> (Option<String>, Option<String>) {
    let latches = none();
    let (airing, until) = schedule.airing(as_written(&latches), at(now), &moscow());
    let until = until.map(|at| at.zoned(&moscow()).strftime("%d %H:%M:%S").to_string());
    (airing.map(|airing| airing.item.layout.clone()), until)
}

#[test]
fn the_hour_and_the_calendar_say_what_is_shown_and_until_when() {
    let schedule = schedule(WEEK);
    let is = |now: &str, layout: Option<&str>, until: &str| {
        assert_eq!(names(&schedule, now), (layout.map(str::to_owned), Some(until.to_owned())), "{now}");
    };
    // Friday, 14:05:30 by the clocks of Moscow: the playlist began at 8:00, and its place follows from the clock.
    is("2026-11-20T11:05:30Z", Some("deadlines"), "20 14:06:00");
    is("2026-11-20T11:06:00Z", Some("overview"), "20 14:07:00");
    is("2026-11-20T18:00:00Z", Some("night"), "21 08:00:00");
    // On Saturday nothing is scheduled by day; the night ends in the morning, as every night.
    is("2026-11-21T04:59:59Z", Some("night"), "21 08:00:00");
    is("2026-11-21T05:00:00Z", None, "21 20:00:00");
    // New Year is no working day; the Saturday of February that was made one is.
    is("2027-01-04T09:00:00Z", None, "04 20:00:00");
    is("2027-02-20T09:00:30Z", Some("overview"), "20 12:01:00");
}

#[test]
fn a_condition_comes_over_the_hour_and_what_is_skipped_or_held_gives_way() {
    let schedule = schedule(WEEK);
    let now = at("2026-11-20T11:05:30Z");
    let slot = |overrides: Overrides<'_>, now: Moment| {
        schedule.airing(overrides, now, &moscow()).0.map(|airing| (airing.slot.name.clone(), airing.slot_since))
    };
    let on = Latches::from([("snow".to_owned(), Latch::On { since_millis: now.0 - 5 * MINUTE })]);
    assert_eq!(slot(as_written(&on), now), Some(("snow".into(), now.plus_millis(-5 * MINUTE))));
    let rising = Latches::from([("snow".to_owned(), Latch::Rising { since_millis: now.0 })]);
    assert_eq!(slot(as_written(&rising), now).unwrap().0, "day");
    // Today's evening is not wanted; tomorrow's is.
    let latches = none();
    let evening = schedule.this_or_next("night", now, &moscow()).unwrap();
    assert_eq!((evening.from, evening.until), (at("2026-11-20T17:00:00Z"), at("2026-11-21T05:00:00Z")));
    let skip = Skip {
        slot: "night".into(),
        from_millis: evening.from.0,
        until_millis: evening.until.0,
        by: "планшет".into(),
        reason: "штаб".into(),
    };
    let skipped = Overrides { skips: std::slice::from_ref(&skip), ..as_written(&latches) };
    assert_eq!(slot(skipped, at("2026-11-20T18:00:00Z")), None);
    assert_eq!(slot(skipped, at("2026-11-21T18:00:00Z")).unwrap().0, "night");
    // What is held stays over its end, over conditions, too, until its own end.
    let hold = Hold {
        slot: "day".into(),
        since_millis: at("2026-11-20T05:00:00Z").0,
        until_millis: Some(at("2026-11-20T19:00:00Z").0),
        by: "планшет".into(),
        reason: "штаб".into(),
    };
    let held = Overrides { hold: Some(&hold), ..as_written(&on) };
    assert_eq!(slot(held, at("2026-11-20T18:59:59Z")).unwrap().0, "day");
    assert_eq!(slot(held, at("2026-11-20T19:00:00Z")).unwrap().0, "snow");
    // What comes: by the clock alone.
    let coming = schedule.coming(as_written(&latches), now, &moscow(), 3);
    let told: Vec<_> = coming.iter().map(|(at, slot)| (*at, slot.map(|slot| slot.name.as_str()))).collect();
    let expected = [
        (at("2026-11-20T17:00:00Z"), Some("night")),
        (at("2026-11-21T05:00:00Z"), None),
        (at("2026-11-21T17:00:00Z"), Some("night")),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_day_is_told_with_its_reasons() {
    let schedule = schedule(WEEK);
    let latches = none();
    let plan = schedule.plan(date(2027, 2, 20), as_written(&latches), &moscow());
    assert_eq!(plan.kind, DayKind::Workday);
    let told: Vec<_> = plan
        .entries
        .iter()
        .map(|entry| {
            let time = |at: Moment| at.zoned(&moscow()).strftime("%d %H:%M").to_string();
            (time(entry.from), time(entry.until), entry.slot.map(|slot| slot.name.as_str()), entry.reason)
        })
        .collect();
    let expected = [
        ("20 00:00".into(), "20 08:00".into(), Some("night"), Some(Reason::EveryDay)),
        ("20 08:00".into(), "20 20:00".into(), Some("day"), Some(Reason::Moved)),
        ("20 20:00".into(), "21 00:00".into(), Some("night"), Some(Reason::EveryDay)),
    ];
    assert_eq!(told, expected);
    assert_eq!(plan.conditional.iter().map(|(slot, ..)| slot.name.as_str()).collect::<Vec<_>>(), ["snow"]);
}

#[test]
fn what_is_odd_is_found() {
    let text = format!(
        "{WEEK}[[slot]]\nname = \"hidden\"\nfrom = \"21:00\"\nto = \"22:00\"\nlayout = \"overview\"\n\
         [[slot]]\nname = \"never\"\ndays = \"2019-01-01\"\nlayout = \"overview\"\n\
         [[slot]]\nname = \"short\"\nrank = 3\nfrom = \"09:00\"\nto = \"10:00\"\nlayout = \"overview\"\n"
    );
    let schedule = schedule(&text);
    let findings = review(&schedule, date(2026, 11, 20), &moscow());
    let first = schedule.slots.iter().position(|slot| slot.name == "hidden").unwrap();
    assert!(
        matches!(findings[0], Finding::Gap { from, .. } if from == at("2026-11-21T05:00:00Z")),
        "nothing is scheduled on Saturday: {findings:?}"
    );
    assert!(matches!(findings[1], Finding::Overlap { slots: [1, 3], .. }), "{findings:?}");
    let rest = [Finding::NeverShown { slot: first }, Finding::NeverShown { slot: first + 1 }];
    assert_eq!(findings[2..], rest);
}

/// A schedule by plain lists of minutes: what each clock shows in each of them, and nothing of the code above.
struct Oracle {
    /// The first minute, in minutes since 1970.
    first: i64,
    civil: Vec<DateTime>,
    /// The latest that was shown up to each minute.
    latest: Vec<DateTime>,
}

impl Oracle {
    fn new(from: Moment, until: Moment, zone: &TimeZone) -> Self {
        let first = from.0 / MINUTE;
        let civil: Vec<DateTime> =
            (first..until.0 / MINUTE).map(|minute| Moment(minute * MINUTE).zoned(zone).datetime()).collect();
        let mut latest = civil.clone();
        for index in 1..latest.len() {
            latest[index] = latest[index].max(latest[index - 1]);
        }
        Self { first, civil, latest }
    }

    /// The first minute whose clock shows this or more.
    fn minute_of(&self, wanted: DateTime) -> usize {
        self.latest.partition_point(|shown| *shown < wanted)
    }

    /// The slot of each minute, and the minute in which it began.
    fn chosen(&self, schedule: &Schedule, overrides: Overrides<'_>) -> Vec<Option<(usize, usize)>> {
        let mut chosen: Vec<Option<(usize, usize)>> = vec![None; self.civil.len()];
        let days = self.civil[0].date().series(1.day()).take_while(|day| *day <= self.civil.last().unwrap().date());
        for day in days {
            for (index, slot) in schedule.slots.iter().enumerate() {
                let is_moved = schedule.calendar.workdays.iter().any(|(a, b)| *a <= day && day <= *b);
                let is_off = schedule.calendar.holidays.iter().any(|(a, b)| *a <= day && day <= *b);
                let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
                let is_on = slot.days.iter().any(|rule| match rule {
                    DayRule::All => true,
                    DayRule::Kind(DayKind::Workday) => is_moved || !is_off && !is_weekend,
                    DayRule::Kind(DayKind::Holiday) => is_off && !is_moved,
                    DayRule::Kind(DayKind::Weekend) => is_weekend && !is_off && !is_moved,
                    DayRule::Weekday(weekday) => day.weekday() == *weekday,
                    DayRule::Dates((a, b)) => *a <= day && day <= *b,
                });
                let clock =
                    |day: Date, minute: u16| day.at(0, 0, 0, 0).checked_add(i64::from(minute).minutes()).unwrap();
                let last = if slot.to_minute <= slot.from_minute { day.tomorrow().unwrap() } else { day };
                let begin = self.minute_of(clock(day, slot.from_minute));
                let end = self.minute_of(clock(last, slot.to_minute));
                let range = if is_on { begin..end } else { 0..0 };
                for (minute, chosen) in chosen.iter_mut().enumerate().take(range.end).skip(range.start) {
                    let now = (self.first + minute as i64) * MINUTE;
                    let skipped = overrides
                        .skips
                        .iter()
                        .any(|skip| skip.slot == slot.name && skip.from_millis <= now && now < skip.until_millis);
                    let risen = match (&slot.when, overrides.latches.get(&slot.name)) {
                        (None, _) => Some(i64::MIN),
                        (Some(_), Some(Latch::On { since_millis })) => Some(*since_millis),
                        _ => None,
                    };
                    let Some(risen) = risen.filter(|_| !skipped) else { continue };
                    let since = begin.max((risen / MINUTE - self.first).max(0) as usize);
                    let better = chosen.is_none_or(|(other, _): (usize, usize)| {
                        let other_rank = schedule.slots[other].rank;
                        slot.rank > other_rank || slot.rank == other_rank && index <= other
                    });
                    if better {
                        *chosen = Some((index, since));
                    }
                }
            }
        }
        chosen
    }
}

fn day_rule() -> impl Strategy<Value = DayRule> {
    let kind = prop_oneof![Just(DayKind::Workday), Just(DayKind::Weekend), Just(DayKind::Holiday)];
    prop_oneof![
        2 => Just(DayRule::All),
        3 => kind.prop_map(DayRule::Kind),
        1 => (1i8..=7).prop_map(|day| DayRule::Weekday(Weekday::from_monday_one_offset(day).unwrap())),
        1 => (0i64..360, 0i64..20).prop_map(|(day, more)| {
            let first = date(2027, 1, 1).checked_add(day.days()).unwrap();
            DayRule::Dates((first, first.checked_add(more.days()).unwrap()))
        }),
    ]
}

/// Minutes of a day, those of the hours at which clocks change more often than others.
fn minute_of_day() -> impl Strategy<Value = u16> {
    prop_oneof![2 => (0u16..24).prop_map(|hour| 60 * hour), 1 => 0u16..1440, 1 => 0u16..240]
}

fn slot() -> impl Strategy<Value = Slot> {
    let playlist = prop::collection::vec(30i64..400, 1..4);
    (prop::collection::vec(day_rule(), 1..3), minute_of_day(), minute_of_day(), 0..3i32, playlist, 0..5u8).prop_map(
        |(days, from_minute, to_minute, rank, playlist, when)| {
            let several = playlist.len() > 1;
            let item = |(index, minutes): (usize, i64)| Item {
                layout: format!("l{index}"),
                millis: several.then_some(minutes * MINUTE),
                look: None,
                source: 0..0,
            };
            let band = Band::Above { above: 1.0, clear: 0.0 };
            let when = (when == 0).then_some(When {
                signal: Signal::FreeDisk,
                band,
                rise_after_millis: 0,
                clear_after_millis: 0,
            });
            let playlist = playlist.into_iter().enumerate().map(item).collect();
            Slot { name: String::new(), rank, days, from_minute, to_minute, when, playlist, source: 0..0 }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn every_minute_of_a_year_agrees_with_plain_lists(
        mut slots in prop::collection::vec(slot(), 1..6),
        holidays in prop::collection::vec((0i64..360, 0i64..9), 0..6),
        workdays in prop::collection::vec(0i64..360, 0..6),
        risen in prop::collection::vec(prop::option::of(0i64..500_000), 6),
        skips in prop::collection::vec((0usize..6, 0i64..500_000, 1i64..3000), 0..4),
    ) {
        slots.iter_mut().enumerate().for_each(|(index, slot)| slot.name = format!("s{index}"));
        for name in ["Europe/Moscow", "Europe/Berlin", "Australia/Lord_Howe"] {
            let zone = TimeZone::get(name).unwrap();
            let day = |at: i64| date(2027, 1, 1).checked_add(at.days()).unwrap();
            let holidays = holidays.iter().map(|(at, more)| (day(*at), day(at + more))).collect();
            let calendar = Calendar {
                time_zone: None,
                holidays,
                workdays: workdays.iter().map(|at| (day(*at), day(*at))).collect(),
            };
            let schedule = Schedule { calendar, slots: slots.clone() };
            let first = first_moment(date(2026, 12, 28).at(0, 0, 0, 0), &zone);
            let until = first_moment(date(2028, 1, 4).at(0, 0, 0, 0), &zone);
            let oracle = Oracle::new(first, until, &zone);
            let year = first_moment(date(2027, 1, 1).at(0, 0, 0, 0), &zone);
            let latches: Latches = (0..slots.len())
                .filter_map(|at| Some((format!("s{at}"), Latch::On { since_millis: year.0 + MINUTE * risen[at]? })))
                .collect();
            let skips: Vec<Skip> = skips
                .iter()
                .map(|(slot, from, lasts)| Skip {
                    slot: format!("s{slot}"),
                    from_millis: year.0 + MINUTE * from,
                    until_millis: year.0 + MINUTE * (from + lasts),
                    by: String::new(),
                    reason: String::new(),
                })
                .collect();
            let overrides = Overrides { latches: &latches, skips: &skips, hold: None };
            let chosen = oracle.chosen(&schedule, overrides);
            let mut now = year;
            let end = first_moment(date(2028, 1, 1).at(0, 0, 0, 0), &zone);
            while now < end {
                let (airing, until) = schedule.airing(overrides, now, &zone);
                // A condition is said to have risen before it has: until then its moment lies ahead.
                let told = airing.map(|a| (a.slot.name.clone(), a.slot_since, a.item.layout.clone()));
                let until = until.unwrap_or(now.plus_millis(1440 * MINUTE)).min(end);
                prop_assert!(until > now && until.0 % MINUTE == 0, "{}", until.zoned(&zone));
                while now < until {
                    let minute = (now.0 / MINUTE - oracle.first) as usize;
                    let expected = chosen[minute].map(|(slot, since)| {
                        let slot = &schedule.slots[slot];
                        let since = Moment((oracle.first + since as i64) * MINUTE);
                        let whole: i64 = slot.playlist.iter().map(|item| item.millis.unwrap_or(0)).sum();
                        let mut left = if whole > 0 { (now.0 - since.0).rem_euclid(whole) } else { 0 };
                        let mut items = slot.playlist.iter();
                        let shown = items.find(|item| {
                            left -= item.millis.unwrap_or(i64::MAX);
                            left < 0
                        });
                        (slot.name.clone(), since, shown.unwrap().layout.clone())
                    });
                    prop_assert_eq!(&told, &expected, "{} {}", name, now.zoned(&zone));
                    now = now.plus_millis(MINUTE);
                }
            }
        }
    }
}
