//! A run of appeals as columns, sorted by number.

use super::appeal::{Appeal, AppealId, NEVER, ReportedFields};
use super::id_column::IdColumn;

/// Rows in a full chunk: small enough that changing one appeal copies little, large enough to scan fast.
pub const CHUNK_ROWS: usize = 8192;

/// A part of the Earth between two meridians and two parallels, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Degrees {
    /// The western edge.
    pub west: i32,
    /// The southern edge.
    pub south: i32,
    /// How far it reaches eastwards: across the antimeridian, too.
    pub width: i32,
    /// How far it reaches northwards.
    pub height: i32,
}

impl Degrees {
    fn holds_lon(&self, lon: i32) -> bool {
        // Degrees cannot overflow, and wrapping arithmetic lets a block of them be compared at once.
        let from = lon.wrapping_sub(self.west);
        let from = if from < 0 { from.wrapping_add(360_000_000) } else { from };
        from <= self.width
    }

    fn holds_lat(&self, lat: i32) -> bool {
        (0..=self.height).contains(&lat.wrapping_sub(self.south))
    }
}

macro_rules! chunk {
    ($($field:ident: $type:ty),* $(,)?) => {
        /// Appeals of ascending number, one vector a column, and what lets a scan pass the chunk over.
        #[derive(Debug, Clone, Default)]
        pub struct Chunk {
            pub(super) id: IdColumn,
            $(pub(super) $field: Vec<$type>,)*
            pub(super) first_received: u32,
            pub(super) last_received: u32,
            /// The latest moment at which any of its appeals was still in work or got its first reply; [`NEVER`] if one
            /// is still in work.
            pub(super) last_open: u32,
            /// Optional fields that its appeals report. A field stays set if only a replaced appeal reported it.
            pub(super) tells: ReportedFields,
        }

        impl Chunk {
            /// The appeal in `row`.
            ///
            /// # Panics
            /// If there is no such row.
            pub fn get(&self, row: usize) -> Appeal {
                Appeal { id: self.id.get(row).unwrap_or_default(), $($field: self.$field[row]),* }
            }

            fn replace(&mut self, row: usize, appeal: Appeal) {
                $(self.$field[row] = appeal.$field;)*
            }

            fn insert(&mut self, row: usize, appeal: Appeal) {
                self.id.insert(row, appeal.id);
                $(self.$field.insert(row, appeal.$field);)*
            }

            fn truncate_into(&mut self, at: usize) -> Self {
                let mut tail = Self { id: self.id.split_off(at), $($field: self.$field.split_off(at),)* ..Self::default() };
                tail.index();
                self.index();
                tail
            }

            fn remove_row(&mut self, row: usize) {
                self.id.remove(row);
                $(self.$field.remove(row);)*
            }

            pub(super) fn with_capacity(rows: usize) -> Self {
                let id = IdColumn::with_capacity(rows);
                Self { id, $($field: Vec::with_capacity(rows),)* ..Self::default() }
            }

            pub(super) fn push(&mut self, appeal: Appeal) {
                self.first_received = if self.len() == 0 { appeal.received } else { self.first_received.min(appeal.received) };
                self.last_received = self.last_received.max(appeal.received);
                self.last_open = self.last_open.max(last_open(&appeal));
                self.tells = self.tells.and(ReportedFields::of(&appeal));
                self.id.push(appeal.id);
                $(self.$field.push(appeal.$field);)*
            }
        }
    };
}

chunk! {
    received: u32, first_reply: u32, answered: u32, accepted: u32, due: u32,
    lon_e6: i32, lat_e6: i32, topic: u16, municipality: u16, agency: u16,
    channel: u8, moves: u8, rating: u8, repeat: bool,
}

