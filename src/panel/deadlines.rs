//! Due dates: what is overdue, due today and tomorrow, the executors behind, and what is due next.

use serde::Deserialize;

use super::kit::name_of;
use super::{Panel, PanelInfo, View, frame};
use crate::clock::Moment;
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Deadlines, Dimension, Query};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, LocalizedText};
use crate::scene::{Brush, Weight};

/// The deadlines panel.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlinesPanel {
    #[serde(default)]
    title: Option<LocalizedText>,
    /// What stands under the numbers.
    #[serde(default)]
    list: List,
    /// Whether the three numbers stand over the list.
    #[serde(default = "yes")]
    numbers: bool,
    #[serde(default)]
    filter: FilterSpec,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum List {
    /// The executors with most overdue.
    #[default]
    Agencies,
    /// Appeals that are due next, with the time that is left.
    Soonest,
    /// In the place of both: how many are overdue, due today, tomorrow, within a week, and later.
    Ladder,
}

/// The height of a row, in units.
const ROW: f32 = 1.52;
/// The height of a step of the ladder, in units.
const STEP: f32 = 2.2;
/// The height of the three numbers.
const HEAD: f32 = 5.0;

impl DeadlinesPanel {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"deadlines = { list = "agencies" }"#;
}

impl Panel for DeadlinesPanel {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        vec![Query::Deadlines(self.filter.resolve(dictionaries))]
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals(if self.list == List::Ladder {
            (10.5, 2.0 + 5.0 * STEP)
        } else if self.numbers {
            (21.5, 2.4 + HEAD + 2.0 * ROW)
        } else {
            (16.0, 2.4 + 2.0 * ROW)
        })
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let of_list = view.language.message(match self.list {
            List::Agencies => "deadlines-agencies",
            List::Soonest => "deadlines-soonest",
            List::Ladder => "period-now",
        });
        let (usual, note) = match self.numbers || self.list == List::Ladder {
            // What the list is of stands over the list, not over the numbers.
            true if self.list != List::Ladder => (view.language.message("deadlines-title"), String::new()),
            true => (view.language.message("deadlines-title"), of_list.to_lowercase()),
            false => (of_list.clone(), String::new()),
        };
        let title = frame::text_or_default(&self.title, view.language, || usual);
        let body = frame::paint_frame(view, brush, &title, &note);
        let found = view.dictionaries().and_then(|d| view.measured(&Query::Deadlines(self.filter.resolve(d))));
        let Some(Answer::Deadlines(deadlines)) = found.map(|m| &m.answer) else { return };
        if deadlines.soonest.is_empty() && deadlines.overdue == 0 {
            // That nothing is late is said by data that is there.
            let there = !view.has_no_appeals();
            let tells = view.tells();
            let (icon, words) = match there {
                false => ("tray", "chart-empty-days"),
                true if !tells.answered => ("tray", "deadlines-untold-state"),
                true if !tells.due => ("tray", "deadlines-untold"),
                true => (frame::WELL, "deadlines-empty"),
            };
            frame::paint_empty_state(brush, body, icon, &view.language.message(words), "");
            return;
        }
        let mut list = body;
        if self.numbers && self.list != List::Ladder {
            numbers(view, brush, body, deadlines);
            let (u, note, quiet) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.quiet);
            list.min.y += HEAD * u;
            if list.height() > (1.4 + 3.0 * ROW) * u {
                let at = WallPoint::new(list.min.x, list.min.y + 0.95 * u);
                brush.text_in(&of_list, note, at, list.width(), quiet);
                list.min.y += 1.4 * u;
            }
        }
        match self.list {
            List::Agencies => agencies(view, brush, list, deadlines),
            List::Soonest => soonest(view, brush, list, deadlines, self.filter.municipality.is_none()),
            List::Ladder => ladder(view, brush, list, deadlines),
        }
    }
}

