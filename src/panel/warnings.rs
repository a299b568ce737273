//! Early warnings: where more is received than was to be expected, the least probable first.

use serde::Deserialize;

use super::kit::{Name, name_of};
use super::{Panel, PanelInfo, View, frame, map};
use crate::clock::{Moment, ease_out_cubic};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Dimension, LEAST_HISTORY_SECS, Query, Warning};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, LocalizedText};
use crate::scene::{Brush, icon_named};

/// Early warnings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warnings {
    #[serde(default)]
    title: Option<LocalizedText>,
    /// Whether the first alone is shown, told large, in the place of a list.
    #[serde(default)]
    signal: bool,
    /// Which of them are shown: by sector, topic or municipality.
    #[serde(default)]
    filter: FilterSpec,
}

/// The height of an item, in units.
const ITEM: f32 = 2.9;
/// From this size of the body on, in units, a map shows where they are.
const INSET_FROM: (f32, f32) = (34.0, 8.0);

impl Warnings {
    /// As a layout writes it.
    pub const EXAMPLE: &str = "warnings = {}";
}

impl Panel for Warnings {
    fn queries(&self, _: &Dictionaries) -> Vec<Query> {
        vec![Query::Warnings]
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn has_something(&self, view: &View<'_>) -> bool {
        self.found(view).is_some_and(|(warnings, _)| !warnings.is_empty())
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals(if self.signal { (10.5, 9.0) } else { (16.0, 2.2 + ITEM) })
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        if let (true, Some((warnings, changed))) = (self.signal, self.found(view))
            && let Some(first) = warnings.first()
        {
            return self.signal(view, brush, first, warnings.len() - 1, changed);
        }
        let title = frame::text_or_default(&self.title, view.language, || view.language.message("warnings-title"));
        let body = frame::paint_frame(view, brush, &title, "");
        let Some((warnings, _)) = self.found(view) else { return };
        if warnings.is_empty() {
            // That nothing is wrong is said by data that is there, and fresh.
            let (icon, words) = match view.faded() {
                true => ("clock-counter-clockwise", "warnings-blind"),
                false if view.has_no_appeals() => ("tray", "chart-empty-days"),
                false if is_young(view) => ("tray", "warnings-young"),
                false => (frame::WELL, "warnings-empty"),
            };
            frame::paint_empty_state(brush, body, icon, &view.language.message(words), "");
            return;
        }
        let u = brush.theme.unit;
        let rows = (body.height() / (ITEM * u)).floor().max(1.0) as usize;
        let mut right = body.max.x;
        if body.width() >= INSET_FROM.0 * u && body.height() >= INSET_FROM.1 * u {
            let width = (0.42 * body.width()).min(1.25 * body.height());
            let place = WallRect::new(WallPoint::new(body.max.x - width, body.min.y), body.max);
            map::inset(view, brush, place, &self.filter);
            right -= width + u;
        }
        for (row, warning) in warnings.iter().take(rows).enumerate() {
            self.item(view, brush, WallPoint::new(body.min.x, body.min.y + row as f32 * ITEM * u), right, warning);
        }
    }
}

/// Whether the data reaches back too little for anything to be unusual.
fn is_young(view: &View<'_>) -> bool {
    view.reaches_back_less_than(LEAST_HISTORY_SECS)
}

/// Where it is: the municipality, or the whole region.
fn place_of(view: &View<'_>, warning: &Warning) -> String {
    let municipalities = view.dictionaries().map(|d| &d.municipalities);
    let found = warning.municipality.and_then(|m| municipalities?.get(usize::from(m)));
    found.map_or_else(|| view.language.message("warnings-region"), |m| m.name.clone())
}

fn topic_of<'a>(view: &'a View<'_>, warning: &Warning) -> Name<'a> {
    view.dictionaries().map(|d| name_of(d, Dimension::Topic, warning.topic)).unwrap_or_default()
}

impl Warnings {
    /// The warnings that it is about, and when they changed.
    fn found<'a>(&self, view: &'a View<'_>) -> Option<(Vec<&'a Warning>, Moment)> {
        let (measured, dictionaries) = (view.measured(&Query::Warnings)?, view.dictionaries()?);
        // A warning that was there from the start is not animated.
        let came = if measured.before.is_some() { measured.changed } else { Moment(0) };
        let Answer::Warnings(warnings) = &measured.answer else { return None };
        let filter = self.filter.resolve(dictionaries);
        Some((warnings.iter().filter(|warning| filter.admits_warning(dictionaries, warning)).collect(), came))
    }

