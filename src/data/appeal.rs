//! One appeal, as the measures see it.

/// The number by which a source tells appeals apart; ascending in the order of receipt.
pub type AppealId = u64;

/// Which source something comes from; it stands in the upper 8 bits of its appeals' numbers.
pub type SourceNumber = u8;
/// Where it stands.
const SOURCE_SHIFT: u32 = 56;

/// A number that a source has given, under the source's own.
pub fn numbered(source: SourceNumber, id: AppealId) -> AppealId {
    (u64::from(source) << SOURCE_SHIFT) | (id & ((1 << SOURCE_SHIFT) - 1))
}

/// The source whose number an appeal has.
pub fn source_of(id: AppealId) -> SourceNumber {
    (id >> SOURCE_SHIFT) as SourceNumber
}

/// A time that has not come: the appeal was not answered, not accepted, has no due date.
pub const NEVER: u32 = u32::MAX;

/// A time that the source does not report: whether it has come is unknown. The appeal counts in no figure that needs
/// this time.
pub const UNKNOWN: u32 = 0;

/// A time that has come, though the source does not report when. The appeal is no longer in work, and counts in no
/// period.
pub const SOME_TIME: u32 = 1;

/// Whether a time has come by the second `at`; one that is [`UNKNOWN`] has not.
pub fn has_come(time: u32, at: u32) -> bool {
    (SOME_TIME..=at).contains(&time)
}

/// Whether a time has come at all.
pub fn came(time: u32) -> bool {
    has_come(time, NEVER - 1)
}

/// An appeal without its text: times are seconds since 1970-01-01T00:00Z, dimensions are places in the
/// dictionaries of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Appeal {
    /// Its number at the source.
    pub id: AppealId,
    /// When it was received.
    pub received: u32,
    /// When the resident got the first reply; [`NEVER`] or [`UNKNOWN`].
    pub first_reply: u32,
    /// When the executor answered on the channel it came by; [`NEVER`], [`SOME_TIME`] or [`UNKNOWN`].
    pub answered: u32,
    /// When the resident confirmed the answer; [`NEVER`] or [`UNKNOWN`].
    pub accepted: u32,
    /// The due date as it stands after every postponement; [`NEVER`] where there is none, or [`UNKNOWN`].
    pub due: u32,
    /// Longitude in millionths of a degree.
    pub lon_e6: i32,
    /// Latitude in millionths of a degree.
    pub lat_e6: i32,
    /// The topic, which has one sector.
    pub topic: u16,
    /// The municipality.
    pub municipality: u16,
    /// The executor.
    pub agency: u16,
    /// The channel it came by.
    pub channel: u8,
    /// How often its due date was moved.
    pub moves: u8,
    /// The resident's rating, 1 to 5; 0 if none was given.
    pub rating: u8,
    /// Whether it is linked to an earlier appeal.
    pub repeat: bool,
}

impl Appeal {
    /// Whether it is known to be in work at `at`: received and not answered.
    pub fn is_open(&self, at: u32) -> bool {
        self.received <= at && self.answered > at
    }

    /// Whether it is overdue at `at`: in work past its due date.
    pub fn is_overdue(&self, at: u32) -> bool {
        self.is_open(at) && self.due != UNKNOWN && self.due < at
    }
}

/// Optional fields that at least one appeal of a set reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReportedFields {
    /// When the first reply was given.
    pub first_reply: bool,
    /// Whether it was answered.
    pub answered: bool,
    /// When it was answered.
    pub answer_time: bool,
    /// That it was answered, and not when.
    pub answered_some_time: bool,
    /// When the resident confirmed the answer.
    pub accepted: bool,
    /// When it is due.
    pub due: bool,
    /// How often its due date was moved.
    pub moves: bool,
    /// Whether it is a repeat.
    pub repeat: bool,
    /// The channel that it came by.
    pub channel: bool,
}

/// Fields that a source reports for none of its appeals. They must not be shown as zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnreportedFields {
    /// How often due dates were moved.
    pub moves: bool,
    /// Which are repeats.
    pub repeat: bool,
    /// By which channel they came.
    pub channel: bool,
}

impl ReportedFields {
    /// What one appeal tells.
    pub fn of(appeal: &Appeal) -> Self {
        Self {
            first_reply: came(appeal.first_reply),
            answered: appeal.answered != UNKNOWN,
            answer_time: appeal.answered > SOME_TIME && came(appeal.answered),
            answered_some_time: appeal.answered == SOME_TIME,
            accepted: came(appeal.accepted),
            due: appeal.due != UNKNOWN,
            // These are numbers in every row; what they say of nothing, their source tells ([`UnreportedFields`]).
            moves: true,
            repeat: true,
            channel: true,
        }
    }

    /// What two sets tell together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            first_reply: self.first_reply || other.first_reply,
            answered: self.answered || other.answered,
            answer_time: self.answer_time || other.answer_time,
            answered_some_time: self.answered_some_time || other.answered_some_time,
            accepted: self.accepted || other.accepted,
            due: self.due || other.due,
            moves: self.moves || other.moves,
            repeat: self.repeat || other.repeat,
            channel: self.channel || other.channel,
        }
    }
}
