//! Every metric against an oracle: the same, written as SQL over the same appeals in SQLite, must agree to the
//! last bit, over random appeals and moments, time zones and the ends of years.

use std::sync::Arc;

use jiff::tz::TimeZone;
use obzor::clock::Moment;
use obzor::data::measure::{
    Answer, Compare, Counted, Dimension, Filter, Metric, Period, Query, Status, Window, answer, near,
};
use obzor::data::region::{Boundaries, Dictionaries, Municipality, Region, Term, Topic};
use obzor::data::{Appeal, Degrees, NEVER, SOME_TIME, Snapshot, Store, UNKNOWN, Update};
use proptest::prelude::*;
use rusqlite::{Connection, params};

const ZONES: [&str; 5] =
    ["Europe/Moscow", "Asia/Kamchatka", "Europe/Kaliningrad", "America/New_York", "Asia/Kathmandu"];

fn region(zone: &str) -> Region {
    let term =
        |code: &str| Term { code: code.to_owned(), name: code.to_owned(), icon: None, short: None, from_rows: false };
    let topic = |sector| Topic {
        code: format!("t{sector}"),
        name: "t".to_owned(),
        short: None,
        icon: None,
        sector,
        due_hours: 24,
        from_rows: false,
    };
    Region {
        dictionaries: Dictionaries {
            region: "r".to_owned(),
            centre: "c".to_owned(),
            time_zone: zone.to_owned(),
            demo: true,
            attribution: None,
            sectors: vec![term("a"), term("b")],
            topics: vec![topic(0), topic(1), topic(1)],
            channels: vec![term("x"), term("y")],
            agencies: vec![term("y"), term("z")],
            municipalities: [70_000, 3_001]
                .map(|population| Municipality { name: "m".to_owned(), population, from_rows: false })
                .to_vec(),
            translations: Default::default(),
        },
        boundaries: Boundaries::default(),
    }
}

fn snapshot(zone: &str, appeals: &[Appeal]) -> Snapshot {
    let mut store = Store::new();
    store.apply(Update::Region(Arc::new(region(zone))), Moment(0));
    store.apply(Update::Appeals(appeals.to_vec()), Moment(0));
    store.apply(Update::Complete(Moment(0)), Moment(0));
    store.snapshot()
}

fn database(appeals: &[Appeal]) -> Connection {
    let database = Connection::open_in_memory().unwrap();
    database
        .execute_batch(
            "CREATE TABLE appeal (received, first_reply, answered, accepted, due, topic, sector, municipality, agency, channel, moves, rating, repeat)",
        )
        .unwrap();
    let mut put = database.prepare("INSERT INTO appeal VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)").unwrap();
    for a in appeals {
        // What is not known stands as -1: no comparison with a window lets it through.
        let known = |at: u32| match at {
            NEVER => None,
            UNKNOWN => Some(-1),
            at => Some(i64::from(at)),
        };
        let sector = [0, 1, 1][usize::from(a.topic)];
        put.execute(params![
            a.received,
            known(a.first_reply),
            known(a.answered),
            known(a.accepted),
            known(a.due),
            a.topic,
            sector,
            a.municipality,
            a.agency,
            a.channel,
            a.moves,
            a.rating,
            a.repeat,
        ])
        .unwrap();
    }
    drop(put);
    database
}

