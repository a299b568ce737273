//! One number to be read from the door: what was counted, over the shape of the place that it was counted for.

use serde::Deserialize;

use super::kit::tween;
use super::{Panel, PanelInfo, View, frame, map};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Compare, Measure, Period, Query, Unit};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, WallVector};
use crate::language::{Arg, LocalizedText, Sentence};
use crate::scene::{Brush, TextStyle, Weight};

/// A number told large.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hero {
    metric: Measure,
    /// The headline over the number.
    #[serde(default)]
    title: Option<LocalizedText>,
    /// What is counted, as it follows a number; by default what the metric counts.
    #[serde(default)]
    words: Option<LocalizedText>,
    #[serde(default = "month")]
    period: Period,
    #[serde(default)]
    compare: Compare,
    #[serde(default)]
    filter: FilterSpec,
}

fn month() -> Period {
    Period::Month
}

/// The size of the number, at least and at most, in units.
const NUMBER: (f32, f32) = (3.0, 9.6);

impl Hero {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"hero = { metric = "resolved", title = { ru = "Сделано по вашим обращениям", en = "Done at your request" } }"#;

    fn period(&self) -> Period {
        if self.metric.is_stock() { Period::Now } else { self.period }
    }

    fn query(&self, dictionaries: &Dictionaries) -> Query {
        Query::Value(self.metric, self.period(), self.compare, self.filter.resolve(dictionaries))
    }

    /// What follows the number.
    fn counted(&self, view: &View<'_>, value: f64) -> String {
        frame::text_or_default(&self.words, view.language, || {
            let own = self.metric.code().filter(|code| COUNTED.contains(code));
            match own {
                Some(code) => {
                    view.language.message_with(&format!("counted-{code}"), &[("count", Arg::Number(value, 0))])
                }
                None => frame::measure_name(view.language, &self.metric),
            }
        })
    }

    /// By how much more or less than before, in words.
    fn compared(&self, view: &View<'_>, now: f64, before: Option<f64>) -> String {
        let period = view.language.message(&format!("period-{}", self.period().code()));
        // What was not done is not held against what was.
        let Some(before) = before.filter(|before| before.is_finite() && now > 0.0) else { return period };
        let difference = (now - before).round();
        let key = match difference {
            d if d > 0.0 => "hero-more",
            d if d < 0.0 => "hero-less",
            _ => "hero-same",
        };
        let than = match self.compare {
            Compare::YearAgo => view.language.message("hero-year-ago"),
            Compare::Before => {
                view.language.message_with("hero-before", &[("period", Arg::Text(self.period().code()))])
            }
        };
        let by = view.language.number(difference.abs(), 0);
        view.language
            .message_with(key, &[("period", Arg::Text(&period)), ("by", Arg::Text(&by)), ("than", Arg::Text(&than))])
    }
}

/// Metrics whose counts have words of their own.
const COUNTED: [&str; 5] = ["received", "resolved", "overdue", "repeats", "in-work"];

impl Panel for Hero {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        vec![self.query(dictionaries)]
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn validate(&self) -> Result<(), Sentence> {
        if self.metric.unit() == Unit::Appeals {
            return Ok(());
        }
        Err(crate::sentence!("panel-hero-counts"))
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals((22.0, 12.0))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let pad = 5.0 * brush.theme.spacing();
        // Without a box, over the place itself.
        let shape = WallRect::new(
            WallPoint::new(bounds.max.x - (0.62 * bounds.width()).min(1.2 * bounds.height()), bounds.min.y),
            WallPoint::new(bounds.max.x + 1.2 * u, bounds.max.y),
        );
        map::silhouette(view, brush, self.filter.municipality.as_deref(), shape, palette.glow.mix(palette.now, 0.06));
        brush.layer(WallVector::zero(), bounds);
        let mut body = bounds.inflate(-pad, -0.5 * u);
        if !view.shared_stamp {
            frame::stamp(view, brush, WallPoint::new(body.min.x, bounds.max.y - 0.83 * u));
            body.max.y -= 1.5 * u;
        }
        let headline = TextStyle { size: (0.05 * bounds.width()).clamp(1.4 * u, 2.2 * u), ..brush.theme.page_title() };
        let title = self.title.as_ref().map_or("", |title| title.to(view.language));
        let lines = if title.is_empty() { Vec::new() } else { brush.wrapped(title, headline, body.width(), 2) };
        let found = view.dictionaries().and_then(|d| view.figure(&self.query(d)));
        let figure = found.and_then(|(figure, measured)| Some((figure.now?, figure.before, measured)));
        let over = lines.len() as f32 * 1.15 * headline.size;
        let words = TextStyle { weight: Weight::SemiBold, ..brush.theme.page_title() };
        let compared = figure.map_or(String::new(), |(now, before, _)| self.compared(view, now, before));
        let note = brush.theme.note();
        let under = brush.wrapped(&compared, note, body.width(), 2);
        // What is said under the number, with the air around it.
        let below = 3.0 * u + under.len() as f32 * 1.25 * u + 0.3 * u;
        // A backend that has nothing yet has done nothing that could be told.
        let figure = figure.filter(|_| !view.has_no_appeals());
        let number = figure.map_or_else(|| "—".to_owned(), |(now, ..)| view.language.number(now.round(), 0));
        let at_one = brush.measure(&number, brush.theme.number(1.0)).max(1.0);
        let by_height = (body.height() - over - below) / (0.85 * u);
        let size = by_height.min(body.width() / at_one).clamp(NUMBER.0, NUMBER.1);
        let block = over + 0.85 * size * u + below;
        let mut y = body.min.y + ((body.height() - block) / 2.0).max(0.0);
        for line in lines {
            y += 1.15 * headline.size;
            brush.run(line, WallPoint::new(body.min.x, y - 0.25 * headline.size), palette.text);
        }
        y += 0.85 * size * u;
        let Some((now, _, measured)) = figure else {
            brush.text(&number, brush.theme.number(size), WallPoint::new(body.min.x, y), palette.old);
            if view.has_no_appeals() && view.age.is_some() {
                let words_at = WallPoint::new(body.min.x, y + 1.75 * u);
                brush.text_in(&view.language.message("chart-empty-days"), words, words_at, body.width(), palette.text);
            }
            return;
        };
        let shown = tween(brush, measured.figure_before(), now, measured.changed);
        let number = view.language.number(shown.round(), 0);
        brush.text(&number, brush.theme.number(size), WallPoint::new(body.min.x - 0.05 * size * u, y), palette.now);
        // Under the tail of a comma.
        y += (1.25 + 0.2 * size).max(1.75) * u;
        brush.text_in(&self.counted(view, now), words, WallPoint::new(body.min.x, y), body.width(), palette.text);
        for line in under {
            y += 1.3 * u;
            brush.run(line, WallPoint::new(body.min.x, y), palette.quiet);
        }
    }
}
