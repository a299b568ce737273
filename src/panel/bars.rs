//! Groups with a bar under each name: topics, sectors, channels or executors, those that matter most first. What is
//! counted has a bar, and a tick where it was a week ago; a share with a norm is a point on a line, and the norm a tick.

use serde::Deserialize;

use super::kit::{Name, icon_of, name_of, tween};
use super::{Panel, PanelInfo, View, frame};
use crate::clock::ease_in_out_cubic;
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Compare, Dimension, Group, Measure, Metric, Period, Query, Unit};
use crate::data::region::{Dictionaries, UNLISTED};
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, LocalizedText, Sentence};
use crate::scene::{Brush, Icon, Weight, icon_named};

/// Groups with bars.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bars {
    metric: Measure,
    #[serde(default = "topic")]
    by: Dimension,
    #[serde(default)]
    period: Option<Period>,
    /// What a share should come to.
    #[serde(default)]
    norm: Option<f64>,
    /// Whether ticks say how many there were a week ago.
    #[serde(default = "yes")]
    ticks: bool,
    /// Whether groups are called by their short names: the subject, where the whole name of a topic says what is wrong.
    #[serde(default)]
    short: bool,
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

fn yes() -> bool {
    true
}

fn topic() -> Dimension {
    Dimension::Topic
}

/// The height of a row, in units.
const ROW: f32 = 2.4;

/// A row.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    group: u16,
    value: f64,
    before: Option<f64>,
    week_ago: Option<f64>,
}

impl Bars {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"bars = { metric = "received", by = "topic", period = "24-hours" }"#;

    fn over(&self) -> Period {
        self.period.unwrap_or(if self.metric.is_stock() { Period::Now } else { Period::Hours24 })
    }

    fn query(&self, dictionaries: &Dictionaries) -> Query {
        Query::Groups(self.metric, self.over(), self.by, self.filter.resolve(dictionaries))
    }

    /// How many there are in all, whether it is known of which group or not; none where that is no sum.
    fn total_query(&self, dictionaries: &Dictionaries) -> Option<Query> {
        let Measure::Metric(metric) = self.metric else { return None };
        metric.counted().filter(|_| self.norm.is_none())?;
        Some(Query::Value(self.metric, self.over(), Compare::Before, self.filter.resolve(dictionaries)))
    }

    /// The remainder that belongs to no group.
    fn of_no_group(&self, rows: &[Row], total: Option<f64>) -> Option<Row> {
        let value = total? - rows.iter().map(|row| row.value).sum::<f64>();
        (value >= 1.0).then_some(Row { group: UNLISTED, value, before: None, week_ago: None })
    }

    /// The rows, those that matter most first: the greatest number, or the worst share.
    fn rows(&self, groups: &[Group], before: Option<&[Group]>) -> Vec<Row> {
        let last = |key: u16| before?.iter().find(|group| group.key == key)?.now;
        let row = |group: &Group| {
            let value = group.now.filter(|value| value.is_finite())?;
            let week_ago = group.week_ago.filter(|_| self.ticks);
            Some(Row { group: group.key, value, before: last(group.key), week_ago })
        };
        let mut rows: Vec<Row> = groups.iter().filter_map(row).collect();
        if self.norm.is_none() {
            rows.retain(|row| row.value > 0.0);
        }
        let least_first = self.norm.is_some() && !self.metric.less_is_better().unwrap_or(false);
        rows.sort_by(|a, b| {
            let ascending = a.value.total_cmp(&b.value);
            (if least_first { ascending } else { ascending.reverse() }).then(a.group.cmp(&b.group))
        });
        rows
    }

    /// Whether topics are marked of which more is received than was to be expected.
    fn warns(&self) -> bool {
        self.by == Dimension::Topic && self.metric == Metric::Received.into()
    }

    /// Whether a value is on the wrong side of the norm.
    fn misses(&self, value: f64) -> bool {
        let less = self.metric.less_is_better().unwrap_or(false);
        self.norm.is_some_and(|norm| if less { value > norm } else { value < norm })
    }
}

