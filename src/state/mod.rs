//! What the wall shows and why, and the one way in which that changes: a command.
//!
//! All of it is plain data that means the same on another machine and when it is replayed.

mod alarms;
mod claim;
mod command;
mod scheduled;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use claim::{Claim, Layer, Show};
pub use command::{AlarmChange, Command, Event};

use alarms::apply_alarms;
use scheduled::apply_scheduled;

use crate::alarm::Alarms;
use crate::clock::Moment;
use crate::language::Lang;
use crate::layout::{LayoutRef, Transition, TransitionKind};
use crate::map::{CameraMove, Place, camera};
use crate::runsheet::{At, CatchUp};
use crate::schedule::{Hold, Latches, Overrides, Skip};

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
    /// The claims, the lowest layer first, one a layer; the first is that of [`Layer::Default`].
    #[serde(deserialize_with = "claim::stack")]
    claims: Vec<Claim>,
    /// The last change of layouts; none before the first.
    pub transition: Option<ActiveTransition>,
    /// Whether every output shows its name over everything.
    pub identify: bool,
    /// What maps were told to look at, the oldest first: more than the last only while it cuts others short.
    pub camera: Vec<CameraMove>,
    /// Which step of the run sheet was begun last, where there is one.
    pub step: Option<At>,
    /// What of the visit is left out and shortened.
    #[serde(default)]
    pub catch_up: CatchUp,
    /// Where the conditions of slots stand, by the slots' names; those that have not risen are left out.
    #[serde(default)]
    pub latches: Latches,
    /// The times of slots that somebody does not want.
    #[serde(default)]
    pub skips: Vec<Skip>,
    /// The slot that somebody holds.
    #[serde(default)]
    pub hold: Option<Hold>,
    /// The alarms.
    #[serde(default)]
    pub alarms: Alarms,
    /// The language of the wall.
    #[serde(rename = "language")]
    pub lang: Lang,
}

impl State {
    /// A wall that shows one layout.
    pub fn new(layout: LayoutRef, lang: Lang) -> Self {
        let show = Some(Show { layout, look: None, transition: Transition::default() });
        let default = Claim {
            layer: Layer::Default,
            by: "start".to_owned(),
            show,
            reason: None,
            since_millis: 0,
            until_millis: None,
        };
        Self {
            version: 0,
            claims: vec![default],
            transition: None,
            identify: false,
            camera: Vec::new(),
            step: None,
            catch_up: CatchUp::default(),
            latches: Latches::new(),
            skips: Vec::new(),
            hold: None,
            alarms: Alarms::default(),
            lang,
        }
    }

