//! Pictures from files and from the network.

use std::io::{BufRead, BufReader, Cursor, Seek};
use std::path::Path;

use image::{ImageReader, Limits};

/// No side of a picture is longer than this.
const MOST_PIXELS: u32 = 8192;
/// No picture takes more memory than this while it is decoded.
const MOST_BYTES: u64 = 256 << 20;

/// A picture in memory.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Rows of sRGB with straight alpha, four bytes a pixel.
    pub rgba: Vec<u8>,
}

macro_rules! bundled {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../layouts/", $name)))),*]
    };
}

/// The pictures of the layouts that come with the program, which may be started anywhere.
const BUNDLED: &[(&str, &[u8])] = bundled![
    "pictures/road-before.png",
    "pictures/road-after.png",
    "pictures/yard-before.png",
    "pictures/yard-after.png",
];

impl Picture {
    /// Reads a PNG or JPEG file; where there is none, one of that name that comes with the program.
    ///
    /// # Errors
    /// When there is none, or it is broken or too large.
    pub fn read(path: &Path) -> Result<Self, image::ImageError> {
        match std::fs::File::open(path) {
            Ok(file) => Self::decode(BufReader::new(file), None),
            Err(error) => match BUNDLED.iter().find(|(name, _)| path.ends_with(name)) {
                Some((_, bytes)) => Self::decode(Cursor::new(*bytes), None),
                None => Err(error.into()),
            },
        }
    }

    /// Reads a PNG or JPEG from memory, and makes it no wider than `widest` pixels.
    ///
    /// # Errors
    /// When it is broken or too large.
    pub fn from_bytes(bytes: &[u8], widest: u32) -> Result<Self, image::ImageError> {
        Self::decode(Cursor::new(bytes), Some(widest))
    }

    fn decode(from: impl BufRead + Seek, widest: Option<u32>) -> Result<Self, image::ImageError> {
        let mut limits = Limits::default();
        limits.max_image_width = Some(MOST_PIXELS);
        limits.max_image_height = Some(MOST_PIXELS);
        limits.max_alloc = Some(MOST_BYTES);
        let mut reader = ImageReader::new(from).with_guessed_format()?;
        reader.limits(limits);
        let mut picture = reader.decode()?;
        if let Some(widest) = widest.filter(|widest| picture.width() > *widest) {
            picture = picture.resize(widest, u32::MAX, image::imageops::FilterType::Triangle);
        }
        let rgba = picture.into_rgba8();
        Ok(Self { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw() })
    }
}
