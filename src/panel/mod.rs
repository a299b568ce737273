//! Panels: one file a kind, and the table of kinds.

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
mod warnings;
mod weather;

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::clock::Moment;
use crate::data::dataset::{Dataset, Record};
use crate::data::freshness::{Age, Freshness};
use crate::data::measure::{Answer, Dimension, Figure, Filter, Group, Query, Status};
use crate::data::moments;
use crate::data::region::{Dictionaries, Term, UNLISTED, UNLISTED_CHANNEL};
use crate::data::{AppealId, Measured, Revision};
use crate::geometry::WallPoint;
use crate::language::Language;
use crate::map::Leg;
use crate::privacy::Audience;
use crate::scene::{Brush, Icon, TextStyle, icon_named};
use crate::wall::Wall;

pub use pick::{Picked, PickedAppeal, PickedPlace};
pub use test_pattern::TestPattern;

/// What a panel sees of the world.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The data.
    pub revision: &'a Revision,
    /// The words.
    pub language: &'a Language,
    /// The region's time zone.
    pub zone: &'a TimeZone,
    /// The wall that the panel hangs on.
    pub wall: &'a Wall,
    /// How fresh what the panel shows is; none before there is anything.
    pub fresh: Option<Freshness>,
    /// Its age at the moment of painting.
    pub age: Option<Age>,
    /// Whether another panel of the layout shows the stamp that all share.
    pub shared_stamp: bool,
    /// Whether a panel of the layout shows numbers beside those of a year ago.
    pub compares: bool,
    /// Who may see the outputs that the panel is on.
    pub audience: Audience,
    /// The dictionaries as they are called in the language; none where they have no names in it.
    pub translated: Option<&'a Dictionaries>,
    /// What maps were told to look at, the oldest first.
    pub camera: &'a [Leg],
}

impl<'a> View<'a> {
    /// The dictionaries, once a source has named the region.
    pub fn dictionaries(&self) -> Option<&Dictionaries> {
        self.translated.or(Some(&self.revision.snapshot.region.as_ref()?.dictionaries))
    }

    /// The records of a table as this audience may see them; none before it is known.
    pub fn records(&self, table: &str) -> &'a [Record] {
        self.table(table).map_or(&[], |table| table.shown_to(self.audience))
    }

    /// A table; of what it holds this audience may see what [`View::records`] gives.
    pub fn table(&self, name: &str) -> Option<&'a Arc<Dataset>> {
        self.revision.snapshot.datasets.get(name)
    }

    /// The moment that a value of a table says, in whatever way it writes it.
    pub fn moment(&self, value: &serde_json::Value) -> Option<Moment> {
        moments::moment(value, self.zone).map(Moment::from_secs)
    }

    /// A measure.
    pub fn measured(&self, query: &Query) -> Option<&Arc<Measured>> {
        self.revision.measures.get(query)
    }

    /// A measure that is one number.
    pub fn figure(&self, query: &Query) -> Option<(&Figure, &Measured)> {
        let measured = self.measured(query)?;
        match &measured.answer {
            Answer::Figure(figure) => Some((figure, measured)),
            _ => None,
        }
    }

    /// A measure that is one number a group.
    pub fn groups(&self, query: &Query) -> Option<(&[Group], &Measured)> {
        let measured = self.measured(query)?;
        match &measured.answer {
            Answer::Groups(groups) => Some((groups, measured)),
            _ => None,
        }
    }

    /// What the resident wrote in an appeal, as far as it is known and this audience may read it.
    pub fn words_of(&self, id: AppealId) -> Option<&str> {
        self.revision.snapshot.words.get(&id)?.text.shown_to(self.audience).filter(|text| !text.is_empty())
    }

    /// What was answered to an appeal, as far as it is known and this audience may read it.
    pub fn reply_to(&self, id: AppealId) -> Option<&str> {
        let reply = self.revision.snapshot.words.get(&id)?.reply.as_ref()?;
        reply.shown_to(self.audience).filter(|text| !text.is_empty())
    }

    /// What a panel sees that shows a table: it is as old as that; as the appeals where it shows none. Where the table is
    /// older than what the others show, the panel has a stamp of its own.
    pub fn as_old_as(self, table: Option<&str>, now: Moment) -> Self {
        let appeals = self.revision.snapshot.appeals_freshness;
        let Some(table) = table else { return Self { fresh: appeals, age: appeals.map(|f| f.age(now)), ..self } };
        let fresh = self.revision.snapshot.dataset_freshness.get(table).copied();
        let age = fresh.map(|fresh| fresh.age(now));
        let kind = |age: Option<Age>| age.map(|age| std::mem::discriminant(&age));
        let behind = age != Some(Age::Live) && kind(age) != kind(appeals.map(|fresh| fresh.age(now)));
        Self { fresh, age, shared_stamp: self.shared_stamp && !behind, ..self }
    }

    /// Whether the data is too old to be acted upon.
    pub fn faded(&self) -> bool {
        matches!(self.age, Some(Age::Old | Age::Lost(_)))
    }
}

/// A panel that has less than this part of what it needs is not shown at all: text is never shrunk.
const TOLERANCE: f32 = 0.97;

