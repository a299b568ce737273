//! A visit under way: the run sheet, and the layouts of its steps.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Moment;
use crate::layout::{Catalogue, Layout, LayoutError, file_of};
use crate::runsheet::{Advance, CatchUp, Offer, RunSheet, Step};
use crate::state::State;

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

impl Visit {
    /// A visit to a wall on which `default_layout` stands where a step names none.
    pub fn new(sheet: RunSheet, default_layout: &str) -> Self {
        Self { sheet, default_layout: default_layout.to_owned() }
    }

    /// The layout of a step.
    pub fn layout_of<'a>(&'a self, step: &'a Step) -> &'a str {
        step.layout.as_deref().unwrap_or(&self.default_layout)
    }

    /// Reads the layouts of all steps that the catalogue does not have yet, each once, by its name.
    ///
    /// # Errors
    /// When one of them cannot be read or is wrong.
    pub fn layouts(&self, catalogue: &Catalogue) -> Result<Vec<(String, Layout)>, LayoutError> {
        let mut layouts: Vec<(String, Layout)> = Vec::new();
        for step in &self.sheet.steps {
            let name = self.layout_of(step);
            if catalogue.newest(name).is_none() && layouts.iter().all(|(other, _)| other != name) {
                layouts.push((name.to_owned(), Catalogue::load(name)?));
            }
        }
        Ok(layouts)
    }

    /// The files of its layouts, each once: they are taken over when they are saved.
    pub fn files(&self) -> Vec<PathBuf> {
        let files = self.sheet.steps.iter().filter_map(|step| file_of(self.layout_of(step)));
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
            lasts_secs: at.map_or(0.0, |at| now.millis_since(Moment(at.began_millis)) as f64 / 1000.0),
            behind_secs: at.and_then(|at| self.sheet.behind_secs(at, plan, zone, now)),
            planned_end_millis: at.and_then(|at| self.sheet.planned_end(at, zone)).map(|end| end.0),
            expected_end_millis: at.map(|at| self.sheet.expected_end(at, plan, now).0),
            offer: at.and_then(|at| self.sheet.offer(at, plan, zone, now)),
            catch_up: plan.clone(),
        }
    }
}
