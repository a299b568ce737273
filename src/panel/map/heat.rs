//! The heat layer: how densely appeals lie, and the key to its colours.

use std::sync::Arc;

use serde::Deserialize;

use super::context::MapContext;
use super::density::{self, Per, Source};
use super::divide;
use super::play::{Play, PlayWindow};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Compare, Counted, Filter, Metric, Period, Query};
use crate::data::places::TiledPoints;
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, Language, Sentence};
use crate::map::field::Ramp;
use crate::scene::{Brush, Colour, Fill};

/// Period that tells what a usual day is, for the scale of a shorter period.
const USUAL: Period = Period::Days30;
/// End of the ramp as a multiple of the density on the mean day.
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
    /// What the number of appeals is held against.
    pub per: Per,
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
    #[serde(default)]
    per: Per,
}

fn received() -> Metric {
    Metric::Received
}

impl From<HeatSpec> for HeatLayer {
    fn from(spec: HeatSpec) -> Self {
        let table = match spec {
            HeatSpec::Usual(_) => {
                let filter = FilterSpec::default();
                Table { metric: received(), period: None, filter, play: None, beside: None, per: Per::Km2 }
            }
            HeatSpec::Table(table) => table,
        };
        let usual = match (&table.play, table.metric.is_stock()) {
            (Some(_), _) => Period::Days7,
            (None, true) => Period::Now,
            (None, false) => Period::Hours24,
        };
        let Table { metric, period, filter, play, beside, per } = table;
        Self { metric, period: period.unwrap_or(usual), filter, play, beside, per }
    }
}

/// Reads `heat = false` as none.
pub fn unless_off<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<HeatLayer>, D::Error> {
    let spec = HeatSpec::deserialize(deserializer)?;
    Ok((!matches!(spec, HeatSpec::Usual(false))).then(|| spec.into()))
}

impl HeatLayer {
    /// Whether it can be shown as discs with numbers, or as dots.
    ///
    /// # Errors
    /// A sentence that says what to write.
    pub fn validate_gathered(&self) -> Result<(), Sentence> {
        if self.play.is_some() || self.beside.is_some() || self.per != Per::Km2 {
            return Err(crate::sentence!("panel-gathered"));
        }
        self.validate()
    }

    /// Whether it can be shown.
    ///
    /// # Errors
    /// A sentence that says what to write.
    pub fn validate(&self) -> Result<(), Sentence> {
        if self.metric.counted().is_none() {
            let code = self.metric.code();
            return Err(crate::sentence!("panel-heat-counts", code = code));
        }
        let Some(play) = &self.play else { return Ok(()) };
        if self.metric.is_stock() {
            return Err(crate::sentence!("panel-heat-stock", code = self.metric.code()));
        }
        if self.beside.is_some() {
            return Err(crate::sentence!("panel-heat-both"));
        }
        let well = (2.0..=600.0).contains(&play.secs) && (1.0..=24.0 * 366.0).contains(&play.hours);
        if well { Ok(()) } else { Err(crate::sentence!("panel-heat-play")) }
    }

    fn filter(&self, dictionaries: &Dictionaries, panel: &FilterSpec) -> Filter {
        let mut filter = self.filter.clone();
        filter.narrow(panel);
        filter.resolve(dictionaries)
    }

