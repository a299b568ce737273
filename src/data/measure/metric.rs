//! The catalogue of metrics: what each counts, in data.

use serde::Deserialize;

use crate::data::{Appeal, ReportedFields, UNKNOWN, has_come};

/// What makes an appeal count for a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// It was received in the period.
    Receipt,
    /// It got its first reply in the period.
    FirstReply,
    /// It was answered in the period.
    Answer,
    /// The resident confirmed the answer in the period.
    Acceptance,
    /// It was in work at the end of the period: a stock, not a flow.
    Open,
}

/// Which of the appeals on the basis count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealCondition {
    /// All.
    All,
    /// Linked to an earlier one.
    Repeat,
    /// Past the due date at the end of the period.
    Overdue,
    /// The due date was moved.
    Postponed,
    /// Answered after the due date.
    Late,
    /// Answered by the due date.
    OnTime,
    /// The resident has confirmed the answer by the end of the period.
    Accepted,
}

impl AppealCondition {
    /// Whether an appeal on the basis meets it. Conditions that depend on time are judged at the second `at`.
    pub fn holds(self, appeal: &Appeal, at: u32) -> bool {
        match self {
            Self::All => true,
            Self::Repeat => appeal.repeat,
            Self::Overdue => self.is_reported(appeal) && appeal.due < at,
            Self::Postponed => appeal.moves > 0,
            Self::Late => self.is_reported(appeal) && appeal.answered > appeal.due,
            Self::OnTime => self.is_reported(appeal) && appeal.answered <= appeal.due,
            Self::Accepted => has_come(appeal.accepted, at),
        }
    }

    /// Whether an appeal tells what it asks for: a share is one of those that do.
    pub fn is_reported(self, appeal: &Appeal) -> bool {
        match self {
            Self::All | Self::Repeat | Self::Postponed => true,
            Self::Overdue | Self::Late | Self::OnTime => appeal.due != UNKNOWN,
            Self::Accepted => appeal.accepted != UNKNOWN,
        }
    }
}

/// From receipt to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The first reply, in hours.
    FirstReply,
    /// The answer, in days.
    Resolution,
}

/// What is made of the appeals that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// Their number.
    Count(AppealCondition),
    /// Their share of all on the basis, in per cent.
    Share(AppealCondition),
    /// Their number for each thousand residents.
    PerThousand(AppealCondition),
    /// How often their due dates were moved, together.
    Moves,
    /// The mean of the ratings that were given.
    Rating,
    /// The mean of a span.
    Mean(Span),
    /// The smallest span that is not shorter than this per cent of them (nearest rank); 50 is the median, for
    /// which the two in the middle are averaged where their number is even.
    Quantile(Span, u8),
}

/// What the unit of a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A count of appeals.
    Appeals,
    /// A count of postponements.
    Moves,
    /// Appeals for each thousand residents.
    PerThousand,
    /// Per cent.
    Percent,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// A mark from 1 to 5.
    Mark,
}

macro_rules! metrics {
    ($($name:ident $code:literal $basis:ident $statistic:expr, $less:expr;)*) => {
        /// What is measured; the catalogue in `docs/metrics.md` defines each in a sentence.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
        pub enum Metric {
            $(
                #[doc = concat!("`", $code, "`")]
                #[serde(rename = $code)]
                $name,
            )*
        }

        impl Metric {
            /// Every metric, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name that files use.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What makes an appeal count.
            pub fn basis(self) -> Basis {
                match self { $(Self::$name => Basis::$basis,)* }
            }

            /// What is made of those that count.
            pub fn statistic(self) -> Statistic {
                use AppealCondition as C;
                use Statistic::{Count, Mean, Moves, PerThousand, Quantile, Rating, Share};
                match self { $(Self::$name => $statistic,)* }
            }

            /// Whether less of it is better; none where neither is.
            pub fn less_is_better(self) -> Option<bool> {
                match self { $(Self::$name => $less,)* }
            }
        }
    };
}

