//! Names in two columns beside the land, each led to its town by a line: where they stand, so that no line meets
//! another, another's town or another's name.

use geo::{Distance, Euclidean, Line, Rect, coord};

use crate::geometry::{WallPoint, WallRect, rect};

/// The pitch of rows, the height of a plate and what it adds to a name on each side, in u.
const PITCH: f32 = 1.75;
const PLATE_HEIGHT: f32 = 1.44;
const PLATE_MARGIN: f32 = 0.25;
/// The distance from the edge of the map to a name, and from a name to where its line begins, in u.
const EDGE: f32 = 0.3;
const LINE_GAP: f32 = 0.3;
/// A line keeps this far from other lines, from other towns and from other plates, in u.
const LINE_CLEARANCE: f32 = 0.12;
const TOWN_CLEARANCE: f32 = 0.45;
const PLATE_CLEARANCE: f32 = 0.04;

/// A name that wants a row, and its town, while the map rests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Named {
    /// The town, in wall pixels.
    pub town: WallPoint,
    /// How wide the name is, in wall pixels.
    pub width: f32,
}

/// Where a name stands: its left end and its middle line, in wall pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Label {
    /// The name's index in what was given.
    pub index: usize,
    /// Whether it stands in the left column.
    pub left: bool,
    /// Left end, in wall pixels.
    pub x: f32,
    /// Vertical centre, in wall pixels.
    pub y: f32,
    /// The name's width.
    pub width: f32,
}

impl Label {
    /// The plate under the name; `u` is the theme's unit in wall pixels.
    pub fn plate(&self, u: f32) -> WallRect {
        let margin = PLATE_MARGIN * u;
        rect(self.x - margin, self.y - PLATE_HEIGHT / 2.0 * u, self.width + 2.0 * margin, PLATE_HEIGHT * u)
    }

    /// Leader from the name to its town, in wall pixels: horizontal, then at 45 degrees, so that the bend is as far
    /// from the town sideways as the name is above or below it.
    pub fn leader(&self, town: WallPoint, u: f32) -> [WallPoint; 3] {
        let (edge, way) = if self.left { (self.x + self.width, 1.0) } else { (self.x, -1.0) };
        let start = WallPoint::new(edge + way * LINE_GAP * u, self.y);
        let bend_x = town.x - way * (town.y - self.y).abs();
        let bend = WallPoint::new(if self.left { bend_x.max(start.x) } else { bend_x.min(start.x) }, self.y);
        [start, bend, town]
    }
}

/// Places names at the left and right of `body`, each as close to the height of its town as the others allow. Rows
/// follow the towns from north to south. Two names swap rows where their leaders would meet otherwise; if that does not
/// help, the later one in `named` is dropped. Names without a free row are dropped too, the southernmost first. The
/// left column ends `keys` wall pixels above the bottom.
pub fn place(named: &[Named], body: WallRect, keys: f32, u: f32) -> Vec<Label> {
    let middle = body.center().x;
    [true, false]
        .into_iter()
        .flat_map(|left| {
            // A name wider than the half of the map that it stands in would cover the land.
            let fits = |named: &Named| (named.town.x <= middle) == left && named.width < body.width() * 0.45;
            let mut indices: Vec<usize> = (0..named.len()).filter(|index| fits(&named[*index])).collect();
            indices.sort_by(|a, b| named[*a].town.y.total_cmp(&named[*b].town.y).then(a.cmp(b)));
            let bottom = if left { body.max.y - keys } else { body.max.y };
            indices.truncate(((bottom - body.min.y).max(0.0) / (PITCH * u)).floor() as usize);
            let column = Column { named, body, bottom, left, u };
            loop {
                let labels = column.swap_crossing_rows(column.rows(&indices));
                match column.last_that_meets_another(&labels) {
                    Some(index) => indices.retain(|kept| *kept != index),
                    None => break labels,
                }
            }
        })
        .collect()
}

/// One of the two columns.
struct Column<'a> {
    named: &'a [Named],
    body: WallRect,
    bottom: f32,
    left: bool,
    u: f32,
}

