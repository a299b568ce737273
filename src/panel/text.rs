//! Words: a headline and lines under it.

use serde::Deserialize;

use super::markdown::Document;
use super::{Panel, PanelInfo, View, frame};
use crate::geometry::{WallPoint, WallRect};
use crate::language::{LocalizedText, Sentence};
use crate::scene::{Brush, TextStyle, clean, has_icon, icon_named};

/// Text that a layout holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The headline.
    #[serde(default)]
    headline: LocalizedText,
    /// The lines under it; a line break begins a new paragraph.
    #[serde(default)]
    body: LocalizedText,
    /// In the place of both a text in Markdown: headings, paragraphs, lists, quotes, bold words.
    #[serde(default)]
    markdown: LocalizedText,
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
    fn validate(&self) -> Result<(), Sentence> {
        if let Some(icon) = self.icon.as_deref().filter(|icon| !has_icon(icon, true)) {
            return Err(match crate::diagnostic::nearest(icon, crate::scene::icon_names()) {
                Some(near) => crate::sentence!("panel-no-icon-near", icon = icon, near = near),
                None => crate::sentence!("panel-no-icon", icon = icon),
            });
        }
        if self.markdown.is_empty() || (self.headline.is_empty() && self.body.is_empty() && !self.large) {
            return Ok(());
        }
        Err(crate::sentence!("panel-text-markdown"))
    }

    fn info(&self) -> PanelInfo {
        PanelInfo { shows_texts: true, ..PanelInfo::without_data((12.0, 5.0)) }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        frame::plain(brush);
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let words = self.body.to(view.language);
        let pad = 5.0 * brush.theme.spacing();
        if !self.markdown.is_empty() {
            let area = bounds.inflate(-pad, -0.7 * u);
            return Document::read(self.markdown.to(view.language)).paint(brush, area, palette.text, palette.quiet);
        }
        if self.large {
            // On every screen beside one another it is said whole: no letter lies on a bezel, and all may read it.
            for place in frame::between_bezels(view, bounds) {
                self.large(view, brush, place.inflate(-pad, -1.2 * u));
            }
            return;
        }
        let width = bounds.width() - 2.0 * pad;
        let mut y = bounds.min.y + 0.3 * u;
        let (page_title, note) = (brush.theme.page_title(), brush.theme.note());
        let left = bounds.min.x + pad;
        for line in brush.wrapped(&clean(self.headline.to(view.language), 200), page_title, width, 2) {
            y += 1.25 * page_title.size;
            brush.run(line, WallPoint::new(left, y), palette.text);
        }
        y += 0.35 * note.size;
        let row = 1.3 * note.size;
        let rows = ((bounds.max.y - 0.5 * u - y) / row).floor().max(0.0) as usize;
        for line in brush.wrapped(&lines(words), note, width, rows.max(1)).into_iter().take(rows) {
            y += row;
            brush.run(line, WallPoint::new(left, y), palette.quiet);
        }
    }
}

/// A text of several lines, each made safe to draw.
fn lines(text: &str) -> String {
    text.lines().map(|line| clean(line, 500)).collect::<Vec<_>>().join("\n")
}

impl Text {
    /// One message in the middle of its place, as large as that allows.
    fn large(&self, view: &View<'_>, brush: &mut Brush<'_>, place: WallRect) {
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let (headline, words) = (clean(self.headline.to(view.language), 200), lines(self.body.to(view.language)));
        let title = TextStyle { size: 1.0, ..brush.theme.page_title() };
        let icon = self.icon.as_deref().map(|icon| icon_named(icon, true));
        // The icon stands before the headline, or over it where every word needs the whole width.
        let above = place.width() < 34.0 * u || place.width() < place.height();
        let longest = headline.split(' ').map(|word| brush.measure(word, TextStyle { size: 100.0, ..title }) / 100.0);
        let longest = longest.fold(1.0, f32::max);
        let at_size = |size: f32| {
            let title = TextStyle { size, ..title };
            let note = TextStyle { size: (0.55 * size).max(u), ..brush.theme.note() };
            let indent = if icon.is_some() && !above { 1.5 * size } else { 0.0 };
            (title, note, indent)
        };
        // The largest at which all of it is seen, no word is broken, and some air is left around it.
        let fits = |brush: &mut Brush<'_>, size: f32| {
            let (title, note, indent) = at_size(size);
            let width = place.width() - indent;
            let (headline, under) =
                (brush.wrapped(&headline, title, width, 4).len(), brush.wrapped(&words, note, width, 5).len());
            let over = if icon.is_some() && above { 1.5 * size } else { 0.0 };
            let height = over + headline as f32 * 1.2 * size + under as f32 * 1.3 * note.size;
            longest * size <= 0.95 * width && headline <= 3 && under <= 4 && height <= 0.78 * place.height()
        };
        let sizes = (0..40).map(|step| (place.height() / 4.0 * 0.93f32.powi(step)).max(1.4 * u));
        let size = sizes.take_while(|size| *size > 1.4 * u).find(|size| fits(brush, *size)).unwrap_or(1.4 * u);
        let (title, note, indent) = at_size(size);
        let (pitch, row, side) = (1.2 * title.size, 1.3 * note.size, 1.15 * title.size);
        let (left, width) = (place.min.x + indent, place.width() - indent);
        let headline = brush.balanced(&headline, title, width, 3);
        let under = brush.wrapped(&words, note, width, 4);
        let over = if icon.is_some() && above { 1.3 * side } else { 0.0 };
        let height = over + headline.len() as f32 * pitch + under.len() as f32 * row + 0.35 * note.size;
        let mut y = place.min.y.max(place.center().y - height / 2.0);
        if let Some(icon) = icon {
            let middle =
                if above { y + 0.5 * side } else { brush.nearest_clear(y + pitch, title.size) - 0.36 * title.size };
            brush.icon(icon, side, WallPoint::new(place.min.x + side / 2.0, middle), palette.text);
        }
        y += over;
        for line in headline {
            y = brush.nearest_clear(y + pitch, title.size);
            brush.run(line, WallPoint::new(left, y), palette.text);
        }
        y += 0.35 * note.size;
        for line in under {
            y = brush.nearest_clear(y + row, note.size);
            brush.run(line, WallPoint::new(left, y), palette.quiet);
        }
    }
}
