//! Where appeals came from, sorted by tile: a map counts the cells that it shows without looking at the rest.

use crate::geometry::{WorldPoint, WorldRect, WorldVector};

/// Target number of appeals in a tile. Smaller tiles gain nothing.
const A_TILE: usize = 64;
/// No more tiles than this a side.
const MAX_TILES: usize = 512;
/// Subdivisions of a tile's side that positions are rounded to: under 4 cm in tiles of 2 km.
const PARTS: f64 = 65_536.0;

/// Square cells over a part of the Earth, in rows from its north-west corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cells {
    /// The north-west corner.
    pub origin: WorldPoint,
    /// The side of a cell, in units of the Earth.
    pub side: f64,
    /// Cells to a row.
    pub across: usize,
    /// Rows.
    pub down: usize,
}

impl Cells {
    /// The part of the Earth that they cover.
    pub fn bounds(&self) -> WorldRect {
        let size = WorldVector::new(self.across as f64, self.down as f64) * self.side;
        WorldRect::new(self.origin, self.origin + size)
    }

    /// The same cells with `margin` more on every side.
    #[must_use]
    pub fn wider(&self, margin: usize) -> Self {
        let shift = WorldVector::splat(margin as f64 * self.side);
        Self { origin: self.origin - shift, across: self.across + 2 * margin, down: self.down + 2 * margin, ..*self }
    }

    /// The number of the cell that a point lies in.
    pub fn index_of(&self, at: WorldPoint) -> Option<usize> {
        let place = (at - self.origin) / self.side;
        if place.x < 0.0 || place.y < 0.0 {
            return None;
        }
        let (column, row) = (place.x as usize, place.y as usize);
        (column < self.across && row < self.down).then_some(row * self.across + column)
    }
}

/// Positions of appeals, sorted by tile.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TiledPoints {
    bounds: WorldRect,
    tiles: usize,
    /// For each tile where its places begin, and the end of the last.
    starts: Vec<u32>,
    /// Where in its tile each place lies.
    within: Vec<[u16; 2]>,
}

/// Positions before they are sorted, in half of the memory.
#[derive(Debug)]
pub struct TileSorter {
    bounds: WorldRect,
    scale: (f64, f64),
    /// Parts of the width and height of the bounds.
    places: Vec<[u32; 2]>,
}

impl TileSorter {
    /// Nothing yet; what lies outside of `bounds` will be left out.
    pub fn new(bounds: WorldRect) -> Self {
        let whole = f64::from(u32::MAX);
        Self { bounds, scale: (whole / bounds.width(), whole / bounds.height()), places: Vec::new() }
    }

    /// Takes a place.
    pub fn add(&mut self, at: WorldPoint) {
        if self.bounds.contains(at) {
            let from = at - self.bounds.min;
            self.places.push([(from.x * self.scale.0) as u32, (from.y * self.scale.1) as u32]);
        }
    }

    /// All of them, by tile.
    pub fn sorted(self) -> TiledPoints {
        let Self { bounds, places, .. } = self;
        if places.is_empty() {
            return TiledPoints { bounds, ..TiledPoints::default() };
        }
        let tiles = (((places.len() / A_TILE) as f64).sqrt() as usize).clamp(1, MAX_TILES);
        let placed = || {
            places.iter().map(|at| {
                // In 48 bits: the upper ones say which tile, the next 16 where in it.
                let [x, y] = at.map(|part| (u64::from(part) * tiles as u64) >> 16);
                let tile = (y >> 16) as usize * tiles + (x >> 16) as usize;
                (tile, [x as u16, y as u16])
            })
        };
        let mut starts = vec![0_u32; tiles * tiles + 1];
        placed().for_each(|(tile, _)| starts[tile + 1] += 1);
        for tile in 0..tiles * tiles {
            starts[tile + 1] += starts[tile];
        }
        let mut next = starts.clone();
        let mut within = vec![[0; 2]; places.len()];
        for (tile, place) in placed() {
            let at = &mut next[tile];
            within[*at as usize] = place;
            *at += 1;
        }
        TiledPoints { bounds, tiles, starts, within }
    }
}