    /// What it counts: the metric, over which time, and of which appeals.
    pub fn counted(&self, dictionaries: &Dictionaries, panel: &FilterSpec) -> Counted {
        Counted { metric: self.metric, period: self.period, filter: self.filter(dictionaries, panel) }
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
    fn timeline(&self, dictionaries: &Dictionaries, panel: &FilterSpec) -> Option<Query> {
        self.play.as_ref().map(|_| Query::Timeline(self.metric, self.period, self.filter(dictionaries, panel)))
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
        let more = [self.before(dictionaries, panel), self.timeline(dictionaries, panel)];
        own.into_iter().chain(more).flatten()
    }

    /// Paints it; returns the ramp of its colours, or none where there is nothing to show.
    pub fn paint(&self, context: &MapContext<'_>, brush: &mut Brush<'_>, panel: &FilterSpec) -> Option<Ramp> {
        let dictionaries = &context.region.dictionaries;
        let places = context.found(&self.query(dictionaries, panel))?;
        let usual = self.usual(dictionaries, panel).and_then(|query| context.found(&query));
        let at_home = self.scale(context, brush, places, usual);
        if at_home.high <= 0.0 {
            return None;
        }
        let timeline =
            self.timeline(dictionaries, panel).and_then(|query| match &context.view.measured(&query)?.answer {
                Answer::Timeline(timeline) => Some(timeline),
                _ => None,
            });
        let before = self.before(dictionaries, panel).and_then(|query| context.found(&query));
        match (timeline.zip(self.play.as_ref()), before.zip(self.beside)) {
            (Some((timeline, play)), _) => {
                let step = PlayWindow::at(play, timeline, brush);
                density::layer(context, brush, &Source::Timeline(timeline, step), at_home, self.per, context.clip);
                step.bar(context, brush, timeline);
            }
            (None, Some((before, compare))) => {
                let (left, right) = divide::parts(context, brush);
                density::layer(context, brush, &Source::Places(before), at_home, self.per, left);
                density::layer(context, brush, &Source::Places(places), at_home, self.per, right);
                divide::paint(context, brush, compare, right.min.x);
            }
            (None, None) => density::layer(context, brush, &Source::Places(places), at_home, self.per, context.clip),
        }
        Some(density::ramp(at_home, &context.window(), self.per))
    }

    /// The ramp: it ends at what is dense on a usual day, or now where no usual day is known, rounded up, so that
    /// the same colour means the same from one day to the next.
    fn scale(
        &self,
        context: &MapContext<'_>,
        brush: &mut Brush<'_>,
        places: &Arc<TiledPoints>,
        usual: Option<&Arc<TiledPoints>>,
    ) -> Ramp {
        let (of, part) = match usual.filter(|usual| !usual.is_empty()) {
            Some(usual) => (usual, ABOVE_USUAL * self.days() / USUAL.days() as f32),
            None => (places, 1.0),
        };
        density::scale(context, brush, of, part, self.per)
    }

    /// Paints the key to its colours from the left end of its words' baseline.
    pub fn key(&self, brush: &mut Brush<'_>, at: WallPoint, ramp: Ramp, language: &Language) {
        let gaps = (self.per == Per::Residents).then(|| language.message("map-few-residents"));
        key(brush, at, &self.words(language), gaps.as_deref(), ramp, language);
    }

    /// Paints the one line that a small map has for it, with its time where `room` is enough.
    pub fn small_key(&self, brush: &mut Brush<'_>, at: WallPoint, ramp: Ramp, language: &Language, room: f32) {
        let value = f64::from(ramp.high);
        // One digit that is not zero, however small it is.
        let digits = (-value.log10().floor()).clamp(0.0, 4.0) as usize;
        let per = self.unit(language);
        let number = language.number(value, digits);
        let words = language.message_with("map-up-to", &[("value", Arg::Text(&number)), ("per", Arg::Text(&per))]);
        let whole = format!("{words} {}", self.over(language));
        let fits = SMALL_RAMP * brush.theme.unit + brush.measure(&whole, brush.theme.note()) <= room;
        small_key(brush, at, if fits { &whole } else { &words });
    }

    /// What it is counted on: so many on a square kilometre, or to so many residents.
    fn unit(&self, language: &Language) -> String {
        language.message(match self.per {
            Per::Km2 => "map-per-km2",
            Per::Residents => "map-per-residents",
        })
    }

    /// How wide its key is, in wall pixels.
    pub fn key_width(&self, brush: &mut Brush<'_>, language: &Language) -> f32 {
        let u = brush.theme.unit;
        let ramp = if self.per == Per::Residents { 18.0 } else { 9.0 };
        (brush.measure(&self.words(language), brush.theme.note()) + 0.9 * u).max(ramp * u)
    }

    /// Over which time it is counted.
    fn over(&self, language: &Language) -> String {
        match &self.play {
            None => language.message(&format!("period-{}", self.period.code())),
            Some(play) => {
                let hours = language.number(play.hours, usize::from(play.hours.fract() != 0.0));
                language.message_with("map-in-hours", &[("hours", Arg::Text(&hours))])
            }
        }
    }

    /// What the key says of it: what is counted, and over which time.
    fn words(&self, language: &Language) -> String {
        let (period, per) = (self.over(language), self.unit(language));
        match self.metric {
            Metric::Received => format!("{per} {period}"),
            metric => format!("{}, {per} {period}", language.message(&format!("metric-{}", metric.code()))),
        }
    }
}

/// Paints the ramp with its ticks, a power of ten each, from the left end of its words' baseline.
fn key(brush: &mut Brush<'_>, at: WallPoint, words: &str, gaps: Option<&str>, scale: Ramp, language: &Language) {
    let (u, note, palette) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.clone());
    // On a plate: the south-west of a region may reach under the words.
    let gaps_width = gaps.map_or(0.0, |gaps| 1.9 * u + brush.measure(gaps, note));
    let width = brush.measure(words, note).max(7.6 * u + gaps_width);
    brush.fill_rect(rect(at.x - 0.35 * u, at.y - 1.05 * u, width + 0.7 * u, 3.35 * u), 0.24 * u, palette.plate);
    brush.text(words, note, at, palette.quiet);
    let ramp = rect(at.x, at.y + 0.45 * u, 7.6 * u, 0.5 * u);
    colours(brush, ramp);
    // Powers of ten, and their fives where that leaves too few and there is room between.
    let fives = scale.high / scale.low < 100.0;
    let mut taken: Vec<(f32, f32)> = Vec::new();
    let steps = [1.0, 5.0].into_iter().flat_map(|digit| (-6i32..6).map(move |power| (digit, power)));
    for (digit, power) in steps.filter(|(digit, _)| *digit == 1.0 || fives) {
        let value: f32 = digit * 10f32.powi(power);
        let t = scale.part(value);
        let text = language.number(f64::from(value), usize::try_from(-power).unwrap_or(0));
        let (x, half) = (ramp.min.x + t * ramp.width(), brush.measure(&text, note) / 2.0 + 0.2 * u);
        let is_free = taken.iter().all(|(left, right)| x + half <= *left || x - half >= *right);
        if (0.02..=0.98).contains(&t) && is_free {
            taken.push((x - half, x + half));
            brush.fill_rect(rect(x.round() - 1.0, ramp.min.y, 2.0, ramp.height() + 0.12 * u), 0.0, palette.text);
            brush.text_centred(&text, note, WallPoint::new(x, ramp.max.y + 1.15 * u), palette.quiet);
        }
    }
    if let Some(gaps) = gaps {
        let left = ramp.max.x + 0.7 * u;
        brush.bordered_rect(
            rect(left, ramp.min.y, 0.9 * u, ramp.height()),
            0.0,
            Fill::Solid(palette.land),
            2.0,
            palette.axis,
        );
        brush.text(gaps, note, WallPoint::new(left + 1.2 * u, ramp.max.y + 0.1 * u), palette.quiet);
    }
}

