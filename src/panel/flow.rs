//! A flow: how much goes from which to which, as bands between two columns of bars (a Sankey diagram).

use std::sync::Arc;

use serde::Deserialize;

use super::kit::{Name, name_of};
use super::{Panel, PanelInfo, View, frame};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Dimension, Metric, Period, Query};
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{LocalizedText, Sentence};
use crate::scene::{Brush, Colour, Mesh, Weight};

/// A flow.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    #[serde(default = "received")]
    metric: Metric,
    #[serde(default = "week")]
    period: Period,
    /// What stands at the left.
    #[serde(default = "channel")]
    from: Dimension,
    /// What stands at the right.
    #[serde(default = "agency")]
    to: Dimension,
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

fn received() -> Metric {
    Metric::Received
}

fn week() -> Period {
    Period::Days7
}

fn channel() -> Dimension {
    Dimension::Channel
}

fn agency() -> Dimension {
    Dimension::Agency
}

/// A name with its number needs this much, in units.
const ROW: f32 = 1.9;
/// The width of a bar, in units.
const BAR: f32 = 0.55;
/// Between two bars of a column, in units.
const GAP: f32 = 0.35;
/// A band is drawn through so many points.
const STEPS: usize = 28;
/// The narrowest that the bands may become for the sake of names, in u.
const MIN_BANDS: f32 = 7.0;

/// One bar: which group, or none for the rest, how much, and where it stands.
#[derive(Debug, Clone, PartialEq)]
struct Bar {
    groups: Vec<u16>,
    sum: u32,
    top: f32,
    height: f32,
}

/// Bars of a column, the largest first, at most `most`; if there are more groups, the last bar sums up the rest.
/// `scale` is wall pixels per appeal, `gap` is in wall pixels.
fn column(sums: &[(u16, u32)], most: usize, scale: f32, gap: f32) -> Vec<Bar> {
    let mut sums: Vec<(u16, u32)> = sums.iter().copied().filter(|(_, sum)| *sum > 0).collect();
    sums.sort_by_key(|(group, sum)| (std::cmp::Reverse(*sum), *group));
    let named = if sums.len() > most { most.saturating_sub(1) } else { sums.len() };
    let (largest, rest) = sums.split_at(named);
    let mut bars: Vec<(Vec<u16>, u32)> = largest.iter().map(|(group, sum)| (vec![*group], *sum)).collect();
    if !rest.is_empty() {
        bars.push((rest.iter().map(|(group, _)| *group).collect(), rest.iter().map(|(_, sum)| sum).sum()));
    }
    let mut top = 0.0;
    bars.into_iter()
        .map(|(groups, sum)| {
            let bar = Bar { groups, sum, top, height: sum as f32 * scale };
            top += bar.height + gap;
            bar
        })
        .collect()
}

/// A band between two bars: where it leaves and arrives, and how thick it is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Band {
    from: usize,
    to: usize,
    leaves: f32,
    arrives: f32,
    thick: f32,
}

/// The bands between two columns: each bar is left and reached from its top downwards, in the order of the others.
fn bands(cells: &[(u16, u16, u32)], left: &[Bar], right: &[Bar], scale: f32) -> Vec<Band> {
    let place = |bars: &[Bar], group: u16| bars.iter().position(|bar| bar.groups.contains(&group));
    let mut counts = vec![0_u32; left.len() * right.len()];
    for (from, to, count) in cells {
        if let (Some(from), Some(to)) = (place(left, *from), place(right, *to)) {
            counts[from * right.len() + to] += count;
        }
    }
    let mut leave: Vec<f32> = left.iter().map(|bar| bar.top).collect();
    let mut arrive: Vec<f32> = right.iter().map(|bar| bar.top).collect();
    let mut bands = Vec::new();
    for from in 0..left.len() {
        for to in 0..right.len() {
            let thick = counts[from * right.len() + to] as f32 * scale;
            if thick > 0.0 {
                bands.push(Band { from, to, leaves: leave[from], arrives: arrive[to], thick });
                leave[from] += thick;
                arrive[to] += thick;
            }
        }
    }
    bands
}

impl Flow {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"flow = { from = "channel", to = "agency", period = "7-days" }"#;

    fn query(&self, dictionaries: &Dictionaries) -> Query {
        Query::Flow(self.metric, self.period, [self.from, self.to], self.filter.resolve(dictionaries))
    }
}

