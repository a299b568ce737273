//! A measure over the hours of today or over the last days: bars, a line, or bars stacked by sector.

use std::sync::Arc;

use serde::Deserialize;

use super::{FilterSpec, Panel, View, frame, spark, tween};
use crate::clock::ease_out_cubic;
use crate::data::measure::{Answer, Measure, Query, Unit};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, NBSP, Said};
use crate::scene::{Brush, Colour, TextStyle};

/// A chart.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// The measure; a line of a table needs none.
    #[serde(default)]
    metric: Option<Measure>,
    /// A table whose records are the points of a line, the oldest first.
    #[serde(default)]
    dataset: Option<String>,
    /// The field of its values, `value` by default.
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    style: Style,
    /// The last days, if the chart is not of today's hours.
    #[serde(default)]
    days: Option<u16>,
    #[serde(default)]
    title: Option<Said>,
    #[serde(default)]
    filter: FilterSpec,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Style {
    #[default]
    Bars,
    Line,
    /// Today's hours, one colour a sector.
    Stacked,
}

/// Sectors beyond this many are one colour: the rest.
const SERIES: usize = 4;

impl Chart {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"chart = { metric = "received", style = "line", days = 14 }"#;

    fn query(&self, dictionaries: &Dictionaries) -> Option<Query> {
        let measure = self.metric?;
        let filter = self.filter.resolve(dictionaries);
        Some(match (self.style, self.days, measure) {
            (Style::Stacked, _, Measure::Metric(metric)) => Query::SectorHours(metric, filter),
            (_, None, Measure::Metric(metric)) => Query::Hours(metric, filter),
            (_, days, _) => Query::Days(measure, days.unwrap_or(14).clamp(2, 366), filter),
        })
    }

    /// The line of a table, with the seconds of its ends where the records have them.
    fn table(&self, view: &View<'_>, brush: &mut Brush<'_>, body: WallRect, name: &str) {
        let field = self.field.as_deref().unwrap_or("value");
        let records = view.records(name);
        let values: Vec<f64> =
            records.iter().map(|r| r.get(field).and_then(|v| v.as_f64()).unwrap_or(f64::NAN)).collect();
        if !values.iter().any(|v| v.is_finite()) {
            frame::sentence(brush, body, &view.language.message("chart-empty-table"));
            return;
        }
        let ceiling = nice_ceiling(values.iter().copied().filter(|v| v.is_finite()).fold(1.0, f64::max));
        let area = axes(view, brush, body, ceiling, &[], (values.len(), false));
        lines(view, brush, area, &values, &[], ceiling);
        let time = |record: Option<&crate::data::dataset::Record>| {
            let at = record?.get("time")?.as_i64()?;
            Some(view.language.time(&crate::clock::Moment::from_secs(at).zoned(view.zone)))
        };
        let (u, note, quiet) = (brush.theme.u, brush.theme.note(), brush.theme.palette.quiet);
        let y = area.max.y + 1.15 * u;
        if let Some(first) = time(records.first()) {
            brush.text(&first, note, WallPoint::new(area.min.x, y), quiet);
        }
        if let Some(last) = time(records.last()) {
            brush.text_right(&last, note, WallPoint::new(area.max.x, y), quiet);
        }
    }
}

