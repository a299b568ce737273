//! The region: municipalities coloured by a measure, the density of appeals, what stands where, names; seen whole,
//! or from as near as it is told.

mod base_layer;
mod canvas;
mod choropleth;
mod context;
mod density;
mod divide;
mod dots;
mod ground;
mod happenings;
mod heat;
mod marks;
mod names;
mod pick;
mod play;

pub use happenings::{alerts_in, warnings_in};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::{Panel, PanelInfo, PickedPlace, View, frame};
use crate::basemap::Basemap;
use crate::data::filter::FilterSpec;
use crate::data::measure::{Dimension, Measure, Metric, Period, Query};
use crate::data::region::{Dictionaries, Region};
use crate::geometry::{WallPoint, WallRect, WallVector, WorldRect, rect};
use crate::language::{Language, LocalizedText, Sentence};
use crate::map::field::Ramp;
use crate::map::{CameraInputs, Classes, Lens, Place, Target, Tour};
use crate::scene::{Brush, Colour, Fill};
use choropleth::Choropleth;
use context::{MapContext, MapRoom};
use heat::HeatLayer;
use marks::Points;
use names::Names;

/// A map of the region.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    #[serde(default)]
    title: Option<LocalizedText>,
    /// The measure that colours municipalities; none leaves the land dark.
    #[serde(default)]
    colour_by: Option<Measure>,
    /// The period of that measure.
    #[serde(default)]
    period: Option<Period>,
    /// How its values are divided into colours.
    #[serde(default)]
    classes: Classes,
    /// Which appeals are shown as heat; `true` for those of the last 24 hours.
    #[serde(default, deserialize_with = "heat::unless_off")]
    heat: Option<HeatLayer>,
    /// Which appeals are gathered to discs with their number.
    #[serde(default, deserialize_with = "heat::unless_off")]
    clusters: Option<HeatLayer>,
    /// Which appeals are shown as dots on a lattice, that no place of one of them can be told.
    #[serde(default, deserialize_with = "heat::unless_off")]
    dots: Option<HeatLayer>,
    /// A table of points.
    #[serde(default)]
    points: Option<Points>,
    /// The table of outages.
    #[serde(default)]
    outages: Option<String>,
    /// Whether new appeals are shown as rings.
    #[serde(default = "yes")]
    arrivals: bool,
    /// Whether early warnings are shown.
    #[serde(default = "yes")]
    warnings: bool,
    /// How many municipalities are named.
    #[serde(default = "max_labels")]
    labels: usize,
    /// Whether the map stands on the wall without a panel around it.
    #[serde(default)]
    bare: bool,
    #[serde(default)]
    filter: FilterSpec,
    /// The table of alerts whose polygons are shown, `alerts` by default.
    #[serde(default)]
    alerts: Option<String>,
    /// What it looks at; the municipality that it is narrowed to, or else the whole region.
    #[serde(default)]
    look: Option<Target>,
    /// What it looks at by turns.
    #[serde(default)]
    tour: Option<Tour>,
    /// A PMTiles file of the Protomaps schema that lies under the region, relative to the layout file.
    #[serde(default)]
    base: Option<PathBuf>,
    #[serde(skip)]
    basemap: Option<Arc<Basemap>>,
}

/// The table of alerts of a map that names none: not every site has one.
const DEFAULT_ALERTS: &str = "alerts";

fn max_labels() -> usize {
    10
}

fn yes() -> bool {
    true
}

/// Paints the shape of a municipality, or of the whole region, into `place`.
pub fn silhouette(view: &View<'_>, brush: &mut Brush<'_>, municipality: Option<&str>, place: WallRect, colour: Colour) {
    let Some(region) = view.region().cloned().filter(|region| has_land(region)) else { return };
    let only = municipality.and_then(|name| region.dictionaries.municipality(name));
    let look = municipality.map_or(Target::Place(Place::Region), Target::municipality);
    let inputs = CameraInputs { look: &look, tour: None, moves: &[] };
    let context = MapContext::new(view, brush, region, &inputs, "", MapRoom::all_of(place));
    ground::silhouette(&context, brush, only, colour);
}

