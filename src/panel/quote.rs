//! Thanks, in residents' own words: one record of a table at a time, the next after a while.

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::clock::Moment;
use crate::geometry::WallPoint;
use crate::language::Sentence;
use crate::scene::Brush;

/// Quotes of a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The table.
    dataset: String,
    /// The field of the words.
    #[serde(default = "text")]
    text: String,
    /// The field of who said it, as it may be shown: «Заволоцк, ул. Речная».
    #[serde(default = "from")]
    from: String,
    /// How long each is shown.
    #[serde(default = "hold")]
    hold_secs: f64,
}

fn text() -> String {
    "text".to_owned()
}

fn from() -> String {
    "from".to_owned()
}

fn hold() -> f64 {
    15.0
}

impl Quote {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"quote = { dataset = "announcements" }"#;
}

impl Panel for Quote {
    fn validate(&self) -> Result<(), Sentence> {
        if (4.0..=3600.0).contains(&self.hold_secs) {
            Ok(())
        } else {
            Err(crate::sentence!("panel-hold-secs", least = 4))
        }
    }

    fn info(&self) -> PanelInfo {
        PanelInfo { shows_texts: true, yields_to_press: true, ..PanelInfo::of_table((14.0, 7.0), &self.dataset) }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let body = frame::paint_frame(view, brush, "", "");
        let records = view.records(&self.dataset);
        let said = |field: &str, at: usize| records.get(at)?.get(field)?.as_str().map(str::to_owned);
        let hold = (self.hold_secs * 1000.0) as i64;
        let turn = brush.now.0.div_euclid(hold);
        let at = usize::try_from(turn.rem_euclid(records.len().max(1) as i64)).unwrap_or(0);
        let Some(words) = said(&self.text, at).filter(|words| !words.is_empty()) else {
            frame::paint_empty_state(brush, body, "quotes", &view.language.message("chart-empty-table"), "");
            return;
        };
        if records.len() > 1 {
            brush.changes_at(Moment((turn + 1) * hold));
        }
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let style = brush.theme.page_title();
        let pitch = 1.25 * style.size;
        let from = said(&self.from, at).unwrap_or_default();
        let foot = if from.is_empty() { 0.0 } else { 1.7 * u };
        let rows = (((body.height() - foot - 0.8 * u) / pitch).floor() as usize).clamp(1, 8);
        // A quote that already has its marks gets no second pair.
        let quoted = if words.starts_with('«') { words } else { format!("«{words}»") };
        let lines = brush.wrapped(&quoted, style, body.width(), rows);
        let height = lines.len() as f32 * pitch + foot;
        let mut y = body.min.y + ((body.height() - height) / 2.0).max(0.4 * u);
        for line in lines {
            y += pitch;
            brush.run(line, WallPoint::new(body.min.x, y), palette.text);
        }
        if !from.is_empty() {
            let note = brush.theme.note();
            brush.text_in(&from, note, WallPoint::new(body.min.x, y + 1.7 * u), body.width(), palette.quiet);
        }
    }
}
