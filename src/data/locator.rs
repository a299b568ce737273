//! Which municipality a point lies in.

use geo::{BoundingRect, Intersects, MultiPolygon, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::region::Boundaries;

/// Finds municipalities by place, through an index of their boxes.
pub struct Locator {
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    lands: Vec<(MultiPolygon<f64>, Point<f64>)>,
}

impl Locator {
    /// An index of a region's land.
    pub fn new(boundaries: &Boundaries) -> Self {
        let boxed = boundaries.municipalities.iter().enumerate().filter_map(|(at, m)| {
            let b = m.land.bounding_rect()?;
            Some(GeomWithData::new(Rectangle::from_corners([b.min().x, b.min().y], [b.max().x, b.max().y]), at))
        });
        let lands = boundaries.municipalities.iter();
        Self {
            boxes: RTree::bulk_load(boxed.collect()),
            lands: lands.map(|m| (m.land.clone(), m.centre.unwrap_or_else(|| m.label_point()))).collect(),
        }
    }

    /// The municipality whose land a point of longitude and latitude lies on. A point on a border belongs to
    /// one of the neighbours, always the same: the first in the file.
    pub fn municipality_at(&self, at: Point<f64>) -> Option<usize> {
        // Land across the antimeridian goes on beyond 180°.
        [at.x(), at.x() + 360.0].into_iter().find_map(|lon| {
            let at = Point::new(lon, at.y());
            let envelope = AABB::from_point([at.x(), at.y()]);
            let boxed = self.boxes.locate_in_envelope_intersecting(envelope).map(|b| b.data);
            boxed.filter(|index| self.lands[*index].0.intersects(&at)).min()
        })
    }

    /// A point inside of a municipality, as longitude and latitude: its main town, where it is known.
    pub fn inside(&self, municipality: u16) -> Option<(f64, f64)> {
        let within = |lon: f64| if lon > 180.0 { lon - 360.0 } else { lon };
        self.lands.get(usize::from(municipality)).map(|(_, at)| (within(at.x()), at.y()))
    }
}
