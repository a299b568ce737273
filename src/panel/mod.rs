//! Panels: one file a kind, and the table of kinds.

mod alarms;
mod bars;
mod board;
mod calendar;
mod camera;
mod cards;
mod chart;
mod clock;
mod deadlines;
mod feed;
mod flow;
mod foot;
mod frame;
mod funnel;
mod gauge;
mod group;
mod hero;
mod image;
mod info;
mod kit;
mod kpi;
mod map;
mod markdown;
mod multiples;
mod photos;
mod pick;
mod plot;
mod progress;
mod qr;
mod quote;
mod ranking;
mod result;
mod review;
mod slides;
mod spark;
mod stacked;
mod table;
mod test_pattern;
mod text;
mod ticker;
mod title;
mod view;
mod warnings;
mod weather;

use std::fmt::Debug;
use std::path::Path;

use serde::Deserialize;

use crate::clock::Moment;
use crate::data::filter::FilterSpec;
use crate::data::measure::Query;
use crate::data::region::Dictionaries;
use crate::geometry::WallPoint;
use crate::language::Sentence;
use crate::scene::Brush;

pub use frame::yielded;
pub use info::PanelInfo;
pub use kit::{fits, key_of, unknown_icon};
pub use map::{alerts_in, warnings_in};
pub use pick::{Picked, PickedAppeal, PickedPlace};
pub use qr::paint_qr;
pub use test_pattern::TestPattern;
pub use view::{ByAddress, Inputs, Reads, View};

/// A panel as a layout describes it.
pub trait Panel: Debug + Send + Sync {
    /// The measures that it shows.
    fn queries(&self, _: &Dictionaries) -> Vec<Query> {
        Vec::new()
    }

    /// Paints it as it is at `brush.now`.
    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>);

    /// The place of its map that is under a point of the wall; the brush's picture is thrown away.
    fn place_at(&self, _: &View<'_>, _: &mut Brush<'_>, _: WallPoint) -> Option<PickedPlace> {
        None
    }

    /// Whether there is anything to show; a group may pass over a panel that has nothing.
    fn has_something(&self, _: &View<'_>) -> bool {
        true
    }

    /// What it says of itself.
    fn info(&self) -> PanelInfo;

    /// The table by whose freshness what it shows at `now` is judged, given its own `info`; none where it is judged by
    /// the appeals. A panel that shows tables beside appeals is as old as what is most behind of all of them.
    fn freshness_table<'s>(&'s self, info: &'s PanelInfo, view: &View<'_>, now: Moment) -> Option<&'s str> {
        let beside = || info.tables.iter().map(String::as_str).filter(|_| info.ages);
        info.dataset.as_deref().or_else(|| view.max_behind(beside(), now))
    }

    /// Its filters: a preset narrows them to what it is about, where they leave that open.
    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        Vec::new()
    }

    /// Whether what it says makes sense together.
    ///
    /// # Errors
    /// A sentence that says what to write instead.
    fn validate(&self) -> Result<(), Sentence> {
        Ok(())
    }

    /// Reads the files that it shows, beside the layout file in `folder`.
    ///
    /// # Errors
    /// A sentence that names the file and what is wrong with it.
    fn load(&mut self, _folder: &Path) -> Result<(), Sentence> {
        Ok(())
    }
}

macro_rules! kinds {
    ($($name:literal $field:ident: $kind:ty),* $(,)?) => {
        /// The names of all kinds, as layouts write them.
        pub const KINDS: &[&str] = &[$($name),*];

        /// The panel of a placement: exactly one of the kinds.
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct PanelTable {
            $(#[serde(default, rename = $name)] $field: Option<$kind>,)*
        }

        impl PanelTable {
            /// The panels that are named, with the names of their kinds.
            pub fn named(self) -> Vec<(&'static str, Box<dyn Panel>)> {
                let mut named: Vec<(&'static str, Box<dyn Panel>)> = Vec::new();
                $(if let Some(panel) = self.$field { named.push(($name, Box::new(panel))); })*
                named
            }
        }

        /// For each kind an example as a layout writes it.
        pub const EXAMPLES: &[(&str, &str)] = &[$(($name, <$kind>::EXAMPLE)),*];
    };
}

kinds! {
    "kpi" kpi: kpi::Kpi,
    "map" map: map::Map,
    "feed" feed: feed::Feed,
    "ticker" ticker: ticker::Ticker,
    "chart" chart: chart::Chart,
    "bars" bars: bars::Bars,
    "board" board: board::Board,
    "ranking" ranking: ranking::Ranking,
    "review" review: review::Review,
    "warnings" warnings: warnings::Warnings,
    "alarms" alarms: alarms::AlarmsPanel,
    "deadlines" deadlines: deadlines::DeadlinesPanel,
    "calendar" calendar: calendar::Calendar,
    "funnel" funnel: funnel::Funnel,
    "flow" flow: flow::Flow,
    "gauge" gauge: gauge::Gauge,
    "cards" cards: cards::Cards,
    "hero" hero: hero::Hero,
    "result" result: result::YearResult,
    "multiples" multiples: multiples::Multiples,
    "photos" photos: photos::Photos,
    "quote" quote: quote::Quote,
    "progress" progress: progress::Progress,
    "table" table: table::Table,
    "qr" qr: qr::Qr,
    "group" group: group::Group,
    "title" title: title::Title,
    "foot" foot: foot::Foot,
    "clock" clock: clock::ClockPanel,
    "text" text: text::Text,
    "image" image: image::Image,
    "slides" slides: slides::Slides,
    "weather" weather: weather::Weather,
    "camera" camera: camera::Camera,
    "test-pattern" test_pattern: TestPattern,
}

/// Kinds that show files which lie beside the layout.
pub const WITH_FILES: [&str; 3] = ["image", "photos", "slides"];
