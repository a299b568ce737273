//! The way of what was received in a period: how many have a reply, are answered, and are confirmed by the resident.

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Period, Query};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, rect};
use crate::language::LocalizedText;
use crate::scene::{Brush, Weight};

/// A funnel.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funnel {
    #[serde(default = "month")]
    period: Period,
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

fn month() -> Period {
    Period::Days30
}

const STAGES: [&str; 4] = ["funnel-received", "funnel-replied", "funnel-answered", "funnel-accepted"];

impl Funnel {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"funnel = { period = "30-days" }"#;
}

impl Panel for Funnel {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        vec![Query::Stages(self.period, self.filter.resolve(dictionaries))]
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals((19.0, 2.0 + 4.0 * 2.2))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title = frame::text_or_default(&self.title, view.language, || view.language.message("funnel-title"));
        let period = view.language.message(&format!("period-{}", self.period.code()));
        let body = frame::paint_frame(view, brush, &title, &period);
        let query = view.dictionaries().map(|d| Query::Stages(self.period, self.filter.resolve(d)));
        let Some(Answer::Stages(stages)) = query.and_then(|q| view.measured(&q)).map(|m| &m.answer) else { return };
        if stages[0] == 0 {
            frame::paint_empty_state(brush, body, "funnel", &view.language.message("chart-empty-days"), "");
            return;
        }
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let pitch = body.height() / 4.0;
        let (list, strong, note) = (brush.theme.list(), brush.theme.column(Weight::SemiBold), brush.theme.note());
        let share_room = brush.measure(&view.language.percent("100"), note) + 0.6 * u;
        // What no source tells is not none.
        let tells = view.tells();
        let told = [true, tells.first_reply || tells.answered, tells.answered, tells.accepted];
        for (index, (key, count)) in STAGES.iter().zip(stages).enumerate() {
            let top = body.min.y + index as f32 * pitch;
            let baseline = top + (pitch - 2.0 * u).max(0.0) / 2.0 + 0.95 * u;
            let known = told[index];
            let number = if known { view.language.number(f64::from(*count), 0) } else { "—".to_owned() };
            let width =
                brush.text_right(&number, strong, WallPoint::new(body.max.x - share_room, baseline), palette.text);
            let room = body.width() - width - share_room - 0.6 * u;
            brush.text_in(&view.language.message(key), list, WallPoint::new(body.min.x, baseline), room, palette.text);
            let part = f64::from(*count) / f64::from(stages[0]);
            if known && index > 0 {
                let share = view.language.percent(&view.language.number(100.0 * part, 0));
                brush.text_right(&share, note, WallPoint::new(body.max.x, baseline), palette.quiet);
            }
            let track = rect(body.min.x, baseline + 0.45 * u, body.width(), 0.5 * u);
            frame::bar(brush, track, if known { part as f32 } else { 0.0 }, palette.now, None);
        }
    }
}
