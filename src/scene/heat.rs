//! The heat layer as plain data: a field of levels, and the ramp that shows them.

use std::sync::Arc;

use super::Colour;
use crate::geometry::{WallPoint, WallRect};

/// A grid of levels, row by row: 0 is none, 255 is the most.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Cells across.
    pub width: u32,
    /// Cells down.
    pub height: u32,
    /// One byte a cell.
    pub levels: Vec<u8>,
}

/// A field stretched over a rectangle, and the finer field that replaces it as the layer is zoomed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    /// The levels.
    pub field: Arc<Field>,
    /// Rectangle of the field, in the layer's pixels.
    pub rect: WallRect,
    /// The finer field, its rectangle in the layer's pixels, and the zooms of the layer at which its fade-in starts and
    /// ends.
    pub next: Option<(Arc<Field>, WallRect, [f32; 2])>,
    /// What each level looks like.
    pub ramp: Arc<Ramp>,
}

/// The colours of all levels, straight alpha.
pub type Ramp = [Colour; 256];

impl Field {
    /// The level at the fractions `x` and `y` (0 to 1) of width and height, interpolated linearly between cell centres.
    fn level(&self, x: f32, y: f32) -> f32 {
        let along = |part: f32, count: u32| {
            let place = (part * count as f32 - 0.5).clamp(0.0, count as f32 - 1.0);
            let below = place.floor();
            (below as usize, (below as usize + 1).min(count as usize - 1), place - below)
        };
        let ((left, right, x), (top, bottom, y)) = (along(x, self.width), along(y, self.height));
        let at = |column: usize, row: usize| f32::from(self.levels[row * self.width as usize + column]);
        let row = |row: usize| at(left, row) * (1.0 - x) + at(right, row) * x;
        row(top) * (1.0 - y) + row(bottom) * y
    }
}

impl Heat {
    /// The colour at a point of the layer shown at `zoom`. It mirrors `shaders/heat.wgsl`, so that tests can check the
    /// GPU.
    pub fn colour_at(&self, point: WallPoint, zoom: f32) -> Colour {
        if !self.rect.contains(point) {
            return Colour::CLEAR;
        }
        let level = |field: &Field, rect: WallRect| {
            let part = point - rect.min;
            field.level(part.x / rect.width(), part.y / rect.height())
        };
        let own = level(&self.field, self.rect);
        let mixed = match &self.next {
            None => own,
            Some((next, rect, [from, to])) => {
                let t = ((zoom - from) / (to - from)).clamp(0.0, 1.0);
                let t = t * t * (3.0 - 2.0 * t);
                own * (1.0 - t) + level(next, *rect) * t
            }
        };
        self.ramp[(mixed + 0.5) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rect;
    use crate::scene::Theme;

    #[test]
    fn levels_are_read_between_cells_and_give_way_to_finer_ones() {
        let field = |levels: &[u8]| Arc::new(Field { width: 2, height: 1, levels: levels.to_vec() });
        let place = rect(0.0, 0.0, 20.0, 10.0);
        let heat = Heat { field: field(&[0, 200]), rect: place, next: None, ramp: Theme::dark(1.0).ramp() };
        let colours = heat.ramp.clone();
        assert_eq!(heat.colour_at(WallPoint::new(15.0, 5.0), 1.0), colours[200]);
        assert_eq!(heat.colour_at(WallPoint::new(10.0, 5.0), 1.0), colours[100]);
        assert_eq!(heat.colour_at(WallPoint::new(25.0, 5.0), 1.0), Colour::CLEAR);
        let heat = Heat { next: Some((field(&[100, 100]), place, [1.75, 2.0])), ..heat };
        for (zoom, level) in [(1.0, 200), (1.875, 150), (2.0, 100)] {
            assert_eq!(heat.colour_at(WallPoint::new(15.0, 5.0), zoom), colours[level], "{zoom}");
        }
    }

    #[test]
    fn nothing_is_seen_at_the_lowest_level_and_everything_at_the_highest() {
        for theme in [Theme::dark(1.0), Theme::dark(1.0).faded()] {
            let colours = theme.ramp();
            assert_eq!((colours[0].0[3], colours[255].0[3]), (0, 255));
            assert!(colours.windows(2).all(|pair| pair[0].0[3] <= pair[1].0[3]));
        }
    }
}