/// Paints the whole region into `place`, with the early warnings that a panel is about.
pub fn inset(view: &View<'_>, brush: &mut Brush<'_>, place: WallRect, filter: &FilterSpec) {
    let Some(region) = view.region().cloned().filter(|region| has_land(region)) else { return };
    let inputs = CameraInputs { look: &Target::Place(Place::Region), tour: None, moves: &[] };
    let context = MapContext::new(view, brush, region, &inputs, "", MapRoom::all_of(place));
    ground::land(&context, brush, &[], None);
    ground::borders(&context, brush, None);
    marks::warnings(&context, brush, filter, false);
    brush.layer(WallVector::zero(), brush.bounds);
}

fn has_land(region: &Region) -> bool {
    region.boundaries.municipalities.iter().any(|municipality| !municipality.land.0.is_empty())
}

impl Map {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"map = { colour_by = "overdue-share", heat = true, labels = 8 }"#;

    fn query(&self, dictionaries: &Dictionaries) -> Option<Query> {
        let measure = self.colour_by?;
        Some(Query::Groups(
            measure,
            self.coloured_over(&measure),
            Dimension::Municipality,
            self.filter.resolve(dictionaries),
        ))
    }

    fn alerts(&self) -> &str {
        self.alerts.as_deref().unwrap_or(DEFAULT_ALERTS)
    }

    fn coloured_over(&self, measure: &Measure) -> Period {
        self.period.unwrap_or(if measure.is_stock() { Period::Now } else { Period::Hours24 })
    }

    /// How many appeals each municipality sent in a day: which of them are named.
    fn received(&self, dictionaries: &Dictionaries) -> Query {
        let filter = self.filter.resolve(dictionaries);
        Query::Groups(Metric::Received.into(), Period::Hours24, Dimension::Municipality, filter)
    }

    /// Municipalities in the order of their importance: those that send most first.
    fn order(&self, context: &MapContext<'_>) -> Vec<usize> {
        let mut order: Vec<usize> = (0..context.region.boundaries.municipalities.len()).collect();
        if let Some((groups, _)) = context.view.groups(&self.received(&context.region.dictionaries)) {
            // Groups stand in the order of the dictionary.
            let sent = |i: usize| groups.get(i).and_then(|g| g.now).unwrap_or(0.0);
            order.sort_by(|a, b| sent(*b).total_cmp(&sent(*a)).then(a.cmp(b)));
        }
        order
    }
}

