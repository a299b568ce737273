//! The single entry point for orders, whoever sends them: resolves an order, applies it and notifies the listeners.
//! Nothing else writes the state.

mod alarmed;
mod authorise;
mod order;
mod record;
mod resolve;
mod role;
mod scheduled;
mod visit;

use std::collections::VecDeque;
use std::path::PathBuf;

use serde::Serialize;

use alarmed::Alarmed;
pub use authorise::{authorise, least_role};
pub use order::{BUTTONS, Order, Refusal, StepTo, UserCommand, Via};
pub use record::{Outcome, Record};
pub use role::{Principal, Role};
pub use scheduled::Scheduled;
pub use visit::{RunSheetView, StepView, Visit};

use record::Origin;

use crate::alarm::Rule;
use crate::clock::Moment;
use crate::data::Revision;
use crate::language::Lang;
use crate::layout::{Catalogue, Layout, LayoutError, LayoutRef, Transition};
use crate::map::Target;
use crate::runsheet::{CatchUp, RunSheet};
use crate::schedule::Schedule;
use crate::signal::Surroundings;
use crate::state::{Claim, Command, Event, Layer, Show, State, apply};

/// The longest that a layout is shown by hand without being taken back, in seconds: thirty days.
const MAX_HAND_SECS: f64 = 30.0 * 86_400.0;
/// Rules are held against the data no more often than this while nothing else comes, in milliseconds.
const LEAST_LOOK_MILLIS: i64 = 1_000;
/// And no less often than this, in milliseconds: what grows old does so while nothing comes.
const LOOK_EVERY_MILLIS: i64 = 5_000;
/// No more layouts than this are held besides those that something shows.
const MAX_LAYOUTS: usize = 24;
/// Occurrences that are kept for [`Conductor::recent`].
const MAX_RECENT: usize = 256;

/// What has come of one command.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Occurrence {
    /// The version of the state since it happened.
    pub version: u64,
    /// When, in milliseconds since 1970.
    pub at_millis: i64,
    /// How the order came in.
    pub via: Via,
    /// What happened, in its order; at least one thing did.
    pub events: Vec<Event>,
}

/// Who keeps a record of each order, with the state after it.
pub type Recorder = Box<dyn FnMut(Record, &State) + Send>;

/// Called for every occurrence, in order, on the thread that carries out the order.
pub type Listener = Box<dyn FnMut(&Occurrence) + Send>;

/// What an order means here and now; nothing of it has happened yet.
struct Meant {
    command: Command,
    /// The layout that it shows, as it was just read, under its name.
    brings: Option<(String, Layout)>,
    /// What maps are to look at, once data has come that says where that is.
    awaited_look: Option<Target>,
}

