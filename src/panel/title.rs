//! The strip over a wall: whose it is, what is compared with what, how fresh the data is, the date and time.

use jiff::ToSpan;
use serde::Deserialize;

use super::{FilterSpec, Panel, View, clock, frame, image};
use crate::geometry::{WallPoint, rect};
use crate::language::Said;
use crate::scene::{Brush, Fill, icon_named};

/// A title strip.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// The words at its left; the centre's own name by default.
    #[serde(default)]
    text: Option<Said>,
    #[serde(default)]
    filter: FilterSpec,
    /// Whether it tells the time of day.
    #[serde(default = "yes")]
    clock: bool,
    /// Whether it says that the data is invented, where it is.
    #[serde(default = "yes")]
    demo: bool,
    /// Whether it shows the stamp that all panels share; without it every panel shows its own.
    #[serde(default = "yes")]
    stamp: bool,
}

fn yes() -> bool {
    true
}

impl Title {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"title = { text = "ЦУР Заволоцкой области" }"#;
}

impl Panel for Title {
    fn ages(&self) -> bool {
        false
    }

    fn smallest(&self) -> (f32, f32) {
        (if self.stamp { 36.0 } else { 20.0 }, 1.9)
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn shows_stamp(&self) -> bool {
        self.stamp
    }

    fn is_strip(&self) -> bool {
        true
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (u, bounds, palette) = (brush.theme.u, brush.bounds, brush.theme.palette.clone());
        let pad = 0.36 * u;
        let baseline = bounds.min.y + bounds.height() / 2.0 + 0.42 * u;
        let (note, title) = (brush.theme.note(), brush.theme.page_title());
        let at = brush.now.zoned(view.zone);
        brush.changes_at(clock::next_minute(view, brush.now));

        let emblem = WallPoint::new(bounds.min.x + pad + 0.7 * u, baseline - 0.42 * u);
        match (view.dictionaries().and_then(|d| self.filter.icon(d)), brush.theme.emblem.clone()) {
            // What is about one sector bears its sign.
            (Some(icon), _) => {
                frame::sign(brush, rect(emblem.x - 0.85 * u, emblem.y - 0.85 * u, 1.7 * u, 1.7 * u), icon);
            }
            (None, Some(picture)) => {
                let place = rect(emblem.x - 0.75 * u, emblem.y - 0.85 * u, 1.5 * u, 1.7 * u);
                let fitted = image::fitted(&picture, place, image::Fit::Contain);
                brush.image(picture, fitted, 0.0);
            }
            (None, None) => {
                brush.icon(icon_named("shield", true), 1.7 * u, emblem, palette.raised.mix(palette.now, 0.25));
                brush.icon(icon_named("shield", false), 1.7 * u, emblem, palette.outline);
            }
        }
        // A layout about one sector or place is called after it.
        let about = view.dictionaries().and_then(|d| self.filter.about(d));
        let centre = || view.dictionaries().map(|d| d.centre.clone());
        let name = self
            .text
            .as_ref()
            .map(|text| text.to(view.language).to_owned())
            .or(about)
            .or_else(centre)
            .unwrap_or_default();
        let left = emblem.x + 1.3 * u;
        let mut right = bounds.max.x - pad;
        if self.clock {
            let (time, style) = (view.language.time(&at), brush.theme.clock());
            right -= brush.text_right(&time, style, WallPoint::new(right, baseline + 0.28 * u), palette.text);
        }
        // What there is room for, in the order of its worth: the name, the stamp, the date, the key.
        let name_width =
            brush.text_in(&name, title, WallPoint::new(left, baseline), right - left - 1.1 * u, palette.text);
        let mut free_from = left + name_width + 1.4 * u;
        let mut free_to = right - 1.1 * u;
        // Under another name than the centre's, whose it is stands beside it: where there is room for all the rest.
        let whose = view.dictionaries().map_or("", |d| if d.centre == name { "" } else { d.region.as_str() });
        let whose_width = if whose.is_empty() { 0.0 } else { brush.measure(whose, note) + 0.7 * u };
        // The stamp is measured at its widest, so that what stands beside it keeps its place while it ages.
        let stamp_room = if !self.stamp {
            0.0
        } else {
            1.4 * u + brush.measure("данные на 00:00:00", brush.theme.label()) + 0.6 * u
        };
        // That the data is invented is said wherever there is room for it, shortly if need be.
        let chip_width = |brush: &mut Brush<'_>, words: &str| brush.measure(words, note) + 0.9 * u;
        let (long, short) = (view.language.message("demo"), view.language.message("demo-short"));
        let (long_width, short_width) = (chip_width(brush, &long), chip_width(brush, &short));
        let is_demo = self.demo && view.dictionaries().is_some_and(|d| d.demo);
        let needed = if is_demo { short_width + 1.1 * u } else { 0.0 };
        // The key: a line is today, dots are the same weekday a year ago. What numbers are compared with is worth more
        // than which day it is.
        let year_ago = at.checked_sub(364.days()).unwrap_or_else(|_| at.clone());
        let short_then = view.language.short_date(&year_ago);
        let short_key = if view.compares { brush.measure(&short_then, note) + 1.6 * u } else { 0.0 };
        let needed = needed + if view.compares { short_key + u } else { 0.0 };
        let date = view.language.weekday_date(&at);
        let date_width = brush.measure(&date, note);
        let room = free_to - free_from - stamp_room - needed - u;
        let plain = view.language.date(&at);
        let plain_width = brush.measure(&plain, note);
        // The day of the week goes before the date does.
        let dates = [(date, date_width), (plain, plain_width)];
        if let Some((date, width)) = dates.into_iter().find(|(_, width)| room > *width) {
            free_to = frame::before_bezel(view, free_to, width, u);
            brush.text_right(&date, note, WallPoint::new(free_to, baseline), palette.quiet);
            free_to -= width + 1.1 * u;
        }
        if whose_width > 0.0 && free_to - free_from > whose_width + stamp_room + needed + 0.5 * u {
            let x = frame::after_bezel(view, free_from - 0.7 * u, whose_width, u);
            brush.text(whose, note, WallPoint::new(x, baseline), palette.quiet);
            free_from = x + whose_width + 0.7 * u;
        }
        let room = free_to - free_from;
        // Without a stamp the margins on both sides may be used too.
        let spare = if self.stamp { stamp_room } else { -1.7 * u };
        // With the gap that the stamp keeps from it.
        let gap = if self.stamp { 0.9 * u } else { 0.0 };
        // The short word leaves room for what numbers are compared with.
        let key_room = if view.compares { short_key + u } else { 0.0 };
        let chip = [
            (long, long_width, long_width + stamp_room + gap + key_room),
            (short, short_width, short_width + spare + gap),
        ]
        .into_iter()
        .find(|(_, _, needed)| room > *needed);
        if let (true, Some((words, width, _))) = (is_demo, chip) {
            free_to = frame::before_bezel(view, free_to, width, u);
            let left = if room > width { free_to - width } else { (free_from + free_to - 0.3 * u - width) / 2.0 };
            let chip = rect(left, baseline - 1.12 * u, width, 1.55 * u);
            brush.framed(chip, 0.3 * u, Fill::Solid(palette.ground), 0.07 * u, palette.axis);
            brush.text(&words, note, WallPoint::new(chip.min.x + 0.45 * u, baseline), palette.quiet);
            free_to = chip.min.x - 0.9 * u;
        }
        let today = view.language.message("key-today");
        let then = view.language.date(&year_ago);
        let key_width = brush.measure(&today, note) + brush.measure(&then, note) + 4.6 * u;
        let key_from = frame::after_bezel(view, free_from, key_width, u);
        let dots = |brush: &mut Brush<'_>, x: f32| {
            let (from, to) = (WallPoint::new(x, baseline - 0.35 * u), WallPoint::new(x + 1.2 * u, baseline - 0.35 * u));
            brush.dotted(&[from, to], 0.1 * u, 0.21 * u, palette.before);
        };
        if view.compares && free_to - key_from > key_width + stamp_room + u {
            let x = key_from;
            let y = baseline - 0.35 * u;
            brush.line(&[WallPoint::new(x, y), WallPoint::new(x + 1.1 * u, y)], 0.12 * u, palette.now);
            let width = brush.text(&today, note, WallPoint::new(x + 1.5 * u, baseline), palette.text);
            let then_from = x + 1.5 * u + width + 0.9 * u;
            dots(brush, then_from);
            brush.text(&then, note, WallPoint::new(then_from + 1.6 * u, baseline), palette.quiet);
            free_from = key_from + key_width + u;
        } else if view.compares && free_to - free_from > short_key + stamp_room + 0.5 * u {
            let x = frame::after_bezel(view, free_from, short_key, u);
            dots(brush, x);
            brush.text(&short_then, note, WallPoint::new(x + 1.6 * u, baseline), palette.quiet);
            free_from = x + short_key + u;
        }
        if self.stamp && free_to - free_from > stamp_room - 0.5 * u {
            let slack = (free_to - free_from - stamp_room).max(0.0) / 2.0;
            let before = frame::before_bezel(view, free_from + slack + stamp_room, stamp_room, u) - stamp_room;
            let after = frame::after_bezel(view, free_from + slack, stamp_room, u);
            let left = if before >= free_from { before } else { after.min(free_to - stamp_room).max(free_from) };
            frame::stamp(view, brush, WallPoint::new(left, baseline), true);
        }
    }
}