impl Panel for Bars {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        let warnings = self.warns().then_some(Query::Warnings);
        std::iter::once(self.query(dictionaries)).chain(self.total_query(dictionaries)).chain(warnings).collect()
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn validate(&self) -> Result<(), Sentence> {
        if self.norm.is_some() && self.metric.unit() != Unit::Percent {
            return Err(crate::sentence!("panel-norm-share"));
        }
        if self.norm.is_some_and(|norm| !(0.0..=100.0).contains(&norm)) {
            return Err(crate::sentence!("panel-norm-range"));
        }
        frame::needs_title(&self.metric, self.title.as_ref())
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals((10.5, 3.5 + 3.0 * ROW))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (language, period) = (view.language, view.language.message(&format!("period-{}", self.over().code())));
        let title = frame::text_or_default(&self.title, language, || frame::measure_name(language, &self.metric));
        let body = frame::paint_frame(view, brush, &title, &period);
        let Some(dictionaries) = view.dictionaries() else { return };
        let Some((groups, measured)) = view.groups(&self.query(dictionaries)) else { return };
        let before = measured.before.as_deref().and_then(|m| match &m.answer {
            Answer::Groups(groups) => Some(groups.as_slice()),
            _ => None,
        });
        let mut rows = self.rows(groups, before);
        let total =
            self.total_query(dictionaries).and_then(|query| view.figure(&query)).and_then(|(total, _)| total.now);
        let of_no_group = self.of_no_group(&rows, total);
        if view.has_no_appeals() || rows.is_empty() && of_no_group.is_none() {
            frame::paint_empty_state(brush, body, "chart-bar", &language.message("chart-empty-days"), "");
            return;
        }
        let u = brush.theme.unit;
        // What the tick means stands at the foot: it is read once.
        let key_at = WallPoint::new(body.min.x, body.max.y - 0.2 * u);
        let keyed = self.ticks || self.norm.is_some();
        let room = body.height() - if keyed { 1.5 * u } else { 0.0 };
        let places = (room / (ROW * u)).floor().max(1.0) as usize;
        if let Some(row) = of_no_group {
            // Last, whatever it comes to: it is no group. It is not left out, for the sum would be another one.
            rows.truncate(places.saturating_sub(1).max(1));
            rows.push(row);
        }
        let shown = places.min(rows.len());
        let pitch = (room / shown as f32).min(1.35 * ROW * u);
        let most = rows.iter().flat_map(|row| [Some(row.value), row.week_ago]).flatten().fold(0.0, f64::max);
        let least = rows[..shown].iter().map(|row| row.value).chain(self.norm).fold(f64::MAX, f64::min);
        let scale = match self.norm {
            Some(_) => (10.0 * ((least - 5.0) / 10.0).floor()).max(0.0)..100.0_f64.max(most),
            None => 0.0..most.max(1.0),
        };
        let icon = |row: &Row| icon_of(dictionaries, self.by, row.group);
        let (label, strong) = (brush.theme.label(), brush.theme.column(Weight::SemiBold));
        let unknown = language.message("bars-unknown");
        let mut whole = |row: &Row| {
            let name = self.name(dictionaries, &unknown, row);
            let widest = name.short.unwrap_or(name.whole);
            let value = brush.measure(&self.written(view, row.value), strong);
            brush.measure(widest, label) + value + 2.2 * u <= body.width()
        };
        // Icons are dropped before a name is cut.
        let told_apart =
            rows[1..shown].iter().any(|row| icon(row) != icon(&rows[0])) && rows[..shown].iter().all(&mut whole);
        let tops = brush.rows(body.min.y, body.min.y + room + 0.3 * u, pitch, shown);
        let stood = before.map(|before| self.rows(before, None));
        let stood = |row: &Row| stood.as_ref()?.iter().position(|other| other.group == row.group);
        let swapped =
            rows.iter().take(tops.len()).enumerate().any(|(at, row)| stood(row).is_some_and(|from| from != at));
        let moved = if swapped { brush.animate(measured.changed, 700, ease_in_out_cubic) } else { 1.0 };
        for (at, row) in rows.iter().take(tops.len()).enumerate() {
            // On its way a row is between two places.
            let from = stood(row).and_then(|from| tops.get(from)).unwrap_or(&tops[at]);
            let place = rect(body.min.x, from + (tops[at] - from) * moved, body.width(), pitch);
            let own = icon(row).filter(|_| told_apart);
            let form = RowForm { dictionaries, icon: own, scale: &scale, changed: measured.changed };
            self.row(view, brush, place, row, &form);
        }
        if keyed {
            self.key(view, brush, key_at, body.max.x, &scale);
        }
    }
}

/// What a row is painted with.
struct RowForm<'a> {
    dictionaries: &'a Dictionaries,
    /// Its icon, where icons tell rows apart.
    icon: Option<Icon>,
    /// The values at the two ends of its track.
    scale: &'a std::ops::Range<f64>,
    /// When the measures last changed.
    changed: crate::clock::Moment,
}

impl Bars {
    fn name<'a>(&self, dictionaries: &'a Dictionaries, unknown: &'a str, row: &Row) -> Name<'a> {
        if row.group == UNLISTED {
            return Name { whole: unknown, short: None };
        }
        let name = name_of(dictionaries, self.by, row.group);
        if self.short { Name { whole: name.short.unwrap_or(name.whole), short: None } } else { name }
    }

