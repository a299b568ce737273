//! What can be asked of a wall, in the words of whoever asks, and why it may be refused.

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::role::{Principal, Role};
use crate::language::Sentence;
use crate::layout::{LayoutError, Transition};
use crate::map::Target;
use crate::runsheet::CatchUp;

/// The way by which an order came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// The command line that started the wall.
    Start,
    /// The keyboard, or a presenter's remote.
    Keyboard,
    /// The HTTP API.
    Api,
    /// The page of a tablet.
    Tablet,
    /// A shell: `obzor ctl`.
    Ctl,
    /// Open Sound Control.
    Osc,
    /// A file that was saved.
    File,
    /// The schedule.
    Schedule,
    /// An alarm.
    Alarm,
    /// The run sheet, by its time.
    RunSheet,
    /// The machine's clock.
    Clock,
}

impl Via {
    /// Its name, as it is written in answers and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Keyboard => "keyboard",
            Self::Api => "api",
            Self::Tablet => "tablet",
            Self::Ctl => "ctl",
            Self::Osc => "osc",
            Self::File => "file",
            Self::Schedule => "schedule",
            Self::Alarm => "alarm",
            Self::RunSheet => "run-sheet",
            Self::Clock => "clock",
        }
    }
}

/// An order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What tells it from all others: a UUID of version 7.
    pub id: Uuid,
    /// Who gives it.
    pub by: Principal,
    /// How it came in.
    pub via: Via,
    /// Why, in the words of whoever gives it.
    pub reason: Option<String>,
    /// The version of the state that it was given for: it is refused where the state is another one.
    pub if_version: Option<u64>,
    /// What is asked.
    pub command: UserCommand,
}

impl Order {
    /// An order without a reason, whatever the state is.
    pub fn new(by: Principal, via: Via, command: UserCommand) -> Self {
        Self { id: Uuid::now_v7(), by, via, reason: None, if_version: None, command }
    }

    /// An order of somebody who stands at the wall, or of a part of the program.
    pub fn local(via: Via, command: UserCommand) -> Self {
        Self::new(Principal::new(via.name(), Role::Operator), via, command)
    }
}

/// A command by the names that people use: which layout or warning they mean is decided when it comes in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum UserCommand {
    /// Show a layout by hand: until the next slot of the schedule begins, unless it is said otherwise.
    Show {
        /// `NAME`, `NAME/PRESET`, or the path of a file.
        layout: String,
        /// How it comes; none for as the layout says.
        #[serde(default)]
        transition: Option<Transition>,
        /// What its maps look at; none for what the layout says.
        #[serde(default)]
        look: Option<Target>,
        /// For how many seconds.
        #[serde(default)]
        for_secs: Option<f64>,
        /// Whether it stays until it is taken back.
        #[serde(default)]
        stays: bool,
    },
    /// Take back what is shown by hand.
    Back,
    /// Show nothing that is not for everybody: the press is in the room.
    Press,
    /// Show again what there is.
    Release,
    /// Let maps look at something.
    Look {
        /// What.
        to: Target,
        /// How long the flight takes, in seconds; none for what its way needs.
        #[serde(default)]
        secs: Option<f64>,
    },
    /// Go to a step of the run sheet.
    Step(StepTo),
    /// Leave the step for the board of a municipality, and come back to its place and time.
    Detour {
        /// Its name.
        municipality: String,
    },
    /// Come back to the step from elsewhere.
    Return,
    /// Leave out and shorten steps that are still to come, as the run sheet allows; without any, go on as was rehearsed.
    CatchUp(CatchUp),
    /// Leave out a time of a slot: the one that is on, or else its next. It takes a reason.
    Skip {
        /// The slot; none for the one that the schedule shows.
        #[serde(default)]
        slot: Option<String>,
    },
    /// Hold a slot beyond its time. It takes a reason.
    Hold {
        /// The slot; none for the one that the schedule shows.
        #[serde(default)]
        slot: Option<String>,
        /// For how many seconds; none until the schedule is followed again.
        #[serde(default)]
        for_secs: Option<f64>,
    },
    /// Follow the schedule again: nothing is held, and nothing left out.
    Follow,
    /// Take an alarm: its takeover ends, the alarm does not.
    Acknowledge {
        /// The name of its rule.
        alarm: String,
    },
    /// Let an alarm disturb nobody for a while. It takes a reason.
    Shelve {
        /// The name of its rule.
        alarm: String,
        /// For how many seconds: a minute to eight hours.
        for_secs: f64,
    },
    /// Let a shelved alarm disturb again.
    Unshelve {
        /// The name of its rule.
        alarm: String,
    },
    /// Show or hide the name of every output.
    Identify {
        /// Whether to show.
        on: bool,
    },
}

