//! The region: municipalities coloured by a measure, the density of the day's appeals, new ones as rings.

use std::sync::Arc;

use serde::Deserialize;

use super::{FilterSpec, Panel, View, frame, heat, key_of, map_ground};
use crate::clock::ease_out_cubic;
use crate::data::measure::{Dimension, Measure, Metric, Period, Query};
use crate::data::region::{Dictionaries, Region};
use crate::geometry::{WallPoint, WallRect, WallVector, rect};
use crate::scene::{Brush, Colour, Fill, icon_named};

/// A ring grows in this time.
const PULSE_MILLIS: i64 = 1800;
/// A ring begins this often.
const PULSE_EVERY_MILLIS: i64 = 4000;
/// An appeal is new for this long.
const NEW_MILLIS: i64 = 60_000;
/// The density is reckoned this often.
const HEAT_MILLIS: i64 = 30_000;
/// No more rings than this at once: more say nothing more.
const MOST_PULSES: usize = 12;

/// A map of the region.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    #[serde(default)]
    title: Option<String>,
    /// The measure that colours municipalities; none leaves the land dark.
    #[serde(default)]
    colour_by: Option<Measure>,
    /// The period of that measure.
    #[serde(default)]
    period: Option<Period>,
    /// Whether the density of the appeals of the last 24 hours is shown.
    #[serde(default)]
    heat: bool,
    /// How many municipalities are named.
    #[serde(default = "most_labels")]
    labels: usize,
    /// Whether the map stands on the wall without a panel around it.
    #[serde(default)]
    bare: bool,
    #[serde(default)]
    filter: FilterSpec,
    /// The table of alerts whose polygons are shown, `alerts` by default.
    #[serde(default = "alerts")]
    alerts: String,
}

fn alerts() -> String {
    "alerts".to_owned()
}

fn most_labels() -> usize {
    10
}

impl Map {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"map = { colour_by = "overdue-share", heat = true, labels = 8 }"#;

    fn query(&self, dictionaries: &Dictionaries) -> Option<Query> {
        let metric = self.colour_by?;
        let period = self.period.unwrap_or(if metric.is_stock() { Period::Now } else { Period::Hours24 });
        Some(Query::Groups(metric, period, Dimension::Municipality, self.filter.resolve(dictionaries)))
    }

    /// How many appeals each municipality sent in a day: which of them are named.
    fn received(&self, dictionaries: &Dictionaries) -> Query {
        Query::Groups(
            Metric::Received.into(),
            Period::Hours24,
            Dimension::Municipality,
            self.filter.resolve(dictionaries),
        )
    }
}

