//! Where appeals came from in the order of time, and counts of a stretch of it that moves.

use std::ops::Range;

use super::places::Cells;
use crate::geometry::{WorldPoint, WorldRect, WorldVector};

/// Places with the seconds at which what is counted happened there, the earliest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    /// The second that the period begins with.
    pub from: u32,
    /// The first second after it.
    pub to: u32,
    bounds: WorldRect,
    seconds: Vec<u32>,
    /// Parts of the width and height of the bounds.
    places: Vec<[u32; 2]>,
}

impl Timeline {
    /// Sorts what happened in a period; places outside of `bounds` are left out.
    pub fn new(bounds: WorldRect, (from, to): (u32, u32), mut happened: Vec<(u32, WorldPoint)>) -> Self {
        happened.retain(|(_, at)| bounds.contains(*at));
        happened.sort_by_key(|(second, _)| *second);
        let part = |value: f64, whole: f64| (value / whole * f64::from(u32::MAX)) as u32;
        let place = |at: WorldPoint| {
            let from = at - bounds.min;
            [part(from.x, bounds.width()), part(from.y, bounds.height())]
        };
        let places = happened.iter().map(|(_, at)| place(*at)).collect();
        Self { from, to, bounds, seconds: happened.into_iter().map(|(second, _)| second).collect(), places }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.seconds.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.seconds.is_empty()
    }

    /// Those that happened in `from..to`.
    pub fn between(&self, from: u32, to: u32) -> Range<usize> {
        let at = |second: u32| self.seconds.partition_point(|s| *s < second);
        at(from)..at(to).max(at(from))
    }

    fn place(&self, index: usize) -> WorldPoint {
        let [x, y] = self.places[index].map(|part| (f64::from(part) + 0.5) / f64::from(u32::MAX));
        self.bounds.min + WorldVector::new(x * self.bounds.width(), y * self.bounds.height())
    }
}

/// Counts per cell over a range of a timeline that moves: entering events are added, leaving ones subtracted, in
/// integers, so that nothing drifts.
#[derive(Debug, Clone)]
pub struct Sliding {
    cells: Cells,
    held: Range<usize>,
    counts: Vec<u32>,
}

impl Sliding {
    /// Nothing counted yet.
    pub fn new(cells: Cells) -> Self {
        Self { counts: vec![0; cells.across * cells.down], held: 0..0, cells }
    }

    /// Counts just those of `range`.
    pub fn move_to(&mut self, timeline: &Timeline, range: Range<usize>) {
        let kept = range.start.max(self.held.start)..range.end.min(self.held.end);
        if kept.is_empty() {
            self.change(timeline, self.held.clone(), |count| *count -= 1);
            self.change(timeline, range.clone(), |count| *count += 1);
        } else {
            self.change(timeline, self.held.start..kept.start, |count| *count -= 1);
            self.change(timeline, kept.end..self.held.end, |count| *count -= 1);
            self.change(timeline, range.start..kept.start, |count| *count += 1);
            self.change(timeline, kept.end..range.end, |count| *count += 1);
        }
        self.held = range;
    }

    /// The counts, row by row.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    fn change(&mut self, timeline: &Timeline, range: Range<usize>, change: impl Fn(&mut u32)) {
        for index in range {
            if let Some(cell) = self.cells.index_of(timeline.place(index)) {
                change(&mut self.counts[cell]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn after_any_moves_the_counts_are_those_of_a_fresh_count(
            happened in prop::collection::vec((0u32..1000, 0f64..1.0, 0f64..1.0), 0..400),
            moves in prop::collection::vec((0u32..1100, 0u32..400), 1..20)
        ) {
            let bounds = WorldRect::new(WorldPoint::new(0.6, 0.3), WorldPoint::new(0.61, 0.31));
            let at = |x: f64, y: f64| bounds.min + WorldVector::new(x * bounds.width(), y * bounds.height());
            let timeline = Timeline::new(bounds, (0, 1000), happened.iter().map(|(s, x, y)| (*s, at(*x, *y))).collect());
            prop_assert_eq!(timeline.len(), happened.len());
            // Cells over a part only: what lies outside is counted nowhere.
            let cells = Cells { origin: at(0.1, 0.1), side: bounds.width() / 20.0, across: 15, down: 12 };
            let mut sliding = Sliding::new(cells);
            for (from, length) in moves {
                let range = timeline.between(from, from + length);
                prop_assert_eq!(range.len(), happened.iter().filter(|(s, ..)| (from..from + length).contains(s)).count());
                sliding.move_to(&timeline, range.clone());
                let mut fresh = Sliding::new(cells);
                fresh.move_to(&timeline, range);
                prop_assert_eq!(sliding.counts(), fresh.counts());
            }
            sliding.move_to(&timeline, 0..0);
            prop_assert!(sliding.counts().iter().all(|count| *count == 0));
        }
    }
}
