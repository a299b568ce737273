//! A measure over the hours of today or over the last days: bars, a line, an area, or bars stacked by sector.

use jiff::ToSpan;
use serde::Deserialize;

use super::kit::{today, tween};
use super::plot::{self, HOURS, Plot, Weight};
use super::{Panel, PanelInfo, View, frame, stacked};
use crate::clock::ease_out_cubic;
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Measure, Query, Unit};
use crate::data::region::Dictionaries;
use crate::data::written_numbers::number;
use crate::geometry::{WallPoint, WallRect};
use crate::language::{Arg, LocalizedText, Sentence};
use crate::scene::Brush;

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
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Style {
    #[default]
    Bars,
    Line,
    Area,
    /// Today's hours, one colour a sector.
    Stacked,
}

impl Style {
    /// How its line is drawn; none where it has none.
    fn weight(self) -> Option<Weight> {
        match self {
            Self::Line => Some(Weight::Line),
            Self::Area => Some(Weight::Area),
            Self::Bars | Self::Stacked => None,
        }
    }
}

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

    /// What the line of a year ago is, at the right of the header where there is room for it.
    fn key(&self, view: &View<'_>, brush: &mut Brush<'_>, title: &str) {
        let (u, bounds, palette, note) =
            (brush.theme.unit, brush.bounds, brush.theme.palette.clone(), brush.theme.note());
        let then = today(view, brush);
        let then = then.checked_sub(364.days()).unwrap_or(then);
        // Full date first, then the year alone: a day without its year would be taken for one of this year.
        let said = match self.days {
            None => [view.language.short_date(&then), then.year().to_string()],
            Some(_) => [view.language.message("map-year-ago"), String::new()],
        };
        let pad = 5.0 * brush.theme.spacing();
        let (right, y) = (bounds.max.x - pad, bounds.min.y + 1.25 * u);
        let title_style = brush.theme.title();
        let least = bounds.min.x + pad + brush.measure(title, title_style) + 0.45 * u;
        let left_of = |brush: &mut Brush<'_>, words: &str| right - brush.measure(words, note) - 1.15 * u;
        let Some(words) = said.into_iter().find(|w| !w.is_empty() && left_of(brush, w) >= least) else { return };
        let left = left_of(brush, &words);
        brush.text_right(&words, note, WallPoint::new(right, y), palette.quiet);
        let (from, to) = (WallPoint::new(left, y - 0.35 * u), WallPoint::new(left + 0.8 * u, y - 0.35 * u));
        match self.style.weight() {
            Some(_) => brush.dotted(&[from, to], 0.1 * u, 0.24 * u, palette.before),
            None => brush.line(&[from, to], 0.08 * u, palette.text),
        }
    }

    /// The line of a table, with the seconds of its ends where the records have them.
    fn table(&self, view: &View<'_>, brush: &mut Brush<'_>, body: WallRect, name: &str) {
        let field = self.field.as_deref().unwrap_or("value");
        let records = view.records(name);
        let values: Vec<f64> = records.iter().map(|r| r.get(field).and_then(number).unwrap_or(f64::NAN)).collect();
        if !values.iter().any(|v| v.is_finite()) {
            frame::paint_empty_state(brush, body, "chart-line-up", &view.language.message("chart-empty-table"), "");
            return;
        }
        let most = values.iter().copied().filter(|v| v.is_finite()).fold(1.0, f64::max);
        let plot = Plot::axes(view, brush, body, most, &[], values.len(), false);
        plot.line(brush, &values, &[], self.style.weight().unwrap_or(Weight::Line), false);
        plot.scale(brush);
        let area = plot.area;
        let time =
            |record: Option<&crate::data::dataset::Record>| Some(view.moment(record?.get("time")?)?.zoned(view.zone));
        let ends = (time(records.first()), time(records.last()));
        let days = ends.0.as_ref().zip(ends.1.as_ref()).is_some_and(|(first, last)| first.date() != last.date());
        let said = |at: jiff::Zoned| {
            let time = view.language.time(&at);
            if days { format!("{} {time}", view.language.short_day(&at)) } else { time }
        };
        let (u, note, quiet) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.quiet);
        let y = area.max.y + 1.15 * u;
        if let Some(first) = ends.0.map(said) {
            brush.text(&first, note, WallPoint::new(area.min.x, y), quiet);
        }
        if let Some(last) = ends.1.map(said) {
            brush.text_right(&last, note, WallPoint::new(area.max.x, y), quiet);
        }
    }
}

