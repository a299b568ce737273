//! The heat layer: how densely appeals lie, and the key to its colours.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::super::{FilterSpec, key_of};
use super::divide;
use super::sheet::Sheet;
use super::step::Step;
use crate::data::course::{Course, Sliding};
use crate::data::measure::{Answer, Compare, Filter, Metric, Period, Query};
use crate::data::places::Places;
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, km_per_unit, rect};
use crate::language::{Arg, Language};
use crate::map::field::{self, Bandwidth, LOWEST};
use crate::map::{Window, window};
use crate::scene::{Brush, Colour, Field, Fill, Heat, heat_colour};

/// The scale of a short period ends where a usual day of this one would.
const USUAL: Period = Period::Days30;
/// How much denser than on the mean day it may be before the ramp ends.
const ABOVE_USUAL: f32 = 1.5;

/// Which appeals are shown as heat.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "HeatSpec")]
pub struct HeatLayer {
    /// A metric that counts appeals: what it counts is shown.
    pub metric: Metric,
    /// Over which time.
    pub period: Period,
    /// Which of them; what is open is the panel's.
    pub filter: FilterSpec,
    /// Whether the period is played through, and how.
    pub play: Option<Play>,
    /// What it is shown beside, with a divide that moves.
    pub beside: Option<Compare>,
}

/// How a period is played: a stretch of it moves from its beginning to its end, rests, and begins again.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Play {
    /// Seconds that it takes.
    #[serde(default = "Play::usual_secs")]
    pub secs: f64,
    /// The stretch of time that is seen at once.
    #[serde(default = "Play::usual_hours")]
    pub hours: f64,
}

impl Play {
    fn usual_secs() -> f64 {
        20.0
    }

    fn usual_hours() -> f64 {
        24.0
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "true, or a table such as { metric = \"overdue\" }")]
enum HeatSpec {
    Usual(bool),
    Table(Table),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default = "received")]
    metric: Metric,
    period: Option<Period>,
    #[serde(default)]
    filter: FilterSpec,
    play: Option<Play>,
    beside: Option<Compare>,
}

fn received() -> Metric {
    Metric::Received
}

impl From<HeatSpec> for HeatLayer {
    fn from(spec: HeatSpec) -> Self {
        let table = match spec {
            HeatSpec::Usual(_) => {
                Table { metric: received(), period: None, filter: FilterSpec::default(), play: None, beside: None }
            }
            HeatSpec::Table(table) => table,
        };
        let usual = match (&table.play, table.metric.is_stock()) {
            (Some(_), _) => Period::Days7,
            (None, true) => Period::Now,
            (None, false) => Period::Hours24,
        };
        let Table { metric, period, filter, play, beside } = table;
        Self { metric, period: period.unwrap_or(usual), filter, play, beside }
    }
}

/// Reads `heat = false` as none.
pub fn unless_off<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<HeatLayer>, D::Error> {
    let spec = HeatSpec::deserialize(deserializer)?;
    Ok((!matches!(spec, HeatSpec::Usual(false))).then(|| spec.into()))
}

