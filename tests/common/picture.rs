//! Golden pictures: painting, and comparing with what is kept.

use std::path::{Path, PathBuf};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbaImage};
use obzor::clock::Moment;
use obzor::compose::Composer;
use obzor::data::Revision;
use obzor::geometry::PixelSize;
use obzor::language::Lang;
use obzor::layout::Catalogue;
use obzor::render::PixelFormat;
use obzor::state::State;
use obzor::wall::Wall;

use super::{TestWall, stage};

/// Of all pictures.
pub const FORMAT: PixelFormat = PixelFormat::RED_FIRST;

/// Channels may differ by this much before a pixel counts as different.
const TOLERANCE: u8 = 6;
/// Kept pictures are rounded to multiples of this.
const STEP: u8 = 4;
/// Differences are counted in squares of this many pixels, each half over the last: a wrong digit fills a part of one.
const SQUARE: u32 = 16;
/// This part of a square's pixels may differ: drivers round edges differently, and an edge crosses it in one line.
const MAX_DIFFERENT: f64 = 0.12;

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
            let (difference, worst) = compare(&kept, actual);
            if worst <= MAX_DIFFERENT {
                Ok(())
            } else {
                difference.save(golden_folder().join(format!("{name}.difference.png"))).unwrap();
                Err(format!("{name}: {:.0} % of a square of {SQUARE} pixels differ", worst * 100.0))
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

/// How much each pixel differs, and which part of the pixels of the worst square does.
pub fn compare(kept: &RgbaImage, actual: &RgbaImage) -> (RgbaImage, f64) {
    let (width, height) = kept.dimensions();
    let mut difference = RgbaImage::new(width, height);
    let half = SQUARE / 2;
    let (across, down) = (width.div_ceil(half) + 1, height.div_ceil(half) + 1);
    let mut counts = vec![0u32; (across * down) as usize];
    for (x, y, out) in difference.enumerate_pixels_mut() {
        let (a, b) = (kept.get_pixel(x, y), actual.get_pixel(x, y));
        let apart = (0..3).map(|i| a.0[i].abs_diff(b.0[i])).max().unwrap_or(0);
        *out = image::Rgba([apart.saturating_mul(8), 0, 0, 255]);
        if apart > TOLERANCE {
            for (column, row) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                counts[((y / half + row) * across + x / half + column) as usize] += 1;
            }
        }
    }
    let worst = counts.into_iter().max().unwrap_or(0);
    (difference, f64::from(worst) / f64::from(SQUARE * SQUARE))
}

/// Whether two pictures of the same size count as the same.
pub fn are_alike(kept: &RgbaImage, actual: &RgbaImage) -> bool {
    compare(kept, actual).1 <= MAX_DIFFERENT
}

/// Whether a picture of this name is kept.
pub fn is_kept(name: &str) -> bool {
    golden_folder().join(format!("{name}.png")).exists()
}

/// Compares with the kept words; `UPDATE_GOLDEN=1` rewrites them.
pub fn hold_text(name: &str, actual: &str) {
    if let Some(fault) = differs_from_kept(name, actual) {
        panic!("{fault}");
    }
}

/// What differs from the kept words; none if nothing does. `UPDATE_GOLDEN=1` rewrites them.
pub fn differs_from_kept(name: &str, actual: &str) -> Option<String> {
    let path = golden_folder().join(name);
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept == actual {
        return None;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
        return None;
    }
    let difference = changes(&kept, actual);
    let shown: Vec<&str> = difference.lines().take(12).collect();
    Some(format!("{}: {} lines differ\n{}", path.display(), difference.lines().count(), shown.join("\n")))
}

/// The lines that went and came from one text to another.
pub fn changes(before: &str, after: &str) -> String {
    let difference = similar::TextDiff::from_lines(before, after);
    let changed = difference.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
    changed.map(|change| format!("{}{}", change.tag(), change.value())).collect()
}

/// What a layout shows at a moment, in words.
pub fn described(wall: &Wall, layout: &str, revision: &Revision, now: Moment) -> String {
    let mut catalogue = Catalogue::default();
    let shown = catalogue.put(layout, Catalogue::load(layout).unwrap_or_else(|fault| panic!("{fault}")));
    let composed = Composer::default().compose(&State::new(shown, Lang::Ru), &catalogue, revision, wall, now);
    obzor::scene::describe(&composed.scene)
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
