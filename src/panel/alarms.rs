//! Alarms: what stands, since when, who has it, what to do.

use std::sync::Arc;

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::alarm::{Alarm, Priority, Stands};
use crate::clock::Moment;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, LocalizedText};
use crate::scene::{Brush, Colour, Fill, TextRun, icon_named};

/// Alarms.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmsPanel {
    #[serde(default)]
    title: Option<LocalizedText>,
}

/// The height of an alarm whose action takes one line, in units.
const ROW: f32 = 5.0;
/// What another line of its action takes, in units.
const LINE: f32 = 1.3;
/// Where the words of an alarm begin, in units from its left edge.
const INDENT: f32 = 2.7;

impl AlarmsPanel {
    /// As a layout writes it.
    pub const EXAMPLE: &str = "alarms = {}";
}

impl Panel for AlarmsPanel {
    fn has_something(&self, view: &View<'_>) -> bool {
        // That nobody knows whether something is wrong is something to be told.
        let alarms = view.alarms();
        !alarms.standing().is_empty() || !alarms.watch.unknown.is_empty() || alarms.flood_since_millis.is_some()
    }

    fn info(&self) -> PanelInfo {
        // What is to be done, and who does it, is not for passers-by.
        PanelInfo { yields_to_press: true, ..PanelInfo::without_data((16.0, 2.2 + ROW)) }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title = frame::text_or_default(&self.title, view.language, || view.language.message("alarms-title"));
        let alarms = view.alarms();
        let standing = alarms.standing();
        let count = |is: fn(&Alarm) -> bool| standing.iter().filter(|(_, alarm)| is(alarm)).count();
        let waiting = count(|alarm| alarm.stands == Stands::Unacknowledged);
        let note = match waiting {
            0 => String::new(),
            waiting => view.language.message_with("alarms-waiting", &[("count", Arg::Number(waiting as f64, 0))]),
        };
        let body = frame::paint_plain_frame(view, brush, &title, &note);
        let unknown = alarms.watch.unknown.join(", ");
        let blind = || view.language.message_with("alarms-blind", &[("names", Arg::Text(&unknown))]);
        if standing.is_empty() {
            let (icon, words) = match (alarms.watch.rules, unknown.is_empty()) {
                (0, _) => ("tray", view.language.message("alarms-no-rules")),
                (_, false) => ("clock-counter-clockwise", blind()),
                (_, true) => (frame::WELL, view.language.message("alarms-none")),
            };
            frame::paint_empty_state(brush, body, icon, &words, "");
            return;
        }
        let u = brush.theme.unit;
        let foot = if unknown.is_empty() && alarms.flood_since_millis.is_none() { 0.0 } else { 1.4 * u };
        let first = alarms.first_out();
        let mut top = body.min.y;
        let mut shown = 0;
        for (name, alarm) in &standing {
            let label = brush.theme.label();
            let action = brush.wrapped(alarm.action.to(view.language), label, body.width() - INDENT * u, 2);
            let height = (ROW + LINE * action.len().saturating_sub(1) as f32) * u;
            // One is always shown; what has no room is counted.
            if shown > 0 && top + height - 0.5 * u > body.max.y - foot {
                break;
            }
            let place = rect(body.min.x, top, body.width(), height - 0.5 * u);
            item(view, brush, place, alarm, (action, first == Some(*name)));
            (top, shown) = (top + height, shown + 1);
        }
        let mut words: Vec<String> = Vec::new();
        if alarms.flood_since_millis.is_some() {
            words.push(view.language.message("alarms-flood"));
        }
        if standing.len() > shown {
            let more = [("count", Arg::Number((standing.len() - shown) as f64, 0))];
            words.push(view.language.message_with("alarms-more", &more));
        }
        if !unknown.is_empty() {
            words.push(blind());
        }
        let line = words.join(" · ");
        let (note, warn) = (brush.theme.note(), brush.theme.palette.warn);
        brush.text_in(&line, note, WallPoint::new(body.min.x, body.max.y - 0.3 * u), body.width(), warn);
    }
}

