//! The pictures of those who look, encoded once a change for all of them.

use std::collections::HashMap;
use std::hash::Hash;
use std::io::Cursor;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::StatusCode;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, RgbaImage};
use tokio::sync::{Notify, watch};

use super::ask::ask;
use super::events::Events;
use super::metrics::Counts;
use super::problem::Problem;
use crate::render::GpuError;
use crate::requests::{PREVIEW_EVERY, PictureReply, Request, Requester, ThumbnailError};

/// So many pictures are held encoded.
const MAX_HELD: usize = 64;
/// The widths of pictures, in pixels: whoever asks for another gets the next wider one.
const WIDTHS: [u32; 5] = [320, 640, 1280, 1920, 3840];
const QUALITY: u8 = 85;
/// Attempts to get a picture while other outputs are read back first.
const MAX_ATTEMPTS: usize = 100;
/// Greatest age of a picture that may stand in for the newest one.
const OLDEST: Duration = Duration::from_secs(2);

/// Which picture is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Of which output; none for the wall.
    pub output: Option<String>,
    /// How it is encoded.
    pub format: Format,
}

/// How a picture is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// PNG, pixel by pixel.
    Png,
    /// JPEG, no wider than a number of pixels; none for as wide as it is.
    Jpeg {
        /// The width.
        width: Option<u32>,
    },
}

/// A picture as it was encoded last.
#[derive(Clone)]
pub struct Encoded {
    /// The number of the frame that it is of.
    pub frame: u64,
    /// The file.
    pub bytes: Bytes,
    at: Instant,
    /// How often the press key had been pressed or released before.
    presses: u64,
}

/// A thumbnail is painted anew when it is older than this.
const THUMBNAIL_AGE: Duration = Duration::from_secs(600);

/// Picture of one output. The holder of the lock encodes it for all who wait.
type Place = Arc<tokio::sync::Mutex<Option<Encoded>>>;

/// Encodes pictures.
pub struct Preview {
    requester: Requester,
    held: Mutex<HashMap<Wanted, Place>>,
    /// JPEG by layout.
    thumbnails: Mutex<HashMap<String, Place>>,
    /// Numbers thumbnails.
    painted: AtomicU64,
    counts: Arc<Counts>,
    /// The moving view: the newest picture, JPEG; none before somebody looked.
    moving: watch::Sender<Option<Encoded>>,
    events: Events,
    black: OnceLock<Bytes>,
    /// That somebody looks at the moving view.
    watched: Arc<Notify>,
}

impl Preview {
    /// Asks a wall for its pictures; the moving view is encoded while somebody looks.
    pub fn new(requester: Requester, counts: Arc<Counts>, events: Events) -> Arc<Self> {
        let preview = Arc::new(Self {
            requester,
            held: Mutex::default(),
            thumbnails: Mutex::default(),
            painted: AtomicU64::new(1),
            counts,
            events,
            black: OnceLock::new(),
            moving: watch::Sender::new(None),
            watched: Arc::default(),
        });
        let moving = Arc::downgrade(&preview);
        tokio::spawn(async move {
            loop {
                // Without viewers the task sleeps, instead of waking up five times a second.
                let unwatched = moving.upgrade().filter(|preview| preview.moving.receiver_count() == 0);
                if let Some(watched) = unwatched.map(|preview| preview.watched.clone()) {
                    watched.notified().await;
                }
                tokio::time::sleep(PREVIEW_EVERY).await;
                let Some(preview) = moving.upgrade() else { return };
                preview.move_on().await;
            }
        });
        preview
    }

    /// The JPEGs of the moving view; a reader that is slow sees the newest.
    pub fn moving(&self) -> watch::Receiver<Option<Encoded>> {
        let mut receiver = self.moving.subscribe();
        self.watched.notify_one();
        // A new viewer gets the current picture at once.
        receiver.mark_changed();
        receiver
    }

    /// Whether a picture may still be shown: none of before the press key was pressed.
    pub fn may_be_shown(&self, encoded: &Encoded) -> bool {
        encoded.presses == self.events.presses()
    }

    /// A picture that shows nothing.
    pub fn black(&self) -> Bytes {
        let black = || encode(&RgbaImage::from_pixel(16, 9, image::Rgba([0, 0, 0, 255])), Format::Jpeg { width: None });
        self.black.get_or_init(|| black().unwrap_or_default().into()).clone()
    }

    /// How many watch the moving view.
    pub fn viewers(&self) -> usize {
        self.moving.receiver_count()
    }

