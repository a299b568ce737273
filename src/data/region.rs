//! The region: its dictionaries, beside its boundaries.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Appeal;
use super::translated_names::{Called, Translation};

/// The code of the sector of topics that no table assigns.
pub const OTHER_SECTOR: &str = "other";

pub use super::boundaries::{Boundaries, BoundariesError, Boundary, MapLine, Remembered, Scale, Town, tidy_name};

/// An entry of a dictionary.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Term {
    /// The stable code that files use.
    pub code: String,
    /// The name on screen.
    pub name: String,
    /// A shorter one, for where the name has no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// The icon beside it, by its Phosphor name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Whether it came in a row and stands in no dictionary of the site's: passers-by do not see it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_rows: bool,
}

/// What an appeal is about, within a sector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Topic {
    /// The stable code that files use.
    pub code: String,
    /// The name on screen.
    pub name: String,
    /// A shorter one, for where the name has no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// The name of its icon; its sector's where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Its sector, as a place in [`Dictionaries::sectors`].
    pub sector: u16,
    /// Hours in which an appeal of this topic is to be answered.
    pub due_hours: u32,
    /// Whether it came in a row and stands in no dictionary of the site's: passers-by do not see it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_rows: bool,
}

/// A municipality and how many live in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Municipality {
    /// The name on screen.
    pub name: String,
    /// Residents.
    pub population: u32,
    /// Whether it came in a row and stands in no dictionary of the site's: passers-by do not see it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_rows: bool,
}

/// The names behind the numbers in an appeal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Dictionaries {
    /// The region's name, such as «Заволоцкая область».
    pub region: String,
    /// What the centre calls itself, such as «ЦУР Заволоцкой области».
    pub centre: String,
    /// The IANA time zone of its days.
    pub time_zone: String,
    /// Whether the data is invented.
    #[serde(default)]
    pub demo: bool,
    /// Who drew the boundaries, as their licence asks to be said on every map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// The sectors.
    pub sectors: Vec<Term>,
    /// The topics of all sectors.
    pub topics: Vec<Topic>,
    /// The channels.
    pub channels: Vec<Term>,
    /// The executors.
    pub agencies: Vec<Term>,
    /// The municipalities, in the order of the boundaries.
    pub municipalities: Vec<Municipality>,
    /// What all this is called in other languages, by their two letters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<String, Translation>,
}

/// The place in a dictionary of what is not in it: an executor that no backend names, a topic beyond the limit.
pub const UNLISTED: u16 = u16::MAX;
/// The same of a channel.
pub const UNLISTED_CHANNEL: u8 = u8::MAX;

impl Dictionaries {
    /// These dictionaries with every name that came in rows replaced by a numbered one from `called`; none if there is
    /// no such name.
    pub fn without_names_from_rows(&self, called: impl Fn(&str, usize) -> String) -> Option<Self> {
        let mut own = self.clone();
        let mut any = false;
        let mut number = |kind: &str, at: usize, name: &mut String, short: Option<&mut Option<String>>| {
            any = true;
            *name = called(kind, at + 1);
            if let Some(short) = short {
                *short = None;
            }
        };
        for (kind, terms) in
            [("sector", &mut own.sectors), ("channel", &mut own.channels), ("agency", &mut own.agencies)]
        {
            for (at, term) in terms.iter_mut().enumerate().filter(|(_, term)| term.from_rows) {
                number(kind, at, &mut term.name, Some(&mut term.short));
            }
        }
        for (at, topic) in own.topics.iter_mut().enumerate().filter(|(_, topic)| topic.from_rows) {
            number("topic", at, &mut topic.name, Some(&mut topic.short));
        }
        for (at, place) in own.municipalities.iter_mut().enumerate().filter(|(_, place)| place.from_rows) {
            number("municipality", at, &mut place.name, None);
        }
        any.then_some(own)
    }

    /// The municipality of a name, by its place in the dictionary.
    pub fn municipality(&self, name: &str) -> Option<usize> {
        self.municipalities.iter().position(|municipality| municipality.name == name)
    }

    /// The sector of an appeal, by its topic; none for a topic that is not in the dictionary.
    pub fn sector_of(&self, appeal: &Appeal) -> Option<u16> {
        self.topics.get(usize::from(appeal.topic)).map(|topic| topic.sector)
    }
}

/// Everything about a region that an appeal refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The names.
    pub dictionaries: Dictionaries,
    /// The map.
    pub boundaries: Boundaries,
}

/// The names of places in a region, which texts name and which are not people's.
pub fn place_names<'a>(dictionaries: &'a Dictionaries, boundaries: &'a Boundaries) -> impl Iterator<Item = &'a str> {
    let municipalities = dictionaries.municipalities.iter().map(|m| m.name.as_str());
    municipalities.chain(boundaries.towns.iter().map(|t| t.name.as_str()))
}

impl Dictionaries {
    /// The dictionaries as they are called in a language, by its two letters; as they came where they have no names in it.
    pub fn called_in(&self, language: &str) -> Cow<'_, Self> {
        self.translated(language).map_or(Cow::Borrowed(self), Cow::Owned)
    }

    /// The same dictionaries as they are called in a language, by its two letters; none where they have no names in it.
    pub fn translated(&self, language: &str) -> Option<Self> {
        let translation = self.translations.get(language)?;
        let mut own = self.clone();
        own.region.clone_from(&translation.region);
        own.centre.clone_from(&translation.centre);
        let called = |names: &BTreeMap<String, Called>, code: &str, name: &mut String, short: &mut Option<String>| {
            if let Some(called) = names.get(code) {
                name.clone_from(&called.name);
                short.clone_from(&called.short);
            }
        };
        for (terms, names) in [
            (&mut own.sectors, &translation.sectors),
            (&mut own.channels, &translation.channels),
            (&mut own.agencies, &translation.agencies),
        ] {
            terms.iter_mut().for_each(|term| called(names, &term.code, &mut term.name, &mut term.short));
        }
        for topic in &mut own.topics {
            called(&translation.topics, &topic.code, &mut topic.name, &mut topic.short);
        }
        Some(own)
    }
}
