//! A visit under way: the run sheet, and the layouts of its steps.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::order::{Refusal, StepTo};
use super::{Conductor, Meant, resolve};
use crate::clock::Moment;
use crate::data::Revision;
use crate::layout::{Catalogue, Layout, LayoutRef, file_of};
use crate::map::Target;
use crate::runsheet::{Advance, CatchUp, Offer, RunSheet, Step};
use crate::state::{Claim, Command, Layer, Show, State};

/// The layout of a municipality's board.
const BOARD: &str = "municipality";

/// A visit.
pub struct Visit {
    /// Its steps.
    pub sheet: RunSheet,
    /// The layout of steps that name none.
    default_layout: String,
}

/// A run sheet, as its speaker sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RunSheetView {
    /// Its name.
    pub title: String,
    /// The language of its words.
    pub language: &'static str,
    /// How its steps give way.
    pub advance: Advance,
    /// The steps.
    pub steps: Vec<StepView>,
    /// Which of them is shown, from 1.
    pub step: usize,
    /// How long it has been shown, in seconds.
    pub lasts_secs: f64,
    /// By how many seconds the visit is late, negative where it is early; none where it is not known.
    pub behind_secs: Option<f64>,
    /// When it is to end, in milliseconds since 1970; none where it is not known when it began.
    pub planned_end_millis: Option<i64>,
    /// When it will end, if every step from now on lasts as planned, in milliseconds since 1970.
    pub expected_end_millis: Option<i64>,
    /// How it could catch up; none where it is not late, or nothing may be left out or shortened.
    pub offer: Option<Offer>,
    /// What is left out and shortened already.
    pub catch_up: CatchUp,
    /// Whether the visit is elsewhere; its clock stands still meanwhile.
    pub is_elsewhere: bool,
    /// For how long in all it was elsewhere, in seconds: that is counted apart.
    pub detour_secs: f64,
}

/// A step, as its speaker sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepView {
    /// Its name.
    pub title: String,
    /// The layout that it shows.
    pub layout: String,
    /// How long it is to last, in seconds.
    pub secs: f64,
    /// How long it was rehearsed to last, in seconds.
    pub rehearsed_secs: f64,
    /// Whether it is left out.
    pub is_skipped: bool,
    /// What is said.
    pub notes: String,
}

impl Conductor {
    /// Refuses a layout of a municipality that the region does not have: it would be empty, and seem well.
    pub(super) fn is_of_the_region(&self, layout: &str, revision: &Revision) -> Result<(), Refusal> {
        let Some((_, municipality)) = layout.split_once("/@") else { return Ok(()) };
        match resolve::place_of(&Target::municipality(municipality), revision, "") {
            Err(refusal @ Refusal::UnknownMunicipality { .. }) => Err(refusal),
            _ => Ok(()),
        }
    }

    /// The step that a speaker means, from 0; none where it is shown already.
    pub(super) fn step_of(&self, to: StepTo) -> Result<Option<usize>, Refusal> {
        let sheet = &self.visit.as_ref().ok_or(Refusal::NoRunSheet)?.sheet;
        let shown = self.state.step.map_or(0, |at| at.step);
        let plan = &self.state.catch_up;
        let beside = |forward| Some(sheet.neighbour(shown, forward, plan)).filter(|step| *step != shown);
        match (to, sheet.steps.len()) {
            (StepTo::Next, _) => Ok(beside(true)),
            (StepTo::Previous, _) => Ok(beside(false)),
            (StepTo::Number(number), count) if (1..=count).contains(&number) => Ok(Some(number - 1)),
            (StepTo::Number(_), count) => Err(Refusal::NoSuchStep { count }),
        }
    }

    /// What it means to leave out and shorten steps, besides those that are so already; none of them is as it was rehearsed.
    pub(super) fn catch_up(&self, more: &CatchUp) -> Result<Command, Refusal> {
        let sheet = &self.visit.as_ref().ok_or(Refusal::NoRunSheet)?.sheet;
        if *more == CatchUp::default() {
            return Ok(Command::CatchUp { plan: CatchUp::default() });
        }
        let shown = self.state.step.map_or(0, |at| at.step);
        if !sheet.allows(more, shown) {
            return Err(Refusal::NotInSheet);
        }
        Ok(Command::CatchUp { plan: sheet.merged(&self.state.catch_up, more) })
    }

