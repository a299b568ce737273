//! Pictures from files that follow one another, each wiped over the one before.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::image::{Fit, fitted};
use super::{Panel, PanelInfo, View, frame};
use crate::clock::{Moment, ease_in_out_cubic};
use crate::geometry::{WallPoint, WallRect, WallVector, rect};
use crate::language::{LocalizedText, Sentence};
use crate::scene::{Brush, Picture, clean};

/// A slideshow.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slides {
    /// In their order.
    pictures: Vec<Slide>,
    /// How long each is shown.
    #[serde(default = "hold")]
    hold_secs: f64,
    #[serde(default = "cover")]
    fit: Fit,
}

/// A picture, and what is said of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slide {
    /// PNG or JPEG, relative to the layout file.
    file: PathBuf,
    #[serde(default)]
    caption: LocalizedText,
    #[serde(skip)]
    picture: Option<Arc<Picture>>,
}

fn hold() -> f64 {
    12.0
}

fn cover() -> Fit {
    Fit::Cover
}

/// One picture gives way to the next in this time.
const CHANGE_MILLIS: i64 = 800;

impl Slides {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"slides = { pictures = [{ file = "pictures/before.png", caption = "Двор на Речной" }, { file = "pictures/after.png" }] }"#;
}

impl Panel for Slides {
    fn validate(&self) -> Result<(), Sentence> {
        if self.pictures.is_empty() {
            return Err(crate::sentence!("panel-slides-empty"));
        }
        if (3.0..=3600.0).contains(&self.hold_secs) {
            Ok(())
        } else {
            Err(crate::sentence!("panel-hold-secs", least = 3))
        }
    }

    fn load(&mut self, folder: &Path) -> Result<(), Sentence> {
        for slide in &mut self.pictures {
            let path = folder.join(&slide.file);
            slide.picture = Some(Arc::new(Picture::read(&path).map_err(|why| format!("{}: {why}", path.display()))?));
        }
        Ok(())
    }

    fn info(&self) -> PanelInfo {
        PanelInfo {
            shows_texts: true,
            yields_to_press: true,
            ..PanelInfo::without_data(if self.pictures.iter().any(|slide| !slide.caption.is_empty()) {
                (12.0, 6.0)
            } else {
                (4.0, 4.0)
            })
        }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let hold = (self.hold_secs * 1000.0) as i64;
        let turn = brush.now.0.div_euclid(hold);
        let of = |turn: i64| self.pictures.get(turn.rem_euclid(self.pictures.len().max(1) as i64) as usize);
        let began = Moment(turn * hold);
        let several = self.pictures.len() > 1;
        let come = if several { brush.animate(began, CHANGE_MILLIS, ease_in_out_cubic) } else { 1.0 };
        if several {
            brush.changes_at(Moment((turn + 1) * hold));
        }
        let bounds = brush.bounds;
        // The new one comes from the right over the old one, which stands still.
        let seen = WallRect::new(WallPoint::new(bounds.max.x - come * bounds.width(), bounds.min.y), bounds.max);
        let leaving = of(turn - 1).filter(|_| come < 1.0);
        for (slide, clip) in [(leaving, bounds), (of(turn), seen)] {
            if let Some(slide) = slide {
                self.slide(view, brush, slide, clip);
            }
        }
    }
}

impl Slides {
    fn slide(&self, view: &View<'_>, brush: &mut Brush<'_>, slide: &Slide, clip: WallRect) {
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        brush.layer(WallVector::zero(), clip);
        let Some(picture) = &slide.picture else {
            frame::plain(brush);
            return;
        };
        brush.fill_rect(bounds, 0.0, palette.panel_bottom);
        brush.image(picture.clone(), fitted(picture, bounds, self.fit), 0.0);
        let caption = clean(slide.caption.to(view.language), 200);
        if caption.is_empty() {
            return;
        }
        let style = brush.theme.title();
        let lines = brush.wrapped(&caption, style, bounds.width() - 3.0 * u, 2);
        let pitch = 1.25 * style.size;
        let width = lines.iter().map(|line| line.width).fold(0.0, f32::max);
        let height = lines.len() as f32 * pitch + 0.7 * u;
        let plate = rect(bounds.min.x + 0.7 * u, bounds.max.y - 0.7 * u - height, width + 1.6 * u, height);
        brush.fill_rect(plate, 0.24 * u, palette.plate);
        for (index, line) in lines.into_iter().enumerate() {
            let baseline = plate.min.y + 0.25 * u + (index as f32 + 0.85) * pitch;
            brush.run(line, WallPoint::new(plate.min.x + 0.8 * u, baseline), palette.text);
        }
    }
}