    /// What decides besides the calendar which slot is on.
    pub fn overrides(&self) -> Overrides<'_> {
        Overrides { latches: &self.latches, skips: &self.skips, hold: self.hold.as_ref() }
    }

    /// The stack of claims, the lowest layer first.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The claim of a layer, if it has one.
    pub fn claim(&self, layer: Layer) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.layer == layer)
    }

    /// The claim on air at `now`: the highest that has not ended.
    pub fn on_air(&self, now: Moment) -> &Claim {
        self.claims.iter().rev().find(|claim| !claim.has_ended(now)).unwrap_or(&self.claims[0])
    }

    /// The claim whose layout is shown at `now`: while the press key is pressed, that under it and under the alarms.
    pub fn shown(&self, now: Moment) -> &Claim {
        &self.claims[self.shown_index(now)]
    }

    fn shown_index(&self, now: Moment) -> usize {
        let pressed = self.is_pressed(now);
        let may_show = |claim: &Claim| claim.show.is_some() && !(pressed && claim.layer == Layer::Alarm);
        self.claims.iter().rposition(|claim| !claim.has_ended(now) && may_show(claim)).unwrap_or(0)
    }

    /// The layout that is shown at `now`, or on its way in.
    pub fn layout(&self, now: Moment) -> &LayoutRef {
        let show = self.shown(now).show.as_ref().or(self.claims[0].show.as_ref());
        &show.unwrap_or_else(|| unreachable!("the claim of the default layer shows a layout")).layout
    }

    /// Whether the press key is pressed at `now`.
    pub fn is_pressed(&self, now: Moment) -> bool {
        self.claim(Layer::Press).is_some_and(|claim| !claim.has_ended(now))
    }

    /// When a claim ends by itself next; none if never.
    pub fn next_change(&self, now: Moment) -> Option<Moment> {
        let ends = self.claims.iter().filter_map(|claim| claim.until_millis).filter(|until| *until > now.0);
        ends.min().map(Moment)
    }

    /// Whether one layout gives way to another at `now`.
    pub fn is_changing(&self, now: Moment) -> bool {
        self.transition.as_ref().is_some_and(|t| now < t.transition.end(Moment(t.began_millis)))
    }

    /// The same without the step of a run sheet.
    #[must_use]
    pub fn without_visit(mut self) -> Self {
        self.claims.retain(|claim| claim.layer != Layer::Visit);
        (self.step, self.catch_up) = (None, CatchUp::default());
        self
    }

    /// The same on a wall that was started again: its claims show the `readings` of their layouts that there are now, those
    /// without one are gone, and `default` and the language are the wall's own.
    #[must_use]
    pub fn resumed(mut self, readings: &[LayoutRef], default: Claim, lang: Lang) -> Self {
        let reading = |name: &str| readings.iter().find(|reading| reading.name == name);
        self.claims.retain_mut(|claim| match &mut claim.show {
            Some(show) => reading(&show.layout.name).map(|reading| show.layout = reading.clone()).is_some(),
            None => true,
        });
        self.claims.retain(|claim| claim.layer != Layer::Default);
        self.put(default);
        // What was on its way when the wall stopped has arrived, and nobody looks for an output any more.
        (self.transition, self.identify, self.lang) = (None, false, lang);
        self.version += 1;
        self
    }

    /// Lets the claim that `next` follows on its layer last until it is replaced, where one ends as the other begins, and
    /// puts it there before what lies over it ends: what lies under them is not shown in between.
    fn hand_over(&mut self, next: &Claim, now: Moment) {
        if next.is_whole() && !next.has_ended(now) {
            let last = self.claims.iter_mut().find(|claim| claim.layer == next.layer);
            if let Some(last) = last.filter(|last| last.until_millis == Some(next.since_millis)) {
                last.until_millis = None;
            }
            // What ends over it as it begins, or later, gives way to it, not to what was there before.
            let is_under = |over: &Claim| {
                over.layer > next.layer && over.has_ended(now) && over.until_millis >= Some(next.since_millis)
            };
            if self.claims.iter().any(is_under) {
                self.put(next.clone());
            }
        }
    }

    fn put(&mut self, claim: Claim) {
        match self.claims.binary_search_by_key(&claim.layer, |other| other.layer) {
            Ok(at) => self.claims[at] = claim,
            Err(at) => self.claims.insert(at, claim),
        }
    }
}

/// A cut: what must not be seen is not faded out.
const CUT: Transition = Transition { kind: TransitionKind::Cut, secs: 0.0 };

fn look(next: &mut State, to: &Place, secs: Option<f64>, now: Moment) {
    // Moves that have ended by now are where this one begins from: only the last of them counts.
    let ended = next.camera.iter().rposition(|other| now.0 >= other.began_millis + camera::longest_millis(other));
    next.camera.drain(..ended.unwrap_or(0));
    next.camera.push(CameraMove { to: to.clone(), began_millis: now.0, secs });
    let forgotten = next.camera.len().saturating_sub(camera::MAX_MOVES);
    next.camera.drain(..forgotten);
}