    fn row(&self, view: &View<'_>, brush: &mut Brush<'_>, place: WallRect, row: &Row, form: &RowForm<'_>) {
        let RowForm { dictionaries, icon, scale, changed } = *form;
        let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
        let baseline = place.min.y + 1.05 * u;
        let (label, strong) = (brush.theme.label(), brush.theme.column(Weight::SemiBold));
        let misses = self.misses(row.value);
        let warned = self.warns() && !view.faded() && is_warned(view, row.group);
        let value = tween(brush, row.before, row.value, changed);
        let written = self.written(view, value);
        let colour = if misses { palette.bad } else { palette.text };
        let width = brush.text_right(&written, strong, WallPoint::new(place.max.x, baseline), colour);
        let mut x = place.min.x;
        let icon = if warned {
            Some((icon_named("warning-diamond", true), palette.warn))
        } else {
            icon.map(|icon| (icon, palette.now))
        };
        if let Some((icon, colour)) = icon {
            brush.icon(icon, 1.15 * u, WallPoint::new(x + 0.55 * u, baseline - 0.36 * u), colour);
            x += 1.65 * u;
        }
        let unknown = view.language.message("bars-unknown");
        let name = self.name(dictionaries, &unknown, row);
        let room = place.max.x - width - 0.5 * u - x;
        let of_a_group = row.group != UNLISTED;
        let colour = if warned {
            palette.warn
        } else if of_a_group {
            palette.text
        } else {
            palette.quiet
        };
        let name = name.within(brush, label, room);
        brush.text_in(name, label, WallPoint::new(x, baseline), room, colour);
        let track = rect(place.min.x, baseline + 0.5 * u, place.width(), 0.33 * u);
        let along = |value: f64| ((value - scale.start) / (scale.end - scale.start)).clamp(0.0, 1.0) as f32;
        match self.norm {
            None => {
                let colour = if warned {
                    palette.warn
                } else if of_a_group {
                    palette.now
                } else {
                    palette.quiet
                };
                frame::bar(brush, track, along(value), colour, row.week_ago.map(along));
            }
            Some(norm) => {
                let middle = track.center().y;
                brush.fill_rect(rect(track.min.x, middle - 0.05 * u, track.width(), 0.1 * u), 0.05 * u, palette.track);
                let tick =
                    rect(track.min.x + along(norm) * track.width() - 0.05 * u, middle - 0.36 * u, 0.1 * u, 0.72 * u);
                brush.fill_rect(tick, 0.0, palette.text);
                let at = WallPoint::new(track.min.x + along(value) * track.width(), middle);
                // What misses the norm has another shape, not another colour alone.
                if misses {
                    brush.triangle(at, 0.66 * u, false, palette.bad);
                } else {
                    brush.dot(at, 0.62 * u, palette.now);
                }
            }
        }
    }

    fn written(&self, view: &View<'_>, value: f64) -> String {
        match self.metric.unit() {
            Unit::Percent => view.language.percent(&view.language.number(value, 0)),
            Unit::Appeals => view.language.number(value.round(), 0),
            _ => view.language.number(value, 1),
        }
    }

    /// What the ticks are and, of shares, from where to where the lines go.
    fn key(&self, view: &View<'_>, brush: &mut Brush<'_>, at: WallPoint, right: f32, scale: &std::ops::Range<f64>) {
        let (language, note, u) = (view.language, brush.theme.note(), brush.theme.unit);
        let Some(norm) = self.norm else {
            frame::tick_key(brush, at, &language.message("bars-week-ago"));
            return;
        };
        let norm = language.percent(&language.number(norm, 0));
        let words = language.message_with("bars-norm", &[("value", Arg::Text(&norm))]);
        let end = at.x + frame::tick_key(brush, at, &words);
        let scale = format!("{}–{}", language.number(scale.start, 0), language.percent(&language.number(scale.end, 0)));
        if end + 0.8 * u + brush.measure(&scale, note) <= right {
            let quiet = brush.theme.palette.quiet;
            brush.text_right(&scale, note, WallPoint::new(right, at.y), quiet);
        }
    }
}

/// Whether more is received about a topic than was to be expected.
fn is_warned(view: &View<'_>, topic: u16) -> bool {
    match view.measured(&Query::Warnings).map(|m| &m.answer) {
        Some(Answer::Warnings(warnings)) => warnings.iter().any(|warning| warning.topic == topic),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(text: &str) -> Bars {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn what_is_of_no_group_stands_last() {
        let bars = bars("metric = \"received\"\nby = \"agency\"");
        let group = |key, now: f64| Group { key, now: Some(now), week_ago: None };
        let rows = bars.rows(&[group(0, 3.0), group(1, 4.0)], None);
        let of_no_group = |total| bars.of_no_group(&rows, total).map(|row| (row.group, row.value));
        assert_eq!(of_no_group(Some(12.0)), Some((UNLISTED, 5.0)));
        assert_eq!((of_no_group(Some(7.0)), of_no_group(None)), (None, None));
    }

    #[test]
    fn counts_stand_by_number_and_shares_by_how_far_they_miss_their_norm() {
        let group = |key, now: f64| Group { key, now: Some(now), week_ago: None };
        let groups = [group(0, 3.0), group(1, 97.0), group(2, 0.0), group(3, 91.0)];
        let keys = |bars: &Bars| bars.rows(&groups, None).iter().map(|row| row.group).collect::<Vec<_>>();
        assert_eq!(keys(&bars("metric = \"received\"")), [1, 3, 0]);
        let shares = bars("metric = \"on-time-share\"\nnorm = 95");
        assert_eq!(keys(&shares), [2, 0, 3, 1]);
        assert!(shares.misses(94.9) && !shares.misses(95.0));
        let late = bars("metric = \"overdue-share\"\nnorm = 2");
        assert!(late.misses(2.1) && !late.misses(2.0));
        assert!(bars("metric = \"received\"\nnorm = 5").validate().is_err());
    }
}
