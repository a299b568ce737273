//! The fields of the heat layer: worked out for the window around what is seen, and remembered.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::super::kit::key_of;
use super::context::MapContext;
use super::play::PlayWindow;
use crate::data::places::{Cells, TiledPoints};
use crate::data::timeline::{Sliding, Timeline};
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
    /// Low end of the ramp as a fraction of its high end: rates per resident differ less between places than the number
    /// of residents does.
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
    Places(&'a Arc<TiledPoints>),
    /// A stretch of a course.
    Timeline(&'a Arc<Timeline>, PlayWindow),
}

/// A field and its input, which is held so that its address is not reused.
struct Prepared {
    _of: Option<Arc<TiledPoints>>,
    field: Arc<Field>,
}

/// The ramp on the map of the whole region, and what it was made of.
struct Scale {
    _of: Arc<TiledPoints>,
    ramp: Ramp,
}

/// The part of a map that densities are worked out for.
struct Ground<'a> {
    window: &'a Window,
    cells: Cells,
    bandwidth: Bandwidth,
    cell_km2: f32,
}

impl<'a> Ground<'a> {
    fn new(context: &MapContext<'_>, window: &'a Window, cells: Cells, per: Per) -> Self {
        let km = cells.side * km_per_unit(context.places().extent.center());
        let bandwidth = match per {
            Per::Km2 => Bandwidth::new(km, window.scale / context.home.scale),
            // Where one lives and where one meets a fault of the road are kilometres apart.
            Per::Residents => Bandwidth::new(km, 1.0).times(RATE_WIDER),
        };
        Self { window, cells, bandwidth, cell_km2: (km * km) as f32 }
    }

    /// Which part of each cell is land.
    fn land(&self, context: &MapContext<'_>, brush: &mut Brush<'_>) -> Arc<Vec<u8>> {
        let land_mesh = context.land_mesh(brush, self.window.scale);
        let bounds = self.cells.bounds();
        let seen = |number: usize| context.places().municipalities[number].bounds.intersects(&bounds);
        brush.cached(key_of(("on land", self.key(context))), || {
            let lands = land_mesh.lands.iter().enumerate().filter(|(number, _)| seen(*number));
            coverage(lands.flat_map(|(_, rings)| rings), &self.cells)
        })
    }

    /// How many live in each cell, smoothed as appeals are.
    fn residents(&self, context: &MapContext<'_>, brush: &mut Brush<'_>) -> Arc<Vec<f32>> {
        let land_mesh = context.land_mesh(brush, self.window.scale);
        let residents = context.residents(brush);
        brush.cached(key_of(("residents", self.key(context))), || {
            let margin = self.bandwidth.margin();
            let wider = self.cells.wider(margin);
            field::smoothed(&residents.counts(context.places(), &land_mesh, &wider), &wider, margin, self.bandwidth)
        })
    }

    fn key(&self, context: &MapContext<'_>) -> u64 {
        key_of((context.window_key(self.window), self.cells.across, self.cells.down, self.cells.side.to_bits()))
    }
}

/// Ramp for the map of the whole region, which ends at `part` times the highest density of `of`; in appeals per square
/// kilometre or per 1000 residents.
pub fn scale(context: &MapContext<'_>, brush: &mut Brush<'_>, of: &Arc<TiledPoints>, part: f32, per: Per) -> Ramp {
    let edges = [context.body.width().to_bits(), context.body.height().to_bits(), part.to_bits()];
    let key = key_of(("scale", Arc::as_ptr(of) as usize, edges, per, Arc::as_ptr(&context.region) as usize));
    let whole = Window::around(&context.home, context.clip, context.home.scale);
    let ground = Ground::new(context, &whole, whole.cells(CELL_OF_SCALE), per);
    let residents = (per == Per::Residents).then(|| ground.residents(context, brush));
    let scale = brush.cached(key, || {
        let density = field::density(of, &ground.cells, ground.bandwidth);
        let highest = match &residents {
            Some(residents) => field::top(&field::per_thousand(&density, residents, ground.cell_km2)),
            None => field::top(&density) / ground.cell_km2,
        };
        let few = HANDFUL * ground.bandwidth.top_of_one() / ground.cell_km2;
        Scale { _of: of.clone(), ramp: at_home(field::rounded_up(highest * part), few, per) }
    });
    scale.ramp
}

/// The ramp ends at least at the density of this many appeals in one place: with a lower end, a few appeals would
/// colour the whole land.
const HANDFUL: f32 = 5.0;
/// Where the ramp begins that a handful would fill, as a part of its end.
const LOW_OF_HANDFUL: f32 = 0.04;