metrics! {
    Received "received" Receipt Count(C::All), Some(true);
    ReceivedPerThousand "received-per-thousand" Receipt PerThousand(C::All), Some(true);
    Repeats "repeats" Receipt Count(C::Repeat), Some(true);
    RepeatShare "repeat-share" Receipt Share(C::Repeat), Some(true);
    InWork "in-work" Open Count(C::All), Some(true);
    InWorkPerThousand "in-work-per-thousand" Open PerThousand(C::All), Some(true);
    Overdue "overdue" Open Count(C::Overdue), Some(true);
    OverdueShare "overdue-share" Open Share(C::Overdue), Some(true);
    Postponed "postponed" Open Count(C::Postponed), Some(true);
    PostponedShare "postponed-share" Open Share(C::Postponed), Some(true);
    Moves "moves" Open Moves, Some(true);
    FirstReplyHours "first-reply-hours" FirstReply Quantile(Span::FirstReply, 50), Some(true);
    FirstReplyMeanHours "first-reply-mean-hours" FirstReply Mean(Span::FirstReply), Some(true);
    FirstReplyP90Hours "first-reply-p90-hours" FirstReply Quantile(Span::FirstReply, 90), Some(true);
    Resolved "resolved" Answer Count(C::All), None;
    ResolutionDays "resolution-days" Answer Quantile(Span::Resolution, 50), Some(true);
    ResolutionMeanDays "resolution-mean-days" Answer Mean(Span::Resolution), Some(true);
    ResolutionP90Days "resolution-p90-days" Answer Quantile(Span::Resolution, 90), Some(true);
    ClosedLate "closed-late" Answer Count(C::Late), Some(true);
    OnTimeShare "on-time-share" Answer Share(C::OnTime), Some(false);
    AcceptedShare "accepted-share" Answer Share(C::Accepted), Some(false);
    Rating "rating" Answer Rating, Some(false);
    Accepted "accepted" Acceptance Count(C::All), None;
}

impl Metric {
    /// Its unit.
    pub fn unit(self) -> Unit {
        match self.statistic() {
            Statistic::Count(_) => Unit::Appeals,
            Statistic::PerThousand(_) => Unit::PerThousand,
            Statistic::Share(_) => Unit::Percent,
            Statistic::Moves => Unit::Moves,
            Statistic::Rating => Unit::Mark,
            Statistic::Mean(Span::FirstReply) | Statistic::Quantile(Span::FirstReply, _) => Unit::Hours,
            Statistic::Mean(Span::Resolution) | Statistic::Quantile(Span::Resolution, _) => Unit::Days,
        }
    }

    /// What it counts appeals by; none where it is not a number of appeals.
    pub fn counted(self) -> Option<AppealCondition> {
        match self.statistic() {
            Statistic::Count(condition) => Some(condition),
            _ => None,
        }
    }

    /// Whether appeals that report these fields are enough to measure it.
    pub fn is_reported(self, tells: ReportedFields) -> bool {
        let basis = match self.basis() {
            Basis::Receipt => true,
            Basis::FirstReply => tells.first_reply,
            Basis::Open => tells.answered,
            // Who says that all were answered some time says nothing of a period.
            Basis::Answer => tells.answered && (tells.answer_time || !tells.answered_some_time),
            Basis::Acceptance => tells.accepted,
        };
        let condition = match self.statistic() {
            Statistic::Count(condition) | Statistic::Share(condition) | Statistic::PerThousand(condition) => condition,
            _ => AppealCondition::All,
        };
        basis
            && match condition {
                _ if self.statistic() == Statistic::Moves => tells.moves,
                AppealCondition::All => true,
                AppealCondition::Repeat => tells.repeat,
                AppealCondition::Postponed => tells.moves,
                AppealCondition::Overdue | AppealCondition::Late | AppealCondition::OnTime => tells.due,
                AppealCondition::Accepted => tells.accepted,
            }
    }

    /// Whether it is a level at an instant rather than a flow of a period.
    pub fn is_stock(self) -> bool {
        self.basis() == Basis::Open
    }

    /// Whether it is a number of events, which adds up over the parts of a period.
    pub fn adds_up(self) -> bool {
        !self.is_stock() && matches!(self.statistic(), Statistic::Count(_))
    }
}
