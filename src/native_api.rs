//! The native API, as both sides of it speak: see `/openapi.json` of a backend.
//!
//! Appeals travel as columns: a page of a million rows is read ten times faster than as objects, and takes
//! a third of the bytes. Times after receipt are seconds since receipt, and −1 where they have not come.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::data::dataset::Record;
use crate::data::region::Dictionaries;
use crate::data::{Appeal, NEVER};

/// The version of the API; a wall refuses a backend of another one.
pub const API_VERSION: u32 = 1;
/// The header that names the cursor of the next page, so that it can be asked for before this one is read.
pub const NEXT_CURSOR: &str = "x-next-cursor";

/// The answer to `GET /v1/region`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RegionAnswer {
    /// [`API_VERSION`].
    pub api_version: u32,
    /// Changes when numbers of appeals are given anew: what was loaded before is not to be built upon.
    pub epoch: String,
    /// The backend's own time, in seconds since 1970.
    pub now: i64,
    /// The names behind the numbers.
    pub dictionaries: Dictionaries,
}

/// Appeals by column; all columns are of one length.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct AppealColumns {
    /// Numbers, ascending.
    pub id: Vec<u64>,
    /// Seconds since 1970.
    pub received: Vec<u32>,
    /// Seconds from receipt to the first reply, or −1.
    pub first_reply: Vec<i64>,
    /// Seconds from receipt to the answer, or −1.
    pub answered: Vec<i64>,
    /// Seconds from receipt to the resident's confirmation, or −1.
    pub accepted: Vec<i64>,
    /// Seconds from receipt to the due date as it stands.
    pub due: Vec<i64>,
    /// Millionths of a degree of longitude.
    pub lon_e6: Vec<i32>,
    /// Millionths of a degree of latitude.
    pub lat_e6: Vec<i32>,
    /// Places in the dictionary of topics.
    pub topic: Vec<u16>,
    /// Places in the dictionary of municipalities.
    pub municipality: Vec<u16>,
    /// Places in the dictionary of agencies.
    pub agency: Vec<u16>,
    /// Places in the dictionary of channels.
    pub channel: Vec<u8>,
    /// How often the due date was moved.
    pub moves: Vec<u8>,
    /// 1 to 5, or 0.
    pub rating: Vec<u8>,
    /// 1 for an appeal that is linked to an earlier one.
    pub repeat: Vec<u8>,
}

/// The answer to `GET /v1/appeals`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct AppealPage {
    /// The moment that all pages of this snapshot are true at, in seconds since 1970.
    pub as_of: i64,
    /// What to ask for next; none on the last page.
    pub next_cursor: Option<String>,
    /// The appeals.
    pub appeals: AppealColumns,
}

/// An event of `GET /v1/changes` named `changes`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Changes {
    /// The data is complete up to this second, since 1970.
    pub until: i64,
    /// New and changed appeals, as they are now.
    pub appeals: AppealColumns,
}

/// An event of `GET /v1/changes` named `heartbeat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Heartbeat {
    /// Nothing has changed up to this second, since 1970.
    pub until: i64,
}

/// An appeal with its text: `GET /v1/appeals/latest`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppealText {
    /// Its number.
    pub id: u64,
    /// Seconds since 1970.
    pub received: u32,
    /// What the resident wrote. It may hold personal data.
    pub text: String,
    /// The executor's answer, once there is one.
    pub reply: Option<String>,
}

/// A named table: `GET /v1/datasets/{name}`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct DatasetAnswer {
    /// Its name, as layouts refer to it.
    pub name: String,
    /// The records, each an object of plain values.
    #[schema(value_type = Vec<Object>)]
    pub records: Vec<Record>,
    /// Fields whose texts are published information, such as the address of a service point. All other
    /// texts are masked before they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<String>,
}

/// Why columns cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the column `{column}` has {found} entries and `id` has {expected}")]
pub struct UnevenColumns {
    column: &'static str,
    found: usize,
    expected: usize,
}

