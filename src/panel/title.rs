//! The strip over a wall: whose it is, what is compared with what, how fresh the data is, the date and time.

use jiff::ToSpan;
use serde::Deserialize;

use super::kit::icon_of_filter;
use super::{Panel, PanelInfo, View, clock, frame, image};
use crate::data::filter::FilterSpec;
use crate::data::freshness::Age;
use crate::geometry::{WallPoint, rect};
use crate::language::{Arg, Lang, LocalizedText, Sentence};
use crate::scene::{Brush, Fill, icon_named};

/// A title strip.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// The words at its left; the centre's own name by default.
    #[serde(default)]
    text: Option<LocalizedText>,
    /// A table by whose last record the words name a year, at `{year}`.
    #[serde(default)]
    year_of: Option<String>,
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

/// From this height on, in units, it has two lines: the name and the time, and under them all the rest.
const TWO_LINES: f32 = 3.2;

/// Where the words name a year.
const YEAR: &str = "{year}";

fn yes() -> bool {
    true
}

impl Title {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"title = { text = "ЦУР Заволоцкой области" }"#;
}

impl Panel for Title {
    fn info(&self) -> PanelInfo {
        PanelInfo {
            tables: self.year_of.clone().into_iter().collect(),
            is_strip: true,
            shows_stamp: self.stamp,
            ..PanelInfo::without_data((if self.stamp { 36.0 } else { 20.0 }, 1.9))
        }
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn validate(&self) -> Result<(), Sentence> {
        let named = |text: &LocalizedText| [Lang::Ru, Lang::En].map(|lang| text.in_lang(lang).contains(YEAR));
        match (&self.year_of, self.text.as_ref().map_or([false; 2], named)) {
            (Some(_), [true, true]) | (None, [false, false]) => Ok(()),
            (Some(_), _) => Err(crate::sentence!("panel-title-year-text", year = YEAR)),
            (None, _) => Err(crate::sentence!("panel-title-year-table", year = YEAR)),
        }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let pad = 0.36 * u;
        let two_lines = self.stamp && bounds.height() >= TWO_LINES * u;
        let middle = bounds.center().y + 0.42 * u;
        let (baseline, second) = if two_lines { (middle - 0.85 * u, middle + 0.95 * u) } else { (middle, middle) };
        brush.changes_at(clock::next_minute(view, brush.now));
        let left = self.emblem(view, brush, if two_lines { 1.55 } else { 1.0 });
        // A layout about one sector or place is called after it.
        let about = view.dictionaries().and_then(|d| self.filter.about(d));
        let centre = || view.dictionaries().map(|d| d.centre.clone());
        let own = self.text.as_ref().map(|text| self.with_year(view, text.to(view.language)));
        let name = own.or(about).or_else(centre).unwrap_or_default();
        let mut right = bounds.max.x - pad;
        if self.clock {
            let (time, style) = (view.language.time(&brush.now.zoned(view.zone)), brush.theme.clock());
            right -= brush.text_right(&time, style, WallPoint::new(right, baseline + 0.28 * u), palette.text);
        }
        // What there is room for, in the order of its worth: the stamp, that the data is invented, the name, the date, the
        // key.
        let others = if two_lines { 0.0 } else { self.needed(view, brush) };
        let (style, room) = (brush.theme.page_title(), right - left - 1.1 * u - others);
        let name_width = brush.text_in(&name, style, WallPoint::new(left, baseline), room, palette.text);
        // Under another name than the centre's, whose it is stands beside it: where there is room for all the rest.
        let whose = view.dictionaries().map_or("", |d| if d.centre == name { "" } else { d.region.as_str() });
        let strip = Strip { from: left + name_width + 1.4 * u, to: right - 1.1 * u, baseline };
        if !two_lines {
            return self.facts(view, brush, strip, whose);
        }
        self.whose(view, brush, strip, whose, 0.0);
        self.facts(view, brush, Strip { from: left, to: bounds.max.x - pad, baseline: second }, "");
    }
}

/// Where the words of a line may stand.
#[derive(Debug, Clone, Copy)]
struct Strip {
    from: f32,
    to: f32,
    baseline: f32,
}

impl Strip {
    fn width(self) -> f32 {
        self.to - self.from
    }
}

impl Title {
    /// The words with the year that they are about, or without one where none is known.
    fn with_year(&self, view: &View<'_>, words: &str) -> String {
        let Some(table) = &self.year_of else { return words.to_owned() };
        match view.records(table).last().and_then(|record| crate::data::written_numbers::whole(record.get("year")?)) {
            Some(year) => words.replace(YEAR, &year.to_string()),
            None => words.replace(&format!("{YEAR} "), "").replace(YEAR, ""),
        }
    }