impl Panel for Flow {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        vec![self.query(dictionaries)]
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn validate(&self) -> Result<(), Sentence> {
        if self.from == self.to {
            return Err(crate::sentence!("panel-flow-same"));
        }
        if self.metric.counted().is_none() {
            return Err(crate::sentence!("panel-flow-counts", code = self.metric.code()));
        }
        Ok(())
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_appeals((28.0, 2.0 + 4.0 * (ROW + GAP)))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let period = if self.metric.is_stock() { Period::Now } else { self.period };
        let title = frame::text_or_default(&self.title, view.language, || view.language.message("flow-title"));
        let body =
            frame::paint_frame(view, brush, &title, &view.language.message(&format!("period-{}", period.code())));
        let Some(dictionaries) = view.dictionaries() else { return };
        let Some(Answer::Flow(cells)) = view.measured(&self.query(dictionaries)).map(|m| &m.answer) else { return };
        if cells.is_empty() {
            let by_channel = [self.from, self.to].contains(&Dimension::Channel);
            // That there are none is said by sources that would tell.
            let untold = by_channel && !view.has_no_appeals() && !view.tells().channel;
            let key = if untold { "flow-untold" } else { "chart-empty-days" };
            frame::paint_empty_state(brush, body, "graph", &view.language.message(key), "");
            return;
        }
        let u = brush.theme.unit;
        let sums = |pick: fn(&(u16, u16, u32)) -> u16| {
            let mut sums: std::collections::BTreeMap<u16, u32> = std::collections::BTreeMap::new();
            cells.iter().for_each(|cell| *sums.entry(pick(cell)).or_default() += cell.2);
            sums.into_iter().collect::<Vec<(u16, u32)>>()
        };
        let (from, to) = (sums(|cell| cell.0), sums(|cell| cell.1));
        let total: u32 = from.iter().map(|(_, sum)| sum).sum();
        let most = ((body.height() / ((ROW + GAP) * u)).floor() as usize).clamp(2, 9);
        let gaps = |sums: &[(u16, u32)]| (sums.len().min(most) - 1) as f32 * GAP * u;
        let room = body.height() - 0.4 * u - gaps(&from).max(gaps(&to));
        let scale = room / total as f32;
        let (left, right) = (column(&from, most, scale, GAP * u), column(&to, most, scale, GAP * u));
        let rest = view.language.message("flow-rest");
        let names = |bars: &[Bar], dimension: Dimension| -> Vec<Name<'_>> {
            let name = |bar: &Bar| match bar.groups.as_slice() {
                [one] => name_of(dictionaries, dimension, *one),
                _ => Name { whole: &rest, short: None },
            };
            bars.iter().map(name).collect()
        };
        let (left_names, right_names) = (names(&left, self.from), names(&right, self.to));
        // The bands have what the names leave, and never less than a quarter.
        let list = brush.theme.list();
        let strong = brush.theme.column(Weight::SemiBold);
        let number = |bar: &Bar| view.language.number(f64::from(bar.sum), 0);
        let numbers = left.iter().chain(&right).map(|bar| brush.measure(&number(bar), strong)).fold(0.0, f32::max);
        let mut widest = |names: &[Name<'_>], beside: f32, short: bool| {
            let words = |name: &Name<'_>| {
                if short { name.short.unwrap_or(name.whole).to_owned() } else { name.whole.to_owned() }
            };
            names.iter().map(|name| brush.measure(&words(name), list)).fold(0.0, f32::max) + numbers + beside * u
        };
        let mut rooms = (widest(&left_names, 2.0, false), widest(&right_names, 1.1, false));
        let both = 0.78 * body.width();
        if rooms.0 + rooms.1 > both {
            rooms = (widest(&left_names, 2.0, true), widest(&right_names, 1.1, true));
        }
        // Where there is not enough for both, each gives in proportion.
        let given = (both / (rooms.0 + rooms.1)).min(1.0);
        let (left_room, right_room) = (rooms.0 * given, rooms.1 * given);
        let from = body.min.x + left_room;
        // Names do not lie across a bezel where that leaves the bands enough.
        let before = frame::before_bezel(view, body.max.x, right_room, u) - right_room;
        let to = if before >= from + MIN_BANDS * u { before } else { body.max.x - right_room };
        let area = WallRect::new(WallPoint::new(from, body.min.y + 0.3 * u), WallPoint::new(to, body.max.y));
        let palette = brush.theme.palette.clone();
        let colour = |index: usize| -> Colour {
            if left[index].groups.len() > 1 { palette.old } else { palette.series[index % palette.series.len()] }
        };
        for band in bands(cells, &left, &right, scale) {
            brush.mesh(Arc::new(band_mesh(area, BAR * u, &band, colour(band.from).alpha(0.42))));
        }
        for (index, bar) in left.iter().enumerate() {
            brush.fill_rect(
                rect(area.min.x, area.min.y + bar.top, BAR * u, bar.height.max(2.0)),
                0.07 * u,
                colour(index),
            );
        }
        for bar in &right {
            let x = area.max.x - BAR * u;
            brush.fill_rect(rect(x, area.min.y + bar.top, BAR * u, bar.height.max(2.0)), 0.07 * u, palette.quiet);
        }
        let colours: Vec<Colour> = (0..left.len()).map(colour).collect();
        let place = WallRect::new(body.min, WallPoint::new(area.min.x - 0.5 * u, body.max.y));
        labels(view, brush, &left, &left_names, area.min.y, Beside::Left { place, colours: &colours });
        let place = WallRect::new(
            WallPoint::new(area.max.x + 0.5 * u, body.min.y),
            WallPoint::new(to + right_room, body.max.y),
        );
        labels(view, brush, &right, &right_names, area.min.y, Beside::Right { place });
    }
}