/// What colour an alarm has, by how much it disturbs.
fn colour(brush: &Brush<'_>, alarm: &Alarm) -> Colour {
    let palette = &brush.theme.palette;
    match alarm.priority {
        Priority::High => palette.bad,
        Priority::Middle => palette.warn,
        Priority::Low => palette.quiet,
    }
}

fn item(
    view: &View<'_>,
    brush: &mut Brush<'_>,
    place: WallRect,
    alarm: &Alarm,
    (action, is_first): (Vec<Arc<TextRun>>, bool),
) {
    let (u, palette, language) = (brush.theme.unit, brush.theme.palette.clone(), view.language);
    let (title, note) = (brush.theme.title(), brush.theme.note());
    let own = colour(brush, alarm);
    let is_shelved = alarm.is_shelved(brush.now);
    if let Some(shelf) = alarm.shelf.as_ref().filter(|_| is_shelved) {
        brush.changes_at(Moment(shelf.until_millis));
    }
    let calls = alarm.stands == Stands::Unacknowledged && !is_shelved;
    // Who has not been taken is a filled tile, who has is an outline: told by shape, not by colour alone.
    let tile = rect(place.min.x, place.min.y + 0.2 * u, 2.0 * u, 2.0 * u);
    if calls {
        brush.fill_rect(tile, 0.4 * u, own);
    } else {
        brush.bordered_rect(tile, 0.4 * u, Fill::Solid(palette.raised), 0.1 * u, own);
    }
    let icon = if alarm.stands == Stands::Returned { "check-circle" } else { "warning-diamond" };
    brush.icon(
        icon_named(icon, icon == "warning-diamond"),
        1.3 * u,
        tile.center(),
        if calls { palette.ink } else { own },
    );
    let left = place.min.x + INDENT * u;
    let time = |millis: i64| language.time(&Moment(millis).zoned(view.zone));
    let since = alarm.risen_millis.map(|at| language.message_with("alarms-since", &[("time", Arg::Text(&time(at)))]));
    let y = place.min.y + 1.1 * u;
    let since = since.unwrap_or_default();
    let width = brush.text_right(&since, title, WallPoint::new(place.max.x, y), palette.text);
    let mut words = alarm.title.to(language).to_owned();
    if is_first {
        words += &language.message("alarms-first");
    }
    brush.text_in(&words, title, WallPoint::new(left, y), place.max.x - width - 0.7 * u - left, palette.text);
    // What is to be done is said whole, whatever else is cut.
    let mut y = y + 1.35 * u;
    for line in action {
        brush.run(line, WallPoint::new(left, y), palette.text);
        y += LINE * u;
    }
    let (who, who_colour) = match (&alarm.shelf, &alarm.acknowledged, alarm.stands) {
        (Some(shelf), ..) if is_shelved => {
            let until = time(shelf.until_millis);
            let by = language.principal(&shelf.by);
            let args = [("by", Arg::Text(&by)), ("time", Arg::Text(&until))];
            (language.message_with("alarms-shelved", &args), palette.quiet)
        }
        (_, Some(taken), _) => {
            let at = time(taken.at_millis);
            let by = language.principal(&taken.by);
            let args = [("by", Arg::Text(&by)), ("time", Arg::Text(&at))];
            (language.message_with("alarms-taken", &args), palette.good)
        }
        (_, None, Stands::Returned) => (language.message("alarms-returned"), palette.quiet),
        (_, None, _) => (language.message("alarms-nobody"), own),
    };
    let width = brush.text_right(&who, note, WallPoint::new(place.max.x, y), who_colour);
    brush.text_in(&alarm.because, note, WallPoint::new(left, y), place.max.x - width - 0.7 * u - left, palette.quiet);
}
