//! What is on the outputs: composes a frame, paints it, builds everything anew when the GPU is lost.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use image::RgbaImage;

use crate::clock::Moment;
use crate::compose::{Composer, PairingSign};
use crate::data::Revision;
use crate::geometry::WallPoint;
use crate::layout::Catalogue;
use crate::panel::Picked;
use crate::render::{Canvas, Gpu, GpuError, Painted, PixelFormat, Readback, Renderer};
use crate::requests::{Counts, OutputView, WallPicture};
use crate::scene::Scene;
use crate::state::State;
use crate::wall::{Output, Wall};

/// Before the GPU is opened again after a failure.
const FIRST_RETRY: Duration = Duration::from_millis(200);
/// The longest pause between two attempts.
const LONGEST_RETRY: Duration = Duration::from_secs(10);

/// What one frame came to.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// By output, in the order of [`Stage::add`].
    pub painted: Vec<Painted>,
    /// When the next frame differs, if nothing new comes.
    pub next: Option<Moment>,
    /// Whether no panel of the layout has room on the wall.
    pub is_without_room: bool,
}

impl Frame {
    /// Whether any output shows another picture than before.
    pub fn changed(&self) -> bool {
        self.painted.iter().any(|p| p.rects > 0)
    }
}

/// One device, its renderer and the canvases of the outputs.
pub struct Stage {
    /// The wall.
    pub wall: Wall,
    /// Counts since the start.
    pub counts: Counts,
    revision: Arc<ArcSwap<Revision>>,
    composer: Composer,
    gpu: Option<(Gpu, Renderer)>,
    outputs: Vec<(Output, PixelFormat, Canvas)>,
    /// When each output was last painted, by its name.
    painted_at: HashMap<String, Instant>,
    /// When a frame was last composed.
    composed_at: Option<Instant>,
    /// The version of the state that it shows.
    composed_version: u64,
    /// Whether it shows the digits of a pairing.
    composed_pairing: bool,
    retry: Option<(Instant, Duration)>,
}

impl Stage {
    /// A stage without outputs.
    pub fn new(wall: Wall, revision: Arc<ArcSwap<Revision>>, gpu: Gpu) -> Self {
        let renderer = Renderer::new(&gpu);
        Self {
            wall,
            counts: Counts::default(),
            revision,
            composer: Composer::default(),
            gpu: Some((gpu, renderer)),
            outputs: Vec::new(),
            painted_at: HashMap::new(),
            composed_at: None,
            composed_version: 0,
            composed_pairing: false,
            retry: None,
        }
    }

    /// The device, while there is one.
    pub fn gpu(&self) -> Option<&Gpu> {
        self.gpu.as_ref().map(|(gpu, _)| gpu)
    }

    /// Takes an output up; returns its place among the canvases.
    pub fn add(&mut self, output: &Output, format: PixelFormat) -> usize {
        self.outputs.push((output.clone(), format, Canvas::new(output, format)));
        self.outputs.len() - 1
    }

    /// Lets an output go. Those after it move up by one place.
    pub fn remove(&mut self, index: usize) {
        if index < self.outputs.len() {
            self.outputs.remove(index);
        }
    }

    /// Gives an output another signal or another part of the wall.
    pub fn replace(&mut self, index: usize, output: &Output, format: PixelFormat) {
        if let Some(held) = self.outputs.get_mut(index) {
            *held = (output.clone(), format, Canvas::new(output, format));
        }
    }

    /// The canvas of an output.
    pub fn canvas(&self, index: usize) -> Option<&Canvas> {
        self.outputs.get(index).map(|(_, _, canvas)| canvas)
    }

    /// What is under a point of the wall.
    pub fn pick(&mut self, state: &State, catalogue: &Catalogue, at: WallPoint, now: Moment) -> Option<Picked> {
        let revision = self.revision.load_full();
        self.composer.pick(state, catalogue, &revision, &self.wall, at, now)
    }

    /// Replaces the wall's geometry. Every canvas is repainted.
    pub fn set_wall(&mut self, wall: Wall) {
        self.wall = wall;
        for (output, format, canvas) in &mut self.outputs {
            if let Some(found) = self.wall.output(&output.name) {
                *output = found.clone();
            }
            *canvas = Canvas::new(output, *format);
        }
    }

    /// Composes and paints what differs at `now`. While there is no GPU nothing is painted, and the next
    /// attempt to open one is due at [`Stage::retry_at`].
    pub fn frame(&mut self, state: &State, catalogue: &Catalogue, now: Moment) -> Frame {
        let revision = self.revision.load_full();
        let composed = self.composer.compose(state, catalogue, &revision, &self.wall, now);
        self.counts.composed += 1;
        let painted = self.paint(&composed.scene);
        let at = Instant::now();
        (self.composed_at, self.composed_version) = (Some(at), state.version);
        self.composed_pairing = self.composer.shows_pairing(now);
        for ((output, ..), _) in self.outputs.iter().zip(&painted).filter(|(_, painted)| painted.rects > 0) {
            match self.painted_at.get_mut(&output.name) {
                Some(painted_at) => *painted_at = at,
                None => drop(self.painted_at.insert(output.name.clone(), at)),
            }
        }
        let changed = painted.iter().any(|p| p.rects > 0);
        self.counts.painted += u64::from(changed);
        self.counts.pixels += painted.iter().map(|p| p.pixels).sum::<u64>();
        Frame { painted, next: composed.next, is_without_room: composed.is_without_room }
    }

