//! What the wall shows, and the one way in which that changes: a command.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::language::Tongue;
use crate::layout::Transition;
use crate::map::{Leg, Target, camera};
use crate::runsheet::At;

/// A layout of one generation of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its name.
    pub layout: String,
    /// How often its file has been taken over.
    pub generation: u64,
}

/// A change of layouts that is under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What goes.
    pub from: Shown,
    /// When it began, in milliseconds since 1970.
    pub began_millis: i64,
    /// How.
    pub transition: Transition,
}

/// All that decides what is shown, apart from the data and the time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Grows with every command that changed something.
    pub version: u64,
    /// What is shown.
    pub shown: Shown,
    /// What it is taking the place of.
    pub change: Option<Change>,
    /// Whether every output shows its name over everything.
    pub identify: bool,
    /// What maps were told to look at, the oldest first: more than the last only while it cuts others short.
    #[serde(default)]
    pub camera: Vec<Leg>,
    /// Which step of the run sheet is shown, where there is one.
    #[serde(default)]
    pub step: Option<At>,
    /// The language of the wall.
    #[serde(skip)]
    pub tongue: Tongue,
}

/// What is asked of the wall. Whoever asks, the keyboard, a file that was saved, the control API, a
/// schedule or another node, asks in these words, and they can be logged and replayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "command")]
pub enum Command {
    /// Show a layout.
    Show {
        /// Which.
        shown: Shown,
        /// How it comes.
        transition: Transition,
    },
    /// Show or hide the name of every output.
    Identify {
        /// Whether to show.
        on: bool,
    },
    /// Let maps look at something.
    Look {
        /// What.
        to: Target,
        /// How long the flight takes, in seconds; none for what its way needs.
        #[serde(default)]
        secs: Option<f64>,
    },
    /// Go to a step of the run sheet.
    Step {
        /// Its number, from 0.
        step: usize,
        /// What it shows.
        shown: Shown,
        /// How that comes.
        transition: Transition,
        /// What maps are to look at; none for what the layout says.
        #[serde(default)]
        look: Option<Target>,
    },
    /// Show whatever changed at once: the change that is under way ends.
    Settle,
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
    /// A layout is on its way in.
    LayoutChanged {
        /// Which.
        shown: Shown,
    },
    /// The names of outputs appeared or went.
    Identified {
        /// Whether they are shown.
        on: bool,
    },
    /// Maps are on their way.
    Looked {
        /// To what.
        to: Target,
    },
    /// A step of the run sheet has begun.
    Stepped {
        /// Its number, from 0.
        step: usize,
    },
    /// The change that was under way is over.
    Settled,
    /// The clock was set.
    ClockSet {
        /// By how much, in milliseconds.
        by_millis: i64,
    },
}

impl State {
    /// A wall that shows one layout.
    pub fn new(shown: Shown) -> Self {
        Self { version: 0, shown, change: None, identify: false, camera: Vec::new(), step: None, tongue: Tongue::Ru }
    }

    /// Whether a change is under way at `now`.
    pub fn is_changing(&self, now: Moment) -> bool {
        self.change.as_ref().is_some_and(|c| now < c.transition.end(Moment(c.began_millis)))
    }
}

/// What a change under way was leaving is dropped: the newest picture is the one to leave from.
fn show(next: &mut State, shown: &Shown, transition: Transition, now: Moment) {
    let from = std::mem::replace(&mut next.shown, shown.clone());
    next.change = Some(Change { from, began_millis: now.0, transition });
}

fn look(next: &mut State, to: &Target, secs: Option<f64>, now: Moment) {
    // Flights that have ended by now are where this one begins from: none but the last of them counts.
    let ended = next.camera.iter().rposition(|leg| now.0 >= leg.began_millis + camera::longest_millis(leg));
    next.camera.drain(..ended.unwrap_or(0));
    next.camera.push(Leg { to: to.clone(), began_millis: now.0, secs });
    let forgotten = next.camera.len().saturating_sub(camera::MOST_LEGS);
    next.camera.drain(..forgotten);
}