/// The colours of the ramp from its low end to its high one, with an edge.
fn colours(brush: &mut Brush<'_>, ramp: WallRect) {
    let palette = brush.theme.palette.clone();
    for stop in 0..8 {
        let (from, to) = (stop as f32 / 8.0, (stop + 1) as f32 / 8.0);
        let edge = |part: f32| (ramp.min.x + part * ramp.width()).round();
        let fill = Fill::Horizontal(palette.heat_at(from), palette.heat_at(to));
        brush.fill(rect(edge(from), ramp.min.y, edge(to) - edge(from), ramp.height()), 0.0, fill);
    }
    brush.bordered_rect(ramp, 0.0, Fill::Solid(Colour::CLEAR), 2.0, palette.axis);
}

/// How wide the ramp of the small key is with the gaps around it, in units.
const SMALL_RAMP: f32 = 3.5;

/// One line in the place of the key where a map is small: the ramp, and what its bright end means.
fn small_key(brush: &mut Brush<'_>, at: WallPoint, words: &str) {
    let (u, note, palette) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.clone());
    let ramp = rect(at.x, at.y - 0.58 * u, 2.6 * u, 0.5 * u);
    let width = ramp.width() + 0.5 * u + brush.measure(words, note);
    brush.fill_rect(rect(at.x - 0.35 * u, at.y - 1.05 * u, width + 0.7 * u, 1.55 * u), 0.24 * u, palette.plate);
    colours(brush, ramp);
    brush.text(words, note, WallPoint::new(ramp.max.x + 0.5 * u, at.y), palette.quiet);
}

/// Whether there is room for the key in a map of this size.
pub fn has_room(body: WallRect, u: f32) -> bool {
    body.width() > 19.0 * u && body.height() > 15.0 * u
}
