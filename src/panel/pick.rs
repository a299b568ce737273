//! What is under a point of the wall: for a finger, and for the console.

use serde::Serialize;
use utoipa::ToSchema;

use super::View;
use crate::data::Appeal;
use crate::data::measure::Status;

/// What is under a point of a panel.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Picked {
    /// The panel's kind.
    pub panel: &'static str,
    /// The place on a map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PickedPlace>,
}

/// A place on a map.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PickedPlace {
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// The municipality whose land it is.
    pub municipality: Option<String>,
    /// What stands there: service points, outages, alerts, by their names.
    pub marks: Vec<String>,
    /// The side of the square around the point that appeals are looked for in, in kilometres.
    pub square_km: f64,
    /// How many the map shows there.
    pub appeals: usize,
    /// The newest of them, newest first.
    pub newest: Vec<PickedAppeal>,
}

/// An appeal in words.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PickedAppeal {
    /// Its number.
    pub id: u64,
    /// The second of its receipt.
    pub received_secs: u32,
    /// Its topic's name.
    pub topic: String,
    /// The executor's name.
    pub agency: String,
    /// Where it stands: `in-work`, `overdue`, `answered` or `accepted`.
    pub status: &'static str,
    /// What the resident wrote, masked, as far as it is known and those who see this output may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl PickedAppeal {
    /// An appeal as it stands at a second.
    pub fn new(view: &View<'_>, appeal: &Appeal, at: u32) -> Self {
        let dictionaries = view.dictionaries();
        let topic = dictionaries.and_then(|d| d.topics.get(usize::from(appeal.topic)));
        let agency = dictionaries.and_then(|d| d.agencies.get(usize::from(appeal.agency)));
        let stands = [
            (Status::Accepted, "accepted"),
            (Status::Answered, "answered"),
            (Status::Overdue, "overdue"),
            (Status::InWork, "in-work"),
        ];
        Self {
            id: appeal.id,
            received_secs: appeal.received,
            topic: topic.map_or_else(String::new, |t| t.name.clone()),
            agency: agency.map_or_else(String::new, |a| a.name.clone()),
            status: stands.into_iter().find(|(status, _)| status.holds(appeal, at)).map_or("in-work", |(_, name)| name),
            text: view.words_of(appeal.id).map(str::to_owned),
        }
    }
}