/// The ramp that ends at `high`, where a handful of appeals comes to `few`.
fn at_home(high: f32, few: f32, per: Per) -> Ramp {
    if per == Per::Residents || high <= 0.0 || high >= few {
        return Ramp { low: high * per.lowest(), high };
    }
    // Between a handful and a single one the beginning rises to where the single one is still a spot.
    let emptiness = ((few / high).ln() / HANDFUL.ln()).min(1.0);
    let lowest = per.lowest() * (LOW_OF_HANDFUL / per.lowest()).powf(emptiness);
    let high = field::rounded_up(few);
    Ramp { low: high * lowest, high }
}

/// The ramp on a window's level: narrower smoothing finds higher tops.
pub fn ramp(at_home: Ramp, window: &Window, per: Per) -> Ramp {
    match per {
        Per::Km2 => at_home.times(2f32.powi(window.level).max(1.0).sqrt()),
        Per::Residents => at_home,
    }
}

/// Paints one field, and the finer one that takes its place, within `clip`.
pub fn layer(
    context: &MapContext<'_>,
    brush: &mut Brush<'_>,
    source: &Source<'_>,
    at_home: Ramp,
    per: Per,
    clip: WallRect,
) {
    let (lens, own) = (*context.lens(), context.window());
    let field = field(context, brush, source, &own, at_home, per);
    let (zoom, _) = own.seen_through(&lens);
    let next = (zoom >= window::NEXT_LEVEL_ZOOM).then(|| {
        let finer = own.next(&lens, context.clip, context.home.scale);
        let rect = own.rect(cells(brush, &finer).bounds());
        let gives_way = [window::NEXT_LEVEL_ZOOM, window::GROWTH as f32];
        (self::field(context, brush, source, &finer, at_home, per), rect, gives_way)
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
    window.cells(f64::from((brush.theme.unit / 12.0).round().clamp(2.0, 6.0)))
}

fn field(
    context: &MapContext<'_>,
    brush: &mut Brush<'_>,
    source: &Source<'_>,
    window: &Window,
    at_home: Ramp,
    per: Per,
) -> Arc<Field> {
    let ground = Ground::new(context, window, cells(brush, window), per);
    let land = ground.land(context, brush);
    let residents = (per == Per::Residents).then(|| ground.residents(context, brush));
    let (cells, bandwidth) = (ground.cells, ground.bandwidth);
    let ramp = ramp(at_home, window, per);
    let own = (ground.key(context), [ramp.low, ramp.high].map(f32::to_bits), per);
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
            let prepared = brush.cached(key, || {
                let field = levels(field::density(places, &cells, bandwidth));
                Prepared { _of: Some(Arc::clone(places)), field }
            });
            prepared.field.clone()
        }
        Source::Timeline(timeline, step) => {
            let wider = cells.wider(bandwidth.margin());
            let address = Arc::as_ptr(timeline) as usize;
            let sliding = brush
                .cached(key_of(("sliding", address, own)), || (Arc::clone(timeline), Mutex::new(Sliding::new(wider))));
            let prepared = brush.cached(key_of(("step", address, own, step.from, step.to)), || {
                // What it holds is a function of where it is moved to, so that it does not matter where it was.
                let mut sliding = sliding.1.lock().unwrap_or_else(PoisonError::into_inner);
                sliding.move_to(timeline, timeline.between(step.from, step.to));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handful_fills_no_ramp() {
        let few = 0.25;
        // What is common fills the ramp as it did.
        assert_eq!(at_home(0.5, few, Per::Km2), Ramp { low: 0.0025, high: 0.5 });
        // A single appeal, a fifth of a handful, stands in the middle, and is gone where it is a fifth of that.
        let single = at_home(0.05, few, Per::Km2);
        assert!(single.high >= few && (0.25..0.75).contains(&single.part(0.05)) && single.part(0.01) < 0.05);
        // In between nothing jumps.
        let mut last = at_home(few, few, Per::Km2);
        for step in (1..=24).rev() {
            let next = at_home(step as f32 / 100.0, few, Per::Km2);
            assert!(next.low >= last.low * 0.99 && next.low < last.low * 2.5 && next.high >= few, "{step} {next:?}");
            last = next;
        }
        assert_eq!(at_home(0.05, few, Per::Residents).high, 0.05);
        assert_eq!(at_home(0.0, few, Per::Km2).high, 0.0);
    }
}
