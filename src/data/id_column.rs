//! The numbers of a chunk's appeals, ascending: four bytes each as long as they lie near one another.

use super::appeal::AppealId;

/// Numbers that ascend.
#[derive(Debug, Clone)]
pub enum IdColumn {
    /// How far each lies from the one below all of them.
    Near(AppealId, Vec<u32>),
    /// Numbers too far from one another for that.
    Far(Vec<AppealId>),
}

impl Default for IdColumn {
    fn default() -> Self {
        Self::Near(0, Vec::new())
    }
}

impl IdColumn {
    pub fn with_capacity(rows: usize) -> Self {
        Self::Near(0, Vec::with_capacity(rows))
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Near(_, after) => after.len(),
            Self::Far(all) => all.len(),
        }
    }

    pub fn get(&self, row: usize) -> Option<AppealId> {
        match self {
            Self::Near(below, after) => after.get(row).map(|far| below + AppealId::from(*far)),
            Self::Far(all) => all.get(row).copied(),
        }
    }

    pub fn first(&self) -> Option<AppealId> {
        self.get(0)
    }

    pub fn last(&self) -> Option<AppealId> {
        self.len().checked_sub(1).and_then(|row| self.get(row))
    }

    /// The row of a number, or the one where it belongs.
    pub fn search(&self, id: AppealId) -> Result<usize, usize> {
        match self {
            Self::Near(below, after) => match id.checked_sub(*below).map(u32::try_from) {
                Some(Ok(far)) => after.binary_search(&far),
                Some(Err(_)) => Err(after.len()),
                None => Err(0),
            },
            Self::Far(all) => all.binary_search(&id),
        }
    }

    pub fn push(&mut self, id: AppealId) {
        self.insert(self.len(), id);
    }

    /// Puts a number where it belongs.
    pub fn insert(&mut self, row: usize, id: AppealId) {
        if self.len() == 0
            && let Self::Near(below, _) = self
        {
            *below = id;
        }
        self.reach(id);
        match self {
            Self::Near(below, after) => after.insert(row, (id - *below) as u32),
            Self::Far(all) => all.insert(row, id),
        }
    }

    pub fn remove(&mut self, row: usize) {
        match self {
            Self::Near(_, after) => drop(after.remove(row)),
            Self::Far(all) => drop(all.remove(row)),
        }
    }

    /// Takes out what follows from `row` on.
    pub fn split_off(&mut self, row: usize) -> Self {
        match self {
            Self::Near(below, after) => Self::Near(*below, after.split_off(row)),
            Self::Far(all) => Self::Far(all.split_off(row)),
        }
    }

    /// Makes sure that `id` can be held beside the others.
    fn reach(&mut self, id: AppealId) {
        let Self::Near(below, after) = self else { return };
        let lower = id.min(*below);
        let highest = (*below + AppealId::from(after.last().copied().unwrap_or(0))).max(id);
        if u32::try_from(highest - lower).is_err() {
            *self = Self::Far(after.iter().map(|far| *below + AppealId::from(*far)).collect());
        } else if lower < *below {
            let shift = (*below - lower) as u32;
            after.iter_mut().for_each(|far| *far += shift);
            *below = lower;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_what_a_sorted_list_is(
            ops in prop::collection::vec((prop_oneof![0..40u64, (1u64 << 32) - 20..(1 << 32) + 20, prop::num::u64::ANY], 0..6u8), 1..60)
        ) {
            let (mut numbers, mut model) = (IdColumn::default(), Vec::new());
            for (id, what) in ops {
                match (numbers.search(id), what) {
                    (Ok(row), 0..3) => {
                        numbers.remove(row);
                        model.remove(row);
                    }
                    (Err(row), 0..5) => {
                        prop_assert_eq!(model.binary_search(&id), Err(row));
                        numbers.insert(row, id);
                        model.insert(row, id);
                    }
                    (Ok(row) | Err(row), 5) => {
                        let tail = numbers.split_off(row);
                        prop_assert_eq!((0..tail.len()).filter_map(|i| tail.get(i)).collect::<Vec<_>>(), model.split_off(row));
                    }
                    _ => {}
                }
                prop_assert_eq!((0..numbers.len()).filter_map(|i| numbers.get(i)).collect::<Vec<_>>(), model.clone());
                prop_assert_eq!((numbers.first(), numbers.last()), (model.first().copied(), model.last().copied()));
            }
        }
    }
}