impl Panel for Chart {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        self.query(dictionaries).into_iter().collect()
    }

    fn validate(&self) -> Result<(), Sentence> {
        if self.days.is_some_and(|days| !(2..=366).contains(&days)) {
            return Err(crate::sentence!("panel-days"));
        }
        match self.metric {
            // The hours of a day hold counts of events.
            Some(measure) if self.days.is_none() || self.style == Style::Stacked => match measure {
                Measure::Formula(_) => Err(crate::sentence!("panel-chart-formula")),
                Measure::Metric(metric) if !metric.adds_up() => {
                    Err(crate::sentence!("panel-chart-hours", code = metric.code()))
                }
                Measure::Metric(_) => Ok(()),
            },
            Some(measure) => frame::needs_title(&measure, self.title.as_ref()),
            None => Ok(()),
        }
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn info(&self) -> PanelInfo {
        PanelInfo { compares: true, ..PanelInfo::of_table_or_appeals((10.5, 9.0), self.dataset.as_deref()) }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title = frame::text_or_default(&self.title, view.language, || match self.metric {
            Some(measure) if self.days.is_some() => frame::measure_name(view.language, &measure),
            _ => view.language.message("hours-title"),
        });
        let body = frame::paint_frame(view, brush, &title, "");
        if self.dataset.is_none() && self.style != Style::Stacked {
            self.key(view, brush, &title);
        }
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
                    frame::paint_empty_state(brush, body, "chart-bar", &view.language.message("chart-empty"), "");
                    return;
                }
                let missing = plot::missing_hours(view, brush);
                // An hour that the data does not reach is not over, and nothing is known of those after it.
                let begun = missing.as_ref().map_or(usize::from(*begun), |hours| hours.start.ceil() as usize);
                let grown: Vec<f64> = (0..24)
                    .map(|h| {
                        let known = f64::from(if missing.is_none() || h < begun { today[h] } else { 0 });
                        tween(brush, before.map(|b| f64::from(b[h])), known, measured.changed)
                    })
                    .collect();
                let over = begun.saturating_sub(1);
                let place = headline(view, brush, body, over.checked_sub(1).map(|h| (h, today[h], year_ago[h])));
                let steps: Vec<f64> = year_ago.iter().map(|n| f64::from(*n)).collect();
                let most = grown.iter().chain(&steps).copied().fold(1.0, f64::max);
                let plot = Plot::axes(view, brush, place, most, &HOURS, 24, false);
                match self.style.weight() {
                    Some(weight) => {
                        // An hour that is not over would look like a fall.
                        let reached = |hour: usize| if hour < over.max(1) { grown[hour] } else { f64::NAN };
                        plot.line(brush, &(0..24).map(reached).collect::<Vec<_>>(), &steps, weight, false);
                        plot.missing(brush, missing);
                    }
                    None => {
                        plot.bars(brush, &grown, over);
                        plot.missing(brush, missing);
                        plot.steps(brush, &steps);
                    }
                }
                plot.scale(brush);
            }
            Answer::SectorHours(rows) => stacked::paint(view, dictionaries, brush, body, rows),
            Answer::Days { .. } if view.has_no_appeals() => {
                frame::paint_empty_state(brush, body, "chart-bar", &view.language.message("chart-empty-days"), "");
            }
            Answer::Days { days, year_ago } => {
                let all = days.iter().chain(year_ago).copied().filter(|v| v.is_finite());
                let percent = self.metric.is_some_and(|measure| measure.unit() == Unit::Percent);
                let plot = Plot::axes(view, brush, body, all.fold(1.0, f64::max), &[], days.len(), percent);
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
                match self.style.weight() {
                    Some(weight) => {
                        // A day's count grows until the day is over.
                        let grows = self.metric.is_some_and(|measure| measure.adds_up());
                        plot.line(brush, &shown, year_ago, weight, grows);
                    }
                    None => {
                        plot.bars(brush, &shown, days.len().saturating_sub(1));
                        plot.steps(brush, year_ago);
                    }
                }
                plot.scale(brush);
                day_labels(view, brush, plot.area, days.len());
            }
            _ => {}
        }
    }
}

/// The last whole hour in figures; returns what is left for the plot.
fn headline(view: &View<'_>, brush: &mut Brush<'_>, body: WallRect, hour: Option<(usize, u32, u32)>) -> WallRect {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    if body.height() < 8.5 * u {
        return body;
    }
    let baseline = body.min.y + 2.0 * u;
    if let Some((hour, now, then)) = hour {
        let number = view.language.number(f64::from(now), 0);
        let width =
            brush.text(&number, brush.theme.number(2.5), WallPoint::new(body.min.x - 0.08 * u, baseline), palette.text);
        let x = body.min.x + width + 0.55 * u;
        let (label, note) = (brush.theme.label(), brush.theme.note());
        if then > 0 {
            let change = 100.0 * (f64::from(now) - f64::from(then)) / f64::from(then);
            let words = view.language.percent(&view.language.change(change, 0));
            let colour = if change < 0.0 { palette.good } else { palette.quiet };
            brush.triangle(WallPoint::new(x + 0.3 * u, baseline - 1.55 * u), 0.5 * u, change > 0.0, colour);
            brush.text(&words, label, WallPoint::new(x + 0.75 * u, baseline - 1.2 * u), colour);
        }
        let words = view.language.message_with("hours-in", &[("hour", Arg::Number(hour as f64, 0))]);
        brush.text(&words, note, WallPoint::new(x, baseline), palette.quiet);
    }
    WallRect::new(WallPoint::new(body.min.x, body.min.y + 3.1 * u), body.max)
}

fn day_labels(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, count: usize) {
    let (u, note, quiet) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.quiet);
    let today = view.day_of_measures();
    let label = |back: usize| {
        let day = today.checked_sub((back as i64).days()).unwrap_or_else(|_| today.clone());
        view.language.short_day(&day)
    };
    let y = area.max.y + 1.15 * u;
    brush.text(&label(count.saturating_sub(1)), note, WallPoint::new(area.min.x, y), quiet);
    brush.text_right(&label(0), note, WallPoint::new(area.max.x, y), quiet);
}
