//! The one door: whoever asks, every order goes through here. It says what is meant, applies it, and tells everybody
//! who listens. Nothing else writes the state.

mod order;
mod resolve;
mod visit;

use std::collections::VecDeque;
use std::path::PathBuf;

use serde::Serialize;

pub use order::{Order, Refusal, StepTo, UserCommand, Via};
pub use visit::{RunSheetView, StepView, Visit};

use crate::clock::Moment;
use crate::data::Revision;
use crate::language::Lang;
use crate::layout::{Catalogue, Layout, LayoutError, LayoutRef};
use crate::map::Target;
use crate::runsheet::RunSheet;
use crate::state::{Command, Event, State, apply};

/// So many occurrences are held for who asks what has happened.
const MAX_RECENT: usize = 256;

/// Something that has happened, with the order that it came of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Occurrence {
    /// The version of the state since it happened.
    pub version: u64,
    /// When, in milliseconds since 1970.
    pub at_millis: i64,
    /// How the order came in.
    pub via: Via,
    /// What happened.
    pub event: Event,
}

/// Who is told of all that happens, in the order in which it happens, on the thread that carries it out.
pub type Listener = Box<dyn FnMut(&Occurrence) + Send>;

/// Holds the state, the layouts and the visit.
pub struct Conductor {
    state: State,
    catalogue: Catalogue,
    /// Grows with each layout that is taken over.
    catalogue_version: u64,
    visit: Option<Visit>,
    /// What the step that is shown looks at, until data has come that says where that is.
    awaited_look: Option<Target>,
    recent: VecDeque<Occurrence>,
    listeners: Vec<Listener>,
}

impl Conductor {
    /// Shows one layout.
    pub fn new(name: &str, layout: Layout, lang: Lang) -> Self {
        let mut catalogue = Catalogue::default();
        if let Ok(identify) = Catalogue::load("identify") {
            catalogue.put("identify", identify);
        }
        let layout = catalogue.put(name, layout);
        Self {
            state: State::new(layout, lang),
            catalogue,
            catalogue_version: 0,
            visit: None,
            awaited_look: None,
            recent: VecDeque::new(),
            listeners: Vec::new(),
        }
    }

    /// What is shown.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The layouts.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Another number whenever the layouts are others.
    pub fn catalogue_version(&self) -> u64 {
        self.catalogue_version
    }

    /// The visit; none where there is none.
    pub fn visit(&self) -> Option<&Visit> {
        self.visit.as_ref()
    }

    /// The last occurrences, the oldest first.
    pub fn recent(&self) -> impl Iterator<Item = &Occurrence> {
        self.recent.iter()
    }

    /// Tells a listener of all that happens from now on.
    pub fn listen(&mut self, listener: Listener) {
        self.listeners.push(listener);
    }

    /// Carries out an order.
    ///
    /// # Errors
    /// When it means nothing here; nothing has changed then.
    pub fn order(&mut self, order: Order, revision: &Revision, now: Moment) -> Result<(), Refusal> {
        let command = match order.command {
            UserCommand::Show { layout: name, transition } => {
                let layout = Catalogue::load(&name)?;
                let transition = transition.unwrap_or(layout.transition);
                Command::Show { layout: self.put(&name, layout), transition }
            }
            UserCommand::Look { to, secs } => {
                let to = resolve::place_of(&to, revision, self.alerts_of(&self.state.layout, revision))?;
                self.awaited_look = None;
                Command::Look { to, secs }
            }
            UserCommand::Step(to) => match self.step_of(to)? {
                Some(step) => return self.step(step, order.via, revision, now),
                None => return Ok(()),
            },
            UserCommand::Identify { on } => Command::Identify { on },
        };
        self.carry_out(&command, order.via, now);
        Ok(())
    }

    /// Does what is due at `now`: a step that gives way by its time, a look at what has become known.
    pub fn advance(&mut self, revision: &Revision, now: Moment) {
        if let Some((_, step)) = self.due().filter(|(due, _)| now >= *due) {
            // The steps of a run sheet are in the catalogue from its start.
            let _ = self.step(step, Via::RunSheet, revision, now);
        }
        if let Some(target) = self.awaited_look.clone() {
            match resolve::nearest_place(&target, revision, self.alerts_of(&self.state.layout, revision)) {
                Err(_) => {}
                Ok(to) => {
                    self.awaited_look = None;
                    self.carry_out(&Command::Look { to, secs: Some(0.0) }, Via::RunSheet, now);
                }
            }
        }
    }

    /// When something is due by itself; none if never.
    pub fn next_due(&self) -> Option<Moment> {
        self.due().map(|(due, _)| due)
    }

