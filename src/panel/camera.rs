//! What a camera sees, with the age of its picture.

use serde::Deserialize;

use super::image::{Fit, fitted};
use super::{Panel, PanelInfo, View, frame};
use crate::geometry::{WallPoint, WallVector, rect};
use crate::language::LocalizedText;
use crate::scene::{Brush, Fill, clean};

/// A camera's picture.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// The name that its source gives it.
    picture: String,
    /// What it looks at.
    #[serde(default)]
    title: LocalizedText,
    #[serde(default = "cover")]
    fit: Fit,
}

fn cover() -> Fit {
    Fit::Cover
}

impl Camera {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"camera = { picture = "square", title = "Соборная площадь" }"#;
}

impl Panel for Camera {
    fn info(&self) -> PanelInfo {
        PanelInfo {
            ages: false,
            shows_texts: true,
            yields_to_press: true,
            ..PanelInfo::of_table((14.0, 8.0), &self.picture)
        }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title = clean(self.title.to(view.language), 120);
        let Some(picture) = view.picture(&self.picture) else {
            let body = frame::paint_frame(view, brush, &title, "");
            frame::paint_empty_state(brush, body, "video-camera", &view.language.message("camera-waiting"), "");
            return;
        };
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let pad = 5.0 * brush.theme.spacing();
        frame::ground(view, brush);
        // The edge of the panel, which says how old it is, stays around the picture.
        let inner = bounds.inflate(-0.12 * u, -0.12 * u);
        brush.layer(WallVector::zero(), inner);
        brush.image(picture.clone(), fitted(picture, inner, self.fit), 0.0);
        if view.faded() {
            brush.fill_rect(inner, 0.0, palette.ground.alpha(0.55));
        }
        brush.layer(WallVector::zero(), bounds);
        if !title.is_empty() {
            let style = brush.theme.title();
            let width = brush.measure(&title, style).min(bounds.width() - 2.0 * pad);
            let plate = rect(bounds.min.x + 0.4 * u, bounds.min.y + 0.4 * u, width + 1.2 * u, 1.7 * u);
            brush.fill_rect(plate, 0.24 * u, palette.plate);
            let at = WallPoint::new(plate.min.x + 0.6 * u, plate.min.y + 1.2 * u);
            brush.text_in(&title, style, at, width, palette.text);
        }
        // Its age always stands on it, whatever stamp the layout shares: a camera may be behind by itself.
        let at = WallPoint::new(bounds.min.x + pad, bounds.max.y - 0.83 * u);
        let foot = rect(inner.min.x, inner.max.y - 3.2 * u, inner.width(), 3.2 * u);
        brush.fill(foot, 0.0, Fill::Vertical(palette.ground.alpha(0.0), palette.ground.alpha(0.92)));
        frame::stamp(view, brush, at);
    }
}
