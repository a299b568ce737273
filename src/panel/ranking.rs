//! Municipalities in order of a measure: place, change of place, name, bar, value.

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::clock::ease_in_out_cubic;
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Dimension, Group, Measure, Period, Query, Unit};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, LocalizedText, Sentence};
use crate::scene::{Brush, TextStyle, Weight};

/// A ranking.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    metric: Measure,
    #[serde(default = "instant")]
    period: Period,
    #[serde(default)]
    title: Option<LocalizedText>,
    /// How many of the best are shown before the worst; half the rows by default.
    #[serde(default)]
    best: Option<usize>,
    #[serde(default)]
    filter: FilterSpec,
}

fn instant() -> Period {
    Period::Now
}

impl Ranking {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"ranking = { metric = "overdue-share", best = 3 }"#;

    fn query(&self, dictionaries: &Dictionaries) -> Query {
        Query::Groups(self.metric, self.period, Dimension::Municipality, self.filter.resolve(dictionaries))
    }

    /// Keys of the groups that have a value, the best first; places in the dictionary break ties, so that the
    /// order is always the same.
    fn order(&self, groups: &[Group], value: impl Fn(&Group) -> Option<f64>) -> Vec<u16> {
        let less = self.metric.less_is_better().unwrap_or(false);
        let mut order: Vec<(f64, u16)> = groups.iter().filter_map(|group| Some((value(group)?, group.key))).collect();
        order.sort_by(|a, b| {
            let ascending = a.0.total_cmp(&b.0);
            (if less { ascending } else { ascending.reverse() }).then(a.1.cmp(&b.1))
        });
        order.into_iter().map(|(_, key)| key).collect()
    }
}

/// Where names begin, in units.
const NAME_AT: f32 = 4.75;
/// A row's height in units.
const ROW: f32 = 1.52;