    /// The emblem, so many times as large as in one line; returns where the words begin.
    fn emblem(&self, view: &View<'_>, brush: &mut Brush<'_>, times: f32) -> f32 {
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let at = WallPoint::new(bounds.min.x + (0.36 + 0.7 * times) * u, bounds.center().y);
        match (view.dictionaries().and_then(|d| icon_of_filter(&self.filter, d)), brush.theme.emblem.clone()) {
            // What is about one sector bears its sign.
            (Some(icon), _) => frame::sign(brush, rect(at.x - 0.85 * u, at.y - 0.85 * u, 1.7 * u, 1.7 * u), icon),
            (None, Some(picture)) => {
                let (width, height) = (1.5 * times * u, 1.7 * times * u);
                let place = rect(at.x - width / 2.0, at.y - height / 2.0, width, height);
                let fitted = image::fitted(&picture, place, image::Fit::Contain);
                brush.image(picture, fitted, 0.0);
            }
            (None, None) => {
                let size = 1.7 * times * u;
                brush.icon(icon_named("shield", true), size, at, palette.raised.mix(palette.now, 0.25));
                brush.icon(icon_named("shield", false), size, at, palette.outline);
            }
        }
        at.x + (0.6 + 0.7 * times) * u
    }

    /// The room that the stamp and a word on invented data need beside the name.
    fn needed(&self, view: &View<'_>, brush: &mut Brush<'_>) -> f32 {
        let u = brush.theme.unit;
        let stamp = if self.stamp { self.stamp_room(view, brush, f32::MAX) + 1.4 * u } else { 0.0 };
        let demo = self.stamp && self.is_demo(view);
        let chip =
            if demo { brush.measure(&view.language.message("demo-short"), brush.theme.note()) + 2.0 * u } else { 0.0 };
        stamp + chip
    }

    fn is_demo(&self, view: &View<'_>) -> bool {
        self.demo && view.dictionaries().is_some_and(|d| d.demo)
    }