    async fn move_on(&self) {
        if self.moving.receiver_count() == 0 {
            return;
        }
        let presses = self.events.presses();
        let held = self.moving.borrow().as_ref().filter(|known| self.may_be_shown(known)).map(|known| known.frame);
        match self.ask(None, held).await {
            Some(PictureReply::Begun { picture, frame }) => {
                if let Some(bytes) = self.encoded(|| picture.finish(), Format::Jpeg { width: None }).await {
                    self.moving.send_replace(Some(Encoded { frame, bytes, at: Instant::now(), presses }));
                }
            }
            Some(PictureReply::Withheld) => {
                self.moving.send_if_modified(|held| held.take().is_some());
            }
            _ => {}
        }
    }

    /// A picture, encoded once for all who want it.
    ///
    /// # Errors
    /// Where there is no such output, nothing was painted yet, or no picture leaves the wall now.
    pub async fn picture(&self, mut wanted: Wanted) -> Result<Encoded, Problem> {
        if let Format::Jpeg { width: Some(width) } = &mut wanted.format {
            *width = WIDTHS.into_iter().find(|wider| *wider >= *width).unwrap_or(WIDTHS[WIDTHS.len() - 1]);
        }
        let place = place_of(&self.held, wanted.clone());
        let mut held = place.lock().await;
        for _ in 0..MAX_ATTEMPTS {
            let presses = self.events.presses();
            held.take_if(|known| known.presses != presses);
            let found = self.attempt(&wanted, &mut held, presses).await?;
            // What was read back while the key was pressed is as old as that.
            match found.filter(|found| self.may_be_shown(found)) {
                Some(found) => return Ok(found),
                None => tokio::time::sleep(PREVIEW_EVERY / 4).await,
            }
        }
        Err(Problem::no_answer())
    }

    /// Looks for a picture once; none where it is to be tried again.
    async fn attempt(
        &self,
        wanted: &Wanted,
        held: &mut Option<Encoded>,
        presses: u64,
    ) -> Result<Option<Encoded>, Problem> {
        if let Some(known) = held.as_ref().filter(|known| known.at.elapsed() < PREVIEW_EVERY) {
            return Ok(Some(known.clone()));
        }
        let reply = self.ask(wanted.output.clone(), held.as_ref().map(|known| known.frame)).await;
        match (reply.ok_or_else(Problem::no_answer)?, held.as_mut()) {
            (PictureReply::Begun { picture, frame }, _) => {
                let bytes = self.encoded(|| picture.finish(), wanted.format).await.ok_or_else(Problem::no_answer)?;
                *held = Some(Encoded { frame, bytes, at: Instant::now(), presses });
                Ok(held.clone())
            }
            (PictureReply::Unchanged, Some(known)) => {
                known.at = Instant::now();
                Ok(Some(known.clone()))
            }
            (PictureReply::Missing, _) => {
                *held = None;
                let detail = "there is no such output, or nothing has been painted on it yet";
                Err(Problem::new(StatusCode::NOT_FOUND, detail))
            }
            (PictureReply::Withheld, _) => {
                let detail = "the digits of a pairing stand on the wall: no picture leaves it until they are gone";
                Err(Problem::new(StatusCode::CONFLICT, detail))
            }
            // A picture that is a moment old is better than none.
            (PictureReply::Later, Some(known)) if known.at.elapsed() < OLDEST => Ok(Some(known.clone())),
            (PictureReply::Later | PictureReply::Unchanged, _) => Ok(None),
        }
    }

    /// The thumbnail of a layout, painted once for all who want it.
    ///
    /// # Errors
    /// Where there is no such layout, or too many thumbnails are wanted at once.
    pub async fn thumbnail(&self, layout: String) -> Result<Encoded, Problem> {
        let place = place_of(&self.thumbnails, layout.clone());
        let mut held = place.lock().await;
        let is_good = |known: &&Encoded| self.may_be_shown(known) && known.at.elapsed() < THUMBNAIL_AGE;
        if let Some(known) = held.as_ref().filter(is_good) {
            return Ok(known.clone());
        }
        *held = None;
        let presses = self.events.presses();
        let painted = ask(&self.requester, |reply| Request::Thumbnail { layout, reply }).await;
        let busy = || Problem::new(StatusCode::TOO_MANY_REQUESTS, "many thumbnails are being painted: ask again");
        let picture = painted.ok_or_else(busy)?.map_err(|error| match error {
            ThumbnailError::Layout(why) => Problem::new(StatusCode::NOT_FOUND, why),
            ThumbnailError::Gpu => Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
        })?;
        let bytes = self.encoded(move || Ok(picture), Format::Jpeg { width: None }).await;
        let bytes = bytes.ok_or_else(Problem::no_answer)?;
        let frame = self.painted.fetch_add(1, Ordering::Relaxed);
        let encoded = Encoded { frame, bytes, at: Instant::now(), presses };
        if !self.may_be_shown(&encoded) {
            return Err(busy());
        }
        *held = Some(encoded.clone());
        Ok(encoded)
    }

