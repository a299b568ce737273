//! The rating with which a working week begins: municipalities of a like size by three shares, leaders and laggards,
//! and how places have changed since a week ago.

use jiff::ToSpan;
use serde::Deserialize;

use super::{FilterSpec, Panel, PanelInfo, View, frame};
use crate::data::measure::{Answer, Query, Reviewed, SizeClass};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, LocalizedText};
use crate::scene::{Brush, Colour, Fill, Weight};

/// The weekly review.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The class of size; by default the one that most municipalities are of.
    #[serde(default)]
    size: Option<SizeClass>,
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

/// The height of a row, in units.
const ROW: f32 = 1.3;
/// How many lead and lag.
const BAND: usize = 3;
/// How wide the slopes are, in units.
const SLOPE: f32 = 5.8;

impl Review {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"review = { size = "middle" }"#;

    /// The rows of the class, the best first, and where each stood a week ago.
    fn rows<'a>(&self, all: &'a [Reviewed]) -> (Vec<&'a Reviewed>, Vec<usize>) {
        let of = |size: SizeClass| all.iter().filter(move |row| row.size == size);
        let sizes = [SizeClass::Large, SizeClass::Middle, SizeClass::Small];
        let most = sizes.into_iter().max_by_key(|size| of(*size).count()).unwrap_or(SizeClass::Middle);
        let rows: Vec<&Reviewed> = of(self.size.unwrap_or(most)).collect();
        let mut then: Vec<usize> = (0..rows.len()).collect();
        then.sort_by_key(|at| (rows[*at].place_week_ago, *at));
        let mut stood = vec![0; rows.len()];
        then.into_iter().enumerate().for_each(|(place, at)| stood[at] = place);
        (rows, stood)
    }
}

impl Panel for Review {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        vec![Query::Review(self.filter.resolve(dictionaries))]
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals((39.5, 3.2 + 6.0 * ROW))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let week = |weeks: i64| {
            let day = |back: i64| {
                let at = view.day_of_measures();
                at.checked_sub((7 * weeks + back).days()).unwrap_or(at)
            };
            view.language.days(&day(6), &day(0))
        };
        let title = frame::text_or_default(&self.title, view.language, || {
            view.language.message_with("review-title", &[("days", Arg::Text(&week(0)))])
        });
        let found = view.dictionaries().and_then(|d| view.measured(&Query::Review(self.filter.resolve(d))));
        let Some(Answer::Review(all)) = found.map(|m| &m.answer) else {
            frame::paint_frame(view, brush, &title, "");
            return;
        };
        let (rows, stood) = self.rows(all);
        let count = view.language.message_with(
            "review-count",
            &[
                ("size", Arg::Text(size_code(rows.first().map_or(SizeClass::Middle, |r| r.size)))),
                ("count", Arg::Number(rows.len() as f64, 0)),
            ],
        );
        let rule = format!("{count}, {}", view.language.message("review-rule"));
        let (style, note) = (brush.theme.title(), brush.theme.note());
        let room = brush.bounds.width() - 10.0 * brush.theme.spacing() - brush.theme.unit;
        let fits = brush.measure(&title, style) + brush.measure(&rule, note) <= room;
        let body = frame::paint_frame(view, brush, &title, if fits { &rule } else { &count });
        if view.has_no_appeals() || rows.is_empty() {
            frame::paint_empty_state(brush, body, "ranking", &view.language.message("ranking-empty"), "");
            return;
        }
        let u = brush.theme.unit;
        let head = 1.5 * u;
        let room = ((body.height() - head) / (ROW * u)).floor().max(1.0) as usize;
        // What does not fit goes from the middle: who leads and who lags is what the week begins with.
        let shown: Vec<usize> = if rows.len() <= room {
            (0..rows.len()).collect()
        } else {
            (0..room.div_ceil(2)).chain(rows.len() - room / 2..rows.len()).collect()
        };
        let pitch = ((body.height() - head) / shown.len() as f32).min(1.9 * u);
        // Where a bezel takes a row's room, all are a little lower.
        let mut tops = brush.rows(body.min.y + head, body.max.y + 0.2 * u, pitch, shown.len());
        let mut pitch = pitch;
        while tops.len() < shown.len() && pitch > 0.8 * u {
            pitch *= 0.97;
            tops = brush.rows(body.min.y + head, body.max.y + 0.2 * u, pitch, shown.len());
        }
        let shown = &shown[..tops.len()];
        let heads = HEADS.map(|key| brush.measure(&view.language.message(key), brush.theme.note()));
        let columns = Columns::new(view, body, u, heads.into_iter().fold(0.0, f32::max));
        self.heads(view, brush, body, &week(1), &columns);
        let line = |at: usize| rect(body.min.x - 0.4 * u, tops[at], body.width() + 0.8 * u, pitch);
        let palette = brush.theme.palette.clone();
        let scores: Vec<f64> = rows.iter().map(|row| row.score).collect();
        let Bands { leaders, laggards } = Bands::of(&scores);
        if !view.faded() {
            let band = |brush: &mut Brush<'_>, first: usize, colour: Colour| {
                let place = WallRect::new(line(first).min, line(first + BAND - 1).max);
                brush.fill(place, 0.24 * u, Fill::Horizontal(colour.alpha(0.16), colour.alpha(0.05)));
            };
            if leaders {
                band(brush, 0, palette.good);
            }
            if laggards {
                band(brush, shown.len() - BAND, palette.bad);
            }
        }
        let middle = |row: usize| tops[row] + 0.5 * pitch;
        let row_of = |place: usize| shown.iter().position(|at| *at == place);
        for (row, at) in shown.iter().enumerate() {
            let Some(from) = row_of(stood[*at]) else { continue };
            let change = stood[*at] as i64 - *at as i64;
            let colour = match change.signum() {
                1 => palette.good,
                -1 => palette.bad,
                _ => palette.before,
            };
            let (start, end) = (body.min.x, body.min.x + SLOPE * u);
            slope(brush, WallPoint::new(start, middle(from)), WallPoint::new(end, middle(row)), colour);
        }
        let most = shares(&rows);
        for (row, at) in shown.iter().enumerate() {
            let class = if leaders && row < BAND { 1 } else { -i8::from(laggards && row + BAND >= shown.len()) };
            let change = stood[*at] as i64 - *at as i64;
            columns.row(view, brush, middle(row), rows[*at], (class, change, most));
        }
    }
}

