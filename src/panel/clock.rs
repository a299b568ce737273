//! The time of day and the date.

use jiff::ToSpan;
use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::clock::Moment;
use crate::geometry::WallPoint;
use crate::scene::Brush;

/// A clock without seconds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockPanel {}

impl ClockPanel {
    /// As a layout writes it.
    pub const EXAMPLE: &str = "clock = {}";
}

/// The first moment of the next minute in `view`'s zone.
pub fn next_minute(view: &View<'_>, now: Moment) -> Moment {
    let at = now.zoned(view.zone);
    let seconds = i64::from(at.second()) * 1000 + i64::from(at.millisecond());
    at.checked_add(1.minute()).map_or(now.plus_millis(60_000), |_| now.plus_millis(60_000 - seconds))
}

impl Panel for ClockPanel {
    fn info(&self) -> PanelInfo {
        PanelInfo::without_data((10.0, 4.5))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        frame::plain(brush);
        let at = brush.now.zoned(view.zone);
        brush.changes_at(next_minute(view, brush.now));
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        // The time fills the panel's width, up to what its height allows.
        let size = (bounds.width() / u / 4.2).min((bounds.height() / u - 2.2) / 1.05).max(2.0);
        let style = crate::scene::TextStyle { size: size * u, ..brush.theme.clock() };
        let middle = bounds.center();
        let baseline = middle.y + 0.35 * size * u - 0.9 * u;
        brush.text_centred(&view.language.time(&at), style, WallPoint::new(middle.x, baseline), palette.text);
        let note = brush.theme.note();
        let date = view.language.weekday_date(&at);
        let date = if brush.measure(&date, note) > bounds.width() - 1.4 * u { view.language.date(&at) } else { date };
        brush.text_centred(&date, note, WallPoint::new(middle.x, baseline + 1.9 * u), palette.quiet);
    }
}