/// What is overdue, due today and due tomorrow, and a rule under them.
fn numbers(view: &View<'_>, brush: &mut Brush<'_>, body: WallRect, deadlines: &Deadlines) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let numbers = [
        ("deadlines-overdue", deadlines.overdue, palette.bad),
        ("deadlines-today", deadlines.today, palette.text),
        ("deadlines-tomorrow", deadlines.tomorrow, palette.text),
    ];
    let width = body.width() / 3.0;
    for (index, (key, count, colour)) in numbers.into_iter().enumerate() {
        let left = body.min.x + index as f32 * width;
        // What is none is no alarm.
        let colour = if count == 0 { palette.text } else { colour };
        let text = view.language.number(f64::from(count), 0);
        brush.text(&text, brush.theme.number(2.5), WallPoint::new(left, body.min.y + 2.3 * u), colour);
        let words = view.language.message(key);
        brush.text_in(
            &words,
            brush.theme.note(),
            WallPoint::new(left, body.min.y + 3.75 * u),
            width - 0.5 * u,
            palette.quiet,
        );
    }
    let y = body.min.y + HEAD * u - 0.5 * u;
    brush.rule(WallPoint::new(body.min.x, y), WallPoint::new(body.max.x, y), palette.hairline);
}

/// How many are due when: what is overdue first, on a ground of its own, and a bar for each of the others.
fn ladder(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, deadlines: &Deadlines) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let steps = [
        ("deadlines-overdue", deadlines.overdue),
        ("period-today", deadlines.today),
        ("deadlines-tomorrow", deadlines.tomorrow),
        ("deadlines-week", deadlines.week),
        ("deadlines-later", deadlines.later),
    ];
    let most = steps[1..].iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let pitch = (area.height() / steps.len() as f32).min(1.65 * STEP * u);
    // On two screens a bezel takes some of the height: the rows draw together rather than lose the last.
    let at_pitch = |part: i32| brush.rows(area.min.y, area.max.y + 0.3 * u, pitch * 0.95f32.powi(part), steps.len());
    let tops = (0..12).map(at_pitch).find(|tops| tops.len() == steps.len()).unwrap_or_else(|| at_pitch(12));
    let (strong, note, label) = (brush.theme.column(Weight::SemiBold), brush.theme.note(), brush.theme.label());
    let numbers: Vec<String> = steps.iter().map(|(_, count)| view.language.number(f64::from(*count), 0)).collect();
    let column = numbers.iter().map(|number| brush.measure(number, strong)).fold(0.0, f32::max);
    for (index, (((key, count), number), top)) in steps.into_iter().zip(&numbers).zip(tops).enumerate() {
        let baseline = top + 1.05 * u;
        let alarm = index == 0 && count > 0 && !view.faded();
        if alarm {
            let ground = rect(area.min.x - 0.4 * u, top + 0.02 * u, area.width() + 0.8 * u, 1.55 * u);
            brush.fill_rect(ground, 0.38 * u, palette.bad);
        }
        let (colour, quiet, style) =
            if alarm { (palette.ink, palette.ink, label) } else { (palette.text, palette.quiet, note) };
        brush.text_right(number, strong, WallPoint::new(area.min.x + column, baseline), colour);
        let left = area.min.x + column + 0.6 * u;
        let words = view.language.message(key);
        brush.text_in(&words, style, WallPoint::new(left, baseline), area.max.x - left, quiet);
        if index > 0 {
            let track = rect(area.min.x, baseline + 0.5 * u, area.width(), 0.33 * u);
            frame::bar(brush, track, count as f32 / most as f32, palette.now, None);
        }
    }
}