    /// How fresh the data is, what is compared with what, whether it is invented, the date.
    fn facts(&self, view: &View<'_>, brush: &mut Brush<'_>, mut strip: Strip, whose: &str) {
        let (u, note) = (brush.theme.unit, brush.theme.note());
        let is_demo = self.is_demo(view);
        let chips = ["demo", "demo-short"].map(|words| view.language.message(words));
        let chips = chips.map(|words| (brush.measure(&words, note) + 0.9 * u, words));
        let chip = if is_demo { chips[1].0 + 1.1 * u } else { 0.0 };
        let mut key = Key::new(view, brush);
        // Shorten the stamp, and the day to its year, before dropping what numbers are compared with.
        let room = strip.width() - chip - u;
        let keys: &[usize] = if view.compares { &[0, 1] } else { &[] };
        let pairs = keys.iter().flat_map(|short| [f32::MAX, 0.0].map(|stamp| (*short, stamp)));
        let mut fitting = pairs.map(|(short, stamp)| (short, self.stamp_room(view, brush, stamp)));
        let (short, stamp) = fitting
            .find(|(short, stamp)| key.shorts[*short].0 + stamp <= room)
            .unwrap_or_else(|| (0, self.stamp_room(view, brush, f32::MAX)));
        key.short = short;
        let key_room = if view.compares { key.width() + u } else { 0.0 };
        // In a line of its own the stamp stands first, else in the middle of what the others leave.
        let first = strip.baseline > brush.bounds.center().y + 0.5 * u;
        let stamp_room = if first { 0.0 } else { stamp };
        if self.stamp && first {
            frame::stamp_within(view, brush, WallPoint::new(strip.from, strip.baseline), stamp, true);
            strip.from += stamp + u;
        }
        strip = date(view, brush, strip, stamp_room + chip + key_room + u);
        strip = self.whose(view, brush, strip, whose, stamp_room + chip + key_room + 0.5 * u);
        if is_demo {
            strip = demo_chip(view, brush, strip, &chips, (stamp_room, key_room));
        }
        if view.compares {
            strip = key.paint(view, brush, strip, stamp_room);
        }
        if stamp_room > 0.0 && strip.width() > stamp_room - 0.5 * u {
            let slack = (strip.width() - stamp_room).max(0.0) / 2.0;
            let before = frame::before_bezel(view, strip.from + slack + stamp_room, stamp_room, u) - stamp_room;
            let after = frame::after_bezel(view, strip.from + slack, stamp_room, u);
            let latest = (strip.to - stamp_room).max(strip.from);
            let left = if before >= strip.from { before } else { after.min(latest).max(strip.from) };
            frame::stamp_within(view, brush, WallPoint::new(left, strip.baseline), stamp_room, true);
        }
    }

    /// Width of the stamp at its widest, in wall pixels, so that what stands beside it does not move as the data ages.
    /// A live stamp may be shortened if there is less `room`.
    fn stamp_room(&self, view: &View<'_>, brush: &mut Brush<'_>, room: f32) -> f32 {
        let u = brush.theme.unit;
        let widths = ["stamp-live", "stamp-live-short"].map(|words| {
            let words = view.language.message_with(words, &[("time", Arg::Text("00:00:00"))]);
            2.0 * u + brush.measure(&words, brush.theme.label())
        });
        if !self.stamp {
            return 0.0;
        }
        let live = matches!(view.age, None | Some(Age::Live));
        if live && widths[0] > room { widths[1] } else { widths[0] }
    }

    /// Whose it is, where that leaves room enough for the `others`.
    fn whose(&self, view: &View<'_>, brush: &mut Brush<'_>, mut strip: Strip, whose: &str, others: f32) -> Strip {
        let (u, note, quiet) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.quiet);
        let width = brush.measure(whose, note);
        if !whose.is_empty() && strip.width() > width + 0.7 * u + others {
            let x = frame::after_bezel(view, strip.from - 0.7 * u, width, u);
            brush.text(whose, note, WallPoint::new(x, strip.baseline), quiet);
            strip.from = x + width + 1.4 * u;
        }
        strip
    }
}

/// The date at the right, where it leaves room enough for the `others`. The day of the week goes before the date does, and
/// the name of the month.
fn date(view: &View<'_>, brush: &mut Brush<'_>, mut strip: Strip, others: f32) -> Strip {
    let (u, note, quiet) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.quiet);
    let at = brush.now.zoned(view.zone);
    for date in [view.language.weekday_date(&at), view.language.date(&at), view.language.short_date(&at)] {
        let width = brush.measure(&date, note);
        if strip.width() - others > width {
            strip.to = frame::before_bezel(view, strip.to, width, u);
            brush.text_right(&date, note, WallPoint::new(strip.to, strip.baseline), quiet);
            strip.to -= width + 1.1 * u;
            break;
        }
    }
    strip
}

