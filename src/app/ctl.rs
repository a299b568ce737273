//! `obzor ctl`: operates a running wall from a shell, over the control API.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};

use super::backend;
use crate::clock::Moment;
use crate::language::{Lang, localized};
use crate::sentence;

/// The wall that is operated, and how.
#[derive(Debug, Args)]
pub struct Ctl {
    /// The address of the wall's live view
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7474/")]
    wall: Url,
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
        /// For this many seconds; by default until it is taken back
        #[arg(long, value_name = "SECONDS")]
        for_secs: Option<f64>,
        /// The municipality that its maps look at
        #[arg(long, value_name = "NAME")]
        look: Option<String>,
        /// Why, for the journal
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Takes back what is shown by hand
    Back,
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
    /// Lists the last orders, the newest first
    Journal {
        /// No more than this many
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
    },
}

/// What is asked of the wall.
enum Ask {
    /// An answer as it is.
    Get(&'static str),
    /// An order.
    Order(Value),
    /// The last orders.
    Journal(u32),
}

impl CtlCommand {
    fn ask(self) -> Ask {
        let order = |command: Value| Ask::Order(json!({ "command": command }));
        match self {
            Self::State => Ask::Get("api/v1/state"),
            Self::Why => Ask::Get("api/v1/why"),
            Self::Show { layout, for_secs, look, reason } => {
                let look = look.map(|name| target(&name));
                let show = json!({ "layout": layout, "for_secs": for_secs, "look": look });
                Ask::Order(json!({ "command": { "show": show }, "reason": reason }))
            }
            Self::Back => order(json!("back")),
            Self::Next => order(json!({ "step": "next" })),
            Self::Previous => order(json!({ "step": "previous" })),
            Self::Look { to } => order(json!({ "look": { "to": target(&to) } })),
            Self::Press => order(json!("press")),
            Self::Release => order(json!("release")),
            Self::Identify { off } => order(json!({ "identify": { "on": !off } })),
            Self::Journal { limit } => Ask::Journal(limit),
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
    let runtime = backend::runtime()?;
    // The same as for sources.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().timeout(std::time::Duration::from_secs(10)).no_proxy().build()?;
    let ask = command.ask();
    let get = |path: &str| runtime.block_on(asked(&client, Method::GET, &wall, path, None));
    let answer = match &ask {
        Ask::Get(path) => get(path)?,
        Ask::Order(body) => runtime.block_on(asked(&client, Method::POST, &wall, "api/v1/orders", Some(body)))?,
        Ask::Journal(limit) => get(&format!("api/v1/journal?limit={limit}"))?,
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(ExitCode::SUCCESS);
    }
    match ask {
        Ask::Journal(_) => {
            answer.as_array().into_iter().flatten().for_each(|record| println!("{}", line(record, lang)))
        }
        Ask::Get(_) | Ask::Order(_) => {
            // Whatever was done, what is on the wall now and why is what one wants to know.
            let why = get("api/v1/why")?;
            for part in ["words", "next"] {
                why[part].as_str().into_iter().for_each(|words| println!("{words}"));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The wall's answer.
async fn asked(client: &Client, method: Method, wall: &Url, path: &str, body: Option<&Value>) -> Result<Value> {
    let request = client.request(method, wall.join(path)?);
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body.to_string()),
        None => request,
    };
    let answer = request.send().await.map_err(reqwest::Error::without_url).with_context(|| wall.to_string())?;
    let status = answer.status();
    let bytes = answer.bytes().await?;
    let read: Value = serde_json::from_slice(&bytes).with_context(|| format!("{wall} is no wall"))?;
    if !status.is_success() {
        bail!("{}", read["detail"].as_str().unwrap_or("the wall has refused"));
    }
    Ok(read)
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
    if let Some(why) = record["why"].as_str() {
        line += &format!("  {}", sentence!("ctl-refused", why = localized(why, lang)).to(lang));
    }
    if let Some(reason) = record["reason"].as_str() {
        line += &format!("  «{reason}»");
    }
    line
}
