//! The pictures of those who look, encoded once a change for all of them.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, RgbaImage};
use tokio::sync::{oneshot, watch};

use super::view::{Ask, Asker};

/// From one picture to the next, whoever asks and however often.
pub const PREVIEW_EVERY: Duration = Duration::from_millis(200);
/// So many outputs' pictures are held encoded.
const MOST_HELD: usize = 64;
const QUALITY: u8 = 85;

/// A picture of the wall, or of one output, of a frame.
pub type Picture = (Option<Arc<RgbaImage>>, u64);

/// A picture as it was encoded last.
#[derive(Clone)]
struct Encoded {
    frame: u64,
    at: Instant,
    bytes: Bytes,
}

/// The picture of one output; whoever holds it encodes it for all who wait.
type Place = Arc<tokio::sync::Mutex<Option<Encoded>>>;

/// Encodes pictures.
pub struct Preview {
    ask: Asker,
    /// PNG by output, none for the wall.
    held: Mutex<HashMap<Option<String>, Place>>,
    /// The moving view: the frame and its JPEG.
    moving: watch::Sender<(u64, Bytes)>,
}

impl Preview {
    /// Asks a wall for its pictures; the moving view is encoded while somebody looks.
    pub fn new(ask: Asker) -> Arc<Self> {
        let preview =
            Arc::new(Self { ask, held: Mutex::default(), moving: watch::Sender::new((u64::MAX, Bytes::new())) });
        let moving = Arc::downgrade(&preview);
        tokio::spawn(async move {
            loop {
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
        // Whoever comes is shown what there is.
        if !receiver.borrow().1.is_empty() {
            receiver.mark_changed();
        }
        receiver
    }

    async fn move_on(&self) {
        if self.moving.receiver_count() == 0 {
            return;
        }
        let Some((Some(picture), frame)) = self.picture(None).await else { return };
        if self.moving.borrow().0 == frame {
            return;
        }
        if let Ok(Some(bytes)) = tokio::task::spawn_blocking(move || encode(&picture, ImageFormat::Jpeg)).await {
            self.moving.send_replace((frame, bytes.into()));
        }
    }

    /// The PNG of an output, or of the wall; none where there is no such output, or nothing was painted yet.
    pub async fn png(&self, output: Option<String>) -> Option<Bytes> {
        let place = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            if held.len() >= MOST_HELD && !held.contains_key(&output) {
                held.clear();
            }
            held.entry(output.clone()).or_default().clone()
        };
        let mut encoded = place.lock().await;
        if let Some(known) = encoded.as_ref().filter(|known| known.at.elapsed() < PREVIEW_EVERY) {
            return Some(known.bytes.clone());
        }
        let (picture, frame) = self.picture(output).await?;
        if let Some(known) = encoded.as_mut().filter(|known| known.frame == frame) {
            known.at = Instant::now();
            return Some(known.bytes.clone());
        }
        let picture = picture?;
        let bytes: Bytes =
            tokio::task::spawn_blocking(move || encode(&picture, ImageFormat::Png)).await.ok().flatten()?.into();
        *encoded = Some(Encoded { frame, at: Instant::now(), bytes: bytes.clone() });
        Some(bytes)
    }

    async fn picture(&self, output: Option<String>) -> Option<Picture> {
        let (sender, receiver) = oneshot::channel();
        (self.ask)(Ask::Picture(output, sender));
        receiver.await.ok()
    }
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
