//! What the wall shows, and the one way in which that changes: a command.
//!
//! All of it is plain data that means the same on another machine and when it is replayed.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::language::Lang;
use crate::layout::{LayoutRef, Transition};
use crate::map::{CameraMove, Place, camera};
use crate::runsheet::At;

/// A change from one layout to another. Once its time is over, only the new one is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActiveTransition {
    /// The layout that leaves.
    pub from: LayoutRef,
    /// When it began, in milliseconds since 1970.
    pub began_millis: i64,
    /// How the new one comes.
    pub transition: Transition,
}

/// All that decides what is shown, apart from the data and the time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Grows with every command that changed something.
    pub version: u64,
    /// The layout that is shown, or on its way in.
    pub layout: LayoutRef,
    /// The last change of layouts; none before the first.
    pub transition: Option<ActiveTransition>,
    /// Whether every output shows its name over everything.
    pub identify: bool,
    /// What maps were told to look at, the oldest first: more than the last only while it cuts others short.
    pub camera: Vec<CameraMove>,
    /// Which step of the run sheet is shown, where there is one.
    pub step: Option<At>,
    /// The language of the wall.
    #[serde(rename = "language")]
    pub lang: Lang,
}

/// What is asked of the wall. Whoever asks, the keyboard, a file that was saved, the control API, a
/// schedule or another node, asks in these words, and they can be logged and replayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "command")]
pub enum Command {
    /// Show a layout.
    Show {
        /// Which.
        layout: LayoutRef,
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
        to: Place,
        /// How long the flight takes, in seconds; none for what its way needs.
        #[serde(default)]
        secs: Option<f64>,
    },
    /// Go to a step of the run sheet.
    Step {
        /// Its number, from 0.
        step: usize,
        /// What it shows.
        layout: LayoutRef,
        /// How that comes.
        transition: Transition,
        /// What maps are to look at; none for what the layout says.
        #[serde(default)]
        look: Option<Place>,
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
    /// A layout is on its way in.
    LayoutChanged {
        /// Which.
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
    /// The clock was set.
    ClockSet {
        /// By how much, in milliseconds.
        by_millis: i64,
    },
}

impl State {
    /// A wall that shows one layout.
    pub fn new(layout: LayoutRef, lang: Lang) -> Self {
        Self { version: 0, layout, transition: None, identify: false, camera: Vec::new(), step: None, lang }
    }

    /// Whether one layout gives way to another at `now`.
    pub fn is_changing(&self, now: Moment) -> bool {
        self.transition.as_ref().is_some_and(|t| now < t.transition.end(Moment(t.began_millis)))
    }
}

/// Replaces a running transition; it starts from the layout shown last.
fn show(next: &mut State, layout: &LayoutRef, transition: Transition, now: Moment) {
    let from = std::mem::replace(&mut next.layout, layout.clone());
    next.transition = Some(ActiveTransition { from, began_millis: now.0, transition });
}

fn look(next: &mut State, to: &Place, secs: Option<f64>, now: Moment) {
    // Moves that have ended by now are where this one begins from: only the last of them counts.
    let ended = next.camera.iter().rposition(|other| now.0 >= other.began_millis + camera::longest_millis(other));
    next.camera.drain(..ended.unwrap_or(0));
    next.camera.push(CameraMove { to: to.clone(), began_millis: now.0, secs });
    let forgotten = next.camera.len().saturating_sub(camera::MAX_MOVES);
    next.camera.drain(..forgotten);
}

/// The state after `command` at `now`, and what has happened.
pub fn apply(state: &State, command: &Command, now: Moment) -> (State, Vec<Event>) {
    let mut next = state.clone();
    let mut events = Vec::new();
    match command {
        Command::Show { layout, transition } if *layout != state.layout => {
            show(&mut next, layout, *transition, now);
            events.push(Event::LayoutChanged { layout: layout.clone() });
        }
        Command::Look { to, secs } => {
            look(&mut next, to, *secs, now);
            events.push(Event::Looked { to: to.clone() });
        }
        Command::Step { step, layout, transition, look: to } => {
            if *layout != state.layout {
                show(&mut next, layout, *transition, now);
                // A new picture begins where its layout looks: no map flies while it appears.
                next.camera.clear();
                events.push(Event::LayoutChanged { layout: layout.clone() });
            }
            match to {
                Some(to) => look(&mut next, to, None, now),
                None if !next.camera.is_empty() => look(&mut next, &Place::Home, None, now),
                None => {}
            }
            next.step = Some(At { step: *step, began_millis: now.0 });
            events.push(Event::Stepped { step: *step });
        }
        Command::Identify { on } if *on != state.identify => {
            next.identify = *on;
            events.push(Event::Identified { on: *on });
        }
        Command::ClockSet { by_millis } if *by_millis != 0 => {
            let change = next.transition.iter_mut().map(|change| &mut change.began_millis);
            let flights = next.camera.iter_mut().map(|other| &mut other.began_millis);
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

    fn layout(name: &str, reading: u64) -> LayoutRef {
        LayoutRef { name: name.to_owned(), digest: format!("{reading:064x}") }
    }

    fn command() -> impl Strategy<Value = Command> {
        let kind = prop_oneof![Just(TransitionKind::Cut), Just(TransitionKind::CrossFade), Just(TransitionKind::Slide)];
        prop_oneof![
            ((0..4u8), (0..3u64), kind, 0f64..3.0).prop_map(|(name, reading, kind, secs)| Command::Show {
                layout: layout(&format!("l{name}"), reading),
                transition: Transition { kind, secs },
            }),
            any::<bool>().prop_map(|on| Command::Identify { on }),
            (0..3u8, 0f64..4.0).prop_map(|(name, secs)| Command::Look {
                to: if name == 0 { Place::Home } else { Place::Municipality(format!("m{name}")) },
                secs: Some(secs).filter(|secs| *secs > 1.0),
            }),
            (0..3usize, 0..4u8, any::<bool>()).prop_map(|(step, name, looks)| Command::Step {
                step,
                layout: layout(&format!("l{name}"), 0),
                transition: Transition { kind: TransitionKind::CrossFade, secs: 0.6 },
                look: looks.then_some(Place::Region),
            }),
        ]
    }

    fn operations() -> u32 {
        std::env::var("OBZOR_OPERATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
    }

    #[test]
    fn what_is_under_way_goes_on_where_the_clock_is_set_back() {
        const HOUR: i64 = 3_600_000;
        let (from, to) = (layout("a", 0), layout("b", 0));
        let transition = Transition { kind: TransitionKind::CrossFade, secs: 2.0 };
        let step = Command::Step { step: 1, layout: to, transition, look: Some(Place::Region) };
        let (state, _) = apply(&State::new(from, Lang::Ru), &step, Moment(10 * HOUR));
        let now = Moment(9 * HOUR + 500);
        let (state, _) = apply(&state, &Command::ClockSet { by_millis: -HOUR }, now);
        let began = [
            state.transition.as_ref().unwrap().began_millis,
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
            let start = State::new(layout("l0", 0), Lang::Ru);
            let mut state = start.clone();
            let mut now = Moment(0);
            let mut log = Vec::new();
            for (command, pause) in commands {
                now = now.plus_millis(pause);
                let (next, events) = apply(&state, &command, now);
                // Something happened exactly when the version grew, and then something differs.
                prop_assert_eq!(next.version, state.version + u64::from(!events.is_empty()));
                prop_assert_eq!(events.is_empty(), next == state);
                prop_assert!(next.camera.len() <= camera::MAX_MOVES);
                if let Some(change) = &next.transition {
                    prop_assert!(change.began_millis <= now.0);
                    prop_assert!(change.from != next.layout || state.transition.is_some());
                }
                log.push((serde_json::to_string(&command).unwrap(), now));
                state = next;
            }
            let replayed = log.iter().fold(start, |state, (line, at)| {
                apply(&state, &serde_json::from_str(line).unwrap(), *at).0
            });
            prop_assert_eq!(&replayed, &state);
            // It is whole when it comes back from a disk, or from another machine.
            let text = serde_json::to_string(&state).unwrap();
            prop_assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
        }
    }
}