impl Panel for Chart {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        self.query(dictionaries).into_iter().collect()
    }

    fn dataset(&self) -> Option<&str> {
        self.dataset.as_deref()
    }

    fn judge(&self) -> Result<(), String> {
        match self.metric {
            // The hours of a day hold counts of events.
            Some(measure) if self.days.is_none() || self.style == Style::Stacked => match measure {
                Measure::Formula(_) => {
                    Err("a formula is drawn by day: give the chart `days` and a style other than \"stacked\"".into())
                }
                Measure::Metric(metric) if !metric.adds_up() => Err(format!(
                    "`{}` is not counted by the hour: give the chart `days`, and a style other than \"stacked\"",
                    metric.code()
                )),
                Measure::Metric(_) => Ok(()),
            },
            Some(measure) => frame::needs_title(&measure, self.title.as_ref()),
            None => Ok(()),
        }
    }

    fn narrow(&mut self, filter: &FilterSpec) {
        self.filter.narrow(filter);
    }

    fn compares(&self) -> bool {
        true
    }

    fn smallest(&self) -> (f32, f32) {
        (10.5, 9.0)
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title = frame::said(&self.title, view.language, || match self.metric {
            Some(measure) if self.days.is_some() => frame::measure_name(view.language, &measure),
            _ => view.language.message("hours-title"),
        });
        let body = frame::framed(view, brush, &title, "");
        if let Some(name) = &self.dataset {
            return self.table(view, brush, body, name);
        }
        let Some(dictionaries) = view.dictionaries() else { return };
        let Some(measured) = self.query(dictionaries).and_then(|query| view.measured(&query)) else { return };
        match &measured.answer {
            Answer::Hours { today, year_ago, begun } => {
                let before = measured.before.as_deref().and_then(|m| match &m.answer {
                    Answer::Hours { today, .. } => Some(*today),
                    _ => None,
                });
                if today.iter().sum::<u32>() == 0 && year_ago.iter().sum::<u32>() == 0 {
                    frame::sentence(brush, body, &view.language.message("chart-empty"));
                    return;
                }
                let grown: Vec<f64> = (0..24)
                    .map(|h| tween(brush, before.map(|b| f64::from(b[h])), f64::from(today[h]), measured.changed))
                    .collect();
                let over = usize::from(*begun).saturating_sub(1);
                let plot = headline(view, brush, body, over.checked_sub(1).map(|h| (h, today[h], year_ago[h])));
                let ceiling = nice_ceiling(
                    grown.iter().copied().chain(year_ago.iter().map(|n| f64::from(*n))).fold(1.0, f64::max),
                );
                let area = axes(
                    view,
                    brush,
                    plot,
                    ceiling,
                    &[(0, "0"), (6, "6"), (12, "12"), (18, "18"), (24, "24")],
                    (24, false),
                );
                bars(view, brush, area, &grown, over, ceiling);
                let steps: Vec<f64> = year_ago.iter().map(|n| f64::from(*n)).collect();
                step_line(view, brush, area, &steps, ceiling);
            }
            Answer::SectorHours(rows) => stacked(view, dictionaries, brush, body, rows),
            Answer::Days { .. } if view.revision.snapshot.is_empty() => {
                frame::sentence(brush, body, &view.language.message("chart-empty-days"));
            }
            Answer::Days { days, year_ago } => {
                let all = days.iter().chain(year_ago).copied().filter(|v| v.is_finite());
                let ceiling = nice_ceiling(all.fold(1.0, f64::max));
                let percent = self.metric.is_some_and(|measure| measure.unit() == Unit::Percent);
                let area = axes(view, brush, body, ceiling, &[], (days.len(), percent));
                let grow = brush.animate(measured.changed, 400, ease_out_cubic);
                let from = measured.before.as_deref().and_then(|m| match &m.answer {
                    Answer::Days { days, .. } => Some(days.clone()),
                    _ => None,
                });
                let shown: Vec<f64> = days
                    .iter()
                    .enumerate()
                    .map(|(i, v)| from.as_ref().and_then(|f| f.get(i)).map_or(*v, |f| f + (v - f) * f64::from(grow)))
                    .collect();
                if self.style == Style::Bars {
                    bars(view, brush, area, &shown, days.len().saturating_sub(1), ceiling);
                    step_line(view, brush, area, year_ago, ceiling);
                } else {
                    lines(view, brush, area, &shown, year_ago, ceiling);
                }
                day_labels(view, brush, area, days.len());
            }
            _ => {}
        }
    }
}

/// The last whole hour in figures; returns what is left for the plot.
fn headline(view: &View<'_>, brush: &mut Brush<'_>, body: WallRect, hour: Option<(usize, u32, u32)>) -> WallRect {
    let (u, palette) = (brush.theme.u, brush.theme.palette.clone());
    if body.height() < 8.5 * u {
        return body;
    }
    let baseline = body.min.y + 2.0 * u;
    if let Some((hour, now, then)) = hour {
        let pick = |colour| if view.faded() { palette.old } else { colour };
        let number = view.language.number(f64::from(now), 0);
        let width = brush.text(
            &number,
            brush.theme.number(2.5),
            WallPoint::new(body.min.x - 0.08 * u, baseline),
            pick(palette.text),
        );
        let x = body.min.x + width + 0.55 * u;
        let (label, note) = (brush.theme.label(), brush.theme.note());
        if then > 0 {
            let change = 100.0 * (f64::from(now) - f64::from(then)) / f64::from(then);
            let words = format!("{}{NBSP}%", view.language.change(change, 0));
            let colour = pick(if change < 0.0 { palette.good } else { palette.quiet });
            brush.triangle(WallPoint::new(x + 0.3 * u, baseline - 1.55 * u), 0.5 * u, change > 0.0, colour);
            brush.text(&words, label, WallPoint::new(x + 0.75 * u, baseline - 1.2 * u), colour);
        }
        let words = view.language.message_with("hours-in", &[("hour", Arg::Number(hour as f64, 0))]);
        brush.text(&words, note, WallPoint::new(x, baseline), pick(palette.quiet));
    }
    WallRect::new(WallPoint::new(body.min.x, body.min.y + 3.1 * u), body.max)
}

