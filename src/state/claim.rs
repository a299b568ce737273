//! Claims: why something is on the wall. The wall shows the top of a stack of them; when a claim ends, the one under it
//! shows again.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::clock::Moment;
use crate::layout::{LayoutRef, Transition};
use crate::map::Place;

/// The layers of the stack, the lowest first. Each holds one claim at most: a new one replaces the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// What the wall was started with. It is always there and never ends.
    Default,
    /// The slot of the hour.
    Schedule,
    /// The step of a run sheet.
    Visit,
    /// What an operator asked for.
    Hand,
    /// The takeover of an alarm.
    Alarm,
    /// Press in the room: nothing may be seen that is not for everybody.
    Press,
}

impl Layer {
    /// All of them, the lowest first.
    pub const ALL: [Self; 6] = [Self::Default, Self::Schedule, Self::Visit, Self::Hand, Self::Alarm, Self::Press];
}

/// What a claim puts on the wall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// The layout.
    pub layout: LayoutRef,
    /// What its maps were told to look at last; none for what the layout says.
    #[serde(default)]
    pub look: Option<Place>,
    /// How it comes, also when a claim over it has ended.
    pub transition: Transition,
}

/// A claim to the wall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Where it stands in the stack.
    pub layer: Layer,
    /// Who asked for it, or which rule.
    pub by: String,
    /// What it shows; none for the press key, which changes how everything is shown.
    pub show: Option<Show>,
    /// Why, in the words of whoever asked.
    #[serde(default)]
    pub reason: Option<String>,
    /// Since when, in milliseconds since 1970.
    pub since_millis: i64,
    /// When it ends by itself, in milliseconds since 1970; none for a claim that is taken back.
    #[serde(default)]
    pub until_millis: Option<i64>,
}

impl Claim {
    /// Whether it shows what its layer shows: the press key nothing of its own, every other layer a layout. That of
    /// [`Layer::Default`] never ends.
    pub fn is_whole(&self) -> bool {
        self.show.is_some() != (self.layer == Layer::Press)
            && (self.layer != Layer::Default || self.until_millis.is_none())
    }

    /// Whether it has ended by itself at `now`.
    pub fn has_ended(&self, now: Moment) -> bool {
        self.until_millis.is_some_and(|until| until <= now.0)
    }
}

/// A stack of claims from a disk or another machine: whole, in order, one a layer, with a default.
pub(super) fn stack<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Claim>, D::Error> {
    let claims = Vec::<Claim>::deserialize(deserializer)?;
    let ordered = claims.windows(2).all(|pair| pair[0].layer < pair[1].layer);
    let has_default = claims.first().is_some_and(|first| first.layer == Layer::Default);
    if ordered && has_default && claims.iter().all(Claim::is_whole) {
        Ok(claims)
    } else {
        Err(serde::de::Error::custom("the claims are not a stack with one default"))
    }
}
