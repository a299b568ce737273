//! What dictionaries are called in another language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::region::Dictionaries;

/// A name and, where it has no room, a shorter one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Called {
    /// The name on screen.
    pub name: String,
    /// A shorter one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
}

/// The names of a region in another language, by code; what is not there keeps its own. Places are called what they
/// are called.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Translation {
    /// The region.
    pub region: String,
    /// The centre.
    pub centre: String,
    /// Its sectors.
    #[serde(default)]
    pub sectors: BTreeMap<String, Called>,
    /// Its topics.
    #[serde(default)]
    pub topics: BTreeMap<String, Called>,
    /// Its channels.
    #[serde(default)]
    pub channels: BTreeMap<String, Called>,
    /// Its executors.
    #[serde(default)]
    pub agencies: BTreeMap<String, Called>,
}

impl Dictionaries {
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
