//! Pictures without a display: `obzor render`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use arc_swap::ArcSwap;

use super::backend;
use super::stage::Stage;
use crate::clock::{Clock, Moment};
use crate::conductor::Conductor;
use crate::data::{Condition, Revision, Store, Update};
use crate::demo::World;
use crate::language::Lang;
use crate::layout::Layout;
use crate::render::{Gpu, PixelFormat};
use crate::source::Site;
use crate::wall::{Output, Rotation, Wall};

/// What is to be rendered.
pub struct PngOptions {
    /// The wall.
    pub wall: Wall,
    /// The layout, by the name it is shown under.
    pub layout: (String, Layout),
    /// The site; none for the demo backend.
    pub site: Option<Site>,
    /// The seed of the demo backend.
    pub seed: u64,
    /// What its data is made to be like; none for as it is.
    pub condition: Option<Condition>,
    /// The language.
    pub lang: Lang,
    /// The moment.
    pub at: Moment,
    /// One output instead of the whole wall.
    pub output: Option<String>,
    /// How many pictures.
    pub frames: u32,
    /// Milliseconds from one to the next.
    pub every_millis: i64,
    /// The file; a series gets numbers before its ending.
    pub out: PathBuf,
}

/// The wall as one output, every wall pixel of it.
pub fn whole(wall: &Wall) -> Output {
    let size = wall.bounds.size();
    Output {
        name: "wall".into(),
        matched_by: crate::wall::Match::Order(0),
        pixels: crate::geometry::PixelSize::new(size.width as u32, size.height as u32),
        rotation: Rotation::None,
        viewport: wall.bounds,
        audience: wall.audience_of(wall.bounds),
    }
}

/// Renders; returns the files.
pub fn render(options: PngOptions) -> Result<Vec<PathBuf>> {
    let runtime = backend::runtime()?;
    let clock = Clock::standing_at(options.at);
    let (site, world) = match options.site {
        Some(site) => (site, None),
        None => {
            let world = Arc::new(World::new(options.seed, options.at));
            (Site::native(backend::spawn_demo_backend(&runtime, world.clone(), clock.clone())?), Some(world))
        }
    };
    let mut store = backend::load(&runtime, site, &clock)?;
    let gpu = Gpu::open(None)?;
    let published = Arc::new(ArcSwap::from_pointee(Revision::default()));
    let output = match &options.output {
        None => whole(&options.wall),
        Some(name) => match options.wall.output(name) {
            Some(output) => output.clone(),
            None => {
                let names: Vec<&str> = options.wall.outputs.iter().map(|o| o.name.as_str()).collect();
                bail!("the wall has no output `{name}`; {}", crate::diagnostic::expected(name, names.iter().copied()));
            }
        },
    };
    let (name, layout) = options.layout;
    let conductor = Conductor::new(&name, layout, options.lang);
    let (state, catalogue) = (conductor.state(), conductor.catalogue());
    let mut stage = Stage::new(options.wall, published.clone(), gpu);
    let canvas = stage.add(&output, PixelFormat::RED_FIRST);
    let mut files = Vec::new();
    let mut revision = Revision::default();
    let mut told = options.at;
    for index in 0..options.frames.max(1) {
        let now = options.at.plus_millis(i64::from(index) * options.every_millis);
        clock.set(now);
        if let Some(world) = world.as_ref().filter(|_| index > 0) {
            advance(&mut store, world, told, now);
            told = now;
        }
        let mut snapshot = store.snapshot();
        if let Some(condition) = options.condition {
            let named = catalogue.get(state.layout(now)).map(|layout| layout.municipalities()).unwrap_or_default();
            snapshot = condition.of(snapshot, now, &named);
        }
        let queries = match (&snapshot.region, catalogue.get(state.layout(now))) {
            (Some(region), Some(layout)) => layout.queries(&region.dictionaries),
            _ => Vec::new(),
        };
        // Measures are taken every two seconds, as on a running wall.
        let due = index == 0 || now.millis_since(revision.measured) >= 2000;
        revision = if due { revision.next(snapshot, &queries, now) } else { revision.with_snapshot(snapshot) };
        published.store(Arc::new(revision.clone()));
        let without_room = stage.frame(state, catalogue, now).is_without_room;
        let mut picture = stage.picture(canvas)?.context("nothing was painted")?;
        if options.output.is_none() {
            hatch(&mut picture, &stage.wall);
        }
        let path = numbered(&options.out, index, options.frames);
        picture.save(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        if without_room {
            bail!(
                "{}: no panel of {name} has room on this wall: give it a larger one, or fewer panels",
                path.display()
            );
        }
        files.push(path);
    }
    Ok(files)
}

/// From one stroke of the hatching to the next, in pixels.
const STROKE: u32 = 24;

/// Hatches what no output shows: bezels, and what an irregular wall leaves out.
fn hatch(picture: &mut image::RgbaImage, wall: &Wall) {
    let inside = |x: u32, y: u32| {
        let at = crate::geometry::WallPoint::new(x as f32 + 0.5, y as f32 + 0.5);
        wall.outputs.iter().any(|output| output.viewport.contains(at))
    };
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        if !inside(x, y) {
            let stroke = (x + y) % STROKE < STROKE / 3;
            *pixel = image::Rgba(if stroke { [96, 96, 96, 255] } else { [24, 24, 24, 255] });
        }
    }
}

/// What happened in the demo region between two pictures.
fn advance(store: &mut Store, world: &World, told: Moment, now: Moment) {
    for second in told.secs() + 1..=now.secs() {
        let lives = world.events(second - 1, second);
        let appeals = lives.iter().filter_map(|(_, life)| life.at(second as u32)).collect();
        let until = Moment::from_secs(second);
        store.apply(Update::Changes { appeals, until }, until);
    }
}

fn numbered(path: &Path, index: u32, frames: u32) -> PathBuf {
    if frames <= 1 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{index:04}.{ending}"))
}
