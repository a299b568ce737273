//! What a running wall is made of, with or without windows: its stage, its clock, its files, who asks it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use arc_swap::ArcSwap;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::backend::{self, Keep, SourceChoice};
use super::log;
use super::pacing::Pacing;
use super::pictures::Pictures;
use super::signals::signals;
use super::stage::{Frame, Stage};
use super::told::{Brings, heard, warnings};
use super::visit::Visit;
use super::watch::FileWatch;
use crate::clock::{Clock, Moment};
use crate::control::{Ask, Heard, Look, Status, StepTo};
use crate::data::Revision;
use crate::data::measure::Query;
use crate::demo::World;
use crate::language::Tongue;
use crate::layout::{Catalogue, Layout, suited_to};
use crate::render::Gpu;
use crate::runsheet::RunSheet;
use crate::source::{Ask as MeasuresAsked, Site};
use crate::state::Command;
use crate::wall::{self, Wall};

/// Where the wall's measures come from.
#[derive(Debug, Clone)]
pub enum WallChoice {
    /// From a file.
    File(PathBuf),
    /// From the outputs that the session has, side by side as its desktop arranges them.
    Desktop,
}

/// What `obzor run` was asked for.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The wall.
    pub wall: WallChoice,
    /// The layout; none for the one that suits the wall's shape.
    pub layout: Option<String>,
    /// The steps of a visit, in the place of one layout.
    pub run_sheet: Option<RunSheet>,
    /// The language of the wall.
    pub tongue: Tongue,
    /// Where the data comes from; none for what the wall's file says, or else the embedded demo backend.
    pub source: Option<SourceChoice>,
    /// Where the last good data is kept.
    pub keep: Keep,
    /// The seed of the demo backend.
    pub seed: u64,
    /// In windows instead of over whole outputs.
    pub windowed: bool,
    /// Whether the names of outputs are shown instead of the layout.
    pub identify: bool,
    /// Where the live view is served; none without one.
    pub view: Option<std::net::SocketAddr>,
    /// The wall's clock.
    pub clock: Clock,
}

