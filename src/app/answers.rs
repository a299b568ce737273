//! Answers what the server asks of the running wall.

use jiff::tz::TimeZone;

use super::read_back::Pictures;
use super::stage::Stage;
use crate::clock::Moment;
use crate::conductor::Conductor;
use crate::render::Gpu;
use crate::requests::{
    Accepted, Request, SourceContents, SourceStatus, Status, WallState, Why, source_statuses, warning_views,
};

/// Answers requests, one after another.
pub struct Answers {
    pictures: Pictures,
    /// What each source has, by its number.
    sources: Vec<SourceContents>,
}

impl Answers {
    /// For a wall of these sources.
    pub fn new(sources: Vec<SourceContents>) -> Self {
        Self { pictures: Pictures::default(), sources }
    }

    /// Answers one request at `now`; says whether it has changed what is shown.
    pub fn answer(&mut self, request: Request, conductor: &mut Conductor, stage: &mut Stage, now: Moment) -> bool {
        match request {
            Request::Status(reply) => reply(self.status(conductor, stage, now)),
            Request::Picture { output, held, reply } => reply(self.pictures.of(output.as_deref(), held, stage)),
            Request::Pick(at, reply) => reply(stage.pick(conductor.state(), conductor.catalogue(), at, now)),
            Request::RunSheet(reply) => {
                let state = conductor.state();
                reply(conductor.visit().map(|visit| visit.view(state.step, state.lang, now)));
            }
            Request::State(reply) => {
                let sources = source_statuses(&self.sources, &stage.revision().snapshot);
                reply(WallState::new(conductor.state(), stage.output_names(), sources, now));
            }
            Request::Why(reply) => {
                let region = stage.revision().snapshot.region.clone();
                let zone = region.and_then(|region| TimeZone::get(&region.dictionaries.time_zone).ok());
                reply(Why::new(conductor.state(), &zone.unwrap_or_else(TimeZone::system), now));
            }
            Request::Order { order, dry_run, reply } => {
                let outcome = if dry_run {
                    conductor.dry_run(&order, &stage.revision(), now)
                } else {
                    conductor.order(order, &stage.revision(), now)
                };
                let changed = outcome.is_ok() && !dry_run;
                let on_air = || conductor.state().on_air(now).into();
                reply(outcome.map(|version| Accepted { version, on_air: on_air() }));
                return changed;
            }
        }
        false
    }

    fn status(&self, conductor: &Conductor, stage: &Stage, now: Moment) -> Status {
        let revision = stage.revision();
        let fresh = revision.snapshot.appeals_freshness;
        let tables = revision.snapshot.dataset_freshness.iter();
        Status {
            counts: stage.counts,
            layout: conductor.state().layout(now).clone(),
            state: conductor.state().clone(),
            appeals: revision.snapshot.len(),
            measures: revision.measures.len(),
            data_until_secs: fresh.map(|f| f.data_until.secs()),
            lost_since_secs: fresh.and_then(|f| f.lost_since).map(|m| m.secs()),
            sources: source_statuses(&self.sources, &revision.snapshot),
            tables: tables.map(|(name, fresh)| SourceStatus::of(name, Some(fresh))).collect(),
            device: stage.gpu().map(Gpu::name),
            outputs: stage.output_names(),
            warnings: warning_views(&revision),
        }
    }
}