/// Holds the state, the layouts and the visit.
pub struct Conductor {
    state: State,
    catalogue: Catalogue,
    /// Grows with each layout that is taken over.
    catalogue_version: u64,
    visit: Option<Visit>,
    scheduled: Scheduled,
    alarmed: Alarmed,
    /// The number of the revision that rules were last held against, and when.
    looked: Option<(u64, Moment)>,
    /// Target of the current step, as long as there is no data to resolve it.
    awaited_look: Option<Target>,
    recent: VecDeque<Occurrence>,
    listeners: Vec<Listener>,
    recorder: Option<Recorder>,
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
            scheduled: Scheduled::default(),
            alarmed: Alarmed::default(),
            looked: None,
            awaited_look: None,
            recent: VecDeque::new(),
            listeners: Vec::new(),
            recorder: None,
        }
    }

    /// Begins with a state of before, if there is one, as far as its layouts can still be read: a claim whose layout is gone
    /// is left out, and so is a step where there is no visit. Layouts of files are read anew.
    pub fn begin(&mut self, before: Option<State>, now: Moment) {
        let mut readings: Vec<LayoutRef> = Vec::new();
        for show in before.iter().flat_map(|state| state.claims()).filter_map(|claim| claim.show.as_ref()) {
            match Catalogue::load(&show.layout.name) {
                Ok(layout) => readings.push(self.put(&show.layout.name, layout)),
                Err(error) => tracing::warn!(%error, layout = show.layout.name, "what was shown before is gone"),
            }
        }
        let (default, lang) = (self.state.claims()[0].clone(), self.state.lang);
        if let Some(state) = before {
            let state = if self.visit.is_some() { state } else { state.without_visit() };
            self.state = state.resumed(&readings, default, lang);
        }
        let begin = Command::Begin { state: Box::new(self.state.clone()) };
        self.carry_out(begin, Origin::program(Via::Start), now);
    }

    /// Gives each order to a recorder from now on.
    pub fn record(&mut self, recorder: Recorder) {
        self.recorder = Some(recorder);
    }

    /// What is shown.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The layouts.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Changes whenever the layouts change.
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

    /// Carries out an order; returns the version of the state after it.
    ///
    /// # Errors
    /// When whoever gives it may not, when the state is another one than it was given for, or when it means nothing here;
    /// nothing has changed then.
    pub fn order(&mut self, order: Order, revision: &Revision, now: Moment) -> Result<u64, Refusal> {
        match self.command_of(&order, revision, now) {
            Ok(meant) => {
                self.fulfil(meant, Origin::from(&order), now);
                // Whoever takes an alarm sees at once what was under it.
                self.settle_takeover(revision, now);
                Ok(self.state.version)
            }
            Err(refusal) => {
                let outcome = Outcome::Refused { why: refusal.to_string() };
                self.keep(Record::new(Origin::from(&order), now, None, outcome));
                Err(refusal)
            }
        }
    }

    /// Keeps a record of what is no order: who was let in, or is not any more.
    pub fn note(&mut self, by: Principal, via: Via, what: String, now: Moment) {
        self.keep(Record::noted(by, via, what, now));
    }

    /// Whether an order would be carried out; nothing changes.
    ///
    /// # Errors
    /// As [`Conductor::order`].
    pub fn dry_run(&self, order: &Order, revision: &Revision, now: Moment) -> Result<u64, Refusal> {
        self.command_of(order, revision, now).map(|_| self.state.version)
    }

    /// What an order means here and now.
    fn command_of(&self, order: &Order, revision: &Revision, now: Moment) -> Result<Meant, Refusal> {
        authorise(order.by.role, &order.command)?;
        if order.if_version.is_some_and(|version| version != self.state.version) {
            return Err(Refusal::Changed { version: self.state.version });
        }
        let claim = |layer, show, until_millis| Claim {
            layer,
            by: order.by.name.clone(),
            show,
            reason: order.reason.clone(),
            since_millis: now.0,
            until_millis,
        };
        let mut meant = Meant { command: Command::Expire, brings: None, awaited_look: self.awaited_look.clone() };
        meant.command = match &order.command {
            UserCommand::Show { layout: name, transition, look, for_secs, stays } => {
                if !is_duration(*for_secs) || *stays && for_secs.is_some() {
                    return Err(Refusal::NoSuchTime);
                }
                self.is_of_the_region(name, revision)?;
                let layout = Catalogue::load(name)?;
                let transition = transition.unwrap_or(layout.transition);
                let alerts = alerts_of(Some(&layout), revision);
                let look = look.as_ref().map(|to| resolve::place_of(to, revision, alerts)).transpose()?;
                let until = match for_secs {
                    Some(secs) => Some(now.0 + (secs * 1000.0) as i64),
                    None if *stays => None,
                    None => self.hand_until(revision, now).map(|at| at.0),
                };
                let read = LayoutRef { name: name.clone(), digest: layout.digest.clone() };
                meant.brings = Some((name.clone(), layout));
                Command::Claim { claim: claim(Layer::Hand, Some(Show { layout: read, look, transition }), until) }
            }
            UserCommand::Back => match self.state.claim(Layer::Hand) {
                Some(_) => Command::Withdraw { layer: Layer::Hand },
                None => return Err(Refusal::NothingByHand),
            },
            // Twice pressed is pressed.
            UserCommand::Press => Command::Claim { claim: claim(Layer::Press, None, None) },
            UserCommand::Release => Command::Withdraw { layer: Layer::Press },
            UserCommand::Look { to, secs } => {
                let to = resolve::place_of(to, revision, self.alerts_on_air(revision, now))?;
                meant.awaited_look = None;
                Command::Look { to, secs: *secs }
            }
            UserCommand::Step(to) => match self.step_of(*to)? {
                Some(step) => return self.step(step, &order.by.name, revision, now),
                None => Command::Expire,
            },
            UserCommand::CatchUp(more) => self.catch_up(more)?,
            UserCommand::Detour { municipality } => {
                let (layout, show) = self.board_of(municipality, revision)?;
                meant.brings = Some((show.layout.name.clone(), layout));
                Command::Detour { claim: claim(Layer::Hand, Some(show), None) }
            }
            UserCommand::Return if self.state.step.is_some_and(|at| at.detour_since_millis.is_some()) => {
                Command::Withdraw { layer: Layer::Hand }
            }
            UserCommand::Return => return Err(Refusal::NotElsewhere),
            UserCommand::Skip { slot } => self.skip(slot.as_deref(), order, revision, now)?,
            UserCommand::Hold { for_secs, .. } if !is_duration(*for_secs) => return Err(Refusal::NoSuchTime),
            UserCommand::Hold { slot, for_secs } => self.hold((slot.as_deref(), *for_secs), order, revision, now)?,
            UserCommand::Follow if self.scheduled.schedule.is_empty() => return Err(Refusal::NoSchedule),
            UserCommand::Follow => Command::Follow,
            UserCommand::Acknowledge { alarm } => self.acknowledge(alarm, order, now)?,
            UserCommand::Shelve { alarm, for_secs } => self.shelve(alarm, *for_secs, order, now)?,
            UserCommand::Unshelve { alarm } => self.unshelve(alarm, now)?,
            UserCommand::Identify { on } => Command::Identify { on: *on },
        };
        Ok(meant)
    }

    /// Carries out what an order means.
    fn fulfil(&mut self, meant: Meant, origin: Origin, now: Moment) {
        if let (
            Some((name, layout)),
            Command::Claim { claim: Claim { show: Some(show), .. } }
            | Command::Detour { claim: Claim { show: Some(show), .. } },
        ) = (meant.brings, &meant.command)
        {
            self.take_over(&name, layout, show.transition, now);
        }
        self.awaited_look = meant.awaited_look;
        self.carry_out(meant.command, origin, now);
        self.forget_layouts();
    }

    /// Lets layouts go that nothing shows any more, once more are held than are worth measuring: a wall that runs for years is
    /// shown every board of its region some time.
    fn forget_layouts(&mut self) {
        if self.catalogue.names().count() <= MAX_LAYOUTS {
            return;
        }
        let shows = self.state.claims().iter().filter_map(|claim| claim.show.as_ref()).map(|show| &show.layout);
        let shown =
            shows.chain(self.state.transition.iter().map(|change| &change.from)).map(|layout| layout.name.clone());
        let steps = self.visit.iter().flat_map(Visit::layouts);
        let slots = self.scheduled.schedule.layouts().into_iter();
        let takeovers = self.alarm_rules().iter().filter_map(|rule| Some(rule.takeover.as_ref()?.layout.as_str()));
        let planned = steps.chain(slots).chain(takeovers).chain(["identify"]).map(str::to_owned);
        let used: Vec<String> = shown.chain(planned).collect();
        if self.catalogue.retain(|name| used.iter().any(|known| known == name)) > 0 {
            self.catalogue_version += 1;
        }
    }

    /// Does what is due at `now`: a slot of the schedule that begins, an alarm that rises, a claim that ends by itself, a step
    /// that gives way by its time, a look at what has become known.
    pub fn advance<'a>(&mut self, around: impl Into<Surroundings<'a>>, now: Moment) {
        let around = around.into();
        let revision = around.revision;
        let looks = self.looks(revision.number, now);
        self.follow_schedule(around, looks, now);
        self.watch_alarms(around, looks, now);
        if self.state.claims().iter().any(|claim| claim.has_ended(now)) {
            self.carry_out(Command::Expire, Origin::program(Via::Clock), now);
        }
        if let Some((_, step)) = self.due().filter(|(due, _)| now >= *due) {
            // The steps of a run sheet are in the catalogue from its start.
            if let Ok(meant) = self.step(step, Via::RunSheet.name(), revision, now) {
                self.fulfil(meant, Origin::program(Via::RunSheet), now);
            }
        }
        if let Some(target) = self.awaited_look.clone() {
            match resolve::nearest_place(&target, revision, self.alerts_on_air(revision, now)) {
                Err(_) => {}
                Ok(to) => {
                    self.awaited_look = None;
                    self.carry_out(Command::Look { to, secs: Some(0.0) }, Origin::program(Via::RunSheet), now);
                }
            }
        }
    }

    /// Whether rules are to be held against the data: it is other data, some time has passed, or one of them is due.
    fn looks(&mut self, number: u64, now: Moment) -> bool {
        let is_due = self.next_rule().is_some_and(|due| due <= now);
        let is_known = self
            .looked
            .is_some_and(|(known, at)| known == number && (0..LEAST_LOOK_MILLIS).contains(&now.millis_since(at)));
        if is_due || !is_known {
            self.looked = Some((number, now));
        }
        is_due || !is_known
    }

    /// When a rule goes on by itself.
    fn next_rule(&self) -> Option<Moment> {
        self.next_latch().into_iter().chain(self.next_alarm()).min()
    }

    /// When rules are next held against the data, if no other data comes: what grows old does so by itself.
    fn next_look(&self) -> Option<Moment> {
        let watches = !self.alarmed.rules.is_empty() || self.scheduled.schedule.slots.iter().any(|s| s.when.is_some());
        let (_, at) = self.looked.filter(|_| watches)?;
        self.next_rule().into_iter().chain([at.plus_millis(LOOK_EVERY_MILLIS)]).min()
    }

    /// When something is due by itself after `now`; none if never.
    pub fn next_due(&self, now: Moment) -> Option<Moment> {
        let due = self.due().map(|(due, _)| due).into_iter().chain(self.next_scheduled()).chain(self.next_look());
        due.chain(self.state.next_change(now)).min()
    }

    /// Shifts what is under way by `by_millis`, since the clock was set by as much.
    pub fn clock_set(&mut self, by_millis: i64, now: Moment) {
        self.carry_out(Command::ClockSet { by_millis }, Origin::program(Via::Clock), now);
    }

    /// Takes a layout over that was read again; where it is shown, it comes by its transition.
    pub fn replace_layout(&mut self, name: &str, layout: Layout, now: Moment) {
        let transition = layout.transition;
        self.take_over(name, layout, transition, now);
    }

    /// Lets every claim that shows a layout of this name show this reading: the catalogue holds only the last two.
    fn take_over(&mut self, name: &str, layout: Layout, transition: Transition, now: Moment) {
        let layout = self.put(name, layout);
        self.carry_out(Command::Replace { layout, transition }, Origin::program(Via::File), now);
    }

    /// Takes a run sheet over, whose steps show `default_layout` where they name none; returns the files of their
    /// layouts. What is shown stays: the sheet holds from the next step on.
    ///
    /// # Errors
    /// When one of its layouts cannot be read or is wrong; the visit stays as it was then.
    pub fn replace_run_sheet(
        &mut self,
        sheet: RunSheet,
        default_layout: &str,
        now: Moment,
    ) -> Result<Vec<PathBuf>, LayoutError> {
        let visit = Visit::new(sheet, default_layout);
        self.hold_layouts(visit.layouts())?;
        let files = visit.files();
        // What was left out is left out by its number: in another sheet that is another step.
        if self.visit.as_ref().is_some_and(|before| before.sheet.steps != visit.sheet.steps) {
            self.carry_out(Command::CatchUp { plan: CatchUp::default() }, Origin::program(Via::File), now);
        }
        self.visit = Some(visit);
        Ok(files)
    }

    /// Takes the rules of a file over: what is shown at which hour, and what takes the wall over. What the schedule shows is
    /// decided at once; alarms of rules that are gone are over.
    ///
    /// # Errors
    /// When one of their layouts cannot be read or is wrong; the rules stay as they were then.
    pub fn replace_rules(&mut self, schedule: Schedule, alarms: Vec<Rule>) -> Result<(), LayoutError> {
        let takeovers = alarms.iter().filter_map(|rule| Some(rule.takeover.as_ref()?.layout.as_str()));
        self.hold_layouts(schedule.layouts().into_iter().chain(takeovers))?;
        // What they watch is measured from now on.
        self.catalogue_version += 1;
        self.scheduled = Scheduled::new(schedule);
        self.alarmed.rules = alarms;
        Ok(())
    }

    /// Reads those of some layouts that the catalogue does not have yet, and holds all of them or, where one cannot be shown,
    /// none.
    fn hold_layouts<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Result<(), LayoutError> {
        let mut layouts: Vec<(&str, Layout)> = Vec::new();
        for name in names {
            if self.catalogue.newest(name).is_none() && layouts.iter().all(|(other, _)| *other != name) {
                layouts.push((name, Catalogue::load(name)?));
            }
        }
        for (name, layout) in layouts {
            self.put(name, layout);
        }
        Ok(())
    }

    /// What a layout that is held shows, with its maps where they are to look; where nobody knows yet where that is, as the
    /// layout says. None where it is not held.
    fn show_of(&self, name: &str, look: Option<&Target>, revision: &Revision) -> Option<Show> {
        let newest = self.catalogue.newest(name)?.clone();
        let layout = self.catalogue.get(&newest).map(|layout| &**layout);
        let look = look.and_then(|to| resolve::nearest_place(to, revision, alerts_of(layout, revision)).ok());
        let transition = layout.map(|layout| layout.transition).unwrap_or_default();
        Some(Show { layout: newest, look, transition })
    }

    fn put(&mut self, name: &str, layout: Layout) -> LayoutRef {
        self.catalogue_version += 1;
        self.catalogue.put(name, layout)
    }

    /// When the step that is shown gives way by itself, and to which.
    fn due(&self) -> Option<(Moment, usize)> {
        self.visit.as_ref()?.sheet.next_by_time(self.state.step?, &self.state.catch_up)
    }

    /// The table of alerts that the maps on air are told to look at.
    fn alerts_on_air(&self, revision: &Revision, now: Moment) -> &str {
        alerts_of(self.catalogue.get(self.state.layout(now)).map(|layout| &**layout), revision)
    }

    fn carry_out(&mut self, command: Command, origin: Origin, now: Moment) {
        let (state, events) = apply(&self.state, &command, now);
        self.state = state;
        let (version, via) = (self.state.version, origin.via);
        if events.is_empty() {
            return;
        }
        let outcome = Outcome::Done { version, events: events.clone() };
        self.keep(Record::new(origin, now, Some(command), outcome));
        let occurrence = Occurrence { version, at_millis: now.0, via, events };
        self.listeners.iter_mut().for_each(|listener| listener(&occurrence));
        if self.recent.len() == MAX_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(occurrence);
    }

    fn keep(&mut self, record: Record) {
        if let Some(recorder) = &mut self.recorder {
            recorder(record, &self.state);
        }
    }
}

/// Whether something may be shown for so many seconds; none is for as long as is wanted.
fn is_duration(secs: Option<f64>) -> bool {
    secs.is_none_or(|secs| (1.0..=MAX_HAND_SECS).contains(&secs))
}

/// The table of alerts that maps of a layout are told to look at: of several the first that there is.
fn alerts_of<'a>(layout: Option<&'a Layout>, revision: &Revision) -> &'a str {
    let tables = layout.into_iter().flat_map(|layout| layout.alerts());
    tables.into_iter().find(|table| revision.snapshot.datasets.contains_key(*table)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
