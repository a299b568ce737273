//! Appeals and what is known of the region: columns for millions of rows, immutable snapshots, measures.

mod appeal;
mod chunks;
mod columns;
mod condition;
pub mod course;
pub mod dataset;
pub mod freshness;
mod locator;
pub mod measure;
mod numbers;
pub mod places;
pub mod region;
mod revision;
mod snapshot;
mod store;
pub mod topology;
pub mod translation;

pub use appeal::{Appeal, AppealId, NEVER, SourceNumber, numbered};
pub use columns::{CHUNK_ROWS, Chunk, Degrees};
pub use condition::Condition;
pub use locator::Locator;
pub use revision::{Measured, Revision};
pub use snapshot::Snapshot;
pub use store::{ANSWERED, Arrival, Kept, LATEST, Store, Update, Words};