impl Panel for Map {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        self.query(dictionaries).into_iter().chain([self.received(dictionaries)]).collect()
    }

    fn narrow(&mut self, filter: &FilterSpec) {
        self.filter.narrow(filter);
    }

    fn smallest(&self) -> (f32, f32) {
        (14.0, 12.0)
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (u, bounds, palette) = (brush.theme.u, brush.bounds, brush.theme.palette.clone());
        let title = self.title.clone().unwrap_or_else(|| view.language.message("map-title"));
        let mut body = if self.bare {
            let reach = bounds.width().min(bounds.height()) * 0.75;
            let middle = bounds.center();
            let glow = rect(middle.x - reach, middle.y - reach, 2.0 * reach, 2.0 * reach);
            brush.fill(glow, 0.0, Fill::Radial(palette.glow.alpha(0.75), palette.ground.alpha(0.0)));
            // The title stands over the corner of the map; the key under it needs a row of its own.
            WallRect::new(WallPoint::new(bounds.min.x, bounds.min.y + 1.6 * u), bounds.max)
        } else {
            frame::framed(view, brush, &title, "")
        };
        let Some(region) = view.revision.snapshot.region.clone() else {
            frame::sentence(brush, body, &view.language.message("region-waiting"));
            return;
        };
        if self.colour_by.is_some() || region.dictionaries.attribution.is_some() {
            body.max.y -= 1.6 * u;
        }
        let projection = map_ground::Projection::fit(&region.boundaries, body.inflate(-1.4 * u, -0.3 * u));
        self.ground(view, brush, &region, &projection, body);
        if self.heat {
            self.heat(view, brush, &region, &projection, body);
        }
        self.borders(view, brush, &region, &projection, body);
        self.alerted(view, brush, &region, &projection, body);
        if !view.revision.snapshot.is_empty() {
            self.labels(view, brush, &region, &projection, body);
        }
        self.pulses(view, brush, &region, &projection, body);
        brush.layer(WallVector::zero(), bounds);
        if self.bare {
            let at = WallPoint::new(bounds.min.x + 0.3 * u, bounds.min.y + 1.35 * u);
            let style = brush.theme.title();
            brush.text(&title, style, at, if view.faded() { palette.old } else { palette.text });
            if self.heat {
                let y = at.y + 1.35 * u;
                brush.ring(WallPoint::new(at.x + 0.4 * u, y - 0.35 * u), 0.8 * u, 0.09 * u, palette.text);
                brush.dot(WallPoint::new(at.x + 0.4 * u, y - 0.35 * u), 0.25 * u, palette.text);
                let note = brush.theme.note();
                brush.text(&view.language.message("map-key"), note, WallPoint::new(at.x + 1.2 * u, y), palette.quiet);
            }
        }
        if let Some(attribution) = &region.dictionaries.attribution {
            let style = crate::scene::TextStyle { size: 0.57 * u, ..brush.theme.note() };
            brush.text_right(attribution, style, WallPoint::new(body.max.x, bounds.max.y - 0.4 * u), palette.quiet);
        }
        if view.revision.snapshot.is_empty() && view.age.is_some() {
            let words = view.language.message("map-empty");
            let note = brush.theme.note();
            let width = brush.measure(&words, note) + u;
            let middle = body.center();
            brush.block(rect(middle.x - width / 2.0, middle.y - 0.9 * u, width, 1.8 * u), 0.24 * u, palette.plate);
            brush.text_centred(&words, note, WallPoint::new(middle.x, middle.y + 0.35 * u), palette.text);
        }
    }
}

impl Map {
    /// Land, rivers, borders: kept as a picture until the region or the colours change.
    fn ground(
        &self,
        view: &View<'_>,
        brush: &mut Brush<'_>,
        region: &Arc<Region>,
        projection: &map_ground::Projection,
        body: WallRect,
    ) {
        let (u, palette) = (brush.theme.u, brush.theme.palette.clone());
        let boundaries = &region.boundaries;
        let fills: Vec<Colour> = match self.query(&region.dictionaries).and_then(|q| view.groups(&q)) {
            None => vec![palette.land; boundaries.municipalities.len()],
            Some((groups, _)) => {
                let classes = classes(groups.iter().filter_map(|g| g.now));
                (0..boundaries.municipalities.len())
                    .map(|i| {
                        let value = groups.iter().find(|g| usize::from(g.key) == i).and_then(|g| g.now);
                        let class = value.map_or(0, |v| classes.iter().filter(|edge| v > **edge).count());
                        let colour = palette.land.mix(palette.now_past, 0.13 * class as f32);
                        if view.faded() { colour.mix(palette.axis, 0.5) } else { colour }
                    })
                    .collect()
            }
        };
        let edges = whole_edges(body);
        let key = key_of((Arc::as_ptr(region) as usize, &fills, edges, view.faded()));
        let bounds = brush.bounds;
        brush.keyed_layer(key, WallVector::zero(), bounds, |brush| {
            brush.keep_picture();
            let metres = 1000.0 / f64::from(projection.px_per_km());
            for (at, colour) in fills.iter().enumerate() {
                brush.mesh(map_ground::land(boundaries.land(at, metres), projection, *colour));
            }
            for line in boundaries.roads.iter().filter(|line| line.rank == 1) {
                brush.line(
                    &map_ground::course(line.course.coords().copied(), projection),
                    0.05 * u,
                    palette.raised.mix(palette.axis, 0.45),
                );
            }
            for line in &boundaries.rivers {
                let width = if line.rank == 1 { 0.13 * u } else { 0.08 * u };
                brush.line(&map_ground::course(line.course.coords().copied(), projection), width, palette.river);
            }
        });
    }

