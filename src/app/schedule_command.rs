//! `obzor schedule`: a day as a file of operation plans it, and the meetings of a calendar as its slots.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::option_values::{date, zone};
use super::serving;
use crate::clock::{Clock, Moment};
use crate::language::{Lang, Language, localized};
use crate::requests::{ScheduleView, Teller};
use crate::schedule::{Latches, Meetings, Overrides, meetings, slots_of};
use crate::sentence;
use crate::{diagnostic, layout::Catalogue};

/// A day, as it is planned.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Schedule {
    /// The file of operation
    #[arg(long, value_name = "FILE", required = true)]
    operation: Option<PathBuf>,
    /// The day, as 2026-11-20; by default today
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// The time zone, where the file names none; by default that of this machine
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    zone: Option<TimeZone>,
    #[command(subcommand)]
    command: Option<ScheduleCommand>,
}

#[derive(Debug, Subcommand)]
enum ScheduleCommand {
    /// Writes the meetings of an iCalendar file as [[slot]] tables, to the standard output
    Import {
        /// The calendar
        #[arg(value_name = "FILE.ics")]
        file: PathBuf,
        /// What is shown during a meeting: a built-in name, NAME/PRESET, or a file
        #[arg(long, value_name = "NAME")]
        layout: String,
        /// The rank of the slots
        #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true)]
        rank: i32,
        /// Meetings of so many days from today on
        #[arg(long, value_name = "N", default_value_t = 92, value_parser = clap::value_parser!(u16).range(1..=3660))]
        days: u16,
        /// The time zone of the wall; by default that of this machine
        #[arg(long, value_name = "ZONE", value_parser = zone)]
        zone: Option<TimeZone>,
    },
}

/// Says a day, or imports a calendar.
///
/// # Errors
/// When a file cannot be read, or is wrong.
pub fn run(schedule: Schedule) -> Result<()> {
    match schedule.command {
        Some(ScheduleCommand::Import { file, layout, rank, days, zone }) => {
            import(&file, &layout, rank, days, zone.unwrap_or_else(TimeZone::system))
        }
        None => say_day(schedule.operation.as_deref(), schedule.on, schedule.zone),
    }
}

fn say_day(operation: Option<&Path>, on: Option<Date>, zone: Option<TimeZone>) -> Result<()> {
    let lang = Lang::of_environment();
    let schedule = operation.map(serving::read_operation).transpose()?.unwrap_or_default().schedule;
    let zone = schedule.calendar.time_zone.clone().or(zone).unwrap_or_else(TimeZone::system);
    let now = Clock::system().now();
    let latches = Latches::new();
    let overrides = Overrides { latches: &latches, skips: &[], hold: None };
    let teller = Teller { language: &Language::new(lang), zone: &zone, dictionaries: None };
    let day = on.unwrap_or_else(|| now.zoned(&zone).date());
    let view = ScheduleView::new(&schedule, overrides, day, teller, now);
    view.lines(lang).iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn import(file: &Path, layout: &str, rank: i32, days: u16, zone: TimeZone) -> Result<()> {
    let lang = Lang::of_environment();
    Catalogue::load(layout)?;
    let text = diagnostic::read_text(file).with_context(|| file.display().to_string())?;
    let today = Clock::system().now().zoned(&zone).date();
    let begins = |date: Date| crate::schedule::first_moment(date.at(0, 0, 0, 0), &zone);
    let until: Moment = begins(today.checked_add(i64::from(days).days()).unwrap_or(today));
    let Meetings { found, aside } =
        meetings(&text, &zone, begins(today), until).with_context(|| file.display().to_string())?;
    for (title, why) in &aside {
        eprintln!("{}", sentence!("meeting-aside", title = title, why = localized(why, lang)).to(lang));
    }
    eprintln!("{}", sentence!("meetings-found", count = found.len(), days = days).to(lang));
    print!("{}", slots_of(&found, &zone, layout, rank));
    Ok(())
}
