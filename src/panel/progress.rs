//! Plan and fact: a row a record of a table, a bar as long as what is done, a tick where it should be by now.

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::data::dataset::Record;
use crate::data::written_numbers::number;
use crate::geometry::{WallPoint, rect};
use crate::language::{Arg, LocalizedText};
use crate::scene::{Brush, Weight};

/// Plan and fact of a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// The table.
    dataset: String,
    title: LocalizedText,
    /// The field of a record's name.
    #[serde(default = "name")]
    name: String,
    /// The field of what is to be done.
    #[serde(default = "plan")]
    plan: String,
    /// The field of what is done.
    #[serde(default = "fact")]
    fact: String,
    /// The field of what should be done by now; none where the plan is for now.
    #[serde(default)]
    norm: Option<String>,
    /// What is counted, as it follows a number: «мест».
    #[serde(default)]
    unit: LocalizedText,
    /// Whether less of the plan is better, as of places that are taken.
    #[serde(default)]
    less_is_better: bool,
    /// The field by which records are put together, such as `municipality`.
    #[serde(default)]
    group: Option<String>,
}

fn name() -> String {
    "name".to_owned()
}

fn plan() -> String {
    "plan".to_owned()
}

fn fact() -> String {
    "fact".to_owned()
}

/// The height of a row, in units.
const ROW: f32 = 1.52;

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    name: String,
    plan: f64,
    fact: f64,
    norm: Option<f64>,
}

impl Row {
    fn part(&self) -> f64 {
        if self.plan > 0.0 { self.fact / self.plan } else { 0.0 }
    }

    /// What the part should be by now.
    fn norm_part(&self) -> Option<f64> {
        self.norm.map(|norm| norm / self.plan.max(1e-9))
    }
}

impl Progress {
    /// As a layout writes it.
    pub const EXAMPLE: &str =
        r#"progress = { dataset = "projects", title = "Национальные проекты", norm = "plan_to_date" }"#;

    /// Whether a row is below its norm, or taken as good as whole where less is better.
    fn is_late(&self, row: &Row) -> bool {
        let part = row.part();
        if self.less_is_better { part >= 0.95 } else { row.norm_part().is_some_and(|norm| part < 0.97 * norm) }
    }

    /// The rows, those that are most behind first.
    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let figure = |record: &Record, field: &str| number(record.get(field)?);
        let records = view.records(&self.dataset);
        let mut rows: Vec<(String, Row)> = Vec::new();
        for record in records {
            let (Some(plan), Some(fact)) = (figure(record, &self.plan), figure(record, &self.fact)) else { continue };
            let norm = self.norm.as_ref().and_then(|field| figure(record, field));
            let named = record.get(&self.name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
            let group = self.group.as_ref().and_then(|field| record.get(field));
            // A group that is a municipality's number has its name.
            let place = group.and_then(|v| v.as_u64()).and_then(|n| usize::try_from(n).ok());
            let municipality = place.and_then(|at| Some(view.dictionaries()?.municipalities.get(at)?.name.clone()));
            let name = municipality.or_else(|| group?.as_str().map(str::to_owned)).unwrap_or(named);
            let key = group.map_or_else(|| format!("{}/{name}", rows.len()), ToString::to_string);
            match rows.iter_mut().find(|(known, _)| *known == key) {
                Some((_, row)) => {
                    row.plan += plan;
                    row.fact += fact;
                    row.norm = row.norm.zip(norm).map(|(a, b)| a + b);
                }
                None => rows.push((key, Row { name, plan, fact, norm })),
            }
        }
        let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        let behind = |row: &Row| {
            let due = row.norm.filter(|n| *n > 0.0).map_or(row.part(), |norm| row.fact / norm);
            if self.less_is_better { -due } else { due }
        };
        rows.sort_by(|a, b| behind(a).total_cmp(&behind(b)));
        rows
    }
}

impl Panel for Progress {
    fn info(&self) -> PanelInfo {
        PanelInfo::of_table((16.0, 2.5 + 3.0 * ROW), &self.dataset)
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let rows = self.rows(view);
        let (plan, fact) = rows.iter().fold((0.0, 0.0), |(plan, fact), row| (plan + row.plan, fact + row.fact));
        let language = view.language;
        let (fact, plan) = (language.number(fact, 0), language.number(plan, 0));
        let whole = language.message_with("progress-whole", &[("fact", Arg::Text(&fact)), ("plan", Arg::Text(&plan))]);
        let whole = [whole.as_str(), self.unit.to(language)].join(" ").trim().to_owned();
        let body =
            frame::paint_frame(view, brush, self.title.to(view.language), if rows.is_empty() { "" } else { &whole });
        if rows.is_empty() {
            frame::paint_empty_state(brush, body, "chart-bar", &language.message("chart-empty-table"), "");
            return;
        }
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        // What the ticks mean stands at the foot: it is read once.
        let keyed = rows.iter().any(|row| row.norm.is_some()) && body.height() > (1.5 + 3.0 * ROW) * u;
        let height = body.height() - if keyed { 1.5 * u } else { 0.0 };
        if keyed {
            let at = WallPoint::new(body.min.x, body.max.y - 0.2 * u);
            frame::tick_key(brush, at, &language.message("progress-due"));
        }
        let shown = ((height / (ROW * u)).floor().max(1.0) as usize).min(rows.len());
        let pitch = (height / shown as f32).min(2.2 * u);
        let tops = brush.rows(body.min.y, body.min.y + height, pitch, shown);
        let (list, strong) = (brush.theme.list(), brush.theme.column(Weight::SemiBold));
        let widest = rows[..shown].iter().map(|row| brush.measure(&row.name, list)).fold(0.0, f32::max);
        let value_room = brush.measure(&view.language.percent("100"), strong) + 0.5 * u;
        // With room for the sign of what is late.
        let signed = rows[..shown].iter().any(|row| self.is_late(row));
        let track_left =
            (body.min.x + widest + if signed { 1.5 } else { 0.7 } * u).min(body.min.x + 0.56 * body.width());
        let track_width = body.max.x - value_room - track_left;
        for (row, top) in rows.iter().zip(tops) {
            let middle = top + 0.5 * pitch;
            let baseline = middle + 0.36 * u;
            let room = track_left - if signed { 1.3 } else { 0.5 } * u - body.min.x;
            brush.text_in(&row.name, list, WallPoint::new(body.min.x, baseline), room, palette.text);
            let part = row.part();
            let value = language.percent(&language.number(100.0 * part, 0));
            brush.text_right(&value, strong, WallPoint::new(body.max.x, baseline), palette.text);
            let (norm, late) = (row.norm_part(), self.is_late(row));
            let track = rect(track_left, middle - 0.165 * u, track_width, 0.33 * u);
            frame::bar(brush, track, part as f32, if late { palette.bad } else { palette.now }, norm.map(|n| n as f32));
            if late && !view.faded() {
                // Below the norm is told by a shape, too.
                let sign = WallPoint::new(track.min.x - 0.6 * u, middle);
                brush.triangle(sign, 0.5 * u, self.less_is_better, palette.bad);
            }
        }
    }
}