/// What happened outside of the render thread.
#[derive(Debug)]
pub enum Wake {
    /// There is a new revision.
    Revision,
    /// A watched file was saved.
    Saved(PathBuf),
    /// Somebody asks.
    Asked,
    /// Every file is to be read again, whether its saving was noticed or not.
    Reload,
    /// The program is told to end.
    Stop,
    /// A part of the program without which the wall is not right has failed: the program ends, for whoever starts it
    /// again.
    Failed(&'static str),
}

/// A running wall.
pub struct Session {
    /// What is on the outputs.
    pub stage: Stage,
    /// When the next frame is due.
    pub pacing: Pacing,
    visit: Option<Visit>,
    clock: Clock,
    /// The jumps of the clock that the state has been told of.
    jumped_millis: i64,
    wall_file: Option<PathBuf>,
    published: Arc<ArcSwap<Revision>>,
    /// Where what the layouts ask is sent to the keeper.
    wanted: watch::Sender<MeasuresAsked>,
    asks: Receiver<Ask>,
    pictures: Pictures,
    /// The sources, by number.
    sources: Vec<Brings>,
    /// The files that are taken over when they are saved.
    saved_files: Vec<PathBuf>,
    /// Whether a part of the program has failed.
    pub failed: bool,
    files: Option<FileWatch>,
    runtime: Option<Runtime>,
    keeper: Option<JoinHandle<()>>,
}

/// The wall of a file.
pub fn read_wall(path: &std::path::Path) -> Result<Wall> {
    let read = wall::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(read?)
}

impl Session {
    /// Starts the data, the files' watch and the view; `wake` is called from other threads.
    pub fn start(
        options: &RunOptions,
        wall: Wall,
        gpu: Gpu,
        wake: impl Fn(Wake) + Send + Clone + Sync + 'static,
    ) -> Result<Self> {
        let visit = options.run_sheet.clone().map(|sheet| Visit::new(sheet, suited_to(&wall)));
        let first = options.layout.clone().or_else(|| visit.as_ref().map(|visit| visit.layout_of(0).to_owned()));
        let name = first.unwrap_or_else(|| suited_to(&wall).to_owned());
        let layout = Catalogue::load(&name)?;
        let runtime = backend::runtime()?;
        let (wanted, asked_for) = watch::channel(backend::nothing_asked());
        let published = Arc::new(ArcSwap::from_pointee(Revision::default()));
        let mut files = watched(options, &layout);
        let mut stage = Stage::new(wall, &name, layout, published.clone(), gpu);
        stage.state.tongue = options.tongue;
        if let Some(visit) = &visit {
            // All at once: no step shows a picture whose numbers are still to come.
            files.extend(visit.load_into(&mut stage.catalogue)?);
        }
        if options.identify {
            stage.command(&Command::Identify { on: true }, options.clock.now());
        }
        let wall_file = match &options.wall {
            WallChoice::File(path) => Some(path.clone()),
            WallChoice::Desktop => None,
        };
        let (site, archive) = match backend::site(options.source.as_ref(), wall_file.as_deref())? {
            Some(site) => {
                let archive = options.keep.path(&site);
                (site, archive)
            }
            None => {
                let world = Arc::new(World::new(options.seed, options.clock.now()));
                (Site::native(backend::embed(&runtime, world, options.clock.clone())?), None)
            }
        };
        let sources = site.sources.iter().map(Brings::of).collect();
        let on_publish = wake.clone();
        let (clock, place) = (options.clock.clone(), published.clone());
        let on_failure = wake.clone();
        let keeper = backend::follow(
            &runtime,
            site,
            clock,
            (asked_for, place),
            archive,
            move || on_publish(Wake::Revision),
            move || on_failure(Wake::Failed("the keeper of the data")),
        )?;
        let (sender, asks): (Sender<Ask>, Receiver<Ask>) = mpsc::channel();
        if let Some(address) = options.view {
            let on_ask = wake.clone();
            let served = crate::control::serve(&runtime, address, move |ask| {
                let _ = sender.send(ask);
                on_ask(Wake::Asked);
            })
            .with_context(|| {
                format!("the live view cannot be served on {address}: choose another address with --view")
            })?;
            // The one line that says where to look.
            log::announce(&format!("The wall as it is now: http://{served}/"));
            if visit.is_some() {
                log::announce(&format!("The speaker's notes: http://{served}/run-sheet"));
            }
        }
        runtime.spawn(signals(wake.clone()));
        let saved = files.clone();
        let watch = (!files.is_empty()).then(|| FileWatch::new(files, move |path| wake(Wake::Saved(path)))).transpose();
        let watch = watch.unwrap_or_else(|error| {
            tracing::warn!(%error, "saved files will not be taken over");
            None
        });
        let mut session = Self {
            stage,
            pacing: Pacing::new(),
            visit,
            clock: options.clock.clone(),
            jumped_millis: options.clock.jumped_millis(),
            wall_file,
            published,
            wanted,
            sources,
            asks,
            pictures: Pictures::default(),
            saved_files: saved,
            failed: false,
            files: watch,
            runtime: Some(runtime),
            keeper: Some(keeper),
        };
        session.ask_for_measures();
        if session.visit.is_some() {
            session.go_to(0);
        }
        Ok(session)
    }

    /// Composes and paints the frame that is due.
    pub fn frame(&mut self) -> Frame {
        let at = std::time::Instant::now();
        // What moves is painted where it is when the picture is seen.
        let now = self.clock.at(self.pacing.seen_at(at));
        let jumped_millis = self.clock.jumped_millis();
        if jumped_millis != self.jumped_millis {
            let by_millis = jumped_millis - self.jumped_millis;
            tracing::warn!(by_millis, "the clock was set");
            self.stage.command(&Command::ClockSet { by_millis }, now);
            self.jumped_millis = jumped_millis;
        }
        if let Some((_, step)) = self.turn().filter(|(due, _)| now >= *due) {
            self.go_to(step);
        }
        let mut frame = self.stage.frame(now);
        frame.next = frame.next.into_iter().chain(self.turn().map(|(due, _)| due)).min();
        self.pacing.framed(at, frame.next, &self.clock);
        frame
    }

