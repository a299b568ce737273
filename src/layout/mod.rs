//! Layouts: named sets of placements on a grid, their presets, and how one gives way to another.

mod catalogue;
mod file;
pub mod legibility;
mod solve;
mod transition;

use std::path::PathBuf;

pub use catalogue::{BUILT_IN, Catalogue, LayoutError, LayoutRef, file_of};
pub use file::parse;
pub use solve::{Grid, Span, Track, solve};
pub use transition::{Motion, Transition, TransitionKind, motion};

use crate::data::filter::FilterSpec;
use crate::data::measure::Query;
use crate::data::region::Dictionaries;
use crate::geometry::WallRect;
use crate::panel::{Panel, PanelInfo, fits};
use crate::scene::ThemeChoice;
use crate::wall::Wall;

/// Height of a panel's own stamp, in u.
const STAMP: f32 = 2.0;

/// The shapes of walls: a layout may have a grid of its own for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A screen, or a block of them.
    Screen,
    /// 2.4 times as wide as high, or wider.
    Wide,
    /// Higher than wide.
    Tall,
}

/// Something for each shape of walls, in the order of [`Shape`].
pub type OfShape<T> = [Option<T>; 3];

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 3] = [Self::Screen, Self::Wide, Self::Tall];

    /// The shape of a wall.
    pub fn of(wall: &Wall) -> Self {
        match wall.bounds.width() / wall.bounds.height() {
            2.4.. => Self::Wide,
            ratio if ratio < 1.0 => Self::Tall,
            _ => Self::Screen,
        }
    }
}

/// A panel at its place.
#[derive(Debug)]
pub struct Placement {
    /// The kind of the panel, as files name it.
    pub kind: &'static str,
    /// The panel.
    pub panel: Box<dyn Panel>,
    /// What the panel says of itself.
    pub info: PanelInfo,
    /// What it is narrowed to.
    pub filters: Vec<FilterSpec>,
    /// The columns and rows that it covers, by the shape of the wall; none where it is not shown.
    pub spans: OfShape<Span>,
    /// Placements of greater depth are painted over others.
    pub depth: i32,
    /// Whether it is for the staff alone: it gives way to a sign while the press key is pressed.
    pub staff: bool,
    /// Where the file speaks of it, in bytes.
    pub source: std::ops::Range<usize>,
}

/// A layout with the parameters under which it is recalled.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    /// Its name within the layout.
    pub name: String,
    /// What every panel without a filter of its own is narrowed to.
    pub filter: FilterSpec,
}

/// A named set of placements.
#[derive(Debug)]
pub struct Layout {
    /// The name, by which it is shown.
    pub name: String,
    /// The file it came from; none for a built-in one.
    pub path: PathBuf,
    /// The text of that file.
    pub text: String,
    /// The SHA-256 of that text, in hexadecimal digits.
    pub digest: String,
    /// The tracks, and those for walls of another shape where there are such.
    pub grids: OfShape<Grid>,
    /// In the order of painting.
    pub placements: Vec<Placement>,
    /// Its presets.
    pub presets: Vec<Preset>,
    /// How it comes onto the wall.
    pub transition: Transition,
    /// The theme that it needs, or what it changes of the wall's.
    pub theme: Option<ThemeChoice>,
    /// Whether one of its panels shows the stamp that all share.
    pub shared_stamp: bool,
}

