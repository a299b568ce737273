//! Borders as arcs that neighbours share: simplified once, they fit without a crack.

use std::collections::HashMap;

use geo::{Coord, LineString, MultiPolygon, Polygon, Simplify};

/// Coordinates are told apart by this part of a degree, about a centimetre.
const GRID: f64 = 1e7;

type Vertex = (i64, i64);

/// Lands taken apart into the arcs between the points where more than two borders meet.
#[derive(Debug, Clone)]
pub struct Topology {
    arcs: Vec<Vec<Coord<f64>>>,
    /// For each land its polygons, for each polygon its rings: arcs in order, and whether each is walked
    /// backwards.
    lands: Vec<Vec<Vec<Ring>>>,
}

type Ring = Vec<(usize, bool)>;

impl Topology {
    /// Takes lands apart. Borders are shared where their vertices are the same.
    pub fn of(lands: &[&MultiPolygon<f64>]) -> Self {
        let rings_of = |polygon: &Polygon<f64>| -> Vec<Vec<Coord<f64>>> {
            std::iter::once(polygon.exterior())
                .chain(polygon.interiors())
                .map(open_ring)
                .filter(|ring| ring.len() >= 3)
                .collect()
        };
        let rings: Vec<Vec<Vec<Vec<Coord<f64>>>>> =
            lands.iter().map(|land| land.iter().map(rings_of).collect()).collect();
        let junctions = Junctions::of(rings.iter().flatten().flatten());
        let mut topology = Self { arcs: Vec::new(), lands: Vec::new() };
        let mut known: HashMap<Vec<Vertex>, usize> = HashMap::new();
        for land in rings {
            let polygons = land
                .into_iter()
                .map(|polygon| polygon.into_iter().map(|ring| topology.cut(&ring, &junctions, &mut known)).collect());
            let polygons = polygons.collect();
            topology.lands.push(polygons);
        }
        topology
    }

    /// Cuts a ring at its junctions; arcs that are there already are used again.
    fn cut(&mut self, ring: &[Coord<f64>], junctions: &Junctions, known: &mut HashMap<Vec<Vertex>, usize>) -> Ring {
        let count = ring.len();
        let at = |i: usize| ring[i % count];
        let start = (0..count).find(|i| junctions.is_one(at(*i))).unwrap_or_else(|| {
            // A ring of its own begins at its least vertex, so that it is found again from the other side.
            (0..count).min_by_key(|i| vertex(at(*i))).unwrap_or(0)
        });
        let mut arcs = Vec::new();
        let mut arc = vec![at(start)];
        for step in 1..=count {
            let point = at(start + step);
            arc.push(point);
            if junctions.is_one(point) || step == count {
                arcs.push(self.entered(std::mem::replace(&mut arc, vec![point]), known));
            }
        }
        arcs
    }

    fn entered(&mut self, arc: Vec<Coord<f64>>, known: &mut HashMap<Vec<Vertex>, usize>) -> (usize, bool) {
        let forwards: Vec<Vertex> = arc.iter().map(|c| vertex(*c)).collect();
        let backwards: Vec<Vertex> = forwards.iter().rev().copied().collect();
        if let Some(index) = known.get(&forwards) {
            return (*index, false);
        }
        if let Some(index) = known.get(&backwards) {
            return (*index, true);
        }
        known.insert(forwards, self.arcs.len());
        self.arcs.push(arc);
        (self.arcs.len() - 1, false)
    }

    /// The number of arcs.
    pub fn arcs(&self) -> usize {
        self.arcs.len()
    }

    /// The lands with no arc farther than `tolerance_m` metres from where it was (Douglas and Peucker). Small
    /// rings keep a triangle.
    pub fn simplified(&self, tolerance_m: f64) -> Vec<MultiPolygon<f64>> {
        let arcs: Vec<Vec<Coord<f64>>> = self.arcs.iter().map(|arc| simplified(arc, tolerance_m)).collect();
        let ring = |ring: &Ring| -> LineString<f64> {
            let mut points: Vec<Coord<f64>> = Vec::new();
            for (arc, backwards) in ring {
                let walked: Vec<Coord<f64>> =
                    if *backwards { arcs[*arc].iter().rev().copied().collect() } else { arcs[*arc].clone() };
                points.extend(walked.into_iter().skip(usize::from(!points.is_empty())));
            }
            LineString(points)
        };
        let polygon = |rings: &Vec<Ring>| {
            let mut rings = rings.iter().map(ring);
            Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
        };
        self.lands.iter().map(|land| land.iter().filter(|p| !p.is_empty()).map(polygon).collect()).collect()
    }
}

