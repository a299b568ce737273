//! What dictionaries are called in another language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
