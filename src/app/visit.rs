//! A visit under way: the run sheet, and the layouts of its steps.

use std::path::PathBuf;

use anyhow::Result;

use crate::clock::Moment;
use crate::control::{SheetTold, StepTold};
use crate::language::Tongue;
use crate::layout::{Catalogue, LayoutError};
use crate::runsheet::{At, RunSheet, Step};
use crate::state::{Command, Shown};

/// A visit.
pub struct Visit {
    /// Its steps.
    pub sheet: RunSheet,
    /// The layout of steps that name none.
    usual: String,
}

impl Visit {
    /// A visit to a wall whose usual layout is `usual`.
    pub fn new(sheet: RunSheet, usual: &str) -> Self {
        Self { sheet, usual: usual.to_owned() }
    }

    fn layout<'a>(&'a self, step: &'a Step) -> &'a str {
        step.layout.as_deref().unwrap_or(&self.usual)
    }

    /// The layout of a step, or of the last one.
    pub fn layout_of(&self, step: usize) -> &str {
        self.sheet.steps.get(step).or(self.sheet.steps.last()).map_or(&self.usual, |step| self.layout(step))
    }

    /// Reads the layouts of all steps; returns the files that they came from.
    ///
    /// # Errors
    /// When one of them cannot be read or is wrong.
    pub fn load_into(&self, catalogue: &mut Catalogue) -> Result<Vec<PathBuf>, LayoutError> {
        let mut files = Vec::new();
        for step in &self.sheet.steps {
            let name = self.layout(step);
            if catalogue.newest(name).is_none() {
                let layout = Catalogue::load(name)?;
                if name.contains(".toml") {
                    files.push(layout.path.clone());
                }
                catalogue.put(name, layout);
            }
        }
        Ok(files)
    }

    /// What brings a step onto the wall.
    pub fn command(&self, step: usize, catalogue: &Catalogue) -> Option<Command> {
        let wanted = self.sheet.steps.get(step)?;
        let name = self.layout(wanted);
        let generation = catalogue.newest(name)?;
        let transition = catalogue.get(name, generation)?.transition;
        let shown = Shown { layout: name.to_owned(), generation };
        Some(Command::Step { step, shown, transition, look: wanted.look.clone() })
    }

    /// What the speaker sees of it.
    pub fn told(&self, at: Option<At>, tongue: Tongue, now: Moment) -> SheetTold {
        let step = |step: &Step| StepTold {
            title: step.title.in_tongue(tongue).to_owned(),
            layout: self.layout(step).to_owned(),
            secs: step.secs,
            notes: step.notes.in_tongue(tongue).trim().to_owned(),
        };
        SheetTold {
            title: self.sheet.title.in_tongue(tongue).to_owned(),
            language: if tongue == Tongue::En { "en" } else { "ru" },
            advance: self.sheet.advance,
            steps: self.sheet.steps.iter().map(step).collect(),
            step: at.map_or(0, |at| at.step) + 1,
            lasts_secs: at.map_or(0.0, |at| now.millis_since(Moment(at.began_millis)) as f64 / 1000.0),
        }
    }
}
