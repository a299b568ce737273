//! Named tables that are not appeals: service points, outages, projects, announcements.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A table of records; each record is an object of plain values.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Dataset {
    /// Its name, as layouts refer to it.
    pub name: String,
    /// The records, in the order of the source.
    #[schema(value_type = Vec<Object>)]
    pub records: Vec<serde_json::Map<String, serde_json::Value>>,
}

impl Dataset {
    /// The texts in `field` of every record that has one.
    pub fn texts<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.records.iter().filter_map(move |record| record.get(field)?.as_str())
    }
}
