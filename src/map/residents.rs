//! Where people live: what appeals are measured against, where "many" is to mean "many for so few people".

use geo::{BoundingRect, Contains};

use super::ring::coverage;
use super::{Gazetteer, LandMesh};
use crate::data::places::Cells;
use crate::data::region::Region;
use crate::geometry::{WorldPoint, WorldRect, WorldVector, km_per_unit};

/// How densely people live in a town, to a square kilometre: as in the middling towns of Russia.
const TOWN_PER_KM2: f64 = 1500.0;
/// Corners of the ring that stands for a town.
const CORNERS: u32 = 24;

/// Residents of a town live on a disc around its centre; all others of a municipality are spread evenly over its land.
#[derive(Debug, Clone, PartialEq)]
pub struct Residents {
    /// The ring of each town and its residents.
    towns: Vec<(Vec<WorldPoint>, f32)>,
    /// By municipality.
    countryside: Vec<f32>,
}

impl Residents {
    /// The residents of a region, by the populations of its municipalities and towns.
    pub fn new(region: &Region, gazetteer: &Gazetteer) -> Self {
        let land = &region.boundaries.municipalities;
        let mut left: Vec<f32> = (0..land.len())
            .map(|number| {
                let told = region.dictionaries.municipalities.get(number).map(|m| m.population);
                told.filter(|n| *n > 0).or(land[number].population).unwrap_or(0) as f32
            })
            .collect();
        let boxes: Vec<_> = land.iter().map(|m| m.land.bounding_rect()).collect();
        let mut towns = Vec::new();
        for town in &region.boundaries.towns {
            let holds = |number: &usize| {
                boxes[*number].is_some_and(|b| geo::Intersects::intersects(&b, &town.at))
                    && land[*number].land.contains(&town.at)
            };
            let Some(number) = (0..land.len()).find(holds) else { continue };
            // Two censuses may disagree: a municipality has no more residents than it says.
            let residents = (town.population as f32).min(left[number]);
            left[number] -= residents;
            towns.push((disc(gazetteer.frame.place(town.at.x(), town.at.y()), residents), residents));
        }
        Self { towns, countryside: left }
    }

    /// How many live in each cell, row by row.
    pub fn counts(&self, gazetteer: &Gazetteer, land_mesh: &LandMesh, cells: &Cells) -> Vec<f32> {
        let mut counts = vec![0.0; cells.across * cells.down];
        for (ring, residents) in &self.towns {
            spread(std::slice::from_ref(ring), WorldRect::from_points(ring), *residents, cells, &mut counts);
        }
        for (number, residents) in self.countryside.iter().enumerate() {
            spread(&land_mesh.lands[number], gazetteer.municipalities[number].bounds, *residents, cells, &mut counts);
        }
        counts
    }
}

/// Spreads residents evenly over the cells within rings that lie in `bounds`.
fn spread(rings: &[Vec<WorldPoint>], bounds: WorldRect, residents: f32, cells: &Cells, counts: &mut [f32]) {
    let Some((part, (left, top))) = within(cells, bounds).filter(|_| residents > 0.0) else { return };
    let area: f64 = rings.iter().map(|ring| signed_area(ring)).sum::<f64>().abs();
    let a_cell = f64::from(residents) * cells.side * cells.side / area.max(1e-18) / 255.0;
    for (row, covered) in coverage(rings, &part).chunks_exact(part.across).enumerate() {
        let from = (top + row) * cells.across + left;
        let cells = &mut counts[from..from + part.across];
        cells.iter_mut().zip(covered).for_each(|(cell, part)| *cell += (f64::from(*part) * a_cell) as f32);
    }
}

/// A ring around a town of so many residents.
fn disc(middle: WorldPoint, residents: f32) -> Vec<WorldPoint> {
    let radius = (f64::from(residents) / TOWN_PER_KM2 / std::f64::consts::PI).sqrt().max(0.3) / km_per_unit(middle);
    let corner = |at: u32| f64::from(at) / f64::from(CORNERS) * std::f64::consts::TAU;
    // Closed: the last corner is the first one.
    (0..=CORNERS).map(|at| middle + WorldVector::new(corner(at).cos(), corner(at).sin()) * radius).collect()
}

/// The cells that meet `bounds`, and the column and row of the first of them.
fn within(cells: &Cells, bounds: WorldRect) -> Option<(Cells, (usize, usize))> {
    let part = bounds.intersection(&cells.bounds())?;
    let place = |at: WorldPoint| (at - cells.origin) / cells.side;
    let (low, high) = (place(part.min), place(part.max));
    let (left, top) = (low.x.max(0.0) as usize, low.y.max(0.0) as usize);
    let (right, bottom) = ((high.x.ceil() as usize).min(cells.across), (high.y.ceil() as usize).min(cells.down));
    let origin = cells.origin + WorldVector::new(left as f64, top as f64) * cells.side;
    let (across, down) = (right.checked_sub(left)?, bottom.checked_sub(top)?);
    (across > 0 && down > 0).then_some((Cells { origin, across, down, ..*cells }, (left, top)))
}

/// Signed area of a ring in squared units of the Earth; holes have the opposite sign.
fn signed_area(ring: &[WorldPoint]) -> f64 {
    let Some(first) = ring.first() else { return 0.0 };
    // From a point of its own: far from the origin the products would eat the digits.
    let twice: f64 = ring.windows(2).map(|pair| (pair[0] - *first).cross(pair[1] - *first)).sum();
    twice / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_lives_somewhere_once() {
        let (boundaries, mut dictionaries) = crate::map::gazetteer::tests::region();
        for (number, municipality) in dictionaries.municipalities.iter_mut().enumerate() {
            municipality.population = 40_000 + 1000 * number as u32;
        }
        let gazetteer = Gazetteer::new(&boundaries, &dictionaries);
        let region = Region { dictionaries, boundaries };
        let residents = Residents::new(&region, &gazetteer);
        let all: f64 = region.dictionaries.municipalities.iter().map(|m| f64::from(m.population)).sum();
        for across in [40, 300] {
            let side = gazetteer.extent.width() / f64::from(across);
            let down = (gazetteer.extent.height() / side).ceil() as usize + 2;
            let cells = Cells { origin: gazetteer.extent.min, side, across: across as usize, down }.wider(1);
            let land_mesh = LandMesh::new(&region.boundaries, gazetteer.frame, 50.0);
            let counted: f64 = residents.counts(&gazetteer, &land_mesh, &cells).iter().map(|n| f64::from(*n)).sum();
            assert!((counted / all - 1.0).abs() < 0.01, "{counted} of {all} in {across} cells across");
        }
    }
}
