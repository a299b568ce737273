//! Golden pictures: painting, and comparing with what is kept.

use std::path::{Path, PathBuf};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbaImage};
use obzor::clock::Moment;
use obzor::data::Revision;
use obzor::geometry::PixelSize;
use obzor::render::PixelFormat;
use obzor::wall::Wall;

use super::{TestWall, stage};

/// Of all pictures.
pub const FORMAT: PixelFormat = PixelFormat::RED_FIRST;

/// Channels may differ by this much before a pixel counts as different.
const TOLERANCE: u8 = 6;
/// Kept pictures are rounded to multiples of this.
const STEP: u8 = 4;
/// This part of the pixels may differ: drivers round edges differently.
const MAX_DIFFERENT: f64 = 0.0005;

fn golden_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Compares with the kept picture; writes what came and where it differs beside it. With `UPDATE_GOLDEN=1`
/// pictures that fail are rewritten.
pub fn hold(name: &str, actual: &RgbaImage) -> Result<(), String> {
    let path = golden_folder().join(format!("{name}.png"));
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1");
    let verdict = match image::open(&path).map(image::DynamicImage::into_rgba8) {
        Err(error) => Err(format!("{name}: {error}")),
        Ok(kept) if kept.dimensions() != actual.dimensions() => Err(format!("{name}: the size is another one")),
        Ok(kept) => {
            let mut difference = RgbaImage::new(kept.width(), kept.height());
            let mut count = 0u64;
            for ((a, b), out) in kept.pixels().zip(actual.pixels()).zip(difference.pixels_mut()) {
                let apart = (0..3).map(|i| a.0[i].abs_diff(b.0[i])).max().unwrap_or(0);
                *out = image::Rgba([apart.saturating_mul(8), 0, 0, 255]);
                count += u64::from(apart > TOLERANCE);
            }
            let part = count as f64 / f64::from(kept.width() * kept.height());
            if part <= MAX_DIFFERENT {
                Ok(())
            } else {
                difference.save(golden_folder().join(format!("{name}.difference.png"))).unwrap();
                Err(format!("{name}: {count} pixels differ, {:.3} %", part * 100.0))
            }
        }
    };
    if verdict.is_err() {
        if update {
            // In steps that are less than what may differ: gradients are dithered, and noise cannot be packed.
            let coarse = |channel: &u8| channel / STEP * STEP + STEP / 2;
            let rgb: Vec<u8> =
                actual.pixels().flat_map(|pixel| pixel.0[..3].iter().map(coarse).collect::<Vec<_>>()).collect();
            let (quality, filter) = (CompressionType::Best, FilterType::Adaptive);
            let file = std::fs::File::create(&path).unwrap();
            PngEncoder::new_with_quality(std::io::BufWriter::new(file), quality, filter)
                .write_image(&rgb, actual.width(), actual.height(), ExtendedColorType::Rgb8)
                .unwrap();
            return Ok(());
        }
        actual.save(golden_folder().join(format!("{name}.actual.png"))).unwrap();
    }
    verdict
}

/// Whether a picture of this name is kept.
pub fn is_kept(name: &str) -> bool {
    golden_folder().join(format!("{name}.png")).exists()
}

/// Compares with the kept words; `UPDATE_GOLDEN=1` rewrites them.
pub fn hold_text(name: &str, actual: &str) {
    let path = golden_folder().join(name);
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept == actual {
        return;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1") {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let differing = kept.lines().zip(actual.lines()).enumerate().find(|(_, (a, b))| a != b);
    panic!("{}: the first line that differs: {differing:?}", path.display());
}

/// A wall of one output.
pub fn single(width: u32, height: u32, unit: f32) -> Wall {
    Wall::single(PixelSize::new(width, height), unit)
}

/// A layout's picture at a moment.
pub fn painted(wall: &Wall, layout: &str, revision: &Revision, now: Moment) -> RgbaImage {
    let mut stage = stage(wall, layout, revision.clone());
    let output = obzor::app::render_png::whole(wall);
    stage.add(&output, FORMAT);
    stage.frame(now);
    stage.picture(0).unwrap().unwrap()
}
/// A stage whose one output is the whole wall.
pub fn open_stage(wall: &Wall, layout: &str, revision: Revision) -> TestWall {
    let mut stage = stage(wall, layout, revision);
    stage.add(&obzor::app::render_png::whole(wall), FORMAT);
    stage
}