/// Whether there are leaders and laggards.
struct Bands {
    leaders: bool,
    laggards: bool,
}

impl Bands {
    /// Bands of ascending scores, the best first. If equal scores lie on both sides of a band's edge, nobody leads or
    /// lags.
    fn of(scores: &[f64]) -> Self {
        if scores.len() < 3 * BAND {
            return Self { leaders: false, laggards: false };
        }
        let last = scores.len() - BAND;
        Self { leaders: scores[BAND - 1] < scores[BAND], laggards: scores[last] > scores[last - 1] }
    }
}

impl Review {
    fn heads(&self, view: &View<'_>, brush: &mut Brush<'_>, body: WallRect, before: &str, columns: &Columns) {
        let (u, note, quiet) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.quiet);
        let baseline = body.min.y + 0.9 * u;
        let tick = brush.theme.palette.text;
        brush.fill_rect(rect(body.min.x, baseline - 0.75 * u, (0.12 * u).max(2.0), 0.85 * u), 0.0, tick);
        let width = brush.text(before, note, WallPoint::new(body.min.x + 0.45 * u, baseline), quiet);
        let place = view.language.message("review-place");
        let right = body.min.x + (SLOPE + 4.1) * u;
        if right - brush.measure(&place, note) > body.min.x + 1.2 * u + width {
            brush.text_right(&place, note, WallPoint::new(right, baseline), quiet);
        }
        for (key, x) in HEADS.iter().zip(columns.rights) {
            brush.text_right(&view.language.message(key), note, WallPoint::new(x, baseline), quiet);
        }
    }
}

/// The greatest of each share.
fn shares(rows: &[&Reviewed]) -> [f64; 3] {
    let most = |of: fn(&Reviewed) -> f64| rows.iter().map(|row| of(row)).fold(0.1, f64::max);
    [
        most(|r| r.overdue.max(r.overdue_before)),
        most(|r| r.repeated.max(r.repeated_before)),
        most(|r| r.postponed.max(r.postponed_before)),
    ]
}

/// What the three shares are called.
const HEADS: [&str; 3] = ["review-overdue", "review-repeated", "review-postponed"];

/// Where everything of a row stands.
struct Columns {
    left: f32,
    u: f32,
    /// The right ends of the three shares.
    rights: [f32; 3],
    track: f32,
}

