//! Words: a headline and lines under it.

use serde::Deserialize;

use super::{Panel, View, frame};
use crate::geometry::WallPoint;
use crate::scene::{Brush, clean};

/// Text that a layout holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The headline.
    #[serde(default)]
    headline: String,
    /// The lines under it; a line break begins a new paragraph.
    #[serde(default)]
    body: String,
}

impl Text {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"text = { headline = "Приём граждан", body = "По понедельникам с 10:00 до 13:00.\nЗапись по телефону 122." }"#;
}

impl Panel for Text {
    fn smallest(&self) -> (f32, f32) {
        (8.0, 3.0)
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        frame::ground(view, brush);
        let (u, bounds, palette) = (brush.theme.u, brush.bounds, brush.theme.palette.clone());
        let pad = 5.0 * brush.theme.s();
        let width = bounds.width() - 2.0 * pad;
        let mut y = bounds.min.y + 0.3 * u;
        let page_title = brush.theme.page_title();
        let pitch = 1.25 * page_title.size;
        for line in brush.wrapped(&clean(&self.headline, 200), page_title, width, 2) {
            y += pitch;
            brush.run(line, WallPoint::new(bounds.min.x + pad, y), palette.text);
        }
        let note = brush.theme.note();
        y += 0.35 * u;
        let rows = ((bounds.max.y - 0.5 * u - y) / (1.3 * u)).floor().max(0.0) as usize;
        let body: String = self.body.lines().map(|line| clean(line, 500)).collect::<Vec<_>>().join("\n");
        for line in brush.wrapped(&body, note, width, rows.max(1)).into_iter().take(rows) {
            y += 1.3 * u;
            brush.run(line, WallPoint::new(bounds.min.x + pad, y), palette.quiet);
        }
    }
}
