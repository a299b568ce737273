//! A made-up nation: 2,300 municipalities between the Baltic and the Pacific, none of whose borders is straight.

use std::sync::Arc;

use geo::{Coord, LineString, MultiPolygon, Point, Polygon};
use obzor::data::Appeal;
use obzor::data::region::{Boundaries, Boundary, Municipality, Region, Scale};
use obzor::data::topology::Topology;
use obzor::demo::World;

use super::NOW;

const ACROSS: usize = 50;
const DOWN: usize = 46;
/// Corners that each side of a municipality has between its ends.
const BENDS: usize = 24;

fn noise(a: usize, b: usize, c: usize) -> f64 {
    let mut x =
        (a as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (b as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F) ^ c as u64;
    x = (x ^ (x >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((x ^ (x >> 29)) >> 11) as f64 / (1u64 << 53) as f64 - 0.5
}

/// A corner of the lattice, and the points on the way from it to the next one, rightwards or downwards.
fn side(column: usize, row: usize, down: bool) -> Vec<Coord<f64>> {
    let corner = |column: usize, row: usize| Coord {
        x: 28.0 + (column as f64 + 0.6 * noise(column, row, 1)) * 3.0,
        y: 70.0 - (row as f64 + 0.6 * noise(column, row, 2)) * 0.55,
    };
    let (a, b) = (corner(column, row), if down { corner(column, row + 1) } else { corner(column + 1, row) });
    let bend = |i: usize| {
        let t = i as f64 / (BENDS + 1) as f64;
        let sway = 0.16 * noise(column * 64 + i, row, 3 + usize::from(down)) * (t * (1.0 - t) * 4.0);
        Coord {
            x: a.x + (b.x - a.x) * t + if down { 3.0 * sway } else { 0.0 },
            y: a.y + (b.y - a.y) * t + if down { 0.0 } else { 0.55 * sway },
        }
    };
    std::iter::once(a).chain((1..=BENDS).map(bend)).chain([b]).collect()
}

/// Its boundaries, and the demo region's dictionaries.
pub fn region() -> Arc<Region> {
    let mut municipalities = Vec::with_capacity(ACROSS * DOWN);
    for row in 0..DOWN {
        for column in 0..ACROSS {
            let reversed = |mut side: Vec<Coord<f64>>| {
                side.reverse();
                side
            };
            let mut ring = side(column, row, true);
            ring.extend(side(column, row + 1, false).into_iter().skip(1));
            ring.extend(reversed(side(column + 1, row, true)).into_iter().skip(1));
            ring.extend(reversed(side(column, row, false)).into_iter().skip(1));
            let middle = Point::new(28.0 + (column as f64 + 0.5) * 3.0, 70.0 - (row as f64 + 0.5) * 0.55);
            municipalities.push(Boundary {
                name: format!("Округ {}-{}", column + 1, row + 1),
                land: MultiPolygon(vec![Polygon::new(LineString(ring), vec![])]),
                centre: Some(middle),
                population: Some(60_000),
            });
        }
    }
    let topology = Topology::of(&municipalities.iter().map(|m| &m.land).collect::<Vec<_>>());
    let scale = |tolerance_m: f64| Scale { tolerance_m, lands: topology.simplified(tolerance_m) };
    let scales = [500.0, 4000.0].map(scale).to_vec();
    let boundaries = Boundaries { municipalities, scales, ..Boundaries::default() };
    let mut dictionaries = World::new(1, NOW).region.dictionaries.clone();
    let named = boundaries.municipalities.iter().map(|m| Municipality {
        name: m.name.clone(),
        population: 60_000,
        from_rows: false,
    });
    dictionaries.municipalities = named.collect();
    Arc::new(Region { dictionaries, boundaries })
}

/// So many appeals of the last year, by ascending number: lives as the demo region's are, places around the middle of
/// municipalities, of which a few have most.
pub fn appeals(count: usize) -> Vec<Appeal> {
    let year = super::year();
    let copies = count.div_ceil(year.len());
    let municipalities = ACROSS * DOWN;
    let of = |base: &Appeal, copy: usize| {
        let id = base.id * 16 + copy as u64;
        let draw = |what: usize| noise(id as usize, what, 77) + 0.5;
        let number = (draw(1).powi(2) * municipalities as f64) as usize % municipalities;
        let (column, row) = (number % ACROSS, number / ACROSS);
        let spread = |what: usize| (draw(what) + draw(what + 1) + draw(what + 2) - 1.5) * 0.55;
        let lon = 28.0 + (column as f64 + 0.5 + spread(2)) * 3.0;
        let lat = 70.0 - (row as f64 + 0.5 + spread(5)) * 0.55;
        Appeal { id, municipality: number as u16, lon_e6: (lon * 1e6) as i32, lat_e6: (lat * 1e6) as i32, ..*base }
    };
    let mut appeals: Vec<Appeal> = year.iter().flat_map(|base| (0..copies).map(move |copy| of(base, copy))).collect();
    // What is too much falls away evenly, so that the last day is as full as the first.
    let surplus = appeals.len() - count;
    let mut seen = 0;
    let total = appeals.len();
    appeals.retain(|_| {
        seen += 1;
        seen * surplus / total == (seen - 1) * surplus / total
    });
    appeals
}
