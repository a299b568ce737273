//! Key figures side by side: name, period, number with its unit, change against a year ago, spark.

use serde::Deserialize;

use super::kit::{fits, tween};
use super::{Panel, PanelInfo, View, frame, spark};
use crate::clock::Moment;
use crate::data::dataset::Record;
use crate::data::filter::FilterSpec;
use crate::data::measure::{Compare, Figure, Measure, Period, Query, Unit};
use crate::data::region::Dictionaries;
use crate::data::written_numbers::number;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, Language, LocalizedText, NBSP, Sentence};
use crate::scene::{Brush, icon_named};

/// The smallest width and height of a figure, in units.
const CELL: (f32, f32) = (10.4, 8.4);

/// Key figures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kpi {
    /// From left to right.
    cells: Vec<Cell>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "CellTable")]
struct Cell {
    shown: CellValue,
    period: Period,
    compare: Compare,
    name: Option<LocalizedText>,
    filter: FilterSpec,
}

/// A measure of the appeals, or a number of a table.
#[derive(Debug, Clone)]
enum CellValue {
    Measure(Measure),
    Record(RecordValue),
}

/// A number of a table: the last record's.
#[derive(Debug, Clone)]
struct RecordValue {
    dataset: String,
    field: String,
    unit: LocalizedText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CellTable {
    #[serde(default)]
    metric: Option<Measure>,
    #[serde(default)]
    dataset: Option<String>,
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    unit: Option<LocalizedText>,
    #[serde(default)]
    period: Option<Period>,
    #[serde(default)]
    compare: Compare,
    #[serde(default)]
    name: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

impl TryFrom<CellTable> for Cell {
    type Error = Sentence;

    fn try_from(table: CellTable) -> Result<Self, Self::Error> {
        let named = table.name.is_some();
        let shown = match (table.metric, table.dataset) {
            (Some(measure), None) if named || measure.code().is_some() => CellValue::Measure(measure),
            (None, Some(dataset)) if named => CellValue::Record(RecordValue {
                dataset,
                field: table.field.unwrap_or_else(|| "value".to_owned()),
                unit: table.unit.unwrap_or_default(),
            }),
            (Some(_), None) | (None, Some(_)) => {
                return Err(crate::sentence!("panel-cell-name"));
            }
            _ => return Err(crate::sentence!("panel-cell-of")),
        };
        let period = match (&shown, table.period) {
            (CellValue::Record(_), _) => Period::Now,
            (_, Some(period)) => period,
            (_, None) => return Err(crate::sentence!("panel-cell-period")),
        };
        let CellTable { compare, name, filter, .. } = table;
        Ok(Self { shown, period, compare, name, filter })
    }
}

impl RecordValue {
    fn last<'a>(&self, view: &View<'a>) -> Option<&'a Record> {
        view.records(&self.dataset).last()
    }
}

impl CellValue {
    fn unit(&self) -> Unit {
        match self {
            Self::Measure(measure) => measure.unit(),
            Self::Record(_) => Unit::Appeals,
        }
    }

    fn less_is_better(&self) -> Option<bool> {
        match self {
            Self::Measure(measure) => measure.less_is_better(),
            Self::Record(_) => None,
        }
    }
}

impl Kpi {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"kpi = { cells = [
        { metric = "received", period = "today" },
        { metric = "overdue", period = "now" },
        { metric = "first-reply-hours", period = "24-hours" },
    ] }"#;
}

impl Cell {
    fn query(&self, dictionaries: &Dictionaries) -> Option<Query> {
        match &self.shown {
            CellValue::Measure(measure) => {
                Some(Query::Value(*measure, self.period, self.compare, self.filter.resolve(dictionaries)))
            }
            CellValue::Record(_) => None,
        }
    }

    /// The figure, what it was before its last change, and when it changed.
    fn figure(&self, view: &View<'_>) -> Option<(Figure, Option<f64>, Moment)> {
        if let CellValue::Record(value) = &self.shown {
            let now = value.last(view)?.get(&value.field).and_then(number);
            return Some((Figure { now, ..Figure::default() }, None, Moment(0)));
        }
        let (figure, measured) = view.figure(&self.query(view.dictionaries()?)?)?;
        Some((figure.clone(), measured.figure_before(), measured.changed))
    }
}

