//! A QR code with words beside it: the way from a screen to a phone.

use qrcodegen::{QrCode, QrCodeEcc};
use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::geometry::{WallPoint, rect};
use crate::language::{LocalizedText, Sentence};
use crate::scene::{Brush, Colour, TextStyle, clean};

/// A QR code.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qr {
    /// What it says, as a rule an address.
    text: String,
    /// The words beside it.
    #[serde(default)]
    caption: LocalizedText,
    /// What more there is to say, under them.
    #[serde(default)]
    more: LocalizedText,
    /// Whether it is what the screen asks of people: a block of strong colour.
    #[serde(default)]
    action: bool,
}

/// Cells without anything around the code, as ISO/IEC 18004 asks for.
const QUIET: i32 = 4;

impl Qr {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"qr = { text = "https://example.org/appeal", caption = "Сообщить о проблеме" }"#;

    fn code(&self) -> Result<QrCode, Sentence> {
        QrCode::encode_text(&self.text, QrCodeEcc::Medium).map_err(|_| crate::sentence!("panel-qr-long"))
    }
}

/// Paints a code with what it needs around it: `at` is the upper left corner, `cell` the width of a cell, in wall pixels.
/// Dark on white in every theme: many readers know nothing else.
fn paint_code(brush: &mut Brush<'_>, code: &QrCode, at: WallPoint, cell: f32) {
    let side = cell * (code.size() + 2 * QUIET) as f32;
    let radius = 0.24 * brush.theme.unit;
    brush.fill_rect(rect(at.x, at.y, side, side), radius, Colour::rgb(0xFF_FFFF));
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                let (column, row) = ((x + QUIET) as f32 * cell, (y + QUIET) as f32 * cell);
                brush.fill_rect(rect(at.x + column, at.y + row, run as f32 * cell, cell), 0.0, Colour::rgb(0));
            }
            x += run.max(1);
        }
    }
}

/// Paints a QR code of `text` around `middle`, within a square of `room` wall pixels; returns its side, 0 where the text
/// is too long for a code.
pub fn paint_qr(brush: &mut Brush<'_>, text: &str, middle: WallPoint, room: f32) -> f32 {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return 0.0 };
    let cells = (code.size() + 2 * QUIET) as f32;
    // Whole pixels a cell, or a camera sees stripes.
    let cell = (room / cells).floor().max(1.0);
    let side = cell * cells;
    let at = WallPoint::new((middle.x - side / 2.0).round(), (middle.y - side / 2.0).round());
    paint_code(brush, &code, at, cell);
    side
}

impl Panel for Qr {
    fn validate(&self) -> Result<(), Sentence> {
        if self.text.is_empty() { Err(crate::sentence!("panel-qr-text")) } else { self.code().map(drop) }
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::without_data(if self.caption.is_empty() { (6.0, 6.0) } else { (16.0, 6.0) })
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        if self.action {
            brush.fill_rect(brush.bounds, brush.theme.form.radius * brush.theme.unit, brush.theme.palette.now);
        } else {
            frame::plain(brush);
        }
        let Ok(code) = self.code() else { return };
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let pad = 3.0 * brush.theme.spacing();
        let cells = code.size() + 2 * QUIET;
        // In a narrow place the words stand under the code.
        let under = !self.caption.is_empty() && bounds.width() < 1.9 * bounds.height() && bounds.width() < 24.0 * u;
        let words_height = if under { (0.3 * bounds.height()).clamp(3.2 * u, 7.0 * u) } else { 0.0 };
        // Whole pixels a cell, or a camera sees stripes.
        let room = (bounds.height() - 2.0 * pad - words_height).min(bounds.width() - 2.0 * pad);
        let cell = (room / cells as f32).floor().max(1.0);
        let side = cell * cells as f32;
        let middle = bounds.center().y - words_height / 2.0;
        let (left, top) = ((bounds.min.x + pad).round(), (middle - side / 2.0).round());
        paint_code(brush, &code, WallPoint::new(left, top), cell);
        let text_left = if under { left } else { left + side + 1.2 * u };
        let (text, quiet) = if self.action { (palette.ink, palette.ink) } else { (palette.text, palette.quiet) };
        let room = bounds.max.x - pad - text_left;
        // What is asked is read from afar, if the words leave room for it.
        let size = if self.action { (room / 14.0).clamp(1.1 * u, 1.9 * u) } else { 1.1 * u };
        let (style, note) = (TextStyle { size, ..brush.theme.title() }, brush.theme.note());
        let caption = clean(self.caption.to(view.language), 200);
        let lines = brush.wrapped(&caption, style, room, 4);
        let more: Vec<String> = self.more.to(view.language).lines().map(|line| clean(line, 200)).collect();
        let more = if more.is_empty() { Vec::new() } else { brush.wrapped(&more.join("\n"), note, room, 3) };
        let (pitch, row) = (1.25 * style.size, 1.3 * note.size);
        let height = pitch * (lines.len() as f32 - 1.0) + row * more.len() as f32 + 0.1 * u;
        let centre = if under { top + side + words_height / 2.0 } else { bounds.center().y };
        let mut y = centre - height / 2.0 + 0.35 * style.size;
        for (index, line) in lines.into_iter().enumerate() {
            y += if index > 0 { pitch } else { 0.0 };
            brush.run(line, WallPoint::new(text_left, y), text);
        }
        y += 0.1 * u;
        for line in more {
            y += row;
            brush.run(line, WallPoint::new(text_left, y), quiet);
        }
    }
}