    /// The lines between municipalities and around the region, over the heat.
    fn borders(
        &self,
        view: &View<'_>,
        brush: &mut Brush<'_>,
        region: &Arc<Region>,
        projection: &map_ground::Projection,
        body: WallRect,
    ) {
        let (u, palette) = (brush.theme.u, brush.theme.palette.clone());
        let edges = whole_edges(body);
        let key = key_of(("borders", Arc::as_ptr(region) as usize, edges, view.faded()));
        let bounds = brush.bounds;
        brush.keyed_layer(key, WallVector::zero(), bounds, |brush| {
            brush.keep_picture();
            let (inner, outline) = map_ground::borders(&region.boundaries, projection);
            for line in inner {
                brush.line(&line, 0.03 * u, palette.inner_border);
            }
            let outline_colour = if view.faded() { palette.axis } else { palette.outline };
            for line in outline {
                brush.line(&line, 0.06 * u, outline_colour);
            }
        });
    }

    /// Where the appeals of the last 24 hours came from. It is reckoned anew twice a minute: a day's density
    /// changes slowly, and the picture of the land with it.
    fn heat(
        &self,
        view: &View<'_>,
        brush: &mut Brush<'_>,
        region: &Arc<Region>,
        projection: &map_ground::Projection,
        body: WallRect,
    ) {
        let revision = view.revision;
        let edges = whole_edges(body);
        let key = key_of((
            revision.measured.0.div_euclid(HEAT_MILLIS),
            revision.snapshot.is_empty(),
            Arc::as_ptr(region) as usize,
            view.faded(),
            edges,
        ));
        let filter = self.filter.resolve(&region.dictionaries);
        let bounds = brush.bounds;
        brush.keyed_layer(key, WallVector::zero(), bounds, |brush| {
            let to = u32::try_from(revision.measured.secs().max(0)).unwrap_or(u32::MAX);
            let points = revision
                .snapshot
                .received_in(to.saturating_sub(86_400), to.saturating_add(1))
                .filter(|a| filter.admits(&region.dictionaries, a, to))
                .map(|a| projection.place(f64::from(a.lon_e6) / 1e6, f64::from(a.lat_e6) / 1e6));
            let size = (body.width(), body.height());
            let (picture, highest) = heat::picture(points, body.min, size, projection.px_per_km(), view.faded());
            brush.image(Arc::new(picture), body, 0.0);
            let u = brush.theme.u;
            if highest > 0.0 && body.width() > 19.0 * u && body.height() > 15.0 * u {
                let at = WallPoint::new(body.min.x + 0.3 * u, body.max.y - 2.35 * u);
                let words = view.language.message("map-legend");
                heat::legend(brush, at, &words, highest, |value, decimals| view.language.number(value, decimals));
            }
        });
    }

    /// Areas under an alert: an edge of dashes and a sign in the middle, told apart by shape, not by colour alone.
    fn alerted(
        &self,
        view: &View<'_>,
        brush: &mut Brush<'_>,
        region: &Arc<Region>,
        projection: &map_ground::Projection,
        body: WallRect,
    ) {
        let Some(table) = view.revision.snapshot.datasets.get(&self.alerts) else { return };
        let edges = whole_edges(body);
        let key = key_of(("alerts", Arc::as_ptr(table) as usize, Arc::as_ptr(region) as usize, edges, view.faded()));
        let (u, bounds) = (brush.theme.u, brush.bounds);
        let colour = if view.faded() { brush.theme.palette.old } else { brush.theme.palette.warn };
        brush.keyed_layer(key, WallVector::zero(), bounds, |brush| {
            for polygon in table.records().iter().filter_map(|r| r.get("polygons")?.as_array()).flatten() {
                let pair = |p: &serde_json::Value| Some((p.get(0)?.as_f64()?, p.get(1)?.as_f64()?));
                let corners: Vec<(f64, f64)> = polygon.as_array().into_iter().flatten().filter_map(pair).collect();
                // What lies far outside of the panel is cut at its edges.
                let ring: Vec<WallPoint> =
                    corners.iter().map(|(lon, lat)| projection.place(*lon, *lat).clamp(body.min, body.max)).collect();
                if ring.len() < 4 {
                    continue;
                }
                brush.dotted(&ring, 0.14 * u, 0.3 * u, colour);
                let sum = ring[1..].iter().fold(WallVector::zero(), |sum, at| sum + at.to_vector());
                let middle = (sum / (ring.len() - 1) as f32).to_point();
                brush.icon(icon_named("warning-diamond", true), 1.5 * u, middle, colour);
            }
        });
    }

