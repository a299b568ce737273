//! A picture of the wall on its way to those who look.

use std::time::Duration;

use image::RgbaImage;

use crate::geometry::WallRect;
use crate::render::{GpuError, Readback};
use crate::wall::{Output, Rotation};

/// From one picture to the next, whoever asks and however often.
pub const PREVIEW_EVERY: Duration = Duration::from_millis(200);

/// The pictures of outputs that are being read back.
pub struct WallPicture {
    /// By output.
    pub parts: Vec<(Output, Readback)>,
    /// The wall that they are put together to; none for the signal of one output.
    pub bounds: Option<WallRect>,
}

/// What a wall answers who asks for a picture.
pub enum PictureReply {
    /// It is being read back.
    Begun {
        /// The picture.
        picture: WallPicture,
        /// The number of the frame that it is of.
        frame: u64,
    },
    /// The one that is held is of the frame that is shown.
    Unchanged,
    /// Another picture was read back a moment ago: ask again, or show the one that is held.
    Later,
    /// The digits of a pairing stand on the wall: whoever reads them is in the room, and nobody else.
    Withheld,
    /// There is no such output, or nothing was painted on it yet.
    Missing,
}

impl WallPicture {
    /// Waits for the GPU and assembles the picture; wall pixels without an output are black. Must not be called on a
    /// thread that others wait for.
    ///
    /// # Errors
    /// When the device is lost on the way.
    pub fn finish(self) -> Result<RgbaImage, GpuError> {
        let mut pictures = Vec::with_capacity(self.parts.len());
        for (output, part) in self.parts {
            pictures.push((output, part.finish()?));
        }
        let Some(bounds) = self.bounds else {
            let (_, picture) = pictures.pop().ok_or_else(|| GpuError::Readback("no output".to_owned()))?;
            return Ok(picture);
        };
        let black = image::Rgba([0, 0, 0, 255]);
        let mut wall = RgbaImage::from_pixel(bounds.width() as u32, bounds.height() as u32, black);
        for (output, picture) in pictures {
            let upright = match output.rotation {
                Rotation::None => picture,
                Rotation::Quarter => image::imageops::rotate270(&picture),
                Rotation::Half => image::imageops::rotate180(&picture),
                Rotation::ThreeQuarters => image::imageops::rotate90(&picture),
            };
            let (width, height) = (output.viewport.width() as u32, output.viewport.height() as u32);
            let fitted = if (upright.width(), upright.height()) == (width, height) {
                upright
            } else {
                image::imageops::resize(&upright, width, height, image::imageops::FilterType::Triangle)
            };
            image::imageops::replace(&mut wall, &fitted, output.viewport.min.x as i64, output.viewport.min.y as i64);
        }
        Ok(wall)
    }
}

/// Why there is no thumbnail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThumbnailError {
    /// The layout cannot be shown.
    #[error("{0}")]
    Layout(String),
    /// There is no GPU to paint it.
    #[error("no GPU is free to paint it")]
    Gpu,
}
