//! How often pictures are read back for those who look: a few times a second, however many look.

use std::time::Instant;

use super::stage::Stage;
use crate::clock::Moment;
use crate::requests::{PREVIEW_EVERY, PictureReply};
use crate::state::State;

/// Paces the reading back. The copy is submitted with the frames; the wall never waits for it.
#[derive(Default)]
pub struct Pictures {
    /// When any was last begun to be read back.
    begun: Option<Instant>,
}

impl Pictures {
    /// Begins to read back the picture of an output, or of the wall, for somebody who holds that of the frame `held`.
    pub fn of(
        &mut self,
        output: Option<&str>,
        held: Option<u64>,
        stage: &Stage,
        state: &State,
        now: Moment,
    ) -> PictureReply {
        if stage.shows_pairing(now) {
            return PictureReply::Withheld;
        }
        // What is still on the outputs may be what an order has just hidden.
        if stage.shown_version() != state.version {
            return PictureReply::Later;
        }
        let frame = stage.counts.painted;
        if held == Some(frame) {
            return PictureReply::Unchanged;
        }
        if self.begun.is_some_and(|at| at.elapsed() < PREVIEW_EVERY) {
            return PictureReply::Later;
        }
        let Some(picture) = stage.read_back(output) else { return PictureReply::Missing };
        self.begun = Some(Instant::now());
        PictureReply::Begun { picture, frame }
    }
}
