//! Where data comes from: one file a kind of source, a supervisor that keeps them going, and the keeper
//! that turns what they say into revisions.

mod appeal_ids;
mod camera;
mod cap;
mod delimited;
mod encoding;
mod fetch;
mod geojson;
mod json;
mod keeper;
mod kinds;
mod mapping;
mod native;
mod news;
mod open311;
mod paging;
mod places;
mod polled;
mod prometheus;
mod record;
mod registry;
mod request_status;
mod rest;
mod secret;
mod site;
mod supervisor;
mod table;
mod trial_run;
mod update_sender;
mod xml;

use std::time::Duration;

pub use encoding::{decoded, geojson_text};
pub use fetch::{Access, Fetcher, SourceError, plain};
pub use keeper::{Keeper, QueryBuilder, Wanted};
pub use kinds::{EXAMPLES, KINDS, Kind};
pub use native::NativeSource;
pub use polled::{Ingested, Polled, SharedRegistry};
pub use record::{AppealRecord, Batch, LOOKED_AT, RowIssues};
pub use registry::Registry;
pub use secret::Secret;
pub use site::{Site, SourceTable};
pub use supervisor::{RunningSource, causes, supervise};
pub use trial_run::{SourceTest, try_source};
pub use update_sender::UpdateSender;

/// A backend that says nothing for this long is lost.
pub const TIMEOUT: Duration = Duration::from_secs(20);
/// A year and its comparison with the year before: what a native backend is asked for.
pub const HISTORY_DAYS: u32 = 400;
