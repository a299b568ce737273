//! What every panel has: its ground, its header, the stamp of its data's age.

use super::View;
use crate::data::freshness::Age;
use crate::data::measure::{Measure, Metric};
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, Language, LocalizedText, Sentence};
use crate::scene::{Brush, Colour, Fill, Icon, icon_named};

/// The icon of a panel that has nothing to show, and should have nothing.
pub const WELL: &str = "check-circle";

/// What a measure is called where the layout does not say; a formula has no name of its own.
pub fn measure_name(language: &Language, measure: &Measure) -> String {
    match measure {
        // It is not what is in work, and must not be read so.
        Measure::Formula(formula) if formula.is_received_minus_resolved() => {
            language.message("metric-received-minus-resolved")
        }
        measure => measure.code().map_or_else(String::new, |code| language.message(&format!("metric-{code}"))),
    }
}

/// The layout's own words for something, or else its usual name.
pub fn text_or_default(words: &Option<LocalizedText>, language: &Language, usual: impl FnOnce() -> String) -> String {
    words.as_ref().map_or_else(usual, |words| words.to(language).to_owned())
}

/// A formula has no name that the panel could be called by.
///
/// # Errors
/// When it has no title either.
pub fn needs_title(measure: &Measure, title: Option<&LocalizedText>) -> Result<(), Sentence> {
    if measure.code().is_none() && title.is_none() {
        return Err(crate::sentence!("panel-formula-title"));
    }
    Ok(())
}

/// A panel of hours counts what happens at one.
///
/// # Errors
/// When the metric counts no appeals, or those of a moment.
pub fn needs_hours(metric: Metric) -> Result<(), Sentence> {
    if metric.counted().is_some() && !metric.is_stock() {
        return Ok(());
    }
    Err(crate::sentence!("panel-no-hours", code = metric.code()))
}

/// Area that the header, if there is one, and the stamp leave for the body, in wall pixels.
pub fn body(view: &View<'_>, brush: &Brush<'_>, titled: bool) -> WallRect {
    let (u, bounds) = (brush.theme.unit, brush.bounds);
    let pad = 5.0 * brush.theme.spacing();
    let top = bounds.min.y + if titled { 1.7 * u } else { 0.0 };
    let bottom = bounds.max.y - if view.shared_stamp { 0.3 * u } else { 2.3 * u };
    WallRect::new(WallPoint::new(bounds.min.x + pad, top), WallPoint::new(bounds.max.x - pad, bottom.max(top)))
}

/// Paints the ground and the header; returns what is left for the body.
pub fn paint_frame(view: &View<'_>, brush: &mut Brush<'_>, title: &str, note: &str) -> WallRect {
    ground(view, brush);
    header(brush, title, note);
    let (u, bounds) = (brush.theme.unit, brush.bounds);
    let pad = 5.0 * brush.theme.spacing();
    if !view.shared_stamp {
        let at = WallPoint::new(bounds.min.x + pad, bounds.max.y - 0.83 * u);
        stamp(view, brush, at);
    }
    body(view, brush, !title.is_empty())
}

/// Paints the ground and the header of a panel that shows no data and so does not age; returns what is left for the body.
pub fn paint_plain_frame(view: &View<'_>, brush: &mut Brush<'_>, title: &str, note: &str) -> WallRect {
    plain(brush);
    header(brush, title, note);
    let mut without_stamp = *view;
    without_stamp.shared_stamp = true;
    body(&without_stamp, brush, !title.is_empty())
}

fn header(brush: &mut Brush<'_>, title: &str, note: &str) {
    let (u, bounds) = (brush.theme.unit, brush.bounds);
    let pad = 5.0 * brush.theme.spacing();
    if !title.is_empty() {
        let baseline = bounds.min.y + 1.25 * u;
        let palette = &brush.theme.palette;
        let (text, quiet) = (palette.text, palette.quiet);
        let (style, note_style) = (brush.theme.title(), brush.theme.note());
        let room = bounds.width() - 2.0 * pad;
        let width = brush.text_in(title, style, WallPoint::new(bounds.min.x + pad, baseline), room, text);
        // A note that would touch the title is left out: the title says what the panel is.
        if !note.is_empty() && width + u + brush.measure(note, note_style) <= room {
            brush.text_right(note, note_style, WallPoint::new(bounds.max.x - pad, baseline), quiet);
        }
    }
}

