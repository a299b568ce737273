//! What a map needs to know of a region, worked out once: where everything is on the Earth.

use std::collections::HashMap;

use geo::orient::Direction;
use geo::{Coord, Orient};

use super::Place;
use crate::data::region::{Boundaries, Dictionaries};
use crate::geometry::{Frame, WorldPoint, WorldRect, WorldVector, km_per_unit};

/// Margin left free around a target, as a fraction of its size.
const MARGIN: f64 = 0.06;

/// A municipality's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// Around its land.
    pub bounds: WorldRect,
    /// Its main town, or a point well inside.
    pub town: WorldPoint,
}

/// The places of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Gazetteer {
    /// Frame that keeps the region in one piece.
    pub frame: Frame,
    /// Around all land.
    pub extent: WorldRect,
    /// In the order of the boundaries.
    pub municipalities: Vec<Ground>,
    numbers: HashMap<String, usize>,
}

impl Gazetteer {
    /// Finds everything's place.
    pub fn new(boundaries: &Boundaries, dictionaries: &Dictionaries) -> Self {
        let frame = boundaries.frame();
        let municipalities: Vec<Ground> = boundaries
            .municipalities
            .iter()
            .map(|municipality| {
                let corners = municipality.land.iter().flat_map(|polygon| polygon.exterior().coords());
                let bounds = WorldRect::from_points(corners.map(|c| frame.place(c.x, c.y)));
                let town = municipality.centre.unwrap_or_else(|| municipality.label_point());
                Ground { bounds, town: frame.place(town.x(), town.y()) }
            })
            .collect();
        let names = dictionaries.municipalities.iter().map(|m| m.name.clone());
        let mut numbers: HashMap<String, usize> = names.zip(0..municipalities.len()).collect();
        for (alias, name) in &boundaries.aliases {
            if let Some(number) = numbers.get(name).copied() {
                numbers.entry(alias.clone()).or_insert(number);
            }
        }
        Self { frame, extent: boundaries.world_extent(), municipalities, numbers }
    }

    /// The number of a municipality, by its name or another name of it.
    pub fn number_of(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// What lies within a place; none for one that is not here.
    pub fn bounds_of(&self, place: &Place) -> Option<WorldRect> {
        let land = |name: &String| Some(self.municipalities[self.number_of(name)?].bounds);
        match place {
            Place::Home | Place::Region => Some(self.extent),
            Place::Municipality(name) => land(name).map(with_margin),
            Place::Municipalities(names) => {
                let found = names.iter().filter_map(land).reduce(|all, one| all.union(&one));
                found.map(with_margin)
            }
            Place::Around { lon, lat, span_km } => Some(self.around(self.frame.place(*lon, *lat), *span_km)),
            Place::Within { west, south, east, north } => {
                let corners = [(*west, *north), (*east, *south)].map(|(lon, lat)| self.frame.place(lon, lat));
                let bounds = WorldRect::from_points(corners);
                // Not less than a house, whatever is written, as around a point.
                let least = self.around(bounds.center(), 0.0);
                let all = bounds.min.is_finite() && bounds.max.is_finite() && bounds.center().is_finite();
                all.then(|| with_margin(bounds.union(&least)))
            }
        }
    }

    fn around(&self, at: WorldPoint, span_km: f64) -> WorldRect {
        // Not less than a house, not more than the Earth.
        let half = WorldVector::splat(span_km.clamp(0.05, 20_000.0) / 2.0 / km_per_unit(at));
        WorldRect::new(at - half, at + half)
    }
}

fn with_margin(bounds: WorldRect) -> WorldRect {
    bounds.inflate(bounds.width() * MARGIN, bounds.height() * MARGIN)
}

/// The land of all municipalities at one level of detail, on the Earth.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LandMesh {
    /// For each municipality its rings.
    pub lands: Vec<Vec<Vec<WorldPoint>>>,
    /// Borders between two municipalities.
    pub inner: Vec<Vec<WorldPoint>>,
    /// The outline of the region.
    pub outline: Vec<Vec<WorldPoint>>,
}

impl LandMesh {
    /// Land in the detail that is visible where a wall pixel is `metres` wide.
    pub fn new(boundaries: &Boundaries, frame: Frame, metres: f64) -> Self {
        let place = |c: &Coord<f64>| frame.place(c.x, c.y);
        let count = boundaries.municipalities.len();
        let lands: Vec<Vec<Vec<WorldPoint>>> = (0..count)
            .map(|at| {
                // Every outer ring one way round, every hole the other: two neighbours cancel along their border.
                let polygons = boundaries.land(at, metres).iter().map(|p| p.orient(Direction::Default));
                let rings = polygons.flat_map(|polygon| {
                    let (outer, holes) = polygon.into_inner();
                    std::iter::once(outer).chain(holes)
                });
                rings.map(|ring| ring.coords().map(place).collect()).collect()
            })
            .collect();
        let (inner, outline) = borders(&lands);
        Self { lands, inner, outline }
    }
}