/// The vertices at which the course of borders divides or joins.
struct Junctions(HashMap<Vertex, Meeting>);

#[derive(Clone, Copy)]
enum Meeting {
    /// Every ring that passes has the same two neighbours.
    Passed(Vertex, Vertex),
    Junction,
}

impl Junctions {
    fn of<'a>(rings: impl Iterator<Item = &'a Vec<Coord<f64>>>) -> Self {
        let mut met: HashMap<Vertex, Meeting> = HashMap::new();
        for ring in rings {
            let count = ring.len();
            for i in 0..count {
                let here = vertex(ring[i]);
                let (a, b) = (vertex(ring[(i + count - 1) % count]), vertex(ring[(i + 1) % count]));
                let (a, b) = (a.min(b), a.max(b));
                met.entry(here)
                    .and_modify(|meeting| {
                        if !matches!(meeting, Meeting::Passed(x, y) if (*x, *y) == (a, b)) {
                            *meeting = Meeting::Junction;
                        }
                    })
                    .or_insert(Meeting::Passed(a, b));
            }
        }
        Self(met)
    }

    fn is_one(&self, at: Coord<f64>) -> bool {
        matches!(self.0.get(&vertex(at)), Some(Meeting::Junction))
    }
}

fn vertex(at: Coord<f64>) -> Vertex {
    ((at.x * GRID).round() as i64, (at.y * GRID).round() as i64)
}

/// A ring without its last point, which is its first, and without points that repeat.
fn open_ring(ring: &LineString<f64>) -> Vec<Coord<f64>> {
    let mut points: Vec<Coord<f64>> = ring.0.clone();
    points.dedup_by_key(|c| vertex(*c));
    while points.len() > 1 && vertex(points[0]) == vertex(points[points.len() - 1]) {
        points.pop();
    }
    points
}

fn simplified(arc: &[Coord<f64>], tolerance_m: f64) -> Vec<Coord<f64>> {
    // Degrees of longitude are as long as those of latitude after this.
    let across = arc.first().map_or(1.0, |c| c.y.to_radians().cos().max(0.01));
    let tolerance = tolerance_m / 111_320.0;
    let flat = |points: &[Coord<f64>]| LineString(points.iter().map(|c| Coord { x: c.x * across, y: c.y }).collect());
    let back = |line: LineString<f64>| line.0.into_iter().map(|c| Coord { x: c.x / across, y: c.y });
    let closed = arc.len() > 3 && vertex(arc[0]) == vertex(arc[arc.len() - 1]);
    if !closed {
        let mut points: Vec<Coord<f64>> = back(flat(arc).simplify(tolerance)).collect();
        // The ends are junctions: they stay to the last bit.
        if let (Some(first), Some(last)) = (arc.first(), arc.last()) {
            let end = points.len() - 1;
            (points[0], points[end]) = (*first, *last);
        }
        return points;
    }
    // A closed arc is cut in three, so that a triangle is left of it at the least.
    let third = arc.len() / 3;
    let mut points: Vec<Coord<f64>> = Vec::new();
    for part in [&arc[..=third], &arc[third..=2 * third], &arc[2 * third..]] {
        let kept = simplified_open(part, &flat, &back, tolerance);
        points.extend(kept.into_iter().skip(usize::from(!points.is_empty())));
    }
    points
}

