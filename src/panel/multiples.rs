//! Small multiples: the hours of today, one small chart a sector, all on one scale.

use serde::Deserialize;

use super::kit::{Name, icon_of, name_of};
use super::{Panel, PanelInfo, View, frame};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Dimension, Metric, Query};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{LocalizedText, Sentence};
use crate::scene::{Brush, Icon, Weight};

/// Small multiples.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiples {
    /// A metric that counts what happens.
    #[serde(default = "received")]
    metric: Metric,
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

fn received() -> Metric {
    Metric::Received
}

/// The least width and height of one chart, in units.
const CELL: (f32, f32) = (7.6, 4.4);
/// How far a name stands to the right for its icon, in units.
const ICON: f32 = 1.45;

impl Multiples {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"multiples = { metric = "received" }"#;
}

impl Panel for Multiples {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        vec![Query::SectorHours(self.metric, self.filter.resolve(dictionaries))]
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn validate(&self) -> Result<(), Sentence> {
        frame::needs_hours(self.metric)
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals((2.0 * CELL.0 + 1.5, 2.0 + 2.0 * CELL.1))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let usual = view.language.message(&format!("metric-{}", self.metric.code()));
        let title = frame::text_or_default(&self.title, view.language, || usual);
        let body = frame::paint_frame(view, brush, &title, &view.language.message("multiples-note"));
        let Some(dictionaries) = view.dictionaries() else { return };
        let query = Query::SectorHours(self.metric, self.filter.resolve(dictionaries));
        let Some(Answer::SectorHours(sectors)) = view.measured(&query).map(|m| &m.answer) else { return };
        let most = sectors.iter().flatten().copied().max().unwrap_or(0);
        if most == 0 {
            frame::paint_empty_state(brush, body, "chart-bar", &view.language.message("chart-empty"), "");
            return;
        }
        let u = brush.theme.unit;
        let fit = |room: f32, least: f32| ((room / (least * u)).floor() as usize).max(1);
        // No more columns than let the names stand whole.
        let note = brush.theme.note();
        let widest = dictionaries.sectors.iter().map(|s| brush.measure(&s.name, note)).fold(0.0, f32::max);
        let columns = fit(body.width(), (widest / u + ICON + 4.2).max(CELL.0)).min(4);
        let rows = fit(body.height(), CELL.1).min(sectors.len().div_ceil(columns));
        // The busiest first: what there is no room for is what matters least.
        let mut order: Vec<usize> = (0..sectors.len()).collect();
        order.sort_by_key(|at| (std::cmp::Reverse(sectors[*at].iter().sum::<u32>()), *at));
        let gap = 0.9 * u;
        let (width, height) = ((body.width() + gap) / columns as f32, body.height() / rows as f32);
        for (place, sector) in order.into_iter().take(columns * rows).enumerate() {
            let (column, row) = ((place % columns) as f32, (place / columns) as f32);
            let area = rect(body.min.x + column * width, body.min.y + row * height, width - gap, height - 0.5 * u);
            let group = u16::try_from(sector).unwrap_or(u16::MAX);
            let name = name_of(dictionaries, Dimension::Sector, group);
            let icon = icon_of(dictionaries, Dimension::Sector, group);
            small(view, brush, area, (name, icon, &sectors[sector], most));
        }
    }
}

/// One chart: its name and sum over bars that stand on one scale with all others.
fn small(
    view: &View<'_>,
    brush: &mut Brush<'_>,
    area: WallRect,
    (name, icon, hours, most): (Name<'_>, Option<Icon>, &[u32; 24], u32),
) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let baseline = area.min.y + 0.95 * u;
    let sum = view.language.number(f64::from(hours.iter().sum::<u32>()), 0);
    let strong = brush.theme.column(Weight::SemiBold);
    let width = brush.text_right(&sum, strong, WallPoint::new(area.max.x, baseline), palette.text);
    let note = brush.theme.note();
    let mut x = area.min.x;
    let whole = |x: f32| area.max.x - width - 0.5 * u - x;
    // An icon goes before a name is cut.
    let shortest = brush.measure(name.short.unwrap_or(name.whole), note);
    if let Some(icon) = icon.filter(|_| shortest <= whole(x + ICON * u)) {
        brush.icon(icon, 1.0 * u, WallPoint::new(x + 0.5 * u, baseline - 0.35 * u), palette.now);
        x += ICON * u;
    }
    let name = name.within(brush, note, whole(x));
    brush.text_in(name, note, WallPoint::new(x, baseline), whole(x), palette.quiet);
    let (top, floor) = (area.min.y + 1.5 * u, area.max.y);
    let pitch = area.width() / 24.0;
    for (hour, count) in hours.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = ((floor - top) * *count as f32 / most as f32).max(2.0);
        let bar = rect(area.min.x + hour as f32 * pitch, floor - height, (pitch * 0.82).max(2.0), height);
        brush.fill_rect(bar, 0.07 * u, palette.now_past);
    }
    brush.rule(WallPoint::new(area.min.x, floor), WallPoint::new(area.max.x, floor), palette.axis);
}
