//! What a running wall is made of, with or without windows: its conductor, its stage, its clock, its data, its files and
//! its server, wired together.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arc_swap::ArcSwap;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::answers::Answers;
use super::backend::{self, Keep, Published, SourceChoice};
use super::machine_watch::MachineWatch;
use super::notifier::Notifier;
use super::pacing::Pacing;
use super::samples::Samples;
use super::saved_files::{SavedFiles, layout_files};
use super::serving::{self, View, wall_stem};
use super::signals::signals;
use super::stage::{Frame, Stage};
use super::wake::Wake;
use crate::clock::{Clock, Moment};
use crate::conductor::{Conductor, Order, StepTo, UserCommand, Via};
use crate::data::Revision;
use crate::data::measure::Query;
use crate::demo::World;
use crate::journal::Journal;
use crate::language::Lang;
use crate::layout::{Catalogue, Layout, file_of, suited_to};
use crate::render::Gpu;
use crate::requests::{Request, SourceContents};
use crate::runsheet::RunSheet;
use crate::server::{Access, Events};
use crate::signal::Surroundings;
use crate::source::{QueryBuilder, Site};
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
    pub lang: Lang,
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
    /// Where the wall is served on this machine.
    pub view: View,
    /// The file that says how the wall is operated; none for as it is by default.
    pub operation: Option<PathBuf>,
    /// The wall's clock.
    pub clock: Clock,
}

/// A running wall.
pub struct Session {
    /// What is on the outputs.
    pub stage: Stage,
    /// When the next frame is due.
    pub pacing: Pacing,
    conductor: Conductor,
    clock: Clock,
    /// Jumps of the clock that were applied to the state, in milliseconds.
    jumped_millis: i64,
    /// Sends the layouts' queries to the keeper.
    wanted: watch::Sender<QueryBuilder>,
    /// Version of the catalogue whose queries were sent last.
    wanted_version: u64,
    orders: Receiver<Request>,
    questions: Receiver<Request>,
    /// Whether the loop was woken for what was asked, and has not looked yet.
    asked: Arc<AtomicBool>,
    /// Wakes the loop.
    wake: Box<dyn Fn(Wake)>,
    answers: Answers,
    machine: MachineWatch,
    notifier: Notifier,
    samples: Samples,
    files: SavedFiles,
    /// Whether a part of the program has failed.
    pub failed: bool,
    runtime: Option<Runtime>,
    keeper: Option<JoinHandle<()>>,
    /// Written to the end before the program ends.
    _journal: Journal,
}

/// A frame that is finished so long after it was due is late: two refreshes of a usual output.
const LATE: Duration = Duration::from_millis(33);
/// Questions are answered for so long between two frames.
const QUESTIONS_A_FRAME: Duration = Duration::from_millis(3);
/// The journal takes no more than this of the disk.
const MAX_JOURNAL_BYTES: u64 = 512 << 20;

/// The name of the source of the embedded demo backend.
const DEMO: &str = "demo";

/// What a wall keeps beside the archive of its site: two walls of one site have one each.
fn beside(archive: &Path, wall_file: Option<&Path>, what: &str) -> PathBuf {
    archive.with_extension(format!("{}.{what}", wall_stem(wall_file)))
}

/// The wall of a file.
pub fn read_wall(path: &Path) -> Result<Wall> {
    let read = wall::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(read?)
}