    async fn ask(&self, output: Option<String>, held: Option<u64>) -> Option<PictureReply> {
        ask(&self.requester, |reply| Request::Picture { output, held, reply }).await
    }

    /// Waits for a picture and encodes it, on a thread for what blocks.
    async fn encoded(
        &self,
        picture: impl FnOnce() -> Result<RgbaImage, GpuError> + Send + 'static,
        format: Format,
    ) -> Option<Bytes> {
        self.counts.pictures.fetch_add(1, Ordering::Relaxed);
        let finished = tokio::task::spawn_blocking(move || match picture() {
            Ok(picture) => encode(&picture, format),
            Err(error) => {
                tracing::warn!(%error, "no picture for the view");
                None
            }
        });
        finished.await.ok().flatten().map(Bytes::from)
    }
}

/// Where the newest picture of its kind is held.
fn place_of<K: Hash + Eq>(places: &Mutex<HashMap<K, Place>>, wanted: K) -> Place {
    let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
    if places.len() >= MAX_HELD && !places.contains_key(&wanted) {
        places.clear();
    }
    places.entry(wanted).or_default().clone()
}

fn encode(picture: &RgbaImage, format: Format) -> Option<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    match format {
        Format::Jpeg { width } => {
            let picture = match width.filter(|width| *width < picture.width()) {
                Some(width) => {
                    let height = (u64::from(picture.height()) * u64::from(width) / u64::from(picture.width())).max(1);
                    DynamicImage::ImageRgba8(image::imageops::thumbnail(picture, width, height as u32))
                }
                None => DynamicImage::ImageRgba8(picture.clone()),
            };
            let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
            picture.into_rgb8().write_with_encoder(encoder).ok()?;
        }
        Format::Png => {
            let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
            encoder.write_image(picture, picture.width(), picture.height(), image::ExtendedColorType::Rgba8).ok()?;
        }
    }
    Some(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conductor::{Occurrence, Via};
    use crate::state::{Event, Layer};

    fn press(events: &Events, version: u64) {
        let happened = vec![Event::Claimed { layer: Layer::Press }];
        events.listener()(&Occurrence { version, at_millis: 0, via: Via::Api, events: happened });
    }

    /// A wall that paints each thumbnail in another colour, and presses the key while it paints the second.
    fn wall(events: Events) -> Requester {
        let painted = AtomicU64::new(0);
        Arc::new(move |request| match request {
            Request::Thumbnail { reply, .. } => {
                let number = painted.fetch_add(1, Ordering::Relaxed);
                if number == 1 {
                    press(&events, 2);
                }
                reply(Ok(RgbaImage::from_pixel(16, 16, image::Rgba([60 * number as u8, 0, 0, 255]))));
            }
            Request::Picture { reply, .. } => reply(PictureReply::Withheld),
            _ => {}
        })
    }

    #[tokio::test]
    async fn no_picture_of_before_the_press_is_shown_after_it() {
        let events = Events::default();
        let preview = Preview::new(wall(events.clone()), Arc::default(), events.clone());
        let thumbnail = || preview.thumbnail("night".to_owned());
        let first = thumbnail().await.unwrap();
        assert_eq!(thumbnail().await.unwrap().bytes, first.bytes, "painted once for all who want it");
        press(&events, 1);
        assert!(!preview.may_be_shown(&first));
        // The second was painted while the key was pressed: it is nobody's to see.
        assert_eq!(thumbnail().await.err().unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
        let third = thumbnail().await.unwrap();
        assert!(preview.may_be_shown(&third) && third.bytes != first.bytes);
    }

    #[tokio::test]
    async fn while_digits_stand_on_the_wall_a_viewer_sees_black() {
        let events = Events::default();
        let preview = Preview::new(wall(events.clone()), Arc::default(), events);
        let shown = Encoded { frame: 1, bytes: Bytes::from_static(b"digits"), at: Instant::now(), presses: 0 };
        preview.moving.send_replace(Some(shown));
        let viewer = preview.moving();
        preview.move_on().await;
        assert!(viewer.borrow().is_none());
        let black = image::load_from_memory(&preview.black()).unwrap().into_rgb8();
        assert!(black.pixels().all(|pixel| pixel.0.iter().all(|channel| *channel < 8)));
        let wanted = Wanted { output: None, format: Format::Png };
        assert_eq!(preview.picture(wanted).await.err().unwrap().status(), StatusCode::CONFLICT);
    }
}
