//! From tracks to rectangles: pure arithmetic on the wall's pixels.

use serde::Deserialize;

use crate::geometry::{WallPoint, WallRect, snap};
use crate::language::Sentence;
use crate::sentence;
use crate::wall::Wall;

/// The size of a column or a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Track {
    /// A multiple of the unit u.
    Units(f32),
    /// A share of the space that the fixed tracks leave.
    Share(f32),
}

impl std::str::FromStr for Track {
    type Err = Sentence;

    fn from_str(text: &str) -> Result<Self, Sentence> {
        let text = text.trim();
        let number = |digits: &str| digits.trim().parse::<f32>().ok().filter(|n| n.is_finite() && *n > 0.0 && *n < 1e4);
        if let Some(n) = text.strip_suffix("fr").and_then(number) {
            Ok(Self::Share(n))
        } else if let Some(n) = text.strip_suffix('u').and_then(number) {
            Ok(Self::Units(n))
        } else {
            // A comma is a slip of the pen; another unit is not known at all.
            let number = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
            Err(match number.replace(',', ".") {
                point if number.contains(',') => sentence!("layout-size-comma", text = text, point = point),
                _ => sentence!("layout-size", text = text),
            })
        }
    }
}

/// Columns and rows, from the top left.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The columns.
    pub columns: Vec<Track>,
    /// The rows.
    pub rows: Vec<Track>,
}

/// First and last column, first and last row, from 1, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Span {
    /// First and last column.
    pub columns: [usize; 2],
    /// First and last row.
    pub rows: [usize; 2],
    /// Whether it is a strip, which fills its rows and leaves its gutters to its neighbours.
    #[serde(default)]
    pub strip: bool,
}

/// Rectangles of the spans, in wall pixels. Gutters lie between cells. A boundary near a seam is moved onto it, so that
/// the seam is the gutter and no text meets a bezel by chance.
pub fn solve(grid: &Grid, spans: &[Span], wall: &Wall) -> Vec<WallRect> {
    let u = wall.unit_px();
    let gutter = 4.0 * u / 7.0;
    let (seams_x, seams_y) = wall.seams();
    let xs = boundaries(&grid.columns, wall.bounds.width(), u, &seams_x);
    let ys = boundaries(&grid.rows, wall.bounds.height(), u, &seams_y);
    spans
        .iter()
        .map(|span| {
            let (left, right) = (xs[span.columns[0] - 1], xs[span.columns[1]]);
            let (top, bottom) = (ys[span.rows[0] - 1], ys[span.rows[1]]);
            // Half a gutter at each side; at the wall's own edge a whole one.
            let inset = |(at, gap): (f32, f32), edge: f32| {
                if (at - edge).abs() < 0.5 { gutter } else { (gutter / 2.0).max(gap / 2.0 + gutter / 4.0) }
            };
            let level =
                |boundary: (f32, f32), edge: f32| if span.strip { boundary.1 / 2.0 } else { inset(boundary, edge) };
            let min = WallPoint::new(left.0 + inset(left, 0.0), top.0 + level(top, 0.0));
            let max = WallPoint::new(
                right.0 - inset(right, wall.bounds.width()),
                bottom.0 - level(bottom, wall.bounds.height()),
            );
            snap(WallRect::new(min, max.max(min)))
        })
        .collect()
}

/// Boundaries of tracks along one axis, one more than there are tracks: position and width of the seam there, in wall
/// pixels.
fn boundaries(tracks: &[Track], length: f32, u: f32, seams: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let fixed: f32 = tracks.iter().map(|t| if let Track::Units(n) = t { n * u } else { 0.0 }).sum();
    let shares: f32 = tracks.iter().map(|t| if let Track::Share(n) = t { *n } else { 0.0 }).sum();
    let rest = (length - fixed).max(0.0);
    // Fixed tracks that are too many for the wall are all reduced alike: `legibility` has the last word.
    let squeeze = if fixed > length { length / fixed } else { 1.0 };
    let mut at = 0.0;
    let mut found = vec![(0.0, 0.0)];
    for track in tracks {
        at += match track {
            Track::Units(n) => n * u * squeeze,
            Track::Share(n) => rest * n / shares,
        };
        found.push((at, 0.0));
    }
    // A boundary may move by a quarter of the smaller track beside it, at most by three units.
    let plain: Vec<f32> = found.iter().map(|b| b.0).collect();
    let last = found.len() - 1;
    for index in 1..last {
        let reach = ((plain[index] - plain[index - 1]).min(plain[index + 1] - plain[index]) / 4.0).min(3.0 * u);
        let nearest = seams.iter().min_by(|a, b| (a.0 - plain[index]).abs().total_cmp(&(b.0 - plain[index]).abs()));
        if let Some((seam, gap)) = nearest.filter(|(seam, _)| (seam - plain[index]).abs() <= reach) {
            found[index] = (*seam, *gap);
        }
    }
    found[last].0 = length;
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::PixelSize;
    use proptest::prelude::*;

    fn tracks() -> impl Strategy<Value = Vec<Track>> {
        let track = prop_oneof![(0.5f32..10.0).prop_map(Track::Units), (0.5f32..3.0).prop_map(Track::Share)];
        prop::collection::vec(track, 1..10).prop_map(|mut tracks| {
            tracks.push(Track::Share(1.0));
            tracks
        })
    }

    proptest! {
        #[test]
        fn cells_never_overlap_and_never_leave_the_wall(
            columns in tracks(), rows in tracks(), across in 1..5i32, down in 1..3i32
        ) {
            let size = PixelSize::new(1920, 1080);
            let desktop = (0..across * down).map(|i| (format!("o{i}"), (1920 * (i % across), 1080 * (i / across)), size));
            let wall = Wall::of_desktop(desktop, None);
            let spans: Vec<Span> = (1..=columns.len())
                .flat_map(|c| (1..=rows.len()).map(move |r| Span { columns: [c, c], rows: [r, r], strip: false }))
                .collect();
            let rects = solve(&Grid { columns, rows }, &spans, &wall);
            for (i, a) in rects.iter().enumerate() {
                prop_assert!(wall.bounds.contains_box(a) || a.is_empty(), "{a:?}");
                for b in &rects[i + 1..] {
                    prop_assert!(!a.intersects(b) || a.is_empty() || b.is_empty(), "{a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn a_boundary_near_a_seam_lies_on_it() {
        let wall = crate::wall::parse(std::path::Path::new("w"), "name = \"w\"\nviewing_distance_m = 4\n[grid]\ncolumns = 2\nrows = 1\npixels = [1920, 1080]\nsize_mm = [1209.6, 680.4]\nbezel_mm = 20\n").unwrap();
        let grid = Grid { columns: vec![Track::Share(1.05), Track::Share(1.0)], rows: vec![Track::Share(1.0)] };
        let spans = [1, 2].map(|c| Span { columns: [c, c], rows: [1, 1], strip: false });
        let rects = solve(&grid, &spans, &wall);
        assert!(rects[0].max.x < 1920.0 && rects[1].min.x > 1952.0, "{rects:?}");
    }

    #[test]
    fn sizes_are_read_and_others_refused() {
        assert_eq!("1.5fr".parse(), Ok(Track::Share(1.5)));
        assert_eq!(" 8u ".parse(), Ok(Track::Units(8.0)));
        for wrong in ["", "5", "5px", "-1fr", "NaNu", "infu"] {
            assert!(wrong.parse::<Track>().is_err(), "{wrong}");
        }
    }
}
