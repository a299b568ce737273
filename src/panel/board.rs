//! The board of one sector, or of one municipality: its name, its numbers, its topics, its map; several of them side by
//! side make a wall.

use serde::Deserialize;

use super::kit::icon_of_filter;
use super::{Panel, PanelInfo, PickedPlace, View, bars::Bars, frame, kpi::Kpi, map::Map};
use crate::data::filter::FilterSpec;
use crate::data::measure::Query;
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallRect, WallVector, rect};
use crate::language::{Arg, LocalizedText};
use crate::scene::{Brush, Theme};

/// A board.
#[derive(Debug, Deserialize)]
#[serde(try_from = "BoardTable")]
pub struct Board {
    title: Option<LocalizedText>,
    filter: FilterSpec,
    numbers: Kpi,
    topics: Bars,
    map: Map,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BoardTable {
    /// What it is called; what its filter is about by default.
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
}

/// Its parts, as a layout would write them.
const NUMBERS: &str = r#"cells = [
    { metric = "received", period = "today" }, { metric = "in-work", period = "now" }, { metric = "overdue", period = "now" },
]"#;
const TOPICS: &str = r#"metric = "received"
by = "topic"
period = "today"
title = { ru = "Темы дня", en = "Topics of the day" }"#;
const MAP: &str = r#"heat = true
labels = 0
bare = true
title = { ru = "За 24 часа", en = "24 hours" }"#;

/// The heights of its header and of its numbers, in units.
const HEADER: f32 = 2.2;
const NUMBERS_HEIGHT: f32 = 8.7;

impl TryFrom<BoardTable> for Board {
    type Error = toml::de::Error;

    fn try_from(BoardTable { title, filter }: BoardTable) -> Result<Self, Self::Error> {
        let (numbers, topics, map) = (toml::from_str(NUMBERS)?, toml::from_str(TOPICS)?, toml::from_str(MAP)?);
        let mut board = Self { title, filter: filter.clone(), numbers, topics, map };
        board.parts_mut().into_iter().flat_map(|part| part.filters()).for_each(|own| own.narrow(&filter));
        Ok(board)
    }
}

impl Board {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"board = { filter = { sector = "housing" } }"#;

    fn parts(&self) -> [&dyn Panel; 3] {
        [&self.numbers, &self.topics, &self.map]
    }

    fn parts_mut(&mut self) -> [&mut dyn Panel; 3] {
        [&mut self.numbers, &mut self.topics, &mut self.map]
    }

    /// The places of the numbers, the topics and the map.
    fn places(bounds: WallRect, theme: &Theme) -> [WallRect; 3] {
        let (u, gutter) = (theme.unit, 4.0 * theme.spacing());
        let top = bounds.min.y + HEADER * u;
        let middle = top + NUMBERS_HEIGHT * u;
        let across = bounds.min.x + (0.46 * bounds.width()).round();
        [
            WallRect::new(WallPoint::new(bounds.min.x, top), WallPoint::new(bounds.max.x, middle)),
            WallRect::new(WallPoint::new(bounds.min.x, middle + gutter), WallPoint::new(across, bounds.max.y)),
            WallRect::new(WallPoint::new(across + gutter, middle + gutter), bounds.max),
        ]
    }
}

impl Panel for Board {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        self.parts().into_iter().flat_map(|part| part.queries(dictionaries)).collect()
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        let Self { filter, numbers, topics, map, .. } = self;
        let parts: [&mut dyn Panel; 3] = [numbers, topics, map];
        std::iter::once(filter).chain(parts.into_iter().flat_map(|part| part.filters())).collect()
    }

    fn info(&self) -> PanelInfo {
        PanelInfo { compares: true, ..PanelInfo::of_appeals((31.2, HEADER + NUMBERS_HEIGHT + 10.3)) }
    }

    fn place_at(&self, view: &View<'_>, brush: &mut Brush<'_>, at: WallPoint) -> Option<PickedPlace> {
        let [.., place] = Self::places(brush.bounds, brush.theme);
        brush.bounds = place;
        place.contains(at).then(|| self.map.place_at(view, brush, at)).flatten()
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        let baseline = bounds.min.y + 1.45 * u;
        let mut x = bounds.min.x + 0.2 * u;
        if let Some(icon) = view.dictionaries().and_then(|d| icon_of_filter(&self.filter, d)) {
            let tile = rect(x, baseline - 1.25 * u, 1.7 * u, 1.7 * u);
            frame::sign(brush, tile, icon);
            x = tile.max.x + 0.5 * u;
        }
        let about = || view.dictionaries().and_then(|d| self.filter.about(d)).unwrap_or_default();
        let name = frame::text_or_default(&self.title, view.language, about);
        let mut right = bounds.max.x;
        if !view.shared_stamp {
            let room = brush.measure(
                &view.language.message_with("stamp-live", &[("time", Arg::Text("00:00:00"))]),
                brush.theme.label(),
            );
            right -= room + 2.4 * u;
            frame::stamp(view, brush, WallPoint::new(right + 0.6 * u, baseline));
        }
        brush.text_in(&name, brush.theme.page_title(), WallPoint::new(x, baseline), right - x, palette.text);
        // The board has a stamp for all its parts.
        let mut view = *view;
        view.shared_stamp = true;
        for (part, place) in self.parts().into_iter().zip(Self::places(bounds, brush.theme)) {
            brush.bounds = place;
            brush.layer(WallVector::zero(), place);
            part.paint(&view, brush);
        }
        brush.bounds = bounds;
    }
}