impl Panel for Ranking {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        vec![self.query(dictionaries)]
    }

    fn validate(&self) -> Result<(), Sentence> {
        frame::needs_title(&self.metric, self.title.as_ref())
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals((16.0, 2.5 + 4.0 * ROW))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title =
            frame::text_or_default(&self.title, view.language, || frame::measure_name(view.language, &self.metric));
        let period = view.language.message(&format!("period-{}", self.period.code()));
        let both = format!("{period}, {}", view.language.message("ranking-places"));
        let room = brush.bounds.width() - 12.0 * brush.theme.spacing() - brush.theme.unit;
        let (style, note) = (brush.theme.title(), brush.theme.note());
        // What the triangles are is worth more than the period, which the title of a layout may say.
        let places = view.language.message("ranking-places");
        let mut fits = |words: &&String| brush.measure(&title, style) + brush.measure(words, note) <= room;
        let said = [&both, &places, &period].into_iter().find(|words| fits(words)).unwrap_or(&period);
        let body = frame::paint_frame(view, brush, &title, said);
        let Some(dictionaries) = view.dictionaries() else { return };
        let Some((groups, measured)) = view.groups(&self.query(dictionaries)) else { return };
        // Where there is nothing to count, nobody leads.
        let order = self.order(groups, |g| g.now);
        if view.has_no_appeals() || order.is_empty() {
            frame::paint_empty_state(brush, body, "ranking", &view.language.message("ranking-empty"), "");
            return;
        }
        let u = brush.theme.unit;
        let before = measured.before.as_deref().and_then(|m| match &m.answer {
            Answer::Groups(groups) => Some(self.order(groups, |g| g.now)),
            _ => None,
        });
        let fit = ((body.height() / (ROW * u)).floor() as usize).clamp(1, 99);
        let pitch = body.height() / fit as f32;
        let tops = brush.rows(body.min.y, body.max.y, pitch, fit);
        let mut shown = tops.len().min(order.len());
        let mut best = self.best.unwrap_or(shown.div_ceil(2)).min(shown);
        // Equals are not told apart: where more share the first place than there are rows for, one row says how many.
        let leader = groups.iter().find(|g| g.key == order[0]).and_then(|g| self.rounded(g.now));
        let equals = leader.map_or(0, |_| groups.iter().filter(|g| self.rounded(g.now) == leader).count());
        let together = best > 0 && equals > best && equals < order.len();
        if together {
            (shown, best) = (shown.min(1 + order.len() - equals), 1);
        }
        let worst = shown - best;
        // Places that are on the panel, and the row each stands in.
        let row_of = |place: usize| {
            if place < best {
                Some(place)
            } else if place >= order.len() - worst {
                Some(best + place - (order.len() - worst))
            } else {
                None
            }
        };
        let most = groups.iter().filter_map(|g| g.now).filter(|v| v.is_finite()).fold(0.0, f64::max);
        if best < order.len() - worst && best > 0 {
            let y = tops.get(best).copied().unwrap_or(body.max.y);
            let points = [WallPoint::new(body.min.x, y), WallPoint::new(body.max.x, y)];
            let colour = brush.theme.palette.axis;
            brush.dotted(&points, 0.08 * u, 0.3 * u, colour);
        }
        let progress = if before.as_ref().is_some_and(|b| *b != order) {
            brush.animate(measured.changed, 700, ease_in_out_cubic)
        } else {
            1.0
        };
        let mut rows: Vec<(f32, bool, usize)> = Vec::new();
        for (place, key) in order.iter().enumerate() {
            let Some(row) = row_of(place) else { continue };
            let from = before.as_ref().and_then(|b| row_of(b.iter().position(|k| k == key)?)).unwrap_or(row);
            let y = from as f32 + (row as f32 - from as f32) * progress;
            rows.push((y, from > row, place));
        }
        // Rising rows are painted last, over those that they pass.
        rows.sort_by_key(|(_, rising, _)| *rising);
        let list = brush.theme.list();
        let equals = view.language.message_with("ranking-equals", &[("count", Arg::Number(equals as f64, 0))]);
        let name = |place: usize| match dictionaries.municipalities.get(usize::from(order[place])) {
            _ if together && place == 0 => equals.as_str(),
            municipality => municipality.map_or("", |m| m.name.as_str()),
        };
        let widest = rows.iter().map(|(_, _, place)| brush.measure(name(*place), list)).fold(0.0, f32::max);
        let strong = brush.theme.column(Weight::SemiBold);
        let shown = rows.iter().filter_map(|(_, _, place)| groups.iter().find(|g| g.key == order[*place]));
        let values: Vec<String> = shown.map(|group| self.written(view, group)).collect();
        let value_room = values.iter().map(|value| brush.measure(value, strong)).fold(0.0, f32::max);
        let columns = Columns { most, name_width: widest, value_width: value_room };
        for (y, _, place) in rows {
            // On its way a row is between two places.
            let (upper, lower) = (tops[y.floor() as usize], tops[(y.ceil() as usize).min(tops.len() - 1)]);
            let area = rect(body.min.x, upper + (lower - upper) * y.fract(), body.width(), pitch);
            let key = order[place];
            let Some(group) = groups.iter().find(|g| g.key == key) else { continue };
            // Equals share a place: among them it is no merit.
            let stands = self.shared_place(groups, group, |g| g.now);
            let stood = group.week_ago.map(|_| self.shared_place(groups, group, |g| g.week_ago.or(g.now)));
            let change = stood.filter(|_| !together || place > 0).map_or(0, |stood| stood as i64 - stands as i64);
            let bad = place + WORST.min(worst) >= order.len() && stands > 1;
            let row = Row { place: stands, change, name: name(place), group, bad };
            self.row(view, brush, area, &row, &columns);
        }
    }
}

/// A row of the list.
struct Row<'a> {
    /// The group's place, from 1.
    place: usize,
    /// By how many places it rose in a week.
    change: i64,
    name: &'a str,
    group: &'a Group,
    /// Whether it is one of the worst.
    bad: bool,
}