impl Panel for Map {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        let layers = self.heat.iter().flat_map(|heat| heat.queries(dictionaries, &self.filter));
        let gathered = self.clusters.iter().chain(&self.dots);
        let gathered = gathered.map(|layer| layer.query(dictionaries, &self.filter));
        let warnings = self.warnings.then_some(Query::Warnings);
        let measures = self.query(dictionaries).into_iter().chain([self.received(dictionaries)]);
        measures.chain(layers).chain(gathered).chain(warnings).collect()
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        let layers = [&mut self.heat, &mut self.clusters, &mut self.dots].into_iter().flatten();
        std::iter::once(&mut self.filter).chain(layers.map(|layer| &mut layer.filter)).collect()
    }

    fn info(&self) -> PanelInfo {
        let points = self.points.as_ref().map(|points| points.dataset.clone());
        let tables = [points, self.outages.clone(), self.alerts.clone()];
        let (look, tour) = (self.look.iter(), self.tour.iter().flat_map(|tour| &tour.stops));
        PanelInfo {
            tables: tables.into_iter().flatten().collect(),
            alerts: Some(self.alerts().to_owned()),
            looks_at: look.chain(tour).flat_map(Target::names).cloned().collect(),
            ..PanelInfo::of_appeals((14.0, 12.0))
        }
    }

    fn validate(&self) -> Result<(), Sentence> {
        self.classes.validate()?;
        self.tour.as_ref().map_or(Ok(()), Tour::validate)?;
        self.heat.as_ref().map_or(Ok(()), HeatLayer::validate)?;
        self.clusters.iter().chain(&self.dots).try_for_each(HeatLayer::validate_gathered)?;
        self.colour_by.as_ref().map_or(Ok(()), |measure| frame::needs_title(measure, self.title.as_ref()))
    }

    fn load(&mut self, folder: &Path) -> Result<(), Sentence> {
        if let Some(base) = &self.base {
            let path = folder.join(base);
            self.basemap = Some(Basemap::open(&path).map_err(|why| format!("{}: {why}", path.display()))?);
        }
        Ok(())
    }

    fn place_at(&self, view: &View<'_>, brush: &mut Brush<'_>, at: WallPoint) -> Option<PickedPlace> {
        let context = self.context(view, brush)?;
        context.clip.contains(at).then(|| pick::place(self, &context, brush, at))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let title = frame::text_or_default(&self.title, view.language, || self.default_title(view.language));
        let Some(context) = self.context(view, brush) else {
            let body = if self.bare { bounds } else { frame::paint_frame(view, brush, &title, "") };
            // Whoever connects a site without boundaries is told so, not left to wait.
            let known = view.region().is_some();
            let more = if known { view.language.message("map-no-land-more") } else { String::new() };
            frame::paint_empty_state(
                brush,
                body,
                "tree",
                &view.language.message(if known { "map-no-land" } else { "region-waiting" }),
                &more,
            );
            return;
        };
        if self.bare {
            let reach = bounds.width().min(bounds.height()) * 0.75;
            let middle = bounds.center();
            let glow = rect(middle.x - reach, middle.y - reach, 2.0 * reach, 2.0 * reach);
            brush.fill(glow, 0.0, Fill::Radial(palette.glow.alpha(0.75), palette.ground.alpha(0.0)));
        } else {
            frame::paint_frame(view, brush, &title, "");
        }
        let choropleth = self
            .query(&context.region.dictionaries)
            .and_then(|query| view.groups(&query))
            .map(|(groups, _)| Choropleth::new(groups, &self.classes, &context, brush));
        let own = self.own(&context);
        let apart = own.filter(|_| choropleth.is_none()).map(|own| set_apart(&context, brush, own)).unwrap_or_default();
        let fills: &[Colour] = choropleth.as_ref().map_or(&apart, |c| &c.fills);
        ground::land(&context, brush, fills, self.basemap.as_ref());
        let ramp = self.heat.as_ref().and_then(|heat| heat.paint(&context, brush, &self.filter));
        ground::borders(&context, brush, own);
        let mut taken = self.marks(&context, brush);
        let names = (!view.has_no_appeals()).then(|| {
            let keys = self.keys_height(&context, u, choropleth.is_some(), ramp.is_some());
            let corner = WallPoint::new(bounds.min.x, context.body.max.y - keys);
            let wide = self.keys_width(view, brush);
            taken.push(WallRect::new(corner, WallPoint::new(corner.x + wide, bounds.max.y)));
            if self.bare {
                taken.push(rect(bounds.min.x, bounds.min.y, 12.0 * u, 3.4 * u));
            }
            (self.order(&context), keys)
        });
        let names = names.as_ref().map(|(order, keys)| Names { order, max: self.labels, keys: *keys, taken: &taken });
        // A ring that comes and goes lies over the lines of names and under the names: both are to be seen.
        names.iter().for_each(|names| names.leaders(&context, brush));
        if self.arrivals {
            marks::pulses(&context, brush, &self.filter, self.heat.as_ref().map(|heat| heat.metric));
        }
        names.iter().for_each(|names| names.words(&context, brush));
        if self.warnings {
            marks::warnings(&context, brush, &self.filter, self.labels == 0);
        }
        brush.layer(WallVector::zero(), bounds);
        if self.bare {
            self.heading(&context, brush, &title);
        }
        self.keys(&context, brush, choropleth.as_ref(), ramp);
        let attribution = self.attribution(&context.region.dictionaries);
        if !attribution.is_empty() {
            let style = crate::scene::TextStyle { size: 0.57 * u, ..brush.theme.note() };
            brush.text_right(
                &attribution,
                style,
                WallPoint::new(context.body.max.x, bounds.max.y - 0.4 * u),
                palette.quiet,
            );
        }
        if view.has_no_appeals() && view.age.is_some() {
            let words = view.language.message("map-empty");
            let note = brush.theme.note();
            let width = brush.measure(&words, note) + u;
            let middle = context.body.center();
            brush.fill_rect(rect(middle.x - width / 2.0, middle.y - 0.9 * u, width, 1.8 * u), 0.24 * u, palette.plate);
            brush.text_centred(&words, note, WallPoint::new(middle.x, middle.y + 0.35 * u), palette.text);
        }
    }
}

