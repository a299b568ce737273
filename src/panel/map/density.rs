//! The fields of the heat layer: worked out for the window around what is seen, and remembered.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::super::key_of;
use super::sheet::Sheet;
use super::step::Step;
use crate::data::course::{Course, Sliding};
use crate::data::places::{Cells, Places};
use crate::geometry::{WallRect, km_per_unit};
use crate::map::field::{self, Bandwidth, Ramp};
use crate::map::{Window, coverage, window};
use crate::scene::{Brush, Field, Heat};

/// Pixels to a cell where only the highest density is looked for.
const CELL_OF_SCALE: f64 = 4.0;

/// Shares are smoothed more widely than densities, by this.
const RATE_WIDER: f32 = 2.5;

/// What the number of appeals is held against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// The square kilometres that they lie on.
    #[default]
    Km2,
    /// The thousands that live there.
    Residents,
}

impl Per {
    /// Where the ramp begins, as a part of where it ends: places differ less in what their residents send than in how
    /// many live there.
    fn lowest(self) -> f32 {
        match self {
            Self::Km2 => 0.005,
            Self::Residents => 0.04,
        }
    }
}

/// What a field is made of.
pub enum Source<'a> {
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
    high: f32,
}

/// The part of a map that densities are worked out for.
struct Ground<'a> {
    window: &'a Window,
    cells: Cells,
    bandwidth: Bandwidth,
    cell_km2: f32,
}

impl<'a> Ground<'a> {
    fn new(sheet: &Sheet<'_>, window: &'a Window, cells: Cells, per: Per) -> Self {
        let km = cells.side * km_per_unit(sheet.places().extent.center());
        let bandwidth = match per {
            Per::Km2 => Bandwidth::new(km, window.scale / sheet.home.scale),
            // Where one lives and where one meets a fault of the road are kilometres apart.
            Per::Residents => Bandwidth::new(km, 1.0).times(RATE_WIDER),
        };
        Self { window, cells, bandwidth, cell_km2: (km * km) as f32 }
    }

    /// Which part of each cell is land.
    fn land(&self, sheet: &Sheet<'_>, brush: &mut Brush<'_>) -> Arc<Vec<u8>> {
        let relief = sheet.relief(brush, self.window.scale);
        let bounds = self.cells.bounds();
        let seen = |number: usize| sheet.places().municipalities[number].bounds.intersects(&bounds);
        brush.recall(key_of(("on land", self.key(sheet))), || {
            let lands = relief.lands.iter().enumerate().filter(|(number, _)| seen(*number));
            coverage(lands.flat_map(|(_, rings)| rings), &self.cells)
        })
    }

    /// How many live in each cell, smoothed as appeals are.
    fn residents(&self, sheet: &Sheet<'_>, brush: &mut Brush<'_>) -> Arc<Vec<f32>> {
        let relief = sheet.relief(brush, self.window.scale);
        let residents = sheet.residents(brush);
        brush.recall(key_of(("residents", self.key(sheet))), || {
            let margin = self.bandwidth.margin();
            let wider = self.cells.wider(margin);
            field::smoothed(&residents.counts(sheet.places(), &relief, &wider), &wider, margin, self.bandwidth)
        })
    }

    fn key(&self, sheet: &Sheet<'_>) -> u64 {
        key_of((sheet.window_key(self.window), self.cells.across, self.cells.down, self.cells.side.to_bits()))
    }
}

/// What the ramp ends at, where `part` of the highest density of `of` is the highest that it is to tell apart: in
/// appeals to a square kilometre or to 1000 residents.
pub fn scale(sheet: &Sheet<'_>, brush: &mut Brush<'_>, of: &Arc<Places>, part: f32, per: Per) -> f32 {
    let edges = [sheet.body.width().to_bits(), sheet.body.height().to_bits(), part.to_bits()];
    let key = key_of(("scale", Arc::as_ptr(of) as usize, edges, per, Arc::as_ptr(&sheet.region) as usize));
    let whole = Window::around(&sheet.home, sheet.clip, sheet.home.scale);
    let ground = Ground::new(sheet, &whole, whole.cells(CELL_OF_SCALE), per);
    let residents = (per == Per::Residents).then(|| ground.residents(sheet, brush));
    let scale = brush.recall(key, || {
        let density = field::density(of, &ground.cells, ground.bandwidth);
        let highest = match &residents {
            Some(residents) => field::top(&field::per_thousand(&density, residents, ground.cell_km2)),
            None => field::top(&density) / ground.cell_km2,
        };
        Scale { _of: of.clone(), high: field::rounded_up(highest * part) }
    });
    scale.high
}

