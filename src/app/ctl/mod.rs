//! `obzor ctl`: operates a running wall from a shell, over the control API.

mod client;
mod pair;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use reqwest::Method;
use serde_json::{Value, json};

use client::WallClient;

use super::option_values::date;
use crate::alarm::Stands;
use crate::clock::Moment;
use crate::language::{Lang, Language, localized};
use crate::requests::{AlarmView, AlarmsView, ScheduleView};
use crate::sentence;

/// The wall that is operated, and how.
#[derive(Debug, Args)]
pub struct Ctl {
    /// The wall's address or socket; by default the wall of this machine
    #[arg(long, value_name = "URL|FILE")]
    wall: Option<String>,
    /// Answers as the wall gives them, in JSON
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    command: CtlCommand,
}

#[derive(Debug, Subcommand)]
enum CtlCommand {
    /// Says what is on the wall
    State,
    /// Says why it is on the wall, and what comes next
    Why,
    /// Shows a layout by hand
    Show {
        /// The layout: a built-in name, NAME/PRESET, or a file on the wall's machine
        #[arg(value_name = "NAME")]
        layout: String,
        /// For this many seconds; by default until the next slot of the schedule
        #[arg(long, value_name = "SECONDS")]
        for_secs: Option<f64>,
        /// Until it is taken back
        #[arg(long, conflicts_with = "for_secs")]
        stays: bool,
        /// The municipality that its maps look at
        #[arg(long, value_name = "NAME")]
        look: Option<String>,
        /// Why, for the journal
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Takes back what is shown by hand
    Back,
    /// Says what is scheduled, and why
    Schedule {
        /// The day, as 2026-11-20; by default today
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<Date>,
    },
    /// Leaves out a slot of the schedule: the one that is on, or else its next time
    Skip {
        /// The slot; by default the one that the schedule shows
        #[arg(value_name = "SLOT")]
        slot: Option<String>,
        /// Why, for the journal
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Holds a slot of the schedule beyond its time
    Hold {
        /// The slot; by default the one that the schedule shows
        #[arg(value_name = "SLOT")]
        slot: Option<String>,
        /// For this many seconds; by default until the schedule is followed again
        #[arg(long, value_name = "SECONDS")]
        for_secs: Option<f64>,
        /// Why, for the journal
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Lists the alarms
    Alarms,
    /// Takes an alarm: its takeover ends, the alarm does not
    Ack {
        /// The name of its rule
        #[arg(value_name = "ALARM")]
        alarm: String,
        /// Why, for the journal
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Lets an alarm disturb nobody for a while
    Shelve {
        /// The name of its rule
        #[arg(value_name = "ALARM")]
        alarm: String,
        /// For this many seconds: a minute to eight hours
        #[arg(long, value_name = "SECONDS", default_value_t = 3600.0)]
        for_secs: f64,
        /// Why, for the journal
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Lets a shelved alarm disturb again
    Unshelve {
        /// The name of its rule
        #[arg(value_name = "ALARM")]
        alarm: String,
    },
    /// Follows the schedule again: nothing is held, and nothing left out
    Follow,
    /// Goes to the next step of the visit
    Next,
    /// Goes to the previous step of the visit
    Previous,
    /// Lets maps look at a municipality, or at `home` or `region`
    Look {
        /// Where
        #[arg(value_name = "NAME")]
        to: String,
    },
    /// Hides what is not for everybody: the press is in the room
    Press,
    /// Shows again what there is
    Release,
    /// Shows the names of outputs
    Identify {
        /// Hides them again
        #[arg(long)]
        off: bool,
    },
    /// Gives, lists and takes back the tokens of those who operate the wall from elsewhere
    #[command(subcommand)]
    Tokens(TokenCommand),
    /// Pairs this shell with a wall elsewhere, by the digits that the wall shows
    Pair {
        /// What this shell is called: it stands in the journal
        #[arg(long, value_name = "NAME", default_value = "ctl")]
        name: String,
    },
    /// Says the digits of the pairing that the wall shows, for whoever cannot see it
    Pairing,
    /// Lists the last orders, the newest first
    Journal {
        /// No more than this many
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
    },
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Lists them, without their secrets
    List,
    /// Gives one, as for a button box
    Add {
        /// Whose it is: it stands in the journal
        #[arg(value_name = "NAME")]
        name: String,
        /// What it may do
        #[arg(long, value_name = "ROLE", default_value = "operator", value_parser = ["viewer", "speaker", "operator", "editor", "admin"])]
        role: String,
        /// For how many days it is valid
        #[arg(long, value_name = "N")]
        days: Option<u32>,
    },
    /// Takes one back
    Remove {
        /// Its id, as the list says it
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// What is asked of the wall.
enum Ask {
    /// An answer as it is.
    Get(&'static str),
    /// An order.
    Order(Value),
    /// The alarms.
    Alarms,
    /// A day of the schedule.
    Schedule(Option<Date>),
    /// The last orders.
    Journal(u32),
    /// Something of tokens.
    Token(Method, String, Option<Value>),
    /// The pairing that waits.
    Pairing,
    /// To be let in.
    Pair(String),
}

impl CtlCommand {
    fn ask(self) -> Ask {
        let order = |command: Value| Ask::Order(json!({ "command": command }));
        match self {
            Self::State => Ask::Get("api/v1/state"),
            Self::Why => Ask::Get("api/v1/why"),
            Self::Show { layout, for_secs, stays, look, reason } => {
                let look = look.map(|name| target(&name));
                let show = json!({ "layout": layout, "for_secs": for_secs, "stays": stays, "look": look });
                Ask::Order(json!({ "command": { "show": show }, "reason": reason }))
            }
            Self::Back => order(json!("back")),
            Self::Schedule { on } => Ask::Schedule(on),
            Self::Skip { slot, reason } => {
                Ask::Order(json!({ "command": { "skip": { "slot": slot } }, "reason": reason }))
            }
            Self::Hold { slot, for_secs, reason } => {
                Ask::Order(json!({ "command": { "hold": { "slot": slot, "for_secs": for_secs } }, "reason": reason }))
            }
            Self::Follow => order(json!("follow")),
            Self::Alarms => Ask::Alarms,
            Self::Ack { alarm, reason } => {
                Ask::Order(json!({ "command": { "acknowledge": { "alarm": alarm } }, "reason": reason }))
            }
            Self::Shelve { alarm, for_secs, reason } => {
                let shelve = json!({ "alarm": alarm, "for_secs": for_secs });
                Ask::Order(json!({ "command": { "shelve": shelve }, "reason": reason }))
            }
            Self::Unshelve { alarm } => order(json!({ "unshelve": { "alarm": alarm } })),
            Self::Next => order(json!({ "step": "next" })),
            Self::Previous => order(json!({ "step": "previous" })),
            Self::Look { to } => order(json!({ "look": { "to": target(&to) } })),
            Self::Press => order(json!("press")),
            Self::Release => order(json!("release")),
            Self::Identify { off } => order(json!({ "identify": { "on": !off } })),
            Self::Journal { limit } => Ask::Journal(limit),
            Self::Tokens(TokenCommand::List) => Ask::Token(Method::GET, "api/v1/tokens".to_owned(), None),
            Self::Tokens(TokenCommand::Add { name, role, days }) => {
                let body = json!({ "name": name, "role": role, "days": days });
                Ask::Token(Method::POST, "api/v1/tokens".to_owned(), Some(body))
            }
            Self::Tokens(TokenCommand::Remove { id }) => {
                Ask::Token(Method::DELETE, format!("api/v1/tokens/{id}"), None)
            }
            Self::Pairing => Ask::Pairing,
            Self::Pair { name } => Ask::Pair(name),
        }
    }
}

fn target(name: &str) -> Value {
    match name {
        "home" | "region" => json!(name),
        name => json!({ "municipality": name }),
    }
}

/// Asks the wall and says what it answers.
pub fn run(ctl: Ctl) -> Result<ExitCode> {
    let lang = Lang::of_environment();
    let Ctl { wall, json, command } = ctl;
    let ask = command.ask();
    if let Ask::Pair(name) = &ask {
        let file = pair::pair(wall.as_deref(), name, lang)?;
        println!("{}", sentence!("ctl-paired", file = file.display()).to(lang));
        return Ok(ExitCode::SUCCESS);
    }
    let client = WallClient::open(wall.as_deref())?;
    let get = |path: &str| client.ask(Method::GET, path, None);
    let answer = match &ask {
        Ask::Get(path) => get(path)?,
        Ask::Order(body) => client.ask(Method::POST, "api/v1/orders", Some(body))?,
        Ask::Alarms => get(&format!("api/v1/alarms?lang={}", lang.code()))?,
        Ask::Schedule(on) => {
            let on = on.map_or_else(String::new, |date| format!("&on={date}"));
            get(&format!("api/v1/schedule?lang={}{on}", lang.code()))?
        }
        Ask::Journal(limit) => get(&format!("api/v1/journal?limit={limit}"))?,
        Ask::Token(method, path, body) => client.ask(method.clone(), path, body.as_ref())?,
        Ask::Pairing => get("api/v1/pairing")?,
        Ask::Pair(_) => Value::Null,
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(ExitCode::SUCCESS);
    }
    match ask {
        Ask::Journal(_) => {
            answer.as_array().into_iter().flatten().for_each(|record| println!("{}", line(record, lang)))
        }
        Ask::Alarms => {
            let view: AlarmsView = serde_json::from_value(answer)?;
            view.alarms.iter().for_each(|alarm| println!("{}", alarm_line(alarm, lang)));
        }
        Ask::Schedule(_) => {
            let view: ScheduleView = serde_json::from_value(answer)?;
            view.lines(lang).iter().for_each(|line| println!("{line}"));
        }
        Ask::Token(..) => say_tokens(&answer, lang),
        Ask::Pairing => match answer["digits"].as_str() {
            Some(digits) => {
                let name = answer["name"].as_str().unwrap_or_default();
                println!("{}", sentence!("ctl-pairing", digits = digits, name = name).to(lang));
            }
            None => println!("{}", sentence!("ctl-no-pairing").to(lang)),
        },
        Ask::Get(_) | Ask::Order(_) | Ask::Pair(_) => {
            // Whatever was done, what is on the wall now and why is what one wants to know.
            let why = get(&format!("api/v1/why?lang={}", lang.code()))?;
            for part in ["words", "next"] {
                why[part].as_str().into_iter().for_each(|words| println!("{words}"));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An alarm in a line.
fn alarm_line(alarm: &AlarmView, lang: Lang) -> String {
    let language = Language::new(lang);
    let key = serde_json::to_value(alarm.stands).unwrap_or_default();
    // Where nobody knows the number, nobody may say that all is well.
    let key =
        if alarm.is_unknown && alarm.stands == Stands::Normal { "unknown" } else { key.as_str().unwrap_or_default() };
    let stands = language.message(&format!("alarm-stands-{key}"));
    let at = |millis: i64| Moment(millis).zoned(&jiff::tz::TimeZone::system()).strftime("%H:%M").to_string();
    let since = alarm.risen_millis.map_or_else(String::new, |millis| format!(" {}", at(millis)));
    let who =
        alarm.acknowledged.as_ref().map_or_else(String::new, |taken| format!(" ({})", language.principal(&taken.by)));
    let shelf = alarm.shelf.as_ref().map_or_else(String::new, |shelf| {
        let (by, reason, until) = (language.principal(&shelf.by), &shelf.reason, at(shelf.until_millis));
        format!("; {}", sentence!("ctl-shelved", by = by, reason = reason, time = until).to(lang))
    });
    format!("{}  {stands}{since}{who}{shelf}  {}. {}. {}", alarm.name, alarm.title, alarm.because, alarm.action)
}

/// Says the tokens of a list, or the one that was given.
fn say_tokens(answer: &Value, lang: Lang) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let date = |secs: &Value| {
        let at = Moment::from_secs(secs.as_i64().unwrap_or(0)).zoned(&jiff::tz::TimeZone::system());
        at.strftime("%Y-%m-%d").to_string()
    };
    for token in answer.as_array().into_iter().flatten() {
        println!(
            "{}  {}  {}  {}",
            text(&token["id"]),
            text(&token["role"]),
            date(&token["expires_secs"]),
            text(&token["name"])
        );
    }
    if let Some(token) = answer["token"].as_str() {
        println!("{}", sentence!("ctl-token", until = date(&answer["expires_secs"])).to(lang));
        println!("{token}");
    }
}

/// A record of the journal in a line.
fn line(record: &Value, lang: Lang) -> String {
    let at = Moment(record["at_millis"].as_i64().unwrap_or(0)).zoned(&jiff::tz::TimeZone::system());
    let asked = match &record["asked"] {
        Value::Null => record["command"]["command"].clone(),
        asked => asked.clone(),
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut line = format!(
        "{}  {} ({})  {}",
        at.strftime("%Y-%m-%d %H:%M:%S"),
        text(&record["by"]["name"]),
        text(&record["via"]),
        text(&asked)
    );
    if let Some(what) = record["what"].as_str() {
        return format!(
            "{}  {} ({})  {}",
            at.strftime("%Y-%m-%d %H:%M:%S"),
            text(&record["by"]["name"]),
            text(&record["via"]),
            what
        );
    }
    if let Some(why) = record["why"].as_str() {
        line += &format!("  {}", sentence!("ctl-refused", why = localized(why, lang)).to(lang));
    }
    if let Some(reason) = record["reason"].as_str() {
        line += &format!("  «{reason}»");
    }
    line
}
