//! How one layout gives way to another: a function of time.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::{Moment, ease_in_out_cubic};
use crate::geometry::{WallRect, WallVector};

/// The kinds of transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransitionKind {
    /// At once.
    Cut,
    /// One fades into the other.
    #[default]
    CrossFade,
    /// The new one comes in from the right.
    Slide,
}

/// A timed change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// How.
    #[serde(default)]
    pub kind: TransitionKind,
    /// How long.
    #[serde(default = "default_secs")]
    pub secs: f64,
}

fn default_secs() -> f64 {
    0.6
}

impl Default for Transition {
    fn default() -> Self {
        Self { kind: TransitionKind::default(), secs: default_secs() }
    }
}

impl Transition {
    /// When a change that began at `began` is over.
    pub fn end(&self, began: Moment) -> Moment {
        match self.kind {
            TransitionKind::Cut => began,
            _ => began.plus_millis((self.secs.clamp(0.0, 10.0) * 1000.0) as i64),
        }
    }
}

/// How a layout is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// From 0 to 1.
    pub opacity: f32,
    /// Translation in whole wall pixels.
    pub offset: WallVector,
}

impl Motion {
    /// At rest.
    pub const REST: Self = Self { opacity: 1.0, offset: WallVector::new(0.0, 0.0) };
}

/// Motions of the leaving and the incoming layout at `now`; none once the transition is over.
pub fn motion(transition: &Transition, began: Moment, now: Moment, bounds: WallRect) -> Option<(Motion, Motion)> {
    let end = transition.end(began);
    // If `now` is before the start, the clock was set back. That must not hold up the transition.
    if now >= end || now < began {
        return None;
    }
    let t = ease_in_out_cubic(began.progress(now, end.millis_since(began)));
    Some(match transition.kind {
        TransitionKind::Cut => return None,
        TransitionKind::CrossFade => (Motion::REST, Motion { opacity: t, ..Motion::REST }),
        TransitionKind::Slide => {
            let shift = (t * bounds.width()).round();
            (
                Motion { offset: WallVector::new(-shift, 0.0), ..Motion::REST },
                Motion { offset: WallVector::new(bounds.width() - shift, 0.0), ..Motion::REST },
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rect;

    #[test]
    fn a_change_begins_with_the_old_and_ends_with_the_new() {
        let bounds = rect(0.0, 0.0, 100.0, 50.0);
        for kind in [TransitionKind::CrossFade, TransitionKind::Slide] {
            let transition = Transition { kind, secs: 1.0 };
            let (old, new) = motion(&transition, Moment(0), Moment(0), bounds).unwrap();
            assert_eq!(old, Motion::REST);
            assert!(new.opacity == 0.0 || new.offset.x == 100.0);
            assert!(motion(&transition, Moment(0), Moment(1000), bounds).is_none());
        }
        let cut = Transition { kind: TransitionKind::Cut, secs: 1.0 };
        assert!(motion(&cut, Moment(0), Moment(0), bounds).is_none());
    }
}