/// Whether a place of this size, in wall pixels, is enough for a panel that needs `smallest` units.
pub fn fits(width: f32, height: f32, smallest: (f32, f32), u: f32) -> bool {
    width >= smallest.0 * u * TOLERANCE && height >= smallest.1 * u * TOLERANCE
}

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

    /// Whether it shows data, and says how old that is where no other panel does it for all.
    fn ages(&self) -> bool {
        true
    }

    /// Whether there is anything to show; a group may pass over a panel that has nothing.
    fn has_something(&self, _: &View<'_>) -> bool {
        true
    }

    /// The smallest width and height at which it can be read, in units of the smallest type, without a stamp.
    fn smallest(&self) -> (f32, f32);

    /// The same where it stands in a narrow, high place and arranges itself anew; none if it does not.
    fn smallest_upright(&self) -> Option<(f32, f32)> {
        None
    }

    /// The table that it shows, by whose freshness it is judged; none where it shows appeals.
    fn dataset(&self) -> Option<&str> {
        None
    }

    /// The table by whose freshness what it shows at `now` is judged.
    fn judged_by(&self, _: &View<'_>, _now: Moment) -> Option<&str> {
        self.dataset()
    }

    /// Every table that it shows something of.
    fn tables(&self) -> Vec<&str> {
        self.dataset().into_iter().collect()
    }

    /// Whether it shows today's numbers beside those of a year ago.
    fn compares(&self) -> bool {
        false
    }

    /// At how many characters a second its text runs; none where it stands.
    fn pace(&self) -> Option<f64> {
        None
    }

    /// Whether what it shows are texts of any length, of which the beginning tells enough.
    fn shows_texts(&self) -> bool {
        false
    }

    /// Whether it is a strip without an edge of its own.
    fn is_strip(&self) -> bool {
        false
    }

    /// Whether it shows the stamp that all panels of the layout share.
    fn shows_stamp(&self) -> bool {
        false
    }

    /// Its filters: a preset narrows them to what it is about, where they leave that open.
    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        Vec::new()
    }

    /// Whether what it says makes sense together.
    ///
    /// # Errors
    /// A sentence that says what to write instead.
    fn judge(&self) -> Result<(), String> {
        Ok(())
    }

    /// Reads the files that it shows, beside the layout file in `folder`.
    ///
    /// # Errors
    /// A sentence that names the file and what is wrong with it.
    fn load(&mut self, _folder: &Path) -> Result<(), String> {
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

/// Which appeals a panel counts, by the codes of the dictionaries.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilterSpec {
    /// Only this sector.
    #[serde(default)]
    pub sector: Option<String>,
    /// Only this municipality, by its name.
    #[serde(default)]
    pub municipality: Option<String>,
    /// Only this channel.
    #[serde(default)]
    pub channel: Option<String>,
    /// Only this topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// Only this executor.
    #[serde(default)]
    pub agency: Option<String>,
    /// Only in this state at the end of the period.
    #[serde(default)]
    pub status: Option<Status>,
}

impl FilterSpec {
    /// The same filter, with what it leaves open taken from `other`.
    pub fn narrow(&mut self, other: &Self) {
        let open = |own: &mut Option<String>, others: &Option<String>| {
            if own.is_none() {
                own.clone_from(others);
            }
        };
        open(&mut self.sector, &other.sector);
        open(&mut self.municipality, &other.municipality);
        open(&mut self.channel, &other.channel);
        open(&mut self.topic, &other.topic);
        open(&mut self.agency, &other.agency);
        self.status = self.status.or(other.status);
    }

    /// What it names that the dictionaries do not have, as sentences that say what there is.
    pub fn unknown(&self, dictionaries: &Dictionaries) -> Vec<String> {
        let codes = |terms: &[Term]| -> Vec<String> { terms.iter().map(|term| term.code.clone()).collect() };
        let topics = dictionaries.topics.iter().map(|topic| topic.code.clone()).collect();
        let municipalities = dictionaries.municipalities.iter().map(|m| m.name.clone()).collect();
        let named: [(&str, &Option<String>, Vec<String>); 5] = [
            ("sector", &self.sector, codes(&dictionaries.sectors)),
            ("municipality", &self.municipality, municipalities),
            ("channel", &self.channel, codes(&dictionaries.channels)),
            ("topic", &self.topic, topics),
            ("agency", &self.agency, codes(&dictionaries.agencies)),
        ];
        let missing = named.into_iter().filter_map(|(what, name, known)| {
            let name = name.as_ref().filter(|name| !known.contains(name))?;
            let help = crate::diagnostic::expected(name, known.iter().map(String::as_str));
            Some(format!("the region has no {what} `{name}`; {help}"))
        });
        missing.collect()
    }

    /// The icon of the sector that it is about.
    pub fn icon(&self, dictionaries: &Dictionaries) -> Option<Icon> {
        let code = self.sector.as_ref()?;
        let sector = dictionaries.sectors.iter().find(|sector| sector.code == *code)?;
        Some(icon_named(sector.icon.as_deref()?, false))
    }