/// The metric in SQL: `:from` and `:to` are the window, `:at` its last second.
fn sql(metric: Metric) -> String {
    let received = "received >= :from AND received < :to";
    let answered = "answered >= :from AND answered < :to";
    let replied = "first_reply >= :from AND first_reply < :to";
    let accepted = "accepted >= :from AND accepted < :to";
    let open = "received <= :at AND (answered IS NULL OR answered > :at)";
    let count = |of: &str| format!("SELECT count(*) FROM appeal WHERE FILTER AND {of}");
    let share = |of: &str, condition: &str| {
        format!(
            "SELECT CASE WHEN count(*) > 0 THEN 100.0 * sum(CASE WHEN {condition} THEN 1 ELSE 0 END) / count(*) END FROM appeal WHERE FILTER AND {of}"
        )
    };
    let mean = |of: &str, secs: &str, unit: &str| {
        format!("SELECT CAST(sum({secs}) AS REAL) / count(*) / {unit} FROM appeal WHERE FILTER AND {of}")
    };
    let median = |of: &str, secs: &str, unit: &str| {
        format!(
            "WITH s AS (SELECT {secs} AS v, row_number() OVER (ORDER BY {secs}) AS n, count(*) OVER () AS c FROM appeal WHERE FILTER AND {of})
             SELECT avg(v) / {unit} FROM s WHERE n IN ((c + 1) / 2, (c + 2) / 2)"
        )
    };
    let ninetieth = |of: &str, secs: &str, unit: &str| {
        format!(
            "WITH s AS (SELECT {secs} AS v, row_number() OVER (ORDER BY {secs}) AS n, count(*) OVER () AS c FROM appeal WHERE FILTER AND {of})
             SELECT v / {unit} FROM s WHERE n = (c * 90 + 99) / 100"
        )
    };
    let (reply, resolution) = ("first_reply - received", "answered - received");
    match metric {
        Metric::Received => count(received),
        Metric::Repeats => count(&format!("{received} AND repeat")),
        Metric::RepeatShare => share(received, "repeat"),
        Metric::InWork => count(open),
        Metric::Overdue => count(&format!("{open} AND due >= 0 AND due < :at")),
        Metric::OverdueShare => share(&format!("{open} AND due >= 0"), "due < :at"),
        Metric::Postponed => count(&format!("{open} AND moves > 0")),
        Metric::PostponedShare => share(open, "moves > 0"),
        Metric::Moves => format!("SELECT coalesce(sum(moves), 0) FROM appeal WHERE FILTER AND {open}"),
        Metric::Resolved => count(answered),
        Metric::ClosedLate => count(&format!("{answered} AND due >= 0 AND answered > due")),
        Metric::OnTimeShare => share(&format!("{answered} AND due >= 0"), "answered <= due"),
        Metric::AcceptedShare => {
            share(&format!("{answered} AND (accepted IS NULL OR accepted >= 0)"), "accepted < :to")
        }
        Metric::Accepted => count(accepted),
        Metric::Rating => format!(
            "SELECT CAST(sum(rating) AS REAL) / count(*) FROM appeal WHERE FILTER AND {answered} AND rating > 0"
        ),
        Metric::FirstReplyHours => median(replied, reply, "3600.0"),
        Metric::FirstReplyMeanHours => mean(replied, reply, "3600.0"),
        Metric::FirstReplyP90Hours => ninetieth(replied, reply, "3600.0"),
        Metric::ResolutionDays => median(answered, resolution, "86400.0"),
        Metric::ResolutionMeanDays => mean(answered, resolution, "86400.0"),
        Metric::ResolutionP90Days => ninetieth(answered, resolution, "86400.0"),
        Metric::ReceivedPerThousand => {
            format!("SELECT 1000.0 * count(*) / :residents FROM appeal WHERE FILTER AND {received}")
        }
        Metric::InWorkPerThousand => {
            format!("SELECT 1000.0 * count(*) / :residents FROM appeal WHERE FILTER AND {open}")
        }
    }
}