/// What a field is made of.
enum Source<'a> {
    /// Places that are seen all at once.
    Places(&'a Arc<Places>),
    /// A stretch of a course.
    Course(&'a Arc<Course>, Step),
}

/// A field and what it was made of, which is held so that its address is not given to other places.
struct Prepared {
    _of: Option<Arc<Places>>,
    field: Arc<Field>,
}

/// What the ramp ends at, on the map of the whole region.
struct Scale {
    _of: Arc<Places>,
    /// Appeals to a square kilometre.
    high: f32,
}

impl HeatLayer {
    /// Whether it can be shown.
    ///
    /// # Errors
    /// A sentence that says what to write.
    pub fn judge(&self) -> Result<(), String> {
        if self.metric.counted().is_none() {
            let code = self.metric.code();
            return Err(format!("`{code}` counts no appeals: heat shows where those lie that a metric counts"));
        }
        let Some(play) = &self.play else { return Ok(()) };
        if self.metric.is_stock() {
            return Err(format!("`{}` stands at a moment: what happens in a period can be played", self.metric.code()));
        }
        if self.beside.is_some() {
            return Err("heat is played or shown `beside` what it is compared with, not both".to_owned());
        }
        let well = (2.0..=600.0).contains(&play.secs) && (1.0..=24.0 * 366.0).contains(&play.hours);
        if well { Ok(()) } else { Err("`play` takes 2 to 600 `secs` and shows 1 or more `hours` at once".to_owned()) }
    }

    fn filter(&self, dictionaries: &Dictionaries, panel: &FilterSpec) -> Filter {
        let mut filter = self.filter.clone();
        filter.narrow(panel);
        filter.resolve(dictionaries)
    }

    /// Where those lie that it shows.
    pub fn query(&self, dictionaries: &Dictionaries, panel: &FilterSpec) -> Query {
        Query::Places(self.metric, self.period, None, self.filter(dictionaries, panel))
    }

    /// What it is shown beside.
    fn before(&self, dictionaries: &Dictionaries, panel: &FilterSpec) -> Option<Query> {
        let compare = Some(self.beside?);
        Some(Query::Places(self.metric, self.period, compare, self.filter(dictionaries, panel)))
    }

    /// What is played.
    fn course(&self, dictionaries: &Dictionaries, panel: &FilterSpec) -> Option<Query> {
        self.play.as_ref().map(|_| Query::Course(self.metric, self.period, self.filter(dictionaries, panel)))
    }

    /// Days of what is seen at once.
    fn days(&self) -> f32 {
        self.play.as_ref().map_or(self.period.days() as f32, |play| play.hours as f32 / 24.0)
    }

    /// What a usual day looks like; none where the period is not shorter.
    fn usual(&self, dictionaries: &Dictionaries, panel: &FilterSpec) -> Option<Query> {
        let shorter = !self.metric.is_stock() && self.days() <= 7.0;
        shorter.then(|| Query::Places(self.metric, USUAL, None, self.filter(dictionaries, panel)))
    }

    /// What is asked of the data.
    pub fn queries(&self, dictionaries: &Dictionaries, panel: &FilterSpec) -> impl Iterator<Item = Query> {
        let own = [Some(self.query(dictionaries, panel)), self.usual(dictionaries, panel)];
        let more = [self.before(dictionaries, panel), self.course(dictionaries, panel)];
        own.into_iter().chain(more).flatten()
    }

    /// Paints it; returns the density at which the ramp ends, in appeals to a square kilometre, or none where
    /// there is nothing to show.
    pub fn paint(&self, sheet: &Sheet<'_>, brush: &mut Brush<'_>, panel: &FilterSpec) -> Option<f32> {
        let dictionaries = &sheet.region.dictionaries;
        let places = sheet.found(&self.query(dictionaries, panel))?;
        let usual = self.usual(dictionaries, panel).and_then(|query| sheet.found(&query));
        let at_home = self.scale(sheet, brush, places, usual);
        if at_home <= 0.0 {
            return None;
        }
        let course = self.course(dictionaries, panel).and_then(|query| match &sheet.view.measured(&query)?.answer {
            Answer::Course(course) => Some(course),
            _ => None,
        });
        let before = self.before(dictionaries, panel).and_then(|query| sheet.found(&query));
        match (course.zip(self.play.as_ref()), before.zip(self.beside)) {
            (Some((course, play)), _) => {
                let step = Step::at(play, course, brush);
                layer(sheet, brush, &Source::Course(course, step), at_home, sheet.clip);
                step.bar(sheet, brush, course);
            }
            (None, Some((before, compare))) => {
                let (left, right) = divide::parts(sheet, brush);
                layer(sheet, brush, &Source::Places(before), at_home, left);
                layer(sheet, brush, &Source::Places(places), at_home, right);
                divide::paint(sheet, brush, compare, right.min.x);
            }
            (None, None) => layer(sheet, brush, &Source::Places(places), at_home, sheet.clip),
        }
        Some(end_of_ramp(at_home, &sheet.window()))
    }

    /// What the ramp ends at: what is dense on a usual day, or now where no usual day is known, rounded up, so that
    /// the same colour means the same from one day to the next.
    fn scale(
        &self,
        sheet: &Sheet<'_>,
        brush: &mut Brush<'_>,
        places: &Arc<Places>,
        usual: Option<&Arc<Places>>,
    ) -> f32 {
        let (of, part) = match usual.filter(|usual| !usual.is_empty()) {
            Some(usual) => (usual, ABOVE_USUAL * self.days() / USUAL.days() as f32),
            None => (places, 1.0),
        };
        let edges = [sheet.body.width().to_bits(), sheet.body.height().to_bits(), part.to_bits()];
        let key = key_of(("scale", Arc::as_ptr(of) as usize, edges, Arc::as_ptr(&sheet.region) as usize));
        let scale = brush.recall(key, || {
            let whole = Window::around(&sheet.home, sheet.clip, sheet.home.scale);
            let cells = whole.cells(CELL_OF_SCALE);
            let km = cells.side * km_per_unit(sheet.places().extent.center());
            let top = field::top(&field::density(of, &cells, Bandwidth::new(km, 1.0)));
            Scale { _of: of.clone(), high: field::rounded_up(top * part / (km * km) as f32) }
        });
        scale.high
    }

    /// What the key says of it: what is counted, and over which time.
    pub fn words(&self, language: &Language) -> String {
        let period = match &self.play {
            None => language.message(&format!("period-{}", self.period.code())),
            Some(play) => {
                let hours = language.number(play.hours, usize::from(play.hours.fract() != 0.0));
                language.message_with("map-in-hours", &[("hours", Arg::Text(&hours))])
            }
        };
        let per_km2 = language.message("map-per-km2");
        match self.metric {
            Metric::Received => format!("{per_km2} {period}"),
            metric => format!("{}, {per_km2} {period}", language.message(&format!("metric-{}", metric.code()))),
        }
    }
}

/// Pixels to a cell where only the highest density is looked for.
const CELL_OF_SCALE: f64 = 4.0;

fn cells(brush: &Brush<'_>, window: &Window) -> crate::data::places::Cells {
    // Finer cells than a twelfth of the smallest type are not seen.
    window.cells(f64::from((brush.theme.u / 12.0).round().clamp(2.0, 6.0)))
}

/// The density at which the ramp ends on a window's level: narrower smoothing finds higher tops.
fn end_of_ramp(at_home: f32, window: &Window) -> f32 {
    at_home * 2f32.powi(window.level).max(1.0).sqrt()
}

/// One field, and the finer one that takes its place, within `clip`.
fn layer(sheet: &Sheet<'_>, brush: &mut Brush<'_>, source: &Source<'_>, at_home: f32, clip: WallRect) {
    let (lens, own, faded) = (*sheet.lens(), sheet.window(), sheet.view.faded());
    let field = field(sheet, brush, source, &own, at_home);
    let (zoom, _) = own.seen_through(&lens);
    let next = (zoom >= window::GIVES_WAY).then(|| {
        let finer = own.next(&lens, sheet.clip, sheet.home.scale);
        let rect = own.rect(cells(brush, &finer).bounds());
        let gives_way = [window::GIVES_WAY, window::GROWTH as f32];
        (self::field(sheet, brush, source, &finer, at_home), rect, gives_way)
    });
    let rect = own.rect(cells(brush, &own).bounds());
    let fields = (address(&field), next.as_ref().map(|(field, ..)| address(field)));
    brush.moving_layer(key_of(("heat", fields, faded)), own.seen_through(&lens), clip, |brush| {
        brush.heat(Heat { field, rect, next, faded });
    });
}

fn field(sheet: &Sheet<'_>, brush: &mut Brush<'_>, source: &Source<'_>, window: &Window, at_home: f32) -> Arc<Field> {
    let cells = cells(brush, window);
    let km = cells.side * km_per_unit(sheet.places().extent.center());
    let bandwidth = Bandwidth::new(km, window.scale / sheet.home.scale);
    let high = end_of_ramp(at_home, window) * (km * km) as f32;
    let own = (sheet.window_key(window), high.to_bits(), cells.across);
    let levels = |density: &[f32]| Arc::new(field::levels(density, &cells, high));
    match source {
        Source::Places(places) => {
            let key = key_of(("field", Arc::as_ptr(places) as usize, own));
            let prepared = brush.recall(key, || {
                let field = levels(&field::density(places, &cells, bandwidth));
                Prepared { _of: Some(Arc::clone(places)), field }
            });
            prepared.field.clone()
        }
        Source::Course(course, step) => {
            let wider = cells.wider(bandwidth.margin());
            let address = Arc::as_ptr(course) as usize;
            let sliding = brush
                .recall(key_of(("sliding", address, own)), || (Arc::clone(course), Mutex::new(Sliding::new(wider))));
            let prepared = brush.recall(key_of(("step", address, own, step.from, step.to)), || {
                // What it holds is a function of where it is moved to, so that it does not matter where it was.
                let mut sliding = sliding.1.lock().unwrap_or_else(PoisonError::into_inner);
                sliding.move_to(course, course.between(step.from, step.to));
                let density = field::smoothed(sliding.counts(), &wider, bandwidth.margin(), bandwidth);
                Prepared { _of: None, field: levels(&density) }
            });
            prepared.field.clone()
        }
    }
}

fn address(field: &Arc<Field>) -> usize {
    Arc::as_ptr(field) as usize
}

/// Paints the ramp with its ticks, a power of ten each, from the left end of its words' baseline.
pub fn key(brush: &mut Brush<'_>, at: WallPoint, words: &str, highest: f32, number: impl Fn(f64, usize) -> String) {
    let (u, note, palette) = (brush.theme.u, brush.theme.note(), brush.theme.palette.clone());
    // On a plate: the south-west of a region may reach under the words.
    let width = brush.measure(words, note).max(7.6 * u);
    brush.block(rect(at.x - 0.35 * u, at.y - 1.05 * u, width + 0.7 * u, 3.35 * u), 0.24 * u, palette.plate);
    brush.text(words, note, at, palette.quiet);
    let ramp = rect(at.x, at.y + 0.45 * u, 7.6 * u, 0.5 * u);
    let step = ramp.width() / 8.0;
    for stop in 0..8 {
        let (from, to) = (stop as f32 / 8.0, (stop + 1) as f32 / 8.0);
        let left = (ramp.min.x + stop as f32 * step).round();
        let right = (ramp.min.x + (stop + 1) as f32 * step).round();
        let fill = Fill::Horizontal(heat_colour(from), heat_colour(to));
        brush.fill(rect(left, ramp.min.y, right - left, ramp.height()), 0.0, fill);
    }
    brush.framed(ramp, 0.0, Fill::Solid(Colour::CLEAR), 2.0, palette.axis);
    let lowest = highest * LOWEST;
    for power in -3i32..6 {
        let value = 10f32.powi(power);
        let t = (value / lowest).ln() / (highest / lowest).ln();
        if (0.02..=0.98).contains(&t) {
            let x = ramp.min.x + t * ramp.width();
            brush.block(rect(x.round() - 1.0, ramp.min.y, 2.0, ramp.height() + 0.12 * u), 0.0, palette.text);
            let text = number(f64::from(value), usize::try_from(-power).unwrap_or(0));
            brush.text_centred(&text, note, WallPoint::new(x, ramp.max.y + 1.15 * u), palette.quiet);
        }
    }
}

/// Whether there is room for the key in a map of this size.
pub fn has_room(body: WallRect, u: f32) -> bool {
    body.width() > 19.0 * u && body.height() > 15.0 * u
}
