//! Plan and fact, told large: how far something has come, beside where it should be.

use serde::Deserialize;

use super::kit::tween;
use super::{Panel, PanelInfo, View, frame};
use crate::clock::Moment;
use crate::data::dataset::Record;
use crate::data::filter::FilterSpec;
use crate::data::measure::{Compare, Measure, Period, Query, Unit};
use crate::data::region::Dictionaries;
use crate::data::written_numbers::number;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, LocalizedText, NBSP, Sentence};
use crate::scene::{Brush, Weight};

/// Plan and fact of a measure with a target, or of a table's records together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gauge {
    /// The measure.
    #[serde(default)]
    metric: Option<Measure>,
    #[serde(default)]
    period: Option<Period>,
    /// What the measure should come to.
    #[serde(default)]
    target: Option<f64>,
    /// A table instead, whose records are added up.
    #[serde(default)]
    dataset: Option<String>,
    #[serde(default = "plan")]
    plan: String,
    #[serde(default = "fact")]
    fact: String,
    /// The field of what should be reached by now.
    #[serde(default)]
    norm: Option<String>,
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

fn plan() -> String {
    "plan".to_owned()
}

fn fact() -> String {
    "fact".to_owned()
}

/// Below this part of what should be reached by a plan it is behind.
const BEHIND: f64 = 0.97;

/// What is painted.
#[derive(Debug, Clone, Copy, PartialEq)]
struct GaugeValues {
    fact: f64,
    before: Option<f64>,
    changed: Moment,
    plan: f64,
    /// What should be reached by now.
    due: Option<f64>,
    /// Whether it grows to a plan, and is not held to a goal.
    planned: bool,
    /// Whether more is better.
    more_is_better: bool,
    unit: Unit,
}

impl GaugeValues {
    fn behind(&self) -> bool {
        let due = self.due.unwrap_or(self.plan);
        // A plan may be a little behind; a goal is reached or it is not.
        let part = if self.planned { BEHIND } else { 1.0 };
        if self.more_is_better { self.fact < part * due } else { self.fact * part > due }
    }
}

impl Gauge {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"gauge = { metric = "on-time-share", period = "30-days", target = 95 }"#;

    fn query(&self, dictionaries: &Dictionaries) -> Option<Query> {
        let measure = self.metric?;
        let usual = if measure.is_stock() { Period::Now } else { Period::Days30 };
        let filter = self.filter.resolve(dictionaries);
        Some(Query::Value(measure, self.period.unwrap_or(usual), Compare::YearAgo, filter))
    }

    fn of_measure(&self, view: &View<'_>) -> Option<GaugeValues> {
        let (measure, plan) = (self.metric?, self.target?);
        let (figure, measured) = view.figure(&self.query(view.dictionaries()?)?)?;
        Some(GaugeValues {
            fact: figure.now?,
            before: measured.figure_before(),
            changed: measured.changed,
            plan,
            due: None,
            planned: false,
            more_is_better: !measure.less_is_better().unwrap_or(false),
            unit: measure.unit(),
        })
    }

    /// Whether a row has both numbers: one without its fact would be behind its plan by all of it.
    fn is_whole(&self, record: &Record) -> bool {
        [&self.plan, &self.fact].into_iter().all(|field| record.get(field).and_then(number).is_some())
    }

    /// How many rows the sums are without, since they hold no number there; nothing where they hold all.
    fn without(&self, view: &View<'_>) -> String {
        let Some(table) = &self.dataset else { return String::new() };
        let records = view.records(table);
        let missing = records.iter().filter(|record| !self.is_whole(record)).count();
        if missing == 0 || missing == records.len() {
            return String::new();
        }
        view.language.message_with("gauge-without", &[("count", Arg::Number(missing as f64, 0))])
    }