impl Session {
    /// Starts the data, the files' watch and the server; `wake` is called from other threads.
    pub fn start(
        options: &RunOptions,
        wall: Wall,
        gpu: Gpu,
        wake: impl Fn(Wake) + Send + Clone + Sync + 'static,
    ) -> Result<Self> {
        let wall_file = match &options.wall {
            WallChoice::File(path) => Some(path.clone()),
            WallChoice::Desktop => None,
        };
        let (mut conductor, watched) = conductor(options, &wall)?;
        let runtime = backend::runtime()?;
        let (site, archive) = site_of(options, wall_file.as_deref(), &runtime)?;
        let beside = |what: &str| archive.as_deref().map(|archive| beside(archive, wall_file.as_deref(), what));
        let (journal_file, access_folder) = (beside("journal.sqlite"), beside("access"));
        let notices = beside("notices");
        let answers = Answers::new(site.sources.iter().map(SourceContents::of).collect());
        let (wanted, asked_for) = watch::channel(backend::nothing_asked());
        let published = Arc::new(ArcSwap::from_pointee(Revision::default()));
        let (on_publish, on_failure) = (wake.clone(), wake.clone());
        let keeper = backend::spawn_sources(
            &runtime,
            site,
            options.clock.clone(),
            asked_for,
            Published { to: published.clone(), then: Box::new(move || on_publish(Wake::Revision)) },
            archive,
            move || on_failure(Wake::Failed("the keeper of the data")),
        )?;
        let (journal, before) = Journal::start(journal_file, MAX_JOURNAL_BYTES).context("no thread for the journal")?;
        let events = Events::default();
        conductor.listen(events.listener());
        let records = journal.handle();
        conductor.record(Box::new(move |record, state| records.keep(record, state.clone())));
        let operation = options.operation.as_deref().map(serving::read_operation).transpose()?.unwrap_or_default();
        let mut watched = watched;
        watched.extend(layout_files(&operation));
        conductor.replace_rules(operation.schedule, operation.alarms)?;
        let notifier = Notifier::start(&runtime, notices, serving::wall_stem(wall_file.as_deref()), operation.notify);
        let machine = MachineWatch::start(&runtime, access_folder.clone().unwrap_or_else(|| PathBuf::from(".")));
        let access = Access::open(operation.control, access_folder.as_deref()).map(Arc::new)?;
        let ((give, orders), (ask, questions)) = (mpsc::channel(), mpsc::channel());
        let asked = Arc::new(AtomicBool::new(false));
        if options.view != View::Off {
            let request = requester(give, ask, asked.clone(), wake.clone());
            serving::serve(
                &runtime,
                options.view,
                wall_file.as_deref(),
                access.clone(),
                journal.handle(),
                events,
                request,
            )?;
        }
        runtime.spawn(signals(wake.clone()));
        let operation = options.operation.clone().map(|path| (path, access, notifier.clone()));
        let on_more = Box::new(wake.clone());
        let files = SavedFiles::watch(wall_file, operation, watched, move |path| wake(Wake::Saved(path)));
        let mut session = Self {
            stage: Stage::new(wall, published, gpu),
            pacing: Pacing::new(),
            conductor,
            clock: options.clock.clone(),
            jumped_millis: options.clock.jumped_millis(),
            wanted,
            wanted_version: u64::MAX,
            orders,
            questions,
            asked,
            wake: on_more,
            answers,
            machine,
            notifier,
            samples: Samples::new(journal.handle()),
            files,
            failed: false,
            runtime: Some(runtime),
            keeper: Some(keeper),
            _journal: journal,
        };
        session.conductor.listen(Box::new(|occurrence| tracing::debug!(?occurrence, "happened")));
        let now = session.now();
        session.conductor.begin(before, now);
        if options.identify {
            session.order(Via::Start, UserCommand::Identify { on: true });
        }
        // A visit that was under way goes on where it was.
        if session.conductor.visit().is_some() && session.conductor.state().step.is_none() {
            session.order(Via::Start, UserCommand::Step(StepTo::Number(1)));
        }
        session.ask_for_measures();
        Ok(session)
    }

    /// What is shown, and why.
    pub fn conductor(&self) -> &Conductor {
        &self.conductor
    }

    /// Carries out an order of somebody at the wall; one that means nothing here is said in the log.
    pub fn order(&mut self, via: Via, command: UserCommand) {
        let (order, now) = (Order::local(via, command), self.now());
        match self.conductor.order(order, &self.stage.revision(), now) {
            Ok(_) => self.pacing.wake(),
            Err(refusal) => tracing::info!(%refusal, "an order was refused"),
        }
        self.ask_for_measures();
    }

    /// The current moment. Applies jumps of the clock first, so that whatever begins now begins after them.
    fn now(&mut self) -> Moment {
        let now = self.clock.now();
        self.note_jump(now);
        now
    }

    /// Moves what is under way along with the clock, once for each of its jumps.
    fn note_jump(&mut self, now: Moment) {
        let jumped_millis = self.clock.jumped_millis();
        if jumped_millis != self.jumped_millis {
            let by_millis = jumped_millis - self.jumped_millis;
            tracing::warn!(by_millis, "the clock was set");
            self.conductor.clock_set(by_millis, now);
            self.jumped_millis = jumped_millis;
        }
    }

    /// Composes and paints the frame that is due.
    pub fn frame(&mut self) -> Frame {
        let (at, due) = (Instant::now(), self.pacing.due());
        // What moves is painted where it is when the picture is seen.
        let now = self.clock.at(self.pacing.seen_at(at));
        self.note_jump(now);
        let revision = self.stage.revision();
        let machine = self.machine.machine(&self.stage, &self.answers.sources);
        let around = Surroundings { revision: &revision, machine };
        self.conductor.advance(around, now);
        self.samples.take(self.conductor.alarm_rules(), around, now);
        self.conductor.take_notices().into_iter().for_each(|notice| self.notifier.tell(notice));
        let mut frame = self.stage.frame(self.conductor.state(), self.conductor.catalogue(), now);
        frame.next = frame.next.into_iter().chain(self.conductor.next_due(now)).min();
        self.stage.counts.late += u64::from(due.elapsed() > LATE);
        self.answers.next_frame = frame.next;
        self.pacing.frame_painted(at, frame.next, &self.clock);
        frame
    }

