//! A table of records as rows and columns.

use serde::Deserialize;
use serde_json::Value;

use super::{Panel, PanelInfo, View, frame};
use crate::data::dataset::Record;
use crate::data::written_numbers::number;
use crate::geometry::WallPoint;
use crate::language::{Arg, LocalizedText, Sentence};
use crate::scene::{Brush, Weight};

/// A table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The table.
    dataset: String,
    title: LocalizedText,
    /// From left to right; the first takes what the others leave.
    columns: Vec<Column>,
    /// The field by whose numbers rows stand, the greatest first.
    #[serde(default)]
    order: Option<String>,
    /// What is said where there is no record.
    #[serde(default)]
    empty: Option<LocalizedText>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    field: String,
    #[serde(default)]
    name: LocalizedText,
    #[serde(default)]
    show: Show,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Show {
    /// As it is; numbers by the language.
    #[default]
    Plain,
    /// Seconds since 1970 as the time of day.
    Time,
    /// The number of a municipality as its name.
    Municipality,
}

/// The height of a row, in units.
const ROW: f32 = 1.55;

impl Table {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"table = { dataset = "outages", title = "Отключения", order = "houses", columns = [
        { field = "name", name = "Где" },
        { field = "houses", name = "домов" },
        { field = "restored_by", name = "до", show = "time" },
    ] }"#;

    fn written(&self, view: &View<'_>, column: &Column, record: &Record) -> (String, bool) {
        let value = record.get(&column.field).unwrap_or(&Value::Null);
        match (column.show, value) {
            (Show::Time, value) => {
                let at = view.moment(value).map(|at| at.zoned(view.zone));
                (at.map_or_else(|| "—".to_owned(), |at| view.language.time(&at)), true)
            }
            (Show::Municipality, value) => {
                let at = value.as_u64().and_then(|n| usize::try_from(n).ok());
                let name = at.and_then(|at| Some(view.dictionaries()?.municipalities.get(at)?.name.clone()));
                (name.unwrap_or_else(|| "—".to_owned()), false)
            }
            (Show::Plain, Value::Number(number)) => {
                let number = number.as_f64().unwrap_or(f64::NAN);
                (view.language.number(number, usize::from(number.fract() != 0.0)), true)
            }
            (Show::Plain, Value::String(text)) => (text.clone(), false),
            (Show::Plain, _) => ("—".to_owned(), false),
        }
    }
}

impl Panel for Table {
    fn validate(&self) -> Result<(), Sentence> {
        if (1..=8).contains(&self.columns.len()) { Ok(()) } else { Err(crate::sentence!("panel-columns")) }
    }

    fn info(&self) -> PanelInfo {
        PanelInfo {
            shows_texts: true,
            ..PanelInfo::of_table((8.0 + 4.0 * self.columns.len() as f32, 3.7 + 2.0 * ROW), &self.dataset)
        }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let held = view.records(&self.dataset);
        let mut records: Vec<&Record> = held.iter().collect();
        if let Some(order) = &self.order {
            let value = |record: &Record| record.get(order).and_then(number).unwrap_or(f64::MIN);
            records.sort_by(|a, b| value(b).total_cmp(&value(a)));
        }
        let count = view.language.number(records.len() as f64, 0);
        let body =
            frame::paint_frame(view, brush, self.title.to(view.language), if records.is_empty() { "" } else { &count });
        if records.is_empty() {
            // That there is none is said by a table that is there.
            let known = view.table(&self.dataset).is_some();
            let empty = self.empty.as_ref().filter(|_| known).cloned();
            let words = frame::text_or_default(&empty, view.language, || view.language.message("chart-empty-table"));
            frame::paint_empty_state(brush, body, "rows", &words, "");
            return;
        }
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let head = if self.columns.iter().any(|c| !c.name.is_empty()) { 1.45 * u } else { 0.0 };
        let fit = ((body.height() - head) / (ROW * u)).floor().max(1.0) as usize;
        let shown = if records.len() > fit { fit.saturating_sub(1).max(1) } else { records.len() };
        let written: Vec<Vec<(String, bool)>> =
            records[..shown].iter().map(|r| self.columns.iter().map(|c| self.written(view, c, r)).collect()).collect();
        let (note, list, number) = (brush.theme.note(), brush.theme.list(), brush.theme.column(Weight::SemiBold));
        // Each column is as wide as its widest value, and the first has the rest.
        let mut rights = vec![body.max.x; self.columns.len()];
        let mut lefts = vec![body.min.x; self.columns.len()];
        let mut right = body.max.x;
        for index in (1..self.columns.len()).rev() {
            let values = written.iter().map(|row| (row[index].0.as_str(), if row[index].1 { number } else { note }));
            let texts: Vec<_> = values.chain([(self.columns[index].name.to(view.language), note)]).collect();
            let widest = texts.into_iter().map(|(text, style)| brush.measure(text, style)).fold(0.0, f32::max);
            (rights[index], lefts[index]) = (right, right - widest.min(body.width() / 3.0));
            right = lefts[index] - 1.0 * u;
        }
        rights[0] = right;
        let cell = |brush: &mut Brush<'_>, index: usize, text: &str, numeric: bool, style, baseline: f32, colour| {
            // A column as wide as its widest value holds it, whatever the sums round to.
            let room = rights[index] - lefts[index] + 0.05 * u;
            if numeric {
                brush.text_right(text, style, WallPoint::new(rights[index], baseline), colour);
            } else {
                brush.text_in(text, style, WallPoint::new(lefts[index], baseline), room, colour);
            }
        };
        if head > 0.0 {
            for (index, column) in self.columns.iter().enumerate() {
                let numeric = written.first().is_some_and(|row| row[index].1);
                cell(brush, index, column.name.to(view.language), numeric, note, body.min.y + 0.95 * u, palette.quiet);
            }
            let y = body.min.y + head - 0.1 * u;
            brush.rule(WallPoint::new(body.min.x, y), WallPoint::new(body.max.x, y), palette.hairline);
        }
        for (row, values) in written.iter().enumerate() {
            let baseline = body.min.y + head + (row as f32 + 0.5) * ROW * u + 0.36 * u;
            for (index, (text, numeric)) in values.iter().enumerate() {
                let style = if *numeric {
                    number
                } else if index == 0 {
                    list
                } else {
                    note
                };
                let colour = if index == 0 || *numeric { palette.text } else { palette.quiet };
                cell(brush, index, text, *numeric, style, baseline, colour);
            }
        }
        if shown < records.len() {
            let words =
                view.language.message_with("table-more", &[("count", Arg::Number((records.len() - shown) as f64, 0))]);
            let baseline = body.min.y + head + (shown as f32 + 0.5) * ROW * u + 0.36 * u;
            brush.text(&words, note, WallPoint::new(body.min.x, baseline), palette.quiet);
        }
    }
}
