//! Where pages end: not with a short one, since servers cap them, but where nothing new comes.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use serde_json::Value;

/// The rows that earlier pages have brought.
#[derive(Debug, Default)]
pub struct Pages {
    hasher: RandomState,
    seen: HashSet<u64>,
}

/// What a page holds.
#[derive(Debug)]
pub struct Fresh<'a> {
    /// The rows that no earlier page had.
    pub rows: Vec<&'a Value>,
    /// How many rows stood on an earlier page, too.
    pub again: usize,
}

impl Pages {
    /// The rows of the next page that are new. Rows that stand twice on one page are two; one that stands on another
    /// page, too, was moved there while the pages were read. None new: the pages have ended.
    pub fn fresh<'a>(&mut self, page: &[&'a Value]) -> Fresh<'a> {
        let keys: Vec<u64> = page.iter().map(|row| self.hasher.hash_one(row)).collect();
        let rows: Vec<&Value> =
            page.iter().zip(&keys).filter(|(_, key)| !self.seen.contains(key)).map(|(row, _)| *row).collect();
        let again = page.len() - rows.len();
        self.seen.extend(keys);
        Fresh { rows, again }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_stood_on_an_earlier_page_is_not_new() {
        let mut pages = Pages::default();
        let (a, b, c) = (json!({ "id": 1 }), json!({ "id": 2 }), json!({ "id": 3 }));
        assert_eq!(pages.fresh(&[&a, &b, &b]).rows.len(), 3);
        let next = pages.fresh(&[&b, &c]);
        assert_eq!((next.rows, next.again), (vec![&c], 1));
        assert!(pages.fresh(&[&a, &b, &c]).rows.is_empty() && pages.fresh(&[]).rows.is_empty());
    }
}