    fn of_records(&self, records: &[Record]) -> Option<GaugeValues> {
        let whole: Vec<&Record> = records.iter().filter(|record| self.is_whole(record)).collect();
        // What is due of some of the rows is not what is due of all: a sum is one of every row, or none.
        let sum = |field: &str| {
            let values: Option<Vec<f64>> = whole.iter().map(|record| number(record.get(field)?)).collect();
            values?.into_iter().reduce(|sum, value| sum + value)
        };
        let due = self.norm.as_deref().and_then(sum);
        let (plan, fact) = (sum(&self.plan)?, sum(&self.fact)?);
        let changed = Moment(0);
        Some(GaugeValues {
            fact,
            before: None,
            changed,
            plan,
            due,
            planned: true,
            more_is_better: true,
            unit: Unit::Appeals,
        })
    }
}

impl Panel for Gauge {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        self.query(dictionaries).into_iter().collect()
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn validate(&self) -> Result<(), Sentence> {
        match (self.metric, &self.dataset, self.target) {
            (Some(measure), None, Some(target)) if measure.unit() == Unit::Percent && target > 100.0 => {
                Err(crate::sentence!("panel-target-range"))
            }
            (Some(measure), None, Some(target)) if target > 0.0 => frame::needs_title(&measure, self.title.as_ref()),
            (None, Some(_), None) if self.title.is_some() => Ok(()),
            (None, Some(_), None) => Err(crate::sentence!("panel-gauge-title")),
            _ => Err(crate::sentence!("panel-gauge-of")),
        }
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_table_or_appeals((17.0, 7.4), self.dataset.as_deref())
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title = frame::text_or_default(&self.title, view.language, || {
            self.metric.map_or_else(String::new, |measure| frame::measure_name(view.language, &measure))
        });
        let query = view.dictionaries().and_then(|d| self.query(d));
        let note = match query {
            Some(Query::Value(_, period, ..)) => view.language.message(&format!("period-{}", period.code())),
            _ => self.without(view),
        };
        let body = frame::paint_frame(view, brush, &title, &note);
        let shown =
            self.dataset.as_deref().map_or_else(|| self.of_measure(view), |table| self.of_records(view.records(table)));
        match shown.filter(|shown| shown.plan > 0.0 && shown.fact.is_finite()) {
            Some(shown) => told(view, brush, body, &shown),
            None => frame::paint_empty_state(brush, body, "gauge", &view.language.message("chart-empty-table"), ""),
        }
    }
}

