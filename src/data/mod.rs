//! Appeals and what is known of the region: columns for millions of rows, immutable snapshots, measures.

mod appeal;
mod boundaries;
mod chunks;
mod columns;
mod condition;
pub mod dataset;
pub mod features;
pub mod filter;
pub mod freshness;
mod id_column;
mod land;
mod locator;
pub mod measure;
pub mod municipal_name;
pub mod places;
pub mod region;
mod revision;
pub mod shrinkage;
mod snapshot;
mod store;
pub mod timeline;
pub mod topology;
pub mod translated_names;
pub mod written_numbers;
pub mod written_times;

pub use appeal::{
    Appeal, AppealId, NEVER, ReportedFields, SOME_TIME, SourceNumber, UNKNOWN, UnreportedFields, came, has_come,
    numbered,
};
pub use columns::{CHUNK_ROWS, Chunk, Degrees};
pub use condition::Condition;
pub use locator::Locator;
pub use revision::{Measured, Revision};
pub use snapshot::{Arrival, HeldBack, MaskedTexts, Snapshot};
pub use store::{ANSWERED, ArchivedData, LATEST, Store, Update};