    /// What it means to begin a step of the visit, by its number from 0.
    pub(super) fn step(&self, step: usize, by: &str, revision: &Revision, now: Moment) -> Result<Meant, Refusal> {
        let visit = self.visit.as_ref().ok_or(Refusal::NoRunSheet)?;
        let count = visit.sheet.steps.len();
        let wanted = visit.sheet.steps.get(step).ok_or(Refusal::NoSuchStep { count })?;
        let show = self.show_of(visit.layout_of(wanted), wanted.look.as_ref(), revision);
        let show = show.ok_or(Refusal::NoSuchStep { count })?;
        // A visit may begin before the data has come.
        let awaited_look = wanted.look.clone().filter(|_| show.look.is_none());
        let claim = Claim {
            layer: Layer::Visit,
            by: by.to_owned(),
            show: Some(show),
            reason: Some(wanted.title.in_lang(self.state.lang).to_owned()),
            since_millis: now.0,
            until_millis: None,
        };
        Ok(Meant { command: Command::Step { step, claim }, brings: None, awaited_look })
    }

    /// The board of a municipality, as it is shown on a visit.
    pub(super) fn board_of(&self, municipality: &str, revision: &Revision) -> Result<(Layout, Show), Refusal> {
        if self.visit.is_none() || self.state.step.is_none() {
            return Err(Refusal::NoRunSheet);
        }
        let target = Target::municipality(municipality);
        let look = Some(resolve::place_of(&target, revision, "")?);
        let name = format!("{BOARD}/@{municipality}");
        let layout = Catalogue::load(&name)?;
        let read = LayoutRef { name, digest: layout.digest.clone() };
        let transition = layout.transition;
        Ok((layout, Show { layout: read, look, transition }))
    }
}

impl Visit {
    /// A visit to a wall on which `default_layout` stands where a step names none.
    pub fn new(sheet: RunSheet, default_layout: &str) -> Self {
        Self { sheet, default_layout: default_layout.to_owned() }
    }

    /// The layout of a step.
    pub fn layout_of<'a>(&'a self, step: &'a Step) -> &'a str {
        step.layout.as_deref().unwrap_or(&self.default_layout)
    }

    /// The layouts of its steps.
    pub fn layouts(&self) -> impl Iterator<Item = &str> {
        self.sheet.steps.iter().map(|step| self.layout_of(step))
    }

    /// The files of its layouts, each once: they are taken over when they are saved.
    pub fn files(&self) -> Vec<PathBuf> {
        let files = self.layouts().filter_map(file_of);
        let mut files: Vec<PathBuf> = files.map(|(path, _)| path).collect();
        files.sort();
        files.dedup();
        files
    }

    /// What the speaker sees of it while the step `at` is shown.
    pub fn view(&self, state: &State, zone: &TimeZone, now: Moment) -> RunSheetView {
        let (at, lang, plan) = (state.step, state.lang, &state.catch_up);
        let step = |(index, step): (usize, &Step)| StepView {
            title: step.title.in_lang(lang).to_owned(),
            layout: self.layout_of(step).to_owned(),
            secs: plan.secs_of(index, step.secs),
            rehearsed_secs: step.secs,
            is_skipped: plan.skips(index),
            notes: step.notes.in_lang(lang).trim().to_owned(),
        };
        RunSheetView {
            title: self.sheet.title.in_lang(lang).to_owned(),
            language: lang.code(),
            advance: self.sheet.advance,
            steps: self.sheet.steps.iter().enumerate().map(step).collect(),
            // A sheet may have been shortened under the step that is shown.
            step: at.map_or(0, |at| at.step).min(self.sheet.steps.len().saturating_sub(1)) + 1,
            lasts_secs: at.map_or(0.0, |at| at.clock(now).millis_since(Moment(at.began_millis)) as f64 / 1000.0),
            behind_secs: at.and_then(|at| self.sheet.behind_secs(at, plan, zone, now)),
            planned_end_millis: at.and_then(|at| self.sheet.planned_end(at, zone, now)).map(|end| end.0),
            expected_end_millis: at.map(|at| self.sheet.expected_end(at, plan, now).0),
            offer: at.and_then(|at| self.sheet.offer(at, plan, zone, now)),
            catch_up: plan.clone(),
            is_elsewhere: at.is_some_and(|at| at.detour_since_millis.is_some()),
            detour_secs: at.map_or(0.0, |at| at.returned(now).detour_millis as f64 / 1000.0),
        }
    }
}