    /// What it is about, in words: the topic, the sector or the channel, and the municipality.
    pub fn about(&self, dictionaries: &Dictionaries) -> Option<String> {
        let named = |terms: &[Term], code: &Option<String>| {
            terms.iter().find(|term| Some(&term.code) == code.as_ref()).map(|term| term.name.clone())
        };
        let topic = dictionaries.topics.iter().find(|topic| Some(&topic.code) == self.topic.as_ref());
        let sector = topic.map(|topic| topic.name.clone()).or_else(|| named(&dictionaries.sectors, &self.sector));
        let parts = [sector, named(&dictionaries.channels, &self.channel), self.municipality.clone()];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The filter in numbers. A code that the dictionaries do not have lets nothing through, so that a
    /// mistyped sector never shows the numbers of the whole region.
    pub fn resolve(&self, dictionaries: &Dictionaries) -> Filter {
        let term = |terms: &[Term], code: &Option<String>| {
            code.as_ref().map(|code| place(terms.iter().map(|t| t.code.as_str()), code))
        };
        Filter {
            sector: term(&dictionaries.sectors, &self.sector),
            municipality: self
                .municipality
                .as_ref()
                .map(|name| place(dictionaries.municipalities.iter().map(|m| m.name.as_str()), name)),
            channel: term(&dictionaries.channels, &self.channel)
                .map(|at| u8::try_from(at).unwrap_or(UNLISTED_CHANNEL - 1)),
            topic: self.topic.as_ref().map(|code| place(dictionaries.topics.iter().map(|t| t.code.as_str()), code)),
            agency: term(&dictionaries.agencies, &self.agency),
            status: self.status,
        }
    }
}

/// The place of a name that no dictionary has: no appeal has it, not even one of which nothing is known.
const NO_TERM: u16 = UNLISTED - 1;

fn place<'a>(mut names: impl Iterator<Item = &'a str>, wanted: &str) -> u16 {
    names.position(|name| name == wanted).and_then(|at| u16::try_from(at).ok()).unwrap_or(NO_TERM)
}

/// What something is called, whole and, where it has a shorter name, short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Name<'a> {
    /// The whole name.
    pub whole: &'a str,
    /// The short one.
    pub short: Option<&'a str>,
}

impl<'a> Name<'a> {
    fn of(term: &'a Term) -> Self {
        Self { whole: &term.name, short: term.short.as_deref() }
    }

    /// The whole name if it has room, else the short one.
    pub fn within(self, brush: &mut Brush<'_>, style: TextStyle, room: f32) -> &'a str {
        match self.short {
            Some(short) if brush.measure(self.whole, style) > room => short,
            _ => self.whole,
        }
    }
}

/// What a group of a dimension is called.
pub fn name_of(dictionaries: &Dictionaries, dimension: Dimension, group: u16) -> Name<'_> {
    let at = usize::from(group);
    let found = match dimension {
        Dimension::Municipality => dictionaries.municipalities.get(at).map(|m| Name { whole: &m.name, short: None }),
        Dimension::Topic => dictionaries.topics.get(at).map(|t| Name { whole: &t.name, short: t.short.as_deref() }),
        Dimension::Sector => dictionaries.sectors.get(at).map(Name::of),
        Dimension::Channel => dictionaries.channels.get(at).map(Name::of),
        Dimension::Agency => dictionaries.agencies.get(at).map(Name::of),
    };
    found.unwrap_or_default()
}

/// The icon of a group of a dimension; a topic without one has its sector's.
pub fn icon_of(dictionaries: &Dictionaries, dimension: Dimension, group: u16) -> Option<Icon> {
    let at = usize::from(group);
    let sector = |at: usize| dictionaries.sectors.get(at).and_then(|sector| sector.icon.as_deref());
    let name = match dimension {
        Dimension::Sector => sector(at),
        Dimension::Channel => dictionaries.channels.get(at).and_then(|channel| channel.icon.as_deref()),
        Dimension::Topic => {
            dictionaries.topics.get(at).and_then(|t| t.icon.as_deref().or_else(|| sector(usize::from(t.sector))))
        }
        Dimension::Municipality | Dimension::Agency => None,
    };
    Some(icon_named(name?, false))
}

/// Measures are taken by the same clock, at most a moment before the frame.
const AHEAD_MILLIS: i64 = 2000;

/// A value on its way from what it was to what it is: 600 ms, decelerating.
pub fn tween(brush: &mut Brush<'_>, before: Option<f64>, now: f64, changed: Moment) -> f64 {
    let Some(before) = before.filter(|before| before.is_finite() && now.is_finite()) else { return now };
    // A change that is still to come is one before which the clock was set back.
    if changed > brush.now.plus_millis(AHEAD_MILLIS) {
        return now;
    }
    let t = f64::from(brush.animate(changed, 600, crate::clock::ease_out_cubic));
    if t >= 1.0 { now } else { before + (now - before) * t }
}

/// A key for a layer, from what its content depends on.
pub fn key_of(parts: impl std::hash::Hash) -> u64 {
    use std::hash::Hasher;
    let mut hasher = std::hash::DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
