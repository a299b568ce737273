//! What is recorded of an order: who gave it, when, by which way and why, what it meant, and what came of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::order::{Order, UserCommand, Via};
use super::role::{Principal, Role};
use crate::clock::Moment;
use crate::state::{Command, Event};

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// It was carried out.
    Done {
        /// The version of the state since.
        version: u64,
        /// What happened.
        #[schema(value_type = Vec<Object>)]
        events: Vec<Event>,
    },
    /// It was refused; nothing has changed.
    Refused {
        /// Why.
        why: String,
    },
    /// It was no order, and is kept all the same: who was let in, or is not any more.
    Noted {
        /// What happened.
        what: String,
    },
}

/// An order with what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// What tells the order from all others.
    #[schema(value_type = String)]
    pub id: Uuid,
    /// When it was decided upon, in milliseconds since 1970.
    pub at_millis: i64,
    /// Who gave it.
    pub by: Principal,
    /// How it came in.
    pub via: Via,
    /// Why, in the words of whoever gave it.
    #[serde(default)]
    pub reason: Option<String>,
    /// What was asked, in the words of whoever gave it; none for what the program does by itself.
    #[serde(default)]
    pub asked: Option<UserCommand>,
    /// What it meant: replayed on the state before, it gives the state after. None where it was refused.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub command: Option<Command>,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Where a command came from: an order, or the program itself.
pub(super) struct Origin {
    id: Uuid,
    by: Principal,
    pub(super) via: Via,
    reason: Option<String>,
    asked: Option<UserCommand>,
}

impl Origin {
    /// What the program does by itself: a file was saved, a time has come.
    pub(super) fn program(via: Via) -> Self {
        Self { id: Uuid::now_v7(), by: Principal::new(via.name(), Role::Admin), via, reason: None, asked: None }
    }
}

impl Record {
    /// Something that is no order, and is kept all the same.
    pub fn noted(by: Principal, via: Via, what: String, now: Moment) -> Self {
        let origin = Origin { id: Uuid::now_v7(), by, via, reason: None, asked: None };
        Self::new(origin, now, None, Outcome::Noted { what })
    }
}

impl From<&Order> for Origin {
    fn from(order: &Order) -> Self {
        Self {
            id: order.id,
            by: order.by.clone(),
            via: order.via,
            reason: order.reason.clone(),
            asked: Some(order.command.clone()),
        }
    }
}

impl Record {
    /// The record of a command that was carried out at `now`, or of an order that was refused.
    pub(super) fn new(origin: Origin, now: Moment, command: Option<Command>, outcome: Outcome) -> Self {
        let Origin { id, by, via, reason, asked } = origin;
        Self { id, at_millis: now.0, by, via, reason, asked, command, outcome }
    }
}