fn oracle(database: &Connection, metric: Metric, window: Window, filter: &Filter, status_at: u32) -> Option<f64> {
    let mut only = vec!["1".to_owned()];
    let mut equal = |column: &str, value: Option<u32>| only.extend(value.map(|v| format!("{column} = {v}")));
    equal("sector", filter.sector.map(u32::from));
    equal("municipality", filter.municipality.map(u32::from));
    equal("channel", filter.channel.map(u32::from));
    equal("topic", filter.topic.map(u32::from));
    equal("agency", filter.agency.map(u32::from));
    only.extend(filter.status.map(|status| match status {
        Status::InWork => format!("received <= {status_at} AND (answered IS NULL OR answered > {status_at})"),
        Status::Overdue => {
            format!("received <= {status_at} AND (answered IS NULL OR answered > {status_at}) AND due >= 0 AND due < {status_at}")
        }
        Status::Answered => format!("answered >= 0 AND answered <= {status_at}"),
        Status::Accepted => {
            format!("answered >= 0 AND answered <= {status_at} AND accepted >= 0 AND accepted <= {status_at}")
        }
    }));
    let residents = match filter.municipality {
        None => 73_001,
        Some(0) => 70_000,
        Some(_) => 3_001,
    };
    let exists = |text: &str| {
        let text = format!("SELECT EXISTS (SELECT 1 FROM appeal{text})");
        database.query_row(&text, [], |r| r.get::<_, bool>(0)).unwrap()
    };
    let told = |column: &str| match column {
        // Whether it was answered is told also by what was not.
        "answered" | "due" => !exists("") || exists(&format!(" WHERE {column} IS NULL OR {column} >= 0")),
        _ => exists(&format!(" WHERE {column} >= 0")),
    };
    // What no backend tells of is not known, rather than 0.
    let query = sql(metric);
    let columns = ["answered", "due", "accepted"].into_iter().filter(|column| query.contains(column));
    if !columns.into_iter().all(told) {
        return None;
    }
    // Who says that all were answered some time says nothing of a period.
    let some_time = || exists(&format!(" WHERE answered = {SOME_TIME}"));
    if query.contains("answered >= :from") && some_time() && !exists(&format!(" WHERE answered > {SOME_TIME}")) {
        return None;
    }
    let text = query.replace("FILTER", &only.join(" AND "));
    let text = text
        .replace(":from", &window.from.to_string())
        .replace(":to", &window.to.to_string())
        .replace(":at", &(window.to - 1).to_string())
        .replace(":residents", &residents.to_string());
    let found = database.query_row(&text, [], |row| row.get::<_, Option<f64>>(0));
    match found {
        Ok(value) => value,
        Err(rusqlite::Error::QueryReturnedNoRows) => None,
        Err(error) => panic!("{error}: {text}"),
    }
}

/// Around the turn of a year, in the days before `now` and the same days a year earlier.
fn appeals(now: u32) -> impl Strategy<Value = Vec<Appeal>> {
    let one = (
        (0..120 * 86_400u32, 0..4u8),
        (0..40 * 86_400u32, 0..60 * 86_400u32, 0..9 * 86_400u32, 0..50 * 86_400u32),
        (0..3u16, 0..2u16, 0..2u16, 0..2u8),
        (0..4u8, 0..6u8, any::<bool>(), any::<bool>()),
        0..24u8,
    );
    prop::collection::vec(one, 0..80).prop_map(move |rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(
            |(
                id,
                (
                    (back, year),
                    (reply, answer, accept, due),
                    (topic, municipality, agency, channel),
                    (moves, rating, repeat, whole),
                    untold,
                ),
            )| {
                // Some moments stand exactly on the hour, where windows begin and end.
                let back = if whole { back / 3600 * 3600 } else { back };
                let received = now - back - if year == 0 { 364 * 86_400 } else { 0 };
                let known = |at: u32| if at > now { NEVER } else { at };
                // Some sources do not tell all of it.
                let answered = match untold {
                    0 => UNKNOWN,
                    1 => SOME_TIME,
                    _ => known(received + answer),
                };
                Appeal {
                    id: id as u64,
                    received,
                    first_reply: if untold == 2 { UNKNOWN } else { known(received + reply.min(answer)) },
                    answered,
                    accepted: match (untold, answered) {
                        (3, _) => UNKNOWN,
                        (_, NEVER | UNKNOWN | SOME_TIME) => NEVER,
                        _ => known(answered + accept),
                    },
                    due: if untold == 4 { UNKNOWN } else { received + due },
                    lon_e6: 0,
                    lat_e6: 0,
                    topic,
                    municipality,
                    agency,
                    channel,
                    moves,
                    rating,
                    repeat,
                }
            },
        )
        .collect()
    })
}

