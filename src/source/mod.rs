//! Where data comes from: one file a kind of source, a supervisor that keeps them going, and the keeper
//! that turns what they say into revisions.

mod fetch;
mod keeper;
mod native;
mod supervisor;

pub use fetch::{Fetcher, SourceError};
pub use keeper::{Keeper, Wanted};
pub use native::NativeSource;
pub use supervisor::supervise;
