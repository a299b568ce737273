//! Small pictures of layouts that are not on the wall, painted with its data on a device of their own, when the machine
//! has nothing better to do.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use arc_swap::ArcSwap;
use image::RgbaImage;

use super::stage::Stage;
use crate::clock::Moment;
use crate::data::Revision;
use crate::geometry::PixelSize;
use crate::language::Lang;
use crate::layout::Catalogue;
use crate::render::{Gpu, GpuError, PixelFormat};
use crate::requests::{Reply, ThumbnailError};
use crate::state::{Claim, Command, Layer, State, apply};
use crate::wall::{Output, Wall};

/// So many wait; those beyond are asked for again.
const QUEUE: usize = 4;
/// The width at which a layout is painted, in pixels, before it is made smaller: its words keep their shape.
const PAINTED_WIDTH: f32 = 960.0;
/// The width of a thumbnail, in pixels.
const WIDTH: u32 = 420;
/// The device is let go after this time without a thumbnail.
const REST: Duration = Duration::from_secs(20);
/// The least pressing of all that the machine does.
const NICE: i32 = 19;

/// A thumbnail that is wanted.
pub struct Wanted {
    /// The layout's name.
    pub layout: String,
    /// The wall that it would be shown on.
    pub wall: Wall,
    /// The data.
    pub revision: Arc<Revision>,
    /// Whether the press key is pressed: a thumbnail leaves the wall, too.
    pub is_pressed: bool,
    /// The language.
    pub lang: Lang,
    /// The moment.
    pub now: Moment,
    /// Takes the picture.
    pub reply: Reply<Result<RgbaImage, ThumbnailError>>,
}

/// The painter of thumbnails: a thread that nobody waits for.
pub struct Thumbnails(SyncSender<Wanted>);

impl Thumbnails {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start() -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(QUEUE);
        std::thread::Builder::new().name("thumbnails".to_owned()).spawn(move || paint_all(&receiver))?;
        Ok(Self(sender))
    }

    /// Has a thumbnail painted; where too many wait, its reply is dropped.
    pub fn paint(&self, wanted: Wanted) {
        drop(self.0.try_send(wanted));
    }
}

fn paint_all(receiver: &Receiver<Wanted>) {
    // The threads of a software GPU are begun by this one, and are as patient.
    let own = rustix::thread::gettid();
    if let Err(error) = rustix::process::setpriority_process(Some(own), NICE) {
        tracing::debug!(%error, "thumbnails are painted as if they were pressing");
    }
    let mut held: Option<Gpu> = None;
    loop {
        let received = match &held {
            Some(_) => receiver.recv_timeout(REST),
            None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match received {
            Ok(wanted) => {
                let gpu = held.take().map_or_else(|| Gpu::open(None), Ok);
                let gpu = gpu.inspect_err(|error| tracing::debug!(%error, "no GPU for thumbnails"));
                let painted = gpu.map_err(|_| ThumbnailError::Gpu).and_then(|gpu| painted(&wanted, gpu));
                (wanted.reply)(painted.map(|(picture, gpu)| {
                    held = Some(gpu);
                    picture
                }));
            }
            Err(RecvTimeoutError::Timeout) => held = None,
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Paints a thumbnail; returns the device, too.
fn painted(wanted: &Wanted, gpu: Gpu) -> Result<(RgbaImage, Gpu), ThumbnailError> {
    let layout = Catalogue::load(&wanted.layout).map_err(|error| ThumbnailError::Layout(error.to_string()))?;
    let snapshot = wanted.revision.snapshot.clone();
    let queries = snapshot.region.as_ref().map_or_else(Vec::new, |region| layout.queries(&region.dictionaries));
    let revision = wanted.revision.next(snapshot, &queries, wanted.now);
    let mut catalogue = Catalogue::default();
    let mut state = State::new(catalogue.put(&wanted.layout, layout), wanted.lang);
    if wanted.is_pressed {
        let press = Claim {
            layer: Layer::Press,
            by: String::new(),
            show: None,
            reason: None,
            since_millis: wanted.now.0,
            until_millis: None,
        };
        state = apply(&state, &Command::Claim { claim: press }, wanted.now).0;
    }
    let output = small(&wanted.wall);
    let mut stage = Stage::new(wanted.wall.clone(), Arc::new(ArcSwap::from_pointee(revision)), gpu);
    let canvas = stage.add(&output, PixelFormat::RED_FIRST);
    stage.frame(&state, &catalogue, wanted.now);
    let lost = |_: GpuError| ThumbnailError::Gpu;
    let picture = stage.picture(canvas).map_err(lost)?.ok_or(ThumbnailError::Gpu)?;
    let height = (picture.height() * WIDTH).div_ceil(picture.width()).max(1);
    let picture = image::imageops::thumbnail(&picture, WIDTH, height);
    let gpu = stage.into_gpu().ok_or(ThumbnailError::Gpu)?;
    Ok((picture, gpu))
}

/// All of a wall on one small output.
fn small(wall: &Wall) -> Output {
    let whole = super::render_png::whole(wall);
    let scale = (PAINTED_WIDTH / wall.bounds.width()).min(1.0);
    let size = |side: f32| ((side * scale).round() as u32).max(1);
    Output { pixels: PixelSize::new(size(wall.bounds.width()), size(wall.bounds.height())), ..whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_that_is_not_on_the_wall_is_painted_small() {
        let wall = Wall::of_desktop([("one".to_owned(), (0, 0), PixelSize::new(1920, 1080))], None);
        let (sender, receiver) = std::sync::mpsc::channel();
        let thumbnails = Thumbnails::start().unwrap();
        let wanted = |layout: &str| Wanted {
            layout: layout.to_owned(),
            wall: wall.clone(),
            revision: Arc::default(),
            is_pressed: false,
            lang: Lang::Ru,
            now: Moment(1_795_172_712_000),
            reply: {
                let sender = sender.clone();
                Box::new(move |painted| drop(sender.send(painted)))
            },
        };
        thumbnails.paint(wanted("identify"));
        let picture = receiver.recv().unwrap().unwrap();
        assert_eq!(picture.dimensions(), (420, 237));
        assert!(picture.pixels().any(|pixel| pixel.0[0] > 200), "its name is written on it");
        thumbnails.paint(wanted("identfy"));
        assert!(matches!(receiver.recv().unwrap(), Err(ThumbnailError::Layout(why)) if why.contains("identify")));
        thumbnails.paint(wanted("identify"));
        assert!(receiver.recv().unwrap().is_ok(), "the next one is painted all the same");
    }
}