fn told(view: &View<'_>, brush: &mut Brush<'_>, body: WallRect, shown: &GaugeValues) {
    let (u, palette, language) = (brush.theme.unit, brush.theme.palette.clone(), view.language);
    let percent = shown.unit == Unit::Percent;
    let decimals = usize::from(percent || shown.unit == Unit::Hours || shown.unit == Unit::Days);
    let written = |value: f64| {
        let number = language.number(value, decimals);
        if percent { view.language.percent(&number) } else { number }
    };
    let fact = tween(brush, shown.before, shown.fact, shown.changed);
    // As large as the place allows; the bar and what it says lie under it.
    let size = ((body.height() / u - 3.6) / 0.85).clamp(2.5, 7.0);
    let (large, unit) = (brush.theme.number(size), brush.theme.unit());
    let size =
        size.min(size * (body.width() - 2.0 * u) / brush.measure(&language.number(8888.8, decimals), large).max(1.0));
    let large = if size > 2.5 { brush.theme.number(size) } else { brush.theme.number(2.5) };
    let block = 0.72 * large.size + 3.1 * u;
    let baseline = body.min.y + ((body.height() - block) / 2.0).max(0.0) + 0.72 * large.size;
    let number = language.number(fact, decimals);
    // What has no room is said shorter, then smaller: no digit is cut by the edge.
    let room = body.width() - if percent { 2.0 * u } else { 0.0 };
    let number = if brush.measure(&number, large) > room && !percent { language.compact(fact) } else { number };
    let fitting = (room / brush.measure(&number, large).max(1.0)).min(1.0);
    let large = crate::scene::TextStyle { size: large.size * fitting, ..large };
    let width = brush.text(&number, large, WallPoint::new(body.min.x - 0.1 * u, baseline), palette.text);
    if percent {
        let unit = crate::scene::TextStyle { size: (0.42 * large.size).max(unit.size), ..unit };
        brush.text("%", unit, WallPoint::new(body.min.x + width + 0.25 * u, baseline), palette.quiet);
    }
    let behind = shown.behind() && !view.faded();
    // A share is seen against all there is, everything else against its plan or what it has come to.
    let full = if percent { 100.0 } else { shown.plan.max(shown.fact) };
    // A comma of large digits hangs under the line.
    let track = rect(body.min.x, baseline + (0.26 * large.size).max(0.9 * u), body.width(), 0.5 * u);
    let due = shown.due.unwrap_or(shown.plan);
    frame::bar(
        brush,
        track,
        (fact / full) as f32,
        if behind { palette.bad } else { palette.now },
        Some((due / full) as f32),
    );
    let note_at = track.max.y + 1.35 * u;
    let (note, label) = (brush.theme.note(), brush.theme.column(Weight::SemiBold));
    let of_plan = if shown.planned { "gauge-plan" } else { "gauge-goal" };
    let words = language.message_with(of_plan, &[("value", Arg::Text(&written(shown.plan)))]);
    let used = brush.text_right(&words, note, WallPoint::new(body.max.x, note_at), palette.quiet);
    let mut amount = language.number((fact - due).abs(), decimals);
    if percent {
        // Shares differ by points, not by per cent.
        amount = format!("{amount}{NBSP}{}", language.message("percentage-points"));
    }
    let key = match (behind, shown.planned) {
        (true, true) => "gauge-behind",
        (true, false) if shown.more_is_better => "gauge-short",
        (true, false) => "gauge-over",
        (false, true) => "gauge-in-time",
        (false, false) => "gauge-reached",
    };
    let verdict = language.message_with(key, &[("value", Arg::Text(&amount))]);
    let mut x = body.min.x;
    if behind {
        // Behind is told by a shape, too.
        brush.triangle(WallPoint::new(x + 0.25 * u, note_at - 0.35 * u), 0.5 * u, !shown.more_is_better, palette.bad);
        x += 0.8 * u;
    }
    let colour = if behind { palette.bad } else { palette.good };
    brush.text_in(&verdict, label, WallPoint::new(x, note_at), body.max.x - used - u - x, colour);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_of_some_rows_is_not_what_is_due_of_all() {
        let gauge: Gauge = toml::from_str("dataset = \"t\"\nplan = \"plan\"\nfact = \"fact\"\nnorm = \"due\"").unwrap();
        let row = |value: serde_json::Value| value.as_object().unwrap().clone();
        let whole = row(serde_json::json!({ "plan": 10, "fact": 4, "due": 5 }));
        let undue = row(serde_json::json!({ "plan": 20, "fact": 9 }));
        let factless = row(serde_json::json!({ "plan": 100, "due": 60 }));
        let shown = |records: &[Record]| gauge.of_records(records).map(|shown| (shown.plan, shown.fact, shown.due));
        assert_eq!(shown(&[whole.clone(), whole.clone()]), Some((20.0, 8.0, Some(10.0))));
        assert_eq!(shown(&[whole.clone(), undue]), Some((30.0, 13.0, None)), "one does not say what is due of it");
        assert_eq!(shown(&[whole, factless]), Some((10.0, 4.0, Some(5.0))), "a row without its fact is in no sum");
        assert_eq!(shown(&[]), None);
    }

    #[test]
    fn behind_is_judged_by_what_is_due_and_by_which_way_is_better() {
        let shown = |fact, due, more_is_better| GaugeValues {
            fact,
            before: None,
            changed: Moment(0),
            plan: 100.0,
            due,
            planned: true,
            more_is_better,
            unit: Unit::Appeals,
        };
        assert!(!shown(50.0, Some(50.0), true).behind() && shown(48.0, Some(50.0), true).behind());
        assert!(shown(50.0, None, true).behind() && !shown(98.0, None, true).behind());
        let goal = |fact| GaugeValues { planned: false, ..shown(fact, None, true) };
        assert!(goal(99.1).behind() && !goal(100.0).behind());
        assert!(!shown(90.0, None, false).behind() && shown(110.0, None, false).behind());
    }
}