/// That the data is invented is said wherever there is room for it, shortly if need be.
fn demo_chip(
    view: &View<'_>,
    brush: &mut Brush<'_>,
    mut strip: Strip,
    [(long_width, long), (short_width, short)]: &[(f32, String); 2],
    (stamp_room, key_room): (f32, f32),
) -> Strip {
    let (u, note, palette) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.clone());
    // With the gap that the stamp keeps from it. Without a stamp the margins on both sides may be used too.
    let (gap, spare) = if stamp_room > 0.0 { (0.9 * u, stamp_room) } else { (0.0, -1.7 * u) };
    // The long word leaves room for what numbers are compared with.
    let room = strip.width();
    let (width, words) = if room > long_width + stamp_room + gap + key_room {
        (*long_width, long)
    } else if room > short_width + spare + gap {
        (*short_width, short)
    } else {
        return strip;
    };
    strip.to = frame::before_bezel(view, strip.to, width, u);
    let left = if room > width { strip.to - width } else { (strip.from + strip.to - 0.3 * u - width) / 2.0 };
    let chip = rect(left, strip.baseline - 1.12 * u, width, 1.55 * u);
    brush.bordered_rect(chip, 0.3 * u, Fill::Solid(palette.ground), 0.07 * u, palette.axis);
    brush.text(words, note, WallPoint::new(chip.min.x + 0.45 * u, strip.baseline), palette.quiet);
    strip.to = chip.min.x - 0.9 * u;
    strip
}

/// The key of what numbers are compared with: a line is today, dots are the same weekday a year ago. What they are
/// compared with is worth more than which day it is.
struct Key {
    today: String,
    then: String,
    /// That it is a year ago, and the year alone, with the dots before them: widths and words. A date beside dots would be
    /// taken for today's.
    shorts: [(f32, String); 2],
    /// Which of them is said where the whole key has no room.
    short: usize,
}

impl Key {
    fn new(view: &View<'_>, brush: &mut Brush<'_>) -> Self {
        let at = brush.now.zoned(view.zone);
        let then = at.checked_sub(364.days()).unwrap_or(at);
        let note = brush.theme.note();
        let shorts = [view.language.message("key-year-ago"), then.year().to_string()];
        let shorts = shorts.map(|words| (brush.measure(&words, note) + 1.6 * brush.theme.unit, words));
        Self { today: view.language.message("key-today"), then: view.language.date(&then), shorts, short: 0 }
    }

    /// Its width where it is said shortly.
    fn width(&self) -> f32 {
        self.shorts[self.short].0
    }

    /// Paints as much of it as there is room for beside the stamp.
    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>, mut strip: Strip, stamp_room: f32) -> Strip {
        let (u, note, palette) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.clone());
        let y = strip.baseline - 0.35 * u;
        let dots = |brush: &mut Brush<'_>, x: f32| {
            brush.dotted(&[WallPoint::new(x, y), WallPoint::new(x + 1.2 * u, y)], 0.1 * u, 0.21 * u, palette.before);
        };
        let width = brush.measure(&self.today, note) + brush.measure(&self.then, note) + 4.6 * u;
        let x = frame::after_bezel(view, strip.from, width, u);
        if strip.to - x > width + stamp_room + u {
            // In the colour of the lines that it explains.
            let now = if view.faded() { palette.quiet } else { palette.now };
            brush.line(&[WallPoint::new(x, y), WallPoint::new(x + 1.1 * u, y)], 0.12 * u, now);
            let today = WallPoint::new(x + 1.5 * u, strip.baseline);
            let then_from = today.x + brush.text(&self.today, note, today, palette.text) + 0.9 * u;
            dots(brush, then_from);
            brush.text(&self.then, note, WallPoint::new(then_from + 1.6 * u, strip.baseline), palette.quiet);
            strip.from = x + width + u;
        } else if strip.width() > self.width() + stamp_room + 0.4 * u {
            let x = frame::after_bezel(view, strip.from, self.width(), u);
            dots(brush, x);
            let words = &self.shorts[self.short].1;
            brush.text(words, note, WallPoint::new(x + 1.6 * u, strip.baseline), palette.quiet);
            strip.from = x + self.width() + u;
        }
        strip
    }
}
