//! Hours stacked by the sectors that sent most today; the rest in one quiet colour on top.

use super::kit::Name;
use super::plot::{self, HOURS, Plot};
use super::{View, frame};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::scene::{Brush, TextStyle};

/// Sectors beyond this many are one colour: the rest.
const SERIES: usize = 4;
/// From this width on, in units, the key stands beside the plot; else over it.
const WIDE: f32 = 26.0;
/// The key beside the plot is so wide, in units.
const KEY: f32 = 10.0;
/// A line of the key is so high, in units.
const LINE: f32 = 1.4;
/// The key over the plot takes no more than this part of the height.
const MAX_KEY: f32 = 0.3;
/// The square of an entry and the gaps around it, in units.
const SQUARE: f32 = 1.6;

/// A series of the key: a sector, or all the rest.
type Entry = Option<usize>;

/// Paints the hours, `rows` one a sector, into `body`.
pub fn paint(view: &View<'_>, dictionaries: &Dictionaries, brush: &mut Brush<'_>, body: WallRect, rows: &[[u32; 24]]) {
    if rows.iter().flatten().all(|count| *count == 0) {
        return frame::paint_empty_state(brush, body, "chart-bar", &view.language.message("chart-empty"), "");
    }
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let total = |i: usize| rows[i].iter().sum::<u32>();
    order.sort_by_key(|i| (std::cmp::Reverse(total(*i)), *i));
    let rest_words = view.language.message("chart-rest");
    let name = |entry: Entry| match entry {
        Some(sector) => dictionaries.sectors.get(sector).map(Name::of).unwrap_or_default(),
        None => Name { whole: &rest_words, short: None },
    };
    let wide = body.width() > WIDE * u;
    // Fewer series where the key would leave the plot too little.
    let most = SERIES.min(order.len());
    let keys = (1..=most).rev().map(|count| {
        let entries = order[..count].iter().map(|sector| Some(*sector)).chain((count < order.len()).then_some(None));
        let widths = entries.map(|entry| (entry, brush.measure(shortest(name(entry)), label(brush)) + SQUARE * u));
        (count, lines(widths.collect(), if wide { 0.0 } else { body.width() + 0.6 * u }))
    });
    let fits = |lines: &Vec<Vec<Entry>>| wide || lines.len() as f32 * LINE * u <= body.height() * MAX_KEY;
    let (count, lines) = first_or_last(keys, |(_, lines)| fits(lines)).unwrap_or_default();
    let (named, rest) = order.split_at(count);
    for (at, line) in lines.iter().enumerate() {
        let mut left = if wide { body.max.x - (KEY - 0.6) * u } else { body.min.x };
        let y = body.min.y + (at as f32 + 1.0) * LINE * u - 0.3 * u;
        for entry in line {
            let index = named.iter().position(|sector| Some(*sector) == *entry);
            let colour = index.map_or(palette.before, |index| palette.series[index]);
            brush.fill_rect(rect(left, y - 0.62 * u, 0.6 * u, 0.6 * u), 0.12 * u, colour);
            // Alone in its line a name may be whole.
            let room = body.max.x - left - 0.95 * u;
            let words =
                if line.len() == 1 { name(*entry).within(brush, label(brush), room) } else { shortest(name(*entry)) };
            left += SQUARE * u
                + brush.text_in(words, label(brush), WallPoint::new(left + 0.95 * u, y), room, palette.quiet);
        }
    }
    let key_height = if wide { 0.0 } else { (lines.len() as f32 * LINE + 0.3) * u };
    let right = if wide { body.max.x - (KEY + 0.4) * u } else { body.max.x };
    let place = WallRect::new(WallPoint::new(body.min.x, body.min.y + key_height), WallPoint::new(right, body.max.y));
    bars(view, brush, place, rows, (named, rest));
}

fn label(brush: &Brush<'_>) -> TextStyle {
    TextStyle { tabular: true, ..brush.theme.note() }
}

fn shortest(name: Name<'_>) -> &str {
    name.short.unwrap_or(name.whole)
}

/// The first that will do, or else the last.
fn first_or_last<T>(items: impl Iterator<Item = T>, will_do: impl Fn(&T) -> bool) -> Option<T> {
    let mut last = None;
    for item in items {
        if will_do(&item) {
            return Some(item);
        }
        last = Some(item);
    }
    last
}

/// Entries of these widths in lines, as many beside one another as `room` holds.
fn lines(entries: Vec<(Entry, f32)>, room: f32) -> Vec<Vec<Entry>> {
    let mut lines: Vec<Vec<Entry>> = Vec::new();
    let mut taken = 0.0;
    for (entry, width) in entries {
        match lines.last_mut().filter(|_| taken + width <= room) {
            Some(line) => {
                taken += width;
                line.push(entry);
            }
            None => {
                taken = width;
                lines.push(vec![entry]);
            }
        }
    }
    lines
}

/// The bars of each hour, the sectors of `named` from below, what is left of `rest` on top.
fn bars(
    view: &View<'_>,
    brush: &mut Brush<'_>,
    place: WallRect,
    rows: &[[u32; 24]],
    (named, rest): (&[usize], &[usize]),
) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let sums: Vec<f64> = (0..24).map(|h| rows.iter().map(|r| f64::from(r[h])).sum()).collect();
    let plot = Plot::axes(view, brush, place, sums.iter().copied().fold(1.0, f64::max), &HOURS, 24, false);
    let rests: [u32; 24] = std::array::from_fn(|hour| rest.iter().map(|sector| rows[*sector][hour]).sum());
    let missing = plot::missing_hours(view, brush);
    let known = missing.as_ref().map_or(24, |hours| hours.start.ceil() as usize);
    for (hour, rest_sum) in rests.into_iter().enumerate().take(known) {
        let (left, right) = plot.slot(hour, 24, u);
        let mut bottom = plot.area.max.y;
        let of_named = named.iter().zip(&palette.series).map(|(sector, colour)| (rows[*sector][hour], *colour));
        for (count, colour) in of_named.chain([(rest_sum, palette.before)]) {
            let height = plot.height_of(f64::from(count));
            if height >= 0.5 {
                let top = bottom - height;
                brush.fill_rect(WallRect::new(WallPoint::new(left, top), WallPoint::new(right, bottom)), 0.0, colour);
                bottom = top;
            }
        }
    }
    plot.missing(brush, missing);
    plot.scale(brush);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_of_the_key_holds_no_more_than_its_room(widths in prop::collection::vec(1f32..40.0, 1..9), room in 5f32..90.0) {
            let entries: Vec<(Entry, f32)> = widths.iter().enumerate().map(|(at, width)| (Some(at), *width)).collect();
            let lines = lines(entries, room);
            prop_assert_eq!(lines.iter().flatten().filter_map(|entry| *entry).collect::<Vec<_>>(), (0..widths.len()).collect::<Vec<_>>());
            for line in lines.iter().filter(|line| line.len() > 1) {
                let taken: f32 = line.iter().filter_map(|entry| Some(widths[(*entry)?])).sum();
                prop_assert!(taken <= room * 1.0001);
            }
        }
    }
}