impl Chunk {
    /// The number of appeals.
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.id.len() == 0
    }

    /// Seconds of receipt.
    pub fn received(&self) -> &[u32] {
        &self.received
    }

    /// Seconds of first replies.
    pub fn first_replies(&self) -> &[u32] {
        &self.first_reply
    }

    /// Seconds of answers.
    pub fn answered(&self) -> &[u32] {
        &self.answered
    }

    /// Seconds of confirmations.
    pub fn accepted(&self) -> &[u32] {
        &self.accepted
    }

    /// Which optional times its appeals tell.
    pub fn tells(&self) -> ReportedFields {
        self.tells
    }

    /// The second of the latest receipt; 0 where there is no appeal.
    pub fn last_received(&self) -> u32 {
        self.last_received
    }

    /// The second of the earliest receipt.
    pub fn first_received(&self) -> Option<u32> {
        (!self.is_empty()).then_some(self.first_received)
    }

    /// Topics.
    pub fn topics(&self) -> &[u16] {
        &self.topic
    }

    /// Municipalities.
    pub fn municipalities(&self) -> &[u16] {
        &self.municipality
    }

    /// Channels.
    pub fn channels(&self) -> &[u8] {
        &self.channel
    }

    /// Executors.
    pub fn agencies(&self) -> &[u16] {
        &self.agency
    }

    /// Calls `found` with each row whose second in `column` lies in `from..to`, and with that second.
    pub fn happened_in(&self, column: fn(&Self) -> &[u32], from: u32, to: u32, mut found: impl FnMut(usize, u32)) {
        let length = to.saturating_sub(from);
        for (row, second) in column(self).iter().enumerate() {
            // One comparison: what is before `from` wraps round to more than any length.
            if second.wrapping_sub(from) < length {
                found(row, *second);
            }
        }
    }

    /// Calls `found` with each row that may have been in work at a second of `from..=to`.
    pub fn open_between(&self, from: u32, to: u32, mut found: impl FnMut(usize)) {
        for (row, (received, answered)) in self.received.iter().zip(&self.answered).enumerate() {
            if *received <= to && *answered > from {
                found(row);
            }
        }
    }

    /// Calls `found` with each row whose place lies in a part of the Earth.
    pub fn within(&self, part: &Degrees, mut found: impl FnMut(usize)) {
        // Whole blocks are passed over by one column, without a branch a row.
        const BLOCK: usize = 64;
        for (block, lons) in self.lon_e6.chunks(BLOCK).enumerate() {
            if !lons.iter().fold(false, |any, lon| any | part.holds_lon(*lon)) {
                continue;
            }
            for (row, lon) in lons.iter().enumerate() {
                let row = block * BLOCK + row;
                if part.holds_lon(*lon) && part.holds_lat(self.lat_e6[row]) {
                    found(row);
                }
            }
        }
    }

    /// The lowest number in it.
    pub fn first_id(&self) -> Option<AppealId> {
        self.id.first()
    }

    /// The appeal of a number, if it is here.
    pub fn find(&self, id: AppealId) -> Option<Appeal> {
        self.id.search(id).ok().map(|row| self.get(row))
    }

    /// Its appeals in ascending order of number.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Appeal> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Whether an appeal received in `from..to` may be here.
    pub fn may_have_received(&self, from: u32, to: u32) -> bool {
        !self.is_empty() && self.first_received < to && self.last_received >= from
    }

    /// Whether an appeal may have been in work at some moment of `from..=to`.
    pub fn may_have_open(&self, from: u32, to: u32) -> bool {
        !self.is_empty() && self.first_received <= to && self.last_open > from
    }

    /// Adds an appeal or replaces the one of its number; returns the one that stood there.
    pub(super) fn put(&mut self, appeal: Appeal) -> Option<Appeal> {
        if self.id.last().is_none_or(|last| last < appeal.id) {
            self.push(appeal);
            return None;
        }
        match self.id.search(appeal.id) {
            Ok(row) => {
                let before = self.get(row);
                self.replace(row, appeal);
                // The bounds stay true when they only widen; a stale one costs a scan, never an error.
                self.first_received = self.first_received.min(appeal.received);
                self.last_received = self.last_received.max(appeal.received);
                self.tells = self.tells.and(ReportedFields::of(&appeal));
                self.last_open = if self.last_open == NEVER && before.answered == NEVER && appeal.answered != NEVER {
                    self.rows().map(|row| last_open(&row)).max().unwrap_or(0)
                } else {
                    self.last_open.max(last_open(&appeal))
                };
                Some(before)
            }
            Err(row) => {
                self.insert(row, appeal);
                self.index();
                None
            }
        }
    }

    /// Takes out the appeal of this number.
    pub(super) fn remove(&mut self, id: AppealId) -> Option<Appeal> {
        let row = self.id.search(id).ok()?;
        let appeal = self.get(row);
        self.remove_row(row);
        self.index();
        Some(appeal)
    }

    /// Moves the upper half out when the chunk holds more than it should.
    pub(super) fn split_if_full(&mut self) -> Option<Self> {
        (self.len() > CHUNK_ROWS).then(|| self.truncate_into(CHUNK_ROWS / 2))
    }

    fn index(&mut self) {
        self.first_received = self.received.iter().copied().min().unwrap_or(0);
        self.last_received = self.received.iter().copied().max().unwrap_or(0);
        self.last_open = self.rows().map(|row| last_open(&row)).max().unwrap_or(0);
        self.tells = self.rows().fold(ReportedFields::default(), |tells, row| tells.and(ReportedFields::of(&row)));
    }
}

/// The last moment at which an appeal may count as in work, or as one that got its first reply.
fn last_open(appeal: &Appeal) -> u32 {
    let replied = if appeal.first_reply == NEVER { 0 } else { appeal.first_reply };
    appeal.answered.max(replied)
}
