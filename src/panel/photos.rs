//! Before and after: two photographs side by side, told apart by words.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame, image};
use crate::geometry::{WallPoint, WallRect, WallVector, rect};
use crate::language::{LocalizedText, Sentence};
use crate::scene::{Brush, Picture, clean};

/// Two photographs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Photos {
    /// PNG or JPEG, relative to the layout file.
    before: PathBuf,
    /// The same place afterwards.
    after: PathBuf,
    /// When the one was taken, and the other, as it is to be read: «3 ноября».
    #[serde(default)]
    before_on: LocalizedText,
    #[serde(default)]
    after_on: LocalizedText,
    /// What was done, and where.
    #[serde(default)]
    caption: LocalizedText,
    /// What more there is to say, under the caption.
    #[serde(default)]
    more: LocalizedText,
    #[serde(skip)]
    pictures: Option<[Arc<Picture>; 2]>,
}

impl Photos {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"photos = { before = "pictures/before.png", after = "pictures/after.png", caption = "Двор на Речной убран" }"#;
}

impl Panel for Photos {
    fn load(&mut self, folder: &Path) -> Result<(), Sentence> {
        let read = |file: &PathBuf| {
            let path = folder.join(file);
            Picture::read(&path).map(Arc::new).map_err(|why| format!("{}: {why}", path.display()))
        };
        self.pictures = Some([read(&self.before)?, read(&self.after)?]);
        Ok(())
    }

    fn info(&self) -> PanelInfo {
        PanelInfo { shows_texts: true, yields_to_press: true, ..PanelInfo::without_data((16.0, 9.0)) }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        frame::plain(brush);
        let Some(pictures) = &self.pictures else { return };
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let pad = 5.0 * brush.theme.spacing();
        let caption = clean(self.caption.to(view.language), 200);
        let more = clean(self.more.to(view.language), 200);
        let foot = if caption.is_empty() { pad } else { 2.2 * u } + if more.is_empty() { 0.0 } else { 1.4 * u };
        let width = ((bounds.width() - 3.0 * pad) / 2.0).round();
        for (index, (picture, key)) in pictures.iter().zip(["photos-before", "photos-after"]).enumerate() {
            let left = (bounds.min.x + pad + index as f32 * (width + pad)).round();
            let place = rect(left, (bounds.min.y + pad).round(), width, (bounds.height() - pad - foot).round());
            // What a photograph has beyond its place is cut, not squeezed.
            brush.layer(WallVector::zero(), place);
            brush.image(picture.clone(), image::fitted(picture, place, image::Fit::Cover), 0.0);
            brush.layer(WallVector::zero(), bounds);
            let on = if index == 0 { &self.before_on } else { &self.after_on };
            let mut words = view.language.message(key);
            if !on.is_empty() {
                words = format!("{words}, {}", clean(on.to(view.language), 40));
            }
            let label = brush.theme.label();
            let room = brush.measure(&words, label) + u;
            let plate = WallRect::new(place.min, WallPoint::new(place.min.x + room, place.min.y + 1.6 * u));
            let after = index == 1;
            let (under, ink) = if after { (palette.good, palette.ink) } else { (palette.plate, palette.text) };
            brush.fill_rect(plate, 0.24 * u, under);
            brush.text(&words, label, WallPoint::new(plate.min.x + 0.5 * u, plate.min.y + 1.15 * u), ink);
        }
        let room = bounds.width() - 2.0 * pad;
        let mut at = WallPoint::new(bounds.min.x + pad, bounds.max.y - 0.9 * u);
        if !more.is_empty() {
            brush.text_in(&more, brush.theme.note(), at, room, palette.quiet);
            at.y -= 1.4 * u;
        }
        brush.text_in(&caption, brush.theme.title(), at, room, palette.text);
    }
}