/// Paints the axis, its labels and one grid line; returns the area of the data.
fn axes(
    view: &View<'_>,
    brush: &mut Brush<'_>,
    plot: WallRect,
    ceiling: f64,
    labels: &[(usize, &str)],
    (slots, percent): (usize, bool),
) -> WallRect {
    let (u, palette) = (brush.theme.u, brush.theme.palette.clone());
    let note = brush.theme.note();
    let floor = (plot.max.y - 1.35 * u).round();
    let area = WallRect::new(plot.min, WallPoint::new(plot.max.x, floor));
    for (slot, text) in labels {
        let x = area.min.x + area.width() * *slot as f32 / slots as f32;
        let width = brush.measure(text, note);
        let left = (x - if *slot == 0 {
            0.0
        } else if *slot == slots {
            width
        } else {
            width / 2.0
        })
        .max(area.min.x);
        brush.text(text, note, WallPoint::new(left, plot.max.y - 0.2 * u), palette.quiet);
    }
    // One grid line at half of the ceiling, with its value over it.
    let y = area.max.y - area.height() / 2.0;
    brush.rule(WallPoint::new(area.min.x, y), WallPoint::new(area.max.x, y), palette.hairline);
    let half = view.language.number(ceiling / 2.0, usize::from(ceiling < 10.0 && ceiling % 2.0 != 0.0));
    let half = if percent { format!("{half}{NBSP}%") } else { half };
    brush.text(&half, note, WallPoint::new(area.min.x, y - 0.25 * u), palette.quiet);
    brush.rule(WallPoint::new(area.min.x, area.max.y), WallPoint::new(area.max.x, area.max.y), palette.axis);
    area
}

fn height_of(area: WallRect, value: f64, ceiling: f64) -> f32 {
    if value.is_finite() { area.height() * (value / ceiling).clamp(0.0, 1.0) as f32 } else { 0.0 }
}

fn bars(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, values: &[f64], current: usize, ceiling: f64) {
    let (u, palette) = (brush.theme.u, brush.theme.palette.clone());
    let pitch = area.width() / values.len() as f32;
    let gap = (0.07 * u).max(1.0).min(pitch * 0.25);
    for (index, value) in values.iter().enumerate() {
        let height = height_of(area, *value, ceiling);
        let left = (area.min.x + index as f32 * pitch).round();
        let right = (area.min.x + (index + 1) as f32 * pitch - gap).round();
        let bar =
            WallRect::new(WallPoint::new(left, area.max.y - height), WallPoint::new(right.max(left + 2.0), area.max.y));
        let colour = match index {
            _ if view.faded() => palette.axis,
            _ if index == current => palette.now,
            _ => palette.now_past,
        };
        brush.block(bar, (0.07 * u).min(height / 2.0), colour);
    }
}

/// The year ago as a white line of steps over the bars.
fn step_line(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, values: &[f64], ceiling: f64) {
    let pitch = area.width() / values.len() as f32;
    let mut points = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let y = (area.max.y - height_of(area, *value, ceiling)).round();
        let x = area.min.x + index as f32 * pitch;
        points.extend([WallPoint::new(x.round(), y), WallPoint::new((x + pitch).round(), y)]);
    }
    let colour = if view.faded() { brush.theme.palette.old } else { brush.theme.palette.text };
    brush.line(&points, 0.08 * brush.theme.u, colour);
}

fn lines(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, now: &[f64], before: &[f64], ceiling: f64) {
    let (u, palette) = (brush.theme.u, brush.theme.palette.clone());
    let points = |values: &[f64]| -> Vec<WallPoint> {
        let last = values.len().saturating_sub(1).max(1) as f32;
        let finite = values.iter().enumerate().filter(|(_, v)| v.is_finite());
        finite
            .map(|(i, v)| {
                WallPoint::new(area.min.x + area.width() * i as f32 / last, area.max.y - height_of(area, *v, ceiling))
            })
            .collect()
    };
    let colour = if view.faded() { palette.old } else { palette.now };
    let line = points(now);
    brush.mesh(Arc::new(spark::area_under(&line, area.max.y, |depth| colour.alpha(0.30 - 0.28 * depth))));
    brush.dotted(&points(before), 0.1 * u, 0.24 * u, palette.before);
    brush.line(&line, 0.12 * u, colour);
    if let Some(end) = line.last() {
        brush.dot(*end, 0.5 * u, palette.panel_bottom);
        brush.dot(*end, 0.34 * u, colour);
    }
}

fn day_labels(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, count: usize) {
    use jiff::ToSpan;
    let (u, note, quiet) = (brush.theme.u, brush.theme.note(), brush.theme.palette.quiet);
    let today = view.revision.measured.zoned(view.zone);
    let label = |back: usize| {
        let day = today.checked_sub((back as i64).days()).unwrap_or_else(|_| today.clone());
        format!("{:02}.{:02}", day.day(), day.month())
    };
    let y = area.max.y + 1.15 * u;
    brush.text(&label(count.saturating_sub(1)), note, WallPoint::new(area.min.x, y), quiet);
    brush.text_right(&label(0), note, WallPoint::new(area.max.x, y), quiet);
}

