//! Answers what the server asks of the running wall.

use std::time::{Duration, Instant};

use jiff::civil::Date;

use super::read_back::Pictures;
use super::stage::Stage;
use super::thumbnails::{Thumbnails, Wanted};
use crate::clock::Moment;
use crate::compose::zone_of;
use crate::conductor::Conductor;
use crate::data::Revision;
use crate::language::{Lang, Language};
use crate::render::Gpu;
use crate::requests::{
    Accepted, AlarmsView, HeldLayouts, Metrics, Request, ScheduleView, SourceContents, SourceStatus, Status, Teller,
    WallState, Why, source_statuses, warning_views,
};

/// Answers requests, one after another.
pub struct Answers {
    pictures: Pictures,
    /// What each source has, by its number.
    pub sources: Vec<SourceContents>,
    began: Instant,
    /// Paints layouts that are not on the wall; none where the system gives no thread.
    thumbnails: Option<Thumbnails>,
    /// When the next frame is due by itself; none if none is.
    pub next_frame: Option<Moment>,
}

impl Answers {
    /// For a wall of these sources.
    pub fn new(sources: Vec<SourceContents>) -> Self {
        let thumbnails = Thumbnails::start().inspect_err(|error| tracing::warn!(%error, "no thumbnails")).ok();
        Self { pictures: Pictures::default(), sources, began: Instant::now(), thumbnails, next_frame: None }
    }

    /// Answers one request at `now`; says whether it has changed what is shown.
    pub fn answer(&mut self, request: Request, conductor: &mut Conductor, stage: &mut Stage, now: Moment) -> bool {
        match request {
            Request::Status(reply) => reply(self.status(conductor, stage, now)),
            Request::Picture { output, held, reply } => {
                reply(self.pictures.of(output.as_deref(), held, stage, conductor.state(), now));
            }
            Request::Pick(at, reply) => reply(stage.pick(conductor.state(), conductor.catalogue(), at, now)),
            Request::RunSheet(reply) => {
                let state = conductor.state();
                let zone = zone_of(&stage.revision());
                reply(conductor.visit().map(|visit| visit.view(state, &zone, now)));
            }
            Request::State(reply) => {
                let snapshot = stage.revision().snapshot.clone();
                let sources = source_statuses(&self.sources, &snapshot);
                let zone = snapshot.region.map(|region| region.dictionaries.time_zone.clone());
                reply(WallState::new(
                    conductor.state(),
                    stage.shown_version(),
                    stage.output_names(),
                    sources,
                    zone,
                    now,
                ));
            }
            Request::Why(lang, reply) => {
                let (revision, state) = (stage.revision(), conductor.state());
                let dictionaries = revision.snapshot.region.as_ref().map(|region| &region.dictionaries);
                reply(Why::new(state, lang.unwrap_or(state.lang), &zone_of(&revision), dictionaries, now));
            }
            Request::Schedule { on, lang, reply } => reply(schedule(conductor, &stage.revision(), on, lang, now)),
            Request::Alarms(lang, reply) => reply(alarms(conductor, &stage.revision(), lang, now)),
            Request::Outputs(reply) => reply(stage.output_views().into_iter().map(|(view, _)| view).collect()),
            Request::Layouts(reply) => {
                let names = conductor.catalogue().names().map(str::to_owned).collect();
                reply(HeldLayouts { names, region: stage.revision().snapshot.region.clone() });
            }
            Request::Thumbnail { layout, reply } => {
                if let Some(thumbnails) = &self.thumbnails {
                    thumbnails.paint(Wanted {
                        layout,
                        wall: stage.wall.clone(),
                        revision: stage.revision(),
                        is_pressed: conductor.state().is_pressed(now),
                        lang: conductor.state().lang,
                        now,
                        reply,
                    });
                }
            }
            Request::Municipalities(reply) => reply(municipalities(&stage.revision())),
            Request::Metrics(reply) => reply(self.metrics(conductor, stage, now)),
            Request::Note { by, via, what } => conductor.note(by, via, what, now),
            Request::ShowPairing(sign, reply) => {
                stage.show_pairing(sign, now);
                reply(());
                return true;
            }
            Request::HidePairing(id) => {
                stage.hide_pairing(&id);
                return true;
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

    fn metrics(&self, conductor: &Conductor, stage: &Stage, now: Moment) -> Metrics {
        let secs = |age: Option<Duration>| age.map(|age| age.as_secs_f64());
        let state = conductor.state();
        Metrics {
            now_millis: now.0,
            uptime_secs: self.began.elapsed().as_secs_f64(),
            frame_age_secs: secs(stage.frame_age()),
            next_frame_secs: self.next_frame.map(|next| (next.0 - now.0) as f64 / 1000.0),
            claims: state.claims().iter().filter(|claim| !claim.has_ended(now)).count(),
            pressed: state.is_pressed(now),
            outputs: stage.output_views().into_iter().map(|(view, age)| (view, secs(age))).collect(),
            status: self.status(conductor, stage, now),
        }
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

/// A day as it is scheduled; none before the time zone is known.
fn schedule(
    conductor: &Conductor,
    revision: &Revision,
    on: Option<Date>,
    lang: Option<Lang>,
    now: Moment,
) -> Option<ScheduleView> {
    let (scheduled, state) = (conductor.schedule(), conductor.state());
    let zone = scheduled.zone(revision)?;
    let lang = lang.unwrap_or(state.lang);
    let own = revision.snapshot.region.as_ref().map(|region| &region.dictionaries);
    let called = own.map(|dictionaries| dictionaries.called_in(lang.code()));
    let teller = Teller { language: &Language::new(lang), zone: &zone, dictionaries: called.as_deref() };
    let date = on.unwrap_or_else(|| now.zoned(&zone).date());
    Some(ScheduleView::new(&scheduled.schedule, state.overrides(), date, teller, now))
}

fn alarms(conductor: &Conductor, revision: &Revision, lang: Option<Lang>, now: Moment) -> AlarmsView {
    let state = conductor.state();
    let lang = lang.unwrap_or(state.lang);
    let own = revision.snapshot.region.as_ref().map(|region| &region.dictionaries);
    let called = own.map(|dictionaries| dictionaries.called_in(lang.code()));
    AlarmsView::new(conductor.alarm_rules(), &state.alarms, lang, called.as_deref(), now)
}

/// The names of the municipalities that maps can look at; none before the first data.
fn municipalities(revision: &Revision) -> Vec<String> {
    let region = revision.snapshot.region.as_ref();
    region.map_or_else(Vec::new, |region| {
        region.dictionaries.municipalities.iter().map(|municipality| municipality.name.clone()).collect()
    })
}