/// Lets the picture follow the stack from `began` on; until then it was that of `before` at `last`. A running transition is
/// replaced, and starts from the layout shown last; maps look where the claim says.
fn follow(before: &State, last: Moment, next: &mut State, began: Moment, events: &mut Vec<Event>) {
    let (from, to) = (before.layout(last).clone(), next.layout(began).clone());
    let show = next.shown(began).show.clone();
    let is_cut = before.is_pressed(last) != next.is_pressed(began);
    if from != to || is_cut {
        let own = show.as_ref().map(|show| show.transition).unwrap_or_default();
        let transition = if is_cut { CUT } else { own };
        next.transition = Some(ActiveTransition { from: from.clone(), began_millis: began.0, transition });
    }
    if from != to {
        // A new picture begins where its layout looks: no map flies while it appears.
        next.camera.clear();
        events.push(Event::LayoutChanged { layout: to });
    }
    let looked = next.camera.last().map(|last| &last.to);
    match show.and_then(|show| show.look) {
        Some(to) if looked != Some(&to) => look(next, &to, None, began),
        None if looked.is_some_and(|last| *last != Place::Home) => look(next, &Place::Home, None, began),
        _ => {}
    }
}

/// Lets claims end one after another, each at its own time, so that a wall that slept over two ends is as one that did not.
fn expire(next: &mut State, now: Moment, events: &mut Vec<Event>) {
    loop {
        let ended = next.claims.iter().filter(|claim| claim.has_ended(now));
        let Some(first) = ended.min_by_key(|claim| (claim.until_millis, claim.layer)) else { return };
        let (layer, until) = (first.layer, Moment(first.until_millis.unwrap_or(now.0)));
        let before = next.clone();
        next.claims.retain(|claim| claim.layer != layer);
        events.push(Event::Expired { layer });
        return_from_detour(next, layer, until, events);
        follow(&before, Moment(until.0 - 1), next, until, events);
    }
}

/// Lets a visit that was elsewhere be back at its step, since the claim of a layer that showed it is gone at `now`.
fn return_from_detour(next: &mut State, layer: Layer, now: Moment, events: &mut Vec<Event>) {
    let away = next.step.filter(|at| layer == Layer::Hand && at.detour_since_millis.is_some());
    if let Some(at) = away {
        next.step = Some(at.returned(now));
        events.push(Event::Detoured { on: false });
    }
}

/// The state after `command` at `now`, and what has happened.
pub fn apply(state: &State, command: &Command, now: Moment) -> (State, Vec<Event>) {
    if let Command::Begin { state } = command {
        return ((**state).clone(), vec![Event::Began { version: state.version }]);
    }
    let mut next = state.clone();
    let mut events = Vec::new();
    if let Command::Claim { claim } = command {
        next.hand_over(claim, now);
    }
    expire(&mut next, now, &mut events);
    let before = next.clone();
    match command {
        Command::Claim { claim } if claim.is_whole() && !claim.has_ended(now) => {
            events.push(Event::Claimed { layer: claim.layer });
            return_from_detour(&mut next, claim.layer, now, &mut events);
            next.put(claim.clone());
            follow(&before, now, &mut next, now, &mut events);
        }
        Command::Detour { claim } if claim.is_whole() && claim.layer == Layer::Hand && !claim.has_ended(now) => {
            if let Some(at) = next.step.as_mut().filter(|at| at.detour_since_millis.is_none()) {
                at.detour_since_millis = Some(now.0);
                events.push(Event::Detoured { on: true });
            }
            events.push(Event::Claimed { layer: claim.layer });
            next.put(claim.clone());
            follow(&before, now, &mut next, now, &mut events);
        }
        Command::Withdraw { layer } if *layer != Layer::Default && before.claim(*layer).is_some() => {
            events.push(Event::Withdrawn { layer: *layer });
            return_from_detour(&mut next, *layer, now, &mut events);
            next.claims.retain(|claim| claim.layer != *layer);
            follow(&before, now, &mut next, now, &mut events);
        }
        Command::Replace { layout, transition } => replace(&before, &mut next, layout, *transition, now, &mut events),
        Command::Look { to, secs } => {
            look(&mut next, to, *secs, now);
            let shown = next.shown_index(now);
            if let Some(show) = &mut next.claims[shown].show {
                show.look = Some(to.clone());
            }
            events.push(Event::Looked { to: to.clone() });
        }
        Command::Step { step, claim } if claim.is_whole() && claim.layer == Layer::Visit => {
            // Whoever goes on from elsewhere does not come back to it.
            if before.step.is_some_and(|at| at.detour_since_millis.is_some()) {
                next.claims.retain(|claim| claim.layer != Layer::Hand);
                return_from_detour(&mut next, Layer::Hand, now, &mut events);
            }
            next.put(claim.clone());
            // With its first step a visit begins, also anew.
            let known = next.step.filter(|_| *step != 0);
            let began = if *step == 0 { Some(now.0) } else { known.and_then(|at| at.visit_began_millis) };
            if *step == 0 {
                next.catch_up = CatchUp::default();
            }
            let detour_millis = known.map_or(0, |at| at.detour_millis);
            next.step = Some(At { detour_millis, ..At::begun(*step, now, began) });
            follow(&before, now, &mut next, now, &mut events);
            events.push(Event::Stepped { step: *step });
        }
        Command::CatchUp { plan } if *plan != before.catch_up => {
            next.catch_up = plan.clone();
            events.push(Event::CaughtUp { plan: plan.clone() });
        }
        Command::Latch { .. } | Command::Skip { .. } | Command::Hold { .. } | Command::Follow => {
            apply_scheduled(&before, &mut next, command, now, &mut events);
        }
        Command::Alarms { alarms, rises, watch } => {
            apply_alarms(&mut next.alarms, alarms, (*rises, watch.as_ref()), now, &mut events);
        }
        Command::Identify { on } if *on != before.identify => {
            next.identify = *on;
            events.push(Event::Identified { on: *on });
        }
        Command::ClockSet { by_millis } if *by_millis != 0 => {
            clock_set(&mut next, *by_millis);
            events.push(Event::ClockSet { by_millis: *by_millis });
        }
        _ => {}
    }
    if !events.is_empty() {
        next.version += 1;
    }
    (next, events)
}