fn filters() -> Vec<Filter> {
    let all = Filter::default();
    vec![
        all,
        Filter { sector: Some(1), ..all },
        Filter { topic: Some(2), channel: Some(0), ..all },
        Filter { municipality: Some(1), agency: Some(0), ..all },
        Filter { status: Some(Status::Answered), ..all },
    ]
}

/// A moment between the middle of December and the middle of January, or about the changes of clocks.
fn moments() -> impl Strategy<Value = u32> {
    prop_oneof![
        1_797_000_000..1_800_000_000u32, // December 2026 to January 2027
        1_774_700_000..1_774_900_000u32, // the end of March 2026
        1_793_400_000..1_793_700_000u32, // the end of October 2026
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_metric_agrees_with_sql(
        (now, rows) in moments().prop_flat_map(|now| (Just(now), appeals(now))),
        zone in prop::sample::select(&ZONES),
        before in any::<bool>(),
    ) {
        let (snapshot, database) = (snapshot(zone, &rows), database(&rows));
        let (moment, time_zone) = (Moment::from_secs(i64::from(now)), TimeZone::get(zone).unwrap());
        let compare = if before { Compare::Before } else { Compare::YearAgo };
        for metric in Metric::ALL {
            for period in Period::ALL {
                let window = period.window(moment, &time_zone);
                let compared = period.compared(compare, moment, &time_zone);
                for filter in filters() {
                    let Some(Answer::Figure(figure)) = answer(&snapshot, &Query::Value((*metric).into(), period, compare, filter), moment) else { panic!() };
                    let expected = oracle(&database, *metric, window, &filter, window.to - 1);
                    prop_assert_eq!(figure.now, expected, "{:?} {:?} {:?} {}", metric, period, filter, zone);
                    // Where what is held does not reach back, nothing is known of what was.
                    let back_to = if metric.is_stock() { compared.to } else { compared.from };
                    let known = rows.iter().map(|a| a.received).min().is_none_or(|first| first <= back_to + 86_400);
                    let expected = oracle(&database, *metric, compared, &filter, compared.to - 1).filter(|_| known);
                    prop_assert_eq!(figure.before, expected, "{:?} {:?} {:?} {} compared", metric, period, filter, zone);
                }
            }
        }
    }

    #[test]
    fn groups_and_their_week_agree_with_sql((now, rows) in moments().prop_flat_map(|now| (Just(now), appeals(now)))) {
        let (snapshot, database) = (snapshot("Europe/Moscow", &rows), database(&rows));
        let (moment, zone) = (Moment::from_secs(i64::from(now)), TimeZone::get("Europe/Moscow").unwrap());
        for metric in Metric::ALL {
            for period in [Period::Now, Period::Today, Period::Days7, Period::Month] {
                let window = period.window(moment, &zone);
                let query = Query::Groups((*metric).into(), period, Dimension::Municipality, Filter::default());
                let Some(Answer::Groups(groups)) = answer(&snapshot, &query, moment) else { panic!() };
                for group in groups {
                    let own = Filter { municipality: Some(group.key), ..Filter::default() };
                    let now = oracle(&database, *metric, window, &own, window.to - 1);
                    prop_assert_eq!(group.now, now, "{:?} {:?}", metric, period);
                    let earlier = window.earlier(7 * 86_400);
                    prop_assert_eq!(group.week_ago, oracle(&database, *metric, earlier, &own, earlier.to - 1), "{:?} {:?}", metric, period);
                }
            }
        }
    }

    /// What is found near a point is what is counted of the appeals there alone, and the newest of them.
    #[test]
    fn what_is_near_is_what_is_counted_there(
        (now, rows) in moments().prop_flat_map(|now| (Just(now), appeals(now))),
        part in (-180_000_000..180_000_000i32, -60_000_000..60_000_000i32, 0..200_000_000i32, 0..100_000_000i32),
        seed in 1..1000i64,
    ) {
        let part = Degrees { west: part.0, south: part.1, width: part.2, height: part.3 };
        let scattered = |(at, appeal): (i64, Appeal)| Appeal {
            lon_e6: ((at * seed * 7_919_777).rem_euclid(360_000_000) - 180_000_000) as i32,
            lat_e6: ((at * seed * 3_571_999).rem_euclid(160_000_000) - 80_000_000) as i32,
            ..appeal
        };
        let rows: Vec<Appeal> = (1..).zip(rows).map(scattered).collect();
        let holds = |appeal: &&Appeal| {
            let east = (i64::from(appeal.lon_e6) - i64::from(part.west)).rem_euclid(360_000_000);
            let north = i64::from(appeal.lat_e6) - i64::from(part.south);
            east <= i64::from(part.width) && (0..=i64::from(part.height)).contains(&north)
        };
        let there: Vec<Appeal> = rows.iter().filter(holds).copied().collect();
        let (all, there) = (snapshot("Europe/Moscow", &rows), snapshot("Europe/Moscow", &there));
        let moment = Moment::from_secs(i64::from(now));
        for metric in Metric::ALL.iter().filter(|m| m.counted().is_some()) {
            for (period, filter) in [(Period::Days30, filters()[0]), (Period::Now, filters()[1]), (Period::Year, filters()[4])] {
                let found = near(&all, Counted { metric: *metric, period, filter }, &part, 3, moment).unwrap();
                let Some(Answer::Figure(figure)) = answer(&there, &Query::Value((*metric).into(), period, Compare::Before, filter), moment) else { panic!() };
                // Where nobody tells of confirmations the number is not known, and no appeal has one.
                prop_assert_eq!(found.count as f64, figure.now.unwrap_or(0.0), "{:?} {:?}", metric, period);
                prop_assert_eq!(found.newest.len(), found.count.min(3));
                prop_assert!(found.newest.iter().all(|a| holds(&a)) && found.newest.windows(2).all(|w| (w[0].received, w[0].id) > (w[1].received, w[1].id)));
            }
        }
    }

    /// Due dates, the hours of a week and the stages, counted one by one.
    #[test]
    fn lists_hold_what_is_counted_one_by_one((now, rows) in moments().prop_flat_map(|now| (Just(now), appeals(now)))) {
        let snapshot = snapshot("Europe/Moscow", &rows);
        let (moment, zone) = (Moment::from_secs(i64::from(now)), TimeZone::get("Europe/Moscow").unwrap());
        let all = Filter::default();
        let Some(Answer::Deadlines(found)) = answer(&snapshot, &Query::Deadlines(all), moment) else { panic!() };
        let open = || rows.iter().filter(|a| a.received <= now && a.answered > now);
        let midnight = moment.zoned(&zone).date().tomorrow().unwrap().to_zoned(zone.clone()).unwrap().timestamp().as_second() as u32;
        let overdue = open().filter(|a| a.due != UNKNOWN && a.due < now).count();
        prop_assert_eq!(found.overdue as usize, overdue);
        prop_assert_eq!(found.today as usize, open().filter(|a| (now..midnight).contains(&a.due)).count());
        prop_assert_eq!(found.agencies.iter().map(|(_, overdue, _)| *overdue as usize).sum::<usize>(), overdue);
        prop_assert!(found.soonest.windows(2).all(|pair| pair[0].due <= pair[1].due));
        prop_assert_eq!(found.soonest.len(), open().filter(|a| a.due >= now).count().min(24));
        let Some(Answer::Week(week)) = answer(&snapshot, &Query::Week(Metric::Received, 4, all), moment) else { panic!() };
        let day = |at: u32| Moment::from_secs(i64::from(at)).zoned(&zone);
        let today = day(now).date();
        let in_weeks = |a: &&Appeal| day(a.received).date() < today && day(a.received).date() >= today.checked_sub(jiff::ToSpan::days(28)).unwrap();
        for (weekday, hours) in week.iter().enumerate() {
            let own = rows.iter().filter(in_weeks).filter(|a| day(a.received).weekday().to_monday_zero_offset() as usize == weekday);
            prop_assert!((hours.iter().sum::<f64>() * 4.0 - own.count() as f64).abs() < 1e-9, "weekday {}", weekday);
        }
        let Some(Answer::Stages(stages)) = answer(&snapshot, &Query::Stages(Period::Days30, all), moment) else { panic!() };
        let window = Period::Days30.window(moment, &zone);
        let received = || rows.iter().filter(|a| (window.from..window.to).contains(&a.received));
        let between = [Dimension::Channel, Dimension::Sector];
        let Some(Answer::Flow(flow)) = answer(&snapshot, &Query::Flow(Metric::Received, Period::Days30, between, all), moment) else { panic!() };
        let mut cells: std::collections::BTreeMap<(u16, u16), u32> = std::collections::BTreeMap::new();
        received().for_each(|a| *cells.entry((u16::from(a.channel), [0, 1, 1][usize::from(a.topic)])).or_default() += 1);
        prop_assert_eq!(flow, cells.into_iter().map(|((from, to), count)| (from, to, count)).collect::<Vec<_>>());
        let later = open().filter(|a| a.due >= midnight || a.due == UNKNOWN).count();
        prop_assert_eq!((found.tomorrow + found.week + found.later) as usize, later);
        let come = |at: u32| at != UNKNOWN && at <= now;
        let count = |of: &dyn Fn(&Appeal) -> bool| received().filter(|a| of(a)).count() as u32;
        // An answer is a reply, too.
        let replied = count(&|a| come(a.first_reply) || come(a.answered));
        let (answered, accepted) = (count(&|a| come(a.answered)), count(&|a| come(a.accepted)));
        prop_assert_eq!(stages, [received().count() as u32, replied, answered, accepted]);
    }

    #[test]
    fn the_hours_of_a_day_add_up_to_the_day((now, rows) in moments().prop_flat_map(|now| (Just(now), appeals(now)))) {
        let snapshot = snapshot("Europe/Moscow", &rows);
        let moment = Moment::from_secs(i64::from(now));
        let all = Filter::default();
        let value = answer(&snapshot, &Query::Value(Metric::Received.into(), Period::Today, Compare::YearAgo, all), moment);
        let Some(Answer::Figure(figure)) = value else { panic!() };
        let Some(Answer::Hours { today, .. }) = answer(&snapshot, &Query::Hours(Metric::Received, all), moment) else { panic!() };
        let Some(Answer::SectorHours(sectors)) = answer(&snapshot, &Query::SectorHours(Metric::Received, all), moment) else { panic!() };
        prop_assert_eq!(figure.now, Some(f64::from(today.iter().sum::<u32>())));
        prop_assert_eq!(figure.trend.last().copied(), figure.now);
        prop_assert_eq!(sectors.iter().flatten().sum::<u32>(), today.iter().sum::<u32>());
    }
}

/// Places in the weekly review are by score within a class of size, and equal scores share one.
#[test]
fn the_review_ranks_like_with_like() {
    let now = 1_795_172_712;
    let overdue = |id: u64, municipality: u16, due: u32| Appeal {
        id,
        received: now - 90_000,
        first_reply: NEVER,
        answered: NEVER,
        accepted: NEVER,
        due,
        lon_e6: 0,
        lat_e6: 0,
        topic: 0,
        municipality,
        agency: 0,
        channel: 0,
        moves: 0,
        rating: 0,
        repeat: false,
    };
    let rows = [overdue(1, 0, now - 1), overdue(2, 0, now + 9), overdue(3, 1, now - 1)];
    let snapshot = snapshot("Europe/Moscow", &rows);
    let moment = Moment::from_secs(i64::from(now));
    let Some(Answer::Review(review)) = answer(&snapshot, &Query::Review(Filter::default()), moment) else { panic!() };
    let seen: Vec<_> = review.iter().map(|r| (r.municipality, r.overdue, r.place, r.place_week_ago)).collect();
    assert_eq!(seen, [(0, 50.0, 1, 1), (1, 100.0, 1, 1)]);
    assert!((review[0].score - 50.0 / 3.0).abs() < 1e-9);
}