fn after(received: u32, at: u32) -> i64 {
    if at == NEVER { -1 } else { i64::from(at) - i64::from(received) }
}

fn moment(received: u32, after: i64) -> u32 {
    if after < 0 { NEVER } else { u32::try_from(i64::from(received) + after).unwrap_or(NEVER - 1) }
}

impl FromIterator<Appeal> for AppealColumns {
    fn from_iter<I: IntoIterator<Item = Appeal>>(appeals: I) -> Self {
        let mut columns = Self::default();
        for a in appeals {
            columns.id.push(a.id);
            columns.received.push(a.received);
            columns.first_reply.push(after(a.received, a.first_reply));
            columns.answered.push(after(a.received, a.answered));
            columns.accepted.push(after(a.received, a.accepted));
            columns.due.push(after(a.received, a.due));
            columns.lon_e6.push(a.lon_e6);
            columns.lat_e6.push(a.lat_e6);
            columns.topic.push(a.topic);
            columns.municipality.push(a.municipality);
            columns.agency.push(a.agency);
            columns.channel.push(a.channel);
            columns.moves.push(a.moves);
            columns.rating.push(a.rating);
            columns.repeat.push(u8::from(a.repeat));
        }
        columns
    }
}

impl AppealColumns {
    /// The appeals, row by row.
    ///
    /// # Errors
    /// When a column is longer or shorter than `id`.
    pub fn rows(&self) -> Result<Vec<Appeal>, UnevenColumns> {
        let expected = self.id.len();
        let lengths = [
            ("received", self.received.len()),
            ("first_reply", self.first_reply.len()),
            ("answered", self.answered.len()),
            ("accepted", self.accepted.len()),
            ("due", self.due.len()),
            ("lon_e6", self.lon_e6.len()),
            ("lat_e6", self.lat_e6.len()),
            ("topic", self.topic.len()),
            ("municipality", self.municipality.len()),
            ("agency", self.agency.len()),
            ("channel", self.channel.len()),
            ("moves", self.moves.len()),
            ("rating", self.rating.len()),
            ("repeat", self.repeat.len()),
        ];
        if let Some((column, found)) = lengths.into_iter().find(|(_, found)| *found != expected) {
            return Err(UnevenColumns { column, found, expected });
        }
        Ok((0..expected)
            .map(|i| {
                let received = self.received[i];
                Appeal {
                    id: self.id[i],
                    received,
                    first_reply: moment(received, self.first_reply[i]),
                    answered: moment(received, self.answered[i]),
                    accepted: moment(received, self.accepted[i]),
                    due: moment(received, self.due[i]),
                    lon_e6: self.lon_e6[i],
                    lat_e6: self.lat_e6[i],
                    topic: self.topic[i],
                    municipality: self.municipality[i],
                    agency: self.agency[i],
                    channel: self.channel[i],
                    moves: self.moves[i],
                    rating: self.rating[i],
                    repeat: self.repeat[i] != 0,
                }
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn appeals_survive_the_way_there_and_back(received in 1u32..2_000_000_000, reply in proptest::option::of(0u32..9999), due in 0u32..99_999) {
            let at = |after: Option<u32>| after.map_or(NEVER, |a| received + a);
            let appeal = Appeal { id: 7, received, first_reply: at(reply), answered: at(reply.map(|r| r + 1)), accepted: NEVER,
                due: received + due, lon_e6: -5, lat_e6: 6, topic: 1, municipality: 2, agency: 3, channel: 4, moves: 5, rating: 0, repeat: true };
            let text = serde_json::to_string(&AppealColumns::from_iter([appeal])).unwrap();
            prop_assert_eq!(serde_json::from_str::<AppealColumns>(&text).unwrap().rows().unwrap(), vec![appeal]);
        }
    }

    #[test]
    fn uneven_columns_are_refused_by_name() {
        let columns = AppealColumns { id: vec![1], ..AppealColumns::default() };
        assert!(columns.rows().unwrap_err().to_string().contains("`received`"));
    }
}
