//! Who gives orders, and in which role.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The roles, each of which may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sees.
    Viewer,
    /// Turns the steps of a visit.
    Speaker,
    /// Shows layouts, lets maps look, presses.
    Operator,
    /// Saves layouts, schedules and alarms.
    Editor,
    /// Gives and takes tokens, switches power.
    Admin,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 5] = [Self::Viewer, Self::Speaker, Self::Operator, Self::Editor, Self::Admin];

    /// Its name, as it is written in files and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Speaker => "speaker",
            Self::Operator => "operator",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

/// Somebody or something that gives orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Principal {
    /// The name of a person, a token or a part of the program.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

impl Principal {
    /// A principal of this name and role.
    pub fn new(name: impl Into<String>, role: Role) -> Self {
        Self { name: name.into(), role }
    }
}
