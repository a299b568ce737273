//! What can be asked of a state, and what has happened to it.

use serde::{Deserialize, Serialize};

use super::State;
use super::claim::{Claim, Layer};
use crate::alarm::{Alarm, Stands, Watch};
use crate::layout::{LayoutRef, Transition};
use crate::map::Place;
use crate::runsheet::CatchUp;
use crate::schedule::{Hold, Skip};
use crate::signal::Latch;

/// The name of a rule, and how its alarm stands; none where it is over.
pub type AlarmChange = (String, Option<Box<Alarm>>);

/// A change requested of the wall. Every requester (keyboard, saved file, control API, schedule, another node) uses
/// these commands; they can be logged and replayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "command")]
pub enum Command {
    /// Begin with a state: that of before, or a new one.
    Begin {
        /// The state.
        state: Box<State>,
    },
    /// Put a claim on its layer.
    Claim {
        /// The claim.
        claim: Claim,
    },
    /// Take the claim of a layer back; that of [`Layer::Default`] stays.
    Withdraw {
        /// The layer.
        layer: Layer,
    },
    /// Let claims go that have ended by themselves. Every command does so first.
    Expire,
    /// Show another reading of a layout wherever a claim shows one of its name.
    Replace {
        /// The new reading.
        layout: LayoutRef,
        /// How it comes.
        transition: Transition,
    },
    /// Show or hide the name of every output.
    Identify {
        /// Whether to show.
        on: bool,
    },
    /// Let the maps of the claim on air look at something.
    Look {
        /// What.
        to: Place,
        /// How long the flight takes, in seconds; none for what its way needs.
        #[serde(default)]
        secs: Option<f64>,
    },
    /// Go to a step of the run sheet.
    Step {
        /// Its number, from 0.
        step: usize,
        /// The claim that shows it, on [`Layer::Visit`].
        claim: Claim,
    },
    /// Leave the step of the visit for something else, which is shown by hand; its clock stands still meanwhile.
    Detour {
        /// The claim that shows it, on [`Layer::Hand`].
        claim: Claim,
    },
    /// Leave out and shorten steps of the visit, besides nothing else.
    CatchUp {
        /// Which.
        plan: CatchUp,
    },
    /// The condition of a slot stands elsewhere.
    Latch {
        /// The slot.
        slot: String,
        /// Where it stands.
        latch: Latch,
    },
    /// Leave a time of a slot out.
    Skip {
        /// Which.
        skip: Skip,
    },
    /// Hold a slot beyond its time.
    Hold {
        /// Which.
        hold: Hold,
    },
    /// Follow the schedule again: nothing is held, and nothing left out.
    Follow,
    /// Alarms stand elsewhere.
    Alarms {
        /// Each with how it stands now; none for one that is over.
        alarms: Vec<AlarmChange>,
        /// How many of them have risen.
        rises: usize,
        /// How well is watched; none for as before.
        #[serde(default)]
        watch: Option<Watch>,
    },
    /// The clock was set: what is under way goes on as if it had not been.
    ClockSet {
        /// By how much, in milliseconds; negative where it was set back.
        by_millis: i64,
    },
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// The wall was started.
    Began {
        /// The version that it began with.
        version: u64,
    },
    /// A claim was put on its layer.
    Claimed {
        /// The layer.
        layer: Layer,
    },
    /// The claim of a layer was taken back.
    Withdrawn {
        /// The layer.
        layer: Layer,
    },
    /// The claim of a layer ended by itself.
    Expired {
        /// The layer.
        layer: Layer,
    },
    /// A layout is on its way in.
    LayoutChanged {
        /// Which.
        layout: LayoutRef,
    },
    /// Another reading of a layout took the place of the one before.
    LayoutReplaced {
        /// The new reading.
        layout: LayoutRef,
    },
    /// The names of outputs appeared or went.
    Identified {
        /// Whether they are shown.
        on: bool,
    },
    /// Maps are on their way.
    Looked {
        /// To what.
        to: Place,
    },
    /// A step of the run sheet has begun.
    Stepped {
        /// Its number, from 0.
        step: usize,
    },
    /// The visit has left its step for something else, or is back.
    Detoured {
        /// Whether it is elsewhere.
        on: bool,
    },
    /// Other steps of the visit are left out and shortened.
    CaughtUp {
        /// Which.
        plan: CatchUp,
    },
    /// The condition of a slot stands elsewhere.
    Latched {
        /// The slot.
        slot: String,
        /// Where it stands.
        latch: Latch,
    },
    /// A time of a slot is left out.
    Skipped {
        /// The slot.
        slot: String,
    },
    /// A slot is held.
    Held {
        /// The slot.
        slot: String,
    },
    /// The schedule is followed again.
    Followed,
    /// An alarm stands elsewhere.
    Alarmed {
        /// Its rule.
        alarm: String,
        /// Where it stands.
        stands: Stands,
    },
    /// More alarms rise than anybody can answer, or no more.
    Flooded {
        /// Whether they do.
        on: bool,
    },
    /// The rules are others, or what is known of their numbers.
    Watched {
        /// How many rules there are.
        rules: usize,
        /// How many of them watch a number that nobody knows.
        unknown: usize,
    },
    /// The clock was set.
    ClockSet {
        /// By how much, in milliseconds.
        by_millis: i64,
    },
}
