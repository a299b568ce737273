//! The chain of hashes: each row's hash is that of the row and of the hash before it, so that no row can be changed, taken
//! out or put in between without all later hashes being others.

use ring::digest::{Context, SHA256};

/// SHA-256 of a row and of the hash before it.
pub type Hash = [u8; 32];

/// The hash before the first row that there ever was.
pub const START: Hash = [0; 32];

/// The hash of row `number` with the text of its record, after a row with the hash `before`.
pub fn hash_of(before: &Hash, number: i64, record: &str) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(before);
    context.update(&number.to_be_bytes());
    context.update(record.as_bytes());
    let mut hash = START;
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// What a journal was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// How many records it holds.
    pub records: u64,
    /// The number of its first record: those before it have left in whole days.
    pub first: i64,
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// A record or its hash was changed.
    #[error("record {number} is not what was written")]
    Changed {
        /// Its number.
        number: i64,
    },
    /// A record is missing.
    #[error("record {number} is missing")]
    Missing {
        /// Its number.
        number: i64,
    },
}