impl Panel for Kpi {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        self.cells.iter().filter_map(|cell| cell.query(dictionaries)).collect()
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        self.cells.iter_mut().map(|cell| &mut cell.filter).collect()
    }

    fn validate(&self) -> Result<(), Sentence> {
        if (1..=8).contains(&self.cells.len()) { Ok(()) } else { Err(crate::sentence!("panel-cells")) }
    }

    fn info(&self) -> PanelInfo {
        let (cells, in_two_rows) = (self.cells.len(), self.cells.len().div_ceil(2));
        let record = |cell: &Cell| match &cell.shown {
            CellValue::Record(value) => Some(value.dataset.clone()),
            CellValue::Measure(_) => None,
        };
        let mut tables: Vec<String> = self.cells.iter().filter_map(record).collect();
        let only_tables = tables.len() == cells;
        tables.dedup();
        PanelInfo {
            smallest_upright: (cells > 2).then_some((CELL.0 * in_two_rows as f32, 2.0 * CELL.1)),
            compares: true,
            // It is judged by its table where it shows nothing else.
            dataset: tables.first().filter(|_| only_tables && tables.len() == 1).cloned(),
            tables,
            ..PanelInfo::of_appeals((CELL.0 * cells as f32, CELL.1))
        }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        frame::ground(view, brush);
        let bounds = brush.bounds;
        let (u, pad) = (brush.theme.unit, 5.0 * brush.theme.spacing());
        let inner = WallRect::new(
            WallPoint::new(bounds.min.x + pad, bounds.min.y),
            WallPoint::new(bounds.max.x - pad, bounds.max.y),
        );
        // Where they have little room beside one another, and enough over one another, they stand in two rows.
        let count = self.cells.len() as f32;
        let narrow = bounds.width() < (CELL.0 + 1.5) * count * u && count > 2.0;
        let rows = if narrow && fits(bounds.width(), bounds.height(), (0.0, 2.0 * CELL.1), u) { 2 } else { 1 };
        let columns = self.cells.len().div_ceil(rows).max(1);
        let width = inner.width() / columns as f32;
        // The block of lines stands in the middle of the panel when there is more room than it needs.
        let stamp = if view.shared_stamp { 0.0 } else { 1.5 * u };
        let height = (bounds.height() - stamp) / rows as f32;
        for (index, cell) in self.cells.iter().enumerate() {
            let (row, index) = (index / columns, index % columns);
            let top = bounds.min.y + row as f32 * height + ((height - 8.5 * u) / 2.0).max(0.0);
            let left = inner.min.x + index as f32 * width;
            if row > 0 && index == 0 {
                let y = bounds.min.y + height;
                let hairline = brush.theme.palette.hairline;
                brush.rule(WallPoint::new(inner.min.x, y), WallPoint::new(inner.max.x, y), hairline);
            }
            if index > 0 {
                let x = left - 0.28 * u;
                let hairline = brush.theme.palette.hairline;
                brush.rule(WallPoint::new(x, top + 0.6 * u), WallPoint::new(x, top + 7.9 * u), hairline);
            }
            let gap = if index > 0 { 0.24 * u } else { 0.0 };
            let area = rect(left + gap, top, width - gap - 0.5 * u, 8.5 * u);
            paint_cell(cell, view, brush, area);
        }
        if !view.shared_stamp {
            frame::stamp(view, brush, WallPoint::new(inner.min.x, bounds.max.y - 0.83 * u));
        }
    }
}

fn paint_cell(cell: &Cell, view: &View<'_>, brush: &mut Brush<'_>, area: WallRect) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let (label, note, unit_style) = (brush.theme.label(), brush.theme.note(), brush.theme.unit());
    let (x, top) = (area.min.x, area.min.y);
    let language = view.language;
    let name = match (&cell.name, &cell.shown) {
        (None, CellValue::Measure(measure)) => frame::measure_name(language, measure),
        (name, _) => frame::text_or_default(name, language, String::new),
    };
    brush.text_in(&name, label, WallPoint::new(x, top + 1.4 * u), area.width(), palette.text);
    brush.text_in(&period_words(cell, view), note, WallPoint::new(x, top + 2.6 * u), area.width(), palette.quiet);
    let found = cell.figure(view);
    let Some((figure, before, changed, value)) = found.and_then(|(f, b, c)| f.now.map(|value| (f, b, c, value))) else {
        brush.text("—", brush.theme.number(3.0), WallPoint::new(x - 0.1 * u, top + 5.9 * u), palette.old);
        return;
    };
    let unit = cell.shown.unit();
    let decimals = match &cell.shown {
        CellValue::Record(_) => usize::from(value.fract() != 0.0 && value.abs() < 100.0),
        _ => decimals(unit, value),
    };
    let shown = tween(brush, before, value, changed);
    let large = brush.theme.number(3.0);
    let written = language.number(shown, decimals);
    // What is wider than its place is said shorter, never set smaller.
    let number =
        if brush.measure(&written, large) > area.width() + 0.2 * u { language.compact(shown) } else { written };
    let width =
        brush.text_in(&number, large, WallPoint::new(x - 0.1 * u, top + 5.9 * u), area.width() + 0.3 * u, palette.text);
    let unit_words = match unit {
        _ if matches!(&cell.shown, CellValue::Record(_)) => record_unit(&cell.shown, language),
        Unit::Appeals | Unit::Moves => String::new(),
        Unit::Mark => language.message("unit-mark"),
        Unit::PerThousand => language.message("unit-per-thousand"),
        Unit::Percent => "%".to_owned(),
        Unit::Hours => language.message_with("unit-hours", &[("count", Arg::Number(value, decimals))]),
        Unit::Days => language.message_with("unit-days", &[("count", Arg::Number(value, decimals))]),
    };
    let room = area.max.x - (x + width + 0.25 * u);
    brush.text_in(&unit_words, unit_style, WallPoint::new(x + width + 0.25 * u, top + 5.9 * u), room, palette.quiet);
    let at = WallPoint::new(x, top + 7.5 * u);
    let overdue = matches!(&cell.shown, CellValue::Measure(measure) if measure.code() == Some("overdue"));
    let changed_to = if overdue && value == 0.0 && !view.has_no_appeals() {
        // Nothing is what one hopes for: it is said, not reckoned.
        brush.icon(
            icon_named(frame::WELL, true),
            1.15 * u,
            WallPoint::new(x + 0.55 * u, at.y - 0.36 * u),
            palette.good,
        );
        let (from, room) = (WallPoint::new(x + 1.5 * u, at.y), area.width() - 1.5 * u);
        from.x + brush.text_in(&language.message("kpi-none-late"), label, from, room, palette.good)
    } else {
        change(&cell.shown, &figure, view, brush, at)
    };
    let spark_width = 3.5 * u;
    let spark_area = rect(area.max.x - spark_width - 0.2 * u, top + 6.5 * u, spark_width, 1.2 * u);
    if spark_area.min.x > changed_to + 0.35 * u {
        spark::paint(brush, spark_area, &figure.trend, &figure.trend_before, figure.slots);
    }
}

