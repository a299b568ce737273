//! Words: a headline and lines under it.

use serde::Deserialize;

use super::markdown::Document;
use super::{Panel, View, frame};
use crate::geometry::WallPoint;
use crate::language::Said;
use crate::scene::{Brush, TextStyle, clean, icon_named};

/// Text that a layout holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The headline.
    #[serde(default)]
    headline: Said,
    /// The lines under it; a line break begins a new paragraph.
    #[serde(default)]
    body: Said,
    /// In the place of both a text in Markdown: headings, paragraphs, lists, quotes, bold words.
    #[serde(default)]
    markdown: Said,
    /// A filled icon before a large headline, by its Phosphor name.
    #[serde(default)]
    icon: Option<String>,
    /// Whether it is to be read from the door: as large as its place allows.
    #[serde(default)]
    large: bool,
}

impl Text {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"text = { headline = "Приём граждан", body = "По понедельникам с 10:00 до 13:00.\nЗапись по телефону 122." }"#;
}

impl Panel for Text {
    fn judge(&self) -> Result<(), String> {
        if self.markdown.is_empty() || (self.headline.is_empty() && self.body.is_empty() && !self.large) {
            return Ok(());
        }
        Err("a text in Markdown has its own headline: leave `headline`, `body` and `large` out".to_owned())
    }

    fn shows_texts(&self) -> bool {
        true
    }

    fn ages(&self) -> bool {
        false
    }

    fn smallest(&self) -> (f32, f32) {
        (12.0, 5.0)
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        frame::plain(brush);
        let (u, bounds, palette) = (brush.theme.u, brush.bounds, brush.theme.palette.clone());
        let words = self.body.to(view.language);
        let pad = 5.0 * brush.theme.s();
        if !self.markdown.is_empty() {
            let area = bounds.inflate(-pad, -0.7 * u);
            return Document::read(self.markdown.to(view.language)).paint(brush, area, (palette.text, palette.quiet));
        }
        let width = bounds.width() - 2.0 * pad;
        let mut y = bounds.min.y + 0.3 * u;
        let (page_title, note) = if self.large {
            let size = (bounds.height() / 6.0).min(bounds.width() / 16.0).max(1.4 * u);
            let headline = TextStyle { size, ..brush.theme.page_title() };
            (headline, TextStyle { size: 0.55 * size, ..brush.theme.note() })
        } else {
            (brush.theme.page_title(), brush.theme.note())
        };
        let row = 1.3 * note.size;
        let pitch = 1.25 * page_title.size;
        // What follows stands under the headline, not under its icon.
        let indent = if self.large && self.icon.is_some() { 1.5 * page_title.size } else { 0.0 };
        let width = width - indent;
        let headline = brush.wrapped(
            &clean(self.headline.to(view.language), 200),
            page_title,
            width,
            if self.large { 3 } else { 2 },
        );
        if self.large {
            // One message stands in the middle of its place.
            let lines = words.lines().count() as f32;
            let height = headline.len() as f32 * pitch + lines * row + 0.7 * note.size;
            y = y.max(bounds.center().y - height / 2.0);
        }
        if let Some(icon) = self.icon.as_deref().filter(|_| self.large) {
            let side = 1.15 * page_title.size;
            let centre = WallPoint::new(bounds.min.x + pad + side / 2.0, y + pitch - 0.36 * page_title.size);
            brush.icon(icon_named(icon, true), side, centre, palette.text);
        }
        for line in headline {
            y += pitch;
            brush.run(line, WallPoint::new(bounds.min.x + pad + indent, y), palette.text);
        }
        y += 0.35 * note.size;
        let rows = ((bounds.max.y - 0.5 * u - y) / row).floor().max(0.0) as usize;
        let body: String = words.lines().map(|line| clean(line, 500)).collect::<Vec<_>>().join("\n");
        for line in brush.wrapped(&body, note, width, rows.max(1)).into_iter().take(rows) {
            y += row;
            brush.run(line, WallPoint::new(bounds.min.x + pad + indent, y), palette.quiet);
        }
    }
}