    /// Takes note of what happened; says whether the program should go on, and whether the wall's measures
    /// are others now.
    pub fn wake(&mut self, wake: Wake) -> Option<bool> {
        let mut rehung = false;
        match wake {
            Wake::Revision => {}
            Wake::Asked => {
                // Being looked at changes nothing.
                if !self.answer() {
                    return Some(false);
                }
            }
            Wake::Stop => return None,
            Wake::Failed(part) => {
                tracing::error!(part, "a part of the program failed: it ends, to be started again");
                self.failed = true;
                return None;
            }
            Wake::Saved(path) => rehung = self.saved(&path),
            Wake::Reload => {
                tracing::info!("every file is read again");
                for path in self.saved_files.clone() {
                    rehung |= self.saved(&path);
                }
            }
        }
        self.pacing.wake();
        Some(rehung)
    }

    /// A file was saved: a good one is taken over, a broken one is refused and the picture stays.
    fn saved(&mut self, path: &std::path::Path) -> bool {
        if self.wall_file.as_deref() == Some(path) {
            match wall::read(path) {
                Ok(Ok(wall)) if wall != self.stage.wall => {
                    tracing::info!(file = %path.display(), "the wall was taken over");
                    self.stage.set_wall(wall);
                    return true;
                }
                Ok(Ok(_)) => {}
                Ok(Err(fault)) => log::say(&format!("{fault}\nthe wall stays as it was")),
                Err(error) => log::say(&format!("{}: {error}; the wall stays as it was", path.display())),
            }
            return false;
        }
        if self.visit.as_ref().is_some_and(|visit| visit.sheet.path == path) {
            match self.take_over_sheet(path) {
                Ok(()) => tracing::info!(file = %path.display(), "the run sheet was taken over"),
                Err(error) => log::say(&format!("{error}\nthe run sheet stays as it was")),
            }
        }
        for name in self.stage.catalogue.read_from(path) {
            self.take_over(path, &name);
        }
        false
    }

    /// Takes over a run sheet whose file was saved. What is shown stays: the new sheet holds from the next step on.
    fn take_over_sheet(&mut self, path: &std::path::Path) -> Result<()> {
        let visit = Visit::new(crate::runsheet::load(&path.to_string_lossy())?, suited_to(&self.stage.wall));
        let files = visit.load_into(&mut self.stage.catalogue)?;
        // Layouts that it names now are taken over when they are saved, as those from the start.
        self.saved_files.extend(files.iter().cloned());
        if let Some(watch) = &self.files {
            watch.also(files);
        }
        self.visit = Some(visit);
        self.ask_for_measures();
        Ok(())
    }

    /// Takes over a layout whose file was saved.
    fn take_over(&mut self, path: &std::path::Path, name: &str) {
        let generation = self.stage.catalogue.newest(name).unwrap_or(0);
        let last = self.stage.catalogue.get(name, generation).map(|l| l.text.clone());
        match Catalogue::load(name) {
            Ok(layout) if Some(&layout.text) != last.as_ref() => {
                let faults = crate::layout::legibility::judge(&layout, &self.stage.wall);
                faults.iter().for_each(|fault| log::say(&fault.to_string()));
                if self.stage.state.shown.layout == name {
                    self.stage.take_over(name, layout, self.clock.now());
                } else {
                    self.stage.catalogue.put(name, layout);
                }
                self.ask_for_measures();
                tracing::info!(file = %path.display(), "the layout was taken over");
            }
            Ok(_) => {}
            Err(error) => log::say(&format!("{error}\nthe layout stays as it was")),
        }
    }

    /// When the step that is shown gives way by itself, and to which.
    fn turn(&self) -> Option<(Moment, usize)> {
        self.visit.as_ref()?.sheet.turn(self.stage.state.step?)
    }

    /// Goes on, or back, in the visit; nothing happens where there is none.
    pub fn step(&mut self, forward: bool) {
        let at = self.stage.state.step.map_or(0, |at| at.step);
        if let Some(step) = self.visit.as_ref().map(|visit| visit.sheet.beside(at, forward)).filter(|step| *step != at)
        {
            self.go_to(step);
            self.pacing.wake();
        }
    }

    /// Begins a step of the visit.
    fn go_to(&mut self, step: usize) {
        let Some(visit) = &self.visit else { return };
        if let Some(command) = visit.command(step, &self.stage.catalogue) {
            self.stage.command(&command, self.clock.now());
        }
    }