/// The change against a year ago: bare text when it is for the better, a filled pill when for the worse. Returns where it
/// ends.
fn change(shown: &CellValue, figure: &Figure, view: &View<'_>, brush: &mut Brush<'_>, at: WallPoint) -> f32 {
    let (Some(now), Some(then)) = (figure.now, figure.before) else { return at.x };
    let in_points = shown.unit() == Unit::Percent;
    let change = if in_points {
        now - then
    } else if then == 0.0 {
        return at.x;
    } else {
        100.0 * (now - then) / then
    };
    let decimals = usize::from(in_points);
    let words = if in_points {
        format!("{}{NBSP}{}", view.language.change(change, decimals), view.language.message("percentage-points"))
    } else if change >= 1000.0 {
        format!("×{}", view.language.number(now / then, 0))
    } else {
        view.language.percent(&view.language.change(change, decimals))
    };
    let (u, palette, label) = (brush.theme.unit, brush.theme.palette.clone(), brush.theme.label());
    let tabular = crate::scene::TextStyle { tabular: true, ..label };
    let flat = change.abs() < 0.5 / 10f64.powi(decimals as i32);
    let better = shown.less_is_better().map(|less| (change < 0.0) == less);
    let triangle = WallPoint::new(at.x + 0.3 * u, at.y - 0.35 * u);
    let worse = better == Some(false) && !flat && !view.faded();
    if worse {
        let width = brush.measure(&words, tabular) + 1.4 * u;
        brush.fill_rect(rect(at.x - 0.15 * u, at.y - 1.0 * u, width, 1.35 * u), 0.3 * u, palette.bad);
    }
    let colour = match better {
        _ if flat => palette.quiet,
        Some(true) => palette.good,
        Some(false) if worse => palette.ink,
        Some(false) => palette.bad,
        None => palette.quiet,
    };
    let mut x = at.x;
    if !flat {
        let shift = if worse { 0.12 * u } else { 0.0 };
        brush.triangle(WallPoint::new(triangle.x + shift, triangle.y), 0.5 * u, change > 0.0, colour);
        x += 0.72 * u + shift;
    }
    x + brush.text(&words, tabular, WallPoint::new(x, at.y), colour)
}

fn record_unit(shown: &CellValue, language: &Language) -> String {
    match shown {
        CellValue::Record(value) => value.unit.to(language).to_owned(),
        _ => String::new(),
    }
}

fn period_words(cell: &Cell, view: &View<'_>) -> String {
    if let CellValue::Record(value) = &cell.shown {
        // A sample says of which second it is; a table without times is as old as its stamp says.
        let at = value.last(view).and_then(|record| view.moment(record.get("time")?));
        return at.map_or_else(String::new, |at| view.language.time(&at.zoned(view.zone)));
    }
    let median = matches!(&cell.shown, CellValue::Measure(measure) if measure.is_median());
    let code = cell.period.code();
    let rolling = matches!(cell.period, Period::Hours24 | Period::Days7 | Period::Days30);
    if median && rolling {
        view.language.message_with("period-median", &[("period", Arg::Text(&format!("last-{code}")))])
    } else {
        view.language.message(&format!("period-{code}"))
    }
}

fn decimals(unit: Unit, value: f64) -> usize {
    match unit {
        Unit::Appeals | Unit::Moves => 0,
        Unit::PerThousand if value >= 99.95 => 0,
        Unit::PerThousand => 1,
        Unit::Hours | Unit::Days if value >= 9.95 => 0,
        Unit::Percent | Unit::Hours | Unit::Days => 1,
        Unit::Mark => 2,
    }
}
