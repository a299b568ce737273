//! What can be asked of a wall, in the words of whoever asks, and why it may be refused.

use serde::{Deserialize, Serialize};

use crate::language::Sentence;
use crate::layout::{LayoutError, Transition};
use crate::map::Target;

/// The way by which an order came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// The command line that started the wall.
    Start,
    /// The keyboard, or a presenter's remote.
    Keyboard,
    /// The HTTP API.
    Api,
    /// A file that was saved.
    File,
    /// The run sheet, by its time.
    RunSheet,
    /// The machine's clock.
    Clock,
}

/// An order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// How it came in.
    pub via: Via,
    /// What is asked.
    pub command: UserCommand,
}

/// A command by the names that people use: which layout or warning they mean is decided when it comes in.
#[derive(Debug, Clone, PartialEq)]
pub enum UserCommand {
    /// Show a layout.
    Show {
        /// `NAME`, `NAME/PRESET`, or the path of a file.
        layout: String,
        /// How it comes; none for as the layout says.
        transition: Option<Transition>,
    },
    /// Let maps look at something.
    Look {
        /// What.
        to: Target,
        /// How long the flight takes, in seconds; none for what its way needs.
        secs: Option<f64>,
    },
    /// Go to a step of the run sheet.
    Step(StepTo),
    /// Show or hide the name of every output.
    Identify {
        /// Whether to show.
        on: bool,
    },
}

/// A step, as a speaker names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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

/// Why an order is refused. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no visit.
    #[error("this wall shows no run sheet")]
    NoRunSheet,
    /// The run sheet has no step of this number.
    #[error("the steps are 1 to {count}")]
    NoSuchStep {
        /// How many there are.
        count: usize,
    },
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
    NoSuchHappening {
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
