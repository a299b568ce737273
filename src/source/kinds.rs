//! The table of kinds: one file a kind, one line here.

use jiff::tz::TimeZone;
use serde::Deserialize;

use super::fetch::{Fetcher, SourceError};
use super::mapping::AppealMap;
use super::record::Batch;
use super::{camera, cap, geojson, native, news, open311, prometheus, rest, table};
use crate::clock::Moment;
use crate::data::UnreportedFields;

macro_rules! kinds {
    ($($name:literal $variant:ident: $settings:ty),* $(,)?) => {
        /// The names of all kinds, as sites' files write them.
        pub const KINDS: &[&str] = &[$($name),*];

        /// For each kind an example as a site's file writes it.
        pub const EXAMPLES: &[(&str, &str)] = &[$(($name, <$settings>::EXAMPLE)),*];

        /// A source of some kind, with what its table says.
        #[derive(Debug, Clone)]
        pub enum Kind {
            $(
                #[doc = concat!("`kind = \"", $name, "\"`")]
                $variant($settings),
            )*
        }

        impl Kind {
            /// Its name.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// Reads what a table of this kind says.
            ///
            /// # Errors
            /// A sentence in which the key stands in backticks.
            pub fn read(name: &str, table: toml::Table) -> Result<Self, String> {
                let kind = match name {
                    $($name => <$settings>::deserialize(table).map(Self::$variant).map_err(|e| e.message().to_owned()),)*
                    other => Err(format!("there is no kind `{other}`")),
                }?;
                kind.validate()?;
                Ok(kind)
            }

            /// Asks for what there is.
            ///
            /// # Errors
            /// When it does not come, or is not what it should be.
            pub async fn poll(&mut self, fetcher: &Fetcher, zone: &TimeZone, now: Moment) -> Result<Batch, SourceError> {
                match self {
                    $(Self::$variant(settings) => settings.poll(fetcher, zone, now).await,)*
                }
            }
        }
    };
}

impl Kind {
    /// Whether what it says makes sense together.
    fn validate(&self) -> Result<(), String> {
        match self {
            Self::Rest(rest) => rest.mapping().validate(),
            Self::GeoJson(features) => features.mapping().validate(),
            Self::Csv(table) => table.mapping().validate(),
            _ => Ok(()),
        }
    }

    /// The tables that its file names; a native backend names them itself.
    pub fn tables(&self) -> Vec<String> {
        let one = match self {
            Self::Rest(rest) => rest.mapping().dataset,
            Self::GeoJson(features) => features.mapping().dataset.clone(),
            Self::Csv(table) => table.mapping().dataset,
            Self::News(news) => Some(news.dataset.clone()),
            Self::Cap(cap) => Some(cap.dataset.clone()),
            Self::Prometheus(prometheus) => return prometheus.tables().map(str::to_owned).collect(),
            Self::Native(_) | Self::Open311(_) | Self::Camera(_) => None,
        };
        one.into_iter().collect()
    }

    /// The appeals' mapping, where its file has one.
    fn appeal_map(&self) -> Option<AppealMap> {
        match self {
            Self::Rest(rest) => rest.mapping().appeal,
            Self::GeoJson(features) => features.mapping().appeal.clone(),
            Self::Csv(table) => table.mapping().appeal,
            _ => None,
        }
    }

    /// Whether sectors come by themselves in its rows, beside those that the site names.
    pub fn brings_sectors(&self) -> bool {
        matches!(self, Self::Native(_)) || self.appeal_map().is_some_and(|map| map.sector.is_some())
    }

    /// What it says of none of its appeals.
    pub fn untold(&self) -> UnreportedFields {
        match self {
            Self::Native(_) => UnreportedFields::default(),
            // Its rows may name a channel; the standard has no field for the others.
            Self::Open311(_) => UnreportedFields { moves: true, repeat: true, channel: false },
            _ => {
                let map = self.appeal_map();
                let untold = |told: fn(&AppealMap) -> bool| !map.as_ref().is_some_and(told);
                UnreportedFields {
                    moves: untold(|map| map.moves.is_some()),
                    repeat: untold(|map| map.repeat.is_some()),
                    channel: untold(|map| map.channel.is_some()),
                }
            }
        }
    }

    /// Whether channels do.
    pub fn brings_channels(&self) -> bool {
        matches!(self, Self::Native(_)) || self.appeal_map().is_some_and(|map| map.channel.is_some())
    }

    /// The sectors that its file names for what comes without one.
    pub fn named_sectors(&self) -> Vec<&str> {
        match self {
            Self::Open311(open311) => open311.named_sectors(),
            _ => Vec::new(),
        }
    }

    /// The picture that it brings.
    pub fn picture(&self) -> Option<&str> {
        match self {
            Self::Camera(camera) => Some(camera.picture()),
            _ => None,
        }
    }

    /// The names of its tables and of its picture.
    pub fn names(&self) -> Vec<String> {
        let picture = self.picture().map(str::to_owned);
        self.tables().into_iter().chain(picture).collect()
    }

    /// Whether its tables list what there is, so that one that suddenly has nothing is suspicious; alerts, news and
    /// samples come and go.
    pub fn is_a_stock(&self) -> bool {
        matches!(self, Self::Rest(_) | Self::GeoJson(_) | Self::Csv(_))
    }

    /// Whether appeals are among what it brings.
    pub fn brings_appeals(&self) -> bool {
        match self {
            Self::Native(_) | Self::Open311(_) => true,
            Self::Rest(rest) => rest.brings_appeals(),
            Self::GeoJson(features) => features.brings_appeals(),
            Self::Csv(table) => table.brings_appeals(),
            Self::Prometheus(_) | Self::News(_) | Self::Cap(_) | Self::Camera(_) => false,
        }
    }
}

kinds! {
    "native" Native: native::Native,
    "open311" Open311: open311::Open311,
    "rest" Rest: rest::Rest,
    "geojson" GeoJson: geojson::GeoJson,
    "csv" Csv: table::Csv,
    "prometheus" Prometheus: prometheus::Prometheus,
    "rss" News: news::News,
    "cap" Cap: cap::Cap,
    "camera" Camera: camera::Camera,
}
