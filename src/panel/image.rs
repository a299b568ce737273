//! A picture from a file beside the layout.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::geometry::{WallRect, rect};
use crate::language::Sentence;
use crate::scene::{Brush, Picture};

/// A picture.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// PNG or JPEG, relative to the layout file.
    file: PathBuf,
    /// How it fills its place.
    #[serde(default)]
    fit: Fit,
    #[serde(skip)]
    picture: Option<Arc<Picture>>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
/// How a picture fills its place.
pub enum Fit {
    /// All of it is seen.
    #[default]
    Contain,
    /// All of the place is covered.
    Cover,
}

impl Image {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"image = { file = "pictures/emblem.png", fit = "contain" }"#;
}

impl Panel for Image {
    fn info(&self) -> PanelInfo {
        PanelInfo::without_data((2.0, 2.0))
    }

    fn load(&mut self, folder: &Path) -> Result<(), Sentence> {
        let path = folder.join(&self.file);
        self.picture = Some(Arc::new(Picture::read(&path).map_err(|why| format!("{}: {why}", path.display()))?));
        Ok(())
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let Some(picture) = &self.picture else {
            frame::ground(view, brush);
            return;
        };
        let (bounds, radius) = (brush.bounds, 0.33 * brush.theme.unit);
        brush.image(
            picture.clone(),
            fitted(picture, bounds, self.fit),
            if self.fit == Fit::Cover { 0.0 } else { radius },
        );
    }
}

/// Where a picture stands in its place.
pub fn fitted(picture: &Picture, bounds: WallRect, fit: Fit) -> WallRect {
    let (across, down) = (bounds.width() / picture.width as f32, bounds.height() / picture.height as f32);
    let scale = if fit == Fit::Cover { across.max(down) } else { across.min(down) };
    let (width, height) = (picture.width as f32 * scale, picture.height as f32 * scale);
    let middle = bounds.center();
    rect(middle.x - width / 2.0, middle.y - height / 2.0, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contained_picture_is_seen_whole_and_a_covering_one_leaves_no_gap() {
        let picture = Picture { width: 200, height: 100, rgba: Vec::new() };
        let place = rect(0.0, 0.0, 100.0, 100.0);
        assert_eq!(fitted(&picture, place, Fit::Contain), rect(0.0, 25.0, 100.0, 50.0));
        assert_eq!(fitted(&picture, place, Fit::Cover), rect(-50.0, 0.0, 200.0, 100.0));
    }

    #[test]
    fn what_is_not_a_picture_is_refused_with_its_name() {
        let mut panel: Image = toml::from_str("file = \"Cargo.toml\"").unwrap();
        let error = panel.load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_err();
        assert!(error.contains("Cargo.toml"), "{error}");
    }
}