    /// One warning under a filled header, the one warm thing on a wall, and how many there are besides.
    fn signal(&self, view: &View<'_>, brush: &mut Brush<'_>, warning: &Warning, others: usize, changed: Moment) {
        let body = frame::paint_frame(view, brush, "", "");
        let (u, bounds, palette, language) =
            (brush.theme.unit, brush.bounds, brush.theme.palette.clone(), view.language);
        // It comes once, and nothing blinks.
        let come = brush.animate(changed, 400, ease_out_cubic);
        let (warm, ink) = (palette.warn.alpha(come), palette.text.mix(palette.ink, come));
        let radius = brush.theme.form.radius * u;
        let header = rect(bounds.min.x, bounds.min.y, bounds.width(), 2.0 * u);
        brush.fill_rect(header, radius, warm);
        brush.fill_rect(rect(header.min.x, header.max.y - radius, header.width(), radius), 0.0, warm);
        brush.ring_around(bounds, radius, 0.07 * u, warm);
        let (title, label, note) = (brush.theme.title(), brush.theme.label(), brush.theme.note());
        let x = body.min.x;
        brush.icon(icon_named("warning-diamond", true), 1.35 * u, WallPoint::new(x + 0.6 * u, header.center().y), ink);
        let at = WallPoint::new(x + 1.7 * u, header.center().y + 0.38 * u);
        let room = bounds.max.x - 0.3 * u - at.x;
        let (long, short) = (language.message("warnings-signal"), language.message("warnings-signal-short"));
        let usual = if brush.measure(&long, title) <= room { long } else { short };
        let words = frame::text_or_default(&self.title, language, || usual);
        brush.text_in(&words, title, at, room, ink);
        let mut y = header.max.y + 1.45 * u;
        let room = body.width();
        let topic = topic_of(view, warning).within(brush, title, room);
        brush.text_in(topic, title, WallPoint::new(x, y), room, palette.text);
        y += 1.25 * u;
        brush.text_in(&place_of(view, warning), note, WallPoint::new(x, y), room, palette.quiet);
        y += 2.75 * u;
        let number = language.number(f64::from(warning.count), 0);
        let width = brush.text(&number, brush.theme.number(2.5), WallPoint::new(x - 0.08 * u, y), palette.warn);
        let beside = x + width + 0.55 * u;
        let hours = language.message_with("warnings-in-hours", &[("hours", Arg::Number(f64::from(warning.hours), 0))]);
        let counted = [("count", Arg::Number(f64::from(warning.count), 0))];
        let counted = language.message_with("warnings-appeals", &counted);
        let room = bounds.max.x - 0.3 * u - beside;
        brush.text_in(&counted, label, WallPoint::new(beside, y - 1.2 * u), room, palette.text);
        brush.text_in(&hours, note, WallPoint::new(beside, y), room, palette.quiet);
        // Against what is usual, in true proportion; what the tick means stands under it.
        let track = rect(x, y + 0.9 * u, body.width(), 0.33 * u);
        let part = (warning.expected / f64::from(warning.count.max(1))) as f32;
        let usual = language.number(warning.expected, usize::from(warning.expected < 1.0));
        let usual = language.message_with("warnings-usual", &[("expected", Arg::Text(&usual))]);
        if track.max.y + 0.4 * u < body.max.y {
            frame::bar(brush, track, 1.0, palette.warn, Some(part));
        }
        let under = WallPoint::new(x, track.max.y + 1.35 * u);
        if under.y + 0.2 * u < body.max.y {
            let end = x + frame::tick_key(brush, under, &usual);
            let more = language.message_with("warnings-more", &[("count", Arg::Number(others as f64, 0))]);
            if others > 0 && end + 0.6 * u + brush.measure(&more, note) <= body.max.x {
                brush.text_right(&more, note, WallPoint::new(body.max.x, under.y), palette.text);
            }
        }
    }

    fn item(&self, view: &View<'_>, brush: &mut Brush<'_>, at: WallPoint, right: f32, warning: &Warning) {
        let (u, palette, language) = (brush.theme.unit, brush.theme.palette.clone(), view.language);
        let tile = rect(at.x, at.y + 0.35 * u, 1.7 * u, 1.7 * u);
        brush.fill_rect(tile, 0.38 * u, palette.warn);
        let ink = palette.ink;
        brush.icon(icon_named("warning-diamond", true), 1.1 * u, tile.center(), ink);
        let left = at.x + 2.3 * u;
        let (label, note) = (brush.theme.label(), brush.theme.note());
        // How many times as many as usual: what the eye compares.
        let times = f64::from(warning.count) / warning.expected.max(0.1);
        let times = format!("×{}", language.number(times.min(99.0), usize::from(times < 10.0)));
        let number = brush.theme.column(crate::scene::Weight::SemiBold);
        let width = brush.text_right(&times, number, WallPoint::new(right, at.y + 1.05 * u), palette.warn);
        let room = right - left - width - 0.6 * u;
        let topic = topic_of(view, warning).within(brush, label, room);
        brush.text_in(topic, label, WallPoint::new(left, at.y + 1.05 * u), room, palette.text);
        let place = place_of(view, warning);
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