/// What the rows share.
struct Columns {
    /// The greatest value, which fills the track.
    most: f64,
    /// How wide the longest name and the widest value are, in wall pixels.
    name_width: f32,
    value_width: f32,
}

/// So many at the end are the worst.
const WORST: usize = 3;

impl Ranking {
    /// The place of a group, from 1: one more than the number of better groups, compared as the values are written.
    fn shared_place(&self, groups: &[Group], own: &Group, value: fn(&Group) -> Option<f64>) -> usize {
        let written = |group: &Group| self.rounded(value(group));
        let Some(mine) = written(own) else { return groups.len() };
        let less = self.metric.less_is_better().unwrap_or(false);
        1 + groups.iter().filter_map(written).filter(|other| if less { *other < mine } else { *other > mine }).count()
    }

    /// A value in the steps in which it is written; none where it is unknown.
    fn rounded(&self, value: Option<f64>) -> Option<i64> {
        let steps = if self.metric.unit() == Unit::Appeals { 1.0 } else { 10.0 };
        value.filter(|v| v.is_finite()).map(|v| (v * steps).round() as i64)
    }

    /// A group's value as it is written.
    fn written(&self, view: &View<'_>, group: &Group) -> String {
        let number = view.language.number(group.now.unwrap_or(0.0), usize::from(self.metric.unit() != Unit::Appeals));
        if self.metric.unit() == Unit::Percent { view.language.percent(&number) } else { number }
    }

    fn row(&self, view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, row: &Row<'_>, columns: &Columns) {
        let Row { place, change, name, group, bad } = *row;
        let Columns { most, name_width, value_width } = *columns;
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let baseline = area.center().y + 0.36 * u;
        let column = brush.theme.column(Weight::Regular);
        let strong = brush.theme.column(Weight::SemiBold);
        let x = area.min.x;
        brush.text_right(&place.to_string(), column, WallPoint::new(x + 1.5 * u, baseline), palette.quiet);
        let mark = WallPoint::new(x + 2.35 * u, baseline - 0.35 * u);
        if change == 0 {
            let dash = rect(mark.x - 0.25 * u, mark.y - 0.05 * u, 0.5 * u, (0.1 * u).max(2.0));
            brush.fill_rect(dash, 0.0, palette.axis);
        } else {
            let colour = if change > 0 { palette.good } else { palette.bad };
            brush.triangle(mark, 0.5 * u, change > 0, colour);
            brush.text(&change.abs().to_string(), strong, WallPoint::new(x + 2.85 * u, baseline), colour);
        }
        let now = group.now.unwrap_or(0.0);
        let value = self.written(view, group);
        brush.text_right(&value, strong, WallPoint::new(area.max.x, baseline), palette.text);
        // The bar takes what the longest name on the panel leaves, and goes before a name is cut.
        let left_over = area.width() - NAME_AT * u - name_width - value_width - 1.2 * u;
        let track_width = if left_over < 1.8 * u { 0.0 } else { left_over.min(5.0 * u) };
        let track_right = area.max.x - value_width - 0.5 * u;
        let track = rect(track_right - track_width, baseline - 0.5 * u, track_width, 0.33 * u);
        let name_x = x + NAME_AT * u;
        let gap = if track_width > 0.0 { 0.4 * u } else { 0.0 };
        let list: TextStyle = brush.theme.list();
        brush.text_in(name, list, WallPoint::new(name_x, baseline), track.min.x - gap - name_x, palette.text);
        if track_width == 0.0 {
            return;
        }
        brush.fill_rect(track, 0.165 * u, palette.track);
        let part = if most > 0.0 { (now / most).clamp(0.0, 1.0) as f32 } else { 0.0 };
        // Nothing is nothing.
        if part > 0.0 {
            let bar = rect(track.min.x, track.min.y, (part * track_width).max(0.33 * u), 0.33 * u);
            brush.fill_rect(bar, 0.165 * u, if bad { palette.bad } else { palette.now });
        }
    }
}