/// Paints a panel that shows no data and so does not age.
pub fn plain(brush: &mut Brush<'_>) {
    edged(brush, brush.theme.form.border * brush.theme.unit, brush.theme.palette.panel_border);
}

fn edged(brush: &mut Brush<'_>, width: f32, colour: Colour) {
    let (theme, bounds) = (brush.theme, brush.bounds);
    let fill = Fill::Vertical(theme.palette.panel_top, theme.palette.panel_bottom);
    let radius = theme.form.radius * theme.unit;
    let mut card = bounds;
    if theme.form.shadow > 0.0 {
        // Where elevation is shadow: the panel stands over its own lower edge.
        brush.fill_rect(bounds, radius, theme.palette.text.alpha(0.09));
        card.max.y -= (theme.form.shadow * theme.unit).round();
    }
    brush.bordered_rect(card, radius, fill, width, colour);
}

/// Paints the panel itself: its gradient, its edge, dashed when the data is old, solid when it is lost.
pub fn ground(view: &View<'_>, brush: &mut Brush<'_>) {
    let (u, bounds, axis) = (brush.theme.unit, brush.bounds, brush.theme.stamp.axis);
    match view.age {
        Some(Age::Lost(_)) => edged(brush, 0.12 * u, brush.theme.stamp.bad),
        Some(Age::Old) => {
            // In the place of the edge, not on it: dashes on a line are a line.
            let palette = &brush.theme.palette;
            edged(brush, 0.0, palette.panel_top.mix(palette.panel_bottom, 0.5));
            let mut card = bounds;
            card.max.y -= (brush.theme.form.shadow * u).round();
            dashes(brush, card, axis);
        }
        _ => plain(brush),
    }
}

fn dashes(brush: &mut Brush<'_>, bounds: WallRect, colour: Colour) {
    let u = brush.theme.unit;
    let (dash, gap, width) = (0.42 * u, 0.33 * u, (0.1 * u).max(2.0));
    let inner = bounds.inflate(-width / 2.0, -width / 2.0);
    let along = |from: f32, to: f32| -> Vec<(f32, f32)> {
        let count = ((to - from) / (dash + gap)).max(1.0).floor();
        let pitch = (to - from) / count;
        (0..count as usize).map(|i| (from + i as f32 * pitch, from + i as f32 * pitch + dash)).collect()
    };
    for (a, b) in along(inner.min.x + 0.4 * u, inner.max.x - 0.4 * u) {
        for y in [inner.min.y, inner.max.y] {
            brush.line(&[WallPoint::new(a, y), WallPoint::new(b.min(inner.max.x), y)], width, colour);
        }
    }
    for (a, b) in along(inner.min.y + 0.4 * u, inner.max.y - 0.4 * u) {
        for x in [inner.min.x, inner.max.x] {
            brush.line(&[WallPoint::new(x, a), WallPoint::new(x, b.min(inner.max.y))], width, colour);
        }
    }
}

/// Paints the quiet sign that stands in the place of a panel while the press key is pressed; a strip is left empty.
pub fn yielded(view: &View<'_>, brush: &mut Brush<'_>, is_strip: bool) {
    if !is_strip {
        let body = paint_frame(view, brush, "", "");
        paint_empty_state(brush, body, "shield", &view.language.message("press-hidden"), "");
    }
}

/// Paints how old the data is, from the baseline's start: a dot and words that gain weight as it ages.
/// Returns its width.
pub fn stamp(view: &View<'_>, brush: &mut Brush<'_>, at: WallPoint) -> f32 {
    let room = brush.bounds.max.x - at.x;
    stamp_within(view, brush, at, room, false)
}