/// A step, as a speaker names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepTo {
    /// The one after this.
    Next,
    /// The one before this.
    Previous,
    /// By its number, from 1.
    #[serde(untagged)]
    Number(usize),
}

/// The buttons of those who can only press one, each with its command.
pub const BUTTONS: [(&str, UserCommand); 6] = [
    ("next", UserCommand::Step(StepTo::Next)),
    ("previous", UserCommand::Step(StepTo::Previous)),
    ("back", UserCommand::Back),
    ("press", UserCommand::Press),
    ("release", UserCommand::Release),
    ("identify", UserCommand::Identify { on: true }),
];

impl UserCommand {
    /// The command of a button; none where there is no such button.
    pub fn of_button(name: &str) -> Option<Self> {
        BUTTONS.into_iter().find(|(button, _)| *button == name).map(|(_, command)| command)
    }

    /// Shows a layout by hand as the layout says, until it is taken back.
    pub fn show(layout: impl Into<String>) -> Self {
        Self::Show { layout: layout.into(), transition: None, look: None, for_secs: None, stays: false }
    }
}

impl PartialSchema for StepTo {
    fn schema() -> RefOr<Schema> {
        let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["next", "previous"]));
        let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
        OneOfBuilder::new().item(words).item(number).into()
    }
}

impl ToSchema for StepTo {}

/// Why an order is refused. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Whoever gives the order may not.
    #[error("a {} may not do that: it takes a {}", role.name(), least.name())]
    NotAllowed {
        /// Their role.
        role: Role,
        /// The least role that may.
        least: Role,
    },
    /// The state is another one than the order was given for.
    #[error("the wall has changed since: its version is {version}")]
    Changed {
        /// The version of the state.
        version: u64,
    },
    /// Nothing is shown by hand.
    #[error("nothing is shown by hand")]
    NothingByHand,
    /// A time that is none.
    #[error("a layout is shown for 1 second to 30 days")]
    NoSuchTime,
    /// There is no schedule.
    #[error("this wall has no schedule")]
    NoSchedule,
    /// The schedule has no slot of this name.
    #[error("there is no slot `{name}`; {help}")]
    NoSuchSlot {
        /// The name.
        name: String,
        /// The nearest one, or all.
        help: Sentence,
    },
    /// What is to be skipped is held.
    #[error("this slot is held: `follow` lets go of it")]
    IsHeld,
    /// Nothing is on by the schedule, or never will be.
    #[error("nothing is scheduled that this could be done to")]
    NothingScheduled,
    /// There is no rule of this name.
    #[error("there is no alarm `{name}`; {help}")]
    NoSuchAlarm {
        /// The name.
        name: String,
        /// The nearest one, or all.
        help: Sentence,
    },
    /// The alarm has not risen, or somebody has it.
    #[error("nobody has to take this alarm")]
    NothingToAcknowledge,
    /// A time that no alarm is shelved for.
    #[error("an alarm is shelved for 60 seconds to 8 hours")]
    NoSuchShelf,
    /// The alarm is not shelved.
    #[error("this alarm is not shelved")]
    NotShelved,
    /// An order that takes a reason has none.
    #[error("say why: `reason` is missing")]
    NoReason,
    /// There is no visit.
    #[error("this wall shows no run sheet")]
    NoRunSheet,
    /// The run sheet has no step of this number.
    #[error("the steps are 1 to {count}")]
    NoSuchStep {
        /// How many there are.
        count: usize,
    },
    /// The visit is at its step.
    #[error("the visit is at its step")]
    NotElsewhere,
    /// The run sheet does not allow that.
    #[error("the run sheet does not let these steps be left out or shortened so far")]
    NotInSheet,
    /// The region has no municipality of this name.
    #[error("there is no municipality `{name}`; {help}")]
    UnknownMunicipality {
        /// The name.
        name: String,
        /// The nearest one, or all.
        help: Sentence,
    },
    /// There are fewer warnings or alerts than that.
    #[error("there is no {kind} {number}: there are {count}, and the first is 0")]
    NoSuchTarget {
        /// `warning` or `alert`.
        kind: &'static str,
        /// Which was asked for.
        number: usize,
        /// How many there are.
        count: usize,
    },
    /// The data has not come yet.
    #[error("no data has come yet that says where that is")]
    NoData,
    /// The layout cannot be shown.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}
