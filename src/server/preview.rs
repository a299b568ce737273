//! The pictures of those who look, encoded once a change for all of them.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, RgbaImage};
use tokio::sync::{Notify, watch};

use super::ask::ask;
use crate::requests::{PREVIEW_EVERY, PictureReply, Request, Requester, WallPicture};

/// So many outputs' pictures are held encoded.
const MAX_HELD: usize = 64;
const QUALITY: u8 = 85;
/// Attempts to get a picture while other outputs are read back first.
const MAX_ATTEMPTS: usize = 100;
/// Greatest age of a picture that may stand in for the newest one.
const OLDEST: Duration = Duration::from_secs(2);

/// A picture as it was encoded last.
#[derive(Clone)]
struct Encoded {
    frame: u64,
    at: Instant,
    bytes: Bytes,
}

/// Picture of one output. The holder of the lock encodes it for all who wait.
type Place = Arc<tokio::sync::Mutex<Option<Encoded>>>;

/// Encodes pictures.
pub struct Preview {
    requester: Requester,
    /// PNG by output, none for the wall.
    held: Mutex<HashMap<Option<String>, Place>>,
    /// The moving view: the frame and its JPEG.
    moving: watch::Sender<(u64, Bytes)>,
    /// That somebody looks at the moving view.
    watched: Arc<Notify>,
}

impl Preview {
    /// Asks a wall for its pictures; the moving view is encoded while somebody looks.
    pub fn new(requester: Requester) -> Arc<Self> {
        let preview = Arc::new(Self {
            requester,
            held: Mutex::default(),
            moving: watch::Sender::new((u64::MAX, Bytes::new())),
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
    pub fn moving(&self) -> watch::Receiver<(u64, Bytes)> {
        let mut receiver = self.moving.subscribe();
        self.watched.notify_one();
        // A new viewer gets the current picture at once.
        if !receiver.borrow().1.is_empty() {
            receiver.mark_changed();
        }
        receiver
    }

    async fn move_on(&self) {
        if self.moving.receiver_count() == 0 {
            return;
        }
        let held = self.moving.borrow().0;
        if let Some(PictureReply::Begun { picture, frame }) = self.ask(None, Some(held)).await
            && let Some(bytes) = encoded(picture, ImageFormat::Jpeg).await
        {
            self.moving.send_replace((frame, bytes));
        }
    }

    /// The PNG of an output, or of the wall; none where there is no such output, or nothing was painted yet.
    pub async fn png(&self, output: Option<String>) -> Option<Bytes> {
        let place = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            if held.len() >= MAX_HELD && !held.contains_key(&output) {
                held.clear();
            }
            held.entry(output.clone()).or_default().clone()
        };
        let mut held = place.lock().await;
        if let Some(known) = held.as_ref().filter(|known| known.at.elapsed() < PREVIEW_EVERY) {
            return Some(known.bytes.clone());
        }
        for _ in 0..MAX_ATTEMPTS {
            match (self.ask(output.clone(), held.as_ref().map(|known| known.frame)).await?, held.as_mut()) {
                (PictureReply::Begun { picture, frame }, _) => {
                    let bytes = encoded(picture, ImageFormat::Png).await?;
                    *held = Some(Encoded { frame, at: Instant::now(), bytes: bytes.clone() });
                    return Some(bytes);
                }
                (PictureReply::Unchanged, Some(known)) => {
                    known.at = Instant::now();
                    return Some(known.bytes.clone());
                }
                (PictureReply::Missing, _) => return None,
                // A picture that is a moment old is better than none.
                (PictureReply::Later, Some(known)) if known.at.elapsed() < OLDEST => return Some(known.bytes.clone()),
                (PictureReply::Later | PictureReply::Unchanged, _) => tokio::time::sleep(PREVIEW_EVERY / 4).await,
            }
        }
        held.as_ref().map(|known| known.bytes.clone())
    }

    async fn ask(&self, output: Option<String>, held: Option<u64>) -> Option<PictureReply> {
        ask(&self.requester, |reply| Request::Picture { output, held, reply }).await
    }
}

/// Waits for a picture and encodes it, on a thread for what blocks.
async fn encoded(picture: WallPicture, format: ImageFormat) -> Option<Bytes> {
    let finished = tokio::task::spawn_blocking(move || match picture.finish() {
        Ok(picture) => encode(&picture, format),
        Err(error) => {
            tracing::warn!(%error, "no picture for the view");
            None
        }
    });
    finished.await.ok().flatten().map(Bytes::from)
}

fn encode(picture: &RgbaImage, format: ImageFormat) -> Option<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    if format == ImageFormat::Jpeg {
        let picture = DynamicImage::ImageRgba8(picture.clone()).into_rgb8();
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).ok()?;
    } else {
        let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        encoder.write_image(picture, picture.width(), picture.height(), image::ExtendedColorType::Rgba8).ok()?;
    }
    Some(bytes.into_inner())
}