type Runs = Vec<Vec<WorldPoint>>;

/// Edges of all rings, told apart: those between two municipalities, and the outline of the region.
fn borders(lands: &[Vec<Vec<WorldPoint>>]) -> (Runs, Runs) {
    let key = |at: &WorldPoint| ((at.x * 1e10).round() as i64, (at.y * 1e10).round() as i64);
    let edge = |pair: &[WorldPoint]| {
        let (a, b) = (key(&pair[0]), key(&pair[1]));
        (a.min(b), a.max(b))
    };
    let rings = || lands.iter().flatten();
    let mut met: HashMap<_, u8> = HashMap::new();
    for pair in rings().flat_map(|ring| ring.windows(2)) {
        *met.entry(edge(pair)).or_insert(0) += 1;
    }
    let (mut inner, mut outline): (Runs, Runs) = (Vec::new(), Vec::new());
    for ring in rings() {
        let mut last: Option<bool> = None;
        for pair in ring.windows(2) {
            // A border that was drawn from the other side is not drawn again.
            let count = met.insert(edge(pair), 0).unwrap_or(0);
            if count == 0 {
                last = None;
                continue;
            }
            let shared = count > 1;
            let runs = if shared { &mut inner } else { &mut outline };
            match runs.last_mut().filter(|_| last == Some(shared)) {
                Some(run) => run.push(pair[1]),
                None => runs.push(pair.to_vec()),
            }
            last = Some(shared);
        }
    }
    (inner, outline)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The fictional region, with one resident a municipality.
    pub fn region() -> (Boundaries, Dictionaries) {
        let boundaries = Boundaries::from_geojson(include_str!("../../assets/region.geojson")).unwrap();
        let municipalities = boundaries.municipalities.iter();
        let municipalities = municipalities
            .map(|m| crate::data::region::Municipality { name: m.name.clone(), population: 1, from_rows: false })
            .collect();
        let dictionaries = Dictionaries {
            region: String::new(),
            centre: String::new(),
            time_zone: "UTC".into(),
            demo: true,
            attribution: None,
            sectors: vec![],
            topics: vec![],
            channels: vec![],
            agencies: vec![],
            municipalities,
            translations: Default::default(),
        };
        (boundaries, dictionaries)
    }

    fn places() -> (Boundaries, Gazetteer) {
        let (boundaries, dictionaries) = region();
        let gazetteer = Gazetteer::new(&boundaries, &dictionaries);
        (boundaries, gazetteer)
    }

    #[test]
    fn places_are_found_by_name_and_lie_in_the_region() {
        let (boundaries, gazetteer) = places();
        let all = gazetteer.bounds_of(&Place::Region).unwrap();
        for municipality in &boundaries.municipalities {
            let bounds = gazetteer.bounds_of(&Place::Municipality(municipality.name.clone())).unwrap();
            assert!(all.intersects(&bounds) && bounds.width() < all.width(), "{}", municipality.name);
        }
        assert_eq!(gazetteer.bounds_of(&Place::Municipality("Нигде".into())), None);
        let town = gazetteer.municipalities[3].town;
        let (lon, lat) = gazetteer.frame.degrees(town);
        let near = gazetteer.bounds_of(&Place::Around { lon, lat, span_km: 10.0 }).unwrap();
        assert!((near.width() * km_per_unit(town) - 10.0).abs() < 1e-6 && near.contains(town));
        let ((west, north), (east, south)) = (gazetteer.frame.degrees(near.min), gazetteer.frame.degrees(near.max));
        let within = gazetteer.bounds_of(&Place::Within { west, south, east, north }).unwrap();
        assert!(within.contains_box(&near) && within.width() < 1.2 * near.width());
        // A point is a house, and what is no place is none.
        let point = gazetteer.bounds_of(&Place::Within { west: lon, south: lat, east: lon, north: lat }).unwrap();
        assert!(point.width() * km_per_unit(town) > 0.04 && point.contains(town));
        let nowhere = Place::Within { west: f64::NAN, south: lat, east: lon, north: f64::INFINITY };
        assert_eq!(gazetteer.bounds_of(&nowhere), None);
    }

    #[test]
    fn every_border_is_drawn_once() {
        let (boundaries, gazetteer) = places();
        let land_mesh = LandMesh::new(&boundaries, gazetteer.frame, 100.0);
        let edges = |runs: &Runs| runs.iter().map(|run| run.len() - 1).sum::<usize>();
        let all: usize = land_mesh.lands.iter().flatten().map(|ring| ring.len() - 1).sum();
        assert_eq!(2 * edges(&land_mesh.inner) + edges(&land_mesh.outline), all);
        assert!(edges(&land_mesh.outline) > 100 && edges(&land_mesh.inner) > 100);
    }
}