/// The colours of the land around one municipality that a map is about: its neighbours stand back.
fn set_apart(context: &MapContext<'_>, brush: &Brush<'_>, own: usize) -> Vec<Colour> {
    let palette = &brush.theme.palette;
    let back = palette.land.mix(palette.ground, 0.55);
    let colour = |number: usize| if number == own { palette.land } else { back };
    (0..context.places().municipalities.len()).map(colour).collect()
}

impl Map {
    /// The municipality that it is about, by its place in the region.
    fn own(&self, context: &MapContext<'_>) -> Option<usize> {
        context.region.dictionaries.municipality(self.filter.municipality.as_ref()?)
    }

    /// Attribution of the map's data.
    fn attribution(&self, dictionaries: &Dictionaries) -> String {
        let region = dictionaries.attribution.as_deref().unwrap_or_default();
        let base = self.basemap.as_ref().map_or("", |basemap| basemap.attribution.as_str());
        match (region, base) {
            (one, "") | ("", one) => one.to_owned(),
            (region, base) if region.contains(base) => region.to_owned(),
            (region, base) if base.contains(region) => base.to_owned(),
            (region, base) => format!("{region} · {base}"),
        }
    }

    /// Where the map lies in its panel and what it looks at; none before there is a region.
    fn context<'a>(&'a self, view: &'a View<'a>, brush: &mut Brush<'_>) -> Option<MapContext<'a>> {
        let (u, bounds) = (brush.theme.unit, brush.bounds);
        let region = view.region().cloned().filter(|region| has_land(region))?;
        let (mut body, clip) = if self.bare {
            // The title stands over the corner of the map; the key under it needs a row of its own.
            (WallRect::new(WallPoint::new(bounds.min.x, bounds.min.y + 1.6 * u), bounds.max), bounds)
        } else {
            let body = frame::body(view, brush, true);
            let edges =
                WallRect::new(WallPoint::new(bounds.min.x, body.min.y), WallPoint::new(bounds.max.x, body.max.y));
            (body, edges.inflate(-0.1 * u, 0.0))
        };
        let mut corner = WallPoint::new(body.min.x, body.max.y);
        let keys = usize::from(self.colour_by.is_some()) + usize::from(self.heat.is_some());
        let gazetteer = MapContext::gazetteer(brush, &region);
        let extent = gazetteer.1.extent;
        let home = |body: WallRect| Lens::fit(extent, body.inflate(-1.4 * u, -0.3 * u));
        // Land seldom fills the corners of its bounding rectangles: they may overlap by `slack`.
        let meets = |body: WallRect, place: WallRect, slack: f32| {
            let lens = home(body);
            let on_wall = |land: WorldRect| WallRect::from_points([lens.place(land.min), lens.place(land.max)]);
            gazetteer.1.municipalities.iter().any(|m| on_wall(m.bounds).inflate(-slack, -slack).intersects(&place))
        };
        if keys > 0 && heat::has_room(body, u) {
            // Where the south-west of the land would lie under the keys, the map gives way: upwards, or to their side,
            // whichever leaves it larger.
            let (height, wide) = ((Choropleth::KEY_HEIGHT + 0.5) * u * keys as f32, self.keys_width(view, brush));
            if meets(body, rect(body.min.x, body.max.y - height, wide, height), 0.6 * u) {
                let over = WallRect::new(body.min, WallPoint::new(body.max.x, body.max.y - height));
                let beside = WallRect::new(WallPoint::new(body.min.x + wide, body.min.y), body.max);
                body = if home(beside).scale > home(over).scale { beside } else { over };
            }
        }
        let own_row = self.colour_by.is_some() || !self.attribution(&region.dictionaries).is_empty();
        if own_row || self.has_small_key(body, u) {
            body.max.y -= 1.6 * u;
            corner.y -= 1.6 * u;
        }
        if self.bare && self.arrivals && self.heat.is_some() {
            // What the rings mean stands under the title, and no land under it.
            let width = brush.measure(&view.language.message("map-key"), brush.theme.note()) + 1.5 * u;
            let key = rect(body.min.x, body.min.y, width + 1.2 * u, 2.0 * u);
            for _ in 0..3 {
                if meets(body, key, 0.4 * u) {
                    body.min.y += u;
                }
            }
        }
        let own = self.filter.municipality.clone().map_or(Target::Place(Place::Region), Target::municipality);
        let look = self.look.as_ref().unwrap_or(&own);
        let inputs = CameraInputs { look, tour: self.tour.as_ref(), moves: view.camera() };
        Some(MapContext::new(view, brush, region, &inputs, self.alerts(), MapRoom { body, clip, corner }))
    }