    /// Goes where the speaker asks.
    fn ask_step(&mut self, to: StepTo) -> Result<(), String> {
        let Some(visit) = &self.visit else { return Err("this wall shows no run sheet".to_owned()) };
        match (to, visit.sheet.steps.len()) {
            (StepTo::Next, _) => self.step(true),
            (StepTo::Previous, _) => self.step(false),
            (StepTo::Number(number), count) if (1..=count).contains(&number) => self.go_to(number - 1),
            (StepTo::Number(_), count) => return Err(format!("the steps are 1 to {count}")),
        }
        Ok(())
    }

    /// Tells the keeper what the layouts on the wall show.
    fn ask_for_measures(&self) {
        let layouts: Vec<Arc<Layout>> = self.stage.catalogue.layouts().cloned().collect();
        let ask = move |dictionaries: &crate::data::region::Dictionaries| {
            // Early warning is taken whatever is shown: it is told in the status.
            let mut queries = vec![Query::Warnings];
            for query in layouts.iter().flat_map(|layout| layout.queries(dictionaries)) {
                if !queries.contains(&query) {
                    queries.push(query);
                }
            }
            queries
        };
        self.wanted.send_replace(Arc::new(ask));
    }

    /// Answers who asked; says whether the picture is another one for it.
    fn answer(&mut self) -> bool {
        let mut changed = false;
        while let Ok(ask) = self.asks.try_recv() {
            match ask {
                Ask::Status(reply) => {
                    let revision = self.published.load();
                    let fresh = revision.snapshot.appeals_freshness;
                    let _ = reply.send(Status {
                        counts: self.stage.counts,
                        state: self.stage.state.clone(),
                        appeals: revision.snapshot.len(),
                        measures: revision.measures.len(),
                        data_until_secs: fresh.map(|f| f.data_until.secs()),
                        lost_since_secs: fresh.and_then(|f| f.lost_since).map(|m| m.secs()),
                        sources: heard(&self.sources, &revision.snapshot),
                        tables: revision
                            .snapshot
                            .dataset_freshness
                            .iter()
                            .map(|(n, f)| Heard::of(n, Some(f)))
                            .collect(),
                        device: self.stage.gpu().map(Gpu::name),
                        outputs: self.stage.output_names(),
                        warnings: warnings(&revision),
                    });
                }
                Ask::Picture { output, held, reply } => {
                    let _ = reply.send(self.pictures.of(output.as_deref(), held, &self.stage));
                }
                Ask::Pick(at, reply) => {
                    let _ = reply.send(self.stage.pick(at, self.clock.now()));
                }
                Ask::RunSheet(reply) => {
                    let told = self
                        .visit
                        .as_ref()
                        .map(|visit| visit.told(self.stage.state.step, self.stage.state.tongue, self.clock.now()));
                    let _ = reply.send(told);
                }
                Ask::Step(to, reply) => {
                    let judged = self.ask_step(to);
                    changed |= judged.is_ok();
                    let _ = reply.send(judged);
                }
                Ask::Look(look, reply) => {
                    let judged = self.look(look);
                    changed |= judged.is_ok();
                    let _ = reply.send(judged);
                }
            }
        }
        changed
    }

    /// Lets maps look at something that is there.
    fn look(&mut self, look: Look) -> Result<(), String> {
        let region = self.published.load().snapshot.region.clone();
        let known = region.iter().flat_map(|r| r.dictionaries.municipalities.iter().map(|m| m.name.as_str()));
        let known: Vec<&str> =
            known.chain(region.iter().flat_map(|r| r.boundaries.aliases.keys().map(String::as_str))).collect();
        if let Some(name) = look.to.names().find(|name| !known.contains(&name.as_str())) {
            let help = crate::diagnostic::expected(name, known.iter().copied());
            return Err(format!("there is no municipality `{name}`; {help}"));
        }
        self.stage.command(&Command::Look { to: look.to, secs: look.secs }, self.clock.now());
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Requests under way are dropped: a stalled backend must not hold the program.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_millis(300));
        }
        // With the sources gone the keeper ends, and writes what it holds.
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

/// The files whose saving is noticed.
fn watched(options: &RunOptions, layout: &Layout) -> Vec<PathBuf> {
    let mut files = Vec::new();
    if let WallChoice::File(path) = &options.wall {
        files.push(path.clone());
    }
    if options.layout.as_deref().is_some_and(|name| name.contains(".toml")) {
        files.push(layout.path.clone());
    }
    files.extend(options.run_sheet.as_ref().map(|sheet| sheet.path.clone()).filter(|path| path.is_file()));
    files
}