/// Like `stamp`, but within `room` wall pixels: a live stamp is shortened to fit. `strong` is for the stamp of a whole
/// wall.
pub fn stamp_within(view: &View<'_>, brush: &mut Brush<'_>, at: WallPoint, room: f32, strong: bool) -> f32 {
    let palette = brush.theme.stamp.clone();
    let u = brush.theme.unit;
    let note = if strong { brush.theme.label() } else { brush.theme.note() };
    let label = brush.theme.label();
    let fresh = view.freshness();
    if let Some(fresh) = fresh {
        brush.changes_at(fresh.next_change(brush.now));
    }
    let time = |moment: crate::clock::Moment, seconds: bool| {
        let at = moment.zoned(view.zone);
        if seconds { view.language.time_with_seconds(&at) } else { view.language.time(&at) }
    };
    let middle = WallPoint::new(at.x + 0.5 * u, at.y - 0.35 * u);
    let (Some(fresh), Some(age)) = (fresh, view.age) else {
        if let Some(since) = view.unanswered_since() {
            let words = view.language.message_with("stamp-lost", &[("time", Arg::Text(&time(since, false)))]);
            return pill(brush, at, "plugs", &words, palette.bad, palette.ink);
        }
        brush.ring(middle, 0.95 * u, 0.07 * u, palette.axis);
        return 1.4 * u
            + brush.text(
                &view.language.message("stamp-waiting"),
                note,
                WallPoint::new(at.x + 1.4 * u, at.y),
                palette.quiet,
            );
    };
    match age {
        Age::Live => {
            // The stamp is of the last measuring: digits that change every second could not be read.
            let seen = fresh.data_until.min(view.measured_at().max(crate::clock::Moment(0)));
            let seen = time(seen, true);
            let said = |words: &str| view.language.message_with(words, &[("time", Arg::Text(&seen))]);
            // Where there is room for the time alone, the dot says the rest.
            let mut words = ["stamp-live", "stamp-live-short"].map(said).into_iter();
            let words = words.find(|words| 1.6 * u + brush.measure(words, note) <= room).unwrap_or(seen);
            brush.ring(middle, 0.95 * u, 0.07 * u, palette.good.mix(palette.panel_top, 0.45));
            brush.dot(middle, 0.52 * u, palette.good);
            let colour = if strong { palette.text } else { palette.quiet };
            1.4 * u
                + brush.text(
                    &words,
                    crate::scene::TextStyle { tabular: true, ..note },
                    WallPoint::new(at.x + 1.4 * u, at.y),
                    colour,
                )
        }
        Age::Stale => {
            let minutes = brush.now.millis_since(fresh.data_until).div_euclid(60_000) as f64;
            let words = view.language.message_with("stamp-stale", &[("minutes", Arg::Number(minutes, 0))]);
            brush.icon(icon_named("clock", false), 1.05 * u, middle, palette.warn);
            1.4 * u + brush.text(&words, label, WallPoint::new(at.x + 1.4 * u, at.y), palette.warn)
        }
        Age::Old => {
            let words = view.language.message_with("stamp-old", &[("time", Arg::Text(&time(fresh.data_until, false)))]);
            pill(brush, at, "clock-counter-clockwise", &words, palette.pill, palette.text)
        }
        Age::Lost(since) => {
            let words = view.language.message_with("stamp-lost", &[("time", Arg::Text(&time(since, false)))]);
            pill(brush, at, "plugs", &words, palette.bad, palette.ink)
        }
    }
}

fn pill(brush: &mut Brush<'_>, at: WallPoint, icon: &str, words: &str, under: Colour, ink: Colour) -> f32 {
    let u = brush.theme.unit;
    let label = brush.theme.label();
    let width = brush.measure(words, label) + 2.1 * u;
    brush.fill_rect(rect(at.x - 0.25 * u, at.y - 1.05 * u, width, 1.45 * u), 0.3 * u, under);
    brush.icon(icon_named(icon, true), 1.05 * u, WallPoint::new(at.x + 0.5 * u, at.y - 0.33 * u), ink);
    brush.text(words, label, WallPoint::new(at.x + 1.4 * u, at.y), ink);
    width
}

/// Paints a track, filled up to `part` (0 to 1), with an upright tick at `tick` (0 to 1) where it was or should be.
pub fn bar(brush: &mut Brush<'_>, track: WallRect, part: f32, colour: Colour, tick: Option<f32>) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let (width, height) = (track.width(), track.height());
    brush.fill_rect(track, height / 2.0, palette.track);
    // Nothing is nothing: the least that is painted is a dot.
    if part > 0.0 {
        let filled = (part.min(1.0) * width).max(height);
        brush.fill_rect(rect(track.min.x, track.min.y, filled, height), height / 2.0, colour);
    }
    if let Some(tick) = tick.filter(|tick| tick.is_finite()) {
        let thick = (0.1 * u).max(2.0);
        let x = track.min.x + tick.clamp(0.0, 1.0) * (width - thick);
        brush.fill_rect(rect(x, track.min.y - 0.2 * u, thick, height + 0.4 * u), 0.0, palette.text);
    }
}