fn agencies(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, deadlines: &Deadlines) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let rows = (area.height() / (ROW * u)).floor().max(1.0) as usize;
    let tops = brush.rows(area.min.y, area.max.y, ROW * u, rows);
    let most = deadlines.agencies.first().map_or(1, |(_, overdue, _)| (*overdue).max(1));
    let (list, strong) = (brush.theme.list(), brush.theme.column(Weight::SemiBold));
    let track = (area.width() * 0.22).min(5.0 * u);
    let value = brush.measure("000", strong) + 0.5 * u;
    for (top, (agency, overdue, _)) in tops.into_iter().zip(&deadlines.agencies) {
        let middle = top + 0.5 * ROW * u;
        let baseline = middle + 0.36 * u;
        let room = area.width() - track - value - 0.6 * u;
        let name = view.dictionaries().map(|d| name_of(d, Dimension::Agency, *agency)).unwrap_or_default();
        let name = name.within(brush, list, room);
        brush.text_in(name, list, WallPoint::new(area.min.x, baseline), room, palette.text);
        let number = view.language.number(f64::from(*overdue), 0);
        brush.text_right(&number, strong, WallPoint::new(area.max.x, baseline), palette.text);
        let place = rect(area.max.x - value - track, middle - 0.165 * u, track, 0.33 * u);
        let colour = if *overdue > 0 { palette.bad } else { palette.now };
        frame::bar(brush, place, *overdue as f32 / most as f32, colour, None);
    }
}

fn soonest(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, deadlines: &Deadlines, elsewhere: bool) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let rows = (area.height() / (ROW * u)).floor().max(1.0) as usize;
    let tops = brush.rows(area.min.y, area.max.y, ROW * u, rows);
    let (list, note, strong) = (brush.theme.list(), brush.theme.note(), brush.theme.column(Weight::SemiBold));
    let now = brush.now.secs();
    // What is left is said in whole minutes: it is less by one when the seconds beside them are gone.
    let ahead = deadlines.soonest.iter().map(|appeal| i64::from(appeal.due)).filter(|due| *due >= now);
    if let Some(next) = ahead.map(|due| now + (due - now) % 60 + 1).min() {
        brush.changes_at(Moment::from_secs(next));
    }
    for (top, appeal) in tops.into_iter().zip(deadlines.soonest.iter().filter(|a| i64::from(a.due) >= now)) {
        let baseline = top + 0.5 * ROW * u + 0.36 * u;
        let left = (i64::from(appeal.due) - now).max(0) / 60;
        let args =
            [("hours", Arg::Text(&(left / 60).to_string())), ("minutes", Arg::Text(&format!("{:02}", left % 60)))];
        let words = if view.faded() {
            // There is no countdown on data that may have changed.
            let at = Moment::from_secs(i64::from(appeal.due)).zoned(view.zone);
            view.language.message_with("deadlines-until", &[("time", Arg::Text(&view.language.time(&at)))])
        } else if left < 60 {
            view.language.message_with("age-minutes", &[("count", Arg::Number(left as f64, 0))])
        } else {
            view.language.message_with("deadlines-in-hours", &args)
        };
        let soon = left < 60 && !view.faded();
        if soon {
            // The last hour is told by a filled ground, too.
            let width = brush.measure(&words, strong);
            let ground = rect(area.max.x - width - 0.35 * u, baseline - 1.02 * u, width + 0.7 * u, 1.34 * u);
            brush.fill_rect(ground, 0.3 * u, palette.warn);
        }
        let colour = if soon { palette.ink } else { palette.text };
        let width = brush.text_right(&words, strong, WallPoint::new(area.max.x, baseline), colour);
        let Some(dictionaries) = view.dictionaries() else { return };
        let place = dictionaries.municipalities.get(usize::from(appeal.municipality)).map_or("", |m| m.name.as_str());
        let room = area.width() - width - 0.8 * u;
        // On a screen about one municipality its name is not said again in every row.
        let beside = if elsewhere { brush.measure(place, note) + 0.5 * u } else { 0.0 };
        let name = name_of(dictionaries, Dimension::Topic, appeal.topic);
        // A topic is said shorter where that leaves room for the place.
        let short = name.within(brush, list, room - beside);
        let topic = if brush.measure(short, list) <= room - beside { short } else { name.within(brush, list, room) };
        let took = brush.text_in(topic, list, WallPoint::new(area.min.x, baseline), room, palette.text);
        if elsewhere && room - took >= beside {
            brush.text(place, note, WallPoint::new(area.min.x + took + 0.5 * u, baseline), palette.quiet);
        }
    }
}