    /// Names of the municipalities that send most, beside the land, each led to its town by a line.
    fn labels(
        &self,
        view: &View<'_>,
        brush: &mut Brush<'_>,
        region: &Arc<Region>,
        projection: &map_ground::Projection,
        body: WallRect,
    ) {
        let (u, palette) = (brush.theme.u, brush.theme.palette.clone());
        let mut order: Vec<usize> = (0..region.boundaries.municipalities.len()).collect();
        if let Some((groups, _)) = view.groups(&self.received(&region.dictionaries)) {
            let sent = |i: usize| groups.iter().find(|g| usize::from(g.key) == i).and_then(|g| g.now).unwrap_or(0.0);
            order.sort_by(|a, b| sent(*b).total_cmp(&sent(*a)).then(a.cmp(b)));
        }
        order.truncate(self.labels);
        order.sort_unstable();
        let edges = whole_edges(body);
        let key = key_of(("labels", &order, edges, Arc::as_ptr(region) as usize, view.faded()));
        let style = brush.theme.list();
        let bounds = brush.bounds;
        brush.keyed_layer(key, WallVector::zero(), bounds, |brush| {
            let mut named: Vec<(WallPoint, &str, f32)> = order
                .iter()
                .map(|index| {
                    let municipality = &region.boundaries.municipalities[*index];
                    let at = projection.point(municipality.centre.unwrap_or_else(|| municipality.label_point()));
                    (at, municipality.name.as_str(), brush.measure(&municipality.name, style))
                })
                .collect();
            named.sort_by(|a, b| a.0.y.total_cmp(&b.0.y));
            for label in place_labels(&named, body.inflate(0.0, -0.4 * u), u) {
                let (at, name, width) = named[label.index];
                let text_edge = if label.left { label.x + width } else { label.x };
                let way = if label.left { 1.0 } else { -1.0 };
                let start = WallPoint::new(text_edge + way * 0.3 * u, label.y);
                // Level, then at 45 degrees: the bend lies as far from the town as the rows are apart.
                let bend_x = at.x - way * (at.y - label.y).abs();
                let bend = WallPoint::new(if label.left { bend_x.max(start.x) } else { bend_x.min(start.x) }, label.y);
                let colour = if view.faded() { palette.axis } else { palette.outline };
                for (width, colour) in [(0.16 * u, palette.ground), (0.06 * u, colour)] {
                    brush.line(&[start, bend, at], width, colour);
                }
                brush.dot(at, 0.42 * u, palette.ground);
                brush.dot(at, 0.26 * u, palette.text);
                let plate = rect(label.x - 0.25 * u, label.y - 0.72 * u, width + 0.5 * u, 1.44 * u);
                brush.block(plate, 0.24 * u, palette.plate);
                let text = if view.faded() { palette.old } else { palette.text };
                brush.text(name, style, WallPoint::new(label.x, label.y + 0.35 * u), text);
            }
        });
    }

    /// A ring where each new appeal came from, every few seconds for a minute.
    fn pulses(
        &self,
        view: &View<'_>,
        brush: &mut Brush<'_>,
        region: &Arc<Region>,
        projection: &map_ground::Projection,
        body: WallRect,
    ) {
        if view.faded() {
            return;
        }
        let (u, palette) = (brush.theme.u, brush.theme.palette.clone());
        brush.layer(WallVector::zero(), body.inflate(2.0 * u, 2.0 * u));
        let filter = self.filter.resolve(&region.dictionaries);
        let seconds = u32::try_from(brush.now.secs()).unwrap_or(0);
        let latest =
            view.revision.snapshot.latest.iter().filter(|a| filter.admits(&region.dictionaries, &a.appeal, seconds));
        for arrival in latest.take(MOST_PULSES) {
            let age = brush.now.millis_since(arrival.arrived);
            if !(0..NEW_MILLIS).contains(&age) {
                if age < 0 {
                    brush.changes_at(arrival.arrived);
                }
                continue;
            }
            let began = arrival.arrived.plus_millis(age / PULSE_EVERY_MILLIS * PULSE_EVERY_MILLIS);
            let t = brush.animate(began, PULSE_MILLIS, ease_out_cubic);
            brush.changes_at(began.plus_millis(PULSE_EVERY_MILLIS));
            let appeal = &arrival.appeal;
            let at = projection.place(f64::from(appeal.lon_e6) / 1e6, f64::from(appeal.lat_e6) / 1e6);
            if t < 1.0 {
                let diameter = 2.0 * (0.3 + 0.8 * t) * u;
                brush.ring(at, diameter, 0.09 * u, palette.text.alpha(1.0 - 0.85 * t));
            }
            brush.dot(at, 0.36 * u, palette.ground);
            brush.dot(at, 0.24 * u, palette.text);
        }
    }
}

