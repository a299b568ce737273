//! Pictures from files and from the network, upright as their EXIF says, and whole or not at all.

use std::io::{self, Cursor};
use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// No side of a picture is longer than this.
const MAX_PIXELS: u32 = 8192;
/// No picture's file is longer.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// No picture takes more memory than this while it is decoded.
const MAX_BYTES: u64 = 256 << 20;

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

/// Why a picture cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It is a folder, or a pipe.
    #[error("it is no file")]
    NoFile,
    /// Another kind of file.
    #[error("this is {0}: pictures are PNG or JPEG")]
    Other(&'static str),
    /// The end is missing.
    #[error("the picture is torn: its end is missing")]
    Torn,
    /// It needs more memory than a picture may have.
    #[error(
        "it is too large: a picture has at most {MAX_PIXELS} pixels a side, and takes at most 256 MiB in memory: make it smaller"
    )]
    TooLarge,
    /// It is no such picture.
    #[error("it is broken: {0}")]
    Broken(#[source] image::ImageError),
}

/// What a file is that is no picture of a kind that is read.
fn kind_of(bytes: &[u8], format: Option<ImageFormat>) -> &'static str {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).trim_start().to_lowercase();
    match format {
        Some(ImageFormat::WebP) => "WebP",
        Some(ImageFormat::Gif) => "GIF",
        Some(ImageFormat::Bmp) => "BMP",
        Some(ImageFormat::Tiff) => "TIFF",
        Some(ImageFormat::Avif) => "AVIF",
        _ if bytes.is_empty() => "an empty file",
        _ if start.starts_with("<svg") || (start.starts_with("<?xml") && start.contains("<svg")) => "SVG",
        _ if crate::diagnostic::is_web_page(bytes) => "a web page",
        _ => "no picture",
    }
}

/// Whether the end of a JPEG's last scan is missing: what follows the mark of its beginning holds no mark of an end
/// (ITU T.81, B.1.1.3).
fn is_torn(bytes: &[u8]) -> bool {
    let last = |mark: [u8; 2]| bytes.windows(2).rposition(|pair| pair == mark);
    match (last([0xFF, 0xDA]), last([0xFF, 0xD9])) {
        (Some(scan), Some(end)) => end < scan,
        _ => true,
    }
}

impl Picture {
    /// Reads a PNG or JPEG file; where there is none, one of that name that comes with the program.
    ///
    /// # Errors
    /// When there is none, or it is broken or too large.
    pub fn read(path: &Path) -> Result<Self, PictureError> {
        let is_file = std::fs::metadata(path).map(|found| found.is_file());
        match is_file {
            // A pipe would be waited for.
            Ok(false) => Err(PictureError::NoFile),
            Ok(true) => match crate::diagnostic::read_bytes(path, MAX_FILE_BYTES) {
                Ok(bytes) => Self::decode(&bytes, None),
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Err(PictureError::TooLarge),
                Err(error) => Err(error.into()),
            },
            Err(error) => match BUNDLED.iter().find(|(name, _)| path.ends_with(name)) {
                Some((_, bytes)) => Self::decode(bytes, None),
                None => Err(error.into()),
            },
        }
    }

    /// Reads a PNG or JPEG from memory, and makes it no wider than `widest` pixels.
    ///
    /// # Errors
    /// When it is broken or too large.
    pub fn from_bytes(bytes: &[u8], widest: u32) -> Result<Self, PictureError> {
        Self::decode(bytes, Some(widest))
    }

    fn decode(bytes: &[u8], widest: Option<u32>) -> Result<Self, PictureError> {
        let format = image::guess_format(bytes).ok();
        if !matches!(format, Some(ImageFormat::Png | ImageFormat::Jpeg)) {
            return Err(PictureError::Other(kind_of(bytes, format)));
        }
        // A decoder fills with grey what is missing of a torn picture.
        if format == Some(ImageFormat::Jpeg) && is_torn(bytes) {
            return Err(PictureError::Torn);
        }
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_PIXELS);
        limits.max_image_height = Some(MAX_PIXELS);
        limits.max_alloc = Some(MAX_BYTES);
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
        reader.limits(limits);
        let told = |error: image::ImageError| match error {
            image::ImageError::Limits(_) => PictureError::TooLarge,
            other => PictureError::Broken(other),
        };
        let mut decoder = reader.into_decoder().map_err(told)?;
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut picture = DynamicImage::from_decoder(decoder).map_err(told)?;
        picture.apply_orientation(orientation);
        if let Some(widest) = widest.filter(|widest| picture.width() > *widest) {
            picture = picture.resize(widest, u32::MAX, image::imageops::FilterType::Triangle);
        }
        let rgba = picture.into_rgba8();
        Ok(Self { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw() })
    }
}
