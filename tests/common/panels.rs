//! Every kind of panel by its example, and the states that data may be in.

use std::path::Path;
use std::sync::Arc;

use image::RgbaImage;
use obzor::data::{Condition, Revision};
use obzor::panel::EXAMPLES;
use obzor::picture::Picture;
use tempfile::TempDir;

use super::{NOW, demo_revision, in_condition};

/// The layouts that come with the program, a preset of those that have some, and the walls that they are painted on:
/// width and height in pixels, and the smallest type.
pub const LAYOUTS: [(&str, u32, u32, f32); 16] = [
    ("situation-room", 1920, 540, 21.0),
    ("overview", 1280, 720, 26.0),
    ("portrait", 720, 1280, 17.0),
    ("identify", 960, 540, 20.0),
    ("sector/roads", 1280, 720, 26.0),
    ("municipality/klyuchevsk", 1280, 720, 26.0),
    ("weekly-review", 1280, 720, 26.0),
    ("deadlines", 1280, 720, 26.0),
    ("prevention", 1280, 720, 26.0),
    ("channels", 1280, 720, 26.0),
    ("results", 1280, 720, 26.0),
    ("services", 1280, 720, 26.0),
    ("night", 1280, 720, 26.0),
    ("emergency", 1280, 720, 26.0),
    ("alarms", 1280, 720, 26.0),
    ("public-kiosk", 720, 1280, 17.0),
];

/// A folder with the pictures that examples name.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("pictures/emblem.png");
    std::fs::create_dir_all(picture.parent().unwrap()).unwrap();
    RgbaImage::from_fn(64, 48, |x, y| image::Rgba([(x * 4) as u8, (y * 5) as u8, 120, 255])).save(&picture).unwrap();
    for (name, blue) in [("before", 40), ("after", 200)] {
        let picture = picture.with_file_name(format!("{name}.png"));
        RgbaImage::from_fn(96, 64, |x, y| image::Rgba([(x * 2) as u8, (y * 3) as u8, blue, 255]))
            .save(picture)
            .unwrap();
    }
    folder
}

/// A layout of the example of a kind alone, written into a folder, and data that it has something to show of.
pub fn example(folder: &Path, kind: &str) -> (String, Revision) {
    let (_, example) = EXAMPLES.iter().find(|(known, _)| *known == kind).unwrap_or_else(|| panic!("no panel {kind}"));
    let file = folder.join(format!("{kind}.toml"));
    let text = format!(
        "name = \"{kind}\"\ngrid = {{ columns = 1, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.{example}\n"
    );
    std::fs::write(&file, text).unwrap();
    let name = file.to_str().unwrap().to_owned();
    let mut revision = demo_revision(&name);
    if kind == "camera" {
        let rgba = (0..90 * 160).flat_map(|i| [40 + (i % 160) as u8, 60 + (i / 160) as u8, 90, 255]).collect();
        revision.snapshot.pictures.insert("square".into(), Arc::new(Picture { width: 160, height: 90, rgba }));
        let fresh = revision.snapshot.appeals_freshness.unwrap();
        revision.snapshot.dataset_freshness.insert("square".into(), fresh);
    }
    if kind == "warnings" {
        warn(&mut revision);
    }
    (name, revision)
}

/// Puts early warnings where the demo region has none.
pub fn warn(revision: &mut Revision) {
    use obzor::data::measure::{Answer, Query, Warning};
    let warning = |topic, municipality, count, expected, middle_e6| Warning {
        topic,
        municipality,
        middle_e6,
        hours: 3,
        count,
        expected,
        probability: 1e-9,
    };
    let warnings = vec![
        warning(0, Some(4), 47, 5.2, (43_100_000, 58_300_000)),
        warning(8, None, 1204, 310.0, (43_300_000, 58_500_000)),
        warning(2, Some(11), 9, 0.4, (43_700_000, 58_600_000)),
    ];
    let measured = Arc::make_mut(revision.measures.get_mut(&Query::Warnings).unwrap());
    // They have been there for a while.
    (measured.answer, measured.changed) = (Answer::Warnings(warnings), NOW.plus_millis(-60_000));
}

/// The same data as it looks later, lost, and not there at all.
pub fn states(revision: &Revision, layout: &str) -> Vec<(&'static str, Revision)> {
    let without_names = Condition::ALL.into_iter().filter(|(_, condition)| *condition != Condition::Long);
    without_names.map(|(name, condition)| (name, in_condition(condition, revision, layout))).collect()
}
