//! Numbers of appeals that stay the same from one start to the next, and from one toolchain to the next.

use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::data::{AppealId, SourceNumber, numbered};

/// SipHash-1-3 (<https://www.aumasson.jp/siphash/siphash.pdf>) without a key over texts, each ended by the byte 0xFF: what
/// appeals are numbered by and archives are named by, on disk and for years.
pub fn stable_hash<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hasher = SipHasher13::new();
    for text in texts {
        hasher.write(text.as_bytes());
        hasher.write(&[0xFF]);
    }
    hasher.finish()
}

/// The numbers that one source's appeals have been given.
#[derive(Debug, Default)]
pub struct AppealIds {
    by_key: HashMap<u64, AppealId>,
    given: HashSet<AppealId>,
}

impl AppealIds {
    /// The number of a key: of the source in the upper 8 bits, then the second of receipt, so that numbers
    /// ascend with time, then a part of the key's hash. The same key gets the same number in every run
    /// unless two keys of one second collide.
    pub fn of(&mut self, source: SourceNumber, key: &str, received: u32) -> AppealId {
        let hash = stable_hash([key]);
        *self.by_key.entry(hash).or_insert_with(|| {
            let base = numbered(source, u64::from(received) << 24);
            let mut low = hash & 0xFF_FFFF;
            while !self.given.insert(base | low) {
                low = (low + 1) & 0xFF_FFFF;
            }
            base | low
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_the_same_for_ever() {
        // What earlier versions have written to disk: the standard library's hasher of Rust 1.95, by which they did it.
        assert_eq!(stable_hash(["7"]), GOLDEN[0]);
        assert_eq!(stable_hash(["portal", "https://portal.example/api/appeals"]), GOLDEN[1]);
        assert_eq!(AppealIds::default().of(2, "a", 1_795_000_000) >> 24, (2 << 32) | 1_795_000_000);
    }

    const GOLDEN: [u64; 2] = [0x1118_BB32_B841_3857, 0xD870_B376_3EA3_D70D];
}
