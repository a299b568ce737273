//! The hours of a usual week: weekdays down, hours across, the more the lighter.

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Metric, Query};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, rect};
use crate::language::{Arg, LocalizedText, Sentence};
use crate::scene::Brush;

/// A heat calendar.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// A metric that counts appeals.
    #[serde(default = "received")]
    metric: Metric,
    /// Over how many of the last weeks.
    #[serde(default = "weeks")]
    weeks: u16,
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

fn received() -> Metric {
    Metric::Received
}

fn weeks() -> u16 {
    8
}

impl Calendar {
    /// As a layout writes it.
    pub const EXAMPLE: &str = "calendar = { weeks = 8 }";
}

impl Panel for Calendar {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        vec![Query::Week(self.metric, self.weeks, self.filter.resolve(dictionaries))]
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn validate(&self) -> Result<(), Sentence> {
        frame::needs_hours(self.metric)?;
        if (1..=52).contains(&self.weeks) { Ok(()) } else { Err(crate::sentence!("panel-weeks")) }
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals((18.0, 2.0 + 7.0 * 1.05 + 1.4))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title = frame::text_or_default(&self.title, view.language, || view.language.message("calendar-title"));
        let note = view.language.message_with("calendar-note", &[("count", Arg::Number(f64::from(self.weeks), 0))]);
        let body = frame::paint_frame(view, brush, &title, &note);
        let query = view.dictionaries().map(|d| Query::Week(self.metric, self.weeks, self.filter.resolve(d)));
        let Some(Answer::Week(week)) = query.and_then(|q| view.measured(&q)).map(|m| &m.answer) else { return };
        let most = week.iter().flatten().copied().fold(0.0, f64::max);
        if most <= 0.0 {
            frame::paint_empty_state(brush, body, "calendar-blank", &view.language.message("chart-empty-days"), "");
            return;
        }
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let names = view.language.message("calendar-days");
        let style = brush.theme.note();
        let left = names.split(' ').map(|name| brush.measure(name, style)).fold(0.0, f32::max) + 0.6 * u;
        let foot = 1.4 * u;
        let (width, height) = ((body.width() - left) / 24.0, (body.height() - foot) / 7.0);
        let gap = (0.08 * u).max(2.0).round();
        let ramp = brush.theme.ramp();
        for (day, (hours, name)) in week.iter().zip(names.split(' ')).enumerate() {
            let top = body.min.y + day as f32 * height;
            brush.text(name, style, WallPoint::new(body.min.x, top + height / 2.0 + 0.36 * u), palette.quiet);
            for (hour, value) in hours.iter().enumerate() {
                let x = body.min.x + left + hour as f32 * width;
                let cell = rect(
                    x.round(),
                    top.round(),
                    (x + width).round() - x.round() - gap,
                    (top + height).round() - top.round() - gap,
                );
                brush.fill_rect(cell, 0.1 * u, palette.track);
                // From a fifth of the ramp on, where it is opaque: what is little is still something.
                let level = (value / most * 255.0).round() as usize;
                brush.fill_rect(cell, 0.1 * u, ramp[level.min(255)]);
            }
        }
        let baseline = body.max.y - 0.15 * u;
        for hour in [0, 6, 12, 18, 23] {
            let middle = body.min.x + left + (hour as f32 + 0.5) * width;
            let text = hour.to_string();
            let x = middle.clamp(
                body.min.x + left + brush.measure(&text, style) / 2.0,
                body.max.x - brush.measure(&text, style) / 2.0,
            );
            brush.text_centred(&text, style, WallPoint::new(x, baseline), palette.quiet);
        }
    }
}