/// The ramp on a window's level: narrower smoothing finds higher tops.
pub fn ramp(at_home: f32, window: &Window, per: Per) -> Ramp {
    let high = match per {
        Per::Km2 => at_home * 2f32.powi(window.level).max(1.0).sqrt(),
        Per::Residents => at_home,
    };
    Ramp { low: high * per.lowest(), high }
}

/// Paints one field, and the finer one that takes its place, within `clip`.
pub fn layer(
    sheet: &Sheet<'_>,
    brush: &mut Brush<'_>,
    source: &Source<'_>,
    (at_home, per): (f32, Per),
    clip: WallRect,
) {
    let (lens, own) = (*sheet.lens(), sheet.window());
    let field = field(sheet, brush, source, &own, (at_home, per));
    let (zoom, _) = own.seen_through(&lens);
    let next = (zoom >= window::GIVES_WAY).then(|| {
        let finer = own.next(&lens, sheet.clip, sheet.home.scale);
        let rect = own.rect(cells(brush, &finer).bounds());
        let gives_way = [window::GIVES_WAY, window::GROWTH as f32];
        (self::field(sheet, brush, source, &finer, (at_home, per)), rect, gives_way)
    });
    let rect = own.rect(cells(brush, &own).bounds());
    let fields = (address(&field), next.as_ref().map(|(field, ..)| address(field)));
    let ramp = brush.theme.ramp();
    brush.moving_layer(key_of(("heat", fields)), own.seen_through(&lens), clip, |brush| {
        brush.heat(Heat { field, rect, next, ramp });
    });
}

fn cells(brush: &Brush<'_>, window: &Window) -> Cells {
    // Finer cells than a twelfth of the smallest type are not seen.
    window.cells(f64::from((brush.theme.u / 12.0).round().clamp(2.0, 6.0)))
}

fn field(
    sheet: &Sheet<'_>,
    brush: &mut Brush<'_>,
    source: &Source<'_>,
    window: &Window,
    (at_home, per): (f32, Per),
) -> Arc<Field> {
    let ground = Ground::new(sheet, window, cells(brush, window), per);
    let land = ground.land(sheet, brush);
    let residents = (per == Per::Residents).then(|| ground.residents(sheet, brush));
    let (cells, bandwidth) = (ground.cells, ground.bandwidth);
    let ramp = ramp(at_home, window, per);
    let own = (ground.key(sheet), ramp.high.to_bits(), per);
    let levels = |mut density: Vec<f32>| {
        let ramp = match &residents {
            Some(residents) => {
                density = field::per_thousand(&density, residents, ground.cell_km2);
                ramp
            }
            None => ramp.times(ground.cell_km2),
        };
        field::on_land(&mut density, &land);
        Arc::new(field::levels(&density, &cells, ramp))
    };
    match source {
        Source::Places(places) => {
            let key = key_of(("field", Arc::as_ptr(places) as usize, own));
            let prepared = brush.recall(key, || {
                let field = levels(field::density(places, &cells, bandwidth));
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
                let counts: Vec<f32> = sliding.counts().iter().map(|n| *n as f32).collect();
                let density = field::smoothed(&counts, &wider, bandwidth.margin(), bandwidth);
                Prepared { _of: None, field: levels(density) }
            });
            prepared.field.clone()
        }
    }
}

fn address(field: &Arc<Field>) -> usize {
    Arc::as_ptr(field) as usize
}