/// A band that leaves its left bar level and reaches the right one level.
fn band_mesh(area: WallRect, bar: f32, band: &Band, colour: Colour) -> Mesh {
    let (from, to) = (area.min.x + bar, area.max.x - bar);
    let mut mesh = Mesh::default();
    for step in 0..=STEPS {
        let t = step as f32 / STEPS as f32;
        let bend = t * t * (3.0 - 2.0 * t);
        let x = from + (to - from) * t;
        let y = area.min.y + band.leaves + (band.arrives - band.leaves) * bend;
        mesh.points.extend([[x, y], [x, y + band.thick.max(1.0)]]);
        mesh.colours.extend([colour, colour]);
    }
    for step in 0..STEPS as u32 {
        let a = 2 * step;
        mesh.indices.extend([a, a + 1, a + 2, a + 1, a + 3, a + 2]);
    }
    mesh
}

/// On which side of the bands bars are named, and in which place; on the left in the colours of their bands, too.
enum Beside<'a> {
    Left { place: WallRect, colours: &'a [Colour] },
    Right { place: WallRect },
}

/// Names and numbers beside bars: each in the middle of its bar, as near to it as the one before lets it.
fn labels(view: &View<'_>, brush: &mut Brush<'_>, bars: &[Bar], names: &[Name<'_>], top: f32, side: Beside<'_>) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let (place, colours) = match side {
        Beside::Left { place, colours } => (place, Some(colours)),
        Beside::Right { place } => (place, None),
    };
    let (list, strong) = (brush.theme.list(), brush.theme.column(Weight::SemiBold));
    let pitch = 1.3 * u;
    let chip = 0.5 * u;
    let mut lines: Vec<f32> = bars.iter().map(|bar| top + bar.top + bar.height / 2.0 + 0.36 * u).collect();
    // Downwards no two touch; then what reaches beyond the place moves up again.
    for index in 1..lines.len() {
        lines[index] = lines[index].max(lines[index - 1] + pitch);
    }
    let mut limit = place.max.y - 0.3 * u;
    for line in lines.iter_mut().rev() {
        *line = line.min(limit);
        limit = *line - pitch;
    }
    let column =
        bars.iter().map(|bar| brush.measure(&view.language.number(f64::from(bar.sum), 0), strong)).fold(0.0, f32::max);
    for (index, ((bar, name), baseline)) in bars.iter().zip(names).zip(lines).enumerate() {
        let number = view.language.number(f64::from(bar.sum), 0);
        let width = brush.measure(&number, strong);
        let number_room = if colours.is_some() { width } else { column };
        let room = place.width() - number_room - 0.5 * u - if colours.is_some() { chip + 0.4 * u } else { 0.0 };
        let name = name.within(brush, list, room);
        if let Some(colours) = colours {
            // Where names are pushed apart the colour says which bar is meant.
            let mark = rect(place.max.x - chip, baseline - 0.6 * u, chip, chip);
            brush.fill_rect(mark, 0.1 * u, colours[index]);
            let right = place.max.x - chip - 0.4 * u;
            brush.text_right(&number, strong, WallPoint::new(right, baseline), palette.text);
            brush.text_in(name, list, WallPoint::new(place.min.x, baseline), room, palette.text);
        } else {
            brush.text_right(&number, strong, WallPoint::new(place.min.x + column, baseline), palette.text);
            let x = place.min.x + column + 0.5 * u;
            brush.text_in(name, list, WallPoint::new(x, baseline), room, palette.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bands_fill_every_bar_and_nothing_is_lost(counts in prop::collection::vec(0u32..500, 30), most in 2usize..8) {
            let cells: Vec<(u16, u16, u32)> = counts.iter().enumerate().filter(|(_, count)| **count > 0)
                .map(|(at, count)| ((at / 6) as u16, (at % 6) as u16, *count)).collect();
            let sums = |pick: fn(&(u16, u16, u32)) -> u16| -> Vec<(u16, u32)> {
                (0..6).map(|group| (group, cells.iter().filter(|c| pick(c) == group).map(|c| c.2).sum())).collect()
            };
            let (left, right) = (column(&sums(|c| c.0), most, 0.25, 3.0), column(&sums(|c| c.1), most, 0.25, 3.0));
            prop_assert!(left.len() <= most && right.len() <= most);
            let bands = bands(&cells, &left, &right, 0.25);
            let total: u32 = cells.iter().map(|c| c.2).sum();
            for bars in [&left, &right] {
                prop_assert_eq!(bars.iter().map(|bar| bar.sum).sum::<u32>(), total);
                prop_assert!(bars.windows(2).all(|pair| pair[0].top + pair[0].height <= pair[1].top));
            }
            for (index, bar) in left.iter().enumerate() {
                let thick: f32 = bands.iter().filter(|band| band.from == index).map(|band| band.thick).sum();
                prop_assert!((thick - bar.height).abs() < 0.1);
            }
            for (index, bar) in right.iter().enumerate() {
                let thick: f32 = bands.iter().filter(|band| band.to == index).map(|band| band.thick).sum();
                prop_assert!((thick - bar.height).abs() < 0.1);
            }
        }
    }
}
