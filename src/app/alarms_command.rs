//! `obzor alarms`: tries rules over history, and those who are told.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jiff::tz::TimeZone;

use super::{backend, notifier, serving};
use crate::alarm::{Alarm, Notice, Priority, Rule, Sample, Told, Trial, proposal, trial};
use crate::clock::{Clock, Moment};
use crate::data::filter::FilterSpec;
use crate::data::measure::Query;
use crate::data::region::Dictionaries;
use crate::data::{Appeal, Revision, Snapshot, Store, Update};
use crate::demo::{Burst, World};
use crate::diagnostic;
use crate::journal::JournalFile;
use crate::language::{Lang, Language};
use crate::sentence;
use crate::signal::{Band, Signal};

/// A burst of the demo region is seen by what rises within so many seconds.
const BURST_SECS: i64 = 86_400;
/// Measures look back so many days from the first day that is tried.
const BACK_DAYS: i64 = 400;

/// What is done with alarms.
#[derive(Debug, Subcommand)]
pub enum AlarmsCommand {
    /// Runs the rules of a file over history: how often each would have risen, and what would be better
    Try {
        /// The file of operation
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Over so many of the last days
        #[arg(long, value_name = "N", default_value_t = 42, value_parser = clap::value_parser!(u16).range(1..=365))]
        days: u16,
        /// A look at the data every so many seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(10..=86_400))]
        every_secs: u32,
        /// The history that a wall has sampled: its journal; by default that of the demo region
        #[arg(long, value_name = "FILE")]
        journal: Option<PathBuf>,
        /// The seed of the demo region
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Tells somebody of a trial, once, and says whether it was heard
    Test {
        /// Who is told: the name of a [[notify]]
        #[arg(value_name = "NAME")]
        name: String,
        /// The file of operation
        #[arg(long, value_name = "FILE")]
        operation: PathBuf,
    },
}

/// Does it.
///
/// # Errors
/// When a file cannot be read, or is wrong.
pub fn run(command: AlarmsCommand) -> Result<ExitCode> {
    match command {
        AlarmsCommand::Try { file, days, every_secs, journal, seed } => {
            let rules = serving::read_operation(&file)?.alarms;
            if rules.is_empty() {
                bail!("there is no [[alarm]] in {}", file.display());
            }
            match journal {
                Some(journal) => try_journal(&rules, &journal, days),
                None => try_demo(&rules, days, every_secs, seed),
            }
        }
        AlarmsCommand::Test { name, operation } => test(&name, &operation),
    }
}

fn test(name: &str, operation: &Path) -> Result<ExitCode> {
    let lang = Lang::of_environment();
    let channels = serving::read_operation(operation)?.notify;
    let Some(channel) = channels.iter().find(|channel| channel.name == name) else {
        let help = diagnostic::expected(name, channels.iter().map(|channel| channel.name.as_str()));
        bail!("there is no [[notify]] `{name}`; {help}");
    };
    let language = Language::new(lang);
    let notice = Notice {
        id: uuid::Uuid::now_v7(),
        at_millis: Clock::system().now().0,
        alarm: "test".to_owned(),
        told: Told::Test,
        title: language.message("notice-test-title"),
        because: language.message("notice-test-because"),
        action: language.message("notice-test-action"),
        priority: Priority::Low,
        to: vec![name.to_owned()],
    };
    let heard = backend::runtime()?.block_on(notifier::send(channel, &notice, "obzor"));
    match heard {
        Ok(()) => {
            println!("{}", sentence!("alarms-test-heard", name = name).to(lang));
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            eprintln!("{}", sentence!("alarms-test-not-heard", name = name, why = why).to(lang));
            Ok(ExitCode::from(1))
        }
    }
}

/// Over what a wall has sampled.
fn try_journal(rules: &[Rule], journal: &Path, days: u16) -> Result<ExitCode> {
    std::fs::metadata(journal).with_context(|| journal.display().to_string())?;
    let from = Clock::system().now().plus_millis(-i64::from(days) * 86_400_000);
    let zone = TimeZone::system();
    let file = JournalFile::open_read_only(journal)?;
    for rule in rules {
        let samples: Vec<Sample> =
            file.samples(&rule.name, from.0)?.into_iter().map(|(at, v)| (Moment(at), v)).collect();
        say(rule, &samples, &zone, None);
    }
    Ok(ExitCode::SUCCESS)
}

/// Over the demo region, whose bursts are known.
fn try_demo(rules: &[Rule], days: u16, every_secs: u32, seed: u64) -> Result<ExitCode> {
    let now = Clock::system().now();
    let world = World::new(seed, now);
    let (last, days) = (world.day_of(now.secs()), i64::from(days));
    let mut store = Store::new();
    store.apply(Update::Region(world.region.clone()), now);
    let rows = (last - days - BACK_DAYS..=last).flat_map(|day| world.day(day)).map(|life| life.end);
    let rows: Vec<Appeal> = rows.collect();
    store.apply(Update::Appeals(rows), now);
    store.apply(Update::Complete(now), now);
    let snapshot = store.snapshot();
    let dictionaries = &world.region.dictionaries;
    let zone = TimeZone::get(&dictionaries.time_zone).unwrap_or(TimeZone::UTC);
    let first = now.plus_millis(-days * 86_400_000);
    let bursts: Vec<Burst> = (last - days..=last)
        .flat_map(|day| world.bursts_of(day))
        .filter(|burst| i64::from(burst.begins) >= first.secs() && i64::from(burst.begins) <= now.secs())
        .collect();
    for rule in rules {
        let Some(query) = rule.when.signal.query(dictionaries) else {
            println!("{}: {}", rule.name, sentence!("alarms-try-machine").to(Lang::of_environment()));
            continue;
        };
        let steps = days * 86_400 / i64::from(every_secs);
        let samples: Vec<Sample> = (0..=steps)
            .map(|step| {
                let at = first.plus_millis(step * i64::from(every_secs) * 1000);
                (at, read(&rule.when.signal, &snapshot, query, at))
            })
            .collect();
        let known = rule.when.signal.filter().map(|filter| matching(filter, &bursts, dictionaries));
        say(rule, &samples, &zone, known.as_deref());
    }
    Ok(ExitCode::SUCCESS)
}

/// The number of a signal as it was known at a moment of history.
fn read(signal: &Signal, snapshot: &Snapshot, query: Query, at: Moment) -> Option<f64> {
    let mut snapshot = snapshot.clone();
    // Then as now the data was fresh.
    if let Some(fresh) = &mut snapshot.appeals_freshness {
        fresh.data_until = at;
    }
    let revision = Revision::default().next(snapshot, &[query], at);
    signal.read((&revision).into(), at)
}

/// The bursts that a filter is about.
fn matching(filter: &FilterSpec, bursts: &[Burst], dictionaries: &Dictionaries) -> Vec<Burst> {
    let topic = |burst: &Burst| dictionaries.topics.get(usize::from(burst.topic)).map(|topic| topic.code.as_str());
    let place = |burst: &Burst| {
        let at = burst.municipality.map(usize::from)?;
        Some(dictionaries.municipalities.get(at)?.name.as_str())
    };
    let is_about = |burst: &&Burst| {
        filter.topic.as_deref().is_none_or(|code| topic(burst) == Some(code))
            && filter
                .municipality
                .as_deref()
                .is_none_or(|name| burst.municipality.is_none() || place(burst) == Some(name))
    };
    bursts.iter().filter(is_about).copied().collect()
}

/// What a rule would have done, in words.
fn say(rule: &Rule, samples: &[Sample], zone: &TimeZone, bursts: Option<&[Burst]>) {
    let lang = Lang::of_environment();
    let language = Language::new(lang);
    let number = |value: f64| language.number(value, usize::from(value.fract() > 0.05));
    if samples.is_empty() {
        println!("{}: {}", rule.name, sentence!("alarms-try-nothing").to(lang));
        return;
    }
    let found = trial(rule, samples, zone);
    println!("{} — {}", rule.name, Alarm::of(rule).title.in_lang(lang));
    let line = |found: &Trial| {
        sentence!(
            "alarms-try-found",
            days = number(found.days),
            rises = found.rises.len(),
            rate = language.number(found.rises_a_day(), 2),
            minutes = number(found.takeover_mins),
            chatter = found.chatter,
            nights = found.nights
        )
        .to(lang)
    };
    println!("  {}", line(&found));
    if found.unknown > 0.0 {
        println!("  {}", sentence!("alarms-try-unknown", share = language.number(100.0 * found.unknown, 1)).to(lang));
    }
    if let Some(bursts) = bursts.filter(|bursts| !bursts.is_empty()) {
        // An alarm that stands already when another burst begins tells of that one, too.
        let seen = |burst: &Burst| {
            let begins = i64::from(burst.begins);
            let stood =
                found.stood.iter().find(|(from, until)| from.secs() < begins + BURST_SECS && until.secs() > begins);
            stood.map(|(from, _)| (from.secs() - begins).max(0))
        };
        let mut delays: Vec<i64> = bursts.iter().filter_map(seen).collect();
        delays.sort_unstable();
        let explained = |rise: &&Moment| {
            bursts.iter().any(|burst| (0..2 * BURST_SECS).contains(&(rise.secs() - i64::from(burst.begins))))
        };
        let vain = found.rises.len() - found.rises.iter().filter(explained).count();
        let median = delays.get(delays.len() / 2).map_or("—".to_owned(), |secs| number(*secs as f64 / 60.0));
        let said = sentence!(
            "alarms-try-bursts",
            bursts = bursts.len(),
            seen = delays.len(),
            missed = bursts.len() - delays.len(),
            median = median,
            vain = vain
        );
        println!("  {}", said.to(lang));
    }
    match proposal(rule, samples, zone) {
        Some((Band::Above { above, clear }, better)) => {
            let said = sentence!("alarms-try-proposal", above = number(above), clear = number(clear));
            println!("  {}\n    {}", said.to(lang), line(&better));
        }
        _ => println!("  {}", sentence!("alarms-try-no-proposal").to(lang)),
    }
}