/// The sign of the sector that a screen or a board is about.
pub fn sign(brush: &mut Brush<'_>, tile: WallRect, icon: Icon) {
    let (u, now, ink) = (brush.theme.unit, brush.theme.palette.now, brush.theme.palette.ink);
    brush.fill_rect(tile, 0.38 * u, now);
    brush.icon(icon, 1.25 * u, tile.center(), ink);
}

/// What the ticks of a panel mean, from the baseline's start. Returns its width.
pub fn tick_key(brush: &mut Brush<'_>, at: WallPoint, words: &str) -> f32 {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    brush.fill_rect(rect(at.x, at.y - 0.75 * u, (0.1 * u).max(2.0), 0.8 * u), 0.0, palette.text);
    0.55 * u + brush.text(words, brush.theme.note(), WallPoint::new(at.x + 0.55 * u, at.y), palette.quiet)
}

/// What stands in place of a body that has nothing to show: an icon, a sentence, and what more there is to say.
pub fn paint_empty_state(brush: &mut Brush<'_>, body: WallRect, icon: &str, words: &str, more: &str) {
    let (u, style, palette) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.clone());
    // A small panel has room for the words alone.
    let indent = if body.width() >= 12.0 * u { 2.5 * u } else { 0.0 };
    let room = body.width() - indent;
    let mut lines: Vec<_> =
        brush.balanced(words, style, room, 3).into_iter().map(|line| (line, palette.text)).collect();
    lines.extend(brush.wrapped(more, style, room, 1).into_iter().map(|line| (line, palette.quiet)));
    let pitch = 1.25 * style.size;
    let height = pitch * (lines.len() as f32 - 1.0);
    let first = body.center().y - height / 2.0 + 0.35 * style.size;
    if indent > 0.0 {
        let middle = WallPoint::new(body.min.x + 0.85 * u, first + height / 2.0 - 0.35 * style.size);
        // Where nothing is what one hopes for, it is said so.
        let well = icon == WELL;
        brush.icon(icon_named(icon, well), 1.7 * u, middle, if well { palette.good } else { palette.quiet });
    }
    for (index, (line, colour)) in lines.into_iter().enumerate() {
        brush.run(line, WallPoint::new(body.min.x + indent, first + index as f32 * pitch), colour);
    }
}

/// Splits a place at vertical bezels into the parts that lie on one column of screens each.
pub fn between_bezels(view: &View<'_>, place: WallRect) -> Vec<WallRect> {
    let mut parts = Vec::new();
    let mut left = place.min.x;
    for (at, gap) in bezels(view, place.min.x, place.max.x) {
        parts.push(WallRect::new(WallPoint::new(left, place.min.y), WallPoint::new(at - gap / 2.0, place.max.y)));
        left = at + gap / 2.0;
    }
    parts.push(WallRect::new(WallPoint::new(left, place.min.y), place.max));
    parts
}

/// The bezels between screens beside one another that something from `left` to `right` would lie across.
fn bezels<'a>(view: &'a View<'_>, left: f32, right: f32) -> impl Iterator<Item = (f32, f32)> + use<'a> {
    let (across, _) = view.wall.seams();
    let cut = move |(at, gap): &(f32, f32)| *gap > 0.5 && left < at + gap / 2.0 && right > at - gap / 2.0;
    across.into_iter().filter(cut)
}

/// Right end, in wall pixels, of something `width` wide that should end at `right`: before the bezel that would cut it.
pub fn before_bezel(view: &View<'_>, right: f32, width: f32, u: f32) -> f32 {
    bezels(view, right - width, right).map(|(at, gap)| at - gap / 2.0 - 0.4 * u).fold(right, f32::min)
}

/// Left end, in wall pixels, of something `width` wide that should begin at `left`: after the bezel that would cut it.
pub fn after_bezel(view: &View<'_>, left: f32, width: f32, u: f32) -> f32 {
    bezels(view, left, left + width).map(|(at, gap)| at + gap / 2.0 + 0.4 * u).fold(left, f32::max)
}