/// Hours stacked by the sectors that sent most today; the rest in one quiet colour on top.
fn stacked(view: &View<'_>, dictionaries: &Dictionaries, brush: &mut Brush<'_>, body: WallRect, rows: &[[u32; 24]]) {
    let (u, palette) = (brush.theme.u, brush.theme.palette.clone());
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let total = |i: usize| rows[i].iter().sum::<u32>();
    order.sort_by_key(|i| (std::cmp::Reverse(total(*i)), *i));
    // The key must leave the plot more than half of a narrow panel.
    let series =
        if body.width() > 26.0 * u { SERIES } else { ((body.height() * 0.45 / (1.4 * u)) as usize).clamp(1, SERIES) };
    let (named, rest) = order.split_at(series.min(order.len()));
    let colours: Vec<Colour> =
        palette.series.iter().map(|c| if view.faded() { c.mix(palette.axis, 0.8) } else { *c }).collect();
    let label = TextStyle { tabular: true, ..brush.theme.note() };
    // The key stands beside the plot where it is wide, over it where it is not.
    let wide = body.width() > 26.0 * u;
    let columns = 1;
    let key_width = if wide { 10.0 * u } else { body.width() };
    let lines = (named.len() + usize::from(!rest.is_empty())).div_ceil(columns);
    let key_height = if wide { 0.0 } else { lines as f32 * 1.4 * u + 0.3 * u };
    let rest_words = view.language.message("chart-rest");
    let rest_name = (!rest.is_empty()).then_some((named.len(), None));
    let entries = named.iter().map(|sector| Some(*sector)).enumerate().chain(rest_name);
    for (index, sector) in entries {
        let (column, line) = (index % columns, index / columns);
        let left = if wide { body.max.x - key_width + 0.6 * u } else { body.min.x }
            + column as f32 * key_width / columns as f32;
        let y = body.min.y + (line as f32 + 1.0) * 1.4 * u - 0.3 * u;
        let colour = if sector.is_some() { colours[index] } else { palette.axis };
        brush.block(rect(left, y - 0.62 * u, 0.6 * u, 0.6 * u), 0.12 * u, colour);
        let name =
            sector.map_or(rest_words.as_str(), |at| dictionaries.sectors.get(at).map_or("", |s| s.name.as_str()));
        let room = key_width / columns as f32 - 1.3 * u;
        brush.text_in(name, label, WallPoint::new(left + 0.95 * u, y), room, palette.quiet);
    }
    let right = if wide { body.max.x - key_width - 0.4 * u } else { body.max.x };
    let plot = WallRect::new(WallPoint::new(body.min.x, body.min.y + key_height), WallPoint::new(right, body.max.y));
    let sums: Vec<f64> = (0..24).map(|h| rows.iter().map(|r| f64::from(r[h])).sum()).collect();
    let ceiling = nice_ceiling(sums.iter().copied().fold(1.0, f64::max));
    let area = axes(view, brush, plot, ceiling, &[(0, "0"), (6, "6"), (12, "12"), (18, "18"), (24, "24")], (24, false));
    let pitch = area.width() / 24.0;
    let gap = (0.07 * u).max(1.0).min(pitch * 0.25);
    let rests: [u32; 24] = std::array::from_fn(|hour| rest.iter().map(|s| rows[*s][hour]).sum());
    for (hour, rest_sum) in rests.into_iter().enumerate() {
        let left = (area.min.x + hour as f32 * pitch).round();
        let right = (area.min.x + (hour + 1) as f32 * pitch - gap).round();
        let mut bottom = area.max.y;
        let parts =
            named.iter().enumerate().map(|(i, s)| (rows[*s][hour], colours[i])).chain([(rest_sum, palette.axis)]);
        for (count, colour) in parts {
            let height = height_of(area, f64::from(count), ceiling);
            if height >= 0.5 {
                let top = bottom - height;
                brush.block(WallRect::new(WallPoint::new(left, top), WallPoint::new(right, bottom)), 0.0, colour);
                bottom = top;
            }
        }
    }
}

/// The smallest of 1, 2, 4, 5, 10, 20, ... that is not under `value`, so that its half is a plain number.
fn nice_ceiling(value: f64) -> f64 {
    let power = 10f64.powf(value.max(1e-6).log10().floor());
    [1.0, 2.0, 4.0, 5.0, 6.0, 8.0, 10.0].map(|m| m * power).into_iter().find(|c| *c >= value).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_ceiling_is_over_the_value_and_not_far(value in 0.01f64..1e7) {
            let ceiling = nice_ceiling(value);
            prop_assert!(ceiling >= value && ceiling <= value * 2.01);
        }
    }
}
