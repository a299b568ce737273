//! Files that are saved while the wall runs: good ones are taken over, broken ones are refused and the picture stays.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::error_text::error_text;
use super::file_watch::FileWatch;
use super::log;
use super::notifier::Notifier;
use super::serving;
use crate::clock::Moment;
use crate::conductor::Conductor;
use crate::language::{Lang, Sentence};
use crate::layout::{Catalogue, file_of, legibility, suited_to};
use crate::operation::Operation;
use crate::sentence;
use crate::server::Access;
use crate::wall::{self, Wall};

/// The files of a running wall.
pub struct SavedFiles {
    wall_file: Option<PathBuf>,
    /// The file that says how the wall is operated, and who may what by it.
    operation: Option<(PathBuf, Arc<Access>, Notifier)>,
    /// Every file that is taken over when it is saved.
    paths: Vec<PathBuf>,
    watch: Option<FileWatch>,
}

impl SavedFiles {
    /// Watches `paths`, the wall's own file among them where it has one, and that of its operation; calls `on_saved` from
    /// another thread.
    pub fn watch(
        wall_file: Option<PathBuf>,
        operation: Option<(PathBuf, Arc<Access>, Notifier)>,
        mut paths: Vec<PathBuf>,
        on_saved: impl Fn(PathBuf) + Send + 'static,
    ) -> Self {
        paths.extend(operation.iter().map(|(path, ..)| path.clone()));
        let watch = (!paths.is_empty()).then(|| FileWatch::new(paths.clone(), on_saved)).transpose();
        let watch = watch.unwrap_or_else(|error| {
            tracing::warn!(%error, "saved files will not be taken over");
            None
        });
        Self { wall_file, operation, paths, watch }
    }

    /// Every file that is taken over when it is saved.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Takes over what was saved at `path`; returns the wall's new measures where it was the wall's file, and they are
    /// others.
    pub fn take_over(&mut self, path: &Path, conductor: &mut Conductor, wall: &Wall, now: Moment) -> Option<Wall> {
        if self.wall_file.as_deref() == Some(path) {
            return read_other_wall(path, wall);
        }
        let operated = self.operation.clone().filter(|(own, ..)| own == path);
        if let Some((_, access, notifier)) = operated
            && let Err(error) = self.take_over_operation(path, &access, &notifier, conductor)
        {
            say_unchanged(&error, sentence!("saved-operation-stays"));
        }
        if conductor.visit().is_some_and(|visit| visit.sheet.path == path) {
            match self.take_over_run_sheet(path, conductor, wall, now) {
                Ok(()) => tracing::info!(file = %path.display(), "the run sheet was taken over"),
                Err(error) => say_unchanged(&error, sentence!("saved-run-sheet-stays")),
            }
        }
        for name in conductor.catalogue().read_from(path) {
            take_over_layout(path, &name, conductor, wall, now);
        }
        None
    }

    fn take_over_run_sheet(&mut self, path: &Path, conductor: &mut Conductor, wall: &Wall, now: Moment) -> Result<()> {
        let sheet = crate::runsheet::load(&path.to_string_lossy())?;
        let files = conductor.replace_run_sheet(sheet, suited_to(wall), now)?;
        self.watch_also(files);
        Ok(())
    }

    /// Takes over all of a file of operation, or nothing.
    fn take_over_operation(
        &mut self,
        path: &Path,
        access: &Access,
        notifier: &Notifier,
        conductor: &mut Conductor,
    ) -> Result<()> {
        let operation = serving::read_operation(path)?;
        let files = layout_files(&operation);
        conductor.replace_rules(operation.schedule, operation.alarms)?;
        notifier.replace(operation.notify);
        serving::take_over(access, operation.control);
        self.watch_also(files);
        Ok(())
    }

    /// Layouts that a file names now are taken over when they are saved, as those from the start.
    fn watch_also(&mut self, files: Vec<PathBuf>) {
        self.paths.extend(files.iter().filter(|file| !self.paths.contains(file)).cloned().collect::<Vec<_>>());
        if let Some(watch) = &self.watch {
            watch.also(files);
        }
    }
}

/// The files of the layouts that slots and alarms show.
pub fn layout_files(operation: &Operation) -> Vec<PathBuf> {
    operation.layouts().into_iter().filter_map(|(name, _)| Some(file_of(name)?.0)).collect()
}

fn read_other_wall(path: &Path, wall: &Wall) -> Option<Wall> {
    match wall::read(path) {
        Ok(Ok(read)) if read != *wall => {
            tracing::info!(file = %path.display(), "the wall was taken over");
            return Some(read);
        }
        Ok(Ok(_)) => {}
        Ok(Err(fault)) => say_unchanged(&fault.into(), sentence!("saved-wall-stays")),
        Err(error) => {
            let error = anyhow::Error::from(error).context(path.display().to_string());
            say_unchanged(&error, sentence!("saved-wall-stays"));
        }
    }
    None
}

fn take_over_layout(path: &Path, name: &str, conductor: &mut Conductor, wall: &Wall, now: Moment) {
    match Catalogue::load(name) {
        Ok(layout) if conductor.catalogue().newest(name).is_none_or(|newest| newest.digest != layout.digest) => {
            let faults = legibility::validate(&layout, wall);
            faults.iter().for_each(|fault| log::say(&fault.in_lang(Lang::of_environment())));
            conductor.replace_layout(name, layout, now);
            tracing::info!(file = %path.display(), "the layout was taken over");
        }
        Ok(_) => {}
        Err(error) => say_unchanged(&error.into(), sentence!("saved-layout-stays")),
    }
}

/// Says what is wrong with a file that was saved, and what goes on unchanged.
fn say_unchanged(error: &anyhow::Error, unchanged: Sentence) {
    let lang = Lang::of_environment();
    log::say(&format!("{}\n{}", error_text(error, lang), unchanged.to(lang)));
}