    /// Handles a wake-up. Returns none if the program must end, otherwise whether the wall's geometry changed.
    pub fn wake(&mut self, wake: Wake) -> Option<bool> {
        let mut outputs_changed = false;
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
            Wake::Saved(path) => outputs_changed = self.saved(&path),
            Wake::Reload => {
                tracing::info!("every file is read again");
                for path in self.files.paths().to_vec() {
                    outputs_changed |= self.saved(&path);
                }
            }
        }
        self.pacing.wake();
        Some(outputs_changed)
    }

    /// Takes over a file that was saved; says whether the wall's measures are others now.
    fn saved(&mut self, path: &Path) -> bool {
        let now = self.now();
        let other_wall = self.files.take_over(path, &mut self.conductor, &self.stage.wall, now);
        self.ask_for_measures();
        let outputs_changed = other_wall.is_some();
        if let Some(wall) = other_wall {
            self.stage.set_wall(wall);
        }
        outputs_changed
    }

    /// Answers who asked; says whether the picture is another one for it.
    fn answer(&mut self) -> bool {
        let mut changed = false;
        self.asked.store(false, Ordering::Release);
        // Orders first, and questions for a while only: whoever asks without end keeps nobody's order from being seen.
        while let Ok(order) = self.orders.try_recv() {
            let now = self.now();
            changed |= self.answers.answer(order, &mut self.conductor, &mut self.stage, now);
        }
        let began = Instant::now();
        while let Ok(question) = self.questions.try_recv() {
            let now = self.now();
            changed |= self.answers.answer(question, &mut self.conductor, &mut self.stage, now);
            if began.elapsed() > QUESTIONS_A_FRAME {
                (self.wake)(Wake::Asked);
                break;
            }
        }
        self.ask_for_measures();
        changed
    }

    /// Sends the queries of the catalogue's layouts to the keeper if the layouts changed.
    fn ask_for_measures(&mut self) {
        let version = self.conductor.catalogue_version();
        if std::mem::replace(&mut self.wanted_version, version) == version {
            return;
        }
        let layouts: Vec<Arc<Layout>> = self.conductor.catalogue().layouts().cloned().collect();
        let signals = self.conductor.signals();
        let queries = move |dictionaries: &crate::data::region::Dictionaries| {
            // Early warnings are always measured: the status reports them, and maps may be told to look at them.
            let mut queries = vec![Query::Warnings];
            let watched = signals.iter().filter_map(|signal| signal.query(dictionaries));
            for query in layouts.iter().flat_map(|layout| layout.queries(dictionaries)).chain(watched) {
                if !queries.contains(&query) {
                    queries.push(query);
                }
            }
            queries
        };
        self.wanted.send_replace(Arc::new(queries));
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

/// Hands requests to the loop: orders and questions by ways of their own.
fn requester(
    give: Sender<Request>,
    ask: Sender<Request>,
    asked: Arc<AtomicBool>,
    wake: impl Fn(Wake) + Send + Clone + Sync + 'static,
) -> impl Fn(Request) + Send + Sync + Clone + 'static {
    move |request: Request| {
        let _ = if request.is_order() { give.send(request) } else { ask.send(request) };
        // One wake is enough for all that have asked since the last.
        if !asked.swap(true, Ordering::AcqRel) {
            wake(Wake::Asked);
        }
    }
}

/// The site whose data is shown, and the archive that it is kept in: the embedded demo backend, which nobody keeps, where
/// none is named.
fn site_of(options: &RunOptions, wall_file: Option<&Path>, runtime: &Runtime) -> Result<(Site, Option<PathBuf>)> {
    if let Some(site) = backend::site(options.source.as_ref(), wall_file)? {
        let archive = options.keep.path(&site);
        return Ok((site, archive));
    }
    let world = Arc::new(World::new(options.seed, options.clock.now()));
    let mut site = Site::native(backend::spawn_demo_backend(runtime, world, options.clock.clone())?);
    // Nobody has chosen its address.
    site.sources.iter_mut().for_each(|source| source.name = DEMO.to_owned());
    Ok((site, None))
}

/// The conductor of what the options ask for, and the files whose saving is noticed.
fn conductor(options: &RunOptions, wall: &Wall) -> Result<(Conductor, Vec<PathBuf>)> {
    let suited = suited_to(wall);
    let first_step = options.run_sheet.as_ref().and_then(|sheet| sheet.steps.first()?.layout.as_deref());
    let name = options.layout.as_deref().or(first_step).unwrap_or(suited);
    let layout = Catalogue::load(name)?;
    let mut watched = Vec::new();
    if let WallChoice::File(path) = &options.wall {
        watched.push(path.clone());
    }
    watched.extend(options.layout.as_deref().and_then(file_of).map(|(path, _)| path));
    let mut conductor = Conductor::new(name, layout, options.lang);
    if let Some(sheet) = &options.run_sheet {
        if sheet.path.is_file() {
            watched.push(sheet.path.clone());
        }
        // All layouts at once: no step shows a picture whose numbers are still to come.
        watched.extend(conductor.replace_run_sheet(sheet.clone(), suited, options.clock.now())?);
    }
    Ok((conductor, watched))
}