    /// How wide its keys are, in wall pixels.
    fn keys_width(&self, view: &View<'_>, brush: &mut Brush<'_>) -> f32 {
        let heat = self.heat.as_ref().map_or(0.0, |heat| heat.key_width(brush, view.language));
        let coloured = self.colour_by.map_or(0.0, |measure| {
            let words = self.coloured_in_words(&measure, view.language);
            brush.measure(&words, brush.theme.note()) + 0.9 * brush.theme.unit
        });
        heat.max(coloured).max(11.0 * brush.theme.unit)
    }

    /// What it is called where the layout does not say: after what it shows.
    fn default_title(&self, language: &Language) -> String {
        let gathered = self.dots.as_ref().or(self.clusters.as_ref()).filter(|_| self.heat.is_none());
        match gathered.filter(|layer| layer.metric != Metric::Received) {
            Some(layer) => language.message(&format!("metric-{}", layer.metric.code())),
            None => language.message("map-title"),
        }
    }

    /// What municipalities are coloured by, and over which time.
    fn coloured_in_words(&self, measure: &Measure, language: &Language) -> String {
        let period = language.message(&format!("period-{}", self.coloured_over(measure).code()));
        choropleth::words(language, measure, self.title.as_ref(), &period)
    }

    /// Whether its heat is explained by one line under it.
    fn has_small_key(&self, body: WallRect, u: f32) -> bool {
        self.heat.is_some() && !heat::has_room(body, u) && body.width() >= 10.0 * u && body.height() >= 8.0 * u
    }

    /// What stands at its place; returns what must not be covered of it.
    fn marks(&self, context: &MapContext<'_>, brush: &mut Brush<'_>) -> Vec<WallRect> {
        let mut taken = Vec::new();
        if let Some(dots) = &self.dots {
            dots::paint(context, brush, dots, &self.filter);
        }
        if let Some(points) = &self.points {
            marks::points(context, brush, points);
        }
        if let Some(clusters) = &self.clusters {
            taken = marks::clusters(context, brush, clusters, &self.filter);
        }
        if let Some(outages) = &self.outages {
            taken.extend(marks::outages(context, brush, outages));
        }
        marks::alerts(context, brush, self.alerts());
        taken
    }

