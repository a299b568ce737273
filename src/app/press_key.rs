//! The press key of the keyboard: pressed once it presses, pressed twice within a second it releases. One stroke by mistake
//! hides, and none shows.

use std::time::{Duration, Instant};

use crate::conductor::UserCommand;

/// Two strokes within this time release.
const TWICE: Duration = Duration::from_secs(1);

/// The strokes of the key so far.
#[derive(Debug, Default)]
pub struct PressKey {
    last: Option<Instant>,
}

impl PressKey {
    /// What a stroke at `at` means on a wall that is `pressed`, or is not; none for the first of two.
    pub fn stroke(&mut self, pressed: bool, at: Instant) -> Option<UserCommand> {
        if !pressed {
            // The stroke that presses is not the first of two that release.
            self.last = None;
            return Some(UserCommand::Press);
        }
        let is_second = self.last.is_some_and(|last| at.saturating_duration_since(last) <= TWICE);
        self.last = (!is_second).then_some(at);
        is_second.then_some(UserCommand::Release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stroke_presses_and_two_within_a_second_release() {
        let (mut key, start) = (PressKey::default(), Instant::now());
        let at = |millis: u64| start + Duration::from_millis(millis);
        assert_eq!(key.stroke(false, at(0)), Some(UserCommand::Press));
        assert_eq!(key.stroke(true, at(100)), None);
        assert_eq!(key.stroke(true, at(1200)), None, "too late to be the second");
        assert_eq!(key.stroke(true, at(2000)), Some(UserCommand::Release));
        assert_eq!(key.stroke(false, at(2100)), Some(UserCommand::Press));
    }
}