/// The state after `command` at `now`, and what has happened.
pub fn apply(state: &State, command: &Command, now: Moment) -> (State, Vec<Event>) {
    let mut next = state.clone();
    let mut events = Vec::new();
    match command {
        Command::Show { shown, transition } if *shown != state.shown => {
            show(&mut next, shown, *transition, now);
            events.push(Event::LayoutChanged { shown: shown.clone() });
        }
        Command::Look { to, secs } => {
            look(&mut next, to, *secs, now);
            events.push(Event::Looked { to: to.clone() });
        }
        Command::Step { step, shown, transition, look: to } => {
            if *shown != state.shown {
                show(&mut next, shown, *transition, now);
                // A new picture begins where its layout looks: no map flies while it appears.
                next.camera.clear();
            }
            match to {
                Some(to) => look(&mut next, to, None, now),
                None if !next.camera.is_empty() => look(&mut next, &Target::Home, None, now),
                None => {}
            }
            next.step = Some(At { step: *step, began_millis: now.0 });
            events.push(Event::Stepped { step: *step });
        }
        Command::Identify { on } if *on != state.identify => {
            next.identify = *on;
            events.push(Event::Identified { on: *on });
        }
        Command::Settle if state.change.is_some() => {
            next.change = None;
            events.push(Event::Settled);
        }
        Command::ClockSet { by_millis } if *by_millis != 0 => {
            let change = next.change.iter_mut().map(|change| &mut change.began_millis);
            let flights = next.camera.iter_mut().map(|leg| &mut leg.began_millis);
            let step = next.step.iter_mut().map(|at| &mut at.began_millis);
            change.chain(flights).chain(step).for_each(|began| *began = began.saturating_add(*by_millis));
            events.push(Event::ClockSet { by_millis: *by_millis });
        }
        _ => {}
    }
    if !events.is_empty() {
        next.version += 1;
    }
    (next, events)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::TransitionKind;
    use proptest::prelude::*;

    fn command() -> impl Strategy<Value = Command> {
        let kind = prop_oneof![Just(TransitionKind::Cut), Just(TransitionKind::CrossFade), Just(TransitionKind::Slide)];
        prop_oneof![
            ((0..4u8), (0..3u64), kind, 0f64..3.0).prop_map(|(name, generation, kind, secs)| Command::Show {
                shown: Shown { layout: format!("l{name}"), generation },
                transition: Transition { kind, secs },
            }),
            any::<bool>().prop_map(|on| Command::Identify { on }),
            (0..3u8, 0f64..4.0).prop_map(|(name, secs)| Command::Look {
                to: if name == 0 { Target::Home } else { Target::Municipality(format!("m{name}")) },
                secs: Some(secs).filter(|secs| *secs > 1.0),
            }),
            (0..3usize, 0..4u8, any::<bool>()).prop_map(|(step, name, looks)| Command::Step {
                step,
                shown: Shown { layout: format!("l{name}"), generation: 0 },
                transition: Transition { kind: TransitionKind::CrossFade, secs: 0.6 },
                look: looks.then_some(Target::Region),
            }),
            Just(Command::Settle),
        ]
    }

    fn operations() -> u32 {
        std::env::var("OBZOR_OPERATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
    }

    #[test]
    fn what_is_under_way_goes_on_where_the_clock_is_set_back() {
        const HOUR: i64 = 3_600_000;
        let (from, to) = (Shown { layout: "a".into(), generation: 0 }, Shown { layout: "b".into(), generation: 0 });
        let transition = Transition { kind: TransitionKind::CrossFade, secs: 2.0 };
        let step = Command::Step { step: 1, shown: to, transition, look: Some(Target::Region) };
        let (state, _) = apply(&State::new(from), &step, Moment(10 * HOUR));
        let now = Moment(9 * HOUR + 500);
        let (state, _) = apply(&state, &Command::ClockSet { by_millis: -HOUR }, now);
        let began = [
            state.change.as_ref().unwrap().began_millis,
            state.camera[0].began_millis,
            state.step.unwrap().began_millis,
        ];
        assert_eq!(began, [9 * HOUR; 3]);
        assert!(state.is_changing(now) && !state.is_changing(now.plus_millis(1500)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10))]
        #[test]
        fn any_commands_leave_a_state_that_holds_and_replays(
            commands in prop::collection::vec((command(), 0i64..2000), (operations() / 10) as usize)
        ) {
            let start = State::new(Shown { layout: "l0".into(), generation: 0 });
            let mut state = start.clone();
            let mut now = Moment(0);
            let mut log = Vec::new();
            for (command, pause) in commands {
                now = now.plus_millis(pause);
                let (next, events) = apply(&state, &command, now);
                // Something happened exactly when the version grew, and then something differs.
                prop_assert_eq!(next.version, state.version + u64::from(!events.is_empty()));
                prop_assert_eq!(events.is_empty(), next == state);
                prop_assert!(next.camera.len() <= camera::MOST_LEGS);
                if let Some(change) = &next.change {
                    prop_assert!(change.began_millis <= now.0);
                    prop_assert!(change.from != next.shown || state.change.is_some());
                }
                log.push((serde_json::to_string(&command).unwrap(), now));
                state = next;
            }
            let replayed = log.iter().fold(start, |state, (line, at)| {
                apply(&state, &serde_json::from_str(line).unwrap(), *at).0
            });
            prop_assert_eq!(replayed, state);
        }
    }
}