fn simplified_open<B: Iterator<Item = Coord<f64>>>(
    part: &[Coord<f64>],
    flat: &impl Fn(&[Coord<f64>]) -> LineString<f64>,
    back: &impl Fn(LineString<f64>) -> B,
    tolerance: f64,
) -> Vec<Coord<f64>> {
    let mut points: Vec<Coord<f64>> = back(flat(part).simplify(tolerance)).collect();
    let end = points.len() - 1;
    (points[0], points[end]) = (part[0], part[part.len() - 1]);
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::region::Boundaries;
    use geo::Area;

    /// Every edge belongs to one land, or to two: no gap and no overlap along shared borders.
    fn verify_shared(lands: &[MultiPolygon<f64>]) -> (usize, usize) {
        let mut edges: HashMap<(Vertex, Vertex), usize> = HashMap::new();
        for ring in lands.iter().flatten().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
            for line in ring.lines().filter(|line| vertex(line.start) != vertex(line.end)) {
                let (a, b) = (vertex(line.start), vertex(line.end));
                *edges.entry((a.min(b), a.max(b))).or_insert(0) += 1;
            }
        }
        assert!(edges.values().all(|n| *n <= 2));
        let outer = edges.values().filter(|n| **n == 1).count();
        (outer, edges.len() - outer)
    }

    fn check(boundaries: &Boundaries) {
        let lands: Vec<&MultiPolygon<f64>> = boundaries.municipalities.iter().map(|m| &m.land).collect();
        let topology = Topology::of(&lands);
        let exact = topology.simplified(0.0);
        let area = |lands: &[MultiPolygon<f64>]| lands.iter().map(Area::unsigned_area).sum::<f64>();
        let whole: f64 = lands.iter().map(|l| l.unsigned_area()).sum();
        assert!((area(&exact) / whole - 1.0).abs() < 1e-6);
        let before = verify_shared(&exact);
        for tolerance_m in [50.0, 250.0, 1000.0] {
            let simpler = topology.simplified(tolerance_m);
            let (outer, shared) = verify_shared(&simpler);
            assert!(shared <= before.1 && outer <= before.0, "{tolerance_m}: {outer} {shared} of {before:?}");
            assert!(
                tolerance_m < 1000.0 || shared + outer < (before.0 + before.1) / 2,
                "{outer} {shared} of {before:?}"
            );
            assert!((area(&simpler) / whole - 1.0).abs() < 0.02, "{tolerance_m} m");
            assert!(simpler.iter().all(|land| land.unsigned_area() > 0.0));
        }
    }

    #[test]
    fn the_fictional_region_is_simplified_without_a_crack() {
        check(&Boundaries::from_geojson(include_str!("../../assets/region.geojson")).unwrap());
    }

    #[test]
    fn real_boundaries_are_simplified_without_a_crack() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/geo/moscow_oblast_municipal.geojson");
        let Ok(text) = std::fs::read_to_string(path) else {
            eprintln!("SKIPPED: {path} is not there");
            return;
        };
        check(&Boundaries::from_geojson(&text).unwrap());
    }

    #[test]
    fn an_enclave_fits_its_hole() {
        let ring = |points: &[(f64, f64)]| LineString::from(points.to_vec());
        let round: Vec<(f64, f64)> =
            (0..=40).map(|i| (f64::from(i) * 0.157).sin_cos()).map(|(x, y)| (37.0 + 0.1 * x, 55.0 + 0.1 * y)).collect();
        let round: Vec<(f64, f64)> = round.iter().copied().take(40).chain(std::iter::once(round[0])).collect();
        let outer = Polygon::new(
            ring(&[(36.0, 54.0), (38.0, 54.0), (38.0, 56.0), (36.0, 56.0), (36.0, 54.0)]),
            vec![ring(&round)],
        );
        let backwards: Vec<(f64, f64)> = round.iter().rev().copied().collect();
        let inner = Polygon::new(ring(&backwards), vec![]);
        let lands = [MultiPolygon(vec![outer]), MultiPolygon(vec![inner])];
        let topology = Topology::of(&[&lands[0], &lands[1]]);
        assert_eq!(topology.arcs(), 2);
        let simpler = topology.simplified(2000.0);
        assert!((simpler[0].unsigned_area() + simpler[1].unsigned_area() - 4.0).abs() < 1e-9);
        verify_shared(&simpler);
    }
}