/// The edges of a place in whole pixels, as a part of a layer's key.
fn whole_edges(place: WallRect) -> [i32; 4] {
    [place.min.x, place.min.y, place.max.x, place.max.y].map(|v| v as i32)
}

/// The upper edges of four classes of equal count: a municipality is in the class of the edges under it.
fn classes(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.is_empty() {
        return Vec::new();
    }
    (1..5).map(|i| sorted[(sorted.len() * i / 5).min(sorted.len() - 1)]).collect()
}

/// Where a name stands: its left end and its middle line.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Label {
    index: usize,
    left: bool,
    x: f32,
    y: f32,
}

/// Places names in two columns at the sides of `body`, each as near to the height of its town as the others
/// allow, in the order of the towns so that lines do not cross. `named` is sorted from north to south; what
/// does not fit is left out, the last first.
fn place_labels(named: &[(WallPoint, &str, f32)], body: WallRect, u: f32) -> Vec<Label> {
    let pitch = 1.75 * u;
    let rows = (body.height() / pitch).floor() as usize;
    let middle = body.center().x;
    let mut sides: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
    for (index, (at, _, width)) in named.iter().enumerate() {
        let side = usize::from(at.x > middle);
        // A name wider than the half of the map that it stands in would cover the land.
        if *width < body.width() * 0.45 {
            sides[side].push(index);
        }
    }
    let mut labels = Vec::new();
    for (side, indices) in sides.iter_mut().enumerate() {
        indices.truncate(rows);
        let mut ys: Vec<f32> = indices.iter().map(|i| named[*i].0.y).collect();
        // Pushed down where two are too near, then up from the bottom where they ran out of it.
        let mut low = body.min.y + pitch / 2.0;
        for y in &mut ys {
            *y = y.max(low);
            low = *y + pitch;
        }
        let mut high = body.max.y - pitch / 2.0;
        for y in ys.iter_mut().rev() {
            *y = y.min(high);
            high = *y - pitch;
        }
        for (index, y) in indices.iter().zip(ys) {
            let (left, width) = (side == 0, named[*index].2);
            let x = if left { body.min.x + 0.3 * u } else { body.max.x - width - 0.3 * u };
            labels.push(Label { index: *index, left, x, y });
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_never_overlap_and_never_leave_the_map(
            towns in prop::collection::vec((0f32..1000.0, 0f32..800.0, 40f32..600.0), 0..40)
        ) {
            let body = rect(0.0, 0.0, 1000.0, 800.0);
            let mut named: Vec<(WallPoint, &str, f32)> = towns.iter().map(|(x, y, w)| (WallPoint::new(*x, *y), "", *w)).collect();
            named.sort_by(|a, b| a.0.y.total_cmp(&b.0.y));
            let boxes: Vec<WallRect> = place_labels(&named, body, 40.0).iter()
                .map(|l| rect(l.x, l.y - 28.0, named[l.index].2, 56.0)).collect();
            for (i, a) in boxes.iter().enumerate() {
                prop_assert!(body.contains_box(a), "{a:?}");
                for b in &boxes[i + 1..] {
                    prop_assert!(!a.intersects(b), "{a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn classes_hold_equal_numbers() {
        let edges = classes((1..=10).map(f64::from));
        let class = |v: f64| edges.iter().filter(|e| v > **e).count();
        let counts: Vec<usize> = (0..5).map(|c| (1..=10).filter(|v| class(f64::from(*v)) == c).count()).collect();
        assert_eq!(counts.iter().sum::<usize>(), 10);
        assert!(counts.iter().all(|n| (1..=3).contains(n)), "{counts:?}");
    }
}