impl TiledPoints {
    /// Sorts places; those outside of `bounds` are left out.
    pub fn new(bounds: WorldRect, places: impl IntoIterator<Item = WorldPoint>) -> Self {
        let mut sorter = TileSorter::new(bounds);
        places.into_iter().for_each(|at| sorter.add(at));
        sorter.sorted()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.within.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.within.is_empty()
    }

    /// How many lie in each cell, row by row.
    pub fn counts(&self, cells: &Cells) -> Vec<u32> {
        let mut counts = vec![0; cells.across * cells.down];
        self.each_in(cells.bounds(), |at| {
            if let Some(index) = cells.index_of(at) {
                counts[index] += 1;
            }
        });
        counts
    }

    /// Calls `found` with every place in tiles that meet `part`.
    pub fn each_in(&self, part: WorldRect, mut found: impl FnMut(WorldPoint)) {
        let Some(part) = part.intersection(&self.bounds).filter(|_| self.tiles > 0) else { return };
        let tile = WorldVector::new(self.bounds.width(), self.bounds.height()) / self.tiles as f64;
        let step = tile / PARTS;
        let last = self.tiles - 1;
        let (low, high) = (part.min - self.bounds.min, part.max - self.bounds.min);
        let columns = (low.x / tile.x) as usize..=((high.x / tile.x) as usize).min(last);
        let rows = (low.y / tile.y) as usize..=((high.y / tile.y) as usize).min(last);
        for row in rows {
            for column in columns.clone() {
                let number = row * self.tiles + column;
                let places = &self.within[self.starts[number] as usize..self.starts[number + 1] as usize];
                let corner = self.bounds.min + WorldVector::new(column as f64 * tile.x, row as f64 * tile.y);
                for [x, y] in places {
                    // The middle of the part: what was cut off by sorting is as often too much as too little.
                    let inside = WorldVector::new((f64::from(*x) + 0.5) * step.x, (f64::from(*y) + 0.5) * step.y);
                    found(corner + inside);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit() -> WorldRect {
        WorldRect::new(WorldPoint::new(0.6, 0.3), WorldPoint::new(0.61, 0.306))
    }

    proptest! {
        #[test]
        fn cells_hold_what_lies_in_them_and_nothing_is_lost(
            places in prop::collection::vec((0f64..1.0, 0f64..1.0), 0..3000), across in 1usize..80, down in 1usize..80
        ) {
            let bounds = unit();
            let points: Vec<WorldPoint> = places.iter()
                .map(|(x, y)| bounds.min + WorldVector::new(x * bounds.width(), y * bounds.height())).collect();
            let index = TiledPoints::new(bounds, points.iter().copied());
            prop_assert_eq!(index.len(), points.len());
            let side = (bounds.width() / across as f64).max(bounds.height() / down as f64) * 1.0001;
            let cells = Cells { origin: bounds.min, side, across, down };
            let counts = index.counts(&cells);
            prop_assert_eq!(counts.iter().sum::<u32>() as usize, points.len());
            // Exactly those of a count of each place by itself, but for places at a hair's breadth of an edge.
            let mut plain = vec![0_u32; across * down];
            points.iter().for_each(|at| plain[cells.index_of(*at).unwrap()] += 1);
            let moved: u32 = counts.iter().zip(&plain).map(|(a, b)| a.abs_diff(*b)).sum();
            // Each counts twice: where it is missed and where it is found.
            prop_assert!(moved <= 6 + points.len() as u32 / 250, "{moved}");
            // A part of the cells has the same counts.
            let part = Cells { origin: cells.origin + WorldVector::splat(side), across: across.saturating_sub(1).max(1), down: down.saturating_sub(1).max(1), side };
            if across > 1 && down > 1 {
                let inner = index.counts(&part);
                for row in 0..part.down {
                    for column in 0..part.across {
                        let outer = counts[(row + 1) * across + column + 1];
                        prop_assert!(inner[row * part.across + column].abs_diff(outer) <= 1);
                    }
                }
            }
        }
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let points = [WorldPoint::new(0.605, 0.303), WorldPoint::new(0.5, 0.303), WorldPoint::new(0.7, 0.9)];
        assert_eq!(TiledPoints::new(unit(), points).len(), 1);
        assert!(TiledPoints::new(unit(), []).is_empty());
        assert!(TiledPoints::new(WorldRect::zero(), points).is_empty());
    }
}