/// Moves all that is under way along with a clock that was set.
fn clock_set(next: &mut State, by_millis: i64) {
    let change = next.transition.iter_mut().map(|change| &mut change.began_millis);
    let flights = next.camera.iter_mut().map(|other| &mut other.began_millis);
    let step = next
        .step
        .iter_mut()
        .flat_map(|at| [Some(&mut at.began_millis), at.visit_began_millis.as_mut(), at.detour_since_millis.as_mut()]);
    let step = step.flatten();
    let claims = next.claims.iter_mut();
    let claims = claims.flat_map(|claim| [Some(&mut claim.since_millis), claim.until_millis.as_mut()]).flatten();
    // What is left out is so by the clock, whatever it shows; what is held is so for a while.
    let hold = next.hold.iter_mut();
    let hold = hold.flat_map(|hold| [Some(&mut hold.since_millis), hold.until_millis.as_mut()]).flatten();
    next.alarms.by_name.values_mut().for_each(|alarm| alarm.shift(by_millis));
    let flood = next.alarms.rises.iter_mut().chain(next.alarms.flood_since_millis.as_mut());
    next.latches.values_mut().for_each(|latch| *latch = latch.shifted(by_millis));
    change
        .chain(flights)
        .chain(step)
        .chain(claims)
        .chain(hold)
        .chain(flood)
        .for_each(|at| *at = at.saturating_add(by_millis));
}

/// Shows another reading of a layout wherever a claim shows one of its name.
fn replace(
    before: &State,
    next: &mut State,
    layout: &LayoutRef,
    transition: Transition,
    now: Moment,
    events: &mut Vec<Event>,
) {
    let from = before.layout(now).clone();
    for show in next.claims.iter_mut().filter_map(|claim| claim.show.as_mut()) {
        if show.layout.name == layout.name && show.layout != *layout {
            (show.layout, show.transition) = (layout.clone(), transition);
        }
    }
    if next.claims != before.claims {
        events.push(Event::LayoutReplaced { layout: layout.clone() });
    }
    if next.layout(now) != &from {
        next.transition = Some(ActiveTransition { from, began_millis: now.0, transition });
        events.push(Event::LayoutChanged { layout: next.layout(now).clone() });
    }
}