impl Layout {
    /// The measures that its panels show.
    pub fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        let mut queries: Vec<Query> = Vec::new();
        for query in self.placements.iter().flat_map(|p| p.panel.queries(dictionaries)) {
            if !queries.contains(&query) {
                queries.push(query);
            }
        }
        queries
    }

    /// The municipalities that its panels are about by name.
    pub fn municipalities(&self) -> Vec<&str> {
        let filters = self.placements.iter().flat_map(|placement| &placement.filters);
        filters.filter_map(|filter| filter.municipality.as_deref()).collect()
    }

    /// The tables of alerts that its maps look at, in the order of painting.
    pub fn alerts(&self) -> impl Iterator<Item = &str> {
        self.placements.iter().filter_map(|placement| placement.info.alerts.as_deref())
    }

    /// Whether a panel of it lists the alarms that stand.
    pub fn lists_alarms(&self) -> bool {
        self.placements.iter().any(|placement| placement.kind == "alarms")
    }

    /// Names in its filters that a region does not have: one sentence each for their author, without duplicates.
    pub fn unknown(&self, dictionaries: &Dictionaries) -> Vec<String> {
        unknown(self.placements.iter().flat_map(|placement| &placement.filters), dictionaries)
    }

    /// The same of its filters and of its presets'.
    pub fn unknown_with_presets(&self, dictionaries: &Dictionaries) -> Vec<String> {
        let own = self.placements.iter().flat_map(|placement| &placement.filters);
        unknown(own.chain(self.presets.iter().map(|preset| &preset.filter)), dictionaries)
    }

    /// Panels shown on a wall of this shape, in painting order: index, placement, and rectangle in wall pixels.
    pub fn arranged(&self, wall: &Wall) -> Vec<(usize, &Placement, WallRect)> {
        let own = Shape::of(wall);
        // Where there is no grid for its shape, the first serves.
        let shape = if self.grids[own as usize].is_some() { own } else { Shape::Screen };
        let Some(grid) = &self.grids[shape as usize] else { return Vec::new() };
        let shown = self.placements.iter().enumerate().filter_map(|(at, p)| Some((at, p, p.spans[shape as usize]?)));
        let (shown, spans): (Vec<(usize, &Placement)>, Vec<Span>) =
            shown.map(|(at, placement, span)| ((at, placement), span)).unzip();
        let places = solve(grid, &spans, wall);
        shown.into_iter().zip(places).map(|((at, placement), place)| (at, placement, place)).collect()
    }

    /// The smallest width and height at which one of its panels can be read, in units of the smallest type.
    pub fn smallest(&self, placement: &Placement) -> (f32, f32) {
        self.stamped(placement, placement.info.smallest)
    }

    /// Whether one of its panels can be read at a place, however it arranges itself there; `u` in wall pixels.
    pub fn has_room(&self, placement: &Placement, place: WallRect, u: f32) -> bool {
        let mut sizes = [Some(placement.info.smallest), placement.info.smallest_upright].into_iter().flatten();
        sizes.any(|size| fits(place.width(), place.height(), self.stamped(placement, size), u))
    }

    /// Whether there is also room for a stamp of its own, where another panel shows the shared stamp.
    pub fn has_room_for_stamp(&self, placement: &Placement, place: WallRect, u: f32) -> bool {
        let (width, height) = placement.info.smallest;
        placement.info.ages && fits(place.width(), place.height(), (width, height + STAMP), u)
    }

    /// A size with the room of the stamp that a panel has of its own.
    fn stamped(&self, placement: &Placement, (width, height): (f32, f32)) -> (f32, f32) {
        let stamp = if placement.info.ages && !self.shared_stamp { STAMP } else { 0.0 };
        (width, height + stamp)
    }
}

fn unknown<'a>(filters: impl Iterator<Item = &'a FilterSpec>, dictionaries: &Dictionaries) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for sentence in filters.flat_map(|filter| filter.unknown(dictionaries)) {
        if !found.contains(&sentence) {
            found.push(sentence);
        }
    }
    found
}

/// The layout for a wall that nobody chose one for: by its shape.
pub fn suited_to(wall: &Wall) -> &'static str {
    match Shape::of(wall) {
        Shape::Tall => "portrait",
        Shape::Wide => "situation-room",
        Shape::Screen => "overview",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_a_layout_names_and_the_region_does_not_have_is_said_with_what_there_is() {
        let region = crate::demo::World::new(1, crate::clock::Moment(1_795_172_712_000)).region;
        let text = "name = \"a\"\ngrid = { columns = 2, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\n\
            panel.feed = { filter = { sector = \"housin\" } }\n[[placement]]\ncolumns = [2, 2]\nrows = [1, 1]\n\
            panel.map = { heat = { filter = { channel = \"portal\" } } }\n[[preset]]\nname = \"p\"\n\
            filter = { municipality = \"Ключевскк\" }\n";
        let layout = parse(Path::new("a.toml"), text, Some("p")).unwrap();
        let said = layout.unknown(&region.dictionaries);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("no sector `housin`") && said[0].contains("`housing`"), "{said:?}");
        assert!(said[1].contains("no municipality `Ключевскк`") && said[1].contains("Ключевск"), "{said:?}");
        for (name, _) in BUILT_IN {
            assert_eq!(Catalogue::load(name).unwrap().unknown(&region.dictionaries), Vec::<String>::new());
        }
    }
}
