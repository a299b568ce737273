//! Early warnings: where more is received than was to be expected, the least probable first.

use serde::Deserialize;

use super::{Panel, View, frame};
use crate::data::measure::{Answer, Query, Warning};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, rect};
use crate::language::{Arg, Said};
use crate::scene::{Brush, icon_named};

/// The list of early warnings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warnings {
    #[serde(default)]
    title: Option<Said>,
}

/// The height of an item, in units.
const ITEM: f32 = 2.9;

impl Warnings {
    /// As a layout writes it.
    pub const EXAMPLE: &str = "warnings = {}";
}

impl Panel for Warnings {
    fn queries(&self, _: &Dictionaries) -> Vec<Query> {
        vec![Query::Warnings]
    }

    fn smallest(&self) -> (f32, f32) {
        (16.0, 2.2 + ITEM)
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title = frame::said(&self.title, view.language, || view.language.message("warnings-title"));
        let body = frame::framed(view, brush, &title, "");
        let Some(Answer::Warnings(warnings)) = view.measured(&Query::Warnings).map(|m| &m.answer) else { return };
        if warnings.is_empty() {
            frame::nothing(brush, body, frame::WELL, &view.language.message("warnings-empty"), "");
            return;
        }
        let u = brush.theme.u;
        let rows = (body.height() / (ITEM * u)).floor().max(1.0) as usize;
        for (row, warning) in warnings.iter().take(rows).enumerate() {
            self.item(view, brush, WallPoint::new(body.min.x, body.min.y + row as f32 * ITEM * u), body.max.x, warning);
        }
    }
}

impl Warnings {
    fn item(&self, view: &View<'_>, brush: &mut Brush<'_>, at: WallPoint, right: f32, warning: &Warning) {
        let (u, palette, language) = (brush.theme.u, brush.theme.palette.clone(), view.language);
        let tile = rect(at.x, at.y + 0.35 * u, 1.7 * u, 1.7 * u);
        brush.block(tile, 0.38 * u, palette.warn);
        let ink = palette.ink;
        brush.icon(icon_named("warning-diamond", true), 1.1 * u, tile.center(), ink);
        let left = at.x + 2.3 * u;
        let (label, note) = (brush.theme.label(), brush.theme.note());
        // How many times as many as usual: what the eye compares.
        let times = f64::from(warning.count) / warning.expected.max(0.1);
        let times = format!("×{}", language.number(times.min(99.0), usize::from(times < 10.0)));
        let number = brush.theme.column(crate::scene::Weight::SemiBold);
        let width = brush.text_right(&times, number, WallPoint::new(right, at.y + 1.05 * u), palette.warn);
        let dictionaries = view.dictionaries();
        let topic = dictionaries.and_then(|d| d.topics.get(usize::from(warning.topic))).map_or("", |t| t.name.as_str());
        let room = right - left - width - 0.6 * u;
        brush.text_in(topic, label, WallPoint::new(left, at.y + 1.05 * u), room, palette.text);
        let place =
            warning.municipality.and_then(|m| Some(dictionaries?.municipalities.get(usize::from(m))?.name.clone()));
        let place = place.unwrap_or_else(|| language.message("warnings-region"));
        let counted = language.message_with(
            "warnings-counted",
            &[
                ("count", Arg::Text(&language.number(f64::from(warning.count), 0))),
                ("hours", Arg::Number(f64::from(warning.hours), 0)),
                ("expected", Arg::Text(&language.number(warning.expected, usize::from(warning.expected < 10.0)))),
            ],
        );
        let width = brush.text_in(&place, note, WallPoint::new(left, at.y + 2.2 * u), right - left, palette.quiet);
        let after = left + width + 0.7 * u;
        if after + brush.measure(&counted, note) <= right {
            brush.text_right(&counted, note, WallPoint::new(right, at.y + 2.2 * u), palette.quiet);
        }
    }
}