impl Column<'_> {
    /// A row for each of `indices`, in their order.
    fn rows(&self, indices: &[usize]) -> Vec<Label> {
        let pitch = PITCH * self.u;
        let mut ys: Vec<f32> = indices.iter().map(|index| self.named[*index].town.y).collect();
        // Pushes rows down where they overlap, then up from the bottom where they overflow.
        let mut low = self.body.min.y + pitch / 2.0;
        for y in &mut ys {
            *y = y.max(low);
            low = *y + pitch;
        }
        let mut high = self.bottom - pitch / 2.0;
        for y in ys.iter_mut().rev() {
            *y = y.min(high);
            high = *y - pitch;
        }
        indices.iter().zip(ys).map(|(index, y)| self.label(*index, y)).collect()
    }

    fn label(&self, index: usize, y: f32) -> Label {
        let (width, edge) = (self.named[index].width, EDGE * self.u);
        let x = if self.left { self.body.min.x + edge } else { self.body.max.x - width - edge };
        Label { index, left: self.left, x, y, width }
    }

    /// Exchanges the rows of two names as long as that makes the lines meet less often.
    fn swap_crossing_rows(&self, mut labels: Vec<Label>) -> Vec<Label> {
        let mut meetings = self.meetings(&labels);
        while !meetings.is_empty() {
            let exchanged = |i: usize, j: usize| {
                let mut exchanged = labels.clone();
                exchanged[i] = self.label(labels[j].index, labels[i].y);
                exchanged[j] = self.label(labels[i].index, labels[j].y);
                exchanged
            };
            let meets = |i: usize| meetings.iter().any(|(a, b)| *a == i || *b == i);
            let pairs = pairs(labels.len()).filter(|(i, j)| meets(*i) || meets(*j));
            let exchanged = pairs.map(|(i, j)| exchanged(i, j)).map(|labels| (self.meetings(&labels), labels));
            match exchanged.min_by_key(|(meetings, _)| meetings.len()) {
                Some((fewer, exchanged)) if fewer.len() < meetings.len() => (meetings, labels) = (fewer, exchanged),
                _ => break,
            }
        }
        labels
    }

    /// The last name, in the order of what was given, that meets another.
    fn last_that_meets_another(&self, labels: &[Label]) -> Option<usize> {
        self.meetings(labels).iter().flat_map(|(i, j)| [labels[*i].index, labels[*j].index]).max()
    }

    /// Pairs of `labels` of which the leader of one meets the leader, town or plate of the other.
    fn meetings(&self, labels: &[Label]) -> Vec<(usize, usize)> {
        let meets = |a: &Label, b: &Label| meet(a, b, |label| self.named[label.index].town, self.u);
        pairs(labels.len()).filter(|(i, j)| meets(&labels[*i], &labels[*j])).collect()
    }
}

/// All pairs of indices below `count`, the lesser first.
fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |i| (i + 1..count).map(move |j| (i, j)))
}

/// Whether the line of one of two names comes too near to the line, the town or the plate of the other.
fn meet(a: &Label, b: &Label, town: impl Fn(&Label) -> WallPoint, u: f32) -> bool {
    let [a_lines, b_lines] = [a, b].map(|label| segments(label.leader(town(label), u)));
    let point = |at: WallPoint| geo::Point::new(at.x, at.y);
    let plate = |label: &Label| {
        let plate = label.plate(u);
        Rect::new(coord! { x: plate.min.x, y: plate.min.y }, coord! { x: plate.max.x, y: plate.max.y }).to_polygon()
    };
    let near_town = |lines: &[Line<f32>; 2], other: &Label| {
        lines.iter().any(|line| Euclidean.distance(line, &point(town(other))) < TOWN_CLEARANCE * u)
    };
    let near_plate = |lines: &[Line<f32>; 2], other: &Label| {
        lines.iter().any(|line| Euclidean.distance(line, &plate(other)) < PLATE_CLEARANCE * u)
    };
    let near_line = a_lines.iter().any(|a| b_lines.iter().any(|b| Euclidean.distance(a, b) < LINE_CLEARANCE * u));
    near_line || near_town(&a_lines, b) || near_town(&b_lines, a) || near_plate(&a_lines, b) || near_plate(&b_lines, a)
}

fn segments([start, bend, town]: [WallPoint; 3]) -> [Line<f32>; 2] {
    let at = |point: WallPoint| coord! { x: point.x, y: point.y };
    [Line::new(at(start), at(bend)), Line::new(at(bend), at(town))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODY: (f32, f32) = (2000.0, 800.0);

    fn named(towns: &[(f32, f32, f32)]) -> Vec<Named> {
        towns.iter().map(|(x, y, width)| Named { town: WallPoint::new(*x, *y), width: *width }).collect()
    }

    proptest! {
        #[test]
        fn names_never_overlap_nor_leave_the_map_and_no_line_meets_what_belongs_to_another(
            towns in prop::collection::vec((0f32..BODY.0, 0f32..BODY.1, 40f32..600.0), 0..20), keys in 0f32..400.0
        ) {
            let (body, u, named) = (rect(0.0, 0.0, BODY.0, BODY.1), 40.0, named(&towns));
            let labels = place(&named, body, keys, u);
            for (i, a) in labels.iter().enumerate() {
                let plate = a.plate(u);
                prop_assert!(body.contains_box(&plate) && (!a.left || plate.max.y <= BODY.1 + 0.5 - keys), "{a:?}");
                for b in &labels[i + 1..] {
                    prop_assert!(!plate.intersects(&b.plate(u)), "{a:?} {b:?}");
                    prop_assert!(a.left != b.left || !meet(a, b, |l| named[l.index].town, u), "{a:?} {b:?}");
                }
            }
        }
    }

    /// Seen on a wide wall: of two names whose rows are near, the northern one's level line ran through the town of the
    /// southern one, which lies nearer to the column.
    #[test]
    fn names_change_rows_where_one_line_would_run_through_anothers_town() {
        let named = named(&[(900.0, 396.0, 200.0), (500.0, 400.0, 200.0)]);
        let labels = place(&named, rect(0.0, 0.0, BODY.0, BODY.1), 0.0, 40.0);
        let y_of = |index| labels.iter().find(|label| label.index == index).expect("both names find a row").y;
        assert!(y_of(0) > y_of(1), "{labels:?}");
    }

    #[test]
    fn the_later_name_is_left_out_where_no_order_of_rows_helps() {
        let named = named(&[(700.0, 400.0, 200.0), (700.0, 400.0, 200.0)]);
        let labels = place(&named, rect(0.0, 0.0, BODY.0, BODY.1), 0.0, 40.0);
        assert_eq!(labels.iter().map(|label| label.index).collect::<Vec<_>>(), [0]);
    }
}