    fn paint(&mut self, scene: &Scene) -> Vec<Painted> {
        let Some((gpu, renderer)) = &mut self.gpu else { return Vec::new() };
        let painted: Vec<Painted> =
            self.outputs.iter_mut().map(|(_, _, canvas)| renderer.paint(gpu, canvas, scene)).collect();
        renderer.end_frame(self.outputs.len());
        gpu.tidy();
        painted
    }

    /// Whether the device is gone or out of memory.
    pub fn is_lost(&self) -> bool {
        self.gpu.as_ref().is_none_or(|(gpu, _)| gpu.must_be_rebuilt())
    }

    /// Lets the lost device go: everything made from it must be dropped before [`Stage::reopen`].
    pub fn drop_gpu(&mut self) {
        for (output, format, canvas) in &mut self.outputs {
            *canvas = Canvas::new(output, *format);
        }
        self.gpu = None;
    }

    /// The device, without what was made from it; none where it is gone.
    pub fn into_gpu(self) -> Option<Gpu> {
        self.gpu.map(|(gpu, _)| gpu)
    }

    /// When the next attempt to open a device is due; none if one is due now.
    pub fn retry_at(&self) -> Option<Instant> {
        self.retry.map(|(at, _)| at).filter(|at| *at > Instant::now())
    }

    /// Takes a newly opened device, or notes that there is none yet and when to try again.
    pub fn reopen(&mut self, opened: Result<Gpu, GpuError>) {
        match opened {
            Ok(gpu) => {
                let renderer = Renderer::new(&gpu);
                tracing::info!(device = gpu.name(), "the GPU is back");
                self.gpu = Some((gpu, renderer));
                self.retry = None;
                self.counts.rebuilt += 1;
            }
            Err(error) => {
                let pause = self.retry.map_or(FIRST_RETRY, |(_, last)| (last * 2).min(LONGEST_RETRY));
                tracing::error!(%error, retry_ms = pause.as_millis() as u64, "no GPU");
                self.retry = Some((Instant::now() + pause, pause));
            }
        }
    }

    /// The picture of an output as it was last painted.
    ///
    /// # Errors
    /// When the device is lost on the way.
    pub fn picture(&self, index: usize) -> Result<Option<RgbaImage>, GpuError> {
        let (Some((gpu, _)), Some(texture)) = (&self.gpu, self.canvas(index).and_then(Canvas::picture)) else {
            return Ok(None);
        };
        gpu.read(texture).map(Some)
    }

    /// The data that is shown.
    pub fn revision(&self) -> Arc<Revision> {
        self.revision.load_full()
    }

    /// Whether a backend's data has reached the wall.
    pub fn has_data(&self) -> bool {
        !self.revision.load().measures.is_empty()
    }

    /// The names of the outputs, in the order of their canvases.
    pub fn output_names(&self) -> Vec<String> {
        self.outputs.iter().map(|(output, ..)| output.name.clone()).collect()
    }

    /// The outputs of the wall, each with the time since it was last painted.
    pub fn output_views(&self) -> Vec<(OutputView, Option<Duration>)> {
        let is_lit = |output: &Output| self.outputs.iter().any(|(lit, ..)| lit.name == output.name);
        let age = |output: &Output| self.painted_at.get(&output.name).map(Instant::elapsed);
        self.wall.outputs.iter().map(|output| (OutputView::new(output, is_lit(output)), age(output))).collect()
    }

    /// The version of the state that the outputs show.
    pub fn shown_version(&self) -> u64 {
        self.composed_version
    }

    /// Since a frame was last composed; none before the first.
    pub fn frame_age(&self) -> Option<Duration> {
        self.composed_at.map(|at| at.elapsed())
    }

    /// Shows the digits of a pairing from `now` on.
    pub fn show_pairing(&mut self, sign: PairingSign, now: Moment) {
        self.composer.show_pairing(sign, now);
    }

    /// Shows the digits of the pairing of this id no more; those of another stay.
    pub fn hide_pairing(&mut self, id: &str) {
        self.composer.hide_pairing(id);
    }

    /// Whether the digits of a pairing stand on the wall, or still stand on its outputs: no picture leaves it then.
    pub fn shows_pairing(&self, now: Moment) -> bool {
        self.composed_pairing || self.composer.shows_pairing(now)
    }

    /// Begins to read back the picture of one output, or of the whole wall as its outputs show it; none where there is
    /// no such output, or nothing was painted yet.
    pub fn read_back(&self, name: Option<&str>) -> Option<WallPicture> {
        let (gpu, _) = self.gpu.as_ref()?;
        let wanted = self.outputs.iter().filter(|(output, ..)| name.is_none_or(|name| name == output.name));
        let parts: Vec<(Output, Readback)> = wanted
            .filter_map(|(output, _, canvas)| Some((output.clone(), Readback::new(gpu, canvas.picture()?))))
            .collect();
        let bounds = name.is_none().then_some(self.wall.bounds);
        (!parts.is_empty()).then_some(WallPicture { parts, bounds })
    }
}