    /// The title of a map without a panel, and what the rings mean. Where land lies under them they get a plate.
    fn heading(&self, context: &MapContext<'_>, brush: &mut Brush<'_>, title: &str) {
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let (style, note) = (brush.theme.title(), brush.theme.note());
        // Nothing is new of what is old.
        let rings = self.arrivals && self.heat.is_some() && !context.view.faded();
        let key = context.view.language.message("map-key");
        let at = WallPoint::new(bounds.min.x + 0.3 * u, bounds.min.y + 1.25 * u);
        let covered = context.away_from_home().clamp(0.0, 1.0);
        if covered > 0.0 {
            let width = brush.measure(title, style).max(if rings { brush.measure(&key, note) + 1.2 * u } else { 0.0 });
            let height = if rings { 3.0 * u } else { 1.65 * u };
            let plate = rect(at.x - 0.3 * u, at.y - 1.15 * u, width + 0.7 * u, height);
            brush.fill_rect(plate, 0.24 * u, palette.plate.alpha(covered));
        }
        brush.text(title, style, at, palette.text);
        if rings {
            let y = at.y + 1.35 * u;
            brush.ring(WallPoint::new(at.x + 0.4 * u, y - 0.35 * u), 0.8 * u, 0.09 * u, palette.text);
            brush.dot(WallPoint::new(at.x + 0.4 * u, y - 0.35 * u), 0.25 * u, palette.text);
            brush.text(&key, note, WallPoint::new(at.x + 1.2 * u, y), palette.quiet);
        }
    }

    /// How much of the south-west the keys take, in wall pixels.
    fn keys_height(&self, context: &MapContext<'_>, u: f32, coloured: bool, heated: bool) -> f32 {
        let keys = usize::from(coloured) + usize::from(heated);
        // Where the map has given way to them they take nothing of it.
        let over_it =
            context.corner == WallPoint::new(context.body.min.x, context.body.max.y) && heat::has_room(context.body, u);
        if over_it { (Choropleth::KEY_HEIGHT + 0.5) * u * keys as f32 } else { 0.0 }
    }

    /// The keys to the colours, one over the other in the south-west.
    fn keys(
        &self,
        context: &MapContext<'_>,
        brush: &mut Brush<'_>,
        choropleth: Option<&Choropleth>,
        ramp: Option<Ramp>,
    ) {
        let (u, language) = (brush.theme.unit, context.view.language);
        let whole = WallRect::new(
            WallPoint::new(context.corner.x, context.body.min.y),
            WallPoint::new(context.body.max.x, context.corner.y),
        );
        if !heat::has_room(whole, u) {
            if let (Some(layer), Some(ramp), true) = (&self.heat, ramp, self.has_small_key(context.body, u)) {
                let at = WallPoint::new(context.body.min.x + 0.4 * u, context.body.max.y + 1.05 * u);
                let owed = self.attribution(&context.region.dictionaries);
                let taken = brush.measure(&owed, crate::scene::TextStyle { size: 0.57 * u, ..brush.theme.note() });
                layer.small_key(brush, at, ramp, language, context.body.max.x - at.x - taken - 0.6 * u);
            }
            return;
        }
        let mut at = WallPoint::new(context.corner.x + 0.3 * u, context.corner.y - 2.35 * u);
        if let (Some(layer), Some(ramp)) = (&self.heat, ramp) {
            layer.key(brush, at, ramp, language);
            at.y -= (Choropleth::KEY_HEIGHT + 0.5) * u;
        }
        if let (Some(choropleth), Some(measure)) = (choropleth, &self.colour_by) {
            let words = self.coloured_in_words(measure, language);
            choropleth.key(context, brush, at, measure, &words);
        }
    }
}