    /// Moves what is under way along with a clock that was set by so many milliseconds.
    pub fn clock_set(&mut self, by_millis: i64, now: Moment) {
        self.carry_out(&Command::ClockSet { by_millis }, Via::Clock, now);
    }

    /// Takes a layout over that was read again; where it is shown, it comes by its transition.
    pub fn replace_layout(&mut self, name: &str, layout: Layout, now: Moment) {
        let transition = layout.transition;
        let layout = self.put(name, layout);
        if self.state.layout.name == name {
            self.carry_out(&Command::Show { layout, transition }, Via::File, now);
        }
    }

    /// Takes a run sheet over, whose steps show `default_layout` where they name none; returns the files of their
    /// layouts. What is shown stays: the sheet holds from the next step on.
    ///
    /// # Errors
    /// When one of its layouts cannot be read or is wrong; the visit stays as it was then.
    pub fn replace_run_sheet(&mut self, sheet: RunSheet, default_layout: &str) -> Result<Vec<PathBuf>, LayoutError> {
        let visit = Visit::new(sheet, default_layout);
        // Nothing is taken over of a sheet that cannot be shown whole.
        for (name, layout) in visit.layouts(&self.catalogue)? {
            self.put(&name, layout);
        }
        let files = visit.files();
        self.visit = Some(visit);
        Ok(files)
    }

    fn put(&mut self, name: &str, layout: Layout) -> LayoutRef {
        self.catalogue_version += 1;
        self.catalogue.put(name, layout)
    }

    /// When the step that is shown gives way by itself, and to which.
    fn due(&self) -> Option<(Moment, usize)> {
        self.visit.as_ref()?.sheet.next_by_time(self.state.step?)
    }

    /// The step that a speaker means, from 0; none where it is shown already.
    fn step_of(&self, to: StepTo) -> Result<Option<usize>, Refusal> {
        let sheet = &self.visit.as_ref().ok_or(Refusal::NoRunSheet)?.sheet;
        let shown = self.state.step.map_or(0, |at| at.step);
        let beside = |forward| Some(sheet.neighbour(shown, forward)).filter(|step| *step != shown);
        match (to, sheet.steps.len()) {
            (StepTo::Next, _) => Ok(beside(true)),
            (StepTo::Previous, _) => Ok(beside(false)),
            (StepTo::Number(number), count) if (1..=count).contains(&number) => Ok(Some(number - 1)),
            (StepTo::Number(_), count) => Err(Refusal::NoSuchStep { count }),
        }
    }

    /// Begins a step of the visit, by its number from 0.
    fn step(&mut self, step: usize, via: Via, revision: &Revision, now: Moment) -> Result<(), Refusal> {
        let visit = self.visit.as_ref().ok_or(Refusal::NoRunSheet)?;
        let count = visit.sheet.steps.len();
        let wanted = visit.sheet.steps.get(step).ok_or(Refusal::NoSuchStep { count })?;
        let newest = self.catalogue.newest(visit.layout_of(wanted)).ok_or(Refusal::NoSuchStep { count })?.clone();
        let transition = self.catalogue.get(&newest).map(|layout| layout.transition).unwrap_or_default();
        let target = wanted.look.clone();
        let alerts = self.alerts_of(&newest, revision);
        let resolved = target.as_ref().map(|to| resolve::nearest_place(to, revision, alerts));
        let (look, awaited_look) = match resolved {
            // A visit may begin before the data has come.
            Some(Err(_)) => (None, target),
            Some(Ok(place)) => (Some(place), None),
            None => (None, None),
        };
        self.awaited_look = awaited_look;
        self.carry_out(&Command::Step { step, layout: newest, transition, look }, via, now);
        Ok(())
    }

    /// The table of alerts that maps of a layout are told to look at: of several the first that there is.
    fn alerts_of(&self, layout: &LayoutRef, revision: &Revision) -> &str {
        let tables = self.catalogue.get(layout).into_iter().flat_map(|layout| layout.alerts());
        tables.into_iter().find(|table| revision.snapshot.datasets.contains_key(*table)).unwrap_or_default()
    }

    fn carry_out(&mut self, command: &Command, via: Via, now: Moment) {
        let (state, events) = apply(&self.state, command, now);
        self.state = state;
        for event in events {
            let occurrence = Occurrence { version: self.state.version, at_millis: now.0, via, event };
            self.listeners.iter_mut().for_each(|listener| listener(&occurrence));
            if self.recent.len() == MAX_RECENT {
                self.recent.pop_front();
            }
            self.recent.push_back(occurrence);
        }
    }
}

#[cfg(test)]
mod tests;
