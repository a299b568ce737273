//! Municipalities coloured by a measure, and the key to the colours.

use super::super::frame;
use super::context::MapContext;
use crate::data::measure::{Group, Measure, Unit};
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Language, LocalizedText};
use crate::map::classes::{Classes, class_of};
use crate::scene::{Brush, Colour};

/// The classes of a measure, and what each municipality is painted with.
pub struct Choropleth {
    /// By municipality.
    pub fills: Vec<Colour>,
    edges: Vec<f64>,
    lacks_some: bool,
}

impl Choropleth {
    /// Divides municipalities into classes by their values.
    pub fn new(groups: &[Group], classes: &Classes, context: &MapContext<'_>, brush: &Brush<'_>) -> Self {
        // Groups stand in the order of the dictionary.
        let value = |number: usize| groups.get(number)?.now.filter(|v| v.is_finite());
        let values: Vec<Option<f64>> = (0..context.region.boundaries.municipalities.len()).map(value).collect();
        let edges = classes.edges(values.iter().copied().flatten());
        let fill = |value: &Option<f64>| match value {
            Some(value) => colour(brush, class_of(*value, &edges), edges.len() + 1),
            None => unknown(brush),
        };
        Self { fills: values.iter().map(fill).collect(), lacks_some: values.iter().any(Option::is_none), edges }
    }

    /// How high the key stands, in units of the smallest type.
    pub const KEY_HEIGHT: f32 = 3.35;

    /// Paints the key from the left end of its words' baseline: a swatch a class, and the values between them.
    pub fn key(&self, context: &MapContext<'_>, brush: &mut Brush<'_>, at: WallPoint, measure: &Measure, words: &str) {
        let (u, note, palette) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.clone());
        let language = context.view.language;
        let count = self.edges.len() + 1;
        let values: Vec<String> = self.edges.iter().map(|edge| value(language, measure, *edge)).collect();
        // As wide as the widest value needs to be told from its neighbour.
        let widest = values.iter().map(|text| brush.measure(text, note)).fold(0.0, f32::max);
        let swatch = (widest + 0.5 * u).max(1.6 * u);
        let none = language.message("map-no-data");
        let none_width = if self.lacks_some { brush.measure(&none, note) + 1.9 * u } else { 0.0 };
        let width = brush.measure(words, note).max(swatch * count as f32 + none_width);
        brush.fill_rect(
            rect(at.x - 0.35 * u, at.y - 1.05 * u, width + 0.7 * u, Self::KEY_HEIGHT * u),
            0.24 * u,
            palette.plate,
        );
        brush.text(words, note, at, palette.quiet);
        let top = at.y + 0.45 * u;
        for class in 0..count {
            let left = at.x + swatch * class as f32;
            let fill = colour(brush, class, count);
            let place = rect(left.round(), top.round(), swatch.round(), (0.5 * u).round());
            brush.bordered_rect(place, 0.0, crate::scene::Fill::Solid(fill), 2.0, palette.axis);
        }
        for (index, text) in values.iter().enumerate() {
            let x = at.x + swatch * (index + 1) as f32;
            brush.text_centred(text, note, WallPoint::new(x, top + 1.65 * u), palette.quiet);
        }
        if self.lacks_some {
            let left = at.x + swatch * count as f32 + 0.7 * u;
            let place = WallRect::new(WallPoint::new(left, top), WallPoint::new(left + 0.9 * u, top + 0.5 * u));
            brush.bordered_rect(place, 0.0, crate::scene::Fill::Solid(unknown(brush)), 2.0, palette.axis);
            brush.text(&none, note, WallPoint::new(left + 1.2 * u, top + 0.6 * u), palette.quiet);
        }
    }
}

/// What the key calls a measure over a period, with its unit.
pub fn words(language: &Language, measure: &Measure, title: Option<&LocalizedText>, period: &str) -> String {
    let name = title.map_or_else(|| frame::measure_name(language, measure), |title| title.to(language).to_owned());
    let unit = if measure.unit() == Unit::Percent { ", %" } else { "" };
    format!("{name} {period}{unit}")
}

fn value(language: &Language, measure: &Measure, value: f64) -> String {
    let decimals = usize::from(measure.unit() != Unit::Appeals && value < 100.0 && value.fract() != 0.0);
    language.number(value, decimals)
}

fn colour(brush: &Brush<'_>, class: usize, count: usize) -> Colour {
    let palette = &brush.theme.palette;
    let part = if count > 1 { class as f32 / (count - 1) as f32 } else { 0.5 };
    palette.land.mix(palette.now_past, 0.06 + 0.64 * part)
}

fn unknown(brush: &Brush<'_>) -> Colour {
    brush.theme.palette.panel_bottom
}