impl Columns {
    /// Columns whose heads, each `head` wide, no bezel cuts.
    fn new(view: &View<'_>, body: WallRect, u: f32, head: f32) -> Self {
        // A share is as wide as its value, and its track as what is left by the names.
        let value = 3.9 * u;
        let spare = (body.width() - 19.2 * u - 3.0 * value) / 3.0 - 0.9 * u;
        let widest = if spare < 1.2 * u { 0.0 } else { spare.min(3.6 * u) };
        let rights = |track: f32| [0, 1, 2].map(|at| body.max.x - (value + track + 0.9 * u) * (2 - at) as f32);
        let whole = |track: f32| rights(track).iter().all(|right| frame::before_bezel(view, *right, head, u) == *right);
        let narrower = (0..13).map(|step| widest - 0.2 * step as f32 * u).filter(|track| *track >= 1.2 * u);
        let track = narrower.into_iter().find(|track| whole(*track)).unwrap_or(widest);
        Self { left: body.min.x, u, rights: rights(track), track }
    }

    fn row(
        &self,
        view: &View<'_>,
        brush: &mut Brush<'_>,
        middle: f32,
        row: &Reviewed,
        (class, change, most): (i8, i64, [f64; 3]),
    ) {
        let (u, palette) = (self.u, brush.theme.palette.clone());
        let baseline = middle + 0.36 * u;
        let weight = if class == 0 { Weight::Regular } else { Weight::SemiBold };
        let column = brush.theme.column(weight);
        let text = if class == 0 { palette.quiet } else { palette.text };
        if change != 0 {
            let colour = if change > 0 { palette.good } else { palette.bad };
            let x = self.left + (SLOPE + 0.5) * u;
            brush.triangle(WallPoint::new(x, middle), 0.55 * u, change > 0, colour);
            let strong = brush.theme.column(Weight::SemiBold);
            brush.text(&change.abs().to_string(), strong, WallPoint::new(x + 0.5 * u, baseline), colour);
        } else {
            let dash = rect(self.left + (SLOPE + 0.3) * u, middle - 0.05 * u, 0.5 * u, (0.1 * u).max(2.0));
            brush.fill_rect(dash, 0.0, palette.axis);
        }
        let place = WallPoint::new(self.left + (SLOPE + 4.1) * u, baseline);
        brush.text_right(&row.place.to_string(), column, place, text);
        let name_x = self.left + (SLOPE + 4.7) * u;
        let name_right = self.rights[0] - 3.9 * u - self.track - 0.5 * u;
        let names = view.dictionaries().map_or(&[][..], |d| &d.municipalities);
        let name = names.get(usize::from(row.municipality)).map_or("", |m| m.name.as_str());
        let style = if class == 0 { brush.theme.note() } else { brush.theme.label() };
        brush.text_in(name, style, WallPoint::new(name_x, baseline), name_right - name_x, text);
        let values = [
            (row.overdue, row.overdue_before),
            (row.repeated, row.repeated_before),
            (row.postponed, row.postponed_before),
        ];
        for ((right, most), (now, before)) in self.rights.iter().zip(most).zip(values) {
            let value = view.language.number(now, 1);
            let value = if now.is_finite() { view.language.percent(&value) } else { value };
            brush.text_right(&value, column, WallPoint::new(*right, baseline), text);
            if self.track > 0.0 {
                let track = rect(right - 3.9 * u - self.track, middle - 0.165 * u, self.track, 0.33 * u);
                // In the colour of the band that it stands in; what it was a week ago is said by the tick.
                let bar = match class {
                    1 => palette.good,
                    -1 => palette.bad,
                    _ => palette.now,
                };
                frame::bar(brush, track, (now / most) as f32, bar, Some((before / most) as f32));
            }
        }
    }
}

/// A line from a place of a week ago to today's, level at both ends.
fn slope(brush: &mut Brush<'_>, from: WallPoint, to: WallPoint, colour: Colour) {
    let u = brush.theme.unit;
    let points: Vec<WallPoint> = (0..=16)
        .map(|step| {
            let t = step as f32 / 16.0;
            let eased = t * t * (3.0 - 2.0 * t);
            WallPoint::new(from.x + 0.3 * u + (to.x - from.x - 0.6 * u) * t, from.y + (to.y - from.y) * eased)
        })
        .collect();
    brush.line(&points, 0.1 * u, colour);
    brush.dot(points[0], 0.3 * u, colour);
    brush.dot(points[16], 0.3 * u, colour);
}

fn size_code(size: SizeClass) -> &'static str {
    match size {
        SizeClass::Large => "large",
        SizeClass::Middle => "middle",
        SizeClass::Small => "small",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_leads_among_equals() {
        let bands = |scores: &[f64]| {
            let bands = Bands::of(scores);
            (bands.leaders, bands.laggards)
        };
        assert_eq!(bands(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]), (true, true));
        assert_eq!(bands(&[0.0; 18]), (false, false));
        assert_eq!(bands(&[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 2.0]), (false, true));
        assert_eq!(bands(&[1.0, 2.0, 3.0]), (false, false));
    }
}
